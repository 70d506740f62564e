//! Two records of one child become one, and can be taken apart again; two children who look alike
//! are told apart.
//!
//! One record is kept, the other is closed and leads to it. Both journals stay as they are: the
//! kept record's event holds what it lacked and took over, so that the same can be taken out again;
//! the closed record only says where everything goes on. What was decided by law on one record is
//! never moved to another: the record that holds it has to be the one that is kept.

use crate::case::ClockEvent;
use crate::codes::Need;
use crate::designated::Designated;
use crate::enquiries::Enquiry;
use crate::messages::Message;
use crate::openings::Opening;
use crate::own_voice::{Entry, Part};
use crate::papers::OnFile;
use crate::people::comparing::{fill_in, may_be_twins, numbers_agree};
use crate::people::{DetailField, Details, Placement, Relation};
use crate::recordings::Recording;
use crate::requests::{Progress, Request};
use crate::rights::{Assessment, Sharing};
use crate::{Case, CaseId, Context, PersonId, Refusal, RequestId, TextId, UserId};
use jiff::civil::Date;
use law::EventName;
use serde::{Deserialize, Serialize};

/// A live request of the kept record whose clock now starts earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    pub request: RequestId,
    pub own: Date,
    pub earlier: Date,
    /// How far it had come when the records were joined.
    pub progress: Progress,
}

/// What a kept record lacked and took over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Carried {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clock: Vec<ClockEvent>,
    /// Contacts, and requests that came to a child whose clock was running already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enquiries: Vec<Enquiry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub openings: Vec<Opening>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recordings: Vec<Recording>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub placements: Vec<Placement>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<(PersonId, Relation)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub family: Vec<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub officer: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<(Need, Option<Need>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_of_education_since: Option<Date>,
    /// Details that were empty and are now filled in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<DetailField>,
    /// The next free thread number, before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_subject: Option<(u32, u32)>,
    #[serde(skip_serializing_if = "OwnWords::is_empty")]
    pub own_words: OwnWords,
    /// What is known of its papers.
    #[serde(skip_serializing_if = "OnFile::is_empty")]
    pub on_file: OnFile,
    /// How the child stands with social care, and who prepares for adult services, where that was not
    /// known here.
    #[serde(skip_serializing_if = "Designated::is_unsaid")]
    pub designated: Designated,
}

/// What the child said and chose on the other record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnWords {
    /// Versions of "About me", numbered on from those of the kept record.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stars: Vec<Part>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assessments: Vec<Assessment>,
    /// What is kept from parents, before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sharing: Option<(Option<Sharing>, Sharing)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompted_on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talked_on: Option<Date>,
}

impl OwnWords {
    fn is_empty(&self) -> bool {
        *self == OwnWords::default()
    }

    /// Of each part of "About me" the words that were said last are the child's; nobody sees more by
    /// the joining than either record let them see.
    fn of(kept: &Case, other: &Case) -> OwnWords {
        let newer = |part: Part| {
            let theirs = other.own_voice.latest(part).map(|entry| entry.on);
            theirs > kept.own_voice.latest(part).map(|entry| entry.on)
        };
        let entries = other.own_voice.entries.iter().filter(|entry| newer(entry.says.part));
        let numbered = (kept.own_voice.version() + 1..).zip(entries);
        let (own, theirs) = (&kept.rights, &other.rights);
        OwnWords {
            entries: numbered.map(|(version, entry)| Entry { version, ..entry.clone() }).collect(),
            stars: if kept.own_voice.stars.is_empty() { other.own_voice.stars.clone() } else { vec![] },
            assessments: theirs.assessments.clone(),
            sharing: theirs
                .sharing
                .as_ref()
                .map(|theirs| stricter(own.sharing.as_ref(), theirs))
                .filter(|after| own.sharing.as_ref() != Some(after))
                .map(|after| (own.sharing.clone(), after)),
            prompted_on: theirs.prompted_on.filter(|_| own.prompted_on.is_none()),
            talked_on: theirs.talked_on.filter(|_| own.talked_on.is_none()),
        }
    }

