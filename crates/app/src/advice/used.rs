//! The officer's view of signed advice in the plan: what reports disagree about, which lines were
//! changed or dropped and why, what advisers object to, and asking them to look.

use super::{store as reports, tell};
use crate::journal::{self, Papers, Text};
use crate::plan::draft::{REASON_CHARS_MAX, called, desk, saved};
use crate::plan::edit;
use crate::recipients::Leaving;
use crate::record::store;
use crate::web::case_form::{Asked, Checked, submit_then};
use crate::web::{Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::advice::contradictions::{Between, contradictions};
use casework::advice::report::Report;
use casework::advice::uses::{How, Use, add_line, uses};
use casework::advice::{self, Check};
use casework::recipients::Sending;
use casework::{AdviceId, BodyId, CaseId, Command, LineId, Refusal, TextId};
use db::Tx;
use jiff::civil::Date;
use std::collections::HashMap;

struct Objected {
    words: String,
    on: Date,
    answer: Option<(String, Date)>,
}

/// One line of an adviser's in the plan.
struct Line {
    advice: AdviceId,
    line: LineId,
    number: String,
    how: How,
    wrote: String,
    says: Option<String>,
    /// Where the plan's line is changed.
    href: Option<String>,
    reason: Option<String>,
    objection: Option<Objected>,
}

struct Adviser {
    called: String,
    signed_by: String,
    href: String,
    kept: usize,
    lines: Vec<Line>,
    check: Option<Check>,
}

struct Disagreement {
    between: Between,
    about: &'static str,
    sides: [(String, String); 2],
    choices: Vec<Choice>,
    settled: Option<(String, String, Date)>,
}

#[derive(Template)]
#[template(path = "advice/used.html")]
struct UsedPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    disagreements: Vec<Disagreement>,
    advisers: Vec<Adviser>,
    /// Someone signed and was not shown the version being worked on.
    may_ask: bool,
}

impl UsedPage<'_> {
    fn unexplained(&self) -> usize {
        let lines = self.advisers.iter().flat_map(|adviser| &adviser.lines);
        lines.filter(|line| line.how != How::Kept && line.reason.is_none()).count()
    }
}

/// Everything the page shows, read in one snapshot.
struct Read {
    name: String,
    version: u64,
    disagreements: Vec<Disagreement>,
    advisers: Vec<Adviser>,
    may_ask: bool,
}

