//! What a professional was invited to: their list, one question, the papers they are shown.

use super::family::state;
use super::store;
use crate::journal::{self, Who, authorise};
use crate::record::{files, store as records};
use crate::web::{Frame, Page, Session, long_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use casework::access::Action;
use casework::independents::Invitation;
use casework::people::Setting;
use casework::{AdviceId, Case, CaseId, DocumentId};
use db::Tx;
use std::sync::Arc;
use uuid::Uuid;

/// One child in the list.
struct Line {
    href: String,
    name: String,
    state: String,
    colour: &'static str,
    /// A draft waits for their look.
    to_check: Option<String>,
}

#[derive(Template)]
#[template(path = "independents/home.html")]
struct HomePage {
    lines: Vec<Line>,
}

/// The invitations of this case that this person took up.
fn own<'a>(case: &'a Case, who: &Who) -> impl Iterator<Item = &'a Invitation> {
    let user = who.user();
    case.independents.invitations.iter().filter(move |invitation| user.is_some() && invitation.user() == user)
}

pub async fn home(State(app): State<App>, session: Session) -> Result<Page, Error> {
    session.require(Action::SeeInvitation)?;
    let who = session.who(&app);
    let lines = app
        .blocking(move |app| {
            app.db.read("independents.home", |tx| -> Result<_, Error> {
                let mut lines = Vec::new();
                let Some(user) = who.user() else { return Ok(lines) };
                for id in store::cases(tx, who.authority, user)? {
                    let loaded = journal::load(tx, who.authority, id)?;
                    // The list holds nobody whom the policy does not let them see.
                    if authorise(&who, Action::SeeInvitation, &loaded).is_err() {
                        continue;
                    }
                    let (_, details) = records::person(tx, who.authority, id)?;
                    for invitation in own(&loaded.case, &who) {
                        let (state, colour) = state(&loaded.case, invitation, who.today);
                        let asked = loaded.case.advice(invitation.advice);
                        let waits = asked.and_then(|asked| asked.check_waiting());
                        lines.push(Line {
                            href: format!("/children/{id}/advice/{}/invited", invitation.advice),
                            name: details.display_name(),
                            state,
                            colour,
                            to_check: waits.map(|check| long_date(check.due_on())),
                        });
                    }
                }
                Ok(lines)
            })
        })
        .await?;
    Frame::for_session(&session, "What you are asked").here("/invited").render(&HomePage { lines })
}

struct Paper {
    id: Uuid,
    title: String,
    tag: Option<(&'static str, &'static str)>,
    is_shown: bool,
}

#[derive(Template)]
#[template(path = "independents/desk.html")]
struct DeskPage {
    case: CaseId,
    advice: AdviceId,
    name: String,
    born_on: String,
    setting: String,
    question: String,
    by: String,
    state: String,
    colour: &'static str,
    papers: Vec<Paper>,
    may_write: bool,
    is_signed: bool,
    may_check: bool,
}

/// The case and the invitation, for the professional who took it up.
fn desk(tx: &mut dyn Tx, who: &Who, id: CaseId, advice: AdviceId) -> Result<(Arc<Case>, Invitation), Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    authorise(who, Action::SeeInvitation, &loaded)?;
    let invitation = own(&loaded.case, who).find(|invitation| invitation.advice == advice).cloned();
    Ok((loaded.case, invitation.ok_or(Error::NotFound)?))
}

/// The papers that the family shows, while the assessment goes on: afterwards there is no purpose.
fn papers(tx: &mut dyn Tx, case: &Case, invitation: &Invitation) -> Result<Vec<records::DocumentLine>, Error> {
    let live = case.live_request().map(|request| request.advice.as_slice()).unwrap_or_default();
    if !live.iter().any(|asked| asked.id == invitation.advice) {
        return Ok(vec![]);
    }
    let mut documents = records::documents(tx, case.authority, case.id)?;
    documents.retain(|document| invitation.shared.contains(&DocumentId(document.id)) && !document.is_joined);
    Ok(documents)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let view = app
        .blocking(move |app| {
            app.db.read("independents.desk", |tx| -> Result<_, Error> {
                let (case, invitation) = desk(tx, &who, id, advice)?;
                let (_, details) = records::person(tx, who.authority, id)?;
                let texts = records::texts(tx, who.authority, id)?;
                let setting = match case.current_placement().map(|placement| placement.setting) {
                    Some(Setting::Establishment(urn)) => records::establishment_name(tx, urn.number())?,
                    Some(Setting::Elsewhere(code)) => code.label().to_owned(),
                    None => "None recorded".to_owned(),
                };
                let by = match invitation.by {
                    Some(by) => records::user_name(tx, who.authority, by.0)?.map(|(name, _)| name),
                    None => None,
                };
                let papers = papers(tx, &case, &invitation)?.into_iter().map(|line| Paper {
                    id: line.id,
                    tag: line.tag(),
                    is_shown: files::shown_of_sent(&line.media_type).0,
                    title: line.title,
                });
                let asked = case.advice(advice);
                let (state, colour) = state(&case, &invitation, who.today);
                let is_signed = asked.is_some_and(|asked| asked.signed_version().is_some());
                Ok(DeskPage {
                    case: id,
                    advice,
                    name: details.display_name(),
                    born_on: long_date(details.born_on),
                    setting,
                    question: texts.get(&invitation.question).cloned().unwrap_or_default(),
                    by: by.unwrap_or_else(|| "The family".to_owned()),
                    state,
                    colour,
                    papers: papers.collect(),
                    may_write: case.live_request().is_some()
                        && asked.is_some_and(|asked| asked.reply.is_none() || is_signed),
                    may_check: is_signed && asked.is_some_and(|asked| asked.check.is_some()),
                    is_signed,
                })
            })
        })
        .await?;
    Frame::for_session(&session, format!("What you are asked, {}", view.name))
        .here("/invited")
        .back("/invited", "Back")
        .render(&view)
}

/// A paper that the family shows.
pub async fn document(
    State(app): State<App>,
    session: Session,
    Path((id, advice, document)): Path<(CaseId, AdviceId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        let found = app.db.read("independents.document", |tx| -> Result<_, Error> {
            let (case, invitation) = desk(tx, &who, id, advice)?;
            papers(tx, &case, &invitation)?.into_iter().find(|line| line.id == document).ok_or(Error::NotFound)
        })?;
        crate::record::case_page::give(app, &headers, found)
    })
    .await
}
