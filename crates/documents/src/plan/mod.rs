//! What does a plan look like on paper, and what does the child get to read?
//!
//! SEND Regulations 2014 regulation 12: sections A to K, each separately identified, with Section I left blank while
//! the plan is a draft (Children and Families Act 2014 section 38(5)). A need, an outcome and a provision carry the same
//! number here as on the screen, so that people who talk about "F2" mean the same line.
//!
//! The plan is one view of [`casework::plans::content::Content`]; nothing is said here that the content does not hold.

mod easy_read;
mod pictures;

use casework::plans::content::{CareNeedLine, Citation, Content, ProvisionKind, ProvisionLine, Section};
use jiff::civil::Date;

use crate::letters::Signatory;
use crate::model::{Block, Document, Letterhead, Signature, Span, Table};
use crate::text::is_blank;

/// Whom the plan is for, as the family uses the names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The full name.
    pub name: String,
    /// The name the child or young person uses.
    pub called: String,
    pub born_on: Option<Date>,
    pub address: Option<String>,
    /// Parents and carers, one each.
    pub parents: Vec<String>,
    pub home_language: Option<String>,
    /// Where the child or young person is educated now.
    pub setting_now: Option<String>,
}

/// The area that makes the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Area {
    pub name: String,
    pub address_lines: Vec<String>,
    pub contact_lines: Vec<String>,
    /// The area's reference for the child or young person.
    pub reference: String,
}

/// Whether the plan is still open to the family's comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    Draft { comments_until: Option<Date> },
    Final { section_i: String },
}

/// Everything a plan on paper is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<'a> {
    pub content: &'a Content,
    pub person: Person,
    pub area: Area,
    pub standing: Standing,
    /// The day it is sent.
    pub dated: Date,
    pub signed_by: Signatory,
    /// The advice itself, which has to be set out in appendices (regulation 12(4)): a title and the text of each.
    pub appendices: Vec<(String, String)>,
}

const NOTHING_YET: &str = "Nothing has been entered in this section.";
const NONE_IDENTIFIED: &str = "The assessment identified none.";

