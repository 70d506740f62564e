//! Papers of a child's record that people send: adding them, looking at one, redacted copies.
//!
//! | address, below `/family/{case}` and `/children/{case}` | page |
//! |---|---|
//! | `papers` | add papers: many files, what each is, its date |
//! | `papers/held` | staff: the same after it was held |
//! | `papers/uploads` and below | the same files in parts: see [`crate::uploads`] |
//! | `papers/{receipt}` | the receipt: number, day, a fingerprint for each file |
//! | `documents/{document}/about` | what a paper is, who sent it, its picture, its copies |
//! | `documents/{document}/pages/{number}` and its `picture` | a PDF as pictures, page by page |
//! | `documents/{document}/redact` | staff: a copy with words taken out, for one purpose |
//!
//! A paper that the family sends is among its own papers; what staff add is not on the family's page,
//! unless a redacted copy is made for the family to read.

pub(crate) mod about;
mod add;
mod arrive;
mod pages;
pub mod picture;
pub(crate) mod receipt;
mod redact;

use crate::journal::{self, By, Who, authorise};
use crate::record::store;
use crate::{App, Error};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, head, post};
use casework::access::{Action, Actor, Role};
use casework::messages::Side;
use casework::{Case, CaseId};
use db::Tx;
use std::sync::Arc;

#[cfg(test)]
pub(crate) use add::told;

/// Kinds of document that are files which people sent.
const SENT: [&str; 5] = [EVIDENCE, PAPER, REDACTED, LETTER, ADVICE];
/// What staff add.
const PAPER: &str = "paper";
const REDACTED: &str = "redacted copy";
/// A letter that came by post, scanned.
pub(crate) const LETTER: &str = "received letter";
/// Advice that came as a file.
pub(crate) const ADVICE: &str = "advice";
/// What a family sends, with a request or later.
const EVIDENCE: &str = "evidence";

/// Whether a document of this kind is a file that somebody sent, and not one that was made here.
pub(crate) fn was_sent(kind: &str) -> bool {
    SENT.contains(&kind)
}

pub fn routes() -> Router<App> {
    let mut router = Router::new()
        .route("/children/{case}/documents/{document}/redact", get(redact::show).merge(large(post(redact::save))))
        .route(
            "/children/{case}/documents/{document}/redact/uploads",
            post(redact::begin_upload).options(arrive::spoken),
        )
        .route(
            "/children/{case}/documents/{document}/redact/uploads/{upload}",
            head(redact::upload_head).patch(redact::upload_part).delete(redact::stop_upload),
        );
    router = router.route("/children/{case}/papers/held", post(add::save_held));
    for root in ["/family/{case}", "/children/{case}"] {
        router = router
            .route(&format!("{root}/papers"), get(add::show).merge(large(post(add::save))))
            .route(&format!("{root}/papers/uploads"), post(arrive::begin).options(arrive::spoken))
            .route(
                &format!("{root}/papers/uploads/{{upload}}"),
                head(arrive::stand).patch(arrive::part).delete(arrive::stop),
            )
            .route(&format!("{root}/papers/{{receipt}}"), get(receipt::show))
            .route(&format!("{root}/documents/{{document}}/pages/{{number}}"), get(pages::show))
            .route(&format!("{root}/documents/{{document}}/pages/{{number}}/picture"), get(pages::picture))
            .route(&format!("{root}/documents/{{document}}/about"), get(about::show));
    }
    router
}

/// A form with files: they bound themselves.
fn large(route: axum::routing::MethodRouter<App>) -> axum::routing::MethodRouter<App> {
    route.layer(DefaultBodyLimit::disable())
}

/// The signed-in person of an act; the system sends no papers.
fn actor(who: &Who) -> Result<&Actor, Error> {
    match &who.by {
        By::Person(actor) => Ok(actor),
        By::System(_) => Err(Error::NotAllowed),
    }
}

/// Which side somebody of this role is on.
pub(crate) fn side(role: Role) -> Side {
    if matches!(role, Role::Parent | Role::YoungPerson) { Side::Family } else { Side::Council }
}

/// Where the pages of a child are for this side, and the item of the navigation that they belong to.
fn root(side: Side, id: CaseId) -> String {
    match side {
        Side::Family => format!("/family/{id}"),
        Side::Council => format!("/children/{id}"),
    }
}

fn place(side: Side) -> &'static str {
    match side {
        Side::Family => "/family",
        Side::Council => "/children",
    }
}

/// The case and the child's name, for somebody who may do this and may see the record it is done to.
fn desk(tx: &mut dyn Tx, who: &Who, id: CaseId, action: Action) -> Result<(Arc<Case>, String), Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    let seeing = match side(actor(who)?.role) {
        Side::Family => Action::SeeOwnRecord,
        Side::Council => Action::SeeCase,
    };
    authorise(who, seeing, &loaded)?;
    authorise(who, action, &loaded)?;
    let (_, details) = store::person(tx, who.authority, id)?;
    Ok((loaded.case, details.display_name()))
}
