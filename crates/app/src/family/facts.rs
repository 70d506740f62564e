//! "What we already know": each fact with who said it, and the way to say that it is wrong.

use super::child::own;
use crate::journal::{self, Act, Loaded, Papers, Text, Who};
use crate::record::facts::Asked;
use crate::record::{fact_page, facts, store};
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Session, Typed, choices, error_summary, long_date, see_other,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::codes::Sex;
use casework::people::facts::{self as told, Asking, Form, Teller};
use casework::people::{self, DetailField};
use casework::{CaseId, Command, CorrectionId, TextId};
use db::Tx;
use serde::Deserialize;
use strum::IntoEnumIterator;

pub(crate) struct Fact {
    pub field: DetailField,
    pub label: &'static str,
    pub value: String,
    pub source: String,
    /// "Asked once".
    pub asked: String,
    /// The last part of the address where it is said to be wrong; none while that is being looked at.
    pub change: Option<&'static str>,
}

impl Fact {
    fn code(&self) -> &'static str {
        self.field.into()
    }
}

#[derive(Debug, Deserialize)]
pub struct Done {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "family/facts.html")]
struct FactsPage {
    case: CaseId,
    name: String,
    facts: Vec<Fact>,
    asked: Vec<Asked>,
    csrf: String,
    version: u64,
    /// What was done just now.
    done: &'static str,
}

/// What the record says of a family's own child, with what the family asked to be put right, latest
/// first.
pub(crate) struct Known {
    pub version: u64,
    pub name: String,
    pub facts: Vec<Fact>,
    pub asked: Vec<Asked>,
}

/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy.
pub(crate) fn known(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Known, Error> {
    let case = own(tx, who, id, Action::SeeOwnRecord)?;
    let (_, details) = store::person(tx, who.authority, id)?;
    let history = facts::History::read(tx, who.authority, id)?;
    let texts = store::texts(tx, who.authority, id)?;
    let is_asked = |field| case.corrections.iter().any(|known| known.field == field && known.is_open());
    let facts = facts::SHOWN.into_iter().map(|field| {
        let value = facts::said(field, &details);
        Fact {
            field,
            label: field.label(),
            source: if value.is_empty() { String::new() } else { history.source(field, true) },
            asked: facts::times_asked(&case.askings, field.into()),
            value,
            change: (!is_asked(field)).then(|| field.into()),
        }
    });
    Ok(Known {
        version: case.version,
        name: details.display_name(),
        facts: facts.collect(),
        asked: case.corrections.iter().rev().map(|known| Asked::of(known, &details, &texts)).collect(),
    })
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(done): Query<Done>,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let Known { name, facts, asked, version } =
        app.blocking(move |app| app.db.read("family.facts", |tx| known(tx, &who, id))).await?;
    let done = match done.done.as_deref() {
        Some("asked") => "The council has what you say is right. It puts the record right or tells you why not.",
        Some("confirmed") => "Thank you. You will not be asked for any of it again.",
        Some("changed") => "Something changed while you were reading. This is what the record says now.",
        _ => "",
    };
    let view = FactsPage { case: id, name, facts, asked, csrf: session.csrf.clone(), version, done };
    let title = format!("What we already know, {}", view.name);
    Frame::for_session(&session, title).here("/family").back(format!("/family/{id}"), "Back").render(&view)
}

/// One fact with every value it had.
pub async fn show_history(
    State(app): State<App>,
    session: Session,
    Path((id, field)): Path<(CaseId, String)>,
) -> Result<Page, Error> {
    let field = field_of(&field)?;
    let who = session.who(&app);
    let view = app
        .blocking(move |app| {
            app.db.read("family.fact", |tx| {
                let case = own(tx, &who, id, Action::SeeOwnRecord)?;
                fact_page::read(tx, who.authority, &case, field, true)
            })
        })
        .await?;
    let title = view.title();
    Frame::for_session(&session, title).here("/family").back(format!("/family/{id}/facts"), "Back").render(&view)
}

/// Records that all of it is still right, as it is shown.
pub async fn confirm(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        app.db.write("family.confirm", |tx| -> Result<(), Error> {
            let case = own(tx, &who, id, Action::AskForCorrection)?;
            // What changed since the page was made was not what was confirmed.
            if let Some(seen) = typed.seen() {
                journal::unchanged(tx, who.authority, id, seen)?;
            }
            let (_, details) = store::person(tx, who.authority, id)?;
            let is_open = |field| case.corrections.iter().any(|known| known.field == field && known.is_open());
            let confirmed = facts::SHOWN.into_iter().filter(|field| !facts::said(*field, &details).is_empty());
            let confirmed = confirmed.filter(|field| !is_open(*field)).map(told::Fact::from).collect();
            let asking = Asking { form: Form::WhatWeKnow, of: Teller::Family, on: who.today, asked: vec![], confirmed };
            let commands = vec![Command::People(people::Command::RecordAsking { asking })];
            let act = Act { action: Action::AskForCorrection, seen: None, commands, papers: Papers::default() };
            journal::act(tx, &who, id, act).map(|_| ())
        })
    })
    .await
    .map(|()| see_other(&format!("/family/{id}/facts?done=confirmed")))
    .or_else(|error| match error {
        // Somebody changed it meanwhile: the page shows what it says now.
        Error::Conflict { .. } => Ok(see_other(&format!("/family/{id}/facts?done=changed"))),
        other => Err(other),
    })
}

