//! Calls, emails, letters and visits: one line each, what was promised, and by when.
//!
//! People call them contacts; here a contact is already a person. Two about the same thing are
//! joined, so that they are answered once, and can be parted again: neither is ever rewritten.

pub mod routing;

use crate::people::not_after_today;
use crate::receipts::Receipt;
use crate::requests::{Channel, Request};
use crate::{Case, Context, EnquiryId, Refusal, TextId, UserId};
use jiff::civil::Date;
use routing::{About, Answered, Desk, Passed, Way, suggest};
use serde::{Deserialize, Serialize};

/// Two of the same child that came within so many days may be about the same thing.
const NEAR_DAYS: i32 = 7;

/// What was promised, in one line, and the day it was promised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub what: TextId,
    pub by: Date,
}

/// One call, email, letter or visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enquiry {
    pub id: EnquiryId,
    pub channel: Channel,
    pub on: Date,
    /// Who noted it.
    pub noted_by: Option<UserId>,
    /// Who got in touch, as they gave it.
    pub from: Option<TextId>,
    pub note: TextId,
    pub promise: Option<Promise>,
    pub kept_on: Option<Date>,
    /// What a sender of a letter was given.
    pub receipt: Option<Receipt>,
    /// The one that it is about the same thing as.
    pub joined_to: Option<EnquiryId>,
    /// What it is about, once somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// To whom it was passed, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<Passed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
}

impl Enquiry {
    /// Whoever took it answered it.
    pub fn is_first_touch(&self) -> bool {
        self.answered.is_some() && self.passed.is_empty()
    }

    /// Since when those who have it have it, however often it was passed to them.
    pub fn with_them_since(&self) -> Option<Date> {
        let desk = self.passed.last()?.desk;
        self.passed.iter().rev().take_while(|passed| passed.desk == desk).last().map(|passed| passed.on)
    }

    /// Those who have it and have not answered.
    pub fn waits_for(&self) -> Option<Desk> {
        self.passed.last().filter(|_| self.answered.is_none()).map(|passed| passed.desk)
    }

    pub fn is_promised(&self) -> bool {
        self.promise.is_some() && self.kept_on.is_none()
    }