fn read(tx: &mut dyn Tx, who: &journal::Who, id: CaseId) -> Result<Read, Error> {
    let (subject, working) = desk(tx, who, id, Action::WritePlan)?;
    let request = subject.case.live_request().ok_or(Refusal::NoOpenRequest)?;
    let signed = reports::signed(tx, &subject.case, request)?;
    let texts = store::texts(tx, who.authority, id)?;
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    let bodies: HashMap<BodyId, String> =
        store::bodies(tx, who.authority)?.into_iter().map(|body| (body.id, body.name)).collect();
    let plan = working.as_ref().map(|saved| saved.content.clone()).unwrap_or_default();
    let mut advisers = Vec::new();
    let mut names = HashMap::new();
    for (advice, report) in &signed {
        let Some(asked) = request.advice.iter().find(|asked| asked.id == *advice) else { continue };
        let called = bodies.get(&asked.body).cloned().unwrap_or_else(|| asked.kind.label().to_owned());
        names.insert(*advice, called.clone());
        let used: Vec<Use> = uses(&report.lines, &plan);
        let line = |used: &Use| {
            let wrote = edit::said(&report.lines, used.line)?;
            let made = used.made.and_then(|made| Some((made, edit::section_of(&plan, made)?)));
            let objection = asked.objections.iter().rev().find(|objection| objection.line == used.line);
            // A line that is kept and undisputed needs no more of the officer's time.
            (used.how != How::Kept || objection.is_some()).then(|| Line {
                advice: *advice,
                line: used.line,
                number: wrote.number.clone(),
                how: used.how,
                wrote: wrote.whole(),
                says: used.made.and_then(|made| edit::said(&plan, made)).map(|said| said.whole()),
                href: made.map(|(made, section)| format!("/children/{id}/draft/{section}/{made}")),
                reason: request.why_not(asked, used.line, used.how).map(text),
                objection: objection.map(|objection| Objected {
                    words: text(objection.text),
                    on: objection.on,
                    answer: objection.answer.map(|(answer, on)| (text(answer), on)),
                }),
            })
        };
        advisers.push(Adviser {
            called,
            signed_by: report.signed_as.as_ref().map(|signed| signed.name.clone()).unwrap_or_default(),
            href: format!("/children/{id}/advice/{advice}/signed"),
            kept: used.iter().filter(|used| used.how == How::Kept).count(),
            lines: used.iter().filter_map(line).collect(),
            check: asked.check,
        });
    }
    let sides: Vec<(AdviceId, &Report)> = signed.iter().map(|(id, report)| (*id, report)).collect();
    let named = |advice: AdviceId| names.get(&advice).cloned().unwrap_or_default();
    let disagreements = contradictions(&sides).into_iter().map(|found| {
        let sides = found.sides.map(|(advice, words)| (named(advice), words));
        let between = found.between;
        let choices = vec![
            (between.first.to_string(), format!("What {} says", sides[0].0)),
            (between.second.to_string(), format!("What {} says", sides[1].0)),
            ("neither".to_owned(), "Neither: something else is right".to_owned()),
        ];
        let settled = request.settled(between).map(|settled| {
            let holds = match settled.holds {
                Some(line) if line == between.first => format!("What {} says holds", sides[0].0),
                Some(_) => format!("What {} says holds", sides[1].0),
                None => "Neither holds".to_owned(),
            };
            (holds, text(settled.why), settled.on)
        });
        Disagreement { between, about: between.about.label(), sides, choices, settled }
    });
    let disagreements = disagreements.collect();
    let newest = request.working_draft().map(|draft| draft.version);
    let may_ask = newest.is_some_and(|newest| {
        advisers.iter().any(|adviser: &Adviser| adviser.check.is_none_or(|check| check.version != newest))
    });
    Ok(Read { name: subject.name.clone(), version: subject.case.version, disagreements, advisers, may_ask })
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let read = app.blocking(move |app| app.db.read("advice.used", |tx| read(tx, &who, id))).await?;
    let typed = typed.unwrap_or_default();
    let view = UsedPage {
        case: id,
        version: typed.seen().unwrap_or(read.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        disagreements: read.disagreements,
        advisers: read.advisers,
        may_ask: read.may_ask,
        name: read.name,
    };
    Frame::for_session(&session, format!("Advice in the plan, {}", view.name))
        .here("/children")
        .back(format!("/children/{id}/draft"), "Back to the plan")
        .with_errors(&problem.errors)
        .wide()
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, Problem::default()).await
}

/// What a form of this page does, and back to the page.
async fn act(
    app: App,
    session: Session,
    id: CaseId,
    part: String,
    posted: Posted,
    parse: impl Fn(&mut dyn Tx, &App, &journal::Who, &Typed) -> Result<Checked, Error> + Send + Sync + 'static,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/draft/advice/{part}");
    let then = move || see_other(&format!("/children/{id}/draft/advice"));
    submit_then(&app, &session, id, posted, &address, then, parse, again).await
}

/// An act of the officer's with one text, which advisers read.
fn with_text(command: advice::Command, text: Text) -> Checked {
    let leaving = Leaving::new(Sending::Reason).part("the reason", text.body.as_str());
    let commands = vec![Command::Advice(command)];
    Asked { action: Action::WritePlan, commands, papers: Papers::texts(vec![text]) }.leaving(leaving)
}

/// One required text of a form.
fn text_of(app: &App, typed: &Typed, field: &'static str, ask: &str) -> Result<Text, Error> {
    let mut problems = Problems::default();
    let body = problems.text(typed, field, ask, REASON_CHARS_MAX);
    problems.check()?;
    Ok(Text { id: TextId(app.ids.next()), body })
}

pub async fn settle(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    act(app, session, id, "settle".to_owned(), posted, |_, app, _, typed| {
        let line = |field: &str| typed.get(field).parse().map_err(|_| Error::NotFound);
        let about = typed.get("about").parse().map_err(|_| Error::NotFound)?;
        let between = Between { first: line("first")?, second: line("second")?, about };
        let mut problems = Problems::default();
        let holds = match typed.get("holds") {
            "neither" => Some(None),
            other => other.parse::<LineId>().ok().map(Some),
        };
        if holds.is_none() {
            problems.add("holds", "Select which of the two holds");
        }
        let body = problems.text(typed, "settled-because", "Say why: both advisers read it", REASON_CHARS_MAX);
        problems.check()?;
        let why = Text { id: TextId(app.ids.next()), body };
        Ok(with_text(advice::Command::Settle { between, holds: holds.flatten(), why: why.id }, why))
    })
    .await
}

