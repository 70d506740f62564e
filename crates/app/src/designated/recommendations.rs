//! Outcomes for health and social care: what the tribunal recommended, who answers for it and by when.
//! The clock is the law's own (SI 2017/1306): five weeks.

use super::own_part;
use crate::journal::{self, Papers, Text};
use crate::record::looks::named;
use crate::record::store::{self, Scope, in_scope, name_of};
use crate::web::case_form::{Asked, form_page, subject, submit_then};
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::designated::{self, Part};
use casework::{Case, CaseId, Command, TextId};
use jiff::civil::Date;
use std::collections::HashMap;
use strum::IntoEnumIterator;

const TEXT_CHARS_MAX: usize = 10_000;
const SHORT_CHARS_MAX: usize = 300;
/// Most recommendations that are listed.
const LISTED_MAX: i64 = 200;

const LISTED: &str = concat!(
    "SELECT d.case_id, d.subject, d.due_on, p.given_name, p.family_name, p.known_as FROM deadlines d \
     JOIN cases c ON c.authority_id = d.authority_id AND c.case_id = d.case_id \
     JOIN people p ON p.authority_id = d.authority_id AND p.case_id = d.case_id WHERE ",
    in_scope!(),
    " AND d.authority_id = $1 AND d.rule = 'ftt_recommendation_reply_5w' \
     ORDER BY CASE WHEN d.met_on IS NULL THEN 0 ELSE 1 END, d.due_on, d.case_id, d.subject LIMIT $5"
);

/// One recommendation in words.
struct Line {
    case: CaseId,
    subject: u32,
    name: String,
    part: Part,
    made_on: Date,
    received_on: Date,
    due_on: Date,
    owner: String,
    says: String,
    reply: Option<(bool, String, Date)>,
    is_late: bool,
}

/// Recommendations of a case with the days on which their answers are due.
fn lines(case: &Case, name: &str, texts: &HashMap<TextId, String>, today: Date) -> Vec<Line> {
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    let deadlines = case.deadlines();
    let due_on = |subject: u32| {
        let mut of_rule = deadlines.iter().filter(|due| due.rule == law::RuleId::FttRecommendationReply5w);
        of_rule.find(|due| due.trigger.subject == subject).map(|due| due.due_on)
    };
    let known = case.designated.recommendations.iter();
    known
        .filter_map(|known| {
            let due_on = due_on(known.subject)?;
            Some(Line {
                case: case.id,
                subject: known.subject,
                name: name.to_owned(),
                part: known.part,
                made_on: known.made_on,
                received_on: known.received_on,
                due_on,
                owner: text(known.owner),
                says: text(known.says),
                reply: known.reply.map(|(follows, words, on)| (follows, text(words), on)),
                is_late: known.reply.is_none() && due_on < today,
            })
        })
        .collect()
}

#[derive(Template)]
#[template(path = "designated/recommendations.html")]
struct ListPage {
    part: Part,
    lines: Vec<Line>,
}

pub async fn list(State(app): State<App>, session: Session) -> Result<Response, Error> {
    let part = own_part(&session, Action::SeeDesignated)?;
    let who = session.who(&app);
    let actor = session.signed_in.actor.clone();
    let lines = app
        .blocking(move |app| {
            app.db.read("designated.recommendations", |tx| -> Result<Vec<Line>, Error> {
                let mut parameters = Scope::of(&actor, Action::RecordRecommendation).parameters().to_vec();
                parameters.push(LISTED_MAX.into());
                let mut found = Vec::new();
                for row in tx.query(LISTED, &parameters)? {
                    let (id, subject) = (CaseId(row.get("case_id")?), row.get::<u32>("subject")?);
                    let case = journal::load(tx, who.authority, id)?.case;
                    let texts = store::texts(tx, who.authority, id)?;
                    let all = lines(&case, &name_of(&row)?, &texts, who.today);
                    found.extend(all.into_iter().filter(|line| line.subject == subject && line.part == part));
                }
                Ok(found)
            })
        })
        .await?;
    let seen = named(&session.signed_in.actor, lines.iter().map(|line| line.case));
    let page = Frame::for_session(&session, format!("Outcomes for {}", part.label().to_lowercase()))
        .here("/designated")
        .back("/designated", "Back")
        .wide()
        .render(&ListPage { part, lines })?;
    Ok((seen, page).into_response())
}

