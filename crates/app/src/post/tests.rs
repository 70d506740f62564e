//! No message says who a child is or what they need: every kind of message, for every child of a demo
//! area, on every channel.

use super::outbox::{Message, State};
use super::send::Composing;
use super::{Words, named};
use crate::App;
use crate::advice::tell as advice;
use crate::config::Settings;
use crate::demo::{self, Size};
use crate::ports::{Files, FixedClock, KeptMail, KeptTexts, SeededIds};
use crate::record::store;
use crate::{Error, journal};
use casework::access::Role;
use casework::notices::NoticeKind;
use casework::people::Details;
use casework::post::{Channel, Kind};
use casework::{AuthorityId, Case, CaseId, UserId};
use db::testing::TestDatabase;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::sync::Arc;
use strum::IntoEnumIterator;

const TODAY: Date = date(2026, 11, 23);

db::both_engines! {
    crate::cli::migrations();

    fn no_message_says_who_a_child_is(db) { no_message_says_who_a_child_is_in_a_whole_area(db) }
}

/// Every message of a kind that can be about this child. A new kind has to be added here.
fn of_kind(kind: Kind, case: &Case) -> Vec<Words> {
    match kind {
        // About nobody, about whoever signs in, or made of the others.
        Kind::Earlier | Kind::SignInCode | Kind::NumberCode | Kind::Digest => vec![],
        Kind::AddressCode | Kind::AddressWillChange | Kind::AddressChanged | Kind::WayInAdded => vec![],
        Kind::NoticeSent => NoticeKind::iter()
            .flat_map(|kind| [Role::Parent, Role::YoungPerson].map(|role| crate::family::tell::told(case, kind, role)))
            .collect(),
        Kind::MessageWritten => vec![crate::voice::messages::told(case.id)],
        Kind::CorrectionAnswered => vec![crate::record::corrections::told(case.id)],
        Kind::ObjectionAnswered => vec![crate::voice::not_wanted::told(case.id)],
        Kind::CommentAnswered => vec![crate::plan::comments::told(case.id)],
        Kind::RightsSoon => {
            [Role::Parent, Role::YoungPerson].map(|role| crate::voice::prompts::words(case, role)).into()
        }
        Kind::AdviceAsked => vec![advice::asked_words(TODAY)],
        Kind::DraftToCheck => vec![advice::check_words(TODAY), crate::independents::words::to_check(TODAY)],
        Kind::PlanFinal => vec![advice::final_words(), crate::independents::words::plan_final()],
        Kind::AdviceInvited => {
            use crate::independents::words;
            vec![words::invited("0123456789abcdef", TODAY), words::to_officer(case.id)]
        }
        Kind::VisitChanged => {
            use crate::visits::words::{Change, told};
            [Change::Booked(TODAY), Change::Moved { from: TODAY, to: TODAY }, Change::Cancelled(TODAY)]
                .map(|change| told(change, format!("/family/{}", case.id)))
                .into()
        }
        Kind::ContactPassed => vec![crate::front_door::route::words("/passed".to_owned(), TODAY)],
        Kind::OpenedInEmergency => {
            use crate::emergency::words;
            let officer = [words::Family::Told, words::Family::NoAccount, words::Family::NotYet];
            let officer = officer.map(|family| words::to_officer(case.id, TODAY, family));
            [words::to_overseers(case.id, TODAY), words::to_family(case.id, TODAY)].into_iter().chain(officer).collect()
        }
        Kind::InvitationWithdrawn => vec![crate::independents::words::withdrawn()],
        Kind::PapersAdded => vec![crate::papers::told(case.id)],
        Kind::FileUnsafe => {
            use crate::uploads::checks::Told;
            [Told::Officer, Told::Sender, Told::StaffSender].map(|to| crate::uploads::checks::told(to, case.id)).into()
        }
        Kind::WebhookPaused => {
            vec![crate::webhooks::paused_words("School system", "it answered 500", named(&[b"a webhook"]))]
        }
        Kind::CoverBegins => vec![crate::team::cover::told(case.id, "Helen Ward", TODAY)],
    }
}

