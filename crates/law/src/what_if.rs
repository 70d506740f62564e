//! What would move if this happened?
//!
//! A what-if is the same calculation on a supposed list of events. A statutory limit hardly ever moves because
//! something is late: the limit stays and is missed, or an exception takes it away. What does move are the
//! planning dates, so beside the changed limits stands a [`Projection`]: when all advice is in, when a draft
//! can go out, and the first day on which a final plan is lawful.

use jiff::civil::Date;

use crate::calendar;
use crate::clock::{Deadline, Status, deadlines};
use crate::events::{Event, EventName};
use crate::rulebook::{Kind, RuleId};
use crate::words::{days, long_date};

/// A date that the supposed events start, stop, move, meet or take away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The rule.
    pub rule: RuleId,
    /// As it stands; `None` if the supposed events start it.
    pub before: Option<Deadline>,
    /// As it would stand; `None` if the supposed events stop it.
    pub after: Option<Deadline>,
    /// The change in plain words.
    pub words: String,
}

/// When the steps to a first plan can be expected. Only the last two dates are law; the others are for planning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Projection {
    /// The request (or becoming responsible) that the clock runs from.
    pub from: Event,
    /// When the last advice came, or is due.
    pub advice_complete_on: Date,
    /// Whether some advice is still awaited, so that the date above is a hope.
    pub is_advice_awaited: bool,
    /// When the draft was served, or can be expected: [`DRAFTING_DAYS`] after the last advice.
    pub draft_on: Date,
    /// The last of the 15 days for comments on that draft.
    pub comments_until: Date,
    /// The first day on which a final plan would be lawful after that draft.
    pub earliest_final_on: Date,
    /// The first day on which it could be lawful if the draft went out on the day the last advice came.
    pub soonest_possible_on: Date,
    /// The last day to serve a draft and still be able to finish in the limit.
    pub latest_draft_on: Date,
    /// The nominal 20-week date.
    pub final_due_on: Date,
    /// Whether the facts of an exception to the 20-week limit are on record.
    pub is_disapplied: bool,
}

/// Two weeks to write the draft, as between week 12 (advice in) and week 14 (draft out).
pub const DRAFTING_DAYS: i32 = 14;

impl Projection {
    /// Days between the expected earliest final plan and the limit; negative when the limit would be missed.
    pub fn days_in_hand(&self) -> i32 {
        (self.final_due_on - self.earliest_final_on).get_days()
    }
}

/// What the supposed events would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIf {
    /// Every date that would change, in the order of the events.
    pub changes: Vec<Change>,
    /// The steps to a first plan as they stand, while a request is open.
    pub before: Option<Projection>,
    /// The same under the supposed events.
    pub after: Option<Projection>,
    /// All of it in plain words, one line each.
    pub words: Vec<String>,
}

/// Works out what supposed events would change. Nothing is kept: the recorded events are only read.
///
/// A supposed event stands in the place of a recorded one of the same name and thread where a thread has only
/// one such event (the receipt of one adviser's advice, say); otherwise it is added.
pub fn what_if(events: &[Event], hypothetical: &[Event]) -> WhatIf {
    let supposed = suppose(events, hypothetical);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    deadlines(events, &mut before);
    deadlines(&supposed, &mut after);
    let changes = compare(&before, &after);
    let (before, after) = (project(events), project(&supposed));
    let mut words: Vec<String> = changes.iter().map(|change| change.words.clone()).collect();
    words.extend(projection_words(before, after));
    if words.is_empty() {
        words.push("No date would change.".to_owned());
    }
    WhatIf { changes, before, after, words }
}

fn suppose(events: &[Event], hypothetical: &[Event]) -> Vec<Event> {
    let is_replaced = |event: &&Event| {
        event.name.is_once_per_subject()
            && hypothetical.iter().any(|supposed| supposed.name == event.name && supposed.subject == event.subject)
    };
    let kept = events.iter().filter(|event| !is_replaced(event));
    kept.chain(hypothetical).copied().collect()
}

