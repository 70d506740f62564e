//! Where the child will be educated: what the family asks for, whom the authority consults, what
//! it names.
//!
//! Children and Families Act 2014 sections 38 to 40. A request for an institution of section 38(3)
//! has to be granted unless a ground of section 39(4) applies.

use crate::codes::codes;
use crate::people::Setting;
use crate::people::identifiers::Urn;
use crate::requests::{Progress, Request, in_order};
use crate::rights::{self, Decision, Member};
use crate::{Case, ConsultationId, Context, Refusal, TextId, UserId};
use jiff::civil::Date;
use law::EventName;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

codes! {
    /// Section 39(4): the only grounds on which a requested institution may be refused.
    Ground {
        Unsuitable = "unsuitable" => "Unsuitable for the child's age, ability, aptitude or special educational needs (section 39(4)(a))",
        EducationOfOthers = "education_of_others" => "Attendance would be incompatible with the efficient education of others (section 39(4)(b)(i))",
        UseOfResources = "use_of_resources" => "Attendance would be incompatible with the efficient use of resources (section 39(4)(b)(ii))",
    }
}

codes! {
    /// The type of institution, when only a type is named in section I.
    InstitutionType {
        Mainstream = "mainstream" => "Mainstream school",
        MainstreamUnit = "mainstream_unit" => "Mainstream school with a unit or resourced provision",
        Special = "special" => "Special school",
        IndependentSpecial = "independent_special" => "Independent special school",
        EarlyYears = "early_years" => "Early years setting",
        FurtherEducation = "further_education" => "Further education college",
        SpecialPost16 = "special_post_16" => "Special post-16 institution",
    }
}

/// What the family asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preference {
    pub urn: Urn,
    pub on: Date,
    /// Set when the preference is refused: the ground and where the reasons are kept.
    pub refused: Option<(Ground, TextId)>,
    /// Who of the family asked on screen; none for what an officer took down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

/// What a consulted setting answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsultationReply {
    CanMeetNeeds { on: Date },
    Cannot { ground: Ground, reasons: TextId, on: Date },
}

impl ConsultationReply {
    pub fn on(&self) -> Date {
        match *self {
            ConsultationReply::CanMeetNeeds { on } | ConsultationReply::Cannot { on, .. } => on,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    pub id: ConsultationId,
    pub urn: Urn,
    pub sent_on: Date,
    pub subject: u32,
    pub reply: Option<ConsultationReply>,
}

/// Section I of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    Institution {
        urn: Urn,
    },
    TypeOnly {
        kind: InstitutionType,
    },
    /// Section 61: education otherwise than in a school.
    Otherwise,
}

