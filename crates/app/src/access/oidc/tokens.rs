//! Is this token real, for us, for now? Signatures are checked by `jsonwebtoken`; times are compared
//! with the clock that is passed in.

use crate::access::reasons::Reason;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Clocks of two machines may differ by this much.
const LEEWAY_SECONDS: i64 = 60;
/// No token of ours is longer.
const TOKEN_BYTES_MAX: usize = 32 * 1024;
/// Fewest bits of an RSA key.
const RSA_BITS_MIN: usize = 2048;

/// A public key of a provider, for one algorithm.
#[derive(Clone)]
pub struct Key {
    pub(super) id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Key {
    /// A key as published, if it is of a kind that is allowed here.
    pub(super) fn read(value: &serde_json::Value) -> Option<Key> {
        let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
        if matches!(jwk.common.public_key_use, Some(ref used) if *used != PublicKeyUse::Signature) {
            return None;
        }
        let algorithm = match &jwk.algorithm {
            AlgorithmParameters::EllipticCurve(ec) if ec.curve == EllipticCurve::P256 => Algorithm::ES256,
            AlgorithmParameters::RSA(rsa)
                if URL_SAFE_NO_PAD.decode(&rsa.n).is_ok_and(|n| n.len() * 8 >= RSA_BITS_MIN) =>
            {
                Algorithm::RS256
            }
            _ => return None,
        };
        let key = DecodingKey::from_jwk(&jwk).ok()?;
        Some(Key { id: jwk.common.key_id, algorithm, key })
    }

    pub(super) fn fits(&self, id: Option<&str>, algorithm: Algorithm) -> bool {
        self.algorithm == algorithm && id.is_none_or(|id| self.id.as_deref() == Some(id))
    }
}

/// The keys of a JWKS that can be used; others are passed over.
pub fn keys_of(set: &serde_json::Value) -> Vec<Key> {
    set["keys"].as_array().into_iter().flatten().filter_map(Key::read).collect()
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

/// What a token says, once its signature is found to be that of a known key.
///
/// # Errors
/// Why it cannot be believed.
pub fn verify<T: DeserializeOwned>(
    token: &str,
    find_key: impl FnOnce(Option<&str>, Algorithm) -> Result<Key, Reason>,
) -> Result<T, Reason> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(Reason::Unreadable);
    }
    let header = token.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| Reason::Unreadable)?;
    let header: Header = serde_json::from_slice(&header).map_err(|_| Reason::Unreadable)?;
    let algorithm = match header.alg.as_str() {
        "ES256" => Algorithm::ES256,
        "RS256" => Algorithm::RS256,
        _ => return Err(Reason::WrongAlgorithm),
    };
    if header.crit.is_some() {
        return Err(Reason::Unreadable);
    }
    let key = find_key(header.kid.as_deref(), algorithm)?;
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let decoded = jsonwebtoken::decode::<T>(token, &key.key, &validation).map_err(|cause| match cause.kind() {
        ErrorKind::InvalidSignature => Reason::WrongSignature,
        ErrorKind::InvalidAlgorithm => Reason::WrongAlgorithm,
        _ => Reason::Unreadable,
    })?;
    Ok(decoded.claims)
}

/// One audience or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What every token of a provider has.
#[derive(Debug, Clone, Deserialize)]
pub struct Claims {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
}

/// By whom and for whom a token has to be made.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub now: Timestamp,
}

impl Claims {
    /// # Errors
    /// What does not fit.
    pub fn check(&self, expected: Expected<'_>) -> Result<(), Reason> {
        if self.iss != expected.issuer {
            return Err(Reason::WrongIssuer);
        }
        let client = expected.client;
        let is_ours = match &self.aud {
            Audience::One(one) => one == client,
            Audience::Several(all) => match all.as_slice() {
                [one] => one == client,
                // Made for several: it has to say that it was us who asked for it.
                all => all.iter().any(|one| one == client) && self.azp.is_some(),
            },
        };
        if !is_ours || self.azp.as_deref().is_some_and(|azp| azp != client) {
            return Err(Reason::WrongAudience);
        }
        let (now, leeway) = (expected.now.as_second() as f64, LEEWAY_SECONDS as f64);
        let (Some(expires), Some(issued)) = (self.exp, self.iat) else { return Err(Reason::Missing) };
        if expires <= now - leeway {
            return Err(Reason::Expired);
        }
        if issued > now + leeway || self.nbf.is_some_and(|from| from > now + leeway) {
            return Err(Reason::NotYetValid);
        }
        Ok(())
    }

    /// Whether it was made longer ago than this.
    pub fn is_older_than(&self, age: SignedDuration, now: Timestamp) -> bool {
        self.iat.is_none_or(|at| at < (now - age).as_second() as f64)
    }
}

/// Whether an ID token belongs to this access token (`at_hash`, for the algorithms allowed here).
pub fn belongs_to(at_hash: &str, access_token: &str) -> bool {
    let digest = Sha256::digest(access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest[..16]) == at_hash
}
