//! The providers of an installation, read from a file at its start.

use super::provider::Provider;
use casework::access::Role;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use strum::{Display, EnumString};
use url::Url;

/// What is a way to sign in already.
const RESERVED: [&str; 8] = ["password", "code", "text", "in_person", "passkey", "demo", "account", "operator"];

/// What a provider is, which decides what is asked of it and for whom it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Display, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// Microsoft Entra ID of the council: its staff.
    Entra,
    /// DfE Sign-in: schools and colleges.
    Dfe,
    /// GOV.UK One Login: families.
    OneLogin,
    /// Any other provider of OpenID Connect: staff.
    General,
}

impl Kind {
    /// Whether people of this role may come in this way.
    pub fn is_for(self, role: Role) -> bool {
        let is_family = matches!(role, Role::Parent | Role::YoungPerson);
        match self {
            // Whom a family invited signs in with a code and with nothing else.
            Kind::Entra | Kind::General => !is_family && role != Role::Independent,
            Kind::Dfe => role == Role::Setting,
            Kind::OneLogin => is_family,
        }
    }

    pub fn scope(self) -> &'static str {
        match self {
            Kind::Entra | Kind::General => "openid profile email",
            Kind::Dfe => "openid profile email organisation",
            Kind::OneLogin => "openid email",
        }
    }

    /// Who presses its button, as the page for signing in says it.
    pub fn readers(self) -> &'static str {
        match self {
            Kind::Entra | Kind::General => "If you work for the council or with it",
            Kind::Dfe => "If you work at a school or college",
            Kind::OneLogin => "If you are a parent, a carer or a young person",
        }
    }
}

/// How this installation proves to a provider who it is.
#[derive(Clone)]
pub enum Proof {
    Secret(String),
    /// `private_key_jwt`.
    Key {
        key: EncodingKey,
        algorithm: Algorithm,
        key_id: Option<String>,
    },
}

/// Where identities that GOV.UK One Login checked are signed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The issuer of the core identity.
    pub issuer: String,
    /// Its `did.json`, which has the keys.
    pub did: String,
}

/// A provider as the file has it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name in addresses, such as `council`.
    pub id: String,
    pub kind: Kind,
    /// Its name on the button.
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    client_secret_file: Option<String>,
    private_key_file: Option<String>,
    key_id: Option<String>,
    /// The three digits of the area whose people it knows; may be left out where there is one area.
    pub area: Option<String>,
    /// The provider is the area's own and gives out the addresses itself: they need not be said to be checked.
    #[serde(default)]
    pub trust_email: bool,
    /// One Login: what is asked for, such as `Cl.Cm` or `Cl.Cm.P2`.
    pub level: Option<String>,
    pub identity: Option<Identity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    provider: Vec<Entry>,
}

/// All providers of an installation; none unless a file names them.
#[derive(Debug, Default)]
pub struct Providers {
    all: Vec<Provider>,
}

impl Providers {
    /// Reads the file; secrets and keys lie beside it or where it says. A demo may speak plain http
    /// with this machine.
    ///
    /// # Errors
    /// In words for whoever runs the installation.
    pub fn read(path: &Path, demo: bool) -> Result<Providers, String> {
        let text = fs::read_to_string(path).map_err(|cause| format!("failed to read `{}`: {cause}", path.display()))?;
        let file: File = toml::from_str(&text).map_err(|cause| format!("`{}`: {cause}", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut known = BTreeSet::new();
        let mut all = Vec::new();
        for entry in file.provider {
            let id = entry.id.clone();
            let provider =
                provider(entry, folder, demo).map_err(|why| format!("`{}`: provider `{id}`: {why}", path.display()))?;
            if !known.insert(id.clone()) {
                return Err(format!("`{}`: two providers have the id `{id}`", path.display()));
            }
            all.push(provider);
        }
        Ok(Providers { all })
    }

    pub fn all(&self) -> &[Provider] {
        &self.all
    }

    pub fn find(&self, id: &str) -> Option<&Provider> {
        self.all.iter().find(|provider| provider.entry.id == id)
    }
}

fn provider(entry: Entry, folder: &Path, demo: bool) -> Result<Provider, String> {
    let is_id = |text: &str| {
        (1..=30).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !RESERVED.contains(&text)
    };
    if !is_id(&entry.id) {
        return Err("its id must be of small letters, digits and hyphens, and no way to sign in that there is".into());
    }
    if entry.name.trim().is_empty() || entry.client_id.trim().is_empty() {
        return Err("it needs a `name` and a `client_id`".into());
    }
    let mut addresses = vec![entry.issuer.as_str()];
    addresses.extend(entry.identity.iter().map(|identity| identity.did.as_str()));
    for address in addresses {
        if !is_safe(address, demo) {
            return Err(format!("`{address}` must be an https address"));
        }
    }
    if entry.kind == Kind::OneLogin {
        let level = entry.level.as_deref().ok_or("GOV.UK One Login needs a `level`, such as \"Cl.Cm\"")?;
        if !level.split('.').all(|part| matches!(part, "Cl" | "Cm" | "P1" | "P2" | "P3")) {
            return Err(format!("there is no level `{level}`"));
        }
        if level.contains('P') && entry.identity.is_none() {
            return Err("a level with an identity needs `identity = { issuer = …, did = … }`".into());
        }
    }
    let read =
        |name: &str| fs::read_to_string(folder.join(name)).map_err(|cause| format!("failed to read `{name}`: {cause}"));
    let proof = match (&entry.client_secret_file, &entry.private_key_file) {
        (Some(name), None) => Proof::Secret(read(name)?.trim().to_owned()),
        (None, Some(name)) => {
            let (key, algorithm) = private_key(read(name)?.as_bytes())
                .ok_or_else(|| format!("`{name}` is not a private key in PEM (PKCS #8, P-256 or RSA)"))?;
            Proof::Key { key, algorithm, key_id: entry.key_id.clone() }
        }
        _ => return Err("it needs either `client_secret_file` or `private_key_file`".into()),
    };
    if entry.kind == Kind::OneLogin && matches!(proof, Proof::Secret(_)) {
        return Err("GOV.UK One Login needs a `private_key_file`".into());
    }
    Ok(Provider::new(entry, proof, demo))
}

fn private_key(pem: &[u8]) -> Option<(EncodingKey, Algorithm)> {
    let ec = EncodingKey::from_ec_pem(pem).map(|key| (key, Algorithm::ES256));
    ec.or_else(|_| EncodingKey::from_rsa_pem(pem).map(|key| (key, Algorithm::RS256))).ok()
}

/// Whether this may be asked: https, or plain http with this machine in a demo.
pub(crate) fn is_safe(address: &str, demo: bool) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let is_here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let has_name = url.username().is_empty() && url.password().is_none();
    has_name && (url.scheme() == "https" || (demo && is_here && url.scheme() == "http"))
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn only_https_is_asked_except_on_this_machine_in_a_demo() {
        for (address, demo, safe) in [
            ("https://login.example.org/a", false, true),
            ("http://login.example.org/a", false, false),
            ("http://login.example.org/a", true, false),
            ("http://localhost:9000/a", false, false),
            ("http://localhost:9000/a", true, true),
            ("http://127.0.0.1/a", true, true),
            ("http://127.0.0.1.example.org/a", true, false),
            ("https://name:word@login.example.org", false, false),
            ("file:///etc/passwd", true, false),
            ("nonsense", true, false),
        ] {
            assert_eq!(is_safe(address, demo), safe, "{address} in a demo: {demo}");
        }
    }
}
