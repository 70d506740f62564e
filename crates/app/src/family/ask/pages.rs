//! The pages of questions.

use super::code::Code;
use super::journey::{ANOTHER_SCHOOL, Asker, NO_SCHOOL, Step, first_unfinished};
use super::store::{self, Draft};
use crate::admin::areas;
use crate::assessment::receive::schools;
use crate::web::{
    Choice, Fields, Frame, Page, PostedOpenly, Problem, Typed, choices, error_summary, long_date, see_other,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::AuthorityId;
use casework::people::Relation;
use strum::IntoEnumIterator;

/// The form's name, in titles and as the caption above each question.
pub(super) const NAME: &str = "Ask for an assessment";

#[derive(Template)]
#[template(path = "family/ask/begin.html")]
struct BeginPage<'a> {
    f: Fields<'a>,
    summary: govuk::Html,
    start: govuk::Html,
}

fn begin_page(typed: &Typed, errors: &[FieldError]) -> Result<Page, Error> {
    let start = govuk::Button::start("Start now", "/ask/you").into();
    let page = BeginPage { f: Fields { typed, errors }, summary: error_summary(errors), start };
    Frame::public(NAME).back("/worried", "Back").with_errors(errors).render(&page)
}

pub async fn begin() -> Result<Page, Error> {
    begin_page(&Typed::default(), &[])
}

/// A code typed in on another device.
pub async fn come_back(State(app): State<App>, PostedOpenly(typed): PostedOpenly) -> Result<Response, Error> {
    let wrong = match typed.get("code").parse::<Code>() {
        Err(_) => "Enter the code: twelve letters and digits, like KX7M-2PQ9-TR4D",
        Ok(code) => match find(&app, &code).await {
            Ok(_) => return Ok(see_other(&format!("/ask/{code}"))),
            Err(Error::NotFound) => {
                "There is no saved request with this code. Check it letter by letter; a request that is not sent is kept for 30 days"
            }
            Err(error) => return Err(error),
        },
    };
    let page = begin_page(&typed, &[FieldError::new("code", wrong)])?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The draft of a code as it stands in an address.
pub(super) async fn find(app: &App, code: &Code) -> Result<Draft, Error> {
    let code = code.clone();
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.read("ask.find", |tx| store::find(tx, &code, now))
    })
    .await
}

/// The next question, the check page, or the receipt.
pub async fn go_on(State(app): State<App>, Path(code): Path<Code>) -> Result<Response, Error> {
    let draft = find(&app, &code).await?;
    let next = match first_unfinished(&draft.answers, app.clock.today()) {
        _ if draft.sent.is_some() => "receipt",
        Some(step) => step.path(),
        None => "check",
    };
    Ok(see_other(&format!("/ask/{code}/{next}")))
}

#[derive(Template)]
#[template(path = "family/ask/step.html")]
struct StepPage<'a> {
    step: Step,
    summary: govuk::Html,
    f: Fields<'a>,
    askers: Vec<Choice>,
    relations: Vec<Choice>,
    schools: Vec<Choice>,
    /// To choose from; empty where the installation has one area.
    areas: Vec<Choice>,
}

/// The page of a step. Without a code it is the first one, of a form that is not begun yet.
async fn step_page(
    app: &App,
    step: Step,
    code: Option<&Code>,
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let code_here = code.cloned();
    let (areas, schools) = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.read("ask.step", |tx| -> Result<_, Error> {
                let areas = match (step, &code_here) {
                    (Step::You, None) => areas::all(tx)?,
                    _ => vec![],
                };
                let mut listed = vec![
                    (NO_SCHOOL.to_owned(), "Not at a school, nursery or college now".to_owned()),
                    (ANOTHER_SCHOOL.to_owned(), "One that is not in this list".to_owned()),
                ];
                if let (Step::School, Some(code)) = (step, &code_here) {
                    let draft = store::find(tx, code, now)?;
                    listed.extend(schools(tx, draft.authority)?);
                }
                Ok((areas, listed))
            })
        })
        .await?;
    let areas = if areas.len() > 1 { areas.into_iter().map(|(_, code, name)| (code, name)).collect() } else { vec![] };
    let view = StepPage {
        step,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        askers: Asker::choices(),
        relations: choices(
            Relation::iter().filter(|relation| relation.may_be_parent()),
            |relation| relation.to_string(),
            Relation::label,
        ),
        schools,
        areas,
    };
    let back = match (code, step.before()) {
        (Some(code), Some(before)) => format!("/ask/{code}/{}", before.path()),
        _ => "/ask".to_owned(),
    };
    Frame::public(format!("{}, {NAME}", step.title())).back(back, "Back").with_errors(&problem.errors).render(&view)
}

