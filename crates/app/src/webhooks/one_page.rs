//! `/webhooks/{webhook}`: what one was sent, its secrets, replay, pause and end.

use super::line;
use super::pages::{HERE, tag, topic_words, trouble};
use super::store::{self, Delivery, OLD_SECRET_FOR, State, Webhook};
use crate::ports::london_time;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State as Served};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use strum::IntoEnumIterator;
use uuid::Uuid;

/// Deliveries on a page.
const SHOWN: i64 = 50;
/// As far back as a replay goes.
const REPLAY_DAYS_MAX: i32 = 366;

/// Which deliveries are asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    /// Only those before this place.
    before: Option<u64>,
    /// What was done just now.
    #[serde(default)]
    done: String,
}

struct Row {
    position: u64,
    event: String,
    case: Uuid,
    recorded: String,
    state: &'static str,
    colour: &'static str,
    /// What came of it, or when it goes.
    outcome: String,
    can_go_again: bool,
}

#[derive(Template)]
#[template(path = "webhooks/webhook.html")]
struct WebhookPage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    webhook: &'a Webhook,
    topics: String,
    state: &'static str,
    colour: &'static str,
    trouble: String,
    made: String,
    /// Until when the secret before signs too.
    old_until: Option<String>,
    /// Shown this once.
    secret: Option<String>,
    done: &'static str,
    counts: Vec<(&'static str, u64)>,
    states: Vec<Choice>,
    /// The state that is asked for; empty for all of them.
    wanted: &'static str,
    rows: Vec<Row>,
    older: Option<String>,
}

/// "23 November 2026, 10:04am".
fn moment(at: Timestamp) -> String {
    london_time(at).strftime("%-d %B %Y, %-I:%M%P").to_string()
}

fn row(delivery: Delivery) -> Row {
    let tries = match delivery.attempts {
        1 => "tried once".to_owned(),
        many => format!("tried {many} times"),
    };
    let (colour, outcome) = match delivery.state {
        State::Delivered => {
            let status = delivery.status.map(|status| format!("answered {status}")).unwrap_or_default();
            ("green", format!("{}, {status}", delivery.tried_at.map(moment).unwrap_or_default()))
        }
        State::Failed => ("red", format!("{tries}: {}", delivery.failure.unwrap_or_default())),
        State::Waiting if delivery.attempts == 0 => ("grey", "not tried yet".to_owned()),
        State::Waiting => {
            let why = delivery.failure.unwrap_or_default();
            ("yellow", format!("{tries}: {why}; again on {}", moment(delivery.go_at)))
        }
    };
    Row {
        position: delivery.position,
        case: delivery.case,
        recorded: moment(delivery.recorded_at),
        state: delivery.state.label(),
        colour,
        outcome,
        can_go_again: delivery.state != State::Waiting,
        event: delivery.event,
    }
}

/// The words of what was done just now, by its code.
fn done_words(code: &str) -> &'static str {
    match code {
        "paused" => "The webhook is paused. What happens meanwhile waits.",
        "resumed" => "The webhook is used again. What waited goes now.",
        "old-secret" => "The secret before no longer signs.",
        "replay" => "What was asked for goes once more.",
        "nothing" => "Nothing was recorded since that day.",
        "stopped" => "No more of it is put on its way. What was put there still goes.",
        "ended" => "The webhook has ended.",
        _ => "",
    }
}

