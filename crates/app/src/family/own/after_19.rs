//! "What happens after 19": school, health and care later on, with the day where law or record give
//! one, and an honest word and somebody to ask where they do not.

use super::{first_name, themself};
use crate::record::store;
use crate::web::{Frame, Page, Session, long_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use casework::CaseId;
use casework::access::Action;
use casework::people::{Contact, Relation};
use law::calendar::{InstitutionType, birthday, plan_may_continue_to};

#[derive(Template)]
#[template(path = "family/own/after_19.html")]
struct After19Page {
    case: CaseId,
    eighteen: String,
    is_eighteen: bool,
    nineteen: String,
    is_nineteen: bool,
    twenty_five: String,
    /// The last day to which a plan may go on at a college.
    last_day: String,
    move_on: Option<String>,
    officer: Option<String>,
    health: Option<String>,
    care: Option<String>,
    local_offer: String,
    support: String,
}

/// The name of somebody on record who is this to the young person.
fn find(contacts: &[Contact], relation: Relation) -> Option<String> {
    let found = contacts.iter().find(|contact| contact.relation == relation)?;
    let number = found.telephone.as_deref().map(|number| format!(", {number}")).unwrap_or_default();
    Some(format!("{}{number}", found.name))
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (view, name) = app
        .blocking(move |app| {
            app.db.read("family.after_19", |tx| -> Result<_, Error> {
                let (case, details) = themself(tx, &who, id, Action::SeeOwnRecord)?;
                let (_, _, profile) = store::authority(tx, who.authority)?;
                let contacts = store::contacts(tx, who.authority, id)?;
                let officer = match case.officer {
                    Some(officer) => store::user_name(tx, who.authority, officer.0)?.map(|(name, _)| name),
                    None => None,
                };
                let born_on = details.born_on;
                let (eighteen, nineteen) = (birthday(born_on, 18), birthday(born_on, 19));
                let view = After19Page {
                    case: id,
                    eighteen: long_date(eighteen),
                    is_eighteen: eighteen <= today,
                    nineteen: long_date(nineteen),
                    is_nineteen: nineteen <= today,
                    twenty_five: long_date(birthday(born_on, 25)),
                    last_day: long_date(plan_may_continue_to(born_on, InstitutionType::FurtherEducation, None)),
                    move_on: case
                        .transfer
                        .filter(|transfer| transfer.on >= today)
                        .map(|transfer| long_date(transfer.on)),
                    officer,
                    health: find(&contacts, Relation::HealthProfessional),
                    care: find(&contacts, Relation::SocialWorker),
                    local_offer: profile.local_offer,
                    support: profile.advice_and_support.telephone,
                };
                Ok((view, first_name(&details)))
            })
        })
        .await?;
    Frame::for_session(&session, format!("What happens after 19, {name}"))
        .here("/family")
        .back(format!("/family/{id}"), "Back")
        .render(&view)
}
