//! Mediation and appeals.
//!
//! The mediation adviser must be contacted within two months with no August rule, although an appeal whose
//! time ends in August is in time until September.

use super::*;
use crate::events::EventName::*;

const fn reg(citation: &'static str, link: &'static str) -> Authority {
    secondary(citation, link)
}
const REG_33: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/33";
const REG_34: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/34";
const REG_35: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/35";
const REG_36: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/36";
const REG_39: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/39";
const REG_42: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/42";
const MEDIATION_OVER: &[EventName] = &[AppealWithdrawn, MediationConcluded, MediationCertificateIssued];
const NO_CERTIFICATE: &str =
    "Ask the adviser for the certificate. If it does not come you can ask the tribunal to let you appeal without it.";
const AGREEMENT_LATE: &str = "Write to the council, say what was agreed and when it was due, and complain if it is not done. A judge can order a council to keep to it (judicial review).";
/// Regulation 44(3), carried over by regulation 42(2).
const LIMBS_44: &[(Limb, &str)] = &[
    (Limb::ExceptionalCircumstances, "SEND Regs 2014 reg 42(2) with 44(3)"),
    (Limb::AbsenceTwoWeeks, "SEND Regs 2014 reg 42(2) with 44(3)"),
    (Limb::SchoolClosure, "SEND Regs 2014 reg 42(2) with 44(3) and 13(3)"),
    (Limb::EarlyYearsClosure, "SEND Regs 2014 reg 42(2) with 44(3) and 13(3)"),
];

