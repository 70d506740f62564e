//! What anyone may read, without a token: areas, and the dates that follow from a request.

use super::dates::{Explained, Limit};
use super::exchange::Asked;
use super::kinds::Day;
use super::problem::{Field, Problem};
use crate::App;
use crate::admin::areas;
use crate::record::dates;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A local area of this installation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Area {
    /// The three digits by which the Department for Education knows the authority.
    #[schema(example = "332")]
    pub code: String,
    pub name: String,
}

/// The areas that can be asked here
///
/// By their codes.
#[utoipa::path(get, path = "/areas", tag = "Open to all", security(()), responses((status = 200, body = [Area])))]
pub async fn areas(State(app): State<App>) -> Result<Json<Vec<Area>>, Problem> {
    let all = app.blocking(|app| app.db.read("api.areas", |tx| areas::all(tx))).await?;
    Ok(Json(all.into_iter().map(|(_, code, name)| Area { code, name }).collect()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// The day on which the council received the request.
    #[param(inline)]
    received_on: Day,
}

/// A date that follows from a request, with its working.
#[derive(Debug, Serialize, ToSchema)]
pub struct Worked {
    pub date: Limit,
    pub why: Explained,
}

/// The dates that follow from the day a request was received
///
/// For anyone: the decision whether to assess, the decision on a plan, the final plan, each with its
/// sum, its rule and what the family can do if it passes. The day may lie in the last ten years or
/// the coming one.
#[utoipa::path(get, path = "/dates", tag = "Open to all", security(()), params(Received), responses((status = 200, body = [Worked])))]
pub async fn dates(State(app): State<App>, Asked(asked): Asked<Received>) -> Result<Json<Vec<Worked>>, Problem> {
    let (on, today) = (asked.received_on.0, app.clock.today());
    if !dates::is_askable(on, today) {
        let message = dates::NOT_ASKABLE.to_owned();
        return Err(Problem::fields(vec![Field { field: "received_on".to_owned(), message }]));
    }
    let all = dates::from_receipt(on)?;
    Ok(Json(
        all.into_iter().map(|(deadline, why)| Worked { date: Limit::of(&deadline, today), why: why.into() }).collect(),
    ))
}
