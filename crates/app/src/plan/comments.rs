//! What the family says about the draft, and what the area answers.

use super::edit;
use super::store as plans;
use crate::family::members;
use crate::journal::{Papers, Text};
use crate::post::{self, To, Words};
use crate::recipients::Leaving;
use crate::record::store;
use crate::web::case_form::{Asked, Checked, Tell, form_page, subject, submit_then};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::plans::Pointer;
use casework::plans::content::{Content, Section};
use casework::post::Kind;
use casework::recipients::Sending;
use casework::{CaseId, Command, LineId, RepresentationId, TextId, UserId, plans as planning};
use jiff::civil::Date;
use strum::IntoEnumIterator;

const COMMENT_CHARS_MAX: usize = 20_000;

/// One comment with its answer.
struct Comment {
    id: RepresentationId,
    /// "F2 A quiet room…", or the whole plan.
    about: String,
    text: String,
    on: Date,
    /// Who of the family wrote it here.
    by: Option<String>,
    /// "Psychological advice, page 4".
    points_to: Option<String>,
    taken_back_on: Option<Date>,
    answer: Option<(bool, String, Date)>,
    /// Where the line is changed.
    href: String,
}

#[derive(Template)]
#[template(path = "plan/comments.html")]
struct CommentsPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    comments: Vec<Comment>,
    open: usize,
    lines: Vec<Choice>,
    until: Option<Date>,
    sent: bool,
    may_record: bool,
}

/// Every line of a plan as a choice.
fn line_choices(content: &Content) -> Vec<Choice> {
    Section::iter()
        .filter(|section| *section != Section::K)
        .flat_map(|section| edit::lines(content, section))
        .map(|line| (line.key, edit::brief(Some(line.number), &line.text)))
        .collect()
}

fn about(content: &Content, line: Option<LineId>) -> String {
    let Some(line) = line else {
        return "The whole plan".into();
    };
    let found = line_choices(content).into_iter().find(|(key, _)| *key == line.to_string());
    found.map_or_else(|| "A line that is no longer in the plan".to_owned(), |(_, words)| words)
}

/// The case, its comments and the lines they may be about.
struct Desk {
    subject: crate::web::case_form::Subject,
    content: Content,
    comments: Vec<Comment>,
}

async fn desk(app: &App, session: &Session, id: CaseId) -> Result<Desk, Error> {
    let who = session.who(app);
    app.blocking(move |app| {
        app.db.read("plan.comments", |tx| -> Result<_, Error> {
            let subject = subject(tx, &who, id, Action::AnswerRepresentation)?;
            let content = plans::working(tx, &subject.case)?.map(|saved| saved.content).unwrap_or_default();
            let texts = store::texts(tx, who.authority, id)?;
            let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
            let members = members(tx, &subject.case)?;
            let name =
                |user: UserId| members.iter().find(|member| member.user == user).map(|member| member.name.clone());
            let place = |pointer: Pointer| {
                let kind = subject.case.advice(pointer.advice).map_or("A report", |asked| asked.kind.label());
                pointer.page.map_or_else(|| kind.to_owned(), |page| format!("{kind}, page {page}"))
            };
            let comments = subject
                .case
                .requests
                .last()
                .into_iter()
                .flat_map(|request| &request.representations)
                .map(|comment| Comment {
                    id: comment.id,
                    about: about(&content, comment.line),
                    text: text(comment.text),
                    on: comment.on,
                    by: comment.by.map(|user| name(user).unwrap_or_else(|| "Somebody of the family".to_owned())),
                    points_to: comment.points_to.map(place),
                    taken_back_on: comment.taken_back_on,
                    answer: comment.answer.map(|answer| (answer.accepted, text(answer.reasons), answer.on)),
                    href: match comment.line.and_then(|line| Some((line, edit::section_of(&content, line)?))) {
                        Some((line, section)) => format!("/children/{id}/draft/{section}/{line}"),
                        None => format!("/children/{id}/draft"),
                    },
                })
                .collect();
            Ok(Desk { subject, content, comments })
        })
    })
    .await
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let Desk { subject, content, comments } = desk(&app, &session, id).await?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.set("received-on", app.clock.today().to_string());
        typed
    });
    let served = subject.case.live_request().and_then(|request| request.served_draft());
    let relations = subject.case.relations();
    let resource = casework::access::Resource::Case(&relations);
    let view = CommentsPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        open: comments.iter().filter(|comment| comment.answer.is_none() && comment.taken_back_on.is_none()).count(),
        comments,
        lines: line_choices(&content),
        until: served.and_then(|draft| draft.comments_until),
        sent: served.is_some(),
        may_record: casework::access::may(&session.signed_in.actor, Action::RecordRepresentation, &resource)
            .is_allowed(),
        name: subject.name.clone(),
    };
    form_page(&session, id, "The family’s comments", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, Problem::default()).await
}

