//! What the return calls each item, and what else it has been called.
//!
//! Names are read without regard to case. The first name of an item is the guide's, and the one
//! that is written; the others have been met in suppliers' files, templates and readers. Labels
//! are those of the Department's template, in sentence case, for people.

use std::{collections::HashMap, sync::LazyLock};
use strum::EnumIter;

/// What an item is, for the reader and for messages.
struct Naming {
    names: &'static [&'static str],
    label: &'static str,
    from_year: i16,
}

macro_rules! items {
    ($($item:ident: $($name:literal)|+, $label:literal $(, from $year:literal)?;)+) => {
        /// An item or a group of items of the return.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, serde::Serialize, serde::Deserialize)]
        pub enum Item { $($item),+ }

        impl Item {
            fn naming(self) -> Naming {
                match self {
                    $(Item::$item => Naming {
                        names: &[$($name),+],
                        label: $label,
                        from_year: items!(@year $($year)?),
                    }),+
                }
            }
        }
    };
    (@year) => { 2023 };
    (@year $year:literal) => { $year };
}

items! {
    Message: "Message", "Message";
    Header: "Header", "Header record";
    CollectionDetails: "CollectionDetails", "Collection details";
    Collection: "Collection", "Collection";
    Year: "Year", "Year";
    ReferenceDate: "ReferenceDate", "Reference date";
    Source: "Source", "Source";
    SourceLevel: "SourceLevel", "Source level";
    Lea: "LEA" | "LA" | "LANumber", "Authority number";
    SoftwareCode: "SoftwareCode", "Software";
    Release: "Release", "Release";
    SerialNo: "SerialNo" | "SerialNumber", "Serial number";
    DateTime: "DateTime", "Date and time of the file";
    Dmo: "DMO", "Designated medical officer";
    Dco: "DCO", "Designated clinical officer";
    Dsco: "DSCO", "Designated social care officer", from 2026;
    Persons: "Persons", "Persons";
    Person: "Person", "Person";
    Surname: "Surname", "Surname";
    Forename: "Forename", "Forename";
    PersonBirthDate: "PersonBirthDate" | "BirthDate" | "DOB", "Date of birth";
    Sex: "Sex" | "GenderCurrent" | "Gender", "Sex";
    Ethnicity: "Ethnicity", "Ethnicity";
    PostCode: "PostCode", "Postcode";
    Upn: "UPN", "UPN";
    UniqueLearnerNumber: "UniqueLearnerNumber" | "ULN", "ULN";
    UpnUnknown: "UPNunknown", "Reason for no UPN or ULN";
    Requests: "Requests" | "Request", "Request";
    ReceivedDate: "ReceivedDate", "Date the request was received";
    RequestSource: "RequestSource" | "rquestsource", "Source of the request", from 2026;
    Rya: "RYA", "Request whilst in relevant youth accommodation";
    RequestOutcome: "RequestOutcome", "Outcome of the request";
    RequestOutcomeDate: "RequestOutcomeDate", "Date of the request's outcome";
    RequestMediation: "RequestMediation", "Mediation about the request";
    RequestTribunal: "RequestTribunal", "Tribunal about the request";
    Exported: "Exported", "Authority the person moved to before the assessment was complete";
    Assessment: "Assessment" | "Assessments", "Assessment";
    AssessmentOutcome: "AssessmentOutcome", "Decision to issue an EHC plan";
    AssessmentOutcomeDate: "AssessmentOutcomeDate", "Date of the decision to issue";
    AssessmentMediation: "AssessmentMediation", "Mediation about the assessment";
    AssessmentTribunal: "AssessmentTribunal", "Tribunal about the assessment";
    OtherMediation: "OtherMediation", "Other mediation";
    OtherTribunal: "OtherTribunal", "Other tribunal";
    Week20: "Week20", "20-week exceptions apply";
    NamedPlan: "NamedPlan" | "NamedPlans", "Plan";
    StartDate: "StartDate", "EHC plan start date";
    PlanRes: "PlanRes", "Residential setting in the plan";
    PlanWbp: "PlanWBP" | "PlanWPB", "Work-based learning in the plan";
    PersonalBudget: "PB", "Personal budget";
    OrganisedArrangements: "OA", "Organised arrangements";
    DirectPayments: "DP", "Direct payments";
    CeaseDate: "CeaseDate", "Date the plan ceased";
    CeaseReason: "CeaseReason", "Reason the plan ceased";
    PlanDetail: "PlanDetail" | "PlanDetails", "Setting in the plan";
    Urn: "URN", "URN";
    Ukprn: "UKPRN", "UKPRN";
    SenSetting: "SENsetting", "Other type of setting";
    SenSettingOther: "SENsettingOther", "Other type of setting, in words";
    PlacementRank: "PlacementRank", "Rank of the setting";
    SenUnitIndicator: "SENunitIndicator" | "SENunit", "SEN unit";
    ResourcedProvisionIndicator: "ResourcedProvisionIndicator" | "ResourcedProvision", "Resourced provision";
    ActivePlans: "ActivePlans" | "ActivePlan", "Active plan";
    TransferLa: "TransferLA", "Authority the person moved from";
    ReviewMeeting: "ReviewMeeting", "Annual review meeting date", from 2024;
    ReviewOutcome: "ReviewOutcome", "Annual review decision", from 2024;
    LastReview: "LastReview", "Annual review decision date";
    ReviewDraft: "ReviewDraft", "Date the draft amended plan was issued", from 2026;
    PhaseTransferDueDate: "PhaseTransferDueDate", "Phase transfer due date", from 2026;
    PhaseTransferFinalDate: "PhaseTransferFinalDate", "Phase transfer final plan date", from 2026;
    PlacementDetail: "PlacementDetail" | "PlacementDetails", "Placement";
    EntryDate: "EntryDate", "Placement start date";
    LeavingDate: "LeavingDate", "Placement leaving date";
    Res: "Res", "Residential setting";
    Wbp: "WBP" | "WPB", "Work-based learning";
    SenNeed: "SENneed" | "SENneeds", "Need";
    SenType: "SENtype", "Type of need";
    SenTypeRank: "SENtypeRank", "Rank of the need";
}

