//! How does a document become a PDF that everyone can read?
//!
//! The layout is one constant template (`template.typ`) that reads one JSON value. Nothing from a document is ever
//! part of the template's source, so nothing in it can be run. The typesetter sees no disk and no network: its file
//! world knows the template, that JSON value and the document's own pictures, and refuses every other path.
//!
//! The result claims PDF/UA-1 and PDF/A-2a; the typesetter refuses to write a file that it knows to break either.
//! That is a strong check but not an independent one, so nothing beyond it is claimed.

mod fonts;
mod pages;
mod world;

use jiff::civil::DateTime;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::Fault;
use crate::model::Document;
use fonts::Coverage;
pub use fonts::characters_without_a_glyph;

/// What the caller decides about one printing of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printing {
    /// When the file was made, in UTC. It is written into the file's properties and nowhere else.
    pub created: DateTime,
    /// Printed at the foot of every page beside the page number: the child's or young person's reference.
    pub footer: Option<String>,
    pub print_size: PrintSize,
}

/// How large the print is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PrintSize {
    /// 12 point body text.
    #[default]
    Standard,
    /// 18 point body text, one column throughout: each table row is printed as a short list of names and values,
    /// because narrow columns of large print are harder to read than the small print was.
    Large,
}

impl Printing {
    /// Standard print without a footer reference.
    pub fn at(created: DateTime) -> Printing {
        Printing { created, footer: None, print_size: PrintSize::Standard }
    }

    pub fn with_footer(mut self, reference: impl Into<String>) -> Printing {
        self.footer = Some(reference.into());
        self
    }

    pub fn in_large_print(mut self) -> Printing {
        self.print_size = PrintSize::Large;
        self
    }
}

/// Typesets the document as tagged PDF (PDF/UA-1 and PDF/A-2a).
///
/// The same document and printing give the same bytes. Characters that no embedded font can draw are printed as `□`
/// and a last line says so. Takes tens of milliseconds: call it from a blocking thread, with no transaction open.
///
/// # Errors
/// What [`Document::check`] refuses; [`Fault::FigureUnreadable`] for a picture that is not what it says or that
/// refers to another file; [`Fault::Typesetting`] when the typesetter refuses, which no text alone should cause.
pub fn pdf(document: &Document, printing: &Printing) -> Result<Vec<u8>, Fault> {
    document.check()?;
    let figures = pages::figures(document)?;
    let typeset = |coverage| {
        let value = pages::value(document, printing, coverage);
        compile(value, &figures, printing)
    };
    // Shaping can, rarely, need a glyph that the character table did not promise. The second try keeps only what the
    // body font draws: the letter still goes out on time, with more `□` in it, and says so.
    let bytes = typeset(Coverage::AllFonts).or_else(|_| typeset(Coverage::BodyFont));
    // The typesetter remembers what it laid out. A family's words must not stay in that memory.
    comemo::evict(0);
    bytes
}

fn compile(value: serde_json::Value, figures: &[world::FigureFile], printing: &Printing) -> Result<Vec<u8>, Fault> {
    let laid_out = lay_out(value, figures)?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a])
        .map_err(|error| Fault::Typesetting { reasons: error.message().to_string() })?;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("Tellonce".to_owned())),
        timestamp: timestamp(printing.created),
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    };
    typst_pdf::pdf(&laid_out, &options).map_err(refused)
}

fn lay_out(value: serde_json::Value, figures: &[world::FigureFile]) -> Result<PagedDocument, Fault> {
    let world = world::ClosedWorld::new(value.to_string().into_bytes(), figures);
    typst::compile::<PagedDocument>(&world).output.map_err(refused)
}

fn timestamp(created: DateTime) -> Option<Timestamp> {
    let datetime = Datetime::from_ymd_hms(
        i32::from(created.year()),
        created.month().try_into().ok()?,
        created.day().try_into().ok()?,
        created.hour().try_into().ok()?,
        created.minute().try_into().ok()?,
        created.second().try_into().ok()?,
    )?;
    Some(Timestamp::new_utc(datetime))
}

/// The typesetter's own messages can quote text, so only their first words are kept.
fn refused(diagnostics: impl IntoIterator<Item = SourceDiagnostic>) -> Fault {
    let reasons: Vec<String> = diagnostics
        .into_iter()
        .take(3)
        .map(|diagnostic| {
            let message = diagnostic.message.split(['`', '"', '\n']).next().unwrap_or_default();
            message.trim().chars().take(120).collect()
        })
        .collect();
    Fault::Typesetting { reasons: reasons.join("; ") }
}

#[cfg(test)]
mod tests {
    use typst::layout::{Frame, FrameItem};

    use super::*;
    use crate::model::{Block, Letterhead, Span, Table};

    /// The right edge, in points, of the text that reaches furthest to the right.
    fn right_edge(frame: &Frame, offset: f64) -> f64 {
        let mut furthest: f64 = 0.0;
        for (position, item) in frame.items() {
            let x = offset + position.x.to_pt();
            let edge = match item {
                FrameItem::Group(group) => right_edge(&group.frame, x),
                FrameItem::Text(text) => x + text.width().to_pt(),
                _ => 0.0,
            };
            furthest = furthest.max(edge);
        }
        furthest
    }

    #[test]
    fn nothing_runs_off_the_page_however_long_a_word_is() {
        for word in [
            "W".repeat(300),
            "https://wrenshire.example/".repeat(30),
            "ш".repeat(200),
            "م".repeat(200),
            "ਪੰਜਾਬੀ".repeat(60),
            "বাংলা".repeat(60),
            "□━".repeat(100),
            "\u{12000}".repeat(100),
        ] {
            let columns = 5;
            let document = Document {
                title: word.clone(),
                language: "en-GB".into(),
                subject: word.clone(),
                author: word.clone(),
                letterhead: Some(Letterhead {
                    area_name: word.clone(),
                    address_lines: vec![word.clone()],
                    reference: Some(word.clone()),
                    recipient_lines: vec![word.clone()],
                    salutation: Some(word.clone()),
                    ..Letterhead::default()
                }),
                draft_watermark_text: None,
                blocks: vec![
                    Block::section(word.clone()),
                    Block::text(word.clone()),
                    Block::bullets([word.clone()]),
                    Block::KeyFacts(vec![(word.clone(), word.clone())]),
                    Block::Callout { title: word.clone(), text: vec![Span::strong(word.clone())] },
                    Block::Table(Table {
                        caption: word.clone(),
                        header: vec![word.clone(); columns],
                        rows: vec![vec![word.clone(); columns]],
                        ..Table::default()
                    }),
                ],
            };
            for print_size in [PrintSize::Standard, PrintSize::Large] {
                let printing = Printing {
                    created: DateTime::constant(2026, 10, 12, 9, 30, 0, 0),
                    footer: Some(word.clone()),
                    print_size,
                };
                let value = pages::value(&document, &printing, Coverage::AllFonts);
                let laid_out = lay_out(value, &[]).unwrap();
                for (number, page) in laid_out.pages().iter().enumerate() {
                    let edge = right_edge(&page.frame, 0.0);
                    assert!(edge < page.frame.width().to_pt() - 30.0, "page {number} reaches {edge} {print_size:?}");
                }
            }
        }
    }
}
