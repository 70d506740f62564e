//! The visits of a child as the family, the school and staff see them: never what was noted.

use crate::Error;
use crate::record::store;
use crate::web::{long_date, short_date};
use askama::Template;
use casework::visits::Visit;
use casework::{Case, TextId};
use db::Tx;
use jiff::civil::Date;
use std::collections::HashMap;

/// One visit.
pub(crate) struct Line {
    pub when: String,
    pub place: String,
    pub who: String,
    /// What became of it: moved, cancelled, with the reasons.
    pub changes: Vec<String>,
    pub is_cancelled: bool,
    pub is_past: bool,
}

impl Line {
    pub(super) fn of(visit: &Visit, texts: &HashMap<TextId, String>, today: Date) -> Line {
        let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
        let arranged = &visit.arranged;
        let mut changes: Vec<String> =
            visit.moved.iter().map(|(from, why)| format!("Moved from {}: {}", short_date(*from), text(*why))).collect();
        changes.extend(visit.cancelled.map(|cancelled| {
            let why = cancelled.why.map_or_else(|| "the family took back what it asked".to_owned(), text);
            format!("Cancelled on {}: {why}", short_date(cancelled.on))
        }));
        Line {
            when: format!("{}, {}", long_date(arranged.on), arranged.at.strftime("%-I:%M%P")),
            place: text(arranged.place),
            who: text(arranged.who),
            changes,
            is_cancelled: visit.cancelled.is_some(),
            is_past: arranged.on < today,
        }
    }
}

#[derive(Template)]
#[template(path = "visits/listed.html")]
struct Listed {
    lines: Vec<Line>,
}

/// All visits of a child, those to come first; nothing when there is none.
///
/// # Errors
/// When the database fails.
pub(crate) fn html(tx: &mut dyn Tx, case: &Case, today: Date) -> Result<govuk::Html, Error> {
    if case.visits.is_empty() {
        return Ok(govuk::Html::default());
    }
    let texts = store::texts(tx, case.authority, case.id)?;
    let mut visits: Vec<&Visit> = case.visits.iter().collect();
    visits.sort_by_key(|visit| (visit.arranged.on < today, visit.arranged.on, visit.arranged.at));
    let lines = visits.into_iter().take(50).map(|visit| Line::of(visit, &texts, today)).collect();
    govuk::Html::render(&Listed { lines })
        .map_err(|cause| Error::Broken { step: "render visits", cause: cause.to_string() })
}
