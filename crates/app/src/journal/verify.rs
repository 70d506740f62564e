//! Is the journal whole, and is the state what the journal says?
//!
//! Three proofs: every case's hash chain from its first entry to the head its state names; the
//! state equal to the fold of its entries; the head of every sealed day equal to a new count of
//! that day. Memory is bounded by one case.

use super::record::entry_hash;
use crate::Error;
use casework::{AuthorityId, Case, CaseId, Event};
use db::{Database, Row, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub cases: u64,
    pub entries: u64,
    pub days: u64,
    /// One sentence a fault, naming the case or the day; at most a hundred.
    pub faults: Vec<String>,
    pub faults_total: u64,
}

impl Report {
    pub fn is_whole(&self) -> bool {
        self.faults_total == 0
    }

    fn fault(&mut self, sentence: String) {
        self.faults_total += 1;
        if self.faults.len() < 100 {
            self.faults.push(sentence);
        }
    }
}

const CASES: &str = "SELECT authority_id, case_id, version, head, state FROM cases \
    WHERE (authority_id, case_id) > ($1, $2) ORDER BY authority_id, case_id LIMIT 500";
const ENTRIES: &str = "SELECT case_id, sequence, recorded_at, actor_id, actor_role, action, body, hash FROM journal \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, sequence";
const ORPHANS: &str = "SELECT COUNT(*) FROM journal j WHERE NOT EXISTS \
    (SELECT 1 FROM cases c WHERE c.authority_id = j.authority_id AND c.case_id = j.case_id)";
const DAYS: &str =
    "SELECT authority_id, recorded_on, entries, head FROM journal_days ORDER BY authority_id, recorded_on";
const DAY_ENTRIES: &str =
    "SELECT hash FROM journal WHERE authority_id = $1 AND recorded_on = $2 ORDER BY case_id, sequence";
const UNSEALED: &str = "SELECT DISTINCT j.authority_id, j.recorded_on FROM journal j \
    LEFT JOIN journal_days d ON d.authority_id = j.authority_id AND d.recorded_on = j.recorded_on \
    WHERE j.recorded_on < $1 AND d.recorded_on IS NULL ORDER BY 1, 2";
const SEAL: &str = "INSERT INTO journal_days (authority_id, recorded_on, entries, head) VALUES ($1, $2, $3, $4) \
    ON CONFLICT DO NOTHING";

/// Checks everything. Reads in pages, so that writers are not held up on a large database.
///
/// # Errors
/// When the database cannot be read. Faults found are not errors: they are in the report.
pub fn verify(db: &Database) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut after = (Uuid::nil(), Uuid::nil());
    loop {
        let page = db.read("journal.verify_page", |tx| page(tx, after))?;
        let Some(last) = page.last() else { break };
        after = (last.0.authority.0, last.0.id.0);
        for (state, version, head, entries) in &page {
            one(&mut report, state, *version, head, entries);
        }
    }
    db.read("journal.verify_days", |tx| days(tx, &mut report))?;
    Ok(report)
}

type Entry = (u64, Timestamp, Option<Uuid>, String, String, String, Vec<u8>);
type Stored = (Case, u64, Vec<u8>, Vec<Entry>);

fn page(tx: &mut dyn Tx, after: (Uuid, Uuid)) -> Result<Vec<Stored>, Error> {
    let rows = tx.query(CASES, &[after.0.into(), after.1.into()])?;
    let mut cases = Vec::with_capacity(rows.len());
    for row in &rows {
        let authority: Uuid = row.get("authority_id")?;
        // A page stays inside one authority, so that its journal is one range of the key.
        if cases.first().is_some_and(|(first, ..): &Stored| first.authority.0 != authority) {
            break;
        }
        let case_id: Uuid = row.get("case_id")?;
        let state: &str = row.get("state")?;
        let case = serde_json::from_str(state).unwrap_or_else(|_| Case::new(AuthorityId(authority), CaseId(case_id)));
        let version: i64 = row.get("version")?;
        cases.push((case, u64::try_from(version).unwrap_or(0), row.get("head")?, vec![]));
    }
    let (Some(first), Some(last)) = (cases.first(), cases.last()) else {
        return Ok(cases);
    };
    let range = [first.0.authority.0.into(), first.0.id.0.into(), last.0.id.0.into()];
    let mut index = 0;
    tx.for_each(ENTRIES, &range, |row: &Row| -> Result<(), Error> {
        let case_id: Uuid = row.get("case_id")?;
        while index < cases.len() && cases[index].0.id.0 < case_id {
            index += 1;
        }
        if let Some((case, _, _, entries)) = cases.get_mut(index)
            && case.id.0 == case_id
        {
            let sequence: i64 = row.get("sequence")?;
            entries.push((
                u64::try_from(sequence).unwrap_or(0),
                row.get("recorded_at")?,
                row.get("actor_id")?,
                row.get("actor_role")?,
                row.get("action")?,
                row.get("body")?,
                row.get("hash")?,
            ));
        }
        Ok(())
    })?;
    Ok(cases)
}

