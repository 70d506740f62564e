//! One's own lines of a plan, and nothing else of it: what they say, what became of the advice that
//! they rest on, and a box to ask about each.

use super::own_part;
use crate::advice::store as reports;
use crate::journal::{Papers, Text};
use crate::plan::{edit, store as plans};
use crate::record::store;
use crate::web::case_form::{Asked, form_page, subject, submit_then};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::advice::AdviceRequest;
use casework::advice::uses::{How, Use, uses};
use casework::designated::{self, Look, Part, draft_to_look_at, version_to_look_at};
use casework::plans::content::Content;
use casework::requests::Request;
use casework::{Case, CaseId, Command, LineId, TextId, VersionId};
use db::Tx;
use jiff::civil::Date;
use std::collections::HashMap;

const QUESTION_CHARS_MAX: usize = 5_000;

/// What a version makes of the signed advice that a part answers for.
pub(super) struct Compared {
    pub content: Content,
    /// Of each line of signed advice: the request, what the report says, what became of it.
    lines: Vec<(AdviceRequest, String, Use)>,
    pub uses: Vec<Use>,
    /// Lines of the plan in the part's own sections.
    pub own: usize,
}

/// The request that a version belongs to.
fn request_of(case: &Case) -> Option<&Request> {
    case.live_request().or_else(|| case.requests.last())
}

/// Whether a line of advice is this part's: it stands in one of its sections, or its own officer saw to
/// the advice.
fn is_own(part: Part, asked: &AdviceRequest, used: &Use) -> bool {
    asked.kind == part.advice() || part.sections().contains(&used.section)
}

/// Compares signed advice with a version, as far as it is this part's.
///
/// # Errors
/// When the database fails.
pub(super) fn compared(tx: &mut dyn Tx, case: &Case, part: Part, version: VersionId) -> Result<Compared, Error> {
    let content = plans::version(tx, case.authority, case.id, version)?.content;
    let mut lines = Vec::new();
    if let Some(request) = request_of(case) {
        for (advice, report) in reports::signed(tx, case, request)? {
            let Some(asked) = request.advice.iter().find(|asked| asked.id == advice) else { continue };
            for used in uses(&report.lines, &content).into_iter().filter(|used| is_own(part, asked, used)) {
                let wrote = edit::said(&report.lines, used.line).map(|said| said.whole()).unwrap_or_default();
                lines.push((asked.clone(), wrote, used));
            }
        }
    }
    let own = part.sections().iter().map(|section| edit::lines(&content, *section).len()).sum();
    Ok(Compared { uses: lines.iter().map(|(_, _, used)| *used).collect(), lines, content, own })
}

impl Compared {
    /// What a line said, for whoever answers a question about it: in the plan, or in the advice that the
    /// plan leaves out.
    pub(super) fn words_of(&self, line: LineId) -> String {
        let in_plan = edit::said(&self.content, line).map(|said| edit::brief(Some(said.number.clone()), &said.whole()));
        let in_advice = || {
            let found = self.lines.iter().find(|(_, _, used)| used.line == line);
            found.map(|(_, wrote, _)| format!("Left out: {wrote}"))
        };
        in_plan.or_else(in_advice).unwrap_or_else(|| "A line that is no longer there".to_owned())
    }
}

/// One line, as the page shows it.
struct Line {
    field: String,
    /// "C1"; empty for advice that the plan leaves out.
    number: String,
    says: Option<String>,
    /// What the advice said, where the plan says something else.
    wrote: Option<String>,
    how: &'static str,
    colour: &'static str,
    reason: Option<String>,
    asked: Option<(String, Option<(String, Date)>)>,
}

fn field(line: LineId) -> String {
    format!("question-{line}")
}

