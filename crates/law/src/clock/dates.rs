//! From a trigger to a day: the arithmetic of every way of counting.

use super::Case;
use crate::calendar::day::{self, Day};
use crate::calendar::{self, InstitutionType, tribunal_roll_day};
use crate::events::{Event, EventName, Fact};
use crate::rulebook::{Count, Rule};

/// The days of one answer. Filled in place, field by field: copied whole, it costs more than the sums.
#[derive(Debug)]
pub(crate) struct Dates {
    pub due: Day,
    pub safe: Day,
    /// [`NO_DAY`] where there is none.
    send_by: Day,
    /// Whether bank holidays went into the count itself.
    pub uses_holidays: bool,
    /// Whether the law says "before" the date.
    pub is_strictly_before: bool,
    pub is_assumed: bool,
    pub is_replaced: bool,
}

/// Why there is no day.
pub(super) enum Gap {
    Missing(EventName),
    DoesNotApply(&'static str),
    NotInForce,
}

const NO_DAY: Day = Day::MIN;

impl Default for Dates {
    #[inline(always)]
    fn default() -> Self {
        Self {
            due: 0,
            safe: 0,
            send_by: NO_DAY,
            uses_holidays: false,
            is_strictly_before: false,
            is_assumed: false,
            is_replaced: false,
        }
    }
}

impl Dates {
    /// The day on which a careful sender sends a notice.
    #[inline(always)]
    pub fn send_by(&self) -> Option<Day> {
        (self.send_by != NO_DAY).then_some(self.send_by)
    }

    /// A day set by the tribunal or agreed in writing, in place of the one counted.
    pub fn replace(&mut self, due: Day) {
        *self = Self { is_replaced: true, ..Self::default() };
        self.set(due);
    }

    /// A day that is safe to the last.
    #[inline(always)]
    pub fn set(&mut self, due: Day) -> &mut Self {
        self.due = due;
        self.safe = due;
        self
    }

    /// A day before which the careful act.
    #[inline(always)]
    fn safe(&mut self, safe: Day) -> &mut Self {
        self.safe = safe.min(self.due);
        self
    }

    /// A day that some would count as one too late: the careful act the day before.
    #[inline(always)]
    fn set_or_day_before(&mut self, due: Day) -> &mut Self {
        self.set(due).safe(due - 1)
    }

