//! A held send: shown to the person who tried, with what they typed kept; and shown to somebody else
//! who may let it go.

use super::gate::{HeldSend, STOPS_MAX, release_act};
use crate::journal::{self, Loaded, Who, authorise};
use crate::record::store;
use crate::web::{
    Choice, Frame, Page, Posted, Problem, Session, Typed, back_to_case, choices, error_summary, long_date,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Role};
use casework::recipients::{Hold, Reason, StopKind};
use casework::{CaseId, HoldId};
use db::Tx;
use std::collections::HashMap;
use strum::IntoEnumIterator;

/// Posted to let it go, with reasons or before any is given.
const RELEASE: &str = "release";
/// What the reasons are given for.
pub(super) const RELEASE_OF: &str = "release-of";
/// Posted to see the form again, with what was typed.
pub const AGAIN: &str = "look-again";
/// Most characters of a reason.
const WORDS_CHARS_MAX: usize = 500;

/// Fields of a reason and of its words, one of each for a stop.
macro_rules! fields {
    ($($number:literal)+) => {
        [$((concat!("release-", $number), concat!("release-words-", $number))),+]
    };
}
const FIELDS: [(&str, &str); STOPS_MAX] = fields!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);

/// The reasons that somebody typed for letting stops go.
pub(super) struct Typing<'a> {
    is_asked_for: bool,
    rows: Vec<(&'static str, &'static str, &'a str, &'a str)>,
}

impl<'a> Typing<'a> {
    pub fn read(typed: &'a Typed, stops: usize) -> Typing<'a> {
        let row =
            |(reason, words): &(&'static str, &'static str)| (*reason, *words, typed.get(reason), typed.get(words));
        Typing { is_asked_for: typed.has(RELEASE, "yes"), rows: FIELDS.iter().take(stops).map(row).collect() }
    }

    pub fn is_begun(&self) -> bool {
        self.is_asked_for || self.rows.iter().any(|(_, _, reason, words)| !reason.is_empty() || !words.is_empty())
    }

    /// A reason for each stop, or what is missing.
    pub fn finish(&self) -> Result<Vec<(Reason, Option<String>)>, Vec<FieldError>> {
        let (mut reasons, mut errors) = (Vec::new(), Vec::new());
        for &(field, words_field, reason, words) in &self.rows {
            let length = words.chars().count();
            match reason.parse::<Reason>() {
                Err(_) => errors.push(FieldError::new(field, "Select why this is right, or change what you send")),
                Ok(Reason::Other) if words.is_empty() => {
                    errors.push(FieldError::new(words_field, "Write down the other reason"));
                }
                Ok(_) if length > WORDS_CHARS_MAX => errors.push(FieldError::new(
                    words_field,
                    format!("Shorten this to {WORDS_CHARS_MAX} characters or fewer. It has {length}."),
                )),
                Ok(reason) => reasons.push((reason, (!words.is_empty()).then(|| words.to_owned()))),
            }
        }
        if errors.is_empty() { Ok(reasons) } else { Err(errors) }
    }
}

/// What was typed on the form itself.
pub fn without_release(typed: &Typed) -> Typed {
    let own = |name: &str| name != AGAIN && name != RELEASE && !name.starts_with("release-");
    Typed::new(typed.fields().iter().filter(|(name, _)| own(name)).cloned().collect())
}

/// One stop on a page, with the controls of its reason.
struct Row {
    heading: &'static str,
    sentence: String,
    /// The reason that was given; empty while none is.
    given: String,
    reason: govuk::Html,
    words: govuk::Html,
}

fn rows(stops: &[(StopKind, String)], typed: &Typed, errors: &[FieldError]) -> Vec<Row> {
    let f = crate::web::Fields { typed, errors };
    let reasons: Vec<Choice> = choices(Reason::iter(), |reason| reason.code().to_owned(), Reason::label);
    stops
        .iter()
        .zip(FIELDS)
        .map(|((kind, sentence), (reason, words))| Row {
            heading: kind.label(),
            sentence: sentence.clone(),
            given: String::new(),
            reason: f.select(reason, "Why is this right?", "", &reasons),
            words: f.text(words, "In your words (needed for another reason)", ""),
        })
        .collect()
}

#[derive(Template)]
#[template(path = "recipients/held.html")]
struct HeldPage<'a> {
    is_told: bool,
    way_back: String,
    name: String,
    csrf: &'a str,
    summary: govuk::Html,
    rows: Vec<Row>,
    held: &'a HeldSend,
    action: &'a str,
    version: u64,
    fields: Vec<(&'a str, &'a str)>,
    again: &'static str,
    release: &'static str,
}

/// The page for somebody whose send was held just now. `action` is where the form is posted to.
///
/// # Errors
/// When the child cannot be read.
pub async fn page(
    app: &App,
    session: &Session,
    id: CaseId,
    held: &HeldSend,
    typed: &Typed,
    action: &str,
) -> Result<Response, Error> {
    let authority = session.signed_in.actor.authority;
    let name = app
        .blocking(move |app| {
            app.db.read("recipients.held", |tx| Ok::<_, Error>(store::person(tx, authority, id)?.1.display_name()))
        })
        .await?;
    let own = without_release(typed);
    let fields = own.fields().iter().filter(|(field, _)| field != "csrf" && field != "version");
    let stops: Vec<(StopKind, String)> = held.stops.iter().map(|stop| (stop.kind, stop.sentence())).collect();
    // Whoever is not of the area is not told who is on its records: that it is held, and no more.
    let is_told = session.signed_in.actor.role != Role::Independent;
    let view = HeldPage {
        is_told,
        way_back: session.way_back(id),
        csrf: &session.csrf,
        summary: error_summary(&held.errors),
        rows: rows(&stops, typed, &held.errors),
        held,
        action,
        version: held.version,
        fields: fields.map(|(field, value)| (field.as_str(), value.as_str())).collect(),
        again: AGAIN,
        release: RELEASE,
        name: name.clone(),
    };
    let page = Frame::for_session(session, format!("Held: nothing has left, {name}"))
        .here("/children")
        .with_errors(&held.errors)
        .render(&view)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Template)]
