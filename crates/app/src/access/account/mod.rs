//! A person's own page about signing in: where they are signed in, their passkeys, the ways in.
//!
//! | address | page |
//! |---|---|
//! | `/account/sign-in` | signing in and security |
//! | `/account/sign-in/places/{place}/end` | sign out in one other place |
//! | `/account/sign-in/everywhere` | sign out everywhere, here too |

use super::events::{self, Event, Outcome};
use super::passkeys::store as passkeys;
use super::{code_pages, sessions};
use crate::api::tokens::store as tokens;
use crate::ports::london_time;
use crate::web::{Frame, Page, Posted, Session, Typed, see_other, session};
use crate::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use uuid::Uuid;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/account/sign-in", get(show))
        .route("/account/sign-in/places/{place}/end", post(end_place))
        .route("/account/sign-in/everywhere", post(end_everywhere))
}

/// "Monday 23 November 2026 at 10:05am".
fn when(at: Timestamp) -> String {
    let time = london_time(at);
    format!("{} at {}", crate::web::long_date(time.date()), time.strftime("%-I:%M%P"))
}

/// A way to sign in as people say it.
pub(super) fn way_words(app: &App, way: &str) -> String {
    match way {
        "password" => "a password".to_owned(),
        "code" => "a code by email".to_owned(),
        "text" => "a code by text".to_owned(),
        "in_person" => "somebody who saw them in person".to_owned(),
        "passkey" => "a passkey".to_owned(),
        "demo" => "a choice of the demo".to_owned(),
        "account" => "the page of their account".to_owned(),
        "operator" => "a command of the operator".to_owned(),
        other => match app.settings.providers.find(other) {
            Some(provider) => provider.entry.name.clone(),
            None => other.to_owned(),
        },
    }
}

struct Place {
    id: Uuid,
    is_this: bool,
    browser: String,
    way: String,
    started: String,
    seen: String,
}

struct Key {
    id: Uuid,
    name: String,
    added: String,
    used: Option<String>,
}

#[derive(Template)]
#[template(path = "access/account/page.html")]
struct AccountPage<'a> {
    csrf: &'a str,
    done: govuk::Html,
    email: String,
    has_codes: bool,
    places: Vec<Place>,
    keys: Vec<Key>,
}

async fn show(
    State(app): State<App>,
    session: Session,
    RawQuery(query): RawQuery,
    parts: Parts,
) -> Result<Page, Error> {
    let actor = session.signed_in.actor.clone();
    let token = session::token_of(&app, &parts).ok_or(Error::SignedOut)?;
    let said = match Typed::decode(query.unwrap_or_default().as_bytes())?.get("done") {
        "passkey-added" => "The passkey is added. You can sign in with it from now on.",
        "passkey-removed" => "The passkey is removed here. You may want to delete it on your device too.",
        "place-ended" => "You are signed out there.",
        _ => "",
    };
    let (email, places, keys) = app
        .blocking(move |app| {
            app.db.read("account.sign_in", |tx| -> Result<_, Error> {
                let email = super::address_of(tx, actor.authority, actor.user)?;
                let places = sessions::places(tx, actor.authority, actor.user, &token, app.clock.now())?;
                Ok((email, places, passkeys::of_user(tx, actor.authority, actor.user)?))
            })
        })
        .await?;
    let places = places
        .into_iter()
        .map(|place| Place {
            id: place.id,
            is_this: place.is_this,
            browser: place.browser,
            way: way_words(&app, &place.way),
            started: when(place.started_at),
            seen: when(place.seen_at),
        })
        .collect();
    let keys = keys
        .into_iter()
        .map(|key| Key { id: key.id, name: key.name, added: when(key.added_at), used: key.used_at.map(when) })
        .collect();
    let done = if said.is_empty() { govuk::Html::default() } else { govuk::NotificationBanner::success(said).into() };
    let has_codes = code_pages::may_use_codes(session.signed_in.actor.role);
    let view = AccountPage { csrf: &session.csrf, done, email, has_codes, places, keys };
    Frame::for_session(&session, "Signing in and security").render(&view)
}

async fn end_place(
    State(app): State<App>,
    session: Session,
    Path(place): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    let actor = session.signed_in.actor.clone();
    app.blocking(move |app| {
        app.db.write("account.end_place", |tx| -> Result<(), Error> {
            if sessions::end_one(tx, actor.authority, actor.user, place)? {
                let event = Event::of(actor.authority, actor.user);
                events::note(tx, app, "account", Outcome::EndedElsewhere, event)?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(see_other("/account/sign-in?done=place-ended"))
}

async fn end_everywhere(
    State(app): State<App>,
    session: Session,
    jar: CookieJar,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    let actor = session.signed_in.actor.clone();
    app.blocking(move |app| {
        app.db.write("account.end_everywhere", |tx| -> Result<(), Error> {
            sessions::end_all(tx, actor.authority, actor.user)?;
            tokens::revoke_all(tx, actor.authority, actor.user, app.clock.now())?;
            let event = Event::of(actor.authority, actor.user);
            events::note(tx, app, "account", Outcome::EndedEverywhere, event)?;
            Ok(())
        })
    })
    .await?;
    Ok((jar.remove(session::cookie(&app, String::new())), see_other("/sign-in")).into_response())
}
