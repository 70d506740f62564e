//! The family's page: whom it asked for advice itself, inviting somebody, reports it handed in.

use super::{as_parent, store, words};
use crate::access::codes::{is_address, plain};
use crate::family::child::{documents, own};
use crate::journal::{self, Act, Papers, Text, Who};
use crate::ports::london_timestamp;
use crate::post::{self, To};
use crate::record::store as records;
use crate::web::{
    Choice, Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, error_summary, long_date, see_other,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor};
use casework::independents::{self, INVITATION_DAYS, Invitation, may_ask};
use casework::{AdviceId, BodyId, Case, CaseId, Command, DocumentId, TextId};
use db::Tx;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

const NAME_CHARS_MAX: usize = 200;
const QUESTION_CHARS_MAX: usize = 3_000;
/// Most invitations that one child's family sends on one day, taken back or not.
const A_DAY_MAX: usize = 10;

/// One professional, as the family sees them.
pub(super) struct Invited {
    pub advice: AdviceId,
    pub called: String,
    pub on: Date,
    pub state: String,
    pub colour: &'static str,
    pub by: String,
}

/// A report that the family handed in.
pub(super) struct Report {
    pub title: String,
    pub said: String,
    pub state: &'static str,
    pub colour: &'static str,
    /// Its lines count.
    pub is_in: bool,
    pub document: Uuid,
}

#[derive(Template)]
#[template(path = "independents/family.html")]
struct FamilyPage<'a> {
    case: CaseId,
    name: String,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    invited: Vec<Invited>,
    reports: Vec<Report>,
    papers: Vec<Choice>,
    /// Made once a page: a form that is sent twice invites once.
    form: Uuid,
    done: &'static str,
    /// Advice can be asked for now.
    is_open: bool,
    /// The rights are the young person's, and this is not they.
    is_theirs: bool,
    until: String,
}

/// How an invitation stands, in words, and the colour of its tag.
pub(super) fn state(case: &Case, invitation: &Invitation, today: Date) -> (String, &'static str) {
    let asked = case.advice(invitation.advice);
    let reply = asked.and_then(|asked| asked.reply.as_ref());
    match (invitation.withdrawn_on, invitation.accepted, reply) {
        (Some(on), ..) => (format!("Taken back on {}", long_date(on)), "grey"),
        (None, _, Some(reply)) => (format!("{} on {}", reply.label(), long_date(reply.on())), "green"),
        (None, Some((_, on)), None) => {
            (format!("Taken up on {}, due on {}", long_date(on), long_date(law::calendar::weeks(on, 6))), "blue")
        }
        (None, None, None) if today <= invitation.until => {
            (format!("Sent, can be taken up until {}", long_date(invitation.until)), "yellow")
        }
        (None, None, None) => (format!("Not taken up by {}", long_date(invitation.until)), "grey"),
    }
}

/// Papers of the family's own, to choose from.
pub(super) fn papers(tx: &mut dyn Tx, case: &Case, who: &Who) -> Result<Vec<Choice>, Error> {
    let mut all = documents(tx, case, who.user())?;
    let sent: Vec<Uuid> = casework::papers::sent_in(case).map(|(document, _)| document.0).collect();
    all.retain(|document| sent.contains(&document.id));
    let said = |line: &records::DocumentLine| format!("{}, {}", line.title, crate::web::short_date(line.made_on));
    Ok(all.iter().map(|line| (line.id.to_string(), said(line))).collect())
}

/// Those whom advice is asked of, and those who sign in.
pub(super) type Names = (HashMap<BodyId, String>, HashMap<casework::UserId, String>);

/// The names of those whom advice is asked of, and of whoever signs in.
pub(super) fn names(tx: &mut dyn Tx, case: &Case) -> Result<Names, Error> {
    let bodies = records::bodies(tx, case.authority)?.into_iter().map(|body| (body.id, body.name)).collect();
    let inviters = case.independents.invitations.iter().filter_map(|invitation| invitation.by);
    let mut users = HashMap::new();
    for user in inviters.chain(case.independents.reports.iter().filter_map(|report| report.by)) {
        if let Some((name, _)) = records::user_name(tx, case.authority, user.0)? {
            users.insert(user, name);
        }
    }
    Ok((bodies, users))
}

