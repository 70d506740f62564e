//! The child or young person, and everyone around them.
//!
//! Names and addresses are [`Details`] and [`Contact`] rows beside the journal; events here say
//! only that they were recorded, so that what is personal can be corrected and erased lawfully.

pub mod comparing;
pub mod corrections;
pub mod facts;
pub mod identifiers;
pub mod names;

use crate::codes::{Need, OtherSetting, Sex};
use crate::{Case, Context, CorrectionId, PersonId, PlacementId, Refusal, TextId, UserId};
use corrections::{Answer, Answered, Correction};
use facts::Asking;
use identifiers::{NhsNumber, Uln, Upn, Urn};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// What is known of a child or young person, as typed. A row beside the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub given_name: String,
    pub family_name: String,
    /// The name the child uses, when it is not the given name.
    pub known_as: Option<String>,
    pub born_on: Date,
    pub sex: Option<Sex>,
    pub ethnicity: Option<String>,
    pub postcode: Option<String>,
    pub address: Option<String>,
    pub home_language: Option<String>,
    pub upn: Option<Upn>,
    pub uln: Option<Uln>,
    pub nhs_number: Option<NhsNumber>,
}

impl Details {
    /// The name to use on screen: the one the child uses, with the family name.
    pub fn display_name(&self) -> String {
        display_name(&self.given_name, &self.family_name, self.known_as.as_deref())
    }
}

/// A name as pages and letters write it.
pub fn display_name(given: &str, family: &str, known_as: Option<&str>) -> String {
    format!("{} {family}", known_as.unwrap_or(given)).trim().to_owned()
}

/// What someone is to the child.
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
pub enum Relation {
    Mother,
    Father,
    OtherParent,
    Carer,
    FosterCarer,
    Grandparent,
    Sibling,
    SocialWorker,
    HealthProfessional,
    SchoolContact,
    Advocate,
    Other,
}

impl Relation {
    pub fn label(self) -> &'static str {
        match self {
            Relation::Mother => "Mother",
            Relation::Father => "Father",
            Relation::OtherParent => "Parent",
            Relation::Carer => "Carer",
            Relation::FosterCarer => "Foster carer",
            Relation::Grandparent => "Grandparent",
            Relation::Sibling => "Brother or sister",
            Relation::SocialWorker => "Social worker",
            Relation::HealthProfessional => "Health professional",
            Relation::SchoolContact => "Contact at school",
            Relation::Advocate => "Advocate or supporter",
            Relation::Other => "Someone else",
        }
    }

    /// Whether notices to "the child's parent" (Children and Families Act 2014 section 83(7),
    /// Education Act 1996 section 576) may go to this person if they hold responsibility or care.
    pub fn may_be_parent(self) -> bool {
        matches!(
            self,
            Relation::Mother
                | Relation::Father
                | Relation::OtherParent
                | Relation::Carer
                | Relation::FosterCarer
                | Relation::Grandparent
        )
    }
}

/// Someone around the child. A row beside the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub id: PersonId,
    pub relation: Relation,
    pub name: String,
    pub organisation: Option<String>,
    pub email: Option<String>,
    pub telephone: Option<String>,
    pub address: Option<String>,
    /// Holds parental responsibility or cares for the child: receives the statutory notices.
    pub receives_notices: bool,
}

/// Where a child is educated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// An establishment of the national register.
    Establishment(Urn),
    /// Somewhere else, by its SEN2 code.
    Elsewhere(OtherSetting),
}

impl Setting {
    pub fn urn(self) -> Option<Urn> {
        match self {
            Setting::Establishment(urn) => Some(urn),
            Setting::Elsewhere(_) => None,
        }
    }
}

/// A stretch of time at a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    pub id: PlacementId,
    pub setting: Setting,
    pub from: Date,
    pub to: Option<Date>,
}

/// What may be done to the people on a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open the record of a child. The details go beside the journal.
    OpenRecord {
        person: PersonId,
        born_on: Date,
    },
    /// Say that details were corrected: which ones, not their values.
    CorrectDetails {
        fields: Vec<DetailField>,
        born_on: Option<Date>,
    },
    AddContact {
        person: PersonId,
        relation: Relation,
    },
    EndContact {
        person: PersonId,
    },
    /// A parent, carer or the young person reads along from now on.
    LetFamilyIn {
        user: UserId,
    },
    LetFamilyGo {
        user: UserId,
    },
    /// The family says that a detail is wrong. What it is and what it should be go beside the journal.
    AskForCorrection {
        correction: CorrectionId,
        field: DetailField,
        before: TextId,
        after: TextId,
    },
    /// Put right, by a [`Command::CorrectDetails`] of the same act, or kept as it is.
    AnswerCorrection {
        correction: CorrectionId,
        answer: Answer,
    },
    /// A form asked somebody for facts, or showed them to be confirmed.
    RecordAsking {
        asking: Asking,
    },
    AssignOfficer {
        officer: UserId,
    },
    JoinSetting {
        placement: PlacementId,
        setting: Setting,
        from: Date,
    },
    LeaveSetting {
        placement: PlacementId,
        to: Date,
    },
    /// The child is on a roll but has not been going, or has no place at all.
    RecordOutOfEducation {
        since: Date,
    },
    RecordBackInEducation {
        on: Date,
    },
    RecordNeeds {
        primary: Need,
        secondary: Option<Need>,
    },
}

