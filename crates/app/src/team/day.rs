//! An officer's day: what can still be kept today first, then by harm, each with the reason.

use super::cover;
use crate::record::looks::named;
use crate::record::store::{Scope, in_scope, name_of};
use crate::web::{Frame, Page, Session, csv, long_date, short_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor, Role};
use casework::harm::{Because, DAYS_AHEAD, Facts, Limit, Rank, Reason, rank};
use casework::tasks::TaskKind;
use casework::{CaseId, Stage};
use db::{Row, Tx, Value};
use jiff::civil::Date;
use law::RuleId;
use law::rulebook::Strength;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

/// Lines on one page of the list.
const PAGE: usize = 25;
/// Most open limits that one day's list is worked out from: far above any officer's, and a bound
/// on what a whole area's list may cost.
const LIMITS_MAX: i64 = 3000;

/// One child in the day's list.
#[derive(Debug, Clone)]
pub struct DayLine {
    pub case: CaseId,
    pub name: String,
    pub born_on: Date,
    pub setting: String,
    pub stage: Stage,
    pub rank: Rank,
    pub task: Option<(String, String)>,
    /// Of a child whose officer is away: their name, and their last day away.
    pub covered_for: Option<(String, Date)>,
}

const OPEN: &str = concat!(
    "SELECT d.case_id, d.rule, d.due_on, d.strength FROM deadlines d \
     JOIN cases c ON c.authority_id = d.authority_id AND c.case_id = d.case_id WHERE ",
    in_scope!(),
    " AND d.authority_id = $1 AND d.officer_id = $5 AND d.met_on IS NULL AND NOT d.superseded AND NOT d.disapplied \
     AND d.due_on <= $6 ORDER BY d.due_on, d.case_id, d.ordinal LIMIT $7"
);
const OPEN_ALL: &str = concat!(
    "SELECT d.case_id, d.rule, d.due_on, d.strength FROM deadlines d \
     JOIN cases c ON c.authority_id = d.authority_id AND c.case_id = d.case_id WHERE ",
    in_scope!(),
    " AND d.authority_id = $1 AND d.due_on >= $5 AND d.met_on IS NULL AND NOT d.superseded AND NOT d.disapplied \
     AND d.due_on <= $6 ORDER BY d.due_on, d.case_id, d.ordinal LIMIT $7"
);
const OWN_WATCHED: &str = concat!(
    "SELECT c.case_id FROM cases c WHERE ",
    in_scope!(),
    " AND c.officer_id = $5 AND (c.out_of_education_since IS NOT NULL OR c.meeting_on = $6)"
);
const CASES: &str = "SELECT c.case_id, c.stage, c.out_of_education_since, c.plan_first_made_on, c.ever_reviewed, c.meeting_on, \
    p.given_name, p.family_name, p.known_as, p.born_on, e.name AS setting FROM cases c \
    JOIN people p ON p.authority_id = c.authority_id AND p.case_id = c.case_id \
    LEFT JOIN establishments e ON e.urn = c.setting_urn WHERE c.authority_id = $1 AND c.case_id = ANY($2) ORDER BY c.case_id";
/// Without openings to be looked at: not everybody with a day may know of one, and who may has a list of them.
const TASKS: &str = "SELECT case_id, kind, due_on FROM tasks WHERE authority_id = $1 AND case_id = ANY($2) \
     AND kind <> 'look_at_openings' ORDER BY case_id, kind";
const MESSAGES: &str = concat!(
    "SELECT c.case_id, c.officer_id, t.due_on, t.count, p.given_name, p.family_name, p.known_as FROM tasks t \
     JOIN cases c ON c.authority_id = t.authority_id AND c.case_id = t.case_id \
     JOIN people p ON p.authority_id = c.authority_id AND p.case_id = c.case_id WHERE ",
    in_scope!(),
    " AND t.kind = 'answer_messages' AND c.officer_id = ANY($5) ORDER BY t.due_on, c.case_id LIMIT 100"
);
const COUNT: &str = "SELECT COUNT(*) FROM cases WHERE authority_id = $1 AND officer_id = $2";

/// A family that waits for an answer.
struct Waiting {
    case: CaseId,
    name: String,
    by: String,
    is_late: bool,
    count: i64,
    covered_for: Option<(String, Date)>,
}

