//! Doing what the tribunal ordered (regulation 44) or what the council conceded (regulation 45).
//!
//! Day 0 is the day the order is made, or the day the council told the tribunal that it will not oppose. August
//! and bank holidays count. A date set by the tribunal takes the place of any of these (regulation 44(1)).

use super::*;
use crate::events::EventName::*;

const REG_44: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/44";
const REG_45: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/45";

/// First day of the figures put in by the SEND (Amendment) Regulations 2015 (SI 2015/359). The month is
/// confirmed, the day of the month has not been checked.
const AMENDED_2015: Date = date(2015, 3, 31);

/// Regulation 44 after the 2015 amendment, with the coronavirus relaxation.
const fn order_of_2015(before: Count, count: Count) -> [Version; 4] {
    let [mut first, mut relaxed, mut after] = relaxed_since(AMENDED_2015, count);
    first.number = 2;
    first.note = "Figure put in by the SEND (Amendment) Regulations 2015 (SI 2015/359).";
    relaxed.number = 3;
    after.number = 4;
    let mut as_made = version(1, COMMENCEMENT, Some(date(2015, 3, 30)), before);
    as_made.note = "As first made: four weeks (from secondary sources).";
    [as_made, first, relaxed, after]
}

const LIMBS_44: &[(Limb, &str)] = &[
    (Limb::ExceptionalCircumstances, "SEND Regs 2014 reg 44(3)(a)"),
    (Limb::AbsenceTwoWeeks, "SEND Regs 2014 reg 44(3)(b)"),
    (Limb::SchoolClosure, "SEND Regs 2014 reg 44(3) with 13(3) and 10(4)(a)"),
    (Limb::EarlyYearsClosure, "SEND Regs 2014 reg 44(3) with 13(3) and 10(4)(b)"),
];
const LIMBS_45: &[(Limb, &str)] = &[
    (Limb::ExceptionalCircumstances, "SEND Regs 2014 reg 45(7)"),
    (Limb::AbsenceTwoWeeks, "SEND Regs 2014 reg 45(7)"),
    (Limb::SchoolClosure, "SEND Regs 2014 reg 45(7) with 13(3) and 10(4)(a)"),
    (Limb::EarlyYearsClosure, "SEND Regs 2014 reg 45(7) with 13(3) and 10(4)(b)"),
];

const GONE: &[EventName] = &[MovedArea, RequestWithdrawn];
const PLAN_GONE: &[EventName] = &[MovedArea, PlanCeased];
const LATE: &str = "Write to the council, name the order or the promise and the date, and say that it is late. A judge can order the council to do it (judicial review). Your local SEND information, advice and support service can help you for free.";
const ORDER: &[EventName] = &[FttOrderMade];
const CONCESSION: &[EventName] = &[LaNotifiedFttNotOpposing];

