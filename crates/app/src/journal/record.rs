//! Loading one case and recording what happened to it.

use super::designated;
use super::kept;
use super::listed::{Columns, Follows, Listed, task_values};
use super::state;
use super::writes::Writes;
use super::{Act, By, HISTORY, Papers, Who};
use crate::Error;
use casework::access::Action;
use casework::{AuthorityId, Case, CaseId, Command, Event};
use db::{Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;
use uuid::Uuid;

/// A case as it is, with the head of its hash chain.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub case: Arc<Case>,
    pub head: [u8; 32],
    /// The version at which its state is stored whole; none while the database does not have it.
    snapshot: Option<u64>,
    /// What follows from it, where that is known already.
    follows: Option<Arc<Follows>>,
}

/// The version of the JSON that events are written in.
pub(super) const SCHEMA: i64 = 1;

const VERSION: &str = "SELECT version FROM cases WHERE authority_id = $1 AND case_id = $2";
const HEAD: &str = "SELECT head FROM cases WHERE authority_id = $1 AND case_id = $2";
const LOAD: &str = "SELECT c.head, c.version AS now, s.version, s.state FROM cases c \
    JOIN snapshots s ON s.authority_id = c.authority_id AND s.case_id = c.case_id \
    WHERE c.authority_id = $1 AND c.case_id = $2";
const SINCE: &str =
    "SELECT body FROM journal WHERE authority_id = $1 AND case_id = $2 AND sequence > $3 ORDER BY sequence";

/// After so many entries the state is stored whole again. Writing it costs several times as much as
/// an entry; applying an entry when a case is read costs a few microseconds.
const SNAPSHOT_EVERY: u64 = 16;

/// Loads a case; an unknown id gives a case that nothing has happened to yet.
///
/// # Errors
/// When the database fails or the stored state cannot be read.
pub fn load(tx: &mut dyn Tx, authority: AuthorityId, id: CaseId) -> Result<Loaded, Error> {
    let key = [authority.0.into(), id.0.into()];
    if let Some(known) = kept::find(authority, id)
        && let Some(row) = tx.find(HEAD, &key)?
        && row.get::<[u8; 32]>(0)? == known.head
    {
        return Ok(known);
    }
    let loaded = load_stored(tx, authority, id)?;
    if loaded.snapshot.is_some() {
        kept::keep(&loaded);
    }
    Ok(loaded)
}

/// [`load`] from the database alone, whatever is kept in memory.
///
/// # Errors
/// As [`load`].
pub fn load_stored(tx: &mut dyn Tx, authority: AuthorityId, id: CaseId) -> Result<Loaded, Error> {
    let key = [authority.0.into(), id.0.into()];
    let Some(row) = tx.find(LOAD, &key)? else {
        return Ok(fresh(authority, id));
    };
    let (now, snapshot): (u64, u64) = (row.get("now")?, row.get("version")?);
    let mut case = state::unpack(row.get("state")?)?;
    if snapshot < now {
        for row in &tx.query(SINCE, &[key.as_slice(), &[number(snapshot)]].concat())? {
            case.apply(&state::event(row.get(0)?)?);
        }
    }
    Ok(Loaded { case: Arc::new(case), head: row.get("head")?, snapshot: Some(snapshot), follows: None })
}

/// Whether the case is still as a page showed it: said before what was typed is looked at, so that
/// someone whose page is old learns that first.
///
/// # Errors
/// [`Error::Conflict`] when something was recorded since.
pub fn unchanged(tx: &mut dyn Tx, authority: AuthorityId, id: CaseId, seen: u64) -> Result<(), Error> {
    let Some(row) = tx.find(VERSION, &[authority.0.into(), id.0.into()])? else { return Ok(()) };
    match row.get(0)? {
        now if now == seen => Ok(()),
        now => Err(Error::Conflict { case: id, seen, now }),
    }
}

/// The version to go on with for somebody whose page showed `seen`: sends that were held in between
/// took nothing away from what they saw.
///
/// # Errors
/// When the database fails.
pub fn seen_now(tx: &mut dyn Tx, authority: AuthorityId, id: CaseId, seen: u64) -> Result<u64, Error> {
    let rows = tx.query(NAMES_SINCE, &[authority.0.into(), id.0.into(), number(seen)])?;
    let mut now = seen;
    for row in rows {
        let (sequence, name): (u64, &str) = (row.get(0)?, row.get(1)?);
        if !name.starts_with("recipients.") && !name.starts_with("openings.") {
            return Ok(seen);
        }
        now = sequence;
    }
    Ok(now)
}

