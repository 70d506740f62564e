//! Is the journal whole, and is the state what the journal says?
//!
//! Four proofs: every case's hash chain from its first entry to the head the case names; its snapshot
//! equal to the fold of the entries up to it; what lists ask for equal to what follows from the fold
//! of all; the head of every sealed day equal to a new count of that day. Memory is bounded by one
//! page of cases.

use super::designated::{AskedRow, DesignatedRow};
use super::listed::{Columns, DeadlineRow, Listed, read_task};
use super::record::Entry;
use super::rows::{AskingRow, HeldRow, OpeningRow, RouteRow, WaitingRow};
use super::state;
use crate::Error;
use casework::{AuthorityId, Case, CaseId, Event};
use db::{Database, Row, Tx, Value};
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

const CASES: &str = "SELECT * FROM cases \
    WHERE (authority_id, case_id) > ($1, $2) ORDER BY authority_id, case_id LIMIT 500";
const SNAPSHOTS: &str = "SELECT case_id, version, state FROM snapshots \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id";
const ENTRIES: &str = "SELECT * FROM journal \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, sequence";
const DEADLINES: &str = "SELECT * FROM deadlines \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, ordinal";
const TASKS: &str = "SELECT * FROM tasks \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id";
const ASKED: &str = "SELECT case_id, body_id FROM case_bodies \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, body_id";
const FAMILY: &str = "SELECT case_id, user_id FROM case_family \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, user_id";
const INVITED: &str = "SELECT case_id, user_id FROM case_invited \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, user_id";
const WAITING: &str = "SELECT * FROM advice_waiting \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, advice_id";
const ROUTES: &str = "SELECT * FROM contact_routes \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, enquiry_id";
const OPENINGS: &str = "SELECT * FROM record_openings \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, opening_id";
const HELD: &str = "SELECT * FROM held_sends \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, hold_id";
const JOINED: &str = "SELECT case_id, into_case_id FROM joined_records \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id";
const RECEIPTS: &str = "SELECT case_id, number FROM receipt_numbers \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, number";
const ASKINGS: &str = "SELECT * FROM askings \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, place";
const ADVICE: &str = "SELECT * FROM advice_asked \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id, advice_id";
const DESIGNATED: &str = "SELECT * FROM designated_cases \
    WHERE authority_id = $1 AND case_id >= $2 AND case_id <= $3 ORDER BY case_id";
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
        after = (last.authority.0, last.id.0);
        for stored in &page {
            if let Some(fault) = stored.fault() {
                report.fault(format!("case {}: {fault}", stored.id));
            }
            report.cases += 1;
            report.entries += stored.entries;
        }
    }
    db.read("journal.verify_days", |tx| days(tx, &mut report))?;
    Ok(report)
}

/// One case as it is stored, read as far as its journal makes sense.
struct Stored {
    authority: AuthorityId,
    id: CaseId,
    /// The snapshot; none when there is none, or it cannot be read.
    snapshot: Option<Case>,
    version: u64,
    head: Vec<u8>,
    listed: Listed,
    entries: u64,
    /// The hash of the last entry read, worked out anew.
    chain: [u8; 32],
    events: Vec<Event>,
    broken: Option<String>,
}

impl Stored {
    fn read(row: &Row) -> Result<Stored, Error> {
        let (authority, id) = (AuthorityId(row.get("authority_id")?), CaseId(row.get("case_id")?));
        let version: i64 = row.get("version")?;
        Ok(Stored {
            authority,
            id,
            snapshot: None,
            version: u64::try_from(version).unwrap_or(0),
            head: row.get("head")?,
            listed: Listed {
                columns: Columns::read(row)?,
                deadlines: vec![],
                tasks: vec![],
                asked: vec![],
                family: vec![],
                invited: vec![],
                waiting: vec![],
                held: vec![],
                openings: vec![],
                routes: vec![],
                joined_into: None,
                receipts: vec![],
                askings: vec![],
                advice: vec![],
                designated: None,
            },
            entries: 0,
            chain: [0; 32],
            events: vec![],
            broken: None,
        })
    }

    /// Follows the chain by one entry. After the first fault the rest says nothing more.
    fn follow(&mut self, row: &Row) -> Result<(), Error> {
        self.entries += 1;
        if self.broken.is_some() {
            return Ok(());
        }
        let sequence: i64 = row.get("sequence")?;
        let entry = Entry {
            sequence: u64::try_from(sequence).unwrap_or(0),
            recorded_at: row.get("recorded_at")?,
            recorded_on: row.get("recorded_on")?,
            actor: row.get("actor_id")?,
            role: row.get("actor_role")?,
            action: row.get("action")?,
            name: row.get("name")?,
            schema: row.get("schema")?,
            body: row.get("body")?,
        };
        self.chain = entry.hash(&self.chain);
        if entry.sequence != self.entries {
            self.broken = Some(format!("entry {} is missing", self.entries));
        } else if self.chain.as_slice() != row.get::<&[u8]>("hash")? {
            self.broken = Some(format!("entry {sequence} was changed after it was recorded"));
        } else {
            match serde_json::from_str(entry.body) {
                Ok(event) => self.events.push(event),
                Err(cause) => self.broken = Some(format!("entry {sequence} cannot be read: {cause}")),
            }
        }
        Ok(())
    }

