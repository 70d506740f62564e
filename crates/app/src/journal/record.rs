//! Loading one case and recording what happened to it.

use super::{Papers, Who};
use crate::Error;
use casework::access::Action;
use casework::{AuthorityId, Case, CaseId, Event, tasks};
use db::{Tx, Value};

/// A case as it is, with the head of its hash chain.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub case: Case,
    pub head: [u8; 32],
    /// Whether the database has it yet.
    stored: bool,
}

/// The version of the JSON that events are written in.
pub(super) const SCHEMA: i64 = 1;

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
            Ok(Loaded { case, head, stored: true })
        }
    }
}

/// A case that is known not to be in the database yet.
pub fn fresh(authority: AuthorityId, id: CaseId) -> Loaded {
    Loaded { case: Case::new(authority, id), head: [0; 32], stored: false }
}

/// The hash of one journal entry: over the hash before it and everything the entry says.
pub(super) fn entry_hash(
    previous: &[u8; 32],
    sequence: u64,
    recorded_at_micros: i64,
    actor: Option<uuid::Uuid>,
    role: &str,
    action: &str,
    body: &str,
) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(previous);
    hasher.update(&sequence.to_be_bytes());
    hasher.update(&recorded_at_micros.to_be_bytes());
    hasher.update(actor.unwrap_or_default().as_bytes());
    // Lengths keep one field from running into the next.
    for part in [role, action, body] {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

const ADD_CASE: &str = "INSERT INTO cases (authority_id, case_id, version, stage, officer_id, setting_urn, born_on, primary_need, \
    request_received_on, out_of_education_since, plan_first_made_on, ever_reviewed, meeting_on, transfer_on, next_due_on, \
    head, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
const SAVE_CASE: &str = "UPDATE cases SET version = $3, stage = $4, officer_id = $5, setting_urn = $6, born_on = $7, \
    primary_need = $8, request_received_on = $9, out_of_education_since = $10, plan_first_made_on = $11, \
    ever_reviewed = $12, meeting_on = $13, transfer_on = $14, next_due_on = $15, head = $16, state = $17 \
    WHERE authority_id = $1 AND case_id = $2 AND version = $18";
const ADD_ENTRY: &str = "INSERT INTO journal (authority_id, case_id, sequence, recorded_at, recorded_on, actor_id, actor_role, \
    action, name, schema, body, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const DROP_DEADLINES: &str = "DELETE FROM deadlines WHERE authority_id = $1 AND case_id = $2";
const ADD_DEADLINE: &str = "INSERT INTO deadlines (authority_id, case_id, ordinal, rule, subject, triggered_on, due_on, do_by, \
    strength, kind, met_on, disapplied, superseded, officer_id) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
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
    let action: &'static str = action.into();
    for (sequence, event) in (before.case.version + 1..).zip(events) {
        let body = serde_json::to_string(event)
            .map_err(|cause| Error::Broken { step: "write an event", cause: cause.to_string() })?;
        let actor = who.user().map(|user| user.0);
        head = entry_hash(&head, sequence, who.now.as_microsecond(), actor, who.role_name(), action, &body);
        rows.push(vec![
            authority.0.into(),
            id.0.into(),
            i64::try_from(sequence).unwrap_or(i64::MAX).into(),
            who.now.into(),
            who.today.into(),
            actor.into(),
            who.role_name().into(),
            action.into(),
            event.name().into(),
            SCHEMA.into(),
            body.into(),
            head.into(),
        ]);
    }
    if !events.is_empty() {
        let deadlines = after.deadlines();
        save_case(tx, &before, &after, &deadlines, head)?;
        tx.execute_many(ADD_ENTRY, &rows)?;
        save_deadlines(tx, &before, &after, &deadlines)?;
        save_tasks(tx, who, &before, &after, &deadlines)?;
        save_asked(tx, &before, &after)?;
    } else if !before.stored {
        return Err(Error::NotFound);
    }
    papers.write(tx, authority, id, who.now, who.user())?;
    Ok(Loaded { case: after, head, stored: true })
}

