//! Two people work on the same child at the same time: neither loses what they did.

use crate::given::Stop;
use crate::html::Page;
use crate::world::World;
use axum::http::StatusCode;
use db::testing::TestDatabase;

pub fn second_sees_the_first(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Assessing);
    let (first, second) = (world.browser("manager@"), world.browser("dev@"));
    let address = format!("/children/{case}/education");
    let version = |browser: &crate::world::Browser<'_>| {
        let page = browser.get(&address);
        let forms = Page::read(&page.text()).forms();
        let form = forms.iter().find(|(_, fields)| fields.iter().any(|(name, _)| name == "version"));
        let (_, fields) = form.unwrap_or_else(|| panic!("the form carries its version: {}", page.text()));
        fields.iter().find(|(name, _)| name == "version").expect("found above").1.clone()
    };
    // Both open the page; the first saves.
    let (seen_by_first, seen_by_second) = (version(&first), version(&second));
    assert_eq!(seen_by_first, seen_by_second);
    let out = |day: &str, version: &str| -> Vec<(String, String)> {
        [("version", version), ("state", "out"), ("on-day", day), ("on-month", "9"), ("on-year", "2026")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    };
    let send = |browser: &crate::world::Browser<'_>, fields: &[(String, String)]| {
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        browser.submit(&address, &pairs)
    };
    let saved = send(&first, &out("1", &seen_by_first));
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());

    // The second is told what the first did, and sees what they typed themselves.
    let typed = out("7", &seen_by_second);
    let stopped = send(&second, &typed);
    assert_eq!(stopped.status, StatusCode::CONFLICT);
    let text = stopped.text();
    let page = Page::read(&text);
    assert_eq!(page.faults(), Vec::<String>::new());
    assert!(text.contains("Someone else changed this record"));
    assert!(text.contains("1 September 2026"), "what the first recorded is said: {text}");
    assert!(text.contains("SEND manager"), "who recorded it is said");
    let (action, again) = page
        .forms()
        .into_iter()
        .find(|(_, fields)| fields.iter().any(|(n, _)| n == "state"))
        .expect("a form carries on");
    assert_eq!(action, address);
    for (name, value) in typed.iter().filter(|(name, _)| name != "version") {
        assert!(again.contains(&(name.clone(), value.clone())), "{name} is kept");
    }
    assert_eq!(world.load(world.area, case).out_of_education_since, Some(crate::given::day(2026, 9, 1)));

    // Sent again as the page offers it, it is recorded.
    let pairs: Vec<(&str, &str)> = again.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let carried_on = second.post(&action, &pairs);
    assert_eq!(carried_on.status, StatusCode::SEE_OTHER, "{}", carried_on.text());
    assert_eq!(world.load(world.area, case).out_of_education_since, Some(crate::given::day(2026, 9, 7)));
    assert!(app::journal::verify(&world.app.db).expect("it can be read").is_whole());
}
