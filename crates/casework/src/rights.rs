//! Whose rights are they, what does the family see, and who acts where somebody cannot decide?
//!
//! Up to the end of compulsory school age the rights of Part 3 of the Children and Families Act 2014
//! are the parents'; from the next day they are the young person's (section 83(2)). Parents stay
//! involved unless the young person says otherwise, so what they see changes only by what the young
//! person sets here. Whoever is over 16 is taken to be able to decide (Mental Capacity Act 2005
//! section 1(2)); only an assessment of one decision says otherwise, and then the representative
//! acts, or where there is none the parents (section 80; SEND Regulations 2014 regulations 63 to 65).

use crate::codes::codes;
use crate::people::not_after_today;
use crate::{AssessmentId, Case, Context, Refusal, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

codes! {
    /// What a young person lets parents see, or keeps from them.
    Shared {
        Plan = "plan" => "My plan, my letters and what is on my record",
        Messages = "messages" => "My messages with the council",
        AboutMe = "about_me" => "About me",
        Recordings = "recordings" => "My videos and sound",
    }
}

codes! {
    /// A decision that somebody can or cannot make: capacity is never said of a person as a whole.
    Decision {
        Plan = "plan" => "What to ask for, agree to or appeal against in the plan",
        Place = "place" => "Which school or college to go to",
        Sharing = "sharing" => "Who sees what about them",
    }
}

codes! {
    Finding {
        Able = "able" => "Able to make this decision",
        NotAble = "not_able" => "Not able to make this decision at this time, with all the help that could be given",
    }
}

/// Whose the rights are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    Parents,
    YoungPerson,
}

/// An assessment of capacity for one decision. Names and reasons are texts beside the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub id: AssessmentId,
    pub decision: Decision,
    pub on: Date,
    /// Who assessed, with their job.
    pub assessor: TextId,
    pub finding: Finding,
    pub reasons: TextId,
    /// Who acts, where it is not the parents: a deputy, an attorney.
    pub representative: Option<Representative>,
}

/// Somebody who acts for a young person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representative {
    pub name: TextId,
    /// Their account, when they are one of those of the family who have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
}

/// Who makes a decision in the young person's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acting {
    Parents,
    /// With an account, if they have one.
    Representative(Option<UserId>),
}

/// What a case knows of rights.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rights {
    /// What the young person keeps from parents, and since when it is set so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Sharing>,
    /// Oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assessments: Vec<Assessment>,
    /// When everyone was told that the rights will pass, and when it was talked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompted_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talked_on: Option<Date>,
}

