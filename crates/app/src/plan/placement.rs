//! Section I: what the family asks for, who is consulted and what they say, what is named.

use super::letters::placement_words;
use super::store::{self as plans, FOUND_MAX};
use crate::journal::{self, Papers, Text};
use crate::recipients::{Leaving, plan_parts};
use crate::record::store;
use crate::web::case_form::{Asked, Checked, Subject, form_page, subject, submit_then};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use casework::access::Action;
use casework::people::identifiers::Urn;
use casework::placement::{self, ConsultationReply, Ground, InstitutionType, Named};
use casework::recipients::Sending;
use casework::{CaseId, Command, ConsultationId, Refusal, TextId};
use db::Tx;
use jiff::civil::Date;
use law::RuleId;
use std::collections::HashMap;
use strum::IntoEnumIterator;

const REASONS_CHARS_MAX: usize = 10_000;

/// One school that was consulted.
struct Line {
    id: ConsultationId,
    school: String,
    sent_on: Date,
    due_on: Date,
    why: String,
    reply: Option<String>,
    reasons: String,
    colour: &'static str,
}

#[derive(Template)]
#[template(path = "plan/placement.html")]
struct PlacementPage {
    case: CaseId,
    name: String,
    #[expect(
        clippy::type_complexity,
        reason = "name, day, and the ground and reasons when it was refused: read in one template"
    )]
    preference: Option<(String, Date, Option<(String, String)>)>,
    preference_open: bool,
    lines: Vec<Line>,
    named: Option<String>,
    drafting: bool,
    may_consult: bool,
    may_name: bool,
}

fn names(tx: &mut dyn Tx, subject: &Subject) -> Result<HashMap<i64, String>, Error> {
    Ok(crate::record::case_names(tx, &subject.case)?.settings)
}

fn name_of(names: &HashMap<i64, String>, urn: Urn) -> String {
    names.get(&i64::from(urn.number())).cloned().unwrap_or_else(|| format!("Establishment {urn}"))
}

/// The last day for the answer of a school that is asked on `sent_on`.
fn reply_due(sent_on: Date) -> Result<Date, Error> {
    let asked = law::Event::new(law::EventName::ConsultationReceivedByInstitution, sent_on);
    law::deadline(RuleId::SchoolConsultationReply15d, asked, &[asked])
        .map(|deadline| deadline.due_on)
        .map_err(|fault| Error::Broken { step: "work out a date", cause: fault.to_string() })
}

/// What is known of where a child will be educated: the case, names of settings, words.
pub(crate) struct Known {
    pub subject: Subject,
    names: HashMap<i64, String>,
    texts: HashMap<TextId, String>,
}

impl Known {
    pub fn name(&self, urn: Urn) -> String {
        name_of(&self.names, urn)
    }

    pub fn text(&self, id: TextId) -> String {
        self.texts.get(&id).cloned().unwrap_or_default()
    }

    /// What section I says, in words.
    pub fn words(&self, named: Named) -> String {
        placement_words(named, |urn| {
            self.names.get(&i64::from(urn)).cloned().unwrap_or_else(|| format!("Establishment {urn}"))
        })
    }

    /// The last day for the answer of a school that was consulted.
    ///
    /// # Errors
    /// When the rule cannot be worked out.
    pub fn reply_by(&self, asked: &placement::Consultation) -> Result<Date, Error> {
        // The school answers within 15 days of the day it was asked; the clock has the sum.
        let deadlines = self.subject.case.deadlines();
        let counted = deadlines
            .iter()
            .find(|d| d.rule == RuleId::SchoolConsultationReply15d && d.trigger.subject == asked.subject);
        counted.map_or_else(|| reply_due(asked.sent_on), |deadline| Ok(deadline.due_on))
    }
}

