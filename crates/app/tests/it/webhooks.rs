//! Programs are told what happened: signed, once in effect, never more than their owner may see.

use crate::given::{self, Stop, urn};
use crate::programs::Sending;
use crate::world::{Answer, TODAY, World};
use app::config::Settings;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casework::access::{Action, Resource, Role, may};
use casework::{CaseId, Command, people};
use db::testing::TestDatabase;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

/// What a receiver heard, and what it says next: 200 when nothing else is said.
#[derive(Default)]
struct Heard {
    says: u16,
    /// Who is told of the next request, and says when it is answered.
    wait: Option<Sender<Sender<()>>>,
    taken: Vec<(HeaderMap, String)>,
}

/// A receiver on this machine.
struct Receiver {
    heard: Arc<Mutex<Heard>>,
    address: String,
    _runtime: tokio::runtime::Runtime,
}

async fn take(State(heard): State<Arc<Mutex<Heard>>>, uri: Uri, mut headers: HeaderMap, body: Bytes) -> Response {
    let mut heard = heard.lock().expect("nobody panicked");
    headers.insert("path", uri.path().parse().expect("it was in a header"));
    heard.taken.push((headers, String::from_utf8(body.to_vec()).expect("it is text")));
    let status = StatusCode::from_u16(heard.says).unwrap_or(StatusCode::OK);
    if let Some(waiting) = heard.wait.take() {
        let (go_on, answer) = std::sync::mpsc::channel();
        waiting.send(go_on).expect("somebody waits for it");
        answer.recv().expect("they say when");
    }
    (status, [("location", "/elsewhere")], "x".repeat(1_000_000)).into_response()
}

