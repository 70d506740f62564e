//! Opening a child's record in an emergency, without a relation to the child.
//!
//! Whoever may not see a child does not learn that there is a record, and does not find it by searching.
//! In an emergency they name exactly whom they mean and say what is happening, and see at once what is
//! needed then. Managers, auditors and the child's officer are told, and the family unless that may put
//! somebody at risk. A manager looks at every opening afterwards.
//!
//! | address | page |
//! |---|---|
//! | `/emergency` | which child, what is happening, whether the family can be told |
//! | `/emergency/{case}` | what is needed: who the child is, who to call, the plan |
//! | `/openings` | every opening of the area, and who named a child who was not found |
//! | `/children/{case}/openings` | those of one child: was it right, tell the family, end it |
//!
//! None of this is in the API: a token that was lost opens no record.

mod ask;
mod list;
mod look;
mod record;
mod store;
pub(crate) mod words;

pub(crate) use store::forget;

use crate::journal::{self, Act, By, Papers, Who};
use crate::queue::Job;
use crate::{App, Error};
use axum::Router;
use axum::routing::{get, post};
use casework::access::Action;
use casework::{CaseId, Command, OpeningId, openings};
use serde::{Deserialize, Serialize};

/// Ends an opening when its day is over.
pub(crate) const END_OPENING: &str = "openings.end";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/emergency", get(ask::show).post(ask::open))
        .route("/emergency/{case}", get(record::show))
        .route("/emergency/{case}/end", post(record::end))
        .route("/openings", get(list::show))
        .route("/children/{case}/openings", get(look::show))
        .route("/children/{case}/openings/{opening}/look", post(look::look_at))
        .route("/children/{case}/openings/{opening}/tell", post(look::tell_family))
        .route("/children/{case}/openings/{opening}/end", post(look::end))
}

/// What the job carries: ids only.
#[derive(Debug, Serialize, Deserialize)]
struct EndBody {
    case: CaseId,
    opening: OpeningId,
}

pub(crate) fn end_by_itself(app: &App, job: &Job) -> Result<(), Error> {
    let body: EndBody = serde_json::from_str(&job.body)
        .map_err(|cause| Error::Broken { step: "read a job", cause: cause.to_string() })?;
    let by = By::System("openings");
    let who = Who { by, authority: job.authority, now: app.clock.now(), today: app.clock.today() };
    app.db.write("openings.end", |tx| {
        let case = journal::load(tx, job.authority, body.case)?.case;
        // On a record that was joined, it went along to the one that is kept.
        let id = case.joined_into.unwrap_or(body.case);
        let commands = vec![Command::Openings(openings::Command::End { opening: body.opening })];
        let act = Act { action: Action::LookAtOpenings, seen: None, commands, papers: Papers::default() };
        journal::act(tx, &who, id, act).map(|_| ())
    })
}
