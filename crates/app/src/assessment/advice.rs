//! Asking all advisers in one act, seeing who has answered, recording an answer, chasing.

use super::queue::kind_of;
use crate::advice::tell;
use crate::independents::listed;
use crate::journal::{self, By, Papers, Text};
use crate::recipients::Leaving;
use crate::record::store;
use crate::web::case_form::{Asked, Checked, form_page, subject, submit};
use crate::web::{
    Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, long_date, short_date,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::{Action, Reach, Role, reach};
use casework::advice::{self, AdviceKind, AdviceRequest, Ask};
use casework::independents::Invitation;
use casework::plans::checks::vague_words;
use casework::recipients::Sending;
use casework::{AdviceId, BodyId, Case, CaseId, Command, TextId};
use db::Tx;
use jiff::civil::Date;
use std::collections::HashMap;
use strum::IntoEnumIterator;

const ADVICE_CHARS_MAX: usize = 50_000;

/// One head of regulation 6(1) that can be asked for.
struct Head {
    compulsory: bool,
    /// Field name, words, and the teams that give this advice.
    field: String,
    label: String,
    /// The citation, and a professional already on the child's record who may be the right one.
    hint: String,
    teams: Vec<Choice>,
}

/// One adviser asked, and where that is.
pub(crate) struct AskedLine {
    pub id: AdviceId,
    pub code: AdviceKind,
    pub kind: &'static str,
    pub citation: &'static str,
    pub body: String,
    pub asked_on: Date,
    pub due_on: Date,
    pub state: String,
    pub colour: &'static str,
    /// The week in which the team expects to reach it.
    pub reached: Option<Date>,
    pub text: Option<String>,
    pub waiting: bool,
    /// Written here in lines and signed: there is a report to read.
    signed: bool,
    /// It can be written in lines, which the family's own views are not.
    has_lines: bool,
    /// Whether the person who reads this may record the answer.
    may_answer: bool,
    pub chased: usize,
}

#[derive(Template)]
#[template(path = "assessment/advice.html")]
struct AdvicePage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    heads: Vec<Head>,
    asked: Vec<AskedLine>,
    /// Whom the family invited, and reports that it handed in.
    independents: govuk::Html,
    due_if_today: Date,
    may_ask: bool,
}

pub(crate) fn line(
    asked: &AdviceRequest,
    bodies: &HashMap<BodyId, String>,
    texts: &HashMap<TextId, String>,
    today: Date,
) -> AskedLine {
    let due_on = law::calendar::weeks(asked.reached_on, 6);
    let (state, colour) = match &asked.reply {
        Some(reply) => (format!("{} on {}", reply.label(), short_date(reply.on())), "green"),
        None if due_on < today => (format!("{} days late", (today - due_on).get_days()), "red"),
        None => (format!("Due {}", long_date(due_on)), "blue"),
    };
    let text = match &asked.reply {
        Some(advice::Reply::Advice { text, .. }) => *text,
        Some(advice::Reply::NothingToAdd { text, .. } | advice::Reply::DecidedWithout { text, .. }) => Some(*text),
        _ => None,
    };
    AskedLine {
        id: asked.id,
        code: asked.kind,
        kind: asked.kind.label(),
        citation: asked.kind.citation(),
        body: bodies.get(&asked.body).cloned().unwrap_or_default(),
        asked_on: asked.asked_on,
        due_on,
        state,
        colour,
        reached: None,
        text: text.and_then(|id| texts.get(&id).cloned()),
        waiting: asked.reply.is_none(),
        signed: asked.signed_version().is_some(),
        has_lines: !asked.kind.sections().is_empty(),
        may_answer: false,
        chased: asked.chased_on.len(),
    }
}