/// Reads it for somebody who may see the child's record.
///
/// # Errors
/// As [`subject`].
pub(crate) fn known(tx: &mut dyn Tx, who: &journal::Who, id: CaseId) -> Result<Known, Error> {
    let subject = subject(tx, who, id, Action::SeeCase)?;
    let names = names(tx, &subject)?;
    Ok(Known { subject, names, texts: store::texts(tx, who.authority, id)? })
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let known = app.blocking(move |app| app.db.read("plan.placement", |tx| known(tx, &who, id))).await?;
    let subject = &known.subject;
    let request = subject.case.requests.last().ok_or(Refusal::NoOpenRequest)?;
    let text = |id: TextId| known.text(id);
    let lines = request
        .consultations
        .iter()
        .map(|asked| {
            let due_on = known.reply_by(asked)?;
            let (reply, reasons, colour) = match asked.reply {
                Some(ConsultationReply::CanMeetNeeds { on }) => {
                    (Some(format!("Can meet the needs, {}", crate::web::short_date(on))), String::new(), "green")
                }
                Some(ConsultationReply::Cannot { ground, reasons, on }) => (
                    Some(format!("Cannot, {}", crate::web::short_date(on))),
                    format!("{}. {}", ground.label(), text(reasons)),
                    "orange",
                ),
                None if due_on < today => (None, String::new(), "red"),
                None => (None, String::new(), "blue"),
            };
            Ok(Line {
                id: asked.id,
                school: known.name(asked.urn),
                sent_on: asked.sent_on,
                due_on,
                why: format!(
                    "/children/{id}/why/{}?from={}&subject={}",
                    RuleId::SchoolConsultationReply15d.as_str(),
                    asked.sent_on,
                    asked.subject
                ),
                reply,
                reasons,
                colour,
            })
        })
        .collect::<Result<Vec<Line>, Error>>()?;
    let relations = subject.case.relations();
    let may = |action| {
        casework::access::may(&session.signed_in.actor, action, &casework::access::Resource::Case(&relations))
            .is_allowed()
    };
    let drafting = matches!(request.progress, casework::requests::Progress::Drafting { .. });
    let view = PlacementPage {
        case: id,
        preference: request.preference.map(|p| {
            let refused = p.refused.map(|(ground, reasons)| (ground.label().to_owned(), text(reasons)));
            (known.name(p.urn), p.on, refused)
        }),
        preference_open: request
            .preference
            .is_some_and(|p| p.refused.is_none() && request.named != Some(Named::Institution { urn: p.urn })),
        lines,
        named: request.named.map(|named| match named {
            Named::Institution { urn } => known.name(urn),
            other => placement_words(other, |urn| urn.to_string()),
        }),
        drafting,
        may_consult: drafting && may(Action::ConsultSettings),
        may_name: drafting && may(Action::NamePlacement),
        name: subject.name.clone(),
    };
    form_page(&session, id, "School or college", &subject.name, &Problem::default(), &view)
}

/// Which of the three forms that choose a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choosing {
    Preference,
    Consult,
    Name,
}

impl Choosing {
    fn page(self) -> &'static str {
        match self {
            Choosing::Preference => "preference",
            Choosing::Consult => "consult",
            Choosing::Name => "name",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Choosing::Preference => "What the family asks for",
            Choosing::Consult => "Consult a school or college",
            Choosing::Name => "Name the school or college",
        }
    }

    fn action(self) -> Action {
        match self {
            Choosing::Preference => Action::RecordRepresentation,
            Choosing::Consult => Action::ConsultSettings,
            Choosing::Name => Action::NamePlacement,
        }
    }
}

#[derive(Template)]
#[template(path = "plan/choose.html")]
struct ChoosePage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    choosing: Choosing,
    query: String,
    schools: Vec<Choice>,
    searched: bool,
    full: bool,
    kinds: Vec<Choice>,
    grounds: Vec<Choice>,
    types: Vec<Choice>,
    preference: Option<String>,
    due_if_today: Date,
}

/// The schools to choose from: those already on the case, then what the search finds.
fn schools(tx: &mut dyn Tx, who: &journal::Who, subject: &Subject, query: &str) -> Result<(Vec<Choice>, usize), Error> {
    let mut known: Vec<Urn> = Vec::new();
    if let Some(request) = subject.case.live_request() {
        known.extend(request.preference.map(|p| p.urn));
        known.extend(request.consultations.iter().map(|c| c.urn));
    }
    known.extend(subject.case.current_placement().and_then(|p| p.setting.urn()));
    let code = store::authority(tx, who.authority)?.0;
    let found = plans::find_schools(tx, &code, query)?;
    let count = found.len();
    let mut rows = Vec::new();
    for urn in known {
        rows.extend(plans::find_school(tx, urn)?);
    }
    rows.extend(found);
    let mut listed: Vec<Choice> = Vec::new();
    for school in rows {
        let value = school.urn.to_string();
        if !listed.iter().any(|(urn, _)| *urn == value) {
            let detail = if school.detail.is_empty() { String::new() } else { format!(" ({})", school.detail) };
            listed.push((value, format!("{}{detail}", school.name)));
        }
    }
    Ok((listed, count))
}

