//! Where time, ids, randomness and files come from: the doors to the world that tests replace.

mod bucket;
mod clock;
mod files;
mod ids;
mod mail;
mod notify;
mod scanner;

pub use bucket::BucketAddress;
pub use clock::{Clock, DemoClock, FixedClock, SystemClock};
pub(crate) use clock::{end_of, london_time, london_timestamp, morning};
pub use files::Files;
pub use ids::{Ids, SeededIds, SystemIds, random_bytes};
pub use mail::{KeptMail, Mail, NoMail, Smtp, Taken, Unsent};
pub use notify::{Carrier, Envelope, KeptTexts, NoCarrier, Notify, Receipt};
pub use scanner::{ClamAv, Scanned};
