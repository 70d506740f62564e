//! What programs do: the acts of the pages, by the same words and checks.

use crate::given::Stop;
use crate::programs::{Program, Sending};
use crate::world::World;
use axum::http::StatusCode;
use casework::{CaseId, Stage};
use db::testing::TestDatabase;
use serde_json::{Value, json};

fn request() -> Value {
    json!({
        "given_name": "Amina", "family_name": "Dale", "born_on": "2018-02-14", "sex": "F", "home_language": "Somali",
        "received_on": "2026-11-20", "source": "parent", "channel": "email",
        "account": "She cannot follow in class.\r\nThe school has tried.",
        "contact_name": "Hodan Dale", "relation": "mother", "contact_email": "hodan@example.com",
    })
}

fn version(program: &Program<'_>, case: &str) -> u64 {
    program.get(&format!("/api/v1/children/{case}")).json()["version"].as_u64().expect("a version")
}

/// From a request to advice, all by a program.
pub fn a_program_does_the_officers_work(db: &TestDatabase) {
    let mut world = World::new(db);
    let asked = world.child("Idris Cole", Stop::Asked);
    let manager = world.program("manager@");
    let made = manager.post("/api/v1/requests", request());
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let case = made.json()["case"].as_str().expect("a case").to_owned();
    let child = manager.get(&format!("/api/v1/children/{case}")).json();
    for (member, value) in [
        ("name", json!("Amina Dale")),
        ("stage", json!("deciding")),
        ("sex", json!("F")),
        ("account", json!("She cannot follow in class.\nThe school has tried.")),
    ] {
        assert_eq!(child[member], value, "{member}");
    }
    assert_eq!(child["people"][0]["name"], "Hodan Dale");
    let dates = manager.get(&format!("/api/v1/children/{case}/dates")).json();
    let decision = dates.as_array().expect("dates").iter().find(|date| date["rule"] == "assess_decision_6w");
    assert_eq!(decision.map(|date| &date["due_on"]), Some(&json!("2027-01-01")), "six weeks: {dates}");

    // The same child again: nothing is recorded, and who it may be is said.
    let again = manager.post("/api/v1/requests", request());
    assert_eq!((again.status, again.code().as_str()), (StatusCode::CONFLICT, "child_likely_known"));
    assert_eq!(again.json()["likely"], json!([case]));
    let mut known = request();
    known["child"] = json!(case);
    let refused = manager.post("/api/v1/requests", known);
    assert_eq!((refused.code().as_str(), &refused.json()["reason"]), ("refused", &json!("already_open")));
    let mut wrong = request();
    wrong["received_on"] = json!("2026-12-01");
    wrong["nhs_number"] = json!("123");
    wrong["given_name"] = json!("");
    let fields = manager.post("/api/v1/requests", wrong).json()["fields"].clone();
    let names: Vec<&str> = fields.as_array().expect("fields").iter().filter_map(|f| f["field"].as_str()).collect();
    assert_eq!(names, ["given_name", "nhs_number", "received_on"], "{fields}");

    // An officer is named, and it is decided to assess.
    let officers = manager.get("/api/v1/officers").json();
    let officer = officers[0]["id"].clone();
    let sending = Sending::json(json!({ "officer": officer })).seen(version(&manager, &case));
    let named = manager.send("PUT", &format!("/api/v1/children/{case}/officer"), sending);
    assert_eq!(named.status, StatusCode::OK, "{}", named.text());
    assert_eq!(manager.get(&format!("/api/v1/children/{case}")).json()["officer"]["name"], officers[0]["name"]);
    let decide = json!({
        "may_have_needs": true, "needs_reasons": "The school’s own notes say so.",
        "may_need_plan": true, "plan_reasons": "What the school can give has not been enough.",
        "sent_on": "2026-11-23", "delivery": "email", "recipients": ["family", "health_commissioner", "social_care"],
    });
    let address = format!("/api/v1/children/{case}/decision-to-assess");
    let decided = manager.send("POST", &address, Sending::json(decide).seen(version(&manager, &case)));
    assert_eq!(decided.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", decided.text());
    assert_eq!(decided.json()["reason"], "family_not_told", "the law is the same for programs");

    // Advice is answered, by the team that was asked and by the council.
    let adviser = world.program("adviser@");
    let queue = adviser.get("/api/v1/advice").json();
    let own = queue["items"][0]["advice"].as_str().expect("advice is waited for").to_owned();
    assert_eq!(queue["items"][0]["case"], json!(asked.to_string()));
    let to = |advice: &str| format!("/api/v1/children/{asked}/advice/{advice}/answer");
    let answer = |program: &Program<'_>, advice: &str, body: Value| {
        program.send("POST", &to(advice), Sending::json(body).seen(version(program, &asked.to_string())))
    };
    let vague = json!({ "answer": "advice", "on": "2026-11-23", "text": "He may benefit from regular support." });
    assert_eq!(answer(&adviser, &own, vague).json()["fields"][0]["field"], "text");
    let nothing = json!({ "answer": "nothing", "on": "2026-11-23", "text": "Dr Vale, paediatrician" });
    let recorded = answer(&adviser, &own, nothing);
    assert_eq!(recorded.status, StatusCode::OK, "{}", recorded.text());
    let all = manager.get(&format!("/api/v1/children/{asked}/advice")).json();
    let others: Vec<&Value> =
        all.as_array().expect("advice").iter().filter(|one| one["is_waited_for"] == true).collect();
    let other = others[0]["id"].as_str().expect("an id");
    let without = json!({ "answer": "without", "on": "2026-11-23", "text": "It can wait no longer." });
    assert_eq!(answer(&adviser, other, without.clone()).code(), "not_found", "another team’s");
    assert_eq!(answer(&manager, other, without).status, StatusCode::OK);
    assert_eq!(adviser.get("/api/v1/advice").json()["items"], json!([]));
    let now = world.load(world.area, asked);
    assert_eq!(now.stage(), Stage::Assessing);

    // Everything of it stands in the journal, which is whole.
    let events = manager.get(&format!("/api/v1/children/{asked}/history?limit=1")).json();
    assert_eq!(events["items"][0]["event"], "advice.replied");
    let report = app::journal::verify(&world.app.db).expect("it can be read");
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}

