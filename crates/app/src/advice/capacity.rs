//! A team's capacity: the days it has for advice, the days a piece takes, and the week in which each
//! piece of its queue is reached.

use crate::web::{Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Reach, Role, reach};
use casework::advice::capacity::{Capacity, TenthsOfDays, Week, monday};
use casework::{AuthorityId, BodyId, UserId};
use db::Tx;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Weeks that the page looks ahead.
const WEEKS: usize = 12;
/// Weeks that the forecast of a queue looks ahead.
pub(crate) const AHEAD: usize = 52;
/// Most days that a piece of advice or a week of a team can be said to have.
const DAYS_MAX: f64 = 500.0;
/// Most pieces that are forecast: years of a team's work.
const QUEUE_MAX: i64 = 5_000;

const SAID: &str = "SELECT each_tenths, week_tenths FROM team_capacity WHERE authority_id = $1 AND body_id = $2";
const SAY: &str = "INSERT INTO team_capacity (authority_id, body_id, each_tenths, week_tenths, said_by, said_at) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (authority_id, body_id) DO UPDATE SET each_tenths = excluded.each_tenths, \
    week_tenths = excluded.week_tenths, said_by = excluded.said_by, said_at = excluded.said_at";
const WEEKS_THAT_DIFFER: &str = "SELECT monday, week_tenths FROM team_weeks \
    WHERE authority_id = $1 AND body_id = $2 AND monday >= $3 ORDER BY monday LIMIT 200";
const SAY_WEEK: &str = "INSERT INTO team_weeks (authority_id, body_id, monday, week_tenths) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (authority_id, body_id, monday) DO UPDATE SET week_tenths = excluded.week_tenths";
const FORGET_WEEK: &str = "DELETE FROM team_weeks WHERE authority_id = $1 AND body_id = $2 AND monday = $3";
const TEAMS: &str =
    "SELECT body_id, name FROM bodies WHERE authority_id = $1 AND NOT is_independent ORDER BY name, body_id";
/// The queue in its fair order, as the page of the queue lists it.
const QUEUE: &str = "SELECT w.advice_id, w.due_on FROM advice_waiting w \
    JOIN cases c ON c.authority_id = w.authority_id AND c.case_id = w.case_id \
    WHERE w.authority_id = $1 AND w.body_id = $2 AND w.purpose = 'advice' \
    ORDER BY w.due_on, c.out_of_education_since IS NULL, w.case_id, w.advice_id LIMIT $3";

/// What a team said of itself; none when it has said nothing.
///
/// # Errors
/// When the database fails.
fn capacity(tx: &mut dyn Tx, authority: AuthorityId, body: BodyId, today: Date) -> Result<Option<Capacity>, Error> {
    let key = [authority.0.into(), body.0.into()];
    let Some(row) = tx.find(SAID, &key)? else { return Ok(None) };
    let [own, team] = key;
    let weeks = tx.query(WEEKS_THAT_DIFFER, &[own, team, monday(today).into()])?;
    let weeks = weeks.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<_, Error>>()?;
    Ok(Some(Capacity { each: row.get(0)?, a_week: row.get(1)?, weeks }))
}

/// Keeps what a team says of itself.
///
/// # Errors
/// When the database fails.
pub(crate) fn say(
    tx: &mut dyn Tx,
    (authority, body): (AuthorityId, BodyId),
    (each, a_week): (TenthsOfDays, TenthsOfDays),
    by: UserId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(SAY, &[authority.0.into(), body.0.into(), each.into(), a_week.into(), by.0.into(), now.into()])?;
    Ok(())
}

/// The Monday of the week in which each piece of a team's queue is reached. Empty when the team has
/// said nothing of its days.
///
/// # Errors
/// When the database fails.
pub(crate) fn reached(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    body: BodyId,
    today: Date,
) -> Result<HashMap<Uuid, Date>, Error> {
    let Some(capacity) = capacity(tx, authority, body, today)? else { return Ok(HashMap::new()) };
    let queue = queue(tx, authority, body)?;
    let (_, weeks) = capacity.forecast(today, queue.len(), AHEAD);
    Ok(queue.into_iter().zip(weeks).filter_map(|((advice, _), week)| Some((advice, week?))).collect())
}

fn queue(tx: &mut dyn Tx, authority: AuthorityId, body: BodyId) -> Result<Vec<(Uuid, Date)>, Error> {
    let rows = tx.query(QUEUE, &[authority.0.into(), body.0.into(), QUEUE_MAX.into()])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Which team, and what if it had more days a week.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    team: String,
    #[serde(default)]
    more: String,
    /// From which day on; from now when it is left empty.
    #[serde(default, rename = "from-on-day")]
    from_day: String,
    #[serde(default, rename = "from-on-month")]
    from_month: String,
    #[serde(default, rename = "from-on-year")]
    from_year: String,
}

