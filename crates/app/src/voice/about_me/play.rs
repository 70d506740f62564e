//! "About me" at a meeting: one part at a time, big, and only what everyone may see.

use super::{desk, place, root, show_said};
use crate::web::{Frame, Page, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use casework::CaseId;
use casework::access::Action;
use casework::own_voice::{Part, Reader};
use serde::Deserialize;
use strum::IntoEnumIterator;

#[derive(Debug, Deserialize)]
pub struct At {
    #[serde(default)]
    at: String,
}

#[derive(Template)]
#[template(path = "voice/about_me/play.html")]
struct PlayPage {
    root: String,
    first_name: String,
    title: &'static str,
    has_star: bool,
    html: govuk::Html,
    /// Of how many, counted from 1.
    at: usize,
    of: usize,
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(At { at }): Query<At>,
) -> Result<Page, Error> {
    let (who, actor) = (session.who(&app), session.signed_in.actor.clone());
    let desk = app.blocking(move |app| app.db.read("voice.play", |tx| desk(tx, &who, id, Action::SeeAboutMe))).await?;
    let root = root(&actor, id);
    let stars = &desk.case.own_voice.stars;
    let mut shown: Vec<_> = Part::iter()
        .filter_map(|part| Some((part, desk.said(desk.case.own_voice.latest(part)?, Reader::Meeting, &root)?)))
        .filter(|(_, said)| !said.is_empty())
        .collect();
    // What matters most comes first.
    shown.sort_by_key(|(part, _)| !stars.contains(part));
    let of = shown.len();
    let at = at.parse().unwrap_or(1_usize).clamp(1, of.max(1));
    let view = match shown.get(at - 1) {
        Some((part, said)) => PlayPage {
            title: part.label(),
            has_star: stars.contains(part),
            html: show_said(said, true)?,
            at,
            of,
            first_name: desk.first_name.clone(),
            root: root.clone(),
        },
        None => PlayPage {
            title: "About me",
            has_star: false,
            html: govuk::Html::trusted("<p class=\"govuk-body\">There is nothing here that everyone may see.</p>"),
            at: 1,
            of: 0,
            first_name: desk.first_name.clone(),
            root: root.clone(),
        },
    };
    Frame::for_session(&session, format!("{}, {}, to show", view.title, desk.name))
        .here(place(&actor))
        .back(format!("{root}/about-me"), "Back")
        .wide()
        .render(&view)
}
