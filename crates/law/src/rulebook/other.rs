//! Direct payments, detained children and young people, SENCOs, the Local Offer and personal records.

use super::*;
use crate::events::EventName::*;

const DETAINED: &str = "https://www.legislation.gov.uk/uksi/2015/62";
const SENCO: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/49";
const GDPR: &str = "https://www.legislation.gov.uk/eur/2016/679/article/12";
/// The Detained Persons Regulations 2015 come into force.
const DETAINED_FROM: Date = date(2015, 4, 1);
/// UK GDPR's predecessor comes into force; before it a request had another limit.
const GDPR_FROM: Date = date(2018, 5, 25);
const START: &[EventName] = &[RequestReceivedOrBroughtToAttention];
const OVERTAKEN: &[EventName] =
    &[RequestWithdrawn, MovedArea, FttOrderMade, LaNotifiedFttNotOpposing, MediationAgreement];
const OVERTAKEN_OR_REFUSED: &[EventName] =
    &[RequestWithdrawn, MovedArea, FttOrderMade, LaNotifiedFttNotOpposing, MediationAgreement, InitialRefusal];
const LATE: &str = "You, or someone who speaks for you, can complain to the council and then to the Local Government and Social Care Ombudsman. A judge can order the council to act (judicial review).";

/// The Detained Persons Regulations have no exception for the detained person’s own absence. The third limb
/// (a parent’s absence, for a detained child) has not been checked against the text.
const fn limbs(a: &'static str, b: &'static str, c: &'static str) -> [(Limb, &'static str); 3] {
    [(Limb::SchoolClosure, a), (Limb::ExceptionalCircumstances, b), (Limb::ParentAbsenceFourWeeks, c)]
}

