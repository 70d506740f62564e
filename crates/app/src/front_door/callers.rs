//! Somebody rings, writes or stands there: who is the child, what was promised, when was the last
//! contact? And what came before anybody knew which child it is about.

use super::contacts::{Group, NewContact, channels, groups, record};
use crate::journal::Who;
use crate::record::looks;
use crate::record::store::Scope;
use crate::record::{Hit, search_callers, store};
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, long_date, see_other,
};
use crate::{App, Error, FieldError, journal};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::enquiries::routing::About;
use casework::requests::Channel;
use casework::{CaseId, EnquiryId};
use db::{Row, Tx};
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;

/// Most children that one search shows: somebody is on the telephone.
const SHOWN_MAX: usize = 8;
/// Weeks of contacts whose ways are counted.
const WEEKS: i32 = 12;
/// Most that waits for its child at one time.
const LOOSE_MAX: i64 = 500;

const LOOSE: &str = "SELECT contact_id, channel, came_on, sender, note, promise, promised_by FROM loose_contacts \
    WHERE authority_id = $1 ORDER BY came_on, contact_id LIMIT 100";
const FIND_LOOSE: &str = "SELECT contact_id, channel, came_on, sender, note, promise, promised_by FROM loose_contacts \
    WHERE authority_id = $1 AND contact_id = $2";
const COUNT_LOOSE: &str = "SELECT COUNT(*) FROM loose_contacts WHERE authority_id = $1";
const ADD_LOOSE: &str = "INSERT INTO loose_contacts (authority_id, contact_id, channel, came_on, sender, note, promise, \
    promised_by, noted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
const FIGURES: &str = "SELECT about, COUNT(*) AS contacts, SUM(CASE WHEN desk IS NULL THEN 1 ELSE 0 END) AS at_once, \
    SUM(CASE WHEN desk IS NOT NULL AND answered_on IS NOT NULL THEN 1 ELSE 0 END) AS answered, \
    SUM(CASE WHEN answered_on IS NULL THEN 1 ELSE 0 END) AS waiting FROM contact_routes \
    WHERE authority_id = $1 AND came_on >= $2 GROUP BY about ORDER BY COUNT(*) DESC, about";
const DROP_LOOSE: &str = "DELETE FROM loose_contacts WHERE authority_id = $1 AND contact_id = $2";

/// A child whom a caller may mean, with what the front door wants to know first.
struct Caller {
    hit: Hit,
    /// "Amara Okafor, mother".
    people: Vec<String>,
    promises: Vec<String>,
    last: Option<Group>,
}

/// What waits for its child to be found.
struct Loose {
    id: Uuid,
    how: String,
    sender: String,
    note: String,
    promise: Option<String>,
    is_late: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    code: String,
    /// What waits for its child and is being placed.
    #[serde(default)]
    place: String,
}

#[derive(Template)]
#[template(path = "front_door/callers.html")]
struct CallersPage<'a> {
    words: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    channels: Vec<Choice>,
    contact: Uuid,
    callers: Vec<Caller>,
    loose: Vec<Loose>,
    placing: Option<Loose>,
    figures: Figures,
    weeks: i32,
    may_receive: bool,
}

fn contact_of(row: &Row) -> Result<NewContact, Error> {
    let promise: Option<String> = row.get("promise")?;
    let by: Option<Date> = row.get("promised_by")?;
    Ok(NewContact {
        channel: row.get_as("channel", "a channel", |code: &str| code.parse::<Channel>().ok())?,
        on: row.get("came_on")?,
        sender: row.get("sender")?,
        note: row.get("note")?,
        promise: promise.zip(by),
    })
}

fn loose(row: &Row, today: Date) -> Result<Loose, Error> {
    let contact = contact_of(row)?;
    Ok(Loose {
        id: row.get("contact_id")?,
        how: format!("{}, {}", contact.channel.label(), long_date(contact.on)),
        is_late: contact.promise.as_ref().is_some_and(|(_, by)| *by < today),
        sender: contact.sender,
        note: contact.note,
        promise: contact.promise.map(|(what, by)| format!("{what}, by {}", long_date(by))),
    })
}

