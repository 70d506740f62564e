//! The queue of an adviser, a team or a designated officer: advice that was asked for and has not
//! come, in the fair order of its due days.

use crate::advice::{capacity, tell};
use crate::designated::known::{self, Found, Group, Known};
use crate::designated::part_of;
use crate::journal::{self, Act, Papers};
use crate::record::store::{Scope, in_scope, name_of};
use crate::web::{Choice, Frame, Page, Posted, Problems, Session, Typed, csv, error_summary, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor, Reach, Role, reach};
use casework::advice::{self, AdviceKind};
use casework::{AdviceId, BodyId, CaseId, Command};
use db::{Row, Tx, Value};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Lines on one page.
const PAGE: i64 = 50;
/// Most lines of a download: some years of one team's work.
const CSV_MAX: i64 = 20_000;

/// One piece of advice that is waited for.
pub(crate) struct Line {
    pub case: CaseId,
    pub advice: Uuid,
    pub name: String,
    pub born_on: Date,
    pub setting: String,
    pub kind: AdviceKind,
    /// A draft to look at, as against advice to give.
    pub is_check: bool,
    pub body: Uuid,
    pub team: String,
    pub asked_on: Date,
    pub due_on: Date,
    pub out_of_education: bool,
}

impl Line {
    fn read(row: &Row) -> Result<Line, Error> {
        let out: Option<Date> = row.get("out_of_education_since")?;
        Ok(Line {
            case: CaseId(row.get("case_id")?),
            advice: row.get("advice_id")?,
            name: name_of(row)?,
            born_on: row.get("born_on")?,
            setting: row.get::<Option<String>>("setting")?.unwrap_or_default(),
            kind: row.get_as("kind", "a kind of advice", |code: &str| code.parse().ok())?,
            is_check: row.get::<String>("purpose")? == "check",
            body: row.get("body_id")?,
            team: row.get::<Option<String>>("team")?.unwrap_or_default(),
            asked_on: row.get("asked_on")?,
            due_on: row.get("due_on")?,
            out_of_education: out.is_some(),
        })
    }

    /// What is to be done, in words.
    fn what(&self) -> String {
        if self.is_check {
            format!("{}: your lines in the draft", self.kind.label())
        } else {
            self.kind.label().to_owned()
        }
    }

    /// The page where it is done by those who write advice.
    fn href(&self) -> String {
        let page = match self.is_check {
            true => "/check",
            false if self.kind.sections().is_empty() => "",
            false => "/write",
        };
        format!("/children/{}/advice/{}{page}", self.case, self.advice)
    }

    /// How it stands today, and the colour of its tag.
    fn standing(&self, today: Date) -> (String, &'static str) {
        match (self.due_on - today).get_days() {
            0 => ("Due today".to_owned(), "red"),
            1 => ("Due tomorrow".to_owned(), "yellow"),
            days @ 2..=14 => (format!("Due in {days} days"), "yellow"),
            days @ 15.. => (format!("Due in {days} days"), "blue"),
            -1 => ("1 day late".to_owned(), "red"),
            days => (format!("{} days late", -days), "red"),
        }
    }
}

/// What is asked for: a team, a kind, only what is late, a page.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub team: String,
    #[serde(default)]
    pub late: String,
    #[serde(default)]
    page: String,
    /// How many were just passed on.
    #[serde(default)]
    passed: String,
    /// How many were just taken back.
    #[serde(default)]
    back: String,
    /// How the child stands with social care.
    #[serde(default)]
    pub care: String,
    /// A name, a birth date or an NHS number to look for.
    #[serde(default)]
    q: String,
}

