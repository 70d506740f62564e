//! Which exceptions were looked at, and why each does or does not apply.

use crate::calendar::day::from_date;
use crate::clock::{Case, Deadline};
use crate::events::{Event, EventName};
use crate::exceptions::{ALL_LIMBS, Finding, Limb, Shortfall, Window, consider};
use crate::rulebook::{RELAXATION_FROM, RELAXATION_TO};
use crate::words::{days, long_date};

/// One exception, looked at for one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionConsidered {
    /// The circumstance as a short phrase.
    pub title: &'static str,
    /// The paragraph; empty where this rule has no such exception.
    pub citation: &'static str,
    /// Whether its facts are on record.
    pub applies: bool,
    /// Why, in plain words.
    pub why: String,
}

pub(super) fn considered(deadline: &Deadline, events: &[Event]) -> Vec<ExceptionConsidered> {
    let rule = deadline.rule();
    let (trigger, due) = (from_date(deadline.trigger.on), from_date(deadline.due_on));
    let window = Window { first: trigger.min(due), last: due.max(trigger), subject: deadline.trigger.subject };
    let mut list = Vec::new();
    for (limb, citation) in rule.limbs {
        list.push(look(*limb, citation, deadline, events, window));
    }
    let runs_in_2020 = window.first <= from_date(RELAXATION_TO) && window.last >= from_date(RELAXATION_FROM);
    if rule.versions.iter().any(|version| version.is_relaxed) && runs_in_2020 {
        let citation = "SEND (Coronavirus) (Amendment) Regulations 2020 (SI 2020/471)";
        list.push(look(Limb::Coronavirus, citation, deadline, events, window));
    }
    list.extend(not_in_this_rule(deadline, events));
    if events.iter().any(|event| event.name == EventName::EpShortageFlag) {
        list.push(ExceptionConsidered {
            title: "a shortage of staff",
            citation: "",
            applies: false,
            why: "This is never an exception. Nor are waiting lists, panel dates or looking for a place.".to_owned(),
        });
    }
    list
}

/// Circumstances on record that this rule makes no exception for.
fn not_in_this_rule(deadline: &Deadline, events: &[Event]) -> Vec<ExceptionConsidered> {
    let rule = deadline.rule();
    let is_own = |limb: Limb| rule.limbs.iter().any(|(own, _)| *own == limb);
    let has_own_absence = is_own(Limb::AbsenceFourWeeks) || is_own(Limb::AbsenceTwoWeeks);
    let matters = |limb: &Limb| match limb {
        Limb::Coronavirus | Limb::AbsenceTwoWeeks | Limb::ParentAbsenceFourWeeks => false,
        Limb::AbsenceFourWeeks => !has_own_absence,
        limb => !is_own(*limb),
    };
    let is_on_record = |limb: &Limb| events.iter().any(|event| limb.first_events().contains(&event.name));
    ALL_LIMBS
        .into_iter()
        .filter(|limb| matters(limb) && is_on_record(limb))
        .map(|limb| ExceptionConsidered {
            title: limb.words(),
            citation: "",
            applies: false,
            why: "This rule makes no exception for that.".to_owned(),
        })
        .collect()
}

fn look(
    limb: Limb,
    citation: &'static str,
    deadline: &Deadline,
    events: &[Event],
    window: Window,
) -> ExceptionConsidered {
    let mut reasons = Vec::new();
    let mut applies = false;
    consider(limb, &Case::new(events), window, |finding| {
        applies = finding.is_ok();
        if applies {
            reasons.clear();
        }
        reasons.push(reason(limb, finding, deadline));
        applies
    });
    if reasons.is_empty() {
        reasons.push("Does not apply. Nothing of the kind is on record.".to_owned());
    }
    let paragraph = if citation.is_empty() { String::new() } else { format!(" ({citation})") };
    ExceptionConsidered { title: limb.words(), citation, applies, why: format!("{}{paragraph}", reasons.join(" ")) }
}

fn reason(limb: Limb, finding: Finding, deadline: &Deadline) -> String {
    match finding {
        Ok(facts) => {
            let until = facts.until.map_or(String::new(), |until| format!(" to {}", long_date(until)));
            let asked = facts.asked_on.map_or(String::new(), |on| {
                format!(", and advice was asked for on {}, inside the window", long_date(on))
            });
            format!(
                "May apply: on record from {}{until}{asked}. The council must also show that this made it impractical to keep the date, and tell you why.",
                long_date(facts.since)
            )
        }
        Err(shortfall) => format!("Does not apply. {}", shortfall_words(limb, shortfall, deadline)),
    }
}

fn shortfall_words(limb: Limb, shortfall: Shortfall, deadline: &Deadline) -> String {
    match shortfall {
        Shortfall::StillOpen { since } => {
            format!("It began on {} and has no end on record yet, so its length is not known.", long_date(since))
        }
        Shortfall::TooShort { days: count, since, until } => format!(
            "From {} to {} is {}; it must be at least {}.",
            long_date(since),
            long_date(until),
            days(count),
            days(limb.least_days().unwrap_or(28)),
        ),
        Shortfall::OutsideTheTime { since, until } => format!(
            "It was {}{}. Too little of that falls in the time from {} to {}.",
            if until.is_some() { "from " } else { "on " },
            match until {
                Some(until) => format!("{} to {}", long_date(since), long_date(until)),
                None => long_date(since),
            },
            long_date(deadline.trigger.on.min(deadline.due_on)),
            long_date(deadline.due_on.max(deadline.trigger.on)),
        ),
        Shortfall::NotAsked => "No advice was asked for there while this limit was running.".to_owned(),
        Shortfall::AskedOutside { asked_on, from, to } => format!(
            "Advice was asked for on {}. It would have to be from {} to {}.",
            long_date(asked_on),
            long_date(from),
            long_date(to),
        ),
    }
}
