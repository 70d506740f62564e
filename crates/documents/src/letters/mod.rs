//! What must each statutory letter say, and does this one say it?
//!
//! | letter | parameters |
//! |---|---|
//! | we are considering whether to assess | [`assessment::ConsideringWhetherToAssess`] |
//! | we will assess | [`assessment::WillAssess`] |
//! | we will not assess | [`assessment::WillNotAssess`] |
//! | we will not make a plan | [`plan::NoPlan`] |
//! | here is the draft plan | [`plan::DraftPlan`] |
//! | here is the final plan | [`plan::FinalPlan`] |
//!
//! Each parameter struct holds what only the case knows: names, dates, reasons, contacts. The words around them are
//! here, in plain English for a reading age of 11 to 14. A part that is not given is left out, never filled with
//! something made up, and [`Letter::missing`] then names it: whoever issues the letter must refuse while that is not
//! empty, because a family that was not told of a right may lose it.
//!
//! Content is marked as carried by the same line of code that writes it, so the list cannot promise what the letter
//! does not say. Required content is that of the Children and Families Act 2014 and the SEND Regulations 2014 as read
//! in June 2026. Dates arrive already counted; nothing here counts days.

pub mod assessment;
pub mod plan;
mod wording;

pub(crate) use wording::day;

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::{Block, Document, Letterhead, Signature};

/// A letter and what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub kind: LetterKind,
    pub document: Document,
    /// What the text of the document really says.
    pub carried: BTreeSet<Content>,
}

impl Letter {
    /// What the law requires of this letter and its text does not say. The letter may go out only when this is empty.
    pub fn missing(&self) -> Vec<Content> {
        let required = self.kind.required().iter();
        required.copied().filter(|content| !self.carried.contains(content)).collect()
    }
}

/// The letters there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    ConsideringWhetherToAssess,
    WillAssess,
    WillNotAssess,
    NoPlan,
    DraftPlan,
    FinalPlan,
}

/// One thing that a letter may have to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    ConsideringAssessment,
    RightToGiveViewsAndEvidence,
    Decision,
    Reasons,
    RightOfAppeal,
    AppealTimeLimits,
    RightToMediation,
    NeedForCertificate,
    MediationAdviserContact,
    MediationTimescales,
    WhatToTellUsForMediation,
    OurContactForMediation,
    DisagreementResolution,
    InformationAdviceAndSupport,
    TribunalRecommendations,
    PlanEnclosed,
    AdviceEnclosed,
    RepresentationsPeriod,
    RightToRequestInstitution,
    MeetingWithOfficer,
    WhereToFindSchoolsAndColleges,
    PersonalBudget,
}

const APPEAL: &[Content] = &[
    Content::RightOfAppeal,
    Content::AppealTimeLimits,
    Content::RightToMediation,
    Content::NeedForCertificate,
    Content::MediationAdviserContact,
    Content::MediationTimescales,
    Content::WhatToTellUsForMediation,
    Content::OurContactForMediation,
    Content::DisagreementResolution,
    Content::InformationAdviceAndSupport,
];

const WILL_NOT_ASSESS: [Content; 12] = with_appeal([Content::Decision, Content::Reasons]);
const NO_PLAN: [Content; 13] = with_appeal([Content::Decision, Content::Reasons, Content::TribunalRecommendations]);
const FINAL_PLAN: [Content; 13] =
    with_appeal([Content::Decision, Content::PlanEnclosed, Content::TribunalRecommendations]);

const fn with_appeal<const FIRST: usize, const ALL: usize>(first: [Content; FIRST]) -> [Content; ALL] {
    let mut all = [Content::Decision; ALL];
    let mut at = 0;
    while at < ALL {
        all[at] = if at < FIRST { first[at] } else { APPEAL[at - FIRST] };
        at += 1;
    }
    all
}

