//! The children of the guided walk, as they stand on Monday 23 November 2026. Their dates are
//! fixed; nothing of them happens after the demo's day.

use super::lives::someone;
use super::pathway::{Path, asked_of, walk};
use super::place::Place;
use super::{Life, plans, reports};
use crate::App;
use crate::demo::dice::Dice;
use crate::journal::{NewVersion, Papers, Text, Told};
use casework::advice::report::Report;
use casework::advice::uses::How;
use casework::advice::{self, AdviceKind, Ask};
use casework::codes::Need;
use casework::notices::NoticeKind;
use casework::own_voice::{self, Audience, Maker, Part, Saying, Symbol};
use casework::people::facts::{Form, Teller};
use casework::people::identifiers::Urn;
use casework::people::{self, Contact, Details, Relation, Setting};
use casework::placement::{self, Named};
use casework::plans::content::AdulthoodArea;
use casework::requests::{self, AssessmentTest, Channel, Finding, Source};
use casework::reviews::{self, ReviewOutcome, Transfer};
use casework::rights;
use casework::{
    AdviceId, CaseId, Command, ConsultationId, PersonId, PlacementId, RepresentationId, RequestId, ReviewId, TextId,
    UserId, VersionId,
};
use jiff::civil::{Date, date};

/// Every child of the walk whose story has begun by `today`.
pub(super) fn lives(app: &App, place: &Place, today: Date) -> Vec<Life> {
    let mut lives = vec![maya(app, place), ava(app, place), leo(app, place), jordan(app, place), noor(app, place)];
    lives.extend(the_two_ellas(app, place));
    lives.push(sami(app, place));
    lives.push(kit(app, place));
    for life in &mut lives {
        life.steps.retain(|step| step.on <= today);
        life.by = "guided walk";
    }
    lives.retain(|life| !life.steps.is_empty());
    lives
}

pub(super) struct Child<'a> {
    pub given: &'a str,
    pub family: &'a str,
    pub born_on: Date,
    pub parent: &'a str,
    pub at: Urn,
    /// When the record was opened here.
    pub known_on: Date,
}

pub(super) fn text(app: &App, body: &str) -> Text {
    Text { id: TextId(app.ids.next()), body: body.to_owned() }
}

pub(super) fn begin(app: &App, child: &Child<'_>) -> Life {
    let mut dice = Dice::new(u64::from(child.born_on.day().unsigned_abs()) + 7);
    // A pupil number of their own: no two of them were born on one day.
    let born = child.born_on;
    let number = u64::from(born.year().unsigned_abs()) * 10_000 + u64::from(born.day_of_year().unsigned_abs());
    let invented = someone(app, &mut dice, born, 500_000_000 + number);
    let details =
        Details { given_name: child.given.to_owned(), family_name: child.family.to_owned(), ..invented.details };
    let contact = Contact {
        id: invented.contact.id,
        relation: Relation::Mother,
        name: child.parent.to_owned(),
        email: Some(format!("{}@families.example", child.parent.to_lowercase().replace(' ', "."))),
        ..invented.contact
    };
    let person = PersonId(app.ids.next());
    let commands = vec![
        Command::People(people::Command::OpenRecord { person, born_on: child.born_on }),
        Command::People(people::Command::AddContact { person: contact.id, relation: contact.relation }),
        Command::People(people::Command::JoinSetting {
            placement: PlacementId(app.ids.next()),
            setting: Setting::Establishment(child.at),
            from: child.known_on,
        }),
    ];
    let mut life = Life::new(CaseId(app.ids.next()));
    life.step_with(
        child.known_on,
        commands,
        Papers {
            details: Some((person, details)),
            told: Some(Told::on(Form::FrontDoor, Teller::School)),
            contacts: vec![contact],
            ..Papers::default()
        },
    );
    life
}

/// A request walked to a plan that was issued; used for the children who have one.
fn with_plan(app: &App, place: &Place, child: &Child<'_>, need: Need, received_on: Date) -> (Life, Option<Date>) {
    with_outcomes(app, place, child, need, received_on, &[], false)
}

/// The same with outcomes of the child's own, and with lines of social care or without.
pub(super) fn with_outcomes(
    app: &App,
    place: &Place,
    child: &Child<'_>,
    need: Need,
    received_on: Date,
    own_outcomes: &'static [plans::OwnOutcome],
    care: bool,
) -> (Life, Option<Date>) {
    let mut life = begin(app, child);
    let mut dice = Dice::new(u64::from(received_on.day().unsigned_abs()));
    let path = Path {
        received_on,
        until: date(2026, 11, 23),
        given: child.given.to_owned(),
        need,
        at: child.at,
        officer: place.dev,
        refused: false,
        on_time: true,
        decided_on_time: true,
        account: "We would like the council to assess what would help.",
        own_outcomes,
        care,
    };
    let issued = walk(app, place, &mut dice, &mut life, child.born_on, &path);
    (life, issued)
}

