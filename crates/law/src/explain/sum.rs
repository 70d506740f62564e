//! The sum behind a date, step by step.

use jiff::civil::Date;

use super::counts_back;
use crate::calendar::{self, bank_holiday};
use crate::clock::Deadline;
use crate::events::{Event, EventName, Fact};
use crate::rulebook::Count;
use crate::words::{counted, days, long_date};

pub(super) fn steps(deadline: &Deadline, events: &[Event]) -> Vec<String> {
    let trigger = deadline.trigger;
    let due = long_date(deadline.due_on);
    let start = long_date(trigger.on);
    let what = trigger.name.words();
    if deadline.is_replaced {
        return vec![
            format!("It would be counted from {start}: {what}."),
            match deadline.rule().replaced_by {
                Some(EventName::AgreedInWriting) => {
                    format!("But both sides agreed another date in writing: {due}.")
                }
                _ => format!("But the tribunal set a date of its own: {due}."),
            },
        ];
    }
    let day_0 = format!("Day 0 is {start}: {what}.");
    let day_1 = format!("Day 1 is {start}: {what}.");
    let working_day_1 = |x: Date| format!("Working day 1 is {}.", long_date(calendar::next_working_day(x)));
    let mut lines = match deadline.version().count {
        Count::Weeks(n) => {
            vec![day_0, format!("Add {} ({}): {due}.", counted(n, "week", "weeks"), days(7 * n))]
        }
        Count::Days(n) => vec![day_0, format!("Add {}: {due}.", days(n))],
        Count::DaysBeginning(n) => vec![day_1, format!("Day {n} is {due}.")],
        Count::AfterDaysBeginning(n) => {
            let last = calendar::days_beg(trigger.on, n);
            vec![day_1, format!("Day {n} is {}.", long_date(last)), format!("The next day is {due}.")]
        }
        Count::Months(n) => {
            vec![
                day_0,
                format!("The same day of the month, {} on: {due}.", counted(n, "month", "months")),
                month_end(trigger.on, n),
            ]
        }
        Count::MonthsBeginning(n) => {
            vec![day_1, format!("The last day of {} that begin with it: {due}.", counted(n, "month", "months"))]
        }
        Count::MonthsBeginningLessDays(n, less) => {
            let end = calendar::months_beg(trigger.on, n);
            vec![
                day_1,
                format!("The last day of {n} months that begin with it: {}.", long_date(end)),
                format!("Take away {} for the decision: {due}.", days(less)),
            ]
        }
        Count::WorkingDays(n) => vec![day_0, format!("Count {}: {due}.", counted(n, "working day", "working days"))],
        Count::WorkingDaysBeginning(n) if !is_day_of_move(deadline, events) => {
            vec![format!("Start: {start}: {what}."), working_day_1(trigger.on), format!("Working day {n} is {due}.")]
        }
        Count::WorkingDaysBeginningOrMove(n) if !is_day_of_move(deadline, events) => vec![
            format!("Start: {start}: {what}."),
            format!("That was not {n} working days or more before the move, so {n} working days are counted."),
            working_day_1(trigger.on),
            format!("Working day {n} is {due}."),
        ],
        Count::WorkingDaysBeginning(n) | Count::WorkingDaysBeginningOrMove(n) => vec![
            format!("Start: {start}: {what}."),
            format!("That was at least {n} working days before the move."),
            format!("So it must be done on the day of the move: {due}."),
        ],
        Count::WeeksBefore(n) => vec![
            format!("Start: {start}: {what}."),
            format!("Go back {} ({}): {due}.", counted(n, "week", "weeks"), days(7 * n)),
        ],
        Count::WorkingDaysBefore(n) => vec![
            format!("Start: {start}: {what}."),
            format!("Count back {}: {due}.", counted(n, "working day", "working days")),
        ],
        Count::MonthsBefore(n) => vec![
            format!("Start: {start}: {what}."),
            format!("The same day of the month, {n} months back: {due}."),
            month_end(trigger.on, -n),
        ],
        Count::MonthsThenWorkingDay(n) => {
            let label = calendar::months(trigger.on, n);
            vec![
                day_0,
                format!("The same day of the month, {} on: {}.", counted(n, "month", "months"), long_date(label)),
                month_end(trigger.on, n),
                if label == deadline.due_on {
                    String::new()
                } else {
                    format!("That is not a working day. The next is {due}.")
                },
            ]
        }
        Count::AtOnce => vec![format!("It follows at once from {start}: {what}.")],
        Count::Appeal => appeal(deadline, events, deadline.due_on),
        Count::AfterAppeal => {
            let mut lines = appeal(deadline, events, calendar::days(deadline.due_on, -1));
            lines.push(format!("The next day is {due}."));
            lines
        }
        Count::TribunalWorkingDays(n) => {
            vec![day_0, format!("Count {n} working days as the tribunal counts them: {due}.")]
        }
        Count::BeforeTransfer(_, _, weeks) => transfer(deadline, events, weeks),
        Count::TransferReview => transfer_review(deadline, events),
        Count::StartOfYearGroup(year_group) => vec![
            format!("Date of birth: {start}."),
            format!("A child born then starts Year {year_group} on {due}."),
            out_of_cohort(events),
        ],
        Count::CompulsoryAgeStarts => vec![
            format!("Fifth birthday: {}.", long_date(calendar::birthday(trigger.on, 5))),
            format!("The first of 31 March, 31 August and 31 December from then on: {due}."),
        ],
        Count::CompulsoryAgeEnds(less) => {
            let end = calendar::compulsory_school_age_ends(trigger.on);
            vec![
                format!("Sixteenth birthday: {}.", long_date(calendar::birthday(trigger.on, 16))),
                format!("The last Friday in June of that school year: {}.", long_date(end)),
                if less == 0 { String::new() } else { format!("Take away {less} days, about a term: {due}.") },
            ]
        }
        Count::AfterTwentyFive => vec![
            format!("Twenty-fifth birthday: {}.", long_date(calendar::birthday(trigger.on, 25))),
            format!("The end of the academic year (or of the training, or the day before the 26th birthday): {due}."),
        ],
        Count::Fixed(_) => vec![
            format!("The course was begun on {start}, before 1 September 2024."),
            format!("The regulations say it must be finished before 1 September 2027, so by {due}."),
        ],
    };
    lines.retain(|line| !line.is_empty());
    lines.extend(left_out(deadline));
    lines
}

