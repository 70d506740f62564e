//! The description of the API, OpenAPI 3.1: made from the same declarations as the routes, so that it
//! cannot say something else. What every operation has in common is added here by its shape: a token,
//! a key for what is done once, and the problems it may answer with.

use super::problem::{Code, PAGES, Problem};
use serde_json::{Map, Value, json};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement};
use utoipa::{PartialSchema, ToSchema};

const ABOUT: &str = "Every screen's data as JSON, by the same rules of who may see and do what as the pages. \
    A token stands for one person or one service and never allows more than they may do. \
    Errors are problems of RFC 9457 with codes that stay the same. Changes name the version that was seen (If-Match) \
    and can be sent again with an Idempotency-Key without being done twice.";

/// What is described before any operation is.
pub fn beginning() -> OpenApi {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("tellonce_pat_… or tellonce_svc_…")
        .description(Some("A token of a person or a service."));
    let components = ComponentsBuilder::new()
        .security_scheme("token", SecurityScheme::Http(token.build()))
        .schema(Problem::name(), Problem::schema())
        .schema(super::problem::Field::name(), super::problem::Field::schema())
        .schema(super::problem::Stopped::name(), super::problem::Stopped::schema())
        .schema(Code::name(), Code::schema());
    let info = InfoBuilder::new().title("Tellonce").version("1").description(Some(ABOUT));
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components.build()))
        .security(Some([SecurityRequirement::new("token", Vec::<String>::new())]))
        .build()
}

/// Whether an operation has a parameter of this kind, or with this name.
fn takes(operation: &Value, member: &str, is: &str) -> bool {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.into_iter().any(|parameter| parameter[member].as_str() == Some(is))
}

/// The problems that an operation may answer with: they follow from what it takes.
fn problems(method: &str, operation: &Value) -> Vec<Code> {
    let mut codes = vec![Code::TooManyRequests, Code::Failed];
    let is_open = operation["security"].as_array().is_some_and(|all| all.iter().any(|one| one == &json!({})));
    // A token that does not work is refused wherever it is shown.
    codes.push(Code::TokenRefused);
    if !is_open {
        codes.push(Code::NotAllowed);
    }
    if takes(operation, "in", "path") {
        codes.push(Code::NotFound);
    }
    if takes(operation, "name", "case") {
        codes.push(Code::Joined);
    }
    if takes(operation, "in", "query") {
        codes.push(Code::QueryUnreadable);
    }
    if takes(operation, "name", "received_on") {
        codes.push(Code::FieldsWrong);
    }
    if operation.get("requestBody").is_some() {
        codes.extend([Code::MediaTypeUnsupported]);
    }
    if method != "get" {
        codes.extend([Code::BodyUnreadable, Code::BodyTooLarge, Code::FieldsWrong, Code::KeyInUse]);
    }
    if takes(operation, "name", "If-Match") {
        codes.extend([Code::VersionMissing, Code::VersionChanged]);
    }
    codes
}

/// The whole description as it is served, with what operations have in common.
pub fn finish(api: &OpenApi) -> Value {
    // It was made of text and numbers a moment ago.
    let mut whole = serde_json::to_value(api).unwrap_or_default();
    let key = json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "A key of your own, such as a UUID: the same request with the same key is done once, and answered the same for 24 hours.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" },
    });
    for (_, item) in members(&mut whole["paths"]) {
        for (method, operation) in members(item) {
            if method != "get" {
                match operation["parameters"].as_array_mut() {
                    Some(parameters) => parameters.push(key.clone()),
                    None => operation["parameters"] = json!([key.clone()]),
                }
            }
            for code in problems(method, operation) {
                let status = code.status();
                let words = status.canonical_reason().unwrap_or_default();
                operation["responses"][status.as_str()] = json!({
                    "description": format!("{words}: a problem, whose code says which."),
                    "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
                });
            }
        }
    }
    whole["info"]["x-problems"] = json!(format!("{PAGES}{{code}}"));
    whole
}

/// The members of an object, to be changed.
fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let members: Option<&mut Map<String, Value>> = value.as_object_mut();
    members.into_iter().flat_map(|members| members.iter_mut())
}
