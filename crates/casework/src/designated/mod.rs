//! What designated officers for health and social care record of a child: that the care system knows
//! it, who prepares for adult services, what social care says to a review, their look at their own
//! lines of a plan, and what the tribunal recommended to health and social care.
//!
//! Nothing of the care record itself is kept here: its number, whether it is open, who the worker is,
//! and the last visit, each with the day and the source.

pub mod figures;
pub mod sample;

use crate::advice::AdviceKind;
use crate::codes::codes;
use crate::people::not_after_today;
use crate::plans::content::Section;
use crate::requests::Request;
use crate::{Case, Context, LineId, Refusal, ReviewId, TextId, VersionId};
use jiff::civil::Date;
use law::EventName;
use serde::{Deserialize, Serialize};

codes! {
    /// Whose lines of a plan somebody answers for.
    Part {
        Health = "health" => "Health",
        SocialCare = "social_care" => "Social care",
    }
}

impl Part {
    /// The sections of a plan that are this part's.
    pub fn sections(self) -> &'static [Section] {
        match self {
            Part::Health => &[Section::C, Section::G],
            Part::SocialCare => &[Section::D, Section::H1, Section::H2],
        }
    }

    /// The advice that this part's designated officer sees to.
    pub fn advice(self) -> AdviceKind {
        match self {
            Part::Health => AdviceKind::Medical,
            Part::SocialCare => AdviceKind::SocialCare,
        }
    }

    /// The letters of its sections, as they are read: "C and G".
    pub fn letters(self) -> &'static str {
        match self {
            Part::Health => "C and G",
            Part::SocialCare => "D, H1 and H2",
        }
    }
}

codes! {
    /// What the care system says of a child.
    CareStatus {
        Open = "open" => "Known: open to social care",
        Closed = "closed" => "Closed: known before, not now",
        NotKnown = "not_known" => "Not known",
    }
}

codes! {
    /// How it was learnt.
    CareSource {
        CareSystem = "care_system" => "Looked up in the care system",
        Worker = "worker" => "Told by the social worker or the duty team",
    }
}

/// What is kept of the care record: enough to find it and to ring somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareLink {
    pub status: CareStatus,
    /// The number of the care record.
    pub reference: Option<TextId>,
    pub worker: Option<TextId>,
    pub last_visit_on: Option<Date>,
    pub source: CareSource,
    /// The day on which the care system said so.
    pub as_at: Date,
}

/// What social care says to one review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewAnswer {
    pub review: ReviewId,
    /// It contributes; otherwise it declines, with a reason.
    pub contributes: bool,
    pub text: TextId,
    pub on: Date,
}

/// A question about one line of a plan, which its officer must answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub line: LineId,
    pub text: TextId,
    pub answer: Option<(TextId, Date)>,
}

/// A designated officer's look at their lines in one version of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub part: Part,
    pub version: VersionId,
    pub on: Date,
    /// None when every line was confirmed.
    pub questions: Vec<Question>,
}

impl Look {
    pub fn open(&self) -> usize {
        self.questions.iter().filter(|question| question.answer.is_none()).count()
    }
}

/// What the tribunal recommended to health or to social care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The clock's thread, and its name here.
    pub subject: u32,
    pub part: Part,
    pub made_on: Date,
    pub received_on: Date,
    /// Who answers for it.
    pub owner: TextId,
    pub says: TextId,
    /// What was answered, and on which day; whether it is followed.
    pub reply: Option<(bool, TextId, Date)>,
}

/// Everything that designated officers recorded of one child.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Designated {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care: Option<CareLink>,
    /// Who prepares for adult services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adult_worker: Option<(TextId, Date)>,
    /// The day of the transition assessment (Care Act 2014 section 58).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transition_on: Option<Date>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<ReviewAnswer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<Look>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recommendations: Vec<Recommendation>,
}

impl Designated {
    pub fn is_unsaid(&self) -> bool {
        *self == Designated::default()
    }

