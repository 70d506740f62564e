//! From the code that a browser brings back to who it is: the exchange with the provider, and every
//! check of what it answers.

use super::identity;
use super::provider::{Metadata, Provider};
use super::settings::{Kind, Proof};
use super::tokens::{self, Claims, Expected};
use crate::access::browser::hex;
use crate::access::reasons::{Part, Reason, Stopped};
use crate::ports::random_bytes;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use casework::people::identifiers::Urn;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// How long what proves who we are is good for.
const ASSERTION_SECONDS: i64 = 120;
/// Most characters of a subject, by the standard.
const SUBJECT_CHARS_MAX: usize = 255;

/// What only the browser's own attempt knows.
pub struct Secrets {
    pub nonce: String,
    pub verifier: String,
}

impl Secrets {
    /// What goes to the provider instead of the verifier (PKCE, S256).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

/// Who came back, as the provider proves it.
pub struct Proven {
    pub subject_hash: [u8; 32],
    pub session_hash: Option<[u8; 32]>,
    pub email: Option<String>,
    pub is_email_verified: bool,
    /// The school or college that was chosen at DfE Sign-in.
    pub school: Option<Urn>,
    /// The name of somebody whose identity was checked.
    pub name: Option<String>,
    pub id_token: String,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct IdToken {
    #[serde(flatten)]
    claims: Claims,
    sub: String,
    nonce: Option<String>,
    at_hash: Option<String>,
    sid: Option<String>,
    vot: Option<String>,
    #[serde(flatten)]
    rest: serde_json::Map<String, Value>,
}

#[derive(Serialize)]
struct Assertion<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    jti: String,
    iat: i64,
    exp: i64,
}

/// Takes the code to the provider and checks all that it answers.
///
/// # Errors
/// The first thing that is wrong.
pub fn prove(
    provider: &Provider,
    code: &str,
    redirect: &str,
    secrets: &Secrets,
    now: Timestamp,
) -> Result<Proven, Stopped> {
    let entry = &provider.entry;
    let metadata = provider.metadata(now)?;
    let answer = take_back(provider, &metadata, code, redirect, &secrets.verifier, now)?;
    let wrong = |reason| Part::IdToken.is(reason);
    let token = answer.id_token.ok_or(wrong(Reason::Missing))?;
    let id: IdToken = tokens::verify(&token, |id, algorithm| provider.key(id, algorithm, now)).map_err(wrong)?;
    id.claims.check(Expected { issuer: &entry.issuer, client: &entry.client_id, now }).map_err(wrong)?;
    if id.nonce.as_deref() != Some(&secrets.nonce) {
        return Err(wrong(Reason::WrongNonce));
    }
    if id.at_hash.as_deref().is_some_and(|hash| !tokens::belongs_to(hash, &answer.access_token)) {
        return Err(wrong(Reason::WrongAccessToken));
    }
    if id.sub.is_empty() || id.sub.len() > SUBJECT_CHARS_MAX {
        return Err(wrong(Reason::Unreadable));
    }
    let level = entry.level.as_deref().unwrap_or_default();
    if entry.kind == Kind::OneLogin && !identity::is_signed_in_as_asked(level, id.vot.as_deref()) {
        return Err(wrong(Reason::LevelTooLow));
    }
    let userinfo = userinfo(provider, &metadata, &answer.access_token, &id.sub)?;
    let name = match (entry.kind, identity::asked_of(level)) {
        (Kind::OneLogin, Some(asked)) => identity::name(provider, &userinfo, &id.sub, asked, now)?,
        _ => None,
    };
    let said = Value::Object(id.rest);
    // What was said of the address has to come from where the address comes from.
    let source = if userinfo["email"].is_string() { &userinfo } else { &said };
    let organisation = if userinfo["organisation"].is_object() { &userinfo } else { &said };
    Ok(Proven {
        subject_hash: provider.subject_hash(&id.sub),
        session_hash: id.sid.as_deref().map(|sid| provider.session_hash(sid)),
        email: source["email"].as_str().map(|email| email.trim().to_lowercase()),
        is_email_verified: entry.trust_email || source["email_verified"] == Value::Bool(true),
        school: school(&organisation["organisation"]),
        name,
        id_token: token,
    })
}

/// The number of a school, which DfE Sign-in gives as text or as a number.
fn school(organisation: &Value) -> Option<Urn> {
    match &organisation["urn"] {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

fn take_back(
    provider: &Provider,
    metadata: &Metadata,
    code: &str,
    redirect: &str,
    verifier: &str,
    now: Timestamp,
) -> Result<TokenAnswer, Stopped> {
    let away = |cause: String| {
        tracing::warn!(provider = provider.entry.id, cause, "a code could not be taken to the provider");
        Part::Way.is(Reason::ProviderAway)
    };
    let client = provider.entry.client_id.as_str();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect),
        ("code_verifier", verifier),
        ("client_id", client),
    ];
    let (assertion, basic);
    let mut authorization = None;
    match &provider.proof {
        Proof::Key { key, algorithm, key_id } => {
            let mut header = jsonwebtoken::Header::new(*algorithm);
            header.kid.clone_from(key_id);
            let claims = Assertion {
                iss: client,
                sub: client,
                aud: &metadata.token_endpoint,
                jti: hex(&random_bytes::<16>()),
                iat: now.as_second(),
                exp: now.as_second() + ASSERTION_SECONDS,
            };
            assertion = jsonwebtoken::encode(&header, &claims, key).map_err(|cause| away(cause.to_string()))?;
            form.push(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
            form.push(("client_assertion", &assertion));
        }
        Proof::Secret(secret) => {
            let methods = metadata.token_endpoint_auth_methods_supported.as_deref();
            // The standard's default is the header.
            if methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic")) {
                let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                basic = STANDARD.encode(format!("{}:{}", encoded(client), encoded(secret)));
                authorization = Some(basic.as_str());
            } else {
                form.push(("client_secret", secret));
            }
        }
    }
    let answer = provider.http.post::<TokenAnswer>(&metadata.token_endpoint, authorization, &form).map_err(away)?;
    match answer.body {
        Some(body) if answer.status == 200 => Ok(body),
        _ if (400..500).contains(&answer.status) => Err(Part::Way.is(Reason::CodeRefused)),
        _ => Err(away(format!("{} answered {}", metadata.token_endpoint, answer.status))),
    }
}

/// What the provider says of the person; nothing where it has no such page. Entra ID's is another
/// service, which is not asked.
fn userinfo(provider: &Provider, metadata: &Metadata, access_token: &str, subject: &str) -> Result<Value, Stopped> {
    let wrong = |reason| Part::Userinfo.is(reason);
    let address = match (provider.entry.kind, &metadata.userinfo_endpoint) {
        (Kind::Entra, _) | (Kind::General, None) => return Ok(Value::Null),
        (_, Some(address)) => address,
        (_, None) => return Err(wrong(Reason::Missing)),
    };
    let said: Value = provider.http.get(address, Some(access_token)).map_err(|cause| {
        tracing::warn!(provider = provider.entry.id, cause, "the provider did not say who it is");
        wrong(Reason::ProviderAway)
    })?;
    if said["sub"].as_str() == Some(subject) { Ok(said) } else { Err(wrong(Reason::OtherSubject)) }
}
