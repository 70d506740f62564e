//! Which dates does a case have, and how does it stand with each of them?
//!
//! [`deadlines`] works out every date that the events of a case set going: for every event, every rule that it
//! triggers. [`deadline`] answers for one rule and one trigger. Both give the nominal date always, and beside
//! it whether an exception could take the limit away, what met it, and what ended it. Nothing is stored
//! but the events; dates are always worked out again.
//!
//! What `deadlines` takes into account, and `deadline` (which answers exactly what it is asked) does not:
//! - the first live request owns the clock: a further request while it is open starts nothing;
//! - an order, concession or agreement starts only the limits of its own kind, where the kind is recorded;
//! - a notice of amendment counts as following a review if its thread has a review meeting before it;
//! - rules for detained people run only where the case is one;
//! - where a fact is missing the cautious reading is taken and [`Deadline::is_assumed`] says so.
//!
//! No memory is taken but what the caller's vector needs.

mod case;
mod compiled;
mod dates;

use jiff::civil::Date;

use crate::calendar::WorkingDays;
use crate::calendar::day::{self, Day};
use crate::events::{Event, EventName, Fact, set_of};
use crate::exceptions::{self, Disapplication, Window};
use crate::fault::Fault;
use crate::rulebook::{Kind, Rule, RuleId, Scope, Strength, Version};
pub(crate) use case::Case;
use compiled::{COMPILED, Compiled, Starts};
pub(crate) use dates::is_counted_back;
use dates::{Dates, Gap};

/// One date of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// The rule.
    pub rule: RuleId,
    /// The number of the rule's version in force at the trigger.
    pub version: u8,
    /// What it counts from. For a rule that runs in a thread, `subject` is the thread.
    pub trigger: Event,
    /// The nominal date, as the law or guidance labels it. Never moved by an exception, a weekend or a holiday.
    pub due_on: Date,
    /// The last day that is in time on every reading of the law.
    pub safe_day: Date,
    /// The last working day on or before the date (for a "not before" date: the first on or after it).
    pub do_by: Date,
    /// For a notice to be given ahead: the day on which a careful sender sends it.
    pub send_by_target: Option<Date>,
    /// An exception whose facts are on record.
    pub disapplied: Option<Disapplication>,
    /// What ended the duty without its being met.
    pub superseded_by: Option<Event>,
    /// When it was done.
    pub met_on: Option<Date>,
    /// Whether a bank holiday that this answer rests on is not yet (or was never) in the published list.
    pub is_provisional: bool,
    /// Whether a fact was missing and the cautious reading was taken.
    pub is_assumed: bool,
    /// Whether the date was set by the tribunal or agreed in writing instead of counted.
    pub is_replaced: bool,
}

/// How a date stands on a day. Numbers are calendar days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Done; 0 when in time.
    Met {
        /// Days after the date.
        late_by: i32,
    },
    /// Not done, and the date is still to come (0: it is today).
    Due {
        /// Days to go.
        in_days: i32,
    },
    /// Not done, and the date has gone by.
    Overdue {
        /// Days since.
        by_days: i32,
    },
    /// Not done, and the facts of an exception are on record: to be done as soon as practicable.
    Disapplied,
    /// Something else ended it.
    Superseded,
    /// An age point, a family's time or a "not before" date that has gone by.
    Passed {
        /// Days since.
        by_days: i32,
    },
    /// Done before the first day on which it was allowed.
    TooEarly {
        /// Days before it.
        by_days: i32,
    },
}