    fn take_in(&self, case: &mut Case) {
        case.own_voice.entries.extend(self.entries.iter().cloned());
        if !self.stars.is_empty() {
            case.own_voice.stars.clone_from(&self.stars);
        }
        case.rights.assessments.extend(self.assessments.iter().cloned());
        if let Some((_, after)) = &self.sharing {
            case.rights.sharing = Some(after.clone());
        }
        case.rights.prompted_on = case.rights.prompted_on.or(self.prompted_on);
        case.rights.talked_on = case.rights.talked_on.or(self.talked_on);
    }

    fn give_back(self, case: &mut Case) {
        case.own_voice.entries.retain(|entry| !self.entries.contains(entry));
        if case.own_voice.stars == self.stars {
            case.own_voice.stars.clear();
        }
        case.rights.assessments.retain(|known| !self.assessments.iter().any(|other| other.id == known.id));
        if let Some((before, after)) = self.sharing
            && case.rights.sharing.as_ref() == Some(&after)
        {
            case.rights.sharing = before;
        }
        case.rights.prompted_on = case.rights.prompted_on.filter(|on| self.prompted_on != Some(*on));
        case.rights.talked_on = case.rights.talked_on.filter(|on| self.talked_on != Some(*on));
    }
}

/// What either of two settings keeps from parents.
fn stricter(own: Option<&Sharing>, theirs: &Sharing) -> Sharing {
    let Some(own) = own else { return theirs.clone() };
    let mut kept = own.kept.clone();
    kept.extend(theirs.kept.iter().filter(|kind| !own.kept.contains(kind)));
    let later = if theirs.on > own.on { theirs } else { own };
    Sharing { kept, ..later.clone() }
}

/// A record that was joined into this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    pub case: CaseId,
    pub on: Date,
    pub by: Option<UserId>,
    pub reason: TextId,
    pub carried: Carried,
}

/// A record of another child who looks like this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apart {
    pub case: CaseId,
    pub on: Date,
    pub by: Option<UserId>,
    pub reason: TextId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// This record is kept; `other` is the same child's and is closed in the same act.
    TakeIn {
        other: Box<Case>,
        /// The details of this record and of the other.
        details: Box<(Details, Details)>,
        /// Somebody made sure that they are not twins.
        is_one_child: bool,
        /// Those of the other record's family who may read this one.
        family: Vec<UserId>,
        reason: TextId,
    },
    /// The other half of [`Command::TakeIn`], given to the record that is closed.
    CloseInto {
        kept: CaseId,
    },
    /// What was taken over is given back.
    GiveBack {
        case: CaseId,
        reason: TextId,
    },
    /// The other half of [`Command::GiveBack`].
    Reopen,
    /// The record of another child, however alike.
    TellApart {
        other: CaseId,
        reason: TextId,
    },
    TakeBackApart {
        other: CaseId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    TakenIn { join: Box<Join> },
    ClosedInto { kept: CaseId, on: Date },
    GivenBack { case: CaseId, reason: TextId, on: Date },
    Reopened { kept: CaseId, on: Date },
    ToldApart { apart: Apart },
    ApartTakenBack { other: CaseId, on: Date },
}

/// What of the law's a record holds that cannot be moved to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Nothing,
    Assessment,
    Plan,
}

impl Holds {
    fn of(case: &Case) -> Holds {
        let is_decided = |request: &Request| request.progress != Progress::Deciding;
        match (case.plan_in_force(), case.live_request()) {
            (Some(_), _) => Holds::Plan,
            (None, Some(request)) if is_decided(request) => Holds::Assessment,
            _ => Holds::Nothing,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Holds::Plan => "a plan",
            _ => "an assessment under way",
        }
    }
}

