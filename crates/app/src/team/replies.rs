//! `/team` and `/team/replies`: what managers have of their team. Who is away, whether promised answers
//! came in time, and what nobody owns.

use super::cover;
use crate::record::looks::named;
use crate::record::store::{Scope, in_scope, name_of};
use crate::web::{Frame, Page, Session, csv, long_date, short_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::messages::{self, Event, Figures, Promise, Side};
use casework::{AuthorityId, CaseId, MessageId, Stage};
use db::Tx;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// How far back messages are measured.
const WEEKS: i32 = 13;
/// Most events that are read: some hundred messages a day.
const EVENTS_MAX: i64 = 50_000;
/// Most children on one list.
const LISTED_MAX: i64 = 100;

// Word for word the condition of the index, so that only messages are read.
const EVENTS: &str = "SELECT case_id, body FROM journal WHERE authority_id = $1 AND recorded_on >= $2 \
    AND name IN ('messages.written', 'messages.closed') ORDER BY case_id, sequence LIMIT $3";
const CASES: &str = "SELECT c.case_id, c.officer_id, u.name AS officer, p.given_name, p.family_name, p.known_as FROM cases c \
    JOIN people p ON p.authority_id = c.authority_id AND p.case_id = c.case_id \
    LEFT JOIN users u ON u.authority_id = c.authority_id AND u.user_id = c.officer_id \
    WHERE c.authority_id = $1 AND c.case_id = ANY($2)";
const UNOWNED: &str = concat!(
    "SELECT c.case_id, c.stage, p.given_name, p.family_name, p.known_as, u.name AS officer FROM cases c \
     JOIN people p ON p.authority_id = c.authority_id AND p.case_id = c.case_id \
     LEFT JOIN users u ON u.authority_id = c.authority_id AND u.user_id = c.officer_id WHERE ",
    in_scope!(),
    " AND ((c.officer_id IS NOT NULL AND NOT COALESCE(u.active, $5)) OR (c.officer_id IS NULL AND c.stage IN \
     ('deciding', 'assessing', 'drafting', 'draft_with_family', 'plan_in_force'))) ORDER BY c.next_due_on, c.case_id LIMIT $6"
);

/// One message of a family and what became of its promise.
struct Asked {
    case: CaseId,
    promise: Promise,
}

/// The promises that follow from a thread's events, which come in the order in which they happened.
fn promises(events: impl Iterator<Item = (CaseId, Event)>) -> Vec<Asked> {
    let mut all: Vec<(CaseId, MessageId, Promise)> = Vec::new();
    let answer = |all: &mut Vec<(CaseId, MessageId, Promise)>, of: CaseId, on: Date| {
        for (_, _, promise) in all.iter_mut().filter(|(case, _, promise)| *case == of && promise.answered_on.is_none())
        {
            promise.answered_on = Some(on);
        }
    };
    for (case, event) in events {
        match event {
            Event::Written { from: Side::Council, on, .. } | Event::Closed { on } => answer(&mut all, case, on),
            Event::Written { message, from: Side::Family, on, .. } => {
                let promise = Promise { on, answer_by: messages::answer_by(on), answered_on: None };
                all.push((case, message, promise));
            }
        }
    }
    all.into_iter().map(|(case, _, promise)| Asked { case, promise }).collect()
}

/// A family's message with whose it is.
struct Line {
    case: CaseId,
    child: String,
    worker: Option<Uuid>,
    worker_name: String,
    promise: Promise,
}

fn lines(tx: &mut dyn Tx, authority: AuthorityId, today: Date) -> Result<Vec<Line>, Error> {
    let since = law::calendar::weeks(today, -WEEKS);
    let mut events = Vec::new();
    for row in tx.query(EVENTS, &[authority.0.into(), since.into(), EVENTS_MAX.into()])? {
        let event: casework::Event = serde_json::from_str(row.get(1)?)
            .map_err(|cause| Error::Broken { step: "read an event", cause: cause.to_string() })?;
        if let casework::Event::Messages(event) = event {
            events.push((CaseId(row.get(0)?), event));
        }
    }
    let asked = promises(events.into_iter());
    let list: db::Value = asked.iter().map(|asked| asked.case.0).collect();
    let mut cases: HashMap<Uuid, (String, Option<Uuid>, Option<String>)> = HashMap::new();
    for row in tx.query(CASES, &[authority.0.into(), list])? {
        let child = name_of(&row)?;
        cases.insert(row.get("case_id")?, (child, row.get("officer_id")?, row.get("officer")?));
    }
    let line = |asked: Asked| {
        let (child, worker, worker_name) = cases.get(&asked.case.0).cloned().unwrap_or_default();
        let worker_name = worker_name.unwrap_or_else(|| "Nobody yet".to_owned());
        Line { case: asked.case, child, worker, worker_name, promise: asked.promise }
    };
    Ok(asked.into_iter().map(line).collect())
}

/// Days in words: "2", "2½".
fn halves(halves: Option<u32>) -> String {
    match halves {
        None => "–".to_owned(),
        Some(1) => "½".to_owned(),
        Some(halves) if halves % 2 == 1 => format!("{}½", halves / 2),
        Some(halves) => (halves / 2).to_string(),
    }
}

struct FigureRow {
    name: String,
    /// What the lists behind the figures are asked for with.
    worker: String,
    figures: Figures,
    median: String,
    kept: String,
}

fn figure_row(name: String, worker: String, promises: &[Promise], today: Date) -> FigureRow {
    let figures = Figures::of(promises, today);
    let kept = figures.kept_per_cent().map_or_else(|| "–".to_owned(), |share| format!("{share}%"));
    FigureRow { name, worker, figures, median: halves(figures.median_halves), kept }
}

/// The whole team first, then each named worker.
fn figures(lines: &[Line], today: Date) -> Vec<FigureRow> {
    let all: Vec<Promise> = lines.iter().map(|line| line.promise).collect();
    let mut rows = vec![figure_row("The whole team".to_owned(), String::new(), &all, today)];
    let mut each: BTreeMap<(String, String), Vec<Promise>> = BTreeMap::new();
    for line in lines {
        let worker = line.worker.map_or_else(|| "nobody".to_owned(), |worker| worker.to_string());
        each.entry((line.worker_name.clone(), worker)).or_default().push(line.promise);
    }
    rows.extend(each.into_iter().map(|((name, worker), promises)| figure_row(name, worker, &promises, today)));
    rows
}

struct Unowned {
    case: Uuid,
    child: String,
    why: String,
}

fn unowned(tx: &mut dyn Tx, session: &Session) -> Result<Vec<Unowned>, Error> {
    let scope = Scope::of(&session.signed_in.actor, Action::AssignOfficer);
    let mut parameters = scope.parameters().to_vec();
    parameters.extend([false.into(), LISTED_MAX.into()]);
    let mut found = Vec::new();
    for row in tx.query(UNOWNED, &parameters)? {
        let stage: Stage = row.get_as("stage", "a stage", |code: &str| code.parse().ok())?;
        let officer: Option<String> = row.get("officer")?;
        found.push(Unowned {
            case: row.get("case_id")?,
            child: name_of(&row)?,
            why: match officer {
                Some(name) => format!("{}. {name} has left", stage.label()),
                None => format!("{}. Nobody was named yet", stage.label()),
            },
        });
    }
    Ok(found)
}

#[derive(Template)]
#[template(path = "team/team.html")]
struct TeamPage {
    weeks: i32,
    rows: Vec<FigureRow>,
    away: Vec<String>,
    unowned: Vec<Unowned>,
    is_all: bool,
}

pub async fn show(State(app): State<App>, session: Session) -> Result<Page, Error> {
    session.require(Action::SeeTeam)?;
    let today = app.clock.today();
    let reader = session.clone();
    let authority = session.signed_in.actor.authority;
    let (lines, away, unowned) = app
        .blocking(move |app| {
            app.db.read("team.page", |tx| {
                let away = cover::open(tx, authority, today)?;
                Ok::<_, Error>((lines(tx, authority, today)?, away, unowned(tx, &reader)?))
            })
        })
        .await?;
    let view = TeamPage {
        weeks: WEEKS,
        rows: figures(&lines, today),
        away: away
            .iter()
            .map(|away| {
                let (from, until) = (long_date(away.absence.from), long_date(away.absence.until));
                format!("{}: from {from} to {until}. {} covers.", away.who, away.cover)
            })
            .collect(),
        is_all: unowned.len() < usize::try_from(LISTED_MAX).unwrap_or(usize::MAX),
        unowned,
    };
    Frame::for_session(&session, "The team").here("/team").wide().render(&view)
}

#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    worker: String,
    #[serde(default)]
    show: String,
}

