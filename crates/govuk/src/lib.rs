//! What does a page of ours look like, and how is it written down in Rust?
//!
//! GOV.UK Frontend as typed values: a page builds components, each component writes itself
//! through an `.html` template beside its Rust file, and every component is compared with the
//! official fixtures of the `govuk-frontend` npm package (`tests/fixtures.rs`).
//!
//! | question | module |
//! |---|---|
//! | what may go inside a component, and is it escaped? | [`content`] |
//! | buttons, fields, tables, tags, … | [`components`] |
//! | the whole HTML document around them | [`page`] |
//! | pictures with the same figures as a table | [`charts`] |
//! | stylesheets and scripts to serve | [`assets`] |
//!
//! Three conventions hold everywhere.
//! - Text is escaped and markup is not, and the two are different types: a `&str` becomes
//!   [`Content::Text`]; only [`Html::trusted`] or a finished component becomes [`Content::Html`].
//! - An empty string means "not given", as in the official templates; `Option` appears only
//!   where "given but empty" is something else.
//! - Nothing here carries the crown, a crest, the GOV.UK logo or the GDS Transport font, which
//!   belong to gov.uk services; nothing needs an inline style or an inline script.
//!
//! To add a component: `src/components/<name>.rs` and `<name>.html`, one line in
//! `components/mod.rs`, one line in `tests/fixtures.rs`.

pub mod assets;
pub mod charts;
pub mod components;
pub mod content;
pub mod page;

pub use components::*;
pub use content::{Attributes, Classes, Content, Html, Items};
pub use page::Page;
