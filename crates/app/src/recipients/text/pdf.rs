//! The words of a PDF, from the letters as they stand on its pages.

use super::{CHARS_MAX, Read};
use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::page::Page as PdfPage;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Point, Rect};
use std::sync::Arc;

/// Most pages that are read.
const PAGES_MAX: usize = 500;
/// Fewest letters by which a page counts as one with words.
const LETTERS_MIN: usize = 3;
/// Of the size of a letter: a wider gap is between words, a greater step down is a new line.
const WORD_GAP: f64 = 0.18;
const LINE_STEP: f64 = 0.45;
/// How wide a letter is when its font does not say.
const USUAL_WIDTH: f64 = 500.0;

pub(super) fn read(bytes: &[u8]) -> Read {
    let data: Arc<Vec<u8>> = Arc::new(bytes.to_vec());
    let pdf = match Pdf::new(data) {
        Ok(pdf) => pdf,
        Err(hayro_interpret::hayro_syntax::LoadPdfError::Decryption(_)) => return Read::nothing("it has a password"),
        Err(_) => return Read::nothing("it is damaged"),
    };
    let cache = InterpreterCache::new();
    let (mut parts, mut without, mut chars) = (Vec::new(), Vec::new(), 0);
    let count = pdf.pages().len();
    for (number, page) in (1_usize..).zip(pdf.pages().iter()).take(PAGES_MAX) {
        let text = words(&pdf, page, &cache, CHARS_MAX.saturating_sub(chars));
        chars += text.chars().count();
        if text.chars().filter(|c| c.is_alphanumeric()).count() < LETTERS_MIN {
            without.push(number);
        } else {
            parts.push((format!("page {number}"), text));
        }
    }
    let unread = if count == 0 {
        Some("it has no pages".to_owned())
    } else if count > PAGES_MAX || chars >= CHARS_MAX {
        Some("it is so long that only its beginning was read".to_owned())
    } else if parts.is_empty() {
        Some("it holds pictures of pages, such as a scan".to_owned())
    } else if without.is_empty() {
        None
    } else {
        let shown: Vec<String> = without.iter().take(10).map(ToString::to_string).collect();
        Some(format!("no words on page {}", shown.join(", ")))
    };
    Read { parts, unread }
}

/// The words of one page.
fn words<'a>(pdf: &'a Pdf, page: &'a PdfPage<'a>, cache: &InterpreterCache<'a>, most: usize) -> String {
    let mut words = Words { text: String::new(), end: None, most };
    let area = Rect::new(0.0, 0.0, 1.0, 1.0);
    let mut context = Context::new(Affine::IDENTITY, area, cache, pdf.xref(), InterpreterSettings::default());
    interpret_page(page, &mut context, &mut words);
    words.text
}

/// The words of the page of this number, counted from 1; nothing where there is none.
pub(super) fn page(bytes: &[u8], number: usize) -> String {
    let Ok(pdf) = Pdf::new(Arc::new(bytes.to_vec())) else { return String::new() };
    let found = number.checked_sub(1).and_then(|index| pdf.pages().get(index));
    found.map(|page| words(&pdf, page, &InterpreterCache::new(), CHARS_MAX)).unwrap_or_default()
}

struct Words {
    text: String,
    /// Where the last letter ended, and its size.
    end: Option<(Point, f64)>,
    /// Characters that may still be taken.
    most: usize,
}

