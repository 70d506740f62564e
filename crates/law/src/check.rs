//! Does a table of worked cases come out right?
//!
//! The table has the columns `id`, `rule`, `citation`, `trigger_event`, `trigger_date`, `extra_events`,
//! `expected_deadline` and `note`, in any order. `extra_events` is `name=value` pairs parted by semicolons; a
//! name may be numbered (`absent_from_2`) to keep two spells apart. A note that begins with `EXC=applies` or
//! `EXC=does_not_apply` states whether an exception's facts are on record, which is compared as well.
//!
//! A row that cannot be answered (an unknown rule, an impossible date, a missing event) is reported by its
//! line and id, counts as failed, and does not stop the others. A first line with wrong columns stops the check.

use std::io::{Read, Write};
use std::str::FromStr;

use jiff::civil::Date;

use crate::calendar::InstitutionType;
use crate::clock::deadline;
use crate::events::{Event, EventName, Fact, OrderKind};
use crate::exceptions::Limb;
use crate::fault::Fault;
use crate::rulebook::{Rule, RuleId};

/// How many rows came out right.
#[derive(Debug, Default)]
pub struct Report {
    /// Rows whose date, and exception verdict if stated, agree.
    pub passed: usize,
    /// Rows that differ, or that could not be answered.
    pub failed: usize,
    /// The rows that could not be answered, each with its line and id. They are among the failed.
    pub faults: Vec<RowFault>,
}

impl Report {
    /// Whether every row came out right.
    pub fn is_all_passed(&self) -> bool {
        self.failed == 0
    }
}

/// A row that could not be answered.
#[derive(Debug, thiserror::Error)]
#[error("line {line} ({id}): {fault}")]
pub struct RowFault {
    /// The line of the file, the first line being 1.
    pub line: u64,
    /// What stands in the `id` column, or `no id`.
    pub id: String,
    /// What is wrong with it.
    pub fault: Fault,
}

const COLUMNS: [&str; 8] =
    ["id", "rule", "citation", "trigger_event", "trigger_date", "extra_events", "expected_deadline", "note"];

/// Reads a table of worked cases, works out every row, writes each row that differs and then
/// `N passed, M failed`.
///
/// # Errors
/// [`Fault::MissingColumn`], [`Fault::UnknownColumn`] and [`Fault::RepeatedColumn`] for the first line;
/// [`Fault::Read`] if the text is not readable as comma-separated UTF-8; [`Fault::Write`].
pub fn check(reader: impl Read, out: &mut impl Write) -> Result<Report, Fault> {
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let places = places(table.headers().map_err(Fault::Read)?)?;
    let width = table.headers().map_err(Fault::Read)?.len();
    let mut report = Report::default();
    let mut record = csv::StringRecord::new();
    while table.read_record(&mut record).map_err(Fault::Read)? {
        let line = record.position().map_or(0, csv::Position::line);
        let field = |column: usize| record.get(places[column]).unwrap_or("").trim();
        let id = if field(0).is_empty() { "no id" } else { field(0) };
        let outcome = if record.len() == width {
            check_row(&field)
        } else {
            Err(Fault::WrongNumberOfFields { wanted: width, found: record.len() })
        };
        match outcome {
            Ok(differences) if differences.is_empty() => report.passed += 1,
            Ok(differences) => {
                report.failed += 1;
                writeln!(out, "line {line} ({id}): {}: {}", field(1), differences.join("; ")).map_err(Fault::Write)?;
            }
            Err(fault) => {
                report.failed += 1;
                let fault = RowFault { line, id: id.to_owned(), fault };
                writeln!(out, "{fault}").map_err(Fault::Write)?;
                report.faults.push(fault);
            }
        }
    }
    writeln!(out, "{} passed, {} failed", report.passed, report.failed).map_err(Fault::Write)?;
    Ok(report)
}

/// Where each column stands.
fn places(headers: &csv::StringRecord) -> Result<[usize; 8], Fault> {
    let names: Vec<&str> = headers.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
    for (place, name) in names.iter().enumerate() {
        if !COLUMNS.contains(name) {
            return Err(Fault::UnknownColumn((*name).to_owned()));
        }
        if names[..place].contains(name) {
            return Err(Fault::RepeatedColumn((*name).to_owned()));
        }
    }
    let mut places = [0; 8];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = names.iter().position(|name| *name == column).ok_or(Fault::MissingColumn(column))?;
    }
    Ok(places)
}

/// Works one row out; the differences are in words.
fn check_row<'a>(field: &impl Fn(usize) -> &'a str) -> Result<Vec<String>, Fault> {
    let rule = RuleId::from_str(field(1)).map_err(|unknown| Fault::UnknownRule(unknown.0))?;
    let (name, subject) = read_name(field(3))?;
    let trigger = Event::new(name, read_date("trigger_date", field(4))?).about(subject);
    let extra = read_events(field(5), trigger.on)?;
    let expected = read_date("expected_deadline", field(6))?;
    let verdict = read_verdict(field(7))?;
    let mut events = vec![trigger];
    events.extend(extra);
    let answer = deadline(rule, trigger, &events)?;
    spells_are_whole(rule.rule(), &events)?;
    let mut differences = Vec::new();
    if answer.due_on != expected {
        differences.push(format!("expected {expected}, worked out {}", answer.due_on));
    }
    let applies = answer.disapplied.is_some();
    if verdict.is_some_and(|verdict| verdict != applies) {
        let words = |applies| if applies { "applies" } else { "does_not_apply" };
        differences.push(format!("expected EXC={}, worked out EXC={}", words(!applies), words(applies)));
    }
    Ok(differences)
}

