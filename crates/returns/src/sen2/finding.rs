//! What was found wrong, where, and in which words it is told.

use super::{
    names::Item,
    rules::{Overrides, Rule, Severity},
};
use serde::Serialize;

/// Who a finding is about, in whatever the file gives: enough for the person who mends it.
///
/// Personal: shown to people who may see the child, never logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonRef {
    /// Place in the file, from 1.
    pub ordinal: u64,
    pub name: Option<String>,
    /// UPN, else ULN.
    pub identifier: Option<String>,
}

/// One thing that is wrong, doubtful or worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Our identifier of the rule, [`Rule::id`].
    pub rule: &'static str,
    /// The Department's number for it, where the authority has given one.
    pub department_number: Option<String>,
    pub severity: Severity,
    /// Line of the file, from 1; none when the records did not come from a file.
    pub line: Option<u64>,
    pub person: Option<PersonRef>,
    /// Where inside the person: “request 2, placement 1”. Empty for the person and for the header.
    pub within: String,
    pub item: Option<Item>,
    /// What is wrong and how to mend it, in plain words.
    pub message: String,
    /// What the file says there, shortened if it is long.
    pub value: Option<String>,
    /// There was a value and it could not be read.
    #[serde(skip)]
    pub(crate) unreadable: bool,
}

/// How findings are made: the year decides which rules there are, the authority may change them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    found: Vec<Finding>,
    year: i16,
    overrides: Overrides,
    most: usize,
    left_out: u64,
}

/// Where the next finding stands.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct At<'a> {
    pub line: Option<u64>,
    pub item: Option<Item>,
    pub within: &'a str,
    pub value: Option<&'a str>,
}

const VALUE_CHARACTERS: usize = 80;

impl Findings {
    /// Keeps at most `most` findings between two calls of [`Findings::take`]: a hostile file must
    /// not fill memory with complaints.
    pub(crate) fn new(year: i16, overrides: Overrides, most: usize) -> Findings {
        Findings { found: Vec::new(), year, overrides, most, left_out: 0 }
    }

    pub(crate) fn set_year(&mut self, year: i16) {
        self.year = year;
    }

    pub(crate) fn year(&self) -> i16 {
        self.year
    }

    pub(crate) fn raise(&mut self, rule: Rule, at: At<'_>, what: impl Into<String>) {
        if self.year < rule.from_year() {
            return;
        }
        if at.item.is_some_and(|item| asks_for_a_value(rule) && self.was_unreadable(item, at.within)) {
            return;
        }
        let change = self.overrides.get(rule.id());
        if change.is_some_and(|change| change.off) {
            return;
        }
        if self.found.len() >= self.most {
            self.left_out += 1;
            return;
        }
        let mut message = what.into();
        message.push_str(". ");
        message.push_str(rule.mend());
        self.found.push(Finding {
            rule: rule.id(),
            department_number: change.and_then(|change| change.department_number.clone()),
            severity: change.and_then(|change| change.severity).unwrap_or(rule.severity()),
            line: at.line,
            person: None,
            within: at.within.to_owned(),
            item: at.item,
            message,
            value: at.value.map(shortened),
            unreadable: says_unreadable(rule),
        });
    }

    /// Whether a value of this item, or of one that may stand for it, was there but could not be
    /// read: to say that it is missing as well would send people looking for the wrong thing.
    fn was_unreadable(&self, item: Item, within: &str) -> bool {
        let alternatives: &[Item] = match item {
            Item::Upn => &[Item::Upn, Item::UniqueLearnerNumber, Item::UpnUnknown],
            Item::Urn => &[Item::Urn, Item::Ukprn, Item::SenSetting],
            Item::SenUnitIndicator => &[Item::SenUnitIndicator, Item::ResourcedProvisionIndicator],
            _ => std::slice::from_ref(&item),
        };
        self.found.iter().any(|finding| {
            let inside = finding.within.strip_prefix(within);
            finding.unreadable
                && finding.item.is_some_and(|found| alternatives.contains(&found))
                && inside.is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
        })
    }

    /// Hands over what was found, as being about `person`.
    pub(crate) fn take(&mut self, person: Option<&PersonRef>) -> Vec<Finding> {
        let mut found = std::mem::take(&mut self.found);
        for finding in &mut found {
            finding.person = person.cloned();
        }
        found
    }

    /// How many findings were left out because there were too many about one person.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }
}

/// Rules that find a value to be missing or, for ranks, not among those expected.
fn asks_for_a_value(rule: Rule) -> bool {
    rule.id().ends_with("_missing") || rule == Rule::RankWrong
}

fn says_unreadable(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::DateUnreadable
            | Rule::NotYesOrNo
            | Rule::NotANumber
            | Rule::CodeNotKnown
            | Rule::CodeToConfirm
            | Rule::UpnWrong
            | Rule::UlnWrong
            | Rule::SchoolNumberWrong
            | Rule::AuthorityNumberWrong
            | Rule::PostcodeWrong
    )
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(VALUE_CHARACTERS) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
}