/// Whether one record may be joined into another at all.
///
/// # Errors
/// The fact in the way.
pub fn may_join(kept: &Case, other: &Case) -> Result<(), Refusal> {
    if kept.id == other.id {
        return Err(Refusal::SameRecord);
    }
    if !other.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    if other.joined_into.is_some() {
        return Err(Refusal::RecordJoined);
    }
    if !other.joins.is_empty() {
        return Err(Refusal::HasJoined);
    }
    if let Some(apart) = kept.apart.iter().find(|apart| apart.case == other.id) {
        return Err(Refusal::ToldApart { on: apart.on });
    }
    if let Some(open) = other.corrections.iter().find(|correction| correction.is_open()) {
        return Err(Refusal::CorrectionOpen { asked_on: open.asked_on, answer_by: open.answer_by() });
    }
    if let Some(answer_by) = other.messages.iter().filter(|m| m.is_waiting()).find_map(Message::answer_by) {
        return Err(Refusal::MessageWaits { answer_by });
    }
    match (Holds::of(kept), Holds::of(other)) {
        (Holds::Plan, Holds::Plan) => Err(Refusal::TwoPlans),
        (Holds::Nothing, Holds::Nothing) if other.plan.is_some() && kept.plan.is_none() => {
            Err(Refusal::JoinTheOtherWay { what: "a plan that has ended" })
        }
        (_, Holds::Nothing) => Ok(()),
        (Holds::Nothing, held) => Err(Refusal::JoinTheOtherWay { what: held.label() }),
        _ => Err(Refusal::BothDecided),
    }
}

/// What the kept record takes over from the other.
fn carry(kept: &Case, other: &Case, reason: TextId) -> Carried {
    let mut carried = Carried {
        enquiries: other.enquiries.clone(),
        openings: other.openings.clone(),
        recordings: other.recordings.clone(),
        ..Carried::default()
    };
    if kept.requests.is_empty() && kept.plan.is_none() {
        carried.requests.clone_from(&other.requests);
        carried.clock = other.clock.iter().filter(|event| event.name != EventName::DateOfBirth).copied().collect();
        let next = other.next_subject.max(kept.next_subject);
        carried.next_subject = (next != kept.next_subject).then_some((kept.next_subject, next));
    } else {
        carried.requests = other.requests.iter().filter(|request| !request.is_live()).cloned().collect();
        if let Some(live) = other.live_request() {
            match kept.live_request() {
                None if kept.plan_in_force().is_none() => {
                    carried.clock = clock_of(live);
                    carried.requests.push(live.clone());
                }
                own => {
                    carried.enquiries.push(Enquiry::of_request(live, reason));
                    carried.earlier = own.filter(|own| live.received_on < own.received_on).map(|own| Earlier {
                        request: own.id,
                        own: own.received_on,
                        earlier: live.received_on,
                        progress: own.progress,
                    });
                }
            }
        }
    }
    if kept.current_placement().is_none() {
        carried.placements.extend(other.current_placement().cloned());
    }
    carried.people =
        other.contacts.iter().filter(|(id, _)| !kept.contacts.iter().any(|(own, _)| own == id)).copied().collect();
    carried.officer = other.officer.filter(|_| kept.officer.is_none());
    carried.needs = other.needs.filter(|_| kept.needs.is_none());
    carried.out_of_education_since = other.out_of_education_since.filter(|_| kept.out_of_education_since.is_none());
    carried.own_words = OwnWords::of(kept, other);
    carried.on_file = other.on_file.clone();
    let (own, theirs) = (&kept.designated, &other.designated);
    carried.designated = Designated {
        care: theirs.care.filter(|_| own.care.is_none()),
        adult_worker: theirs.adult_worker.filter(|_| own.adult_worker.is_none()),
        transition_on: theirs.transition_on.filter(|_| own.transition_on.is_none()),
        ..Designated::default()
    };
    carried
}

/// The dated facts of a request that nobody has decided on.
fn clock_of(request: &Request) -> Vec<ClockEvent> {
    let note = |name, on| ClockEvent { name, on, subject: 0, year_group: None };
    let told = request.notices.iter().map(|notice| note(EventName::FamilyConsulted, notice.sent_on));
    let exceptions = request.exceptions.iter().flat_map(|exception| exception.clock());
    std::iter::once(note(request.received_as(), request.received_on))
        .chain(told)
        .chain(exceptions.map(|(name, on)| note(name, on)))
        .collect()
}

/// The day of the latest step of a request.
fn latest_step(request: &Request) -> Date {
    let decided = match request.progress {
        Progress::Deciding => None,
        Progress::Assessing { decided_on: on }
        | Progress::Drafting { decided_on: on }
        | Progress::NotAssessing { on }
        | Progress::NoPlan { on }
        | Progress::PlanIssued { on }
        | Progress::Withdrawn { on } => Some(on),
    };
    request.notices.iter().map(|notice| notice.sent_on).chain(decided).max().unwrap_or(request.received_on)
}

