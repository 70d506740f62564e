//! The API as programs meet it: what is described is there, problems, pages of lists, versions, keys,
//! limits.

use crate::given::Stop;
use crate::programs::{Program, Sending};
use crate::world::{Answer, World};
use app::config::ApiLimits;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use casework::CaseId;
use db::Database;
use db::testing::TestDatabase;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use strum::IntoEnumIterator;

const NOWHERE: &str = "01900000-0000-7000-8000-000000000000";

/// Every operation that is described: its method, its address, and whether anyone may use it.
fn described() -> Vec<(String, String, bool)> {
    let mut all = Vec::new();
    for (path, item) in app::api::description()["paths"].as_object().expect("paths are described") {
        for (method, operation) in item.as_object().expect("operations are described") {
            let is_open = operation["security"] == json!([{}]);
            all.push((method.to_uppercase(), path.clone(), is_open));
        }
    }
    all
}

/// An address of this pattern.
fn address(pattern: &str, case: &str) -> String {
    let path = pattern.replace("{case}", case).replace("{rule}", "final_plan_20w").replace("{fact}", "address");
    ["{document}", "{advice}", "{correction}"].iter().fold(path, |path, part| path.replace(part, NOWHERE))
}

#[test]
fn what_is_declared_is_described_once_and_with_a_name_of_its_own() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    let files = std::fs::read_dir(folder).expect("the wing is there").flatten();
    let texts: Vec<String> = files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
    let declared: usize = texts.iter().map(|text| text.matches("#[utoipa::path(").count()).sum();
    assert_eq!(declared, described().len(), "every declared operation has its route, and every route its words");
    let names: BTreeSet<String> = app::api::description()["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|item| item.as_object().expect("operations").values())
        .map(|operation| operation["operationId"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(names.len(), described().len(), "{names:?}");
    assert!(app::api::description()["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
}

/// Everything described is there, asks for a token, and takes no other method.
pub fn what_is_described_is_there(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let stranger = world.stranger();
    let case = world.cases_of(world.area)[4].to_string();
    let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (method, path, is_open) in described() {
        let answer = stranger.send(&method, &address(&path, &case), Sending::empty());
        if is_open {
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        } else {
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "token_missing"), "{path}");
            assert!(answer.header(header::WWW_AUTHENTICATE).starts_with("Bearer"));
        }
        methods.entry(path).or_default().insert(method);
    }
    let manager = world.program("manager@");
    for (path, known) in methods {
        let path = address(&path, &case);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"].iter().filter(|method| !known.contains(**method)) {
            let answer = manager.send(method, &path, Sending::empty());
            assert_eq!(answer.code(), "method_not_allowed", "{method} {path}");
            let allowed: BTreeSet<String> = answer
                .header(header::ALLOW)
                .split(',')
                .map(|method| method.trim().to_owned())
                .filter(|method| method != "HEAD")
                .collect();
            assert_eq!(allowed, known, "{path}");
        }
    }
    let served = stranger.get("/api/v1/openapi.json");
    assert_eq!((served.status, &served.json()), (StatusCode::OK, app::api::description()));
}

/// Everyone reads everything they may, and every answer is as described.
pub fn answers_are_as_described(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let cases = world.cases_of(world.area);
    let mut read: BTreeMap<String, usize> = BTreeMap::new();
    for email in ["manager@", "adviser@", "setting@", "parent@", "administrator@", "designated_clinical_officer@"] {
        let program = world.program(email);
        for (_, pattern, _) in described().into_iter().filter(|(method, ..)| method == "GET") {
            for case in cases.iter().chain([&world.cases_of(world.other_area)[0]]) {
                let path = match address(&pattern, &case.to_string()) {
                    path if path.ends_with("/dates") && !path.contains("children") => {
                        format!("{path}?received_on=2026-11-23")
                    }
                    path if path.ends_with("/search") => format!("{path}?q=Marsh"),
                    path => path,
                };
                let answer = program.get(&path);
                assert!(!answer.status.is_server_error(), "{path}: {}", answer.text());
                *read.entry(pattern.clone()).or_default() += usize::from(answer.status.is_success());
                if !pattern.contains("{case}") {
                    break;
                }
            }
        }
    }
    let unread: Vec<&String> = read.iter().filter(|(_, times)| **times == 0).map(|(pattern, _)| pattern).collect();
    assert!(
        unread.iter().all(|pattern| ["{document}", "{receipt}", "{webhook}"].iter().any(|part| pattern.contains(part))),
        "nobody could read {unread:?}"
    );
}

fn raw(world: &World, token: &Program<'_>, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Answer {
    let token = token.token.clone().unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("bearer {token}"))
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body))
        .expect("the address is one");
    world.send(request)
}

