//! Handing in a finished report: which of the family's papers it is, who wrote it, when.

use super::as_parent;
use super::family::{asking, may_show, papers, tell_officer};
use crate::journal::{self, Act, Papers, Text, Who};
use crate::record::store as records;
use crate::web::{Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor};
use casework::{CaseId, Command, DocumentId, TextId, independents};
use db::Tx;

const NAME_CHARS_MAX: usize = 200;

#[derive(Template)]
#[template(path = "independents/hand_in.html")]
struct HandInPage<'a> {
    case: CaseId,
    name: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    papers: Vec<Choice>,
}

async fn page(app: &App, session: &Session, id: CaseId, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    let who = session.who(app);
    let (name, papers) = app
        .blocking(move |app| {
            app.db.read("independents.hand_in", |tx| -> Result<_, Error> {
                let case = asking(tx, &who, id)?;
                let (_, details) = records::person(tx, who.authority, id)?;
                let mut papers = papers(tx, &case, &who)?;
                papers.retain(|(document, _)| {
                    document.parse().map(DocumentId).is_ok_and(|document| case.independents.report(document).is_none())
                });
                Ok((details.display_name(), papers))
            })
        })
        .await?;
    let view = HandInPage {
        case: id,
        name: name.clone(),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        papers,
    };
    Frame::for_session(session, format!("Hand in a finished report, {name}"))
        .here("/family")
        .back(format!("/family/{id}/independent"), "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(&app, &session, id, &Typed::default(), &Problem::default()).await
}

fn record(tx: &mut dyn Tx, app: &App, who: &Who, actor: &Actor, id: CaseId, typed: &Typed) -> Result<(), Error> {
    let case = asking(tx, who, id)?;
    let mut problems = Problems::default();
    let document = problems.choice::<DocumentId>(typed, "document", "Choose which of your papers it is");
    let author = problems.text(typed, "author", "Enter who wrote it", NAME_CHARS_MAX);
    let profession = problems.text(typed, "profession", "Enter their profession", NAME_CHARS_MAX);
    let dated = problems.date(typed, "dated-on", "The date of the report");
    if dated.is_some_and(|dated| dated > who.today) {
        problems.add("dated-on", "The date of the report must be today or in the past");
    }
    problems.check()?;
    let (Some(document), Some(dated)) = (document, dated) else { return Err(Error::NotFound) };
    may_show(tx, &case, who, &[document])?;
    let text = |body: String| Text { id: TextId(app.ids.next()), body };
    let (author, profession) = (text(author), text(profession));
    let command = independents::Command::HandIn {
        document,
        author: author.id,
        profession: profession.id,
        dated,
        as_parent: as_parent(actor),
    };
    let act = Act {
        action: Action::InviteIndependent,
        seen: None,
        commands: vec![Command::Independents(command)],
        papers: Papers::texts(vec![author, profession]),
    };
    let after = journal::act(tx, who, id, act)?.case;
    tell_officer(tx, app, &after, document.0)
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, actor, posted) = (session.who(&app), session.signed_in.actor.clone(), typed.clone());
    let done = app
        .blocking(move |app| app.db.write("independents.save_report", |tx| record(tx, app, &who, &actor, id, &posted)))
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/family/{id}/independent?done=report"))),
        Err(error) => {
            let page = page(&app, &session, id, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
