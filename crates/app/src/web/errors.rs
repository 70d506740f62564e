//! Every error as the page that a person sees. The one place where errors become answers.

use super::frame::{Frame, Page};
use super::session::Session;
use crate::Error;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// An error together with the session it happened in, so that its page keeps its frame.
#[derive(Debug)]
pub struct Failure {
    error: Error,
    session: Option<Box<Session>>,
}

impl Failure {
    pub fn new(error: Error, session: Option<Session>) -> Failure {
        Failure { error, session: session.map(Box::new) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure { error, session: None }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Failure::from(self).into_response()
    }
}

struct Words {
    status: StatusCode,
    title: &'static str,
    lines: Vec<String>,
}

fn words(error: &Error, reference: &str) -> Words {
    let (status, title, lines): (StatusCode, &'static str, Vec<String>) = match error {
        Error::NotFound => (
            StatusCode::NOT_FOUND,
            "Page not found",
            vec![
                "If you typed the web address, check it is right. If you followed a link, it may be old.".into(),
                "You may also see this page when something is there but it is not for your eyes.".into(),
            ],
        ),
        Error::NotAllowed => (
            StatusCode::FORBIDDEN,
            "You cannot do this",
            vec!["Your role does not include this. If your work needs it, ask your manager or the system administrator.".into()],
        ),
        Error::Forged => (
            StatusCode::FORBIDDEN,
            "This form has expired",
            vec!["You may have signed in again since the form was opened. Go back, reload the page and send it again: what you typed is still there.".into()],
        ),
        Error::BadRequest(message) => (StatusCode::BAD_REQUEST, "This could not be read", vec![message.clone()]),
        Error::Refused(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, "This cannot be done now", vec![refusal.to_string()]),
        Error::Fields(fields) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "Some answers need attention",
            fields.iter().map(|field| field.message.clone()).collect(),
        ),
        Error::Conflict { .. } => (
            StatusCode::CONFLICT,
            "Someone else changed this record",
            vec!["Go back and reload the page to see what changed.".into()],
        ),
        // Answered by the way to the record that is kept; said here for whoever asks otherwise.
        Error::Joined { .. } => {
            (StatusCode::SEE_OTHER, "This record was joined", vec![casework::Refusal::RecordJoined.to_string()])
        }
        Error::Held { is_unsafe: false } => (
            StatusCode::LOCKED,
            "This file is being checked",
            vec!["It arrived, and is being checked for viruses before anyone can open it. This often takes a minute. Come back to it later.".into()],
        ),
        Error::Held { is_unsafe: true } => (
            StatusCode::LOCKED,
            "This file is unsafe",
            vec![
                "A virus check found something in it. It is kept as it came, and nobody can open it.".into(),
                "Ask for the paper in another way: a new photo of it, or on paper.".into(),
            ],
        ),
        Error::SignedOut => (StatusCode::UNAUTHORIZED, "Sign in first", vec![]),
        Error::Db(_) | Error::File { .. } | Error::Broken { .. } => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Sorry, something went wrong",
            vec![
                "Nothing you sent has been half saved. Try again in a few minutes.".into(),
                format!("If it happens again, give this number to the people who run the system: {reference}."),
            ],
        ),
    };
    Words { status, title, lines }
}

/// Logs a fault with its causes, and returns the number that stands for it.
pub(crate) fn reference_of(error: &Error) -> String {
    let reference: String = crate::ports::random_bytes::<4>().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut chain = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::error!(reference, chain, "a page failed");
    reference
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if matches!(self.error, Error::SignedOut) {
            return Redirect::to("/sign-in").into_response();
        }
        let reference = match self.error {
            Error::Db(_) | Error::File { .. } | Error::Broken { .. } => reference_of(&self.error),
            _ => String::new(),
        };
        if let Error::Joined { into, room } = self.error {
            return Redirect::to(&format!("{room}/{into}")).into_response();
        }
        let words = words(&self.error, &reference);
        let paragraphs: govuk::Html = words
            .lines
            .iter()
            .map(|line| {
                let mut html = govuk::Html::trusted("<p class=\"govuk-body\">");
                html.push_text(line);
                html.push(govuk::Html::trusted("</p>"));
                html
            })
            .collect();
        let mut body = govuk::Html::trusted("<h1 class=\"govuk-heading-l\">");
        body.push_text(words.title);
        body.push(govuk::Html::trusted("</h1>"));
        body.push(paragraphs);
        let frame = match &self.session {
            Some(session) => Frame::for_session(session, words.title),
            None => Frame::public(words.title),
        };
        let page: Page = frame.page(body);
        (words.status, page).into_response()
    }
}
