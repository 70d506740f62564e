//! Asking a provider: bounded in time and size, without redirects, https only.

use serde::de::DeserializeOwned;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// All of an exchange, from looking up the name to the last byte.
const SECONDS_MAX: u64 = 8;
const BYTES_MAX: u64 = 256 * 1024;

/// A client for one provider. What it does blocks: call it off the async threads.
#[derive(Debug, Clone)]
pub struct Http {
    agent: Agent,
    demo: bool,
}

/// An answer: its status and what it says, as JSON.
pub struct Answer<T> {
    pub status: u16,
    pub body: Option<T>,
}

impl Http {
    pub fn new(demo: bool) -> Http {
        let mut config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(SECONDS_MAX)))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .https_only(!demo)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .user_agent("tellonce");
        if demo {
            config = config.proxy(None);
        }
        Http { agent: config.build().new_agent(), demo }
    }

    /// Reads JSON from an address that was itself read from a provider.
    ///
    /// # Errors
    /// In words for the log, when nothing came, too much, too late, or something else.
    pub fn get<T: DeserializeOwned>(&self, address: &str, bearer: Option<&str>) -> Result<T, String> {
        self.check(address)?;
        let mut request = self.agent.get(address).header("accept", "application/json");
        if let Some(token) = bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = request.call().map_err(|cause| format!("{address}: {cause}"))?;
        let answer = read(response).map_err(|cause| format!("{address}: {cause}"))?;
        match answer {
            Answer { status: 200, body: Some(body) } => Ok(body),
            Answer { status, .. } => Err(format!("{address} answered {status}, or not in JSON")),
        }
    }

    /// Posts a form.
    ///
    /// # Errors
    /// As [`Http::get`], but any status is an answer.
    pub fn post<T: DeserializeOwned>(
        &self,
        address: &str,
        basic: Option<&str>,
        form: &[(&str, &str)],
    ) -> Result<Answer<T>, String> {
        self.check(address)?;
        let mut request = self.agent.post(address).header("accept", "application/json");
        if let Some(secret) = basic {
            request = request.header("authorization", format!("Basic {secret}"));
        }
        let response = request.send_form(form.iter().copied()).map_err(|cause| format!("{address}: {cause}"))?;
        read(response).map_err(|cause| format!("{address}: {cause}"))
    }

    fn check(&self, address: &str) -> Result<(), String> {
        if super::settings::is_safe(address, self.demo) { Ok(()) } else { Err(format!("`{address}` is not https")) }
    }
}

fn read<T: DeserializeOwned>(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer<T>, String> {
    let status = response.status().as_u16();
    let bytes = response.body_mut().with_config().limit(BYTES_MAX).read_to_vec().map_err(|cause| cause.to_string())?;
    Ok(Answer { status, body: serde_json::from_slice(&bytes).ok() })
}
