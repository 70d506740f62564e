//! Services: programs with a role of their own, made by an administrator. What a service does stands
//! in the journal, and on a family's page, under its name.

use super::form::{self, Whose, first_values, save};
use super::store::{self, SERVICE};
use crate::access::{NewUser, add_user};
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Role};
use casework::people::identifiers::Urn;
use casework::{AuthorityId, BodyId, UserId};
use db::Tx;
use strum::IntoEnumIterator;
use uuid::Uuid;

const HERE: &str = "/services";
/// Most characters of a service's name.
const NAME_CHARS_MAX: usize = 100;

const MARK: &str = "UPDATE users SET is_service = $3 WHERE authority_id = $1 AND user_id = $2";
const ALL: &str = "SELECT user_id, name, role, active FROM users WHERE authority_id = $1 AND is_service \
    ORDER BY active DESC, name, user_id LIMIT 500";
const ONE: &str =
    "SELECT user_id, name, role, active FROM users WHERE authority_id = $1 AND user_id = $2 AND is_service";
const SET_ACTIVE: &str = "UPDATE users SET active = $3 WHERE authority_id = $1 AND user_id = $2 AND is_service";
const TEAM: &str = "SELECT body_id FROM bodies WHERE authority_id = $1 AND body_id = $2 AND NOT is_independent";

/// A program with a role.
#[derive(Debug, Clone)]
pub struct Service {
    pub user: UserId,
    pub name: String,
    pub role: Role,
    pub is_active: bool,
}

/// A service to be added.
#[derive(Debug, Clone)]
pub struct NewService {
    pub name: String,
    pub role: Role,
    /// For [`Role::Setting`].
    pub setting: Option<Urn>,
    /// For [`Role::Adviser`].
    pub team: Option<BodyId>,
}

/// The roles that a program can have: those that are nobody's family, and nobody whom a family invited.
pub fn roles() -> impl Iterator<Item = Role> {
    Role::iter().filter(|role| !matches!(role, Role::Parent | Role::YoungPerson | Role::Independent))
}

fn read(row: &db::Row) -> Result<Service, Error> {
    Ok(Service {
        user: UserId(row.get("user_id")?),
        name: row.get("name")?,
        role: row.get_as("role", "a role", |text: &str| text.parse().ok())?,
        is_active: row.get("active")?,
    })
}

/// Adds a service. Its name says that it is one, wherever people read it.
///
/// # Errors
/// When the database fails.
pub fn create(tx: &mut dyn Tx, app: &App, authority: AuthorityId, new: &NewService) -> Result<UserId, Error> {
    let id = UserId(app.ids.next());
    let user = NewUser {
        id,
        name: format!("{} (service)", new.name),
        // Nobody signs in with it, and no mail ever goes there: the ending is reserved for that.
        email: format!("service-{id}@tellonce.invalid"),
        role: new.role,
        setting: new.setting,
        body: new.team,
        password_hash: None,
    };
    add_user(tx, authority, &user)?;
    tx.execute(MARK, &[authority.0.into(), id.0.into(), true.into()])?;
    Ok(id)
}

/// The services of an area, those in use first.
///
/// # Errors
/// When the database fails.
pub fn all(tx: &mut dyn Tx, authority: AuthorityId) -> Result<Vec<Service>, Error> {
    tx.query(ALL, &[authority.0.into()])?.iter().map(read).collect()
}

fn find(tx: &mut dyn Tx, authority: AuthorityId, id: Uuid) -> Result<Service, Error> {
    let row = tx.find(ONE, &[authority.0.into(), id.into()])?.ok_or(Error::NotFound)?;
    read(&row)
}

struct Line {
    service: Service,
    role: &'static str,
    tokens: i64,
}

#[derive(Template)]
#[template(path = "api/tokens/services.html")]
struct ServicesPage<'a> {
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    roles: Vec<Choice>,
    teams: Vec<Choice>,
    services: Vec<Line>,
}

async fn page(app: &App, session: &Session, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    session.require(Action::ManageArea)?;
    let authority = session.signed_in.actor.authority;
    let (services, teams) = app
        .blocking(move |app| {
            let now = app.clock.now();
            app.db.read("api.services", |tx| -> Result<_, Error> {
                let mut services = Vec::new();
                for service in all(tx, authority)? {
                    let tokens = store::living(tx, authority, service.user, now)?;
                    services.push(Line { role: service.role.label(), tokens, service });
                }
                let mut teams = crate::record::store::bodies(tx, authority)?;
                teams.retain(|team| !team.is_independent);
                Ok((services, teams.into_iter().map(|body| (body.id.to_string(), body.name)).collect()))
            })
        })
        .await?;
    let view = ServicesPage {
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        roles: choices(roles(), |role| role.to_string(), Role::label),
        teams,
        services,
    };
    Frame::for_session(session, "Services").here(HERE).with_errors(&problem.errors).render(&view)
}

pub async fn show(State(app): State<App>, session: Session) -> Result<Page, Error> {
    page(&app, &session, &Typed::default(), &Problem::default()).await
}