impl Asked {
    /// The question as it was typed.
    fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        typed.set("more", self.more.clone());
        typed.set("from-on-day", self.from_day.clone());
        typed.set("from-on-month", self.from_month.clone());
        typed.set("from-on-year", self.from_year.clone());
        typed
    }
}

struct Row {
    week: Week,
    /// Pieces whose six weeks end in this week.
    due: usize,
    /// Pieces that are finished after their six weeks are over.
    breached: usize,
    /// Finished in this week with the extra days.
    with_more: Option<usize>,
}

#[derive(Template)]
#[template(path = "advice/capacity.html")]
struct CapacityPage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    team: String,
    teams: Vec<Choice>,
    /// An adviser has one team and does not choose.
    is_adviser: bool,
    said: bool,
    waiting: usize,
    rows: Vec<Row>,
    late: usize,
    late_with_more: Option<usize>,
    /// The form of the question, with what is wrong in it.
    what_if: Fields<'a>,
    more: String,
    /// From which day on, in words.
    from: String,
    /// Pieces that are reached in an earlier week.
    sooner: usize,
    differ: Vec<(Date, String)>,
}

/// "2.5", "3".
fn days(tenths: u32) -> String {
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// A number of days as typed, in tenths.
fn tenths(text: &str) -> Option<u32> {
    let number: f64 = text.trim().parse().ok().filter(|days: &f64| (0.0..=DAYS_MAX).contains(days))?;
    // Bounded above, so nothing is lost.
    Some((number * 10.0).round() as u32)
}

/// The team whose capacity this person may see and set. An adviser's own, whatever is asked for.
fn team_of(session: &Session, asked: &str, teams: &[Choice]) -> Result<BodyId, Error> {
    let actor = &session.signed_in.actor;
    if reach(actor.role, Action::PlanCapacity) == Reach::OwnAdvice {
        return actor.body.ok_or(Error::NotFound);
    }
    let known = |id: &str| teams.iter().find(|(team, _)| team == id);
    let chosen = if asked.is_empty() { teams.first() } else { known(asked) };
    chosen.and_then(|(id, _)| id.parse().ok()).ok_or(Error::NotFound)
}

async fn page(app: App, session: Session, asked: Asked, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    session.require(Action::PlanCapacity)?;
    let (authority, today) = (session.signed_in.actor.authority, app.clock.today());
    let (reader, wanted) = (session.clone(), asked.team.clone());
    let (teams, team, capacity, queue) = app
        .blocking(move |app| {
            app.db.read("advice.capacity", |tx| -> Result<_, Error> {
                let mut teams: Vec<Choice> = Vec::new();
                for row in tx.query(TEAMS, &[authority.0.into()])? {
                    teams.push((row.get::<Uuid>(0)?.to_string(), row.get(1)?));
                }
                let team = team_of(&reader, &wanted, &teams)?;
                Ok((teams, team, capacity(tx, authority, team, today)?, queue(tx, authority, team)?))
            })
        })
        .await?;
    let question = asked.typed();
    let mut doubts = Problems::default();
    let extra = tenths(&asked.more).filter(|more| *more > 0);
    if !asked.more.trim().is_empty() && extra.is_none() {
        doubts.add("more", "Enter a number of days, such as 2 or 2.5");
    }
    let from = doubts.optional_date(&question, "from-on", "The day");
    let doubts = match doubts.check() {
        Err(Error::Fields(errors)) => errors,
        _ => vec![],
    };
    let problem = if problem.errors.is_empty() { Problem { errors: doubts } } else { problem };
    let mut typed = typed.unwrap_or_default();
    if let Some(said) = &capacity {
        for (field, value) in [("each", said.each), ("a-week", said.a_week)] {
            if typed.find(field).is_none() {
                typed.add(field, days(value));
            }
        }
    }
    let forecast = |capacity: &Capacity| {
        let (weeks, reached) = capacity.forecast(today, queue.len(), AHEAD);
        let late_in = |week: Date| -> usize {
            let pairs = queue.iter().zip(&reached);
            // Finished by the Friday of that week.
            pairs.filter(|((_, due), done)| **done == Some(week) && law::calendar::days(week, 4) > *due).count()
        };
        let never = reached.iter().filter(|week| week.is_none()).count();
        let late = weeks.iter().map(|week| late_in(week.monday)).sum::<usize>() + never;
        let breached: Vec<usize> = weeks.iter().map(|week| late_in(week.monday)).collect();
        (weeks, breached, late, reached)
    };
    let extra = extra.filter(|_| problem.errors.is_empty());
    let with_more = capacity
        .as_ref()
        .zip(extra)
        .map(|(said, extra)| forecast(&said.with_more(extra, from.unwrap_or(today), today, AHEAD)));
    let mut sooner = 0;
    let mut rows = Vec::new();
    let mut late = 0;
    if let Some(said) = &capacity {
        let (weeks, breached, all_late, reached) = forecast(said);
        late = all_late;
        if let Some((.., then)) = &with_more {
            let is_sooner = |(now, then): &(&Option<Date>, &Option<Date>)| match (now, then) {
                (Some(now), Some(then)) => then < now,
                (None, then) => then.is_some(),
                _ => false,
            };
            sooner = reached.iter().zip(then).filter(is_sooner).count();
        }
        for (index, (week, breached)) in weeks.into_iter().zip(breached).take(WEEKS).enumerate() {
            let end = law::calendar::days(week.monday, 6);
            rows.push(Row {
                due: queue.iter().filter(|(_, due)| (week.monday..=end).contains(due)).count(),
                breached,
                with_more: with_more.as_ref().map(|(weeks, ..)| weeks[index].done),
                week,
            });
        }
    }
    let view = CapacityPage {
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        team: team.to_string(),
        teams,
        is_adviser: session.signed_in.actor.role == Role::Adviser,
        said: capacity.is_some(),
        waiting: queue.len(),
        rows,
        late,
        late_with_more: with_more.map(|(_, _, late, _)| late),
        what_if: Fields { typed: &question, errors: &problem.errors },
        from: from
            .filter(|from| *from > today)
            .map(|from| format!(" from {}", crate::web::long_date(from)))
            .unwrap_or_default(),
        sooner,
        more: asked.more,
        differ: capacity
            .map(|said| said.weeks.into_iter().map(|(week, tenths)| (week, days(tenths))).collect())
            .unwrap_or_default(),
    };
    Frame::for_session(&session, "Capacity for advice")
        .here("/advice")
        .back("/advice", "Back to the queue")
        .with_errors(&problem.errors)
        .wide()
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Page, Error> {
    page(app, session, asked, None, Problem::default()).await
}

/// What a form of the page says.
enum Said {
    Always { each: u32, a_week: u32 },
    Week { monday: Date, days: u32 },
    Forget { monday: Date },
}

fn parse(typed: &Typed, today: Date) -> Result<Said, Error> {
    let mut problems = Problems::default();
    let number = |problems: &mut Problems, field: &'static str, ask: &str| {
        let days = tenths(typed.get(field));
        if days.is_none() {
            problems.add(field, format!("{ask} in days, such as 2.5"));
        }
        days.unwrap_or_default()
    };
    let said = match typed.get("what") {
        "forget" => Said::Forget { monday: typed.get("monday").parse().map_err(|_| Error::NotFound)? },
        "week" => {
            let on = problems.date(typed, "week", "A day of the week");
            if on.is_some_and(|on| monday(on) < monday(today)) {
                problems.add("week", "Choose this week or one to come");
            }
            let days = number(&mut problems, "days", "Enter what that week has");
            Said::Week { monday: monday(on.unwrap_or(today)), days }
        }
        _ => {
            let each = number(&mut problems, "each", "Enter what one piece of advice takes");
            if each == 0 && !typed.get("each").is_empty() {
                problems.add("each", "A piece of advice takes more than no time");
            }
            Said::Always { each, a_week: number(&mut problems, "a-week", "Enter what your team has for advice a week") }
        }
    };
    problems.check()?;
    Ok(said)
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Query(asked): Query<Asked>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    session.require(Action::PlanCapacity)?;
    let said = match parse(&typed, app.clock.today()) {
        Ok(said) => said,
        Err(error) => {
            let page = page(app, session, asked, Some(typed), Problem::of(error)?).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let (who, reader) = (session.who(&app), session.clone());
    let team = app
        .blocking(move |app| {
            app.db.write("advice.say_capacity", |tx| -> Result<BodyId, Error> {
                let mut teams: Vec<Choice> = Vec::new();
                for row in tx.query(TEAMS, &[who.authority.0.into()])? {
                    teams.push((row.get::<Uuid>(0)?.to_string(), row.get(1)?));
                }
                let team = team_of(&reader, &asked.team, &teams)?;
                let (own, body) = (who.authority.0.into(), team.0.into());
                match &said {
                    Said::Always { each, a_week } => {
                        let by = reader.signed_in.actor.user;
                        say(tx, (who.authority, team), (*each, *a_week), by, who.now)?;
                    }
                    Said::Week { monday, days } => {
                        tx.execute(SAY_WEEK, &[own, body, (*monday).into(), (*days).into()])?;
                    }
                    Said::Forget { monday } => {
                        tx.execute(FORGET_WEEK, &[own, body, (*monday).into()])?;
                    }
                }
                Ok(team)
            })
        })
        .await?;
    Ok(see_other(&format!("/advice/capacity?team={team}")))
}
