//! `tellonce area add` and `tellonce user add`: the first steps of an installation.

use super::open::open;
use super::{Where, plain};
use crate::access::{NewUser, add_user, find_user, hash_password};
use crate::admin::areas::{self, Profile};
use crate::config::Settings;
use crate::team::leaving::{InTheWay, leave};
use crate::{App, Error};
use casework::access::Role;
use casework::people::identifiers::Urn;
use casework::{AuthorityId, UserId};
use clap::{Args, Subcommand};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use strum::IntoEnumIterator;

/// Fewest characters of a password.
const PASSWORD_CHARS_MIN: usize = 10;

#[derive(Debug, Subcommand)]
pub enum Area {
    /// Add an area: its three digits and its name.
    #[command(after_help = "Example: tellonce area add 332 Alderbourne --dir data")]
    Add(AddArea),
    /// List the areas of this installation.
    #[command(after_help = "Example: tellonce area list --dir data")]
    List {
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Debug, Args)]
pub struct AddArea {
    /// The three digits by which the Department for Education knows the authority.
    code: String,
    name: String,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Add someone who signs in. The password is asked for, or read as one line from what is piped in.
    #[command(
        after_help = "Example: tellonce user add --area 332 --email jo@alderbourne.example --name 'Jo Marlow' --role administrator --dir data"
    )]
    Add(AddUser),
    /// Somebody has left: they cannot sign in any more, and are signed out everywhere at once.
    #[command(after_help = "Example: tellonce user leave jo@alderbourne.example --dir data")]
    Leave(LeaveUser),
}

#[derive(Debug, Args)]
pub struct LeaveUser {
    /// The address that they sign in with.
    email: String,
    /// The address of whoever takes over their children and what they cover.
    #[arg(long, value_name = "EMAIL")]
    to: Option<String>,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, Args)]
pub struct AddUser {
    /// The three digits of their area; may be left out where there is only one.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// What they do: administrator, manager, officer, front_door, analyst, auditor, setting, adviser, …
    #[arg(long, default_value = "administrator")]
    role: String,
    /// For the role `setting`: the school's register number.
    #[arg(long, value_name = "NUMBER")]
    urn: Option<String>,
    #[command(flatten)]
    place: Where,
}

pub(super) fn start(place: &Where) -> Result<App, String> {
    open(place, Settings { dir: place.dir.clone(), ..Settings::default() })
}

