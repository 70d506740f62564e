//! Programs that use the API with a token. Every answer they get is held against the description: its
//! status is one that the operation may answer with, and its body is of the shape that is described.

use crate::world::{Answer, Browser, World};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// A program with a token, or one without.
#[derive(Clone)]
pub struct Program<'a> {
    pub world: &'a World,
    pub token: Option<String>,
}

/// Something to send, with a body and headers of its own.
#[derive(Debug, Clone, Default)]
pub struct Sending<'a> {
    pub body: Option<Value>,
    pub headers: Vec<(&'a str, String)>,
}

impl Sending<'_> {
    pub fn json(body: Value) -> Sending<'static> {
        Sending { body: Some(body), headers: vec![] }
    }

    pub fn empty() -> Sending<'static> {
        Sending::default()
    }
}

impl<'a> Sending<'a> {
    pub fn with(mut self, name: &'a str, value: impl Into<String>) -> Sending<'a> {
        self.headers.push((name, value.into()));
        self
    }

    pub fn seen(self, version: u64) -> Sending<'a> {
        self.with("if-match", format!("\"{version}\""))
    }

    pub fn once(self, key: &str) -> Sending<'a> {
        self.with("idempotency-key", key)
    }
}

impl World {
    /// A program with a token that this person makes on their own page.
    pub fn program(&self, email: &str) -> Program<'_> {
        self.browser(email).program("write")
    }

    /// A program that has no token.
    pub fn stranger(&self) -> Program<'_> {
        Program { world: self, token: None }
    }
}

/// The token that a page shows, once.
pub fn shown(page: &str) -> Option<String> {
    let at = page.find("tellonce_pat_").or_else(|| page.find("tellonce_svc_"))?;
    let token = page[at..].split('<').next()?;
    Some(token.to_owned())
}

impl<'a> Browser<'a> {
    /// Makes a token for this person, until the end of the next month.
    pub fn program(&self, may: &str) -> Program<'a> {
        let fields = [("name", "A program of mine"), ("may", may), ("ends-on", "2026-12-31")];
        let made = self.submit("/account/tokens", &fields);
        assert_eq!(made.status, StatusCode::OK, "{}", made.text());
        Program { world: self.world, token: shown(&made.text()) }
    }
}

impl Program<'_> {
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Sending::empty())
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Sending::json(body))
    }

    pub fn send(&self, method: &str, path: &str, sending: Sending<'_>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "tellonce.test");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in &sending.headers {
            request = request.header(*name, value);
        }
        let body = match &sending.body {
            None => Body::empty(),
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
        };
        let answer = self.world.send(request.body(body).expect("the address is one"));
        check(method, path, &answer);
        answer
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|why| panic!("{why}: {}", self.text()))
    }

    /// The code of a problem.
    pub fn code(&self) -> String {
        assert_eq!(self.header(header::CONTENT_TYPE), "application/problem+json", "{}", self.text());
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// The operation that an address and a method lead to.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let parts: Vec<&str> = path.split('?').next()?.split('/').collect();
    let paths = app::api::description()["paths"].as_object()?;
    let is_it = |template: &str, exactly: bool| {
        let pattern: Vec<&str> = template.split('/').collect();
        pattern.len() == parts.len()
            && pattern.iter().zip(&parts).all(|(p, part)| p == part || (!exactly && p.starts_with('{')))
    };
    let found = paths.iter().find(|(t, _)| is_it(t, true)).or_else(|| paths.iter().find(|(t, _)| is_it(t, false)))?;
    found.1.get(method.to_lowercase())
}

static SCHEMAS: LazyLock<Mutex<HashMap<String, jsonschema::Validator>>> = LazyLock::new(Mutex::default);

/// What of a body is not as this schema says.
fn faults(schema: &Value, body: &Value) -> Vec<String> {
    let mut known = SCHEMAS.lock().expect("no test panics while it holds this");
    let validator = known.entry(schema.to_string()).or_insert_with(|| {
        let whole = json!({ "allOf": [schema], "components": app::api::description()["components"] });
        jsonschema::draft202012::options().should_validate_formats(true).build(&whole).expect("the description is one")
    });
    validator.iter_errors(body).map(|fault| format!("{} at {}", fault, fault.instance_path())).collect()
}

/// Holds an answer against the description.
fn check(method: &str, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else {
        // Nothing is described there, and there is nothing.
        assert!(answer.status.is_client_error() || path.ends_with("/openapi.json"), "{method} {path} is not described");
        return;
    };
    let described = &operation["responses"][answer.status.as_str()];
    assert!(
        !described.is_null(),
        "{method} {path} answers {}, which is not described: {}",
        answer.status,
        answer.text()
    );
    let kinds = described["content"].as_object().expect("every answer has a body");
    let kind = answer.header(header::CONTENT_TYPE);
    let Some(described) = kinds.get(kind).or_else(|| kinds.get("*/*")) else {
        panic!("{method} {path} answers {kind}, which is not described");
    };
    if kind.ends_with("json") {
        let faults = faults(&described["schema"], &answer.json());
        assert_eq!(faults, Vec::<String>::new(), "{method} {path} answers {}", answer.text());
    }
}
