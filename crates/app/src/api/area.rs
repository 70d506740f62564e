//! Measures and lists of the area, by the functions behind their pages: how often things were asked for,
//! who is away.

use super::caller::Caller;
use super::kinds::{AskedFactCode, Day};
use super::problem::Problem;
use crate::measures::told_once;
use crate::team::cover;
use crate::{App, Error};
use axum::Json;
use axum::extract::State;
use casework::access::Action;
use serde::Serialize;
use utoipa::ToSchema;

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