pub(crate) async fn page(
    app: App,
    session: Session,
    id: CaseId,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (today, reader) = (who.today, who.clone());
    let (subject, bodies, texts, contacts, own) = app
        .blocking(move |app| {
            app.db.read("assessment.advice_form", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::SeeCase)?;
                let bodies = store::bodies(tx, who.authority)?;
                let texts = store::texts(tx, who.authority, id)?;
                let own = listed::read(tx, &subject.case, today)?;
                Ok((subject, bodies, texts, store::contacts(tx, who.authority, id)?, own))
            })
        })
        .await?;
    let relations = subject.case.relations();
    let may = |action| {
        casework::access::may(&session.signed_in.actor, action, &casework::access::Resource::Case(&relations))
            .is_allowed()
    };
    let request = subject.case.requests.last();
    let already = |kind: AdviceKind| request.is_some_and(|r| r.advice.iter().any(|a| a.kind == kind));
    let heads: Vec<Head> = AdviceKind::iter()
        .filter(|kind| {
            let repeatable = matches!(kind, AdviceKind::OtherAppropriate | AdviceKind::FamilyRequested);
            let adulthood_due = *kind != AdviceKind::Adulthood || kind.is_compulsory(subject.details.born_on, today);
            adulthood_due && (repeatable || !already(*kind))
        })
        .map(|kind| {
            let compulsory = kind.is_compulsory(subject.details.born_on, today);
            let known = contacts.iter().find(|contact| match kind {
                AdviceKind::Medical => contact.relation == casework::people::Relation::HealthProfessional,
                AdviceKind::SocialCare => contact.relation == casework::people::Relation::SocialWorker,
                AdviceKind::Educational => contact.relation == casework::people::Relation::SchoolContact,
                _ => false,
            });
            Head {
                compulsory,
                field: format!("body-{kind}"),
                label: format!("{}{}", kind.label(), if compulsory { "" } else { " (if needed)" }),
                hint: match known {
                    Some(contact) => {
                        let organisation = contact.organisation.as_deref().unwrap_or("already on the record");
                        format!("{}. Known to the child: {}, {organisation}", kind.citation(), contact.name)
                    }
                    None => kind.citation().to_owned(),
                },
                teams: bodies
                    .iter()
                    .filter(|body| !body.is_independent && (body.kind == kind || !compulsory))
                    .map(|body| (body.id.to_string(), body.name.clone()))
                    .collect(),
            }
        })
        .collect();
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.set("asked-on", today.to_string());
        for head in &heads {
            if head.compulsory
                && let Some((team, _)) = head.teams.first()
            {
                typed.set(&head.field, team.clone());
            }
        }
        typed
    });
    let names: HashMap<BodyId, String> = bodies.into_iter().map(|body| (body.id, body.name)).collect();
    let view = AdvicePage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        asked: request
            .map(|r| r.advice.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|asked| AskedLine {
                may_answer: may(Action::RecordAdvice) && may_answer(&subject.case, &reader, asked).is_ok(),
                has_lines: may_write_lines(&subject.case, &reader, asked) && !asked.kind.sections().is_empty(),
                signed: may(Action::ReadDocument) && asked.signed_version().is_some(),
                ..line(asked, &names, &texts, today)
            })
            .collect(),
        independents: listed::html(own, &subject.case, &session.csrf, may(Action::AskForAdvice))?,
        heads,
        due_if_today: law::calendar::weeks(today, 6),
        may_ask: may(Action::AskForAdvice)
            && request.is_some_and(|r| matches!(r.progress, casework::requests::Progress::Assessing { .. })),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Advice", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, Problem::default()).await
}

