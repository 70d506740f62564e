//! Invented lives: children who are only known, requests that were refused, plans with their
//! reviews, plans that ended.

use super::dice::Dice;
use super::figures::{self, BY_AGE, NEEDS};
use super::names::{FAMILY, GIVEN, STREETS};
use super::place::{Place, SchoolKind};
use super::{Life, Size, plans};
use crate::journal::{NewVersion, Papers, Text};
use crate::{App, Error};
use casework::advice::{self, Ask};
use casework::brought_in::{History, PastOutcome, PastPlacement, PastPlan, PastRequest, PastReview};
use casework::codes::{CeaseReason, Need, OtherSetting, Sex};
use casework::notices::NoticeKind;
use casework::people::identifiers::{Upn, Urn};
use casework::people::{self, Contact, Details, Relation, Setting};
use casework::placement::{self, Named};
use casework::requests::{self, AssessmentTest, Channel, Finding, Source};
use casework::reviews::{self, ReviewOutcome, Transfer};
use casework::{
    AdviceId, CaseId, Command, ConsultationId, PersonId, PlacementId, PlanId, RequestId, ReviewId, TextId, VersionId,
};
use jiff::civil::{Date, date};

/// Someone invented.
pub(super) struct Someone {
    pub details: Details,
    pub contact: Contact,
}

/// A child born on a day, with a parent.
pub(super) fn someone(app: &App, dice: &mut Dice, born_on: Date, number: u64) -> Someone {
    let given = *dice.pick(&GIVEN);
    let family = *dice.pick(&FAMILY);
    let parent = *dice.pick(&GIVEN);
    let house = dice.between(1, 140);
    let street = *dice.pick(&STREETS);
    let upn = Upn::with_check_letter(&format!("980{:09}", number % 1_000_000_000)).ok();
    Someone {
        details: Details {
            given_name: given.to_owned(),
            family_name: family.to_owned(),
            known_as: None,
            born_on,
            sex: Some(if dice.chance(figures::MALE) { Sex::Male } else { Sex::Female }),
            ethnicity: None,
            postcode: Some(format!("AB{} {}CD", dice.between(1, 9), dice.between(1, 9))),
            address: Some(format!("{house} {street}, Alderbourne")),
            home_language: Some("English".to_owned()),
            upn,
            uln: None,
            nhs_number: None,
        },
        contact: Contact {
            id: PersonId(app.ids.next()),
            relation: if dice.chance(800) { Relation::Mother } else { Relation::Father },
            name: format!("{parent} {family}"),
            organisation: None,
            email: Some(format!("{}.{}@families.example", parent.to_lowercase(), family.to_lowercase())),
            telephone: Some(format!("07700 900{:03}", dice.below(1000))),
            address: None,
            receives_notices: true,
        },
    }
}

/// Every life of an area, handed over one by one.
pub(super) fn each(
    app: &App,
    place: &Place,
    size: Size,
    today: Date,
    dice: &mut Dice,
    hand_over: &mut dyn FnMut(Life) -> Result<(), Error>,
) -> Result<(), Error> {
    let (plans, records) = match size {
        Size::Small => (figures::SMALL_PLANS, figures::SMALL_PLANS + figures::SMALL_KNOWN),
        Size::Area => (figures::AREA_PLANS, figures::AREA_RECORDS),
        Size::Nation => (figures::NATION_PLANS, 0),
    };
    let mut number = 1_u64;
    for _ in 0..plans {
        number += 1;
        hand_over(if size == Size::Nation {
            brought_in(app, place, dice, today, number)
        } else {
            with_plan(app, place, dice, today, number)
        })?;
    }
    if size == Size::Nation {
        return Ok(());
    }
    // Ended plans: about one for every eight in force for each of the last three years.
    for _ in 0..plans * 3 / 8 {
        number += 1;
        hand_over(ended(app, place, dice, today, number))?;
    }
    let yearly = plans * figures::REQUESTS_PER_THOUSAND_PLANS / 1000;
    // Refusals of ten years, and what is under way now.
    for _ in 0..yearly * 10 * (1000 - figures::ASSESSED) / 1000 {
        number += 1;
        let ago = dice.between(160, 3600);
        hand_over(request(app, place, dice, today, ago, number))?;
    }
    for _ in 0..yearly * 24 / 52 {
        number += 1;
        let ago = dice.between(0, 160);
        hand_over(request(app, place, dice, today, ago, number))?;
    }
    // Assessed, and no plan was needed: the rest of those assessed.
    for _ in 0..yearly * figures::ASSESSED / 1000 * (1000 - figures::ISSUED) / 1000 {
        number += 1;
        let ago = dice.between(200, 1800);
        hand_over(no_plan(app, place, dice, today, ago, number))?;
    }
    while number < records as u64 {
        number += 1;
        hand_over(known(app, place, dice, today, number))?;
    }
    Ok(())
}

