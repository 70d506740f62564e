//! Entries of sections C and G drawn by chance and graded by health and, apart from it, by social care:
//! each sees the other's grade only when its own is given, and how far the two agree.

use super::own_part;
use crate::plan::edit;
use crate::record::looks;
use crate::record::store::{Scope, in_scope};
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, see_other,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor};
use casework::designated::Part;
use casework::designated::sample::{Agreement, CRITERIA, ENOUGH, Grade, SIZE, draw};
use casework::plans::content::{Content, Section};
use casework::{CaseId, LineId, VersionId};
use db::{Tx, Value};
use jiff::civil::Date;
use std::collections::HashMap;
use strum::IntoEnumIterator;
use uuid::Uuid;

const NOTE_CHARS_MAX: usize = 2_000;
/// Samples that are listed.
const LISTED_MAX: i64 = 50;

/// Every plan in force that has entries, in an order that stays: the seed draws from it.
const FRAME: &str = concat!(
    "SELECT d.case_id, d.plan_version, s.section, s.lines FROM designated_cases d \
     JOIN cases c ON c.authority_id = d.authority_id AND c.case_id = d.case_id \
     JOIN version_sections s ON s.authority_id = d.authority_id AND s.version_id = d.plan_version WHERE ",
    in_scope!(),
    " AND d.authority_id = $1 AND s.section IN ('c', 'g') ORDER BY d.case_id, s.section"
);
const ADD_SAMPLE: &str = "INSERT INTO samples (authority_id, sample_id, seed, entries, drawn_on, drawn_by) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const ADD_ENTRY: &str = "INSERT INTO sample_entries (authority_id, sample_id, place, case_id, version_id, line_id) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const SAMPLES: &str = "SELECT s.sample_id, s.seed, s.entries, s.drawn_on, u.name, \
    (SELECT COUNT(*) FROM sample_entries e WHERE e.authority_id = s.authority_id AND e.sample_id = s.sample_id) AS size, \
    (SELECT COUNT(*) FROM sample_grades g WHERE g.authority_id = s.authority_id AND g.sample_id = s.sample_id \
    AND g.part = 'health') AS by_health, \
    (SELECT COUNT(*) FROM sample_grades g WHERE g.authority_id = s.authority_id AND g.sample_id = s.sample_id \
    AND g.part = 'social_care') AS by_care FROM samples s \
    LEFT JOIN users u ON u.authority_id = s.authority_id AND u.user_id = s.drawn_by \
    WHERE s.authority_id = $1 ORDER BY s.drawn_on DESC, s.sample_id DESC LIMIT $2";
const SAMPLE: &str = "SELECT seed, entries, drawn_on FROM samples WHERE authority_id = $1 AND sample_id = $2";
const ENTRIES: &str = "SELECT e.place, e.case_id, e.line_id, v.content FROM sample_entries e \
    JOIN plan_versions v ON v.authority_id = e.authority_id AND v.version_id = e.version_id \
    WHERE e.authority_id = $1 AND e.sample_id = $2 ORDER BY e.place";
const GRADES: &str = "SELECT place, part, grade, note FROM sample_grades WHERE authority_id = $1 AND sample_id = $2";
const ADD_GRADE: &str = "INSERT INTO sample_grades (authority_id, sample_id, place, part, grade, note, marked_by, marked_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

/// A sample in the list.
struct Drawn {
    id: Uuid,
    seed: i64,
    entries: i64,
    on: Date,
    by: String,
    size: i64,
    by_health: i64,
    by_care: i64,
}

#[derive(Template)]
#[template(path = "designated/samples.html")]
struct SamplesPage<'a> {
    samples: Vec<Drawn>,
    size: usize,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
}

async fn list_page(app: App, session: Session, typed: Typed, errors: &[FieldError]) -> Result<Page, Error> {
    own_part(&session, Action::MarkSample)?;
    let authority = session.signed_in.actor.authority;
    let samples = app
        .blocking(move |app| {
            app.db.read("designated.samples", |tx| -> Result<Vec<Drawn>, Error> {
                let rows = tx.query(SAMPLES, &[authority.0.into(), LISTED_MAX.into()])?;
                let read = |row: &db::Row| -> Result<Drawn, Error> {
                    Ok(Drawn {
                        id: row.get("sample_id")?,
                        seed: row.get("seed")?,
                        entries: row.get("entries")?,
                        on: row.get("drawn_on")?,
                        by: row.get::<Option<String>>("name")?.unwrap_or_default(),
                        size: row.get("size")?,
                        by_health: row.get("by_health")?,
                        by_care: row.get("by_care")?,
                    })
                };
                rows.iter().map(read).collect()
            })
        })
        .await?;
    let view = SamplesPage {
        samples,
        size: SIZE,
        csrf: &session.csrf,
        summary: error_summary(errors),
        f: Fields { typed: &typed, errors },
    };
    Frame::for_session(&session, "Samples of sections C and G")
        .here("/designated")
        .back("/designated", "Back")
        .with_errors(errors)
        .render(&view)
}

