//! What an import is, how far it is, and what it brings.

use returns::sen2::Severity;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// Most findings that are kept of one import; the others are counted.
pub const FINDINGS_MAX: u64 = 5_000;
/// Most bytes of one file.
pub const FILE_BYTES_MAX: u64 = 1 << 30;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    Sen2,
    Schools,
}

impl Kind {
    pub fn label(self) -> &'static str {
        match self {
            Kind::Sen2 => "SEN2 return",
            Kind::Schools => "Register of schools",
        }
    }

    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    Checking,
    /// Checked; waits for a person to say yes.
    Ready,
    Loading,
    Done,
    /// The file cannot be read, or belongs to another area.
    Refused,
    /// A person chose not to bring it in.
    Left,
}

impl State {
    pub fn label(self) -> &'static str {
        match self {
            State::Checking => "Being checked",
            State::Ready => "Ready to bring in",
            State::Loading => "Being brought in",
            State::Done => "Brought in",
            State::Refused => "Not loaded",
            State::Left => "Left",
        }
    }

    pub fn code(self) -> &'static str {
        self.into()
    }

    pub fn is_running(self) -> bool {
        matches!(self, State::Checking | State::Loading)
    }
}

/// How much there is of everything in a file, and how much of it is new here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// People or schools looked at so far: where a later run goes on.
    pub looked_at: u64,
    pub new: u64,
    pub changed: u64,
    pub known: u64,
    pub left_out: u64,
    /// Journal entries made, or that would be made.
    pub events: u64,
    pub requests: u64,
    pub assessments: u64,
    pub plans: u64,
    pub placements: u64,
    pub needs: u64,
    pub reviews: u64,
}

impl Counts {
    pub fn add(&mut self, other: &Counts) {
        self.looked_at += other.looked_at;
        self.new += other.new;
        self.changed += other.changed;
        self.known += other.known;
        self.left_out += other.left_out;
        self.events += other.events;
        self.requests += other.requests;
        self.assessments += other.assessments;
        self.plans += other.plans;
        self.placements += other.placements;
        self.needs += other.needs;
        self.reviews += other.reviews;
    }
}

/// How many findings of each severity there are, the ones that are not kept among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FindingCounts {
    pub errors: u64,
    pub queries: u64,
    pub notes: u64,
}

impl FindingCounts {
    pub fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Query => self.queries += 1,
            Severity::Note => self.notes += 1,
        }
    }

    pub fn total(&self) -> u64 {
        self.errors + self.queries + self.notes
    }
}

/// What is known of an import so far. Stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// The return's year.
    pub year: Option<i16>,
    /// What the check found in the file.
    pub checked: Counts,
    /// What was really written.
    pub loaded: Counts,
    pub findings: FindingCounts,
    /// Findings in the table.
    pub findings_kept: u64,
    /// Why the file was not loaded, to go after “The file was not loaded:”.
    pub refusal: Option<String>,
}

/// A finding, whichever file it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub severity: Severity,
    pub line: Option<u64>,
    /// Who or what it is about. Personal: shown, never logged.
    pub reference: Option<String>,
    pub item: Option<String>,
    pub rule: String,
    pub message: String,
}

/// The stable code of a severity.
pub fn severity_code(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Query => "query",
        Severity::Error => "error",
    }
}

/// Why an import stops.
#[derive(Debug)]
pub enum Stopped {
    /// The file itself: said to the person, nothing was written.
    Refused(String),
    Failed(crate::Error),
}

impl<E: Into<crate::Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Stopped::Failed(error.into())
    }
}

impl From<returns::sen2::Finding> for Found {
    fn from(finding: returns::sen2::Finding) -> Found {
        let mut message = finding.message;
        if let Some(value) = finding.value {
            message.push_str(&format!(" The file says “{value}”."));
        }
        let reference = finding.person.map(|person| {
            let name = person.name.unwrap_or_else(|| format!("Person {}", person.ordinal));
            match person.identifier {
                Some(identifier) => format!("{name}, {identifier}"),
                None => name,
            }
        });
        let item = finding.item.map(|item| item.label().to_owned());
        let item = match (item, finding.within.is_empty()) {
            (Some(item), false) => Some(format!("{item} ({})", finding.within)),
            (None, false) => Some(finding.within),
            (item, true) => item,
        };
        Found {
            severity: finding.severity,
            line: finding.line,
            reference,
            item,
            rule: finding.rule.to_owned(),
            message,
        }
    }
}

impl From<returns::schools::RowFinding> for Found {
    fn from(finding: returns::schools::RowFinding) -> Found {
        let mut message = finding.message;
        if let Some(value) = finding.value {
            message.push_str(&format!(" The file says “{value}”."));
        }
        Found {
            severity: finding.severity,
            line: finding.line,
            reference: finding.school,
            item: finding.column,
            rule: finding.rule.to_owned(),
            message,
        }
    }
}
