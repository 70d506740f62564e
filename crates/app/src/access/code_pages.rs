//! The pages of a code: ask for one, type it in.

use super::browser::Arriving;
use super::events::{self, Outcome};
use super::pages::{begin_session, failed};
use super::reasons::Reason;
use super::{How, codes, find_user};
use crate::web::{Choice, Fields, Frame, Page, PostedOpenly, Typed, error_summary, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Role;

/// What is said of a code that does not fit, whatever the reason.
pub const WRONG_CODE: &str =
    "This is not the code that was sent last, or it no longer works. Check it, or ask for a new one";

/// Whether people of this role sign in with a code. Staff have passwords.
pub fn may_use_codes(role: Role) -> bool {
    matches!(role, Role::Parent | Role::YoungPerson | Role::Independent)
}

#[derive(Template)]
#[template(path = "access/ask_code.html")]
struct AskCode<'a> {
    f: Fields<'a>,
    summary: govuk::Html,
    ways: Vec<Choice>,
}

fn ask_page(typed: &Typed, errors: &[FieldError]) -> Result<Page, Error> {
    let mut typed = typed.clone();
    if typed.get("by").is_empty() {
        typed.set("by", "email");
    }
    let ways = vec![
        ("email".to_owned(), "To my email address".to_owned()),
        ("text".to_owned(), "To the mobile number that I confirmed here".to_owned()),
    ];
    let view = AskCode { f: Fields { typed: &typed, errors }, summary: error_summary(errors), ways };
    Frame::public("Sign in with a code").back("/sign-in", "Back").with_errors(errors).render(&view)
}

pub async fn show() -> Result<Page, Error> {
    ask_page(&Typed::default(), &[])
}

/// Where the code is typed in.
pub fn enter_address(before: &str, email: &str) -> String {
    let email: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
    format!("{before}?email={email}")
}

/// Sends a code. The answer is the same whether anyone has this address: it is not told here.
pub async fn send(State(app): State<App>, PostedOpenly(typed): PostedOpenly) -> Result<Response, Error> {
    let email = codes::plain(typed.get("email"));
    if !email.contains('@') {
        let page = ask_page(&typed, &[FieldError::new("email", "Enter an email address like name@example.com")])?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let to = email.clone();
    let by_text = typed.get("by") == "text";
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.write("access.send_code", |tx| match find_user(tx, &to)? {
            Some((person, _)) if may_use_codes(person.actor.role) && by_text => {
                codes::send_by_text(tx, app, (person.actor.authority, person.actor.user), &to, now)
            }
            Some((person, _)) if may_use_codes(person.actor.role) => {
                codes::send(tx, app, person.actor.authority, &to, now)
            }
            _ => Ok(()),
        })
    })
    .await?;
    let enter = enter_address("/sign-in/code/enter", &email);
    Ok(see_other(&if by_text { format!("{enter}&by=text") } else { enter }))
}

#[derive(Template)]
#[template(path = "access/enter_code.html")]
struct EnterCode<'a> {
    f: Fields<'a>,
    summary: govuk::Html,
    email: &'a str,
    is_demo: bool,
    again: &'a str,
    by_text: bool,
}

/// The page on which a code is typed in; `again` leads to where one is asked for.
pub fn enter_page(app: &App, email: &str, again: &str, errors: &[FieldError]) -> Result<Page, Error> {
    enter_page_by(app, email, again, false, errors)
}

fn enter_page_by(app: &App, email: &str, again: &str, by_text: bool, errors: &[FieldError]) -> Result<Page, Error> {
    let typed = Typed::default();
    let view = EnterCode {
        f: Fields { typed: &typed, errors },
        summary: error_summary(errors),
        email,
        is_demo: app.settings.demo,
        again,
        by_text,
    };
    Frame::public("Enter the code").back(again, "Back").with_errors(errors).render(&view)
}

/// The address that the code was sent to, out of the page's own address.
pub fn email_of(query: Option<String>) -> Result<String, Error> {
    Ok(codes::plain(Typed::decode(query.unwrap_or_default().as_bytes())?.get("email")))
}

pub async fn show_enter(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Page, Error> {
    let by_text = Typed::decode(query.as_deref().unwrap_or_default().as_bytes())?.get("by") == "text";
    enter_page_by(&app, &email_of(query)?, "/sign-in/code", by_text, &[])
}

pub async fn enter(
    State(app): State<App>,
    arriving: Arriving,
    PostedOpenly(typed): PostedOpenly,
) -> Result<Response, Error> {
    let email = codes::plain(typed.get("email"));
    let (own, code) = (email.clone(), typed.get("code").to_owned());
    // A code by text is kept under a name of its own: it cannot be one that was sent to the address.
    let by_text = typed.get("by") == "text";
    let (key, way) = if by_text { (codes::text_key(&email), "text") } else { (email.clone(), "code") };
    let person = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("access.check_code", |tx| -> Result<_, Error> {
                if !codes::check(tx, &key, &code, now)? {
                    let known = find_user(tx, &own)?.map(|(person, _)| person);
                    let event = failed(known.as_ref(), &own, Reason::WrongCode);
                    events::note(tx, app, way, Outcome::Refused, event)?;
                    return Ok(None);
                }
                Ok(find_user(tx, &own)?.map(|(person, _)| person).filter(|p| may_use_codes(p.actor.role)))
            })
        })
        .await?;
    match person {
        Some(person) => {
            let how = How { way: way.to_owned(), browser: arriving.browser, at_provider: None };
            begin_session(&app, arriving.jar, person, how).await
        }
        None => {
            let errors = [FieldError::new("code", WRONG_CODE)];
            let page = enter_page_by(&app, &email, "/sign-in/code", by_text, &errors)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
