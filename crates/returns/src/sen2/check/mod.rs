//! Checks of a person that compare items with each other, with census day, with the register and
//! with the rest of the file.
//!
//! They work on the typed records alone, so a return that is about to be written is checked by the
//! same rules as one that was read.

mod plan;
mod seen;

pub(crate) use seen::SeenBefore;

use super::{
    codes::{AssessmentOutcome, RequestOutcome, UpnUnknown},
    fill::{Lines, RequestLines},
    finding::{At, Findings, PersonRef},
    names::Item,
    records::{Assessment, Header, Officers, Person, Request},
    rules::Rule,
    years::census_day,
};
use crate::{dates::in_words, identifiers::Urn};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};

/// What the register of schools says about an establishment. `None` is “not said”.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Establishment {
    pub has_sen_unit: Option<bool>,
    pub has_resourced_provision: Option<bool>,
}

/// Looks establishments up, wherever the register is kept.
pub trait Register {
    fn find(&self, urn: Urn) -> Option<Establishment>;
}

impl Register for HashMap<Urn, Establishment> {
    fn find(&self, urn: Urn) -> Option<Establishment> {
        self.get(&urn).copied()
    }
}

/// Whole years from birth to a day. Born on 29 February, a year older on 1 March.
pub fn age_on(born_on: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (born_on.month(), born_on.day());
    day.year() - born_on.year() - i16::from(!had_birthday)
}

/// National curriculum year on a day: age on the 31 August before, less four.
pub fn curriculum_year(born_on: Date, day: Date) -> i16 {
    let started = day.year() - i16::from(day.month() < 9);
    age_on(born_on, Date::constant(started.clamp(1, 9999), 8, 31)) - 4
}

/// Who a finding about this person is about.
pub(crate) fn reference(ordinal: u64, person: &Person) -> PersonRef {
    PersonRef {
        ordinal,
        name: person.name(),
        identifier: person.upn.map(|upn| upn.to_string()).or_else(|| person.uln.map(|uln| uln.to_string())),
    }
}

pub(crate) fn header(header: &Header, findings: &mut Findings) {
    let item = |item| At { item: Some(item), ..At::default() };
    match (header.reference_date, census_day(header.year)) {
        (None, _) => {
            findings.raise(Rule::ReferenceDateMissing, item(Item::ReferenceDate), "The header has no census day")
        }
        (Some(given), Some(known)) if given != known => findings.raise(
            Rule::ReferenceDateNotCensusDay,
            item(Item::ReferenceDate),
            format!("The header says {}; the census day of {} is {}", in_words(given), header.year, in_words(known)),
        ),
        _ => {}
    }
    if header.authority.is_none() {
        findings.raise(
            Rule::AuthorityMissing,
            item(Item::Lea),
            "The header does not say which authority the return is of",
        );
    }
    match header.source_level.as_deref() {
        Some(level) if !level.eq_ignore_ascii_case("L") => findings.raise(
            Rule::SourceLevelNotAuthority,
            At { value: Some(level), ..item(Item::SourceLevel) },
            "The source level is not that of a local authority",
        ),
        _ => {}
    }
}

/// What can only be said at the end of the file.
pub(crate) fn whole(persons: u64, officers: Officers, findings: &mut Findings) {
    for (answer, item) in
        [(officers.medical, Item::Dmo), (officers.clinical, Item::Dco), (officers.social_care, Item::Dsco)]
    {
        if answer.is_none() && findings.year() >= item.from_year() {
            let at = At { item: Some(item), ..At::default() };
            findings.raise(
                Rule::OfficerMissing,
                at,
                format!("The return does not say whether there is a {}", item.label().to_lowercase()),
            );
        }
    }
    if persons == 0 {
        findings.raise(Rule::NoPersons, At::default(), "There are no persons in the return");
    }
}