pub(super) fn invited(tx: &mut dyn Tx, case: &Case, today: Date) -> Result<Vec<Invited>, Error> {
    let (bodies, users) = names(tx, case)?;
    let line = |invitation: &Invitation| {
        let (state, colour) = state(case, invitation, today);
        Invited {
            advice: invitation.advice,
            called: bodies.get(&invitation.body).cloned().unwrap_or_default(),
            on: invitation.on,
            state,
            colour,
            by: invitation.by.and_then(|by| users.get(&by).cloned()).unwrap_or_else(|| "The family".to_owned()),
        }
    };
    Ok(case.independents.invitations.iter().rev().map(line).collect())
}

pub(super) fn reports(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Report>, Error> {
    let texts = records::texts(tx, case.authority, case.id)?;
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    let titles: HashMap<Uuid, String> =
        records::documents(tx, case.authority, case.id)?.into_iter().map(|line| (line.id, line.title)).collect();
    let line = |report: &independents::HandedIn| {
        let advice = report.taken_up.map(|(advice, _)| advice);
        let asked = advice.and_then(|id| case.advice(id));
        let is_in = asked.is_some_and(|asked| asked.reply.is_some());
        let (state, colour) = match (is_in, advice) {
            (true, _) => ("Its lines count in the plan", "green"),
            (false, Some(_)) => ("Its lines are being entered", "blue"),
            (false, None) => ("With the officer", "yellow"),
        };
        Report {
            title: titles.get(&report.document.0).cloned().unwrap_or_default(),
            said: format!("{}, {}, {}", text(report.author), text(report.profession), long_date(report.dated)),
            state,
            colour,
            is_in,
            document: report.document.0,
        }
    };
    Ok(case.independents.reports.iter().rev().map(line).collect())
}

/// The case, for somebody of the family who may ask for advice.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy.
pub(super) fn asking(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<std::sync::Arc<Case>, Error> {
    own(tx, who, id, Action::SeeOwnRecord)?;
    own(tx, who, id, Action::InviteIndependent)
}

async fn page(
    app: &App,
    session: &Session,
    id: CaseId,
    typed: &Typed,
    done: &'static str,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let (today, parent) = (who.today, as_parent(&session.signed_in.actor));
    let (case, name, invited, reports, papers) = app
        .blocking(move |app| {
            app.db.read("independents.family", |tx| -> Result<_, Error> {
                let case = asking(tx, &who, id)?;
                let (_, details) = records::person(tx, who.authority, id)?;
                let (invited, reports) = (invited(tx, &case, today)?, reports(tx, &case)?);
                let papers = papers(tx, &case, &who)?;
                Ok((case, details.display_name(), invited, reports, papers))
            })
        })
        .await?;
    let user = session.signed_in.actor.user;
    let view = FamilyPage {
        case: id,
        name: name.clone(),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        invited,
        reports,
        papers,
        form: app.ids.next(),
        done,
        is_open: independents::can_be_asked(&case),
        is_theirs: !may_ask(&case, Some(user), parent, today),
        until: long_date(law::calendar::days(today, INVITATION_DAYS)),
    };
    Frame::for_session(session, format!("Professionals of your own, {name}"))
        .here("/family")
        .back(format!("/family/{id}"), "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    done: String,
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(shown): Query<Shown>,
) -> Result<Page, Error> {
    let done = match shown.done.as_str() {
        "invited" => "The invitation is on its way. Nothing in the message says who your child is.",
        "report" => "The report is with the officer, who enters its lines with the pages they stand on.",
        _ => "",
    };
    page(&app, &session, id, &Typed::default(), done, &Problem::default()).await
}

/// The documents that were ticked.
pub(super) fn ticked(typed: &Typed) -> Vec<DocumentId> {
    typed.all("shared").filter_map(|id| id.parse().ok()).take(independents::SHARED_MAX + 1).collect()
}

/// Whoever shares papers may open them.
///
/// # Errors
/// [`Error::NotFound`] when one is not among those that this person can show.
pub(super) fn may_show(tx: &mut dyn Tx, case: &Case, who: &Who, shared: &[DocumentId]) -> Result<(), Error> {
    let known = papers(tx, case, who)?;
    if shared.iter().all(|document| known.iter().any(|(id, _)| *id == document.to_string())) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// What an invitation by this form to this address is known by: the same when the form is sent twice, another
/// one once the first was taken back. Never what was posted itself.
fn invited_by(app: &App, case: &Case, who: &Who, form: &str, email: &str) -> AdviceId {
    let user = who.user().map(|user| user.0.into_bytes()).unwrap_or_default();
    let parts = [b"invitation".as_slice(), case.id.0.as_bytes(), &user, form.as_bytes(), email.as_bytes()];
    let id = AdviceId(post::named(&parts));
    let was_taken_back = case.independents.invitation(id).is_some_and(|known| known.withdrawn_on.is_some());
    if form.is_empty() || was_taken_back { AdviceId(app.ids.next()) } else { id }
}

/// Whether an invitation to this address waits to be taken up.
fn is_invited(tx: &mut dyn Tx, case: &Case, email: &str, today: Date) -> Result<bool, Error> {
    for invitation in case.independents.invitations.iter().filter(|invitation| invitation.is_waiting(today)) {
        if store::email_of(tx, case.authority, invitation.body)?.is_some_and(|known| known == email) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn record(tx: &mut dyn Tx, app: &App, who: &Who, actor: &Actor, id: CaseId, typed: &Typed) -> Result<(), Error> {
    let case = asking(tx, who, id)?;
    let mut problems = Problems::default();
    let name = problems.text(typed, "name", "Enter their name", NAME_CHARS_MAX);
    let profession = problems.text(typed, "profession", "Enter their profession", NAME_CHARS_MAX);
    let email = plain(typed.get("email"));
    let advice = invited_by(app, &case, who, typed.get("form"), &email);
    // The form was sent twice.
    if case.independents.invitation(advice).is_some() {
        return Ok(());
    }
    if !is_address(&email) {
        problems.add("email", "Enter an email address like name@example.com");
    } else if is_invited(tx, &case, &email, who.today)? {
        problems.add("email", "An invitation to this address is on its way already: take that one back first");
    }
    let question = problems.text(typed, "question", "Say what you want to ask them", QUESTION_CHARS_MAX);
    if case.independents.invitations.iter().filter(|other| other.on == who.today).count() >= A_DAY_MAX {
        problems.add("form", "No more invitations can be sent today. Try again tomorrow");
    }
    problems.check()?;
    let shared = ticked(typed);
    may_show(tx, &case, who, &shared)?;
    let body = BodyId(app.ids.next());
    let question = Text { id: TextId(app.ids.next()), body: question };
    let command =
        independents::Command::Invite { advice, body, question: question.id, shared, as_parent: as_parent(actor) };
    let act = Act {
        action: Action::InviteIndependent,
        seen: None,
        commands: vec![Command::Independents(command)],
        papers: Papers::texts(vec![question]),
    };
    store::add_body(tx, who.authority, body, &store::called(&name, &profession), Some(&email))?;
    let after = journal::act(tx, who, id, act)?.case;
    let until = law::calendar::days(who.today, INVITATION_DAYS);
    let ends_at = london_timestamp(law::calendar::days(until, 1).at(0, 0, 0, 0));
    let link = store::add_link(tx, app, (who.authority, id, advice), (&name, &email), ends_at)?;
    let words = words::invited(&link, until);
    post::tell(tx, app, who.authority, app.ids.next(), &To::Email(email), &words)?;
    tell_officer(tx, app, &after, advice.0)
}

/// Tells the child's officer, if there is one.
pub(super) fn tell_officer(tx: &mut dyn Tx, app: &App, case: &Case, about: Uuid) -> Result<(), Error> {
    let Some(officer) = case.officer else { return Ok(()) };
    let message = post::named(&[b"independent", about.as_bytes()]);
    post::tell(tx, app, case.authority, message, &To::Person(officer), &words::to_officer(case.id))
}

pub async fn invite(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, actor, posted) = (session.who(&app), session.signed_in.actor.clone(), typed.clone());
    let done = app
        .blocking(move |app| app.db.write("independents.invite", |tx| record(tx, app, &who, &actor, id, &posted)))
        .await;
    match done {
        Ok(()) => Ok(see_other(&format!("/family/{id}/independent?done=invited"))),
        Err(error) => {
            let page = page(&app, &session, id, &typed, "", &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