/// Which detail was corrected.
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
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DetailField {
    Name,
    KnownAs,
    BirthDate,
    Sex,
    Ethnicity,
    Address,
    HomeLanguage,
    Upn,
    Uln,
    NhsNumber,
}

impl DetailField {
    /// What a family calls it.
    pub fn label(self) -> &'static str {
        match self {
            DetailField::Name => "Name",
            DetailField::KnownAs => "Name they like to be called",
            DetailField::BirthDate => "Date of birth",
            DetailField::Sex => "Sex",
            DetailField::Ethnicity => "Ethnic group",
            DetailField::Address => "Home address",
            DetailField::HomeLanguage => "Language at home",
            DetailField::Upn => "School number (UPN)",
            DetailField::Uln => "Learner number (ULN)",
            DetailField::NhsNumber => "NHS number",
        }
    }
}

/// What happened to the people on a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    RecordOpened {
        person: PersonId,
        born_on: Date,
    },
    DetailsCorrected {
        fields: Vec<DetailField>,
        born_on: Option<Date>,
    },
    ContactAdded {
        person: PersonId,
        relation: Relation,
    },
    ContactEnded {
        person: PersonId,
    },
    FamilyLetIn {
        user: UserId,
    },
    FamilyLetGo {
        user: UserId,
    },
    CorrectionAsked {
        correction: CorrectionId,
        field: DetailField,
        before: TextId,
        after: TextId,
        by: Option<UserId>,
        on: Date,
    },
    CorrectionAnswered {
        correction: CorrectionId,
        answer: Answer,
        on: Date,
    },
    FactsAsked {
        asking: Asking,
    },
    OfficerAssigned {
        officer: UserId,
    },
    SettingJoined {
        placement: PlacementId,
        setting: Setting,
        from: Date,
    },
    SettingLeft {
        placement: PlacementId,
        to: Date,
    },
    OutOfEducation {
        since: Date,
    },
    BackInEducation {
        on: Date,
    },
    NeedsRecorded {
        primary: Need,
        secondary: Option<Need>,
    },
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    if !case.is_open() && !matches!(command, Command::OpenRecord { .. }) {
        return Err(Refusal::RecordNotOpen);
    }
    match command {
        Command::OpenRecord { person, born_on } => {
            if case.is_open() {
                return Err(Refusal::RecordAlreadyOpen);
            }
            if born_on > ctx.today {
                return Err(Refusal::BornInTheFuture);
            }
            Ok(vec![Event::RecordOpened { person, born_on }])
        }
        Command::CorrectDetails { fields, born_on } => {
            if born_on.is_some_and(|date| date > ctx.today) {
                return Err(Refusal::BornInTheFuture);
            }
            Ok(if fields.is_empty() { vec![] } else { vec![Event::DetailsCorrected { fields, born_on }] })
        }
        Command::AddContact { person, relation } => {
            if case.contacts.iter().any(|(id, _)| *id == person) {
                return Ok(vec![]);
            }
            Ok(vec![Event::ContactAdded { person, relation }])
        }
        Command::EndContact { person } => {
            if !case.contacts.iter().any(|(id, _)| *id == person) {
                return Err(Refusal::NotOnRecord { what: "person" });
            }
            Ok(vec![Event::ContactEnded { person }])
        }
        Command::LetFamilyIn { user } => {
            Ok(if case.family.contains(&user) { vec![] } else { vec![Event::FamilyLetIn { user }] })
        }
        Command::LetFamilyGo { user } => {
            if !case.family.contains(&user) {
                return Err(Refusal::NotOnRecord { what: "person" });
            }
            Ok(vec![Event::FamilyLetGo { user }])
        }
        Command::AskForCorrection { correction, field, before, after } => {
            match case.corrections.iter().find(|known| known.field == field && known.is_open()) {
                Some(open) => Err(Refusal::CorrectionOpen { asked_on: open.asked_on, answer_by: open.answer_by() }),
                None => {
                    Ok(vec![Event::CorrectionAsked { correction, field, before, after, by: ctx.actor, on: ctx.today }])
                }
            }
        }
        Command::AnswerCorrection { correction, answer } => {
            match case.corrections.iter().find(|known| known.id == correction) {
                Some(open) if open.is_open() => {
                    Ok(vec![Event::CorrectionAnswered { correction, answer, on: ctx.today }])
                }
                Some(known) => {
                    Err(Refusal::AlreadyAnswered { on: known.answer.map_or(ctx.today, |answered| answered.on) })
                }
                None => Err(Refusal::NotOnRecord { what: "correction" }),
            }
        }
        Command::RecordAsking { asking } => {
            not_after_today(asking.on, ctx)?;
            let is_new = !asking.is_empty() && !facts::is_known(case, &asking);
            Ok(if is_new { vec![Event::FactsAsked { asking }] } else { vec![] })
        }
        Command::AssignOfficer { officer } => {
            Ok(if case.officer == Some(officer) { vec![] } else { vec![Event::OfficerAssigned { officer }] })
        }
        Command::JoinSetting { placement, setting, from } => {
            if case.placements.iter().any(|p| p.to.is_none() && p.setting == setting) {
                return Err(Refusal::AlreadyAtSetting);
            }
            Ok(vec![Event::SettingJoined { placement, setting, from }])
        }
        Command::LeaveSetting { placement, to } => match case.placements.iter().find(|p| p.id == placement) {
            None => Err(Refusal::NotOnRecord { what: "placement" }),
            Some(found) if found.to.is_some() => Err(Refusal::PlacementEnded),
            Some(found) if to < found.from => Err(Refusal::OutOfOrder { earlier: found.from, later: to }),
            Some(_) => Ok(vec![Event::SettingLeft { placement, to }]),
        },
        Command::RecordOutOfEducation { since } => {
            not_after_today(since, ctx)?;
            Ok(if case.out_of_education_since == Some(since) { vec![] } else { vec![Event::OutOfEducation { since }] })
        }
        Command::RecordBackInEducation { on } => match case.out_of_education_since {
            None => Err(Refusal::NotOutOfEducation),
            Some(since) if on < since => Err(Refusal::OutOfOrder { earlier: since, later: on }),
            Some(_) => Ok(vec![Event::BackInEducation { on }]),
        },
        Command::RecordNeeds { primary, secondary } => Ok(if case.needs == Some((primary, secondary)) {
            vec![]
        } else {
            vec![Event::NeedsRecorded { primary, secondary }]
        }),
    }
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    match *event {
        Event::FactsAsked { ref asking } => case.askings.push(asking.clone()),
        Event::RecordOpened { person, born_on } => {
            case.person = Some(person);
            case.born_on = Some(born_on);
            case.note(law::EventName::DateOfBirth, born_on, 0);
        }
        Event::DetailsCorrected { born_on, .. } => {
            if let Some(born_on) = born_on {
                case.born_on = Some(born_on);
                case.clock.retain(|event| event.name != law::EventName::DateOfBirth);
                case.note(law::EventName::DateOfBirth, born_on, 0);
            }
        }
        Event::ContactAdded { person, relation } => case.contacts.push((person, relation)),
        Event::ContactEnded { person } => case.contacts.retain(|(id, _)| *id != person),
        Event::FamilyLetIn { user } => case.family.push(user),
        Event::FamilyLetGo { user } => case.family.retain(|known| *known != user),
        Event::CorrectionAsked { correction, field, before, after, by, on } => case.corrections.push(Correction {
            id: correction,
            field,
            asked_on: on,
            asked_by: by,
            before,
            after,
            answer: None,
        }),
        Event::CorrectionAnswered { correction, answer, on } => {
            if let Some(found) = case.corrections.iter_mut().find(|known| known.id == correction) {
                found.answer = Some(Answered { answer, on });
            }
        }
        Event::OfficerAssigned { officer } => case.officer = Some(officer),
        Event::SettingJoined { placement, setting, from } => {
            case.placements.push(Placement { id: placement, setting, from, to: None });
        }
        Event::SettingLeft { placement, to } => {
            if let Some(found) = case.placements.iter_mut().find(|p| p.id == placement) {
                found.to = Some(to);
            }
        }
        Event::OutOfEducation { since } => case.out_of_education_since = Some(since),
        Event::BackInEducation { .. } => case.out_of_education_since = None,
        Event::NeedsRecorded { primary, secondary } => case.needs = Some((primary, secondary)),
    }
}

/// Refuses a date later than today: what is recorded has happened.
pub(crate) fn not_after_today(date: Date, ctx: &Context) -> Result<(), Refusal> {
    if date > ctx.today { Err(Refusal::InTheFuture { date }) } else { Ok(()) }
}
