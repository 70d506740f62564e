//! Reviews of a plan: arranged, held, decided; and the moves between phases that a review serves.
//!
//! Children and Families Act 2014 section 44; SEND Regulations 2014 regulations 18 to 22.

use crate::codes::codes;
use crate::people::not_after_today;
use crate::requests::in_order;
use crate::{Case, Context, Refusal, ReviewId};
use jiff::civil::Date;
use law::EventName;
use serde::{Deserialize, Serialize};

codes! {
    /// What the authority decided after a review.
    ReviewOutcome {
        Maintain = "M" => "Keep the plan as it is",
        Amend = "A" => "Amend the plan",
        Cease = "C" => "End the plan",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub id: ReviewId,
    pub meeting_on: Option<Date>,
    pub held: bool,
    pub decision: Option<(ReviewOutcome, Date)>,
    /// When the notice of the proposed changes was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes_sent_on: Option<Date>,
    /// When the amended plan was sent, or the family told that the plan stays as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amendment_over_on: Option<Date>,
}

impl Review {
    fn new(id: ReviewId, meeting_on: Option<Date>, held: bool) -> Review {
        Review { id, meeting_on, held, decision: None, changes_sent_on: None, amendment_over_on: None }
    }

    /// A review of the past, with its decision. Whatever followed from it is over.
    pub(crate) fn past(id: ReviewId, meeting_on: Option<Date>, decision: Option<(ReviewOutcome, Date)>) -> Review {
        let over = decision.map(|(_, on)| on);
        Review { decision, changes_sent_on: over, amendment_over_on: over, ..Review::new(id, meeting_on, true) }
    }

    /// Whether the plan is being amended after it.
    pub fn is_amending(&self) -> bool {
        matches!(self.decision, Some((ReviewOutcome::Amend, _))) && self.amendment_over_on.is_none()
    }
}

/// A planned move to the next phase of education.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The first day in the new phase, usually 1 September.
    pub on: Date,
    pub to_year: i8,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Arrange the meeting and invite everyone today.
    Arrange {
        review: ReviewId,
        meeting_on: Date,
    },
    /// The reports for the meeting were sent round (regulation 20(4), 21(4)).
    CirculateAdvice {
        review: ReviewId,
        on: Date,
    },
    /// The report of the meeting was sent (regulation 20(7), 21(7)).
    SendReport {
        review: ReviewId,
        on: Date,
    },
    RecordMeeting {
        review: ReviewId,
        on: Date,
    },
    Decide {
        review: ReviewId,
        outcome: ReviewOutcome,
        on: Date,
    },
    /// The notice of the proposed changes was sent to the family (regulation 22(2)).
    SendChanges {
        review: ReviewId,
        on: Date,
    },
    /// The amended plan was sent, or the family told that the plan is not amended (regulation 22(3)).
    FinishAmendment {
        review: ReviewId,
        amended: bool,
        on: Date,
    },
    PlanTransfer {
        transfer: Transfer,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Arranged { review: ReviewId, meeting_on: Date, invited_on: Date },
    AdviceCirculated { review: ReviewId, on: Date },
    ReportSent { review: ReviewId, on: Date },
    MeetingHeld { review: ReviewId, on: Date },
    Decided { review: ReviewId, outcome: ReviewOutcome, on: Date },
    ChangesSent { review: ReviewId, on: Date },
    AmendmentFinished { review: ReviewId, amended: bool, on: Date },
    TransferPlanned { transfer: Transfer },
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    let plan = case.plan_in_force().ok_or(Refusal::NoPlan)?;
    match command {
        Command::Arrange { review, meeting_on } => {
            if let Some(open) = case.reviews.iter().find(|r| !r.held) {
                return Err(Refusal::ReviewAlreadyArranged { on: open.meeting_on.unwrap_or(ctx.today) });
            }
            Ok(vec![Event::Arranged { review, meeting_on, invited_on: ctx.today }])
        }
        Command::CirculateAdvice { review, on } => {
            not_after_today(on, ctx)?;
            case.reviews.iter().find(|r| r.id == review).ok_or(Refusal::NoReviewMeeting)?;
            Ok(vec![Event::AdviceCirculated { review, on }])
        }
        Command::SendReport { review, on } => {
            let found = case.reviews.iter().find(|r| r.id == review && r.held).ok_or(Refusal::NoReviewMeeting)?;
            in_order(found.meeting_on.unwrap_or(plan.first_made_on), on, ctx)?;
            Ok(vec![Event::ReportSent { review, on }])
        }
        Command::RecordMeeting { review, on } => {
            in_order(plan.first_made_on, on, ctx)?;
            Ok(vec![Event::MeetingHeld { review, on }])
        }
        Command::Decide { review, outcome, on } => {
            let found = case.reviews.iter().find(|r| r.id == review).ok_or(Refusal::NoReviewMeeting)?;
            let meeting_on = found.meeting_on.filter(|_| found.held).ok_or(Refusal::NoReviewMeeting)?;
            if let Some((_, on)) = found.decision {
                return Err(Refusal::AlreadyDecided { on });
            }
            in_order(meeting_on, on, ctx)?;
            Ok(vec![Event::Decided { review, outcome, on }])
        }
        Command::SendChanges { review, on } => {
            let found = amending(case, review)?;
            if let Some(on) = found.changes_sent_on {
                return Err(Refusal::AlreadyDecided { on });
            }
            in_order(found.decision.map_or(plan.first_made_on, |(_, on)| on), on, ctx)?;
            Ok(vec![Event::ChangesSent { review, on }])
        }
        Command::FinishAmendment { review, amended, on } => {
            let sent_on = amending(case, review)?.changes_sent_on.ok_or(Refusal::ChangesNotSent)?;
            in_order(sent_on, on, ctx)?;
            // Until then the family may comment and ask for an institution (regulation 22(2)(c)).
            let until = law::calendar::days(sent_on, 15);
            if amended && on <= until {
                return Err(Refusal::FamilyStillHasTimeForChanges { until });
            }
            if amended && case.own_voice.objections_open() > 0 {
                return Err(Refusal::NotWantedUnanswered { count: case.own_voice.objections_open() });
            }
            Ok(vec![Event::AmendmentFinished { review, amended, on }])
        }
        Command::PlanTransfer { transfer } => {
            not_after_today(plan.first_made_on, ctx)?;
            Ok(if case.transfer == Some(transfer) { vec![] } else { vec![Event::TransferPlanned { transfer }] })
        }
    }
}

fn amending(case: &Case, review: ReviewId) -> Result<&Review, Refusal> {
    case.reviews.iter().find(|r| r.id == review && r.is_amending()).ok_or(Refusal::NoAmendment)
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match *event {
        Event::AdviceCirculated { on, .. } => case.note(EventName::ReviewAdviceCirculated, on, 0),
        Event::ReportSent { on, .. } => case.note(EventName::ReviewReportSent, on, 0),
        Event::Arranged { review, meeting_on, invited_on } => {
            case.note(EventName::ReviewInvitationSent, invited_on, 0);
            case.reviews.push(Review::new(review, Some(meeting_on), false));
        }
        Event::MeetingHeld { review, on } => {
            match case.reviews.iter_mut().find(|r| r.id == review) {
                Some(found) => {
                    found.meeting_on = Some(on);
                    found.held = true;
                }
                None => case.reviews.push(Review::new(review, Some(on), true)),
            }
            case.note(EventName::ReviewMeeting, on, 0);
        }
        Event::Decided { review, outcome, on } => {
            if let Some(found) = case.reviews.iter_mut().find(|r| r.id == review) {
                found.decision = Some((outcome, on));
            }
            let decided = match outcome {
                ReviewOutcome::Maintain => EventName::MaintainDecisionNotified,
                ReviewOutcome::Amend => EventName::AmendDecisionNotified,
                ReviewOutcome::Cease => EventName::CeaseDecisionNotified,
            };
            case.note(decided, on, 0);
            case.note(EventName::ReviewDecisionNotified, on, 0);
            case.note(EventName::LastReviewCompleted, on, 0);
        }
        Event::ChangesSent { review, on } => {
            if let Some(found) = case.reviews.iter_mut().find(|r| r.id == review) {
                found.changes_sent_on = Some(on);
            }
            case.note(EventName::AmendmentNoticeSent, on, 0);
            case.note(EventName::AmendmentNoticeServed, on, 0);
        }
        Event::AmendmentFinished { review, amended, on } => {
            if let Some(found) = case.reviews.iter_mut().find(|r| r.id == review) {
                found.amendment_over_on = Some(on);
            }
            case.note(if amended { EventName::AmendedPlanSent } else { EventName::NotAmendingNotified }, on, 0);
        }
        Event::TransferPlanned { transfer } => {
            case.transfer = Some(transfer);
            case.clock.retain(|event| !matches!(event.name, EventName::TransferOn | EventName::TransferToNcy));
            case.note(EventName::TransferOn, transfer.on, 0);
            case.note(EventName::TransferToNcy, transfer.on, 0);
            if let Some(last) = case.clock.last_mut() {
                last.year_group = Some(transfer.to_year);
            }
        }
    }
}
