//! A redacted copy: a file of its own with words taken out, for one purpose, beside the paper itself.

use super::arrive::{place_for, place_of};
use super::{REDACTED, desk, was_sent};
use crate::journal::{self, Act, DocumentRow, Papers, Text, Who};
use crate::recipients::{Leaving, lookup, text};
use crate::record::store as records;
use crate::uploads::store::{self, Upload};
use crate::uploads::{self, FILE_BYTES_MAX, Place, Unfinished, checks};
use crate::web::upload::size;
use crate::web::{
    Choice, Fields, Frame, Page, Problem, Problems, Session, Typed, choices, error_summary, posted_files, see_other,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::body::Body;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::papers::{self, Purpose};
use casework::recipients::Sending;
use casework::{Case, CaseId, Command, DocumentId, TextId};
use db::Tx;
use std::sync::Arc;
use strum::IntoEnumIterator;
use uuid::Uuid;

/// Most characters of what was taken out and why, and of whose words.
const WORDS_CHARS_MAX: usize = 2000;
/// What a copy may be: what can be looked at, and has no words hidden under it that a program could
/// bring back.
const TAKEN: [&str; 3] = ["application/pdf", "image/png", "image/jpeg"];

#[derive(Template)]
#[template(path = "papers/redact.html")]
struct RedactPage<'a> {
    name: String,
    title: String,
    here: String,
    csrf: &'a str,
    summary: govuk::Html,
    file: govuk::Html,
    /// The file that has arrived, and its size.
    arrived: Option<(String, String)>,
    unfinished: Vec<Unfinished>,
    purposes: Vec<Choice>,
    f: Fields<'a>,
}

fn here(document: Uuid) -> String {
    format!("documents/{document}/redact")
}

/// The case, the child's name and the paper, for somebody who may redact it.
fn paper(
    tx: &mut dyn Tx,
    who: &Who,
    id: CaseId,
    document: Uuid,
) -> Result<(Arc<Case>, String, records::DocumentLine), Error> {
    let (case, name) = desk(tx, who, id, Action::RedactPapers)?;
    let documents = records::documents_for(tx, who, &case)?;
    let found = documents.into_iter().find(|line| line.id == document && was_sent(&line.kind));
    Ok((case, name, found.ok_or(Error::NotFound)?))
}

/// The copy that has arrived: the newest of them.
fn newest(tx: &mut dyn Tx, place: &Place) -> Result<Option<Upload>, Error> {
    Ok(store::list(tx, place)?.into_iter().rfind(|upload| upload.whole.is_some()))
}

async fn page(
    app: &App,
    session: &Session,
    (id, document): (CaseId, Uuid),
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let place = place_of(&who, id, &here(document))?;
    let (name, title, arrived, unfinished) = app
        .blocking(move |app| {
            app.db.read("papers.redact_page", |tx| -> Result<_, Error> {
                let (_, name, paper) = paper(tx, &who, id, document)?;
                Ok((name, paper.title, newest(tx, &place)?, uploads::unfinished(tx, &place)?))
            })
        })
        .await?;
    let wrong = problem.errors.iter().find(|error| error.field == "file").map(|error| error.message.as_str());
    let label = if arrived.is_some() { "Choose another file instead" } else { "The redacted copy" };
    let file = govuk::FileUpload::new("file", label)
        .hint("A PDF, or a picture (PNG or JPEG). Words must be gone, not only covered: save it as pictures if you are not sure.")
        .error(wrong);
    let view = RedactPage {
        name: name.clone(),
        title: title.clone(),
        here: format!("/children/{id}/{}", here(document)),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        file: file.into(),
        arrived: arrived.map(|upload| (upload.title, size(upload.bytes))),
        unfinished,
        purposes: choices(Purpose::iter(), |purpose| purpose.to_string(), Purpose::label),
        f: Fields { typed, errors: &problem.errors },
    };
    Frame::for_session(session, format!("Redacted copy of {title}, {name}"))
        .here("/children")
        .back(format!("/children/{id}/documents/{document}/about"), "Back to the paper")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(of): Path<(CaseId, Uuid)>) -> Result<Page, Error> {
    page(&app, &session, of, &Typed::default(), &Problem::default()).await
}

