//! What does an official document say, and in what order?
//!
//! A [`Document`] is a list of blocks with a title, a language and a letterhead: enough to describe every letter and
//! every plan the area sends, and nothing about how it looks. The renderers ([`crate::typeset`], [`crate::word`] and
//! [`crate::html`]) each turn the same value into bytes.
//!
//! Every string here is plain text. No renderer may read markup into it: a parent who writes `*really*` in a form
//! gets `*really*` in the plan. Emphasis and links exist only as [`Span`] variants.
//!
//! Line breaks in any string are kept: one new line breaks the line, an empty line starts a new paragraph.

use crate::Fault;

/// A whole document, ready for any renderer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The main heading and the title a screen reader announces. Never empty.
    pub title: String,
    /// A BCP 47 tag of one or two parts, such as `en-GB` or `cy`.
    pub language: String,
    /// One line for the file's properties, such as "Education, health and care plan".
    pub subject: String,
    /// The area's name, which becomes the author in the file's properties.
    pub author: String,
    /// Who is writing, to whom, and when. Absent for a document that travels inside another.
    pub letterhead: Option<Letterhead>,
    /// A word such as "Draft", printed pale across every page and, because a background cannot be heard, said once in
    /// words above the title.
    pub draft_watermark_text: Option<String>,
    /// The content, in reading order.
    pub blocks: Vec<Block>,
}

/// The top of a letter. Dates arrive as text because only the caller knows how the reader's language writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// The area's name, printed large.
    pub area_name: String,
    /// The area's postal address, one line each.
    pub address_lines: Vec<String>,
    /// How to reach the team: name, telephone, email, one line each.
    pub contact_lines: Vec<String>,
    /// The area's reference for the child or young person.
    pub reference: Option<String>,
    /// The date of the document, as it should be printed.
    pub date: Option<String>,
    /// The addressee's name and address, one line each. Empty for a plan.
    pub recipient_lines: Vec<String>,
    /// "Dear Ms Example". Absent for a plan.
    pub salutation: Option<String>,
}

/// One block of content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading below the title. Level 1 is a main section; levels run to 4 and may not skip.
    Heading { level: u8, text: String },
    /// Running text.
    Paragraph(Vec<Span>),
    /// An unordered list, one entry each.
    Bullets(Vec<Vec<Span>>),
    /// An ordered list counted from 1.
    Numbered(Vec<Vec<Span>>),
    /// Names and their values, such as "Date of birth" and "4 May 2015".
    KeyFacts(Vec<(String, String)>),
    /// A table with one header row.
    Table(Table),
    /// A short passage set apart because it must not be missed.
    Callout { title: String, text: Vec<Span> },
    /// The end of a letter.
    Signature(Signature),
    /// What follows starts on a new page.
    PageBreak,
    /// A picture or a chart, with words for people who cannot see it.
    Figure(Figure),
}

/// A run of text with at most one meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    Plain(String),
    /// Important: bold on paper.
    Strong(String),
    /// Stressed: italic on paper.
    Emphasis(String),
    /// A link. Only `https:`, `http:`, `mailto:` and `tel:` addresses become links; others are printed as text.
    Link {
        text: String,
        address: String,
    },
}

/// A table with one header row. Every row has as many cells as the header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What the table holds, in one line.
    pub caption: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Relative widths, one for each column. Empty means equal.
    pub column_widths: Vec<u16>,
    /// Whether the first cell of each row names that row.
    pub first_column_names_the_row: bool,
}

/// Who signs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signature {
    /// "Yours sincerely". Absent for a plan.
    pub valediction: Option<String>,
    pub name: String,
    pub role: String,
    /// The area or the team.
    pub organisation: String,
    /// The date of signing, as it should be printed.
    pub date: Option<String>,
}

/// A picture with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub image: Image,
    /// What the picture shows, for people who cannot see it. Never empty.
    pub alternative_text: String,
    /// A line printed under the picture.
    pub caption: Option<String>,
    /// How wide it is on paper; none is the whole width of the text.
    pub width_mm: Option<u16>,
}

/// The bytes of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Image {
    Svg(Vec<u8>),
    Png(Vec<u8>),
}

/// No single document is longer than this, in bytes of text. A plan with every report appended is well below 1 MB.
pub const TEXT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A table with more columns than this cannot be read on A4.
pub const COLUMNS_MAX: usize = 8;

/// No single document carries more pictures than this.
pub const FIGURES_MAX: usize = 32;

impl Block {
    /// A main section heading.
    pub fn section(text: impl Into<String>) -> Block {
        Block::Heading { level: 1, text: text.into() }
    }

    /// A heading inside a section.
    pub fn subsection(text: impl Into<String>) -> Block {
        Block::Heading { level: 2, text: text.into() }
    }

    /// A paragraph without emphasis.
    pub fn text(text: impl Into<String>) -> Block {
        Block::Paragraph(vec![Span::Plain(text.into())])
    }

    /// A bulleted list without emphasis.
    pub fn bullets<T: Into<String>>(entries: impl IntoIterator<Item = T>) -> Block {
        Block::Bullets(entries.into_iter().map(|entry| vec![Span::Plain(entry.into())]).collect())
    }
}

