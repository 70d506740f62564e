//! What a program sends: JSON bodies, queries, the version it has seen; and what it is answered.

use super::problem::{Code, Field, Problem};
use crate::App;
use crate::web::{FORM_BYTES_MAX, Typed};
use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Most entries of one page of a list, and how many there are when nothing is said.
const PAGE_MAX: i64 = 200;
const PAGE: i64 = 50;
/// No cursor is longer.
const CURSOR_BYTES_MAX: usize = 200;

/// A body, and the same as a form of the pages would have posted it: what follows from there on is
/// the pages' own work.
pub struct Sent<T> {
    pub body: T,
    pub typed: Typed,
}

/// `born_on` is `born-on` on a page, yes and no are words there, and a list is a field sent often.
fn as_typed(body: &Value) -> Typed {
    let mut typed = Typed::default();
    for (name, value) in body.as_object().into_iter().flatten() {
        let name = name.replace('_', "-");
        let mut add = |value: &Value| match value {
            Value::Null => {}
            Value::Bool(is_so) => typed.add(&name, if *is_so { "yes" } else { "no" }),
            Value::String(text) => typed.add(&name, text.replace("\r\n", "\n")),
            other => typed.add(&name, other.to_string()),
        };
        match value {
            Value::Array(items) => items.iter().for_each(add),
            one => add(one),
        }
    }
    typed
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.values().any(has_nul),
        _ => false,
    }
}

impl<T: DeserializeOwned + Serialize> FromRequest<App> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            return Err(Problem::of(Code::MediaTypeUnsupported));
        }
        let bytes = axum::body::to_bytes(request.into_body(), FORM_BYTES_MAX)
            .await
            .map_err(|_| Problem::of(Code::BodyTooLarge))?;
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|why| Problem::saying(Code::BodyUnreadable, why.to_string()))?;
        if has_nul(&value) {
            return Err(Problem::saying(Code::BodyUnreadable, "The body holds a character that cannot be kept."));
        }
        let body: T = serde_path_to_error::deserialize(&value).map_err(|why| {
            let field = match why.path().to_string() {
                path if path == "." => "form".to_owned(),
                path => path,
            };
            // What was sent is quoted in these: enough of it to be found, and no more.
            let short = |text: String| text.chars().take(SAID_BACK_CHARS_MAX).collect::<String>();
            Problem::fields(vec![Field { field: short(field), message: short(why.into_inner().to_string()) }])
        })?;
        let again =
            serde_json::to_value(&body).map_err(|why| Problem::saying(Code::BodyUnreadable, why.to_string()))?;
        Ok(Sent { typed: as_typed(&again), body })
    }
}

/// Most characters of what was sent that an answer says back.
const SAID_BACK_CHARS_MAX: usize = 200;

/// A query. Names that are not known are refused, so that a slip of the pen is not overlooked.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Asked(asked)),
            Err(why) => Err(Problem::saying(Code::QueryUnreadable, why.body_text())),
        }
    }
}

/// Which page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Where the page before ended: its `next`.
    #[param(max_length = 200)]
    pub cursor: Option<String>,
    /// Most entries on the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
}

/// How many entries a page has.
///
/// # Errors
/// `query_unreadable` when it is none or too many.
pub fn limit(asked: Option<i64>) -> Result<i64, Problem> {
    match asked.unwrap_or(PAGE) {
        limit @ 1..=PAGE_MAX => Ok(limit),
        _ => Err(Problem::saying(Code::QueryUnreadable, format!("limit must be from 1 to {PAGE_MAX}"))),
    }
}

/// Where a page begins, out of the cursor of the one before.
///
/// # Errors
/// `query_unreadable` when it is no cursor of this list.
pub fn cursor<T>(cursor: Option<&str>, first: T, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Problem> {
    match cursor {
        None => Ok(first),
        Some(text) => Some(text)
            .filter(|text| text.len() <= CURSOR_BYTES_MAX)
            .and_then(read)
            .ok_or_else(|| Problem::saying(Code::QueryUnreadable, "cursor must be the next of the page before")),
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page out of one entry more than it holds, if there is one.
    pub fn cut<U>(mut all: Vec<U>, limit: i64, mark: impl Fn(&U) -> String, show: impl FnMut(U) -> T) -> Json<Page<T>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = if all.len() > limit {
            all.truncate(limit);
            all.last().map(mark)
        } else {
            None
        };
        Json(Page { items: all.into_iter().map(show).collect(), next })
    }
}

/// The child that an address is about.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "describes the addresses; handlers take the id itself")]
pub struct OfCase {
    /// The child’s case.
    case: Uuid,
}

/// [`IfMatch`], as the description has it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the header that `IfMatch` reads")]
pub struct SeenVersion {
    /// The ETag of the record as you read it.
    #[param(rename = "If-Match", example = "\"12\"")]
    if_match: String,
}

/// The version of a record that a program has seen, from the header `If-Match`.
pub struct IfMatch(pub u64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let given = parts.headers.get(header::IF_MATCH).ok_or_else(|| Problem::of(Code::VersionMissing))?;
        let given = given.to_str().unwrap_or_default().trim();
        let version = given.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|v| v.parse().ok());
        // An ETag that is none of ours is of no version there is.
        Ok(IfMatch(version.unwrap_or(u64::MAX)))
    }
}

/// What was read of a record, with its version as ETag.
pub struct Versioned<T>(pub u64, pub T);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        (etag(self.0), Json(self.1)).into_response()
    }
}

fn etag(version: u64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&format!("\"{version}\"")) {
        headers.insert(header::ETAG, value);
    }
    headers
}

/// What was recorded: no more than ids, so that an answer can be kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recorded {
    /// The child’s case.
    pub case: Uuid,
    /// Its version now: what to send as `If-Match` with the next change.
    pub version: u64,
    /// The id of what was made, where something was: a message, a correction.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<Uuid>,
}

impl Recorded {
    pub fn of(case: CaseId, version: u64) -> Recorded {
        Recorded { case: case.0, version, id: None }
    }

    pub fn with(self, id: Uuid) -> Recorded {
        Recorded { id: Some(id), ..self }
    }

    pub fn created(self) -> Response {
        (StatusCode::CREATED, self).into_response()
    }
}

impl IntoResponse for Recorded {
    fn into_response(self) -> Response {
        Versioned(self.version, self).into_response()
    }
}