fn born(dice: &mut Dice, age: i16, today: Date) -> Date {
    let birthday = date(today.year() - age, 1, 1);
    let on = law::calendar::days(birthday, dice.between(0, 364));
    if law::calendar::birthday(on, age) > today { law::calendar::days(on, -365) } else { on }
}

fn draw_need(dice: &mut Dice, age: i16) -> Need {
    let weights = if age <= 7 { &figures::NEEDS_TO_7 } else { &figures::NEEDS_FROM_8 };
    NEEDS[dice.weighted(weights)]
}

fn school(place: &Place, dice: &mut Dice, kind: SchoolKind) -> Urn {
    let some = place.of_kind(kind);
    *dice.pick(&some)
}

/// Where a child of this age with a plan is, by the weights of the age table.
fn setting(place: &Place, dice: &mut Dice, age: i16) -> Setting {
    let row = BY_AGE.iter().rev().find(|(from, _)| *from <= age).unwrap_or(&BY_AGE[0]);
    let [_, mainstream, special, further, elsewhere] = row.1;
    match dice.weighted(&[mainstream, special, further, elsewhere]) {
        0 if age < 4 => Setting::Establishment(school(place, dice, SchoolKind::Nursery)),
        0 if age < 11 => Setting::Establishment(school(place, dice, SchoolKind::Primary)),
        0 => Setting::Establishment(school(place, dice, SchoolKind::Secondary)),
        1 => Setting::Establishment(school(place, dice, SchoolKind::Special)),
        2 => Setting::Establishment(school(place, dice, SchoolKind::College)),
        _ => Setting::Elsewhere(*dice.pick(&[OtherSetting::Ehe, OtherSetting::Ola, OtherSetting::Oth])),
    }
}

fn people(command: people::Command) -> Command {
    Command::People(command)
}

/// Opens a record: the child, a parent, a setting.
fn open(app: &App, life: &mut Life, who: Someone, on: Date, at: Option<Setting>) {
    let person = PersonId(app.ids.next());
    let mut commands = vec![
        people(people::Command::OpenRecord { person, born_on: who.details.born_on }),
        people(people::Command::AddContact { person: who.contact.id, relation: who.contact.relation }),
    ];
    if let Some(setting) = at {
        commands.push(people(people::Command::JoinSetting {
            placement: PlacementId(app.ids.next()),
            setting,
            from: on,
        }));
    }
    let papers = Papers { details: Some((person, who.details)), contacts: vec![who.contact], ..Papers::default() };
    life.step_with(on, commands, papers);
}

/// A child on record and no more: known to a school.
fn known(app: &App, place: &Place, dice: &mut Dice, today: Date, number: u64) -> Life {
    let age = i16::try_from(dice.between(4, 17)).unwrap_or(9);
    let born_on = born(dice, age, today);
    let who = someone(app, dice, born_on, number);
    let kind = if age < 11 { SchoolKind::Primary } else { SchoolKind::Secondary };
    let at = Setting::Establishment(school(place, dice, kind));
    let since = date(today.year() - i16::from(today.month() < 9), 9, 1).min(today);
    let mut life = Life::new(CaseId(app.ids.next()));
    open(app, &mut life, who, since, Some(at));
    life
}

/// The age at which a request was made.
fn age_at_request(dice: &mut Dice) -> i16 {
    i16::try_from(dice.weighted(&figures::REQUESTS_BY_AGE) + 2).unwrap_or(8)
}

/// A request that was assessed and ended without a plan.
fn no_plan(app: &App, place: &Place, dice: &mut Dice, today: Date, ago: i32, number: u64) -> Life {
    let received_on = law::calendar::days(today, -ago);
    let age = age_at_request(dice);
    let born_on = born(dice, age, received_on);
    let at = school(place, dice, if age < 11 { SchoolKind::Primary } else { SchoolKind::Secondary });
    let who = someone(app, dice, born_on, number);
    let mut life = Life::new(CaseId(app.ids.next()));
    let person = PersonId(app.ids.next());
    let history = History {
        person,
        born_on,
        needs: None,
        requests: vec![PastRequest {
            id: RequestId(app.ids.next()),
            received_on,
            source: Source::Parent,
            outcome: PastOutcome::NoPlan {
                decided_on: Some(law::calendar::days(received_on, dice.between(30, 42))),
                on: law::calendar::days(received_on, dice.between(95, 130)),
            },
            exception: false,
            disputed: false,
        }],
        plans: vec![],
        placements: vec![PastPlacement {
            id: PlacementId(app.ids.next()),
            setting: Setting::Establishment(at),
            from: received_on,
            to: None,
        }],
        reviews: vec![],
        transfer: None,
        transfer_plan_sent_on: None,
    };
    let papers = Papers { details: Some((person, who.details)), ..Papers::default() };
    life.step_with(
        law::calendar::days(received_on, 140).min(today),
        vec![Command::BroughtIn(Box::new(history))],
        papers,
    );
    life
}

