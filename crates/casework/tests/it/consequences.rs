//! What is made without anyone asking: a letter for every notice, and nothing else.

use crate::decisions::rows;
use crate::given::check;
use casework::consequences::{Consequence, of};
use casework::{Event, requests};

#[test]
fn every_notice_that_is_sent_has_its_letter_made_once() {
    for row in rows() {
        let events = check(&row);
        let sent: Vec<Consequence> = events
            .iter()
            .filter_map(|event| match event {
                Event::Requests(requests::Event::NoticeSent { notice }) => {
                    Some(Consequence::MakeNotice { notice: notice.id, kind: notice.kind })
                }
                _ => None,
            })
            .collect();
        assert_eq!(of(&events), sent, "{}", row.what);
    }
}

#[test]
fn nothing_follows_from_nothing() {
    assert_eq!(of(&[]), []);
}
