//! Outcomes that the young person does not want: each is answered before a plan goes out.

use crate::family::members::Member;
use crate::family::{members, outcomes};
use crate::journal::{Papers, Text};
use crate::post::{self, To, Words};
use crate::recipients::Leaving;
use crate::record::store;
use crate::web::case_form::{Asked, Checked, Subject, Tell, form_page, subject, submit_then};
use crate::web::{
    Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other, short_date,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::{Action, Role};
use casework::own_voice;
use casework::post::Kind;
use casework::recipients::Sending;
use casework::{CaseId, Command, ObjectionId, TextId};
use std::collections::HashMap;

const REASONS_CHARS_MAX: usize = 3000;

struct Row {
    id: ObjectionId,
    outcome: String,
    why: String,
    on: String,
    /// "Accepted on …", with what was said.
    answer: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "voice/not_wanted.html")]
struct NotWantedPage {
    case: CaseId,
    name: String,
    rows: Vec<Row>,
}

async fn read(app: &App, session: &Session, id: CaseId) -> Result<(Subject, Vec<Row>), Error> {
    let who = session.who(app);
    app.blocking(move |app| {
        app.db.read("voice.not_wanted", |tx| -> Result<_, Error> {
            let subject = subject(tx, &who, id, Action::AnswerRepresentation)?;
            let texts: HashMap<TextId, String> = store::texts(tx, who.authority, id)?;
            let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
            let content = outcomes::content(tx, &subject.case)?.unwrap_or_default();
            let rows = subject.case.own_voice.objections.iter().rev().map(|objection| Row {
                id: objection.id,
                outcome: content
                    .outcomes
                    .iter()
                    .find(|line| line.id == objection.outcome)
                    .map_or_else(|| "An outcome that is no longer in the plan".to_owned(), |line| line.text.clone()),
                why: text(objection.why),
                on: short_date(objection.on),
                answer: objection.answer.map(|answer| {
                    let said = if answer.accepted { "It will be changed" } else { "It stays" };
                    (format!("{said}, answered on {}", short_date(answer.on)), text(answer.reasons))
                }),
            });
            let rows = rows.collect();
            Ok((subject, rows))
        })
    })
    .await
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let (subject, rows) = read(&app, &session, id).await?;
    let view = NotWantedPage { case: id, name: subject.name.clone(), rows };
    form_page(&session, id, "Not what they want", &subject.name, &Problem::default(), &view)
}

#[derive(Template)]
#[template(path = "voice/not_wanted_answer.html")]
struct AnswerPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    row: Row,
    answers: [Choice; 2],
}

async fn one(
    app: App,
    session: Session,
    id: CaseId,
    objection: ObjectionId,
    typed: Typed,
    problem: Problem,
) -> Result<Page, Error> {
    let (subject, rows) = read(&app, &session, id).await?;
    let row = rows.into_iter().find(|row| row.id == objection).ok_or(Error::NotFound)?;
    let view = AnswerPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        row,
        answers: [("yes", "The outcome will be changed or taken out"), ("no", "The outcome stays, for this reason")]
            .map(|(code, words)| (code.to_owned(), words.to_owned())),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Answer what they do not want", &subject.name, &problem, &view)
}

pub async fn show_one(
    State(app): State<App>,
    session: Session,
    Path((id, objection)): Path<(CaseId, ObjectionId)>,
) -> Result<Page, Error> {
    one(app, session, id, objection, Typed::default(), Problem::default()).await
}

/// That there is an answer; not what it says.
pub(crate) fn told(case: CaseId) -> Words {
    let body = "You said that something in your plan is not what you want. There is an answer.\n\nSign in and open \
                “My outcomes” to read it.\n";
    Words {
        kind: Kind::ObjectionAnswered,
        subject: "You have an answer".to_owned(),
        body: body.to_owned(),
        path: Some(format!("/family/{case}/outcomes")),
        by: None,
    }
}

pub async fn answer(
    State(app): State<App>,
    session: Session,
    Path((id, objection)): Path<(CaseId, ObjectionId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| one(app, session, id, objection, typed, problem)
    };
    let address = format!("/children/{id}/not-wanted/{objection}");
    let then = || see_other(&format!("/children/{id}/not-wanted"));
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
                problems.add("answer", "Select what happens with the outcome");
            }
            let body =
                problems.text(typed, "reasons", "Enter your answer: the young person reads it", REASONS_CHARS_MAX);
            problems.check()?;
            let subject = subject(tx, who, id, Action::AnswerRepresentation)?;
            let reasons = TextId(app.ids.next());
            let accepted = typed.get("answer") == "yes";
            let command = own_voice::Command::AnswerObjection { objection, accepted, reasons, on: who.today };
            casework::decide(&subject.case, Command::OwnVoice(command.clone()), &who.context())?;
            let tell = |member: Member| Tell {
                message: post::named(&[b"objection", objection.0.as_bytes(), member.user.0.as_bytes()]),
                to: To::Person(member.user),
                words: told(id),
            };
            let young = members(tx, &subject.case)?.into_iter().filter(|member| member.role == Role::YoungPerson);
            let leaving = Leaving::new(Sending::Answer).part("your answer", body.as_str());
            let asked = Asked {
                action: Action::AnswerRepresentation,
                commands: vec![Command::OwnVoice(command)],
                papers: Papers::texts(vec![Text { id: reasons, body }]),
            };
            Ok(Checked { tell: young.map(tell).collect(), ..asked.leaving(leaving) })
        },
        again,
    )
    .await
}
