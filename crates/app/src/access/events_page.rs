//! `/sign-ins`: the record of sign-ins, for those who manage the area.

use super::account::way_words;
use super::events::{self, Asked, Outcome};
use crate::ports::london_time;
use crate::web::{Choice, Fields, Frame, Page, Session, Typed, short_date};
use crate::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use casework::access::Action;
use govuk::Html;
use jiff::Timestamp;
use strum::IntoEnumIterator;

const PAGE: u64 = 50;
/// Most characters of a search.
const WORDS_CHARS_MAX: usize = 100;

pub fn routes() -> Router<App> {
    Router::new().route("/sign-ins", get(show))
}

struct Line {
    at: String,
    who: String,
    way: String,
    outcome: &'static str,
    why: String,
    reference: String,
}

#[derive(Template)]
#[template(path = "access/events.html")]
struct EventsPage<'a> {
    f: Fields<'a>,
    outcomes: Vec<Choice>,
    lines: Vec<Line>,
    total: u64,
    pages: Html,
}

/// "23 November 2026, 10:05am".
fn short_time(at: Timestamp) -> String {
    let time = london_time(at);
    format!("{}, {}", short_date(time.date()), time.strftime("%-I:%M%P"))
}

async fn show(State(app): State<App>, session: Session, RawQuery(query): RawQuery) -> Result<Page, Error> {
    session.require(Action::ManageArea)?;
    let typed = Typed::decode(query.unwrap_or_default().as_bytes())?;
    let number = typed.get("page").parse::<u64>().unwrap_or(1).clamp(1, 100_000);
    let words: String = typed.get("words").chars().take(WORDS_CHARS_MAX).collect();
    let asked = Asked { outcome: typed.get("outcome").parse().ok(), words, first: (number - 1) * PAGE, count: PAGE };
    let authority = session.signed_in.actor.authority;
    let (lines, total) =
        app.blocking(move |app| app.db.read("access.events", |tx| events::find(tx, authority, &asked))).await?;
    let lines = lines
        .into_iter()
        .map(|line| Line {
            at: short_time(line.at),
            who: match (line.name.is_empty(), line.address.is_empty()) {
                (false, _) => line.name,
                (true, false) => line.address,
                (true, true) => "Not known".to_owned(),
            },
            way: way_words(&app, &line.way),
            outcome: line.outcome.label(),
            why: line.reason.map(|why| format!("{}: {}", why.part.words(), why.reason.words())).unwrap_or_default(),
            reference: line.reference,
        })
        .collect();
    let pages = govuk::Pagination::of(number, total.div_ceil(PAGE), |page| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("outcome", typed.get("outcome"))
            .append_pair("words", typed.get("words"))
            .append_pair("page", &page.to_string())
            .finish();
        format!("/sign-ins?{query}")
    });
    let view = EventsPage {
        f: Fields { typed: &typed, errors: &[] },
        outcomes: Outcome::iter().map(|outcome| (outcome.to_string(), outcome.label().to_owned())).collect(),
        lines,
        total,
        pages: if total > PAGE { pages.into() } else { Html::default() },
    };
    Frame::for_session(&session, "Sign-ins").here("/sign-ins").wide().render(&view)
}
