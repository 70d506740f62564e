//! Are two sets of details those of one child? Field by field, what agrees, what differs, what one
//! of them lacks.

use super::{DetailField, Details};
use crate::Refusal;
use strum::IntoEnumIterator;

/// How one field of two records compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    Agrees,
    /// The value of the record that is kept stays.
    Differs,
    /// The record that is kept lacks it, and has it from the other.
    FilledIn,
    /// Only the record that is kept has it.
    OnlyKept,
}

/// What both say of each field that at least one of them has.
pub fn compare(kept: &Details, other: &Details) -> Vec<(DetailField, Likeness)> {
    let value = |details: &Details, field| {
        let plain: String = text(details, field).chars().filter(|c| c.is_alphanumeric()).collect();
        plain.to_lowercase()
    };
    DetailField::iter()
        .filter_map(|field| {
            let (own, theirs) = (value(kept, field), value(other, field));
            Some((
                field,
                match (own.is_empty(), theirs.is_empty()) {
                    (true, true) => return None,
                    (true, false) => Likeness::FilledIn,
                    (false, true) => Likeness::OnlyKept,
                    (false, false) if own == theirs => Likeness::Agrees,
                    (false, false) => Likeness::Differs,
                },
            ))
        })
        .collect()
}

/// Why two sets of details cannot be joined as they are: numbers that only one child can have.
///
/// # Errors
/// [`Refusal::NumbersDiffer`].
pub(crate) fn numbers_agree(kept: &Details, other: &Details) -> Result<(), Refusal> {
    for (field, likeness) in compare(kept, other) {
        let is_number = matches!(field, DetailField::NhsNumber | DetailField::Upn | DetailField::Uln);
        if is_number && likeness == Likeness::Differs {
            return Err(Refusal::NumbersDiffer { what: field.label() });
        }
    }
    Ok(())
}

/// The same last name and birth date with another first name: twins are recorded like this.
pub fn may_be_twins(one: &Details, other: &Details) -> bool {
    let plain = |name: &str| name.trim().to_lowercase();
    let names = |details: &Details| {
        let known_as = details.known_as.as_deref().map(plain);
        [Some(plain(&details.given_name)), known_as].into_iter().flatten().collect::<Vec<_>>()
    };
    one.born_on == other.born_on
        && plain(&one.family_name) == plain(&other.family_name)
        && !names(one).iter().any(|name| names(other).contains(name))
}

/// The details that are kept, with what they lack taken from the others, and which fields those are.
pub fn fill_in(kept: &Details, other: &Details) -> (Details, Vec<DetailField>) {
    let fields: Vec<DetailField> = compare(kept, other)
        .into_iter()
        .filter(|(_, likeness)| *likeness == Likeness::FilledIn)
        .map(|(field, _)| field)
        .collect();
    let mut whole = kept.clone();
    for field in &fields {
        copy(*field, other, &mut whole);
    }
    (whole, fields)
}

/// The opposite of [`fill_in`]: takes out what came from the others, unless it was changed since.
pub fn take_out(now: &Details, other: &Details, fields: &[DetailField]) -> (Details, Vec<DetailField>) {
    let nothing = Details {
        given_name: String::new(),
        family_name: String::new(),
        known_as: None,
        born_on: now.born_on,
        sex: None,
        ethnicity: None,
        postcode: None,
        address: None,
        home_language: None,
        upn: None,
        uln: None,
        nhs_number: None,
    };
    let fields: Vec<DetailField> =
        fields.iter().copied().filter(|field| text(now, *field) == text(other, *field)).collect();
    let mut without = now.clone();
    for field in &fields {
        copy(*field, &nothing, &mut without);
    }
    (without, fields)
}

fn copy(field: DetailField, from: &Details, to: &mut Details) {
    match field {
        // Every record has these: they are never lacking.
        DetailField::Name | DetailField::BirthDate => {}
        DetailField::KnownAs => to.known_as.clone_from(&from.known_as),
        DetailField::Sex => to.sex = from.sex,
        DetailField::Ethnicity => to.ethnicity.clone_from(&from.ethnicity),
        DetailField::Address => {
            to.address.clone_from(&from.address);
            to.postcode.clone_from(&from.postcode);
        }
        DetailField::HomeLanguage => to.home_language.clone_from(&from.home_language),
        DetailField::Upn => to.upn.clone_from(&from.upn),
        DetailField::Uln => to.uln.clone_from(&from.uln),
        DetailField::NhsNumber => to.nhs_number.clone_from(&from.nhs_number),
    }
}

fn text(details: &Details, field: DetailField) -> String {
    let or_empty = |value: &Option<String>| value.clone().unwrap_or_default();
    match field {
        DetailField::Name => format!("{} {}", details.given_name, details.family_name),
        DetailField::KnownAs => or_empty(&details.known_as),
        DetailField::BirthDate => details.born_on.to_string(),
        DetailField::Sex => details.sex.map(|sex| sex.code().to_owned()).unwrap_or_default(),
        DetailField::Ethnicity => or_empty(&details.ethnicity),
        DetailField::Address => {
            format!("{} {}", or_empty(&details.address), or_empty(&details.postcode)).trim().to_owned()
        }
        DetailField::HomeLanguage => or_empty(&details.home_language),
        DetailField::Upn => details.upn.as_ref().map(ToString::to_string).unwrap_or_default(),
        DetailField::Uln => details.uln.as_ref().map(ToString::to_string).unwrap_or_default(),
        DetailField::NhsNumber => details.nhs_number.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}
