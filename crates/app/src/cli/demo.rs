//! `tellonce demo`: makes the invented area and shows it.

use super::open::open_with_ids;
use super::serve::serve;
use super::{Where, plain};
use crate::config::{ApiLimits, Settings};
use crate::demo::{self, PASSWORD, Size};
use crate::ports::SeededIds;
use crate::ports::SystemIds;
use clap::Args;
use jiff::civil::Date;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    place: Where,
    /// small: the guided walk and 200 plans; area: 60,000 children, 6,000 plans; nation: 153 areas.
    #[arg(long, default_value = "small", value_parser = ["small", "area", "nation"])]
    size: String,
    /// Where to listen.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The demo's day.
    #[arg(long, default_value = "2026-11-23", value_name = "DATE")]
    today: Date,
    /// The same seed gives the same area.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make the area and stop.
    #[arg(long)]
    no_serve: bool,
}

impl Demo {
    pub(super) fn run(self) -> Result<ExitCode, String> {
        let settings = Settings {
            dir: self.place.dir.clone(),
            port: self.port,
            demo: true,
            secure_cookies: false,
            mail: None,
            today: Some(self.today),
            api: ApiLimits::default(),
        };
        let size: Size = self.size.parse().map_err(|_| format!("there is no size `{}`", self.size))?;
        let mut app = open_with_ids(&self.place, settings, Arc::new(SeededIds::new(self.seed)))?;
        let made = demo::make(&app, size, self.seed, self.today).map_err(|error| plain(&error))?;
        if made.areas > 0 {
            println!("Alderbourne was made: {} children, {} acts", made.children, made.acts);
        } else {
            println!("Alderbourne is here already");
        }
        // What is done in the demo from now on is nobody's seed.
        app.ids = Arc::new(SystemIds);
        if self.no_serve {
            return Ok(ExitCode::SUCCESS);
        }
        println!("Today is {}. Everyone here is invented.", crate::web::long_date(self.today));
        println!("Pick a person on the sign-in page, or use an address and the password `{PASSWORD}`:");
        println!("  dev.patel@alderbourne.example    SEND officer");
        println!("  bea.firth@alderbourne.example    front door");
        println!("  helen.ward@alderbourne.example   SEND manager");
        println!("  sol.archer@alderbourne.example   system administrator");
        serve(app)
    }
}
