//! Calls, emails and letters about one child: noted in one line, with what was promised and by when.
//! Two about the same thing are joined, and can be taken apart.

use crate::journal::{self, Act, Papers, Text, Who, authorise};
use crate::record::store;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, long_date,
    see_other, short_date,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::enquiries::{self, Enquiry, Promise, head, near};
use casework::receipts::Receipt;
use casework::requests::Channel;
use casework::{Case, CaseId, Command, EnquiryId, TextId, UserId};
use db::Tx;
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Most characters of the line, and of who got in touch.
const NOTE_CHARS_MAX: usize = 300;
const SENDER_CHARS_MAX: usize = 200;
/// The ways in which somebody gets in touch here; what is sent online is a request.
const CHANNELS: [Channel; 4] = [Channel::Telephone, Channel::Email, Channel::Letter, Channel::InPerson];

/// A contact as it is typed in.
#[derive(Clone)]
pub(super) struct NewContact {
    pub channel: Channel,
    pub on: Date,
    pub sender: String,
    pub note: String,
    pub promise: Option<(String, Date)>,
}

impl NewContact {
    /// Reads the form's fields; what is wrong with them is in `problems`.
    pub fn parse(typed: &Typed, today: Date, problems: &mut Problems) -> Option<NewContact> {
        let channel = problems.choice::<Channel>(typed, "channel", "Select how they got in touch");
        let channel = channel.filter(|channel| CHANNELS.contains(channel));
        let on = problems.date(typed, "came-on", "The day they got in touch");
        if on.is_some_and(|on| on > today) {
            problems.add("came-on", "The day they got in touch must be today or in the past");
        }
        let sender = problems.text(typed, "sender", "Enter who got in touch", SENDER_CHARS_MAX);
        let note = problems.text(typed, "note", "Enter in one line what it was about", NOTE_CHARS_MAX);
        let promise = problems.optional(typed, "promise", NOTE_CHARS_MAX);
        let by = problems.optional_date(typed, "promised-on", "The day it is promised by");
        let promise = match (promise, by) {
            (Some(_), None) => {
                problems.add("promised-on", "Enter the day by which it is promised");
                None
            }
            (None, Some(_)) => {
                problems.add("promise", "Enter what was promised, or take the day out");
                None
            }
            (promise, by) => promise.zip(by),
        };
        if let (Some(on), Some((_, by))) = (on, &promise)
            && *by < on
        {
            problems.add("promised-on", "The day it is promised by must be on or after the day they got in touch");
        }
        Some(NewContact { channel: channel?, on: on?, sender, note, promise })
    }

    /// The command that records it, with its texts.
    pub fn noted(self, app: &App, id: EnquiryId, receipt: Option<Receipt>) -> (Command, Vec<Text>) {
        let text = |body: String| Text { id: TextId(app.ids.next()), body };
        let (from, note) = (text(self.sender), text(self.note));
        let promise = self.promise.map(|(what, by)| (text(what), by));
        let command = enquiries::Command::Note {
            enquiry: id,
            channel: self.channel,
            on: self.on,
            from: (!from.body.is_empty()).then_some(from.id),
            note: note.id,
            promise: promise.as_ref().map(|(what, by)| Promise { what: what.id, by: *by }),
            receipt,
        };
        (Command::Enquiries(command), [from, note].into_iter().chain(promise.map(|(what, _)| what)).collect())
    }
}

/// The ways of getting in touch, for choosing from.
pub(super) fn channels() -> Vec<Choice> {
    choices(CHANNELS, |channel| channel.to_string(), Channel::label)
}

/// What somebody speaks of afterwards: "the call of 23 November".
fn noun(channel: Channel) -> &'static str {
    match channel {
        Channel::Telephone => "call",
        Channel::Email => "email",
        Channel::Letter => "letter",
        Channel::InPerson => "visit",
        Channel::Online | Channel::Imported => "request",
    }
}

/// A promise, as its line says it.
pub struct PromiseLine {
    pub what: String,
    pub state: String,
    pub is_open: bool,
    pub is_late: bool,
}

/// One contact, as people read it.
pub struct Line {
    pub id: EnquiryId,
    /// "Telephone, Monday 23 November 2026".
    pub how: String,
    pub sender: String,
    pub note: String,
    pub noted_by: String,
    pub promise: Option<PromiseLine>,
    pub receipt: Option<String>,
    /// Where it went, and what was answered.
    pub settled: Option<String>,
    pub is_answered: bool,
}

/// Contacts that are about one thing, and those that may be.
pub struct Group {
    pub first: Line,
    pub others: Vec<Line>,
    /// The id and the words of what may be about the same thing.
    pub near: Vec<(EnquiryId, String)>,
}

