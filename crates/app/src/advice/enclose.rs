//! The professional's own report as a file, beside the lines. It is on the record from the moment the
//! lines are signed; its words are looked at then.

use super::sign::reading;
use super::write::{Desk, page, written};
use crate::journal::{self, Act, DocumentRow, Who};
use crate::papers::ADVICE;
use crate::recipients::{Leaving, text};
use crate::record::{case_page, files, store};
use crate::uploads::checks;
use crate::web::upload::{HEAD_BYTES, not_taken};
use crate::web::{Posted, Problem, Session, posted_files, see_other};
use crate::{App, Error, FieldError};
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casework::advice::report::{Enclosed, Report};
use casework::{AdviceId, CaseId, DocumentId};
use db::Tx;
use uuid::Uuid;

const FILE_BYTES_MAX: u64 = 100_000_000;
/// Most files of one report.
const FILES_MAX: usize = 5;

fn wrong(message: impl Into<String>) -> Error {
    Error::Fields(vec![FieldError::new("file", message)])
}

/// The report with one file more.
fn keep(
    app: &App,
    who: &Who,
    (id, advice): (CaseId, AdviceId),
    posted: &mut posted_files::PostedFiles,
) -> Result<(), Error> {
    if let Some(error) = posted.errors.pop() {
        return Err(Error::Fields(vec![error]));
    }
    let arrived = posted.files.first().map(|(_, arrived)| arrived).ok_or_else(|| wrong("Choose the file"))?;
    if files::sniff(&arrived.name, &arrived.head).is_none() {
        return Err(wrong(not_taken(&arrived.name)));
    }
    app.files.adopt(&arrived.id.to_string(), &arrived.fingerprint)?;
    let (title, fingerprint) = (arrived.name.clone(), arrived.fingerprint.clone());
    posted.files.clear();
    app.db.write("advice.enclose", |tx| {
        let desk = Desk::read(tx, who, id, advice)?;
        let mut report = desk.report();
        if report.enclosed.iter().any(|known| known.fingerprint == fingerprint) {
            return Ok(());
        }
        if report.enclosed.len() >= FILES_MAX {
            return Err(wrong(format!("A report can have {FILES_MAX} files at most")));
        }
        let document = DocumentId(app.ids.next());
        report.enclosed.push(Enclosed { document, title: title.clone(), fingerprint: fingerprint.clone() });
        checks::begin(tx, app, who.authority, &fingerprint)?;
        let (_, asked) = written(app, advice, desk.saved.as_ref(), &report);
        let act = Act { action: asked.action, seen: None, commands: asked.commands, papers: asked.papers };
        journal::act(tx, who, id, act).map(|_| ())
    })
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    form: Multipart,
) -> Result<Response, Error> {
    let who = session.who(&app);
    {
        // Nothing is taken in from somebody who does not write this report.
        let who = who.clone();
        app.blocking(move |app| app.db.read("advice.may_enclose", |tx| Desk::read(tx, &who, id, advice).map(|_| ())))
            .await?;
    }
    let mut posted = posted_files::read(&app, &session, form, &["file"], 1, FILE_BYTES_MAX).await?;
    let done = app
        .blocking(move |app| {
            let done = keep(app, &who, (id, advice), &mut posted);
            posted.drop_files(app)?;
            done
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/children/{id}/advice/{advice}/write#files"))),
        Err(error) => {
            let page = page(app, session, id, advice, None, Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn remove(
    State(app): State<App>,
    session: Session,
    Path((id, advice, document)): Path<(CaseId, AdviceId, DocumentId)>,
    posted: Posted,
) -> Result<Response, Error> {
    super::write::change(
        app,
        session,
        (id, advice),
        &format!("enclosed/{document}/remove"),
        posted,
        move |report, _, _| {
            report.enclosed.retain(|known| known.document != document);
            Ok(())
        },
    )
    .await
}

/// A file of a report that was signed, for whoever may read the report.
pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, advice, document)): Path<(CaseId, AdviceId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        let found = app.db.read("advice.enclosed", |tx| -> Result<_, Error> {
            let (subject, _, saved) = reading(tx, &who, id, advice)?;
            if !saved.report.enclosed.iter().any(|known| known.document.0 == document) {
                return Err(Error::NotFound);
            }
            let documents = store::documents(tx, who.authority, subject.case.id)?;
            documents.into_iter().find(|line| line.id == document).ok_or(Error::NotFound)
        })?;
        case_page::give(app, &headers, found)
    })
    .await
}

/// The words of the files of a report that is about to be signed. Takes a while: not for the inside of
/// a transaction.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn leaving(app: &App, report: &Report, mut leaving: Leaving) -> Result<Leaving, Error> {
    let mut seal = String::new();
    for enclosed in &report.enclosed {
        let bytes = app.files.get(&enclosed.fingerprint)?;
        let media_type = files::sniff(&enclosed.title, &bytes[..bytes.len().min(HEAD_BYTES)]).unwrap_or_default();
        let media_type = if media_type.starts_with("text/plain") { "text/plain" } else { media_type };
        let before = leaving.unread.take();
        leaving = text::of(bytes, media_type).leaving(leaving, &enclosed.title);
        leaving.unread = before.or(leaving.unread);
        seal.push_str(&enclosed.fingerprint);
    }
    leaving.seal = (!seal.is_empty()).then_some(seal);
    Ok(leaving)
}

/// The rows of files that are not on the record yet.
///
/// # Errors
/// When a file cannot be read, or the database fails.
pub(super) fn rows(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    id: CaseId,
    report: &Report,
) -> Result<Vec<DocumentRow>, Error> {
    let known = store::documents(tx, who.authority, id)?;
    let mut rows = Vec::new();
    for enclosed in report.enclosed.iter().filter(|one| !known.iter().any(|line| line.id == one.document.0)) {
        let head = app.files.stretch(&enclosed.fingerprint, 0, HEAD_BYTES as u64)?;
        let file = app.files.open(&enclosed.fingerprint)?;
        let size = file.metadata().map_err(|cause| Error::File {
            step: "measure",
            name: enclosed.fingerprint.clone(),
            cause,
        })?;
        rows.push(DocumentRow {
            id: enclosed.document,
            kind: ADVICE,
            title: enclosed.title.clone(),
            media_type: files::sniff(&enclosed.title, &head).ok_or(Error::NotFound)?,
            size_bytes: usize::try_from(size.len()).unwrap_or(usize::MAX),
            fingerprint: enclosed.fingerprint.clone(),
            made_on: who.today,
            notice: None,
        });
    }
    Ok(rows)
}
