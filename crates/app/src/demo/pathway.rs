//! How one request goes, act by act, and the reviews of the plan that comes of it.

use super::dice::Dice;
use super::place::Place;
use super::{Life, figures, plans};
use crate::App;
use crate::journal::{NewVersion, Papers, Text};
use casework::advice::{self, Ask};
use casework::codes::Need;
use casework::notices::NoticeKind;
use casework::people;
use casework::people::facts::{Asking, Fact, Form, Teller};
use casework::people::identifiers::Urn;
use casework::placement::{self, Named};
use casework::requests::{self, AssessmentTest, Channel, Finding, Source};
use casework::reviews::{self, ReviewOutcome, Transfer};
use casework::{AdviceId, Command, ConsultationId, PlanId, RequestId, ReviewId, TextId, VersionId};
use jiff::civil::{Date, date};

/// What a request that is typed in asks for.
const ASKED: [Fact; 7] =
    [Fact::Account, Fact::Parent, Fact::Name, Fact::KnownAs, Fact::BirthDate, Fact::Address, Fact::School];

/// That the form of a request asked for it.
pub(super) fn asked_of(source: Source, on: Date) -> Command {
    let of = source.into();
    let asking = Asking { form: Form::FrontDoor, of, on, asked: ASKED.to_vec(), confirmed: vec![] };
    Command::People(people::Command::RecordAsking { asking })
}

/// How one request goes.
pub(super) struct Path {
    pub received_on: Date,
    /// Nothing happens after this day.
    pub until: Date,
    pub given: String,
    pub need: Need,
    /// The school that is consulted and named.
    pub at: Urn,
    pub officer: casework::UserId,
    pub refused: bool,
    pub on_time: bool,
    pub decided_on_time: bool,
    pub account: &'static str,
    /// Outcomes of the plan, where they are told of this child alone.
    pub own_outcomes: &'static [plans::OwnOutcome],
    /// Whether the plan has lines of social care.
    pub care: bool,
}