fn line(enquiry: &Enquiry, texts: &HashMap<TextId, String>, names: &HashMap<Uuid, String>, today: Date) -> Line {
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    Line {
        id: enquiry.id,
        how: format!("{}, {}", enquiry.channel.label(), long_date(enquiry.on)),
        sender: enquiry.from.map(text).unwrap_or_default(),
        note: text(enquiry.note),
        noted_by: enquiry.noted_by.and_then(|user| names.get(&user.0).cloned()).unwrap_or_default(),
        promise: enquiry.promise.map(|promise| PromiseLine {
            what: text(promise.what),
            state: match enquiry.kept_on {
                Some(on) if on <= promise.by => format!("Done on {}, as promised", short_date(on)),
                Some(on) => format!("Done on {}. It was promised by {}", short_date(on), short_date(promise.by)),
                None if promise.by < today => format!("Late. It was promised by {}", long_date(promise.by)),
                None => format!("Promised by {}", long_date(promise.by)),
            },
            is_open: enquiry.is_promised(),
            is_late: enquiry.is_promised() && promise.by < today,
        }),
        receipt: enquiry.receipt.as_ref().map(|receipt| receipt.number.to_string()),
        settled: settled(enquiry, texts, names),
        is_answered: enquiry.answered.is_some(),
    }
}

/// Where a contact went and what was answered, in words; nothing when nobody has said.
fn settled(enquiry: &Enquiry, texts: &HashMap<TextId, String>, names: &HashMap<Uuid, String>) -> Option<String> {
    let said =
        |id: Option<TextId>| id.and_then(|id| texts.get(&id)).map(|text| format!(": {text}")).unwrap_or_default();
    let by = |user: Option<UserId>| user.and_then(|user| names.get(&user.0)).map(|name| format!(" by {name}"));
    let passed = enquiry.passed.last().map(|passed| {
        let to = passed.desk.label();
        let to = to.strip_prefix("The ").map_or_else(|| to.to_owned(), |rest| format!("the {rest}"));
        format!("Passed to {to} on {}{}.", short_date(passed.on), said(passed.why))
    });
    let answered = enquiry.answered.map(|answered| {
        let how = if enquiry.is_first_touch() { "Answered at first touch" } else { "Answered" };
        let by = by(answered.by).unwrap_or_default();
        format!("{how}{by} on {}{}", short_date(answered.on), said(answered.answer))
    });
    match (passed, answered) {
        (None, None) => None,
        (passed, answered) => Some([passed, answered].into_iter().flatten().collect::<Vec<_>>().join(" ")),
    }
}

/// Names of those who noted or answered these contacts.
fn names_of<'a>(
    tx: &mut dyn Tx,
    case: &Case,
    contacts: impl IntoIterator<Item = &'a Enquiry>,
) -> Result<HashMap<Uuid, String>, Error> {
    let mut names = HashMap::new();
    let users = contacts.into_iter().flat_map(|one| [one.noted_by, one.answered.and_then(|answered| answered.by)]);
    for user in users.flatten() {
        if let std::collections::hash_map::Entry::Vacant(entry) = names.entry(user.0)
            && let Some((name, _)) = store::user_name(tx, case.authority, user.0)?
        {
            entry.insert(name);
        }
    }
    Ok(names)
}

/// One contact of a case, as people read it.
///
/// # Errors
/// When the database fails.
pub(super) fn line_of(tx: &mut dyn Tx, case: &Case, enquiry: &Enquiry, today: Date) -> Result<Line, Error> {
    let texts = store::texts(tx, case.authority, case.id)?;
    Ok(line(enquiry, &texts, &names_of(tx, case, [enquiry])?, today))
}

/// The contacts of a case, those that are joined together, the newest first.
///
/// # Errors
/// When the database fails.
pub(crate) fn groups(tx: &mut dyn Tx, case: &Case, today: Date) -> Result<Vec<Group>, Error> {
    if case.enquiries.is_empty() {
        return Ok(vec![]);
    }
    let texts = store::texts(tx, case.authority, case.id)?;
    let names = names_of(tx, case, &case.enquiries)?;
    let place = |id: EnquiryId| case.enquiries.iter().position(|known| known.id == id);
    let mut heads: Vec<&Enquiry> = case.enquiries.iter().filter(|known| head(case, known.id) == known.id).collect();
    heads.sort_by_key(|known| std::cmp::Reverse((known.on, place(known.id))));
    let group = |first: &Enquiry| {
        let joined = case.enquiries.iter().filter(|other| other.id != first.id && head(case, other.id) == first.id);
        // Of two that may be one, the newer says so.
        let is_older = |other: &&Enquiry| (other.on, place(other.id)) < (first.on, place(first.id));
        Group {
            first: line(first, &texts, &names, today),
            others: joined.map(|other| line(other, &texts, &names, today)).collect(),
            near: near(case, first.id)
                .into_iter()
                .filter(is_older)
                .map(|other| (other.id, format!("{} of {}", noun(other.channel), short_date(other.on))))
                .collect(),
        }
    };
    Ok(heads.into_iter().map(group).collect())
}

