//! One child's case: its state, the commands that may change it, the events that did.

use crate::access::Relations;
use crate::advice::{AdviceKind, AdviceRequest, Reply};
use crate::codes::Need;
use crate::designated::Designated;
use crate::enquiries::Enquiry;
use crate::independents::Independents;
use crate::joins::{Apart, Join};
use crate::messages::Message;
use crate::openings::{self, Opening};
use crate::own_voice::OwnVoice;
use crate::papers::OnFile;
use crate::people::corrections::Correction;
use crate::people::facts::Asking;
use crate::people::{Placement, Relation};
use crate::plans::Plan;
use crate::recipients::Hold;
use crate::recordings::{self, Recording};
use crate::requests::{Progress, Request};
use crate::reviews::{Review, Transfer};
use crate::rights::{Decision, Rights};
use crate::visits::Visit;
use crate::{
    AdviceId, AuthorityId, BodyId, CaseId, PersonId, Refusal, UserId, advice, brought_in, designated, enquiries,
    independents, joins, messages, own_voice, papers, people, placement, plans, recipients, requests, reviews, rights,
    visits,
};
use jiff::civil::Date;
use law::EventName;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

/// The moment and the person, passed in by the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// Today in Europe/London.
    pub today: Date,
    /// The signed-in person; none for what the system does by itself.
    pub actor: Option<UserId>,
}

/// One child's or young person's case in one authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    pub authority: AuthorityId,
    /// Number of events recorded; what two people's changes are checked against.
    pub version: u64,
    pub person: Option<PersonId>,
    pub born_on: Option<Date>,
    pub officer: Option<UserId>,
    pub contacts: Vec<(PersonId, Relation)>,
    /// Those of the family who read along under a name of their own.
    #[serde(default)]
    pub family: Vec<UserId>,
    /// What the family asked to be put right, oldest first.
    #[serde(default)]
    pub corrections: Vec<Correction>,
    /// What forms asked of whom, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub askings: Vec<Asking>,
    /// What the family and the council wrote to each other, oldest first.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// What the child or young person says of themselves.
    #[serde(default, skip_serializing_if = "OwnVoice::is_unsaid")]
    pub own_voice: OwnVoice,
    /// Papers that were added after the request, redacted copies, files found unsafe.
    #[serde(default, skip_serializing_if = "OnFile::is_empty")]
    pub on_file: OnFile,
    #[serde(default, skip_serializing_if = "Rights::is_unsaid")]
    pub rights: Rights,
    /// Professionals whom the family asked for advice, and reports that it handed in.
    #[serde(default, skip_serializing_if = "Independents::is_empty")]
    pub independents: Independents,
    /// Visits of advisers, in the order in which they were booked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Visit>,
    /// What advisers keep for their own advice, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recordings: Vec<Recording>,
    /// Times that somebody without a relation opened the record in an emergency, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openings: Vec<Opening>,
    /// Sends that were held, oldest first.
    #[serde(default)]
    pub holds: Vec<Hold>,
    /// Calls, emails, letters and visits, in the order in which they were noted.
    #[serde(default)]
    pub enquiries: Vec<Enquiry>,
    /// Other records of this child that were joined into this one.
    #[serde(default)]
    pub joins: Vec<Join>,
    /// The record of this child that is kept, when this one was joined into it.
    #[serde(default)]
    pub joined_into: Option<CaseId>,
    /// Records of other children who look like this one.
    #[serde(default)]
    pub apart: Vec<Apart>,
    /// What the designated officers for health and social care recorded.
    #[serde(default, skip_serializing_if = "Designated::is_unsaid")]
    pub designated: Designated,
    pub needs: Option<(Need, Option<Need>)>,
    pub placements: Vec<Placement>,
    pub out_of_education_since: Option<Date>,
    pub requests: Vec<Request>,
    pub plan: Option<Plan>,
    pub reviews: Vec<Review>,
    pub transfer: Option<Transfer>,
    /// What the clock reads: every dated fact that a rule counts from or is met by.
    pub clock: Vec<ClockEvent>,
    /// Next free thread number for advice and consultations.
    pub next_subject: u32,
}

/// A dated fact for the clock. The same as [`law::Event`], in a form that can be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockEvent {
    #[serde(with = "event_name")]
    pub name: EventName,
    pub on: Date,
    pub subject: u32,
    /// For `transfer_to_ncy`: the national curriculum year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_group: Option<i8>,
}

