//! Signing: the version is locked, the council has it, and the adviser has a receipt.

use super::enclose;
use super::store::{self as reports, Saved};
use super::write::{Desk, Source, page, source, written};
use crate::assessment::advice::own_report;
use crate::journal::{By, Text, Who};
use crate::plan::edit;
use crate::recipients::{Leaving, report_parts};
use crate::record::store;
use crate::web::case_form::{Subject, form_page, subject, submit_then};
use crate::web::{Page, Posted, Problem, Problems, Session, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::{Action, Resource, Role, may};
use casework::advice::report::{Condition, Enclosed, SignedAs};
use casework::advice::{self, AdviceRequest, Written};
use casework::plans::content::Section;
use casework::recipients::Sending;
use casework::{AdviceId, CaseId, Command, TextId};
use db::Tx;
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
    // Files are read before anything is locked.
    let who = session.who(&app);
    let files = app
        .blocking(move |app| {
            let report =
                app.db.read("advice.to_sign", |tx| Desk::read(tx, &who, id, advice).map(|desk| desk.report()))?;
            enclose::leaving(app, &report, Leaving::new(Sending::Advice)).map(|leaving| (report.enclosed, leaving))
        })
        .await?;
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
            // A file that was added meanwhile was not looked at: it waits for the next signature.
            report.enclosed.retain(|known| files.0.contains(known));
            let leaving = files.1.clone().parts(parts);
            let rows = enclose::rows(tx, app, who, id, &report)?;
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
            asked.papers.documents.extend(rows);
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
    /// The person sees the other advice as well.
    may_see_all: bool,
    /// The finished report that the lines were entered from, and who entered them.
    entered_from: Option<Source>,
    entered_by: String,
    enclosed: Vec<Enclosed>,
    /// There is a draft or a plan in which the lines can be looked up.
    may_check: bool,
}

/// The request for advice and the version that counts, for somebody who may read the report: whoever
/// reads the record's documents, and a professional whom the family invited their own and no other.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy; the first when nothing is signed.
pub(super) fn reading(
    tx: &mut dyn Tx,
    who: &Who,
    id: CaseId,
    advice: AdviceId,
) -> Result<(Subject, AdviceRequest, Saved), Error> {
    let is_invited = matches!(&who.by, By::Person(actor) if actor.role == Role::Independent);
    let subject = subject(tx, who, id, if is_invited { Action::SeeInvitation } else { Action::ReadDocument })?;
    if is_invited {
        own_report(&subject.case, who, advice)?;
    }
    let asked = subject.case.advice(advice).ok_or(Error::NotFound)?.clone();
    let signed = asked.signed_version().ok_or(Error::NotFound)?;
    let saved = reports::version(tx, who.authority, id, signed)?;
    Ok((subject, asked, saved))
}

const SIGNED_BY: &str = "SELECT u.name FROM journal j \
    JOIN users u ON u.authority_id = j.authority_id AND u.user_id = j.actor_id \
    WHERE j.authority_id = $1 AND j.case_id = $2 AND j.name = 'advice.signed' AND j.body LIKE $3 \
    ORDER BY j.sequence DESC LIMIT 1";

/// Who of the council entered the lines of a report that the family handed in.
fn entered_by(tx: &mut dyn Tx, who: &Who, id: CaseId, advice: AdviceId) -> Result<String, Error> {
    let pattern = format!("%{advice}%");
    Ok(match tx.find(SIGNED_BY, &[who.authority.0.into(), id.0.into(), pattern.into()])? {
        Some(row) => row.get(0)?,
        None => String::new(),
    })
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let reader = who.clone();
    let (subject, asked, saved, body, entered_from, entered_by) = app
        .blocking(move |app| {
            app.db.read("advice.signed", |tx| -> Result<_, Error> {
                let (subject, asked, saved) = reading(tx, &who, id, advice)?;
                let body = store::bodies(tx, who.authority)?.into_iter().find(|body| body.id == asked.body);
                let source = source(tx, &subject.case, advice)?;
                let entered_by = match source {
                    Some(_) => entered_by(tx, &who, id, advice)?,
                    None => String::new(),
                };
                Ok((subject, asked, saved, body.map(|body| body.name).unwrap_or_default(), source, entered_by))
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
        may_see_all: allowed(Action::SeeCase),
        entered_from,
        entered_by,
        enclosed: report.enclosed,
        may_check: own && allowed(Action::CheckDraft) && asked.check.is_some(),
        name: subject.name.clone(),
    };
    form_page(&session, id, view.kind, &subject.name, &Problem::default(), &view)
}
