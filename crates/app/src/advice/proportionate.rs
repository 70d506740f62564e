//! Social care's short form for a child who is not known to it: seven questions, so that "not known" is
//! an answer somebody looked for. What it makes is a report in lines like any other, to be read and
//! signed.
//!
//! Regulation 6(1)(e) asks for social care advice whether or not the child is known. Help under section
//! 2 of the Chronically Sick and Disabled Persons Act 1970 stands in section H1 and other help in H2
//! (Children and Families Act 2014 section 37(2)(f), (g)): each has its own question, and no is an
//! answer only with its reason.

use super::write::{Desk, written};
use crate::recipients::Leaving;
use crate::web::case_form::{form_page, submit_then};
use crate::web::{
    Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, long_date, see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::advice::AdviceKind;
use casework::advice::report::Report;
use casework::plans::content::{CareNeedLine, ProvisionKind, ProvisionLine};
use casework::recipients::Sending;
use casework::{AdviceId, CaseId, LineId};
use jiff::civil::Date;

const TEXT_CHARS_MAX: usize = 3_000;
const SHORT_CHARS_MAX: usize = 300;

/// Where somebody can have looked.
const LOOKED: [(&str, &str); 4] = [
    ("care", "Care records, by name, date of birth and address"),
    ("contacts", "Contacts and referrals"),
    ("early_help", "Early help"),
    ("family", "Brothers, sisters and others at the same address"),
];
const KNOWN: [(&str, &str); 2] = [("not_known", "Not known, now or before"), ("closed", "Known before, and closed")];
const NEXT: [(&str, &str); 4] = [
    ("nothing", "Nothing more is needed now"),
    ("early_help", "Early help is offered"),
    ("assessment", "An assessment as a child in need is offered (Children Act 1989 section 17)"),
    ("transition", "A transition assessment is offered (Care Act 2014 section 58)"),
];

/// A kind of help with the fields of its question.
struct Help {
    kind: ProvisionKind,
    answer: &'static str,
    question: &'static str,
    hint: &'static str,
    what: &'static str,
    who: &'static str,
    how_often: &'static str,
    how_long: &'static str,
    reason: &'static str,
    /// As the account names it.
    named: &'static str,
}

const HELP: [Help; 2] = [
    Help {
        kind: ProvisionKind::SocialCareH1,
        answer: "h1",
        question: "5. Is help needed under section 2 of the Chronically Sick and Disabled Persons Act 1970?",
        hint: "Section H1, up to 18: practical help at home, short breaks, adaptations, travel. It is a duty once it is needed",
        what: "h1-what",
        who: "h1-who",
        how_often: "h1-often",
        how_long: "h1-long",
        reason: "h1-reason",
        named: "Help under section 2 of the Chronically Sick and Disabled Persons Act 1970 (H1)",
    },
    Help {
        kind: ProvisionKind::SocialCareH2,
        answer: "h2",
        question: "6. Is other social care reasonably needed?",
        hint: "Section H2: what is not H1, and adult care from 18. One cannot stand in for the other",
        what: "h2-what",
        who: "h2-who",
        how_often: "h2-often",
        how_long: "h2-long",
        reason: "h2-reason",
        named: "Other social care (H2)",
    },
];

#[derive(Template)]
#[template(path = "advice/proportionate.html")]
struct FormPage<'a> {
    case: CaseId,
    advice: AdviceId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    citation: &'static str,
    due_on: Date,
    account: Option<String>,
    looked: Vec<Choice>,
    known: Vec<Choice>,
    yes_no: Vec<Choice>,
    next: Vec<Choice>,
    help: [Help; 2],
}

fn items<const N: usize>(choices: [(&str, &str); N]) -> Vec<Choice> {
    choices.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect()
}

/// The desk of somebody who may answer so: social care, before anything else is written.
fn desk(desk: Desk) -> Result<Desk, Error> {
    match desk.asked.kind {
        AdviceKind::SocialCare if desk.report().is_empty() => Ok(desk),
        _ => Err(Error::NotFound),
    }
}

