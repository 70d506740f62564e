//! The document as the one JSON value that the template reads.
//!
//! Text is cut into pieces here: `t` is text, `line` a line break, `par` a new paragraph, `fit` a place where a very
//! long word may break. The template never looks inside a piece.

use serde_json::{Value, json};
use typst::foundations::Bytes;

use super::fonts::{Coverage, SUBSTITUTE, drawable, is_substituted, width_em_thousandths};
use super::world::{FigureFile, figure_path};
use super::{PrintSize, Printing};
use crate::Fault;
use crate::model::{Block, Document, Image, Letterhead, Signature, Span, Table};
use crate::text;

/// The width of a line of body text, in thousandths of the text size, with a little to spare: standard and large print.
/// Shares of it, below, follow the sizes and insets in the template.
const LINE_WIDTH: [u32; 2] = [37_000, 26_000];

struct Writer {
    coverage: Coverage,
    line_width: u32,
    is_large: bool,
}

pub fn value(document: &Document, printing: &Printing, coverage: Coverage) -> Value {
    let is_large = printing.print_size == PrintSize::Large;
    let writer = Writer { coverage, line_width: LINE_WIDTH[usize::from(is_large)], is_large };
    let (lang, region) = text::language_parts(&document.language).unwrap_or(("en", Some("GB")));
    let mut blocks = writer.blocks(&document.blocks);
    if writer.substitutes(document) {
        let note =
            format!("Some characters could not be printed. They are shown as {SUBSTITUTE}. Please ask us for them.");
        blocks.push(json!({"b": "note", "c": [{"k": "t", "v": note}]}));
    }
    json!({
        "lang": lang,
        "region": region,
        "title": writer.line(&document.title),
        "running_title": writer.running_title(&document.title),
        "title_flow": writer.flow(&text::clean_line(&document.title), writer.line_width * 10 / 17),
        "author": writer.line(&document.author),
        "subject": writer.line(&document.subject),
        "large": is_large,
        "footer": printing.footer.as_deref().map(|footer| writer.flow(&text::clean_line(footer), writer.line_width / 2)),
        "watermark": document.draft_watermark_text.as_deref().map(|watermark| writer.watermark(watermark)),
        "letterhead": document.letterhead.as_ref().map(|letterhead| writer.letterhead(letterhead)),
        "blocks": blocks,
    })
}

/// The pictures, in the order of their numbers.
pub fn figures(document: &Document) -> Result<Vec<FigureFile>, Fault> {
    let mut figures = Vec::new();
    for (position, block) in document.blocks.iter().enumerate() {
        let Block::Figure(figure) = block else {
            continue;
        };
        let bytes = match &figure.image {
            Image::Png(bytes) if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => bytes,
            Image::Svg(bytes) if is_self_contained_svg(bytes) => bytes,
            Image::Png(_) | Image::Svg(_) => return Err(Fault::FigureUnreadable { position }),
        };
        figures.push(FigureFile(Bytes::new(bytes.clone())));
    }
    Ok(figures)
}

/// A drawing that refers to another file would make the typesetter ask for it. It would be refused, but each name
/// asked for stays in its table for ever, so such a drawing is not even tried.
fn is_self_contained_svg(bytes: &[u8]) -> bool {
    let Ok(svg) = std::str::from_utf8(bytes) else {
        return false;
    };
    let lower = svg.to_ascii_lowercase();
    lower.contains("<svg")
        && !["<image", "<feimage", "<!entity", "<!doctype", "xi:include"].iter().any(|tag| lower.contains(tag))
}

impl Writer {
    fn line(&self, text: &str) -> String {
        drawable(&text::clean_line(text), self.coverage)
    }

    /// The title as it stands at the top of each later page: one line, so a long one is cut short.
    fn running_title(&self, title: &str) -> String {
        let title = self.line(title);
        let mut width = 0;
        let mut fits = |character: char| {
            width += width_em_thousandths(character);
            width < self.line_width
        };
        let start: String = title.chars().take_while(|character| fits(*character)).collect();
        if start == title { title } else { format!("{}…", start.trim_end()) }
    }

    fn watermark(&self, text: &str) -> Value {
        let word: String = self.line(text).chars().take(24).collect();
        let size_pt = (760 / word.chars().count().max(5)).min(130);
        json!({"word": word, "size": size_pt})
    }

    fn letterhead(&self, letterhead: &Letterhead) -> Value {
        let lines = |lines: &[String]| -> Vec<Value> {
            let lines = lines.iter().filter(|line| !text::is_blank(line));
            lines.map(|line| self.flow(line, self.line_width * 3 / 8)).collect()
        };
        let optional = |line: &Option<String>| line.as_deref().map(|line| self.flow(line, self.line_width * 3 / 8));
        json!({
            "area": self.flow(&letterhead.area_name, self.line_width * 3 / 8 * 9 / 10),
            "address": lines(&letterhead.address_lines),
            "contact": lines(&letterhead.contact_lines),
            "reference": optional(&letterhead.reference),
            "date": optional(&letterhead.date),
            "recipient": lines(&letterhead.recipient_lines),
            "salutation": optional(&letterhead.salutation),
        })
    }

