//! The family's page of its own child.

pub(crate) use super::readers::Look;
use super::readers::{Reader, emergencies, looks, readers};
use crate::advice::capacity;
use crate::assessment::advice::{AskedLine, line};
use crate::journal::{self, Who, authorise};
use crate::record::{store, working};
use crate::team::cover;
use crate::web::{Frame, Page, Session, long_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use casework::access::{Action, Actor, Resource, Role, may};
use casework::papers::Purpose;
use casework::views;
use casework::{BodyId, Case, CaseId, DocumentId, Stage, UserId};
use db::Tx;
use jiff::civil::Date;
use law::explain::Explanation;
use law::rulebook::{Kind, Strength};
use law::{Deadline, Status};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Something that must be done for the child by a day.
pub(crate) struct Next {
    pub rule: law::RuleId,
    pub title: &'static str,
    pub due_on: Date,
    pub is_late: bool,
    pub explanation: Explanation,
    pub working: govuk::Html,
}

/// Where a case stands, in the family's words.
pub(crate) struct Standing {
    pub sentence: &'static str,
    pub who: String,
    /// What the law asks next, soonest first.
    pub next: Vec<Next>,
}

fn sentence(stage: Stage) -> &'static str {
    match stage {
        Stage::Known => "There is a record. Nobody has asked for an assessment, and there is no plan.",
        Stage::Deciding => "The request is here. The council is deciding whether to assess.",
        Stage::Assessing => "The council is assessing. It has asked the people who know your child for advice.",
        Stage::Drafting => "There will be a plan. The council is writing the draft.",
        Stage::DraftWithFamily => "The draft plan is with you. Say what you think of it, and which school you want.",
        Stage::NotAssessed => "The council decided not to assess. You can disagree: its letter says how and by when.",
        Stage::NoPlan => {
            "The council assessed and decided that no plan is needed. You can disagree: its letter says how."
        }
        Stage::PlanInForce => "There is a plan, and everything in it must be provided.",
        Stage::PlanEnded => "The plan has ended.",
        Stage::Withdrawn => "The request was taken back.",
        Stage::Joined => "There were two records of your child. Everything goes on in the other one.",
    }
}

/// Whether a family waits for this: a duty of the law that is not done, not replaced and not excused.
fn is_awaited(deadline: &Deadline, today: Date) -> bool {
    let rule = deadline.rule();
    rule.kind == Kind::Duty
        && rule.strength == Strength::Must
        && matches!(deadline.status(today), Status::Due { .. } | Status::Overdue { .. })
}

pub(super) fn standing(tx: &mut dyn Tx, case: &Case, today: Date) -> Result<Standing, Error> {
    let who = match case.officer {
        Some(officer) => {
            let away = cover::of(tx, case.authority, officer, today)?;
            let instead = away.map(|away| {
                format!(". Away until {}: {} has it until then", long_date(away.absence.until), away.cover)
            });
            let instead = instead.unwrap_or_default();
            store::user_name(tx, case.authority, officer.0)?.map(|(name, _)| format!("{name}, SEND officer{instead}"))
        }
        None => None,
    };
    let (events, mut next) = (case.clock_events(), Vec::new());
    let mut awaited: Vec<Deadline> = case.deadlines().into_iter().filter(|d| is_awaited(d, today)).collect();
    awaited.sort_by_key(|deadline| deadline.due_on);
    for deadline in awaited {
        let explanation = law::explain(&deadline, &events);
        next.push(Next {
            rule: deadline.rule,
            title: explanation.rule_title,
            due_on: deadline.due_on,
            is_late: deadline.due_on < today,
            working: working(explanation.clone(), deadline.due_on)?,
            explanation,
        });
    }
    let who = who.unwrap_or_else(|| "The council’s SEND team. Nobody is named yet.".to_owned());
    Ok(Standing { sentence: sentence(case.stage()), who, next })
}

