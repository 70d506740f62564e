//! Which schools and colleges are there, and what does the register say of each?
//!
//! Reads a register of establishments as rows: the official extract of Get Information about
//! Schools, its older search download, or a lighter list with map positions. The first row names
//! the columns, in any order; a register needs a URN and a name, everything else may be absent.
//! Rows that cannot be read are left out and said why; a file that is no register is refused,
//! naming the columns it lacks. Names of head teachers are never read.
//!
//! ```
//! let file = "URN,EstablishmentName,LA (code),SchoolCapacity\n900001,Oakenmere Primary School,332,210\n";
//! let mut reader = returns::schools::Reader::new(file.as_bytes(), Default::default()).unwrap();
//! let row = reader.next_row().unwrap().unwrap();
//! let school = row.school.unwrap();
//! assert_eq!((school.name.as_str(), school.capacity), ("Oakenmere Primary School", Some(210)));
//! ```

mod columns;
mod read;

pub use read::{Limits, Reader, Row};

use crate::{
    identifiers::{Ukprn, Urn},
    sen2::{Establishment, LaNumber, Severity},
};
use casework::codes::Need;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Phase of education.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Nursery,
    Primary,
    MiddleDeemedPrimary,
    MiddleDeemedSecondary,
    Secondary,
    AllThrough,
    SixteenPlus,
    /// Special schools, pupil referral units and others that have no phase.
    NotApplicable,
}

impl Phase {
    pub fn label(self) -> &'static str {
        match self {
            Phase::Nursery => "Nursery",
            Phase::Primary => "Primary",
            Phase::MiddleDeemedPrimary => "Middle deemed primary",
            Phase::MiddleDeemedSecondary => "Middle deemed secondary",
            Phase::Secondary => "Secondary",
            Phase::AllThrough => "All-through",
            Phase::SixteenPlus => "16 plus",
            Phase::NotApplicable => "Not applicable",
        }
    }

    fn called(text: &str) -> Option<Phase> {
        Some(match text.to_ascii_lowercase().as_str() {
            "nursery" | "n" => Phase::Nursery,
            "primary" | "p" => Phase::Primary,
            "middle deemed primary" | "mp" => Phase::MiddleDeemedPrimary,
            "middle deemed secondary" | "ms" => Phase::MiddleDeemedSecondary,
            "secondary" | "s" => Phase::Secondary,
            "all-through" | "all through" | "a" => Phase::AllThrough,
            "16 plus" | "16+" | "6" => Phase::SixteenPlus,
            "not applicable" | "x" => Phase::NotApplicable,
            _ => return None,
        })
    }
}

/// Whether the establishment is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Open,
    OpenProposedToClose,
    Closed,
    ProposedToOpen,
}

impl Status {
    pub fn label(self) -> &'static str {
        match self {
            Status::Open => "Open",
            Status::OpenProposedToClose => "Open, but proposed to close",
            Status::Closed => "Closed",
            Status::ProposedToOpen => "Proposed to open",
        }
    }

    fn called(text: &str) -> Option<Status> {
        Some(match text.to_ascii_lowercase().as_str() {
            "open" => Status::Open,
            "open, but proposed to close" => Status::OpenProposedToClose,
            "closed" => Status::Closed,
            "proposed to open" => Status::ProposedToOpen,
            _ => return None,
        })
    }
}

/// One establishment. What the register does not say is `None`, never nought or no.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct School {
    pub urn: Urn,
    pub name: String,
    pub la_code: Option<LaNumber>,
    pub la_name: Option<String>,
    /// Office for National Statistics code of the district, for example E08000027.
    pub district_code: Option<String>,
    /// Four digits; with the authority's three it is the LAESTAB.
    pub establishment_number: Option<u16>,
    pub phase: Option<Phase>,
    /// Type of establishment, in the register's words: “Community special school”.
    pub kind: Option<String>,
    pub status: Option<Status>,
    /// Statutory lowest age, whole years.
    pub low_age: Option<u8>,
    pub high_age: Option<u8>,
    pub sixth_form: Option<bool>,
    pub town: Option<String>,
    /// Of the school, or in lighter lists the nearest one.
    pub postcode: Option<String>,
    pub ukprn: Option<Ukprn>,
    /// National grid, metres.
    pub easting: Option<u32>,
    pub northing: Option<u32>,
    /// Degrees, WGS 84.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Places in the whole school.
    pub capacity: Option<u32>,
    pub pupils: Option<u32>,
    pub sen_unit: Option<bool>,
    pub sen_unit_on_roll: Option<u32>,
    pub sen_unit_capacity: Option<u32>,
    pub resourced_provision: Option<bool>,
    pub resourced_provision_on_roll: Option<u32>,
    pub resourced_provision_capacity: Option<u32>,
    /// Types of need the school says it provides for, in its own order.
    pub special_needs: Vec<Need>,
    /// Approved under section 41 of the Children and Families Act 2014, so that families may ask
    /// for it by name.
    pub section_41_approved: Option<bool>,
    pub opened_on: Option<Date>,
    pub closed_on: Option<Date>,
}

impl School {
    /// Whether the register calls it a special school or college.
    pub fn is_special(&self) -> bool {
        self.kind.as_deref().is_some_and(|kind| kind.to_ascii_lowercase().contains("special"))
    }

    /// Not said to be closed or still to open.
    pub fn may_be_open(&self) -> bool {
        !matches!(self.status, Some(Status::Closed | Status::ProposedToOpen))
    }
}

impl From<&School> for Establishment {
    fn from(school: &School) -> Establishment {
        Establishment { has_sen_unit: school.sen_unit, has_resourced_provision: school.resourced_provision }
    }
}

/// Something wrong, doubtful or worth knowing about a row or the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFinding {
    /// Ours, and stable: `schools.` and what is wrong.
    pub rule: &'static str,
    pub severity: Severity,
    /// Line of the file at which the row starts; none for the register as a whole.
    pub line: Option<u64>,
    /// URN and name as the row gives them.
    pub school: Option<String>,
    /// The column as the file calls it.
    pub column: Option<String>,
    pub value: Option<String>,
    /// What is wrong and how to mend it, in plain words.
    pub message: String,
}

/// Why a register is not read at all, or not to its end. The words go after “The file was not
/// loaded:”.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    #[error(transparent)]
    Input(#[from] crate::InputError),
    #[error("it could not be read to the end: {0}")]
    Io(String),
    #[error("it is empty")]
    Empty,
    #[error("it is not a file of rows but {what}; save the register as CSV")]
    NotRows { what: &'static str },
    #[error("it is not a register of schools: it has no column {missing}; the columns it has are {found}")]
    ColumnsMissing { missing: String, found: String },
    #[error("the row on line {line} is longer than {limit} bytes; perhaps a quotation mark is not closed")]
    RowTooLong { line: u64, limit: usize },
    #[error("it has more than {limit} rows")]
    TooManyRows { limit: u64 },
}
