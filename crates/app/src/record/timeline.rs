//! The case as a picture: stages as bars, legal limits as marks, exceptions, today.

use casework::Case;
use casework::requests::{Exception, Progress};
use govuk::charts::{DueDate, ExceptionSpan, Stage, Timeline};
use jiff::civil::Date;
use law::{Deadline, RuleId};

/// The limits that a picture of the first assessment shows.
const ASSESSMENT: [(RuleId, &str); 4] = [
    (RuleId::AssessDecision6w, "Decision to assess"),
    (RuleId::DraftReady14w, "Draft ready"),
    (RuleId::NoPlanNotice16w, "Decision on a plan"),
    (RuleId::FinalPlan20w, "Final plan"),
];

/// The limits that a picture of a plan in force shows.
const REVIEW: [(RuleId, &str); 8] = [
    (RuleId::AnnualReviewFirst12m, "First review"),
    (RuleId::AnnualReviewNext12m, "Annual review"),
    (RuleId::ArReport2w, "Report"),
    (RuleId::ArDecision4w, "Decision"),
    (RuleId::ArOuterLimit12w, "Amended plan"),
    (RuleId::PhaseTransferMeeting12w, "Transfer meeting"),
    (RuleId::PhaseTransfer15Feb, "Transfer plan"),
    (RuleId::PhaseTransfer31Mar, "Transfer plan"),
];

/// The picture, or nothing when no clock has run on the case.
pub fn picture(case: &Case, deadlines: &[Deadline], today: Date) -> govuk::Html {
    let picture = match case.live_request() {
        Some(request) => assessment(case, request, deadlines, today),
        None if case.plan_in_force().is_some() => review(case, deadlines, today),
        None => return govuk::Html::default(),
    };
    picture.into()
}

fn assessment(case: &Case, request: &casework::requests::Request, deadlines: &[Deadline], today: Date) -> Timeline {
    let end = law::calendar::weeks(request.received_on, 20);
    let decided = match request.progress {
        Progress::Assessing { decided_on } => Some(decided_on),
        Progress::Drafting { .. } => {
            case.clock.iter().rev().find(|event| event.name == law::EventName::DecisionToAssess).map(|event| event.on)
        }
        _ => None,
    };
    let drafting = match request.progress {
        Progress::Drafting { decided_on } => Some(decided_on),
        _ => None,
    };
    let mut picture = Timeline::new("case-timeline", "From the request to the plan", today);
    let now_or = |planned: Date| planned.max(today);
    picture = picture.stage(Stage::new(
        "Deciding whether to assess",
        request.received_on,
        decided.unwrap_or_else(|| now_or(law::calendar::weeks(request.received_on, 6))),
    ));
    let assess_from = decided.unwrap_or_else(|| now_or(law::calendar::weeks(request.received_on, 6)));
    let assess_until = drafting.unwrap_or_else(|| now_or(law::calendar::weeks(request.received_on, 14)));
    picture = picture.stage(Stage::new("Assessment", assess_from, assess_until.max(assess_from)));
    let draft_until = now_or(end).max(assess_until);
    picture = picture.stage(Stage::new("Plan", assess_until.max(assess_from), draft_until));
    picture = dues(picture, deadlines, &ASSESSMENT, request.received_on);
    for exception in &request.exceptions {
        let (from, until) = match *exception {
            Exception::SchoolClosed { from, reopens } | Exception::EarlyYearsClosed { from, reopens } => {
                (from, reopens)
            }
            Exception::Absent { from, to } => (from, to),
            Exception::PersonalCircumstances { from } => (from, today.max(from)),
        };
        picture = picture.exception(ExceptionSpan::new(exception.label(), from, until));
    }
    picture
}

fn review(case: &Case, deadlines: &[Deadline], today: Date) -> Timeline {
    let from = deadlines
        .iter()
        .rev()
        .find(|d| matches!(d.rule, RuleId::AnnualReviewFirst12m | RuleId::AnnualReviewNext12m))
        .map_or_else(|| case.plan.as_ref().map_or(today, |plan| plan.issued_on), |d| d.trigger.on);
    let until = law::calendar::months_beg(from, 12).max(today);
    let picture = Timeline::new("case-timeline", "This plan's year", today).stage(Stage::new("Plan year", from, until));
    dues(picture, deadlines, &REVIEW, from)
}

fn dues(mut picture: Timeline, deadlines: &[Deadline], shown: &[(RuleId, &str)], from: Date) -> Timeline {
    for (rule, label) in shown {
        let found = deadlines.iter().rev().find(|d| {
            d.rule == *rule && d.superseded_by.is_none() && d.due_on >= from && d.trigger.on >= from.min(d.due_on)
        });
        if let Some(deadline) = found {
            picture = picture.due(DueDate::new(*label, deadline.due_on).done_on(deadline.met_on));
        }
    }
    picture
}
