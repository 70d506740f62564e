//! `/letters`: what somebody has to print and post, and what came back.

use super::letter;
use super::outbox::{self, Message, State, columns, read};
use super::reach::wall_words;
use super::send::{Composing, area_name, did_not_arrive};
use crate::ports::london_time;
use crate::record::store;
use crate::web::{Frame, Page, Posted, Session, long_date, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State as Served};
use axum::response::Response;
use casework::AuthorityId;
use casework::access::Action;
use casework::post::Channel;
use db::Tx;
use documents::typeset::Printing;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Most letters on one page of the list.
const SHOWN_MAX: i64 = 200;
/// How long a letter may still come back.
const MAY_RETURN_FOR: SignedDuration = SignedDuration::from_hours(60 * 24);

const TO_PRINT: &str = concat!(
    columns!(),
    "WHERE authority_id = $1 AND state = 'to_print' AND channel = 'letter' ORDER BY go_at, message_id LIMIT $2"
);
const POSTED: &str = concat!(
    columns!(),
    "WHERE authority_id = $1 AND state = 'sent' AND channel = 'letter' AND sent_at > $2 \
     ORDER BY sent_at DESC, message_id LIMIT $3"
);

struct Row {
    id: Uuid,
    to: String,
    subject: String,
    since: String,
}

#[derive(Template)]
#[template(path = "post/printing.html")]
struct PrintingPage<'a> {
    csrf: &'a str,
    to_print: Vec<Row>,
    posted: Vec<Row>,
}

fn row(message: Message) -> Row {
    let at = london_time(message.sent_at.unwrap_or(message.go_at));
    Row {
        id: message.id,
        to: message.recipient.replace('\n', ", "),
        subject: message.subject,
        since: if message.sent_at.is_some() { long_date(at.date()) } else { wall_words(at) },
    }
}

pub async fn show(Served(app): Served<App>, session: Session) -> Result<Page, Error> {
    session.require(Action::PostLetters)?;
    let authority = session.signed_in.actor.authority;
    let (to_print, posted) = app
        .blocking(move |app| {
            let since = app.clock.now() - MAY_RETURN_FOR;
            app.db.read("post.letters", |tx| -> Result<_, Error> {
                let to_print = tx.query(TO_PRINT, &[authority.0.into(), SHOWN_MAX.into()])?;
                let posted = tx.query(POSTED, &[authority.0.into(), since.into(), SHOWN_MAX.into()])?;
                let rows = |found: Vec<db::Row>| -> Result<Vec<Row>, Error> {
                    found.iter().map(|found| Ok(row(read(found)?))).collect()
                };
                Ok((rows(to_print)?, rows(posted)?))
            })
        })
        .await?;
    let view = PrintingPage { csrf: &session.csrf, to_print, posted };
    Frame::for_session(&session, "Letters to post").here("/letters").render(&view)
}

/// A letter of this area in this state.
fn letter_in(tx: &mut dyn Tx, authority: AuthorityId, id: Uuid, state: State) -> Result<Message, Error> {
    let message = outbox::find(tx, authority, id)?.ok_or(Error::NotFound)?;
    if message.channel == Channel::Letter && message.state == state { Ok(message) } else { Err(Error::NotFound) }
}

/// The letter as a PDF.
pub async fn print(Served(app): Served<App>, session: Session, Path(id): Path<Uuid>) -> Result<Response, Error> {
    session.require(Action::PostLetters)?;
    let authority = session.signed_in.actor.authority;
    let bytes = app
        .blocking(move |app| {
            let (message, area, profile) = app.db.read("post.letter", |tx| -> Result<_, Error> {
                let message = letter_in(tx, authority, id, State::ToPrint)?;
                let (_, _, profile) = store::authority(tx, authority)?;
                Ok((message, area_name(tx, authority)?, profile))
            })?;
            let address = app.settings.address();
            let envelope: Vec<String> = message.recipient.lines().map(str::to_owned).collect();
            let composing = Composing { area: &area, address: &address };
            let printing = Printing::at(app.clock.now().to_zoned_datetime(TimeZone::UTC).datetime());
            letter::pdf(&message, &envelope, (&composing, &profile), app.clock.today(), &printing)
        })
        .await?;
    Ok(crate::record::files::answer("letter", "application/pdf", bytes))
}

/// It was printed and is in the post.
pub async fn posted(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    session.require(Action::PostLetters)?;
    let authority = session.signed_in.actor.authority;
    app.blocking(move |app| {
        let now: Timestamp = app.clock.now();
        app.db.write("post.posted", |tx| -> Result<(), Error> {
            let message = outbox::find(tx, authority, id)?.filter(|message| message.channel == Channel::Letter);
            let message = message.ok_or(Error::NotFound)?;
            // Pressed twice, it was posted once. Its words are kept until it can no longer come back.
            if message.state == State::ToPrint {
                outbox::sent(tx, authority, &message, (State::Sent, None, &message.body), now)?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(see_other("/letters"))
}

/// It came back: the next message goes another way, and so does what it said.
pub async fn returned(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    session.require(Action::PostLetters)?;
    let authority = session.signed_in.actor.authority;
    app.blocking(move |app| {
        app.db.write("post.returned", |tx| -> Result<(), Error> {
            let message = outbox::find(tx, authority, id)?.filter(|message| message.channel == Channel::Letter);
            let message = message.ok_or(Error::NotFound)?;
            if message.state == State::Sent {
                did_not_arrive(tx, app, authority, &message, "the letter came back")?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(see_other("/letters"))
}
