//! Which child, what is happening, and whether the family can be told.

use super::store::{self, OPENED_A_DAY_MAX};
use super::{END_OPENING, EndBody, words};
use crate::family::members;
use crate::journal::{self, Act, JobSpec, Papers, Text, Who, authorise};
use crate::ports::end_of;
use crate::post::{self, To};
use crate::record::search::{Exactly, exactly};
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::openings::{self, Emergency, Opening};
use casework::{Case, CaseId, Command, OpeningId, TextId};
use db::Tx;
use strum::IntoEnumIterator;

const NAME_CHARS_MAX: usize = 200;
const WORDS_CHARS_MAX: usize = 2_000;

#[derive(Template)]
#[template(path = "emergency/ask.html")]
struct AskPage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    emergencies: Vec<Choice>,
    until: String,
}

fn page(app: &App, session: &Session, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    session.require(Action::OpenInEmergency)?;
    let view = AskPage {
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        emergencies: choices(Emergency::iter(), |emergency| emergency.to_string(), Emergency::label),
        until: crate::web::long_date(law::calendar::days(app.clock.today(), openings::OPEN_DAYS)),
    };
    Frame::for_session(session, "Open a record in an emergency")
        .here("/children")
        .back("/children", "Children")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session) -> Result<Page, Error> {
    page(&app, &session, &Typed::default(), &Problem::default())
}

/// What was typed, as far as it can be read.
struct Said {
    meant: Exactly,
    emergency: Emergency,
    words: String,
    /// Why the family cannot be told now.
    risk: Option<String>,
}

fn parse(typed: &Typed) -> Result<Said, Error> {
    let mut problems = Problems::default();
    let number = problems.optional(typed, "number", 40);
    let meant = match number {
        Some(number) => Some(Exactly::Number(number)),
        None => {
            let given = problems.text(typed, "given", "Enter the first name, or a number above", NAME_CHARS_MAX);
            let family = problems.text(typed, "family", "Enter the family name", NAME_CHARS_MAX);
            let born_on = problems.date(typed, "born-on", "The date of birth");
            born_on.map(|born_on| Exactly::Name { given, family, born_on })
        }
    };
    let emergency = problems.choice::<Emergency>(typed, "emergency", "Select what is happening");
    let words = problems.text(typed, "words", "Say what is happening and what you need to know", WORDS_CHARS_MAX);
    let risk = match typed.get("tell") {
        "yes" => None,
        "no" => Some(problems.text(typed, "risk", "Say why the family cannot be told now", WORDS_CHARS_MAX)),
        _ => {
            problems.add("tell", "Select whether the family can be told now");
            None
        }
    };
    problems.check()?;
    let (Some(meant), Some(emergency)) = (meant, emergency) else { return Err(Error::NotFound) };
    Ok(Said { meant, emergency, words, risk })
}

/// What came of asking.
enum Outcome {
    Opened(CaseId),
    /// They see this child anyway.
    Theirs(CaseId),
    NobodyFound,
    Several,
    TooOften,
    TooMany,
}

/// Opens the record that is meant, and tells everyone who has to know.
fn record(tx: &mut dyn Tx, app: &App, who: &Who, said: &Said) -> Result<Outcome, Error> {
    let Some(user) = who.user() else { return Err(Error::NotAllowed) };
    if store::tries_too_often(tx, who.authority, user, who.now)? {
        return Ok(Outcome::TooOften);
    }
    // Before anybody is looked for: who can open nothing more learns nothing more.
    if store::opens_too_many(tx, who.authority, user, who.today)? {
        return Ok(Outcome::TooMany);
    }
    let found: Vec<CaseId> = exactly(tx, who.authority, &said.meant)?.into_iter().collect();
    let id = match found[..] {
        [id] => id,
        [] => {
            store::note_try(tx, app, who.authority, user)?;
            return Ok(Outcome::NobodyFound);
        }
        _ => {
            store::note_try(tx, app, who.authority, user)?;
            return Ok(Outcome::Several);
        }
    };
    let before = journal::load(tx, who.authority, id)?;
    if authorise(who, Action::SeeCase, &before).is_ok() {
        return Ok(Outcome::Theirs(id));
    }
    let has_it_open = |opening: &Opening| opening.user == user && opening.is_open(who.today);
    if before.case.openings.iter().any(has_it_open) {
        return Ok(Outcome::Opened(id));
    }
    let opening = OpeningId(app.ids.next());
    let words = Text { id: TextId(app.ids.next()), body: said.words.clone() };
    let risk = said.risk.clone().map(|body| Text { id: TextId(app.ids.next()), body });
    let command = openings::Command::Open {
        opening,
        user,
        emergency: said.emergency,
        words: words.id,
        risk: risk.as_ref().map(|risk| risk.id),
    };
    let body = serde_json::to_string(&EndBody { case: id, opening })
        .map_err(|cause| Error::Broken { step: "write a job", cause: cause.to_string() })?;
    let run_at = end_of(law::calendar::days(who.today, openings::OPEN_DAYS));
    let job = JobSpec { id: app.ids.next(), kind: END_OPENING, body, run_at };
    let papers = Papers { jobs: vec![job], ..Papers::texts(std::iter::once(words).chain(risk).collect()) };
    let commands = vec![Command::Openings(command)];
    let act = Act { action: Action::OpenInEmergency, seen: None, commands, papers };
    let after = journal::act(tx, who, id, act)?.case;
    tell_everyone(tx, app, &after, opening)?;
    Ok(Outcome::Opened(id))
}

