//! The section 36(8) test, in order, and the decision whether to assess.

use super::notice::{NoticeForm, first_values, leaving, notice_fields};
use crate::journal::{self, Papers, Text};
use crate::record::store;
use crate::web::case_form::{Asked, Checked, Subject, form_page, subject, submit};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::{Action, Role};
use casework::notices::NoticeKind;
use casework::recipients::Sending;
use casework::requests::{AssessmentTest, Finding};
use casework::{CaseId, Command, NoticeId, TextId, UserId, requests};
use db::Tx;
use jiff::civil::Date;

const REASONS_CHARS_MAX: usize = 10_000;

#[derive(Template)]
#[template(path = "assessment/decide_to_assess.html")]
struct DecidePage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    account: Option<String>,
    received_on: Date,
    due_on: Date,
    readers: Vec<Choice>,
    notice: govuk::Html,
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, profile, account, readers) = app
        .blocking(move |app| {
            app.db.read("assessment.decide_form", |tx| -> Result<_, Error> {
                let subject: Subject = subject(tx, &who, id, Action::DecideToAssess)?;
                let profile = store::authority(tx, who.authority)?.2;
                let account = match subject.case.live_request().and_then(|request| request.account) {
                    Some(text) => store::texts(tx, who.authority, id)?.remove(&text),
                    None => None,
                };
                let own = who.user().map(|user| user.0);
                let readers: Vec<Choice> = store::users(tx, who.authority)?
                    .into_iter()
                    .filter(|(id, _, role)| {
                        Some(*id) != own
                            && role
                                .parse::<Role>()
                                .is_ok_and(|r| matches!(r, Role::Officer | Role::Manager | Role::PanelChair))
                    })
                    .map(|(id, name, _)| (id.to_string(), name))
                    .collect();
                Ok((subject, profile, account, readers))
            })
        })
        .await?;
    let request = subject.case.live_request().ok_or(Error::Refused(casework::Refusal::NoOpenRequest))?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        first_values(&mut typed, NoticeKind::WillAssess, &subject.case, today);
        typed
    });
    let view = DecidePage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        account,
        received_on: request.received_on,
        due_on: law::calendar::weeks(request.received_on, 6),
        readers,
        // A refusal must carry more than a decision to assess: its checklist is the one to show.
        notice: notice_fields(NoticeKind::RefusalToAssess, &subject.case, &profile, &typed, &problem.errors, true)?,
        name: subject.name.clone(),
    };
    form_page(&session, id, "Decide whether to assess", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, Problem::default()).await
}

/// The decision whether to assess, from what was typed.
///
/// # Errors
/// [`Error::Fields`] when something is missing.
pub(crate) fn decided(
    tx: &mut dyn Tx,
    app: &App,
    who: &journal::Who,
    id: CaseId,
    typed: &Typed,
) -> Result<Checked, Error> {
    let profile = store::authority(tx, who.authority)?.2;
    let mut problems = Problems::default();
    let mut texts = Vec::new();
    let mut finding = |problems: &mut Problems, part: u8, name: &'static str, reasons: &'static str| {
        let met = match typed.get(name) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => {
                problems.add(name, format!("Select yes or no for part {part} of the test"));
                None
            }
        };
        let missing = format!("Give the reasons for part {part} of the test");
        let body = problems.text(typed, reasons, &missing, REASONS_CHARS_MAX);
        let id = TextId(app.ids.next());
        texts.push(Text { id, body });
        met.map(|met| Finding { met, reasons: id })
    };
    let needs = finding(&mut problems, 1, "may-have-needs", "needs-reasons");
    let plan = finding(&mut problems, 2, "may-need-plan", "plan-reasons");
    let assess = needs.is_some_and(|f| f.met) && plan.is_some_and(|f| f.met);
    let kind = if assess { NoticeKind::WillAssess } else { NoticeKind::RefusalToAssess };
    let form = NoticeForm::parse(NoticeId(app.ids.next()), kind, &profile, typed, &mut problems, true);
    problems.check()?;
    let (Some(may_have_needs), Some(may_need_plan), Some(form)) = (needs, plan, form) else {
        return Err(Error::NotFound);
    };
    let test = AssessmentTest { may_have_needs, may_need_plan };
    let leaving = leaving(tx, who, id, Sending::Notice, &form.notice)?
        .parts(texts.iter().map(|text| ("the reasons".to_owned(), text.body.clone())));
    let command = if assess {
        requests::Command::DecideToAssess { test, notice: form.notice }
    } else {
        let second_reader = typed.get("second-reader").parse().ok().map(UserId);
        requests::Command::DecideNotToAssess { test, second_reader, notice: form.notice }
    };
    Ok(Asked {
        action: Action::DecideToAssess,
        commands: vec![Command::Requests(command)],
        papers: Papers::texts(texts),
    }
    .leaving(leaving))
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
    let address = format!("/children/{id}/decide-to-assess");
    let done = "The decision is recorded and the letter is on its way.";
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        done,
        move |tx, app, who, typed| decided(tx, app, who, id, typed),
        again,
    )
    .await
}