/// Families that this person has promised an answer, and those of whoever they cover for; the first promise
/// first.
fn waiting(tx: &mut dyn Tx, actor: &Actor, today: Date) -> Result<Vec<Waiting>, Error> {
    let away = cover::by(tx, actor.authority, actor.user, today)?;
    let officers: Value = away.iter().map(|away| away.absence.who.0).chain([actor.user.0]).collect();
    let mut parameters = Scope::of(actor, Action::WriteMessage).parameters().to_vec();
    parameters.push(officers);
    let mut waiting = Vec::new();
    for row in tx.query(MESSAGES, &parameters)? {
        let officer: Uuid = row.get("officer_id")?;
        let due: Option<Date> = row.get("due_on")?;
        let covered = away.iter().find(|away| away.absence.who.0 == officer);
        waiting.push(Waiting {
            case: CaseId(row.get("case_id")?),
            name: name_of(&row)?,
            by: due.map(long_date).unwrap_or_default(),
            is_late: due.is_some_and(|due| due < today),
            count: row.get("count")?,
            covered_for: covered.map(|away| (away.who.clone(), away.absence.until)),
        });
    }
    Ok(waiting)
}

/// Whose day is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    Officer(Uuid),
    /// Everyone's, for a manager.
    All,
}

/// The day's list, heaviest first. Every child in it is in scope.
///
/// # Errors
/// When the database fails.
pub fn day(tx: &mut dyn Tx, scope: Scope, whose: Whose, today: Date) -> Result<Vec<DayLine>, Error> {
    let until = law::calendar::days(today, DAYS_AHEAD);
    let mut parameters = scope.parameters().to_vec();
    let (sql, first) = match whose {
        Whose::Officer(officer) => (OPEN, Value::from(officer)),
        // A manager's list looks at what is running now; old misses are the backlog's.
        Whose::All => (OPEN_ALL, Value::from(law::calendar::days(today, -28))),
    };
    parameters.extend([first, until.into(), LIMITS_MAX.into()]);
    let mut limits: HashMap<Uuid, Vec<Limit>> = HashMap::new();
    for row in tx.query(sql, &parameters)? {
        let case: Uuid = row.get(0)?;
        limits.entry(case).or_default().push(limit(&row)?);
    }
    if let Whose::Officer(officer) = whose {
        let mut watched = scope.parameters().to_vec();
        watched.extend([officer.into(), today.into()]);
        for row in tx.query(OWN_WATCHED, &watched)? {
            limits.entry(row.get(0)?).or_default();
        }
    }
    let mut lines = Vec::with_capacity(limits.len());
    let list: Value = limits.keys().copied().collect();
    for row in tx.query(CASES, &[scope.authority.0.into(), list])? {
        let id: Uuid = row.get("case_id")?;
        let line = line(&row, limits.remove(&id).unwrap_or_default(), today)?;
        if line.rank.points > 0 {
            lines.push(line);
        }
    }
    heaviest_first(&mut lines);
    Ok(lines)
}

fn heaviest_first(lines: &mut [DayLine]) {
    lines.sort_by(|a, b| b.rank.points.cmp(&a.rank.points).then_with(|| a.case.cmp(&b.case)));
}

/// The days of those for whom this person covers, each line with whose it is and until when.
fn covered(tx: &mut dyn Tx, scope: Scope, actor: &Actor, today: Date) -> Result<Vec<DayLine>, Error> {
    let mut lines = Vec::new();
    for away in cover::by(tx, actor.authority, actor.user, today)? {
        for mut line in day(tx, scope, Whose::Officer(away.absence.who.0), today)? {
            line.covered_for = Some((away.who.clone(), away.absence.until));
            lines.push(line);
        }
    }
    Ok(lines)
}

fn limit(row: &Row) -> Result<Limit, Error> {
    Ok(Limit {
        rule: row.get_as(1, "a rule", |code: &str| code.parse::<RuleId>().ok())?,
        due_on: row.get(2)?,
        strength: row.get_as(3, "a strength", |code: &str| match code {
            "must" => Some(Strength::Must),
            "should" => Some(Strength::Should),
            "derived" => Some(Strength::Derived),
            _ => None,
        })?,
    })
}

fn line(row: &Row, limits: Vec<Limit>, today: Date) -> Result<DayLine, Error> {
    let facts = Facts {
        limits,
        out_of_education_since: row.get("out_of_education_since")?,
        plan_first_made_on: row.get("plan_first_made_on")?,
        ever_reviewed: row.get("ever_reviewed")?,
        meeting_on: row.get("meeting_on")?,
    };
    Ok(DayLine {
        case: CaseId(row.get("case_id")?),
        name: name_of(row)?,
        born_on: row.get("born_on")?,
        setting: row.get::<Option<String>>("setting")?.unwrap_or_default(),
        stage: row.get_as("stage", "a stage", |code: &str| code.parse().ok())?,
        rank: rank(&facts, today),
        task: None,
        covered_for: None,
    })
}

