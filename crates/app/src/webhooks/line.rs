//! One request to a receiver: signed as the Standard Webhooks specification says, to an address of the
//! open internet, without redirects, bounded in time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use casework::feed::is_public;
use jiff::Timestamp;
use ring::hmac;
use std::time::Duration;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};
use url::Url;

/// All of an exchange, from looking up the name to the status of the answer. Its body is not read.
const SECONDS_MAX: u64 = 10;
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// Most characters of an address.
pub const ADDRESS_CHARS_MAX: usize = 500;
/// What a secret begins with where it is shown, so that those who search for lost secrets know it.
const SECRET: &str = "whsec_";

/// Where webhooks may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Machines of the open internet, by https.
    Internet,
    /// Machines of this network too, and plain http: the operator's choice.
    Network,
    /// Machines of this network only: a demo writes to nobody outside.
    Inside,
    /// Nowhere.
    Nowhere,
}

impl Reach {
    pub fn of(settings: &crate::config::Settings) -> Reach {
        match (settings.demo, settings.webhooks_inside) {
            (true, true) => Reach::Inside,
            (true, false) => Reach::Nowhere,
            (false, true) => Reach::Network,
            (false, false) => Reach::Internet,
        }
    }

    fn allows(self, address: std::net::IpAddr) -> bool {
        match self {
            Reach::Internet => is_public(address),
            Reach::Network => true,
            Reach::Inside => !is_public(address),
            Reach::Nowhere => false,
        }
    }
}

/// A new secret.
pub fn new_secret() -> [u8; 32] {
    crate::ports::random_bytes()
}

/// A secret as receivers' libraries take it.
pub fn shown(secret: &[u8]) -> String {
    format!("{SECRET}{}", STANDARD.encode(secret))
}

/// The signatures of a message by each secret that holds.
pub fn signatures(id: &str, at: Timestamp, body: &str, secrets: &[Vec<u8>]) -> String {
    let signed = format!("{id}.{}.{body}", at.as_second());
    let one = |secret: &Vec<u8>| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        format!("v1,{}", STANDARD.encode(hmac::sign(&key, signed.as_bytes())))
    };
    secrets.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// Checks an address that somebody typed. Where its name leads is looked at each time something goes.
///
/// # Errors
/// In words for whoever typed it.
pub fn check(address: &str, reach: Reach) -> Result<String, &'static str> {
    let asked = "Enter an address that begins with https://, such as https://example.org/hooks";
    if address.chars().count() > ADDRESS_CHARS_MAX {
        return Err("The address must have at most 500 characters");
    }
    if address.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(asked);
    }
    let url = Url::parse(address).map_err(|_| asked)?;
    let is_plain = url.scheme() == "http" && matches!(reach, Reach::Network | Reach::Inside);
    if !(url.scheme() == "https" || is_plain) {
        return Err(asked);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("The address must hold no name and no password: what is sent is signed");
    }
    if url.fragment().is_some() {
        return Err("The address must have nothing after a #");
    }
    let written = match url.host() {
        None => return Err(asked),
        Some(url::Host::Ipv4(four)) => Some(four.into()),
        Some(url::Host::Ipv6(six)) => Some(six.into()),
        Some(url::Host::Domain(_)) => None,
    };
    if written.is_some_and(|address| reach != Reach::Nowhere && !reach.allows(address)) {
        return Err("The address must be one of the open internet, not of this network");
    }
    Ok(url.to_string())
}

/// Looks names up, and leads to no machine where webhooks may not go. What is checked is what is
/// connected to: a name that says something else a moment later changes nothing.
#[derive(Debug)]
struct Guarded {
    inner: DefaultResolver,
    reach: Reach,
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("its name leads to a machine where webhooks may not go")]
struct Forbidden;

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        // One that may not be is enough: whoever mixes them is up to something.
        if found.iter().all(|address| self.reach.allows(address.ip())) {
            Ok(found)
        } else {
            Err(Error::Other(Box::new(Forbidden)))
        }
    }
}

/// A way to receivers. What it does blocks: call it off the async threads.
#[derive(Debug)]
pub struct Line {
    agent: Agent,
    reach: Reach,
}

/// A signed message.
pub struct Message<'a> {
    pub id: &'a str,
    pub at: Timestamp,
    pub body: &'a str,
    pub signatures: &'a str,
}

