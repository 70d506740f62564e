//! People are told the way they chose: on which channel, when, once; and what does not arrive goes
//! another way and is seen.

use crate::carrier::{FakeNotify, Next, RECEIPTS, number_of};
use crate::given::Stop;
use crate::world::{Answer, Browser, TODAY, World};
use app::ports::{Carrier, KeptMail, Mail, NoMail, Notify, Taken, Unsent};
use app::queue::run_all_due;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use casework::post::Channel;
use casework::{CaseId, Command, people};
use db::testing::TestDatabase;
use jiff::SignedDuration;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const ROWS: &str = "SELECT channel, state, recipient, kind, body, message_id FROM messages \
    ORDER BY made_at, CASE WHEN state = 'failed' THEN 0 ELSE 1 END, message_id";

/// Channel, state, recipient, kind, words and id of every message.
pub type Row = (String, String, String, String, String, Uuid);

pub fn rows(world: &World) -> Vec<Row> {
    world
        .app
        .db
        .read("test.messages", |tx| -> Result<_, app::Error> {
            let mut rows = Vec::new();
            for row in tx.query(ROWS, &[])? {
                rows.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?));
            }
            Ok(rows)
        })
        .expect("the database answers")
}

/// Channel and state of every message about a child, in order.
fn told(world: &World) -> Vec<(String, String)> {
    rows(world)
        .into_iter()
        .filter(|row| !row.3.ends_with("_code"))
        .map(|(channel, state, ..)| (channel, state))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

pub fn run(world: &World) {
    run_all_due(&world.app).expect("the queue can be read");
}

pub fn hours(world: &World, hours: i64) {
    world.clock.advance(SignedDuration::from_hours(hours));
}

/// A child whose mother has an account.
pub fn child(world: &mut World) -> CaseId {
    let case = world.child("Sami Okafor", Stop::Received);
    let user = world.person("parent@").actor.user;
    let let_in = Command::People(people::Command::LetFamilyIn { user });
    world.give(case, world.area, (TODAY, let_in), "").expect("the law allows it");
    run(world);
    case
}

const ADDRESS: &str = "4 Mill Row\nAlderbourne\nab12cd";

/// What the page posts, with some of it changed.
fn wishes<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("channel", "email"),
        ("number", ""),
        ("address", ""),
        ("quiet-from", "20"),
        ("quiet-until", "8"),
        ("pace", "at_once"),
        ("other-language", ""),
    ];
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend_from_slice(changes);
    fields
}

fn save(browser: &Browser<'_>, changes: &[(&str, &str)]) -> Answer {
    browser.submit("/account/reach", &wishes(changes))
}

/// The six digits that were last sent to a number.
fn digits(world: &World) -> String {
    let row = rows(world).into_iter().rev().find(|row| row.3 == "number_code").expect("a code was sent");
    row.4.chars().filter(char::is_ascii_digit).take(6).collect()
}

/// Chooses texts and confirms the number.
pub fn choose_texts(world: &World, browser: &Browser<'_>, changes: &[(&str, &str)]) {
    let mut all = vec![("channel", "text"), ("number", "07700 900123")];
    all.extend_from_slice(changes);
    let saved = save(browser, &all);
    assert_eq!(saved.location(), "/account/reach/code", "{}", saved.text());
    run(world);
    let confirmed = browser.submit("/account/reach/code", &[("code", &digits(world))]);
    assert_eq!(confirmed.location(), "/account/reach?done=confirmed", "{}", confirmed.text());
}