pub(super) fn review(command: reviews::Command) -> Vec<Command> {
    vec![Command::Reviews(command)]
}

/// One completed review: meeting, report, decision.
fn reviewed(app: &App, life: &mut Life, meeting: Date, outcome: ReviewOutcome) {
    let id = ReviewId(app.ids.next());
    let (report, decision) = (law::calendar::days(meeting, 12), law::calendar::days(meeting, 25));
    life.step(meeting, review(reviews::Command::RecordMeeting { review: id, on: meeting }));
    life.step(report, review(reviews::Command::SendReport { review: id, on: report }));
    life.step(decision, review(reviews::Command::Decide { review: id, outcome, on: decision }));
}

/// Sami's mother wrote today. Nothing has been decided.
fn sami(app: &App, place: &Place) -> Life {
    let child = Child {
        given: "Sami",
        family: "Okafor",
        born_on: date(2017, 5, 14),
        parent: "Amara Okafor",
        at: place.school("Hollin Bank Primary"),
        known_on: date(2021, 9, 6),
    };
    let mut life = begin(app, &child);
    let account = text(
        app,
        "Sami is in Year 5 at Hollin Bank. Sami speaks in short bursts and often loses the thread when the class is busy.\n\
         Speech and language therapy saw Sami in Year 2 and wrote notes, which school has.\n\
         School has run two rounds of extra help. Sami tries hard and comes home worn out.\n\
         I am asking for an assessment so that we know what would really help.",
    );
    let therapist = Contact {
        id: PersonId(app.ids.next()),
        relation: Relation::HealthProfessional,
        name: "Bryn Calder".to_owned(),
        organisation: Some("Community paediatrics, Vale and Wharf NHS".to_owned()),
        email: None,
        telephone: Some("01632 960 155".to_owned()),
        address: None,
        receives_notices: false,
    };
    let teacher = Contact {
        id: PersonId(app.ids.next()),
        relation: Relation::SchoolContact,
        name: "Ruth Deans".to_owned(),
        organisation: Some("Hollin Bank Primary".to_owned()),
        email: Some("ruth.deans@alderbourne.example".to_owned()),
        telephone: None,
        address: None,
        receives_notices: false,
    };
    let received_on = date(2026, 11, 23);
    let commands = vec![
        Command::People(people::Command::AddContact { person: therapist.id, relation: therapist.relation }),
        Command::People(people::Command::AddContact { person: teacher.id, relation: teacher.relation }),
        Command::People(people::Command::AssignOfficer { officer: place.dev }),
        asked_of(Source::Parent, received_on),
        Command::Requests(requests::Command::Receive {
            request: RequestId(app.ids.next()),
            received_on,
            source: Source::Parent,
            channel: Channel::Letter,
            account: Some(account.id),
            receipt: None,
        }),
    ];
    let papers = Papers { contacts: vec![therapist, teacher], texts: vec![account], ..Papers::default() };
    life.step_with(received_on, commands, papers);
    life
}

