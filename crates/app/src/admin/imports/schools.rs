//! Bringing in a register of schools. It is public and shared by every area; a school is known by
//! its URN. What a lighter list leaves empty stays as a fuller one said.

use super::store;
use super::summary::{Counts, FILE_BYTES_MAX, Found, Stopped, Summary};
use crate::{App, Error};
use casework::AuthorityId;
use db::{Row, Tx, Value};
use returns::schools::{Limits, Reader, School};
use std::collections::HashMap;
use std::io::BufRead;
use uuid::Uuid;

/// Rows in one transaction.
const BATCH: usize = 500;

const FIND: &str = "SELECT urn, name, authority_code, phase, kind, open, postcode, low_age, high_age, capacity, ukprn, easting, \
    northing, sen_unit, resourced_provision FROM establishments WHERE urn = ANY($1)";
const PUT: &str = "INSERT INTO establishments (urn, name, authority_code, phase, kind, open, postcode, low_age, high_age, capacity, \
    ukprn, easting, northing, sen_unit, resourced_provision) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
    ON CONFLICT (urn) DO UPDATE SET name = excluded.name, authority_code = excluded.authority_code, phase = excluded.phase, \
    kind = excluded.kind, open = excluded.open, postcode = excluded.postcode, low_age = excluded.low_age, \
    high_age = excluded.high_age, capacity = excluded.capacity, ukprn = excluded.ukprn, easting = excluded.easting, \
    northing = excluded.northing, sen_unit = excluded.sen_unit, resourced_provision = excluded.resourced_provision";

/// A row of the establishments table.
#[derive(Debug, Clone, PartialEq)]
struct Stored {
    urn: i64,
    name: String,
    authority_code: Option<String>,
    phase: Option<String>,
    kind: Option<String>,
    open: bool,
    postcode: Option<String>,
    low_age: Option<i64>,
    high_age: Option<i64>,
    capacity: Option<i64>,
    ukprn: Option<i64>,
    easting: Option<i64>,
    northing: Option<i64>,
    sen_unit: Option<bool>,
    resourced_provision: Option<bool>,
}

impl Stored {
    fn read(row: &Row) -> Result<Stored, Error> {
        Ok(Stored {
            urn: row.get("urn")?,
            name: row.get("name")?,
            authority_code: row.get("authority_code")?,
            phase: row.get("phase")?,
            kind: row.get("kind")?,
            open: row.get("open")?,
            postcode: row.get("postcode")?,
            low_age: row.get("low_age")?,
            high_age: row.get("high_age")?,
            capacity: row.get("capacity")?,
            ukprn: row.get("ukprn")?,
            easting: row.get("easting")?,
            northing: row.get("northing")?,
            sen_unit: row.get("sen_unit")?,
            resourced_provision: row.get("resourced_provision")?,
        })
    }

    /// The school as the file has it, over what is known of it.
    fn with(before: Option<&Stored>, school: &School) -> Stored {
        macro_rules! or_before {
            ($value:expr, $field:ident) => {
                $value.or_else(|| before.and_then(|before| before.$field.clone()))
            };
        }
        Stored {
            urn: i64::from(school.urn.number()),
            name: school.name.clone(),
            authority_code: or_before!(school.la_code.map(|code| code.to_string()), authority_code),
            phase: or_before!(school.phase.map(|phase| phase.label().to_owned()), phase),
            kind: or_before!(school.kind.clone(), kind),
            open: match (school.status, before) {
                (None, Some(before)) => before.open,
                _ => school.may_be_open(),
            },
            postcode: or_before!(school.postcode.clone(), postcode),
            low_age: or_before!(school.low_age.map(i64::from), low_age),
            high_age: or_before!(school.high_age.map(i64::from), high_age),
            capacity: or_before!(school.capacity.map(i64::from), capacity),
            ukprn: or_before!(school.ukprn.map(|ukprn| i64::from(ukprn.number())), ukprn),
            easting: or_before!(school.easting.map(i64::from), easting),
            northing: or_before!(school.northing.map(i64::from), northing),
            sen_unit: or_before!(school.sen_unit, sen_unit),
            resourced_provision: or_before!(school.resourced_provision, resourced_provision),
        }
    }

