//! Signing: the version is locked, the council has it, and the adviser has a receipt.

use super::store as reports;
use super::write::{Desk, page, written};
use crate::assessment::advice::own_report;
use crate::journal::Text;
use crate::plan::edit;
use crate::recipients::{Leaving, report_parts};
use crate::record::store;
use crate::web::case_form::{form_page, subject, submit_then};
use crate::web::{Page, Posted, Problem, Problems, Session, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::{Action, Resource, may};
use casework::advice::report::{Condition, SignedAs};
use casework::advice::{self, Written};
use casework::plans::content::Section;
use casework::recipients::Sending;
use casework::{AdviceId, CaseId, Command, TextId};
use jiff::civil::Date;
use strum::IntoEnumIterator;

const NAME_CHARS_MAX: usize = 200;
const WHY_CHARS_MAX: usize = 3_000;

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, advice, Some(typed), problem)
    };
    let address = format!("/children/{id}/advice/{advice}/sign");
    let then = move || see_other(&format!("/children/{id}/advice/{advice}/signed"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let desk = Desk::read(tx, who, id, advice)?;
            let mut problems = Problems::default();
            let name = problems.text(typed, "signed-name", "Enter the name of the professional", NAME_CHARS_MAX);
            let post = problems.text(typed, "signed-post", "Enter their post", NAME_CHARS_MAX);
            let registration = problems.optional(typed, "registration", NAME_CHARS_MAX).unwrap_or_default();
            let why = desk
                .asked
                .signed_version()
                .map(|_| problems.text(typed, "why", "Say why it is signed again", WHY_CHARS_MAX));
            problems.check()?;
            let mut report = desk.report();
            report.signed_as = Some(SignedAs { name, post, registration });
            let mut parts = report_parts(&report);
            parts.extend(why.iter().map(|why| ("why it is signed again".to_owned(), why.clone())));
            let leaving = Leaving::new(Sending::Advice).parts(parts);
            let (version, mut asked) = written(app, advice, desk.saved.as_ref(), &report);
            let why = why.map(|body| Text { id: TextId(app.ids.next()), body });
            let command = advice::Command::Sign {
                advice,
                version,
                report: Box::new(report),
                why: why.as_ref().map(|why| why.id),
            };
            asked.commands.push(Command::Advice(command));
            asked.papers.texts.extend(why);
            Ok(asked.leaving(leaving))
        },
        again,
    )
    .await
}

/// One section of the report as it is read.
struct Read {
    letter: String,
    label: &'static str,
    lines: Vec<edit::Shown>,
}

#[derive(Template)]
#[template(path = "advice/signed.html")]
struct SignedPage {
    case: CaseId,
    advice: AdviceId,
    name: String,
    kind: &'static str,
    citation: &'static str,
    body: String,
    asked_on: Date,
    due_on: Date,
    first: Written,
    last: Written,
    versions: usize,
    /// Days from reaching the adviser to the first signature.
    took: i32,
    late_by: i32,
    account: String,
    conditions: Vec<Condition>,
    signed_as: Option<SignedAs>,
    sections: Vec<Read>,
    may_write: bool,
    /// There is a draft or a plan in which the lines can be looked up.
    may_check: bool,
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let reader = who.clone();
    let (subject, asked, body, saved) = app
        .blocking(move |app| {
            app.db.read("advice.signed", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::ReadDocument)?;
                let found = subject.case.requests.iter().flat_map(|request| &request.advice).find(|a| a.id == advice);
                let asked = found.ok_or(Error::NotFound)?.clone();
                let signed = asked.signed_version().ok_or(Error::NotFound)?;
                let saved = reports::version(tx, who.authority, id, signed)?;
                let body = store::bodies(tx, who.authority)?.into_iter().find(|body| body.id == asked.body);
                Ok((subject, asked, body.map(|body| body.name).unwrap_or_default(), saved))
            })
        })
        .await?;
    let (Some(first), Some(last)) = (asked.signed.first().cloned(), asked.signed.last().cloned()) else {
        return Err(Error::NotFound);
    };
    let due_on = law::calendar::weeks(asked.reached_on, 6);
    let relations = subject.case.relations();
    let allowed = |action| may(&session.signed_in.actor, action, &Resource::Case(&relations)).is_allowed();
    let own = own_report(&subject.case, &reader, advice).is_ok();
    let report = saved.report;
    let sections = Section::iter().filter_map(|section| {
        let lines = edit::lines(&report.lines, section);
        (!lines.is_empty()).then(|| Read { letter: section.letter(), label: section.label(), lines })
    });
    let view = SignedPage {
        case: id,
        advice,
        kind: asked.kind.label(),
        citation: asked.kind.citation(),
        body,
        asked_on: asked.asked_on,
        due_on,
        took: (first.on - asked.reached_on).get_days(),
        late_by: (first.on - due_on).get_days(),
        versions: asked.signed.len(),
        first,
        last,
        sections: sections.collect(),
        account: report.account,
        conditions: report.conditions,
        signed_as: report.signed_as,
        may_write: own && allowed(Action::RecordAdvice) && subject.case.live_request().is_some(),
        may_check: own && allowed(Action::CheckDraft) && asked.check.is_some(),
        name: subject.name.clone(),
    };
    form_page(&session, id, view.kind, &subject.name, &Problem::default(), &view)
}
