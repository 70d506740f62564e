//! The same child at every stage of the pathway, made by commands only, and the one `check`.

use casework::advice::report::{Report, SignedAs};
use casework::advice::{self, AdviceKind, Agreement, Ask};
use casework::codes::Need;
use casework::messages::{self, Side};
use casework::notices::{Delivery, Notice, NoticeKind, Recipient};
use casework::people::{self, Relation, Setting};
use casework::placement::{self, Named};
use casework::plans;
use casework::plans::content::{
    AppendedAdvice, BroadArea, Content, NeedLine, OutcomeLine, ProvisionKind, ProvisionLine,
};
use casework::recipients::holds::{self, HeldStop, Why};
use casework::recipients::{Reason, Sending, StopKind};
use casework::requests::{self, AssessmentTest, Channel, Finding, Source};
use casework::reviews::{self, ReviewOutcome};
use casework::{AdviceId, Case, Command, Context, Event, LineId, Refusal, decide};
use jiff::civil::Date;
use uuid::Uuid;

/// The day on which a row is decided, unless it says another.
pub const TODAY: Date = day(2026, 11, 23);
pub const BORN: Date = day(2017, 5, 14);
pub const RECEIVED: Date = day(2026, 6, 1);
pub const TOLD: Date = day(2026, 6, 3);
pub const DECIDED: Date = day(2026, 7, 1);
pub const ASKED: Date = day(2026, 7, 2);
pub const ADVISED: Date = day(2026, 8, 10);
pub const WILL_ISSUE: Date = day(2026, 9, 7);
pub const SAVED: Date = day(2026, 9, 14);
pub const COMMENTS_UNTIL: Date = day(2026, 9, 28);
pub const ISSUED: Date = day(2026, 10, 1);
/// The review meeting.
pub const MET: Date = day(2026, 11, 2);

pub const fn day(year: i16, month: i8, day: i8) -> Date {
    jiff::civil::date(year, month, day)
}

thread_local! {
    static OFFSET: std::cell::Cell<u128> = const { std::cell::Cell::new(0) };
}

/// Makes every [`id`] from now on, in this thread, another child's.
pub fn ids_from(offset: u128) {
    OFFSET.set(offset);
}

/// Ids that a person can read: `id(7)` is `00000000-…-07`.
pub fn id<T: From<Uuid>>(number: u128) -> T {
    fixed(OFFSET.get() + number)
}

/// The id of a team or of someone who signs in: the same for every child.
pub fn fixed<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

pub fn urn(number: u32) -> people::identifiers::Urn {
    number.to_string().parse().expect("six digits make a URN")
}

pub const OFFICER: u128 = 900;
pub const SCHOOL: u32 = 103_001;
pub const OTHER_SCHOOL: u32 = 103_002;

pub fn context(today: Date) -> Context {
    Context { today, actor: Some(fixed(OFFICER)) }
}

/// A command and the day on which it is given.
pub type Step = (Date, Command);

pub fn notice(kind: NoticeKind, sent_on: Date) -> Notice {
    Notice {
        id: id(100 + kind as u128),
        kind,
        carries: kind.required(),
        recipients: kind.recipients(true),
        sent_on,
        delivery: Delivery::Email,
    }
}

pub fn finding(met: bool) -> Finding {
    Finding { met, reasons: id(50) }
}

pub fn test_met(met: bool) -> AssessmentTest {
    AssessmentTest { may_have_needs: finding(true), may_need_plan: finding(met) }
}

pub fn receive_from(source: Source, received_on: Date) -> Command {
    Command::Requests(requests::Command::Receive {
        request: id(1),
        received_on,
        source,
        channel: Channel::Letter,
        account: Some(id(51)),
        receipt: None,
    })
}

pub fn receive() -> Command {
    receive_from(Source::Parent, RECEIVED)
}

/// A message from either side.
pub fn message(number: u128, from: Side) -> Command {
    Command::Messages(messages::Command::Write { message: id(number), from, text: id(56) })
}

/// A send that is held, with one stop of this kind.
pub fn held(number: u128, digest: &str, kind: StopKind) -> Command {
    let stops = vec![HeldStop { kind, words: id(57) }];
    Command::Recipients(holds::Command::Hold {
        hold: id(number),
        sending: Sending::Message,
        digest: digest.into(),
        stops,
    })
}