impl Plan<'_> {
    /// The whole plan, A to K.
    pub fn document(&self) -> Document {
        let content = self.content;
        let mut blocks = self.opening();
        blocks.push(heading(Section::A));
        blocks.push(Block::text(or(&content.views, NOTHING_YET)));
        if !is_blank(&content.how_to_involve) {
            blocks.push(Block::subsection(format!("How to talk with {} and involve them", self.person.called)));
            blocks.push(Block::text(content.how_to_involve.clone()));
        }
        self.needs(&mut blocks);
        blocks.push(heading(Section::C));
        blocks.push(care_needs(content, &content.health_needs));
        blocks.push(heading(Section::D));
        blocks.push(care_needs(content, &content.social_care_needs));
        self.outcomes(&mut blocks);
        for (section, kind) in [
            (Section::F, ProvisionKind::Special),
            (Section::G, ProvisionKind::Health),
            (Section::H1, ProvisionKind::SocialCareH1),
            (Section::H2, ProvisionKind::SocialCareH2),
        ] {
            blocks.push(heading(section));
            blocks.push(provision(content, kind));
        }
        blocks.push(Block::section("Section I: School, college or other placement"));
        blocks.push(match &self.standing {
            Standing::Draft { .. } => Block::text(
                "This section is left blank while the plan is a draft, so that the family is heard before a school or \
                 college is named.",
            ),
            Standing::Final { section_i } => Block::text(section_i.clone()),
        });
        blocks.push(heading(Section::J));
        blocks.push(Block::text(or(
            &content.direct_payments,
            "No personal budget has been asked for. The family can ask whenever the plan is a draft or is reviewed.",
        )));
        self.advice(&mut blocks);
        blocks.push(Block::Signature(Signature {
            valediction: None,
            name: self.signed_by.name.clone(),
            role: self.signed_by.role.clone(),
            organisation: self.area.name.clone(),
            date: Some(day(self.dated)),
        }));
        for (number, (title, text)) in self.appendices.iter().filter(|(_, text)| !is_blank(text)).enumerate() {
            blocks.push(Block::PageBreak);
            blocks.push(Block::section(format!("Appendix {}: {title}", number + 1)));
            blocks.push(Block::text(text.clone()));
        }
        let (title, watermark) = match self.standing {
            Standing::Draft { .. } => ("Draft education, health and care plan", Some("Draft".to_owned())),
            Standing::Final { .. } => ("Education, health and care plan", None),
        };
        Document {
            title: format!("{title} for {}", self.person.name),
            language: "en-GB".into(),
            subject: "Education, health and care plan".into(),
            author: self.area.name.clone(),
            letterhead: Some(self.letterhead()),
            draft_watermark_text: watermark,
            blocks,
        }
    }

    /// A page or two in short words for the child or young person: what matters to them, what is hoped for, what
    /// people will do. The words around are simple; what the plan says is given as the plan says it.
    pub fn child_version(&self) -> Document {
        let content = self.content;
        let mut blocks = vec![
            Block::text(format!(
                "Hello {}. This is your plan. It is about you. It says what matters to you and what people will do to help.",
                self.person.called
            )),
            Block::section("What matters to me"),
            Block::text(or(&content.views, "We would like to hear this from you.")),
            Block::section("What we hope for"),
        ];
        blocks.push(if content.outcomes.is_empty() {
            Block::text("We will write this with you.")
        } else {
            Block::bullets(content.outcomes.iter().map(|outcome| outcome.text.trim().to_owned()))
        });
        blocks.push(Block::section("What people will do to help me"));
        blocks.push(if content.provision.is_empty() {
            Block::text("We will write this with you.")
        } else {
            Block::Bullets(
                content
                    .provision
                    .iter()
                    .map(|line| {
                        let mut spans = vec![Span::plain(line.text.trim())];
                        let how = joined(&[&line.how_often, &line.how_long]);
                        if !is_blank(&line.who) {
                            spans.push(Span::plain("\nWho: "));
                            spans.push(Span::strong(line.who.trim()));
                        }
                        if !how.is_empty() {
                            spans.push(Span::plain(format!("\nWhen: {how}")));
                        }
                        spans
                    })
                    .collect(),
            )
        });
        if let Standing::Final { section_i } = &self.standing {
            blocks.push(Block::section("Where I learn"));
            blocks.push(Block::text(section_i.clone()));
        }
        blocks.push(Block::section("If something is not right"));
        blocks.push(Block::text(
            "Tell someone you trust. You can say no. You can ask us to change the plan. We look at it with you at least once a year.",
        ));
        let contacts: Vec<&str> =
            self.area.contact_lines.iter().map(String::as_str).filter(|line| !is_blank(line)).collect();
        if !contacts.is_empty() {
            blocks.push(Block::text(format!("You can reach us here:\n{}", contacts.join("\n"))));
        }
        Document {
            title: format!("My plan: {}", self.person.called),
            language: "en-GB".into(),
            subject: "The child’s version of the plan".into(),
            author: self.area.name.clone(),
            letterhead: None,
            draft_watermark_text: None,
            blocks,
        }
    }

    fn letterhead(&self) -> Letterhead {
        Letterhead {
            area_name: self.area.name.clone(),
            address_lines: self.area.address_lines.clone(),
            contact_lines: self.area.contact_lines.clone(),
            reference: Some(self.area.reference.clone()),
            date: Some(day(self.dated)),
            recipient_lines: Vec::new(),
            salutation: None,
        }
    }

    fn opening(&self) -> Vec<Block> {
        let person = &self.person;
        let mut facts = vec![("Name".to_owned(), person.name.clone())];
        let mut fact = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !is_blank(value)) {
                facts.push((name.to_owned(), value));
            }
        };
        let called = (!person.name.starts_with(&person.called)).then(|| person.called.clone());
        fact("Likes to be called", called);
        fact("Date of birth", person.born_on.map(day));
        fact("Home address", person.address.clone());
        fact("Parents and carers", Some(person.parents.join("; ")));
        fact("Language at home", person.home_language.clone());
        fact("School or setting now", person.setting_now.clone());
        let text = match &self.standing {
            Standing::Draft { comments_until } => {
                fact("Draft sent on", Some(day(self.dated)));
                fact("Please comment by", comments_until.map(day));
                "This is a draft. Nothing in it is decided. "
            }
            Standing::Final { .. } => {
                fact("Plan made on", Some(day(self.dated)));
                ""
            }
        };
        vec![
            Block::KeyFacts(facts),
            Block::Callout {
                title: "How to read this plan".into(),
                text: vec![
                    Span::plain(text),
                    Span::plain("Every need, outcome and provision has a number. "),
                    Span::strong("Each provision says which needs it meets and which outcomes it works towards."),
                    Span::plain(" If anything here does not match what you see, please tell us."),
                ],
            },
        ]
    }

    fn needs(&self, blocks: &mut Vec<Block>) {
        let content = self.content;
        blocks.push(heading(Section::B));
        if content.needs.is_empty() {
            blocks.push(Block::text(NOTHING_YET));
            return;
        }
        blocks.push(Block::Table(Table {
            caption: "Special educational needs".into(),
            header: vec!["No.".into(), "Area".into(), "Need".into()],
            rows: content
                .needs
                .iter()
                .map(|need| {
                    vec![
                        content.number(need.id).unwrap_or_default(),
                        need.area.label().to_owned(),
                        sourced(&need.text, need.citation.as_ref()),
                    ]
                })
                .collect(),
            column_widths: vec![2, 4, 9],
            first_column_names_the_row: true,
        }));
    }

    fn outcomes(&self, blocks: &mut Vec<Block>) {
        let content = self.content;
        blocks.push(heading(Section::E));
        if content.outcomes.is_empty() {
            blocks.push(Block::text(NOTHING_YET));
            return;
        }
        blocks.push(Block::Table(Table {
            caption: "Outcomes".into(),
            header: vec!["No.".into(), "Outcome".into(), "By when".into()],
            rows: content
                .outcomes
                .iter()
                .map(|outcome| {
                    vec![
                        content.number(outcome.id).unwrap_or_default(),
                        outcome.text.clone(),
                        or(&outcome.by, "Not said"),
                    ]
                })
                .collect(),
            column_widths: vec![2, 9, 4],
            first_column_names_the_row: true,
        }));
    }

    fn advice(&self, blocks: &mut Vec<Block>) {
        blocks.push(heading(Section::K));
        if self.content.advice.is_empty() {
            blocks.push(Block::text(NOTHING_YET));
            return;
        }
        blocks.push(Block::Table(Table {
            caption: "Advice and information".into(),
            header: vec!["Advice".into(), "From".into(), "Date".into()],
            rows: self
                .content
                .advice
                .iter()
                .map(|advice| vec![advice.kind.clone(), advice.from.clone(), advice.dated.clone()])
                .collect(),
            column_widths: vec![4, 5, 3],
            first_column_names_the_row: false,
        }));
    }
}

