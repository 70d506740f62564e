//! The adviser's two minutes: their own lines in the draft, kept, changed or dropped, each with the
//! officer's reason; and their objection, if they have one. Nothing else of the draft is shown.

use super::store as reports;
use crate::assessment::advice::own_report;
use crate::journal::{Papers, Text};
use crate::plan::{edit, store as plans};
use crate::record::store;
use crate::web::case_form::{Asked, form_page, subject, submit_then};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::advice::AdviceRequest;
use casework::advice::uses::{How, uses};
use casework::plans::content::Content;
use casework::requests::Request;
use casework::{AdviceId, Case, CaseId, Command, LineId, TextId, VersionId, advice};
use jiff::civil::Date;
use std::collections::HashMap;

const OBJECTION_CHARS_MAX: usize = 5_000;

/// One line of the adviser's and what became of it.
struct Line {
    field: String,
    number: String,
    how: How,
    colour: &'static str,
    wrote: String,
    says: Option<String>,
    reason: Option<String>,
    objection: Option<Objected>,
}

struct Objected {
    words: String,
    on: Date,
    answer: Option<(String, Date)>,
}

#[derive(Template)]
#[template(path = "advice/check.html")]
struct CheckPage<'a> {
    case: CaseId,
    advice: AdviceId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    kind: &'static str,
    is_final: bool,
    due_on: Option<Date>,
    checked_on: Option<Date>,
    kept: Vec<Line>,
    others: Vec<Line>,
}

/// The version in which the lines are looked up: the final plan once there is one, else the draft
/// that the adviser was asked to look at. None when no adviser was asked.
fn version_to_read(case: &Case, asked: &AdviceRequest) -> Option<(VersionId, bool)> {
    let request = case.requests.iter().find(|request| request.advice.iter().any(|other| other.id == asked.id))?;
    let is_final = matches!(request.progress, casework::requests::Progress::PlanIssued { .. });
    let in_force = case.plan_in_force().filter(|_| is_final).and_then(|plan| plan.version);
    match in_force {
        Some(version) => Some((version, true)),
        None => asked.check.map(|check| (check.version, false)),
    }
}

fn lines(
    request: &Request,
    asked: &AdviceRequest,
    report: &Content,
    plan: &Content,
    texts: &HashMap<TextId, String>,
) -> Vec<Line> {
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    uses(report, plan)
        .into_iter()
        .filter_map(|used| {
            let wrote = edit::said(report, used.line)?;
            let objection = asked.objections.iter().rev().find(|objection| objection.line == used.line);
            Some(Line {
                field: field(used.line),
                number: wrote.number.clone(),
                how: used.how,
                colour: match used.how {
                    How::Kept => "green",
                    How::Changed => "yellow",
                    How::Dropped => "red",
                },
                wrote: wrote.whole(),
                says: used.made.and_then(|made| edit::said(plan, made)).map(|said| said.whole()),
                reason: request.why_not(asked, used.line, used.how).map(text),
                objection: objection.map(|objection| Objected {
                    words: text(objection.text),
                    on: objection.on,
                    answer: objection.answer.map(|(answer, on)| (text(answer), on)),
                }),
            })
        })
        .collect()
}

fn field(line: LineId) -> String {
    format!("objection-{line}")
}

async fn page(
    app: App,
    session: Session,
    id: CaseId,
    advice: AdviceId,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, asked, lines, is_final) = app
        .blocking(move |app| {
            app.db.read("advice.check", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::CheckDraft)?;
                let asked = own_report(&subject.case, &who, advice)?.clone();
                let (version, is_final) = version_to_read(&subject.case, &asked).ok_or(Error::NotFound)?;
                let signed = asked.signed_version().ok_or(Error::NotFound)?;
                let report = reports::version(tx, who.authority, id, signed)?.report;
                let plan = plans::version(tx, who.authority, id, version)?.content;
                let texts = store::texts(tx, who.authority, id)?;
                let requests = &subject.case.requests;
                let request = requests.iter().find(|request| request.advice.iter().any(|other| other.id == advice));
                let lines = lines(request.ok_or(Error::NotFound)?, &asked, &report.lines, &plan, &texts);
                Ok((subject, asked, lines, is_final))
            })
        })
        .await?;
    let typed = typed.unwrap_or_default();
    let (kept, others) = lines.into_iter().partition(|line| line.how == How::Kept);
    let waiting = asked.check_waiting().filter(|_| !is_final);
    let view = CheckPage {
        case: id,
        advice,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        kind: asked.kind.label(),
        is_final,
        due_on: waiting.map(|check| check.due_on()),
        checked_on: asked.check.and_then(|check| check.checked_on),
        kept,
        others,
        name: subject.name.clone(),
    };
    form_page(&session, id, "Your lines in the plan", &subject.name, &problem, &view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    page(app, session, id, advice, None, Problem::default()).await
}

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
    let address = format!("/children/{id}/advice/{advice}/check");
    let then = || see_other(&format!("/children/{id}/advice/{advice}/check"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let case = crate::journal::load(tx, who.authority, id)?.case;
            let asked = own_report(&case, who, advice)?;
            let signed = asked.signed_version().ok_or(Error::NotFound)?;
            let report = reports::version(tx, who.authority, id, signed)?.report;
            let mut problems = Problems::default();
            let mut objections = Vec::new();
            let mut texts = Vec::new();
            for used in uses(&report.lines, &Content::default()) {
                let words = typed.get(&field(used.line));
                if words.is_empty() {
                    continue;
                }
                if words.chars().count() > OBJECTION_CHARS_MAX {
                    problems
                        .add("form", format!("Shorten each objection to {OBJECTION_CHARS_MAX} characters or fewer"));
                }
                let text = TextId(app.ids.next());
                objections.push((used.line, text));
                texts.push(Text { id: text, body: words.to_owned() });
            }
            problems.check()?;
            Ok(Asked {
                action: Action::CheckDraft,
                commands: vec![Command::Advice(advice::Command::Check { advice, objections })],
                papers: Papers::texts(texts),
            })
        },
        again,
    )
    .await
}
