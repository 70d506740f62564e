//! The child's page: where the case stands, what to do next, every date, people, documents, history.

use super::files::Given;
use super::history::{Names, Told, tell};
use super::store;
use super::timeline;
use crate::front_door::contacts::{Group, groups};
use crate::journal::{self, authorise};
use crate::post::person::{self, Reached};
use crate::team::cover::{self, Away};
use crate::uploads::checks;
use crate::web::{Frame, Page, Session, long_date, short_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use casework::access::Action;
use casework::people::{Contact, Details, Setting};
use casework::recipients::Hold;
use casework::tasks::TaskKind;
use casework::{Case, CaseId};
use db::Tx;
use jiff::civil::Date;
use law::rulebook::{Kind, Strength};
use law::{Deadline, Status};
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

/// Entries of history that the page shows before "show all".
const HISTORY_SHOWN: i64 = 15;
/// Contacts that the page shows; the rest has a page of its own.
const CONTACTS_SHOWN: usize = 3;
/// Most entries that one page of history holds.
pub(crate) const HISTORY_MAX: i64 = 1000;

/// One date, as the table shows it.
pub struct DateLine {
    pub title: &'static str,
    pub due_on: Date,
    pub state: &'static str,
    pub colour: &'static str,
    pub detail: String,
    pub strength: &'static str,
    pub why: String,
}

/// Everything the page shows, read in one snapshot.
pub struct Everything {
    pub case: Arc<Case>,
    pub details: Details,
    pub contacts: Vec<Contact>,
    pub documents: Vec<store::DocumentLine>,
    pub history: Vec<Told>,
    pub history_full: bool,
    pub setting: String,
    pub officer: Option<(String, String)>,
    pub account: Option<String>,
    /// The latest contacts, for those who note them.
    pub contacts_about: Vec<Group>,
    /// Records that were joined into this one: which, and on which day.
    pub joined: Vec<(CaseId, String)>,
    /// Other children who look like this one, as somebody recorded.
    pub apart: Vec<String>,
    /// Visits of advisers.
    pub visits: govuk::Html,
}

#[derive(Debug, Deserialize)]
pub struct Shown {
    done: Option<String>,
    #[serde(default)]
    history: String,
}

/// What a task's line says.
struct TaskRow {
    label: String,
    /// Where it is done, for those who may.
    href: Option<String>,
    due: String,
}

#[derive(Template)]
#[template(path = "record/case_page.html")]
struct CasePage {
    all: Everything,
    done: Option<String>,
    tasks: Vec<TaskRow>,
    timeline: govuk::Html,
    open: Vec<DateLine>,
    past: Vec<DateLine>,
    whole_history: bool,
    may_copy: bool,
    /// Sends that are held, for those who may let them go.
    holds: Vec<Hold>,
    may_correct: bool,
    may_read_documents: bool,
    may_assign: bool,
    may_place: bool,
    may_write: bool,
    may_except: bool,
    may_see_about_me: bool,
    may_see_rights: bool,
    may_note: bool,
    may_see_care: bool,
    /// A designated officer, whose own lines of the plan can be looked at.
    may_look_at_lines: bool,
    /// Health or social care has looked at the plan, and the reader writes it.
    may_answer_looks: bool,
    may_recommend: bool,
    may_join: bool,
    may_add_papers: bool,
    may_restore: bool,
    /// How the family is reached, for those who write to it.
    reached: Vec<Reached>,
    /// Who covers for the officer, and until when.
    cover: Option<Away>,
    age: String,
}

/// Names for the sentences of a case's history.
///
/// # Errors
/// When the database fails.
pub(crate) fn names(tx: &mut dyn Tx, case: &Case) -> Result<Names, Error> {
    let mut urns: Vec<i64> =
        case.placements.iter().filter_map(|p| p.setting.urn()).map(|urn| i64::from(urn.number())).collect();
    for request in &case.requests {
        urns.extend(request.consultations.iter().map(|c| i64::from(c.urn.number())));
        urns.extend(request.preference.map(|p| i64::from(p.urn.number())));
        if let Some(casework::placement::Named::Institution { urn }) = request.named {
            urns.push(i64::from(urn.number()));
        }
    }
    urns.sort_unstable();
    urns.dedup();
    let settings = store::establishment_names(tx, urns)?;
    let bodies = store::bodies(tx, case.authority)?.into_iter().map(|body| (body.id.0, body.name)).collect();
    let users = store::users(tx, case.authority)?.into_iter().map(|(id, name, _)| (id, name)).collect();
    Ok(Names { settings, bodies, users })
}

/// Everything of a child, for somebody who may see it, with so many entries of history.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy.
pub(crate) fn read(tx: &mut dyn Tx, who: &journal::Who, id: CaseId, limit: i64) -> Result<Everything, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, Action::SeeCase, &loaded)?;
    let may_note = authorise(who, Action::NoteContact, &loaded).is_ok();
    let may_join = authorise(who, Action::JoinRecords, &loaded).is_ok();
    let case = loaded.case;
    let (_, details) = store::person(tx, who.authority, id)?;
    let names = names(tx, &case)?;
    let lines = store::history(tx, who.authority, id, 0, limit + 1)?;
    let history_full = i64::try_from(lines.len()).unwrap_or(i64::MAX) > limit;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let history = lines.iter().take(shown).map(|line| tell(line, &names)).collect();
    let setting = match case.current_placement().map(|placement| placement.setting) {
        Some(Setting::Establishment(urn)) => store::establishment_name(tx, urn.number())?,
        Some(Setting::Elsewhere(code)) => code.label().to_owned(),
        None => "None recorded".to_owned(),
    };
    let officer = match case.officer {
        Some(officer) => store::user_name(tx, who.authority, officer.0)?,
        None => None,
    };
    let account = match case.requests.last().and_then(|request| request.account) {
        Some(text) => store::texts(tx, who.authority, id)?.remove(&text),
        None => None,
    };
    let mut contacts_about = if may_note { groups(tx, &case, who.today)? } else { vec![] };
    contacts_about.truncate(CONTACTS_SHOWN);
    // Of another child only those learn who may see that child too.
    let joined = case.joins.iter().filter(|_| may_join).map(|join| (join.case, long_date(join.on))).collect();
    let mut apart = Vec::new();
    for other in case.apart.iter().filter(|_| may_join) {
        let (_, details) = store::person(tx, who.authority, other.case)?;
        apart.push(format!("{}, born {}", details.display_name(), long_date(details.born_on)));
    }
    Ok(Everything {
        details,
        contacts: store::contacts(tx, who.authority, id)?,
        documents: store::documents_for(tx, who, &case)?,
        history,
        history_full,
        contacts_about,
        joined,
        apart,
        setting,
        officer,
        account,
        visits: crate::visits::listed::html(tx, &case, who.today)?,
        case,
    })
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(shown): Query<Shown>,
) -> Result<Page, Error> {
    let whole_history = shown.history == "all";
    let limit = if whole_history { HISTORY_MAX } else { HISTORY_SHOWN };
    let who = session.who(&app);
    let today = app.clock.today();
    let (all, reached, cover) = app
        .blocking(move |app| {
            app.db.read("record.case_page", |tx| {
                let all = read(tx, &who, id, limit)?;
                let reached = person::of_family(tx, &all.case)?;
                let cover = match all.case.officer {
                    Some(officer) => cover::of(tx, all.case.authority, officer, today)?,
                    None => None,
                };
                Ok::<_, Error>((all, reached, cover))
            })
        })
        .await?;
    let relations = all.case.relations();
    let may = |action| {
        casework::access::may(&session.signed_in.actor, action, &casework::access::Resource::Case(&relations))
            .is_allowed()
    };
    let deadlines = all.case.deadlines();
    let (open, past) = date_lines(&all.case, &deadlines, today);
    let name = all.details.display_name();
    let tasks = tasks(&all.case, &deadlines, today)
        .into_iter()
        // That there is one is not for everybody to know.
        .filter(|task| task.kind != TaskKind::LookAtOpenings || may(Action::SeeOpenings))
        .map(|task| TaskRow {
            label: if task.count > 1 {
                format!("{} ({})", task.kind.label(), task.count)
            } else {
                task.kind.label().to_owned()
            },
            href: may(task.kind.action()).then(|| format!("/children/{id}/{}", task.kind.page())),
            due: task.due_on.map(|due| relative(due, today)).unwrap_or_default(),
        })
        .collect();
    let page = CasePage {
        timeline: timeline::picture(&all.case, &deadlines, today),
        age: age(all.details.born_on, today),
        reached: if may(Action::WriteMessage) { reached } else { vec![] },
        cover,
        may_see_about_me: may(Action::SeeAboutMe),
        may_restore: may(Action::RestoreAccount),
        may_see_rights: may(Action::RecordCapacity) && today >= law::calendar::rights_prompt_on(all.details.born_on),
        may_copy: may(Action::SendCopy)
            && (!all.documents.is_empty() || all.case.plan_in_force().is_some_and(|plan| plan.version.is_some())),
        holds: all
            .case
            .holds
            .iter()
            .rev()
            .filter(|hold| hold.is_open() && (may(Action::ReleaseHeldSend) || may(Action::SeeHeldSends)))
            .cloned()
            .collect(),
        may_add_papers: may(Action::AddPapers),
        may_correct: may(Action::CorrectDetails),
        may_read_documents: may(Action::ReadDocument),
        may_assign: may(Action::AssignOfficer),
        may_write: may(Action::AnswerRepresentation),
        may_place: may(Action::RecordPlacement) && all.case.plan_in_force().is_some(),
        may_note: may(Action::NoteContact),
        may_recommend: may(Action::RecordRecommendation) && all.case.plan.is_some(),
        may_see_care: may(Action::SeeCareLink),
        may_answer_looks: may(Action::WritePlan) && !all.case.designated.looks.is_empty(),
        may_look_at_lines: may(Action::LookAtLines) && casework::designated::version_to_look_at(&all.case).is_some(),
        may_join: may(Action::JoinRecords),
        may_except: may(Action::RecordException) && all.case.live_request().is_some(),
        done: shown.done.map(|done| done.chars().filter(|c| !c.is_control()).take(200).collect()),
        whole_history,
        tasks,
        open,
        past,
        all,
    };
    Frame::for_session(&session, name).here("/children").back("/today", "Back to today").wide().render(&page)
}