    fn values(&self) -> Vec<Value> {
        vec![
            self.urn.into(),
            (&self.name).into(),
            self.authority_code.clone().into(),
            self.phase.clone().into(),
            self.kind.clone().into(),
            self.open.into(),
            self.postcode.clone().into(),
            self.low_age.into(),
            self.high_age.into(),
            self.capacity.into(),
            self.ukprn.into(),
            self.easting.into(),
            self.northing.into(),
            self.sen_unit.into(),
            self.resourced_provision.into(),
        ]
    }
}

struct Batch {
    schools: Vec<School>,
    found: Vec<Found>,
    looked_at: u64,
    left_out: u64,
    bytes: u64,
}

fn read_batches(
    source: impl BufRead,
    skip: u64,
    mut each: impl FnMut(Batch) -> Result<(), Stopped>,
) -> Result<(), Stopped> {
    let refuse = |why: returns::schools::RegisterError| Stopped::Refused(why.to_string());
    let limits = Limits { file_bytes: FILE_BYTES_MAX, ..Limits::default() };
    let mut reader = Reader::new(source, limits).map_err(refuse)?;
    let empty = || Batch { schools: vec![], found: vec![], looked_at: 0, left_out: 0, bytes: 0 };
    let (mut batch, mut ordinal) = (empty(), 0);
    while let Some(row) = reader.next_row().map_err(refuse)? {
        ordinal += 1;
        if ordinal <= skip {
            continue;
        }
        batch.looked_at += 1;
        batch.found.extend(row.findings.into_iter().map(Found::from));
        match row.school {
            Some(school) => batch.schools.push(school),
            None => batch.left_out += 1,
        }
        if batch.looked_at >= BATCH as u64 {
            batch.bytes = reader.bytes_read();
            batch.found.extend(reader.take_findings().into_iter().map(Found::from));
            each(std::mem::replace(&mut batch, empty()))?;
        }
    }
    batch.bytes = reader.bytes_read();
    batch.found.extend(reader.take_findings().into_iter().map(Found::from));
    each(batch)
}

/// What of a batch is new or changed.
fn compare(tx: &mut dyn Tx, batch: &Batch) -> Result<(Counts, Vec<Vec<Value>>), Error> {
    let urns: Value = batch.schools.iter().map(|school| i64::from(school.urn.number())).collect();
    let mut known = HashMap::new();
    for row in tx.query(FIND, &[urns])? {
        let stored = Stored::read(&row)?;
        known.insert(stored.urn, stored);
    }
    let mut counts = Counts { looked_at: batch.looked_at, left_out: batch.left_out, ..Counts::default() };
    let mut rows = Vec::new();
    for school in &batch.schools {
        let before = known.get(&i64::from(school.urn.number()));
        let after = Stored::with(before, school);
        match before {
            None => counts.new += 1,
            Some(before) if *before != after => counts.changed += 1,
            Some(_) => {
                counts.known += 1;
                continue;
            }
        }
        rows.push(after.values());
        known.insert(after.urn, after);
    }
    Ok((counts, rows))
}

/// Reads the whole register and says what it would bring, without writing.
///
/// # Errors
/// [`Stopped::Refused`] for a file that is not a register.
pub fn check(
    app: &App,
    source: impl BufRead,
    mut each: impl FnMut(u64, &Counts, Vec<Found>) -> Result<(), Error>,
) -> Result<(), Stopped> {
    read_batches(source, 0, |batch| {
        let (counts, _) = app.db.read("imports.check_schools", |tx| compare(tx, &batch))?;
        Ok(each(batch.bytes, &counts, batch.found)?)
    })
}

/// Writes what is new or changed.
///
/// # Errors
/// [`Stopped::Refused`] for a file that changed since it was checked.
pub fn load(
    app: &App,
    authority: AuthorityId,
    source: impl BufRead,
    import: Uuid,
    summary: &mut Summary,
    mut after_batch: impl FnMut() -> Result<(), Error>,
) -> Result<(), Stopped> {
    let skip = summary.loaded.looked_at;
    read_batches(source, skip, |batch| {
        let after = app.db.write("imports.load_schools", |tx| -> Result<Summary, Error> {
            let (counts, rows) = compare(tx, &batch)?;
            if !rows.is_empty() {
                tx.execute_many(PUT, &rows)?;
            }
            let mut after = summary.clone();
            after.loaded.add(&counts);
            store::progress(tx, authority, import, batch.bytes, &after)?;
            Ok(after)
        })?;
        *summary = after;
        Ok(after_batch()?)
    })
}