/// The page of one webhook.
///
/// # Errors
/// [`Error::NotFound`] when the area has none of this id.
pub(super) async fn page(
    app: &App,
    session: &Session,
    id: Uuid,
    asked: &Asked,
    typed: &Typed,
    problem: &Problem,
    secret: Option<String>,
) -> Result<Page, Error> {
    session.require(Action::ManageWebhooks)?;
    let authority = session.signed_in.actor.authority;
    let (state, before) = (asked.state.parse::<State>().ok(), asked.before.unwrap_or(u64::MAX));
    let (webhook, mut deliveries, counts) = app
        .blocking(move |app| {
            app.db.read("webhooks.one", |tx| {
                let webhook = store::find(tx, authority, id)?;
                let deliveries = store::deliveries(tx, (authority, id), before, state, SHOWN + 1)?;
                Ok::<_, Error>((webhook, deliveries, store::counts(tx, authority, id)?))
            })
        })
        .await?;
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let is_cut = deliveries.len() > shown;
    deliveries.truncate(shown);
    let older = deliveries.last().filter(|_| is_cut).map(|last| {
        let state = state.map(|state| state.to_string()).unwrap_or_default();
        format!("{HERE}/{id}?state={state}&before={}", last.position)
    });
    let (tag_words, colour) = tag(&webhook);
    let now = app.clock.now();
    let view = WebhookPage {
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        topics: topic_words(&webhook.topics),
        state: tag_words,
        colour,
        trouble: trouble(&webhook),
        made: moment(webhook.made_at),
        old_until: webhook.old.as_ref().filter(|(_, until)| now < *until).map(|(_, until)| moment(*until)),
        secret,
        done: done_words(&asked.done),
        counts: counts.into_iter().map(|(state, count)| (state.label(), count)).collect(),
        wanted: state.map(Into::into).unwrap_or_default(),
        states: choices(State::iter(), |state| state.to_string(), State::label),
        rows: deliveries.into_iter().map(row).collect(),
        older,
        webhook: &webhook,
    };
    Frame::for_session(session, format!("{}: webhook", webhook.name))
        .back(HERE, "Webhooks")
        .with_errors(&problem.errors)
        .wide()
        .render(&view)
}

