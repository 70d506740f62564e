//! "How we reach you": channel, number, address for letters, language, quiet hours and how often, as
//! everybody with an account chooses them; and what was sent and waits.

use super::outbox::{self, Message, State};
use super::person::{self, ENVELOPE_LINES_MAX, Person};
use super::send::{Composing, area_name, gather_anew};
use crate::access::codes;
use crate::ports::london_time;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, long_date,
    see_other,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{RawQuery, State as Served};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::post::{self as rules, Channel, Kind, Mobile, Pace, Quiet, State as Known};
use db::Tx;
use jiff::Timestamp;
use jiff::civil::DateTime;
use strum::IntoEnumIterator;

/// Most characters of an address and of what is said of a language.
const ADDRESS_CHARS_MAX: usize = 400;
const LANGUAGE_CHARS_MAX: usize = 200;
/// How much of what was sent is shown.
const SHOWN: i64 = 10;

const WRONG_CODE: &str =
    "This is not the code that was sent last, or it no longer works. Check it, or ask for a new one";

/// What does not arrive, and what happens instead.
struct Broken {
    code: &'static str,
    said: String,
}

struct Line {
    what: &'static str,
    how: &'static str,
    when: String,
    stands: String,
}

#[derive(Template)]
#[template(path = "post/reach.html")]
struct ReachPage<'a> {
    csrf: &'a str,
    done: govuk::Html,
    summary: govuk::Html,
    f: Fields<'a>,
    email: String,
    channels: Vec<Choice>,
    paces: Vec<Choice>,
    hours: Vec<Choice>,
    emails_too: Vec<Choice>,
    broken: Vec<Broken>,
    /// A number that is not confirmed yet.
    unconfirmed: Option<String>,
    example: String,
    example_how: &'static str,
    example_at: String,
    waiting: Vec<Line>,
    sent: Vec<Line>,
    is_family: bool,
}

/// "8pm", "midday".
fn hour_words(hour: i8) -> String {
    match hour {
        0 => "Midnight".to_owned(),
        12 => "Midday".to_owned(),
        1..=11 => format!("{hour}am"),
        _ => format!("{}pm", hour - 12),
    }
}

fn hours() -> Vec<Choice> {
    (0_i8..24).map(|hour| (hour.to_string(), hour_words(hour))).collect()
}

/// "Monday 23 November 2026 at 5:00pm".
pub(super) fn wall_words(at: DateTime) -> String {
    format!("{} at {}", long_date(at.date()), at.strftime("%-I:%M%P"))
}

fn at_words(at: Timestamp) -> String {
    wall_words(london_time(at))
}

fn typed_of(person: &Person) -> Typed {
    let mut typed = Typed::default();
    let wishes = &person.wishes;
    typed.set("channel", wishes.channel.to_string());
    typed.set("pace", wishes.pace.to_string());
    typed.set("quiet-from", wishes.quiet.from.to_string());
    typed.set("quiet-until", wishes.quiet.until.to_string());
    if wishes.quiet.emails {
        typed.set("quiet-emails", "yes");
    }
    typed.set("number", person.number.as_ref().map(ToString::to_string).unwrap_or_default());
    typed.set("address", person.address.clone().unwrap_or_default());
    typed.set("other-language", person.other_language.clone().unwrap_or_default());
    typed
}

/// The address for letters as an envelope has it: lines, the last of them a postcode.
fn address_of(problems: &mut Problems, typed: &Typed) -> Option<String> {
    let text = problems.optional(typed, "address", ADDRESS_CHARS_MAX)?;
    let mut lines: Vec<String> =
        text.lines().map(|line| line.trim().trim_end_matches(',').to_owned()).filter(|line| !line.is_empty()).collect();
    let postcode = lines.last().and_then(|last| returns::postcode::tidied(last));
    match (postcode, lines.len()) {
        (Some(postcode), 2..) if lines.len() < ENVELOPE_LINES_MAX => {
            lines.pop();
            lines.push(postcode);
        }
        (Some(_), 2..) => problems.add("address", format!("Use at most {} lines", ENVELOPE_LINES_MAX - 1)),
        _ => problems.add("address", "Enter the address on lines of their own, with the postcode on the last"),
    }
    Some(lines.join("\n"))
}