/// A family reads its own child, says that something is wrong, writes and is answered.
pub fn a_familys_program_asks_and_is_answered(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let case: CaseId = world.cases_of(world.area)[4];
    let (family, officer) = (world.program("parent@"), world.program("officer@alderbourne"));
    let own = family.get("/api/v1/family/children").json();
    let own: Vec<&Value> = own.as_array().expect("a list").iter().map(|child| &child["case"]).collect();
    assert!(own.contains(&&json!(case.to_string())), "{own:?}");
    let here = format!("/api/v1/family/children/{case}");
    let there = format!("/api/v1/children/{case}");
    let facts = family.get(&format!("{here}/facts")).json();
    assert_eq!(facts["corrections"][0]["detail"], "home_language", "what was asked on the page is here");
    let asked = |body: Value| family.post(&format!("{here}/corrections"), body);
    assert_eq!(
        asked(json!({ "detail": "home_language", "home_language": "Twi" })).code(),
        "refused",
        "it is open already"
    );
    assert_eq!(asked(json!({ "detail": "ethnicity" })).code(), "fields_wrong");
    assert_eq!(asked(json!({ "detail": "name", "given_name": "Idris", "family_name": "" })).code(), "fields_wrong");
    let made = asked(json!({ "detail": "known_as", "known_as": "Idi" }));
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let correction = made.json()["id"].as_str().expect("an id").to_owned();

    let open = officer.get(&format!("{there}/corrections")).json();
    let found = open.as_array().expect("corrections").iter().find(|one| one["id"] == json!(correction));
    assert_eq!(found.map(|one| &one["after"]), Some(&json!("Idi")), "{open}");
    let address = format!("{there}/corrections/{correction}/answer");
    let answer = |body: Value| {
        let seen = version(&officer, &case.to_string());
        officer.send("POST", &address, Sending::json(body).seen(seen))
    };
    assert_eq!(answer(json!({ "answer": "keep" })).json()["fields"][0]["field"], "reason");
    assert_eq!(answer(json!({ "answer": "accept" })).status, StatusCode::OK);
    assert_eq!(answer(json!({ "answer": "accept" })).code(), "refused", "it is answered");
    assert_eq!(officer.get(&there).json()["known_as"], "Idi");

    let wrote = family.post(&format!("{here}/messages"), json!({ "text": "When do we hear from you?" }));
    assert_eq!(wrote.status, StatusCode::CREATED, "{}", wrote.text());
    let thread = officer.get(&format!("{there}/messages")).json();
    assert_eq!((&thread[0]["from"], &thread[0]["answer_by"]), (&json!("family"), &json!("2026-11-30")), "{thread}");
    let told = officer.post(&format!("{there}/messages"), json!({ "text": "By Friday." }));
    assert_eq!(told.status, StatusCode::CREATED);
    let thread = family.get(&format!("{here}/messages")).json();
    assert_eq!((&thread[1]["text"], &thread[0]["answered_on"]), (&json!("By Friday."), &json!("2026-11-23")));
    // Neither side speaks for the other.
    assert_eq!(family.post(&format!("{there}/messages"), json!({ "text": "x" })).status, StatusCode::FORBIDDEN);
    assert_eq!(officer.post(&format!("{here}/messages"), json!({ "text": "x" })).status, StatusCode::FORBIDDEN);
    let seen = family.get(&here).json();
    assert!(seen["looks"].as_array().is_some_and(|looks| !looks.is_empty()), "{seen}");
}

