//! A record that was joined into another: what came over, what its journal says; and the way back.

use super::same::{apart, reason, record_for};
use crate::journal::{self, Act, Papers, Text, Who, act_on, authorise};
use crate::record::history::{Told, tell};
use crate::record::{case_names, store};
use crate::web::{Fields, Frame, Page, Posted, Problem, Session, Typed, back_to_case, error_summary, long_date};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::joins::{self, Carried, may_give_back};
use casework::people::comparing::take_out;
use casework::people::facts::{Form, Teller};
use casework::{CaseId, Command, TextId, people};
use db::Tx;

/// Most entries of its journal that the page shows.
const HISTORY_MAX: i64 = 200;

struct Joined {
    name: String,
    other_name: String,
    born_on: String,
    on: String,
    by: String,
    reason: String,
    carried: Vec<String>,
    history: Vec<Told>,
    objection: Option<String>,
    version: u64,
}

#[derive(Template)]
#[template(path = "front_door/joined.html")]
struct JoinedPage<'a> {
    case: CaseId,
    other: CaseId,
    joined: Joined,
    may_undo: bool,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    different: govuk::Html,
}

/// What came over, in plain words.
pub(crate) fn came_over(carried: &Carried) -> Vec<String> {
    let mut said = Vec::new();
    let mut add = |count: usize, one: &str, many: &str| match count {
        0 => {}
        1 => said.push(one.to_owned()),
        _ => said.push(format!("{count} {many}")),
    };
    add(carried.requests.len(), "1 request", "requests");
    add(carried.enquiries.len(), "1 contact", "contacts");
    add(carried.placements.len(), "the school or setting", "schools or settings");
    add(carried.people.len(), "1 person around the child", "people around the child");
    add(carried.family.len(), "1 account of the family", "accounts of the family");
    add(usize::from(carried.officer.is_some()), "the officer", "");
    add(usize::from(carried.needs.is_some()), "the needs", "");
    add(usize::from(carried.out_of_education_since.is_some()), "that the child is out of school", "");
    for field in &carried.details {
        said.push(field.label().to_lowercase());
    }
    if let Some(earlier) = carried.earlier {
        said.push(format!(
            "an earlier day on which the clock starts: {} instead of {}",
            long_date(earlier.earlier),
            long_date(earlier.own)
        ));
    }
    said
}

fn read(tx: &mut dyn Tx, who: &Who, id: CaseId, other: CaseId) -> Result<Joined, Error> {
    let loaded = crate::journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, Action::SeeCase, &loaded)?;
    authorise(who, Action::JoinRecords, &loaded)?;
    let case = loaded.case;
    let join = case.joins.iter().find(|join| join.case == other).ok_or(Error::NotFound)?;
    let closed = crate::journal::load(tx, who.authority, other)?.case;
    let names = case_names(tx, &closed)?;
    let lines = store::history(tx, who.authority, other, 0, HISTORY_MAX)?;
    let (_, own) = store::person(tx, who.authority, id)?;
    let (_, theirs) = store::person(tx, who.authority, other)?;
    let by = match join.by {
        Some(user) => store::user_name(tx, who.authority, user.0)?.map(|(name, _)| name).unwrap_or_default(),
        None => String::new(),
    };
    Ok(Joined {
        name: own.display_name(),
        other_name: theirs.display_name(),
        born_on: long_date(theirs.born_on),
        on: long_date(join.on),
        by,
        reason: store::texts(tx, who.authority, id)?.remove(&join.reason).unwrap_or_default(),
        carried: came_over(&join.carried),
        history: lines.iter().map(|line| tell(line, &names)).collect(),
        objection: may_give_back(&case, join).err().map(|refusal| refusal.to_string()),
        version: case.version,
    })
}

async fn page(
    app: &App,
    session: &Session,
    (id, other): (CaseId, CaseId),
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let joined = app.blocking(move |app| app.db.read("front_door.joined", |tx| read(tx, &who, id, other))).await?;
    let f = Fields { typed, errors: &problem.errors };
    let yes = [("yes".to_owned(), "Yes: do not offer them as one again".to_owned())];
    let view = JoinedPage {
        different: f.checkboxes("different", "Are they different children?", "", &yes),
        case: id,
        other,
        may_undo: session.may(Action::JoinRecords),
        version: typed.seen().unwrap_or(joined.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f,
        joined,
    };
    Frame::for_session(session, format!("Joined record of {}, {}", view.joined.other_name, view.joined.name))
        .here("/children")
        .back(format!("/children/{id}"), "Back to the child’s page")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(pair): Path<(CaseId, CaseId)>) -> Result<Page, Error> {
    page(&app, &session, pair, &Typed::default(), &Problem::default()).await
}

/// Takes two records apart: what came over goes back, what happened since on the kept one stays.
fn part(tx: &mut dyn Tx, app: &App, who: &Who, id: CaseId, other: CaseId, typed: &Typed) -> Result<(), Error> {
    let why = reason(typed, "reason", "Enter why they are taken apart")?;
    let (kept, closed) = (record_for(tx, who, id)?, record_for(tx, who, other)?);
    let join = kept.case.joins.iter().find(|join| join.case == other).ok_or(Error::NotFound)?;
    let (person, own) = store::person(tx, who.authority, id)?;
    let (_, theirs) = store::person(tx, who.authority, other)?;
    let (without, fields) = take_out(&own, &theirs, &join.carried.details);
    let text = TextId(app.ids.next());
    let mut commands = vec![Command::Joins(joins::Command::GiveBack { case: other, reason: text })];
    let mut papers = Papers::texts(vec![Text { id: text, body: why.clone() }]);
    if !fields.is_empty() {
        commands.push(Command::People(people::Command::CorrectDetails { fields, born_on: None }));
        papers.details = Some((person, without));
        papers.told = Some(journal::Told::on(Form::OtherRecord, Teller::Council));
    }
    act_on(tx, who, kept, Act { action: Action::JoinRecords, seen: typed.seen(), commands, papers })?;
    let commands = vec![Command::Joins(joins::Command::Reopen)];
    act_on(tx, who, closed, Act { action: Action::JoinRecords, seen: None, commands, papers: Papers::default() })?;
    if typed.has("different", "yes") { apart(tx, app, who, (id, other), &why) } else { Ok(()) }
}

pub async fn take_apart(
    State(app): State<App>,
    session: Session,
    Path((id, other)): Path<(CaseId, CaseId)>,
    Posted(mut typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let done = app
        .blocking(move |app| app.db.write("front_door.take_apart", |tx| part(tx, app, &who, id, other, &posted)))
        .await;
    let (status, problem) = match done {
        Ok(()) => return Ok(back_to_case(id, "They are two records again.")),
        Err(Error::Conflict { .. }) => {
            typed.set("version", "");
            let changed =
                "Someone else changed this record. Look at it again, and take them apart if that is still right";
            (StatusCode::CONFLICT, Problem { errors: vec![FieldError::new("form", changed)] })
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Problem::of(error)?),
    };
    let page = page(&app, &session, (id, other), &typed, &problem).await?;
    Ok((status, page).into_response())
}
