//! An account to follow a request that was sent: proved by the code of the form, and by one sent to
//! the person's own address.

use super::ask::{Code, Draft, find_draft};
use crate::access::browser::Arriving;
use crate::access::{
    How, NewUser, SignedIn, WRONG_CODE, add_user, begin_session, codes, email_of, enter_address, enter_page, find_user,
};
use crate::journal::{self, Act, By, ONLINE_FORM, Papers, Who};
use crate::record::store;
use crate::web::{Fields, Frame, MaybeSession, Page, Posted, PostedOpenly, Session, Typed, error_summary, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Role};
use casework::requests::Source;
use casework::{CaseId, Command, UserId, people};
use db::Tx;

const NOT_FOR_THIS: &str =
    "The account you are signed in with cannot follow this request. Make another one with another address below";

#[derive(Template)]
#[template(path = "family/claim.html")]
struct ClaimPage<'a> {
    code: &'a Code,
    f: Fields<'a>,
    summary: govuk::Html,
    /// Who is signed in already.
    own: Option<&'a Session>,
}

fn claim_page(code: &Code, own: Option<&Session>, typed: &Typed, errors: &[FieldError]) -> Result<Page, Error> {
    let own = own.filter(|session| session.may(Action::SeeOwnChild));
    let view = ClaimPage { code, f: Fields { typed, errors }, summary: error_summary(errors), own };
    let frame = match own {
        Some(session) => Frame::for_session(session, "Follow your request"),
        None => Frame::public("Follow your request"),
    };
    frame.back(format!("/ask/{code}"), "Back").with_errors(errors).render(&view)
}

/// What can be followed: a request that was sent by a parent or the young person.
struct Followed {
    draft: Draft,
    case: CaseId,
    role: Role,
    name: String,
    email: String,
}

fn followed(tx: &mut dyn Tx, app: &App, code: &Code) -> Result<Followed, Error> {
    let draft = find_draft(tx, code, app.clock.now())?;
    let (id, _) = draft.sent.ok_or(Error::NotFound)?;
    let case = journal::load(tx, draft.authority, id)?.case;
    // Who reads the record that is kept was decided when they were joined.
    if case.joined_into.is_some() {
        return Err(casework::Refusal::RecordJoined.into());
    }
    let contact =
        store::contacts(tx, draft.authority, id)?.into_iter().find(|contact| contact.relation.may_be_parent());
    let (role, name, email) = match case.own_requests().next().map(|request| request.source) {
        Some(Source::Parent) => {
            let contact = contact.ok_or(Error::NotFound)?;
            (Role::Parent, contact.name, contact.email)
        }
        Some(Source::YoungPerson) => {
            let (_, details) = store::person(tx, draft.authority, id)?;
            (Role::YoungPerson, details.display_name(), None)
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Followed { draft, case: id, role, name, email: email.unwrap_or_default() })
}

pub async fn show(State(app): State<App>, session: MaybeSession, Path(code): Path<Code>) -> Result<Page, Error> {
    let own = code.clone();
    let email = app.blocking(move |app| app.db.read("family.claim", |tx| followed(tx, app, &own))).await?.email;
    let mut typed = Typed::default();
    typed.set("email", email);
    claim_page(&code, session.0.as_ref(), &typed, &[])
}

/// Why an address cannot be used for this account.
fn objection(known: Option<&SignedIn>, followed: &Followed) -> Option<&'static str> {
    known
        .filter(|known| known.actor.role != followed.role || known.actor.authority != followed.draft.authority)
        .map(|_| "Use another address: this one signs in to something else here")
}

pub async fn send(
    State(app): State<App>,
    Path(code): Path<Code>,
    PostedOpenly(typed): PostedOpenly,
) -> Result<Response, Error> {
    let email = codes::plain(typed.get("email"));
    let (own, to) = (code.clone(), email.clone());
    let sent = app
        .blocking(move |app| {
            if !codes::is_address(&to) {
                return Err(Error::Fields(vec![FieldError::new(
                    "email",
                    "Enter an email address like name@example.com",
                )]));
            }
            let now = app.clock.now();
            app.db.write("family.send_code", |tx| {
                let followed = followed(tx, app, &own)?;
                codes::send(tx, app, followed.draft.authority, &to, now)
            })
        })
        .await;
    match sent {
        Ok(()) => Ok(see_other(&enter_address(&format!("/ask/{code}/account/code"), &email))),
        Err(Error::Fields(errors)) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, claim_page(&code, None, &typed, &errors)?).into_response())
        }
        Err(error) => Err(error),
    }
}

