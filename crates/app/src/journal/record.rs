//! Loading one case and recording what happened to it.

use super::listed::{Listed, task_values};
use super::{Papers, Who};
use crate::Error;
use casework::access::Action;
use casework::{AuthorityId, Case, CaseId, Event};
use db::{Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// A case as it is, with the head of its hash chain.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub case: Case,
    pub head: [u8; 32],
    /// Whether the database has it yet.
    stored: bool,
    /// What lists hold of it, where that is known already.
    listed: Option<Listed>,
}

/// The version of the JSON that events are written in.
pub(super) const SCHEMA: i64 = 1;

const VERSION: &str = "SELECT version FROM cases WHERE authority_id = $1 AND case_id = $2";
const LOAD: &str = "SELECT state, head FROM cases WHERE authority_id = $1 AND case_id = $2";

/// Loads a case; an unknown id gives a case that nothing has happened to yet.
///
/// # Errors
/// When the database fails or the stored state cannot be read.
pub fn load(tx: &mut dyn Tx, authority: AuthorityId, id: CaseId) -> Result<Loaded, Error> {
    match tx.find(LOAD, &[authority.0.into(), id.0.into()])? {
        None => Ok(fresh(authority, id)),
        Some(row) => {
            let state: &str = row.get(0)?;
            let case = serde_json::from_str(state)
                .map_err(|cause| Error::Broken { step: "read the state of a case", cause: cause.to_string() })?;
            let head: Vec<u8> = row.get(1)?;
            let head = head
                .try_into()
                .map_err(|_| Error::Broken { step: "read the head of a case", cause: "not 32 bytes".into() })?;
            Ok(Loaded { case, head, stored: true, listed: None })
        }
    }
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

/// A case that is known not to be in the database yet.
pub fn fresh(authority: AuthorityId, id: CaseId) -> Loaded {
    Loaded { case: Case::new(authority, id), head: [0; 32], stored: false, listed: None }
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

const ADD_CASE: &str = "INSERT INTO cases (authority_id, case_id, version, head, state, \
    stage, officer_id, setting_urn, born_on, primary_need, request_received_on, out_of_education_since, \
    plan_first_made_on, ever_reviewed, meeting_on, transfer_on, next_due_on) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
const SAVE_CASE: &str = "UPDATE cases SET version = $3, head = $4, state = $5, \
    stage = $6, officer_id = $7, setting_urn = $8, born_on = $9, primary_need = $10, request_received_on = $11, \
    out_of_education_since = $12, plan_first_made_on = $13, ever_reviewed = $14, meeting_on = $15, \
    transfer_on = $16, next_due_on = $17 WHERE authority_id = $1 AND case_id = $2 AND version = $18";
const ADD_ENTRY: &str = "INSERT INTO journal (authority_id, case_id, sequence, recorded_at, recorded_on, actor_id, actor_role, \
    action, name, schema, body, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const PUT_DEADLINE: &str = "INSERT INTO deadlines (authority_id, case_id, ordinal, rule, subject, triggered_on, due_on, do_by, \
    strength, met_on, disapplied, superseded, officer_id) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
    ON CONFLICT (authority_id, case_id, ordinal) DO UPDATE SET rule = $4, subject = $5, triggered_on = $6, due_on = $7, \
    do_by = $8, strength = $9, met_on = $10, disapplied = $11, superseded = $12, officer_id = $13";
const CUT_DEADLINES: &str = "DELETE FROM deadlines WHERE authority_id = $1 AND case_id = $2 AND ordinal >= $3";
const DROP_TASKS: &str = "DELETE FROM tasks WHERE authority_id = $1 AND case_id = $2";
const ADD_TASK: &str = "INSERT INTO tasks (authority_id, case_id, kind, due_on, count) VALUES ($1, $2, $3, $4, $5)";
const DROP_ASKED: &str = "DELETE FROM case_bodies WHERE authority_id = $1 AND case_id = $2";
const ADD_ASKED: &str =
    "INSERT INTO case_bodies (authority_id, body_id, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

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
    let (authority, id) = (after.authority, after.id);
    let mut head = before.head;
    let mut rows = Vec::with_capacity(events.len());
    for (sequence, event) in (before.case.version + 1..).zip(events) {
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
        rows.push(vec![
            authority.0.into(),
            id.0.into(),
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
        ]);
    }
    if !events.is_empty() {
        let listed = Listed::of(&after);
        save_case(tx, &before, &after, &listed, head)?;
        tx.execute_many(ADD_ENTRY, &rows)?;
        let was = before.stored.then(|| before.listed.unwrap_or_else(|| Listed::of(&before.case)));
        save_lists(tx, was.as_ref(), &after, &listed)?;
        papers.write(tx, authority, id, who.now, who.user())?;
        return Ok(Loaded { case: after, head, stored: true, listed: Some(listed) });
    }
    if !before.stored {
        return Err(Error::NotFound);
    }
    papers.write(tx, authority, id, who.now, who.user())?;
    Ok(before)
}

fn save_case(tx: &mut dyn Tx, before: &Loaded, after: &Case, listed: &Listed, head: [u8; 32]) -> Result<(), Error> {
    let state = serde_json::to_string(after)
        .map_err(|cause| Error::Broken { step: "write the state of a case", cause: cause.to_string() })?;
    let version = |version: u64| Value::from(i64::try_from(version).unwrap_or(i64::MAX));
    let mut values: Vec<Value> =
        vec![after.authority.0.into(), after.id.0.into(), version(after.version), head.into(), state.into()];
    values.extend(listed.columns.values());
    if !before.stored {
        tx.execute(ADD_CASE, &values)?;
        return Ok(());
    }
    values.push(version(before.case.version));
    match tx.execute(SAVE_CASE, &values)? {
        1 => Ok(()),
        // Someone else's commit came between load and here (PostgreSQL; SQLite has one writer).
        _ => Err(Error::Conflict { case: after.id, seen: before.case.version, now: before.case.version + 1 }),
    }
}

/// Rows that lists read. What an act leaves as it was is not written again.
fn save_lists(tx: &mut dyn Tx, was: Option<&Listed>, after: &Case, now: &Listed) -> Result<(), Error> {
    let key = || [after.authority.0.into(), after.id.0.into()];
    let before = was.map_or(&[][..], |was| &was.deadlines);
    let changed: Vec<Vec<Value>> = now
        .deadlines
        .iter()
        .enumerate()
        .filter(|(place, row)| before.get(*place) != Some(row))
        .map(|(place, row)| row.values(after.authority, after.id, place))
        .collect();
    tx.execute_many(PUT_DEADLINE, &changed)?;
    if now.deadlines.len() < before.len() {
        let [authority, case] = key();
        tx.execute(CUT_DEADLINES, &[authority, case, i64::try_from(now.deadlines.len()).unwrap_or(i64::MAX).into()])?;
    }
    if was.is_none_or(|was| was.tasks != now.tasks) {
        if was.is_some_and(|was| !was.tasks.is_empty()) {
            tx.execute(DROP_TASKS, &key())?;
        }
        let rows: Vec<Vec<Value>> = now.tasks.iter().map(|task| task_values(task, after.authority, after.id)).collect();
        tx.execute_many(ADD_TASK, &rows)?;
    }
    if was.is_none_or(|was| was.asked != now.asked) {
        if was.is_some_and(|was| !was.asked.is_empty()) {
            tx.execute(DROP_ASKED, &key())?;
        }
        let [authority, case] = key();
        let rows: Vec<Vec<Value>> =
            now.asked.iter().map(|body| vec![authority.clone(), (*body).into(), case.clone()]).collect();
        tx.execute_many(ADD_ASKED, &rows)?;
    }
    Ok(())
}
