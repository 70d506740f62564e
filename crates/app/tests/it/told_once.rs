//! Told once: every value a fact had, who said it, who has been shown it; and how often it was asked.

use crate::family::follow;
use crate::world::{Browser, TODAY, World};
use axum::http::StatusCode;
use casework::CaseId;
use db::testing::TestDatabase;

fn only_case(world: &World) -> CaseId {
    *world.cases_of(world.area).first().expect("the request became a record")
}

fn version(world: &World, case: CaseId) -> String {
    world.load(world.area, case).version.to_string()
}

fn is_whole(world: &World) {
    let report = app::journal::verify(&world.app.db).expect("the journal can be read");
    assert!(report.is_whole(), "{:?}", report.faults);
}

pub fn a_fact_keeps_every_value_it_had(db: &TestDatabase) {
    let world = World::new(db);
    let visitor = world.visitor();
    let mother = follow(&world, &visitor);
    let sami = only_case(&world);
    let facts = mother.get(&format!("/family/{sami}/facts")).text();
    assert!(facts.contains("Sent online with the request on Monday 23 November 2026. Asked once"), "{facts}");
    let path = format!("/family/{sami}/facts/home_language/history");
    assert!(mother.get(&path).text().contains("Nothing is on record, and nothing ever was."));

    // The council types it in and says who said so; whoever opens the record from then on is shown it.
    let officer = world.browser("officer@");
    let details = |language: &'static str, version: &str| -> Vec<(&'static str, String)> {
        let fields = [
            ("given-name", "Sami"),
            ("family-name", "Okafor"),
            ("born-on-day", "14"),
            ("born-on-month", "5"),
            ("born-on-year", "2017"),
            ("home-language", language),
        ];
        let mut typed: Vec<(&str, String)> = fields.map(|(name, value)| (name, value.to_owned())).to_vec();
        typed.push(("version", version.to_owned()));
        typed
    };
    let send = |typed: &[(&'static str, String)]| {
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        officer.submit(&format!("/children/{sami}/details"), &typed)
    };
    let mut typed = details("English", &version(&world, sami));
    let unsaid = send(&typed);
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.text().contains("Select who says so"), "{}", unsaid.text());
    typed.extend([("teller", "school".to_owned()), ("source", "admission form".to_owned())]);
    assert_eq!(send(&typed).status, StatusCode::SEE_OTHER);
    let history = mother.get(&path).text();
    for said in
        ["English", "The school or setting said it (admission form). ", "It was never anything else", "Never by a form"]
    {
        assert!(history.contains(said), "{said}: {history}");
    }

    // Put right by the family: both values stay, the newer one first.
    let right = mother.submit(&format!("/family/{sami}/facts/home_language"), &[("home-language", "Igbo")]);
    assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text());
    let correction = world.load(world.area, sami).corrections.first().expect("it was asked").id;
    let answered = officer.submit(
        &format!("/children/{sami}/corrections/{correction}"),
        &[("answer", "accept"), ("version", &version(&world, sami))],
    );
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text());
    world.clock.move_to(TODAY.tomorrow().expect("a day"));
    let chair = world.browser("panel_chair@");
    assert_eq!(chair.get(&format!("/children/{sami}")).status, StatusCode::OK);
    let staff = chair.get(&format!("/children/{sami}/facts/home_language")).text();
    let (now, before) =
        (staff.find("Igbo").expect("it says so now"), staff.find("English").expect("it said so before"));
    assert!(now < before && staff.contains("The family said it."), "{staff}");
    assert!(staff.contains("Who has been shown it") && staff.contains("Tuesday 24 November 2026"), "{staff}");

    // Nobody else reads it, and what is no fact is not there.
    let stranger = world.browser("setting@");
    assert_eq!(stranger.get(&format!("/children/{sami}/facts/name")).status, StatusCode::NOT_FOUND);
    assert_eq!(chair.get(&format!("/children/{sami}/facts/shoe_size")).status, StatusCode::NOT_FOUND);
    is_whole(&world);
}

fn measure(browser: &Browser<'_>) -> String {
    browser.get("/measures/told-once").text()
}

pub fn what_is_asked_is_counted_where_it_is_asked(db: &TestDatabase) {
    let world = World::new(db);
    assert!(measure(&world.browser("officer@")).contains("No form has asked anybody for anything"));
    let visitor = world.visitor();
    let mother = follow(&world, &visitor);
    let sami = only_case(&world);
    let officer = world.browser("officer@");
    let figures = measure(&officer);
    assert!(figures.contains("<strong>1.00</strong>") && figures.contains("0 of 9 facts"), "{figures}");
    assert!(measure(&mother).contains("<strong>1.00</strong>"), "families read the figure too");

    // Shown and said to be still right: a confirmation, once a day however often it is pressed.
    for _ in 0..2 {
        let said = mother.submit(&format!("/family/{sami}/facts/confirm"), &[]);
        assert_eq!(said.location(), format!("/family/{sami}/facts?done=confirmed"), "{}", said.text());
    }
    assert_eq!(world.load(world.area, sami).askings.len(), 2);
    assert!(mother.get(&format!("/family/{sami}/facts")).text().contains("said to be still right on"));
    let stale = mother.submit(&format!("/family/{sami}/facts/confirm"), &[("version", "1")]);
    assert_eq!(stale.location(), format!("/family/{sami}/facts?done=changed"));
    assert!(measure(&officer).contains("<strong>1.00</strong>"), "a confirmation is no question");

    // The front door types in a second request of the same child: everything was asked twice, and is
    // counted once the records are one.
    let front = world.browser("front_door@");
    let typed = [
        ("given-name", "Sami"),
        ("family-name", "Okafor"),
        ("born-on-day", "14"),
        ("born-on-month", "5"),
        ("born-on-year", "2017"),
        ("source", "school"),
        ("channel", "telephone"),
        ("received-on", "2026-11-23"),
        ("account", "The school asks."),
        ("new-child", "yes"),
    ];
    assert_eq!(front.submit("/requests/new", &typed).status, StatusCode::SEE_OTHER);
    let other = world.cases_of(world.area).into_iter().find(|case| *case != sami).expect("a second record");
    assert!(measure(&officer).contains("<strong>1.00</strong>"), "nobody knows yet that it is one child");
    let joined = front.submit(&format!("/children/{sami}/same/{other}"), &[("reason", "One child.")]);
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
    let figures = measure(&officer);
    assert!(!figures.contains("<strong>1.00</strong>"), "{figures}");
    let again = officer.get("/measures/told-once/again").text();
    assert!(again.contains("Sami Okafor") && again.contains("what the worry is"), "{again}");
    let unseen = world.browser("setting@").get("/measures/told-once/again").text();
    assert!(!unseen.contains("Sami Okafor"), "{unseen}");
    let csv = officer.get("/measures/told-once.csv").text();
    assert!(csv.starts_with("fact,times asked per child,children,") && csv.contains("\r\nAll,"), "{csv}");
    is_whole(&world);
}
