//! The gate itself: looks at what leaves, and either does the act or holds it and records that.

use super::held::{self, Typing};
use super::{Leaving, lookup};
use crate::journal::{self, Act, Loaded, Papers, Text, Who, authorise};
use crate::web::Typed;
use crate::{App, Error, FieldError};
use casework::recipients::holds::{Command as Holds, HeldStop, Why, release_action};
use casework::recipients::{Hold, Stop, StopKind};
use casework::{Case, CaseId, Command, HoldId, TextId};
use db::Tx;

/// Most stops that are shown one by one. What has more is another child's paper and cannot be let go.
pub const STOPS_MAX: usize = 20;

/// What became of an act.
pub enum Outcome<T = Box<Loaded>> {
    Done(T),
    /// Nothing left. The attempt is on record.
    Held(HeldSend),
}

/// A send that was held just now.
#[derive(Debug, Clone)]
pub struct HeldSend {
    pub stops: Vec<Stop>,
    /// What was looked at, to the letter: reasons are given for this and nothing else.
    pub digest: String,
    /// Whether the person who sends may let it go with reasons.
    pub may_release: bool,
    /// There are more stops than one by one could be answered for.
    pub too_many: bool,
    pub needs_second_person: bool,
    pub errors: Vec<FieldError>,
    /// The version of the case after the hold was recorded.
    pub version: u64,
}

/// [`journal::act`], after a look at what leaves by it.
///
/// # Errors
/// As [`journal::act`].
pub fn act(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    id: CaseId,
    mut act: Act,
    leaving: Option<&Leaving>,
    typed: &Typed,
) -> Result<Outcome, Error> {
    let Some(leaving) = leaving else {
        return Ok(Outcome::Done(Box::new(journal::act(tx, who, id, act)?)));
    };
    let loaded = journal::load(tx, who.authority, id)?;
    // Whoever may not do it at all learns nothing of what would have stopped it.
    authorise(who, act.action, &loaded)?;
    let stops = lookup::stops(tx, who, &loaded.case, leaving)?;
    let digest = leaving.digest();
    if stops.is_empty() || was_released(&loaded.case, leaving, &digest, &stops) {
        if loaded.case.holds.iter().any(|hold| hold.is_open() && hold.sending == leaving.sending) {
            act.commands.push(Command::Recipients(Holds::PutRight { sending: leaving.sending }));
        }
        return Ok(Outcome::Done(Box::new(journal::act(tx, who, id, act)?)));
    }
    if let Some(seen) = act.seen
        && seen != loaded.case.version
    {
        return Err(Error::Conflict { case: id, seen, now: loaded.case.version });
    }
    let too_many = stops.len() > STOPS_MAX;
    let kept = &stops[..stops.len().min(STOPS_MAX)];
    let held_now = hold(tx, app, who, id, &act, leaving, &digest, kept)?;
    let release = release_action(kept.iter().map(|stop| stop.kind));
    let needs_second_person = kept.iter().any(|stop| stop.kind.needs_second_person());
    let may_release = !too_many && !needs_second_person && authorise(who, release, &held_now).is_ok();
    let typing = Typing::read(typed, kept.len());
    let mut errors = vec![];
    // Reasons that were given for other words, or before anything was shown, count for nothing.
    let is_for_this = typed.get(held::RELEASE_OF) == digest;
    if may_release && is_for_this && typing.is_begun() {
        match typing.finish() {
            Ok(reasons) => {
                let open = held_now.case.holds.iter().rev().find(|hold| hold.is_open() && hold.digest == digest);
                let hold = open.map(|hold| hold.id).ok_or(Error::NotFound)?;
                let release = release_act(app, hold, reasons, release);
                journal::act(tx, who, id, release)?;
                // What this transaction recorded itself is not another person's change.
                act.seen = None;
                return Ok(Outcome::Done(Box::new(journal::act(tx, who, id, act)?)));
            }
            Err(found) => errors = found,
        }
    }
    let version = held_now.case.version;
    let stops = kept.to_vec();
    Ok(Outcome::Held(HeldSend { stops, digest, may_release, too_many, needs_second_person, errors, version }))
}

/// The act of letting a send go: a reason for each stop, in their order, with the words that some have.
pub(super) fn release_act(
    app: &App,
    hold: HoldId,
    reasons: Vec<(casework::recipients::Reason, Option<String>)>,
    action: casework::access::Action,
) -> Act {
    let mut texts = Vec::new();
    let reasons = reasons
        .into_iter()
        .map(|(reason, words)| Why {
            reason,
            words: words.map(|body| {
                let id = TextId(app.ids.next());
                texts.push(Text { id, body });
                id
            }),
        })
        .collect();
    let commands = vec![Command::Recipients(Holds::Release { hold, reasons })];
    Act { action, seen: None, commands, papers: Papers::texts(texts) }
}

fn was_released(case: &Case, leaving: &Leaving, digest: &str, stops: &[Stop]) -> bool {
    let kinds: Vec<StopKind> = stops.iter().map(|stop| stop.kind).collect();
    let same = |hold: &&Hold| {
        hold.sending == leaving.sending
            && hold.digest == digest
            && hold.stops.iter().map(|stop| stop.kind).collect::<Vec<_>>() == kinds
    };
    case.holds.iter().filter(same).any(|hold| hold.released.is_some())
}

#[expect(clippy::too_many_arguments, reason = "what was tried, by whom, and what stopped it")]
fn hold(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    id: CaseId,
    tried: &Act,
    leaving: &Leaving,
    digest: &str,
    stops: &[Stop],
) -> Result<Loaded, Error> {
    let case = journal::load(tx, who.authority, id)?.case;
    if case.holds.iter().any(|hold| hold.is_open() && hold.sending == leaving.sending && hold.digest == digest) {
        return journal::load(tx, who.authority, id);
    }
    let texts: Vec<Text> =
        stops.iter().map(|stop| Text { id: TextId(app.ids.next()), body: stop.sentence() }).collect();
    let stops = stops.iter().zip(&texts).map(|(stop, text)| HeldStop { kind: stop.kind, words: text.id }).collect();
    let hold = HoldId(app.ids.next());
    let command = Holds::Hold { hold, sending: leaving.sending, digest: digest.to_owned(), stops };
    let commands = vec![Command::Recipients(command)];
    journal::act(tx, who, id, Act { action: tried.action, seen: tried.seen, commands, papers: Papers::texts(texts) })
}
