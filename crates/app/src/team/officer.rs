//! Naming the officer who works with a child.

use crate::journal::{Act, Loaded, Papers, Who, act, authorise, load};
use crate::record::store;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, back_to_case, conflict, error_summary,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Role};
use casework::{AuthorityId, CaseId, UserId, people};
use db::Tx;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "team/officer.html")]
struct OfficerPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    officers: Vec<Choice>,
}

/// Who may be named: officers and managers of the area.
///
/// # Errors
/// When the database fails.
pub(crate) fn officers(tx: &mut dyn Tx, authority: AuthorityId) -> Result<Vec<(Uuid, String)>, Error> {
    let may_be = |role: &str| role.parse::<Role>().is_ok_and(|role| matches!(role, Role::Officer | Role::Manager));
    let users = store::users(tx, authority)?;
    Ok(users.into_iter().filter(|(_, _, role)| may_be(role)).map(|(id, name, _)| (id, name)).collect())
}

/// Names the officer for a child.
///
/// # Errors
/// [`Error::Fields`] when it is nobody who may be, and as [`act`].
pub(crate) fn assign(tx: &mut dyn Tx, who: &Who, id: CaseId, typed: &Typed) -> Result<Loaded, Error> {
    let mut problems = Problems::default();
    let ask = "Select an officer";
    let officer: Option<Uuid> = problems.choice(typed, "officer", ask);
    if let Some(officer) = officer
        && !officers(tx, who.authority)?.iter().any(|(id, _)| *id == officer)
    {
        problems.add("officer", ask);
    }
    problems.check()?;
    let command =
        casework::Command::People(people::Command::AssignOfficer { officer: UserId(officer.unwrap_or_default()) });
    let papers = Papers::default();
    act(tx, who, id, Act { action: Action::AssignOfficer, seen: typed.seen(), commands: vec![command], papers })
}

async fn page(app: &App, session: &Session, id: CaseId, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    let who = session.who(app);
    let (name, version, officers) = app
        .blocking(move |app| {
            app.db.read("team.officer", |tx| -> Result<_, Error> {
                let loaded = load(tx, who.authority, id)?;
                authorise(&who, Action::AssignOfficer, &loaded)?;
                let (_, details) = store::person(tx, who.authority, id)?;
                let officers =
                    officers(tx, who.authority)?.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
                Ok((details.display_name(), loaded.case.version, officers))
            })
        })
        .await?;
    let view = OfficerPage {
        case: id,
        version: typed.seen().unwrap_or(version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        officers,
        name,
    };
    Frame::for_session(session, format!("Officer for {}", view.name))
        .back(format!("/children/{id}"), "Back to the child’s page")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(&app, &session, id, &Typed::default(), &Problem::default()).await
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let saved = app.blocking(move |app| app.db.write("team.assign_officer", |tx| assign(tx, &who, id, &posted))).await;
    match saved {
        Ok(_) => Ok(back_to_case(id, "The officer was named.")),
        Err(Error::Conflict { seen, .. }) => {
            conflict::page(&app, &session, id, seen, &typed, &format!("/children/{id}/officer")).await
        }
        Err(error) => {
            let page = page(&app, &session, id, &typed, &Problem::of(error)?).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
