//! The field's code lists that casework needs, with their plain-words labels.
//!
//! Codes are those of the SEN2 return and the common basic data set, so that nothing has to be
//! translated on the way in or out.

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal => $label:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
                 strum::Display, strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] #[strum(serialize = $code)] $variant),+
        }

        impl $name {
            /// The code, as statutory returns and this journal write it.
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
pub(crate) use codes;

codes! {
    /// SEN2 `SENtype`: a type of need.
    Need {
        Spld = "SPLD" => "Specific learning difficulty",
        Mld = "MLD" => "Moderate learning difficulty",
        Sld = "SLD" => "Severe learning difficulty",
        Pmld = "PMLD" => "Profound and multiple learning difficulty",
        Semh = "SEMH" => "Social, emotional and mental health",
        Slcn = "SLCN" => "Speech, language and communication needs",
        Hi = "HI" => "Hearing impairment",
        Vi = "VI" => "Vision impairment",
        Msi = "MSI" => "Multi-sensory impairment",
        Pd = "PD" => "Physical disability",
        Asd = "ASD" => "Autism",
        Oth = "OTH" => "Other difficulty or disability",
        Ds = "DS" => "Down syndrome",
    }
}

codes! {
    /// SEN2 `SENsetting`: education that is not at a registered establishment.
    OtherSetting {
        Ola = "OLA" => "Arrangements made by the authority instead of a school (section 61)",
        Opa = "OPA" => "Arrangements made by the parents (section 42(5))",
        Ehe = "EHE" => "Educated at home by choice",
        Eyp = "EYP" => "Early years setting without a register number",
        Oth = "OTH" => "Another setting",
        Neet = "NEET" => "Not in education, employment or training",
        Niec = "NIEC" => "Not in education, notice to cease given",
        Nieo = "NIEO" => "Not in education, another reason",
    }
}

codes! {
    /// SEN2 `Sex`.
    Sex { Male = "M" => "Male", Female = "F" => "Female" }
}

codes! {
    /// SEN2 `CeaseReason`.
    CeaseReason {
        MaximumAge = "1" => "Reached the maximum age",
        NeedsMet = "2" => "Needs met without a plan",
        HigherEducation = "3" => "Moved to higher education",
        Employment = "4" => "Moved to paid work",
        MovedArea = "5" => "Moved to another authority in England",
        NoLongerEngages = "6" => "No longer wishes to take part",
        LeftEngland = "7" => "Left England",
        Died = "8" => "Died",
        Other = "9" => "Another reason",
    }
}
