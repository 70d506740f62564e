//! Returns of invented people, for tests, demonstrations and trials of speed.
//!
//! A return is made from a seed: the same [`Sample`] gives the same persons, and person 17 is the
//! same whether ten or a million are asked for, so any number can be streamed. Stages, ages, needs
//! and placements follow roughly what authorities publish. Names, postcodes (area ZZ, which does
//! not exist) and register numbers (from 900001, not yet given out) belong to nobody; UPNs and ULNs
//! have right check characters. Without [`Sample::faults_per_thousand`] nothing in the return gives
//! rise to an error or a query.

mod tables;

use super::{
    codes::{
        AssessmentOutcome, DirectPayment, Need, OtherSetting, RequestOutcome, Residential, ReviewOutcome, Sex,
        UpnUnknown, WorkBased,
    },
    records::{
        ActivePlan, Assessment, Header, LaNumber, NamedPlan, Officers, Person, Placement, RankedNeed, Request, Return,
        Setting,
    },
    years::census_day,
};
use crate::identifiers::{Ukprn, Uln, Upn, Urn};
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use tables::*;

/// Register numbers of the settings where the invented people are educated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub primary: Vec<Urn>,
    pub secondary: Vec<Urn>,
    pub special: Vec<Urn>,
    pub colleges: Vec<Ukprn>,
}

impl Default for Settings {
    fn default() -> Settings {
        let urns =
            |from: u32, count: u32| (from..from + count).filter_map(|number| number.to_string().parse().ok()).collect();
        Settings {
            primary: urns(900_001, 78),
            secondary: urns(900_101, 19),
            special: urns(900_201, 9),
            colleges: (19_000_001u32..19_000_006).filter_map(|number| number.to_string().parse().ok()).collect(),
        }
    }
}

/// Which return to make up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub seed: u64,
    pub persons: u64,
    /// One of [`YEARS`](super::YEARS).
    pub year: i16,
    pub authority: LaNumber,
    pub settings: Settings,
    /// Of a thousand persons, how many have something wrong with them.
    pub faults_per_thousand: u16,
}

impl Sample {
    pub fn new(seed: u64, persons: u64, year: i16, authority: LaNumber) -> Sample {
        Sample { seed, persons, year, authority, settings: Settings::default(), faults_per_thousand: 0 }
    }

    pub fn header(&self) -> Header {
        Header {
            year: self.year,
            reference_date: Some(self.census_day()),
            source_level: Some("L".to_owned()),
            authority: Some(self.authority),
            software_code: Some("Tellonce".to_owned()),
            release: Some("1".to_owned()),
            serial_no: Some(1),
            written_at: Some(self.census_day().saturating_add(20.days()).at(9, 30, 0, 0)),
        }
    }

    pub fn officers(&self) -> Officers {
        Officers { medical: Some(true), clinical: Some(true), social_care: (self.year >= 2026).then_some(true) }
    }

    /// The persons, made one at a time.
    pub fn iter(&self) -> impl Iterator<Item = Person> + '_ {
        (1..=self.persons).map(|ordinal| self.person(ordinal))
    }

    pub fn make(&self) -> Return {
        Return { header: self.header(), officers: self.officers(), persons: self.iter().collect() }
    }

    fn census_day(&self) -> Date {
        census_day(self.year).unwrap_or(date(2026, 1, 15))
    }

    /// The person at a place in the file, from 1.
    pub fn person(&self, ordinal: u64) -> Person {
        let mut maker = Maker { sample: self, dice: Dice::new(self.seed, ordinal), census_day: self.census_day() };
        let mut person = maker.person(ordinal);
        if maker.dice.below(1000) < u64::from(self.faults_per_thousand) {
            maker.spoil(&mut person);
        }
        person
    }
}

/// SplitMix64: small, fast, the same everywhere. Not for secrets.
struct Dice(u64);

impl Dice {
    fn new(seed: u64, stream: u64) -> Dice {
        let mut dice = Dice(seed ^ stream.wrapping_mul(0xD134_2543_DE82_EF95));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    fn between(&mut self, first: i64, last: i64) -> i64 {
        first + self.below((last - first + 1).max(1) as u64) as i64
    }

    fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len() as u64) as usize).copied()
    }

    /// Picks by weight; the weights are counts as published.
    fn weighted<T: Copy>(&mut self, from: &[(T, u32)]) -> T {
        let total: u64 = from.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut left = self.below(total.max(1));
        for (value, weight) in from {
            if left < u64::from(*weight) {
                return *value;
            }
            left -= u64::from(*weight);
        }
        from[0].0
    }
}

