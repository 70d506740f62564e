//! A send that was held: what stopped it, and what became of it. All of it is the child's history.

use super::StopKind;
use crate::access::Action;
use crate::codes::codes;
use crate::{Case, Context, DocumentId, HoldId, Refusal, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

codes! {
    /// What was to leave, or to be put on the record.
    Sending {
        Draft = "draft" => "Draft plan to the family",
        FinalPlan = "final_plan" => "Final plan",
        Notice = "notice" => "Letter with a decision",
        Message = "message" => "Message to the family",
        Answer = "answer" => "Answer to the family",
        Advice = "advice" => "Advice put on the record",
        Paper = "paper" => "Papers put on the record",
        Copy = "copy" => "Copy of a paper",
        Consultation = "consultation" => "Consultation of a school or college",
        Reason = "reason" => "Reason why the plan does not follow advice",
        Visit = "visit" => "What is said of a visit",
    }
}

codes! {
    /// Why a stop is right as it stands.
    Reason {
        Sibling = "sibling" => "A brother or sister, or another member of the family",
        GrownUp = "grown_up" => "A grown-up of the same name",
        OwnDetail = "own_detail" => "It is this child’s own, and the record is out of date",
        Looked = "looked" => "I looked at every page, and it is this child’s",
        Agreed = "agreed" => "The family asked for it to go to this person or address",
        Other = "other" => "Another reason, which I write down",
    }
}

/// One stop as the record keeps it: its words stand beside the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldStop {
    pub kind: StopKind,
    pub words: TextId,
}

/// Why one stop was let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub reason: Reason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<TextId>,
}

/// Who let it go, when, and why: a reason for each stop, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    pub on: Date,
    pub by: Option<UserId>,
    pub reasons: Vec<Why>,
}

/// A send that was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub id: HoldId,
    pub sending: Sending,
    /// Of exactly what was to leave, and to whom. A release holds for this and nothing else.
    pub digest: String,
    pub stops: Vec<HeldStop>,
    pub on: Date,
    pub by: Option<UserId>,
    pub released: Option<Released>,
    /// Something else was sent instead: the stop was right.
    pub put_right_on: Option<Date>,
}

impl Hold {
    pub fn is_open(&self) -> bool {
        self.released.is_none() && self.put_right_on.is_none()
    }

    pub fn needs_second_person(&self) -> bool {
        self.stops.iter().any(|stop| stop.kind.needs_second_person())
    }

    /// What someone has to be allowed to let it go.
    pub fn release_action(&self) -> Action {
        release_action(self.stops.iter().map(|stop| stop.kind))
    }
}

/// What letting go of stops of these kinds asks of the access policy.
pub fn release_action(mut kinds: impl Iterator<Item = StopKind>) -> Action {
    if kinds.any(StopKind::needs_second_person) { Action::ReleaseHeldNumber } else { Action::ReleaseHeldSend }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Nothing left. The same send tried again is the same hold.
    Hold { hold: HoldId, sending: Sending, digest: String, stops: Vec<HeldStop> },
    /// A reason for each stop, in their order.
    Release { hold: HoldId, reasons: Vec<Why> },
    /// What was held before is sent now without what stopped it.
    PutRight { sending: Sending },
    /// A copy of a paper was posted or handed over; to whom stands beside the journal.
    /// `asked_by` is whoever of the family asked for it on paper.
    SendCopy { document: Option<DocumentId>, to: TextId, asked_by: Option<UserId> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    SendHeld {
        hold: HoldId,
        sending: Sending,
        digest: String,
        stops: Vec<HeldStop>,
        by: Option<UserId>,
        on: Date,
    },
    HoldReleased {
        hold: HoldId,
        reasons: Vec<Why>,
        by: Option<UserId>,
        on: Date,
    },
    HoldPutRight {
        hold: HoldId,
        on: Date,
    },
    CopySent {
        document: Option<DocumentId>,
        to: TextId,
        on: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_by: Option<UserId>,
    },
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    match command {
        Command::Hold { hold, sending, digest, stops } => {
            let known =
                case.holds.iter().any(|known| known.is_open() && known.sending == sending && known.digest == digest);
            if known || stops.is_empty() {
                return Ok(vec![]);
            }
            Ok(vec![Event::SendHeld { hold, sending, digest, stops, by: ctx.actor, on: ctx.today }])
        }
        Command::Release { hold, reasons } => {
            let found = case.holds.iter().find(|known| known.id == hold);
            let found = found.ok_or(Refusal::NotOnRecord { what: "held send" })?;
            if let Some(on) = found.released.as_ref().map(|released| released.on).or(found.put_right_on) {
                return Err(Refusal::AlreadyAnswered { on });
            }
            let said = |why: &Why| why.reason != Reason::Other || why.words.is_some();
            if reasons.len() != found.stops.len() || !reasons.iter().all(said) {
                return Err(Refusal::StopWithoutReason);
            }
            if found.needs_second_person() && found.by.is_some() && found.by == ctx.actor {
                return Err(Refusal::OwnHold);
            }
            Ok(vec![Event::HoldReleased { hold, reasons, by: ctx.actor, on: ctx.today }])
        }
        Command::PutRight { sending } => Ok(case
            .holds
            .iter()
            .filter(|hold| hold.is_open() && hold.sending == sending)
            .map(|hold| Event::HoldPutRight { hold: hold.id, on: ctx.today })
            .collect()),
        Command::SendCopy { document, to, asked_by } => {
            Ok(vec![Event::CopySent { document, to, on: ctx.today, asked_by }])
        }
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::SendHeld { hold, sending, digest, stops, by, on } => case.holds.push(Hold {
            id: *hold,
            sending: *sending,
            digest: digest.clone(),
            stops: stops.clone(),
            on: *on,
            by: *by,
            released: None,
            put_right_on: None,
        }),
        Event::HoldReleased { hold, reasons, by, on } => {
            if let Some(found) = case.holds.iter_mut().find(|known| known.id == *hold) {
                found.released = Some(Released { on: *on, by: *by, reasons: reasons.clone() });
            }
        }
        Event::HoldPutRight { hold, on } => {
            if let Some(found) = case.holds.iter_mut().find(|known| known.id == *hold) {
                found.put_right_on = Some(*on);
            }
        }
        Event::CopySent { document, on, asked_by, .. } => {
            // Of what was redacted the copy is sent.
            let paper = document.map(|sent| case.on_file.copy(sent).map_or(sent, |copy| copy.of));
            for wanted in case.on_file.wanted.iter_mut().filter(|wanted| wanted.is_open()) {
                let is_it = Some(wanted.document) == *document || Some(wanted.document) == paper;
                if is_it && Some(wanted.by) == *asked_by {
                    wanted.sent_on = Some(*on);
                }
            }
        }
    }
}