fn tell_everyone(tx: &mut dyn Tx, app: &App, case: &Case, opening: OpeningId) -> Result<(), Error> {
    for user in store::overseers(tx, case.authority)? {
        let message = post::named(&[b"opening", opening.0.as_bytes(), user.0.as_bytes()]);
        post::tell(
            tx,
            app,
            case.authority,
            message,
            &To::Person(user),
            &words::to_overseers(case.id, app.clock.today()),
        )?;
    }
    let is_kept_back = case.openings.iter().any(|known| known.id == opening && known.is_kept_back());
    let family = if is_kept_back { words::Family::NotYet } else { tell_family(tx, app, case, opening)? };
    tell_officer(tx, app, case, opening, family)
}

/// Tells the child's officer of it, with what the family knows.
///
/// # Errors
/// When the database fails.
pub(super) fn tell_officer(
    tx: &mut dyn Tx,
    app: &App,
    case: &Case,
    opening: OpeningId,
    family: words::Family,
) -> Result<(), Error> {
    let Some(officer) = case.officer else { return Ok(()) };
    let is_later: &[u8] = if family == words::Family::NotYet { b"not yet" } else { b"now" };
    let message = post::named(&[b"opening of yours", opening.0.as_bytes(), is_later]);
    let words = words::to_officer(case.id, app.clock.today(), family);
    post::tell(tx, app, case.authority, message, &To::Person(officer), &words)
}

/// Tells those of the family who see the record that it was opened.
///
/// # Errors
/// When the database fails.
pub(super) fn tell_family(tx: &mut dyn Tx, app: &App, case: &Case, opening: OpeningId) -> Result<words::Family, Error> {
    let mut family = words::Family::NoAccount;
    for member in members(tx, case)?.into_iter().filter(|member| member.may(case, Action::SeeOwnRecord)) {
        let message = post::named(&[b"opening", opening.0.as_bytes(), member.user.0.as_bytes()]);
        post::tell(
            tx,
            app,
            case.authority,
            message,
            &To::Person(member.user),
            &words::to_family(case.id, app.clock.today()),
        )?;
        family = words::Family::Told;
    }
    Ok(family)
}

pub async fn open(State(app): State<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    session.require(Action::OpenInEmergency)?;
    let again = |problem: Problem| -> Result<Response, Error> {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&app, &session, &typed, &problem)?).into_response())
    };
    let said = match parse(&typed) {
        Ok(said) => said,
        Err(error) => return again(Problem::of(error)?),
    };
    let (who, first) = (session.who(&app), if typed.get("number").is_empty() { "given" } else { "number" });
    let outcome = app.blocking(move |app| app.db.write("emergency.open", |tx| record(tx, app, &who, &said))).await?;
    let why = match outcome {
        Outcome::Opened(id) => return Ok(see_other(&format!("/emergency/{id}"))),
        Outcome::Theirs(id) => return Ok(see_other(&format!("/children/{id}"))),
        Outcome::NobodyFound => {
            "No record here is exactly this child’s. Check the spelling and the date of birth, or use a number. What you \
             tried is noted"
                .to_owned()
        }
        Outcome::Several => "More than one child has this name and date of birth. Use a UPN or an NHS number".to_owned(),
        Outcome::TooOften => {
            "You named several children who are not on record. Call the council, or try again in an hour".to_owned()
        }
        Outcome::TooMany => {
            format!("You opened {OPENED_A_DAY_MAX} records in emergencies today. Call the council for another one")
        }
    };
    let mut problems = Problems::default();
    problems.add(first, why);
    match problems.check() {
        Ok(()) => Err(Error::NotFound),
        Err(error) => again(Problem::of(error)?),
    }
}
