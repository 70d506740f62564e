//! Professionals whom a family asks for advice itself, and finished reports that it hands in.
//!
//! SEND Regulations 2014 regulation 6(1)(h): the authority seeks advice from anyone whom the parent or
//! the young person reasonably requests. A family's invitation is that request. The advice is asked for,
//! and its six weeks (regulation 8(1)) begin, on the day on which it reaches the professional: when they
//! take the invitation up. From then on it is advice like any other: the same lines, the same signature,
//! the same reasons where a plan does not follow it.
//!
//! Who is invited sees what the family shares with them for this, and nothing else of the record.

use crate::advice::{self, AdviceKind};
use crate::papers::sent_in;
use crate::people::not_after_today;
use crate::recordings;
use crate::requests::{Progress, Request};
use crate::rights::{Acting, Decision, Holder, acting, holder};
use crate::visits;
use crate::{AdviceId, BodyId, Case, Context, DocumentId, Event as Happened, Refusal, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days in which an invitation can be taken up.
pub const INVITATION_DAYS: i32 = 28;
/// Most invitations of one child that wait to be taken up.
pub const WAITING_MAX: usize = 5;
/// Most papers that are shared with one professional.
pub const SHARED_MAX: usize = 50;
/// Most finished reports that a family hands in.
pub const REPORTS_MAX: usize = 50;

/// Somebody whom a family asks for advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The request for advice that it becomes.
    pub advice: AdviceId,
    /// The professional, as advice is asked of: their name and profession lie beside the journal.
    pub body: BodyId,
    /// Who of the family invited them.
    pub by: Option<UserId>,
    /// What the family asks them to look at.
    pub question: TextId,
    /// The papers that the family shows them.
    pub shared: Vec<DocumentId>,
    pub on: Date,
    /// The last day on which it can be taken up.
    pub until: Date,
    pub accepted: Option<(UserId, Date)>,
    pub withdrawn_on: Option<Date>,
}

impl Invitation {
    /// Whether it can still be taken up.
    pub fn is_waiting(&self, today: Date) -> bool {
        self.accepted.is_none() && self.withdrawn_on.is_none() && today <= self.until
    }

    /// The professional who took it up, unless the family took it back.
    pub fn user(&self) -> Option<UserId> {
        self.accepted.filter(|_| self.withdrawn_on.is_none()).map(|(user, _)| user)
    }
}

/// A finished report that a family handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedIn {
    pub document: DocumentId,
    pub author: TextId,
    pub profession: TextId,
    /// The day that stands on it.
    pub dated: Date,
    pub by: Option<UserId>,
    pub on: Date,
    /// The advice that its lines are entered as.
    pub taken_up: Option<(AdviceId, Date)>,
}

/// Everything of a case that this room knows, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Independents {
    pub invitations: Vec<Invitation>,
    pub reports: Vec<HandedIn>,
}

impl Independents {
    pub fn is_empty(&self) -> bool {
        *self == Independents::default()
    }

    pub fn invitation(&self, advice: AdviceId) -> Option<&Invitation> {
        self.invitations.iter().find(|invitation| invitation.advice == advice)
    }

    /// The report that this advice is entered from.
    pub fn report_of(&self, advice: AdviceId) -> Option<&HandedIn> {
        self.reports.iter().find(|report| report.taken_up.is_some_and(|(taken, _)| taken == advice))
    }

