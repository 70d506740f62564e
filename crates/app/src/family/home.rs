//! One card a child: where things are, what is next, who has it, by when.

use super::child::{Standing, standing};
use crate::journal;
use crate::record::store;
use crate::record::store::in_scope;
use crate::web::{Frame, Session, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use casework::access::{Action, Resource, Role, may};

const OWN: &str = concat!("SELECT c.case_id FROM cases c WHERE ", in_scope!(), " ORDER BY c.case_id LIMIT 50");

pub(crate) struct Card {
    pub case: CaseId,
    pub name: String,
    /// None where the young person does not share it.
    pub standing: Option<Standing>,
}

#[derive(Template)]
#[template(path = "family/home.html")]
struct HomePage {
    cards: Vec<Card>,
}

/// The children whom this person's family is.
///
/// # Errors
/// [`Error::NotAllowed`] when the person is nobody's family here.
pub(crate) async fn cards(app: &App, session: &Session) -> Result<Vec<Card>, Error> {
    session.require(Action::SeeOwnChild)?;
    let actor = session.signed_in.actor.clone();
    let today = app.clock.today();
    app.blocking(move |app| {
        app.db.read("family.home", |tx| -> Result<_, Error> {
            let mut cards = Vec::new();
            let scope = store::Scope::of(&actor, Action::SeeOwnChild);
            for row in tx.query(OWN, &scope.parameters())? {
                let id = CaseId(row.get(0)?);
                let case = journal::load(tx, actor.authority, id)?.case;
                let (_, details) = store::person(tx, actor.authority, id)?;
                let relations = case.relations();
                let is_shared = may(&actor, Action::SeeOwnRecord, &Resource::Case(&relations)).is_allowed();
                let standing = if is_shared { Some(standing(tx, &case, today)?) } else { None };
                cards.push(Card { case: id, name: details.display_name(), standing });
            }
            Ok(cards)
        })
    })
    .await
}

pub async fn show(State(app): State<App>, session: Session) -> Result<Response, Error> {
    let cards = cards(&app, &session).await?;
    match cards.as_slice() {
        [only] if session.signed_in.actor.role == Role::YoungPerson => Ok(see_other(&format!("/family/{}", only.case))),
        _ => Ok(Frame::for_session(&session, "My child").here("/family").render(&HomePage { cards })?.into_response()),
    }
}
