//! A paper that may be another child's does not leave: it is held, the attempt is on record, what was
//! typed is kept, and it is let go only with reasons and by those who may.

use crate::given::Stop;
use crate::planted::{self, ALL, Planted};
use crate::world::{Answer, TODAY, World};
use app::journal::{Act, By, Papers, Who, act, verify};
use app::ports::{Clock, FixedClock};
use axum::body::Body;
use axum::http::{StatusCode, header};
use casework::access::Action;
use casework::advice::AdviceKind;
use casework::people::{Contact, Details, Relation};
use casework::{CaseId, PersonId};
use db::testing::TestDatabase;
use documents::model::{Block, Document};
use documents::typeset::Printing;

/// Gives a child of the world a birth date, a number and a parent of its own.
/// Gives a child of the area an address and a mother.
pub fn known(world: &World, case: CaseId, number: u128, change: impl Fn(&mut Details), parent: &str) {
    let who = Who { by: By::System("test"), authority: world.area, now: FixedClock::on(TODAY).now(), today: TODAY };
    world.write(|tx| {
        let row = tx.query_one(
            "SELECT person_id, given_name, family_name, born_on FROM people WHERE authority_id = $1 AND case_id = $2",
            &[world.area.0.into(), case.0.into()],
        )?;
        let mut details = Details {
            given_name: row.get("given_name")?,
            family_name: row.get("family_name")?,
            known_as: None,
            born_on: row.get("born_on")?,
            sex: None,
            ethnicity: None,
            postcode: Some(format!("AB{number} 2CD")),
            address: Some(format!("{number} Mill Lane, Alderbourne")),
            home_language: None,
            upn: None,
            uln: None,
            nhs_number: None,
        };
        change(&mut details);
        let contact = Contact {
            id: PersonId(uuid::Uuid::from_u128(7_000 + number)),
            relation: Relation::Mother,
            name: parent.to_owned(),
            organisation: None,
            email: Some(format!("parent{number}@example.com")),
            telephone: None,
            address: None,
            receives_notices: true,
        };
        let papers = Papers {
            details: Some((PersonId(row.get("person_id")?), details)),
            contacts: vec![contact],
            ..Papers::default()
        };
        act(tx, &who, case, Act { action: Action::CorrectDetails, seen: None, commands: vec![], papers })
    });
}

/// Two girls of one name and a boy with an NHS number.
fn area(world: &mut World) -> (CaseId, CaseId, CaseId) {
    let first = world.child("Ella Marsh", Stop::InForce);
    let second = world.child("Ella Marsh", Stop::Received);
    let kai = world.child("Kai Stone", Stop::Received);
    known(world, first, 1, |details| details.born_on = jiff::civil::date(2016, 4, 18), "Joanne Marsh");
    known(world, second, 2, |details| details.born_on = jiff::civil::date(2016, 4, 19), "Denise Marsh-Hale");
    known(world, kai, 3, |details| details.nhs_number = "943 476 5919".parse().ok(), "Ruth Stone");
    (first, second, kai)
}

fn held(answer: &Answer, words: &[&str]) {
    let text = answer.text();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    for words in ["Held: nothing has left"].iter().chain(words) {
        assert!(text.contains(words), "“{words}” is on the page: {text}");
    }
}

fn latest_hold(world: &World, case: CaseId) -> casework::recipients::Hold {
    world.load(world.area, case).holds.last().expect("a send was held").clone()
}

