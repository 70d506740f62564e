//! Saying one part: words, symbols, pictures, sound, film; and who may see it.

use super::{MediaView, Said, actor, desk, fields, place, reader, root, show_said};
use crate::journal::{self, Act, DocumentRow, Papers, Text, Who};
use crate::record::{files, store};
use crate::voice::symbols::svg;
use crate::web::posted_files::{self, PostedFiles};
use crate::web::upload::size;
use crate::web::{Choice, Fields, Frame, Page, Problem, Problems, Session, Typed, choices, error_summary, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::{Action, Role};
use casework::own_voice::{self, Audience, Entry, Maker, Media, MediaKind, Part, Saying, Symbol};
use casework::{CaseId, Command, DocumentId, Refusal, TextId};
use db::Tx;
use std::collections::HashSet;
use strum::IntoEnumIterator;

/// Most characters of one part, and of the name of who helped.
const WORDS_CHARS_MAX: usize = 3000;
const HELPED_CHARS_MAX: usize = 100;
/// Most pictures, sounds and films of one part; the longest; and all of one child together.
const MEDIA_MAX: usize = 6;
const MEDIA_BYTES_MAX: u64 = 100_000_000;
const CHILD_BYTES_MAX: u64 = 1_000_000_000;
/// The fields that bring files.
const FILE_FIELDS: [&str; 3] = ["picture", "sound", "video"];

struct SymbolBox {
    symbol: Symbol,
    picture: govuk::Html,
    is_ticked: bool,
}

#[derive(Template)]
#[template(path = "voice/about_me/edit.html")]
struct PartPage<'a> {
    root: String,
    part: Part,
    first_name: String,
    is_own: bool,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    seen: Option<u32>,
    /// What somebody else has saved meanwhile.
    theirs: Option<govuk::Html>,
    symbols: Vec<SymbolBox>,
    media: Vec<MediaView>,
    uploads: Vec<govuk::Html>,
    audiences: Vec<Choice>,
    officer: Option<String>,
}

fn part_of(code: &str) -> Result<Part, Error> {
    code.parse().map_err(|_| Error::NotFound)
}

fn upload(name: &'static str, label: &str, kinds: &str, problem: &Problem) -> govuk::Html {
    let wrong = problem.errors.iter().find(|error| error.field == name).map(|error| error.message.as_str());
    govuk::FileUpload::new(name, label).accept(kinds).error(wrong).into()
}

async fn page(
    app: &App,
    session: &Session,
    id: CaseId,
    part: Part,
    typed: Option<&Typed>,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let today = who.today;
    let actor = session.signed_in.actor.clone();
    let desk = app
        .blocking(move |app| app.db.read("voice.about_me_part", |tx| desk(tx, &who, id, Action::WriteAboutMe)))
        .await?;
    let (root, reader) = (root(&actor, id), reader(&actor, &desk.case));
    let is_own = actor.role == Role::YoungPerson;
    let latest = desk.case.own_voice.latest(part);
    let hidden = latest.is_some_and(|entry| entry.says.audience != Audience::Everyone);
    if !is_own && (hidden || !own_voice::may_be_helped(&desk.case, today)) {
        // What a helper may not change is not theirs to open.
        return Err(Error::NotFound);
    }
    let said: Option<Said> = latest.and_then(|entry| desk.said(entry, reader, &root));
    let first = {
        let mut first = Typed::default();
        if let (Some(entry), Some(said)) = (latest, &said) {
            first.set("words", &said.words);
            entry.says.symbols.iter().for_each(|symbol| first.add("symbol", symbol.code()));
            first.set("audience", entry.says.audience.code());
        } else {
            first.set("audience", Audience::Everyone.code());
        }
        first
    };
    let shown = typed.unwrap_or(&first);
    let changed = format!("{}", Refusal::PartChanged { on: latest.map_or(today, |entry| entry.on) });
    let theirs = match &said {
        Some(said) if problem.errors.iter().any(|error| error.message == changed) => Some(show_said(said, false)?),
        _ => None,
    };
    let symbols = Symbol::iter().map(|symbol| SymbolBox {
        symbol,
        picture: svg(symbol),
        is_ticked: shown.has("symbol", symbol.code()),
    });
    let view = PartPage {
        part,
        first_name: desk.first_name.clone(),
        is_own,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: fields(shown, problem),
        seen: latest.map(|entry| entry.version),
        theirs,
        symbols: symbols.collect(),
        media: said.map(|said| said.media).unwrap_or_default(),
        uploads: vec![
            upload("picture", "Add a picture", "image/*", problem),
            upload("sound", "Add sound", "audio/*", problem),
            upload("video", "Add a video", "video/*", problem),
        ],
        audiences: choices(Audience::iter(), |audience| audience.code().to_owned(), Audience::label),
        officer: desk.officer.clone(),
        root: root.clone(),
    };
    Frame::for_session(session, format!("{}, {}", part.label(), desk.name))
        .here(place(&actor))
        .back(format!("{root}/about-me"), "Back")
        .with_errors(&problem.errors)
        .render(&view)
}