async fn choose(
    app: App,
    session: Session,
    id: CaseId,
    choosing: Choosing,
    typed: Typed,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let query: String = typed.get("q").chars().take(100).collect();
    let asked = query.clone();
    let (subject, schools, count, names) = app
        .blocking(move |app| {
            app.db.read("plan.choose_school", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, choosing.action())?;
                let (schools, count) = schools(tx, &who, &subject, &asked)?;
                let names = names(tx, &subject)?;
                Ok((subject, schools, count, names))
            })
        })
        .await?;
    let request = subject.case.live_request().ok_or(Refusal::NoOpenRequest)?;
    let mut typed = typed;
    if typed.find("on").is_none() && typed.find("on-day").is_none() {
        typed.set("on", today.to_string());
    }
    let view = ChoosePage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        choosing,
        searched: !query.is_empty(),
        full: count >= FOUND_MAX,
        query,
        schools,
        kinds: [
            ("institution", "A school, college or other institution"),
            ("type", "Only a type of school or college"),
            ("otherwise", "Education otherwise than in a school (section 61)"),
        ]
        .map(|(code, words)| (code.to_owned(), words.to_owned()))
        .to_vec(),
        grounds: choices(Ground::iter(), |ground| ground.code().to_owned(), Ground::label),
        types: choices(InstitutionType::iter(), |kind| kind.code().to_owned(), InstitutionType::label),
        preference: request.preference.map(|p| name_of(&names, p.urn)),
        due_if_today: reply_due(today)?,
        name: subject.name.clone(),
    };
    form_page(&session, id, choosing.title(), &subject.name, &problem, &view)
}

async fn show_choose(
    app: App,
    session: Session,
    id: CaseId,
    choosing: Choosing,
    query: Option<String>,
) -> Result<Page, Error> {
    let typed = Typed::decode(query.unwrap_or_default().as_bytes())?;
    // An address carries the search and nothing else.
    let mut asked = Typed::default();
    asked.set("q", typed.get("q"));
    choose(app, session, id, choosing, asked, Problem::default()).await
}

pub async fn show_preference(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    RawQuery(query): RawQuery,
) -> Result<Page, Error> {
    show_choose(app, session, id, Choosing::Preference, query).await
}

pub async fn show_consult(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    RawQuery(query): RawQuery,
) -> Result<Page, Error> {
    show_choose(app, session, id, Choosing::Consult, query).await
}

pub async fn show_name(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    RawQuery(query): RawQuery,
) -> Result<Page, Error> {
    show_choose(app, session, id, Choosing::Name, query).await
}

/// The school that was chosen, when the register has it.
fn chosen(tx: &mut dyn Tx, typed: &Typed, problems: &mut Problems) -> Result<Option<Urn>, Error> {
    let urn: Option<Urn> = typed.get("school").parse().ok();
    let known = match urn {
        Some(urn) => plans::find_school(tx, urn)?.map(|school| school.urn),
        None => None,
    };
    if known.is_none() {
        problems.add("school", "Select a school or college. Search for it if it is not listed");
    }
    Ok(known)
}

async fn save(app: App, session: Session, id: CaseId, choosing: Choosing, posted: Posted) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| choose(app, session, id, choosing, typed, problem)
    };
    let address = format!("/children/{id}/placement/{}", choosing.page());
    let then = || see_other(&format!("/children/{id}/placement"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let case = subject(tx, who, id, choosing.action())?.case;
            let mut problems = Problems::default();
            let on = problems.date(typed, "on", "The day");
            let mut papers = Papers::default();
            let mut going = None;
            let command = match choosing {
                Choosing::Preference => {
                    let urn = chosen(tx, typed, &mut problems)?;
                    problems.check()?;
                    placement::Command::RecordPreference {
                        urn: urn.ok_or(Error::NotFound)?,
                        on: on.ok_or(Error::NotFound)?,
                    }
                }
                Choosing::Consult => {
                    let urn = chosen(tx, typed, &mut problems)?;
                    problems.check()?;
                    let saved = plans::working(tx, &case)?;
                    going = saved.map(|saved| Leaving::new(Sending::Consultation).parts(plan_parts(&saved.content)));
                    placement::Command::Consult {
                        consultation: ConsultationId(app.ids.next()),
                        urn: urn.ok_or(Error::NotFound)?,
                        sent_on: on.ok_or(Error::NotFound)?,
                    }
                }
                Choosing::Name => {
                    let named = match typed.get("kind") {
                        "institution" => chosen(tx, typed, &mut problems)?.map(|urn| Named::Institution { urn }),
                        "type" => problems
                            .choice::<InstitutionType>(typed, "type", "Select a type of school or college")
                            .map(|kind| Named::TypeOnly { kind }),
                        "otherwise" => Some(Named::Otherwise),
                        _ => {
                            problems.add("kind", "Select what is named");
                            None
                        }
                    };
                    let preference = case.live_request().and_then(|request| request.preference);
                    let differs =
                        preference.is_some_and(|p| named.is_some_and(|n| n != Named::Institution { urn: p.urn }));
                    let refusing = if differs {
                        let ground = problems.choice::<Ground>(
                            typed,
                            "ground",
                            "Select the ground on which the family’s choice is refused, or name their choice",
                        );
                        let body = problems.text(
                            typed,
                            "reasons",
                            "Give the reasons for refusing the family’s choice",
                            REASONS_CHARS_MAX,
                        );
                        let text = TextId(app.ids.next());
                        papers = Papers::texts(vec![Text { id: text, body }]);
                        ground.map(|ground| (ground, text))
                    } else {
                        None
                    };
                    problems.check()?;
                    placement::Command::Name {
                        named: named.ok_or(Error::NotFound)?,
                        refusing,
                        on: on.ok_or(Error::NotFound)?,
                    }
                }
            };
            let asked = Asked { action: choosing.action(), commands: vec![Command::Placement(command)], papers };
            Ok(Checked { leaving: going, ..asked.into() })
        },
        again,
    )
    .await
}

