//! What went wrong, as a program reads it: `application/problem+json` (RFC 9457) with a code that
//! stays the same for ever, beside words that may change.

use crate::web::{reference_of, snake};
use crate::{Error, FieldError};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::recipients::Stop;
use serde::Serialize;
use std::borrow::Cow;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// Where a code is explained, before the code itself.
pub const PAGES: &str = "/api/problems/";

/// The codes. A code is never renamed and never given another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, Display, EnumIter, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = ProblemCode)]
pub enum Code {
    TokenMissing,
    TokenRefused,
    TooManyTries,
    TokenOnlyReads,
    NotAllowed,
    NotFound,
    Joined,
    MethodNotAllowed,
    QueryUnreadable,
    BodyUnreadable,
    BodyTooLarge,
    MediaTypeUnsupported,
    FieldsWrong,
    Refused,
    ChildLikelyKnown,
    VersionMissing,
    VersionChanged,
    Held,
    KeyUnreadable,
    KeyReused,
    KeyInUse,
    TooManyRequests,
    FileHeld,
    Failed,
}

impl Code {
    pub fn status(self) -> StatusCode {
        match self {
            Code::TokenMissing | Code::TokenRefused => StatusCode::UNAUTHORIZED,
            Code::TooManyTries | Code::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Code::TokenOnlyReads | Code::NotAllowed => StatusCode::FORBIDDEN,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Code::QueryUnreadable | Code::BodyUnreadable | Code::KeyUnreadable => StatusCode::BAD_REQUEST,
            Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Code::MediaTypeUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::FieldsWrong | Code::Refused | Code::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Code::ChildLikelyKnown | Code::KeyInUse | Code::Held | Code::Joined => StatusCode::CONFLICT,
            Code::FileHeld => StatusCode::LOCKED,
            Code::VersionMissing => StatusCode::PRECONDITION_REQUIRED,
            Code::VersionChanged => StatusCode::PRECONDITION_FAILED,
            Code::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What happened, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Code::TokenMissing => "A token is needed",
            Code::TokenRefused => "This token does not work",
            Code::TooManyTries => "Too many tokens that do not work",
            Code::TokenOnlyReads => "This token may only read",
            Code::NotAllowed => "Not allowed",
            Code::NotFound => "Not found",
            Code::Joined => "Everything goes on in another record",
            Code::MethodNotAllowed => "This cannot be done with this method",
            Code::QueryUnreadable => "The query could not be read",
            Code::BodyUnreadable => "The body could not be read",
            Code::BodyTooLarge => "The body is too large",
            Code::MediaTypeUnsupported => "The body must be JSON",
            Code::FieldsWrong => "Some fields need attention",
            Code::Refused => "This cannot be done now",
            Code::ChildLikelyKnown => "This child may be on record already",
            Code::VersionMissing => "Say which version you have seen",
            Code::VersionChanged => "The record has changed",
            Code::Held => "Held: nothing has left",
            Code::KeyUnreadable => "The idempotency key could not be read",
            Code::KeyReused => "This idempotency key was used for something else",
            Code::KeyInUse => "A request with this idempotency key is not finished",
            Code::TooManyRequests => "Too many requests",
            Code::FileHeld => "This file cannot be opened",
            Code::Failed => "Something went wrong here",
        }
    }

    /// What to do about it: the text of the code's own page.
    pub fn advice(self) -> &'static str {
        match self {
            Code::TokenMissing => {
                "Send a token in the header Authorization, after the word Bearer. Cookies are not looked at. A token is \
                 made on the page of your own tokens, or by an administrator for a service."
            }
            Code::TokenRefused => {
                "The token is not one of ours, has come to its end, was revoked, or belongs to somebody who no longer \
                 works here. Make a new one."
            }
            Code::TooManyTries => {
                "Too many requests with tokens that do not work came from this address. Wait as long as Retry-After \
                 says. Requests with a token that works are answered meanwhile."
            }
            Code::TokenOnlyReads => "Make a token that may read and write, if your own role may do this.",
            Code::NotAllowed => "The person or service whose token this is may not do this. Their role decides it.",
            Code::NotFound => {
                "There is no such thing, or the person or service whose token this is may not know that there is."
            }
            Code::Joined => {
                "This record was joined into another record of the same child, whose id is given under kept. Ask for \
                 that one."
            }
            Code::MethodNotAllowed => "The header Allow lists the methods that can be used at this address.",
            Code::QueryUnreadable => {
                "A name in the query is not known, or its value is none that it can have. The detail says which."
            }
            Code::BodyUnreadable => "Send JSON in UTF-8, as the description says. The detail says where it stopped.",
            Code::BodyTooLarge => "Send at most one megabyte.",
            Code::MediaTypeUnsupported => "Send JSON, with the header Content-Type: application/json.",
            Code::FieldsWrong => "Each entry of fields names a member of the body and says how to put it right.",
            Code::Refused => {
                "The law or the facts on record are in the way. The reason is a stable word for which; the detail says \
                 it in full."
            }
            Code::ChildLikelyKnown => {
                "Children on record have the same birth date and a name like it, or the same number. They are listed \
                 under likely. Send the request for one of them with child, or say that it is a new child with \
                 new_child."
            }
            Code::VersionMissing => {
                "Read the record first, and send the ETag of what you have read in the header If-Match: so nothing that \
                 somebody else did meanwhile is overlooked."
            }
            Code::VersionChanged => {
                "Somebody has changed the record since you read it. Read it again, look at what changed, and send what \
                 is still right with the new ETag in If-Match."
            }
            Code::Held => {
                "What you sent may be about another child, or may go to the wrong person. Nothing has left, and the \
                 attempt is on the child’s record. Each entry of stops says what was found. Change it and send it \
                 again with the version given here; or somebody who has read it lets it go on the child’s page, and \
                 then the very same may be sent."
            }
            Code::KeyUnreadable => {
                "Send between 1 and 200 visible ASCII characters in the header Idempotency-Key, such as a UUID."
            }
            Code::KeyReused => {
                "Another request was sent with this key in the last 24 hours. Use a new key for a new request."
            }
            Code::KeyInUse => {
                "The first request with this key is still under way, or broke off and its end is not known here. Wait a \
                 little and send the same again; if the answer stays, read the record to see whether it was done. \
                 Nothing is ever done twice for one key."
            }
            Code::TooManyRequests => {
                "Wait as many seconds as Retry-After says. The headers RateLimit-Policy and RateLimit tell how many \
                 requests there are in a minute and how many are left."
            }
            Code::FileHeld => {
                "The file is being checked for viruses, or a check found it unsafe: the record says which. Ask again \
                 later; what is unsafe is never given out."
            }
            Code::Failed => {
                "Nothing you sent has been half saved. Try again in a few minutes, with the same idempotency key. If it \
                 happens again, give the reference to the people who run the system."
            }
        }
    }
}

