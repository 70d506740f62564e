//! Every send of the area that was held: what stopped it and what became of it. How many were let go
//! of all that were held is how often the lock is wrong.

use crate::record::looks::named;
use crate::record::store::{Scope, in_scope, name_of};
use crate::web::{Choice, Frame, Session, choices, csv, short_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use casework::access::{Action, Actor};
use casework::recipients::{Sending, StopKind};
use db::{Row, Tx, Value};
use jiff::civil::Date;
use serde::Deserialize;
use strum::IntoEnumIterator;
use uuid::Uuid;

/// Lines on one page.
const PAGE: i64 = 50;
/// Most lines of a download.
const CSV_MAX: i64 = 20_000;

pub(crate) struct Line {
    pub case: CaseId,
    pub hold: Uuid,
    pub name: String,
    pub sending: Sending,
    pub kinds: Vec<StopKind>,
    pub held_on: Date,
    pub held_by: String,
    pub released_on: Option<Date>,
    pub released_by: String,
    pub put_right_on: Option<Date>,
}

impl Line {
    fn read(row: &Row) -> Result<Line, Error> {
        let kinds: &str = row.get("kinds")?;
        Ok(Line {
            case: CaseId(row.get("case_id")?),
            hold: row.get("hold_id")?,
            name: name_of(row)?,
            sending: row.get_as("sending", "a kind of send", |code: &str| code.parse().ok())?,
            kinds: kinds.split(' ').filter_map(|code| code.parse().ok()).collect(),
            held_on: row.get("held_on")?,
            held_by: row.get::<Option<String>>("held_name")?.unwrap_or_default(),
            released_on: row.get("released_on")?,
            released_by: row.get::<Option<String>>("released_name")?.unwrap_or_default(),
            put_right_on: row.get("put_right_on")?,
        })
    }

    /// What became of it, and the colour of its tag.
    fn standing(&self) -> (String, &'static str) {
        match (self.released_on, self.put_right_on) {
            (Some(on), _) => (format!("Let go on {}", short_date(on)), "yellow"),
            (None, Some(on)) => (format!("Put right on {}", short_date(on)), "green"),
            (None, None) => ("Held".to_owned(), "red"),
        }
    }

    fn kinds(&self) -> String {
        self.kinds.iter().map(|kind| kind.label()).collect::<Vec<_>>().join(", ")
    }
}

/// What is asked for: a kind of stop, what became of it, a page.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: String,
}

impl Asked {
    fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, 10_000)
    }

    fn address(&self, path: &str, page: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("kind", &self.kind), ("state", &self.state)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

/// Of the scope: `$5` a kind of stop or null, `$6` what became of it or null.
macro_rules! held {
    ($columns:literal, $end:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM held_sends h JOIN cases c ON c.authority_id = h.authority_id AND c.case_id = h.case_id \
             JOIN people p ON p.authority_id = h.authority_id AND p.case_id = h.case_id \
             LEFT JOIN users u ON u.authority_id = h.authority_id AND u.user_id = h.held_by \
             LEFT JOIN users v ON v.authority_id = h.authority_id AND v.user_id = h.released_by WHERE ",
            in_scope!(),
            " AND h.authority_id = $1 AND ((' ' || h.kinds || ' ') LIKE $5 OR $5 IS NULL) \
             AND (($6 = 'held' AND h.released_on IS NULL AND h.put_right_on IS NULL) \
             OR ($6 = 'released' AND h.released_on IS NOT NULL) \
             OR ($6 = 'put_right' AND h.released_on IS NULL AND h.put_right_on IS NOT NULL) OR $6 IS NULL)",
            $end
        )
    };
}

const LINES: &str = held!(
    "h.case_id, h.hold_id, h.sending, h.kinds, h.held_on, h.released_on, h.put_right_on, p.given_name, p.family_name, \
     p.known_as, u.name AS held_name, v.name AS released_name",
    " ORDER BY h.held_on DESC, h.hold_id DESC LIMIT $7 OFFSET $8"
);
const AFTER: &str = held!(
    "h.case_id, h.hold_id, h.sending, h.kinds, h.held_on, h.released_on, h.put_right_on, p.given_name, p.family_name, \
     p.known_as, u.name AS held_name, v.name AS released_name",
    " AND (h.held_on < $7 OR (h.held_on = $7 AND h.hold_id < $8)) ORDER BY h.held_on DESC, h.hold_id DESC LIMIT $9"
);
const COUNT: &str = held!("COUNT(*)", "");
const KINDS: &str = held!(
    "h.kinds, COUNT(*) AS held, SUM(CASE WHEN h.released_on IS NULL THEN 0 ELSE 1 END) AS released",
    " GROUP BY h.kinds"
);