/// What was typed, put beside what is known.
fn changed(typed: &Typed, before: &Person) -> Result<Person, Error> {
    let mut problems = Problems::default();
    let channel: Option<Channel> = problems.choice(typed, "channel", "Select how we reach you");
    let number: Option<Mobile> = match typed.get("number") {
        "" => None,
        text => {
            let parsed = text.parse().ok();
            if parsed.is_none() {
                problems.add("number", "Enter a UK mobile number, like 07700 900 123");
            }
            parsed
        }
    };
    if channel == Some(Channel::Text) && typed.get("number").is_empty() {
        problems.add("number", "Enter your mobile number to get texts");
    }
    let address = address_of(&mut problems, typed);
    if channel == Some(Channel::Letter) && typed.get("address").is_empty() {
        problems.add("address", "Enter the address that letters go to");
    }
    let other_language = problems.optional(typed, "other-language", LANGUAGE_CHARS_MAX);
    let mut hour = |field: &'static str, ask: &str| -> i8 {
        let hour: Option<i8> = problems.choice(typed, field, ask);
        match hour {
            Some(hour) if (0..24).contains(&hour) => hour,
            Some(_) => {
                problems.add(field, ask);
                0
            }
            None => 0,
        }
    };
    let from = hour("quiet-from", "Select the hour from which no texts come");
    let until = hour("quiet-until", "Select the hour from which texts may come again");
    let pace: Option<Pace> = problems.choice(typed, "pace", "Select how often you want to hear from us");
    problems.check()?;
    let mut person = before.clone();
    person.wishes.channel = channel.unwrap_or(Channel::Email);
    person.wishes.pace = pace.unwrap_or(Pace::AtOnce);
    person.wishes.quiet = Quiet { from, until, emails: typed.get("quiet-emails") == "yes" };
    if number != before.number {
        person.number_state = if number.is_some() { Known::Unconfirmed } else { Known::Missing };
        person.number = number;
    }
    if address != before.address {
        person.address_state = if address.is_some() { Known::Works } else { Known::Missing };
        person.address = address;
    }
    person.other_language = other_language;
    Ok(person)
}

fn line(message: &Message) -> Line {
    let stands = match message.state {
        State::Failed => match message.failure.as_deref() {
            Some(why) => format!("Did not arrive: {why}"),
            None => State::Failed.label().to_owned(),
        },
        // Whose fault it is does not help the person who waits.
        State::Stopped => "Waits: we are putting something right".to_owned(),
        state => state.label().to_owned(),
    };
    let when = match message.state {
        State::Gathered | State::Waiting | State::Stopped => message.go_at,
        _ => message.sent_at.unwrap_or(message.made_at),
    };
    Line { what: message.kind.label(), how: message.channel.label(), when: at_words(when), stands }
}

fn broken(person: &Person) -> Vec<Broken> {
    let instead = match person.channel() {
        Some(channel) if person.reachable().of(channel) == Known::Works => match channel {
            Channel::Email => " Until it is put right we email you.",
            Channel::Text => " Until it is put right we text you.",
            Channel::Letter => " Until it is put right we write to you by post.",
        },
        _ => " We have no other way to reach you. Put it right, or add another way below.",
    };
    let broken = |channel: Channel| {
        let what = match channel {
            Channel::Email => format!("An email to {} did not arrive.", person.email),
            Channel::Text => match &person.number {
                Some(number) => format!("A text to {number} did not arrive."),
                None => "A text did not arrive.".to_owned(),
            },
            Channel::Letter => "A letter to you came back.".to_owned(),
        };
        Broken { code: channel.into(), said: format!("{what}{instead}") }
    };
    person.failing().into_iter().map(broken).collect()
}

/// What is shown beside the form.
struct Around {
    person: Person,
    area: String,
    messages: Vec<Message>,
}

fn around(tx: &mut dyn Tx, session: &Session) -> Result<Around, Error> {
    let actor = &session.signed_in.actor;
    Ok(Around {
        person: person::load(tx, actor.authority, actor.user)?,
        area: area_name(tx, actor.authority)?,
        messages: outbox::of_person(tx, actor.authority, actor.user, 50)?,
    })
}

