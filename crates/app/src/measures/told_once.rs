//! Told once: how often each fact was asked for. Everyone of the area may read the figures; who the
//! children are only those who may find them.

use crate::record::looks::named;
use crate::record::store::Scope;
use crate::record::{Hit, search};
use crate::web::{Frame, Page, Session, csv};
use crate::{App, Error};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use casework::AuthorityId;
use casework::access::Action;
use casework::people::facts::{Asked, Count, Fact, Form, Meter, Teller, asked_again};
use db::{Row, Tx};
use govuk::charts::Bars;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Months that the figure looks back on, this one with them.
const MONTHS: i32 = 12;
/// Most children that are listed.
const LISTED_MAX: usize = 200;

// What was asked of a child counts from the first question on, on whichever of joined records it was.
const ASKINGS: &str = "SELECT COALESCE(j.into_case_id, a.case_id) AS child, a.form, a.teller, a.asked_on, a.asked, a.confirmed \
    FROM askings a LEFT JOIN joined_records j ON j.authority_id = a.authority_id AND j.case_id = a.case_id \
    WHERE a.authority_id = $1 AND (a.case_id IN \
    (SELECT b.case_id FROM askings b WHERE b.authority_id = $1 AND b.asked_on >= $2) \
    OR j.into_case_id IN (SELECT b.case_id FROM askings b WHERE b.authority_id = $1 AND b.asked_on >= $2)) \
    ORDER BY a.asked_on, a.case_id, a.place";

fn expand(row: &Row, into: &mut Vec<Asked<Uuid>>) -> Result<(), Error> {
    let form = row.get_as("form", "a form", |code: &str| code.parse().ok())?;
    let of = row.get_as("teller", "a teller", |code: &str| code.parse().ok())?;
    let (child, on): (Uuid, Date) = (row.get("child")?, row.get("asked_on")?);
    for (column, is_confirmation) in [("asked", false), ("confirmed", true)] {
        let codes: String = row.get(column)?;
        // A fact that this version does not know was counted by another one.
        let facts = codes.split(' ').filter_map(|code| code.parse::<Fact>().ok());
        into.extend(facts.map(|fact| Asked { child, fact, form, of, on, is_confirmation }));
    }
    Ok(())
}

/// What was asked of the children of whom something was asked since then.
fn askings(tx: &mut dyn Tx, authority: AuthorityId, since: Date) -> Result<Vec<Asked<Uuid>>, Error> {
    let mut all = Vec::new();
    for row in tx.query(ASKINGS, &[authority.0.into(), since.into()])? {
        expand(&row, &mut all)?;
    }
    Ok(all)
}

/// How often each fact was asked for, and the first day that counts.
///
/// # Errors
/// When the database fails.
pub(crate) fn meter(tx: &mut dyn Tx, authority: AuthorityId, today: Date) -> Result<(Date, Meter), Error> {
    let since = since(today);
    Ok((since, Meter::of(&askings(tx, authority, since)?)))
}

/// The first day of the first month that counts.
fn since(today: Date) -> Date {
    today.first_of_month().checked_sub((MONTHS - 1).months()).unwrap_or(today)
}

/// The figure of the children who were first asked in each month, the oldest first.
fn by_month(all: &[Asked<Uuid>], since: Date) -> Vec<(Date, Count)> {
    let mut first: BTreeMap<Uuid, Date> = BTreeMap::new();
    for one in all {
        let on = first.entry(one.child).or_insert(one.on);
        *on = one.on.min(*on);
    }
    let mut months: BTreeMap<Date, Vec<Asked<Uuid>>> = BTreeMap::new();
    for one in all {
        let month = first.get(&one.child).map_or(one.on, |on| *on).first_of_month();
        if month >= since {
            months.entry(month).or_default().push(one.clone());
        }
    }
    months.into_iter().map(|(month, askings)| (month, Meter::of(&askings).all)).collect()
}

/// A figure as it is read: "1.04".
fn figure(count: &Count) -> String {
    count.per_child().map(|times| format!("{times:.2}")).unwrap_or_default()
}

fn forms(count: &Count) -> String {
    let forms =
        count.by.iter().map(|(form, of, times)| format!("{} ({}): {times}", form.label(), of.label().to_lowercase()));
    forms.collect::<Vec<_>>().join("; ")
}

struct Line {
    label: &'static str,
    figure: String,
    children: usize,
    repeated: usize,
    confirmed: usize,
}