fn one(report: &mut Report, state: &Case, version: u64, head: &[u8], entries: &[Entry]) {
    report.cases += 1;
    report.entries += entries.len() as u64;
    let mut previous = [0_u8; 32];
    let mut events: Vec<Event> = Vec::with_capacity(entries.len());
    for (expected, (sequence, at, actor, role, action, body, hash)) in (1..).zip(entries) {
        if *sequence != expected {
            report.fault(format!("case {}: entry {expected} is missing", state.id));
            return;
        }
        previous = entry_hash(&previous, *sequence, at.as_microsecond(), *actor, role, action, body);
        if previous.as_slice() != hash.as_slice() {
            report.fault(format!("case {}: entry {sequence} was changed after it was recorded", state.id));
            return;
        }
        match serde_json::from_str(body) {
            Ok(event) => events.push(event),
            Err(cause) => {
                report.fault(format!("case {}: entry {sequence} cannot be read: {cause}", state.id));
                return;
            }
        }
    }
    if version != entries.len() as u64 || head != previous.as_slice() {
        report.fault(format!("case {}: the state is at entry {version}, the journal at {}", state.id, entries.len()));
        return;
    }
    if Case::fold(state.authority, state.id, &events) != *state {
        report.fault(format!("case {}: the state is not what its journal says", state.id));
    }
}

fn days(tx: &mut dyn Tx, report: &mut Report) -> Result<(), Error> {
    let orphans: i64 = tx.query_one(ORPHANS, &[])?.get(0)?;
    if orphans > 0 {
        report.fault(format!("{orphans} journal entries belong to no case"));
    }
    for row in tx.query(DAYS, &[])? {
        let authority: Uuid = row.get("authority_id")?;
        let on: Date = row.get("recorded_on")?;
        let entries: i64 = row.get("entries")?;
        let head: Vec<u8> = row.get("head")?;
        report.days += 1;
        let (counted, fresh) = day_head(tx, authority, on)?;
        if counted != entries || fresh.as_slice() != head.as_slice() {
            report.fault(format!("{on}: the day had {entries} entries when it was sealed and is not the same now"));
        }
    }
    Ok(())
}

fn day_head(tx: &mut dyn Tx, authority: Uuid, on: Date) -> Result<(i64, [u8; 32]), Error> {
    let mut hasher = blake3::Hasher::new();
    let mut entries = 0;
    tx.for_each(DAY_ENTRIES, &[authority.into(), on.into()], |row: &Row| -> Result<(), Error> {
        let hash: Vec<u8> = row.get(0)?;
        hasher.update(&hash);
        entries += 1;
        Ok(())
    })?;
    Ok((entries, *hasher.finalize().as_bytes()))
}

/// Seals every day before `today` that is not sealed yet: its count and the hash over its entries.
/// Safe to repeat.
///
/// # Errors
/// When the database fails.
pub fn seal_days(db: &Database, today: Date) -> Result<u64, Error> {
    db.write("journal.seal_days", |tx| {
        let mut sealed = 0;
        for row in tx.query(UNSEALED, &[today.into()])? {
            let authority: Uuid = row.get(0)?;
            let on: Date = row.get(1)?;
            let (entries, head) = day_head(tx, authority, on)?;
            sealed += tx.execute(SEAL, &[authority.into(), on.into(), entries.into(), head.into()])?;
        }
        Ok(sealed)
    })
}