/// A spell that matters to the rule must have both its ends.
fn spells_are_whole(rule: &Rule, events: &[Event]) -> Result<(), Fault> {
    for first in events {
        let matters = rule.limbs.iter().any(|(limb, _)| limb.first_events().contains(&first.name));
        let Some(last) = Limb::last_event(first.name).filter(|_| matters) else {
            continue;
        };
        let is_open_ended = first.name == EventName::ExceptionalCircumstancesFrom;
        let has_end = events.iter().any(|event| event.name == last && event.subject == first.subject);
        if !is_open_ended && !has_end {
            return Err(Fault::MissingEvent { rule: rule.id, event: last });
        }
    }
    Ok(())
}

/// The exception verdict at the start of a note, if there is one.
fn read_verdict(note: &str) -> Result<Option<bool>, Fault> {
    let Some(rest) = note.strip_prefix("EXC=") else {
        return Ok(None);
    };
    let word: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    match word.as_str() {
        "applies" => Ok(Some(true)),
        "does_not_apply" => Ok(Some(false)),
        _ => Err(Fault::UnknownVerdict(format!("EXC={word}"))),
    }
}

/// Reads `name=value` pairs parted by semicolons. A fact that has no date of its own is dated `facts_on`.
///
/// # Errors
/// [`Fault::NotAnEvent`], [`Fault::UnknownEvent`], [`Fault::ImpossibleDate`] and [`Fault::ImpossibleFact`].
pub fn read_events(pairs: &str, facts_on: Date) -> Result<Vec<Event>, Fault> {
    let pairs = pairs.split(';').map(str::trim).filter(|pair| !pair.is_empty());
    pairs.map(|pair| read_event(pair, facts_on)).collect()
}

/// Reads one `name=value`, or `name_2=value` for thread 2. The value is a date, or a fact such as
/// `transfer_to_ncy=7`; a date may carry what an order requires, as in `ftt_order_made=2026-04-20:make_plan`.
///
/// # Errors
/// As [`read_events`].
pub fn read_event(pair: &str, facts_on: Date) -> Result<Event, Fault> {
    let (name, value) = pair.split_once('=').ok_or_else(|| Fault::NotAnEvent(pair.to_owned()))?;
    let (name, subject) = read_name(name.trim())?;
    let value = value.trim();
    let refuse = |wanted| Fault::ImpossibleFact { event: name, given: value.to_owned(), wanted };
    let fact = match name {
        EventName::TransferToNcy => {
            let wanted = "a national curriculum year from 0 to 14";
            let year = value.parse().ok().filter(|year| (0..=14).contains(year));
            Fact::YearGroup(year.ok_or_else(|| refuse(wanted))?)
        }
        EventName::EducatedOutOfCohort => {
            let wanted = "a number of years such as -1 for one year behind";
            let years = value.parse().ok().filter(|years| (-3..=3).contains(years));
            Fact::YearsOut(years.ok_or_else(|| refuse(wanted))?)
        }
        EventName::InstitutionTypeKnown => {
            let wanted = "further_education, apprenticeship or other";
            Fact::Institution(InstitutionType::from_code(value).ok_or_else(|| refuse(wanted))?)
        }
        EventName::SameAuthority => match value {
            "yes" | "true" => Fact::Yes(true),
            "no" | "false" => Fact::Yes(false),
            _ => return Err(refuse("yes or no")),
        },
        _ => return read_dated(name, subject, value),
    };
    Ok(Event::new(name, facts_on).about(subject).with(fact))
}

fn read_dated(name: EventName, subject: u32, value: &str) -> Result<Event, Fault> {
    let Some((date, kind)) = value.split_once(':') else {
        return Ok(Event::new(name, read_date(name.as_str(), value)?).about(subject));
    };
    let kind = match kind {
        "assess" => OrderKind::Assess,
        "make_plan" => OrderKind::MakePlan,
        "reconsider" => OrderKind::Reconsider,
        "amend_contents" => OrderKind::AmendContents,
        "name_institution" => OrderKind::NameInstitution,
        "continue" => OrderKind::Continue,
        "continue_and_amend" => OrderKind::ContinueAndAmend,
        "cease" => OrderKind::Cease,
        "not_appealable" => OrderKind::NotAppealable,
        _ => {
            let wanted = "a date, and for an order :assess, :make_plan, :reconsider, :amend_contents, :name_institution, :continue, :continue_and_amend, :cease or :not_appealable";
            return Err(Fault::ImpossibleFact { event: name, given: value.to_owned(), wanted });
        }
    };
    Ok(Event::new(name, read_date(name.as_str(), date)?).about(subject).with(Fact::Order(kind)))
}

/// An event's code, with the number of its thread if it has one at the end.
fn read_name(code: &str) -> Result<(EventName, u32), Fault> {
    if let Ok(name) = code.parse() {
        return Ok((name, 0));
    }
    let numbered = code.rsplit_once('_').and_then(|(name, number)| Some((name.parse().ok()?, number.parse().ok()?)));
    numbered.ok_or_else(|| Fault::UnknownEvent(code.to_owned()))
}

/// Reads a date written like 2026-11-23, in the years 1900 to 2199.
///
/// # Errors
/// [`Fault::ImpossibleDate`], naming the field.
pub fn read_date(field: &str, given: &str) -> Result<Date, Fault> {
    let is_written_right = given.len() == 10
        && given.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let date: Option<Date> = is_written_right.then(|| given.parse().ok()).flatten();
    date.filter(|date| (1900..=2199).contains(&date.year()))
        .ok_or_else(|| Fault::ImpossibleDate { field: field.to_owned(), given: given.to_owned() })
}
