//! What there is to do: an officer's day, the queue of advice, who can be named as officer; and who
//! the caller is.

use super::caller::Caller;
use super::exchange::{Asked, Page, cursor, limit};
use super::kinds::{AdviceCode, Day, Instant, ReasonCode, RoleCode, StageCode, text};
use super::problem::Problem;
use crate::assessment::queue;
use crate::team::day::{self, because};
use crate::team::officer;
use crate::{App, Error};
use axum::Json;
use axum::extract::State;
use casework::CaseId;
use casework::access::Action;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The person or service whose token this is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    pub name: String,
    pub role: RoleCode,
    pub area: String,
    /// The name that was given to the token.
    pub token: String,
    pub may_write: bool,
    pub token_ends_at: Instant,
}

/// Whose token this is
#[utoipa::path(get, path = "/me", operation_id = "read_me", tag = "You", responses((status = 200, body = Me)))]
pub async fn me(caller: Caller) -> Json<Me> {
    let signed_in = caller.session.signed_in;
    Json(Me {
        name: signed_in.name,
        role: RoleCode(signed_in.actor.role),
        area: signed_in.area,
        token: caller.token_name,
        may_write: caller.may_write,
        token_ends_at: Instant(caller.ends_at),
    })
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    #[default]
    Own,
    All,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DayAsked {
    /// A manager may ask for everyone’s; anyone else is given their own.
    #[param(inline)]
    whose: Option<Whose>,
    /// Only children with this reason.
    #[param(inline)]
    reason: Option<ReasonCode>,
    /// Where the page before ended: its `next`.
    #[param(max_length = 200)]
    cursor: Option<String>,
    /// Most entries on the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// A child in the day’s list.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayLine {
    pub case: Uuid,
    pub name: String,
    pub born_on: Day,
    pub setting: Option<String>,
    pub stage: StageCode,
    /// What orders the list: the sum of the reasons’ weights.
    pub points: u32,
    pub because: Vec<Because>,
    /// The first thing that can be done.
    pub task: Option<String>,
}

/// Why a child is in the day’s list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Because {
    pub reason: ReasonCode,
    pub says: String,
}

