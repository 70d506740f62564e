//! The page of one section: its lines, adding to it, changing one. A plan is written in these pages
//! and an adviser's report too.

use super::edit::Shown;
use crate::voice::about_me::ForPlan;
use askama::Template;
use casework::plans::content::Section;

/// What signed advice says that a line was made from.
pub(crate) struct Advised {
    pub by: String,
    pub words: String,
}

#[derive(Template)]
#[template(path = "plan/section.html")]
pub(crate) struct SectionPage<'a> {
    /// The address under which each section has its own.
    pub base: String,
    pub name: String,
    pub version: u64,
    pub csrf: &'a str,
    pub summary: govuk::Html,
    pub section: Section,
    pub title: &'a str,
    pub lines: Vec<Shown>,
    /// What signed advice says on the line being changed.
    pub advised: Vec<Advised>,
    pub fields: govuk::Html,
    /// The line being changed; none when the section is shown.
    pub line: Option<String>,
    pub next: Option<Section>,
    /// For section A of a plan: the child's own words, if they are not in it already.
    pub own_words: Option<ForPlan>,
}

impl SectionPage<'_> {
    /// Whether the section is one text, as against lines.
    fn is_text(&self) -> bool {
        matches!(self.section, Section::A | Section::J)
    }

    /// What belongs into a section that others are mistaken for, in plain words.
    fn guidance(&self) -> &'static [&'static str] {
        match self.section {
            Section::H1 => &[
                "H1 is what must be given under section 2 of the Chronically Sick and Disabled Persons Act 1970 to somebody under 18: practical help at home, a short break, help with travel, meals, a telephone, changes to the home, or play and holidays.",
                "Once social care is satisfied that it is needed, it has to be given. It cannot wait for money.",
                "Anything else of social care belongs into H2. Enter each in its own section: the two are not joined.",
            ],
            Section::H2 => &[
                "H2 is any other social care that the needs reasonably call for: help for a child in need or under a child protection plan, and adult care from 18 (Care Act 2014).",
                "Practical help at home and short breaks for a disabled child under 18 belong into H1. Enter each in its own section: the two are not joined.",
            ],
            _ => &[],
        }
    }

    /// What the button says that adds a line.
    fn add(&self) -> &'static str {
        match self.section {
            Section::A | Section::J => "Save",
            Section::B | Section::C | Section::D => "Add this need",
            Section::E => "Add this outcome",
            Section::F | Section::G | Section::H1 | Section::H2 => "Add this provision",
            Section::K => "Add this report",
        }
    }
}
