//! What every page that changes one child's case does the same way: read the case for the person,
//! show the form, record the act, come back with what was typed when something is in the way.

use super::{Frame, Page, Posted, Problem, Session, Typed, back_to_case, conflict};
use crate::journal::{self, Act, Loaded, Papers, authorise};
use crate::post::{self, To, Words};
use crate::recipients::{self, Leaving, Outcome, held};
use crate::record::store;
use crate::{App, Error};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::people::Details;
use casework::{Case, CaseId, Command};
use db::Tx;
use std::future::Future;
use std::sync::Arc;
use uuid::Uuid;

/// The case behind a form.
#[derive(Debug, Clone)]
pub struct Subject {
    pub case: Arc<Case>,
    pub details: Details,
    pub name: String,
}

/// Reads the case for a form that does `action`.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy.
pub fn subject(tx: &mut dyn Tx, who: &journal::Who, id: CaseId, action: Action) -> Result<Subject, Error> {
    let Loaded { case, .. } = read(tx, who, id, action)?;
    let (_, details) = store::person(tx, who.authority, id)?;
    Ok(Subject { name: details.display_name(), case, details })
}

fn read(tx: &mut dyn Tx, who: &journal::Who, id: CaseId, action: Action) -> Result<Loaded, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, action, &loaded)?;
    Ok(loaded)
}

/// The page of a form about one child.
///
/// # Errors
/// When the template fails.
pub fn form_page(
    session: &Session,
    id: CaseId,
    title: &str,
    name: &str,
    problem: &Problem,
    body: &impl Template,
) -> Result<Page, Error> {
    let frame = Frame::for_session(session, format!("{title}, {name}"));
    // Whom a family invited sees what they were invited to, not the child's page.
    let frame = match session.may(Action::SeeInvitation) {
        true => frame.here("/invited").back("/invited", "Back"),
        false => frame.here("/children").back(format!("/children/{id}"), "Back to the child’s page"),
    };
    frame.with_errors(&problem.errors).render(body)
}

/// What a posted form asks for.
pub struct Asked {
    pub action: Action,
    pub commands: Vec<Command>,
    pub papers: Papers,
}

impl Asked {
    /// Says what leaves by it, to be looked at before it does.
    pub fn leaving(self, leaving: Leaving) -> Checked {
        Checked { asked: self, leaving: Some(leaving), tell: vec![] }
    }
}

/// What a form asks for, and what leaves by it.
pub struct Checked {
    pub asked: Asked,
    pub leaving: Option<Leaving>,
    /// Who is told once it is done. Nobody is told of what is held.
    pub tell: Vec<Tell>,
}

/// One message, to be said once.
pub struct Tell {
    /// What it is about, as [`post::named`] makes it.
    pub message: Uuid,
    pub to: To,
    pub words: Words,
}

impl From<Asked> for Checked {
    fn from(asked: Asked) -> Checked {
        Checked { asked, leaving: None, tell: vec![] }
    }
}

/// Parses, authorises, decides and records a form; then goes back to the child's page and says
/// `done`, or shows the form again with what was typed.
///
/// # Errors
/// What is not for the person who typed: a failure of the database, a case that does not exist.
#[expect(clippy::too_many_arguments, reason = "what a handler was given, what to say, and the two halves that differ")]
pub async fn submit<F, R>(
    app: &App,
    session: &Session,
    id: CaseId,
    posted: Posted,
    address: &str,
    done: &'static str,
    parse: impl Fn(&mut dyn Tx, &App, &journal::Who, &Typed) -> Result<R, Error> + Send + Sync + 'static,
    again: impl FnOnce(Typed, Problem) -> F,
) -> Result<Response, Error>
where
    F: Future<Output = Result<Page, Error>>,
    R: Into<Checked>,
{
    submit_then(app, session, id, posted, address, || back_to_case(id, done), parse, again).await
}

/// The act of a form: everything of [`submit`] but its pages.
///
/// # Errors
/// As `parse` and [`journal::act`].
pub async fn record<R: Into<Checked>>(
    app: &App,
    who: journal::Who,
    id: CaseId,
    typed: Typed,
    parse: impl Fn(&mut dyn Tx, &App, &journal::Who, &Typed) -> Result<R, Error> + Send + Sync + 'static,
) -> Result<Outcome, Error> {
    app.blocking(move |app| {
        app.db.write("case_form.submit", |tx| {
            let seen = match typed.seen() {
                Some(seen) => Some(journal::seen_now(tx, who.authority, id, seen)?),
                None => None,
            };
            if let Some(seen) = seen {
                journal::unchanged(tx, who.authority, id, seen)?;
            }
            let Checked { asked, leaving, tell } = parse(tx, app, &who, &typed)?.into();
            let act = Act { action: asked.action, seen, commands: asked.commands, papers: asked.papers };
            let outcome = recipients::act(tx, app, &who, id, act, leaving.as_ref(), &typed)?;
            if matches!(outcome, Outcome::Done(_)) {
                for Tell { message, to, words } in &tell {
                    post::tell(tx, app, who.authority, *message, to, words)?;
                }
            }
            Ok(outcome)
        })
    })
    .await
}

/// The same, and goes where `then` says when it is recorded.
///
/// # Errors
/// As [`submit`].
#[expect(clippy::too_many_arguments, reason = "each is said once, by the one page that submits")]
pub async fn submit_then<F, R>(
    app: &App,
    session: &Session,
    id: CaseId,
    Posted(typed): Posted,
    address: &str,
    then: impl FnOnce() -> Response,
    parse: impl Fn(&mut dyn Tx, &App, &journal::Who, &Typed) -> Result<R, Error> + Send + Sync + 'static,
    again: impl FnOnce(Typed, Problem) -> F,
) -> Result<Response, Error>
where
    F: Future<Output = Result<Page, Error>>,
    R: Into<Checked>,
{
    if typed.get(held::AGAIN) == "yes" {
        return Ok(again(held::without_release(&typed), Problem::default()).await?.into_response());
    }
    match record(app, session.who(app), id, typed.clone(), parse).await {
        Ok(Outcome::Done(_)) => Ok(then()),
        Ok(Outcome::Held(found)) => held::page(app, session, id, &found, &typed, address).await,
        Err(Error::Conflict { seen, .. }) => conflict::page(app, session, id, seen, &typed, address).await,
        Err(error) => match again(typed.clone(), Problem::of(error)?).await {
            Ok(page) => Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response()),
            Err(Error::Refused(refusal)) => conflict::moved_on(app, session, id, &typed, &refusal).await,
            Err(other) => Err(other),
        },
    }
}
