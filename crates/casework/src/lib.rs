//! What happened to a child's case, and what may happen next.
//!
//! The crate answers one question: *given these facts, may this happen, and what then is true?*
//! It is pure: no clock, no randomness, no database, no network. Time, ids and the person acting
//! come in with [`Context`] and with the commands.
//!
//! | question | where |
//! |---|---|
//! | may this be done, and what follows? | [`decide`] -> events, or a [`Refusal`] that says why not |
//! | what is true after these events? | [`Case::fold`], [`Case::apply`] (total: any event, any case) |
//! | what must be done next, by when? | [`tasks::open`] |
//! | which letters and documents follow by themselves? | [`consequences::of`] |
//! | which dates bind, and why? | [`Case::deadlines`] (computed by `law`) |
//! | whose rights are they, and what do parents see? | [`rights`] |
//! | where does a sentence of a plan come from? | [`plans::sources`] |
//! | whom did a family itself ask for advice? | [`independents`] |
//! | may this text go to these people? | [`recipients::judge`] |
//! | who may see or do it? | [`access::may`] and its printed table |
//! | in which order should an officer work? | [`harm::rank`] |
//! | how and when is somebody told? | [`post`] |
//! | how and when is a program told? | [`feed`] |
//! | what do designated officers record? | [`designated`] |
//! | who has a case while its officer is away? | [`cover`] |
//! | may somebody's address be changed who lost it? | [`recovery`] |
//! | who visits the child, and what is noted there? | [`visits`] |
//! | were the answers that were promised given in time? | [`messages::Figures`] |
//!
//! Events carry ids, codes and dates only. Names, addresses and anything typed in free text are
//! rows beside the journal, named here by a [`TextId`]: they can be erased lawfully without
//! breaking the hash chain.
//!
//! To add a capability: a folder with its commands, its events, `decide` and `apply`; one arm in
//! [`Command`], one in [`Event`]; its actions in [`access`]; its tasks in [`tasks`].

pub mod access;
pub mod advice;
pub mod brought_in;
mod case;
pub mod codes;
pub mod consequences;
pub mod cover;
pub mod designated;
pub mod enquiries;
pub mod feed;
pub mod harm;
pub mod ids;
pub mod independents;
pub mod joins;
pub mod messages;
pub mod notices;
pub mod openings;
pub mod own_voice;
pub mod papers;
pub mod people;
pub mod placement;
pub mod plans;
pub mod post;
pub mod receipts;
pub mod recipients;
pub mod recordings;
pub mod recovery;
mod refusal;
pub mod requests;
pub mod reviews;
pub mod rights;
pub mod tasks;
pub mod views;
pub mod visits;

pub use case::{Case, Command, Context, Event, Stage, decide};
pub use ids::*;
pub use refusal::Refusal;
