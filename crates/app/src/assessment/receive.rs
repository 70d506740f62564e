//! A request typed in by the front door: from a letter, an email, a call. The clock starts on the
//! day it reached anyone at the authority, not the day it is typed in.

use super::receipts::receipt;
use crate::journal::{Act, Papers, Text, Told, act};
use crate::record::likely::{Likely, Sought, likely};
use crate::record::store::Scope;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, back_to_case, choices, error_summary,
    long_date, see_other,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use casework::access::Action;
use casework::codes::Sex;
use casework::people::facts::{Asking, Fact, Form};
use casework::people::identifiers::Urn;
use casework::people::{self, Contact, Relation, Setting};
use casework::requests::{self, Channel, Source};
use casework::{CaseId, Command, EnquiryId, PersonId, PlacementId, RequestId, TextId, enquiries};
use db::Tx;
use serde::Deserialize;
use strum::IntoEnumIterator;

/// Most characters of what was asked.
const ACCOUNT_CHARS_MAX: usize = 20_000;

#[derive(Debug, Deserialize)]
pub struct For {
    /// A child who is already on record.
    child: Option<CaseId>,
}

#[derive(Template)]
#[template(path = "assessment/receive.html")]
struct ReceivePage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    sources: Vec<Choice>,
    channels: Vec<Choice>,
    relations: Vec<Choice>,
    sexes: Vec<Choice>,
    schools: Vec<Choice>,
    likely: Vec<Likely>,
    known: Option<(CaseId, String)>,
    /// Of the child who is known: when the request was received whose clock runs.
    live_since: Option<String>,
}

const SCHOOLS: &str = "SELECT e.urn, e.name FROM establishments e JOIN authorities a ON a.code = e.authority_code \
    WHERE a.authority_id = $1 AND e.open ORDER BY e.name, e.urn LIMIT 2000";

/// The schools of the person's own area, for choosing from.
pub(crate) fn schools(tx: &mut dyn Tx, authority: casework::AuthorityId) -> Result<Vec<Choice>, Error> {
    let mut schools = Vec::new();
    for row in tx.query(SCHOOLS, &[authority.0.into()])? {
        let urn: i64 = row.get(0)?;
        schools.push((urn.to_string(), row.get(1)?));
    }
    Ok(schools)
}

async fn page(
    app: &App,
    session: &Session,
    child: Option<CaseId>,
    typed: &Typed,
    problem: &Problem,
    likely: Vec<Likely>,
) -> Result<Page, Error> {
    session.require(Action::ReceiveRequest)?;
    let who = session.who(app);
    let (schools, known, live) = app
        .blocking(move |app| {
            app.db.read("assessment.receive_form", |tx| -> Result<_, Error> {
                let subject = match child {
                    Some(id) => Some(crate::web::case_form::subject(tx, &who, id, Action::ReceiveRequest)?),
                    None => None,
                };
                let live = subject.as_ref().and_then(|subject| subject.case.live_request()).map(|r| r.received_on);
                Ok((schools(tx, who.authority)?, child.zip(subject.map(|subject| subject.name)), live))
            })
        })
        .await?;
    let view = ReceivePage {
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        sources: choices(Source::iter(), |source| source.to_string(), Source::label),
        channels: choices(
            Channel::iter().filter(|channel| *channel != Channel::Imported),
            |channel| channel.to_string(),
            Channel::label,
        ),
        relations: choices(
            Relation::iter().filter(|r| r.may_be_parent()),
            |relation| relation.to_string(),
            Relation::label,
        ),
        sexes: choices(Sex::iter(), |sex| sex.code().to_owned(), Sex::label),
        schools,
        likely,
        known,
        live_since: live.filter(|_| session.may(Action::NoteContact)).map(long_date),
    };
    Frame::for_session(session, "New request").here("/requests/new").with_errors(&problem.errors).render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Query(asked): Query<For>) -> Result<Page, Error> {
    let mut typed = Typed::default();
    typed.set("received-on", app.clock.today().to_string());
    page(&app, &session, asked.child, &typed, &Problem::default(), vec![]).await
}

/// What the form asks for of a child who is not on record.
const ASKED_OF_THE_CHILD: [Fact; 7] =
    [Fact::Name, Fact::KnownAs, Fact::BirthDate, Fact::Sex, Fact::Address, Fact::Upn, Fact::School];

