//! Somebody who works on one case: what they might do next, found again by a seed.

use crate::given::*;
use casework::advice::contradictions::contradictions;
use casework::advice::report::Report;
use casework::advice::uses::How;
use casework::advice::{self, AdviceKind, Agreement, Ask};
use casework::codes::{Need, OtherSetting};
use casework::enquiries::{self, Promise};
use casework::joins;
use casework::notices::{Delivery, NoticeKind};
use casework::people::{self, DetailField, Relation, Setting};
use casework::placement::{self, ConsultationReply, Ground, Named};
use casework::requests::{self, AssessmentTest, Channel, Exception, Progress, Source};
use casework::reviews::{self, ReviewOutcome, Transfer};
use casework::{Case, Command, plans};
use jiff::civil::Date;

/// Numbers that follow from a seed (SplitMix64): a walk is found again by its seed.
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("a bound is small")
    }

    pub fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// What every adviser who signed says.
pub fn signed_reports(case: &Case) -> Vec<(casework::AdviceId, Report)> {
    let request = case.live_request();
    let signed = request.into_iter().flat_map(|request| &request.advice).filter(|a| a.signed_version().is_some());
    signed.map(|asked| (asked.id, report(asked.id))).collect()
}

pub struct Walk {
    pub case: Case,
    pub today: Date,
    pub dice: Dice,
    next_id: u128,
}

impl Walk {
    /// `first_id` keeps the ids of walks on one database apart.
    pub fn new(seed: u64, case: Case, first_id: u128) -> Walk {
        Walk { case, today: day(2023, 1, 9), dice: Dice(seed), next_id: first_id }
    }

    fn fresh<T: From<uuid::Uuid>>(&mut self) -> T {
        self.next_id += 1;
        id(self.next_id)
    }

    fn notice(&mut self, kind: NoticeKind) -> casework::notices::Notice {
        let mut notice = notice(kind, self.today);
        notice.id = self.fresh();
        notice.delivery = self.dice.pick(&[Delivery::Email, Delivery::Post, Delivery::ByHand]);
        notice
    }

    /// A command that somebody might give now; most of them sensible.
    pub fn propose(&mut self) -> Command {
        if !self.case.is_open() {
            return Command::People(people::Command::OpenRecord { person: self.fresh(), born_on: BORN });
        }
        match self.dice.below(11) {
            0 => self.propose_people(),
            10 => self.propose_enquiry(),
            1 if self.case.plan_in_force().is_some() || self.dice.one_in(4) => self.propose_review(),
            _ => self.propose_next(),
        }
    }

    fn propose_people(&mut self) -> Command {
        let today = self.today;
        let urn = urn(100_000 + u32::try_from(self.dice.below(4)).expect("below four"));
        Command::People(match self.dice.below(9) {
            0 => people::Command::CorrectDetails { fields: vec![DetailField::BirthDate], born_on: Some(BORN) },
            1 => people::Command::AddContact { person: self.fresh(), relation: Relation::Father },
            2 => match self.case.contacts.first() {
                Some((person, _)) => people::Command::EndContact { person: *person },
                None => people::Command::EndContact { person: id(9) },
            },
            3 => people::Command::AssignOfficer { officer: fixed(900 + self.dice.below(3) as u128) },
            4 => people::Command::JoinSetting {
                placement: self.fresh(),
                setting: Setting::Establishment(urn),
                from: today,
            },
            5 => people::Command::JoinSetting {
                placement: self.fresh(),
                setting: Setting::Elsewhere(OtherSetting::Ehe),
                from: today,
            },
            6 => match self.case.placements.last() {
                Some(last) => people::Command::LeaveSetting { placement: last.id, to: today },
                None => people::Command::RecordNeeds { primary: Need::Asd, secondary: None },
            },
            7 => people::Command::RecordOutOfEducation { since: today },
            _ => people::Command::RecordBackInEducation { on: today },
        })
    }

    /// Somebody rings or writes, or what was noted is put in order.
    fn propose_enquiry(&mut self) -> Command {
        let on = self.today;
        let known: Vec<_> = self.case.enquiries.iter().map(|enquiry| enquiry.id).collect();
        if known.is_empty() || self.dice.one_in(2) {
            let promise = Promise { what: self.fresh(), by: law::calendar::days(on, 3) };
            return Command::Enquiries(enquiries::Command::Note {
                enquiry: self.fresh(),
                channel: self.dice.pick(&[Channel::Telephone, Channel::Email, Channel::Letter]),
                on,
                from: None,
                note: self.fresh(),
                promise: self.dice.one_in(2).then_some(promise),
                receipt: None,
            });
        }
        let enquiry = self.dice.pick(&known);
        match self.dice.below(5) {
            0 => Command::Enquiries(enquiries::Command::KeepPromise { enquiry, on }),
            1 => Command::Enquiries(enquiries::Command::Part { enquiry }),
            2 => Command::Joins(joins::Command::TellApart { other: id(9), reason: self.fresh() }),
            _ => Command::Enquiries(enquiries::Command::Join { enquiry, to: self.dice.pick(&known) }),
        }
    }

