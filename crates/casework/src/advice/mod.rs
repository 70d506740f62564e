//! Advice and information for the assessment: who is asked, when it is due, what came back.
//!
//! SEND Regulations 2014 regulation 6(1): all of it has to be sought unless earlier advice exists
//! and the adviser, the authority *and* the family are all satisfied that it is enough (6(4)).
//! Regulation 8 gives each adviser six weeks.

mod amounts;
pub mod capacity;
pub mod contradictions;
mod draft_check;
pub mod report;
pub mod uses;

pub use amounts::{Amount, amount};
pub use draft_check::{Check, Objection, Reason, Settled, in_the_way};

use crate::people::not_after_today;
use crate::plans::Fingerprint;
use crate::requests::{Progress, Request, in_order};
use crate::{AdviceId, BodyId, Case, Context, DocumentId, LineId, Refusal, TextId, VersionId};
use contradictions::Between;
use jiff::civil::Date;
use law::EventName;
use report::Report;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

/// The heads of regulation 6(1).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AdviceKind {
    /// 6(1)(a)
    Family,
    /// 6(1)(b)
    Educational,
    /// 6(1)(c)
    Medical,
    /// 6(1)(d)
    Psychological,
    /// 6(1)(e)
    SocialCare,
    /// 6(1)(f)
    OtherAppropriate,
    /// 6(1)(g)
    Adulthood,
    /// 6(1)(h)
    FamilyRequested,
}

impl AdviceKind {
    pub fn label(self) -> &'static str {
        match self {
            AdviceKind::Family => "The family's views",
            AdviceKind::Educational => "Educational advice",
            AdviceKind::Medical => "Medical advice",
            AdviceKind::Psychological => "Psychological advice",
            AdviceKind::SocialCare => "Social care advice",
            AdviceKind::OtherAppropriate => "Other advice the council thinks appropriate",
            AdviceKind::Adulthood => "Advice on preparing for adulthood",
            AdviceKind::FamilyRequested => "Advice the family reasonably asked for",
        }
    }

    pub fn citation(self) -> &'static str {
        match self {
            AdviceKind::Family => "regulation 6(1)(a)",
            AdviceKind::Educational => "regulation 6(1)(b)",
            AdviceKind::Medical => "regulation 6(1)(c)",
            AdviceKind::Psychological => "regulation 6(1)(d)",
            AdviceKind::SocialCare => "regulation 6(1)(e)",
            AdviceKind::OtherAppropriate => "regulation 6(1)(f)",
            AdviceKind::Adulthood => "regulation 6(1)(g)",
            AdviceKind::FamilyRequested => "regulation 6(1)(h)",
        }
    }

    /// Whether this head is compulsory for a child born on `born_on` assessed on `on`:
    /// preparing for adulthood from the start of year 9.
    pub fn is_compulsory(self, born_on: Date, on: Date) -> bool {
        match self {
            AdviceKind::OtherAppropriate | AdviceKind::FamilyRequested => false,
            AdviceKind::Adulthood => on >= law::calendar::start_of_national_curriculum_year(born_on, 9, 0),
            _ => true,
        }
    }

    /// The compulsory heads for this child.
    pub fn compulsory(born_on: Date, on: Date) -> Vec<AdviceKind> {
        AdviceKind::iter().filter(|kind| kind.is_compulsory(born_on, on)).collect()
    }
}

/// What an adviser answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    Advice {
        document: Option<DocumentId>,
        text: Option<TextId>,
        on: Date,
    },
    /// Written here in lines and signed by the professional.
    Signed {
        version: VersionId,
        on: Date,
    },
    /// "Known, nothing to add": the professional's name is in `text`.
    NothingToAdd {
        text: TextId,
        on: Date,
    },
    /// Earlier advice stands, agreed by all three.
    EarlierAdvice {
        document: Option<DocumentId>,
        on: Date,
    },
    /// The decision was made without this advice; the reason is in `text`.
    DecidedWithout {
        text: TextId,
        on: Date,
    },
}