/// What the form says, without its file.
struct Said {
    purpose: Purpose,
    why: String,
    third_parties: Option<String>,
}

fn said(typed: &Typed, has_file: bool) -> Result<Said, Error> {
    let mut problems = Problems::default();
    if !has_file {
        problems.add("file", "Choose the file with the words taken out");
    }
    let purpose = problems.choice::<Purpose>(typed, "purpose", "Choose what the copy is for");
    let why = problems.text(typed, "why", "Say what was taken out, and why", WORDS_CHARS_MAX);
    let third_parties = problems.optional(typed, "third-parties", WORDS_CHARS_MAX);
    problems.check()?;
    Ok(Said { purpose: purpose.ok_or(Error::NotFound)?, why, third_parties })
}

fn record(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    (id, document): (CaseId, Uuid),
    upload: &Upload,
    said: &Said,
) -> Result<(), Error> {
    let (_, _, original) = paper(tx, who, id, document)?;
    let whole = upload.whole.as_ref().ok_or(Error::NotFound)?;
    let mut texts = Vec::new();
    let mut keep = |body: &str| {
        let id = TextId(app.ids.next());
        texts.push(Text { id, body: body.to_owned() });
        id
    };
    let command = papers::Command::Redact {
        of: DocumentId(document),
        copy: DocumentId(upload.id),
        fingerprint: whole.sha256.clone(),
        purpose: said.purpose,
        why: keep(&said.why),
        third_parties: said.third_parties.as_deref().map(keep),
    };
    let row = DocumentRow {
        id: DocumentId(upload.id),
        kind: REDACTED,
        title: format!("Redacted: {}", original.title),
        media_type: whole.media_type,
        size_bytes: usize::try_from(upload.bytes).unwrap_or(usize::MAX),
        fingerprint: whole.fingerprint.clone(),
        made_on: who.today,
        notice: None,
    };
    checks::begin(tx, app, who.authority, &whole.fingerprint)?;
    store::forget(tx, upload.id)?;
    let act = Act {
        action: Action::RedactPapers,
        seen: None,
        commands: vec![Command::Papers(command)],
        papers: Papers { texts, documents: vec![row], ..Papers::default() },
    };
    journal::act(tx, who, id, act)?;
    Ok(())
}

/// A copy that the family reads names no other child: words are taken out for that. There is no letting
/// go here; what is left is taken out as well.
fn names_nobody_else(app: &App, who: &Who, case: &Case, upload: &Upload) -> Result<(), Error> {
    let Some(whole) = &upload.whole else { return Ok(()) };
    let read = text::of(app.files.get(&whole.fingerprint)?, whole.media_type);
    let leaving = Leaving::new(Sending::Paper).parts(read.parts);
    let stops = app.db.read("papers.redacted_names", |tx| lookup::stops(tx, who, case, &leaving))?;
    let errors = stops.iter().take(5).map(|stop| {
        FieldError::new("file", format!("{} Take it out of the copy, and choose the file again", stop.sentence()))
    });
    let errors: Vec<FieldError> = errors.collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Fields(errors)) }
}

