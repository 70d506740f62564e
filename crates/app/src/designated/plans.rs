//! Plans whose lines of health or social care wait to be looked at: drafts first, then plans in force.

use super::{lines, own_part};
use crate::journal;
use crate::record::store::{Scope, in_scope};
use crate::web::{Frame, Page, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Query, State};
use casework::access::{Action, Actor};
use casework::advice::uses::How;
use casework::designated::Part;
use casework::people::display_name;
use casework::{CaseId, VersionId};
use db::{Tx, Value};
use serde::Deserialize;

/// Plans on one page: of each, the advice is compared with what it says.
const PAGE: i64 = 25;

/// Of the scope: `$5` whether health asks, `$6` whether what was looked at is wanted too. A plan in force
/// counts where it has a line of this part.
macro_rules! to_look_at {
    ($columns:literal, $end:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM designated_cases d JOIN cases c ON c.authority_id = d.authority_id AND c.case_id = d.case_id \
             JOIN people p ON p.authority_id = d.authority_id AND p.case_id = d.case_id WHERE ",
            in_scope!(),
            " AND d.authority_id = $1 AND (d.draft_version IS NOT NULL OR EXISTS (SELECT 1 FROM version_sections s \
             WHERE s.authority_id = d.authority_id AND s.version_id = d.plan_version \
             AND (($5 AND s.section IN ('c', 'g')) OR (NOT $5 AND s.section IN ('d', 'h1', 'h2'))))) \
             AND ($6 OR (CASE WHEN $5 THEN NOT d.health_looked ELSE NOT d.care_looked END))",
            $end
        )
    };
}

const COUNT: &str = to_look_at!("COUNT(*)", "");
const LINES: &str = to_look_at!(
    "d.case_id, d.draft_version, d.plan_version, d.health_looked, d.care_looked, p.given_name, p.family_name, p.known_as",
    " ORDER BY CASE WHEN d.draft_version IS NULL THEN 1 ELSE 0 END, d.case_id LIMIT $7 OFFSET $8"
);

fn parameters(actor: &Actor, part: Part, all: bool) -> Vec<Value> {
    let mut parameters = Scope::of(actor, Action::LookAtLines).parameters().to_vec();
    parameters.extend([(part == Part::Health).into(), all.into()]);
    parameters
}

/// How many plans wait for this part's look.
///
/// # Errors
/// When the database fails.
pub(super) fn waiting(tx: &mut dyn Tx, actor: &Actor, part: Part) -> Result<i64, Error> {
    Ok(tx.query_one(COUNT, &parameters(actor, part, false))?.get(0)?)
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    page: String,
    /// Those that were looked at too.
    #[serde(default)]
    all: String,
}

/// One plan and what it makes of the advice.
struct Line {
    case: CaseId,
    name: String,
    is_draft: bool,
    kept: usize,
    changed: usize,
    dropped: usize,
    own: usize,
    /// "Waits for you", "Confirmed", "1 question open".
    state: String,
    colour: &'static str,
}

#[derive(Template)]
#[template(path = "designated/plans.html")]
struct PlansPage {
    part: Part,
    total: i64,
    all: bool,
    lines: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
}

pub async fn show(State(app): State<App>, session: Session, asked: Query<Asked>) -> Result<Page, Error> {
    let part = own_part(&session, Action::LookAtLines)?;
    let who = session.who(&app);
    let actor = session.signed_in.actor.clone();
    let (page, all) = (asked.page.parse::<i64>().unwrap_or(1).clamp(1, 10_000), asked.all == "yes");
    let (total, lines) = app
        .blocking(move |app| {
            app.db.read("designated.plans", |tx| -> Result<_, Error> {
                let total: i64 = tx.query_one(COUNT, &parameters(&actor, part, all))?.get(0)?;
                let mut found = parameters(&actor, part, all);
                found.extend([PAGE.into(), ((page - 1) * PAGE).into()]);
                let mut lines = Vec::new();
                for row in tx.query(LINES, &found)? {
                    let (given, family): (String, String) = (row.get("given_name")?, row.get("family_name")?);
                    let known_as: Option<String> = row.get("known_as")?;
                    let draft: Option<uuid::Uuid> = row.get("draft_version")?;
                    let plan: Option<uuid::Uuid> = row.get("plan_version")?;
                    let Some(version) = draft.or(plan) else { continue };
                    let id = CaseId(row.get("case_id")?);
                    let case = journal::load(tx, who.authority, id)?.case;
                    let compared = lines::compared(tx, &case, part, VersionId(version))?;
                    let count = |how: How| compared.uses.iter().filter(|used| used.how == how).count();
                    let look = case.designated.look(part, VersionId(version));
                    let (state, colour) = match look.map(casework::designated::Look::open) {
                        None => ("Waits for you".to_owned(), "yellow"),
                        Some(0) if look.is_some_and(|look| !look.questions.is_empty()) => {
                            ("Answered".to_owned(), "green")
                        }
                        Some(0) => ("Confirmed".to_owned(), "green"),
                        Some(1) => ("1 question open".to_owned(), "blue"),
                        Some(open) => (format!("{open} questions open"), "blue"),
                    };
                    lines.push(Line {
                        case: id,
                        name: display_name(&given, &family, known_as.as_deref()),
                        is_draft: draft.is_some(),
                        kept: count(How::Kept),
                        changed: count(How::Changed),
                        dropped: count(How::Dropped),
                        own: compared.own,
                        state,
                        colour,
                    });
                }
                Ok((total, lines))
            })
        })
        .await?;
    let address = |page: i64| format!("/designated/plans?page={page}{}", if all { "&all=yes" } else { "" });
    let view = PlansPage {
        part,
        total,
        all,
        lines,
        previous: (page > 1).then(|| address(page - 1)),
        next: (page * PAGE < total).then(|| address(page + 1)),
    };
    Frame::for_session(&session, "What plans say").here("/designated").back("/designated", "Back").wide().render(&view)
}
