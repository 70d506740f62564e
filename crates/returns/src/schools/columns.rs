//! What each register calls its columns.
//!
//! Names are compared without regard to case, spaces, underscores and brackets. The first name of
//! each column is the official extract's (Get Information about Schools, all establishment fields);
//! after it come those of its older search download and of lighter lists with map positions.

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Column {
    Urn,
    Name,
    LaCode,
    LaName,
    DistrictCode,
    EstablishmentNumber,
    Phase,
    Kind,
    Status,
    LowAge,
    HighAge,
    SixthForm,
    Town,
    Postcode,
    Ukprn,
    Easting,
    Northing,
    Latitude,
    Longitude,
    Capacity,
    Pupils,
    ProvisionKind,
    UnitOnRoll,
    UnitCapacity,
    ProvisionOnRoll,
    ProvisionCapacity,
    SpecialNeed,
    Section41,
    OpenedOn,
    ClosedOn,
}

use Column::*;

const COLUMNS: &[(Column, &[&str])] = &[
    (Urn, &["URN"]),
    (Name, &["EstablishmentName", "Establishment name", "School name", "name"]),
    (LaCode, &["LA (code)", "Local authority (code)", "LA number", "la_code"]),
    (LaName, &["LA (name)", "Local authority (name)", "Local authority", "la_name"]),
    (DistrictCode, &["DistrictAdministrative (code)", "ons_lad"]),
    (EstablishmentNumber, &["EstablishmentNumber", "Establishment number"]),
    (Phase, &["PhaseOfEducation (name)", "Phase of education", "Phase", "phase_code"]),
    (Kind, &["TypeOfEstablishment (name)", "Type of establishment", "Type", "type_guess"]),
    (Status, &["EstablishmentStatus (name)", "Establishment status", "Status"]),
    (LowAge, &["StatutoryLowAge", "Statutory lowest age"]),
    (HighAge, &["StatutoryHighAge", "Statutory highest age"]),
    (SixthForm, &["OfficialSixthForm (name)", "Sixth form"]),
    (Town, &["Town"]),
    (Postcode, &["Postcode", "nearest_postcode"]),
    (Ukprn, &["UKPRN"]),
    (Easting, &["Easting"]),
    (Northing, &["Northing"]),
    (Latitude, &["Latitude", "lat"]),
    (Longitude, &["Longitude", "lon", "lng", "long"]),
    (Capacity, &["SchoolCapacity", "School capacity", "capacity"]),
    (Pupils, &["NumberOfPupils", "Number of pupils"]),
    (ProvisionKind, &["TypeOfResourcedProvision (name)", "Type of resourced provision"]),
    (UnitOnRoll, &["SenUnitOnRoll", "SEN unit on roll"]),
    (UnitCapacity, &["SenUnitCapacity", "SEN unit capacity"]),
    (ProvisionOnRoll, &["ResourcedProvisionOnRoll", "Resourced provision on roll"]),
    (ProvisionCapacity, &["ResourcedProvisionCapacity", "Resourced provision capacity"]),
    (Section41, &["Section41Approved (name)", "Section 41 approved"]),
    (OpenedOn, &["OpenDate", "Opening date"]),
    (ClosedOn, &["CloseDate", "Closing date"]),
];

/// The letters and digits of a name, small.
fn key(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase)
}

impl Column {
    /// The column that a register calls `name`.
    pub(super) fn called(name: &str) -> Option<Column> {
        if name.len() > 100 {
            return None;
        }
        // `SEN1 (name)` to `SEN13 (name)`: a school's specialisms.
        let plain: String = key(name).collect();
        if let Some(number) = plain.strip_prefix("sen")
            && number.trim_end_matches("name").parse::<u8>().is_ok_and(|number| (1..=13).contains(&number))
        {
            return Some(SpecialNeed);
        }
        COLUMNS
            .iter()
            .find(|(_, names)| names.iter().any(|known| key(known).eq(plain.chars())))
            .map(|(column, _)| *column)
    }

    /// The official extract's name.
    pub(super) fn official(self) -> &'static str {
        COLUMNS.iter().find(|(column, _)| *column == self).map_or("SEN1 (name)", |(_, names)| names[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_name_belongs_to_two_columns() {
        let mut seen = HashMap::new();
        for (column, names) in COLUMNS {
            for name in *names {
                let before = seen.insert(key(name).collect::<String>(), *column);
                assert!(before.is_none_or(|before| before == *column), "{name}");
                assert_eq!(Column::called(name), Some(*column));
            }
        }
    }

    #[test]
    fn names_are_read_in_any_case_and_spelling() {
        for (name, column) in [
            ("urn", Urn),
            (" la (CODE) ", LaCode),
            ("TYPEOFESTABLISHMENT (NAME)", Kind),
            ("Local authority (name)", LaName),
            ("SEN13 (name)", SpecialNeed),
            ("ons_lad", DistrictCode),
        ] {
            assert_eq!(Column::called(name), Some(column), "{name}");
        }
        for name in ["TypeOfEstablishment (code)", "SENStat", "SEN14 (name)", "HeadLastName", ""] {
            assert_eq!(Column::called(name), None, "{name}");
        }
    }
}
