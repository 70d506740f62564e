//! What lists ask for about a case: columns and rows that follow from its state alone.
//!
//! [`super::record`] writes them beside the state; [`super::verify`] works them out again and
//! compares, so that no list can quietly say something else than the record.

use super::designated::{AskedRow, DesignatedRow};
use super::rows::{AskingRow, HeldRow, OpeningRow, RouteRow, WaitingRow};
use crate::Error;
use casework::tasks::{self, Task};
use casework::{AuthorityId, Case, CaseId};
use db::{Row, Value};
use jiff::civil::Date;
use law::Deadline;
use law::rulebook::{Kind, Strength};
use std::borrow::Cow;
use std::sync::Arc;
use uuid::Uuid;

/// Everything that lists hold about one case.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listed {
    pub columns: Columns,
    pub deadlines: Vec<DeadlineRow>,
    pub tasks: Vec<Task>,
    /// Teams asked for advice, in order.
    pub asked: Vec<Uuid>,
    /// Those of the family who read along, in order.
    pub family: Vec<Uuid>,
    /// Professionals whom the family invited, in order.
    pub invited: Vec<Uuid>,
    /// Advice that has not come, in the order in which it was asked for.
    pub waiting: Vec<WaitingRow>,
    /// Sends that were held, by their id.
    pub held: Vec<HeldRow>,
    /// Contacts of which somebody said what they are about, by their id.
    pub routes: Vec<RouteRow>,
    /// Openings in emergencies, by their id.
    pub openings: Vec<OpeningRow>,
    /// The record of the same child that this one was joined into.
    pub joined_into: Option<Uuid>,
    /// Numbers on receipts that lead here, in order.
    pub receipts: Vec<String>,
    /// What forms asked of whom, in the order in which it was asked.
    pub askings: Vec<AskingRow>,
    /// Advice of every request with its answer, by its id.
    pub advice: Vec<AskedRow>,
    /// What designated officers' lists say.
    pub designated: Option<DesignatedRow>,
}

/// The list columns of a row of `cases`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    stage: String,
    born_on: Option<Date>,
    primary_need: Option<String>,
    request_received_on: Option<Date>,
    out_of_education_since: Option<Date>,
    plan_first_made_on: Option<Date>,
    ever_reviewed: bool,
    meeting_on: Option<Date>,
    transfer_on: Option<Date>,
    pub indexed: Indexed,
}

/// Those of the list columns that lists are ordered and found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Indexed {
    officer: Option<Uuid>,
    setting_urn: Option<i64>,
    next_due_on: Option<Date>,
}

/// A row of `deadlines`, without its place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeadlineRow {
    rule: Cow<'static, str>,
    subject: u32,
    triggered_on: Date,
    due_on: Date,
    do_by: Date,
    strength: Cow<'static, str>,
    met_on: Option<Date>,
    disapplied: bool,
    superseded: bool,
    officer: Option<Uuid>,
}

/// What follows from a case: its dates, and what lists hold of it.
#[derive(Debug)]
pub(super) struct Follows {
    dates: Arc<[Deadline]>,
    pub listed: Listed,
}

impl Follows {
    pub fn from(case: &Case) -> Follows {
        Follows::with(case, case.deadlines().into())
    }

    /// The same after an act. Most acts leave the clock as it is, and with it every date.
    pub fn after(&self, before: &Case, now: &Case) -> Follows {
        let is_as_before = before.clock == now.clock && before.joined_into == now.joined_into;
        let dates = if is_as_before { Arc::clone(&self.dates) } else { now.deadlines().into() };
        Follows::with(now, dates)
    }

    fn with(case: &Case, dates: Arc<[Deadline]>) -> Follows {
        Follows { listed: Listed::with(case, &dates), dates }
    }
}

impl Listed {
    pub fn of(case: &Case) -> Listed {
        Listed::with(case, &case.deadlines())
    }

    fn with(case: &Case, deadlines: &[Deadline]) -> Listed {
        if case.joined_into.is_some() {
            return Listed::closed(case);
        }
        let relations = case.relations();
        let officer = case.officer.map(|officer| officer.0);
        let stage: &'static str = case.stage().into();
        let next_due_on = deadlines
            .iter()
            .filter(|d| d.met_on.is_none() && d.superseded_by.is_none() && d.disapplied.is_none())
            .filter(|d| d.rule().strength == Strength::Must && d.rule().kind == Kind::Duty)
            .map(|d| d.due_on)
            .min();
        let columns = Columns {
            stage: stage.to_owned(),
            born_on: case.born_on,
            primary_need: case.needs.map(|(primary, _)| primary.code().to_owned()),
            request_received_on: case.live_request().map(|request| request.received_on),
            out_of_education_since: case.out_of_education_since,
            plan_first_made_on: case.plan_in_force().map(|plan| plan.first_made_on),
            ever_reviewed: case.reviews.iter().any(|review| review.held),
            meeting_on: case.next_meeting_on(),
            transfer_on: case.transfer.map(|transfer| transfer.on),
            indexed: Indexed {
                officer,
                setting_urn: relations.setting.map(|urn| i64::from(urn.number())),
                next_due_on,
            },
        };
        Listed {
            columns,
            tasks: tasks::open(case, deadlines),
            // Lists ask for what somebody must do by a day; the family's time and points in a life
            // are worked out on the child's page.
            deadlines: deadlines
                .iter()
                .filter(|deadline| deadline.rule().kind == Kind::Duty)
                .map(|deadline| DeadlineRow::of(deadline, officer))
                .collect(),
            asked: relations.asked.iter().map(|body| body.0).collect(),
            waiting: WaitingRow::all(case),
            held: HeldRow::all(case),
            openings: OpeningRow::all(case),
            routes: RouteRow::all(case),
            invited: relations.invited.iter().map(|user| user.0).collect(),
            family: sorted(relations.family.iter().map(|user| user.0).collect()),
            joined_into: None,
            receipts: receipts(case),
            askings: case.askings.iter().map(AskingRow::of).collect(),
            advice: AskedRow::all(case),
            designated: DesignatedRow::of(case),
        }
    }

