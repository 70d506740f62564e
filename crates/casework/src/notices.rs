//! Statutory notices: what each must carry, to whom it must go, and when it counts as served.
//!
//! A notice that lacks required content may extend the family's time to appeal, so an incomplete
//! checklist blocks the act that the notice goes with. The table is [`NoticeKind::required`].

use crate::{Context, NoticeId, Refusal};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

/// The notices of the first assessment and plan.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NoticeKind {
    /// Children and Families Act 2014 section 36(7); regulation 4(2).
    ConsideringAssessment,
    /// Section 36(9), regulation 5(1): the authority will assess.
    WillAssess,
    /// Regulations 4(1) and 5(3): the authority will not assess.
    RefusalToAssess,
    /// Regulation 10: no plan.
    NoPlan,
    /// Section 38, regulation 13(1): the draft.
    DraftPlan,
    /// Regulation 14: the final plan.
    FinalPlan,
}

/// One thing that a notice must carry.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NoticeItem {
    Reasons,
    RightOfAppeal,
    TimeLimitForAppeal,
    MediationInformation,
    DisagreementResolution,
    InformationAdviceAndSupport,
    TribunalRecommendations,
    ThatItIsConsidering,
    RightToExpressViews,
    PlanAttached,
    AdviceAppended,
    FifteenDays,
    RightToRequestInstitution,
    MeetingWithOfficer,
    WhereToFindSchools,
    PersonalBudget,
}

impl NoticeItem {
    /// The item in plain words, as the checklist shows it.
    pub fn label(self) -> &'static str {
        match self {
            NoticeItem::Reasons => "The reasons for the decision",
            NoticeItem::RightOfAppeal => "The right to appeal to the Tribunal",
            NoticeItem::TimeLimitForAppeal => "The time limit for an appeal, worked out for this family",
            NoticeItem::MediationInformation => {
                "Mediation: the right to it, the certificate, the adviser and the time limit"
            }
            NoticeItem::DisagreementResolution => "How disagreements can be settled (disagreement resolution)",
            NoticeItem::InformationAdviceAndSupport => "Free and impartial information, advice and support",
            NoticeItem::TribunalRecommendations => {
                "The Tribunal's power to make recommendations on health and social care"
            }
            NoticeItem::ThatItIsConsidering => "That the authority is considering whether to assess",
            NoticeItem::RightToExpressViews => "The right to give views and send evidence",
            NoticeItem::PlanAttached => "The plan itself",
            NoticeItem::AdviceAppended => "The advice and information used for the plan",
            NoticeItem::FifteenDays => "At least 15 days to comment, beginning with the day the draft arrives",
            NoticeItem::RightToRequestInstitution => "The right to ask for a particular school or other institution",
            NoticeItem::MeetingWithOfficer => "The right to meet an officer about the draft",
            NoticeItem::WhereToFindSchools => "Where to find information about schools and colleges",
            NoticeItem::PersonalBudget => "The offer of a personal budget",
        }
    }
}

/// Who must receive a notice.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Recipient {
    /// The child's parent, or the young person.
    Family,
    /// The responsible commissioning body: the integrated care board.
    HealthCommissioner,
    /// The authority's own social care officers.
    SocialCare,
    /// The head or principal where the child attends.
    CurrentSetting,
    /// The head or principal of the institution named in section I.
    NamedInstitution,
}

impl Recipient {
    pub fn label(self) -> &'static str {
        match self {
            Recipient::Family => "The family",
            Recipient::HealthCommissioner => "The integrated care board",
            Recipient::SocialCare => "The council's social care officers",
            Recipient::CurrentSetting => "The school or setting the child attends",
            Recipient::NamedInstitution => "The institution named in the plan",
        }
    }
}

