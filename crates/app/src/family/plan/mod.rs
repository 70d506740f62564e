//! The plan as its family reads it: the draft that it was sent, or the plan in force. Each sentence
//! says which report it is from, each line can be commented on.
//!
//! | address | page |
//! |---|---|
//! | `/family/{case}/plan` | the whole plan, its comments, saying something about all of it |
//! | `/family/{case}/plan/lines/{line}` | one line: the report, page and line it is from; commenting on it |
//! | `/family/{case}/plan/reports/{advice}` | a report that the plan is made from |

mod comments;
mod line;
mod report;
mod whole;

pub use comments::{say, say_of_line, take_back};
pub use line::show as show_line;
pub use report::{file as report_file, show as show_report};
pub use whole::show;

use super::child::own;
use super::members::{Member, members};
use crate::Error;
use crate::advice::store as reports;
use crate::journal::Who;
use crate::plan::draft::called;
use crate::plan::letters::placement_words;
use crate::plan::{edit, version};
use crate::record::store;
use casework::access::{Action, Actor, Resource, may};
use casework::advice::report::Report;
use casework::advice::{AdviceRequest, Reply};
use casework::people::Details;
use casework::placement::Named;
use casework::plans::content::Content;
use casework::plans::sources::{self, Sourced};
use casework::plans::{Plan, Pointer, Representation};
use casework::requests::Request;
use casework::{AdviceId, Case, CaseId, LineId, TextId, UserId};
use db::Tx;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A report that the plan is made from.
pub(crate) struct Source {
    pub advice: AdviceId,
    /// "Psychological advice, Educational psychology service": how the plan cites it.
    pub called: String,
    pub on: Date,
    pub reply: Reply,
    /// What was signed here in lines.
    pub report: Option<Report>,
}

impl Source {
    /// "Marta Lind, Educational psychologist".
    fn signed_by(&self) -> Option<String> {
        let signed = self.report.as_ref()?.signed_as.as_ref()?;
        Some([&signed.name, &signed.post].map(|part| part.trim()).join(", "))
    }

    /// What a line of it says, and its number there.
    fn line(&self, line: LineId) -> Option<edit::Shown> {
        edit::said(&self.report.as_ref()?.lines, line)
    }
}

/// A plan with everything that its family reads beside it.
pub(crate) struct Reading {
    pub case: Arc<Case>,
    pub details: Details,
    pub content: Content,
    pub is_draft: bool,
    /// The day on which it was sent.
    pub sent_on: Date,
    pub comments_until: Option<Date>,
    /// Section I of a plan in force.
    pub named: String,
    pub sources: Vec<Source>,
    pub parts: BTreeMap<LineId, Sourced>,
    /// Those of the family who have an account.
    pub members: Vec<Member>,
    /// Whether this reader may write messages.
    pub may_write: bool,
    pub comments: Vec<Representation>,
    pub texts: HashMap<TextId, String>,
    /// Whose answer is waited for.
    pub officer: String,
    pub may_comment: bool,
}

fn source(asked: &AdviceRequest, bodies: &HashMap<casework::BodyId, String>, report: Option<Report>) -> Option<Source> {
    let reply = asked.reply?;
    let from = bodies.get(&asked.body).cloned().unwrap_or_default();
    Some(Source { advice: asked.id, called: called(asked.kind.label(), &from), on: reply.on(), reply, report })
}

/// The request that a plan in force was made from.
fn made_from<'a>(case: &'a Case, plan: &Plan) -> Option<&'a Request> {
    let drafted = |request: &&Request| plan.version.is_some_and(|version| request.draft(version).is_some());
    case.requests.iter().rev().find(drafted)
}