    /// Of a record that was joined into another: it stands in no list, and leads to the other one.
    fn closed(case: &Case) -> Listed {
        let stage: &'static str = case.stage().into();
        Listed {
            columns: Columns {
                stage: stage.to_owned(),
                born_on: case.born_on,
                primary_need: None,
                request_received_on: None,
                out_of_education_since: None,
                plan_first_made_on: None,
                ever_reviewed: false,
                meeting_on: None,
                transfer_on: None,
                indexed: Indexed { officer: None, setting_urn: None, next_due_on: None },
            },
            deadlines: vec![],
            tasks: vec![],
            asked: vec![],
            family: vec![],
            invited: vec![],
            waiting: vec![],
            held: HeldRow::all(case),
            // They are listed with the record that is kept, which has them too.
            openings: vec![],
            routes: vec![],
            joined_into: case.joined_into.map(|kept| kept.0),
            receipts: receipts(case),
            // Asked is asked, on whichever record it was.
            askings: case.askings.iter().map(AskingRow::of).collect(),
            advice: vec![],
            designated: None,
        }
    }
}

fn receipts(case: &Case) -> Vec<String> {
    let requests = case.requests.iter().filter_map(|request| request.receipt.as_ref());
    let enquiries = case.enquiries.iter().filter_map(|enquiry| enquiry.receipt.as_ref());
    let mut numbers: Vec<String> = requests.chain(enquiries).map(|receipt| receipt.number.to_string()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn sorted(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids
}

impl Columns {
    /// How many there are before those that have an index.
    pub const UNINDEXED: usize = 9;

    /// In the order in which the statements of [`super::record`] name them.
    pub fn values(&self) -> [Value; 12] {
        [
            self.stage.as_str().into(),
            self.born_on.into(),
            self.primary_need.as_deref().into(),
            self.request_received_on.into(),
            self.out_of_education_since.into(),
            self.plan_first_made_on.into(),
            self.ever_reviewed.into(),
            self.meeting_on.into(),
            self.transfer_on.into(),
            self.indexed.officer.into(),
            self.indexed.setting_urn.into(),
            self.indexed.next_due_on.into(),
        ]
    }

    pub fn read(row: &Row) -> Result<Columns, Error> {
        Ok(Columns {
            stage: row.get("stage")?,
            born_on: row.get("born_on")?,
            primary_need: row.get("primary_need")?,
            request_received_on: row.get("request_received_on")?,
            out_of_education_since: row.get("out_of_education_since")?,
            plan_first_made_on: row.get("plan_first_made_on")?,
            ever_reviewed: row.get("ever_reviewed")?,
            meeting_on: row.get("meeting_on")?,
            transfer_on: row.get("transfer_on")?,
            indexed: Indexed {
                officer: row.get("officer_id")?,
                setting_urn: row.get("setting_urn")?,
                next_due_on: row.get("next_due_on")?,
            },
        })
    }
}

impl DeadlineRow {
    fn of(deadline: &Deadline, officer: Option<Uuid>) -> DeadlineRow {
        let rule = deadline.rule();
        DeadlineRow {
            rule: deadline.rule.as_str().into(),
            subject: deadline.trigger.subject,
            triggered_on: deadline.trigger.on,
            due_on: deadline.due_on,
            do_by: deadline.do_by,
            strength: strength_code(rule.strength).into(),
            met_on: deadline.met_on,
            disapplied: deadline.disapplied.is_some(),
            superseded: deadline.superseded_by.is_some(),
            officer,
        }
    }

    /// Key, place in the list, then the fields in order.
    pub fn values(&self, authority: AuthorityId, case: CaseId, ordinal: usize) -> Vec<Value> {
        vec![
            authority.0.into(),
            case.0.into(),
            i64::try_from(ordinal).unwrap_or(i64::MAX).into(),
            (&*self.rule).into(),
            self.subject.into(),
            self.triggered_on.into(),
            self.due_on.into(),
            self.do_by.into(),
            (&*self.strength).into(),
            self.met_on.into(),
            self.disapplied.into(),
            self.superseded.into(),
            self.officer.into(),
        ]
    }

    pub fn read(row: &Row) -> Result<DeadlineRow, Error> {
        Ok(DeadlineRow {
            rule: row.get::<String>("rule")?.into(),
            subject: row.get("subject")?,
            triggered_on: row.get("triggered_on")?,
            due_on: row.get("due_on")?,
            do_by: row.get("do_by")?,
            strength: row.get::<String>("strength")?.into(),
            met_on: row.get("met_on")?,
            disapplied: row.get("disapplied")?,
            superseded: row.get("superseded")?,
            officer: row.get("officer_id")?,
        })
    }
}

pub(super) fn task_values(task: &Task, authority: AuthorityId, case: CaseId) -> Vec<Value> {
    let kind: &'static str = task.kind.into();
    vec![authority.0.into(), case.0.into(), kind.into(), task.due_on.into(), task.count.into()]
}

pub(super) fn read_task(row: &Row) -> Result<Task, Error> {
    Ok(Task {
        kind: row.get_as("kind", "a kind of task", |code: &str| code.parse().ok())?,
        due_on: row.get("due_on")?,
        count: row.get("count")?,
    })
}

/// The code of a rule's strength in the deadlines table.
fn strength_code(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "must",
        Strength::Should => "should",
        Strength::Derived => "derived",
    }
}