pub async fn ask(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    act(app, session, id, "ask".to_owned(), posted, move |tx, app, who, _| {
        let case = journal::load(tx, who.authority, id)?.case;
        let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
        let version = request.working_draft().ok_or(Refusal::NoDraft)?.version;
        let due = Check { version, asked_on: who.today, checked_on: None }.due_on();
        for asked in &request.advice {
            if asked.signed_version().is_some() && asked.check.is_none_or(|check| check.version != version) {
                tell::to_check(tx, app, who.authority, asked.body, due)?;
            }
        }
        Ok(Asked {
            action: Action::WritePlan,
            commands: vec![Command::Advice(advice::Command::AskForCheck { version })],
            papers: Papers::default(),
        }
        .into())
    })
    .await
}

/// Which line of which adviser's a form is about.
type OneLine = (CaseId, AdviceId, LineId);

pub async fn reason(
    State(app): State<App>,
    session: Session,
    Path((id, advice, line)): Path<OneLine>,
    posted: Posted,
) -> Result<Response, Error> {
    act(app, session, id, format!("{advice}/{line}/reason"), posted, move |tx, app, who, typed| {
        let why = text_of(app, typed, "reason", "Say why the plan does not follow this line")?;
        let (subject, working) = desk(tx, who, id, Action::WritePlan)?;
        let request = subject.case.live_request().ok_or(Refusal::NoOpenRequest)?;
        let plan = working.ok_or(Refusal::NoDraft)?.content;
        let signed = reports::signed(tx, &subject.case, request)?;
        let report = signed.into_iter().find(|(id, _)| *id == advice).ok_or(Error::NotFound)?.1;
        let used = uses(&report.lines, &plan).into_iter().find(|used| used.line == line).ok_or(Error::NotFound)?;
        Ok(with_text(advice::Command::Explain { advice, line, how: used.how, why: why.id }, why))
    })
    .await
}

/// Puts a line that was left out into the plan, as its adviser wrote it.
pub async fn take(
    State(app): State<App>,
    session: Session,
    Path((id, advice, line)): Path<OneLine>,
    posted: Posted,
) -> Result<Response, Error> {
    act(app, session, id, format!("{advice}/{line}/use"), posted, move |tx, app, who, _| {
        let (subject, working) = desk(tx, who, id, Action::WritePlan)?;
        let request = subject.case.live_request().ok_or(Refusal::NoOpenRequest)?;
        let working = working.ok_or(Refusal::NoDraft)?;
        let asked = request.advice.iter().find(|asked| asked.id == advice).ok_or(Error::NotFound)?;
        let body = store::bodies(tx, who.authority)?.into_iter().find(|body| body.id == asked.body);
        let cited_as = called(asked.kind.label(), &body.map(|body| body.name).unwrap_or_default());
        let signed = reports::signed(tx, &subject.case, request)?;
        let report = signed.into_iter().find(|(id, _)| *id == advice).ok_or(Error::NotFound)?.1;
        let mut content = working.content.clone();
        let is_left_out =
            uses(&report.lines, &content).iter().any(|used| used.line == line && used.how == How::Dropped);
        if is_left_out {
            add_line(&mut content, &report.lines, line, &cited_as, LineId(app.ids.next()));
        }
        Ok(saved(app, Some(&working), content).into())
    })
    .await
}

pub async fn answer(
    State(app): State<App>,
    session: Session,
    Path((id, advice, line)): Path<OneLine>,
    posted: Posted,
) -> Result<Response, Error> {
    act(app, session, id, format!("{advice}/{line}/answer"), posted, move |_, app, _, typed| {
        let text = text_of(app, typed, "answer", "Enter your answer: the adviser reads it")?;
        Ok(with_text(advice::Command::AnswerObjection { advice, line, answer: text.id }, text))
    })
    .await
}
