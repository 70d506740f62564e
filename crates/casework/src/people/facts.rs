//! Facts are told once: which were asked, of whom, by which form; and how often that was in all.
//!
//! A form that asks says so in the act that records its answers ([`Asking`]), so that asking twice is
//! counted where it happens, and not claimed not to.

use super::DetailField;
use crate::Case;
use crate::codes::codes;
use crate::requests::Source;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

codes! {
    /// Something a form can ask for.
    Fact {
        Name = "name" => "Name",
        KnownAs = "known_as" => "Name they like to be called",
        BirthDate = "birth_date" => "Date of birth",
        Sex = "sex" => "Sex",
        Ethnicity = "ethnicity" => "Ethnic group",
        Address = "address" => "Home address",
        HomeLanguage = "home_language" => "Language at home",
        Upn = "upn" => "School number (UPN)",
        Uln = "uln" => "Learner number (ULN)",
        NhsNumber = "nhs_number" => "NHS number",
        School = "school" => "School or setting",
        Parent = "parent" => "A parent or carer, and how to reach them",
        Account = "account" => "What the worry is",
        Tried = "tried" => "What has been tried",
        HelpAtHome = "help_at_home" => "What would help at home",
        Strengths = "strengths" => "What goes well",
        Wellbeing = "wellbeing" => "Health, sleep and eating, as the family sees it",
        HelpWanted = "help_wanted" => "What help the family thinks is needed",
        Hopes = "hopes" => "What the family hopes for",
    }
}

impl From<DetailField> for Fact {
    fn from(field: DetailField) -> Fact {
        match field {
            DetailField::Name => Fact::Name,
            DetailField::KnownAs => Fact::KnownAs,
            DetailField::BirthDate => Fact::BirthDate,
            DetailField::Sex => Fact::Sex,
            DetailField::Ethnicity => Fact::Ethnicity,
            DetailField::Address => Fact::Address,
            DetailField::HomeLanguage => Fact::HomeLanguage,
            DetailField::Upn => Fact::Upn,
            DetailField::Uln => Fact::Uln,
            DetailField::NhsNumber => Fact::NhsNumber,
        }
    }
}

codes! {
    /// Where a fact came in.
    Form {
        AskOnline = "ask_online" => "Asking for an assessment online",
        FrontDoor = "front_door" => "A request entered by the council",
        Views = "views" => "What the family says for the assessment",
        WhatWeKnow = "what_we_know" => "“What we already know”",
        Details = "details" => "Details corrected by the council",
        OtherRecord = "other_record" => "Another record of the same child",
        EarlierSystem = "earlier_system" => "The council’s earlier system",
    }
}

codes! {
    /// Who says so.
    Teller {
        Family = "family" => "The family",
        School = "school" => "The school or setting",
        Health = "health" => "Health",
        SocialCare = "social_care" => "Social care",
        Council = "council" => "The council",
        Other = "other" => "Someone else",
    }
}

impl From<Source> for Teller {
    fn from(source: Source) -> Teller {
        match source {
            Source::Parent | Source::YoungPerson => Teller::Family,
            Source::School => Teller::School,
            Source::Health => Teller::Health,
            Source::SocialCare => Teller::SocialCare,
            Source::Other => Teller::Other,
        }
    }
}

/// What one form asked on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    pub form: Form,
    pub of: Teller,
    pub on: Date,
    /// Asked as a question, whether or not it was answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Fact>,
    /// Shown as it is on record, and said to be still right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<Fact>,
}

impl Asking {
    pub(crate) fn is_empty(&self) -> bool {
        self.asked.is_empty() && self.confirmed.is_empty()
    }
}

/// One asking of one fact of one child, as the measure counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked<Child> {
    pub child: Child,
    pub fact: Fact,
    pub form: Form,
    pub of: Teller,
    pub on: Date,
    pub is_confirmation: bool,
}

/// How often one fact was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Count {
    /// Children of whom it was asked at all.
    pub children: usize,
    /// Times it was asked of them.
    pub asked: usize,
    /// Times it was shown and said to be still right.
    pub confirmed: usize,
    /// Children of whom it was asked more than once.
    pub repeated: usize,
    /// Times by form and of whom, the most frequent first.
    pub by: Vec<(Form, Teller, usize)>,
}

