//! Files that arrive in parts: what breaks off goes on where it stopped.
//!
//! The protocol is [tus](https://tus.io) 1.0.0. Any wing that takes files gives its [`Place`] an address
//! and hands requests over; the ordinary form, without script, stays beside it.
//!
//! | question | where |
//! |---|---|
//! | what do the headers of a request say? | [`tus`], pure |
//! | how do bytes get from the line to the disk? | [`take`] |
//! | how much has arrived, who is writing? | [`store`] |
//! | is it safe to open? | [`checks`] |
//!
//! An upload is announced with its length, and room is kept for it then. The database says how much of
//! it is safely on disk: a server that is started again goes on from there. One writer has the pen at a
//! time; a second one, in another tab, is answered 409. What does not go on for a day is deleted.

pub(crate) mod checks;
pub(crate) mod store;
mod take;
pub(crate) mod tus;

use crate::family::ask;
use crate::web::upload::{self, Arrived, size};
use crate::{App, Error, FieldError};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::{AuthorityId, CaseId, UserId};
pub use checks::check_earlier;
use jiff::{SignedDuration, Timestamp};
use store::{Upload, Whole};
pub(crate) use take::patch;
use uuid::Uuid;

/// The longest file that anyone may send.
pub const FILE_BYTES_MAX: u64 = 200_000_000;
/// Most bytes of all that wait and are not sent: nobody can fill the disk.
pub const WAITING_BYTES_MAX: u64 = 20_000_000_000;
/// How long an upload is kept that does not go on.
const UNFINISHED: SignedDuration = SignedDuration::from_hours(24);
/// How long a whole file waits to be sent.
const WHOLE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What is said when there is no room.
pub(crate) const NO_ROOM: &str = "No more files can be taken just now. Bring the file another way";

/// Where an upload goes, and what there is room for.
#[derive(Clone)]
pub struct Place {
    pub authority: AuthorityId,
    /// Whoever can name it may go on with its uploads.
    pub key: [u8; 32],
    /// Its address: uploads are made there, and are below it.
    pub address: String,
    pub files_max: usize,
    pub bytes_max: u64,
    pub(crate) goes_to: GoesTo,
}

/// What happens to a file that is whole.
#[derive(Clone)]
pub(crate) enum GoesTo {
    /// It is added to a form that is not sent yet.
    Form(ask::Code),
    /// It waits here, until its sender says what it is and sends it.
    Waiting,
}

impl Place {
    /// A form of somebody without an account.
    pub(crate) fn of_form(authority: AuthorityId, code: &ask::Code) -> Place {
        Place {
            authority,
            key: code.hash(),
            address: format!("/ask/{code}/uploads"),
            files_max: ask::FILES_MAX,
            bytes_max: ask::FORM_FILES_BYTES_MAX,
            goes_to: GoesTo::Form(code.clone()),
        }
    }

    /// What one person is about to add to one child's record; `purpose` keeps pages apart.
    pub(crate) fn of_person(
        authority: AuthorityId,
        case: CaseId,
        user: UserId,
        purpose: &str,
        address: String,
        (files_max, bytes_max): (usize, u64),
    ) -> Place {
        let mut key = blake3::Hasher::new();
        for part in [authority.0.as_bytes().as_slice(), case.0.as_bytes(), user.0.as_bytes(), purpose.as_bytes()] {
            key.update(part);
        }
        Place { authority, key: *key.finalize().as_bytes(), address, files_max, bytes_max, goes_to: GoesTo::Waiting }
    }
}

fn header(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

/// An answer of the protocol.
fn answer(status: StatusCode, more: &[(&'static str, String)], said: &str) -> Response {
    let mut response = (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], said.to_owned()).into_response();
    let headers = response.headers_mut();
    headers.insert(header("tus-resumable"), HeaderValue::from_static(tus::VERSION));
    for (name, value) in more {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(header(name), value);
        }
    }
    response
}

fn fault(fault: tus::Fault) -> Response {
    let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::BAD_REQUEST);
    answer(status, &[("tus-version", tus::VERSION.to_owned())], fault.words())
}