    pub fn report(&self, document: DocumentId) -> Option<&HandedIn> {
        self.reports.iter().find(|report| report.document == document)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Invite {
        advice: AdviceId,
        body: BodyId,
        question: TextId,
        shared: Vec<DocumentId>,
        /// A parent asks; not the young person.
        as_parent: bool,
    },
    /// The professional takes it up: their advice is asked for from today.
    Accept {
        advice: AdviceId,
        user: UserId,
    },
    /// The family takes it back, as long as nothing is signed.
    Withdraw {
        advice: AdviceId,
        as_parent: bool,
    },
    /// The family shows other papers.
    Share {
        advice: AdviceId,
        shared: Vec<DocumentId>,
        as_parent: bool,
    },
    HandIn {
        document: DocumentId,
        author: TextId,
        profession: TextId,
        dated: Date,
        as_parent: bool,
    },
    /// The officer begins to enter the lines of a finished report.
    TakeUp {
        document: DocumentId,
        advice: AdviceId,
        body: BodyId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Invited {
        advice: AdviceId,
        body: BodyId,
        by: Option<UserId>,
        question: TextId,
        shared: Vec<DocumentId>,
        on: Date,
        until: Date,
    },
    Accepted {
        advice: AdviceId,
        user: UserId,
        on: Date,
    },
    Withdrawn {
        advice: AdviceId,
        by: Option<UserId>,
        on: Date,
    },
    Shared {
        advice: AdviceId,
        shared: Vec<DocumentId>,
        by: Option<UserId>,
        on: Date,
    },
    HandedIn {
        document: DocumentId,
        author: TextId,
        profession: TextId,
        dated: Date,
        by: Option<UserId>,
        on: Date,
    },
    TakenUp {
        document: DocumentId,
        advice: AdviceId,
        on: Date,
    },
}

/// Whether this person asks in their own right: a parent until the rights have passed, and after that
/// only who acts in the young person's place (Children and Families Act 2014 section 83).
pub fn may_ask(case: &Case, user: Option<UserId>, as_parent: bool, today: Date) -> bool {
    if !as_parent || holder(case, today) != Some(Holder::YoungPerson) {
        return true;
    }
    match acting(case, Decision::Plan) {
        Some(Acting::Parents) => true,
        Some(Acting::Representative(somebody)) => somebody.is_some() && somebody == user,
        None => false,
    }
}

/// Whether the family can ask for advice now, and the lines of its reports be entered.
pub fn can_be_asked(case: &Case) -> bool {
    assessed(case).is_ok()
}

/// The request that advice can be asked for in now.
fn assessed(case: &Case) -> Result<&Request, Refusal> {
    let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
    match request.progress {
        Progress::Assessing { .. } | Progress::Drafting { .. } => Ok(request),
        Progress::Deciding => Err(Refusal::NotDecidedYet),
        _ => Err(Refusal::NoOpenRequest),
    }
}

fn asked(advice: AdviceId, body: BodyId, today: Date) -> Happened {
    let kind = AdviceKind::FamilyRequested;
    Happened::Advice(advice::Event::Asked { advice, kind, body, asked_on: today, reached_on: today })
}

/// Papers that can be shown: those of this record that somebody sent, each once.
fn showable(case: &Case, shared: Vec<DocumentId>) -> Result<Vec<DocumentId>, Refusal> {
    let known = |document: &DocumentId| sent_in(case).any(|(sent, _)| sent == *document);
    if shared.len() > SHARED_MAX || !shared.iter().all(known) {
        return Err(Refusal::NotOnRecord { what: "paper" });
    }
    let mut shared = shared;
    shared.sort_unstable();
    shared.dedup();
    Ok(shared)
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Happened>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    let in_own_right = |as_parent| {
        if may_ask(case, ctx.actor, as_parent, ctx.today) { Ok(()) } else { Err(Refusal::YoungPersonAsks) }
    };
    let known = &case.independents;
    let find = |advice| known.invitation(advice).ok_or(Refusal::NotOnRecord { what: "invitation" });
    let event = match command {
        Command::Invite { advice, .. } if known.invitation(advice).is_some() => return Ok(vec![]),
        // The id is of an invitation to come, never of advice that was asked for.
        Command::Invite { advice, .. } if case.advice(advice).is_some() => return Err(Refusal::AdviceAlreadyAsked),
        Command::Invite { advice, body, question, shared, as_parent } => {
            in_own_right(as_parent)?;
            assessed(case)?;
            if known.invitations.iter().filter(|other| other.is_waiting(ctx.today)).count() >= WAITING_MAX {
                return Err(Refusal::TooManyInvitations { most: WAITING_MAX });
            }
            Event::Invited {
                advice,
                body,
                by: ctx.actor,
                question,
                shared: showable(case, shared)?,
                on: ctx.today,
                until: law::calendar::days(ctx.today, INVITATION_DAYS),
            }
        }
        Command::Accept { advice, user } => {
            let invitation = find(advice)?;
            if invitation.user() == Some(user) {
                return Ok(vec![]);
            }
            if !invitation.is_waiting(ctx.today) {
                return Err(Refusal::InvitationOver { until: invitation.until });
            }
            assessed(case)?;
            let accepted = Event::Accepted { advice, user, on: ctx.today };
            return Ok(vec![Happened::Independents(accepted), asked(advice, invitation.body, ctx.today)]);
        }
        Command::Withdraw { advice, as_parent } => {
            let invitation = find(advice)?;
            in_own_right(as_parent)?;
            if invitation.withdrawn_on.is_some() {
                return Ok(vec![]);
            }
            if let Some(reply) = case.advice(advice).and_then(|asked| asked.reply.as_ref()) {
                return Err(Refusal::AdviceAlreadyIn { on: reply.on() });
            }
            let withdrawn = Event::Withdrawn { advice, by: ctx.actor, on: ctx.today };
            // Nobody comes for what nobody asks.
            let off = visits::to_come(case, advice, ctx.today).map(|visit| visits::Event::Cancelled {
                visit: visit.id,
                why: None,
                on: ctx.today,
            });
            // What was kept for it alone is nobody's any more.
            let out = recordings::of(case, advice)
                .map(|kept| recordings::Event::Removed { document: kept.document, on: ctx.today });
            let first = std::iter::once(Happened::Independents(withdrawn));
            return Ok(first.chain(off.map(Happened::Visits)).chain(out.map(Happened::Recordings)).collect());
        }
        Command::Share { advice, shared, as_parent } => {
            let invitation = find(advice)?;
            in_own_right(as_parent)?;
            if invitation.withdrawn_on.is_some() {
                return Err(Refusal::InvitationOver { until: invitation.until });
            }
            let shared = showable(case, shared)?;
            if invitation.shared == shared {
                return Ok(vec![]);
            }
            Event::Shared { advice, shared, by: ctx.actor, on: ctx.today }
        }
        Command::HandIn { document, .. } if known.report(document).is_some() => return Ok(vec![]),
        Command::HandIn { document, author, profession, dated, as_parent } => {
            in_own_right(as_parent)?;
            not_after_today(dated, ctx)?;
            if known.reports.len() >= REPORTS_MAX || !sent_in(case).any(|(sent, _)| sent == document) {
                return Err(Refusal::NotOnRecord { what: "paper" });
            }
            Event::HandedIn { document, author, profession, dated, by: ctx.actor, on: ctx.today }
        }
        Command::TakeUp { document, advice, body } => {
            let report = known.report(document).ok_or(Refusal::NotOnRecord { what: "report of the family’s" })?;
            if let Some((_, on)) = report.taken_up {
                return Err(Refusal::AdviceAlreadyIn { on });
            }
            assessed(case)?;
            let taken = Event::TakenUp { document, advice, on: ctx.today };
            return Ok(vec![Happened::Independents(taken), asked(advice, body, ctx.today)]);
        }
    };
    Ok(vec![Happened::Independents(event)])
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    let known = &mut case.independents;
    match event {
        Event::Invited { advice, body, by, question, shared, on, until } => known.invitations.push(Invitation {
            advice: *advice,
            body: *body,
            by: *by,
            question: *question,
            shared: shared.clone(),
            on: *on,
            until: *until,
            accepted: None,
            withdrawn_on: None,
        }),
        Event::Accepted { advice, user, on } => {
            if let Some(invitation) = find_mut(known, *advice) {
                invitation.accepted = Some((*user, *on));
            }
        }
        Event::Withdrawn { advice, on, .. } => {
            if let Some(invitation) = find_mut(known, *advice) {
                invitation.withdrawn_on = Some(*on);
            }
            take_back(case, *advice);
        }
        Event::Shared { advice, shared, .. } => {
            if let Some(invitation) = find_mut(known, *advice) {
                invitation.shared.clone_from(shared);
            }
        }
        Event::HandedIn { document, author, profession, dated, by, on } => known.reports.push(HandedIn {
            document: *document,
            author: *author,
            profession: *profession,
            dated: *dated,
            by: *by,
            on: *on,
            taken_up: None,
        }),
        Event::TakenUp { document, advice, on } => {
            if let Some(report) = known.reports.iter_mut().find(|report| report.document == *document) {
                report.taken_up = Some((*advice, *on));
            }
        }
    }
}

/// What is asked for no longer is nobody's to answer: it is waited for no more, and no day of it binds.
fn take_back(case: &mut Case, advice: AdviceId) {
    let Some(subject) = case.advice(advice).map(|asked| asked.subject) else { return };
    case.clock.retain(|event| event.subject != subject);
    for request in &mut case.requests {
        request.advice.retain(|asked| asked.id != advice);
    }
}

fn find_mut(known: &mut Independents, advice: AdviceId) -> Option<&mut Invitation> {
    known.invitations.iter_mut().find(|invitation| invitation.advice == advice)
}

/// The professionals who may see this case for what they were invited to: while the request lives, and
/// while a plan is in force that is made from what they signed.
pub(crate) fn invited(case: &Case) -> Vec<UserId> {
    let live = case.live_request().map(|request| request.advice.as_slice()).unwrap_or_default();
    let contributors = case.contributors();
    let counts = |invitation: &&Invitation| {
        live.iter().any(|asked| asked.id == invitation.advice) || contributors.contains(&invitation.body)
    };
    let mut users: Vec<UserId> =
        case.independents.invitations.iter().filter(counts).filter_map(Invitation::user).collect();
    users.sort_unstable();
    users.dedup();
    users
}
