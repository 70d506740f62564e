//! Asking for an assessment without an account: what is typed is kept, what is sent is sent once,
//! and the receipt says what it was.

use crate::world::{Answer, Browser, TODAY, World};
use app::journal::verify;
use axum::body::Body;
use axum::http::{StatusCode, header};
use db::testing::TestDatabase;
use jiff::ToSpan;

const YOU: [(&str, &str); 5] = [
    ("area", "332"),
    ("asker", "parent"),
    ("your-name", "Amara Okafor"),
    ("relation", "mother"),
    ("telephone", "01632 960 001"),
];
const CHILD: [(&str, &str); 5] = [
    ("given-name", "Sami"),
    ("family-name", "Okafor"),
    ("born-on-day", "14"),
    ("born-on-month", "5"),
    ("born-on-year", "2017"),
];
const WORRIES: [(&str, &str); 2] =
    [("worries", "He cannot follow <b>the lesson</b>."), ("home", "A break at weekends")];

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 a photo of a letter";
const VOICE: &[u8] = b"OggS\0\x02 a voice note of thirty seconds";

fn post_files(browser: &Browser<'_>, path: &str, files: &[(&str, &[u8])], then: &str) -> Answer {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(
        format!("--line\r\nContent-Disposition: form-data; name=\"then\"\r\n\r\n{then}\r\n--line--\r\n").as_bytes(),
    );
    let request = browser
        .request("POST", path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=line")
        .body(Body::from(body))
        .expect("the address is one");
    browser.send(request)
}

/// Begins a form and returns its address, `/ask/{code}`.
fn begin(browser: &Browser<'_>) -> String {
    let answer = browser.post("/ask/you", &YOU);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.location().strip_suffix("/child").expect("the next page is about the child").to_owned()
}

/// Answers everything; the next thing is to send it.
pub fn whole(browser: &Browser<'_>) -> String {
    let form = begin(browser);
    for (page, fields) in [("child", &CHILD[..]), ("school", &[("school", "none")]), ("worries", &WORRIES)] {
        let answer = browser.post(&format!("{form}/{page}"), fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}: {}", answer.text());
    }
    form
}

/// Sends a request with a photo; its address now opens the receipt.
pub fn sent(browser: &Browser<'_>) -> String {
    let form = whole(browser);
    post_files(browser, &format!("{form}/files"), &[("letter.jpg", PHOTO)], "");
    assert_eq!(browser.post(&format!("{form}/check"), &[]).location(), form);
    form
}

fn count(world: &World, sql: &'static str) -> i64 {
    let read = |tx: &mut dyn db::Tx| -> Result<i64, app::Error> { Ok(tx.query_one(sql, &[])?.get(0)?) };
    world.app.db.read("test.count", read).expect("the database answers")
}

fn waiting_files(world: &World) -> usize {
    std::fs::read_dir(world.folder.join("files/arriving")).map_or(0, Iterator::count)
}

pub fn a_request_is_begun_saved_and_sent_once(db: &TestDatabase) {
    let world = World::new(db);
    let browser = world.visitor();

    // Stopping on the first page keeps what there is of it, and another device goes on with the code.
    let answer = browser.post("/ask/you", &[("area", "332"), ("your-name", "Amara"), ("then", "later")]);
    let saved = browser.get(answer.location());
    assert!(saved.text().contains("Saved. Use this link or code within 30 days"), "{}", saved.text());
    let code = answer.location().split('/').nth(2).expect("a code").to_owned();
    let back = browser.post("/ask/return", &[("code", &code.to_lowercase().replace('-', " "))]);
    let first = browser.get(browser.get(back.location()).location());
    assert!(first.text().contains("value=\"Amara\""), "what was typed is there");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM cases"), 0, "nothing is recorded before it is sent");

    let form = whole(&browser);
    assert_eq!(browser.get(&form).location(), format!("{form}/check"));
    let added = post_files(&browser, &format!("{form}/files"), &[("letter.jpg", PHOTO), ("../note.exe", VOICE)], "add");
    assert_eq!(added.location(), format!("{form}/files"), "{}", added.text());
    let check = browser.get(&format!("{form}/check")).text();
    for said in ["Amara Okafor", "14 May 2017", "He cannot follow", "letter.jpg", "note.exe", "voice recording"] {
        assert!(check.contains(said), "{said}: {check}");
    }
    assert!(!check.contains("<b>the lesson"), "what is typed is text");

    for _ in 0..2 {
        let sent = browser.post(&format!("{form}/check"), &[]);
        assert_eq!(sent.location(), form, "{}", sent.text());
    }
    assert_eq!(browser.get(&form).location(), format!("{form}/receipt"));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM cases"), 1, "sent twice, recorded once");
    assert_eq!(waiting_files(&world), 0, "its files are in the record");

    let receipt = browser.get(&format!("{form}/receipt")).text();
    // printf '\xff\xd8\xff\xe0 a photo of a letter' | sha256sum
    let photo = "4759beace74362af9c4bfff30ec4199ae4616c6052083c3ad094026f6fb4dc33";
    let words = "What worries you?\nHe cannot follow <b>the lesson</b>.\n\nWhat would help at home?\nA break at weekends\n\nSchool\nNot at a school now.";
    assert_eq!(browser.get(&format!("{form}/receipt/words.txt")).text(), words);
    for said in ["-00001", "10:00am", "Alderbourne SENDIASS", photo] {
        assert!(receipt.contains(said), "{said}: {receipt}");
    }
    // Going back in the browser changes nothing any more.
    for page in ["child", "files", "check", "saved"] {
        assert_eq!(browser.get(&format!("{form}/{page}")).location(), format!("{form}/receipt"), "{page}");
    }
    let late = browser.post(&format!("{form}/child"), &[("given-name", "Somebody")]);
    assert_eq!(late.location(), format!("{form}/receipt"));

    // It is the record of the area that was chosen, and staff read what was sent.
    let officer = world.browser("officer@");
    let found = officer.get("/children?q=Okafor").text();
    let is_id = |text: &&str| text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let case = found.split("/children/").filter_map(|rest| rest.get(..36)).find(is_id).expect("a child is found");
    let request = officer.get(&format!("/children/{case}/request")).text();
    for said in ["Online form", "-00001", "letter.jpg", "He cannot follow &#60;b&#62;the lesson", photo] {
        assert!(request.contains(said), "{said}: {request}");
    }
    let report = verify(&world.app.db).expect("the journal can be read");
    assert!(report.is_whole(), "{:?}", report.faults);
    assert_eq!(report.cases, 1);
}