impl Reply {
    pub fn on(&self) -> Date {
        match *self {
            Reply::Advice { on, .. }
            | Reply::Signed { on, .. }
            | Reply::NothingToAdd { on, .. }
            | Reply::EarlierAdvice { on, .. }
            | Reply::DecidedWithout { on, .. } => on,
        }
    }

    pub fn label(&self) -> &'static str {
        match self {
            Reply::Advice { .. } => "Advice received",
            Reply::Signed { .. } => "Advice signed",
            Reply::NothingToAdd { .. } => "Known, nothing to add",
            Reply::EarlierAdvice { .. } => "Earlier advice is enough",
            Reply::DecidedWithout { .. } => "Decided without this advice",
        }
    }
}

/// One adviser asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceRequest {
    pub id: AdviceId,
    pub kind: AdviceKind,
    pub body: BodyId,
    /// The team that passed it on to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_from: Option<BodyId>,
    pub asked_on: Date,
    /// The day it reached the adviser: day 0 of their six weeks.
    pub reached_on: Date,
    /// The clock's thread for this request.
    pub subject: u32,
    pub chased_on: Vec<Date>,
    pub reply: Option<Reply>,
    /// The report as it was last saved.
    #[serde(default)]
    pub written: Option<Written>,
    /// Every version that was signed, oldest first. The last one counts.
    #[serde(default)]
    pub signed: Vec<Written>,
    /// Why lines of it were changed or dropped in the plan. The last one of a line counts.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// The draft that the adviser was last asked to look at.
    #[serde(default)]
    pub check: Option<Check>,
    #[serde(default)]
    pub objections: Vec<Objection>,
}

impl AdviceRequest {
    /// The version that the adviser put their name to.
    pub fn signed_version(&self) -> Option<VersionId> {
        match self.reply {
            Some(Reply::Signed { version, .. }) => Some(version),
            _ => None,
        }
    }

    /// The version to go on writing from.
    pub fn newest_version(&self) -> Option<VersionId> {
        self.written.as_ref().map(|written| written.version)
    }
}

/// One saved version of a report. What it says lies beside the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub version: VersionId,
    pub fingerprint: Fingerprint,
    pub on: Date,
}

/// One adviser to ask, in one act with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub id: AdviceId,
    pub kind: AdviceKind,
    pub body: BodyId,
}

