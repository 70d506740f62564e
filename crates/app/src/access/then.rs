//! The way back to the page that somebody asked for before they were signed in.
//!
//! `then` is part of the address of the page for signing in. From there a cookie of this browser keeps it
//! until somebody is signed in, whichever way they choose and wherever that way leads in between. It is
//! looked at when it comes and when it is used: it leads to a page of our own, or nowhere.

use crate::App;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;

/// No address of ours is longer.
const BYTES_MAX: usize = 500;
/// How long a wish is kept: as long as a code and a letter box take.
const LASTS: SignedDuration = SignedDuration::from_mins(30);
const SIGN_IN: &str = "/sign-in";
/// Where a browser is not led to after signing in: ways in and out, and what is no page.
const NOT_PAGES: [&str; 6] = ["/sign-in", "/sign-out", "/api", "/assets", "/health", "/notify"];

/// The path, when it is one of a page of our own.
pub fn checked(path: &str) -> Option<&str> {
    let decoded = percent_encoding::percent_decode_str(path).collect::<Vec<u8>>();
    let is_plain = |bytes: &[u8]| {
        !bytes.contains(&b'\\')
            && !bytes.iter().any(|byte| byte.is_ascii_control())
            && !bytes.windows(2).any(|two| two == b"//")
    };
    let room = path.split(['?', '#']).next().unwrap_or_default();
    let is_page = !NOT_PAGES
        .iter()
        .any(|other| room.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '%', ';'])));
    let is_local = path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic());
    let is_ours = is_local && path.len() <= BYTES_MAX && is_plain(path.as_bytes()) && is_plain(&decoded) && is_page;
    // A part of dots leads elsewhere than it reads.
    let has_dots = String::from_utf8_lossy(&decoded).split(['/', '?']).any(|part| part == ".." || part == ".");
    (is_ours && !has_dots && path != "/").then_some(path)
}

fn name(app: &App) -> &'static str {
    if app.settings.secure_cookies { "__Host-tellonce-then" } else { "tellonce-then" }
}

fn cookie(app: &App, value: String) -> Cookie<'static> {
    Cookie::build((name(app), value))
        .path("/")
        .http_only(true)
        // Sent when a provider leads back here, and never with what another site posts.
        .same_site(SameSite::Lax)
        .secure(app.settings.secure_cookies)
        .build()
}

/// Keeps where somebody wants to go. What cannot be a page of ours takes an older wish away too; whoever
/// comes back to the ways of signing in without a wish keeps theirs.
pub fn keep(app: &App, jar: CookieJar, then: Option<&str>) -> CookieJar {
    let Some(then) = then else { return jar };
    match checked(then) {
        Some(path) => {
            let until = (app.clock.now() + LASTS).as_second();
            jar.add(cookie(app, format!("{until}.{}", URL_SAFE_NO_PAD.encode(path))))
        }
        None => jar.remove(cookie(app, String::new())),
    }
}

/// What a cookie says, if it is not too old.
fn read(app: &App, value: &str) -> Option<String> {
    let (until, path) = value.split_once('.')?;
    let is_fresh = app.clock.now().as_second() <= until.parse().ok()?;
    let path = String::from_utf8(URL_SAFE_NO_PAD.decode(path).ok()?).ok()?;
    checked(&path).filter(|_| is_fresh).map(str::to_owned)
}

/// Where somebody wanted to go, once.
pub fn take(app: &App, jar: CookieJar) -> (Option<String>, CookieJar) {
    let Some(path) = jar.get(name(app)).map(|kept| read(app, kept.value())) else { return (None, jar) };
    (path, jar.remove(cookie(app, String::new())))
}

/// Whoever asks for a page and has to sign in first is led back to it afterwards.
pub async fn lead_back(request: Request, next: Next) -> Response {
    let wanted = (request.method() == Method::GET)
        .then(|| request.uri().path_and_query().map(|path| path.as_str().to_owned()))
        .flatten();
    let mut response = next.run(request).await;
    let is_to_sign_in = matches!(response.status(), StatusCode::SEE_OTHER | StatusCode::TEMPORARY_REDIRECT)
        && response.headers().get(header::LOCATION).is_some_and(|to| to == SIGN_IN);
    if is_to_sign_in && let Some(path) = wanted.as_deref().and_then(checked) {
        let then: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
        if let Ok(to) = HeaderValue::from_str(&format!("{SIGN_IN}?then={then}")) {
            response.headers_mut().insert(header::LOCATION, to);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn only_a_page_of_our_own_is_gone_to() {
        for ours in [
            "/today",
            "/children/01939d3c-7a00-7000-8000-000000000001",
            "/children?q=Ella+Marsh&page=2",
            "/children?q=%C3%89lodie",
            "/apiary",
            "/sign-ins",
            "/family/01939d3c-7a00-7000-8000-000000000001/messages#last",
        ] {
            assert_eq!(checked(ours), Some(ours));
        }
        for hostile in [
            "",
            "/",
            "today",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/today//evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/%2F/evil.example",
            "/%2fevil.example/%2f",
            "/%5Cevil.example",
            "/%5c%5cevil.example",
            "/today%0d%0aSet-Cookie:%20a=b",
            "/today\r\nlocation: https://evil.example",
            "/to\u{0}day",
            "/to%00day",
            "/to\tday",
            "/%09/evil.example",
            " /today",
            "/to day",
            "/today\u{2028}",
            "/é",
            "/..",
            "/../evil",
            "/./evil",
            "/%2e%2e/evil",
            "/sign-in",
            "/sign-in?then=/today",
            "/sign-in/code",
            "/sign-in%2fcode",
            "/sign-out",
            "/api/v1/me",
            "/assets/x.css",
            "/health",
        ] {
            assert_eq!(checked(hostile), None, "{hostile:?}");
        }
        assert_eq!(checked(&format!("/{}", "a".repeat(500))), None);
    }
}