/// "Thu, 26 Nov 2026 10:00:00 GMT".
fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn where_it_stands(upload: &Upload) -> [(&'static str, String); 3] {
    [
        ("upload-offset", upload.arrived.to_string()),
        ("upload-length", upload.bytes.to_string()),
        ("upload-expires", http_date(upload.ends_at)),
    ]
}

/// What is spoken here.
pub(crate) fn options() -> Response {
    answer(
        StatusCode::NO_CONTENT,
        &[
            ("tus-version", tus::VERSION.to_owned()),
            ("tus-extension", tus::EXTENSIONS.to_owned()),
            ("tus-checksum-algorithm", tus::CHECKSUMS.to_owned()),
            ("tus-max-size", FILE_BYTES_MAX.to_string()),
        ],
        "",
    )
}

/// Keeps room for a file and says where its parts are to be sent.
///
/// # Errors
/// When the database or the file store fails.
pub(crate) async fn create(app: &App, place: Place, headers: &HeaderMap) -> Result<Response, Error> {
    let creation = match tus::creation(headers) {
        Ok(creation) => creation,
        Err(found) => return Ok(fault(found)),
    };
    let title = upload::title(&creation.name);
    if creation.bytes == 0 {
        let said = format!("{title} is empty. Choose another file");
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &[], &said));
    }
    if creation.bytes > FILE_BYTES_MAX {
        let said = format!("{title} is too long. Each file must be smaller than {}", size(FILE_BYTES_MAX));
        return Ok(answer(StatusCode::PAYLOAD_TOO_LARGE, &[], &said));
    }
    let id = app.ids.next();
    let own = place.clone();
    let refused = app
        .blocking(move |app| {
            forget_ended(app)?;
            let now = app.clock.now();
            let upload = Upload {
                id,
                title,
                bytes: creation.bytes,
                arrived: 0,
                ends_at: now + UNFINISHED,
                whole: None,
                said: String::new(),
            };
            // The file is there before the database says that its first part may come.
            app.files.start(&id.to_string())?;
            let refused = app.db.write("uploads.create", |tx| -> Result<_, Error> {
                let refused = no_room(tx, &own, creation.bytes, now)?;
                if refused.is_none() {
                    store::add(tx, &own, &upload)?;
                }
                Ok(refused)
            })?;
            if refused.is_some() {
                app.files.drop_arriving(&id.to_string())?;
            }
            Ok(refused.map(|said| (said, upload.ends_at)).ok_or(upload.ends_at))
        })
        .await?;
    Ok(match refused {
        Ok((said, _)) => answer(StatusCode::UNPROCESSABLE_ENTITY, &[], &said),
        Err(ends_at) => {
            let at = format!("{}/{id}", place.address);
            answer(StatusCode::CREATED, &[("location", at), ("upload-expires", http_date(ends_at))], "")
        }
    })
}

/// Why a file of so many bytes has no room in its place, or none at all.
pub(crate) fn no_room(tx: &mut dyn db::Tx, place: &Place, bytes: u64, now: Timestamp) -> Result<Option<String>, Error> {
    let coming = store::list(tx, place)?;
    let (mut files, mut sum) = (coming.len(), coming.iter().map(|upload| upload.bytes).sum::<u64>());
    if let GoesTo::Form(code) = &place.goes_to {
        let (there, weight) = ask::files_of(tx, code, now)?;
        files += there;
        sum += weight;
    }
    Ok(if files >= place.files_max {
        Some(format!("There may be at most {} files. Take one away first", place.files_max))
    } else if sum + bytes > place.bytes_max {
        Some(format!("All files together may have at most {}. Take one away first", size(place.bytes_max)))
    } else if store::announced_bytes(tx)? + ask::waiting_bytes(tx)? + bytes > room_for(place) {
        Some(NO_ROOM.to_owned())
    } else {
        None
    })
}

/// How full the room for what waits may be: whoever has no account leaves half of it to those who have.
fn room_for(place: &Place) -> u64 {
    match place.goes_to {
        GoesTo::Form(_) => WAITING_BYTES_MAX / 2,
        _ => WAITING_BYTES_MAX,
    }
}

/// How much of an upload has arrived.
///
/// # Errors
/// [`Error::NotFound`] when this place has no such upload.
pub(crate) async fn head(app: &App, place: Place, id: Uuid, headers: &HeaderMap) -> Result<Response, Error> {
    if let Err(found) = tus::version(headers) {
        return Ok(fault(found));
    }
    let upload = app.blocking(move |app| app.db.read("uploads.find", |tx| store::find(tx, &place, id))).await?;
    Ok(answer(StatusCode::OK, &where_it_stands(&upload), ""))
}

