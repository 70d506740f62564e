//! `tellonce verify`: is every act still there, as it was recorded?

use super::open::open;
use super::{Where, plain};
use crate::config::Settings;
use crate::journal;
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    place: Where,
    /// Also seal the days before today that are not sealed yet.
    #[arg(long)]
    seal: bool,
}

impl Verify {
    pub(super) fn run(self) -> Result<ExitCode, String> {
        let app = open(&self.place, Settings { dir: self.place.dir.clone(), ..Settings::default() })?;
        if self.seal {
            let sealed = journal::seal_days(&app.db, app.clock.today()).map_err(|error| plain(&error))?;
            println!("{sealed} day(s) sealed");
        }
        let report = journal::verify(&app.db).map_err(|error| plain(&error))?;
        for fault in &report.faults {
            println!("{fault}");
        }
        println!(
            "{} cases, {} journal entries, {} sealed days, {} fault(s)",
            report.cases, report.entries, report.days, report.faults_total
        );
        Ok(if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