struct Maker<'a> {
    sample: &'a Sample,
    dice: Dice,
    census_day: Date,
}

fn later(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

impl Maker<'_> {
    /// 1 January of the year the return is about.
    fn year_start(&self) -> Date {
        date(self.sample.year - 1, 1, 1)
    }

    fn year_end(&self) -> Date {
        date(self.sample.year - 1, 12, 31)
    }

    fn day_between(&mut self, first: Date, last: Date) -> Date {
        let days = i64::from((last - first).get_days()).max(0);
        let on = self.dice.between(0, days);
        later(first, on)
    }

    /// Somebody of this age, in whole years, on a day.
    fn born_for_age(&mut self, age: i16, day: Date) -> Date {
        let last = day.saturating_sub(i32::from(age).years());
        let ago = self.dice.between(0, 364);
        later(last, -ago)
    }

    fn person(&mut self, ordinal: u64) -> Person {
        let stage = self.dice.weighted(STAGES);
        let sex = if self.dice.percent(71) { Sex::Male } else { Sex::Female };
        let age = match stage {
            Stage::LongPlan => self.dice.weighted(AGES_WITH_PLAN).max(5),
            Stage::MovedIn => self.dice.weighted(AGES_WITH_PLAN).max(5),
            Stage::Ceased => {
                if self.dice.percent(78) {
                    self.dice.between(18, 24) as i16
                } else {
                    self.dice.between(6, 17) as i16
                }
            }
            _ => self.dice.weighted(AGES_AT_REQUEST),
        };
        let born_on = self.born_for_age(age, self.census_day);
        let request = match stage {
            Stage::LongPlan => self.long_plan(born_on, age),
            Stage::NewPlan => self.new_plan(born_on, age),
            Stage::MovedIn => self.moved_in(born_on, age),
            Stage::Ceased => self.ceased(born_on, age),
            Stage::Requested | Stage::Withdrawn => self.undecided(stage, born_on),
            Stage::Assessing | Stage::NoPlan => self.assessed(stage, born_on),
            Stage::Refused => self.refused(born_on),
        };
        let upn_given = age >= 6 || self.dice.percent(85);
        let surname = format!(
            "{}{}",
            self.dice.pick(&SURNAME_STARTS).unwrap_or("Marl"),
            self.dice.pick(&SURNAME_ENDS).unwrap_or("ow")
        );
        Person {
            forename: self.dice.pick(&FORENAMES).map(str::to_owned),
            surname: Some(surname),
            born_on: Some(born_on),
            sex: Some(sex),
            ethnicity: Some(self.dice.weighted(ETHNICITIES)),
            postcode: Some(self.postcode()),
            upn: upn_given.then(|| self.upn(ordinal, born_on)).flatten(),
            uln: (age >= 16)
                .then(|| Uln::with_check_digit(&format!("{:09}", 100_000_000 + ordinal % 800_000_000)).ok())
                .flatten(),
            upn_unknown: (!upn_given).then_some(UpnUnknown::UnderSix),
            requests: vec![request],
        }
    }

    /// Eight million different ones: authority, school, year, and a number within the school.
    fn upn(&self, ordinal: u64, born_on: Date) -> Option<Upn> {
        let school = 1000 + (ordinal / 1000) % 8999;
        let twelve = format!(
            "{}{school:04}{:02}{:03}",
            self.sample.authority,
            (born_on.year() + 4).rem_euclid(100),
            ordinal % 1000
        );
        Upn::with_check_letter(&twelve).ok()
    }

    fn postcode(&mut self) -> String {
        let letters = b"ABDEFGHJLNPQRSTUWXYZ";
        let letter = |dice: &mut Dice| dice.pick(letters).map_or('A', char::from);
        let (first, second) = (letter(&mut self.dice), letter(&mut self.dice));
        format!("ZZ{} {}{first}{second}", self.dice.between(1, 18), self.dice.between(1, 9))
    }

    fn request(&mut self, received_on: Date) -> Request {
        Request {
            received_on: Some(received_on),
            source: (self.sample.year >= 2026).then(|| self.dice.weighted(SOURCES)),
            rya: Some(false),
            mediation: Some(self.dice.percent(2)),
            tribunal: Some(self.dice.percent(2)),
            ..Request::default()
        }
    }

    fn assessment(&mut self, outcome: AssessmentOutcome) -> Assessment {
        Assessment {
            outcome: Some(outcome),
            mediation: Some(self.dice.percent(2)),
            tribunal: Some(self.dice.percent(2)),
            other_mediation: Some(false),
            other_tribunal: Some(false),
            week20_exception: Some(self.dice.percent(8)),
            ..Assessment::default()
        }
    }

    /// A plan of an earlier year.
    fn old_plan(&mut self, born_on: Date, age: i16) -> Request {
        let longest = i64::from(age - 3).clamp(1, 11);
        let years = self.dice.between(1, longest);
        let start_on = later(self.year_start(), -(years * 365) + self.dice.between(0, 364)).max(later(born_on, 400));
        let start_on = start_on.min(later(self.year_start(), -1));
        let received_on = later(start_on, -self.dice.between(120, 300)).max(later(born_on, 60));
        let mut request = self.request(received_on);
        request.outcome = Some(RequestOutcome::Historical);
        let mut assessment = self.assessment(AssessmentOutcome::Historical);
        assessment.named_plan = Some(self.plan(start_on));
        request.assessment = Some(assessment);
        request
    }

    fn plan(&mut self, start_on: Date) -> NamedPlan {
        let budget = self.dice.percent(5);
        NamedPlan {
            start_on: Some(start_on),
            personal_budget: Some(budget),
            organised_arrangements: Some(budget && self.dice.percent(30)),
            direct_payments: (budget && self.dice.percent(70)).then(|| {
                self.dice.weighted(&[
                    (DirectPayment::SocialCare, 167),
                    (DirectPayment::Education, 15),
                    (DirectPayment::Health, 4),
                    (DirectPayment::Integrated, 2),
                ])
            }),
            ..NamedPlan::default()
        }
    }

    fn setting(&mut self, age: i16) -> Setting {
        let elsewhere = |other, text: Option<&str>| Setting {
            other: Some(other),
            other_text: text.map(str::to_owned),
            rank: Some(1),
            ..Setting::default()
        };
        let settings = &self.sample.settings;
        let school = |urn: Option<Urn>, unit: bool, provision: bool| Setting {
            urn,
            rank: Some(1),
            sen_unit: Some(unit),
            resourced_provision: Some(provision),
            ..Setting::default()
        };
        let kind = self.dice.below(100);
        let found = match age {
            ..=3 if kind < 45 => return elsewhere(OtherSetting::Eyp, None),
            ..=3 => school(self.dice.pick(&settings.primary), false, false),
            16.. if kind < 60 => {
                Setting { ukprn: self.dice.pick(&settings.colleges), rank: Some(1), ..Setting::default() }
            }
            16.. if kind < 78 => school(self.dice.pick(&settings.special), false, false),
            16.. => {
                let (other, text) = self.dice.weighted(&[
                    ((OtherSetting::Neet, None), 81),
                    ((OtherSetting::Niec, None), 7),
                    ((OtherSetting::Oth, Some("Training with a local charity")), 20),
                ]);
                return elsewhere(other, text);
            }
            _ if kind < 38 => school(self.dice.pick(&settings.special), false, false),
            _ if kind < 94 => {
                let schools = if age < 11 { &settings.primary } else { &settings.secondary };
                let extra = self.dice.below(100);
                school(self.dice.pick(schools), extra < 4, (4..8).contains(&extra))
            }
            _ => {
                let (other, text) = self.dice.weighted(&[
                    ((OtherSetting::Ehe, None), 55),
                    ((OtherSetting::Ola, None), 36),
                    ((OtherSetting::Opa, None), 4),
                    ((OtherSetting::Nieo, Some("Moved in and waiting for a place")), 12),
                ]);
                return elsewhere(other, text);
            }
        };
        if found.is_nowhere() {
            // The caller gave no setting of this kind.
            elsewhere(OtherSetting::Oth, Some("A setting outside the area"))
        } else {
            found
        }
    }

    fn needs(&mut self, age: i16) -> Vec<RankedNeed> {
        let table = if age < 8 { NEEDS_YOUNG } else { NEEDS_OLDER };
        let mut first = self.dice.weighted(table);
        if self.sample.year >= 2026 && self.dice.below(1000) < 8 {
            first = Need::Ds;
        }
        let second = self.dice.weighted(table);
        let mut needs = vec![RankedNeed { need: Some(first), rank: Some(1) }];
        if second != first && self.dice.percent(40) {
            needs.push(RankedNeed { need: Some(second), rank: Some(2) });
        }
        needs
    }

    /// Places the person: in the plan's section I and on census day.
    fn place(&mut self, request: &mut Request, born_on: Date, age: i16, entered_after: Date) {
        let setting = self.setting(age);
        let entered_on = date(self.sample.year - 1, 9, 2).min(self.census_day);
        let entered_on =
            if self.dice.percent(30) { entered_on } else { later(entered_on, -(365 * self.dice.between(1, 4))) };
        let mut placement = Placement {
            setting: setting.clone(),
            entered_on: Some(entered_on.max(later(born_on, 200)).max(entered_after).min(self.census_day)),
            ..Placement::default()
        };
        let residential = setting.urn.is_some() && self.dice.below(1000) < 6;
        if residential {
            placement.residential = Some(if self.dice.percent(70) { Residential::A } else { Residential::B });
        }
        if age >= 16 && setting.ukprn.is_some() && self.dice.percent(2) {
            placement.work_based = Some(WorkBased::SupportedInternship);
        }
        if let Some(plan) = request.assessment.as_mut().and_then(|it| it.named_plan.as_mut()) {
            plan.residential = placement.residential;
            plan.work_based = placement.work_based;
            plan.settings = vec![setting];
        }
        let mut placements = vec![placement];
        if age > 5 && self.dice.percent(4) {
            let mut earlier = Placement { setting: self.setting(age), ..Placement::default() };
            earlier.setting.rank = Some(1);
            if let Some(entered_on) = placements[0].entered_on {
                earlier.entered_on = Some(later(entered_on, -300).max(later(born_on, 100)));
                earlier.left_on = Some(later(entered_on, -40).max(later(born_on, 150)));
            }
            placements.push(earlier);
        }
        let mut active = ActivePlan { placements, needs: self.needs(age), ..ActivePlan::default() };
        if self.sample.year >= 2026 {
            let entered_year_7_or_12 = matches!(super::curriculum_year(born_on, self.census_day), 7 | 12);
            if entered_year_7_or_12 {
                let (month, day) = if age >= 15 { (3, 31) } else { (2, 15) };
                let due_on = date(self.sample.year - 1, month, day);
                active.phase_transfer_due_on = Some(due_on);
                active.phase_transfer_final_on = Some(later(due_on, self.dice.between(-25, 10)));
            }
        }
        request.active = Some(active);
    }

    fn review(&mut self, request: &mut Request) {
        if !self.dice.percent(88) {
            return;
        }
        let (first, last) = (self.year_start(), self.year_end());
        let meeting_on = self.day_between(first, last);
        let wait = if self.dice.percent(51) { self.dice.between(7, 28) } else { self.dice.between(29, 160) };
        let decided_on = later(meeting_on, wait);
        let outcome = self.dice.weighted(&[
            (ReviewOutcome::Amend, 1549),
            (ReviewOutcome::Maintain, 1122),
            (ReviewOutcome::Cease, 9),
        ]);
        let year = self.sample.year;
        let census_day = self.census_day;
        if let Some(active) = &mut request.active {
            if year >= 2024 {
                active.review_meeting_on = Some(meeting_on);
            }
            if decided_on <= census_day {
                active.review_decided_on = Some(decided_on);
                if year >= 2024 {
                    active.review_outcome = Some(outcome);
                }
                if year >= 2026 && outcome == ReviewOutcome::Amend {
                    active.review_draft_on = Some(decided_on);
                }
            }
        }
    }

    fn long_plan(&mut self, born_on: Date, age: i16) -> Request {
        let mut request = self.old_plan(born_on, age);
        self.place(&mut request, born_on, age, born_on);
        self.review(&mut request);
        request
    }

    fn moved_in(&mut self, born_on: Date, age: i16) -> Request {
        let mut request = self.old_plan(born_on, age);
        let arrived_on = self.day_between(self.year_start(), self.year_end());
        self.place(&mut request, born_on, age, arrived_on);
        let own = self.sample.authority.number();
        let from =
            [330, 333, 335, 336, 885].into_iter().filter(|number| *number != own).nth(self.dice.below(4) as usize);
        if let Some(active) = &mut request.active {
            active.transfer_la = from.and_then(|number| LaNumber::new(number).ok());
            // The placement before the move was another authority's to record.
            active.placements.truncate(1);
        }
        request
    }

    fn new_plan(&mut self, born_on: Date, age: i16) -> Request {
        let issued_on = self.day_between(self.year_start(), self.year_end());
        let took = if self.dice.percent(49) { self.dice.between(110, 140) } else { self.dice.between(141, 360) };
        let received_on = later(issued_on, -took).max(later(born_on, 60));
        let mut request = self.request(received_on);
        let decided_on = later(received_on, self.dice.between(20, 42)).min(issued_on);
        request.outcome = Some(RequestOutcome::Assess);
        request.outcome_on = Some(decided_on);
        let mut assessment = self.assessment(AssessmentOutcome::Issue);
        assessment.outcome_on = Some(issued_on);
        assessment.named_plan = Some(self.plan(issued_on));
        request.assessment = Some(assessment);
        self.place(&mut request, born_on, age, born_on);
        request
    }

    fn ceased(&mut self, born_on: Date, age: i16) -> Request {
        let mut request = self.old_plan(born_on, age);
        let cease_on = self.day_between(self.year_start(), self.year_end());
        let on_the_day = super::age_on(born_on, cease_on);
        let reason = if on_the_day >= 18 {
            self.dice.weighted(CEASE_REASONS_ADULT)
        } else {
            self.dice.weighted(CEASE_REASONS_CHILD)
        };
        let setting = self.setting(age);
        if let Some(plan) = request.assessment.as_mut().and_then(|it| it.named_plan.as_mut()) {
            plan.cease_on = Some(cease_on);
            plan.cease_reason = Some(reason);
            plan.settings = vec![setting];
        }
        request
    }

    fn undecided(&mut self, stage: Stage, born_on: Date) -> Request {
        let (first, outcome) = match stage {
            Stage::Withdrawn => (self.year_start(), RequestOutcome::Ended),
            _ => (later(self.census_day, -60), RequestOutcome::Awaited),
        };
        let received_on = self.day_between(first, self.year_end()).max(later(born_on, 60));
        let mut request = self.request(received_on);
        request.outcome = Some(outcome);
        if matches!(stage, Stage::Withdrawn) && self.dice.percent(20) {
            request.exported = LaNumber::new(893).ok();
        }
        request
    }

    fn refused(&mut self, born_on: Date) -> Request {
        let last = later(self.year_end(), -45);
        let received_on = self.day_between(self.year_start(), last).max(later(born_on, 60));
        let mut request = self.request(received_on);
        request.outcome = Some(RequestOutcome::DoNotAssess);
        request.outcome_on = Some(later(received_on, self.dice.between(25, 44)));
        request
    }

    fn assessed(&mut self, stage: Stage, born_on: Date) -> Request {
        let (first, last) = match stage {
            Stage::Assessing => (later(self.year_end(), -200), later(self.year_end(), -44)),
            _ => (self.year_start(), later(self.year_end(), -140)),
        };
        let received_on = self.day_between(first, last).max(later(born_on, 60));
        let mut request = self.request(received_on);
        request.outcome = Some(RequestOutcome::Assess);
        request.outcome_on = Some(later(received_on, self.dice.between(20, 42)));
        let assessment = match stage {
            Stage::Assessing => self.assessment(AssessmentOutcome::Awaited),
            _ => {
                let mut assessment = self.assessment(AssessmentOutcome::DoNotIssue);
                assessment.outcome_on = Some(later(received_on, self.dice.between(80, 135)));
                assessment
            }
        };
        request.assessment = Some(assessment);
        request
    }

    /// Makes one mistake of a kind that real returns have.
    fn spoil(&mut self, person: &mut Person) {
        let kind = self.dice.below(8);
        let request = person.requests.first_mut();
        match (kind, request) {
            (0, _) => person.upn = None,
            (1, _) => person.sex = None,
            (2, _) => person.postcode = None,
            (3, Some(request)) => request.outcome = None,
            (4, Some(request)) => request.outcome_on = request.received_on.map(|day| later(day, -7)),
            (5, Some(request)) => request.source = None,
            (6, Some(request)) => {
                if let Some(active) = &mut request.active {
                    active.needs.clear();
                }
            }
            (_, Some(request)) => request.received_on = person.born_on.map(|day| later(day, -400)),
            (_, None) => {}
        }
    }
}
