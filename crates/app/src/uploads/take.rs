//! A part of a file, from the line to the disk: never more than a piece of it in memory, and never
//! more promised than is safely written.

use super::store::{self, Upload};
use super::{Place, UNFINISHED, answer, fault, keep, tus, where_it_stands};
use crate::web::upload::{self, Arrived, HEAD_BYTES};
use crate::{App, Error};
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Most bytes of one upload that wait in memory to be written.
const PIECE_BYTES: usize = 1024 * 1024;
/// The database is told how much has arrived after this many bytes, and at least this often.
const TOLD_BYTES: u64 = 8 * 1024 * 1024;
const TOLD_EVERY: Duration = Duration::from_secs(10);
/// A line that brings nothing for this long is let go: whoever comes back goes on from there.
const STALLED: Duration = Duration::from_secs(10);
/// How long a writer has the pen without saying anything. More than the two above together.
const PEN: SignedDuration = SignedDuration::from_secs(30);

/// How a part ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// All that was sent is on disk.
    Whole,
    /// The line broke or brought nothing more.
    Broken,
    /// It brings more than was announced.
    TooLong,
    /// The bytes are not those of the checksum.
    Altered,
    /// The upload was taken back meanwhile.
    Gone,
}

/// The file that a part is written to.
struct Writing {
    app: App,
    id: Uuid,
    file: Option<File>,
    /// Where the file ends now, and how much of that the database knows.
    at: u64,
    told: u64,
    told_at: Instant,
    sum: Option<tus::Summing>,
}

impl Writing {
    /// Writes a piece; gives the buffer back, empty.
    async fn write(&mut self, mut piece: Vec<u8>) -> Result<Vec<u8>, Error> {
        if let Some(sum) = &mut self.sum {
            sum.add(&piece);
        }
        let Some(mut file) = self.file.take() else { return Ok(piece) };
        let (id, length) = (self.id, piece.len() as u64);
        let (file, piece) = self
            .app
            .blocking(move |_| {
                let fail = |cause| Error::File { step: "write", name: id.to_string(), cause };
                file.write_all(&piece).map_err(fail)?;
                piece.clear();
                Ok((file, piece))
            })
            .await?;
        self.file = Some(file);
        self.at += length;
        Ok(piece)
    }

    /// Puts on disk what was written, then lets the database know. Bytes with a checksum count only
    /// once it is right. False when the upload is gone.
    async fn tell(&mut self, counts: bool, keeps_pen: bool) -> Result<bool, Error> {
        let Some(file) = self.file.take() else { return Ok(false) };
        let (id, at) = (self.id, if counts { self.at } else { self.told });
        let (file, is_there) = self
            .app
            .blocking(move |app| {
                if counts {
                    let fail = |cause| Error::File { step: "sync", name: id.to_string(), cause };
                    file.sync_data().map_err(fail)?;
                }
                let now = app.clock.now();
                let pen = keeps_pen.then_some(now + PEN);
                let told = app.db.write("uploads.arrived", |tx| store::arrived(tx, id, at, pen, now + UNFINISHED))?;
                Ok((file, told))
            })
            .await?;
        self.file = Some(file);
        (self.told, self.told_at) = (at, Instant::now());
        Ok(is_there)
    }

    /// Everything that the line brings, up to `room` bytes.
    async fn take(&mut self, mut body: Body, room: u64) -> Result<End, Error> {
        let end = self.at + room;
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        let ended = loop {
            let frame = match tokio::time::timeout(STALLED, body.frame()).await {
                Err(_) | Ok(Some(Err(_))) => break End::Broken,
                Ok(None) => break End::Whole,
                Ok(Some(Ok(frame))) => frame,
            };
            let Ok(bytes) = frame.into_data() else { continue };
            if self.at + (piece.len() + bytes.len()) as u64 > end {
                break End::TooLong;
            }
            for part in bytes.chunks(PIECE_BYTES) {
                if piece.len() + part.len() > PIECE_BYTES {
                    piece = self.write(piece).await?;
                }
                piece.extend_from_slice(part);
            }
            let is_time = self.at - self.told >= TOLD_BYTES || self.told_at.elapsed() >= TOLD_EVERY;
            if is_time && !self.tell(self.sum.is_none(), true).await? {
                return Ok(End::Gone);
            }
        };
        if !piece.is_empty() {
            self.write(piece).await?;
        }
        let is_right = match (ended, self.sum.take()) {
            (_, None) => true,
            (End::Whole, Some(sum)) => sum.matches(),
            (_, Some(_)) => false,
        };
        let keeps_pen = is_right && ended == End::Whole && self.at == end;
        if !self.tell(is_right, keeps_pen).await? {
            return Ok(End::Gone);
        }
        Ok(if ended == End::Whole && !is_right { End::Altered } else { ended })
    }
}

