//! Texts, and letters that are printed elsewhere: GOV.UK Notify.
//!
//! Each request is signed with the service's key as a JSON web token. What Notify says in its errors is
//! told apart into what passes by itself, what is wrong with a number or address, and what somebody
//! here has to set right.

use super::mail::{Mail, Taken, Unsent};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use std::{fmt, fs};
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};
use uuid::Uuid;

/// All of an exchange, from looking up the name to the last byte, unless the file says otherwise.
const SECONDS_MAX: u64 = 15;
const BYTES_MAX: u64 = 256 * 1024;
/// Most characters of an answer that are kept.
const WORDS_CHARS_MAX: usize = 300;

/// A person and the lines of their postal address, as an envelope has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub lines: Vec<String>,
}

/// Whether something arrived, as a carrier says it afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// On its way.
    Travels,
    Arrived,
    /// Not this time: the phone was off, the mailbox full. The same again.
    NotThisTime,
    /// Not there, ever: no such number, no such mailbox, the letter came back.
    NeverThere,
    /// The carrier itself failed, or would not print it.
    CarrierFailed,
}

impl Receipt {
    /// What Notify calls the state of a message.
    pub fn read(status: &str) -> Receipt {
        match status {
            "delivered" | "received" | "sent" => Receipt::Arrived,
            "permanent-failure" | "returned" => Receipt::NeverThere,
            "temporary-failure" => Receipt::NotThisTime,
            "technical-failure" | "validation-failed" | "virus-scan-failed" | "cancelled" => Receipt::CarrierFailed,
            _ => Receipt::Travels,
        }
    }
}

/// A way to send texts and letters. The same message carries the same id.
pub trait Carrier: Send + Sync {
    /// Whether letters can be handed over. Where not, a person prints them.
    fn has_letters(&self) -> bool;

    /// # Errors
    /// When it could not be handed over.
    fn text(&self, id: Uuid, to: &str, body: &str) -> Result<Taken, Unsent>;

    /// # Errors
    /// When it could not be handed over.
    fn letter(&self, id: Uuid, to: &Envelope, subject: &str, body: &str) -> Result<Taken, Unsent>;

    /// What was handed over under this id before, when its answer was lost.
    ///
    /// # Errors
    /// When the carrier does not answer.
    fn find(&self, id: Uuid) -> Result<Option<Taken>, Unsent>;

    /// Whether what has this number arrived.
    ///
    /// # Errors
    /// When the carrier does not answer.
    fn receipt(&self, reference: &str) -> Result<Receipt, Unsent>;

    /// Whether this is the token with which receipts come.
    fn is_receipt_token(&self, _token: &str) -> bool {
        false
    }
}

/// Nobody carries texts: they wait. Letters are printed here.
pub struct NoCarrier;

impl Carrier for NoCarrier {
    fn has_letters(&self) -> bool {
        false
    }

    fn text(&self, _id: Uuid, _to: &str, _body: &str) -> Result<Taken, Unsent> {
        Err(Unsent::Later("nobody carries texts: start with --notify".to_owned()))
    }

    fn letter(&self, _id: Uuid, _to: &Envelope, _subject: &str, _body: &str) -> Result<Taken, Unsent> {
        Err(Unsent::Later("nobody carries letters: start with --notify".to_owned()))
    }

    fn find(&self, _id: Uuid) -> Result<Option<Taken>, Unsent> {
        Ok(None)
    }

    fn receipt(&self, _reference: &str) -> Result<Receipt, Unsent> {
        Ok(Receipt::Travels)
    }
}

/// A demo's: texts go nowhere and a page shows them; letters are printed by whoever plays the front door.
pub struct KeptTexts;

impl Carrier for KeptTexts {
    fn has_letters(&self) -> bool {
        false
    }

    fn text(&self, _id: Uuid, _to: &str, _body: &str) -> Result<Taken, Unsent> {
        Ok(Taken::default())
    }

    fn letter(&self, id: Uuid, to: &Envelope, subject: &str, body: &str) -> Result<Taken, Unsent> {
        NoCarrier.letter(id, to, subject, body)
    }

    fn find(&self, _id: Uuid) -> Result<Option<Taken>, Unsent> {
        Ok(None)
    }

    fn receipt(&self, _reference: &str) -> Result<Receipt, Unsent> {
        Ok(Receipt::Travels)
    }
}