/// The first open task of each of these lines.
fn add_tasks(tx: &mut dyn Tx, scope: Scope, lines: &mut [DayLine], today: Date) -> Result<(), Error> {
    let list: Value = lines.iter().map(|line| line.case.0).collect();
    let mut first: HashMap<Uuid, TaskKind> = HashMap::new();
    for row in tx.query(TASKS, &[scope.authority.0.into(), list])? {
        let case: Uuid = row.get("case_id")?;
        let kind: TaskKind = row.get_as("kind", "a kind of task", |code: &str| code.parse().ok())?;
        if !kind.can_begin(row.get("due_on")?, today) {
            continue;
        }
        first.entry(case).and_modify(|known| *known = (*known).min(kind)).or_insert(kind);
    }
    for line in lines {
        line.task = first
            .get(&line.case.0)
            .map(|kind| (kind.label().to_owned(), format!("/children/{}/{}", line.case, kind.page())));
    }
    Ok(())
}

/// The lines of one page of the list, each with the first task that is open.
///
/// # Errors
/// When the database fails.
pub(crate) async fn with_tasks(app: &App, actor: Actor, shown: Vec<DayLine>) -> Result<Vec<DayLine>, Error> {
    let today = app.clock.today();
    app.blocking(move |app| {
        app.db.read("team.day_tasks", |tx| {
            let mut lines = shown.clone();
            add_tasks(tx, Scope::of(&actor, Action::SeeCase), &mut lines, today)?;
            Ok(lines)
        })
    })
    .await
}

