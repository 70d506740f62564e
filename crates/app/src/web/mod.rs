//! How a request is read, a page framed, an error shown.
//!
//! [`router`] joins the wings' routes. Every answer carries the security headers of [`headers`];
//! nothing is cached that a person has to sign in for.

pub mod case_form;
pub(crate) mod conflict;
pub(crate) mod csv;
mod errors;
mod fields;
pub mod form;
mod frame;
pub(crate) mod posted_files;
pub mod session;
pub mod upload;

pub use errors::Failure;
pub(crate) use errors::reference_of;
pub(crate) use fields::snake;
pub use fields::{Choice, Fields, choices};
pub use form::{FORM_BYTES_MAX, Posted, PostedOpenly, Problems, Typed, same_origin};
pub use frame::{Frame, Page, Problem, back_to_case, error_summary, long_date, see_other, short_date};
pub use session::{MaybeSession, Session};

use crate::App;
use axum::Router;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

/// The whole application as one router.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(crate::about::routes())
        .merge(crate::access::pages::routes())
        .merge(crate::record::routes())
        .merge(crate::assessment::routes())
        .merge(crate::advice::routes())
        .merge(crate::plan::routes())
        .merge(crate::review::routes())
        .merge(crate::team::routes())
        .merge(crate::admin::routes())
        .merge(crate::family::routes())
        .merge(crate::voice::routes())
        .merge(crate::front_door::routes())
        .merge(crate::papers::routes())
        .merge(crate::post::routes())
        .merge(crate::api::routes(&app))
        .merge(crate::recipients::routes())
        .merge(crate::measures::routes())
        .merge(crate::independents::routes())
        .merge(crate::visits::routes())
        .merge(crate::emergency::routes())
        .merge(crate::webhooks::routes())
        .merge(crate::designated::routes())
        .route("/assets/{name}", get(asset))
        .route("/health", get(health))
        .fallback(|session: MaybeSession| async move { Failure::new(crate::Error::NotFound, session.0) })
        .layer(middleware::from_fn_with_state(app.clone(), crate::record::looks::keep))
        .layer(middleware::from_fn(unreadable_addresses))
        .layer(middleware::from_fn(crate::access::then::lead_back))
        .layer(middleware::from_fn(headers))
        .layer(CompressionLayer::new())
        .with_state(app)
}

/// Headers that every answer carries: no framing, no sniffing, nothing but our own scripts and
/// styles, nothing kept by caches; for a page, how long it took to make.
async fn headers(req: Request, next: Next) -> Response {
    let is_read = req.method().is_safe();
    let began = std::time::Instant::now();
    let mut response = next.run(req).await;
    let took = began.elapsed();
    let headers = response.headers_mut();
    if is_read && let Ok(value) = HeaderValue::from_str(&format!("total;dur={:.2}", took.as_secs_f64() * 1000.0)) {
        headers.insert(HeaderName::from_static("server-timing"), value);
    }
    let set = |headers: &mut HeaderMap, name, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(headers, header::CONTENT_SECURITY_POLICY, govuk::page::CONTENT_SECURITY_POLICY);
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "same-origin");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    set(headers, header::CACHE_CONTROL, "no-store");
    response
}

/// An address whose parts cannot be read (no such id can be) leads nowhere: the page that says so,
/// instead of the router's own line about parsing.
async fn unreadable_addresses(req: Request, next: Next) -> Response {
    let response = next.run(req).await;
    let is_plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.starts_with("text/plain")));
    if response.status() == StatusCode::BAD_REQUEST && is_plain {
        return crate::Error::NotFound.into_response();
    }
    response
}

/// A style sheet, script or picture from inside the binary. Its name carries its fingerprint, so
/// it may be kept for a year.
async fn asset(Path(name): Path<String>, request: HeaderMap) -> Response {
    let Some(asset) = govuk::assets::find(&format!("/assets/{name}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts_gzip =
        request.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if accepts_gzip && !asset.gzip.is_empty() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        (headers, asset.gzip).into_response()
    } else {
        (headers, asset.bytes).into_response()
    }
}

/// Whether the database answers, and at which schema. For load balancers and people on call.
async fn health(axum::extract::State(app): axum::extract::State<App>) -> Response {
    let checked = app
        .blocking(|app| {
            app.db.read("web.health", |tx| -> Result<i64, crate::Error> {
                Ok(tx.query_one("SELECT COUNT(*) FROM authorities", &[])?.get(0)?)
            })
        })
        .await;
    match checked {
        Ok(areas) => {
            (StatusCode::OK, format!("ok, {areas} area(s), version {}\n", env!("CARGO_PKG_VERSION"))).into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}
