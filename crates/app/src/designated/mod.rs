//! What designated officers for health and social care have of their own.
//!
//! | address | page |
//! |---|---|
//! | `/designated` | the way to everything below, with how much there is |
//! | `/designated/plans` | plans whose lines of theirs wait to be looked at |
//! | `/children/{case}/lines` | those lines, and what became of signed advice: confirm, or ask about one |
//! | `/children/{case}/questions` | the officer's: answer what was asked |
//! | `/designated/reviews` | reviews in the next six weeks that need social care |
//! | `/children/{case}/review-answer` | social care's part for a review, or why there is none |
//! | `/designated/year-9` | children with care needs from Year 9 on: transition, adult worker |
//! | `/children/{case}/care` | what is kept of the care record, the adult worker, the transition |
//! | `/designated/samples` | entries of sections C and G drawn by chance, graded by both sides apart |
//! | `/designated/recommendations` | what the tribunal recommended, and whose answer is due when |
//! | `/children/{case}/recommendations` | the same of one child: record one, record its answer |
//! | `/designated/month` | how many answers came in time, by team, for a board; each number with its list |
//!
//! What stands beside each child in their queue is [`known`]; the queue itself is in
//! `crates/app/src/assessment`.

mod care;
pub(crate) mod known;
mod lines;
mod month;
mod plans;
mod questions;
mod recommendations;
mod reviews;
mod samples;
mod year_nine;

use crate::web::{Frame, Page, Session};
use crate::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use casework::access::{Action, Actor, Role};
use casework::designated::Part;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/designated", get(show))
        .route("/designated/plans", get(plans::show))
        .route("/designated/reviews", get(reviews::list))
        .route("/designated/year-9", get(year_nine::show))
        .route("/designated/month", get(month::show))
        .route("/designated/month.csv", get(month::download))
        .route("/designated/month/list", get(month::list))
        .route("/designated/samples", get(samples::list).post(samples::draw_one))
        .route("/designated/samples/{sample}", get(samples::show))
        .route("/designated/samples/{sample}/{place}", post(samples::mark))
        .route("/designated/recommendations", get(recommendations::list))
        .route("/children/{case}/recommendations", get(recommendations::show).post(recommendations::save))
        .route("/children/{case}/recommendations/{number}", post(recommendations::reply))
        .route("/children/{case}/lines", get(lines::show).post(lines::save))
        .route("/children/{case}/questions", get(questions::show))
        .route("/children/{case}/questions/{part}/{line}", post(questions::answer))
        .route("/children/{case}/care", get(care::show).post(care::link))
        .route("/children/{case}/care/adult-worker", post(care::name_worker))
        .route("/children/{case}/care/transition", post(care::transition))
        .route("/children/{case}/review-answer", get(reviews::show).post(reviews::save))
}

/// Which part somebody's post is about.
pub(crate) fn part_of(actor: &Actor) -> Option<Part> {
    match actor.role {
        Role::DesignatedClinicalOfficer => Some(Part::Health),
        Role::DesignatedSocialCareOfficer => Some(Part::SocialCare),
        _ => None,
    }
}

/// The same for a page that only designated officers have.
fn own_part(session: &Session, action: Action) -> Result<Part, Error> {
    session.require(action)?;
    part_of(&session.signed_in.actor).ok_or(Error::NotAllowed)
}

/// One way on from the first page.
struct Way {
    href: &'static str,
    name: &'static str,
    what: String,
}

#[derive(Template)]
#[template(path = "designated/home.html")]
struct HomePage {
    part: Part,
    ways: Vec<Way>,
}

fn some(count: usize, one: &str, more: &str, none: &str) -> String {
    match count {
        0 => none.to_owned(),
        1 => one.to_owned(),
        count => format!("{count} {more}"),
    }
}

async fn show(State(app): State<App>, session: Session) -> Result<Page, Error> {
    let part = own_part(&session, Action::SeeDesignated)?;
    let (actor, who, today) = (session.signed_in.actor.clone(), session.who(&app), app.clock.today());
    let (to_look_at, ahead, older) = app
        .blocking(move |app| {
            app.db.read("designated.home", |tx| -> Result<_, Error> {
                let to_look_at = plans::changed(tx, &who, &actor, part)?.len();
                let is_care = part == Part::SocialCare;
                let ahead = if is_care { reviews::ahead(tx, &actor, today)? } else { vec![] };
                let older = if is_care { year_nine::older(tx, &actor, today)? } else { vec![] };
                Ok((to_look_at, ahead, older))
            })
        })
        .await?;
    let mut ways = vec![
        Way {
            href: "/advice",
            name: "Advice asked for",
            what: "Who is asked, who knows the child, by when".to_owned(),
        },
        Way {
            href: "/designated/plans",
            name: "What plans say",
            what: some(
                to_look_at,
                "One draft says something else than advice of yours",
                "drafts say something else than advice of yours",
                "No draft waits for your look",
            ),
        },
    ];
    if part == Part::SocialCare {
        let unanswered = ahead.iter().filter(|review| review.answer.is_none()).count();
        let unnamed = older.iter().filter(|child| !child.has_worker).count();
        ways.extend([
            Way {
                href: "/designated/reviews",
                name: "Reviews in the next six weeks",
                what: some(
                    unanswered,
                    "One waits for social care’s answer",
                    "wait for social care’s answer",
                    "Each has social care’s answer",
                ),
            },
            Way {
                href: "/designated/year-9",
                name: "Year 9 and over",
                what: some(
                    unnamed,
                    "One child has no adult worker named",
                    "children have no adult worker named",
                    "Every child has an adult worker named",
                ),
            },
        ]);
    }
    ways.extend([
        Way {
            href: "/designated/samples",
            name: "Samples of sections C and G",
            what: "Entries drawn by chance, graded by health and by social care".to_owned(),
        },
        Way {
            href: "/designated/recommendations",
            name: if part == Part::Health { "Outcomes for health" } else { "Outcomes for social care" },
            what: "What the tribunal recommended, and whose answer is due when".to_owned(),
        },
    ]);
    ways.push(Way {
        href: "/designated/month",
        name: "The month for the board",
        what: "Answers in time, by team, with small numbers hidden".to_owned(),
    });
    Frame::for_session(&session, "Plans and reviews").here("/designated").render(&HomePage { part, ways })
}