/// Whatever goes wrong is a problem with a code, and its type leads to a page.
pub fn whatever_goes_wrong_is_a_problem(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Received);
    let manager = world.program("manager@");
    let messages = format!("/api/v1/children/{case}/messages");
    let json = "application/json";
    let big = format!("{{\"text\":\"{}\"}}", "x".repeat(1_100_000)).into_bytes();
    let cases: [(Answer, &str); 30] = [
        (manager.get("/api/v1/nothing"), "not_found"),
        (manager.get("/api/v1"), "not_found"),
        (manager.get("/api/v1/"), "not_found"),
        (manager.get("/api/v2/children"), "not_found"),
        (manager.get("/api/v1/children/12"), "not_found"),
        (manager.get(&format!("/api/v1/children/{case}/dates/no_rule")), "not_found"),
        (manager.get(&format!("/api/v1/children/{NOWHERE}")), "not_found"),
        (manager.send("DELETE", &messages, Sending::empty()), "method_not_allowed"),
        (manager.get("/api/v1/children?limit=0"), "query_unreadable"),
        (manager.get("/api/v1/children?limit=201"), "query_unreadable"),
        (manager.get("/api/v1/children?limit=many"), "query_unreadable"),
        (manager.get("/api/v1/children?page=2"), "query_unreadable"),
        (manager.get("/api/v1/children?cursor=nonsense"), "query_unreadable"),
        (manager.get("/api/v1/children/search"), "query_unreadable"),
        (manager.get("/api/v1/advice?cursor=a.b.c"), "query_unreadable"),
        (manager.get("/api/v1/today?whose=theirs"), "query_unreadable"),
        (manager.get("/api/v1/dates?received_on=yesterday"), "query_unreadable"),
        (manager.get("/api/v1/dates?received_on=1950-01-01"), "fields_wrong"),
        (raw(&world, &manager, "POST", &messages, "text/plain", b"{}".to_vec()), "media_type_unsupported"),
        (raw(&world, &manager, "POST", &messages, json, b"{\"text\":".to_vec()), "body_unreadable"),
        (raw(&world, &manager, "POST", &messages, json, vec![0xff, 0xfe]), "body_unreadable"),
        (raw(&world, &manager, "POST", &messages, json, b"{\"text\":\"a\\u0000b\"}".to_vec()), "body_unreadable"),
        (raw(&world, &manager, "POST", &messages, json, big), "body_too_large"),
        (manager.post(&messages, json!({})), "fields_wrong"),
        (manager.post(&messages, json!([])), "fields_wrong"),
        (manager.post(&messages, json!({ "text": 12 })), "fields_wrong"),
        (manager.post(&messages, json!({ "text": "Hello", "txet": "Hello" })), "fields_wrong"),
        (manager.post(&messages, json!({ "text": "  " })), "fields_wrong"),
        (manager.post(&messages, json!({ "text": "x".repeat(5001) })), "fields_wrong"),
        (manager.send("POST", &format!("{messages}/close"), Sending::empty()), "refused"),
    ];
    for (answer, code) in &cases {
        assert_eq!(&answer.code(), code, "{}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["status"], answer.status.as_u16());
        assert_eq!(problem["type"], format!("/api/problems/{code}"));
    }
    let visitor = world.visitor();
    for code in app::api::Code::iter() {
        let page = visitor.get(&format!("/api/problems/{code}"));
        assert!(page.status == StatusCode::OK && page.text().contains(code.title()), "{code}");
    }
    let wrong = manager.post(&messages, json!({ "text": 12 })).json();
    assert_eq!(wrong["fields"][0]["field"], "text", "{wrong}");
    let refused = manager.send("POST", &format!("{messages}/close"), Sending::empty()).json();
    assert!(refused["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{refused}");
}

/// Every entry of a list, page by page; `between` happens after each page.
fn walk(program: &Program<'_>, path: &str, mut between: impl FnMut()) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), None::<String>);
    for _ in 0..100 {
        let sign = if path.contains('?') { '&' } else { '?' };
        let address = match &cursor {
            Some(cursor) => format!("{path}{sign}limit=3&cursor={cursor}"),
            None => format!("{path}{sign}limit=3"),
        };
        let page = program.get(&address);
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let page = page.json();
        let items = page["items"].as_array().expect("a page has items");
        assert!(items.len() <= 3);
        all.extend(items.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return all,
        }
        between();
    }
    panic!("{path} has no end");
}

/// Whoever walks through a list meets each entry once, while others are added.
pub fn lists_are_walked_without_repeats(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let manager = world.program("manager@");
    let children: BTreeSet<CaseId> = world.cases_of(world.area).into_iter().collect();
    let mut number = 0;
    let add = |number: &mut usize| {
        *number += 1;
        let name = ["Ada", "Bela", "Cora", "Dana", "Edda", "Fay"][*number % 6];
        let body = json!({
            "given_name": name, "family_name": format!("Added{number}"), "born_on": format!("2017-03-{:02}", *number % 27 + 1),
            "received_on": "2026-11-20", "source": "parent", "channel": "letter", "account": "He cannot go on like this.",
            "new_child": true,
        });
        let made = manager.post("/api/v1/requests", body);
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    };
    let ids = |items: &[Value], member: &str| -> Vec<String> {
        items.iter().map(|item| item[member].as_str().unwrap_or_default().to_owned()).collect()
    };
    let mut left = 3;
    let walked = walk(&manager, "/api/v1/children", || {
        if left > 0 {
            left -= 1;
            add(&mut number);
        }
    });
    let listed = ids(&walked, "case");
    let unique: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len(), "no child comes twice");
    assert!(children.iter().all(|case| unique.contains(&case.to_string())), "every child comes");

    let waiting = walk(&manager, "/api/v1/advice", || ());
    let unique: BTreeSet<String> = ids(&waiting, "advice").into_iter().collect();
    assert!(unique.len() == waiting.len() && waiting.len() > 3, "{} of {}", unique.len(), waiting.len());
    let whole = manager.get("/api/v1/advice?limit=200").json();
    assert_eq!(whole["items"].as_array().map(Vec::len), Some(waiting.len()));
    let today = walk(&manager, "/api/v1/today?whose=all", || ());
    let whole = manager.get("/api/v1/today?whose=all&limit=200").json();
    assert_eq!(whole["items"].as_array(), Some(&today), "the pages are the list");

    // History is walked backwards; what happens meanwhile is met by whoever begins again.
    let case = *children.iter().next_back().expect("a child");
    let before = world.load(world.area, case).version;
    let mut said = false;
    let entries = walk(&manager, &format!("/api/v1/children/{case}/history"), || {
        if !said {
            said = true;
            let written =
                manager.post(&format!("/api/v1/children/{case}/messages"), json!({ "text": "We have your letter." }));
            assert_eq!(written.status, StatusCode::CREATED, "{}", written.text());
        }
    });
    let sequences: Vec<u64> = entries.iter().filter_map(|entry| entry["sequence"].as_u64()).collect();
    assert_eq!(sequences, (1..=before).rev().collect::<Vec<_>>());
}

