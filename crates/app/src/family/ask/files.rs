//! Pictures, voice notes and letters that go with a request.

use super::code::Code;
use super::journey::Step;
use super::pages::{NAME, find};
use super::store::{self, DraftFile};
use crate::record::files;
use crate::web::upload::{Arrived, size, take_in};
use crate::web::{Fields, Frame, Page, PostedOpenly, Problem, Typed, error_summary, same_origin, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

/// Most files of one request, and the longest that one may be.
const FILES_MAX: usize = 20;
const FILE_BYTES_MAX: u64 = 100_000_000;
/// Most bytes of one request, and of all that are not sent: nobody can fill the disk from outside.
const FORM_FILES_BYTES_MAX: u64 = 500_000_000;
const WAITING_BYTES_MAX: u64 = 20_000_000_000;

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
    f: Fields<'a>,
}

async fn page(app: &App, code: &Code, problem: &Problem) -> Result<Response, Error> {
    let own = code.clone();
    let (draft, files) = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.read("ask.files", |tx| -> Result<_, Error> {
                Ok((store::find(tx, &own, now)?, store::files(tx, &own)?))
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

/// Keeps a file that arrived, if it is of a type that is taken and there is room for it.
async fn keep(app: &App, code: &Code, arrived: Arrived) -> Result<Option<FieldError>, Error> {
    let own = code.clone();
    app.blocking(move |app| {
        let now = app.clock.now();
        let id = arrived.id;
        let refused = match files::sniff(&arrived.head) {
            None => Some(format!(
                "{} cannot be taken. Send a photo, a voice or film recording, a PDF or a Word document",
                arrived.name
            )),
            Some(media_type) => {
                let file = DraftFile {
                    id,
                    title: arrived.name,
                    media_type,
                    bytes: arrived.bytes,
                    fingerprint: arrived.fingerprint,
                    sha256: arrived.sha256,
                };
                app.db.write("ask.add_file", |tx| -> Result<_, Error> {
                    let (draft, files) = (store::find(tx, &own, now)?, store::files(tx, &own)?);
                    if draft.sent.is_some() {
                        return Err(Error::NotFound);
                    }
                    if files.iter().any(|known| known.sha256 == file.sha256) {
                        return Ok(Some(format!("{} is here already", file.title)));
                    }
                    if files.len() >= FILES_MAX {
                        return Ok(Some(format!("There may be at most {FILES_MAX} files. Take one away first")));
                    }
                    if files.iter().map(|known| known.bytes).sum::<u64>() + file.bytes > FORM_FILES_BYTES_MAX {
                        let most = size(FORM_FILES_BYTES_MAX);
                        return Ok(Some(format!("All files together may have at most {most}. Take one away first")));
                    }
                    if store::waiting_bytes(tx)? + file.bytes > WAITING_BYTES_MAX {
                        return Ok(Some(NO_ROOM.to_owned()));
                    }
                    store::add_file(tx, &own, &file)?;
                    Ok(None)
                })?
            }
        };
        if refused.is_some() {
            app.files.drop_arriving(&id.to_string())?;
        }
        Ok(refused.map(|message| FieldError::new("file", message)))
    })
    .await
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
                    Ok(Some(arrived)) => keep(&app, &code, arrived).await?,
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
            if store::find(tx, &own, now)?.sent.is_some() {
                return Ok(false);
            }
            store::drop_file(tx, &own, file)
        })?;
        if was_there { app.files.drop_arriving(&file.to_string()) } else { Ok(()) }
    })
    .await?;
    Ok(see_other(&format!("/ask/{code}/files")))
}
