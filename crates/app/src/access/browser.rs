//! What a browser is called in plain words, and the secret by which it is known while somebody
//! signs in.

use crate::App;
use crate::ports::random_bytes;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use std::convert::Infallible;

/// A browser as its owner would know it again: "Firefox on Windows".
#[derive(Debug, Clone, Default)]
pub struct Browser(String);

/// The first that fits: many browsers carry the names of others.
const PROGRAMS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const DEVICES: [(&str, &str); 8] = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android device"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
    ("Mobile", "a phone"),
];

impl Browser {
    /// Read from the `User-Agent` header. None of its own words are kept.
    pub fn of(user_agent: &str) -> Browser {
        let find = |known: &[(&str, &'static str)]| {
            known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
        };
        Browser(match (find(&PROGRAMS), find(&DEVICES)) {
            (Some(program), Some(device)) => format!("{program} on {device}"),
            (Some(program), None) => program.to_owned(),
            (None, Some(device)) => format!("A browser on {device}"),
            (None, None) => "A browser".to_owned(),
        })
    }

    pub fn words(&self) -> &str {
        if self.0.is_empty() { "A browser" } else { &self.0 }
    }
}

/// Somebody on their way in: their browser and its cookies.
pub struct Arriving {
    pub jar: CookieJar,
    pub browser: Browser,
}

impl<S: Sync> FromRequestParts<S> for Arriving {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Arriving { jar: CookieJar::from_headers(&parts.headers), browser: Browser::of(agent) })
    }
}

/// The secret of a browser in which somebody is signing in. It is in a cookie of its own, which ends
/// with the browser; what was begun in one browser cannot be finished in another.
#[derive(Clone)]
pub struct BrowserSecret(String);

impl BrowserSecret {
    fn cookie_name(app: &App) -> &'static str {
        // The prefix makes a browser refuse it from other hosts; it asks for https.
        if app.settings.secure_cookies { "__Host-tellonce-sign-in" } else { "tellonce-sign-in" }
    }

    /// The secret that this browser brought.
    pub fn find(app: &App, jar: &CookieJar) -> Option<BrowserSecret> {
        let value = jar.get(BrowserSecret::cookie_name(app))?.value();
        (value.len() == 64).then(|| BrowserSecret(value.to_owned()))
    }

    /// The secret of this browser: the one it has, or a new one, with the cookie that keeps it.
    pub fn of(app: &App, jar: CookieJar) -> (BrowserSecret, CookieJar) {
        if let Some(secret) = BrowserSecret::find(app, &jar) {
            return (secret, jar);
        }
        let secret = hex(&random_bytes::<32>());
        let cookie = Cookie::build((BrowserSecret::cookie_name(app), secret.clone()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(app.settings.secure_cookies)
            .build();
        (BrowserSecret(secret), jar.add(cookie))
    }

    /// What the database keeps of it.
    pub fn hash(&self) -> [u8; 32] {
        super::token_hash(&self.0)
    }

    /// Something unguessable that only this browser and one attempt give: it need not be stored.
    pub fn derive(&self, purpose: &'static str, attempt: &str) -> [u8; 32] {
        blake3::derive_key(purpose, format!("{}\0{attempt}", self.0).as_bytes())
    }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Browser;

    #[test]
    fn a_browser_is_called_what_its_owner_calls_it() {
        for (agent, said) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Safari/537.36 Edg/139.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on an iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Mobile Safari/537.36",
                "Chrome on an Android device",
            ),
            ("curl/8.0 <b>", "A browser"),
            ("", "A browser"),
        ] {
            assert_eq!(Browser::of(agent).words(), said, "{agent}");
        }
    }
}
