//! "Who sees what": what the young person keeps from parents, and what that means. A parent sees here
//! what is shared with them.

use super::first_name;
use crate::family::child::own;
use crate::family::{Member, members};
use crate::journal::{self, Act, Papers};
use crate::record::store;
use crate::web::{Frame, Page, Posted, Problem, Session, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor, Resource, Role, may};
use casework::own_voice::{self, Part, Reader};
use casework::rights::{self, Decision, Holder, Shared};
use casework::{Case, CaseId, Command};
use jiff::civil::Date;
use serde::Deserialize;
use strum::IntoEnumIterator;

#[derive(Debug, Deserialize)]
pub struct Done {
    done: Option<String>,
}

struct Kind {
    code: &'static str,
    label: &'static str,
    is_shared: bool,
}

#[derive(Template)]
#[template(path = "family/own/sharing.html")]
struct SharingPage<'a> {
    case: CaseId,
    first_name: String,
    is_own: bool,
    csrf: &'a str,
    summary: govuk::Html,
    done: bool,
    kinds: Vec<Kind>,
    parents: Vec<String>,
    sees: Vec<String>,
    sees_not: Vec<String>,
    /// Whether whoever reads may change it.
    decides: bool,
    passes_on: Option<Date>,
    has_passed: bool,
    acts: bool,
}

/// What a kind is called on the page of a parent.
fn for_parent(kind: Shared) -> &'static str {
    match kind {
        Shared::Plan => "The plan, the letters and what is on the record",
        Shared::Messages => "The messages with the council",
        Shared::AboutMe => "About me",
        Shared::Recordings => "Videos and sound",
    }
}

/// What parents see and do not see, in words.
fn seen(case: &Case, is_own: bool, parents: &[Member]) -> (Vec<String>, Vec<String>) {
    let (mut sees, mut sees_not) = (vec![], vec![]);
    let kept = rights::kept_from_parents(case);
    // Somebody who acts in the young person's place sees what the decision is about.
    let acts = |kind: Shared| {
        let action = match kind {
            Shared::Plan => Action::SeeOwnRecord,
            Shared::Messages => Action::WriteMessage,
            Shared::AboutMe | Shared::Recordings => return false,
        };
        parents.iter().any(|parent| parent.may(case, action))
    };
    for kind in Shared::iter() {
        let label = if is_own { kind.label() } else { for_parent(kind) }.to_owned();
        let under_about_me = kind == Shared::Recordings && kept.contains(&Shared::AboutMe);
        if (kept.contains(&kind) && !acts(kind)) || under_about_me { sees_not.push(label) } else { sees.push(label) }
    }
    // Which parts are private is the young person's own business.
    if is_own && !kept.contains(&Shared::AboutMe) {
        for part in Part::iter() {
            let latest = case.own_voice.latest(part);
            if latest.is_some_and(|entry| !own_voice::may_read(case, entry, Reader::Parent)) {
                sees_not.push(format!("About me: {}", part.label().to_lowercase()));
            }
        }
    }
    if is_own {
        sees.push("Your name, and that you have a page here".to_owned());
    }
    (sees, sees_not)
}

async fn page(app: &App, session: &Session, id: CaseId, done: bool, problem: &Problem) -> Result<Page, Error> {
    let who = session.who(app);
    let today = who.today;
    let actor: Actor = session.signed_in.actor.clone();
    let (case, details, family) = app
        .blocking(move |app| {
            app.db.read("family.sharing", |tx| -> Result<_, Error> {
                let case = own(tx, &who, id, Action::SeeOwnChild)?;
                let (_, details) = store::person(tx, who.authority, id)?;
                let family = members(tx, &case)?;
                Ok((case, details, family))
            })
        })
        .await?;
    let is_own = actor.role == Role::YoungPerson;
    let relations = case.relations();
    let decides = may(&actor, Action::SetSharing, &Resource::Case(&relations)).is_allowed();
    let has_passed = rights::holder(&case, today) == Some(Holder::YoungPerson);
    let kept = rights::kept_from_parents(&case);
    let parents: Vec<Member> = family.into_iter().filter(|member| member.role == Role::Parent).collect();
    let (sees, sees_not) = seen(&case, is_own, &parents);
    let view = SharingPage {
        case: id,
        first_name: first_name(&details),
        is_own,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        done,
        kinds: Shared::iter()
            .map(|kind| Kind {
                code: kind.code(),
                label: if is_own { kind.label() } else { for_parent(kind) },
                is_shared: !kept.contains(&kind),
            })
            .collect(),
        parents: parents.into_iter().map(|parent| parent.name).collect(),
        sees,
        sees_not,
        decides: decides && has_passed,
        passes_on: rights::pass_on(&case),
        has_passed,
        acts: rights::acting(&case, Decision::Sharing).is_some(),
    };
    Frame::for_session(session, format!("Who sees what, {}", details.display_name()))
        .here("/family")
        .back(format!("/family/{id}"), "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(done): Query<Done>,
) -> Result<Page, Error> {
    page(&app, &session, id, done.done.is_some(), &Problem::default()).await
}

/// Keeps what is ticked open and everything else from parents.
pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let who = session.who(&app);
    // The box is there even when nothing is ticked: a form without it was not this one.
    let is_whole = typed.get("whole") == "yes";
    let kept: Vec<Shared> = Shared::iter().filter(|kind| !typed.has("shared", kind.code())).collect();
    let saved = app
        .blocking(move |app| {
            app.db.write("family.share", |tx| {
                own(tx, &who, id, Action::SetSharing)?;
                if !is_whole {
                    let message = "Tick what your parents may see, and save again";
                    return Err(Error::Fields(vec![crate::FieldError::new("shared", message)]));
                }
                let commands = vec![Command::Rights(rights::Command::Share { kept: kept.clone() })];
                let act = Act { action: Action::SetSharing, seen: None, commands, papers: Papers::default() };
                journal::act(tx, &who, id, act)
            })
        })
        .await;
    match saved {
        Ok(_) => Ok(see_other(&format!("/family/{id}/sharing?done=yes"))),
        Err(error) => {
            let page = page(&app, &session, id, false, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
