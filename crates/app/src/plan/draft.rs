//! Writing the plan: the whole at a glance, what the checks found, and a page for each section.

use super::edit;
use super::letters::advice_received;
use super::section::{Advised, SectionPage};
use super::store::{self as plans, Saved};
use crate::journal::{self, NewVersion, Papers, Text};
use crate::recipients::Leaving;
use crate::record::store;
use crate::voice::about_me::for_plan;
use crate::web::case_form::{Asked, Checked, Subject, form_page, subject, submit_then};
use crate::web::{Fields, Frame, Page, Posted, Problem, Session, Typed, error_summary, see_other, short_date};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::advice::report::Report;
use casework::advice::uses::{How, add_to_plan, uses};
use casework::plans::checks::{Flag, check};
use casework::plans::content::{AppendedAdvice, Content, ProvisionKind, Section};
use casework::recipients::Sending;
use casework::requests::Request;
use casework::{AdviceId, BodyId, Case, CaseId, Command, LineId, Refusal, TextId, VersionId, plans as planning};
use db::Tx;
use jiff::civil::Date;
use std::collections::HashMap;
use strum::IntoEnumIterator;

/// The next version of the plan, as an act. Saving what is already there changes nothing.
pub(crate) fn saved(app: &App, before: Option<&Saved>, content: Content) -> Asked {
    let canonical = content.canonical();
    let fingerprint = blake3::hash(canonical.as_bytes()).to_hex().to_string();
    if before.is_some_and(|before| before.fingerprint == fingerprint) {
        return Asked { action: Action::WritePlan, commands: vec![], papers: Papers::default() };
    }
    let version = VersionId(app.ids.next());
    let command =
        planning::Command::SaveDraft { version, content: Box::new(content), fingerprint: fingerprint.clone() };
    Asked {
        action: Action::WritePlan,
        commands: vec![Command::Plans(command)],
        papers: Papers {
            version: Some(NewVersion { id: version, fingerprint, content: canonical }),
            ..Papers::default()
        },
    }
}

/// The case and its working version, for a page that writes the plan.
pub(crate) fn desk(
    tx: &mut dyn Tx,
    who: &journal::Who,
    id: CaseId,
    action: Action,
) -> Result<(Subject, Option<Saved>), Error> {
    let subject = subject(tx, who, id, action)?;
    let working = plans::working(tx, &subject.case)?;
    Ok((subject, working))
}

/// A flag of the checks with the address where it is mended.
pub(super) struct FlagRow {
    pub blocks: bool,
    pub short: String,
    pub advice: String,
    pub href: String,
}

/// Everything the checks find, what blocks first.
pub(super) fn flags(case: CaseId, content: &Content, born_on: Date, today: Date) -> Vec<FlagRow> {
    let href = |flag: &Flag| {
        let found = flag.line.and_then(|line| Some((line, edit::section_of(content, line)?)));
        match found {
            Some((line, section)) => format!("/children/{case}/draft/{section}/{line}"),
            None => format!("/children/{case}/draft/{}", flag.section.to_ascii_lowercase()),
        }
    };
    let mut rows: Vec<FlagRow> = check(content, born_on, today)
        .into_iter()
        .map(|flag| FlagRow {
            href: href(&flag),
            blocks: flag.blocks,
            short: capitalised(&flag.short),
            advice: flag.advice,
        })
        .collect();
    rows.sort_by_key(|row| !row.blocks);
    rows
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

struct SectionRow {
    letter: String,
    label: &'static str,
    href: String,
    state: String,
    empty: bool,
}

/// One line of the golden thread: a need, what meets it, what that works towards.
struct Thread {
    number: String,
    text: String,
    provision: Vec<(String, String)>,
    outcomes: String,
}

#[derive(Template)]
#[template(path = "plan/draft.html")]
struct DraftPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    started: bool,
    writing: bool,
    sections: Vec<SectionRow>,
    flags: Vec<FlagRow>,
    blocking: usize,
    threads: Vec<Thread>,
    loose_provision: Vec<(String, String)>,
    loose_outcomes: Vec<(String, String)>,
    saved_on: Option<Date>,
    versions: usize,
    fingerprint: String,
    sent: Option<Date>,
    comments_until: Option<Date>,
}

fn section_rows(case: CaseId, content: &Content) -> Vec<SectionRow> {
    Section::iter()
        .map(|section| {
            let count = match section {
                Section::A => usize::from(!content.views.trim().is_empty()),
                Section::J => usize::from(!content.direct_payments.trim().is_empty()),
                _ => edit::lines(content, section).len(),
            };
            let state = match (section, count) {
                (_, 0) => "Nothing yet".to_owned(),
                (Section::A | Section::J, _) => "Written".to_owned(),
                (_, 1) => "1 entry".to_owned(),
                (_, count) => format!("{count} entries"),
            };
            SectionRow {
                letter: section.letter(),
                label: section.label(),
                href: format!("/children/{case}/draft/{section}"),
                state,
                empty: count == 0,
            }
        })
        .collect()
}