/// Walks a request as far as `until`: each step is an act on its own day. Returns the day on which
/// the plan was issued.
pub(super) fn walk(
    app: &App,
    place: &Place,
    dice: &mut Dice,
    life: &mut Life,
    born_on: Date,
    path: &Path,
) -> Option<Date> {
    use law::calendar::days;
    let request = |command| Command::Requests(command);
    let account = TextId(app.ids.next());
    let source = if dice.chance(600) { Source::Parent } else { Source::School };
    let mut asked = vec![asked_of(source, path.received_on)];
    // Now and then a school is asked for what the family has told already.
    if (path.received_on.day_of_year() + born_on.day_of_year()) % 6 == 0 {
        let of_school = Asking {
            form: Form::FrontDoor,
            of: Teller::School,
            on: path.received_on,
            asked: vec![Fact::Name, Fact::BirthDate, Fact::School],
            confirmed: vec![],
        };
        asked.push(Command::People(people::Command::RecordAsking { asking: of_school }));
    }
    life.step_with(
        path.received_on,
        [
            asked,
            vec![
                Command::People(people::Command::AssignOfficer { officer: path.officer }),
                request(requests::Command::Receive {
                    request: RequestId(app.ids.next()),
                    received_on: path.received_on,
                    source,
                    channel: if dice.chance(700) { Channel::Email } else { Channel::Letter },
                    account: Some(account),
                    receipt: None,
                }),
            ],
        ]
        .concat(),
        Papers::texts(vec![Text { id: account, body: path.account.to_owned() }]),
    );
    let told = days(path.received_on, dice.between(1, 6));
    if told > path.until {
        return None;
    }
    let notice = |kind, on| plans::notice(app.ids.next(), kind, on);
    life.step(
        told,
        vec![request(requests::Command::TellConsidering { notice: notice(NoticeKind::ConsideringAssessment, told) })],
    );
    let decided =
        days(path.received_on, if path.decided_on_time { dice.between(28, 42) } else { dice.between(45, 90) });
    if decided > path.until {
        return None;
    }
    let finding = |texts: &mut Vec<Text>, met: bool, body: &str| {
        let id = TextId(app.ids.next());
        texts.push(Text { id, body: body.to_owned() });
        Finding { met, reasons: id }
    };
    let mut texts = Vec::new();
    let test = AssessmentTest {
        may_have_needs: finding(
            &mut texts,
            true,
            "School and family describe needs that are more than those of most children of the same age.",
        ),
        may_need_plan: finding(
            &mut texts,
            !path.refused,
            if path.refused {
                "What the school can give from its own means has helped, and there is more of it to try. The evidence shows progress with it."
            } else {
                "Help from the school's own means was given and reviewed, and progress is still less than it should be."
            },
        ),
    };
    let command = if path.refused {
        requests::Command::DecideNotToAssess {
            test,
            second_reader: Some(place.second_reader),
            notice: notice(NoticeKind::RefusalToAssess, decided),
        }
    } else {
        requests::Command::DecideToAssess { test, notice: notice(NoticeKind::WillAssess, decided) }
    };
    life.step_with(decided, vec![request(command)], Papers::texts(texts));
    if path.refused {
        return None;
    }
    let adulthood = advice::AdviceKind::Adulthood.is_compulsory(born_on, decided);
    let asks: Vec<Ask> = plans::asked(place, adulthood)
        .into_iter()
        .map(|(kind, body)| match kind {
            advice::AdviceKind::Medical => (kind, place.health(born_on)),
            _ => (kind, body),
        })
        .map(|(kind, body)| Ask { id: AdviceId(app.ids.next()), kind, body })
        .collect();
    let ids: Vec<AdviceId> = asks.iter().map(|ask| ask.id).collect();
    life.step(decided, vec![Command::Advice(advice::Command::AskAll { asks, asked_on: decided, reached_on: decided })]);
    let mut last = decided;
    let mut replies: Vec<(Date, AdviceId)> = ids
        .into_iter()
        .map(|id| (days(decided, if path.on_time { dice.between(14, 42) } else { dice.between(30, 75) }), id))
        .collect();
    replies.sort();
    for (on, id) in replies {
        if on > path.until {
            return None;
        }
        let text = TextId(app.ids.next());
        let body = format!(
            "{} was seen and the school was visited. Needs, outcomes and provision are set out with who gives it, how often and for how long.",
            path.given
        );
        life.step_with(
            on,
            vec![Command::Advice(advice::Command::Record { advice: id, document: None, text: Some(text), on })],
            Papers::texts(vec![Text { id: text, body }]),
        );
        last = on;
    }
    let issue = days(last, dice.between(1, 7));
    if issue > path.until {
        return None;
    }
    life.step(issue, vec![Command::Plans(casework::plans::Command::DecideToIssue { on: issue })]);
    let drafted = days(issue, dice.between(3, 12));
    if drafted > path.until {
        return None;
    }
    let version = VersionId(app.ids.next());
    let content = plans::content(&path.given, path.need, || app.ids.next());
    let content = plans::with_outcomes(content, path.own_outcomes, || app.ids.next());
    // Section H1 is for those under 18, on the day of the final plan too.
    let is_adult = days(born_on, 18 * 365 - 60) <= drafted;
    let content = if path.care { plans::with_care(content, &path.given, is_adult, || app.ids.next()) } else { content };
    let fingerprint = plans::fingerprint(&content);
    let papers = Papers {
        version: Some(NewVersion { id: version, fingerprint: fingerprint.clone(), content: content.canonical() }),
        ..Papers::default()
    };
    life.step_with(
        drafted,
        vec![
            Command::Plans(casework::plans::Command::SaveDraft {
                version,
                content: Box::new(content.clone()),
                fingerprint: fingerprint.clone(),
            }),
            Command::Plans(casework::plans::Command::ServeDraft {
                version,
                content: Box::new(content.clone()),
                notice: notice(NoticeKind::DraftPlan, drafted),
            }),
        ],
        papers,
    );
    let consultation = ConsultationId(app.ids.next());
    life.step(
        drafted,
        vec![Command::Placement(placement::Command::Consult { consultation, urn: path.at, sent_on: drafted })],
    );
    let final_on = days(drafted, dice.between(16, 24));
    let replied = days(drafted, 12);
    if replied > path.until {
        return None;
    }
    life.step(
        replied,
        vec![
            Command::Placement(placement::Command::RecordReply {
                consultation,
                reply: placement::ConsultationReply::CanMeetNeeds { on: replied },
            }),
            Command::Placement(placement::Command::Name {
                named: Named::Institution { urn: path.at },
                refusing: None,
                on: replied,
            }),
        ],
    );
    if final_on > path.until {
        return None;
    }
    life.step(
        final_on,
        vec![
            Command::Plans(casework::plans::Command::IssueFinal {
                plan: PlanId(app.ids.next()),
                version,
                content: Box::new(content),
                fingerprint,
                notice: notice(NoticeKind::FinalPlan, final_on),
                reports: vec![],
                family_agreed_early: false,
            }),
            Command::People(people::Command::RecordNeeds { primary: path.need, secondary: None }),
        ],
    );
    Some(final_on)
}