async fn page(
    app: App,
    session: Session,
    id: CaseId,
    advice: AdviceId,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (desk, account) = app
        .blocking(move |app| {
            app.db.read("advice.proportionate", |tx| -> Result<_, Error> {
                let desk = desk(Desk::read(tx, &who, id, advice)?)?;
                let account = desk.subject.case.live_request().and_then(|request| request.account);
                let texts = crate::record::store::texts(tx, who.authority, id)?;
                Ok((desk, account.and_then(|account| texts.get(&account).cloned())))
            })
        })
        .await?;
    let typed = typed.unwrap_or_default();
    let view = FormPage {
        case: id,
        advice,
        version: typed.seen().unwrap_or(desk.subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        citation: desk.asked.kind.citation(),
        due_on: law::calendar::weeks(desk.asked.reached_on, 6),
        account,
        looked: items(LOOKED),
        known: items(KNOWN),
        yes_no: items([("yes", "Yes"), ("no", "No")]),
        next: items(NEXT),
        help: HELP,
        name: desk.subject.name.clone(),
    };
    form_page(&session, id, "A child who is not known to social care", &desk.subject.name, &problem, &view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    page(app, session, id, advice, None, Problem::default()).await
}

/// The words of a choice that was made.
fn chosen<const N: usize>(choices: [(&'static str, &'static str); N], code: &str) -> Option<&'static str> {
    choices.iter().find(|(known, _)| *known == code).map(|(_, words)| *words)
}

/// The report that the answers make.
fn report(typed: &Typed, today: Date, mut fresh: impl FnMut() -> LineId) -> Result<Report, Error> {
    let mut problems = Problems::default();
    let mut report = Report::default();
    let mut account = Vec::new();
    let looked: Vec<&str> = typed.all("looked").filter_map(|code| chosen(LOOKED, code)).collect();
    if looked.is_empty() {
        problems.add("looked", "Select where you looked for the child");
    }
    let known = chosen(KNOWN, typed.get("known"));
    if known.is_none() {
        problems.add("known", "Select whether the child was known before");
    }
    account.push(format!("Looked for on {}: {}.", long_date(today), looked.join("; ").to_lowercase()));
    account.push(format!("{}.", known.unwrap_or_default()));
    let home = problems.text(typed, "home", "Say what the family would find helpful at home", TEXT_CHARS_MAX);
    account.push(format!("What the family would find helpful at home: {home}"));
    match typed.get("needs") {
        "yes" => {
            let text = problems.text(typed, "needs-what", "Say what the care needs are", TEXT_CHARS_MAX);
            report.lines.social_care_needs.push(CareNeedLine { id: fresh(), text, citation: None, from: vec![] });
        }
        "no" => {
            let reason = problems.text(typed, "needs-reason", "Say why there are no care needs", TEXT_CHARS_MAX);
            account.push(format!("No care needs that go with the special educational needs: {reason}"));
        }
        _ => problems.add("needs", "Select whether there are care needs"),
    }
    for help in HELP {
        match typed.get(help.answer) {
            "yes" => {
                let line = ProvisionLine {
                    id: fresh(),
                    kind: help.kind,
                    text: problems.text(typed, help.what, "Say what help is given", TEXT_CHARS_MAX),
                    who: problems.text(typed, help.who, "Say who gives it", SHORT_CHARS_MAX),
                    how_often: problems.text(typed, help.how_often, "Say how often", SHORT_CHARS_MAX),
                    how_long: problems.text(typed, help.how_long, "Say how long each time", SHORT_CHARS_MAX),
                    needs: report.lines.social_care_needs.iter().map(|need| need.id).collect(),
                    outcomes: vec![],
                    citation: None,
                    from: vec![],
                };
                report.lines.provision.push(line);
            }
            "no" => {
                let reason =
                    problems.text(typed, help.reason, "Give the reason: no is an answer only with it", TEXT_CHARS_MAX);
                account.push(format!("{} is not needed: {reason}", help.named));
            }
            _ => problems.add(help.answer, "Select yes or no"),
        }
    }
    match chosen(NEXT, typed.get("next")) {
        Some(next) => account.push(format!("{next}.")),
        None => problems.add("next", "Select what happens next"),
    }
    problems.check()?;
    report.account = account.join("\n\n");
    Ok(report)
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, advice, Some(typed), problem)
    };
    let base = format!("/children/{id}/advice/{advice}");
    let address = format!("{base}/not-known");
    let then = move || see_other(&format!("{base}/write"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let desk = desk(Desk::read(tx, who, id, advice)?)?;
            let report = report(typed, who.today, || LineId(app.ids.next()))?;
            let leaving = Leaving::new(Sending::Advice).parts(crate::recipients::report_parts(&report));
            Ok(written(app, advice, desk.saved.as_ref(), &report).1.leaving(leaving))
        },
        again,
    )
    .await
}
