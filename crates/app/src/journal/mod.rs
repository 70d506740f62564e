//! The one write path: load -> authorise -> decide -> record.
//!
//! [`act`] is what every handler, import and job calls. [`record`] commits journal, state,
//! deadlines, tasks, papers and the jobs that follow in the transaction it is given; nothing else
//! writes case data. A test scans the sources for that.

mod designated;
mod kept;
pub(crate) mod keys;
mod listed;
mod papers;
mod record;
mod rows;
mod state;
mod verify;
mod writes;

pub(crate) use papers::put_job;
pub use papers::{DocumentRow, JobSpec, NewVersion, Papers, Text, Told};
pub(crate) use record::Unwritten;
pub use record::{Loaded, list_unlisted, load, load_stored, record, seen_now, unchanged};
pub use verify::{Report, seal_days, verify};
pub(crate) use writes::Writes;

use crate::Error;
use casework::access::{Action, Actor, Resource, Role, may};
use casework::{AuthorityId, Case, CaseId, Command, Context, UserId};
use db::Tx;
use jiff::Timestamp;
use jiff::civil::Date;

/// The system as the maker of a demo's past.
pub const HISTORY: &str = "demo";
/// The system as the reader of a file.
pub const IMPORT: &str = "import";
/// The system as the receiver of what someone sends without signing in.
pub const ONLINE_FORM: &str = "online_form";

/// Who acts, when, and under which authority. What [`act`] authorises and the journal keeps.
#[derive(Debug, Clone)]
pub struct Who {
    pub by: By,
    pub authority: AuthorityId,
    pub now: Timestamp,
    pub today: Date,
}

/// A signed-in person, or the system itself doing what follows from an earlier act.
#[derive(Debug, Clone)]
pub enum By {
    Person(Actor),
    /// An import, a job, the demo: named by what it does.
    System(&'static str),
}

impl Who {
    pub fn user(&self) -> Option<UserId> {
        match &self.by {
            By::Person(actor) => Some(actor.user),
            By::System(_) => None,
        }
    }

    pub fn role_name(&self) -> &'static str {
        match &self.by {
            By::Person(actor) => role_code(actor.role),
            By::System(name) => name,
        }
    }

    pub fn context(&self) -> Context {
        Context { today: self.today, actor: self.user() }
    }
}

/// The stable code of a role.
pub fn role_code(role: Role) -> &'static str {
    role.into()
}

/// What someone wants to do to a case.
pub struct Act {
    pub action: Action,
    /// The version of the case that the page showed; none for a case being opened or a job.
    pub seen: Option<u64>,
    pub commands: Vec<Command>,
    pub papers: Papers,
}

/// Loads the case, asks whether this person may, asks the law whether this may happen, records it.
///
/// Commands are decided one after the other, each on the case as the one before left it, and all
/// are recorded or none.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::NotAllowed`] by the access policy, [`Error::Conflict`] when the
/// case has changed since `seen`, [`Error::Refused`] when the law or the facts are in the way.
pub fn act(tx: &mut dyn Tx, who: &Who, case_id: CaseId, act: Act) -> Result<Loaded, Error> {
    let loaded = load(tx, who.authority, case_id)?;
    act_on(tx, who, loaded, act)
}

/// [`act`] on a case that this transaction has loaded or recorded already.
///
/// # Errors
/// As [`act`].
pub fn act_on(tx: &mut dyn Tx, who: &Who, loaded: Loaded, act: Act) -> Result<Loaded, Error> {
    let case_id = loaded.case.id;
    authorise(who, act.action, &loaded)?;
    if let Some(seen) = act.seen
        && seen != loaded.case.version
    {
        return Err(Error::Conflict { case: case_id, seen, now: loaded.case.version });
    }
    let mut after = Case::clone(&loaded.case);
    let events = record::decided(who, &mut after, act.commands)?;
    let mut papers = act.papers;
    papers.jobs.extend(follow_up(who, case_id, &events)?);
    record(tx, who, act.action, loaded, after, &events, papers)
}

/// The jobs that follow from events: letters and documents that nobody has to ask for. A job's id
/// is that of the notice it makes, so that the same notice is never made by two jobs.
fn follow_up(who: &Who, case: CaseId, events: &[casework::Event]) -> Result<Vec<JobSpec>, Error> {
    if matches!(who.by, By::System(HISTORY | IMPORT)) {
        // It happened elsewhere or long ago, and so did its letters.
        return Ok(vec![]);
    }
    casework::consequences::of(events)
        .into_iter()
        .map(|consequence| match consequence {
            casework::consequences::Consequence::MakeNotice { notice, .. } => Ok(JobSpec {
                id: notice.0,
                kind: crate::plan::jobs::MAKE_NOTICE,
                body: crate::plan::jobs::notice_body(case, notice)?,
                run_at: who.now,
            }),
        })
        .collect()
}

/// The access policy, asked of a case as it is now.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`].
pub fn authorise(who: &Who, action: Action, loaded: &Loaded) -> Result<(), Error> {
    let By::Person(actor) = &who.by else {
        return Ok(());
    };
    let relations = loaded.case.relations();
    let resource = if loaded.case.is_open() { Resource::Case(&relations) } else { Resource::Area(who.authority) };
    allow(actor, action, &resource)?;
    match loaded.case.joined_into {
        // Whoever knew the closed record is led to the one that is kept, which asks the policy anew.
        Some(into) if action != Action::JoinRecords => {
            let of_family = matches!(actor.role, Role::Parent | Role::YoungPerson);
            Err(Error::Joined { into, room: if of_family { "/family" } else { "/children" } })
        }
        _ => Ok(()),
    }
}

/// Turns a verdict of the access policy into the error a page answers with.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`].
pub fn allow(actor: &Actor, action: Action, resource: &Resource<'_>) -> Result<(), Error> {
    match may(actor, action, resource) {
        casework::access::Verdict::Allowed => Ok(()),
        casework::access::Verdict::NotFound => Err(Error::NotFound),
        casework::access::Verdict::NotAllowed => Err(Error::NotAllowed),
    }
}
