//! "My outcomes": what the plan wants to happen, and "not what I want".

use super::{first_name, themself};
use crate::journal::{self, Act, Papers, Text};
use crate::plan;
use crate::record::store;
use crate::web::{Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, long_date, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::own_voice::{self, Objection};
use casework::plans::content::{AdulthoodArea, Content, OutcomeLine};
use casework::{Case, CaseId, Command, LineId, ObjectionId, TextId};
use db::Tx;
use std::collections::HashMap;
use strum::IntoEnumIterator;

const WHY_CHARS_MAX: usize = 2000;

/// What was said of an outcome, and what came of it.
struct SaidNo {
    id: ObjectionId,
    why: String,
    on: String,
    /// Whether it will be changed, and the reason.
    answer: Option<(bool, String, String)>,
}

struct Outcome {
    id: LineId,
    text: String,
    by: String,
    help: Vec<String>,
    said_no: Option<SaidNo>,
}

struct Group {
    title: &'static str,
    outcomes: Vec<Outcome>,
}

#[derive(Template)]
#[template(path = "family/own/outcomes.html")]
struct OutcomesPage<'a> {
    case: CaseId,
    csrf: &'a str,
    groups: Vec<Group>,
    /// Whether any outcome says what it prepares for.
    is_grouped: bool,
    is_draft: bool,
}

/// The plan that the outcomes are read from: the draft that the family has, else the one in force.
pub(crate) fn content(tx: &mut dyn Tx, case: &Case) -> Result<Option<Content>, Error> {
    let draft = case.live_request().and_then(|request| request.served_draft()).map(|draft| draft.version);
    match draft.or_else(|| case.plan_in_force().and_then(|plan| plan.version)) {
        Some(version) => Ok(Some(plan::version(tx, case.authority, case.id, version)?.content)),
        None => Ok(None),
    }
}

fn said_no(objection: &Objection, texts: &HashMap<TextId, String>) -> SaidNo {
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    SaidNo {
        id: objection.id,
        why: text(objection.why),
        on: long_date(objection.on),
        answer: objection.answer.map(|answer| (answer.accepted, text(answer.reasons), long_date(answer.on))),
    }
}

fn outcome(line: &OutcomeLine, content: &Content, case: &Case, texts: &HashMap<TextId, String>) -> Outcome {
    let last = case.own_voice.objections.iter().rev().find(|objection| objection.outcome == line.id);
    let help = content.provision.iter().filter(|provision| provision.outcomes.contains(&line.id));
    let help = help.map(|provision| {
        let text = provision.text.trim().trim_end_matches('.');
        let often = provision.how_often.trim();
        if often.is_empty() { format!("{text}.") } else { format!("{text}. {often}.") }
    });
    Outcome {
        id: line.id,
        text: line.text.clone(),
        by: line.by.trim().to_owned(),
        help: help.collect(),
        said_no: last.map(|objection| said_no(objection, texts)),
    }
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let who = session.who(&app);
    let csrf = session.csrf.clone();
    let (groups, is_draft, name) = app
        .blocking(move |app| {
            app.db.read("family.outcomes", |tx| -> Result<_, Error> {
                let (case, details) = themself(tx, &who, id, Action::SeeOwnRecord)?;
                let texts = store::texts(tx, who.authority, id)?;
                let content = content(tx, &case)?.unwrap_or_default();
                let areas = AdulthoodArea::iter().map(Some).chain([None]);
                let groups = areas.map(|area| Group {
                    title: area.map_or("Other things", AdulthoodArea::label),
                    outcomes: content
                        .outcomes
                        .iter()
                        .filter(|line| line.adulthood == area)
                        .map(|line| outcome(line, &content, &case, &texts))
                        .collect(),
                });
                let groups: Vec<Group> = groups.filter(|group| !group.outcomes.is_empty()).collect();
                let is_draft = case.live_request().is_some_and(|request| request.served_draft().is_some());
                Ok((groups, is_draft, first_name(&details)))
            })
        })
        .await?;
    let is_grouped = groups.iter().any(|group| group.title != "Other things");
    let view = OutcomesPage { case: id, csrf: &csrf, groups, is_grouped, is_draft };
    Frame::for_session(&session, format!("My outcomes, {name}"))
        .here("/family")
        .back(format!("/family/{id}"), "Back")
        .render(&view)
}