/// The plan, section I, reviews, facts and contacts as their pages have them; a contact is noted, a held send
/// let go.
pub fn a_program_reads_the_whole_record(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let cases = world.cases_of(world.area);
    let manager = world.program("manager@alderbourne");
    let at = |case: CaseId, path: &str| manager.get(&format!("/api/v1/children/{case}{path}"));

    // What is being written, and what is in force: every section, and the lines of the page.
    let plans: Vec<(CaseId, Value)> = cases
        .iter()
        .map(|case| (*case, at(*case, "/plan")))
        .filter(|(_, a)| a.status == StatusCode::OK)
        .map(|(c, a)| (c, a.json()))
        .collect();
    assert!(
        plans.iter().any(|(_, plan)| plan["is_draft"] == true)
            && plans.iter().any(|(_, plan)| plan["is_draft"] == false)
    );
    let browser = world.browser("manager@alderbourne");
    for (case, plan) in &plans {
        let sections = plan["sections"].as_array().expect("sections");
        let letters: Vec<&str> = sections.iter().filter_map(|section| section["section"].as_str()).collect();
        assert_eq!(letters, ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]);
        let page = browser.get(&format!("/children/{case}/draft/view")).text();
        for line in sections.iter().flat_map(|section| section["lines"].as_array().expect("lines")) {
            let number = line["number"].as_str().unwrap_or_default();
            assert!(page.contains(number), "{number} of {case}");
        }
    }
    assert!(plans.iter().any(|(_, plan)| plan["sections"].to_string().contains("how_often")));
    let signed = plans.iter().flat_map(|(_, plan)| plan["sections"].as_array().expect("sections").clone());
    assert!(
        signed
            .flat_map(|section| section["lines"].as_array().expect("lines").clone())
            .any(|line| line["id"].is_string())
    );
    let reviewed = cases.iter().map(|case| at(*case, "/reviews")).filter(|answer| answer.status == StatusCode::OK);
    assert!(reviewed.map(|answer| answer.json()).any(|reviews| reviews["reviews"][0]["outcome"] == "A"));
    let placed = cases.iter().map(|case| at(*case, "/placement")).filter(|answer| answer.status == StatusCode::OK);
    let named: Vec<Value> =
        placed.map(|answer| answer.json()["named"].clone()).filter(|named| !named.is_null()).collect();
    assert!(named.iter().any(|named| named["says"].is_string()), "{named:?}");
    assert_eq!(at(cases[0], "/plan").code(), "refused");

    let facts = at(cases[4], "/facts").json();
    let name = facts.as_array().expect("facts").iter().find(|fact| fact["fact"] == "name").expect("a name").clone();
    assert_eq!(name["value"], "Idris Cole");
    assert_eq!(at(cases[4], "/facts/nothing").code(), "not_found");

    // A contact is noted as on the page, with the same checks.
    let here = format!("/api/v1/children/{}/contacts", cases[3]);
    let new = |more: Value| {
        let mut body =
            json!({ "channel": "telephone", "came_on": "2026-11-20", "sender": "An aunt", "note": "Asks for a date." });
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        manager.post(&here, body)
    };
    assert_eq!(new(json!({ "came_on": "2026-12-01" })).json()["fields"][0]["field"], "came_on");
    assert_eq!(new(json!({ "promise": "ring back" })).json()["fields"][0]["field"], "promised_on");
    let noted = new(json!({ "promise": "ring back", "promised_on": "2026-11-20" }));
    assert_eq!(noted.status, StatusCode::CREATED, "{}", noted.text());
    let listed = manager.get(&here).json();
    assert_eq!((&listed[0]["id"], &listed[0]["is_promise_late"]), (&noted.json()["id"], &json!(true)), "{listed}");
    assert_eq!(world.program("auditor@").get(&here).code(), "not_allowed");

    // A send that was held is let go with a reason for each stop, once, on the version that was seen.
    let held = crate::given::held(60, "as it was", casework::recipients::StopKind::OtherName);
    world.give(cases[5], world.area, (crate::world::TODAY, held), "").expect("the law allows it");
    let list = manager.get("/api/v1/held?state=held").json();
    let hold = list["items"][0]["hold"].as_str().expect("one is held").to_owned();
    assert_eq!(list["items"][0]["case"], json!(cases[5].to_string()));
    let address = format!("/api/v1/children/{}/holds/{hold}/release", cases[5]);
    let release = |seen: u64, reasons: Value| {
        manager.send("POST", &address, Sending::json(json!({ "reasons": reasons })).seen(seen))
    };
    let seen = version(&manager, &cases[5].to_string());
    assert_eq!(release(seen - 1, json!([{ "reason": "other", "words": "It is right." }])).code(), "version_changed");
    assert_eq!(release(seen, json!([{ "reason": "other" }])).code(), "fields_wrong");
    let done = release(seen, json!([{ "reason": "other", "words": "It is right." }]));
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let list = manager.get("/api/v1/held?state=released").json();
    assert_eq!(list["items"][0]["hold"], json!(hold));
    assert_eq!(manager.get("/api/v1/held?state=held").json()["items"], json!([]));
    let after = version(&manager, &cases[5].to_string());
    assert_eq!(release(after, json!([{ "reason": "other", "words": "Again." }])).code(), "refused");
    assert_eq!(manager.get("/api/v1/measures/told-once").status, StatusCode::OK);
    assert_eq!(manager.get("/api/v1/cover").json(), json!([]));
}
