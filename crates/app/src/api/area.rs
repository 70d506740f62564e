//! Lists of the area, by the functions behind their pages: sends that were held, how often things were asked
//! for, who is away.

use super::caller::Caller;
use super::exchange::{Asked, Page, cursor, limit};
use super::kinds::{AskedFactCode, Day, SendingCode, StopCode, text};
use super::problem::Problem;
use crate::measures::told_once;
use crate::recipients::list::{Line, lines_after};
use crate::record::looks::{Named, named};
use crate::team::cover;
use crate::{App, Error};
use axum::extract::State;
use axum::{Extension, Json};
use casework::access::Action;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeldState {
    Held,
    Released,
    PutRight,
}

impl HeldState {
    fn code(self) -> &'static str {
        match self {
            HeldState::Held => "held",
            HeldState::Released => "released",
            HeldState::PutRight => "put_right",
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HeldAsked {
    /// Only what stands so.
    #[param(inline)]
    state: Option<HeldState>,
    /// Where the page before ended: its `next`.
    #[param(max_length = 200)]
    cursor: Option<String>,
    /// Most entries on the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// A send that was held because it may be another child’s, or may be going to the wrong person.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldSend {
    pub case: Uuid,
    pub hold: Uuid,
    /// The child on whose record it is.
    pub name: String,
    pub sending: SendingCode,
    pub stopped_by: Vec<StopCode>,
    pub state: HeldState,
    pub held_on: Day,
    pub tried_by: Option<String>,
    pub released_on: Option<Day>,
    pub released_by: Option<String>,
    pub put_right_on: Option<Day>,
}

impl From<Line> for HeldSend {
    fn from(line: Line) -> HeldSend {
        HeldSend {
            case: line.case.0,
            hold: line.hold,
            name: line.name,
            sending: SendingCode(line.sending),
            stopped_by: line.kinds.into_iter().map(StopCode).collect(),
            state: match (line.released_on, line.put_right_on) {
                (Some(_), _) => HeldState::Released,
                (None, Some(_)) => HeldState::PutRight,
                (None, None) => HeldState::Held,
            },
            held_on: Day(line.held_on),
            tried_by: text(line.held_by),
            released_on: line.released_on.map(Day),
            released_by: text(line.released_by),
            put_right_on: line.put_right_on.map(Day),
        }
    }
}

/// Sends that were held
///
/// The newest first. They are let go on the child’s page by somebody who reads what was found.
#[utoipa::path(get, path = "/held", operation_id = "list_held_sends", tag = "Work", params(HeldAsked), responses((status = 200, body = Page<HeldSend>)))]
pub async fn held(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<HeldAsked>,
) -> Result<(Extension<Named>, Json<Page<HeldSend>>), Problem> {
    caller.session.require(Action::SeeHeldSends)?;
    let limit = limit(asked.limit)?;
    let before = cursor(asked.cursor.as_deref(), (Date::constant(2200, 1, 1), Uuid::max()), |text| {
        let (on, hold) = text.split_once('.')?;
        Some((on.parse().ok()?, hold.parse().ok()?))
    })?;
    let (actor, state) = (caller.actor(), asked.state.map(HeldState::code).unwrap_or_default());
    let lines = app
        .blocking(move |app| app.db.read("api.held", |tx| lines_after(tx, &actor, state, before, limit + 1)))
        .await?;
    let shown = lines.iter().take(usize::try_from(limit).unwrap_or(usize::MAX)).map(|line| line.case);
    let named = named(&caller.actor(), shown);
    Ok((named, Page::cut(lines, limit, |line: &Line| format!("{}.{}", line.held_on, line.hold), HeldSend::from)))
}

/// How often one fact was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedOften {
    pub fact: AskedFactCode,
    pub children: usize,
    pub asked: usize,
    /// Children of whom it was asked more than once.
    pub repeated: usize,
    /// Times it was shown and said to be still right.
    pub confirmed: usize,
    /// Times asked per child: the aim is 1.
    pub per_child: Option<f64>,
}

/// Told once: how often things were asked for that had been said already.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldOnce {
    /// The first day that counts.
    pub since: Day,
    /// Times each fact was asked for, per child and fact.
    pub per_child: Option<f64>,
    pub facts: Vec<AskedOften>,
}

/// How often facts were asked for
///
/// The measure “told once”, of twelve months, as its page has it. No child is named.
#[utoipa::path(get, path = "/measures/told-once", operation_id = "read_told_once", tag = "Work", responses((status = 200, body = ToldOnce)))]
pub async fn measure(State(app): State<App>, caller: Caller) -> Result<Json<ToldOnce>, Problem> {
    caller.session.require(Action::SeeMeasures)?;
    let (authority, today) = (caller.actor().authority, app.clock.today());
    let (since, meter) =
        app.blocking(move |app| app.db.read("api.told_once", |tx| told_once::meter(tx, authority, today))).await?;
    let facts = meter.facts.iter().map(|(fact, count)| AskedOften {
        fact: AskedFactCode(*fact),
        children: count.children,
        asked: count.asked,
        repeated: count.repeated,
        confirmed: count.confirmed,
        per_child: count.per_child(),
    });
    Ok(Json(ToldOnce { since: Day(since), per_child: meter.all.per_child(), facts: facts.collect() }))
}

/// Somebody who is away, or will be, and who covers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Away {
    pub who: String,
    pub from: Day,
    /// The last day away.
    pub until: Day,
    pub cover: String,
}

/// Who is away and who covers
#[utoipa::path(get, path = "/cover", operation_id = "list_cover", tag = "Work", responses((status = 200, body = [Away])))]
pub async fn away(State(app): State<App>, caller: Caller) -> Result<Json<Vec<Away>>, Problem> {
    caller.session.require(Action::SayAway)?;
    let (authority, today) = (caller.actor().authority, app.clock.today());
    let all = app
        .blocking(move |app| app.db.read("api.cover", |tx| -> Result<_, Error> { cover::open(tx, authority, today) }))
        .await?;
    let show = |away: cover::Away| Away {
        who: away.who,
        from: Day(away.absence.from),
        until: Day(away.absence.until),
        cover: away.cover,
    };
    Ok(Json(all.into_iter().map(show).collect()))
}
