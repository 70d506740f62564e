//! The family's papers to keep: to open, and to have sent on paper.

use super::child::{documents, own};
use crate::journal::{self, Act, Papers};
use crate::plan::jobs::EASY_READ;
use crate::record::store::DocumentLine;
use crate::web::{Frame, Page, Posted, Session, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::{Action, Role};
use casework::papers::{self, WantedCopy};
use casework::{Case, CaseId, Command, DocumentId, UserId};
use jiff::civil::Date;
use uuid::Uuid;

/// What can be printed and posted.
const PDF: &str = "application/pdf";
/// Most papers that one page shows, the newest first.
const SHOWN_MAX: usize = 100;

struct Copy {
    id: Uuid,
    title: String,
    is_easy_read: bool,
    /// A file for Word is to open and change, not to print.
    may_be_posted: bool,
    made_on: Date,
    /// Asked for, and the day by which it is posted; or the day on which it was.
    asked: Option<(Date, Date)>,
    posted_on: Option<Date>,
}

#[derive(Template)]
#[template(path = "family/copies.html")]
struct CopiesPage<'a> {
    case: CaseId,
    csrf: &'a str,
    copies: Vec<Copy>,
    /// Whether any is in easy read.
    has_easy_read: bool,
}

/// What was sent to the family or made for it to read. What it sent itself it has.
fn may_be_copied(document: &DocumentLine) -> bool {
    document.notice.is_some() || document.kind != "evidence"
}

fn copy(case: &Case, document: DocumentLine, reader: UserId) -> Copy {
    let own = case.on_file.wanted.iter().rev().filter(|wanted| wanted.by == reader);
    let last: Option<&WantedCopy> = own.into_iter().find(|wanted| wanted.document.0 == document.id);
    Copy {
        id: document.id,
        may_be_posted: document.media_type == PDF,
        is_easy_read: document.kind == EASY_READ,
        title: document.title,
        made_on: document.made_on,
        asked: last.filter(|wanted| wanted.is_open()).map(|wanted| (wanted.on, wanted.post_by())),
        posted_on: last.and_then(|wanted| wanted.sent_on),
    }
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let (who, reader) = (session.who(&app), session.signed_in.actor.user);
    let copies = app
        .blocking(move |app| {
            app.db.read("family.copies", |tx| -> Result<_, Error> {
                let case = own(tx, &who, id, Action::SeeOwnRecord)?;
                let all = documents(tx, &case, who.user())?.into_iter().filter(may_be_copied).take(SHOWN_MAX);
                Ok(all.map(|document| copy(&case, document, reader)).collect::<Vec<_>>())
            })
        })
        .await?;
    let view = CopiesPage {
        case: id,
        csrf: &session.csrf,
        has_easy_read: copies.iter().any(|copy| copy.is_easy_read),
        copies,
    };
    let is_own = session.signed_in.actor.role == Role::YoungPerson;
    let back = if is_own { format!("/family/{id}/record") } else { format!("/family/{id}") };
    Frame::for_session(&session, "Papers to keep").here("/family").back(back, "Back").render(&view)
}

/// Asks for one of them on paper, once.
pub async fn ask(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, by) = (session.who(&app), session.signed_in.actor.user);
    let document: DocumentId = typed.get("document").parse().map_err(|_| Error::NotFound)?;
    app.blocking(move |app| {
        app.db.write("family.ask_for_copy", |tx| -> Result<(), Error> {
            let case = own(tx, &who, id, Action::AskForCopy)?;
            let known = documents(tx, &case, who.user())?.into_iter().filter(may_be_copied);
            known.into_iter().find(|known| known.id == document.0 && known.media_type == PDF).ok_or(Error::NotFound)?;
            let commands = vec![Command::Papers(papers::Command::AskForCopy { document, by })];
            let act = Act { action: Action::AskForCopy, seen: None, commands, papers: Papers::default() };
            journal::act(tx, &who, id, act).map(|_| ())
        })
    })
    .await?;
    Ok(see_other(&format!("/family/{id}/copies#paper-{}", document.0)))
}
