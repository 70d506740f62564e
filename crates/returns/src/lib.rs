//! What do the files of other systems say, and what do we hand to them? Values in, values out.
//!
//! | question | where |
//! |---|---|
//! | what does a SEN2 return say, and what is wrong with it? | [`sen2::Reader`] |
//! | how is a SEN2 return written, and a trial one made up? | [`sen2::Writer`], [`sen2::sample`] |
//! | which schools does a register list? | [`schools::Reader`] |
//!
//! The crate is pure: it reads from any `BufRead` it is given and opens nothing itself. Faulty data
//! is normal work and becomes findings; each finding says where, what is wrong and how to mend it.
//! Every reader holds a bounded amount of memory, whatever the file.

mod dates;
mod input;
pub mod postcode;
pub mod schools;
pub mod sen2;

pub use casework::people::identifiers;
pub use input::InputError;
