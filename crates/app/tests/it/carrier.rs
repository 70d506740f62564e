//! A GOV.UK Notify on this machine, which answers as a test tells it to: well, with each of its errors,
//! late, or by hanging up.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

pub const SERVICE: &str = "8b3aa916-ec82-434e-b0c5-d5d9b371d6a3";
pub const SECRET: &str = "1f5e3a80-3d5c-4c4f-8a5d-0d6f3a1b2c3d";
pub const RECEIPTS: &str = "a token for receipts";

/// What it does with the next thing that it is sent.
#[derive(Debug, Clone)]
pub enum Next {
    Error(u16, &'static str, &'static str),
    /// Takes it, and the answer is lost on its way.
    HangUp,
    /// Takes it, and answers later than anybody waits.
    Slow,
    Nonsense,
}

#[derive(Default)]
pub struct Heard {
    pub next: VecDeque<Next>,
    /// Everything that was taken: kind, and the body as it came.
    pub taken: Vec<(String, Value)>,
    /// What it says of everything when it is asked.
    pub status: String,
    pub asked: usize,
    pub wrong_tokens: usize,
}

pub struct FakeNotify {
    pub heard: Arc<Mutex<Heard>>,
    pub file: PathBuf,
    _runtime: tokio::runtime::Runtime,
}

#[derive(serde::Deserialize)]
struct Claims {
    iss: String,
}

fn is_signed(headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut validation = Validation::new(Algorithm::HS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    let token = given.strip_prefix("Bearer ").unwrap_or_default();
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::decode::<Claims>(token, &key, &validation).is_ok_and(|token| token.claims.iss == SERVICE)
}

/// The number that it gives to what is sent under a reference.
pub fn number_of(reference: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&blake3::hash(reference.as_bytes()).as_bytes()[..16]);
    uuid::Uuid::from_bytes(bytes).to_string()
}

async fn take(
    State(heard): State<Arc<Mutex<Heard>>>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let judged = judge(&mut heard.lock().expect("nobody panicked"), kind, &headers, &body);
    match judged {
        Err(answer) => *answer,
        Ok((Some(Next::HangUp), _)) => panic!("the test hangs up"),
        Ok((Some(Next::Slow), _)) => std::future::pending().await,
        Ok((Some(Next::Nonsense), _)) => (StatusCode::CREATED, "<html>").into_response(),
        Ok((_, reference)) => {
            (StatusCode::CREATED, Json(json!({ "id": number_of(&reference), "reference": reference }))).into_response()
        }
    }
}

/// Takes it, or answers with the error that is next.
fn judge(
    heard: &mut Heard,
    kind: String,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(Option<Next>, String), Box<Response>> {
    if !is_signed(headers) {
        heard.wrong_tokens += 1;
        return Err(Box::new(StatusCode::FORBIDDEN.into_response()));
    }
    let body: Value = serde_json::from_slice(body).expect("it is JSON");
    let reference = body["reference"].as_str().expect("it has a reference").to_owned();
    let next = heard.next.pop_front();
    if let Some(Next::Error(status, error, message)) = next {
        let status = StatusCode::from_u16(status).expect("it is a status");
        let errors = json!([{ "error": error, "message": message }]);
        let body = json!({ "status_code": status.as_u16(), "errors": errors });
        return Err(Box::new((status, Json(body)).into_response()));
    }
    heard.taken.push((kind, body));
    Ok((next, reference))
}

async fn list(State(heard): State<Arc<Mutex<Heard>>>, RawQuery(query): RawQuery) -> Json<Value> {
    let heard = heard.lock().expect("nobody panicked");
    let query = query.unwrap_or_default();
    let wanted = query.strip_prefix("reference=").unwrap_or_default();
    let has = |taken: &&(String, Value)| taken.1["reference"] == wanted;
    let found: Vec<Value> =
        heard.taken.iter().filter(has).map(|_| json!({ "id": number_of(wanted), "reference": wanted })).collect();
    Json(json!({ "notifications": found, "links": {} }))
}

async fn status(State(heard): State<Arc<Mutex<Heard>>>) -> Json<Value> {
    let mut heard = heard.lock().expect("nobody panicked");
    heard.asked += 1;
    Json(json!({ "status": heard.status }))
}

impl FakeNotify {
    /// Listens, and writes the file that an installation is started with.
    pub fn start() -> FakeNotify {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime starts");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("there is a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let heard = Arc::new(Mutex::new(Heard { status: "sending".to_owned(), ..Heard::default() }));
        let router = Router::new()
            .route("/v2/notifications", get(list))
            .route("/v2/notifications/{kind}", post(take).get(status))
            .with_state(heard.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        let folder = std::env::temp_dir().join(format!("tellonce-notify-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).expect("a file can be written");
            path
        };
        write("key", &format!("tests-{SERVICE}-{SECRET}\n"));
        write("receipts", RECEIPTS);
        let template = "11111111-1111-4111-8111-111111111111";
        let file = write(
            "notify.toml",
            &format!(
                "base_url = \"http://localhost:{port}\"\nkey_file = \"key\"\nreceipts_file = \"receipts\"\n\
                 text_template = \"{template}\"\nletter_template = \"{template}\"\nseconds_max = 1\n"
            ),
        );
        FakeNotify { heard, file, _runtime: runtime }
    }

    pub fn say(&self, change: impl FnOnce(&mut Heard)) {
        change(&mut self.heard.lock().expect("nobody panicked"));
    }

    /// What was taken so far: kind, to whom, and its words.
    pub fn taken(&self) -> Vec<(String, String, String)> {
        let heard = self.heard.lock().expect("nobody panicked");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let to = |body: &Value| match body.get("phone_number") {
            Some(number) => text(number),
            None => text(&body["personalisation"]["address_line_1"]),
        };
        heard
            .taken
            .iter()
            .map(|(kind, body)| (kind.clone(), to(body), text(&body["personalisation"]["body"])))
            .collect()
    }
}

impl Drop for FakeNotify {
    fn drop(&mut self) {
        if let Some(folder) = self.file.parent() {
            // A folder that cannot be removed is left for the next start of the machine.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}