    fn propose_review(&mut self) -> Command {
        let today = self.today;
        let review = self.case.reviews.last().map_or(id(3), |review| review.id);
        let fresh = self.fresh();
        Command::Reviews(match self.dice.below(9) {
            0 => reviews::Command::Arrange { review: fresh, meeting_on: law::calendar::days(today, 14) },
            1 => reviews::Command::CirculateAdvice { review, on: today },
            2 => reviews::Command::RecordMeeting { review, on: today },
            3 => reviews::Command::SendReport { review, on: today },
            7 => reviews::Command::SendChanges { review, on: today },
            8 => reviews::Command::FinishAmendment { review, amended: self.dice.one_in(2), on: today },
            4 => reviews::Command::PlanTransfer {
                transfer: Transfer { on: day(2028, 9, 1), to_year: 7 + i8::from(self.dice.one_in(2)) },
            },
            _ => reviews::Command::Decide {
                review,
                outcome: self.dice.pick(&[ReviewOutcome::Maintain, ReviewOutcome::Amend, ReviewOutcome::Cease]),
                on: today,
            },
        })
    }

    /// The step that the pathway expects, or one beside it.
    fn propose_next(&mut self) -> Command {
        let today = self.today;
        let Some(request) = self.case.live_request().cloned() else {
            return Command::Requests(requests::Command::Receive {
                request: self.fresh(),
                received_on: today,
                source: self.dice.pick(&[Source::Parent, Source::School, Source::Health]),
                channel: Channel::Letter,
                account: Some(self.fresh()),
                receipt: None,
            });
        };
        if self.dice.one_in(60) {
            return Command::Requests(requests::Command::Withdraw { on: today });
        }
        if self.dice.one_in(25) {
            return self.propose_exception();
        }
        match request.progress {
            Progress::Assessing { .. } => self.propose_advice(&request),
            Progress::Drafting { .. } => self.propose_plan(&request),
            _ if request.notices.is_empty() => {
                let notice = self.notice(NoticeKind::ConsideringAssessment);
                Command::Requests(requests::Command::TellConsidering { notice })
            }
            _ if self.dice.one_in(6) => Command::Requests(requests::Command::DecideNotToAssess {
                test: AssessmentTest { may_have_needs: finding(self.dice.one_in(2)), may_need_plan: finding(false) },
                second_reader: Some(fixed(901)),
                notice: self.notice(NoticeKind::RefusalToAssess),
            }),
            _ => Command::Requests(requests::Command::DecideToAssess {
                test: test_met(true),
                notice: self.notice(NoticeKind::WillAssess),
            }),
        }
    }

    fn propose_exception(&mut self) -> Command {
        let from = law::calendar::days(self.today, -i32::try_from(self.dice.below(60)).expect("below sixty"));
        let to = law::calendar::days(from, i32::try_from(self.dice.below(70)).expect("below seventy"));
        let exception = match self.dice.below(4) {
            0 => Exception::SchoolClosed { from, reopens: to },
            1 => Exception::EarlyYearsClosed { from, reopens: to },
            2 => Exception::PersonalCircumstances { from },
            _ => Exception::Absent { from, to },
        };
        Command::Requests(requests::Command::RecordException { exception, why: self.fresh() })
    }

    fn propose_advice(&mut self, request: &requests::Request) -> Command {
        let today = self.today;
        let waiting: Vec<_> = request.advice.iter().filter(|a| a.reply.is_none()).map(|a| a.id).collect();
        if request.advice.is_empty() {
            let asks = COMPULSORY
                .into_iter()
                .map(|kind| Ask { id: self.fresh(), kind, body: fixed(300 + kind as u128) })
                .collect();
            return Command::Advice(advice::Command::AskAll { asks, asked_on: today, reached_on: today });
        }
        if let Some(advice) = waiting.first().copied() {
            return Command::Advice(match self.dice.below(9) {
                0 => advice::Command::Chase { advice, on: today },
                1 => advice::Command::NothingToAdd { advice, named_professional: Some(self.fresh()), on: Some(today) },
                2 => advice::Command::DecideWithout { advice, why: self.fresh(), on: today },
                3 => advice::Command::RelyOnEarlier {
                    ask: Ask { id: self.fresh(), kind: AdviceKind::FamilyRequested, body: fixed(399) },
                    agreement: Agreement { adviser: true, authority: true, family: true },
                    document: None,
                    on: today,
                },
                4 | 5 => self.propose_writing(request, advice),
                _ => advice::Command::Record { advice, document: Some(self.fresh()), text: None, on: today },
            });
        }
        Command::Plans(if self.dice.one_in(5) {
            plans::Command::DecideNotToIssue { notice: self.notice(NoticeKind::NoPlan), reasons: self.fresh() }
        } else {
            plans::Command::DecideToIssue { on: today }
        })
    }