pub async fn ask(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/advice");
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        "All of them were asked, and their six weeks are running.",
        |tx, app, who, typed| {
            let mut problems = Problems::default();
            let asked_on = problems.date(typed, "asked-on", "The day advice is asked for");
            let asks: Vec<Ask> = AdviceKind::iter()
                .filter_map(|kind| {
                    let body = typed.get(&format!("body-{kind}")).parse().ok().map(BodyId)?;
                    Some(Ask { id: AdviceId(app.ids.next()), kind, body })
                })
                .collect();
            if asks.is_empty() {
                problems.add("form", "Choose at least one adviser to ask");
            }
            problems.check()?;
            let asked_on = asked_on.ok_or(Error::NotFound)?;
            for ask in asks.iter().filter(|ask| ask.kind != AdviceKind::Family) {
                tell::asked(tx, app, who.authority, ask.body, law::calendar::weeks(asked_on, 6))?;
            }
            // Asking goes out by the adviser's own queue and email: it reaches them the same day.
            let command = advice::Command::AskAll { asks, asked_on, reached_on: asked_on };
            Ok(Asked {
                action: Action::AskForAdvice,
                commands: vec![Command::Advice(command)],
                papers: Papers::default(),
            })
        },
        again,
    )
    .await
}

pub async fn chase(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |_, problem| page(app, session, id, None, problem)
    };
    let address = format!("/children/{id}/advice/{advice}/chase");
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        "The chaser is recorded.",
        move |_, _, who, _| {
            Ok(Asked {
                action: Action::AskForAdvice,
                commands: vec![Command::Advice(advice::Command::Chase { advice, on: who.today })],
                papers: Papers::default(),
            })
        },
        again,
    )
    .await
}

#[derive(Template)]
#[template(path = "assessment/record_advice.html")]
struct RecordPage<'a> {
    case: CaseId,
    advice: AdviceId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    kind: &'static str,
    body: String,
    due_on: Date,
    answers: Vec<Choice>,
    /// Whether words were flagged: then the person may send them all the same.
    is_flagged: bool,
}

/// An adviser answers for their own team, a designated officer for their own kind; the council's own staff record what anyone answered.
fn may_answer(case: &Case, who: &journal::Who, asked: &AdviceRequest) -> Result<(), Error> {
    let invited = || case.independents.invitation(asked.id).and_then(Invitation::user);
    match &who.by {
        By::Person(actor) if actor.role == Role::Independent && invited() != Some(actor.user) => Err(Error::NotFound),
        By::Person(actor) if actor.role == Role::Adviser && actor.body != Some(asked.body) => Err(Error::NotFound),
        By::Person(actor) if kind_of(actor.role).is_some_and(|kind| kind != asked.kind) => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// The request for advice with this id, for somebody who writes the advice itself: its team, or the
/// designated officer for that kind. Whoever is held to advice does not change it.
pub(crate) fn own_report<'a>(case: &'a Case, who: &journal::Who, id: AdviceId) -> Result<&'a AdviceRequest, Error> {
    let asked = asked_of(case, who, id)?;
    if may_write_lines(case, who, asked) { Ok(asked) } else { Err(Error::NotFound) }
}

/// Whether this person's post is to write this advice. The lines of a finished report that the family
/// handed in are entered by the council's officers, and by nobody else.
fn may_write_lines(case: &Case, who: &journal::Who, asked: &AdviceRequest) -> bool {
    let By::Person(actor) = &who.by else { return false };
    if case.independents.report_of(asked.id).is_some() {
        return reach(actor.role, Action::AskForAdvice) != Reach::Nobody;
    }
    matches!(actor.role, Role::Adviser | Role::Independent) || kind_of(actor.role).is_some()
}

/// To decide without advice is the council's to do.
fn may_do_without(who: &journal::Who) -> bool {
    matches!(&who.by, By::Person(actor) if reach(actor.role, Action::AskForAdvice) != Reach::Nobody)
}

/// The request for advice with this id, for somebody who may answer it.
pub(crate) fn asked_of<'a>(case: &'a Case, who: &journal::Who, id: AdviceId) -> Result<&'a AdviceRequest, Error> {
    let asked = case.advice(id).ok_or(Error::NotFound)?;
    may_answer(case, who, asked)?;
    Ok(asked)
}