/// A note where the month has no such day.
fn month_end(from: Date, months: i32) -> String {
    let to = calendar::months(from, months);
    if to.day() == from.day() {
        String::new()
    } else {
        "That month has no such day, so its last day is taken.".to_owned()
    }
}

/// Whether the date is the day of a move that was known well ahead.
fn is_day_of_move(deadline: &Deadline, events: &[Event]) -> bool {
    events.iter().any(|event| event.name == EventName::Move && event.on == deadline.due_on)
        && calendar::wds_beg(deadline.trigger.on, 15) != deadline.due_on
}

fn appeal(deadline: &Deadline, events: &[Event], due_on: Date) -> Vec<String> {
    let trigger = deadline.trigger;
    let two_months = calendar::months(trigger.on, 2);
    let mut lines = vec![
        format!("Day 0 is {}: {}.", long_date(trigger.on), trigger.name.words()),
        format!("The same day of the month, 2 months on: {}.", long_date(two_months)),
    ];
    let mut label = two_months;
    let certificate = events
        .iter()
        .filter(|event| {
            event.name == EventName::MediationCertificateIssued
                && event.on >= trigger.on
                && (event.subject == trigger.subject || event.subject == 0)
        })
        .min_by_key(|event| event.on);
    if let Some(certificate) = certificate {
        let one_month = calendar::months(certificate.on, 1);
        lines.push(format!(
            "One month from the mediation certificate ({}): {}.",
            long_date(certificate.on),
            long_date(one_month)
        ));
        label = label.max(one_month);
        lines.push(format!("The later of the two counts: {}.", long_date(label)));
    }
    if label != due_on {
        lines.push(format!(
            "The tribunal’s rules give you until the next working day it counts: {}.",
            long_date(due_on)
        ));
    }
    lines
}

