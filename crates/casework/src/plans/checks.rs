//! Is the plan complete, specific, and does the golden thread hold?
//!
//! The rules are open and deterministic. Some block (a section that regulation 12 requires is
//! empty, a need has no provision); the others are flags for the writer, who decides.

use super::content::{Content, ProvisionKind, ProvisionLine};
use crate::LineId;
use jiff::civil::Date;

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    pub line: Option<LineId>,
    pub section: char,
    /// A few words, for a list inside a sentence.
    pub short: String,
    /// What is wrong and how to mend it.
    pub advice: String,
    /// The plan may not be sent while this holds.
    pub blocks: bool,
}

/// Words that make provision unenforceable because nobody can say whether it was given.
/// Code of Practice 9.69: provision must be detailed and specific and should normally be quantified.
const VAGUE: [&str; 16] = [
    "access to",
    "opportunities for",
    "opportunities to",
    "as appropriate",
    "as required",
    "as needed",
    "when necessary",
    "where possible",
    "may benefit",
    "would benefit from",
    "regular",
    "regularly",
    "ongoing",
    "up to",
    "at the discretion",
    "consideration should be given",
];

/// Words of this text that leave it open whether anything is given.
pub fn vague_words(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    VAGUE.into_iter().filter(|word| contains_phrase(&text, word)).collect()
}

/// Every flag for a plan for a child born on `born_on`, as it would stand on `on`.
pub fn check(content: &Content, born_on: Date, on: Date) -> Vec<Flag> {
    let mut flags = Vec::new();
    sections(content, &mut flags);
    thread(content, &mut flags);
    for line in &content.provision {
        specific(line, &mut flags);
    }
    adult_years(content, born_on, on, &mut flags);
    flags
}

fn sections(content: &Content, flags: &mut Vec<Flag>) {
    let mut require = |present: bool, section: char, what: &str| {
        if !present {
            flags.push(Flag {
                line: None,
                section,
                short: format!("section {section} has no {what}"),
                advice: format!("Regulation 12(1) requires section {section}. Add at least one entry."),
                blocks: true,
            });
        }
    };
    require(!content.views.trim().is_empty(), 'A', "views of the child and family");
    require(!content.needs.is_empty(), 'B', "special educational need");
    require(!content.outcomes.is_empty(), 'E', "outcome");
    require(content.provision_of(ProvisionKind::Special).next().is_some(), 'F', "special educational provision");
    require(!content.advice.is_empty(), 'K', "list of the advice used");
}

fn thread(content: &Content, flags: &mut Vec<Flag>) {
    for (number, need) in content.needs.iter().enumerate() {
        if !content.provision_of(ProvisionKind::Special).any(|line| line.needs.contains(&need.id)) {
            flags.push(Flag {
                line: Some(need.id),
                section: 'B',
                short: format!("need B{} has no provision", number + 1),
                advice: "Every need in section B must have provision in section F that meets it. Add the provision, or link one that is there.".into(),
                blocks: true,
            });
        }
    }
    for (number, outcome) in content.outcomes.iter().enumerate() {
        if !content.provision.iter().any(|line| line.outcomes.contains(&outcome.id)) {
            flags.push(Flag {
                line: Some(outcome.id),
                section: 'E',
                short: format!("outcome E{} is worked towards by no provision", number + 1),
                advice: "Link the provision that helps the child reach this outcome.".into(),
                blocks: false,
            });
        }
        if outcome.by.trim().is_empty() {
            flags.push(Flag {
                line: Some(outcome.id),
                section: 'E',
                short: format!("outcome E{} has no date", number + 1),
                advice: "Say by when, so that a review can tell whether it was reached.".into(),
                blocks: false,
            });
        }
    }
}

fn section_of(kind: ProvisionKind) -> char {
    match kind {
        ProvisionKind::Special => 'F',
        ProvisionKind::Health => 'G',
        ProvisionKind::SocialCareH1 | ProvisionKind::SocialCareH2 => 'H',
    }
}

fn specific(line: &ProvisionLine, flags: &mut Vec<Flag>) {
    let section = section_of(line.kind);
    let mut flag = |short: String, advice: String| {
        flags.push(Flag { line: Some(line.id), section, short, advice, blocks: false });
    };
    if let Some(word) = vague_words(&line.text).first() {
        flag(
            format!("“{word}” in section {section}"),
            format!(
                "“{word}” leaves it open whether anything is given. Say what, how much, how often and by whom (Code of Practice 9.69)."
            ),
        );
    }
    let missing: Vec<&str> =
        [("who gives it", &line.who), ("how often", &line.how_often), ("how long", &line.how_long)]
            .into_iter()
            .filter(|(_, value)| value.trim().is_empty())
            .map(|(what, _)| what)
            .collect();
    if !missing.is_empty() {
        flag(
            format!("provision in section {section} does not say {}", missing.join(", ")),
            "Provision should normally be quantified: who, how often, for how long.".into(),
        );
    }
    if line.kind == ProvisionKind::Special && line.needs.is_empty() {
        flag(
            "provision in section F meets no need".into(),
            "Link the need in section B that this provision meets.".into(),
        );
    }
}

fn contains_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + phrase.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

fn adult_years(content: &Content, born_on: Date, on: Date, flags: &mut Vec<Flag>) {
    let adult = law::calendar::birthday(born_on, 18);
    for line in content.provision_of(ProvisionKind::SocialCareH1) {
        if on >= adult {
            flags.push(Flag {
                line: Some(line.id),
                section: 'H',
                short: "section H1 for someone aged 18 or over".into(),
                advice: "Section H1 is for under-18s (section 37(2)(e)). Adult care goes in H2.".into(),
                blocks: true,
            });
        }
    }
}
