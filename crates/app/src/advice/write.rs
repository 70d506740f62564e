//! Writing a report: the account, what was found, and lines that a plan can be made from.

use super::store::{self as reports, Saved};
use crate::assessment::advice::own_report;
use crate::journal::{self, By, NewVersion, Papers};
use crate::plan::edit;
use crate::plan::section::SectionPage;
use crate::record::store;
use crate::web::case_form::{Asked, Subject, form_page, subject, submit_then};
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, see_other,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::{Action, Role};
use casework::advice::report::{Condition, Enclosed, Report, SignedAs, Standing};
use casework::advice::{self, AdviceKind, AdviceRequest};
use casework::plans::checks::vague_words;
use casework::plans::content::Section;
use casework::{AdviceId, Case, CaseId, Command, DocumentId, LineId, VersionId};
use db::Tx;
use jiff::civil::Date;
use strum::IntoEnumIterator;

const ACCOUNT_CHARS_MAX: usize = 50_000;
const NAME_CHARS_MAX: usize = 300;
/// Most conditions that one report may name.
const CONDITIONS_MAX: usize = 50;

/// The case, the request for advice and what is written so far.
pub(super) struct Desk {
    pub subject: Subject,
    pub asked: AdviceRequest,
    pub body: String,
    pub saved: Option<Saved>,
    /// The finished report that the lines are entered from, when the family handed one in.
    pub source: Option<Source>,
    /// The person was invited by the family, and sees nothing else of the record.
    pub is_invited: bool,
}

/// A finished report that somebody else enters the lines of.
pub(super) struct Source {
    pub document: DocumentId,
    pub title: String,
    pub author: String,
    pub profession: String,
    pub dated: Date,
}

impl Desk {
    pub(super) fn read(tx: &mut dyn Tx, who: &journal::Who, id: CaseId, advice: AdviceId) -> Result<Desk, Error> {
        let subject = subject(tx, who, id, Action::RecordAdvice)?;
        let asked = own_report(&subject.case, who, advice)?.clone();
        // The family's views are words of their own, not lines.
        if asked.kind.sections().is_empty() {
            return Err(Error::NotFound);
        }
        let body = store::bodies(tx, who.authority)?.into_iter().find(|body| body.id == asked.body);
        let saved = reports::newest(tx, &subject.case, &asked)?;
        let source = source(tx, &subject.case, advice)?;
        let is_invited = matches!(&who.by, By::Person(actor) if actor.role == Role::Independent);
        Ok(Desk { subject, asked, body: body.map(|body| body.name).unwrap_or_default(), saved, source, is_invited })
    }

    pub(super) fn report(&self) -> Report {
        self.saved.as_ref().map(|saved| saved.report.clone()).unwrap_or_default()
    }
}

/// The report of the family's that this advice is entered from.
pub(super) fn source(tx: &mut dyn Tx, case: &Case, advice: AdviceId) -> Result<Option<Source>, Error> {
    let Some(report) = case.independents.report_of(advice) else { return Ok(None) };
    let texts = store::texts(tx, case.authority, case.id)?;
    let text = |id| texts.get(&id).cloned().unwrap_or_default();
    let title = store::documents(tx, case.authority, case.id)?
        .into_iter()
        .find(|line| line.id == report.document.0)
        .map(|line| line.title);
    Ok(Some(Source {
        document: report.document,
        title: title.unwrap_or_else(|| "The report".to_owned()),
        author: text(report.author),
        profession: text(report.profession),
        dated: report.dated,
    }))
}

async fn desk(app: &App, session: &Session, id: CaseId, advice: AdviceId) -> Result<Desk, Error> {
    let who = session.who(app);
    app.blocking(move |app| app.db.read("advice.desk", |tx| Desk::read(tx, &who, id, advice))).await
}

/// The sections of this advice; the address of another is no page.
fn section_of(kind: AdviceKind, text: &str) -> Result<Section, Error> {
    let section: Section = text.parse().map_err(|_| Error::NotFound)?;
    if kind.sections().contains(&section) { Ok(section) } else { Err(Error::NotFound) }
}