mod event_name {
    use law::EventName;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(name: &EventName, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(name.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<EventName, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(input)?;
        text.parse().map_err(|_| D::Error::custom(format!("unknown clock event `{text}`")))
    }
}

/// What anyone may ask to be done to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    People(people::Command),
    Requests(requests::Command),
    Advice(advice::Command),
    Plans(plans::Command),
    Placement(placement::Command),
    Reviews(reviews::Command),
    Messages(messages::Command),
    OwnVoice(own_voice::Command),
    Papers(papers::Command),
    Rights(rights::Command),
    Recipients(recipients::holds::Command),
    Enquiries(enquiries::Command),
    Joins(joins::Command),
    Independents(independents::Command),
    Visits(visits::Command),
    Openings(openings::Command),
    Recordings(recordings::Command),
    Designated(designated::Command),
    BroughtIn(Box<brought_in::History>),
}

/// What happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    People(people::Event),
    Requests(requests::Event),
    Advice(advice::Event),
    Plans(plans::Event),
    Placement(placement::Event),
    Reviews(reviews::Event),
    Messages(messages::Event),
    OwnVoice(own_voice::Event),
    Papers(papers::Event),
    Rights(rights::Event),
    Recipients(recipients::holds::Event),
    Enquiries(enquiries::Event),
    Joins(joins::Event),
    Independents(independents::Event),
    Visits(visits::Event),
    Openings(openings::Event),
    Recordings(recordings::Event),
    Designated(designated::Event),
    BroughtIn(brought_in::Event),
}

impl Event {
    /// Stable name, such as `requests.received`: what the journal and its readers filter on.
    pub fn name(&self) -> String {
        fn tag(value: serde_json::Value) -> String {
            match value {
                serde_json::Value::Object(map) => map.into_iter().next().map(|(key, _)| key).unwrap_or_default(),
                serde_json::Value::String(text) => text,
                _ => String::new(),
            }
        }
        let value = serde_json::to_value(self).expect("events hold only ids, codes and dates");
        match value {
            serde_json::Value::Object(map) => {
                map.into_iter().next().map(|(room, inner)| format!("{room}.{}", tag(inner))).unwrap_or_default()
            }
            _ => String::new(),
        }
    }
}

/// The one word that lists and filters use for where a case stands.
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
pub enum Stage {
    /// On record, no request and no plan.
    Known,
    Deciding,
    Assessing,
    Drafting,
    DraftWithFamily,
    NotAssessed,
    NoPlan,
    PlanInForce,
    PlanEnded,
    Withdrawn,
    /// Closed: everything goes on in another record of the same child.
    Joined,
}

impl Stage {
    pub fn label(self) -> &'static str {
        match self {
            Stage::Known => "On record",
            Stage::Deciding => "Deciding whether to assess",
            Stage::Assessing => "Being assessed",
            Stage::Drafting => "Plan being written",
            Stage::DraftWithFamily => "Draft with the family",
            Stage::NotAssessed => "Not assessed",
            Stage::NoPlan => "Assessed, no plan",
            Stage::PlanInForce => "Plan in force",
            Stage::PlanEnded => "Plan ended",
            Stage::Withdrawn => "Request withdrawn",
            Stage::Joined => "Joined into another record",
        }
    }
}

/// May this happen to this case, and what then is true?
///
/// # Errors
/// A [`Refusal`] that names the fact in the way. Nothing has changed then.
pub fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    fn wrap<E>(events: Vec<E>, room: fn(E) -> Event) -> Vec<Event> {
        events.into_iter().map(room).collect()
    }
    if case.joined_into.is_some() && !matches!(command, Command::Joins(_)) {
        return Err(Refusal::RecordJoined);
    }
    match command {
        Command::People(command) => Ok(wrap(people::decide(case, command, ctx)?, Event::People)),
        Command::Requests(command) => Ok(wrap(requests::decide(case, command, ctx)?, Event::Requests)),
        Command::Advice(command) => Ok(wrap(advice::decide(case, command, ctx)?, Event::Advice)),
        Command::Placement(command) => Ok(wrap(placement::decide(case, command, ctx)?, Event::Placement)),
        Command::Reviews(command) => Ok(wrap(reviews::decide(case, command, ctx)?, Event::Reviews)),
        Command::Messages(command) => Ok(wrap(messages::decide(case, command, ctx)?, Event::Messages)),
        Command::OwnVoice(command) => Ok(wrap(own_voice::decide(case, command, ctx)?, Event::OwnVoice)),
        Command::Papers(command) => Ok(wrap(papers::decide(case, command, ctx)?, Event::Papers)),
        Command::Rights(command) => Ok(wrap(rights::decide(case, command, ctx)?, Event::Rights)),
        Command::Recipients(command) => Ok(wrap(recipients::holds::decide(case, command, ctx)?, Event::Recipients)),
        Command::Enquiries(command) => Ok(wrap(enquiries::decide(case, command, ctx)?, Event::Enquiries)),
        Command::Joins(command) => Ok(wrap(joins::decide(case, command, ctx)?, Event::Joins)),
        Command::Designated(command) => Ok(wrap(designated::decide(case, command, ctx)?, Event::Designated)),
        Command::Plans(command) => Ok(plans::decide(case, command, ctx)?
            .into_iter()
            .map(|outcome| match outcome {
                plans::Outcome::Plan(event) => Event::Plans(event),
                plans::Outcome::Notice(event) => Event::Requests(event),
            })
            .collect()),
        Command::Independents(command) => independents::decide(case, command, ctx),
        Command::Visits(command) => Ok(wrap(visits::decide(case, command, ctx)?, Event::Visits)),
        Command::Recordings(command) => Ok(wrap(recordings::decide(case, command, ctx)?, Event::Recordings)),
        Command::Openings(command) => Ok(wrap(openings::decide(case, command, ctx)?, Event::Openings)),
        Command::BroughtIn(history) => brought_in::decide(case, &history, ctx),
    }
}