impl Wanted {
    fn keep(&self, line: &Line, today: Date) -> bool {
        let is_theirs = match self.worker.as_str() {
            "" => true,
            "nobody" => line.worker.is_none(),
            worker => line.worker.is_some_and(|known| known.to_string() == worker),
        };
        let promise = &line.promise;
        is_theirs
            && match self.show.as_str() {
                "answered" => promise.answered_on.is_some(),
                "kept" => promise.was_kept() == Some(true),
                "waiting" => promise.answered_on.is_none(),
                "late" => promise.is_late(today),
                _ => true,
            }
    }

    fn words(&self) -> &'static str {
        match self.show.as_str() {
            "answered" => "Messages that were answered",
            "kept" => "Messages answered within five working days",
            "waiting" => "Messages that wait for an answer",
            "late" => "Messages whose answer is late",
            _ => "Messages from families",
        }
    }
}

struct Row {
    case: CaseId,
    child: String,
    worker: String,
    on: String,
    by: String,
    stands: String,
}

#[derive(Template)]
#[template(path = "team/replies.html")]
struct RepliesPage {
    title: &'static str,
    rows: Vec<Row>,
    csv: String,
}

fn stands(promise: &Promise, today: Date) -> String {
    match (promise.answered_on, promise.days_taken()) {
        (Some(on), Some(1)) => format!("Answered on {}, after 1 working day", short_date(on)),
        (Some(on), days) => format!("Answered on {}, after {} working days", short_date(on), days.unwrap_or_default()),
        (None, _) if promise.is_late(today) => "Late".to_owned(),
        (None, _) => "Waits".to_owned(),
    }
}

