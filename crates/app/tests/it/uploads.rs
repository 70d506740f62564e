//! Files in parts: what breaks off goes on where it stopped, one writer at a time, and nothing that is
//! not a file of a known type stays.

use crate::given::Stop;
use crate::world::{Answer, Browser, World};
use app::uploads::forget_ended;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use casework::{CaseId, Command, people};
use db::testing::TestDatabase;
use sha2::{Digest, Sha256};
use std::io::Write;

/// A child whose parent reads along.
pub fn with_family(world: &mut World) -> CaseId {
    let case = world.child("Sami Okafor", Stop::Asked);
    let parent = world.person("parent@").actor.user;
    let let_in = Command::People(people::Command::LetFamilyIn { user: parent });
    world.give(case, world.area, (crate::world::TODAY, let_in), "").expect("the law allows it");
    case
}

/// A PDF of so many bytes, as far as its first bytes say.
pub fn pdf(length: usize, seed: u8) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7 ".to_vec();
    bytes.extend((0..length.saturating_sub(bytes.len())).map(|at| (at % 251) as u8 ^ seed));
    bytes
}

fn tus(browser: &Browser<'_>, method: &str, path: &str) -> axum::http::request::Builder {
    browser.request(method, path).header("tus-resumable", "1.0.0")
}

pub fn create(browser: &Browser<'_>, at: &str, name: &str, bytes: usize) -> Answer {
    let request = tus(browser, "POST", at)
        .header("upload-length", bytes)
        .header("upload-metadata", format!("filename {}", BASE64.encode(name)))
        .body(Body::empty())
        .expect("a request");
    browser.send(request)
}

fn patch_request(browser: &Browser<'_>, at: &str, offset: usize, body: Body) -> Request<Body> {
    tus(browser, "PATCH", at)
        .header("upload-offset", offset)
        .header(header::CONTENT_TYPE, "application/offset+octet-stream")
        .body(body)
        .expect("a request")
}

pub fn patch(browser: &Browser<'_>, at: &str, offset: usize, bytes: &[u8]) -> Answer {
    browser.send(patch_request(browser, at, offset, Body::from(bytes.to_vec())))
}

fn offset(browser: &Browser<'_>, at: &str) -> Option<usize> {
    let answer = browser.send(tus(browser, "HEAD", at).body(Body::empty()).expect("a request"));
    answer.headers.get("upload-offset").map(|text| text.to_str().expect("text").parse().expect("a number"))
}

/// Sends a whole file in parts and returns where it went.
pub fn upload(browser: &Browser<'_>, at: &str, name: &str, bytes: &[u8]) -> Answer {
    let made = create(browser, at, name, bytes.len());
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    patch(browser, made.location(), 0, bytes)
}

