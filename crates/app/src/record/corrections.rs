//! What the family says is wrong: put right, or kept with a reason, in ten working days.

use crate::family::members::{Member, members};
use crate::journal::{self, Act, Papers, Text, Told};
use crate::post::{self, To, Words};
use crate::recipients::{self, Leaving, Outcome, held};
use crate::record::facts::{self, Asked};
use crate::record::store;
use crate::web::case_form::{Subject, form_page, subject};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, conflict, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::people::corrections::Answer;
use casework::people::facts::{Form, Teller};
use casework::people::{self, DetailField};
use casework::post::Kind;
use casework::recipients::Sending;
use casework::{CaseId, Command, CorrectionId, TextId};
use db::Tx;

/// Most characters of a reason.
const REASON_CHARS_MAX: usize = 2000;

#[derive(Template)]
#[template(path = "record/corrections.html")]
struct CorrectionsPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    answers: [Choice; 2],
    open: Vec<Asked>,
    over: Vec<Asked>,
}

/// What the family asked to be put right, oldest first, for somebody who may answer it.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy.
pub(crate) fn asked(tx: &mut dyn Tx, who: &journal::Who, id: CaseId) -> Result<(Subject, Vec<Asked>), Error> {
    let subject = subject(tx, who, id, Action::CorrectDetails)?;
    let texts = store::texts(tx, who.authority, id)?;
    let asked = subject.case.corrections.iter().map(|known| Asked::of(known, &subject.details, &texts)).collect();
    Ok((subject, asked))
}

async fn page(app: &App, session: &Session, id: CaseId, typed: &Typed, problem: &Problem) -> Result<Page, Error> {
    let who = session.who(app);
    let (subject, all) = app.blocking(move |app| app.db.read("record.corrections", |tx| asked(tx, &who, id))).await?;
    let (open, over): (Vec<_>, Vec<_>) = all.into_iter().partition(|known| known.outcome.is_none());
    let view = CorrectionsPage {
        case: id,
        name: subject.name.clone(),
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        answers: [("accept", "Put the record right"), ("keep", "Keep it as it is, for a reason")]
            .map(|(value, label)| (value.to_owned(), label.to_owned())),
        open,
        over,
    };
    form_page(session, id, "What the family says is wrong", &subject.name, problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(&app, &session, id, &Typed::default(), &Problem::default()).await
}

/// Answers one correction; the family is told by email that there is an answer, not what it is.
///
/// # Errors
/// [`Error::Fields`] when something is missing, and as [`journal::act`].
pub(crate) fn answer(
    tx: &mut dyn Tx,
    app: &App,
    who: &journal::Who,
    (id, correction): (CaseId, CorrectionId),
    typed: &Typed,
) -> Result<Outcome, Error> {
    let mut problems = Problems::default();
    let reason = TextId(app.ids.next());
    let mut papers = Papers::default();
    let mut commands = Vec::new();
    let subject = subject(tx, who, id, Action::CorrectDetails)?;
    let found = subject.case.corrections.iter().find(|known| known.id == correction).ok_or(Error::NotFound)?;
    let answer = match typed.get("answer") {
        "accept" => {
            let after = store::texts(tx, who.authority, id)?.remove(&found.after).unwrap_or_default();
            let details = facts::with(&subject.details, found.field, &Typed::decode(after.as_bytes())?, who.today)?;
            let born_on = (found.field == DetailField::BirthDate).then_some(details.born_on);
            let (person, _) = store::person(tx, who.authority, id)?;
            commands.push(people::Command::CorrectDetails { fields: vec![found.field], born_on });
            papers.details = Some((person, details));
            papers.told = Some(Told::on(Form::WhatWeKnow, Teller::Family));
            Answer::Accepted
        }
        "keep" => {
            let body =
                problems.text(typed, "reason", "Give the reason: the family has a right to it", REASON_CHARS_MAX);
            papers.texts.push(Text { id: reason, body });
            Answer::Kept { reasons: reason }
        }
        _ => {
            problems.add("answer", "Select whether the record is put right");
            Answer::Kept { reasons: reason }
        }
    };
    problems.check()?;
    commands.push(people::Command::AnswerCorrection { correction, answer });
    let commands = commands.into_iter().map(Command::People).collect();
    let act = Act { action: Action::CorrectDetails, seen: typed.seen(), commands, papers };
    let words = act.papers.texts.iter().map(|text| ("the reason".to_owned(), text.body.clone()));
    let leaving = Leaving::new(Sending::Answer).parts(words.collect::<Vec<_>>());
    let after = match recipients::act(tx, app, who, id, act, Some(&leaving), typed)? {
        Outcome::Done(after) => after,
        held @ Outcome::Held(_) => return Ok(held),
    };
    // Whoever may no longer read the answer is not told that there is one.
    let asker = members(tx, &after.case)?
        .into_iter()
        .find(|member| Some(member.user) == found.asked_by && member.may(&after.case, Action::SeeOwnRecord));
    if let Some(Member { user, .. }) = asker {
        let message = post::named(&[b"correction", correction.0.as_bytes(), user.0.as_bytes()]);
        post::tell(tx, app, who.authority, message, &To::Person(user), &told(id))?;
    }
    Ok(Outcome::Done(after))
}

/// That there is an answer; not about what.
pub(crate) fn told(case: CaseId) -> Words {
    let body = "You said that something on a record is wrong. There is an answer.\n\nSign in and open “What we already \
                know” to read it. If you do not agree with it, you can say so there or ring the council.\n";
    Words {
        kind: Kind::CorrectionAnswered,
        subject: "Something you asked us to put right is answered".to_owned(),
        body: body.to_owned(),
        path: Some(format!("/family/{case}/facts")),
        by: None,
    }
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path((id, correction)): Path<(CaseId, CorrectionId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    if typed.get(held::AGAIN) == "yes" {
        let typed = held::without_release(&typed);
        return Ok(page(&app, &session, id, &typed, &Problem::default()).await?.into_response());
    }
    let (who, posted) = (session.who(&app), typed.clone());
    let saved = app
        .blocking(move |app| {
            app.db.write("record.answer_correction", |tx| {
                let mut posted = posted.clone();
                if let Some(seen) = posted.seen() {
                    let seen = journal::seen_now(tx, who.authority, id, seen)?;
                    journal::unchanged(tx, who.authority, id, seen)?;
                    posted.set("version", seen.to_string());
                }
                answer(tx, app, &who, (id, correction), &posted)
            })
        })
        .await;
    match saved {
        Ok(Outcome::Done(_)) => Ok(see_other(&format!("/children/{id}/corrections"))),
        Ok(Outcome::Held(found)) => {
            let address = format!("/children/{id}/corrections/{correction}");
            held::page(&app, &session, id, &found, &typed, &address).await
        }
        Err(Error::Conflict { seen, .. }) => {
            conflict::page(&app, &session, id, seen, &typed, &format!("/children/{id}/corrections")).await
        }
        Err(error) => {
            let page = page(&app, &session, id, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