/// The next version of a report. Saving what is already there changes nothing.
pub(super) fn written(app: &App, advice: AdviceId, before: Option<&Saved>, report: &Report) -> (VersionId, Asked) {
    let canonical = report.canonical();
    let fingerprint = blake3::hash(canonical.as_bytes()).to_hex().to_string();
    if let Some(before) = before
        && before.fingerprint == fingerprint
    {
        return (before.version, Asked { action: Action::RecordAdvice, commands: vec![], papers: Papers::default() });
    }
    let version = VersionId(app.ids.next());
    let command = advice::Command::Write { advice, version, fingerprint: fingerprint.clone() };
    let papers =
        Papers { report: Some(NewVersion { id: version, fingerprint, content: canonical }), ..Papers::default() };
    (version, Asked { action: Action::RecordAdvice, commands: vec![Command::Advice(command)], papers })
}

/// Something to look at again before signing.
struct Flag {
    href: String,
    words: String,
}

/// Gentle: nobody is kept from signing by them.
fn flags(base: &str, report: &Report) -> Vec<Flag> {
    let mut found = Vec::new();
    for line in &report.lines.provision {
        let section = line.kind.section();
        let number = report.lines.number(line.id).unwrap_or_default();
        let href = format!("{base}/{section}/{}", line.id);
        if let Some(word) = vague_words(&line.text).first() {
            found.push(Flag {
                href: href.clone(),
                words: format!("{number}: nobody can be held to “{word}”. Say who gives it, how often and how long"),
            });
        }
        let missing: Vec<&str> =
            [("who gives it", &line.who), ("how often", &line.how_often), ("how long", &line.how_long)]
                .into_iter()
                .filter(|(_, value)| value.trim().is_empty())
                .map(|(what, _)| what)
                .collect();
        if !missing.is_empty() {
            found.push(Flag { href, words: format!("{number} does not say {}", missing.join(", ")) });
        }
    }
    if let Some(word) = vague_words(&report.account).first() {
        found.push(Flag { href: "#account".into(), words: format!("Your account says “{word}”") });
    }
    found
}

struct SectionRow {
    letter: String,
    label: &'static str,
    href: String,
    state: String,
    is_empty: bool,
}

#[derive(Template)]
#[template(path = "advice/write.html")]
struct WritePage<'a> {
    case: CaseId,
    advice: AdviceId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    kind: &'static str,
    citation: &'static str,
    base: String,
    due_on: Date,
    body: String,
    sections: Vec<SectionRow>,
    conditions: Vec<Condition>,
    standings: Vec<Choice>,
    /// The form for a condition was posted and comes back.
    adding_condition: bool,
    flags: Vec<Flag>,
    is_empty: bool,
    /// Social care may answer by the short form while nothing is written.
    may_be_short: bool,
    source: Option<Source>,
    is_invited: bool,
    file: govuk::Html,
    enclosed: Vec<Enclosed>,
    signed_on: Option<Date>,
    /// Something was written since it was signed.
    is_changed: bool,
}

/// The page, with what was typed in the form that was posted, if one was.
pub(super) async fn page(
    app: App,
    session: Session,
    id: CaseId,
    advice: AdviceId,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let desk = desk(&app, &session, id, advice).await?;
    let report = desk.report();
    let base = format!("/children/{id}/advice/{advice}/write");
    let mut shown = typed.unwrap_or_default();
    let signed_as = report.signed_as.clone().or_else(|| {
        let source = desk.source.as_ref()?;
        let (name, post) = (source.author.clone(), source.profession.clone());
        Some(SignedAs { name, post, registration: String::new() })
    });
    let first = [
        ("account", report.account.clone()),
        ("signed-name", signed_as.as_ref().map_or(session.signed_in.name.clone(), |signed| signed.name.clone())),
        ("signed-post", signed_as.as_ref().map(|signed| signed.post.clone()).unwrap_or_default()),
        ("registration", signed_as.map(|signed| signed.registration).unwrap_or_default()),
    ];
    for (field, value) in first {
        if shown.find(field).is_none() {
            shown.add(field, value);
        }
    }
    let sections = desk.asked.kind.sections().iter().map(|section| {
        let count = edit::lines(&report.lines, *section).len();
        SectionRow {
            letter: section.letter(),
            label: section.label(),
            href: format!("{base}/{section}"),
            state: match count {
                0 => "Nothing yet".to_owned(),
                1 => "1 entry".to_owned(),
                count => format!("{count} entries"),
            },
            is_empty: count == 0,
        }
    });
    let signed = desk.asked.signed_version();
    let wrong = problem.errors.iter().find(|error| error.field == "file").map(|error| error.message.as_str());
    let file = govuk::FileUpload::new("file", "Your report as a file")
        .hint("A PDF or a Word document. Those who may read your advice can read it once you have signed")
        .error(wrong);
    let view = WritePage {
        file: file.into(),
        enclosed: report.enclosed.clone(),
        source: desk.source,
        is_invited: desk.is_invited,
        case: id,
        advice,
        version: shown.seen().unwrap_or(desk.subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        kind: desk.asked.kind.label(),
        citation: desk.asked.kind.citation(),
        due_on: law::calendar::weeks(desk.asked.reached_on, 6),
        sections: sections.collect(),
        flags: flags(&base, &report),
        is_empty: report.is_empty(),
        may_be_short: desk.asked.kind == AdviceKind::SocialCare && report.is_empty(),
        conditions: report.conditions,
        adding_condition: shown.find("condition").is_some(),
        standings: choices(Standing::iter(), |standing| standing.code().to_owned(), Standing::label),
        signed_on: signed.and_then(|_| desk.asked.signed.last()).map(|signed| signed.on),
        is_changed: signed.is_some() && desk.asked.newest_version() != signed,
        body: desk.body,
        base,
        f: Fields { typed: &shown, errors: &problem.errors },
        name: desk.subject.name.clone(),
    };
    form_page(&session, id, &format!("{}, {}", view.kind, view.body), &desk.subject.name, &problem, &view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, advice)): Path<(CaseId, AdviceId)>,
) -> Result<Page, Error> {
    page(app, session, id, advice, None, Problem::default()).await
}

