//! Who may see or do what. One pure function; its whole table is printed to
//! `docs/access-table.md` and read as a diff.
//!
//! Three things are asked of every act: is it this person's *area*; does the *role* do such things
//! at all; and is there a *relation* to this child (their setting, their advice, their team)? What
//! is out of relation does not exist for the person: 404, no count, no hint.
//!
//! A parent's relation has limits: once the rights have passed, the young person says what parents
//! see ([`crate::rights`]).

use crate::people::identifiers::Urn;
use crate::rights::{Acting, Decision, Shared};
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
    /// A professional whom a family invited to give advice: what they were asked, and nothing else.
    Independent,
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
            Role::Independent => "Independent professional",
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
    /// What the family reads of its own child's plan and record: dates, letters, facts, who looked.
    SeeOwnRecord,
    /// Say that it is an emergency, and open the record of a child to whom one has no relation.
    OpenInEmergency,
    /// What is needed then: who the child is, who to call, the plan.
    SeeInEmergency,
    /// Every time that a record was opened so.
    SeeOpenings,
    /// Say whether it was right, end it, tell the family what was kept back.
    LookAtOpenings,
    /// Say that something on the own child's record is wrong.
    AskForCorrection,
    /// Say what one thinks: for the assessment, of the draft, and which school or college is wanted.
    GiveViews,
    /// Ask for one of the family's own papers on paper.
    AskForCopy,
    /// The messages between a family and the council: to read them and to write one.
    WriteMessage,
    /// What the child says of themselves: each part as far as its own audience goes.
    SeeAboutMe,
    /// Write it: the child, or somebody who helps them.
    WriteAboutMe,
    /// Say what parents see.
    SetSharing,
    /// Say that an outcome of the plan is not wanted.
    SayNotWanted,
    /// Record an assessment of capacity, and the talk about who decides.
    RecordCapacity,
    SearchCases,
    SeeOwnDay,
    /// Say that one is away and who covers; managers say it for anybody.
    SayAway,
    /// What managers have of their team: answers as promised, what nobody owns.
    SeeTeam,
    ReceiveRequest,
    CorrectDetails,
    AssignOfficer,
    RecordPlacement,
    SendNotice,
    RecordException,
    DecideToAssess,
    AskForAdvice,
    RecordAdvice,
    /// Pass advice that was asked for on to the team that knows the child.
    RouteAdvice,
    /// Ask a professional of one's own choice for advice, show them papers, hand in a finished report.
    InviteIndependent,
    /// What a professional was invited to: the question, and what the family shows them.
    SeeInvitation,
    /// See what became of one's own lines of advice in a draft, confirm it or object.
    CheckDraft,
    /// Book, move and cancel visits for one's own advice, and note what was seen there.
    BookVisit,
    /// Say what days a team has for advice, and see when its queue is reached.
    PlanCapacity,
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
    /// Post or hand over a copy of a paper on the record.
    SendCopy,
    /// The list of sends that were held.
    SeeHeldSends,
    /// Say why a stop is right as it stands: a name, an address.
    ReleaseHeldSend,
    /// The same where another child's number or birth date is in it.
    ReleaseHeldNumber,
    /// Figures of the area, with no child in them.
    SeeMeasures,
    /// A call, an email, a letter: who, when, what was promised.
    NoteContact,
    /// Contacts that the front door passed to oneself, and answering them.
    AnswerContact,
    /// Two records of one child become one, or are taken apart; two children are told apart.
    JoinRecords,
    /// Add papers to the record: the family its own, staff what they were given.
    AddPapers,
    /// Make a copy of a paper with words taken out.
    RedactPapers,
    /// Give somebody of a family another address to sign in with, who lost theirs and was seen in person.
    RestoreAccount,
    /// Print and post the letters of people who are told by post, and say which came back.
    PostLetters,
    /// The lists and figures of a designated officer for health or social care.
    SeeDesignated,
    /// What is kept of the care record: whether it is open, the worker, the last visit.
    SeeCareLink,
    /// Record it, name who prepares for adult services, answer a review for social care.
    RecordCare,
    /// Confirm one's own lines of a plan, or ask about one.
    LookAtLines,
    /// Draw a sample of entries and mark it.
    MarkSample,
    /// What the tribunal recommended to health or social care, and the answer.
    RecordRecommendation,
    ImportData,
    SeeImports,
    ManageArea,
    VerifyJournal,
    /// Say which programs are told what happens, and look at what they were sent.
    ManageWebhooks,
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
    /// Children whose family invited the person.
    OwnInvitation,
    /// Children whose record the person opened in an emergency.
    OwnOpening,
    /// The child whose family, or who, the person is.
    OwnChild,
    /// The same for a parent, unless the young person keeps this from parents.
    OwnChildIfShared(Shared),
    /// The same for whoever makes this decision: the young person, or who acts for them.
    OwnDecision(Decision),
    /// Nothing.
    Nobody,
}

