//! Whose token a request comes with. A token stands for one person or one service, and may never do
//! more than they may. Cookies are not looked at here, so no other site can act in a visitor's name.

use super::limits::{Left, Limits};
use super::problem::{Code, Problem};
use super::tokens::store;
use crate::access::{self, GUESSING_WINDOW};
use crate::journal::Who;
use crate::record::looks;
use crate::web::Session;
use crate::{App, Error};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use casework::access::Actor;
use db::Tx;
use jiff::Timestamp;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use uuid::Uuid;

/// Longer ones are none of ours.
const TOKEN_BYTES_MAX: usize = 200;

/// Somebody who comes with a token that works.
#[derive(Debug, Clone)]
pub struct Caller {
    /// As whom: what the functions behind the pages take.
    pub session: Session,
    pub token: Uuid,
    pub token_name: String,
    pub may_write: bool,
    pub ends_at: Timestamp,
}

impl Caller {
    pub fn who(&self, app: &App) -> Who {
        self.session.who(app)
    }

    pub fn actor(&self) -> Actor {
        self.session.signed_in.actor.clone()
    }

    /// Reads something of one child as this caller.
    pub async fn read<T: Send + 'static>(
        &self,
        app: &App,
        of: impl Fn(&mut dyn Tx, &Who) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Result<T, Problem> {
        let who = self.who(app);
        Ok(app.blocking(move |app| app.db.read("api.read", |tx| of(tx, &who))).await?)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| Problem::of(Code::TokenMissing))
    }
}

/// Somebody whose token may write.
pub struct Writer(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Writer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        if caller.may_write { Ok(Writer(caller)) } else { Err(Problem::of(Code::TokenOnlyReads)) }
    }
}

/// The token that a request brings; an empty one where the header holds something else.
fn bearer(headers: &HeaderMap) -> Option<String> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = given.split_once(' ').unwrap_or((given, ""));
    let is_ours = scheme.eq_ignore_ascii_case("bearer") && token.trim().len() <= TOKEN_BYTES_MAX;
    Some(if is_ours { token.trim().to_owned() } else { String::new() })
}

/// Where a request comes from: the other end of the line, or behind a proxy what it wrote last.
fn address(app: &App, request: &Request) -> Option<IpAddr> {
    written_address(app, request).map(network)
}

/// The address that is counted. A house or a company has 2^64 addresses of IPv6, which count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() >> 64 << 64)),
        four @ IpAddr::V4(_) => four,
    }
}

fn written_address(app: &App, request: &Request) -> Option<IpAddr> {
    if app.settings.api.behind_proxy {
        let written = request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        return written.rsplit(',').next()?.trim().parse().ok();
    }
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip())
}

/// Under which name wrong tokens from an address are counted, beside wrong passwords.
fn counted_as(address: Option<IpAddr>) -> String {
    format!("api token from {}", address.map_or_else(|| "unknown".to_owned(), |address| address.to_string()))
}

/// A token that does not work is counted, and slowed down when there are too many. One that works is
/// not: it has 256 bits that nobody guesses, and many may share an address.
fn refused(app: &App, address: Option<IpAddr>) -> Result<Problem, Error> {
    let (now, name) = (app.clock.now(), counted_as(address));
    let since = now - GUESSING_WINDOW;
    let failures = app.db.read("api.failures", |tx| access::failures_since(tx, &name, since))?;
    if failures >= app.settings.api.tries {
        let wait = u64::try_from(GUESSING_WINDOW.as_secs()).unwrap_or_default();
        return Ok(Problem::retry_after(Code::TooManyTries, wait));
    }
    let id = app.ids.next();
    app.db.write("api.note_failure", |tx| access::note_failure(tx, &name, id, now))?;
    Ok(Problem::of(Code::TokenRefused))
}

/// Finds out who calls, and whether they have called too often.
pub async fn identify(State((app, limits)): State<(App, Arc<Limits>)>, mut request: Request, next: Next) -> Response {
    let address = address(&app, &request);
    let found = match bearer(request.headers()) {
        None => Ok(None),
        Some(token) => {
            let found = app.blocking(move |app| match store::find(app, &token)? {
                Some(caller) => Ok(Ok(Some(caller))),
                None => Ok(Err(refused(app, address)?)),
            });
            match found.await {
                Ok(found) => found,
                Err(error) => Err(error.into()),
            }
        }
    };
    let taken = match &found {
        Ok(Some(caller)) => limits.token(caller.token),
        _ => limits.address(address),
    };
    let (mut response, left): (Response, Left) = match (taken, found) {
        (Err((problem, left)), _) => (problem.into_response(), left),
        (Ok(left), Err(problem)) => (problem.into_response(), left),
        (Ok(left), Ok(caller)) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            (next.run(request).await, left)
        }
    };
    left.add_to(response.headers_mut());
    response
}

/// The children whose records an address is part of.
fn children_of(path: &str) -> Vec<CaseId> {
    looks::children_of(path.strip_prefix(super::PREFIX).unwrap_or(path))
}

/// Notes every look at a child's record before its answer leaves, as pages do.
pub async fn keep_looks(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let children = if is_read { children_of(request.uri().path()) } else { vec![] };
    let caller = request.extensions().get::<Caller>().cloned();
    let response = match looks::keep_named(&app, next.run(request).await).await {
        Ok(response) => response,
        Err(error) => return Problem::from(error).into_response(),
    };
    match caller {
        Some(caller) if response.status().is_success() => {
            let actor = caller.session.signed_in.actor.clone();
            let noted = move |app: &App| children.into_iter().try_for_each(|case| looks::note(app, &actor, case));
            match app.blocking(noted).await {
                Ok(()) => response,
                Err(error) => Problem::from(error).into_response(),
            }
        }
        _ => response,
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn addresses_of_one_house_count_as_one() {
        for (from, counted) in [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("192.0.2.7", "192.0.2.7"),
        ] {
            assert_eq!(network(from.parse().expect("an address")).to_string(), counted, "{from}");
        }
    }
}
