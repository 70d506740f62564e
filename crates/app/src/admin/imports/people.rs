//! What a return says about a person, in the words of casework.

use super::matching::id_from;
use super::summary::Found;
use casework::brought_in::{History, PastOutcome, PastPlacement, PastPlan, PastRequest, PastReview};
use casework::codes::{Need, OtherSetting};
use casework::people::identifiers::{Ukprn, Urn};
use casework::people::{Details, Setting};
use casework::placement::Named;
use casework::requests::Source;
use casework::reviews::{ReviewOutcome, Transfer};
use casework::{CaseId, PersonId, PlacementId, PlanId, RequestId, ReviewId};
use db::Tx;
use jiff::civil::{Date, date};
use returns::sen2::codes::{AssessmentOutcome, CeaseReason, RequestOutcome, RequestSource};
use returns::sen2::{self, Establishment, Severity, curriculum_year};
use std::collections::HashMap;

/// Part 3 of the Children and Families Act 2014 came into force: there was no plan before.
const ACT_BEGAN: Date = date(2014, 9, 1);

/// The register of schools as a return needs it: what there is at a number, and which school a
/// provider number stands for.
#[derive(Default)]
pub(super) struct Register {
    by_urn: HashMap<Urn, Establishment>,
    by_ukprn: HashMap<u32, Urn>,
}

const REGISTER: &str =
    "SELECT urn, ukprn, sen_unit, resourced_provision, open FROM establishments ORDER BY open, urn DESC";

impl Register {
    pub fn load(tx: &mut dyn Tx) -> Result<Register, crate::Error> {
        let mut register = Register::default();
        tx.for_each(REGISTER, &[], |row| -> Result<(), crate::Error> {
            let number: i64 = row.get("urn")?;
            let Ok(urn) = number.to_string().parse::<Urn>() else {
                return Ok(());
            };
            let found = Establishment {
                has_sen_unit: row.get("sen_unit")?,
                has_resourced_provision: row.get("resourced_provision")?,
            };
            register.by_urn.insert(urn, found);
            // Open ones come last and so win over closed ones of the same provider.
            if let Some(ukprn) = row.get::<Option<u32>>("ukprn")? {
                register.by_ukprn.insert(ukprn, urn);
            }
            Ok(())
        })?;
        Ok(register)
    }

    pub fn is_empty(&self) -> bool {
        self.by_urn.is_empty()
    }

    fn of_provider(&self, ukprn: Ukprn) -> Option<Urn> {
        self.by_ukprn.get(&ukprn.number()).copied()
    }
}

impl sen2::Register for Register {
    fn find(&self, urn: Urn) -> Option<Establishment> {
        self.by_urn.get(&urn).copied()
    }
}

/// One person of the file: what identifies them, and the rest as read.
pub(super) struct FromFile {
    pub details: Details,
    pub person: sen2::Person,
    pub line: Option<u64>,
    pub reference: Option<String>,
}

impl FromFile {
    pub fn found(&self, severity: Severity, rule: &str, message: impl Into<String>) -> Found {
        Found {
            severity,
            line: self.line,
            reference: self.reference.clone(),
            item: None,
            rule: rule.to_owned(),
            message: message.into(),
        }
    }
}

/// Who this is, or the finding that says why the person cannot be brought in.
pub(super) fn identify(read: sen2::PersonRead) -> Result<FromFile, Box<Found>> {
    let person = read.person;
    let name = read.reference.name.unwrap_or_else(|| format!("Person {}", read.ordinal));
    let reference = match read.reference.identifier {
        Some(identifier) => format!("{name}, {identifier}"),
        None => name,
    };
    let left_out = |rule: &str, message: &str| {
        Box::new(Found {
            severity: Severity::Error,
            line: read.lines.line,
            reference: Some(reference.clone()),
            item: None,
            rule: rule.to_owned(),
            message: message.to_owned(),
        })
    };
    let Some(born_on) = person.born_on else {
        return Err(left_out(
            "imports.no_birth_date",
            "This person is left out: every duty depends on the date of birth. Add it in the system the file comes from.",
        ));
    };
    if person.name().is_none() {
        return Err(left_out(
            "imports.no_name",
            "This person is left out: a record needs a name. Add it in the system the file comes from.",
        ));
    }
    let details = Details {
        given_name: person.forename.clone().unwrap_or_default(),
        family_name: person.surname.clone().unwrap_or_default(),
        known_as: None,
        born_on,
        sex: person.sex,
        ethnicity: person.ethnicity.map(|ethnicity| ethnicity.code().to_owned()),
        postcode: person.postcode.clone(),
        address: None,
        home_language: None,
        upn: person.upn,
        uln: person.uln,
        nhs_number: None,
    };
    Ok(FromFile { details, line: read.lines.line, reference: Some(reference), person })
}

/// What a return's history has to be read against.
pub(super) struct Reading<'a> {
    pub register: &'a Register,
    /// Census day: what the file says was so on this day.
    pub census_day: Date,
    pub today: Date,
}

