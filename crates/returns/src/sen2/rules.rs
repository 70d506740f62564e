//! Every rule a return is checked by, as data.
//!
//! The Department's own rule numbers are not published in a form that can be had, so each rule has
//! an identifier of ours that never changes, the numbers a peer's open checker uses for the same
//! question, and a slot for the Department's number, filled per authority through
//! [`Overrides`]. The check itself stands in [`super::check`] or, for what can only be seen while
//! reading, in the reader; both name the rule by its variant here.
//!
//! To add a rule: a line in the table, the check that raises it, and a file in `tests/files`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strum::EnumIter;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Note,
    /// Probably wrong: mend it or be ready to say why it is right.
    Query,
    /// Wrong: the return would be refused.
    Error,
}

impl Severity {
    pub fn label(self) -> &'static str {
        match self {
            Severity::Note => "Note",
            Severity::Query => "Query",
            Severity::Error => "Error",
        }
    }
}

macro_rules! rules {
    ($($rule:ident, $id:literal, $severity:ident, [$($peer:literal),*] $(, from $from:literal)?, $meaning:literal, $mend:literal;)+) => {
        /// A rule of the return.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter)]
        pub enum Rule { $($rule),+ }

        impl Rule {
            /// Ours, and stable: `sen2.` and what is wrong.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$rule => $id),+ }
            }

            pub fn severity(self) -> Severity {
                match self { $(Rule::$rule => Severity::$severity),+ }
            }

            /// Issue numbers of a peer's open checker that ask the same.
            pub fn peer_numbers(self) -> &'static [u16] {
                match self { $(Rule::$rule => &[$($peer),*]),+ }
            }

            /// The first return it applies to.
            pub fn from_year(self) -> i16 {
                match self { $(Rule::$rule => rules!(@year $($from)?)),+ }
            }

            /// What the rule finds, for a list of rules.
            pub fn meaning(self) -> &'static str {
                match self { $(Rule::$rule => $meaning),+ }
            }

            /// How to put it right; the second half of every message.
            pub fn mend(self) -> &'static str {
                match self { $(Rule::$rule => $mend),+ }
            }
        }
    };
    (@year) => { 2023 };
    (@year $year:literal) => { $year };
}

