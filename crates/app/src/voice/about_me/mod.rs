//! "About me": what the child says, as far as whoever reads may read it.
//!
//! The same pages serve the family (`/family/{case}/about-me`) and those who work with the child
//! (`/children/{case}/about-me`); what is private to somebody is not on theirs.

mod edit;
mod files;
mod play;

pub use edit::{earlier, save, show_part};
pub use files::file;
pub use play::show as show_play;

use super::symbols::svg;
use crate::journal::{self, Act, By, Papers, Who, authorise};
use crate::record::store;
use crate::web::{Fields, Frame, Page, Posted, Problem, Session, Typed, error_summary, long_date, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Actor, Role};
use casework::own_voice::{self, Audience, Entry, Maker, MediaKind, Part, Reader};
use casework::{Case, CaseId, Command, TextId};
use db::Tx;
use std::collections::HashMap;
use std::sync::Arc;
use strum::IntoEnumIterator;
use uuid::Uuid;

/// Where the pages of a child are, for somebody of this role.
pub(super) fn root(actor: &Actor, id: CaseId) -> String {
    match actor.role {
        Role::Parent | Role::YoungPerson => format!("/family/{id}"),
        _ => format!("/children/{id}"),
    }
}

/// The item of the navigation that these pages belong to.
pub(super) fn place(actor: &Actor) -> &'static str {
    if matches!(actor.role, Role::Parent | Role::YoungPerson) { "/family" } else { "/children" }
}

/// Who is reading.
pub(crate) fn reader(actor: &Actor, case: &Case) -> Reader {
    match actor.role {
        Role::YoungPerson => Reader::Themself,
        Role::Parent => Reader::Parent,
        _ if case.officer == Some(actor.user) => Reader::Officer,
        _ => Reader::Staff,
    }
}

/// The signed-in person of an act; the system reads no pages.
fn actor(who: &Who) -> Result<&Actor, Error> {
    match &who.by {
        By::Person(actor) => Ok(actor),
        By::System(_) => Err(Error::NotAllowed),
    }
}

/// What the pages are made from.
pub(super) struct Desk {
    pub case: Arc<Case>,
    pub name: String,
    /// What the child is called when they are spoken of.
    pub first_name: String,
    pub officer: Option<String>,
    texts: HashMap<TextId, String>,
    users: HashMap<Uuid, String>,
    titles: HashMap<Uuid, String>,
    /// What is said in the place of a file that cannot be opened.
    tags: HashMap<Uuid, (&'static str, &'static str)>,
}

pub(super) fn desk(tx: &mut dyn Tx, who: &Who, id: CaseId, action: Action) -> Result<Desk, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, action, &loaded)?;
    let case = loaded.case;
    let (_, details) = store::person(tx, who.authority, id)?;
    let mut users = HashMap::new();
    for user in case.own_voice.entries.iter().filter_map(|entry| entry.by).chain(case.officer) {
        if let Some((name, _)) = store::user_name(tx, who.authority, user.0)? {
            users.insert(user.0, name);
        }
    }
    let files = store::private_files(tx, who.authority, id, store::OWN_VOICE)?;
    Ok(Desk {
        name: details.display_name(),
        first_name: details.known_as.clone().unwrap_or_else(|| details.given_name.clone()),
        officer: case.officer.and_then(|officer| users.get(&officer.0).cloned()),
        texts: store::texts(tx, who.authority, id)?,
        tags: files.iter().filter_map(|file| Some((file.id, file.check?.tag()?))).collect(),
        titles: files.into_iter().map(|file| (file.id, file.title)).collect(),
        users,
        case,
    })
}

/// One picture, sound or film.
pub(super) struct MediaView {
    pub id: Uuid,
    pub kind: MediaKind,
    pub title: String,
    pub href: String,
    /// Why it cannot be opened now, and the colour of that.
    pub tag: Option<(&'static str, &'static str)>,
}

/// What a part says, to one reader.
pub(super) struct Said {
    pub version: u32,
    pub on: String,
    pub words: String,
    pub symbols: Vec<(&'static str, govuk::Html)>,
    pub media: Vec<MediaView>,
    pub audience: Audience,
    /// "with a parent or carer, Mina Lee", "helped by Ms Bell".
    pub made: Vec<String>,
}

impl Desk {
    pub(super) fn text(&self, id: TextId) -> &str {
        self.texts.get(&id).map(String::as_str).unwrap_or_default()
    }