    fn fault(&self) -> Option<String> {
        if self.broken.is_some() {
            return self.broken.clone();
        }
        if self.version != self.entries || self.head != self.chain.as_slice() {
            return Some(format!("the state is at entry {}, the journal at {}", self.version, self.entries));
        }
        let at = self.snapshot.as_ref().and_then(|snapshot| usize::try_from(snapshot.version).ok());
        let Some((until, since)) = at.and_then(|at| self.events.split_at_checked(at)) else {
            return Some("its state cannot be read".to_owned());
        };
        let mut case = Case::fold(self.authority, self.id, until);
        if self.snapshot.as_ref() != Some(&case) {
            return Some("the state is not what its journal says".to_owned());
        }
        for event in since {
            case.apply(event);
        }
        let mut follows = Listed::of(&case);
        follows.tasks.sort_by_key(|task| task.kind);
        follows.waiting.sort_by_key(|row| row.advice);
        (follows != self.listed).then(|| "what lists say of it is not what its journal says".to_owned())
    }
}

fn page(tx: &mut dyn Tx, after: (Uuid, Uuid)) -> Result<Vec<Stored>, Error> {
    let mut cases: Vec<Stored> = Vec::new();
    for row in &tx.query(CASES, &[after.0.into(), after.1.into()])? {
        let stored = Stored::read(row)?;
        // A page stays inside one authority, so that its journal is one range of the key.
        if cases.first().is_some_and(|first| first.authority != stored.authority) {
            break;
        }
        cases.push(stored);
    }
    let (Some(first), Some(last)) = (cases.first(), cases.last()) else {
        return Ok(cases);
    };
    let range = [first.authority.0.into(), first.id.0.into(), last.id.0.into()];
    each(tx, ENTRIES, &range, &mut cases, Stored::follow)?;
    each(tx, SNAPSHOTS, &range, &mut cases, |stored, row| {
        let at: u64 = row.get("version")?;
        stored.snapshot = state::unpack(row.get("state")?).ok().filter(|case| case.version == at);
        Ok(())
    })?;
    each(tx, DEADLINES, &range, &mut cases, |stored, row| {
        stored.listed.deadlines.push(DeadlineRow::read(row)?);
        Ok(())
    })?;
    each(tx, TASKS, &range, &mut cases, |stored, row| {
        stored.listed.tasks.push(read_task(row)?);
        Ok(())
    })?;
    each(tx, ASKED, &range, &mut cases, |stored, row| {
        stored.listed.asked.push(row.get("body_id")?);
        Ok(())
    })?;
    each(tx, WAITING, &range, &mut cases, |stored, row| {
        stored.listed.waiting.push(WaitingRow::read(row)?);
        Ok(())
    })?;
    each(tx, ROUTES, &range, &mut cases, |stored, row| {
        stored.listed.routes.push(RouteRow::read(row)?);
        Ok(())
    })?;
    each(tx, OPENINGS, &range, &mut cases, |stored, row| {
        stored.listed.openings.push(OpeningRow::read(row)?);
        Ok(())
    })?;
    each(tx, HELD, &range, &mut cases, |stored, row| {
        stored.listed.held.push(HeldRow::read(row)?);
        Ok(())
    })?;
    each(tx, FAMILY, &range, &mut cases, |stored, row| {
        stored.listed.family.push(row.get("user_id")?);
        Ok(())
    })?;
    each(tx, INVITED, &range, &mut cases, |stored, row| {
        stored.listed.invited.push(row.get("user_id")?);
        Ok(())
    })?;
    each(tx, JOINED, &range, &mut cases, |stored, row| {
        stored.listed.joined_into = Some(row.get("into_case_id")?);
        Ok(())
    })?;
    each(tx, RECEIPTS, &range, &mut cases, |stored, row| {
        stored.listed.receipts.push(row.get("number")?);
        Ok(())
    })?;
    each(tx, ASKINGS, &range, &mut cases, |stored, row| {
        stored.listed.askings.push(AskingRow::read(row)?);
        Ok(())
    })?;
    each(tx, ADVICE, &range, &mut cases, |stored, row| {
        stored.listed.advice.push(AskedRow::read(row)?);
        Ok(())
    })?;
    each(tx, DESIGNATED, &range, &mut cases, |stored, row| {
        stored.listed.designated = Some(DesignatedRow::read(row)?);
        Ok(())
    })?;
    for stored in &mut cases {
        stored.listed.receipts.sort_unstable();
        stored.listed.tasks.sort_by_key(|task| task.kind);
    }
    Ok(cases)
}

/// Hands each row of `sql`, which come in the order of the cases, to its case.
fn each(
    tx: &mut dyn Tx,
    sql: &'static str,
    range: &[Value],
    cases: &mut [Stored],
    mut take: impl FnMut(&mut Stored, &Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut index = 0;
    tx.for_each(sql, range, |row: &Row| -> Result<(), Error> {
        let id: Uuid = row.get("case_id")?;
        while index < cases.len() && cases[index].id.0 < id {
            index += 1;
        }
        match cases.get_mut(index) {
            Some(stored) if stored.id.0 == id => take(stored, row),
            _ => Ok(()),
        }
    })
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
