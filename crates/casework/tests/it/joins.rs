//! Contacts joined and parted; two records of one child that become one and are taken apart again:
//! nothing is lost, and what is taken apart is as it was.

use crate::given::*;
use crate::own_voice::{OF_AGE, born, save, says, share};
use crate::walking::Walk;
use casework::enquiries::{self, Promise};
use casework::joins::Command as J;
use casework::messages::Side;
use casework::own_voice::{Audience, Maker, Part, Saying};
use casework::people::comparing::{Likeness, compare, fill_in, may_be_twins, take_out};
use casework::people::{self, DetailField, Details};
use casework::requests::{Channel, Progress, Source};
use casework::rights::Shared;
use casework::{Case, CaseId, Command, Context, Refusal, Stage, UserId, decide, tasks};
use jiff::civil::Date;
use proptest::prelude::*;

fn details(given: &str, family: &str) -> Details {
    Details {
        given_name: given.into(),
        family_name: family.into(),
        known_as: None,
        born_on: BORN,
        sex: None,
        ethnicity: None,
        postcode: None,
        address: None,
        home_language: None,
        upn: None,
        uln: None,
        nhs_number: None,
    }
}

/// A second record of the child of the given steps.
fn second(steps: impl Fn() -> Vec<Step>) -> Case {
    ids_from(1_000_000);
    let (case, _) = after(&steps());
    ids_from(0);
    case
}

const SECOND: CaseId = CaseId(uuid::Uuid::from_u128(1_000_008));

fn second_at(stop: Stop) -> Case {
    second(|| steps(stop))
}

fn take_in_as(other: Case, theirs: Details) -> Command {
    Command::Joins(J::TakeIn {
        other: Box::new(other),
        details: Box::new((details("Sami", "Okafor"), theirs)),
        is_one_child: false,
        family: vec![],
        reason: id(57),
    })
}

fn take_in(other: Case) -> Command {
    take_in_as(other, details("Sami", "Okafor"))
}

fn note(number: u128, promise: Option<Date>) -> Command {
    Command::Enquiries(enquiries::Command::Note {
        enquiry: id(number),
        channel: Channel::Telephone,
        on: RECEIVED,
        from: Some(id(54)),
        note: id(55),
        promise: promise.map(|by| Promise { what: id(56), by }),
        receipt: None,
    })
}

fn noted() -> Vec<Step> {
    and(steps(Stop::Open), RECEIVED, note(1, Some(day(2026, 6, 3))))
}

fn two_noted() -> Vec<Step> {
    and(noted(), RECEIVED, note(2, None))
}

fn e(command: enquiries::Command) -> Command {
    Command::Enquiries(command)
}

fn closed() -> Vec<Step> {
    and(steps(Stop::Received), RECEIVED, Command::Joins(J::CloseInto { kept: SECOND }))
}

fn closed_elsewhere() -> Vec<Step> {
    and(
        steps(Stop::Received),
        RECEIVED,
        Command::Joins(J::CloseInto { kept: CaseId(uuid::Uuid::from_u128(9_000_000)) }),
    )
}

fn apart() -> Vec<Step> {
    and(steps(Stop::Open), TODAY, Command::Joins(J::TellApart { other: SECOND, reason: id(57) }))
}

