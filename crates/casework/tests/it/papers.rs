//! Papers added to a record, redacted copies, and files found unsafe.

use crate::given::*;
use casework::messages::Side;
use casework::papers::{self, NewPaper, PAPERS_MAX, PaperKind, Purpose};
use casework::receipts::{Fingerprint, ReceiptNumber};
use casework::{Case, Command, Refusal};
use jiff::civil::Date;
use strum::IntoEnumIterator;

const TOMORROW: Date = day(2026, 11, 24);

fn print(byte: u8) -> Fingerprint {
    Fingerprint::of([byte; 32])
}

fn paper(number: u128, dated: Option<Date>) -> NewPaper {
    NewPaper { document: id(number), fingerprint: print(1), kind: PaperKind::Report, dated }
}

fn add(papers: Vec<NewPaper>, from: Side) -> Command {
    Command::Papers(papers::Command::Add { papers, from, receipt: ReceiptNumber { year: 2026, number: 9 } })
}

fn redact(of: u128, copy: u128, with: u8) -> Command {
    Command::Papers(papers::Command::Redact {
        of: id(of),
        copy: id(copy),
        fingerprint: print(with),
        purpose: Purpose::School,
        why: id(57),
        third_parties: Some(id(58)),
    })
}

fn note_unsafe(number: u128) -> Command {
    Command::Papers(papers::Command::NoteUnsafe { document: id(number) })
}

fn added() -> Vec<Step> {
    and(steps(Stop::Open), TODAY, add(vec![paper(70, Some(RECEIVED)), paper(71, None)], Side::Family))
}

fn redacted() -> Vec<Step> {
    and(added(), TODAY, redact(70, 75, 2))
}

pub fn rows() -> Vec<Row> {
    let happens = |what, given, when, names: &'static [&'static str]| row(what, given, when, Then::Happens(names));
    vec![
        happens("a parent adds papers", steps(Stop::Open), add(vec![paper(70, None)], Side::Family), &["papers.added"]),
        happens(
            "an officer adds a paper with its date",
            steps(Stop::Open),
            add(vec![paper(70, Some(TODAY))], Side::Council),
            &["papers.added"],
        ),
        happens("papers are sent twice", added(), add(vec![paper(70, None), paper(71, None)], Side::Family), &[]),
        happens(
            "advice that came as a file is redacted",
            steps(Stop::Advised),
            redact(60, 75, 2),
            &["papers.redacted"],
        ),
        happens("a paper is redacted", added(), redact(70, 75, 2), &["papers.redacted"]),
        happens("a redacted copy is sent twice", redacted(), redact(70, 75, 2), &[]),
        happens("a second copy for another purpose", redacted(), redact(70, 76, 3), &["papers.redacted"]),
        happens("a file is found unsafe", added(), note_unsafe(71), &["papers.found_unsafe"]),
        happens("a file is found unsafe twice", and(added(), TODAY, note_unsafe(71)), note_unsafe(71), &[]),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    vec![
        refused("a paper for nobody", vec![], add(vec![paper(70, None)], Side::Council), Refusal::RecordNotOpen),
        refused(
            "no paper at all",
            steps(Stop::Open),
            add(vec![], Side::Family),
            Refusal::PapersMissing { most: PAPERS_MAX },
        ),
        refused(
            "more papers than fit",
            steps(Stop::Open),
            add((0..51).map(|number| paper(100 + number, None)).collect(), Side::Family),
            Refusal::PapersMissing { most: PAPERS_MAX },
        ),
        refused(
            "a paper of tomorrow",
            steps(Stop::Open),
            add(vec![paper(70, Some(TOMORROW))], Side::Family),
            Refusal::InTheFuture { date: TOMORROW },
        ),
        refused(
            "a redacted copy of what is not there",
            added(),
            redact(79, 75, 2),
            Refusal::NotOnRecord { what: "paper" },
        ),
        refused("a redacted copy of a redacted copy", redacted(), redact(75, 76, 3), Refusal::CopyOfACopy),
        refused("a redacted copy that is the paper itself", added(), redact(70, 75, 1), Refusal::NothingTakenOut),
    ]
}

fn case(steps: &[Step]) -> Case {
    after(steps).0
}

#[test]
fn a_paper_knows_its_copies_newest_first_and_stays_as_it_was() {
    let before = case(&added());
    let after = case(&and(redacted(), TODAY, redact(70, 76, 3)));
    assert_eq!(before.on_file.papers, after.on_file.papers, "the paper itself has not changed");
    let copies: Vec<_> = after.on_file.copies_of(id(70)).map(|copy| copy.document).collect();
    assert_eq!(copies, [id(76), id(75)]);
    assert_eq!(after.on_file.copies_of(id(71)).count(), 0);
    assert!(after.on_file.copy(id(75)).is_some() && after.on_file.copy(id(70)).is_none());
}

#[test]
fn what_is_unsafe_stays_on_record() {
    let case = case(&and(added(), TODAY, note_unsafe(71)));
    assert!(case.on_file.is_unsafe(id(71)) && !case.on_file.is_unsafe(id(70)));
    assert_eq!(case.on_file.papers.len(), 2);
}

#[test]
fn a_case_without_papers_is_stored_as_before() {
    let case = case(&steps(Stop::Open));
    assert!(case.on_file.is_empty());
    assert!(!serde_json::to_string(&case).expect("a case is plain values").contains("on_file"));
}

#[test]
fn every_kind_and_purpose_is_said_in_plain_words() {
    let labels = PaperKind::iter().map(PaperKind::label).chain(Purpose::iter().map(Purpose::label));
    for label in labels {
        assert!(label.starts_with(|c: char| c.is_uppercase()) && !label.ends_with('.'), "{label}");
    }
}