pub(super) const RULES: [Rule; 12] = [
    Rule {
        id: RuleId::DirectPaymentFirstReview3m,
        title: "Review a direct payment for the first time",
        sentence: "The council must review the direct payment by {due}.",
        triggers: &[FirstDirectPayment],
        scope: Scope::Thread,
        authority: secondary(
            "SEN (Personal Budgets) Regs 2014 reg 11",
            "https://www.legislation.gov.uk/uksi/2014/1652/regulation/11",
        ),
        met_by: &[DirectPaymentReviewed],
        ended_by: &[PlanCeased, MovedArea],
        versions: &standing(Count::MonthsBeginning(3)),
        if_it_passes: "Ask the council for the review, above all if the money does not cover the help.",
        ..BASE
    },
    Rule {
        id: RuleId::DetainedAssessDecision6w,
        title: "Say whether the council will assess (detained child or young person)",
        sentence: "The council must tell you by {due} whether it will assess.",
        is_asap: true,
        triggers: START,
        authority: verified("SEND (Detained Persons) Regs 2015 SI 2015/62 reg 5(1)", DETAINED),
        limbs: &limbs(
            "SEND (Detained Persons) Regs 2015 reg 5(4)(a)",
            "SEND (Detained Persons) Regs 2015 reg 5(4)(b)",
            "SEND (Detained Persons) Regs 2015 reg 5(4)(c)",
        ),
        met_by: &[AssessmentDecisionNotified, DecisionToAssess, InitialRefusal],
        ended_by: OVERTAKEN,
        versions: &relaxed_since(DETAINED_FROM, Count::Weeks(6)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::DetainedNoPlan16w,
        title: "Say so if there will be no plan (detained child or young person)",
        sentence: "If the council decides not to make a plan, it must tell you by {due}.",
        is_asap: true,
        triggers: START,
        authority: verified("SEND (Detained Persons) Regs 2015 SI 2015/62 reg 10(1)", DETAINED),
        limbs: &limbs(
            "SEND (Detained Persons) Regs 2015 reg 10(4)(a)",
            "SEND (Detained Persons) Regs 2015 reg 10(4)(b)",
            "SEND (Detained Persons) Regs 2015 reg 10(4)(c)",
        ),
        met_by: &[NoPlanNotified, DecisionToIssuePlan, DraftPlanServed, FinalPlanSent],
        ended_by: OVERTAKEN_OR_REFUSED,
        versions: &relaxed_since(DETAINED_FROM, Count::Weeks(16)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::DetainedFinal20w,
        title: "Send the final plan (detained child or young person)",
        sentence: "If there is to be a plan, the council must send the final plan by {due}.",
        is_asap: true,
        triggers: START,
        authority: verified("SEND (Detained Persons) Regs 2015 SI 2015/62 reg 13(2)", DETAINED),
        limbs: &limbs(
            "SEND (Detained Persons) Regs 2015 reg 13(3) with 10(4)(a)",
            "SEND (Detained Persons) Regs 2015 reg 13(3) with 10(4)(b)",
            "SEND (Detained Persons) Regs 2015 reg 13(3) with 10(4)(c)",
        ),
        met_by: &[FinalPlanSent, NoPlanNotified],
        ended_by: OVERTAKEN_OR_REFUSED,
        versions: &relaxed_since(DETAINED_FROM, Count::Weeks(20)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::DetainedDraftRepresentations15d,
        title: "Comment on the draft plan (detained child or young person)",
        sentence: "You have until {due}, or longer if the council agrees, to comment on the draft.",
        duty_holder: DutyHolder::Family,
        kind: Kind::Time,
        triggers: &[DraftPlanServed],
        authority: verified("SEND (Detained Persons) Regs 2015 reg 13(1)(a)", DETAINED),
        met_by: &[RepresentationsReceived],
        ended_by: &[DraftPlanServed, RequestWithdrawn, MovedArea],
        versions: &since(DETAINED_FROM, Count::DaysBeginning(15)),
        if_it_passes: "You can still send comments. The council may finish the plan from the next day, so ask at once for more time if you need it.",
        ..BASE
    },
    Rule {
        id: RuleId::DetainedReleasedMidwayFinal20w,
        title: "Send the final plan after a release midway",
        sentence: "The time goes on from the first day, so the council must send the final plan by {due}.",
        is_asap: true,
        triggers: &[BroughtToAttention],
        authority: verified("SEND (Detained Persons) Regs 2015 reg 15(1)", DETAINED),
        also_looks_at: &[Released, SameAuthority],
        limbs: &limbs(
            "SEND (Detained Persons) Regs 2015 reg 13(3) with 10(4)(a)",
            "SEND (Detained Persons) Regs 2015 reg 13(3) with 10(4)(b)",
            "SEND (Detained Persons) Regs 2015 reg 13(3) with 10(4)(c)",
        ),
        met_by: &[FinalPlanSent, NoPlanNotified],
        ended_by: OVERTAKEN_OR_REFUSED,
        versions: &relaxed_since(DETAINED_FROM, Count::Weeks(20)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::DetainedPlanToCustody5wd,
        title: "Send the plan to the place of detention",
        sentence: "The council must send the plan to the place of detention by {due}.",
        triggers: &[AwareOfDetention],
        scope: Scope::Thread,
        authority: unchecked("SEND (Detained Persons) Regs 2015 reg 16; CoP ch.10", DETAINED),
        met_by: &[PlanSentToCustody],
        ended_by: &[Released, PlanCeased],
        versions: &since(DETAINED_FROM, Count::WorkingDays(5)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::SencoQualification3y,
        title: "Be qualified as a SENCO",
        sentence: "The teacher must have the SENCO qualification by {due}.",
        duty_holder: DutyHolder::School,
        triggers: &[SencoDesignated],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 49(4),(7) as amended by SI 2024/535", SENCO),
        met_by: &[SencoQualified],
        versions: &[
            Version {
                note: "The qualification is the National Award for SEN Co-ordination.",
                ..version(1, COMMENCEMENT, Some(date(2024, 8, 31)), Count::Months(36))
            },
            Version {
                note: "SI 2024/535: the qualification is the National Professional Qualification for SENCOs.",
                ..version(2, date(2024, 9, 1), None, Count::Months(36))
            },
        ],
        if_it_passes: "You can ask the school’s governors how the school meets the rule on SENCOs.",
        ..BASE
    },
    Rule {
        id: RuleId::SencoNasencoCompletion,
        title: "Finish the older SENCO award",
        sentence: "The older award counts only if it is finished by {due}.",
        duty_holder: DutyHolder::School,
        triggers: &[NasencoCourseStarted],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 49(7)(a) as amended by SI 2024/535", SENCO),
        met_by: &[SencoQualified],
        versions: &[Version {
            note: "SI 2024/535: a course begun before 1 September 2024 counts only if it is finished before 1 September 2027.",
            ..version(1, date(2009, 9, 1), None, Count::Fixed(date(2027, 8, 31)))
        }],
        if_it_passes: "The teacher then needs the newer qualification. You can ask the school’s governors about it.",
        ..BASE
    },
    Rule {
        id: RuleId::LocalOfferCommentsAnnual,
        title: "Publish comments on the Local Offer and the council’s answer",
        sentence: "The council must publish the comments it has had on the Local Offer, and what it will do about them, by {due}.",
        triggers: &[CommentsLastPublished],
        authority: secondary("SEND Regs 2014 reg 56(3)", "https://www.legislation.gov.uk/uksi/2014/1530/regulation/56"),
        met_by: &[CommentsLastPublished],
        versions: &relaxed(Count::Months(12)),
        if_it_passes: "You can ask the council when it will publish them, and complain.",
        ..BASE
    },
    Rule {
        id: RuleId::SubjectAccess1m,
        title: "Answer a request for personal records",
        sentence: "You must have an answer to your request for your records by {due}.",
        triggers: &[SarReceived],
        scope: Scope::Thread,
        authority: secondary("UK GDPR Art 12(3) (ICO counting convention)", GDPR),
        met_by: &[SarAnswered],
        ended_by: &[SarExtended],
        versions: &since(GDPR_FROM, Count::MonthsThenWorkingDay(1)),
        if_it_passes: "You can complain to the organisation, and then to the Information Commissioner’s Office (ICO).",
        ..BASE
    },
    Rule {
        id: RuleId::SubjectAccessExtended3m,
        title: "Answer a complex request for personal records",
        sentence: "Because your request is complex, the answer must come by {due}.",
        triggers: &[SarReceived],
        scope: Scope::Thread,
        authority: unchecked("UK GDPR Art 12(3) (two further months)", GDPR),
        also_looks_at: &[SarExtended],
        met_by: &[SarAnswered],
        versions: &since(GDPR_FROM, Count::MonthsThenWorkingDay(3)),
        if_it_passes: "You can complain to the organisation, and then to the Information Commissioner’s Office (ICO).",
        ..BASE
    },
];
