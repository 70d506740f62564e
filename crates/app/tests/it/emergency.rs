//! A record opened in an emergency: exactly named, noted, told, looked at; and gone when its day is over.

use crate::given::Stop;
use crate::world::{Answer, Browser, TODAY, World};
use axum::http::StatusCode;
use casework::access::Role;
use casework::{CaseId, Command, people};
use db::testing::TestDatabase;

const MOTHER: &str = "elise@families.example";
const MAYA: [(&str, &str); 5] =
    [("given", "Maya"), ("family", "Turner"), ("born-on-day", "14"), ("born-on-month", "5"), ("born-on-year", "2017")];
const HAPPENING: [(&str, &str); 2] =
    [("emergency", "urgent_care"), ("words", "Brought in after a seizure; we need what she takes.")];
const TELL: [(&str, &str); 1] = [("tell", "yes")];
const RISK: [(&str, &str); 2] = [("tell", "no"), ("risk", "Injuries that nobody explains.")];

fn world(db: &TestDatabase) -> (World, CaseId) {
    let mut world = World::new(db);
    let child = world.child("Maya Turner", Stop::Open);
    let mother = world.add_person(MOTHER, world.area, 975, Role::Parent, None, None);
    let let_in = Command::People(people::Command::LetFamilyIn { user: mother.actor.user });
    world.give(child, world.area, (TODAY, let_in), "").expect("she is let in");
    (world, child)
}

fn open(browser: &Browser<'_>, parts: &[&[(&str, &str)]]) -> Answer {
    browser.submit("/emergency", &parts.concat())
}

/// Who was told of openings.
fn told(world: &World) -> Vec<String> {
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    let read = |tx: &mut dyn db::Tx| -> Result<Vec<String>, app::Error> {
        let rows =
            tx.query("SELECT recipient FROM messages WHERE kind = 'opened_in_emergency' ORDER BY recipient", &[])?;
        rows.iter().map(|row| Ok(row.get(0)?)).collect()
    };
    world.app.db.read("test.told", read).expect("the database answers")
}

fn send(browser: &Browser<'_>, world: &World, id: CaseId, path: &str, fields: &[(&str, &str)]) -> Answer {
    let version = world.load(world.area, id).version.to_string();
    browser.submit(path, &[&[("version", version.as_str())], fields].concat())
}