/// Who agreed that earlier advice is enough (regulation 6(4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    pub adviser: bool,
    pub authority: bool,
    pub family: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    AskAll {
        asks: Vec<Ask>,
        asked_on: Date,
        reached_on: Date,
    },
    RelyOnEarlier {
        ask: Ask,
        agreement: Agreement,
        document: Option<DocumentId>,
        on: Date,
    },
    Chase {
        advice: AdviceId,
        on: Date,
    },
    Record {
        advice: AdviceId,
        document: Option<DocumentId>,
        text: Option<TextId>,
        on: Date,
    },
    NothingToAdd {
        advice: AdviceId,
        named_professional: Option<TextId>,
        on: Option<Date>,
    },
    DecideWithout {
        advice: AdviceId,
        why: TextId,
        on: Date,
    },
    /// Pass it on to the team that knows the child. Their six weeks do not begin anew.
    Route {
        advice: AdviceId,
        body: BodyId,
    },
    /// Take it back from the team it was passed on to, as long as that team has not begun.
    TakeBack {
        advice: AdviceId,
    },
    /// Save the report as far as it is written.
    Write {
        advice: AdviceId,
        version: VersionId,
        fingerprint: Fingerprint,
    },
    /// Sign the version last saved. Signing again, before the plan is final, needs a reason.
    Sign {
        advice: AdviceId,
        version: VersionId,
        report: Box<Report>,
        why: Option<TextId>,
    },
    /// Why the plan says something else than this line of advice, or nothing of it.
    Explain {
        advice: AdviceId,
        line: LineId,
        how: uses::How,
        why: TextId,
    },
    /// Show every adviser who signed what became of their lines in this draft.
    AskForCheck {
        version: VersionId,
    },
    /// The adviser has looked, and objects to these lines or to none.
    Check {
        advice: AdviceId,
        objections: Vec<(LineId, TextId)>,
    },
    AnswerObjection {
        advice: AdviceId,
        line: LineId,
        answer: TextId,
    },
    /// Two reports cannot both be followed: which line holds, or neither, and why.
    Settle {
        between: Between,
        holds: Option<LineId>,
        why: TextId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Asked {
        advice: AdviceId,
        kind: AdviceKind,
        body: BodyId,
        asked_on: Date,
        reached_on: Date,
    },
    Chased {
        advice: AdviceId,
        on: Date,
    },
    Replied {
        advice: AdviceId,
        reply: Reply,
    },
    Routed {
        advice: AdviceId,
        body: BodyId,
    },
    /// Which team passed it on: it may be taken back as long as the other has not begun.
    PassedOn {
        advice: AdviceId,
        from: BodyId,
    },
    Written {
        advice: AdviceId,
        version: VersionId,
        fingerprint: Fingerprint,
        on: Date,
    },
    /// The adviser's name is on this version. Its reply, the first time, is an event of its own.
    Signed {
        advice: AdviceId,
        version: VersionId,
        on: Date,
        why: Option<TextId>,
    },
    Explained {
        advice: AdviceId,
        line: LineId,
        how: uses::How,
        why: TextId,
        on: Date,
    },
    CheckAsked {
        advice: AdviceId,
        version: VersionId,
        on: Date,
    },
    Checked {
        advice: AdviceId,
        objections: Vec<(LineId, TextId)>,
        on: Date,
    },
    ObjectionAnswered {
        advice: AdviceId,
        line: LineId,
        answer: TextId,
        on: Date,
    },
    Settled {
        between: Between,
        holds: Option<LineId>,
        why: TextId,
        on: Date,
    },
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
    let decided_on = match request.progress {
        Progress::Assessing { decided_on } => decided_on,
        Progress::Deciding => return Err(Refusal::NotDecidedYet),
        Progress::Drafting { decided_on } => decided_on,
        _ => return Err(Refusal::NoOpenRequest),
    };
    match command {
        Command::AskAll { asks, asked_on, reached_on } => {
            in_order(decided_on, asked_on, ctx)?;
            if reached_on < asked_on {
                return Err(Refusal::OutOfOrder { earlier: asked_on, later: reached_on });
            }
            let mut seen = Vec::new();
            for ask in &asks {
                let pair = (ask.kind, ask.body);
                if seen.contains(&pair) || request.advice.iter().any(|a| (a.kind, a.body) == pair) {
                    return Err(Refusal::AdviceAlreadyAsked);
                }
                seen.push(pair);
            }
            Ok(asks
                .into_iter()
                .map(|ask| Event::Asked { advice: ask.id, kind: ask.kind, body: ask.body, asked_on, reached_on })
                .collect())
        }
        Command::RelyOnEarlier { ask, agreement, document, on } => {
            in_order(request.received_on, on, ctx)?;
            for (agrees, who) in [
                (agreement.adviser, "the adviser"),
                (agreement.authority, "the authority"),
                (agreement.family, "the family"),
            ] {
                if !agrees {
                    return Err(Refusal::AgreementMissing { who });
                }
            }
            if request.advice.iter().any(|a| (a.kind, a.body) == (ask.kind, ask.body)) {
                return Err(Refusal::AdviceAlreadyAsked);
            }
            Ok(vec![
                Event::Asked { advice: ask.id, kind: ask.kind, body: ask.body, asked_on: on, reached_on: on },
                Event::Replied { advice: ask.id, reply: Reply::EarlierAdvice { document, on } },
            ])
        }
        Command::Chase { advice, on } => {
            let asked = outstanding(request, advice)?;
            in_order(asked.asked_on, on, ctx)?;
            Ok(vec![Event::Chased { advice, on }])
        }
        Command::Record { advice, document, text, on } => {
            let asked = outstanding(request, advice)?;
            in_order(asked.asked_on, on, ctx)?;
            Ok(vec![Event::Replied { advice, reply: Reply::Advice { document, text, on } }])
        }
        Command::NothingToAdd { advice, named_professional, on } => {
            let asked = outstanding(request, advice)?;
            let (Some(text), Some(on)) = (named_professional, on) else {
                return Err(Refusal::NameAndDateMissing);
            };
            // The professional may have said so before this request was made.
            not_after_today(on, ctx)?;
            let on = on.max(asked.asked_on);
            Ok(vec![Event::Replied { advice, reply: Reply::NothingToAdd { text, on } }])
        }
        Command::DecideWithout { advice, why, on } => {
            let asked = outstanding(request, advice)?;
            in_order(asked.asked_on, on, ctx)?;
            Ok(vec![Event::Replied { advice, reply: Reply::DecidedWithout { text: why, on } }])
        }
        Command::Route { advice, body } => {
            let asked = outstanding(request, advice)?;
            if asked.body == body {
                return Ok(vec![]);
            }
            if request.advice.iter().any(|other| (other.kind, other.body) == (asked.kind, body)) {
                return Err(Refusal::AdviceAlreadyAsked);
            }
            Ok(vec![Event::Routed { advice, body }, Event::PassedOn { advice, from: asked.body }])
        }
        Command::TakeBack { advice } => {
            let asked = outstanding(request, advice)?;
            let from = asked.passed_from.ok_or(Refusal::NotOnRecord { what: "team that passed this on" })?;
            if asked.written.is_some() {
                return Err(Refusal::TeamHasBegun);
            }
            Ok(vec![Event::Routed { advice, body: from }])
        }
        Command::Write { advice, version, fingerprint } => {
            let asked = may_be_written(request, advice)?;
            if asked.written.as_ref().is_some_and(|written| written.fingerprint == fingerprint) {
                return Ok(vec![]);
            }
            Ok(vec![Event::Written { advice, version, fingerprint, on: ctx.today }])
        }
        Command::Sign { advice, version, report, why } => {
            let asked = may_be_written(request, advice)?;
            if asked.newest_version() != Some(version) {
                return Err(Refusal::NotOnRecord { what: "version of this advice" });
            }
            if report.is_empty() {
                return Err(Refusal::NothingToSign);
            }
            if report.signed_as.as_ref().is_none_or(|signed| signed.name.trim().is_empty()) {
                return Err(Refusal::SignatoryMissing);
            }
            // Lines that somebody else entered can be found in the report that they were taken from.
            if case.independents.report_of(advice).is_some() && report.without_page() > 0 {
                return Err(Refusal::PagesMissing { lines: report.without_page() });
            }
            let signed = Event::Signed { advice, version, on: ctx.today, why };
            match asked.signed_version() {
                None => Ok(vec![signed, Event::Replied { advice, reply: Reply::Signed { version, on: ctx.today } }]),
                Some(before) if before == version => Ok(vec![]),
                Some(_) if why.is_none() => Err(Refusal::ReasonsMissing),
                Some(_) => Ok(vec![signed]),
            }
        }
        Command::AskForCheck { .. } => {
            // Of a report that the family handed in nobody is there to look.
            let mut events = draft_check::decide(request, command, ctx)?;
            events.retain(|event| {
                !matches!(event, Event::CheckAsked { advice, .. } if case.independents.report_of(*advice).is_some())
            });
            Ok(events)
        }
        Command::Explain { .. } | Command::Check { .. } | Command::AnswerObjection { .. } | Command::Settle { .. } => {
            draft_check::decide(request, command, ctx)
        }
    }
}

