//! A letter that came by post: its scan goes straight to the record, and a receipt with a number can
//! be printed for whoever brought or sent it.

use super::contacts::{NewContact, case_for, groups};
use crate::assessment::receipts;
use crate::journal::{self, Act, DocumentRow, Papers, Who};
use crate::record::{files, store};
use crate::uploads::checks;
use crate::web::upload::{Arrived, size, take_in as take_in_file};
use crate::web::{Fields, Frame, Page, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::receipts::{Receipt, SentFile};
use casework::requests::Channel;
use casework::{CaseId, DocumentId, EnquiryId};
use uuid::Uuid;

const FILE_BYTES_MAX: u64 = 100_000_000;
/// Most bytes of one field that is typed.
const TYPED_BYTES_MAX: usize = 8000;

#[derive(Template)]
#[template(path = "front_door/letter.html")]
struct LetterPage<'a> {
    name: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    file: govuk::Html,
    contact: Uuid,
}

async fn page(app: &App, session: &Session, id: CaseId, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    let who = session.who(app);
    let details = app
        .blocking(move |app| {
            app.db.read("front_door.letter", |tx| -> Result<_, Error> {
                case_for(tx, &who, id)?;
                Ok(store::person(tx, who.authority, id)?.1)
            })
        })
        .await?;
    let mut typed = typed.clone();
    if typed.is_empty() {
        typed.set("came-on", app.clock.today().to_string());
    }
    let wrong = problem.errors.iter().find(|error| error.field == "file").map(|error| error.message.as_str());
    let file = govuk::FileUpload::new("file", "The scan of the letter")
        .hint(format!("A PDF, a photo or a Word document of at most {}", size(FILE_BYTES_MAX)))
        .error(wrong);
    let view = LetterPage {
        name: details.display_name(),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        file: file.into(),
        contact: typed.get("contact").parse().unwrap_or_else(|_| app.ids.next()),
    };
    Frame::for_session(session, format!("A letter, {}", view.name))
        .here("/contacts")
        .back(format!("/children/{id}/contacts"), "Back to contacts")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(&app, &session, id, &Typed::default(), &Problem::default()).await
}

fn unreadable(_: impl std::fmt::Debug) -> Error {
    Error::BadRequest("The form could not be read. Go back and try again.".into())
}

/// A field that was typed, bounded while it is read.
async fn typed_field(field: &mut Field<'_>) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(part) = field.chunk().await.map_err(unreadable)? {
        bytes.extend_from_slice(&part);
        if bytes.len() > TYPED_BYTES_MAX {
            return Err(Error::BadRequest("A field is too long.".into()));
        }
    }
    let text = String::from_utf8(bytes).map_err(unreadable)?;
    if text.contains('\0') { Err(unreadable(())) } else { Ok(text) }
}

/// Reads the form; the file comes last, and nothing of a form that is not ours reaches the disk.
async fn read(app: &App, session: &Session, form: &mut Multipart, typed: &mut Typed) -> Result<Option<Arrived>, Error> {
    let mut is_trusted = false;
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "csrf" => is_trusted = typed_field(&mut field).await? == session.csrf,
            "file" if is_trusted => return take_in_file(app, app.ids.next(), field, FILE_BYTES_MAX).await,
            "file" => return Err(Error::Forged),
            _ if typed.fields().len() < 20 => typed.set(&name, typed_field(&mut field).await?),
            _ => {}
        }
    }
    if is_trusted { Ok(None) } else { Err(Error::Forged) }
}

