//! Where time, ids, randomness and files come from: the doors to the world that tests replace.

mod bucket;
mod clock;
mod files;
mod ids;
mod mail;
mod scanner;

pub use bucket::BucketAddress;
pub use clock::{Clock, DemoClock, FixedClock, SystemClock};
pub(crate) use clock::{end_of, london_time, morning};
pub use files::Files;
pub use ids::{Ids, SeededIds, SystemIds, random_bytes};
pub use mail::{KeptMail, Mail, NoMail, Smtp};
pub use scanner::{ClamAv, Scanned};
