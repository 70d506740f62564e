//! One newtype per kind of id, so that a plan can never be asked for by a request's id.
//!
//! Ids are UUIDv7 values made outside this crate and passed in.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                $name(id)
            }
        }
    )+};
}

ids! {
    /// A record that was opened in an emergency.
    OpeningId,
    /// A local authority.
    AuthorityId,
    /// One child's or young person's case in one authority.
    CaseId,
    /// A child, young person, parent, carer or professional who is on the record.
    PersonId,
    /// Someone who signs in.
    UserId,
    /// A team or body that gives advice: an educational psychology service, a therapy service.
    BodyId,
    /// A request for an EHC needs assessment.
    RequestId,
    /// One request for advice to one adviser.
    AdviceId,
    /// An EHC plan, through all its versions.
    PlanId,
    /// One immutable version of a plan's content.
    VersionId,
    /// One comment or request by the family on a draft.
    RepresentationId,
    /// One consultation of one setting.
    ConsultationId,
    /// A stretch of time at a setting.
    PlacementId,
    /// A review of a plan.
    ReviewId,
    /// A notice sent under the Act or the Regulations.
    NoticeId,
    /// Free text kept beside the journal.
    TextId,
    /// A stored file.
    DocumentId,
    /// Something on record that the family asks to be put right.
    CorrectionId,
    /// One message between a family and the council.
    MessageId,
    /// An outcome of a plan that the young person does not want.
    ObjectionId,
    /// An assessment of capacity for one decision.
    AssessmentId,
    /// A send that was held.
    HoldId,
    /// One call, email, letter or visit.
    EnquiryId,
    /// One visit of an adviser.
    VisitId,
    /// One line of a plan: a need, an outcome, a provision.
    LineId,
}