rules! {
    // Seen while reading.
    NameNotKnown, "sen2.name_not_known", Note, [], "An item that the return does not have", "It was left out. Nothing needs doing unless it is a misspelt item.";
    ItemOutOfPlace, "sen2.item_out_of_place", Query, [], "An item under a heading it does not belong to", "It was left out. Move it to where the return keeps it.";
    ItemRepeated, "sen2.item_repeated", Error, [], "An item given twice", "The first was kept. Take one of them out.";
    TextOutOfPlace, "sen2.text_out_of_place", Query, [], "Words between the items", "They were left out. Put them inside an item, or take them out.";
    ItemNotYetAsked, "sen2.item_not_yet_asked", Note, [], "An item that this year's return did not ask for", "It was read all the same.";
    DateUnreadable, "sen2.date_unreadable", Error, [], "Something that is not a date", "Write the date as year-month-day, for example 2025-03-28.";
    DateWrittenOtherwise, "sen2.date_written_otherwise", Query, [], "A date written in another order than the return's", "The return itself must say year-month-day, for example 2025-03-28.";
    NotYesOrNo, "sen2.not_yes_or_no", Error, [], "Something other than yes or no", "Write 1 for yes or 0 for no.";
    NotANumber, "sen2.not_a_number", Error, [], "Something that is not a number of the expected size", "Write it in digits.";
    CodeNotKnown, "sen2.code_not_known", Error, [592, 614], "A code outside the list", "Choose one of the codes of the guide.";
    CodeToConfirm, "sen2.code_to_confirm", Query, [], "A code outside a list that is still to be confirmed", "Check it against this year's guide.";
    UpnWrong, "sen2.upn_wrong", Error, [], "A UPN that cannot be one", "Ask the school for the UPN, or give the reason there is none.";
    UlnWrong, "sen2.uln_wrong", Error, [], "A ULN that cannot be one", "Look the ULN up again, or leave it empty if there is a UPN.";
    SchoolNumberWrong, "sen2.school_number_wrong", Error, [], "A URN or UKPRN that cannot be one", "Look the setting up in the register of schools.";
    AuthorityNumberWrong, "sen2.authority_number_wrong", Error, [], "An authority's number that cannot be one", "Write the authority's three digits, for example 332.";
    PostcodeWrong, "sen2.postcode_wrong", Query, [], "A postcode that does not look like one", "Check the postcode.";

    // Header.
    ReferenceDateMissing, "sen2.reference_date_missing", Error, [124], "No census day", "Put the year's census day in the header.";
    ReferenceDateNotCensusDay, "sen2.reference_date_not_census_day", Query, [124], "A reference date other than the year's census day", "Check the reference date in the header.";
    AuthorityMissing, "sen2.authority_missing", Error, [], "No authority", "Put the authority's number in the header.";
    SourceLevelNotAuthority, "sen2.source_level_not_authority", Query, [], "A source level other than local authority", "The header of an authority's return says L.";
    OfficerMissing, "sen2.officer_missing", Error, [], "Not said whether a designated officer is in post", "Say 1 if the officer is in post, 0 if not.";

    // Person.
    PersonUnidentifiable, "sen2.person_unidentifiable", Error, [112], "Nothing tells who the person is", "Give the name, and the UPN or ULN.";
    SurnameMissing, "sen2.surname_missing", Error, [], "No surname", "Enter the surname.";
    ForenameMissing, "sen2.forename_missing", Query, [], "No forename", "Enter the forename.";
    BirthDateMissing, "sen2.birth_date_missing", Error, [224], "No date of birth, so no age", "Enter the date of birth.";
    BornAfterCensusDay, "sen2.born_after_census_day", Error, [], "Born after census day", "Correct the date of birth.";
    AgeOutOfRange, "sen2.age_out_of_range", Error, [232], "Older than the return covers", "Check the date of birth and whether the person still belongs in the return.";
    AgeAtTheEdge, "sen2.age_at_the_edge", Query, [232], "Past the 26th birthday on census day", "Plans end by the end of the school year of the 25th birthday: check the date of birth and the date the plan ceased.";
    CurriculumYearOutOfRange, "sen2.curriculum_year_out_of_range", Query, [234, 236], "A national curriculum year, from the date of birth, that does not exist", "Check the date of birth.";
    SexMissing, "sen2.sex_missing", Error, [], "No sex", "Enter M or F.";
    EthnicityMissing, "sen2.ethnicity_missing", Query, [], "No ethnicity", "Enter the ethnicity, or NOBT if the family has not been asked yet.";
    PostcodeMissing, "sen2.postcode_missing", Query, [], "No postcode", "Enter the postcode of the home.";
    IdentifierMissing, "sen2.identifier_missing", Error, [142], "Neither UPN nor ULN, nor the reason", "Enter the UPN or the ULN, or the reason there is neither.";
    IdentifierAndReason, "sen2.identifier_and_reason", Error, [143], "A UPN or ULN and a reason for having none", "Take the reason out.";
    ReasonDoesNotFitAge, "sen2.reason_does_not_fit_age", Query, [], "A reason for no UPN that the age contradicts", "Enter the UPN or ULN, or another reason.";
    RequestsMissing, "sen2.requests_missing", Error, [], "A person without any request", "Enter the request that led to the plan, as historical if it is an old one.";

    // Request.
    ReceivedDateMissing, "sen2.received_date_missing", Error, [132], "No day of receipt", "Enter the day the request was received: it starts the clock.";
    ReceivedBeforeBirth, "sen2.received_before_birth", Error, [], "A request received before the person was born", "Correct the date of birth or the day of receipt.";
    DateAfterCensusDay, "sen2.date_after_census_day", Error, [], "A date after census day", "Correct the date: the return looks back from census day.";
    SameDayRequests, "sen2.same_day_requests", Query, [212], "Two requests for one person received on one day", "Take one out if they are the same request.";
    RequestSourceMissing, "sen2.request_source_missing", Error, [], from 2026, "Not said who made the request", "Enter who made the request.";
    RequestOutcomeMissing, "sen2.request_outcome_missing", Error, [], "No outcome of the request", "Enter the outcome, or A while the decision is awaited.";
    RequestOutcomeDateMissing, "sen2.request_outcome_date_missing", Error, [], "A decision on the request without its date", "Enter the day the family was told.";
    RequestOutcomeDateNotNeeded, "sen2.request_outcome_date_not_needed", Query, [], "A date for an outcome that has none", "Take the date out, or correct the outcome.";
    RequestDecidedBeforeReceived, "sen2.request_decided_before_received", Error, [], "A request decided before it was received", "Correct one of the two dates.";
    AssessmentMissing, "sen2.assessment_missing", Error, [], "A decision to assess without an assessment", "Enter the assessment; its outcome is A while the decision is awaited.";
    AssessmentNotExpected, "sen2.assessment_not_expected", Error, [], "An assessment though the outcome of the request is that there is none", "Correct the outcome of the request, or take the assessment out. A refusal that was overturned keeps its N: set the mediation or tribunal mark and enter the assessment.";
    ExportedAfterPlan, "sen2.exported_after_plan", Query, [], "Said to have moved before the assessment was complete, but there is a plan", "Take the authority out: a move with a plan is a cease reason, not an export.";

    // Assessment.
    AssessmentOutcomeMissing, "sen2.assessment_outcome_missing", Error, [], "No outcome of the assessment", "Enter the outcome, or A while the decision is awaited.";
    AssessmentOutcomeDateMissing, "sen2.assessment_outcome_date_missing", Error, [], "An outcome of the assessment without its date", "Enter the day the plan was issued, or the day the family was told there would be none.";
    AssessmentOutcomeDateNotNeeded, "sen2.assessment_outcome_date_not_needed", Query, [], "A date for an outcome that has none", "Take the date out, or correct the outcome.";
    AssessmentEndedBeforeRequest, "sen2.assessment_ended_before_request", Error, [], "An assessment that ended before the request was received or decided", "Correct one of the dates.";
    Week20Missing, "sen2.week20_missing", Query, [], "Not said whether an exception to the 20 weeks applied", "Enter 1 if an exception applied, 0 if not.";
    NamedPlanMissing, "sen2.named_plan_missing", Error, [312], "A plan was issued but its details are missing", "Enter the plan.";
    NamedPlanNotExpected, "sen2.named_plan_not_expected", Error, [], "Details of a plan though none was issued", "Correct the outcome of the assessment, or take the plan out.";

    // Named plan.
    PlanStartMissing, "sen2.plan_start_missing", Error, [], "No start date of the plan", "Enter the day the plan started.";
    PlanStartsBeforeBirth, "sen2.plan_starts_before_birth", Error, [], "A plan that starts before the person was born", "Correct the date of birth or the start of the plan.";
    PlanStartsBeforeRequest, "sen2.plan_starts_before_request", Error, [], "A plan that starts before its request was received", "Correct one of the dates, or enter the assessment as historical.";
    PlanCeasesBeforeStart, "sen2.plan_ceases_before_start", Error, [], "A plan that ceases before it starts", "Correct one of the two dates.";
    CeaseReasonMissing, "sen2.cease_reason_missing", Error, [], "A plan that ceased without a reason", "Enter the reason.";
    CeaseDateMissing, "sen2.cease_date_missing", Error, [], "A reason for ceasing without a date", "Enter the day the plan ended, or take the reason out if it has not ended yet.";
    CeaseReasonDoesNotFitAge, "sen2.cease_reason_does_not_fit_age", Query, [], "A reason for ceasing that the age contradicts", "Check the reason and the date of birth.";
    CeasedAndActive, "sen2.ceased_and_active", Error, [], "A plan that ceased before census day and is also active on it", "Take out the date it ceased or the active plan.";
    PlanSettingMissing, "sen2.plan_setting_missing", Error, [412], "A plan that names no setting, school or type of setting", "Enter what section I of the plan names.";
    TooManySettings, "sen2.too_many_settings", Error, [], "More than two settings at a time", "Keep the main setting and one more.";
    DirectPaymentWithoutBudget, "sen2.direct_payment_without_budget", Query, [], "Direct payments or organised arrangements without a personal budget", "Set the personal budget to 1, or take the others out.";

    // Settings, in plans and in placements.
    SettingMissing, "sen2.setting_missing", Error, [422, 512], "A setting without URN, UKPRN or type", "Enter the URN or UKPRN, or the type of setting if it is not an establishment.";
    SettingTwice, "sen2.setting_twice", Query, [524], "An establishment and another type of setting at once", "Keep one of the two.";
    SettingWordsMissing, "sen2.setting_words_missing", Query, [], "Another setting without saying which", "Say in words what the setting is.";
    SettingDoesNotFitAge, "sen2.setting_does_not_fit_age", Query, [], "A type of setting that the age contradicts", "Check the type of setting and the date of birth.";
    UnitMarksMissing, "sen2.unit_marks_missing", Error, [514], "Not said whether the place is in a SEN unit or resourced provision", "Enter 1 or 0 for each.";
    UnitAndResourcedProvision, "sen2.unit_and_resourced_provision", Query, [], "A place in both a SEN unit and resourced provision", "Keep the one that applies.";
    UnitNotInRegister, "sen2.unit_not_in_register", Query, [532], "A SEN unit place at a school that has none in the register", "Check the school, or ask it to correct the register.";
    ResourcedProvisionNotInRegister, "sen2.resourced_provision_not_in_register", Query, [534], "A resourced provision place at a school that has none in the register", "Check the school, or ask it to correct the register.";
    SchoolNotInRegister, "sen2.school_not_in_register", Query, [522], "A URN that is not in the register loaded here", "Check the URN, or load a newer register.";
    RankWrong, "sen2.rank_wrong", Error, [542], "Ranks other than 1, or 1 and 2", "Give the main one rank 1 and the second rank 2.";

    // Active plan.
    ActiveWithoutPlan, "sen2.active_without_plan", Error, [312], "An active plan without the plan that was issued", "Enter the plan under the assessment, as historical if it is an old one.";
    PlacementMissing, "sen2.placement_missing", Error, [412, 414, 416], "An active plan without a placement", "Enter where the person is educated, or the type of setting if nowhere.";
    NoOpenPlacement, "sen2.no_open_placement", Query, [414], "No placement that is open on census day", "Enter the placement on census day.";
    TooManyOpenPlacements, "sen2.too_many_open_placements", Query, [542], "More than two placements open on census day", "Close the placements that have ended.";
    EntryDateMissing, "sen2.entry_date_missing", Query, [], "No start date of a placement", "Enter the day the placement started.";
    EntryBeforeBirth, "sen2.entry_before_birth", Error, [], "A placement that starts before the person was born", "Correct the date of birth or the start of the placement.";
    LeftBeforeEntry, "sen2.left_before_entry", Error, [], "A placement that ends before it starts", "Correct one of the two dates.";
    NeedMissing, "sen2.need_missing", Error, [612], "No type of need", "Enter the primary type of need.";
    NeedTwice, "sen2.need_twice", Query, [], "The same type of need twice", "Keep it once, or enter another second need.";
    TooManyNeeds, "sen2.too_many_needs", Error, [], "More than two types of need", "Keep the primary and one secondary need.";
    NeedNotYetACode, "sen2.need_not_yet_a_code", Error, [614], "Down syndrome as a type of need before the 2026 return", "Use the codes of this year's guide.";
    ReviewOutcomeWithoutMeeting, "sen2.review_outcome_without_meeting", Query, [], "A decision after an annual review without its meeting", "Enter the day of the meeting.";
    ReviewDecidedBeforeMeeting, "sen2.review_decided_before_meeting", Query, [], "A decision dated before the annual review meeting", "Check whether the two dates were swapped: the meeting comes first, the decision is the day the authority wrote.";
    ReviewBeforePlan, "sen2.review_before_plan", Query, [], "A review before the plan started", "Check the dates of the review and of the plan.";
    TransferFromSelf, "sen2.transfer_from_self", Error, [], "Moved in from the authority whose return it is", "Enter the authority the person moved from.";
    TransferNotHistorical, "sen2.transfer_not_historical", Query, [], "Moved in with a plan, but the assessment is not recorded as historical", "Give the assessment the outcome H: another authority made it.";

    // The whole file.
    NoPersons, "sen2.no_persons", Error, [996], "A return without persons", "Check that the right file was chosen.";
    UpnTwice, "sen2.upn_twice", Error, [], "Two persons with one UPN", "Join them if they are one person, or correct the UPN.";
    UlnTwice, "sen2.uln_twice", Error, [], "Two persons with one ULN", "Join them if they are one person, or correct the ULN.";
    PersonTwice, "sen2.person_twice", Query, [], "Two persons of one name and date of birth", "Join them if they are one person.";
    RequestTwice, "sen2.request_twice", Error, [134], "The same request of the same person twice in the file", "Take one out.";
}