/// All that the file says about a person, for the case it belongs to. The ids follow from the case
/// and the dates, so that the same file gives the same ids again.
pub(super) fn history(case: CaseId, from: &FromFile, reading: &Reading<'_>, found: &mut Vec<Found>) -> History {
    let id = |kind: &str, key: &str| id_from(&[kind.as_bytes(), case.0.as_bytes(), key.as_bytes()]);
    let born_on = from.details.born_on;
    let mut history = History {
        person: PersonId(id("person", "")),
        born_on,
        needs: None,
        requests: vec![],
        plans: vec![],
        placements: vec![],
        reviews: vec![],
        transfer: None,
        transfer_plan_sent_on: None,
    };
    for request in &from.person.requests {
        let plan = plan(request, from, reading, found);
        let first_made_on = plan.as_ref().map(|plan| plan.first_made_on);
        if let Some(mut plan) = plan {
            plan.id = PlanId(id("plan", &plan.first_made_on.to_string()));
            history.plans.push(plan);
        }
        match request.received_on {
            Some(received_on) => history.requests.push(PastRequest {
                id: RequestId(id("request", &received_on.to_string())),
                received_on,
                source: source(request.source, from, reading),
                outcome: outcome(request, first_made_on, reading),
                exception: request.assessment.as_ref().is_some_and(|it| it.week20_exception == Some(true)),
                disputed: is_disputed(request),
            }),
            None => found.push(from.found(
                Severity::Query,
                "imports.request_without_date",
                "A request without the day it was received is left out. What follows from it, such as a plan, is brought in.",
            )),
        }
        let Some(active) = &request.active else {
            continue;
        };
        needs(active, &mut history);
        for placement in &active.placements {
            let Some(setting) = setting(&placement.setting, from, reading, found) else {
                continue;
            };
            // Without the day of entry, the start of the plan: it is the same in next year's file.
            let Some(from_on) = placement.entered_on.or(first_made_on).or(request.received_on) else {
                continue;
            };
            let key = format!("{setting:?} {from_on}");
            history.placements.push(PastPlacement {
                id: PlacementId(id("placement", &key)),
                setting,
                from: from_on,
                to: placement.left_on.filter(|to| *to >= from_on),
            });
        }
        // The main setting last: of two that began on one day it is the one shown.
        history.placements.reverse();
        if active.review_meeting_on.is_some() || active.review_decided_on.is_some() {
            let key = format!("{:?} {:?}", active.review_meeting_on, active.review_decided_on);
            history.reviews.push(PastReview {
                id: ReviewId(id("review", &key)),
                meeting_on: active.review_meeting_on,
                decided_on: active.review_decided_on,
                outcome: active.review_outcome.map(|outcome| match outcome {
                    sen2::codes::ReviewOutcome::Maintain => ReviewOutcome::Maintain,
                    sen2::codes::ReviewOutcome::Amend => ReviewOutcome::Amend,
                    sen2::codes::ReviewOutcome::Cease => ReviewOutcome::Cease,
                }),
            });
        }
        transfer(active, born_on, reading, &mut history);
    }
    history.plans.sort_by_key(|plan| plan.first_made_on);
    history
}

fn source(source: Option<RequestSource>, from: &FromFile, reading: &Reading<'_>) -> Source {
    match source {
        // The return counts families as one: over compulsory school age it is the young person.
        Some(RequestSource::Family) => {
            if reading.census_day > law::calendar::compulsory_school_age_ends(from.details.born_on) {
                Source::YoungPerson
            } else {
                Source::Parent
            }
        }
        Some(RequestSource::Setting) => Source::School,
        Some(RequestSource::Health) => Source::Health,
        Some(RequestSource::SocialCare) => Source::SocialCare,
        // Before 2026 the return did not ask. The same clock runs from the day.
        Some(RequestSource::Other) | None => Source::Other,
    }
}

fn is_disputed(request: &sen2::Request) -> bool {
    let yes = |flag: Option<bool>| flag == Some(true);
    let assessed = request.assessment.as_ref();
    yes(request.mediation)
        || yes(request.tribunal)
        || assessed
            .is_some_and(|it| [it.mediation, it.tribunal, it.other_mediation, it.other_tribunal].into_iter().any(yes))
}