pub async fn show_part(
    State(app): State<App>,
    session: Session,
    Path((id, part)): Path<(CaseId, String)>,
) -> Result<Page, Error> {
    page(&app, &session, id, part_of(&part)?, None, &Problem::default()).await
}

#[derive(Template)]
#[template(path = "voice/about_me/earlier.html")]
struct EarlierPage {
    part: Part,
    versions: Vec<(Said, govuk::Html)>,
}

/// Every version of a part that the reader may read, newest first.
pub async fn earlier(
    State(app): State<App>,
    session: Session,
    Path((id, part)): Path<(CaseId, String)>,
) -> Result<Page, Error> {
    let part = part_of(&part)?;
    let (who, actor) = (session.who(&app), session.signed_in.actor.clone());
    let desk =
        app.blocking(move |app| app.db.read("voice.earlier", |tx| desk(tx, &who, id, Action::SeeAboutMe))).await?;
    let (root, reader) = (root(&actor, id), reader(&actor, &desk.case));
    let of_part = desk.case.own_voice.entries.iter().rev().filter(|entry| entry.says.part == part);
    let versions: Result<Vec<_>, Error> = of_part
        .filter_map(|entry| desk.said(entry, reader, &root))
        .map(|said| Ok((show_said(&said, false)?, said)).map(|(html, said)| (said, html)))
        .collect();
    Frame::for_session(&session, format!("{}, what it said before, {}", part.label(), desk.name))
        .here(place(&actor))
        .back(format!("{root}/about-me"), "Back")
        .render(&EarlierPage { part, versions: versions? })
}

/// The files of a form that are taken, as rows and as media. A file that is there already is left out.
fn taken(
    app: &App,
    posted: &PostedFiles,
    known: &[store::PrivateFile],
    who: &Who,
) -> Result<Vec<(Media, DocumentRow)>, Error> {
    let mut taken = Vec::new();
    let mut seen: HashSet<&str> = known.iter().map(|file| file.fingerprint.as_str()).collect();
    for (field, file) in &posted.files {
        let found = files::sniff(&file.name, &file.head);
        let kind = found.and_then(MediaKind::of);
        let (Some(media_type), Some(kind)) = (found, kind) else {
            let message = format!("We cannot use {}. Choose a picture, a sound or a video", file.name);
            return Err(Error::Fields(vec![FieldError::new(field, message)]));
        };
        if !seen.insert(&file.fingerprint) {
            continue;
        }
        let id = DocumentId(app.ids.next());
        let row = DocumentRow {
            id,
            kind: store::OWN_VOICE,
            title: file.name.clone(),
            media_type,
            size_bytes: usize::try_from(file.bytes).unwrap_or(usize::MAX),
            fingerprint: file.fingerprint.clone(),
            made_on: who.today,
            notice: None,
        };
        taken.push((Media { document: id, kind }, row));
    }
    Ok(taken)
}

/// What was typed, checked.
struct Typing {
    words: String,
    symbols: Vec<Symbol>,
    audience: Audience,
    helped: Option<String>,
}

fn typing(typed: &Typed, is_own: bool) -> Result<Typing, Error> {
    let mut problems = Problems::default();
    let words = problems.optional(typed, "words", WORDS_CHARS_MAX).unwrap_or_default();
    let helped = problems.optional(typed, "helped", HELPED_CHARS_MAX);
    let audience =
        if is_own { problems.choice(typed, "audience", "Choose who can see this") } else { Some(Audience::Everyone) };
    problems.check()?;
    let mut symbols: Vec<Symbol> = typed.all("symbol").filter_map(|code| code.parse().ok()).collect();
    symbols.sort_unstable();
    symbols.dedup();
    Ok(Typing { words, symbols, audience: audience.ok_or(Error::NotFound)?, helped })
}

fn maker(role: Role) -> Maker {
    match role {
        Role::YoungPerson => Maker::Own,
        Role::Parent => Maker::WithParent,
        _ => Maker::WithSchool,
    }
}

