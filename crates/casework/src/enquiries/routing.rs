//! Where a contact goes: answered by whoever takes it, or passed to those whose work it is, with the reason.
//!
//! What is suggested follows from what it is about and from the record; a person decides, and says why
//! when they decide otherwise.

use crate::access::Role;
use crate::{Case, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// What somebody gets in touch about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum About {
    Progress,
    Assessment,
    Plan,
    School,
    Dispute,
    Health,
    Care,
    Details,
    Risk,
    Other,
}

impl About {
    pub fn label(self) -> &'static str {
        match self {
            About::Progress => "Where things stand, or a date",
            About::Assessment => "Asking for an assessment",
            About::Plan => "What the plan says, or that it does not happen",
            About::School => "A school or college place",
            About::Dispute => "They disagree with a decision, or complain",
            About::Health => "A therapy, a nurse, a medical question",
            About::Care => "Help from social care, short breaks",
            About::Details => "A name, an address, a number that is wrong",
            About::Risk => "Somebody may be at risk",
            About::Other => "Something else",
        }
    }
}

/// Those to whom a contact can be passed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Desk {
    /// The child's own officer.
    Officer,
    Manager,
    Disagreement,
    Health,
    SocialCare,
}

impl Desk {
    pub fn label(self) -> &'static str {
        match self {
            Desk::Officer => "The child’s officer",
            Desk::Manager => "The managers",
            Desk::Disagreement => "Plan quality and disagreement",
            Desk::Health => "The designated clinical officer",
            Desk::SocialCare => "The designated social care officer",
        }
    }

    /// Whose work it is.
    pub fn role(self) -> Role {
        match self {
            Desk::Officer => Role::Officer,
            Desk::Manager => Role::Manager,
            Desk::Disagreement => Role::Quality,
            Desk::Health => Role::DesignatedClinicalOfficer,
            Desk::SocialCare => Role::DesignatedSocialCareOfficer,
        }
    }
}

/// What happens to a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Whoever takes it answers it.
    AtOnce,
    Pass(Desk),
}

/// Why something is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    TheRecordSays,
    ItIsEntered,
    ItIsCorrected,
    TheyKnowTheChild,
    NobodyIsNamed,
    LastDaysRun,
    HealthSeesToIt,
    CareSeesToIt,
    SomebodyIsAtRisk,
}

impl Because {
    pub fn label(self) -> &'static str {
        match self {
            Because::TheRecordSays => {
                "The child’s page says where it stands, what comes next and by when: tell them now"
            }
            Because::ItIsEntered => "A request counts from the day on which it comes: enter it now",
            Because::ItIsCorrected => "You can put it right on the record yourself",
            Because::TheyKnowTheChild => "They work with the family",
            Because::NobodyIsNamed => "No officer is named for this child, so a manager has to see to it",
            Because::LastDaysRun => {
                "Disagreeing has last days: two months for an appeal, or one from the mediation certificate, whichever is later"
            }
            Because::HealthSeesToIt => "They see to what health advises and provides",
            Because::CareSeesToIt => "They see to what social care advises and provides",
            Because::SomebodyIsAtRisk => {
                "Call children’s social care first, or 999. This is so that those who see to the child hear of it"
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion {
    pub way: Way,
    pub because: Because,
}

/// What is suggested for a contact about this.
pub fn suggest(case: &Case, about: About) -> Suggestion {
    let own = match case.officer {
        Some(_) => (Way::Pass(Desk::Officer), Because::TheyKnowTheChild),
        None => (Way::Pass(Desk::Manager), Because::NobodyIsNamed),
    };
    let (way, because) = match about {
        About::Progress => (Way::AtOnce, Because::TheRecordSays),
        About::Assessment => (Way::AtOnce, Because::ItIsEntered),
        About::Details => (Way::AtOnce, Because::ItIsCorrected),
        About::Plan | About::School | About::Other => own,
        // Tribunal Procedure (First-tier Tribunal) (HESC Chamber) Rules 2008 rule 20(1)(c).
        About::Dispute => (Way::Pass(Desk::Disagreement), Because::LastDaysRun),
        About::Health => (Way::Pass(Desk::Health), Because::HealthSeesToIt),
        About::Care => (Way::Pass(Desk::SocialCare), Because::CareSeesToIt),
        About::Risk => (Way::Pass(Desk::SocialCare), Because::SomebodyIsAtRisk),
    };
    Suggestion { way, because }
}

/// That a contact was passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    pub desk: Desk,
    /// Why it went elsewhere than was suggested, or what else they should know.
    pub why: Option<TextId>,
    pub by: Option<UserId>,
    pub on: Date,
}

/// That it was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub answer: Option<TextId>,
    pub by: Option<UserId>,
    pub on: Date,
}
