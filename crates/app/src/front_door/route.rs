//! Where a contact goes: what is suggested and why, answered at once, or passed on.

use super::contacts::{Line, case_for, line_of};
use crate::journal::{self, Act, Papers, Text, Who};
use crate::post::{self, To, Words};
use crate::record::case_page::describe;
use crate::record::store;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary, long_date,
    see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::enquiries::routing::{About, Desk, Way, suggest};
use casework::enquiries::{self, Enquiry};
use casework::{AuthorityId, Case, CaseId, Command, EnquiryId, TextId, UserId};
use db::Tx;
use jiff::civil::Date;
use law::Deadline;
use law::rulebook::Kind;
use serde::Deserialize;
use strum::IntoEnumIterator;

pub(super) const ANSWER_CHARS_MAX: usize = 1_000;
/// The answer of the form that is no desk.
const AT_ONCE: &str = "at_once";

const OF_ROLE: &str = "SELECT user_id FROM users WHERE authority_id = $1 AND role = $2 AND active AND NOT is_service ORDER BY user_id LIMIT 50";

/// What is asked: what it is about.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    about: String,
}

/// What is suggested, in words.
struct Suggested {
    /// "Answer it now", or who it is passed to.
    way: String,
    because: &'static str,
    /// Nobody has this post here.
    nobody: bool,
    /// What the record says to it.
    says: Vec<String>,
    /// Where it is done: its address and what it is called.
    link: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "front_door/route.html")]
struct RoutePage<'a> {
    case: CaseId,
    name: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    line: Line,
    /// Those who have it.
    waits_for: Option<String>,
    is_answered: bool,
    /// What was typed for a contact that somebody else answered meanwhile.
    typed_in_vain: String,
    abouts: Vec<Choice>,
    about: Option<About>,
    suggested: Option<Suggested>,
    ways: Vec<Choice>,
}

/// A desk as it is read, with the name of the child's officer.
pub(super) fn called(tx: &mut dyn Tx, case: &Case, desk: Desk) -> Result<String, Error> {
    let officer = case.officer.filter(|_| desk == Desk::Officer);
    let name = match officer {
        Some(officer) => store::user_name(tx, case.authority, officer.0)?.map(|(name, _)| name),
        None => None,
    };
    Ok(name.map_or_else(|| desk.label().to_owned(), |name| format!("{name}, the child’s officer")))
}

/// Dates that are told on the telephone.
const DATES_TOLD: usize = 3;

/// Where a case stands and which duties come next.
fn says(case: &Case, today: Date) -> Vec<String> {
    let mut open: Vec<Deadline> = case.deadlines();
    open.retain(|deadline| deadline.rule().kind == Kind::Duty && describe(deadline, Kind::Duty, today).3);
    open.sort_by_key(|deadline| deadline.due_on);
    let date = |deadline: &Deadline| format!("{}: by {}", deadline.rule().title, long_date(deadline.due_on));
    std::iter::once(case.stage().label().to_owned()).chain(open.iter().take(DATES_TOLD).map(date)).collect()
}

fn contact(case: &Case, id: EnquiryId) -> Result<&Enquiry, Error> {
    case.enquiries.iter().find(|known| known.id == id).ok_or(Error::NotFound)
}

