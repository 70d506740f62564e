//! Advice that came as a file. A file on the wrong child's record is where most papers in the wrong
//! envelope begin: its words are looked at before it is put there.

use super::advice::asked_of;
use crate::journal::{self, DocumentRow, Papers};
use crate::recipients::{Leaving, held, text};
use crate::record::{files, store};
use crate::uploads::checks;
use crate::web::case_form::{Asked, form_page, subject, submit};
use crate::web::upload::{Arrived, size, take_in};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::advice;
use casework::recipients::Sending;
use casework::{AdviceId, CaseId, Command, DocumentId};

const FILE_BYTES_MAX: u64 = 100_000_000;
/// Longest value of a field beside the file.
const FIELD_CHARS_MAX: usize = 200;

#[derive(Template)]
#[template(path = "assessment/advice_file.html")]
struct FilePage<'a> {
    case: CaseId,
    advice: AdviceId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    file: govuk::Html,
    kind: &'static str,
    body: String,
}

async fn page(
    app: App,
    session: Session,
    (id, advice): (CaseId, AdviceId),
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (today, reader) = (who.today, who.clone());
    let (subject, bodies) = app
        .blocking(move |app| {
            app.db.read("assessment.advice_file_form", |tx| -> Result<_, Error> {
                Ok((subject(tx, &who, id, Action::RecordAdvice)?, store::bodies(tx, who.authority)?))
            })
        })
        .await?;
    let asked = asked_of(&subject.case, &reader, advice)?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.set("on", today.to_string());
        typed
    });
    let wrong = problem.errors.iter().find(|error| error.field == "file").map(|error| error.message.as_str());
    let view = FilePage {
        case: id,
        advice,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        file: govuk::FileUpload::new("file", "The file")
            .hint(format!("A PDF or a Word document is read and checked. At most {}.", size(FILE_BYTES_MAX)))
            .error(wrong)
            .into(),
        kind: asked.kind.label(),
        body: bodies.into_iter().find(|body| body.id == asked.body).map(|body| body.name).unwrap_or_default(),
        name: subject.name.clone(),
    };
    form_page(&session, id, &format!("Advice as a file: {}", view.kind), &subject.name, &problem, &view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    page(app, session, ids, None, Problem::default()).await
}

/// The parts of the form: fields as typed, and the file, if one was sent.
async fn parts(app: &App, mut form: Multipart) -> Result<(Typed, Option<Arrived>), Error> {
    let unreadable = |_| Error::BadRequest("The form could not be read. Go back and try again.".into());
    let (mut fields, mut arrived) = (Vec::new(), None);
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default().to_owned() {
            name if name == "file" && arrived.is_none() => {
                arrived = take_in(app, app.ids.next(), field, FILE_BYTES_MAX).await?;
            }
            name if fields.len() < 20 => {
                let mut value = Vec::new();
                while let Some(part) = field.chunk().await.map_err(unreadable)? {
                    if value.len() + part.len() > FIELD_CHARS_MAX {
                        return Err(Error::BadRequest("The form is too large.".into()));
                    }
                    value.extend_from_slice(&part);
                }
                fields.push((name, String::from_utf8_lossy(&value).replace('\0', "")));
            }
            _ => {}
        }
    }
    Ok((Typed::new(fields), arrived))
}