pub async fn show(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Page, Error> {
    page(&app, &session, id, &asked, &Typed::default(), &Problem::default(), None).await
}

/// The page again with what is in the way.
async fn mend(app: &App, session: &Session, id: Uuid, typed: &Typed, error: Error) -> Result<Response, Error> {
    let page = page(app, session, id, &Asked::default(), typed, &Problem::of(error)?, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Changes a webhook as it was seen.
async fn change(
    app: &App,
    session: &Session,
    id: Uuid,
    typed: &Typed,
    go_at: Option<SignedDuration>,
    how: impl Fn(&mut Webhook, Timestamp) + Send + 'static,
) -> Result<(), Error> {
    session.require(Action::ManageWebhooks)?;
    let (authority, seen) = (session.signed_in.actor.authority, typed.seen());
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.write("webhooks.change", |tx| {
            let mut webhook = store::find(tx, authority, id)?;
            let mut problems = Problems::default();
            if !webhook.is_living() {
                problems.add("form", "The webhook has ended");
            } else if seen != Some(webhook.version) {
                problems.add("form", "Somebody else changed this webhook meanwhile: look at it as it is now");
            }
            problems.check()?;
            how(&mut webhook, now);
            if store::keep(tx, authority, &webhook, go_at.map(|pause| now + pause))? {
                Ok(())
            } else {
                Err(Error::NotFound)
            }
        })
    })
    .await
}

fn back(id: Uuid, done: &str) -> Response {
    see_other(&format!("{HERE}/{id}?done={done}"))
}

/// Makes another secret. The one before signs beside it for a week, so that receivers can change over.
pub async fn new_secret(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let secret = line::new_secret();
    let made = change(&app, &session, id, &typed, None, move |webhook, now| {
        let before = std::mem::replace(&mut webhook.secret, secret.to_vec());
        webhook.old = Some((before, now + OLD_SECRET_FOR));
    });
    match made.await {
        Ok(()) => {
            let shown = Some(line::shown(&secret));
            let (asked, first, fine) = (Asked::default(), Typed::default(), Problem::default());
            Ok(page(&app, &session, id, &asked, &first, &fine, shown).await?.into_response())
        }
        Err(error) => mend(&app, &session, id, &typed, error).await,
    }
}

/// Ends the secret before at once: it was lost.
pub async fn end_old_secret(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    match change(&app, &session, id, &typed, None, |webhook, _| webhook.old = None).await {
        Ok(()) => Ok(back(id, "old-secret")),
        Err(error) => mend(&app, &session, id, &typed, error).await,
    }
}

pub async fn pause(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let paused = change(&app, &session, id, &typed, None, |webhook, now| {
        webhook.paused_at = Some(now);
        webhook.paused_why = None;
    });
    match paused.await {
        Ok(()) => Ok(back(id, "paused")),
        Err(error) => mend(&app, &session, id, &typed, error).await,
    }
}

pub async fn resume(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let resumed = change(&app, &session, id, &typed, None, |webhook, _| {
        (webhook.paused_at, webhook.paused_why) = (None, None);
        (webhook.failures, webhook.failing_since) = (0, None);
    });
    match resumed.await {
        Ok(()) => {
            let authority = session.signed_in.actor.authority;
            app.blocking(move |app| {
                let now = app.clock.now();
                app.db.write("webhooks.hurry", |tx| store::hurry(tx, authority, id, now))
            })
            .await?;
            Ok(back(id, "resumed"))
        }
        Err(error) => mend(&app, &session, id, &typed, error).await,
    }
}

/// Ends a webhook for good: it is told nothing more, and its secrets are deleted.
pub async fn end(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let ended = change(&app, &session, id, &typed, None, |webhook, now| {
        webhook.ended_at = Some(now);
        (webhook.secret, webhook.old) = (vec![], None);
    });
    match ended.await {
        Ok(()) => Ok(back(id, "ended")),
        Err(error) => mend(&app, &session, id, &typed, error).await,
    }
}

/// The day from which everything is sent once more.
///
/// # Errors
/// [`Error::Fields`].
pub(crate) fn replay_from(app: &App, typed: &Typed) -> Result<jiff::civil::Date, Error> {
    let today = app.clock.today();
    let mut problems = Problems::default();
    let from = problems.date(typed, "from-on", "The first day");
    if from.is_some_and(|from| from > today || from < law::calendar::days(today, -REPLAY_DAYS_MAX)) {
        problems.add("from-on", "The first day must be today or earlier, and at most a year ago");
    }
    problems.check()?;
    from.ok_or(Error::NotFound)
}

pub async fn replay(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    session.require(Action::ManageWebhooks)?;
    let from = match replay_from(&app, &typed) {
        Ok(from) => from,
        Err(error) => return mend(&app, &session, id, &typed, error).await,
    };
    let authority = session.signed_in.actor.authority;
    let asked = app.blocking(move |app| {
        app.db.write("webhooks.replay", |tx| {
            if !store::find(tx, authority, id)?.is_living() {
                return Err(Error::NotFound);
            }
            store::all_again(tx, authority, id, from)
        })
    });
    match asked.await {
        Ok(Some(_)) => Ok(back(id, "replay")),
        Ok(None) => Ok(back(id, "nothing")),
        Err(error) => mend(&app, &session, id, &typed, error).await,
    }
}

pub async fn stop_replay(
    Served(app): Served<App>,
    session: Session,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    session.require(Action::ManageWebhooks)?;
    let authority = session.signed_in.actor.authority;
    app.blocking(move |app| app.db.write("webhooks.stop_replay", |tx| store::stop_replay(tx, authority, id))).await?;
    Ok(back(id, "stopped"))
}

pub async fn replay_one(
    Served(app): Served<App>,
    session: Session,
    Path((id, position)): Path<(Uuid, u64)>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    session.require(Action::ManageWebhooks)?;
    let authority = session.signed_in.actor.authority;
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.write("webhooks.replay_one", |tx| {
            if !store::find(tx, authority, id)?.is_living() {
                return Err(Error::NotFound);
            }
            store::again(tx, authority, id, position, now)
        })
    })
    .await?;
    Ok(back(id, "replay"))
}