/// A change names the version it was made for.
pub fn a_change_names_the_version_that_was_seen(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Received);
    let manager = world.program("manager@");
    let officer = manager.get("/api/v1/officers").json()[0]["id"].clone();
    let (address, body) = (format!("/api/v1/children/{case}/officer"), json!({ "officer": officer }));
    let send = |sending: Sending<'_>| manager.send("PUT", &address, sending);
    let missing = send(Sending::json(body.clone()));
    assert_eq!((missing.status, missing.code().as_str()), (StatusCode::PRECONDITION_REQUIRED, "version_missing"));
    let child = manager.get(&format!("/api/v1/children/{case}"));
    let version = child.json()["version"].as_u64().expect("a child has a version");
    assert_eq!(child.header(header::ETAG), format!("\"{version}\""));
    for stale in [format!("\"{}\"", version - 1), "\"one\"".to_owned(), "*".to_owned()] {
        let answer = send(Sending::json(body.clone()).with("if-match", stale));
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::PRECONDITION_FAILED, "version_changed"));
        assert_eq!(answer.json()["version"], version, "it says which version there is");
    }
    let done = send(Sending::json(body.clone()).seen(version));
    assert_eq!((done.status, done.json()["version"].as_u64()), (StatusCode::OK, Some(version + 1)), "{}", done.text());
    assert_eq!(send(Sending::json(body).seen(version)).code(), "version_changed", "somebody else came first");
    // Whoever may not know of the child learns no version either.
    let stranger = world.program("setting@");
    assert_eq!(stranger.get(&format!("/api/v1/children/{case}")).status, StatusCode::OK, "their own pupil");
    let foreign = world.program("officer@brackenford");
    let body = json!({ "officer": officer });
    assert_eq!(foreign.send("PUT", &address, Sending::json(body).seen(0)).code(), "not_found");
    let parent = json!({ "officer": world.person("parent@").actor.user });
    let answer = send(Sending::json(parent).seen(version + 1));
    assert_eq!((answer.code().as_str(), &answer.json()["fields"][0]["field"]), ("fields_wrong", &json!("officer")));
}

