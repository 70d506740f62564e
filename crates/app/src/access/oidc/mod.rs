//! Signing in with an account that people have elsewhere, by OpenID Connect: authorisation code,
//! PKCE, state bound to the browser, nonce.
//!
//! | address | what |
//! |---|---|
//! | `/sign-in/with/{provider}` | off to the provider |
//! | `/sign-in/with/{provider}/back` | back from it |
//! | `/sign-in/with/{provider}/ended` | the provider says that a session ended (back-channel logout) |
//!
//! `exchange` and `tokens` decide whether an answer can be believed, `admit` who of our people it is.

mod admit;
mod attempts;
mod exchange;
mod http;
mod identity;
mod leaving;
mod provider;
pub mod settings;
mod tokens;

pub(super) use leaving::{address as leaving_address, open as open_token, seal as seal_token};
pub use provider::Provider;
pub use settings::Providers;
pub(crate) use settings::is_safe;

use self::exchange::Proven;
use super::browser::{Arriving, BrowserSecret, hex};
use super::events::{self, Event, Outcome};
use super::reasons::{Part, Reason, Stopped};
use super::sessions::{AtProvider, How};
use super::{SignedIn, begin_session};
use crate::ports::random_bytes;
use crate::web::{Frame, Typed};
use crate::{App, Error};
use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

/// Most bytes of what a provider sends when a session ended.
const LOGOUT_BYTES_MAX: usize = 64 * 1024;
/// Most characters of a code that a browser brings back.
const CODE_CHARS_MAX: usize = 4096;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/with/{provider}", get(set_out))
        .route("/sign-in/with/{provider}/back", get(come_back))
        .route("/sign-in/with/{provider}/ended", post(ended).layer(DefaultBodyLimit::max(LOGOUT_BYTES_MAX)))
}

/// Whether every provider knows the people of an area that is here.
///
/// # Errors
/// In words for whoever runs the installation.
pub fn check_areas(app: &App) -> Result<(), String> {
    for provider in app.settings.providers.all() {
        let found = app.db.read("access.check_area", |tx| admit::area_of(tx, provider));
        found.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn provider_of<'a>(app: &'a App, id: &str) -> Result<&'a Provider, Error> {
    app.settings.providers.find(id).ok_or(Error::NotFound)
}

fn redirect_of(app: &App, provider: &Provider) -> String {
    format!("{}/sign-in/with/{}/back", app.settings.address(), provider.entry.id)
}

async fn set_out(State(app): State<App>, Path(id): Path<String>, arriving: Arriving) -> Result<Response, Error> {
    provider_of(&app, &id)?;
    let (browser, jar) = BrowserSecret::of(&app, arriving.jar);
    let own = id.clone();
    let address = app
        .blocking(move |app| {
            let (provider, now) = (provider_of(app, &own)?, app.clock.now());
            let state = hex(&random_bytes::<32>());
            let secrets = attempts::secrets(&browser, &state);
            match attempts::address(provider, &redirect_of(app, provider), &state, &secrets, now) {
                Ok(address) => {
                    app.db.write("access.set_out", |tx| attempts::begin(tx, provider, &browser, &state, now))?;
                    Ok(Ok(address))
                }
                Err(stopped) => note_refused(app, provider, Event::default().because(stopped)).map(Err),
            }
        })
        .await?;
    match address {
        Ok(address) => Ok((jar, Redirect::to(&address)).into_response()),
        Err(refused) => refused.page(&app, &id),
    }
}

/// What somebody who was not let in is shown.
struct Refused {
    stopped: Stopped,
    reference: String,
}

fn note_refused(app: &App, provider: &Provider, event: Event) -> Result<Refused, Error> {
    let stopped = event.reason.unwrap_or(Part::Way.is(Reason::StateUnknown));
    let outcome = match stopped.reason {
        Reason::NobodyHere | Reason::AddressNotVerified => Outcome::NoAccount,
        _ => Outcome::Refused,
    };
    let reference = app.db.write("access.note_refused", |tx| -> Result<String, Error> {
        let area = match event.authority {
            Some(area) => area,
            None => admit::area_of(tx, provider)?,
        };
        let event = Event { authority: Some(area), ..event.clone() };
        events::note(tx, app, &provider.entry.id, outcome, event)
    })?;
    Ok(Refused { stopped, reference })
}

#[derive(Template)]
#[template(path = "access/oidc/refused.html")]
struct RefusedPage<'a> {
    title: &'static str,
    name: &'a str,
    reference: &'a str,
    has_no_account: bool,
    is_for_families: bool,
    is_away: bool,
    may_have_waited: bool,
}

