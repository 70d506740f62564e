//! Everything that was recorded in an area, in one order.
//!
//! Acts of different cases are recorded side by side and come to light in any order. So an act leaves its
//! entries in `feed_new`, and [`number`] gives them places afterwards, one at a time in each area: a place
//! that a reader has passed never gets an entry later.

use crate::record::store::{Scope, in_scope};
use crate::{App, Error};
use casework::feed::Topic;
use casework::{AuthorityId, CaseId};
use db::{Row, Tx};
use jiff::Timestamp;

/// Most entries that get their places in one transaction.
const AT_ONCE: i64 = 500;
/// Most places that one page of the feed looks at: what of them may be seen can be few.
pub const LOOKED_AT_MAX: i64 = 5000;

const WAITING: &str = "SELECT DISTINCT authority_id FROM feed_new";
const OPEN_HEAD: &str = "INSERT INTO feed_heads (authority_id, position) VALUES ($1, 0) ON CONFLICT DO NOTHING";
// Held until the end of the transaction: whoever else gives places in this area waits.
const HOLD_HEAD: &str = "UPDATE feed_heads SET position = position WHERE authority_id = $1";
const HEAD: &str = "SELECT position FROM feed_heads WHERE authority_id = $1";
const MOVE_HEAD: &str = "UPDATE feed_heads SET position = $2 WHERE authority_id = $1";
const NEXT: &str = "SELECT recorded_at, case_id, sequence, name FROM feed_new WHERE authority_id = $1 \
    ORDER BY recorded_at, case_id, sequence LIMIT $2";
const PLACE: &str = "INSERT INTO feed (authority_id, position, case_id, sequence, name, topic, recorded_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const PLACED: &str =
    "DELETE FROM feed_new WHERE authority_id = $1 AND recorded_at = $2 AND case_id = $3 AND sequence = $4";
const TELLING: &str = "SELECT webhook_id, topics FROM webhooks WHERE authority_id = $1 AND ended_at IS NULL";
const TELL: &str = "INSERT INTO webhook_deliveries (authority_id, webhook_id, position, state, attempts, go_at) \
    VALUES ($1, $2, $3, 'waiting', 0, $4) ON CONFLICT DO NOTHING";
const ONE: &str = "SELECT position, case_id, sequence, name, recorded_at FROM feed \
    WHERE authority_id = $1 AND position = $2";
const PAGE: &str = concat!(
    "SELECT e.position, e.case_id, e.sequence, e.name, e.recorded_at FROM feed e \
     JOIN cases c ON c.authority_id = e.authority_id AND c.case_id = e.case_id WHERE ",
    in_scope!(),
    " AND e.position > $5 AND e.position <= $6 AND (e.topic = $7 OR $7 IS NULL) ORDER BY e.position LIMIT $8"
);

/// What happened, as programs are told: nothing in it says who the child is or what was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub position: u64,
    pub case: CaseId,
    /// Its number in the case’s own history.
    pub sequence: u64,
    pub name: String,
    pub at: Timestamp,
}

impl Happened {
    fn read(row: &Row) -> Result<Happened, Error> {
        Ok(Happened {
            position: row.get("position")?,
            case: CaseId(row.get("case_id")?),
            sequence: row.get("sequence")?,
            name: row.get("name")?,
            at: row.get("recorded_at")?,
        })
    }

    /// Where it is read, with the reader's own rights.
    pub fn path(&self) -> String {
        format!("{}/children/{}/history?cursor={}&limit=1", crate::api::PREFIX, self.case, self.sequence + 1)
    }
}

/// Gives places to everything that has none, and puts it on its way to those who are told.
///
/// # Errors
/// When the database fails.
pub fn number(app: &App) -> Result<(), Error> {
    let areas = app.db.read("feed.waiting", |tx| -> Result<Vec<AuthorityId>, Error> {
        tx.query(WAITING, &[])?.iter().map(|row| Ok(AuthorityId(row.get(0)?))).collect()
    })?;
    for area in areas {
        number_area(app, area)?;
    }
    Ok(())
}

