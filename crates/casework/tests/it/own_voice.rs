//! The child's own voice and the young person's own rights: who may say it, who may read it, and
//! from which day the rights are whose.

use crate::given::*;
use casework::access::{Action, Actor, Resource, Role, may};
use casework::own_voice::{self, Audience, Maker, Media, MediaKind, Part, Reader, Saying, Symbol};
use casework::people;
use casework::requests::Source;
use casework::rights::{self, Acting, Assessment, Decision, Finding, Holder, Representative, Shared};
use casework::tasks::{self, TaskKind};
use casework::{Case, Command, Refusal, UserId};
use jiff::civil::Date;
use strum::IntoEnumIterator;

/// Rights since Saturday 28 June 2025.
pub const OF_AGE: Date = day(2009, 8, 12);
/// Rights from Saturday 26 June 2027.
const IN_YEAR_11: Date = day(2010, 10, 1);

/// Someone born on this day, whose mother reads along.
pub fn born(on: Date) -> Vec<Step> {
    vec![
        (RECEIVED, Command::People(people::Command::OpenRecord { person: id(10), born_on: on })),
        (RECEIVED, Command::People(people::Command::LetFamilyIn { user: id(950) })),
        (RECEIVED, Command::People(people::Command::LetFamilyIn { user: id(951) })),
    ]
}

pub fn says(audience: Audience, maker: Maker) -> Saying {
    let media = [(70, MediaKind::Picture), (71, MediaKind::Film)];
    Saying {
        part: Part::Like,
        words: Some(id(57)),
        symbols: vec![Symbol::Music],
        media: media.map(|(number, kind)| Media { document: id(number), kind }).to_vec(),
        audience,
        maker,
        helped_by: None,
    }
}

pub fn save(says: Saying, seen: Option<u32>) -> Command {
    Command::OwnVoice(own_voice::Command::Save { says, seen })
}

fn own(audience: Audience) -> Command {
    save(says(audience, Maker::Own), None)
}

pub fn share(kept: &[Shared]) -> Command {
    Command::Rights(rights::Command::Share { kept: kept.to_vec() })
}

fn object(number: u128) -> Command {
    Command::OwnVoice(own_voice::Command::Object { objection: id(number), outcome: id(410), why: id(58) })
}

fn answer_objection(on: Date) -> Command {
    let command = own_voice::Command::AnswerObjection { objection: id(80), accepted: true, reasons: id(59), on };
    Command::OwnVoice(command)
}

fn assess(number: u128, decision: Decision, finding: Finding, representative: Option<UserId>) -> Command {
    let representative = representative.map(|user| Representative { name: id(53), user: Some(user) });
    let assessment =
        Assessment { id: id(number), decision, on: TODAY, assessor: id(50), finding, reasons: id(51), representative };
    Command::Rights(rights::Command::Assess { assessment })
}

fn talk(on: Date) -> Command {
    Command::Rights(rights::Command::RecordTalk { on })
}

const PROMPT: Command = Command::Rights(rights::Command::Prompt);

fn asked_for(born_on: Date) -> Vec<Step> {
    and(born(born_on), RECEIVED, receive_from(Source::Parent, RECEIVED))
}

fn on(day: Date, row: Row) -> Row {
    Row { on: day, ..row }
}