pub async fn save_preference(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    save(app, session, id, Choosing::Preference, posted).await
}

pub async fn save_consult(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    save(app, session, id, Choosing::Consult, posted).await
}

pub async fn save_name(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    save(app, session, id, Choosing::Name, posted).await
}

#[derive(Template)]
#[template(path = "plan/reply.html")]
struct ReplyPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    school: String,
    sent_on: Date,
    answers: Vec<Choice>,
    grounds: Vec<Choice>,
}

async fn reply_page(
    app: App,
    session: Session,
    id: CaseId,
    consultation: ConsultationId,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, names) = app
        .blocking(move |app| {
            app.db.read("plan.reply_form", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::ConsultSettings)?;
                let names = names(tx, &subject)?;
                Ok((subject, names))
            })
        })
        .await?;
    let asked = subject
        .case
        .requests
        .iter()
        .flat_map(|request| &request.consultations)
        .find(|asked| asked.id == consultation)
        .ok_or(Error::NotFound)?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        typed.set("on", today.to_string());
        typed
    });
    let view = ReplyPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        school: name_of(&names, asked.urn),
        sent_on: asked.sent_on,
        answers: [("yes", "It can meet the child’s needs"), ("no", "It says it should not be named")]
            .map(|(code, words)| (code.to_owned(), words.to_owned()))
            .to_vec(),
        grounds: choices(Ground::iter(), |ground| ground.code().to_owned(), Ground::label),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Record a school’s reply", &subject.name, &problem, &view)
}

pub async fn show_reply(
    State(app): State<App>,
    session: Session,
    Path((id, consultation)): Path<(CaseId, ConsultationId)>,
) -> Result<Page, Error> {
    reply_page(app, session, id, consultation, None, Problem::default()).await
}

pub async fn save_reply(
    State(app): State<App>,
    session: Session,
    Path((id, consultation)): Path<(CaseId, ConsultationId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| reply_page(app, session, id, consultation, Some(typed), problem)
    };
    let address = format!("/children/{id}/placement/consultations/{consultation}");
    let then = || see_other(&format!("/children/{id}/placement"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |_, app, _, typed| {
            let mut problems = Problems::default();
            let on = problems.date(typed, "on", "The day of the reply");
            let mut papers = Papers::default();
            let reply = match typed.get("answer") {
                "yes" => on.map(|on| ConsultationReply::CanMeetNeeds { on }),
                "no" => {
                    let ground = problems.choice::<Ground>(typed, "ground", "Select the legal ground the school gives");
                    let body = problems.text(typed, "reasons", "Enter the reasons and the evidence", REASONS_CHARS_MAX);
                    let reasons = TextId(app.ids.next());
                    papers = Papers::texts(vec![Text { id: reasons, body }]);
                    ground.zip(on).map(|(ground, on)| ConsultationReply::Cannot { ground, reasons, on })
                }
                _ => {
                    problems.add("answer", "Select what the school answered");
                    None
                }
            };
            problems.check()?;
            let reply = reply.ok_or(Error::NotFound)?;
            let command = placement::Command::RecordReply { consultation, reply };
            Ok(Asked { action: Action::ConsultSettings, commands: vec![Command::Placement(command)], papers })
        },
        again,
    )
    .await
}
