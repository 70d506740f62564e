//! Adding papers: many files, what each is, and its date; then all of them at once, with a receipt.

use super::arrive::{FILES_MAX, place_of};
use super::{EVIDENCE, PAPER, actor, desk, place, root, side};
use crate::assessment::receipts;
use crate::journal::{Act, DocumentRow, Papers, Who};
use crate::post::{self, To, Words};
use crate::recipients::{self, Leaving, Outcome, held, text};
use crate::record::files;
use crate::uploads::store::{self, Upload};
use crate::uploads::{self, FILE_BYTES_MAX, Place, Unfinished, checks};
use crate::web::upload::size;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, posted_files,
    see_other,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::messages::Side;
use casework::papers::{self, NewPaper, PaperKind};
use casework::post::Kind;
use casework::receipts::ReceiptNumber;
use casework::recipients::Sending;
use casework::{Case, CaseId, Command, DocumentId};
use db::Tx;
use strum::IntoEnumIterator;
use uuid::Uuid;

/// Names of the fields of each paper on the page.
macro_rules! numbered {
    ($stem:literal, $end:literal) => {
        numbered!($stem, $end, 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)
    };
    ($stem:literal, $end:literal, $($number:literal)+) => {
        [$(concat!($stem, $number, $end)),+]
    };
}
const PAPERS: [&str; FILES_MAX] = numbered!("paper-", "");
const KINDS: [&str; FILES_MAX] = numbered!("paper-", "-kind");
const DATES: [&str; FILES_MAX] = numbered!("paper-", "-on");
const DATE_PARTS: [&str; 3] = ["day", "month", "year"];

/// One file that is whole and waits to be sent.
struct Line {
    id: Uuid,
    title: String,
    what: &'static str,
    size: String,
    /// The names of its fields.
    paper: &'static str,
    kind: &'static str,
    dated: &'static str,
}

#[derive(Template)]
#[template(path = "papers/add.html")]
struct AddPage<'a> {
    name: String,
    side: Side,
    here: String,
    csrf: &'a str,
    summary: govuk::Html,
    file: govuk::Html,
    lines: Vec<Line>,
    unfinished: Vec<Unfinished>,
    kinds: Vec<Choice>,
    f: Fields<'a>,
}

/// The files that are whole, in the order in which they came.
fn whole(tx: &mut dyn Tx, place: &Place) -> Result<Vec<Upload>, Error> {
    let mut all = store::list(tx, place)?;
    all.retain(|upload| upload.whole.is_some());
    all.truncate(FILES_MAX);
    Ok(all)
}

/// What was typed about each file, under the names that its fields have on the page now.
fn typed_about(uploads: &[Upload]) -> Result<Typed, Error> {
    let mut typed = Typed::default();
    for (at, upload) in uploads.iter().enumerate() {
        let said: Vec<(String, String)> = serde_json::from_str(&upload.said)
            .map_err(|cause| Error::Broken { step: "read what was typed", cause: cause.to_string() })?;
        for (field, value) in said {
            match field.as_str() {
                "kind" => typed.set(KINDS[at], value),
                part => typed.set(&format!("{}-{part}", DATES[at]), value),
            }
        }
    }
    Ok(typed)
}

/// Keeps what was typed with its file, so that nothing is lost when another one is added first.
fn keep_typed(tx: &mut dyn Tx, place: &Place, typed: &Typed) -> Result<(), Error> {
    for at in 0..FILES_MAX {
        let Ok(id) = typed.get(PAPERS[at]).parse::<Uuid>() else { continue };
        let bounded = |name: &str| typed.get(name).chars().take(40).collect::<String>();
        let mut said = vec![("kind".to_owned(), bounded(KINDS[at]))];
        said.extend(DATE_PARTS.map(|part| (part.to_owned(), bounded(&format!("{}-{part}", DATES[at])))));
        let said = serde_json::to_string(&said)
            .map_err(|cause| Error::Broken { step: "keep what was typed", cause: cause.to_string() })?;
        store::say(tx, place, id, &said)?;
    }
    Ok(())
}

