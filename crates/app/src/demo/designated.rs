//! Children whom the designated officers of the guided walk see to: two drafts in which lines of health
//! and social care were changed, reviews ahead of children with section H, and what the care system says.

use super::Life;
use super::journeys::{Child, begin, review, sign, text, with_outcomes};
use super::place::Place;
use super::plans;
use crate::App;
use crate::journal::{NewVersion, Papers};
use casework::advice::report::{Report, SignedAs};
use casework::advice::uses::add_to_plan;
use casework::advice::{self, AdviceKind, Ask};
use casework::codes::Need;
use casework::designated::{self, CareLink, CareSource, CareStatus};
use casework::notices::NoticeKind;
use casework::plans::content::{CareNeedLine, Content, ProvisionKind, ProvisionLine};
use casework::requests::{self, AssessmentTest, Channel, Finding, Source};
use casework::reviews;
use casework::{AdviceId, Command, LineId, RequestId, ReviewId, VersionId};
use jiff::civil::{Date, date};

/// All of them whose story has begun by `today`. Their officers are others than the one of the walk.
pub(super) fn lives(app: &App, place: &Place, today: Date) -> Vec<Life> {
    let mut lives = drafts(app, place);
    lives.extend(reviews_ahead(app, place));
    for life in &mut lives {
        life.steps.retain(|step| step.on <= today);
        life.by = "guided walk";
    }
    // Letters and plans are made for those above alone: these are only waited for.
    lives.extend(waiting(app, place).into_iter().map(|mut life| {
        life.steps.retain(|step| step.on <= today);
        life
    }));
    lives.retain(|life| !life.steps.is_empty());
    lives
}

/// Children of whom health and social care were asked and have not answered, the others have.
fn waiting(app: &App, place: &Place) -> Vec<Life> {
    let mut lives = Vec::new();
    for (number, (given, family)) in (1_i8..).zip([
        ("Anouk", "Sorrel"),
        ("Bilal", "Hurst"),
        ("Cleo", "Ferris"),
        ("Dario", "Wold"),
        ("Edie", "Lark"),
        ("Farah", "Moss"),
        ("Gwil", "Tarn"),
        ("Hana", "Coombe"),
        ("Ivo", "Dale"),
        ("Juno", "Ridge"),
        ("Kofi", "Brook"),
        ("Lotte", "Heath"),
    ]) {
        let parent = format!("Robin {family}");
        let at = place.school("Canal Street Primary");
        let born_on = date(2017, 1 + number % 12, 14 + number);
        let child = Child { given, family, born_on, parent: &parent, at, known_on: date(2022, 9, 5) };
        let mut life = begin(app, &child);
        let received_on = date(2026, 9, 28);
        asked(app, place, &mut life, received_on);
        let on = law::calendar::days(received_on, 36);
        let of_team = |(kind, body)| Ask { id: AdviceId(app.ids.next()), kind, body };
        let asks: Vec<Ask> = plans::asked(place, false).into_iter().map(of_team).collect();
        let ask_all = advice::Command::AskAll { asks: asks.clone(), asked_on: on, reached_on: on };
        life.step(on, vec![Command::Advice(ask_all)]);
        let answered = law::calendar::days(on, 14);
        for ask in asks.iter().filter(|ask| !matches!(ask.kind, AdviceKind::Medical | AdviceKind::SocialCare)) {
            let said =
                text(app, "Needs, outcomes and provision are set out with who gives it, how often and for how long.");
            let reply = advice::Command::Record { advice: ask.id, document: None, text: Some(said.id), on: answered };
            life.step_with(answered, vec![Command::Advice(reply)], Papers::texts(vec![said]));
        }
        life.steps.sort_by_key(|step| step.on);
        lives.push(life);
    }
    lives
}

fn linked(app: &App, life: &mut Life, on: Date, status: CareStatus, worker: Option<(&str, Date)>) {
    let reference = (status != CareStatus::NotKnown).then(|| text(app, "LCS 0417"));
    let named = worker.map(|(name, _)| text(app, name));
    let care = CareLink {
        status,
        reference: reference.as_ref().map(|text| text.id),
        worker: named.as_ref().map(|text| text.id),
        last_visit_on: worker.map(|(_, visit)| visit),
        source: CareSource::CareSystem,
        as_at: on,
    };
    let texts = reference.into_iter().chain(named).collect();
    life.step_with(on, vec![Command::Designated(designated::Command::LinkCare { care })], Papers::texts(texts));
}