/// The reviews of a plan made on `made_on`, year by year until `until`; the transfer ahead, if one is.
pub(super) fn reviews_of(app: &App, dice: &mut Dice, life: &mut Life, born_on: Date, made_on: Date, until: Date) {
    let review = |command| Command::Reviews(command);
    let mut from = made_on;
    loop {
        let meeting = law::calendar::days(from, dice.between(290, 345));
        let decided_days =
            if dice.chance(figures::DECIDED_IN_FOUR_WEEKS) { dice.between(7, 28) } else { dice.between(30, 110) };
        let decided = law::calendar::days(meeting, decided_days);
        if meeting > until {
            break;
        }
        // A year without a meeting: nearly one in eight.
        if !dice.chance(figures::REVIEWED) {
            from = law::calendar::days(from, 365);
            if from > until {
                break;
            }
            continue;
        }
        let id = ReviewId(app.ids.next());
        life.step(meeting, vec![review(reviews::Command::RecordMeeting { review: id, on: meeting })]);
        let report = law::calendar::days(meeting, dice.between(5, 14));
        if report > until || report > decided {
            // The decision came first or nothing has come yet.
        } else {
            life.step(report, vec![review(reviews::Command::SendReport { review: id, on: report })]);
        }
        if decided > until {
            break;
        }
        let outcome = if dice.chance(figures::AMENDED) { ReviewOutcome::Amend } else { ReviewOutcome::Maintain };
        life.step(decided, vec![review(reviews::Command::Decide { review: id, outcome, on: decided })]);
        if outcome == ReviewOutcome::Amend {
            let sent = law::calendar::days(decided, dice.between(0, 5));
            let amended = law::calendar::days(sent, dice.between(20, 48));
            if sent <= until {
                life.step(sent, vec![review(reviews::Command::SendChanges { review: id, on: sent })]);
            }
            if amended <= until {
                let command = reviews::Command::FinishAmendment { review: id, amended: true, on: amended };
                life.step(amended, vec![review(command)]);
            }
        }
        from = decided;
    }
    let next_september = date(until.year() + 1, 9, 1);
    let year = law::calendar::national_curriculum_year(born_on, next_september, 0);
    if matches!(year, 0 | 7 | 12) {
        let to_year = i8::try_from(year).unwrap_or(7);
        // Planned from the September before, or when the plan was made.
        let on = date(until.year(), 9, 15).max(made_on).min(until);
        life.step(
            on,
            vec![review(reviews::Command::PlanTransfer { transfer: Transfer { on: next_september, to_year } })],
        );
    }
    life.steps.sort_by_key(|step| step.on);
}
