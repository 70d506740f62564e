//! What can be typed at a terminal. Every command exits non-zero with one plain line when it fails.

mod area;
mod demo;
mod import;
mod law;
mod messages;
pub mod open;
mod serve;
mod token;
mod verify;

pub use open::migrations;

use crate::ports::BucketAddress;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(
    name = "tellonce",
    version,
    about = "One record, told once: the open platform for a local area's SEND system",
    after_help = "Example: tellonce demo --size small --port 8080"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve an installation over HTTP.
    #[command(after_help = "Example: tellonce serve --dir data --port 8080")]
    Serve(serve::Serve),
    /// Make the invented area Alderbourne and show it.
    #[command(after_help = "Example: tellonce demo --size small --dir data/demo --port 8080")]
    Demo(demo::Demo),
    /// Check that the journal is whole and the state is what it says.
    #[command(after_help = "Example: tellonce verify --dir data")]
    Verify(verify::Verify),
    /// Bring in a SEN2 return or a register of schools.
    #[command(subcommand)]
    Import(import::Import),
    /// The areas of this installation.
    #[command(subcommand)]
    Area(area::Area),
    /// The people who sign in.
    #[command(subcommand)]
    User(area::User),
    /// Emails, texts and letters that wait to be sent.
    #[command(subcommand)]
    Messages(messages::Messages),
    /// Tokens by which programs use the API.
    #[command(subcommand)]
    Token(token::Token),
    /// Draws one page of a PDF that comes by standard input. Served installations start it themselves.
    #[command(hide = true)]
    Page {
        /// Which page, counted from 1.
        number: usize,
    },
    /// The statutory clock: check a table of cases, explain a date, ask what if.
    #[command(subcommand)]
    Law(law::Law),
}

/// Where the data is: every command takes these.
#[derive(Debug, Clone, Args)]
pub struct Where {
    /// The data folder: the SQLite file and the stored files.
    #[arg(long, default_value = "data", value_name = "DIR")]
    pub dir: PathBuf,
    /// A database elsewhere, such as postgres://tellonce@localhost/tellonce.
    #[arg(long, value_name = "URL", env = "TELLONCE_DATABASE")]
    pub database: Option<String>,
    #[command(flatten)]
    pub files: Bucket,
}

/// Stored files elsewhere than in the data folder.
#[derive(Debug, Clone, Args)]
pub struct Bucket {
    /// A bucket that speaks S3, for stored files, such as s3://papers or s3://papers/send.
    #[arg(long = "files", value_name = "URL", env = "TELLONCE_FILES", id = "files")]
    pub url: Option<String>,
    /// Where the bucket is, when it is not Amazon's, such as https://objects.example.
    #[arg(long = "files-endpoint", value_name = "URL", env = "TELLONCE_FILES_ENDPOINT", requires = "files")]
    pub endpoint: Option<String>,
    /// The bucket's region.
    #[arg(long = "files-region", value_name = "NAME", env = "AWS_REGION")]
    pub region: Option<String>,
    /// The key that asks the bucket. Without one, the machine's own role does.
    #[arg(long = "files-key", value_name = "NAME", env = "AWS_ACCESS_KEY_ID", hide_env_values = true)]
    pub key: Option<String>,
    /// The key's secret.
    #[arg(long = "files-secret", value_name = "SECRET", env = "AWS_SECRET_ACCESS_KEY", hide_env_values = true)]
    pub secret: Option<String>,
}

impl Bucket {
    /// The bucket, if there is one.
    fn address(&self) -> Option<BucketAddress> {
        Some(BucketAddress {
            url: self.url.clone()?,
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            key: self.key.clone().zip(self.secret.clone()),
        })
    }
}

/// Runs the command of this process.
pub fn main() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(crate::config::log_filter()).with_writer(std::io::stderr).init();
    let outcome = match Cli::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::Demo(demo) => demo.run(),
        Command::Verify(verify) => verify.run(),
        Command::Import(import) => import.run(),
        Command::Area(area) => area.run(),
        Command::User(user) => user.run(),
        Command::Messages(messages) => messages.run(),
        Command::Token(token) => token.run(),
        Command::Page { number } => {
            let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
            let answered = crate::papers::picture::answer(number, &mut input, &mut output);
            answered.map(|()| ExitCode::SUCCESS).map_err(|cause| format!("cannot draw a page: {cause}"))
        }
        Command::Law(law) => law.run(),
    };
    match outcome {
        Ok(code) => code,
        Err(message) => {
            eprintln!("tellonce: {message}");
            ExitCode::FAILURE
        }
    }
}

/// An error with its causes on one line.
pub(crate) fn plain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line.replace('\n', " ")
}
