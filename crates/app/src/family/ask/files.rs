//! Pictures, voice notes and letters that go with a request.

use super::code::Code;
use super::journey::Step;
use super::pages::{NAME, find};
use super::store::{self, DraftFile};
use crate::record::files;
use crate::uploads::{self, FILE_BYTES_MAX, Place, Unfinished, WAITING_BYTES_MAX};
use crate::web::upload::{Arrived, not_taken, size, take_in};
use crate::web::{Fields, Frame, Page, PostedOpenly, Problem, Typed, error_summary, same_origin, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use db::Tx;
use jiff::Timestamp;
use uuid::Uuid;

/// Most files of one request.
pub(crate) const FILES_MAX: usize = 20;
/// Most bytes of one request.
pub(crate) const FORM_FILES_BYTES_MAX: u64 = 500_000_000;

/// What is said when there is no room: the request itself needs none.
const NO_ROOM: &str = "No more files can be taken just now. Send your request without it, which counts the same, \
    and bring the file another way";

pub(super) struct FileLine {
    pub id: Uuid,
    pub title: String,
    pub what: &'static str,
    pub size: String,
}

impl FileLine {
    pub fn of(file: &DraftFile) -> FileLine {
        FileLine {
            id: file.id,
            title: file.title.clone(),
            what: files::word_for(file.media_type),
            size: size(file.bytes),
        }
    }
}

#[derive(Template)]
#[template(path = "family/ask/files.html")]
struct FilesPage<'a> {
    code: String,
    summary: govuk::Html,
    file: govuk::Html,
    files: Vec<FileLine>,
    /// Those whose connection was lost.
    unfinished: Vec<Unfinished>,
    f: Fields<'a>,
}

async fn page(app: &App, code: &Code, problem: &Problem) -> Result<Response, Error> {
    let own = code.clone();
    let (draft, files, unfinished) = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.read("ask.files", |tx| -> Result<_, Error> {
                let draft = store::find(tx, &own, now)?;
                let unfinished = uploads::unfinished(tx, &Place::of_form(draft.authority, &own))?;
                Ok((draft, store::files(tx, &own)?, unfinished))
            })
        })
        .await?;
    if draft.sent.is_some() {
        return Ok(see_other(&format!("/ask/{code}/receipt")));
    }
    let wrong = problem.errors.iter().find(|error| error.field == "file").map(|error| error.message.as_str());
    let mut file = govuk::FileUpload::new("file", if files.is_empty() { "Choose files" } else { "Choose more files" })
        .hint(format!(
            "A photo of a letter, a voice note, a report. At most {FILES_MAX} files of {} each.",
            size(FILE_BYTES_MAX)
        ))
        .error(wrong);
    file.multiple = true;
    let typed = Typed::default();
    let view = FilesPage {
        code: code.to_string(),
        summary: error_summary(&problem.errors),
        file: file.into(),
        files: files.iter().map(FileLine::of).collect(),
        unfinished,
        f: Fields { typed: &typed, errors: &[] },
    };
    let page: Page = Frame::public(format!("{}, {NAME}", Step::Files.title()))
        .back(format!("/ask/{code}/{}", Step::Worries.path()), "Back")
        .with_errors(&problem.errors)
        .render(&view)?;
    Ok(page.into_response())
}

pub async fn show(State(app): State<App>, Path(code): Path<Code>) -> Result<Response, Error> {
    page(&app, &code, &Problem::default()).await
}

/// How many files a form has that is not sent, and what they weigh.
///
/// # Errors
/// [`Error::NotFound`] when there is no such form, or it is sent.
pub(crate) fn files_of(tx: &mut dyn Tx, code: &Code, now: Timestamp) -> Result<(usize, u64), Error> {
    if store::find(tx, code, now)?.sent.is_some() {
        return Err(Error::NotFound);
    }
    let files = store::files(tx, code)?;
    Ok((files.len(), files.iter().map(|file| file.bytes).sum()))
}

/// Keeps a file that arrived, if it is of a type that is taken and there is room for it. Nothing of a
/// file that is refused stays.
///
/// # Errors
/// [`Error::NotFound`] when the form was sent meanwhile.
pub(crate) fn keep(app: &App, code: &Code, arrived: Arrived) -> Result<Option<FieldError>, Error> {
    let id = arrived.id;
    let kept = match files::sniff(&arrived.name, &arrived.head) {
        None => Ok(Some(not_taken(&arrived.name))),
        Some(media_type) => {
            let file = DraftFile {
                id,
                title: arrived.name,
                media_type,
                bytes: arrived.bytes,
                fingerprint: arrived.fingerprint,
                sha256: arrived.sha256,
            };
            let now = app.clock.now();
            app.db.write("ask.add_file", |tx| add(tx, code, &file, now))
        }
    };
    if !matches!(kept, Ok(None)) {
        app.db.write("ask.refuse_file", |tx| uploads::store::forget(tx, id))?;
        app.files.drop_arriving(&id.to_string())?;
    }
    Ok(kept?.map(|message| FieldError::new("file", message)))
}