impl Line {
    fn of(label: &'static str, count: &Count) -> Line {
        Line {
            label,
            figure: figure(count),
            children: count.children,
            repeated: count.repeated,
            confirmed: count.confirmed,
        }
    }
}

#[derive(Template)]
#[template(path = "measures/told_once.html")]
struct ToldOncePage {
    area: String,
    since: Date,
    figure: String,
    repeated: usize,
    pairs: usize,
    chart: govuk::Html,
    lines: Vec<Line>,
    by: Vec<(Form, Teller, usize)>,
    may_list: bool,
}

fn month_name(month: Date) -> String {
    month.strftime("%B %Y").to_string()
}

pub async fn show(State(app): State<App>, session: Session) -> Result<Page, Error> {
    session.require(Action::SeeMeasures)?;
    let authority = session.signed_in.actor.authority;
    let since = since(app.clock.today());
    let all = app.blocking(move |app| app.db.read("measures.told_once", |tx| askings(tx, authority, since))).await?;
    let meter = Meter::of(&all);
    let mut chart = Bars::new("Times asked, by the month in which a child was first asked", "Month", "Times asked");
    for (month, count) in by_month(&all, since) {
        chart = chart.bar(month_name(month), count.per_child().unwrap_or_default(), figure(&count));
    }
    let view = ToldOncePage {
        area: session.signed_in.area.clone(),
        since,
        figure: figure(&meter.all),
        repeated: meter.all.repeated,
        pairs: meter.all.children,
        chart: if all.is_empty() { govuk::Html::default() } else { chart.into() },
        lines: meter.facts.iter().map(|(fact, count)| Line::of(fact.label(), count)).collect(),
        by: meter.all.by,
        may_list: session.may(Action::SearchCases),
    };
    let frame = Frame::for_session(&session, "Told once").here("/measures/told-once");
    if session.may(Action::SeeOwnChild) { frame.back("/family", "Back").render(&view) } else { frame.render(&view) }
}

pub async fn download(State(app): State<App>, session: Session) -> Result<Response, Error> {
    session.require(Action::SeeMeasures)?;
    let authority = session.signed_in.actor.authority;
    let today = app.clock.today();
    let all = app
        .blocking(move |app| app.db.read("measures.told_once_csv", |tx| askings(tx, authority, since(today))))
        .await?;
    let meter = Meter::of(&all);
    let facts = meter.facts.iter().map(|(fact, count)| (fact.label(), count));
    let rows = facts.chain([("All", &meter.all)]).map(|(label, count)| {
        [
            label.to_owned(),
            figure(count),
            count.children.to_string(),
            count.asked.to_string(),
            count.repeated.to_string(),
            count.confirmed.to_string(),
            forms(count),
        ]
    });
    let headings = [
        "fact",
        "times asked per child",
        "children",
        "times asked",
        "asked more than once",
        "confirmed",
        "by form and of whom",
    ];
    Ok(csv::download(&format!("told-once-{today}"), headings, rows))
}

/// A child of whom something was asked more than once.
struct Again {
    hit: Hit,
    facts: String,
}

#[derive(Template)]
#[template(path = "measures/asked_again.html")]
struct AgainPage {
    children: Vec<Again>,
    /// There are more than are listed.
    is_cut: bool,
}

pub async fn again(State(app): State<App>, session: Session) -> Result<Response, Error> {
    session.require(Action::SeeMeasures)?;
    session.require(Action::SearchCases)?;
    let actor = session.signed_in.actor.clone();
    let today = app.clock.today();
    let (children, is_cut) = app
        .blocking(move |app| {
            app.db.read("measures.asked_again", |tx| -> Result<_, Error> {
                let again = asked_again(&askings(tx, actor.authority, since(today))?);
                let is_cut = again.len() > LISTED_MAX;
                let ids: Vec<Uuid> = again.keys().copied().take(LISTED_MAX).collect();
                let hits = search::these(tx, Scope::of(&actor, Action::SearchCases), ids)?;
                let named = hits.into_iter().map(|hit| {
                    let facts = again.get(&hit.case.0).into_iter().flatten().map(|fact| fact.label().to_lowercase());
                    Again { facts: facts.collect::<Vec<_>>().join(", "), hit }
                });
                Ok((named.collect::<Vec<_>>(), is_cut))
            })
        })
        .await?;
    let named = named(&session.signed_in.actor, children.iter().map(|child| child.hit.case));
    let frame = Frame::for_session(&session, "Asked more than once")
        .here("/measures/told-once")
        .back("/measures/told-once", "Back to told once");
    Ok((named, frame.render(&AgainPage { children, is_cut })?).into_response())
}
