//! GOV.UK One Login's proof of identity: the core identity, signed by its own service, whose keys
//! are in a `did.json`.

use super::provider::Provider;
use super::tokens::{self, Claims, Expected, Key};
use crate::access::reasons::{Part, Reason, Stopped};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

pub const CORE_IDENTITY: &str = "https://vocab.account.gov.uk/v1/coreIdentityJWT";

/// The keys of a `did.json`, named by their whole DID URL, as tokens name them.
pub fn keys_of(document: &Value, address: &str) -> Result<Vec<Key>, &'static str> {
    let expected = did_of(address).ok_or("the address of the did.json cannot be read")?;
    if document["id"].as_str() != Some(&expected) {
        return Err("the did.json is of another service");
    }
    let methods = document["assertionMethod"].as_array().ok_or("the did.json has no keys")?;
    Ok(methods
        .iter()
        .filter_map(|method| {
            let id = method["id"].as_str()?;
            let (controller, _) = id.split_once('#')?;
            let mut key = Key::read(&method["publicKeyJwk"])?;
            key.id = Some(id.to_owned());
            (controller == expected).then_some(key)
        })
        .collect())
}

/// `did:web` of the host that serves a `did.json`.
fn did_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("did:web:{host}%3A{port}"),
        None => format!("did:web:{host}"),
    })
}

#[derive(Deserialize)]
struct CoreIdentity {
    #[serde(flatten)]
    claims: Claims,
    sub: String,
    vot: Option<String>,
    #[serde(default)]
    vc: Value,
}

/// The parts of a level: how someone signed in (`Cl`, `Cm`), and how their identity was checked (`P2`).
fn parts(level: &str, mark: char) -> impl Iterator<Item = &str> {
    level.split('.').filter(move |part| part.starts_with(mark))
}

/// Whether they signed in as strictly as was asked.
pub fn is_signed_in_as_asked(asked: &str, got: Option<&str>) -> bool {
    let got: Vec<&str> = parts(got.unwrap_or_default(), 'C').collect();
    parts(asked, 'C').all(|part| got.contains(&part))
}

/// What the level asks of an identity, such as `P2`.
pub fn asked_of(level: &str) -> Option<&str> {
    parts(level, 'P').next()
}

/// The name of a person whose identity was checked as strictly as was asked.
pub fn name(
    provider: &Provider,
    userinfo: &Value,
    subject: &str,
    asked: &str,
    now: Timestamp,
) -> Result<Option<String>, Stopped> {
    let wrong = |reason| Part::CoreIdentity.is(reason);
    let identity = provider.entry.identity.as_ref().ok_or(wrong(Reason::Missing))?;
    let token = userinfo[CORE_IDENTITY].as_str().ok_or(wrong(Reason::Missing))?;
    let core: CoreIdentity =
        tokens::verify(token, |id, algorithm| provider.identity_key(id, algorithm, now)).map_err(wrong)?;
    core.claims.check(Expected { issuer: &identity.issuer, client: &provider.entry.client_id, now }).map_err(wrong)?;
    if core.sub != subject {
        return Err(wrong(Reason::OtherSubject));
    }
    // `P1` < `P2` < `P3`: a stricter check than asked is as good.
    if core.vot.as_deref().filter(|vot| vot.len() == 2 && vot.starts_with('P')).is_none_or(|vot| vot < asked) {
        return Err(wrong(Reason::LevelTooLow));
    }
    Ok(current_name(&core.vc))
}

/// The name that is not marked as an earlier one.
fn current_name(vc: &Value) -> Option<String> {
    let names = vc["credentialSubject"]["name"].as_array()?;
    let current = names.iter().find(|name| name["validUntil"].is_null())?;
    let words: Vec<&str> = current["nameParts"].as_array()?.iter().filter_map(|part| part["value"].as_str()).collect();
    let name: String = words.join(" ").chars().filter(|c| !c.is_control()).take(100).collect();
    (!name.trim().is_empty()).then(|| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_reached_or_it_is_not() {
        for (asked, got, reached) in [
            ("Cl.Cm", Some("Cl.Cm"), true),
            ("Cl.Cm.P2", Some("Cl.Cm"), true),
            ("Cl", Some("Cl.Cm"), true),
            ("Cl.Cm", Some("Cl"), false),
            ("Cl.Cm", Some("ClCm"), false),
            ("Cl.Cm", None, false),
        ] {
            assert_eq!(is_signed_in_as_asked(asked, got), reached, "{asked} and {got:?}");
        }
        assert_eq!((asked_of("Cl.Cm.P2"), asked_of("Cl.Cm")), (Some("P2"), None));
    }

    #[test]
    fn a_did_is_that_of_the_host() {
        assert_eq!(
            did_of("https://identity.account.gov.uk/.well-known/did.json").as_deref(),
            Some("did:web:identity.account.gov.uk")
        );
        assert_eq!(did_of("http://localhost:9000/did.json").as_deref(), Some("did:web:localhost%3A9000"));
    }
}
