//! The code sets of the SEN2 return that casework does not already keep, with plain words.
//!
//! Types of need, other settings, sex and the reasons a plan ceases are casework's own
//! ([`Need`], [`OtherSetting`], [`Sex`], [`CeaseReason`]) and are only passed on here. Every code
//! is written exactly as the return writes it; `FromStr` reads that form.
//!
//! The sets marked *unconfirmed* rest on suppliers' usage, not on the guide: a code outside them
//! is a question to the person who checks the return, not an error.

pub use casework::codes::{CeaseReason, Need, OtherSetting, Sex};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

macro_rules! code_set {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal => $label:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            Display, EnumIter, EnumString, IntoStaticStr,
        )]
        pub enum $name {
            $(#[serde(rename = $code)] #[strum(serialize = $code)] $variant),+
        }

        impl $name {
            /// The code as the return writes it.
            pub fn code(self) -> &'static str {
                self.into()
            }

            /// Plain words for people.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label),+ }
            }
        }
    };
}

code_set! {
    /// `Ethnicity`: the common basic data set's four letters.
    Ethnicity {
        WhiteBritish = "WBRI" => "White British",
        WhiteIrish = "WIRI" => "White Irish",
        IrishTraveller = "WIRT" => "Traveller of Irish heritage",
        OtherWhite = "WOTH" => "Any other White background",
        GypsyOrRoma = "WROM" => "Gypsy or Roma",
        WhiteAndBlackCaribbean = "MWBC" => "White and Black Caribbean",
        WhiteAndBlackAfrican = "MWBA" => "White and Black African",
        WhiteAndAsian = "MWAS" => "White and Asian",
        OtherMixed = "MOTH" => "Any other mixed background",
        Indian = "AIND" => "Indian",
        Pakistani = "APKN" => "Pakistani",
        Bangladeshi = "ABAN" => "Bangladeshi",
        OtherAsian = "AOTH" => "Any other Asian background",
        BlackCaribbean = "BCRB" => "Black Caribbean",
        BlackAfrican = "BAFR" => "Black African",
        OtherBlack = "BOTH" => "Any other Black background",
        Chinese = "CHNE" => "Chinese",
        OtherGroup = "OOTH" => "Any other ethnic group",
        Refused = "REFU" => "Preferred not to say",
        NotObtained = "NOBT" => "Not yet asked",
    }
}

code_set! {
    /// `UPNunknown`: why a person has neither UPN nor ULN.
    UpnUnknown {
        UnderSix = "UN1" => "Aged under six and no UPN given yet",
        NeverInStateSchool = "UN2" => "Never at a state-funded school in England",
        EducatedAbroad = "UN3" => "Educated outside England",
        SourcesDisagree = "UN5" => "Sources disagree about the name or date of birth",
        NewToAuthority = "UN8" => "New to the authority, number not yet known",
        YoungPersonNeverInStateSetting = "UN9" => "Young person never at a state-funded school or college in England",
        RequestEnded = "UN10" => "The request ended before the number was known",
    }
}

code_set! {
    /// `RequestSource`, from 2026.
    RequestSource {
        Family = "1" => "Young person or parent",
        Setting = "2" => "School or other education setting",
        Health = "3" => "Health",
        SocialCare = "4" => "Social care",
        Other = "5" => "Someone else",
    }
}

code_set! {
    /// `RequestOutcome`: whether the authority assesses.
    RequestOutcome {
        Assess = "Y" => "Will assess",
        DoNotAssess = "N" => "Will not assess",
        Awaited = "A" => "Decision awaited",
        Ended = "W" => "Withdrawn or ended before a decision",
        Historical = "H" => "Decided before the year of the return",
    }
}

impl RequestOutcome {
    /// Only a decision of the year carries its date.
    pub fn needs_date(self) -> bool {
        matches!(self, RequestOutcome::Assess | RequestOutcome::DoNotAssess)
    }
}

code_set! {
    /// `AssessmentOutcome`: whether the authority makes a plan.
    AssessmentOutcome {
        Issue = "Y" => "Will issue a plan",
        DoNotIssue = "N" => "Will not issue a plan",
        Awaited = "A" => "Decision awaited",
        Ended = "W" => "Withdrawn or ended before a decision",
        Historical = "H" => "Decided before the year of the return, or by the authority the person moved from",
        AfterAnotherAuthority = "S" => "Plan issued after another authority's assessment",
    }
}

code_set! {
    /// `ReviewOutcome` (unconfirmed).
    ReviewOutcome {
        Maintain = "M" => "Keep the plan as it is",
        Amend = "A" => "Amend the plan",
        Cease = "C" => "Cease the plan",
    }
}

code_set! {
    /// `PlanRes` and `Res`. The meaning changed with the 2026 return, see [`Residential::meaning`].
    Residential {
        A = "A" => "Residential, part of the year",
        B = "B" => "Residential, most or all of the year",
    }
}

impl Residential {
    /// What the code means in the return of a year.
    pub fn meaning(self, year: i16) -> &'static str {
        match (self, year >= 2026) {
            (Residential::A, false) => "Residential for 38 to 51 weeks a year",
            (Residential::B, false) => "Residential for 52 weeks a year",
            (Residential::A, true) => "Residential for up to 38 weeks a year",
            (Residential::B, true) => "Residential for 39 to 52 weeks a year",
        }
    }
}

code_set! {
    /// `PlanWBP` and `WBP` (unconfirmed).
    WorkBased {
        Apprenticeship = "A" => "Apprenticeship",
        SupportedInternship = "S" => "Supported internship",
        Traineeship = "T" => "Traineeship",
    }
}

code_set! {
    /// `DP`: what a direct payment is for (unconfirmed).
    DirectPayment {
        Education = "A" => "Education",
        SocialCare = "B" => "Social care",
        Health = "C" => "Health",
        Integrated = "D" => "Integrated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;
    use strum::IntoEnumIterator;

    fn check<T>(codes: &[&str])
    where
        T: IntoEnumIterator + FromStr + Copy + Into<&'static str> + PartialEq + std::fmt::Debug,
    {
        let written: Vec<&'static str> = T::iter().map(Into::into).collect();
        assert_eq!(written, codes);
        for code in T::iter() {
            let text: &'static str = code.into();
            assert_eq!(text.parse().ok(), Some(code));
        }
    }

    #[test]
    fn every_code_set_is_complete_and_reads_what_it_writes() {
        check::<Ethnicity>(&[
            "WBRI", "WIRI", "WIRT", "WOTH", "WROM", "MWBC", "MWBA", "MWAS", "MOTH", "AIND", "APKN", "ABAN", "AOTH",
            "BCRB", "BAFR", "BOTH", "CHNE", "OOTH", "REFU", "NOBT",
        ]);
        check::<UpnUnknown>(&["UN1", "UN2", "UN3", "UN5", "UN8", "UN9", "UN10"]);
        check::<RequestSource>(&["1", "2", "3", "4", "5"]);
        check::<RequestOutcome>(&["Y", "N", "A", "W", "H"]);
        check::<AssessmentOutcome>(&["Y", "N", "A", "W", "H", "S"]);
        check::<ReviewOutcome>(&["M", "A", "C"]);
        check::<Residential>(&["A", "B"]);
        check::<WorkBased>(&["A", "S", "T"]);
        check::<DirectPayment>(&["A", "B", "C", "D"]);
        check::<CeaseReason>(&["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
        check::<OtherSetting>(&["OLA", "OPA", "EHE", "EYP", "OTH", "NEET", "NIEC", "NIEO"]);
        check::<Sex>(&["M", "F"]);
        assert_eq!(Need::iter().count(), 13);
    }
}
