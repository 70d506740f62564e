//! Signing in and out.

use super::browser::Arriving;
use super::events::{self, Event, Outcome};
use super::reasons::{Part, Reason};
use super::{FAILURES_MAX, GUESSING_WINDOW, How, SignedIn, password_matches};
use super::{account, address, code_pages, events_page, oidc, passkeys, sessions, then};
use crate::web::{Frame, MaybeSession, Page, Posted, PostedOpenly, Typed, see_other, session};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show).post(sign_in))
        .route("/sign-in/code", get(code_pages::show).post(code_pages::send))
        .route("/sign-in/code/enter", get(code_pages::show_enter).post(code_pages::enter))
        .route("/sign-out", post(sign_out))
        .merge(oidc::routes())
        .merge(passkeys::routes())
        .merge(account::routes())
        .merge(address::routes())
        .merge(events_page::routes())
}

/// One person whom a demo offers.
struct DemoPerson {
    name: String,
    email: String,
    role: &'static str,
    area: String,
}

#[derive(Template)]
#[template(path = "access/sign_in.html")]
struct SignIn<'a> {
    f: crate::web::Fields<'a>,
    summary: govuk::Html,
    people: Vec<DemoPerson>,
    providers: &'a [oidc::Provider],
}

async fn show(
    State(app): State<App>,
    session: MaybeSession,
    jar: CookieJar,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let typed = Typed::decode(query.unwrap_or_default().as_bytes())?;
    let wanted = typed.find("then");
    if let Some(session) = &session.0 {
        let to = wanted.and_then(then::checked).unwrap_or_else(|| session.home());
        return Ok(Redirect::to(to).into_response());
    }
    let jar = then::keep(&app, jar, wanted);
    Ok((jar, page(&app, &Typed::default(), &[]).await?).into_response())
}

async fn page(app: &App, typed: &Typed, errors: &[FieldError]) -> Result<Page, Error> {
    let people = if app.settings.demo {
        let rows = app.blocking(|app| app.db.read("access.demo_people", super::demo_people)).await?;
        rows.into_iter().map(|(name, email, role, area)| DemoPerson { name, email, role: role.label(), area }).collect()
    } else {
        vec![]
    };
    let f = crate::web::Fields { typed, errors };
    Frame::public("Sign in").with_errors(errors).render(&SignIn {
        f,
        summary: crate::web::error_summary(errors),
        people,
        providers: app.settings.providers.all(),
    })
}

/// How many passwords are looked at together.
static PASSWORDS: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(8);

