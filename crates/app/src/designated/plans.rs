//! Drafts in which signed advice of health or social care was changed or left out, and every plan with
//! lines of theirs.

use super::{lines, own_part};
use crate::journal::{self, Who};
use crate::record::looks::named;
use crate::record::store::{Scope, in_scope, name_of};
use crate::web::{Frame, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor};
use casework::advice::uses::How;
use casework::designated::Part;
use casework::{CaseId, VersionId};
use db::{Tx, Value};
use serde::Deserialize;
use uuid::Uuid;

/// Plans on one page: of each, the advice is compared with what it says.
const PAGE: i64 = 25;

/// Most drafts that are compared with advice at once: more than one area writes at a time.
const DRAFTS_MAX: i64 = 300;

/// Of the scope: `$5` whether health asks, `$6` whether all plans are wanted or only drafts that nobody
/// has looked at. A plan in force counts where it has a line of this part.
macro_rules! to_look_at {
    ($columns:literal, $end:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM designated_cases d JOIN cases c ON c.authority_id = d.authority_id AND c.case_id = d.case_id \
             JOIN people p ON p.authority_id = d.authority_id AND p.case_id = d.case_id WHERE ",
            in_scope!(),
            " AND d.authority_id = $1 AND (d.draft_version IS NOT NULL OR ($6 AND EXISTS (SELECT 1 FROM version_sections s \
             WHERE s.authority_id = d.authority_id AND s.version_id = d.plan_version \
             AND (($5 AND s.section IN ('c', 'g')) OR (NOT $5 AND s.section IN ('d', 'h1', 'h2')))))) \
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

/// Drafts that nobody of this part has looked at and in which its signed advice was changed or left out.
///
/// # Errors
/// When the database fails.
pub(super) fn changed(tx: &mut dyn Tx, who: &Who, actor: &Actor, part: Part) -> Result<Vec<Line>, Error> {
    let mut lines = read(tx, who, actor, part, false, (DRAFTS_MAX, 0))?;
    lines.retain(|line| line.changed + line.dropped > 0);
    Ok(lines)
}

/// Plans with what each makes of the advice: so many from a place on.
fn read(
    tx: &mut dyn Tx,
    who: &Who,
    actor: &Actor,
    part: Part,
    all: bool,
    (limit, offset): (i64, i64),
) -> Result<Vec<Line>, Error> {
    let mut found = parameters(actor, part, all);
    found.extend([limit.into(), offset.into()]);
    let mut lines = Vec::new();
    for row in tx.query(LINES, &found)? {
        let (draft, plan): (Option<Uuid>, Option<Uuid>) = (row.get("draft_version")?, row.get("plan_version")?);
        let Some(version) = draft.or(plan).map(VersionId) else { continue };
        let id = CaseId(row.get("case_id")?);
        let case = journal::load(tx, who.authority, id)?.case;
        let compared = lines::compared(tx, &case, part, version)?;
        let count = |how: How| compared.uses.iter().filter(|used| used.how == how).count();
        let (state, colour) = match case.designated.look(part, version) {
            None => ("Not looked at".to_owned(), "yellow"),
            Some(look) if look.questions.is_empty() => ("Confirmed".to_owned(), "green"),
            Some(look) => match look.open() {
                0 => ("Answered".to_owned(), "green"),
                1 => ("1 question open".to_owned(), "blue"),
                open => (format!("{open} questions open"), "blue"),
            },
        };
        lines.push(Line {
            case: id,
            name: name_of(&row)?,
            is_draft: draft.is_some(),
            kept: count(How::Kept),
            changed: count(How::Changed),
            dropped: count(How::Dropped),
            own: compared.own,
            state,
            colour,
        });
    }
    Ok(lines)
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    page: String,
    /// Every plan with lines of one's own.
    #[serde(default)]
    all: String,
}

/// One plan and what it makes of the advice.
pub(super) struct Line {
    case: CaseId,
    name: String,
    is_draft: bool,
    kept: usize,
    changed: usize,
    dropped: usize,
    own: usize,
    /// "Not looked at", "Confirmed", "1 question open".
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

pub async fn show(State(app): State<App>, session: Session, asked: Query<Asked>) -> Result<Response, Error> {
    let part = own_part(&session, Action::LookAtLines)?;
    let who = session.who(&app);
    let actor = session.signed_in.actor.clone();
    let (page, all) = (asked.page.parse::<i64>().unwrap_or(1).clamp(1, 10_000), asked.all == "yes");
    let (total, lines) = app
        .blocking(move |app| {
            app.db.read("designated.plans", |tx| -> Result<(i64, Vec<Line>), Error> {
                if all {
                    let total: i64 = tx.query_one(COUNT, &parameters(&actor, part, all))?.get(0)?;
                    return Ok((total, read(tx, &who, &actor, part, all, (PAGE, (page - 1) * PAGE))?));
                }
                let lines = changed(tx, &who, &actor, part)?;
                Ok((i64::try_from(lines.len()).unwrap_or(i64::MAX), lines))
            })
        })
        .await?;
    let address = |page: i64| format!("/designated/plans?page={page}{}", if all { "&all=yes" } else { "" });
    let seen = named(&session.signed_in.actor, lines.iter().map(|line| line.case));
    let view = PlansPage {
        part,
        total,
        all,
        lines,
        previous: (all && page > 1).then(|| address(page - 1)),
        next: (all && page * PAGE < total).then(|| address(page + 1)),
    };
    let frame = Frame::for_session(&session, "What plans say").here("/designated").back("/designated", "Back");
    Ok((seen, frame.wide().render(&view)?).into_response())
}