static BY_NAME: LazyLock<HashMap<String, Item>> = LazyLock::new(|| {
    use strum::IntoEnumIterator;
    Item::iter()
        .flat_map(|item| item.naming().names.iter().map(move |name| (name.to_ascii_lowercase(), item)))
        .collect()
});

impl Item {
    /// The guide's name: the one that is written.
    pub fn name(self) -> &'static str {
        self.naming().names[0]
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        self.naming().label
    }

    /// The first return that asked for it.
    pub fn from_year(self) -> i16 {
        self.naming().from_year
    }

    /// The item that a file calls `name`, in whatever case and spelling.
    pub fn called(name: &str) -> Option<Item> {
        // Longer than any name there is: not worth a copy.
        if name.len() > 64 {
            return None;
        }
        BY_NAME.get(&name.to_ascii_lowercase()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::IntoEnumIterator;

    #[test]
    fn no_two_items_share_a_name() {
        let names: usize = Item::iter().map(|item| item.naming().names.len()).sum();
        assert_eq!(BY_NAME.len(), names);
        for item in Item::iter() {
            assert_eq!(Item::called(item.name()), Some(item));
        }
    }

    #[test]
    fn spellings_that_have_been_met_are_read_as_the_guides() {
        for (met, guide) in [
            ("SENUnitIndicator", "SENunitIndicator"),
            ("SENSetting", "SENsetting"),
            ("PlanWPB", "PlanWBP"),
            ("WPB", "WBP"),
            ("RES", "Res"),
            ("rquestsource", "RequestSource"),
            ("GenderCurrent", "Sex"),
            ("SENTypeRank", "SENtypeRank"),
            ("upnunknown", "UPNunknown"),
        ] {
            assert_eq!(Item::called(met).map(Item::name), Some(guide), "{met}");
        }
        assert_eq!(Item::called("Pupils"), None);
    }
}
