//! Whose the rights are, for those who work with the young person: the talk before they pass, and
//! capacity, which is assessed for one decision at a time.

use crate::family::{Member, members};
use crate::journal::{Papers, Text};
use crate::record::store;
use crate::web::case_form::{Asked, Subject, form_page, subject, submit_then};
use crate::web::{
    Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, long_date, see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::{Action, Role};
use casework::rights::{self, Acting, Assessment, Decision, Finding, Holder, Representative};
use casework::{AssessmentId, CaseId, Command, TextId};
use jiff::civil::Date;
use std::collections::HashMap;
use strum::IntoEnumIterator;

const NAME_CHARS_MAX: usize = 150;
const REASONS_CHARS_MAX: usize = 5000;

struct AssessmentRow {
    decision: &'static str,
    finding: &'static str,
    on: String,
    assessor: String,
    reasons: String,
    representative: Option<String>,
    /// The last word on this decision.
    is_last: bool,
}

#[derive(Template)]
#[template(path = "voice/rights.html")]
struct RightsPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    pass_on: Option<Date>,
    has_passed: bool,
    prompted_on: Option<Date>,
    talked_on: Option<Date>,
    kept: Vec<&'static str>,
    /// Each decision with who makes it.
    decisions: Vec<(&'static str, &'static str)>,
    assessments: Vec<AssessmentRow>,
}

fn who_decides(subject: &Subject, decision: Decision, today: Date) -> &'static str {
    match (rights::acting(&subject.case, decision), rights::holder(&subject.case, today)) {
        (Some(Acting::Parents), _) => "The parents, in the young person’s place",
        (Some(Acting::Representative(_)), _) => "The representative, in the young person’s place",
        (None, Some(Holder::YoungPerson)) => "The young person, with help if they want it",
        (None, _) => "The parents, until the rights pass",
    }
}

async fn page(app: App, session: Session, id: CaseId, typed: Typed, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, texts) = app
        .blocking(move |app| {
            app.db.read("voice.rights", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::RecordCapacity)?;
                let texts: HashMap<TextId, String> = store::texts(tx, who.authority, id)?;
                Ok((subject, texts))
            })
        })
        .await?;
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    let known = &subject.case.rights;
    let is_last = |assessment: &Assessment| {
        rights::last_assessment(&subject.case, assessment.decision).map(|last| last.id) == Some(assessment.id)
    };
    let view = RightsPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        pass_on: rights::pass_on(&subject.case),
        has_passed: rights::holder(&subject.case, today) == Some(Holder::YoungPerson),
        prompted_on: known.prompted_on,
        talked_on: known.talked_on,
        kept: rights::kept_from_parents(&subject.case).into_iter().map(|kind| kind.label()).collect(),
        decisions: Decision::iter().map(|of| (of.label(), who_decides(&subject, of, today))).collect(),
        assessments: known
            .assessments
            .iter()
            .rev()
            .map(|assessment| AssessmentRow {
                decision: assessment.decision.label(),
                finding: assessment.finding.label(),
                on: long_date(assessment.on),
                assessor: text(assessment.assessor),
                reasons: text(assessment.reasons),
                representative: assessment.representative.map(|somebody| text(somebody.name)),
                is_last: is_last(assessment),
            })
            .collect(),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Rights and capacity", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, Typed::default(), Problem::default()).await
}

pub async fn record_talk(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, typed, problem)
    };
    let address = format!("/children/{id}/rights/talk");
    let then = || see_other(&format!("/children/{id}/rights"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        |_, _, _, typed| {
            let mut problems = Problems::default();
            let on = problems.date(typed, "talked-on", "The day of the talk");
            problems.check()?;
            let command = rights::Command::RecordTalk { on: on.ok_or(Error::NotFound)? };
            Ok(Asked {
                action: Action::RecordCapacity,
                commands: vec![Command::Rights(command)],
                papers: Papers::default(),
            })
        },
        again,
    )
    .await
}

#[derive(Template)]
#[template(path = "voice/assess.html")]
struct AssessPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    assessment: AssessmentId,
    decisions: Vec<Choice>,
    findings: Vec<Choice>,
    accounts: Vec<Choice>,
}

fn account_choices(members: &[Member]) -> Vec<Choice> {
    let adults = members.iter().filter(|member| member.role == Role::Parent);
    adults.map(|member| (member.user.to_string(), format!("{}, {}", member.name, member.email))).collect()
}

async fn assess_page(app: App, session: Session, id: CaseId, typed: Typed, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, members) = app
        .blocking(move |app| {
            app.db.read("voice.assess", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::RecordCapacity)?;
                let members = members(tx, &subject.case)?;
                Ok((subject, members))
            })
        })
        .await?;
    let view = AssessPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        assessment: typed.get("assessment").parse().unwrap_or_else(|_| AssessmentId(app.ids.next())),
        decisions: choices(Decision::iter(), |decision| decision.code().to_owned(), Decision::label),
        findings: choices(Finding::iter(), |finding| finding.code().to_owned(), Finding::label),
        accounts: account_choices(&members),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Record an assessment of capacity", &subject.name, &problem, &view)
}

pub async fn show_assess(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    assess_page(app, session, id, Typed::default(), Problem::default()).await
}

pub async fn assess(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| assess_page(app, session, id, typed, problem)
    };
    let address = format!("/children/{id}/rights/capacity");
    let then = || see_other(&format!("/children/{id}/rights"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let mut problems = Problems::default();
            let decision = problems.choice(typed, "decision", "Select the decision that was assessed");
            let finding = problems.choice(typed, "finding", "Select what was found");
            let on = problems.date(typed, "assessed-on", "The day of the assessment");
            let assessor = problems.text(typed, "assessor", "Enter who assessed, with their job", NAME_CHARS_MAX);
            let reasons = problems.text(
                typed,
                "reasons",
                "Enter what help was given to decide, and why this was found",
                REASONS_CHARS_MAX,
            );
            let representative = problems.optional(typed, "representative", NAME_CHARS_MAX);
            if representative.is_some() && finding == Some(Finding::Able) {
                problems.add("representative", "Leave this empty: whoever can decide needs nobody to act for them");
            }
            let account = typed.get("account").parse().ok();
            if account.is_some() && representative.is_none() {
                problems.add("representative", "Enter the name of the representative, or choose no account");
            }
            problems.check()?;
            let subject = subject(tx, who, id, Action::RecordCapacity)?;
            let is_adult =
                members(tx, &subject.case)?.iter().any(|m| Some(m.user) == account && m.role == Role::Parent);
            if account.is_some() && !is_adult {
                return Err(Error::NotFound);
            }
            let mut texts = Vec::new();
            let mut keep = |body: String| {
                let id = TextId(app.ids.next());
                texts.push(Text { id, body });
                id
            };
            let assessment = Assessment {
                id: typed.get("assessment").parse().unwrap_or_else(|_| AssessmentId(app.ids.next())),
                decision: decision.ok_or(Error::NotFound)?,
                on: on.ok_or(Error::NotFound)?,
                assessor: keep(assessor),
                finding: finding.ok_or(Error::NotFound)?,
                reasons: keep(reasons),
                representative: representative.map(|name| Representative { name: keep(name), user: account }),
            };
            Ok(Asked {
                action: Action::RecordCapacity,
                commands: vec![Command::Rights(rights::Command::Assess { assessment })],
                papers: Papers::texts(texts),
            })
        },
        again,
    )
    .await
}
