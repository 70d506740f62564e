//! Is this person of the file a child who is on record already?
//!
//! Asked in this order: the same UPN; the same ULN; a case that this person of a file once opened;
//! the same birth date with the same names, capitals and accents apart. What points to two
//! different children is never guessed at: the person is left out and a finding says why.

use crate::Error;
use crate::record::names::parts;
use crate::record::store::{details, joined_into};
use casework::people::Details;
use casework::{AuthorityId, CaseId, PersonId};
use db::{Row, Tx, Value};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

macro_rules! people {
    ($where:literal) => {
        concat!(
            "SELECT person_id, case_id, given_name, family_name, known_as, born_on, sex, ethnicity, postcode, address, \
             home_language, upn, uln, nhs_number FROM people WHERE authority_id = $1 AND ",
            $where
        )
    };
}
const BY_UPN: &str = people!("upn = ANY($2)");
const BY_ULN: &str = people!("uln = ANY($2)");
const BY_CASE: &str = people!("case_id = ANY($2)");
const BY_BIRTH: &str = people!("born_on = ANY($2)");

/// An id that is the same whenever it is made from the same facts.
pub(super) fn id_from(parts: &[&[u8]]) -> Uuid {
    let mut hasher = blake3::Hasher::new_derive_key("tellonce 2026 ids of what is brought in");
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    // Version 8: an id made in a way of one's own.
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    Uuid::from_bytes(bytes)
}

/// Names without capitals, accents, hyphens and spaces.
fn folded(given_name: &str, family_name: &str) -> String {
    format!("{}|{}", parts(given_name).concat(), parts(family_name).concat())
}

fn name_of(details: &Details) -> String {
    folded(&details.given_name, &details.family_name)
}

/// The case that a person opens who is not on record: the same one for the same person every time.
pub(super) fn case_of(authority: AuthorityId, file: &Details) -> CaseId {
    let key = match (&file.upn, &file.uln) {
        (Some(upn), _) => format!("upn:{upn}"),
        (None, Some(uln)) => format!("uln:{uln}"),
        (None, None) => format!("name:{}:{}", file.born_on, name_of(file)),
    };
    CaseId(id_from(&[b"case", authority.0.as_bytes(), key.as_bytes()]))
}

/// A child on record.
#[derive(Debug, Clone)]
pub(super) struct OnRecord {
    pub case: CaseId,
    pub person: PersonId,
    pub details: Details,
}

pub(super) enum Match {
    Child(Box<OnRecord>),
    Nobody(CaseId),
    /// Why it is not clear who this is.
    Unsure(String),
}

/// The children on record whom some persons of a file may be.
#[derive(Default)]
pub(super) struct Known {
    children: Vec<OnRecord>,
    by_upn: HashMap<String, usize>,
    by_uln: HashMap<String, usize>,
    by_case: HashMap<CaseId, usize>,
    by_birth: HashMap<Date, Vec<usize>>,
}

