//! From signed advice to a plan that is true to it: reasons for what was changed or dropped, the
//! advisers' look at their own lines, and what two reports disagree about.

use super::contradictions::{Between, contradictions};
use super::report::Report;
use super::uses::{How, uses};
use super::{AdviceRequest, Command, Event, asked, find_mut};
use crate::plans::content::Content;
use crate::requests::Request;
use crate::{AdviceId, Case, Context, LineId, Refusal, TextId, VersionId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why a line of advice was changed or dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub line: LineId,
    pub how: How,
    pub why: TextId,
    pub on: Date,
}

/// The adviser's look at what became of their lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The version of the draft they were shown.
    pub version: VersionId,
    pub asked_on: Date,
    pub checked_on: Option<Date>,
}

impl Check {
    /// Working days in which an adviser is asked to look. No law sets one: it is a promise to the
    /// officer, a third of the family's own 15 days.
    pub const WORKING_DAYS: i32 = 5;

    /// The day by which the adviser is asked to have looked.
    pub fn due_on(&self) -> Date {
        law::calendar::wds_after(self.asked_on, Check::WORKING_DAYS)
    }
}

/// An adviser says that the plan misreads a line of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    pub line: LineId,
    pub text: TextId,
    pub on: Date,
    pub answer: Option<(TextId, Date)>,
}

/// How a contradiction was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub between: Between,
    /// The line that holds; none when neither does.
    pub holds: Option<LineId>,
    pub why: TextId,
    pub on: Date,
}

impl AdviceRequest {
    /// Why this line was changed or dropped, if that was said of what the plan does now.
    pub fn reason(&self, line: LineId, how: How) -> Option<&Reason> {
        self.reasons.iter().rev().find(|reason| reason.line == line).filter(|reason| reason.how == how)
    }

    pub fn objections_open(&self) -> usize {
        self.objections.iter().filter(|objection| objection.answer.is_none()).count()
    }

    /// The draft that waits for the adviser's look.
    pub fn check_waiting(&self) -> Option<&Check> {
        self.check.as_ref().filter(|check| check.checked_on.is_none())
    }
}

impl Request {
    /// How this contradiction was settled, if it was.
    pub fn settled(&self, between: Between) -> Option<&Settled> {
        self.settled.iter().rev().find(|settled| settled.between == between)
    }

    /// Why a line of advice is not followed: the reason given for it, or for choosing the other of
    /// two lines that disagree.
    pub fn why_not(&self, asked: &AdviceRequest, line: LineId, how: How) -> Option<TextId> {
        let lost = |settled: &&Settled| {
            (settled.between.first == line || settled.between.second == line) && settled.holds != Some(line)
        };
        let given = asked.reason(line, how).map(|reason| reason.why);
        given.or_else(|| self.settled.iter().rev().find(lost).map(|settled| settled.why))
    }

    /// Objections of advisers that nobody has answered.
    pub fn objections_open(&self) -> usize {
        self.advice.iter().map(AdviceRequest::objections_open).sum()
    }
}

/// What stands between the signed advice and a final plan that says `content`.
pub fn in_the_way(request: &Request, reports: &[(AdviceId, Report)], content: &Content) -> Vec<Refusal> {
    let mut found = Vec::new();
    let signed = || request.advice.iter().filter(|asked| asked.signed_version().is_some());
    if signed().any(|asked| !reports.iter().any(|(id, _)| *id == asked.id)) {
        return vec![Refusal::NotOnRecord { what: "version of an adviser’s report" }];
    }
    let sides: Vec<(AdviceId, &Report)> = reports.iter().map(|(id, report)| (*id, report)).collect();
    let open = contradictions(&sides).into_iter().filter(|found| request.settled(found.between).is_none()).count();
    if open > 0 {
        found.push(Refusal::ContradictionsOpen { count: open });
    }
    let unexplained = |asked: &AdviceRequest| {
        let report = reports.iter().find(|(id, _)| *id == asked.id);
        let used = report.map(|(_, report)| uses(&report.lines, content)).unwrap_or_default();
        used.into_iter()
            .filter(|used| used.how != How::Kept && request.why_not(asked, used.line, used.how).is_none())
            .count()
    };
    match signed().map(unexplained).sum() {
        0 => {}
        count => found.push(Refusal::AdviceNotFollowedWithoutReason { count }),
    }
    if request.objections_open() > 0 {
        found.push(Refusal::ObjectionsUnanswered { count: request.objections_open() });
    }
    found
}