impl Asked {
    fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, 10_000)
    }

    fn address(&self, path: &str, page: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("team", &self.team), ("late", &self.late), ("care", &self.care)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

/// Of the scope: `$5` a team or null, `$6` a kind of advice or null, `$7` the day before which it is
/// due, `$8` how the child stands with social care or null. Ids break ties, so that the order is the same each time.
macro_rules! waiting {
    ($columns:literal, $end:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM advice_waiting w \
             JOIN cases c ON c.authority_id = w.authority_id AND c.case_id = w.case_id \
             JOIN people p ON p.authority_id = w.authority_id AND p.case_id = w.case_id \
             LEFT JOIN bodies b ON b.authority_id = w.authority_id AND b.body_id = w.body_id \
             LEFT JOIN designated_cases d ON d.authority_id = w.authority_id AND d.case_id = w.case_id \
             LEFT JOIN establishments e ON e.urn = c.setting_urn WHERE ",
            in_scope!(),
            " AND w.authority_id = $1 AND (w.body_id = $5 OR $5 IS NULL) AND (w.kind = $6 OR $6 IS NULL) AND w.due_on < $7 \
             AND (COALESCE(d.care, 'unsaid') = $8 OR $8 IS NULL)",
            $end
        )
    };
}

macro_rules! waiting_lines {
    ($end:literal) => {
        waiting!(
            "w.case_id, w.advice_id, w.body_id, w.kind, w.purpose, w.asked_on, w.due_on, p.given_name, p.family_name, p.known_as, p.born_on, \
             c.out_of_education_since, e.name AS setting, b.name AS team",
            $end
        )
    };
}

const LINES: &str =
    waiting_lines!(" ORDER BY w.due_on, c.out_of_education_since IS NULL, w.case_id, w.advice_id LIMIT $9 OFFSET $10");
const LINES_AFTER: &str = waiting_lines!(
    " AND (w.due_on, w.case_id, w.advice_id) > ($9, $10, $11) ORDER BY w.due_on, w.case_id, w.advice_id LIMIT $12"
);
const COUNT: &str = waiting!("COUNT(*)", "");
const TEAMS: &str =
    "SELECT body_id, name, kind FROM bodies WHERE authority_id = $1 AND NOT is_independent ORDER BY name, body_id";

/// The kind of advice that somebody's post is about; everyone else's is any.
pub(super) fn kind_of(role: Role) -> Option<AdviceKind> {
    match role {
        Role::DesignatedClinicalOfficer => Some(AdviceKind::Medical),
        Role::DesignatedSocialCareOfficer => Some(AdviceKind::SocialCare),
        _ => None,
    }
}

/// The parameters `$1` to `$8`. An adviser's team is their own, whatever is asked for.
fn parameters(actor: &Actor, asked: &Asked, today: Date) -> Vec<Value> {
    let team = match actor.role {
        Role::Adviser => actor.body.map(|body| body.0),
        // Whom a family invited has a list of their own, and no team's.
        Role::Independent => Some(Uuid::nil()),
        _ => asked.team.parse::<Uuid>().ok(),
    };
    let kind: Option<&'static str> = kind_of(actor.role).map(Into::into);
    let before = if asked.late.is_empty() { law::calendar::days(today, 36_500) } else { today };
    let mut all = Scope::of(actor, Action::RecordAdvice).parameters().to_vec();
    // How children stand with social care is for those alone who may see it.
    let may_see = reach(actor.role, Action::SeeCareLink) != Reach::Nobody;
    let care = Some(asked.care.as_str()).filter(|care| may_see && !care.is_empty());
    all.extend([team.into(), kind.into(), before.into(), care.into()]);
    all
}

fn lines(tx: &mut dyn Tx, mut all: Vec<Value>, limit: i64, offset: i64) -> Result<Vec<Line>, Error> {
    all.extend([limit.into(), offset.into()]);
    tx.query(LINES, &all)?.iter().map(Line::read).collect()
}

/// Lines after one of them, by due day and id, at most `limit`: so that somebody who walks through
/// all of them meets none twice, whatever is added meanwhile.
///
/// # Errors
/// When the database fails.
pub(crate) fn lines_after(
    tx: &mut dyn Tx,
    actor: &Actor,
    asked: &Asked,
    today: Date,
    (due_on, case, advice): (Date, CaseId, Uuid),
    limit: i64,
) -> Result<Vec<Line>, Error> {
    let mut all = parameters(actor, asked, today);
    all.extend([due_on.into(), case.0.into(), advice.into(), limit.into()]);
    tx.query(LINES_AFTER, &all)?.iter().map(Line::read).collect()
}

