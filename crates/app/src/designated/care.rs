//! What is kept of a child's care record: its number, how it stands, the worker, the last visit, with
//! day and source, and nothing more. Beside it who prepares for adult services.

use crate::journal::{Papers, Text};
use crate::record::store;
use crate::web::case_form::{Asked, form_page, subject, submit_then};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::{Action, Resource, may};
use casework::designated::{self, CareLink, CareSource, CareStatus};
use casework::{CaseId, Command, TextId};
use jiff::civil::Date;
use strum::IntoEnumIterator;

const SHORT_CHARS_MAX: usize = 300;

/// What is kept, in words.
struct Kept {
    status: &'static str,
    reference: Option<String>,
    worker: Option<String>,
    last_visit_on: Option<Date>,
    source: &'static str,
    as_at: Date,
}

#[derive(Template)]
#[template(path = "designated/care.html")]
struct CarePage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    kept: Option<Kept>,
    adult_worker: Option<(String, Date)>,
    transition_on: Option<Date>,
    eighteen_on: Date,
    statuses: Vec<Choice>,
    sources: Vec<Choice>,
    may_record: bool,
}

/// The day on which somebody is 18.
pub(super) fn eighteen_on(born_on: Date) -> Date {
    use jiff::ToSpan;
    born_on.checked_add(18.years()).unwrap_or(born_on)
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, texts) = app
        .blocking(move |app| {
            app.db.read("designated.care", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::SeeCareLink)?;
                Ok((subject, store::texts(tx, who.authority, id)?))
            })
        })
        .await?;
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    let said = &subject.case.designated;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.set("as-at-on", today.to_string());
        typed
    });
    let relations = subject.case.relations();
    let view = CarePage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        kept: said.care.map(|care| Kept {
            status: care.status.label(),
            reference: care.reference.map(text),
            worker: care.worker.map(text),
            last_visit_on: care.last_visit_on,
            source: care.source.label(),
            as_at: care.as_at,
        }),
        adult_worker: said.adult_worker.map(|(worker, on)| (text(worker), on)),
        transition_on: said.transition_on,
        eighteen_on: eighteen_on(subject.details.born_on),
        statuses: choices(CareStatus::iter(), |status| status.code().to_owned(), CareStatus::label),
        sources: choices(CareSource::iter(), |source| source.code().to_owned(), CareSource::label),
        may_record: may(&session.signed_in.actor, Action::RecordCare, &Resource::Case(&relations)).is_allowed(),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Social care", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, Problem::default()).await
}

/// Saves one of the page's forms.
async fn save(
    app: App,
    session: Session,
    id: CaseId,
    part: &str,
    posted: Posted,
    parse: impl Fn(&App, &Typed) -> Result<(designated::Command, Vec<Text>), Error> + Send + Sync + 'static,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/care{part}");
    let then = || see_other(&format!("/children/{id}/care"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |_, app, _, typed| {
            let (command, texts) = parse(app, typed)?;
            let commands = vec![Command::Designated(command)];
            Ok(Asked { action: Action::RecordCare, commands, papers: Papers::texts(texts) })
        },
        again,
    )
    .await
}

pub async fn link(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    save(app, session, id, "", posted, |app, typed| {
        let mut problems = Problems::default();
        let status = problems.choice::<CareStatus>(typed, "status", "Select what the care system says");
        let reference = problems.optional(typed, "reference", SHORT_CHARS_MAX);
        let worker = problems.optional(typed, "worker", SHORT_CHARS_MAX);
        let last_visit_on = problems.optional_date(typed, "visit-on", "The last visit");
        let source = problems.choice::<CareSource>(typed, "source", "Select how you know");
        let as_at = problems.date(typed, "as-at-on", "The day on which it said so");
        if status.is_some_and(|status| status != CareStatus::NotKnown) && reference.is_none() {
            problems.add("reference", "Enter the number of the care record");
        }
        problems.check()?;
        let (Some(status), Some(source), Some(as_at)) = (status, source, as_at) else { return Err(Error::NotFound) };
        let mut texts = Vec::new();
        let mut keep = |body: Option<String>| {
            body.map(|body| {
                let id = TextId(app.ids.next());
                texts.push(Text { id, body });
                id
            })
        };
        let (reference, worker) = (keep(reference), keep(worker));
        let care = CareLink { status, reference, worker, last_visit_on, source, as_at };
        Ok((designated::Command::LinkCare { care }, texts))
    })
    .await
}

pub async fn name_worker(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    save(app, session, id, "/adult-worker", posted, |app, typed| {
        let mut problems = Problems::default();
        let body = problems.text(typed, "adult-worker", "Enter who prepares for adult services", SHORT_CHARS_MAX);
        problems.check()?;
        let worker = TextId(app.ids.next());
        Ok((designated::Command::NameAdultWorker { worker }, vec![Text { id: worker, body }]))
    })
    .await
}

pub async fn transition(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    save(app, session, id, "/transition", posted, |_, typed| {
        let mut problems = Problems::default();
        let on = problems.date(typed, "transition-on", "The day of the assessment");
        problems.check()?;
        Ok((designated::Command::RecordTransition { on: on.ok_or(Error::NotFound)? }, vec![]))
    })
    .await
}