/// A held send that is let go for this reason.
pub fn released(number: u128, reason: Reason) -> Command {
    let reasons = vec![Why { reason, words: None }];
    Command::Recipients(holds::Command::Release { hold: id(number), reasons })
}

/// A parent says that the language at home is wrong.
pub fn correction(number: u128) -> Command {
    Command::People(people::Command::AskForCorrection {
        correction: id(number),
        field: people::DetailField::HomeLanguage,
        before: id(54),
        after: id(55),
    })
}

/// The compulsory heads of a nine-year-old, each at a team of its own.
pub const COMPULSORY: [AdviceKind; 5] = [
    AdviceKind::Family,
    AdviceKind::Educational,
    AdviceKind::Medical,
    AdviceKind::Psychological,
    AdviceKind::SocialCare,
];

pub fn ask(kind: AdviceKind) -> Ask {
    Ask { id: id(200 + kind as u128), kind, body: fixed(300 + kind as u128) }
}

pub fn ask_all() -> Command {
    Command::Advice(advice::Command::AskAll {
        asks: COMPULSORY.into_iter().map(ask).collect(),
        asked_on: ASKED,
        reached_on: ASKED,
    })
}

pub fn advice_in(kind: AdviceKind) -> Command {
    Command::Advice(advice::Command::Record { advice: ask(kind).id, document: Some(id(60)), text: None, on: ADVISED })
}

pub fn rely(agreement: Agreement) -> Command {
    let ask = ask(AdviceKind::Medical);
    Command::Advice(advice::Command::RelyOnEarlier { ask, agreement, document: Some(id(61)), on: ASKED })
}

pub fn provision(number: u128, text: &str, how_often: &str, how_long: &str) -> ProvisionLine {
    ProvisionLine {
        id: id(number),
        kind: ProvisionKind::Special,
        text: text.into(),
        who: "a therapist".into(),
        how_often: how_often.into(),
        how_long: how_long.into(),
        needs: vec![],
        outcomes: vec![],
        citation: None,
        from: vec![],
    }
}

/// A report of one provision, signed; its line has an id that follows from the adviser's.
pub fn report(advice: AdviceId) -> Report {
    let line = provision(0, "Therapy for the hands", "once a week", "30 minutes");
    Report {
        account: "Tires quickly when writing.".into(),
        lines: Content { provision: vec![ProvisionLine { id: LineId(advice.0), ..line }], ..Content::default() },
        signed_as: Some(SignedAs {
            name: "Bryn Calder".into(),
            post: "Consultant paediatrician".into(),
            registration: String::new(),
        }),
        ..Report::default()
    }
}

/// A plan that every check lets through.
pub fn content() -> Content {
    Content {
        views: "Sami likes drawing and wants to be understood.".into(),
        how_to_involve: "Show pictures.".into(),
        needs: vec![NeedLine {
            id: id(400),
            area: BroadArea::Communication,
            text: "Finds it hard to follow two instructions at once.".into(),
            citation: None,
            from: vec![],
        }],
        outcomes: vec![OutcomeLine {
            id: id(410),
            text: "Sami follows two instructions.".into(),
            by: "By the end of key stage 2".into(),
            from: vec![],
            adulthood: None,
        }],
        provision: vec![ProvisionLine {
            id: id(420),
            kind: ProvisionKind::Special,
            text: "Speech and language therapy in a group of three.".into(),
            who: "a speech and language therapist".into(),
            how_often: "twice a week".into(),
            how_long: "30 minutes".into(),
            needs: vec![id(400)],
            outcomes: vec![id(410)],
            citation: None,
            from: vec![],
        }],
        advice: vec![AppendedAdvice {
            kind: "Educational advice".into(),
            from: "Hollin Bank Primary".into(),
            dated: "10 August 2026".into(),
        }],
        ..Content::default()
    }
}

pub fn content_with_health() -> Content {
    let mut content = content();
    content.provision.push(ProvisionLine {
        id: id(421),
        kind: ProvisionKind::Health,
        text: "Asthma care plan.".into(),
        who: "a school nurse".into(),
        how_often: "once a term".into(),
        how_long: "one hour".into(),
        needs: vec![],
        outcomes: vec![],
        citation: None,
        from: vec![],
    });
    content
}