impl Span {
    pub fn plain(text: impl Into<String>) -> Span {
        Span::Plain(text.into())
    }

    pub fn strong(text: impl Into<String>) -> Span {
        Span::Strong(text.into())
    }

    /// The words a reader sees.
    pub fn text(&self) -> &str {
        match self {
            Span::Plain(text) | Span::Strong(text) | Span::Emphasis(text) => text,
            Span::Link { text, .. } => text,
        }
    }
}

impl Document {
    /// Refuses a document that could not be rendered accessibly.
    ///
    /// # Errors
    /// [`Fault::TitleMissing`], [`Fault::LanguageUnknown`], [`Fault::HeadingEmpty`], [`Fault::HeadingLevelSkipped`],
    /// [`Fault::TableUneven`], [`Fault::TableTooWide`], [`Fault::AlternativeTextMissing`], [`Fault::TooManyFigures`] or [`Fault::TooLong`].
    /// Faults name the position of a block, never its words, so that they can be logged.
    pub fn check(&self) -> Result<(), Fault> {
        if crate::text::is_blank(&self.title) {
            return Err(Fault::TitleMissing);
        }
        crate::text::language_parts(&self.language).ok_or(Fault::LanguageUnknown)?;
        if self.text_bytes() > TEXT_BYTES_MAX {
            return Err(Fault::TooLong);
        }
        let mut level_before = 0;
        let mut figures = 0;
        for (position, block) in self.blocks.iter().enumerate() {
            match block {
                Block::Heading { level, text } => {
                    if crate::text::is_blank(text) {
                        return Err(Fault::HeadingEmpty { position });
                    }
                    if !(1..=4).contains(level) || *level > level_before + 1 {
                        return Err(Fault::HeadingLevelSkipped { position });
                    }
                    level_before = *level;
                }
                Block::Table(table) => table.check(position)?,
                Block::Figure(figure) => {
                    figures += 1;
                    if crate::text::is_blank(&figure.alternative_text) {
                        return Err(Fault::AlternativeTextMissing { position });
                    }
                }
                Block::Paragraph(_)
                | Block::Bullets(_)
                | Block::Numbered(_)
                | Block::KeyFacts(_)
                | Block::Callout { .. }
                | Block::Signature(_)
                | Block::PageBreak => {}
            }
        }
        if figures > FIGURES_MAX {
            return Err(Fault::TooManyFigures);
        }
        Ok(())
    }

    /// The length of all text, in bytes.
    pub fn text_bytes(&self) -> usize {
        let mut bytes = 0;
        self.each_text(&mut |text| bytes += text.len());
        bytes
    }

    /// Calls `visit` with every string a reader will meet, in reading order.
    pub fn each_text<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        if let Some(letterhead) = &self.letterhead {
            visit(&letterhead.area_name);
            let lines = letterhead.address_lines.iter();
            let lines = lines.chain(&letterhead.contact_lines);
            let lines = lines.chain(&letterhead.reference).chain(&letterhead.date);
            let lines = lines.chain(&letterhead.recipient_lines);
            lines.chain(&letterhead.salutation).for_each(|line| visit(line));
        }
        if let Some(watermark) = &self.draft_watermark_text {
            visit(watermark);
        }
        visit(&self.title);
        for block in &self.blocks {
            block.each_text(visit);
        }
    }
}

impl Block {
    fn each_text<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        match self {
            Block::Heading { text, .. } => visit(text),
            Block::Paragraph(spans) => spans.iter().for_each(|span| visit(span.text())),
            Block::Bullets(entries) | Block::Numbered(entries) => {
                entries.iter().flatten().for_each(|span| visit(span.text()));
            }
            Block::KeyFacts(facts) => {
                for (name, value) in facts {
                    visit(name);
                    visit(value);
                }
            }
            Block::Table(table) => {
                visit(&table.caption);
                table.header.iter().for_each(|cell| visit(cell));
                table.rows.iter().flatten().for_each(|cell| visit(cell));
            }
            Block::Callout { title, text } => {
                visit(title);
                text.iter().for_each(|span| visit(span.text()));
            }
            Block::Signature(signature) => {
                signature.valediction.iter().for_each(|line| visit(line));
                visit(&signature.name);
                visit(&signature.role);
                visit(&signature.organisation);
                signature.date.iter().for_each(|line| visit(line));
            }
            Block::PageBreak => {}
            Block::Figure(figure) => {
                visit(&figure.alternative_text);
                figure.caption.iter().for_each(|line| visit(line));
            }
        }
    }
}

impl Table {
    fn check(&self, position: usize) -> Result<(), Fault> {
        let uneven = Fault::TableUneven { position };
        let columns = self.header.len();
        let widths = self.column_widths.len();
        if columns == 0 || (widths != 0 && widths != columns) {
            return Err(uneven);
        }
        if columns > COLUMNS_MAX {
            return Err(Fault::TableTooWide { position });
        }
        if self.column_widths.contains(&0) || self.rows.iter().any(|row| row.len() != columns) {
            return Err(uneven);
        }
        Ok(())
    }

    /// One relative width for each column.
    pub fn widths(&self) -> Vec<u16> {
        if self.column_widths.is_empty() { vec![1; self.header.len()] } else { self.column_widths.clone() }
    }
}
