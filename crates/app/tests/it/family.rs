//! A family with an account: let in by the code of its form and one sent to its own address, it sees
//! its own child and nothing else, and who has looked.

use crate::ask::sent;
use crate::given::{Stop, steps};
use crate::world::{Browser, TODAY, World};
use axum::http::StatusCode;
use casework::requests;
use casework::{CaseId, Command};
use db::testing::TestDatabase;
use jiff::{SignedDuration, ToSpan};

const LATEST: &str = "SELECT body, recipient FROM messages ORDER BY made_at DESC, message_id DESC LIMIT 1";

/// The six digits of the latest message.
fn code(world: &World) -> String {
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    let read = |tx: &mut dyn db::Tx| -> Result<String, app::Error> {
        let row = tx.query_one(LATEST, &[])?;
        let (body, to): (String, String) = (row.get(0)?, row.get(1)?);
        assert_eq!(to, "amara@example.com");
        for name in ["Sami", "Okafor"] {
            assert!(!body.contains(name), "no message names a child");
        }
        Ok(body)
    };
    let body = world.app.db.read("test.message", read).expect("a message was sent");
    body.chars().filter(char::is_ascii_digit).take(6).collect()
}

fn messages(world: &World) -> i64 {
    let read = |tx: &mut dyn db::Tx| -> Result<i64, app::Error> {
        Ok(tx.query_one("SELECT COUNT(*) FROM messages", &[])?.get(0)?)
    };
    world.app.db.read("test.messages", read).expect("the database answers")
}

/// Sends a request as Sami's mother and makes her account.
pub fn follow<'a>(world: &World, visitor: &'a Browser<'a>) -> Browser<'a> {
    let form = sent(visitor);
    let asked = visitor.post(&format!("{form}/account"), &[("email", " Amara@Example.com ")]);
    assert_eq!(asked.location(), format!("{form}/account/code?email=amara%40example.com"), "{}", asked.text());
    let digits = code(world);
    let fields = [("email", "amara@example.com"), ("code", digits.as_str())];
    let opened = visitor.post(&format!("{form}/account/code"), &fields);
    assert_eq!((opened.status, opened.location()), (StatusCode::SEE_OTHER, "/family"), "{}", opened.text());
    visitor.signed_in_with(&opened)
}