impl Line {
    pub fn new(reach: Reach) -> Line {
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(SECONDS_MAX)))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .https_only(reach == Reach::Internet)
            .max_response_header_size(HEADER_BYTES_MAX)
            .max_idle_connections(0)
            // A proxy would look names up again, elsewhere.
            .proxy(None)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .user_agent("tellonce")
            .build();
        let resolver = Guarded { inner: DefaultResolver::default(), reach };
        Line { agent: Agent::with_parts(config, DefaultConnector::default(), resolver), reach }
    }

    /// Sends a message and says with which status it was answered.
    ///
    /// # Errors
    /// In words, when nobody answered.
    pub fn send(&self, address: &str, message: &Message<'_>) -> Result<u16, String> {
        if self.reach == Reach::Nowhere {
            return Err("a demo sends nothing to other machines".to_owned());
        }
        let answer = self
            .agent
            .post(address)
            .header("content-type", "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.at.as_second().to_string())
            .header("webhook-signature", message.signatures)
            .send(message.body);
        match answer {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(cause) => Err(words(&cause)),
        }
    }
}

/// What went wrong, without saying what there is inside this network.
fn words(cause: &Error) -> String {
    match cause {
        Error::Timeout(_) => format!("there was no answer in {SECONDS_MAX} seconds"),
        Error::HostNotFound => "its name is not known".to_owned(),
        Error::ConnectionFailed | Error::Io(_) => "there was no connection, or it broke off".to_owned(),
        Error::Other(_) => Forbidden.to_string(),
        Error::Tls(_) | Error::Rustls(_) => "its certificate is not good".to_owned(),
        _ => "it did not answer as a web server does".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_specification() {
        // The example of the Standard Webhooks libraries.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("it is base64");
        let at = Timestamp::from_second(1_614_265_330).expect("a time");
        let signed =
            signatures("msg_p5jXN8AQM9LWM0D4loKWxJek", at, "{\"test\": 2432232314}", std::slice::from_ref(&secret));
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let both = signatures("a", at, "{}", &[secret, vec![7; 32]]);
        assert_eq!(both.split(' ').count(), 2, "while two secrets hold, both sign");
        assert!(shown(&[0; 32]).starts_with("whsec_"));
    }

    #[test]
    fn addresses_that_could_lead_inside_are_turned_away() {
        for (address, reach, is_one) in [
            ("https://example.org/hooks?to=me", Reach::Internet, true),
            ("https://example.org:8443/", Reach::Internet, true),
            ("https://81.2.69.142/", Reach::Internet, true),
            ("http://example.org/", Reach::Internet, false),
            ("http://localhost:9000/", Reach::Internet, false),
            ("http://localhost:9000/", Reach::Network, true),
            ("http://localhost:9000/", Reach::Inside, true),
            ("https://81.2.69.142/", Reach::Inside, false),
            ("https://127.0.0.1/", Reach::Internet, false),
            ("https://2130706433/", Reach::Internet, false),
            ("https://0x7f.1/", Reach::Internet, false),
            ("https://[::1]/", Reach::Internet, false),
            ("https://[::ffff:10.0.0.1]/", Reach::Internet, false),
            ("https://169.254.169.254/latest", Reach::Internet, false),
            ("https://name:word@example.org/", Reach::Internet, false),
            ("https://example.org/#part", Reach::Internet, false),
            ("https://exam\nple.org/", Reach::Internet, false),
            ("https:\\\\example.org", Reach::Internet, false),
            ("ftp://example.org/", Reach::Network, false),
            ("file:///etc/passwd", Reach::Network, false),
            ("javascript:alert(1)", Reach::Network, false),
            ("example.org", Reach::Internet, false),
            ("", Reach::Internet, false),
        ] {
            assert_eq!(check(address, reach).is_ok(), is_one, "{address} {reach:?}");
        }
        assert!(check(&format!("https://example.org/{}", "a".repeat(500)), Reach::Internet).is_err());
    }

    #[test]
    fn a_name_that_leads_inside_is_not_followed() {
        let line = Line::new(Reach::Internet);
        let message = Message { id: "a", at: Timestamp::UNIX_EPOCH, body: "{}", signatures: "" };
        assert_eq!(line.send("https://localhost:9/", &message), Err(Forbidden.to_string()));
        assert!(Line::new(Reach::Nowhere).send("https://localhost:9/", &message).is_err());
    }
}
