//! From a request to a first plan.

use super::*;
use crate::events::EventName::*;

const CLOSURES_5: &[(Limb, &str)] = &[
    (Limb::SchoolClosure, "SEND Regs 2014 reg 5(4)(a)"),
    (Limb::EarlyYearsClosure, "SEND Regs 2014 reg 5(4)(b)"),
    (Limb::ExceptionalCircumstances, "SEND Regs 2014 reg 5(4)(c)"),
    (Limb::AbsenceFourWeeks, "SEND Regs 2014 reg 5(4)(d)"),
];
const CLOSURES_10: &[(Limb, &str)] = &[
    (Limb::SchoolClosure, "SEND Regs 2014 reg 10(4)(a)"),
    (Limb::EarlyYearsClosure, "SEND Regs 2014 reg 10(4)(b)"),
    (Limb::ExceptionalCircumstances, "SEND Regs 2014 reg 10(4)(c)"),
    (Limb::AbsenceFourWeeks, "SEND Regs 2014 reg 10(4)(d)"),
];
const CLOSURES_13: &[(Limb, &str)] = &[
    (Limb::SchoolClosure, "SEND Regs 2014 reg 13(3) with 10(4)(a)"),
    (Limb::EarlyYearsClosure, "SEND Regs 2014 reg 13(3) with 10(4)(b)"),
    (Limb::ExceptionalCircumstances, "SEND Regs 2014 reg 13(3) with 10(4)(c)"),
    (Limb::AbsenceFourWeeks, "SEND Regs 2014 reg 13(3) with 10(4)(d)"),
];

/// Leaving the area, withdrawing, and the three events that put section 4 dates in place of these.
const OVERTAKEN: &[EventName] =
    &[RequestWithdrawn, MovedArea, FttOrderMade, LaNotifiedFttNotOpposing, MediationAgreement];
/// The same, and a refusal to assess, for the steps that come after it.
const OVERTAKEN_OR_REFUSED: &[EventName] =
    &[RequestWithdrawn, MovedArea, FttOrderMade, LaNotifiedFttNotOpposing, MediationAgreement, InitialRefusal];

/// Once the decision has gone out there is nothing left to consult about.
const OVERTAKEN_OR_DECIDED: &[EventName] = &[
    RequestWithdrawn,
    MovedArea,
    FttOrderMade,
    LaNotifiedFttNotOpposing,
    MediationAgreement,
    AssessmentDecisionNotified,
    DecisionToAssess,
    InitialRefusal,
];
/// A final plan answers the question that these dates were about.
const OVERTAKEN_OR_PLANNED: &[EventName] = &[
    RequestWithdrawn,
    MovedArea,
    FttOrderMade,
    LaNotifiedFttNotOpposing,
    MediationAgreement,
    InitialRefusal,
    FinalPlanSent,
];

/// Advice is no longer awaited once the plan is made or refused.
const ADVICE_OVERTAKEN: &[EventName] = &[
    RequestWithdrawn,
    MovedArea,
    FttOrderMade,
    LaNotifiedFttNotOpposing,
    MediationAgreement,
    InitialRefusal,
    NoPlanNotified,
    FinalPlanSent,
    ReassessedPlanSent,
];

const LATE_DECISION: &str = "You can ask the council for its decision in writing and complain to it. If that does not help you can go to the Local Government and Social Care Ombudsman. A judge can order the council to decide (judicial review). Your local SEND information, advice and support service can help you for free.";
const LATE_PLAN: &str = "You can complain to the council, and then to the Local Government and Social Care Ombudsman, which can ask the council to put things right for the time that was lost. A judge can order the council to act (judicial review). Your local SEND information, advice and support service can help you for free.";

