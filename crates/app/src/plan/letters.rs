//! The letter of a notice, and the plan on paper, from what the case holds.

use crate::Error;
use crate::admin::areas::{Organisation, Profile};
use crate::journal::{self, Who};
use crate::record::store;
use casework::advice::{AdviceKind, Reply};
use casework::notices::{Notice, NoticeKind, Recipient};
use casework::people::{Contact, Details};
use casework::placement::Named;
use casework::plans::content::Content;
use casework::requests::Request;
use casework::rights::{self, Acting, Decision};
use casework::{AdviceId, BodyId, Case, CaseId, TextId};
use db::Tx;
use documents::letters::assessment::{ConsideringWhetherToAssess, Views, WillAssess, WillNotAssess};
use documents::letters::plan::{DraftPlan, FinalPlan, NoPlan, Place};
use documents::letters::{About, AppealRights, Correspondence, Letter, MediationInformation, Service, Signatory};
use documents::plan::{Area, Person, Plan, Standing};
use jiff::civil::Date;
use law::{Deadline, EventName, RuleId};
use std::collections::HashMap;
use std::sync::Arc;

/// Everything that a notice's documents are made from, read in one snapshot.
pub(super) struct Facts {
    pub case: Arc<Case>,
    pub request: Request,
    pub notice: Notice,
    pub details: Details,
    pub contacts: Vec<Contact>,
    pub area_code: String,
    pub area_name: String,
    pub profile: Profile,
    pub texts: HashMap<TextId, String>,
    /// What advisers signed, in words.
    pub reports: HashMap<AdviceId, String>,
    pub bodies: HashMap<BodyId, String>,
    /// Establishments by their number.
    pub settings: HashMap<i64, String>,
    pub setting_now: Option<String>,
    /// Name and address.
    pub officer: Option<(String, String)>,
    /// The version that goes with a draft or final plan.
    pub content: Option<Content>,
}

/// One person to whom the letter is addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addressee {
    /// What makes this letter another one than its neighbour.
    pub key: String,
    pub name: String,
    pub address_lines: Vec<String>,
    pub about: About,
}

/// The last days for mediation and appeal that a decision letter sent on `sent_on` starts.
pub(super) fn appeal_dates(sent_on: Date) -> Result<[Deadline; 2], law::Fault> {
    let sent = law::Event::new(EventName::DecisionNoticeSent, sent_on);
    Ok([law::deadline(RuleId::MediationContact2m, sent, &[sent])?, law::deadline(RuleId::AppealToFtt, sent, &[sent])?])
}

/// Section I in words.
pub(crate) fn placement_words(named: Named, name_of: impl Fn(u32) -> String) -> String {
    match named {
        Named::Institution { urn } => name_of(urn.number()),
        Named::TypeOnly { kind } => kind.label().to_owned(),
        Named::Otherwise => {
            "Education otherwise than in a school or college, arranged by the council under section 61 \
             of the Children and Families Act 2014"
                .to_owned()
        }
    }
}

/// The advice received for an assessment: its kind, who gave it, when, and the text that is kept.
pub(super) fn advice_received<'a>(
    request: &'a Request,
    bodies: &'a HashMap<BodyId, String>,
    texts: &'a HashMap<TextId, String>,
    reports: &'a HashMap<AdviceId, String>,
) -> impl Iterator<Item = (&'static str, &'a str, Date, Option<String>)> {
    request.advice.iter().filter_map(|asked| {
        let text = match asked.reply.as_ref()? {
            Reply::Advice { text, .. } => text.and_then(|id| texts.get(&id).cloned()),
            Reply::Signed { .. } => reports.get(&asked.id).cloned(),
            Reply::NothingToAdd { text, .. } => {
                texts.get(text).map(|name| format!("The child is known, and there is nothing to add. Said by: {name}"))
            }
            Reply::EarlierAdvice { .. } => None,
            Reply::DecidedWithout { .. } => return None,
        };
        let from = bodies.get(&asked.body).map_or("", String::as_str);
        Some((asked.kind.label(), from, asked.reply.as_ref()?.on(), text))
    })
}

