//! Everything of a record that somebody may read, in the order of its days: what the files say where a
//! machine can read them, the files themselves where it cannot.

use super::{files, store};
use crate::advice::store as reports;
use crate::recipients::text;
use crate::uploads::checks;
use crate::web::case_form::{Subject, subject};
use crate::web::{Frame, Page, Session, long_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, Query, State};
use casework::access::Action;
use casework::advice::{AdviceRequest, Reply};
use casework::messages::Side;
use casework::{BodyId, CaseId, DocumentId, TextId};
use db::Tx;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;

/// Most characters of words on one page: it stays light on a slow line.
const PAGE_CHARS: usize = 40_000;
/// Most papers on one page.
const PAGE_PAPERS: usize = 8;
/// Longest file whose words are read while somebody waits.
const FILE_BYTES_MAX: i64 = 20_000_000;
/// Most papers in the contents.
const CONTENTS_MAX: usize = 400;

/// Where the words of something are.
enum Words {
    Known(String),
    File(Box<store::DocumentLine>),
}

/// One thing to read.
struct Item {
    on: Date,
    title: String,
    by: String,
    /// Where the thing itself is.
    href: String,
    words: Words,
}

/// A line of the contents.
struct Line {
    title: String,
    by: String,
    on: String,
    href: String,
    is_here: bool,
}

/// One thing as it is read.
struct Shown {
    anchor: usize,
    title: String,
    by: String,
    on: String,
    href: String,
    words: String,
    /// Why there are no words, or not all of them.
    note: String,
    /// Not the first page of this paper.
    goes_on: bool,
}

#[derive(Template)]
#[template(path = "record/reading.html")]
struct ReadingPage {
    name: String,
    contents: Vec<Line>,
    shown: Vec<Shown>,
    previous: Option<String>,
    next: Option<String>,
}

/// Where reading begins: which paper, and after how many characters of it.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Begin {
    #[serde(default)]
    from: usize,
    #[serde(default)]
    after: usize,
}

fn address(id: CaseId, from: usize, after: usize) -> String {
    match (from, after) {
        (0, 0) => format!("/children/{id}/read"),
        (from, 0) => format!("/children/{id}/read?from={from}#paper-{from}"),
        (from, after) => format!("/children/{id}/read?from={from}&after={after}#paper-{from}"),
    }
}

/// Everything that this person may read, the oldest first.
fn items(tx: &mut dyn Tx, who: &crate::journal::Who, subject: &Subject) -> Result<Vec<Item>, Error> {
    let case = &subject.case;
    let id = case.id;
    let bodies: HashMap<BodyId, String> =
        store::bodies(tx, who.authority)?.into_iter().map(|body| (body.id, body.name)).collect();
    let texts = store::texts(tx, who.authority, id)?;
    let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
    let body = |asked: &AdviceRequest| bodies.get(&asked.body).cloned().unwrap_or_default();
    let mut items = Vec::new();
    for request in &case.requests {
        let words = reports::in_words(tx, case, request)?;
        for asked in &request.advice {
            let (on, said) = match &asked.reply {
                Some(Reply::Signed { on, .. }) => (*on, words.get(&asked.id).cloned()),
                Some(Reply::Advice { text: Some(id), on, .. } | Reply::NothingToAdd { text: id, on }) => {
                    (*on, Some(text(*id)))
                }
                _ => continue,
            };
            let is_signed = asked.signed_version().is_some();
            let page = if is_signed { format!("/{}/signed", asked.id) } else { String::new() };
            items.extend(said.map(|said| Item {
                on,
                title: asked.kind.label().to_owned(),
                by: body(asked),
                href: format!("/children/{id}/advice{page}"),
                words: Words::Known(said),
            }));
        }
    }
    let asked_for = |document: DocumentId| {
        case.all_advice()
            .find(|asked| matches!(asked.reply, Some(Reply::Advice { document: Some(id), .. }) if id == document))
    };
    for line in store::documents_for(tx, who, case)? {
        let document = DocumentId(line.id);
        let paper = case.on_file.paper(document);
        let report = case.independents.report(document);
        let by = match (report, paper, asked_for(document), line.notice) {
            (Some(report), ..) => format!("{}, {}", text(report.author), text(report.profession)),
            (_, _, Some(asked), _) => body(asked),
            (_, Some(paper), ..) if paper.from == Side::Family => format!("{}, from the family", paper.kind.label()),
            (_, Some(paper), ..) => format!("{}, from staff", paper.kind.label()),
            (_, _, _, Some(_)) => "The council".to_owned(),
            _ if line.kind == "evidence" => "Sent with the request".to_owned(),
            _ => "On the record".to_owned(),
        };
        let dated = report.map(|report| report.dated).or(paper.and_then(|paper| paper.dated));
        let about = if crate::papers::was_sent(&line.kind) { "/about" } else { "" };
        items.push(Item {
            on: dated.unwrap_or(line.made_on),
            title: line.title.clone(),
            by,
            href: format!("/children/{id}/documents/{}{about}", line.id),
            words: Words::File(Box::new(line)),
        });
    }
    items.sort_by_key(|item| item.on);
    items.truncate(CONTENTS_MAX);
    Ok(items)
}

