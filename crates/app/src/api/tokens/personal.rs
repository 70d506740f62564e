//! A person's own tokens: they act as that person and never more.

use super::form::{self, Whose, first_values, save};
use super::store::{self, PERSONAL};
use crate::web::{Page, Posted, Problem, Session, Typed, see_other};
use crate::{App, Error};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

const HERE: &str = "/account/tokens";

fn whose() -> Whose {
    Whose {
        here: HERE.to_owned(),
        title: "Your tokens".to_owned(),
        lead:
            "A token lets a program read, or read and write, what you may. Whoever has it can act as you: keep it like \
               a password."
                .to_owned(),
        back: ("/api", "For developers"),
        is_open: true,
    }
}

async fn page(
    app: &App,
    session: &Session,
    typed: &Typed,
    problem: &Problem,
    secret: Option<String>,
) -> Result<Page, Error> {
    let actor = session.signed_in.actor.clone();
    let tokens =
        app.blocking(move |app| app.db.read("api.tokens", |tx| store::list(tx, actor.authority, actor.user))).await?;
    form::page(app, session, &whose(), tokens, typed, problem, secret)
}

pub async fn show(State(app): State<App>, session: Session) -> Result<Page, Error> {
    page(&app, &session, &first_values(app.clock.today()), &Problem::default(), None).await
}

pub async fn add(State(app): State<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    let (actor, posted) = (session.signed_in.actor.clone(), typed.clone());
    let saved = app
        .blocking(move |app| {
            let whose = (actor.authority, actor.user, PERSONAL);
            app.db.write("api.make_token", |tx| save(tx, app, whose, &posted, actor.user))
        })
        .await;
    match saved {
        Ok(None) => Ok(see_other(HERE)),
        Ok(secret) => {
            let first = first_values(app.clock.today());
            Ok(page(&app, &session, &first, &Problem::default(), secret).await?.into_response())
        }
        Err(error) => {
            let page = page(&app, &session, &typed, &Problem::of(error)?, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn revoke(
    State(app): State<App>,
    session: Session,
    Path(token): Path<Uuid>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    let actor = session.signed_in.actor.clone();
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.write("api.revoke_token", |tx| store::revoke(tx, actor.authority, actor.user, token, now))
    })
    .await?;
    Ok(see_other(HERE))
}