/// Maya's twenty weeks end today: the draft was served, one comment is open, the school said yes.
fn maya(app: &App, place: &Place) -> Life {
    let child = Child {
        given: "Maya",
        family: "Turner",
        born_on: date(2013, 11, 2),
        parent: "Elise Turner",
        at: place.school("Hollin Bank Academy"),
        known_on: date(2025, 9, 3),
    };
    let mut life = begin(app, &child);
    let received_on = date(2026, 7, 6);
    let account = text(
        app,
        "Maya holds a pen for two lines and then it hurts. Lessons are lost in copying. We ask for an assessment.",
    );
    life.step_with(
        received_on,
        vec![
            Command::People(people::Command::AssignOfficer { officer: place.dev }),
            asked_of(Source::Parent, received_on),
            Command::Requests(requests::Command::Receive {
                request: RequestId(app.ids.next()),
                received_on,
                source: Source::Parent,
                channel: Channel::Email,
                account: Some(account.id),
                receipt: None,
            }),
        ],
        Papers::texts(vec![account]),
    );
    if let Some(user) = place.elise {
        life.step(received_on, vec![Command::People(people::Command::LetFamilyIn { user })]);
    }
    let notice = |kind, on| plans::notice(app.ids.next(), kind, on);
    let told = date(2026, 7, 8);
    life.step(
        told,
        vec![Command::Requests(requests::Command::TellConsidering {
            notice: notice(NoticeKind::ConsideringAssessment, told),
        })],
    );
    let decided = date(2026, 8, 14);
    let (first, second) = (
        text(
            app,
            "Occupational therapy and school describe difficulty with handwriting and organising that is more than most of the same age have.",
        ),
        text(app, "Two terms of support with equipment and typing brought little change."),
    );
    let test = AssessmentTest {
        may_have_needs: Finding { met: true, reasons: first.id },
        may_need_plan: Finding { met: true, reasons: second.id },
    };
    life.step_with(
        decided,
        vec![Command::Requests(requests::Command::DecideToAssess {
            test,
            notice: notice(NoticeKind::WillAssess, decided),
        })],
        Papers::texts(vec![first, second]),
    );
    let asks: Vec<Ask> = plans::asked(place, false)
        .into_iter()
        .map(|(kind, body)| match kind {
            AdviceKind::OtherAppropriate => (kind, place.occupational_therapy()),
            _ => (kind, body),
        })
        .map(|(kind, body)| Ask { id: AdviceId(app.ids.next()), kind, body })
        .collect();
    let answers = [
        (
            date(2026, 8, 20),
            "The family's views: Maya wants to write her own stories and not be watched while she does.",
        ),
        (
            date(2026, 9, 16),
            "School: Maya knows more than she can put on paper. Typing helps. Copying from the board does not.",
        ),
        (date(2026, 9, 21), ""),
        (date(2026, 9, 24), ""),
        (
            date(2026, 9, 10),
            "Social care: not known. No needs related to education were found in a short conversation.",
        ),
        (date(2026, 9, 23), ""),
    ];
    // Three wrote in lines and signed; the others sent a text.
    let reports = reports::for_maya(|| app.ids.next());
    let psychologist = asks.iter().find(|ask| ask.kind == AdviceKind::Psychological).map(|ask| ask.id);
    let replies: Vec<(Ask, Date, &str)> =
        asks.iter().cloned().zip(answers).map(|(ask, (on, body))| (ask, on, body)).collect();
    life.step(decided, vec![Command::Advice(advice::Command::AskAll { asks, asked_on: decided, reached_on: decided })]);
    for (ask, on, body) in replies {
        match reports.of(ask.kind) {
            Some(report) => sign(app, &mut life, ask.id, report, on),
            None => {
                let said = text(app, body);
                let command = advice::Command::Record { advice: ask.id, document: None, text: Some(said.id), on };
                life.step_with(on, vec![Command::Advice(command)], Papers::texts(vec![said]));
            }
        }
    }
    let issue = date(2026, 10, 20);
    life.step(issue, vec![Command::Plans(casework::plans::Command::DecideToIssue { on: issue })]);
    let served = date(2026, 10, 29);
    let version = VersionId(app.ids.next());
    let (content, changed) = reports::maya_plan(&reports, || app.ids.next());
    let fingerprint = plans::fingerprint(&content);
    life.step_with(
        served,
        vec![
            Command::Plans(casework::plans::Command::SaveDraft {
                version,
                content: Box::new(content.clone()),
                fingerprint: fingerprint.clone(),
            }),
            Command::Plans(casework::plans::Command::ServeDraft {
                version,
                content: Box::new(content.clone()),
                notice: notice(NoticeKind::DraftPlan, served),
            }),
        ],
        Papers {
            version: Some(NewVersion { id: version, fingerprint, content: content.canonical() }),
            ..Papers::default()
        },
    );
    if let Some(advice) = psychologist {
        let why = text(app, "The school can give this time once each half term; weekly was not possible to staff.");
        let commands = [
            advice::Command::Explain { advice, line: changed, how: How::Changed, why: why.id },
            advice::Command::AskForCheck { version },
        ];
        life.step_with(served, commands.map(Command::Advice).to_vec(), Papers::texts(vec![why]));
    }
    let consultation = ConsultationId(app.ids.next());
    life.step(
        served,
        vec![Command::Placement(placement::Command::Consult { consultation, urn: child.at, sent_on: served })],
    );
    let comment = text(app, "Please say that Maya may type in every lesson, not only in English.");
    let commented = date(2026, 11, 9);
    life.step_with(
        commented,
        vec![Command::Plans(casework::plans::Command::RecordRepresentation {
            representation: RepresentationId(app.ids.next()),
            line: None,
            text: comment.id,
            on: commented,
        })],
        Papers::texts(vec![comment]),
    );
    let replied = date(2026, 11, 11);
    life.step(
        replied,
        vec![
            Command::Placement(placement::Command::RecordReply {
                consultation,
                reply: placement::ConsultationReply::CanMeetNeeds { on: replied },
            }),
            Command::People(people::Command::RecordNeeds { primary: Need::Pd, secondary: None }),
        ],
    );
    life.steps.sort_by_key(|step| step.on);
    life
}