/// The same for one area.
///
/// # Errors
/// When the database fails.
pub fn number_area(app: &App, authority: AuthorityId) -> Result<(), Error> {
    loop {
        let now = app.clock.now();
        let placed = app.db.write("feed.number", |tx| place_some(tx, authority, now))?;
        if placed < usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
            return Ok(());
        }
    }
}

fn place_some(tx: &mut dyn Tx, authority: AuthorityId, now: Timestamp) -> Result<usize, Error> {
    tx.execute(OPEN_HEAD, &[authority.0.into()])?;
    tx.execute(HOLD_HEAD, &[authority.0.into()])?;
    let mut position: i64 = tx.query_one(HEAD, &[authority.0.into()])?.get(0)?;
    let rows = tx.query(NEXT, &[authority.0.into(), AT_ONCE.into()])?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut telling: Vec<(uuid::Uuid, String)> = Vec::new();
    for row in tx.query(TELLING, &[authority.0.into()])? {
        telling.push((row.get(0)?, row.get(1)?));
    }
    let (mut placed, mut gone, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for row in &rows {
        let (at, case): (Timestamp, uuid::Uuid) = (row.get("recorded_at")?, row.get("case_id")?);
        let (sequence, name): (i64, &str) = (row.get("sequence")?, row.get("name")?);
        gone.push(vec![authority.0.into(), at.into(), case.into(), sequence.into()]);
        let Some(topic) = Topic::of(name) else { continue };
        position += 1;
        for (webhook, topics) in &telling {
            if topics.contains(&format!(",{topic},")) {
                told.push(vec![authority.0.into(), (*webhook).into(), position.into(), now.into()]);
            }
        }
        placed.push(vec![
            authority.0.into(),
            position.into(),
            case.into(),
            sequence.into(),
            name.into(),
            topic.to_string().into(),
            at.into(),
        ]);
    }
    tx.execute_many(PLACE, &placed)?;
    tx.execute_many(TELL, &told)?;
    tx.execute_many(PLACED, &gone)?;
    tx.execute(MOVE_HEAD, &[authority.0.into(), position.into()])?;
    Ok(rows.len())
}

/// One entry.
///
/// # Errors
/// When the database fails.
pub(super) fn find(tx: &mut dyn Tx, authority: AuthorityId, position: u64) -> Result<Option<Happened>, Error> {
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    tx.find(ONE, &[authority.0.into(), position.into()])?.as_ref().map(Happened::read).transpose()
}

/// A page of the feed.
#[derive(Debug)]
pub struct Page {
    pub happened: Vec<Happened>,
    /// The place up to which this page looked: where the next begins.
    pub after: u64,
    /// Whether there is more already.
    pub more: bool,
}

/// What happened after a place, to children in this scope.
///
/// # Errors
/// When the database fails.
pub fn page(tx: &mut dyn Tx, scope: Scope, after: u64, topic: Option<Topic>, limit: i64) -> Result<Page, Error> {
    let head: u64 = match tx.find(HEAD, &[scope.authority.0.into()])? {
        Some(row) => row.get(0)?,
        None => 0,
    };
    let until = after.saturating_add(LOOKED_AT_MAX.unsigned_abs()).min(head);
    if until <= after {
        return Ok(Page { happened: vec![], after, more: false });
    }
    let number = |position: u64| i64::try_from(position).unwrap_or(i64::MAX);
    let mut parameters = scope.parameters().to_vec();
    parameters.extend([
        number(after).into(),
        number(until).into(),
        topic.map(|topic| topic.to_string()).into(),
        (limit + 1).into(),
    ]);
    let mut happened = tx.query(PAGE, &parameters)?.iter().map(Happened::read).collect::<Result<Vec<_>, _>>()?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if happened.len() > limit {
        happened.truncate(limit);
        let after = happened.last().map_or(after, |last| last.position);
        return Ok(Page { happened, after, more: true });
    }
    Ok(Page { happened, after: until, more: until < head })
}