pub fn what_cannot_be_taken_is_said_and_nothing_is_lost(db: &TestDatabase) {
    let world = World::new(db);
    let browser = world.visitor();
    for path in ["/ask/KX7M-2PQ9-TR4D", "/ask/KX7M-2PQ9-TR4D/child", "/ask/nonsense", "/ask/nonsense/receipt"] {
        assert_eq!(browser.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
    let wrong = browser.post("/ask/return", &[("code", "KX7M-2PQ9-TR4D")]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("There is no saved request with this code"));

    // Nothing is begun by a first page that needs mending, and what was typed comes back.
    let empty = browser.post("/ask/you", &[("your-name", "Amara Okafor")]);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("value=\"Amara Okafor\""));
    assert_eq!(count(&world, "SELECT COUNT(*) FROM drafts"), 0);

    let form = begin(&browser);
    // A page that needs mending is kept all the same, and the form cannot be sent.
    let bad = browser
        .post(&format!("{form}/child"), &[("given-name", "Sami"), ("born-on-day", "31"), ("born-on-month", "2")]);
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.get(&format!("{form}/child")).text().contains("value=\"Sami\""));
    assert_eq!(browser.post(&format!("{form}/check"), &[]).location(), form);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM cases"), 0);

    for (name, bytes, said) in [
        ("run.jpg", &b"MZ a program"[..], "run.jpg cannot be taken"),
        ("page.pdf", b"<html><script>alert(1)</script>", "page.pdf cannot be taken"),
    ] {
        let refused = post_files(&browser, &format!("{form}/files"), &[(name, bytes)], "add");
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains(said), "{}", refused.text());
    }
    let twice = post_files(&browser, &format!("{form}/files"), &[("a.jpg", PHOTO), ("b.jpg", PHOTO)], "add");
    assert!(twice.text().contains("b.jpg is here already"), "{}", twice.text());
    assert_eq!(waiting_files(&world), 1, "what was refused is not kept");
    let page = browser.get(&format!("{form}/files")).text();
    let remove = page.split("action=\"").find_map(|rest| rest.split('"').next().filter(|to| to.ends_with("/remove")));
    assert_eq!(browser.post(remove.expect("a file can be taken away"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(waiting_files(&world), 0);

    // Another site's page cannot send in a visitor's name.
    let forged = browser
        .request("POST", "/ask/you")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("asker=parent"))
        .expect("the address is one");
    assert_eq!(browser.send(forged).status, StatusCode::FORBIDDEN);

    // Somebody who is too young to ask for themselves is told so when they send it; nothing is recorded.
    let young = whole(&browser);
    let mut you = YOU.to_vec();
    you[1] = ("asker", "myself");
    browser.post(&format!("{young}/you"), &you);
    post_files(&browser, &format!("{young}/files"), &[("letter.jpg", PHOTO)], "add");
    let told = browser.post(&format!("{young}/check"), &[]);
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", told.location());
    assert_eq!(count(&world, "SELECT COUNT(*) FROM cases"), 0);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM counters"), 0, "no receipt number is spent");
    let kept = std::fs::read_dir(world.folder.join("files")).expect("there are files").count();
    assert_eq!((waiting_files(&world), kept), (1, 1), "its file waits, and is in no record");
}

pub fn what_is_not_sent_is_forgotten(db: &TestDatabase) {
    let world = World::new(db);
    let browser = world.visitor();
    let form = whole(&browser);
    post_files(&browser, &format!("{form}/files"), &[("letter.jpg", PHOTO)], "add");
    assert_eq!(waiting_files(&world), 1);
    world.clock.move_to(TODAY.checked_add(29.days()).expect("a day"));
    assert_eq!(browser.get(&format!("{form}/check")).status, StatusCode::OK, "kept for thirty days");
    world.clock.move_to(TODAY.checked_add(31.days()).expect("a day"));
    assert_eq!(browser.get(&format!("{form}/check")).status, StatusCode::NOT_FOUND);
    begin(&browser);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM drafts"), 1, "only the new one");
    assert_eq!(count(&world, "SELECT COUNT(*) FROM draft_files"), 0);
    assert_eq!(waiting_files(&world), 0);
}
