//! Documents that follow from notices by themselves.
//!
//! Read in one snapshot, typeset with no transaction open, recorded in another. The ids of the
//! documents follow from the notice, so that a job that runs twice makes each document once.

use super::letters::Facts;
use super::store as plans;
use crate::family::tell;
use crate::journal::{self, Act, By, DocumentRow, Papers, Who};
use crate::queue::Job;
use crate::record::{case_names, store};
use crate::{App, Error};
use casework::access::Action;
use casework::notices::NoticeKind;
use casework::people::Setting;
use casework::{AuthorityId, BodyId, CaseId, DocumentId, NoticeId};
use db::Tx;
use documents::model::Document;
use documents::typeset::Printing;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Makes the letter of a notice, and a draft's or final plan's own documents.
pub const MAKE_NOTICE: &str = "notices.make";

/// The kind of document that is a plan in easy read.
pub(crate) const EASY_READ: &str = "plan in easy read";
const PDF: &str = "application/pdf";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// What the job carries: ids only.
#[derive(Debug, Serialize, Deserialize)]
pub struct NoticeBody {
    pub case: CaseId,
    pub notice: NoticeId,
}

/// The body of a job that makes a notice.
///
/// # Errors
/// [`Error::Broken`] when it cannot be written as JSON.
pub fn notice_body(case: CaseId, notice: NoticeId) -> Result<String, Error> {
    serde_json::to_string(&NoticeBody { case, notice })
        .map_err(|cause| Error::Broken { step: "write a job", cause: cause.to_string() })
}

/// A document that was made and is not stored yet.
struct Made {
    key: String,
    kind: &'static str,
    title: String,
    media_type: &'static str,
    bytes: Vec<u8>,
}

pub(crate) fn make_notice(app: &App, job: &Job) -> Result<(), Error> {
    let body: NoticeBody = serde_json::from_str(&job.body)
        .map_err(|cause| Error::Broken { step: "read a job", cause: cause.to_string() })?;
    let (kind, documents) = documents(app, job.authority, &body, app.clock.today())?;
    let who =
        Who { by: By::System("letters"), authority: job.authority, now: app.clock.now(), today: app.clock.today() };
    app.db.write("plan.keep_documents", |tx| {
        let papers = Papers { documents: documents.clone(), ..Papers::default() };
        journal::act(tx, &who, body.case, Act { action: Action::SendNotice, seen: None, commands: vec![], papers })?;
        tell::of_notice(tx, app, (job.authority, body.case), body.notice, kind)?;
        crate::advice::tell::of_notice(tx, app, (job.authority, body.case), body.notice, kind)
    })?;
    Ok(())
}

/// Makes the documents of a notice and puts their bytes into the store. Nothing of the record changes.
fn documents(
    app: &App,
    authority: AuthorityId,
    body: &NoticeBody,
    made_on: Date,
) -> Result<(NoticeKind, Vec<DocumentRow>), Error> {
    let facts = app.db.read("plan.notice_facts", |tx| facts(tx, authority, body))?;
    let printing =
        Printing::at(app.clock.now().to_zoned_datetime(TimeZone::UTC).datetime()).with_footer(facts.reference());
    let mut documents = Vec::new();
    for made in make(&facts, &printing)? {
        documents.push(DocumentRow {
            id: document_id(body.notice, &made.key),
            kind: made.kind,
            title: made.title,
            media_type: made.media_type,
            size_bytes: made.bytes.len(),
            fingerprint: app.files.put(&made.bytes)?,
            made_on,
            notice: Some(body.notice),
        });
    }
    Ok((facts.notice.kind, documents))
}

/// Makes and records the documents of every notice that a child's live request has, as on the day it was
/// sent, and tells nobody: for the children of the demo.
pub(crate) fn make_for_demo(app: &App, who: &Who, case: CaseId) -> Result<(), Error> {
    let loaded = app.db.read("plan.demo_notices", |tx| journal::load(tx, who.authority, case))?;
    for notice in loaded.case.live_request().into_iter().flat_map(|request| &request.notices) {
        let body = NoticeBody { case, notice: notice.id };
        let (_, documents) = documents(app, who.authority, &body, notice.sent_on)?;
        let papers = Papers { documents, ..Papers::default() };
        app.db.write("plan.demo_documents", |tx| {
            let act = Act { action: Action::SendNotice, seen: None, commands: vec![], papers: papers.clone() };
            journal::act(tx, who, case, act).map(|_| ())
        })?;
    }
    Ok(())
}

