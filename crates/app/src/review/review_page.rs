//! The review that is due: one page that offers the next step of it.

use crate::journal::{Papers, Who};
use crate::web::case_form::{Asked, Subject, form_page, subject, submit};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::reviews::{self, Review, ReviewOutcome};
use casework::{Case, CaseId, Command, Refusal, ReviewId};
use db::Tx;
use jiff::civil::Date;
use strum::IntoEnumIterator;

/// The next step of the review that is open.
enum Step {
    Arrange,
    Hold(Review),
    Decide(Review),
}

impl Step {
    fn of(case: &Case) -> Step {
        match case.reviews.iter().rev().find(|review| review.decision.is_none()) {
            Some(review) if review.held => Step::Decide(review.clone()),
            Some(review) => Step::Hold(review.clone()),
            None => Step::Arrange,
        }
    }
}

/// A date that follows from the meeting, with what it is.
struct Following {
    what: &'static str,
    by: Date,
}

#[derive(Template)]
#[template(path = "review/review_page.html")]
struct ReviewPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    step: Step,
    outcomes: Vec<Choice>,
    following: Vec<Following>,
    due_on: Option<Date>,
    past: Vec<Review>,
    /// What social care says to the review: whether it takes part, its words, the day.
    social_care: Option<(bool, String, Date)>,
    today: Date,
}

fn following(meeting_on: Date) -> Vec<Following> {
    use law::calendar::weeks;
    vec![
        Following {
            what: "Report of the meeting sent to everyone invited (regulation 20(7) or 21(7))",
            by: weeks(meeting_on, 2),
        },
        Following {
            what: "Decision sent to the family, with any proposed changes (regulation 20(10))",
            by: weeks(meeting_on, 4),
        },
        Following { what: "Amended final plan, if the plan changes (regulation 22(3))", by: weeks(meeting_on, 12) },
    ]
}

/// The case of a child with a plan, for somebody who records its reviews.
///
/// # Errors
/// As [`subject`]; refused when there is no plan.
pub(crate) fn with_plan(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Subject, Error> {
    let subject = subject(tx, who, id, Action::RecordReview)?;
    if subject.case.plan_in_force().is_none() {
        return Err(Error::Refused(Refusal::NoPlan));
    }
    Ok(subject)
}

/// The day by which the next review is due.
pub(crate) fn due_on(case: &Case) -> Option<Date> {
    let is_review = |rule| matches!(rule, law::RuleId::AnnualReviewFirst12m | law::RuleId::AnnualReviewNext12m);
    case.deadlines().iter().rev().find(|d| is_review(d.rule) && d.met_on.is_none()).map(|d| d.due_on)
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, texts) = app
        .blocking(move |app| {
            app.db.read("review.form", |tx| -> Result<_, Error> {
                Ok((with_plan(tx, &who, id)?, crate::record::store::texts(tx, who.authority, id)?))
            })
        })
        .await?;
    let step = Step::of(&subject.case);
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        match &step {
            Step::Arrange => {}
            Step::Hold(review) => typed.set("on", review.meeting_on.unwrap_or(today).to_string()),
            Step::Decide(_) => typed.set("on", today.to_string()),
        }
        typed
    });
    let meeting_on = match &step {
        Step::Hold(review) | Step::Decide(review) => review.meeting_on,
        Step::Arrange => None,
    };
    let open = subject.case.reviews.iter().rev().find(|review| review.decision.is_none());
    let answer = open.and_then(|review| subject.case.designated.answer_to(review.id));
    let view = ReviewPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        following: meeting_on.map(following).unwrap_or_default(),
        outcomes: choices(ReviewOutcome::iter(), |outcome| outcome.code().to_owned(), ReviewOutcome::label),
        past: subject.case.reviews.iter().rev().filter(|review| review.decision.is_some()).cloned().collect(),
        social_care: answer
            .map(|answer| (answer.contributes, texts.get(&answer.text).cloned().unwrap_or_default(), answer.on)),
        due_on: due_on(&subject.case),
        today,
        step,
        name: subject.name.clone(),
    };
    form_page(&session, id, "Review", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, Problem::default()).await
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/review");
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        "The review is recorded.",
        |_, app, _, typed| {
            let mut problems = Problems::default();
            let review = typed.get("review").parse::<ReviewId>().ok();
            let command = match typed.get("step") {
                "arrange" => problems
                    .date(typed, "on", "The day of the meeting")
                    .map(|meeting_on| reviews::Command::Arrange { review: ReviewId(app.ids.next()), meeting_on }),
                "hold" => problems.date(typed, "on", "The day of the meeting").map(|on| {
                    reviews::Command::RecordMeeting { review: review.unwrap_or_else(|| ReviewId(app.ids.next())), on }
                }),
                "circulate" | "report" => match (review, problems.date(typed, "on", "The day they were sent")) {
                    (Some(review), Some(on)) if typed.get("step") == "report" => {
                        Some(reviews::Command::SendReport { review, on })
                    }
                    (Some(review), Some(on)) => Some(reviews::Command::CirculateAdvice { review, on }),
                    _ => None,
                },
                "decide" => {
                    let on = problems.date(typed, "on", "The day the decision is sent");
                    let outcome = problems.choice::<ReviewOutcome>(typed, "outcome", "Select what was decided");
                    match (review, outcome, on) {
                        (Some(review), Some(outcome), Some(on)) => {
                            Some(reviews::Command::Decide { review, outcome, on })
                        }
                        _ => None,
                    }
                }
                _ => None,
            };
            problems.check()?;
            let command = command.ok_or_else(|| {
                Error::Fields(vec![FieldError::new("form", "Select what happened, then send the form again")])
            })?;
            Ok(Asked {
                action: Action::RecordReview,
                commands: vec![Command::Reviews(command)],
                papers: Papers::default(),
            })
        },
        again,
    )
    .await
}
