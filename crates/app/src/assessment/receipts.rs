//! Receipts of requests: their numbers, and the fingerprint of what was said.

use crate::Error;
use casework::AuthorityId;
use casework::receipts::{Fingerprint, Receipt, ReceiptNumber, SentFile};
use db::Tx;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

const NEXT: &str = "INSERT INTO counters (authority_id, name, last) VALUES ($1, $2, 1) \
    ON CONFLICT (authority_id, name) DO UPDATE SET last = counters.last + 1 RETURNING last";

/// The next number of the area's year.
///
/// # Errors
/// When the database fails.
pub fn number(tx: &mut dyn Tx, authority: AuthorityId, today: Date) -> Result<ReceiptNumber, Error> {
    let year = today.year();
    let number: u32 = tx.query_one(NEXT, &[authority.0.into(), format!("receipts {year}").into()])?.get(0)?;
    Ok(ReceiptNumber { year, number })
}

/// The receipt of a request that is recorded in this transaction: the next number of the area's
/// year, and fingerprints of what was said and sent.
///
/// # Errors
/// When the database fails.
pub fn receipt(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    today: Date,
    words: &str,
    files: Vec<SentFile>,
) -> Result<Receipt, Error> {
    let words = Fingerprint::of(Sha256::digest(words.as_bytes()).into());
    Ok(Receipt { number: number(tx, authority, today)?, words, files })
}
