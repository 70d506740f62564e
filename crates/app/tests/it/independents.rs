//! A professional whom a family invites: from the page of its own child to lines in the plan, with
//! nothing of the record but what the family shows; and a finished report that the family hands in.

use crate::given::{Stop, fixed};
use crate::world::{Answer, Browser, TODAY, World};
use axum::http::StatusCode;
use casework::access::Role;
use casework::messages::Side;
use casework::papers::{self, NewPaper, PaperKind};
use casework::receipts::{Fingerprint, ReceiptNumber};
use casework::{AdviceId, CaseId, Command, DocumentId, people};
use db::testing::TestDatabase;
use jiff::ToSpan;
use std::sync::Arc;

const MOTHER: &str = "elise@families.example";
const ROE: &str = "jane.roe@speech.example";
const SHOWN: u128 = 7_700_001;
const HIDDEN: u128 = 7_700_002;

fn case(world: &World, id: CaseId) -> Arc<casework::Case> {
    world.load(world.area, id)
}

/// Maya, being assessed, whose mother has an account and sent two papers.
fn family(db: &TestDatabase) -> (World, CaseId) {
    let mut world = World::new(db);
    let child = world.child("Maya Turner", Stop::Asked);
    let mother = world.add_person(MOTHER, world.area, 975, Role::Parent, None, None);
    let let_in = Command::People(people::Command::LetFamilyIn { user: mother.actor.user });
    world.give(child, world.area, (TODAY, let_in), "").expect("she is let in");
    send_papers(&world, child);
    (world, child)
}

fn send_papers(world: &World, child: CaseId) {
    let files: Vec<String> = ["shown.txt", "hidden.txt"]
        .iter()
        .map(|text| world.app.files.put(format!("What {text} says.").as_bytes()).expect("it is kept"))
        .collect();
    let paper = |number: u128| NewPaper {
        document: fixed(number),
        fingerprint: Fingerprint::of([1; 32]),
        kind: PaperKind::Report,
        dated: None,
    };
    let receipt = ReceiptNumber { year: 2026, number: 7 };
    let papers = vec![paper(SHOWN), paper(HIDDEN)];
    let command = Command::Papers(papers::Command::Add { papers, from: Side::Family, receipt });
    let row = |number: u128, title: &str, print: &str| app::journal::DocumentRow {
        id: fixed(number),
        kind: "evidence",
        title: title.into(),
        media_type: "text/plain; charset=utf-8",
        size_bytes: 20,
        fingerprint: print.into(),
        made_on: TODAY,
        notice: None,
    };
    let documents = vec![row(SHOWN, "Speech report", &files[0]), row(HIDDEN, "Letter from work", &files[1])];
    let who = world.who(world.person("dev@"), TODAY);
    world.write(|tx| {
        let act = app::journal::Act {
            action: casework::access::Action::AddPapers,
            seen: None,
            commands: vec![command.clone()],
            papers: app::journal::Papers { documents: documents.clone(), ..app::journal::Papers::default() },
        };
        app::journal::act(tx, &who, child, act).map(|_| ())
    });
}

/// Subject, body and link of the latest message to this address.
fn message(world: &World, to: &str, kind: &str) -> String {
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    let read = |tx: &mut dyn db::Tx| -> Result<String, app::Error> {
        let row = tx.query_one(
            "SELECT subject, body, link FROM messages WHERE recipient = $1 AND kind = $2 ORDER BY made_at DESC, message_id DESC LIMIT 1",
            &[to.into(), kind.into()],
        )?;
        let link: Option<String> = row.get(2)?;
        Ok(format!("{}\n{}\n{}", row.get::<String>(0)?, row.get::<String>(1)?, link.unwrap_or_default()))
    };
    let said = world.app.db.read("test.message", read).expect("a message was sent");
    for name in ["Maya", "Turner"] {
        assert!(!said.contains(name), "no message names a child: {said}");
    }
    said
}

fn invite(mother: &Browser<'_>, child: CaseId, shared: &[u128]) -> Answer {
    let ids: Vec<String> = shared.iter().map(|number| fixed::<DocumentId>(*number).to_string()).collect();
    let mut fields = vec![
        ("name", "Jane Roe"),
        ("profession", "speech and language therapist"),
        ("email", ROE),
        ("question", "What does she need to be understood in class?"),
    ];
    fields.extend(ids.iter().map(|id| ("shared", id.as_str())));
    mother.submit(&format!("/family/{child}/independent"), &fields)
}