/// A case that the database does not have yet.
fn fresh(authority: AuthorityId, id: CaseId) -> Loaded {
    Loaded { case: Arc::new(Case::new(authority, id)), head: [0; 32], snapshot: None, follows: None }
}

/// One journal entry, as its hash covers it.
pub(super) struct Entry<'a> {
    pub sequence: u64,
    pub recorded_at: Timestamp,
    pub recorded_on: Date,
    pub actor: Option<Uuid>,
    pub role: &'a str,
    pub action: &'a str,
    pub name: &'a str,
    pub schema: i64,
    pub body: &'a str,
}

impl Entry<'_> {
    /// Over the hash of the entry before it and everything this entry says.
    pub fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(previous);
        hasher.update(&self.sequence.to_be_bytes());
        hasher.update(&self.recorded_at.as_microsecond().to_be_bytes());
        hasher.update(self.actor.unwrap_or_default().as_bytes());
        hasher.update(&self.schema.to_be_bytes());
        // Lengths keep one field from running into the next.
        for part in [&self.recorded_on.to_string(), self.role, self.action, self.name, self.body] {
            hasher.update(&(part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }
}

const NAMES_SINCE: &str = "SELECT sequence, name FROM journal \
    WHERE authority_id = $1 AND case_id = $2 AND sequence > $3 ORDER BY sequence LIMIT 100";
const ADD_CASE: &str = "INSERT INTO cases (authority_id, case_id, version, head, \
    stage, born_on, primary_need, request_received_on, out_of_education_since, plan_first_made_on, ever_reviewed, \
    meeting_on, transfer_on, officer_id, setting_urn, next_due_on) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
// A column that is named in an update has its indexes written, whether it changes or not: so an act
// names those that have one only when it changes them.
const SAVE_HEAD: &str = "UPDATE cases SET version = $3, head = $4 \
    WHERE authority_id = $1 AND case_id = $2 AND version = $5";
const SAVE_UNINDEXED: &str = "UPDATE cases SET version = $3, head = $4, \
    stage = $5, born_on = $6, primary_need = $7, request_received_on = $8, out_of_education_since = $9, \
    plan_first_made_on = $10, ever_reviewed = $11, meeting_on = $12, transfer_on = $13 \
    WHERE authority_id = $1 AND case_id = $2 AND version = $14";
const SAVE_CASE: &str = "UPDATE cases SET version = $3, head = $4, \
    stage = $5, born_on = $6, primary_need = $7, request_received_on = $8, out_of_education_since = $9, \
    plan_first_made_on = $10, ever_reviewed = $11, meeting_on = $12, transfer_on = $13, \
    officer_id = $14, setting_urn = $15, next_due_on = $16 \
    WHERE authority_id = $1 AND case_id = $2 AND version = $17";
/// Authority, case, version and head: the values of a row of `cases` before its list columns.
const HEAD_VALUES: usize = 4;
const ADD_SNAPSHOT: &str = "INSERT INTO snapshots (authority_id, case_id, version, state) VALUES ($1, $2, $3, $4)";
const SAVE_SNAPSHOT: &str = "UPDATE snapshots SET version = $3, state = $4 WHERE authority_id = $1 AND case_id = $2";
const ADD_ENTRY: &str = "INSERT INTO journal (authority_id, case_id, sequence, recorded_at, recorded_on, actor_id, actor_role, \
    action, name, schema, body, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const ADD_TO_FEED: &str =
    "INSERT INTO feed_new (authority_id, recorded_at, case_id, sequence, name) VALUES ($1, $2, $3, $4, $5)";
const PUT_DEADLINE: &str = "INSERT INTO deadlines (authority_id, case_id, ordinal, rule, subject, triggered_on, due_on, do_by, \
    strength, met_on, disapplied, superseded, officer_id) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
    ON CONFLICT (authority_id, case_id, ordinal) DO UPDATE SET rule = excluded.rule, subject = excluded.subject, \
    triggered_on = excluded.triggered_on, due_on = excluded.due_on, do_by = excluded.do_by, \
    strength = excluded.strength, met_on = excluded.met_on, disapplied = excluded.disapplied, \
    superseded = excluded.superseded, officer_id = excluded.officer_id";
const CUT_DEADLINES: &str = "DELETE FROM deadlines WHERE authority_id = $1 AND case_id = $2 AND ordinal >= $3";
const DROP_TASKS: &str = "DELETE FROM tasks WHERE authority_id = $1 AND case_id = $2";
const ADD_TASK: &str = "INSERT INTO tasks (authority_id, case_id, kind, due_on, count) VALUES ($1, $2, $3, $4, $5)";
const DROP_ASKED: &str = "DELETE FROM case_bodies WHERE authority_id = $1 AND case_id = $2";
const ADD_ASKED: &str =
    "INSERT INTO case_bodies (authority_id, body_id, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const DROP_WAITING: &str = "DELETE FROM advice_waiting WHERE authority_id = $1 AND case_id = $2";
const ADD_WAITING: &str = "INSERT INTO advice_waiting (authority_id, case_id, advice_id, body_id, kind, purpose, asked_on, due_on) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const DROP_OPENINGS: &str = "DELETE FROM record_openings WHERE authority_id = $1 AND case_id = $2";
const ADD_OPENING: &str = "INSERT INTO record_openings (authority_id, case_id, opening_id, user_id, emergency, opened_on, \
    until_on, ended_on, family_told_on, looked_at_on, was_right) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const DROP_ROUTES: &str = "DELETE FROM contact_routes WHERE authority_id = $1 AND case_id = $2";
const ADD_ROUTE: &str = "INSERT INTO contact_routes (authority_id, case_id, enquiry_id, about, came_on, desk, passed_on, \
    answered_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const DROP_HELD: &str = "DELETE FROM held_sends WHERE authority_id = $1 AND case_id = $2";
const ADD_HELD: &str = "INSERT INTO held_sends (authority_id, case_id, hold_id, sending, kinds, held_on, held_by, \
    released_on, released_by, put_right_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const DROP_FAMILY: &str = "DELETE FROM case_family WHERE authority_id = $1 AND case_id = $2";
const ADD_FAMILY: &str = "INSERT INTO case_family (authority_id, user_id, case_id) VALUES ($1, $2, $3)";
const DROP_INVITED: &str = "DELETE FROM case_invited WHERE authority_id = $1 AND case_id = $2";
const ADD_INVITED: &str = "INSERT INTO case_invited (authority_id, user_id, case_id) VALUES ($1, $2, $3)";
const ADD_ASKING: &str = "INSERT INTO askings (authority_id, case_id, place, form, teller, asked_on, asked, confirmed) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const DROP_JOINED: &str = "DELETE FROM joined_records WHERE authority_id = $1 AND case_id = $2";
const ADD_JOINED: &str = "INSERT INTO joined_records (authority_id, case_id, into_case_id) VALUES ($1, $2, $3)";
const DROP_RECEIPTS: &str = "DELETE FROM receipt_numbers WHERE authority_id = $1 AND case_id = $2";
const ADD_RECEIPT: &str = "INSERT INTO receipt_numbers (authority_id, number, case_id) VALUES ($1, $2, $3)";

/// Commits events, state, deadlines, tasks, papers and jobs in the transaction it is given.
///
/// `after` is `before` with the events applied. An act without events and papers writes nothing.
///
/// # Errors
/// [`Error::Conflict`] when someone else has recorded on this case since it was loaded.
pub fn record(
    tx: &mut dyn Tx,
    who: &Who,
    action: Action,
    before: Loaded,
    after: Case,
    events: &[Event],
    papers: Papers,
) -> Result<Loaded, Error> {
    assert_eq!(
        after.version,
        before.case.version + events.len() as u64,
        "the case after an act is the case before it with exactly the act's events applied",
    );
    if events.is_empty() && papers.is_empty() {
        return Ok(before);
    }
    let mut writes = Writes::default();
    let is_new = before.snapshot.is_none();
    if events.is_empty() {
        if is_new {
            return Err(Error::NotFound);
        }
        papers.add_to(&mut writes, &after, who, &before.case, events);
        writes.run(tx)?;
        return Ok(before);
    }
    let head = add_entries(&mut writes, who, action, &before.case, before.head, events)?;
    let known = before.follows.unwrap_or_else(|| Arc::new(Follows::from(&before.case)));
    let follows = known.after(&before.case, &after);
    let (was, listed) = (&known.listed, &follows.listed);
    let row = case_row(&after, listed, head);
    let mut snapshot = before.snapshot.unwrap_or(after.version);
    if is_new {
        writes.add(ADD_CASE, row);
        writes.add(ADD_SNAPSHOT, snapshot_row(&after)?);
        add_lists(&mut writes, &after, listed);
    } else {
        if after.version - snapshot >= SNAPSHOT_EVERY {
            snapshot = after.version;
            writes.add(SAVE_SNAPSHOT, snapshot_row(&after)?);
        }
        save_case(tx, row, &after, before.case.version, &was.columns, &listed.columns)?;
        change_lists(tx, &mut writes, &after, was, listed)?;
    }
    papers.add_to(&mut writes, &after, who, &before.case, events);
    writes.run(tx)?;
    let loaded = Loaded { case: Arc::new(after), head, snapshot: Some(snapshot), follows: Some(Arc::new(follows)) };
    kept::keep(&loaded);
    Ok(loaded)
}

/// A case made with its past, before the database has anything of it: what happened is gathered act
/// by act, and what follows from it is written once, as it is at the end.
pub(crate) struct Unwritten {
    case: Case,
    head: [u8; 32],
}

impl Unwritten {
    pub fn new(authority: AuthorityId, id: CaseId) -> Unwritten {
        Unwritten { case: Case::new(authority, id), head: [0; 32] }
    }

    /// One act, as [`super::act_on`] would do it.
    ///
    /// # Errors
    /// As [`super::act_on`].
    pub fn act(&mut self, writes: &mut Writes, who: &Who, act: Act) -> Result<(), Error> {
        let before = self.case.clone();
        let events = decided(who, &mut self.case, act.commands)?;
        self.head = add_entries(writes, who, act.action, &before, self.head, &events)?;
        act.papers.add_to(writes, &self.case, who, &before, &events);
        Ok(())
    }

    /// Adds the case itself and what lists hold of it.
    ///
    /// # Errors
    /// When its state cannot be written as JSON.
    pub fn finish(self, writes: &mut Writes) -> Result<(), Error> {
        let listed = Listed::of(&self.case);
        writes.add(ADD_CASE, case_row(&self.case, &listed, self.head));
        writes.add(ADD_SNAPSHOT, snapshot_row(&self.case)?);
        add_lists(writes, &self.case, &listed);
        Ok(())
    }
}

/// Decides commands one after the other, each on the case as the one before left it.
pub(super) fn decided(who: &Who, case: &mut Case, commands: Vec<Command>) -> Result<Vec<Event>, Error> {
    let context = who.context();
    let mut events = Vec::new();
    for command in commands {
        for event in casework::decide(case, command, &context)? {
            case.apply(&event);
            events.push(event);
        }
    }
    Ok(events)
}

/// Adds the journal entries of one act and returns the head of the chain after them.
fn add_entries(
    writes: &mut Writes,
    who: &Who,
    action: Action,
    before: &Case,
    mut head: [u8; 32],
    events: &[Event],
) -> Result<[u8; 32], Error> {
    for (sequence, event) in (before.version + 1..).zip(events) {
        let body = serde_json::to_string(event)
            .map_err(|cause| Error::Broken { step: "write an event", cause: cause.to_string() })?;
        let name = event.name();
        let entry = Entry {
            sequence,
            recorded_at: who.now,
            recorded_on: who.today,
            actor: who.user().map(|user| user.0),
            role: who.role_name(),
            action: action.into(),
            name: &name,
            schema: SCHEMA,
            body: &body,
        };
        head = entry.hash(&head);
        // A demo's past is not news.
        if !matches!(who.by, By::System(HISTORY)) {
            let sequence = number(sequence);
            let row =
                [before.authority.0.into(), entry.recorded_at.into(), before.id.0.into(), sequence, entry.name.into()];
            writes.add(ADD_TO_FEED, row.to_vec());
        }
        writes.add(
            ADD_ENTRY,
            vec![
                before.authority.0.into(),
                before.id.0.into(),
                i64::try_from(sequence).unwrap_or(i64::MAX).into(),
                entry.recorded_at.into(),
                entry.recorded_on.into(),
                entry.actor.into(),
                entry.role.into(),
                entry.action.into(),
                entry.name.into(),
                entry.schema.into(),
                entry.body.into(),
                head.into(),
            ],
        );
    }
    Ok(head)
}

fn case_row(case: &Case, listed: &Listed, head: [u8; 32]) -> Vec<Value> {
    let mut row: Vec<Value> = vec![case.authority.0.into(), case.id.0.into(), number(case.version), head.into()];
    row.extend(listed.columns.values());
    row
}

fn snapshot_row(case: &Case) -> Result<Vec<Value>, Error> {
    Ok(vec![case.authority.0.into(), case.id.0.into(), number(case.version), state::pack(case)?.into()])
}

fn number(version: u64) -> Value {
    i64::try_from(version).unwrap_or(i64::MAX).into()
}

fn save_case(
    tx: &mut dyn Tx,
    mut row: Vec<Value>,
    after: &Case,
    seen: u64,
    was: &Columns,
    now: &Columns,
) -> Result<(), Error> {
    let sql = if was == now {
        row.truncate(HEAD_VALUES);
        SAVE_HEAD
    } else if was.indexed == now.indexed {
        row.truncate(HEAD_VALUES + Columns::UNINDEXED);
        SAVE_UNINDEXED
    } else {
        SAVE_CASE
    };
    row.push(number(seen));
    match tx.execute(sql, &row)? {
        1 => Ok(()),
        // Someone else's commit came between load and here (PostgreSQL; SQLite has one writer).
        _ => Err(Error::Conflict { case: after.id, seen, now: seen + 1 }),
    }
}

/// Rows that lists read, for a case that has none.
fn add_lists(writes: &mut Writes, case: &Case, now: &Listed) {
    for (place, row) in now.deadlines.iter().enumerate() {
        writes.add(PUT_DEADLINE, row.values(case.authority, case.id, place));
    }
    for task in &now.tasks {
        writes.add(ADD_TASK, task_values(task, case.authority, case.id));
    }
    for body in &now.asked {
        writes.add(ADD_ASKED, vec![case.authority.0.into(), (*body).into(), case.id.0.into()]);
    }
    for user in &now.family {
        writes.add(ADD_FAMILY, vec![case.authority.0.into(), (*user).into(), case.id.0.into()]);
    }
    for user in &now.invited {
        writes.add(ADD_INVITED, vec![case.authority.0.into(), (*user).into(), case.id.0.into()]);
    }
    for row in &now.waiting {
        writes.add(ADD_WAITING, row.values(case.authority, case.id));
    }
    for row in &now.held {
        writes.add(ADD_HELD, row.values(case.authority, case.id));
    }
    for row in &now.openings {
        writes.add(ADD_OPENING, row.values(case.authority, case.id));
    }
    for row in &now.routes {
        writes.add(ADD_ROUTE, row.values(case.authority, case.id));
    }
    add_askings(writes, case, now, 0);
    add_ways(writes, case, now);
    add_designated(writes, case, now);
}

/// What the lists of designated officers hold.
fn add_designated(writes: &mut Writes, case: &Case, now: &Listed) {
    for row in &now.advice {
        writes.add(designated::ADD_ASKED, row.values(case.authority, case.id));
    }
    if let Some(row) = &now.designated {
        writes.add(designated::ADD_DESIGNATED, row.values(case.authority, case.id));
    }
}

/// What was asked after the first so many times: it is never asked less.
fn add_askings(writes: &mut Writes, case: &Case, now: &Listed, known: usize) {
    for (place, row) in now.askings.iter().enumerate().skip(known) {
        writes.add(ADD_ASKING, row.values(case.authority, case.id, place));
    }
}

/// What leads to a case, or from a closed one to the one that is kept.
fn add_ways(writes: &mut Writes, case: &Case, now: &Listed) {
    if let Some(kept) = now.joined_into {
        writes.add(ADD_JOINED, vec![case.authority.0.into(), case.id.0.into(), kept.into()]);
    }
    for number in &now.receipts {
        writes.add(ADD_RECEIPT, vec![case.authority.0.into(), number.as_str().into(), case.id.0.into()]);
    }
}

/// The same for a case that has some. What an act leaves as it was is not written again.
fn change_lists(tx: &mut dyn Tx, writes: &mut Writes, case: &Case, was: &Listed, now: &Listed) -> Result<(), Error> {
    let key = [case.authority.0.into(), case.id.0.into()];
    for (place, row) in now.deadlines.iter().enumerate().filter(|(place, row)| was.deadlines.get(*place) != Some(row)) {
        writes.add(PUT_DEADLINE, row.values(case.authority, case.id, place));
    }
    if now.deadlines.len() < was.deadlines.len() {
        let left = i64::try_from(now.deadlines.len()).unwrap_or(i64::MAX);
        tx.execute(CUT_DEADLINES, &[key.as_slice(), &[left.into()]].concat())?;
    }
    if was.tasks != now.tasks {
        tx.execute(DROP_TASKS, &key)?;
        for task in &now.tasks {
            writes.add(ADD_TASK, task_values(task, case.authority, case.id));
        }
    }
    if was.asked != now.asked {
        tx.execute(DROP_ASKED, &key)?;
        for body in &now.asked {
            writes.add(ADD_ASKED, vec![case.authority.0.into(), (*body).into(), case.id.0.into()]);
        }
    }
    if was.family != now.family {
        tx.execute(DROP_FAMILY, &key)?;
        for user in &now.family {
            writes.add(ADD_FAMILY, vec![case.authority.0.into(), (*user).into(), case.id.0.into()]);
        }
    }
    if was.invited != now.invited {
        tx.execute(DROP_INVITED, &key)?;
        for user in &now.invited {
            writes.add(ADD_INVITED, vec![case.authority.0.into(), (*user).into(), case.id.0.into()]);
        }
    }
    if was.waiting != now.waiting {
        tx.execute(DROP_WAITING, &key)?;
        for row in &now.waiting {
            writes.add(ADD_WAITING, row.values(case.authority, case.id));
        }
    }
    if was.routes != now.routes {
        tx.execute(DROP_ROUTES, &key)?;
        for row in &now.routes {
            writes.add(ADD_ROUTE, row.values(case.authority, case.id));
        }
    }
    if was.openings != now.openings {
        tx.execute(DROP_OPENINGS, &key)?;
        for row in &now.openings {
            writes.add(ADD_OPENING, row.values(case.authority, case.id));
        }
    }
    if was.held != now.held {
        tx.execute(DROP_HELD, &key)?;
        for row in &now.held {
            writes.add(ADD_HELD, row.values(case.authority, case.id));
        }
    }
    add_askings(writes, case, now, was.askings.len());
    if (was.joined_into, &was.receipts) != (now.joined_into, &now.receipts) {
        tx.execute(DROP_JOINED, &key)?;
        tx.execute(DROP_RECEIPTS, &key)?;
        add_ways(writes, case, now);
    }
    if (&was.advice, &was.designated) != (&now.advice, &now.designated) {
        tx.execute(designated::DROP_ASKED, &key)?;
        tx.execute(designated::DROP_DESIGNATED, &key)?;
        add_designated(writes, case, now);
    }
    Ok(())
}

const UNLISTED: &str = "SELECT authority_id, case_id FROM unlisted_cases ORDER BY authority_id, case_id LIMIT 200";
const NOW_LISTED: &str = "DELETE FROM unlisted_cases WHERE authority_id = $1 AND case_id = $2";

/// Makes the newest lists of cases that were recorded before there were such lists.
///
/// # Errors
/// When the database fails or a stored state cannot be read.
pub fn list_unlisted(db: &db::Database) -> Result<(), Error> {
    loop {
        let count = db.write("journal.list_unlisted", |tx| -> Result<usize, Error> {
            let rows = tx.query(UNLISTED, &[])?;
            let mut writes = Writes::default();
            for row in &rows {
                let (authority, id): (Uuid, Uuid) = (row.get(0)?, row.get(1)?);
                let key = [authority.into(), id.into()];
                // Another process has it.
                if tx.execute(NOW_LISTED, &key)? == 0 {
                    continue;
                }
                let case = load_stored(tx, AuthorityId(authority), CaseId(id))?.case;
                for statement in [designated::DROP_ASKED, designated::DROP_DESIGNATED] {
                    tx.execute(statement, &key)?;
                }
                add_designated(&mut writes, &case, &Listed::of(&case));
            }
            writes.run(tx)?;
            Ok(rows.len())
        })?;
        if count == 0 {
            return Ok(());
        }
    }
}
