//! What an adviser keeps for their own advice.

use crate::given::*;
use casework::advice::AdviceKind;
use casework::recordings::{self, RECORDINGS_MAX};
use casework::{Command, Refusal, requests};

fn r(command: recordings::Command) -> Command {
    Command::Recordings(command)
}

fn keep(number: u128) -> Command {
    r(recordings::Command::Keep { advice: ask(AdviceKind::Psychological).id, document: id(number) })
}

fn remove() -> Command {
    r(recordings::Command::Remove { document: id(95) })
}

fn kept() -> Vec<Step> {
    and(steps(Stop::Asked), TODAY, keep(95))
}

pub fn rows() -> Vec<Row> {
    let happens = |what, given, when, names: &'static [&'static str]| row(what, given, when, Then::Happens(names));
    let ended = Command::Requests(requests::Command::Withdraw { on: TODAY });
    vec![
        happens("a psychologist keeps a film", steps(Stop::Asked), keep(95), &["recordings.kept"]),
        happens("it is kept twice", kept(), keep(95), &[]),
        happens("it is taken out", kept(), remove(), &["recordings.removed"]),
        happens("it is taken out twice", and(kept(), TODAY, remove()), remove(), &[]),
        happens(
            "it is taken out after the request has ended",
            and(kept(), TODAY, ended),
            remove(),
            &["recordings.removed"],
        ),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    let many = (0..RECORDINGS_MAX as u128).fold(steps(Stop::Asked), |given, more| and(given, TODAY, keep(800 + more)));
    vec![
        refused("a film without a request", steps(Stop::Open), keep(95), Refusal::NoOpenRequest),
        refused(
            "for advice that nobody asked for",
            steps(Stop::Assessing),
            keep(95),
            Refusal::NotOnRecord { what: "request for advice" },
        ),
        refused("too many films", many, keep(95), Refusal::TooManyRecordings { most: RECORDINGS_MAX }),
        refused("taken out and never kept", steps(Stop::Asked), remove(), Refusal::NotOnRecord { what: "recording" }),
    ]
}

#[test]
fn what_was_taken_out_is_not_there_and_is_no_paper() {
    let advice = ask(AdviceKind::Psychological).id;
    let (case, _) = after(&and(kept(), TODAY, keep(96)));
    assert_eq!(recordings::of(&case, advice).count(), 2);
    let (case, _) = after(&and(and(kept(), TODAY, keep(96)), TODAY, remove()));
    assert_eq!(recordings::of(&case, advice).map(|kept| kept.document).collect::<Vec<_>>(), [id(96)]);
    assert_eq!(casework::papers::sent_in(&case).count(), 0);
}