    /// Write, then sign.
    fn propose_writing(&mut self, request: &requests::Request, advice: casework::AdviceId) -> advice::Command {
        let asked = request.advice.iter().find(|asked| asked.id == advice).expect("it is waiting");
        match asked.newest_version() {
            Some(version) => advice::Command::Sign { advice, version, report: Box::new(report(advice)), why: None },
            None => {
                let version = self.fresh();
                advice::Command::Write { advice, version, fingerprint: format!("{version}") }
            }
        }
    }

    /// What is done with signed advice while the plan is written.
    fn propose_check(&mut self, request: &requests::Request) -> Option<Command> {
        let signed: Vec<_> = request.advice.iter().filter(|asked| asked.signed_version().is_some()).collect();
        let asked = signed.get(self.dice.below(signed.len().max(1)))?;
        let advice = asked.id;
        let line = report(advice).lines.provision[0].id;
        let text = self.fresh();
        Some(Command::Advice(match self.dice.below(5) {
            0 => advice::Command::Explain { advice, line, how: How::Dropped, why: text },
            1 => advice::Command::AskForCheck { version: request.working_draft()?.version },
            2 => advice::Command::Check { advice, objections: vec![(line, text)] },
            3 => advice::Command::AnswerObjection { advice, line, answer: text },
            _ => {
                let reports = signed_reports(&self.case);
                let sides: Vec<_> = reports.iter().map(|(id, report)| (*id, report)).collect();
                advice::Command::Settle { between: contradictions(&sides).first()?.between, holds: None, why: text }
            }
        }))
    }

    fn propose_plan(&mut self, request: &requests::Request) -> Command {
        let today = self.today;
        let Some(draft) = request.working_draft().cloned() else {
            return self.propose_save();
        };
        if request.served_draft().is_none() {
            return Command::Plans(plans::Command::ServeDraft {
                version: draft.version,
                content: Box::new(content()),
                notice: self.notice(NoticeKind::DraftPlan),
            });
        }
        if self.dice.one_in(2)
            && let Some(command) = self.propose_check(request)
        {
            return command;
        }
        let open = request.representations.iter().find(|r| r.is_open()).map(|r| r.id);
        let own = request.representations.iter().rev().find(|said| said.by.is_some()).map(|said| said.id);
        let asked = request.consultations.iter().find(|c| c.reply.is_none()).map(|c| c.id);
        match self.dice.below(12) {
            0 => self.propose_save(),
            1 => Command::Plans(plans::Command::RecordRepresentation {
                representation: self.fresh(),
                line: None,
                text: self.fresh(),
                on: today,
            }),
            2 | 3 if open.is_some() => Command::Plans(plans::Command::AnswerRepresentation {
                representation: open.expect("there is one"),
                accepted: self.dice.one_in(2),
                reasons: self.fresh(),
                on: today,
            }),
            2 => Command::Plans(plans::Command::Comment {
                representation: self.fresh(),
                by: id(950),
                line: None,
                text: self.fresh(),
                points_to: None,
            }),
            3 if own.is_some() => Command::Plans(plans::Command::TakeBackComment {
                representation: own.expect("there is one"),
                by: id(950),
            }),
            4 => Command::Plans(plans::Command::RecordHealthAgreement { on: today }),
            5 => Command::Placement(placement::Command::RecordPreference { urn: urn(OTHER_SCHOOL), on: today }),
            6 => Command::Placement(placement::Command::Consult {
                consultation: self.fresh(),
                urn: urn(100_000 + u32::try_from(self.dice.below(5)).expect("below five")),
                sent_on: today,
            }),
            7 if asked.is_some() => Command::Placement(placement::Command::RecordReply {
                consultation: asked.expect("there is one"),
                reply: if self.dice.one_in(2) {
                    ConsultationReply::CanMeetNeeds { on: today }
                } else {
                    ConsultationReply::Cannot { ground: Ground::Unsuitable, reasons: self.fresh(), on: today }
                },
            }),
            8 | 9 => Command::Placement(placement::Command::Name {
                named: if self.dice.one_in(3) { Named::Otherwise } else { at(SCHOOL) },
                refusing: self.dice.one_in(2).then_some((Ground::UseOfResources, id(59))),
                on: today,
            }),
            _ => Command::Plans(plans::Command::IssueFinal {
                plan: self.fresh(),
                version: draft.version,
                content: Box::new(if self.dice.one_in(3) { content_with_health() } else { content() }),
                fingerprint: draft.fingerprint,
                notice: self.notice(NoticeKind::FinalPlan),
                reports: signed_reports(&self.case),
                family_agreed_early: self.dice.one_in(4),
            }),
        }
    }

    fn propose_save(&mut self) -> Command {
        let version = self.fresh();
        Command::Plans(plans::Command::SaveDraft {
            version,
            content: Box::new(content()),
            fingerprint: format!("{version}"),
        })
    }

    pub fn wait(&mut self) {
        if self.dice.one_in(3) {
            self.today = law::calendar::days(self.today, i32::try_from(self.dice.below(9)).expect("below nine"));
        }
    }
}
