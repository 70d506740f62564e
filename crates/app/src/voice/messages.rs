//! Messages between a family and the council: one thread a child, and a promise that is kept or
//! seen to be late.

use crate::family::members;
use crate::journal::{self, Act, Loaded, Papers, Text, Who, authorise};
use crate::post::person::{self, Reached};
use crate::post::{self, To, Words};
use crate::recipients::{self, Leaving, Outcome, held};
use crate::record::store;
use crate::web::{Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, long_date, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::messages::{self, Message, Side};
use casework::post::Kind;
use casework::recipients::Sending;
use casework::{Case, CaseId, Command, MessageId, TextId};
use db::Tx;
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Most characters of one message.
const MESSAGE_CHARS_MAX: usize = 5000;

/// One message, as one of the two sides reads it.
pub(crate) struct Line {
    pub id: MessageId,
    pub from: Side,
    pub who: String,
    pub on: Date,
    pub text: String,
    pub is_own: bool,
    pub answer_by: Option<Date>,
    pub answered_on: Option<Date>,
    /// Of a family's message: what became of the promise.
    pub promise: Option<String>,
}

#[derive(Template)]
#[template(path = "voice/messages.html")]
struct MessagesPage<'a> {
    name: String,
    side: Side,
    /// Where this page is, for its forms.
    here: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    /// Made once a page: a message that is sent twice is one.
    message: Uuid,
    lines: Vec<Line>,
    /// For the council: how the family is told.
    reached: Vec<Reached>,
    answer_by: String,
    is_waiting: bool,
}

/// What the page of a side is about, and who may open it.
fn seeing(side: Side) -> Action {
    match side {
        Side::Family => Action::SeeOwnChild,
        Side::Council => Action::SeeCase,
    }
}

fn address(side: Side, id: CaseId) -> String {
    match side {
        Side::Family => format!("/family/{id}/messages"),
        Side::Council => format!("/children/{id}/messages"),
    }
}

/// The case, for somebody who may read and write its messages from this side.
fn case_for(tx: &mut dyn Tx, who: &Who, id: CaseId, side: Side) -> Result<Arc<Case>, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, seeing(side), &loaded)?;
    authorise(who, Action::WriteMessage, &loaded)?;
    Ok(loaded.case)
}

/// What is said of a promise: only of a family's message.
fn promise(message: &Message, today: Date) -> Option<String> {
    let by = message.answer_by()?;
    Some(match (message.answered_on, message.was_kept()) {
        (Some(on), Some(true)) => format!("Answered on {}, as promised", long_date(on)),
        (Some(on), _) => format!("Answered on {}. It was promised by {}", long_date(on), long_date(by)),
        (None, _) if by < today => format!("This is late. The answer was promised by {}", long_date(by)),
        (None, _) => format!("You have an answer by {}", long_date(by)),
    })
}

fn line(
    message: &Message,
    side: Side,
    names: &HashMap<Uuid, String>,
    texts: &HashMap<TextId, String>,
    today: Date,
) -> Line {
    let name = message.by.and_then(|by| names.get(&by.0).cloned());
    let is_own = message.from == side;
    let role = match message.from {
        Side::Family => "family",
        Side::Council => "the council",
    };
    Line {
        id: message.id,
        from: message.from,
        answer_by: message.answer_by(),
        answered_on: message.answered_on,
        who: name.map_or_else(|| role.to_owned(), |name| format!("{name}, {role}")),
        on: message.on,
        text: texts.get(&message.text).cloned().unwrap_or_default(),
        is_own,
        promise: promise(message, today),
    }
}

/// The thread of a child as one of the two sides reads it, oldest first.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy.
pub(crate) fn thread(tx: &mut dyn Tx, who: &Who, id: CaseId, side: Side) -> Result<(Arc<Case>, Vec<Line>), Error> {
    let case = case_for(tx, who, id, side)?;
    let mut names = HashMap::new();
    for user in case.messages.iter().filter_map(|message| message.by) {
        if let Some((name, _)) = store::user_name(tx, who.authority, user.0)? {
            names.insert(user.0, name);
        }
    }
    let texts = store::texts(tx, who.authority, id)?;
    let lines = case.messages.iter().map(|message| line(message, side, &names, &texts, who.today)).collect();
    Ok((case, lines))
}

