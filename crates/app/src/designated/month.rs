//! The month for a board: how many answers came in time, by team, with small numbers hidden. Each
//! number opens its list for the designated officer, and for nobody else.

use super::own_part;
use crate::record::looks::named;
use crate::record::store::{Scope, in_scope, name_of};
use crate::web::{Choice, Frame, Page, Session, csv, short_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use casework::access::{Action, Actor};
use casework::designated::Part;
use casework::designated::figures::{LEAST, Seen, shown};
use db::{Row, Tx, Value};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;

/// Months that can be chosen, this one with them.
const MONTHS: i32 = 24;
/// Most children that are listed behind a number.
const LISTED_MAX: i64 = 500;

/// What counts, of the scope: `$5` a kind, `$6` and `$7` the days of the month, `$8` today. What is not
/// answered counts once it is late.
macro_rules! due {
    ($columns:literal, $end:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM advice_asked a JOIN cases c ON c.authority_id = a.authority_id AND c.case_id = a.case_id \
             JOIN bodies b ON b.authority_id = a.authority_id AND b.body_id = a.body_id \
             JOIN people p ON p.authority_id = a.authority_id AND p.case_id = a.case_id WHERE ",
            in_scope!(),
            " AND a.authority_id = $1 AND a.kind = $5 AND a.due_on >= $6 AND a.due_on <= $7 \
             AND (a.replied_on IS NOT NULL OR a.due_on < $8)",
            $end
        )
    };
}

const BY_TEAM: &str = concat!(
    "SELECT t.body_id, t.name, SUM(t.in_time) AS in_time, COUNT(*) AS due FROM (",
    due!(
        "a.body_id, b.name, CASE WHEN a.replied_on <= a.due_on AND a.reply <> 'decided_without' THEN 1 ELSE 0 END AS in_time",
        ""
    ),
    ") t GROUP BY t.body_id, t.name ORDER BY t.name, t.body_id"
);
const BEHIND: &str = concat!(
    "SELECT t.* FROM (",
    due!(
        "a.case_id, a.body_id, b.name AS team, a.due_on, a.replied_on, p.given_name, p.family_name, p.known_as, \
         CASE WHEN a.replied_on <= a.due_on AND a.reply <> 'decided_without' THEN 1 ELSE 0 END AS in_time, a.advice_id",
        ""
    ),
    ") t WHERE (t.body_id = $9 OR $9 IS NULL) AND (t.in_time = $10 OR $10 IS NULL) ORDER BY t.due_on, t.advice_id LIMIT $11"
);

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    /// "2026-10".
    #[serde(default)]
    month: String,
    #[serde(default)]
    team: String,
    #[serde(default)]
    which: String,
}

impl Asked {
    /// The first day of the month asked for; without one that can be read, the last that is over.
    fn first(&self, today: Date) -> Date {
        let this = today.first_of_month();
        let last = this.checked_sub(1.month()).unwrap_or(this);
        let asked: Option<Date> = format!("{}-01", self.month).parse().ok();
        asked.filter(|first| months(today).any(|month| month == *first)).unwrap_or(last)
    }
}

/// The months that can be chosen, the last that is over first: of a month that still grows, two downloads
/// beside each other would tell what each hides.
fn months(today: Date) -> impl Iterator<Item = Date> {
    let this = today.first_of_month();
    (1..=MONTHS).filter_map(move |back| this.checked_sub(back.months()).ok())
}

fn code(month: Date) -> String {
    month.strftime("%Y-%m").to_string()
}

fn parameters(actor: &Actor, part: Part, first: Date, today: Date) -> Vec<Value> {
    let kind: &'static str = part.advice().into();
    let mut parameters = Scope::of(actor, Action::SeeDesignated).parameters().to_vec();
    parameters.extend([kind.into(), first.into(), first.last_of_month().into(), today.into()]);
    parameters
}

/// One team's figures.
struct Team {
    body: Uuid,
    name: String,
    in_time: u32,
    late: u32,
}

fn teams(tx: &mut dyn Tx, actor: &Actor, part: Part, first: Date, today: Date) -> Result<Vec<Team>, Error> {
    let read = |row: &Row| -> Result<Team, Error> {
        let (in_time, due): (i64, i64) = (row.get("in_time")?, row.get("due")?);
        let number = |count: i64| u32::try_from(count).unwrap_or_default();
        let (in_time, late) = (number(in_time), number(due - in_time));
        Ok(Team { body: row.get("body_id")?, name: row.get("name")?, in_time, late })
    };
    tx.query(BY_TEAM, &parameters(actor, part, first, today))?.iter().map(read).collect()
}

/// One line of the table as a board sees it: in time, late, all, per cent in time.
struct Line {
    team: Option<Uuid>,
    name: String,
    cells: Vec<Seen>,
}

fn lines(teams: &[Team]) -> Vec<Line> {
    let rows: Vec<Vec<u32>> = teams.iter().map(|team| vec![team.in_time, team.late]).collect();
    let names = teams.iter().map(|team| (Some(team.body), team.name.clone())).chain([(None, "All teams".to_owned())]);
    if teams.is_empty() {
        return vec![];
    }
    shown(&rows).into_iter().zip(names).map(|(cells, (team, name))| Line { team, name, cells }).collect()
}

fn said(seen: Seen) -> String {
    match seen {
        Seen::Number(number) => number.to_string(),
        Seen::Hidden => "hidden".to_owned(),
    }
}

