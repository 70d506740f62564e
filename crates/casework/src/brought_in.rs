//! History brought in from a statutory return or another system.
//!
//! What is brought in happened elsewhere and is taken as it stands: no notice checklist, no test
//! worksheet can be asked of it. Every fact becomes an event only when the case does not hold it
//! yet, so the same file read twice changes nothing the second time.

use crate::codes::{CeaseReason, Need, OtherSetting};
use crate::people::{self, Setting};
use crate::placement::Named;
use crate::plans::{Ended, Plan};
use crate::requests::{self, Channel, Progress, Request, Source};
use crate::reviews::{self, Review, ReviewOutcome, Transfer};
use crate::{Case, Context, Event as CaseEvent, PersonId, PlacementId, PlanId, Refusal, RequestId, ReviewId};
use jiff::civil::Date;
use law::EventName;
use serde::{Deserialize, Serialize};

/// How a request ended in the other system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PastOutcome {
    /// Not decided yet.
    Awaited,
    NotAssessed {
        on: Date,
    },
    Withdrawn {
        on: Date,
    },
    /// Assessment agreed; `decided_on` is unknown for history.
    Assessing {
        decided_on: Option<Date>,
    },
    /// A plan will be made and has not been issued.
    Drafting {
        decided_on: Option<Date>,
    },
    NoPlan {
        decided_on: Option<Date>,
        on: Date,
    },
    Issued {
        decided_on: Option<Date>,
        on: Date,
    },
}