/// Keeps the letter on the record; sent twice, it is one.
fn keep(app: &App, who: &Who, id: CaseId, typed: &Typed, arrived: Arrived) -> Result<EnquiryId, Error> {
    let media_type = files::sniff(&arrived.name, &arrived.head).ok_or_else(|| {
        let refused = format!("{} cannot be taken. Scan it as a PDF or take a photo", arrived.name);
        Error::Fields(vec![FieldError::new("file", refused)])
    })?;
    let mut problems = Problems::default();
    let new = NewContact::parse(typed, who.today, &mut problems);
    problems.check()?;
    let new = new.ok_or(Error::NotFound)?;
    let enquiry = EnquiryId(typed.get("contact").parse().unwrap_or_else(|_| app.ids.next()));
    app.files.adopt(&arrived.id.to_string(), &arrived.fingerprint)?;
    app.db.write("front_door.take_in_letter", |tx| {
        if case_for(tx, who, id)?.enquiries.iter().any(|known| known.id == enquiry) {
            return Ok(());
        }
        let document = DocumentId(app.ids.next());
        let sent = vec![SentFile { document, fingerprint: arrived.sha256.clone() }];
        let receipt = receipts::receipt(tx, who.authority, who.today, &new.note, sent)?;
        let (command, texts) = new.clone().noted(app, enquiry, Some(receipt));
        let mut papers = Papers::texts(texts);
        papers.documents.push(DocumentRow {
            id: document,
            kind: crate::papers::LETTER,
            title: arrived.name.clone(),
            media_type,
            size_bytes: usize::try_from(arrived.bytes).unwrap_or(usize::MAX),
            fingerprint: arrived.fingerprint.clone(),
            made_on: new.on,
            notice: None,
        });
        let act = Act { action: Action::NoteContact, seen: None, commands: vec![command], papers };
        journal::act(tx, who, id, act)?;
        checks::begin(tx, app, who.authority, &arrived.fingerprint)?;
        Ok::<(), Error>(())
    })?;
    Ok(enquiry)
}

pub async fn take_in(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    mut form: Multipart,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking({
        let who = who.clone();
        move |app| app.db.read("front_door.may_take_in", |tx| case_for(tx, &who, id).map(|_| ()))
    })
    .await?;
    let mut typed = Typed::default();
    let arrived = read(&app, &session, &mut form, &mut typed).await;
    typed.set("channel", Channel::Letter.to_string());
    let posted = typed.clone();
    let kept = match arrived {
        Ok(Some(arrived)) => {
            app.blocking(move |app| {
                let waiting = arrived.id;
                let kept = keep(app, &who, id, &posted, arrived);
                // Whatever was in the way, nothing of a letter that is not on the record stays.
                app.files.drop_arriving(&waiting.to_string())?;
                kept
            })
            .await
        }
        Ok(None) => {
            let mut problems = Problems::default();
            NewContact::parse(&posted, who.today, &mut problems);
            problems.add("file", "Select the scan of the letter");
            Err(problems.check().err().unwrap_or(Error::NotFound))
        }
        Err(error) => Err(error),
    };
    match kept {
        Ok(enquiry) => Ok(see_other(&format!("/children/{id}/contacts/{enquiry}/receipt"))),
        Err(error) => {
            let page = page(&app, &session, id, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "front_door/receipt.html")]
struct ReceiptPage {
    area: String,
    council: crate::admin::areas::Organisation,
    receipt: Receipt,
    /// "Letter, Monday 23 November 2026".
    how: String,
    sender: String,
}

/// The receipt, to print and hand over. It names no child: who it is for knows.
pub async fn receipt(
    State(app): State<App>,
    session: Session,
    Path((id, enquiry)): Path<(CaseId, EnquiryId)>,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let view = app
        .blocking(move |app| {
            app.db.read("front_door.receipt", |tx| -> Result<_, Error> {
                let case = case_for(tx, &who, id)?;
                let found = case.enquiries.iter().find(|known| known.id == enquiry).ok_or(Error::NotFound)?;
                let receipt = found.receipt.clone().ok_or(Error::NotFound)?;
                let groups = groups(tx, &case, who.today)?;
                let mut lines = groups.into_iter().flat_map(|group| std::iter::once(group.first).chain(group.others));
                let line = lines.find(|line| line.id == enquiry).ok_or(Error::NotFound)?;
                let (_, area, profile) = store::authority(tx, who.authority)?;
                Ok(ReceiptPage { area, council: profile.council, receipt, how: line.how, sender: line.sender })
            })
        })
        .await?;
    Frame::for_session(&session, format!("Receipt {}", view.receipt.number))
        .here("/contacts")
        .back(format!("/children/{id}/contacts"), "Back to contacts")
        .render(&view)
}
