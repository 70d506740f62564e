//! One invitation: how it stands, which papers it shows, taking it back.

use super::family::{asking, invited, may_show, papers, ticked};
use super::{as_parent, store, words};
use crate::journal::{self, Act, Papers, Who};
use crate::post::{self, To};
use crate::record::store as records;
use crate::visits::words::{self as visits_words, Change};
use crate::web::case_form::Tell;
use crate::web::{Choice, Fields, Frame, Page, Posted, Problem, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::independents::{self, may_ask};
use casework::{AdviceId, CaseId, Command, visits};
use db::Tx;

#[derive(Template)]
#[template(path = "independents/one.html")]
struct OnePage<'a> {
    case: CaseId,
    advice: AdviceId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    one: super::family::Invited,
    question: String,
    papers: Vec<Choice>,
    /// It can still be changed.
    is_open: bool,
    may_withdraw: bool,
}

async fn page(
    app: &App,
    session: &Session,
    (id, advice): (CaseId, AdviceId),
    typed: Option<Typed>,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let (today, user, parent) = (who.today, who.user(), as_parent(&session.signed_in.actor));
    let (case, name, one, question, papers) = app
        .blocking(move |app| {
            app.db.read("independents.one", |tx| -> Result<_, Error> {
                let case = asking(tx, &who, id)?;
                let (_, details) = records::person(tx, who.authority, id)?;
                let one = invited(tx, &case, today)?.into_iter().find(|one| one.advice == advice);
                let question = case.independents.invitation(advice).map(|invitation| invitation.question);
                let texts = records::texts(tx, who.authority, id)?;
                let question = question.and_then(|id| texts.get(&id).cloned()).unwrap_or_default();
                let papers = papers(tx, &case, &who)?;
                Ok((case, details.display_name(), one.ok_or(Error::NotFound)?, question, papers))
            })
        })
        .await?;
    let invitation = case.independents.invitation(advice).ok_or(Error::NotFound)?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        for document in &invitation.shared {
            typed.add("shared", document.to_string());
        }
        typed
    });
    let asked = case.advice(advice);
    let is_answered = asked.is_some_and(|asked| asked.reply.is_some());
    let decides = may_ask(&case, user, parent, today);
    let is_open = decides && (invitation.is_waiting(today) || (invitation.user().is_some() && asked.is_some()));
    let view = OnePage {
        case: id,
        advice,
        name: name.clone(),
        version: typed.seen().unwrap_or(case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        may_withdraw: is_open && !is_answered,
        is_open,
        one,
        question,
        papers,
    };
    Frame::for_session(session, format!("{}, {name}", view.one.called))
        .here("/family")
        .back(format!("/family/{id}/independent"), "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    page(&app, &session, ids, None, &Problem::default()).await
}

/// What one of the two forms does, and back to the page.
async fn act(
    app: App,
    session: Session,
    (id, advice): (CaseId, AdviceId),
    typed: Typed,
    then: &str,
    command: impl Fn(&mut dyn Tx, &App, &Who, &Typed) -> Result<independents::Command, Error> + Send + Sync + 'static,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let done = app
        .blocking(move |app| {
            app.db.write("independents.change", |tx| {
                asking(tx, &who, id)?;
                let command = command(tx, app, &who, &posted)?;
                let is_back = matches!(command, independents::Command::Withdraw { .. });
                let before = journal::load(tx, who.authority, id)?.case;
                let commands = vec![Command::Independents(command)];
                let seen = posted.seen();
                let act = Act { action: Action::InviteIndependent, seen, commands, papers: Papers::default() };
                let after = journal::act(tx, &who, id, act)?.case;
                if is_back && after.version != before.version {
                    for visit in visits::to_come(&before, advice, who.today) {
                        let off =
                            visits_words::everyone(tx, app, &after, (visit.id, Change::Cancelled(visit.arranged.on)))?;
                        for Tell { message, to, words } in off {
                            post::tell(tx, app, who.authority, message, &to, &words)?;
                        }
                    }
                    let invitation = after.independents.invitation(advice).ok_or(Error::NotFound)?;
                    if let Some(email) = store::email_of(tx, who.authority, invitation.body)? {
                        let message = post::named(&[b"invitation withdrawn", advice.0.as_bytes()]);
                        post::tell(tx, app, who.authority, message, &To::Email(email), &words::withdrawn())?;
                    }
                }
                Ok(())
            })
        })
        .await;
    let problem = match done {
        Ok(()) => return Ok(see_other(then)),
        // Somebody else of the family, or the professional, was quicker: the page shows what is true now.
        Err(Error::Conflict { .. }) => Problem {
            errors: vec![crate::FieldError::new(
                "form",
                "Something changed since you opened this page. Nothing was saved. Look at it again below",
            )],
        },
        Err(error) => Problem::of(error)?,
    };
    let mut typed = typed;
    typed.set("version", "");
    let page = page(&app, &session, (id, advice), Some(typed), &problem).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

pub async fn share(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let parent = as_parent(&session.signed_in.actor);
    let then = format!("/family/{id}/independent/{advice}");
    act(app, session, (id, advice), typed, &then, move |tx, _, who, typed| {
        let shared = ticked(typed);
        let case = journal::load(tx, who.authority, id)?.case;
        may_show(tx, &case, who, &shared)?;
        Ok(independents::Command::Share { advice, shared, as_parent: parent })
    })
    .await
}

pub async fn withdraw(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let parent = as_parent(&session.signed_in.actor);
    let then = format!("/family/{id}/independent");
    act(app, session, (id, advice), typed, &then, move |_, _, _, _| {
        Ok(independents::Command::Withdraw { advice, as_parent: parent })
    })
    .await
}