impl Reach {
    pub fn label(self) -> &'static str {
        match self {
            Reach::Area => "all in the area",
            Reach::OwnSetting => "own setting",
            Reach::OwnAdvice => "asked for advice",
            Reach::OwnInvitation => "invited by the family",
            Reach::OwnOpening => "opened in an emergency",
            Reach::OwnChild => "own child",
            Reach::OwnChildIfShared(_) => "own child, if shared",
            Reach::OwnDecision(_) => "own child, who decides",
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
    /// Professionals whom the family invited, and who took it up.
    pub invited: Vec<UserId>,
    /// Those who opened the record in an emergency that has not ended.
    pub opened: Vec<UserId>,
    /// Those of the family who have an account.
    pub family: Vec<UserId>,
    /// What the young person keeps from parents.
    pub kept_from_parents: Vec<Shared>,
    /// Decisions that are made in the young person's place, and by whom.
    pub acting: Vec<(Decision, Acting)>,
}

impl Relations {
    /// Whether this person of the family makes this decision in the young person's place.
    fn acts(&self, user: UserId, decision: Decision) -> bool {
        let is_theirs =
            |acting: Acting| matches!(acting, Acting::Parents) || acting == Acting::Representative(Some(user));
        self.acting.iter().any(|(of, acting)| *of == decision && is_theirs(*acting))
    }

