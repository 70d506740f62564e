//! Documents: what does the area send a family, and is it readable by everyone? Values in, bytes out.
//!
//! | question | where |
//! |---|---|
//! | what does a document say? | [`model::Document`] |
//! | the PDF that is sent and kept | [`typeset::pdf`] |
//! | a Word copy that a family or a school can edit | [`word::docx`] |
//! | a page that reads well on a phone | [`html::page`] |
//! | the words and the required content of a statutory letter | [`letters`] |
//! | a plan, A to K, and the child's own version of it | [`plan`] |
//!
//! The crate is pure: no files, no clock, no environment, no randomness. The same document gives the same bytes, so a
//! fingerprint of what was sent can be checked later; the bytes that were sent are still what is kept.
//!
//! Text is only ever text. It reaches the typesetter as JSON, Word as escaped XML text, and HTML as escaped text.
//! Control characters are taken out ([`text::clean`]); characters that no embedded font can draw are printed as `□`
//! and a line at the end of the PDF says so ([`typeset::characters_without_a_glyph`] tells the caller beforehand).
//!
//! To add a kind of block: add the variant to [`model::Block`], then follow the compiler through the three renderers.

mod flow;
pub mod html;
pub mod letters;
pub mod model;
pub mod plan;
pub mod text;
pub mod typeset;
pub mod word;

/// Why a document could not be rendered. No message carries words of the document, so each may be logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the document has no title")]
    TitleMissing,
    #[error("the document's language is not a tag such as `en-GB`")]
    LanguageUnknown,
    #[error("the heading at block {position} is empty")]
    HeadingEmpty { position: usize },
    #[error("the heading at block {position} skips a level")]
    HeadingLevelSkipped { position: usize },
    #[error("the table at block {position} has rows or widths that do not match its header")]
    TableUneven { position: usize },
    #[error("the table at block {position} has too many columns for the page")]
    TableTooWide { position: usize },
    #[error("the picture at block {position} has no alternative text")]
    AlternativeTextMissing { position: usize },
    #[error("the picture at block {position} cannot be read")]
    FigureUnreadable { position: usize },
    #[error("the document has too many pictures")]
    TooManyFigures,
    #[error("the document is too long")]
    TooLong,
    #[error("failed to typeset the document: {reasons}")]
    Typesetting { reasons: String },
    #[error("failed to write the Word document: {reason}")]
    Word { reason: String },
}
