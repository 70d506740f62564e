//! What a plan says, as linked records: the document is one view of them.
//!
//! SEND Regulations 2014 regulation 12: sections A to K, each separately identified. Needs,
//! outcomes and provision are lines with ids, so that provision can point at the needs it meets
//! and the outcomes it works towards.

use crate::LineId;
use crate::codes::codes;
use serde::{Deserialize, Serialize};

codes! {
    /// The four broad areas of the Code of Practice (6.28 to 6.35).
    BroadArea {
        Communication = "communication" => "Communication and interaction",
        Cognition = "cognition" => "Cognition and learning",
        Emotional = "emotional" => "Social, emotional and mental health",
        Sensory = "sensory" => "Sensory and physical",
    }
}

codes! {
    /// Which section a provision belongs to.
    ProvisionKind {
        Special = "special" => "Special educational provision (section F)",
        Health = "health" => "Health provision (section G)",
        SocialCareH1 = "social_care_h1" => "Social care provision under the 1970 Act (section H1)",
        SocialCareH2 = "social_care_h2" => "Other social care provision (section H2)",
    }
}

impl ProvisionKind {
    /// The section of the plan that holds it.
    pub fn section(self) -> Section {
        match self {
            ProvisionKind::Special => Section::F,
            ProvisionKind::Health => Section::G,
            ProvisionKind::SocialCareH1 => Section::H1,
            ProvisionKind::SocialCareH2 => Section::H2,
        }
    }
}

codes! {
    /// The sections that are written. Section I is named by the placement, never typed.
    Section {
        A = "a" => "Views, interests and aspirations of the child and the family",
        B = "b" => "Special educational needs",
        C = "c" => "Health care needs that relate to the special educational needs",
        D = "d" => "Social care needs that relate to the special educational needs or a disability",
        E = "e" => "Outcomes",
        F = "f" => "Special educational provision",
        G = "g" => "Health care provision",
        H1 = "h1" => "Social care provision under section 2 of the Chronically Sick and Disabled Persons Act 1970",
        H2 = "h2" => "Other social care provision",
        J = "j" => "Personal budget and direct payments",
        K = "k" => "Advice and information the plan is based on",
    }
}

impl Section {
    /// "A" to "K", as the plan prints it.
    pub fn letter(self) -> String {
        self.code().to_uppercase()
    }

    /// Which provision this section holds, if it holds provision.
    pub fn provision(self) -> Option<ProvisionKind> {
        match self {
            Section::F => Some(ProvisionKind::Special),
            Section::G => Some(ProvisionKind::Health),
            Section::H1 => Some(ProvisionKind::SocialCareH1),
            Section::H2 => Some(ProvisionKind::SocialCareH2),
            _ => None,
        }
    }
}

codes! {
    /// The four outcomes of preparing for adult life (Code of Practice 7.38, 8.10).
    AdulthoodArea {
        Work = "work" => "Work and learning",
        Independence = "independence" => "Living in my own way",
        Community = "community" => "Friends and community",
        Health = "health" => "Being healthy",
    }
}

/// Where a line comes from: a report and the place in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Citation {
    pub report: String,
    pub page: Option<u32>,
}

/// A need in section B.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeedLine {
    pub id: LineId,
    pub area: BroadArea,
    pub text: String,
    pub citation: Option<Citation>,
    /// The lines of signed advice that this one was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<LineId>,
}

/// A need in section C or D.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareNeedLine {
    pub id: LineId,
    pub text: String,
    pub citation: Option<Citation>,
    /// The lines of signed advice that this one was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<LineId>,
}

/// An outcome in section E.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeLine {
    pub id: LineId,
    pub text: String,
    /// By when, as written: "by the end of key stage 2".
    pub by: String,
    /// The lines of signed advice that this one was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<LineId>,
    /// Which part of adult life it prepares for, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adulthood: Option<AdulthoodArea>,
}

/// Provision in sections F, G, H1 or H2: what, by whom, how often, how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionLine {
    pub id: LineId,
    pub kind: ProvisionKind,
    pub text: String,
    pub who: String,
    pub how_often: String,
    pub how_long: String,
    pub needs: Vec<LineId>,
    pub outcomes: Vec<LineId>,
    pub citation: Option<Citation>,
    /// The lines of signed advice that this one was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<LineId>,
}

/// One report appended in section K.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppendedAdvice {
    pub kind: String,
    pub from: String,
    pub dated: String,
}

/// The whole content. Section I is kept by the case, because a draft leaves it blank.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// Section A: the child's and family's views, interests and aspirations.
    pub views: String,
    /// Section A: how to talk with the child and involve them.
    pub how_to_involve: String,
    pub needs: Vec<NeedLine>,
    pub health_needs: Vec<CareNeedLine>,
    pub social_care_needs: Vec<CareNeedLine>,
    pub outcomes: Vec<OutcomeLine>,
    pub provision: Vec<ProvisionLine>,
    /// Section J.
    pub direct_payments: String,
    pub advice: Vec<AppendedAdvice>,
}

impl Content {
    pub fn provision_of(&self, kind: ProvisionKind) -> impl Iterator<Item = &ProvisionLine> {
        self.provision.iter().filter(move |line| line.kind == kind)
    }

    pub fn has_health_provision(&self) -> bool {
        self.provision_of(ProvisionKind::Health).next().is_some()
    }

    /// The number that a line carries on paper, such as "B2" or "F1".
    pub fn number(&self, line: LineId) -> Option<String> {
        fn place(mut ids: impl Iterator<Item = LineId>, line: LineId, letter: &str) -> Option<String> {
            ids.position(|id| id == line).map(|index| format!("{letter}{}", index + 1))
        }
        let provision = |kind, letter| place(self.provision_of(kind).map(|l| l.id), line, letter);
        place(self.needs.iter().map(|l| l.id), line, "B")
            .or_else(|| place(self.health_needs.iter().map(|l| l.id), line, "C"))
            .or_else(|| place(self.social_care_needs.iter().map(|l| l.id), line, "D"))
            .or_else(|| place(self.outcomes.iter().map(|l| l.id), line, "E"))
            .or_else(|| provision(ProvisionKind::Special, "F"))
            .or_else(|| provision(ProvisionKind::Health, "G"))
            .or_else(|| provision(ProvisionKind::SocialCareH1, "H1."))
            .or_else(|| provision(ProvisionKind::SocialCareH2, "H2."))
    }

    /// The numbers of several lines, as paper shows them: "B1, B3".
    pub fn numbers(&self, lines: &[LineId]) -> String {
        lines.iter().filter_map(|line| self.number(*line)).collect::<Vec<_>>().join(", ")
    }

    /// The text whose fingerprint identifies the version: JSON with fields in declared order.
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("plain structs of strings always serialise")
    }
}
