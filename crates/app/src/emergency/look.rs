//! The openings of one child, for those who look at whether each was right.

use super::ask::{tell_family as tell, tell_officer};
use crate::journal::{self, Act, Papers, Text};
use crate::record::store;
use crate::web::case_form::{Asked, form_page, subject, submit_then};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, long_date, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::openings::{self, Opening};
use casework::{CaseId, Command, OpeningId, TextId, UserId};

const WHY_CHARS_MAX: usize = 2_000;

/// One opening, in words.
struct Line {
    opening: Opening,
    who: String,
    words: String,
    risk: String,
    is_open: bool,
    /// What a manager found, why, and who they are.
    look: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "emergency/look.html")]
struct LookPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    /// The one that is asked about: whose form came back, or the oldest that nobody has looked at.
    asked_about: Option<OpeningId>,
    lines: Vec<Line>,
    may_look: bool,
}

async fn page(
    app: App,
    session: Session,
    id: CaseId,
    looked_at: Option<OpeningId>,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, lines) = app
        .blocking(move |app| {
            app.db.read("emergency.look", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::SeeOpenings)?;
                let texts = store::texts(tx, who.authority, id)?;
                let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
                let mut lines = Vec::new();
                for opening in subject.case.openings.iter().rev() {
                    let mut name = |user: Option<UserId>| -> Result<String, Error> {
                        let Some(user) = user else { return Ok("somebody".to_owned()) };
                        Ok(store::user_name(tx, who.authority, user.0)?.map(|(name, _)| name).unwrap_or_default())
                    };
                    let look = match opening.look {
                        Some(look) => {
                            let found = if look.was_right { "It was right" } else { "It was not right" };
                            let by = format!("{found}, said {} on {}", name(look.by)?, long_date(look.on));
                            Some((by, text(look.why)))
                        }
                        None => None,
                    };
                    lines.push(Line {
                        opening: *opening,
                        who: name(Some(opening.user))?,
                        words: text(opening.words),
                        risk: opening.risk.map(text).unwrap_or_default(),
                        is_open: opening.is_open(who.today),
                        look,
                    });
                }
                Ok((subject, lines))
            })
        })
        .await?;
    let typed = typed.unwrap_or_default();
    let view = LookPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        asked_about: looked_at.or_else(|| openings::to_look_at(&subject.case).next().map(|opening| opening.id)),
        lines,
        may_look: session.may(Action::LookAtOpenings),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Opened in emergencies", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, None, Problem::default()).await
}

pub async fn look_at(
    State(app): State<App>,
    session: Session,
    Path((id, opening)): Path<(CaseId, OpeningId)>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(opening), Some(typed), problem)
    };
    let address = format!("/children/{id}/openings/{opening}/look");
    let then = || see_other(&format!("/children/{id}/openings"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |_, app, _, typed| {
            let mut problems = Problems::default();
            let was_right = match typed.get("right") {
                "yes" => true,
                "no" => false,
                _ => {
                    problems.add("right", "Select whether it was right");
                    false
                }
            };
            let body = problems.text(typed, "why", "Say why", WHY_CHARS_MAX);
            problems.check()?;
            let why = Text { id: TextId(app.ids.next()), body };
            let command = openings::Command::LookAt { opening, was_right, why: why.id };
            Ok(Asked {
                action: Action::LookAtOpenings,
                commands: vec![Command::Openings(command)],
                papers: Papers::texts(vec![why]),
            })
        },
        again,
    )
    .await
}

/// One press of a manager.
async fn press(
    app: App,
    session: Session,
    id: CaseId,
    command: openings::Command,
    told: Option<OpeningId>,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        app.db.write("emergency.press", |tx| {
            let before = journal::load(tx, who.authority, id)?.case;
            let commands = vec![Command::Openings(command.clone())];
            let act = Act { action: Action::LookAtOpenings, seen: None, commands, papers: Papers::default() };
            let after = journal::act(tx, &who, id, act)?.case;
            match told {
                Some(opening) if after.version != before.version => {
                    // Whoever works with the family was told not to tell them, and may have to.
                    let family = tell(tx, app, &after, opening)?;
                    tell_officer(tx, app, &after, opening, family)
                }
                _ => Ok(()),
            }
        })
    })
    .await?;
    Ok(see_other(&format!("/children/{id}/openings")))
}

/// The family may know now.
pub async fn tell_family(
    State(app): State<App>,
    session: Session,
    Path((id, opening)): Path<(CaseId, OpeningId)>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    press(app, session, id, openings::Command::TellFamily { opening }, Some(opening)).await
}

/// They see nothing of it from now on.
pub async fn end(
    State(app): State<App>,
    session: Session,
    Path((id, opening)): Path<(CaseId, OpeningId)>,
    posted: Posted,
) -> Result<Response, Error> {
    drop(posted);
    press(app, session, id, openings::Command::End { opening }, None).await
}
