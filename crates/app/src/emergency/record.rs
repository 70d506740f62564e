//! What is needed in an emergency: who the child is, who to call, the plan.

use crate::journal::{self, Act, Papers, Who, authorise};
use crate::plan::view::{self, Read};
use crate::record::store;
use crate::web::{Frame, Page, Posted, Session, long_date, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::openings::{self, Opening};
use casework::people::{Contact, Details};
use casework::{Case, CaseId, Command};
use db::Tx;
use jiff::civil::Date;

#[derive(Template)]
#[template(path = "emergency/record.html")]
struct RecordPage<'a> {
    case: CaseId,
    csrf: &'a str,
    name: String,
    details: Details,
    age: i16,
    setting: String,
    stage: &'static str,
    until: String,
    contacts: Vec<Contact>,
    officer: Option<(String, String)>,
    /// Teams that work with the child now.
    teams: Vec<String>,
    issued_on: Option<Date>,
    sections: Vec<Read>,
}

/// Whole years of age on a day.
fn age(born_on: Date, today: Date) -> i16 {
    let years = today.year() - born_on.year();
    if today < law::calendar::birthday(born_on, years) { years - 1 } else { years }
}

/// The opening by which this person sees the record today.
fn opening(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<(std::sync::Arc<Case>, Opening), Error> {
    let mut loaded = journal::load(tx, who.authority, id)?;
    if let Some(kept) = loaded.case.joined_into {
        loaded = journal::load(tx, who.authority, kept)?;
    }
    authorise(who, Action::SeeInEmergency, &loaded)?;
    let is_theirs = |opening: &&Opening| Some(opening.user) == who.user() && opening.is_open(who.today);
    let opening = loaded.case.openings.iter().find(is_theirs).copied();
    Ok((loaded.case, opening.ok_or(Error::NotFound)?))
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let (who, csrf) = (session.who(&app), session.csrf.clone());
    let view = app
        .blocking(move |app| {
            app.db.read("emergency.record", |tx| -> Result<_, Error> {
                let (case, opening) = opening(tx, &who, id)?;
                let id = case.id;
                let (_, details) = store::person(tx, who.authority, id)?;
                let (issued_on, sections) = view::in_force(tx, &case)?.unzip();
                let bodies = store::bodies(tx, who.authority)?;
                let teams = case.live_request().map(|request| request.advice.as_slice()).unwrap_or_default();
                let mut teams: Vec<String> = teams
                    .iter()
                    .filter_map(|asked| bodies.iter().find(|body| body.id == asked.body))
                    .map(|body| body.name.clone())
                    .collect();
                teams.sort();
                teams.dedup();
                Ok(RecordPage {
                    case: id,
                    csrf: "",
                    name: details.display_name(),
                    age: age(details.born_on, who.today),
                    setting: match case.current_placement().and_then(|placement| placement.setting.urn()) {
                        Some(urn) => store::establishment_name(tx, urn.number())?,
                        None => String::new(),
                    },
                    stage: case.stage().label(),
                    until: long_date(opening.until),
                    contacts: store::contacts(tx, who.authority, id)?,
                    officer: match case.officer {
                        Some(officer) => store::user_name(tx, who.authority, officer.0)?,
                        None => None,
                    },
                    teams,
                    issued_on,
                    sections: sections.unwrap_or_default(),
                    details,
                })
            })
        })
        .await?;
    let view = RecordPage { csrf: &csrf, ..view };
    Frame::for_session(&session, format!("{}, opened in an emergency", view.name))
        .here("/children")
        .back("/children", "Children")
        .render(&view)
}

/// It is needed no longer.
pub async fn end(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    let who = session.who(&app);
    app.blocking(move |app| {
        app.db.write("emergency.end", |tx| {
            let (case, opening) = opening(tx, &who, id)?;
            let commands = vec![Command::Openings(openings::Command::End { opening: opening.id })];
            let act = Act { action: Action::SeeInEmergency, seen: None, commands, papers: Papers::default() };
            journal::act(tx, &who, case.id, act).map(|_| ())
        })
    })
    .await?;
    Ok(see_other("/children"))
}

#[cfg(test)]
mod tests {
    use super::age;
    use jiff::civil::date;

    #[test]
    fn years_are_full_on_the_birthday() {
        for (born, today, years) in [
            (date(2017, 5, 14), date(2026, 5, 13), 8),
            (date(2017, 5, 14), date(2026, 5, 14), 9),
            (date(2016, 2, 29), date(2026, 2, 28), 9),
            (date(2026, 11, 1), date(2026, 11, 23), 0),
        ] {
            assert_eq!(age(born, today), years, "{born} {today}");
        }
    }
}