/// What can be done on the case today.
pub(crate) fn tasks(case: &Case, deadlines: &[Deadline], today: Date) -> Vec<casework::tasks::Task> {
    let open = casework::tasks::open(case, deadlines);
    open.into_iter().filter(|task| task.kind.can_begin(task.due_on, today)).collect()
}

/// "9 years, year 5".
fn age(born_on: Date, today: Date) -> String {
    let mut years = today.year() - born_on.year();
    if law::calendar::birthday(born_on, years) > today {
        years -= 1;
    }
    let year_group = law::calendar::national_curriculum_year(born_on, today, 0);
    match year_group {
        0 => format!("{years} years old, reception"),
        1..=13 => format!("{years} years old, year {year_group}"),
        _ => format!("{years} years old"),
    }
}

/// "due today", "in 3 days, Thursday 26 November 2026", "5 days ago, …".
pub(crate) fn relative(due: Date, today: Date) -> String {
    let days = (due - today).get_days();
    match days {
        0 => "today".to_owned(),
        1 => format!("tomorrow, {}", long_date(due)),
        -1 => format!("yesterday, {}", long_date(due)),
        2.. => format!("in {days} days, {}", long_date(due)),
        _ => format!("{} days ago, {}", -days, long_date(due)),
    }
}

/// How binding a date is, in a word.
pub(crate) fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "Law",
        Strength::Should => "Guidance",
        Strength::Derived => "Planning date",
    }
}

