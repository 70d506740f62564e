//! `tellonce messages waiting`: what waits to be sent and why, for whoever runs the installation.

use super::area::{area, start};
use super::{Where, plain};
use crate::Error;
use crate::ports::london_time;
use crate::post::waiting;
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Messages {
    /// What waits and why: a line a channel, then a line a message. No words of a message are shown.
    #[command(after_help = "Example: tellonce messages waiting --dir data")]
    Waiting(Waiting),
}

#[derive(Debug, Args)]
pub struct Waiting {
    /// The three digits of the area; may be left out where there is only one.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    #[command(flatten)]
    place: Where,
}

impl Messages {
    pub(super) fn run(self) -> Result<ExitCode, String> {
        let Messages::Waiting(waiting) = self;
        waiting.run()
    }
}

impl Waiting {
    fn run(self) -> Result<ExitCode, String> {
        let app = start(&self.place)?;
        let (authority, _) = area(&app, self.area.as_deref())?;
        let (now, today) = (app.clock.now(), app.clock.today());
        let (lines, open) = app
            .db
            .read("cli.messages_waiting", |tx| {
                Ok::<_, Error>((waiting::lines(tx, authority, now)?, waiting::open(tx, authority, now)?))
            })
            .map_err(|error| plain(&error))?;
        for line in &lines {
            println!("{}", line.words(today));
        }
        for message in &open {
            let since = london_time(message.go_at).strftime("%Y-%m-%d %H:%M");
            let why = message.failure.as_deref().unwrap_or("is about to go");
            println!("{since}  {}  {}  {}  {why}", message.channel, message.state, message.kind);
        }
        // Something for a monitor to look at: all is well when nothing needs a hand.
        let is_well = lines.iter().all(|line| line.away.is_none() && line.stopped == 0);
        Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