/// Checks one person against census day and, where there is one, the register.
pub(crate) fn person(
    person: &Person,
    lines: &Lines,
    header: &Header,
    register: Option<&dyn Register>,
    findings: &mut Findings,
) {
    let census_day = header.reference_date.or_else(|| census_day(header.year));
    let mut check = Check {
        person,
        header,
        census_day: census_day.unwrap_or(Date::constant(header.year.clamp(1, 9999), 1, 31)),
        register,
        findings,
    };
    check.person_items(lines);
    let blank = RequestLines::default();
    for (index, request) in person.requests.iter().enumerate() {
        let place =
            Place { within: format!("request {}", index + 1), lines: lines.requests.get(index).unwrap_or(&blank) };
        check.request(request, &place);
    }
    let mut days = HashSet::new();
    for (index, request) in person.requests.iter().enumerate() {
        if let Some(received_on) = request.received_on
            && !days.insert(received_on)
        {
            let within = format!("request {}", index + 1);
            check.raise(
                Rule::SameDayRequests,
                Item::ReceivedDate,
                &within,
                lines.requests.get(index).and_then(|lines| lines.line),
                format!("An earlier request was also received on {}", in_words(received_on)),
            );
        }
    }
}

struct Place<'a> {
    within: String,
    lines: &'a RequestLines,
}

struct Check<'a> {
    person: &'a Person,
    header: &'a Header,
    census_day: Date,
    register: Option<&'a dyn Register>,
    findings: &'a mut Findings,
}

