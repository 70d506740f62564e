//! Saying something about the draft, and taking it back while it has no answer.

use super::{Reading, line, read, whole};
use crate::journal::{self, Act, Papers, Text, Who};
use crate::web::{Posted, Problem, Problems, Session, Typed, see_other};
use crate::{App, Error};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor};
use casework::plans::{self, Pointer};
use casework::{CaseId, Command, LineId, RepresentationId, TextId};
use db::Tx;

const COMMENT_CHARS_MAX: usize = 20_000;

/// The id of a comment that is being written: the one that the form has, or a new one.
pub(super) fn new_id(app: &App, typed: &Typed) -> String {
    let known: Option<RepresentationId> = typed.get("comment").parse().ok();
    known.unwrap_or_else(|| RepresentationId(app.ids.next())).to_string()
}

/// The id of the comment in the form. The same words sent twice are one comment; other words, typed
/// after going back, are another.
fn once(
    app: &App,
    reading: &Reading,
    actor: &Actor,
    (line, body): (Option<LineId>, &str),
    typed: &Typed,
) -> RepresentationId {
    let new = || RepresentationId(app.ids.next());
    let Ok(id) = typed.get("comment").parse() else { return new() };
    match reading.comments.iter().find(|known| known.id == id) {
        Some(known) if known.by != Some(actor.user) || known.line != line || reading.text(known.text) != body => new(),
        _ => id,
    }
}

/// Records what somebody of the family says of the draft, once.
fn record(
    tx: &mut dyn Tx,
    app: &App,
    (who, actor): (&Who, &Actor),
    (id, line): (CaseId, Option<LineId>),
    typed: &Typed,
) -> Result<(), Error> {
    let reading = read(tx, who, actor, id)?.ok_or(Error::NotFound)?;
    journal::authorise(who, Action::GiveViews, &journal::load(tx, who.authority, id)?)?;
    let mut problems = Problems::default();
    if line.is_some_and(|line| reading.content.number(line).is_none()) {
        problems.add("text", "The line is no longer in the draft. Send this as a comment on the whole plan");
    }
    let body = problems.text(typed, "text", "Say what you think", COMMENT_CHARS_MAX);
    let advice = typed.get("report").parse().ok().filter(|advice| reading.source_of(*advice).is_some());
    let page = match typed.get("page") {
        "" => None,
        page => {
            let page = page.parse().ok().filter(|page| (1..10_000).contains(page));
            if page.is_none() {
                problems.add("page", "The page must be a number, such as 4");
            }
            page
        }
    };
    if page.is_some() && advice.is_none() {
        problems.add("report", "Select the report that the page is in");
    }
    problems.check()?;
    let text = TextId(app.ids.next());
    let command = Command::Plans(plans::Command::Comment {
        representation: once(app, &reading, actor, (line, &body), typed),
        by: actor.user,
        line,
        text,
        points_to: advice.map(|advice| Pointer { advice, page }),
    });
    if casework::decide(&reading.case, command.clone(), &who.context())?.is_empty() {
        // Sent twice: it was said once, and its words are kept once.
        return Ok(());
    }
    let act = Act {
        action: Action::GiveViews,
        seen: None,
        commands: vec![command],
        papers: Papers::texts(vec![Text { id: text, body }]),
    };
    journal::act(tx, who, id, act).map(|_| ())
}

async fn submit(
    app: &App,
    session: &Session,
    at: (CaseId, Option<LineId>),
    typed: Typed,
) -> Result<Result<(), (Typed, Problem)>, Error> {
    let (who, actor, posted) = (session.who(app), session.signed_in.actor.clone(), typed.clone());
    let recorded = app
        .blocking(move |app| app.db.write("family.comment", |tx| record(tx, app, (&who, &actor), at, &posted)))
        .await;
    match recorded {
        Ok(()) => Ok(Ok(())),
        Err(error) => Ok(Err((typed, Problem::of(error)?))),
    }
}

/// About the whole plan.
pub async fn say(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    match submit(&app, &session, (id, None), typed).await? {
        Ok(()) => Ok(see_other(&format!("/family/{id}/plan?done=said#comments"))),
        Err((typed, problem)) => {
            let page = whole::page(&app, &session, id, (&typed, &problem, "")).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// About one line.
pub async fn say_of_line(
    State(app): State<App>,
    session: Session,
    Path((id, line)): Path<(CaseId, LineId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    match submit(&app, &session, (id, Some(line)), typed).await? {
        Ok(()) => Ok(see_other(&format!("/family/{id}/plan/lines/{line}?done=said#comments"))),
        Err((typed, problem)) => {
            // Where the line or the form is gone, what was typed is on the page of the whole plan.
            let page = match line::page(&app, &session, (id, line), (&typed, &problem, "")).await {
                Ok(page) if page.1 => page.0,
                Ok(_) | Err(Error::NotFound) => whole::page(&app, &session, id, (&typed, &problem, "")).await?,
                Err(other) => return Err(other),
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn take_back(
    State(app): State<App>,
    session: Session,
    Path((id, representation)): Path<(CaseId, RepresentationId)>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    let (who, user) = (session.who(&app), session.signed_in.actor.user);
    let line = app
        .blocking(move |app| {
            app.db.write("family.take_back_comment", |tx| {
                let command = plans::Command::TakeBackComment { representation, by: user };
                let act = Act {
                    action: Action::GiveViews,
                    seen: None,
                    commands: vec![Command::Plans(command)],
                    papers: Papers::default(),
                };
                let case = journal::act(tx, &who, id, act)?.case;
                let said = case.requests.iter().flat_map(|request| &request.representations);
                Ok::<_, Error>(said.into_iter().find(|said| said.id == representation).and_then(|said| said.line))
            })
        })
        .await?;
    let page = line.map_or_else(String::new, |line| format!("/lines/{line}"));
    Ok(see_other(&format!("/family/{id}/plan{page}?done=taken-back#comments")))
}
