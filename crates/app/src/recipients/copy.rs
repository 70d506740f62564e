//! A copy of a paper, posted or handed over: the one send whose addressee is typed.

use super::papers::{addressee, home};
use super::{Leaving, plan_parts, text};
use crate::family::{Member, members};
use crate::journal::{Papers, Text};
use crate::plan;
use crate::record::store;
use crate::uploads::checks;
use crate::web::case_form::{Asked, form_page, subject, submit_then};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, back_to_case, error_summary};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use casework::access::{Action, Role};
use casework::people::{Contact, Details};
use casework::recipients::holds::Command as Holds;
use casework::recipients::{Addressee, Sending};
use casework::{Case, CaseId, Command, DocumentId, TextId, UserId};
use db::Tx;
use jiff::civil::Date;

const NAME_CHARS_MAX: usize = 200;
const ADDRESS_CHARS_MAX: usize = 500;

#[derive(Template)]
#[template(path = "recipients/copy.html")]
struct CopyPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    papers: Vec<Choice>,
    people: Vec<Choice>,
    /// What the family asked for on paper.
    wanted: Vec<Wanted>,
    /// Whose wish this copy is, where it is one.
    asked_by: String,
}

/// Something that somebody of the family wants on paper.
struct Wanted {
    who: String,
    by: UserId,
    document: DocumentId,
    /// Who of the record they are, as the form has it.
    to: String,
    title: String,
    on: Date,
    post_by: Date,
    /// The form, filled in.
    href: String,
}

const PLAN: &str = "plan";
const ELSE: &str = "else";

fn people(details: &Details, contacts: &[Contact]) -> Vec<Choice> {
    let child = ("child".to_owned(), details.display_name());
    let around = contacts.iter().map(|contact| {
        (contact.id.to_string(), format!("{} ({})", contact.name, contact.relation.label().to_lowercase()))
    });
    std::iter::once(child).chain(around).chain([(ELSE.to_owned(), "Someone else".to_owned())]).collect()
}

/// Papers to choose from. A copy with words taken out stands before the paper it is of; what a virus
/// check holds cannot be chosen.
fn redacted_first(case: &Case, documents: &[store::DocumentLine]) -> Vec<Choice> {
    let open = |document: &&store::DocumentLine| checks::may_open(document.check).is_ok();
    let choice = |document: &store::DocumentLine| (document.id.to_string(), document.title.clone());
    let mut papers = Vec::new();
    for document in documents.iter().filter(open) {
        if case.on_file.copy(DocumentId(document.id)).is_some() {
            continue;
        }
        for copy in case.on_file.copies_of(DocumentId(document.id)) {
            let found = documents.iter().filter(open).find(|known| known.id == copy.document.0);
            papers.extend(found.map(|found| {
                (found.id.to_string(), format!("{} ({})", found.title, copy.purpose.label().to_lowercase()))
            }));
        }
        papers.push(choice(document));
    }
    papers
}

/// What is wanted and not in the post, with a link that fills the form in.
fn wanted(case: &Case, members: &[Member], contacts: &[Contact], documents: &[store::DocumentLine]) -> Vec<Wanted> {
    let open = case.on_file.wanted_open().filter_map(|wanted| {
        let document = documents.iter().find(|known| known.id == wanted.document.0)?;
        // Who may no longer read the record is sent nothing of it.
        let member = members.iter().find(|member| member.user == wanted.by)?;
        if !member.may(case, Action::SeeOwnRecord) {
            return None;
        }
        let is_theirs = |contact: &&Contact| {
            let email = contact.email.as_deref().unwrap_or_default();
            (!email.is_empty() && member.email.eq_ignore_ascii_case(email)) || member.name == contact.name
        };
        let to = match member.role {
            Role::YoungPerson => "child".to_owned(),
            _ => contacts.iter().find(is_theirs).map_or_else(|| ELSE.to_owned(), |contact| contact.id.to_string()),
        };
        Some(Wanted {
            who: member.name.clone(),
            by: wanted.by,
            document: wanted.document,
            to: to.clone(),
            title: document.title.clone(),
            on: wanted.on,
            post_by: wanted.post_by(),
            href: format!("/children/{}/copy?paper={}&to={to}&asked-by={}", case.id, wanted.document.0, wanted.by.0),
        })
    });
    open.collect()
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, documents, contacts, members) = app
        .blocking(move |app| {
            app.db.read("recipients.copy_form", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::SendCopy)?;
                let members = members(tx, &subject.case)?;
                let documents = store::documents(tx, who.authority, id)?;
                Ok((subject, documents, store::contacts(tx, who.authority, id)?, members))
            })
        })
        .await?;
    let mut papers: Vec<Choice> = Vec::new();
    if subject.case.plan_in_force().is_some_and(|plan| plan.version.is_some()) {
        papers.push((PLAN.to_owned(), "The plan that is in force".to_owned()));
    }
    let (mut others, chosen) =
        (redacted_first(&subject.case, &documents), typed.as_ref().map(|typed| typed.get("paper")));
    // The one that was chosen is always among those that are shown.
    others.sort_by_key(|(document, _)| chosen != Some(document.as_str()));
    papers.extend(others.into_iter().take(50));
    let typed = typed.unwrap_or_default();
    let view = CopyPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        papers,
        wanted: wanted(&subject.case, &members, &contacts, &documents),
        asked_by: typed.get("asked-by").to_owned(),
        people: people(&subject.details, &contacts),
        name: subject.name.clone(),
    };
    form_page(&session, id, "Send a copy of a paper", &subject.name, &problem, &view)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    RawQuery(query): RawQuery,
) -> Result<Page, Error> {
    let chosen = query.map(|query| Typed::decode(query.as_bytes())).transpose()?;
    page(app, session, id, chosen, Problem::default()).await
}