/// Two older children with section H, whose reviews come within six weeks.
fn reviews_ahead(app: &App, place: &Place) -> Vec<Life> {
    let mut lives = Vec::new();
    for (given, family, born_on, parent, meeting_on, worker) in [
        ("Robin", "Hale", date(2012, 6, 2), "Carys Hale", date(2026, 12, 7), None),
        (
            "Esme",
            "Quarry",
            date(2010, 3, 4),
            "Linnea Quarry",
            date(2026, 12, 16),
            Some("Tove Marlow, adult disability team"),
        ),
    ] {
        let at = place.school("Fenwick special school");
        let child = Child { given, family, born_on, parent, at, known_on: date(2018, 9, 3) };
        let (mut life, issued) = with_outcomes(app, place, &child, Need::Pd, date(2025, 5, 12), &[], true);
        let Some(issued) = issued else { continue };
        life.give_to(*place.officers.first().unwrap_or(&place.dev));
        linked(
            app,
            &mut life,
            date(2026, 11, 9),
            CareStatus::Open,
            Some(("Hanne Dorset, disability team", date(2026, 10, 28))),
        );
        if let Some(worker) = worker {
            let named = text(app, worker);
            let command = designated::Command::NameAdultWorker { worker: named.id };
            life.step_with(date(2026, 11, 10), vec![Command::Designated(command)], Papers::texts(vec![named]));
        }
        let arranged = date(2026, 11, 4).max(issued);
        life.step(arranged, review(reviews::Command::Arrange { review: ReviewId(app.ids.next()), meeting_on }));
        life.steps.sort_by_key(|step| step.on);
        lives.push(life);
    }
    lives
}

fn need(id: LineId, text: &str) -> CareNeedLine {
    CareNeedLine { id, text: text.to_owned(), citation: None, from: vec![] }
}

fn provision(id: LineId, kind: ProvisionKind, words: [&str; 4], needs: Vec<LineId>) -> ProvisionLine {
    let [text, who, how_often, how_long] = words.map(str::to_owned);
    ProvisionLine { id, kind, text, who, how_often, how_long, needs, outcomes: vec![], citation: None, from: vec![] }
}

fn signed(name: &str, post: &str, account: &str, lines: Content) -> Report {
    let signed_as = SignedAs { name: name.to_owned(), post: post.to_owned(), registration: String::new() };
    Report { account: account.to_owned(), lines, signed_as: Some(signed_as), ..Report::default() }
}

/// What health and social care signed for one of them.
fn reports(app: &App, given: &str) -> [(AdviceKind, Report); 2] {
    let id = || LineId(app.ids.next());
    let (pain, home) = (id(), id());
    let health = Content {
        health_needs: vec![
            need(pain, &format!("{given} has joint pain after sitting for longer than half an hour.")),
            need(id(), &format!("{given} wakes at night and is tired in the morning.")),
        ],
        provision: vec![provision(
            id(),
            ProvisionKind::Health,
            ["Physiotherapy for strength and stamina", "Physiotherapist", "Once a week in term time", "45 minutes"],
            vec![pain],
        )],
        ..Content::default()
    };
    let care = Content {
        social_care_needs: vec![need(
            home,
            &format!("{given} needs help to wash and dress, and cannot be left alone."),
        )],
        provision: vec![provision(
            id(),
            ProvisionKind::SocialCareH1,
            ["A short break with a trained carer", "Short breaks service", "Every second Saturday", "4 hours"],
            vec![home],
        )],
        ..Content::default()
    };
    [
        (
            AdviceKind::Medical,
            signed("Bryn Calder", "Consultant community paediatrician", "I saw the child in clinic.", health),
        ),
        (
            AdviceKind::SocialCare,
            signed("Hanne Dorset", "Social worker, disability team", "I visited the family at home.", care),
        ),
    ]
}

