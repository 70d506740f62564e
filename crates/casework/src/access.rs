//! Who may see or do what. One pure function; its whole table is printed to
//! `docs/access-table.md` and read as a diff.
//!
//! Three things are asked of every act: is it this person's *area*; does the *role* do such things
//! at all; and is there a *relation* to this child (their setting, their advice, their team)? What
//! is out of relation does not exist for the person: 404, no count, no hint.

use crate::people::identifiers::Urn;
use crate::{AuthorityId, BodyId, UserId};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

/// What someone is employed or appointed to do.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    FrontDoor,
    Officer,
    Manager,
    PanelChair,
    Quality,
    /// Educational psychologist, therapist, paediatrician: answers for one team or body.
    Adviser,
    /// Designated clinical or medical officer.
    DesignatedClinicalOfficer,
    DesignatedSocialCareOfficer,
    /// SENCO, head teacher, college: one setting.
    Setting,
    Commissioner,
    ProgrammeManager,
    BoardChair,
    Analyst,
    Auditor,
    Administrator,
    /// A parent or carer, with an account of their own.
    Parent,
    YoungPerson,
}

impl Role {
    pub fn label(self) -> &'static str {
        match self {
            Role::FrontDoor => "Front door",
            Role::Officer => "SEND officer",
            Role::Manager => "SEND manager",
            Role::PanelChair => "Panel chair",
            Role::Quality => "Plan quality and disagreement",
            Role::Adviser => "Adviser",
            Role::DesignatedClinicalOfficer => "Designated clinical officer",
            Role::DesignatedSocialCareOfficer => "Designated social care officer",
            Role::Setting => "School or college",
            Role::Commissioner => "Commissioner and place planner",
            Role::ProgrammeManager => "Programme manager",
            Role::BoardChair => "Board chair",
            Role::Analyst => "Data analyst",
            Role::Auditor => "Auditor or inspector",
            Role::Administrator => "System administrator",
            Role::Parent => "Parent or carer",
            Role::YoungPerson => "Young person",
        }
    }
}

/// Everything that can be asked for. A route without an entry here does not start.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Action {
    /// The child's page: stage, dates, people, documents, history.
    SeeCase,
    /// The page that the family has of its own child: where things are, by when, who reads it.
    SeeOwnChild,
    /// Say that something on the own child's record is wrong.
    AskForCorrection,
    /// The messages between a family and the council: to read them and to write one.
    WriteMessage,
    SearchCases,
    SeeOwnDay,
    ReceiveRequest,
    CorrectDetails,
    AssignOfficer,
    RecordPlacement,
    SendNotice,
    RecordException,
    DecideToAssess,
    AskForAdvice,
    RecordAdvice,
    DecideToIssue,
    WritePlan,
    SendDraft,
    RecordRepresentation,
    AnswerRepresentation,
    ConsultSettings,
    NamePlacement,
    IssueFinalPlan,
    RecordReview,
    ReadDocument,
    /// A call, an email, a letter: who, when, what was promised.
    NoteContact,
    /// Two records of one child become one, or are taken apart; two children are told apart.
    JoinRecords,
    ImportData,
    SeeImports,
    ManageArea,
    VerifyJournal,
}

/// What a relation to the child an action needs, for a role that may do it at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every child of the person's own area.
    Area,
    /// Children who attend the person's setting.
    OwnSetting,
    /// Children about whom the person's team was asked for advice.
    OwnAdvice,
    /// The child whose family, or who, the person is.
    OwnChild,
    /// Nothing.
    Nobody,
}

impl Reach {
    pub fn label(self) -> &'static str {
        match self {
            Reach::Area => "all in the area",
            Reach::OwnSetting => "own setting",
            Reach::OwnAdvice => "asked for advice",
            Reach::OwnChild => "own child",
            Reach::Nobody => "-",
        }
    }
}

/// The signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user: UserId,
    pub authority: AuthorityId,
    pub role: Role,
    /// For [`Role::Setting`].
    pub setting: Option<Urn>,
    /// For [`Role::Adviser`].
    pub body: Option<BodyId>,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource<'a> {
    /// Something of the area itself: an import, a search, a list.
    Area(AuthorityId),
    Case(&'a Relations),
}

/// The relations of one child that access is decided on: what a list holds for every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relations {
    pub authority: AuthorityId,
    /// The setting the child attends now.
    pub setting: Option<Urn>,
    /// Teams asked for advice in the live request, and those whose advice the plan in force is made from.
    pub asked: Vec<BodyId>,
    /// Those of the family who have an account.
    pub family: Vec<UserId>,
}

