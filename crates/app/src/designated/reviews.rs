//! Reviews in the next six weeks that need social care: whoever has section H in their plan, or is open
//! to social care. Each gets an answer: social care's part, or why there is none.

use crate::journal::{Papers, Text};
use crate::record::looks::named;
use crate::record::store;
use crate::record::store::{Scope, in_scope, name_of};
use crate::web::case_form::{Asked, form_page, subject, submit_then};
use crate::web::{Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor};
use casework::designated;
use casework::reviews::Review;
use casework::{Case, CaseId, Command, Refusal, TextId};
use db::Tx;
use jiff::civil::Date;

const TEXT_CHARS_MAX: usize = 10_000;
/// How far ahead the list looks.
const DAYS: i32 = 42;
/// Most reviews that are listed: more than one officer can answer in six weeks.
const LISTED_MAX: i64 = 200;

const AHEAD: &str = concat!(
    "SELECT c.case_id, c.meeting_on, p.given_name, p.family_name, p.known_as, e.name AS setting, d.care, d.review_answer, \
     (SELECT COUNT(*) FROM version_sections s WHERE s.authority_id = c.authority_id AND s.version_id = d.plan_version \
     AND s.section IN ('h1', 'h2')) AS h_lines FROM cases c \
     JOIN people p ON p.authority_id = c.authority_id AND p.case_id = c.case_id \
     JOIN designated_cases d ON d.authority_id = c.authority_id AND d.case_id = c.case_id \
     LEFT JOIN establishments e ON e.urn = c.setting_urn WHERE ",
    in_scope!(),
    " AND c.meeting_on >= $5 AND c.meeting_on <= $6 AND (d.care = 'open' OR EXISTS (SELECT 1 FROM version_sections s \
     WHERE s.authority_id = c.authority_id AND s.version_id = d.plan_version AND s.section IN ('h1', 'h2'))) \
     ORDER BY c.meeting_on, c.case_id LIMIT $7"
);

/// One review that needs social care.
pub(super) struct Ahead {
    case: CaseId,
    name: String,
    setting: String,
    meeting_on: Date,
    /// Why it needs social care.
    why: String,
    /// What social care said: "sent" or "declined".
    pub answer: Option<String>,
}

/// Reviews from today on, the next first.
///
/// # Errors
/// When the database fails.
pub(super) fn ahead(tx: &mut dyn Tx, actor: &Actor, today: Date) -> Result<Vec<Ahead>, Error> {
    let mut parameters = Scope::of(actor, Action::RecordCare).parameters().to_vec();
    parameters.extend([today.into(), law::calendar::days(today, DAYS).into(), LISTED_MAX.into()]);
    let mut ahead = Vec::new();
    for row in tx.query(AHEAD, &parameters)? {
        let (h_lines, care): (i64, Option<String>) = (row.get("h_lines")?, row.get("care")?);
        let section = if h_lines > 0 { "Section H in the plan" } else { "" };
        let open = if care.as_deref() == Some("open") { "Open to social care" } else { "" };
        let why: Vec<&str> = [section, open].into_iter().filter(|why| !why.is_empty()).collect();
        ahead.push(Ahead {
            case: CaseId(row.get("case_id")?),
            name: name_of(&row)?,
            setting: row.get::<Option<String>>("setting")?.unwrap_or_default(),
            meeting_on: row.get("meeting_on")?,
            why: why.join("; "),
            answer: row.get("review_answer")?,
        });
    }
    Ok(ahead)
}

#[derive(Template)]
#[template(path = "designated/reviews.html")]
struct ReviewsPage {
    ahead: Vec<Ahead>,
    answered: usize,
    until: Date,
}

pub async fn list(State(app): State<App>, session: Session) -> Result<Response, Error> {
    session.require(Action::RecordCare)?;
    let (actor, today) = (session.signed_in.actor.clone(), app.clock.today());
    let ahead = app.blocking(move |app| app.db.read("designated.reviews", |tx| ahead(tx, &actor, today))).await?;
    let answered = ahead.iter().filter(|review| review.answer.is_some()).count();
    let seen = named(&session.signed_in.actor, ahead.iter().map(|review| review.case));
    let view = ReviewsPage { ahead, answered, until: law::calendar::days(today, DAYS) };
    let frame =
        Frame::for_session(&session, "Reviews in the next six weeks").here("/designated").back("/designated", "Back");
    Ok((seen, frame.wide().render(&view)?).into_response())
}

/// The review that waits for its decision.
fn open(case: &Case) -> Result<&Review, Error> {
    let open = case.reviews.iter().rev().find(|review| review.decision.is_none());
    open.ok_or(Error::Refused(Refusal::NoReviewMeeting))
}

#[derive(Template)]
#[template(path = "designated/review_answer.html")]
struct AnswerPage<'a> {
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    meeting_on: Option<Date>,
    before: Option<(bool, String, Date)>,
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, texts) = app
        .blocking(move |app| {
            app.db.read("designated.review_answer", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::RecordCare)?;
                Ok((subject, store::texts(tx, who.authority, id)?))
            })
        })
        .await?;
    let review = open(&subject.case)?;
    let before = subject.case.designated.answer_to(review.id);
    let typed = typed.unwrap_or_default();
    let view = AnswerPage {
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        meeting_on: review.meeting_on,
        before: before
            .map(|answer| (answer.contributes, texts.get(&answer.text).cloned().unwrap_or_default(), answer.on)),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Social care’s answer to the review", &subject.name, &problem, &view)
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
    let address = format!("/children/{id}/review-answer");
    let then = || see_other("/designated/reviews");
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let case = crate::journal::load(tx, who.authority, id)?.case;
            let review = open(&case)?.id;
            let mut problems = Problems::default();
            let contributes = match typed.get("answer") {
                "sent" => true,
                "declined" => false,
                _ => {
                    problems.add("answer", "Select whether social care takes part");
                    false
                }
            };
            let ask = if contributes {
                "Say what social care says to the review"
            } else {
                "Give the reason: declining is an answer only with it"
            };
            let body = problems.text(typed, "text", ask, TEXT_CHARS_MAX);
            problems.check()?;
            let text = TextId(app.ids.next());
            let command = designated::Command::AnswerReview { review, contributes, text };
            Ok(Asked {
                action: Action::RecordCare,
                commands: vec![Command::Designated(command)],
                papers: Papers::texts(vec![Text { id: text, body }]),
            })
        },
        again,
    )
    .await
}
