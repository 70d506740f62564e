//! What health and social care ask about a plan, for the officer who must answer.

use super::lines::compared;
use crate::journal::{Papers, Text};
use crate::record::store;
use crate::web::case_form::{Asked, form_page, subject, submit_then};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::designated::{self, Part};
use casework::{CaseId, Command, LineId, TextId};
use jiff::civil::Date;

const ANSWER_CHARS_MAX: usize = 5_000;

/// One question, with the answer if there is one.
struct Line {
    part: Part,
    line: LineId,
    about: String,
    asks: String,
    on: Date,
    answer: Option<(String, Date)>,
}

#[derive(Template)]
#[template(path = "designated/questions.html")]
struct QuestionsPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    /// The question whose form came back.
    answered: Option<LineId>,
    lines: Vec<Line>,
    /// Looks in which every line was confirmed.
    confirmed: Vec<(&'static str, Date)>,
}

async fn page(
    app: App,
    session: Session,
    id: CaseId,
    answered: Option<LineId>,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, lines) = app
        .blocking(move |app| {
            app.db.read("designated.questions", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::WritePlan)?;
                let texts = store::texts(tx, who.authority, id)?;
                let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
                let mut lines = Vec::new();
                for look in subject.case.designated.looks.iter().rev().filter(|look| !look.questions.is_empty()) {
                    let compared = compared(tx, &subject.case, look.part, look.version)?;
                    for question in &look.questions {
                        lines.push(Line {
                            part: look.part,
                            line: question.line,
                            about: compared.words_of(question.line),
                            asks: text(question.text),
                            on: look.on,
                            answer: question.answer.map(|(answer, on)| (text(answer), on)),
                        });
                    }
                }
                // What waits comes first.
                lines.sort_by_key(|line| line.answer.is_some());
                Ok((subject, lines))
            })
        })
        .await?;
    let typed = typed.unwrap_or_default();
    let looks = subject.case.designated.looks.iter().rev().filter(|look| look.questions.is_empty());
    let view = QuestionsPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        answered,
        lines,
        confirmed: looks.map(|look| (look.part.label(), look.on)).collect(),
        name: subject.name.clone(),
    };
    form_page(&session, id, "What health and social care ask", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, None, Problem::default()).await
}

pub async fn answer(
    State(app): State<App>,
    session: Session,
    Path((id, part, line)): Path<(CaseId, String, LineId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let part: Part = part.parse().map_err(|_| Error::NotFound)?;
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(line), Some(typed), problem)
    };
    let address = format!("/children/{id}/questions/{part}/{line}");
    let then = || see_other(&format!("/children/{id}/questions"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |_, app, _, typed| {
            let mut problems = Problems::default();
            let body = problems.text(typed, "answer", "Answer what is asked", ANSWER_CHARS_MAX);
            problems.check()?;
            let answer = TextId(app.ids.next());
            let command = designated::Command::AnswerQuestion { part, line, answer };
            Ok(Asked {
                action: Action::WritePlan,
                commands: vec![Command::Designated(command)],
                papers: Papers::texts(vec![Text { id: answer, body }]),
            })
        },
        again,
    )
    .await
}