pub fn a_record_is_opened_in_an_emergency(db: &TestDatabase) {
    let (world, child) = world(db);
    let adviser = world.browser("adviser@");
    let record = format!("/emergency/{child}");
    assert_eq!(adviser.get(&format!("/children/{child}")).status, StatusCode::NOT_FOUND, "no relation");
    assert_eq!(adviser.get(&record).status, StatusCode::NOT_FOUND);
    assert!(adviser.get("/children?q=Maya").text().contains("open a record in an emergency"));
    // What is missing is said beside its field, and nothing typed is lost.
    let bad = open(&adviser, &[&[("given", "Maya"), ("tell", "no")]]);
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "Enter the family name",
        "The date of birth must have",
        "Select what is happening",
        "Say what is happening and what you need to know",
        "Say why the family cannot be told now",
        "value=\"Maya\"",
    ] {
        assert!(bad.text().contains(said), "{said}: {}", bad.text());
    }
    let opened = open(&adviser, &[&MAYA, &HAPPENING, &TELL]);
    assert_eq!((opened.status, opened.location()), (StatusCode::SEE_OTHER, record.as_str()), "{}", opened.text());
    assert_eq!(open(&adviser, &[&MAYA, &HAPPENING, &TELL]).location(), record, "twice is once");
    assert_eq!(world.load(world.area, child).openings.len(), 1);
    let page = adviser.get(&record).text();
    for said in
        ["Maya Turner", "14 May 2017, 9 years old", "Who to call", "No plan is in force here", "24 November 2026"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Nothing but that page, and nobody but them.
    for path in ["", "/read", "/facts", "/openings", "/draft/view"] {
        let answer = adviser.get(&format!("/children/{child}{path}"));
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!adviser.get("/children?q=Turner").text().contains("14 May 2017"), "lists hold nobody by an opening");
    assert!(!adviser.program("read").get(&format!("/api/v1/children/{child}")).text().contains("Turner"));
    for role in ["officer@", "commissioner@", "parent@"] {
        assert_eq!(world.browser(role).get("/emergency").status, StatusCode::FORBIDDEN, "{role}");
    }
    // Managers, auditors, the officer and the family are told; the family sees who and why, not the words.
    let told = told(&world);
    for who in ["manager@alderbourne.example", "auditor@alderbourne.example", MOTHER] {
        assert_eq!(told.iter().filter(|told| *told == who).count(), 1, "{who}: {told:?}");
    }
    let mother = world.browser(MOTHER).get(&format!("/family/{child}")).text();
    assert!(mother.contains("In an emergency, without usually working with you"), "{mother}");
    for private in ["seizure", "urgent care"] {
        assert!(!mother.contains(private), "{mother}");
    }
    // Nor does anybody else who reads the record hear of it.
    for reader in ["setting@", "dev@", "analyst@"] {
        let page = world.browser(reader).get(&format!("/children/{child}")).text();
        assert!(!page.contains("emergency"), "{reader}: {page}");
        let history = world.program(reader).get(&format!("/api/v1/children/{child}/history?limit=100")).text();
        assert!(history.contains("record_opened") && !history.contains("openings"), "{reader}: {history}");
        let feed = world.program(reader).get("/api/v1/events?limit=200").text();
        assert!(!feed.contains("openings."), "{reader}: {feed}");
    }
    // A manager looks at it.
    let manager = world.browser("manager@alderbourne");
    let list = manager.get("/openings").text();
    assert!(list.contains("Maya Turner") && list.contains("Still open") && list.contains("To be looked at"), "{list}");
    let openings = format!("/children/{child}/openings");
    let look = manager.get(&openings).text();
    assert!(look.contains("Brought in after a seizure") && look.contains("Was it right"), "{look}");
    let opening = world.load(world.area, child).openings[0].id;
    let bad = send(&manager, &world, child, &format!("{openings}/{opening}/look"), &[("why", "They could not wait.")]);
    assert!(bad.text().contains("Select whether it was right") && bad.text().contains("They could not wait."));
    let fields = [("right", "yes"), ("why", "They could not wait.")];
    let looked = send(&manager, &world, child, &format!("{openings}/{opening}/look"), &fields);
    assert_eq!(looked.location(), openings, "{}", looked.text());
    assert!(manager.get(&openings).text().contains("It was right, said SEND manager"));
    assert!(manager.get("/openings?show=open").text().contains("All of them were looked at"));
    let auditor = world.browser("auditor@");
    assert!(auditor.get(&openings).text().contains("They could not wait."));
    assert_eq!(auditor.submit(&format!("{openings}/{opening}/end"), &[]).status, StatusCode::FORBIDDEN);
    // Its day is over.
    world.clock.move_to(law::calendar::days(TODAY, 2));
    let adviser = world.browser("adviser@");
    assert_eq!(adviser.get(&record).status, StatusCode::NOT_FOUND, "also before the queue comes to it");
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    assert_eq!(world.load(world.area, child).openings[0].ended_on, Some(law::calendar::days(TODAY, 2)));
    assert_eq!(adviser.get(&record).status, StatusCode::NOT_FOUND);
    // The family still sees who it was.
    assert!(world.browser(MOTHER).get(&format!("/family/{child}")).text().contains("In an emergency, without usually"));
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn what_may_put_somebody_at_risk_is_kept_back(db: &TestDatabase) {
    let (world, child) = world(db);
    let adviser = world.browser("adviser@");
    let record = format!("/emergency/{child}");
    assert_eq!(open(&adviser, &[&MAYA, &HAPPENING, &RISK]).location(), record);
    assert_eq!(adviser.get(&record).status, StatusCode::OK);
    let mother = world.browser(MOTHER);
    let family = format!("/family/{child}");
    let says = |browser: &Browser<'_>| browser.get(&family).text().matches("Adviser 9").count();
    let before = says(&mother);
    assert!(!mother.get(&family).text().contains("in an emergency"));
    assert!(!told(&world).contains(&MOTHER.to_owned()));
    let looked = mother.get(&format!("{family}/facts/given-name")).text();
    assert!(!looked.contains("Adviser 9"), "nor by who was shown a fact: {looked}");
    // A manager ends it, and tells the family when it is safe.
    let manager = world.browser("manager@alderbourne");
    let openings = format!("/children/{child}/openings");
    assert!(manager.get(&openings).text().contains("Injuries that nobody explains."));
    let opening = world.load(world.area, child).openings[0].id;
    assert_eq!(manager.submit(&format!("{openings}/{opening}/end"), &[]).location(), openings);
    assert_eq!(adviser.get(&record).status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(manager.submit(&format!("{openings}/{opening}/tell"), &[]).location(), openings);
    }
    assert_eq!(told(&world).iter().filter(|who| *who == MOTHER).count(), 1);
    assert!(says(&mother) > before, "who looked is there now");
}

pub fn nobody_looks_around_by_an_emergency(db: &TestDatabase) {
    let (world, child) = world(db);
    let school = world.browser("adviser@");
    let almost = [MAYA.as_slice(), &[("given", "May")]].concat();
    let almost: Vec<(&str, &str)> =
        almost.into_iter().filter(|(name, value)| (*name, *value) != ("given", "Maya")).collect();
    for _ in 0..5 {
        let nobody = open(&school, &[&almost, &HAPPENING, &TELL]);
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nobody.text().contains("No record here is exactly this child"), "{}", nobody.text());
    }
    // Even who is named exactly then.
    let stopped = open(&school, &[&MAYA, &HAPPENING, &TELL]);
    assert!(stopped.text().contains("You named several children who are not on record"), "{}", stopped.text());
    assert!(world.load(world.area, child).openings.is_empty());
    let list = world.browser("manager@alderbourne").get("/openings").text();
    assert!(list.contains("Named a child who was not found") && list.contains("Adviser 9"), "{list}");
    world.clock.advance(jiff::SignedDuration::from_mins(61));
    let opened = open(&school, &[&MAYA, &HAPPENING, &TELL]);
    assert_eq!(opened.location(), format!("/emergency/{child}"), "{}", opened.text());
    // Whoever sees the child anyway is led there.
    let own = world.browser("setting@");
    assert_eq!(open(&own, &[&MAYA, &HAPPENING, &TELL]).location(), format!("/children/{child}"));
}

pub fn whoever_can_open_nothing_more_learns_nothing_more(db: &TestDatabase) {
    let (mut world, _) = world(db);
    let names = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gwen", "Hal", "Ivy", "Jude", "Kit"];
    for name in names {
        world.child(&format!("{name} Turner"), Stop::Open);
    }
    let adviser = world.browser("adviser@");
    let open_one = |name: &'static str| {
        let named = [("given", name), MAYA[1], MAYA[2], MAYA[3], MAYA[4]];
        open(&adviser, &[&named, &HAPPENING, &TELL])
    };
    for name in &names[..10] {
        assert_eq!(open_one(name).status, StatusCode::SEE_OTHER, "{name}");
    }
    // Whether there is such a child is not said.
    let (there, not_there) = (open_one("Kit"), open_one("Nobody"));
    for answer in [&there, &not_there] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("You opened 10 records in emergencies today"), "{}", answer.text());
        assert!(!answer.text().contains("No record here"), "{}", answer.text());
    }
}