pub fn save(version: u128, fingerprint: &str) -> Command {
    Command::Plans(plans::Command::SaveDraft {
        version: id(version),
        content: Box::new(content()),
        fingerprint: fingerprint.into(),
    })
}

pub fn serve() -> Command {
    Command::Plans(plans::Command::ServeDraft {
        version: id(500),
        content: Box::new(content()),
        notice: notice(NoticeKind::DraftPlan, SAVED),
    })
}

pub fn name(named: Named) -> Command {
    Command::Placement(placement::Command::Name { named, refusing: None, on: SAVED })
}

pub fn at(number: u32) -> Named {
    Named::Institution { urn: urn(number) }
}

pub fn comment(number: u128) -> Command {
    Command::Plans(plans::Command::RecordRepresentation {
        representation: id(number),
        line: Some(id(420)),
        text: id(52),
        on: day(2026, 9, 20),
    })
}

pub fn answer(number: u128, accepted: bool) -> Command {
    Command::Plans(plans::Command::AnswerRepresentation {
        representation: id(number),
        accepted,
        reasons: id(53),
        on: day(2026, 9, 25),
    })
}

/// What [`issue_with`] may vary.
pub struct Final {
    pub version: u128,
    pub fingerprint: &'static str,
    pub content: Content,
    pub notice: Notice,
    pub reports: Vec<(AdviceId, Report)>,
    pub early: bool,
}

impl Default for Final {
    fn default() -> Final {
        Final {
            version: 500,
            fingerprint: "first",
            content: content(),
            notice: notice(NoticeKind::FinalPlan, ISSUED),
            reports: vec![],
            early: false,
        }
    }
}

pub fn issue_with(plan: Final) -> Command {
    Command::Plans(plans::Command::IssueFinal {
        plan: id(2),
        version: id(plan.version),
        content: Box::new(plan.content),
        fingerprint: plan.fingerprint.into(),
        notice: plan.notice,
        reports: plan.reports,
        family_agreed_early: plan.early,
    })
}

pub fn issue() -> Command {
    issue_with(Final::default())
}

pub fn arrange() -> Command {
    Command::Reviews(reviews::Command::Arrange { review: id(3), meeting_on: day(2026, 11, 30) })
}

pub fn meet(review: u128, on: Date) -> Command {
    Command::Reviews(reviews::Command::RecordMeeting { review: id(review), on })
}

/// How far along the pathway a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    Nothing,
    Open,
    Received,
    Told,
    Assessing,
    Asked,
    Advised,
    Drafting,
    Saved,
    Served,
    Named,
    InForce,
    Amending,
    ChangesSent,
}

/// Every step up to a stage, for Sami: nine, at Hollin Bank Primary.
pub fn steps(until: Stop) -> Vec<Step> {
    let mut steps: Vec<(Stop, Date, Command)> = vec![
        (Stop::Open, RECEIVED, Command::People(people::Command::OpenRecord { person: id(10), born_on: BORN })),
        (
            Stop::Open,
            RECEIVED,
            Command::People(people::Command::JoinSetting {
                placement: id(20),
                setting: Setting::Establishment(urn(SCHOOL)),
                from: day(2021, 9, 1),
            }),
        ),
        (Stop::Received, RECEIVED, receive()),
        (
            Stop::Told,
            TOLD,
            Command::Requests(requests::Command::TellConsidering {
                notice: notice(NoticeKind::ConsideringAssessment, TOLD),
            }),
        ),
        (
            Stop::Assessing,
            DECIDED,
            Command::Requests(requests::Command::DecideToAssess {
                test: test_met(true),
                notice: notice(NoticeKind::WillAssess, DECIDED),
            }),
        ),
        (Stop::Asked, ASKED, ask_all()),
    ];
    steps.extend(COMPULSORY.into_iter().map(|kind| (Stop::Advised, ADVISED, advice_in(kind))));
    steps.extend([
        (Stop::Drafting, WILL_ISSUE, Command::Plans(plans::Command::DecideToIssue { on: WILL_ISSUE })),
        (Stop::Saved, SAVED, save(500, "first")),
        (Stop::Served, SAVED, serve()),
        (Stop::Named, SAVED, name(at(SCHOOL))),
        (Stop::InForce, ISSUED, issue()),
        (Stop::Amending, MET, meet(3, MET)),
        (
            Stop::Amending,
            TODAY,
            Command::Reviews(reviews::Command::Decide { review: id(3), outcome: ReviewOutcome::Amend, on: TODAY }),
        ),
        (Stop::ChangesSent, TODAY, Command::Reviews(reviews::Command::SendChanges { review: id(3), on: TODAY })),
    ]);
    steps.into_iter().filter(|(stop, ..)| *stop <= until).map(|(_, on, command)| (on, command)).collect()
}

