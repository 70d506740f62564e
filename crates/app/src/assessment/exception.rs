//! Recording a lawful exception: the fact, and why it makes the limit impractical.

use crate::journal::{Papers, Text};
use crate::web::case_form::{Asked, form_page, subject, submit};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::requests::{self, Exception};
use casework::{CaseId, Command, TextId};

#[derive(Template)]
#[template(path = "assessment/exception.html")]
struct ExceptionPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    limbs: Vec<Choice>,
}

fn limbs() -> Vec<Choice> {
    [
        ("school_closed", "The school was closed for four weeks or more when its advice was asked for"),
        (
            "early_years_closed",
            "The early years setting was closed for four weeks or more when its advice was asked for",
        ),
        ("circumstances", "Exceptional personal circumstances of the child or family"),
        ("absent", "The child or parent was away from the area for four weeks or more"),
    ]
    .into_iter()
    .map(|(code, words)| (code.to_owned(), words.to_owned()))
    .collect()
}

async fn page(app: App, session: Session, id: CaseId, typed: Typed, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let subject = app
        .blocking(move |app| {
            app.db.read("assessment.exception_form", |tx| subject(tx, &who, id, Action::RecordException))
        })
        .await?;
    let view = ExceptionPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        limbs: limbs(),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Record an exception", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, Typed::default(), Problem::default()).await
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, typed, problem)
    };
    let address = format!("/children/{id}/exception");
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        "The exception is recorded.",
        |_, app, _, typed| {
            let mut problems = Problems::default();
            let from = problems.date(typed, "from-on", "The first day");
            let to = if typed.get("limb") == "circumstances" {
                from
            } else {
                problems.date(typed, "to-on", "The last day, or the day it opens again")
            };
            let why = problems.text(typed, "why", "Say why this makes it impractical to keep the limit", 5_000);
            let exception = match (typed.get("limb"), from, to) {
                ("school_closed", Some(from), Some(reopens)) => Some(Exception::SchoolClosed { from, reopens }),
                ("early_years_closed", Some(from), Some(reopens)) => {
                    Some(Exception::EarlyYearsClosed { from, reopens })
                }
                ("circumstances", Some(from), _) => Some(Exception::PersonalCircumstances { from }),
                ("absent", Some(from), Some(to)) => Some(Exception::Absent { from, to }),
                ("school_closed" | "early_years_closed" | "circumstances" | "absent", ..) => None,
                _ => {
                    problems.add("limb", "Select what happened");
                    None
                }
            };
            problems.check()?;
            let exception = exception.ok_or(Error::NotFound)?;
            let text = TextId(app.ids.next());
            Ok(Asked {
                action: Action::RecordException,
                commands: vec![Command::Requests(requests::Command::RecordException { exception, why: text })],
                papers: Papers::texts(vec![Text { id: text, body: why }]),
            })
        },
        again,
    )
    .await
}