impl Check<'_> {
    fn raise(&mut self, rule: Rule, item: Item, within: &str, line: Option<u64>, what: impl Into<String>) {
        let at = At { line, item: Some(item), within, value: None };
        self.findings.raise(rule, at, what);
    }

    fn age(&self) -> Option<i16> {
        self.person
            .born_on
            .filter(|born_on| *born_on <= self.census_day)
            .map(|born_on| age_on(born_on, self.census_day))
    }

    fn not_after_census_day(&mut self, day: Option<Date>, item: Item, within: &str, line: Option<u64>) {
        if let Some(day) = day
            && day > self.census_day
        {
            let what =
                format!("{} is {}, after census day, {}", item.label(), in_words(day), in_words(self.census_day));
            self.raise(Rule::DateAfterCensusDay, item, within, line, what);
        }
    }

    fn before_birth(&self, day: Option<Date>) -> bool {
        matches!((day, self.person.born_on), (Some(day), Some(born_on)) if day < born_on)
    }

    fn person_items(&mut self, lines: &Lines) {
        let person = self.person;
        let line = lines.line;
        let has_number = person.upn.is_some() || person.uln.is_some();
        if person.name().is_none() && !has_number {
            self.raise(Rule::PersonUnidentifiable, Item::Person, "", line, "There is no name, UPN or ULN");
        }
        if person.surname.is_none() {
            self.raise(Rule::SurnameMissing, Item::Surname, "", line, "There is no surname");
        }
        if person.forename.is_none() {
            self.raise(Rule::ForenameMissing, Item::Forename, "", line, "There is no forename");
        }
        match person.born_on {
            None => self.raise(Rule::BirthDateMissing, Item::PersonBirthDate, "", line, "There is no date of birth"),
            Some(born_on) if born_on > self.census_day => {
                let what = format!("The date of birth, {}, is after census day", in_words(born_on));
                self.raise(Rule::BornAfterCensusDay, Item::PersonBirthDate, "", line, what);
            }
            Some(born_on) => {
                let age = age_on(born_on, self.census_day);
                let what = format!("The age on census day is {age}");
                if age > 26 {
                    self.raise(Rule::AgeOutOfRange, Item::PersonBirthDate, "", line, what);
                } else if age > 25 {
                    self.raise(Rule::AgeAtTheEdge, Item::PersonBirthDate, "", line, what);
                }
                // A child born since September is counted from the September to come.
                let year = curriculum_year(born_on, self.census_day);
                if year > 20 && age <= 25 {
                    let what = format!("The national curriculum year would be {year}");
                    self.raise(Rule::CurriculumYearOutOfRange, Item::PersonBirthDate, "", line, what);
                }
            }
        }
        if person.sex.is_none() {
            self.raise(Rule::SexMissing, Item::Sex, "", line, "There is no sex");
        }
        if person.ethnicity.is_none() {
            self.raise(Rule::EthnicityMissing, Item::Ethnicity, "", line, "There is no ethnicity");
        }
        if person.postcode.is_none() {
            self.raise(Rule::PostcodeMissing, Item::PostCode, "", line, "There is no postcode");
        }
        match (has_number, person.upn_unknown) {
            (false, None) => {
                self.raise(
                    Rule::IdentifierMissing,
                    Item::Upn,
                    "",
                    line,
                    "There is no UPN, no ULN and no reason for it",
                );
            }
            (true, Some(reason)) => {
                let what = format!("There is a number and also the reason for having none, “{}”", reason.label());
                self.raise(Rule::IdentifierAndReason, Item::UpnUnknown, "", line, what);
            }
            _ => {}
        }
        if let (Some(reason), Some(age)) = (person.upn_unknown, self.age()) {
            let contradicted = match reason {
                UpnUnknown::UnderSix => age >= 6,
                UpnUnknown::YoungPersonNeverInStateSetting => age < 16,
                _ => false,
            };
            if contradicted {
                let what = format!("“{}” does not fit the age of {age}", reason.label());
                self.raise(Rule::ReasonDoesNotFitAge, Item::UpnUnknown, "", line, what);
            }
        }
        if person.requests.is_empty() {
            self.raise(Rule::RequestsMissing, Item::Requests, "", line, "There is no request");
        }
    }

    fn request(&mut self, request: &Request, place: &Place<'_>) {
        let within = place.within.as_str();
        let line = place.lines.line;
        match request.received_on {
            None => {
                self.raise(
                    Rule::ReceivedDateMissing,
                    Item::ReceivedDate,
                    within,
                    line,
                    "There is no day on which the request was received",
                );
            }
            day if self.before_birth(day) => {
                self.raise(
                    Rule::ReceivedBeforeBirth,
                    Item::ReceivedDate,
                    within,
                    line,
                    "The request was received before the person was born",
                );
            }
            _ => {}
        }
        self.not_after_census_day(request.received_on, Item::ReceivedDate, within, line);
        self.not_after_census_day(request.outcome_on, Item::RequestOutcomeDate, within, line);
        if request.source.is_none() {
            self.raise(
                Rule::RequestSourceMissing,
                Item::RequestSource,
                within,
                line,
                "It is not said who made the request",
            );
        }
        match (request.outcome, request.outcome_on) {
            (None, _) => self.raise(
                Rule::RequestOutcomeMissing,
                Item::RequestOutcome,
                within,
                line,
                "The request has no outcome",
            ),
            (Some(outcome), None) if outcome.needs_date() => {
                let what = format!("The outcome “{}” has no date", outcome.label());
                self.raise(Rule::RequestOutcomeDateMissing, Item::RequestOutcomeDate, within, line, what);
            }
            (Some(outcome), Some(_)) if !outcome.needs_date() => {
                let what = format!("The outcome “{}” has a date", outcome.label());
                self.raise(Rule::RequestOutcomeDateNotNeeded, Item::RequestOutcomeDate, within, line, what);
            }
            _ => {}
        }
        if let (Some(received_on), Some(outcome_on)) = (request.received_on, request.outcome_on)
            && outcome_on < received_on
        {
            let what = format!(
                "The request was decided on {}, before it was received on {}",
                in_words(outcome_on),
                in_words(received_on)
            );
            self.raise(Rule::RequestDecidedBeforeReceived, Item::RequestOutcomeDate, within, line, what);
        }
        let overturned = request.mediation == Some(true) || request.tribunal == Some(true);
        let plan = request.assessment.as_ref().and_then(|assessment| assessment.named_plan.as_ref());
        match (request.outcome, &request.assessment) {
            (Some(RequestOutcome::Assess | RequestOutcome::Historical), None) if request.exported.is_none() => self
                .raise(
                    Rule::AssessmentMissing,
                    Item::Assessment,
                    within,
                    line,
                    "There was to be an assessment, but there is none",
                ),
            (Some(RequestOutcome::DoNotAssess), Some(_)) if overturned => {}
            (
                Some(outcome @ (RequestOutcome::DoNotAssess | RequestOutcome::Awaited | RequestOutcome::Ended)),
                Some(_),
            ) => {
                let what = format!("There is an assessment, but the outcome of the request is “{}”", outcome.label());
                self.raise(Rule::AssessmentNotExpected, Item::Assessment, within, place.lines.assessment, what);
            }
            _ => {}
        }
        if request.exported.is_some() && plan.is_some() {
            self.raise(
                Rule::ExportedAfterPlan,
                Item::Exported,
                within,
                line,
                "The person is said to have moved before the assessment was complete, but there is a plan",
            );
        }
        if let Some(assessment) = &request.assessment {
            self.assessment(request, assessment, place);
        }
        if let Some(active) = &request.active {
            self.active(request, plan, active, place);
        }
    }

    fn assessment(&mut self, request: &Request, assessment: &Assessment, place: &Place<'_>) {
        let within = format!("{}, assessment", place.within);
        let within = within.as_str();
        let line = place.lines.assessment;
        self.not_after_census_day(assessment.outcome_on, Item::AssessmentOutcomeDate, within, line);
        if let Some(ended_on) = assessment.outcome_on {
            let earliest = request.received_on.max(request.outcome_on);
            if assessment.outcome != Some(AssessmentOutcome::Historical)
                && let Some(earliest) = earliest
                && ended_on < earliest
            {
                let what = format!(
                    "The assessment ended on {}, before the request was received or decided on {}",
                    in_words(ended_on),
                    in_words(earliest)
                );
                self.raise(Rule::AssessmentEndedBeforeRequest, Item::AssessmentOutcomeDate, within, line, what);
            }
        }
        let has_plan = assessment.named_plan.is_some();
        let dated = assessment.outcome_on.is_some();
        match assessment.outcome {
            None => self.raise(
                Rule::AssessmentOutcomeMissing,
                Item::AssessmentOutcome,
                within,
                line,
                "The assessment has no outcome",
            ),
            // A plan may be agreed and not yet issued: no date, no plan.
            Some(AssessmentOutcome::Issue) if has_plan != dated => {
                let (rule, item) = if has_plan {
                    (Rule::AssessmentOutcomeDateMissing, Item::AssessmentOutcomeDate)
                } else {
                    (Rule::NamedPlanMissing, Item::NamedPlan)
                };
                let what = if has_plan {
                    "There is a plan, but not the day it was issued"
                } else {
                    "A plan was issued, but it is not there"
                };
                self.raise(rule, item, within, line, what);
            }
            Some(AssessmentOutcome::Historical | AssessmentOutcome::AfterAnotherAuthority) if !has_plan => self.raise(
                Rule::NamedPlanMissing,
                Item::NamedPlan,
                within,
                line,
                "An assessment of this kind has led to a plan, but it is not there",
            ),
            Some(AssessmentOutcome::DoNotIssue) if !dated => self.raise(
                Rule::AssessmentOutcomeDateMissing,
                Item::AssessmentOutcomeDate,
                within,
                line,
                "There was to be no plan, but the day the family was told is missing",
            ),
            Some(AssessmentOutcome::Awaited | AssessmentOutcome::Ended) if dated => self.raise(
                Rule::AssessmentOutcomeDateNotNeeded,
                Item::AssessmentOutcomeDate,
                within,
                line,
                "The assessment has a date of outcome, but no outcome that has one",
            ),
            _ => {}
        }
        let overturned =
            [assessment.mediation, assessment.tribunal, assessment.other_mediation, assessment.other_tribunal]
                .contains(&Some(true));
        match assessment.outcome {
            Some(AssessmentOutcome::DoNotIssue) if has_plan && overturned => {}
            Some(outcome @ (AssessmentOutcome::DoNotIssue | AssessmentOutcome::Awaited | AssessmentOutcome::Ended))
                if has_plan =>
            {
                let what = format!("There is a plan, but the outcome of the assessment is “{}”", outcome.label());
                self.raise(Rule::NamedPlanNotExpected, Item::NamedPlan, within, place.lines.named_plan, what);
            }
            _ => {}
        }
        let decided = matches!(assessment.outcome, Some(AssessmentOutcome::Issue | AssessmentOutcome::DoNotIssue));
        if decided && dated && assessment.week20_exception.is_none() {
            self.raise(
                Rule::Week20Missing,
                Item::Week20,
                within,
                line,
                "It is not said whether an exception to the 20 weeks applied",
            );
        }
        if let Some(plan) = &assessment.named_plan {
            self.named_plan(request, assessment, plan, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn ages_and_curriculum_years_are_counted_as_the_census_counts_them() {
        let census = date(2026, 1, 15);
        assert_eq!(age_on(date(2020, 1, 15), census), 6);
        assert_eq!(age_on(date(2020, 1, 16), census), 5);
        assert_eq!(age_on(date(2004, 2, 29), date(2005, 2, 28)), 0);
        // Born on 31 August 2020: four before September 2024, five before September 2025.
        assert_eq!(curriculum_year(date(2020, 8, 31), census), 1);
        assert_eq!(curriculum_year(date(2020, 9, 1), census), 0);
        assert_eq!(curriculum_year(date(2000, 9, 1), census), 20);
    }
}
