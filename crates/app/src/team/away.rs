//! `/away`: saying that one is away, from when to when, and who covers.

use super::cover::{self, Away};
use super::officer::officers;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, long_date, see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::UserId;
use casework::access::{Action, Actor, Role};
use casework::cover::{Absence, Objection, check};
use db::Tx;
use jiff::civil::Date;
use uuid::Uuid;

struct Line {
    id: Uuid,
    said: String,
    may_end: bool,
    is_now: bool,
}

#[derive(Template)]
#[template(path = "team/away.html")]
struct AwayPage<'a> {
    csrf: &'a str,
    done: govuk::Html,
    summary: govuk::Html,
    f: Fields<'a>,
    /// For managers: for whom it is said.
    people: Option<Vec<Choice>>,
    covers: Vec<Choice>,
    lines: Vec<Line>,
}

fn words(objection: Objection, name_of: &dyn Fn(UserId) -> String) -> (&'static str, String) {
    let days = |from: Date, until: Date| format!("from {} to {}", long_date(from), long_date(until));
    match objection {
        Objection::EndsBeforeItBegins => ("until-on", "The last day away must not be before the first".to_owned()),
        Objection::IsOver => ("until-on", "The last day away must be today or later".to_owned()),
        Objection::TooLong => {
            ("until-on", "Away for more than a year: hand the cases over to another officer instead".to_owned())
        }
        Objection::CoversThemself => ("cover", "Select somebody else: nobody covers for themself".to_owned()),
        Objection::AwayAlready(from, until) => ("from-on", format!("It is noted already: away {}", days(from, until))),
        Objection::CoverIsAway(from, until) => {
            ("cover", format!("Select somebody else: they are away themselves {}", days(from, until)))
        }
        Objection::CoversThen(who, from, until) => (
            "from-on",
            format!("They cover for {} {}: say who covers there instead, first", name_of(who), days(from, until)),
        ),
    }
}

/// Notes that somebody is away. Managers say it for anybody, everyone else for themself.
fn note(tx: &mut dyn Tx, app: &App, actor: &Actor, typed: &Typed) -> Result<(), Error> {
    let today = app.clock.today();
    let people = officers(tx, actor.authority)?;
    let known = |id: &Uuid| people.iter().any(|(known, _)| known == id);
    let mut problems = Problems::default();
    let who = if actor.role == Role::Manager {
        let who: Option<Uuid> = problems.choice(typed, "who", "Select who is away");
        if who.is_some_and(|who| !known(&who)) {
            problems.add("who", "Select who is away");
        }
        who.unwrap_or_default()
    } else {
        actor.user.0
    };
    let from = problems.date(typed, "from-on", "The first day away");
    let until = problems.date(typed, "until-on", "The last day away");
    let ask = "Select who covers";
    let cover: Option<Uuid> = problems.choice(typed, "cover", ask);
    if cover.is_some_and(|cover| !known(&cover)) {
        problems.add("cover", ask);
    }
    problems.check()?;
    let (Some(from), Some(until), Some(cover)) = (from, until, cover) else { return Err(Error::NotFound) };
    let absence = Absence { who: UserId(who), from, until, cover: UserId(cover) };
    let open: Vec<Absence> = cover::open(tx, actor.authority, today)?.into_iter().map(|away| away.absence).collect();
    // Sent twice, it is one.
    if open.contains(&absence) {
        return Ok(());
    }
    let name_of =
        |user: UserId| people.iter().find(|(id, _)| *id == user.0).map(|(_, name)| name.clone()).unwrap_or_default();
    check(&absence, &open, today).map_err(|objection| {
        let (field, said) = words(objection, &name_of);
        Error::Fields(vec![crate::FieldError::new(field, said)])
    })?;
    cover::add(tx, app, actor.authority, &absence, Some(actor.user))
}

fn may_end(actor: &Actor, away: &Away) -> bool {
    actor.role == Role::Manager || away.absence.who == actor.user
}

async fn page(app: &App, session: &Session, done: &str, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    session.require(Action::SayAway)?;
    let actor = session.signed_in.actor.clone();
    let authority = actor.authority;
    let today = app.clock.today();
    let (people, open) = app
        .blocking(move |app| {
            app.db
                .read("team.away", |tx| Ok::<_, Error>((officers(tx, authority)?, cover::open(tx, authority, today)?)))
        })
        .await?;
    let people: Vec<Choice> = people.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let own = actor.user.0.to_string();
    let is_manager = actor.role == Role::Manager;
    let covers = people.iter().filter(|(id, _)| is_manager || *id != own).cloned().collect();
    let line = |away: &Away| Line {
        id: away.id,
        said: format!(
            "{} is away from {} to {}. {} covers.",
            away.who,
            long_date(away.absence.from),
            long_date(away.absence.until),
            away.cover
        ),
        may_end: may_end(&actor, away),
        is_now: away.absence.holds(today),
    };
    let said = match done {
        "noted" => "It is noted. Families are told on the first day away, today if that is today.",
        "ended" => "It is ended.",
        _ => "",
    };
    let view = AwayPage {
        csrf: &session.csrf,
        done: if said.is_empty() { govuk::Html::default() } else { govuk::NotificationBanner::success(said).into() },
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        people: is_manager.then_some(people),
        covers,
        lines: open.iter().map(line).collect(),
    };
    Frame::for_session(session, "Away and cover")
        .here("/today")
        .back("/today", "Back to today")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, RawQuery(query): RawQuery) -> Result<Page, Error> {
    let query = Typed::decode(query.unwrap_or_default().as_bytes())?;
    page(&app, &session, query.get("done"), &Typed::default(), &Problem::default()).await
}

pub async fn save(State(app): State<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    session.require(Action::SayAway)?;
    let (actor, posted) = (session.signed_in.actor.clone(), typed.clone());
    let noted = app
        .blocking(move |app| {
            app.db.write("team.note_absence", |tx| note(tx, app, &actor, &posted))?;
            // Whoever is away from today: their families are told now.
            cover::sweep(app)
        })
        .await;
    match noted {
        Ok(_) => Ok(see_other("/away?done=noted")),
        Err(error) => {
            let page = page(&app, &session, "", &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// They are back, or do not go.
pub async fn end(
    State(app): State<App>,
    session: Session,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    session.require(Action::SayAway)?;
    let actor = session.signed_in.actor.clone();
    app.blocking(move |app| {
        let today = app.clock.today();
        app.db.write("team.end_absence", |tx| -> Result<(), Error> {
            let open = cover::open(tx, actor.authority, today)?;
            // Pressed twice, it is ended once.
            let Some(away) = open.iter().find(|away| away.id == id) else { return Ok(()) };
            if !may_end(&actor, away) {
                return Err(Error::NotAllowed);
            }
            cover::end(tx, actor.authority, away, today)
        })
    })
    .await?;
    Ok(see_other("/away?done=ended"))
}