async fn one(
    app: App,
    session: Session,
    id: CaseId,
    advice: AdviceId,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (today, reader) = (who.today, who.clone());
    let (subject, bodies) = app
        .blocking(move |app| {
            app.db.read("assessment.record_advice_form", |tx| -> Result<_, Error> {
                Ok((subject(tx, &who, id, Action::RecordAdvice)?, store::bodies(tx, who.authority)?))
            })
        })
        .await?;
    let asked = asked_of(&subject.case, &reader, advice)?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.set("on", today.to_string());
        typed
    });
    let answers = [
        ("advice", "Advice was received"),
        ("nothing", "The child is known, and there is nothing to add"),
        ("without", "The decision is made without this advice"),
    ];
    let answers = answers.iter().filter(|(code, _)| *code != "without" || may_do_without(&reader));
    let view = RecordPage {
        case: id,
        advice,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        kind: asked.kind.label(),
        body: bodies.into_iter().find(|body| body.id == asked.body).map(|body| body.name).unwrap_or_default(),
        due_on: law::calendar::weeks(asked.reached_on, 6),
        answers: answers.map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect(),
        is_flagged: typed.get("answer") == "advice" && !vague_words(typed.get("text")).is_empty(),
        name: subject.name.clone(),
    };
    form_page(&session, id, &format!("Record an answer: {}", view.kind), &subject.name, &problem, &view)
}

pub async fn show_one(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    one(app, session, id, advice, None, Problem::default()).await
}

/// What somebody answered for a team, from what was typed.
///
/// # Errors
/// [`Error::Fields`] when something is missing or nobody could be held to it, [`Error::NotFound`] when
/// it is not theirs to answer.
pub(crate) fn answered(
    tx: &mut dyn Tx,
    app: &App,
    who: &journal::Who,
    (id, advice): (CaseId, AdviceId),
    typed: &Typed,
) -> Result<Checked, Error> {
    let case = journal::load(tx, who.authority, id)?.case;
    asked_of(&case, who, advice)?;
    let mut problems = Problems::default();
    let answer = typed.get("answer").to_owned();
    let on = problems.date(typed, "on", "The day of the answer");
    let body = match answer.as_str() {
        "advice" => problems.text(
            typed,
            "text",
            "Enter the advice: need, outcome, provision with who, how often and how long",
            ADVICE_CHARS_MAX,
        ),
        "nothing" => problems.text(typed, "text", "Enter the name of the professional who said so", 300),
        "without" if may_do_without(who) => {
            problems.text(typed, "text", "Say why the decision is made without this advice", 3_000)
        }
        _ => {
            problems.add("answer", "Select what was answered");
            String::new()
        }
    };
    let vague = vague_words(&body);
    if answer == "advice" && !vague.is_empty() && typed.get("sure") != "yes" {
        problems.add(
            "text",
            format!(
                "Nobody can be held to “{}”. Say who gives it, how often and how long, or send it as it is",
                vague.join("”, “")
            ),
        );
    }
    problems.check()?;
    let on = on.ok_or(Error::NotFound)?;
    let text = TextId(app.ids.next());
    let command = match answer.as_str() {
        "nothing" => advice::Command::NothingToAdd { advice, named_professional: Some(text), on: Some(on) },
        "without" => advice::Command::DecideWithout { advice, why: text, on },
        _ => advice::Command::Record { advice, document: None, text: Some(text), on },
    };
    let leaving = Leaving::new(Sending::Advice).part("the advice", body.as_str());
    Ok(Asked {
        action: Action::RecordAdvice,
        commands: vec![Command::Advice(command)],
        papers: Papers::texts(vec![Text { id: text, body }]),
    }
    .leaving(leaving))
}

pub async fn record(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| one(app, session, id, advice, Some(typed), problem)
    };
    let address = format!("/children/{id}/advice/{advice}");
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        "The answer is recorded.",
        move |tx, app, who, typed| answered(tx, app, who, (id, advice), typed),
        again,
    )
    .await
}
