//! The same record for programs: JSON under `/api/v1`, by the functions behind the pages and the same
//! policy.
//!
//! | address | what |
//! |---|---|
//! | `/api` | for developers: every operation, with examples, out of the description |
//! | `/api/v1/openapi.json` | the description, made from the same declarations as the routes |
//! | `/api/problems/{code}` | what a problem means and what to do about it |
//! | `/api/v1/…` | the operations: see [`operations`] |
//! | `/account/tokens`, `/services` | who may make tokens, and where: see [`tokens`] |
//!
//! A request passes, from the outside in: [`as_problems`] (whatever goes wrong is a problem),
//! [`caller::identify`] (whose token, and not too often), [`answers`] (nothing is done twice),
//! [`caller::keep_looks`] (who read whose record), the operation.
//!
//! To add an operation: a handler with its `#[utoipa::path]` beside the others of its kind, one line
//! in [`operations`]. The tests find it in the description by themselves.

mod acts;
mod answers;
mod area;
pub(crate) mod caller;
mod children;
mod contacts;
mod dates;
mod description;
mod developers;
mod events;
mod exchange;
mod facts;
mod family;
mod held;
mod kinds;
mod limits;
mod messages;
mod open;
mod papers;
mod plans;
mod problem;
pub mod tokens;
mod work;

pub use problem::Code;

use crate::App;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use problem::Problem;
use serde_json::Value;
use std::sync::{Arc, LazyLock};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Where the operations begin.
pub const PREFIX: &str = "/api/v1";

/// Every operation, with its description.
fn operations() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(open::areas))
        .routes(routes!(open::dates))
        .routes(routes!(work::me))
        .routes(routes!(work::today))
        .routes(routes!(work::advice))
        .routes(routes!(work::officers))
        .routes(routes!(events::events))
        .routes(routes!(events::webhooks))
        .routes(routes!(events::deliveries))
        .routes(routes!(events::replay))
        .routes(routes!(events::replay_one))
        .routes(routes!(children::all))
        .routes(routes!(children::find))
        .routes(routes!(children::one))
        .routes(routes!(dates::of_child))
        .routes(routes!(dates::explained))
        .routes(routes!(children::history))
        .routes(routes!(children::documents))
        .routes(routes!(children::document))
        .routes(routes!(children::advice))
        .routes(routes!(children::corrections))
        .routes(routes!(plans::plan))
        .routes(routes!(plans::placement))
        .routes(routes!(plans::reviews))
        .routes(routes!(papers::all))
        .routes(routes!(papers::one))
        .routes(routes!(papers::of_receipt))
        .routes(routes!(facts::all))
        .routes(routes!(facts::one))
        .routes(routes!(contacts::of_child, contacts::note))
        .routes(routes!(held::release))
        .routes(routes!(held::all))
        .routes(routes!(area::measure))
        .routes(routes!(area::away))
        .routes(routes!(messages::of_child, messages::write_to_family))
        .routes(routes!(messages::close))
        .routes(routes!(acts::receive))
        .routes(routes!(acts::name_officer))
        .routes(routes!(acts::decide))
        .routes(routes!(acts::answer_advice))
        .routes(routes!(acts::answer_correction))
        .routes(routes!(family::all))
        .routes(routes!(family::one))
        .routes(routes!(family::paper))
        .routes(routes!(family::known))
        .routes(routes!(family::ask))
        .routes(routes!(messages::of_own_child, messages::write_to_council))
}

/// The operations as a router, and as OpenAPI describes them.
fn parts() -> (Router<App>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(description::beginning()).nest(PREFIX, operations()).split_for_parts()
}

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| description::finish(&parts().1));

/// The description as it is served.
pub fn description() -> &'static Value {
    &DESCRIPTION
}

pub fn routes(app: &App) -> Router<App> {
    let limits = Arc::new(limits::Limits::new(app.settings.api.clone(), app.clock.clone()));
    let operations = parts()
        .0
        .layer(middleware::from_fn_with_state(app.clone(), caller::keep_looks))
        .layer(middleware::from_fn_with_state(app.clone(), answers::keep_answers));
    let programs = operations
        .route(&format!("{PREFIX}/openapi.json"), get(described))
        .route(PREFIX, any(nowhere))
        .route("/api/{*rest}", any(nowhere))
        .layer(middleware::from_fn_with_state((app.clone(), limits), caller::identify))
        .layer(middleware::from_fn(as_problems));
    Router::new().merge(programs).merge(developers::routes()).merge(tokens::routes())
}

async fn nowhere() -> Problem {
    Problem::of(Code::NotFound)
}

async fn described() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, description().to_string()).into_response()
}

/// Whatever goes wrong on the way to an operation is said as a problem too.
async fn as_problems(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || problem::is_problem(&response) {
        return response;
    }
    let code = match status {
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::MediaTypeUnsupported,
        StatusCode::INTERNAL_SERVER_ERROR => Code::Failed,
        // A part of an address that can be no id leads nowhere.
        _ => Code::NotFound,
    };
    let kept: HeaderMap = [header::ALLOW, header::RETRY_AFTER]
        .into_iter()
        .filter_map(|name| Some((name.clone(), response.headers().get(&name)?.clone())))
        .collect();
    (kept, Problem::of(code)).into_response()
}