/// Pairs the dates of two lists: first those with the very same trigger, then those of the same rule and thread.
fn compare(before: &[Deadline], after: &[Deadline]) -> Vec<Change> {
    let mut taken = vec![false; after.len()];
    let mut pairs: Vec<(Option<Deadline>, Option<Deadline>)> = Vec::new();
    let mut unpaired = Vec::new();
    for old in before {
        let same = |new: &Deadline| new.rule == old.rule && new.trigger == old.trigger;
        match (0..after.len()).find(|&place| !taken[place] && same(&after[place])) {
            Some(place) => {
                taken[place] = true;
                pairs.push((Some(*old), Some(after[place])));
            }
            None => unpaired.push(*old),
        }
    }
    for old in unpaired {
        let alike = |new: &Deadline| new.rule == old.rule && new.trigger.subject == old.trigger.subject;
        let place = (0..after.len()).find(|&place| !taken[place] && alike(&after[place]));
        if let Some(place) = place {
            taken[place] = true;
        }
        pairs.push((Some(old), place.map(|place| after[place])));
    }
    let started = after.iter().zip(&taken).filter(|(_, taken)| !**taken);
    pairs.extend(started.map(|(new, _)| (None, Some(*new))));
    pairs
        .into_iter()
        .filter(|(before, after)| before != after)
        .filter_map(|(before, after)| {
            let rule = before.or(after)?.rule;
            Some(Change { rule, before, after, words: change_words(before, after) })
        })
        .collect()
}

fn change_words(before: Option<Deadline>, after: Option<Deadline>) -> String {
    let (title, parts) = match (before, after) {
        (None, None) => ("", Vec::new()),
        (Some(old), None) => (old.rule().title, vec![format!("{} would no longer run", long_date(old.due_on))]),
        (None, Some(new)) => {
            let mut parts = vec![format!("a new date, {}", long_date(new.due_on))];
            parts.extend(outcome_words(&new));
            (new.rule().title, parts)
        }
        (Some(old), Some(new)) => {
            let moved = (new.due_on - old.due_on).get_days();
            let mut parts = vec![match moved {
                0 => format!("the date stays {}", long_date(new.due_on)),
                _ => format!(
                    "from {} to {}, {} {}",
                    long_date(old.due_on),
                    long_date(new.due_on),
                    days(moved.abs()),
                    if moved > 0 { "later" } else { "earlier" }
                ),
            }];
            if outcome_words(&new) != outcome_words(&old) {
                let words = outcome_words(&new);
                parts.push(words.unwrap_or_else(|| "it would be open again".to_owned()));
            }
            (new.rule().title, parts)
        }
    };
    format!("{title}: {}.", parts.join("; "))
}

/// What becomes of a date, if anything has.
fn outcome_words(deadline: &Deadline) -> Option<String> {
    if let Some(met_on) = deadline.met_on {
        let done = format!("it would be done on {}", long_date(met_on));
        let exception = deadline.disapplied.map_or(String::new(), |facts| {
            format!(", though an exception may apply because of {}", facts.limb.words())
        });
        return Some(match deadline.status(met_on) {
            Status::Met { late_by: 0 } => format!("{done}, in time"),
            Status::Met { late_by } => format!("{done}, {} late{exception}", days(late_by)),
            Status::TooEarly { by_days } => format!("{done}, {} too early", days(by_days)),
            _ => done,
        });
    }
    if let Some(event) = deadline.superseded_by {
        return Some(format!("it would end on {} because {}", long_date(event.on), event.name.words()));
    }
    let facts = deadline.disapplied.filter(|_| deadline.rule().kind == Kind::Duty)?;
    Some(format!(
        "an exception may take it away because of {}; there is no new date, it must then be done as soon as it can be",
        facts.limb.words()
    ))
}

