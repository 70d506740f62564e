//! Calls, emails, letters and visits about a child, by the functions behind their page.

use super::caller::{Caller, Writer};
use super::exchange::{OfCase, Recorded, Sent};
use super::kinds::{Day, text};
use super::problem::Problem;
use crate::App;
use crate::front_door::contacts;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::CaseId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A call, an email, a letter or a visit.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    pub id: Uuid,
    /// How and when, in words.
    pub how: String,
    pub sender: Option<String>,
    pub note: String,
    pub noted_by: Option<String>,
    pub promised: Option<String>,
    /// Where the promise stands, in words.
    pub promise_state: Option<String>,
    pub is_promise_open: bool,
    pub is_promise_late: bool,
    pub receipt: Option<String>,
    /// Where it went and what was answered, in words; nothing when nobody has said.
    pub went: Option<String>,
    pub is_answered: bool,
    /// The contact it was joined to: both are about one thing.
    pub joined_to: Option<Uuid>,
}

fn contact(line: contacts::Line, joined_to: Option<Uuid>) -> Contact {
    let promise = line.promise.as_ref();
    Contact {
        id: line.id.0,
        how: line.how,
        sender: text(line.sender),
        note: line.note,
        noted_by: text(line.noted_by),
        is_promise_open: promise.is_some_and(|promise| promise.is_open),
        is_promise_late: promise.is_some_and(|promise| promise.is_late),
        promise_state: promise.map(|promise| promise.state.clone()),
        promised: line.promise.map(|promise| promise.what),
        receipt: line.receipt,
        went: line.settled,
        is_answered: line.is_answered,
        joined_to,
    }
}

/// Contacts about a child
///
/// Calls, emails, letters and visits that were noted, the latest first, those about one thing together.
#[utoipa::path(get, path = "/children/{case}/contacts", operation_id = "list_contacts", tag = "Children", params(OfCase),
    responses((status = 200, body = [Contact])))]
pub async fn of_child(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> Result<Json<Vec<Contact>>, Problem> {
    let groups = caller
        .read(&app, move |tx, who| {
            let case = contacts::case_for(tx, who, id)?;
            contacts::groups(tx, &case, who.today)
        })
        .await?;
    let mut all = Vec::new();
    for group in groups {
        let first = group.first.id.0;
        all.push(contact(group.first, None));
        all.extend(group.others.into_iter().map(|other| contact(other, Some(first))));
    }
    Ok(Json(all))
}

/// A contact to be noted.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// How they got in touch.
    channel: ContactChannel,
    came_on: Day,
    /// Who got in touch.
    #[schema(min_length = 1, max_length = 200)]
    sender: String,
    /// In one line, what it was about.
    #[schema(min_length = 1, max_length = 300)]
    note: String,
    /// What was promised. Both or neither of these two.
    #[serde(default)]
    #[schema(max_length = 300)]
    promise: Option<String>,
    #[serde(default)]
    promised_on: Option<Day>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactChannel {
    Telephone,
    Email,
    Letter,
    InPerson,
}

/// Note a contact
///
/// A call, an email, a letter or a visit about a child, with what was promised and by when.
#[utoipa::path(post, path = "/children/{case}/contacts", operation_id = "note_contact", tag = "Children", params(OfCase),
    request_body = NewContact, responses((status = 201, description = "Noted.", body = Recorded)))]
pub async fn note(
    State(app): State<App>,
    Writer(caller): Writer,
    Path(id): Path<CaseId>,
    Sent { typed, .. }: Sent<NewContact>,
) -> Result<Response, Problem> {
    let who = caller.who(&app);
    let (contact, version) = app
        .blocking(move |app| {
            app.db.read("api.may_note", |tx| contacts::case_for(tx, &who, id).map(|_| ()))?;
            let contact = contacts::take_note(app, &who, id, &typed)?;
            let after = app.db.read("api.noted", |tx| contacts::case_for(tx, &who, id))?;
            Ok((contact, after.version))
        })
        .await?;
    Ok(Recorded::of(id, version).with(contact.0).created())
}