#[derive(Template)]
#[template(path = "family/change.html")]
struct ChangePage<'a> {
    name: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    field: DetailField,
    now: String,
    sexes: Vec<Choice>,
    answer_by: String,
}

async fn change_page(
    app: &App,
    session: &Session,
    (id, field): (CaseId, DetailField),
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let today = who.today;
    let details = app
        .blocking(move |app| {
            app.db.read("family.change", |tx| -> Result<_, Error> {
                own(tx, &who, id, Action::AskForCorrection)?;
                Ok(store::person(tx, who.authority, id)?.1)
            })
        })
        .await?;
    let view = ChangePage {
        name: details.display_name(),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        field,
        now: facts::said(field, &details),
        sexes: choices(Sex::iter(), |sex| sex.code().to_owned(), Sex::label),
        answer_by: long_date(law::calendar::wds_after(today, 10)),
    };
    Frame::for_session(session, format!("{}, {}", field.label(), view.name))
        .here("/family")
        .back(format!("/family/{id}/facts"), "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

fn field_of(path: &str) -> Result<DetailField, Error> {
    path.parse().ok().filter(|field| facts::SHOWN.contains(field)).ok_or(Error::NotFound)
}

pub async fn show_change(
    State(app): State<App>,
    session: Session,
    Path((id, field)): Path<(CaseId, String)>,
) -> Result<Page, Error> {
    change_page(&app, &session, (id, field_of(&field)?), &Typed::default(), &Problem::default()).await
}

/// Records what the family says is right, beside what the record says.
///
/// # Errors
/// [`Error::Fields`] when it cannot be, or is what the record says already; and as [`journal::act`].
pub(crate) fn ask_for(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    (id, field): (CaseId, DetailField),
    typed: &Typed,
) -> Result<(CorrectionId, Loaded), Error> {
    let case = own(tx, who, id, Action::AskForCorrection)?;
    let (_, details) = store::person(tx, who.authority, id)?;
    let after = facts::with(&details, field, typed, who.today)?;
    if facts::said(field, &after) == facts::said(field, &details) {
        let first = facts::inputs(field).first().copied().unwrap_or("form");
        return Err(Error::Fields(vec![FieldError::new(first, "Change it: this is what we have already")]));
    }
    let (before, right) = (TextId(app.ids.next()), TextId(app.ids.next()));
    let texts = vec![
        Text { id: before, body: facts::encode(field, &facts::typed(&details)) },
        Text { id: right, body: facts::encode(field, &facts::typed(&after)) },
    ];
    let correction = CorrectionId(app.ids.next());
    let command = people::Command::AskForCorrection { correction, field, before, after: right };
    let act = Act {
        action: Action::AskForCorrection,
        seen: Some(case.version),
        commands: vec![Command::People(command)],
        papers: Papers::texts(texts),
    };
    Ok((correction, journal::act(tx, who, id, act)?))
}

pub async fn ask(
    State(app): State<App>,
    session: Session,
    Path((id, field)): Path<(CaseId, String)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let field = field_of(&field)?;
    let (who, posted) = (session.who(&app), typed.clone());
    let asked = app
        .blocking(move |app| app.db.write("family.ask_correction", |tx| ask_for(tx, app, &who, (id, field), &posted)))
        .await;
    match asked {
        Ok(_) => Ok(see_other(&format!("/family/{id}/facts?done=asked"))),
        Err(error) => {
            let page = change_page(&app, &session, (id, field), &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
