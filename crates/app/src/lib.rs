//! The application: the shell around the pure crates, and the only crate that knows HTTP.
//!
//! | question | room |
//! |---|---|
//! | how does a change reach the database? | [`journal`]: load -> decide -> record, in one transaction |
//! | who is signed in, and how do they sign in? | [`access`] |
//! | what happens later, and what if it fails? | [`queue`] |
//! | what leaves the house by email? | [`post`] |
//! | may this leave, and to whom? | [`recipients`] |
//! | which programs are told what happened? | [`webhooks`] |
//! | what leaves the house by email, text or letter? | [`post`] |
//! | how is a request read, a page framed, an error shown? | [`web`] |
//! | where do time, ids, randomness and files come from? | [`ports`] |
//! | what can be typed at a terminal? | [`cli`] |
//!
//! The other folders are wings, one for each part of a local area's work. Inside a wing: `mod.rs`
//! says the routes, `pages.rs` has handlers and page structs with their `.html` beside them,
//! `form.rs` turns what was typed into a command, `store.rs` has the SQL.

pub mod about;
pub mod access;
pub mod admin;
pub mod advice;
pub mod api;
pub mod assessment;
pub mod cli;
pub mod config;
pub mod demo;
mod designated;
mod emergency;
mod error;
pub mod family;
pub mod front_door;
pub mod independents;
pub mod journal;
mod measures;
pub mod papers;
pub mod plan;
pub mod ports;
pub mod post;
pub mod queue;
pub mod recipients;
pub mod record;
pub mod review;
pub mod team;
pub mod uploads;
pub mod visits;
pub mod voice;
pub mod web;
pub mod webhooks;

pub use error::{Error, FieldError};

use db::Database;
use ports::{Carrier, Clock, Files, Ids, Mail};
use std::sync::Arc;

/// What every handler and job works with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub db: Database,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub files: Files,
    pub mail: Arc<dyn Mail>,
    /// Texts, and letters that are printed elsewhere.
    pub carrier: Arc<dyn Carrier>,
    pub settings: Arc<config::Settings>,
}

impl App {
    /// Runs blocking work, such as a transaction, off the async threads.
    ///
    /// # Errors
    /// What the work returns; [`Error::Broken`] when it panicked.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        match tokio::task::spawn_blocking(move || work(&app)).await {
            Ok(result) => result,
            Err(join) => Err(Error::Broken { step: "run blocking work", cause: join.to_string() }),
        }
    }
}
