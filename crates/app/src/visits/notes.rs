//! Saving the notes of a visit. What somebody else saved meanwhile is shown beside, and nothing is lost.

use super::one::{known, page};
use crate::journal::{self, Act, Papers, Text};
use crate::web::{Posted, Problem, Problems, Session, see_other};
use crate::{App, Error, FieldError};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::{CaseId, Command, Refusal, TextId, VisitId, visits};

const NOTES_CHARS_MAX: usize = 50_000;

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path((id, visit)): Path<(CaseId, VisitId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let done = app
        .blocking(move |app| {
            app.db.write("visits.note", |tx| -> Result<(), Error> {
                let (_, before) = known(tx, &who, id, visit)?;
                let mut problems = Problems::default();
                let words = problems.text(&posted, "notes", "Write something first", NOTES_CHARS_MAX);
                problems.check()?;
                let texts = crate::record::store::texts(tx, who.authority, id)?;
                let saved = before.notes.and_then(|notes| texts.get(&notes.text));
                // Sent twice, such as when the line broke after the first, it is saved once.
                if saved == Some(&words) {
                    return Ok(());
                }
                let text = Text { id: TextId(app.ids.next()), body: words };
                let seen = posted.get("seen").parse().unwrap_or_default();
                let command = visits::Command::Note { visit, seen, text: text.id };
                let act = Act {
                    action: Action::BookVisit,
                    seen: None,
                    commands: vec![Command::Visits(command)],
                    papers: Papers::texts(vec![text]),
                };
                journal::act(tx, &who, id, act).map(|_| ())
            })
        })
        .await;
    let (status, problem, open) = match done {
        Ok(()) => return Ok(see_other(&format!("/children/{id}/visits/{visit}#notes"))),
        Err(Error::Refused(Refusal::NotesChanged)) => {
            let said = Refusal::NotesChanged.to_string();
            let problem = Problem { errors: vec![FieldError::new("notes", said)] };
            (StatusCode::CONFLICT, problem, "conflict")
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Problem::of(error)?, "notes"),
    };
    let page = page(app, session, (id, visit), Some(typed), (problem, open)).await?;
    Ok((status, page).into_response())
}
