//! How does a document become a Word file that a family or a school can edit and a screen reader can follow?
//!
//! Real heading styles, real lists, header rows marked as such, the language and the title in the file. What the docx
//! library does not write (the language, the mark on header rows, the default style) is added to its parts afterwards,
//! and the package is written again with fixed dates so that the same document gives the same bytes.
//!
//! Pictures are not carried: the Word copy prints their alternative text in their place.

use std::io::{Cursor, Read, Write};

use docx_rs::{
    AbstractNumbering, AlignmentType, BorderType, BreakType, Docx, Footer, Header, Hyperlink, HyperlinkType,
    IndentLevel, Level, LevelJc, LevelText, LineSpacing, NumPages, NumberFormat, Numbering, NumberingId, PageMargin,
    PageNum, Paragraph, ParagraphBorder, ParagraphBorderPosition, Run, RunFonts, Shading, SpecialIndentType, Start,
    Style, StyleType, Table as WordTable, TableBorder, TableBorderPosition, TableBorders, TableCell, TableCellMargins,
    TableLayoutType, TableRow, WidthType, XMLDocx,
};
use zip::write::SimpleFileOptions;

use crate::Fault;
use crate::flow::{self, Line};
use crate::model::{Block, Document, Letterhead, Signature, Span, Table};
use crate::text;

const ACCENT: &str = "17445C";
const HAIRLINE: &str = "AEBAC2";
const TINT: &str = "EDF3F6";
const FONT: &str = "Arial";

/// A4 with 24 mm at each side, in twentieths of a point.
const MARGIN: i32 = 1361;
const TEXT_WIDTH: usize = 11_906 - 2 * 1361;

const BULLETS: usize = 1;

/// Writes the document as a Word file (.docx). The same document gives the same bytes.
///
/// # Errors
/// What [`Document::check`] refuses; [`Fault::Word`] when the package cannot be written.
pub fn docx(document: &Document) -> Result<Vec<u8>, Fault> {
    document.check()?;
    let mut parts = build(document).build();
    parts.doc_props.core = core_properties(document).into_bytes();
    complete_styles(&mut parts, document)?;
    mark_header_rows(&mut parts);
    let mut package = Cursor::new(Vec::new());
    parts.pack(&mut package).map_err(failed)?;
    rewrite(package)
}

fn failed(error: impl std::fmt::Display) -> Fault {
    Fault::Word { reason: error.to_string() }
}

fn build(document: &Document) -> Docx {
    let mut writer = Writer { docx: styled(), lists: BULLETS };
    let reference = document.letterhead.as_ref().and_then(|letterhead| letterhead.reference.as_deref());
    writer.docx = writer.docx.footer(footer(reference));
    if let Some(watermark) = &document.draft_watermark_text {
        let header = Paragraph::new().align(AlignmentType::Right);
        let header = header.add_run(Run::new().add_text(text::clean_line(watermark)).bold().color(ACCENT));
        writer.docx = writer.docx.header(Header::new().add_paragraph(header));
    }
    if let Some(letterhead) = &document.letterhead {
        writer.letterhead(letterhead);
    }
    if let Some(watermark) = &document.draft_watermark_text {
        writer.lines(&[vec![Span::strong(text::clean_line(watermark))]], None);
    }
    writer.heading(1, &document.title);
    for block in &document.blocks {
        writer.block(block);
    }
    writer.docx
}

fn styled() -> Docx {
    let heading = |level: usize, half_points: usize, before: u32| {
        Style::new(format!("Heading{level}"), StyleType::Paragraph)
            .name(format!("heading {level}"))
            .based_on("Normal")
            .next("Normal")
            .q_format(true)
            .outline_lvl(level - 1)
            .size(half_points)
            .bold()
            .color(ACCENT)
            .line_spacing(LineSpacing::new().before(before).after(120))
    };
    let named = |id: &str, name: &str| Style::new(id, StyleType::Paragraph).name(name).based_on("Normal");
    let bullets = AbstractNumbering::new(BULLETS).add_level(level(NumberFormat::new("bullet"), "•"));
    Docx::new()
        .page_size(11_906, 16_838)
        .page_margin(PageMargin {
            top: 1247,
            left: MARGIN,
            bottom: 1247,
            right: MARGIN,
            header: 567,
            footer: 567,
            gutter: 0,
        })
        .default_fonts(RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT).east_asia(FONT))
        .default_size(24)
        .default_line_spacing(LineSpacing::new().after(160).line(300))
        .add_style(heading(1, 40, 240))
        .add_style(heading(2, 30, 400))
        .add_style(heading(3, 26, 280))
        .add_style(heading(4, 24, 240))
        .add_style(heading(5, 24, 240))
        .add_style(named("ListParagraph", "List Paragraph"))
        .add_style(named("Caption", "caption").bold())
        .add_abstract_numbering(bullets)
        .add_numbering(Numbering::new(BULLETS, BULLETS))
}

