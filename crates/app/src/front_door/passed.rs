//! Contacts that the front door passed to oneself: who, what about, and what was answered.

use super::contacts::{Line, line_of};
use super::route::take_answer;
use crate::journal::{self, Who, authorise};
use crate::record::looks::named;
use crate::record::store::{Scope, in_scope, name_of};
use crate::team::cover::by;
use crate::web::{Fields, Frame, Posted, Problem, Session, Typed, error_summary, long_date, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor};
use casework::enquiries::routing::{About, Desk};
use casework::{CaseId, EnquiryId};
use db::{Tx, Value};
use jiff::civil::Date;
use strum::IntoEnumIterator;

/// Most that are listed: the oldest first, so that what waits longest is answered first.
const LISTED_MAX: i64 = 100;

const WAITING: &str = concat!(
    "SELECT r.case_id, r.enquiry_id, r.passed_on, p.given_name, p.family_name, p.known_as FROM contact_routes r \
     JOIN cases c ON c.authority_id = r.authority_id AND c.case_id = r.case_id \
     JOIN people p ON p.authority_id = r.authority_id AND p.case_id = r.case_id WHERE ",
    in_scope!(),
    " AND r.authority_id = $1 AND r.desk = $5 AND r.answered_on IS NULL AND ($5 <> 'officer' OR c.officer_id = ANY($6)) \
     ORDER BY r.passed_on, r.enquiry_id LIMIT $7"
);

/// One of them.
struct Waiting {
    case: CaseId,
    id: EnquiryId,
    name: String,
    about: &'static str,
    line: Line,
    why: String,
    /// Since when, and by when families are promised an answer.
    since: String,
    is_late: bool,
}

#[derive(Template)]
#[template(path = "front_door/passed.html")]
struct PassedPage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    /// The one whose form came back.
    open: Option<EnquiryId>,
    /// What was typed for a contact that is no longer here.
    typed_in_vain: String,
    waiting: Vec<Waiting>,
}

/// The desk of somebody's post.
fn desk_of(actor: &Actor) -> Option<Desk> {
    Desk::iter().find(|desk| desk.role() == actor.role)
}

fn waiting(tx: &mut dyn Tx, who: &Who, actor: &Actor, desk: Desk) -> Result<Vec<Waiting>, Error> {
    let mut parameters = Scope::of(actor, Action::AnswerContact).parameters().to_vec();
    let code: &'static str = desk.into();
    // One's own children, and those of whoever one covers for today.
    let covered = by(tx, who.authority, actor.user, who.today)?.into_iter().map(|away| away.absence.who.0);
    let officers: Value = std::iter::once(actor.user.0).chain(covered).collect();
    parameters.extend([code.into(), officers, LISTED_MAX.into()]);
    let mut found = Vec::new();
    for row in tx.query(WAITING, &parameters)? {
        let (case, id) = (CaseId(row.get("case_id")?), EnquiryId(row.get("enquiry_id")?));
        let loaded = journal::load(tx, who.authority, case)?;
        authorise(who, Action::AnswerContact, &loaded)?;
        let Some(enquiry) = loaded.case.enquiries.iter().find(|known| known.id == id) else { continue };
        let since: Date = row.get("passed_on")?;
        let by = casework::messages::answer_by(since);
        let texts = crate::record::store::texts(tx, who.authority, case)?;
        let why = enquiry.passed.last().and_then(|passed| passed.why).and_then(|why| texts.get(&why).cloned());
        found.push(Waiting {
            case,
            id,
            name: name_of(&row)?,
            about: enquiry.about.map_or("", About::label),
            line: line_of(tx, &loaded.case, enquiry, who.today)?,
            why: why.unwrap_or_default(),
            since: format!("Passed to you on {}, to be answered by {}", long_date(since), long_date(by)),
            is_late: by < who.today,
        });
    }
    Ok(found)
}

async fn page(
    app: &App,
    session: &Session,
    open: Option<EnquiryId>,
    typed: &Typed,
    problem: &Problem,
) -> Result<Response, Error> {
    session.require(Action::AnswerContact)?;
    let (who, actor) = (session.who(app), session.signed_in.actor.clone());
    let desk = desk_of(&actor).ok_or(Error::NotAllowed)?;
    let waiting =
        app.blocking(move |app| app.db.read("front_door.passed", |tx| waiting(tx, &who, &actor, desk))).await?;
    let seen = named(&session.signed_in.actor, waiting.iter().map(|one| one.case));
    let view = PassedPage {
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        typed_in_vain: match open {
            Some(open) if !waiting.iter().any(|one| one.id == open) => typed.get("answer").to_owned(),
            _ => String::new(),
        },
        open: open.or_else(|| waiting.first().map(|one| one.id)),
        waiting,
    };
    let frame = Frame::for_session(session, "Passed to you").here("/passed").with_errors(&problem.errors);
    Ok((seen, frame.render(&view)?).into_response())
}

pub async fn show(State(app): State<App>, session: Session) -> Result<Response, Error> {
    page(&app, &session, None, &Typed::default(), &Problem::default()).await
}

pub async fn answer(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, EnquiryId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    session.require(Action::AnswerContact)?;
    let (who, actor, posted) = (session.who(&app), session.signed_in.actor.clone(), typed.clone());
    let done = app
        .blocking(move |app| {
            app.db.write("front_door.answer_passed", |tx| {
                let loaded = journal::load(tx, who.authority, ids.0)?;
                authorise(&who, Action::AnswerContact, &loaded)?;
                let found = loaded.case.enquiries.iter().find(|known| known.id == ids.1).ok_or(Error::NotFound)?;
                // What was passed to others is not theirs to answer, nor to know of.
                let own = desk_of(&actor);
                if !found.passed.iter().any(|passed| Some(passed.desk) == own) {
                    return Err(Error::NotFound);
                }
                if found.answered.is_none() && found.waits_for() != own {
                    return Err(Error::Fields(vec![FieldError::new("form", "It was passed elsewhere meanwhile")]));
                }
                take_answer(tx, app, &who, ids, Action::AnswerContact, &posted)
            })
        })
        .await;
    match done {
        Ok(()) => Ok(see_other("/passed")),
        Err(error) => {
            let page = page(&app, &session, Some(ids.1), &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
