//! What an installation is told at its start: the one place that reads the environment.

use jiff::civil::Date;
use std::path::PathBuf;

/// Settings of a running installation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data folder: the SQLite file and the stored files.
    pub dir: PathBuf,
    /// Where to listen.
    pub port: u16,
    /// Lets visitors pick one of the demo's people instead of typing a password.
    pub demo: bool,
    /// Cookies are marked `Secure`; off only for plain http on this machine.
    pub secure_cookies: bool,
    /// The mail server, and the address that messages come from.
    pub mail: Option<(String, String)>,
    /// The fixed day of a demo.
    pub today: Option<Date>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { dir: PathBuf::from("data"), port: 8080, demo: false, secure_cookies: true, mail: None, today: None }
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