impl Count {
    /// Times asked per child; none when nobody was asked. The target is 1.
    pub fn per_child(&self) -> Option<f64> {
        // Counts of children and of questions are small enough for a float to hold exactly.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        (self.children > 0).then(|| self.asked as f64 / self.children as f64)
    }
}

/// The measure: for each fact that was asked for, how often.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meter {
    pub facts: BTreeMap<Fact, Count>,
    /// Over all facts: `children` counts pairs of a child and a fact.
    pub all: Count,
}

impl Meter {
    pub fn of<Child: Ord + Clone>(askings: &[Asked<Child>]) -> Meter {
        let mut times: BTreeMap<(Fact, Child), usize> = BTreeMap::new();
        let mut by: BTreeMap<(Fact, Form, Teller), usize> = BTreeMap::new();
        let mut meter = Meter::default();
        for one in askings {
            let count = meter.facts.entry(one.fact).or_default();
            if one.is_confirmation {
                count.confirmed += 1;
                continue;
            }
            count.asked += 1;
            *times.entry((one.fact, one.child.clone())).or_default() += 1;
            *by.entry((one.fact, one.form, one.of)).or_default() += 1;
        }
        for ((fact, _), times) in times {
            let count = meter.facts.entry(fact).or_default();
            count.children += 1;
            count.repeated += usize::from(times > 1);
        }
        for ((fact, form, of), times) in by {
            meter.facts.entry(fact).or_default().by.push((form, of, times));
        }
        let mut all = Count::default();
        let mut all_by: BTreeMap<(Form, Teller), usize> = BTreeMap::new();
        for count in meter.facts.values_mut() {
            // By number, and the same order whenever two are as frequent.
            count.by.sort_by_key(|(form, of, times)| (std::cmp::Reverse(*times), *form, *of));
            all.children += count.children;
            all.asked += count.asked;
            all.confirmed += count.confirmed;
            all.repeated += count.repeated;
            count.by.iter().for_each(|(form, of, times)| *all_by.entry((*form, *of)).or_default() += times);
        }
        all.by = all_by.into_iter().map(|((form, of), times)| (form, of, times)).collect();
        all.by.sort_by_key(|(form, of, times)| (std::cmp::Reverse(*times), *form, *of));
        Meter { all, ..meter }
    }
}

/// The children of whom something was asked more than once, with what.
pub fn asked_again<Child: Ord + Clone>(askings: &[Asked<Child>]) -> BTreeMap<Child, BTreeSet<Fact>> {
    let mut seen = BTreeSet::new();
    let mut again: BTreeMap<Child, BTreeSet<Fact>> = BTreeMap::new();
    for one in askings.iter().filter(|one| !one.is_confirmation) {
        if !seen.insert((one.child.clone(), one.fact)) {
            again.entry(one.child.clone()).or_default().insert(one.fact);
        }
    }
    again
}

/// Whether this was said already: the same form of the same people on the same day.
pub(crate) fn is_known(case: &Case, asking: &Asking) -> bool {
    case.askings.contains(asking)
}

/// The details that an act changes, whose values are kept with who said them.
pub fn details_told(before: &Case, events: &[crate::Event]) -> BTreeSet<DetailField> {
    use crate::joins::Event as Joins;
    use strum::IntoEnumIterator;
    let mut fields = BTreeSet::new();
    for event in events {
        match event {
            crate::Event::People(super::Event::RecordOpened { .. }) => fields.extend(DetailField::iter()),
            crate::Event::People(super::Event::DetailsCorrected { fields: changed, .. }) => fields.extend(changed),
            crate::Event::Joins(Joins::TakenIn { join }) => fields.extend(&join.carried.details),
            crate::Event::Joins(Joins::GivenBack { case, .. }) => {
                let carried = before.joins.iter().filter(|join| join.case == *case);
                fields.extend(carried.flat_map(|join| &join.carried.details));
            }
            _ => {}
        }
    }
    fields
}