pub fn advise(command: advice::Command) -> Command {
    Command::Advice(command)
}

pub fn write_report(kind: AdviceKind, version: u128) -> Command {
    advise(advice::Command::Write { advice: ask(kind).id, version: id(version), fingerprint: format!("f{version}") })
}

pub fn sign_report(kind: AdviceKind, version: u128) -> Command {
    let report = Box::new(report(ask(kind).id));
    advise(advice::Command::Sign { advice: ask(kind).id, version: id(version), report, why: None })
}

/// As [`steps`] up to the draft and further, with the medical advice written and signed here.
pub fn signed_steps(until: Stop) -> Vec<Step> {
    let mut all = Vec::new();
    for (on, command) in steps(until) {
        if command == advice_in(AdviceKind::Medical) {
            all.push((on, write_report(AdviceKind::Medical, 700)));
            all.push((on, sign_report(AdviceKind::Medical, 700)));
        } else {
            all.push((on, command));
        }
    }
    all
}

/// The case after these steps, each of which has to be allowed, with all that happened.
pub fn after(steps: &[Step]) -> (Case, Vec<Event>) {
    let mut case = Case::new(id(7), id(8));
    let mut events = Vec::new();
    for (on, command) in steps {
        let said = format!("{command:?}");
        let happened = decide(&case, command.clone(), &context(*on))
            .unwrap_or_else(|refusal| panic!("a given step was refused: {refusal}\n{said}"));
        for event in happened {
            case.apply(&event);
            events.push(event);
        }
    }
    (case, events)
}

/// What a row expects.
#[derive(Debug, Clone)]
pub enum Then {
    /// The names of the events, in order.
    Happens(&'static [&'static str]),
    Refused(Refusal),
}

/// One decision as data.
#[derive(Debug, Clone)]
pub struct Row {
    pub what: &'static str,
    pub given: Vec<Step>,
    pub on: Date,
    pub when: Command,
    pub then: Then,
}

pub fn row(what: &'static str, given: Vec<Step>, when: Command, then: Then) -> Row {
    Row { what, given, on: TODAY, when, then }
}

/// Given these events, when this command, then these events or this refusal; and whichever it is,
/// replaying the journal gives the same case.
pub fn check(row: &Row) -> Vec<Event> {
    let (case, mut journal) = after(&row.given);
    let before = case.clone();
    let outcome = decide(&case, row.when.clone(), &context(row.on));
    assert_eq!(case, before, "{}: deciding changes nothing", row.what);
    match (&row.then, outcome) {
        (Then::Happens(names), Ok(events)) => {
            let happened: Vec<String> = events.iter().map(Event::name).collect();
            assert_eq!(&happened, names, "{}", row.what);
            let mut now = case;
            events.iter().for_each(|event| now.apply(event));
            journal.extend(events.iter().cloned());
            assert_eq!(Case::fold(now.authority, now.id, &journal), now, "{}", row.what);
            events
        }
        (Then::Refused(expected), Err(refusal)) => {
            assert_eq!(*expected, refusal, "{}", row.what);
            vec![]
        }
        (expected, outcome) => panic!("{}: expected {expected:?}, got {outcome:?}", row.what),
    }
}

pub fn needs(primary: Need) -> Command {
    Command::People(people::Command::RecordNeeds { primary, secondary: None })
}

pub fn contact() -> Command {
    Command::People(people::Command::AddContact { person: id(11), relation: Relation::Mother })
}

/// Steps and one more.
pub fn and(mut given: Vec<Step>, on: Date, command: Command) -> Vec<Step> {
    given.push((on, command));
    given
}

/// A notice that goes to nobody at the school.
pub fn without(mut notice: Notice, who: Recipient) -> Notice {
    notice.recipients.remove(&who);
    notice
}