impl Line {
    /// Worked out only of what is shown.
    fn percent(&self) -> String {
        match self.cells.as_slice() {
            [Seen::Number(in_time), Seen::Number(_), Seen::Number(all)] if *all > 0 => {
                format!("{}%", (in_time * 200 + all) / (all * 2))
            }
            _ => "hidden".to_owned(),
        }
    }
}

/// What the figures say, beside each: heading and definition.
fn definitions(part: Part) -> [(&'static str, String); 4] {
    let kind = part.advice();
    [
        (
            "In time",
            format!(
                "{} whose six weeks ended in the month ({}) and that was answered on or before that day, by advice, by “known, nothing to add” or by earlier advice that stands",
                kind.label(),
                kind.citation()
            ),
        ),
        (
            "Late",
            "Of the same, answered after that day, not answered though the day is over, or decided without".to_owned(),
        ),
        ("All", "In time and late together. What is due later in this month is not counted yet".to_owned()),
        ("Per cent in time", "In time, of all; only where none of the three is hidden".to_owned()),
    ]
}

#[derive(Template)]
#[template(path = "designated/month.html")]
struct MonthPage {
    part: Part,
    month: String,
    name: String,
    months: Vec<Choice>,
    lines: Vec<Line>,
    definitions: [(&'static str, String); 4],
    least: u32,
}

fn month_name(month: Date) -> String {
    month.strftime("%B %Y").to_string()
}

pub async fn show(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Page, Error> {
    let part = own_part(&session, Action::SeeDesignated)?;
    let (actor, today) = (session.signed_in.actor.clone(), app.clock.today());
    let first = asked.first(today);
    let teams =
        app.blocking(move |app| app.db.read("designated.month", |tx| teams(tx, &actor, part, first, today))).await?;
    let view = MonthPage {
        part,
        month: code(first),
        name: month_name(first),
        months: months(today).map(|month| (code(month), month_name(month))).collect(),
        lines: lines(&teams),
        definitions: definitions(part),
        least: LEAST,
    };
    Frame::for_session(&session, format!("{} for the board", view.name))
        .here("/designated")
        .back("/designated", "Back")
        .wide()
        .render(&view)
}

pub async fn download(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let part = own_part(&session, Action::SeeDesignated)?;
    let (actor, today) = (session.signed_in.actor.clone(), app.clock.today());
    let first = asked.first(today);
    let teams = app
        .blocking(move |app| app.db.read("designated.month_csv", |tx| teams(tx, &actor, part, first, today)))
        .await?;
    let figures = lines(&teams);
    let mut rows: Vec<[String; 6]> = Vec::new();
    for line in &figures {
        let values = line.cells.iter().map(|cell| said(*cell)).chain([line.percent()]);
        for (value, (figure, definition)) in values.zip(definitions(part)) {
            rows.push([month_name(first), line.name.clone(), figure.to_owned(), value, definition, short_date(today)]);
        }
    }
    let headings = ["month", "team", "figure", "value", "definition", "worked out on"];
    Ok(csv::download(&format!("advice-in-time-{}", code(first)), headings, rows))
}

/// One child behind a number.
struct Behind {
    case: CaseId,
    name: String,
    team: String,
    due_on: Date,
    replied_on: Option<Date>,
    in_time: bool,
}

#[derive(Template)]
#[template(path = "designated/month_list.html")]
struct ListPage {
    title: String,
    behind: Vec<Behind>,
    month: String,
    is_cut: bool,
}

pub async fn list(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let part = own_part(&session, Action::SeeDesignated)?;
    let (actor, today) = (session.signed_in.actor.clone(), app.clock.today());
    let first = asked.first(today);
    let team: Option<Uuid> = asked.team.parse().ok();
    let (which, in_time): (&str, Option<i64>) = match asked.which.as_str() {
        "in-time" => ("In time", Some(1)),
        "late" => ("Late", Some(0)),
        _ => ("All", None),
    };
    let behind = app
        .blocking(move |app| {
            app.db.read("designated.month_list", |tx| -> Result<Vec<Behind>, Error> {
                let mut parameters = parameters(&actor, part, first, today);
                parameters.extend([team.into(), in_time.into(), LISTED_MAX.into()]);
                let mut behind = Vec::new();
                for row in tx.query(BEHIND, &parameters)? {
                    behind.push(Behind {
                        case: CaseId(row.get("case_id")?),
                        name: name_of(&row)?,
                        team: row.get("team")?,
                        due_on: row.get("due_on")?,
                        replied_on: row.get("replied_on")?,
                        in_time: row.get::<i64>("in_time")? == 1,
                    });
                }
                Ok(behind)
            })
        })
        .await?;
    let seen = named(&session.signed_in.actor, behind.iter().map(|line| line.case));
    let of = match (team, behind.first()) {
        (Some(_), Some(first)) => first.team.clone(),
        _ => "all teams".to_owned(),
    };
    let view = ListPage {
        title: format!("{which}, {}: {of}", month_name(first)),
        month: code(first),
        is_cut: i64::try_from(behind.len()).unwrap_or(i64::MAX) == LISTED_MAX,
        behind,
    };
    let page = Frame::for_session(&session, view.title.clone())
        .here("/designated")
        .back(format!("/designated/month?month={}", view.month), "Back to the month")
        .wide()
        .render(&view)?;
    Ok((seen, page).into_response())
}
