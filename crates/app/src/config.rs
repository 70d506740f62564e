//! What an installation is told at its start: the one place that reads the environment.

use crate::access::oidc::Providers;
use crate::ports::ClamAv;
use jiff::civil::Date;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

/// Settings of a running installation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder: the SQLite file and the stored files.
    pub dir: PathBuf,
    /// Where to listen.
    pub port: u16,
    /// The address by which browsers reach this installation, such as `https://send.example.gov.uk`.
    /// Without one, this machine's.
    pub address: Option<String>,
    /// Where people may sign in with an account that they have elsewhere.
    pub providers: Arc<Providers>,
    /// Lets visitors pick one of the demo's people instead of typing a password.
    pub demo: bool,
    /// Cookies are marked `Secure`; off only for plain http on this machine.
    pub secure_cookies: bool,
    /// The mail server, and the address that messages come from.
    pub mail: Option<(String, String)>,
    /// The file that says how texts and letters are carried.
    pub notify: Option<PathBuf>,
    /// The fixed day of a demo.
    pub today: Option<Date>,
    pub api: ApiLimits,
    /// Where files that people send are checked for viruses. Without one, they can be opened unchecked.
    pub clamav: Option<ClamAv>,
    /// The program that draws pages of PDFs, each in a process of its own: this one. Without it none are
    /// drawn.
    pub drawer: Option<PathBuf>,
    /// Webhooks may go to machines of this network, also without https.
    pub webhooks_inside: bool,
}

/// How much programs may ask for.
#[derive(Debug, Clone)]
pub struct ApiLimits {
    /// Requests a minute for each token.
    pub per_token: NonZeroU32,
    /// Requests a minute for each address that comes without a token that works.
    pub per_address: NonZeroU32,
    /// Tokens that do not work, from one address in a quarter of an hour, before it has to wait.
    pub tries: i64,
    /// Where clients come from is what the proxy in front writes last into `X-Forwarded-For`.
    pub behind_proxy: bool,
}

impl Default for ApiLimits {
    fn default() -> Self {
        const PER_TOKEN: NonZeroU32 = NonZeroU32::new(600).expect("it is more than none");
        const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(120).expect("it is more than none");
        ApiLimits { per_token: PER_TOKEN, per_address: PER_ADDRESS, tries: 10, behind_proxy: false }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            dir: PathBuf::from("data"),
            port: 8080,
            address: None,
            providers: Arc::default(),
            demo: false,
            secure_cookies: true,
            mail: None,
            notify: None,
            today: None,
            api: ApiLimits::default(),
            clamav: None,
            drawer: None,
            webhooks_inside: false,
        }
    }
}

impl Settings {
    /// The address by which browsers reach this installation, without a slash at its end.
    pub fn address(&self) -> String {
        match &self.address {
            Some(address) => address.trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", self.port),
        }
    }
}

/// The URL of the database: the one given, or the SQLite file in the data folder.
pub fn database_url(given: Option<&str>, dir: &std::path::Path) -> String {
    match given {
        Some(url) => url.to_owned(),
        None => format!("sqlite:{}", dir.join("tellonce.sqlite").display()),
    }
}

/// The filter for log lines: `TELLONCE_LOG`, or warnings and above.
#[expect(clippy::disallowed_methods, reason = "the environment is read here and nowhere else")]
pub fn log_filter() -> String {
    std::env::var("TELLONCE_LOG").unwrap_or_else(|_| "warn,app=info".to_owned())
}