/// The day
///
/// An officer’s own children with something pressing, what can still be kept today first, then by
/// harm, each with the reasons.
#[utoipa::path(get, path = "/today", operation_id = "read_today", tag = "Work", params(DayAsked), responses((status = 200, body = Page<DayLine>)))]
pub async fn today(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<DayAsked>,
) -> Result<Json<Page<DayLine>>, Problem> {
    let limit = limit(asked.limit)?;
    // The list is ordered by points, then by child: that is also where a page can go on.
    let after: Option<(u32, Uuid)> = cursor(asked.cursor.as_deref(), None, |text| {
        let (points, case) = text.split_once('.')?;
        Some(Some((points.parse().ok()?, case.parse().ok()?)))
    })?;
    let wanted = day::Asked {
        whose: if asked.whose.unwrap_or_default() == Whose::All { "all".to_owned() } else { String::new() },
        reason: asked.reason.map(|ReasonCode(reason)| <&'static str>::from(reason).to_owned()).unwrap_or_default(),
        ..day::Asked::default()
    };
    let today = app.clock.today();
    let (lines, _) = day::asked_lines(&app, &caller.session, &wanted).await?;
    let is_after = |line: &day::DayLine| {
        after.is_none_or(|(points, case)| {
            (std::cmp::Reverse(line.rank.points), line.case.0) > (std::cmp::Reverse(points), case)
        })
    };
    let count = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    let shown: Vec<_> = lines.into_iter().filter(|line| wanted.keep(line) && is_after(line)).take(count).collect();
    let shown = day::with_tasks(&app, caller.actor(), shown).await?;
    let show = |line: day::DayLine| DayLine {
        case: line.case.0,
        name: line.name,
        born_on: Day(line.born_on),
        setting: text(line.setting),
        stage: StageCode(line.stage),
        points: line.rank.points,
        because: line
            .rank
            .because
            .iter()
            .map(|reason| Because { reason: ReasonCode(reason.reason), says: because(reason, today) })
            .collect(),
        task: line.task.map(|(label, _)| label),
    };
    Ok(Page::cut(shown, limit, |line| format!("{}.{}", line.rank.points, line.case), show))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct QueueAsked {
    /// Only of this team. An adviser is given their own team’s.
    team: Option<Uuid>,
    /// Only what is late.
    late: Option<bool>,
    /// Where the page before ended: its `next`.
    #[param(max_length = 200)]
    cursor: Option<String>,
    /// Most entries on the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// One piece of advice that was asked for and has not come.
#[derive(Debug, Serialize, ToSchema)]
pub struct Waiting {
    pub case: Uuid,
    /// What its answer is sent to.
    pub advice: Uuid,
    pub kind: AdviceCode,
    pub team: Option<String>,
    pub name: String,
    pub born_on: Day,
    pub setting: Option<String>,
    pub asked_on: Day,
    pub due_on: Day,
    pub is_late: bool,
    pub is_out_of_education: bool,
    /// A draft to look at that was made from signed advice, as against advice to give.
    pub is_draft_to_check: bool,
}

/// The queue of advice
///
/// What was asked for and has not come, and drafts to look at, the first to be due first.
#[utoipa::path(get, path = "/advice", operation_id = "list_waiting_advice", tag = "Work", params(QueueAsked), responses((status = 200, body = Page<Waiting>)))]
pub async fn advice(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<QueueAsked>,
) -> Result<Json<Page<Waiting>>, Problem> {
    queue::may_list(&caller.session)?;
    let limit = limit(asked.limit)?;
    let first = (Date::constant(1900, 1, 1), CaseId(Uuid::nil()), Uuid::nil());
    let after = cursor(asked.cursor.as_deref(), first, |text| {
        let mut parts = text.split('.');
        let mark = (parts.next()?.parse().ok()?, CaseId(parts.next()?.parse().ok()?), parts.next()?.parse().ok()?);
        Some(mark)
    })?;
    let mut wanted = queue::Asked::default();
    if let Some(team) = asked.team {
        wanted.team = team.to_string();
    }
    if asked.late == Some(true) {
        wanted.late = "yes".to_owned();
    }
    let (actor, today) = (caller.actor(), app.clock.today());
    let lines = app
        .blocking(move |app| {
            app.db.read("api.queue", |tx| queue::lines_after(tx, &actor, &wanted, today, after, limit + 1))
        })
        .await?;
    let show = |line: queue::Line| Waiting {
        case: line.case.0,
        advice: line.advice,
        kind: AdviceCode(line.kind),
        team: text(line.team),
        name: line.name,
        born_on: Day(line.born_on),
        setting: text(line.setting),
        asked_on: Day(line.asked_on),
        due_on: Day(line.due_on),
        is_late: line.due_on < today,
        is_out_of_education: line.out_of_education,
        is_draft_to_check: line.is_check,
    };
    Ok(Page::cut(lines, limit, |line| format!("{}.{}.{}", line.due_on, line.case, line.advice), show))
}

/// Somebody who can be named as a child’s officer.
#[derive(Debug, Serialize, ToSchema)]
pub struct MayBeOfficer {
    pub id: Uuid,
    pub name: String,
}

/// Who can be named as a child’s officer
#[utoipa::path(get, path = "/officers", operation_id = "list_officers", tag = "Work", responses((status = 200, body = [MayBeOfficer])))]
pub async fn officers(State(app): State<App>, caller: Caller) -> Result<Json<Vec<MayBeOfficer>>, Problem> {
    caller.session.require(Action::AssignOfficer)?;
    let authority = caller.actor().authority;
    let all = app
        .blocking(move |app| app.db.read("api.officers", |tx| -> Result<_, Error> { officer::officers(tx, authority) }))
        .await?;
    Ok(Json(all.into_iter().map(|(id, name)| MayBeOfficer { id, name }).collect()))
}
