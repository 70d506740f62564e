//! Who is in, for how long, and how guessing is slowed.

use crate::given::fixed;
use crate::world::World;
use app::access::{NewUser, add_user, hash_password};
use axum::body::Body;
use axum::http::{StatusCode, header};
use casework::access::Role;
use db::Database;
use db::testing::TestDatabase;

const EMAIL: &str = "helen@alderbourne.example";
const PASSWORD: &str = "four plain words here";

pub fn sessions_end_and_guessing_is_slowed(db: &TestDatabase) {
    let world = World::of(Database::clone(db), false);
    let hash = hash_password(PASSWORD).expect("a password can be hashed");
    let helen = NewUser {
        id: fixed(980),
        name: "Helen Ward".into(),
        email: EMAIL.into(),
        role: Role::Manager,
        setting: None,
        body: None,
        password_hash: Some(hash.clone()),
    };
    world.write(|tx| add_user(tx, world.area, &helen));
    let visitor = world.visitor();
    let try_with = |email: &str, password: &str| visitor.post("/sign-in", &[("email", email), ("password", password)]);

    // In, under any spelling of the address; the cookie is for the server only.
    let answer = try_with("Helen@Alderbourne.example ", PASSWORD);
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/today"), "{}", answer.text());
    let cookie = answer.header(header::SET_COOKIE).to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let browser = visitor.signed_in_with(&answer);
    assert_eq!(browser.get("/children").status, StatusCode::OK);
    let stored = world.app.db.read("test.session", |tx| -> Result<Vec<u8>, app::Error> {
        Ok(tx.query_one("SELECT token_hash FROM sessions", &[])?.get(0)?)
    });
    let token = browser.token().expect("there is a session").to_owned();
    assert_ne!(stored.expect("the session is stored"), token.clone().into_bytes(), "the token itself is not stored");

    // Nobody is in with half a token, another token, or a demo's shortcut.
    for wrong in [token[..63].to_owned(), "0".repeat(64), token.to_uppercase() + "x", String::new()] {
        let request = visitor.request("GET", "/children").header(header::COOKIE, format!("tellonce={wrong}"));
        let answer = world.send(request.body(Body::empty()).expect("the address is one"));
        assert_eq!(answer.location(), "/sign-in?then=%2Fchildren", "{wrong:?}");
    }
    assert_eq!(visitor.post("/sign-in", &[("as", EMAIL)]).status, StatusCode::UNPROCESSABLE_ENTITY);

    // A form from elsewhere cannot sign anyone in.
    let elsewhere = visitor
        .request("POST", "/sign-in")
        .header("origin", "https://elsewhere.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("email={EMAIL}&password=x")))
        .expect("the address is one");
    assert_eq!(world.send(elsewhere).status, StatusCode::FORBIDDEN);

    // Out means out, also for a copy of the cookie.
    assert_eq!(browser.get("/sign-out").status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(browser.post("/sign-out", &[]).status, StatusCode::FORBIDDEN, "only with the token of the form");
    assert_eq!(browser.submit("/sign-out", &[]).location(), "/sign-in");
    assert_eq!(browser.get("/children").location(), "/sign-in?then=%2Fchildren");

    // The next day every session of today has ended.
    let answer = try_with(EMAIL, PASSWORD);
    let browser = visitor.signed_in_with(&answer);
    assert_eq!(browser.get("/children").status, StatusCode::OK);
    world.tomorrow(1);
    assert_eq!(browser.get("/children").location(), "/sign-in?then=%2Fchildren", "a session ends");
    world.tomorrow(0);

    // Someone who left is out at once.
    assert_eq!(browser.get("/children").status, StatusCode::OK, "the clock went back to today");
    let set_active = |active: bool| {
        world.write(|tx| {
            Ok(tx.execute("UPDATE users SET active = $2 WHERE email = $1", &[EMAIL.into(), active.into()])?)
        });
    };
    set_active(false);
    assert_eq!(browser.get("/children").location(), "/sign-in?then=%2Fchildren");
    assert_eq!(try_with(EMAIL, PASSWORD).status, StatusCode::UNPROCESSABLE_ENTITY);
    set_active(true);
    world.write(|tx| Ok(tx.execute("DELETE FROM sign_in_failures", &[])?));

    // Guessing is slowed down, says the same for known and unknown addresses, and is forgiven later.
    let words = |answer: &crate::world::Answer| answer.text().contains("do not match anyone here");
    let unknown = try_with("nobody@alderbourne.example", "guess");
    assert!(unknown.status == StatusCode::UNPROCESSABLE_ENTITY && words(&unknown));
    for attempt in 1..=10 {
        let answer = try_with(EMAIL, "guess");
        assert!(words(&answer), "attempt {attempt}: {}", answer.text());
        assert!(!answer.text().contains("value=\"guess\""), "the password is not shown again");
    }
    let stopped = try_with(EMAIL, PASSWORD);
    assert_eq!(stopped.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stopped.text().contains("Too many tries"), "{}", stopped.text());
    world.tomorrow(1);
    assert_eq!(try_with(EMAIL, PASSWORD).status, StatusCode::SEE_OTHER, "after a while the right password works");
    assert_eq!(try_with("", PASSWORD).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(try_with(EMAIL, "").status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(try_with(EMAIL, &"x".repeat(100_000)).status, StatusCode::UNPROCESSABLE_ENTITY);
}

pub fn people_end_their_own_sessions(db: &TestDatabase) {
    let world = World::new(db);
    let phone = {
        let agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
        let visitor = world.visitor();
        let request = visitor
            .request("POST", "/sign-in")
            .header(header::USER_AGENT, agent)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("as=manager@alderbourne.example"))
            .expect("the address is one");
        let answer = world.send(request);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        world.visitor().signed_in_with(&answer)
    };
    let (desk, other) = (world.browser("manager@"), world.browser("officer@"));
    let is_in = |browser: &crate::world::Browser<'_>| browser.get("/today").status == StatusCode::OK;
    let text = desk.get("/account/sign-in").text();
    for said in ["Safari on an iPhone", "(this one)", "with a choice of the demo", "manager@alderbourne.example"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let end =
        text.split('"').find(|part| part.starts_with("/account/sign-in/places/")).expect("the phone can be ended");

    // Nobody ends another person's session.
    assert_eq!(other.submit(end, &[]).status, StatusCode::SEE_OTHER);
    assert!(is_in(&phone));
    assert_eq!(desk.post(end, &[]).status, StatusCode::FORBIDDEN, "only with the token of the form");
    for _ in 0..2 {
        assert_eq!(desk.submit(end, &[]).location(), "/account/sign-in?done=place-ended");
    }
    assert!(!is_in(&phone) && is_in(&desk));

    let again = world.browser("manager@");
    assert_eq!(desk.submit("/account/sign-in/everywhere", &[]).location(), "/sign-in");
    assert!(!is_in(&desk) && !is_in(&again) && is_in(&other));

    // A browser has one session: signing in again ends the one before.
    let visitor = world.visitor();
    let request = visitor
        .request("POST", "/sign-in")
        .header(header::COOKIE, format!("tellonce={}", other.token().expect("there is a session")))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("as=manager@alderbourne.example"))
        .expect("the address is one");
    assert_eq!(world.send(request).status, StatusCode::SEE_OTHER);
    assert!(!is_in(&other));

    // A passkey that nobody has, or a page that was open too long, signs nobody in.
    let page = world.visitor().get("/sign-in/passkey");
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("&#34;userVerification&#34;:&#34;required&#34;"), "{}", page.text());
    for answer in ["", "{}", "null", "[[[["] {
        let fields = [("challenge", "01900000-0000-7000-8000-00000000abcd"), ("answer", answer)];
        let refused = world.visitor().post("/sign-in/passkey", &fields);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert!(refused.text().contains("This page was open for too long"), "{}", refused.text());
    }
    let desk = world.browser("manager@");
    let made = desk.submit("/account/sign-in/passkeys/new", &[("answer", "{}")]);
    assert_eq!(made.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", made.text());
    let nobodys = "/account/sign-in/passkeys/01900000-0000-7000-8000-00000000abcd/remove";
    assert_eq!(desk.submit(nobodys, &[]).status, StatusCode::SEE_OTHER);

    // The record of it all has pages.
    for _ in 0..60 {
        world.visitor().post("/sign-in", &[("email", "quality@alderbourne.example"), ("password", "guess")]);
    }
    let administrator = world.browser("administrator@");
    let first = administrator.get("/sign-ins?outcome=refused&words=Quality").text();
    assert!(first.contains("60 lines") && first.contains("page=2"), "{first}");
    let second = administrator.get("/sign-ins?outcome=refused&words=Quality&page=2").text();
    assert_eq!(second.matches("<strong>Refused</strong>").count(), 10, "{second}");
    assert!(administrator.get("/sign-ins?outcome=nonsense&words=%25&page=-1").text().contains("lines"));
    assert!(administrator.get("/sign-ins?words=nobody+at+all").text().contains("Nothing of this kind happened"));
}

pub fn the_session_cookie_belongs_to_this_host(db: &TestDatabase) {
    let world = World::safely(db);
    let visitor = world.visitor();
    let answer = visitor.post("/sign-in", &[("as", world.person("officer@").email.as_str())]);
    let cookie = answer.header(header::SET_COOKIE).to_owned();
    let token = cookie.strip_prefix("__Host-tellonce=").and_then(|rest| rest.split(';').next()).expect("a session");
    assert!(cookie.contains("Secure") && cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
    let with = |name: &str| {
        let request = visitor.request("GET", "/today").header(header::COOKIE, format!("{name}={token}"));
        world.send(request.body(Body::empty()).expect("the address is one"))
    };
    assert_eq!(with("__Host-tellonce").status, StatusCode::OK);
    assert_eq!(with("tellonce").location(), "/sign-in?then=%2Ftoday", "a cookie that another host could have set");
}

/// The cookie with which a browser keeps the page that was asked for before signing in.
pub fn wish(world: &World, path: &str) -> String {
    let asked = world.visitor().get(path);
    let to = asked.location().to_owned();
    assert!(to.starts_with("/sign-in?then="), "{path} leads to {to}");
    let shown = world.visitor().get(&to);
    assert_eq!(shown.status, StatusCode::OK);
    kept(&shown).unwrap_or_else(|| panic!("{path} is kept"))
}

/// The cookie of a wish that an answer sets, if it does; an empty one takes it away.
fn kept(answer: &crate::world::Answer) -> Option<String> {
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let cookie = cookies.find(|cookie| cookie.starts_with("tellonce-then="))?;
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    Some(cookie.split(';').next()?.to_owned())
}

pub fn whoever_asked_for_a_page_first_is_led_to_it(db: &TestDatabase) {
    let world = World::of(Database::clone(db), true);
    let hash = hash_password(PASSWORD).expect("a password can be hashed");
    let helen = NewUser {
        id: fixed(980),
        name: "Helen Ward".into(),
        email: EMAIL.into(),
        role: Role::Manager,
        setting: None,
        body: None,
        password_hash: Some(hash),
    };
    world.write(|tx| add_user(tx, world.area, &helen));
    let visitor = world.visitor();
    let post = |path: &str, fields: &[(&str, &str)], cookie: &str| {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = visitor
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookie)
            .body(Body::from(body))
            .expect("the address is one");
        world.send(request)
    };
    let page = "/children?q=Ella+Marsh";
    let password = [("email", EMAIL), ("password", PASSWORD)];
    // By password, after a wrong one, and by a demo's list.
    let cookie = wish(&world, page);
    let wrong = post("/sign-in", &[("email", EMAIL), ("password", "wrong")], &cookie);
    assert_eq!((wrong.status, kept(&wrong)), (StatusCode::UNPROCESSABLE_ENTITY, None));
    let right = post("/sign-in", &password, &cookie);
    assert_eq!(right.location(), page);
    assert_eq!(kept(&right), Some("tellonce-then=".into()), "once");
    assert_eq!(post("/sign-in", &[("as", EMAIL)], &wish(&world, "/team")).location(), "/team");
    assert_eq!(post("/sign-in", &password, "").location(), "/today", "whoever asked for nothing");
    // By a code.
    let cookie = wish(&world, "/family/facts");
    let parent = world.person("parent@").email.clone();
    post("/sign-in/code", &[("email", &parent)], &cookie);
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    let read = |tx: &mut dyn db::Tx| -> Result<String, app::Error> {
        Ok(tx.query_one("SELECT body FROM messages ORDER BY made_at DESC, message_id DESC LIMIT 1", &[])?.get(0)?)
    };
    let body = world.app.db.read("test.message", read).expect("a message was sent");
    let digits: String = body.chars().filter(char::is_ascii_digit).take(6).collect();
    let entered = post("/sign-in/code/enter", &[("email", &parent), ("code", &digits)], &cookie);
    assert_eq!(entered.location(), "/family/facts", "{}", entered.text());
    // Whoever is in already goes there at once.
    let browser = world.browser("manager@");
    assert_eq!(browser.get("/sign-in?then=%2Fteam").location(), "/team");
    assert_eq!(browser.get("/sign-in?then=%2F%2Fevil.example").location(), "/today");

    // What is no page of ours is kept by nobody, however it came.
    for hostile in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "/today\r\nset-cookie: a=b",
        "/sign-out",
        "/api/v1/me",
        "",
    ] {
        let then: String = form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
        let shown = visitor.get(&format!("/sign-in?then={then}"));
        assert_eq!((shown.status, kept(&shown)), (StatusCode::OK, None), "{hostile:?}");
        // Nor is a cookie believed that somebody else wrote.
        let until = world.app.clock.now().as_second() + 60;
        let encoded = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, hostile);
        let forged = post("/sign-in", &password, &format!("tellonce-then={until}.{encoded}"));
        assert_eq!(forged.location(), "/today", "{hostile:?}");
    }
    for forged in
        ["tellonce-then=", "tellonce-then=x", "tellonce-then=1.L3RlYW0", "tellonce-then=99999999999999999999.L3RlYW0"]
    {
        assert_eq!(post("/sign-in", &password, forged).location(), "/today", "{forged}");
    }
    // A wish does not outlast the afternoon.
    let cookie = wish(&world, page);
    world.clock.advance(jiff::SignedDuration::from_mins(31));
    assert_eq!(post("/sign-in", &password, &cookie).location(), "/today");
    // What is posted without a session leads to no page, and a file that is no page is led to as well as one.
    assert_eq!(visitor.post("/children", &[]).status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(visitor.get("/today.csv").location(), "/sign-in?then=%2Ftoday.csv");
}