fn transfer(deadline: &Deadline, events: &[Event], weeks: i32) -> Vec<String> {
    let mut lines = vec![format!("Date of birth: {}.", long_date(deadline.trigger.on))];
    let of_thread = |name| events.iter().find(|event| event.name == name && event.subject == deadline.trigger.subject);
    if let Some(Fact::YearGroup(year_group)) = of_thread(EventName::TransferToNcy).map(|event| event.fact) {
        lines.push(match year_group {
            0 => "The move is into reception.".to_owned(),
            _ => format!("The move is into Year {year_group}."),
        });
    }
    lines.push(out_of_cohort(events));
    match of_thread(EventName::TransferOn) {
        Some(on) => lines.push(format!("The planned day of the move is {}.", long_date(on.on))),
        None => lines.push("The year of the move follows from the date of birth.".to_owned()),
    }
    if weeks > 0 {
        let label = calendar::weeks(deadline.due_on, weeks);
        lines.push(format!("The limit that year is before {}.", long_date(label)));
        lines.push(format!("Go back {weeks} weeks to leave time for the changes: {}.", long_date(deadline.due_on)));
    } else {
        lines.push(format!("The limit that year is before {}.", long_date(deadline.due_on)));
    }
    lines
}

fn out_of_cohort(events: &[Event]) -> String {
    let fact = events.iter().find(|event| event.name == EventName::EducatedOutOfCohort).map(|event| event.fact);
    match fact {
        Some(Fact::YearsOut(years)) if years < 0 => format!(
            "They are taught {} behind the year group of their age.",
            counted(i32::from(-years), "year", "years")
        ),
        Some(Fact::YearsOut(years)) if years > 0 => format!(
            "They are taught {} ahead of the year group of their age.",
            counted(i32::from(years), "year", "years")
        ),
        _ => String::new(),
    }
}

fn transfer_review(deadline: &Deadline, events: &[Event]) -> Vec<String> {
    let trigger = deadline.trigger;
    let three_months = calendar::months_beg(trigger.on, 3);
    let made = events
        .iter()
        .filter(|event| event.name == EventName::PlanMadeOrLastReview && event.on <= trigger.on)
        .max_by_key(|event| event.on);
    let mut lines = vec![format!(
        "Three months that begin with the transfer on {} end on {}.",
        long_date(trigger.on),
        long_date(three_months)
    )];
    match made {
        Some(made) => lines.push(format!(
            "Twelve months that begin on {} (the plan was made or last reviewed) end on {}.",
            long_date(made.on),
            long_date(calendar::months_beg(made.on, 12))
        )),
        None => lines.push("The day when the plan was made or last reviewed is not on record.".to_owned()),
    }
    lines.push(format!("The later of the two counts: {}.", long_date(deadline.due_on)));
    lines
}

/// The bank holidays that a count of working days stepped over.
fn left_out(deadline: &Deadline) -> Option<String> {
    let counts_working_days = matches!(
        deadline.version().count,
        Count::WorkingDays(_)
            | Count::WorkingDaysBeginning(_)
            | Count::WorkingDaysBeginningOrMove(_)
            | Count::WorkingDaysBefore(_)
            | Count::TribunalWorkingDays(_)
    );
    if !counts_working_days || deadline.is_replaced {
        return None;
    }
    let (from, to) = if counts_back(deadline) {
        (deadline.due_on, deadline.trigger.on)
    } else {
        (deadline.trigger.on, deadline.due_on)
    };
    let mut holidays = Vec::new();
    let mut day = from;
    while day <= to && holidays.len() < 12 {
        if let Some(name) = bank_holiday(day) {
            holidays.push(format!("{name} ({})", long_date(day)));
        }
        day = calendar::days(day, 1);
    }
    (!holidays.is_empty()).then(|| format!("Bank holidays left out: {}.", holidays.join(", ")))
}