impl Area {
    pub(super) fn run(self) -> Result<ExitCode, String> {
        match self {
            Area::Add(add) => add.run(),
            Area::List { place } => {
                let app = start(&place)?;
                for (_, code, name) in app.db.read("cli.areas", |tx| areas::all(tx)).map_err(|e| plain(&e))? {
                    println!("{code} {name}");
                }
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

impl AddArea {
    fn run(self) -> Result<ExitCode, String> {
        let code: returns::sen2::LaNumber = self.code.parse().map_err(|why| format!("`{}`: {why}", self.code))?;
        let (code, name) = (code.to_string(), self.name.trim());
        if name.is_empty() {
            return Err("the area needs a name".into());
        }
        let app = start(&self.place)?;
        let id = AuthorityId(app.ids.next());
        let is_added = app
            .db
            .write("cli.add_area", |tx| -> Result<bool, Error> {
                if areas::find(tx, &code)?.is_some() {
                    return Ok(false);
                }
                areas::add(tx, id, &code, name, &Profile::default())?;
                Ok(true)
            })
            .map_err(|error| plain(&error))?;
        if !is_added {
            return Err(format!("there is an area {code} already"));
        }
        println!(
            "Area {code}, {name}, was added. Now add who administers it: tellonce user add --area {code} --email … --name …"
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl User {
    pub(super) fn run(self) -> Result<ExitCode, String> {
        match self {
            User::Add(add) => add.run(),
            User::Leave(leave) => leave.run(),
        }
    }
}

impl LeaveUser {
    fn run(self) -> Result<ExitCode, String> {
        let app = start(&self.place)?;
        let left = app
            .db
            .write("cli.user_leaves", |tx| -> Result<Result<String, String>, Error> {
                let Some((person, _)) = find_user(tx, &self.email)? else {
                    return Ok(Err(format!("nobody signs in with {}", self.email)));
                };
                let to = match &self.to {
                    None => None,
                    Some(to) => match find_user(tx, to)?.filter(|(to, _)| to.actor.authority == person.actor.authority)
                    {
                        Some((to, _)) => Some(to),
                        None => return Ok(Err(format!("nobody of the same area signs in with {to}"))),
                    },
                };
                let next = to.as_ref().map(|to| to.actor.user);
                Ok(match leave(tx, &app, person.actor.authority, person.actor.user, next)? {
                    Ok(handed) if handed.children > 0 => {
                        let to = to.map(|to| to.name).unwrap_or_default();
                        Ok(format!("{}’s children, {} of them, are {to}’s now. ", person.name, handed.children)
                            + &person.name)
                    }
                    Ok(_) => Ok(person.name),
                    Err(why) => Err(in_the_way(&person.name, why)),
                })
            })
            .map_err(|error| plain(&error))?;
        println!("{} cannot sign in any more and is signed out everywhere.", left?);
        Ok(ExitCode::SUCCESS)
    }
}

/// Why somebody cannot leave yet, and what to type.
fn in_the_way(name: &str, why: InTheWay) -> String {
    match why {
        InTheWay::NobodyTakesOver { children, covers } => format!(
            "{name} has {children} children and covers {covers} absences; say who takes over: --to jo@alderbourne.example"
        ),
        InTheWay::NotAnOfficer => "whoever takes over must be an officer or a manager of the area".to_owned(),
        InTheWay::CannotCoverThemself => {
            format!("{name} covers for whoever is to take over; let somebody else cover first, on the page /away")
        }
    }
}

/// The role with this code, out of those that there are.
pub(super) fn role(code: &str, roles: impl Iterator<Item = Role>) -> Result<Role, String> {
    let roles: Vec<Role> = roles.collect();
    roles.iter().copied().find(|role| role.to_string() == code).ok_or_else(|| {
        let codes: Vec<String> = roles.iter().map(|role| role.to_string()).collect();
        format!("there is no role `{code}`; the roles are {}", codes.join(", "))
    })
}

/// The area with this code and its name; without a code the only one there is.
pub(super) fn area(app: &App, code: Option<&str>) -> Result<(AuthorityId, String), String> {
    let all = app.db.read("cli.areas", |tx| areas::all(tx)).map_err(|error| plain(&error))?;
    let (id, _, name) = match (code, all.as_slice()) {
        (Some(code), all) => all
            .iter()
            .find(|(_, known, _)| known == code)
            .ok_or_else(|| format!("there is no area {code} here; add it with: tellonce area add {code} NAME"))?,
        (None, [only]) => only,
        (None, []) => return Err("there is no area yet; add one with: tellonce area add CODE NAME".into()),
        (None, _) => return Err("there are several areas here; name one with --area CODE".into()),
    };
    Ok((*id, name.clone()))
}

impl AddUser {
    fn run(self) -> Result<ExitCode, String> {
        let role = role(&self.role, Role::iter())?;
        let email = self.email.trim().to_lowercase();
        if !email.contains('@') || email.contains(char::is_whitespace) {
            return Err(format!("`{email}` is not an email address"));
        }
        if self.name.trim().is_empty() {
            return Err("the person needs a name".into());
        }
        let setting = self.urn.as_deref().map(str::parse::<Urn>).transpose().map_err(|why| format!("--urn: {why}"))?;
        if role == Role::Setting && setting.is_none() {
            return Err("the role `setting` needs the school's number: --urn 123456".into());
        }
        let app = start(&self.place)?;
        let (authority, area) = area(&app, self.area.as_deref())?;
        let password = ask_password()?;
        if password.chars().count() < PASSWORD_CHARS_MIN {
            return Err(format!("the password must have at least {PASSWORD_CHARS_MIN} characters"));
        }
        let user = NewUser {
            id: UserId(app.ids.next()),
            name: self.name.trim().to_owned(),
            email: email.clone(),
            role,
            setting,
            body: None,
            password_hash: Some(hash_password(&password).map_err(|error| plain(&error))?),
        };
        let is_added = app
            .db
            .write("cli.add_user", |tx| -> Result<bool, Error> {
                if crate::access::is_address_taken(tx, &email)? {
                    return Ok(false);
                }
                add_user(tx, authority, &user)?;
                Ok(true)
            })
            .map_err(|error| plain(&error))?;
        if !is_added {
            return Err(format!("somebody signs in with {email} already"));
        }
        println!("{} may now sign in to {area} as {}.", user.name, role.label().to_lowercase());
        Ok(ExitCode::SUCCESS)
    }
}

/// The password: typed unseen at a terminal, or one line of what is piped in.
fn ask_password() -> Result<String, String> {
    let failed = |cause: std::io::Error| format!("failed to read the password: {cause}");
    if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ").map_err(failed)?;
        let second = rpassword::prompt_password("The same again: ").map_err(failed)?;
        if first != second {
            return Err("the two passwords differ".into());
        }
        return Ok(first);
    }
    std::io::stdout().flush().map_err(failed)?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(failed)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
