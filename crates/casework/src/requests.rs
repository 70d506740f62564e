//! From a request to the decision whether to assess.
//!
//! Children and Families Act 2014 section 36; SEND Regulations 2014 regulations 3 to 5. The clock
//! starts on the day the request reached anyone at the authority, whatever form it came in.

use crate::advice::{AdviceRequest, Settled};
use crate::notices::{Notice, NoticeKind};
use crate::people::not_after_today;
use crate::placement::{Consultation, Named, Preference};
use crate::plans::{Draft, Representation};
use crate::receipts::Receipt;
use crate::views::{Question, View};
use crate::{Case, Context, Refusal, RequestId, TextId, UserId, VersionId};
use jiff::civil::Date;
use law::EventName;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Who asked, as the SEN2 return's `RequestSource` groups them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Source {
    Parent,
    YoungPerson,
    School,
    /// Health brought the child to attention (sections 23 and 36(3)).
    Health,
    SocialCare,
    Other,
}

impl Source {
    pub fn label(self) -> &'static str {
        match self {
            Source::Parent => "Parent or carer",
            Source::YoungPerson => "The young person",
            Source::School => "School, nursery or college",
            Source::Health => "Health service",
            Source::SocialCare => "Social care",
            Source::Other => "Someone else",
        }
    }

    /// Section 36(1) lets parents, young people and schools request; anyone else brings the child
    /// to the authority's attention, and the same clock runs from then (section 36(3)).
    pub fn is_request(self) -> bool {
        matches!(self, Source::Parent | Source::YoungPerson | Source::School)
    }

    /// What starts the clock.
    fn received_as(self) -> EventName {
        if self.is_request() { EventName::RequestReceived } else { EventName::BecameResponsible }
    }
}

/// How the request came in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    Letter,
    Email,
    Telephone,
    InPerson,
    Online,
    Imported,
}

impl Channel {
    pub fn label(self) -> &'static str {
        match self {
            Channel::Letter => "Letter",
            Channel::Email => "Email",
            Channel::Telephone => "Telephone",
            Channel::InPerson => "In person",
            Channel::Online => "Online form",
            Channel::Imported => "Brought in from another system",
        }
    }
}

/// One limb of the section 36(8) test, with where the reasoning is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub met: bool,
    pub reasons: TextId,
}

/// Section 36(8): the child has or may have special educational needs, *and* it may be necessary
/// for provision to be made under a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentTest {
    pub may_have_needs: Finding,
    pub may_need_plan: Finding,
}

impl AssessmentTest {
    pub fn is_met(&self) -> bool {
        self.may_have_needs.met && self.may_need_plan.met
    }
}

/// A lawful exception to the 6, 16 or 20 weeks: the limb and the facts it stands on.
/// It removes the limit; it never makes a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exception {
    /// Regulations 5(4)(a), 10(4)(a): advice asked during a school closure of four weeks or more.
    SchoolClosed { from: Date, reopens: Date },
    /// Regulations 5(4)(b), 10(4)(b): the same for an early years setting.
    EarlyYearsClosed { from: Date, reopens: Date },
    /// Regulations 5(4)(c), 10(4)(c).
    PersonalCircumstances { from: Date },
    /// Regulations 5(4)(d), 10(4)(d): away from the area for four weeks or more.
    Absent { from: Date, to: Date },
}

impl Exception {
    pub fn label(self) -> &'static str {
        match self {
            Exception::SchoolClosed { .. } => "School closed for four weeks or more",
            Exception::EarlyYearsClosed { .. } => "Early years setting closed for four weeks or more",
            Exception::PersonalCircumstances { .. } => "Exceptional personal circumstances",
            Exception::Absent { .. } => "Away from the area for four weeks or more",
        }
    }

    /// The dated facts, as the clock reads them.
    pub fn clock(self) -> Vec<(EventName, Date)> {
        match self {
            Exception::SchoolClosed { from, reopens } => {
                vec![(EventName::SchoolClosedFrom, from), (EventName::SchoolReopens, reopens)]
            }
            Exception::EarlyYearsClosed { from, reopens } => {
                vec![(EventName::EarlyYearsClosedFrom, from), (EventName::EarlyYearsReopens, reopens)]
            }
            Exception::PersonalCircumstances { from } => {
                vec![(EventName::ExceptionalCircumstancesFrom, from)]
            }
            Exception::Absent { from, to } => {
                vec![(EventName::AbsentFrom, from), (EventName::AbsentTo, to)]
            }
        }
    }
}

