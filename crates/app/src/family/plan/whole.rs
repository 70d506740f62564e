//! The whole plan, A to K, with the mark on every sentence that nobody named a report for.

use super::{Reading, Said, read};
use crate::plan::edit;
use crate::web::{Choice, Fields, Frame, Page, Problem, Session, Typed, error_summary};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use casework::CaseId;
use casework::access::Role;
use casework::plans::content::Section;
use casework::plans::sources::{Origin, Part, What};
use jiff::civil::Date;
use serde::Deserialize;
use strum::IntoEnumIterator;

/// One sentence or amount of a line.
pub(super) struct Sentence {
    pub label: &'static str,
    pub text: String,
    pub is_unnamed: bool,
    pub is_changed: bool,
}

impl Sentence {
    fn of(part: &Part) -> Sentence {
        Sentence {
            label: part.what.label(),
            text: part.text.clone(),
            is_unnamed: part.origin == Origin::Unnamed,
            is_changed: matches!(part.origin, Origin::Changed { .. }),
        }
    }
}

struct Line {
    key: String,
    number: String,
    sentences: Vec<Sentence>,
    amounts: Vec<Sentence>,
    /// What it meets and works towards.
    facts: Vec<(&'static str, String)>,
    /// How much of the report it leaves out.
    left_out: usize,
    /// No report is named for any of it.
    is_unnamed: bool,
    comments: Vec<Said>,
}

struct Read {
    letter: String,
    label: &'static str,
    text: String,
    lines: Vec<Line>,
    /// Section K: the reports, each with its page where there is one.
    reports: Vec<(String, Option<String>)>,
    empty: &'static str,
}

#[derive(Template)]
#[template(path = "family/plan/whole.html")]
struct WholePage<'a> {
    case: CaseId,
    name: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    is_own: bool,
    is_draft: bool,
    sent_on: Date,
    comments_until: Option<Date>,
    is_over: bool,
    officer: String,
    open: usize,
    sections: Vec<Read>,
    unnamed: usize,
    comments: Vec<Said>,
    reports: Vec<Choice>,
    may_comment: bool,
    may_write: bool,
    /// What was typed and could not be taken, when there is no form any more to show it in.
    lost: String,
    /// So that pressing twice says it once.
    comment: String,
    done: &'static str,
}

#[derive(Template)]
#[template(path = "family/plan/none.html")]
struct NonePage {
    case: CaseId,
}

fn line(reading: &Reading, shown: edit::Shown, reader: Option<casework::UserId>) -> Line {
    const LINKS: [&str; 3] = ["Area", "Meets", "Works towards"];
    let id = shown.key.parse().ok();
    let sourced = id.and_then(|id| reading.parts.get(&id));
    let parts = sourced.map(|sourced| sourced.parts.as_slice()).unwrap_or_default();
    let of = |wanted: fn(What) -> bool| parts.iter().filter(|part| wanted(part.what)).map(Sentence::of).collect();
    Line {
        sentences: of(|what| what == What::Sentence),
        amounts: of(|what| what != What::Sentence),
        left_out: sourced.map_or(0, |sourced| sourced.left_out.len()),
        is_unnamed: !parts.is_empty() && parts.iter().all(|part| part.origin == Origin::Unnamed),
        facts: shown.facts.into_iter().filter(|(label, _)| LINKS.contains(label)).collect(),
        comments: id.map(|id| reading.said_of(Some(id), reader)).unwrap_or_default(),
        key: shown.key,
        number: shown.number,
    }
}

fn section(reading: &Reading, section: Section, reader: Option<casework::UserId>) -> Read {
    let content = &reading.content;
    let (text, empty) = match section {
        Section::A if content.how_to_involve.trim().is_empty() => (content.views.clone(), "Nothing yet."),
        Section::A => (format!("{}\n\n{}", content.views, content.how_to_involve), "Nothing yet."),
        Section::J => (content.direct_payments.clone(), "No personal budget has been asked for."),
        _ => (String::new(), "None."),
    };
    let shown = edit::lines(content, section);
    let (lines, reports) = if section == Section::K {
        let report = |shown: edit::Shown| {
            let from = shown.facts.iter().find(|(label, _)| *label == "From").map(|(_, from)| from.clone());
            let called = crate::plan::draft::called(&shown.text, &from.unwrap_or_default());
            let page = reading.source_called(&called);
            (called.clone(), page.map(|source| source.advice.to_string()))
        };
        (vec![], shown.into_iter().map(report).collect())
    } else {
        (shown.into_iter().map(|shown| line(reading, shown, reader)).collect(), vec![])
    };
    Read { letter: section.letter(), label: section.label(), text, lines, reports, empty }
}

fn section_i(reading: &Reading) -> Read {
    Read {
        letter: "I".to_owned(),
        label: "School, college or other placement",
        text: reading.named.clone(),
        lines: vec![],
        reports: vec![],
        empty: "Left blank while the plan is a draft, so that you are heard before a school or college is named.",
    }
}

#[derive(Debug, Deserialize)]
pub struct Done {
    pub done: Option<String>,
}

/// What is said once a comment was sent or taken back.
pub(super) fn done_words(done: Option<&str>) -> &'static str {
    match done {
        Some("said") => "We have it.",
        Some("taken-back") => "It is taken back.",
        _ => "",
    }
}

pub(super) async fn page(
    app: &App,
    session: &Session,
    id: CaseId,
    (typed, problem, done): (&Typed, &Problem, &'static str),
) -> Result<Page, Error> {
    let (who, actor) = (session.who(app), session.signed_in.actor.clone());
    let (reader, today) = (Some(actor.user), who.today);
    let is_own = actor.role == Role::YoungPerson;
    let back = if is_own { format!("/family/{id}/record") } else { format!("/family/{id}") };
    let reading = app.blocking(move |app| app.db.read("family.plan", |tx| read(tx, &who, &actor, id))).await?;
    let Some(reading) = reading else {
        let frame = Frame::for_session(session, "The plan").here("/family").back(back, "Back");
        return frame.render(&NonePage { case: id });
    };
    let mut sections = Vec::new();
    for one in Section::iter() {
        if one == Section::J {
            sections.push(section_i(&reading));
        }
        sections.push(section(&reading, one, reader));
    }
    let lines = || sections.iter().flat_map(|section| &section.lines);
    let view = WholePage {
        case: id,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        is_own,
        is_draft: reading.is_draft,
        sent_on: reading.sent_on,
        comments_until: reading.comments_until,
        is_over: reading.comments_until.is_some_and(|until| until < today),
        open: reading.open_comments(),
        unnamed: lines()
            .flat_map(|line| line.sentences.iter().chain(&line.amounts))
            .filter(|part| part.is_unnamed)
            .count(),
        comments: reading.said_of(None, reader),
        reports: reading.report_choices(),
        may_comment: reading.may_comment,
        may_write: reading.may_write,
        lost: if reading.may_comment { String::new() } else { typed.get("text").to_owned() },
        comment: super::comments::new_id(app, typed),
        name: reading.details.display_name(),
        officer: reading.officer,
        sections,
        done,
    };
    let title = if view.is_draft { "Draft plan" } else { "Plan" };
    Frame::for_session(session, format!("{title}, {}", view.name))
        .here("/family")
        .back(back, "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(done): Query<Done>,
) -> Result<Page, Error> {
    let done = done_words(done.done.as_deref());
    page(&app, &session, id, (&Typed::default(), &Problem::default(), done)).await
}
