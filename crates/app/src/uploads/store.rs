//! Uploads in the database: what was announced, how much has arrived, who is writing.

use super::Place;
use crate::Error;
use casework::receipts::Fingerprint;
use db::{Row, Tx, Value};
use jiff::Timestamp;
use uuid::Uuid;

/// A file on its way, or whole and not sent yet.
#[derive(Debug, Clone)]
pub struct Upload {
    pub id: Uuid,
    pub title: String,
    pub bytes: u64,
    pub arrived: u64,
    pub ends_at: Timestamp,
    /// Once it is whole and of a known type.
    pub whole: Option<Whole>,
    /// What was typed about it so far: a form's fields, as JSON.
    pub said: String,
}

/// What is known of a file that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub media_type: &'static str,
    /// BLAKE3, the name under which the file store keeps it.
    pub fingerprint: String,
    pub sha256: Fingerprint,
}

const ADD: &str = "INSERT INTO uploads (upload_id, place_hash, authority_id, title, size_bytes, arrived_bytes, ends_at, \
    media_type, fingerprint, sha256, said) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]')";
const COLUMNS: &str = "SELECT upload_id, title, size_bytes, arrived_bytes, ends_at, media_type, fingerprint, sha256, said \
    FROM uploads WHERE place_hash = $1 AND upload_id = $2";
const LIST: &str = "SELECT upload_id, title, size_bytes, arrived_bytes, ends_at, media_type, fingerprint, sha256, said \
    FROM uploads WHERE place_hash = $1 ORDER BY upload_id";
const ANNOUNCED: &str = "SELECT CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM uploads";
/// Takes the pen, when nobody else has it and the part begins where the file ends.
const BEGIN_PART: &str = "UPDATE uploads SET writing_until = $4 WHERE upload_id = $1 AND arrived_bytes = $2 \
    AND media_type IS NULL AND (writing_until IS NULL OR writing_until < $3)";
const ARRIVED: &str = "UPDATE uploads SET arrived_bytes = $2, writing_until = $3, ends_at = $4 WHERE upload_id = $1";
const WHOLE: &str = "UPDATE uploads SET media_type = $2, fingerprint = $3, sha256 = $4, ends_at = $5, writing_until = NULL \
    WHERE upload_id = $1";
const SAID: &str = "UPDATE uploads SET said = $3 WHERE place_hash = $1 AND upload_id = $2";
const DROP: &str = "DELETE FROM uploads WHERE upload_id = $1";
const ENDED: &str = "SELECT upload_id FROM uploads WHERE ends_at <= $1 AND (writing_until IS NULL OR writing_until < $1) \
    ORDER BY ends_at, upload_id LIMIT 100";

fn read(row: &Row) -> Result<Upload, Error> {
    let media_type: Option<String> = row.get("media_type")?;
    let whole = match media_type {
        None => None,
        Some(_) => Some(Whole {
            media_type: row.get_as("media_type", "a type of file", crate::record::files::known)?,
            fingerprint: row.get("fingerprint")?,
            sha256: row.get_as("sha256", "a fingerprint", |text: &str| text.parse().ok())?,
        }),
    };
    Ok(Upload {
        id: row.get("upload_id")?,
        title: row.get("title")?,
        bytes: row.get("size_bytes")?,
        arrived: row.get("arrived_bytes")?,
        ends_at: row.get("ends_at")?,
        whole,
        said: row.get("said")?,
    })
}

fn count(bytes: u64) -> Value {
    i64::try_from(bytes).unwrap_or(i64::MAX).into()
}

/// Adds an upload of which nothing has arrived, or one that is whole.
///
/// # Errors
/// When the database fails.
pub fn add(tx: &mut dyn Tx, place: &Place, upload: &Upload) -> Result<(), Error> {
    let whole = upload.whole.as_ref();
    tx.execute(
        ADD,
        &[
            upload.id.into(),
            place.key.into(),
            place.authority.0.into(),
            (&upload.title).into(),
            count(upload.bytes),
            count(upload.arrived),
            upload.ends_at.into(),
            whole.map(|whole| whole.media_type.to_owned()).into(),
            whole.map(|whole| whole.fingerprint.clone()).into(),
            whole.map(|whole| whole.sha256.to_string()).into(),
        ],
    )?;
    Ok(())
}

/// The upload of this place with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn find(tx: &mut dyn Tx, place: &Place, id: Uuid) -> Result<Upload, Error> {
    read(&tx.find(COLUMNS, &[place.key.into(), id.into()])?.ok_or(Error::NotFound)?)
}

/// Everything on its way to a place, oldest first.
///
/// # Errors
/// When the database fails.
pub fn list(tx: &mut dyn Tx, place: &Place) -> Result<Vec<Upload>, Error> {
    tx.query(LIST, &[place.key.into()])?.iter().map(read).collect()
}

/// The bytes of everything that was announced anywhere, whether it has arrived or not.
///
/// # Errors
/// When the database fails.
pub fn announced_bytes(tx: &mut dyn Tx) -> Result<u64, Error> {
    Ok(tx.query_one(ANNOUNCED, &[])?.get(0)?)
}

/// Takes the pen to write from `offset` on. False when somebody else has it, or the file ends elsewhere.
///
/// # Errors
/// When the database fails.
pub fn begin_part(tx: &mut dyn Tx, id: Uuid, offset: u64, now: Timestamp, until: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(BEGIN_PART, &[id.into(), count(offset), now.into(), until.into()])? == 1)
}

/// Notes how much is safely on disk, and keeps the pen until then or lays it down. False when the
/// upload is gone.
///
/// # Errors
/// When the database fails.
pub fn arrived(
    tx: &mut dyn Tx,
    id: Uuid,
    arrived: u64,
    writing_until: Option<Timestamp>,
    ends_at: Timestamp,
) -> Result<bool, Error> {
    Ok(tx.execute(ARRIVED, &[id.into(), count(arrived), writing_until.into(), ends_at.into()])? == 1)
}

/// Notes what a file is that arrived whole.
///
/// # Errors
/// When the database fails.
pub fn whole(tx: &mut dyn Tx, id: Uuid, whole: &Whole, ends_at: Timestamp) -> Result<(), Error> {
    let (fingerprint, sha256) = ((&whole.fingerprint).into(), whole.sha256.as_str().into());
    tx.execute(WHOLE, &[id.into(), whole.media_type.into(), fingerprint, sha256, ends_at.into()])?;
    Ok(())
}

/// Keeps what was typed about an upload of this place.
///
/// # Errors
/// When the database fails.
pub fn say(tx: &mut dyn Tx, place: &Place, id: Uuid, said: &str) -> Result<(), Error> {
    tx.execute(SAID, &[place.key.into(), id.into(), said.into()])?;
    Ok(())
}

/// Forgets an upload. Its bytes are the caller's now.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &mut dyn Tx, id: Uuid) -> Result<(), Error> {
    tx.execute(DROP, &[id.into()])?;
    Ok(())
}

/// Forgets uploads whose time has passed, a hundred at most, and returns them.
///
/// # Errors
/// When the database fails.
pub fn forget_ended(tx: &mut dyn Tx, now: Timestamp) -> Result<Vec<Uuid>, Error> {
    let mut gone = Vec::new();
    for row in tx.query(ENDED, &[now.into()])? {
        gone.push(row.get(0)?);
    }
    for id in &gone {
        forget(tx, *id)?;
    }
    Ok(gone)
}