/// The lines in order: of the plan's own sections, then other lines made from this part's advice, then
/// what was left out.
fn lines(
    case: &Case,
    part: Part,
    compared: &Compared,
    look: Option<&Look>,
    texts: &HashMap<TextId, String>,
) -> Vec<Line> {
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    let request = request_of(case);
    let asked_of = |line: LineId| {
        let question = look?.questions.iter().find(|question| question.line == line)?;
        Some((text(question.text), question.answer.map(|(answer, on)| (text(answer), on))))
    };
    let reason = |asked: &AdviceRequest, used: &Use| {
        request.and_then(|request| request.why_not(asked, used.line, used.how)).map(text)
    };
    let mut own: Vec<LineId> = Vec::new();
    for section in part.sections() {
        own.extend(edit::lines(&compared.content, *section).iter().filter_map(|line| line.key.parse::<LineId>().ok()));
    }
    let others = compared.lines.iter().filter_map(|(_, _, used)| used.made.filter(|_| used.how == How::Changed));
    let mut others: Vec<LineId> = others.filter(|made| !own.contains(made)).collect();
    // Two lines of advice may have become one of the plan's.
    others.sort();
    others.dedup();
    let mut shown: Vec<Line> = own
        .into_iter()
        .chain(others)
        .filter_map(|line| {
            let said = edit::said(&compared.content, line)?;
            let made_from = compared.lines.iter().find(|(_, _, used)| used.made == Some(line));
            let changed = made_from.filter(|(_, _, used)| used.how == How::Changed);
            let (how, colour) = match (made_from, changed) {
                (_, Some(_)) => ("Changed", "yellow"),
                (Some(_), None) => ("As advised", "green"),
                (None, None) => ("Not from signed advice", "grey"),
            };
            Some(Line {
                field: field(line),
                number: said.number.clone(),
                says: Some(said.whole()),
                wrote: changed.map(|(_, wrote, _)| wrote.clone()),
                how,
                colour,
                reason: changed.and_then(|(asked, _, used)| reason(asked, used)),
                asked: asked_of(line),
            })
        })
        .collect();
    let dropped = compared.lines.iter().filter(|(_, _, used)| used.how == How::Dropped);
    shown.extend(dropped.map(|(asked, wrote, used)| Line {
        field: field(used.line),
        number: String::new(),
        says: None,
        wrote: Some(wrote.clone()),
        how: "Dropped",
        colour: "red",
        reason: reason(asked, used),
        asked: asked_of(used.line),
    }));
    shown
}

#[derive(Template)]
#[template(path = "designated/lines.html")]
struct LinesPage<'a> {
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    part: Part,
    /// The version of the plan that is looked at.
    plan: VersionId,
    is_draft: bool,
    lines: Vec<Line>,
    looked_on: Option<Date>,
    open: usize,
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let part = own_part(&session, Action::LookAtLines)?;
    let who = session.who(&app);
    let (subject, plan, lines, look) = app
        .blocking(move |app| {
            app.db.read("designated.lines", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::LookAtLines)?;
                let version = version_to_look_at(&subject.case).ok_or(Error::NotFound)?;
                let compared = compared(tx, &subject.case, part, version)?;
                let texts = store::texts(tx, who.authority, id)?;
                let look = subject.case.designated.look(part, version).cloned();
                let lines = lines(&subject.case, part, &compared, look.as_ref(), &texts);
                Ok((subject, version, lines, look))
            })
        })
        .await?;
    let typed = typed.unwrap_or_default();
    let view = LinesPage {
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        part,
        plan,
        is_draft: draft_to_look_at(&subject.case).is_some(),
        lines,
        looked_on: look.as_ref().map(|look| look.on),
        open: look.map_or(0, |look| look.open()),
        name: subject.name.clone(),
    };
    form_page(&session, id, &format!("Lines of {}", part.label().to_lowercase()), &subject.name, &problem, &view)
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
    let part = own_part(&session, Action::LookAtLines)?;
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/lines");
    let then = || see_other(&format!("/children/{id}/lines"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let case = crate::journal::load(tx, who.authority, id)?.case;
            let version: VersionId = typed.get("plan").parse().map_err(|_| Error::NotFound)?;
            let compared = compared(tx, &case, part, version)?;
            let mut problems = Problems::default();
            let (mut questions, mut texts) = (Vec::new(), Vec::new());
            for line in lines(&case, part, &compared, None, &HashMap::new()) {
                let words = typed.get(&line.field);
                if words.is_empty() {
                    continue;
                }
                if words.chars().count() > QUESTION_CHARS_MAX {
                    problems.add("form", format!("Shorten each question to {QUESTION_CHARS_MAX} characters or fewer"));
                }
                let Ok(about) = line.field.trim_start_matches("question-").parse::<LineId>() else { continue };
                let text = TextId(app.ids.next());
                questions.push((about, text));
                texts.push(Text { id: text, body: words.to_owned() });
            }
            match (typed.get("how"), questions.is_empty()) {
                ("confirm", false) => {
                    problems.add("form", "You ask about a line. Send what you ask, or take the words out to confirm");
                }
                ("ask", true) => problems.add("form", "Say beside a line what you ask about it"),
                ("confirm" | "ask", _) => {}
                _ => problems.add("form", "Confirm your lines, or ask about one"),
            }
            problems.check()?;
            let command = designated::Command::Look { part, version, questions };
            Ok(Asked {
                action: Action::LookAtLines,
                commands: vec![Command::Designated(command)],
                papers: Papers::texts(texts),
            })
        },
        again,
    )
    .await
}