fn parse(tx: &mut dyn Tx, authority: AuthorityId, typed: &Typed) -> Result<NewService, Error> {
    let mut problems = Problems::default();
    let name = problems.text(typed, "name", "Enter the name of the service", NAME_CHARS_MAX);
    let asked = "Select what the service may do";
    let role = problems.choice::<Role>(typed, "role", asked);
    if role.is_some_and(|role| !roles().any(|known| known == role)) {
        problems.add("role", asked);
    }
    let setting = match role {
        Some(Role::Setting) => {
            problems.choice::<Urn>(typed, "urn", "Enter the school’s six-digit register number (URN)")
        }
        _ => None,
    };
    let team = match role {
        Some(Role::Adviser) => {
            let team = problems.choice::<Uuid>(typed, "team", "Select the team it answers for");
            if let Some(team) = team
                && tx.find(TEAM, &[authority.0.into(), team.into()])?.is_none()
            {
                problems.add("team", "Select the team it answers for");
            }
            team.map(BodyId)
        }
        _ => None,
    };
    problems.check()?;
    Ok(NewService { name, role: role.ok_or(Error::NotFound)?, setting, team })
}

pub async fn add(State(app): State<App>, session: Session, Posted(typed): Posted) -> Result<Response, Error> {
    session.require(Action::ManageArea)?;
    let (authority, posted) = (session.signed_in.actor.authority, typed.clone());
    let added = app
        .blocking(move |app| {
            app.db.write("api.add_service", |tx| {
                let new = parse(tx, authority, &posted)?;
                create(tx, app, authority, &new)
            })
        })
        .await;
    match added {
        Ok(id) => Ok(see_other(&format!("{HERE}/{id}"))),
        Err(error) => {
            let page = page(&app, &session, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn one_page(
    app: &App,
    session: &Session,
    id: Uuid,
    typed: &Typed,
    problem: &Problem,
    secret: Option<String>,
) -> Result<Page, Error> {
    session.require(Action::ManageArea)?;
    let authority = session.signed_in.actor.authority;
    let (service, tokens) = app
        .blocking(move |app| {
            app.db.read("api.service", |tx| -> Result<_, Error> {
                let service = find(tx, authority, id)?;
                let tokens = store::list(tx, authority, service.user)?;
                Ok((service, tokens))
            })
        })
        .await?;
    let whose = Whose {
        here: format!("{HERE}/{id}"),
        title: format!("Tokens of {}", service.name),
        lead: match service.is_active {
            true => format!(
                "It may do what a person with this role may: {}. Everything it reads and does is kept under its name.",
                service.role.label()
            ),
            false => "This service has been retired: none of its tokens works any more.".to_owned(),
        },
        back: (HERE, "Services"),
        is_open: service.is_active,
    };
    form::page(app, session, &whose, tokens, typed, problem, secret)
}

pub async fn show_one(State(app): State<App>, session: Session, Path(id): Path<Uuid>) -> Result<Page, Error> {
    one_page(&app, &session, id, &first_values(app.clock.today()), &Problem::default(), None).await
}

pub async fn add_token(
    State(app): State<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    session.require(Action::ManageArea)?;
    let (actor, posted) = (session.signed_in.actor.clone(), typed.clone());
    let saved = app
        .blocking(move |app| {
            app.db.write("api.make_service_token", |tx| {
                let service = find(tx, actor.authority, id)?;
                if !service.is_active {
                    return Err(Error::NotFound);
                }
                save(tx, app, (actor.authority, service.user, SERVICE), &posted, actor.user)
            })
        })
        .await;
    match saved {
        Ok(None) => Ok(see_other(&format!("{HERE}/{id}"))),
        Ok(secret) => {
            let first = first_values(app.clock.today());
            Ok(one_page(&app, &session, id, &first, &Problem::default(), secret).await?.into_response())
        }
        Err(error) => {
            let page = one_page(&app, &session, id, &typed, &Problem::of(error)?, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn revoke(
    State(app): State<App>,
    session: Session,
    Path((id, token)): Path<(Uuid, Uuid)>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    session.require(Action::ManageArea)?;
    let authority = session.signed_in.actor.authority;
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.write("api.revoke_token", |tx| {
            let service = find(tx, authority, id)?;
            store::revoke(tx, authority, service.user, token, now)
        })
    })
    .await?;
    Ok(see_other(&format!("{HERE}/{id}")))
}

async fn set_active(app: App, session: Session, id: Uuid, is_active: bool) -> Result<Response, Error> {
    session.require(Action::ManageArea)?;
    let authority = session.signed_in.actor.authority;
    app.blocking(move |app| {
        app.db.write("api.set_service_active", |tx| -> Result<(), Error> {
            tx.execute(SET_ACTIVE, &[authority.0.into(), id.into(), is_active.into()])?;
            Ok(())
        })
    })
    .await?;
    Ok(see_other(HERE))
}

/// Ends a service: none of its tokens works from now on.
pub async fn retire(
    State(app): State<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    set_active(app, session, id, false).await
}

/// Takes a service back into use, with those of its tokens that were not revoked.
pub async fn restore(
    State(app): State<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    set_active(app, session, id, true).await
}