/// What the file of `--notify` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    base_url: String,
    key_file: String,
    receipts_file: Option<String>,
    text_template: String,
    email_template: Option<String>,
    letter_template: Option<String>,
    seconds_max: Option<u64>,
}

/// GOV.UK Notify, for one service there.
pub struct Notify {
    agent: Agent,
    base_url: String,
    service: String,
    key: EncodingKey,
    receipts: Option<blake3::Hash>,
    text_template: String,
    email_template: Option<String>,
    letter_template: Option<String>,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
}

impl fmt::Debug for Notify {
    /// Never the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notify").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
}

#[derive(Deserialize)]
struct Accepted {
    id: String,
}

#[derive(Deserialize)]
struct Listed {
    notifications: Vec<Accepted>,
}

#[derive(Deserialize)]
struct Status {
    status: String,
}

#[derive(Deserialize)]
struct Refused {
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    error: String,
    message: String,
}

impl Notify {
    /// Reads the file; the key lies beside it or where it says. A demo may speak plain http with this
    /// machine. `now` gives the seconds since 1970.
    ///
    /// # Errors
    /// In words for whoever runs the installation.
    pub fn read(path: &Path, demo: bool, now: impl Fn() -> i64 + Send + Sync + 'static) -> Result<Notify, String> {
        let wrong = |why: String| format!("`{}`: {why}", path.display());
        let text = fs::read_to_string(path).map_err(|cause| format!("failed to read `{}`: {cause}", path.display()))?;
        let settings: Settings = toml::from_str(&text).map_err(|cause| wrong(cause.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let beside = |name: &str| {
            let text = fs::read_to_string(folder.join(name));
            text.map(|text| text.trim().to_owned()).map_err(|cause| wrong(format!("failed to read `{name}`: {cause}")))
        };
        if !crate::access::oidc::is_safe(&settings.base_url, demo) {
            return Err(wrong(format!("`base_url` `{}` must be an https address", settings.base_url)));
        }
        for template in
            [Some(&settings.text_template), settings.email_template.as_ref(), settings.letter_template.as_ref()]
                .into_iter()
                .flatten()
        {
            if template.parse::<Uuid>().is_err() {
                return Err(wrong(format!("`{template}` is not the id of a template")));
            }
        }
        let key = beside(&settings.key_file)?;
        let (service, secret) = parts(&key).ok_or_else(|| {
            wrong(format!("`{}` is not a key of Notify: name, service and secret, with hyphens", settings.key_file))
        })?;
        let receipts = settings.receipts_file.as_deref().map(beside).transpose()?;
        if receipts.as_ref().is_some_and(|token| token.len() < 10) {
            return Err(wrong("the token for receipts must have at least 10 characters".to_owned()));
        }
        let mut config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(settings.seconds_max.unwrap_or(SECONDS_MAX).clamp(1, 60))))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .https_only(!demo)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .user_agent("tellonce");
        if demo {
            config = config.proxy(None);
        }
        Ok(Notify {
            agent: config.build().new_agent(),
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            service: service.to_owned(),
            key: EncodingKey::from_secret(secret.as_bytes()),
            receipts: receipts.map(|token| blake3::hash(token.as_bytes())),
            text_template: settings.text_template,
            email_template: settings.email_template,
            letter_template: settings.letter_template,
            now: Box::new(now),
        })
    }

    /// Whether it carries emails too.
    pub fn has_emails(&self) -> bool {
        self.email_template.is_some()
    }

    fn token(&self) -> Result<String, Unsent> {
        let claims = Claims { iss: &self.service, iat: (self.now)() };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.key)
            .map(|token| format!("Bearer {token}"))
            .map_err(|cause| Unsent::Stopped(format!("the key of GOV.UK Notify cannot sign: {cause}")))
    }

    fn post(&self, kind: &str, body: &Value) -> Result<Taken, Unsent> {
        let address = format!("{}/v2/notifications/{kind}", self.base_url);
        let request = self.agent.post(&address).header("authorization", self.token()?);
        let answer = request.send_json(body).map_err(away)?;
        let accepted: Accepted = read(answer)?;
        Ok(Taken { reference: Some(accepted.id) })
    }

    fn get<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, Unsent> {
        let address = format!("{}{path}", self.base_url);
        read(self.agent.get(&address).header("authorization", self.token()?).call().map_err(away)?)
    }
}