fn outcome(request: &sen2::Request, first_made_on: Option<Date>, reading: &Reading<'_>) -> PastOutcome {
    // Ended without a day of its own: by census day it had.
    let by_census_day = || reading.census_day.min(reading.today);
    if request.exported.is_some() {
        return PastOutcome::Withdrawn { on: request.outcome_on.unwrap_or_else(by_census_day) };
    }
    let decided_on = request.outcome_on.filter(|_| request.outcome == Some(RequestOutcome::Assess));
    let assessed = request.assessment.as_ref();
    match request.outcome {
        Some(RequestOutcome::DoNotAssess) => {
            return match request.outcome_on {
                Some(on) => PastOutcome::NotAssessed { on },
                None => PastOutcome::NotAssessed { on: by_census_day() },
            };
        }
        Some(RequestOutcome::Ended) => {
            return PastOutcome::Withdrawn { on: request.outcome_on.unwrap_or_else(by_census_day) };
        }
        Some(RequestOutcome::Awaited) | None if assessed.is_none() => return PastOutcome::Awaited,
        _ => {}
    }
    let Some(assessed) = assessed else {
        return PastOutcome::Assessing { decided_on };
    };
    match (assessed.outcome, assessed.outcome_on.or(first_made_on)) {
        (Some(AssessmentOutcome::Awaited) | None, _) if first_made_on.is_none() => {
            PastOutcome::Assessing { decided_on }
        }
        (Some(AssessmentOutcome::DoNotIssue), on) => {
            PastOutcome::NoPlan { decided_on, on: on.unwrap_or_else(by_census_day) }
        }
        (Some(AssessmentOutcome::Ended), on) => PastOutcome::Withdrawn { on: on.unwrap_or_else(by_census_day) },
        (_, Some(on)) => PastOutcome::Issued { decided_on, on },
        (_, None) => PastOutcome::Drafting { decided_on },
    }
}

fn plan(request: &sen2::Request, from: &FromFile, reading: &Reading<'_>, found: &mut Vec<Found>) -> Option<PastPlan> {
    let named_plan = request.assessment.as_ref()?.named_plan.as_ref()?;
    let issued = request.assessment.as_ref().and_then(|it| it.outcome_on);
    let Some(first_made_on) = named_plan.start_on.or(issued) else {
        found.push(from.found(
            Severity::Query,
            "imports.plan_without_date",
            "A plan without a start date is left out: no review date can be counted for it. Add the date and bring the file in again.",
        ));
        return None;
    };
    if first_made_on < ACT_BEGAN {
        found.push(from.found(
            Severity::Query,
            "imports.plan_before_the_act",
            "The plan starts before 1 September 2014, when plans began, so its first review cannot be counted from it. Correct the start date.",
        ));
    }
    let main = named_plan.settings.iter().min_by_key(|setting| setting.rank.unwrap_or(u8::MAX));
    let named =
        main.and_then(|main| match (main.urn, main.ukprn.and_then(|ukprn| reading.register.of_provider(ukprn))) {
            (Some(urn), _) | (None, Some(urn)) => Some(Named::Institution { urn }),
            (None, None) => (main.other == Some(OtherSetting::Ola)).then_some(Named::Otherwise),
        });
    Some(PastPlan {
        // Set by the caller, who knows the case.
        id: PlanId(uuid::Uuid::nil()),
        first_made_on,
        issued_on: first_made_on,
        named,
        from_area: request.active.as_ref().and_then(|active| active.transfer_la).map(|code| code.to_string()),
        ended: named_plan.cease_on.map(|on| (on, named_plan.cease_reason.unwrap_or(CeaseReason::Other))),
    })
}

fn needs(active: &sen2::ActivePlan, history: &mut History) {
    let ranked = |rank: u8| active.needs.iter().find(|need| need.rank == Some(rank)).and_then(|need| need.need);
    let first = ranked(1).or_else(|| active.needs.iter().find_map(|need| need.need));
    if let Some(primary) = first {
        let secondary: Option<Need> = ranked(2).filter(|secondary| *secondary != primary);
        history.needs = Some((primary, secondary));
    }
}

fn setting(setting: &sen2::Setting, from: &FromFile, reading: &Reading<'_>, found: &mut Vec<Found>) -> Option<Setting> {
    if let Some(urn) = setting.urn {
        return Some(Setting::Establishment(urn));
    }
    if let Some(ukprn) = setting.ukprn {
        return Some(match reading.register.of_provider(ukprn) {
            Some(urn) => Setting::Establishment(urn),
            None => {
                found.push(from.found(
                    Severity::Query,
                    "imports.provider_unknown",
                    format!(
                        "The college or provider with UKPRN {ukprn} is not in the register of schools here, so the place is recorded as “another setting”. Load the register first, with colleges in it."
                    ),
                ));
                Setting::Elsewhere(OtherSetting::Oth)
            }
        });
    }
    setting.other.map(Setting::Elsewhere)
}

/// The due date says which move is meant: 15 February before a move in September, 31 March before
/// one after year 11. A move that has happened is not planned any more.
fn transfer(active: &sen2::ActivePlan, born_on: Date, reading: &Reading<'_>, history: &mut History) {
    let Some(due_on) = active.phase_transfer_due_on else {
        return;
    };
    let on = date(due_on.year(), 9, 1);
    if on <= reading.today {
        return;
    }
    let to_year = i8::try_from(curriculum_year(born_on, on)).unwrap_or(i8::MAX);
    history.transfer = Some(Transfer { on, to_year });
    history.transfer_plan_sent_on = active.phase_transfer_final_on;
}