pub(super) const RULES: [Rule; 20] = [
    Rule {
        id: RuleId::FttOrderAssessNotify2w,
        title: "Start the assessment that was ordered",
        sentence: "The council must tell you by {due} that it is assessing.",
        triggers: ORDER,
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 44(2)(b)", REG_44),
        limbs: LIMBS_44,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::Assess],
        met_by: &[OrderedAssessmentNotified, DecisionToAssess, NotifiedWillReassess],
        ended_by: GONE,
        versions: &order_of_2015(Count::Weeks(4), Count::Weeks(2)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderAssessNoPlan10w,
        title: "Say so if the ordered assessment leads to no plan",
        sentence: "If the council decides not to make a plan, it must tell you why by {due}.",
        is_asap: true,
        triggers: ORDER,
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 44(2)(b)(i)", REG_44),
        limbs: LIMBS_44,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::Assess],
        met_by: &[NoPlanNotified, DecisionToIssuePlan, DraftPlanServed, FinalPlanSent, ReassessedPlanSent],
        ended_by: GONE,
        versions: &relaxed(Count::Weeks(10)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderAssessFinal14w,
        title: "Send the plan after the ordered assessment",
        sentence: "If there is to be a plan, the council must send you the final plan by {due}.",
        is_asap: true,
        triggers: ORDER,
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 44(2)(b)(ii)", REG_44),
        limbs: LIMBS_44,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::Assess],
        met_by: &[FinalPlanSent, ReassessedPlanSent, NoPlanNotified],
        ended_by: GONE,
        versions: &relaxed(Count::Weeks(14)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderMakePlanDraft5w,
        title: "Send the draft of the plan that was ordered",
        sentence: "The council must send you a draft plan by {due}.",
        triggers: ORDER,
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 44(2)(c)(i)", REG_44),
        limbs: LIMBS_44,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::MakePlan],
        met_by: &[DraftPlanServed, FinalPlanSent],
        ended_by: GONE,
        versions: &relaxed(Count::Weeks(5)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderMakePlanFinal11w,
        title: "Send the plan that was ordered",
        sentence: "The council must send you the final plan by {due}.",
        triggers: ORDER,
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 44(2)(c)(ii)", REG_44),
        limbs: LIMBS_44,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::MakePlan],
        met_by: &[FinalPlanSent],
        ended_by: GONE,
        versions: &relaxed(Count::Weeks(11)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderReconsider2w,
        title: "Think again as the tribunal ordered",
        sentence: "The council must think again and tell you its decision by {due}.",
        triggers: ORDER,
        scope: Scope::Thread,
        authority: unchecked("SEND Regs 2014 reg 44(2)(d)", REG_44),
        limbs: LIMBS_44,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::Reconsider],
        met_by: &[OrderCarriedOut, DraftPlanServed, NoPlanNotified, NotAmendingNotified, AmendmentNoticeSent],
        ended_by: GONE,
        versions: &relaxed(Count::Weeks(2)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderAmend5w,
        title: "Change the plan as the tribunal ordered",
        sentence: "The council must send the changed plan by {due}.",
        triggers: ORDER,
        scope: Scope::Thread,
        authority: secondary("SEND Regs 2014 reg 44(2)(e)", REG_44),
        limbs: LIMBS_44,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::AmendContents],
        met_by: &[AmendedPlanSent, OrderCarriedOut],
        ended_by: PLAN_GONE,
        versions: &order_of_2015(Count::Weeks(4), Count::Weeks(5)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderNameSchool2w,
        title: "Name the school or college that was ordered",
        sentence: "The council must send the plan with the new school or college by {due}.",
        triggers: ORDER,
        scope: Scope::Thread,
        authority: secondary("SEND Regs 2014 reg 44(2)(f)", REG_44),
        limbs: LIMBS_44,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::NameInstitution],
        met_by: &[AmendedPlanSent, OrderCarriedOut],
        ended_by: PLAN_GONE,
        versions: &relaxed(Count::Weeks(2)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderContinueAndAmend5w,
        title: "Keep the plan and change it as ordered",
        sentence: "The council must keep the plan going at once, and send the changed plan by {due}.",
        triggers: ORDER,
        scope: Scope::Thread,
        authority: secondary("SEND Regs 2014 reg 44(2)(h)", REG_44),
        limbs: LIMBS_44,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::ContinueAndAmend],
        met_by: &[AmendedPlanSent, OrderCarriedOut],
        ended_by: PLAN_GONE,
        versions: &relaxed(Count::Weeks(5)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderContinueImmediate,
        title: "Keep the plan going",
        sentence: "The council must keep the plan going at once, from {due}.",
        triggers: ORDER,
        scope: Scope::Thread,
        authority: secondary("SEND Regs 2014 reg 44(2)(g)", REG_44),
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::Continue],
        met_by: &[OrderCarriedOut],
        ended_by: PLAN_GONE,
        versions: &standing(Count::AtOnce),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttOrderCeaseImmediate,
        title: "End the plan after the appeal",
        sentence: "The plan ends at once, on {due}.",
        triggers: ORDER,
        scope: Scope::Thread,
        authority: secondary("SEND Regs 2014 reg 44(2)(a)", REG_44),
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::Cease],
        met_by: &[PlanCeased, OrderCarriedOut],
        ended_by: GONE,
        versions: &standing(Count::AtOnce),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::UnopposedAssessNotify2w,
        title: "Start the assessment that was conceded",
        sentence: "The council must tell you by {due} that it is assessing.",
        triggers: CONCESSION,
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 45(3) as substituted by SI 2015/359 reg 8", REG_45),
        limbs: LIMBS_45,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::Assess],
        met_by: &[OrderedAssessmentNotified, DecisionToAssess, NotifiedWillReassess],
        ended_by: GONE,
        versions: &relaxed_since(AMENDED_2015, Count::Weeks(2)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::UnopposedAssessNoPlan10w,
        title: "Say so if the conceded assessment leads to no plan",
        sentence: "If the council decides not to make a plan, it must tell you why by {due}.",
        is_asap: true,
        triggers: CONCESSION,
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 45(3A)(a) as substituted by SI 2015/359 reg 8", REG_45),
        limbs: LIMBS_45,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::Assess],
        met_by: &[NoPlanNotified, DecisionToIssuePlan, DraftPlanServed, FinalPlanSent, ReassessedPlanSent],
        ended_by: GONE,
        versions: &relaxed_since(AMENDED_2015, Count::Weeks(10)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::UnopposedAssessFinal14w,
        title: "Send the plan after the conceded assessment",
        sentence: "If there is to be a plan, the council must send you the final plan by {due}.",
        is_asap: true,
        triggers: CONCESSION,
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 45(3A)(b) as substituted by SI 2015/359 reg 8", REG_45),
        limbs: LIMBS_45,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::Assess],
        met_by: &[FinalPlanSent, ReassessedPlanSent, NoPlanNotified],
        ended_by: GONE,
        versions: &relaxed_since(AMENDED_2015, Count::Weeks(14)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::UnopposedContents5w,
        title: "Change the plan as conceded",
        sentence: "The council must send the changed plan by {due}.",
        triggers: CONCESSION,
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 45(4) as substituted by SI 2015/359 reg 8", REG_45),
        limbs: LIMBS_45,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::AmendContents],
        met_by: &[AmendedPlanSent, OrderCarriedOut],
        ended_by: PLAN_GONE,
        versions: &relaxed_since(AMENDED_2015, Count::Weeks(5)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::UnopposedNameSchool2w,
        title: "Name the school or college as conceded",
        sentence: "The council must send the plan with the new school or college by {due}.",
        triggers: CONCESSION,
        scope: Scope::Thread,
        authority: unchecked("SEND Regs 2014 reg 45(5) as substituted by SI 2015/359 reg 8", REG_45),
        limbs: LIMBS_45,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::NameInstitution],
        met_by: &[AmendedPlanSent, OrderCarriedOut],
        ended_by: PLAN_GONE,
        versions: &relaxed_since(AMENDED_2015, Count::Weeks(2)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::UnopposedMakePlanDraft5w,
        title: "Send the draft of the conceded plan",
        sentence: "The council must send you a draft plan by {due}.",
        triggers: CONCESSION,
        scope: Scope::Thread,
        authority: unchecked("SEND Regs 2014 reg 45(6) as substituted by SI 2015/359 reg 8", REG_45),
        limbs: LIMBS_45,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::MakePlan],
        met_by: &[DraftPlanServed, FinalPlanSent],
        ended_by: GONE,
        versions: &relaxed_since(AMENDED_2015, Count::Weeks(5)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::UnopposedMakePlanFinal11w,
        title: "Send the conceded plan",
        sentence: "The council must send you the final plan by {due}.",
        triggers: CONCESSION,
        scope: Scope::Thread,
        authority: unchecked("SEND Regs 2014 reg 45(6) as substituted by SI 2015/359 reg 8", REG_45),
        limbs: LIMBS_45,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::MakePlan],
        met_by: &[FinalPlanSent],
        ended_by: GONE,
        versions: &relaxed_since(AMENDED_2015, Count::Weeks(11)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::UnopposedContinueAndAmend5w,
        title: "Keep the plan and change it as conceded",
        sentence: "The council must keep the plan going, and send the changed plan by {due}.",
        triggers: CONCESSION,
        scope: Scope::Thread,
        authority: unchecked("SEND Regs 2014 reg 45(7) as substituted by SI 2015/359 reg 8", REG_45),
        limbs: LIMBS_45,
        replaced_by: Some(TribunalDirectedDate),
        order_kinds: &[OrderKind::ContinueAndAmend, OrderKind::Continue],
        met_by: &[AmendedPlanSent, OrderCarriedOut],
        ended_by: PLAN_GONE,
        versions: &relaxed_since(AMENDED_2015, Count::Weeks(5)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::FttRecommendationReply5w,
        title: "Answer the tribunal’s recommendation",
        sentence: "You must be sent a written answer to the recommendation, with reasons, by {due}.",
        duty_holder: DutyHolder::HealthBoard,
        triggers: &[FttRecommendationMade],
        scope: Scope::Thread,
        authority: secondary(
            "SEND (FTT Recommendations Power) Regs 2017 SI 2017/1306",
            "https://www.legislation.gov.uk/uksi/2017/1306",
        ),
        met_by: &[RecommendationReplySent],
        versions: &relaxed_since(date(2018, 4, 3), Count::Weeks(5)),
        if_it_passes: "Ask the health board or the council for its answer. You can complain to the ombudsman for health or for councils, and a judge can order an answer (judicial review).",
        ..BASE
    },
];
