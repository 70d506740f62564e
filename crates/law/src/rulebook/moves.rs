//! Moves between areas, reassessment, and ending a plan.

use super::*;
use crate::events::EventName::*;

const REG_15: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/15";
const REG_16: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/16";
const REG_25: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/25";
const REG_27: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/27";
const LATE: &str = "You can complain to the council and then to the Local Government and Social Care Ombudsman. A judge can order the council to act (judicial review). The help in the plan must go on in the meantime.";

pub(super) const RULES: [Rule; 9] = [
    Rule {
        id: RuleId::LaTransferPlan,
        title: "Pass the plan to the new council",
        sentence: "The old council must pass the plan to the new council by {due}.",
        duty_holder: DutyHolder::OldLocalAuthority,
        triggers: &[OldLaBecameAware],
        authority: verified("SEND Regs 2014 reg 15(2)", REG_15),
        also_looks_at: &[Move],
        met_by: &[PlanTransferred],
        ended_by: &[PlanCeased],
        versions: &relaxed(Count::WorkingDaysBeginningOrMove(15)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::LaTransferInform6w,
        title: "Tell the family what the new council will do",
        sentence: "The new council must tell you by {due} that it has the plan, whether it will reassess, and when it will review.",
        duty_holder: DutyHolder::NewLocalAuthority,
        triggers: &[PlanTransferred],
        authority: verified("SEND Regs 2014 reg 15(4)", REG_15),
        met_by: &[NewLaInformedFamily],
        ended_by: &[PlanCeased],
        versions: &relaxed(Count::Weeks(6)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::LaTransferReview,
        title: "Review the plan after the move",
        sentence: "The new council must review the plan by {due}.",
        duty_holder: DutyHolder::NewLocalAuthority,
        triggers: &[PlanTransferred],
        authority: secondary("SEND Regs 2014 reg 15(5)", REG_15),
        also_looks_at: &[PlanMadeOrLastReview],
        met_by: &[
            LastReviewCompleted,
            ReviewDecisionNotified,
            MaintainDecisionNotified,
            AmendDecisionNotified,
            CeaseDecisionNotified,
        ],
        ended_by: &[PlanCeased],
        versions: &relaxed(Count::TransferReview),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::IcbChangeNotify15wd,
        title: "Tell the new health board",
        sentence: "The old health board must tell the new one by {due}.",
        duty_holder: DutyHolder::HealthBoard,
        triggers: &[OldIcbBecameAware],
        authority: secondary("SEND Regs 2014 reg 16", REG_16),
        also_looks_at: &[Move],
        met_by: &[NewIcbNotified],
        ended_by: &[PlanCeased],
        versions: &relaxed(Count::WorkingDaysBeginning(15)),
        if_it_passes: "You can tell the new health board yourself and ask it to carry on the health help in the plan.",
        ..BASE
    },
    Rule {
        id: RuleId::IcbChangeRequest15wd,
        title: "Ask the council to reassess or review",
        sentence: "If the new health board cannot give the health help in the plan, it must ask the council by {due} to reassess or review.",
        duty_holder: DutyHolder::HealthBoard,
        triggers: &[NewIcbBecameAware],
        authority: secondary("SEND Regs 2014 reg 16", REG_16),
        met_by: &[NewIcbAskedLa],
        ended_by: &[PlanCeased],
        versions: &relaxed(Count::WorkingDaysBeginning(15)),
        if_it_passes: "You can ask the council yourself for a review or a reassessment.",
        ..BASE
    },
    Rule {
        id: RuleId::ReassessDecision15d,
        title: "Say whether the council will reassess",
        sentence: "The council must tell you by {due} whether it will reassess.",
        triggers: &[ReassessmentRequestReceived],
        authority: secondary("SEND Regs 2014 reg 25(1)", REG_25),
        met_by: &[NotifiedWillReassess, ReassessmentRefused],
        ended_by: &[RequestWithdrawn, MovedArea, PlanCeased],
        versions: &relaxed(Count::Days(15)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::ReassessFinal14w,
        title: "Send the plan after the reassessment",
        sentence: "The council must send you the plan made after the reassessment by {due}.",
        is_asap: true,
        triggers: &[NotifiedWillReassess, LaOwnDecisionToReassess],
        authority: verified("SEND Regs 2014 reg 27(2)", REG_27),
        limbs: &[
            (Limb::SchoolClosure, "SEND Regs 2014 reg 27(3)(a)"),
            (Limb::EarlyYearsClosure, "SEND Regs 2014 reg 27(3)(b)"),
            (Limb::ExceptionalCircumstances, "SEND Regs 2014 reg 27(3)(c)"),
            (Limb::AbsenceFourWeeks, "SEND Regs 2014 reg 27(3)(d)"),
        ],
        met_by: &[ReassessedPlanSent],
        ended_by: &[
            RequestWithdrawn,
            MovedArea,
            PlanCeased,
            FttOrderMade,
            LaNotifiedFttNotOpposing,
            MediationAgreement,
        ],
        versions: &relaxed(Count::Weeks(14)),
        if_it_passes: LATE,
        ..BASE
    },
    Rule {
        id: RuleId::CeaseConsultation15d,
        title: "Answer before the council ends a plan",
        sentence: "You should have at least until {due} to say what you think before the council decides whether to end the plan.",
        duty_holder: DutyHolder::Family,
        kind: Kind::Time,
        strength: Strength::Derived,
        triggers: &[CeaseConsidered],
        authority: secondary(
            "Recommended period; the duty to consult is CFA 2014 s.45 and SEND Regs 2014 reg 31",
            "https://www.legislation.gov.uk/uksi/2014/1530/regulation/31",
        ),
        met_by: &[RepresentationsReceived],
        ended_by: &[CeaseDecisionNotified, MaintainDecisionNotified],
        versions: &standing(Count::DaysBeginning(15)),
        if_it_passes: "You can still tell the council what you think. If it decides to end the plan you can appeal, and the plan goes on until the appeal is over.",
        ..BASE
    },
    Rule {
        id: RuleId::PlanKeptUntilAppealTimeEnds,
        title: "First day on which an ended plan may stop",
        sentence: "The council must keep the plan going until the time to appeal is over, so it cannot stop before {due}. If there is an appeal it goes on until the appeal is over.",
        kind: Kind::Earliest,
        triggers: &[CeaseDecisionNotified],
        authority: secondary("CFA 2014 s.45(4)", "https://www.legislation.gov.uk/ukpga/2014/6/section/45"),
        also_looks_at: &[MediationCertificateIssued],
        met_by: &[PlanCeased],
        ended_by: &[AppealLodged, MovedArea],
        versions: &standing(Count::AfterAppeal),
        if_it_passes: "If the help stops before this day, tell the council in writing that section 45(4) says it must go on. A judge can order it (judicial review).",
        ..BASE
    },
];
