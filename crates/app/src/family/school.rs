//! Which school or college the family asks for: found in the national register, one at a time.

use super::child::own;
use super::members;
use crate::journal::{self, Act, Papers};
use crate::plan::store::{FOUND_MAX, find_school, find_schools};
use crate::record::store;
use crate::web::{Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::people::identifiers::Urn;
use casework::placement::{self, Named};
use casework::rights::{self, Decision};
use casework::{Case, CaseId, Command};
use db::Tx;
use jiff::civil::Date;
use serde::Deserialize;

const WORDS_CHARS_MAX: usize = 100;

/// What was asked for before, and what came of it.
struct Asked {
    school: String,
    on: Date,
    /// Who of the family asked here.
    by: Option<String>,
    /// The ground and the reasons, where it was not named.
    refused: Option<(&'static str, String)>,
    is_named: bool,
}

#[derive(Template)]
#[template(path = "family/school.html")]
struct SchoolPage<'a> {
    case: CaseId,
    name: String,
    officer: String,
    query: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    asked: Option<Asked>,
    found: Vec<Choice>,
    searched: bool,
    is_full: bool,
    may_ask: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

fn asked(tx: &mut dyn Tx, case: &Case) -> Result<Option<Asked>, Error> {
    let Some(request) = case.live_request() else { return Ok(None) };
    let Some(preference) = request.preference else { return Ok(None) };
    let texts = store::texts(tx, case.authority, case.id)?;
    Ok(Some(Asked {
        school: store::establishment_name(tx, preference.urn.number())?,
        on: preference.on,
        by: members(tx, case)?.into_iter().find(|member| Some(member.user) == preference.by).map(|member| member.name),
        refused: preference
            .refused
            .map(|(ground, reasons)| (ground.label(), texts.get(&reasons).cloned().unwrap_or_default())),
        is_named: request.named == Some(Named::Institution { urn: preference.urn }),
    }))
}

async fn page(
    app: &App,
    session: &Session,
    id: CaseId,
    query: &str,
    (typed, problem): (&Typed, &Problem),
) -> Result<Page, Error> {
    let (who, actor) = (session.who(app), session.signed_in.actor.clone());
    let query: String = query.trim().chars().take(WORDS_CHARS_MAX).collect();
    let words = query.clone();
    let (case, name, officer, asked, schools) = app
        .blocking(move |app| {
            app.db.read("family.school", |tx| -> Result<_, Error> {
                let case = own(tx, &who, id, Action::GiveViews)?;
                if case.live_request().is_none_or(|request| request.served_draft().is_none()) {
                    return Err(Error::NotFound);
                }
                let (_, details) = store::person(tx, who.authority, id)?;
                let (area_code, _, _) = store::authority(tx, who.authority)?;
                let officer = match case.officer {
                    Some(officer) => store::user_name(tx, who.authority, officer.0)?.map(|(name, _)| name),
                    None => None,
                };
                let asked = asked(tx, &case)?;
                let schools = find_schools(tx, &area_code, &words)?;
                Ok((case, details.display_name(), officer, asked, schools))
            })
        })
        .await?;
    let view = SchoolPage {
        case: id,
        name,
        officer: officer.unwrap_or_else(|| "The council".to_owned()),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        asked,
        searched: !query.is_empty(),
        query,
        is_full: schools.len() >= FOUND_MAX,
        found: schools
            .into_iter()
            .map(|school| (school.urn.to_string(), format!("{} ({})", school.name, school.detail)))
            .collect(),
        may_ask: rights::decides(&case, Decision::Place, super::member_of(&actor), app.clock.today()),
    };
    Frame::for_session(session, format!("Which school or college, {}", view.name))
        .here("/family")
        .back(format!("/family/{id}/plan"), "Back to the plan")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(search): Query<Search>,
) -> Result<Page, Error> {
    page(&app, &session, id, &search.q, (&Typed::default(), &Problem::default())).await
}

/// Records which one is asked for. Asked again for another, the last one counts.
pub async fn ask(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, by, posted) = (session.who(&app), super::member_of(&session.signed_in.actor), typed.clone());
    let recorded = app
        .blocking(move |app| {
            app.db.write("family.ask_for_school", |tx| -> Result<(), Error> {
                own(tx, &who, id, Action::GiveViews)?;
                let chosen: Option<Urn> = posted.get("school").parse().ok();
                let known = chosen.map(|urn| find_school(tx, urn)).transpose()?.flatten();
                let mut problems = Problems::default();
                if known.is_none() {
                    problems.add("school", "Select a school or college");
                }
                problems.check()?;
                let urn = known.ok_or(Error::NotFound)?.urn;
                let commands = vec![Command::Placement(placement::Command::AskForSetting { urn, by })];
                let act = Act { action: Action::GiveViews, seen: None, commands, papers: Papers::default() };
                journal::act(tx, &who, id, act).map(|_| ())
            })
        })
        .await;
    match recorded {
        Ok(()) => Ok(see_other(&format!("/family/{id}/school"))),
        Err(error) => {
            let page = page(&app, &session, id, typed.get("q"), (&typed, &Problem::of(error)?)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