pub(super) const RULES: [Rule; 11] = [
    Rule {
        id: RuleId::ConsultParentAsap,
        title: "Ask the family for its views",
        sentence: "The council must ask you for your views as soon as it can, and before it decides whether to assess. That is {due} at the latest.",
        is_asap: true,
        triggers: &[RequestReceived, BecameResponsible],
        authority: unchecked(
            "SEND Regs 2014 reg 3; CFA 2014 s.36(4)",
            "https://www.legislation.gov.uk/uksi/2014/1530/regulation/3",
        ),
        met_by: &[FamilyConsulted],
        ended_by: OVERTAKEN_OR_DECIDED,
        versions: &standing(Count::Weeks(6)),
        if_it_passes: "You can send your views at any time and the council must think about them. You can complain if it decides without asking you.",
        ..BASE
    },
    Rule {
        id: RuleId::AssessDecision6w,
        title: "Say whether the council will assess",
        sentence: "The council must tell you by {due} whether it will assess.",
        is_asap: true,
        triggers: &[RequestReceived, BecameResponsible],
        authority: verified(
            "SEND Regs 2014 reg 5(1); CFA 2014 s.36",
            "https://www.legislation.gov.uk/uksi/2014/1530/regulation/5",
        ),
        limbs: CLOSURES_5,
        met_by: &[AssessmentDecisionNotified, DecisionToAssess, InitialRefusal],
        ended_by: OVERTAKEN,
        versions: &relaxed(Count::Weeks(6)),
        if_it_passes: LATE_DECISION,
        ..BASE
    },
    Rule {
        id: RuleId::NotNecessaryDetermination6w,
        title: "Decide whether help under a plan may be needed",
        sentence: "If the council thinks that no plan will be needed, it must decide that and tell you by {due}.",
        is_asap: true,
        triggers: &[RequestReceived, BecameResponsible],
        authority: verified(
            "SEND Regs 2014 reg 4(1); CFA 2014 s.36(5)",
            "https://www.legislation.gov.uk/uksi/2014/1530/regulation/4",
        ),
        met_by: &[NecessityDetermined, AssessmentDecisionNotified, DecisionToAssess, InitialRefusal],
        ended_by: OVERTAKEN,
        versions: &relaxed(Count::Weeks(6)),
        if_it_passes: LATE_DECISION,
        ..BASE
    },
    Rule {
        id: RuleId::AdviceReply6w,
        title: "Send the advice that was asked for",
        sentence: "The adviser must send the advice to the council by {due}.",
        duty_holder: DutyHolder::Adviser,
        is_asap: true,
        triggers: &[AdviceRequestReceivedByBody],
        scope: Scope::Thread,
        authority: secondary(
            "SEND Regs 2014 reg 8(1); CoP 9.51",
            "https://www.legislation.gov.uk/uksi/2014/1530/regulation/8",
        ),
        limbs: &[
            (Limb::ExceptionalCircumstances, "SEND Regs 2014 reg 8(2)(a)"),
            (Limb::AbsenceFourWeeks, "SEND Regs 2014 reg 8(2)(b)"),
            (Limb::MissedAppointment, "SEND Regs 2014 reg 8(2)(c)"),
        ],
        met_by: &[AdviceReceived],
        ended_by: ADVICE_OVERTAKEN,
        versions: &relaxed(Count::Weeks(6)),
        if_it_passes: "The council should chase the adviser. Its own limits for the plan do not move because advice is late. You can ask the council what it is doing about it.",
        ..BASE
    },
    Rule {
        id: RuleId::NoPlanNotice16w,
        title: "Say so if there will be no plan",
        sentence: "If the council decides not to make a plan, it must tell you by {due}.",
        is_asap: true,
        triggers: &[RequestReceived, BecameResponsible],
        authority: verified(
            "SEND Regs 2014 reg 10(1); CFA 2014 s.36(9)",
            "https://www.legislation.gov.uk/uksi/2014/1530/regulation/10",
        ),
        limbs: CLOSURES_10,
        met_by: &[NoPlanNotified, DecisionToIssuePlan, DraftPlanServed],
        ended_by: OVERTAKEN_OR_PLANNED,
        versions: &relaxed(Count::Weeks(16)),
        if_it_passes: LATE_DECISION,
        ..BASE
    },
    Rule {
        id: RuleId::DraftReady14w,
        title: "Have the draft plan ready",
        sentence: "To leave time for comments, the draft plan should go out by {due}.",
        strength: Strength::Derived,
        triggers: &[RequestReceived, BecameResponsible],
        authority: secondary("Planning date (14 weeks); CoP 9.44", CODE),
        met_by: &[DraftPlanServed, NoPlanNotified],
        ended_by: OVERTAKEN_OR_PLANNED,
        versions: &standing(Count::Weeks(14)),
        if_it_passes: "No law sets this date. But a later draft makes it harder to keep the 20-week limit, which is law.",
        ..BASE
    },
    Rule {
        id: RuleId::DraftRepresentations15d,
        title: "Comment on the draft plan",
        sentence: "You have until {due}, or longer if the council agrees, to comment on the draft and ask for a school or college.",
        duty_holder: DutyHolder::Family,
        kind: Kind::Time,
        triggers: &[DraftPlanServed],
        authority: verified(
            "SEND Regs 2014 reg 13(1)(a); CFA 2014 s.38",
            "https://www.legislation.gov.uk/uksi/2014/1530/regulation/13",
        ),
        met_by: &[RepresentationsReceived],
        ended_by: &[DraftPlanServed, RequestWithdrawn, MovedArea],
        versions: &standing(Count::DaysBeginning(15)),
        if_it_passes: "You can still send comments. The council may finish the plan from the next day, so ask at once for more time if you need it.",
        ..BASE
    },
    Rule {
        id: RuleId::DraftEarliestFinalise,
        title: "First day on which the plan may be made final",
        sentence: "The council must not make the plan final before {due}, unless you agree in writing.",
        kind: Kind::Earliest,
        triggers: &[DraftPlanServed],
        authority: verified(
            "SEND Regs 2014 reg 13(1)(a)",
            "https://www.legislation.gov.uk/uksi/2014/1530/regulation/13",
        ),
        met_by: &[FinalPlanSent],
        ended_by: &[DraftPlanServed, RequestWithdrawn, MovedArea],
        versions: &standing(Count::AfterDaysBeginning(15)),
        if_it_passes: "If the plan was made final before this day without your agreement, you can complain and ask for your comments to be looked at.",
        ..BASE
    },
    Rule {
        id: RuleId::SchoolConsultationReply15d,
        title: "Answer the consultation about a place",
        sentence: "The school or college should answer the council by {due}.",
        duty_holder: DutyHolder::Institution,
        strength: Strength::Should,
        triggers: &[ConsultationReceivedByInstitution],
        scope: Scope::Thread,
        authority: secondary("SEND CoP 2015 9.83 (guidance 'should'); CFA 2014 s.39(2)/40(3)", CODE),
        met_by: &[ConsultationReplyReceived],
        ended_by: &[RequestWithdrawn, MovedArea, FinalPlanSent, AmendedPlanSent],
        versions: &standing(Count::Days(15)),
        if_it_passes: "The council does not have to wait: it must still decide on the school or college in time.",
        ..BASE
    },
    Rule {
        id: RuleId::FinalPlan20w,
        title: "Send the final plan",
        sentence: "If there is to be a plan, the council must send you the final plan by {due}.",
        is_asap: true,
        triggers: &[RequestReceived, BecameResponsible],
        authority: verified("SEND Regs 2014 reg 13(2)", "https://www.legislation.gov.uk/uksi/2014/1530/regulation/13"),
        limbs: CLOSURES_13,
        met_by: &[FinalPlanSent, NoPlanNotified],
        ended_by: OVERTAKEN_OR_REFUSED,
        versions: &relaxed(Count::Weeks(20)),
        if_it_passes: LATE_PLAN,
        ..BASE
    },
    Rule {
        id: RuleId::SecureProvision,
        title: "Give the help that the plan sets out",
        sentence: "From {due} the council must make sure that the special educational help in the plan is given.",
        kind: Kind::Marker,
        triggers: &[FinalPlanSent, AmendedPlanSent, ReassessedPlanSent],
        authority: verified("CFA 2014 s.42(2)", "https://www.legislation.gov.uk/ukpga/2014/6/section/42"),
        met_by: &[ProvisionInPlace],
        ended_by: &[PlanCeased, MovedArea],
        versions: &[
            version(1, COMMENCEMENT, Some(date(2020, 4, 30)), Count::AtOnce),
            Version {
                note: "Secretary of State’s notices under the Coronavirus Act 2020 (Schedule 17): from 1 May to 31 July 2020 the duty was to use reasonable endeavours.",
                ..version(2, date(2020, 5, 1), Some(date(2020, 7, 31)), Count::AtOnce)
            },
            Version {
                note: "The last notice ended on 31 July 2020; the full duty stands again.",
                ..version(3, date(2020, 8, 1), None, Count::AtOnce)
            },
        ],
        if_it_passes: "If the help is not given, tell the council in writing and complain. A judge can order the council to give it (judicial review).",
        ..BASE
    },
];
