//! How long do all deadlines of a million cases take on one core?
//!
//! `million [CASES]` makes cases of a dozen events each by a fixed recipe, the same that `bench/law/peer.py` follows,
//! works out every deadline of each, and prints the time, the number of deadlines and a checksum over every
//! rule, date, safe day, last working day, outcome and exception. The checksum is how the two programs prove that
//! they give the same answers. Beside it stand two figures for the machine: adding up a million cases' worth of
//! events without any law, and copying the answers once in memory.

use std::hint::black_box;
use std::time::{Duration, Instant};

use law::calendar;
use law::{Date, Deadline, Event, EventName, Fact, OrderKind, deadlines};

/// A linear congruential generator (Knuth's MMIX constants); its high bits decide.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// The events of one case: twelve, of one of four kinds of story.
fn story(number: u64, epoch: Date) -> [Event; 12] {
    let mut dice = Dice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1));
    let start = 5479 + dice.below(3652) as i32;
    let kind = dice.below(4);
    let mut at = |name, base: i32, spread: u64| {
        Event::new(name, calendar::days(epoch, start + base + dice.below(spread) as i32))
    };
    match kind {
        // An assessment from request to final plan.
        0 => [
            at(EventName::RequestReceived, 0, 1),
            at(EventName::FamilyConsulted, 5, 20),
            at(EventName::DecisionToAssess, 25, 30),
            at(EventName::AdviceRequestReceivedByBody, 40, 15).about(1),
            at(EventName::AdviceRequestReceivedByBody, 40, 15).about(2),
            at(EventName::AdviceReceived, 75, 40).about(1),
            at(EventName::AdviceReceived, 75, 60).about(2),
            at(EventName::MissedAppointment, 50, 40).about(2),
            at(EventName::DraftPlanServed, 100, 40),
            at(EventName::RepresentationsReceived, 141, 14),
            at(EventName::ConsultationReceivedByInstitution, 101, 30).about(3),
            at(EventName::FinalPlanSent, 150, 60),
        ],
        // An assessment over the summer, with absences and a refusal taken to the tribunal.
        1 => [
            at(EventName::RequestReceived, 0, 1),
            at(EventName::AdviceRequested, 10, 60),
            at(EventName::SchoolClosedFrom, 20, 20),
            at(EventName::SchoolReopens, 60, 30),
            at(EventName::AbsentFrom, 15, 30),
            at(EventName::AbsentTo, 50, 60),
            at(EventName::InitialRefusal, 30, 30),
            at(EventName::DecisionNoticeSent, 30, 30),
            at(EventName::MediationAdviserContacted, 60, 60),
            at(EventName::MediationCertificateIssued, 80, 60),
            at(EventName::LaReceivedApplicationNotice, 100, 60),
            at(EventName::FttOrderMade, 200, 120).with(Fact::Order(OrderKind::Assess)),
        ],
        // A plan with two yearly reviews.
        2 => [
            at(EventName::PlanFirstMade, 0, 1),
            at(EventName::ReviewInvitationSent, 300, 20).about(1),
            at(EventName::ReviewMeeting, 325, 20).about(1),
            at(EventName::ReviewReportSent, 345, 25).about(1),
            at(EventName::AmendDecisionNotified, 350, 40).about(1),
            at(EventName::AmendmentNoticeSent, 350, 40).about(1),
            at(EventName::AmendmentNoticeServed, 390, 5).about(1),
            at(EventName::AmendedPlanSent, 400, 60).about(1),
            at(EventName::ReviewMeeting, 690, 30).about(2),
            at(EventName::ReviewReportSent, 720, 30).about(2),
            at(EventName::MaintainDecisionNotified, 720, 40).about(2),
            at(EventName::LastReviewCompleted, 760, 1),
        ],
        // A child growing up who moves to another area.
        _ => [
            at(EventName::DateOfBirth, -4000, 3000),
            at(EventName::TransferToNcy, 0, 1).about(1).with(Fact::YearGroup(7)),
            at(EventName::TransferToNcy, 0, 1).about(2).with(Fact::YearGroup(12)),
            at(EventName::PlanMadeOrLastReview, 0, 100),
            at(EventName::Move, 120, 60),
            at(EventName::OldLaBecameAware, 100, 60),
            at(EventName::PlanTransferred, 150, 60),
            at(EventName::NewLaInformedFamily, 190, 60),
            at(EventName::OldIcbBecameAware, 130, 60),
            at(EventName::NewIcbNotified, 150, 60),
            at(EventName::SarReceived, 50, 100).about(3),
            at(EventName::SarAnswered, 80, 120).about(3),
        ],
    }
}