/// One member of the body and how to put it right.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Field {
    /// The member's name; `form` when it is about the whole.
    pub field: String,
    pub message: String,
}

/// One thing that holds a send.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stopped {
    /// A stable word for the kind, such as `other_name`.
    pub kind: String,
    /// What was found and where, in a sentence.
    pub message: String,
}

impl From<&Stop> for Stopped {
    fn from(stop: &Stop) -> Stopped {
        Stopped { kind: stop.kind.code().to_owned(), message: stop.sentence() }
    }
}

/// A problem: small to hand on, however much it says.
#[derive(Debug, Clone)]
pub struct Problem(Box<Said>);

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        Said::schema()
    }
}

impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        Said::name()
    }
}

/// A problem, as RFC 9457 describes it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Said {
    /// The address of a page that explains the code.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    pub code: Code,
    /// Fields that need attention.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub fields: Vec<Field>,
    /// With the code `refused`: a stable word for what is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// With the codes `version_changed` and `held`: the version of the record now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub version: Option<u64>,
    /// With the code `child_likely_known`: children on record who may be the one that was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub likely: Vec<Uuid>,
    /// With the code `joined`: the record on which everything goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kept: Option<Uuid>,
    /// With the code `held`: what holds it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub stops: Vec<Stopped>,
    /// With the code `failed`: what to tell the people who run the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem of this kind; what is said of it is what is said of all of its kind.
    pub fn of(code: Code) -> Problem {
        Problem::saying(code, code.advice())
    }

    pub fn saying(code: Code, detail: impl Into<String>) -> Problem {
        Problem(Box::new(Said {
            kind: format!("{PAGES}{code}"),
            title: code.title().to_owned(),
            status: code.status().as_u16(),
            detail: detail.into(),
            code,
            fields: vec![],
            reason: None,
            version: None,
            likely: vec![],
            kept: None,
            stops: vec![],
            reference: None,
            retry_after: None,
        }))
    }

    /// The same with something more to say.
    #[must_use]
    pub fn with(mut self, more: impl FnOnce(&mut Said)) -> Problem {
        more(&mut self.0);
        self
    }

    /// Fields of the body that need attention.
    pub fn fields(fields: Vec<Field>) -> Problem {
        let detail = fields.iter().map(|field| field.message.clone()).collect::<Vec<_>>().join(". ");
        Problem::saying(Code::FieldsWrong, detail).with(|said| said.fields = fields)
    }

    pub fn retry_after(code: Code, seconds: u64) -> Problem {
        Problem::of(code).with(|said| said.retry_after = Some(seconds))
    }
}

impl From<FieldError> for Field {
    fn from(error: FieldError) -> Field {
        Field { field: snake(error.field), message: error.message }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::NotFound => Problem::of(Code::NotFound),
            Error::NotAllowed => Problem::of(Code::NotAllowed),
            Error::SignedOut | Error::Forged => Problem::of(Code::TokenMissing),
            Error::BadRequest(detail) => Problem::saying(Code::BodyUnreadable, detail),
            Error::Fields(fields) => Problem::fields(fields.into_iter().map(Field::from).collect()),
            Error::Refused(refusal) => {
                let reason: &'static str = (&refusal).into();
                Problem::saying(Code::Refused, refusal.to_string()).with(|said| said.reason = Some(reason.to_owned()))
            }
            Error::Joined { into, .. } => Problem::of(Code::Joined).with(|said| said.kept = Some(into.0)),
            Error::Conflict { now, .. } => Problem::of(Code::VersionChanged).with(|said| said.version = Some(now)),
            Error::Held { .. } => Problem::of(Code::FileHeld),
            Error::Db(_) | Error::File { .. } | Error::Broken { .. } => {
                let reference = reference_of(&error);
                Problem::of(Code::Failed).with(|said| said.reference = Some(reference))
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Problem(said) = self;
        let status = said.code.status();
        // Text, numbers and lists of them: there is nothing in it that JSON cannot say.
        let body = serde_json::to_vec(&said).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Tellonce\""));
        }
        if let Some(seconds) = said.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Whether an answer says what went wrong as this API says it.
pub fn is_problem(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json")
}
