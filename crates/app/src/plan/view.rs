//! The whole plan as a page, A to K: what is being written, or what is in force.

use super::edit;
use super::letters::placement_words;
use super::store as plans;
use crate::journal::Who;
use crate::record::store;
use crate::web::case_form::{Subject, subject};
use crate::web::{Frame, Page, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use casework::access::Action;
use casework::placement::Named;
use casework::plans::content::{Content, Section};
use casework::{Case, CaseId};
use db::Tx;
use jiff::civil::Date;
use strum::IntoEnumIterator;

/// One section as it is read.
pub(crate) struct Read {
    pub letter: String,
    pub label: &'static str,
    /// Sections A, I and J are running text.
    pub text: String,
    pub lines: Vec<edit::Shown>,
    pub empty: &'static str,
}

/// The whole plan as it is read: the draft while there is one, else the plan in force.
pub(crate) struct Whole {
    pub subject: Subject,
    pub saved: plans::Saved,
    pub is_draft: bool,
    pub sections: Vec<Read>,
}

/// Reads the whole plan for somebody who works on it.
///
/// # Errors
/// As [`subject`]; refused when there is none.
pub(crate) fn whole(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Whole, Error> {
    // A draft is read by those who work on it and on the family's comments.
    let subject = subject(tx, who, id, Action::AnswerRepresentation)?;
    let in_force = subject.case.plan_in_force().and_then(|plan| plan.version);
    let saved = match (plans::working(tx, &subject.case)?, in_force) {
        (Some(working), _) => working,
        (None, Some(version)) => plans::version(tx, who.authority, id, version)?,
        (None, None) => return Err(casework::Refusal::NoDraft.into()),
    };
    let named = named(tx, &subject.case)?;
    let is_draft = subject.case.live_request().is_some();
    let sections = sections(&saved.content, is_draft, &named);
    Ok(Whole { subject, saved, is_draft, sections })
}

/// What section I of the plan in force names, in words.
fn named(tx: &mut dyn Tx, case: &Case) -> Result<String, Error> {
    Ok(match case.plan_in_force().and_then(|plan| plan.named) {
        Some(Named::Institution { urn }) => store::establishment_name(tx, urn.number())?,
        Some(named) => placement_words(named, |urn| urn.to_string()),
        None => String::new(),
    })
}

/// The plan in force as it is read, with the day on which it was issued. A plan that came without its text has
/// no sections here.
///
/// # Errors
/// When the database fails.
pub(crate) fn in_force(tx: &mut dyn Tx, case: &Case) -> Result<Option<(Date, Vec<Read>)>, Error> {
    let Some(plan) = case.plan_in_force() else { return Ok(None) };
    let Some(version) = plan.version else { return Ok(Some((plan.issued_on, vec![]))) };
    let saved = plans::version(tx, case.authority, case.id, version)?;
    Ok(Some((plan.issued_on, sections(&saved.content, false, &named(tx, case)?))))
}

fn sections(content: &Content, is_draft: bool, named: &str) -> Vec<Read> {
    let mut sections = Vec::new();
    for section in Section::iter() {
        if section == Section::J {
            sections.push(Read {
                letter: "I".into(),
                label: "School, college or other placement",
                text: if is_draft { String::new() } else { named.to_owned() },
                lines: vec![],
                empty: "Left blank while the plan is a draft, so that the family is heard before a school or college is named.",
            });
        }
        let (text, empty) = match section {
            Section::A if content.how_to_involve.trim().is_empty() => (content.views.clone(), "Nothing yet."),
            Section::A => (format!("{}\n\n{}", content.views, content.how_to_involve), "Nothing yet."),
            Section::J => (content.direct_payments.clone(), "No personal budget has been asked for."),
            Section::C | Section::D | Section::G | Section::H1 | Section::H2 => (String::new(), "None."),
            _ => (String::new(), "Nothing yet."),
        };
        sections.push(Read {
            letter: section.letter(),
            label: section.label(),
            text,
            lines: edit::lines(content, section),
            empty,
        });
    }
    sections
}

#[derive(Template)]
#[template(path = "plan/view.html")]
struct ViewPage {
    case: CaseId,
    name: String,
    born_on: Date,
    is_draft: bool,
    issued_on: Option<Date>,
    saved_on: Option<Date>,
    fingerprint: String,
    sections: Vec<Read>,
    may_write: bool,
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let who = session.who(&app);
    let Whole { subject, saved, is_draft, sections } =
        app.blocking(move |app| app.db.read("plan.view", |tx| whole(tx, &who, id))).await?;
    let relations = subject.case.relations();
    let resource = casework::access::Resource::Case(&relations);
    let view = ViewPage {
        case: id,
        born_on: subject.details.born_on,
        is_draft,
        issued_on: subject.case.plan_in_force().map(|plan| plan.issued_on),
        saved_on: subject.case.live_request().and_then(|r| r.working_draft()).map(|draft| draft.saved_on),
        fingerprint: saved.fingerprint.chars().take(12).collect(),
        sections,
        may_write: is_draft
            && casework::access::may(&session.signed_in.actor, Action::WritePlan, &resource).is_allowed(),
        name: subject.name,
    };
    let title = if is_draft { "Draft plan" } else { "Plan" };
    Frame::for_session(&session, format!("{title}, {}", view.name))
        .here("/children")
        .back(format!("/children/{id}"), "Back to the child’s page")
        .render(&view)
}
