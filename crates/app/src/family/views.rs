//! What the family says for the assessment. What it answered before is shown with its day; only what
//! nobody answered is asked.

use super::child::own;
use super::members::{Member, members};
use crate::journal::{self, Act, Papers, Text, Who};
use crate::record::store;
use crate::web::{Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, long_date, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor, Resource, Role, may};
use casework::advice::{self, AdviceKind};
use casework::people::facts::{Asking, Fact, Form, Teller};
use casework::requests::{self, Request};
use casework::rights::{self, Decision};
use casework::views::{self, Question};
use casework::{AdviceId, Case, CaseId, Command, TextId, people};
use db::Tx;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;
use strum::IntoEnumIterator;

const ANSWER_CHARS_MAX: usize = 10_000;
/// The button of whoever has nothing to add.
const NOTHING: &str = "nothing";
/// The button of whoever will say more.
const MORE: &str = "more";

/// What was said before.
pub(crate) struct Told {
    pub question: &'static str,
    pub text: String,
    pub on: Date,
    /// Who of the family, where it was said on an account.
    pub by: Option<String>,
}

/// Everything that the family answered, in the order of the questions.
pub(crate) fn told(request: &Request, texts: &HashMap<TextId, String>, members: &[Member]) -> Vec<Told> {
    let said = Question::iter().filter_map(|question| views::answer(request, question));
    said.map(|view| Told {
        question: view.question.label(),
        text: texts.get(&view.text).cloned().unwrap_or_default(),
        on: view.on,
        by: view
            .by
            .and_then(|user| members.iter().find(|member| member.user == user))
            .map(|member| member.name.clone()),
    })
    .collect()
}

/// The family's own advice, while it is waited for and where it is this reader's to give: it is the
/// parent's until the rights pass, and then the young person's.
fn awaited(case: &Case, request: &Request, actor: &Actor, today: Date) -> Option<(AdviceId, Date)> {
    if !rights::decides(case, Decision::Plan, super::member_of(actor), today) {
        return None;
    }
    let own = request.advice.iter().find(|asked| asked.kind == AdviceKind::Family && asked.reply.is_none())?;
    Some((own.id, law::calendar::weeks(own.reached_on, 6)))
}

#[derive(Template)]
#[template(path = "family/views.html")]
struct ViewsPage<'a> {
    name: String,
    is_own: bool,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    /// What was asked for first, where it came as one text.
    account: Option<(String, Date)>,
    told: Vec<Told>,
    open: Vec<Question>,
    left_out: Vec<Question>,
    /// Until when the council waits for it.
    due: Option<Date>,
    is_live: bool,
    may_write: bool,
    done: bool,
}

#[derive(Debug, Deserialize)]
pub struct Done {
    done: Option<String>,
}

