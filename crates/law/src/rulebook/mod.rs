//! What does each rule say, who must act, on whose authority, since when?
//!
//! Rules are data. Each has its duty in plain words, its authority, how it is counted, which events start,
//! meet and end it, which exceptions its own text allows, and one or more dated versions. The tables are
//! split by the piece of work: `assessment`, `reviews`, `ages`, `moves`, `disputes`, `orders`, `other`.

mod ages;
mod assessment;
mod disputes;
mod ids;
mod moves;
mod orders;
mod other;
mod reviews;

use jiff::civil::{Date, date};

use crate::events::{EventName, OrderKind};
use crate::exceptions::Limb;
pub use ids::{RuleId, UnknownRule};

/// Who has the duty, or the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DutyHolder {
    /// The local authority.
    LocalAuthority,
    /// The local authority that the family moved from.
    OldLocalAuthority,
    /// The local authority that the family moved to.
    NewLocalAuthority,
    /// The integrated care board (the responsible commissioning body).
    HealthBoard,
    /// Whoever was asked for advice.
    Adviser,
    /// A nursery, school or college.
    Institution,
    /// The child’s parent, or the young person.
    Family,
    /// The mediation adviser.
    MediationAdviser,
    /// A school’s SENCO or its governing body.
    School,
}

impl DutyHolder {
    /// In plain words, to begin a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::LocalAuthority => "The council",
            Self::OldLocalAuthority => "The old council",
            Self::NewLocalAuthority => "The new council",
            Self::HealthBoard => "The health board",
            Self::Adviser => "The adviser",
            Self::Institution => "The school or college",
            Self::Family => "The family",
            Self::MediationAdviser => "The mediation adviser",
            Self::School => "The school",
        }
    }
}

/// How binding the rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strength {
    /// An Act, regulations, procedure rules or a tribunal's direction.
    Must,
    /// Statutory guidance: to be followed unless there is a good reason.
    Should,
    /// A planning date worked out from other dates; nobody’s legal limit.
    Derived,
}

impl Strength {
    /// In plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Must => "This is the law. It must be done.",
            Self::Should => "This is guidance. It should be done unless there is a good reason not to.",
            Self::Derived => "This is a planning date. No law sets it.",
        }
    }
}

/// What sort of date the rule gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Somebody must act by it.
    Duty,
    /// A time in which the family may act; after it the chance may be lost.
    Time,
    /// The first day on which something may be done.
    Earliest,
    /// A point in a life, or a day from which a standing duty runs.
    Marker,
}

/// How well the text behind a rule is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Confidence {
    /// The operative text was read.
    Verified,
    /// Confirmed in one or more secondary sources.
    Secondary,
    /// The paragraph number, or part of the wording, has not been checked against the text.
    Unchecked,
}

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    /// Instrument, regulation and paragraph.
    pub citation: &'static str,
    /// Where to read it.
    pub link: &'static str,
    /// How well the text is known.
    pub confidence: Confidence,
}

/// The day to which the law behind these tables was read.
pub const READ_ON: Date = date(2026, 6, 15);

/// Whether events of other threads count for this rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The whole case: any thread may start, meet or end it.
    Case,
    /// One thread: only events of the same subject (or of the case itself, to end it).
    Thread,
}