pub async fn list(State(app): State<App>, session: Session) -> Result<Page, Error> {
    list_page(app, session, Typed::default(), &[]).await
}

/// Which entry of a version a place is: the line, counted over sections C and G.
fn line_at(content: &Content, section: Section, number: usize) -> Option<LineId> {
    edit::lines(content, section).get(number).and_then(|line| line.key.parse().ok())
}

/// Draws by a seed and writes the sample down. None when there is nothing to draw from.
fn drawn(tx: &mut dyn Tx, app: &App, actor: &Actor, seed: u32, today: Date) -> Result<Option<Uuid>, Error> {
    let scope = Scope::of(actor, Action::MarkSample).parameters();
    let mut frame: Vec<(CaseId, VersionId, Section, usize)> = Vec::new();
    for row in tx.query(FRAME, &scope)? {
        let lines: i64 = row.get("lines")?;
        let section = if row.get::<String>("section")? == "c" { Section::C } else { Section::G };
        let (case, version) = (CaseId(row.get("case_id")?), VersionId(row.get("plan_version")?));
        frame.extend((0..usize::try_from(lines).unwrap_or_default()).map(|number| (case, version, section, number)));
    }
    let id = app.ids.next();
    let mut added = 0_i64;
    for place in draw(seed, frame.len(), SIZE) {
        let Some((case, version, section, number)) = frame.get(place).copied() else { continue };
        let content = crate::plan::store::version(tx, actor.authority, case, version)?.content;
        let Some(line) = line_at(&content, section, number) else { continue };
        added += 1;
        let key: [Value; 3] = [actor.authority.0.into(), id.into(), added.into()];
        let what: [Value; 3] = [case.0.into(), version.0.into(), line.0.into()];
        tx.execute(ADD_ENTRY, &[key.as_slice(), what.as_slice()].concat())?;
    }
    if added == 0 {
        return Ok(None);
    }
    let entries = i64::try_from(frame.len()).unwrap_or(i64::MAX);
    let seed = i64::from(seed);
    let row: [Value; 6] =
        [actor.authority.0.into(), id.into(), seed.into(), entries.into(), today.into(), actor.user.0.into()];
    tx.execute(ADD_SAMPLE, &row)?;
    Ok(Some(id))
}

