//! Moves between phases of education, and the age points that change who decides.

use super::*;
use crate::events::EventName::*;

const REG_18: &str = "https://www.legislation.gov.uk/uksi/2014/1530/regulation/18";
const EA_8: &str = "https://www.legislation.gov.uk/ukpga/1996/56/section/8";
const TRANSFER: &[EventName] = &[TransferToNcy, TransferOn, EducatedOutOfCohort];
const NO_TRANSFER: &[EventName] = &[PlanCeased, MovedArea];
const LATE_TRANSFER: &str = "Ask the council at once to finish the plan, and complain if it does not: the place must be known in time to get ready and to appeal. A judge can order the council to act (judicial review).";

pub(super) const RULES: [Rule; 9] = [
    Rule {
        id: RuleId::PhaseTransfer15Feb,
        title: "Name the next school in the plan",
        sentence: "The council must review and change the plan, naming the next school, before {due}.",
        triggers: &[DateOfBirth],
        authority: verified("SEND Regs 2014 reg 18(1)(b) and reg 2(1)", REG_18),
        also_looks_at: TRANSFER,
        met_by: &[PhaseTransferPlanSent],
        ended_by: NO_TRANSFER,
        versions: &standing(Count::BeforeTransfer(2, 15, 0)),
        if_it_passes: LATE_TRANSFER,
        ..BASE
    },
    Rule {
        id: RuleId::PhaseTransfer31Mar,
        title: "Name the next school or college after 16 in the plan",
        sentence: "The council must review and change the plan, naming the next place, before {due}.",
        triggers: &[DateOfBirth],
        authority: verified("SEND Regs 2014 reg 18(1)(a) and reg 2(1)(f)", REG_18),
        also_looks_at: TRANSFER,
        met_by: &[PhaseTransferPlanSent],
        ended_by: NO_TRANSFER,
        versions: &standing(Count::BeforeTransfer(3, 31, 0)),
        if_it_passes: LATE_TRANSFER,
        ..BASE
    },
    Rule {
        id: RuleId::PhaseTransferMeeting12w,
        title: "Hold the review meeting about the transfer",
        sentence: "To name the next place in time, the review meeting should be held by {due}.",
        strength: Strength::Derived,
        triggers: &[DateOfBirth],
        authority: secondary("Planning date: 12 weeks before the limit of SEND Regs 2014 reg 18(1)", REG_18),
        also_looks_at: TRANSFER,
        met_by: &[PhaseTransferMeeting, PhaseTransferPlanSent],
        ended_by: NO_TRANSFER,
        versions: &standing(Count::BeforeTransfer(0, 0, 12)),
        if_it_passes: "No law sets this date. A later meeting leaves less time before the limit, which is law.",
        ..BASE
    },
    Rule {
        id: RuleId::Post16ToPost16Months5,
        title: "Review the plan before a move between colleges",
        sentence: "The council must review and change the plan at least five months before the move: by {due}.",
        triggers: &[ProposedTransferDate],
        scope: Scope::Thread,
        authority: verified("SEND Regs 2014 reg 18(2)", REG_18),
        met_by: &[PhaseTransferPlanSent, AmendedPlanSent],
        ended_by: NO_TRANSFER,
        versions: &standing(Count::MonthsBefore(5)),
        if_it_passes: LATE_TRANSFER,
        ..BASE
    },
    Rule {
        id: RuleId::PreparingForAdulthoodFrom,
        title: "Every review now covers preparing for adult life",
        sentence: "From {due}, which is the start of Year 9, every review, plan and piece of advice must cover preparing for adult life.",
        kind: Kind::Marker,
        triggers: &[DateOfBirth],
        authority: secondary("SEND Regs 2014 reg 12(3), 20(6), 21(6), 6(1)(g)", SEND_REGS),
        also_looks_at: &[EducatedOutOfCohort],
        versions: &standing(Count::StartOfYearGroup(9)),
        if_it_passes: "If a review or a plan after this day leaves it out, ask for it to be put in.",
        ..BASE
    },
    Rule {
        id: RuleId::CompulsorySchoolAgeEnds,
        title: "The young person’s own rights begin the next day",
        sentence: "Compulsory school age ends on {due}. From the next day the young person decides, with help if they want it, if they are able to.",
        duty_holder: DutyHolder::Family,
        kind: Kind::Marker,
        triggers: &[DateOfBirth],
        authority: secondary("Education Act 1996 s.8; School Leaving Date Order 1997 (last Friday in June)", EA_8),
        versions: &since(date(1998, 1, 1), Count::CompulsoryAgeEnds(0)),
        if_it_passes: "Letters should now go to the young person, who may ask a parent or someone else to help or to speak for them.",
        ..BASE
    },
    Rule {
        id: RuleId::CompulsorySchoolAgeStarts,
        title: "Compulsory school age begins",
        sentence: "Compulsory school age begins on {due}.",
        duty_holder: DutyHolder::Family,
        kind: Kind::Marker,
        triggers: &[DateOfBirth],
        authority: unchecked(
            "Education Act 1996 s.8(2); Start of Compulsory School Age Order 1998 (31 Mar/31 Aug/31 Dec)",
            EA_8,
        ),
        versions: &since(date(1998, 9, 1), Count::CompulsoryAgeStarts),
        if_it_passes: "From the next day the child must have full-time education, at school or otherwise.",
        ..BASE
    },
    Rule {
        id: RuleId::CapacityConversationTermBefore,
        title: "Talk about who will decide",
        sentence: "By {due}, a term before school-leaving age, talk with the young person about making their own decisions and the help they want.",
        strength: Strength::Derived,
        triggers: &[DateOfBirth],
        authority: unchecked("Planning date: a term (12 weeks) before CFA 2014 s.83(2), s.80; CoP 8.13", CFA),
        met_by: &[CapacityConversationHeld],
        ended_by: NO_TRANSFER,
        versions: &standing(Count::CompulsoryAgeEnds(84)),
        if_it_passes: "No law sets this date. You can ask for this talk at any time.",
        ..BASE
    },
    Rule {
        id: RuleId::PlanMayContinueToAfter25,
        title: "Last day to which a plan may go on",
        sentence: "The council may keep the plan going until {due}. It may do so; it does not have to.",
        kind: Kind::Marker,
        triggers: &[DateOfBirth],
        authority: secondary(
            "CFA 2014 s.46; SEND Regs 2014 reg 46(1)(a)",
            "https://www.legislation.gov.uk/uksi/2014/1530/regulation/46",
        ),
        also_looks_at: &[InstitutionTypeKnown, CourseEnds],
        versions: &standing(Count::AfterTwentyFive),
        if_it_passes: "The plan cannot go on after this day. Ask adult social care and the college what help comes next.",
        ..BASE
    },
];