#[derive(Template)]
#[template(path = "designated/recommendation.html")]
struct FormPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    parts: Vec<Choice>,
    lines: Vec<Line>,
    /// The recommendation whose answer can be typed: one at a time.
    open: Option<u32>,
    follows: [Choice; 2],
}

fn follows() -> [Choice; 2] {
    [("yes", "It will be followed"), ("no", "It will not be followed, and this is why")]
        .map(|(code, words)| (code.to_owned(), words.to_owned()))
}

async fn page(
    app: App,
    session: Session,
    id: CaseId,
    answered: Option<u32>,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, texts) = app
        .blocking(move |app| {
            app.db.read("designated.recommendation", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::RecordRecommendation)?;
                Ok((subject, store::texts(tx, who.authority, id)?))
            })
        })
        .await?;
    let typed = typed.unwrap_or_default();
    let view = FormPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        parts: choices(Part::iter(), |part| part.code().to_owned(), Part::label),
        open: answered.or_else(|| {
            let mut known = subject.case.designated.recommendations.iter();
            known.find(|known| known.reply.is_none()).map(|known| known.subject)
        }),
        lines: lines(&subject.case, &subject.name, &texts, today),
        follows: follows(),
        name: subject.name.clone(),
    };
    form_page(&session, id, "What the tribunal recommended", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, None, Problem::default()).await
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, None, Some(typed), problem)
    };
    let address = format!("/children/{id}/recommendations");
    let then = || see_other(&format!("/children/{id}/recommendations"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |_, app, _, typed| {
            let mut problems = Problems::default();
            let part = problems.choice::<Part>(typed, "part", "Select whom it is for");
            let made_on = problems.date(typed, "made-on", "The day of the decision");
            let received_on = problems.date(typed, "received-on", "The day it was received");
            let owner = problems.text(typed, "owner", "Enter who answers for it", SHORT_CHARS_MAX);
            let says = problems.text(typed, "says", "Enter what the tribunal recommended", TEXT_CHARS_MAX);
            problems.check()?;
            let (Some(part), Some(made_on), Some(received_on)) = (part, made_on, received_on) else {
                return Err(Error::NotFound);
            };
            let (owner_id, says_id) = (TextId(app.ids.next()), TextId(app.ids.next()));
            let command = designated::Command::Recommend { part, made_on, received_on, owner: owner_id, says: says_id };
            let texts = vec![Text { id: owner_id, body: owner }, Text { id: says_id, body: says }];
            Ok(Asked {
                action: Action::RecordRecommendation,
                commands: vec![Command::Designated(command)],
                papers: Papers::texts(texts),
            })
        },
        again,
    )
    .await
}

pub async fn reply(
    State(app): State<App>,
    session: Session,
    Path((id, number)): Path<(CaseId, u32)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(number), Some(typed), problem)
    };
    let address = format!("/children/{id}/recommendations/{number}");
    let then = || see_other(&format!("/children/{id}/recommendations"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |_, app, _, typed| {
            let mut problems = Problems::default();
            if !matches!(typed.get("follows"), "yes" | "no") {
                problems.add("follows", "Select whether it will be followed");
            }
            let body = problems.text(typed, "reply", "Enter what was answered", TEXT_CHARS_MAX);
            let on = problems.date(typed, "replied-on", "The day the answer was sent");
            problems.check()?;
            let text = TextId(app.ids.next());
            let (subject, follows) = (number, typed.get("follows") == "yes");
            let on = on.ok_or(Error::NotFound)?;
            let command = designated::Command::ReplyToRecommendation { subject, follows, text, on };
            Ok(Asked {
                action: Action::RecordRecommendation,
                commands: vec![Command::Designated(command)],
                papers: Papers::texts(vec![Text { id: text, body }]),
            })
        },
        again,
    )
    .await
}
