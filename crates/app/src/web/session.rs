//! The signed-in person of a request.

use crate::access::{self, SignedIn};
use crate::journal::{By, Who, allow};
use crate::{App, Error};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use casework::CaseId;
use casework::access::{Action, Actor, Resource};

/// A session that is alive: the person, their area, the token their forms must carry.
#[derive(Debug, Clone)]
pub struct Session {
    pub signed_in: SignedIn,
    pub csrf: String,
}

impl Session {
    /// Who acts now.
    pub fn who(&self, app: &App) -> Who {
        let now = app.clock.now();
        Who {
            by: By::Person(self.signed_in.actor.clone()),
            authority: self.signed_in.actor.authority,
            now,
            today: app.clock.today(),
        }
    }

    /// Whether this person may do this in their area at all.
    ///
    /// # Errors
    /// [`Error::NotAllowed`].
    pub fn require(&self, action: Action) -> Result<(), Error> {
        let actor = &self.signed_in.actor;
        allow(actor, action, &Resource::Area(actor.authority))
    }

    pub fn may(&self, action: Action) -> bool {
        self.require(action).is_ok()
    }

    /// Where this person finds a child: the child's page, or what they were invited to.
    pub fn way_back(&self, id: CaseId) -> String {
        if self.may(Action::SeeInvitation) { "/invited".to_owned() } else { format!("/children/{id}") }
    }

    /// Where this person's work begins.
    pub fn home(&self) -> &'static str {
        home(&self.signed_in.actor)
    }
}

/// The first page of those that this person may open. Whose work is not here yet may read dates.
pub fn home(actor: &Actor) -> &'static str {
    [
        (Action::SeeOwnChild, "/family"),
        (Action::SeeInvitation, "/invited"),
        (Action::SeeOwnDay, "/today"),
        (Action::RecordAdvice, "/advice"),
        (Action::SearchCases, "/children"),
        (Action::SeeImports, "/imports"),
    ]
    .into_iter()
    .find(|(action, _)| allow(actor, *action, &Resource::Area(actor.authority)).is_ok())
    .map_or("/dates", |(_, home)| home)
}

impl FromRequestParts<App> for Session {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        if let Some(session) = parts.extensions.get::<Session>() {
            return Ok(session.clone());
        }
        let token = token_of(app, parts).ok_or(Error::SignedOut)?;
        let looked_up = token.clone();
        let signed_in =
            app.blocking(move |app| access::find_session(app, &looked_up)).await?.ok_or(Error::SignedOut)?;
        let session = Session { signed_in, csrf: access::csrf_token(&token) };
        parts.extensions.insert(session.clone());
        Ok(session)
    }
}

/// A session if there is one: for pages that anyone may read.
pub struct MaybeSession(pub Option<Session>);

impl FromRequestParts<App> for MaybeSession {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        match Session::from_request_parts(parts, app).await {
            Ok(session) => Ok(MaybeSession(Some(session))),
            Err(Error::SignedOut) => Ok(MaybeSession(None)),
            Err(error) => Err(error),
        }
    }
}

/// The name of the session cookie. Where it travels safely, the prefix keeps other hosts of the same
/// domain from setting one (RFC 6265bis section 4.1.3.2).
fn cookie_name(app: &App) -> &'static str {
    if app.settings.secure_cookies { "__Host-tellonce" } else { "tellonce" }
}

/// The session cookie; without a token it is the one to take away.
pub fn cookie(app: &App, token: String) -> Cookie<'static> {
    Cookie::build((cookie_name(app), token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings.secure_cookies)
        .build()
}

/// The token in the session cookie, if it can be one.
pub fn token_of(app: &App, parts: &Parts) -> Option<String> {
    token_in(app, &CookieJar::from_headers(&parts.headers))
}

/// The same out of cookies that were read already.
pub fn token_in(app: &App, jar: &CookieJar) -> Option<String> {
    jar.get(cookie_name(app)).map(|cookie| cookie.value().to_owned()).filter(|token| token.len() == 64)
}

pub(super) async fn csrf_of(parts: &mut Parts, app: &App) -> Result<String, Error> {
    Session::from_request_parts(parts, app).await.map(|session| session.csrf)
}