    /// An entry as this reader sees it, if they see it at all.
    pub(super) fn said(&self, entry: &Entry, reader: Reader, root: &str) -> Option<Said> {
        own_voice::may_read(&self.case, entry, reader).then(|| {
            let mut made = Vec::new();
            if entry.says.maker != Maker::Own {
                let by = entry.by.and_then(|by| self.users.get(&by.0)).map(|name| format!(", {name}"));
                made.push(format!("{}{}", entry.says.maker.label(), by.unwrap_or_default()));
            }
            made.extend(entry.says.helped_by.map(|text| format!("helped by {}", self.text(text))));
            Said {
                version: entry.version,
                on: long_date(entry.on),
                words: entry.says.words.map(|words| self.text(words).to_owned()).unwrap_or_default(),
                symbols: entry.says.symbols.iter().map(|symbol| (symbol.label(), svg(*symbol))).collect(),
                media: own_voice::media(&self.case, entry, reader)
                    .map(|media| MediaView {
                        id: media.document.0,
                        kind: media.kind,
                        title: self.titles.get(&media.document.0).cloned().unwrap_or_default(),
                        href: format!("{root}/about-me/files/{}", media.document),
                        tag: self.tags.get(&media.document.0).copied(),
                    })
                    .collect(),
                audience: entry.says.audience,
                made,
            }
        })
    }
}

impl Said {
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.symbols.is_empty() && self.media.is_empty()
    }
}

/// What was said of a part, as every page of it shows it.
#[derive(Template)]
#[template(path = "voice/about_me/said.html")]
pub(super) struct SaidView<'a> {
    said: &'a Said,
    big: bool,
}

pub(super) fn show_said(said: &Said, big: bool) -> Result<govuk::Html, Error> {
    govuk::Html::render(&SaidView { said, big })
        .map_err(|cause| Error::Broken { step: "render what a child says", cause: cause.to_string() })
}

struct PartRow {
    part: Part,
    has_star: bool,
    said: Option<Said>,
    html: govuk::Html,
    earlier: usize,
    /// Whether whoever reads may write it.
    may_write: bool,
}

#[derive(Template)]
#[template(path = "voice/about_me/about_me.html")]
struct AboutMePage<'a> {
    root: String,
    first_name: String,
    is_own: bool,
    is_parent: bool,
    csrf: &'a str,
    summary: govuk::Html,
    parts: Vec<PartRow>,
    version: u32,
    saved_on: Option<String>,
    writes: bool,
    done: bool,
}