#[derive(Template)]
#[template(path = "front_door/contacts.html")]
struct ContactsPage<'a> {
    case: CaseId,
    name: String,
    born_on: Date,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    channels: Vec<Choice>,
    /// Made once a page: a contact that is sent twice is one.
    contact: Uuid,
    groups: Vec<Group>,
    may_receive: bool,
}

/// The case, for somebody who may note what people get in touch about.
pub(crate) fn case_for(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Arc<Case>, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, Action::SeeCase, &loaded)?;
    authorise(who, Action::NoteContact, &loaded)?;
    Ok(loaded.case)
}

async fn page(app: &App, session: &Session, id: CaseId, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    let who = session.who(app);
    let today = who.today;
    let (details, groups) = app
        .blocking(move |app| {
            app.db.read("front_door.contacts", |tx| -> Result<_, Error> {
                let case = case_for(tx, &who, id)?;
                Ok((store::person(tx, who.authority, id)?.1, groups(tx, &case, today)?))
            })
        })
        .await?;
    let mut typed = typed.clone();
    if typed.is_empty() {
        typed.set("came-on", today.to_string());
    }
    let view = ContactsPage {
        case: id,
        name: details.display_name(),
        born_on: details.born_on,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        channels: channels(),
        contact: typed.get("contact").parse().unwrap_or_else(|_| app.ids.next()),
        groups,
        may_receive: session.may(Action::ReceiveRequest),
    };
    Frame::for_session(session, format!("Contacts, {}", view.name))
        .here("/contacts")
        .back(format!("/children/{id}"), "Back to the child’s page")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(&app, &session, id, &Typed::default(), &Problem::default()).await
}

/// Records commands about a child's contacts.
pub(super) fn record(tx: &mut dyn Tx, who: &Who, id: CaseId, command: Command, texts: Vec<Text>) -> Result<(), Error> {
    case_for(tx, who, id)?;
    let act = Act { action: Action::NoteContact, seen: None, commands: vec![command], papers: Papers::texts(texts) };
    journal::act(tx, who, id, act)?;
    Ok(())
}

/// Goes back to the contacts, or shows them with what is in the way.
async fn answered(
    app: &App,
    session: &Session,
    id: CaseId,
    typed: &Typed,
    done: Result<(), Error>,
) -> Result<Response, Error> {
    match done {
        Ok(()) => Ok(see_other(&format!("/children/{id}/contacts#noted"))),
        Err(error) => {
            let page = page(app, session, id, typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Notes a contact as it was typed, once: sent twice, it is one, and its words are kept once.
///
/// # Errors
/// By the access policy; [`Error::Fields`] when something needs mending.
pub(crate) fn take_note(app: &App, who: &Who, id: CaseId, typed: &Typed) -> Result<EnquiryId, Error> {
    let mut problems = Problems::default();
    let new = NewContact::parse(typed, who.today, &mut problems);
    problems.check()?;
    let new = new.ok_or(Error::NotFound)?;
    let contact = EnquiryId(typed.get("contact").parse().unwrap_or_else(|_| app.ids.next()));
    app.db.write("front_door.note", |tx| {
        let case = case_for(tx, who, id)?;
        if case.enquiries.iter().any(|known| known.id == contact) {
            return Ok(contact);
        }
        let (command, texts) = new.clone().noted(app, contact, None);
        record(tx, who, id, command, texts)?;
        Ok(contact)
    })
}

pub async fn note(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let noted = app.blocking(move |app| take_note(app, &who, id, &posted).map(|_| ())).await;
    answered(&app, &session, id, &typed, noted).await
}

async fn change(app: App, session: Session, id: CaseId, command: enquiries::Command) -> Result<Response, Error> {
    let who = session.who(&app);
    let changed = app
        .blocking(move |app| {
            app.db.write("front_door.change", |tx| record(tx, &who, id, Command::Enquiries(command.clone()), vec![]))
        })
        .await;
    answered(&app, &session, id, &Typed::default(), changed).await
}

pub async fn keep(
    State(app): State<App>,
    session: Session,
    Path((id, enquiry)): Path<(CaseId, EnquiryId)>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    let on = app.clock.today();
    change(app, session, id, enquiries::Command::KeepPromise { enquiry, on }).await
}

pub async fn join(
    State(app): State<App>,
    session: Session,
    Path((id, enquiry, to)): Path<(CaseId, EnquiryId, EnquiryId)>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    change(app, session, id, enquiries::Command::Join { enquiry, to }).await
}

pub async fn part(
    State(app): State<App>,
    session: Session,
    Path((id, enquiry)): Path<(CaseId, EnquiryId)>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    change(app, session, id, enquiries::Command::Part { enquiry }).await
}
