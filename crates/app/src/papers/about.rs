//! One paper: what it is, who sent it and when, its fingerprint, its picture where it is safe to show
//! one, and its redacted copies. Bytes are given by the document's own address and by nothing else.

use super::{actor, picture, place, root, side, was_sent};
use crate::family::child;
use crate::journal::{self, Who, authorise};
use crate::record::{files, store};
use crate::uploads::checks;
use crate::web::upload::size;
use crate::web::{Frame, Page, Session, long_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use casework::access::{Action, Resource, may};
use casework::messages::Side;
use casework::papers::{self, RedactedCopy, sent_in};
use casework::{Case, CaseId, DocumentId};
use db::Tx;
use std::collections::HashMap;
use uuid::Uuid;

/// A row of what is known of a paper.
pub(crate) struct Fact {
    pub name: &'static str,
    pub said: String,
}

/// Another paper that belongs to this one.
struct Other {
    title: String,
    href: String,
    said: String,
}

#[derive(Template)]
#[template(path = "papers/about.html")]
struct AboutPage {
    name: String,
    side: Side,
    title: String,
    facts: Vec<Fact>,
    tag: Option<(&'static str, &'static str)>,
    /// Where its bytes are, when they may be had.
    href: Option<String>,
    is_shown: bool,
    /// A PDF is shown page by page, as pictures.
    is_paged: bool,
    picture: files::Picture,
    copies: Vec<Other>,
    original: Option<Other>,
    is_copy: bool,
    redact: Option<String>,
}

/// What the page reads.
pub(crate) struct Found {
    name: String,
    pub case: std::sync::Arc<Case>,
    pub document: store::DocumentLine,
    titles: HashMap<Uuid, String>,
    users: HashMap<Uuid, String>,
    texts: HashMap<casework::TextId, String>,
    may_read: bool,
    may_redact: bool,
}

/// One paper, for somebody who may know of it.
///
/// # Errors
/// By the access policy; not found when there is none, or not for them.
pub(crate) fn read(tx: &mut dyn Tx, who: &Who, id: CaseId, document: Uuid) -> Result<Found, Error> {
    let actor = actor(who)?;
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    let documents = match side(actor.role) {
        Side::Family => {
            authorise(who, Action::SeeOwnRecord, &loaded)?;
            child::documents(tx, &loaded.case, who.user())?
        }
        Side::Council => {
            authorise(who, Action::SeeCase, &loaded)?;
            store::documents_for(tx, who, &loaded.case)?
        }
    };
    let case = loaded.case;
    let found = documents.iter().find(|line| line.id == document && was_sent(&line.kind));
    let found = found.cloned().ok_or(Error::NotFound)?;
    let relations = case.relations();
    let may = |action| may(actor, action, &Resource::Case(&relations)).is_allowed();
    let senders = case.on_file.papers.iter().filter_map(|paper| paper.by);
    let mut users = HashMap::new();
    for user in senders.chain(case.on_file.copies.iter().filter_map(|copy| copy.by)) {
        if let Some((name, _)) = store::user_name(tx, who.authority, user.0)? {
            users.insert(user.0, name);
        }
    }
    let (_, details) = store::person(tx, who.authority, id)?;
    Ok(Found {
        name: details.display_name(),
        document: found,
        titles: documents.into_iter().map(|line| (line.id, line.title)).collect(),
        users,
        texts: store::texts(tx, who.authority, id)?,
        may_read: side(actor.role) == Side::Family || may(Action::ReadDocument),
        may_redact: may(Action::RedactPapers),
        case,
    })
}

/// The document, for somebody who may open it now.
///
/// # Errors
/// [`Error::NotFound`] or [`Error::NotAllowed`] by the access policy, [`Error::Held`] while it is being
/// checked for viruses.
pub(super) fn open(tx: &mut dyn Tx, who: &Who, id: CaseId, document: Uuid) -> Result<store::DocumentLine, Error> {
    let found = read(tx, who, id, document)?;
    if !found.may_read {
        return Err(Error::NotAllowed);
    }
    checks::may_open(found.document.check)?;
    Ok(found.document)
}

impl Found {
    /// Whether this reader has that document among theirs.
    pub(crate) fn knows(&self, document: Uuid) -> bool {
        self.titles.contains_key(&document)
    }

    fn person(&self, user: Option<casework::UserId>) -> String {
        user.and_then(|user| self.users.get(&user.0).cloned()).unwrap_or_else(|| "Not recorded".to_owned())
    }

    fn text(&self, id: casework::TextId) -> String {
        self.texts.get(&id).cloned().unwrap_or_default()
    }

    /// Who sent it, when, as what.
    pub fn facts(&self, side: Side) -> Vec<Fact> {
        let document = DocumentId(self.document.id);
        let mut facts = Vec::new();
        let mut add = |name, said: String| facts.push(Fact { name, said });
        if let Some(paper) = self.case.on_file.paper(document) {
            add("What it is", paper.kind.label().to_owned());
            if let Some(dated) = paper.dated {
                add("The date on it", long_date(dated));
            }
            let from = if paper.from == Side::Family { "family" } else { "staff" };
            add("Sent by", format!("{}, {from}", self.person(paper.by)));
            add("Received on", format!("{}, receipt {}", long_date(paper.on), paper.receipt));
        } else if let Some(copy) = self.case.on_file.copy(document) {
            add("Made by", format!("{} on {}", self.person(copy.by), long_date(copy.on)));
            add("Made for", copy.purpose.label().to_owned());
            // Whose words were taken out is not for those from whom they are kept.
            if side == Side::Council {
                add("What was taken out, and why", self.text(copy.why));
                let people = copy.third_parties.map(|people| self.text(people));
                add("People other than the child", people.unwrap_or_else(|| "Nobody".to_owned()));
            }
        } else {
            let receipt = self.case.requests.iter().filter_map(|request| request.receipt.as_ref());
            let receipt = receipt.into_iter().find(|r| r.files.iter().any(|file| file.document == document));
            add(
                "Sent",
                receipt.map_or("With a request".to_owned(), |r| format!("With the request, receipt {}", r.number)),
            );
            add("Received on", long_date(self.document.made_on));
        }
        add("Size", size(u64::try_from(self.document.size_bytes).unwrap_or(0)));
        let sent = sent_in(&self.case).find(|(sent, _)| *sent == document).map(|(_, print)| print.to_string());
        let copy = self.case.on_file.copy(document).map(|copy| copy.fingerprint.to_string());
        if let Some(print) = sent.or(copy) {
            add("Fingerprint (SHA-256)", print);
        }
        facts
    }

    fn other(&self, root: &str, document: DocumentId, said: String) -> Option<Other> {
        let title = self.titles.get(&document.0)?.clone();
        Some(Other { title, href: format!("{root}/documents/{document}/about"), said })
    }

    fn copy_line(&self, root: &str, copy: &RedactedCopy) -> Option<Other> {
        let said = format!("{}, made on {}", copy.purpose.label(), long_date(copy.on));
        self.other(root, copy.document, said)
    }
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, document)): Path<(CaseId, Uuid)>,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let side = side(session.signed_in.actor.role);
    let found = app.blocking(move |app| app.db.read("papers.about", |tx| read(tx, &who, id, document))).await?;
    let root = root(side, id);
    let on_file = &found.case.on_file;
    let own = DocumentId(document);
    let is_open = found.may_read && found.document.check.is_none_or(checks::State::may_be_opened);
    let (is_shown, picture) = files::shown_of_sent(&found.document.media_type);
    let is_copy = on_file.copy(own).is_some();
    let may_be_redacted = found.may_redact && papers::may_be_redacted(&found.case, own);
    let view = AboutPage {
        name: found.name.clone(),
        side,
        title: found.document.title.clone(),
        facts: found.facts(side),
        tag: found.document.check.and_then(checks::State::tag),
        href: is_open.then(|| format!("{root}/documents/{document}")),
        is_shown,
        is_paged: found.document.media_type == picture::PDF,
        picture,
        copies: on_file.copies_of(own).filter_map(|copy| found.copy_line(&root, copy)).collect(),
        original: on_file.copy(own).and_then(|copy| found.other(&root, copy.of, String::new())),
        is_copy,
        redact: may_be_redacted.then(|| format!("{root}/documents/{document}/redact")),
    };
    Frame::for_session(&session, format!("{}, {}", found.document.title, found.name))
        .here(place(side))
        .back(root, "Back")
        .render(&view)
}