/// When the steps to a first plan can be expected, while a request is open and no final plan has been sent.
///
/// ```
/// use law::{Event, EventName, what_if::project};
/// let events = [
///     Event::new(EventName::RequestReceived, "2026-06-29".parse()?),
///     Event::new(EventName::AdviceRequestReceivedByBody, "2026-07-13".parse()?).about(1),
///     Event::new(EventName::AdviceReceived, "2026-09-20".parse()?).about(1),
/// ];
/// let projection = project(&events).expect("a request is open");
/// assert_eq!(projection.soonest_possible_on, "2026-10-05".parse()?);
/// assert_eq!(projection.final_due_on, "2026-11-16".parse()?);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn project(events: &[Event]) -> Option<Projection> {
    let mut all = Vec::new();
    deadlines(events, &mut all);
    let is_open = |deadline: &&Deadline| deadline.met_on.is_none() && deadline.superseded_by.is_none();
    let limit = all
        .iter()
        .filter(|deadline| matches!(deadline.rule, RuleId::FinalPlan20w | RuleId::DetainedFinal20w))
        .find(is_open)?;
    let from = limit.trigger;
    let (advice_complete_on, is_advice_awaited) = advice(events, &all, from);
    let served = events
        .iter()
        .filter(|event| event.name == EventName::DraftPlanServed && event.on >= from.on)
        .map(|event| event.on)
        .max();
    let draft_on = served.unwrap_or_else(|| calendar::days(advice_complete_on, DRAFTING_DAYS));
    let soonest_draft_on = served.unwrap_or(advice_complete_on);
    Some(Projection {
        from,
        advice_complete_on,
        is_advice_awaited,
        draft_on,
        comments_until: calendar::days_beg(draft_on, 15),
        earliest_final_on: calendar::days(draft_on, 15),
        soonest_possible_on: calendar::days(soonest_draft_on, 15),
        latest_draft_on: calendar::days(limit.due_on, -15),
        final_due_on: limit.due_on,
        is_disapplied: limit.disapplied.is_some(),
    })
}

/// When the last advice came or is due, and whether any is awaited. With no request for advice yet, six weeks
/// from the decision to assess, or from the last day for it.
fn advice(events: &[Event], all: &[Deadline], from: Event) -> (Date, bool) {
    let dated = |name: EventName| {
        events.iter().filter(move |event| event.name == name && event.on >= from.on).map(|event| event.on)
    };
    if let Some(last) = dated(EventName::AdviceReceivedLast).max() {
        return (last, false);
    }
    let asked = all.iter().filter(|d| d.rule == RuleId::AdviceReply6w && d.trigger.on >= from.on);
    let mut last = dated(EventName::AdviceReceived).max();
    let mut is_awaited = last.is_none();
    for deadline in asked {
        let on = deadline.met_on.unwrap_or(deadline.due_on);
        is_awaited |= deadline.met_on.is_none();
        last = Some(last.map_or(on, |last| last.max(on)));
    }
    let expected = || {
        let decided = dated(EventName::DecisionToAssess).max();
        calendar::weeks(decided.unwrap_or_else(|| calendar::weeks(from.on, 6)), 6)
    };
    (last.unwrap_or_else(expected), is_awaited)
}

fn projection_words(before: Option<Projection>, after: Option<Projection>) -> Vec<String> {
    let (before, after) = match (before, after) {
        (before, after) if before == after => return Vec::new(),
        (_, None) => return vec!["There would be no open request to plan for.".to_owned()],
        (before, Some(after)) => (before, after),
    };
    let mut lines = Vec::new();
    let mut line = |what: &str, old: Option<Date>, new: Date| {
        if old != Some(new) {
            let instead = old.map_or(String::new(), |old| format!(" instead of {}", long_date(old)));
            lines.push(format!("{what} {}{instead}.", long_date(new)));
        }
    };
    line("Expected: all the advice is in on", before.map(|p| p.advice_complete_on), after.advice_complete_on);
    line("Expected: the draft plan can go out on", before.map(|p| p.draft_on), after.draft_on);
    line("Expected: your time to comment runs until", before.map(|p| p.comments_until), after.comments_until);
    line("Expected: the plan can be final on", before.map(|p| p.earliest_final_on), after.earliest_final_on);
    line(
        "If the draft went out on the day the last advice came, the first lawful day for the final plan is",
        before.map(|p| p.soonest_possible_on),
        after.soonest_possible_on,
    );
    let limit = long_date(after.final_due_on);
    let in_hand = after.days_in_hand();
    lines.push(match in_hand {
        0.. => format!("The 20-week limit stays {limit}. That leaves {} in hand.", days(in_hand)),
        _ if after.is_disapplied => format!(
            "The 20-week date stays {limit}. The plan would come {} after it. An exception may take the limit away, but the council must show that it made the date impractical.",
            days(-in_hand)
        ),
        _ => format!(
            "The 20-week limit stays {limit}. The plan would be {} late. To be in time the draft must go out by {}.",
            days(-in_hand),
            long_date(after.latest_draft_on)
        ),
    });
    lines
}
