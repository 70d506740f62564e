//! Pictures of the pages of a PDF. What others made is drawn by a process of its own, which has so much
//! memory and so long and no more: no browser ever opens it, and what breaks it breaks nothing else.

use crate::recipients::text;
use casework::UserId;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub const PDF: &str = "application/pdf";

/// How wide a picture is, in pixels: a page of A4 can be read on any screen.
pub const WIDTH: u16 = 1000;
/// The highest picture: a page that is longer is shown smaller.
const HEIGHT_MAX: f32 = 3000.0;
/// Longest that drawing one page may take.
const TIME_MAX: Duration = Duration::from_secs(15);
/// Most pages that are drawn at once, and how long one waits for its turn.
static TURNS: LazyLock<Turns> = LazyLock::new(|| Turns::of(2));
const TURN_WAIT: Duration = Duration::from_secs(10);
/// Most bytes of a file that is drawn, and of what is drawn.
const FILE_BYTES_MAX: usize = 100_000_000;
const ANSWER_BYTES_MAX: u64 = 20_000_000;
/// Most words of one page.
const WORDS_CHARS_MAX: usize = 50_000;
/// What the process may use: KiB of memory, seconds of the processor. The shell sets both.
const LIMITED: &str = "ulimit -v 1500000; ulimit -t 20; exec \"$0\" page \"$1\"";

/// How far apart red, green and blue of a pixel are that counts as coloured.
const COLOUR_MIN: u8 = 24;
/// A page is grey when fewer than one pixel in so many is coloured.
const GREY_SHARE: usize = 2000;

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    pub width: u16,
    pub height: u16,
    /// How many pages the file has.
    pub pages: usize,
    /// Its words, as far as they are letters.
    pub words: String,
    /// The picture, a PNG.
    #[serde(skip)]
    pub png: Vec<u8>,
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

/// Draws one page, counted from 1, in this process.
///
/// # Errors
/// Why it cannot be drawn, in words.
fn draw(bytes: Vec<u8>, number: usize) -> Result<Drawn, &'static str> {
    let words = text::words_of_page(&bytes, number).chars().take(WORDS_CHARS_MAX).collect();
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
    Ok(Drawn { width, height, pages, words, png })
}

/// What the process says: a line of JSON, then the picture.
type Said = Result<Drawn, String>;

/// Draws the page of a file that comes by `input` and writes it to `output`: the process's whole work.
///
/// # Errors
/// When it cannot be read or written.
pub fn answer(number: usize, input: &mut impl Read, output: &mut impl Write) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    input.take(FILE_BYTES_MAX as u64).read_to_end(&mut bytes)?;
    let said: Said = draw(bytes, number).map_err(str::to_owned);
    serde_json::to_writer(&mut *output, &said)?;
    output.write_all(b"\n")?;
    if let Ok(drawn) = said {
        output.write_all(&drawn.png)?;
    }
    output.flush()
}

/// Reads what the process said.
fn heard(output: impl Read) -> Option<Said> {
    let mut output = BufReader::new(output.take(ANSWER_BYTES_MAX));
    let mut line = Vec::new();
    output.read_until(b'\n', &mut line).ok()?;
    let mut said: Said = serde_json::from_slice(&line).ok()?;
    if let Ok(drawn) = &mut said {
        output.read_to_end(&mut drawn.png).ok()?;
    }
    Some(said)
}

/// Lets the process draw, and ends it when it takes too long.
fn drawn_by(drawer: &Path, bytes: Vec<u8>, number: usize) -> Said {
    const BROKEN: &str = "drawing it took too much";
    let mut process = Command::new("/bin/sh");
    process.arg("-c").arg(LIMITED).arg(drawer).arg(number.to_string());
    let process = process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child: Child = process.spawn().map_err(|_| "there is no room to draw it now")?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(BROKEN.to_owned());
    };
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        // It may end before it has read all.
        let _ = input.write_all(&bytes);
    });
    std::thread::spawn(move || {
        // Nobody waits any more when it took too long.
        let _ = sender.send(heard(output));
    });
    let said = receiver.recv_timeout(TIME_MAX).ok().flatten();
    // Ended or not, it is gone after this.
    let _ = child.kill();
    let _ = child.wait();
    said.unwrap_or_else(|| Err(BROKEN.to_owned()))
}

/// Who may draw now: so many at once, and nobody two pages.
struct Turns {
    all: Arc<Semaphore>,
    own: Mutex<HashMap<UserId, Arc<Semaphore>>>,
}

