//! Sends that were held, and letting one go, by the functions behind their pages.

use super::caller::{Caller, Writer};
use super::exchange::{Asked, IfMatch, OfCase, Page, Recorded, SeenVersion, Sent, cursor, limit};
use super::kinds::{Day, ReleaseCode, SendingCode, StopCode, text};
use super::problem::Problem;
use crate::App;
use crate::journal;
use crate::recipients::held as page;
use crate::recipients::list::{Line, lines_after};
use crate::record::looks::{Named, named};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use casework::access::Action;
use casework::{CaseId, HoldId};
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
/// The newest first. Each is let go, here or on the child’s page, by somebody who reads what was found.
#[utoipa::path(get, path = "/held", operation_id = "list_held_sends", tag = "Work", params(HeldAsked), responses((status = 200, body = Page<HeldSend>)))]
pub async fn all(
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

/// Why a stop is right as it stands.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseReason {
    reason: ReleaseCode,
    /// Needed where the reason is another one.
    #[serde(default)]
    #[schema(max_length = 500)]
    words: Option<String>,
}

/// A reason for each stop, in their order.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    #[schema(min_items = 1, max_items = 20)]
    reasons: Vec<ReleaseReason>,
}

/// Let a held send go
///
/// Whoever tried may then send the very same. What needs a second person is let go by somebody else.
#[utoipa::path(post, path = "/children/{case}/holds/{hold}/release", operation_id = "release_held_send", tag = "Children", request_body = Release,
    params(OfCase, ("hold" = Uuid, Path, description = "Which send that was held."), SeenVersion),
    responses((status = 200, description = "It may be sent now.", body = Recorded)))]
pub async fn release(
    State(app): State<App>,
    Writer(caller): Writer,
    Path((id, hold)): Path<(CaseId, HoldId)>,
    IfMatch(seen): IfMatch,
    Sent { body, .. }: Sent<Release>,
) -> Result<Recorded, Problem> {
    let who = caller.who(&app);
    let reasons: Vec<_> = body.reasons.into_iter().map(|why| (why.reason.0, why.words)).collect();
    let after = app
        .blocking(move |app| {
            app.db.write("api.release", |tx| {
                super::children::seen(tx, &who, id)?;
                journal::unchanged(tx, who.authority, id, seen)?;
                page::let_go(tx, app, &who, (id, hold), &page::typed_reasons(&reasons))
            })
        })
        .await?;
    Ok(Recorded::of(id, after.case.version))
}
