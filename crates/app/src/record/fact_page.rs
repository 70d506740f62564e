//! One fact on a page of its own: every value it had and who said each, how often it was asked for,
//! and who has been shown what it is now. The family and the staff read the same.

use super::{facts, looks, store};
use crate::App;
use crate::Error;
use crate::journal::{self, Who, authorise};
use crate::web::{Frame, Page, Session, short_date};
use askama::Template;
use axum::extract::{Path, State};
use casework::access::Action;
use casework::people::DetailField;
use casework::people::facts::Fact;
use casework::{AuthorityId, Case, CaseId};
use db::Tx;
use jiff::civil::Date;
use strum::IntoEnumIterator;

/// Details that letters and plans carry.
const IN_LETTERS: [DetailField; 4] =
    [DetailField::Name, DetailField::KnownAs, DetailField::BirthDate, DetailField::Address];

/// A value and who said it.
pub(crate) struct Value {
    pub value: String,
    pub said: String,
}

/// Something that was asked, where and of whom.
pub(crate) struct Question {
    pub on: Date,
    pub form: &'static str,
    pub of: &'static str,
    pub is_confirmation: bool,
}

#[derive(Template)]
#[template(path = "record/fact.html")]
pub(crate) struct FactPage {
    name: String,
    pub label: &'static str,
    to_family: bool,
    pub now: Option<Value>,
    /// What it was before, the newest first.
    pub earlier: Vec<Value>,
    pub questions: Vec<Question>,
    /// Who opened the record since, with the first day.
    pub shown: Vec<looks::Seen>,
    /// What was sent since that carries it.
    pub sent: Vec<String>,
}

/// One fact of a case, for somebody who may read it.
///
/// # Errors
/// When the database fails.
pub(crate) fn read(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    case: &Case,
    field: DetailField,
    to_family: bool,
) -> Result<FactPage, Error> {
    let (_, details) = store::person(tx, authority, case.id)?;
    let history = facts::History::read(tx, authority, case.id)?;
    let since = history.of(field).next().map(|told| told.on);
    let mut values = history.of(field).map(|told| Value { value: told.value.clone(), said: told.sentence(to_family) });
    let now = values.next();
    let fact = Fact::from(field);
    let questions =
        case.askings.iter().filter(|asking| asking.asked.contains(&fact) || asking.confirmed.contains(&fact));
    let sent = match since {
        Some(since) if IN_LETTERS.contains(&field) => sent_since(case, since),
        _ => vec![],
    };
    Ok(FactPage {
        name: details.display_name(),
        label: field.label(),
        to_family,
        now,
        earlier: values.collect(),
        questions: questions
            .map(|asking| Question {
                on: asking.on,
                form: asking.form.label(),
                of: asking.of.label(),
                is_confirmation: asking.confirmed.contains(&fact),
            })
            .collect(),
        shown: match since {
            Some(since) => looks::seen_since(tx, case, since, to_family)?,
            None => vec![],
        },
        sent,
    })
}

/// Letters and plans that were sent on that day or later, with those who got them.
fn sent_since(case: &Case, since: Date) -> Vec<String> {
    let notices = case.requests.iter().flat_map(|request| &request.notices).filter(|notice| notice.sent_on >= since);
    notices
        .map(|notice| {
            let to: Vec<String> = notice.recipients.iter().map(|who| who.label().to_lowercase()).collect();
            format!("{}, {}: to {}", short_date(notice.sent_on), notice.kind.label(), to.join(", "))
        })
        .collect()
}

pub(crate) struct Line {
    pub field: DetailField,
    pub value: String,
    pub source: String,
    pub asked: String,
}

impl Line {
    fn code(&self) -> &'static str {
        self.field.into()
    }
}

#[derive(Template)]
#[template(path = "record/facts.html")]
pub(crate) struct FactsPage {
    case: CaseId,
    name: String,
    pub lines: Vec<Line>,
    /// Asked for, but no detail: the school, a parent, the worry.
    others: Vec<(&'static str, String)>,
    may_correct: bool,
}

fn case_for(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<journal::Loaded, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, Action::SeeCase, &loaded)?;
    Ok(loaded)
}

/// What the record says of a child, fact by fact, for somebody who may see it.
///
/// # Errors
/// By the access policy.
pub(crate) fn read_all(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<FactsPage, Error> {
    let loaded = case_for(tx, who, id)?;
    let (_, details) = store::person(tx, who.authority, id)?;
    let history = facts::History::read(tx, who.authority, id)?;
    let askings = &loaded.case.askings;
    let lines = DetailField::iter().map(|field| Line {
        field,
        value: facts::said(field, &details),
        source: history.source(field, false),
        asked: facts::times_asked(askings, field.into()),
    });
    let others = [Fact::School, Fact::Parent, Fact::Account];
    let others = others.map(|fact| (fact.label(), facts::times_asked(askings, fact)));
    Ok(FactsPage {
        case: id,
        name: details.display_name(),
        lines: lines.collect(),
        others: others.into_iter().filter(|(_, asked)| !asked.is_empty()).collect(),
        may_correct: authorise(who, Action::CorrectDetails, &loaded).is_ok(),
    })
}

/// One fact, for somebody who may see the child's record.
///
/// # Errors
/// By the access policy.
pub(crate) fn read_one(tx: &mut dyn Tx, who: &Who, id: CaseId, field: DetailField) -> Result<FactPage, Error> {
    let loaded = case_for(tx, who, id)?;
    read(tx, who.authority, &loaded.case, field, false)
}

pub async fn show_all(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let who = session.who(&app);
    let view = app.blocking(move |app| app.db.read("record.facts", |tx| read_all(tx, &who, id))).await?;
    Frame::for_session(&session, format!("Who said what, {}", view.name))
        .here("/children")
        .back(format!("/children/{id}"), "Back to the child’s page")
        .render(&view)
}

pub async fn show_one(
    State(app): State<App>,
    session: Session,
    Path((id, field)): Path<(CaseId, String)>,
) -> Result<Page, Error> {
    let field: DetailField = field.parse().map_err(|_| Error::NotFound)?;
    let who = session.who(&app);
    let view = app.blocking(move |app| app.db.read("record.fact", |tx| read_one(tx, &who, id, field))).await?;
    Frame::for_session(&session, format!("{}, {}", view.label, view.name))
        .here("/children")
        .back(format!("/children/{id}/facts"), "Back to who said what")
        .render(&view)
}

impl FactPage {
    /// What the window is called.
    pub fn title(&self) -> String {
        format!("{}, {}", self.label, self.name)
    }
}
