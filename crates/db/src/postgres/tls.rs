//! Where the server is and how to reach it: by TLS, unless it is on this machine.
//!
//! | `sslmode` in the address | what happens |
//! |---|---|
//! | none, server on this machine (a socket, `localhost`, a loopback address) | no TLS |
//! | none, server elsewhere | as `verify-full` |
//! | `disable` | no TLS: for a network that is protected otherwise |
//! | `require`, `verify-ca`, `verify-full` | TLS; the certificate and the name in it are always checked |
//! | `prefer`, `allow` | refused: whoever sits in between could turn TLS off |
//!
//! Certificates are checked against the system's authorities, or against those in the PEM file that
//! `sslrootcert` names.

use super::{fault_of, words};
use crate::error::Error;
use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres_rustls::MakeRustlsConnect;

pub(super) struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    shown: String,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Server").field(&self.shown).finish()
    }
}

impl Server {
    pub(super) fn parse(address: &str, shown: String) -> Result<Self, Error> {
        let refuse = |why: String| Error::Address { address: shown.clone(), why };
        let wish = Wish::take_from(address).map_err(refuse)?;
        let mut config: Config =
            wish.address.parse().map_err(|error: postgres::Error| refuse(words(&error).to_string()))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_application_name().is_none() {
            config.application_name("tellonce");
        }
        if config.get_tcp_user_timeout().is_none() {
            // A server that vanishes without a word is noticed in half a minute, not in two hours.
            config.tcp_user_timeout(Duration::from_secs(30));
        }
        let encrypted = wish.encrypted.unwrap_or_else(|| !config.get_hosts().iter().all(is_here));
        let tls = if encrypted {
            config.ssl_mode(SslMode::Require);
            Some(trust(wish.authorities.as_deref()).map_err(refuse)?)
        } else {
            config.ssl_mode(SslMode::Disable);
            None
        };
        Ok(Self { config, tls, shown })
    }

    /// The address without its password.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    pub(super) fn connect(&self) -> Result<Client, Error> {
        let connected = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        connected.map_err(|error| Error::Open {
            database: self.shown.clone(),
            fault: fault_of(&error),
            cause: words(&error),
        })
    }
}

/// What the address says about TLS, and the address without it.
#[derive(Debug, PartialEq, Eq)]
struct Wish {
    address: String,
    encrypted: Option<bool>,
    authorities: Option<String>,
}

impl Wish {
    fn take_from(address: &str) -> Result<Self, String> {
        let mut wish = Self { address: address.to_owned(), encrypted: None, authorities: None };
        let Some((start, query)) = address.split_once('?') else {
            return Ok(wish);
        };
        let mut rest = Vec::new();
        for part in query.split('&') {
            match part.split_once('=').unwrap_or((part, "")) {
                ("sslmode", "disable") => wish.encrypted = Some(false),
                ("sslmode", "require" | "verify-ca" | "verify-full") => wish.encrypted = Some(true),
                ("sslmode", other) => {
                    return Err(format!("`sslmode={other}` is not safe; use verify-full or disable"));
                }
                ("sslrootcert", path) => wish.authorities = Some(without_percent(path)?),
                _ => rest.push(part),
            }
        }
        wish.address = start.to_owned();
        if !rest.is_empty() {
            wish.address.push('?');
            wish.address.push_str(&rest.join("&"));
        }
        Ok(wish)
    }
}

fn without_percent(text: &str) -> Result<String, String> {
    let unreadable = || "`sslrootcert` cannot be read as a path".to_owned();
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok()).ok_or_else(unreadable)?;
        bytes.push(code);
        rest = &after[2..];
    }
    String::from_utf8(bytes).map_err(|_| unreadable())
}

/// Whether the way to the server never leaves this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn trust(authorities: Option<&str>) -> Result<MakeRustlsConnect, String> {
    let mut roots = rustls::RootCertStore::empty();
    match authorities {
        Some(path) => {
            let certificates = CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|error| format!("the certificates in `{path}` cannot be read: {error}"))?;
            let (added, _) = roots.add_parsable_certificates(certificates);
            if added == 0 {
                return Err(format!("there is no certificate in `{path}`"));
            }
        }
        None => {
            // Those that cannot be read are left out; with none at all, no server is trusted.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(address: &str) -> Result<bool, String> {
        Server::parse(address, "shown".to_owned()).map(|server| server.tls.is_some()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_server_on_this_machine_is_reached_without_tls() {
        for address in [
            "postgres://a@localhost/b",
            "postgres://a@127.0.0.1:5433/b?connect_timeout=3",
            "postgres://a@[::1]/b",
            "postgres://a@%2Fvar%2Frun%2Fpostgresql/b",
            "postgres://a@elsewhere.example/b?sslmode=disable",
        ] {
            assert_eq!(server(address), Ok(false), "{address}");
        }
    }

    #[test]
    fn a_server_elsewhere_is_reached_by_tls() {
        for address in [
            "postgres://a@elsewhere.example/b",
            "postgres://a@localhost,elsewhere.example/b",
            "postgres://a@10.0.0.7/b?application_name=x",
            "postgres://a@localhost/b?sslmode=verify-full",
        ] {
            assert_eq!(server(address), Ok(true), "{address}");
        }
    }

    #[test]
    fn tls_that_can_be_turned_off_in_between_is_refused() {
        let refused = server("postgres://a@elsewhere.example/b?sslmode=prefer").unwrap_err();
        assert!(refused.contains("`sslmode=prefer` is not safe"), "{refused}");
        let refused = server("postgres://a@h/b?sslrootcert=%2Fnowhere%2Fca.pem").unwrap_err();
        assert!(refused.contains("`/nowhere/ca.pem` cannot be read"), "{refused}");
    }
}