/// What an authority changes about a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The Department's number for the same rule, for this year.
    #[serde(default)]
    pub department_number: Option<String>,
    #[serde(default)]
    pub severity: Option<Severity>,
    /// The rule is not asked at all.
    #[serde(default)]
    pub off: bool,
}

/// Changes by rule identifier ([`Rule::id`]).
pub type Overrides = BTreeMap<String, Override>;

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn every_rule_has_its_own_identifier_and_says_how_to_mend() {
        let ids: std::collections::BTreeSet<_> = Rule::iter().map(Rule::id).collect();
        assert_eq!(ids.len(), Rule::iter().count());
        for rule in Rule::iter() {
            assert!(rule.id().starts_with("sen2."));
            assert!(rule.mend().ends_with('.'), "{}", rule.id());
            assert!(!rule.meaning().ends_with('.'), "{}", rule.id());
        }
    }

    #[test]
    fn every_question_a_peer_asks_of_a_return_in_this_form_is_asked() {
        let asked: std::collections::BTreeSet<_> =
            Rule::iter().flat_map(|rule| rule.peer_numbers().iter().copied()).collect();
        // 122: a return without a year is refused by the reader. 997 to 999 are totals of tables
        // that this form of the return does not have.
        for number in [
            112, 124, 132, 134, 142, 143, 212, 224, 232, 234, 236, 312, 412, 414, 416, 422, 512, 514, 522, 524, 532,
            534, 542, 592, 612, 614, 996,
        ] {
            assert!(asked.contains(&number), "{number}");
        }
    }
}