pub async fn show_first(State(app): State<App>) -> Result<Page, Error> {
    step_page(&app, Step::You, None, &Typed::default(), &Problem::default()).await
}

/// The area that a form is for: the only one, or the one chosen.
fn area(app: &App, typed: &Typed) -> Result<AuthorityId, Error> {
    let areas = app.db.read("ask.areas", areas::all)?;
    match areas.as_slice() {
        [(only, _, _)] => Ok(*only),
        [] => Err(Error::NotFound),
        several => several
            .iter()
            .find(|(_, code, _)| code == typed.get("area"))
            .map(|(id, _, _)| *id)
            .ok_or_else(|| Error::Fields(vec![FieldError::new("area", "Choose the council of the child’s home")])),
    }
}

/// Answers with those of this page put in.
fn with_answers(mut answers: Typed, step: Step, posted: &Typed) -> Typed {
    for field in step.fields() {
        answers.set(field, posted.get(field));
    }
    answers
}

/// Begins a form with the answers of its first page. What is wrong there is said before anything
/// is kept, unless the person wants to stop here.
pub async fn save_first(State(app): State<App>, PostedOpenly(typed): PostedOpenly) -> Result<Response, Error> {
    let later = typed.get("then") == "later";
    let posted = typed.clone();
    let begun = app
        .blocking(move |app| {
            let authority = area(app, &posted)?;
            let answers = with_answers(Typed::default(), Step::You, &posted);
            if !later {
                Step::You.check(&answers, app.clock.today())?;
            }
            store::forget_ended(app)?;
            let (code, now) = (Code::new(), app.clock.now());
            app.db.write("ask.start", |tx| store::start(tx, &code, authority, &answers, now))?;
            Ok(code)
        })
        .await;
    match begun {
        Ok(code) => Ok(after(&code, Step::You, later)),
        Err(error) => {
            let page = step_page(&app, Step::You, None, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn after(code: &Code, step: Step, later: bool) -> Response {
    let next = match step.next() {
        _ if later => "saved",
        Some(next) => next.path(),
        None => "check",
    };
    see_other(&format!("/ask/{code}/{next}"))
}

pub async fn show(State(app): State<App>, Path((code, step)): Path<(Code, String)>) -> Result<Response, Error> {
    let step = step.parse::<Step>().map_err(|_| Error::NotFound)?;
    let draft = find(&app, &code).await?;
    if draft.sent.is_some() {
        return Ok(see_other(&format!("/ask/{code}/receipt")));
    }
    Ok(step_page(&app, step, Some(&code), &draft.answers, &Problem::default()).await?.into_response())
}

/// Keeps what was typed, always; goes on when nothing on this page needs mending.
pub async fn save(
    State(app): State<App>,
    Path((code, step)): Path<(Code, String)>,
    PostedOpenly(typed): PostedOpenly,
) -> Result<Response, Error> {
    let step = step.parse::<Step>().map_err(|_| Error::NotFound)?;
    let later = typed.get("then") == "later";
    let (posted, own) = (typed.clone(), code.clone());
    let kept = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.write("ask.save", |tx| -> Result<_, Error> {
                let draft = store::find(tx, &own, now)?;
                if draft.sent.is_some() {
                    return Ok(Ok(true));
                }
                let answers = with_answers(draft.answers, step, &posted);
                store::save(tx, &own, &answers, now)?;
                // Kept whatever is wrong with it: nothing typed is lost.
                Ok(if later { Ok(false) } else { step.check(&answers, app.clock.today()).map(|()| false) })
            })?
        })
        .await;
    match kept {
        Ok(true) => Ok(see_other(&format!("/ask/{code}/receipt"))),
        Ok(false) => Ok(after(&code, step, later)),
        Err(error) => {
            let page = step_page(&app, step, Some(&code), &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "family/ask/saved.html")]
struct SavedPage {
    code: String,
    link: String,
    until: String,
}

/// The address of the form as this person's browser reaches it.
pub(super) fn link(app: &App, headers: &HeaderMap, code: &Code) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if app.settings.secure_cookies { "https" } else { "http" };
    format!("{scheme}://{host}/ask/{code}")
}

pub async fn saved(State(app): State<App>, headers: HeaderMap, Path(code): Path<Code>) -> Result<Response, Error> {
    let draft = find(&app, &code).await?;
    if draft.sent.is_some() {
        return Ok(see_other(&format!("/ask/{code}/receipt")));
    }
    let view = SavedPage {
        link: link(&app, &headers, &code),
        code: code.to_string(),
        until: long_date(crate::ports::london_time(draft.ends_at).date()),
    };
    Ok(Frame::public(format!("Saved, {NAME}")).render(&view)?.into_response())
}
