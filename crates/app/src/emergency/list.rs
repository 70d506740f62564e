//! Every opening of the area, and who named a child who was not found.

use super::store::{self, Trier};
use crate::ports::london_time;
use crate::record::looks::named;
use crate::record::store::{Scope, in_scope, name_of};
use crate::web::{Frame, Session, short_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use casework::access::{Action, Actor, Role};
use casework::openings::Emergency;
use db::{Row, Tx};
use jiff::civil::Date;
use serde::Deserialize;

/// Lines on one page.
const PAGE: i64 = 50;

/// `$5` is "open" for those that nobody has looked at yet, "all" for all.
const LINES: &str = concat!(
    "SELECT o.case_id, o.emergency, o.opened_on, o.until_on, o.ended_on, o.family_told_on, o.looked_at_on, o.was_right, \
     p.given_name, p.family_name, p.known_as, u.name, u.role FROM record_openings o \
     JOIN cases c ON c.authority_id = o.authority_id AND c.case_id = o.case_id \
     JOIN people p ON p.authority_id = o.authority_id AND p.case_id = o.case_id \
     JOIN users u ON u.authority_id = o.authority_id AND u.user_id = o.user_id WHERE ",
    in_scope!(),
    " AND o.authority_id = $1 AND ($5 = 'all' OR o.looked_at_on IS NULL) \
     ORDER BY o.opened_on DESC, o.opening_id DESC LIMIT $6 OFFSET $7"
);

struct Line {
    case: CaseId,
    name: String,
    who: String,
    job: &'static str,
    emergency: &'static str,
    opened_on: Date,
    /// Whether the record can still be seen by it.
    is_open: bool,
    family: (String, &'static str),
    look: (String, &'static str),
}

impl Line {
    fn read(row: &Row, today: Date) -> Result<Line, Error> {
        let role: Role = row.get_as("role", "a role", |text: &str| text.parse().ok())?;
        let emergency: Emergency = row.get_as("emergency", "an emergency", |text: &str| text.parse().ok())?;
        let (until, ended): (Date, Option<Date>) = (row.get("until_on")?, row.get("ended_on")?);
        let told: Option<Date> = row.get("family_told_on")?;
        let (looked, was_right): (Option<Date>, Option<bool>) = (row.get("looked_at_on")?, row.get("was_right")?);
        Ok(Line {
            case: CaseId(row.get("case_id")?),
            name: name_of(row)?,
            who: row.get("name")?,
            job: role.label(),
            emergency: emergency.label(),
            opened_on: row.get("opened_on")?,
            is_open: ended.is_none() && today <= until,
            family: match told {
                Some(on) => (format!("May know since {}", short_date(on)), "green"),
                None => ("Not told yet".to_owned(), "yellow"),
            },
            look: match (looked, was_right) {
                (Some(on), Some(true)) => (format!("Right, {}", short_date(on)), "green"),
                (Some(on), _) => (format!("Not right, {}", short_date(on)), "red"),
                (None, _) => ("To be looked at".to_owned(), "yellow"),
            },
        })
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: String,
}

#[derive(Template)]
#[template(path = "emergency/list.html")]
struct ListPage {
    lines: Vec<Line>,
    triers: Vec<(Trier, String)>,
    is_open_only: bool,
    previous: Option<String>,
    next: Option<String>,
}

fn read(tx: &mut dyn Tx, actor: &Actor, asked: &Asked, page: i64, today: Date) -> Result<Vec<Line>, Error> {
    let mut parameters = Scope::of(actor, Action::SeeOpenings).parameters().to_vec();
    let only = if asked.show == "open" { "open" } else { "all" };
    parameters.extend([only.into(), (PAGE + 1).into(), ((page - 1) * PAGE).into()]);
    tx.query(LINES, &parameters)?.iter().map(|row| Line::read(row, today)).collect()
}

pub async fn show(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Response, Error> {
    session.require(Action::SeeOpenings)?;
    let page = asked.page.parse().unwrap_or(1).clamp(1, 10_000);
    let is_open_only = asked.show == "open";
    let (actor, today, now) = (session.signed_in.actor.clone(), app.clock.today(), app.clock.now());
    let (mut lines, triers) = app
        .blocking(move |app| {
            app.db.read("emergency.list", |tx| -> Result<_, Error> {
                Ok((read(tx, &actor, &asked, page, today)?, store::triers(tx, actor.authority, now)?))
            })
        })
        .await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let is_more = lines.len() > shown;
    lines.truncate(shown);
    let seen = named(&session.signed_in.actor, lines.iter().map(|line| line.case));
    let show = if is_open_only { "show=open&" } else { "" };
    let address = |page: i64| format!("/openings?{show}page={page}");
    let moment = |trier: &Trier| london_time(trier.last_at).strftime("%-d %B %Y, %-I:%M%P").to_string();
    let view = ListPage {
        triers: triers
            .into_iter()
            .map(|trier| {
                let at = moment(&trier);
                (trier, at)
            })
            .collect(),
        is_open_only,
        previous: (page > 1).then(|| address(page - 1)),
        next: is_more.then(|| address(page + 1)),
        lines,
    };
    let frame = Frame::for_session(&session, "Records opened in emergencies").here("/openings").wide();
    Ok((seen, frame.render(&view)?).into_response())
}
