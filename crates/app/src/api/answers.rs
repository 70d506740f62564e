//! Asking twice does one thing: the answer to a request that came with an `Idempotency-Key` is kept
//! for a day, and given again to whoever sends the same request with the same key.
//!
//! A key is taken before the request is worked on and never given back once something may have been
//! recorded. So a request that breaks off is never done twice; at worst its end is not known.

use super::caller::Caller;
use super::problem::{Code, Problem};
use crate::web::FORM_BYTES_MAX;
use crate::{App, Error};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use db::Tx;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub const KEY: &str = "idempotency-key";
/// Says of an answer that it is one from before.
const REPLAYED: &str = "idempotency-replayed";
const KEY_BYTES_MAX: usize = 200;
/// How long an answer is kept.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
/// What of an answer's headers is given again.
const HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];

const FORGET: &str = "DELETE FROM api_answers WHERE made_at < $1";
const TAKE: &str = "INSERT INTO api_answers (token_id, key_hash, fingerprint, made_at) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (token_id, key_hash) DO NOTHING";
const FIND: &str = "SELECT fingerprint, status, headers, body FROM api_answers WHERE token_id = $1 AND key_hash = $2";
const KEEP: &str = "UPDATE api_answers SET status = $3, headers = $4, body = $5 WHERE token_id = $1 AND key_hash = $2";
const GIVE_BACK: &str = "DELETE FROM api_answers WHERE token_id = $1 AND key_hash = $2";

/// One token's key.
#[derive(Clone, Copy)]
struct Key {
    token: Uuid,
    hash: [u8; 32],
}

/// What is known of a key.
enum Known {
    /// Nothing: it is taken now.
    Taken,
    /// Of another request.
    Other,
    /// Of this request, whose end is not known.
    Unfinished,
    Answered(Answer),
}

/// An answer as it is kept.
#[derive(Clone)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn again(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = (status, self.body).into_response();
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_TYPE);
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
                headers.insert(name, value);
            }
        }
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
        response
    }
}

/// The key that a request brings, if it does.
fn key_of(headers: &HeaderMap, token: Uuid) -> Result<Option<Key>, Problem> {
    let Some(given) = headers.get(KEY) else { return Ok(None) };
    let is_key = |text: &&str| (1..=KEY_BYTES_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    let key = given.to_str().ok().filter(is_key).ok_or_else(|| Problem::of(Code::KeyUnreadable))?;
    Ok(Some(Key { token, hash: *blake3::hash(key.as_bytes()).as_bytes() }))
}

/// What makes two requests the same: method, address, version seen, body.
fn fingerprint(request: &Request, body: &Bytes) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let seen = request.headers().get(header::IF_MATCH).map(HeaderValue::as_bytes).unwrap_or_default();
    let address = request.uri().to_string();
    for part in [request.method().as_str().as_bytes(), address.as_bytes(), seen, body] {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

fn take(tx: &mut dyn Tx, key: Key, print: [u8; 32], now: Timestamp) -> Result<Known, Error> {
    tx.execute(FORGET, &[(now - KEPT_FOR).into()])?;
    if tx.execute(TAKE, &[key.token.into(), key.hash.into(), print.into(), now.into()])? == 1 {
        return Ok(Known::Taken);
    }
    let row = tx.query_one(FIND, &[key.token.into(), key.hash.into()])?;
    if row.get::<[u8; 32]>("fingerprint")? != print {
        return Ok(Known::Other);
    }
    let Some(status) = row.get::<Option<i64>>("status")? else { return Ok(Known::Unfinished) };
    let headers: String = row.get::<Option<String>>("headers")?.unwrap_or_default();
    let headers = serde_json::from_str(&headers)
        .map_err(|cause| Error::Broken { step: "read a kept answer", cause: cause.to_string() })?;
    let body: Vec<u8> = row.get::<Option<Vec<u8>>>("body")?.unwrap_or_default();
    Ok(Known::Answered(Answer { status: u16::try_from(status).unwrap_or(500), headers, body }))
}

/// Keeps what was answered to a request that recorded something. After a refusal or a fault nothing
/// is recorded, and the key is free again.
async fn keep(app: &App, key: Key, response: Response) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let unread = |cause: axum::Error| Error::Broken { step: "read an answer", cause: cause.to_string() };
    let body = axum::body::to_bytes(body, usize::MAX).await.map_err(unread)?;
    let mut headers = Vec::new();
    for name in HEADERS {
        if let Some(value) = parts.headers.get(&name).and_then(|value| value.to_str().ok()) {
            headers.push((name.to_string(), value.to_owned()));
        }
    }
    let (status, kept) = (parts.status, body.to_vec());
    app.blocking(move |app| {
        app.db.write("api.keep_answer", |tx| -> Result<(), Error> {
            if !status.is_success() {
                tx.execute(GIVE_BACK, &[key.token.into(), key.hash.into()])?;
                return Ok(());
            }
            let headers = serde_json::to_string(&headers)
                .map_err(|cause| Error::Broken { step: "keep an answer", cause: cause.to_string() })?;
            let status = i64::from(status.as_u16());
            let row = [key.token.into(), key.hash.into(), status.into(), headers.into(), kept.clone().into()];
            tx.execute(KEEP, &row)?;
            Ok(())
        })
    })
    .await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

async fn once(app: App, caller: Caller, request: Request, next: Next) -> Result<Response, Problem> {
    let Some(key) = key_of(request.headers(), caller.token)? else { return Ok(next.run(request).await) };
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| Problem::of(Code::BodyTooLarge))?;
    let request = Request::from_parts(parts, Body::from(bytes.clone()));
    let print = fingerprint(&request, &bytes);
    let known = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("api.take_key", |tx| take(tx, key, print, now))
        })
        .await?;
    match known {
        Known::Other => Err(Problem::of(Code::KeyReused)),
        Known::Unfinished => Err(Problem::of(Code::KeyInUse)),
        Known::Answered(answer) => Ok(answer.again()),
        Known::Taken => {
            // Whoever hangs up does not stop it half way: it is done and its answer kept.
            let working = tokio::spawn(async move { keep(&app, key, next.run(request).await).await });
            working.await.map_err(|cause| Error::Broken { step: "answer a request", cause: cause.to_string() })?
        }
    }
}

/// Whether there is something here that could be done twice.
fn is_described(request: &Request) -> bool {
    let (path, method) = (request.uri().path(), request.method().as_str().to_ascii_lowercase());
    let mut paths = super::description()["paths"].as_object().into_iter().flatten();
    !request.method().is_safe()
        && paths.any(|(pattern, item)| item.get(method.as_str()).is_some() && fits(pattern, path))
}

/// Whether an address is one of a pattern, such as `/children/{case}`.
fn fits(pattern: &str, path: &str) -> bool {
    let (expected, found): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    expected.len() == found.len()
        && expected.iter().zip(&found).all(|(expected, found)| expected == found || expected.starts_with('{'))
}

/// Answers a request that was answered before with the same.
pub async fn keep_answers(State(app): State<App>, request: Request, next: Next) -> Response {
    match request.extensions().get::<Caller>().cloned() {
        Some(caller) if is_described(&request) => {
            once(app, caller, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(request).await,
    }
}