    /// Questions about lines of a plan that nobody has answered.
    pub fn questions_open(&self) -> usize {
        self.looks.iter().map(Look::open).sum()
    }

    /// The same about drafts of this request: what holds its final plan up.
    pub fn questions_open_of(&self, request: &Request) -> usize {
        self.looks.iter().filter(|look| request.draft(look.version).is_some()).map(Look::open).sum()
    }

    /// What social care said last to this review.
    pub fn answer_to(&self, review: ReviewId) -> Option<&ReviewAnswer> {
        self.reviews.iter().rev().find(|answer| answer.review == review)
    }

    /// The last look of this part at this version.
    pub fn look(&self, part: Part, version: VersionId) -> Option<&Look> {
        self.looks.iter().rev().find(|look| look.part == part && look.version == version)
    }
}

/// The version of a plan that designated officers look at: of a plan being written the draft that the
/// family has, else the one that advisers were shown; otherwise the plan in force.
pub fn version_to_look_at(case: &Case) -> Option<VersionId> {
    draft_to_look_at(case).or_else(|| case.plan_in_force().and_then(|plan| plan.version))
}

/// The same, of drafts alone.
pub fn draft_to_look_at(case: &Case) -> Option<VersionId> {
    let request = case.live_request()?;
    let shown = || request.advice.iter().filter_map(|asked| asked.check).max_by_key(|check| check.asked_on);
    request.served_draft().map(|draft| draft.version).or_else(|| shown().map(|check| check.version))
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// What the care system says of the child, as far as it is kept here.
    LinkCare {
        care: CareLink,
    },
    NameAdultWorker {
        worker: TextId,
    },
    /// The transition assessment was done.
    RecordTransition {
        on: Date,
    },
    /// Social care sends its contribution to a review, or declines with a reason.
    AnswerReview {
        review: ReviewId,
        contributes: bool,
        text: TextId,
    },
    /// Confirms the lines of one's own part in a version, or asks about some of them.
    Look {
        part: Part,
        version: VersionId,
        questions: Vec<(LineId, TextId)>,
    },
    AnswerQuestion {
        part: Part,
        line: LineId,
        answer: TextId,
    },
    /// The tribunal recommended something to health or social care.
    Recommend {
        part: Part,
        made_on: Date,
        received_on: Date,
        owner: TextId,
        says: TextId,
    },
    /// The written answer to a recommendation was sent.
    ReplyToRecommendation {
        subject: u32,
        follows: bool,
        text: TextId,
        on: Date,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    CareLinked { care: CareLink, on: Date },
    AdultWorkerNamed { worker: TextId, on: Date },
    TransitionAssessed { on: Date },
    ReviewAnswered { review: ReviewId, contributes: bool, text: TextId, on: Date },
    LinesLookedAt { part: Part, version: VersionId, questions: Vec<(LineId, TextId)>, on: Date },
    QuestionAnswered { part: Part, line: LineId, answer: TextId, on: Date },
    Recommended { part: Part, made_on: Date, received_on: Date, owner: TextId, says: TextId },
    RecommendationAnswered { subject: u32, follows: bool, text: TextId, on: Date },
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    let (now, on) = (&case.designated, ctx.today);
    match command {
        Command::LinkCare { care } => {
            not_after_today(care.as_at, ctx)?;
            if let Some(visit) = care.last_visit_on {
                not_after_today(visit, ctx)?;
            }
            if care.status != CareStatus::NotKnown && care.reference.is_none() {
                return Err(Refusal::CareNumberMissing);
            }
            Ok(vec![Event::CareLinked { care, on }])
        }
        Command::NameAdultWorker { worker } => Ok(vec![Event::AdultWorkerNamed { worker, on }]),
        Command::RecordTransition { on } => {
            not_after_today(on, ctx)?;
            Ok(if now.transition_on == Some(on) { vec![] } else { vec![Event::TransitionAssessed { on }] })
        }
        Command::AnswerReview { review, contributes, text } => {
            let open = case.reviews.iter().find(|known| known.id == review && known.decision.is_none());
            open.ok_or(Refusal::NoReviewMeeting)?;
            Ok(vec![Event::ReviewAnswered { review, contributes, text, on }])
        }
        Command::Look { part, version, questions } => {
            if version_to_look_at(case) != Some(version) {
                return Err(Refusal::NotOnRecord { what: "version of this plan to look at now" });
            }
            match now.look(part, version) {
                Some(look) => Err(Refusal::AlreadyAnswered { on: look.on }),
                None => Ok(vec![Event::LinesLookedAt { part, version, questions, on }]),
            }
        }
        Command::AnswerQuestion { part, line, answer } => {
            // A line may have been asked about in one version and again in the next: one answer answers both.
            let looks = now.looks.iter().filter(|look| look.part == part);
            let mut asked = looks.flat_map(|look| &look.questions).filter(|asked| asked.line == line).peekable();
            asked.peek().ok_or(Refusal::NotOnRecord { what: "question" })?;
            let answers: Vec<Option<Date>> = asked.map(|question| question.answer.map(|(_, on)| on)).collect();
            match answers.iter().flatten().max() {
                Some(on) if answers.iter().all(Option::is_some) => Err(Refusal::AlreadyAnswered { on: *on }),
                _ => Ok(vec![Event::QuestionAnswered { part, line, answer, on }]),
            }
        }
        Command::Recommend { part, made_on, received_on, owner, says } => {
            crate::requests::in_order(made_on, received_on, ctx)?;
            Ok(vec![Event::Recommended { part, made_on, received_on, owner, says }])
        }
        Command::ReplyToRecommendation { subject, follows, text, on } => {
            let found = now.recommendations.iter().find(|known| known.subject == subject);
            let found = found.ok_or(Refusal::NotOnRecord { what: "recommendation" })?;
            if let Some((_, _, on)) = found.reply {
                return Err(Refusal::AlreadyAnswered { on });
            }
            crate::requests::in_order(found.made_on, on, ctx)?;
            Ok(vec![Event::RecommendationAnswered { subject, follows, text, on }])
        }
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match *event {
        Event::CareLinked { care, .. } => case.designated.care = Some(care),
        Event::AdultWorkerNamed { worker, on } => case.designated.adult_worker = Some((worker, on)),
        Event::TransitionAssessed { on } => case.designated.transition_on = Some(on),
        Event::ReviewAnswered { review, contributes, text, on } => {
            case.designated.reviews.push(ReviewAnswer { review, contributes, text, on });
        }
        Event::LinesLookedAt { part, version, ref questions, on } => {
            let questions = questions.iter().map(|(line, text)| Question { line: *line, text: *text, answer: None });
            case.designated.looks.push(Look { part, version, on, questions: questions.collect() });
        }
        Event::QuestionAnswered { part, line, answer, on } => {
            let looks = case.designated.looks.iter_mut().filter(|look| look.part == part);
            let asked = looks.flat_map(|look| &mut look.questions).filter(|asked| asked.line == line);
            for question in asked.filter(|question| question.answer.is_none()) {
                question.answer = Some((answer, on));
            }
        }
        Event::Recommended { part, made_on, received_on, owner, says } => {
            let subject = case.new_subject();
            case.note(EventName::FttRecommendationMade, made_on, subject);
            let recommendation = Recommendation { subject, part, made_on, received_on, owner, says, reply: None };
            case.designated.recommendations.push(recommendation);
        }
        Event::RecommendationAnswered { subject, follows, text, on } => {
            case.note(EventName::RecommendationReplySent, on, subject);
            let mut known = case.designated.recommendations.iter_mut();
            if let Some(found) = known.find(|known| known.subject == subject) {
                found.reply = Some((follows, text, on));
            }
        }
    }
}