pub async fn draw_one(State(app): State<App>, session: Session, posted: Posted) -> Result<Response, Error> {
    own_part(&session, Action::MarkSample)?;
    let Posted(typed) = posted;
    let mut errors = Vec::new();
    let seed = match typed.get("seed") {
        // Whoever leaves it to chance is told the number afterwards.
        "" => u32::try_from(app.ids.next().as_u64_pair().1 & u64::from(u32::MAX)).ok(),
        text => text.parse().ok(),
    };
    if seed.is_none() {
        errors.push(FieldError::new("seed", format!("Enter a whole number up to {}, or leave it empty", u32::MAX)));
    }
    let actor = session.signed_in.actor.clone();
    let today = app.clock.today();
    let made = match seed {
        Some(seed) => {
            app.blocking(move |app| app.db.write("designated.draw", |tx| drawn(tx, app, &actor, seed, today))).await?
        }
        None => None,
    };
    if let Some(id) = made {
        return Ok(see_other(&format!("/designated/samples/{id}")));
    }
    if errors.is_empty() {
        errors.push(FieldError::new("form", "No plan in force that was written here has an entry in section C or G"));
    }
    let page = list_page(app, session, typed, &errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// One entry as a marker sees it.
struct Entry {
    place: i64,
    section: String,
    says: String,
    own: Option<(Grade, String)>,
    /// The other side's, once one's own is given.
    other: Option<(Grade, String)>,
}

#[derive(Template)]
#[template(path = "designated/sample.html")]
struct SamplePage<'a> {
    id: Uuid,
    seed: i64,
    frame: i64,
    drawn_on: Date,
    part: Part,
    other: Part,
    entries: Vec<Entry>,
    criteria: [&'static str; 5],
    grades: Vec<Choice>,
    agreement: Agreement,
    kappa: Option<String>,
    enough: usize,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    /// The entry whose form came back.
    marked: Option<i64>,
}

type Grades = HashMap<(i64, Part), (Grade, String)>;

fn grades(tx: &mut dyn Tx, actor: &Actor, id: Uuid) -> Result<Grades, Error> {
    let mut grades = Grades::new();
    for row in tx.query(GRADES, &[actor.authority.0.into(), id.into()])? {
        let part = row.get_as("part", "a part of a plan", |code: &str| code.parse().ok())?;
        let grade = row.get_as("grade", "a grade", |code: &str| code.parse().ok())?;
        grades.insert((row.get("place")?, part), (grade, row.get("note")?));
    }
    Ok(grades)
}

async fn page(
    app: App,
    session: Session,
    id: Uuid,
    marked: Option<i64>,
    typed: Typed,
    problem: Problem,
) -> Result<Page, Error> {
    let part = own_part(&session, Action::MarkSample)?;
    let other = if part == Part::Health { Part::SocialCare } else { Part::Health };
    let actor = session.signed_in.actor.clone();
    let (sample, entries, pairs) = app
        .blocking(move |app| {
            let (sample, entries, cases, pairs) = app.db.read("designated.sample", |tx| -> Result<_, Error> {
                let key = [actor.authority.0.into(), id.into()];
                let row = tx.find(SAMPLE, &key)?.ok_or(Error::NotFound)?;
                let sample: (i64, i64, Date) = (row.get("seed")?, row.get("entries")?, row.get("drawn_on")?);
                let grades = grades(tx, &actor, id)?;
                let (mut entries, mut cases, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
                for row in tx.query(ENTRIES, &key)? {
                    let (place, line): (i64, Uuid) = (row.get("place")?, row.get("line_id")?);
                    let content: Content = serde_json::from_str(row.get("content")?)
                        .map_err(|cause| Error::Broken { step: "read a sampled plan", cause: cause.to_string() })?;
                    let said = edit::said(&content, LineId(line)).ok_or(Error::NotFound)?;
                    let section = edit::section_of(&content, LineId(line)).map(Section::letter);
                    let own = grades.get(&(place, part)).cloned();
                    let theirs = grades.get(&(place, other)).cloned().filter(|_| own.is_some());
                    if let (Some((one, _)), Some((two, _))) = (&own, &theirs) {
                        pairs.push((*one, *two));
                    }
                    cases.push(CaseId(row.get("case_id")?));
                    let section = section.unwrap_or_default();
                    entries.push(Entry { place, section, says: said.whole(), own, other: theirs });
                }
                Ok((sample, entries, cases, pairs))
            })?;
            // What is shown of a plan is a look at its child.
            for case in cases {
                looks::note(app, &actor, case)?;
            }
            Ok((sample, entries, pairs))
        })
        .await?;
    let agreement = Agreement::of(&pairs);
    let (seed, frame, drawn_on) = sample;
    let view = SamplePage {
        id,
        seed,
        frame,
        drawn_on,
        part,
        other,
        entries,
        criteria: CRITERIA,
        grades: choices(Grade::iter(), |grade| grade.code().to_owned(), Grade::label),
        agreement,
        kappa: agreement.kappa.map(|kappa| format!("{kappa:.2}")),
        enough: ENOUGH,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        marked,
    };
    Frame::for_session(&session, format!("Sample {seed}"))
        .here("/designated")
        .back("/designated/samples", "Back to the samples")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<Uuid>) -> Result<Page, Error> {
    page(app, session, id, None, Typed::default(), Problem::default()).await
}

pub async fn mark(
    State(app): State<App>,
    session: Session,
    Path((id, place)): Path<(Uuid, i64)>,
    posted: Posted,
) -> Result<Response, Error> {
    let part = own_part(&session, Action::MarkSample)?;
    let Posted(typed) = posted;
    let mut problems = Problems::default();
    let grade = problems.choice::<Grade>(&typed, "grade", "Select a grade");
    let note = problems.optional(&typed, "note", NOTE_CHARS_MAX).unwrap_or_default();
    if let Err(error) = problems.check() {
        let page = page(app, session, id, Some(place), typed, Problem::of(error)?).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let grade = grade.ok_or(Error::NotFound)?;
    let (actor, now, given) = (session.signed_in.actor.clone(), app.clock.now(), (grade, note));
    let marked = app
        .blocking(move |app| {
            app.db.write("designated.mark", |tx| -> Result<(), Error> {
                let entries = tx.query(ENTRIES, &[actor.authority.0.into(), id.into()])?;
                let places = entries.iter().map(|row| row.get::<i64>("place")).collect::<Result<Vec<i64>, _>>()?;
                if !places.contains(&place) {
                    return Err(Error::NotFound);
                }
                let row: [Value; 8] = [
                    actor.authority.0.into(),
                    id.into(),
                    place.into(),
                    part.code().into(),
                    given.0.code().into(),
                    given.1.as_str().into(),
                    actor.user.0.into(),
                    now.into(),
                ];
                // The first grade stays: whoever was second hears so, unless they said the same.
                let is_new = tx.execute(ADD_GRADE, &row)? == 1;
                if is_new || grades(tx, &actor, id)?.get(&(place, part)) == Some(&given) {
                    return Ok(());
                }
                let words = "Somebody on your side graded this entry before you. Their grade stays; yours was not kept";
                Err(Error::Fields(vec![FieldError::new("form", words)]))
            })
        })
        .await;
    if let Err(error) = marked {
        let page = page(app, session, id, None, Typed::default(), Problem::of(error)?).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    Ok(see_other(&format!("/designated/samples/{id}#entry-{place}")))
}