impl Deadline {
    /// The rule itself.
    pub fn rule(&self) -> &'static Rule {
        self.rule.rule()
    }

    /// The version of the rule that binds this date.
    pub fn version(&self) -> &'static Version {
        let versions = self.rule().versions;
        versions.iter().find(|version| version.number == self.version).unwrap_or(&versions[0])
    }

    /// How it stands on a day.
    pub fn status(&self, today: Date) -> Status {
        let due = day::from_date(self.due_on);
        let kind = self.rule().kind;
        if let Some(met_on) = self.met_on {
            let late_by = day::from_date(met_on) - due;
            return match kind {
                Kind::Earliest if late_by < 0 => Status::TooEarly { by_days: -late_by },
                Kind::Earliest => Status::Met { late_by: 0 },
                _ => Status::Met { late_by: late_by.max(0) },
            };
        }
        if self.superseded_by.is_some() {
            return Status::Superseded;
        }
        let to_go = due - day::from_date(today);
        match kind {
            Kind::Duty if self.disapplied.is_some() => Status::Disapplied,
            _ if to_go >= 0 => Status::Due { in_days: to_go },
            Kind::Duty => Status::Overdue { by_days: -to_go },
            _ => Status::Passed { by_days: -to_go },
        }
    }
}

const OPENING: u128 =
    set_of(&[EventName::RequestReceived, EventName::BecameResponsible, EventName::RequestReceivedOrBroughtToAttention]);
/// What closes a live request, so that the next one starts a clock of its own.
const CLOSING: u128 = set_of(&[
    EventName::RequestWithdrawn,
    EventName::InitialRefusal,
    EventName::NoPlanNotified,
    EventName::FinalPlanSent,
    EventName::MovedArea,
    EventName::PlanCeased,
]);
const DETAINED: u128 = set_of(&[
    EventName::RequestReceivedOrBroughtToAttention,
    EventName::BroughtToAttention,
    EventName::AwareOfDetention,
]);
const HAS_PLAN: u128 = set_of(&[
    EventName::PlanFirstMade,
    EventName::FinalPlanSent,
    EventName::LastReviewCompleted,
    EventName::InstitutionTypeKnown,
    EventName::PlanTransferred,
]);
/// What ends a case as a whole.
const FINAL: u128 = set_of(&[
    EventName::PlanCeased,
    EventName::ChildDied,
    EventName::MovedArea,
    EventName::PlanTransferred,
    EventName::AppealWithdrawn,
    EventName::LaNotifiedFttNotOpposing,
]);
const TRANSFER: u128 = set_of(&[EventName::TransferToNcy, EventName::TransferOn]);
const ORDERS: u128 =
    set_of(&[EventName::FttOrderMade, EventName::LaNotifiedFttNotOpposing, EventName::MediationAgreement]);

/// Works out every date that the events set going, into `out`, which is emptied first and can be used again.
///
/// The events may stand in any order. The answers stand in the order of the events, and of the rules within one.
pub fn deadlines(events: &[Event], out: &mut Vec<Deadline>) {
    out.clear();
    let case = Case::new(events);
    for (index, event) in events.iter().enumerate() {
        let starts = &compiled::STARTS[event.name as usize];
        if starts.count == 0 {
            continue;
        }
        if event.name.bit() & OPENING != 0 && !opens_a_clock(&case, index) {
            continue;
        }
        start_all(&case, index, starts, out);
    }
}

fn start_all(case: &Case<'_>, index: usize, starts: &Starts, out: &mut Vec<Deadline>) {
    let event = case.events[index];
    for &id in &starts.rules[..starts.count] {
        let (rule, compiled) = (id.rule(), &COMPILED[id as usize]);
        if !may_start(case, rule, compiled, index) {
            continue;
        }
        if compiled.is_transfer {
            start_transfers(case, rule, compiled, event, out);
            continue;
        }
        // A gap only means that there is no date to show.
        let mut dates = Dates::default();
        if let Ok(bound) = counted(case, rule, compiled, event, false, &mut dates) {
            out.push(complete(case, rule, compiled, event, bound, &dates));
        }
    }
}

/// One date for each planned transfer, that is, for each thread that has its year group or its day.
#[cold]
fn start_transfers(case: &Case<'_>, rule: &'static Rule, compiled: &Compiled, birth: Event, out: &mut Vec<Deadline>) {
    case.each_of(TRANSFER, |place, _| {
        let subject = case.row(place).subject;
        let mut is_repeated = false;
        case.each_of(TRANSFER, |other, bit| {
            // A thread may have both its year group and its day: the first name, and its first event, stand for it.
            let comes_first = (bit, other) < (case.events[place].name.bit(), place);
            is_repeated |= comes_first && case.row(other).subject == subject;
        });
        let (trigger, mut dates) = (birth.about(subject), Dates::default());
        if !is_repeated && let Ok(bound) = counted(case, rule, compiled, trigger, false, &mut dates) {
            out.push(complete(case, rule, compiled, trigger, bound, &dates));
        }
    });
}