/// Saves a change of the report from a form of the page itself.
pub(super) async fn change(
    app: App,
    session: Session,
    (id, advice): (CaseId, AdviceId),
    part: &str,
    posted: Posted,
    edited: impl Fn(&mut Report, LineId, &Typed) -> Result<(), Error> + Send + Sync + 'static,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, advice, Some(typed), problem)
    };
    let base = format!("/children/{id}/advice/{advice}/write");
    let address = format!("{base}/{part}");
    let then = move || see_other(&base);
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let desk = Desk::read(tx, who, id, advice)?;
            let mut report = desk.report();
            edited(&mut report, LineId(app.ids.next()), typed)?;
            Ok(written(app, advice, desk.saved.as_ref(), &report).1)
        },
        again,
    )
    .await
}

pub async fn save_account(
    State(app): State<App>,
    session: Session,
    Path(address): Path<(CaseId, AdviceId)>,
    posted: Posted,
) -> Result<Response, Error> {
    change(app, session, address, "account", posted, |report, _, typed| {
        let mut problems = Problems::default();
        let account = problems.optional(typed, "account", ACCOUNT_CHARS_MAX).unwrap_or_default();
        problems.check()?;
        report.account = account;
        Ok(())
    })
    .await
}

pub async fn add_condition(
    State(app): State<App>,
    session: Session,
    Path(address): Path<(CaseId, AdviceId)>,
    posted: Posted,
) -> Result<Response, Error> {
    change(app, session, address, "conditions", posted, |report, id, typed| {
        let mut problems = Problems::default();
        let name = problems.text(typed, "condition", "Enter what was looked for, such as autism", NAME_CHARS_MAX);
        let standing = problems.choice::<Standing>(typed, "standing", "Select what was found");
        let on = problems.optional_date(typed, "diagnosed-on", "The date");
        if report.conditions.len() >= CONDITIONS_MAX {
            problems.add("condition", format!("A report can name {CONDITIONS_MAX} at most"));
        }
        problems.check()?;
        report.conditions.push(Condition { id, name, standing: standing.ok_or(Error::NotFound)?, on });
        Ok(())
    })
    .await
}

pub async fn remove_condition(
    State(app): State<App>,
    session: Session,
    Path((id, advice, line)): Path<(CaseId, AdviceId, LineId)>,
    posted: Posted,
) -> Result<Response, Error> {
    change(app, session, (id, advice), &format!("conditions/{line}/remove"), posted, move |report, _, _| {
        report.conditions.retain(|condition| condition.id != line);
        Ok(())
    })
    .await
}