impl Rights {
    pub(crate) fn is_unsaid(&self) -> bool {
        *self == Rights::default()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sharing {
    pub kept: Vec<Shared>,
    pub on: Date,
    pub by: Option<UserId>,
}

/// The first day on which the rights are the young person's; none while no birth date is known.
pub fn pass_on(case: &Case) -> Option<Date> {
    case.born_on.map(law::calendar::rights_pass_on)
}

/// Whose the rights are on a day; none while no birth date is known.
pub fn holder(case: &Case, today: Date) -> Option<Holder> {
    Some(if today >= pass_on(case)? { Holder::YoungPerson } else { Holder::Parents })
}

/// The last assessment of this decision, by the day it was made and not the day it was recorded.
pub fn last_assessment(case: &Case, decision: Decision) -> Option<&Assessment> {
    case.rights.assessments.iter().filter(|known| known.decision == decision).max_by_key(|known| known.on)
}

/// Who makes this decision in the young person's place, by the last assessment of it.
pub fn acting(case: &Case, decision: Decision) -> Option<Acting> {
    let last = last_assessment(case, decision)?;
    match (last.finding, last.representative) {
        (Finding::Able, _) => None,
        (Finding::NotAble, Some(somebody)) => Some(Acting::Representative(somebody.user)),
        (Finding::NotAble, None) => Some(Acting::Parents),
    }
}

/// Somebody of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    Parent(UserId),
    YoungPerson(UserId),
}

impl Member {
    pub fn user(self) -> UserId {
        let (Member::Parent(user) | Member::YoungPerson(user)) = self;
        user
    }
}

/// Whether a decision is theirs: a parent's until the rights pass, then the young person's, unless
/// somebody decides this in their place.
pub fn decides(case: &Case, decision: Decision, by: Member, today: Date) -> bool {
    match (holder(case, today), by) {
        (Some(Holder::Parents), Member::Parent(_)) => true,
        (Some(Holder::YoungPerson), Member::YoungPerson(_)) => acting(case, decision).is_none(),
        (Some(Holder::YoungPerson), Member::Parent(user)) => match acting(case, decision) {
            Some(Acting::Parents) => true,
            Some(Acting::Representative(somebody)) => somebody == Some(user),
            None => false,
        },
        (Some(Holder::Parents), Member::YoungPerson(_)) | (None, _) => false,
    }
}

/// What is kept from parents now. A setting of a day before the rights had passed says nothing: the
/// birth date it was made under was wrong.
pub fn kept_from_parents(case: &Case) -> Vec<Shared> {
    let Some(from) = pass_on(case) else { return vec![] };
    case.rights.sharing.as_ref().filter(|sharing| sharing.on >= from).map(|s| s.kept.clone()).unwrap_or_default()
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Say what parents do not see.
    Share {
        kept: Vec<Shared>,
    },
    /// Tell everyone, a term before, that the rights will pass.
    Prompt,
    /// The talk about who will decide was held.
    RecordTalk {
        on: Date,
    },
    Assess {
        assessment: Assessment,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Shared { kept: Vec<Shared>, by: Option<UserId>, on: Date },
    Prompted { on: Date },
    Talked { on: Date },
    Assessed { assessment: Assessment },
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    let from = pass_on(case).ok_or(Refusal::RecordNotOpen)?;
    match command {
        Command::Share { .. } if ctx.today < from => Err(Refusal::RightsNotPassed { from }),
        Command::Share { mut kept } => {
            kept.sort_unstable();
            kept.dedup();
            let is_said = case.rights.sharing.as_ref().is_some_and(|sharing| sharing.on >= from);
            Ok(if is_said && kept_from_parents(case) == kept {
                vec![]
            } else {
                vec![Event::Shared { kept, by: ctx.actor, on: ctx.today }]
            })
        }
        Command::Prompt => {
            let due =
                case.born_on.map(law::calendar::rights_prompt_on).filter(|on| *on <= ctx.today && ctx.today < from);
            let is_new = case.rights.prompted_on.is_none() && case.rights.talked_on.is_none();
            let is_ours = case.live_request().is_some() || case.plan_in_force().is_some();
            Ok(if due.is_some() && is_new && is_ours { vec![Event::Prompted { on: ctx.today }] } else { vec![] })
        }
        Command::RecordTalk { on } => {
            not_after_today(on, ctx)?;
            Ok(if case.rights.talked_on == Some(on) { vec![] } else { vec![Event::Talked { on }] })
        }
        Command::Assess { assessment } => {
            not_after_today(assessment.on, ctx)?;
            // The Mental Capacity Act is about people of 16 and over (section 2(5)).
            let sixteen = case.born_on.map_or(from, |born_on| law::calendar::birthday(born_on, 16));
            if assessment.on < sixteen {
                return Err(Refusal::TooYoungToAssess { from: sixteen });
            }
            let user = assessment.representative.and_then(|somebody| somebody.user);
            if user.is_some_and(|user| !case.family.contains(&user)) {
                return Err(Refusal::NotOnRecord { what: "account of the family" });
            }
            if case.rights.assessments.iter().any(|known| known.id == assessment.id) {
                return Ok(vec![]);
            }
            Ok(vec![Event::Assessed { assessment }])
        }
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::Shared { kept, by, on } => {
            case.rights.sharing = Some(Sharing { kept: kept.clone(), on: *on, by: *by });
        }
        Event::Prompted { on } => case.rights.prompted_on = Some(*on),
        Event::Talked { on } => {
            case.rights.talked_on = Some(*on);
            case.note(law::EventName::CapacityConversationHeld, *on, 0);
        }
        Event::Assessed { assessment } => case.rights.assessments.push(assessment.clone()),
    }
}
