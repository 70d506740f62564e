//! Does this look like a postcode, and how is it written?

/// The postcode in capitals with one space before its last three characters, or nothing if the
/// text does not have the shape of a postcode. Whether the postcode exists is not asked.
///
/// ```
/// assert_eq!(returns::postcode::tidied("dy52td").as_deref(), Some("DY5 2TD"));
/// assert_eq!(returns::postcode::tidied("unknown"), None);
/// ```
pub fn tidied(text: &str) -> Option<String> {
    let mut kept = [0u8; 7];
    let mut length = 0;
    for character in text.chars().filter(|c| !c.is_whitespace()) {
        if length == kept.len() || !character.is_ascii_alphanumeric() {
            return None;
        }
        kept[length] = character.to_ascii_uppercase() as u8;
        length += 1;
    }
    if length < 5 {
        return None;
    }
    let (outward, inward) = kept[..length].split_at(length - 3);
    let inward_fits = inward[0].is_ascii_digit() && inward[1..].iter().all(u8::is_ascii_uppercase);
    // One or two letters, then a digit, then perhaps one more of either.
    let letters = outward.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let outward_fits = matches!(letters, 1 | 2)
        && outward.len() > letters
        && outward[letters].is_ascii_digit()
        && outward.len() <= letters + 2;
    (inward_fits && outward_fits).then(|| {
        let mut written = String::with_capacity(8);
        written.extend(outward.iter().map(|byte| char::from(*byte)));
        written.push(' ');
        written.extend(inward.iter().map(|byte| char::from(*byte)));
        written
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_of_every_shape_are_written_one_way() {
        for (typed, written) in [
            ("DY5 2TD", "DY5 2TD"),
            (" dy5  2td ", "DY5 2TD"),
            ("m11ae", "M1 1AE"),
            ("B338TH", "B33 8TH"),
            ("CR2 6XH", "CR2 6XH"),
            ("DN55 1PT", "DN55 1PT"),
            ("W1A 0AX", "W1A 0AX"),
            ("EC1A 1BB", "EC1A 1BB"),
        ] {
            assert_eq!(tidied(typed).as_deref(), Some(written), "{typed}");
        }
        for typed in ["", "DY5", "DY5 2T", "5DY 2TD", "DY5 TD2", "ABC1 2DE", "D\u{e9}5 2TD", "DY5 2TDX9"] {
            assert_eq!(tidied(typed), None, "{typed}");
        }
    }
}
