//! Invented lives: children who are only known, requests that were refused, plans with their
//! reviews, plans that ended.

use super::dice::Dice;
use super::figures::{self, BY_AGE, NEEDS};
use super::names::{FAMILY, GIVEN, STREETS};
use super::pathway::{Path, reviews_of, walk};
use super::place::{Place, SchoolKind};
use super::{Life, Size};
use crate::journal::{Papers, Told};
use crate::{App, Error};
use casework::brought_in::{History, PastOutcome, PastPlacement, PastPlan, PastRequest, PastReview};
use casework::codes::{CeaseReason, Need, OtherSetting, Sex};
use casework::people::facts::{Form, Teller};
use casework::people::identifiers::{Upn, Urn};
use casework::people::{self, Contact, Details, Relation, Setting};
use casework::requests::Source;
use casework::reviews::ReviewOutcome;
use casework::{CaseId, Command, PersonId, PlacementId, PlanId, RequestId, ReviewId};
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
    let told = Some(Told::on(Form::FrontDoor, Teller::School));
    let papers =
        Papers { details: Some((person, who.details)), told, contacts: vec![who.contact], ..Papers::default() };
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
    "School does its best, but every morning is a struggle and the gap to the others grows. We would like an assessment.\n\nWhat would help at home?\nA few hours a week when somebody else can be there.",
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
        own_outcomes: &[],
        care: number % 9 == 4,
    };
    walk(app, place, dice, &mut life, born_on, &path);
    life
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
        own_outcomes: &[],
        care: number % 9 == 4,
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
