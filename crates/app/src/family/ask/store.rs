//! Forms that were begun, and the files added to them.

use super::code::Code;
use crate::web::Typed;
use crate::{App, Error};
use casework::receipts::Fingerprint;
use casework::{AuthorityId, CaseId};
use db::Tx;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// How long a form that was begun is kept.
pub const KEPT_DAYS: i64 = 30;
/// How long the receipt can be read with the code after it was sent.
pub const RECEIPT_DAYS: i64 = 365;

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// A form that was begun.
#[derive(Debug, Clone)]
pub struct Draft {
    pub authority: AuthorityId,
    pub answers: Typed,
    pub ends_at: Timestamp,
    /// The record it became, when it was sent, and when.
    pub sent: Option<(CaseId, Timestamp)>,
}

/// A file added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFile {
    pub id: Uuid,
    pub title: String,
    pub media_type: &'static str,
    pub bytes: u64,
    pub fingerprint: String,
    pub sha256: Fingerprint,
}

const START: &str =
    "INSERT INTO drafts (code_hash, authority_id, answers, started_at, ends_at) VALUES ($1, $2, $3, $4, $5)";
const FIND: &str =
    "SELECT authority_id, answers, ends_at, case_id, sent_at FROM drafts WHERE code_hash = $1 AND ends_at > $2";
const SAVE: &str = "UPDATE drafts SET answers = $2, ends_at = $3 WHERE code_hash = $1 AND sent_at IS NULL";
const SENT: &str = "UPDATE drafts SET answers = '[]', case_id = $2, sent_at = $3, ends_at = $4 \
    WHERE code_hash = $1 AND sent_at IS NULL";
const ADD_FILE: &str = "INSERT INTO draft_files (file_id, code_hash, title, media_type, size_bytes, fingerprint, sha256) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FILES: &str = "SELECT file_id, title, media_type, size_bytes, fingerprint, sha256 FROM draft_files \
    WHERE code_hash = $1 ORDER BY file_id";
const WAITING_BYTES: &str = "SELECT CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM draft_files";
const DROP_FILE: &str = "DELETE FROM draft_files WHERE code_hash = $1 AND file_id = $2";
const DROP_FILES: &str = "DELETE FROM draft_files WHERE code_hash = $1";
const ENDED: &str = "SELECT code_hash FROM drafts WHERE ends_at <= $1 ORDER BY ends_at, code_hash LIMIT 100";
const DROP: &str = "DELETE FROM drafts WHERE code_hash = $1";

fn json(answers: &Typed) -> Result<String, Error> {
    serde_json::to_string(answers.fields())
        .map_err(|cause| Error::Broken { step: "write a form's answers", cause: cause.to_string() })
}

/// Begins a form.
///
/// # Errors
/// When the database fails.
pub fn start(
    tx: &mut dyn Tx,
    code: &Code,
    authority: AuthorityId,
    answers: &Typed,
    now: Timestamp,
) -> Result<(), Error> {
    let ends_at = now + days(KEPT_DAYS);
    tx.execute(START, &[code.hash().into(), authority.0.into(), json(answers)?.into(), now.into(), ends_at.into()])?;
    Ok(())
}

/// The form with this code.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it has ended.
pub fn find(tx: &mut dyn Tx, code: &Code, now: Timestamp) -> Result<Draft, Error> {
    let row = tx.find(FIND, &[code.hash().into(), now.into()])?.ok_or(Error::NotFound)?;
    let answers: &str = row.get("answers")?;
    let answers: Vec<(String, String)> = serde_json::from_str(answers)
        .map_err(|cause| Error::Broken { step: "read a form's answers", cause: cause.to_string() })?;
    let (case, sent_at): (Option<Uuid>, Option<Timestamp>) = (row.get("case_id")?, row.get("sent_at")?);
    Ok(Draft {
        authority: AuthorityId(row.get("authority_id")?),
        answers: Typed::new(answers),
        ends_at: row.get("ends_at")?,
        sent: case.map(CaseId).zip(sent_at),
    })
}

/// Keeps what was typed, for another thirty days.
///
/// # Errors
/// When the database fails.
pub fn save(tx: &mut dyn Tx, code: &Code, answers: &Typed, now: Timestamp) -> Result<(), Error> {
    tx.execute(SAVE, &[code.hash().into(), json(answers)?.into(), (now + days(KEPT_DAYS)).into()])?;
    Ok(())
}

/// Notes that the form was sent and forgets what was typed: it is in the record now.
///
/// # Errors
/// [`Error::NotFound`] when it was sent already.
pub fn sent(tx: &mut dyn Tx, code: &Code, case: CaseId, now: Timestamp) -> Result<(), Error> {
    let parameters = [code.hash().into(), case.0.into(), now.into(), (now + days(RECEIPT_DAYS)).into()];
    if tx.execute(SENT, &parameters)? == 0 {
        return Err(Error::NotFound);
    }
    tx.execute(DROP_FILES, &[code.hash().into()])?;
    Ok(())
}

/// Adds a file.
///
/// # Errors
/// When the database fails.
pub fn add_file(tx: &mut dyn Tx, code: &Code, file: &DraftFile) -> Result<(), Error> {
    tx.execute(
        ADD_FILE,
        &[
            file.id.into(),
            code.hash().into(),
            (&file.title).into(),
            file.media_type.into(),
            i64::try_from(file.bytes).unwrap_or(i64::MAX).into(),
            (&file.fingerprint).into(),
            file.sha256.as_str().into(),
        ],
    )?;
    Ok(())
}

/// The files added so far, oldest first.
///
/// # Errors
/// When the database fails.
pub fn files(tx: &mut dyn Tx, code: &Code) -> Result<Vec<DraftFile>, Error> {
    let mut files = Vec::new();
    for row in tx.query(FILES, &[code.hash().into()])? {
        files.push(DraftFile {
            id: row.get("file_id")?,
            title: row.get("title")?,
            media_type: row.get_as("media_type", "a type of file", crate::record::files::known)?,
            bytes: row.get("size_bytes")?,
            fingerprint: row.get("fingerprint")?,
            sha256: row.get_as("sha256", "a fingerprint", |text: &str| text.parse().ok())?,
        });
    }
    Ok(files)
}

/// The bytes of all files that wait in forms which are not sent.
///
/// # Errors
/// When the database fails.
pub fn waiting_bytes(tx: &mut dyn Tx) -> Result<u64, Error> {
    Ok(tx.query_one(WAITING_BYTES, &[])?.get(0)?)
}

/// Takes a file away again. Returns whether it was there.
///
/// # Errors
/// When the database fails.
pub fn drop_file(tx: &mut dyn Tx, code: &Code, file: Uuid) -> Result<bool, Error> {
    Ok(tx.execute(DROP_FILE, &[code.hash().into(), file.into()])? > 0)
}

/// Deletes forms that have ended, with their files: what is not sent is not kept.
///
/// # Errors
/// When the database or the file store fails.
pub fn forget_ended(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    let files = app.db.write("ask.forget_ended", |tx| -> Result<Vec<Uuid>, Error> {
        let mut gone = Vec::new();
        for row in tx.query(ENDED, &[now.into()])? {
            let hash: [u8; 32] = row.get(0)?;
            for file in tx.query(FILES, &[hash.into()])? {
                gone.push(file.get("file_id")?);
            }
            tx.execute(DROP_FILES, &[hash.into()])?;
            tx.execute(DROP, &[hash.into()])?;
        }
        Ok(gone)
    })?;
    for file in files {
        app.files.drop_arriving(&file.to_string())?;
    }
    Ok(())
}
