//! Who may do what by a program: exactly what they may on the pages, for as long as the token works.

use crate::given::Stop;
use crate::programs::{Program, Sending, shown};
use crate::world::{Answer, Browser, Person, TODAY, World};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use casework::CaseId;
use casework::access::Role;
use db::testing::TestDatabase;
use jiff::SignedDuration;
use serde_json::json;
use std::collections::BTreeSet;

const NOWHERE: &str = "01900000-0000-7000-8000-000000000000";

/// Each page about a child, and the operation that has the same of it.
fn pairs(case: &str) -> Vec<(String, String)> {
    let child = |page: &str, api: &str| (format!("/children/{case}{page}"), format!("/api/v1/children/{case}{api}"));
    let own = |page: &str, api: &str| (format!("/family/{case}{page}"), format!("/api/v1/family/children/{case}{api}"));
    vec![
        child("", ""),
        child("", "/dates"),
        child("", "/history"),
        child("", "/documents"),
        child("/why/assess_decision_6w", "/dates/assess_decision_6w"),
        child("/advice", "/advice"),
        child("/draft/view", "/plan"),
        child("/placement", "/placement"),
        child("/review", "/reviews"),
        child("", "/papers"),
        child(&format!("/documents/{NOWHERE}/about"), &format!("/documents/{NOWHERE}/about")),
        child("/papers/2026-00012", "/papers/2026-00012"),
        child("/facts", "/facts"),
        child("/facts/address", "/facts/address"),
        child("/contacts", "/contacts"),
        child("/corrections", "/corrections"),
        child("/messages", "/messages"),
        child(&format!("/documents/{NOWHERE}"), &format!("/documents/{NOWHERE}")),
        own("", ""),
        own("/facts", "/facts"),
        own("/messages", "/messages"),
        own(&format!("/documents/{NOWHERE}"), &format!("/documents/{NOWHERE}")),
    ]
}

/// Children that an answer names.
fn named_in(text: &str, all: &[CaseId]) -> BTreeSet<CaseId> {
    all.iter().copied().filter(|case| text.contains(&case.to_string())).collect()
}

/// For each role and each child, the page and the program get the same: found, hidden or forbidden.
pub fn programs_and_pages_agree(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let all: Vec<CaseId> = [world.area, world.other_area].iter().flat_map(|area| world.cases_of(*area)).collect();
    // The policy is the same on every database: there some show that the queries are answered.
    let everyone = db.address().starts_with("sqlite");
    let some = [Role::Manager, Role::Setting, Role::Adviser, Role::Parent];
    let people: Vec<Person> =
        world.people.iter().filter(|person| everyone || some.contains(&person.actor.role)).cloned().collect();
    let mut seen = BTreeSet::new();
    for person in &people {
        let browser = world.browser(&person.email);
        let program = browser.program("read");
        for case in all.iter().map(ToString::to_string).chain([NOWHERE.to_owned()]) {
            for (page, address) in pairs(&case) {
                let (shown, answered) = (browser.get(&page).status, program.get(&address).status);
                assert_eq!(shown, answered, "{}: {page} and {address}", person.email);
                seen.insert(answered);
            }
        }
        // Lists: the same children, or none at all.
        for (page, address) in [
            ("/children?q=Marsh", "/api/v1/children/search?q=Marsh"),
            ("/advice", "/api/v1/advice?limit=200"),
            ("/today", "/api/v1/today?limit=200"),
            ("/today?whose=all", "/api/v1/today?whose=all&limit=200"),
            ("/family", "/api/v1/family/children"),
            ("/held", "/api/v1/held?limit=200"),
            ("/away", "/api/v1/cover"),
            ("/measures/told-once", "/api/v1/measures/told-once"),
        ] {
            let (shown, answered) = (browser.get(page), program.get(address));
            if answered.status == StatusCode::OK {
                // A young person's list has one line: the page goes there at once.
                if shown.status == StatusCode::SEE_OTHER {
                    assert_eq!(named_in(&answered.text(), &all).len(), 1, "{}: {address}", person.email);
                    continue;
                }
                assert_eq!(shown.status, StatusCode::OK, "{}: {page}", person.email);
                let names = (named_in(&shown.text(), &all), named_in(&answered.text(), &all));
                assert_eq!(names.0, names.1, "{}: {page} and {address}", person.email);
            } else {
                assert_eq!(answered.code(), "not_allowed", "{}: {address}", person.email);
                assert_ne!(shown.status, StatusCode::OK, "{}: {page}", person.email);
            }
        }
        let listed = program.get("/api/v1/children?limit=200");
        let found = browser.get("/children?q=a").status;
        assert_eq!(listed.status, found, "{}", person.email);
    }
    // No plan, no request: refused on both.
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    assert_eq!(seen, BTreeSet::from([StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::FORBIDDEN, refused]));
    // What is not there and what may not be known are the same to the letter.
    let foreign = world.program("officer@brackenford");
    let hidden = foreign.get(&format!("/api/v1/children/{}", all[0]));
    assert_eq!(hidden.bytes, foreign.get(&format!("/api/v1/children/{NOWHERE}")).bytes);
}