/// The multipart form of a page, with its token first.
pub fn form(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
    let csrf = browser.csrf();
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
        let part = format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, bytes) in files {
        let part = format!("--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--line--\r\n");
    let request = browser
        .request("POST", path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=line")
        .body(Body::from(body))
        .expect("the address is one");
    browser.send(request)
}

fn arriving(world: &World) -> usize {
    std::fs::read_dir(world.folder.join("files/arriving")).map_or(0, Iterator::count)
}

pub fn what_breaks_off_goes_on(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    let parent = world.browser("parent@");
    let uploads = format!("/family/{case}/papers/uploads");
    let file = pdf(300_000, 1);

    let spoken = parent.send(parent.request("OPTIONS", &uploads).body(Body::empty()).expect("a request"));
    assert_eq!(spoken.headers["tus-extension"], "creation,checksum,expiration,termination");
    let made = create(&parent, &uploads, "report.pdf", file.len());
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.headers["upload-expires"], "Tue, 24 Nov 2026 10:00:00 GMT");
    let at = made.location().to_owned();
    assert_eq!(offset(&parent, &at), Some(0));
    let half = patch(&parent, &at, 0, &file[..100_000]);
    assert_eq!(half.status, StatusCode::NO_CONTENT, "{}", half.text());
    assert_eq!(half.headers["upload-offset"], "100000");
    let page = parent.get(&format!("/family/{case}/papers")).text();
    assert!(page.contains("Not finished") && page.contains("100 KB of 300 KB arrived"), "{page}");

    // A part that begins elsewhere changes nothing.
    for wrong in [0, 99_999, 100_001, 300_000] {
        let answer = patch(&parent, &at, wrong, &file[..10]);
        assert_eq!(answer.status, StatusCode::CONFLICT, "{wrong}");
        assert_eq!(answer.headers["upload-offset"], "100000");
    }
    // The server died after it wrote and before it could say so: what it said counts.
    let name = at.rsplit('/').next().expect("an id");
    let path = world.folder.join("files/arriving").join(name);
    let mut on_disk = std::fs::OpenOptions::new().append(true).open(&path).expect("it is there");
    on_disk.write_all(b"half a part that was never noted").expect("the disk has room");
    drop(on_disk);
    let again = app::web::router(world.app.clone());
    drop(again);
    assert_eq!(offset(&parent, &at), Some(100_000));
    let rest = patch(&parent, &at, 100_000, &file[100_000..]);
    assert_eq!(rest.status, StatusCode::NO_CONTENT, "{}", rest.text());
    // Its answer was lost: asking again is no conflict.
    assert_eq!(patch(&parent, &at, 300_000, b"").status, StatusCode::NO_CONTENT);

    let page = parent.get(&format!("/family/{case}/papers")).text();
    assert!(page.contains("Send this paper") && !page.contains("Not finished"), "{page}");
    let sent = form(
        &parent,
        &format!("/family/{case}/papers"),
        &[("paper-1", name), ("paper-1-kind", "report"), ("then", "send")],
        &[],
    );
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let receipt = parent.get(sent.location()).text();
    let print: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(receipt.contains(&print) && receipt.contains("report.pdf"), "{receipt}");
    assert_eq!(arriving(&world), 0, "nothing is left behind");
    let stored = parent.get(&format!("/family/{case}/documents/{name}"));
    assert_eq!((stored.status, &stored.bytes), (StatusCode::OK, &file));
    // As browsers ask for it: compressed on its way, to its very end.
    let request = parent.request("GET", &format!("/family/{case}/documents/{name}")).header("accept-encoding", "gzip");
    let compressed = parent.send(request.body(Body::empty()).expect("a request"));
    assert_eq!(
        (compressed.status, compressed.headers[header::CONTENT_ENCODING].as_bytes()),
        (StatusCode::OK, &b"gzip"[..])
    );
    assert!(compressed.headers.get(header::CONTENT_LENGTH).is_none());
    // A gzip stream ends with how long it was before.
    assert_eq!(compressed.bytes[compressed.bytes.len() - 4..], 300_000_u32.to_le_bytes());
    assert!(stored.headers[header::CONTENT_DISPOSITION].to_str().expect("text").starts_with("attachment"));
}

/// A body whose second half waits until `go` is dropped or told.
fn slow(first: Vec<u8>, go: tokio::sync::oneshot::Receiver<()>, rest: Vec<u8>) -> Body {
    enum At {
        First(Vec<u8>, tokio::sync::oneshot::Receiver<()>, Vec<u8>),
        Rest(tokio::sync::oneshot::Receiver<()>, Vec<u8>),
        End,
    }
    Body::from_stream(futures_util::stream::unfold(At::First(first, go, rest), |at| async {
        match at {
            At::First(first, go, rest) => Some((Ok::<_, std::io::Error>(Bytes::from(first)), At::Rest(go, rest))),
            At::Rest(go, rest) => {
                let _ = go.await;
                Some((Ok(Bytes::from(rest)), At::End))
            }
            At::End => None,
        }
    }))
}

