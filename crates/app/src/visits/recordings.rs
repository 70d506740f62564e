//! Pictures, sound and film that an adviser keeps for their own advice, for those who write it alone.

use crate::assessment::advice::own_report;
use crate::journal::{self, Act, DocumentRow, Papers, Who};
use crate::record::store::{self, PrivateFile, RECORDING};
use crate::record::{case_page, files};
use crate::uploads::{FILE_BYTES_MAX, checks};
use crate::web::case_form::{Subject, form_page, subject};
use crate::web::upload::size;
use crate::web::{Fields, Page, Posted, Problem, Session, Typed, error_summary, long_date, posted_files, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::own_voice::MediaKind;
use casework::recordings::{self, Command as Recordings};
use casework::{AdviceId, CaseId, Command, DocumentId};
use db::Tx;
use std::collections::HashSet;
use uuid::Uuid;

/// Most files of one form.
const FILES_MAX: usize = 10;

struct Line {
    title: String,
    kept: String,
    kind: Option<MediaKind>,
    href: String,
    /// Why it cannot be opened now, and the colour of its tag.
    tag: Option<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "visits/recordings.html")]
struct RecordingsPage<'a> {
    case: CaseId,
    advice: AdviceId,
    name: String,
    kind: &'static str,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    file: govuk::Html,
    lines: Vec<Line>,
    may_keep: bool,
}

/// The child, for somebody who writes this advice.
fn desk(tx: &mut dyn Tx, who: &Who, id: CaseId, advice: AdviceId) -> Result<Subject, Error> {
    let subject = subject(tx, who, id, Action::BookVisit)?;
    own_report(&subject.case, who, advice)?;
    Ok(subject)
}

/// What is kept, with its files, the newest first.
fn kept(
    tx: &mut dyn Tx,
    who: &Who,
    subject: &Subject,
    advice: AdviceId,
) -> Result<Vec<(recordings::Recording, PrivateFile)>, Error> {
    let files = store::private_files(tx, who.authority, subject.case.id, RECORDING)?;
    let mut kept: Vec<_> = recordings::of(&subject.case, advice)
        .filter_map(|one| Some((*one, files.iter().find(|file| file.id == one.document.0)?.clone())))
        .collect();
    kept.reverse();
    Ok(kept)
}

