//! The words of a file, page by page. Files come from anywhere: each is read on a thread of its own,
//! for so long and no longer, and what cannot be read is said to be.

mod pdf;
mod word;

use super::Leaving;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// Longest file that is read.
pub const BYTES_MAX: usize = 100_000_000;
/// Most characters of words that are taken from one file: some 500 pages.
const CHARS_MAX: usize = 2_000_000;
/// Longest that reading one file may take.
const TIME_MAX: Duration = Duration::from_secs(15);
/// Most files that are read at once.
const READERS_MAX: usize = 8;
/// Fonts and forms may stand inside each other.
const STACK_BYTES: usize = 32 * 1024 * 1024;

const TOO_LONG: &str = "it is so long that only its beginning was read";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// "page 1" and its words.
    pub parts: Vec<(String, String)>,
    /// What a machine could not read, in words: somebody has to look at it.
    pub unread: Option<String>,
}

impl Read {
    fn nothing(why: impl Into<String>) -> Read {
        Read { parts: vec![], unread: Some(why.into()) }
    }

    /// Adds the words of the file, with its name, to what leaves.
    pub fn leaving(self, leaving: Leaving, title: &str) -> Leaving {
        let mut leaving = leaving.part("the name of the file", spoken(title)).parts(self.parts);
        leaving.unread = self.unread;
        leaving
    }
}

/// The name of a file as words.
pub fn spoken(title: &str) -> String {
    title.replace(['_', '-', '.'], " ")
}

/// Whether files of this type have words that a machine reads.
pub fn is_read(media_type: &str) -> bool {
    matches!(media_type, "application/pdf" | WORD) || media_type.starts_with("text/")
}

/// Reads the words of a file of this type. Takes a while: not for the inside of a transaction.
pub fn of(bytes: Vec<u8>, media_type: &str) -> Read {
    if bytes.len() > BYTES_MAX {
        return Read::nothing("it is too long");
    }
    let read: fn(&[u8]) -> Read = match media_type {
        "application/pdf" => pdf::read,
        WORD => word::read,
        "text/plain" | "text/html; charset=utf-8" => plain,
        kind if kind.starts_with("image/") => return Read::nothing("it is a picture"),
        kind if kind.starts_with("audio/") => return Read::nothing("it is a recording"),
        kind if kind.starts_with("video/") => return Read::nothing("it is a film"),
        _ => return Read::nothing("it is of a type that is not read"),
    };
    within(TIME_MAX, move || read(&bytes)).unwrap_or_else(Read::nothing)
}

/// The words of one page of a PDF, counted from 1, as far as they are letters. For a process that may
/// break: it is not bounded here.
pub fn words_of_page(bytes: &[u8], number: usize) -> String {
    pdf::page(bytes, number)
}

/// Files that are being read now: those that took too long count until they end.
static READING: AtomicUsize = AtomicUsize::new(0);

/// One of them.
struct Reading;

impl Reading {
    /// None when as many as may be are read already: files that never end take no more than these.
    fn begin() -> Option<Reading> {
        let more = |count| (count < READERS_MAX).then_some(count + 1);
        READING.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).ok().map(|_| Reading)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        READING.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Reads a hostile file on a thread of its own. What takes too long is left to itself, what breaks has
/// broken nothing.
///
/// # Errors
/// Why it was not read, in words.
pub fn within<T: Send + 'static>(time: Duration, work: impl FnOnce() -> T + Send + 'static) -> Result<T, &'static str> {
    const NO_ROOM: &str = "there is no room to read it now";
    let Some(reading) = Reading::begin() else {
        return Err(NO_ROOM);
    };
    let (sender, receiver) = mpsc::sync_channel(1);
    let reader = std::thread::Builder::new().name("read a file".to_owned()).stack_size(STACK_BYTES).spawn(move || {
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        drop(reading);
        // Nobody waits any more when it took too long.
        let _ = sender.send(read.map_err(|_| "it is damaged"));
    });
    if reader.is_err() {
        return Err(NO_ROOM);
    }
    receiver.recv_timeout(time).unwrap_or(Err("reading it took too long"))
}

fn plain(bytes: &[u8]) -> Read {
    let all = String::from_utf8_lossy(bytes);
    let words: String = all.chars().take(CHARS_MAX).collect();
    let unread = (words.len() < all.len()).then(|| TOO_LONG.to_owned());
    Read { parts: vec![("the text".to_owned(), words)], unread }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_said_to_be_unread() {
        let (hold, wait) = mpsc::channel::<()>();
        let read = within(Duration::from_millis(10), move || {
            let _ = wait.recv();
            Read::default()
        });
        assert_eq!(read, Err("reading it took too long"));
        drop(hold);
    }

    #[test]
    fn files_that_never_end_do_not_take_everything() {
        let begun: Vec<Reading> = (0..READERS_MAX).map_while(|_| Reading::begin()).collect();
        assert_eq!(within(TIME_MAX, Read::default), Err("there is no room to read it now"));
        drop(begun);
        assert_eq!(within(TIME_MAX, Read::default), Ok(Read::default()));
    }

    #[test]
    fn what_breaks_is_said_to_be_damaged() {
        let read = within(TIME_MAX, || std::panic::resume_unwind(Box::new("broken")));
        assert_eq!(read, Err("it is damaged"));
    }

    #[test]
    fn pictures_recordings_and_films_are_for_people() {
        for (kind, why) in [
            ("image/png", "it is a picture"),
            ("audio/mpeg", "it is a recording"),
            ("video/mp4", "it is a film"),
            ("application/x-unknown", "it is of a type that is not read"),
        ] {
            assert_eq!(of(vec![1, 2, 3], kind), Read::nothing(why));
        }
    }
}
