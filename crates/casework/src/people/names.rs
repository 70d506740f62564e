//! When are two spellings the same name? Names are compared by their parts: small letters, accents
//! folded, apostrophes dropped.

/// Longest part of a name that is looked at, in characters.
const PART_CHARS_MAX: usize = 40;

/// The parts of a name or of a search: lower case, letters and digits, accents folded.
pub fn parts(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c))
        .map(|part| {
            part.chars().filter(|c| c.is_alphanumeric()).flat_map(fold).take(PART_CHARS_MAX).collect::<String>()
        })
        .filter(|part| !part.is_empty())
        .take(8)
        .collect()
}

/// Whether this stands inside a name: O'Brien, O’Brien.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
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
