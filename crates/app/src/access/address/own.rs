//! A family changes its own address: signed in by text, with a passkey or while the old one still works.

use super::store::{self, Kept};
use crate::access::code_pages::may_use_codes;
use crate::ports::london_time;
use crate::web::{Fields, Frame, Page, Posted, Problem, Session, Typed, error_summary, long_date, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::recovery::State as Stands;

fn only_families(session: &Session) -> Result<(), Error> {
    if may_use_codes(session.signed_in.actor.role) { Ok(()) } else { Err(Error::NotAllowed) }
}

#[derive(Template)]
#[template(path = "access/address/own.html")]
struct OwnPage<'a> {
    csrf: &'a str,
    done: govuk::Html,
    summary: govuk::Html,
    f: Fields<'a>,
    email: String,
    new_email: String,
    /// The day from which the new one works.
    held_until: Option<String>,
    is_unproved: bool,
}

/// "Thursday 26 November 2026 at 10:00am".
pub(super) fn when(at: jiff::Timestamp) -> String {
    let time = london_time(at);
    format!("{} at {}", long_date(time.date()), time.strftime("%-I:%M%P"))
}

async fn open(app: &App, session: &Session) -> Result<(String, Option<Kept>), Error> {
    let actor = session.signed_in.actor.clone();
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.read("address.own", |tx| {
            let email = crate::access::address_of(tx, actor.authority, actor.user)?;
            Ok::<_, Error>((email, store::open_of(tx, actor.authority, actor.user, now)?))
        })
    })
    .await
}

async fn page(app: &App, session: &Session, done: &str, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    let (email, kept) = open(app, session).await?;
    let said = match done {
        "held" => "The new address is yours. It works in three days.",
        "stopped" => "It is stopped. You sign in as before.",
        _ => "",
    };
    let view = OwnPage {
        csrf: &session.csrf,
        done: if said.is_empty() { govuk::Html::default() } else { govuk::NotificationBanner::success(said).into() },
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        email,
        new_email: kept.as_ref().map(|kept| kept.new_email.clone()).unwrap_or_default(),
        held_until: kept.as_ref().and_then(|kept| kept.change.takes_effect_at).map(when),
        is_unproved: kept
            .as_ref()
            .is_some_and(|kept| kept.change.state == Stands::Unproved && kept.change.seen_by.is_none()),
    };
    Frame::for_session(session, "Change your email address")
        .back("/account/sign-in", "Signing in and security")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, RawQuery(query): RawQuery) -> Result<Page, Error> {
    only_families(&session)?;
    let query = Typed::decode(query.unwrap_or_default().as_bytes())?;
    page(&app, &session, query.get("done"), &Typed::default(), &Problem::default()).await
}

pub async fn save(State(app): State<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    only_families(&session)?;
    let (actor, email) = (session.signed_in.actor.clone(), typed.get("email").to_owned());
    let begun = app
        .blocking(move |app| {
            app.db.write("address.begin", |tx| store::begin(tx, app, (actor.authority, actor.user), &email, None))
        })
        .await;
    match begun {
        Ok(_) => Ok(see_other("/account/address/code")),
        Err(error) => {
            let page = page(&app, &session, "", &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "access/address/code.html")]
pub(super) struct CodePage<'a> {
    pub csrf: &'a str,
    pub summary: govuk::Html,
    pub f: Fields<'a>,
    pub email: String,
    pub here: String,
    pub is_demo: bool,
    /// The staff type what the person reads to them.
    pub is_staff: bool,
}

/// The page on which the code that was sent to the new address is typed in.
pub(super) fn code_page(
    app: &App,
    session: &Session,
    (email, here): (&str, &str),
    is_staff: bool,
    errors: &[FieldError],
) -> Result<Response, Error> {
    let typed = Typed::default();
    let view = CodePage {
        csrf: &session.csrf,
        summary: error_summary(errors),
        f: Fields { typed: &typed, errors },
        email: email.to_owned(),
        here: here.to_owned(),
        is_demo: app.settings.demo,
        is_staff,
    };
    let back =
        if is_staff { ("/restores", "Lost addresses") } else { ("/account/address", "Change your email address") };
    let page = Frame::for_session(session, "Confirm the new address")
        .back(back.0, back.1)
        .with_errors(errors)
        .render(&view)?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page).into_response())
}

const HERE: &str = "/account/address/code";

/// Their own change that waits for its code.
fn own_unproved(kept: Option<Kept>) -> Option<Kept> {
    kept.filter(|kept| kept.change.state == Stands::Unproved && kept.change.seen_by.is_none())
}

pub async fn show_code(State(app): State<App>, session: Session) -> Result<Response, Error> {
    only_families(&session)?;
    match own_unproved(open(&app, &session).await?.1) {
        Some(kept) => code_page(&app, &session, (&kept.new_email, HERE), false, &[]),
        None => Ok(see_other("/account/address")),
    }
}

pub async fn enter_code(State(app): State<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    only_families(&session)?;
    let Some(kept) = own_unproved(open(&app, &session).await?.1) else { return Ok(see_other("/account/address")) };
    let (change, code) = (kept.clone(), typed.get("code").to_owned());
    let is_right =
        app.blocking(move |app| app.db.write("address.prove", |tx| store::prove(tx, app, &change, &code))).await?;
    if is_right {
        return Ok(see_other("/account/address?done=held"));
    }
    let errors = [FieldError::new("code", crate::access::WRONG_CODE)];
    code_page(&app, &session, (&kept.new_email, HERE), false, &errors)
}

pub async fn cancel(State(app): State<App>, session: Session, posted: Posted) -> Result<Response, Error> {
    drop(posted);
    only_families(&session)?;
    if let Some(kept) = open(&app, &session).await?.1 {
        app.blocking(move |app| {
            app.db.write("address.cancel", |tx| {
                // As it is now, and not as it was when it was read.
                let kept = store::find(tx, kept.authority, kept.id)?;
                store::stop(tx, app, &kept, false)
            })
        })
        .await?;
    }
    Ok(see_other("/account/address?done=stopped"))
}