fn threads(content: &Content) -> Vec<Thread> {
    content
        .needs
        .iter()
        .map(|need| {
            let meeting: Vec<_> = content.provision.iter().filter(|line| line.needs.contains(&need.id)).collect();
            let mut towards: Vec<LineId> = meeting.iter().flat_map(|line| line.outcomes.iter().copied()).collect();
            towards.sort();
            towards.dedup();
            let in_order: Vec<LineId> =
                content.outcomes.iter().map(|outcome| outcome.id).filter(|id| towards.contains(id)).collect();
            Thread {
                number: content.number(need.id).unwrap_or_default(),
                text: need.text.clone(),
                provision: meeting
                    .iter()
                    .map(|line| (content.number(line.id).unwrap_or_default(), line.text.clone()))
                    .collect(),
                outcomes: content.numbers(&in_order),
            }
        })
        .collect()
}

async fn page(app: App, session: Session, id: CaseId, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, working) =
        app.blocking(move |app| app.db.read("plan.draft", |tx| desk(tx, &who, id, Action::WritePlan))).await?;
    let request = subject.case.live_request().ok_or(Refusal::NoOpenRequest)?;
    let content = working.as_ref().map(|saved| saved.content.clone()).unwrap_or_default();
    let flags = if working.is_some() { flags(id, &content, subject.details.born_on, today) } else { vec![] };
    let named = |id: LineId, text: &str| (content.number(id).unwrap_or_default(), text.to_owned());
    let view = DraftPage {
        case: id,
        version: subject.case.version,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        started: working.is_some(),
        writing: matches!(request.progress, casework::requests::Progress::Drafting { .. }),
        sections: section_rows(id, &content),
        blocking: flags.iter().filter(|flag| flag.blocks).count(),
        flags,
        threads: threads(&content),
        loose_provision: content
            .provision_of(ProvisionKind::Special)
            .filter(|line| line.needs.is_empty())
            .map(|line| named(line.id, &line.text))
            .collect(),
        loose_outcomes: content
            .outcomes
            .iter()
            .filter(|outcome| !content.provision.iter().any(|line| line.outcomes.contains(&outcome.id)))
            .map(|outcome| named(outcome.id, &outcome.text))
            .collect(),
        saved_on: request.working_draft().map(|draft| draft.saved_on),
        versions: request.drafts.len(),
        fingerprint: working.map(|saved| saved.fingerprint.chars().take(12).collect()).unwrap_or_default(),
        sent: request.served_draft().and_then(|draft| draft.served_on),
        comments_until: request.served_draft().and_then(|draft| draft.comments_until),
        name: subject.name.clone(),
    };
    Frame::for_session(&session, format!("Write the plan, {}", subject.name))
        .here("/children")
        .back(format!("/children/{id}"), "Back to the child’s page")
        .with_errors(&problem.errors)
        .wide()
        .render(&view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, Problem::default()).await
}

/// The reports that were signed, and what each is called.
fn reports_of(tx: &mut dyn Tx, case: &Case, request: &Request) -> Result<Vec<(AdviceId, String, Report)>, Error> {
    let bodies: HashMap<BodyId, String> =
        store::bodies(tx, case.authority)?.into_iter().map(|body| (body.id, body.name)).collect();
    let signed = crate::advice::store::signed(tx, case, request)?;
    let named = signed.into_iter().filter_map(|(id, report)| {
        let asked = request.advice.iter().find(|asked| asked.id == id)?;
        Some((id, called(asked.kind.label(), bodies.get(&asked.body).map_or("", String::as_str)), report))
    });
    Ok(named.collect())
}

/// What a plan calls the source of a line, as section K lists it.
pub(crate) fn called(kind: &str, from: &str) -> String {
    if from.is_empty() { kind.to_owned() } else { format!("{kind}, {from}") }
}

/// What signed advice says that this line of the plan was made from.
fn advised(content: &Content, reports: &[(AdviceId, String, Report)], key: &str) -> Vec<Advised> {
    let mut found = Vec::new();
    for (_, by, report) in reports {
        for used in uses(&report.lines, content) {
            if used.made.is_some_and(|made| made.to_string() == key)
                && let Some(said) = edit::said(&report.lines, used.line)
            {
                found.push(Advised { by: by.clone(), words: said.whole() });
            }
        }
    }
    found
}