pub fn one_writes_at_a_time(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    let parent = world.browser("parent@");
    let uploads = format!("/family/{case}/papers/uploads");
    let file = pdf(50_000, 2);
    let at = create(&parent, &uploads, "report.pdf", file.len()).location().to_owned();

    // Two tabs: the second is told to wait, and what the first brings is whole.
    let (tell, go) = tokio::sync::oneshot::channel();
    let first = patch_request(&parent, &at, 0, slow(file[..20_000].to_vec(), go, file[20_000..].to_vec()));
    let second = patch_request(&parent, &at, 0, Body::from(file.clone()));
    let (first, second) = world.send_while(first, || {
        let answer = parent.send(second);
        let _ = tell.send(());
        answer
    });
    assert_eq!((first.status, second.status), (StatusCode::NO_CONTENT, StatusCode::CONFLICT), "{}", first.text());
    let name = at.rsplit('/').next().expect("an id");
    let sent = form(
        &parent,
        &format!("/family/{case}/papers"),
        &[("paper-1", name), ("paper-1-kind", "other"), ("then", "send")],
        &[],
    );
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    assert_eq!(parent.get(&format!("/family/{case}/documents/{name}")).bytes, file);

    // A line that breaks: what arrived of it is kept.
    let other = pdf(50_000, 3);
    let at = create(&parent, &uploads, "other.pdf", other.len()).location().to_owned();
    let (first, rest) = (other[..30_000].to_vec(), 0);
    let broken = Body::from_stream(futures_util::stream::unfold((Some(first), rest), |(first, rest)| async move {
        match first {
            Some(first) => Some((Ok(Bytes::from(first)), (None, 0))),
            None if rest == 0 => Some((Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)), (None, 1))),
            None => None,
        }
    }));
    let answer = parent.send(patch_request(&parent, &at, 0, broken));
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(offset(&parent, &at), Some(30_000));
    assert_eq!(patch(&parent, &at, 30_000, &other[30_000..]).status, StatusCode::NO_CONTENT);

    // Whoever sends a part goes away: what arrives of it is noted all the same, and the next one may come.
    let at = create(&parent, &uploads, "left.pdf", 50_000).location().to_owned();
    let left = pdf(50_000, 5);
    let (tell, go) = tokio::sync::oneshot::channel();
    world.leave(patch_request(&parent, &at, 0, slow(left[..20_000].to_vec(), go, left[20_000..30_000].to_vec())));
    drop(tell);
    let there = (0..1000).find_map(|_| offset(&parent, &at).filter(|arrived| *arrived == 30_000));
    assert_eq!(there, Some(30_000));
    assert_eq!(patch(&parent, &at, 30_000, &left[30_000..]).status, StatusCode::NO_CONTENT);

    // A part that was altered on its way is not kept.
    let at = create(&parent, &uploads, "third.pdf", 40_000).location().to_owned();
    let third = pdf(40_000, 4);
    let with_sum = |bytes: &[u8], sum: &[u8]| {
        let request = tus(&parent, "PATCH", &at)
            .header("upload-offset", 0)
            .header(header::CONTENT_TYPE, "application/offset+octet-stream")
            .header("upload-checksum", format!("sha256 {}", BASE64.encode(Sha256::digest(sum))))
            .body(Body::from(bytes.to_vec()))
            .expect("a request");
        parent.send(request)
    };
    assert_eq!(with_sum(&third[..9_000], b"something else").status.as_u16(), 460);
    assert_eq!(offset(&parent, &at), Some(0));
    assert_eq!(with_sum(&third[..9_000], &third[..9_000]).status, StatusCode::NO_CONTENT);
    assert_eq!(offset(&parent, &at), Some(9_000));
}