const ACCOUNTS: [&str; 4] = [
    "School does its best, but every morning is a struggle and the gap to the others grows. We would like an assessment.",
    "The nursery noticed it first. Words are hard, and so are changes. We ask for help before school starts.",
    "Extra help was tried for two years with a plan each term. Progress is slow. We think more is needed.",
    "After the move to the new school it became too much. We ask the council to look at what would help.",
];

/// A request received `ago` days before today, gone as far as it would have gone.
fn request(app: &App, place: &Place, dice: &mut Dice, today: Date, ago: i32, number: u64) -> Life {
    let received_on = law::calendar::days(today, -ago);
    let age = age_at_request(dice);
    let born_on = born(dice, age, received_on);
    let kind = match age {
        ..=3 => SchoolKind::Nursery,
        4..=10 => SchoolKind::Primary,
        _ => SchoolKind::Secondary,
    };
    let at = school(place, dice, kind);
    let who = someone(app, dice, born_on, number);
    let given = who.details.given_name.clone();
    let mut life = Life::new(CaseId(app.ids.next()));
    open(app, &mut life, who, law::calendar::days(received_on, -200).max(born_on), Some(Setting::Establishment(at)));
    let need = draw_need(dice, age);
    let officer = *dice.pick(&place.officers);
    let refused = ago > 160 || dice.chance(1000 - figures::ASSESSED);
    let path = Path {
        received_on,
        until: today,
        given,
        need,
        at,
        officer,
        refused,
        on_time: dice.chance(figures::ISSUED_IN_TWENTY_WEEKS),
        decided_on_time: dice.chance(figures::DECIDED_IN_SIX_WEEKS),
        account: ACCOUNTS[dice.below(ACCOUNTS.len())],
    };
    walk(app, place, dice, &mut life, born_on, &path);
    life
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
    life.step_with(
        path.received_on,
        vec![
            people(people::Command::AssignOfficer { officer: path.officer }),
            request(requests::Command::Receive {
                request: RequestId(app.ids.next()),
                received_on: path.received_on,
                source: if dice.chance(600) { Source::Parent } else { Source::School },
                channel: if dice.chance(700) { Channel::Email } else { Channel::Letter },
                account: Some(account),
            }),
        ],
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
                family_agreed_early: false,
            }),
            people(people::Command::RecordNeeds { primary: path.need, secondary: None }),
        ],
    );
    Some(final_on)
}