async fn section_page(
    app: App,
    session: Session,
    (id, advice): (CaseId, AdviceId),
    section: String,
    line: Option<String>,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let desk = desk(&app, &session, id, advice).await?;
    let section = section_of(desk.asked.kind, &section)?;
    let content = desk.report().lines;
    let lines = edit::lines(&content, section);
    let changed = line.as_deref().and_then(|key| lines.iter().find(|line| line.key == key));
    let title = match changed {
        Some(line) => format!("Change {}: {}", line.name(), section.label()),
        None => section.label().to_owned(),
    };
    let advice_name = format!("{}, {}", desk.asked.kind.label(), desk.body);
    let line = line.filter(|_| changed.is_some() || typed.is_none());
    let mut typed = match typed {
        Some(typed) => typed,
        None => edit::values(&content, section, line.as_deref())?,
    };
    if let Some(source) = &desk.source
        && typed.get("report").is_empty()
    {
        typed.set("report", source.title.clone());
    }
    let sections = desk.asked.kind.sections();
    let next = sections.iter().position(|other| *other == section).and_then(|at| sections.get(at + 1)).copied();
    let view = SectionPage {
        base: format!("/children/{id}/advice/{advice}/write"),
        name: desk.subject.name.clone(),
        version: typed.seen().unwrap_or(desk.subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        section,
        title: &title,
        lines: if line.is_none() { lines } else { vec![] },
        advised: vec![],
        fields: edit::fields(section, Fields { typed: &typed, errors: &problem.errors }, &content),
        line,
        next,
        own_words: None,
    };
    Frame::for_session(&session, format!("{title}: {advice_name}, {}", view.name))
        .here("/children")
        .back(view.base.clone(), "Back to the advice")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show_section(
    State(app): State<App>,
    session: Session,
    Path((id, advice, section)): Path<(CaseId, AdviceId, String)>,
) -> Result<Page, Error> {
    section_page(app, session, (id, advice), section, None, None, Problem::default()).await
}

pub async fn show_line(
    State(app): State<App>,
    session: Session,
    Path((id, advice, section, line)): Path<(CaseId, AdviceId, String, String)>,
) -> Result<Page, Error> {
    section_page(app, session, (id, advice), section, Some(line), None, Problem::default()).await
}

/// What happens to one section.
enum Edit {
    Add,
    Save(String),
    Remove(String),
}

async fn change_section(
    app: App,
    session: Session,
    (id, advice): (CaseId, AdviceId),
    section: String,
    edit: Edit,
    posted: Posted,
) -> Result<Response, Error> {
    let base = format!("/children/{id}/advice/{advice}/write/{section}");
    let (address, line) = match &edit {
        Edit::Add => (base.clone(), None),
        Edit::Save(line) => (format!("{base}/{line}"), Some(line.clone())),
        Edit::Remove(line) => (format!("{base}/{line}/remove"), None),
    };
    let again = {
        let (app, session, section) = (app.clone(), session.clone(), section.clone());
        move |typed, problem| section_page(app, session, (id, advice), section, line, Some(typed), problem)
    };
    let then = move || see_other(&base);
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let desk = Desk::read(tx, who, id, advice)?;
            let section = section_of(desk.asked.kind, &section)?;
            let mut report = desk.report();
            let is_put = !matches!(edit, Edit::Remove(_));
            if desk.source.is_some() && is_put && section != Section::E && typed.get("page").is_empty() {
                let ask = "Enter the page of the report on which this stands";
                return Err(Error::Fields(vec![FieldError::new("page", ask)]));
            }
            let lines = &mut report.lines;
            match &edit {
                Edit::Add => edit::put(lines, section, None, LineId(app.ids.next()), typed),
                Edit::Save(line) => edit::put(lines, section, Some(line), LineId(app.ids.next()), typed),
                Edit::Remove(line) => edit::remove(lines, section, line),
            }
            .map_err(edit::gone)?;
            Ok(written(app, advice, desk.saved.as_ref(), &report).1)
        },
        again,
    )
    .await
}

pub async fn add(
    State(app): State<App>,
    session: Session,
    Path((id, advice, section)): Path<(CaseId, AdviceId, String)>,
    posted: Posted,
) -> Result<Response, Error> {
    change_section(app, session, (id, advice), section, Edit::Add, posted).await
}

pub async fn save_line(
    State(app): State<App>,
    session: Session,
    Path((id, advice, section, line)): Path<(CaseId, AdviceId, String, String)>,
    posted: Posted,
) -> Result<Response, Error> {
    change_section(app, session, (id, advice), section, Edit::Save(line), posted).await
}

pub async fn remove_line(
    State(app): State<App>,
    session: Session,
    Path((id, advice, section, line)): Path<(CaseId, AdviceId, String, String)>,
    posted: Posted,
) -> Result<Response, Error> {
    change_section(app, session, (id, advice), section, Edit::Remove(line), posted).await
}
