//! `tellonce token add`: a token for a service, for whoever sets a program up at a terminal.

use super::area::{area, role, start};
use super::{Where, plain};
use crate::Error;
use crate::api::tokens::services::{NewService, create, roles};
use crate::api::tokens::store::{NewToken, SERVICE, make};
use crate::ports::end_of;
use casework::access::Role;
use casework::people::identifiers::Urn;
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Add a service and print a token for it, and nothing else.
    #[command(after_help = "Example: tellonce token add --service 'School system' --role analyst --days 90 --dir data")]
    Add(AddToken),
}

#[derive(Debug, Args)]
pub struct AddToken {
    /// The three digits of the area; may be left out where there is only one.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// The name of the service. Families see it among those who read a record.
    #[arg(long, value_name = "NAME")]
    service: String,
    /// What it may do: officer, manager, analyst, setting, …
    #[arg(long)]
    role: String,
    /// For the role `setting`: the school's register number.
    #[arg(long, value_name = "NUMBER")]
    urn: Option<String>,
    /// Let it write as well as read.
    #[arg(long)]
    write: bool,
    /// How many days it works, today not counted.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i32).range(0..=365))]
    days: i32,
    #[command(flatten)]
    place: Where,
}

impl Token {
    pub(super) fn run(self) -> Result<ExitCode, String> {
        let Token::Add(add) = self;
        add.run()
    }
}

impl AddToken {
    fn run(self) -> Result<ExitCode, String> {
        let role = role(&self.role, roles())?;
        let name = self.service.trim().to_owned();
        if name.is_empty() || name.chars().count() > 100 {
            return Err("the service needs a name of at most 100 characters".into());
        }
        let setting = self.urn.as_deref().map(str::parse::<Urn>).transpose().map_err(|why| format!("--urn: {why}"))?;
        if role == Role::Setting && setting.is_none() {
            return Err("the role `setting` needs the school's number: --urn 123456".into());
        }
        if role == Role::Adviser {
            return Err("a service that answers for a team is added on the page of services".into());
        }
        let app = start(&self.place)?;
        let (authority, _) = area(&app, self.area.as_deref())?;
        let new = NewService { name: name.clone(), role, setting, team: None };
        let ends_at = end_of(law::calendar::days(app.clock.today(), self.days));
        let token = NewToken { name, may_write: self.write, ends_at, made_by: None };
        let id = app.ids.next();
        let secret = app
            .db
            .write("cli.add_token", |tx| -> Result<_, Error> {
                let service = create(tx, &app, authority, &new)?;
                make(tx, &app, (authority, service), SERVICE, id, &token)
            })
            .map_err(|error| plain(&error))?;
        println!("{}", secret.unwrap_or_default());
        Ok(ExitCode::SUCCESS)
    }
}
