//! Somebody of a family lost their address and was seen in person: one of the staff begins, a second
//! one agrees.

use super::own::{code_page, when};
use super::store::{self, Kept};
use crate::access::code_pages::may_use_codes;
use crate::family::members;
use crate::journal::{self, Who, authorise};
use crate::web::{Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::recovery::{Objection, State as Stands};
use casework::{CaseId, UserId};
use db::Tx;
use uuid::Uuid;

/// Most characters of how somebody was known.
const SEEN_CHARS_MAX: usize = 500;

#[derive(Template)]
#[template(path = "access/address/staff.html")]
struct StaffPage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    name: String,
    email: String,
}

/// Name and address of somebody of this child's family, for whoever may give them another address.
fn somebody(tx: &mut dyn Tx, who: &Who, case: CaseId, user: UserId) -> Result<(String, String), Error> {
    let loaded = journal::load(tx, who.authority, case)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, Action::RestoreAccount, &loaded)?;
    let member = members(tx, &loaded.case)?.into_iter().find(|member| member.user == user);
    let member = member.filter(|member| may_use_codes(member.role)).ok_or(Error::NotFound)?;
    Ok((member.name, member.email))
}

async fn page(
    app: &App,
    session: &Session,
    (case, user): (CaseId, UserId),
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let (name, email) =
        app.blocking(move |app| app.db.read("address.somebody", |tx| somebody(tx, &who, case, user))).await?;
    let view = StaffPage {
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        email,
        name,
    };
    Frame::for_session(session, format!("Another address for {}", view.name))
        .back(format!("/children/{case}"), "Back to the child’s page")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((case, user)): Path<(CaseId, Uuid)>,
) -> Result<Page, Error> {
    page(&app, &session, (case, UserId(user)), &Typed::default(), &Problem::default()).await
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path((case, user)): Path<(CaseId, Uuid)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted, by) = (session.who(&app), typed.clone(), session.signed_in.actor.user);
    let begun = app
        .blocking(move |app| {
            app.db.write("address.begin_for", |tx| {
                somebody(tx, &who, case, UserId(user))?;
                let mut problems = Problems::default();
                let ask = "Enter how you know that it is this person";
                let seen = problems.text(&posted, "seen", ask, SEEN_CHARS_MAX);
                if posted.get("email").is_empty() {
                    problems.add("email", "Enter the new email address");
                }
                problems.check()?;
                let whose = (who.authority, UserId(user));
                store::begin(tx, app, whose, posted.get("email"), Some((by, seen)))
            })
        })
        .await;
    match begun {
        Ok(kept) => Ok(see_other(&format!("/restores/{}/code", kept.id))),
        Err(error) => {
            let page = page(&app, &session, (case, UserId(user)), &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

struct Row {
    id: Uuid,
    name: String,
    from: String,
    to: String,
    asked: String,
    seen: String,
    stands: String,
    may_agree: bool,
    is_unproved: bool,
}

#[derive(Template)]
#[template(path = "access/address/restores.html")]
struct RestoresPage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    rows: Vec<Row>,
}

fn row(kept: Kept, reader: UserId) -> Row {
    let by_reader = kept.change.seen_by == Some(reader);
    let stands = match (kept.change.state, kept.change.takes_effect_at) {
        (Stands::Unproved, _) => "Waits for the code that was sent to the new address".to_owned(),
        (Stands::WaitsForSecond, _) if by_reader => "Waits for a second person: somebody other than you".to_owned(),
        (Stands::WaitsForSecond, _) => "Waits for a second person: you may agree".to_owned(),
        (_, Some(at)) => format!("Works from {}", when(at)),
        _ => String::new(),
    };
    Row {
        id: kept.id,
        name: kept.name,
        from: kept.old_email,
        to: kept.new_email,
        asked: format!("{}, {}", kept.asked_by_name.unwrap_or_default(), when(kept.asked_at)),
        seen: kept.seen.unwrap_or_else(|| "Begun by the account itself".to_owned()),
        stands,
        may_agree: kept.change.state == Stands::WaitsForSecond && !by_reader,
        is_unproved: kept.change.state == Stands::Unproved && by_reader,
    }
}

async fn list_page(app: &App, session: &Session, errors: &[FieldError]) -> Result<Page, Error> {
    session.require(Action::RestoreAccount)?;
    let actor = session.signed_in.actor.clone();
    let authority = actor.authority;
    let open = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.read("address.open", |tx| store::open(tx, authority, now))
        })
        .await?;
    let view = RestoresPage {
        csrf: &session.csrf,
        summary: error_summary(errors),
        rows: open.into_iter().map(|kept| row(kept, actor.user)).collect(),
    };
    Frame::for_session(session, "Lost addresses").with_errors(errors).render(&view)
}

pub async fn list(State(app): State<App>, session: Session) -> Result<Page, Error> {
    list_page(&app, &session, &[]).await
}

/// A change of this area that one of the staff began.
async fn begun(app: &App, session: &Session, id: Uuid) -> Result<Kept, Error> {
    session.require(Action::RestoreAccount)?;
    let authority = session.signed_in.actor.authority;
    let kept = app.blocking(move |app| app.db.read("address.find", |tx| store::find(tx, authority, id))).await?;
    if kept.change.seen_by.is_some() { Ok(kept) } else { Err(Error::NotFound) }
}

pub async fn show_code(State(app): State<App>, session: Session, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let kept = begun(&app, &session, id).await?;
    if kept.change.state != Stands::Unproved {
        return Ok(see_other("/restores"));
    }
    code_page(&app, &session, (&kept.new_email, &format!("/restores/{id}/code")), true, &[])
}

pub async fn enter_code(
    State(app): State<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let kept = begun(&app, &session, id).await?;
    if kept.change.state != Stands::Unproved {
        return Ok(see_other("/restores"));
    }
    let (change, code) = (kept.clone(), typed.get("code").to_owned());
    let is_right =
        app.blocking(move |app| app.db.write("address.prove", |tx| store::prove(tx, app, &change, &code))).await?;
    if is_right {
        return Ok(see_other("/restores"));
    }
    let errors = [FieldError::new("code", crate::access::WRONG_CODE)];
    code_page(&app, &session, (&kept.new_email, &format!("/restores/{id}/code")), true, &errors)
}

/// The second person agrees.
pub async fn agree(
    State(app): State<App>,
    session: Session,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    begun(&app, &session, id).await?;
    let actor = session.signed_in.actor.clone();
    let agreed = app
        .blocking(move |app| {
            app.db.write("address.agree", |tx| {
                let kept = store::find(tx, actor.authority, id)?;
                store::agree(tx, app, &kept, actor.user)
            })
        })
        .await?;
    match agreed {
        // Pressed twice, it is agreed once.
        Ok(()) | Err(Objection::NotNow | Objection::TooEarly) => Ok(see_other("/restores")),
        Err(Objection::SamePerson) => {
            let errors = [FieldError::new("form", "You saw the person yourself: somebody else has to agree")];
            let page = list_page(&app, &session, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn stop(
    State(app): State<App>,
    session: Session,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    session.require(Action::RestoreAccount)?;
    let authority = session.signed_in.actor.authority;
    app.blocking(move |app| {
        app.db.write("address.refuse", |tx| {
            let kept = store::find(tx, authority, id)?;
            // One that the account itself began is stopped here because its owner says that it was not them.
            let was_a_stranger = kept.change.seen_by.is_none();
            store::stop(tx, app, &kept, was_a_stranger)
        })
    })
    .await?;
    Ok(see_other("/restores"))
}
