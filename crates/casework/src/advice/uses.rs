//! What became of each line of signed advice in a plan: kept, changed or dropped.
//!
//! An adviser is shown these and nothing else of a draft; an officer gives a reason for each line
//! that was changed or dropped (Code of Practice 9.69 to 9.74: the plan has to rest on the advice).

use crate::LineId;
use crate::plans::content::{CareNeedLine, Citation, Content, NeedLine, OutcomeLine, ProvisionLine, Section};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum How {
    Kept,
    Changed,
    Dropped,
}

impl How {
    pub fn label(self) -> &'static str {
        match self {
            How::Kept => "Kept",
            How::Changed => "Changed",
            How::Dropped => "Dropped",
        }
    }
}

/// One line of advice and what a plan makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    pub line: LineId,
    pub section: Section,
    pub how: How,
    /// The line of the plan that was made from it.
    pub made: Option<LineId>,
}

fn same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// A line that a plan may be made from and that a plan may hold.
trait Line {
    fn id(&self) -> LineId;
    fn from(&self) -> &[LineId];
    /// Whether both say the same to whoever gives or gets it. Links to other lines do not count:
    /// the plan's point at its own.
    fn says_the_same(&self, other: &Self) -> bool;
}

impl Line for NeedLine {
    fn id(&self) -> LineId {
        self.id
    }
    fn from(&self) -> &[LineId] {
        &self.from
    }
    fn says_the_same(&self, other: &Self) -> bool {
        same(&self.text, &other.text)
    }
}

impl Line for CareNeedLine {
    fn id(&self) -> LineId {
        self.id
    }
    fn from(&self) -> &[LineId] {
        &self.from
    }
    fn says_the_same(&self, other: &Self) -> bool {
        same(&self.text, &other.text)
    }
}

impl Line for OutcomeLine {
    fn id(&self) -> LineId {
        self.id
    }
    fn from(&self) -> &[LineId] {
        &self.from
    }
    fn says_the_same(&self, other: &Self) -> bool {
        same(&self.text, &other.text) && same(&self.by, &other.by)
    }
}

impl Line for ProvisionLine {
    fn id(&self) -> LineId {
        self.id
    }
    fn from(&self) -> &[LineId] {
        &self.from
    }
    fn says_the_same(&self, other: &Self) -> bool {
        self.kind == other.kind
            && same(&self.text, &other.text)
            && same(&self.who, &other.who)
            && same(&self.how_often, &other.how_often)
            && same(&self.how_long, &other.how_long)
    }
}

fn compare<L: Line>(advice: &[L], plan: &[L], section: impl Fn(&L) -> Section, found: &mut Vec<Use>) {
    for line in advice {
        let mut made: Vec<&L> = plan.iter().filter(|made| made.from().contains(&line.id())).collect();
        // Several may come from one: the one that says the same counts.
        made.sort_by_key(|made| !line.says_the_same(made));
        let (how, made) = match made.first() {
            None => (How::Dropped, None),
            Some(made) if line.says_the_same(made) => (How::Kept, Some(made.id())),
            Some(made) => (How::Changed, Some(made.id())),
        };
        found.push(Use { line: line.id(), section: section(line), how, made });
    }
}

/// What a plan makes of each line of a report, in the report's order.
pub fn uses(report: &Content, plan: &Content) -> Vec<Use> {
    let mut found = Vec::new();
    compare(&report.needs, &plan.needs, |_| Section::B, &mut found);
    compare(&report.health_needs, &plan.health_needs, |_| Section::C, &mut found);
    compare(&report.social_care_needs, &plan.social_care_needs, |_| Section::D, &mut found);
    compare(&report.outcomes, &plan.outcomes, |_| Section::E, &mut found);
    compare(&report.provision, &plan.provision, |line| line.kind.section(), &mut found);
    found
}

/// Adds the lines of a report to a plan, each with where it comes from. Links between lines lead
/// to the new ones. `new_id` gives each its id; lines that the plan has already are left alone.
pub fn add_to_plan(plan: &mut Content, report: &Content, cited_as: &str, mut new_id: impl FnMut() -> LineId) {
    let missing: Vec<LineId> =
        uses(report, plan).into_iter().filter(|used| used.how == How::Dropped).map(|used| used.line).collect();
    for line in missing {
        add_line(plan, report, line, cited_as, new_id());
    }
}

/// Adds one line of a report to a plan under a new id. Nothing happens when the report has no such
/// line.
pub fn add_line(plan: &mut Content, report: &Content, line: LineId, cited_as: &str, id: LineId) {
    // A page that the line itself cites leads on to the place in the report.
    let citation = |own: &Option<Citation>| {
        Some(Citation { report: cited_as.to_owned(), page: own.as_ref().and_then(|own| own.page) })
    };
    let from = vec![line];
    // What the line points at, as far as the plan has it.
    let mapped = |links: &[LineId], made: &dyn Fn(LineId) -> Option<LineId>| -> Vec<LineId> {
        links.iter().filter_map(|link| made(*link)).collect()
    };
    if let Some(need) = report.needs.iter().find(|need| need.id == line) {
        plan.needs.push(NeedLine { id, citation: citation(&need.citation), from, ..need.clone() });
    } else if let Some(need) = report.health_needs.iter().find(|need| need.id == line) {
        plan.health_needs.push(CareNeedLine { id, citation: citation(&need.citation), from, ..need.clone() });
    } else if let Some(need) = report.social_care_needs.iter().find(|need| need.id == line) {
        plan.social_care_needs.push(CareNeedLine { id, citation: citation(&need.citation), from, ..need.clone() });
    } else if let Some(outcome) = report.outcomes.iter().find(|outcome| outcome.id == line) {
        plan.outcomes.push(OutcomeLine { id, from, ..outcome.clone() });
    } else if let Some(provision) = report.provision.iter().find(|provision| provision.id == line) {
        let need_made = |link: LineId| {
            let needs = plan.needs.iter().map(|need| (need.id, &need.from));
            let care = plan.health_needs.iter().chain(&plan.social_care_needs).map(|need| (need.id, &need.from));
            needs.chain(care).find(|(_, from)| from.contains(&link)).map(|(id, _)| id)
        };
        let outcome_made =
            |link: LineId| plan.outcomes.iter().find(|outcome| outcome.from.contains(&link)).map(|outcome| outcome.id);
        let needs = mapped(&provision.needs, &need_made);
        let outcomes = mapped(&provision.outcomes, &outcome_made);
        plan.provision.push(ProvisionLine {
            id,
            citation: citation(&provision.citation),
            from,
            needs,
            outcomes,
            ..provision.clone()
        });
    }
}
