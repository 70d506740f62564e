//! What does a SEN2 return say, what is wrong with it, and how is one written?
//!
//! | question | where |
//! |---|---|
//! | what does this file say, person by person? | [`Reader`] |
//! | what can a return say? | [`records`](Person), [`codes`] |
//! | what is wrong, where, and how is it mended? | [`Finding`], [`Rule`] |
//! | why is this file not read at all? | [`ReadError`] |
//! | how is a return written? | [`Writer`] |
//! | what would a return of invented people look like? | [`sample::Sample`] |
//!
//! The return is the Department for Education's person-level census of education, health and care
//! plans (guide of 2023, with the changes of 2024 and 2026). Reading holds one person at a time:
//! the size of the file does not matter. Faulty values are normal: they become findings, and only a
//! file that is not a return, is broken, or asks for more than [`Limits`] allows is refused.
//!
//! ```
//! let file = r#"<Message>
//!   <Header>
//!     <CollectionDetails><Collection>SEN2</Collection><Year>2026</Year>
//!       <ReferenceDate>2026-01-15</ReferenceDate></CollectionDetails>
//!     <Source><SourceLevel>L</SourceLevel><LEA>332</LEA></Source>
//!   </Header>
//!   <Persons><Person><Surname>Marlow</Surname></Person></Persons>
//! </Message>"#;
//! let mut reader = returns::sen2::Reader::new(file.as_bytes(), Default::default()).unwrap();
//! assert_eq!(reader.header().year, 2026);
//! while let Some(read) = reader.next_person().unwrap() {
//!     assert_eq!(read.person.surname.as_deref(), Some("Marlow"));
//!     assert!(read.findings.iter().any(|finding| finding.rule == "sen2.birth_date_missing"));
//! }
//! ```

mod check;
pub mod codes;
mod fill;
mod finding;
mod names;
mod read;
mod records;
mod refusal;
mod rules;
pub mod sample;
mod tree;
mod write;
mod years;

pub use check::{Establishment, Register, age_on, curriculum_year};
pub use fill::{Lines, RequestLines};
pub use finding::{Finding, PersonRef};
pub use names::Item;
pub use read::{Limits, PersonRead, Reader, Settings};
pub use records::{
    ActivePlan, Assessment, Header, LaNumber, NamedPlan, NotAnLaNumber, Officers, Person, Placement, RankedNeed,
    Request, Return, Setting,
};
pub use refusal::ReadError;
pub use rules::{Override, Overrides, Rule, Severity};
pub use write::Writer;
pub use years::{CensusYear, YEARS, census_day};
