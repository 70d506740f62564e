//! How a name is found by half of it, by another spelling, or in another order.
//!
//! Every part of every name of a child gives two kinds of key: `n:` the plain letters, which a
//! search matches from the start, and `s:` how it sounds (Double Metaphone), which "Ela March" and
//! "Ella Marsh" share. A first and a family name together have keys of their own, `p:` and `q:`, by
//! which a name in a text is known in one look. Keys are rows, so search is the same indexed query on both databases.

use casework::people::Details;
pub use casework::people::names::parts;
use rphonetic::{DoubleMetaphone, Encoder};
use std::collections::BTreeSet;

/// All keys under which a child is found.
pub fn name_keys(details: &Details) -> BTreeSet<String> {
    let names = [Some(&details.given_name), Some(&details.family_name), details.known_as.as_ref()];
    let mut keys = keys_of(names.into_iter().flatten().map(String::as_str));
    let given = [Some(&details.given_name), details.known_as.as_ref()];
    for given in given.into_iter().flatten().flat_map(|name| parts(name)) {
        for family in parts(&details.family_name) {
            keys.insert(pair_key(&given, &family));
            keys.extend(pair_sounds(&given, &family));
        }
    }
    keys
}

/// All keys of some names.
pub fn keys_of<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for part in names.into_iter().flat_map(parts) {
        keys.extend(sounds(&part).into_iter().map(|sound| format!("s:{sound}")));
        keys.insert(format!("n:{part}"));
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