/// Advice is written while it is waited for, and corrected until the plan is final; what was
/// answered in another way is not.
fn may_be_written(request: &Request, advice: AdviceId) -> Result<&AdviceRequest, Refusal> {
    let asked = asked(request, advice)?;
    match &asked.reply {
        None | Some(Reply::Signed { .. }) => Ok(asked),
        Some(reply) => Err(Refusal::AdviceAlreadyIn { on: reply.on() }),
    }
}

fn asked(request: &Request, advice: AdviceId) -> Result<&AdviceRequest, Refusal> {
    request.advice.iter().find(|a| a.id == advice).ok_or(Refusal::NotOnRecord { what: "request for advice" })
}

fn outstanding(request: &Request, advice: AdviceId) -> Result<&AdviceRequest, Refusal> {
    let asked = asked(request, advice)?;
    match &asked.reply {
        Some(reply) => Err(Refusal::AdviceAlreadyIn { on: reply.on() }),
        None => Ok(asked),
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::Asked { advice, kind, body, asked_on, reached_on } => {
            let subject = case.new_subject();
            // The closure window of regulation 10(4)(a) looks at the day the school's advice was asked for.
            if *kind == AdviceKind::Educational {
                case.note(EventName::AdviceRequested, *asked_on, 0);
            }
            case.note(EventName::AdviceRequestReceivedByBody, *reached_on, subject);
            if let Some(request) = case.requests.last_mut() {
                request.advice.push(AdviceRequest {
                    id: *advice,
                    kind: *kind,
                    body: *body,
                    passed_from: None,
                    asked_on: *asked_on,
                    reached_on: *reached_on,
                    subject,
                    chased_on: vec![],
                    reply: None,
                    written: None,
                    signed: vec![],
                    reasons: vec![],
                    check: None,
                    objections: vec![],
                });
            }
        }
        Event::Chased { advice, on } => {
            if let Some(asked) = find_mut(case, *advice) {
                asked.chased_on.push(*on);
            }
        }
        Event::Replied { advice, reply } => {
            let Some(asked) = find_mut(case, *advice) else {
                return;
            };
            asked.reply = Some(*reply);
            let subject = asked.subject;
            if !matches!(reply, Reply::DecidedWithout { .. }) {
                case.note(EventName::AdviceReceived, reply.on(), subject);
            }
        }
        Event::Routed { advice, body } => {
            if let Some(asked) = find_mut(case, *advice) {
                asked.body = *body;
                asked.passed_from = None;
                // What the other team had begun is theirs: it stays stored and is no longer gone on with.
                asked.written = None;
            }
        }
        Event::PassedOn { advice, from } => {
            if let Some(asked) = find_mut(case, *advice) {
                asked.passed_from = Some(*from);
            }
        }
        Event::Written { advice, version, fingerprint, on } => {
            if let Some(asked) = find_mut(case, *advice) {
                asked.written = Some(Written { version: *version, fingerprint: fingerprint.clone(), on: *on });
            }
        }
        Event::Signed { advice, version, on, .. } => {
            let mut was_signed = false;
            if let Some(asked) = find_mut(case, *advice) {
                let written = asked.written.iter().find(|written| written.version == *version);
                asked.signed.extend(written.cloned().map(|written| Written { on: *on, ..written }));
                if let Some(Reply::Signed { version: before, .. }) = &mut asked.reply {
                    *before = *version;
                    was_signed = true;
                    // Reasons and objections were about other words.
                    asked.reasons.clear();
                    asked.objections.retain(|objection| objection.answer.is_some());
                }
            }
            if was_signed && let Some(request) = case.requests.last_mut() {
                request.settled.clear();
            }
        }
        Event::Explained { .. }
        | Event::CheckAsked { .. }
        | Event::Checked { .. }
        | Event::ObjectionAnswered { .. }
        | Event::Settled { .. } => draft_check::apply(case, event),
    }
}

fn find_mut(case: &mut Case, advice: AdviceId) -> Option<&mut AdviceRequest> {
    case.requests.iter_mut().flat_map(|request| request.advice.iter_mut()).find(|asked| asked.id == advice)
}
