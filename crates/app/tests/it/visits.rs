//! A visit of an adviser: booked, moved and cancelled so that family and school see it; notes that two
//! people wrote at once, of which nothing is lost.

use crate::given::Stop;
use crate::uploads::form;
use crate::world::{TODAY, World, body_of};
use axum::http::StatusCode;
use casework::access::Role;
use casework::advice::AdviceKind;
use casework::{Command, people};
use db::testing::TestDatabase;

const EP: &str = "ep@alderbourne.example";
const COLLEAGUE: &str = "ep2@alderbourne.example";
const MOTHER: &str = "elise@families.example";

pub fn a_visit_is_seen_by_family_and_school_and_its_notes_are_not(db: &TestDatabase) {
    let mut world = World::new(db);
    for (email, number) in [(EP, 972), (COLLEAGUE, 974)] {
        world.add_person(email, world.area, number, Role::Adviser, None, Some(body_of(AdviceKind::Psychological)));
    }
    world.child("Maya Turner", Stop::Received);
    let child = world.child("Idris Cole", Stop::Asked);
    let mother = world.add_person(MOTHER, world.area, 975, Role::Parent, None, None);
    let let_in = Command::People(people::Command::LetFamilyIn { user: mother.actor.user });
    world.give(child, world.area, (TODAY, let_in), "").expect("she is let in");
    let case = world.load(world.area, child);
    let asked = case.live_request().expect("live").advice.iter().find(|a| a.kind == AdviceKind::Psychological);
    let advice = asked.expect("asked").id;
    let list = format!("/children/{child}/advice/{advice}/visits");
    let ep = world.browser(EP);
    let version = || world.load(world.area, child).version.to_string();
    let bad = ep.submit(&list, &[("version", &version()), ("at", "half nine"), ("place", "At school")]);
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["The day of the visit must have", "Enter a time, such as", "Enter who comes", "half nine", "At school"]
    {
        assert!(bad.text().contains(said), "{said}: {}", bad.text());
    }
    let day = |day: &'static str| {
        [("visit-on-day", day), ("visit-on-month", "12"), ("visit-on-year", "2026"), ("at", "9:30")]
    };
    let said = [("place", "At school, by the library"), ("who", "Marta Lind, educational psychologist")];
    // Family and school read it: another child's name holds it.
    let seen = version();
    let wrong = [("place", "Beside Maya Turner’s table"), said[1]];
    let fields: Vec<_> = [("version", seen.as_str())].into_iter().chain(day("1")).chain(wrong).collect();
    let held = ep.submit(&list, &fields);
    assert!(held.text().contains("is the name of another child"), "{}", held.text());
    assert!(world.load(world.area, child).visits.is_empty());
    let seen = version();
    let fields: Vec<_> = [("version", seen.as_str())].into_iter().chain(day("1")).chain(said).collect();
    let booked = ep.submit(&list, &fields);
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text());
    let visit = booked.location().to_owned();
    // Notes: the second of two people sees both, and nothing is lost.
    let note = |browser: &crate::world::Browser<'_>, seen: &str, words: &str| {
        browser.submit(&format!("{visit}/notes"), &[("seen", seen), ("notes", words)])
    };
    assert_eq!(note(&ep, "0", "Held the pen in a fist.").status, StatusCode::SEE_OTHER);
    assert_eq!(note(&ep, "0", "Held the pen in a fist.").status, StatusCode::SEE_OTHER, "sent twice");
    let colleague = world.browser(COLLEAGUE);
    let both = note(&colleague, "0", "Laughed a lot.");
    assert_eq!(both.status, StatusCode::CONFLICT);
    for said in ["Held the pen in a fist.", "Laughed a lot.", "Saved by Adviser 972"] {
        assert!(both.text().contains(said), "{said}: {}", both.text());
    }
    assert_eq!(note(&colleague, "1", "Held the pen in a fist. Laughed a lot.").status, StatusCode::SEE_OTHER);
    // The family and the school see the visit, and are told; nobody but its writers sees the notes.
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    let count = |tx: &mut dyn db::Tx| -> Result<i64, app::Error> {
        Ok(tx.query_one("SELECT COUNT(*) FROM messages WHERE kind = 'visit_changed'", &[])?.get(0)?)
    };
    assert_eq!(world.app.db.read("test.told", count).expect("read"), 2, "the mother and the school");
    let seen = version();
    let mut fields: Vec<_> = [("version", seen.as_str())].into_iter().chain(day("3")).chain(said).collect();
    let move_it = format!("{visit}/move");
    assert!(ep.submit(&move_it, &fields).text().contains("Say why it is moved"));
    fields.push(("why", "The class is on a trip."));
    assert_eq!(ep.submit(&move_it, &fields).status, StatusCode::SEE_OTHER);
    for (browser, page) in [
        (world.browser(MOTHER), format!("/family/{child}")),
        (world.browser("setting@"), format!("/children/{child}")),
        (world.browser("officer@"), format!("/children/{child}")),
    ] {
        let text = browser.get(&page).text();
        for said in ["Thursday 3 December 2026, 9:30am", "At school, by the library", "The class is on a trip."] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("Laughed a lot"), "{text}");
    }
    for who in ["officer@", "setting@", "manager@", "adviser@"] {
        let status = world.browser(who).get(&visit).status;
        assert!(matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{who}: {status}");
    }
    let cancelled = ep.submit(&format!("{visit}/cancel"), &[("version", &version()), ("why-not", "Idris is ill.")]);
    assert_eq!(cancelled.location(), visit, "{}", cancelled.text());
    assert!(world.browser(MOTHER).get(&format!("/family/{child}")).text().contains("Idris is ill."));
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

const FILM: &[u8] = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01 webm: one minute of a task";

/// The page of what a psychologist keeps for their advice on a child.
pub fn recordings_of(world: &World, child: casework::CaseId) -> String {
    let case = world.load(world.area, child);
    let asked = case.live_request().expect("live").advice.iter().find(|a| a.kind == AdviceKind::Psychological);
    format!("/children/{child}/advice/{}/recordings", asked.expect("asked").id)
}

pub fn what_an_adviser_keeps_is_for_its_writers_alone(db: &TestDatabase) {
    let mut world = World::new(db);
    for (email, number) in [(EP, 972), (COLLEAGUE, 974)] {
        world.add_person(email, world.area, number, Role::Adviser, None, Some(body_of(AdviceKind::Psychological)));
    }
    let child = world.child("Idris Cole", Stop::Asked);
    let mother = world.add_person(MOTHER, world.area, 975, Role::Parent, None, None);
    let let_in = Command::People(people::Command::LetFamilyIn { user: mother.actor.user });
    world.give(child, world.area, (TODAY, let_in), "").expect("she is let in");
    let page = recordings_of(&world, child);
    let ep = world.browser(EP);
    // What cannot be used is said beside the field.
    for (files, said) in [
        (vec![], "Choose at least one file"),
        (vec![("notes.txt", b"just words".as_slice())], "notes.txt is no picture, sound or video"),
    ] {
        let bad = form(&ep, &page, &[], &files);
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text().contains(said), "{said}: {}", bad.text());
    }
    // Sent twice, it is kept once.
    for _ in 0..2 {
        assert_eq!(form(&ep, &page, &[], &[("task.webm", FILM)]).location(), page);
    }
    let kept = world.load(world.area, child).recordings.clone();
    let [kept] = kept.as_slice() else { panic!("{kept:?}") };
    let (file, paper) = (format!("{page}/{}", kept.document), format!("/children/{child}/documents/{}", kept.document));
    let colleague = world.browser(COLLEAGUE);
    for browser in [&ep, &colleague] {
        assert!(browser.get(&page).text().contains("task.webm"));
        assert_eq!(browser.get(&file).bytes, FILM);
        assert_eq!(browser.get(&paper).status, StatusCode::NOT_FOUND, "it is no paper");
    }
    // For nobody else, on no list, by no other way.
    for who in ["officer@", "dev@", "manager@", "setting@", "auditor@", "adviser@", MOTHER] {
        let browser = world.browser(who);
        for path in [&page, &file, &paper, &format!("/family/{child}/documents/{}", kept.document)] {
            let status = browser.get(path).status;
            assert!(matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND), "{who} {path}: {status}");
        }
        for path in [format!("/children/{child}"), format!("/family/{child}"), format!("/children/{child}/read")] {
            assert!(!browser.get(&path).text().contains("task.webm"), "{who} {path}");
        }
    }
    for reader in ["dev@", EP] {
        let papers = world.program(reader).get(&format!("/api/v1/children/{child}/documents"));
        assert!(!papers.text().contains("task.webm"), "{}", papers.text());
    }
    // Taken out, it is gone for those as well.
    for _ in 0..2 {
        assert_eq!(colleague.submit(&format!("{file}/remove"), &[]).location(), page);
    }
    assert_eq!(ep.get(&file).status, StatusCode::NOT_FOUND);
    assert!(ep.get(&page).text().contains("Nothing is kept yet"));
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}