/// A key is `name-SERVICE-SECRET`, both ids with their own hyphens.
fn parts(key: &str) -> Option<(&str, &str)> {
    let at = key.len().checked_sub(36)?;
    let (before, secret) = (key.get(..at)?, key.get(at..)?);
    let before = before.strip_suffix('-')?;
    let service = before.get(before.len().checked_sub(36)?..)?;
    (service.parse::<Uuid>().is_ok() && secret.parse::<Uuid>().is_ok()).then_some((service, secret))
}

fn away(cause: ureq::Error) -> Unsent {
    Unsent::Later(format!("GOV.UK Notify does not answer: {cause}"))
}

/// What came back, or what its status and words mean for what was sent.
fn read<T: serde::de::DeserializeOwned>(mut response: ureq::http::Response<ureq::Body>) -> Result<T, Unsent> {
    let status = response.status().as_u16();
    let bytes = response
        .body_mut()
        .with_config()
        .limit(BYTES_MAX)
        .read_to_vec()
        .map_err(|cause| Unsent::Later(format!("the answer of GOV.UK Notify broke off: {cause}")))?;
    if (200..300).contains(&status) {
        return serde_json::from_slice(&bytes)
            .map_err(|cause| Unsent::Later(format!("the answer of GOV.UK Notify cannot be read: {cause}")));
    }
    let faults = serde_json::from_slice::<Refused>(&bytes).map(|refused| refused.errors).unwrap_or_default();
    Err(refusal(status, &faults))
}

fn refusal(status: u16, faults: &[Fault]) -> Unsent {
    let said: Vec<String> = faults.iter().map(|fault| fault.message.clone()).collect();
    let said: String = said.join("; ").chars().take(WORDS_CHARS_MAX).collect();
    let is = |name: &str| faults.iter().any(|fault| fault.error == name);
    let about = |what: &str| faults.iter().any(|fault| fault.message.contains(what));
    match status {
        400 if about("phone_number") || about("email_address") || about("postcode") || about("ddress") => {
            Unsent::Address(format!("GOV.UK Notify cannot send there: {said}"))
        }
        400 if about("team-only") || about("trial mode") => Unsent::Stopped(format!(
            "the service at GOV.UK Notify is in trial mode or its key is for the team only: {said}"
        )),
        400 => Unsent::Stopped(format!("GOV.UK Notify does not take what is sent; look at the templates: {said}")),
        403 if about("clock") => Unsent::Later(format!("the clock of this machine is wrong: {said}")),
        401 | 403 => Unsent::Stopped(format!("GOV.UK Notify does not know the key: {said}")),
        404 => Unsent::Stopped(format!("GOV.UK Notify has no such thing: {said}")),
        413 => Unsent::Stopped("the message is too long for GOV.UK Notify".to_owned()),
        429 if is("TooManyRequestsError") => {
            Unsent::Later(format!("the day's limit of the service at GOV.UK Notify is reached: {said}"))
        }
        429 => Unsent::Later(format!("too many at once for GOV.UK Notify: {said}")),
        500.. => Unsent::Later(format!("GOV.UK Notify has a fault of its own ({status})")),
        _ => Unsent::Stopped(format!("GOV.UK Notify answered {status}: {said}")),
    }
}

impl Carrier for Notify {
    fn has_letters(&self) -> bool {
        self.letter_template.is_some()
    }

    fn text(&self, id: Uuid, to: &str, body: &str) -> Result<Taken, Unsent> {
        self.post(
            "sms",
            &json!({
                "phone_number": to,
                "template_id": self.text_template,
                "personalisation": { "body": body },
                "reference": id.to_string(),
            }),
        )
    }

    fn letter(&self, id: Uuid, to: &Envelope, subject: &str, body: &str) -> Result<Taken, Unsent> {
        let Some(template) = &self.letter_template else { return NoCarrier.letter(id, to, subject, body) };
        let mut filled = Map::new();
        for (number, line) in (1..).zip(&to.lines) {
            filled.insert(format!("address_line_{number}"), Value::from(line.as_str()));
        }
        filled.insert("subject".to_owned(), subject.into());
        filled.insert("body".to_owned(), body.into());
        self.post("letter", &json!({ "template_id": template, "personalisation": filled, "reference": id.to_string() }))
    }

