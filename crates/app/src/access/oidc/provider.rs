//! One provider: what it publishes of itself, and its keys, kept for a while.

use super::http::Http;
use super::settings::{Entry, Proof};
use super::tokens::{Key, keys_of};
use crate::access::reasons::{Part, Reason, Stopped};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a provider publishes is read again after this long; its keys too, or when one is missing,
/// but then at most once a minute.
const METADATA_KEPT_FOR: SignedDuration = SignedDuration::from_hours(1);
const KEYS_KEPT_FOR: SignedDuration = SignedDuration::from_hours(6);
const KEYS_ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// What a provider publishes of itself (OpenID Connect Discovery 1.0).
#[derive(Debug, Clone, Deserialize)]
pub struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub userinfo_endpoint: Option<String>,
    pub end_session_endpoint: Option<String>,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// Keys that were read, and when.
#[derive(Default)]
struct Kept {
    keys: Vec<Key>,
    read_at: Option<Timestamp>,
}

impl Kept {
    fn is_read_within(&self, time: SignedDuration, now: Timestamp) -> bool {
        self.read_at.is_some_and(|at| now.duration_since(at).abs() < time)
    }

    fn find(&self, key_id: Option<&str>, algorithm: Algorithm) -> Option<Key> {
        let mut fitting = self.keys.iter().filter(|key| key.fits(key_id, algorithm));
        let found = fitting.next()?;
        // Without a name there must be no choice.
        (key_id.is_some() || fitting.next().is_none()).then(|| found.clone())
    }
}

/// One provider of an installation.
pub struct Provider {
    pub entry: Entry,
    pub(super) proof: Proof,
    pub(super) http: Http,
    demo: bool,
    metadata: Mutex<Option<(Arc<Metadata>, Timestamp)>>,
    keys: Mutex<Kept>,
    identity_keys: Mutex<Kept>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Provider").field("id", &self.entry.id).field("issuer", &self.entry.issuer).finish()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Provider {
    pub(super) fn new(entry: Entry, proof: Proof, demo: bool) -> Provider {
        let http = Http::new(demo);
        Provider {
            entry,
            proof,
            http,
            demo,
            metadata: Mutex::default(),
            keys: Mutex::default(),
            identity_keys: Mutex::default(),
        }
    }

    /// What is kept of an account there: no more than tells it from others.
    pub fn subject_hash(&self, subject: &str) -> [u8; 32] {
        self.hash("tellonce 2026 subject of a provider", subject)
    }

    pub(super) fn session_hash(&self, session: &str) -> [u8; 32] {
        self.hash("tellonce 2026 session at a provider", session)
    }

    fn hash(&self, purpose: &'static str, text: &str) -> [u8; 32] {
        blake3::derive_key(purpose, format!("{}\0{text}", self.entry.issuer).as_bytes())
    }

    fn away(&self, cause: &str) -> Stopped {
        tracing::warn!(provider = self.entry.id, cause, "a provider did not answer as agreed");
        Part::Way.is(Reason::ProviderAway)
    }

    /// What the provider publishes of itself.
    pub(super) fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, Stopped> {
        if let Some((metadata, at)) = locked(&self.metadata).as_ref()
            && now.duration_since(*at).abs() < METADATA_KEPT_FOR
        {
            return Ok(metadata.clone());
        }
        let issuer = &self.entry.issuer;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let metadata: Metadata = self.http.get(&address, None).map_err(|cause| self.away(&cause))?;
        if metadata.issuer != *issuer {
            return Err(self.away(&format!("it calls itself `{}`", metadata.issuer)));
        }
        let endpoints = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        let optional = metadata.userinfo_endpoint.iter().chain(&metadata.end_session_endpoint);
        for endpoint in endpoints.into_iter().chain(optional) {
            if !super::settings::is_safe(endpoint, self.demo) {
                return Err(self.away(&format!("`{endpoint}` is not https")));
            }
        }
        let metadata = Arc::new(metadata);
        *locked(&self.metadata) = Some((metadata.clone(), now));
        Ok(metadata)
    }

    /// The key that signs this provider's tokens under this name.
    pub(super) fn key(&self, id: Option<&str>, algorithm: Algorithm, now: Timestamp) -> Result<Key, Reason> {
        find_key(&self.keys, id, algorithm, now, || {
            let address = self.metadata(now).map_err(|stopped| stopped.reason)?.jwks_uri.clone();
            let set: serde_json::Value = self.http.get(&address, None).map_err(|cause| self.away(&cause).reason)?;
            Ok(keys_of(&set))
        })
    }

    /// The key that signs proofs of identity under this name, out of the provider's `did.json`.
    pub(super) fn identity_key(&self, id: Option<&str>, algorithm: Algorithm, now: Timestamp) -> Result<Key, Reason> {
        let identity = self.entry.identity.as_ref().ok_or(Reason::UnknownKey)?;
        find_key(&self.identity_keys, id, algorithm, now, || {
            let document: serde_json::Value =
                self.http.get(&identity.did, None).map_err(|cause| self.away(&cause).reason)?;
            super::identity::keys_of(&document, &identity.did).map_err(|cause| self.away(cause).reason)
        })
    }
}

/// A key that is kept, or that is there when the keys are read again.
fn find_key(
    kept: &Mutex<Kept>,
    id: Option<&str>,
    algorithm: Algorithm,
    now: Timestamp,
    read: impl FnOnce() -> Result<Vec<Key>, Reason>,
) -> Result<Key, Reason> {
    {
        let mut kept = locked(kept);
        let found = kept.find(id, algorithm);
        if let Some(key) = found.filter(|_| kept.is_read_within(KEYS_KEPT_FOR, now)) {
            return Ok(key);
        }
        if kept.is_read_within(KEYS_ASKED_AGAIN_AFTER, now) {
            return Err(Reason::UnknownKey);
        }
        // Noted before it is asked, so that a flood of unknown names asks once.
        kept.read_at = Some(now);
    }
    match read() {
        Ok(keys) => {
            let mut kept = locked(kept);
            kept.keys = keys;
            kept.find(id, algorithm).ok_or(Reason::UnknownKey)
        }
        Err(reason) => {
            locked(kept).read_at = None;
            Err(reason)
        }
    }
}
