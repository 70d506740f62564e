//! What a SEN2 return says, as typed records.
//!
//! The shape is the return's own: a header, the designated officers, then persons; a person has
//! requests; a request may lead to an assessment (module 3) with the plan it named (module 4), and
//! to an active plan (module 5). Every item may be missing, because a faulty return is normal
//! work: what is missing or unreadable is `None` here and a [`Finding`](super::Finding) beside it.
//! Dates are civil dates; booleans are the return's 0 and 1.

use super::codes::{
    AssessmentOutcome, CeaseReason, DirectPayment, Ethnicity, Need, OtherSetting, RequestOutcome, RequestSource,
    Residential, ReviewOutcome, Sex, UpnUnknown, WorkBased,
};
use crate::identifiers::{Ukprn, Uln, Upn, Urn};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The three digits by which the Department for Education knows a local authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LaNumber(u16);

/// Why some text is not an authority's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an authority's number has three digits, the first of them not 0")]
pub struct NotAnLaNumber;

impl LaNumber {
    pub fn new(number: u16) -> Result<LaNumber, NotAnLaNumber> {
        if (100..=999).contains(&number) { Ok(LaNumber(number)) } else { Err(NotAnLaNumber) }
    }

    pub fn number(self) -> u16 {
        self.0
    }
}

impl FromStr for LaNumber {
    type Err = NotAnLaNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse().map_err(|_| NotAnLaNumber).and_then(LaNumber::new)
        } else {
            Err(NotAnLaNumber)
        }
    }
}

impl fmt::Display for LaNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for LaNumber {
    type Error = NotAnLaNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<LaNumber> for String {
    fn from(number: LaNumber) -> String {
        number.to_string()
    }
}

/// Module 0: whose return it is, of which year, and what wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The year whose January holds the census day: the 2026 return is about 2025.
    pub year: i16,
    /// The census day the file gives.
    pub reference_date: Option<Date>,
    /// `L` for a local authority.
    pub source_level: Option<String>,
    pub authority: Option<LaNumber>,
    pub software_code: Option<String>,
    pub release: Option<String>,
    pub serial_no: Option<u32>,
    /// When the file was written, by the clock of the system that wrote it.
    pub written_at: Option<DateTime>,
}

/// Module 0: whether the designated officers are in post.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officers {
    /// Designated medical officer (`DMO`).
    pub medical: Option<bool>,
    /// Designated clinical officer (`DCO`).
    pub clinical: Option<bool>,
    /// Designated social care officer (`DSCO`), from 2026.
    pub social_care: Option<bool>,
}

/// Module 1: a child or young person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub surname: Option<String>,
    pub forename: Option<String>,
    pub born_on: Option<Date>,
    pub sex: Option<Sex>,
    pub ethnicity: Option<Ethnicity>,
    pub postcode: Option<String>,
    pub upn: Option<Upn>,
    pub uln: Option<Uln>,
    /// Why there is neither UPN nor ULN.
    pub upn_unknown: Option<UpnUnknown>,
    pub requests: Vec<Request>,
}

impl Person {
    /// The name as people write it, or what there is of it.
    pub fn name(&self) -> Option<String> {
        match (self.forename.as_deref(), self.surname.as_deref()) {
            (Some(forename), Some(surname)) => Some(format!("{forename} {surname}")),
            (Some(only), None) | (None, Some(only)) => Some(only.to_owned()),
            (None, None) => None,
        }
    }
}

/// Module 2: a request for an EHC needs assessment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The day that starts the statutory clock.
    pub received_on: Option<Date>,
    pub source: Option<RequestSource>,
    /// The first request came while the person was in relevant youth accommodation (`RYA`).
    pub rya: Option<bool>,
    pub outcome: Option<RequestOutcome>,
    /// The day the family was told; only for a decision to assess or not.
    pub outcome_on: Option<Date>,
    pub mediation: Option<bool>,
    pub tribunal: Option<bool>,
    /// The authority the person moved to before the assessment was complete.
    pub exported: Option<LaNumber>,
    pub assessment: Option<Assessment>,
    pub active: Option<ActivePlan>,
}

/// Module 3: an EHC needs assessment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub outcome: Option<AssessmentOutcome>,
    /// The day the plan was issued (empty until then), or the day the person was told there would
    /// be none.
    pub outcome_on: Option<Date>,
    pub mediation: Option<bool>,
    pub tribunal: Option<bool>,
    pub other_mediation: Option<bool>,
    pub other_tribunal: Option<bool>,
    /// An exception to the 20-week limit applied (`Week20`).
    pub week20_exception: Option<bool>,
    pub named_plan: Option<NamedPlan>,
}

/// Module 4a: the plan, as issued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPlan {
    pub start_on: Option<Date>,
    /// `PlanRes`.
    pub residential: Option<Residential>,
    /// `PlanWBP`.
    pub work_based: Option<WorkBased>,
    /// `PB`.
    pub personal_budget: Option<bool>,
    /// `OA`: the budget, or part of it, is spent by organised arrangements.
    pub organised_arrangements: Option<bool>,
    /// `DP`.
    pub direct_payments: Option<DirectPayment>,
    /// The day the plan really ended, not the day it was decided.
    pub cease_on: Option<Date>,
    pub cease_reason: Option<CeaseReason>,
    /// Module 4b, `PlanDetail`: one or two settings that section I names.
    pub settings: Vec<Setting>,
}

/// Where somebody is educated: an establishment, or one of the other settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    pub urn: Option<Urn>,
    pub ukprn: Option<Ukprn>,
    /// `SENsetting`.
    pub other: Option<OtherSetting>,
    /// `SENsettingOther`: which, when the code says only that it is another.
    pub other_text: Option<String>,
    /// 1 for the main setting, 2 for a second.
    pub rank: Option<u8>,
    pub sen_unit: Option<bool>,
    pub resourced_provision: Option<bool>,
}

impl Setting {
    /// Whether it says nothing about where.
    pub fn is_nowhere(&self) -> bool {
        self.urn.is_none() && self.ukprn.is_none() && self.other.is_none()
    }
}

/// Module 5a: the plan as it stands on census day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivePlan {
    /// The authority the person moved from during the year (`TransferLA`).
    pub transfer_la: Option<LaNumber>,
    /// The day of the annual review meeting.
    pub review_meeting_on: Option<Date>,
    pub review_outcome: Option<ReviewOutcome>,
    /// `LastReview`: the day the authority wrote with its decision. Never the meeting: a template
    /// in use elsewhere has the two the wrong way round.
    pub review_decided_on: Option<Date>,
    /// `ReviewDraft`: the day a draft amended plan was issued, from 2026.
    pub review_draft_on: Option<Date>,
    pub phase_transfer_due_on: Option<Date>,
    pub phase_transfer_final_on: Option<Date>,
    /// Module 5b.
    pub placements: Vec<Placement>,
    /// Module 5c: one or two.
    pub needs: Vec<RankedNeed>,
}

/// Module 5b: a stretch of time at a setting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    pub setting: Setting,
    pub entered_on: Option<Date>,
    pub left_on: Option<Date>,
    pub residential: Option<Residential>,
    pub work_based: Option<WorkBased>,
}

/// Module 5c: a type of need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankedNeed {
    pub need: Option<Need>,
    /// 1 for the primary need, 2 for the secondary.
    pub rank: Option<u8>,
}

/// A whole return in memory: for tests and for small returns only. Reading and writing stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    pub header: Header,
    pub officers: Officers,
    pub persons: Vec<Person>,
}