/// Reads everything the documents of a notice are made from.
fn facts(tx: &mut dyn Tx, authority: AuthorityId, body: &NoticeBody) -> Result<Facts, Error> {
    let case = journal::load(tx, authority, body.case)?.case;
    let found = case.requests.iter().find_map(|request| {
        let notice = request.notices.iter().find(|notice| notice.id == body.notice)?;
        Some((request.clone(), notice.clone()))
    });
    let (request, notice) = found.ok_or(Error::NotFound)?;
    let version = match notice.kind {
        NoticeKind::DraftPlan => {
            request.drafts.iter().rev().find(|draft| draft.served_on == Some(notice.served_on())).map(|d| d.version)
        }
        NoticeKind::FinalPlan => case.plan.as_ref().and_then(|plan| plan.version),
        _ => None,
    };
    let content = match version {
        Some(version) => Some(plans::version(tx, authority, case.id, version)?.content),
        None => None,
    };
    let (_, details) = store::person(tx, authority, case.id)?;
    let (area_code, area_name, profile) = store::authority(tx, authority)?;
    let officer = match case.officer {
        Some(officer) => store::user_name(tx, authority, officer.0)?,
        None => None,
    };
    let names = case_names(tx, &case)?;
    let setting_now = case.current_placement().map(|placement| match placement.setting {
        Setting::Establishment(urn) => {
            names.settings.get(&i64::from(urn.number())).cloned().unwrap_or_else(|| format!("establishment {urn}"))
        }
        Setting::Elsewhere(code) => code.label().to_owned(),
    });
    Ok(Facts {
        contacts: store::contacts(tx, authority, case.id)?,
        texts: store::texts(tx, authority, case.id)?,
        reports: crate::advice::store::in_words(tx, &case, &request)?,
        bodies: names.bodies.into_iter().map(|(id, name)| (BodyId(id), name)).collect(),
        settings: names.settings,
        case,
        request,
        notice,
        details,
        area_code,
        area_name,
        profile,
        setting_now,
        officer,
        content,
    })
}

/// Typesets the letter to each person of the family, and the plan where one goes with it.
fn make(facts: &Facts, printing: &Printing) -> Result<Vec<Made>, Error> {
    let mut made = Vec::new();
    let addressees = facts.addressees();
    for to in &addressees {
        let letter = facts
            .letter(to)
            .map_err(|fault| Error::Broken { step: "work out the dates of a letter", cause: fault.to_string() })?;
        let missing: Vec<&str> = letter.missing().into_iter().map(|content| content.label()).collect();
        if !missing.is_empty() {
            return Err(Error::Broken { step: "make a letter that says all it must", cause: missing.join("; ") });
        }
        let to_whom = if addressees.len() > 1 { format!(" to {}", to.name) } else { String::new() };
        made.push(Made {
            key: format!("letter {}", to.key),
            kind: "letter",
            title: format!("{}: letter{to_whom}", facts.notice.kind.label()),
            media_type: PDF,
            bytes: pdf(&letter.document, printing)?,
        });
    }
    let Some(plan) = facts.plan() else {
        return Ok(made);
    };
    let document = plan.document();
    let title = facts.notice.kind.label();
    made.push(Made {
        key: "plan".into(),
        kind: "plan",
        title: title.into(),
        media_type: PDF,
        bytes: pdf(&document, printing)?,
    });
    let word = documents::word::docx(&document)
        .map_err(|fault| Error::Broken { step: "write a plan for Word", cause: fault.to_string() })?;
    made.push(Made {
        key: "plan in Word".into(),
        kind: "plan (Word)",
        title: format!("{title} for Word"),
        media_type: WORD,
        bytes: word,
    });
    made.push(Made {
        key: "easy read".into(),
        kind: EASY_READ,
        title: format!("{title} in easy read"),
        media_type: PDF,
        bytes: pdf(&plan.easy_read(), &printing.clone().in_large_print())?,
    });
    if facts.notice.kind == NoticeKind::FinalPlan {
        made.push(Made {
            key: "child's version".into(),
            kind: "child's version",
            title: "My plan: the child’s version".into(),
            media_type: PDF,
            bytes: pdf(&plan.child_version(), &printing.clone().in_large_print())?,
        });
    }
    Ok(made)
}

fn pdf(document: &Document, printing: &Printing) -> Result<Vec<u8>, Error> {
    documents::typeset::pdf(document, printing)
        .map_err(|fault| Error::Broken { step: "typeset a document", cause: fault.to_string() })
}

/// The id of one document of a notice: always the same, and as old as the notice, so that lists by
/// id stay lists by age.
fn document_id(notice: NoticeId, key: &str) -> DocumentId {
    let mut bytes = *notice.0.as_bytes();
    let tail = blake3::hash(&[notice.0.as_bytes(), key.as_bytes()].concat());
    bytes[6..].copy_from_slice(&tail.as_bytes()[..10]);
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    DocumentId(uuid::Uuid::from_bytes(bytes))
}
