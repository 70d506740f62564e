//! What follows by itself from what happened. A person decides; these are made without being asked.

use crate::notices::NoticeKind;
use crate::{Event, NoticeId, requests};

/// Something to make after an act is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Make the letter of a notice, and for a draft or final plan the plan's own documents.
    MakeNotice { notice: NoticeId, kind: NoticeKind },
}

/// The consequences of one act's events, in order.
pub fn of(events: &[Event]) -> Vec<Consequence> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Requests(requests::Event::NoticeSent { notice }) => {
                Some(Consequence::MakeNotice { notice: notice.id, kind: notice.kind })
            }
            _ => None,
        })
        .collect()
}
