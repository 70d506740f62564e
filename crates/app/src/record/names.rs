//! How a name is found by half of it, by another spelling, or in another order.
//!
//! Every part of every name of a child gives two kinds of key: `n:` the plain letters, which a
//! search matches from the start, and `s:` how it sounds (Double Metaphone), which "Ela March" and
//! "Ella Marsh" share. A first and a family name together have keys of their own, `p:` and `q:`, by
//! which a name in a text is known in one look. Keys are rows, so search is the same indexed query on both databases.

use crate::{App, Error};
use casework::AuthorityId;
use casework::people::Details;
pub use casework::people::names::parts;
use rphonetic::{DoubleMetaphone, Encoder};
use std::collections::BTreeSet;
use uuid::Uuid;

/// All keys under which a child is found.
pub fn name_keys(details: &Details) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let names = [Some(&details.given_name), Some(&details.family_name), details.known_as.as_ref()];
    for part in names.into_iter().flatten().flat_map(|name| parts(name)) {
        keys.extend(sounds(&part).into_iter().map(|sound| format!("s:{sound}")));
        keys.insert(format!("n:{part}"));
    }
    let given = [Some(&details.given_name), details.known_as.as_ref()];
    for given in given.into_iter().flatten().flat_map(|name| parts(name)) {
        for family in parts(&details.family_name) {
            keys.insert(pair_key(&given, &family));
            keys.extend(pair_sounds(&given, &family));
        }
    }
    keys
}

/// The key of a first and a family name together.
pub fn pair_key(given: &str, family: &str) -> String {
    format!("p:{given} {family}")
}

/// The keys of how the two sound together.
pub fn pair_sounds(given: &str, family: &str) -> Vec<String> {
    let families = sounds(family);
    sounds(given).iter().flat_map(|one| families.iter().map(move |other| format!("q:{one} {other}"))).collect()
}

/// How a part sounds: its primary and alternate codes. None for names without Latin letters.
pub fn sounds(part: &str) -> Vec<String> {
    if !part.chars().all(|c| c.is_ascii_alphabetic()) || part.len() < 2 {
        return vec![];
    }
    let encoder = DoubleMetaphone::default();
    let primary = encoder.encode(part);
    let alternate = encoder.encode_alternate(part);
    let mut sounds = vec![primary];
    if !sounds.contains(&alternate) {
        sounds.push(alternate);
    }
    sounds.retain(|sound| !sound.is_empty());
    sounds
}

/// Gives names that were recorded before there were such keys their keys.
pub const COMPLETE_KEYS: &str = "names.keys";

/// Children whose keys are made in one transaction.
const BATCH: i64 = 500;
const NEXT_PEOPLE: &str = "SELECT person_id, case_id, given_name, family_name, known_as, born_on, sex, ethnicity, postcode, \
    address, home_language, upn, uln, nhs_number FROM people WHERE authority_id = $1 AND person_id > $2 \
    ORDER BY person_id LIMIT $3";
const ADD_KEY: &str =
    "INSERT INTO people_keys (authority_id, name_key, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

/// Makes the keys of every child of an area. Safe to repeat.
///
/// # Errors
/// When the database fails.
pub(crate) fn complete_keys(app: &App, authority: AuthorityId) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let last = app.db.write("names.keys", |tx| -> Result<Option<Uuid>, Error> {
            let mut last = None;
            for row in tx.query(NEXT_PEOPLE, &[authority.0.into(), after.into(), BATCH.into()])? {
                let case: Uuid = row.get("case_id")?;
                for key in name_keys(&super::store::details(&row)?) {
                    tx.execute(ADD_KEY, &[authority.0.into(), key.into(), case.into()])?;
                }
                last = Some(row.get("person_id")?);
            }
            Ok(last)
        })?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}