#[derive(Template)]
#[template(path = "family/own/not_wanted.html")]
struct NotWantedPage<'a> {
    case: CaseId,
    line: LineId,
    text: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    objection: ObjectionId,
}

/// The outcome of this id, for the young person who may say no to it.
fn find(
    tx: &mut dyn Tx,
    who: &journal::Who,
    id: CaseId,
    line: LineId,
) -> Result<(std::sync::Arc<Case>, OutcomeLine), Error> {
    let (case, _) = themself(tx, who, id, Action::SayNotWanted)?;
    let content = content(tx, &case)?.ok_or(Error::NotFound)?;
    let found = content.outcomes.into_iter().find(|outcome| outcome.id == line).ok_or(Error::NotFound)?;
    Ok((case, found))
}

async fn page(
    app: &App,
    session: &Session,
    (id, line): (CaseId, LineId),
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let found = app.blocking(move |app| app.db.read("family.not_wanted", |tx| find(tx, &who, id, line))).await?.1;
    let view = NotWantedPage {
        case: id,
        line,
        text: found.text,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        objection: typed.get("objection").parse().unwrap_or_else(|_| ObjectionId(app.ids.next())),
    };
    Frame::for_session(session, format!("Not what I want, {}", session.signed_in.name))
        .here("/family")
        .back(format!("/family/{id}/outcomes"), "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show_object(
    State(app): State<App>,
    session: Session,
    Path(at): Path<(CaseId, LineId)>,
) -> Result<Page, Error> {
    page(&app, &session, at, &Typed::default(), &Problem::default()).await
}

/// Records that an outcome is not wanted, once, and why.
pub async fn object(
    State(app): State<App>,
    session: Session,
    Path((id, line)): Path<(CaseId, LineId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let said = app
        .blocking(move |app| {
            app.db.write("family.object", |tx| -> Result<(), Error> {
                let (case, _) = find(tx, &who, id, line)?;
                let mut problems = Problems::default();
                let body = problems.text(&posted, "why", "Say why, in your own words", WHY_CHARS_MAX);
                problems.check()?;
                let objection = posted.get("objection").parse().unwrap_or_else(|_| ObjectionId(app.ids.next()));
                let why = TextId(app.ids.next());
                let command = own_voice::Command::Object { objection, outcome: line, why };
                let command = Command::OwnVoice(command);
                if casework::decide(&case, command.clone(), &who.context())?.is_empty() {
                    // Sent twice, or said already: there is nothing to add.
                    return Ok(());
                }
                let act = Act {
                    action: Action::SayNotWanted,
                    seen: None,
                    commands: vec![command],
                    papers: Papers::texts(vec![Text { id: why, body }]),
                };
                journal::act(tx, &who, id, act)?;
                Ok(())
            })
        })
        .await;
    match said {
        Ok(()) => Ok(see_other(&format!("/family/{id}/outcomes"))),
        Err(error) => {
            let page = page(&app, &session, (id, line), &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// They changed their mind.
pub async fn take_back(
    State(app): State<App>,
    session: Session,
    Path((id, objection)): Path<(CaseId, ObjectionId)>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        app.db.write("family.take_back", |tx| {
            themself(tx, &who, id, Action::SayNotWanted)?;
            let commands = vec![Command::OwnVoice(own_voice::Command::TakeBack { objection })];
            let act = Act { action: Action::SayNotWanted, seen: None, commands, papers: Papers::default() };
            journal::act(tx, &who, id, act)
        })
    })
    .await?;
    Ok(see_other(&format!("/family/{id}/outcomes")))
}