fn parameters(actor: &Actor, asked: &Asked) -> Vec<Value> {
    let kind = asked.kind.parse::<StopKind>().ok().map(|kind| format!("% {} %", kind.code()));
    let state = ["held", "released", "put_right"].into_iter().find(|state| *state == asked.state);
    let mut all = Scope::of(actor, Action::SeeHeldSends).parameters().to_vec();
    all.extend([kind.into(), state.into()]);
    all
}

fn lines(tx: &mut dyn Tx, mut all: Vec<Value>, limit: i64, offset: i64) -> Result<Vec<Line>, Error> {
    all.extend([limit.into(), offset.into()]);
    tx.query(LINES, &all)?.iter().map(Line::read).collect()
}

/// Held sends before this one, the newest first: a walk through them meets each once while others are added.
///
/// # Errors
/// When the database fails.
pub(crate) fn lines_after(
    tx: &mut dyn Tx,
    actor: &Actor,
    state: &str,
    (held_on, hold): (Date, Uuid),
    limit: i64,
) -> Result<Vec<Line>, Error> {
    let mut all = parameters(actor, &Asked { state: state.to_owned(), ..Asked::default() });
    all.extend([held_on.into(), hold.into(), limit.into()]);
    tx.query(AFTER, &all)?.iter().map(Line::read).collect()
}

/// How often one kind of stop held a send, and how often it was let go.
struct Count {
    kind: StopKind,
    held: i64,
    released: i64,
}

fn counts(tx: &mut dyn Tx, actor: &Actor) -> Result<Vec<Count>, Error> {
    let mut counts: Vec<Count> = StopKind::iter().map(|kind| Count { kind, held: 0, released: 0 }).collect();
    for row in tx.query(KINDS, &parameters(actor, &Asked::default()))? {
        let (kinds, held, released): (String, i64, i64) = (row.get("kinds")?, row.get("held")?, row.get("released")?);
        for count in counts.iter_mut().filter(|count| kinds.split(' ').any(|code| code == count.kind.code())) {
            count.held += held;
            count.released += released;
        }
    }
    counts.retain(|count| count.held > 0);
    Ok(counts)
}

#[derive(Template)]
#[template(path = "recipients/list.html")]
struct ListPage {
    total: i64,
    all: i64,
    released: i64,
    counts: Vec<Count>,
    lines: Vec<Line>,
    kinds: Vec<Choice>,
    asked: Asked,
    csv: String,
    previous: Option<String>,
    next: Option<String>,
}

pub async fn show(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Response, Error> {
    session.require(Action::SeeHeldSends)?;
    let (actor, page, wanted) = (session.signed_in.actor.clone(), asked.page(), asked.clone());
    let (total, all, released, counts, lines) = app
        .blocking(move |app| {
            app.db.read("recipients.list", |tx| -> Result<_, Error> {
                let count = |tx: &mut dyn Tx, asked: &Asked| -> Result<i64, Error> {
                    Ok(tx.query_one(COUNT, &parameters(&actor, asked))?.get(0)?)
                };
                let total = count(tx, &wanted)?;
                let all = count(tx, &Asked::default())?;
                let released = count(tx, &Asked { state: "released".to_owned(), ..Asked::default() })?;
                let lines = lines(tx, parameters(&actor, &wanted), PAGE, (page - 1) * PAGE)?;
                Ok((total, all, released, counts(tx, &actor)?, lines))
            })
        })
        .await?;
    let named = named(&session.signed_in.actor, lines.iter().map(|line| line.case));
    let view = ListPage {
        total,
        all,
        released,
        counts,
        lines,
        kinds: choices(StopKind::iter(), |kind| kind.code().to_owned(), StopKind::label),
        csv: asked.address("/held.csv", 1),
        previous: (page > 1).then(|| asked.address("/held", page - 1)),
        next: (page * PAGE < total).then(|| asked.address("/held", page + 1)),
        asked,
    };
    let page = Frame::for_session(&session, "Sends held").here("/held").wide().render(&view)?;
    Ok((named, page).into_response())
}

/// Exactly the lines that the list shows, on every page, as CSV.
pub async fn download(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Response, Error> {
    session.require(Action::SeeHeldSends)?;
    let actor = session.signed_in.actor.clone();
    let today = app.clock.today();
    let found = app
        .blocking(move |app| app.db.read("recipients.list_csv", |tx| lines(tx, parameters(&actor, &asked), CSV_MAX, 0)))
        .await?;
    let day = |on: Option<Date>| on.map(|on| on.to_string()).unwrap_or_default();
    let rows = found.iter().map(|line| {
        [
            line.name.clone(),
            line.sending.label().to_owned(),
            line.kinds(),
            line.held_on.to_string(),
            line.held_by.clone(),
            day(line.released_on),
            line.released_by.clone(),
            day(line.put_right_on),
        ]
    });
    let named = named(&session.signed_in.actor, found.iter().map(|line| line.case));
    let headings = ["record", "what", "stopped by", "held on", "tried by", "let go on", "let go by", "put right on"];
    Ok((named, csv::download(&format!("sends-held-{today}"), headings, rows)).into_response())
}