impl Receiver {
    fn start() -> Receiver {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime starts");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("there is a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let heard = Arc::new(Mutex::new(Heard { says: 200, ..Heard::default() }));
        let router = Router::new().fallback(any(take)).with_state(heard.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Receiver { heard, address: format!("http://127.0.0.1:{port}/hooks"), _runtime: runtime }
    }

    fn say(&self, status: u16) {
        self.heard.lock().expect("nobody panicked").says = status;
    }

    /// What came since this was asked last.
    fn taken(&self) -> Vec<(HeaderMap, Value, String)> {
        let taken = std::mem::take(&mut self.heard.lock().expect("nobody panicked").taken);
        taken
            .into_iter()
            .map(|(headers, body)| (headers, serde_json::from_str(&body).expect("it is JSON"), body))
            .collect()
    }
}

/// A world whose webhooks may go to this machine.
fn world(db: &TestDatabase) -> World {
    let mut world = World::new(db);
    world.set(|settings| Settings { webhooks_inside: true, ..settings });
    world
}

/// A webhook that this person sets up for themself: its id, and its secret.
pub fn add(world: &World, email: &str, address: &str, topics: &[&str]) -> (String, Vec<u8>) {
    let owner = world.person(email).actor.user.to_string();
    add_for(world, email, &owner, address, topics)
}

fn add_for(world: &World, email: &str, owner: &str, address: &str, topics: &[&str]) -> (String, Vec<u8>) {
    let id = world.app.ids.next().to_string();
    let mut fields = vec![("name", "School system"), ("address", address), ("rights", owner), ("webhook", &id)];
    fields.extend(topics.iter().map(|topic| ("topics", *topic)));
    let made = world.browser(email).submit("/webhooks", &fields);
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    (id, secret(&made).expect("it is shown once"))
}

/// The secret that a page shows.
fn secret(page: &Answer) -> Option<Vec<u8>> {
    let text = page.text();
    let shown = text.split("whsec_").nth(1)?.split('<').next()?.replace("&#61;", "=").replace("&#43;", "+");
    Some(STANDARD.decode(shown.replace("&#x2F;", "/").replace("&#47;", "/")).expect("it is base64"))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Whether a message is signed with this secret.
fn is_signed(headers: &HeaderMap, body: &str, secret: &[u8]) -> bool {
    let signed = format!("{}.{}.{body}", header(headers, "webhook-id"), header(headers, "webhook-timestamp"));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    let expected = format!("v1,{}", STANDARD.encode(ring::hmac::sign(&key, signed.as_bytes())));
    header(headers, "webhook-signature").split(' ').any(|one| one == expected)
}

fn deliver(world: &World) -> u64 {
    app::webhooks::deliver_all_due(&world.app).expect("the database answers")
}

/// The version of a webhook that its page shows.
fn version(page: &Answer) -> String {
    let forms = crate::html::Page::read(&page.text()).forms();
    let fields = forms.into_iter().flat_map(|(_, fields)| fields);
    fields.into_iter().find(|(name, _)| name == "version").map(|(_, value)| value).expect("it has a form")
}

pub fn a_webhook_is_told_and_signed(db: &TestDatabase) {
    let mut world = world(db);
    let receiver = Receiver::start();
    let (id, first) = add(&world, "manager@alderbourne", &receiver.address, &["requests"]);
    let case = world.child("Maya Turner", Stop::Assessing);
    assert!(deliver(&world) > 0);
    let taken = receiver.taken();
    let kinds: Vec<&str> = taken.iter().filter_map(|(_, body, _)| body["type"].as_str()).collect();
    assert!(kinds.contains(&"requests.received"), "{kinds:?}");
    assert!(kinds.iter().all(|kind| kind.starts_with("requests.")), "only what was asked for: {kinds:?}");
    let reader = world.program("manager@alderbourne");
    let mut ids = BTreeSet::new();
    for (headers, body, text) in &taken {
        assert!(is_signed(headers, text, &first), "{headers:?}");
        assert!(!is_signed(headers, text, &[0; 32]));
        assert_eq!(header(headers, "webhook-timestamp"), world.app.clock.now().as_second().to_string());
        assert!(!text.contains("Maya") && !text.contains("Turner"), "{text}");
        assert_eq!(body["data"]["case"], json!(case.to_string()));
        assert!(ids.insert(header(headers, "webhook-id").to_owned()), "every message has an id of its own");
        // The receiver reads the rest with rights of its own.
        let read_at = body["data"]["read_at"].as_str().expect("an address");
        let path = &read_at[read_at.find("/api").expect("it is ours")..];
        let entry = reader.get(path).json();
        assert_eq!(
            (&entry["items"][0]["event"], &entry["items"][0]["sequence"]),
            (&body["type"], &body["data"]["sequence"])
        );
    }
    assert_eq!(deliver(&world), 0, "once is enough");
    let browser = world.browser("manager@alderbourne");
    let page = browser.get(&format!("/webhooks/{id}"));
    assert!(page.text().contains("answered 200"), "{}", page.text());
    assert_eq!(secret(&page), None, "a secret is shown once");

    // Another secret: both sign, until the one before is ended.
    let seen = version(&page);
    let made = browser.submit(&format!("/webhooks/{id}/secret"), &[("version", &seen)]);
    let second = secret(&made).expect("it is shown once");
    let stale = browser.submit(&format!("/webhooks/{id}/secret"), &[("version", &seen)]);
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY, "two people do not undo each other's");
    let again = |path: &str, body: Value| reader.post(&format!("/api/v1/webhooks/{id}{path}"), body).json();
    let position = taken[0].1["data"]["position"].clone();
    assert_eq!(again(&format!("/deliveries/{position}/replay"), json!({}))["count"], 1);
    assert_eq!(again(&format!("/deliveries/{position}/replay"), json!({}))["count"], 0, "it waits already");
    deliver(&world);
    let (headers, body, text) = receiver.taken().remove(0);
    assert!(is_signed(&headers, &text, &first) && is_signed(&headers, &text, &second));
    assert_eq!(
        (header(&headers, "webhook-id"), &body),
        (header(&taken[0].0, "webhook-id"), &taken[0].1),
        "the same again"
    );
    let seen = version(&browser.get(&format!("/webhooks/{id}")));
    assert_eq!(
        browser.submit(&format!("/webhooks/{id}/old-secret"), &[("version", &seen)]).status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        again("/replay", json!({ "from_on": TODAY.to_string() }))["last"],
        Value::Null,
        "it was recorded long ago"
    );
    let from = law::calendar::days(TODAY, -300).to_string();
    let last = again("/replay", json!({ "from_on": from }))["last"].clone();
    assert!(last.as_u64() >= taken.last().and_then(|(_, body, _)| body["data"]["position"].as_u64()), "{last}");
    // One at a time, until it is done or stopped.
    assert_eq!(again("/replay", json!({ "from_on": from }))["code"], "fields_wrong");
    assert!(browser.get(&format!("/webhooks/{id}")).text().contains("still goes once more"));
    assert_eq!(browser.submit(&format!("/webhooks/{id}/replay/stop"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(deliver(&world), 0, "it was stopped");
    assert_eq!(again("/replay", json!({ "from_on": from }))["last"], last);
    deliver(&world);
    let replayed = receiver.taken();
    assert_eq!(replayed.len(), taken.len());
    assert!(replayed.iter().all(|(headers, _, text)| !is_signed(headers, text, &first)));
    assert!(replayed.iter().all(|(headers, _, text)| is_signed(headers, text, &second)));
    assert_eq!(again("/replay", json!({ "from_on": "2027-01-01" }))["code"], "fields_wrong");

    // What was recorded before a webhook was made can be sent to it too.
    let (late, _) = add(&world, "manager@alderbourne", &receiver.address, &["people"]);
    assert_eq!(deliver(&world), 0);
    let sent = reader.post(&format!("/api/v1/webhooks/{late}/replay"), json!({ "from_on": from })).json();
    assert!(sent["last"].as_u64() > Some(0), "{sent}");
    assert!(deliver(&world) > 0);
    // Once it has ended nothing goes.
    let seen = version(&browser.get(&format!("/webhooks/{late}")));
    assert_eq!(browser.submit(&format!("/webhooks/{late}/end"), &[("version", &seen)]).status, StatusCode::SEE_OTHER);
    assert_eq!(deliver(&world), 0);
    assert_eq!(browser.get(&format!("/webhooks/{late}")).status, StatusCode::OK);
}

fn deliveries(world: &World, id: &str) -> Vec<Value> {
    let answer =
        world.program("manager@alderbourne").get(&format!("/api/v1/webhooks/{id}/deliveries?limit=200")).json();
    answer["items"].as_array().expect("a list").clone()
}

fn state(world: &World, id: &str) -> Value {
    let all = world.program("manager@alderbourne").get("/api/v1/webhooks").json();
    all.as_array().expect("a list").iter().find(|one| one["id"] == id).expect("it is there").clone()
}

/// How many messages say that a webhook was paused.
fn told(world: &World) -> i64 {
    const COUNT: &str = "SELECT COUNT(*) FROM messages WHERE kind = 'webhook_paused'";
    let count = |tx: &mut dyn db::Tx| -> Result<i64, app::Error> { Ok(tx.query_one(COUNT, &[])?.get(0)?) };
    world.app.db.read("test.told", count).expect("the database answers")
}

pub fn what_fails_is_tried_again(db: &TestDatabase) {
    let mut world = world(db);
    let receiver = Receiver::start();
    let (id, _) = add(&world, "manager@alderbourne", &receiver.address, &["requests", "people"]);
    world.child("Maya Turner", Stop::Assessing);
    receiver.say(500);
    assert_eq!(deliver(&world), 1, "whoever fails is left alone for a while");
    let waiting = deliveries(&world, &id);
    // What was not tried yet is not told of: whether its owner may hear of it is asked when it goes.
    let [tried] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert_eq!((&tried["state"], &tried["attempts"]), (&json!("waiting"), &json!(1)));
    assert_eq!((&tried["status"], &tried["failure"]), (&json!(500), &json!("it answered 500")));
    // A redirect is not followed, however it is meant.
    receiver.say(302);
    world.clock.advance(SignedDuration::from_secs(61));
    assert_eq!(deliver(&world), 1);
    assert_eq!(receiver.taken().len(), 2, "nothing was asked for elsewhere");
    receiver.say(204);
    world.clock.advance(SignedDuration::from_hours(1));
    let delivered = deliver(&world);
    assert!(delivered > 3, "{delivered}");
    let all = deliveries(&world, &id);
    assert!(all.len() as u64 == delivered && all.iter().all(|one| one["state"] == "delivered"), "{all:?}");
    assert_eq!(state(&world, &id)["failures"], 0);

    // Nobody answers for a day: it is paused, and whoever set it up is told.
    receiver.say(503);
    world.child("Idris Cole", Stop::Received);
    for _ in 0..30 {
        deliver(&world);
        world.clock.advance(SignedDuration::from_hours(1));
    }
    let paused = state(&world, &id);
    assert_eq!((&paused["state"], &paused["paused_because"]), (&json!("paused"), &json!("it answered 503")));
    assert_eq!(told(&world), 1);
    let browser = world.browser("manager@alderbourne");
    assert!(browser.get("/webhooks").text().contains("Paused by itself: it answered 503."));
    receiver.taken();
    receiver.say(200);
    assert_eq!(deliver(&world), 0, "nothing goes while it is paused");
    // Nothing was lost.
    drop(browser);
    world.child("Ava Brandt", Stop::Received);
    let browser = world.browser("manager@alderbourne");
    let seen = version(&browser.get(&format!("/webhooks/{id}")));
    assert_eq!(browser.submit(&format!("/webhooks/{id}/resume"), &[("version", &seen)]).status, StatusCode::SEE_OTHER);
    assert!(deliver(&world) > 3);
    assert!(deliveries(&world, &id).iter().all(|one| one["state"] == "delivered"));

    // Whoever says that they want nothing more is believed at once.
    receiver.say(410);
    world.child("Rosa Quill", Stop::Received);
    assert_eq!(deliver(&world), 1);
    assert_eq!((&state(&world, &id)["state"], told(&world)), (&json!("paused"), 2));

    // An address that nobody answers at.
    let (gone, _) = add(&world, "manager@alderbourne", "http://127.0.0.1:9/", &["requests"]);
    world.child("Theo Lamb", Stop::Received);
    assert_eq!(deliver(&world), 1);
    let words = deliveries(&world, &gone);
    assert!(words.iter().any(|one| one["failure"] == "there was no connection, or it broke off"), "{words:?}");
}

pub fn whoever_waited_longest_is_told_first(db: &TestDatabase) {
    let mut world = world(db);
    let receiver = Receiver::start();
    // More than have their turn at once, and more for each than fits into one turn.
    let many = 6;
    for number in 0..many {
        add(&world, "manager@alderbourne", &format!("{}/{number}", receiver.address), &["requests", "advice"]);
    }
    for name in ["Maya Turner", "Idris Cole", "Ava Brandt", "Rosa Quill"] {
        world.child(name, Stop::Asked);
    }
    deliver(&world);
    let order: Vec<String> = receiver.taken().iter().map(|(headers, ..)| header(headers, "path").to_owned()).collect();
    let places =
        |path: &str| order.iter().enumerate().filter(|(_, one)| *one == path).map(|(place, _)| place).collect();
    let each: Vec<Vec<usize>> = (0..many).map(|number| places(&format!("/hooks/{number}"))).collect();
    assert!(each.iter().all(|places| places.len() == each[0].len() && places.len() > 20), "{order:?}");
    let last_to_begin = each.iter().filter_map(|places| places.first()).max();
    let first_to_end = each.iter().filter_map(|places| places.last()).min();
    assert!(last_to_begin < first_to_end, "everybody has a turn before anybody has a second: {order:?}");
}

pub fn what_is_changed_while_a_receiver_thinks_holds(db: &TestDatabase) {
    let mut world = world(db);
    let receiver = Receiver::start();
    let (id, _) = add(&world, "manager@alderbourne", &receiver.address, &["requests"]);
    world.child("Maya Turner", Stop::Received);
    receiver.say(500);
    for _ in 0..3 {
        deliver(&world);
        world.clock.advance(SignedDuration::from_hours(1));
    }
    assert_eq!(state(&world, &id)["failures"], 3);
    // While it is tried a fourth time, somebody uses it again: the count begins anew.
    let (sender, meanwhile) = std::sync::mpsc::channel();
    receiver.heard.lock().expect("nobody panicked").wait = Some(sender);
    std::thread::scope(|scope| {
        let delivering = scope.spawn(|| deliver(&world));
        let go_on = meanwhile.recv().expect("it is tried");
        let browser = world.browser("manager@alderbourne");
        for act in ["pause", "resume"] {
            let seen = version(&browser.get(&format!("/webhooks/{id}")));
            let answer = browser.submit(&format!("/webhooks/{id}/{act}"), &[("version", &seen)]);
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
        }
        go_on.send(()).expect("the receiver waits");
        delivering.join().expect("it was tried");
    });
    assert_eq!(state(&world, &id)["failures"], 1);
}

pub fn nobody_is_told_too_much(db: &TestDatabase) {
    let mut world = world(db);
    let receiver = Receiver::start();
    // A service of a school, which is told of its own pupils only.
    let admin = world.browser("administrator@");
    let school = given::SCHOOL.to_string();
    let made = admin.submit("/services", &[("name", "School system"), ("role", "setting"), ("urn", &school)]);
    let service = made.location().trim_start_matches("/services/").to_owned();
    let (id, _) = add_for(&world, "administrator@", &service, &receiver.address, &["requests", "people"]);
    drop(admin);
    let here = world.child("Maya Turner", Stop::Received);
    let gone = world.child("Idris Cole", Stop::Received);
    let placement = world.load(world.area, gone).placements[0].id;
    let leave = Command::People(people::Command::LeaveSetting { placement, to: TODAY });
    world.give(gone, world.area, (TODAY, leave), "").expect("the law allows it");
    let elsewhere = world.child_in(world.other_area, "Noor Elsewhere", Stop::Received, given::steps);
    deliver(&world);
    let cases: BTreeSet<String> =
        receiver.taken().iter().filter_map(|(_, body, _)| Some(body["data"]["case"].as_str()?.to_owned())).collect();
    assert_eq!(cases, BTreeSet::from([here.to_string()]), "as the policy is when it is sent");
    let admin = world.browser("administrator@");
    let page = admin.get(&format!("/webhooks/{id}")).text();
    assert!(!page.contains(&gone.to_string()) && !page.contains(&elsewhere.to_string()));

    // Who may set one up, and whose rights they can choose.
    for person in world.people.clone() {
        let manages = may(&person.actor, Action::ManageWebhooks, &Resource::Area(person.actor.authority)).is_allowed();
        let browser = world.browser(&person.email);
        let expected = if manages { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(browser.get("/webhooks").status, expected, "{}", person.email);
        let one = browser.get(&format!("/webhooks/{id}")).status;
        let foreign = person.actor.authority != world.area;
        assert_eq!(one, if manages && foreign { StatusCode::NOT_FOUND } else { expected }, "{}", person.email);
        let answer = browser.program("write").get(&format!("/api/v1/webhooks/{id}/deliveries"));
        let sees = if manages && !foreign { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(answer.status, sees, "{}", person.email);
    }
    let own = admin.submit(
        "/webhooks",
        &[
            ("name", "x"),
            ("address", "https://example.org/"),
            ("rights", &world.person("administrator@").actor.user.to_string()),
            ("topics", "people"),
        ],
    );
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "whoever sees no child is told of none");
    for (address, said) in [
        ("", "Enter an address that begins with https://"),
        ("ftp://example.org", "Enter an address that begins with https://"),
        ("https://user:word@example.org/", "must hold no name"),
        ("https://8.8.8.8/", "of this network"),
    ] {
        let answer = admin
            .submit("/webhooks", &[("name", "x"), ("address", address), ("rights", &service), ("topics", "people")]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        // In a demo only this network may be written to, so the open internet is what is refused.
        let said = if address.contains("8.8.8.8") { "The address must be one of the open internet" } else { said };
        assert!(answer.text().contains(said), "{address}: {}", answer.text());
    }

    // A service that is retired is told nothing more, and whoever set it up is told.
    assert_eq!(admin.submit(&format!("/services/{service}/retire"), &[]).status, StatusCode::SEE_OTHER);
    drop(admin);
    world.child("Ava Brandt", Stop::Received);
    deliver(&world);
    assert!(receiver.taken().is_empty());
    let admin = world.browser("administrator@");
    assert!(admin.get(&format!("/webhooks/{id}")).text().contains("no longer works here"));
    assert_eq!(told(&world), 1);
}

/// All of the feed that somebody is given, page by page.
fn walk(world: &World, email: &str, limit: u32) -> Vec<Value> {
    let program = world.program(email);
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = program.get(&format!("/api/v1/events?limit={limit}&after={after}")).json();
        all.extend(page["items"].as_array().expect("a list").iter().cloned());
        after = page["after"].as_u64().expect("a place");
        if page["more"] == false {
            return all;
        }
    }
}

pub fn the_feed_is_read_without_gaps(db: &TestDatabase) {
    let mut world = world(db).with_children();
    world.add_person("school1@alderbourne.example", world.area, 961, Role::Setting, Some(urn(given::SCHOOL + 1)), None);
    let whole = walk(&world, "manager@alderbourne", 7);
    let places: Vec<u64> = whole.iter().filter_map(|event| event["position"].as_u64()).collect();
    assert_eq!(places, (1..=whole.len() as u64).collect::<Vec<_>>(), "every place once, in order");
    assert_eq!(whole, walk(&world, "manager@alderbourne", 200));
    // It is the journal: every entry of every case.
    const ENTRIES: &str = "SELECT COUNT(*) FROM journal WHERE authority_id = $1";
    let area = world.area;
    let entries = world
        .app
        .db
        .read("test.entries", |tx| -> Result<i64, app::Error> { Ok(tx.query_one(ENTRIES, &[area.0.into()])?.get(0)?) });
    assert_eq!(entries.expect("the database answers"), whole.len() as i64);
    // What each is given is what the policy allows.
    let all: Vec<CaseId> = world.cases_of(world.area);
    for person in world.people.clone().iter().filter(|person| person.actor.authority == world.area) {
        let answer = world.program(&person.email).get("/api/v1/events?limit=1");
        let allowed: BTreeSet<String> = all
            .iter()
            .filter(|case| {
                let relations = world.load(world.area, **case).relations();
                may(&person.actor, Action::SeeCase, &Resource::Case(&relations)).is_allowed()
            })
            .map(ToString::to_string)
            .collect();
        if answer.status == StatusCode::FORBIDDEN {
            assert!(allowed.is_empty(), "{}", person.email);
            continue;
        }
        let given: BTreeSet<String> = walk(&world, &person.email, 200)
            .iter()
            .filter_map(|event| Some(event["case"].as_str()?.to_owned()))
            .collect();
        assert_eq!(given, allowed, "{}", person.email);
    }
    // What is new comes after what is known, and one topic alone can be asked for.
    let after = whole.len();
    world.child("Wren Elder", Stop::Received);
    let program = world.program("manager@alderbourne");
    let new = program.get(&format!("/api/v1/events?after={after}&topic=requests")).json();
    let kinds: Vec<&Value> = new["items"].as_array().expect("a list").iter().map(|event| &event["type"]).collect();
    assert!(kinds.contains(&&json!("requests.received")) && !kinds.contains(&&json!("people.record_opened")), "{new}");
    for wrong in ["after=-1", "after=9000000000000001", "after=x", "limit=0", "topic=x", "before=1"] {
        assert_eq!(program.get(&format!("/api/v1/events?{wrong}")).code(), "query_unreadable", "{wrong}");
    }
    let far = program.get("/api/v1/events?after=9000000000000000").json();
    assert_eq!((far["items"].as_array().map(Vec::len), &far["more"]), (Some(0), &json!(false)));
    assert_eq!(program.send("POST", "/api/v1/events", Sending::empty()).code(), "method_not_allowed");
}