/// Whom it goes to: somebody on the record, or who was typed.
fn addressed(typed: &Typed, details: &Details, contacts: &[Contact], problems: &mut Problems) -> Option<Addressee> {
    let address = problems.optional(typed, "to-address", ADDRESS_CHARS_MAX);
    let mut to = match typed.get("to") {
        ELSE => {
            let name = problems.text(typed, "to-name", "Enter the name of the person it is for", NAME_CHARS_MAX);
            if address.is_none() {
                problems.add("to-address", "Enter the address it goes to");
            }
            Addressee { name, address: None, email: None, by_post: true }
        }
        "child" => Addressee { name: details.display_name(), address: home(details), email: None, by_post: true },
        chosen => match contacts.iter().find(|contact| contact.id.to_string() == chosen) {
            Some(contact) => Addressee { email: None, ..addressee(contact, details, true) },
            None => {
                problems.add("to", "Select who it is for");
                return None;
            }
        },
    };
    to.address = address.or(to.address);
    Some(to)
}

/// The file that was chosen, and its words. Files are read before anything is locked.
async fn file(app: &App, session: &Session, id: CaseId, chosen: &str) -> Result<Option<(DocumentId, Leaving)>, Error> {
    let Ok(document) = chosen.parse() else { return Ok(None) };
    let who = session.who(app);
    app.blocking(move |app| {
        let found = app.db.read("recipients.copied_file", |tx| -> Result<_, Error> {
            subject(tx, &who, id, Action::SendCopy)?;
            store::documents(tx, who.authority, id)
        })?;
        let Some(found) = found.into_iter().find(|known| known.id == document) else { return Ok(None) };
        checks::may_open(found.check)?;
        let (title, fingerprint) = (found.title, found.fingerprint);
        let read = text::of(app.files.get(&fingerprint)?, &found.media_type);
        let mut leaving = read.leaving(Leaving::new(Sending::Copy), &title);
        leaving.is_whole_paper = leaving.unread.is_none();
        leaving.seal = Some(fingerprint);
        Ok(Some((DocumentId(document), leaving)))
    })
    .await
}

/// The plan in force, as a copy of it leaves.
fn plan_in_force(tx: &mut dyn Tx, case: &Case) -> Result<Option<Leaving>, Error> {
    let Some(version) = case.plan_in_force().and_then(|plan| plan.version) else { return Ok(None) };
    let saved = plan::version(tx, case.authority, case.id, version)?;
    Ok(Some(Leaving::new(Sending::Copy).parts(plan_parts(&saved.content))))
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let file = file(&app, &session, id, posted.0.get("paper")).await?;
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/copy");
    let then = || back_to_case(id, "The copy may go. Print it, and check the name on the envelope once more.");
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let subject = subject(tx, who, id, Action::SendCopy)?;
            let contacts = store::contacts(tx, who.authority, id)?;
            let mut problems = Problems::default();
            let to = addressed(typed, &subject.details, &contacts, &mut problems);
            let chosen = match typed.get("paper") {
                PLAN => plan_in_force(tx, &subject.case)?.map(|leaving| (None, leaving)),
                _ => file.clone().map(|(document, leaving)| (Some(document), leaving)),
            };
            if chosen.is_none() {
                problems.add("paper", "Select the paper");
            }
            problems.check()?;
            let (Some(to), Some((document, leaving))) = (to, chosen) else { return Err(Error::NotFound) };
            // It counts as what they asked for only when it is that paper, and goes to them.
            let documents = store::documents(tx, who.authority, id)?;
            let wishes = wanted(&subject.case, &members(tx, &subject.case)?, &contacts, &documents);
            let paper = document.map(|sent| subject.case.on_file.copy(sent).map_or(sent, |copy| copy.of));
            let wish = wishes.iter().find(|wish| {
                let is_it = Some(wish.document) == document || Some(wish.document) == paper;
                is_it && wish.to == typed.get("to") && wish.by.0.to_string() == typed.get("asked-by")
            });
            let asked_by = wish.map(|wish| wish.by);
            let text = TextId(app.ids.next());
            let body = format!("{}\n{}", to.name, to.address.as_deref().unwrap_or_default());
            let command = Command::Recipients(Holds::SendCopy { document, to: text, asked_by });
            let papers = Papers::texts(vec![Text { id: text, body }]);
            Ok(Asked { action: Action::SendCopy, commands: vec![command], papers }.leaving(leaving.to(vec![to])))
        },
        again,
    )
    .await
}