    /// Whether a parent sees this. Who acts in the young person's place has to see what it is about.
    fn is_shared(&self, user: UserId, kind: Shared) -> bool {
        let needed = matches!(kind, Shared::Plan | Shared::Messages);
        !self.kept_from_parents.contains(&kind) || (needed && self.acts(user, Decision::Plan))
    }
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
    use Reach::{
        Area, Nobody, OwnAdvice, OwnChild, OwnChildIfShared, OwnDecision, OwnInvitation, OwnOpening, OwnSetting,
    };
    match (role, action) {
        (_, SeeMeasures) => Area,
        (Role::Parent | Role::YoungPerson, SeeOwnChild) => OwnChild,
        (Role::Parent | Role::YoungPerson, SetSharing) => OwnDecision(Decision::Sharing),
        (
            Role::YoungPerson,
            SeeOwnRecord | AskForCorrection | GiveViews | AskForCopy | WriteMessage | SeeAboutMe | WriteAboutMe
            | SayNotWanted | AddPapers | InviteIndependent,
        ) => OwnChild,
        (Role::Parent, SeeOwnRecord | AskForCorrection | GiveViews | AskForCopy | AddPapers | InviteIndependent) => {
            OwnChildIfShared(Shared::Plan)
        }
        (Role::Parent, WriteMessage) => OwnChildIfShared(Shared::Messages),
        (Role::Parent, SeeAboutMe | WriteAboutMe) => OwnChildIfShared(Shared::AboutMe),
        (Role::Setting, WriteAboutMe) => OwnSetting,
        // Whoever works with children and sees only some of them.
        (Role::Adviser | Role::Setting, OpenInEmergency) => Area,
        (Role::Adviser | Role::Setting, SeeInEmergency) => OwnOpening,
        (Role::Quality | Role::DesignatedClinicalOfficer | Role::DesignatedSocialCareOfficer, AnswerContact) => Area,
        (Role::Manager, LookAtOpenings) | (Role::Manager | Role::Auditor, SeeOpenings) => Area,
        (Role::Independent, SeeInvitation | RecordAdvice | CheckDraft | BookVisit) => OwnInvitation,
        (
            _,
            SeeOwnChild | SeeOwnRecord | AskForCorrection | GiveViews | AskForCopy | SetSharing | SayNotWanted
            | WriteAboutMe | InviteIndependent | SeeInvitation | OpenInEmergency | SeeInEmergency | SeeOpenings
            | LookAtOpenings,
        ) => Nobody,

        (
            Role::Manager,
            VerifyJournal | ManageArea | CheckDraft | BookVisit | SeeDesignated | RecordCare | LookAtLines | MarkSample,
        ) => Nobody,
        (Role::Manager, _) => Area,

        (
            Role::Officer,
            ImportData | SeeImports | ManageArea | VerifyJournal | AssignOfficer | PlanCapacity | CheckDraft
            | BookVisit | SeeHeldSends | ReleaseHeldNumber | PostLetters | SeeTeam | ManageWebhooks | SeeDesignated
            | RecordCare | LookAtLines | MarkSample,
        ) => Nobody,
        (Role::Officer, _) => Area,

        (
            Role::FrontDoor,
            SeeCase | SearchCases | ReceiveRequest | CorrectDetails | AssignOfficer | SendNotice | ReadDocument
            | WriteMessage | SendCopy | ReleaseHeldSend | NoteContact | JoinRecords | AddPapers | PostLetters
            | RestoreAccount,
        ) => Area,

        (
            Role::PanelChair,
            SeeCase | SeeAboutMe | SearchCases | ReadDocument | DecideToAssess | DecideToIssue | SeeOwnDay
            | ReleaseHeldSend,
        ) => Area,
        (Role::Quality, SeeCase | SeeAboutMe | SearchCases | ReadDocument | AnswerRepresentation | ReleaseHeldSend) => {
            Area
        }

        (Role::DesignatedSocialCareOfficer, SeeCareLink | RecordCare) => Area,
        (
            Role::DesignatedClinicalOfficer | Role::DesignatedSocialCareOfficer,
            SeeDesignated | LookAtLines | MarkSample | RecordRecommendation,
        ) => Area,
        (
            Role::DesignatedClinicalOfficer | Role::DesignatedSocialCareOfficer,
            SeeCase | SeeAboutMe | ReadDocument | SearchCases | RecordAdvice | RouteAdvice | CheckDraft | PlanCapacity
            | BookVisit | AddPapers,
        ) => Area,

        (
            Role::Adviser,
            SeeCase | SeeAboutMe | ReadDocument | RecordAdvice | CheckDraft | PlanCapacity | BookVisit | SearchCases
            | AddPapers,
        ) => OwnAdvice,
        (Role::Setting, SeeCase | SeeAboutMe | ReadDocument | SearchCases | AddPapers) => OwnSetting,

        (
            Role::Auditor,
            SeeCase | SeeAboutMe | SearchCases | ReadDocument | SeeImports | SeeHeldSends | VerifyJournal,
        ) => Area,
        (Role::Analyst, SearchCases | SeeCase | ImportData | SeeImports) => Area,
        (Role::Administrator, ImportData | SeeImports | ManageArea | VerifyJournal | ManageWebhooks) => Area,

        _ => Nobody,
    }
}

/// Whoever may do one of these knows that the child is there.
const SEEING: [Action; 4] = [Action::SeeCase, Action::SeeOwnChild, Action::SeeInvitation, Action::SeeInEmergency];

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
        (Reach::OwnInvitation, Resource::Case(case)) => case.invited.contains(&actor.user),
        (Reach::OwnOpening, Resource::Case(case)) => case.opened.contains(&actor.user),
        (Reach::OwnChild, Resource::Case(case)) => case.family.contains(&actor.user),
        (Reach::OwnChildIfShared(kind), Resource::Case(case)) => {
            case.family.contains(&actor.user) && case.is_shared(actor.user, kind)
        }
        (Reach::OwnDecision(decision), Resource::Case(case)) => {
            let somebody_acts = case.acting.iter().any(|(of, _)| *of == decision);
            let decides =
                if actor.role == Role::YoungPerson { !somebody_acts } else { case.acts(actor.user, decision) };
            case.family.contains(&actor.user) && decides
        }
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
