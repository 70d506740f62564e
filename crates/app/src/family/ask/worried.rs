//! "I am worried about how my child is getting on": three ways on, and whom to ring.

use crate::admin::areas::{self, Profile};
use crate::record::store;
use crate::web::{Choice, Fields, Frame, Page, Typed};
use crate::{App, Error};
use askama::Template;
use axum::extract::{RawQuery, State};

#[derive(Template)]
#[template(path = "family/ask/worried.html")]
struct WorriedPage<'a> {
    area: Option<(String, Profile)>,
    /// To choose from, where the installation has several areas and none is chosen yet.
    areas: Vec<Choice>,
    f: Fields<'a>,
}

pub async fn show(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Page, Error> {
    let typed = Typed::decode(query.unwrap_or_default().as_bytes())?;
    let chosen = typed.get("area").to_owned();
    let (area, areas) = app
        .blocking(move |app| {
            app.db.read("ask.worried", |tx| -> Result<_, Error> {
                let areas = areas::all(tx)?;
                let own = match areas.as_slice() {
                    [(only, _, _)] => Some(*only),
                    several => several.iter().find(|(_, code, _)| *code == chosen).map(|(id, _, _)| *id),
                };
                match own {
                    Some(id) => {
                        let (_, name, profile) = store::authority(tx, id)?;
                        Ok((Some((name, profile)), vec![]))
                    }
                    None => Ok((None, areas.into_iter().map(|(_, code, name)| (code, name)).collect())),
                }
            })
        })
        .await?;
    Frame::public("I am worried about how my child is getting on").back("/", "Back").render(&WorriedPage {
        area,
        areas,
        f: Fields { typed: &typed, errors: &[] },
    })
}