async fn page(
    app: &App,
    session: &Session,
    (id, contact_id): (CaseId, EnquiryId),
    about: Option<About>,
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let asked = about;
    let (name, line, waits_for, is_answered, about, suggested, ways) = app
        .blocking(move |app| {
            app.db.read("front_door.route", |tx| -> Result<_, Error> {
                let case = case_for(tx, &who, id)?;
                let found = contact(&case, contact_id)?;
                let about = asked.or(found.about);
                let waits_for = match found.waits_for() {
                    Some(desk) => Some(called(tx, &case, desk)?),
                    None => None,
                };
                let suggested = match about.map(|about| suggest(&case, about)) {
                    // Those who have it say when it is answered.
                    Some(suggestion) if suggestion.way == Way::AtOnce && !found.passed.is_empty() => None,
                    Some(suggestion) => Some(Suggested {
                        nobody: match suggestion.way {
                            Way::Pass(desk) => those(tx, case.authority, &case, desk)?.is_empty(),
                            Way::AtOnce => false,
                        },
                        way: match suggestion.way {
                            Way::AtOnce => "Answer it now".to_owned(),
                            Way::Pass(desk) => called(tx, &case, desk)?,
                        },
                        because: suggestion.because.label(),
                        says: if about == Some(About::Progress) { says(&case, who.today) } else { vec![] },
                        link: match about {
                            Some(About::Progress) => Some((format!("/children/{id}#dates"), "All dates")),
                            Some(About::Assessment) => Some((format!("/requests/new?child={id}"), "Enter the request")),
                            Some(About::Details) => Some((format!("/children/{id}/details"), "Correct details")),
                            _ => None,
                        },
                    }),
                    None => None,
                };
                let mut ways: Vec<Choice> = Vec::new();
                if found.passed.is_empty() {
                    ways.push((AT_ONCE.to_owned(), "I answered it now".to_owned()));
                }
                for desk in Desk::iter() {
                    // Nobody is there who would hear of it.
                    if those(tx, case.authority, &case, desk)?.is_empty() {
                        continue;
                    }
                    ways.push((desk.to_string(), format!("Pass it to: {}", called(tx, &case, desk)?)));
                }
                let (_, details) = store::person(tx, who.authority, id)?;
                let (line, is_answered) = (line_of(tx, &case, found, who.today)?, found.answered.is_some());
                Ok((details.display_name(), line, waits_for, is_answered, about, suggested, ways))
            })
        })
        .await?;
    let view = RoutePage {
        case: id,
        name,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        line,
        waits_for,
        is_answered,
        typed_in_vain: if is_answered { [typed.get("why"), typed.get("answer")].concat() } else { String::new() },
        abouts: choices(About::iter(), |about| about.to_string(), About::label),
        about,
        suggested,
        ways,
    };
    Frame::for_session(session, format!("Where does it go?, {}", view.name))
        .here("/contacts")
        .back(format!("/children/{id}/contacts"), "Contacts")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, EnquiryId)>,
    Query(asked): Query<Asked>,
) -> Result<Page, Error> {
    let about: Option<About> = asked.about.parse().ok();
    let mut typed = Typed::default();
    typed.set("about", about.map(|about| about.to_string()).unwrap_or_default());
    if let Some(about) = about {
        // What is suggested is chosen already.
        let who = session.who(&app);
        let way = app
            .blocking(move |app| {
                app.db.read("front_door.suggest", |tx| Ok::<_, Error>(suggest(&*case_for(tx, &who, ids.0)?, about).way))
            })
            .await?;
        typed.set(
            "way",
            match way {
                Way::AtOnce => AT_ONCE.to_owned(),
                Way::Pass(desk) => desk.to_string(),
            },
        );
    }
    page(&app, &session, ids, about, &typed, &Problem::default()).await
}

/// Those who are told that a contact is theirs.
fn those(tx: &mut dyn Tx, authority: AuthorityId, case: &Case, desk: Desk) -> Result<Vec<UserId>, Error> {
    if desk == Desk::Officer {
        return Ok(case.officer.into_iter().collect());
    }
    let role: &'static str = desk.role().into();
    tx.query(OF_ROLE, &[authority.0.into(), role.into()])?.iter().map(|row| Ok(UserId(row.get(0)?))).collect()
}

/// What they are told. Never a name, nor what it is about.
pub(crate) fn words(path: String, today: Date) -> Words {
    Words {
        kind: casework::post::Kind::ContactPassed,
        subject: "A contact was passed to you".to_owned(),
        body: "Somebody got in touch about a child, and the front door passed it to you.\n\nSign in to see who it was and \
               what they need, and say when you have answered.\n"
            .to_owned(),
        path: Some(path),
        // Today, so that no digest keeps it back.
        by: Some(today),
    }
}