fn level(format: NumberFormat, mark: &str) -> Level {
    Level::new(0, Start::new(1), format, LevelText::new(mark), LevelJc::new("left")).indent(
        Some(567),
        Some(SpecialIndentType::Hanging(397)),
        None,
        None,
    )
}

fn footer(reference: Option<&str>) -> Footer {
    let mut paragraph = Paragraph::new().align(AlignmentType::Right);
    if let Some(reference) = reference {
        paragraph = paragraph.add_run(Run::new().add_text(format!("{}    ", text::clean_line(reference))).size(20));
    }
    paragraph = paragraph.add_run(Run::new().add_text("Page ").size(20)).add_page_num(PageNum::new());
    paragraph = paragraph.add_run(Run::new().add_text(" of ").size(20)).add_num_pages(NumPages::new());
    Footer::new().add_paragraph(paragraph)
}

struct Writer {
    docx: Docx,
    /// The number of the last list made; each counted list has its own, so that each starts from 1.
    lists: usize,
}

impl Writer {
    fn add(&mut self, paragraph: Paragraph) {
        let docx = std::mem::take(&mut self.docx);
        self.docx = docx.add_paragraph(paragraph);
    }

    fn lines(&mut self, lines: &[Line], style: Option<&str>) {
        self.add(paragraph(lines, style));
    }

    fn flow(&mut self, paragraphs: &[Vec<Line>], style: Option<&str>) {
        for lines in paragraphs {
            self.lines(lines, style);
        }
    }

    fn heading(&mut self, level: u8, title: &str) {
        let line = vec![Span::plain(text::clean_line(title))];
        let heading = paragraph(&[line], Some(&format!("Heading{level}")));
        self.add(heading.keep_next(true));
    }

    fn letterhead(&mut self, letterhead: &Letterhead) {
        let area = Run::new().add_text(text::clean_line(&letterhead.area_name)).bold().size(36).color(ACCENT);
        self.add(Paragraph::new().add_run(area));
        let lines = |lines: &[String]| -> Vec<Line> {
            let lines = lines.iter().filter(|line| !text::is_blank(line));
            lines.map(|line| vec![Span::plain(text::clean_line(line))]).collect()
        };
        let mut contact = lines(&letterhead.address_lines);
        contact.extend(lines(&letterhead.contact_lines));
        if !contact.is_empty() {
            let rule = ParagraphBorder::new(ParagraphBorderPosition::Bottom).size(10).space(8).color(ACCENT);
            let mut contact = paragraph(&contact, None);
            contact.property = contact.property.set_border(rule);
            self.add(contact);
        }
        let mut marks = Vec::new();
        if let Some(date) = &letterhead.date {
            marks.push(vec![Span::plain("Date: "), Span::plain(text::clean_line(date))]);
        }
        if let Some(reference) = &letterhead.reference {
            marks.push(vec![Span::plain("Our reference: "), Span::plain(text::clean_line(reference))]);
        }
        for block in [lines(&letterhead.recipient_lines), marks] {
            if !block.is_empty() {
                self.lines(&block, None);
            }
        }
        if let Some(salutation) = &letterhead.salutation {
            self.flow(&flow::plain(salutation), None);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => self.heading(level + 1, text),
            Block::Paragraph(spans) => self.flow(&flow::paragraphs(spans), None),
            Block::Bullets(entries) => self.list(entries, BULLETS),
            Block::Numbered(entries) => {
                self.lists += 1;
                let id = self.lists;
                let counted = AbstractNumbering::new(id).add_level(level(NumberFormat::new("decimal"), "%1."));
                let docx = std::mem::take(&mut self.docx);
                self.docx = docx.add_abstract_numbering(counted).add_numbering(Numbering::new(id, id));
                self.list(entries, id);
            }
            Block::KeyFacts(facts) => self.key_facts(facts),
            Block::Table(table) => self.table(table),
            Block::Callout { title, text } => self.callout(title, text),
            Block::Signature(signature) => self.signature(signature),
            Block::PageBreak => self.add(Paragraph::new().add_run(Run::new().add_break(BreakType::Page))),
            Block::Figure(figure) => {
                let words = format!("Picture: {}", text::clean_line(&figure.alternative_text));
                self.lines(&[vec![Span::Emphasis(words)]], None);
                if let Some(caption) = &figure.caption {
                    self.flow(&flow::plain(caption), Some("Caption"));
                }
            }
        }
    }