impl NoticeKind {
    pub fn label(self) -> &'static str {
        match self {
            NoticeKind::ConsideringAssessment => "Notice that an assessment is being considered",
            NoticeKind::WillAssess => "Notice that the child will be assessed",
            NoticeKind::RefusalToAssess => "Notice of a decision not to assess",
            NoticeKind::NoPlan => "Notice of a decision not to issue a plan",
            NoticeKind::DraftPlan => "Draft plan",
            NoticeKind::FinalPlan => "Final plan",
        }
    }

    /// The law that asks for the notice.
    pub fn citation(self) -> &'static str {
        match self {
            NoticeKind::ConsideringAssessment => {
                "Children and Families Act 2014 s.36(7); SEND Regulations 2014 reg 4(2)"
            }
            NoticeKind::WillAssess => "Children and Families Act 2014 s.36(9); SEND Regulations 2014 reg 5(1)-(2)",
            NoticeKind::RefusalToAssess => "SEND Regulations 2014 regs 4(1) and 5(3)",
            NoticeKind::NoPlan => "SEND Regulations 2014 reg 10",
            NoticeKind::DraftPlan => "Children and Families Act 2014 s.38; SEND Regulations 2014 reg 13(1)",
            NoticeKind::FinalPlan => "SEND Regulations 2014 regs 13(2) and 14",
        }
    }

    /// What the notice must carry.
    pub fn required(self) -> BTreeSet<NoticeItem> {
        use NoticeItem::*;
        let appeal = [
            RightOfAppeal,
            TimeLimitForAppeal,
            MediationInformation,
            DisagreementResolution,
            InformationAdviceAndSupport,
        ];
        match self {
            NoticeKind::ConsideringAssessment => [ThatItIsConsidering, RightToExpressViews].into(),
            NoticeKind::WillAssess => [InformationAdviceAndSupport].into(),
            NoticeKind::RefusalToAssess => appeal.into_iter().chain([Reasons]).collect(),
            NoticeKind::NoPlan => appeal.into_iter().chain([Reasons, TribunalRecommendations]).collect(),
            NoticeKind::DraftPlan => [
                PlanAttached,
                AdviceAppended,
                FifteenDays,
                RightToRequestInstitution,
                MeetingWithOfficer,
                WhereToFindSchools,
                PersonalBudget,
            ]
            .into(),
            NoticeKind::FinalPlan => appeal.into_iter().chain([PlanAttached, TribunalRecommendations]).collect(),
        }
    }

    /// Who must receive the notice. `attends_setting` is false for a child who is at no setting.
    pub fn recipients(self, attends_setting: bool) -> BTreeSet<Recipient> {
        use Recipient::*;
        let mut recipients: BTreeSet<Recipient> = match self {
            NoticeKind::ConsideringAssessment | NoticeKind::WillAssess | NoticeKind::RefusalToAssess => {
                [Family, HealthCommissioner, SocialCare, CurrentSetting].into()
            }
            NoticeKind::NoPlan => [Family, HealthCommissioner, CurrentSetting].into(),
            NoticeKind::DraftPlan => [Family].into(),
            NoticeKind::FinalPlan => [Family, HealthCommissioner, NamedInstitution].into(),
        };
        if !attends_setting {
            recipients.remove(&CurrentSetting);
        }
        recipients
    }

    /// Every kind, in the order of the pathway.
    pub fn all() -> impl Iterator<Item = NoticeKind> {
        NoticeKind::iter()
    }
}

/// How a notice went out.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Delivery {
    Email,
    Post,
    ByHand,
}

impl Delivery {
    pub fn label(self) -> &'static str {
        match self {
            Delivery::Email => "Email or the family's page",
            Delivery::Post => "First class post",
            Delivery::ByHand => "By hand",
        }
    }

    /// The day the notice counts as served: the same day, or the second working day after first
    /// class posting. Where readings differ the family has the later day.
    pub fn served_on(self, sent_on: Date) -> Date {
        match self {
            Delivery::Email | Delivery::ByHand => sent_on,
            Delivery::Post => law::calendar::wds_after(sent_on, 2),
        }
    }
}

/// A notice as it goes out, with what it carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: NoticeId,
    pub kind: NoticeKind,
    pub carries: BTreeSet<NoticeItem>,
    pub recipients: BTreeSet<Recipient>,
    pub sent_on: Date,
    pub delivery: Delivery,
}

impl Notice {
    /// What the checklist still lacks. Empty when the notice may go.
    pub fn missing_items(&self) -> Vec<NoticeItem> {
        self.kind.required().difference(&self.carries).copied().collect()
    }

    pub fn missing_recipients(&self, attends_setting: bool) -> Vec<Recipient> {
        self.kind.recipients(attends_setting).difference(&self.recipients).copied().collect()
    }

    /// Refuses a notice of another kind, an incomplete one, or one dated in the future.
    pub(crate) fn check(&self, kind: NoticeKind, attends_setting: bool, ctx: &Context) -> Result<(), Refusal> {
        if self.kind != kind {
            return Err(Refusal::WrongNotice { expected: kind, found: self.kind });
        }
        let items = self.missing_items();
        let recipients = self.missing_recipients(attends_setting);
        if !items.is_empty() || !recipients.is_empty() {
            return Err(Refusal::NoticeIncomplete { kind, items, recipients });
        }
        crate::people::not_after_today(self.sent_on, ctx)
    }

    pub fn served_on(&self) -> Date {
        self.delivery.served_on(self.sent_on)
    }
}