struct Parsed {
    details: Option<people::Details>,
    contact: Option<Contact>,
    received_on: jiff::civil::Date,
    source: Source,
    channel: Channel,
    account: String,
    school: Option<Urn>,
}

impl Parsed {
    /// What whoever asked was asked for: of a child on record only what is new.
    fn asking(&self) -> Asking {
        let mut asked = vec![Fact::Account];
        if self.details.is_some() {
            asked.extend(ASKED_OF_THE_CHILD);
        }
        if self.details.is_some() || self.contact.is_some() {
            asked.push(Fact::Parent);
        }
        Asking { form: Form::FrontDoor, of: self.source.into(), on: self.received_on, asked, confirmed: vec![] }
    }
}

fn parse(app: &App, typed: &Typed, is_known: bool) -> Result<Parsed, Error> {
    let today = app.clock.today();
    let mut problems = Problems::default();
    let details = if is_known { None } else { crate::record::parse_details(typed, today, &mut problems) };
    let received_on = problems.date(typed, "received-on", "The day the request was received");
    if received_on.is_some_and(|on| on > today) {
        problems.add("received-on", "The day the request was received must be today or in the past");
    }
    let source = problems.choice::<Source>(typed, "source", "Select who asked");
    let channel = problems.choice::<Channel>(typed, "channel", "Select how the request came");
    let account = problems.text(typed, "account", "Enter what was asked, in the words used", ACCOUNT_CHARS_MAX);
    let school = typed.get("school").parse::<Urn>().ok();
    let contact_name = problems.optional(typed, "contact-name", 200);
    let contact =
        match contact_name {
            None => None,
            Some(name) => problems
                .choice::<Relation>(typed, "relation", "Select what this person is to the child")
                .map(|relation| Contact {
                    id: PersonId(app.ids.next()),
                    relation,
                    name,
                    organisation: None,
                    email: problems.optional(typed, "contact-email", 200),
                    telephone: problems.optional(typed, "contact-telephone", 40),
                    address: None,
                    receives_notices: true,
                }),
        };
    problems.check()?;
    match (received_on, source, channel) {
        (Some(received_on), Some(source), Some(channel)) => {
            Ok(Parsed { details, contact, received_on, source, channel, account, school })
        }
        _ => Err(Error::Broken { step: "read a request form", cause: "a field passed without a value".into() }),
    }
}

#[derive(Template)]
#[template(path = "assessment/likely.html")]
struct LikelyList {
    likely: Vec<Likely>,
}

/// The children who may be the one that is being typed in: a piece of the page, asked for by its
/// script. Posted, so that no name stands in an address.
pub async fn typed_so_far(
    State(app): State<App>,
    session: Session,
    Posted(typed): Posted,
) -> Result<Html<String>, Error> {
    session.require(Action::ReceiveRequest)?;
    let actor = session.signed_in.actor.clone();
    let likely = app
        .blocking(move |app| {
            app.db.read("assessment.likely", |tx| {
                likely(tx, Scope::of(&actor, Action::SearchCases), &Sought::typed(&typed), None)
            })
        })
        .await?;
    let list = LikelyList { likely };
    let markup = if list.likely.is_empty() { Ok(String::new()) } else { list.render() };
    Ok(Html(markup.map_err(|cause| Error::Broken { step: "render a list", cause: cause.to_string() })?))
}