    fn list(&mut self, entries: &[Vec<Span>], id: usize) {
        for entry in entries {
            for (number, lines) in flow::paragraphs(entry).iter().enumerate() {
                let paragraph = paragraph(lines, Some("ListParagraph"));
                self.add(if number == 0 {
                    paragraph.numbering(NumberingId::new(id), IndentLevel::new(0))
                } else {
                    paragraph.indent(Some(567), None, None, None)
                });
            }
        }
    }

    fn key_facts(&mut self, facts: &[(String, String)]) {
        let widths = [TEXT_WIDTH * 34 / 100, TEXT_WIDTH * 66 / 100];
        let rows = facts.iter().map(|(name, value)| {
            let name = cell(widths[0], &[Span::strong(name.clone())]);
            TableRow::new(vec![name, cell(widths[1], &[Span::plain(value.clone())])])
        });
        self.add_table(rows.collect(), widths.to_vec());
    }

    fn table(&mut self, table: &Table) {
        let shares = table.widths();
        let total = shares.iter().copied().map(usize::from).sum::<usize>().max(1);
        let widths: Vec<usize> = shares.iter().map(|share| TEXT_WIDTH * usize::from(*share) / total).collect();
        if !text::is_blank(&table.caption) {
            let line = vec![Span::plain(text::clean_line(&table.caption))];
            self.add(paragraph(&[line], Some("Caption")).keep_next(true));
        }
        let header = table
            .header
            .iter()
            .zip(&widths)
            .map(|(name, width)| cell(*width, &[Span::strong(name.clone())]).shading(Shading::new().fill(TINT)));
        // Only header rows may not be split; `mark_header_rows` knows them by it.
        let mut rows = vec![TableRow::new(header.collect()).cant_split()];
        for row in &table.rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (words, width))| {
                let names_row = table.first_column_names_the_row && column == 0;
                let span = if names_row { Span::strong(words.clone()) } else { Span::plain(words.clone()) };
                cell(*width, &[span])
            });
            rows.push(TableRow::new(cells.collect()));
        }
        self.add_table(rows, widths);
    }

    fn add_table(&mut self, rows: Vec<TableRow>, widths: Vec<usize>) {
        let line = |position| TableBorder::new(position).border_type(BorderType::Single).size(4).color(HAIRLINE);
        let borders = TableBorders::with_empty()
            .set(line(TableBorderPosition::Top))
            .set(line(TableBorderPosition::Bottom))
            .set(line(TableBorderPosition::InsideH));
        let table = WordTable::without_borders(rows)
            .set_grid(widths)
            .width(TEXT_WIDTH, WidthType::Dxa)
            .layout(TableLayoutType::Fixed)
            .margins(TableCellMargins::new().margin(80, 110, 80, 110))
            .set_borders(borders);
        let docx = std::mem::take(&mut self.docx);
        // Word joins two tables that touch, so a small empty paragraph stands after each.
        self.docx = docx.add_table(table).add_paragraph(Paragraph::new());
    }

    fn callout(&mut self, title: &str, words: &[Span]) {
        let mut paragraphs = vec![vec![vec![Span::strong(text::clean_line(title))]]];
        paragraphs.extend(flow::paragraphs(words));
        for lines in paragraphs {
            let bar = ParagraphBorder::new(ParagraphBorderPosition::Left).size(24).space(10).color(ACCENT);
            let mut set_apart = paragraph(&lines, None).indent(Some(240), None, None, None);
            set_apart.property = set_apart.property.set_border(bar).shading(Shading::new().fill(TINT));
            self.add(set_apart);
        }
    }

    fn signature(&mut self, signature: &Signature) {
        if let Some(valediction) = &signature.valediction {
            self.flow(&flow::plain(valediction), None);
        }
        let mut lines = vec![vec![Span::strong(text::clean_line(&signature.name))]];
        let below = [Some(&signature.role), Some(&signature.organisation), signature.date.as_ref()];
        for line in below.into_iter().flatten().filter(|line| !text::is_blank(line)) {
            lines.push(vec![Span::plain(text::clean_line(line))]);
        }
        self.lines(&lines, None);
    }
}