async fn sign_in(
    State(app): State<App>,
    arriving: Arriving,
    PostedOpenly(typed): PostedOpenly,
) -> Result<Response, Error> {
    let picked = typed.get("as").to_owned();
    let is_demo = app.settings.demo && !picked.is_empty();
    let result = if is_demo {
        app.blocking(move |app| pick(app, &picked)).await?
    } else {
        let (email, password) = (typed.get("email").to_owned(), typed.find("password").unwrap_or_default().to_owned());
        // Each takes 19 MB and a good part of a processor: strangers cannot have hundreds at once.
        let _turn =
            PASSWORDS.acquire().await.map_err(|cause| Error::Broken { step: "wait", cause: cause.to_string() })?;
        app.blocking(move |app| check(app, &email, &password)).await?
    };
    match result {
        Ok(person) => {
            let way = if is_demo { "demo" } else { "password" };
            let how = How { way: way.to_owned(), browser: arriving.browser, at_provider: None };
            begin_session(&app, arriving.jar, person, how).await
        }
        Err(error) => {
            let mut shown = Typed::default();
            shown.set("email", typed.get("email"));
            let page = page(&app, &shown, &[error]).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Signs this person in: a new session instead of the one that this browser had, and the page that they
/// asked for before, or the one where their work begins.
///
/// # Errors
/// When the database fails.
pub(crate) async fn begin_session(app: &App, jar: CookieJar, person: SignedIn, how: How) -> Result<Response, Error> {
    let token = super::browser::hex(&crate::ports::random_bytes::<32>());
    let before = session::token_in(app, &jar);
    let (wanted, jar) = then::take(app, jar);
    let (stored, to) = (token.clone(), wanted.unwrap_or_else(|| session::home(&person.actor).to_owned()));
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.write("access.start_session", |tx| {
            if let Some(before) = &before {
                sessions::end_session(tx, before)?;
            }
            let event = Event {
                subject_hash: how.at_provider.as_ref().map(|at| at.subject_hash),
                ..Event::of(person.actor.authority, person.actor.user)
            };
            events::note(tx, app, &how.way, Outcome::SignedIn, event)?;
            sessions::start_session(tx, &stored, &person, &how, now)
        })
    })
    .await?;
    Ok((jar.add(session::cookie(app, token)), see_other(&to)).into_response())
}

fn pick(app: &App, email: &str) -> Result<Result<SignedIn, FieldError>, Error> {
    let found = app.db.read("access.find_user", |tx| super::find_user(tx, email))?;
    Ok(match found {
        Some((person, _)) => Ok(person),
        None => Err(FieldError::new("email", "Choose one of the people below")),
    })
}

fn check(app: &App, email: &str, password: &str) -> Result<Result<SignedIn, FieldError>, Error> {
    if email.is_empty() {
        return Ok(Err(FieldError::new("email", "Enter your email address")));
    }
    if email.len() > super::codes::ADDRESS_BYTES_MAX {
        return Ok(Err(FieldError::new("email", "Enter an email address that is shorter than this")));
    }
    if password.is_empty() {
        return Ok(Err(FieldError::new("password", "Enter your password")));
    }
    let now = app.clock.now();
    let (found, failures) = app.db.read("access.find_user", |tx| -> Result<_, Error> {
        Ok((super::find_user(tx, email)?, super::failures_since(tx, email, now - GUESSING_WINDOW)?))
    })?;
    if failures >= FAILURES_MAX {
        let event = failed(found.as_ref().map(|(person, _)| person), email, Reason::TooManyTries);
        app.db.write("access.note_event", |tx| events::note(tx, app, "password", Outcome::Refused, event.clone()))?;
        return Ok(Err(FieldError::new("password", "Too many tries. Wait 15 minutes, then try again")));
    }
    // An unknown address costs as much time as a known one, so that timing does not tell them apart.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6SZ3tLNyNqY4V7o0K9Ky9xYyTSIkXW3UMYsB5EP6pRk";
    let (person, own) = match found {
        Some((person, hash)) => (Some(person), hash),
        None => (None, None),
    };
    // Whoever has no password is never let in by one.
    let has_password = own.is_some();
    let hash = own.unwrap_or_else(|| NOBODY.to_owned());
    let known = person.clone();
    let matches = password.len() <= 1024 && password_matches(password, &hash);
    match person {
        Some(person) if matches && has_password => Ok(Ok(person)),
        _ => {
            let id = app.ids.next();
            let event = failed(known.as_ref(), email, Reason::WrongPassword);
            app.db.write("access.note_failure", |tx| {
                super::note_failure(tx, email, id, now)?;
                events::note(tx, app, "password", Outcome::Refused, event.clone())
            })?;
            Ok(Err(FieldError::new("password", "Check your email address and password: they do not match anyone here")))
        }
    }
}

/// A try that failed, of the person whose address was typed if there is one.
pub(super) fn failed(known: Option<&SignedIn>, email: &str, reason: Reason) -> Event {
    let event = match known {
        Some(person) => Event::of(person.actor.authority, person.actor.user),
        None => Event::default(),
    };
    Event { address: Some(email.to_owned()), ..event }.because(Part::Access.is(reason))
}

#[derive(Template)]
#[template(path = "access/signed_out.html")]
struct SignedOut<'a> {
    name: &'a str,
    address: &'a str,
}

/// Ends the session, here first; then at the provider it was begun with.
async fn sign_out(State(app): State<App>, mut jar: CookieJar, parts: Parts, posted: Posted) -> Result<Response, Error> {
    drop(posted);
    let mut there = None;
    if let Some(token) = session::token_of(&app, &parts) {
        there = app.blocking(move |app| end(app, &token)).await?;
    }
    jar = jar.remove(session::cookie(&app, String::new()));
    let Some((name, address)) = there else { return Ok((jar, see_other("/sign-in")).into_response()) };
    // A form may lead to our own pages only: the browser is told to go on by itself.
    let page = Frame::public("You are signed out here").render(&SignedOut { name: &name, address: &address })?;
    Ok((jar, [(axum::http::header::REFRESH, format!("0; url={address}"))], page).into_response())
}

/// Ends this session, and says where its provider's page for signing out is.
fn end(app: &App, token: &str) -> Result<Option<(String, String)>, Error> {
    let left = app.db.write("access.end_session", |tx| -> Result<_, Error> {
        let Some(left) = sessions::leaving(tx, token)? else { return Ok(None) };
        sessions::end_session(tx, token)?;
        events::note(tx, app, &left.way, Outcome::SignedOut, Event::of(left.authority, left.user))?;
        Ok(Some(left))
    })?;
    let Some(left) = left else { return Ok(None) };
    let Some(provider) = app.settings.providers.find(&left.way) else { return Ok(None) };
    let id_token = left.sealed_token.and_then(|sealed| oidc::open_token(token, &sealed));
    Ok(oidc::leaving_address(app, provider, id_token).map(|address| (provider.entry.name.clone(), address)))
}
