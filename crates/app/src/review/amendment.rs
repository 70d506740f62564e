//! What follows from a decision to amend: the notice of the changes, then the amended plan.

use crate::journal::Papers;
use crate::web::case_form::{Asked, form_page, subject, submit};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::{CaseId, Command, Refusal, ReviewId, reviews};
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "review/amendment.html")]
struct AmendmentPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    review: ReviewId,
    decided_on: Date,
    due_on: Option<Date>,
    sent_on: Option<Date>,
    comments_until: Date,
    endings: [Choice; 2],
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let subject = app
        .blocking(move |app| app.db.read("review.amendment", |tx| subject(tx, &who, id, Action::RecordReview)))
        .await?;
    let review = subject.case.reviews.iter().rev().find(|review| review.is_amending()).ok_or(Refusal::NoAmendment)?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.set("on", today.to_string());
        typed
    });
    let limit = |d: &&law::Deadline| d.rule == law::RuleId::ArOuterLimit12w && d.met_on.is_none();
    let view = AmendmentPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        review: review.id,
        decided_on: review.decision.map_or(today, |(_, on)| on),
        due_on: subject.case.deadlines().iter().rev().find(limit).map(|d| d.due_on),
        sent_on: review.changes_sent_on,
        comments_until: law::calendar::days(review.changes_sent_on.unwrap_or(today), 15),
        endings: [
            ("yes".to_owned(), "The amended plan was sent to the family".to_owned()),
            ("no".to_owned(), "The family was told that the plan is not amended".to_owned()),
        ],
        name: subject.name.clone(),
    };
    form_page(&session, id, "Amend the plan after the review", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, Problem::default()).await
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/amendment");
    let parse = |typed: &Typed| -> Result<reviews::Command, Error> {
        let mut problems = Problems::default();
        let on = problems.date(typed, "on", "The day it was sent");
        let amended = match (typed.get("step"), typed.get("amended")) {
            ("finish", "yes") => Some(true),
            ("finish", "no") => Some(false),
            ("finish", _) => {
                problems.add("amended", "Select how it ended");
                None
            }
            _ => None,
        };
        problems.check()?;
        let (Some(on), Ok(review)) = (on, typed.get("review").parse::<ReviewId>()) else {
            return Err(Refusal::NoAmendment.into());
        };
        Ok(match amended {
            Some(amended) => reviews::Command::FinishAmendment { review, amended, on },
            None => reviews::Command::SendChanges { review, on },
        })
    };
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        "It is recorded.",
        move |_, _, _, typed| {
            Ok(Asked {
                action: Action::RecordReview,
                commands: vec![Command::Reviews(parse(typed)?)],
                papers: Papers::default(),
            })
        },
        again,
    )
    .await
}
