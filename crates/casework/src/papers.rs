//! Papers that people add to a child's record after the request, and copies of them with words taken
//! out.
//!
//! A paper is never changed and never taken away. A redacted copy is a file of its own, made for one
//! purpose, and says which paper it is of; whoever sends papers out is offered the copy first. A file
//! that a virus check finds unsafe stays on record and cannot be opened.

use crate::advice::Reply;
use crate::messages::Side;
use crate::receipts::{Fingerprint, ReceiptNumber};
use crate::{Case, Context, DocumentId, Refusal, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Most papers that are added at once.
pub const PAPERS_MAX: usize = 50;

/// What somebody says that a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PaperKind {
    Report,
    School,
    Health,
    Letter,
    Recording,
    Other,
}

impl PaperKind {
    pub fn label(self) -> &'static str {
        match self {
            PaperKind::Report => "A report by a professional",
            PaperKind::School => "School work or a school report",
            PaperKind::Health => "A letter from a doctor, hospital or therapist",
            PaperKind::Letter => "Another letter or email",
            PaperKind::Recording => "A photo, sound or video",
            PaperKind::Other => "Something else",
        }
    }
}

/// What a redacted copy is made for. One copy is for one purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// For the family of the child: they read it among their papers.
    Family,
    School,
    Tribunal,
    SubjectAccess,
    Other,
}

impl Purpose {
    pub fn label(self) -> &'static str {
        match self {
            Purpose::Family => "For the family to read",
            Purpose::School => "For a school or college that is consulted",
            Purpose::Tribunal => "For the tribunal",
            Purpose::SubjectAccess => "For somebody who asked what is held about them",
            Purpose::Other => "For something else",
        }
    }
}

/// A paper as it is added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPaper {
    pub document: DocumentId,
    pub fingerprint: Fingerprint,
    pub kind: PaperKind,
    /// The day that stands on it, when it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Date>,
}

/// A paper on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    pub document: DocumentId,
    pub fingerprint: Fingerprint,
    pub kind: PaperKind,
    pub dated: Option<Date>,
    pub from: Side,
    pub by: Option<UserId>,
    pub on: Date,
    pub receipt: ReceiptNumber,
}

/// A copy of a paper with words taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactedCopy {
    pub document: DocumentId,
    pub of: DocumentId,
    pub fingerprint: Fingerprint,
    pub purpose: Purpose,
    /// What was taken out, and why.
    pub why: TextId,
    /// Whose words or names were taken out, when somebody other than the child is in it.
    pub third_parties: Option<TextId>,
    pub by: Option<UserId>,
    pub on: Date,
}

/// Working days in which a paper that was asked for is in the post: a promise of the product's, no law.
pub const POSTED_WITHIN_WDS: i32 = 5;

/// One of the family's papers that it asked for on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedCopy {
    pub document: DocumentId,
    pub by: UserId,
    pub on: Date,
    pub sent_on: Option<Date>,
}

impl WantedCopy {
    pub fn post_by(&self) -> Date {
        law::calendar::wds_after(self.on, POSTED_WITHIN_WDS)
    }

    pub fn is_open(&self) -> bool {
        self.sent_on.is_none()
    }
}

/// Everything of a case that this room knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnFile {
    /// Oldest first.
    pub papers: Vec<Paper>,
    pub copies: Vec<RedactedCopy>,
    /// Files that a virus check found unsafe, with the day. They came with any part of the record.
    pub found_unsafe: Vec<(DocumentId, Date)>,
    /// What the family asked for on paper, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wanted: Vec<WantedCopy>,
}

impl OnFile {
    pub fn is_empty(&self) -> bool {
        *self == OnFile::default()
    }

