//! In which order should an officer work? By harm to the child, with the reason said.
//!
//! A date that can still be kept today comes before one already missed, because today is the last
//! day on which it can be kept; a child out of school comes before a paper that is late. Weights
//! are a table, so that an area can see and argue with them.

use crate::Case;
use jiff::civil::Date;
use law::RuleId;
use law::rulebook::{Kind, Strength};
use strum::{Display, EnumIter, IntoEnumIterator, IntoStaticStr};

/// Why a case stands where it does in the day's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, IntoStaticStr, Display)]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// A legal limit ends today and can still be kept.
    LimitEndsToday,
    OutOfEducation,
    /// A plan older than a year that no review meeting has ever looked at.
    NeverReviewed,
    /// The last safe day for a step that a phase transfer needs.
    LastSafeDayForTransfer,
    MeetingToday,
    LimitPassed,
    LimitWithinAWeek,
    AdviceLate,
    LimitWithinAFortnight,
}

impl Reason {
    /// Points. The sum orders the list.
    pub fn weight(self) -> u32 {
        match self {
            Reason::LimitEndsToday => 100,
            Reason::OutOfEducation => 45,
            Reason::NeverReviewed => 40,
            Reason::LastSafeDayForTransfer => 110,
            Reason::MeetingToday => 60,
            Reason::LimitPassed => 30,
            Reason::LimitWithinAWeek => 25,
            Reason::AdviceLate => 10,
            Reason::LimitWithinAFortnight => 8,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Reason::LimitEndsToday => "A legal limit ends today",
            Reason::OutOfEducation => "Out of school",
            Reason::NeverReviewed => "Never reviewed",
            Reason::LastSafeDayForTransfer => "Last safe day for a step before moving school",
            Reason::MeetingToday => "Review meeting today",
            Reason::LimitPassed => "A legal limit has passed",
            Reason::LimitWithinAWeek => "A legal limit within a week",
            Reason::AdviceLate => "Advice is late",
            Reason::LimitWithinAFortnight => "A legal limit within two weeks",
        }
    }

    pub fn all() -> impl Iterator<Item = Reason> {
        Reason::iter()
    }
}

/// What the order is worked out from: small facts that a list can hold for every case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Open limits: rule, last safe day, due day, strength.
    pub limits: Vec<Limit>,
    pub out_of_education_since: Option<Date>,
    pub plan_first_made_on: Option<Date>,
    pub ever_reviewed: bool,
    pub meeting_on: Option<Date>,
}

/// Limits this many days ahead belong to a day's list.
pub const DAYS_AHEAD: i32 = 14;

impl Facts {
    /// The facts of one case, as a list holds them on `today`.
    pub fn of(case: &Case, today: Date) -> Facts {
        let until = law::calendar::days(today, DAYS_AHEAD);
        let is_open = |d: &law::Deadline| d.met_on.is_none() && d.superseded_by.is_none() && d.disapplied.is_none();
        Facts {
            limits: case
                .deadlines()
                .iter()
                .filter(|d| is_open(d) && d.rule().kind == Kind::Duty && d.due_on <= until)
                .map(|d| Limit { rule: d.rule, due_on: d.due_on, strength: d.rule().strength })
                .collect(),
            out_of_education_since: case.out_of_education_since,
            plan_first_made_on: case.plan_in_force().map(|plan| plan.first_made_on),
            ever_reviewed: case.reviews.iter().any(|review| review.held),
            meeting_on: case.next_meeting_on(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub rule: RuleId,
    pub due_on: Date,
    pub strength: Strength,
}

/// One reason as it applies to one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    pub reason: Reason,
    pub rule: Option<RuleId>,
    pub on: Option<Date>,
    pub points: u32,
}

/// Points and reasons, heaviest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rank {
    pub points: u32,
    pub because: Vec<Because>,
}

/// How urgent a case is on `today`, and why.
pub fn rank(facts: &Facts, today: Date) -> Rank {
    let mut because: Vec<Because> = Vec::new();
    let mut add = |reason: Reason, rule: Option<RuleId>, on: Option<Date>, extra: u32| {
        because.push(Because { reason, rule, on, points: reason.weight() + extra });
    };
    let mut worst_passed: Option<(Limit, i32)> = None;
    for limit in &facts.limits {
        let days = (limit.due_on - today).get_days();
        match limit.rule {
            RuleId::AdviceReply6w => {
                if days < 0 {
                    add(Reason::AdviceLate, Some(limit.rule), Some(limit.due_on), 0);
                }
                continue;
            }
            // After this day the report, the decision, the notice and the family's 15 days no longer
            // all fit before the move.
            RuleId::PhaseTransferMeeting12w if days == 0 => {
                add(Reason::LastSafeDayForTransfer, Some(limit.rule), Some(limit.due_on), 0);
                continue;
            }
            // What had to be done before a meeting that has been held cannot be done any more.
            RuleId::ArNoticeOfMeeting2w | RuleId::ArCirculateAdvice2w if days < 0 => continue,
            _ if limit.strength != Strength::Must => continue,
            _ => {}
        }
        match days {
            0 => add(Reason::LimitEndsToday, Some(limit.rule), Some(limit.due_on), 0),
            1..=7 => add(Reason::LimitWithinAWeek, Some(limit.rule), Some(limit.due_on), 0),
            8..=14 => add(Reason::LimitWithinAFortnight, Some(limit.rule), Some(limit.due_on), 0),
            days if days < 0 && worst_passed.is_none_or(|(_, worst)| days < worst) => {
                worst_passed = Some((*limit, days));
            }
            _ => {}
        }
    }
    if let Some((limit, days)) = worst_passed {
        // A week late adds a point, up to ten: lateness matters, but never more than a child out of school.
        let weeks_late = u32::try_from(-days / 7).unwrap_or(0).min(10);
        add(Reason::LimitPassed, Some(limit.rule), Some(limit.due_on), weeks_late);
    }
    if let Some(since) = facts.out_of_education_since {
        add(Reason::OutOfEducation, None, Some(since), 0);
    }
    if let Some(made) = facts.plan_first_made_on
        && !facts.ever_reviewed
        && law::calendar::months_beg(made, 12) < today
    {
        add(Reason::NeverReviewed, None, Some(made), 0);
    }
    if facts.meeting_on == Some(today) {
        add(Reason::MeetingToday, None, facts.meeting_on, 0);
    }
    // Several late items of one kind count once: a case is not worse for having more papers.
    because.sort_by_key(|b| std::cmp::Reverse(b.points));
    let mut seen: Vec<Reason> = Vec::new();
    because.retain(|b| {
        let first = !seen.contains(&b.reason);
        seen.push(b.reason);
        first
    });
    // What can still be kept today stays on top of what cannot.
    let ends_today = because.iter().any(|b| b.reason == Reason::LimitEndsToday);
    let total: u32 = because.iter().map(|b| b.points).sum();
    let points = if ends_today { total + 100 } else { total };
    Rank { points, because }
}
