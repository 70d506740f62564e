//! Imports and their findings in the database.

use super::summary::{FINDINGS_MAX, Found, Kind, State, Summary, severity_code};
use crate::Error;
use casework::{AuthorityId, UserId};
use db::{Row, Tx, Value};
use jiff::Timestamp;
use uuid::Uuid;

/// One import.
#[derive(Debug, Clone)]
pub struct Import {
    pub id: Uuid,
    pub kind: Kind,
    pub file_name: String,
    pub fingerprint: String,
    pub state: State,
    pub started_at: Timestamp,
    pub started_by: Option<String>,
    pub bytes_total: u64,
    pub bytes_done: u64,
    pub summary: Summary,
}

impl Import {
    /// How far it is, in percent.
    pub fn percent(&self) -> u64 {
        match self.bytes_total {
            0 => 0,
            total => (self.bytes_done.min(total) * 100) / total,
        }
    }
}

macro_rules! imports {
    ($rest:literal) => {
        concat!(
            "SELECT i.import_id, i.kind, i.file_name, i.fingerprint, i.state, i.started_at, i.bytes_total, i.bytes_done, \
             i.summary, u.name AS started_by FROM imports i \
             LEFT JOIN users u ON u.authority_id = i.authority_id AND u.user_id = i.started_by WHERE i.authority_id = $1",
            $rest
        )
    };
}
const ONE: &str = imports!(" AND i.import_id = $2");
const UNFINISHED: &str = imports!(
    " AND i.kind = $2 AND i.fingerprint = $3 AND i.state IN ('checking', 'ready', 'loading') AND i.started_by IS NULL ORDER BY i.import_id LIMIT 1"
);
const LATEST: &str = imports!(" ORDER BY i.started_at DESC, i.import_id LIMIT 100");
const ADD: &str = "INSERT INTO imports (authority_id, import_id, kind, file_name, fingerprint, state, started_at, started_by, \
    bytes_total, bytes_done, summary) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)";
const PROGRESS: &str = "UPDATE imports SET bytes_done = $3, summary = $4 WHERE authority_id = $1 AND import_id = $2";
const MOVE: &str =
    "UPDATE imports SET state = $4, bytes_done = 0 WHERE authority_id = $1 AND import_id = $2 AND state = $3";
const FINISH: &str =
    "UPDATE imports SET state = $3, summary = $4, bytes_done = bytes_total WHERE authority_id = $1 AND import_id = $2";
const DROP_FINDINGS: &str = "DELETE FROM import_findings WHERE authority_id = $1 AND import_id = $2";
const ADD_FINDING: &str = "INSERT INTO import_findings (authority_id, import_id, ordinal, severity, line, reference, item, rule, \
    message) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
const FINDINGS: &str = "SELECT severity, line, reference, item, rule, message FROM import_findings \
    WHERE authority_id = $1 AND import_id = $2 AND severity = ANY($3) ORDER BY ordinal LIMIT $4 OFFSET $5";
const COUNT_FINDINGS: &str =
    "SELECT COUNT(*) FROM import_findings WHERE authority_id = $1 AND import_id = $2 AND severity = ANY($3)";
const JOB_FAILURE: &str = "SELECT failure FROM jobs WHERE job_id = $1 AND failure IS NOT NULL";
const CODE: &str = "SELECT code, name FROM authorities WHERE authority_id = $1";