    pub fn paper(&self, document: DocumentId) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.document == document)
    }

    /// The redacted copy that a document is.
    pub fn copy(&self, document: DocumentId) -> Option<&RedactedCopy> {
        self.copies.iter().find(|copy| copy.document == document)
    }

    /// The redacted copies of a paper, newest first: what is sent in its place.
    pub fn copies_of(&self, document: DocumentId) -> impl Iterator<Item = &RedactedCopy> {
        self.copies.iter().rev().filter(move |copy| copy.of == document)
    }

    /// What was asked for on paper and is not in the post.
    pub fn wanted_open(&self) -> impl Iterator<Item = &WantedCopy> {
        self.wanted.iter().filter(|wanted| wanted.is_open())
    }

    pub fn is_unsafe(&self, document: DocumentId) -> bool {
        self.found_unsafe.iter().any(|(found, _)| *found == document)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Add {
        papers: Vec<NewPaper>,
        from: Side,
        receipt: ReceiptNumber,
    },
    Redact {
        of: DocumentId,
        copy: DocumentId,
        fingerprint: Fingerprint,
        purpose: Purpose,
        why: TextId,
        third_parties: Option<TextId>,
    },
    /// A virus check says that a file of this record is unsafe.
    NoteUnsafe {
        document: DocumentId,
    },
    /// Somebody of the family wants one of its papers on paper.
    AskForCopy {
        document: DocumentId,
        by: UserId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Added {
        papers: Vec<NewPaper>,
        from: Side,
        by: Option<UserId>,
        on: Date,
        receipt: ReceiptNumber,
    },
    Redacted {
        of: DocumentId,
        copy: DocumentId,
        fingerprint: Fingerprint,
        purpose: Purpose,
        why: TextId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        third_parties: Option<TextId>,
        by: Option<UserId>,
        on: Date,
    },
    FoundUnsafe {
        document: DocumentId,
        on: Date,
    },
    CopyAsked {
        document: DocumentId,
        by: UserId,
        on: Date,
    },
}

/// Every file that somebody sent to this record: with a request, or later. With its fingerprint.
pub fn sent_in(case: &Case) -> impl Iterator<Item = (DocumentId, &Fingerprint)> {
    let with_requests = case.requests.iter().filter_map(|request| request.receipt.as_ref());
    let with_requests = with_requests.flat_map(|receipt| &receipt.files).map(|file| (file.document, &file.fingerprint));
    with_requests.chain(case.on_file.papers.iter().map(|paper| (paper.document, &paper.fingerprint)))
}

/// The files in which advice came.
pub fn advice_files(case: &Case) -> impl Iterator<Item = DocumentId> {
    let replies = case.all_advice().filter_map(|asked| asked.reply);
    replies.filter_map(|reply| match reply {
        Reply::Advice { document, .. } | Reply::EarlierAdvice { document, .. } => document,
        _ => None,
    })
}

/// Whether a redacted copy may be made of it: of a file that somebody sent, not of what was made here.
pub fn may_be_redacted(case: &Case, document: DocumentId) -> bool {
    case.on_file.copy(document).is_none()
        && (sent_in(case).any(|(sent, _)| sent == document) || advice_files(case).any(|file| file == document))
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() {
        return Err(Refusal::RecordNotOpen);
    }
    let held = &case.on_file;
    match command {
        Command::Add { papers, from, receipt } => {
            if papers.is_empty() || papers.len() > PAPERS_MAX {
                return Err(Refusal::PapersMissing { most: PAPERS_MAX });
            }
            for dated in papers.iter().filter_map(|paper| paper.dated) {
                crate::people::not_after_today(dated, ctx)?;
            }
            // Sent twice, they are added once.
            if papers.iter().all(|paper| held.paper(paper.document).is_some()) {
                return Ok(vec![]);
            }
            Ok(vec![Event::Added { papers, from, by: ctx.actor, on: ctx.today, receipt }])
        }
        Command::Redact { copy, .. } if held.copy(copy).is_some() => Ok(vec![]),
        Command::Redact { of, copy, fingerprint, purpose, why, third_parties } => {
            if held.copy(of).is_some() {
                return Err(Refusal::CopyOfACopy);
            }
            if !may_be_redacted(case, of) {
                return Err(Refusal::NotOnRecord { what: "paper" });
            }
            if sent_in(case).any(|(document, original)| document == of && *original == fingerprint) {
                return Err(Refusal::NothingTakenOut);
            }
            Ok(vec![Event::Redacted {
                of,
                copy,
                fingerprint,
                purpose,
                why,
                third_parties,
                by: ctx.actor,
                on: ctx.today,
            }])
        }
        Command::NoteUnsafe { document } if held.is_unsafe(document) => Ok(vec![]),
        Command::AskForCopy { document, by } => {
            let is_waiting = held.wanted_open().any(|wanted| wanted.document == document && wanted.by == by);
            Ok(if is_waiting { vec![] } else { vec![Event::CopyAsked { document, by, on: ctx.today }] })
        }
        Command::NoteUnsafe { document } => Ok(vec![Event::FoundUnsafe { document, on: ctx.today }]),
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    let held = &mut case.on_file;
    match event {
        Event::Added { papers, from, by, on, receipt } => {
            for new in papers {
                if held.paper(new.document).is_none() {
                    held.papers.push(Paper {
                        document: new.document,
                        fingerprint: new.fingerprint.clone(),
                        kind: new.kind,
                        dated: new.dated,
                        from: *from,
                        by: *by,
                        on: *on,
                        receipt: *receipt,
                    });
                }
            }
        }
        Event::Redacted { of, copy, fingerprint, purpose, why, third_parties, by, on } => {
            held.copies.push(RedactedCopy {
                document: *copy,
                of: *of,
                fingerprint: fingerprint.clone(),
                purpose: *purpose,
                why: *why,
                third_parties: *third_parties,
                by: *by,
                on: *on,
            });
        }
        Event::FoundUnsafe { document, on } => held.found_unsafe.push((*document, *on)),
        Event::CopyAsked { document, by, on } => {
            held.wanted.push(WantedCopy { document: *document, by: *by, on: *on, sent_on: None });
        }
    }
}
