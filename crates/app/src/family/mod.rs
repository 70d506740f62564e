//! What families see and do: asking without an account, signing in, their own child's page.
//!
//! | address | page |
//! |---|---|
//! | `/worried`, `/ask` and below | asking without an account: see [`ask`] |
//! | `/ask/{code}/account` | an account to follow the request that was sent |
//! | `/family` | one card a child: where things are, what is next, who has it, by when |
//! | `/family/{case}` | all of that, who was asked, what was sent, who may read it, who did |
//! | `/family/{case}/record` | the same, for a young person: see [`own`] for their own pages |
//! | `/family/{case}/plan` and below | the plan with the source of each sentence, and commenting on it: see [`plan`] |
//! | `/family/{case}/school` | which school or college it asks for |
//! | `/family/{case}/views` | what the family says for the assessment: only what nobody answered is asked |
//! | `/family/{case}/copies` | its papers on paper and in easy read |
//! | `/family/{case}/facts` | what the record says of the child, who said it, and saying that it is wrong |
//! | `/family/{case}/documents/{document}` | what the family sent or was sent |

pub(crate) mod ask;
pub(crate) mod child;
mod claim;
mod copies;
pub(crate) mod facts;
pub(crate) mod home;
pub(crate) mod members;
mod own;
mod plan;
mod readers;
mod school;
pub(crate) mod tell;
pub(crate) mod views;

pub(crate) use members::{Member, members};
pub(crate) use own::outcomes;

use crate::App;
use axum::Router;
use axum::routing::{get, post};
use casework::access::{Actor, Role};
use casework::rights;

/// Somebody of the family, as their rights are looked at.
fn member_of(actor: &Actor) -> rights::Member {
    match actor.role {
        Role::YoungPerson => rights::Member::YoungPerson(actor.user),
        _ => rights::Member::Parent(actor.user),
    }
}

pub fn routes() -> Router<App> {
    Router::new()
        .merge(ask::routes())
        .route("/ask/{code}/account", get(claim::show).post(claim::send))
        .route("/ask/{code}/account/own", post(claim::follow_as_self))
        .route("/ask/{code}/account/code", get(claim::show_code).post(claim::open))
        .route("/family", get(home::show))
        .route("/family/{case}", get(child::show))
        .route("/family/{case}/record", get(child::show_record))
        .route("/family/{case}/sharing", get(own::show_sharing).post(own::save_sharing))
        .route("/family/{case}/rights", get(own::show_rights))
        .route("/family/{case}/outcomes", get(own::show_outcomes))
        .route("/family/{case}/outcomes/{line}", get(own::show_object).post(own::object))
        .route("/family/{case}/outcomes/{line}/take-back", post(own::take_back))
        .route("/family/{case}/after-19", get(own::show_after_19))
        .route("/family/{case}/plan", get(plan::show))
        .route("/family/{case}/plan/comments", post(plan::say))
        .route("/family/{case}/plan/comments/{comment}/take-back", post(plan::take_back))
        .route("/family/{case}/plan/lines/{line}", get(plan::show_line).post(plan::say_of_line))
        .route("/family/{case}/plan/reports/{advice}", get(plan::show_report))
        .route("/family/{case}/plan/reports/{advice}/file", get(plan::report_file))
        .route("/family/{case}/school", get(school::show).post(school::ask))
        .route("/family/{case}/views", get(views::show).post(views::save))
        .route("/family/{case}/copies", get(copies::show).post(copies::ask))
        .route("/family/{case}/facts", get(facts::show))
        .route("/family/{case}/facts/confirm", post(facts::confirm))
        .route("/family/{case}/facts/{field}", get(facts::show_change).post(facts::ask))
        .route("/family/{case}/facts/{field}/history", get(facts::show_history))
        .route("/family/{case}/documents/{document}", get(child::document))
}