fn message(words: &Words) -> Message {
    Message {
        id: named(&[b"a test"]),
        user: Some(UserId(named(&[b"a person"]))),
        kind: words.kind,
        channel: Channel::Email,
        recipient: String::new(),
        subject: words.subject.clone(),
        body: words.body.clone(),
        link: words.path.clone(),
        state: State::Waiting,
        made_at: Timestamp::UNIX_EPOCH,
        go_at: Timestamp::UNIX_EPOCH,
        sent_at: None,
        reference: None,
        failure: None,
    }
}

/// What nobody may read over a shoulder: names as words, days and numbers as they are written, needs.
fn secrets(details: &Details, case: &Case) -> (BTreeSet<String>, Vec<String>) {
    let names = [Some(&details.given_name), Some(&details.family_name), details.known_as.as_ref()];
    let names: BTreeSet<String> =
        names.into_iter().flatten().flat_map(|name| name.split_whitespace()).map(str::to_owned).collect();
    let born = details.born_on;
    let mut said: Vec<String> = ["%-d %B %Y", "%Y-%m-%d", "%d/%m/%Y", "%-d/%-m/%Y", "%-d %-m %Y"]
        .map(|format| born.strftime(format).to_string())
        .into();
    said.extend(details.upn.as_ref().map(ToString::to_string));
    said.extend(details.uln.as_ref().map(ToString::to_string));
    said.extend(details.nhs_number.as_ref().map(ToString::to_string));
    said.extend(details.postcode.clone());
    for need in case.needs.iter().flat_map(|(first, second)| [Some(*first), *second]).flatten() {
        said.push(need.label().to_owned());
    }
    (names, said)
}

fn no_message_says_who_a_child_is_in_a_whole_area(db: &TestDatabase) {
    let app = App {
        db: (**db).clone(),
        clock: Arc::new(FixedClock::on(TODAY)),
        ids: Arc::new(SeededIds::new(7)),
        files: Files::in_folder(std::env::temp_dir().join("tellonce-post-tests")),
        mail: Arc::new(KeptMail),
        carrier: Arc::new(KeptTexts),
        settings: Arc::new(Settings { demo: true, ..Settings::default() }),
    };
    demo::make(&app, Size::Small, 1, TODAY).expect("the area can be made");
    let everyone = app.db.read("test.everyone", |tx| -> Result<_, Error> {
        let mut everyone = Vec::new();
        for row in tx.query("SELECT authority_id, case_id FROM cases ORDER BY case_id", &[])? {
            let (authority, case) = (AuthorityId(row.get(0)?), CaseId(row.get(1)?));
            let (_, details) = store::person(tx, authority, case)?;
            everyone.push((journal::load(tx, authority, case)?.case, details));
        }
        Ok(everyone)
    });
    let everyone = everyone.expect("the database answers");
    assert!(everyone.len() > 200, "{} children", everyone.len());
    let composing = Composing { area: "Alderbourne", address: "https://send.alderbourne.example" };
    let mut read = 0;
    for (case, details) in &everyone {
        let (names, said) = secrets(details, case);
        for words in Kind::iter().flat_map(|kind| of_kind(kind, case)) {
            let message = message(&words);
            for channel in Channel::iter() {
                let text = format!("{}\n{}", message.subject, composing.words(channel, &message));
                // The address ends in the record's number, which says nothing to anybody who may not open it.
                let plain = text.replace(&case.id.to_string(), "");
                let spoken = plain
                    .split(|c: char| !c.is_alphabetic() && c != '-' && c != '’')
                    .find(|word| names.contains(*word));
                assert_eq!(spoken, None, "{}: {text}", words.kind);
                let told = said.iter().find(|secret| !secret.is_empty() && plain.contains(secret.as_str()));
                assert_eq!(told, None, "{}: {text}", words.kind);
                assert!(
                    channel != Channel::Text || text.chars().count() < 600,
                    "{} is too long for a text",
                    words.kind
                );
                read += 1;
            }
        }
    }
    assert!(read > 10_000, "{read} messages were read");
}