async fn page(
    app: &App,
    session: &Session,
    id: CaseId,
    (typed, problem, done): (&Typed, &Problem, bool),
) -> Result<Page, Error> {
    let who = session.who(app);
    let (case, details, texts, members) = app
        .blocking(move |app| {
            app.db.read("family.views", |tx| -> Result<_, Error> {
                let case = own(tx, &who, id, Action::GiveViews)?;
                let (_, details) = store::person(tx, who.authority, id)?;
                let members = members(tx, &case)?;
                Ok((case, details, store::texts(tx, who.authority, id)?, members))
            })
        })
        .await?;
    let live = case.live_request();
    let request = live.or(case.requests.last());
    let (actor, today) = (&session.signed_in.actor, app.clock.today());
    let is_own = session.signed_in.actor.role == Role::YoungPerson;
    let told = request.map(|request| told(request, &texts, &members)).unwrap_or_default();
    // A request in one text is shown whole; one that came question by question is shown by question.
    let account = request
        .filter(|request| views::answer(request, Question::Worries).is_none())
        .and_then(|request| Some((texts.get(&views::account(request)?)?.clone(), request.received_on)));
    let open = live.map(|request| views::open(&case, request)).unwrap_or_default();
    let view = ViewsPage {
        name: details.display_name(),
        is_own,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        account,
        told,
        open: open.new,
        left_out: open.left_out,
        due: live.and_then(|request| awaited(&case, request, actor, today)).map(|(_, due)| due),
        is_live: live.is_some(),
        may_write: may(actor, Action::WriteMessage, &Resource::Case(&case.relations())).is_allowed(),
        done,
    };
    let back = if is_own { format!("/family/{id}/record") } else { format!("/family/{id}") };
    Frame::for_session(session, format!("What you think, {}", view.name))
        .here("/family")
        .back(back, "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(done): Query<Done>,
) -> Result<Page, Error> {
    let done = done.done.is_some();
    page(&app, &session, id, (&Typed::default(), &Problem::default(), done)).await
}

/// What is written as the family's advice: what it answered since it asked. What came with the request
/// itself is on record already.
fn in_words(case: &Case, request: &Request, texts: &HashMap<TextId, String>, new: &[(Question, String)]) -> String {
    let is_new = |question: Question| new.iter().any(|(answered, _)| *answered == question);
    let earlier = Question::iter().filter(|question| !is_new(*question));
    let earlier = earlier.filter_map(|question| views::answer(request, question)).filter(|view| view.by.is_some());
    let earlier = earlier.filter_map(|view| Some((view.question, texts.get(&view.text)?.clone())));
    let mut said: Vec<(Question, String)> = earlier.chain(new.iter().cloned()).collect();
    said.sort_by_key(|(question, _)| *question);
    if said.is_empty() {
        let on = long_date(request.received_on);
        let who = if case.family.len() > 1 { "The family has" } else { "There is" };
        return format!("{who} nothing to add to what was said with the request of {on}.");
    }
    said.into_iter()
        .map(|(question, answer)| format!("{}\n{answer}", question.label()))
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// Records the answers; where the council waits for the family's advice, they are it.
fn record(tx: &mut dyn Tx, app: &App, (who, actor): (&Who, &Actor), id: CaseId, typed: &Typed) -> Result<(), Error> {
    let case = own(tx, who, id, Action::GiveViews)?;
    let request = case.live_request().ok_or(casework::Refusal::NoOpenRequest)?;
    let (open, awaited) = (views::open(&case, request), awaited(&case, request, actor, who.today));
    let mut problems = Problems::default();
    let mut new: Vec<(Question, String)> = Vec::new();
    // Somebody else of the family may have answered the same meanwhile: both answers are kept.
    for question in Question::iter() {
        let answer = problems.optional(typed, question.code(), ANSWER_CHARS_MAX);
        new.extend(answer.map(|answer| (question, answer)));
    }
    let texts = store::texts(tx, who.authority, id)?;
    let is_known = |(question, answer): &(Question, String)| {
        let last = views::answer(request, *question).and_then(|view| texts.get(&view.text));
        last.is_some_and(|known| known == answer)
    };
    new.retain(|answer| !is_known(answer));
    let is_all = typed.get("then") != MORE;
    if new.is_empty() && !(typed.get("then") == NOTHING && awaited.is_some()) {
        let first = open.all().next().map_or("form", Question::code);
        problems.add(first, "Answer at least one question");
    }
    problems.check()?;
    let mut papers = Papers::default();
    let mut keep = |body: String| {
        let text = TextId(app.ids.next());
        papers.texts.push(Text { id: text, body });
        text
    };
    let answers = new.iter().map(|(question, answer)| (*question, keep(answer.clone()))).collect();
    let is_open = |question: &Question| open.all().any(|other| other == *question);
    let confirmed = Question::iter().filter(|question| !is_open(question)).map(Question::fact).collect();
    // What was left out before is offered, not asked.
    let asked: Vec<Fact> = open.new.iter().map(|question| question.fact()).collect();
    let asking = Asking { form: Form::Views, of: Teller::Family, on: who.today, asked, confirmed };
    let mut commands = vec![
        Command::Requests(requests::Command::GiveViews { answers }),
        Command::People(people::Command::RecordAsking { asking }),
    ];
    if let Some((advice, _)) = awaited.filter(|_| is_all) {
        let text = Some(keep(in_words(&case, request, &texts, &new)));
        let command = advice::Command::Record { advice, document: None, text, on: who.today };
        commands.push(Command::Advice(command));
    }
    let act = Act { action: Action::GiveViews, seen: Some(case.version), commands, papers };
    journal::act(tx, who, id, act).map(|_| ())
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, actor, posted) = (session.who(&app), session.signed_in.actor.clone(), typed.clone());
    let recorded = app
        .blocking(move |app| app.db.write("family.give_views", |tx| record(tx, app, (&who, &actor), id, &posted)))
        .await;
    match recorded {
        Ok(()) => Ok(see_other(&format!("/family/{id}/views?done=yes"))),
        Err(error) => {
            let page = page(&app, &session, id, (&typed, &Problem::of(error)?, false)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
