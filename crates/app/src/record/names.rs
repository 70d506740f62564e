//! How a name is found by half of it, by another spelling, or in another order.
//!
//! Every part of every name of a child gives two kinds of key: `n:` the plain letters, which a
//! search matches from the start, and `s:` how it sounds (Double Metaphone), which "Ela March" and
//! "Ella Marsh" share. Keys are rows, so search is the same indexed query on both databases.

use casework::people::Details;
use rphonetic::{DoubleMetaphone, Encoder};
use std::collections::BTreeSet;

/// Longest part of a name that is looked at, in characters.
const PART_CHARS_MAX: usize = 40;

/// All keys under which a child is found.
pub fn name_keys(details: &Details) -> BTreeSet<String> {
    let names = [Some(&details.given_name), Some(&details.family_name), details.known_as.as_ref()];
    keys_of(names.into_iter().flatten().map(String::as_str))
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

/// The parts of a name or of a search: lower case, letters and digits, accents folded.
pub fn parts(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .map(|part| {
            part.chars().filter(|c| c.is_alphanumeric()).flat_map(fold).take(PART_CHARS_MAX).collect::<String>()
        })
        .filter(|part| !part.is_empty())
        .take(8)
        .collect()
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

fn fold(c: char) -> impl Iterator<Item = char> {
    let plain = match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'Á' | 'À' | 'Â' | 'Ä' | 'Ã' | 'Å' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ę' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'Í' | 'Ì' | 'Î' | 'Ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'Ó' | 'Ò' | 'Ô' | 'Ö' | 'Õ' | 'Ø' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'Ú' | 'Ù' | 'Û' | 'Ü' => 'u',
        'ç' | 'č' | 'ć' | 'Ç' | 'Č' => 'c',
        'ñ' | 'ń' | 'Ñ' => 'n',
        'š' | 'ś' | 'Š' | 'Ś' => 's',
        'ž' | 'ź' | 'ż' | 'Ž' | 'Ż' => 'z',
        'ł' | 'Ł' => 'l',
        'ý' | 'ÿ' | 'Ý' => 'y',
        other => other,
    };
    plain.to_lowercase()
}