/// Whether a request (or becoming responsible) starts a clock: not while an earlier one is still open.
fn opens_a_clock(case: &Case<'_>, index: usize) -> bool {
    let event = case.events[index];
    let mut is_alone = true;
    case.each_of(OPENING, |place, _| is_alone &= place == index);
    if is_alone {
        return true;
    }
    for (place, earlier) in case.events.iter().enumerate() {
        if place == index || earlier.name.bit() & OPENING == 0 {
            continue;
        }
        let is_before = earlier.on < event.on || (earlier.on == event.on && place < index);
        let is_closed = || {
            case.events
                .iter()
                .any(|closing| closing.name.bit() & CLOSING != 0 && closing.on >= earlier.on && closing.on <= event.on)
        };
        if is_before && !is_closed() {
            return false;
        }
    }
    true
}

/// Whether the rule belongs to this case at all, beyond being triggered by the event's name.
fn may_start(case: &Case<'_>, rule: &Rule, compiled: &Compiled, index: usize) -> bool {
    let event = case.events[index];
    // Two triggers of one rule on one day (a completed review and its decision) are one trigger.
    if case.names & compiled.triggers & !event.name.bit() != 0 {
        let mut is_repeated = false;
        case.each_of(compiled.triggers & !event.name.bit(), |place, _| {
            let other = case.events[place];
            is_repeated |=
                place < index && other.on == event.on && (rule.scope == Scope::Case || other.subject == event.subject);
        });
        if is_repeated {
            return false;
        }
    }
    if !compiled.is_gated {
        return true;
    }
    if event.name.bit() & ORDERS != 0
        && let Fact::Order(kind) = event.fact
    {
        return rule.order_kinds.contains(&kind);
    }
    match rule.id {
        RuleId::DetainedDraftRepresentations15d => case.names & DETAINED != 0,
        RuleId::DraftRepresentations15d => case.names & DETAINED == 0,
        RuleId::PlanMayContinueToAfter25 => case.names & HAS_PLAN != 0,
        RuleId::SubjectAccessExtended3m => case.has(EventName::SarExtended),
        RuleId::ArFinalAmended8w | RuleId::ArDecisionNotToAmend8w | RuleId::ArAmendRepresentations15d => {
            follows_a_review(case, event)
        }
        RuleId::AmendWithoutReviewFinal8w | RuleId::AmendWithoutReviewRepresentations15d => {
            !follows_a_review(case, event)
        }
        _ => true,
    }
}

/// Whether the thread of a notice has a review meeting before it with no finished amendment in between.
fn follows_a_review(case: &Case<'_>, notice: Event) -> bool {
    if !case.has(EventName::ReviewMeeting) {
        return false;
    }
    let meeting = case
        .all(EventName::ReviewMeeting)
        .filter(|meeting| meeting.subject == notice.subject && meeting.on <= notice.on)
        .max_by_key(|meeting| meeting.on);
    const FINISHED: u128 =
        set_of(&[EventName::AmendedPlanSent, EventName::NotAmendingNotified, EventName::MaintainDecisionNotified]);
    meeting.is_some_and(|meeting| {
        let mut is_finished = false;
        case.each_of(FINISHED, |place, _| {
            let end = case.events[place];
            is_finished |= end.subject == notice.subject && end.on >= meeting.on && end.on < notice.on;
        });
        !is_finished
    })
}