/// The words of the advice that is appended to a plan, as they leave with it.
pub(crate) fn received(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Vec<(String, String)>, Error> {
    let case = journal::load(tx, who.authority, id)?.case;
    let Some(request) = case.live_request() else { return Ok(vec![]) };
    let texts = store::texts(tx, who.authority, id)?;
    let reports = crate::advice::store::in_words(tx, &case, request)?;
    let advice = advice_received(request, &HashMap::new(), &texts, &reports)
        .filter_map(|(kind, _, _, text)| Some((format!("the advice: {}", kind.to_lowercase()), text?)))
        .collect();
    Ok(advice)
}

/// What the letter with a final plan says of the family's comments and choice.
pub(super) fn answered(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Vec<(String, String)>, Error> {
    let case = journal::load(tx, who.authority, id)?.case;
    let Some(request) = case.live_request() else { return Ok(vec![]) };
    let texts = store::texts(tx, who.authority, id)?;
    let answers =
        request.representations.iter().flat_map(|said| [Some(said.text), said.answer.map(|answer| answer.reasons)]);
    let refused = request.preference.and_then(|preference| preference.refused).map(|(_, reasons)| reasons);
    let words = answers.chain([refused]).flatten().filter_map(|id| texts.get(&id).cloned());
    Ok(words.map(|words| ("the letter".to_owned(), words)).collect())
}

fn contact_lines(organisation: &Organisation) -> Vec<String> {
    [&organisation.telephone, &organisation.email, &organisation.website, &organisation.address]
        .into_iter()
        .filter(|line| !line.trim().is_empty())
        .cloned()
        .collect()
}

fn service(organisation: &Organisation) -> Option<Service> {
    organisation
        .is_reachable()
        .then(|| Service { name: organisation.name.clone(), contact_lines: contact_lines(organisation) })
}

/// The tribunal, as its own pages say how to reach it. It is the same for every area.
fn tribunal() -> Service {
    Service {
        name: "First-tier Tribunal (Special Educational Needs and Disability)".into(),
        contact_lines: vec!["https://www.gov.uk/appeal-ehc-plan-decision".into(), "01325 289350".into()],
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

impl Facts {
    /// The name that the child uses.
    fn first_name(&self) -> String {
        self.details.known_as.clone().unwrap_or_else(|| self.details.given_name.clone())
    }

    /// Whether the rights are the young person's own: over compulsory school age.
    fn is_young_person(&self) -> bool {
        self.notice.sent_on > law::calendar::compulsory_school_age_ends(self.details.born_on)
    }

    fn home_lines(&self) -> Vec<String> {
        let mut home = self.details.address.as_deref().map(lines).unwrap_or_default();
        home.extend(self.details.postcode.clone());
        home
    }

    /// To whom the family's letter goes: the young person, or each parent who receives notices.
    pub(super) fn addressees(&self) -> Vec<Addressee> {
        // Where a young person was found unable to decide, the law reads their parents, or somebody who
        // represents them, in their place (SEND Regulations 2014 regulation 64).
        let acting = rights::acting(&self.case, Decision::Plan);
        if let (true, Some(Acting::Representative(_))) = (self.is_young_person(), acting) {
            let last = rights::last_assessment(&self.case, Decision::Plan).and_then(|known| known.representative);
            let name = last.and_then(|somebody| self.texts.get(&somebody.name).cloned());
            return vec![Addressee {
                key: "representative".into(),
                name: name.unwrap_or_else(|| format!("Representative of {}", self.details.display_name())),
                address_lines: self.home_lines(),
                about: About::Child { name: self.first_name() },
            }];
        }
        if self.is_young_person() && acting.is_none() {
            return vec![Addressee {
                key: "young person".into(),
                name: self.details.display_name(),
                address_lines: self.home_lines(),
                about: About::You,
            }];
        }
        let about = About::Child { name: self.first_name() };
        let parents: Vec<Addressee> = self
            .contacts
            .iter()
            .filter(|contact| contact.receives_notices)
            .map(|contact| Addressee {
                key: contact.id.to_string(),
                name: contact.name.clone(),
                address_lines: contact.address.as_deref().map_or_else(|| self.home_lines(), lines),
                about: about.clone(),
            })
            .collect();
        if parents.is_empty() {
            let name = format!("Parent or carer of {}", self.details.display_name());
            return vec![Addressee { key: "parent".into(), name, address_lines: self.home_lines(), about }];
        }
        parents
    }

    /// The area's reference for the child: its code and the end of the record's number.
    pub(super) fn reference(&self) -> String {
        let id = self.case.id.0.simple().to_string();
        format!("{}-{}", self.area_code, id.get(24..).unwrap_or(&id).to_uppercase())
    }

    fn signatory(&self) -> Signatory {
        match &self.officer {
            Some((name, _)) => Signatory { name: name.clone(), role: "SEND officer".into() },
            None => Signatory { name: self.profile.council.name.clone(), role: "SEND team".into() },
        }
    }

    fn officer_lines(&self) -> Vec<String> {
        let mut reach: Vec<String> = self.officer.iter().map(|(name, _)| format!("{name}, SEND officer")).collect();
        reach.extend(self.officer.iter().map(|(_, email)| email.clone()));
        reach.extend(Some(self.profile.council.telephone.clone()).filter(|line| !line.trim().is_empty()));
        reach
    }

    fn copied_to(&self) -> Vec<String> {
        self.notice
            .recipients
            .iter()
            .filter_map(|who| match who {
                Recipient::Family => None,
                Recipient::HealthCommissioner => Some(match self.profile.health_commissioner.name.trim() {
                    "" => who.label().to_owned(),
                    name => name.to_owned(),
                }),
                Recipient::SocialCare => Some(who.label().to_owned()),
                Recipient::CurrentSetting => Some(self.setting_now.clone().unwrap_or_else(|| who.label().to_owned())),
                Recipient::NamedInstitution => match self.request.named {
                    Some(Named::Institution { urn }) => Some(self.setting(urn.number())),
                    _ => None,
                },
            })
            .collect()
    }

    fn setting(&self, urn: u32) -> String {
        self.settings.get(&i64::from(urn)).cloned().unwrap_or_else(|| format!("establishment {urn}"))
    }

    fn text(&self, id: TextId) -> String {
        self.texts.get(&id).cloned().unwrap_or_default()
    }

    fn correspondence(&self, to: &Addressee) -> Correspondence {
        Correspondence {
            area_name: self.area_name.clone(),
            area_address_lines: lines(&self.profile.council.address),
            area_contact_lines: self.council_lines(),
            reference: self.reference(),
            sent_on: self.notice.sent_on,
            recipient_name: to.name.clone(),
            recipient_address_lines: to.address_lines.clone(),
            about: to.about.clone(),
            signed_by: self.signatory(),
            copied_to: self.copied_to(),
        }
    }

    /// How to reach the team, without its postal address.
    fn council_lines(&self) -> Vec<String> {
        let council = &self.profile.council;
        [&council.telephone, &council.email, &council.website]
            .into_iter()
            .filter(|line| !line.trim().is_empty())
            .cloned()
            .collect()
    }

    fn rights(&self) -> Result<AppealRights, law::Fault> {
        let [mediation, appeal] = appeal_dates(self.notice.sent_on)?;
        Ok(AppealRights {
            appeal_by: Some(appeal.due_on),
            tribunal: Some(tribunal()),
            mediation: MediationInformation {
                adviser: service(&self.profile.mediation),
                contact_adviser_by: Some(mediation.due_on),
                area_contact_lines: contact_lines(&self.profile.council),
            },
            disagreement_resolution: service(&self.profile.disagreement_resolution),
            advice_and_support: service(&self.profile.advice_and_support),
        })
    }

    fn due(&self, rule: RuleId, weeks: i32) -> Date {
        let counted = self.case.deadlines().iter().rev().find(|d| d.rule == rule).map(|d| d.due_on);
        counted.unwrap_or_else(|| law::calendar::weeks(self.request.received_on, weeks))
    }

    /// The letter of the notice to one person.
    pub(super) fn letter(&self, to: &Addressee) -> Result<Letter, law::Fault> {
        let correspondence = self.correspondence(to);
        let advice_and_support = service(&self.profile.advice_and_support);
        let due_20 = self.due(RuleId::FinalPlan20w, 20);
        Ok(match self.notice.kind {
            NoticeKind::ConsideringAssessment => ConsideringWhetherToAssess {
                correspondence,
                received_on: self.request.received_on,
                asked_by: self.asked_by(&to.about),
                decision_due_on: self.due(RuleId::AssessDecision6w, 6),
                plan_due_on: Some(due_20),
                views: Some(Views { best_by: None, contact_lines: contact_lines(&self.profile.council) }),
                advice_and_support,
            }
            .letter(),
            NoticeKind::WillAssess => WillAssess {
                correspondence,
                advice_from: AdviceKind::compulsory(self.details.born_on, self.notice.sent_on)
                    .into_iter()
                    .map(|kind| kind.label().to_owned())
                    .collect(),
                advice_due_on: None,
                no_plan_notice_due_on: Some(self.due(RuleId::NoPlanNotice16w, 16)),
                plan_due_on: due_20,
                case_officer_lines: self.officer_lines(),
                advice_and_support,
            }
            .letter(),
            NoticeKind::RefusalToAssess => WillNotAssess {
                correspondence,
                reasons: self
                    .request
                    .test
                    .iter()
                    .flat_map(|test| [test.may_have_needs.reasons, test.may_need_plan.reasons])
                    .map(|id| self.text(id))
                    .collect(),
                considered: vec![],
                other_help: vec![],
                rights: self.rights()?,
            }
            .letter(),
            NoticeKind::NoPlan => NoPlan {
                correspondence,
                reasons: self.request.no_plan_reasons.map(|id| self.text(id)).into_iter().collect(),
                reports_enclosed: self.reports(),
                other_help: vec![],
                rights: self.rights()?,
                states_tribunal_recommendations: true,
            }
            .letter(),
            NoticeKind::DraftPlan => self.draft_letter(correspondence, due_20, advice_and_support),
            NoticeKind::FinalPlan => self.final_letter(correspondence)?,
        })
    }

    fn draft_letter(&self, correspondence: Correspondence, due_20: Date, advice: Option<Service>) -> Letter {
        let until = law::calendar::days_beg(self.notice.served_on(), 15);
        let meeting = match &self.officer {
            Some((name, email)) => {
                let mut reach = vec![email.clone()];
                reach.extend(self.council_lines());
                Some(Service { name: format!("{name}, SEND officer"), contact_lines: reach })
            }
            None => service(&self.profile.council),
        };
        DraftPlan {
            correspondence,
            plan_enclosed: self.content.is_some(),
            advice_enclosed: self.advice_listed(),
            representations_by: Some(until),
            representations_to: contact_lines(&self.profile.council),
            invites_institution_request: true,
            meeting_with: meeting,
            schools_and_colleges: Some(Place {
                name: "the Local Offer".into(),
                address: self.profile.local_offer.trim().to_owned(),
            }),
            personal_budget: service(&self.profile.council),
            plan_due_on: Some(due_20),
            advice_and_support: advice,
        }
        .letter()
    }

    fn final_letter(&self, correspondence: Correspondence) -> Result<Letter, law::Fault> {
        let mut changes = Vec::new();
        let mut not_agreed = Vec::new();
        for comment in &self.request.representations {
            let Some(answer) = comment.answer else { continue };
            let said = format!("You said: “{}” {}", self.text(comment.text).trim(), self.text(answer.reasons).trim());
            if answer.accepted { &mut changes } else { &mut not_agreed }.push(said);
        }
        if let Some(preference) = self.request.preference
            && let Some((ground, reasons)) = preference.refused
        {
            not_agreed.push(format!(
                "You asked for {}. We did not name it. {}. {}",
                self.setting(preference.urn.number()),
                ground.label(),
                self.text(reasons).trim()
            ));
        }
        let review =
            self.case.deadlines().iter().rev().find(|d| d.rule == RuleId::AnnualReviewFirst12m).map(|d| d.due_on);
        Ok(FinalPlan {
            correspondence,
            plan_enclosed: self.content.is_some(),
            placement: self.section_i(),
            changes_since_draft: changes,
            not_agreed,
            review_due_on: review,
            rights: self.rights()?,
            states_tribunal_recommendations: true,
        }
        .letter())
    }

    fn asked_by(&self, about: &About) -> String {
        use casework::requests::Source;
        match (self.request.source, about) {
            (Source::Parent, About::Child { .. }) | (Source::YoungPerson, About::You) => "you".into(),
            (Source::Parent, About::You) => "your parent or carer".into(),
            (Source::YoungPerson, About::Child { name }) => name.clone(),
            (Source::School, _) => self.setting_now.clone().unwrap_or_else(|| "the school or college".into()),
            (Source::Health, _) => "the health service".into(),
            (Source::SocialCare, _) => "social care".into(),
            (Source::Other, _) => "someone who knows the family".into(),
        }
    }

    fn reports(&self) -> Vec<String> {
        advice_received(&self.request, &self.bodies, &self.texts, &self.reports)
            .map(|(kind, from, on, _)| format!("{kind}, {from}, {}", crate::web::short_date(on)))
            .collect()
    }

    fn advice_listed(&self) -> Vec<String> {
        self.content
            .iter()
            .flat_map(|content| &content.advice)
            .map(|advice| {
                [&advice.kind, &advice.from, &advice.dated]
                    .into_iter()
                    .map(|part| part.trim())
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(", ")
            })
            .collect()
    }

    fn section_i(&self) -> Option<String> {
        let named = match self.notice.kind {
            NoticeKind::FinalPlan => self.request.named,
            _ => None,
        };
        named.map(|named| placement_words(named, |urn| self.setting(urn)))
    }

    /// The plan on paper, when one goes with this notice.
    pub(super) fn plan(&self) -> Option<Plan<'_>> {
        let content = self.content.as_ref()?;
        let standing = match (self.notice.kind, self.section_i()) {
            (NoticeKind::FinalPlan, Some(section_i)) => Standing::Final { section_i },
            _ => Standing::Draft { comments_until: Some(law::calendar::days_beg(self.notice.served_on(), 15)) },
        };
        Some(Plan {
            content,
            person: self.person(),
            area: Area {
                name: self.area_name.clone(),
                address_lines: lines(&self.profile.council.address),
                contact_lines: self.council_lines(),
                reference: self.reference(),
            },
            standing,
            dated: self.notice.sent_on,
            signed_by: self.signatory(),
            appendices: advice_received(&self.request, &self.bodies, &self.texts, &self.reports)
                .filter_map(|(kind, from, on, text)| {
                    Some((format!("{kind}, {from}, {}", crate::web::short_date(on)), text?))
                })
                .collect(),
        })
    }

    fn person(&self) -> Person {
        let details = &self.details;
        Person {
            name: format!("{} {}", details.given_name, details.family_name),
            called: self.first_name(),
            born_on: Some(details.born_on),
            address: Some(self.home_lines().join(", ")),
            parents: self
                .contacts
                .iter()
                .filter(|contact| contact.relation.may_be_parent())
                .map(|contact| contact.name.clone())
                .collect(),
            home_language: details.home_language.clone(),
            setting_now: self.setting_now.clone(),
        }
    }
}