/// Where a request has got to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    Deciding,
    Assessing { decided_on: Date },
    NotAssessing { on: Date },
    Drafting { decided_on: Date },
    NoPlan { on: Date },
    PlanIssued { on: Date },
    Withdrawn { on: Date },
}

/// One request and all that follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub id: RequestId,
    pub received_on: Date,
    pub source: Source,
    pub channel: Channel,
    /// What was asked, as it was said.
    pub account: Option<TextId>,
    /// What the person who asked was given; none for what is brought in from elsewhere.
    #[serde(default)]
    pub receipt: Option<Receipt>,
    pub progress: Progress,
    pub exceptions: Vec<Exception>,
    pub notices: Vec<Notice>,
    pub test: Option<AssessmentTest>,
    pub advice: Vec<AdviceRequest>,
    /// What the family said, question by question, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
    /// On which points reports disagreed, and what holds.
    #[serde(default)]
    pub settled: Vec<Settled>,
    pub drafts: Vec<Draft>,
    pub representations: Vec<Representation>,
    pub preference: Option<Preference>,
    pub consultations: Vec<Consultation>,
    pub named: Option<Named>,
    pub health_agreed_on: Option<Date>,
    /// Why there will be no plan.
    pub no_plan_reasons: Option<TextId>,
    /// Went to mediation or to the Tribunal, for the return's 20-week denominator.
    pub disputed: bool,
}

impl Request {
    pub fn is_live(&self) -> bool {
        matches!(self.progress, Progress::Deciding | Progress::Assessing { .. } | Progress::Drafting { .. })
    }

    /// What started its clock.
    pub(crate) fn received_as(&self) -> EventName {
        self.source.received_as()
    }

    pub fn notice(&self, kind: NoticeKind) -> Option<&Notice> {
        self.notices.iter().find(|notice| notice.kind == kind)
    }

    /// The version last sent to the family as a draft.
    pub fn served_draft(&self) -> Option<&Draft> {
        self.drafts.iter().rev().find(|draft| draft.served_on.is_some())
    }

    /// The version being worked on: the newest.
    pub fn working_draft(&self) -> Option<&Draft> {
        self.drafts.last()
    }