async fn wanted_lines(app: &App, session: &Session, wanted: &Wanted) -> Result<Vec<Line>, Error> {
    session.require(Action::SeeTeam)?;
    let today = app.clock.today();
    let authority = session.signed_in.actor.authority;
    let all = app.blocking(move |app| app.db.read("team.replies", |tx| lines(tx, authority, today))).await?;
    Ok(all.into_iter().filter(|line| wanted.keep(line, today)).collect())
}

fn address(wanted: &Wanted) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("worker", &wanted.worker)
        .append_pair("show", &wanted.show)
        .finish()
}

/// The list behind one figure.
pub async fn list(State(app): State<App>, session: Session, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let today = app.clock.today();
    let lines = wanted_lines(&app, &session, &wanted).await?;
    let named = named(&session.signed_in.actor, lines.iter().map(|line| line.case));
    let row = |line: Line| Row {
        case: line.case,
        child: line.child,
        worker: line.worker_name,
        on: long_date(line.promise.on),
        by: long_date(line.promise.answer_by),
        stands: stands(&line.promise, today),
    };
    let view = RepliesPage {
        title: wanted.words(),
        rows: lines.into_iter().map(row).collect(),
        csv: format!("/team/replies.csv?{}", address(&wanted)),
    };
    let frame = Frame::for_session(&session, view.title).here("/team").back("/team", "The team").wide();
    Ok((named, frame.render(&view)?).into_response())
}

/// Exactly that list, as CSV.
pub async fn download(
    State(app): State<App>,
    session: Session,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let today = app.clock.today();
    let lines = wanted_lines(&app, &session, &wanted).await?;
    let named = named(&session.signed_in.actor, lines.iter().map(|line| line.case));
    let rows = lines.into_iter().map(|line| {
        [
            line.child,
            line.worker_name,
            line.promise.on.to_string(),
            line.promise.answer_by.to_string(),
            line.promise.answered_on.map(|on| on.to_string()).unwrap_or_default(),
            line.promise.days_taken().map(|days| days.to_string()).unwrap_or_default(),
            stands(&line.promise, today),
        ]
    });
    let headings = ["child", "officer", "written", "answer promised by", "answered", "working days taken", "stands"];
    Ok((named, csv::download(&format!("replies-{today}"), headings, rows)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_said_in_halves() {
        for (number, said) in [(None, "–"), (Some(0), "0"), (Some(1), "½"), (Some(2), "1"), (Some(7), "3½")] {
            assert_eq!(halves(number), said);
        }
    }

    #[test]
    fn an_answer_answers_its_own_thread_and_what_came_before_it() {
        let case = |number: u128| CaseId(Uuid::from_u128(number));
        let written = |number: u128, from, on| Event::Written {
            message: MessageId(Uuid::from_u128(number)),
            from,
            by: None,
            text: casework::TextId(Uuid::from_u128(number)),
            on,
        };
        let (first, second, third) = (date(2026, 11, 16), date(2026, 11, 18), date(2026, 11, 20));
        let events = [
            (case(1), written(1, Side::Family, first)),
            (case(2), written(2, Side::Family, first)),
            (case(1), written(3, Side::Family, second)),
            (case(1), written(4, Side::Council, second)),
            (case(1), written(5, Side::Family, third)),
            (case(2), Event::Closed { on: third }),
        ];
        let found: Vec<_> =
            promises(events.into_iter()).iter().map(|asked| (asked.case, asked.promise.answered_on)).collect();
        let expected = [(case(1), Some(second)), (case(2), Some(third)), (case(1), Some(second)), (case(1), None)];
        assert_eq!(found, expected);
    }
}