pub(super) const RULES: [Rule; 15] = [
    Rule {
        id: RuleId::MediationContact2m,
        title: "Contact the mediation adviser",
        sentence: "If you may want to appeal about more than the school or college named, you must contact the mediation adviser by {due}.",
        duty_holder: DutyHolder::Family,
        kind: Kind::Time,
        triggers: &[DecisionNoticeSent],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 33", REG_33),
        met_by: &[MediationAdviserContacted, AdviserToldNoMediation, MediationCertificateIssued],
        ended_by: &[AppealLodged],
        versions: &relaxed(Count::Months(2)),
        if_it_passes: "Contact the adviser at once all the same. You can ask the tribunal to let you appeal without a certificate. Your local SEND information, advice and support service can help you for free.",
        ..BASE
    },
    Rule {
        id: RuleId::MediationCertificateDeclined3wd,
        title: "Give the certificate when mediation is not wanted",
        sentence: "The adviser must give you the certificate by {due}.",
        duty_holder: DutyHolder::MediationAdviser,
        triggers: &[AdviserToldNoMediation],
        scope: Scope::Thread,
        authority: reg("SEND Regs 2014 reg 34", REG_34),
        met_by: &[MediationCertificateIssued],
        versions: &relaxed(Count::WorkingDays(3)),
        if_it_passes: NO_CERTIFICATE,
        ..BASE
    },
    Rule {
        id: RuleId::MediationCertificateConcluded3wd,
        title: "Give the certificate when mediation has ended",
        sentence: "The adviser must give you the certificate by {due}.",
        duty_holder: DutyHolder::MediationAdviser,
        triggers: &[MediationConcluded],
        scope: Scope::Thread,
        authority: reg("SEND Regs 2014 reg 39", REG_39),
        met_by: &[MediationCertificateIssued],
        versions: &relaxed(Count::WorkingDays(3)),
        if_it_passes: NO_CERTIFICATE,
        ..BASE
    },
    Rule {
        id: RuleId::MediationCertificateNotArranged3wd,
        title: "Give the certificate when mediation cannot be held in time",
        sentence: "The adviser must give you the certificate by {due}.",
        duty_holder: DutyHolder::MediationAdviser,
        triggers: &[LaToldAdviserCannotArrange],
        scope: Scope::Thread,
        authority: reg("SEND Regs 2014 reg 39", REG_39),
        met_by: &[MediationCertificateIssued],
        versions: &relaxed(Count::WorkingDays(3)),
        if_it_passes: NO_CERTIFICATE,
        ..BASE
    },
    Rule {
        id: RuleId::MediationNotifyIcb3wd,
        title: "Tell the health board about the mediation",
        sentence: "The council must tell the health board by {due} that you want mediation about health.",
        triggers: &[ParentToldLaWantsMediationHealth],
        scope: Scope::Thread,
        authority: reg("SEND Regs 2014 reg 35", REG_35),
        met_by: &[IcbToldOfMediation],
        ended_by: MEDIATION_OVER,
        versions: &relaxed(Count::WorkingDays(3)),
        if_it_passes: "You can tell the health board yourself, and tell the mediation adviser.",
        ..BASE
    },
    Rule {
        id: RuleId::MediationArrange30d,
        title: "Arrange and take part in mediation",
        sentence: "The mediation must be arranged by {due}.",
        triggers: &[LaInformedMediationWanted],
        scope: Scope::Thread,
        authority: reg("SEND Regs 2014 reg 36/37; CFA 2014 s.53-54", REG_36),
        met_by: &[MediationMeeting, MediationConcluded],
        ended_by: &[AppealWithdrawn, MediationCertificateIssued, LaToldAdviserCannotArrange],
        versions: &relaxed(Count::Days(30)),
        if_it_passes: "Ask the mediation adviser for a certificate that it was not arranged in time. With it you can appeal.",
        ..BASE
    },
    Rule {
        id: RuleId::MediationNoticeOfMeeting5wd,
        title: "Tell people the date of the mediation",
        sentence: "You must be told the date and place by {due}, unless you agree to shorter notice.",
        triggers: &[MediationMeeting],
        scope: Scope::Thread,
        authority: unchecked("SEND Regs 2014 reg 36-38 (paragraph not verified); CoP ch.11", REG_36),
        met_by: &[MediationNoticeGiven],
        versions: &standing(Count::WorkingDaysBefore(5)),
        if_it_passes: "You can ask for another date, or agree to shorter notice.",
        ..BASE
    },
    Rule {
        id: RuleId::MediationAgreementNonAppealable2w,
        title: "Do what was agreed in mediation",
        sentence: "What was agreed must be done by {due}.",
        triggers: &[MediationAgreement],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 42(3),(5)", REG_42),
        replaced_by: Some(AgreedInWriting),
        order_kinds: &[OrderKind::NotAppealable],
        met_by: &[AgreementCarriedOut],
        versions: &relaxed(Count::Weeks(2)),
        if_it_passes: AGREEMENT_LATE,
        ..BASE
    },
    Rule {
        id: RuleId::MediationAgreementIcbTellsLa1w,
        title: "Tell the council what the health board agreed",
        sentence: "The health board must tell the council what was agreed by {due}.",
        duty_holder: DutyHolder::HealthBoard,
        triggers: &[MediationAgreement],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 42(4)", REG_42),
        replaced_by: Some(AgreedInWriting),
        order_kinds: &[OrderKind::NotAppealable],
        met_by: &[IcbToldLaOfAgreement, AgreementCarriedOut],
        versions: &relaxed(Count::Weeks(1)),
        if_it_passes: AGREEMENT_LATE,
        ..BASE
    },
    Rule {
        id: RuleId::MediationAgreementAsOrderAmend5w,
        title: "Change the plan as agreed in mediation",
        sentence: "The council must send the changed plan by {due}.",
        triggers: &[MediationAgreement],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 42(2) with 44(2)(e)", REG_42),
        limbs: LIMBS_44,
        replaced_by: Some(AgreedInWriting),
        order_kinds: &[OrderKind::AmendContents, OrderKind::ContinueAndAmend],
        met_by: &[AmendedPlanSent, AgreementCarriedOut],
        ended_by: &[MovedArea, PlanCeased],
        versions: &relaxed(Count::Weeks(5)),
        if_it_passes: AGREEMENT_LATE,
        ..BASE
    },
    Rule {
        id: RuleId::MediationAgreementAsOrderAssess2w,
        title: "Start the assessment agreed in mediation",
        sentence: "The council must tell you by {due} that it is assessing.",
        triggers: &[MediationAgreement],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 42(2) with 44(2)(b)", REG_42),
        limbs: LIMBS_44,
        replaced_by: Some(AgreedInWriting),
        order_kinds: &[OrderKind::Assess],
        met_by: &[OrderedAssessmentNotified, DecisionToAssess, NotifiedWillReassess],
        ended_by: &[MovedArea, RequestWithdrawn],
        versions: &relaxed(Count::Weeks(2)),
        if_it_passes: AGREEMENT_LATE,
        ..BASE
    },
    Rule {
        id: RuleId::MediationAgreementAsOrderAssessFinal14w,
        title: "Send the plan after the agreed assessment",
        sentence: "If there is to be a plan, the council must send you the final plan by {due}.",
        is_asap: true,
        triggers: &[MediationAgreement],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 42(2) with 44(2)(b)(ii)", REG_42),
        limbs: LIMBS_44,
        replaced_by: Some(AgreedInWriting),
        order_kinds: &[OrderKind::Assess],
        met_by: &[FinalPlanSent, ReassessedPlanSent, NoPlanNotified],
        ended_by: &[MovedArea, RequestWithdrawn],
        versions: &relaxed(Count::Weeks(14)),
        if_it_passes: AGREEMENT_LATE,
        ..BASE
    },
    Rule {
        id: RuleId::AppealToFtt,
        title: "Appeal to the tribunal",
        sentence: "The tribunal must receive your appeal by 5pm on {due}.",
        duty_holder: DutyHolder::Family,
        kind: Kind::Time,
        triggers: &[DecisionNoticeSent],
        scope: Scope::Thread,
        authority: verified("HESC Rules 2008 r.20(1)(c), r.12", HESC),
        also_looks_at: &[MediationCertificateIssued],
        met_by: &[AppealLodged],
        versions: &standing(Count::Appeal),
        if_it_passes: "You can still send the appeal and ask the tribunal to accept it late. Say why it is late. Your local SEND information, advice and support service can help you for free.",
        ..BASE
    },
    Rule {
        id: RuleId::FttResponse30wd,
        title: "Answer the appeal",
        sentence: "The council must send its answer to the tribunal by {due}, unless the tribunal’s letter gives another date.",
        triggers: &[LaReceivedApplicationNotice],
        scope: Scope::Thread,
        authority: secondary("HESC Rules 2008 r.21, r.12(3)(b)", HESC),
        replaced_by: Some(TribunalLetterDate),
        met_by: &[TribunalResponseSent, LaNotifiedFttNotOpposing],
        ended_by: &[AppealWithdrawn],
        versions: &standing(Count::TribunalWorkingDays(30)),
        if_it_passes: "Tell the tribunal. It can order the council to answer, or bar it from taking part.",
        ..BASE
    },
    Rule {
        id: RuleId::Bundle10wd,
        title: "Send the papers for the hearing",
        sentence: "The council must send the bundle of papers by {due}.",
        triggers: &[TribunalHearing],
        scope: Scope::Thread,
        authority: secondary("Tribunal’s standard direction (10 working days before the hearing)", HESC),
        replaced_by: Some(TribunalLetterDate),
        met_by: &[BundleSent],
        ended_by: &[AppealWithdrawn, LaNotifiedFttNotOpposing],
        versions: &standing(Count::WorkingDaysBefore(10)),
        if_it_passes: "Tell the tribunal that the bundle has not come. It can make an order.",
        ..BASE
    },
];