/// Whether what came with a join can still go back to a record of its own.
///
/// # Errors
/// [`Refusal::RequestMovedOn`] when something was decided or sent since.
pub fn may_give_back(case: &Case, join: &Join) -> Result<(), Refusal> {
    let now = |id: RequestId| case.requests.iter().find(|request| request.id == id);
    for carried in &join.carried.requests {
        if let Some(request) = now(carried.id).filter(|request| *request != carried) {
            return Err(Refusal::RequestMovedOn { on: latest_step(request) });
        }
    }
    if let Some(earlier) = join.carried.earlier
        && let Some(request) = now(earlier.request).filter(|request| request.progress != earlier.progress)
    {
        return Err(Refusal::RequestMovedOn { on: latest_step(request) });
    }
    Ok(())
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    let on = ctx.today;
    if case.joined_into.is_some() && !matches!(command, Command::Reopen) {
        return Err(Refusal::RecordJoined);
    }
    match command {
        Command::TakeIn { other, details, is_one_child, family, reason } => {
            may_join(case, &other)?;
            let (kept, theirs) = &*details;
            numbers_agree(kept, theirs)?;
            if may_be_twins(kept, theirs) && !is_one_child {
                return Err(Refusal::MayBeTwins);
            }
            let mut carried = carry(case, &other, reason);
            carried.details = fill_in(kept, theirs).1;
            carried.family = other
                .family
                .iter()
                .filter(|user| family.contains(user) && !case.family.contains(user))
                .copied()
                .collect();
            Ok(vec![Event::TakenIn { join: Box::new(Join { case: other.id, on, by: ctx.actor, reason, carried }) }])
        }
        Command::CloseInto { kept } if kept == case.id => Err(Refusal::SameRecord),
        Command::CloseInto { kept } => Ok(vec![Event::ClosedInto { kept, on }]),
        Command::GiveBack { case: other, reason } => {
            let join = case.joins.iter().find(|join| join.case == other);
            may_give_back(case, join.ok_or(Refusal::NotOnRecord { what: "joined record" })?)?;
            Ok(vec![Event::GivenBack { case: other, reason, on }])
        }
        Command::Reopen => match case.joined_into {
            Some(kept) => Ok(vec![Event::Reopened { kept, on }]),
            None => Ok(vec![]),
        },
        Command::TellApart { other, .. } if other == case.id => Err(Refusal::SameRecord),
        Command::TellApart { other, .. } if case.apart.iter().any(|apart| apart.case == other) => Ok(vec![]),
        Command::TellApart { other, reason } => {
            Ok(vec![Event::ToldApart { apart: Apart { case: other, on, by: ctx.actor, reason } }])
        }
        Command::TakeBackApart { other } => Ok(match case.apart.iter().any(|apart| apart.case == other) {
            true => vec![Event::ApartTakenBack { other, on }],
            false => vec![],
        }),
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::TakenIn { join } => take_in(case, join),
        Event::ClosedInto { kept, .. } => case.joined_into = Some(*kept),
        Event::GivenBack { case: other, .. } => {
            if let Some(at) = case.joins.iter().position(|join| join.case == *other) {
                let join = case.joins.remove(at);
                give_back(case, join.carried);
            }
        }
        Event::Reopened { .. } => case.joined_into = None,
        Event::ToldApart { apart } => case.apart.push(*apart),
        Event::ApartTakenBack { other, .. } => case.apart.retain(|apart| apart.case != *other),
    }
}

