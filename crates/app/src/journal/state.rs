//! A case's state as a snapshot stores it: JSON, compressed.
//!
//! A child who has had a plan for ten years has about 8 KB of it; compressed it fits into one page of
//! the database. What it says can always be worked out from the journal, which is stored as it reads.

use crate::Error;
use casework::{Case, Event};
use std::cell::RefCell;
use zstd::bulk::{Compressor, Decompressor};

/// The fastest level: a higher one saves two bytes in a hundred.
const LEVEL: i32 = 1;
/// Most bytes that a state may have; far above any child's.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// The length before compression, little endian, before the compressed bytes.
const HEADER_BYTES: usize = 4;

thread_local! {
    // Making one costs as much as using it.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

fn broken(step: &'static str, cause: &dyn std::fmt::Display) -> Error {
    Error::Broken { step, cause: cause.to_string() }
}

/// The bytes that are stored for a case.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn pack(case: &Case) -> Result<Vec<u8>, Error> {
    const STEP: &str = "write the state of a case";
    let json = serde_json::to_vec(case).map_err(|cause| broken(STEP, &cause))?;
    let length = u32::try_from(json.len()).map_err(|cause| broken(STEP, &cause))?;
    COMPRESSOR.with_borrow_mut(|kept| {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(Compressor::new(LEVEL).map_err(|cause| broken(STEP, &cause))?),
        };
        let packed = compressor.compress(&json).map_err(|cause| broken(STEP, &cause))?;
        Ok([length.to_le_bytes().as_slice(), &packed].concat())
    })
}

/// The case that was stored.
///
/// # Errors
/// When the bytes are not those of a case.
pub(super) fn unpack(bytes: &[u8]) -> Result<Case, Error> {
    const STEP: &str = "read the state of a case";
    let (length, packed) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or_else(|| broken(STEP, &"too short"))?;
    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|cause| broken(STEP, &cause))?;
    if length > BYTES_MAX {
        return Err(broken(STEP, &"too long"));
    }
    DECOMPRESSOR.with_borrow_mut(|kept| {
        let decompressor = match kept {
            Some(decompressor) => decompressor,
            None => kept.insert(Decompressor::new().map_err(|cause| broken(STEP, &cause))?),
        };
        let json = decompressor.decompress(packed, length).map_err(|cause| broken(STEP, &cause))?;
        serde_json::from_slice(&json).map_err(|cause| broken(STEP, &cause))
    })
}

/// An event, as its journal entry says it.
///
/// # Errors
/// When the text is not that of an event.
pub(super) fn event(body: &str) -> Result<Event, Error> {
    serde_json::from_str(body).map_err(|cause| broken("read an event", &cause))
}

#[cfg(test)]
mod tests {
    use super::*;
    use casework::{AuthorityId, CaseId};
    use uuid::Uuid;

    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else_is() {
        let case = Case::new(AuthorityId(Uuid::from_u128(7)), CaseId(Uuid::from_u128(8)));
        let packed = pack(&case).expect("a case can be packed");
        assert_eq!(unpack(&packed).expect("it can be unpacked"), case);
        for length in 0..packed.len() {
            assert!(unpack(&packed[..length]).is_err(), "{length} of {} bytes", packed.len());
        }
        let mut longer = packed.clone();
        longer[..HEADER_BYTES].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(unpack(&longer).is_err());
        assert!(unpack(b"{\"id\":\"not packed\"}").is_err());
    }
}