impl LetterKind {
    pub const ALL: [LetterKind; 6] = [
        LetterKind::ConsideringWhetherToAssess,
        LetterKind::WillAssess,
        LetterKind::WillNotAssess,
        LetterKind::NoPlan,
        LetterKind::DraftPlan,
        LetterKind::FinalPlan,
    ];

    /// What the letter must say.
    pub fn required(self) -> &'static [Content] {
        match self {
            LetterKind::ConsideringWhetherToAssess => {
                &[Content::ConsideringAssessment, Content::RightToGiveViewsAndEvidence]
            }
            LetterKind::WillAssess => &[Content::Decision],
            LetterKind::WillNotAssess => &WILL_NOT_ASSESS,
            LetterKind::NoPlan => &NO_PLAN,
            LetterKind::DraftPlan => &[
                Content::PlanEnclosed,
                Content::AdviceEnclosed,
                Content::RepresentationsPeriod,
                Content::RightToRequestInstitution,
                Content::MeetingWithOfficer,
                Content::WhereToFindSchoolsAndColleges,
                Content::PersonalBudget,
            ],
            LetterKind::FinalPlan => &FINAL_PLAN,
        }
    }

    /// Where the requirement comes from.
    pub fn authority(self) -> &'static str {
        match self {
            LetterKind::ConsideringWhetherToAssess => "Children and Families Act 2014, section 36(7)",
            LetterKind::WillAssess => "Children and Families Act 2014, section 36; SEND Regulations 2014, regulation 5",
            LetterKind::WillNotAssess => {
                "Children and Families Act 2014, section 36(5); SEND Regulations 2014, regulations 5(3) and 32"
            }
            LetterKind::NoPlan => {
                "Children and Families Act 2014, section 36(9); SEND Regulations 2014, regulations 10(3) and 32"
            }
            LetterKind::DraftPlan => {
                "Children and Families Act 2014, section 38; SEND Regulations 2014, regulation 13(1)"
            }
            LetterKind::FinalPlan => "SEND Regulations 2014, regulations 13(2), 14 and 32",
        }
    }
}

impl Content {
    /// The item as a checklist shows it.
    pub fn label(self) -> &'static str {
        match self {
            Content::ConsideringAssessment => "That we are considering whether to assess",
            Content::RightToGiveViewsAndEvidence => "The right to give views and send evidence",
            Content::Decision => "The decision",
            Content::Reasons => "The reasons for the decision",
            Content::RightOfAppeal => "The right to appeal",
            Content::AppealTimeLimits => "The time limits for an appeal, as dates",
            Content::RightToMediation => "The right to ask for mediation",
            Content::NeedForCertificate => "When a mediation certificate is needed",
            Content::MediationAdviserContact => "How to contact the mediation adviser",
            Content::MediationTimescales => "The time limits for mediation",
            Content::WhatToTellUsForMediation => "What to tell us to start mediation",
            Content::OurContactForMediation => "Who to tell at the area",
            Content::DisagreementResolution => "The disagreement resolution service",
            Content::InformationAdviceAndSupport => "The information, advice and support service",
            Content::TribunalRecommendations => "The Tribunal’s power to make health and care recommendations",
            Content::PlanEnclosed => "The plan itself",
            Content::AdviceEnclosed => "The advice the plan is based on",
            Content::RepresentationsPeriod => "At least 15 days to comment, as a date",
            Content::RightToRequestInstitution => "The right to ask for a school or college",
            Content::MeetingWithOfficer => "The right to meet an officer",
            Content::WhereToFindSchoolsAndColleges => "Where to find schools and colleges",
            Content::PersonalBudget => "The right to ask for a personal budget",
        }
    }
}