/// Takes an upload back: nothing of it stays.
///
/// # Errors
/// [`Error::NotFound`] when this place has no such upload.
pub(crate) async fn stop(app: &App, place: Place, id: Uuid, headers: &HeaderMap) -> Result<Response, Error> {
    if let Err(found) = tus::version(headers) {
        return Ok(fault(found));
    }
    app.blocking(move |app| drop_upload(app, &place, id)).await?;
    Ok(answer(StatusCode::NO_CONTENT, &[], ""))
}

/// Deletes an upload of this place, with its bytes.
///
/// # Errors
/// [`Error::NotFound`] when this place has no such upload.
pub(crate) fn drop_upload(app: &App, place: &Place, id: Uuid) -> Result<(), Error> {
    app.db.write("uploads.drop", |tx| -> Result<(), Error> {
        store::find(tx, place, id)?;
        store::forget(tx, id)
    })?;
    app.files.drop_arriving(&id.to_string())
}

/// A file whose line broke off, as pages say it.
pub(crate) struct Unfinished {
    pub id: Uuid,
    pub title: String,
    pub arrived: String,
    pub size: String,
}

/// Those of a place, oldest first.
///
/// # Errors
/// When the database fails.
pub(crate) fn unfinished(tx: &mut dyn db::Tx, place: &Place) -> Result<Vec<Unfinished>, Error> {
    let all = store::list(tx, place)?.into_iter().filter(|upload| upload.whole.is_none());
    Ok(all
        .map(|upload| Unfinished {
            id: upload.id,
            title: upload.title,
            arrived: size(upload.arrived),
            size: size(upload.bytes),
        })
        .collect())
}

/// Forgets an upload of this place, whose bytes are the caller's to delete. False when there is none.
///
/// # Errors
/// When the database fails.
pub(crate) fn let_go(tx: &mut dyn db::Tx, place: &Place, id: Uuid) -> Result<bool, Error> {
    match store::find(tx, place, id) {
        Ok(_) => store::forget(tx, id).map(|()| true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Deletes uploads that did not go on, and whole files that were not sent.
///
/// # Errors
/// When the database or the file store fails.
pub fn forget_ended(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    loop {
        let gone = app.db.write("uploads.forget_ended", |tx| store::forget_ended(tx, now))?;
        if gone.is_empty() {
            return Ok(());
        }
        gone.iter().try_for_each(|id| app.files.drop_arriving(&id.to_string()))?;
    }
}

/// Keeps a file that is whole, if it is of a type that is taken; what stands against it otherwise.
/// Nothing of a file that is refused stays.
///
/// # Errors
/// When the database or the file store fails.
pub(crate) fn keep(app: &App, place: &Place, arrived: Arrived) -> Result<Option<FieldError>, Error> {
    if let GoesTo::Form(code) = &place.goes_to {
        return ask::keep(app, code, arrived);
    }
    let (id, now) = (arrived.id, app.clock.now());
    let refused = match crate::record::files::sniff(&arrived.name, &arrived.head) {
        None => Some(upload::not_taken(&arrived.name)),
        Some(media_type) => app.db.write("uploads.keep", |tx| -> Result<_, Error> {
            let coming = store::list(tx, place)?;
            let is_same = |known: &Upload| {
                known.id != id && known.whole.as_ref().is_some_and(|whole| whole.sha256 == arrived.sha256)
            };
            if coming.iter().any(is_same) {
                return Ok(Some(format!("{} is here already", arrived.name)));
            }
            let whole = Whole { media_type, fingerprint: arrived.fingerprint.clone(), sha256: arrived.sha256.clone() };
            if coming.iter().any(|known| known.id == id) {
                store::whole(tx, id, &whole, now + WHOLE)?;
                return Ok(None);
            }
            // It came with an ordinary form, and nothing was announced.
            if let Some(refused) = no_room(tx, place, arrived.bytes, now)? {
                return Ok(Some(refused));
            }
            let upload = Upload {
                id,
                title: arrived.name.clone(),
                bytes: arrived.bytes,
                arrived: arrived.bytes,
                ends_at: now + WHOLE,
                whole: Some(whole),
                said: String::new(),
            };
            store::add(tx, place, &upload)?;
            Ok(None)
        })?,
    };
    if refused.is_some() {
        app.db.write("uploads.refuse", |tx| store::forget(tx, id))?;
        app.files.drop_arriving(&id.to_string())?;
    }
    Ok(refused.map(|message| FieldError::new("file", message)))
}
