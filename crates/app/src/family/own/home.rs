//! The young person's first page.

use super::{first_name, themself};
use crate::family::members;
use crate::family::readers::{Look, emergencies};
use crate::record::store;
use crate::voice::symbols::svg;
use crate::web::{Frame, Page, Session, long_date};
use crate::{App, Error};
use askama::Template;
use casework::CaseId;
use casework::access::{Action, Role};
use casework::own_voice::Symbol;
use casework::people::Relation;

/// Somebody who will be at the review.
struct Coming {
    name: String,
    job: String,
}

struct Way {
    href: String,
    title: &'static str,
    what: String,
    picture: govuk::Html,
}

#[derive(Template)]
#[template(path = "family/own/home.html")]
struct HomePage {
    first_name: String,
    meeting: Option<String>,
    coming: Vec<Coming>,
    officer: Option<String>,
    ways: Vec<Way>,
    /// Who opened the record in an emergency.
    emergencies: Vec<Look>,
    unanswered: usize,
}

/// The words for somebody's job at a meeting; none for those who are not asked to come.
fn job(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::Mother => Some("Your mum"),
        Relation::Father => Some("Your dad"),
        Relation::OtherParent => Some("Your parent"),
        Relation::Carer | Relation::FosterCarer => Some("Cares for you"),
        Relation::Grandparent => Some("Your grandparent"),
        Relation::SocialWorker => Some("Your social worker"),
        Relation::HealthProfessional => Some("Helps you stay well"),
        Relation::SchoolContact => Some("Works at your school or college"),
        Relation::Advocate => Some("Speaks up for you"),
        Relation::Sibling | Relation::Other => None,
    }
}

fn ways(case: &casework::Case, id: CaseId) -> Vec<Way> {
    let voice = &case.own_voice;
    let way = |page: &str, title, what: &str, symbol| Way {
        href: format!("/family/{id}/{page}"),
        title,
        what: what.to_owned(),
        picture: svg(symbol),
    };
    let about_me = match voice.version() {
        0 => "Tell people who you are".to_owned(),
        version => format!("Version {version} is here. Add to it any time"),
    };
    vec![
        way("about-me", "About me", &about_me, Symbol::Pictures),
        way("sharing", "Who sees what", "You pick what your parents see", Symbol::Family),
        way("rights", "My rights now", "What you can decide, and who can help", Symbol::Help),
        way("outcomes", "My outcomes", "What your plan wants for you. Say if it is wrong", Symbol::Work),
        way("after-19", "What happens after 19", "School, health and care later on", Symbol::Time),
        way("messages", "Messages", "Ask anything", Symbol::Talk),
        way("record", "Everything", "Your letters, your dates, and who has looked", Symbol::Drawing),
    ]
}

/// The page, for whoever is signed in as the young person.
///
/// # Errors
/// [`Error::NotFound`] for anybody else.
pub async fn page(app: &App, session: &Session, id: CaseId) -> Result<Page, Error> {
    let who = session.who(app);
    let today = who.today;
    let view = app
        .blocking(move |app| {
            app.db.read("family.own_home", |tx| -> Result<_, Error> {
                let (case, details) = themself(tx, &who, id, Action::SeeOwnChild)?;
                let officer = match case.officer {
                    Some(officer) => store::user_name(tx, who.authority, officer.0)?.map(|(name, _)| name),
                    None => None,
                };
                let mut coming: Vec<Coming> = vec![];
                for contact in store::contacts(tx, who.authority, id)? {
                    if let Some(job) = job(contact.relation) {
                        coming.push(Coming { name: contact.name, job: job.to_owned() });
                    }
                }
                for member in members(tx, &case)?.into_iter().filter(|member| member.role == Role::Parent) {
                    if !coming.iter().any(|known| known.name == member.name) {
                        coming.push(Coming { name: member.name, job: "Your family".to_owned() });
                    }
                }
                if let Some(name) = &officer {
                    coming.push(Coming { name: name.clone(), job: "Your officer at the council".to_owned() });
                }
                if let Some(urn) = case.current_placement().and_then(|placement| placement.setting.urn()) {
                    let name = store::establishment_name(tx, urn.number())?;
                    coming.push(Coming { name: format!("Someone from {name}"), job: "Knows how you learn".to_owned() });
                }
                let next = case.next_meeting_on().filter(|on| *on >= today);
                Ok(HomePage {
                    first_name: first_name(&details),
                    meeting: next.map(long_date),
                    coming,
                    officer,
                    ways: ways(&case, id),
                    emergencies: emergencies(tx, &case)?,
                    unanswered: case.own_voice.objections_open(),
                })
            })
        })
        .await?;
    let title = format!("Hello {}", view.first_name);
    Frame::for_session(session, title).here("/family").render(&view)
}