fn heading(section: Section) -> Block {
    Block::section(format!("Section {}: {}", section.letter(), section.label()))
}

fn care_needs(content: &Content, lines: &[CareNeedLine]) -> Block {
    if lines.is_empty() {
        return Block::text(NONE_IDENTIFIED);
    }
    Block::KeyFacts(
        lines
            .iter()
            .map(|line| (content.number(line.id).unwrap_or_default(), sourced(&line.text, line.citation.as_ref())))
            .collect(),
    )
}

fn provision(content: &Content, kind: ProvisionKind) -> Block {
    let row = |line: &ProvisionLine| {
        vec![
            content.number(line.id).unwrap_or_default(),
            sourced(&line.text, line.citation.as_ref()),
            or(&line.who, "Not said"),
            or(&joined(&[&line.how_often, &line.how_long]), "Not said"),
            content.numbers(&line.needs),
            content.numbers(&line.outcomes),
        ]
    };
    let rows: Vec<Vec<String>> = content.provision_of(kind).map(row).collect();
    if rows.is_empty() {
        return Block::text(if kind == ProvisionKind::Special { NOTHING_YET } else { "None." });
    }
    Block::Table(Table {
        caption: kind.label().into(),
        header: ["No.", "What", "Who", "How often, how long", "Needs", "Outcomes"].map(str::to_owned).to_vec(),
        rows,
        column_widths: vec![3, 8, 5, 5, 4, 6],
        first_column_names_the_row: true,
    })
}

fn sourced(text: &str, citation: Option<&Citation>) -> String {
    match citation.filter(|citation| !is_blank(&citation.report)) {
        None => text.to_owned(),
        Some(Citation { report, page: Some(page) }) => format!("{text}\n\nFrom: {report}, page {page}"),
        Some(Citation { report, page: None }) => format!("{text}\n\nFrom: {report}"),
    }
}

fn joined(parts: &[&str]) -> String {
    parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn or(text: &str, otherwise: &str) -> String {
    if is_blank(text) { otherwise.to_owned() } else { text.to_owned() }
}

fn day(date: Date) -> String {
    crate::letters::day(date)
}
