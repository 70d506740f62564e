//! Alderbourne: an invented area to look around in, to train with and to measure on.
//!
//! Everything is made by commands through the journal, so that whatever the law refuses cannot be
//! in it, and `tellonce verify` holds. The same seed, size and day give the same area.
//!
//! | question | where |
//! |---|---|
//! | who works here, which schools and teams are there? | [`place`] |
//! | who are the children of the guided walk? | [`journeys`] |
//! | whom do the designated officers see to? | [`designated`] |
//! | how many children, of which age, with which needs, how late? | [`figures`] |
//! | which lives are there? | [`lives`] |
//! | how does one request go, and what comes of it? | [`pathway`] |

mod designated;
pub mod dice;
mod figures;
mod journeys;
mod lives;
mod names;
mod pathway;
mod place;
mod plans;
mod reports;

use crate::journal::{self, Act, By, Papers, Who, Writes};
use crate::{App, Error};
use casework::access::Action;
use casework::{AuthorityId, Case, CaseId, Command, Context, UserId, harm};
use dice::Dice;
use jiff::civil::Date;
pub use place::{CODE, PASSWORD, Place};
use strum::{Display, EnumString};

/// How large an area to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Size {
    /// The guided walk's people and 200 plans.
    Small,
    /// 60,000 children on record, 6,000 plans, ten years.
    Area,
    /// 153 areas, 640,000 plans: for measuring.
    Nation,
}

/// One thing that happened to a child on a day.
pub(crate) struct Step {
    pub on: Date,
    pub commands: Vec<Command>,
    pub papers: Papers,
}

/// One child's invented life.
pub(crate) struct Life {
    pub case: CaseId,
    pub steps: Vec<Step>,
    pub by: &'static str,
}

impl Life {
    pub fn new(case: CaseId) -> Life {
        Life { case, steps: vec![], by: journal::HISTORY }
    }

    /// Gives the whole life to another officer.
    fn give_to(&mut self, another: UserId) {
        for command in self.steps.iter_mut().flat_map(|step| &mut step.commands) {
            if let Command::People(casework::people::Command::AssignOfficer { officer }) = command {
                *officer = another;
            }
        }
    }

    /// The case at the end of the life.
    fn lived(&self, authority: AuthorityId) -> Result<Case, Error> {
        let mut case = Case::new(authority, self.case);
        for step in &self.steps {
            for command in &step.commands {
                let context = Context { today: step.on, actor: None };
                for event in casework::decide(&case, command.clone(), &context)? {
                    case.apply(&event);
                }
            }
        }
        Ok(case)
    }

    pub fn step(&mut self, on: Date, commands: Vec<Command>) {
        self.steps.push(Step { on, commands, papers: Papers::default() });
    }

    pub fn step_with(&mut self, on: Date, commands: Vec<Command>, papers: Papers) {
        self.steps.push(Step { on, commands, papers });
    }
}

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    pub areas: u64,
    pub children: u64,
    pub acts: u64,
}

/// Lives recorded in one transaction.
const BATCH: usize = 400;

/// Makes the area in an empty database. Answers nothing made when it is there already.
///
/// # Errors
/// When the database fails, or a life breaks a rule of casework, which is a bug in this module.
pub fn make(app: &App, size: Size, seed: u64, today: Date) -> Result<Made, Error> {
    if app.db.read("demo.find", |tx| crate::admin::areas::find(tx, CODE))?.is_some() {
        return Ok(Made::default());
    }
    let mut made = Made::default();
    let areas = if size == Size::Nation { figures::NATION_AREAS } else { 1 };
    for number in 0..areas {
        let mut dice = Dice::new(seed.wrapping_mul(1000).wrapping_add(number));
        let place = app.db.write("demo.place", |tx| place::make(tx, app, number, size))?;
        let mut recorder = Recorder { app, place: &place, waiting: Vec::with_capacity(BATCH), made: &mut made };
        let mut caseload = 0;
        let mut walked = Vec::new();
        if number == 0 {
            for life in journeys::lives(app, &place, today) {
                caseload += 1;
                walked.push(life.case);
                recorder.add(life)?;
            }
            for life in designated::lives(app, &place, today) {
                recorder.add(life)?;
            }
        }
        lives::each(app, &place, size, today, &mut dice, &mut |mut life| {
            if number == 0 && caseload < CASELOAD && is_quiet(&life.lived(place.authority)?, today) {
                life.give_to(place.dev);
                caseload += 1;
            }
            recorder.add(life)
        })?;
        recorder.flush()?;
        for case in walked {
            crate::plan::jobs::make_for_demo(app, &at(place.authority, journal::HISTORY, today, 0), case)?;
        }
        made.areas += 1;
    }
    app.db.refresh_statistics()?;
    journal::seal_days(&app.db, today)?;
    Ok(made)
}

/// Children that one officer works with.
const CASELOAD: usize = 190;

/// Whether a child's case belongs to the rest of the list of the guided walk's officer: under way,
/// with nothing that would come before the children whom the walk is about.
fn is_quiet(case: &Case, today: Date) -> bool {
    let rank = harm::rank(&harm::Facts::of(case, today), today);
    let is_under_way = case.live_request().is_some() || case.plan_in_force().is_some();
    let first = harm::Reason::LimitEndsToday.weight();
    case.officer.is_some() && is_under_way && rank.points < first
}

struct Recorder<'a> {
    app: &'a App,
    place: &'a Place,
    waiting: Vec<Life>,
    made: &'a mut Made,
}

impl Recorder<'_> {
    fn add(&mut self, life: Life) -> Result<(), Error> {
        self.waiting.push(life);
        if self.waiting.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let lives = std::mem::take(&mut self.waiting);
        self.made.children += lives.len() as u64;
        self.made.acts += lives.iter().map(|life| life.steps.len() as u64).sum::<u64>();
        let authority = self.place.authority;
        let mut writes = Writes::default();
        for life in lives {
            // Nothing of a life is in the database before its own first step.
            let mut case = journal::Unwritten::new(authority, life.case);
            for (hour, step) in (0_i64..).zip(life.steps) {
                let who = at(authority, life.by, step.on, hour);
                let act = Act { action: Action::ImportData, seen: None, commands: step.commands, papers: step.papers };
                case.act(&mut writes, &who, act)?;
            }
            case.finish(&mut writes)?;
        }
        self.app.db.write("demo.record", |tx| writes.run(tx))
    }
}

/// The demo itself, acting on a day. Steps of one day follow each other by minutes.
fn at(authority: AuthorityId, by: &'static str, on: Date, minute: i64) -> Who {
    let morning = crate::ports::morning(on);
    Who { by: By::System(by), authority, now: morning + jiff::SignedDuration::from_mins(minute % 400), today: on }
}