    #[inline(always)]
    fn holidays(&mut self) -> &mut Self {
        self.uses_holidays = true;
        self
    }
}

/// Whether the date lies before what it is counted from.
pub(crate) const fn is_counted_back(count: Count) -> bool {
    matches!(count, Count::WeeksBefore(_) | Count::WorkingDaysBefore(_) | Count::MonthsBefore(_))
}

/// The days of a rule from its trigger `x`. In a strict question a missing fact is a gap; otherwise the cautious
/// reading is taken.
#[inline(always)]
pub(super) fn count(
    case: &Case<'_>,
    rule: &Rule,
    count: Count,
    trigger: Event,
    x: Day,
    is_strict: bool,
    dates: &mut Dates,
) -> Result<(), Gap> {
    let tables = case.tables;
    match count {
        Count::Weeks(n) => {
            if rule.id == crate::RuleId::DetainedReleasedMidwayFinal20w {
                released_midway(case, is_strict)?;
            }
            dates.set_or_day_before(x + 7 * n);
        }
        Count::Days(n) => {
            dates.set_or_day_before(x + n);
        }
        Count::DaysBeginning(n) => {
            dates.set(x + n - 1);
        }
        Count::AfterDaysBeginning(n) => {
            dates.set(x + n);
        }
        Count::Months(n) => {
            dates.set_or_day_before(tables.corresponding(x, n).0);
        }
        Count::MonthsBeginning(n) => {
            dates.set(tables.months_beg(x, n));
        }
        Count::MonthsBeginningLessDays(n, days) => {
            dates.set(tables.months_beg(x, n) - days);
        }
        Count::WorkingDays(n) => {
            dates.set(tables.after(x, n)).safe(tables.after(x - 1, n)).holidays();
        }
        Count::WorkingDaysBeginning(n) => {
            let on_move = moved_at_once(case, trigger, x, n);
            dates.set(on_move.unwrap_or_else(|| tables.after(x - 1, n))).holidays();
        }
        Count::WorkingDaysBeginningOrMove(n) => {
            dates.is_assumed = !case.has(EventName::Move);
            if is_strict && dates.is_assumed {
                return Err(Gap::Missing(EventName::Move));
            }
            let on_move = moved_at_once(case, trigger, x, n);
            dates.set(on_move.unwrap_or_else(|| tables.after(x - 1, n))).holidays();
        }
        Count::WeeksBefore(n) => {
            dates.set_or_day_before(x - 7 * n);
            dates.send_by = dates.safe;
        }
        Count::WorkingDaysBefore(n) => {
            let due = tables.before(x, n);
            dates.set(due).safe(tables.before(due, 1)).holidays();
            dates.send_by = dates.safe;
        }
        Count::MonthsBefore(n) => {
            dates.set_or_day_before(tables.corresponding(x, -n).0);
        }
        Count::MonthsThenWorkingDay(n) => {
            let label = tables.corresponding(x, n).0;
            dates.set(tables.on_or_after(label)).safe(label - 1).holidays();
        }
        Count::AtOnce => {
            dates.set(x);
        }
        Count::Appeal => {
            let label = appeal_label(case, trigger, x);
            dates.set(tribunal_roll_day(label)).safe(label - 1).holidays();
        }
        Count::AfterAppeal => {
            dates.set(tribunal_roll_day(appeal_label(case, trigger, x)) + 1).holidays();
        }
        Count::TribunalWorkingDays(n) => {
            dates.set(tables.tribunal_after(x, n)).safe(tables.tribunal_after(x - 1, n)).holidays();
        }
        Count::BeforeTransfer(month, day_of_month, weeks) => {
            let label = before_transfer(case, trigger, (month, day_of_month))?;
            if weeks > 0 {
                dates.set(label - 7 * weeks);
            } else {
                dates.set_or_day_before(label).is_strictly_before = true;
            }
        }
        Count::TransferReview => transfer_review(case, trigger, x, is_strict, dates)?,
        Count::StartOfYearGroup(year_group) => {
            let years_out = years_out(case);
            let start = calendar::start_of_national_curriculum_year(trigger.on, year_group, years_out);
            dates.set(tables.day(start));
        }
        Count::CompulsoryAgeStarts => {
            dates.set(tables.day(calendar::compulsory_school_age_starts(trigger.on)));
        }
        Count::CompulsoryAgeEnds(less) => {
            dates.set(tables.day(calendar::compulsory_school_age_ends(trigger.on)) - less);
        }
        Count::AfterTwentyFive => after_twenty_five(case, trigger, is_strict, dates)?,
        Count::Fixed(on) => {
            if trigger.on >= jiff::civil::date(2024, 9, 1) {
                return Err(Gap::DoesNotApply(
                    "the older award counts only if the course was begun before 1 September 2024",
                ));
            }
            dates.set(tables.day(on));
        }
    }
    Ok(())
}

/// The day of the move, where it was known at least `n` working days ahead (regulations 15(2) and 16).
fn moved_at_once(case: &Case<'_>, aware: Event, x: Day, n: i32) -> Option<Day> {
    let moves = case.first_on_or_after(EventName::Move, aware.on, aware.subject)?;
    let day = case.tables.day(moves.on);
    (x <= case.tables.before(day, n)).then_some(day)
}

fn released_midway(case: &Case<'_>, is_strict: bool) -> Result<(), Gap> {
    if !case.has(EventName::Released) {
        return Err(if is_strict {
            Gap::Missing(EventName::Released)
        } else {
            Gap::DoesNotApply("there is no release")
        });
    }
    match case.find(EventName::SameAuthority).map(|event| event.fact) {
        Some(Fact::Yes(false)) => {
            Err(Gap::DoesNotApply("another council has taken over, so its own clock runs from then"))
        }
        _ => Ok(()),
    }
}

/// Two months from the notice, or one from the mediation certificate if that is later; the roll comes after.
fn appeal_label(case: &Case<'_>, trigger: Event, x: Day) -> Day {
    let tables = case.tables;
    let two_months = tables.corresponding(x, 2).0;
    let name = EventName::MediationCertificateIssued;
    match case.first_on_or_after(name, trigger.on, trigger.subject) {
        Some(certificate) => two_months.max(tables.corresponding(tables.day(certificate.on), 1).0),
        None => two_months,
    }
}

/// Years out of the year group of their age: -1 for one year behind.
fn years_out(case: &Case<'_>) -> i8 {
    match case.find(EventName::EducatedOutOfCohort).map(|event| event.fact) {
        Some(Fact::YearsOut(years)) => years,
        _ => 0,
    }
}

/// Before 15 February (or 31 March for a move to a post-16 institution) of the calendar year of the transfer.
fn before_transfer(case: &Case<'_>, birth: Event, label: (i32, i32)) -> Result<Day, Gap> {
    let of_thread = |name| {
        let own = case.all(name).find(|event| event.subject == birth.subject);
        own.or_else(|| case.find(name))
    };
    let year_group = match of_thread(EventName::TransferToNcy).map(|event| event.fact) {
        Some(Fact::YearGroup(year_group)) => Some(i32::from(year_group)),
        _ => None,
    };
    let reception = i32::from(calendar::reception_year(birth.on));
    let years_out = i32::from(years_out(case));
    let (year_group, year) = match (year_group, of_thread(EventName::TransferOn)) {
        (None, None) => return Err(Gap::Missing(EventName::TransferToNcy)),
        (Some(group), None) => (group, reception + group - years_out),
        (Some(group), Some(on)) => (group, i32::from(on.on.year())),
        (None, Some(on)) => (i32::from(calendar::school_year(on.on)) - reception + years_out, i32::from(on.on.year())),
    };
    let (month, day_of_month) = match label {
        (2, _) if year_group >= 12 => {
            return Err(Gap::DoesNotApply("a move into Year 12 or later has the limit of 31 March"));
        }
        (3, _) if year_group < 12 => {
            return Err(Gap::DoesNotApply("a move before Year 12 has the limit of 15 February"));
        }
        (0, _) if year_group >= 12 => (3, 31),
        (0, _) => (2, 15),
        label => label,
    };
    Ok(day::from_civil(year, month, day_of_month))
}

fn transfer_review(case: &Case<'_>, trigger: Event, x: Day, is_strict: bool, dates: &mut Dates) -> Result<(), Gap> {
    let tables = case.tables;
    let mut due = tables.months_beg(x, 3);
    let made =
        case.all(EventName::PlanMadeOrLastReview).filter(|event| event.on <= trigger.on).max_by_key(|event| event.on);
    match made {
        Some(made) => due = due.max(tables.months_beg(tables.day(made.on), 12)),
        None if is_strict => return Err(Gap::Missing(EventName::PlanMadeOrLastReview)),
        None => dates.is_assumed = true,
    }
    dates.set(due);
    Ok(())
}

fn after_twenty_five(case: &Case<'_>, birth: Event, is_strict: bool, dates: &mut Dates) -> Result<(), Gap> {
    let institution = match case.find(EventName::InstitutionTypeKnown).map(|event| event.fact) {
        Some(Fact::Institution(institution)) => institution,
        _ if is_strict => return Err(Gap::Missing(EventName::InstitutionTypeKnown)),
        _ => {
            dates.is_assumed = true;
            InstitutionType::FurtherEducation
        }
    };
    let twenty_fifth = calendar::birthday(birth.on, 25);
    let ends = case.first_on_or_after(EventName::CourseEnds, twenty_fifth, 0).map(|event| event.on);
    dates.set(case.tables.day(calendar::plan_may_continue_to(birth.on, institution, ends)));
    Ok(())
}