/// Adds a file to a form, unless something stands against it. If it came in parts, it is the form's
/// from then on.
fn add(tx: &mut dyn Tx, code: &Code, file: &DraftFile, now: Timestamp) -> Result<Option<String>, Error> {
    let (count, bytes) = files_of(tx, code, now)?;
    if store::files(tx, code)?.iter().any(|known| known.sha256 == file.sha256) {
        return Ok(Some(format!("{} is here already", file.title)));
    }
    if count >= FILES_MAX {
        return Ok(Some(format!("There may be at most {FILES_MAX} files. Take one away first")));
    }
    if bytes + file.bytes > FORM_FILES_BYTES_MAX {
        let most = size(FORM_FILES_BYTES_MAX);
        return Ok(Some(format!("All files together may have at most {most}. Take one away first")));
    }
    if store::waiting_bytes(tx)? + file.bytes > WAITING_BYTES_MAX / 2 {
        return Ok(Some(NO_ROOM.to_owned()));
    }
    uploads::store::forget(tx, file.id)?;
    store::add_file(tx, code, file)?;
    Ok(None)
}

/// Where a form's files arrive, if it is not sent.
async fn place(app: &App, code: &Code, headers: &HeaderMap) -> Result<Place, Error> {
    if !same_origin(headers) {
        return Err(Error::Forged);
    }
    let draft = find(app, code).await?;
    if draft.sent.is_some() { Err(Error::NotFound) } else { Ok(Place::of_form(draft.authority, code)) }
}

pub async fn spoken() -> Response {
    uploads::options()
}

pub async fn begin_upload(
    State(app): State<App>,
    Path(code): Path<Code>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    uploads::create(&app, place(&app, &code, &headers).await?, &headers).await
}

pub async fn upload_head(
    State(app): State<App>,
    Path((code, id)): Path<(Code, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    uploads::head(&app, place(&app, &code, &headers).await?, id, &headers).await
}

pub async fn upload_part(
    State(app): State<App>,
    Path((code, id)): Path<(Code, Uuid)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    uploads::patch(&app, place(&app, &code, &headers).await?, id, &headers, body).await
}

pub async fn stop_upload(
    State(app): State<App>,
    Path((code, id)): Path<(Code, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    uploads::stop(&app, place(&app, &code, &headers).await?, id, &headers).await
}

/// Takes in every file that was chosen; then shows them, or goes on.
pub async fn save(
    State(app): State<App>,
    Path(code): Path<Code>,
    headers: HeaderMap,
    mut form: Multipart,
) -> Result<Response, Error> {
    if !same_origin(&headers) {
        return Err(Error::Forged);
    }
    if find(&app, &code).await?.sent.is_some() {
        return Ok(see_other(&format!("/ask/{code}/receipt")));
    }
    let unreadable = |_| Error::BadRequest("The form could not be read. Go back and try again.".into());
    let (mut errors, mut then, mut count) = (Vec::new(), String::new(), 0);
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "then" => then = field.text().await.map_err(unreadable)?,
            "file" if count < FILES_MAX => {
                count += 1;
                let taken = match take_in(&app, app.ids.next(), field, FILE_BYTES_MAX).await {
                    Ok(None) => continue,
                    Ok(Some(arrived)) => {
                        let own = code.clone();
                        app.blocking(move |app| keep(app, &own, arrived)).await?
                    }
                    // What is left of a file that is too long is still on its way: nothing after it is read.
                    Err(Error::Fields(found)) => {
                        errors.extend(found);
                        break;
                    }
                    Err(error) => return Err(error),
                };
                errors.extend(taken);
            }
            _ => {}
        }
    }
    if !errors.is_empty() {
        let page = page(&app, &code, &Problem { errors }).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let next = match then.as_str() {
        "later" => "saved",
        "add" => Step::Files.path(),
        _ => "check",
    };
    Ok(see_other(&format!("/ask/{code}/{next}")))
}

/// Takes a file away again.
pub async fn remove(
    State(app): State<App>,
    Path((code, file)): Path<(Code, Uuid)>,
    PostedOpenly(_): PostedOpenly,
) -> Result<Response, Error> {
    let own = code.clone();
    app.blocking(move |app| {
        let now = app.clock.now();
        let was_there = app.db.write("ask.drop_file", |tx| -> Result<bool, Error> {
            let draft = store::find(tx, &own, now)?;
            if draft.sent.is_some() {
                return Ok(false);
            }
            Ok(store::drop_file(tx, &own, file)? || uploads::let_go(tx, &Place::of_form(draft.authority, &own), file)?)
        })?;
        if was_there { app.files.drop_arriving(&file.to_string()) } else { Ok(()) }
    })
    .await?;
    Ok(see_other(&format!("/ask/{code}/files")))
}
