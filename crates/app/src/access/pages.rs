//! Signing in and out.

use super::code_pages;
use super::{FAILURES_MAX, GUESSING_WINDOW, SignedIn, password_matches};
use crate::web::{Frame, MaybeSession, Page, Posted, PostedOpenly, Typed, see_other, session};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(show).post(sign_in))
        .route("/sign-in/code", get(code_pages::show).post(code_pages::send))
        .route("/sign-in/code/enter", get(code_pages::show_enter).post(code_pages::enter))
        .route("/sign-out", post(sign_out))
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
}

async fn show(State(app): State<App>, session: MaybeSession) -> Result<Response, Error> {
    if let Some(session) = &session.0 {
        return Ok(Redirect::to(session.home()).into_response());
    }
    Ok(page(&app, &Typed::default(), &[]).await?.into_response())
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
    })
}

async fn sign_in(State(app): State<App>, jar: CookieJar, PostedOpenly(typed): PostedOpenly) -> Result<Response, Error> {
    let picked = typed.get("as").to_owned();
    let result = if app.settings.demo && !picked.is_empty() {
        app.blocking(move |app| pick(app, &picked)).await?
    } else {
        let (email, password) = (typed.get("email").to_owned(), typed.find("password").unwrap_or_default().to_owned());
        app.blocking(move |app| check(app, &email, &password)).await?
    };
    match result {
        Ok(person) => begin_session(&app, jar, person).await,
        Err(error) => {
            let mut shown = Typed::default();
            shown.set("email", typed.get("email"));
            let page = page(&app, &shown, &[error]).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Signs this person in: a new session, and the page where their work begins.
///
/// # Errors
/// When the database fails.
pub(crate) async fn begin_session(app: &App, jar: CookieJar, person: SignedIn) -> Result<Response, Error> {
    let token: String = crate::ports::random_bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let (stored, home) = (token.clone(), session::home(&person.actor));
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.write("access.start_session", |tx| super::start_session(tx, &stored, &person, now))
    })
    .await?;
    let cookie = Cookie::build((session::COOKIE, token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings.secure_cookies)
        .build();
    Ok((jar.add(cookie), see_other(home)).into_response())
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
    if password.is_empty() {
        return Ok(Err(FieldError::new("password", "Enter your password")));
    }
    let now = app.clock.now();
    let (found, failures) = app.db.read("access.find_user", |tx| -> Result<_, Error> {
        Ok((super::find_user(tx, email)?, super::failures_since(tx, email, now - GUESSING_WINDOW)?))
    })?;
    if failures >= FAILURES_MAX {
        return Ok(Err(FieldError::new("password", "Too many tries. Wait 15 minutes, then try again")));
    }
    // An unknown address costs as much time as a known one, so that timing does not tell them apart.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$6SZ3tLNyNqY4V7o0K9Ky9xYyTSIkXW3UMYsB5EP6pRk";
    let (person, hash) = match found {
        Some((person, hash)) => (Some(person), hash.unwrap_or_else(|| NOBODY.to_owned())),
        None => (None, NOBODY.to_owned()),
    };
    let matches = password.len() <= 1024 && password_matches(password, &hash);
    match person {
        Some(person) if matches => Ok(Ok(person)),
        _ => {
            let id = app.ids.next();
            app.db.write("access.note_failure", |tx| super::note_failure(tx, email, id, now))?;
            Ok(Err(FieldError::new("password", "Check your email address and password: they do not match anyone here")))
        }
    }
}

async fn sign_out(State(app): State<App>, mut jar: CookieJar, parts: Parts, posted: Posted) -> Result<Response, Error> {
    drop(posted);
    if let Some(token) = session::token_of(&parts) {
        app.blocking(move |app| app.db.write("access.end_session", |tx| super::end_session(tx, &token))).await?;
    }
    jar = jar.remove(Cookie::build(session::COOKIE).path("/"));
    Ok((jar, see_other("/sign-in")).into_response())
}