pub async fn record(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/comments");
    let then = || see_other(&format!("/children/{id}/comments"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        |_, app, _, typed| {
            let mut problems = Problems::default();
            let body = problems.text(typed, "text", "Enter what the family said", COMMENT_CHARS_MAX);
            let on = problems.date(typed, "received-on", "The day the comment came");
            problems.check()?;
            let text = TextId(app.ids.next());
            let command = planning::Command::RecordRepresentation {
                representation: RepresentationId(app.ids.next()),
                line: typed.get("line").parse().ok(),
                text,
                on: on.ok_or(Error::NotFound)?,
            };
            Ok(Asked {
                action: Action::RecordRepresentation,
                commands: vec![Command::Plans(command)],
                papers: Papers::texts(vec![Text { id: text, body }]),
            })
        },
        again,
    )
    .await
}

/// That there is an answer; not what it says.
pub(crate) fn told(case: CaseId) -> Words {
    Words {
        kind: Kind::CommentAnswered,
        subject: "You have an answer".to_owned(),
        body:
            "The family said what it thinks of the draft plan. There is an answer.\n\nSign in and open the draft plan to read \
               it.\n"
                .to_owned(),
        path: Some(format!("/family/{case}/plan")),
        by: None,
    }
}

#[derive(Template)]
#[template(path = "plan/answer.html")]
struct AnswerPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    comment: Comment,
    answers: Vec<Choice>,
}

async fn one(
    app: App,
    session: Session,
    id: CaseId,
    comment: RepresentationId,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let Desk { subject, comments, .. } = desk(&app, &session, id).await?;
    let comment = comments.into_iter().find(|found| found.id == comment).ok_or(Error::NotFound)?;
    let typed = typed.unwrap_or_default();
    let view = AnswerPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        comment,
        answers: [("yes", "Accept it: the plan will be changed"), ("no", "Do not accept it, and say why")]
            .map(|(code, words)| (code.to_owned(), words.to_owned()))
            .to_vec(),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Answer a comment", &subject.name, &problem, &view)
}

pub async fn show_one(
    State(app): State<App>,
    session: Session,
    Path((id, comment)): Path<(CaseId, RepresentationId)>,
) -> Result<Page, Error> {
    one(app, session, id, comment, None, Problem::default()).await
}

pub async fn answer(
    State(app): State<App>,
    session: Session,
    Path((id, comment)): Path<(CaseId, RepresentationId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| one(app, session, id, comment, Some(typed), problem)
    };
    let address = format!("/children/{id}/comments/{comment}");
    let then = || see_other(&format!("/children/{id}/comments"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let mut problems = Problems::default();
            if !matches!(typed.get("answer"), "yes" | "no") {
                problems.add("answer", "Select whether you accept it");
            }
            let body = problems.text(typed, "reasons", "Enter your answer: the family will read it", COMMENT_CHARS_MAX);
            problems.check()?;
            let reasons = TextId(app.ids.next());
            let leaving = Leaving::new(Sending::Answer).part("your answer", body.as_str());
            let command = planning::Command::AnswerRepresentation {
                representation: comment,
                accepted: typed.get("answer") == "yes",
                reasons,
                on: who.today,
            };
            let subject = subject(tx, who, id, Action::AnswerRepresentation)?;
            casework::decide(&subject.case, Command::Plans(command.clone()), &who.context())?;
            let readers = members(tx, &subject.case)?.into_iter();
            let readers = readers.filter(|member| member.may(&subject.case, Action::SeeOwnRecord));
            let tell = readers.map(|member| Tell {
                message: post::named(&[b"comment", comment.0.as_bytes(), member.user.0.as_bytes()]),
                to: To::Person(member.user),
                words: told(id),
            });
            let asked = Asked {
                action: Action::AnswerRepresentation,
                commands: vec![Command::Plans(command)],
                papers: Papers::texts(vec![Text { id: reasons, body }]),
            };
            Ok(Checked { tell: tell.collect(), ..asked.leaving(leaving) })
        },
        again,
    )
    .await
}