/// A request for a child whose clock runs already: what was typed is noted as a contact.
async fn note_as_contact(app: App, session: Session, id: CaseId, typed: Typed) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let noted = app
        .blocking(move |app| {
            let parsed = parse(app, &posted, true)?;
            app.db.write("assessment.note_as_contact", |tx| {
                // A request is only a contact while another one owns the clock.
                if crate::journal::load(tx, who.authority, id)?.case.live_request().is_none() {
                    let ended = "The earlier request has ended meanwhile. Record this one as a request";
                    return Err(Error::Fields(vec![FieldError::new("form", ended)]));
                }
                let (from, note) = (TextId(app.ids.next()), TextId(app.ids.next()));
                let sender = parsed.contact.as_ref().map_or(parsed.source.label(), |contact| contact.name.as_str());
                let texts =
                    vec![Text { id: from, body: sender.to_owned() }, Text { id: note, body: parsed.account.clone() }];
                let receipt = receipt(tx, who.authority, who.today, &parsed.account, vec![])?;
                let command = Command::Enquiries(enquiries::Command::Note {
                    enquiry: EnquiryId(app.ids.next()),
                    channel: parsed.channel,
                    on: parsed.received_on,
                    from: Some(from),
                    note,
                    promise: None,
                    receipt: Some(receipt),
                });
                let papers = Papers::texts(texts);
                act(tx, &who, id, Act { action: Action::NoteContact, seen: None, commands: vec![command], papers })
            })
        })
        .await;
    match noted {
        Ok(_) => Ok(see_other(&format!("/children/{id}/contacts#noted"))),
        Err(error) => {
            let page = page(&app, &session, Some(id), &typed, &Problem::of(error)?, vec![]).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub(crate) enum Saved {
    /// The case and its version.
    Recorded(CaseId, u64),
    Likely(Vec<Likely>),
}

/// Records a request, for a child on record or for one who is not, unless there are children who may
/// be the one typed in.
///
/// # Errors
/// [`Error::Fields`] when something needs mending, and as [`act`].
pub(crate) fn receive(app: &App, session: &Session, typed: &Typed, child: Option<CaseId>) -> Result<Saved, Error> {
    let who = session.who(app);
    let parsed = parse(app, typed, child.is_some())?;
    let sure = typed.get("new-child") == "yes";
    app.db.write("assessment.receive", |tx| {
        if let (Some(details), false) = (&parsed.details, sure) {
            let scope = Scope::of(&session.signed_in.actor, Action::SearchCases);
            let likely = likely(tx, scope, &Sought::of(details), None)?;
            if !likely.is_empty() {
                return Ok(Saved::Likely(likely));
            }
        }
        let id = child.unwrap_or_else(|| CaseId(app.ids.next()));
        let account = TextId(app.ids.next());
        let mut papers = Papers::texts(vec![Text { id: account, body: parsed.account.clone() }]);
        let mut commands = Vec::new();
        if let Some(details) = &parsed.details {
            let person = PersonId(app.ids.next());
            commands.push(Command::People(people::Command::OpenRecord { person, born_on: details.born_on }));
            papers.details = Some((person, details.clone()));
            papers.told = Some(Told::on(Form::FrontDoor, parsed.source.into()));
            if let Some(urn) = parsed.school {
                commands.push(Command::People(people::Command::JoinSetting {
                    placement: PlacementId(app.ids.next()),
                    setting: Setting::Establishment(urn),
                    from: parsed.received_on,
                }));
            }
        }
        if let Some(contact) = &parsed.contact {
            commands
                .push(Command::People(people::Command::AddContact { person: contact.id, relation: contact.relation }));
            papers.contacts.push(contact.clone());
        }
        commands.push(Command::People(people::Command::RecordAsking { asking: parsed.asking() }));
        let receipt = receipt(tx, who.authority, who.today, &parsed.account, vec![])?;
        commands.push(Command::Requests(requests::Command::Receive {
            request: RequestId(app.ids.next()),
            received_on: parsed.received_on,
            source: parsed.source,
            channel: parsed.channel,
            account: Some(account),
            receipt: Some(receipt),
        }));
        let after = act(tx, &who, id, Act { action: Action::ReceiveRequest, seen: None, commands, papers })?;
        Ok(Saved::Recorded(id, after.case.version))
    })
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Query(asked): Query<For>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    session.require(Action::ReceiveRequest)?;
    let child = asked.child.or_else(|| typed.get("child").parse().ok());
    if let (Some(id), "contact") = (child, typed.get("as")) {
        return note_as_contact(app, session, id, typed).await;
    }
    let (session_of, posted) = (session.clone(), typed.clone());
    let saved = app.blocking(move |app| receive(app, &session_of, &posted, child)).await;
    match saved {
        Ok(Saved::Recorded(id, _)) => Ok(back_to_case(id, "The request is recorded and its clock is running.")),
        Ok(Saved::Likely(likely)) => {
            let page = page(&app, &session, child, &typed, &Problem::default(), likely).await?;
            Ok((axum::http::StatusCode::CONFLICT, page).into_response())
        }
        Err(error) => {
            let page = page(&app, &session, child, &typed, &Problem::of(error)?, vec![]).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
