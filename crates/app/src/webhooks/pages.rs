//! `/webhooks`: the area's webhooks, and the form for another.

use super::line::{self, Reach};
use super::one_page;
use super::store::{self, LIVING_MAX, NewWebhook, Standing, Webhook};
use crate::api::tokens::services;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Role, reach};
use casework::feed::Topic;
use casework::{AuthorityId, UserId};
use db::Tx;
use strum::IntoEnumIterator;
use uuid::Uuid;

pub(super) const HERE: &str = "/webhooks";
/// Most characters of a webhook's name.
const NAME_CHARS_MAX: usize = 100;

struct Line {
    webhook: Webhook,
    topics: String,
    state: &'static str,
    colour: &'static str,
    /// What a person should know about it, if anything.
    trouble: String,
}

#[derive(Template)]
#[template(path = "webhooks/webhooks.html")]
struct WebhooksPage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    rights: Vec<Choice>,
    topics: Vec<Choice>,
    lines: Vec<Line>,
    /// Made once a page: a form that is sent twice makes one webhook.
    id: Uuid,
    may_make_services: bool,
    /// Nothing leaves a demo.
    goes_nowhere: bool,
}

/// How a state is shown: the word and the colour of its tag.
pub(super) fn tag(webhook: &Webhook) -> (&'static str, &'static str) {
    match webhook.standing() {
        Standing::Ended => ("Ended", "grey"),
        Standing::Paused => ("Paused", "yellow"),
        Standing::Works if webhook.failures > 0 => ("Failing", "orange"),
        Standing::Works => ("Works", "green"),
    }
}

/// What stands in the way, in words.
pub(super) fn trouble(webhook: &Webhook) -> String {
    match &webhook.paused_why {
        Some(why) if webhook.paused_at.is_some() => format!("Paused by itself: {why}."),
        _ if webhook.is_living() && !webhook.owner_is_active => {
            format!("{} no longer works here, so nothing is sent.", webhook.owner)
        }
        _ => String::new(),
    }
}

/// Those by whose rights a webhook can be told: oneself, and the area's services.
fn owners(tx: &mut dyn Tx, session: &Session) -> Result<Vec<(UserId, String, Role)>, Error> {
    let actor = &session.signed_in.actor;
    let own = (actor.user, format!("{} (you)", session.signed_in.name), actor.role);
    let services = services::all(tx, actor.authority)?.into_iter().filter(|service| service.is_active);
    let all = std::iter::once(own).chain(services.map(|service| (service.user, service.name, service.role)));
    // Whoever may see no child is told of none.
    Ok(all.filter(|(_, _, role)| reach(*role, Action::SeeCase) != casework::access::Reach::Nobody).collect())
}

async fn page(app: &App, session: &Session, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    session.require(Action::ManageWebhooks)?;
    let (asking, authority) = (session.clone(), session.signed_in.actor.authority);
    let (webhooks, owners) = app
        .blocking(move |app| {
            app.db.read("webhooks.all", |tx| Ok::<_, Error>((store::all(tx, authority)?, owners(tx, &asking)?)))
        })
        .await?;
    let line = |webhook: Webhook| {
        let (state, colour) = tag(&webhook);
        let trouble = trouble(&webhook);
        Line { topics: topic_words(&webhook.topics), state, colour, trouble, webhook }
    };
    let view = WebhooksPage {
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        rights: owners
            .into_iter()
            .map(|(user, name, role)| (user.to_string(), format!("{name}: {}", role.label())))
            .collect(),
        topics: choices(Topic::iter(), |topic| topic.to_string(), Topic::label),
        lines: webhooks.into_iter().map(line).collect(),
        id: app.ids.next(),
        may_make_services: session.may(Action::ManageArea),
        goes_nowhere: Reach::of(&app.settings) == Reach::Nowhere,
    };
    Frame::for_session(session, "Webhooks").here(HERE).with_errors(&problem.errors).render(&view)
}

/// "Everything", or what it is told about.
pub(super) fn topic_words(topics: &[Topic]) -> String {
    if topics.len() == Topic::iter().count() {
        return "Everything".to_owned();
    }
    topics.iter().map(|topic| topic.label()).collect::<Vec<_>>().join("; ")
}

pub async fn show(State(app): State<App>, session: Session) -> Result<Page, Error> {
    page(&app, &session, &Typed::default(), &Problem::default()).await
}

fn parse(tx: &mut dyn Tx, app: &App, session: &Session, typed: &Typed) -> Result<NewWebhook, Error> {
    let mut problems = Problems::default();
    let name = problems.text(typed, "name", "Enter a name that says who is told", NAME_CHARS_MAX);
    let address = match line::check(typed.get("address"), Reach::of(&app.settings)) {
        Ok(address) => address,
        Err(why) => {
            problems.add("address", why);
            String::new()
        }
    };
    let asked = "Select whose rights decide what it is told";
    let user = problems.choice::<UserId>(typed, "rights", asked);
    if let Some(user) = user
        && !owners(tx, session)?.iter().any(|(known, ..)| *known == user)
    {
        problems.add("rights", asked);
    }
    let topics: Vec<Topic> = Topic::iter().filter(|topic| typed.has("topics", &topic.to_string())).collect();
    if topics.is_empty() {
        problems.add("topics", "Select what it is told about");
    }
    problems.check()?;
    let id = typed.get("webhook").parse().unwrap_or_else(|_| app.ids.next());
    Ok(NewWebhook { id, name, address, topics, user: user.ok_or(Error::NotFound)? })
}

fn save(tx: &mut dyn Tx, app: &App, session: &Session, typed: &Typed) -> Result<(Uuid, Option<String>), Error> {
    let authority: AuthorityId = session.signed_in.actor.authority;
    let new = parse(tx, app, session, typed)?;
    if store::living(tx, authority)? >= LIVING_MAX {
        let mut problems = Problems::default();
        problems.add("form", format!("There are {LIVING_MAX} webhooks. End one that is no longer needed"));
        problems.check()?;
    }
    let secret = store::add(tx, app, authority, &new, session.signed_in.actor.user)?;
    Ok((new.id, secret))
}

pub async fn add(State(app): State<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    session.require(Action::ManageWebhooks)?;
    let (asking, posted) = (session.clone(), typed.clone());
    let added = app.blocking(move |app| app.db.write("webhooks.add", |tx| save(tx, app, &asking, &posted))).await;
    match added {
        Ok((id, None)) => Ok(see_other(&format!("{HERE}/{id}"))),
        Ok((id, secret)) => {
            let asked = one_page::Asked::default();
            let page =
                one_page::page(&app, &session, id, &asked, &Typed::default(), &Problem::default(), secret).await?;
            Ok(page.into_response())
        }
        Err(error) => {
            let page = page(&app, &session, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
