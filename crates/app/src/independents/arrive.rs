//! The professional's way in: the link of the invitation, a code to the address it was sent to.

use super::store::{self, Link};
use crate::access::browser::Arriving;
use crate::access::{
    How, NewUser, SignedIn, WRONG_CODE, add_user, begin_session, codes, enter_page, find_user, is_address_taken,
};
use crate::journal::{self, Act, By, ONLINE_FORM, Papers, Who};
use crate::record::store as records;
use crate::web::{Frame, Page, PostedOpenly, long_date, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Role};
use casework::{Command, UserId, independents};
use db::Tx;

const ELSEWHERE: &str =
    "This address signs in to something else here. Ask the family to invite you with another address";

/// Why an invitation cannot be taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Used,
    Ended,
    NotAskedAnyMore,
}

#[derive(Template)]
#[template(path = "independents/arrive.html")]
struct ArrivePage {
    link: String,
    area: String,
    email: String,
    until: String,
    over: Option<Over>,
}

/// "j…@speech.example": enough for whoever knows it.
fn masked(email: &str) -> String {
    match email.split_once('@') {
        Some((name, place)) => format!("{}…@{place}", name.chars().next().unwrap_or_default()),
        None => String::new(),
    }
}

/// What the link leads to, and whether it can still be taken up.
fn found(tx: &mut dyn Tx, app: &App, link: &str) -> Result<(Link, Option<Over>), Error> {
    if link.len() != 32 {
        return Err(Error::NotFound);
    }
    let found = store::find_link(tx, link)?;
    let case = journal::load(tx, found.authority, found.case)?.case;
    let invitation = case.independents.invitation(found.advice).ok_or(Error::NotFound)?;
    let is_live = case.live_request().is_some() && case.joined_into.is_none();
    let over = if found.was_used || invitation.accepted.is_some() {
        Some(Over::Used)
    } else if invitation.withdrawn_on.is_some() || !is_live {
        Some(Over::NotAskedAnyMore)
    } else if app.clock.now() >= found.ends_at || !invitation.is_waiting(app.clock.today()) {
        Some(Over::Ended)
    } else {
        None
    };
    Ok((found, over))
}

pub async fn show(State(app): State<App>, Path(link): Path<String>) -> Result<Page, Error> {
    let own = link.clone();
    let (found, over, area) = app
        .blocking(move |app| {
            app.db.read("independents.arrive", |tx| -> Result<_, Error> {
                let (found, over) = found(tx, app, &own)?;
                let (_, area, _) = records::authority(tx, found.authority)?;
                Ok((found, over, area))
            })
        })
        .await?;
    let until = long_date(crate::ports::london_time(found.ends_at).date().yesterday().unwrap_or_default());
    let view = ArrivePage { link, area, email: masked(&found.email), until, over };
    Frame::public("A family asks for your advice").render(&view)
}

pub async fn send(
    State(app): State<App>,
    Path(link): Path<String>,
    PostedOpenly(_): PostedOpenly,
) -> Result<Response, Error> {
    let own = link.clone();
    let is_open = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("independents.send_code", |tx| -> Result<_, Error> {
                let (found, over) = found(tx, app, &own)?;
                if over.is_none() {
                    codes::send(tx, app, found.authority, &found.email, now)?;
                }
                Ok(over.is_none())
            })
        })
        .await?;
    Ok(see_other(&if is_open { format!("/invited/{link}/code") } else { format!("/invited/{link}") }))
}

async fn code_page(app: &App, link: &str, errors: &[FieldError]) -> Result<Page, Error> {
    let own = link.to_owned();
    let (found, over) = app.blocking(move |app| app.db.read("independents.code", |tx| found(tx, app, &own))).await?;
    if over.is_some() {
        return Err(Error::NotFound);
    }
    enter_page(app, &masked(&found.email), &format!("/invited/{link}"), errors)
}

pub async fn show_code(State(app): State<App>, Path(link): Path<String>) -> Result<Page, Error> {
    code_page(&app, &link, &[]).await
}

/// The account with this address, made if there is none; the advice is asked for from now on.
fn let_in(tx: &mut dyn Tx, app: &App, link: &str, found: &Link) -> Result<SignedIn, Error> {
    let elsewhere = || Error::Fields(vec![FieldError::new("code", ELSEWHERE)]);
    let person = match find_user(tx, &found.email)?.map(|(person, _)| person) {
        Some(known) if known.actor.role == Role::Independent && known.actor.authority == found.authority => known,
        Some(_) => return Err(elsewhere()),
        None if is_address_taken(tx, &found.email)? => return Err(elsewhere()),
        None => {
            let user = NewUser {
                id: UserId(app.ids.next()),
                name: found.name.clone(),
                email: found.email.clone(),
                role: Role::Independent,
                setting: None,
                body: None,
                password_hash: None,
            };
            add_user(tx, found.authority, &user)?;
            find_user(tx, &found.email)?.map(|(person, _)| person).ok_or(Error::NotFound)?
        }
    };
    let now = app.clock.now();
    if !store::use_link(tx, link, now)? {
        return Err(Error::NotFound);
    }
    let who = Who { by: By::System(ONLINE_FORM), authority: found.authority, now, today: app.clock.today() };
    let command = independents::Command::Accept { advice: found.advice, user: person.actor.user };
    let commands = vec![Command::Independents(command)];
    let act = Act { action: Action::SeeInvitation, seen: None, commands, papers: Papers::default() };
    journal::act(tx, &who, found.case, act)?;
    Ok(person)
}

pub async fn open(
    State(app): State<App>,
    Path(link): Path<String>,
    arriving: Arriving,
    PostedOpenly(typed): PostedOpenly,
) -> Result<Response, Error> {
    let (own, digits) = (link.clone(), typed.get("code").to_owned());
    let opened = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("independents.open", |tx| -> Result<_, Error> {
                let (found, over) = found(tx, app, &own)?;
                if over.is_some() {
                    return Ok(Err(true));
                }
                // A wrong try is counted: that is recorded, and so is no error here.
                if !codes::check(tx, &found.email, &digits, now)? {
                    return Ok(Err(false));
                }
                let_in(tx, app, &own, &found).map(Ok)
            })
        })
        .await;
    let errors = match opened {
        Ok(Ok(person)) => {
            let how = How { way: "code".to_owned(), browser: arriving.browser, at_provider: None };
            return begin_session(&app, arriving.jar, person, how).await;
        }
        Ok(Err(true)) => return Ok(see_other(&format!("/invited/{link}"))),
        Ok(Err(false)) => vec![FieldError::new("code", WRONG_CODE)],
        Err(Error::Fields(errors)) => errors,
        Err(Error::Refused(refusal)) => vec![FieldError::new("code", refusal.to_string())],
        Err(error) => return Err(error),
    };
    let page = code_page(&app, &link, &errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