/// Works out the date of one rule from one trigger.
///
/// `events` holds whatever else is known of the case; the trigger may stand among them or not. The question
/// is answered as put: no other event stops the rule from being asked.
///
/// # Errors
/// [`Fault::WrongTrigger`], [`Fault::MissingEvent`] where the date rests on another event,
/// [`Fault::DoesNotApply`] and [`Fault::NotInForce`].
pub fn deadline(rule: RuleId, trigger: Event, events: &[Event]) -> Result<Deadline, Fault> {
    let entry = rule.rule();
    if !entry.triggers.contains(&trigger.name) {
        let codes: Vec<_> = entry.triggers.iter().map(|name| format!("`{name}`")).collect();
        return Err(Fault::WrongTrigger { rule, given: trigger.name, wanted: codes.join(" or ") });
    }
    let case = Case::new(events);
    let compiled = &COMPILED[rule as usize];
    let mut dates = Dates::default();
    match counted(&case, entry, compiled, trigger, true, &mut dates) {
        Ok(bound) => Ok(complete(&case, entry, compiled, trigger, bound, &dates)),
        Err(Gap::Missing(event)) => Err(Fault::MissingEvent { rule, event }),
        Err(Gap::DoesNotApply(why)) => Err(Fault::DoesNotApply { rule, why }),
        Err(Gap::NotInForce) => {
            let since = entry.versions[0].in_force_from;
            Err(Fault::NotInForce { rule, on: trigger.on, since })
        }
    }
}

/// Fills in the days counted from a trigger; gives the trigger's day and the number of the version that binds it.
#[inline(always)]
fn counted(
    case: &Case<'_>,
    rule: &'static Rule,
    compiled: &Compiled,
    trigger: Event,
    is_strict: bool,
    dates: &mut Dates,
) -> Result<(Day, u8), Gap> {
    let tables = case.tables;
    let start = tables.day(trigger.on);
    // An age is reached long after the day it is counted from: the law of that later day decides.
    let is_age = trigger.name == EventName::DateOfBirth;
    let (mut version, current_from) = compiled.current;
    let is_current = is_age || trigger.on >= current_from;
    match compiled.shift {
        Some((due, safe)) if is_current => {
            dates.due = start + due;
            dates.safe = start + safe;
        }
        _ => {
            let bound =
                if is_current { rule.current_version() } else { rule.version_on(trigger.on).ok_or(Gap::NotInForce)? };
            version = bound.number;
            dates::count(case, rule, bound.count, trigger, start, is_strict, dates)?;
        }
    }
    if is_age {
        version = rule.version_on(tables.date(dates.due)).ok_or(Gap::NotInForce)?.number;
    }
    if let Some(name) = compiled.replaced_by
        && let from = replaced_from(compiled, trigger)
        && let Some(set) = case.first_on_or_after(name, from, trigger.subject)
    {
        dates.replace(tables.day(set.on));
    }
    Ok((start, version))
}

/// A date that takes the place of a count cannot lie before the trigger, unless the count runs backwards.
fn replaced_from(compiled: &Compiled, trigger: Event) -> Date {
    if compiled.is_counted_back { Date::MIN } else { trigger.on }
}

// In line, because handing a wide answer through memory costs more than working it out.
#[inline(always)]
fn complete(
    case: &Case<'_>,
    rule: &'static Rule,
    compiled: &Compiled,
    trigger: Event,
    (start, version): (Day, u8),
    dates: &Dates,
) -> Deadline {
    let tables = case.tables;
    let do_by = do_by(tables, compiled, start, dates);
    let window = Window { first: start.min(dates.due), last: dates.due.max(start), subject: trigger.subject };
    let disapplied = if case.names & compiled.exceptions == 0 {
        None
    } else {
        exceptions::first_that_applies(rule, compiled.is_relaxable, case, window)
    };
    let (met, ended) = outcome(case, compiled, trigger, start);
    let met_on = case.events.get(met).map(|event| event.on);
    let superseded_by = case.events.get(ended).copied();
    let rests_on_holidays = if dates.uses_holidays { start.min(dates.due) } else { do_by.min(dates.due) };
    Deadline {
        rule: rule.id,
        version,
        trigger,
        due_on: tables.date(dates.due),
        safe_day: tables.date(dates.safe),
        do_by: tables.date(do_by),
        send_by_target: dates.send_by().map(|day| tables.date(day)),
        disapplied,
        superseded_by,
        met_on,
        is_provisional: !tables.is_published(rests_on_holidays, dates.due.max(do_by)),
        is_assumed: dates.is_assumed,
        is_replaced: dates.is_replaced,
    }
}