struct Shown {
    line: Line,
    /// The week in which the team reaches it, and whether that is after its six weeks.
    reached: Option<(Date, bool)>,
    standing: String,
    colour: &'static str,
    /// Who knows the child already.
    known: Option<Known>,
    /// The team that passed it on and may have it back.
    from: Option<String>,
}

#[derive(Template)]
#[template(path = "assessment/queue.html")]
struct QueuePage {
    total: i64,
    late: i64,
    lines: Vec<Shown>,
    /// To choose from; empty for an adviser, who has one.
    teams: Vec<Choice>,
    asked: Asked,
    is_adviser: bool,
    /// Advice can be passed on here, to any of these teams.
    may_route: bool,
    may_plan: bool,
    /// The person writes advice; others record what came.
    writes: bool,
    receivers: Vec<Choice>,
    /// For designated officers: the requests together, and what a search found.
    groups: Vec<Group>,
    found: Vec<Found>,
    /// Some line of the page may be taken back.
    may_take_back: bool,
    is_designated: bool,
    csrf: String,
    summary: govuk::Html,
    /// What was just passed on.
    done: String,
    csv: String,
    previous: Option<String>,
    next: Option<String>,
}

/// What designated officers have beside the lines.
#[derive(Default)]
struct Beside {
    groups: Vec<Group>,
    known: HashMap<CaseId, Known>,
    found: Vec<Found>,
    /// Advice that may be taken back, with the team that passed it on.
    back: HashMap<Uuid, String>,
}

impl Beside {
    fn read(
        tx: &mut dyn Tx,
        who: &journal::Who,
        actor: &Actor,
        part: casework::designated::Part,
        lines: &[Line],
        asked: &Asked,
    ) -> Result<Beside, Error> {
        let mut cases: Vec<CaseId> = lines.iter().map(|line| line.case).collect();
        cases.sort_unstable();
        cases.dedup();
        let words = asked.q.trim();
        Ok(Beside {
            groups: known::groups(tx, actor, part, who.today)?,
            known: known::known(tx, who, part, &cases)?,
            found: if words.is_empty() { vec![] } else { known::found(tx, who, actor, part, words)? },
            back: known::may_be_taken_back(tx, who.authority, &cases)?,
        })
    }
}

