//! Professionals whom a family asks for advice itself, and finished reports that it hands in.

use crate::given::*;
use casework::access::{Action, Actor, Resource, Role, may};
use casework::advice::report::{Report, SignedAs};
use casework::advice::{self, AdviceKind};
use casework::independents::{self, INVITATION_DAYS, SHARED_MAX, WAITING_MAX};
use casework::messages::Side;
use casework::papers::{self, NewPaper, PaperKind};
use casework::people;
use casework::plans::content::{Citation, Content, ProvisionLine};
use casework::receipts::{Fingerprint, ReceiptNumber};
use casework::recordings;
use casework::requests::Source;
use casework::visits::{self, Arranged};
use casework::{Case, Command, DocumentId, Refusal, UserId, decide};
use jiff::civil::{Date, time};

/// The professional, and the advice that their invitation becomes.
const ROE: u128 = 940;
const ADVICE: u128 = 230;

fn i(command: independents::Command) -> Command {
    Command::Independents(command)
}

fn papers_sent() -> Command {
    let paper = |number| NewPaper {
        document: id(number),
        fingerprint: Fingerprint::of([1; 32]),
        kind: PaperKind::Report,
        dated: None,
    };
    let receipt = ReceiptNumber { year: 2026, number: 9 };
    Command::Papers(papers::Command::Add { papers: vec![paper(70), paper(71)], from: Side::Family, receipt })
}

fn sent(until: Stop) -> Vec<Step> {
    and(steps(until), TODAY, papers_sent())
}

fn invite_as(number: u128, shared: &[u128], as_parent: bool) -> Command {
    i(independents::Command::Invite {
        advice: id(number),
        body: fixed(number + 500),
        question: id(52),
        shared: shared.iter().map(|number| id(*number)).collect(),
        as_parent,
    })
}

fn invite(number: u128) -> Command {
    invite_as(number, &[70], true)
}

fn accept() -> Command {
    i(independents::Command::Accept { advice: id(ADVICE), user: fixed(ROE) })
}

fn withdraw() -> Command {
    i(independents::Command::Withdraw { advice: id(ADVICE), as_parent: true })
}

fn share(shared: &[u128]) -> Command {
    let shared = shared.iter().map(|number| id(*number)).collect();
    i(independents::Command::Share { advice: id(ADVICE), shared, as_parent: true })
}

fn hand_in(number: u128, dated: Date) -> Command {
    let (author, profession) = (id(53), id(54));
    i(independents::Command::HandIn { document: id(number), author, profession, dated, as_parent: true })
}

fn take_up() -> Command {
    i(independents::Command::TakeUp { document: id(71), advice: id(ADVICE), body: fixed(731) })
}

fn invited() -> Vec<Step> {
    and(sent(Stop::Asked), TODAY, invite(ADVICE))
}

fn accepted() -> Vec<Step> {
    and(invited(), TODAY, accept())
}

fn handed_in() -> Vec<Step> {
    and(sent(Stop::Asked), TODAY, hand_in(71, RECEIVED))
}

fn visit(number: u128, on: Date) -> Command {
    let arranged = Arranged { on, at: time(9, 30, 0, 0), place: id(55), who: id(56) };
    Command::Visits(visits::Command::Book { visit: id(number), advice: id(ADVICE), arranged })
}

fn film() -> Command {
    Command::Recordings(recordings::Command::Keep { advice: id(ADVICE), document: id(97) })
}

fn write() -> Command {
    advise(advice::Command::Write { advice: id(ADVICE), version: id(710), fingerprint: "f710".into() })
}

/// A report of one provision, on this page or on none.
fn page_of(page: Option<u32>) -> Report {
    let line = provision(410, "Speech therapy", "twice a week", "40 minutes");
    let citation = Some(Citation { report: "Report.pdf".into(), page });
    let signed_as = SignedAs { name: "Jane Roe".into(), post: "Therapist".into(), registration: String::new() };
    Report {
        lines: Content { provision: vec![ProvisionLine { citation, ..line }], ..Content::default() },
        signed_as: Some(signed_as),
        ..Report::default()
    }
}

fn sign(page: Option<u32>) -> Command {
    let report = Box::new(page_of(page));
    advise(advice::Command::Sign { advice: id(ADVICE), version: id(710), report, why: None })
}

fn signed() -> Vec<Step> {
    and(and(accepted(), TODAY, write()), TODAY, sign(None))
}

fn entering() -> Vec<Step> {
    and(and(handed_in(), TODAY, take_up()), TODAY, write())
}

