//! Pictures of the pages of a PDF. What others made is drawn here, on a thread of its own and for so
//! long and no longer: no browser ever opens it.

use crate::recipients::text::within;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings};
use std::sync::Arc;
use std::time::Duration;

pub const PDF: &str = "application/pdf";

/// How wide a picture is, in pixels: a page of A4 can be read on any screen.
pub const WIDTH: u16 = 1000;
/// The highest picture: a page that is longer is shown smaller.
const HEIGHT_MAX: f32 = 3000.0;
/// Longest that drawing one page may take.
const TIME_MAX: Duration = Duration::from_secs(15);

/// How far apart red, green and blue of a pixel are that counts as coloured.
const COLOUR_MIN: u8 = 24;
/// A page is grey when fewer than one pixel in so many is coloured.
const GREY_SHARE: usize = 2000;

/// One page as a PNG.
pub struct Picture {
    pub png: Vec<u8>,
    pub width: u16,
    pub height: u16,
    /// How many pages the file has.
    pub pages: usize,
}

/// Pixels as a small PNG: most pages are black on white, and are sent so. `pixels` are red, green, blue
/// and opacity, one byte each, opaque.
fn packed(pixels: &[u8], width: u16, height: u16) -> Result<Vec<u8>, png::EncodingError> {
    let colours = pixels.chunks_exact(4).filter(|pixel| {
        let (most, least) = (pixel[..3].iter().max(), pixel[..3].iter().min());
        most.zip(least).is_some_and(|(most, least)| most - least > COLOUR_MIN)
    });
    let is_grey = colours.count() * GREY_SHARE < pixels.len() / 4;
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, u32::from(width), u32::from(height));
    encoder.set_compression(png::Compression::High);
    let data: Vec<u8> = if is_grey {
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Four);
        let level =
            |pixel: &[u8]| ((u16::from(pixel[0]) + u16::from(pixel[1]) + u16::from(pixel[2])) / 48).min(15) as u8;
        let row = |row: &[u8]| -> Vec<u8> {
            row.chunks(8).map(|two| (level(&two[..4]) << 4) | two.get(4..8).map_or(0, level)).collect()
        };
        pixels.chunks_exact(usize::from(width) * 4).flat_map(row).collect()
    } else {
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        // The last bits of a colour are seen by nobody, and make most of the weight.
        let coarse = |byte: &u8| (byte & 0xf8) | (byte >> 5);
        pixels.chunks_exact(4).flat_map(|pixel| pixel[..3].iter().map(coarse)).collect()
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(png)
}

fn draw(bytes: Vec<u8>, number: usize) -> Result<Picture, &'static str> {
    let pdf = Pdf::new(Arc::new(bytes)).map_err(|_| "it is damaged, or has a password")?;
    let pages = pdf.pages().len();
    let page = number.checked_sub(1).and_then(|index| pdf.pages().get(index)).ok_or("it has no such page")?;
    let (wide, high) = page.render_dimensions();
    if !(wide.is_finite() && high.is_finite() && wide >= 1.0 && high >= 1.0) {
        return Err("its page has no size");
    }
    let scale = (f32::from(WIDTH) / wide).min(HEIGHT_MAX / high);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by WIDTH and HEIGHT_MAX")]
    let (width, height) = (((wide * scale) as u16).max(1), ((high * scale) as u16).max(1));
    let settings =
        RenderSettings { x_scale: scale, y_scale: scale, width: Some(width), height: Some(height), bg_color: WHITE };
    let pixels = hayro::render(page, &RenderCache::new(), &InterpreterSettings::default(), &settings);
    let png = packed(pixels.data_as_u8_slice(), width, height).map_err(|_| "it cannot be drawn")?;
    Ok(Picture { png, width, height, pages })
}

/// The picture of one page, counted from 1. Takes a while: not for the inside of a transaction.
///
/// # Errors
/// Why it cannot be drawn, in words.
pub fn of_page(bytes: Vec<u8>, number: usize) -> Result<Picture, &'static str> {
    within(TIME_MAX, move || draw(bytes, number))?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PDF of one page of this size with these drawing instructions.
    fn page(size: &str, content: &str) -> Vec<u8> {
        format!(
            "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Resources<<>>/Contents 4 0 R>>endobj\n\
             4 0 obj<</Length {}>>stream\n{content}\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
            content.len()
        )
        .into_bytes()
    }

    #[test]
    fn pages_are_drawn_in_bounds_whatever_they_are() {
        let drawn = |bytes: Vec<u8>| of_page(bytes, 1).map(|picture| (picture.width, picture.height, picture.pages));
        assert_eq!(drawn(page("595 842", "0 0 100 100 re f")), Ok((1000, 1415, 1)));
        assert_eq!(drawn(page("100 30000", "0 0 100 100 re f")), Ok((10, 3000, 1)), "a long page is shown smaller");
        assert!(drawn(page("30000 10", "0 0 1 1 re f")).is_ok_and(|(width, height, _)| (width, height) == (1000, 1)));
        for hostile in [
            vec![],
            b"%PDF-1.7".to_vec(),
            page("0 0", "0 0 1 1 re f"),
            page("-5 NaN", "f"),
            page("595 842", "0 0 100 100 re f")[..120].to_vec(),
        ] {
            // Refused in words, or drawn as a page in bounds.
            if let Ok((width, height, _)) = drawn(hostile) {
                assert!(width <= WIDTH && f32::from(height) <= HEIGHT_MAX);
            }
        }
        assert!(of_page(page("595 842", "f"), 2).is_err() && of_page(page("595 842", "f"), 0).is_err());
        let many = page("595 842", &"0 0 m 500 500 l S ".repeat(2_000));
        assert!(drawn(many).is_ok(), "two thousand lines");
    }

    #[test]
    fn what_is_drawn_is_black_on_white() {
        for (content, left) in [("0 0 50 100 re f", [0, 0, 0]), ("1 0 0 rg 0 0 50 100 re f", [255, 0, 0])] {
            let picture = of_page(page("100 100", content), 1).expect("it is drawn");
            let mut reader = png::Decoder::new(std::io::Cursor::new(&picture.png));
            reader.set_transformations(png::Transformations::normalize_to_color8());
            let mut reader = reader.read_info().expect("a PNG");
            let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
            let info = reader.next_frame(&mut pixels).expect("its pixels");
            let at = |x: usize, y: usize| {
                let samples = info.color_type.samples();
                let start = (y * info.width as usize + x) * samples;
                let found = &pixels[start..start + samples];
                if samples == 1 { [found[0]; 3] } else { [found[0], found[1], found[2]] }
            };
            assert_eq!((at(100, 500), at(900, 500)), (left, [255, 255, 255]), "{content}");
            assert!(picture.png.len() < 20_000, "{} bytes", picture.png.len());
        }
    }
}
