//! Reads a register one row at a time, in memory that does not grow with the file.

use super::{Phase, RegisterError, RowFinding, School, Status, columns::Column};
use crate::{
    InputError,
    dates::read_date,
    identifiers::Urn,
    input::{Decoded, Kind, windows_1252},
    postcode,
    sen2::Severity,
};
use csv::ByteRecord;
use std::{
    collections::HashSet,
    io::{self, BufRead},
    str::FromStr,
};

/// The most a register may ask of the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub file_bytes: u64,
    pub row_bytes: usize,
    pub rows: u64,
    /// Findings about one row.
    pub findings: usize,
}

impl Default for Limits {
    /// The official extract has some 52,000 rows of 2 KB.
    fn default() -> Limits {
        Limits { file_bytes: 1 << 30, row_bytes: 64 << 10, rows: 500_000, findings: 20 }
    }
}

/// A row of the register.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Line of the file at which the row starts, from 1.
    pub line: u64,
    /// None when the row was left out; a finding says why.
    pub school: Option<School>,
    pub findings: Vec<RowFinding>,
}

/// A register being read.
pub struct Reader<R> {
    rows: csv::Reader<Decoded<R>>,
    record: ByteRecord,
    /// The row's fields as text.
    fields: Vec<String>,
    columns: Vec<Option<Column>>,
    names: Vec<String>,
    limits: Limits,
    read: u64,
    seen: HashSet<Urn>,
    findings: Vec<RowFinding>,
    file_findings: Vec<RowFinding>,
    other_encoding: bool,
    failed: Option<RegisterError>,
}

const VALUE_CHARACTERS: usize = 80;

impl<R: BufRead> Reader<R> {
    /// Reads the names of the columns, so that what is not a register is refused at once.
    pub fn new(source: R, limits: Limits) -> Result<Reader<R>, RegisterError> {
        let decoded =
            Decoded::new(source, Kind::Rows, limits.file_bytes, limits.row_bytes).map_err(|error| from_io(error, 1))?;
        let rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(decoded);
        let mut reader = Reader {
            rows,
            record: ByteRecord::new(),
            fields: Vec::new(),
            columns: Vec::new(),
            names: Vec::new(),
            limits,
            read: 0,
            seen: HashSet::new(),
            findings: Vec::new(),
            file_findings: Vec::new(),
            other_encoding: false,
            failed: None,
        };
        // Empty lines before the header are passed over.
        if !reader.read_record()? {
            return Err(RegisterError::Empty);
        }
        reader.read_header()?;
        Ok(reader)
    }

