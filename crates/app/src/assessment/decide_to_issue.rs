//! After the assessment: a plan, or no plan with reasons.

use super::notice::{NoticeForm, first_values, leaving, notice_fields};
use crate::journal::{Papers, Text};
use crate::plan::received;
use crate::record::store;
use crate::web::case_form::{Asked, Checked, form_page, subject, submit};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::notices::NoticeKind;
use casework::recipients::Sending;
use casework::{CaseId, Command, NoticeId, TextId, plans};
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "assessment/decide_to_issue.html")]
struct IssuePage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    due_on: Date,
    waiting: usize,
    notice: govuk::Html,
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, profile) = app
        .blocking(move |app| {
            app.db.read("assessment.issue_form", |tx| -> Result<_, Error> {
                Ok((subject(tx, &who, id, Action::DecideToIssue)?, store::authority(tx, who.authority)?.2))
            })
        })
        .await?;
    let request = subject.case.live_request().ok_or(Error::Refused(casework::Refusal::NoOpenRequest))?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        first_values(&mut typed, NoticeKind::NoPlan, &subject.case, today);
        typed
    });
    let view = IssuePage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        due_on: law::calendar::weeks(request.received_on, 16),
        waiting: request.advice.iter().filter(|asked| asked.reply.is_none()).count(),
        notice: notice_fields(NoticeKind::NoPlan, &subject.case, &profile, &typed, &problem.errors, true)?,
        name: subject.name.clone(),
    };
    form_page(&session, id, "Decide whether to issue a plan", &subject.name, &problem, &view)
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
    let case = id;
    let address = format!("/children/{id}/decide-to-issue");
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        "The decision is recorded.",
        move |tx, app, who, typed| {
            let profile = store::authority(tx, who.authority)?.2;
            let mut problems = Problems::default();
            let reasons = TextId(app.ids.next());
            let body = problems.text(typed, "reasons", "Give the reasons", 10_000);
            let papers = Papers::texts(vec![Text { id: reasons, body }]);
            let mut going = None;
            let command = match typed.get("plan") {
                "yes" => {
                    problems.check()?;
                    plans::Command::DecideToIssue { on: who.today }
                }
                "no" => {
                    let id = NoticeId(app.ids.next());
                    let form = NoticeForm::parse(id, NoticeKind::NoPlan, &profile, typed, &mut problems, true);
                    problems.check()?;
                    let notice = form.ok_or(Error::NotFound)?.notice;
                    let mut letter = leaving(tx, who, case, Sending::Notice, &notice)?;
                    letter.parts.extend(papers.texts.iter().map(|text| ("the reasons".to_owned(), text.body.clone())));
                    letter.parts.extend(received(tx, who, case)?);
                    going = Some(letter);
                    plans::Command::DecideNotToIssue { notice, reasons }
                }
                _ => {
                    problems.add("plan", "Select yes or no");
                    problems.check()?;
                    return Err(Error::NotFound);
                }
            };
            let asked = Asked { action: Action::DecideToIssue, commands: vec![Command::Plans(command)], papers };
            Ok(Checked { leaving: going, ..asked.into() })
        },
        again,
    )
    .await
}