pub fn a_family_sees_its_own_child_and_nothing_else(db: &TestDatabase) {
    let mut world = World::new(db);
    let other = world.child("Ella Marsh", Stop::Received);
    let visitor = world.visitor();
    let mother = follow(&world, &visitor);
    let home = mother.get("/family").text();
    assert!(home.contains("Sami Okafor") && !home.contains("Ella Marsh"), "{home}");
    let sami: CaseId =
        world.cases_of(world.area).into_iter().find(|case| *case != other).expect("the request became a record");

    // Nobody has looked; then an officer does, twice on a day, and again on the next.
    let page = format!("/family/{sami}");
    assert!(mother.get(&page).text().contains("Nobody has opened this record yet"));
    let officer = world.browser("officer@");
    for path in ["", "/request"] {
        assert_eq!(officer.get(&format!("/children/{sami}{path}")).status, StatusCode::OK);
    }
    let text = mother.get(&page).text();
    assert_eq!(text.matches("SEND officer</span>").count(), 1, "once a day: {text}");
    for said in ["Receipt number", "Say whether the council will assess", "Who may open this record", "letter.jpg"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    world.clock.move_to(TODAY.checked_add(1.day()).expect("a day"));
    let officer = world.browser("officer@");
    assert_eq!(officer.get(&format!("/children/{sami}")).status, StatusCode::OK);
    let mother = {
        visitor.post("/sign-in/code", &[("email", "amara@example.com")]);
        let digits = code(&world);
        let entered = visitor.post("/sign-in/code/enter", &[("email", "amara@example.com"), ("code", &digits)]);
        assert_eq!(entered.location(), "/family", "{}", entered.text());
        visitor.signed_in_with(&entered)
    };
    assert_eq!(mother.get(&page).text().matches("SEND officer</span>").count(), 2);

    // What she sent she can read again; the staff's pages and other children are not hers.
    let papers = mother.get(&page).text();
    let letter = papers.split('"').find(|part| part.contains("/documents/")).expect("her photo is there");
    assert!(mother.get(letter).text().contains("With the request, receipt"), "{}", mother.get(letter).text());
    let letter = letter.strip_suffix("/about").expect("what somebody sent has a page of its own");
    let photo = mother.get(letter);
    assert_eq!(photo.status, StatusCode::OK);
    assert_eq!(photo.headers.get("content-type").map(|kind| kind.as_bytes()), Some(&b"image/jpeg"[..]));
    assert_eq!(mother.get(&format!("/family/{other}")).status, StatusCode::NOT_FOUND);
    assert_eq!(mother.get(&letter.replace(&sami.to_string(), &other.to_string())).status, StatusCode::NOT_FOUND);
    assert_eq!(mother.get(&format!("/children/{other}")).status, StatusCode::NOT_FOUND);
    for path in [format!("/children/{sami}"), format!("/children/{sami}/details"), "/children?q=Sami".to_owned()] {
        assert_eq!(mother.get(&path).status, StatusCode::FORBIDDEN, "{path}");
    }
    // And the family's page is not the staff's.
    assert_eq!(officer.get(&page).status, StatusCode::FORBIDDEN);
    assert_eq!(officer.get("/family").status, StatusCode::FORBIDDEN);
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn a_family_is_told_what_changed_and_what_to_do(db: &TestDatabase) {
    let world = World::new(db);
    let visitor = world.visitor();
    let mother = follow(&world, &visitor);
    let case = world.cases_of(world.area)[0];
    let step = |wanted: fn(&Command) -> bool| {
        steps(Stop::Asked).into_iter().map(|(_, command)| command).find(wanted).expect("a step of the pathway")
    };
    let told = step(|command| matches!(command, Command::Requests(requests::Command::TellConsidering { .. })));
    let Command::Requests(requests::Command::TellConsidering { mut notice }) = told else { panic!("it is one") };
    notice.sent_on = TODAY;
    let command = Command::Requests(requests::Command::TellConsidering { notice });
    let before = messages(&world);
    world.give(case, world.area, (TODAY, command), "").expect("the law allows it");
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    assert_eq!(messages(&world), before + 1);
    let text = world.visitor().get("/demo/messages").text();
    for said in ["The council is considering whether to assess.", "It decides by Monday 4 January 2027", "My child"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("Sami"), "{text}");
    // The letter is where the message says.
    let papers = mother.get(&format!("/family/{case}")).text();
    let links: Vec<&str> = papers.split('"').filter(|part| part.contains("/documents/")).collect();
    assert_eq!(links.len(), 2, "her photo and the letter: {papers}");
    assert!(links.iter().all(|link| mother.get(link).status == StatusCode::OK));
    // A job that is run again tells nobody twice.
    let again = |tx: &mut dyn db::Tx| -> Result<u64, app::Error> {
        Ok(tx.execute("UPDATE jobs SET finished_at = NULL, leased_until = NULL", &[])?)
    };
    world.app.db.write("test.again", again).expect("the jobs wait again");
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    assert_eq!(messages(&world), before + 1);
}

pub fn a_message_is_answered_as_promised_or_seen_to_be_late(db: &TestDatabase) {
    let world = World::new(db);
    let visitor = world.visitor();
    let mother = follow(&world, &visitor);
    let case = world.cases_of(world.area)[0];
    let (own, staff) = (format!("/family/{case}/messages"), format!("/children/{case}/messages"));
    assert_eq!(mother.submit(&own, &[("text", " ")]).status, StatusCode::UNPROCESSABLE_ENTITY);
    let id = "01900000-0000-7000-8000-00000000abcd";
    for _ in 0..2 {
        let sent = mother.submit(&own, &[("text", "Who <i>decides</i>?"), ("message", id)]);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    }
    let text = mother.get(&own).text();
    assert_eq!(text.matches("Who &#60;i&#62;decides").count(), 1, "sent twice, it is one: {text}");
    assert!(text.contains("You have an answer by Monday 30 November 2026"), "{text}");

    // The officer is asked to answer; the family's page is not theirs, nor theirs the family's.
    let officer = world.browser("dev@");
    assert!(officer.get(&format!("/children/{case}")).text().contains("Answer the family’s message"));
    assert!(officer.get(&staff).text().contains("Who &#60;i&#62;decides"));
    assert_eq!(officer.get(&own).status, StatusCode::FORBIDDEN);
    assert_eq!(mother.get(&staff).status, StatusCode::FORBIDDEN);
    assert_eq!(mother.submit(&staff, &[("text", "Me again")]).status, StatusCode::FORBIDDEN);

    let before = messages(&world);
    let sent = officer.submit(&staff, &[("text", "A panel does. I tell you the day it sits.")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    assert_eq!(messages(&world), before + 1, "she is told that there is a message");
    let text = mother.get(&own).text();
    assert!(text.contains("Answered on Monday 23 November 2026, as promised"), "{text}");

    // A promise that is not kept is seen by both.
    mother.submit(&own, &[("text", "Which day?")]);
    world.clock.move_to(TODAY.checked_add(9.days()).expect("a day"));
    let officer = world.browser("dev@");
    assert!(officer.get(&staff).text().contains("This is late. The answer was promised by Monday 30 November 2026"));
    let closed = officer.submit(&format!("{staff}/close"), &[]);
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text());
    assert!(officer.get(&staff).text().contains("Answered on Wednesday 2 December 2026. It was promised by"));
    assert_eq!(officer.submit(&format!("{staff}/close"), &[]).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn what_is_wrong_is_put_right_or_answered(db: &TestDatabase) {
    let world = World::new(db);
    let visitor = world.visitor();
    let mother = follow(&world, &visitor);
    let case = world.cases_of(world.area)[0];
    let facts = format!("/family/{case}/facts");
    let text = mother.get(&facts).text();
    assert!(text.contains("14 May 2017") && text.contains("Sent online with the request on"), "{text}");

    // The same again is no correction; neither is a date that cannot be, nor a fact that there is not.
    for (field, typed) in
        [("home_language", vec![]), ("birth_date", vec![("born-on-day", "31"), ("born-on-month", "2")])]
    {
        let refused = mother.submit(&format!("{facts}/{field}"), &typed);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
    }
    assert_eq!(mother.get(&format!("{facts}/shoe_size")).status, StatusCode::NOT_FOUND);

    let asked = mother.submit(&format!("{facts}/home_language"), &[("home-language", "Igbo <b>and</b> English")]);
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    let again = mother.submit(&format!("{facts}/home_language"), &[("home-language", "Igbo")]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "it is being looked at");
    let name = [("given-name", "Samuel"), ("family-name", "Okafor")];
    assert_eq!(mother.submit(&format!("{facts}/name"), &name).status, StatusCode::SEE_OTHER);
    let text = mother.get(&facts).text();
    for said in ["Being looked at", "Samuel Okafor", "Igbo &#60;b&#62;and", "which is 10 working days"] {
        assert!(text.contains(said), "{said}: {text}");
    }

    // Staff see what was said beside what there is; a reason is needed to keep it.
    let officer = world.browser("dev@");
    let page = format!("/children/{case}/corrections");
    let open = || world.load(world.area, case).corrections.iter().find(|known| known.is_open()).map(|known| known.id);
    let answer = |fields: &[(&str, &str)]| {
        let version = world.load(world.area, case).version.to_string();
        let mut all = vec![("version", version.as_str())];
        all.extend_from_slice(fields);
        officer.submit(&format!("{page}/{}", open().expect("one is open")), &all)
    };
    assert!(officer.get(&page).text().contains("Igbo &#60;b&#62;and"));
    assert_eq!(answer(&[]).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer(&[("answer", "keep")]).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer(&[("answer", "accept")]).status, StatusCode::SEE_OTHER);
    assert_eq!(
        answer(&[("answer", "keep"), ("reason", "The birth certificate says Sami.")]).status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(open(), None);

    let text = mother.get(&facts).text();
    for said in ["Put right on", "Kept as it was on", "The birth certificate says Sami.", "Sami Okafor"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains("You said it."), "the language has a new source: {text}");
    let body = world
        .app
        .db
        .read("test.message", |tx| -> Result<String, app::Error> { Ok(tx.query_one(LATEST, &[])?.get(0)?) });
    assert!(body.expect("she was told").contains("There is an answer"));
    // Nobody else of the area may say what is wrong, and no other family may look.
    assert_eq!(officer.submit(&format!("{facts}/known_as"), &[("known-as", "Sam")]).status, StatusCode::FORBIDDEN);
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn a_code_cannot_be_guessed_or_used_twice(db: &TestDatabase) {
    let world = World::new(db);
    let visitor = world.visitor();
    let _ = follow(&world, &visitor);
    let enter =
        |digits: &str| visitor.post("/sign-in/code/enter", &[("email", "amara@example.com"), ("code", digits)]).status;
    let ask = || visitor.post("/sign-in/code", &[("email", "amara@example.com")]).status;
    let wrong = |right: &str| if right == "000000" { "000001" } else { "000000" };

    assert_eq!(ask(), StatusCode::SEE_OTHER);
    let first = code(&world);
    assert_eq!(enter(&first), StatusCode::SEE_OTHER);
    assert_eq!(enter(&first), StatusCode::UNPROCESSABLE_ENTITY, "a code works once");

    ask();
    let second = code(&world);
    for _ in 0..5 {
        assert_eq!(enter(wrong(&second)), StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(enter(&second), StatusCode::UNPROCESSABLE_ENTITY, "after five wrong ones a new code is needed");

    // Nobody's inbox is filled: some codes a quarter of an hour, whoever asks.
    let before = messages(&world);
    for _ in 0..20 {
        assert_eq!(ask(), StatusCode::SEE_OTHER);
    }
    assert!(messages(&world) - before <= 3, "{} more", messages(&world) - before);

    // Whether an address is known is not told, and staff do not sign in this way.
    let before = messages(&world);
    for email in ["nobody@example.com", "officer@alderbourne.example"] {
        let answer = visitor.post("/sign-in/code", &[("email", email)]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{email}");
    }
    assert_eq!(messages(&world), before);

    // Nor for a whole day: whoever guesses has a hundred tries, not thousands.
    for _ in 0..12 {
        world.clock.advance(SignedDuration::from_mins(16));
        for _ in 0..5 {
            assert_eq!(ask(), StatusCode::SEE_OTHER);
        }
    }
    assert!(messages(&world) - before <= 20, "{} in a morning", messages(&world) - before);

    // An address that is longer than any is looked for nowhere and kept nowhere.
    let long = format!("{}@example.com", "a".repeat(5_000));
    let kept = || -> i64 {
        let read = |tx: &mut dyn db::Tx| -> Result<i64, app::Error> {
            let failures: i64 = tx.query_one("SELECT COUNT(*) FROM sign_in_failures", &[])?.get(0)?;
            let asked: i64 = tx.query_one("SELECT COUNT(*) FROM sign_in_code_requests", &[])?.get(0)?;
            Ok(failures + asked)
        };
        world.app.db.read("test.kept", read).expect("the database answers")
    };
    let rows = kept();
    assert_eq!(visitor.post("/sign-in/code", &[("email", &long)]).status, StatusCode::SEE_OTHER);
    let password = visitor.post("/sign-in", &[("email", &long), ("password", "long enough")]);
    assert_eq!(password.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(kept(), rows);

    // A code ends by itself.
    world.clock.move_to(TODAY.checked_add(3.days()).expect("a day"));
    ask();
    let late = code(&world);
    world.clock.move_to(TODAY.checked_add(4.days()).expect("a day"));
    assert_eq!(enter(&late), StatusCode::UNPROCESSABLE_ENTITY);
}