fn do_by(tables: &WorkingDays, compiled: &Compiled, start: Day, dates: &Dates) -> Day {
    if compiled.is_earliest {
        return tables.on_or_after(dates.due);
    }
    let last_lawful = if dates.is_strictly_before { dates.safe } else { dates.due };
    let day = tables.on_or_before(last_lawful);
    // "At once" on a Sunday: the day before the trigger is no use to anybody.
    if day < start && !compiled.is_counted_back { tables.on_or_after(dates.due) } else { day }
}

/// No place in the list of events.
const NOWHERE: usize = usize::MAX;

/// The places of the event that met the duty and of the one that ended it; at most one of them is somewhere.
fn outcome(case: &Case<'_>, compiled: &Compiled, trigger: Event, start: Day) -> (usize, usize) {
    let concerns = (compiled.met | compiled.ended) & case.names;
    if concerns == 0 {
        return (NOWHERE, NOWHERE);
    }
    let in_thread = |row: &case::Row| compiled.is_any_thread || row.subject == trigger.subject;
    // The thread's next trigger: what happens after it belongs to that one. A request has no such bound,
    // because a further request while it is open starts nothing.
    let mut bound = if compiled.is_counted_back { Day::MIN } else { Day::MAX };
    if compiled.is_bounded && !case.is_only(compiled.triggers) {
        case.each_of(compiled.triggers, |index, _| {
            let row = case.row(index);
            let is_next = if compiled.is_counted_back { row.day < start } else { row.day > start };
            if is_next && in_thread(row) {
                bound = if compiled.is_counted_back { bound.max(row.day) } else { bound.min(row.day) };
            }
        });
    }
    let (mut met, mut met_day) = (NOWHERE, Day::MAX);
    let (mut ended, mut ended_day) = (NOWHERE, Day::MAX);
    case.each_of(concerns, |index, bit| {
        let row = case.row(index);
        // What meets a date that is counted back comes before the trigger. What ends it comes after: a decision
        // before the meeting is about the meeting before. Only the end of the whole case may come at any time.
        let (may_meet, may_end) = if compiled.is_counted_back {
            let is_before = row.day <= start && row.day > bound;
            (is_before, row.day >= start || (is_before && bit & FINAL != 0))
        } else if bit & compiled.triggers != 0 {
            (row.day > start, row.day > start)
        } else {
            let is_timely = row.day >= start && row.day <= bound;
            (is_timely, is_timely)
        };
        if may_meet && bit & compiled.met != 0 && is_first(row.day, index, met_day, met) && in_thread(row) {
            (met, met_day) = (index, row.day);
        }
        if may_end
            && bit & compiled.ended != 0
            && is_first(row.day, index, ended_day, ended)
            && (row.subject == 0 || in_thread(row))
            && really_ends(case, case.events[index], trigger)
        {
            (ended, ended_day) = (index, row.day);
        }
    });
    if met != NOWHERE && met_day <= ended_day { (met, NOWHERE) } else { (NOWHERE, ended) }
}

/// Whether an event comes before the one found so far: by its day, and on one day by its place.
fn is_first(day: Day, index: usize, found_day: Day, found: usize) -> bool {
    day < found_day || (day == found_day && index < found)
}

/// A family that moves in on the day the old area let go has not left; a refusal taken back before any appeal
/// leaves the first dates standing.
fn really_ends(case: &Case<'_>, event: Event, trigger: Event) -> bool {
    match event.name {
        EventName::MovedArea => event.on > trigger.on,
        EventName::InitialRefusal => !case.all(EventName::LaConcededBeforeAppeal).any(|e| e.on >= event.on),
        _ => true,
    }
}

/// Whether a date is nobody's legal or guided duty but a help for planning.
pub fn is_planning_date(deadline: &Deadline) -> bool {
    deadline.rule().strength == Strength::Derived
}