/// A message of the family's kind or of the staff's, as it would read.
fn example(session: &Session) -> Message {
    let is_family = session.may(casework::access::Action::SeeOwnChild);
    let (kind, subject, body, link) = if is_family {
        (
            Kind::NoticeSent,
            "The draft plan is ready for you.",
            "The draft plan is ready for you.\n\nRead it, say what you think of it and which school or college you \
             want by Tuesday 8 December 2026. You can ask to meet.\n\nSign in and open “My child” to read the letter.\n",
            "/family",
        )
    } else {
        (
            Kind::AdviceAsked,
            "Advice is asked of you",
            "The council asks for your advice for an assessment. It is due by Monday 4 January 2027.\n\nSign in and \
             open “Advice” to read what is known and to write it.\n",
            "/advice",
        )
    };
    Message {
        id: uuid::Uuid::nil(),
        user: Some(session.signed_in.actor.user),
        kind,
        channel: Channel::Email,
        recipient: String::new(),
        subject: subject.to_owned(),
        body: body.to_owned(),
        link: Some(link.to_owned()),
        state: State::Waiting,
        made_at: Timestamp::UNIX_EPOCH,
        go_at: Timestamp::UNIX_EPOCH,
        sent_at: None,
        reference: None,
        failure: None,
    }
}

async fn page(
    app: &App,
    session: &Session,
    done: &str,
    typed: Option<&Typed>,
    problem: &Problem,
) -> Result<Page, Error> {
    let own = session.clone();
    let Around { person, area, messages } =
        app.blocking(move |app| app.db.read("post.reach", |tx| around(tx, &own))).await?;
    let known = typed_of(&person);
    let typed = typed.unwrap_or(&known);
    let said = match done {
        "saved" => "Saved. This is how we reach you from now on.",
        "confirmed" => "Your number is confirmed.",
        "try-again" => "We try it again with the next message.",
        _ => "",
    };
    let now = london_time(app.clock.now());
    let channel = person.channel().unwrap_or(Channel::Email);
    let example = example(session);
    let goes = rules::goes_at(Kind::MessageWritten, channel, &person.wishes, now, None);
    let address = app.settings.address();
    let is_open = |message: &&Message| {
        matches!(message.state, State::Gathered | State::Waiting | State::ToPrint | State::Stopped)
    };
    let is_shown = |message: &&Message| !is_open(message) && message.state != State::Digested;
    let shown = usize::try_from(SHOWN).unwrap_or_default();
    let unconfirmed = person.number.as_ref().filter(|_| person.number_state == Known::Unconfirmed);
    let view = ReachPage {
        csrf: &session.csrf,
        done: match said {
            "" => govuk::Html::default(),
            said => govuk::NotificationBanner::success(said).into(),
        },
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        email: person.email.clone(),
        channels: choices(Channel::iter(), |channel| channel.to_string(), Channel::label),
        paces: choices(Pace::iter(), |pace| pace.to_string(), Pace::label),
        hours: hours(),
        emails_too: vec![("yes".to_owned(), "Emails wait as well".to_owned())],
        broken: broken(&person),
        unconfirmed: unconfirmed.map(ToString::to_string),
        example: Composing { area: &area, address: &address }.words(channel, &example),
        example_how: channel.label(),
        example_at: if goes == now { "at once".to_owned() } else { format!("on {}", wall_words(goes)) },
        waiting: messages.iter().filter(is_open).take(shown).map(line).collect(),
        sent: messages.iter().filter(is_shown).take(shown).map(line).collect(),
        is_family: session.may(casework::access::Action::SeeOwnChild),
    };
    Frame::for_session(session, "How we reach you")
        .back("/account/sign-in", "Signing in and security")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(Served(app): Served<App>, session: Session, RawQuery(query): RawQuery) -> Result<Page, Error> {
    let query = Typed::decode(query.unwrap_or_default().as_bytes())?;
    page(&app, &session, query.get("done"), None, &Problem::default()).await
}

pub async fn save(Served(app): Served<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    let (actor, posted) = (session.signed_in.actor.clone(), typed.clone());
    let saved = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("post.save_reach", |tx| {
                let before = person::load(tx, actor.authority, actor.user)?;
                let after = changed(&posted, &before)?;
                person::save(tx, actor.authority, &after, now)?;
                gather_anew(tx, app, actor.authority, actor.user)?;
                let given = after.number.as_ref().filter(|_| after.number != before.number);
                if let Some(number) = given {
                    codes::send_to_number(tx, app, (actor.authority, actor.user), number, now)?;
                }
                Ok(given.is_some())
            })
        })
        .await;
    match saved {
        Ok(true) => Ok(see_other("/account/reach/code")),
        Ok(false) => Ok(see_other("/account/reach?done=saved")),
        Err(error) => {
            let page = page(&app, &session, "", Some(&typed), &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "post/number_code.html")]
struct CodePage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    number: String,
    is_demo: bool,
}