pub fn what_is_hostile_or_too_much_is_turned_away(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    let other = world.child("Ella Marsh", Stop::Asked);
    let parent = world.browser("parent@");
    let uploads = format!("/family/{case}/papers/uploads");

    for (what, name, bytes, status, says) in [
        ("empty", "a.pdf", 0, StatusCode::UNPROCESSABLE_ENTITY, "is empty"),
        ("too long", "a.pdf", 200_000_001, StatusCode::PAYLOAD_TOO_LARGE, "smaller than 200 MB"),
    ] {
        let answer = create(&parent, &uploads, name, bytes);
        assert_eq!((answer.status, answer.text().contains(says)), (status, true), "{what}: {}", answer.text());
    }
    let mute = parent.request("POST", &uploads).header("upload-length", 9).body(Body::empty()).expect("a request");
    assert_eq!(parent.send(mute).status, StatusCode::PRECONDITION_FAILED);
    let foreign = tus(&parent, "POST", &uploads).header("sec-fetch-site", "cross-site").body(Body::empty());
    assert_eq!(parent.send(foreign.expect("a request")).status, StatusCode::FORBIDDEN);
    assert_eq!(create(&world.visitor(), &uploads, "a.pdf", 9).status, StatusCode::SEE_OTHER, "signed out");
    assert_eq!(create(&parent, &format!("/family/{other}/papers/uploads"), "a.pdf", 9).status, StatusCode::NOT_FOUND);

    // Only those who began it may go on with it, see it, or take it back.
    let at = create(&parent, &uploads, "../../etc/letter.pdf", 20_000).location().to_owned();
    let officer = world.browser("dev@");
    let as_officer = at.replace("/family/", "/children/");
    assert_eq!(offset(&officer, &as_officer), None);
    assert_eq!(patch(&officer, &as_officer, 0, &pdf(9, 0)).status, StatusCode::NOT_FOUND);
    // More than was announced is not kept.
    assert_eq!(patch(&parent, &at, 0, &pdf(20_001, 0)).status, StatusCode::PAYLOAD_TOO_LARGE);
    let taken_back = parent.send(tus(&parent, "DELETE", &at).body(Body::empty()).expect("a request"));
    assert_eq!(taken_back.status, StatusCode::NO_CONTENT);
    assert_eq!(offset(&parent, &at), None);

    // A program that is called a PDF is known by its first part.
    let at = create(&parent, &uploads, "report.pdf", 5_000_000).location().to_owned();
    let answer = patch(&parent, &at, 0, &[b"MZ".as_slice(), &[0; 20_000]].concat());
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("report.pdf cannot be taken"), "{}", answer.text());
    assert_eq!(
        upload(&parent, &uploads, "page.txt", b"<html><script>alert(1)</script>").status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(upload(&parent, &uploads, "notes.txt", "He said: “no”.".as_bytes()).status, StatusCode::NO_CONTENT);
    let twice = upload(&parent, &uploads, "the same.txt", "He said: “no”.".as_bytes());
    assert!(twice.text().contains("is here already"), "{}", twice.text());
    assert_eq!(arriving(&world), 1);

    // Room is kept when a file is announced, so that twenty at once cannot take more than there is.
    for number in 0..9 {
        let made = create(&parent, &uploads, &format!("{number}.pdf"), 200_000_000);
        assert_eq!(made.status, StatusCode::CREATED, "{number}: {}", made.text());
    }
    let full = create(&parent, &uploads, "one more.pdf", 200_000_000);
    assert!(full.text().contains("at most 2 GB"), "{}", full.text());
    for number in 0..10 {
        assert_eq!(create(&parent, &uploads, &format!("small {number}.pdf"), 9).status, StatusCode::CREATED);
    }
    assert!(create(&parent, &uploads, "one too many.pdf", 9).text().contains("at most 20 files"));

    // What does not go on is gone after a day; a file that is whole waits for a month.
    world.tomorrow(2);
    forget_ended(&world.app).expect("it can be deleted");
    assert_eq!(arriving(&world), 1);
    world.tomorrow(32);
    forget_ended(&world.app).expect("it can be deleted");
    assert_eq!(arriving(&world), 0);
}

pub fn a_form_without_an_account_takes_files_in_parts(db: &TestDatabase) {
    let world = World::new(db);
    let visitor = world.visitor();
    let form_address = crate::ask::whole(&visitor);
    let uploads = format!("{form_address}/uploads");
    let photo = [b"\xff\xd8\xff\xe0".as_slice(), &[9; 70_000]].concat();
    let at = create(&visitor, &uploads, "letter.jpg", photo.len()).location().to_owned();
    assert_eq!(patch(&visitor, &at, 0, &photo[..50_000]).status, StatusCode::NO_CONTENT);
    let page = visitor.get(&format!("{form_address}/files")).text();
    assert!(page.contains("50 KB of 70 KB arrived"), "{page}");
    assert_eq!(patch(&visitor, &at, 50_000, &photo[50_000..]).status, StatusCode::NO_CONTENT);
    let page = visitor.get(&format!("{form_address}/files")).text();
    assert!(page.contains("Added so far") && !page.contains("Not finished"), "{page}");
    // One that is not finished can be removed, and one that is not wanted.
    let unfinished = create(&visitor, &uploads, "voice.ogg", 9_000).location().to_owned();
    let id = unfinished.rsplit('/').next().expect("an id");
    assert_eq!(visitor.post(&format!("{form_address}/files/{id}/remove"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(offset(&visitor, &unfinished), None);
    assert_eq!(visitor.post(&format!("{form_address}/check"), &[]).location(), form_address);
    let receipt = visitor.get(&format!("{form_address}/receipt")).text();
    let print: String = Sha256::digest(&photo).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(receipt.contains(&print), "{receipt}");
    assert_eq!(create(&visitor, &uploads, "late.jpg", 9).status, StatusCode::NOT_FOUND, "it is sent");
    assert_eq!(arriving(&world), 0);
}