/// Jordan, whose rights have passed, being assessed.
fn of_age(until: Stop) -> Vec<Step> {
    let mut given = steps(until);
    given[0].1 = Command::People(people::Command::OpenRecord { person: id(10), born_on: day(2009, 5, 14) });
    for (_, command) in &mut given {
        if *command == receive() {
            *command = receive_from(Source::Parent, RECEIVED);
        }
    }
    given
}

pub fn rows() -> Vec<Row> {
    let happens = |what, given, when, names: &'static [&'static str]| row(what, given, when, Then::Happens(names));
    vec![
        happens("a parent invites a therapist", sent(Stop::Asked), invite(ADVICE), &["independents.invited"]),
        happens(
            "a parent invites somebody while the draft is written",
            sent(Stop::Drafting),
            invite(ADVICE),
            &["independents.invited"],
        ),
        happens("an invitation is sent twice", invited(), invite(ADVICE), &[]),
        happens(
            "a young person whose rights have passed invites somebody",
            of_age(Stop::Assessing),
            invite_as(ADVICE, &[], false),
            &["independents.invited"],
        ),
        happens(
            "the therapist takes it up: their six weeks begin",
            invited(),
            accept(),
            &["independents.accepted", "advice.asked"],
        ),
        happens("it is taken up twice", accepted(), accept(), &[]),
        happens("the family takes it back", invited(), withdraw(), &["independents.withdrawn"]),
        happens("it is taken back after it was taken up", accepted(), withdraw(), &["independents.withdrawn"]),
        happens(
            "it is taken back when a visit was booked: nobody comes",
            and(and(accepted(), TODAY, visit(85, law::calendar::days(TODAY, 5))), TODAY, visit(86, TODAY)),
            withdraw(),
            &["independents.withdrawn", "visits.cancelled", "visits.cancelled"],
        ),
        happens(
            "it is taken back when a film was kept for it: nobody opens it any more",
            and(accepted(), TODAY, film()),
            withdraw(),
            &["independents.withdrawn", "recordings.removed"],
        ),
        happens("it is taken back twice", and(invited(), TODAY, withdraw()), withdraw(), &[]),
        happens("other papers are shown", accepted(), share(&[71, 70, 71]), &["independents.shared"]),
        happens("the same papers are shown", accepted(), share(&[70]), &[]),
        happens(
            "what the therapist signs is signed like all advice",
            and(accepted(), TODAY, write()),
            sign(None),
            &["advice.signed", "advice.replied"],
        ),
        happens(
            "a finished report is handed in before anything is decided",
            sent(Stop::Received),
            hand_in(71, RECEIVED),
            &["independents.handed_in"],
        ),
        happens("it is handed in twice", handed_in(), hand_in(71, RECEIVED), &[]),
        happens(
            "the officer begins to enter its lines",
            handed_in(),
            take_up(),
            &["independents.taken_up", "advice.asked"],
        ),
        happens("every line names its page", entering(), sign(Some(4)), &["advice.signed", "advice.replied"]),
    ]
}