    /// Bytes of the file taken in so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.rows.get_ref().bytes_read()
    }

    /// Rows read so far, those left out among them.
    pub fn rows_read(&self) -> u64 {
        self.read
    }

    /// Findings about the register as a whole since the last call.
    pub fn take_findings(&mut self) -> Vec<RowFinding> {
        std::mem::take(&mut self.file_findings)
    }

    /// The next row, or none at the end. After an error the same error again.
    pub fn next_row(&mut self) -> Result<Option<Row>, RegisterError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.read_row().inspect_err(|error| self.failed = Some(error.clone()))
    }

    fn read_record(&mut self) -> Result<bool, RegisterError> {
        self.rows.get_mut().start_piece();
        let line = self.rows.position().line();
        self.rows.read_byte_record(&mut self.record).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => from_io(error, line),
            other => RegisterError::Io(format!("{other:?}")),
        })
    }

    fn read_header(&mut self) -> Result<(), RegisterError> {
        let start = self.record.as_slice();
        let what = if start.starts_with(b"PK") {
            Some("a spreadsheet or an archive")
        } else if start.starts_with(b"<") {
            Some("a page or XML")
        } else if start.starts_with(b"{") || start.starts_with(b"[") {
            Some("JSON")
        } else if start.starts_with(b"%PDF") {
            Some("a PDF")
        } else if start.contains(&0) {
            Some("something that is not text")
        } else {
            None
        };
        if let Some(what) = what {
            return Err(RegisterError::NotRows { what });
        }
        self.decode();
        self.names = self.fields.clone();
        self.columns = self.names.iter().map(|name| Column::called(name)).collect();
        for index in 1..self.columns.len() {
            let column = self.columns[index];
            let repeated =
                column.is_some_and(|column| column != Column::SpecialNeed) && self.columns[..index].contains(&column);
            if repeated {
                self.columns[index] = None;
                let name = shortened(&self.names[index]);
                self.file_findings.push(RowFinding {
                    rule: "schools.column_twice",
                    severity: Severity::Query,
                    line: Some(1),
                    school: None,
                    message: format!(
                        "The column “{name}” says the same as an earlier one. The earlier one is read; take one of them out."
                    ),
                    column: Some(name),
                    value: None,
                });
            }
        }
        let missing: Vec<_> = [Column::Urn, Column::Name]
            .into_iter()
            .filter(|needed| !self.columns.contains(&Some(*needed)))
            .map(|column| format!("“{}”", column.official()))
            .collect();
        if !missing.is_empty() {
            let mut found: Vec<_> = self.names.iter().take(8).map(|name| format!("“{}”", shortened(name))).collect();
            if self.names.len() > found.len() {
                found.push(format!("and {} more", self.names.len() - found.len()));
            }
            return Err(RegisterError::ColumnsMissing {
                missing: missing.join(" and no column "),
                found: found.join(", "),
            });
        }
        let absent: Vec<_> =
            [Column::LaCode, Column::Phase, Column::Kind, Column::Status, Column::Capacity, Column::ProvisionKind]
                .into_iter()
                .filter(|wanted| !self.columns.contains(&Some(*wanted)))
                .map(|column| column.official())
                .collect();
        if !absent.is_empty() {
            self.file_findings.push(RowFinding {
                rule: "schools.columns_absent",
                severity: Severity::Note,
                line: Some(1),
                school: None,
                column: None,
                value: None,
                message: format!(
                    "The register does not have {}. What they would say stays unknown; the official extract has them all.",
                    absent.join(", ")
                ),
            });
        }
        Ok(())
    }

    /// Turns the row's bytes into text: UTF-8, or Windows-1252 for a row that is not UTF-8.
    fn decode(&mut self) {
        let utf8 = std::str::from_utf8(self.record.as_slice()).is_ok();
        self.other_encoding |= !utf8;
        self.fields.truncate(self.record.len());
        self.fields.resize(self.record.len(), String::new());
        for (field, bytes) in self.fields.iter_mut().zip(&self.record) {
            field.clear();
            match std::str::from_utf8(bytes) {
                Ok(text) if utf8 => tidy(text.chars(), field),
                _ => tidy(bytes.iter().map(|byte| windows_1252(*byte)), field),
            }
        }
    }

    fn read_row(&mut self) -> Result<Option<Row>, RegisterError> {
        if !self.read_record()? {
            if std::mem::take(&mut self.other_encoding) {
                self.file_findings.push(RowFinding {
                    rule: "schools.other_encoding",
                    severity: Severity::Note,
                    line: None,
                    school: None,
                    column: None,
                    value: None,
                    message: "The register is not written in UTF-8. It was read as Windows-1252, which the official extract uses; check names with accents.".to_owned(),
                });
            }
            return Ok(None);
        }
        if self.read >= self.limits.rows {
            return Err(RegisterError::TooManyRows { limit: self.limits.rows });
        }
        self.read += 1;
        self.decode();
        let line = self.record.position().map_or(0, |position| position.line());
        let school = self.school();
        let about = self.about();
        let mut findings = std::mem::take(&mut self.findings);
        for finding in &mut findings {
            finding.line = Some(line);
            finding.school = about.clone();
        }
        Ok(Some(Row { line, school, findings }))
    }

    fn value(&self, column: Column) -> &str {
        self.columns
            .iter()
            .position(|known| *known == Some(column))
            .and_then(|index| self.fields.get(index))
            .map_or("", String::as_str)
    }

    fn about(&self) -> Option<String> {
        let about = format!("{} {}", self.value(Column::Urn), self.value(Column::Name));
        let about = about.trim();
        (!about.is_empty()).then(|| shortened(about))
    }

    fn raise(&mut self, rule: &'static str, severity: Severity, column: Option<Column>, message: String) {
        if self.findings.len() >= self.limits.findings {
            return;
        }
        let value = column.map(|column| self.value(column)).filter(|value| !value.is_empty());
        let name = column
            .and_then(|column| self.columns.iter().position(|known| *known == Some(column)))
            .and_then(|index| self.names.get(index));
        self.findings.push(RowFinding {
            rule,
            severity,
            line: None,
            school: None,
            column: name.map(|name| shortened(name)),
            value: value.map(shortened),
            message,
        });
    }

    fn school(&mut self) -> Option<School> {
        let (found, expected) = (self.fields.len(), self.columns.len());
        if found != expected {
            let message = format!(
                "The row has {found} columns, the first row has {expected}. It was left out; perhaps a comma or a quotation mark is missing."
            );
            self.raise("schools.row_uneven", Severity::Error, None, message);
            return None;
        }
        let urn = match self.value(Column::Urn).parse::<Urn>() {
            Ok(urn) => urn,
            Err(reason) => {
                let message = format!("The row has no usable URN: {reason}. It was left out; correct the URN.");
                self.raise("schools.urn_wrong", Severity::Error, Some(Column::Urn), message);
                return None;
            }
        };
        if self.value(Column::Name).is_empty() {
            let message = format!("{urn} has no name. The row was left out; enter the name.");
            self.raise("schools.name_missing", Severity::Error, Some(Column::Name), message);
            return None;
        }
        if !self.seen.insert(urn) {
            let message = format!("{urn} stands in the register more than once. The first row was kept.");
            self.raise("schools.urn_twice", Severity::Query, Some(Column::Urn), message);
            return None;
        }
        let (sen_unit, resourced_provision) = self.provision();
        let school = School {
            urn,
            name: self.value(Column::Name).to_owned(),
            la_code: self.parsed(Column::LaCode, "an authority's number of three digits"),
            la_name: self.text(Column::LaName),
            district_code: self.text(Column::DistrictCode),
            establishment_number: self.parsed(Column::EstablishmentNumber, "a number of up to four digits"),
            phase: self.named(Column::Phase, Phase::called),
            kind: self.text(Column::Kind),
            status: self.named(Column::Status, Status::called),
            low_age: self.parsed(Column::LowAge, "an age"),
            high_age: self.parsed(Column::HighAge, "an age"),
            sixth_form: self.yes_or_no(Column::SixthForm, "has a sixth form", "does not have a sixth form"),
            town: self.text(Column::Town),
            postcode: self.postcode(),
            ukprn: self.parsed(Column::Ukprn, "a UKPRN of eight digits"),
            easting: self.grid(Column::Easting, 700_000),
            northing: self.grid(Column::Northing, 1_300_000),
            latitude: self.degrees(Column::Latitude, 49.0..61.0),
            longitude: self.degrees(Column::Longitude, -9.0..3.0),
            capacity: self.parsed(Column::Capacity, "a number of places"),
            pupils: self.parsed(Column::Pupils, "a number of pupils"),
            sen_unit,
            sen_unit_on_roll: self.parsed(Column::UnitOnRoll, "a number of pupils"),
            sen_unit_capacity: self.parsed(Column::UnitCapacity, "a number of places"),
            resourced_provision,
            resourced_provision_on_roll: self.parsed(Column::ProvisionOnRoll, "a number of pupils"),
            resourced_provision_capacity: self.parsed(Column::ProvisionCapacity, "a number of places"),
            special_needs: self.special_needs(),
            section_41_approved: self.yes_or_no(Column::Section41, "approved", "not approved"),
            opened_on: self.date(Column::OpenedOn),
            closed_on: self.date(Column::ClosedOn),
        };
        if let (Some(low), Some(high)) = (school.low_age, school.high_age)
            && low > high
        {
            let message = format!("The lowest age, {low}, is above the highest, {high}. Check both.");
            self.raise("schools.ages_swapped", Severity::Query, Some(Column::LowAge), message);
        }
        Some(school)
    }

    fn text(&self, column: Column) -> Option<String> {
        let text = self.value(column);
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn parsed<T: FromStr>(&mut self, column: Column, what: &str) -> Option<T> {
        let text = self.value(column);
        if text.is_empty() || text.eq_ignore_ascii_case("not applicable") {
            return None;
        }
        let parsed = text.parse().ok();
        if parsed.is_none() {
            let message = format!("{} is not {what}. It was left empty.", column.official());
            self.raise("schools.value_unreadable", Severity::Query, Some(column), message);
        }
        parsed
    }

    fn named<T>(&mut self, column: Column, called: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.value(column);
        if text.is_empty() {
            return None;
        }
        let found = called(text);
        if found.is_none() {
            let message = format!("{} has a word that is not known here. It was left empty.", column.official());
            self.raise("schools.word_not_known", Severity::Query, Some(column), message);
        }
        found
    }

    fn yes_or_no(&self, column: Column, yes: &str, no: &str) -> Option<bool> {
        let text = self.value(column).to_ascii_lowercase();
        match text.as_str() {
            "yes" | "1" => Some(true),
            "no" | "0" => Some(false),
            // Both start alike: the longer word is looked for first.
            _ if text == no || (text.starts_with(no) && !no.is_empty()) => Some(false),
            _ if text == yes || text.starts_with(yes) => Some(true),
            _ => None,
        }
    }

    fn postcode(&mut self) -> Option<String> {
        let text = self.value(Column::Postcode);
        if text.is_empty() {
            return None;
        }
        let tidied = postcode::tidied(text);
        if tidied.is_none() {
            let message = "The postcode does not look like one. It was left empty; check it.".to_owned();
            self.raise("schools.postcode_wrong", Severity::Query, Some(Column::Postcode), message);
        }
        tidied
    }

    /// Metres of the national grid; nought is the register's way of saying unknown.
    fn grid(&mut self, column: Column, most: u32) -> Option<u32> {
        let metres: Option<f64> = self.parsed(column, "a grid reference in metres");
        let metres = metres.filter(|metres| *metres != 0.0)?;
        if (1.0..f64::from(most)).contains(&metres) {
            Some(metres as u32)
        } else {
            self.outside(column);
            None
        }
    }

    fn degrees(&mut self, column: Column, range: std::ops::Range<f64>) -> Option<f64> {
        let degrees: f64 = self.parsed(column, "a position in degrees")?;
        if range.contains(&degrees) {
            Some(degrees)
        } else {
            self.outside(column);
            None
        }
    }

    fn outside(&mut self, column: Column) {
        let message = format!("{} lies outside Great Britain. It was left empty; check it.", column.official());
        self.raise("schools.position_outside", Severity::Query, Some(column), message);
    }

    fn date(&mut self, column: Column) -> Option<jiff::civil::Date> {
        let text = self.value(column);
        if text.is_empty() {
            return None;
        }
        let date = read_date(text).map(|(date, _)| date);
        if date.is_none() {
            let message = format!("{} is not a date. It was left empty.", column.official());
            self.raise("schools.value_unreadable", Severity::Query, Some(column), message);
        }
        // The register's way of saying that nobody knows any more.
        date.filter(|date| date.year() >= 1900)
    }

    /// Whether there is a SEN unit, and resourced provision: from the type where the register has
    /// one, else from places that are more than none.
    fn provision(&mut self) -> (Option<bool>, Option<bool>) {
        let text = self.value(Column::ProvisionKind).to_ascii_lowercase();
        match text.as_str() {
            "not applicable" | "none" => (Some(false), Some(false)),
            "" => {
                let places = |column: Column| self.value(column).parse::<u32>().ok().filter(|places| *places > 0);
                (places(Column::UnitCapacity).map(|_| true), places(Column::ProvisionCapacity).map(|_| true))
            }
            _ => {
                let (unit, provision) = (text.contains("unit"), text.contains("resourced"));
                if unit || provision {
                    (Some(unit), Some(provision))
                } else {
                    let message = "The type of resourced provision is not known here. It was left empty.".to_owned();
                    self.raise("schools.word_not_known", Severity::Query, Some(Column::ProvisionKind), message);
                    (None, None)
                }
            }
        }
    }

    /// From `SEN1 (name)` and its neighbours: “SLCN - Speech, language and communication”.
    fn special_needs(&self) -> Vec<casework::codes::Need> {
        let mut needs = Vec::new();
        for (column, field) in self.columns.iter().zip(&self.fields) {
            if *column != Some(Column::SpecialNeed) {
                continue;
            }
            let code = field.split([' ', '-']).next().unwrap_or_default().to_ascii_uppercase();
            if let Ok(need) = code.parse()
                && !needs.contains(&need)
            {
                needs.push(need);
            }
        }
        needs
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Row, RegisterError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed.is_some() {
            return None;
        }
        self.next_row().transpose()
    }
}

/// White space and control characters become single spaces, none at the ends.
fn tidy(characters: impl Iterator<Item = char>, into: &mut String) {
    for character in characters {
        if !character.is_whitespace() && !character.is_control() {
            into.push(character);
        } else if !into.is_empty() && !into.ends_with(' ') {
            into.push(' ');
        }
    }
    if into.ends_with(' ') {
        into.pop();
    }
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(VALUE_CHARACTERS) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
}

fn from_io(error: io::Error, line: u64) -> RegisterError {
    let input = error.get_ref().and_then(|inner| inner.downcast_ref::<InputError>()).cloned();
    match input {
        Some(InputError::PieceTooLong { limit_bytes, .. }) => RegisterError::RowTooLong { line, limit: limit_bytes },
        Some(input) => RegisterError::Input(input),
        None => RegisterError::Io(error.to_string()),
    }
}
