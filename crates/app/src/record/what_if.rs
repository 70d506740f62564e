//! What would change if something happened? The same clock on a list of facts that nobody
//! recorded. Nothing on this page is saved: it is a question, asked by its address.

use super::store;
use crate::journal::{authorise, load};
use crate::web::{Choice, Fields, Frame, Page, Problems, Session, Typed, error_summary, long_date, short_date};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use casework::access::Action;
use casework::{Case, CaseId};
use jiff::civil::Date;
use law::{Event, EventName};

/// A supposition: its code, its words, and the dates it asks for.
const SUPPOSITIONS: [(&str, &str); 6] = [
    ("school_closed", "The school is closed when advice is asked for"),
    ("advice_late", "The last advice comes on a certain day"),
    ("absent", "The child is away from the area"),
    ("circumstances", "Something exceptional happens in the family"),
    ("decision", "We decide to assess on a certain day"),
    ("draft", "The draft reaches the family on a certain day"),
];

struct ChangeLine {
    title: &'static str,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "record/what_if.html")]
struct WhatIfPage<'a> {
    case: CaseId,
    name: String,
    f: Fields<'a>,
    summary: govuk::Html,
    suppositions: Vec<Choice>,
    asked: bool,
    words: Vec<String>,
    changes: Vec<ChangeLine>,
    steps: Vec<(&'static str, String, String)>,
}

fn supposed(typed: &Typed, case: &Case) -> Result<Vec<Event>, Vec<FieldError>> {
    let mut problems = Problems::default();
    let event = |name: EventName, on: Option<Date>| on.map(|on| Event::new(name, on));
    let events: Vec<Option<Event>> = match typed.get("if") {
        "school_closed" => {
            let from = problems.date(typed, "from-on", "The first day the school is closed");
            let to = problems.date(typed, "to-on", "The day the school opens again");
            let asked = problems.date(typed, "asked-on", "The day advice is asked for");
            vec![
                event(EventName::SchoolClosedFrom, from),
                event(EventName::SchoolReopens, to),
                event(EventName::AdviceRequested, asked),
            ]
        }
        "absent" => {
            let from = problems.date(typed, "from-on", "The first day away");
            let to = problems.date(typed, "to-on", "The last day away");
            vec![event(EventName::AbsentFrom, from), event(EventName::AbsentTo, to)]
        }
        "advice_late" => {
            let on = problems.date(typed, "from-on", "The day the advice comes");
            let waiting = case.live_request().into_iter().flat_map(|r| &r.advice).find(|a| a.reply.is_none());
            let mut events = vec![event(EventName::AdviceReceivedLast, on)];
            if let (Some(asked), Some(on)) = (waiting, on) {
                events.push(Some(Event::new(EventName::AdviceReceived, on).about(asked.subject)));
            }
            events
        }
        "circumstances" => {
            vec![event(EventName::ExceptionalCircumstancesFrom, problems.date(typed, "from-on", "The day it began"))]
        }
        "decision" => {
            vec![event(EventName::DecisionToAssess, problems.date(typed, "from-on", "The day of the decision"))]
        }
        "draft" => {
            vec![event(EventName::DraftPlanServed, problems.date(typed, "from-on", "The day the draft arrives"))]
        }
        _ => {
            problems.add("if", "Select what might happen");
            vec![]
        }
    };
    match problems.check() {
        Err(Error::Fields(errors)) => Err(errors),
        _ => Ok(events.into_iter().flatten().collect()),
    }
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    RawQuery(query): RawQuery,
) -> Result<Page, Error> {
    let typed = Typed::decode(query.unwrap_or_default().as_bytes())?;
    let who = session.who(&app);
    let (case, name) = app
        .blocking(move |app| {
            app.db.read("record.what_if", |tx| -> Result<_, Error> {
                let loaded = load(tx, who.authority, id)?;
                if !loaded.case.is_open() {
                    return Err(Error::NotFound);
                }
                authorise(&who, Action::SeeCase, &loaded)?;
                let (_, details) = store::person(tx, who.authority, id)?;
                Ok((loaded.case, details.display_name()))
            })
        })
        .await?;
    let mut errors = Vec::new();
    let mut view = WhatIfPage {
        case: id,
        f: Fields { typed: &typed, errors: &[] },
        summary: govuk::Html::default(),
        suppositions: SUPPOSITIONS.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect(),
        asked: false,
        words: vec![],
        changes: vec![],
        steps: vec![],
        name: name.clone(),
    };
    if !typed.is_empty() {
        match supposed(&typed, &case) {
            Ok(events) => answer(&mut view, &case, &events),
            Err(found) => errors = found,
        }
    }
    view.f = Fields { typed: &typed, errors: &errors };
    view.summary = error_summary(&errors);
    Frame::for_session(&session, format!("What if? {name}"))
        .here("/children")
        .back(format!("/children/{id}#dates"), "Back to the child’s page")
        .with_errors(&errors)
        .render(&view)
}

fn answer(view: &mut WhatIfPage<'_>, case: &Case, events: &[Event]) {
    let answer = law::what_if(&case.clock_events(), events);
    view.asked = true;
    let describe = |deadline: &Option<law::Deadline>| match deadline {
        None => "Does not run".to_owned(),
        Some(d) if d.superseded_by.is_some() => "No longer applies".to_owned(),
        Some(d) if d.disapplied.is_some() => format!("{}, limit taken away", short_date(d.due_on)),
        Some(d) => short_date(d.due_on),
    };
    view.changes = answer
        .changes
        .iter()
        .map(|change| ChangeLine {
            title: change.rule.rule().title,
            before: describe(&change.before),
            after: describe(&change.after),
        })
        .collect();
    if let (Some(before), Some(after)) = (answer.before, answer.after) {
        let line = |title, before: Date, after: Date| (title, long_date(before), long_date(after));
        view.steps = vec![
            line("All advice is in", before.advice_complete_on, after.advice_complete_on),
            line("The draft can reach the family", before.draft_on, after.draft_on),
            line("The family's 15 days end", before.comments_until, after.comments_until),
            line("Earliest the final plan can be issued", before.earliest_final_on, after.earliest_final_on),
            line("Legal limit for the final plan", before.final_due_on, after.final_due_on),
        ];
    }
    view.words = answer.words;
}
