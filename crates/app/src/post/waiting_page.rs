//! `/outbox`: what waits and why, and trying it again, for those who manage the area.

use super::outbox::{self, Message, State};
use super::reach::wall_words;
use super::send::put_again;
use super::waiting;
use crate::ports::london_time;
use crate::web::{Frame, Page, Posted, Session, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State as Served};
use axum::response::Response;
use casework::access::Action;
use uuid::Uuid;

struct Row {
    id: Uuid,
    what: &'static str,
    how: &'static str,
    since: String,
    why: String,
    is_stopped: bool,
}

#[derive(Template)]
#[template(path = "post/waiting.html")]
struct WaitingPage<'a> {
    csrf: &'a str,
    lines: Vec<(String, String)>,
    rows: Vec<Row>,
    is_all: bool,
}

fn row(message: Message) -> Row {
    Row {
        id: message.id,
        what: message.kind.label(),
        how: message.channel.label(),
        since: wall_words(london_time(message.go_at)),
        why: message.failure.unwrap_or_else(|| "It is about to go".to_owned()),
        is_stopped: message.state == State::Stopped,
    }
}

pub async fn show(Served(app): Served<App>, session: Session) -> Result<Page, Error> {
    session.require(Action::ManageArea)?;
    let authority = session.signed_in.actor.authority;
    let (lines, open) = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.read("post.waiting", |tx| {
                Ok::<_, Error>((waiting::lines(tx, authority, now)?, waiting::open(tx, authority, now)?))
            })
        })
        .await?;
    let today = app.clock.today();
    let is_all = open.len() < usize::try_from(waiting::SHOWN_MAX).unwrap_or(usize::MAX);
    let view = WaitingPage {
        csrf: &session.csrf,
        lines: lines
            .iter()
            .map(|line| {
                let said = line.away.as_ref().map(|(_, words)| words.clone()).unwrap_or_default();
                (line.words(today), said)
            })
            .collect(),
        rows: open.into_iter().map(row).collect(),
        is_all,
    };
    Frame::for_session(&session, "Messages that wait").here("/outbox").render(&view)
}

/// What stopped goes again: whatever stood in its way has been put right.
pub async fn again(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    session.require(Action::ManageArea)?;
    let authority = session.signed_in.actor.authority;
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.write("post.again", |tx| -> Result<(), Error> {
            let message = outbox::find(tx, authority, id)?.ok_or(Error::NotFound)?;
            // Pressed twice, it goes once.
            if message.state == State::Stopped {
                outbox::reschedule(tx, authority, &message, State::Waiting, now)?;
                put_again(tx, authority, &message, now)?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(see_other("/outbox"))
}