/// Open dates first by day, then what is over, newest first.
fn date_lines(case: &Case, deadlines: &[Deadline], today: Date) -> (Vec<DateLine>, Vec<DateLine>) {
    let mut open = Vec::new();
    let mut past = Vec::new();
    for deadline in deadlines {
        let rule = deadline.rule();
        let (state, colour, detail, is_open) = describe(deadline, rule.kind, today);
        let line = DateLine {
            title: rule.title,
            due_on: deadline.due_on,
            state,
            colour,
            detail,
            strength: strength(rule.strength),
            why: format!(
                "/children/{}/why/{}?from={}&subject={}",
                case.id, deadline.rule, deadline.trigger.on, deadline.trigger.subject
            ),
        };
        if is_long_past(deadline, today) {
            continue;
        }
        if is_open { open.push(line) } else { past.push(line) }
    }
    open.sort_by_key(|line| line.due_on);
    past.sort_by_key(|line| std::cmp::Reverse(line.due_on));
    (open, past)
}

/// A point in a life that is long past tells nobody what to do.
pub(crate) fn is_long_past(deadline: &Deadline, today: Date) -> bool {
    deadline.rule().kind == Kind::Marker && deadline.due_on < today
}

/// How a date stands today: its word, the colour of its tag, more of it, and whether it is still open.
pub(crate) fn describe(deadline: &Deadline, kind: Kind, today: Date) -> (&'static str, &'static str, String, bool) {
    match deadline.status(today) {
        Status::Met { late_by: 0 } => ("On time", "green", met_on(deadline), false),
        Status::Met { late_by } => ("Late", "orange", format!("{}, {late_by} days late", met_on(deadline)), false),
        Status::Superseded => ("No longer applies", "grey", String::new(), false),
        Status::Disapplied => {
            ("Exception applies", "purple", "The limit does not bind; act as soon as practicable.".to_owned(), true)
        }
        Status::Due { in_days } => match kind {
            Kind::Duty if in_days == 0 => ("Due today", "red", String::new(), true),
            Kind::Duty if in_days <= 14 => ("Due soon", "yellow", format!("in {in_days} days"), true),
            Kind::Duty => ("Due", "blue", format!("in {in_days} days"), true),
            Kind::Time => ("Family may act", "turquoise", format!("{in_days} days left"), true),
            Kind::Earliest => ("Earliest day", "grey", format!("in {in_days} days"), true),
            Kind::Marker => ("Date to know", "grey", String::new(), true),
        },
        Status::Overdue { by_days } => ("Overdue", "red", format!("{by_days} days over"), true),
        Status::Passed { .. } => ("Passed", "grey", format!("on {}", short_date(deadline.due_on)), false),
        Status::TooEarly { by_days } => ("Done too early", "red", format!("by {by_days} days"), false),
    }
}