/// How the date follows from the trigger. The conventions C1 to C11 are those of decision record 0002.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// C1.
    Weeks(i32),
    /// C2.
    Days(i32),
    /// C3.
    DaysBeginning(i32),
    /// The day after the last of N days that begin with the trigger.
    AfterDaysBeginning(i32),
    /// C4.
    Months(i32),
    /// C5.
    MonthsBeginning(i32),
    /// C5, then back some days: a planning date inside the period.
    MonthsBeginningLessDays(i32, i32),
    /// C6.
    WorkingDays(i32),
    /// C7.
    WorkingDaysBeginning(i32),
    /// C7, or the day of the move where that was known at least as many working days ahead.
    WorkingDaysBeginningOrMove(i32),
    /// C8.
    WeeksBefore(i32),
    /// C9.
    WorkingDaysBefore(i32),
    /// C10.
    MonthsBefore(i32),
    /// C4, then the next working day if it is not one.
    MonthsThenWorkingDay(i32),
    /// The same day.
    AtOnce,
    /// Two months from the notice or one from the mediation certificate, the later, then the tribunal's roll.
    Appeal,
    /// The day after the time to appeal ends.
    AfterAppeal,
    /// Working days that leave out August and 25 December to 1 January.
    TribunalWorkingDays(i32),
    /// C11, in the calendar year of the transfer: month, day, and weeks back from it for a planning date.
    BeforeTransfer(i32, i32, i32),
    /// The later of 12 months beginning with the plan or its last review, and 3 beginning with the transfer.
    TransferReview,
    /// 1 September on which a national curriculum year starts.
    StartOfYearGroup(i8),
    /// Beginning of compulsory school age.
    CompulsoryAgeStarts,
    /// End of compulsory school age, less some days for a planning date.
    CompulsoryAgeEnds(i32),
    /// End of the academic year of the 25th birthday.
    AfterTwentyFive,
    /// A day fixed by the instrument itself, for triggers before its first bound.
    Fixed(Date),
}

/// A rule as it stood between two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// 1 is the first.
    pub number: u8,
    /// First day in force.
    pub in_force_from: Date,
    /// Last day in force; `None` while it stands.
    pub in_force_to: Option<Date>,
    /// How it was counted.
    pub count: Count,
    /// Whether the 2020 coronavirus relaxation was part of it.
    pub is_relaxed: bool,
    /// The instrument that made this version, and what was different.
    pub note: &'static str,
}

/// One time limit, age point or planning date.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// The duty in a few plain words.
    pub title: &'static str,
    /// One plain sentence with `{due}` where the date goes.
    pub sentence: &'static str,
    /// Who must act, or whose time it is.
    pub duty_holder: DutyHolder,
    /// What sort of date.
    pub kind: Kind,
    /// How binding.
    pub strength: Strength,
    /// Whether it must be done as soon as practicable, the date being only the outer limit.
    pub is_asap: bool,
    /// The events that start it.
    pub triggers: &'static [EventName],
    /// Whether other threads count.
    pub scope: Scope,
    /// Who says so.
    pub authority: Authority,
    /// The exceptions in its own text, each with its citation.
    pub limbs: &'static [(Limb, &'static str)],
    /// Other events that it looks at to find the date.
    pub also_looks_at: &'static [EventName],
    /// An event whose date takes the place of the count: a tribunal's direction, or a written agreement.
    pub replaced_by: Option<EventName>,
    /// For an order, concession or agreement: which kinds start this rule. Empty for other rules.
    pub order_kinds: &'static [OrderKind],
    /// The events that meet it.
    pub met_by: &'static [EventName],
    /// The events that end it without its being met.
    pub ended_by: &'static [EventName],
    /// Its versions, oldest first, without gaps.
    pub versions: &'static [Version],
    /// What the family can do if the date passes.
    pub if_it_passes: &'static str,
}

impl Rule {
    /// The code used in case files.
    pub fn code(&self) -> &'static str {
        self.id.as_str()
    }

    /// The version in force on a day; `None` before the first.
    pub fn version_on(&self, on: Date) -> Option<&'static Version> {
        self.versions.iter().rev().find(|version| version.in_force_from <= on)
    }

    /// The version that stands now.
    pub fn current_version(&self) -> &'static Version {
        &self.versions[self.versions.len() - 1]
    }
}

impl RuleId {
    /// The rule of that name.
    pub fn rule(self) -> &'static Rule {
        TABLE_STATIC[self as usize]
    }
}

/// Every rule, in the order of [`RuleId`].
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    TABLE_STATIC.iter().copied()
}

/// The SEND Regulations 2014 and Part 3 of the Children and Families Act 2014 come into force.
pub(crate) const COMMENCEMENT: Date = date(2014, 9, 1);
/// First day of the coronavirus relaxation (SI 2020/471).
pub const RELAXATION_FROM: Date = date(2020, 5, 1);
/// Last day of the coronavirus relaxation.
pub const RELAXATION_TO: Date = date(2020, 9, 25);