/// The draft that the family was sent last, or the plan in force. None while there is neither.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy.
pub(crate) fn read(tx: &mut dyn Tx, who: &Who, actor: &Actor, id: CaseId) -> Result<Option<Reading>, Error> {
    let case = own(tx, who, id, Action::SeeOwnRecord)?;
    let (_, details) = store::person(tx, who.authority, id)?;
    let served = case.live_request().and_then(|request| Some((request, request.served_draft()?)));
    let in_force = case.plan_in_force();
    let (request, shown, is_draft, sent_on, comments_until) = match (served, in_force) {
        (Some((request, draft)), _) => {
            let sent_on = draft.served_on.unwrap_or(draft.saved_on);
            (Some(request.clone()), Some(draft.version), true, sent_on, draft.comments_until)
        }
        (None, Some(plan)) => (made_from(&case, plan).cloned(), plan.version, false, plan.issued_on, None),
        (None, None) => return Ok(None),
    };
    let Some(shown) = shown else { return Ok(None) };
    let content = version(tx, who.authority, id, shown)?.content;
    let mut signed: HashMap<AdviceId, Report> = match &request {
        Some(request) => reports::signed(tx, &case, request)?.into_iter().collect(),
        None => HashMap::new(),
    };
    let as_pairs: Vec<(AdviceId, Report)> = signed.iter().map(|(id, report)| (*id, report.clone())).collect();
    let parts = sources::of(&content, &as_pairs);
    let bodies = store::bodies(tx, who.authority)?.into_iter().map(|body| (body.id, body.name)).collect();
    // What came after the draft was sent is not what it was made from.
    let advice = request.iter().flat_map(|request| &request.advice);
    let advice = advice.filter(|asked| asked.reply.is_some_and(|reply| !is_draft || reply.on() <= sent_on));
    let sources = advice.filter_map(|asked| source(asked, &bodies, signed.remove(&asked.id))).collect();
    let named = match in_force.and_then(|plan| plan.named).filter(|_| !is_draft) {
        Some(Named::Institution { urn }) => store::establishment_name(tx, urn.number())?,
        Some(named) => placement_words(named, |urn| urn.to_string()),
        None => String::new(),
    };
    let officer = match case.officer {
        Some(officer) => store::user_name(tx, who.authority, officer.0)?.map(|(name, _)| name),
        None => None,
    };
    let relations = case.relations();
    let may = |action| may(actor, action, &Resource::Case(&relations)).is_allowed();
    Ok(Some(Reading {
        members: members(tx, &case)?,
        may_write: may(Action::WriteMessage),
        is_draft,
        sent_on,
        comments_until,
        named,
        sources,
        parts,
        comments: request.map(|request| request.representations).unwrap_or_default(),
        texts: store::texts(tx, who.authority, id)?,
        officer: officer.unwrap_or_else(|| "The council".to_owned()),
        may_comment: is_draft && may(Action::GiveViews),
        content,
        details,
        case,
    }))
}

/// What the family said, as its pages show it.
pub(crate) struct Said {
    pub id: String,
    pub text: String,
    pub on: Date,
    /// Who of the family said it.
    pub by: String,
    /// "Psychological advice, page 4".
    pub points_to: String,
    /// Whether it was accepted, what the council says, and when.
    pub answer: Option<(bool, String, Date)>,
    pub taken_back_on: Option<Date>,
    pub may_take_back: bool,
}

impl Reading {
    fn text(&self, id: TextId) -> String {
        self.texts.get(&id).cloned().unwrap_or_default()
    }

    /// The name of somebody of the family; what an officer took down was said by the family.
    fn name_of(&self, user: Option<UserId>) -> String {
        let member = user.and_then(|user| self.members.iter().find(|member| member.user == user));
        member.map_or_else(|| "The family".to_owned(), |member| member.name.clone())
    }

    fn source_of(&self, advice: AdviceId) -> Option<&Source> {
        self.sources.iter().find(|source| source.advice == advice)
    }

    /// The report that somebody cited, which is often called by the beginning of its name.
    fn source_called(&self, cited: &str) -> Option<&Source> {
        let exactly = self.sources.iter().find(|source| source.called == cited);
        let mut by_beginning = self.sources.iter().filter(|source| source.called.starts_with(cited));
        exactly.or_else(|| by_beginning.next().filter(|_| by_beginning.next().is_none()))
    }

    /// "Psychological advice, Educational psychology service, page 4".
    fn place(&self, pointer: Pointer) -> String {
        let called = self.source_of(pointer.advice).map_or("A report", |source| source.called.as_str());
        pointer.page.map_or_else(|| called.to_owned(), |page| format!("{called}, page {page}"))
    }

    fn said(&self, comment: &Representation, reader: Option<UserId>) -> Said {
        Said {
            id: comment.id.to_string(),
            text: self.text(comment.text),
            on: comment.on,
            by: self.name_of(comment.by),
            points_to: comment.points_to.map(|pointer| self.place(pointer)).unwrap_or_default(),
            answer: comment.answer.map(|answer| (answer.accepted, self.text(answer.reasons), answer.on)),
            taken_back_on: comment.taken_back_on,
            may_take_back: comment.is_open() && reader.is_some() && comment.by == reader,
        }
    }

    /// What was said of this line, or of the whole plan; oldest first.
    fn said_of(&self, line: Option<LineId>, reader: Option<UserId>) -> Vec<Said> {
        self.comments.iter().filter(|known| known.line == line).map(|known| self.said(known, reader)).collect()
    }

    fn open_comments(&self) -> usize {
        self.comments.iter().filter(|comment| comment.is_open()).count()
    }

    /// Reports to point to, as choices.
    fn report_choices(&self) -> Vec<crate::web::Choice> {
        self.sources.iter().map(|source| (source.advice.to_string(), source.called.clone())).collect()
    }
}