/// A report written in lines and signed on one day.
pub(super) fn sign(app: &App, life: &mut Life, advice: AdviceId, report: &Report, on: Date) {
    let version = VersionId(app.ids.next());
    let content = report.canonical();
    let fingerprint = blake3::hash(content.as_bytes()).to_hex().to_string();
    let commands = [
        advice::Command::Write { advice, version, fingerprint: fingerprint.clone() },
        advice::Command::Sign { advice, version, report: Box::new(report.clone()), why: None },
    ];
    let papers = Papers { report: Some(NewVersion { id: version, fingerprint, content }), ..Papers::default() };
    life.step_with(on, commands.map(Command::Advice).to_vec(), papers);
}

/// Ava moves to secondary school next September: twelve weeks before 15 February is today.
fn ava(app: &App, place: &Place) -> Life {
    let child = Child {
        given: "Ava",
        family: "Brandt",
        born_on: date(2016, 3, 14),
        parent: "Katrin Brandt",
        at: place.school("Millbrook Primary"),
        known_on: date(2020, 9, 7),
    };
    let (mut life, _) = with_plan(app, place, &child, Need::Slcn, date(2022, 9, 12));
    for meeting in [date(2023, 11, 6), date(2024, 9, 30), date(2025, 4, 28), date(2026, 1, 26)] {
        reviewed(app, &mut life, meeting, ReviewOutcome::Maintain);
    }
    let transfer = Transfer { on: date(2027, 9, 1), to_year: 7 };
    life.step(date(2026, 9, 14), review(reviews::Command::PlanTransfer { transfer }));
    life.steps.sort_by_key(|step| step.on);
    life
}

/// Leo's first review meeting is today.
fn leo(app: &App, place: &Place) -> Life {
    let child = Child {
        given: "Leo",
        family: "Castell",
        born_on: date(2018, 1, 26),
        parent: "Marie Castell",
        at: place.school("Hollin Bank Primary"),
        known_on: date(2022, 9, 5),
    };
    let mut life = begin(app, &child);
    let made = date(2026, 1, 9);
    let history = casework::brought_in::History {
        person: PersonId(app.ids.next()),
        born_on: child.born_on,
        needs: Some((Need::Semh, None)),
        requests: vec![casework::brought_in::PastRequest {
            id: RequestId(app.ids.next()),
            received_on: date(2025, 8, 25),
            source: Source::School,
            outcome: casework::brought_in::PastOutcome::Issued { decided_on: Some(date(2025, 10, 3)), on: made },
            exception: false,
            disputed: false,
        }],
        plans: vec![casework::brought_in::PastPlan {
            id: casework::PlanId(app.ids.next()),
            first_made_on: made,
            issued_on: made,
            named: Some(Named::Institution { urn: child.at }),
            from_area: None,
            ended: None,
        }],
        placements: vec![],
        reviews: vec![],
        transfer: None,
        transfer_plan_sent_on: None,
    };
    life.step(
        made,
        vec![
            Command::BroughtIn(Box::new(history)),
            Command::People(people::Command::AssignOfficer { officer: place.dev }),
        ],
    );
    let id = ReviewId(app.ids.next());
    let arranged = date(2026, 10, 26);
    life.step(arranged, review(reviews::Command::Arrange { review: id, meeting_on: date(2026, 11, 23) }));
    let sent = date(2026, 11, 6);
    life.step(sent, review(reviews::Command::CirculateAdvice { review: id, on: sent }));
    life
}