/// The act that saves a part, which the rules allow. None when it says the same as before, so that a
/// form sent twice is one version.
fn prepare(
    tx: &mut dyn Tx,
    app: &App,
    who: &Who,
    id: CaseId,
    part: Part,
    posted: &PostedFiles,
) -> Result<Option<Act>, Error> {
    let desk = desk(tx, who, id, Action::WriteAboutMe)?;
    let role = actor(who)?.role;
    let typing = typing(&posted.typed, role == Role::YoungPerson)?;
    let latest = desk.case.own_voice.latest(part);
    let known = store::private_files(tx, who.authority, id, store::OWN_VOICE)?;
    let is_away = |media: &&Media| posted.typed.has("away", &media.document.to_string());
    let before: &[Media] = latest.map(|entry| entry.says.media.as_slice()).unwrap_or_default();
    let mut media: Vec<Media> = before.iter().filter(|media| !is_away(media)).copied().collect();
    let here: Vec<store::PrivateFile> =
        known.iter().filter(|file| before.iter().any(|media| media.document.0 == file.id)).cloned().collect();
    let new = taken(app, posted, &here, who)?;
    media.extend(new.iter().map(|(media, _)| *media));
    let said = |field, message: String| Err(Error::Fields(vec![FieldError::new(field, message)]));
    if media.len() > MEDIA_MAX {
        return said(
            "picture",
            format!("One part can have {MEDIA_MAX} pictures, sounds and videos. Take one away first"),
        );
    }
    let bytes =
        known.iter().map(|file| file.bytes).sum::<u64>() + posted.files.iter().map(|(_, f)| f.bytes).sum::<u64>();
    if !new.is_empty() && bytes > CHILD_BYTES_MAX {
        return said(
            "picture",
            format!("There is no room: all together may have {}. Ask your officer", size(CHILD_BYTES_MAX)),
        );
    }
    if latest.is_none() && typing.words.is_empty() && typing.symbols.is_empty() && media.is_empty() {
        return said("words", "Write something, pick a symbol, or add a picture, sound or video".to_owned());
    }
    let is_same = |entry: &Entry| {
        let words = entry.says.words.map(|words| desk.text(words)).unwrap_or_default();
        let says = &entry.says;
        (words, &says.symbols, &says.media, says.audience)
            == (typing.words.as_str(), &typing.symbols, &media, typing.audience)
    };
    if latest.is_some_and(is_same) {
        return Ok(None);
    }
    let mut texts = Vec::new();
    let mut keep = |body: &str| {
        let id = TextId(app.ids.next());
        texts.push(Text { id, body: body.to_owned() });
        id
    };
    let says = Saying {
        part,
        words: (!typing.words.is_empty()).then(|| keep(&typing.words)),
        symbols: typing.symbols,
        media,
        audience: typing.audience,
        maker: maker(role),
        helped_by: typing.helped.as_deref().map(keep),
    };
    let seen = posted.typed.get("seen").parse().ok();
    let command = Command::OwnVoice(own_voice::Command::Save { says, seen });
    casework::decide(&desk.case, command.clone(), &who.context())?;
    Ok(Some(Act {
        action: Action::WriteAboutMe,
        seen: None,
        commands: vec![command],
        papers: Papers { texts, documents: new.into_iter().map(|(_, row)| row).collect(), ..Papers::default() },
    }))
}

/// Saves a part with its files, which are in the store before the record says that it has them.
/// Nothing is kept of what would be refused.
fn record(app: &App, who: &Who, id: CaseId, part: Part, posted: &PostedFiles) -> Result<(), Error> {
    if !posted.errors.is_empty() {
        return Err(Error::Fields(posted.errors.clone()));
    }
    if app.db.read("voice.check_part", |tx| prepare(tx, app, who, id, part, posted))?.is_none() {
        return Ok(());
    }
    for (_, file) in &posted.files {
        app.files.adopt(&file.id.to_string(), &file.fingerprint)?;
    }
    app.db.write("voice.save_part", |tx| -> Result<(), Error> {
        if let Some(act) = prepare(tx, app, who, id, part, posted)? {
            for document in &act.papers.documents {
                crate::uploads::checks::begin(tx, app, who.authority, &document.fingerprint)?;
            }
            journal::act(tx, who, id, act)?;
        }
        Ok(())
    })
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path((id, part)): Path<(CaseId, String)>,
    form: Multipart,
) -> Result<Response, Error> {
    let part = part_of(&part)?;
    let who = session.who(&app);
    {
        // Nothing is taken in from somebody who may not write here.
        let who = who.clone();
        app.blocking(move |app| {
            app.db.read("voice.may_write", |tx| desk(tx, &who, id, Action::WriteAboutMe).map(|_| ()))
        })
        .await?;
    }
    let posted = posted_files::read(&app, &session, form, &FILE_FIELDS, MEDIA_MAX, MEDIA_BYTES_MAX).await?;
    let typed = posted.typed.clone();
    let saved = app
        .blocking(move |app| {
            let saved = record(app, &who, id, part, &posted);
            posted.drop_files(app)?;
            saved
        })
        .await;
    match saved {
        Ok(()) => Ok(see_other(&format!("{}/about-me?done=yes", root(&session.signed_in.actor, id)))),
        Err(error) => {
            let page = page(&app, &session, id, part, Some(&typed), &Problem::of(error)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