pub async fn show(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Page, Error> {
    page(app, session, asked, &[]).await
}

/// Whether this person has a queue. Whom a family invited has a list of their own instead.
///
/// # Errors
/// [`Error::NotAllowed`].
pub(crate) fn may_list(session: &Session) -> Result<(), Error> {
    session.require(Action::RecordAdvice)?;
    if session.may(Action::SeeInvitation) { Err(Error::NotAllowed) } else { Ok(()) }
}

async fn page(app: App, session: Session, asked: Asked, errors: &[FieldError]) -> Result<Page, Error> {
    may_list(&session)?;
    let actor = session.signed_in.actor.clone();
    let (today, page, wanted) = (app.clock.today(), asked.page(), asked.clone());
    let is_adviser = actor.role == Role::Adviser;
    let (part, who) = (part_of(&actor), session.who(&app));
    let (total, late, lines, weeks, teams, receivers, designated) = app
        .blocking(move |app| {
            app.db.read("assessment.queue", |tx| -> Result<_, Error> {
                let all = parameters(&actor, &wanted, today);
                let total: i64 = tx.query_one(COUNT, &all)?.get(0)?;
                let only_late = Asked { late: "yes".to_owned(), ..wanted.clone() };
                let late: i64 = tx.query_one(COUNT, &parameters(&actor, &only_late, today))?.get(0)?;
                let (mut teams, mut receivers): (Vec<Choice>, Vec<Choice>) = (Vec::new(), Vec::new());
                if !is_adviser {
                    let kind: Option<&'static str> = kind_of(actor.role).map(Into::into);
                    for row in tx.query(TEAMS, &[actor.authority.0.into()])? {
                        let (id, name, of): (Uuid, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                        if kind.is_none_or(|kind| kind == of) {
                            teams.push((id.to_string(), name.clone()));
                        }
                        receivers.push((id.to_string(), name));
                    }
                }
                let found = lines(tx, all, PAGE, (page - 1) * PAGE)?;
                let mut reached = HashMap::new();
                for body in found.iter().map(|line| line.body).collect::<BTreeSet<_>>() {
                    reached.extend(capacity::reached(tx, actor.authority, BodyId(body), today)?);
                }
                let designated = match part {
                    Some(part) => Some(Beside::read(tx, &who, &actor, part, &found, &wanted)?),
                    None => None,
                };
                Ok((total, late, found, reached, teams, receivers, designated))
            })
        })
        .await?;
    let Beside { groups, known, found, mut back } = designated.unwrap_or_default();
    let may_take_back = !back.is_empty();
    let shown = lines.into_iter().map(|line| {
        let (standing, colour) = line.standing(today);
        let week = weeks.get(&line.advice).filter(|_| !line.is_check).copied();
        let reached = week.map(|week| (week, law::calendar::days(week, 4) > line.due_on));
        let known = known.get(&line.case).cloned();
        let from = back.remove(&line.advice);
        Shown { line, reached, standing, colour, known, from }
    });
    let done = match asked.passed.parse::<u32>() {
        _ if asked.back == "1" => "1 was taken back. Its six weeks run on.".to_owned(),
        _ if asked.back.parse::<u32>().is_ok() => format!("{} were taken back. Their six weeks run on.", asked.back),
        Ok(1) => "1 was passed on. Its six weeks run on, and the team is told.".to_owned(),
        Ok(count) => format!("{count} were passed on. Their six weeks run on, and the team is told."),
        Err(_) => String::new(),
    };
    let view = QueuePage {
        writes: is_adviser || kind_of(session.signed_in.actor.role).is_some(),
        may_plan: reach(session.signed_in.actor.role, Action::PlanCapacity) != Reach::Nobody,
        may_route: reach(session.signed_in.actor.role, Action::RouteAdvice) != Reach::Nobody,
        csrf: session.csrf.clone(),
        summary: error_summary(errors),
        done,
        total,
        late,
        lines: shown.collect(),
        groups,
        found,
        may_take_back,
        is_designated: part.is_some(),
        teams,
        receivers,
        is_adviser,
        csv: asked.address("/advice.csv", 1),
        previous: (page > 1).then(|| asked.address("/advice", page - 1)),
        next: (page * PAGE < total).then(|| asked.address("/advice", page + 1)),
        asked,
    };
    Frame::for_session(&session, "Advice asked for").here("/advice").with_errors(errors).wide().render(&view)
}

/// Exactly the lines that the queue shows, on every page, as CSV.
pub async fn download(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Response, Error> {
    may_list(&session)?;
    let actor = session.signed_in.actor.clone();
    let today = app.clock.today();
    let found = app
        .blocking(move |app| {
            app.db.read("assessment.queue_csv", |tx| lines(tx, parameters(&actor, &asked, today), CSV_MAX, 0))
        })
        .await?;
    let rows = found.iter().map(|line| {
        [
            line.name.clone(),
            line.born_on.to_string(),
            line.setting.clone(),
            line.what(),
            line.team.clone(),
            line.asked_on.to_string(),
            line.due_on.to_string(),
            (today - line.due_on).get_days().max(0).to_string(),
        ]
    });
    let headings = ["name", "date of birth", "school or setting", "advice", "team", "asked on", "due on", "days late"];
    Ok(csv::download(&format!("advice-{today}"), headings, rows))
}

/// Most that one press passes on: what one page shows.
const ROUTED_MAX: usize = PAGE as usize;

/// The lines that were ticked.
fn ticked(typed: &Typed) -> Vec<(CaseId, AdviceId)> {
    typed
        .all("advice")
        .filter_map(|value| value.split_once('/'))
        .filter_map(|(case, advice)| Some((case.parse().ok()?, advice.parse().ok()?)))
        .take(ROUTED_MAX)
        .collect()
}

/// Passes the ticked lines on to one team.
pub async fn route(State(app): State<App>, session: Session, posted: Posted) -> Result<Response, Error> {
    session.require(Action::RouteAdvice)?;
    let Posted(typed) = posted;
    let mut problems = Problems::default();
    let chosen = ticked(&typed);
    if chosen.is_empty() {
        problems.add("form", "Tick what you want to pass on");
    }
    let body: Option<BodyId> = problems.choice(&typed, "to", "Select the team that knows the child");
    if let Err(Error::Fields(errors)) = problems.check() {
        let page = page(app, session, Asked::default(), &errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let body = body.ok_or(Error::NotFound)?;
    each(app, session, chosen, "passed", move |app, who, case, advice| pass_on(app, who, case, advice, body)).await
}

/// Takes the ticked lines back from the teams they were passed on to, as long as those have not begun.
pub async fn take_back(State(app): State<App>, session: Session, posted: Posted) -> Result<Response, Error> {
    session.require(Action::RouteAdvice)?;
    let Posted(typed) = posted;
    let chosen = ticked(&typed);
    if chosen.is_empty() {
        let error = FieldError::new("form", "Tick what you want to take back");
        let page = page(app, session, Asked::default(), &[error]).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    each(app, session, chosen, "back", |app, who, case, advice| {
        app.db.write("assessment.take_back", |tx| {
            routed(tx, app, who, case, advice::Command::TakeBack { advice }, advice)
        })
    })
    .await
}

/// Does the same to each of several lines. Each is an act of its own, so that one that somebody has
/// answered meanwhile does not hold up the others; what could not be done is said.
async fn each(
    app: App,
    session: Session,
    chosen: Vec<(CaseId, AdviceId)>,
    done: &'static str,
    act: impl Fn(&App, &journal::Who, CaseId, AdviceId) -> Result<(), Error> + Send + 'static,
) -> Result<Response, Error> {
    let who = session.who(&app);
    let (count, mut refused) = app
        .blocking(move |app| {
            let (mut count, mut refused) = (0_u32, Vec::new());
            for (case, advice) in chosen {
                match act(app, &who, case, advice) {
                    Ok(()) => count += 1,
                    Err(Error::Refused(refusal)) => refused.push(refusal.to_string()),
                    Err(Error::NotFound | Error::NotAllowed) => refused.push("One is no longer in your queue.".into()),
                    Err(other) => return Err(other),
                }
            }
            Ok((count, refused))
        })
        .await?;
    if refused.is_empty() {
        return Ok(see_other(&format!("/advice?{done}={count}")));
    }
    refused.sort();
    refused.dedup();
    let words = if done == "passed" { "passed on" } else { "taken back" };
    let said = format!("{count} {words}. The rest could not be: {}", refused.join(" "));
    let page = page(app, session, Asked::default(), &[FieldError::new("form", said)]).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn pass_on(app: &App, who: &journal::Who, case: CaseId, advice: AdviceId, body: BodyId) -> Result<(), Error> {
    app.db.write("assessment.route", |tx| {
        if !crate::record::store::bodies(tx, who.authority)?
            .iter()
            .any(|known| known.id == body && !known.is_independent)
        {
            return Err(Error::NotFound);
        }
        routed(tx, app, who, case, advice::Command::Route { advice, body }, advice)
    })
}

/// Advice goes to another team, which is told by when it is due.
fn routed(
    tx: &mut dyn Tx,
    app: &App,
    who: &journal::Who,
    case: CaseId,
    command: advice::Command,
    advice: AdviceId,
) -> Result<(), Error> {
    // A designated officer passes on what is asked of their own kind.
    let known = journal::load(tx, who.authority, case)?.case;
    super::advice::asked_of(&known, who, advice)?;
    let commands = vec![Command::Advice(command)];
    let act = Act { action: Action::RouteAdvice, seen: None, commands, papers: Papers::default() };
    let loaded = journal::act(tx, who, case, act)?;
    let mut asked = loaded.case.live_request().into_iter().flat_map(|request| &request.advice);
    match asked.find(|asked| asked.id == advice) {
        Some(asked) => tell::asked(tx, app, who.authority, asked.body, law::calendar::weeks(asked.reached_on, 6)),
        None => Ok(()),
    }
}