pub fn refused_rows() -> Vec<Row> {
    let refused = |what, given, when, refusal| row(what, given, when, Then::Refused(refusal));
    let over = |until| Refusal::InvitationOver { until };
    let many = (0..WAITING_MAX as u128).fold(sent(Stop::Asked), |given, more| and(given, TODAY, invite(240 + more)));
    let late = law::calendar::days(TODAY, INVITATION_DAYS + 1);
    vec![
        refused("before the decision to assess", sent(Stop::Told), invite(ADVICE), Refusal::NotDecidedYet),
        refused("without a request", sent(Stop::Open), invite(ADVICE), Refusal::NoOpenRequest),
        refused("on no record", vec![], invite(ADVICE), Refusal::RecordNotOpen),
        refused(
            "a parent, once the rights have passed",
            of_age(Stop::Assessing),
            invite_as(ADVICE, &[], true),
            Refusal::YoungPersonAsks,
        ),
        refused(
            "under the id of advice that the council asked for",
            sent(Stop::Asked),
            invite_as(200 + AdviceKind::Psychological as u128, &[], true),
            Refusal::AdviceAlreadyAsked,
        ),
        refused("too many wait", many, invite(ADVICE), Refusal::TooManyInvitations { most: WAITING_MAX }),
        refused(
            "a paper that is not on this record",
            sent(Stop::Asked),
            invite_as(ADVICE, &[79], true),
            Refusal::NotOnRecord { what: "paper" },
        ),
        refused(
            "more papers than anyone reads",
            sent(Stop::Asked),
            invite_as(ADVICE, &[70; SHARED_MAX + 1], true),
            Refusal::NotOnRecord { what: "paper" },
        ),
        refused("nobody was invited", sent(Stop::Asked), accept(), Refusal::NotOnRecord { what: "invitation" }),
        refused(
            "somebody else took it up",
            accepted(),
            i(independents::Command::Accept { advice: id(ADVICE), user: fixed(941) }),
            over(law::calendar::days(TODAY, INVITATION_DAYS)),
        ),
        Row { on: late, ..refused("too late", invited(), accept(), over(law::calendar::days(TODAY, INVITATION_DAYS))) },
        refused(
            "after it was taken back",
            and(invited(), TODAY, withdraw()),
            accept(),
            over(law::calendar::days(TODAY, INVITATION_DAYS)),
        ),
        refused("what is signed is not taken back", signed(), withdraw(), Refusal::AdviceAlreadyIn { on: TODAY }),
        refused(
            "papers are shown to nobody",
            and(invited(), TODAY, withdraw()),
            share(&[71]),
            over(law::calendar::days(TODAY, INVITATION_DAYS)),
        ),
        refused(
            "a report of tomorrow",
            sent(Stop::Asked),
            hand_in(71, day(2026, 11, 24)),
            Refusal::InTheFuture { date: day(2026, 11, 24) },
        ),
        refused(
            "a report that nobody sent",
            steps(Stop::Asked),
            hand_in(71, RECEIVED),
            Refusal::NotOnRecord { what: "paper" },
        ),
        refused(
            "a report that nobody handed in",
            sent(Stop::Asked),
            take_up(),
            Refusal::NotOnRecord { what: "report of the family’s" },
        ),
        refused("a report is entered once", entering(), take_up(), Refusal::AdviceAlreadyIn { on: TODAY }),
        refused("a line without its page", entering(), sign(None), Refusal::PagesMissing { lines: 1 }),
    ]
}

fn allowed(case: &Case, user: u128, action: Action) -> bool {
    let (user, authority): (UserId, _) = (fixed(user), case.authority);
    let actor = Actor { user, authority, role: Role::Independent, setting: None, body: None };
    may(&actor, action, &Resource::Case(&case.relations())).is_allowed()
}

#[test]
fn the_professional_sees_what_they_were_invited_to_and_nothing_else() {
    for (given, sees) in
        [(invited(), false), (accepted(), true), (signed(), true), (and(accepted(), TODAY, withdraw()), false)]
    {
        let (case, _) = after(&given);
        for action in [Action::SeeInvitation, Action::RecordAdvice, Action::CheckDraft] {
            assert_eq!(allowed(&case, ROE, action), sees, "{action}");
            assert!(!allowed(&case, ROE + 1, action), "{action}: somebody else");
        }
        for action in
            [Action::SeeCase, Action::ReadDocument, Action::SeeAboutMe, Action::SearchCases, Action::AddPapers]
        {
            assert!(!allowed(&case, ROE, action), "{action}");
        }
    }
}

#[test]
fn six_weeks_begin_when_it_is_taken_up_and_end_when_it_is_taken_back() {
    let rule = law::RuleId::AdviceReply6w;
    let due = |case: &Case| case.deadlines().iter().filter(|d| d.rule == rule && d.trigger.on == TODAY).count();
    let (before, _) = after(&invited());
    let (case, _) = after(&accepted());
    let (back, _) = after(&and(accepted(), TODAY, withdraw()));
    assert_eq!((due(&before), due(&case), due(&back)), (0, 1, 0));
    let asked = case.live_request().expect("live").advice.iter().find(|asked| asked.id == id(ADVICE)).expect("asked");
    assert_eq!((asked.kind, asked.reached_on), (AdviceKind::FamilyRequested, TODAY));
    assert!(back.live_request().expect("live").advice.iter().all(|asked| asked.id != id(ADVICE)));
    assert_eq!(back.clock, before.clock);
}

#[test]
fn nobody_is_asked_to_look_at_the_lines_of_a_report_that_was_handed_in() {
    let mut given = and(entering(), TODAY, sign(Some(4)));
    given.push((TODAY, Command::Plans(casework::plans::Command::DecideToIssue { on: TODAY })));
    let (case, _) = after(&given[..given.len() - 1]);
    let shared: Vec<DocumentId> = case.independents.reports.iter().map(|report| report.document).collect();
    assert_eq!(shared, [id(71)]);
    assert!(case.independents.report_of(id(ADVICE)).is_some());
    let check = advise(advice::Command::AskForCheck { version: id(500) });
    if let Ok(events) = decide(&case, check, &context(TODAY)) {
        assert!(events.iter().all(|event| event.name() != "advice.check_asked"));
    }
}