#[template(path = "recipients/hold.html")]
struct HoldPage<'a> {
    case: CaseId,
    name: String,
    csrf: &'a str,
    summary: govuk::Html,
    sending: &'static str,
    held_on: jiff::civil::Date,
    held_by: String,
    rows: Vec<Row>,
    released: Option<(jiff::civil::Date, String)>,
    put_right_on: Option<jiff::civil::Date>,
    may_release: bool,
    is_own: bool,
}

async fn one(
    app: &App,
    session: &Session,
    id: CaseId,
    hold: HoldId,
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let user = who.user();
    let (found, name, texts, users, may_release) = app
        .blocking(move |app| {
            app.db.read("recipients.hold", |tx| -> Result<_, Error> {
                let loaded = journal::load(tx, who.authority, id)?;
                let found = loaded.case.holds.iter().find(|known| known.id == hold).cloned();
                let may_see = authorise(&who, Action::ReleaseHeldSend, &loaded);
                if may_see.is_err() {
                    authorise(&who, Action::SeeHeldSends, &loaded)?;
                }
                let found: Hold = found.ok_or(Error::NotFound)?;
                let may_release = authorise(&who, found.release_action(), &loaded).is_ok();
                let mut users = HashMap::new();
                for user in [found.by, found.released.as_ref().and_then(|released| released.by)].into_iter().flatten() {
                    if let Some((name, _)) = store::user_name(tx, who.authority, user.0)? {
                        users.insert(user, name);
                    }
                }
                let (_, details) = store::person(tx, who.authority, id)?;
                Ok((found, details.display_name(), store::texts(tx, who.authority, id)?, users, may_release))
            })
        })
        .await?;
    let called = |user: Option<casework::UserId>| {
        user.and_then(|user| users.get(&user).cloned()).unwrap_or_else(|| "the system".to_owned())
    };
    let stops: Vec<(StopKind, String)> =
        found.stops.iter().map(|stop| (stop.kind, texts.get(&stop.words).cloned().unwrap_or_default())).collect();
    let given = found.released.iter().flat_map(|released| &released.reasons).map(|why| {
        let words = why.words.and_then(|id| texts.get(&id));
        words.map_or_else(|| why.reason.label().to_owned(), |words| format!("{}: {words}", why.reason.label()))
    });
    let mut shown = rows(&stops, typed, &problem.errors);
    for (row, given) in shown.iter_mut().zip(given) {
        row.given = given;
    }
    let is_own = found.needs_second_person() && found.by == user;
    let view = HoldPage {
        case: id,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        sending: found.sending.label(),
        held_on: found.on,
        held_by: called(found.by),
        rows: shown,
        released: found.released.as_ref().map(|released| (released.on, called(released.by))),
        put_right_on: found.put_right_on,
        may_release: may_release && found.is_open() && !is_own,
        is_own: is_own && found.is_open(),
        name: name.clone(),
    };
    Frame::for_session(session, format!("A send that was held on {}, {name}", long_date(found.on)))
        .here("/held")
        .back(format!("/children/{id}"), "Back to the child’s page")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, hold)): Path<(CaseId, HoldId)>,
) -> Result<Page, Error> {
    one(&app, &session, id, hold, &Typed::default(), &Problem::default()).await
}

/// Lets a held send go, for the reasons that were typed: one for each stop.
///
/// # Errors
/// By the access policy; [`Error::Fields`] when a reason is missing; refused when it is no longer held.
pub(crate) fn let_go(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    (id, hold): (CaseId, HoldId),
    typed: &Typed,
) -> Result<Loaded, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, Action::ReleaseHeldSend, &loaded)?;
    let found = loaded.case.holds.iter().find(|known| known.id == hold).ok_or(Error::NotFound)?;
    let action = found.release_action();
    authorise(who, action, &loaded)?;
    let reasons = Typing::read(typed, found.stops.len()).finish().map_err(Error::Fields)?;
    journal::act(tx, who, id, release_act(app, hold, reasons, action))
}

/// What the form of a hold would post: a reason for each stop, in their order, with the words that some have.
pub(crate) fn typed_reasons(reasons: &[(Reason, Option<String>)]) -> Typed {
    let mut typed = Typed::default();
    for ((reason, words), (field, words_field)) in reasons.iter().zip(FIELDS) {
        typed.set(field, reason.code());
        typed.set(words_field, words.clone().unwrap_or_default());
    }
    typed
}

/// Lets a held send go: whoever sends it may then send it as it was.
pub async fn release(
    State(app): State<App>,
    session: Session,
    Path((id, hold)): Path<(CaseId, HoldId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let released = app
        .blocking(move |app| app.db.write("recipients.release", |tx| let_go(tx, app, &who, (id, hold), &posted)))
        .await;
    match released {
        Ok(_) => Ok(back_to_case(id, "It may be sent now exactly as it was: the same words to the same people.")),
        Err(error) => {
            let page = one(&app, &session, id, hold, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
