//! The demo's page of what would have been sent: emails, texts and letters, as they would read.

use super::outbox::{self, State, columns};
use super::send::{Composing, area_name};
use crate::ports::london_time;
use crate::web::{Choice, Fields, Frame, Page, Typed, choices, long_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{RawQuery, State as Served};
use casework::AuthorityId;
use casework::post::{Channel, Mobile};
use strum::IntoEnumIterator;

const LATEST: &str = concat!(
    columns!(),
    "WHERE (channel = $1 OR $1 IS NULL) AND state <> 'digested' ORDER BY made_at DESC, message_id DESC LIMIT 50"
);

struct Shown {
    to: String,
    channel: &'static str,
    subject: String,
    body: String,
    at: String,
    stands: String,
}

#[derive(Template)]
#[template(path = "post/sink.html")]
struct MessagesPage<'a> {
    f: Fields<'a>,
    channels: Vec<Choice>,
    messages: Vec<Shown>,
}

pub async fn show(Served(app): Served<App>, RawQuery(query): RawQuery) -> Result<Page, Error> {
    if !app.settings.demo {
        return Err(Error::NotFound);
    }
    let typed = Typed::decode(query.unwrap_or_default().as_bytes())?;
    let channel: Option<Channel> = typed.get("channel").parse().ok();
    let messages = app
        .blocking(move |app| {
            app.db.read("post.latest", |tx| -> Result<_, Error> {
                let mut messages = Vec::new();
                let address = app.settings.address();
                for row in tx.query(LATEST, &[channel.map(<&'static str>::from).into()])? {
                    let message = outbox::read(&row)?;
                    let area = area_name(tx, AuthorityId(row.get("authority_id")?))?;
                    let when = |at| {
                        let at = london_time(at);
                        format!("{} at {}", long_date(at.date()), at.strftime("%-I:%M%P"))
                    };
                    let stands = match message.state {
                        State::Sent => String::new(),
                        State::Gathered | State::Waiting => format!("Goes on {}", when(message.go_at)),
                        state => state.label().to_owned(),
                    };
                    let mobile: Option<Mobile> = message.recipient.parse().ok();
                    let body = match message.body.is_empty() {
                        true => String::new(),
                        false => Composing { area: &area, address: &address }.words(message.channel, &message),
                    };
                    messages.push(Shown {
                        to: mobile.map_or_else(|| message.recipient.replace('\n', ", "), |mobile| mobile.to_string()),
                        channel: message.channel.label(),
                        at: when(message.sent_at.unwrap_or(message.made_at)),
                        stands,
                        body,
                        subject: message.subject,
                    });
                }
                Ok(messages)
            })
        })
        .await?;
    let channels = choices(Channel::iter(), |channel| channel.to_string(), Channel::label);
    let view = MessagesPage { f: Fields { typed: &typed, errors: &[] }, channels, messages };
    Frame::public("Messages of the demo").render(&view)
}