/// A reason in plain words, with its date.
pub fn because(because: &Because, today: Date) -> String {
    let rule = because.rule.map(|rule| rule.rule().title);
    let on = because.on;
    let late = |on: Date| (today - on).get_days();
    match (because.reason, rule, on) {
        (Reason::LimitEndsToday, Some(rule), _) => format!("Due today: {rule}"),
        (Reason::LastSafeDayForTransfer, _, _) => {
            "Last safe day to hold the review meeting before the move to a new school".to_owned()
        }
        (Reason::LimitPassed, Some(rule), Some(on)) => match late(on) {
            1 => format!("1 day late: {rule}"),
            days => format!("{days} days late: {rule}"),
        },
        (Reason::LimitWithinAWeek | Reason::LimitWithinAFortnight, Some(rule), Some(on)) => {
            format!("Due {}: {rule}", long_date(on))
        }
        (Reason::AdviceLate, _, Some(on)) => format!("Advice was due on {}", short_date(on)),
        (Reason::OutOfEducation, _, Some(on)) => format!("Out of school since {}", short_date(on)),
        (Reason::NeverReviewed, _, Some(on)) => {
            format!("No review has ever been held; the plan was made on {}", short_date(on))
        }
        (Reason::MeetingToday, ..) => "The review meeting is today".to_owned(),
        (reason, ..) => reason.label().to_owned(),
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub page: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub q: String,
    #[serde(default)]
    pub whose: String,
}

impl Asked {
    pub(crate) fn keep(&self, line: &DayLine) -> bool {
        let words = self.q.trim().to_lowercase();
        let reason = self.reason.as_str();
        (reason.is_empty() || line.rank.because.iter().any(|b| <&'static str>::from(b.reason) == reason))
            && (words.is_empty()
                || line.name.to_lowercase().contains(&words)
                || line.setting.to_lowercase().contains(&words))
    }

    /// The address of this list with another page.
    fn address(&self, page: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("reason", &self.reason), ("q", &self.q), ("whose", &self.whose)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        query.finish()
    }
}

/// The lines of the day that is asked for, and how many children the person works with.
///
/// # Errors
/// [`Error::NotAllowed`] when the person has no such list.
pub(crate) async fn asked_lines(app: &App, session: &Session, asked: &Asked) -> Result<(Vec<DayLine>, i64), Error> {
    session.require(Action::SeeOwnDay)?;
    let actor = session.signed_in.actor.clone();
    let all = asked.whose == "all" && actor.role == Role::Manager;
    let whose = if all { Whose::All } else { Whose::Officer(actor.user.0) };
    let today = app.clock.today();
    app.blocking(move |app| {
        app.db.read("team.day", |tx| {
            let scope = Scope::of(&actor, Action::SeeCase);
            let mut lines = day(tx, scope, whose, today)?;
            if !all {
                lines.extend(covered(tx, scope, &actor, today)?);
                heaviest_first(&mut lines);
            }
            let count: i64 = tx.query_one(COUNT, &[actor.authority.0.into(), actor.user.0.into()])?.get(0)?;
            Ok((lines, count))
        })
    })
    .await
}

struct ListRow {
    line: DayLine,
    reasons: Vec<String>,
}

#[derive(Template)]
#[template(path = "team/day.html")]
struct DayPage {
    today: Date,
    children: i64,
    total: usize,
    shown_from: usize,
    rows: Vec<ListRow>,
    reasons: Vec<(&'static str, &'static str, usize)>,
    asked: Asked,
    is_manager: bool,
    all: bool,
    previous: Option<String>,
    next: Option<String>,
    csv: String,
    may_say_away: bool,
    may_restore: bool,
    /// For whom this person covers, and until when.
    covering: Vec<(String, Date)>,
    waiting: Vec<Waiting>,
    weights: Vec<(&'static str, u32)>,
}

pub async fn show(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Response, Error> {
    if session.require(Action::SeeOwnDay).is_err() {
        return Ok(crate::web::see_other(session.home()));
    }
    Ok(list(&app, &session, asked).await?.into_response())
}

async fn list(app: &App, session: &Session, asked: Asked) -> Result<Page, Error> {
    let today = app.clock.today();
    let (lines, children) = asked_lines(app, session, &asked).await?;
    let mut covering: Vec<(String, Date)> = lines.iter().filter_map(|line| line.covered_for.clone()).collect();
    covering.sort();
    covering.dedup();
    let reasons = Reason::all()
        .map(|reason| {
            let count = lines.iter().filter(|line| line.rank.because.iter().any(|b| b.reason == reason)).count();
            (<&'static str>::from(reason), reason.label(), count)
        })
        .filter(|(_, _, count)| *count > 0)
        .collect();
    let kept: Vec<DayLine> = lines.into_iter().filter(|line| asked.keep(line)).collect();
    let total = kept.len();
    let pages = total.div_ceil(PAGE).max(1);
    let page = asked.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
    let mut shown: Vec<DayLine> = kept.into_iter().skip((page - 1) * PAGE).take(PAGE).collect();
    let actor = session.signed_in.actor.clone();
    shown = with_tasks(app, actor, shown).await?;
    let rows = shown
        .into_iter()
        .map(|line| ListRow { reasons: line.rank.because.iter().map(|b| because(b, today)).collect(), line })
        .collect();
    let link = |page: usize| match asked.address(page) {
        query if query.is_empty() => "/today".to_owned(),
        query => format!("/today?{query}"),
    };
    let own = session.signed_in.actor.clone();
    let waiting = app.blocking(move |app| app.db.read("team.waiting", |tx| waiting(tx, &own, today))).await?;
    let is_manager = session.signed_in.actor.role == Role::Manager;
    let view = DayPage {
        today,
        children,
        total,
        shown_from: (page - 1) * PAGE,
        rows,
        reasons,
        is_manager,
        all: is_manager && asked.whose == "all",
        previous: (page > 1).then(|| link(page - 1)),
        next: (page < pages).then(|| link(page + 1)),
        csv: format!("/today.csv?{}", asked.address(1)),
        covering,
        may_say_away: session.may(Action::SayAway),
        may_restore: session.may(Action::RestoreAccount),
        waiting,
        weights: Reason::all().map(|reason| (reason.label(), reason.weight())).collect(),
        asked,
    };
    Frame::for_session(session, "Today").here("/today").wide().render(&view)
}

/// Exactly the lines that the list shows, on every page, as CSV.
pub async fn download(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let today = app.clock.today();
    let (lines, _) = asked_lines(&app, &session, &asked).await?;
    let kept = lines.iter().filter(|line| asked.keep(line)).enumerate();
    let rows = kept.map(|(place, line)| {
        let reasons: Vec<String> = line.rank.because.iter().map(|b| because(b, today)).collect();
        [
            (place + 1).to_string(),
            line.name.clone(),
            line.born_on.to_string(),
            line.setting.clone(),
            line.stage.label().to_owned(),
            reasons.join("; "),
            line.covered_for.as_ref().map(|(name, until)| format!("{name} until {until}")).unwrap_or_default(),
        ]
    });
    let headings = ["place", "name", "date of birth", "school or setting", "stage", "reasons", "covered for"];
    let named = named(&session.signed_in.actor, lines.iter().filter(|line| asked.keep(line)).map(|line| line.case));
    Ok((named, csv::download(&format!("today-{today}"), headings, rows)).into_response())
}