    fn find(&self, id: Uuid) -> Result<Option<Taken>, Unsent> {
        let listed: Listed = self.get(&format!("/v2/notifications?reference={id}"))?;
        Ok(listed.notifications.into_iter().next().map(|found| Taken { reference: Some(found.id) }))
    }

    fn receipt(&self, reference: &str) -> Result<Receipt, Unsent> {
        // It was given by Notify, and is asked for only as what it gives.
        let Ok(reference) = reference.parse::<Uuid>() else { return Ok(Receipt::Travels) };
        let status: Status = self.get(&format!("/v2/notifications/{reference}"))?;
        Ok(Receipt::read(&status.status))
    }

    fn is_receipt_token(&self, token: &str) -> bool {
        // Compared as hashes, so that how long it takes tells nothing of the token.
        self.receipts.is_some_and(|known| known == blake3::hash(token.as_bytes()))
    }
}

impl Mail for Notify {
    fn send(&self, id: Uuid, to: &str, subject: &str, body: &str) -> Result<Taken, Unsent> {
        let Some(template) = &self.email_template else { return super::NoMail.send(id, to, subject, body) };
        let filled = BTreeMap::from([("subject", subject), ("body", body)]);
        self.post(
            "email",
            &json!({
                "email_address": to, "template_id": template, "personalisation": filled, "reference": id.to_string(),
            }),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_name_a_service_and_a_secret() {
        let (service, secret) = ("8b3aa916-ec82-434e-b0c5-d5d9b371d6a3", "8b3aa916-ec82-434e-b0c5-d5d9b371d6a4");
        for name in ["live", "a-name-with-hyphens", "ß"] {
            assert_eq!(parts(&format!("{name}-{service}-{secret}")), Some((service, secret)), "{name}");
        }
        for key in ["", "live", secret, &format!("{service}-{secret}x"), &format!("live-{service}{secret}")] {
            assert_eq!(parts(key), None, "{key}");
        }
    }

    #[test]
    fn each_answer_says_who_has_to_do_something() {
        let later = |unsent: &Unsent| matches!(unsent, Unsent::Later(_));
        let address = |unsent: &Unsent| matches!(unsent, Unsent::Address(_));
        let stopped = |unsent: &Unsent| matches!(unsent, Unsent::Stopped(_));
        type Is<'a> = &'a dyn Fn(&Unsent) -> bool;
        let rows: [(u16, &str, &str, Is<'_>); 12] = [
            (400, "ValidationError", "phone_number Not enough digits", &address),
            (400, "ValidationError", "email_address Not a valid email address", &address),
            (400, "ValidationError", "Must be a real UK postcode", &address),
            (400, "BadRequestError", "Missing personalisation: body", &stopped),
            (400, "BadRequestError", "Can't send to this recipient using a team-only API key", &stopped),
            (400, "BadRequestError", "Template not found", &stopped),
            (403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds", &later),
            (403, "AuthError", "Invalid token: API key not found", &stopped),
            (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds", &later),
            (429, "TooManyRequestsError", "Exceeded send limits (250,000) for today", &later),
            (500, "Exception", "Internal server error", &later),
            (503, "", "", &later),
        ];
        for (status, error, message, is) in rows {
            let fault = Fault { error: error.into(), message: message.into() };
            let unsent = refusal(status, &[fault]);
            assert!(is(&unsent), "{status} {message}: {unsent:?}");
            assert!(unsent.words().len() > 20);
        }
    }

    #[test]
    fn every_state_that_notify_knows_is_read() {
        for (status, receipt) in [
            ("created", Receipt::Travels),
            ("sending", Receipt::Travels),
            ("pending", Receipt::Travels),
            ("accepted", Receipt::Travels),
            ("pending-virus-check", Receipt::Travels),
            ("delivered", Receipt::Arrived),
            ("received", Receipt::Arrived),
            ("sent", Receipt::Arrived),
            ("temporary-failure", Receipt::NotThisTime),
            ("permanent-failure", Receipt::NeverThere),
            ("technical-failure", Receipt::CarrierFailed),
            ("validation-failed", Receipt::CarrierFailed),
            ("something new", Receipt::Travels),
        ] {
            assert_eq!(Receipt::read(status), receipt, "{status}");
        }
    }
}