/// Two children whose drafts are with their families: in each a line of health and one of social care
/// says less than the advice.
fn drafts(app: &App, place: &Place) -> Vec<Life> {
    let mut lives = Vec::new();
    for (given, family, born_on, parent) in
        [("Iris", "Vane", date(2018, 2, 9), "Ottilie Vane"), ("Rafi", "Daud", date(2016, 10, 21), "Leila Daud")]
    {
        let at = place.school("Canal Street Primary");
        let child = Child { given, family, born_on, parent, at, known_on: date(2022, 9, 5) };
        let mut life = begin(app, &child);
        asked(app, place, &mut life, date(2026, 8, 3));
        let [(_, health), (_, care)] = answered(app, place, &mut life, given);
        let served = date(2026, 11, 16);
        let mut content = plans::content(given, Need::Pd, || app.ids.next());
        content.health_needs.clear();
        let mut id = || LineId(app.ids.next());
        add_to_plan(&mut content, &health.lines, "Medical advice, Community paediatrics", &mut id);
        add_to_plan(&mut content, &care.lines, "Social care advice, disability team", &mut id);
        for line in &mut content.provision {
            match line.kind {
                ProvisionKind::Health => line.how_often = "Once each half term".to_owned(),
                ProvisionKind::SocialCareH1 => line.how_often = "Once a month".to_owned(),
                _ => {}
            }
        }
        let goal = content.outcomes.first().map(|outcome| outcome.id);
        for line in content.provision.iter_mut().filter(|line| line.outcomes.is_empty()) {
            line.outcomes.extend(goal);
        }
        // The second health need is left out.
        content.health_needs.truncate(1);
        let version = VersionId(app.ids.next());
        let fingerprint = plans::fingerprint(&content);
        let papers = Papers {
            version: Some(NewVersion { id: version, fingerprint: fingerprint.clone(), content: content.canonical() }),
            ..Papers::default()
        };
        let notice = plans::notice(app.ids.next(), NoticeKind::DraftPlan, served);
        let (saved, sent) = (Box::new(content.clone()), Box::new(content));
        let commands = vec![
            casework::plans::Command::SaveDraft { version, content: saved, fingerprint },
            casework::plans::Command::ServeDraft { version, content: sent, notice },
        ];
        life.step_with(served, commands.into_iter().map(Command::Plans).collect(), papers);
        life.steps.sort_by_key(|step| step.on);
        lives.push(life);
    }
    lives
}

/// The request and the decision to assess.
fn asked(app: &App, place: &Place, life: &mut Life, received_on: Date) {
    let account = text(
        app,
        "Getting through a school day takes everything, and the evenings are long.\n\nWhat would help at home?\nSomebody to be with us on a Saturday, so that the others get a turn.",
    );
    let receive = requests::Command::Receive {
        request: RequestId(app.ids.next()),
        received_on,
        source: Source::Parent,
        channel: Channel::Letter,
        account: Some(account.id),
        receipt: None,
    };
    let officer = *place.officers.first().unwrap_or(&place.dev);
    let commands = vec![
        Command::People(casework::people::Command::AssignOfficer { officer }),
        super::pathway::asked_of(Source::Parent, received_on),
        Command::Requests(receive),
    ];
    life.step_with(received_on, commands, Papers::texts(vec![account]));
    let notice = |kind, on| plans::notice(app.ids.next(), kind, on);
    let (told, decided) = (law::calendar::days(received_on, 2), law::calendar::days(received_on, 35));
    let tell = requests::Command::TellConsidering { notice: notice(NoticeKind::ConsideringAssessment, told) };
    life.step(told, vec![Command::Requests(tell)]);
    let (first, second) = (
        text(app, "School and paediatrics describe needs that are more than those of most children of the same age."),
        text(app, "Two terms of help from the school’s own means brought little change."),
    );
    let test = AssessmentTest {
        may_have_needs: Finding { met: true, reasons: first.id },
        may_need_plan: Finding { met: true, reasons: second.id },
    };
    let decide = requests::Command::DecideToAssess { test, notice: notice(NoticeKind::WillAssess, decided) };
    life.step_with(decided, vec![Command::Requests(decide)], Papers::texts(vec![first, second]));
}

/// All advice, two pieces of it in lines and signed; and the decision to issue a plan.
fn answered(app: &App, place: &Place, life: &mut Life, given: &str) -> [(AdviceKind, Report); 2] {
    let decided = date(2026, 9, 7);
    let of_team = |(kind, body)| Ask { id: AdviceId(app.ids.next()), kind, body };
    let asks: Vec<Ask> = plans::asked(place, false).into_iter().map(of_team).collect();
    let ask_all = advice::Command::AskAll { asks: asks.clone(), asked_on: decided, reached_on: decided };
    life.step(decided, vec![Command::Advice(ask_all)]);
    let reports = reports(app, given);
    for (number, ask) in (0_i32..).zip(asks) {
        let on = law::calendar::days(date(2026, 10, 5), number);
        match reports.iter().find(|(kind, _)| *kind == ask.kind) {
            Some((_, report)) => sign(app, life, ask.id, report, on),
            None => {
                let said = text(
                    app,
                    "Needs, outcomes and provision are set out with who gives it, how often and for how long.",
                );
                let command = advice::Command::Record { advice: ask.id, document: None, text: Some(said.id), on };
                life.step_with(on, vec![Command::Advice(command)], Papers::texts(vec![said]));
            }
        }
    }
    let issue = date(2026, 11, 2);
    life.step(issue, vec![Command::Plans(casework::plans::Command::DecideToIssue { on: issue })]);
    reports
}