/// The request for advice that an adviser signed.
fn signed(request: &Request, advice: AdviceId) -> Result<&AdviceRequest, Refusal> {
    let asked = asked(request, advice)?;
    match asked.signed_version() {
        Some(_) => Ok(asked),
        None => Err(Refusal::NotOnRecord { what: "signed advice" }),
    }
}

/// The commands of this room, on a live request.
pub(super) fn decide(request: &Request, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    let on = ctx.today;
    match command {
        Command::Explain { advice, line, how, why } => {
            signed(request, advice)?;
            Ok(vec![Event::Explained { advice, line, how, why, on }])
        }
        Command::AskForCheck { version } => {
            request.draft(version).ok_or(Refusal::NoDraft)?;
            let signed = request.advice.iter().filter(|asked| asked.signed_version().is_some());
            // Whoever was shown this very version is not asked twice.
            let unasked = signed.filter(|asked| asked.check.is_none_or(|check| check.version != version));
            Ok(unasked.map(|asked| Event::CheckAsked { advice: asked.id, version, on }).collect())
        }
        Command::Check { advice, objections } => {
            let asked = signed(request, advice)?;
            match asked.check {
                None => Err(Refusal::NotOnRecord { what: "draft to look at" }),
                Some(Check { checked_on: Some(on), .. }) => Err(Refusal::AlreadyAnswered { on }),
                Some(_) => Ok(vec![Event::Checked { advice, objections, on }]),
            }
        }
        Command::AnswerObjection { advice, line, answer } => {
            let asked = signed(request, advice)?;
            let found = asked.objections.iter().rev().find(|objection| objection.line == line);
            match found.ok_or(Refusal::NotOnRecord { what: "objection" })?.answer {
                Some((_, on)) => Err(Refusal::AlreadyAnswered { on }),
                None => Ok(vec![Event::ObjectionAnswered { advice, line, answer, on }]),
            }
        }
        Command::Settle { between, holds, why } => {
            if holds.is_some_and(|line| line != between.first && line != between.second) {
                return Err(Refusal::NotOnRecord { what: "line to choose" });
            }
            Ok(vec![Event::Settled { between, holds, why, on }])
        }
        _ => Ok(vec![]),
    }
}

pub(super) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::Explained { advice, line, how, why, on } => {
            if let Some(asked) = find_mut(case, *advice) {
                asked.reasons.push(Reason { line: *line, how: *how, why: *why, on: *on });
            }
        }
        Event::CheckAsked { advice, version, on } => {
            if let Some(asked) = find_mut(case, *advice) {
                asked.check = Some(Check { version: *version, asked_on: *on, checked_on: None });
            }
        }
        Event::Checked { advice, objections, on } => {
            if let Some(asked) = find_mut(case, *advice) {
                if let Some(check) = &mut asked.check {
                    check.checked_on = Some(*on);
                }
                // A newer objection to a line replaces one that waits.
                asked
                    .objections
                    .retain(|known| known.answer.is_some() || !objections.iter().any(|(line, _)| *line == known.line));
                let objected =
                    objections.iter().map(|(line, text)| Objection { line: *line, text: *text, on: *on, answer: None });
                asked.objections.extend(objected);
            }
        }
        Event::ObjectionAnswered { advice, line, answer, on } => {
            if let Some(asked) = find_mut(case, *advice)
                && let Some(found) = asked.objections.iter_mut().rev().find(|objection| objection.line == *line)
            {
                found.answer = Some((*answer, *on));
            }
        }
        Event::Settled { between, holds, why, on } => {
            if let Some(request) = case.requests.last_mut() {
                request.settled.push(Settled { between: *between, holds: *holds, why: *why, on: *on });
            }
        }
        _ => {}
    }
}