async fn page(app: &App, session: &Session, id: CaseId, problem: &Problem) -> Result<Page, Error> {
    let who = session.who(app);
    let side = side(session.signed_in.actor.role);
    let place_here = place_of(&who, id, "papers")?;
    let (name, waiting, unfinished) = app
        .blocking(move |app| {
            app.db.read("papers.add_page", |tx| -> Result<_, Error> {
                let (_, name) = desk(tx, &who, id, Action::AddPapers)?;
                Ok((name, whole(tx, &place_here)?, uploads::unfinished(tx, &place_here)?))
            })
        })
        .await?;
    let typed = typed_about(&waiting)?;
    let wrong = problem.errors.iter().find(|error| error.field == "file").map(|error| error.message.as_str());
    let label = if waiting.is_empty() { "Choose files" } else { "Choose more files" };
    let mut file = govuk::FileUpload::new("file", label)
        .hint(format!(
            "Photos, sound or video recordings, PDF, Word or plain text. At most {FILES_MAX} files of {} each.",
            size(FILE_BYTES_MAX)
        ))
        .error(wrong);
    file.multiple = true;
    let lines = waiting.iter().enumerate().map(|(at, upload)| Line {
        id: upload.id,
        title: upload.title.clone(),
        what: upload.whole.as_ref().map(|whole| files::word_for(whole.media_type)).unwrap_or_default(),
        size: size(upload.bytes),
        paper: PAPERS[at],
        kind: KINDS[at],
        dated: DATES[at],
    });
    let view = AddPage {
        name: name.clone(),
        side,
        here: format!("{}/papers", root(side, id)),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        file: file.into(),
        lines: lines.collect(),
        unfinished,
        kinds: choices(PaperKind::iter(), |kind| kind.to_string(), PaperKind::label),
        f: Fields { typed: &typed, errors: &problem.errors },
    };
    let back = match side {
        Side::Family => format!("/family/{id}"),
        Side::Council => format!("/children/{id}"),
    };
    Frame::for_session(session, format!("Add papers, {name}"))
        .here(place(side))
        .back(back, "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(&app, &session, id, &Problem::default()).await
}

/// What each file is, as its sender says it.
fn said(uploads: &[Upload]) -> Result<Vec<NewPaper>, Error> {
    let typed = typed_about(uploads)?;
    let mut problems = Problems::default();
    let mut papers = Vec::new();
    for (at, upload) in uploads.iter().enumerate() {
        let Some(whole) = &upload.whole else { continue };
        let kind = problems.choice::<PaperKind>(&typed, KINDS[at], &format!("Choose what {} is", upload.title));
        let dated = problems.optional_date(&typed, DATES[at], &format!("The date of {}", upload.title));
        papers.push(NewPaper {
            document: DocumentId(upload.id),
            fingerprint: whole.sha256.clone(),
            kind: kind.unwrap_or(PaperKind::Other),
            dated,
        });
    }
    problems.check()?;
    Ok(papers)
}

/// What staff put on a record, with its words: a paper on the wrong record is where it begins that one
/// child's paper reaches another family. What a family sends of its own child is not looked at. What no
/// machine can read stays inside; when it is to leave, somebody looks at it.
fn leaving(app: &App, who: &Who, uploads: &[Upload]) -> Result<Option<Leaving>, Error> {
    if side(actor(who)?.role) == Side::Family {
        return Ok(None);
    }
    let mut leaving = Leaving::new(Sending::Paper);
    let mut seal = String::new();
    for upload in uploads {
        let Some(whole) = &upload.whole else { continue };
        let may_be_read = usize::try_from(upload.bytes).is_ok_and(|bytes| bytes <= text::BYTES_MAX);
        let read = match may_be_read && text::is_read(whole.media_type) {
            true => text::of(app.files.get(&whole.fingerprint)?, whole.media_type),
            false => text::Read::default(),
        };
        let places = read.parts.into_iter().map(|(place, words)| (format!("{}, {place}", upload.title), words));
        leaving = leaving.part("the name of the file", text::spoken(&upload.title)).parts(places);
        seal.push_str(&whole.fingerprint);
    }
    leaving.seal = Some(seal);
    Ok(Some(leaving))
}

/// Records the papers in this transaction, with their receipt; or holds them.
fn record(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    id: CaseId,
    uploads: &[Upload],
    (leaving, typed): (Option<&Leaving>, &Typed),
) -> Result<Outcome<ReceiptNumber>, Error> {
    let side = side(actor(who)?.role);
    let receipt = receipts::number(tx, who.authority, who.today)?;
    let mut documents = Vec::new();
    for upload in uploads {
        let Some(whole) = &upload.whole else { continue };
        documents.push(DocumentRow {
            id: DocumentId(upload.id),
            kind: if side == Side::Family { EVIDENCE } else { PAPER },
            title: upload.title.clone(),
            media_type: whole.media_type,
            size_bytes: usize::try_from(upload.bytes).unwrap_or(usize::MAX),
            fingerprint: whole.fingerprint.clone(),
            made_on: who.today,
            notice: None,
        });
    }
    let command = papers::Command::Add { papers: said(uploads)?, from: side, receipt };
    let act = Act {
        action: Action::AddPapers,
        seen: None,
        commands: vec![Command::Papers(command)],
        papers: Papers { documents, ..Papers::default() },
    };
    let after = match recipients::act(tx, app, who, id, act, leaving, typed)? {
        Outcome::Done(after) => after.case,
        Outcome::Held(held) => return Ok(Outcome::Held(held)),
    };
    for upload in uploads {
        let Some(whole) = &upload.whole else { continue };
        checks::begin(tx, app, who.authority, &whole.fingerprint)?;
        store::forget(tx, upload.id)?;
    }
    tell_officer(tx, app, who, &after, receipt)?;
    Ok(Outcome::Done(receipt))
}

/// Tells the officer that there is something to read, unless they added it themselves.
fn tell_officer(tx: &mut dyn Tx, app: &App, who: &Who, case: &Case, receipt: ReceiptNumber) -> Result<(), Error> {
    let Some(officer) = case.officer.filter(|officer| who.user() != Some(*officer)) else { return Ok(()) };
    let message = post::named(&[b"papers", case.id.0.as_bytes(), receipt.to_string().as_bytes()]);
    post::tell(tx, app, case.authority, message, &To::Person(officer), &told(case.id))
}

/// That papers came; not which, nor from whom.
pub(crate) fn told(case: CaseId) -> Words {
    Words {
        kind: Kind::PapersAdded,
        subject: "New papers".to_owned(),
        body: "Papers were added to the record of a child you work with.\n\nThey are on the child’s page, under \
               “Documents”, and the history says who added them.\n"
            .to_owned(),
        path: Some(format!("/children/{case}")),
        by: None,
    }
}

/// The receipt of papers that the form names and that are on record: it was sent twice.
fn sent_before(case: &Case, typed: &Typed) -> Option<ReceiptNumber> {
    let named = PAPERS.iter().filter_map(|field| typed.get(field).parse::<Uuid>().ok());
    named.filter_map(|id| case.on_file.paper(DocumentId(id))).map(|paper| paper.receipt).next()
}

/// Sends everything that waits, once.
fn send(app: &App, who: &Who, id: CaseId, place: &Place, typed: &Typed) -> Result<Outcome<ReceiptNumber>, Error> {
    loop {
        let (case, waiting) = app.db.read("papers.ready", |tx| -> Result<_, Error> {
            Ok((desk(tx, who, id, Action::AddPapers)?.0, whole(tx, place)?))
        })?;
        if waiting.is_empty() {
            return sent_before(&case, typed)
                .map(Outcome::Done)
                .ok_or_else(|| Error::Fields(vec![FieldError::new("file", "Choose at least one file")]));
        }
        // Nothing is taken into the store that would be refused.
        let add = papers::Command::Add {
            papers: said(&waiting)?,
            from: side(actor(who)?.role),
            receipt: ReceiptNumber { year: 0, number: 0 },
        };
        casework::decide(&case, Command::Papers(add), &who.context())?;
        for upload in &waiting {
            if let Some(whole) = &upload.whole {
                app.files.adopt(&upload.id.to_string(), &whole.fingerprint)?;
            }
        }
        // Files are read before anything is locked.
        let leaving = leaving(app, who, &waiting)?;
        let done = app.db.write("papers.send", |tx| -> Result<_, Error> {
            // Sent in another tab meanwhile, or one more has arrived: look again.
            let ids = |uploads: &[Upload]| uploads.iter().map(|upload| upload.id).collect::<Vec<_>>();
            if ids(&whole(tx, place)?) != ids(&waiting) {
                return Ok(None);
            }
            record(tx, app, who, id, &waiting, (leaving.as_ref(), typed)).map(Some)
        })?;
        if let Some(outcome) = done {
            return Ok(outcome);
        }
    }
}

/// What a form asks for, and where it leads.
fn done(app: &App, who: &Who, id: CaseId, posted: &mut posted_files::PostedFiles) -> Result<Outcome<String>, Error> {
    let side = side(actor(who)?.role);
    let place = place_of(who, id, "papers")?;
    app.db.write("papers.keep_typed", |tx| keep_typed(tx, &place, &posted.typed))?;
    let mut errors = std::mem::take(&mut posted.errors);
    while !posted.files.is_empty() {
        let (_, arrived) = posted.files.remove(0);
        errors.extend(uploads::keep(app, &place, arrived)?);
    }
    let here = format!("{}/papers", root(side, id));
    let then = posted.typed.get("then");
    if let Some(away) = then.strip_prefix("remove-") {
        let away: Uuid = away.parse().map_err(|_| Error::NotFound)?;
        match uploads::drop_upload(app, &place, away) {
            // Pressed twice, it is gone once.
            Ok(()) | Err(Error::NotFound) => return Ok(Outcome::Done(here)),
            Err(error) => return Err(error),
        }
    }
    if !errors.is_empty() {
        return Err(Error::Fields(errors));
    }
    if then == "add" {
        return Ok(Outcome::Done(here));
    }
    Ok(match send(app, who, id, &place, &posted.typed)? {
        Outcome::Done(receipt) => Outcome::Done(format!("{here}/{receipt}")),
        Outcome::Held(held) => Outcome::Held(held),
    })
}

/// The page after an answer was sent: where it leads, what holds it, or the form again.
async fn answer(
    app: &App,
    session: &Session,
    id: CaseId,
    typed: &Typed,
    done: Result<Outcome<String>, Error>,
) -> Result<Response, Error> {
    match done {
        Ok(Outcome::Done(next)) => Ok(see_other(&next)),
        Ok(Outcome::Held(held)) => {
            held::page(app, session, id, &held, typed, &format!("/children/{id}/papers/held")).await
        }
        Err(error) => {
            let page = page(app, session, id, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// The same files again, after they were held: with reasons, or once somebody else let them go.
pub async fn save_held(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let who = session.who(&app);
    let here = format!("/children/{id}/papers");
    if typed.has(held::AGAIN, "yes") {
        return Ok(see_other(&here));
    }
    let posted = typed.clone();
    let done = app
        .blocking(move |app| {
            let place = place_of(&who, id, "papers")?;
            Ok(match send(app, &who, id, &place, &posted)? {
                Outcome::Done(receipt) => Outcome::Done(format!("{here}/{receipt}")),
                Outcome::Held(held) => Outcome::Held(held),
            })
        })
        .await;
    answer(&app, &session, id, &typed, done).await
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    form: Multipart,
) -> Result<Response, Error> {
    let who = session.who(&app);
    {
        // Nothing is taken in from somebody who may not add papers here.
        let who = who.clone();
        app.blocking(move |app| app.db.read("papers.may_add", |tx| desk(tx, &who, id, Action::AddPapers).map(|_| ())))
            .await?;
    }
    let mut posted = posted_files::read(&app, &session, form, &["file"], FILES_MAX, FILE_BYTES_MAX).await?;
    let typed = posted.typed.clone();
    let done = app
        .blocking(move |app| {
            let done = done(app, &who, id, &mut posted);
            posted.drop_files(app)?;
            done
        })
        .await;
    answer(&app, &session, id, &typed, done).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_each_paper_have_names_of_their_own() {
        assert_eq!((PAPERS[0], KINDS[0], DATES[0]), ("paper-1", "paper-1-kind", "paper-1-on"));
        assert_eq!((PAPERS[19], KINDS[19], DATES[19]), ("paper-20", "paper-20-kind", "paper-20-on"));
    }
}