impl Named {
    /// Where the child goes under this section I, when it says so.
    pub fn setting(self) -> Option<Setting> {
        match self {
            Named::Institution { urn } => Some(Setting::Establishment(urn)),
            Named::TypeOnly { .. } => None,
            Named::Otherwise => Some(Setting::Elsewhere(crate::codes::OtherSetting::Ola)),
        }
    }
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Answer {
    Yes,
    No,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    RecordPreference {
        urn: Urn,
        on: Date,
    },
    /// Somebody of the family asks for a school or college themselves (section 38(2)(b)(ii)).
    AskForSetting {
        urn: Urn,
        by: Member,
    },
    Consult {
        consultation: ConsultationId,
        urn: Urn,
        sent_on: Date,
    },
    RecordReply {
        consultation: ConsultationId,
        reply: ConsultationReply,
    },
    /// Name the placement. Refusing the family's preference needs a ground and reasons.
    Name {
        named: Named,
        refusing: Option<(Ground, TextId)>,
        on: Date,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    PreferenceRecorded {
        urn: Urn,
        on: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<UserId>,
    },
    Consulted {
        consultation: ConsultationId,
        urn: Urn,
        sent_on: Date,
    },
    Replied {
        consultation: ConsultationId,
        reply: ConsultationReply,
    },
    Named {
        named: Named,
        on: Date,
    },
    PreferenceRefused {
        ground: Ground,
        reasons: TextId,
        on: Date,
    },
}

pub(crate) fn decide(case: &Case, command: Command, ctx: &Context) -> Result<Vec<Event>, Refusal> {
    let request = case.live_request().ok_or(Refusal::NoOpenRequest)?;
    let Progress::Drafting { decided_on } = request.progress else {
        return Err(Refusal::NotDecidedYet);
    };
    match command {
        Command::RecordPreference { urn, on } => {
            in_order(request.received_on, on, ctx)?;
            Ok(vec![Event::PreferenceRecorded { urn, on, by: None }])
        }
        Command::AskForSetting { urn, by } => {
            request.served_draft().ok_or(Refusal::NoDraft)?;
            if !rights::decides(case, Decision::Place, by, ctx.today) {
                return Err(Refusal::NotTheirsToChoose);
            }
            match request.preference.filter(|known| known.urn == urn).map(|known| known.refused) {
                Some(Some(_)) => Err(Refusal::SchoolRefusedBefore),
                Some(None) => Ok(vec![]),
                None => Ok(vec![Event::PreferenceRecorded { urn, on: ctx.today, by: Some(by.user()) }]),
            }
        }
        Command::Consult { consultation, urn, sent_on } => {
            in_order(decided_on, sent_on, ctx)?;
            if request.consultations.iter().any(|c| c.urn == urn && c.reply.is_none()) {
                return Err(Refusal::AlreadyConsulted);
            }
            Ok(vec![Event::Consulted { consultation, urn, sent_on }])
        }
        Command::RecordReply { consultation, reply } => {
            let asked = find(request, consultation).ok_or(Refusal::NotOnRecord { what: "consultation" })?;
            if let Some(earlier) = &asked.reply {
                return Err(Refusal::AlreadyAnswered { on: earlier.on() });
            }
            in_order(asked.sent_on, reply.on(), ctx)?;
            Ok(vec![Event::Replied { consultation, reply }])
        }
        Command::Name { named, refusing, on } => {
            in_order(decided_on, on, ctx)?;
            let mut events = vec![];
            if let Some(preference) = &request.preference
                && named != (Named::Institution { urn: preference.urn })
            {
                let (ground, reasons) = refusing.ok_or(Refusal::PreferenceUnanswered)?;
                events.push(Event::PreferenceRefused { ground, reasons, on });
            }
            if request.named != Some(named) {
                events.push(Event::Named { named, on });
            }
            Ok(events)
        }
    }
}

fn find(request: &Request, consultation: ConsultationId) -> Option<&Consultation> {
    request.consultations.iter().find(|c| c.id == consultation)
}

pub(crate) fn apply(case: &mut Case, event: &Event) {
    if let Event::Consulted { consultation, urn, sent_on } = event {
        let subject = case.new_subject();
        case.note(EventName::ConsultationReceivedByInstitution, *sent_on, subject);
        if let Some(request) = case.requests.last_mut() {
            request.consultations.push(Consultation {
                id: *consultation,
                urn: *urn,
                sent_on: *sent_on,
                subject,
                reply: None,
            });
        }
        return;
    }
    if let Event::Replied { consultation, reply } = event {
        let found = case.requests.iter_mut().flat_map(|r| r.consultations.iter_mut()).find(|c| c.id == *consultation);
        if let Some(asked) = found {
            asked.reply = Some(*reply);
            let subject = asked.subject;
            case.note(EventName::ConsultationReplyReceived, reply.on(), subject);
        }
        return;
    }
    let Some(request) = case.requests.last_mut() else {
        return;
    };
    match *event {
        Event::PreferenceRecorded { urn, on, by } => {
            request.preference = Some(Preference { urn, on, refused: None, by });
        }
        Event::Named { named, .. } => request.named = Some(named),
        Event::PreferenceRefused { ground, reasons, .. } => {
            if let Some(preference) = &mut request.preference {
                preference.refused = Some((ground, reasons));
            }
        }
        Event::Consulted { .. } | Event::Replied { .. } => {}
    }
}