async fn page(
    app: &App,
    session: &Session,
    id: CaseId,
    side: Side,
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let today = who.today;
    let (case, name, lines, reached) = app
        .blocking(move |app| {
            app.db.read("voice.messages", |tx| -> Result<_, Error> {
                let (case, lines) = thread(tx, &who, id, side)?;
                let (_, details) = store::person(tx, who.authority, id)?;
                let reached = if side == Side::Council { person::of_family(tx, &case)? } else { vec![] };
                Ok((case, details.display_name(), lines, reached))
            })
        })
        .await?;
    let view = MessagesPage {
        name: name.clone(),
        side,
        here: address(side, id),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        message: typed.get("message").parse().unwrap_or_else(|_| app.ids.next()),
        lines,
        reached,
        answer_by: long_date(messages::answer_by(today)),
        is_waiting: case.messages.iter().any(Message::is_waiting),
    };
    let (here, back) = match side {
        Side::Family => ("/family", format!("/family/{id}")),
        Side::Council => ("/children", format!("/children/{id}")),
    };
    Frame::for_session(session, format!("Messages, {name}"))
        .here(here)
        .back(back, "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

/// That there is a message; not what it says.
pub(crate) fn told(case: CaseId) -> Words {
    let body = "The council has written to you.\n\nSign in and open “My child”, then “Messages”, to read it and to \
                answer.\n";
    Words {
        kind: Kind::MessageWritten,
        subject: "You have a message".to_owned(),
        body: body.to_owned(),
        path: Some(address(Side::Family, case)),
        by: None,
    }
}

/// Tells everyone of the family who has an account and may read it that there is a message.
fn tell_family(tx: &mut dyn Tx, app: &App, case: &Case, message: MessageId) -> Result<(), Error> {
    for member in members(tx, case)? {
        if member.may(case, Action::WriteMessage) {
            let id = post::named(&[b"message", message.0.as_bytes(), member.user.0.as_bytes()]);
            post::tell(tx, app, case.authority, id, &To::Person(member.user), &told(case.id))?;
        }
    }
    Ok(())
}

/// Records a message, once, however often it is sent.
///
/// # Errors
/// [`Error::Fields`] when there is nothing in it, and as [`recipients::act`].
pub(crate) fn write(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    id: CaseId,
    side: Side,
    typed: &Typed,
) -> Result<Outcome<(MessageId, u64)>, Error> {
    let mut problems = Problems::default();
    let body = problems.text(typed, "text", "Write your message", MESSAGE_CHARS_MAX);
    problems.check()?;
    let case = case_for(tx, who, id, side)?;
    let message = MessageId(typed.get("message").parse().unwrap_or_else(|_| app.ids.next()));
    if case.messages.iter().any(|known| known.id == message) {
        return Ok(Outcome::Done((message, case.version)));
    }
    // What a family writes comes in; only what the council writes leaves.
    let leaving = (side == Side::Council).then(|| Leaving::new(Sending::Message).part("your message", body.as_str()));
    let text = TextId(app.ids.next());
    let act = Act {
        action: Action::WriteMessage,
        seen: None,
        commands: vec![Command::Messages(messages::Command::Write { message, from: side, text })],
        papers: Papers::texts(vec![Text { id: text, body }]),
    };
    Ok(match recipients::act(tx, app, who, id, act, leaving.as_ref(), typed)? {
        Outcome::Held(held) => Outcome::Held(held),
        Outcome::Done(after) => {
            if side == Side::Council {
                tell_family(tx, app, &after.case, message)?;
            }
            Outcome::Done((message, after.case.version))
        }
    })
}

async fn save(app: App, session: Session, id: CaseId, side: Side, typed: Typed) -> Result<Response, Error> {
    if typed.get(held::AGAIN) == "yes" {
        let typed = held::without_release(&typed);
        return Ok(page(&app, &session, id, side, &typed, &Problem::default()).await?.into_response());
    }
    let (who, posted) = (session.who(&app), typed.clone());
    let written =
        app.blocking(move |app| app.db.write("voice.write", |tx| write(tx, app, &who, id, side, &posted))).await;
    match written {
        Ok(Outcome::Done(_)) => Ok(see_other(&address(side, id))),
        Ok(Outcome::Held(found)) => held::page(&app, &session, id, &found, &typed, &address(side, id)).await,
        Err(error) => {
            let page = page(&app, &session, id, side, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn show_family(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(&app, &session, id, Side::Family, &Typed::default(), &Problem::default()).await
}

pub async fn write_family(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    save(app, session, id, Side::Family, typed).await
}

pub async fn show_staff(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(&app, &session, id, Side::Council, &Typed::default(), &Problem::default()).await
}

pub async fn write_staff(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    save(app, session, id, Side::Council, typed).await
}

/// Records that the family's messages are answered, not in writing.
///
/// # Errors
/// As [`journal::act`].
pub(crate) fn settle(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Loaded, Error> {
    case_for(tx, who, id, Side::Council)?;
    let commands = vec![Command::Messages(messages::Command::Close { on: who.today })];
    let act = Act { action: Action::WriteMessage, seen: None, commands, papers: Papers::default() };
    journal::act(tx, who, id, act)
}

/// Nothing needs to be said in writing: it was answered by telephone, or was thanks.
pub async fn close(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    let who = session.who(&app);
    let closed = app.blocking(move |app| app.db.write("voice.close", |tx| settle(tx, &who, id))).await;
    match closed {
        Ok(_) => Ok(see_other(&address(Side::Council, id))),
        Err(error) => {
            let problem = Problem::of(error)?;
            let page = page(&app, &session, id, Side::Council, &Typed::default(), &problem).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
