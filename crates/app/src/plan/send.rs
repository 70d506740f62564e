//! Sending the draft to the family: what will happen, to whom, and the day their 15 days end.

use super::draft::{FlagRow, desk, flags};
use super::letters::received;
use crate::assessment::notice::{NoticeForm, first_values, leaving, notice_fields};
use crate::journal::Papers;
use crate::recipients::plan_parts;
use crate::record::store;
use crate::voice::about_me::still_for_everyone;
use crate::web::case_form::{Asked, form_page, submit};
use crate::web::{Page, Posted, Problem, Problems, Session, Typed, error_summary};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::notices::{Delivery, NoticeKind};
use casework::recipients::Sending;
use casework::{CaseId, Command, NoticeId, Refusal, plans};
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "plan/send.html")]
struct SendPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    notice: govuk::Html,
    blocking: Vec<FlagRow>,
    /// When the 15 days end, if it goes today by email and if by post.
    by_email: Date,
    by_post: Date,
    final_due: Date,
    sent_before: Option<Date>,
    receivers: Vec<String>,
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, working, profile, contacts) = app
        .blocking(move |app| {
            app.db.read("plan.send_form", |tx| -> Result<_, Error> {
                let (subject, working) = desk(tx, &who, id, Action::SendDraft)?;
                let contacts = store::contacts(tx, who.authority, id)?;
                Ok((subject, working, store::authority(tx, who.authority)?.2, contacts))
            })
        })
        .await?;
    let request = subject.case.live_request().ok_or(Refusal::NoOpenRequest)?;
    let working = working.ok_or(Refusal::NoDraft)?;
    let kind = NoticeKind::DraftPlan;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        first_values(&mut typed, kind, &subject.case, today);
        typed
    });
    let ends = |delivery: Delivery| law::calendar::days_beg(delivery.served_on(today), 15);
    let mut receivers: Vec<String> = contacts
        .into_iter()
        .filter(|contact| contact.receives_notices)
        .map(|contact| format!("{} ({})", contact.name, contact.relation.label().to_lowercase()))
        .collect();
    if today > law::calendar::compulsory_school_age_ends(subject.details.born_on) {
        receivers = vec![format!("{}, whose rights are their own now", subject.name)];
    }
    let view = SendPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        notice: notice_fields(kind, &subject.case, &profile, &typed, &problem.errors, true)?,
        blocking: flags(id, &working.content, subject.details.born_on, today)
            .into_iter()
            .filter(|flag| flag.blocks)
            .collect(),
        by_email: ends(Delivery::Email),
        by_post: ends(Delivery::Post),
        final_due: law::calendar::weeks(request.received_on, 20),
        sent_before: request.served_draft().and_then(|draft| draft.served_on),
        receivers,
        name: subject.name.clone(),
    };
    form_page(&session, id, "Send the draft to the family", &subject.name, &problem, &view)
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
    let address = format!("/children/{id}/send-draft");
    let done = "The draft is on its way to the family. The letter and the plan are made by themselves and appear under documents.";
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        done,
        move |tx, app, who, typed| {
            let (subject, working) = desk(tx, who, id, Action::SendDraft)?;
            let working = working.ok_or(Refusal::NoDraft)?;
            still_for_everyone(tx, &subject.case, &working.content)?;
            let profile = store::authority(tx, who.authority)?.2;
            let mut problems = Problems::default();
            let notice = NoticeId(app.ids.next());
            let form = NoticeForm::parse(notice, NoticeKind::DraftPlan, &profile, typed, &mut problems, true);
            problems.check()?;
            let notice = form.ok_or(Error::NotFound)?.notice;
            let leaving = leaving(tx, who, id, Sending::Draft, &notice)?
                .parts(plan_parts(&working.content))
                .parts(received(tx, who, id)?);
            let command =
                plans::Command::ServeDraft { version: working.version, content: Box::new(working.content), notice };
            Ok(Asked { action: Action::SendDraft, commands: vec![Command::Plans(command)], papers: Papers::default() }
                .leaving(leaving))
        },
        again,
    )
    .await
}