    fn blocks(&self, blocks: &[Block]) -> Vec<Value> {
        let mut figures = 0;
        let mut values = Vec::with_capacity(blocks.len());
        for block in blocks {
            values.push(match block {
                Block::Heading { level, text } => {
                    let flow = self.flow(&text::clean_line(text), self.line_width * 7 / 10);
                    json!({"b": "heading", "level": level + 1, "f": flow})
                }
                Block::Paragraph(spans) => json!({"b": "paragraph", "f": self.spans(spans, self.line_width)}),
                Block::Bullets(entries) => json!({"b": "bullets", "entries": self.entries(entries)}),
                Block::Numbered(entries) => json!({"b": "numbered", "entries": self.entries(entries)}),
                Block::KeyFacts(facts) => self.key_facts(facts),
                Block::Table(table) => self.table(table),
                Block::Callout { title, text } => json!({
                    "b": "callout",
                    "title": self.flow(&text::clean_line(title), self.line_width),
                    "f": self.spans(text, self.line_width * 9 / 10),
                }),
                Block::Signature(signature) => self.signature(signature),
                Block::PageBreak => json!({"b": "page_break"}),
                Block::Figure(figure) => {
                    let format = match figure.image {
                        Image::Svg(_) => "svg",
                        Image::Png(_) => "png",
                    };
                    figures += 1;
                    json!({
                        "b": "figure",
                        "path": figure_path(figures - 1),
                        "format": format,
                        "alt": self.line(&figure.alternative_text),
                        "width": figure.width_mm,
                        "caption": figure.caption.as_deref().map(|caption| self.flow(caption, self.line_width)),
                    })
                }
            });
        }
        values
    }

    fn entries(&self, entries: &[Vec<Span>]) -> Vec<Value> {
        let width = self.line_width * 9 / 10;
        entries.iter().map(|entry| self.spans(entry, width)).collect()
    }

    fn key_facts(&self, facts: &[(String, String)]) -> Value {
        let width = if self.is_large { self.line_width } else { self.line_width * 34 / 100 };
        let rows: Vec<Value> = facts
            .iter()
            .map(|(name, value)| json!({"name": self.flow(name, width), "value": self.flow(value, if self.is_large { width } else { width * 7 / 4 })}))
            .collect();
        json!({"b": "key_facts", "rows": rows})
    }

    fn table(&self, table: &Table) -> Value {
        let widths = table.widths();
        let total = widths.iter().copied().map(u32::from).sum::<u32>().max(1);
        let width_of = |column: usize| {
            let share = widths.get(column).copied().map_or(1, u32::from);
            let whole = if self.is_large { total } else { share };
            // Text in tables is a little smaller, and each cell has space on both sides.
            (self.line_width * 108 / 100 * whole / total).saturating_sub(1_500)
        };
        let row = |cells: &[String]| -> Vec<Value> {
            let cells = cells.iter().enumerate();
            cells.map(|(column, cell)| self.flow(cell, width_of(column))).collect()
        };
        let caption = (!text::is_blank(&table.caption)).then(|| self.flow(&table.caption, self.line_width));
        json!({
            "b": "table",
            "caption": caption,
            "widths": widths,
            "header": row(&table.header),
            "rows": table.rows.iter().map(|cells| row(cells)).collect::<Vec<_>>(),
            "row_header": table.first_column_names_the_row,
        })
    }

    fn signature(&self, signature: &Signature) -> Value {
        let line = |text: &str| (!text::is_blank(text)).then(|| self.flow(text, self.line_width));
        json!({
            "b": "signature",
            "valediction": signature.valediction.as_deref().and_then(line),
            "name": line(&signature.name),
            "role": line(&signature.role),
            "organisation": line(&signature.organisation),
            "date": signature.date.as_deref().and_then(line),
        })
    }

    fn flow(&self, text: &str, width: u32) -> Value {
        json!({"rtl": text::runs_right_to_left(text), "c": self.pieces(text.trim(), width)})
    }

    fn spans(&self, spans: &[Span], width: u32) -> Value {
        let first = spans.iter().map(Span::text).find(|text| !text::is_blank(text)).unwrap_or_default();
        let mut pieces = Vec::new();
        for (number, span) in spans.iter().enumerate() {
            let inner = self.pieces(span.text(), width);
            if number > 0 && spans[number - 1].text().ends_with('\n') {
                pieces.push(json!({"k": "line"}));
            }
            match span {
                Span::Plain(_) => pieces.extend(inner),
                Span::Strong(_) => pieces.push(json!({"k": "strong", "c": inner})),
                Span::Emphasis(_) => pieces.push(json!({"k": "emph", "c": inner})),
                Span::Link { address, .. } => match text::safe_address(address) {
                    Some(address) => pieces.push(json!({"k": "link", "to": address, "c": inner})),
                    None => pieces.extend(inner),
                },
            }
        }
        json!({"rtl": text::runs_right_to_left(first), "c": pieces})
    }

    fn pieces(&self, text: &str, width: u32) -> Vec<Value> {
        let drawn = drawable(text, self.coverage);
        let mut pieces = Vec::new();
        // A break is written only before the next words, so a text that ends in empty lines leaves no gap.
        let mut breaks = 0;
        for (number, line) in drawn.split('\n').enumerate() {
            breaks += usize::from(number > 0);
            if line.trim().is_empty() {
                // A single space between two spans is content; an empty line is not.
                if number == 0 && !line.is_empty() {
                    pieces.push(json!({"k": "t", "v": line}));
                }
                continue;
            }
            match breaks {
                0 => {}
                1 => pieces.push(json!({"k": "line"})),
                _ => pieces.push(json!({"k": "par"})),
            }
            breaks = 0;
            for (position, piece) in
                text::breakable_pieces(line, width.max(1_500), &width_em_thousandths).into_iter().enumerate()
            {
                if position > 0 {
                    pieces.push(json!({"k": "fit"}));
                }
                pieces.push(json!({"k": "t", "v": piece}));
            }
        }
        pieces
    }

    fn substitutes(&self, document: &Document) -> bool {
        let mut found = false;
        document.each_text(&mut |text| {
            found = found || is_substituted(text, self.coverage);
        });
        found
    }
}