/// The number that waits to be confirmed; none when there is nothing to do here.
async fn unconfirmed(app: &App, session: &Session) -> Result<Option<Mobile>, Error> {
    let actor = session.signed_in.actor.clone();
    let person =
        app.blocking(move |app| app.db.read("post.number", |tx| person::load(tx, actor.authority, actor.user))).await?;
    Ok(person.number.filter(|_| person.number_state == Known::Unconfirmed))
}

async fn code_page(app: &App, session: &Session, errors: &[FieldError]) -> Result<Response, Error> {
    let Some(number) = unconfirmed(app, session).await? else { return Ok(see_other("/account/reach")) };
    let typed = Typed::default();
    let view = CodePage {
        csrf: &session.csrf,
        summary: error_summary(errors),
        f: Fields { typed: &typed, errors },
        number: number.to_string(),
        is_demo: app.settings.demo,
    };
    let page = Frame::for_session(session, "Confirm your number")
        .back("/account/reach", "How we reach you")
        .with_errors(errors)
        .render(&view)?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page).into_response())
}

pub async fn show_code(Served(app): Served<App>, session: Session) -> Result<Response, Error> {
    code_page(&app, &session, &[]).await
}

pub async fn enter_code(Served(app): Served<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    let actor = session.signed_in.actor.clone();
    let code = typed.get("code").to_owned();
    let is_right = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("post.confirm_number", |tx| -> Result<bool, Error> {
                let mut person = person::load(tx, actor.authority, actor.user)?;
                let Some(number) = person.number.clone().filter(|_| person.number_state == Known::Unconfirmed) else {
                    return Ok(true);
                };
                if !codes::check(tx, number.as_str(), &code, now)? {
                    return Ok(false);
                }
                person.number_state = Known::Works;
                person::save(tx, actor.authority, &person, now)?;
                super::way_in_added(tx, app, actor.authority, actor.user, "a code by text to a mobile number")?;
                Ok(true)
            })
        })
        .await?;
    if is_right {
        return Ok(see_other("/account/reach?done=confirmed"));
    }
    code_page(&app, &session, &[FieldError::new("code", WRONG_CODE)]).await
}

pub async fn send_again(Served(app): Served<App>, session: Session, posted: Posted) -> Result<Response, Error> {
    drop(posted);
    if let Some(number) = unconfirmed(&app, &session).await? {
        let actor = session.signed_in.actor.clone();
        app.blocking(move |app| {
            let now = app.clock.now();
            app.db.write("post.number_code", |tx| {
                codes::send_to_number(tx, app, (actor.authority, actor.user), &number, now)
            })
        })
        .await?;
    }
    Ok(see_other("/account/reach/code"))
}

/// What did not arrive is tried again: the phone was broken, the mailbox full, the family back from abroad.
pub async fn try_again(Served(app): Served<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    let channel: Option<Channel> = typed.get("channel").parse().ok();
    let actor = session.signed_in.actor.clone();
    if let Some(channel) = channel {
        app.blocking(move |app| {
            let now = app.clock.now();
            app.db
                .write("post.try_again", |tx| person::mark(tx, actor.authority, actor.user, channel, Known::Works, now))
        })
        .await?;
    }
    Ok(see_other("/account/reach?done=try-again"))
}
