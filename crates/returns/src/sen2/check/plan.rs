//! Checks of plans: as issued, and as they stand on census day.

use super::{Check, Place, age_on};
use crate::{
    dates::in_words,
    sen2::{
        codes::{AssessmentOutcome, CeaseReason, OtherSetting},
        names::Item,
        records::{ActivePlan, Assessment, NamedPlan, Placement, Request, Setting},
        rules::Rule,
    },
};
use std::collections::HashSet;

impl Check<'_> {
    pub(super) fn named_plan(
        &mut self,
        request: &Request,
        assessment: &Assessment,
        plan: &NamedPlan,
        place: &Place<'_>,
    ) {
        let within = format!("{}, assessment, plan", place.within);
        let within = within.as_str();
        let line = place.lines.named_plan;
        self.not_after_census_day(plan.start_on, Item::StartDate, within, line);
        self.not_after_census_day(plan.cease_on, Item::CeaseDate, within, line);
        match plan.start_on {
            None => self.raise(Rule::PlanStartMissing, Item::StartDate, within, line, "The plan has no start date"),
            day if self.before_birth(day) => self.raise(
                Rule::PlanStartsBeforeBirth,
                Item::StartDate,
                within,
                line,
                "The plan starts before the person was born",
            ),
            Some(start_on) => {
                let own = assessment.outcome == Some(AssessmentOutcome::Issue);
                if let Some(received_on) = request.received_on
                    && own
                    && start_on < received_on
                {
                    let what = format!(
                        "The plan starts on {}, before its request was received on {}",
                        in_words(start_on),
                        in_words(received_on)
                    );
                    self.raise(Rule::PlanStartsBeforeRequest, Item::StartDate, within, line, what);
                }
            }
        }
        match (plan.cease_on, plan.cease_reason) {
            (Some(_), None) => self.raise(
                Rule::CeaseReasonMissing,
                Item::CeaseReason,
                within,
                line,
                "The plan ceased, but it is not said why",
            ),
            (None, Some(_)) => self.raise(
                Rule::CeaseDateMissing,
                Item::CeaseDate,
                within,
                line,
                "There is a reason for ceasing, but not the day",
            ),
            _ => {}
        }
        if let (Some(start_on), Some(cease_on)) = (plan.start_on, plan.cease_on)
            && cease_on < start_on
        {
            let what = format!("The plan ceases on {}, before it starts on {}", in_words(cease_on), in_words(start_on));
            self.raise(Rule::PlanCeasesBeforeStart, Item::CeaseDate, within, line, what);
        }
        if let (Some(reason), Some(cease_on), Some(born_on)) = (plan.cease_reason, plan.cease_on, self.person.born_on)
            && cease_on >= born_on
        {
            let age = age_on(born_on, cease_on);
            // 19 on entering the adult secure estate, 18 for higher education and 16 for work are
            // the earliest that can be.
            let youngest = match reason {
                CeaseReason::MaximumAge => 18,
                CeaseReason::HigherEducation => 16,
                CeaseReason::Employment => 15,
                _ => 0,
            };
            if age < youngest {
                let what = format!("“{}” does not fit the age of {age} on the day it ceased", reason.label());
                self.raise(Rule::CeaseReasonDoesNotFitAge, Item::CeaseReason, within, line, what);
            }
        }
        let budget_used = plan.organised_arrangements == Some(true) || plan.direct_payments.is_some();
        if budget_used && plan.personal_budget == Some(false) {
            self.raise(
                Rule::DirectPaymentWithoutBudget,
                Item::PersonalBudget,
                within,
                line,
                "There are direct payments or organised arrangements, but no personal budget",
            );
        }
        if plan.settings.is_empty() {
            self.raise(Rule::PlanSettingMissing, Item::PlanDetail, within, line, "The plan names no setting");
        }
        if plan.settings.len() > 2 {
            let what = format!("The plan names {} settings", plan.settings.len());
            self.raise(Rule::TooManySettings, Item::PlanDetail, within, line, what);
        }
        let ranks: Vec<_> = plan.settings.iter().map(|setting| setting.rank).collect();
        self.ranks(&ranks, Item::PlacementRank, within, line);
        for (index, setting) in plan.settings.iter().enumerate() {
            let within = format!("{within}, setting {}", index + 1);
            let line = place.lines.settings.get(index).copied();
            self.setting(setting, &within, line);
        }
    }

    fn ranks(&mut self, ranks: &[Option<u8>], item: Item, within: &str, line: Option<u64>) {
        let mut sorted: Vec<_> = ranks.to_vec();
        sorted.sort();
        let right = sorted.iter().zip(1u8..).all(|(rank, expected)| *rank == Some(expected));
        // Too many at a time has a rule of its own.
        if !right && ranks.len() <= 2 {
            let given: Vec<_> =
                ranks.iter().map(|rank| rank.map_or("none".to_owned(), |rank| rank.to_string())).collect();
            let what = format!("{} is {}", item.label(), given.join(" and "));
            self.raise(Rule::RankWrong, item, within, line, what);
        }
    }

    fn setting(&mut self, setting: &Setting, within: &str, line: Option<u64>) {
        if setting.is_nowhere() {
            self.raise(Rule::SettingMissing, Item::Urn, within, line, "There is no URN, UKPRN or type of setting");
        }
        if let Some(other) = setting.other {
            if setting.urn.is_some() {
                let what = format!("There is a URN and also “{}”", other.label());
                self.raise(Rule::SettingTwice, Item::SenSetting, within, line, what);
            }
            if matches!(other, OtherSetting::Oth | OtherSetting::Nieo) && setting.other_text.is_none() {
                let what = format!("“{}” is not explained", other.label());
                self.raise(Rule::SettingWordsMissing, Item::SenSettingOther, within, line, what);
            }
            if let Some(age) = self.age() {
                let contradicted = match other {
                    OtherSetting::Neet => age < 16,
                    OtherSetting::Eyp => age > 6,
                    _ => false,
                };
                if contradicted {
                    let what = format!("“{}” does not fit the age of {age}", other.label());
                    self.raise(Rule::SettingDoesNotFitAge, Item::SenSetting, within, line, what);
                }
            }
        }
        let Some(urn) = setting.urn else {
            return;
        };
        if setting.sen_unit.is_none() || setting.resourced_provision.is_none() {
            self.raise(
                Rule::UnitMarksMissing,
                Item::SenUnitIndicator,
                within,
                line,
                "It is not said whether the place is in a SEN unit or in resourced provision",
            );
        }
        if setting.sen_unit == Some(true) && setting.resourced_provision == Some(true) {
            self.raise(
                Rule::UnitAndResourcedProvision,
                Item::SenUnitIndicator,
                within,
                line,
                "The place is said to be in a SEN unit and in resourced provision",
            );
        }
        let Some(register) = self.register else {
            return;
        };
        match register.find(urn) {
            None => {
                let what = format!("No school with the URN {urn} is in the register");
                self.raise(Rule::SchoolNotInRegister, Item::Urn, within, line, what);
            }
            Some(school) => {
                if setting.sen_unit == Some(true) && school.has_sen_unit == Some(false) {
                    let what = format!("The register knows no SEN unit at {urn}");
                    self.raise(Rule::UnitNotInRegister, Item::SenUnitIndicator, within, line, what);
                }
                if setting.resourced_provision == Some(true) && school.has_resourced_provision == Some(false) {
                    let what = format!("The register knows no resourced provision at {urn}");
                    self.raise(
                        Rule::ResourcedProvisionNotInRegister,
                        Item::ResourcedProvisionIndicator,
                        within,
                        line,
                        what,
                    );
                }
            }
        }
    }

    pub(super) fn active(
        &mut self,
        request: &Request,
        plan: Option<&NamedPlan>,
        active: &ActivePlan,
        place: &Place<'_>,
    ) {
        let within = format!("{}, active plan", place.within);
        let within = within.as_str();
        let line = place.lines.active;
        match plan {
            None => self.raise(
                Rule::ActiveWithoutPlan,
                Item::ActivePlans,
                within,
                line,
                "There is an active plan, but not the plan that was issued",
            ),
            Some(plan) => {
                if let Some(cease_on) = plan.cease_on
                    && cease_on < self.census_day
                {
                    let what = format!("The plan ceased on {} and is also active on census day", in_words(cease_on));
                    self.raise(Rule::CeasedAndActive, Item::CeaseDate, within, line, what);
                }
            }
        }
        for (day, item) in [
            (active.review_meeting_on, Item::ReviewMeeting),
            (active.review_decided_on, Item::LastReview),
            (active.review_draft_on, Item::ReviewDraft),
        ] {
            self.not_after_census_day(day, item, within, line);
        }
        let decided = active.review_outcome.is_some() || active.review_draft_on.is_some();
        if decided && active.review_meeting_on.is_none() && active.review_decided_on.is_none() {
            self.raise(
                Rule::ReviewOutcomeWithoutMeeting,
                Item::ReviewMeeting,
                within,
                line,
                "There is a decision after an annual review, but no meeting",
            );
        }
        if let (Some(meeting_on), Some(decided_on)) = (active.review_meeting_on, active.review_decided_on)
            && decided_on < meeting_on
            // Last year's decision may stand beside this year's meeting until it is decided.
            && active.review_outcome.is_some()
        {
            let what =
                format!("The decision of {} is before the meeting of {}", in_words(decided_on), in_words(meeting_on));
            self.raise(Rule::ReviewDecidedBeforeMeeting, Item::LastReview, within, line, what);
        }
        let start_on = plan.and_then(|plan| plan.start_on);
        if let (Some(start_on), Some(meeting_on)) = (start_on, active.review_meeting_on)
            && meeting_on < start_on
            && active.transfer_la.is_none()
        {
            let what =
                format!("The review of {} is before the plan started on {}", in_words(meeting_on), in_words(start_on));
            self.raise(Rule::ReviewBeforePlan, Item::ReviewMeeting, within, line, what);
        }
        if let Some(from) = active.transfer_la {
            if Some(from) == self.header.authority {
                self.raise(
                    Rule::TransferFromSelf,
                    Item::TransferLa,
                    within,
                    line,
                    format!("The person is said to have moved from {from}, the authority of the return"),
                );
            }
            let outcome = request.assessment.as_ref().and_then(|assessment| assessment.outcome);
            let another = [Some(AssessmentOutcome::Historical), Some(AssessmentOutcome::AfterAnotherAuthority), None];
            if !another.contains(&outcome) {
                self.raise(
                    Rule::TransferNotHistorical,
                    Item::AssessmentOutcome,
                    within,
                    line,
                    format!("The person moved in from {from} with a plan, but the assessment is recorded as this authority's"),
                );
            }
        }
        self.placements(active, within, place);
        self.needs(active, within, line);
    }

    fn placements(&mut self, active: &ActivePlan, within: &str, place: &Place<'_>) {
        let line = place.lines.active;
        if active.placements.is_empty() {
            let moved = active.transfer_la.map(|from| format!("; the person moved in from {from}")).unwrap_or_default();
            let what = format!("The active plan has no placement{moved}");
            self.raise(Rule::PlacementMissing, Item::PlacementDetail, within, line, what);
            return;
        }
        let is_open = |placement: &&Placement| {
            placement.entered_on.is_none_or(|day| day <= self.census_day)
                && placement.left_on.is_none_or(|day| day >= self.census_day)
        };
        let open: Vec<_> = active.placements.iter().filter(is_open).collect();
        if open.is_empty() {
            self.raise(
                Rule::NoOpenPlacement,
                Item::PlacementDetail,
                within,
                line,
                "No placement is open on census day",
            );
        }
        if open.len() > 2 {
            let what = format!("{} placements are open on census day", open.len());
            self.raise(Rule::TooManyOpenPlacements, Item::PlacementDetail, within, line, what);
        }
        let ranks: Vec<_> = open.iter().map(|placement| placement.setting.rank).collect();
        self.ranks(&ranks, Item::PlacementRank, within, line);
        for (index, placement) in active.placements.iter().enumerate() {
            let within = format!("{within}, placement {}", index + 1);
            let within = within.as_str();
            let line = place.lines.placements.get(index).copied();
            self.not_after_census_day(placement.entered_on, Item::EntryDate, within, line);
            self.not_after_census_day(placement.left_on, Item::LeavingDate, within, line);
            match placement.entered_on {
                None => {
                    self.raise(Rule::EntryDateMissing, Item::EntryDate, within, line, "The placement has no start date")
                }
                day if self.before_birth(day) => self.raise(
                    Rule::EntryBeforeBirth,
                    Item::EntryDate,
                    within,
                    line,
                    "The placement starts before the person was born",
                ),
                _ => {}
            }
            if let (Some(entered_on), Some(left_on)) = (placement.entered_on, placement.left_on)
                && left_on < entered_on
            {
                let what = format!(
                    "The placement ends on {}, before it starts on {}",
                    in_words(left_on),
                    in_words(entered_on)
                );
                self.raise(Rule::LeftBeforeEntry, Item::LeavingDate, within, line, what);
            }
            self.setting(&placement.setting, within, line);
        }
    }

    fn needs(&mut self, active: &ActivePlan, within: &str, line: Option<u64>) {
        let given: Vec<_> = active.needs.iter().filter_map(|need| need.need).collect();
        if given.is_empty() {
            self.raise(Rule::NeedMissing, Item::SenType, within, line, "There is no type of need");
            return;
        }
        if active.needs.len() > 2 {
            let what = format!("There are {} types of need", active.needs.len());
            self.raise(Rule::TooManyNeeds, Item::SenNeed, within, line, what);
        }
        if given.iter().collect::<HashSet<_>>().len() < given.len() {
            self.raise(Rule::NeedTwice, Item::SenType, within, line, "The same type of need stands twice");
        }
        let ranks: Vec<_> = active.needs.iter().map(|need| need.rank).collect();
        self.ranks(&ranks, Item::SenTypeRank, within, line);
    }
}