pub fn rows() -> Vec<Row> {
    let happens = |what, given, when, names| row(what, given, when, Then::Happens(names));
    let said = || and(born(OF_AGE), RECEIVED, own(Audience::Everyone));
    let not_able = || assess(90, Decision::Plan, Finding::NotAble, None);
    vec![
        happens("a child says what they like", born(BORN), own(Audience::Officer), &["own_voice.saved"]),
        happens(
            "a parent helps a child to write",
            born(BORN),
            save(says(Audience::Everyone, Maker::WithParent), None),
            &["own_voice.saved"],
        ),
        happens(
            "a parent helps where somebody acts for the young person",
            and(born(OF_AGE), TODAY, not_able()),
            save(says(Audience::Everyone, Maker::WithParent), None),
            &["own_voice.saved"],
        ),
        happens(
            "a part is saved again",
            said(),
            save(says(Audience::NotParents, Maker::Own), Some(1)),
            &["own_voice.saved"],
        ),
        happens(
            "three stars",
            said(),
            Command::OwnVoice(own_voice::Command::Star { parts: vec![Part::Like, Part::Hopes, Part::Talk] }),
            &["own_voice.starred"],
        ),
        happens("not what I want", steps(Stop::InForce), object(80), &["own_voice.objected"]),
        happens("said twice", and(steps(Stop::InForce), TODAY, object(80)), object(81), &[]),
        happens(
            "a mind is changed",
            and(steps(Stop::InForce), TODAY, object(80)),
            Command::OwnVoice(own_voice::Command::TakeBack { objection: id(80) }),
            &["own_voice.taken_back"],
        ),
        happens(
            "it is answered",
            and(steps(Stop::InForce), TODAY, object(80)),
            answer_objection(TODAY),
            &["own_voice.objection_answered"],
        ),
        happens(
            "the final plan goes out when it is answered",
            and(and(steps(Stop::Named), SAVED, object(80)), ISSUED, answer_objection(ISSUED)),
            issue(),
            &["plans.final_plan_issued", "requests.notice_sent"],
        ),
        happens("the video is kept from parents", born(OF_AGE), share(&[Shared::Recordings]), &["rights.shared"]),
        happens(
            "kept as it was",
            and(born(OF_AGE), TODAY, share(&[Shared::Recordings])),
            share(&[Shared::Recordings, Shared::Recordings]),
            &[],
        ),
        on(day(2027, 4, 2), happens("a term before", asked_for(IN_YEAR_11), PROMPT, &["rights.prompted"])),
        on(day(2027, 4, 1), happens("a day too early", asked_for(IN_YEAR_11), PROMPT, &[])),
        on(day(2027, 6, 26), happens("the rights have passed", asked_for(IN_YEAR_11), PROMPT, &[])),
        on(day(2027, 5, 1), happens("nobody works with them", born(IN_YEAR_11), PROMPT, &[])),
        on(day(2027, 4, 3), happens("told once", and(asked_for(IN_YEAR_11), day(2027, 4, 2), PROMPT), PROMPT, &[])),
        happens("the talk was held", born(IN_YEAR_11), talk(TODAY), &["rights.talked"]),
        happens("capacity was assessed", born(OF_AGE), not_able(), &["rights.assessed"]),
        happens("recorded twice", and(born(OF_AGE), TODAY, not_able()), not_able(), &[]),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    let star = |parts: Vec<Part>| Command::OwnVoice(own_voice::Command::Star { parts });
    let with_parent = || save(says(Audience::Everyone, Maker::WithParent), Some(1));
    vec![
        refused("words of nobody", vec![], own(Audience::Everyone), Refusal::RecordNotOpen),
        refused("rights of nobody", vec![], share(&[]), Refusal::RecordNotOpen),
        refused("a parent writes for Jordan", born(OF_AGE), with_parent(), Refusal::YoungPersonDecides),
        refused(
            "a parent writes over what is private",
            and(born(BORN), TODAY, own(Audience::Officer)),
            with_parent(),
            Refusal::PartIsPrivate,
        ),
        refused(
            "a school writes what parents may not read",
            born(BORN),
            save(says(Audience::NotParents, Maker::WithSchool), None),
            Refusal::PartIsPrivate,
        ),
        refused(
            "the part was saved meanwhile",
            and(born(BORN), RECEIVED, own(Audience::Everyone)),
            own(Audience::Everyone),
            Refusal::PartChanged { on: RECEIVED },
        ),
        refused("four stars", born(BORN), star(Part::iter().take(4).collect()), Refusal::TooManyStars),
        refused(
            "an answer to nobody",
            steps(Stop::InForce),
            answer_objection(TODAY),
            Refusal::NotOnRecord { what: "outcome that is not wanted" },
        ),
        refused(
            "answered twice",
            and(and(steps(Stop::InForce), TODAY, object(80)), TODAY, answer_objection(TODAY)),
            answer_objection(TODAY),
            Refusal::AlreadyAnswered { on: TODAY },
        ),
        refused(
            "answered before it was said",
            and(steps(Stop::InForce), TODAY, object(80)),
            answer_objection(RECEIVED),
            Refusal::OutOfOrder { earlier: TODAY, later: RECEIVED },
        ),
        refused(
            "a final plan before the answer",
            and(steps(Stop::Named), SAVED, object(80)),
            issue(),
            Refusal::NotWantedUnanswered { count: 1 },
        ),
        on(
            day(2026, 12, 9),
            refused(
                "an amended plan before the answer",
                and(steps(Stop::ChangesSent), TODAY, object(80)),
                Command::Reviews(casework::reviews::Command::FinishAmendment {
                    review: id(3),
                    amended: true,
                    on: day(2026, 12, 9),
                }),
                Refusal::NotWantedUnanswered { count: 1 },
            ),
        ),
        refused(
            "a child of nine keeps the plan from parents",
            born(BORN),
            share(&[Shared::Plan]),
            Refusal::RightsNotPassed { from: law::calendar::rights_pass_on(BORN) },
        ),
        refused(
            "capacity of a child of nine",
            born(BORN),
            assess(90, Decision::Plan, Finding::NotAble, None),
            Refusal::TooYoungToAssess { from: day(2033, 5, 14) },
        ),
        refused(
            "a representative whom nobody knows",
            born(OF_AGE),
            assess(90, Decision::Plan, Finding::NotAble, Some(id(959))),
            Refusal::NotOnRecord { what: "account of the family" },
        ),
        refused(
            "a talk that is to come",
            born(OF_AGE),
            talk(day(2026, 11, 24)),
            Refusal::InTheFuture { date: day(2026, 11, 24) },
        ),
    ]
}

fn case_after(given: Vec<Step>) -> Case {
    after(&given).0
}

fn allowed(case: &Case, user: u128, role: Role, action: Action) -> bool {
    let actor = Actor { user: id(user), authority: case.authority, role, setting: None, body: None };
    may(&actor, action, &Resource::Case(&case.relations())).is_allowed()
}

#[test]
fn the_rights_pass_on_a_saturday_after_the_last_friday_of_june() {
    for year in 1998..2024 {
        for ordinal in 0..366 {
            let born_on = law::calendar::days(day(year, 1, 1), ordinal);
            let case = case_after(vec![(
                day(2026, 11, 23),
                Command::People(people::Command::OpenRecord { person: id(10), born_on }),
            )]);
            let from = rights::pass_on(&case).expect("a birth date is known");
            let before = law::calendar::days(from, -1);
            assert_eq!(from.weekday(), jiff::civil::Weekday::Saturday, "{born_on}");
            assert!(from.month() == 6 || (from.month() == 7 && from.day() == 1), "{born_on}: {from}");
            // The school year in which they turn 16: the youngest are not 16 yet on that day.
            assert_eq!(
                law::calendar::school_year(from),
                law::calendar::school_year(law::calendar::birthday(born_on, 16))
            );
            assert_eq!(rights::holder(&case, before), Some(Holder::Parents), "{born_on}");
            assert_eq!(rights::holder(&case, from), Some(Holder::YoungPerson), "{born_on}");
            assert_eq!(law::calendar::days(law::calendar::rights_prompt_on(born_on), 85), from, "{born_on}");
        }
    }
}

#[test]
fn a_part_is_read_by_those_it_is_for_and_what_is_private_now_was_meant_to_be_so_before() {
    use Reader::{Meeting, Officer, Parent, Staff, Themself};
    let readers = [Themself, Parent, Officer, Staff, Meeting];
    for (audience, who) in [
        (Audience::Everyone, [true; 5]),
        (Audience::NotParents, [true, false, true, true, false]),
        (Audience::Officer, [true, false, true, false, false]),
    ] {
        let given = and(born(OF_AGE), RECEIVED, own(Audience::Everyone));
        let case = case_after(and(given, TODAY, save(says(audience, Maker::Own), Some(1))));
        for entry in &case.own_voice.entries {
            assert_eq!(readers.map(|reader| own_voice::may_read(&case, entry, reader)), who, "{audience}");
        }
        // And the other way round: what was private stays so when the part is opened later.
        let given = and(born(OF_AGE), RECEIVED, own(audience));
        let case = case_after(and(given, TODAY, save(says(Audience::Everyone, Maker::Own), Some(1))));
        assert_eq!(readers.map(|reader| own_voice::may_read(&case, &case.own_voice.entries[0], reader)), who);
    }
}

#[test]
fn mum_can_see_the_plan_but_not_the_video() {
    let given = and(born(OF_AGE), RECEIVED, own(Audience::Everyone));
    let open = case_after(given.clone());
    let (picture, film) = (id(70), id(71));
    assert!(own_voice::may_open(&open, film, Reader::Parent));
    let case = case_after(and(given.clone(), TODAY, share(&[Shared::Recordings])));
    for (reader, may_film) in
        [(Reader::Themself, true), (Reader::Parent, false), (Reader::Staff, true), (Reader::Meeting, false)]
    {
        assert!(own_voice::may_open(&case, picture, reader), "{reader:?}");
        assert_eq!(own_voice::may_open(&case, film, reader), may_film, "{reader:?}");
    }
    assert!(allowed(&case, 950, Role::Parent, Action::SeeOwnRecord));
    assert!(!own_voice::may_open(&case, id(72), Reader::Themself), "what nobody made is not there");
    let case = case_after(and(given, TODAY, share(&[Shared::AboutMe])));
    assert!(!own_voice::may_open(&case, picture, Reader::Parent));
    assert!(!allowed(&case, 950, Role::Parent, Action::SeeAboutMe));
    assert!(allowed(&case, 951, Role::YoungPerson, Action::SeeAboutMe));
}

#[test]
fn each_kind_that_is_kept_is_kept_and_the_rest_is_open() {
    let kinds = [
        (Shared::Plan, vec![Action::SeeOwnRecord, Action::AskForCorrection]),
        (Shared::Messages, vec![Action::WriteMessage]),
        (Shared::AboutMe, vec![Action::SeeAboutMe, Action::WriteAboutMe]),
        (Shared::Recordings, vec![]),
    ];
    let all: Vec<Action> = kinds.iter().flat_map(|(_, actions)| actions.clone()).collect();
    for (kept, closed) in kinds {
        let case = case_after(and(born(OF_AGE), TODAY, share(&[kept])));
        for action in &all {
            assert_eq!(allowed(&case, 950, Role::Parent, *action), !closed.contains(action), "{kept}: {action}");
            assert!(allowed(&case, 951, Role::YoungPerson, *action), "{kept}: {action}");
        }
        assert!(allowed(&case, 950, Role::Parent, Action::SeeOwnChild), "that there is a record stays known");
    }
}

#[test]
fn who_acts_sees_what_the_decision_is_about_and_nothing_private() {
    let kept = [Shared::Plan, Shared::Messages, Shared::AboutMe, Shared::Recordings];
    let given = || {
        let given = and(born(OF_AGE), RECEIVED, own(Audience::Everyone));
        and(given, TODAY, share(&kept))
    };
    let may_set = |case: &Case, user, role| allowed(case, user, role, Action::SetSharing);
    let case = case_after(given());
    assert!(may_set(&case, 951, Role::YoungPerson) && !may_set(&case, 950, Role::Parent), "it is assumed they can");

    // Not able to decide about the plan: the parents act, and see it. Who sees what stays theirs.
    let case = case_after(and(given(), TODAY, assess(90, Decision::Plan, Finding::NotAble, None)));
    assert_eq!(rights::acting(&case, Decision::Plan), Some(Acting::Parents));
    for action in [Action::SeeOwnRecord, Action::AskForCorrection, Action::WriteMessage] {
        assert!(allowed(&case, 950, Role::Parent, action), "{action}");
    }
    assert!(!allowed(&case, 950, Role::Parent, Action::SeeAboutMe));
    assert!(!own_voice::may_open(&case, id(70), Reader::Parent));
    assert!(may_set(&case, 951, Role::YoungPerson) && !may_set(&case, 950, Role::Parent));

    // A representative acts and the other parent does not.
    let somebody = Some(id(950));
    let case = case_after(and(given(), TODAY, assess(90, Decision::Sharing, Finding::NotAble, somebody)));
    assert!(may_set(&case, 950, Role::Parent) && !may_set(&case, 951, Role::YoungPerson));
    let case = case_after(and(given(), TODAY, assess(90, Decision::Plan, Finding::NotAble, Some(id(951)))));
    assert!(!allowed(&case, 950, Role::Parent, Action::SeeOwnRecord));
    assert!(allowed(&case, 951, Role::Parent, Action::SeeOwnRecord));

    // A later assessment of the same decision ends it.
    let steps = and(given(), TODAY, assess(90, Decision::Plan, Finding::NotAble, None));
    let case = case_after(and(steps, TODAY, assess(91, Decision::Plan, Finding::Able, None)));
    assert!(!allowed(&case, 950, Role::Parent, Action::SeeOwnRecord));
}

#[test]
fn a_birth_date_that_was_wrong_takes_back_what_was_set_under_it() {
    let younger = people::Command::CorrectDetails {
        fields: vec![people::DetailField::BirthDate],
        born_on: Some(day(2012, 8, 12)),
    };
    let given = and(born(OF_AGE), TODAY, share(&[Shared::Plan]));
    let case = case_after(and(given, TODAY, Command::People(younger)));
    assert!(rights::kept_from_parents(&case).is_empty());
    assert!(allowed(&case, 950, Role::Parent, Action::SeeOwnRecord));
}

#[test]
fn what_was_set_too_early_can_be_said_again_when_it_counts() {
    let corrected = |born_on| {
        Command::People(people::Command::CorrectDetails {
            fields: vec![people::DetailField::BirthDate],
            born_on: Some(born_on),
        })
    };
    let mut given = and(born(OF_AGE), TODAY, share(&[Shared::Plan]));
    // Younger than was thought: the setting says nothing until the day on which it is made again.
    given = and(given, TODAY, corrected(day(2010, 8, 12)));
    let passed = day(2028, 1, 10);
    given = and(given, passed, share(&[Shared::Plan]));
    let case = case_after(given);
    assert_eq!(rights::kept_from_parents(&case), [Shared::Plan]);
}

#[test]
fn the_assessment_made_last_counts_and_not_the_one_recorded_last() {
    let on = |number, finding, on| {
        let Command::Rights(rights::Command::Assess { assessment }) = assess(number, Decision::Plan, finding, None)
        else {
            unreachable!("it assesses")
        };
        Command::Rights(rights::Command::Assess { assessment: Assessment { on, ..assessment } })
    };
    let (march, june) = (day(2026, 3, 2), day(2026, 6, 1));
    let given = and(born(OF_AGE), TODAY, on(91, Finding::Able, june));
    let case = case_after(and(given, TODAY, on(92, Finding::NotAble, march)));
    assert_eq!(rights::acting(&case, Decision::Plan), None);
}

#[test]
fn what_is_to_be_answered_or_talked_about_is_a_task_until_it_is() {
    let kinds = |case: &Case| -> Vec<TaskKind> {
        tasks::open(case, &case.deadlines()).into_iter().map(|task| task.kind).collect()
    };
    let objected = and(steps(Stop::InForce), TODAY, object(80));
    assert!(kinds(&case_after(objected.clone())).contains(&TaskKind::AnswerNotWanted));
    assert!(!kinds(&case_after(and(objected, TODAY, answer_objection(TODAY)))).contains(&TaskKind::AnswerNotWanted));
    let prompted = and(asked_for(IN_YEAR_11), day(2027, 4, 2), PROMPT);
    let task = tasks::open(&case_after(prompted.clone()), &[])
        .into_iter()
        .find(|task| task.kind == TaskKind::TalkAboutRights)
        .expect("there is something to talk about");
    assert_eq!(task.due_on, Some(day(2027, 6, 26)));
    let talked = case_after(and(prompted, day(2027, 4, 20), talk(day(2027, 4, 19))));
    assert!(!kinds(&talked).contains(&TaskKind::TalkAboutRights));
    let rule = law::RuleId::CapacityConversationTermBefore;
    let met = talked.deadlines().iter().find(|deadline| deadline.rule == rule).and_then(|deadline| deadline.met_on);
    assert_eq!(met, Some(day(2027, 4, 19)), "the clock knows that the talk was held");
}
