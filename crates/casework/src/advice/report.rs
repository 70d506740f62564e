//! What an adviser writes and signs: their own words, and lines that a plan can be made from.

use super::AdviceKind;
use crate::LineId;
use crate::codes::codes;
use crate::plans::content::{Citation, Content, Section};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

codes! {
    /// What a report says of a condition.
    Standing {
        Diagnosed = "diagnosed" => "Diagnosed",
        BeingAssessed = "being_assessed" => "Being assessed",
        NotFound = "not_found" => "Looked for and not found",
    }
}

/// A condition that the report speaks of, such as autism.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    pub id: LineId,
    pub name: String,
    pub standing: Standing,
    pub on: Option<Date>,
}

/// Who signs: regulation 6 asks for the advice of a person, not of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedAs {
    pub name: String,
    pub post: String,
    /// The number at their professional register, if they have one.
    pub registration: String,
}

/// A file that belongs to the report, known by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    pub document: crate::DocumentId,
    pub title: String,
    pub fingerprint: String,
}

/// One adviser's advice. The lines are those of a plan, so that a plan can be made from them;
/// sections A, J and K stay empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Report {
    /// What the professional says in words of their own, kept as written.
    pub account: String,
    #[serde(default)]
    pub conditions: Vec<Condition>,
    pub lines: Content,
    #[serde(default)]
    pub enclosed: Vec<Enclosed>,
    pub signed_as: Option<SignedAs>,
}

impl Report {
    /// The text whose fingerprint identifies the version: JSON with fields in declared order.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("plain structs of strings always serialise")
    }

    /// Whether there is anything to sign.
    pub fn is_empty(&self) -> bool {
        self.account.trim().is_empty() && self.conditions.is_empty() && self.line_count() == 0
    }

    /// How many of its needs and provisions do not say on which page of a report they stand.
    pub fn without_page(&self) -> usize {
        let Content { needs, health_needs, social_care_needs, provision, .. } = &self.lines;
        let has = |citation: &Option<Citation>| citation.as_ref().is_some_and(|citation| citation.page.is_some());
        needs.iter().filter(|line| !has(&line.citation)).count()
            + health_needs.iter().chain(social_care_needs).filter(|line| !has(&line.citation)).count()
            + provision.iter().filter(|line| !has(&line.citation)).count()
    }

    /// How many needs, outcomes and provisions it has.
    pub fn line_count(&self) -> usize {
        let Content { needs, health_needs, social_care_needs, outcomes, provision, .. } = &self.lines;
        needs.len() + health_needs.len() + social_care_needs.len() + outcomes.len() + provision.len()
    }
}

impl AdviceKind {
    /// The sections of a plan that this advice speaks to, in the order in which it is written.
    /// The family's own views are words, not lines.
    pub fn sections(self) -> &'static [Section] {
        use Section::{B, C, D, E, F, G, H1, H2};
        match self {
            AdviceKind::Family => &[],
            AdviceKind::Educational | AdviceKind::Psychological => &[B, E, F],
            AdviceKind::Medical => &[C, B, E, G, F],
            AdviceKind::SocialCare => &[D, E, H1, H2],
            AdviceKind::OtherAppropriate | AdviceKind::Adulthood | AdviceKind::FamilyRequested => {
                &[B, C, D, E, F, G, H1, H2]
            }
        }
    }
}