impl Case {
    /// A case that nothing has happened to.
    pub fn new(authority: AuthorityId, id: CaseId) -> Case {
        Case {
            id,
            authority,
            version: 0,
            person: None,
            born_on: None,
            officer: None,
            contacts: vec![],
            family: vec![],
            corrections: vec![],
            askings: vec![],
            messages: vec![],
            own_voice: OwnVoice::default(),
            on_file: OnFile::default(),
            rights: Rights::default(),
            independents: Independents::default(),
            visits: vec![],
            openings: vec![],
            recordings: vec![],
            holds: vec![],
            enquiries: vec![],
            joins: vec![],
            joined_into: None,
            apart: vec![],
            designated: Designated::default(),
            needs: None,
            placements: vec![],
            out_of_education_since: None,
            requests: vec![],
            plan: None,
            reviews: vec![],
            transfer: None,
            clock: vec![],
            next_subject: 1,
        }
    }

    /// The case after these events: the journal replayed.
    pub fn fold<'a>(authority: AuthorityId, id: CaseId, events: impl IntoIterator<Item = &'a Event>) -> Case {
        let mut case = Case::new(authority, id);
        for event in events {
            case.apply(event);
        }
        case
    }

    /// Makes an event true. Total: an event that no longer fits changes nothing but the version.
    pub fn apply(&mut self, event: &Event) {
        self.version += 1;
        match event {
            Event::People(event) => people::apply(self, event),
            Event::Requests(event) => requests::apply(self, event),
            Event::Advice(event) => advice::apply(self, event),
            Event::Plans(event) => plans::apply(self, event),
            Event::Placement(event) => placement::apply(self, event),
            Event::Reviews(event) => reviews::apply(self, event),
            Event::Messages(event) => messages::apply(self, event),
            Event::OwnVoice(event) => own_voice::apply(self, event),
            Event::Papers(event) => papers::apply(self, event),
            Event::Rights(event) => rights::apply(self, event),
            Event::Recipients(event) => recipients::holds::apply(self, event),
            Event::Enquiries(event) => enquiries::apply(self, event),
            Event::Joins(event) => joins::apply(self, event),
            Event::Independents(event) => independents::apply(self, event),
            Event::Visits(event) => visits::apply(self, event),
            Event::Openings(event) => openings::apply(self, event),
            Event::Recordings(event) => recordings::apply(self, event),
            Event::Designated(event) => designated::apply(self, event),
            Event::BroughtIn(event) => brought_in::apply(self, event),
        }
    }

    pub fn is_open(&self) -> bool {
        self.person.is_some()
    }

    /// The requests that were made to this record itself, not to one that was joined into it.
    pub fn own_requests(&self) -> impl Iterator<Item = &Request> {
        let is_carried = |id| self.joins.iter().any(|join| join.carried.requests.iter().any(|other| other.id == id));
        self.requests.iter().filter(move |request| !is_carried(request.id))
    }

    /// The request that owns the clock, if one is live.
    pub fn live_request(&self) -> Option<&Request> {
        self.requests.iter().rev().find(|request| request.is_live())
    }

    /// Advice that was asked for in any request, oldest first.
    pub fn all_advice(&self) -> impl Iterator<Item = &AdviceRequest> + Clone {
        self.requests.iter().flat_map(|request| &request.advice)
    }

    pub fn advice(&self, id: AdviceId) -> Option<&AdviceRequest> {
        self.all_advice().find(|asked| asked.id == id)
    }

    pub fn plan_in_force(&self) -> Option<&Plan> {
        self.plan.as_ref().filter(|plan| plan.ended.is_none())
    }

    /// The day of the review meeting that is arranged or waits for its decision.
    pub fn next_meeting_on(&self) -> Option<Date> {
        self.reviews.iter().rev().find(|review| review.decision.is_none()).and_then(|review| review.meeting_on)
    }

    /// Where the child is now: the newest placement that has not ended.
    pub fn current_placement(&self) -> Option<&Placement> {
        self.placements.iter().rev().find(|placement| placement.to.is_none())
    }

    pub fn attends_setting(&self) -> bool {
        self.current_placement().is_some_and(|placement| placement.setting.urn().is_some())
    }

    pub fn stage(&self) -> Stage {
        if self.joined_into.is_some() {
            return Stage::Joined;
        }
        if let Some(request) = self.live_request() {
            return match request.progress {
                Progress::Assessing { .. } => Stage::Assessing,
                Progress::Drafting { .. } if request.served_draft().is_some() => Stage::DraftWithFamily,
                Progress::Drafting { .. } => Stage::Drafting,
                _ => Stage::Deciding,
            };
        }
        match &self.plan {
            Some(plan) if plan.ended.is_none() => return Stage::PlanInForce,
            Some(_) => return Stage::PlanEnded,
            None => {}
        }
        match self.requests.last().map(|request| request.progress) {
            Some(Progress::NotAssessing { .. }) => Stage::NotAssessed,
            Some(Progress::NoPlan { .. }) => Stage::NoPlan,
            Some(Progress::Withdrawn { .. }) => Stage::Withdrawn,
            _ => Stage::Known,
        }
    }

    /// The dated facts as `law` reads them.
    pub fn clock_events(&self) -> Vec<law::Event> {
        let mut events: Vec<law::Event> = self
            .clock
            .iter()
            .map(|event| law::Event {
                name: event.name,
                on: event.on,
                subject: event.subject,
                fact: event.year_group.map_or(law::Fact::None, law::Fact::YearGroup),
            })
            .collect();
        // `law` reads in date order; facts of one day keep the order in which they were recorded.
        events.sort_by_key(|event| event.on);
        events
    }

    /// The teams whose advice the plan in force is made from: they keep a working copy.
    pub fn contributors(&self) -> Vec<BodyId> {
        let made_here = self.plan_in_force().is_some_and(|plan| plan.version.is_some());
        let request = self.requests.iter().rev().find(|r| matches!(r.progress, Progress::PlanIssued { .. }));
        // The family has the plan itself.
        let gave = |asked: &&AdviceRequest| {
            asked.kind != AdviceKind::Family && matches!(asked.reply, Some(Reply::Advice { .. } | Reply::Signed { .. }))
        };
        request
            .filter(|_| made_here)
            .map(|request| request.advice.iter().filter(gave).map(|asked| asked.body).collect())
            .unwrap_or_default()
    }

    /// Every deadline that the facts of this case set running, with its working.
    pub fn deadlines(&self) -> Vec<law::Deadline> {
        let mut deadlines = Vec::new();
        // What is due is due once, on the record that is kept.
        if self.joined_into.is_some() {
            return deadlines;
        }
        law::deadlines(&self.clock_events(), &mut deadlines);
        deadlines
    }

    /// What access to this case is decided on.
    pub fn relations(&self) -> Relations {
        let mut asked: Vec<BodyId> =
            self.live_request().map(|r| r.advice.iter().map(|a| a.body).collect()).unwrap_or_default();
        asked.extend(self.contributors());
        asked.sort();
        asked.dedup();
        Relations {
            authority: self.authority,
            setting: self.current_placement().and_then(|placement| placement.setting.urn()),
            asked,
            invited: independents::invited(self),
            opened: openings::opened(self),
            family: self.family.clone(),
            kept_from_parents: rights::kept_from_parents(self),
            acting: Decision::iter().filter_map(|of| Some((of, rights::acting(self, of)?))).collect(),
        }
    }

    pub(crate) fn note(&mut self, name: EventName, on: Date, subject: u32) {
        self.clock.push(ClockEvent { name, on, subject, year_group: None });
    }

    pub(crate) fn new_subject(&mut self) -> u32 {
        let subject = self.next_subject;
        self.next_subject += 1;
        subject
    }
}
