//! One line of the plan beside the reports: where each sentence and amount is from, word for word or
//! not, and what the family says of it.

use super::whole::{Done, done_words};
use super::{Reading, Said, read};
use crate::plan::edit;
use crate::web::{Choice, Fields, Frame, Page, Problem, Session, Typed, error_summary, short_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use casework::plans::content::{Citation, Content};
use casework::plans::sources::{Origin, Part, Sourced};
use casework::{AdviceId, CaseId, LineId};

/// How a part stands to the report.
struct Standing {
    words: &'static str,
    colour: &'static str,
}

/// One sentence or amount with its source.
struct Shown {
    label: &'static str,
    text: String,
    standing: Standing,
    /// What the report says where the plan says something else.
    report_says: Option<String>,
}

/// What is from one place.
struct From {
    /// "Psychological advice, …, signed by …, 24 September 2026, its line F2"; none where nobody said.
    place: Option<String>,
    href: Option<String>,
    parts: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "family/plan/line.html")]
struct LinePage<'a> {
    case: CaseId,
    name: String,
    number: String,
    section: String,
    whole: String,
    from: Vec<From>,
    /// What the reports say in the same lines and the plan does not: the report, what, its words.
    left_out: Vec<(String, &'static str, String)>,
    /// Why the council changed it, where it changed what a report says.
    why: Vec<String>,
    is_draft: bool,
    officer: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    comments: Vec<Said>,
    reports: Vec<Choice>,
    may_comment: bool,
    may_write: bool,
    comment: String,
    done: &'static str,
}

fn standing(origin: Origin) -> Standing {
    let (words, colour) = match origin {
        Origin::Said { .. } => ("As in the report", "green"),
        Origin::Changed { .. } => ("Changed", "yellow"),
        Origin::Cited => ("Named by the council", "blue"),
        Origin::Unnamed => ("No report named", "red"),
    };
    Standing { words, colour }
}

/// What the officer cited for a line.
fn citation(content: &Content, line: LineId) -> Option<&Citation> {
    let needs = content.needs.iter().map(|need| (need.id, &need.citation));
    let care = content.health_needs.iter().chain(&content.social_care_needs).map(|need| (need.id, &need.citation));
    let provision = content.provision.iter().map(|line| (line.id, &line.citation));
    needs.chain(care).chain(provision).find(|(id, _)| *id == line).and_then(|(_, citation)| citation.as_ref())
}

/// A line of a signed report: what it says of the same thing, where it stands.
fn signed(
    reading: &Reading,
    id: CaseId,
    part: &Part,
    advice: AdviceId,
    line: LineId,
) -> Option<(String, String, String)> {
    let source = reading.source_of(advice)?;
    let said = source.line(line)?;
    let of_amount = said.facts.iter().find(|(label, _)| *label == part.what.label()).map(|(_, value)| value.clone());
    let says = match part.what {
        casework::plans::sources::What::Sentence => said.text.clone(),
        _ => of_amount.unwrap_or_else(|| "Nothing".to_owned()),
    };
    let by = source.signed_by().map(|by| format!(", signed by {by}")).unwrap_or_default();
    let place = format!("{}{by}, {}, its line {}", source.called, short_date(source.on), said.name());
    Some((says, place, format!("/family/{id}/plan/reports/{advice}#line-{line}")))
}

/// A part with its source, as a group of one.
fn shown(reading: &Reading, id: CaseId, line: LineId, part: &Part) -> From {
    let mut shown =
        Shown { label: part.what.label(), text: part.text.clone(), standing: standing(part.origin), report_says: None };
    let (mut place, mut href) = (None, None);
    match part.origin {
        Origin::Said { advice, line } | Origin::Changed { advice, line } => {
            if let Some((says, stands, page)) = signed(reading, id, part, advice, line) {
                shown.report_says = matches!(part.origin, Origin::Changed { .. }).then_some(says);
                (place, href) = (Some(stands), Some(page));
            }
        }
        Origin::Cited => {
            if let Some(cited) = citation(&reading.content, line) {
                let page = cited.page.map(|page| format!(", page {page}")).unwrap_or_default();
                place = Some(format!("{}{page}", cited.report));
                href = reading
                    .source_called(&cited.report)
                    .map(|source| format!("/family/{id}/plan/reports/{}", source.advice));
            }
        }
        Origin::Unnamed => {}
    }
    From { place, href, parts: vec![shown] }
}