impl Refused {
    fn page(&self, app: &App, id: &str) -> Result<Response, Error> {
        let provider = provider_of(app, id)?;
        let reason = self.stopped.reason;
        let has_no_account = self.stopped.part == Part::Access;
        let is_away = reason == Reason::ProviderAway;
        let title = if has_no_account { "You have no account here yet" } else { "You are not signed in" };
        let view = RefusedPage {
            title,
            name: &provider.entry.name,
            reference: &self.reference,
            has_no_account,
            is_for_families: provider.entry.kind == settings::Kind::OneLogin,
            is_away,
            may_have_waited: matches!(reason, Reason::StateUnknown | Reason::RefusedThere),
        };
        let status = if is_away { StatusCode::BAD_GATEWAY } else { StatusCode::FORBIDDEN };
        let page = Frame::public(title).back("/sign-in", "Back to signing in").render(&view)?;
        Ok((status, page).into_response())
    }
}

/// What a browser brings back.
struct Brought {
    state: String,
    code: String,
    error: String,
    issuer: Option<String>,
}

impl Brought {
    fn read(query: Option<String>) -> Result<Brought, Error> {
        let typed = Typed::decode(query.unwrap_or_default().as_bytes())?;
        Ok(Brought {
            state: typed.get("state").to_owned(),
            code: typed.get("code").to_owned(),
            error: typed.get("error").to_owned(),
            issuer: typed.find("iss").map(str::to_owned),
        })
    }
}

async fn come_back(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    arriving: Arriving,
) -> Result<Response, Error> {
    provider_of(&app, &id)?;
    let brought = Brought::read(query)?;
    let browser = BrowserSecret::find(&app, &arriving.jar);
    let own = id.clone();
    let result = app
        .blocking(move |app| {
            let provider = provider_of(app, &own)?;
            match prove(app, provider, browser.as_ref(), &brought)? {
                Ok(proven) => let_in(app, provider, proven),
                Err(stopped) => note_refused(app, provider, Event::default().because(stopped)).map(Err),
            }
        })
        .await?;
    match result {
        Ok((person, at_provider)) => {
            let how = How { way: id, browser: arriving.browser, at_provider: Some(at_provider) };
            begin_session(&app, arriving.jar, person, how).await
        }
        Err(refused) => refused.page(&app, &id),
    }
}

fn prove(
    app: &App,
    provider: &Provider,
    browser: Option<&BrowserSecret>,
    brought: &Brought,
) -> Result<Result<Proven, Stopped>, Error> {
    let now = app.clock.now();
    let wrong = |reason| Ok(Err(Part::Way.is(reason)));
    let Some(browser) = browser else { return wrong(Reason::StateUnknown) };
    let is_taken = app.db.write("access.come_back", |tx| attempts::take(tx, provider, browser, &brought.state, now))?;
    if !is_taken {
        return wrong(Reason::StateUnknown);
    }
    // RFC 9207: who answers says so, and it has to be who was asked.
    let metadata = match provider.metadata(now) {
        Ok(metadata) => metadata,
        Err(stopped) => return Ok(Err(stopped)),
    };
    let is_other = match &brought.issuer {
        Some(issuer) => *issuer != provider.entry.issuer,
        None => metadata.authorization_response_iss_parameter_supported,
    };
    if is_other {
        return wrong(Reason::ProviderDiffers);
    }
    if !brought.error.is_empty() || brought.code.is_empty() || brought.code.len() > CODE_CHARS_MAX {
        return wrong(Reason::RefusedThere);
    }
    let secrets = attempts::secrets(browser, &brought.state);
    Ok(exchange::prove(provider, &brought.code, &redirect_of(app, provider), &secrets, now))
}

type LetIn = Result<(SignedIn, AtProvider), Refused>;

fn let_in(app: &App, provider: &Provider, proven: Proven) -> Result<LetIn, Error> {
    let admitted = app.db.write("access.admit", |tx| admit::admit(tx, app, provider, &proven))?;
    match admitted {
        Ok(person) => {
            let at_provider = AtProvider {
                subject_hash: proven.subject_hash,
                session_hash: proven.session_hash,
                id_token: proven.id_token,
            };
            Ok(Ok((person, at_provider)))
        }
        Err(unknown) => {
            tracing::info!(provider = provider.entry.id, reason = unknown.stopped.code(), "somebody was not let in");
            note_refused(app, provider, unknown.event).map(Err)
        }
    }
}

/// What a provider sends when somebody signed out there. It is not a browser: there is no page.
async fn ended(State(app): State<App>, Path(id): Path<String>, body: Bytes) -> Result<Response, Error> {
    provider_of(&app, &id)?;
    let typed = Typed::decode(&body)?;
    let token = typed.get("logout_token").to_owned();
    let ended = app.blocking(move |app| leaving::ended_by(app, provider_of(app, &id)?, &token)).await?;
    let status = if ended.is_ok() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    Ok((status, [(header::CACHE_CONTROL, "no-store")]).into_response())
}