    pub fn draft(&self, version: VersionId) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.version == version)
    }

    pub fn representations_open(&self) -> usize {
        self.representations.iter().filter(|comment| comment.is_open()).count()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Receive {
        request: RequestId,
        received_on: Date,
        source: Source,
        channel: Channel,
        account: Option<TextId>,
        receipt: Option<Receipt>,
    },
    Withdraw {
        on: Date,
    },
    RecordException {
        exception: Exception,
        why: TextId,
    },
    /// Send the notice that an assessment is being considered.
    TellConsidering {
        notice: Notice,
    },
    DecideToAssess {
        test: AssessmentTest,
        notice: Notice,
    },
    DecideNotToAssess {
        test: AssessmentTest,
        second_reader: Option<UserId>,
        notice: Notice,
    },
    /// What the family says, each answer to its question.
    GiveViews {
        answers: Vec<(Question, TextId)>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Received {
        request: RequestId,
        received_on: Date,
        source: Source,
        channel: Channel,
        account: Option<TextId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Receipt>,
    },
    Withdrawn {
        on: Date,
    },
    ExceptionRecorded {
        exception: Exception,
        why: TextId,
    },
    NoticeSent {
        notice: Notice,
    },
    DecidedToAssess {
        test: AssessmentTest,
        on: Date,
    },
    DecidedNotToAssess {
        test: AssessmentTest,
        second_reader: UserId,
        on: Date,
    },
    ViewGiven {
        view: View,
    },
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    let born_on = case.born_on.ok_or(Refusal::RecordNotOpen)?;
    if let Command::Receive { request, received_on, source, channel, account, receipt } = command {
        not_after_today(received_on, ctx)?;
        if received_on < born_on {
            return Err(Refusal::OutOfOrder { earlier: born_on, later: received_on });
        }
        if let Some(open) = case.live_request() {
            return Err(Refusal::AlreadyOpen { received_on: open.received_on });
        }
        if case.plan_in_force().is_some() {
            return Err(Refusal::PlanInForce);
        }
        if received_on >= law::calendar::birthday(born_on, 25) {
            return Err(Refusal::PastTwentyFive);
        }
        if source == Source::YoungPerson && received_on <= law::calendar::compulsory_school_age_ends(born_on) {
            return Err(Refusal::NotOldEnoughToAsk);
        }
        return Ok(vec![Event::Received { request, received_on, source, channel, account, receipt }]);
    }
    let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
    match command {
        Command::Receive { .. } => unreachable!("handled above"),
        Command::Withdraw { on } => {
            in_order(request.received_on, on, ctx)?;
            Ok(vec![Event::Withdrawn { on }])
        }
        Command::RecordException { exception, why } => {
            let (from, to) = match exception {
                Exception::SchoolClosed { from, reopens } | Exception::EarlyYearsClosed { from, reopens } => {
                    (from, reopens)
                }
                Exception::Absent { from, to } => (from, to),
                Exception::PersonalCircumstances { from } => (from, from),
            };
            if to < from {
                return Err(Refusal::OutOfOrder { earlier: from, later: to });
            }
            Ok(if request.exceptions.contains(&exception) {
                vec![]
            } else {
                vec![Event::ExceptionRecorded { exception, why }]
            })
        }
        Command::TellConsidering { notice } => {
            notice.check(NoticeKind::ConsideringAssessment, case.attends_setting(), ctx)?;
            in_order(request.received_on, notice.sent_on, ctx)?;
            Ok(vec![Event::NoticeSent { notice }])
        }
        Command::DecideToAssess { test, notice } => {
            undecided(request)?;
            if !test.is_met() {
                return Err(Refusal::TestNotMet);
            }
            told_considering(request)?;
            notice.check(NoticeKind::WillAssess, case.attends_setting(), ctx)?;
            in_order(request.received_on, notice.sent_on, ctx)?;
            let on = notice.sent_on;
            Ok(vec![Event::DecidedToAssess { test, on }, Event::NoticeSent { notice }])
        }
        Command::DecideNotToAssess { test, second_reader, notice } => {
            undecided(request)?;
            if test.is_met() {
                return Err(Refusal::TestIsMet);
            }
            told_considering(request)?;
            let second_reader = match second_reader {
                Some(reader) if Some(reader) != ctx.actor => reader,
                _ => return Err(Refusal::SecondReaderMissing),
            };
            notice.check(NoticeKind::RefusalToAssess, case.attends_setting(), ctx)?;
            in_order(request.received_on, notice.sent_on, ctx)?;
            let on = notice.sent_on;
            Ok(vec![Event::DecidedNotToAssess { test, second_reader, on }, Event::NoticeSent { notice }])
        }
        Command::GiveViews { answers } => Ok(given(answers, ctx)),
    }
}

/// One event an answer. What nobody of the family typed themselves has no name.
fn given(answers: Vec<(Question, TextId)>, ctx: &Context) -> Vec<Event> {
    let view = |(question, text)| View { question, text, on: ctx.today, by: ctx.actor };
    answers.into_iter().map(view).map(|view| Event::ViewGiven { view }).collect()
}

fn undecided(request: &Request) -> Result<(), Refusal> {
    match request.progress {
        Progress::Deciding => Ok(()),
        Progress::Assessing { decided_on } | Progress::Drafting { decided_on } => {
            Err(Refusal::AlreadyDecided { on: decided_on })
        }
        Progress::NotAssessing { on }
        | Progress::NoPlan { on }
        | Progress::PlanIssued { on }
        | Progress::Withdrawn { on } => Err(Refusal::AlreadyDecided { on }),
    }
}

fn told_considering(request: &Request) -> Result<(), Refusal> {
    match request.notice(NoticeKind::ConsideringAssessment) {
        Some(_) => Ok(()),
        None => Err(Refusal::FamilyNotTold),
    }
}

/// A later step may not carry an earlier date than the one it follows, nor one in the future.
pub(crate) fn in_order(earlier: Date, later: Date, ctx: &Context) -> Result<(), Refusal> {
    not_after_today(later, ctx)?;
    if later < earlier { Err(Refusal::OutOfOrder { earlier, later }) } else { Ok(()) }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::Received { request, received_on, source, channel, account, receipt } => {
            let received = Request {
                id: *request,
                received_on: *received_on,
                source: *source,
                channel: *channel,
                account: *account,
                receipt: receipt.clone(),
                progress: Progress::Deciding,
                exceptions: vec![],
                notices: vec![],
                test: None,
                advice: vec![],
                views: vec![],
                settled: vec![],
                drafts: vec![],
                representations: vec![],
                preference: None,
                consultations: vec![],
                named: None,
                health_agreed_on: None,
                no_plan_reasons: None,
                disputed: false,
            };
            // What is brought in is past: what is done next belongs to the request that is live.
            let live = case.requests.iter().position(Request::is_live);
            match live.filter(|_| *channel == Channel::Imported) {
                Some(at) => case.requests.insert(at, received),
                None => case.requests.push(received),
            }
            case.note(source.received_as(), *received_on, 0);
        }
        Event::Withdrawn { on } => {
            case.note(EventName::RequestWithdrawn, *on, 0);
            set_progress(case, Progress::Withdrawn { on: *on });
        }
        Event::ExceptionRecorded { exception, .. } => {
            for (name, on) in exception.clock() {
                case.note(name, on, 0);
            }
            if let Some(request) = case.requests.last_mut() {
                request.exceptions.push(*exception);
            }
        }
        Event::NoticeSent { notice } => {
            let name = match notice.kind {
                NoticeKind::ConsideringAssessment => Some(EventName::FamilyConsulted),
                NoticeKind::WillAssess => Some(EventName::AssessmentDecisionNotified),
                NoticeKind::RefusalToAssess => Some(EventName::InitialRefusal),
                NoticeKind::NoPlan => Some(EventName::NoPlanNotified),
                NoticeKind::DraftPlan => None,
                NoticeKind::FinalPlan => Some(EventName::FinalPlanSent),
            };
            if let Some(name) = name {
                case.note(name, notice.sent_on, 0);
            }
            if matches!(notice.kind, NoticeKind::RefusalToAssess | NoticeKind::NoPlan | NoticeKind::FinalPlan) {
                case.note(EventName::DecisionNoticeSent, notice.sent_on, 0);
            }
            if let Some(request) = case.requests.last_mut() {
                request.notices.push(notice.clone());
            }
        }
        Event::DecidedToAssess { test, on } => {
            case.note(EventName::DecisionToAssess, *on, 0);
            if let Some(request) = case.requests.last_mut() {
                request.test = Some(*test);
            }
            set_progress(case, Progress::Assessing { decided_on: *on });
        }
        Event::DecidedNotToAssess { test, on, .. } => {
            if let Some(request) = case.requests.last_mut() {
                request.test = Some(*test);
            }
            set_progress(case, Progress::NotAssessing { on: *on });
        }
        Event::ViewGiven { view } => {
            if let Some(request) = case.requests.last_mut() {
                request.views.push(*view);
            }
        }
    }
}

pub(crate) fn set_progress(case: &mut Case, progress: Progress) {
    if let Some(request) = case.requests.last_mut() {
        request.progress = progress;
    }
}