/// Every part under its place, in the order in which the plan says them.
fn grouped(all: impl Iterator<Item = From>) -> Vec<From> {
    let mut groups: Vec<From> = Vec::new();
    for one in all {
        match groups.iter_mut().find(|group| group.place == one.place) {
            Some(group) => group.parts.extend(one.parts),
            None => groups.push(one),
        }
    }
    groups
}

/// Why the council changed the lines that this one was made from.
fn why(reading: &Reading, sourced: &Sourced) -> Vec<String> {
    let changed = sourced.parts.iter().filter_map(|part| match part.origin {
        Origin::Changed { advice, line } => Some((advice, line)),
        _ => None,
    });
    let changed = changed.chain(sourced.left_out.iter().map(|out| (out.advice, out.line)));
    let mut reasons = Vec::new();
    for (advice, line) in changed {
        let mut found = reading.case.advice(advice).into_iter().flat_map(|asked| &asked.reasons);
        let last = found
            .rfind(|reason| reason.line == line && (!reading.is_draft || reason.on <= reading.sent_on))
            .map(|reason| reading.text(reason.why));
        reasons.extend(last.filter(|why| !reasons.contains(why)));
    }
    reasons
}

/// The page, and whether it has the form to comment.
pub(super) async fn page(
    app: &App,
    session: &Session,
    (id, line): (CaseId, LineId),
    (typed, problem, done): (&Typed, &Problem, &'static str),
) -> Result<(Page, bool), Error> {
    let (who, actor) = (session.who(app), session.signed_in.actor.clone());
    let reader = Some(actor.user);
    let reading = app.blocking(move |app| app.db.read("family.plan_line", |tx| read(tx, &who, &actor, id))).await?;
    let reading = reading.ok_or(Error::NotFound)?;
    let said = edit::said(&reading.content, line).ok_or(Error::NotFound)?;
    let section = edit::section_of(&reading.content, line).ok_or(Error::NotFound)?;
    let sourced = reading.parts.get(&line).cloned().unwrap_or_default();
    let left_out = sourced.left_out.iter().filter_map(|out| {
        let source = reading.source_of(out.advice)?;
        Some((source.called.clone(), out.what.label(), out.text.clone()))
    });
    let view = LinePage {
        case: id,
        name: reading.details.display_name(),
        number: said.number.clone(),
        section: format!("Section {}: {}", section.letter(), section.label()),
        whole: said.text,
        left_out: left_out.collect(),
        from: grouped(sourced.parts.iter().map(|part| shown(&reading, id, line, part))),
        why: why(&reading, &sourced),
        is_draft: reading.is_draft,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        comments: reading.said_of(Some(line), reader),
        reports: reading.report_choices(),
        may_comment: reading.may_comment,
        may_write: reading.may_write,
        comment: super::comments::new_id(app, typed),
        officer: reading.officer,
        done,
    };
    let has_form = view.may_comment;
    let page = Frame::for_session(session, format!("{}, {}", view.number, view.name))
        .here("/family")
        .back(format!("/family/{id}/plan#line-{line}"), "Back to the plan")
        .with_errors(&problem.errors)
        .render(&view)?;
    Ok((page, has_form))
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(at): Path<(CaseId, LineId)>,
    Query(done): Query<Done>,
) -> Result<Page, Error> {
    let done = done_words(done.done.as_deref());
    Ok(page(&app, &session, at, (&Typed::default(), &Problem::default(), done)).await?.0)
}
