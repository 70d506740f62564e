//! The clock for anyone, without an account: from the day a request was received, every date, with
//! its sum, its rule and what to do if it passes.

use super::why::render;
use crate::web::{Fields, Frame, MaybeSession, Page, Typed, error_summary, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use law::explain::Explanation;
use law::{Deadline, Event, EventName, RuleId};

#[derive(Template)]
#[template(path = "record/front.html")]
struct FrontPage {}

/// What anyone sees first.
pub async fn front(session: MaybeSession) -> Result<Response, Error> {
    if let Some(session) = &session.0 {
        return Ok(see_other(session.home()));
    }
    Ok(Frame::public("Help for children with special educational needs").render(&FrontPage {})?.into_response())
}

/// The dates that a family waits for, in order.
const SHOWN: [RuleId; 3] = [RuleId::AssessDecision6w, RuleId::NoPlanNotice16w, RuleId::FinalPlan20w];

struct Answer {
    title: &'static str,
    due_on: Date,
    working: govuk::Html,
}

#[derive(Template)]
#[template(path = "record/dates.html")]
struct DatesPage<'a> {
    f: Fields<'a>,
    summary: govuk::Html,
    answers: Vec<Answer>,
    received_on: Option<Date>,
}

/// Days that the clock is worked out from: the last ten years and the coming one.
pub(crate) fn is_askable(received_on: Date, today: Date) -> bool {
    (law::calendar::days(today, -3650)..=law::calendar::days(today, 366)).contains(&received_on)
}

/// What is said of a day that is none of them.
pub(crate) const NOT_ASKABLE: &str = "The day must be in the last ten years or the coming year";

/// The dates that follow from the day on which a request was received, each with its working.
///
/// # Errors
/// [`Error::Broken`] when the calendar of the law does not reach that far.
pub(crate) fn from_receipt(on: Date) -> Result<Vec<(Deadline, Explanation)>, Error> {
    let received = Event::new(EventName::RequestReceived, on);
    let answer = |rule| {
        let deadline = law::deadline(rule, received, &[received])
            .map_err(|fault| Error::Broken { step: "work out a date", cause: fault.to_string() })?;
        let explanation = law::explain(&deadline, &[received]);
        Ok((deadline, explanation))
    };
    SHOWN.into_iter().map(answer).collect()
}

pub async fn show(State(app): State<App>, session: MaybeSession, RawQuery(query): RawQuery) -> Result<Page, Error> {
    let typed = Typed::decode(query.unwrap_or_default().as_bytes())?;
    let mut errors: Vec<FieldError> = Vec::new();
    let mut received_on = None;
    if !typed.is_empty() {
        let mut problems = crate::web::Problems::default();
        received_on = problems.date(&typed, "received-on", "The day the council received the request");
        if let Some(date) = received_on
            && !is_askable(date, app.clock.today())
        {
            problems.add("received-on", NOT_ASKABLE);
            received_on = None;
        }
        if let Err(Error::Fields(found)) = problems.check() {
            errors = found;
        }
    }
    let mut answers = Vec::new();
    if let Some(on) = received_on {
        for (deadline, explanation) in from_receipt(on)? {
            answers.push(Answer {
                title: explanation.rule_title,
                due_on: deadline.due_on,
                working: render(explanation, deadline.due_on)?,
            });
        }
    }
    let page = DatesPage {
        f: Fields { typed: &typed, errors: &errors },
        summary: error_summary(&errors),
        answers,
        received_on,
    };
    let frame = match &session.0 {
        Some(session) => Frame::for_session(session, "Work out your dates"),
        None => Frame::public("Work out your dates"),
    };
    frame.here("/dates").with_errors(&errors).render(&page)
}
