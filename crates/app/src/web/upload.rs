//! A file that someone sends, taken in part by part: neither its size nor its speed fills memory.

use crate::{App, Error, FieldError};
use axum::body::Bytes;
use axum::extract::multipart::Field;
use casework::receipts::Fingerprint;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use uuid::Uuid;

/// Most characters of a file's name.
const NAME_CHARS_MAX: usize = 120;
/// The first bytes of a file, by which its type is known.
pub const HEAD_BYTES: usize = 8192;

/// A file that arrived whole. Its bytes wait in the file store under its id, to be adopted or dropped.
pub struct Arrived {
    pub id: Uuid,
    pub name: String,
    pub bytes: u64,
    /// BLAKE3, the name under which the file store keeps it.
    pub fingerprint: String,
    /// SHA-256, for receipts.
    pub sha256: Fingerprint,
    pub head: Vec<u8>,
}

/// Characters that turn the direction of writing: with them `exe.fdp` could be shown as a PDF.
const TURNING: [char; 12] = [
    '\u{061c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}',
    '\u{2067}', '\u{2068}', '\u{2069}',
];

/// A file's name as a title: the last part of it, without characters that are not seen, and not too
/// long.
pub fn title(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control() && !TURNING.contains(c)).collect();
    let title: String = name.rsplit(['/', '\\']).next().unwrap_or_default().chars().take(NAME_CHARS_MAX).collect();
    if title.trim().is_empty() { "A file without a name".to_owned() } else { title }
}

/// What is said of a file whose type is not known.
pub fn not_taken(title: &str) -> String {
    format!("{title} cannot be taken. Send a photo, a sound or video recording, a PDF, a Word document or plain text")
}

/// The fingerprints and the first bytes of a file that is on disk, waiting under its id.
///
/// # Errors
/// [`Error::File`] when it cannot be read.
pub fn look_at(id: Uuid, name: String, mut file: File) -> Result<Arrived, Error> {
    let (mut hasher, mut sha, mut head, mut bytes) = (blake3::Hasher::new(), Sha256::new(), Vec::new(), 0_u64);
    let mut piece = vec![0; 256 * 1024];
    loop {
        let fail = |cause| Error::File { step: "read", name: id.to_string(), cause };
        let length = file.read(&mut piece).map_err(fail)?;
        if length == 0 {
            break;
        }
        let part = &piece[..length];
        hasher.update(part);
        sha.update(part);
        head.extend_from_slice(&part[..length.min(HEAD_BYTES - head.len())]);
        bytes += length as u64;
    }
    let (fingerprint, sha256) = (hasher.finalize().to_hex().to_string(), Fingerprint::of(sha.finalize().into()));
    Ok(Arrived { id, name, bytes, fingerprint, sha256, head })
}

/// Takes in one file of a form; `None` when the field was sent without a file.
///
/// # Errors
/// [`Error::Fields`] on field `file` when it is longer than `bytes_max`, [`Error::BadRequest`] when
/// it broke off. Nothing of it stays then.
pub async fn take_in(app: &App, id: Uuid, mut field: Field<'_>, bytes_max: u64) -> Result<Option<Arrived>, Error> {
    let name = title(field.file_name().unwrap_or_default());
    let (sender, mut parts) = tokio::sync::mpsc::channel::<Bytes>(8);
    let writing = {
        let app = app.clone();
        tokio::task::spawn_blocking(move || -> Result<(String, Fingerprint, Vec<u8>), Error> {
            let mut file = app.files.start(&id.to_string())?;
            let fail = |step| move |cause| Error::File { step, name: id.to_string(), cause };
            let (mut hasher, mut sha, mut head) = (blake3::Hasher::new(), Sha256::new(), Vec::new());
            while let Some(part) = parts.blocking_recv() {
                hasher.update(&part);
                sha.update(&part);
                head.extend_from_slice(&part[..part.len().min(HEAD_BYTES - head.len())]);
                file.write_all(&part).map_err(fail("write"))?;
            }
            file.sync_all().map_err(fail("sync"))?;
            Ok((hasher.finalize().to_hex().to_string(), Fingerprint::of(sha.finalize().into()), head))
        })
    };
    let mut bytes = 0_u64;
    let mut broken = None;
    loop {
        match field.chunk().await {
            Ok(Some(part)) => {
                bytes += part.len() as u64;
                if bytes > bytes_max || sender.send(part).await.is_err() {
                    break;
                }
            }
            Ok(None) => break,
            Err(_) => {
                broken = Some(Error::BadRequest("The file did not arrive to its end. Try again.".into()));
                break;
            }
        }
    }
    drop(sender);
    let (fingerprint, sha256, head) =
        writing.await.map_err(|cause| Error::Broken { step: "take in a file", cause: cause.to_string() })??;
    if bytes == 0 || bytes > bytes_max || broken.is_some() {
        app.blocking(move |app| app.files.drop_arriving(&id.to_string())).await?;
        return match broken {
            Some(error) => Err(error),
            None if bytes == 0 => Ok(None),
            None => Err(Error::Fields(vec![FieldError::new(
                "file",
                format!("Each file must be smaller than {}", size(bytes_max)),
            )])),
        };
    }
    Ok(Some(Arrived { id, name, bytes, fingerprint, sha256, head }))
}

/// "3.4 MB", "120 KB".
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        1_000_000..1_000_000_000 if bytes.is_multiple_of(1_000_000) => format!("{} MB", bytes / 1_000_000),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        _ => format!("{} GB", bytes / 1_000_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::{size, title};

    #[test]
    fn a_name_is_shown_as_it_is_and_is_no_path() {
        for (name, shown) in [
            ("letter.pdf", "letter.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\letter.pdf", "letter.pdf"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("a\u{0}b\r\n.pdf", "ab.pdf"),
            ("", "A file without a name"),
            ("folder/", "A file without a name"),
        ] {
            assert_eq!(title(name), shown, "{name:?}");
        }
        assert_eq!(title(&"é".repeat(500)).chars().count(), 120);
    }

    #[test]
    fn sizes_read_as_people_say_them() {
        for (bytes, said) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_500, "1 KB"),
            (3_449_000, "3.4 MB"),
            (25_000_000, "25 MB"),
            (1_000_000_000, "1 GB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }
}
