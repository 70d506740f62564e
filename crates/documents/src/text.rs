//! Which characters may stand in a document, and where may a line break?
//!
//! People paste from anywhere. What cannot be printed or would mislead is taken out here, once, before any renderer
//! sees it: control characters, byte-order marks, and the invisible marks that reverse the order of what follows.
//! What can be printed is never changed.

/// The text as a renderer may use it: `\n` for every line end, no other control characters, no invisible reordering.
///
/// Removed: C0 and C1 controls (NUL among them), U+FEFF, noncharacters, and the bidirectional embeddings, overrides
/// and isolates. Kept: U+200C to U+200F, which Persian, Urdu and emoji families need. A tab becomes one space.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    out.push('\n');
                }
            }
            '\n' => out.push('\n'),
            '\u{2028}' | '\u{85}' | '\u{0B}' | '\u{0C}' => out.push('\n'),
            '\u{2029}' => out.push_str("\n\n"),
            '\t' => out.push(' '),
            _ if is_unprintable(character) => {}
            _ => out.push(character),
        }
    }
    out
}

/// The same for text that must stay on one line, such as a title or a file's property.
pub fn clean_line(text: &str) -> String {
    let cleaned = clean(text);
    cleaned.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True when nothing would be printed.
pub fn is_blank(text: &str) -> bool {
    clean(text).trim().is_empty()
}

fn is_unprintable(character: char) -> bool {
    let code = u32::from(character);
    character.is_control()
        || matches!(code, 0x202A..=0x202E | 0x2066..=0x2069 | 0x206A..=0x206F)
        || matches!(code, 0xFEFF | 0xFFF9..=0xFFFB | 0xFDD0..=0xFDEF)
        || code & 0xFFFE == 0xFFFE
        || matches!(code, 0xE0000..=0xE0FFF)
}

/// The paragraphs of cleaned text, each as its lines. An empty line separates paragraphs; blank paragraphs are left out.
pub fn paragraphs(cleaned: &str) -> Vec<Vec<&str>> {
    let mut paragraphs = Vec::new();
    let mut lines = Vec::new();
    for line in cleaned.split('\n') {
        if line.trim().is_empty() {
            if !lines.is_empty() {
                paragraphs.push(std::mem::take(&mut lines));
            }
        } else {
            lines.push(line);
        }
    }
    if !lines.is_empty() {
        paragraphs.push(lines);
    }
    paragraphs
}

/// Whether the first letter with a direction runs from right to left, as in Arabic, Urdu and Hebrew.
pub fn runs_right_to_left(text: &str) -> bool {
    text.chars().find(|character| character.is_alphabetic()).is_some_and(|character| {
        matches!(u32::from(character),
                0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
    })
}

/// Pieces of a line between which it may break although there is no space. A word no wider than `word_width_max`
/// stays whole; a wider one is offered a break about every third of that, so that a web address or a wall of letters
/// stays on the page. Joined together the pieces are the line. `width_of` and `word_width_max` share one unit.
pub fn breakable_pieces<'a>(line: &'a str, word_width_max: u32, width_of: &dyn Fn(char) -> u32) -> Vec<&'a str> {
    let step = (word_width_max / 3).max(1);
    let mut pieces = Vec::new();
    let mut piece_start = 0;
    let mut word_start = 0;
    for word in line.split_inclusive(char::is_whitespace) {
        if word.chars().map(width_of).sum::<u32>() > word_width_max {
            let mut since_break = 0;
            for (offset, character) in word.char_indices() {
                let width = width_of(character);
                if since_break > 0 && since_break + width > step && may_break_before(character) {
                    pieces.push(&line[piece_start..word_start + offset]);
                    piece_start = word_start + offset;
                    since_break = 0;
                }
                since_break += width;
            }
        }
        word_start += word.len();
    }
    pieces.push(&line[piece_start..]);
    pieces
}

/// A mark must not be cut from its letter, nor a joined emoji apart.
fn may_break_before(character: char) -> bool {
    let code = u32::from(character);
    let is_mark = matches!(code,
        0x0300..=0x036F | 0x0591..=0x05C7 | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06ED
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF);
    // The scripts of South Asia share one layout of 128 places, with their vowel signs in the same ones.
    let is_vowel_sign =
        matches!(code, 0x0900..=0x0DFF) && matches!(code & 0x7F, 0x01..=0x03 | 0x3C..=0x4D | 0x62..=0x63);
    let is_joiner = matches!(code, 0x200B..=0x200F | 0x2060 | 0xFE00..=0xFE0F | 0x1F1E6..=0x1F1FF | 0x1F3FB..=0x1F3FF);
    !(is_mark || is_vowel_sign || is_joiner || character.is_whitespace())
}

/// The language and region of a tag such as `en-GB`. `None` when it has another form.
pub fn language_parts(tag: &str) -> Option<(&str, Option<&str>)> {
    let (language, region) = match tag.split_once('-') {
        Some((language, region)) => (language, Some(region)),
        None => (tag, None),
    };
    let is_language = (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_region =
        region.is_none_or(|region| region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_uppercase()));
    (is_language && is_region).then_some((language, region))
}

/// The address as a link may carry it, or `None` when it must be printed as text only.
pub fn safe_address(address: &str) -> Option<&str> {
    let lower = address.get(..8.min(address.len()))?.to_ascii_lowercase();
    let has_known_scheme = ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| lower.starts_with(scheme));
    let has_safe_characters = address
        .chars()
        .all(|character| character.is_ascii_graphic() && !matches!(character, '"' | '<' | '>' | '\\' | '`'));
    (has_known_scheme && has_safe_characters).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_line_ends_become_one_kind() {
        assert_eq!(clean("a\0b\u{1b}[31m\r\nc\rd\te\u{202e}f\u{feff}"), "ab[31m\nc\nd ef");
    }

    #[test]
    fn emoji_families_and_urdu_keep_their_joiners() {
        let family = "\u{1F469}\u{200D}\u{1F467}";
        assert_eq!(clean(family), family);
    }

    #[test]
    fn pieces_of_a_long_word_join_to_the_same_line() {
        let line = format!("see {} now", "x".repeat(100));
        let pieces = breakable_pieces(&line, 30, &|_| 1);
        assert!(pieces.len() > 8);
        assert_eq!(pieces.concat(), line);
        assert_eq!(breakable_pieces("an ordinary sentence", 30, &|_| 1), ["an ordinary sentence"]);
    }

    #[test]
    fn only_ordinary_addresses_become_links() {
        assert!(safe_address("https://example.org/a?b=c").is_some());
        assert!(safe_address("mailto:team@example.org").is_some());
        assert!(safe_address("javascript:alert(1)").is_none());
        assert!(safe_address("file:///etc/passwd").is_none());
        assert!(safe_address("https://example.org/\" onclick=\"").is_none());
    }

    #[test]
    fn an_empty_line_starts_a_paragraph() {
        assert_eq!(paragraphs("a\nb\n\n\nc\n"), [vec!["a", "b"], vec!["c"]]);
    }
}