fn me(program: &Program<'_>) -> Answer {
    program.get("/api/v1/me")
}

/// The addresses to which the buttons of a page lead.
fn buttons(page: &Answer, end: &str) -> Vec<String> {
    let forms = crate::html::Page::read(&page.text()).forms();
    forms.into_iter().map(|(action, _)| action).filter(|action| action.ends_with(end)).collect()
}

/// Until its last day, until it is revoked, until its person leaves.
pub fn a_token_works_as_long_as_it_should(db: &TestDatabase) {
    let world = World::new(db);
    let browser = world.browser("manager@");
    let wrong: [(&[(&str, &str)], &str); 5] = [
        (&[("name", ""), ("may", "read"), ("ends-on", "2026-12-31")], "Enter a name"),
        (&[("name", "x"), ("may", ""), ("ends-on", "2026-12-31")], "Select what the token may do"),
        (&[("name", "x"), ("may", "read"), ("ends-on", "2026-11-22")], "at most a year away"),
        (&[("name", "x"), ("may", "read"), ("ends-on", "2027-11-24")], "at most a year away"),
        (&[("name", "x"), ("may", "read"), ("ends-on", "soon")], "must be a real date"),
    ];
    for (fields, said) in wrong {
        let answer = browser.submit("/account/tokens", fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
    }
    // A form that is sent twice makes one token, whose secret is shown once.
    let form = [("name", "Twice"), ("may", "read"), ("ends-on", "2026-11-24"), ("token", NOWHERE)];
    let made = browser.submit("/account/tokens", &form);
    let short = Program { world: &world, token: shown(&made.text()) };
    assert_eq!(browser.submit("/account/tokens", &form).status, StatusCode::SEE_OTHER);
    let page = browser.get("/account/tokens");
    assert_eq!((page.text().matches("Twice</h2>").count(), shown(&page.text())), (1, None), "{}", page.text());
    assert!(page.text().contains("Never used"));
    let stored = |tx: &mut dyn db::Tx| -> Result<Vec<u8>, app::Error> {
        Ok(tx.query_one("SELECT token_hash FROM api_tokens", &[])?.get::<Vec<u8>>(0)?)
    };
    let hash = world.app.db.read("test.hash", stored).expect("there is one");
    assert_eq!(hash, blake3::hash(short.token.as_deref().unwrap_or_default().as_bytes()).as_bytes(), "only its hash");

    assert_eq!(me(&short).status, StatusCode::OK);
    assert!(browser.get("/account/tokens").text().contains("Last used 23 November 2026"));
    let long = browser.program("write");
    world.clock.move_to(law::calendar::days(TODAY, 1));
    assert_eq!(me(&short).status, StatusCode::OK, "through its last day");
    world.clock.move_to(law::calendar::days(TODAY, 2));
    assert_eq!(me(&short).code(), "token_refused", "not on the day after");
    assert_eq!(me(&long).status, StatusCode::OK);

    // Revoked by its own person only.
    let browser = world.browser("manager@");
    let revoke = buttons(&browser.get("/account/tokens"), "/revoke");
    assert_eq!(revoke.len(), 1, "what has ended need not be revoked: {revoke:?}");
    assert_eq!(world.browser("officer@").submit(&revoke[0], &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(me(&long).status, StatusCode::OK, "somebody else’s button does nothing");
    assert_eq!(browser.submit(&revoke[0], &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(me(&long).code(), "token_refused");

    // Whoever leaves takes their tokens along.
    let leaver = world.program("officer@alderbourne");
    assert_eq!(me(&leaver).status, StatusCode::OK);
    let officer = world.person("officer@alderbourne").actor.user;
    world.write(|tx| {
        Ok(tx.execute("UPDATE users SET active = $2 WHERE user_id = $1", &[officer.0.into(), false.into()])?)
    });
    assert_eq!(me(&leaver).code(), "token_refused");

    // At most twenty at a time.
    for _ in 0..20 {
        browser.program("read");
    }
    let more = browser.submit("/account/tokens", &[("name", "x"), ("may", "read"), ("ends-on", "2026-12-31")]);
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Makes a service and a token for it, and returns where its page is.
fn service<'a>(browser: &Browser<'a>, name: &str, role: &str, may: &str) -> (String, Program<'a>) {
    let added = browser.submit("/services", &[("name", name), ("role", role), ("urn", "100000")]);
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    let here = added.location().to_owned();
    let made = browser.submit(&here, &[("name", "Nightly"), ("may", may), ("ends-on", "2026-12-31")]);
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    (here, Program { world: browser.world, token: shown(&made.text()) })
}

/// A service acts under its own name, by its own role, until it is retired.
pub fn a_service_has_a_role_and_a_name(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let administrator = world.browser("administrator@");
    for (fields, said) in [
        ([("name", ""), ("role", "officer"), ("urn", "")], "Enter the name"),
        ([("name", "x"), ("role", "parent"), ("urn", "")], "Select what the service may do"),
        ([("name", "x"), ("role", ""), ("urn", "")], "Select what the service may do"),
        ([("name", "x"), ("role", "setting"), ("urn", "12")], "register number"),
        ([("name", "x"), ("role", "adviser"), ("urn", "")], "Select the team"),
    ] {
        let answer = administrator.submit("/services", &fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
    }
    for email in ["manager@", "officer@", "parent@"] {
        assert_eq!(world.browser(email).get("/services").status, StatusCode::FORBIDDEN, "{email}");
        let answer = world.browser(email).submit("/services", &[("name", "x"), ("role", "manager")]);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{email}");
    }
    let (here, officer) = service(&administrator, "Case bridge", "officer", "write");
    let case = world.cases_of(world.area)[4];
    assert_eq!(me(&officer).json()["name"], "Case bridge (service)");
    assert_eq!(officer.get(&format!("/api/v1/children/{case}")).status, StatusCode::OK);
    let wrote = officer.post(&format!("/api/v1/children/{case}/messages"), json!({ "text": "Your letter is here." }));
    assert_eq!(wrote.status, StatusCode::CREATED, "{}", wrote.text());
    // The family sees who looked, and the record who wrote.
    let family = world.browser("parent@").get(&format!("/family/{case}")).text();
    assert!(family.contains("Case bridge (service)"), "{family}");
    let manager = world.browser("manager@");
    assert!(manager.get(&format!("/children/{case}")).text().contains("Case bridge (service)"));
    // It works with children, and is nobody’s named officer.
    assert!(!manager.get(&format!("/children/{case}/officer")).text().contains("Case bridge"));

    let (_, school) = service(&administrator, "School system", "setting", "read");
    let pupils = school.get("/api/v1/children?limit=200").json()["items"].as_array().map(Vec::len).unwrap_or_default();
    let everyone = officer.get("/api/v1/children?limit=200").json()["items"].as_array().map(Vec::len);
    assert!(everyone.is_some_and(|all| all >= pupils), "{pupils} of {everyone:?}");

    // Nobody of another area has a say in it.
    let elsewhere = world.person("officer@brackenford").actor.user;
    let promote = "UPDATE users SET role = $2 WHERE user_id = $1";
    world.write(|tx| Ok(tx.execute(promote, &[elsewhere.0.into(), "administrator".into()])?));
    let foreign = world.browser("officer@brackenford");
    assert_eq!(foreign.get(&here).status, StatusCode::NOT_FOUND);
    assert_eq!(foreign.submit(&format!("{here}/retire"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(me(&officer).status, StatusCode::OK);
    assert_eq!(administrator.submit(&format!("{here}/retire"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(me(&officer).code(), "token_refused");
    assert!(!administrator.get(&here).text().contains("Make a token"));
    assert_eq!(administrator.submit(&format!("{here}/restore"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(me(&officer).status, StatusCode::OK, "taken back into use");
}

/// No cookie, no other scheme, no half token; what may only read does not write.
pub fn only_tokens_open_the_api(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Received);
    let manager = world.browser("manager@");
    let with_cookie = manager.get("/api/v1/me");
    assert_eq!(with_cookie.code(), "token_missing", "a browser’s session opens nothing here");
    let reader = manager.program("read");
    let address = format!("/api/v1/children/{case}/messages");
    let refused = reader.post(&address, json!({ "text": "Hello." }));
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "token_only_reads"));
    let token = reader.token.clone().expect("a token");
    let half = token[..token.len() - 1].to_owned();
    let basic = |value: String| {
        let request = Request::builder().uri("/api/v1/me").header(header::AUTHORIZATION, value).body(Body::empty());
        world.send(request.expect("the address is one"))
    };
    for value in [format!("Basic {token}"), token.clone(), format!("Bearer {half}"), "Bearer ".into()] {
        assert_eq!(basic(value.clone()).code(), "token_refused", "{value}");
    }
    assert_eq!(basic(format!("BEARER {token}")).status, StatusCode::OK, "the scheme’s case does not matter");
    // Many that do not work have to wait, and then even at open addresses; one that works never does.
    let wrong = Program { world: &world, token: Some(format!("tellonce_pat_{}", "0".repeat(64))) };
    let codes: Vec<String> = (0..8).map(|_| me(&wrong).code()).collect();
    assert_eq!(codes[..6], ["token_refused"; 6]);
    assert_eq!(codes[6..], ["too_many_tries"; 2]);
    assert_eq!(wrong.get("/api/v1/areas").code(), "too_many_tries");
    assert_eq!(me(&reader).status, StatusCode::OK);
    world.clock.advance(SignedDuration::from_mins(16));
    assert_eq!(me(&wrong).code(), "token_refused");
    // Whoever signs out everywhere ends what was left with programs too.
    assert_eq!(manager.submit("/account/sign-in/everywhere", &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(me(&reader).code(), "token_refused");
    // A change by someone who may read a child but not do this is forbidden, not hidden.
    let analyst = world.program("analyst@");
    let sending = Sending::json(json!({ "officer": NOWHERE })).seen(1);
    let answer = analyst.send("PUT", &format!("/api/v1/children/{case}/officer"), sending);
    assert_eq!(answer.code(), "not_allowed");
}