fn happens(what: &'static str, given: Vec<Step>, when: Command, names: &'static [&'static str]) -> Row {
    row(what, given, when, Then::Happens(names))
}

pub fn allowed_rows() -> Vec<Row> {
    use enquiries::Command as E;
    let joined = || and(two_noted(), RECEIVED, e(E::Join { enquiry: id(2), to: id(1) }));
    let taken_in = || and(steps(Stop::Open), TODAY, take_in(second_at(Stop::Told)));
    vec![
        happens("a call is noted with a promise", steps(Stop::Open), note(1, Some(RECEIVED)), &["enquiries.noted"]),
        happens("a call is noted twice", noted(), note(1, None), &[]),
        happens(
            "a promise is kept",
            noted(),
            e(E::KeepPromise { enquiry: id(1), on: RECEIVED }),
            &["enquiries.promise_kept"],
        ),
        happens(
            "a promise is kept twice",
            and(noted(), RECEIVED, e(E::KeepPromise { enquiry: id(1), on: RECEIVED })),
            e(E::KeepPromise { enquiry: id(1), on: TODAY }),
            &[],
        ),
        happens("two are one", two_noted(), e(E::Join { enquiry: id(2), to: id(1) }), &["enquiries.joined"]),
        happens("two are one already", joined(), e(E::Join { enquiry: id(1), to: id(2) }), &[]),
        happens("they are two again", joined(), e(E::Part { enquiry: id(2) }), &["enquiries.parted"]),
        happens("they were never one", two_noted(), e(E::Part { enquiry: id(2) }), &[]),
        happens("a second record is taken in", steps(Stop::Open), take_in(second_at(Stop::Told)), &["joins.taken_in"]),
        happens(
            "a second request is taken in as a contact",
            steps(Stop::Assessing),
            take_in(second(|| and(steps(Stop::Open), TODAY, receive_from(Source::School, day(2026, 5, 20))))),
            &["joins.taken_in"],
        ),
        happens(
            "twins who were ruled out",
            steps(Stop::Open),
            Command::Joins(J::TakeIn {
                other: Box::new(second_at(Stop::Open)),
                details: Box::new((details("Sami", "Okafor"), details("Samuel", "Okafor"))),
                is_one_child: true,
                family: vec![],
                reason: id(57),
            }),
            &["joins.taken_in"],
        ),
        happens(
            "a record is closed",
            steps(Stop::Received),
            Command::Joins(J::CloseInto { kept: SECOND }),
            &["joins.closed_into"],
        ),
        happens(
            "what was taken in is given back",
            taken_in(),
            Command::Joins(J::GiveBack { case: SECOND, reason: id(57) }),
            &["joins.given_back"],
        ),
        happens("a closed record is opened again", closed(), Command::Joins(J::Reopen), &["joins.reopened"]),
        happens("an open record is opened again", steps(Stop::Received), Command::Joins(J::Reopen), &[]),
        happens(
            "two children are told apart",
            steps(Stop::Open),
            Command::Joins(J::TellApart { other: SECOND, reason: id(57) }),
            &["joins.told_apart"],
        ),
        happens(
            "two children are told apart twice",
            apart(),
            Command::Joins(J::TellApart { other: SECOND, reason: id(58) }),
            &[],
        ),
        happens(
            "they may be one after all",
            apart(),
            Command::Joins(J::TakeBackApart { other: SECOND }),
            &["joins.apart_taken_back"],
        ),
        happens("nobody told them apart", steps(Stop::Open), Command::Joins(J::TakeBackApart { other: SECOND }), &[]),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    use enquiries::Command as E;
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    let numbered = |number: &str| Details { nhs_number: number.parse().ok(), ..details("Sami", "Okafor") };
    let with_numbers = |own: &str, theirs: &str| {
        let (own, theirs) = (numbered(own), numbered(theirs));
        assert!(own.nhs_number.is_some() && theirs.nhs_number.is_some(), "both are NHS numbers");
        Command::Joins(J::TakeIn {
            other: Box::new(second_at(Stop::Open)),
            details: Box::new((own, theirs)),
            is_one_child: true,
            family: vec![],
            reason: id(57),
        })
    };
    let third = || {
        let mut other = second_at(Stop::Open);
        ids_from(2_000_000);
        let (another, _) = after(&steps(Stop::Open));
        ids_from(0);
        let events = decide(&other, take_in(another), &context(TODAY)).expect("the second takes in a third");
        events.iter().for_each(|event| other.apply(event));
        other
    };
    let went_on = and(
        and(steps(Stop::Open), RECEIVED, take_in(second_at(Stop::Received))),
        TOLD,
        steps(Stop::Told).pop().expect("the family is told").1,
    );
    let decided_since = and(
        and(
            steps(Stop::Told),
            TOLD,
            take_in(second(|| and(steps(Stop::Open), RECEIVED, receive_from(Source::Parent, day(2026, 5, 20))))),
        ),
        DECIDED,
        steps(Stop::Assessing).pop().expect("it is decided").1,
    );
    vec![
        refused("a call about a child without a record", vec![], note(1, None), Refusal::RecordNotOpen),
        refused(
            "a promise for a day before the call",
            steps(Stop::Open),
            note(1, Some(day(2026, 5, 1))),
            Refusal::OutOfOrder { earlier: RECEIVED, later: day(2026, 5, 1) },
        ),
        refused(
            "a promise that nobody made is kept",
            two_noted(),
            e(E::KeepPromise { enquiry: id(2), on: TODAY }),
            Refusal::NotOnRecord { what: "promise" },
        ),
        refused(
            "a call that nobody noted",
            noted(),
            e(E::Join { enquiry: id(9), to: id(1) }),
            Refusal::NotOnRecord { what: "contact" },
        ),
        refused("anything on a closed record", closed(), contact(), Refusal::RecordJoined),
        refused(
            "a closed record is told apart",
            closed(),
            Command::Joins(J::TellApart { other: SECOND, reason: id(57) }),
            Refusal::RecordJoined,
        ),
        refused(
            "a closed record is taken in",
            steps(Stop::Open),
            take_in(second(closed_elsewhere)),
            Refusal::RecordJoined,
        ),
        refused(
            "a record is joined into itself",
            steps(Stop::Open),
            take_in(after(&steps(Stop::Open)).0),
            Refusal::SameRecord,
        ),
        refused("a record with another joined into it", steps(Stop::Open), take_in(third()), Refusal::HasJoined),
        refused("two who were told apart", apart(), take_in(second_at(Stop::Open)), Refusal::ToldApart { on: TODAY }),
        refused(
            "two NHS numbers",
            steps(Stop::Open),
            with_numbers("9434765919", "9876543210"),
            Refusal::NumbersDiffer { what: "NHS number" },
        ),
        refused(
            "two who may be twins",
            steps(Stop::Open),
            take_in_as(second_at(Stop::Open), details("Zara", "Okafor")),
            Refusal::MayBeTwins,
        ),
        refused(
            "a message waits on the other record",
            steps(Stop::Open),
            take_in(second(|| and(steps(Stop::Open), TODAY, message(1, Side::Family)))),
            Refusal::MessageWaits { answer_by: day(2026, 11, 30) },
        ),
        refused(
            "a correction waits on the other record",
            steps(Stop::Open),
            take_in(second(|| and(steps(Stop::Open), TODAY, correction(1)))),
            Refusal::CorrectionOpen { asked_on: TODAY, answer_by: day(2026, 12, 7) },
        ),
        refused("two plans", steps(Stop::InForce), take_in(second_at(Stop::InForce)), Refusal::TwoPlans),
        refused("two assessments", steps(Stop::Asked), take_in(second_at(Stop::Drafting)), Refusal::BothDecided),
        refused(
            "a plan and an assessment",
            steps(Stop::InForce),
            take_in(second_at(Stop::Asked)),
            Refusal::BothDecided,
        ),
        refused(
            "the plan is on the other record",
            steps(Stop::Received),
            take_in(second_at(Stop::InForce)),
            Refusal::JoinTheOtherWay { what: "a plan" },
        ),
        refused(
            "the assessment is on the other record",
            steps(Stop::Received),
            take_in(second_at(Stop::Asked)),
            Refusal::JoinTheOtherWay { what: "an assessment under way" },
        ),
        refused(
            "what was never taken in is given back",
            steps(Stop::Open),
            Command::Joins(J::GiveBack { case: SECOND, reason: id(57) }),
            Refusal::NotOnRecord { what: "joined record" },
        ),
        refused(
            "a request that has gone on is given back",
            went_on,
            Command::Joins(J::GiveBack { case: SECOND, reason: id(57) }),
            Refusal::RequestMovedOn { on: TOLD },
        ),
        refused(
            "a clock on which was decided is given back",
            decided_since,
            Command::Joins(J::GiveBack { case: SECOND, reason: id(57) }),
            Refusal::RequestMovedOn { on: DECIDED },
        ),
    ]
}

#[test]
fn the_clock_starts_on_the_earlier_day_and_starts_later_again_when_they_are_taken_apart() {
    let (mut case, _) = after(&steps(Stop::Told));
    let due = |case: &Case| {
        case.deadlines()
            .iter()
            .find(|deadline| deadline.rule == law::RuleId::FinalPlan20w)
            .map(|deadline| deadline.due_on)
    };
    let before = case.clone();
    let earlier = day(2026, 5, 20);
    let other = second(|| and(steps(Stop::Open), RECEIVED, receive_from(Source::School, earlier)));
    for event in decide(&case, take_in(other), &context(TODAY)).expect("they can be joined") {
        case.apply(&event);
    }
    let request = case.live_request().expect("one request is live");
    assert_eq!(request.received_on, earlier);
    assert!(case.clock.iter().any(|event| event.name == law::EventName::RequestReceived && event.on == earlier));
    assert_eq!((due(&before), due(&case)), (Some(day(2026, 10, 19)), Some(day(2026, 10, 7))), "twelve days earlier");
    assert_eq!(case.enquiries.len(), 1, "the second request is there to read");
    for event in
        decide(&case, Command::Joins(J::GiveBack { case: SECOND, reason: id(57) }), &context(TODAY)).expect("undone")
    {
        case.apply(&event);
    }
    assert_eq!(plain(&case), plain(&before));
}

#[test]
fn only_those_of_the_family_who_are_named_read_the_kept_record() {
    let father: UserId = fixed(951);
    let aunt: UserId = fixed(952);
    let other = second(|| {
        [father, aunt].into_iter().fold(steps(Stop::Open), |given, user| {
            and(given, TODAY, Command::People(people::Command::LetFamilyIn { user }))
        })
    });
    let (mut case, _) = after(&steps(Stop::Open));
    let command = Command::Joins(J::TakeIn {
        other: Box::new(other),
        details: Box::new((details("Sami", "Okafor"), details("Sami", "Okafor"))),
        is_one_child: false,
        family: vec![father, fixed(953)],
        reason: id(57),
    });
    for event in decide(&case, command, &context(TODAY)).expect("they can be joined") {
        case.apply(&event);
    }
    assert_eq!(case.family, [father], "neither who was not named, nor a stranger");
}

#[test]
fn details_are_compared_filled_in_and_taken_out() {
    let kept = Details { home_language: Some("Igbo".into()), ..details("Sami", "Okafor") };
    let other = Details {
        home_language: Some("igbo".into()),
        postcode: Some("AB1 2CD".into()),
        known_as: Some("Sam".into()),
        ..details("SAMI", "Okafor")
    };
    assert_eq!(
        compare(&kept, &other),
        [
            (DetailField::Name, Likeness::Agrees),
            (DetailField::KnownAs, Likeness::FilledIn),
            (DetailField::BirthDate, Likeness::Agrees),
            (DetailField::Address, Likeness::FilledIn),
            (DetailField::HomeLanguage, Likeness::Agrees),
        ]
    );
    let (whole, fields) = fill_in(&kept, &other);
    assert_eq!(fields, [DetailField::KnownAs, DetailField::Address]);
    assert_eq!(take_out(&whole, &other, &fields).0, kept);
    let changed = Details { postcode: Some("ZZ9 9ZZ".into()), ..whole };
    let (now, out) = take_out(&changed, &other, &fields);
    assert_eq!((now.postcode.as_deref(), out), (Some("ZZ9 9ZZ"), vec![DetailField::KnownAs]), "what was changed stays");
    assert!(may_be_twins(&kept, &details("Zara", "okafor ")));
    assert!(!may_be_twins(&kept, &details("Sami", "Okafor")));
    assert!(!may_be_twins(&other, &details("Sam", "Okafor")), "the name the child uses is a name");
}

#[test]
fn of_two_sets_of_own_words_the_last_are_kept_and_nobody_sees_more() {
    let said = |part, audience| Saying { part, ..says(audience, Maker::Own) };
    let kept = || {
        let early = and(born(OF_AGE), RECEIVED, save(said(Part::Like, Audience::Everyone), None));
        let late = and(early, TODAY, save(said(Part::Helps, Audience::Everyone), None));
        and(late, TODAY, share(&[Shared::Messages]))
    };
    let other = second(|| {
        let later = and(born(OF_AGE), TOLD, save(said(Part::Like, Audience::Officer), None));
        let earlier = and(later, TOLD, save(said(Part::Helps, Audience::Everyone), None));
        let more = and(earlier, TOLD, save(said(Part::Hopes, Audience::Everyone), None));
        and(more, TOLD, share(&[Shared::Recordings]))
    });
    let (before, _) = after(&kept());
    let mut case = before.clone();
    for event in decide(&case, take_in(other), &context(TODAY)).expect("they can be joined") {
        case.apply(&event);
    }
    let now = |part| case.own_voice.latest(part).map(|entry| (entry.version, entry.on, entry.says.audience));
    assert_eq!(now(Part::Like), Some((3, TOLD, Audience::Officer)), "what was said last, and as private");
    assert_eq!(now(Part::Helps), Some((2, TODAY, Audience::Everyone)));
    assert_eq!(now(Part::Hopes), Some((4, TOLD, Audience::Everyone)), "what only the other record had");
    let sharing = case.rights.sharing.clone().expect("it was chosen");
    assert_eq!(sharing.kept, [Shared::Messages, Shared::Recordings], "kept from parents on either record");
    let give_back = Command::Joins(J::GiveBack { case: SECOND, reason: id(57) });
    for event in decide(&case, give_back, &context(TODAY)).expect("nothing has happened since") {
        case.apply(&event);
    }
    assert_eq!(plain(&case), plain(&before));
}

/// A case without what only counts events.
fn plain(case: &Case) -> Case {
    Case { version: 0, ..case.clone() }
}

fn walked(seed: u64, steps: usize, first_id: u128, case: CaseId) -> Walk {
    let mut walk = Walk::new(seed, Case::new(id(7), case), first_id);
    for _ in 0..steps {
        walk.wait();
        go(&mut walk);
    }
    walk
}

fn go(walk: &mut Walk) {
    let command = walk.propose();
    if let Ok(events) = decide(&walk.case, command, &context(walk.today)) {
        events.iter().for_each(|event| walk.case.apply(event));
    }
}

fn live(case: &Case) -> usize {
    case.requests.iter().filter(|request| request.is_live()).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_joined_and_taken_apart_is_as_it_was_and_nothing_is_lost(
        seeds in any::<(u64, u64)>(),
        lengths in (1_usize..80, 1_usize..25),
        later in 0_usize..20,
    ) {
        let mut kept = walked(seeds.0, lengths.0, 10_000, id(8));
        let mut other = walked(seeds.1, lengths.1, 90_000, id(9)).case;
        kept.today = kept.today.max(day(2025, 1, 1));
        let (before, other_before) = (kept.case.clone(), other.clone());
        let ctx = Context { today: kept.today, actor: None };
        let names = || Box::new((details("Sami", "Okafor"), details("Sami", "Okafor")));
        let family = other.family.clone();
        let command = Command::Joins(J::TakeIn { other: Box::new(other.clone()), details: names(), is_one_child: false, family, reason: id(57) });
        let Ok(events) = decide(&kept.case, command, &ctx) else { return Ok(()) };
        events.iter().for_each(|event| kept.case.apply(event));
        for event in decide(&other, Command::Joins(J::CloseInto { kept: kept.case.id }), &ctx).expect("it can be closed") {
            other.apply(&event);
        }
        // One child, one clock; nothing that was said or asked is lost.
        prop_assert!(live(&kept.case) <= 1);
        prop_assert!(live(&kept.case) == 0 || kept.case.plan_in_force().is_none());
        for request in &other_before.requests {
            let as_request = kept.case.requests.iter().any(|own| own.id == request.id);
            let as_contact = kept.case.enquiries.iter().any(|own| own.id.0 == request.id.0);
            prop_assert!(as_request || as_contact, "a request is lost");
            if request.progress == Progress::Deciding && let Some(own) = kept.case.live_request() {
                prop_assert!(own.received_on <= request.received_on, "the clock starts on the earlier day");
            }
        }
        for enquiry in &other_before.enquiries {
            prop_assert!(kept.case.enquiries.contains(enquiry));
        }
        prop_assert_eq!(other.stage(), Stage::Joined);
        prop_assert!(other.deadlines().is_empty() && tasks::open(&other, &[]).is_empty());
        kept.case.deadlines();

        let taken_apart = |case: &Case| {
            let command = Command::Joins(J::GiveBack { case: other.id, reason: id(57) });
            decide(case, command, &ctx).map(|events| {
                let mut case = case.clone();
                events.iter().for_each(|event| case.apply(event));
                case
            })
        };
        let at_once = taken_apart(&kept.case).expect("nothing has happened since");
        prop_assert_eq!(plain(&at_once), plain(&before));
        let mut reopened = other.clone();
        for event in decide(&other, Command::Joins(J::Reopen), &ctx).expect("it can be opened") {
            reopened.apply(&event);
        }
        prop_assert_eq!(plain(&reopened), plain(&other_before));

        // Whatever happens meanwhile stays, or is the reason why they cannot be taken apart.
        for _ in 0..later {
            go(&mut kept);
        }
        let now = kept.case.clone();
        match taken_apart(&now) {
            Ok(apart) => {
                prop_assert!(live(&apart) <= 1);
                prop_assert!(apart.joins.is_empty());
                for request in &now.requests {
                    let was_theirs = other_before.requests.iter().any(|theirs| theirs.id == request.id);
                    prop_assert_eq!(apart.requests.iter().any(|own| own.id == request.id), !was_theirs);
                }
                apart.deadlines();
            }
            Err(refusal) => prop_assert!(matches!(refusal, Refusal::RequestMovedOn { .. }), "{}", refusal),
        }
    }
}

#[test]
fn records_of_every_kind_are_joined_by_the_walks() {
    // The property above is about something only when records are joined.
    let (mut joined, mut with_request) = (0, 0);
    for seed in 0..60 {
        let kept = walked(seed, 20, 10_000, id(8)).case;
        let other = walked(seed + 1000, 4, 90_000, id(9)).case;
        let names = Box::new((details("Sami", "Okafor"), details("Sami", "Okafor")));
        let asked = other.live_request().is_some();
        let command = Command::Joins(J::TakeIn {
            other: Box::new(other),
            details: names,
            is_one_child: false,
            family: vec![],
            reason: id(57),
        });
        if decide(&kept, command, &context(TODAY)).is_ok() {
            joined += 1;
            with_request += usize::from(asked);
        }
    }
    assert!(joined > 10 && with_request > 5, "{joined} joined, {with_request} with a request");
}