async fn page(
    app: &App,
    session: &Session,
    (id, advice): (CaseId, AdviceId),
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let (subject, lines) = app
        .blocking(move |app| {
            app.db.read("visits.recordings", |tx| -> Result<_, Error> {
                let subject = desk(tx, &who, id, advice)?;
                let mut lines = Vec::new();
                for (one, file) in kept(tx, &who, &subject, advice)? {
                    let by = match one.by {
                        Some(by) => store::user_name(tx, who.authority, by.0)?.map(|(name, _)| name),
                        None => None,
                    };
                    let by = by.unwrap_or_else(|| "somebody".to_owned());
                    lines.push(Line {
                        kept: format!("{}, kept by {by} on {}", size(file.bytes), long_date(one.on)),
                        kind: MediaKind::of(&file.media_type),
                        href: format!("/children/{id}/advice/{advice}/recordings/{}", file.id),
                        tag: file.check.and_then(checks::State::tag),
                        title: file.title,
                    });
                }
                Ok((subject, lines))
            })
        })
        .await?;
    let wrong = problem.errors.iter().find(|error| error.field == "file").map(|error| error.message.as_str());
    let mut file = govuk::FileUpload::new("file", "Choose pictures, sound or video")
        .hint(format!("At most {FILES_MAX} files of {} each.", size(FILE_BYTES_MAX)))
        .error(wrong);
    file.multiple = true;
    let is_live = subject.case.live_request().is_some_and(|request| request.advice.iter().any(|one| one.id == advice));
    let typed = Typed::default();
    let view = RecordingsPage {
        case: id,
        advice,
        kind: subject.case.advice(advice).map_or("", |asked| asked.kind.label()),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        file: file.into(),
        lines,
        may_keep: is_live,
        name: subject.name.clone(),
    };
    form_page(session, id, "Recordings", &subject.name, problem, &view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    page(&app, &session, ids, &Problem::default()).await
}

fn wrong(message: impl Into<String>) -> Error {
    Error::Fields(vec![FieldError::new("file", message)])
}

/// Keeps the files of a form, all of them or none.
fn keep(
    app: &App,
    who: &Who,
    (id, advice): (CaseId, AdviceId),
    posted: &mut posted_files::PostedFiles,
) -> Result<(), Error> {
    if let Some(error) = posted.errors.pop() {
        return Err(Error::Fields(vec![error]));
    }
    if posted.files.is_empty() {
        return Err(wrong("Choose at least one file"));
    }
    let mut rows = Vec::new();
    for (_, arrived) in &posted.files {
        let media_type = files::sniff(&arrived.name, &arrived.head).filter(|found| MediaKind::of(found).is_some());
        let Some(media_type) = media_type else {
            return Err(wrong(format!("{} is no picture, sound or video", arrived.name)));
        };
        rows.push(DocumentRow {
            id: DocumentId(app.ids.next()),
            kind: RECORDING,
            title: arrived.name.clone(),
            media_type,
            size_bytes: usize::try_from(arrived.bytes).unwrap_or(usize::MAX),
            fingerprint: arrived.fingerprint.clone(),
            made_on: who.today,
            notice: None,
        });
    }
    for (_, arrived) in posted.files.drain(..) {
        app.files.adopt(&arrived.id.to_string(), &arrived.fingerprint)?;
    }
    app.db.write("visits.keep_recording", |tx| {
        let subject = desk(tx, who, id, advice)?;
        let before = kept(tx, who, &subject, advice)?;
        // Sent twice, it is kept once.
        let mut known: HashSet<&str> = before.iter().map(|(_, file)| file.fingerprint.as_str()).collect();
        let documents: Vec<DocumentRow> = rows.iter().filter(|row| known.insert(&row.fingerprint)).cloned().collect();
        if documents.is_empty() {
            return Ok(());
        }
        let keep = |row: &DocumentRow| Command::Recordings(Recordings::Keep { advice, document: row.id });
        let commands = documents.iter().map(keep).collect();
        for row in &documents {
            checks::begin(tx, app, who.authority, &row.fingerprint)?;
        }
        let papers = Papers { documents, ..Papers::default() };
        journal::act(tx, who, id, Act { action: Action::BookVisit, seen: None, commands, papers }).map(|_| ())
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
        // Nothing is taken in from somebody who does not write this advice.
        let who = who.clone();
        app.blocking(move |app| app.db.read("visits.may_keep", |tx| desk(tx, &who, id, advice).map(|_| ()))).await?;
    }
    let mut posted = posted_files::read(&app, &session, form, &["file"], FILES_MAX, FILE_BYTES_MAX).await?;
    let done = app
        .blocking(move |app| {
            let done = keep(app, &who, (id, advice), &mut posted);
            posted.drop_files(app)?;
            done
        })
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/children/{id}/advice/{advice}/recordings"))),
        Err(error) => {
            let page = page(&app, &session, (id, advice), &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// The file, to those who write this advice.
pub async fn file(
    State(app): State<App>,
    session: Session,
    Path((id, advice, document)): Path<(CaseId, AdviceId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        let file = app.db.read("visits.recording", |tx| -> Result<_, Error> {
            let subject = desk(tx, &who, id, advice)?;
            let found = kept(tx, &who, &subject, advice)?.into_iter().find(|(_, file)| file.id == document);
            found.map(|(_, file)| file).ok_or(Error::NotFound)
        })?;
        case_page::give_private(app, &headers, file)
    })
    .await
}

/// Takes one out: nobody opens it any more.
pub async fn remove(
    State(app): State<App>,
    session: Session,
    Path((id, advice, document)): Path<(CaseId, AdviceId, DocumentId)>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    let who = session.who(&app);
    app.blocking(move |app| {
        app.db.write("visits.remove_recording", |tx| -> Result<(), Error> {
            let subject = desk(tx, &who, id, advice)?;
            // Pressed twice, it is gone once.
            if !recordings::of(&subject.case, advice).any(|one| one.document == document) {
                return Ok(());
            }
            let commands = vec![Command::Recordings(Recordings::Remove { document })];
            let act = Act { action: Action::BookVisit, seen: None, commands, papers: Papers::default() };
            journal::act(tx, &who, id, act).map(|_| ())
        })
    })
    .await?;
    Ok(see_other(&format!("/children/{id}/advice/{advice}/recordings")))
}
