//! Which fonts are in the binary, and which characters can they draw?
//!
//! Noto Sans for the text (Latin, Greek, Cyrillic) and for the scripts that families here write most (Arabic and Urdu,
//! Bengali, Devanagari, Gujarati, Gurmukhi, Tamil), DejaVu Sans for what those lack (Hebrew, Armenian, Georgian,
//! symbols), Noto Emoji for pictures in a child's own words. All have open licences that allow embedding in a document;
//! `fonts/README.md` says where each came from. Chinese, Japanese and Korean are not covered: their characters are
//! printed as `□`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontInstance, FontVariations};
use typst::utils::LazyHash;

use crate::model::Document;
use crate::text;

/// Printed in place of a character that cannot be drawn. Noto Sans lacks it, DejaVu Sans has it.
pub const SUBSTITUTE: char = '□';

/// Which fonts a character may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    AllFonts,
    BodyFont,
}

pub struct Fonts {
    pub book: LazyHash<FontBook>,
    pub fonts: Vec<Font>,
    /// The bold fonts, or the only one of their kind, in the order of fallback: the widest a character can be.
    widest: Vec<FontInstance>,
}

/// The first four are the body family; `Coverage::BodyFont` relies on it.
const BODY_FONTS: usize = 4;

/// Bold where there is a bold: what a character may be as wide as.
const WIDEST: [usize; 9] = [1, 4, 5, 6, 7, 8, 9, 11, 12];

pub static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let files: [&'static [u8]; 13] = [
        notosans::REGULAR_TTF,
        notosans::BOLD_TTF,
        notosans::ITALIC_TTF,
        notosans::BOLD_ITALIC_TTF,
        include_bytes!("../../fonts/NotoSansArabic-Regular.ttf"),
        include_bytes!("../../fonts/NotoSansBengali-Regular.ttf"),
        include_bytes!("../../fonts/NotoSansDevanagari-Regular.ttf"),
        include_bytes!("../../fonts/NotoSansGujarati-Regular.ttf"),
        include_bytes!("../../fonts/NotoSansGurmukhi-Regular.ttf"),
        include_bytes!("../../fonts/NotoSansTamil-Regular.ttf"),
        dejavu::sans::regular(),
        dejavu::sans::bold(),
        epaint_default_fonts::NOTO_EMOJI_REGULAR,
    ];
    let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
    let widest = WIDEST.iter().filter_map(|index| fonts.get(*index));
    let widest = widest.map(|font| {
        let size = Abs::pt(12.0);
        font.clone().instantiate(font.info().variant, size, &FontVariations::default())
    });
    Fonts { widest: widest.collect(), book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
});

/// How wide a character is printed in bold, in thousandths of the text size. Only used to decide which words are too
/// long to stay whole, so it ignores how letters join.
pub fn width_em_thousandths(character: char) -> u32 {
    let advance = FONTS.widest.iter().find_map(|font| {
        let face = font.ttf();
        let advance = face.glyph_hor_advance(face.glyph_index(character)?)?;
        Some(u32::from(advance) * 1000 / u32::from(face.units_per_em()).max(1))
    });
    advance.unwrap_or(1000)
}

/// The emoji are drawn in one ink, so a skin tone after one has nothing to colour.
fn is_skin_tone(character: char) -> bool {
    matches!(u32::from(character), 0x1F3FB..=0x1F3FF)
}

fn is_drawn(character: char, coverage: Coverage) -> bool {
    // Line ends are layout, and joiners and selectors have no glyph of their own.
    if matches!(character, '\n' | '\u{200C}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' | '\u{2060}' | '\u{AD}') {
        return coverage == Coverage::AllFonts || character == '\n';
    }
    let fonts = match coverage {
        Coverage::AllFonts => FONTS.fonts.as_slice(),
        Coverage::BodyFont => &FONTS.fonts[..BODY_FONTS.min(FONTS.fonts.len())],
    };
    // Private-use characters have no agreed meaning, so a file that is to be archived may not hold them.
    let is_private = matches!(u32::from(character), 0xE000..=0xF8FF | 0xF0000..);
    !is_private && fonts.iter().any(|font| font.info().coverage.contains(u32::from(character)))
}

/// Whether something in the text will be printed as [`SUBSTITUTE`].
pub fn is_substituted(text: &str, coverage: Coverage) -> bool {
    text::clean(text).chars().any(|character| !is_skin_tone(character) && !is_drawn(character, coverage))
}

/// Cleaned text in which every character has a glyph.
pub fn drawable(text: &str, coverage: Coverage) -> String {
    text::clean(text)
        .chars()
        .filter(|character| !is_skin_tone(*character))
        .map(|character| if is_drawn(character, coverage) { character } else { SUBSTITUTE })
        .collect()
}

/// The characters of a document that the PDF would print as `□`, each once. Empty for nearly every document.
///
/// Ask before sending: if it is not empty, a person should look at the document, or send it another way as well.
/// The Word and HTML renderings carry every character.
pub fn characters_without_a_glyph(document: &Document) -> BTreeSet<char> {
    let mut missing = BTreeSet::new();
    document.each_text(&mut |text| {
        missing.extend(
            text::clean(text)
                .chars()
                .filter(|character| !is_skin_tone(*character) && !is_drawn(*character, Coverage::AllFonts)),
        );
    });
    missing
}
