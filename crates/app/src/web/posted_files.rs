//! A form of somebody signed in that brings files with it, read part by part.

use super::upload::{Arrived, take_in};
use super::{Session, Typed};
use crate::{App, Error, FieldError};
use axum::extract::multipart::{Field, Multipart};

/// Most bytes of one field that is no file, and most fields.
const FIELD_BYTES_MAX: usize = 64 * 1024;
const FIELDS_MAX: usize = 300;

/// What was typed, the files that arrived whole, and what is wrong with the others.
pub struct PostedFiles {
    pub typed: Typed,
    /// Each with the name of its field.
    pub files: Vec<(&'static str, Arrived)>,
    pub errors: Vec<FieldError>,
}

impl PostedFiles {
    /// Lets go of files that are not wanted after all.
    ///
    /// # Errors
    /// When one cannot be deleted.
    pub fn drop_files(&self, app: &App) -> Result<(), Error> {
        self.files.iter().try_for_each(|(_, file)| app.files.drop_arriving(&file.id.to_string()))
    }
}

fn unreadable<T>(_: T) -> Error {
    Error::BadRequest("The form could not be read. Go back and try again.".into())
}

async fn text(mut field: Field<'_>) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(part) = field.chunk().await.map_err(unreadable)? {
        if bytes.len() + part.len() > FIELD_BYTES_MAX {
            return Err(Error::BadRequest("The form is too large.".into()));
        }
        bytes.extend_from_slice(&part);
    }
    let text = String::from_utf8(bytes).map_err(unreadable)?;
    if text.contains('\0') {
        return Err(Error::BadRequest("The form holds a character that cannot be kept.".into()));
    }
    Ok(text.replace("\r\n", "\n"))
}

/// Reads a form whose first field is the session's token. Files come in the fields of `names`, at
/// most `files_max` of `bytes_max` each.
///
/// # Errors
/// [`Error::Forged`] without the token, [`Error::BadRequest`] when it cannot be read. No file of it
/// stays then.
pub async fn read(
    app: &App,
    session: &Session,
    form: Multipart,
    names: &[&'static str],
    files_max: usize,
    bytes_max: u64,
) -> Result<PostedFiles, Error> {
    let mut posted = PostedFiles { typed: Typed::default(), files: vec![], errors: vec![] };
    match fill(app, session, form, names, files_max, bytes_max, &mut posted).await {
        Ok(()) => Ok(posted),
        Err(error) => {
            app.blocking(move |app| posted.drop_files(app)).await?;
            Err(error)
        }
    }
}

async fn fill(
    app: &App,
    session: &Session,
    mut form: Multipart,
    names: &[&'static str],
    files_max: usize,
    bytes_max: u64,
    posted: &mut PostedFiles,
) -> Result<(), Error> {
    let mut count = 0;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        count += 1;
        let name = field.name().unwrap_or_default().to_owned();
        if count == 1 {
            if name != "csrf" || text(field).await? != session.csrf {
                return Err(Error::Forged);
            }
            continue;
        }
        if count > FIELDS_MAX {
            return Err(Error::BadRequest("The form has too many fields.".into()));
        }
        let Some(&name) = names.iter().find(|known| **known == name) else {
            posted.typed.add(&name, text(field).await?);
            continue;
        };
        if posted.files.len() >= files_max && field.file_name().is_some_and(|file| !file.is_empty()) {
            posted.errors.push(FieldError::new(name, format!("Add at most {files_max} files at a time")));
            break;
        }
        match take_in(app, app.ids.next(), field, bytes_max).await {
            Ok(None) => {}
            Ok(Some(arrived)) => posted.files.push((name, arrived)),
            // What is left of a file that is too long is still on its way: nothing after it is read.
            Err(Error::Fields(found)) => {
                posted.errors.extend(found.into_iter().map(|error| FieldError::new(name, error.message)));
                break;
            }
            Err(error) => return Err(error),
        }
    }
    if count == 0 { Err(Error::Forged) } else { Ok(()) }
}