fn paragraph(lines: &[Line], style: Option<&str>) -> Paragraph {
    let mut paragraph = Paragraph::new();
    if let Some(style) = style {
        paragraph = paragraph.style(style);
    }
    let first = lines.iter().flatten().map(Span::text).find(|words| !text::is_blank(words));
    if first.is_some_and(text::runs_right_to_left) {
        paragraph.property = paragraph.property.bidi(true);
    }
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            paragraph = paragraph.add_run(Run::new().add_break(BreakType::TextWrapping));
        }
        for span in line {
            let run = Run::new().add_text(span.text());
            paragraph = match span {
                Span::Plain(_) => paragraph.add_run(run),
                Span::Strong(_) => paragraph.add_run(run.bold()),
                Span::Emphasis(_) => paragraph.add_run(run.italic()),
                Span::Link { address, .. } => match text::safe_address(address) {
                    Some(address) => {
                        let run = run.underline("single").color("12508A");
                        paragraph.add_hyperlink(Hyperlink::new(address, HyperlinkType::External).add_run(run))
                    }
                    None => paragraph.add_run(run),
                },
            };
        }
    }
    paragraph
}

fn cell(width: usize, spans: &[Span]) -> TableCell {
    let mut cell = TableCell::new().width(width, WidthType::Dxa);
    let paragraphs = flow::paragraphs(spans);
    for lines in &paragraphs {
        cell = cell.add_paragraph(paragraph(lines, None).line_spacing(LineSpacing::new().after(0).line(276)));
    }
    if paragraphs.is_empty() {
        // A cell without a paragraph is not valid.
        cell = cell.add_paragraph(Paragraph::new());
    }
    cell
}

fn core_properties(document: &Document) -> String {
    let title = xml(&document.title);
    let (subject, author) = (xml(&document.subject), xml(&document.author));
    let language = &document.language;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <dc:title>{title}</dc:title><dc:subject>{subject}</dc:subject><dc:creator>{author}</dc:creator>\
         <dc:language>{language}</dc:language></cp:coreProperties>"
    )
}

fn xml(words: &str) -> String {
    let words = text::clean_line(words);
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Without the language a screen reader speaks with the voice of the reader's own computer; without a default style a
/// plain paragraph has none.
fn complete_styles(parts: &mut XMLDocx, document: &Document) -> Result<(), Fault> {
    let mut styles = String::from_utf8(std::mem::take(&mut parts.styles)).map_err(failed)?;
    let end = "</w:rPr></w:rPrDefault>";
    let language = format!("<w:lang w:val=\"{}\"/>{end}", document.language);
    let normal = "<w:style w:type=\"paragraph\" w:styleId=\"Normal\">";
    let normal_by_default = "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">";
    for (place, replacement) in [(end, language.as_str()), (normal, normal_by_default)] {
        if !styles.contains(place) {
            return Err(failed("the styles have no place for the language or the default style"));
        }
        styles = styles.replacen(place, replacement, 1);
    }
    parts.styles = styles.into_bytes();
    Ok(())
}

/// Only header rows are written with `cantSplit`, and text cannot hold a tag, because `<` is escaped in it.
fn mark_header_rows(parts: &mut XMLDocx) {
    const MARK: &str = "<w:cantSplit />";
    let body = String::from_utf8_lossy(&parts.document);
    parts.document = body.replace(MARK, &format!("{MARK}<w:tblHeader/>")).into_bytes();
}

/// The library stores its parts uncompressed and dates them by whatever its build allows.
fn rewrite(package: Cursor<Vec<u8>>) -> Result<Vec<u8>, Fault> {
    let mut archive = zip::ZipArchive::new(package).map_err(failed)?;
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).map_err(failed)?;
        if part.is_dir() {
            continue;
        }
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).map_err(failed)?;
        out.start_file(part.name(), options).map_err(failed)?;
        out.write_all(&bytes).map_err(failed)?;
    }
    Ok(out.finish().map_err(failed)?.into_inner())
}
