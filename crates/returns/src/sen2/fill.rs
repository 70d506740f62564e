//! From elements to records: reads each value, and says what could not be read.

use super::{
    codes::{Need, Sex},
    finding::{At, Findings},
    names::Item,
    records::{ActivePlan, Assessment, Header, NamedPlan, Officers, Person, Placement, RankedNeed, Request, Setting},
    rules::Rule,
    tree::Element,
};
use crate::dates::{in_words, read_date};
use jiff::civil::{Date, DateTime};
use std::{fmt::Display, str::FromStr};

/// Lines at which the records of a person stand, in the same shape as the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    pub line: Option<u64>,
    pub requests: Vec<RequestLines>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestLines {
    pub line: Option<u64>,
    pub assessment: Option<u64>,
    pub named_plan: Option<u64>,
    pub settings: Vec<u64>,
    pub active: Option<u64>,
    pub placements: Vec<u64>,
    pub needs: Vec<u64>,
}

pub(crate) struct Filler<'a> {
    pub findings: &'a mut Findings,
    within: String,
}

impl<'a> Filler<'a> {
    pub(crate) fn new(findings: &'a mut Findings) -> Filler<'a> {
        Filler { findings, within: String::new() }
    }

    fn raise(&mut self, rule: Rule, element: Element<'_>, what: String) {
        let value = element.text();
        self.findings.raise(
            rule,
            At {
                line: Some(element.line()),
                item: element.item(),
                within: &self.within,
                value: (!value.is_empty()).then_some(value),
            },
            what,
        );
    }

    /// Goes into a record, so that what is found there says where.
    fn inside<T>(&mut self, place: impl Display, fill: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.within.len();
        if length > 0 {
            self.within.push_str(", ");
        }
        self.within.push_str(&place.to_string());
        let filled = fill(self);
        self.within.truncate(length);
        filled
    }

    /// Checks that an element is an item with a value and is the first of its kind; answers the
    /// value without the spaces around it.
    fn value<'e, T>(&mut self, element: Element<'e>, field: &Option<T>) -> Option<&'e str> {
        if !element.is_leaf() {
            self.raise(
                Rule::ItemOutOfPlace,
                element,
                format!("“{}” holds other items instead of a value", element.name()),
            );
            return None;
        }
        if let Some(item) = element.item() {
            let from = item.from_year();
            if self.findings.year() < from {
                self.raise(Rule::ItemNotYetAsked, element, format!("{} was first asked for in {from}", item.label()));
            }
        }
        let text = element.text();
        if text.is_empty() {
            return None;
        }
        if field.is_some() {
            self.raise(Rule::ItemRepeated, element, format!("{} is given more than once", label(element)));
            return None;
        }
        Some(text)
    }

    fn text(&mut self, element: Element<'_>, field: &mut Option<String>) {
        if let Some(text) = self.value(element, field) {
            *field = Some(text.to_owned());
        }
    }

    fn parsed<T: FromStr>(&mut self, element: Element<'_>, field: &mut Option<T>, rule: Rule)
    where
        T::Err: Display,
    {
        let Some(text) = self.value(element, field) else {
            return;
        };
        match text.parse() {
            Ok(parsed) => *field = Some(parsed),
            Err(reason) => {
                let what = format!("{} is not right: {reason}", label(element));
                self.raise(rule, element, what);
            }
        }
    }

    fn code<T: FromStr>(&mut self, element: Element<'_>, field: &mut Option<T>, rule: Rule) {
        let Some(text) = self.value(element, field) else {
            return;
        };
        match text.to_ascii_uppercase().parse() {
            Ok(code) => *field = Some(code),
            Err(_) => {
                let what = format!("{} is not one of the codes of the return", label(element));
                self.raise(rule, element, what);
            }
        }
    }

    fn yes_or_no(&mut self, element: Element<'_>, field: &mut Option<bool>) {
        let Some(text) = self.value(element, field) else {
            return;
        };
        let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        if is(&["1", "true", "yes", "y"]) {
            *field = Some(true);
        } else if is(&["0", "false", "no", "n"]) {
            *field = Some(false);
        } else {
            let what = format!("{} is neither yes nor no", label(element));
            self.raise(Rule::NotYesOrNo, element, what);
        }
    }

    fn number<T: FromStr>(&mut self, element: Element<'_>, field: &mut Option<T>) {
        let Some(text) = self.value(element, field) else {
            return;
        };
        match text.parse() {
            Ok(number) => *field = Some(number),
            Err(_) => {
                let what = format!("{} is not a number that fits", label(element));
                self.raise(Rule::NotANumber, element, what);
            }
        }
    }

    fn date(&mut self, element: Element<'_>, field: &mut Option<Date>) {
        let Some(text) = self.value(element, field) else {
            return;
        };
        match read_date(text).filter(|(date, _)| (1900..=2100).contains(&date.year())) {
            Some((date, as_the_return)) => {
                *field = Some(date);
                if !as_the_return {
                    let what = format!("{} was read as {}", label(element), in_words(date));
                    self.raise(Rule::DateWrittenOtherwise, element, what);
                }
            }
            None => {
                let what = format!("{} is not a date between 1900 and 2100", label(element));
                self.raise(Rule::DateUnreadable, element, what);
            }
        }
    }

    fn postcode(&mut self, element: Element<'_>, field: &mut Option<String>) {
        let Some(text) = self.value(element, field) else {
            return;
        };
        match crate::postcode::tidied(text) {
            Some(postcode) => *field = Some(postcode),
            None => {
                *field = Some(text.to_owned());
                let what = format!("{} does not look like a postcode", label(element));
                self.raise(Rule::PostcodeWrong, element, what);
            }
        }
    }

    fn stranger(&mut self, element: Element<'_>, record: Item) {
        match element.item() {
            Some(item) => {
                let what = format!("{} does not belong to the {}", item.label(), record.label().to_lowercase());
                self.raise(Rule::ItemOutOfPlace, element, what);
            }
            None => {
                let what = format!("The return has no item called “{}”", short(element.name()));
                self.raise(Rule::NameNotKnown, element, what);
            }
        }
    }

    fn no_text_between(&mut self, element: Element<'_>) {
        if !element.is_leaf() && !element.text().is_empty() {
            let what = format!("There are words between the items of the {}", label(element).to_lowercase());
            self.raise(Rule::TextOutOfPlace, element, what);
        }
    }

    /// The header, and the collection it says it belongs to, and the year as written.
    pub(crate) fn header(&mut self, root: Element<'_>) -> (Header, Option<String>, Option<String>) {
        let mut header = Header {
            year: 0,
            reference_date: None,
            source_level: None,
            authority: None,
            software_code: None,
            release: None,
            serial_no: None,
            written_at: None,
        };
        let (mut collection, mut year) = (None, None);
        // Some writers put the items straight under the header.
        let groups = [Some(Item::CollectionDetails), Some(Item::Source)];
        let items = root.children().flat_map(|child| {
            if groups.contains(&child.item()) { child.children().collect::<Vec<_>>() } else { vec![child] }
        });
        for element in items {
            match element.item() {
                Some(Item::Collection) => self.text(element, &mut collection),
                Some(Item::Year) => self.text(element, &mut year),
                Some(Item::ReferenceDate) => self.date(element, &mut header.reference_date),
                Some(Item::SourceLevel) => self.text(element, &mut header.source_level),
                Some(Item::Lea) => self.parsed(element, &mut header.authority, Rule::AuthorityNumberWrong),
                Some(Item::SoftwareCode) => self.text(element, &mut header.software_code),
                Some(Item::Release) => self.text(element, &mut header.release),
                Some(Item::SerialNo) => self.number(element, &mut header.serial_no),
                Some(Item::DateTime) => {
                    if let Some(text) = self.value(element, &header.written_at) {
                        header.written_at = read_date_time(text);
                        if header.written_at.is_none() {
                            let what = format!("{} is not a date and time", label(element));
                            self.raise(Rule::DateUnreadable, element, what);
                        }
                    }
                }
                _ => self.stranger(element, Item::Header),
            }
        }
        (header, collection, year)
    }

    /// Takes the element if it says whether an officer is in post.
    pub(crate) fn officer(&mut self, element: Element<'_>, officers: &mut Officers) {
        match element.item() {
            Some(Item::Dmo) => self.yes_or_no(element, &mut officers.medical),
            Some(Item::Dco) => self.yes_or_no(element, &mut officers.clinical),
            Some(Item::Dsco) => self.yes_or_no(element, &mut officers.social_care),
            _ => self.stranger(element, Item::Message),
        }
    }

    pub(crate) fn person(&mut self, root: Element<'_>) -> (Person, Lines) {
        let mut person = Person::default();
        let mut lines = Lines { line: Some(root.line()), requests: Vec::new() };
        self.no_text_between(root);
        for element in root.children() {
            match element.item() {
                Some(Item::Surname) => self.text(element, &mut person.surname),
                Some(Item::Forename) => self.text(element, &mut person.forename),
                Some(Item::PersonBirthDate) => self.date(element, &mut person.born_on),
                Some(Item::Sex) => self.sex(element, &mut person.sex),
                Some(Item::Ethnicity) => self.code(element, &mut person.ethnicity, Rule::CodeNotKnown),
                Some(Item::PostCode) => self.postcode(element, &mut person.postcode),
                Some(Item::Upn) => self.parsed(element, &mut person.upn, Rule::UpnWrong),
                Some(Item::UniqueLearnerNumber) => self.parsed(element, &mut person.uln, Rule::UlnWrong),
                Some(Item::UpnUnknown) => self.code(element, &mut person.upn_unknown, Rule::CodeNotKnown),
                Some(Item::Requests) => {
                    for record in element.records() {
                        let number = person.requests.len() + 1;
                        let (request, at) =
                            self.inside(format_args!("request {number}"), |filler| filler.request(record));
                        person.requests.push(request);
                        lines.requests.push(at);
                    }
                }
                _ => self.stranger(element, Item::Person),
            }
        }
        (person, lines)
    }

    fn sex(&mut self, element: Element<'_>, field: &mut Option<Sex>) {
        match self.value(element, field) {
            Some(text) if text.eq_ignore_ascii_case("male") => *field = Some(Sex::Male),
            Some(text) if text.eq_ignore_ascii_case("female") => *field = Some(Sex::Female),
            Some(_) => self.code(element, field, Rule::CodeNotKnown),
            None => {}
        }
    }

    fn request(&mut self, root: Element<'_>) -> (Request, RequestLines) {
        let mut request = Request::default();
        let mut lines = RequestLines { line: Some(root.line()), ..RequestLines::default() };
        self.no_text_between(root);
        for element in root.children() {
            match element.item() {
                Some(Item::ReceivedDate) => self.date(element, &mut request.received_on),
                Some(Item::RequestSource) => self.code(element, &mut request.source, Rule::CodeNotKnown),
                Some(Item::Rya) => self.yes_or_no(element, &mut request.rya),
                Some(Item::RequestOutcome) => self.code(element, &mut request.outcome, Rule::CodeNotKnown),
                Some(Item::RequestOutcomeDate) => self.date(element, &mut request.outcome_on),
                Some(Item::RequestMediation) => self.yes_or_no(element, &mut request.mediation),
                Some(Item::RequestTribunal) => self.yes_or_no(element, &mut request.tribunal),
                Some(Item::Exported) => self.parsed(element, &mut request.exported, Rule::AuthorityNumberWrong),
                Some(Item::Assessment) => {
                    for record in element.records() {
                        if self.is_second(record, &request.assessment) {
                            continue;
                        }
                        lines.assessment = Some(record.line());
                        let assessment = self.inside("assessment", |filler| filler.assessment(record, &mut lines));
                        request.assessment = Some(assessment);
                    }
                }
                Some(Item::ActivePlans) => {
                    for record in element.records() {
                        if self.is_second(record, &request.active) {
                            continue;
                        }
                        lines.active = Some(record.line());
                        let active = self.inside("active plan", |filler| filler.active(record, &mut lines));
                        request.active = Some(active);
                    }
                }
                _ => self.stranger(element, Item::Requests),
            }
        }
        (request, lines)
    }

    fn is_second<T>(&mut self, record: Element<'_>, field: &Option<T>) -> bool {
        if field.is_some() {
            let what = format!("There is more than one {} for one request", label(record).to_lowercase());
            self.raise(Rule::ItemRepeated, record, what);
        }
        field.is_some()
    }

    fn assessment(&mut self, root: Element<'_>, lines: &mut RequestLines) -> Assessment {
        let mut assessment = Assessment::default();
        self.no_text_between(root);
        for element in root.children() {
            match element.item() {
                Some(Item::AssessmentOutcome) => self.code(element, &mut assessment.outcome, Rule::CodeNotKnown),
                Some(Item::AssessmentOutcomeDate) => self.date(element, &mut assessment.outcome_on),
                Some(Item::AssessmentMediation) => self.yes_or_no(element, &mut assessment.mediation),
                Some(Item::AssessmentTribunal) => self.yes_or_no(element, &mut assessment.tribunal),
                Some(Item::OtherMediation) => self.yes_or_no(element, &mut assessment.other_mediation),
                Some(Item::OtherTribunal) => self.yes_or_no(element, &mut assessment.other_tribunal),
                Some(Item::Week20) => self.yes_or_no(element, &mut assessment.week20_exception),
                Some(Item::NamedPlan) => {
                    for record in element.records() {
                        if self.is_second(record, &assessment.named_plan) {
                            continue;
                        }
                        lines.named_plan = Some(record.line());
                        let plan = self.inside("plan", |filler| filler.named_plan(record, lines));
                        assessment.named_plan = Some(plan);
                    }
                }
                _ => self.stranger(element, Item::Assessment),
            }
        }
        assessment
    }

    fn named_plan(&mut self, root: Element<'_>, lines: &mut RequestLines) -> NamedPlan {
        let mut plan = NamedPlan::default();
        self.no_text_between(root);
        for element in root.children() {
            match element.item() {
                Some(Item::StartDate) => self.date(element, &mut plan.start_on),
                Some(Item::PlanRes | Item::Res) => self.code(element, &mut plan.residential, Rule::CodeToConfirm),
                Some(Item::PlanWbp | Item::Wbp) => self.code(element, &mut plan.work_based, Rule::CodeToConfirm),
                Some(Item::PersonalBudget) => self.yes_or_no(element, &mut plan.personal_budget),
                Some(Item::OrganisedArrangements) => self.yes_or_no(element, &mut plan.organised_arrangements),
                Some(Item::DirectPayments) => self.code(element, &mut plan.direct_payments, Rule::CodeToConfirm),
                Some(Item::CeaseDate) => self.date(element, &mut plan.cease_on),
                Some(Item::CeaseReason) => self.code(element, &mut plan.cease_reason, Rule::CodeNotKnown),
                Some(Item::PlanDetail) => {
                    for record in element.records() {
                        let number = plan.settings.len() + 1;
                        lines.settings.push(record.line());
                        let setting = self.inside(format_args!("setting {number}"), |filler| {
                            filler.no_text_between(record);
                            let mut setting = Setting::default();
                            for element in record.children() {
                                if !filler.setting_item(element, &mut setting) {
                                    filler.stranger(element, Item::PlanDetail);
                                }
                            }
                            setting
                        });
                        plan.settings.push(setting);
                    }
                }
                _ => self.stranger(element, Item::NamedPlan),
            }
        }
        plan
    }

    /// Whether the element was an item that plans and placements share.
    fn setting_item(&mut self, element: Element<'_>, setting: &mut Setting) -> bool {
        match element.item() {
            Some(Item::Urn) => self.parsed(element, &mut setting.urn, Rule::SchoolNumberWrong),
            Some(Item::Ukprn) => self.parsed(element, &mut setting.ukprn, Rule::SchoolNumberWrong),
            Some(Item::SenSetting) => self.code(element, &mut setting.other, Rule::CodeNotKnown),
            Some(Item::SenSettingOther) => self.text(element, &mut setting.other_text),
            Some(Item::PlacementRank) => self.number(element, &mut setting.rank),
            Some(Item::SenUnitIndicator) => self.yes_or_no(element, &mut setting.sen_unit),
            Some(Item::ResourcedProvisionIndicator) => self.yes_or_no(element, &mut setting.resourced_provision),
            _ => return false,
        }
        true
    }

    fn active(&mut self, root: Element<'_>, lines: &mut RequestLines) -> ActivePlan {
        let mut active = ActivePlan::default();
        // The 2023 return kept these two with the plan; they belong to its main placement.
        let (mut residential, mut work_based) = (None, None);
        self.no_text_between(root);
        for element in root.children() {
            match element.item() {
                Some(Item::TransferLa) => self.parsed(element, &mut active.transfer_la, Rule::AuthorityNumberWrong),
                Some(Item::ReviewMeeting) => self.date(element, &mut active.review_meeting_on),
                Some(Item::ReviewOutcome) => self.code(element, &mut active.review_outcome, Rule::CodeToConfirm),
                Some(Item::LastReview) => self.date(element, &mut active.review_decided_on),
                Some(Item::ReviewDraft) => self.date(element, &mut active.review_draft_on),
                Some(Item::PhaseTransferDueDate) => self.date(element, &mut active.phase_transfer_due_on),
                Some(Item::PhaseTransferFinalDate) => self.date(element, &mut active.phase_transfer_final_on),
                Some(Item::Res) => self.code(element, &mut residential, Rule::CodeToConfirm),
                Some(Item::Wbp) => self.code(element, &mut work_based, Rule::CodeToConfirm),
                Some(Item::PlacementDetail) => {
                    for record in element.records() {
                        let number = active.placements.len() + 1;
                        lines.placements.push(record.line());
                        let placement =
                            self.inside(format_args!("placement {number}"), |filler| filler.placement(record));
                        active.placements.push(placement);
                    }
                }
                Some(Item::SenNeed) => {
                    for record in element.records() {
                        let number = active.needs.len() + 1;
                        lines.needs.push(record.line());
                        let need = self.inside(format_args!("need {number}"), |filler| filler.need(record));
                        active.needs.push(need);
                    }
                }
                _ => self.stranger(element, Item::ActivePlans),
            }
        }
        if let Some(main) = active.placements.first_mut() {
            main.residential = main.residential.or(residential);
            main.work_based = main.work_based.or(work_based);
        }
        active
    }

    fn placement(&mut self, root: Element<'_>) -> Placement {
        let mut placement = Placement::default();
        self.no_text_between(root);
        for element in root.children() {
            match element.item() {
                Some(Item::EntryDate) => self.date(element, &mut placement.entered_on),
                Some(Item::LeavingDate) => self.date(element, &mut placement.left_on),
                Some(Item::Res | Item::PlanRes) => self.code(element, &mut placement.residential, Rule::CodeToConfirm),
                Some(Item::Wbp | Item::PlanWbp) => self.code(element, &mut placement.work_based, Rule::CodeToConfirm),
                _ => {
                    if !self.setting_item(element, &mut placement.setting) {
                        self.stranger(element, Item::PlacementDetail);
                    }
                }
            }
        }
        placement
    }

    fn need(&mut self, root: Element<'_>) -> RankedNeed {
        let mut need = RankedNeed::default();
        self.no_text_between(root);
        for element in root.children() {
            match element.item() {
                Some(Item::SenType) => self.code(element, &mut need.need, Rule::CodeNotKnown),
                Some(Item::SenTypeRank) => self.number(element, &mut need.rank),
                _ => self.stranger(element, Item::SenNeed),
            }
        }
        if need.need == Some(Need::Ds) && self.findings.year() < 2026 {
            self.raise(
                Rule::NeedNotYetACode,
                root,
                "Down syndrome became a type of need of its own in 2026".to_owned(),
            );
        }
        need
    }
}

fn label(element: Element<'_>) -> &str {
    match element.item() {
        Some(item) => item.label(),
        None => element.name(),
    }
}

fn short(name: &str) -> String {
    name.chars().take(40).collect()
}

fn read_date_time(text: &str) -> Option<DateTime> {
    if let Ok(at) = text.trim_end_matches('Z').parse::<DateTime>() {
        return Some(at);
    }
    read_date(text).map(|(date, _)| date.at(0, 0, 0, 0))
}
