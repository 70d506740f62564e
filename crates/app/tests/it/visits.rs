//! A visit of an adviser: booked, moved and cancelled so that family and school see it; notes that two
//! people wrote at once, of which nothing is lost.

use crate::given::Stop;
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
