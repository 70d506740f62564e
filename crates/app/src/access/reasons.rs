//! Why somebody was not let in: one code each, kept in the record of sign-ins and told to
//! administrators; the person themselves gets a plain page and a reference number.

use strum::{Display, EnumIter, EnumString};

/// What was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    // What was typed.
    WrongPassword,
    TooManyTries,
    WrongCode,
    // The way there and back.
    StateUnknown,
    RefusedThere,
    ProviderAway,
    ProviderDiffers,
    CodeRefused,
    // A token.
    Unreadable,
    WrongAlgorithm,
    UnknownKey,
    WrongSignature,
    WrongIssuer,
    WrongAudience,
    Expired,
    NotYetValid,
    WrongNonce,
    WrongAccessToken,
    OtherSubject,
    Missing,
    LevelTooLow,
    NotALogout,
    SaidBefore,
    // Who it is.
    AddressNotVerified,
    NobodyHere,
    RoleDiffers,
    OrganisationDiffers,
    LinkedToAnother,
    Left,
    // A passkey.
    ChallengeUnknown,
    PasskeyUnknown,
    PasskeyWrong,
    PasskeyCopied,
}

impl Reason {
    /// In words for an administrator.
    pub fn words(self) -> &'static str {
        match self {
            Reason::WrongPassword => "The address and the password do not belong together",
            Reason::TooManyTries => "Too many tries in 15 minutes",
            Reason::WrongCode => "The code was not the one sent last, or had ended",
            Reason::StateUnknown => {
                "The answer belonged to no attempt of this browser: too late, used before, or forged"
            }
            Reason::RefusedThere => "Refused or given up at the provider",
            Reason::ProviderAway => "The provider could not be reached or did not answer as agreed",
            Reason::ProviderDiffers => "The answer came from another provider than was asked",
            Reason::CodeRefused => "The provider did not take the code back",
            Reason::Unreadable => "It could not be read",
            Reason::WrongAlgorithm => "Signed in a way that is not allowed",
            Reason::UnknownKey => "Signed with a key that the provider does not publish",
            Reason::WrongSignature => "The signature does not fit: changed on its way, or forged",
            Reason::WrongIssuer => "Made by somebody else",
            Reason::WrongAudience => "Made for another service",
            Reason::Expired => "Expired",
            Reason::NotYetValid => "Not valid yet: compare the clocks",
            Reason::WrongNonce => "Made for another attempt",
            Reason::WrongAccessToken => "It belongs to another access token",
            Reason::OtherSubject => "It is about another person",
            Reason::Missing => "It was not there",
            Reason::LevelTooLow => "The identity was not checked as strictly as asked",
            Reason::NotALogout => "It does not ask to end a session",
            Reason::SaidBefore => "It was used before",
            Reason::AddressNotVerified => "The provider does not say that the email address was checked",
            Reason::NobodyHere => "Nobody here has that address",
            Reason::RoleDiffers => "The person here has another kind of account than this provider is for",
            Reason::OrganisationDiffers => "The school there is not the school of the account here",
            Reason::LinkedToAnother => "The person here uses another account of this provider",
            Reason::Left => "The person has left",
            Reason::ChallengeUnknown => "The page was open too long, or was used before",
            Reason::PasskeyUnknown => "Nobody here has this passkey",
            Reason::PasskeyWrong => "What the passkey signed does not fit",
            Reason::PasskeyCopied => "The passkey counts backwards: it may have been copied",
        }
    }
}

/// What it was wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Part {
    Access,
    Way,
    IdToken,
    Userinfo,
    CoreIdentity,
    LogoutToken,
    Passkey,
}

impl Part {
    pub fn words(self) -> &'static str {
        match self {
            Part::Access => "Account",
            Part::Way => "The way there and back",
            Part::IdToken => "ID token",
            Part::Userinfo => "Details of the person",
            Part::CoreIdentity => "Proof of identity",
            Part::LogoutToken => "Logout token",
            Part::Passkey => "Passkey",
        }
    }
}

/// What stops somebody, as it is kept: `id_token.expired`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    pub part: Part,
    pub reason: Reason,
}

impl Stopped {
    pub fn code(self) -> String {
        format!("{}.{}", self.part, self.reason)
    }

    pub fn read(code: &str) -> Option<Stopped> {
        let (part, reason) = code.split_once('.')?;
        Some(Stopped { part: part.parse().ok()?, reason: reason.parse().ok()? })
    }
}

impl Part {
    /// This part is wrong for this reason.
    pub fn is(self, reason: Reason) -> Stopped {
        Stopped { part: self, reason }
    }
}