/// The same request with the same key is done once.
pub fn a_request_with_a_key_is_done_once(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Received);
    let (manager, officer) = (world.program("manager@"), world.program("officer@"));
    let address = format!("/api/v1/children/{case}/messages");
    let write = |program: &Program<'_>, text: &str, key: &str| {
        program.send("POST", &address, Sending::json(json!({ "text": text })).once(key))
    };
    let count = || manager.get(&address).json().as_array().map(Vec::len).unwrap_or_default();
    let first = write(&manager, "We have your letter.", "key-1");
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    let again = write(&manager, "We have your letter.", "key-1");
    assert_eq!((again.status, &again.bytes), (first.status, &first.bytes), "the same answer");
    assert_eq!(again.header(header::ETAG), first.header(header::ETAG));
    assert_eq!(again.headers.get("idempotency-replayed").map(|value| value.as_bytes()), Some(&b"true"[..]));
    assert_eq!(count(), 1);
    assert_eq!(write(&manager, "Something else.", "key-1").code(), "key_reused");
    assert_eq!(write(&officer, "We have your letter.", "key-1").status, StatusCode::CREATED, "another token’s key");
    assert_eq!(write(&manager, "We have your letter.", "key-2").status, StatusCode::CREATED, "another key");
    assert_eq!(count(), 3);
    for bad in ["", "a b", &"k".repeat(201)] {
        assert_eq!(write(&manager, "We have your letter.", bad).code(), "key_unreadable", "{bad:?}");
    }
    // What was refused is refused again, word for word, also when it would be taken by now.
    let close = format!("{address}/close");
    let refused = manager.send("POST", &close, Sending::empty().once("key-3"));
    assert_eq!(refused.code(), "refused");
    assert_eq!(manager.send("POST", &close, Sending::empty().once("key-3")).bytes, refused.bytes);
    // A day later the key is forgotten.
    world.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(write(&manager, "We have your letter.", "key-1").status, StatusCode::CREATED);
    assert_eq!(count(), 4);
    // A request whose end is not known is never done again.
    let began = "UPDATE api_answers SET status = NULL, headers = NULL, body = NULL";
    world.write(|tx| Ok(tx.execute(began, &[])?));
    assert_eq!(write(&manager, "We have your letter.", "key-1").code(), "key_in_use");
    assert_eq!(count(), 4);
}

/// So many requests a minute, for each token and for each address without one.
pub fn too_many_requests_have_to_wait(db: &TestDatabase) {
    let five = "5".parse().expect("a number");
    let limits = ApiLimits { per_token: five, per_address: five, ..ApiLimits::default() };
    let world = World::with_limits(Database::clone(db), limits);
    let (manager, officer) = (world.program("manager@"), world.program("officer@"));
    let header = |answer: &Answer, name: &str| {
        answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    for left in (0..5).rev() {
        let answer = manager.get("/api/v1/me");
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(header(&answer, "ratelimit-policy"), "\"token\";q=5;w=60");
        assert_eq!(header(&answer, "ratelimit"), format!("\"token\";r={left};t={}", (5 - left) * 12));
    }
    let waits = manager.get("/api/v1/me");
    assert_eq!((waits.status, waits.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"));
    assert_eq!(header(&waits, "retry-after"), "12");
    assert_eq!(officer.get("/api/v1/me").status, StatusCode::OK, "another token has its own");
    world.clock.advance(SignedDuration::from_secs(11));
    assert_eq!(manager.get("/api/v1/me").status, StatusCode::TOO_MANY_REQUESTS);
    world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(manager.get("/api/v1/me").status, StatusCode::OK, "after as long as was said");
    let stranger = world.stranger();
    let answers: Vec<StatusCode> = (0..6).map(|_| stranger.get("/api/v1/areas").status).collect();
    assert_eq!(answers[..5], [StatusCode::OK; 5]);
    assert_eq!(answers[5], StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(world.visitor().get("/dates").status, StatusCode::OK, "pages are not limited by it");
}