/// Says where a contact goes, and tells those who have it now.
fn record(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    (id, enquiry): (CaseId, EnquiryId),
    typed: &Typed,
) -> Result<(), Error> {
    let before = case_for(tx, who, id)?;
    contact(&before, enquiry)?;
    let mut problems = Problems::default();
    let about = problems.choice::<About>(typed, "about", "Select what it is about");
    let asked = "Select what happens with it";
    let way = match typed.get("way") {
        AT_ONCE => Some(Way::AtOnce),
        desk => problems.choice::<Desk>(typed, "way", asked).filter(|known| known.to_string() == desk).map(Way::Pass),
    };
    let why = problems.optional(typed, "why", ANSWER_CHARS_MAX);
    if let (Some(about), Some(way), None) = (about, way, &why)
        && way != suggest(&before, about).way
    {
        problems.add("why", "Say why, because it is not what is suggested");
    }
    if let Some(Way::Pass(desk)) = way
        && those(tx, who.authority, &before, desk)?.is_empty()
    {
        problems.add("way", "Nobody has this post here: pass it to the managers");
    }
    problems.check()?;
    let (Some(about), Some(way)) = (about, way) else { return Err(Error::NotFound) };
    if let (Way::Pass(desk), Some(said)) = (way, &why) {
        // Sent twice, it is passed once.
        let found = contact(&before, enquiry)?;
        let texts = store::texts(tx, who.authority, id)?;
        let last = found.passed.last().filter(|last| last.desk == desk && found.answered.is_none());
        let words = last.and_then(|last| last.why).and_then(|why| texts.get(&why));
        if found.about == Some(about) && words == Some(said) {
            return Ok(());
        }
    }
    let why = why.map(|body| Text { id: TextId(app.ids.next()), body });
    let command = enquiries::Command::Route { enquiry, about, way, why: why.as_ref().map(|why| why.id) };
    let commands = vec![Command::Enquiries(command)];
    let papers = Papers::texts(why.into_iter().collect());
    let after = journal::act(tx, who, id, Act { action: Action::NoteContact, seen: None, commands, papers })?.case;
    if let (Way::Pass(desk), true) = (way, after.version != before.version) {
        let path = match desk {
            Desk::Officer | Desk::Manager => format!("/children/{id}/contacts"),
            _ => "/passed".to_owned(),
        };
        for user in those(tx, who.authority, &after, desk)? {
            let version = after.version.to_be_bytes();
            let message = post::named(&[b"contact", enquiry.0.as_bytes(), user.0.as_bytes(), &version]);
            post::tell(tx, app, who.authority, message, &To::Person(user), &words(path.clone(), who.today))?;
        }
    }
    Ok(())
}

async fn answered(
    app: App,
    session: Session,
    ids: (CaseId, EnquiryId),
    typed: Typed,
    done: Result<(), Error>,
) -> Result<Response, Error> {
    match done {
        Ok(()) => Ok(see_other(&format!("/children/{}/contacts#noted", ids.0))),
        Err(error) => {
            let about = typed.get("about").parse().ok();
            let page = page(&app, &session, ids, about, &typed, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

pub async fn route(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, EnquiryId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let done = app.blocking(move |app| app.db.write("front_door.pass", |tx| record(tx, app, &who, ids, &posted))).await;
    answered(app, session, ids, typed, done).await
}

/// Records what was answered by those who have a contact; `action` is by which right.
///
/// # Errors
/// By the access policy; [`Error::Fields`] when nothing was typed.
pub(super) fn take_answer(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    (id, enquiry): (CaseId, EnquiryId),
    action: Action,
    typed: &Typed,
) -> Result<(), Error> {
    let mut problems = Problems::default();
    let body = problems.text(typed, "answer", "Say in a line what was answered", ANSWER_CHARS_MAX);
    problems.check()?;
    let answer = Text { id: TextId(app.ids.next()), body };
    let commands = vec![Command::Enquiries(enquiries::Command::Answer { enquiry, answer: answer.id })];
    let act = Act { action, seen: None, commands, papers: Papers::texts(vec![answer]) };
    journal::act(tx, who, id, act).map(|_| ())
}

pub async fn answer(
    State(app): State<App>,
    session: Session,
    Path(ids): Path<(CaseId, EnquiryId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let done = app
        .blocking(move |app| {
            app.db.write("front_door.answer", |tx| {
                case_for(tx, &who, ids.0)?;
                take_answer(tx, app, &who, ids, Action::NoteContact, &posted)
            })
        })
        .await;
    answered(app, session, ids, typed, done).await
}