/// The reason for every line of advice that this change leaves saying something else. None when the
/// change leaves all advice as it was.
fn explain(
    tx: &mut dyn Tx,
    app: &App,
    case: &Case,
    before: &Content,
    after: &Content,
    why: &str,
) -> Result<Option<(Vec<Command>, Text)>, Error> {
    let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
    let text = Text { id: TextId(app.ids.next()), body: why.trim().to_owned() };
    let said = |content: &Content, line: Option<LineId>| line.and_then(|line| edit::said(content, line));
    let mut commands = Vec::new();
    for (advice, report) in crate::advice::store::signed(tx, case, request)? {
        for (was, now) in uses(&report.lines, before).into_iter().zip(uses(&report.lines, after)) {
            let is_as_it_was = was.how == now.how && said(before, was.made) == said(after, now.made);
            if now.how != How::Kept && !is_as_it_was {
                commands.push(Command::Advice(casework::advice::Command::Explain {
                    advice,
                    line: now.line,
                    how: now.how,
                    why: text.id,
                }));
            }
        }
    }
    if commands.is_empty() {
        return Ok(None);
    }
    if text.body.is_empty() {
        return Err(Error::Fields(vec![FieldError::new("why", "Say why the plan differs from the signed advice")]));
    }
    let length = text.body.chars().count();
    if length > REASON_CHARS_MAX {
        let words = format!("Shorten this to {REASON_CHARS_MAX} characters or fewer. It has {length}.");
        return Err(Error::Fields(vec![FieldError::new("why", words)]));
    }
    Ok(Some((commands, text)))
}

/// Most characters of a reason.
pub(crate) const REASON_CHARS_MAX: usize = 5_000;

/// What a draft begins with: the advice that came in, every line that advisers signed, and what the
/// family said.
fn beginning(tx: &mut dyn Tx, app: &App, case: &Case) -> Result<Content, Error> {
    let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
    let texts = store::texts(tx, case.authority, case.id)?;
    let bodies = store::bodies(tx, case.authority)?.into_iter().map(|body| (BodyId(body.id.0), body.name)).collect();
    let family = request.advice.iter().find_map(|asked| match (asked.kind, &asked.reply) {
        (casework::advice::AdviceKind::Family, Some(casework::advice::Reply::Advice { text: Some(text), .. })) => {
            texts.get(text)
        }
        _ => None,
    });
    let account = request.account.and_then(|text| texts.get(&text));
    let views = [account, family].into_iter().flatten().map(|text| text.trim()).collect::<Vec<_>>().join("\n\n");
    let reports = reports_of(tx, case, request)?;
    let advice = advice_received(request, &bodies, &texts, &HashMap::new())
        .map(|(kind, from, on, _)| AppendedAdvice {
            kind: kind.to_owned(),
            from: from.to_owned(),
            dated: short_date(on),
        })
        .collect();
    let mut content = Content { views, advice, ..Content::default() };
    for (_, cited_as, report) in &reports {
        add_to_plan(&mut content, &report.lines, cited_as, || LineId(app.ids.next()));
    }
    Ok(content)
}

pub async fn start(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |_, problem| page(app, session, id, problem)
    };
    let address = format!("/children/{id}/draft/start");
    let then = || see_other(&format!("/children/{id}/draft"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, _| {
            let (subject, working) = desk(tx, who, id, Action::WritePlan)?;
            match working {
                Some(working) => Ok(saved(app, Some(&working), working.content.clone())),
                None => Ok(saved(app, None, beginning(tx, app, &subject.case)?)),
            }
        },
        again,
    )
    .await
}

async fn section_page(
    app: App,
    session: Session,
    id: CaseId,
    section: Section,
    line: Option<String>,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, working, reports, own_words) = app
        .blocking(move |app| {
            app.db.read("plan.section", |tx| -> Result<_, Error> {
                let (subject, working) = desk(tx, &who, id, Action::WritePlan)?;
                let request = subject.case.live_request().ok_or(Refusal::NoOpenRequest)?;
                let reports = reports_of(tx, &subject.case, request)?;
                let own_words = if section == Section::A { for_plan(tx, &who, id)? } else { None };
                Ok((subject, working, reports, own_words))
            })
        })
        .await?;
    let content = working.ok_or(Refusal::NoDraft)?.content;
    let advised = line.as_deref().map(|key| advised(&content, &reports, key)).unwrap_or_default();
    let lines = edit::lines(&content, section);
    let changed = line.as_deref().and_then(|key| lines.iter().find(|line| line.key == key));
    let title = match changed {
        Some(line) => format!("Change {}, section {}: {}", line.name(), section.letter(), section.label()),
        None => format!("Section {}: {}", section.letter(), section.label()),
    };
    // What was typed for a line that someone has taken out since is offered as a new line.
    let line = line.filter(|_| changed.is_some() || typed.is_none());
    let typed = match typed {
        Some(typed) => typed,
        None => edit::values(&content, section, line.as_deref())?,
    };
    let f = Fields { typed: &typed, errors: &problem.errors };
    let mut fields = edit::fields(section, f, &content);
    if line.is_some() && !advised.is_empty() {
        fields.push(f.area("why", "Why the plan says something else", "Leave empty if it says the same", 3));
    }
    let view = SectionPage {
        base: format!("/children/{id}/draft"),
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        section,
        title: &title,
        lines: if line.is_none() { lines } else { vec![] },
        advised,
        fields,
        line,
        next: Section::iter().find(|other| *other > section),
        own_words: own_words.filter(|own| !content.views.contains(&own.heading)),
        name: subject.name.clone(),
    };
    form_page(&session, id, &title, &subject.name, &problem, &view)
}

