//! The dates of a child's statutory clock, how each stands today, and why it is that date.

use super::caller::Caller;
use super::children::seen;
use super::exchange::{Asked, OfCase, Versioned};
use super::kinds::{Day, KindCode, RuleCode, StrengthCode};
use super::problem::Problem;
use crate::record::{case_page, why};
use crate::{App, Error};
use axum::Json;
use axum::extract::{Path, State};
use casework::CaseId;
use jiff::civil::Date;
use law::explain::Explanation;
use law::{Deadline, Status};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How a date stands today.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Met,
    Due,
    Overdue,
    Disapplied,
    Superseded,
    Passed,
    TooEarly,
}

impl From<Status> for Standing {
    fn from(status: Status) -> Standing {
        match status {
            Status::Met { .. } => Standing::Met,
            Status::Due { .. } => Standing::Due,
            Status::Overdue { .. } => Standing::Overdue,
            Status::Disapplied => Standing::Disapplied,
            Status::Superseded => Standing::Superseded,
            Status::Passed { .. } => Standing::Passed,
            Status::TooEarly { .. } => Standing::TooEarly,
        }
    }
}

/// One date of the statutory clock.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deadline)]
pub struct Limit {
    pub rule: RuleCode,
    pub title: &'static str,
    pub strength: StrengthCode,
    pub kind: KindCode,
    /// The day it counts from.
    pub counted_from: Day,
    /// Which of several threads of the same rule, such as one adviser of many.
    pub subject: u32,
    pub due_on: Day,
    /// The last working day on which to do it.
    pub do_by: Day,
    pub met_on: Option<Day>,
    pub standing: Standing,
    /// The standing in words.
    pub says: String,
    /// Whether it still binds somebody.
    pub is_open: bool,
}

impl Limit {
    pub fn of(deadline: &Deadline, today: Date) -> Limit {
        let rule = deadline.rule();
        let (word, _, more, is_open) = case_page::describe(deadline, rule.kind, today);
        Limit {
            rule: RuleCode(deadline.rule),
            title: rule.title,
            strength: StrengthCode(rule.strength),
            kind: KindCode(rule.kind),
            counted_from: Day(deadline.trigger.on),
            subject: deadline.trigger.subject,
            due_on: Day(deadline.due_on),
            do_by: Day(deadline.do_by),
            met_on: deadline.met_on.map(Day),
            standing: deadline.status(today).into(),
            says: if more.is_empty() { word.to_owned() } else { format!("{word}: {more}") },
            is_open,
        }
    }
}

/// Why a date is that date.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Explanation)]
pub struct Explained {
    /// What must happen, in one sentence.
    pub sentence: String,
    /// The sum, step by step.
    pub sum: Vec<String>,
    /// Which holidays and weekends count.
    pub calendar: Vec<String>,
    /// How the date stands, where that is more than running.
    pub standing: Vec<String>,
    pub exceptions: Vec<ExceptionLookedAt>,
    pub citation: &'static str,
    /// Where the law can be read.
    pub link: &'static str,
    pub strength: &'static str,
    /// The version of the rule, and since when it stands.
    pub version: String,
    pub checked: String,
    pub safe_day: String,
    pub do_by: String,
    pub if_it_passes: &'static str,
}

/// An exception to a date, and whether its facts are on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionLookedAt {
    pub title: &'static str,
    pub citation: &'static str,
    pub applies: bool,
    pub why: String,
}

impl From<Explanation> for Explained {
    fn from(why: Explanation) -> Explained {
        Explained {
            sentence: why.sentence,
            sum: why.sum,
            calendar: why.calendar,
            standing: why.standing,
            exceptions: why
                .exceptions
                .into_iter()
                .map(|looked| ExceptionLookedAt {
                    title: looked.title,
                    citation: looked.citation,
                    applies: looked.applies,
                    why: looked.why,
                })
                .collect(),
            citation: why.citation,
            link: why.link,
            strength: why.strength,
            version: why.version,
            checked: why.checked,
            safe_day: why.safe_day,
            do_by: why.do_by,
            if_it_passes: why.if_it_passes,
        }
    }
}

/// A child’s dates
///
/// Every date of the statutory clock that its page shows, the earliest first.
#[utoipa::path(get, path = "/children/{case}/dates", operation_id = "list_dates", tag = "Children",
    params(OfCase), responses((status = 200, body = [Limit])))]
pub async fn of_child(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<CaseId>,
) -> Result<Versioned<Vec<Limit>>, Problem> {
    let who = caller.who(&app);
    let today = who.today;
    let case = app.blocking(move |app| app.db.read("api.dates", |tx| seen(tx, &who, case))).await?;
    let mut deadlines: Vec<Deadline> =
        case.deadlines().into_iter().filter(|deadline| !case_page::is_long_past(deadline, today)).collect();
    deadlines.sort_by_key(|deadline| deadline.due_on);
    Ok(Versioned(case.version, deadlines.iter().map(|deadline| Limit::of(deadline, today)).collect()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Counted from this day; without it, the last date of this rule.
    #[param(inline)]
    counted_from: Option<Day>,
    /// Which of several threads of the same rule.
    subject: Option<u32>,
}

/// Why a date is that date
///
/// Its sum, its rule, the exceptions looked at, and what the family can do if it passes.
#[utoipa::path(get, path = "/children/{case}/dates/{rule}", operation_id = "explain_date", tag = "Children",
    params(OfCase, ("rule" = RuleCode, Path, description = "The rule."), Which),
    responses((status = 200, body = super::open::Worked)))]
pub async fn explained(
    State(app): State<App>,
    caller: Caller,
    Path((case, rule)): Path<(CaseId, String)>,
    Asked(which): Asked<Which>,
) -> Result<Json<super::open::Worked>, Problem> {
    let rule: law::RuleId = rule.parse().map_err(|_| Error::NotFound)?;
    let who = caller.who(&app);
    let today = who.today;
    let which = why::Which { from: which.counted_from.map(|day| day.0), subject: which.subject.unwrap_or_default() };
    let (deadline, explanation, _) =
        app.blocking(move |app| app.db.read("api.why", |tx| why::find(tx, &who, case, rule, &which))).await?;
    Ok(Json(super::open::Worked { date: Limit::of(&deadline, today), why: explanation.into() }))
}
