//! Recording that a child is out of school, or back: it moves the child up every officer's day.

use crate::journal::Papers;
use crate::web::case_form::{Asked, form_page, subject, submit};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::{CaseId, Command, people};
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "review/education.html")]
struct EducationPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    out_since: Option<Date>,
}

async fn page(app: App, session: Session, id: CaseId, typed: Typed, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let subject = app
        .blocking(move |app| app.db.read("review.education_form", |tx| subject(tx, &who, id, Action::RecordPlacement)))
        .await?;
    let view = EducationPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        out_since: subject.case.out_of_education_since,
        name: subject.name.clone(),
    };
    form_page(&session, id, "In school or out", &subject.name, &problem, &view)
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
    let address = format!("/children/{id}/education");
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        "Where the child is being educated is recorded.",
        |_, _, _, typed| {
            let mut problems = Problems::default();
            let on = problems.date(typed, "on", "The day");
            problems.check()?;
            let on = on.ok_or(Error::NotFound)?;
            let command = match typed.get("state") {
                "back" => people::Command::RecordBackInEducation { on },
                _ => people::Command::RecordOutOfEducation { since: on },
            };
            Ok(Asked {
                action: Action::RecordPlacement,
                commands: vec![Command::People(command)],
                papers: Papers::default(),
            })
        },
        again,
    )
    .await
}