/// The reviews of a plan made on `made_on`, year by year until `until`; the transfer ahead, if one is.
fn reviews_of(app: &App, dice: &mut Dice, life: &mut Life, born_on: Date, made_on: Date, until: Date) {
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

/// A child with a plan in force.
fn with_plan(app: &App, place: &Place, dice: &mut Dice, today: Date, number: u64) -> Life {
    let weights: Vec<u32> = BY_AGE.iter().map(|(_, row)| row[0]).collect();
    let age = BY_AGE[dice.weighted(&weights)].0 + i16::try_from(dice.below(2)).unwrap_or(0);
    let born_on = born(dice, age, today);
    let years =
        i32::try_from(dice.weighted(&figures::YEARS_IN_PLACE)).unwrap_or(3).min(i32::from(age - 3).max(0)).min(9);
    let made_on = law::calendar::days(today, -(years * 365 + dice.between(0, 364)).min((i32::from(age) - 2) * 365));
    let officer = *dice.pick(&place.officers);
    plan_life(app, place, dice, today, number, born_on, made_on, officer).0
}

/// A life with a plan made on about `made_on`. Returns it with the day the plan was issued.
#[expect(clippy::too_many_arguments, reason = "a life needs all of these and nothing else has them together")]
fn plan_life(
    app: &App,
    place: &Place,
    dice: &mut Dice,
    today: Date,
    number: u64,
    born_on: Date,
    made_on: Date,
    officer: casework::UserId,
) -> (Life, Option<Date>) {
    let age_then = i16::try_from((made_on - born_on).get_days() / 365).unwrap_or(5);
    let received_on = law::calendar::days(made_on, -dice.between(120, 150)).max(law::calendar::days(born_on, 400));
    let then = setting(place, dice, age_then.clamp(3, 15));
    let at = then.urn().unwrap_or_else(|| school(place, dice, SchoolKind::Special));
    let who = someone(app, dice, born_on, number);
    let given = who.details.given_name.clone();
    let mut life = Life::new(CaseId(app.ids.next()));
    open(app, &mut life, who, law::calendar::days(received_on, -30), Some(Setting::Establishment(at)));
    let path = Path {
        received_on,
        until: today,
        given,
        need: draw_need(dice, age_then),
        at,
        officer,
        refused: false,
        on_time: dice.chance(figures::ISSUED_IN_TWENTY_WEEKS),
        decided_on_time: true,
        account: ACCOUNTS[dice.below(ACCOUNTS.len())],
    };
    let issued = walk(app, place, dice, &mut life, born_on, &path);
    if let Some(issued) = issued {
        reviews_of(app, dice, &mut life, born_on, issued, today);
    }
    (life, issued)
}

/// A plan that has ended: most at the end of education.
fn ended(app: &App, place: &Place, dice: &mut Dice, today: Date, number: u64) -> Life {
    let ended_on = law::calendar::days(today, -dice.between(20, 1090));
    let age = i16::try_from(dice.between(17, 22)).unwrap_or(19);
    let born_on = born(dice, age, ended_on);
    let made_on = law::calendar::days(ended_on, -dice.between(700, 2500));
    let officer = *dice.pick(&place.officers);
    let (mut life, issued) = plan_life(app, place, dice, ended_on, number, born_on, made_on, officer);
    let Some(issued) = issued else { return life };
    let reason = *dice.pick(&[
        CeaseReason::NoLongerEngages,
        CeaseReason::NoLongerEngages,
        CeaseReason::MovedArea,
        CeaseReason::Employment,
        CeaseReason::NeedsMet,
        CeaseReason::HigherEducation,
    ]);
    // The plan is known here already; only its end is brought in.
    let history = History {
        person: PersonId(app.ids.next()),
        born_on,
        needs: None,
        requests: vec![],
        plans: vec![PastPlan {
            id: PlanId(app.ids.next()),
            first_made_on: issued,
            issued_on: issued,
            named: None,
            from_area: None,
            ended: Some((ended_on, reason)),
        }],
        placements: vec![],
        reviews: vec![],
        transfer: None,
        transfer_plan_sent_on: None,
    };
    life.step(ended_on, vec![Command::BroughtIn(Box::new(history))]);
    life
}

/// A plan brought in whole, as a return would: one act. For the nation size.
fn brought_in(app: &App, place: &Place, dice: &mut Dice, today: Date, number: u64) -> Life {
    let weights: Vec<u32> = BY_AGE.iter().map(|(_, row)| row[0]).collect();
    let age = BY_AGE[dice.weighted(&weights)].0;
    let born_on = born(dice, age, today);
    let years = i32::try_from(dice.weighted(&figures::YEARS_IN_PLACE)).unwrap_or(3).min(i32::from(age - 3).max(0));
    let made_on = law::calendar::days(today, -(years * 365 + dice.between(1, 360)));
    let received_on = law::calendar::days(made_on, -dice.between(120, 200));
    let who = someone(app, dice, born_on, number);
    let person = PersonId(app.ids.next());
    let meeting = law::calendar::days(today, -dice.between(40, 360));
    let history = History {
        person,
        born_on,
        needs: Some((draw_need(dice, age), None)),
        requests: vec![PastRequest {
            id: RequestId(app.ids.next()),
            received_on,
            source: Source::Parent,
            outcome: PastOutcome::Issued { decided_on: Some(law::calendar::days(received_on, 40)), on: made_on },
            exception: false,
            disputed: false,
        }],
        plans: vec![PastPlan {
            id: PlanId(app.ids.next()),
            first_made_on: made_on,
            issued_on: made_on,
            named: None,
            from_area: None,
            ended: None,
        }],
        placements: vec![PastPlacement {
            id: PlacementId(app.ids.next()),
            setting: setting(place, dice, age),
            from: made_on,
            to: None,
        }],
        reviews: if meeting > made_on {
            vec![PastReview {
                id: ReviewId(app.ids.next()),
                meeting_on: Some(meeting),
                decided_on: Some(law::calendar::days(meeting, 25)),
                outcome: Some(ReviewOutcome::Maintain),
            }]
        } else {
            vec![]
        },
        transfer: None,
        transfer_plan_sent_on: None,
    };
    let officer = *dice.pick(&place.officers);
    let mut life = Life::new(CaseId(app.ids.next()));
    let papers = Papers { details: Some((person, who.details)), ..Papers::default() };
    life.step_with(
        today,
        vec![Command::BroughtIn(Box::new(history)), people(people::Command::AssignOfficer { officer })],
        papers,
    );
    life
}
