//! Messages between a family and the council, from either side.

use super::acts::unheld;
use super::caller::{Caller, Writer};
use super::exchange::{OfCase, Recorded, Sent, Versioned};
use super::kinds::{Day, SideCode};
use super::problem::Problem;
use crate::App;
use crate::voice::messages;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::CaseId;
use casework::messages::Side;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// One message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    pub id: Uuid,
    pub from: SideCode,
    /// Who wrote it.
    pub by: String,
    pub on: Day,
    pub text: String,
    /// Of a family’s message: by when the council promised to answer.
    pub answer_by: Option<Day>,
    pub answered_on: Option<Day>,
    /// What became of the promise, in words.
    pub promise: Option<String>,
}

impl From<messages::Line> for Message {
    fn from(line: messages::Line) -> Message {
        Message {
            id: line.id.0,
            from: SideCode(line.from),
            by: line.who,
            on: Day(line.on),
            text: line.text,
            answer_by: line.answer_by.map(Day),
            answered_on: line.answered_on.map(Day),
            promise: line.promise,
        }
    }
}

/// A message to write.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    #[schema(min_length = 1, max_length = 5000)]
    text: String,
}

async fn read(app: App, caller: Caller, case: CaseId, side: Side) -> Result<Versioned<Vec<Message>>, Problem> {
    let who = caller.who(&app);
    let (case, lines) =
        app.blocking(move |app| app.db.read("api.messages", |tx| messages::thread(tx, &who, case, side))).await?;
    Ok(Versioned(case.version, lines.into_iter().map(Message::from).collect()))
}

async fn write(
    app: App,
    caller: Caller,
    case: CaseId,
    side: Side,
    sent: Sent<NewMessage>,
) -> Result<Response, Problem> {
    let who = caller.who(&app);
    let typed = sent.typed;
    let written = app
        .blocking(move |app| app.db.write("api.write_message", |tx| messages::write(tx, app, &who, case, side, &typed)))
        .await?;
    let (message, version) = unheld(written)?;
    Ok(Recorded::of(case, version).with(message.0).created())
}

/// Messages with a child’s family
///
/// For the council’s side, the oldest first.
#[utoipa::path(get, path = "/children/{case}/messages", operation_id = "list_messages", tag = "Children",
    params(OfCase), responses((status = 200, body = [Message])))]
pub async fn of_child(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<CaseId>,
) -> Result<Versioned<Vec<Message>>, Problem> {
    read(app, caller, case, Side::Council).await
}

/// Write to a child’s family
///
/// The family is told by email that there is a message, not what it says.
#[utoipa::path(post, path = "/children/{case}/messages", operation_id = "write_message", tag = "Children", request_body = NewMessage,
    params(OfCase),
    responses((status = 201, description = "Recorded.", body = Recorded)))]
pub async fn write_to_family(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(case): Path<CaseId>,
    sent: Sent<NewMessage>,
) -> Result<Response, Problem> {
    write(app, caller, case, Side::Council, sent).await
}

/// Say that the family’s messages are answered, not in writing
///
/// By telephone, or because nothing needed an answer.
#[utoipa::path(post, path = "/children/{case}/messages/close", operation_id = "close_messages", tag = "Children",
    params(OfCase),
    responses((status = 200, description = "Recorded.", body = Recorded)))]
pub async fn close(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(id): Path<CaseId>,
) -> Result<Recorded, Problem> {
    let who = caller.who(&app);
    let after =
        app.blocking(move |app| app.db.write("api.close_messages", |tx| messages::settle(tx, &who, id))).await?;
    Ok(Recorded::of(id, after.case.version))
}

/// Messages with the council
///
/// For the family, the oldest first.
#[utoipa::path(get, path = "/family/children/{case}/messages", operation_id = "list_own_messages", tag = "Families",
    params(OfCase), responses((status = 200, body = [Message])))]
pub async fn of_own_child(
    State(app): State<App>,
    caller: Caller,
    Path(case): Path<CaseId>,
) -> Result<Versioned<Vec<Message>>, Problem> {
    read(app, caller, case, Side::Family).await
}

/// Write to the council
///
/// It answers within five working days.
#[utoipa::path(post, path = "/family/children/{case}/messages", operation_id = "write_to_council", tag = "Families", request_body = NewMessage,
    params(OfCase),
    responses((status = 201, description = "Recorded.", body = Recorded)))]
pub async fn write_to_council(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(case): Path<CaseId>,
    sent: Sent<NewMessage>,
) -> Result<Response, Problem> {
    write(app, caller, case, Side::Family, sent).await
}