/// The link of the message, opened by the code that is sent to the same address.
fn arrive<'a>(world: &World, visitor: &'a Browser<'a>) -> Browser<'a> {
    let said = message(world, ROE, "advice_invited");
    let link = said.split_whitespace().find(|word| word.starts_with("/invited/")).expect("a link").to_owned();
    assert!(visitor.get(&link).text().contains("A family asks for your advice"));
    assert_eq!(visitor.post(&link, &[]).location(), format!("{link}/code"));
    let wrong = visitor.post(&format!("{link}/code"), &[("code", "12")]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let digits: String = message(world, ROE, "sign_in_code").chars().filter(char::is_ascii_digit).take(6).collect();
    let opened = visitor.post(&format!("{link}/code"), &[("code", &digits)]);
    assert_eq!((opened.status, opened.location()), (StatusCode::SEE_OTHER, "/invited"), "{}", opened.text());
    // The link works once.
    assert!(visitor.get(&link).text().contains("This invitation was taken up"));
    assert_eq!(visitor.post(&format!("{link}/code"), &[("code", &digits)]).location(), link);
    visitor.signed_in_with(&opened)
}

/// Sends a form with the version that the page would show.
fn send(browser: &Browser<'_>, world: &World, id: CaseId, path: &str, fields: &[(&str, &str)]) -> Answer {
    let version = case(world, id).version.to_string();
    let all: Vec<(&str, &str)> = [("version", version.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.submit(path, &all)
}

fn only(world: &World, child: CaseId) -> AdviceId {
    case(world, child).independents.invitations.last().expect("invited").advice
}

pub fn a_professional_whom_the_family_invites_sees_what_it_shows(db: &TestDatabase) {
    let (world, child) = family(db);
    let mother = world.browser(MOTHER);
    let own = format!("/family/{child}/independent");
    // What is wrong is said beside its field, and nothing typed is lost.
    let bad = mother.submit(&own, &[("name", "Jane Roe"), ("email", "a@b.c,d@e.f")]);
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["Jane Roe", "Enter their profession", "Enter an email address", "Say what you want to ask them"] {
        assert!(bad.text().contains(said), "{said}: {}", bad.text());
    }
    assert_eq!(invite(&mother, child, &[SHOWN]).location(), format!("{own}?done=invited"));
    let advice = only(&world, child);
    let officer = world.browser("dev@");
    let listed = officer.get(&format!("/children/{child}/advice")).text();
    for said in [
        "Invited by the family",
        "Jane Roe, speech and language therapist, independent",
        "Invited by Parent or carer 975",
    ] {
        assert!(listed.contains(said), "{said}: {listed}");
    }

    let visitor = world.visitor();
    let roe = arrive(&world, &visitor);
    assert!(roe.get("/invited").text().contains("Maya Turner"));
    let base = format!("/children/{child}/advice/{advice}");
    let desk = roe.get(&format!("{base}/invited")).text();
    for said in ["What does she need to be understood in class?", "Speech report", "Hollin Bank Primary", "14 May 2017"]
    {
        assert!(desk.contains(said), "{said}: {desk}");
    }
    assert!(!desk.contains("Letter from work"), "{desk}");
    let shown = |number: u128| format!("{base}/shared/{}", fixed::<DocumentId>(number));
    assert_eq!(roe.get(&shown(SHOWN)).status, StatusCode::OK);
    // Nothing else of the record is there.
    let hidden = fixed::<DocumentId>(HIDDEN);
    let psychological = case(&world, child).live_request().expect("live").advice[3].id;
    for (path, status) in [
        (shown(HIDDEN), StatusCode::NOT_FOUND),
        (format!("/children/{child}"), StatusCode::FORBIDDEN),
        (format!("/children/{child}/advice"), StatusCode::FORBIDDEN),
        (format!("/children/{child}/read"), StatusCode::FORBIDDEN),
        (format!("/children/{child}/facts"), StatusCode::FORBIDDEN),
        (format!("/children/{child}/about-me"), StatusCode::FORBIDDEN),
        (format!("/children/{child}/documents/{hidden}"), StatusCode::FORBIDDEN),
        (format!("/children/{child}/advice/{psychological}/write"), StatusCode::NOT_FOUND),
        (format!("/children/{child}/advice/{psychological}/invited"), StatusCode::NOT_FOUND),
        (own.clone(), StatusCode::FORBIDDEN),
        ("/children?q=Turner".to_owned(), StatusCode::FORBIDDEN),
        ("/advice".to_owned(), StatusCode::FORBIDDEN),
    ] {
        assert_eq!(roe.get(&path).status, status, "{path}");
    }

    // Whoever is second loses nothing typed, and learns nothing of what else happened.
    let stale = roe.submit(&format!("{base}/write/account"), &[("version", "1"), ("account", "Maya is quiet.")]);
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text());
    assert!(stale.text().contains("Maya is quiet.") && !stale.text().contains("What changed"), "{}", stale.text());
    // The same lines, the same signature.
    let need = [("area", "communication"), ("text", "Needs time to answer.")];
    let need = send(&roe, &world, child, &format!("{base}/write/b"), &need);
    assert_eq!(need.status, StatusCode::SEE_OTHER, "{}", need.text());
    let name = [("signed-name", "Jane Roe"), ("signed-post", "Speech and language therapist")];
    let signed = send(&roe, &world, child, &format!("{base}/sign"), &name);
    assert_eq!(signed.location(), format!("{base}/signed"), "{}", signed.text());
    for reader in [&roe, &officer] {
        let receipt = reader.get(&format!("{base}/signed")).text();
        for said in ["Jane Roe", "Needs time to answer.", "Fingerprint", "regulation 6(1)(h)"] {
            assert!(receipt.contains(said), "{said}: {receipt}");
        }
    }
    // What is signed is not taken back.
    let one = format!("{own}/{advice}");
    let version = case(&world, child).version.to_string();
    let late = mother.submit(&format!("{one}/withdraw"), &[("version", &version)]);
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text());
    assert!(mother.get(&format!("/family/{child}")).text().contains("Independent professional"), "she sees who looked");
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn an_invitation_is_taken_back_or_ends(db: &TestDatabase) {
    let (world, child) = family(db);
    let mother = world.browser(MOTHER);
    invite(&mother, child, &[SHOWN]);
    let advice = only(&world, child);
    let visitor = world.visitor();
    let roe = arrive(&world, &visitor);
    let desk = format!("/children/{child}/advice/{advice}/invited");
    assert_eq!(roe.get(&desk).status, StatusCode::OK);
    // Other papers, as another page of hers saw it before: the second is told and nothing is lost.
    let one = format!("/family/{child}/independent/{advice}");
    let stale = mother.submit(&one, &[("version", "1"), ("shared", &fixed::<DocumentId>(HIDDEN).to_string())]);
    assert!(stale.text().contains("Something changed since you opened this page"), "{}", stale.text());
    let version = case(&world, child).version.to_string();
    let changed = mother.submit(&one, &[("version", &version), ("shared", &fixed::<DocumentId>(HIDDEN).to_string())]);
    assert_eq!(changed.location(), one, "{}", changed.text());
    let shown = roe.get(&desk).text();
    assert!(shown.contains("Letter from work") && !shown.contains("Speech report"), "{shown}");
    // They are coming to see her.
    let visit = [
        ("visit-on-day", "1"),
        ("visit-on-month", "12"),
        ("visit-on-year", "2026"),
        ("at", "9:30"),
        ("place", "At home"),
        ("who", "Jane Roe"),
    ];
    let booked = send(&roe, &world, child, &format!("/children/{child}/advice/{advice}/visits"), &visit);
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text());
    assert!(mother.get(&format!("/family/{child}")).text().contains("Tuesday 1 December 2026, 9:30am"));
    // Taken back, it is gone for the professional, nothing is waited for, and nobody comes.
    let version = case(&world, child).version.to_string();
    let back = mother.submit(&format!("{one}/withdraw"), &[("version", &version)]);
    assert_eq!(back.location(), format!("/family/{child}/independent"), "{}", back.text());
    assert_eq!(roe.get(&desk).status, StatusCode::NOT_FOUND);
    assert!(!roe.get("/invited").text().contains("Maya Turner"));
    assert!(message(&world, ROE, "invitation_withdrawn").contains("no longer asked for"));
    assert!(mother.get(&one).text().contains("Taken back on"));
    let home = mother.get(&format!("/family/{child}")).text();
    assert!(home.contains("Cancelled on 23 November 2026: the family took back what it asked"), "{home}");
    assert!(message(&world, MOTHER, "visit_changed").contains("A visit is cancelled"));
    // An invitation that nobody takes up ends.
    invite(&mother, child, &[]);
    let said = message(&world, ROE, "advice_invited");
    let link = said.split_whitespace().find(|word| word.starts_with("/invited/")).expect("a link").to_owned();
    world.clock.move_to(TODAY.checked_add(29.days()).expect("a day"));
    assert!(visitor.get(&link).text().contains("This invitation has ended"));
    assert_eq!(visitor.post(&link, &[]).location(), link);
    assert_eq!(visitor.get("/invited/00000000000000000000000000000000").status, StatusCode::NOT_FOUND);
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn one_form_invites_once(db: &TestDatabase) {
    let (world, child) = family(db);
    let mother = world.browser(MOTHER);
    let own = format!("/family/{child}/independent");
    let id = fixed::<AdviceId>(7_700_050).to_string();
    let fields = [
        ("form", id.as_str()),
        ("name", "Jane Roe"),
        ("profession", "speech and language therapist"),
        ("email", ROE),
        ("question", "What does she need?"),
    ];
    for _ in 0..2 {
        assert_eq!(mother.submit(&own, &fields).location(), format!("{own}?done=invited"));
    }
    assert_eq!(case(&world, child).independents.invitations.len(), 1);
    // The same person asked from another page.
    let again = mother.submit(&own, &[&fields[1..3], &[("email", " Jane.Roe@Speech.example ")], &fields[4..]].concat());
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("An invitation to this address is on its way already"), "{}", again.text());
    assert_eq!(case(&world, child).independents.invitations.len(), 1);
    // Another address typed on the same form is another invitation; so is the same one after it was taken back.
    let fields = |email: &'static str| [("form", id.as_str()), fields[1], fields[2], ("email", email), fields[4]];
    assert_eq!(mother.submit(&own, &fields("other@speech.example")).location(), format!("{own}?done=invited"));
    assert_eq!(case(&world, child).independents.invitations.len(), 2);
    let first = case(&world, child).independents.invitations[0].advice;
    let version = case(&world, child).version.to_string();
    mother.submit(&format!("{own}/{first}/withdraw"), &[("version", &version)]);
    assert_eq!(mother.submit(&own, &fields(ROE)).location(), format!("{own}?done=invited"));
    assert_eq!(case(&world, child).independents.invitations.len(), 3);
    // What is posted as an id is nobody's advice: the council's own request stands.
    let asked = case(&world, child).live_request().expect("live").advice[0].id;
    mother.submit(&own, &[("advice", &asked.to_string()), ("form", &asked.to_string()), fields(ROE)[1]]);
    assert!(case(&world, child).independents.invitation(asked).is_none());
}

pub fn a_finished_report_is_entered_with_its_pages(db: &TestDatabase) {
    let (world, child) = family(db);
    let mother = world.browser(MOTHER);
    let document = fixed::<DocumentId>(SHOWN).to_string();
    let form = format!("/family/{child}/independent/report");
    let bad = mother.submit(&form, &[("author", "Ian Vale")]);
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [
        ("document", document.as_str()),
        ("author", "Ian Vale"),
        ("profession", "educational psychologist"),
        ("dated-on-day", "3"),
        ("dated-on-month", "9"),
        ("dated-on-year", "2026"),
    ];
    let sent = mother.submit(&form, &fields);
    assert_eq!(sent.location(), format!("/family/{child}/independent?done=report"), "{}", sent.text());
    let officer = world.browser("dev@");
    let listed = officer.get(&format!("/children/{child}/advice")).text();
    assert!(listed.contains("Ian Vale, educational psychologist, Thursday 3 September 2026"), "{listed}");
    let taken = send(&officer, &world, child, &format!("/children/{child}/reports/{document}/take-up"), &[]);
    let base = taken.location().strip_suffix("/write").expect("writing begins").to_owned();
    let page = officer.get(&format!("{base}/write")).text();
    assert!(page.contains("You enter what this report says") && page.contains("Speech report"), "{page}");
    // Nobody else enters it.
    assert_eq!(world.browser("adviser@").get(&format!("{base}/write")).status, StatusCode::NOT_FOUND);
    let line = [
        ("text", "Speech therapy"),
        ("who", "a therapist"),
        ("how-often", "twice a week"),
        ("how-long", "40 minutes"),
        ("report", "Speech report"),
    ];
    let without = send(&officer, &world, child, &format!("{base}/write/f"), &line);
    assert!(without.text().contains("Enter the page of the report on which this stands"), "{}", without.text());
    let with: Vec<(&str, &str)> = line.iter().copied().chain([("page", "4")]).collect();
    let with = send(&officer, &world, child, &format!("{base}/write/f"), &with);
    assert_eq!(with.status, StatusCode::SEE_OTHER, "{}", with.text());
    let name = [("signed-name", "Ian Vale"), ("signed-post", "educational psychologist")];
    let signed = send(&officer, &world, child, &format!("{base}/sign"), &name);
    assert_eq!(signed.location(), format!("{base}/signed"), "{}", signed.text());
    let receipt = officer.get(&format!("{base}/signed")).text();
    for said in ["Ian Vale", "Speech report, page 4", "The family handed in a finished report", "entered its lines"] {
        assert!(receipt.contains(said), "{said}: {receipt}");
    }
    assert!(mother.get(&format!("/family/{child}/independent")).text().contains("Its lines count in the plan"));
    // Everything that may be read, in the order of its days: the report before what was entered from it.
    let read = officer.get(&format!("/children/{child}/read")).text();
    let first = read.find("What shown.txt says.").expect("the words of the file are there");
    assert!(first < read.rfind("Speech therapy").expect("and the lines"), "{read}");
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}