/// The council writes to the family, a little later than it did before.
fn write(world: &World, case: CaseId) {
    world.clock.advance(SignedDuration::from_millis(1));
    let officer = world.browser("dev@");
    let sent = officer.submit(&format!("/children/{case}/messages"), &[("text", "Sami has a place.")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
}

pub fn somebody_is_told_the_way_they_chose(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = child(&mut world);
    let mother = world.browser("parent@");
    for (wrong, said) in [
        (vec![("channel", "")], "Select how we reach you"),
        (vec![("channel", "pigeon")], "Select how we reach you"),
        (vec![("channel", "text")], "Enter your mobile number to get texts"),
        (vec![("number", "01632 960100")], "Enter a UK mobile number, like 07700 900 123"),
        (vec![("channel", "letter")], "Enter the address that letters go to"),
        (vec![("address", "somewhere")], "with the postcode on the last"),
        (vec![("address", "1\n2\n3\n4\n5\n6\nAB1 2CD")], "Use at most 6 lines"),
        (vec![("quiet-from", "24")], "Select the hour from which no texts come"),
        (vec![("pace", "")], "Select how often you want to hear from us"),
    ] {
        let mut wrong = wrong;
        wrong.push(("other-language", "A call in Polish"));
        let answer = save(&mother, &wrong);
        let text = answer.text();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(text.contains(said) && text.contains("A call in Polish"), "{said}: {text}");
    }
    // A number counts only once whoever has it has said so, and a new one must be confirmed again.
    assert_eq!(save(&mother, &[("channel", "text"), ("number", "07700 900123")]).location(), "/account/reach/code");
    write(&world, case);
    run(&world);
    assert_eq!(told(&world), pairs(&[("email", "sent")]));
    for code in ["", "000", "abcdef"] {
        let answer = mother.submit("/account/reach/code", &[("code", code)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    }
    let confirmed = mother.submit("/account/reach/code", &[("code", &digits(&world))]);
    assert_eq!(confirmed.location(), "/account/reach?done=confirmed", "{}", confirmed.text());
    write(&world, case);
    run(&world);
    let last = rows(&world).pop().expect("a text");
    assert_eq!((last.0.as_str(), last.1.as_str(), last.2.as_str()), ("text", "sent", "+447700900123"));
    let sink = world.visitor().get("/demo/messages?channel=text").text();
    for said in
        ["Alderbourne SEND: The council has written to you.", &format!("/family/{case}/messages"), "07700 900123"]
    {
        assert!(sink.contains(said), "{said}: {sink}");
    }
    assert!(!sink.contains("Sami"), "{sink}");
    // Another number is not this one.
    assert_eq!(save(&mother, &[("channel", "text"), ("number", "07700 900999")]).location(), "/account/reach/code");
    write(&world, case);
    run(&world);
    assert_eq!(told(&world).last(), pairs(&[("email", "sent")]).last());
    // The officer sees how she is reached and what she needs.
    save(&mother, &[("other-language", "A call in <Polish>")]);
    for path in ["", "/messages"] {
        let text = world.browser("dev@").get(&format!("/children/{case}{path}")).text();
        assert!(text.contains("A call in &#60;Polish&#62;"), "{path}: {text}");
    }
    // Nobody is told how a family is reached who does not write to it.
    let text = world.browser("auditor@").get(&format!("/children/{case}")).text();
    assert!(!text.contains("Reached by") && !text.contains("Polish"), "{text}");
}

pub fn a_letter_is_printed_posted_and_may_come_back(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = child(&mut world);
    let mother = world.browser("parent@");
    assert_eq!(save(&mother, &[("channel", "letter"), ("address", ADDRESS)]).location(), "/account/reach?done=saved");
    write(&world, case);
    run(&world);
    run(&world);
    assert_eq!(told(&world), pairs(&[("letter", "to_print")]));
    let front_door = world.browser("front_door@");
    let list = front_door.get("/letters").text();
    assert!(list.contains("4 Mill Row, Alderbourne, AB1 2CD") && !list.contains("Sami"), "{list}");
    let link = list.split('"').find(|part| part.ends_with("/print")).expect("it can be printed").to_owned();
    let letter = front_door.get(&link);
    assert!(letter.bytes.starts_with(b"%PDF-"), "{}", letter.text());
    for other in ["officer@", "parent@", "analyst@", "administrator@"] {
        assert_eq!(world.browser(other).get("/letters").status, StatusCode::FORBIDDEN, "{other}");
        assert_eq!(world.browser(other).get(&link).status, StatusCode::FORBIDDEN, "{other}");
    }
    assert_eq!(world.browser("officer@brackenford").get(&link).status, StatusCode::NOT_FOUND);
    // Pressed twice, it was posted once.
    for _ in 0..2 {
        assert_eq!(front_door.submit(&link.replace("/print", "/posted"), &[]).location(), "/letters");
    }
    assert_eq!(told(&world), pairs(&[("letter", "sent")]));
    assert_eq!(front_door.get(&link).status, StatusCode::NOT_FOUND, "it is no letter to print any more");
    // It comes back: she is told by email, what it said and from now on, and sees why.
    for _ in 0..2 {
        front_door.submit(&link.replace("/print", "/returned"), &[]);
        run(&world);
    }
    assert_eq!(told(&world), pairs(&[("letter", "failed"), ("email", "sent")]));
    write(&world, case);
    run(&world);
    assert_eq!(told(&world).last(), pairs(&[("email", "sent")]).last());
    let page = mother.get("/account/reach").text();
    assert!(page.contains("A letter to you came back. Until it is put right we email you."), "{page}");
    let staff = world.browser("dev@").get(&format!("/children/{case}/messages")).text();
    assert!(staff.contains("A letter came back: ring them as well"), "{staff}");
    // She says that it works, or puts the address right: letters again.
    mother.submit("/account/reach/try-again", &[("channel", "letter")]);
    write(&world, case);
    run(&world);
    assert_eq!(told(&world).last(), pairs(&[("letter", "to_print")]).last());
}

pub fn nothing_comes_in_quiet_hours_and_a_digest_comes_once(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = child(&mut world);
    let mother = world.browser("parent@");
    choose_texts(&world, &mother, &[]);
    // The night in which clocks go forward: written at ten in the evening, told at eight by the new time.
    for (evening, slept) in [(jiff::civil::date(2027, 3, 27), 9), (jiff::civil::date(2027, 10, 30), 11)] {
        let before = told(&world).len();
        world.clock.move_to(evening);
        hours(&world, 12);
        write(&world, case);
        run(&world);
        assert_eq!(told(&world).last(), pairs(&[("text", "waiting")]).last(), "{evening}");
        hours(&world, slept - 1);
        world.clock.advance(SignedDuration::from_mins(59));
        run(&world);
        assert_eq!(told(&world).last(), pairs(&[("text", "waiting")]).last(), "{evening}: a minute to eight");
        world.clock.advance(SignedDuration::from_mins(1));
        run(&world);
        assert_eq!(told(&world).last(), pairs(&[("text", "sent")]).last(), "{evening}: eight");
        assert_eq!(told(&world).len(), before + 1);
    }
    // A code that somebody waits for comes at night.
    world.clock.move_to(jiff::civil::date(2027, 11, 1));
    hours(&world, 13);
    let mother = world.browser("parent@");
    save(&mother, &[("channel", "text"), ("number", "07700 900555")]);
    run(&world);
    let code = rows(&world).into_iter().rev().find(|row| row.3 == "number_code").expect("a code");
    assert_eq!(code.1, "sent");
    // A code that nobody could send in its ten minutes is not sent afterwards.
    world.clock.advance(SignedDuration::from_mins(1));
    save(&mother, &[("channel", "text"), ("number", "07700 900556")]);
    hours(&world, 1);
    run(&world);
    let code = rows(&world).into_iter().rev().find(|row| row.3 == "number_code").expect("a code");
    assert_eq!(code.1, "failed");

    // Once a week: three things are one email, however often the jobs run.
    world.clock.move_to(jiff::civil::date(2027, 11, 2));
    let mother = world.browser("parent@");
    save(&mother, &[("pace", "weekly")]);
    let before = told(&world).len();
    for _ in 0..3 {
        write(&world, case);
    }
    run(&world);
    assert_eq!(told(&world)[before..], pairs(&[("email", "gathered"); 3]));
    assert!(mother.get("/account/reach").text().contains("Monday 8 November 2027 at 9:00am"));
    world.clock.move_to(jiff::civil::date(2027, 11, 8));
    for _ in 0..2 {
        let again =
            "UPDATE jobs SET finished_at = NULL, leased_until = NULL WHERE kind IN ('send_digest', 'send_message')";
        world.write(|tx| Ok(tx.execute(again, &[])?));
        run(&world);
    }
    let after = told(&world);
    let digested = after[before..].iter().filter(|(_, state)| state == "digested").count();
    let sent = after[before..].iter().filter(|(_, state)| state == "sent").count();
    assert_eq!((digested, sent, after.len() - before), (3, 1, 4), "{after:?}");
    // Whoever wants each at once after all gets what was gathered.
    let mother = world.browser("parent@");
    write(&world, case);
    write(&world, case);
    let before = told(&world).len();
    save(&mother, &[]);
    run(&world);
    assert_eq!(told(&world)[before - 2..], pairs(&[("email", "sent"), ("email", "sent")]));
}

/// A world whose texts and letters go to a Notify of this machine.
fn notified(db: &TestDatabase) -> (World, FakeNotify) {
    let fake = FakeNotify::start();
    let now = jiff::Timestamp::UNIX_EPOCH.as_second();
    let notify = Notify::read(&fake.file, true, move || now).expect("the file can be read");
    let world = World::carried(db, Arc::new(KeptMail), Arc::new(notify));
    (world, fake)
}

fn receipt(world: &World, token: &str, body: &serde_json::Value) -> StatusCode {
    let request = Request::builder()
        .method("POST")
        .uri("/notify/receipts")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .expect("it is a request");
    world.send(request).status
}

pub fn a_text_goes_once_whatever_notify_answers(db: &TestDatabase) {
    let (mut world, fake) = notified(db);
    let case = child(&mut world);
    let mother = world.browser("parent@");
    choose_texts(&world, &mother, &[]);
    let texts =
        |fake: &FakeNotify| fake.taken().into_iter().filter(|(_, _, body)| body.contains("written to you")).count();
    let mut sent = 0;
    for (number, next) in [
        Next::Error(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
        Next::Error(429, "TooManyRequestsError", "Exceeded send limits (40000) for today"),
        Next::Error(500, "Exception", "Internal server error"),
        Next::HangUp,
        Next::Slow,
        Next::Nonsense,
    ]
    .into_iter()
    .enumerate()
    {
        let what = format!("{next:?}");
        fake.say(|heard| heard.next.push_back(next));
        write(&world, case);
        run(&world);
        assert_eq!(told(&world).last(), pairs(&[("text", "waiting")]).last(), "{what}");
        // What waits is said, with its reason and since when.
        let page = world.browser("administrator@").get("/outbox").text();
        assert!(
            page.contains("The carrier of texts does not answer since") && page.contains("GOV.UK Notify"),
            "{page}"
        );
        world.clock.advance(SignedDuration::from_mins(5));
        run(&world);
        sent = number + 1;
        assert_eq!(told(&world).last(), pairs(&[("text", "sent")]).last(), "{what}");
        assert_eq!(texts(&fake), sent, "{what}: it was taken once");
        assert!(world.browser("administrator@").get("/outbox").text().contains("No texts wait."), "{what}");
    }
    // Set wrongly here: it waits for a hand, and goes once however often it is pressed.
    fake.say(|heard| heard.next.push_back(Next::Error(400, "BadRequestError", "Missing personalisation: body")));
    write(&world, case);
    run(&world);
    assert_eq!(told(&world).last(), pairs(&[("text", "stopped")]).last());
    let administrator = world.browser("administrator@");
    let page = administrator.get("/outbox").text();
    assert!(page.contains("look at the templates: Missing personalisation"), "{page}");
    let again = page.split('"').find(|part| part.ends_with("/again")).expect("it can be tried again").to_owned();
    assert_eq!(world.browser("officer@").submit(&again, &[]).status, StatusCode::FORBIDDEN);
    for _ in 0..2 {
        assert_eq!(administrator.submit(&again, &[]).location(), "/outbox");
    }
    run(&world);
    assert_eq!((told(&world).last(), texts(&fake)), (pairs(&[("text", "sent")]).last(), sent + 1));
    // The program died after it was handed over and before that was noted.
    write(&world, case);
    run(&world);
    let id = rows(&world).pop().expect("a text").5;
    world.write(|tx| {
        tx.execute("UPDATE messages SET state = 'waiting' WHERE message_id = $1", &[id.into()])?;
        tx.execute("UPDATE message_attempts SET outcome = 'begun' WHERE message_id = $1", &[id.into()])?;
        tx.execute("UPDATE jobs SET finished_at = NULL WHERE job_id = $1", &[id.into()])?;
        Ok(())
    });
    run(&world);
    assert_eq!((told(&world).last(), texts(&fake)), (pairs(&[("text", "sent")]).last(), sent + 2));
    assert_eq!(fake.heard.lock().expect("nobody panicked").wrong_tokens, 0);
    // Nobody reads a name on the way.
    assert!(fake.taken().iter().all(|(_, to, body)| to == "+447700900123" && !body.contains("Sami")));
}

pub fn what_does_not_arrive_goes_another_way(db: &TestDatabase) {
    let (mut world, fake) = notified(db);
    let case = child(&mut world);
    let mother = world.browser("parent@");
    choose_texts(&world, &mother, &[]);
    let send = |world: &World| {
        write(world, case);
        run(world);
        rows(world).into_iter().rev().find(|row| row.3 == "message_written").expect("a message").5.to_string()
    };
    let said = |id: &str, status: &str| json!({ "id": number_of(id), "reference": id, "status": status, "to": "x" });
    let last = |world: &World| told(world).pop().expect("a message");
    // Who may say so, and about what.
    let id = send(&world);
    for (token, body, status) in [
        ("", said(&id, "delivered"), StatusCode::UNAUTHORIZED),
        ("another token here", said(&id, "delivered"), StatusCode::UNAUTHORIZED),
        (RECEIPTS, json!(["nonsense"]), StatusCode::BAD_REQUEST),
        (RECEIPTS, said(&Uuid::nil().to_string(), "delivered"), StatusCode::NO_CONTENT),
        (RECEIPTS, json!({ "id": Uuid::nil(), "reference": id, "status": "delivered" }), StatusCode::NO_CONTENT),
        (RECEIPTS, said(&id, "sending"), StatusCode::NO_CONTENT),
    ] {
        assert_eq!(receipt(&world, token, &body), status, "{body}");
        assert_eq!(last(&world), pairs(&[("text", "sent")])[0], "{body}");
    }
    // It arrived, and what comes later does not change that.
    for status in ["delivered", "delivered", "permanent-failure"] {
        assert_eq!(receipt(&world, RECEIPTS, &said(&id, status)), StatusCode::NO_CONTENT);
        assert_eq!(last(&world), pairs(&[("text", "delivered")])[0]);
    }
    // The phone was off: the same again in an hour, three times, then another way.
    let before = told(&world).len();
    let id = send(&world);
    for tries in 1..=3 {
        receipt(&world, RECEIPTS, &said(&id, "temporary-failure"));
        let state = if tries < 3 { "waiting" } else { "failed" };
        assert_eq!(told(&world)[before], pairs(&[("text", state)])[0], "{tries}");
        hours(&world, 2);
        run(&world);
    }
    assert_eq!(told(&world)[before..], pairs(&[("text", "failed"), ("email", "sent")]));
    // She sees it, and so does her officer; the next goes by email at once.
    let mother = world.browser("parent@");
    let page = mother.get("/account/reach").text();
    assert!(page.contains("A text to 07700 900123 did not arrive. Until it is put right we email you."), "{page}");
    let staff = world.browser("dev@").get(&format!("/children/{case}")).text();
    assert!(staff.contains("Texts do not arrive"), "{staff}");
    send(&world);
    assert_eq!(last(&world), pairs(&[("email", "sent")])[0]);
    // It works again; then there is no such number any more, said twice.
    mother.submit("/account/reach/try-again", &[("channel", "text")]);
    world.clock.move_to(law::calendar::days(TODAY, 1));
    let before = told(&world).len();
    let id = send(&world);
    for _ in 0..2 {
        receipt(&world, RECEIPTS, &said(&id, "permanent-failure"));
        run(&world);
    }
    assert_eq!(told(&world)[before..], pairs(&[("text", "failed"), ("email", "sent")]));
    // A number that Notify refuses at once is no better.
    let mother = world.browser("parent@");
    mother.submit("/account/reach/try-again", &[("channel", "text")]);
    let refused = Next::Error(400, "ValidationError", "phone_number Number is not possible");
    fake.say(|heard| heard.next.push_back(refused));
    let before = told(&world).len();
    send(&world);
    assert_eq!(told(&world)[before..], pairs(&[("text", "failed"), ("email", "sent")]));
    // Letters through Notify: one that came back is said later, by another form.
    save(&mother, &[("channel", "letter"), ("address", ADDRESS)]);
    let id = send(&world);
    assert_eq!(last(&world), pairs(&[("letter", "sent")])[0]);
    receipt(&world, RECEIPTS, &said(&id, "received"));
    assert_eq!(last(&world), pairs(&[("letter", "sent")])[0]);
    receipt(
        &world,
        RECEIPTS,
        &json!({ "notification_id": number_of(&id), "reference": id, "date_sent": "2026-11-24" }),
    );
    run(&world);
    let after = told(&world);
    assert_eq!(after[after.len() - 2..], pairs(&[("letter", "failed"), ("email", "sent")]));
    // Where nobody says anything, it is asked for.
    mother.submit("/account/reach/try-again", &[("channel", "letter")]);
    send(&world);
    fake.say(|heard| heard.status = "technical-failure".to_owned());
    hours(&world, 1);
    run(&world);
    assert_eq!(last(&world), pairs(&[("letter", "stopped")])[0]);
    assert!(fake.heard.lock().expect("nobody panicked").asked > 0);
}

pub fn words_are_forgotten_once_nobody_needs_them(db: &TestDatabase) {
    let fake = FakeNotify::start();
    let notify = Notify::read(&fake.file, true, || 0).expect("the file can be read");
    let mut world = World::carried(db, Arc::new(KeptMail), Arc::new(notify));
    let case = child(&mut world);
    choose_texts(&world, &world.browser("parent@"), &[]);
    write(&world, case);
    run(&world);
    // The same installation, no longer as a demo.
    let settings = app::config::Settings { demo: false, ..(*world.app.settings).clone() };
    world.app.settings = Arc::new(settings);
    let words = |world: &World| rows(world).into_iter().filter(|row| !row.4.is_empty()).count();
    let before = words(&world);
    assert!(before > 0, "a text of which nothing was heard keeps its words");
    app::post::forget(&world.app).expect("the round can be made");
    assert_eq!(words(&world), before);
    world.clock.move_to(law::calendar::days(TODAY, 91));
    app::post::forget(&world.app).expect("the round can be made");
    assert_eq!(words(&world), 0);
    // What still waits keeps its words, however long.
    write(&world, case);
    assert_eq!(words(&world), 1);
    world.clock.move_to(law::calendar::days(TODAY, 400));
    app::post::forget(&world.app).expect("the round can be made");
    assert_eq!(words(&world), 1);
}

/// A mail server that is away until it is told to come back.
struct Away {
    is_back: AtomicBool,
    sent: Mutex<Vec<Uuid>>,
    asked: Mutex<usize>,
}

impl Mail for Away {
    fn send(&self, id: Uuid, to: &str, subject: &str, body: &str) -> Result<Taken, Unsent> {
        *self.asked.lock().expect("nobody panicked") += 1;
        if !self.is_back.load(Ordering::Relaxed) {
            return NoMail.send(id, to, subject, body);
        }
        self.sent.lock().expect("nobody panicked").push(id);
        Ok(Taken::default())
    }
}

pub fn a_mail_server_that_is_away_queues_and_says_so(db: &TestDatabase) {
    let away = Arc::new(Away { is_back: AtomicBool::new(false), sent: Mutex::default(), asked: Mutex::default() });
    let carrier: Arc<dyn Carrier> = Arc::new(app::ports::NoCarrier);
    let mut world = World::carried(db, away.clone(), carrier);
    let case = child(&mut world);
    for _ in 0..14 {
        write(&world, case);
    }
    run(&world);
    assert_eq!(told(&world), pairs(&[("email", "waiting"); 14]));
    assert_eq!(*away.asked.lock().expect("nobody panicked"), 1, "the others are spared the wait");
    world.clock.advance(SignedDuration::from_mins(70));
    run(&world);
    let said = "The mail server does not answer since 10:00am; 14 emails wait.";
    let page = world.browser("administrator@").get("/outbox").text();
    assert!(page.contains(said) && page.contains("no mail server is set"), "{page}");
    let lines = world.app.db.read("test.lines", |tx| app::post::waiting::lines(tx, world.area, world.app.clock.now()));
    let lines = lines.expect("the database answers");
    assert_eq!(
        lines.iter().find(|line| line.channel == Channel::Email).map(|line| line.words(TODAY)).as_deref(),
        Some(said)
    );
    assert_eq!(world.browser("officer@").get("/outbox").status, StatusCode::FORBIDDEN);
    // After a weekend it is back, and everything goes, once.
    world.clock.move_to(law::calendar::days(TODAY, 3));
    away.is_back.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        run(&world);
        hours(&world, 1);
    }
    assert_eq!(told(&world), pairs(&[("email", "sent"); 14]));
    let mut sent = away.sent.lock().expect("nobody panicked").clone();
    sent.sort();
    sent.dedup();
    assert_eq!((sent.len(), away.sent.lock().expect("nobody panicked").len()), (14, 14));
    assert!(world.browser("administrator@").get("/outbox").text().contains("No emails wait."));
}

#[test]
fn what_is_wrong_with_the_file_is_said() {
    let fake = FakeNotify::start();
    let good = std::fs::read_to_string(&fake.file).expect("it was written");
    for (from, to, said) in [
        ("http://localhost", "http://notify.example", "must be an https address"),
        ("\"key\"", "\"no such file\"", "failed to read `no such file`"),
        ("\"key\"", "\"receipts\"", "is not a key of Notify"),
        ("11111111-1111-4111-8111-111111111111", "text", "is not the id of a template"),
        ("seconds_max", "second_max", "unknown field"),
    ] {
        std::fs::write(&fake.file, good.replace(from, to)).expect("it can be written");
        let wrong = Notify::read(&fake.file, true, || 0).expect_err(said);
        assert!(wrong.contains(said), "{said}: {wrong}");
        assert!(!wrong.contains(crate::carrier::SECRET), "{wrong}");
    }
    std::fs::write(&fake.file, &good).expect("it can be written");
    assert!(Notify::read(&fake.file, false, || 0).is_err(), "plain http is for demos");
    assert!(!format!("{:?}", Notify::read(&fake.file, true, || 0)).contains(crate::carrier::SECRET));
}