impl Device<'_> for Words {
    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'_>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'_>,
        _: &GlyphDrawMode,
    ) {
        let Some(letters) = glyph.as_unicode() else { return };
        if self.text.len() >= self.most {
            return;
        }
        let placed = transform * glyph_transform;
        let at = placed * Point::ZERO;
        let width = match glyph {
            Glyph::Outline(outline) => outline.advance_width().map_or(USUAL_WIDTH, f64::from),
            Glyph::Type3(_) => USUAL_WIDTH,
        };
        let next = placed * Point::new(width, 0.0);
        let size = ((placed * Point::new(0.0, 1000.0)) - at).hypot().max(0.01);
        if let Some((end, _)) = self.end {
            let (across, down) = (at.x - end.x, (at.y - end.y).abs());
            if down > LINE_STEP * size {
                self.text.push('\n');
            } else if across > WORD_GAP * size || across < -size {
                self.text.push(' ');
            }
        }
        match letters {
            BfString::Char(letter) => self.text.push(letter),
            BfString::String(letters) => self.text.push_str(&letters),
        }
        self.end = Some((next, size));
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

#[cfg(test)]
mod tests {
    use crate::recipients::text;
    use documents::model::{Block, Document};
    use documents::typeset::Printing;
    use jiff::civil::date;

    fn letter(words: &str) -> Vec<u8> {
        let document = Document {
            title: "A report".to_owned(),
            language: "en-GB".to_owned(),
            subject: "A report".to_owned(),
            author: "Alderbourne".to_owned(),
            letterhead: None,
            draft_watermark_text: None,
            blocks: vec![Block::text(words)],
        };
        documents::typeset::pdf(&document, &Printing::at(date(2026, 11, 23).at(10, 0, 0, 0)))
            .expect("a letter is typeset")
    }

    /// The smallest PDF with one page and these drawing instructions, in a font that is not inside.
    fn small(content: &str) -> Vec<u8> {
        format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>endobj\n\
             4 0 obj<</Length {}>>stream\n{content}\nendstream endobj\n\
             5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n\
             trailer<</Root 1 0 R>>\n%%EOF",
            content.len()
        )
        .into_bytes()
    }

    #[test]
    fn the_words_of_our_own_letters_are_read() {
        let read = text::of(letter("Ella Marsh, born on 18 April 2016, was seen at school."), "application/pdf");
        assert_eq!(read.unread, None);
        let all = read.parts[0].1.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(all.contains("Ella Marsh, born on 18 April 2016, was seen at school."), "{all}");
        assert_eq!(read.parts[0].0, "page 1");
    }

    #[test]
    fn a_font_that_is_not_inside_and_letters_set_apart_are_read() {
        let content = "BT /F1 12 Tf 72 720 Td [(El) 20 (la) -300 (Mar) (sh)] TJ 0 -16 Td (NHS 943 476 5919) Tj ET";
        let read = text::of(small(content), "application/pdf");
        assert_eq!(read.unread, None, "{read:?}");
        assert_eq!(read.parts[0].1, "Ella Marsh\nNHS 943 476 5919");
    }

    #[test]
    fn a_scan_is_for_people_to_look_at() {
        let read = text::of(small("0 0 100 100 re f"), "application/pdf");
        assert_eq!(read.unread.as_deref(), Some("it holds pictures of pages, such as a scan"));
    }

    #[test]
    fn hostile_files_are_said_to_be_unread_or_read_as_far_as_they_go() {
        let good = small("BT /F1 12 Tf 72 720 Td (Ella Marsh) Tj ET");
        let mut corpus: Vec<Vec<u8>> = vec![
            vec![],
            b"%PDF-1.7".to_vec(),
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj trailer<</Root 1 0 R>>".to_vec(),
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>endobj trailer<</Root 1 0 R>>".to_vec(),
            [b"%PDF-1.4\n1 0 obj".as_slice(), "[".repeat(200_000).as_bytes()].concat(),
            small(&"q ".repeat(100_000)),
            small(&format!("BT /F1 12 Tf {} ET", "(A) Tj ".repeat(20_000))),
        ];
        // Cut off at every tenth byte, and one byte after the other turned round.
        corpus.extend((0..good.len()).step_by(10).map(|length| good[..length].to_vec()));
        corpus.extend((0..good.len()).step_by(7).map(|at| {
            let mut bytes = good.clone();
            bytes[at] ^= 0x2a;
            bytes
        }));
        for bytes in corpus {
            let read = text::of(bytes.clone(), "application/pdf");
            assert!(
                read.unread.is_some() || !read.parts.is_empty(),
                "{}",
                String::from_utf8_lossy(&bytes[..bytes.len().min(80)])
            );
        }
    }
}