async fn page(app: &App, session: &Session, id: CaseId, done: bool, problem: &Problem) -> Result<Page, Error> {
    let who = session.who(app);
    let today = who.today;
    let actor = session.signed_in.actor.clone();
    let desk =
        app.blocking(move |app| app.db.read("voice.about_me", |tx| desk(tx, &who, id, Action::SeeAboutMe))).await?;
    let (root, reader) = (root(&actor, id), reader(&actor, &desk.case));
    let relations = desk.case.relations();
    let resource = casework::access::Resource::Case(&relations);
    let is_own = actor.role == Role::YoungPerson;
    let writes = casework::access::may(&actor, Action::WriteAboutMe, &resource).is_allowed()
        && (is_own || own_voice::may_be_helped(&desk.case, today));
    let voice = &desk.case.own_voice;
    let mut parts = Vec::new();
    for part in Part::iter() {
        let latest = voice.latest(part);
        let said = latest.and_then(|entry| desk.said(entry, reader, &root)).filter(|said| is_own || !said.is_empty());
        let html = match &said {
            Some(said) => show_said(said, false)?,
            None => govuk::Html::default(),
        };
        let readable = |entry: &&Entry| entry.says.part == part && own_voice::may_read(&desk.case, entry, reader);
        let is_open = latest.is_none_or(|entry| entry.says.audience == Audience::Everyone);
        parts.push(PartRow {
            part,
            // A star on what is kept private would give it away.
            has_star: voice.stars.contains(&part) && (is_own || said.is_some()),
            html,
            earlier: voice.entries.iter().filter(readable).count().saturating_sub(1),
            may_write: writes && (is_own || is_open),
            said,
        });
    }
    let version = parts.iter().filter_map(|row| row.said.as_ref()).map(|said| said.version).max().unwrap_or(0);
    let view = AboutMePage {
        first_name: desk.first_name.clone(),
        is_own,
        is_parent: actor.role == Role::Parent,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        saved_on: voice.entries.iter().find(|entry| entry.version == version).map(|entry| long_date(entry.on)),
        parts,
        version,
        writes,
        done,
        root: root.clone(),
    };
    Frame::for_session(session, format!("About me, {}", desk.name))
        .here(place(&actor))
        .back(root, "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

#[derive(Debug, serde::Deserialize)]
pub struct Done {
    done: Option<String>,
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    axum::extract::Query(done): axum::extract::Query<Done>,
) -> Result<Page, Error> {
    page(&app, &session, id, done.done.is_some(), &Problem::default()).await
}

/// Gives the three stars.
pub async fn star(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let who = session.who(&app);
    let parts: Vec<Part> = typed.all("star").filter_map(|code| code.parse().ok()).collect();
    let starred = app
        .blocking(move |app| {
            app.db.write("voice.star", |tx| {
                let helped = actor(&who)?.role != Role::YoungPerson;
                let desk = desk(tx, &who, id, Action::WriteAboutMe)?;
                if helped && !own_voice::may_be_helped(&desk.case, who.today) {
                    return Err(casework::Refusal::YoungPersonDecides.into());
                }
                let commands = vec![Command::OwnVoice(own_voice::Command::Star { parts: parts.clone() })];
                let act = Act { action: Action::WriteAboutMe, seen: None, commands, papers: Papers::default() };
                journal::act(tx, &who, id, act)
            })
        })
        .await;
    match starred {
        Ok(_) => Ok(see_other(&format!("{}/about-me?done=yes", root(&session.signed_in.actor, id)))),
        Err(error) => {
            let page = page(&app, &session, id, false, &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Fewest characters by which words are known again in a plan: "Yes." may be anybody's.
const KNOWN_AGAIN_CHARS: usize = 12;

/// Refuses a plan whose section A holds words that were taken from "About me" and have been made
/// private since.
///
/// # Errors
/// [`Error::Fields`] when it does.
pub(crate) fn still_for_everyone(
    tx: &mut dyn Tx,
    case: &Case,
    content: &casework::plans::content::Content,
) -> Result<(), Error> {
    let (open, private): (Vec<&Entry>, Vec<&Entry>) =
        case.own_voice.entries.iter().partition(|entry| own_voice::may_read(case, entry, Reader::Meeting));
    if private.is_empty() {
        return Ok(());
    }
    let texts = store::texts(tx, case.authority, case.id)?;
    let words = |entry: &&Entry| entry.says.words.and_then(|id| texts.get(&id)).map(|text| text.trim());
    let open: Vec<&str> = open.iter().filter_map(words).collect();
    let is_in_plan = |words: &str| content.views.contains(words) || content.how_to_involve.contains(words);
    let found = private
        .iter()
        .filter_map(words)
        .any(|words| words.chars().count() >= KNOWN_AGAIN_CHARS && !open.contains(&words) && is_in_plan(words));
    if found {
        let said = "Section A holds words of “About me” that have been made private since. Take them out first";
        return Err(Error::Fields(vec![FieldError::new("form", said)]));
    }
    Ok(())
}

/// What a plan may say in the child's own words: only what everyone may read.
pub(crate) struct ForPlan {
    pub version: u32,
    pub on: String,
    /// What a plan says above them: whose words, which version, which day.
    pub heading: String,
    /// Each part with its heading.
    pub views: String,
    pub how_to_involve: String,
}

/// The child's own words for section A; none when there is nothing that everyone may read.
pub(crate) fn for_plan(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Option<ForPlan>, Error> {
    let desk = desk(tx, who, id, Action::SeeAboutMe)?;
    let mut found = ForPlan {
        version: 0,
        on: String::new(),
        heading: String::new(),
        views: String::new(),
        how_to_involve: String::new(),
    };
    let mut starred: Vec<Part> = Part::iter().collect();
    starred.sort_by_key(|part| !desk.case.own_voice.stars.contains(part));
    for part in starred {
        let Some(entry) = desk.case.own_voice.latest(part) else { continue };
        let Some(said) = desk.said(entry, Reader::Meeting, "").filter(|said| !said.is_empty()) else { continue };
        if said.version > found.version {
            (found.version, found.on) = (said.version, said.on.clone());
        }
        let mut lines = vec![said.words.trim().to_owned()];
        lines.push(said.symbols.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", "));
        let shown: Vec<&str> = said.media.iter().map(|media| media.kind.label()).collect();
        if !shown.is_empty() {
            lines.push(format!("Shown in About me: {}.", shown.join(", ")));
        }
        lines.retain(|line| !line.is_empty());
        let text = lines.join("\n");
        if part == Part::Talk {
            found.how_to_involve = text;
        } else {
            let star = if desk.case.own_voice.stars.contains(&part) { " (given a star: it matters most)" } else { "" };
            found.views.push_str(&format!("{}{star}\n{text}\n\n", part.label()));
        }
    }
    found.heading = format!("In {}’s own words (About me, version {}, {}):", desk.first_name, found.version, found.on);
    found.views.truncate(found.views.trim_end().len());
    Ok((found.version > 0).then_some(found))
}

/// The fields of a form of these pages.
fn fields<'a>(typed: &'a Typed, problem: &'a Problem) -> Fields<'a> {
    Fields { typed, errors: &problem.errors }
}
