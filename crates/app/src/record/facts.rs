//! What the record says of a child, fact by fact: its value, who said it, and when.

use super::details::{fill, parse};
use super::store::{HistoryLine, history};
use crate::Error;
use crate::journal::ONLINE_FORM;
use crate::ports::london_time;
use crate::web::{Problems, Typed, long_date};
use casework::people::corrections::{Answer, Correction};
use casework::people::{DetailField, Details, Event as People};
use casework::{AuthorityId, CaseId, CorrectionId, Event, TextId};
use db::Tx;
use jiff::civil::Date;
use std::collections::HashMap;

/// The facts that a family reads, in order.
pub const SHOWN: [DetailField; 8] = [
    DetailField::Name,
    DetailField::KnownAs,
    DetailField::BirthDate,
    DetailField::Sex,
    DetailField::Address,
    DetailField::HomeLanguage,
    DetailField::Upn,
    DetailField::NhsNumber,
];
/// Most entries that are looked through for who said something.
const ENTRIES_MAX: i64 = 1000;

/// The fields of the details form that hold a fact.
pub fn inputs(field: DetailField) -> &'static [&'static str] {
    match field {
        DetailField::Name => &["given-name", "family-name"],
        DetailField::KnownAs => &["known-as"],
        DetailField::BirthDate => &["born-on", "born-on-day", "born-on-month", "born-on-year"],
        DetailField::Sex => &["sex"],
        DetailField::Address => &["address", "postcode"],
        DetailField::HomeLanguage => &["home-language"],
        DetailField::Upn => &["upn"],
        DetailField::Uln => &["uln"],
        DetailField::NhsNumber => &["nhs-number"],
        DetailField::Ethnicity => &[],
    }
}

/// A fact as people read it; empty when nothing is known.
pub fn said(field: DetailField, details: &Details) -> String {
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    match field {
        DetailField::Name => format!("{} {}", details.given_name, details.family_name),
        DetailField::KnownAs => text(details.known_as.as_ref()),
        DetailField::BirthDate => long_date(details.born_on),
        DetailField::Sex => details.sex.map(|sex| sex.label().to_owned()).unwrap_or_default(),
        DetailField::Ethnicity => text(details.ethnicity.as_ref()),
        DetailField::Address => {
            [details.address.clone(), details.postcode.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        DetailField::HomeLanguage => text(details.home_language.as_ref()),
        DetailField::Upn => details.upn.as_ref().map(ToString::to_string).unwrap_or_default(),
        DetailField::Uln => details.uln.as_ref().map(ToString::to_string).unwrap_or_default(),
        DetailField::NhsNumber => details.nhs_number.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

/// The details as their form would post them.
pub fn typed(details: &Details) -> Typed {
    fill(details)
}

/// The details with one fact as it was typed.
///
/// # Errors
/// [`Error::Fields`] when it cannot be.
pub fn with(details: &Details, field: DetailField, typed: &Typed, today: Date) -> Result<Details, Error> {
    let mut whole = fill(details);
    for input in inputs(field) {
        whole.set(input, typed.get(input));
    }
    let mut problems = Problems::default();
    let after = parse(&whole, today, &mut problems);
    problems.check()?;
    let after = after.ok_or(Error::NotFound)?;
    Ok(Details { ethnicity: details.ethnicity.clone(), ..after })
}

/// What was typed for one fact, kept beside the journal as it would be posted.
pub fn encode(field: DetailField, typed: &Typed) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for input in inputs(field) {
        text.append_pair(input, typed.get(input));
    }
    text.finish()
}

/// A correction, with what the record said and what the family says.
pub struct Asked {
    pub id: CorrectionId,
    pub field: DetailField,
    pub label: &'static str,
    pub before: String,
    pub after: String,
    pub asked: Date,
    pub due: Date,
    pub asked_on: String,
    pub answer_by: String,
    /// What came of it, once it is answered.
    pub outcome: Option<String>,
}

impl Asked {
    pub fn of(correction: &Correction, details: &Details, texts: &HashMap<TextId, String>) -> Asked {
        let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
        // What was typed is kept as it was posted; shown, it is read as the detail that it is.
        let shown = |id: TextId| {
            let typed = Typed::decode(text(id).as_bytes()).unwrap_or_default();
            with(details, correction.field, &typed, correction.asked_on)
                .map(|details| said(correction.field, &details))
                .unwrap_or_default()
        };
        Asked {
            id: correction.id,
            field: correction.field,
            label: correction.field.label(),
            before: shown(correction.before),
            after: shown(correction.after),
            asked: correction.asked_on,
            due: correction.answer_by(),
            asked_on: long_date(correction.asked_on),
            answer_by: long_date(correction.answer_by()),
            outcome: correction.answer.map(|answered| match answered.answer {
                Answer::Accepted => format!("Put right on {}.", long_date(answered.on)),
                Answer::Kept { reasons } => format!("Kept as it was on {}: {}", long_date(answered.on), text(reasons)),
            }),
        }
    }
}

/// Who said what, and when, as the journal has it.
pub struct Sources(Vec<HistoryLine>);

impl Sources {
    pub fn read(tx: &mut dyn Tx, authority: AuthorityId, case: CaseId) -> Result<Sources, Error> {
        Ok(Sources(history(tx, authority, case, 0, ENTRIES_MAX)?))
    }

    /// "Sent online on Monday 23 November 2026".
    pub fn of(&self, field: DetailField) -> String {
        let is_source = |line: &HistoryLine| match serde_json::from_str(&line.body) {
            Ok(Event::People(People::DetailsCorrected { fields, .. })) => fields.contains(&field),
            Ok(Event::People(People::RecordOpened { .. })) => true,
            _ => false,
        };
        let Some(at) = self.0.iter().position(is_source) else { return String::new() };
        let line = &self.0[at];
        let on = long_date(london_time(line.recorded_at).date());
        // Put right in the act that answers the family: the answer is the entry after.
        let is_answer = at.checked_sub(1).is_some_and(|next| self.0[next].name == "people.correction_answered");
        match (&line.actor_name, line.actor_role.as_str()) {
            (Some(name), _) if is_answer => format!("You said it. {name} put it on record on {on}"),
            (Some(name), role) => format!("Typed in by {name}, {}, on {on}", role.replace('_', " ")),
            (None, ONLINE_FORM) => format!("Sent online with the request on {on}"),
            (None, crate::journal::IMPORT) => format!("Brought in from the council’s earlier system on {on}"),
            (None, _) => format!("On record since {on}"),
        }
    }
}