/// Whether there is a draft or a plan in words.
fn plan_to_read(case: &Case) -> Option<&'static str> {
    if case.live_request().is_some_and(|request| request.served_draft().is_some()) {
        return Some("The draft plan: read it and say what you think");
    }
    case.plan_in_force().and_then(|plan| plan.version).map(|_| "The plan, and where each sentence is from")
}

pub(crate) struct Paper {
    pub id: Uuid,
    pub title: String,
    pub made_on: Date,
    /// What is said beside one that cannot be opened.
    pub tag: Option<(&'static str, &'static str)>,
    /// Whether it is a file that somebody sent: it has a page of its own.
    pub was_sent: bool,
}

#[derive(Template)]
#[template(path = "family/child.html")]
pub(crate) struct ChildPage {
    pub case: CaseId,
    pub version: u64,
    pub name: String,
    pub standing: Standing,
    pub receipt: Option<String>,
    pub messages: usize,
    pub asked: Vec<AskedLine>,
    pub papers: Vec<Paper>,
    /// Visits of advisers.
    visits: govuk::Html,
    pub readers: Vec<Reader>,
    pub looks: Vec<Look>,
    pub emergencies: Vec<Look>,
    is_own: bool,
    may_write: bool,
    may_see_about_me: bool,
    may_add_papers: bool,
    /// What there is to read: a draft, a plan, or nothing yet.
    plan: Option<&'static str>,
    /// Questions that nobody answered, while there is a request.
    asked_of_family: Option<usize>,
    may_invite: bool,
}

/// What a parent sees whom the young person does not let see the plan.
#[derive(Template)]
#[template(path = "family/not_shared.html")]
pub(crate) struct NotSharedPage {
    case: CaseId,
    name: String,
    may_write: bool,
    may_see_about_me: bool,
}

/// The case, for somebody of its family.
pub(crate) fn own(tx: &mut dyn Tx, who: &Who, id: CaseId, action: Action) -> Result<Arc<Case>, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, action, &loaded)?;
    Ok(loaded.case)
}

/// What the family sent, what was sent to it, and copies made for it to read: nothing that others wrote
/// for each other, and of a record that was joined only for those who read that one too.
///
/// # Errors
/// When the database fails.
pub(crate) fn documents(
    tx: &mut dyn Tx,
    case: &Case,
    reader: Option<UserId>,
) -> Result<Vec<store::DocumentLine>, Error> {
    let reads_joined = case.joins.iter().any(|join| reader.is_some_and(|user| join.carried.family.contains(&user)));
    let mut documents = store::documents(tx, case.authority, case.id)?;
    let is_for_family = |document: &store::DocumentLine| {
        let copy = case.on_file.copy(DocumentId(document.id));
        copy.is_some_and(|copy| copy.purpose == Purpose::Family)
    };
    documents.retain(|document| !document.is_joined || reads_joined);
    documents.retain(|document| document.kind == "evidence" || document.notice.is_some() || is_for_family(document));
    Ok(documents)
}

fn papers(tx: &mut dyn Tx, case: &Case, reader: Option<UserId>) -> Result<Vec<Paper>, Error> {
    let all = documents(tx, case, reader)?.into_iter().map(|document| Paper {
        id: document.id,
        tag: document.tag(),
        was_sent: crate::papers::was_sent(&document.kind),
        title: document.title,
        made_on: document.made_on,
    });
    Ok(all.collect())
}

