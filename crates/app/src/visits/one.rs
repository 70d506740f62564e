//! One visit: moving it, cancelling it, and the notes of it.

use super::list::arranged;
use super::listed::Line;
use super::words::{self, Change};
use crate::assessment::advice::own_report;
use crate::journal::{self, Papers, Text};
use crate::record::store;
use crate::web::case_form::{Asked, Checked, Subject, form_page, subject, submit_then};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other, short_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::visits::{self, Visit};
use casework::{CaseId, Command, TextId, VisitId};
use db::Tx;

const WHY_CHARS_MAX: usize = 1_000;

/// Notes that somebody else saved meanwhile.
pub(super) struct Theirs {
    pub words: String,
    pub by: String,
    pub on: String,
}

#[derive(Template)]
#[template(path = "visits/one.html")]
struct OnePage<'a> {
    case: CaseId,
    visit: VisitId,
    advice: casework::AdviceId,
    name: String,
    version: u64,
    /// The version that notes are written on.
    seen: u32,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    line: Line,
    saved: String,
    theirs: Option<Theirs>,
    /// Whose notes are kept on the device: nobody else's are shown there.
    account: String,
    may_move: bool,
    may_cancel: bool,
    may_note: bool,
    /// The form that was sent and comes back.
    open: &'static str,
}

/// The visit, for somebody who writes the advice that it is for.
pub(super) fn known(
    tx: &mut dyn Tx,
    who: &journal::Who,
    id: CaseId,
    visit: VisitId,
) -> Result<(Subject, Visit), Error> {
    let subject = subject(tx, who, id, Action::BookVisit)?;
    let visit = subject.case.visits.iter().find(|known| known.id == visit).cloned().ok_or(Error::NotFound)?;
    own_report(&subject.case, who, visit.advice)?;
    Ok((subject, visit))
}

pub(super) async fn page(
    app: App,
    session: Session,
    (id, visit): (CaseId, VisitId),
    typed: Option<Typed>,
    (problem, open): (Problem, &'static str),
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, visit, line, notes, texts) = app
        .blocking(move |app| {
            app.db.read("visits.one", |tx| -> Result<_, Error> {
                let (subject, visit) = known(tx, &who, id, visit)?;
                let texts = store::texts(tx, who.authority, id)?;
                let line = Line::of(&visit, &texts, who.today);
                let notes = match visit.notes {
                    Some(notes) => {
                        let by = match notes.by {
                            Some(by) => store::user_name(tx, who.authority, by.0)?.map(|(name, _)| name),
                            None => None,
                        };
                        Some(Theirs {
                            words: texts.get(&notes.text).cloned().unwrap_or_default(),
                            by: by.unwrap_or_else(|| "somebody".to_owned()),
                            on: short_date(notes.on),
                        })
                    }
                    None => None,
                };
                Ok((subject, visit, line, notes, texts))
            })
        })
        .await?;
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    let is_conflict = open == "conflict";
    let mut shown = typed.unwrap_or_default();
    let first = [
        ("visit-on", visit.arranged.on.to_string()),
        ("at", visit.arranged.at.strftime("%-I:%M%P").to_string()),
        ("place", text(visit.arranged.place)),
        ("who", text(visit.arranged.who)),
        ("notes", notes.as_ref().map(|notes| notes.words.clone()).unwrap_or_default()),
    ];
    for (field, value) in first {
        let is_typed = shown.find(field).is_some() || shown.find(&format!("{field}-day")).is_some();
        if !is_typed {
            shown.add(field, value);
        }
    }
    let is_live = subject.case.live_request().is_some_and(|r| r.advice.iter().any(|a| a.id == visit.advice));
    let saved = notes.as_ref().map(|notes| format!("Saved by {} on {}", notes.by, notes.on)).unwrap_or_default();
    let view = OnePage {
        case: id,
        visit: visit.id,
        advice: visit.advice,
        version: shown.seen().unwrap_or(subject.case.version),
        seen: visit.notes_version(),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &shown, errors: &problem.errors },
        line,
        saved,
        theirs: notes.filter(|_| is_conflict),
        account: session.signed_in.actor.user.to_string(),
        may_move: is_live && visit.cancelled.is_none(),
        may_cancel: visit.cancelled.is_none(),
        may_note: is_live,
        open,
        name: subject.name.clone(),
    };
    form_page(&session, id, &format!("Visit, {}", view.line.when), &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(ids): Path<(CaseId, VisitId)>) -> Result<Page, Error> {
    page(app, session, ids, None, (Problem::default(), "")).await
}

/// One required text of a form.
fn reason(app: &App, typed: &Typed, field: &'static str, ask: &str) -> Result<Text, Error> {
    let mut problems = Problems::default();
    let body = problems.text(typed, field, ask, WHY_CHARS_MAX);
    problems.check()?;
    Ok(Text { id: TextId(app.ids.next()), body })
}

pub async fn change(
    State(app): State<App>,
    session: Session,
    Path((id, visit)): Path<(CaseId, VisitId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, (id, visit), Some(typed), (problem, "move"))
    };
    let address = format!("/children/{id}/visits/{visit}/move");
    let then = move || see_other(&format!("/children/{id}/visits/{visit}"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let (subject, before) = known(tx, who, id, visit)?;
            let (arranged, mut texts) = arranged(app, typed)?;
            let why = reason(app, typed, "why", "Say why it is moved: the family and the school read this")?;
            let change = Change::Moved { from: before.arranged.on, to: arranged.on };
            let tell = words::everyone(tx, app, &subject.case, (visit, change))?;
            let command = visits::Command::Move { visit, arranged, why: why.id };
            texts.push(why);
            let leaving = words::leaving(&texts);
            let asked = Asked {
                action: Action::BookVisit,
                commands: vec![Command::Visits(command)],
                papers: Papers::texts(texts),
            };
            Ok(Checked { tell, ..asked.leaving(leaving) })
        },
        again,
    )
    .await
}

pub async fn cancel(
    State(app): State<App>,
    session: Session,
    Path((id, visit)): Path<(CaseId, VisitId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, (id, visit), Some(typed), (problem, "cancel"))
    };
    let address = format!("/children/{id}/visits/{visit}/cancel");
    let then = move || see_other(&format!("/children/{id}/visits/{visit}"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let (subject, before) = known(tx, who, id, visit)?;
            let why = reason(app, typed, "why-not", "Say why it is cancelled: the family and the school read this")?;
            let tell = words::everyone(tx, app, &subject.case, (visit, Change::Cancelled(before.arranged.on)))?;
            let commands = vec![Command::Visits(visits::Command::Cancel { visit, why: why.id })];
            let texts = vec![why];
            let leaving = words::leaving(&texts);
            let asked = Asked { action: Action::BookVisit, commands, papers: Papers::texts(texts) };
            Ok(Checked { tell, ..asked.leaving(leaving) })
        },
        again,
    )
    .await
}
