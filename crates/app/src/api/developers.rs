//! For developers: every operation with an example, as the description has it, and a page for each
//! problem that its `type` leads to.

use super::problem::Code;
use super::{PREFIX, description};
use crate::web::{Frame, MaybeSession, Page};
use crate::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use serde_json::Value;
use strum::IntoEnumIterator;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/api", get(show))
        .route("/api/problems", get(problems))
        .route("/api/problems/{code}", get(problem))
}

/// One thing an operation takes.
struct Taken {
    name: String,
    /// "in the path, required".
    place: String,
    words: String,
}

/// One operation, as the page shows it.
struct Operation {
    id: String,
    title: String,
    words: String,
    method: String,
    path: String,
    taken: Vec<Taken>,
    /// What to type to try it.
    example: String,
    answers: Vec<(String, String)>,
}

struct Group {
    id: String,
    name: String,
    operations: Vec<Operation>,
}

#[derive(Template)]
#[template(path = "api/developers.html")]
struct DevelopersPage {
    groups: Vec<Group>,
    prefix: &'static str,
    per_token: u32,
    per_address: u32,
    is_signed_in: bool,
    may_make_services: bool,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// An example of a schema: what it says of itself, or something of its kind.
fn example(schema: &Value, depth: usize) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return example(&description()["components"]["schemas"][name], depth + 1);
    }
    if let Some(given) = schema.get("example").or_else(|| schema["enum"].get(0)) {
        return given.clone();
    }
    if let Some(all) = schema["oneOf"].as_array() {
        return all.iter().find(|one| one["type"] != "null").map(|one| example(one, depth)).unwrap_or_default();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
        one => one.as_str().unwrap_or_default(),
    };
    match (kind, schema["format"].as_str().unwrap_or_default()) {
        ("string", "date") => "2026-11-23".into(),
        ("string", "date-time") => "2026-11-23T10:00:00Z".into(),
        ("string", "uuid") => "01939d3c-7a00-7000-8000-000000000001".into(),
        ("string", _) => "Text".into(),
        ("integer" | "number", _) => schema["minimum"].as_i64().unwrap_or(1).into(),
        ("boolean", _) => true.into(),
        ("array", _) if depth < 8 => vec![example(&schema["items"], depth + 1)].into(),
        ("object", _) => {
            let required: Vec<&str> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let members = schema["properties"].as_object().into_iter().flatten();
            members
                .filter(|(name, _)| required.contains(&name.as_str()))
                .map(|(name, member)| (name.clone(), example(member, depth + 1)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        _ => Value::Null,
    }
}

fn read(path: &str, method: &str, operation: &Value) -> Operation {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let taken = parameters
        .iter()
        .map(|parameter| Taken {
            name: text(&parameter["name"]),
            place: format!(
                "in the {}{}",
                text(&parameter["in"]),
                if parameter["required"] == true { ", required" } else { "" }
            ),
            words: text(&parameter["description"]),
        })
        .collect();
    let mut lines = vec![format!("curl https://tellonce.example{path}")];
    if method != "get" {
        lines.push(format!("-X {}", method.to_uppercase()));
    }
    if !operation["security"].as_array().is_some_and(|all| all.iter().any(|one| one == &serde_json::json!({}))) {
        lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    if parameters.iter().any(|parameter| parameter["name"] == "If-Match") {
        lines.push("-H 'If-Match: \"12\"'".to_owned());
    }
    let body = &operation["requestBody"]["content"]["application/json"];
    if let Some(schema) = body.get("schema") {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d '{:#}'", body.get("example").cloned().unwrap_or_else(|| example(schema, 0))));
    }
    let answers = operation["responses"].as_object().into_iter().flatten();
    Operation {
        id: text(&operation["operationId"]),
        title: text(&operation["summary"]),
        words: text(&operation["description"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        taken,
        example: lines.join(" \\\n  "),
        answers: answers.map(|(status, answer)| (status.clone(), text(&answer["description"]))).collect(),
    }
}

fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (path, item) in description()["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let name = text(&operation["tags"][0]);
            let operation = read(path, method, operation);
            match groups.iter_mut().find(|group| group.name == name) {
                Some(group) => group.operations.push(operation),
                None => {
                    let id = name.to_lowercase().replace(' ', "-");
                    groups.push(Group { id, name, operations: vec![operation] });
                }
            }
        }
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

fn frame(session: &MaybeSession, title: impl Into<String>) -> Frame<'_> {
    match &session.0 {
        Some(session) => Frame::for_session(session, title),
        None => Frame::public(title),
    }
}

async fn show(State(app): State<App>, session: MaybeSession) -> Result<Page, Error> {
    let may = |action| session.0.as_ref().is_some_and(|session| session.may(action));
    let view = DevelopersPage {
        groups: groups(),
        prefix: PREFIX,
        per_token: app.settings.api.per_token.get(),
        per_address: app.settings.api.per_address.get(),
        is_signed_in: session.0.is_some(),
        may_make_services: may(casework::access::Action::ManageArea),
    };
    frame(&session, "For developers").render(&view)
}

#[derive(Template)]
#[template(path = "api/problems.html")]
struct ProblemsPage {
    codes: Vec<Code>,
}

async fn problems(session: MaybeSession) -> Result<Page, Error> {
    let view = ProblemsPage { codes: Code::iter().collect() };
    frame(&session, "Problems").back("/api", "For developers").render(&view)
}

#[derive(Template)]
#[template(path = "api/problem.html")]
struct ProblemPage {
    code: Code,
}

async fn problem(session: MaybeSession, Path(code): Path<String>) -> Result<Page, Error> {
    let code: Code = code.parse().map_err(|_| Error::NotFound)?;
    frame(&session, code.title()).back("/api/problems", "Problems").render(&ProblemPage { code })
}