/// How the contacts of the last weeks were seen to.
struct Figures {
    all: u64,
    at_once: u64,
    per_cent: u64,
    /// Passed on: answered, and waiting.
    answered: u64,
    waiting: u64,
    lines: Vec<(&'static str, u64, u64)>,
}

fn figures(tx: &mut dyn Tx, who: &Who) -> Result<Figures, Error> {
    let since = law::calendar::weeks(who.today, -WEEKS);
    let mut found = Figures { all: 0, at_once: 0, per_cent: 0, answered: 0, waiting: 0, lines: vec![] };
    for row in tx.query(FIGURES, &[who.authority.0.into(), since.into()])? {
        let about: About = row.get_as("about", "what a contact is about", |code: &str| code.parse().ok())?;
        let (all, at_once): (u64, u64) = (row.get("contacts")?, row.get("at_once")?);
        found.all += all;
        found.at_once += at_once;
        found.answered += row.get::<u64>("answered")?;
        found.waiting += row.get::<u64>("waiting")?;
        found.lines.push((about.label(), all, at_once));
    }
    found.per_cent = (found.at_once * 100 + found.all / 2).checked_div(found.all).unwrap_or(0);
    Ok(found)
}

fn caller(tx: &mut dyn Tx, who: &Who, hit: Hit) -> Result<Caller, Error> {
    let case = journal::load(tx, who.authority, hit.case)?.case;
    let people = store::contacts(tx, who.authority, hit.case)?;
    let mut groups = groups(tx, &case, who.today)?;
    let lines = groups.iter().flat_map(|group| std::iter::once(&group.first).chain(&group.others));
    let open = lines.filter_map(|line| line.promise.as_ref()).filter(|promise| promise.is_open);
    Ok(Caller {
        people: people.iter().map(|one| format!("{}, {}", one.name, one.relation.label().to_lowercase())).collect(),
        promises: open.map(|promise| format!("{}. {}", promise.what, promise.state)).collect(),
        last: (!groups.is_empty()).then(|| groups.swap_remove(0)),
        hit,
    })
}

async fn page(app: &App, session: &Session, asked: &Asked, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    session.require(Action::NoteContact)?;
    let who = session.who(app);
    let actor = session.signed_in.actor.clone();
    let words: String = asked.q.chars().filter(|c| *c != '\0').take(200).collect();
    let (looked_for, place) = (words.clone(), asked.place.parse::<Uuid>().ok());
    let (callers, loose, placing, figures) = app
        .blocking(move |app| {
            app.db.read("front_door.callers", |tx| -> Result<_, Error> {
                let mut hits = search_callers(tx, Scope::of(&actor, Action::NoteContact), &looked_for)?;
                hits.truncate(SHOWN_MAX);
                let callers = hits.into_iter().map(|hit| caller(tx, &who, hit)).collect::<Result<Vec<_>, _>>()?;
                let rows = tx.query(LOOSE, &[who.authority.0.into()])?;
                let waiting = rows.iter().map(|row| loose(row, who.today)).collect::<Result<Vec<_>, _>>()?;
                let placing = match place {
                    Some(id) => match tx.find(FIND_LOOSE, &[who.authority.0.into(), id.into()])? {
                        Some(row) => Some(loose(&row, who.today)?),
                        None => None,
                    },
                    None => None,
                };
                Ok((callers, waiting, placing, figures(tx, &who)?))
            })
        })
        .await?;
    // What a line says of a child is a look at the record.
    let (looked, actor) = (callers.iter().map(|one| one.hit.case).collect::<Vec<_>>(), session.signed_in.actor.clone());
    app.blocking(move |app| looked.into_iter().try_for_each(|case| looks::note(app, &actor, case))).await?;
    let mut typed = typed.clone();
    if typed.is_empty() {
        typed.set("came-on", app.clock.today().to_string());
    }
    let view = CallersPage {
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        channels: channels(),
        contact: typed.get("contact").parse().unwrap_or_else(|_| app.ids.next()),
        callers,
        loose,
        placing,
        figures,
        weeks: WEEKS,
        may_receive: session.may(Action::ReceiveRequest),
        words,
    };
    Frame::for_session(session, "Contacts").here("/contacts").with_errors(&problem.errors).render(&view)
}

/// The record that a number on a letter leads to.
async fn scanned(app: &App, session: &Session, code: &str) -> Result<Option<CaseId>, Error> {
    let (who, number) = (session.who(app), code.trim().chars().take(40).collect::<String>());
    app.blocking(move |app| app.db.read("front_door.scan", |tx| store::by_receipt(tx, who.authority, &number))).await
}

pub async fn show(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Response, Error> {
    session.require(Action::NoteContact)?;
    let mut problem = Problem::default();
    let mut typed = Typed::default();
    if !asked.code.trim().is_empty() {
        if let Some(case) = scanned(&app, &session, &asked.code).await? {
            return Ok(see_other(&format!("/children/{case}/contacts/letter")));
        }
        typed.set("code", asked.code.trim());
        typed.set("came-on", app.clock.today().to_string());
        problem.errors.push(FieldError::new("code", "No record has this number. Check it, or search for the child"));
    }
    Ok(page(&app, &session, &asked, &typed, &problem).await?.into_response())
}

/// Notes what came before its child is known.
pub async fn note(State(app): State<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    session.require(Action::NoteContact)?;
    let (who, posted) = (session.who(&app), typed.clone());
    let noted = app
        .blocking(move |app| {
            let mut problems = Problems::default();
            let new = NewContact::parse(&posted, who.today, &mut problems);
            problems.check()?;
            let new = new.ok_or(Error::NotFound)?;
            let id = posted.get("contact").parse().unwrap_or_else(|_| app.ids.next());
            app.db.write("front_door.note_loose", |tx| -> Result<(), Error> {
                let waiting: i64 = tx.query_one(COUNT_LOOSE, &[who.authority.0.into()])?.get(0)?;
                if waiting >= LOOSE_MAX {
                    let full =
                        format!("{LOOSE_MAX} contacts wait for their child. Find the child of some of them first");
                    return Err(Error::Fields(vec![FieldError::new("form", full)]));
                }
                let (what, by) = new.promise.clone().unzip();
                let channel: &'static str = new.channel.into();
                tx.execute(
                    ADD_LOOSE,
                    &[
                        who.authority.0.into(),
                        id.into(),
                        channel.into(),
                        new.on.into(),
                        new.sender.as_str().into(),
                        new.note.as_str().into(),
                        what.into(),
                        by.into(),
                        who.user().map(|user| user.0).into(),
                    ],
                )?;
                Ok(())
            })
        })
        .await;
    match noted {
        Ok(()) => Ok(see_other("/contacts#loose")),
        Err(error) => {
            let page = page(&app, &session, &Asked::default(), &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Puts what waited on the record of its child.
pub async fn place(
    State(app): State<App>,
    session: Session,
    Path((contact, case)): Path<(Uuid, CaseId)>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        app.db.write("front_door.place", |tx| -> Result<(), Error> {
            let key = [who.authority.0.into(), contact.into()];
            // Pressed twice, it is on the record already.
            let Some(row) = tx.find(FIND_LOOSE, &key)? else { return Ok(()) };
            let (command, texts) = contact_of(&row)?.noted(app, EnquiryId(contact), None);
            record(tx, &who, case, command, texts)?;
            tx.execute(DROP_LOOSE, &key)?;
            Ok(())
        })
    })
    .await?;
    Ok(see_other(&format!("/children/{case}/contacts#noted")))
}