/// Takes the file in, then goes on as with one that is kept.
pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, AdviceId)>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        app.db.read("assessment.advice_file_may", |tx| {
            let subject = subject(tx, &who, ids.0, Action::RecordAdvice)?;
            asked_of(&subject.case, &who, ids.1).map(|_| ())
        })
    })
    .await?;
    let missing = || Problem { errors: vec![FieldError::new("file", "Choose the file")] };
    let Ok(form) = form else {
        let page = page(app, session, ids, None, missing()).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let (typed, arrived) = match parts(&app, form).await {
        Err(Error::Fields(errors)) => {
            let page = page(app, session, ids, None, Problem { errors }).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        found => found?,
    };
    let is_ours = typed.get("csrf") == session.csrf;
    let kept = app
        .blocking(move |app| {
            let Some(arrived) = arrived else { return Ok(Err("Choose the file")) };
            let waiting = arrived.id.to_string();
            if !is_ours {
                app.files.drop_arriving(&waiting)?;
                return Err(Error::Forged);
            }
            if files::sniff(&arrived.name, &arrived.head).is_none() {
                app.files.drop_arriving(&waiting)?;
                return Ok(Err("This cannot be taken. Choose a PDF, a Word document, a picture or a recording"));
            }
            app.files.adopt(&waiting, &arrived.fingerprint)?;
            Ok(Ok((arrived.fingerprint, arrived.name)))
        })
        .await?;
    if !is_ours {
        return Err(Error::Forged);
    }
    let mut typed = typed;
    match kept {
        Ok((fingerprint, title)) => {
            typed.set("fingerprint", fingerprint);
            typed.set("title", title);
            put(app, session, ids, typed, true).await
        }
        Err(message) => {
            let problem = Problem { errors: vec![FieldError::new("file", message)] };
            let page = page(app, session, ids, Some(typed), problem).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// The same file again, after it was held: with reasons, or once somebody else let it go.
pub async fn save_kept(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, AdviceId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    if typed.get(held::AGAIN) == "yes" {
        return Ok(page(app, session, ids, Some(held::without_release(&typed)), Problem::default())
            .await?
            .into_response());
    }
    put(app, session, ids, typed, false).await
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

async fn put(
    app: App,
    session: Session,
    (id, advice): (CaseId, AdviceId),
    typed: Typed,
    is_new: bool,
) -> Result<Response, Error> {
    let fingerprint = typed.get("fingerprint").to_owned();
    if !is_fingerprint(&fingerprint) {
        return Err(Error::NotFound);
    }
    let title: String = typed.get("title").chars().take(FIELD_CHARS_MAX).collect();
    let wanted = (fingerprint.clone(), title.clone());
    let (leaving, media_type, length) = app
        .blocking(move |app| {
            let bytes = app.files.get(&wanted.0).map_err(|_| Error::NotFound)?;
            let media_type = files::sniff(&wanted.1, &bytes[..bytes.len().min(8192)]).ok_or(Error::NotFound)?;
            let length = bytes.len();
            let read = text::of(bytes, media_type);
            let mut leaving = read.leaving(Leaving::new(Sending::Advice), &wanted.1);
            leaving.is_whole_paper = leaving.unread.is_none();
            // The very bytes: two scans with the same name are two files.
            leaving.seal = Some(wanted.0);
            Ok((leaving, media_type, length))
        })
        .await?;
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, (id, advice), Some(typed), problem)
    };
    let address = format!("/children/{id}/advice/{advice}/file/kept");
    submit(
        &app,
        &session,
        id,
        Posted(typed),
        &address,
        "The file is on the record, and the answer is recorded.",
        move |tx, app, who, typed| {
            let case = journal::load(tx, who.authority, id)?.case;
            asked_of(&case, who, advice)?;
            // A file that did not come with this form is one that was held here, and no other.
            if !is_new && !case.holds.iter().any(|hold| hold.digest == leaving.digest()) {
                return Err(Error::NotFound);
            }
            let mut problems = Problems::default();
            let on = problems.date(typed, "on", "The day of the answer");
            problems.check()?;
            let document = DocumentId(app.ids.next());
            let row = DocumentRow {
                id: document,
                kind: crate::papers::ADVICE,
                title: title.clone(),
                media_type,
                size_bytes: length,
                fingerprint: fingerprint.clone(),
                made_on: who.today,
                notice: None,
            };
            checks::begin(tx, app, who.authority, &fingerprint)?;
            let command = advice::Command::Record {
                advice,
                document: Some(document),
                text: None,
                on: on.ok_or(Error::NotFound)?,
            };
            Ok(Asked {
                action: Action::RecordAdvice,
                commands: vec![Command::Advice(command)],
                papers: Papers { documents: vec![row], ..Papers::default() },
            }
            .leaving(leaving.clone()))
        },
        again,
    )
    .await
}