pub fn another_childs_name_holds_a_message(db: &TestDatabase) {
    let mut world = World::new(db);
    let (ella, _, _) = area(&mut world);
    let officer = world.browser("dev@");
    let address = format!("/children/{ella}/messages");
    let id = uuid::Uuid::from_u128(99).to_string();
    let typed = [("message", id.as_str()), ("text", "Kai Stone needs a place. Please ring.")];
    let answer = officer.submit(&address, &typed);
    held(&answer, &["Kai Stone", "is the name of another child in this area", "Kai Stone needs a place. Please ring."]);
    assert!(!answer.text().contains("9434765919"), "no more of the other child than the words themselves");
    let case = world.load(world.area, ella);
    assert!(case.messages.is_empty(), "nothing was written");
    // Tried again, it is the same hold.
    held(&officer.submit(&address, &typed), &[]);
    assert_eq!(world.load(world.area, ella).holds.len(), 1);
    let page = officer.get(&format!("/children/{ella}")).text();
    assert!(page.contains("A send was held, and nothing left (message to the family)"), "the history says so: {page}");

    // What was typed is on the form again.
    let again = officer.submit(&address, &[typed[0], typed[1], ("look-again", "yes")]);
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.text().contains("Kai Stone needs a place. Please ring."));

    // A reason is needed, and another reason has to be written down.
    let tried = |reason: &str, words: &str| {
        let of = latest_hold(&world, ella).digest;
        let reasons = [("release-of", of.as_str()), ("release-0", reason), ("release-words-0", words)];
        officer.submit(&address, &[&typed[..], &reasons[..]].concat())
    };
    // Reasons that were not given for these very words count for nothing.
    for of in ["", "0123456789abcdef0123456789abcdef"] {
        let unseen = [typed[0], typed[1], ("release-of", of), ("release-0", "sibling")];
        held(&officer.submit(&address, &unseen), &[]);
    }
    held(&tried("other", ""), &["Write down the other reason"]);
    let long = "x".repeat(501);
    held(&tried("sibling", &long), &["Shorten this to 500 characters"]);
    held(&tried("nonsense", "why not"), &["Select why this is right"]);
    assert_eq!(tried("sibling", "").status, StatusCode::SEE_OTHER);
    let case = world.load(world.area, ella);
    assert_eq!(case.messages.len(), 1);
    assert!(case.holds[0].released.is_some());
    assert!(verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn another_childs_number_is_let_go_by_a_second_person(db: &TestDatabase) {
    let mut world = World::new(db);
    let (ella, _, _) = area(&mut world);
    let (officer, manager) = (world.browser("dev@"), world.browser("manager@"));
    let address = format!("/children/{ella}/messages");
    let typed = [("text", "The number on the letter is 943 476 5919.")];
    let answer = officer.submit(&address, &typed);
    held(&answer, &["is the number of another child", "let go by a SEND manager other than you"]);
    assert!(!answer.text().contains("Send it, for these reasons"));
    // Reasons posted all the same change nothing.
    held(&officer.submit(&address, &[typed[0], ("release-0", "sibling")]), &[]);
    let hold = latest_hold(&world, ella);
    let page = format!("/children/{ella}/held/{}", hold.id);
    assert_eq!(officer.submit(&page, &[("release-0", "sibling")]).status, StatusCode::FORBIDDEN);
    assert!(world.browser("setting@").get(&page).status.is_client_error(), "a school does not see it");
    assert!(manager.get("/held").text().contains(&page));
    assert!(manager.get(&page).text().contains("The number on") || manager.get(&page).text().contains("943 476 5919"));
    let released = manager.submit(&page, &[("release-0", "own_detail"), ("release-words-0", "Checked with the GP.")]);
    assert_eq!(released.status, StatusCode::SEE_OTHER, "{}", released.text());
    let again = manager.submit(&page, &[("release-0", "own_detail")]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "it was let go already");
    // Only the very same words may go.
    held(&officer.submit(&address, &[("text", "The other number is 943 476 5919.")]), &[]);
    assert_eq!(officer.submit(&address, &typed).status, StatusCode::SEE_OTHER);
    let list = manager.get("/held").text();
    assert!(list.contains("2 were held so far and 1 of them let go"), "{list}");
    let csv = manager.get("/held.csv").text();
    assert!(csv.contains("Another child’s number") && csv.lines().count() == 3, "{csv}");
    assert!(manager.get("/held?state=put_right").text().contains("Put right on"), "the changed message never left");
    for narrowed in ["/held?kind=other_number", "/held?state=released&page=1", "/held?kind=nonsense&state=x&page=-4"] {
        assert_eq!(manager.get(narrowed).status, StatusCode::OK, "{narrowed}");
    }
    // Whoever sends does not let go of it, not even a manager.
    held(&manager.submit(&address, &[("text", "It is 943 476 5919 again.")]), &[]);
    let own = latest_hold(&world, ella);
    let own = format!("/children/{ella}/held/{}", own.id);
    assert!(manager.get(&own).text().contains("somebody else has to look"));
    let refused = manager.submit(&own, &[("release-0", "own_detail")]);
    assert!(refused.text().contains("let go by a second person"), "{}", refused.text());
}

pub fn a_plan_is_not_sent_to_the_other_family(db: &TestDatabase) {
    let mut world = World::new(db);
    let (ella, _, _) = area(&mut world);
    let officer = world.browser("dev@");
    let address = format!("/children/{ella}/copy");
    assert!(officer.get(&address).text().contains("The plan that is in force"));
    let to = [
        ("paper", "plan"),
        ("to", "else"),
        ("to-name", "Denise Marsh-Hale"),
        ("to-address", "2 Mill Lane, Alderbourne AB2 2CD"),
    ];
    let answer = officer.submit(&address, &to);
    held(&answer, &["Denise Marsh-Hale", "is not on this child’s record", "belongs to the family of another child"]);
    let sent =
        || officer.get(&format!("/children/{ella}?history=all")).text().matches("A copy of a paper was sent").count();
    assert_eq!(sent(), 0);
    // To her own mother, at home, it goes; what was held before counts as put right.
    let mother = PersonId(uuid::Uuid::from_u128(7_001)).to_string();
    let answer = officer.submit(&address, &[("paper", "plan"), ("to", &mother)]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(sent(), 1);
    assert!(world.load(world.area, ella).holds[0].put_right_on.is_some());
    for role in ["setting@", "adviser@", "auditor@", "parent@"] {
        assert!(world.browser(role).get(&address).status.is_client_error(), "{role} sends no copies");
    }
}

fn letter(words: &str) -> Vec<u8> {
    let document = Document {
        title: "Report".to_owned(),
        language: "en-GB".to_owned(),
        subject: "Report".to_owned(),
        author: "A team".to_owned(),
        letterhead: None,
        draft_watermark_text: None,
        blocks: vec![Block::text(words)],
    };
    documents::typeset::pdf(&document, &Printing::at(TODAY.at(10, 0, 0, 0))).expect("a report is typeset")
}

pub fn a_file_about_another_child_is_not_put_on_the_record(db: &TestDatabase) {
    let mut world = World::new(db);
    let (_, _, _) = area(&mut world);
    let idris = world.child("Idris Cole", Stop::Asked);
    let case = world.load(world.area, idris);
    let asked =
        case.requests[0].advice.iter().find(|asked| asked.kind == AdviceKind::Medical).expect("it was asked for");
    let address = format!("/children/{idris}/advice/{}/file", asked.id);
    let officer = world.browser("dev@");
    let send = |csrf: &str, name: &str, bytes: &[u8]| {
        let mut body = Vec::new();
        for (field, value) in [("csrf", csrf), ("on-day", "23"), ("on-month", "11"), ("on-year", "2026")] {
            body.extend_from_slice(
                format!("--line\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        body.extend_from_slice(
            format!("--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--line--\r\n");
        let request = officer
            .request("POST", &address)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=line")
            .body(Body::from(body))
            .expect("the address is one");
        officer.send(request)
    };
    let csrf = officer.csrf();
    let wrong = letter("Name: Kai Stone. NHS number 943 476 5919. Kai finds writing hard.");
    let answer = send(&csrf, "report.pdf", &wrong);
    held(&answer, &["Page 1", "Kai Stone", "943 476 5919"]);
    assert_eq!(send("forged", "report.pdf", &wrong).status, StatusCode::FORBIDDEN);
    assert!(send(&csrf, "empty.pdf", b"").text().contains("Choose the file"));
    assert!(send(&csrf, "page.pdf", b"<html>").text().contains("This cannot be taken"));
    let reply = |world: &World| {
        let case = world.load(world.area, idris);
        case.requests[0].advice.iter().any(|asked| asked.kind == AdviceKind::Medical && asked.reply.is_some())
    };
    assert!(!reply(&world), "nothing is on the record");
    // A picture is for people: an officer says that every page was looked at.
    let picture = [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR".as_slice(), &[0; 40]].concat();
    let answer = send(&csrf, "scan.png", &picture);
    held(&answer, &["cannot be read by machine (it is a picture)", "Look at every page yourself"]);
    let fingerprint = blake3::hash(&picture).to_hex().to_string();
    let day = [("on-day", "23"), ("on-month", "11"), ("on-year", "2026")];
    let kept = format!("{address}/kept");
    let of = latest_hold(&world, idris).digest;
    let release = [
        ("fingerprint", fingerprint.as_str()),
        ("title", "scan.png"),
        ("release-of", of.as_str()),
        ("release-0", "looked"),
        day[0],
        day[1],
        day[2],
    ];
    let stranger = blake3::hash(b"another file").to_hex().to_string();
    let named = [("fingerprint", stranger.as_str()), ("title", "x"), day[0], day[1], day[2]];
    assert_eq!(officer.submit(&kept, &named).status, StatusCode::NOT_FOUND);
    assert_eq!(officer.submit(&kept, &[("fingerprint", "../../secret")]).status, StatusCode::NOT_FOUND);
    let done = officer.submit(&kept, &release);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(reply(&world));
    assert!(officer.get(&format!("/children/{idris}")).text().contains("scan.png"));
}

pub fn names_recorded_before_there_were_keys_are_found(db: &TestDatabase) {
    let mut world = World::new(db);
    let (ella, _, _) = area(&mut world);
    world.write(|tx| {
        tx.execute("DELETE FROM people_keys WHERE name_key LIKE 'p:%' OR name_key LIKE 'q:%'", &[])?;
        tx.execute(
            "INSERT INTO jobs (job_id, authority_id, kind, schema, body, run_at, attempts) VALUES ($1, $2, 'names.keys', 1, '{}', $3, 0)",
            &[uuid::Uuid::from_u128(5).into(), world.area.0.into(), FixedClock::on(TODAY).now().into()],
        )?;
        Ok(())
    });
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    let officer = world.browser("dev@");
    held(&officer.submit(&format!("/children/{ella}/messages"), &[("text", "Kai Stone.")]), &["Kai Stone"]);
}

const PAGE: &str = include_str!("../../../../docs/data-protection/wrong-recipient-lock.md");

/// The published bars: of planted mistakes with a full name, a number, a birth date, a person or an
/// address at least 98 in 100 are stopped, of right sends at most 2.
#[test]
fn planted_mistakes_are_stopped_and_right_sends_are_not() {
    let folder = std::env::temp_dir().join(format!("tellonce-lock-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let area = planted::area(planted::app_in(&folder).expect("a database is made")).expect("the area is made");
    let right = planted::measure(&area, None, 60).expect("it is measured");
    assert!(right.stopped <= 2, "{} of {}: {:?}", right.stopped, right.count, right.examples);
    for kind in ALL.into_iter().filter(|kind| kind.is_held_to_the_bar()) {
        let rate = planted::measure(&area, Some(kind), 25).expect("it is measured");
        assert!(rate.stopped >= 24, "{}: {} of {}", kind.label(), rate.stopped, rate.count);
    }
    let _ = std::fs::remove_dir_all(&folder);
}

#[test]
fn the_published_table_keeps_its_bars() {
    let share = |label: &str| {
        let line = PAGE.lines().find(|line| line.contains(label)).unwrap_or_else(|| panic!("no line for {label}"));
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        assert_eq!(cells[2], "2000", "{label}: measured on 2,000 sends");
        cells[3].trim_end_matches('%').parse::<f64>().expect("a share in hundredths")
    };
    assert!(PAGE.contains(&format!("Seed {}.", planted::SEED)));
    for kind in ALL {
        let stopped = share(kind.label());
        assert!(!Planted::is_held_to_the_bar(kind) || stopped >= 98.0, "{}: {stopped}", kind.label());
    }
    assert!(share("stopped wrongly") <= 2.0);
}