impl Known {
    /// Reads everyone whom these persons may be, in four queries.
    pub fn load<'a>(
        tx: &mut dyn Tx,
        authority: AuthorityId,
        persons: impl Iterator<Item = &'a Details> + Clone,
    ) -> Result<Known, Error> {
        let mut known = Known::default();
        let upns: Value = persons.clone().filter_map(|file| file.upn.as_ref()).map(ToString::to_string).collect();
        let ulns: Value = persons.clone().filter_map(|file| file.uln.as_ref()).map(ToString::to_string).collect();
        let cases: Value = persons.clone().map(|file| case_of(authority, file).0).collect();
        let births: Value = persons.map(|file| file.born_on).collect::<HashSet<Date>>().into_iter().collect();
        for (query, list) in [(BY_UPN, upns), (BY_ULN, ulns), (BY_CASE, cases), (BY_BIRTH, births)] {
            for row in tx.query(query, &[authority.0.into(), list])? {
                known.put(read(&row)?);
            }
        }
        known.lead_on(tx, authority)?;
        Ok(known)
    }

    /// Puts the record that is kept in the place of each that was joined into it.
    fn lead_on(&mut self, tx: &mut dyn Tx, authority: AuthorityId) -> Result<(), Error> {
        let kept = joined_into(tx, authority, self.children.iter().map(|child| child.case.0))?;
        if kept.is_empty() {
            return Ok(());
        }
        let list: Value = kept.values().copied().collect();
        let mut whole = HashMap::new();
        for row in tx.query(BY_CASE, &[authority.0.into(), list])? {
            let child = read(&row)?;
            whole.insert(child.case.0, child);
        }
        for child in &mut self.children {
            if let Some(other) = kept.get(&child.case.0).and_then(|id| whole.get(id)) {
                *child = other.clone();
            }
        }
        Ok(())
    }

    /// Adds a child, or what is now known of one.
    pub fn put(&mut self, child: OnRecord) {
        let at = match self.by_case.get(&child.case) {
            Some(at) => {
                self.children[*at] = child.clone();
                *at
            }
            None => {
                self.children.push(child.clone());
                self.children.len() - 1
            }
        };
        if let Some(upn) = &child.details.upn {
            self.by_upn.insert(upn.to_string(), at);
        }
        if let Some(uln) = &child.details.uln {
            self.by_uln.insert(uln.to_string(), at);
        }
        self.by_case.insert(child.case, at);
        let born = self.by_birth.entry(child.details.born_on).or_default();
        if !born.contains(&at) {
            born.push(at);
        }
    }

    pub fn find(&self, authority: AuthorityId, file: &Details) -> Match {
        let by_upn = file.upn.as_ref().and_then(|upn| self.by_upn.get(&upn.to_string()));
        let by_uln = file.uln.as_ref().and_then(|uln| self.by_uln.get(&uln.to_string()));
        let made_before = case_of(authority, file);
        let by_number = by_upn.or(by_uln).or_else(|| self.by_case.get(&made_before));
        if let Some(child) = by_number.and_then(|at| self.children.get(*at)) {
            let other_name = parts(&child.details.family_name) != parts(&file.family_name)
                && parts(&child.details.given_name) != parts(&file.given_name);
            return if other_name && child.details.born_on != file.born_on {
                Match::Unsure(
                    "The number in the file belongs to a child on record with another name and another date of birth."
                        .into(),
                )
            } else {
                Match::Child(Box::new(child.clone()))
            };
        }
        let name = name_of(file);
        let differ = |a: Option<String>, b: Option<String>| a.is_some() && b.is_some() && a != b;
        let text = |number: Option<&dyn ToString>| number.map(ToString::to_string);
        let mut alike: Vec<&OnRecord> = self
            .by_birth
            .get(&file.born_on)
            .into_iter()
            .flatten()
            .filter_map(|at| self.children.get(*at))
            .filter(|child| name_of(&child.details) == name)
            .collect();
        // A record that was joined into another is that other one.
        alike.sort_by_key(|child| child.case);
        alike.dedup_by_key(|child| child.case);
        let Some(first) = alike.first().copied() else {
            return Match::Nobody(made_before);
        };
        if alike.len() > 1 {
            return Match::Unsure("Several children on record have this name and date of birth.".into());
        }
        let upn = |d: &Details| text(d.upn.as_ref().map(|n| n as &dyn ToString));
        let uln = |d: &Details| text(d.uln.as_ref().map(|n| n as &dyn ToString));
        if differ(upn(&first.details), upn(file)) || differ(uln(&first.details), uln(file)) {
            return Match::Unsure("A child on record has this name and date of birth but another UPN or ULN.".into());
        }
        Match::Child(Box::new(first.clone()))
    }
}

fn read(row: &Row) -> Result<OnRecord, Error> {
    Ok(OnRecord { case: CaseId(row.get("case_id")?), person: PersonId(row.get("person_id")?), details: details(row)? })
}
