//! Why that day? The answer in plain words, with its working.
//!
//! Written for the people whose case it is: short sentences, everyday words, dates with their weekday. Every
//! answer says what must happen, the sum step by step, which holidays count, who says so and how binding it
//! is, which exceptions were looked at, and what a family can do if the day goes by.

mod exceptions;
mod sum;

use std::fmt;

use crate::calendar;
use crate::clock::{Deadline, is_counted_back};
use crate::events::Event;
use crate::rulebook::{Confidence, Count, Kind, READ_ON, Rule};
use crate::words::{counted, days, long_date, sentence_case};
pub use exceptions::ExceptionConsidered;

/// A date explained. Each field is ready to be shown; [`fmt::Display`] sets them out as one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What must happen, in one sentence: "The council must tell you by Monday 4 January 2027 …".
    pub sentence: String,
    /// The sum, step by step, from day 0 to the date.
    pub sum: Vec<String>,
    /// Which holidays and weekends count, and any caveat about the calendar.
    pub calendar: Vec<String>,
    /// How the date stands: done, ended, or replaced; empty while it simply runs.
    pub standing: Vec<String>,
    /// The exceptions looked at, and why each does or does not apply.
    pub exceptions: Vec<ExceptionConsidered>,
    /// The rule's title.
    pub rule_title: &'static str,
    /// Instrument, regulation and paragraph.
    pub citation: &'static str,
    /// Where to read it.
    pub link: &'static str,
    /// How binding it is.
    pub strength: &'static str,
    /// The version of the rule that binds this date, and since when it stands.
    pub version: String,
    /// How far the text of the law was checked.
    pub checked: String,
    /// The last day that is in time on every reading.
    pub safe_day: String,
    /// The last working day on which to do it.
    pub do_by: String,
    /// What the family can do if the day goes by.
    pub if_it_passes: &'static str,
}

/// Explains a date. `events` are those from which it was worked out.
///
/// ```
/// use law::{Event, EventName, RuleId};
/// let received = Event::new(EventName::RequestReceived, "2026-11-23".parse()?);
/// let deadline = law::deadline(RuleId::AssessDecision6w, received, &[received])?;
/// let explanation = law::explain(&deadline, &[received]);
/// assert_eq!(explanation.sentence, "The council must tell you by Monday 4 January 2027 whether it will assess.");
/// assert_eq!(explanation.sum[1], "Add 6 weeks (42 days): Monday 4 January 2027.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(deadline: &Deadline, events: &[Event]) -> Explanation {
    let rule = deadline.rule();
    Explanation {
        sentence: rule.sentence.replace("{due}", &long_date(deadline.due_on)),
        sum: sum::steps(deadline, events),
        calendar: calendar_notes(deadline, rule),
        standing: standing(deadline, rule),
        exceptions: exceptions::considered(deadline, events),
        rule_title: rule.title,
        citation: rule.authority.citation,
        link: rule.authority.link,
        strength: rule.strength.words(),
        version: version_words(deadline),
        checked: checked_words(rule),
        safe_day: safe_day_words(deadline, rule),
        do_by: do_by_words(deadline, rule),
        if_it_passes: rule.if_it_passes,
    }
}

fn calendar_notes(deadline: &Deadline, rule: &Rule) -> Vec<String> {
    let mut notes = Vec::new();
    let count = deadline.version().count;
    match count {
        _ if deadline.is_replaced => {}
        Count::Weeks(_)
        | Count::Days(_)
        | Count::DaysBeginning(_)
        | Count::AfterDaysBeginning(_)
        | Count::WeeksBefore(_)
        | Count::Months(_)
        | Count::MonthsBeginning(_)
        | Count::MonthsBeginningLessDays(..)
        | Count::MonthsBefore(_)
        | Count::TransferReview => {
            notes.push("Weekends, bank holidays and school holidays all count. They do not move the date.".to_owned());
        }
        Count::WorkingDays(_)
        | Count::WorkingDaysBeginning(_)
        | Count::WorkingDaysBeginningOrMove(_)
        | Count::WorkingDaysBefore(_) => {
            notes.push("Only working days count: not Saturdays, Sundays or bank holidays in England and Wales. School holidays do count.".to_owned());
        }
        Count::TribunalWorkingDays(_) => {
            notes.push(
                "Only working days count, and the tribunal also leaves out August and 25 December to 1 January."
                    .to_owned(),
            );
        }
        Count::Appeal | Count::AfterAppeal => {
            notes.push("If the last day is in August, or from 25 December to 1 January, or not a working day, the tribunal gives you until the next working day after it.".to_owned());
        }
        Count::MonthsThenWorkingDay(_) => {
            notes.push("If the last day is not a working day, the next working day is in time.".to_owned());
        }
        _ => {}
    }
    if rule.kind != Kind::Marker
        && let Some(name) = calendar::bank_holiday(deadline.due_on)
    {
        notes.push(format!("{} is a bank holiday ({name}). The date stays where it is.", long_date(deadline.due_on)));
    }
    if deadline.is_provisional {
        notes.push(format!(
            "The published list of bank holidays runs from {} to {}. Beyond it they are worked out by rule, so an extra holiday could still change this.",
            long_date(calendar::BANK_HOLIDAYS_FIRST),
            long_date(calendar::BANK_HOLIDAYS_LAST),
        ));
    }
    notes
}