fn met_on(deadline: &Deadline) -> String {
    deadline.met_on.map(|on| format!("done on {}", short_date(on))).unwrap_or_default()
}

/// A stored file, as it was sent. It opens in its own tab and can do nothing there.
pub async fn document(
    State(app): State<App>,
    session: Session,
    Path((id, document)): Path<(CaseId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let who = session.who(&app);
    file(&app, who, id, document, headers).await
}

/// The bytes of a stored file, for somebody who may read it.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy, [`Error::Held`] while it is being
/// checked for viruses.
pub(crate) async fn file(
    app: &App,
    who: journal::Who,
    id: CaseId,
    document: Uuid,
    headers: HeaderMap,
) -> Result<Response, Error> {
    app.blocking(move |app| {
        let found = app.db.read("record.document", |tx| -> Result<_, Error> {
            let loaded = journal::load(tx, who.authority, id)?;
            authorise(&who, Action::ReadDocument, &loaded)?;
            let documents = store::documents_for(tx, &who, &loaded.case)?;
            documents.into_iter().find(|known| known.id == document).ok_or(Error::NotFound)
        })?;
        give(app, &headers, found)
    })
    .await
}

/// The bytes of a document of a list that was made for whoever reads it.
///
/// # Errors
/// [`Error::Held`] while it is being checked for viruses.
pub(crate) fn give(app: &App, headers: &HeaderMap, document: store::DocumentLine) -> Result<Response, Error> {
    checks::may_open(document.check)?;
    if super::files::is_part_asked(headers, &document.media_type) {
        let size = u64::try_from(document.size_bytes).unwrap_or(0);
        return super::files::answer_part(headers, &document.title, &document.media_type, size, |first, count| {
            app.files.stretch(&document.fingerprint, first, count)
        });
    }
    let given = Given {
        was_sent: crate::papers::was_sent(&document.kind),
        file: app.files.checked(&document.fingerprint)?,
        title: document.title,
        media_type: document.media_type,
    };
    super::files::give(given)
}

/// A picture, sound or film that is in no list of papers: all of it, a piece at a time, or the part that was
/// asked for. Who may open it is asked before.
///
/// # Errors
/// [`Error::Held`] while it is being checked or when it is unsafe, [`Error::File`] when it cannot be read.
pub(crate) fn give_private(app: &App, headers: &HeaderMap, file: store::PrivateFile) -> Result<Response, Error> {
    checks::may_open(file.check)?;
    if headers.contains_key(header::RANGE) {
        return super::files::answer_part(headers, &file.title, &file.media_type, file.bytes, |first, count| {
            app.files.stretch(&file.fingerprint, first, count)
        });
    }
    let open = app.files.open(&file.fingerprint)?;
    super::files::give(Given { title: file.title, media_type: file.media_type, was_sent: true, file: open })
}