/// The answer, with the reason that an access log keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    Allowed,
    /// The person may not know that it exists.
    NotFound,
    /// The person may see it, but not do this.
    NotAllowed,
}

impl Verdict {
    pub fn is_allowed(self) -> bool {
        self == Verdict::Allowed
    }
}

/// How far an action reaches for a role. The whole policy is this table.
pub fn reach(role: Role, action: Action) -> Reach {
    use Action::*;
    use Reach::{Area, Nobody, OwnAdvice, OwnChild, OwnSetting};
    match (role, action) {
        (Role::Parent | Role::YoungPerson, SeeOwnChild | AskForCorrection | WriteMessage) => OwnChild,
        (_, SeeOwnChild | AskForCorrection) => Nobody,

        (Role::Manager, VerifyJournal | ManageArea) => Nobody,
        (Role::Manager, _) => Area,

        (Role::Officer, ImportData | SeeImports | ManageArea | VerifyJournal | AssignOfficer) => Nobody,
        (Role::Officer, _) => Area,

        (
            Role::FrontDoor,
            SeeCase | SearchCases | ReceiveRequest | CorrectDetails | AssignOfficer | SendNotice | ReadDocument
            | WriteMessage | NoteContact | JoinRecords,
        ) => Area,

        (Role::PanelChair, SeeCase | SearchCases | ReadDocument | DecideToAssess | DecideToIssue | SeeOwnDay) => Area,
        (Role::Quality, SeeCase | SearchCases | ReadDocument | AnswerRepresentation) => Area,

        (Role::DesignatedClinicalOfficer | Role::DesignatedSocialCareOfficer, SeeCase | ReadDocument | SearchCases) => {
            Area
        }
        (Role::DesignatedClinicalOfficer | Role::DesignatedSocialCareOfficer, RecordAdvice) => Area,

        (Role::Adviser, SeeCase | ReadDocument | RecordAdvice | SearchCases) => OwnAdvice,
        (Role::Setting, SeeCase | ReadDocument | SearchCases) => OwnSetting,

        (Role::Auditor, SeeCase | SearchCases | ReadDocument | SeeImports | VerifyJournal) => Area,
        (Role::Analyst, SearchCases | SeeCase | ImportData | SeeImports) => Area,
        (Role::Administrator, ImportData | SeeImports | ManageArea | VerifyJournal) => Area,

        _ => Nobody,
    }
}

/// Whoever may do one of these knows that the child is there.
const SEEING: [Action; 2] = [Action::SeeCase, Action::SeeOwnChild];

/// May this person do this to this?
pub fn may(actor: &Actor, action: Action, resource: &Resource<'_>) -> Verdict {
    let authority = match resource {
        Resource::Area(authority) => *authority,
        Resource::Case(relations) => relations.authority,
    };
    if authority != actor.authority {
        return Verdict::NotFound;
    }
    let related = |reach: Reach| match (reach, resource) {
        (Reach::Nobody, _) => false,
        (Reach::Area, _) | (_, Resource::Area(_)) => true,
        (Reach::OwnSetting, Resource::Case(case)) => actor.setting.is_some() && case.setting == actor.setting,
        (Reach::OwnAdvice, Resource::Case(case)) => actor.body.is_some_and(|body| case.asked.contains(&body)),
        (Reach::OwnChild, Resource::Case(case)) => case.family.contains(&actor.user),
    };
    if related(reach(actor.role, action)) {
        Verdict::Allowed
    } else if matches!(resource, Resource::Case(_)) && !SEEING.iter().any(|seeing| related(reach(actor.role, *seeing)))
    {
        Verdict::NotFound
    } else {
        Verdict::NotAllowed
    }
}

/// The policy as a table in Markdown: a row an action, a column a role.
pub fn table() -> String {
    let mut text = String::from(
        "# Who may do what\n\nMade from `casework::access::reach`; the test `the_access_table_is_the_printed_one` keeps it true.\n\n",
    );
    text.push_str("| action |");
    for role in Role::iter() {
        text.push_str(&format!(" {} |", role.label()));
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(Role::iter().count()));
    text.push('\n');
    for action in Action::iter() {
        let name: &'static str = action.into();
        text.push_str(&format!("| {} |", name.replace('_', " ")));
        for role in Role::iter() {
            text.push_str(&format!(" {} |", reach(role, action).label()));
        }
        text.push('\n');
    }
    text
}
