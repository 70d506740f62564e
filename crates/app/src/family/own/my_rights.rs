//! "My rights now": what is theirs to decide, who can help, when the plan is next due and why.

use super::{first_name, themself};
use crate::admin::areas::Organisation;
use crate::family::child::standing;
use crate::record::store;
use crate::web::{Frame, Page, Session, long_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use casework::CaseId;
use casework::access::Action;
use casework::rights::{self, Acting, Decision, Holder};
use jiff::civil::Date;
use law::RuleId;
use strum::IntoEnumIterator;

/// A decision that somebody makes in the young person's place.
struct Acted {
    what: &'static str,
    who: String,
}

/// The next day that the law sets for the plan.
struct Due {
    what: String,
    on: String,
    is_late: bool,
    why: String,
}

#[derive(Template)]
#[template(path = "family/own/my_rights.html")]
struct RightsPage {
    case: CaseId,
    has_passed: bool,
    passes_on: String,
    last_friday: String,
    acted: Vec<Acted>,
    help: Organisation,
    officer: Option<String>,
    due: Vec<Due>,
}

/// What a decision is, in short words.
fn what(decision: Decision) -> &'static str {
    match decision {
        Decision::Plan => "What goes in your plan",
        Decision::Place => "Where you go to learn",
        Decision::Sharing => "Who sees what about you",
    }
}

/// A rule of the law in short words: what must be done, and why on that day.
fn plainly(rule: RuleId, title: &str, on: Date) -> (String, String) {
    let year = on.year();
    match rule {
        RuleId::PhaseTransfer31Mar => (
            "Your new plan must be ready".to_owned(),
            format!(
                "You move on to a new place to learn in {year}. The law says that the plan for it must be done by the \
                 end of March in that year. Then you know where you will go in good time."
            ),
        ),
        RuleId::PhaseTransfer15Feb => (
            "Your new plan must be ready".to_owned(),
            format!(
                "You move to a new school in {year}. The law says that the plan for it must be done by 15 February."
            ),
        ),
        RuleId::AnnualReviewFirst12m | RuleId::AnnualReviewNext12m => (
            "Your plan must have been looked at again".to_owned(),
            "The law says that this must be done once a year. We count a year from the last time.".to_owned(),
        ),
        _ => (title.to_owned(), "The law sets this day.".to_owned()),
    }
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (view, name) = app
        .blocking(move |app| {
            app.db.read("family.my_rights", |tx| -> Result<_, Error> {
                let (case, details) = themself(tx, &who, id, Action::SeeOwnChild)?;
                let texts = store::texts(tx, who.authority, id)?;
                let (_, _, profile) = store::authority(tx, who.authority)?;
                let last = |of: Decision| rights::last_assessment(&case, of);
                let acted = Decision::iter().filter_map(|of| {
                    let who = match rights::acting(&case, of)? {
                        Acting::Parents => "Your parents decide this with you for now".to_owned(),
                        Acting::Representative(_) => {
                            let name = last(of).and_then(|known| known.representative).and_then(|r| texts.get(&r.name));
                            format!("{} decides this with you for now", name.map_or("Someone", String::as_str))
                        }
                    };
                    Some(Acted { what: what(of), who })
                });
                let acted = acted.collect();
                let officer = match case.officer {
                    Some(officer) => store::user_name(tx, who.authority, officer.0)?.map(|(name, _)| name),
                    None => None,
                };
                let due = standing(tx, &case, today)?.next.into_iter().take(3).map(|next| {
                    let (what, why) = plainly(next.rule, next.title, next.due_on);
                    Due { what, on: long_date(next.due_on), is_late: next.is_late, why }
                });
                let passes_on = rights::pass_on(&case).ok_or(Error::NotFound)?;
                let view = RightsPage {
                    case: id,
                    has_passed: rights::holder(&case, today) == Some(Holder::YoungPerson),
                    passes_on: long_date(passes_on),
                    last_friday: long_date(law::calendar::days(passes_on, -1)),
                    acted,
                    help: profile.advice_and_support,
                    officer,
                    due: due.collect(),
                };
                Ok((view, first_name(&details)))
            })
        })
        .await?;
    Frame::for_session(&session, format!("My rights now, {name}"))
        .here("/family")
        .back(format!("/family/{id}"), "Back")
        .render(&view)
}