/// What somebody of the family sees of the child: all of it, or, where the young person does not share
/// it with them, that it is not shared.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy.
pub(crate) fn read(
    tx: &mut dyn Tx,
    who: &Who,
    actor: &Actor,
    id: CaseId,
) -> Result<Result<ChildPage, NotSharedPage>, Error> {
    let case = own(tx, who, id, Action::SeeOwnChild)?;
    let (_, details) = store::person(tx, who.authority, id)?;
    let relations = case.relations();
    let may = |action| may(actor, action, &Resource::Case(&relations)).is_allowed();
    let (may_write, may_see_about_me) = (may(Action::WriteMessage), may(Action::SeeAboutMe));
    if !may(Action::SeeOwnRecord) {
        let name = details.display_name();
        return Ok(Err(NotSharedPage { case: id, name, may_write, may_see_about_me }));
    }
    let bodies: HashMap<BodyId, String> =
        store::bodies(tx, who.authority)?.into_iter().map(|body| (body.id, body.name)).collect();
    let request = case.requests.last();
    let texts = HashMap::new();
    let mut weeks = HashMap::new();
    let mut asked = Vec::new();
    for one in request.into_iter().flat_map(|request| &request.advice) {
        if one.reply.is_none() && !weeks.contains_key(&one.id.0) {
            weeks.extend(capacity::reached(tx, who.authority, one.body, who.today)?);
        }
        let mut line = line(one, &bodies, &texts, who.today);
        line.reached = weeks.get(&one.id.0).copied();
        asked.push(line);
    }
    Ok(Ok(ChildPage {
        case: id,
        version: case.version,
        is_own: actor.role == Role::YoungPerson,
        may_write,
        may_see_about_me,
        may_add_papers: may(Action::AddPapers),
        plan: plan_to_read(&case),
        asked_of_family: case
            .live_request()
            .filter(|_| may(Action::GiveViews))
            .map(|request| views::open(&case, request).new.len()),
        may_invite: may(Action::InviteIndependent),
        name: details.display_name(),
        messages: case.messages.len(),
        standing: standing(tx, &case, who.today)?,
        receipt: request.and_then(|r| r.receipt.as_ref()).map(|receipt| receipt.number.to_string()),
        asked,
        papers: papers(tx, &case, who.user())?,
        visits: crate::visits::listed::html(tx, &case, who.today)?,
        readers: readers(tx, &case)?,
        looks: looks(tx, &case)?,
        emergencies: emergencies(tx, &case)?,
    }))
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    match session.signed_in.actor.role {
        Role::YoungPerson => super::own::own_home(&app, &session, id).await,
        _ => record(app, session, id).await,
    }
}

/// Everything, for the young person, who has a shorter first page.
pub async fn show_record(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    record(app, session, id).await
}

async fn record(app: App, session: Session, id: CaseId) -> Result<Page, Error> {
    let (who, actor) = (session.who(&app), session.signed_in.actor.clone());
    let is_own = actor.role == Role::YoungPerson;
    let view = app.blocking(move |app| app.db.read("family.child", |tx| read(tx, &who, &actor, id))).await?;
    match view {
        Ok(view) => {
            let (title, back) = if is_own {
                (format!("Everything, {}", view.name), format!("/family/{id}"))
            } else {
                (view.name.clone(), "/family".to_owned())
            };
            Frame::for_session(&session, title).here("/family").back(back, "Back").render(&view)
        }
        Err(view) => {
            Frame::for_session(&session, view.name.clone()).here("/family").back("/family", "Back").render(&view)
        }
    }
}

/// A paper of [`papers`], as it was sent.
pub async fn document(
    State(app): State<App>,
    session: Session,
    Path((id, document)): Path<(CaseId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    file(&app, session.who(&app), id, document, headers).await
}

/// The bytes of one of the family's papers.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy, [`Error::Held`] while it is being
/// checked for viruses.
pub(crate) async fn file(
    app: &App,
    who: Who,
    id: CaseId,
    document: Uuid,
    headers: HeaderMap,
) -> Result<Response, Error> {
    app.blocking(move |app| {
        let found = app.db.read("family.document", |tx| -> Result<_, Error> {
            let case = own(tx, &who, id, Action::SeeOwnRecord)?;
            documents(tx, &case, who.user())?.into_iter().find(|paper| paper.id == document).ok_or(Error::NotFound)
        })?;
        crate::record::case_page::give(app, &headers, found)
    })
    .await
}