/// The section of an address; an unknown one is no page.
fn section_named(text: &str) -> Result<Section, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

pub async fn show_section(
    State(app): State<App>,
    session: Session,
    Path((id, section)): Path<(CaseId, String)>,
) -> Result<Page, Error> {
    section_page(app, session, id, section_named(&section)?, None, None, Problem::default()).await
}

/// Puts the child's own words into section A, below what is there. Only what everyone may read is among
/// them.
pub async fn use_own_words(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |_, problem| section_page(app, session, id, Section::A, None, None, problem)
    };
    let address = format!("/children/{id}/draft/own-words");
    let then = || see_other(&format!("/children/{id}/draft/{}", Section::A));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, _| {
            let (_, working) = desk(tx, who, id, Action::WritePlan)?;
            let working = working.ok_or(Refusal::NoDraft)?;
            let mut content = working.content.clone();
            if let Some(own) = for_plan(tx, who, id)?.filter(|own| !content.views.contains(&own.heading)) {
                content.views = [content.views.trim(), &own.heading, &own.views].join("\n\n").trim().to_owned();
                content.how_to_involve =
                    [content.how_to_involve.trim(), &own.how_to_involve].join("\n\n").trim().to_owned();
            }
            Ok(saved(app, Some(&working), content))
        },
        again,
    )
    .await
}

pub async fn show_line(
    State(app): State<App>,
    session: Session,
    Path((id, section, line)): Path<(CaseId, String, String)>,
) -> Result<Page, Error> {
    section_page(app, session, id, section_named(&section)?, Some(line), None, Problem::default()).await
}

/// Saves a change of the working version as the next version, and shows the section again.
#[expect(clippy::too_many_arguments, reason = "what a handler was given and what to change, once each")]
async fn change(
    app: App,
    session: Session,
    id: CaseId,
    section: Section,
    line: Option<String>,
    address: String,
    posted: Posted,
    edited: impl Fn(&mut Content, LineId, &Typed) -> Result<(), Error> + Send + Sync + 'static,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| section_page(app, session, id, section, line, Some(typed), problem)
    };
    let then = || see_other(&format!("/children/{id}/draft/{section}"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let (subject, working) = desk(tx, who, id, Action::WritePlan)?;
            let working = working.ok_or(Refusal::NoDraft)?;
            let mut content = working.content.clone();
            edited(&mut content, LineId(app.ids.next()), typed).map_err(edit::gone)?;
            let explained = match typed.find("why") {
                Some(why) => explain(tx, app, &subject.case, &working.content, &content, why)?,
                None => None,
            };
            let mut asked = saved(app, Some(&working), content);
            let Some((commands, text)) = explained else { return Ok(Checked::from(asked)) };
            // The advisers read it.
            let leaving = Leaving::new(Sending::Reason).part("the reason", text.body.as_str());
            asked.commands.extend(commands);
            asked.papers.texts.push(text);
            Ok(asked.leaving(leaving))
        },
        again,
    )
    .await
}

pub async fn add(
    State(app): State<App>,
    session: Session,
    Path((id, section)): Path<(CaseId, String)>,
    posted: Posted,
) -> Result<Response, Error> {
    let section = section_named(&section)?;
    let address = format!("/children/{id}/draft/{section}");
    change(app, session, id, section, None, address, posted, move |content, new_id, typed| {
        edit::put(content, section, None, new_id, typed)
    })
    .await
}

pub async fn save_line(
    State(app): State<App>,
    session: Session,
    Path((id, section, line)): Path<(CaseId, String, String)>,
    posted: Posted,
) -> Result<Response, Error> {
    let section = section_named(&section)?;
    let address = format!("/children/{id}/draft/{section}/{line}");
    change(app, session, id, section, Some(line.clone()), address, posted, move |content, new_id, typed| {
        edit::put(content, section, Some(&line), new_id, typed)
    })
    .await
}

pub async fn remove_line(
    State(app): State<App>,
    session: Session,
    Path((id, section, line)): Path<(CaseId, String, String)>,
    posted: Posted,
) -> Result<Response, Error> {
    let section = section_named(&section)?;
    let address = format!("/children/{id}/draft/{section}/{line}/remove");
    change(app, session, id, section, None, address, posted, move |content, _, _| edit::remove(content, section, &line))
        .await
}
