//! What the record says of a child, fact by fact: its value, who said it, and when.

use super::details::{fill, parse};
use crate::Error;
use crate::ports::london_time;
use crate::web::{Problems, Typed, long_date, short_date};
use casework::people::corrections::{Answer, Correction};
use casework::people::facts::{Asking, Fact, Form, Teller};
use casework::people::{DetailField, Details};
use casework::{AuthorityId, CaseId, CorrectionId, TextId};
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

/// One value that a detail had, and who said it.
#[derive(Debug, Clone)]
pub struct Told {
    pub field: DetailField,
    /// Empty when it was taken off the record.
    pub value: String,
    pub form: Form,
    pub teller: Teller,
    pub source: Option<String>,
    pub on: Date,
    /// Who put it on record; none where nobody typed it in.
    pub by: Option<String>,
}

impl Told {
    /// "Sent online with the request on Monday 23 November 2026". `to_family` speaks to those who said it.
    pub fn sentence(&self, to_family: bool) -> String {
        let on = long_date(self.on);
        let by = self.by.as_deref();
        let who = match self.teller {
            Teller::Family if to_family => "You",
            teller => teller.label(),
        };
        let source = self.source.as_deref().map(|source| format!(" ({source})")).unwrap_or_default();
        match (self.form, by) {
            (Form::AskOnline, _) => format!("Sent online with the request on {on}"),
            (Form::EarlierSystem, _) => format!("Brought in from the council’s earlier system on {on}"),
            (Form::OtherRecord, _) => format!("Came from another record of the same child on {on}"),
            (_, Some(name)) => format!("{who} said it{source}. {name} put it on record on {on}"),
            (_, None) => format!("{who} said it{source}. On record since {on}"),
        }
    }
}

const VALUES: &str = "SELECT v.field, v.value, v.form, v.teller, v.source, v.recorded_at, u.name AS recorded_by \
    FROM fact_values v LEFT JOIN users u ON u.authority_id = v.authority_id AND u.user_id = v.recorded_by \
    WHERE v.authority_id = $1 AND v.case_id = $2 ORDER BY v.version DESC, v.field LIMIT 1000";

/// Every value that details of a child had, the newest first.
pub struct History(Vec<Told>);

impl History {
    /// # Errors
    /// When the database fails.
    pub fn read(tx: &mut dyn Tx, authority: AuthorityId, case: CaseId) -> Result<History, Error> {
        let mut told = Vec::new();
        for row in tx.query(VALUES, &[authority.0.into(), case.0.into()])? {
            told.push(Told {
                field: row.get_as("field", "a detail", |code: &str| code.parse().ok())?,
                value: row.get("value")?,
                form: row.get_as("form", "a form", |code: &str| code.parse().ok())?,
                teller: row.get_as("teller", "a teller", |code: &str| code.parse().ok())?,
                source: row.get("source")?,
                on: london_time(row.get("recorded_at")?).date(),
                by: row.get("recorded_by")?,
            });
        }
        Ok(History(told))
    }

    /// The values of one detail, the newest first.
    pub fn of(&self, field: DetailField) -> impl Iterator<Item = &Told> {
        self.0.iter().filter(move |told| told.field == field)
    }

    /// Who said what is on record now; empty when nobody knows.
    pub fn source(&self, field: DetailField, to_family: bool) -> String {
        self.of(field).next().map(|told| told.sentence(to_family)).unwrap_or_default()
    }
}

/// How often a fact was asked for, in words: "Asked once". Empty when nobody asked.
pub fn times_asked(askings: &[Asking], fact: Fact) -> String {
    let asked = askings.iter().filter(|asking| asking.asked.contains(&fact)).count();
    let confirmed = askings.iter().rev().find(|asking| asking.confirmed.contains(&fact)).map(|asking| asking.on);
    let asked = match asked {
        0 => String::new(),
        1 => "Asked once".to_owned(),
        2 => "Asked twice".to_owned(),
        times => format!("Asked {times} times"),
    };
    match confirmed {
        Some(on) if asked.is_empty() => format!("Said to be still right on {}", short_date(on)),
        Some(on) => format!("{asked}; said to be still right on {}", short_date(on)),
        None => asked,
    }
}
