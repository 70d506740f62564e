//! The rulebook turned into bit sets, worked out when the crate is built.

use jiff::civil::Date;

use super::dates::is_counted_back;
use crate::events::{EventName, set_of};
use crate::rulebook::{Count, Kind, Rule, RuleId, Scope, TABLE};

/// What is asked of a rule for every date, close together in memory.
pub(super) struct Compiled {
    pub triggers: u128,
    pub met: u128,
    pub ended: u128,
    /// The events without which no exception can apply.
    pub exceptions: u128,
    /// Whether the 2020 relaxation ever reached it.
    pub is_relaxable: bool,
    /// Whether what happens after the next trigger belongs to that trigger.
    pub is_bounded: bool,
    /// Whether the date lies before the trigger.
    pub is_counted_back: bool,
    /// Whether it runs once for each planned transfer.
    pub is_transfer: bool,
    /// Where every version only adds days, how many: to the date and to the safe day.
    pub shift: Option<(i32, i32)>,
    /// Whether more than its trigger decides if it runs in a case.
    pub is_gated: bool,
    /// Whether events of any thread concern it.
    pub is_any_thread: bool,
    /// Whether it gives the first day on which something may be done.
    pub is_earliest: bool,
    /// An event whose date takes the place of the count.
    pub replaced_by: Option<EventName>,
    /// The number of the version that stands, and its first day.
    pub current: (u8, Date),
}

/// The rules that an event starts.
pub(super) struct Starts {
    pub rules: [RuleId; MOST],
    pub count: usize,
}

/// No event starts more rules than this; the build stops if one does.
const MOST: usize = 12;
const RULES: usize = RuleId::ALL.len();
const EVENTS: usize = EventName::ALL.len();

pub(super) static COMPILED: [Compiled; RULES] = {
    let mut all = [const {
        Compiled {
            triggers: 0,
            met: 0,
            ended: 0,
            exceptions: 0,
            is_relaxable: false,
            is_bounded: true,
            is_counted_back: false,
            is_transfer: false,
            shift: None,
            is_gated: false,
            is_any_thread: false,
            is_earliest: false,
            replaced_by: None,
            current: (0, Date::ZERO),
        }
    }; RULES];
    let mut index = 0;
    while index < RULES {
        let rule = TABLE[index];
        let mut exceptions = 0;
        let mut limb = 0;
        while limb < rule.limbs.len() {
            exceptions |= set_of(rule.limbs[limb].0.first_events());
            limb += 1;
        }
        let mut is_relaxable = false;
        let mut version = 0;
        while version < rule.versions.len() {
            is_relaxable = is_relaxable || rule.versions[version].is_relaxed;
            version += 1;
        }
        if is_relaxable {
            exceptions |= EventName::CoronavirusReason.bit();
        }
        let triggers = set_of(rule.triggers);
        let opening = EventName::RequestReceived.bit() | EventName::RequestReceivedOrBroughtToAttention.bit();
        // Whoever dies has no more limits, whatever the rule; an age point is left as a fact.
        let died = if matches!(rule.kind, Kind::Marker) { 0 } else { EventName::ChildDied.bit() };
        let count = rule.versions[0].count;
        let current = &rule.versions[rule.versions.len() - 1];
        let is_transfer = matches!(count, Count::BeforeTransfer(..));
        all[index] = Compiled {
            triggers,
            met: set_of(rule.met_by),
            ended: set_of(rule.ended_by) | died,
            exceptions,
            is_relaxable,
            is_bounded: triggers & opening == 0,
            is_counted_back: is_counted_back(count),
            is_transfer,
            shift: shift(rule),
            is_gated: is_gated(rule.id) || !rule.order_kinds.is_empty(),
            is_any_thread: matches!(rule.scope, Scope::Case) && !is_transfer,
            is_earliest: matches!(rule.kind, Kind::Earliest),
            replaced_by: rule.replaced_by,
            current: (current.number, current.in_force_from),
        };
        index += 1;
    }
    all
};

pub(super) static STARTS: [Starts; EVENTS] = {
    let mut all = [const { Starts { rules: [RuleId::ConsultParentAsap; MOST], count: 0 } }; EVENTS];
    let mut index = 0;
    while index < RULES {
        let triggers = TABLE[index].triggers;
        let mut trigger = 0;
        while trigger < triggers.len() {
            let event = triggers[trigger] as usize;
            let count = all[event].count;
            all[event].rules[count] = TABLE[index].id;
            all[event].count = count + 1;
            trigger += 1;
        }
        index += 1;
    }
    all
};

/// The days to add, where that is all there is to it and all versions agree.
const fn shift(rule: &Rule) -> Option<(i32, i32)> {
    let first = shift_of(rule.versions[0].count);
    let mut version = 1;
    while version < rule.versions.len() {
        match (first, shift_of(rule.versions[version].count)) {
            (Some((due, safe)), Some((other_due, other_safe))) if due == other_due && safe == other_safe => {}
            _ => return None,
        }
        version += 1;
    }
    if matches!(rule.id, RuleId::DetainedReleasedMidwayFinal20w) { None } else { first }
}

const fn shift_of(count: Count) -> Option<(i32, i32)> {
    match count {
        Count::Weeks(n) => Some((7 * n, 7 * n - 1)),
        Count::Days(n) => Some((n, n - 1)),
        Count::DaysBeginning(n) => Some((n - 1, n - 1)),
        Count::AfterDaysBeginning(n) => Some((n, n)),
        Count::AtOnce => Some((0, 0)),
        _ => None,
    }
}

/// The rules that `may_start` asks more about.
const fn is_gated(rule: RuleId) -> bool {
    matches!(
        rule,
        RuleId::DetainedDraftRepresentations15d
            | RuleId::DraftRepresentations15d
            | RuleId::PlanMayContinueToAfter25
            | RuleId::SubjectAccessExtended3m
            | RuleId::ArFinalAmended8w
            | RuleId::ArDecisionNotToAmend8w
            | RuleId::ArAmendRepresentations15d
            | RuleId::AmendWithoutReviewFinal8w
            | RuleId::AmendWithoutReviewRepresentations15d
    )
}