impl PastOutcome {
    /// Whether nothing more follows from the request.
    pub fn is_over(self) -> bool {
        !matches!(self, PastOutcome::Awaited | PastOutcome::Assessing { .. } | PastOutcome::Drafting { .. })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRequest {
    pub id: RequestId,
    pub received_on: Date,
    pub source: Source,
    pub outcome: PastOutcome,
    /// The authority recorded that an exception applied to the 20 weeks.
    pub exception: bool,
    pub disputed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPlan {
    pub id: PlanId,
    pub first_made_on: Date,
    pub issued_on: Date,
    pub named: Option<Named>,
    /// The three digits of the authority that made it, when the child moved in with it.
    pub from_area: Option<String>,
    pub ended: Option<(Date, CeaseReason)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastPlacement {
    pub id: PlacementId,
    pub setting: Setting,
    pub from: Date,
    pub to: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastReview {
    pub id: ReviewId,
    pub meeting_on: Option<Date>,
    /// When the family was told; what was decided is missing in returns before 2024.
    pub decided_on: Option<Date>,
    pub outcome: Option<ReviewOutcome>,
}

/// All that a return says about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    pub person: PersonId,
    pub born_on: Date,
    pub needs: Option<(Need, Option<Need>)>,
    pub requests: Vec<PastRequest>,
    /// Oldest first. A person may have had a plan that ended and another since.
    pub plans: Vec<PastPlan>,
    pub placements: Vec<PastPlacement>,
    pub reviews: Vec<PastReview>,
    pub transfer: Option<Transfer>,
    /// When the plan naming the next school or college was sent.
    pub transfer_plan_sent_on: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// How a request of the past ended.
    RequestEnded {
        request: RequestId,
        outcome: PastOutcome,
        exception: bool,
        disputed: bool,
    },
    PlanHeld {
        plan: PlanId,
        first_made_on: Date,
        issued_on: Date,
        named: Option<Named>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from_area: Option<String>,
    },
    PlanEnded {
        plan: PlanId,
        on: Date,
        reason: CeaseReason,
    },
    /// A request that is on record went to mediation or to the Tribunal.
    RequestDisputed {
        request: RequestId,
    },
    /// A review of the past, finished with its decision.
    ReviewCompleted {
        review: ReviewId,
        meeting_on: Option<Date>,
        decided_on: Date,
        outcome: Option<ReviewOutcome>,
    },
    TransferPlanSent {
        on: Date,
    },
}

/// Something that the file says otherwise than the record, and that was left as it is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The request received on this day went on here, or ended in another way.
    Request { received_on: Date },
    /// Another request is being worked on here, received on `ours`.
    LiveRequest { ours: Date, theirs: Date },
    /// The plan in force was issued here.
    Plan { first_made_on: Date },
}

pub(crate) fn decide(case: &Case, history: &History, ctx: &Context) -> Result<Vec<CaseEvent>, Refusal> {
    check(history, ctx)?;
    let mut events = Vec::new();
    if case.person.is_none() {
        events
            .push(CaseEvent::People(people::Event::RecordOpened { person: history.person, born_on: history.born_on }));
    }
    if let Some((primary, secondary)) = history.needs
        && case.needs != Some((primary, secondary))
    {
        events.push(CaseEvent::People(people::Event::NeedsRecorded { primary, secondary }));
    }
    requests(case, history, &mut events);
    plans(case, history, &mut events);
    placements(case, history, &mut events);
    reviews(case, history, ctx, &mut events);
    if let Some(transfer) = history.transfer
        && case.transfer != Some(transfer)
    {
        events.push(CaseEvent::Reviews(reviews::Event::TransferPlanned { transfer }));
    }
    if let Some(on) = history.transfer_plan_sent_on
        && !noted(case, EventName::PhaseTransferPlanSent, on)
    {
        events.push(CaseEvent::BroughtIn(Event::TransferPlanSent { on }));
    }
    Ok(events)
}

/// What happened cannot lie in the future, nor before birth.
fn check(history: &History, ctx: &Context) -> Result<(), Refusal> {
    if history.born_on > ctx.today {
        return Err(Refusal::BornInTheFuture);
    }
    let requests = history.requests.iter().map(|request| request.received_on);
    let plans = history.plans.iter().map(|plan| plan.first_made_on);
    for date in requests.chain(plans) {
        if date > ctx.today {
            return Err(Refusal::InTheFuture { date });
        }
        if date < history.born_on {
            return Err(Refusal::OutOfOrder { earlier: history.born_on, later: date });
        }
    }
    Ok(())
}

fn noted(case: &Case, name: EventName, on: Date) -> bool {
    case.clock.iter().any(|event| event.name == name && event.on == on)
}

/// What the file says about one of its requests that the case does not hold yet.
enum StillToTell {
    Nothing,
    Everything,
    HowItEnded,
    ThatItWasDisputed,
    /// What was done here stands.
    Kept(Kept),
}

fn compare(case: &Case, past: &PastRequest) -> StillToTell {
    let Some(known) = case.requests.iter().find(|request| request.received_on == past.received_on) else {
        return match case.live_request() {
            Some(ours) if !past.outcome.is_over() => {
                StillToTell::Kept(Kept::LiveRequest { ours: ours.received_on, theirs: past.received_on })
            }
            _ => StillToTell::Everything,
        };
    };
    let untouched = known.channel == Channel::Imported && known.notices.is_empty() && known.advice.is_empty();
    let went_on = match (known.progress, past.outcome) {
        (_, PastOutcome::Awaited) => false,
        (Progress::Deciding, _) => true,
        (Progress::Assessing { .. }, outcome) => !matches!(outcome, PastOutcome::Assessing { .. }),
        (Progress::Drafting { .. }, outcome) => outcome.is_over(),
        _ => false,
    };
    let kept = StillToTell::Kept(Kept::Request { received_on: past.received_on });
    if went_on {
        return if untouched { StillToTell::HowItEnded } else { kept };
    }
    if !known.is_live() && past.outcome.is_over() && !ended_alike(known, past.outcome) {
        return kept;
    }
    if past.disputed && !known.disputed {
        return StillToTell::ThatItWasDisputed;
    }
    StillToTell::Nothing
}

fn ended_alike(known: &Request, outcome: PastOutcome) -> bool {
    matches!(
        (known.progress, outcome),
        (Progress::NotAssessing { .. }, PastOutcome::NotAssessed { .. })
            | (Progress::NoPlan { .. }, PastOutcome::NoPlan { .. })
            | (Progress::PlanIssued { .. }, PastOutcome::Issued { .. })
            | (Progress::Withdrawn { .. }, PastOutcome::Withdrawn { .. })
    )
}

fn requests(case: &Case, history: &History, events: &mut Vec<CaseEvent>) {
    // The one that is still being worked on comes last: what is done next belongs to it.
    let mut in_order: Vec<&PastRequest> = history.requests.iter().collect();
    in_order.sort_by_key(|past| (!past.outcome.is_over(), past.received_on));
    let mut told: Vec<Date> = Vec::new();
    let mut is_live = case.live_request().is_some();
    for past in in_order {
        if told.contains(&past.received_on) {
            continue;
        }
        told.push(past.received_on);
        let known = case.requests.iter().find(|request| request.received_on == past.received_on);
        let id = known.map_or(past.id, |request| request.id);
        let still_to_tell = compare(case, past);
        match still_to_tell {
            StillToTell::Nothing | StillToTell::Kept(_) => continue,
            StillToTell::ThatItWasDisputed => {
                events.push(CaseEvent::BroughtIn(Event::RequestDisputed { request: id }));
                continue;
            }
            StillToTell::HowItEnded => {}
            StillToTell::Everything => {
                if !past.outcome.is_over() {
                    // At most one request is live.
                    if is_live {
                        continue;
                    }
                    is_live = true;
                }
                events.push(CaseEvent::Requests(requests::Event::Received {
                    request: id,
                    received_on: past.received_on,
                    source: past.source,
                    channel: Channel::Imported,
                    account: None,
                    receipt: None,
                }));
                if past.outcome == PastOutcome::Awaited && !past.exception && !past.disputed {
                    continue;
                }
            }
        }
        events.push(CaseEvent::BroughtIn(Event::RequestEnded {
            request: id,
            outcome: past.outcome,
            exception: past.exception,
            disputed: past.disputed,
        }));
    }
}

fn plans(case: &Case, history: &History, events: &mut Vec<CaseEvent>) {
    let mut held = case.plan.as_ref().map(|plan| (plan.id, plan.first_made_on, plan.ended.is_some()));
    let made_here = case.plan_in_force().is_some_and(|plan| plan.version.is_some());
    for past in &history.plans {
        let is_newer = held.is_none_or(|(_, first_made_on, _)| past.first_made_on > first_made_on);
        if is_newer && !made_here {
            events.push(CaseEvent::BroughtIn(Event::PlanHeld {
                plan: past.id,
                first_made_on: past.first_made_on,
                issued_on: past.issued_on,
                named: past.named,
                from_area: past.from_area.clone(),
            }));
            held = Some((past.id, past.first_made_on, false));
        }
        if let Some((on, reason)) = past.ended
            && let Some((plan, first_made_on, is_ended)) = held
            && first_made_on == past.first_made_on
            && !is_ended
        {
            events.push(CaseEvent::BroughtIn(Event::PlanEnded { plan, on, reason }));
            held = Some((plan, first_made_on, true));
        }
    }
}

/// Whether the code of a setting says that there is no education at all.
fn is_out_of_education(setting: Setting) -> bool {
    matches!(setting, Setting::Elsewhere(OtherSetting::Neet | OtherSetting::Niec | OtherSetting::Nieo))
}

fn placements(case: &Case, history: &History, events: &mut Vec<CaseEvent>) {
    let mut out_since = case.out_of_education_since;
    let mut in_order: Vec<&PastPlacement> = history.placements.iter().collect();
    // A stable sort: of two that began on one day, the file's main setting stays last.
    in_order.sort_by_key(|past| (past.to.is_none(), past.from));
    let mut told: Vec<(Setting, Date)> = Vec::new();
    let mut back_on = None;
    for past in in_order {
        if told.contains(&(past.setting, past.from)) {
            continue;
        }
        told.push((past.setting, past.from));
        let known = case
            .placements
            .iter()
            .find(|p| p.setting == past.setting && (p.from == past.from || (p.to.is_none() && past.to.is_none())));
        let placement = known.map_or(past.id, |p| p.id);
        if known.is_none() {
            // The record says already where the child went after this.
            if past.to.is_none() && case.placements.iter().any(|p| p.to.is_none() && p.from > past.from) {
                continue;
            }
            events.push(CaseEvent::People(people::Event::SettingJoined {
                placement,
                setting: past.setting,
                from: past.from,
            }));
            if past.to.is_none() {
                if !is_out_of_education(past.setting) {
                    back_on = Some(past.from);
                } else if out_since != Some(past.from) {
                    events.push(CaseEvent::People(people::Event::OutOfEducation { since: past.from }));
                    out_since = Some(past.from);
                }
            }
        }
        if let Some(to) = past.to
            && known.is_none_or(|p| p.to.is_none())
        {
            events.push(CaseEvent::People(people::Event::SettingLeft { placement, to }));
            if is_out_of_education(past.setting) && out_since == Some(past.from) {
                events.push(CaseEvent::People(people::Event::BackInEducation { on: to }));
                out_since = None;
            }
        }
    }
    // A new place ends a time without one, even when the file no longer speaks of that time.
    for without in case.placements.iter().filter(|p| p.to.is_none() && is_out_of_education(p.setting)) {
        let still_said = history.placements.iter().any(|past| past.setting == without.setting && past.to.is_none());
        let ended_above = history.placements.iter().any(|past| past.setting == without.setting && past.to.is_some());
        if let Some(on) = back_on.filter(|on| *on >= without.from)
            && !still_said
            && !ended_above
        {
            events.push(CaseEvent::People(people::Event::SettingLeft { placement: without.id, to: on }));
            if out_since == Some(without.from) {
                events.push(CaseEvent::People(people::Event::BackInEducation { on }));
                out_since = None;
            }
        }
    }
}

fn reviews(case: &Case, history: &History, ctx: &Context, events: &mut Vec<CaseEvent>) {
    for past in &history.reviews {
        let known = case.reviews.iter().find(|r| r.meeting_on.is_some() && r.meeting_on == past.meeting_on);
        let review = known.map_or(past.id, |r| r.id);
        let decided_on = past.decided_on.filter(|on| {
            known.is_none_or(|r| r.decision.is_none()) && !noted(case, EventName::LastReviewCompleted, *on)
        });
        // Work may still follow from a review whose 12 weeks are not over: it is recorded as if
        // it had been held here. An older one is over, and only its end still counts for a date.
        let is_running = past.meeting_on.is_some_and(|on| law::calendar::weeks(on, 12) >= ctx.today);
        match (decided_on, past.meeting_on, past.outcome) {
            (Some(on), Some(meeting_on), Some(outcome)) if is_running || known.is_some() => {
                if known.is_none_or(|r| !r.held) {
                    events.push(CaseEvent::Reviews(reviews::Event::MeetingHeld { review, on: meeting_on }));
                }
                events.push(CaseEvent::Reviews(reviews::Event::Decided { review, outcome, on }));
            }
            (Some(decided_on), meeting_on, outcome) => {
                events.push(CaseEvent::BroughtIn(Event::ReviewCompleted { review, meeting_on, decided_on, outcome }));
            }
            (None, Some(on), _) if past.decided_on.is_none() && known.is_none_or(|r| !r.held) => {
                events.push(CaseEvent::Reviews(reviews::Event::MeetingHeld { review, on }));
            }
            _ => {}
        }
    }
}

/// What the file says otherwise than the record, and that [`crate::decide`] leaves as it is.
pub fn kept(case: &Case, history: &History) -> Vec<Kept> {
    let mut kept: Vec<Kept> = history
        .requests
        .iter()
        .filter_map(|past| match compare(case, past) {
            StillToTell::Kept(kept) => Some(kept),
            _ => None,
        })
        .collect();
    if let Some(ours) = case.plan_in_force().filter(|plan| plan.version.is_some())
        && history.plans.iter().any(|past| past.first_made_on > ours.first_made_on)
    {
        kept.push(Kept::Plan { first_made_on: ours.first_made_on });
    }
    kept
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::RequestEnded { request, outcome, exception, disputed } => {
            let Some(index) = case.requests.iter().position(|r| r.id == *request) else {
                return;
            };
            let received_on = case.requests[index].received_on;
            if *exception {
                case.note(EventName::ExceptionalCircumstancesFrom, received_on, 0);
            }
            case.requests[index].disputed |= *disputed;
            case.requests[index].progress = ended(case, received_on, *outcome);
        }
        Event::RequestDisputed { request } => {
            if let Some(found) = case.requests.iter_mut().find(|r| r.id == *request) {
                found.disputed = true;
            }
        }
        Event::PlanHeld { plan, first_made_on, issued_on, named, .. } => {
            // A plan that has not ended and begins anew was dated wrongly before.
            if let Some(before) = case.plan.as_ref().filter(|plan| plan.ended.is_none()).map(|plan| plan.first_made_on)
            {
                case.clock.retain(|event| event.name != EventName::PlanFirstMade || event.on != before);
            }
            case.note(EventName::PlanFirstMade, *first_made_on, 0);
            case.plan = Some(Plan {
                id: *plan,
                first_made_on: *first_made_on,
                issued_on: *issued_on,
                version: None,
                named: *named,
                ended: None,
            });
        }
        Event::PlanEnded { on, reason, .. } => {
            case.note(EventName::PlanCeased, *on, 0);
            if let Some(plan) = &mut case.plan {
                plan.ended = Some(Ended { on: *on, reason: *reason });
            }
        }
        Event::ReviewCompleted { review, meeting_on, decided_on, outcome } => {
            // Without an outcome only the day counts: the review is not kept as one still to decide.
            if let Some(outcome) = outcome {
                let decision = Some((*outcome, *decided_on));
                match case.reviews.iter_mut().find(|r| r.id == *review) {
                    Some(found) => {
                        found.held = true;
                        found.decision = found.decision.or(decision);
                    }
                    None => {
                        case.reviews.push(Review::past(*review, *meeting_on, decision));
                    }
                }
            }
            case.note(EventName::LastReviewCompleted, *decided_on, 0);
        }
        Event::TransferPlanSent { on } => case.note(EventName::PhaseTransferPlanSent, *on, 0),
    }
}

/// Notes what the clock has to know of how a request ended, and says where it then stands.
fn ended(case: &mut Case, received_on: Date, outcome: PastOutcome) -> Progress {
    match outcome {
        PastOutcome::Awaited => Progress::Deciding,
        PastOutcome::NotAssessed { on } => {
            case.note(EventName::FamilyConsulted, on, 0);
            case.note(EventName::InitialRefusal, on, 0);
            case.note(EventName::DecisionNoticeSent, on, 0);
            Progress::NotAssessing { on }
        }
        PastOutcome::Withdrawn { on } => {
            forget(case, received_on);
            Progress::Withdrawn { on }
        }
        PastOutcome::Assessing { decided_on } => {
            agreed(case, decided_on);
            Progress::Assessing { decided_on: decided_on.unwrap_or(received_on) }
        }
        PastOutcome::Drafting { decided_on } => {
            agreed(case, decided_on);
            Progress::Drafting { decided_on: decided_on.unwrap_or(received_on) }
        }
        PastOutcome::NoPlan { decided_on, on } => {
            over(case, received_on, decided_on);
            case.note(EventName::NoPlanNotified, on, 0);
            case.note(EventName::DecisionNoticeSent, on, 0);
            Progress::NoPlan { on }
        }
        PastOutcome::Issued { decided_on, on } => {
            over(case, received_on, decided_on);
            case.note(EventName::FinalPlanSent, on, 0);
            case.note(EventName::DecisionNoticeSent, on, 0);
            Progress::PlanIssued { on }
        }
    }
}

/// A request that is over: its steps are met by the days the file gives, or, when the file does
/// not say when it was decided, nothing of it runs on the clock. An unknown day is not a late one.
fn over(case: &mut Case, received_on: Date, decided_on: Option<Date>) {
    match decided_on {
        Some(_) => agreed(case, decided_on),
        None => forget(case, received_on),
    }
}

fn forget(case: &mut Case, received_on: Date) {
    case.clock.retain(|event| {
        event.on != received_on || !matches!(event.name, EventName::RequestReceived | EventName::BecameResponsible)
    });
}

/// Regulation 3 has the family asked before the decision: its day is the latest that can have been.
fn agreed(case: &mut Case, decided_on: Option<Date>) {
    if let Some(on) = decided_on {
        case.note(EventName::FamilyConsulted, on, 0);
        case.note(EventName::DecisionToAssess, on, 0);
        case.note(EventName::AssessmentDecisionNotified, on, 0);
    }
}