/// Time this thread has spent on a core, where the system tells (Linux); else the time by the clock. On a machine
/// that others use as well, only the first is a property of the program.
fn time_on_core(since: Instant) -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse().ok())
        .map_or_else(|| since.elapsed(), Duration::from_nanos)
}

fn day(date: Date, epoch: Date) -> u64 {
    u64::from((date - epoch).get_days().unsigned_abs())
}

/// Folds one answer into the checksum: the name of the rule, its dates and its outcome.
fn fold(sum: u64, deadline: &Deadline, epoch: Date) -> u64 {
    let name =
        deadline.rule.as_str().bytes().fold(0_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let parts = [
        name,
        day(deadline.due_on, epoch),
        day(deadline.safe_day, epoch),
        day(deadline.do_by, epoch),
        deadline.met_on.map_or(0, |met_on| day(met_on, epoch)),
        u64::from(deadline.superseded_by.is_some()),
        u64::from(deadline.disapplied.is_some()),
    ];
    parts.into_iter().fold(sum, |sum, part| sum.wrapping_mul(1_000_003).wrapping_add(part))
}

fn main() {
    let cases: u64 = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    let epoch = jiff::civil::date(2000, 1, 1);
    let mut out = Vec::with_capacity(64);
    // The tables of working days are made once, before the clock starts.
    deadlines(&story(0, epoch), &mut out);
    let stories: Vec<[Event; 12]> = (0..cases).map(|number| story(number, epoch)).collect();

    let began = Instant::now();
    let (mut best, mut best_on_core) = (Duration::MAX, Duration::MAX);
    let mut worked_out = 0;
    for _ in 0..5 {
        let (started, core) = (Instant::now(), time_on_core(began));
        worked_out = 0;
        for story in &stories {
            deadlines(black_box(story), &mut out);
            worked_out += black_box(&out).len();
        }
        best = best.min(started.elapsed());
        best_on_core = best_on_core.min(time_on_core(began).saturating_sub(core));
    }

    let mut sum = 0;
    for story in &stories {
        deadlines(story, &mut out);
        // The order of the rules within one case is no part of the answer.
        out.sort_by_key(|d| (d.rule.as_str(), d.trigger.subject, d.trigger.on));
        sum = out.iter().fold(sum, |sum, deadline| fold(sum, deadline, epoch));
    }

    let started = Instant::now();
    let bare: i64 = stories.iter().flatten().map(|event| i64::from(event.on.year()) + i64::from(event.subject)).sum();
    let reading = started.elapsed();
    black_box(bare);
    let answers = vec![out.first().copied(); worked_out.min(4_000_000)];
    let started = Instant::now();
    black_box(black_box(&answers).clone());
    let copying = started.elapsed().mul_f64(worked_out as f64 / answers.len().max(1) as f64);

    println!("cases {cases}");
    println!("deadlines {worked_out}");
    println!("checksum {sum}");
    println!("seconds {:.3}", best.as_secs_f64());
    println!("core_seconds {:.3}", best_on_core.as_secs_f64());
    println!("cases_per_core_second {:.0}", cases as f64 / best_on_core.as_secs_f64());
    println!("bytes_per_deadline {}", size_of::<Deadline>());
    println!("machine_reading_the_events_seconds {:.3}", reading.as_secs_f64());
    println!("machine_copying_the_answers_seconds {:.3}", copying.as_secs_f64());
}