/// The words of one thing, and what is said where there are none.
fn words(app: &App, words: &Words) -> Result<(String, String), Error> {
    let line = match words {
        Words::Known(said) => return Ok((said.clone(), String::new())),
        Words::File(line) => line,
    };
    if !line.check.is_none_or(checks::State::may_be_opened) {
        return Ok((String::new(), "It cannot be opened: it is being checked, or it is unsafe.".to_owned()));
    }
    let media_type = files::known(&line.media_type).unwrap_or_default();
    let is_plain = media_type.starts_with("text/");
    if !text::is_read(media_type) || line.size_bytes > FILE_BYTES_MAX {
        return Ok((String::new(), "Its words cannot be shown here. Open the file itself.".to_owned()));
    }
    let bytes = app.files.get(&line.fingerprint)?;
    let read = text::of(bytes, if is_plain && !media_type.contains("html") { "text/plain" } else { media_type });
    let mut said = String::new();
    for (place, words) in &read.parts {
        let words = words.trim();
        if words.is_empty() {
            continue;
        }
        if !said.is_empty() {
            said.push_str("\n\n");
        }
        if place.starts_with("page") && read.parts.len() > 1 {
            said.push_str(&format!("[{place}]\n"));
        }
        said.push_str(words);
    }
    let note = match (said.is_empty(), read.unread) {
        (true, _) => "It has no words that can be shown here. Open the file itself.".to_owned(),
        (false, Some(why)) => format!("Not all of it is here: {why}. Open the file itself to see the whole."),
        (false, None) => String::new(),
    };
    Ok((said, note))
}

/// At most `count` characters of a text, after some, and how many were taken when there are more.
fn piece(said: &str, after: usize, count: usize) -> (String, Option<usize>) {
    let taken: String = said.chars().skip(after).take(count).collect();
    let has_more = said.chars().nth(after + count).is_some();
    if !has_more {
        return (taken, None);
    }
    // Not in the middle of a word, where there is one to end at.
    let end = taken.rfind(char::is_whitespace).filter(|end| *end > 0).unwrap_or(taken.len());
    let taken = taken[..end].to_owned();
    let next = after + taken.chars().count();
    (taken, Some(next))
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(begin): Query<Begin>,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let view = app
        .blocking(move |app| {
            let (name, items) = app.db.read("record.reading", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::ReadDocument)?;
                Ok((subject.name.clone(), items(tx, &who, &subject)?))
            })?;
            let begin = Begin { from: begin.from.min(items.len()), ..begin };
            let (mut shown, mut room, mut next): (Vec<Shown>, usize, Option<String>) = (Vec::new(), PAGE_CHARS, None);
            for (at, item) in items.iter().enumerate().skip(begin.from) {
                if shown.len() >= PAGE_PAPERS || room == 0 {
                    next = Some(address(id, at, 0));
                    break;
                }
                let after = if at == begin.from { begin.after } else { 0 };
                let (said, note) = words(app, &item.words)?;
                let (said, more) = piece(&said, after, room);
                room = room.saturating_sub(said.chars().count());
                shown.push(Shown {
                    anchor: at,
                    title: item.title.clone(),
                    by: item.by.clone(),
                    on: long_date(item.on),
                    href: item.href.clone(),
                    words: said,
                    note: if more.is_some() { String::new() } else { note },
                    goes_on: after > 0,
                });
                if let Some(after) = more {
                    next = Some(address(id, at, after));
                    break;
                }
            }
            let here = begin.from..begin.from + shown.len();
            let contents = items.iter().enumerate().map(|(at, item)| Line {
                title: item.title.clone(),
                by: item.by.clone(),
                on: long_date(item.on),
                href: if here.contains(&at) { format!("#paper-{at}") } else { address(id, at, 0) },
                is_here: here.contains(&at),
            });
            let is_first = begin.from == 0 && begin.after == 0;
            let previous = (!is_first).then(|| match begin.after {
                0 => address(id, begin.from.saturating_sub(PAGE_PAPERS), 0),
                _ => address(id, begin.from, 0),
            });
            Ok::<_, Error>(ReadingPage { name, contents: contents.collect(), shown, previous, next })
        })
        .await?;
    Frame::for_session(&session, format!("Everything to read, {}", view.name))
        .here("/children")
        .back(format!("/children/{id}"), "Back to the child’s page")
        .render(&view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_read_piece_by_piece_and_nothing_is_lost() {
        let text: String = (0..500).map(|number| format!("wörd{number} ")).collect();
        let (mut read, mut after) = (String::new(), Some(0));
        while let Some(at) = after {
            let (taken, more) = piece(&text, at, 97);
            read.push_str(&taken);
            after = more;
        }
        assert_eq!(read, text);
        assert_eq!(piece("nospaceinhere", 0, 5), ("nospa".to_owned(), Some(5)));
        assert_eq!(piece("short", 0, 50), ("short".to_owned(), None));
        assert_eq!(piece("short", 90, 50), (String::new(), None));
    }
}