fn save_case(
    tx: &mut dyn Tx,
    before: &Loaded,
    after: &Case,
    deadlines: &[law::Deadline],
    head: [u8; 32],
) -> Result<(), Error> {
    let state = serde_json::to_string(after)
        .map_err(|cause| Error::Broken { step: "write the state of a case", cause: cause.to_string() })?;
    let stage: &'static str = after.stage().into();
    let relations = after.relations();
    let next_due_on = deadlines
        .iter()
        .filter(|d| d.met_on.is_none() && d.superseded_by.is_none() && d.disapplied.is_none())
        .filter(|d| is_limit(d.rule()))
        .map(|d| d.due_on)
        .min();
    let meeting_on = after.reviews.iter().rev().find(|r| r.decision.is_none()).and_then(|r| r.meeting_on);
    let version = |version: u64| Value::from(i64::try_from(version).unwrap_or(i64::MAX));
    let mut values: Vec<Value> = vec![
        after.authority.0.into(),
        after.id.0.into(),
        version(after.version),
        stage.into(),
        after.officer.map(|officer| officer.0).into(),
        relations.setting.map(|urn| i64::from(urn.number())).into(),
        after.born_on.into(),
        after.needs.map(|(primary, _)| primary.code()).into(),
        after.live_request().map(|request| request.received_on).into(),
        after.out_of_education_since.into(),
        after.plan_in_force().map(|plan| plan.first_made_on).into(),
        after.reviews.iter().any(|review| review.held).into(),
        meeting_on.into(),
        after.transfer.map(|transfer| transfer.on).into(),
        next_due_on.into(),
        head.into(),
        state.into(),
    ];
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

fn save_deadlines(tx: &mut dyn Tx, before: &Loaded, after: &Case, deadlines: &[law::Deadline]) -> Result<(), Error> {
    if before.stored {
        if before.case.officer == after.officer && before.case.clock == after.clock {
            return Ok(());
        }
        tx.execute(DROP_DEADLINES, &[after.authority.0.into(), after.id.0.into()])?;
    }
    // Lists ask for what somebody must or may do by a day; points in a life are worked out on the child's page.
    let rows: Vec<Vec<Value>> = deadlines
        .iter()
        .filter(|deadline| matches!(deadline.rule().kind, law::rulebook::Kind::Duty | law::rulebook::Kind::Time))
        .enumerate()
        .map(|(ordinal, deadline)| {
            let rule = deadline.rule();
            vec![
                after.authority.0.into(),
                after.id.0.into(),
                i64::try_from(ordinal).unwrap_or(i64::MAX).into(),
                deadline.rule.as_str().into(),
                deadline.trigger.subject.into(),
                deadline.trigger.on.into(),
                deadline.due_on.into(),
                deadline.do_by.into(),
                strength_code(rule.strength).into(),
                kind_code(rule.kind).into(),
                deadline.met_on.into(),
                deadline.disapplied.is_some().into(),
                deadline.superseded_by.is_some().into(),
                after.officer.map(|officer| officer.0).into(),
            ]
        })
        .collect();
    tx.execute_many(ADD_DEADLINE, &rows)?;
    Ok(())
}

fn save_tasks(
    tx: &mut dyn Tx,
    who: &Who,
    before: &Loaded,
    after: &Case,
    deadlines: &[law::Deadline],
) -> Result<(), Error> {
    if before.stored {
        tx.execute(DROP_TASKS, &[after.authority.0.into(), after.id.0.into()])?;
    }
    let rows: Vec<Vec<Value>> = tasks::open(after, deadlines, &who.context())
        .into_iter()
        .map(|task| {
            let kind: &'static str = task.kind.into();
            vec![after.authority.0.into(), after.id.0.into(), kind.into(), task.due_on.into(), task.count.into()]
        })
        .collect();
    tx.execute_many(ADD_TASK, &rows)?;
    Ok(())
}

fn save_asked(tx: &mut dyn Tx, before: &Loaded, after: &Case) -> Result<(), Error> {
    let (was, now) = (before.case.relations().asked, after.relations().asked);
    if was == now {
        return Ok(());
    }
    tx.execute(DROP_ASKED, &[after.authority.0.into(), after.id.0.into()])?;
    let rows: Vec<Vec<Value>> =
        now.into_iter().map(|body| vec![after.authority.0.into(), body.0.into(), after.id.0.into()]).collect();
    tx.execute_many(ADD_ASKED, &rows)?;
    Ok(())
}

/// Whether a rule is a limit that binds someone, as against a family's time or a planning date.
fn is_limit(rule: &law::rulebook::Rule) -> bool {
    rule.strength == law::rulebook::Strength::Must && rule.kind == law::rulebook::Kind::Duty
}

/// The code of a rule's strength in the deadlines table.
pub(crate) fn strength_code(strength: law::rulebook::Strength) -> &'static str {
    match strength {
        law::rulebook::Strength::Must => "must",
        law::rulebook::Strength::Should => "should",
        law::rulebook::Strength::Derived => "derived",
    }
}

/// The code of a rule's kind in the deadlines table.
pub(crate) fn kind_code(kind: law::rulebook::Kind) -> &'static str {
    match kind {
        law::rulebook::Kind::Duty => "duty",
        law::rulebook::Kind::Time => "time",
        law::rulebook::Kind::Earliest => "earliest",
        law::rulebook::Kind::Marker => "marker",
    }
}
