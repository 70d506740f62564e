//! Why is a date that date? The working, as `law` gives it, for one deadline of one child.

use super::store;
use crate::journal::{Who, authorise, load};
use crate::web::{Frame, Page, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use casework::CaseId;
use casework::access::Action;
use db::Tx;
use jiff::civil::Date;
use law::Deadline;
use law::explain::Explanation;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Which {
    pub from: Option<Date>,
    #[serde(default)]
    pub subject: u32,
}

/// The working of one date: the same on a child's page and on the public one.
#[derive(Template)]
#[template(path = "record/explanation.html")]
pub(crate) struct Working {
    pub explanation: Explanation,
    pub due_on: Date,
}

#[derive(Template)]
#[template(path = "record/why.html")]
struct WhyPage {
    case: CaseId,
    name: String,
    working: govuk::Html,
    title: &'static str,
}

/// One date of a child with its working, and the child's name.
///
/// # Errors
/// [`Error::NotFound`] when the case has no such date, or by the access policy.
pub(crate) fn find(
    tx: &mut dyn Tx,
    who: &Who,
    id: CaseId,
    rule: law::RuleId,
    which: &Which,
) -> Result<(Deadline, Explanation, String), Error> {
    let loaded = load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, Action::SeeCase, &loaded)?;
    let (_, details) = store::person(tx, who.authority, id)?;
    let is_meant = |d: &Deadline| {
        d.rule == rule && d.trigger.subject == which.subject && which.from.is_none_or(|from| d.trigger.on == from)
    };
    let deadline = loaded.case.deadlines().into_iter().rfind(is_meant).ok_or(Error::NotFound)?;
    let explanation = law::explain(&deadline, &loaded.case.clock_events());
    Ok((deadline, explanation, details.display_name()))
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, rule)): Path<(CaseId, String)>,
    Query(which): Query<Which>,
) -> Result<Page, Error> {
    let rule: law::RuleId = rule.parse().map_err(|_| Error::NotFound)?;
    let who = session.who(&app);
    let (deadline, explanation, name) =
        app.blocking(move |app| app.db.read("record.why", |tx| find(tx, &who, id, rule, &which))).await?;
    let title = explanation.rule_title;
    let working = render(explanation, deadline.due_on)?;
    Frame::for_session(&session, format!("Why this date? {title}, {name}"))
        .here("/children")
        .back(format!("/children/{id}#dates"), "Back to the child’s page")
        .render(&WhyPage { case: id, name, working, title })
}

/// The working as markup.
pub(crate) fn render(explanation: Explanation, due_on: Date) -> Result<govuk::Html, Error> {
    govuk::Html::render(&Working { explanation, due_on })
        .map_err(|cause| Error::Broken { step: "render the working of a date", cause: cause.to_string() })
}