/// Makes the copy, once. Returns it.
fn make(app: &App, who: &Who, of: (CaseId, Uuid), posted: &mut posted_files::PostedFiles) -> Result<Uuid, Error> {
    let place = place_of(who, of.0, &here(of.1))?;
    let mut errors = std::mem::take(&mut posted.errors);
    while !posted.files.is_empty() {
        let (_, arrived) = posted.files.remove(0);
        errors.extend(uploads::keep(app, &place, arrived)?);
    }
    let (case, newest, others) = app.db.read("papers.redact_ready", |tx| -> Result<_, Error> {
        let (case, _, _) = paper(tx, who, of.0, of.1)?;
        let newest = newest(tx, &place)?;
        let mut others = store::list(tx, &place)?;
        others.retain(|upload| newest.as_ref().is_none_or(|newest| newest.id != upload.id));
        Ok((case, newest, others))
    })?;
    if let Some(upload) = &newest {
        let is_taken = upload.whole.as_ref().is_some_and(|whole| TAKEN.contains(&whole.media_type));
        if !is_taken {
            uploads::drop_upload(app, &place, upload.id)?;
            let said = format!("{} cannot be a redacted copy. Choose a PDF or a picture", upload.title);
            errors.push(FieldError::new("file", said));
        }
    }
    if !errors.is_empty() {
        return Err(Error::Fields(errors));
    }
    if newest.is_none() {
        // Pressed twice: the copy is there, made for this by the same person today.
        let is_it = |copy: &&papers::RedactedCopy| {
            copy.by == who.user() && copy.on == who.today && posted.typed.get("purpose") == copy.purpose.to_string()
        };
        if let Some(copy) = case.on_file.copies_of(DocumentId(of.1)).find(is_it) {
            return Ok(copy.document.0);
        }
    }
    let said = said(&posted.typed, newest.is_some())?;
    let upload = newest.ok_or(Error::NotFound)?;
    let whole = upload.whole.as_ref().ok_or(Error::NotFound)?;
    // Nothing is taken into the store that would be refused.
    let nothing = TextId(Uuid::nil());
    let command = papers::Command::Redact {
        of: DocumentId(of.1),
        copy: DocumentId(upload.id),
        fingerprint: whole.sha256.clone(),
        purpose: said.purpose,
        why: nothing,
        third_parties: None,
    };
    casework::decide(&case, Command::Papers(command), &who.context()).inspect_err(|_| {
        // A file that cannot be the copy is not offered again.
        let _ = uploads::drop_upload(app, &place, upload.id);
    })?;
    app.files.adopt(&upload.id.to_string(), &whole.fingerprint)?;
    if said.purpose == Purpose::Family && text::is_read(whole.media_type) {
        names_nobody_else(app, who, &case, &upload)?;
    }
    app.db.write("papers.redact", |tx| record(tx, app, who, of, &upload, &said))?;
    for other in others {
        uploads::drop_upload(app, &place, other.id)?;
    }
    Ok(upload.id)
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(of): Path<(CaseId, Uuid)>,
    form: Multipart,
) -> Result<Response, Error> {
    let who = session.who(&app);
    {
        let who = who.clone();
        app.blocking(move |app| app.db.read("papers.may_redact", |tx| paper(tx, &who, of.0, of.1).map(|_| ()))).await?;
    }
    let mut posted = posted_files::read(&app, &session, form, &["file"], 1, FILE_BYTES_MAX).await?;
    let typed = posted.typed.clone();
    let made = app
        .blocking(move |app| {
            let made = make(app, &who, of, &mut posted);
            posted.drop_files(app)?;
            made
        })
        .await;
    match made {
        Ok(copy) => Ok(see_other(&format!("/children/{}/documents/{copy}/about", of.0))),
        Err(error) => {
            let page = page(&app, &session, of, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn arrives_at(
    app: &App,
    session: &Session,
    (id, document): (CaseId, Uuid),
    headers: &HeaderMap,
) -> Result<Place, Error> {
    place_for(app, session, id, (&here(document), Action::RedactPapers), headers).await
}

pub async fn begin_upload(
    State(app): State<App>,
    session: Session,
    Path(of): Path<(CaseId, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = arrives_at(&app, &session, of, &headers).await?;
    uploads::create(&app, place, &headers).await
}

pub async fn upload_head(
    State(app): State<App>,
    session: Session,
    Path((id, document, upload)): Path<(CaseId, Uuid, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = arrives_at(&app, &session, (id, document), &headers).await?;
    uploads::head(&app, place, upload, &headers).await
}

pub async fn upload_part(
    State(app): State<App>,
    session: Session,
    Path((id, document, upload)): Path<(CaseId, Uuid, Uuid)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let place = arrives_at(&app, &session, (id, document), &headers).await?;
    uploads::patch(&app, place, upload, &headers, body).await
}

pub async fn stop_upload(
    State(app): State<App>,
    session: Session,
    Path((id, document, upload)): Path<(CaseId, Uuid, Uuid)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let place = arrives_at(&app, &session, (id, document), &headers).await?;
    uploads::stop(&app, place, upload, &headers).await
}