/// Jordan holds their own rights and moves to college next September.
fn jordan(app: &App, place: &Place) -> Life {
    let child = Child {
        given: "Jordan",
        family: "Lee",
        born_on: date(2009, 8, 12),
        parent: "Mina Lee",
        at: place.school("Fenwick special school"),
        known_on: date(2014, 9, 8),
    };
    let (mut life, issued) = with_outcomes(app, place, &child, Need::Mld, date(2023, 2, 6), &JORDANS, true);
    let mut meeting = law::calendar::days(issued.unwrap_or(date(2023, 6, 20)), 325);
    while meeting < date(2026, 10, 1) {
        reviewed(app, &mut life, meeting, ReviewOutcome::Maintain);
        meeting = law::calendar::days(meeting, 345);
    }
    let transfer = Transfer { on: date(2027, 9, 1), to_year: 12 };
    life.step(date(2026, 9, 16), review(reviews::Command::PlanTransfer { transfer }));
    life.step(
        date(2026, 11, 2),
        review(reviews::Command::Arrange { review: ReviewId(app.ids.next()), meeting_on: date(2026, 12, 2) }),
    );
    let let_in = |user: &UserId| Command::People(people::Command::LetFamilyIn { user: *user });
    life.step(date(2025, 7, 1), place.jordans.iter().map(let_in).collect());
    for (part, words, symbols) in [
        (Part::Like, "I like dogs, drums and chips. I like to be up early.", vec![Symbol::Animals, Symbol::Music]),
        (Part::Talk, "Say one thing at a time. Give me time to think. Show me a picture.", vec![Symbol::Time]),
    ] {
        let words = text(app, words);
        let says = Saying {
            part,
            words: Some(words.id),
            symbols,
            media: vec![],
            audience: Audience::Everyone,
            maker: Maker::Own,
            helped_by: None,
        };
        let save = Command::OwnVoice(own_voice::Command::Save { says, seen: None });
        life.step_with(date(2026, 10, 12), vec![save], Papers::texts(vec![words]));
    }
    life.steps.sort_by_key(|step| step.on);
    life
}

/// What Jordan's plan wants to happen.
const JORDANS: [plans::OwnOutcome; 4] = [
    ("Jordan will try two jobs and say which one is best.", "July 2027", AdulthoodArea::Work),
    ("Jordan will go to a club each week with friends.", "July 2027", AdulthoodArea::Community),
    ("Jordan will take the bus to college alone.", "December 2027", AdulthoodArea::Independence),
    ("Jordan will ring the doctor and book a visit alone.", "December 2027", AdulthoodArea::Health),
];

/// Kit's rights passed in June. Everyone was told in April, and nobody has talked with Kit yet.
fn kit(app: &App, place: &Place) -> Life {
    let child = Child {
        given: "Kit",
        family: "Rowan",
        born_on: date(2010, 2, 3),
        parent: "Petra Rowan",
        at: place.school("Fenwick special school"),
        known_on: date(2015, 9, 7),
    };
    let (mut life, issued) = with_plan(app, place, &child, Need::Asd, date(2021, 3, 1));
    let mut meeting = law::calendar::days(issued.unwrap_or(date(2021, 7, 19)), 325);
    while meeting < date(2026, 10, 1) {
        reviewed(app, &mut life, meeting, ReviewOutcome::Maintain);
        meeting = law::calendar::days(meeting, 345);
    }
    life.step(law::calendar::rights_prompt_on(child.born_on), vec![Command::Rights(rights::Command::Prompt)]);
    life.steps.sort_by_key(|step| step.on);
    life
}

/// Noor's plan is a year and two months old; nobody ever reviewed it, and Noor has had no school
/// since September.
fn noor(app: &App, place: &Place) -> Life {
    let child = Child {
        given: "Noor",
        family: "Aziz",
        born_on: date(2020, 2, 3),
        parent: "Samira Aziz",
        at: place.school("Canal Street Primary"),
        known_on: date(2024, 9, 4),
    };
    let (mut life, _) = with_plan(app, place, &child, Need::Asd, date(2025, 6, 23));
    life.step(
        date(2026, 9, 9),
        vec![Command::People(people::Command::RecordOutOfEducation { since: date(2026, 9, 3) })],
    );
    life.steps.sort_by_key(|step| step.on);
    life
}

/// Two children of one name, born a day apart, in different families and schools.
fn the_two_ellas(app: &App, place: &Place) -> Vec<Life> {
    let first = Child {
        given: "Ella",
        family: "Marsh",
        born_on: date(2016, 4, 18),
        parent: "Joanne Marsh",
        at: place.school("Foundry Lane Primary"),
        known_on: date(2020, 9, 7),
    };
    let second = Child {
        given: "Ella",
        family: "Marsh",
        born_on: date(2016, 4, 19),
        parent: "Denise Marsh-Hale",
        at: place.school("Orchard Way Primary"),
        known_on: date(2021, 1, 11),
    };
    let mut lives = Vec::new();
    for (child, need, received_on, meeting) in [
        (first, Need::Mld, date(2024, 10, 7), date(2026, 2, 4)),
        (second, Need::Hi, date(2024, 11, 4), date(2026, 3, 4)),
    ] {
        let (mut life, _) = with_plan(app, place, &child, need, received_on);
        reviewed(app, &mut life, meeting, ReviewOutcome::Maintain);
        life.steps.sort_by_key(|step| step.on);
        lives.push(life);
    }
    lives
}