fn standing(deadline: &Deadline, rule: &Rule) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(met_on) = deadline.met_on {
        let late_by = (met_on - deadline.due_on).get_days();
        lines.push(match rule.kind {
            Kind::Earliest if late_by < 0 => {
                format!("It was done on {}: {} too early.", long_date(met_on), days(-late_by))
            }
            Kind::Earliest => format!("It was done on {}, so not too early.", long_date(met_on)),
            _ if late_by > 0 => format!("It was done on {}: {} late.", long_date(met_on), days(late_by)),
            _ => format!("It was done on {}: in time.", long_date(met_on)),
        });
    }
    if let Some(event) = deadline.superseded_by {
        lines.push(format!(
            "This date no longer runs. On {}: {}. The date is kept so that the history can be read.",
            long_date(event.on),
            event.name.words(),
        ));
    }
    if deadline.disapplied.is_some() && deadline.met_on.is_none() && deadline.superseded_by.is_none() {
        lines.push("An exception may take this limit away. Then there is no new date: it must be done as soon as it can be, and all the later limits still run.".to_owned());
    }
    if deadline.is_assumed {
        lines.push(
            "A fact is missing, so the most careful reading was taken. Add the fact to be sure of the date.".to_owned(),
        );
    }
    lines
}

fn version_words(deadline: &Deadline) -> String {
    let version = deadline.version();
    let mut words = match version.in_force_to {
        Some(last) => {
            format!("The rule as it stood from {} to {}", long_date(version.in_force_from), long_date(last))
        }
        None => format!("The rule as it has stood since {}", long_date(version.in_force_from)),
    };
    words.push_str(&format!(" (version {} of {}).", version.number, deadline.rule().versions.len()));
    if !version.note.is_empty() {
        words.push(' ');
        words.push_str(version.note);
    }
    words
}

fn checked_words(rule: &Rule) -> String {
    let how = match rule.authority.confidence {
        Confidence::Verified => "The text of the law was read",
        Confidence::Secondary => "Confirmed from guidance and advice services, not from the text itself",
        Confidence::Unchecked => "The paragraph has not been checked against the text. Check it before you quote it",
    };
    format!("{how}. Law as known on {}.", long_date(READ_ON))
}

fn safe_day_words(deadline: &Deadline, rule: &Rule) -> String {
    if deadline.safe_day == deadline.due_on {
        return match rule.kind {
            Kind::Earliest | Kind::Marker => String::new(),
            _ => format!("{} is in time on every reading of the law.", long_date(deadline.safe_day)),
        };
    }
    let mut words = format!("To be safe, act by {}. Some people count one day less.", long_date(deadline.safe_day));
    if matches!(deadline.version().count, Count::BeforeTransfer(..)) {
        words = format!(
            "The law says \"before\", so the last safe day is {}. Treat the day itself as too late.",
            long_date(deadline.safe_day)
        );
    }
    if let Some(target) = deadline.send_by_target {
        words = format!("To give the full notice on every reading, send it by {}.", long_date(target));
    }
    words
}

fn do_by_words(deadline: &Deadline, rule: &Rule) -> String {
    match rule.kind {
        Kind::Marker => String::new(),
        Kind::Earliest => format!("The first working day on which it may be done is {}.", long_date(deadline.do_by)),
        _ if deadline.do_by == deadline.due_on => {
            format!("{} is a working day.", long_date(deadline.do_by))
        }
        _ => {
            let gap = (deadline.due_on - deadline.do_by).get_days();
            let place = if gap > 0 { "before" } else { "after" };
            let closed = counted(gap.abs(), "day", "days");
            format!("Do it by {}, the last working day, {closed} {place} the date.", long_date(deadline.do_by))
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.sentence)?;
        for line in &self.standing {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "\nHow the date is worked out")?;
        for line in self.sum.iter().chain(&self.calendar) {
            writeln!(f, "- {line}")?;
        }
        for line in [&self.safe_day, &self.do_by].into_iter().filter(|line| !line.is_empty()) {
            writeln!(f, "- {line}")?;
        }
        writeln!(f, "\nWho says so")?;
        for line in [self.citation, self.link, self.strength, &self.version, &self.checked] {
            writeln!(f, "- {line}")?;
        }
        writeln!(f, "\nExceptions")?;
        if self.exceptions.is_empty() {
            writeln!(f, "- This rule has no exceptions.")?;
        }
        for exception in &self.exceptions {
            writeln!(f, "- {}: {}", sentence_case(exception.title), exception.why)?;
        }
        writeln!(f, "\nIf the day goes by\n- {}", self.if_it_passes)
    }
}

/// Whether a rule counts back from its trigger.
fn counts_back(deadline: &Deadline) -> bool {
    is_counted_back(deadline.version().count)
}