    /// A request that came to a child whose clock is running already, or who has a plan.
    pub(crate) fn of_request(request: &Request, otherwise: TextId) -> Enquiry {
        Enquiry {
            id: EnquiryId(request.id.0),
            channel: request.channel,
            on: request.received_on,
            noted_by: None,
            from: None,
            note: request.account.unwrap_or(otherwise),
            promise: None,
            kept_on: None,
            receipt: request.receipt.clone(),
            joined_to: None,
            about: None,
            passed: vec![],
            answered: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Note {
        enquiry: EnquiryId,
        channel: Channel,
        on: Date,
        from: Option<TextId>,
        note: TextId,
        promise: Option<Promise>,
        receipt: Option<Receipt>,
    },
    KeepPromise {
        enquiry: EnquiryId,
        on: Date,
    },
    /// They are about the same thing.
    Join {
        enquiry: EnquiryId,
        to: EnquiryId,
    },
    Part {
        enquiry: EnquiryId,
    },
    /// Say what it is about, and answer it or pass it on. Another way than is suggested needs a reason.
    Route {
        enquiry: EnquiryId,
        about: About,
        way: Way,
        why: Option<TextId>,
    },
    /// Those to whom it was passed have answered it.
    Answer {
        enquiry: EnquiryId,
        answer: TextId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Noted {
        enquiry: EnquiryId,
        channel: Channel,
        on: Date,
        noted_by: Option<UserId>,
        from: Option<TextId>,
        note: TextId,
        promise: Option<Promise>,
        receipt: Option<Receipt>,
    },
    PromiseKept {
        enquiry: EnquiryId,
        on: Date,
    },
    Joined {
        enquiry: EnquiryId,
        to: EnquiryId,
    },
    Parted {
        enquiry: EnquiryId,
    },
    Passed {
        enquiry: EnquiryId,
        about: About,
        desk: Desk,
        why: Option<TextId>,
        by: Option<UserId>,
        on: Date,
    },
    Answered {
        enquiry: EnquiryId,
        /// Said by whoever answered it at once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<About>,
        answer: Option<TextId>,
        by: Option<UserId>,
        on: Date,
    },
}

fn find(case: &Case, id: EnquiryId) -> Result<&Enquiry, Refusal> {
    case.enquiries.iter().find(|known| known.id == id).ok_or(Refusal::NotOnRecord { what: "contact" })
}

/// The one that a group of joined ones is known by.
pub fn head(case: &Case, id: EnquiryId) -> EnquiryId {
    let mut head = id;
    // Bounded, so that events that no longer fit cannot lead in a circle.
    for _ in 0..case.enquiries.len() {
        match case.enquiries.iter().find(|known| known.id == head).and_then(|known| known.joined_to) {
            Some(to) if case.enquiries.iter().any(|known| known.id == to) => head = to,
            _ => break,
        }
    }
    head
}

/// Those that may be about the same thing as this one, and are not joined: newest first.
pub fn near(case: &Case, id: EnquiryId) -> Vec<&Enquiry> {
    let Ok(one) = find(case, id) else { return vec![] };
    let own = head(case, id);
    let mut near: Vec<&Enquiry> = case
        .enquiries
        .iter()
        .filter(|other| {
            other.joined_to.is_none() && other.id != own && (other.on - one.on).get_days().abs() <= NEAR_DAYS
        })
        .collect();
    near.sort_by_key(|other| std::cmp::Reverse(other.on));
    near
}

/// What was promised and is not done yet.
pub fn promised(case: &Case) -> impl Iterator<Item = &Enquiry> {
    case.enquiries.iter().filter(|enquiry| enquiry.is_promised())
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    match command {
        // Sent twice, it is one.
        Command::Note { enquiry, .. } if find(case, enquiry).is_ok() => Ok(vec![]),
        Command::Note { enquiry, channel, on, from, note, promise, receipt } => {
            not_after_today(on, ctx)?;
            if let Some(promise) = promise.filter(|promise| promise.by < on) {
                return Err(Refusal::OutOfOrder { earlier: on, later: promise.by });
            }
            Ok(vec![Event::Noted { enquiry, channel, on, noted_by: ctx.actor, from, note, promise, receipt }])
        }
        Command::KeepPromise { enquiry, on } => {
            not_after_today(on, ctx)?;
            let found = find(case, enquiry)?;
            match (found.promise, found.kept_on) {
                (None, _) => Err(Refusal::NotOnRecord { what: "promise" }),
                (Some(_), Some(_)) => Ok(vec![]),
                (Some(_), None) if on < found.on => Err(Refusal::OutOfOrder { earlier: found.on, later: on }),
                (Some(_), None) => Ok(vec![Event::PromiseKept { enquiry, on }]),
            }
        }
        Command::Join { enquiry, to } => {
            find(case, enquiry)?;
            find(case, to)?;
            let (enquiry, to) = (head(case, enquiry), head(case, to));
            Ok(if enquiry == to { vec![] } else { vec![Event::Joined { enquiry, to }] })
        }
        Command::Part { enquiry } => match find(case, enquiry)?.joined_to {
            Some(_) => Ok(vec![Event::Parted { enquiry }]),
            None => Ok(vec![]),
        },
        Command::Route { enquiry, about, way, why } => {
            let found = find(case, enquiry)?;
            if let Some(answered) = found.answered {
                return Err(Refusal::ContactAnswered { on: answered.on });
            }
            if why.is_none() && way != suggest(case, about).way {
                return Err(Refusal::ReasonsMissing);
            }
            let (by, on) = (ctx.actor, ctx.today);
            match way {
                Way::AtOnce if found.passed.is_empty() => {
                    Ok(vec![Event::Answered { enquiry, about: Some(about), answer: why, by, on }])
                }
                Way::AtOnce => Err(Refusal::ContactPassed),
                Way::Pass(Desk::Officer) if case.officer.is_none() => Err(Refusal::NotOnRecord { what: "officer" }),
                Way::Pass(desk) if found.waits_for() == Some(desk) && why.is_none() && found.about == Some(about) => {
                    Ok(vec![])
                }
                Way::Pass(desk) => Ok(vec![Event::Passed { enquiry, about, desk, why, by, on }]),
            }
        }
        Command::Answer { enquiry, answer } => {
            let found = find(case, enquiry)?;
            match (found.answered, found.waits_for()) {
                (Some(answered), _) => Err(Refusal::ContactAnswered { on: answered.on }),
                (None, None) => Err(Refusal::NotOnRecord { what: "contact that was passed on" }),
                (None, Some(_)) => {
                    let (by, on) = (ctx.actor, ctx.today);
                    Ok(vec![Event::Answered { enquiry, about: None, answer: Some(answer), by, on }])
                }
            }
        }
    }
}

/// Whether this is the one of those about one thing that is seen to: it is, until somebody has said where the
/// one goes that they are joined to.
pub fn stands_for_itself(case: &Case, enquiry: &Enquiry) -> bool {
    let head = head(case, enquiry.id);
    head == enquiry.id || case.enquiries.iter().all(|other| other.id != head || other.about.is_none())
}

/// Contacts that this desk has and has not answered.
pub fn waiting_for(case: &Case, desk: Desk) -> impl Iterator<Item = &Enquiry> {
    let waits = move |enquiry: &&Enquiry| enquiry.waits_for() == Some(desk) && stands_for_itself(case, enquiry);
    case.enquiries.iter().filter(waits)
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    let mut change = |id: EnquiryId, change: &dyn Fn(&mut Enquiry)| {
        if let Some(found) = case.enquiries.iter_mut().find(|known| known.id == id) {
            change(found);
        }
    };
    match event {
        Event::PromiseKept { enquiry, on } => change(*enquiry, &|found| found.kept_on = Some(*on)),
        Event::Joined { enquiry, to } => change(*enquiry, &|found| found.joined_to = Some(*to)),
        Event::Parted { enquiry } => change(*enquiry, &|found| found.joined_to = None),
        Event::Passed { enquiry, about, desk, why, by, on } => change(*enquiry, &|found| {
            found.about = Some(*about);
            found.passed.push(Passed { desk: *desk, why: *why, by: *by, on: *on });
        }),
        Event::Answered { enquiry, about, answer, by, on } => change(*enquiry, &|found| {
            found.about = about.or(found.about);
            found.answered = Some(Answered { answer: *answer, by: *by, on: *on });
        }),
        Event::Noted { enquiry, channel, on, noted_by, from, note, promise, receipt } => {
            case.enquiries.push(Enquiry {
                id: *enquiry,
                channel: *channel,
                on: *on,
                noted_by: *noted_by,
                from: *from,
                note: *note,
                promise: *promise,
                kept_on: None,
                receipt: receipt.clone(),
                joined_to: None,
                about: None,
                passed: vec![],
                answered: None,
            });
        }
    }
}