/// What every letter needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondence {
    /// The area's name, address and team contacts.
    pub area_name: String,
    pub area_address_lines: Vec<String>,
    pub area_contact_lines: Vec<String>,
    /// The area's reference for the child or young person.
    pub reference: String,
    pub sent_on: Date,
    /// "Ms Example", as the person wishes to be addressed.
    pub recipient_name: String,
    pub recipient_address_lines: Vec<String>,
    pub about: About,
    pub signed_by: Signatory,
    /// Who else is sent a copy, one line each. Empty leaves the part out.
    pub copied_to: Vec<String>,
}

/// Whom the letter is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The letter goes to a parent; the child's or young person's name, as the family uses it.
    Child { name: String },
    /// The letter goes to the young person.
    You,
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    pub name: String,
    pub role: String,
}

/// A service and how to reach it. A service without a name or without any contact is not information, so it does not
/// count as carried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Service {
    pub name: String,
    /// Telephone, email, web address, one line each.
    pub contact_lines: Vec<String>,
}

/// A right of appeal that arises from the letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppealRights {
    /// The last day on which the Tribunal may receive the appeal, two months after the letter, already moved for the
    /// Tribunal's own closed days.
    pub appeal_by: Option<Date>,
    /// The Tribunal and how to reach it. Absent means the letter does not tell of the right at all.
    pub tribunal: Option<Service>,
    pub mediation: MediationInformation,
    pub disagreement_resolution: Option<Service>,
    pub advice_and_support: Option<Service>,
}

/// What regulation 32 requires.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediationInformation {
    /// The mediation adviser, who is independent of the area.
    pub adviser: Option<Service>,
    /// The last day to contact the adviser: two months after the letter. It is never moved, not even in August.
    pub contact_adviser_by: Option<Date>,
    /// Whom to tell at the area, one line each.
    pub area_contact_lines: Vec<String>,
}

/// Builds a letter block by block and keeps the list of what it carries.
struct Composer {
    blocks: Vec<Block>,
    carried: BTreeSet<Content>,
}

impl Composer {
    fn new() -> Composer {
        Composer { blocks: Vec::new(), carried: BTreeSet::new() }
    }

    fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    fn say(&mut self, text: impl Into<String>) {
        self.push(Block::text(text));
    }

    fn section(&mut self, heading: &str) {
        self.push(Block::section(heading));
    }

    fn carry(&mut self, content: Content, block: Block) {
        self.push(block);
        self.carried.insert(content);
    }

    fn carry_text(&mut self, content: Content, text: impl Into<String>) {
        self.carry(content, Block::text(text));
    }

    fn finish(mut self, kind: LetterKind, title: String, correspondence: &Correspondence) -> Letter {
        self.push(Block::Signature(Signature {
            valediction: Some("Yours sincerely".to_owned()),
            name: correspondence.signed_by.name.clone(),
            role: correspondence.signed_by.role.clone(),
            organisation: correspondence.area_name.clone(),
            date: None,
        }));
        let copied_to = wording::given(&correspondence.copied_to);
        if !copied_to.is_empty() {
            self.say(format!("We have also sent this letter to: {}.", copied_to.join("; ")));
        }
        let subject = format!("Letter {}", correspondence.reference);
        Letter {
            kind,
            carried: self.carried,
            document: Document {
                title,
                language: "en-GB".to_owned(),
                subject,
                author: correspondence.area_name.clone(),
                letterhead: Some(letterhead(correspondence)),
                draft_watermark_text: None,
                blocks: self.blocks,
            },
        }
    }
}

fn letterhead(correspondence: &Correspondence) -> Letterhead {
    let mut recipient_lines = vec![correspondence.recipient_name.clone()];
    recipient_lines.extend(correspondence.recipient_address_lines.iter().cloned());
    Letterhead {
        area_name: correspondence.area_name.clone(),
        address_lines: correspondence.area_address_lines.clone(),
        contact_lines: correspondence.area_contact_lines.clone(),
        reference: Some(correspondence.reference.clone()),
        date: Some(wording::day(correspondence.sent_on)),
        recipient_lines,
        salutation: Some(format!("Dear {}", correspondence.recipient_name)),
    }
}