/// Takes a part of a file; keeps the file when this was its last part.
///
/// The work goes on by itself when whoever asked is gone: what arrived is noted and the pen laid down,
/// which a handler that is dropped in the middle could not do.
///
/// # Errors
/// [`Error::NotFound`] when this place has no such upload.
pub(crate) async fn patch(
    app: &App,
    place: Place,
    id: Uuid,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let part = match tus::part(headers) {
        Ok(part) => part,
        Err(found) => return Ok(fault(found)),
    };
    match tokio::spawn(take_part(app.clone(), place, id, part, body)).await {
        Ok(answer) => answer,
        Err(join) => Err(Error::Broken { step: "take a part of a file", cause: join.to_string() }),
    }
}

async fn take_part(app: App, place: Place, id: Uuid, part: tus::Part, body: Body) -> Result<Response, Error> {
    let (own, offset) = (place.clone(), part.offset);
    let begun = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("uploads.begin_part", |tx| -> Result<_, Error> {
                let upload = store::find(tx, &own, id)?;
                let has_pen = upload.whole.is_none() && store::begin_part(tx, id, offset, now, now + PEN)?;
                Ok((upload, has_pen))
            })
        })
        .await?;
    let (upload, has_pen) = begun;
    if !has_pen {
        // The end of a whole file, asked for again because the answer was lost, is no conflict.
        let is_done = upload.whole.is_some() && offset == upload.bytes;
        let (status, said) = match is_done {
            true => (StatusCode::NO_CONTENT, ""),
            false => (StatusCode::CONFLICT, "Another part of this file is arriving, or it ends elsewhere"),
        };
        return Ok(answer(status, &where_it_stands(&upload), said));
    }
    let file = app.blocking(move |app| app.files.go_on(&id.to_string(), offset)).await?;
    let mut writing = Writing {
        app: app.clone(),
        id,
        file: Some(file),
        at: offset,
        told: offset,
        told_at: Instant::now(),
        sum: part.checksum.map(tus::Checksum::begin),
    };
    let ended = writing.take(body, upload.bytes - offset).await?;
    let now = Upload { arrived: writing.told, ..upload };
    match ended {
        End::Whole => finish(&app, place, now, offset).await,
        End::Gone => Err(Error::NotFound),
        End::Broken => Ok(answer(StatusCode::REQUEST_TIMEOUT, &where_it_stands(&now), "The part broke off")),
        End::TooLong => {
            Ok(answer(StatusCode::PAYLOAD_TOO_LARGE, &where_it_stands(&now), "There is more than was announced"))
        }
        End::Altered => {
            let status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
            Ok(answer(status, &where_it_stands(&now), "The part was altered on its way"))
        }
    }
}

/// What follows a part that arrived: its type is looked at as soon as it can be known, and a file that
/// is whole is kept.
async fn finish(app: &App, place: Place, upload: Upload, began_at: u64) -> Result<Response, Error> {
    let (id, stands) = (upload.id, where_it_stands(&upload));
    let is_whole = upload.arrived == upload.bytes;
    let refused = app
        .blocking(move |app| {
            if is_whole {
                return keep(app, &place, arrived(app, &upload)?).map(|refused| refused.map(|error| error.message));
            }
            // Nobody sends 200 megabytes to be told at the end that such files are not taken.
            let head_came = began_at < HEAD_BYTES as u64 && upload.arrived >= HEAD_BYTES as u64;
            if head_came && crate::record::files::sniff(&upload.title, &head(app, id)?).is_none() {
                super::drop_upload(app, &place, id)?;
                return Ok(Some(upload::not_taken(&upload.title)));
            }
            Ok(None)
        })
        .await?;
    Ok(match refused {
        None => answer(StatusCode::NO_CONTENT, &stands, ""),
        Some(said) => answer(StatusCode::UNPROCESSABLE_ENTITY, &[], &said),
    })
}

fn head(app: &App, id: Uuid) -> Result<Vec<u8>, Error> {
    use std::io::Read;
    let mut head = Vec::new();
    let fail = |cause| Error::File { step: "read", name: id.to_string(), cause };
    app.files.arrived(&id.to_string())?.take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(fail)?;
    Ok(head)
}

/// The fingerprints of a file that is whole, read from the disk.
fn arrived(app: &App, upload: &Upload) -> Result<Arrived, Error> {
    upload::look_at(upload.id, upload.title.clone(), app.files.arrived(&upload.id.to_string())?)
}