pub async fn show_code(
    State(app): State<App>,
    Path(code): Path<Code>,
    RawQuery(query): RawQuery,
) -> Result<Page, Error> {
    enter_page(&app, &email_of(query)?, &format!("/ask/{code}/account"), &[])
}

/// The account with this address, made if there is none, reads along with this child from now on.
fn let_in(tx: &mut dyn Tx, app: &App, followed: &Followed, email: &str) -> Result<SignedIn, Error> {
    let known = find_user(tx, email)?.map(|(person, _)| person);
    if let Some(why) = objection(known.as_ref(), followed) {
        return Err(Error::Fields(vec![FieldError::new("code", why)]));
    }
    let person = match known {
        Some(person) => person,
        None => {
            let user = NewUser {
                id: UserId(app.ids.next()),
                name: followed.name.clone(),
                email: email.to_owned(),
                role: followed.role,
                setting: None,
                body: None,
                password_hash: None,
            };
            add_user(tx, followed.draft.authority, &user)?;
            find_user(tx, email)?.map(|(person, _)| person).ok_or(Error::NotFound)?
        }
    };
    follow(tx, app, followed, &person)?;
    Ok(person)
}

/// This person reads along with this child from now on.
fn follow(tx: &mut dyn Tx, app: &App, followed: &Followed, person: &SignedIn) -> Result<(), Error> {
    let who = Who {
        by: By::System(ONLINE_FORM),
        authority: followed.draft.authority,
        now: app.clock.now(),
        today: app.clock.today(),
    };
    let commands = vec![Command::People(people::Command::LetFamilyIn { user: person.actor.user })];
    let act = Act { action: Action::SeeOwnChild, seen: None, commands, papers: Papers::default() };
    journal::act(tx, &who, followed.case, act)?;
    Ok(())
}

/// Follows the request with the account that is signed in: the code of the form proves enough.
pub async fn follow_as_self(
    State(app): State<App>,
    session: Session,
    Path(code): Path<Code>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    let (own, person) = (code.clone(), session.signed_in.clone());
    let done = app
        .blocking(move |app| {
            app.db.write("family.follow", |tx| {
                let followed = followed(tx, app, &own)?;
                match objection(Some(&person), &followed) {
                    Some(_) => Err(Error::Fields(vec![FieldError::new("form", NOT_FOR_THIS)])),
                    None => follow(tx, app, &followed, &person),
                }
            })
        })
        .await;
    match done {
        Ok(()) => Ok(see_other("/family")),
        Err(Error::Fields(errors)) => {
            let page = claim_page(&code, Some(&session), &Typed::default(), &errors)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error),
    }
}

pub async fn open(
    State(app): State<App>,
    Path(code): Path<Code>,
    arriving: Arriving,
    PostedOpenly(typed): PostedOpenly,
) -> Result<Response, Error> {
    let email = codes::plain(typed.get("email"));
    let (own, to, digits) = (code.clone(), email.clone(), typed.get("code").to_owned());
    let opened = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("family.open_account", |tx| {
                let followed = followed(tx, app, &own)?;
                // A wrong try is counted: that is recorded, and so is no error here.
                if !codes::check(tx, &to, &digits, now)? {
                    return Ok(None);
                }
                let_in(tx, app, &followed, &to).map(Some)
            })
        })
        .await;
    let errors = match opened {
        Ok(Some(person)) => {
            let how = How { way: "code".to_owned(), browser: arriving.browser, at_provider: None };
            return begin_session(&app, arriving.jar, person, how).await;
        }
        Ok(None) => vec![FieldError::new("code", WRONG_CODE)],
        Err(Error::Fields(errors)) => errors,
        Err(error) => return Err(error),
    };
    let page = enter_page(&app, &email, &format!("/ask/{code}/account"), &errors)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
