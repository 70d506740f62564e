//! Reviews and amendments of a plan.
//!
//! Regulations 20 to 22 contain no exceptions: a meeting in July gives dates in August.

use super::*;
use crate::events::EventName::*;

/// What ends the duty to keep reviewing.
const PLAN_GONE: &[EventName] = &[PlanCeased, MovedArea, PlanTransferred];
const NO_CHANGE: &[EventName] = &[PlanCeased, MovedArea, MaintainDecisionNotified, CeaseDecisionNotified];
const OUTCOMES: &[EventName] =
    &[ReviewDecisionNotified, MaintainDecisionNotified, AmendDecisionNotified, CeaseDecisionNotified];
const REVIEWED: &[EventName] = &[
    LastReviewCompleted,
    ReviewDecisionNotified,
    MaintainDecisionNotified,
    AmendDecisionNotified,
    CeaseDecisionNotified,
];
const DEVON: &str = "https://www.bailii.org/ew/cases/EWHC/Admin/2022/493.html";
const REG_20: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/20";
const REG_22: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/22";
const REG_28: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/28";
const S_44: &str = "https://www.legislation.gov.uk/ukpga/2014/6/section/44";

const LATE_REVIEW: &str = "You can ask the council in writing to finish the review, and complain if it does not. Until it decides you cannot appeal, so a late decision matters: the Ombudsman can look at it and a judge can order the council to decide (judicial review).";

/// Once the decision after the review has gone out, the steps before it are over.
const DECIDED_OR_GONE: &[EventName] = &[
    PlanCeased,
    ReviewDecisionNotified,
    MaintainDecisionNotified,
    AmendDecisionNotified,
    CeaseDecisionNotified,
    LastReviewCompleted,
];

