//! The visits for one piece of advice, and booking one.

use super::listed::Line;
use super::words::{self, Change};
use crate::assessment::advice::own_report;
use crate::journal::{Papers, Text};
use crate::record::store;
use crate::web::case_form::{Asked, Checked, form_page, subject, submit_then};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::visits::{self, Arranged};
use casework::{AdviceId, CaseId, Command, TextId, VisitId};
use jiff::civil::Time;

const PLACE_CHARS_MAX: usize = 500;

struct Row {
    id: VisitId,
    line: Line,
    has_notes: bool,
}

#[derive(Template)]
#[template(path = "visits/list.html")]
struct ListPage<'a> {
    case: CaseId,
    advice: AdviceId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    kind: &'static str,
    rows: Vec<Row>,
    may_book: bool,
}

/// A time as people write it: 9:30, 09.30, 2:15pm, 14:00.
pub(super) fn time_of(text: &str) -> Option<Time> {
    let text = text.trim().to_lowercase().replace(' ', "");
    let (digits, afternoon) = match (text.strip_suffix("pm"), text.strip_suffix("am")) {
        (Some(digits), _) => (digits, Some(true)),
        (_, Some(digits)) => (digits, Some(false)),
        _ => (text.as_str(), None),
    };
    let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "0"));
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match afternoon {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(true) => hour % 12 + 12,
        Some(false) => hour % 12,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// Day, time, place and who comes, from what was typed.
///
/// # Errors
/// [`Error::Fields`] with what needs mending.
pub(super) fn arranged(app: &App, typed: &Typed) -> Result<(Arranged, Vec<Text>), Error> {
    let mut problems = Problems::default();
    let on = problems.date(typed, "visit-on", "The day of the visit");
    let at = time_of(typed.get("at"));
    if at.is_none() {
        problems.add("at", "Enter a time, such as 9:30 or 2:15pm");
    }
    let place = problems.text(typed, "place", "Enter where the visit is", PLACE_CHARS_MAX);
    let who = problems.text(typed, "who", "Enter who comes", PLACE_CHARS_MAX);
    problems.check()?;
    let (Some(on), Some(at)) = (on, at) else { return Err(Error::NotFound) };
    let text = |body: String| Text { id: TextId(app.ids.next()), body };
    let (place, who) = (text(place), text(who));
    Ok((Arranged { on, at, place: place.id, who: who.id }, vec![place, who]))
}

async fn page(
    app: App,
    session: Session,
    (id, advice): (CaseId, AdviceId),
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, asked, rows) = app
        .blocking(move |app| {
            app.db.read("visits.list", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::BookVisit)?;
                let asked = own_report(&subject.case, &who, advice)?.clone();
                let texts = store::texts(tx, who.authority, id)?;
                let mut rows: Vec<Row> = subject
                    .case
                    .visits
                    .iter()
                    .filter(|visit| visit.advice == advice)
                    .map(|visit| Row {
                        id: visit.id,
                        line: Line::of(visit, &texts, who.today),
                        has_notes: visit.notes.is_some(),
                    })
                    .collect();
                rows.reverse();
                Ok((subject, asked, rows))
            })
        })
        .await?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.set("who", session.signed_in.name.clone());
        typed
    });
    let is_live = subject.case.live_request().is_some_and(|request| request.advice.iter().any(|a| a.id == advice));
    let view = ListPage {
        case: id,
        advice,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        kind: asked.kind.label(),
        rows,
        may_book: is_live,
        name: subject.name.clone(),
    };
    form_page(&session, id, &format!("Visits, {}", view.kind), &subject.name, &problem, &view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    page(app, session, ids, None, Problem::default()).await
}

pub async fn book(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, (id, advice), Some(typed), problem)
    };
    let address = format!("/children/{id}/advice/{advice}/visits");
    let visit = VisitId(app.ids.next());
    let then = move || see_other(&format!("/children/{id}/visits/{visit}"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let subject = subject(tx, who, id, Action::BookVisit)?;
            own_report(&subject.case, who, advice)?;
            let (arranged, texts) = arranged(app, typed)?;
            let tell = words::everyone(tx, app, &subject.case, (visit, Change::Booked(arranged.on)))?;
            let leaving = words::leaving(&texts);
            let asked = Asked {
                action: Action::BookVisit,
                commands: vec![Command::Visits(visits::Command::Book { visit, advice, arranged })],
                papers: Papers::texts(texts),
            };
            Ok(Checked { tell, ..asked.leaving(leaving) })
        },
        again,
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn a_time_is_taken_as_people_write_it() {
        for (text, known) in [
            ("9:30", Some(time(9, 30, 0, 0))),
            ("09.30", Some(time(9, 30, 0, 0))),
            ("14:00", Some(time(14, 0, 0, 0))),
            ("2:15pm", Some(time(14, 15, 0, 0))),
            ("2.15 PM", Some(time(14, 15, 0, 0))),
            ("12am", Some(time(0, 0, 0, 0))),
            ("12pm", Some(time(12, 0, 0, 0))),
            ("10", Some(time(10, 0, 0, 0))),
            ("24:00", None),
            ("9:75", None),
            ("14pm", None),
            ("half nine", None),
            ("", None),
            ("-1:00", None),
        ] {
            assert_eq!(time_of(text), known, "{text}");
        }
    }
}