/// The turn of one drawing. Whoever asked may be gone: it lasts as long as the drawing does.
#[derive(Debug)]
pub struct Turn {
    _of_all: OwnedSemaphorePermit,
    _own: OwnedSemaphorePermit,
}

impl Turns {
    fn of(many: usize) -> Turns {
        Turns { all: Arc::new(Semaphore::new(many)), own: Mutex::default() }
    }

    async fn take(&self, user: UserId) -> Option<Turn> {
        let own = {
            let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody of these draws or waits any more.
            own.retain(|_, turns| Arc::strong_count(turns) > 1);
            own.entry(user).or_insert_with(|| Arc::new(Semaphore::new(1))).clone()
        };
        let turn = async {
            let own = own.acquire_owned().await.ok()?;
            Some(Turn { _own: own, _of_all: self.all.clone().acquire_owned().await.ok()? })
        };
        tokio::time::timeout(TURN_WAIT, turn).await.ok().flatten()
    }
}

/// A turn to draw one page for this person; nothing when many papers are being read just now.
pub async fn turn(user: UserId) -> Option<Turn> {
    TURNS.take(user).await
}

/// One page, counted from 1, drawn by a process of `drawer`.
///
/// # Errors
/// Why it cannot be shown, in words.
pub async fn of_page(drawer: Option<&Path>, turn: Turn, bytes: Vec<u8>, number: usize) -> Said {
    let Some(drawer) = drawer.map(Path::to_owned) else {
        return Err("pages are not drawn in this installation".to_owned());
    };
    if bytes.len() > FILE_BYTES_MAX {
        return Err("it is too large".to_owned());
    }
    let drawn = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        drawn_by(&drawer, bytes, number)
    });
    drawn.await.unwrap_or_else(|_| Err("drawing it took too much".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

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
        let drawn = |bytes: Vec<u8>| draw(bytes, 1).map(|picture| (picture.width, picture.height, picture.pages));
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
        assert!(draw(page("595 842", "f"), 2).is_err() && draw(page("595 842", "f"), 0).is_err());
        let many = page("595 842", &"0 0 m 500 500 l S ".repeat(2_000));
        assert!(drawn(many).is_ok(), "two thousand lines");
    }

    #[test]
    fn what_is_said_is_heard() {
        for (bytes, number) in [(page("100 100", "0 0 50 100 re f"), 1), (page("100 100", "f"), 7), (vec![], 1)] {
            let mut said = Vec::new();
            answer(number, &mut bytes.as_slice(), &mut said).expect("it is written");
            assert_eq!(heard(said.as_slice()), Some(draw(bytes, number).map_err(str::to_owned)));
        }
        assert_eq!(heard(b"".as_slice()), None, "it died");
        assert_eq!(heard(b"{\"Ok\":".as_slice()), None, "it died meanwhile");
    }

    #[test]
    fn what_is_drawn_is_black_on_white() {
        for (content, left) in [("0 0 50 100 re f", [0, 0, 0]), ("1 0 0 rg 0 0 50 100 re f", [255, 0, 0])] {
            let picture = draw(page("100 100", content), 1).expect("it is drawn");
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

    /// A drawer that begins, and ends when this pipe is closed.
    #[tokio::test]
    async fn whoever_goes_away_leaves_no_room_for_more() {
        let dir = std::env::temp_dir().join(format!("tellonce-drawer-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a folder");
        let (pipe, drawer) = (dir.join("pipe"), dir.join("drawer"));
        let _ = std::fs::remove_file(&pipe);
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there").success());
        std::fs::write(&drawer, format!("#!/bin/sh\ncat < {}\n", pipe.display())).expect("it is written");
        std::fs::set_permissions(&drawer, std::fs::Permissions::from_mode(0o700)).expect("it can be run");
        let (turns, user) = (Turns::of(1), UserId(uuid::Uuid::from_u128(1)));
        let turn = turns.take(user).await.expect("nobody draws");
        let mut drawing = Box::pin(of_page(Some(&drawer), turn, vec![], 1));
        let held = tokio::task::spawn_blocking(move || std::fs::File::create(pipe).expect("the drawer listens"));
        let held = tokio::select! {
            said = &mut drawing => panic!("{said:?}"),
            held = held => held.expect("it is open"),
        };
        drop(drawing);
        assert_eq!(turns.all.available_permits(), 0, "it is being drawn still");
        drop(held);
        assert!(turns.take(user).await.is_some(), "and then it is somebody's turn");
    }
}