const fn version(number: u8, in_force_from: Date, in_force_to: Option<Date>, count: Count) -> Version {
    Version { number, in_force_from, in_force_to, count, is_relaxed: false, note: "" }
}

/// A rule that has stood unchanged since a day.
const fn since(in_force_from: Date, count: Count) -> [Version; 1] {
    [version(1, in_force_from, None, count)]
}

/// A rule of the 2014 scheme that has stood unchanged.
const fn standing(count: Count) -> [Version; 1] {
    since(COMMENCEMENT, count)
}

/// A rule that stood alike before and after the coronavirus relaxation, and was relaxed during it.
const fn relaxed_since(in_force_from: Date, count: Count) -> [Version; 3] {
    let mut relaxed = version(2, RELAXATION_FROM, Some(RELAXATION_TO), count);
    relaxed.is_relaxed = true;
    relaxed.note = "SEND (Coronavirus) (Amendment) Regulations 2020 (SI 2020/471): where a reason to do with coronavirus made the limit impractical, it became 'as soon as reasonably practicable'.";
    let mut after = version(3, date(2020, 9, 26), None, count);
    after.note = "SI 2020/471 ceased to have effect after 25 September 2020.";
    [version(1, in_force_from, Some(date(2020, 4, 30)), count), relaxed, after]
}

/// A rule of the 2014 scheme with the coronavirus relaxation.
const fn relaxed(count: Count) -> [Version; 3] {
    relaxed_since(COMMENCEMENT, count)
}

const SEND_REGS: &str = "https://www.legislation.gov.uk/uksi/2014/1530";
const CFA: &str = "https://www.legislation.gov.uk/ukpga/2014/6";
const CODE: &str = "https://www.gov.uk/government/publications/send-code-of-practice-0-to-25";
const HESC: &str = "https://www.legislation.gov.uk/uksi/2008/2699";

const fn verified(citation: &'static str, link: &'static str) -> Authority {
    Authority { citation, link, confidence: Confidence::Verified }
}

const fn secondary(citation: &'static str, link: &'static str) -> Authority {
    Authority { citation, link, confidence: Confidence::Secondary }
}

const fn unchecked(citation: &'static str, link: &'static str) -> Authority {
    Authority { citation, link, confidence: Confidence::Unchecked }
}

/// What a rule is unless its entry says otherwise.
const BASE: Rule = Rule {
    id: RuleId::ConsultParentAsap,
    title: "",
    sentence: "",
    duty_holder: DutyHolder::LocalAuthority,
    kind: Kind::Duty,
    strength: Strength::Must,
    is_asap: false,
    triggers: &[],
    scope: Scope::Case,
    authority: unchecked("", ""),
    limbs: &[],
    also_looks_at: &[],
    replaced_by: None,
    order_kinds: &[],
    met_by: &[],
    ended_by: &[],
    versions: &[],
    if_it_passes: "",
};

const COUNT_OF_RULES: usize = RuleId::ALL.len();

const TABLES: [&[Rule]; 7] =
    [&assessment::RULES, &reviews::RULES, &ages::RULES, &moves::RULES, &disputes::RULES, &orders::RULES, &other::RULES];

/// The tables laid out by [`RuleId`]. A rule without an entry, or with two, stops the build.
pub(crate) const TABLE: [&Rule; COUNT_OF_RULES] = {
    let mut rules: [Option<&Rule>; COUNT_OF_RULES] = [None; COUNT_OF_RULES];
    let mut table = 0;
    while table < TABLES.len() {
        let mut row = 0;
        while row < TABLES[table].len() {
            let rule = &TABLES[table][row];
            assert!(rules[rule.id as usize].is_none(), "a rule has two entries");
            assert!(!rule.versions.is_empty(), "a rule has no version");
            rules[rule.id as usize] = Some(rule);
            row += 1;
        }
        table += 1;
    }
    let mut filled = [&BASE; COUNT_OF_RULES];
    let mut index = 0;
    while index < COUNT_OF_RULES {
        match rules[index] {
            Some(rule) => filled[index] = rule,
            None => panic!("a rule has no entry"),
        }
        index += 1;
    }
    filled
};

static TABLE_STATIC: [&Rule; COUNT_OF_RULES] = TABLE;
