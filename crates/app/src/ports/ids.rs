//! New ids and secrets.

use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// A source of new ids: UUIDv7, so that ids of one table sort by time.
pub trait Ids: Send + Sync {
    fn next(&self) -> Uuid;
}

/// Ids from the machine's clock and randomness.
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the port that everything else asks")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// The same ids every time, in the same order: for demos and tests.
pub struct SeededIds {
    seed: u64,
    next: AtomicU64,
}

impl SeededIds {
    pub fn new(seed: u64) -> SeededIds {
        SeededIds { seed, next: AtomicU64::new(1) }
    }
}

impl Ids for SeededIds {
    fn next(&self) -> Uuid {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        // The counter stands where a UUIDv7 has its time, so that these sort by age too.
        let mut bytes = [0_u8; 16];
        bytes[..6].copy_from_slice(&number.to_be_bytes()[2..]);
        let tail = blake3::hash(&[self.seed.to_be_bytes(), number.to_be_bytes()].concat());
        bytes[6..].copy_from_slice(&tail.as_bytes()[..10]);
        bytes[6] = (bytes[6] & 0x0f) | 0x70;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Uuid::from_bytes(bytes)
    }
}

/// Unguessable bytes for session tokens and salts.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system always has randomness once it is up");
    bytes
}