pub(super) const RULES: [Rule; 17] = [
    Rule {
        id: RuleId::AnnualReviewFirst12m,
        title: "Finish the first yearly review",
        sentence: "The council must finish the first review, with its decision sent to you, by {due}.",
        triggers: &[PlanFirstMade],
        authority: secondary("CFA 2014 s.44(1)(a); CoP 9.169", S_44),
        met_by: REVIEWED,
        ended_by: PLAN_GONE,
        versions: &relaxed(Count::MonthsBeginning(12)),
        if_it_passes: LATE_REVIEW,
        ..BASE
    },
    Rule {
        id: RuleId::AnnualReviewNext12m,
        title: "Finish the next yearly review",
        sentence: "The council must finish the next review, with its decision sent to you, by {due}.",
        triggers: REVIEWED,
        authority: secondary("CFA 2014 s.44(1)(b); CoP 9.169", S_44),
        met_by: REVIEWED,
        ended_by: PLAN_GONE,
        versions: &relaxed(Count::MonthsBeginning(12)),
        if_it_passes: LATE_REVIEW,
        ..BASE
    },
    Rule {
        id: RuleId::AnnualReviewLatestMeeting,
        title: "Hold the review meeting",
        sentence: "To finish the review in time, the meeting should be held by {due}.",
        strength: Strength::Derived,
        triggers: &[
            LastReviewCompleted,
            PlanFirstMade,
            ReviewDecisionNotified,
            MaintainDecisionNotified,
            AmendDecisionNotified,
        ],
        authority: secondary("CoP 9.169 (derived planning date)", CODE),
        met_by: &[ReviewMeeting],
        ended_by: PLAN_GONE,
        versions: &standing(Count::MonthsBeginningLessDays(12, 28)),
        if_it_passes: "No law sets this date, but the council has four weeks from the meeting to decide, so a later meeting may make the review late.",
        ..BASE
    },
    Rule {
        id: RuleId::TermList2w,
        title: "Send schools the list of reviews due",
        sentence: "The council should send the list of reviews due in the term by {due}.",
        strength: Strength::Should,
        triggers: &[TermStarts],
        scope: Scope::Thread,
        authority: unchecked("SEND CoP 2015 9.170-9.171", CODE),
        met_by: &[ReviewListSent],
        versions: &standing(Count::WeeksBefore(2)),
        if_it_passes: "You can ask the school or the council when the review is due.",
        ..BASE
    },
    Rule {
        id: RuleId::ArNoticeOfMeeting2w,
        title: "Invite people to the review meeting",
        sentence: "You and the others must be given notice of the meeting by {due} at the latest.",
        triggers: &[ReviewMeeting],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 20(3)/21(3)", REG_20),
        met_by: &[ReviewInvitationSent],
        ended_by: DECIDED_OR_GONE,
        versions: &standing(Count::WeeksBefore(2)),
        if_it_passes: "You can ask for the meeting to be moved so that everyone has two weeks’ notice.",
        ..BASE
    },
    Rule {
        id: RuleId::ArCirculateAdvice2w,
        title: "Send round the reports for the review",
        sentence: "The reports for the meeting must be sent round by {due} at the latest.",
        triggers: &[ReviewMeeting],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 20(4)/21(4)", REG_20),
        met_by: &[ReviewAdviceCirculated],
        ended_by: DECIDED_OR_GONE,
        versions: &standing(Count::WeeksBefore(2)),
        if_it_passes: "You can ask for the reports, and for the meeting to be moved so that you have two weeks to read them.",
        ..BASE
    },
    Rule {
        id: RuleId::ArReport2w,
        title: "Send the report of the meeting",
        sentence: "The report of the review meeting must be sent by {due}.",
        duty_holder: DutyHolder::Institution,
        triggers: &[ReviewMeeting],
        scope: Scope::Thread,
        authority: secondary("SEND Regs 2014 reg 20(7)-(9)/21(7)", REG_20),
        met_by: &[ReviewReportSent],
        ended_by: DECIDED_OR_GONE,
        versions: &relaxed(Count::Weeks(2)),
        if_it_passes: "You can ask the school (or the council, if it held the meeting) for the report. The council must still decide within four weeks of the meeting.",
        ..BASE
    },
    Rule {
        id: RuleId::ArDecision4w,
        title: "Decide after the review meeting",
        sentence: "The council must tell you by {due} whether it will keep, change or end the plan.",
        triggers: &[ReviewMeeting],
        scope: Scope::Thread,
        authority: secondary("SEND Regs 2014 reg 20(10)/21(9)", REG_20),
        met_by: OUTCOMES,
        ended_by: &[PlanCeased, MovedArea],
        versions: &relaxed(Count::Weeks(4)),
        if_it_passes: LATE_REVIEW,
        ..BASE
    },
    Rule {
        id: RuleId::ArAmendmentNotice4w,
        title: "Send the proposed changes with the decision",
        sentence: "If the plan is to change, the council must send you the proposed changes by {due}.",
        triggers: &[ReviewMeeting],
        scope: Scope::Thread,
        authority: secondary(
            "SEND Regs 2014 reg 20(10) with 22(2); R (L,M,P) v Devon CC [2022] EWHC 493 (Admin)",
            DEVON,
        ),
        met_by: &[AmendmentNoticeSent],
        ended_by: NO_CHANGE,
        versions: &relaxed(Count::Weeks(4)),
        if_it_passes: LATE_REVIEW,
        ..BASE
    },
    Rule {
        id: RuleId::ArOuterLimit12w,
        title: "Finish the whole review, with any new plan",
        sentence: "If the plan is to change, the changed plan must be sent to you by {due}, which is 12 weeks after the meeting.",
        triggers: &[ReviewMeeting],
        scope: Scope::Thread,
        authority: secondary("R (L,M,P) v Devon CC [2022] EWHC 493 (Admin); reg 22(3)", DEVON),
        met_by: &[AmendedPlanSent, NotAmendingNotified],
        ended_by: NO_CHANGE,
        versions: &relaxed(Count::Weeks(12)),
        if_it_passes: LATE_REVIEW,
        ..BASE
    },
    Rule {
        id: RuleId::ArMeetingAnniversary12m,
        title: "A year since the last review meeting",
        sentence: "A year will have passed since the last meeting on {due}. The next meeting should be held before then.",
        strength: Strength::Derived,
        triggers: &[ReviewMeeting],
        authority: secondary("CoP 9.169 (derived planning date)", CODE),
        met_by: &[ReviewMeeting],
        ended_by: PLAN_GONE,
        versions: &standing(Count::MonthsBeginning(12)),
        if_it_passes: "No law sets this date. The legal limit counts from the end of the last review.",
        ..BASE
    },
    Rule {
        id: RuleId::ArAmendRepresentations15d,
        title: "Comment on the proposed changes",
        sentence: "You have until {due}, or longer if the council agrees, to comment on the changes and ask for a school or college.",
        duty_holder: DutyHolder::Family,
        kind: Kind::Time,
        triggers: &[AmendmentNoticeServed],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 22(2)(c)", REG_22),
        met_by: &[RepresentationsReceived],
        ended_by: &[AmendmentNoticeServed, PlanCeased, MovedArea],
        versions: &standing(Count::DaysBeginning(15)),
        if_it_passes: "You can still send comments. The council may finish the plan from the next day, so ask at once for more time if you need it.",
        ..BASE
    },
    Rule {
        id: RuleId::ArFinalAmended8w,
        title: "Send the changed plan",
        sentence: "The council must send you the changed plan by {due}.",
        is_asap: true,
        triggers: &[AmendmentNoticeSent],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 22(3)", REG_22),
        met_by: &[AmendedPlanSent, NotAmendingNotified],
        ended_by: &[PlanCeased, MovedArea, FttOrderMade, LaNotifiedFttNotOpposing, MediationAgreement],
        versions: &relaxed(Count::Weeks(8)),
        if_it_passes: LATE_REVIEW,
        ..BASE
    },
    Rule {
        id: RuleId::ArDecisionNotToAmend8w,
        title: "Say so if the plan will not change after all",
        sentence: "If the council decides not to change the plan after all, it must tell you why by {due}.",
        is_asap: true,
        triggers: &[AmendmentNoticeSent],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 22(4)", REG_22),
        met_by: &[NotAmendingNotified, AmendedPlanSent],
        ended_by: &[PlanCeased, MovedArea, FttOrderMade, LaNotifiedFttNotOpposing, MediationAgreement],
        versions: &relaxed(Count::Weeks(8)),
        if_it_passes: LATE_REVIEW,
        ..BASE
    },
    Rule {
        id: RuleId::AmendWithoutReviewFinal8w,
        title: "Send the plan changed without a review",
        sentence: "The council must send you the changed plan by {due}.",
        is_asap: true,
        triggers: &[AmendmentNoticeSent],
        scope: Scope::Thread,
        authority: unchecked("SEND Regs 2014 reg 28 with 22(3)", REG_28),
        met_by: &[AmendedPlanSent, NotAmendingNotified],
        ended_by: &[PlanCeased, MovedArea, FttOrderMade, LaNotifiedFttNotOpposing, MediationAgreement],
        versions: &relaxed(Count::Weeks(8)),
        if_it_passes: LATE_REVIEW,
        ..BASE
    },
    Rule {
        id: RuleId::AmendWithoutReviewRepresentations15d,
        title: "Comment on changes made without a review",
        sentence: "You have until {due}, or longer if the council agrees, to comment on the changes and ask for a school or college.",
        duty_holder: DutyHolder::Family,
        kind: Kind::Time,
        triggers: &[AmendmentNoticeServed],
        scope: Scope::Thread,
        authority: unchecked("SEND Regs 2014 reg 28 with 22(2)(c)", REG_28),
        met_by: &[RepresentationsReceived],
        ended_by: &[AmendmentNoticeServed, PlanCeased, MovedArea],
        versions: &standing(Count::DaysBeginning(15)),
        if_it_passes: "You can still send comments. The council may finish the plan from the next day, so ask at once for more time if you need it.",
        ..BASE
    },
    Rule {
        id: RuleId::EarlyYearsReview6m,
        title: "Think about reviewing a young child’s plan",
        sentence: "For a child under five, the council should think about a review by {due}.",
        strength: Strength::Should,
        triggers: &[LastEarlyYearsReview],
        authority: secondary("SEND CoP 2015 9.178 (guidance: consider every 3-6 months)", CODE),
        met_by: &[LastEarlyYearsReview],
        ended_by: PLAN_GONE,
        versions: &standing(Count::Months(6)),
        if_it_passes: "You can ask the council for a review at any time.",
        ..BASE
    },
];