fn take_in(case: &mut Case, join: &Join) {
    let carried = &join.carried;
    // What has ended goes before what is live, which is always the last.
    let (live, ended): (Vec<&Request>, Vec<&Request>) = carried.requests.iter().partition(|request| request.is_live());
    case.requests.splice(0..0, ended.into_iter().cloned());
    case.requests.extend(live.into_iter().cloned());
    case.clock.extend(&carried.clock);
    if let Some(earlier) = carried.earlier {
        count_from(case, earlier.request, earlier.own, earlier.earlier);
    }
    case.enquiries.extend(carried.enquiries.iter().cloned());
    case.openings.extend(carried.openings.iter().copied());
    case.recordings.extend(carried.recordings.iter().copied());
    case.placements.extend(carried.placements.iter().cloned());
    case.contacts.extend(&carried.people);
    case.family.extend(&carried.family);
    case.officer = case.officer.or(carried.officer);
    case.needs = case.needs.or(carried.needs);
    case.out_of_education_since = case.out_of_education_since.or(carried.out_of_education_since);
    if let Some((_, after)) = carried.next_subject {
        case.next_subject = case.next_subject.max(after);
    }
    carried.own_words.take_in(case);
    case.on_file.papers.extend(carried.on_file.papers.iter().cloned());
    case.on_file.copies.extend(carried.on_file.copies.iter().cloned());
    case.on_file.found_unsafe.extend(&carried.on_file.found_unsafe);
    case.on_file.wanted.extend(&carried.on_file.wanted);
    let (own, theirs) = (&mut case.designated, &carried.designated);
    own.care = own.care.or(theirs.care);
    own.adult_worker = own.adult_worker.or(theirs.adult_worker);
    own.transition_on = own.transition_on.or(theirs.transition_on);
    case.joins.push(join.clone());
}

/// The opposite of [`take_in`]. What was changed on the kept record since stays as it is.
fn give_back(case: &mut Case, carried: Carried) {
    case.requests.retain(|request| !carried.requests.iter().any(|other| other.id == request.id));
    if let Some(earlier) = carried.earlier {
        count_from(case, earlier.request, earlier.earlier, earlier.own);
    }
    for event in &carried.clock {
        if let Some(at) = case.clock.iter().rposition(|own| own == event) {
            case.clock.remove(at);
        }
    }
    case.openings.retain(|opening| !carried.openings.iter().any(|other| other.id == opening.id));
    case.recordings.retain(|kept| !carried.recordings.iter().any(|other| other.document == kept.document));
    case.enquiries.retain(|enquiry| !carried.enquiries.iter().any(|other| other.id == enquiry.id));
    for enquiry in &mut case.enquiries {
        enquiry.joined_to = enquiry.joined_to.filter(|to| !carried.enquiries.iter().any(|other| other.id == *to));
    }
    case.placements.retain(|placement| !carried.placements.iter().any(|other| other.id == placement.id));
    case.contacts.retain(|(person, _)| !carried.people.iter().any(|(other, _)| other == person));
    case.family.retain(|user| !carried.family.contains(user));
    case.officer = case.officer.filter(|officer| carried.officer != Some(*officer));
    case.needs = case.needs.filter(|needs| carried.needs != Some(*needs));
    case.out_of_education_since =
        case.out_of_education_since.filter(|since| carried.out_of_education_since != Some(*since));
    if let Some((before, after)) = carried.next_subject
        && case.next_subject == after
    {
        case.next_subject = before;
    }
    carried.own_words.give_back(case);
    let (own, theirs) = (&mut case.designated, &carried.designated);
    own.care = own.care.filter(|care| theirs.care != Some(*care));
    own.adult_worker = own.adult_worker.filter(|worker| theirs.adult_worker != Some(*worker));
    own.transition_on = own.transition_on.filter(|on| theirs.transition_on != Some(*on));
    let theirs = carried.on_file;
    case.on_file.papers.retain(|paper| theirs.paper(paper.document).is_none());
    // A copy of the other child's paper that was made meanwhile is for nobody's family.
    case.on_file.copies.retain(|copy| theirs.copy(copy.document).is_none() && theirs.paper(copy.of).is_none());
    case.on_file.found_unsafe.retain(|(document, _)| !theirs.is_unsafe(*document));
    case.on_file
        .wanted
        .retain(|wanted| !theirs.wanted.iter().any(|other| (other.document, other.on) == (wanted.document, wanted.on)));
}

/// Moves the start of a request's clock from one day to another.
fn count_from(case: &mut Case, id: RequestId, from: Date, to: Date) {
    let Some(request) = case.requests.iter_mut().find(|request| request.id == id) else { return };
    request.received_on = to;
    let name = request.received_as();
    if let Some(event) = case.clock.iter_mut().rev().find(|event| event.name == name && event.on == from) {
        event.on = to;
    }
}