fn int(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

fn json(summary: &Summary) -> Result<String, Error> {
    serde_json::to_string(summary)
        .map_err(|cause| Error::Broken { step: "write the summary of an import", cause: cause.to_string() })
}

fn read(row: &Row) -> Result<Import, Error> {
    let summary: &str = row.get("summary")?;
    Ok(Import {
        id: row.get("import_id")?,
        kind: row.get_as("kind", "a kind of import", |code: &str| code.parse().ok())?,
        file_name: row.get("file_name")?,
        fingerprint: row.get("fingerprint")?,
        state: row.get_as("state", "a state of an import", |code: &str| code.parse().ok())?,
        started_at: row.get("started_at")?,
        started_by: row.get("started_by")?,
        bytes_total: row.get("bytes_total")?,
        bytes_done: row.get("bytes_done")?,
        summary: serde_json::from_str(summary)
            .map_err(|cause| Error::Broken { step: "read the summary of an import", cause: cause.to_string() })?,
    })
}

/// A file to bring in.
#[derive(Debug, Clone)]
pub struct NewImport {
    pub id: Uuid,
    pub kind: Kind,
    pub file_name: String,
    pub fingerprint: String,
    pub state: State,
    pub started_at: Timestamp,
    pub started_by: Option<UserId>,
    pub bytes_total: u64,
    pub summary: Summary,
}

pub(super) fn add(tx: &mut dyn Tx, authority: AuthorityId, import: &NewImport) -> Result<(), Error> {
    tx.execute(
        ADD,
        &[
            authority.0.into(),
            import.id.into(),
            import.kind.code().into(),
            (&import.file_name).into(),
            (&import.fingerprint).into(),
            import.state.code().into(),
            import.started_at.into(),
            import.started_by.map(|user| user.0).into(),
            int(import.bytes_total),
            json(&import.summary)?.into(),
        ],
    )?;
    Ok(())
}

pub(super) fn load(tx: &mut dyn Tx, authority: AuthorityId, id: Uuid) -> Result<Import, Error> {
    read(&tx.find(ONE, &[authority.0.into(), id.into()])?.ok_or(Error::NotFound)?)
}

/// An import of the same file, begun at a terminal, that was stopped before its end.
pub(super) fn unfinished(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    kind: Kind,
    fingerprint: &str,
) -> Result<Option<Import>, Error> {
    tx.find(UNFINISHED, &[authority.0.into(), kind.code().into(), fingerprint.into()])?.as_ref().map(read).transpose()
}

/// The newest hundred.
pub(super) fn latest(tx: &mut dyn Tx, authority: AuthorityId) -> Result<Vec<Import>, Error> {
    tx.query(LATEST, &[authority.0.into()])?.iter().map(read).collect()
}

pub(super) fn progress(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: Uuid,
    bytes_done: u64,
    summary: &Summary,
) -> Result<(), Error> {
    tx.execute(PROGRESS, &[authority.0.into(), id.into(), int(bytes_done), json(summary)?.into()])?;
    Ok(())
}

/// Moves on from one state to the next. False when somebody else did before.
pub(super) fn move_on(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: Uuid,
    from: State,
    to: State,
) -> Result<bool, Error> {
    Ok(tx.execute(MOVE, &[authority.0.into(), id.into(), from.code().into(), to.code().into()])? == 1)
}

pub(super) fn finish(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: Uuid,
    state: State,
    summary: &Summary,
) -> Result<(), Error> {
    tx.execute(FINISH, &[authority.0.into(), id.into(), state.code().into(), json(summary)?.into()])?;
    Ok(())
}

pub(super) fn drop_findings(tx: &mut dyn Tx, authority: AuthorityId, id: Uuid) -> Result<(), Error> {
    tx.execute(DROP_FINDINGS, &[authority.0.into(), id.into()])?;
    Ok(())
}

/// Keeps findings as far as there is room and counts them all.
pub(super) fn add_findings(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: Uuid,
    summary: &mut Summary,
    found: &[Found],
) -> Result<(), Error> {
    let mut rows = Vec::new();
    for finding in found {
        summary.findings.count(finding.severity);
        if summary.findings_kept >= FINDINGS_MAX {
            continue;
        }
        summary.findings_kept += 1;
        // Databases keep no NUL; a file may hold one where it is only shown.
        let text = |text: &str| Value::from(text.replace('\0', "\u{fffd}"));
        rows.push(vec![
            authority.0.into(),
            id.into(),
            int(summary.findings_kept),
            severity_code(finding.severity).into(),
            finding.line.map(|line| i64::try_from(line).unwrap_or(i64::MAX)).into(),
            finding.reference.as_deref().map_or(Value::Null, text),
            finding.item.as_deref().map_or(Value::Null, text),
            (&finding.rule).into(),
            text(&finding.message),
        ]);
    }
    if !rows.is_empty() {
        tx.execute_many(ADD_FINDING, &rows)?;
    }
    Ok(())
}

/// A stored finding, as pages show it.
#[derive(Debug, Clone)]
pub struct FindingRow {
    pub severity: String,
    pub line: Option<u64>,
    pub reference: Option<String>,
    pub item: Option<String>,
    pub rule: String,
    pub message: String,
}

pub(super) fn findings(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: Uuid,
    severities: &[&str],
    limit: u64,
    offset: u64,
) -> Result<Vec<FindingRow>, Error> {
    let list: Value = severities.iter().copied().collect();
    let mut found = Vec::new();
    for row in tx.query(FINDINGS, &[authority.0.into(), id.into(), list, int(limit), int(offset)])? {
        found.push(FindingRow {
            severity: row.get("severity")?,
            line: row.get("line")?,
            reference: row.get("reference")?,
            item: row.get("item")?,
            rule: row.get("rule")?,
            message: row.get("message")?,
        });
    }
    Ok(found)
}

/// The first findings of an import, of every severity.
///
/// # Errors
/// When the database fails.
pub fn first_findings(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: Uuid,
    limit: usize,
) -> Result<Vec<FindingRow>, Error> {
    findings(tx, authority, id, &["error", "query", "note"], limit as u64, 0)
}

pub(super) fn count_findings(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: Uuid,
    severities: &[&str],
) -> Result<u64, Error> {
    let list: Value = severities.iter().copied().collect();
    Ok(tx.query_one(COUNT_FINDINGS, &[authority.0.into(), id.into(), list])?.get(0)?)
}

/// Whether the job that works on an import has failed, once or for good.
pub(super) fn has_failed(tx: &mut dyn Tx, job: Uuid) -> Result<bool, Error> {
    Ok(tx.find(JOB_FAILURE, &[job.into()])?.is_some())
}

/// The area's three digits and its name.
pub(super) fn area(tx: &mut dyn Tx, authority: AuthorityId) -> Result<(String, String), Error> {
    let row = tx.find(CODE, &[authority.0.into()])?.ok_or(Error::NotFound)?;
    Ok((row.get(0)?, row.get(1)?))
}
