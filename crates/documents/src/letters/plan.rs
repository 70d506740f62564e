//! Letters about whether there will be a plan, and the letters that go with one.

use jiff::civil::Date;

use super::wording::{self, Appealed, day};
use super::{About, AppealRights, Composer, Content, Correspondence, Letter, LetterKind, Service};
use crate::model::{Block, Span};
use crate::text;

/// "We will not make a plan" (section 36(9), regulation 10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPlan {
    pub correspondence: Correspondence,
    /// The reasons for this child or young person, one paragraph each.
    pub reasons: Vec<String>,
    /// The reports of the assessment, one line each. The family is sent them with the letter.
    pub reports_enclosed: Vec<String>,
    /// What help there can be without a plan, one line each.
    pub other_help: Vec<String>,
    pub rights: AppealRights,
    /// Whether the letter says that the Tribunal can make recommendations about health and social care.
    pub states_tribunal_recommendations: bool,
}

impl NoPlan {
    pub fn letter(&self) -> Letter {
        let about = &self.correspondence.about;
        let mut composer = Composer::new();
        composer.carry(
            Content::Decision,
            Block::Paragraph(vec![
                Span::plain("The assessment is finished. Thank you for the part you took in it. "),
                Span::strong(format!(
                    "We have decided not to make an education, health and care plan for {}.",
                    about.name()
                )),
                Span::plain(" This letter tells you why, and what you can do."),
            ]),
        );
        composer.say("We must make a plan if the assessment shows that one is necessary.");
        wording::reasons(&mut composer, "Why we decided this", &self.reasons);
        let opening = "We send these reports with this letter. They can be used by anyone who helps:";
        wording::listed(&mut composer, "What the assessment found", opening, &self.reports_enclosed);
        wording::listed(&mut composer, "Help there can be now", "", &self.other_help);
        wording::if_you_disagree(&mut composer, Appealed::NoPlan, &self.rights);
        wording::recommendations(&mut composer, self.states_tribunal_recommendations);
        let title = format!("We have decided not to make a plan for {}", about.name());
        composer.finish(LetterKind::NoPlan, title, &self.correspondence)
    }
}

/// The letter that goes with a draft plan (section 38, regulation 13(1)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftPlan {
    pub correspondence: Correspondence,
    /// Whether the draft plan goes with the letter.
    pub plan_enclosed: bool,
    /// The advice and information that goes with it, one line each.
    pub advice_enclosed: Vec<String>,
    /// The last day for comments: at least 15 days, counting the day the family receives the draft as the first.
    pub representations_by: Option<Date>,
    /// Where to send comments, one line each.
    pub representations_to: Vec<String>,
    /// Whether the letter tells of the right to ask for a school or college.
    pub invites_institution_request: bool,
    /// The officer the family can ask to meet.
    pub meeting_with: Option<Service>,
    /// Where to find information about schools and colleges.
    pub schools_and_colleges: Option<Place>,
    /// Whom to ask about a personal budget.
    pub personal_budget: Option<Service>,
    /// The last day for the final plan.
    pub plan_due_on: Option<Date>,
    pub advice_and_support: Option<Service>,
}

/// A place to look things up: its name and its web address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub name: String,
    pub address: String,
}

impl DraftPlan {
    pub fn letter(&self) -> Letter {
        let about = &self.correspondence.about;
        let whose = about.possessive();
        let mut composer = Composer::new();
        if self.plan_enclosed {
            composer.carry_text(
                Content::PlanEnclosed,
                format!(
                    "We send you a draft of {whose} education, health and care plan. It is a draft so that you can \
                     change it. Please read it and tell us what is right, what is wrong and what is missing."
                ),
            );
        }
        let mut dates = Vec::new();
        if let Some(date) = self.representations_by {
            dates.push(("Please tell us what you think by".to_owned(), day(date)));
        }
        if let Some(date) = self.plan_due_on {
            dates.push(("The final plan is due by".to_owned(), day(date)));
        }
        if !dates.is_empty() {
            composer.push(Block::KeyFacts(dates));
        }
        let advice = wording::given(&self.advice_enclosed);
        if !advice.is_empty() {
            composer.say("The draft is based on this advice and information, which we send with it:");
            composer.carry(Content::AdviceEnclosed, Block::bullets(advice));
        }
        self.tell_us(&mut composer);
        self.school_or_college(&mut composer, about);
        self.personal_budget(&mut composer);
        if self.advice_and_support.is_some() {
            composer.section("Help for you");
            wording::advice_and_support(&mut composer, self.advice_and_support.as_ref());
        }
        let title = format!("{} draft education, health and care plan", about.possessive_first());
        composer.finish(LetterKind::DraftPlan, title, &self.correspondence)
    }

    fn tell_us(&self, composer: &mut Composer) {
        composer.section("Tell us what you think");
        if let Some(date) = self.representations_by {
            composer.carry_text(
                Content::RepresentationsPeriod,
                format!(
                    "You have until the end of {} to tell us what you think of the draft. By law you have at least 15 \
                     days, and the day you get the draft counts as the first. You can write to us or speak to us.",
                    day(date)
                ),
            );
        }
        let contact = wording::given(&self.representations_to);
        if !contact.is_empty() {
            composer.say(format!("Tell us here:\n{}", contact.join("\n")));
        }
        let Some(officer) = &self.meeting_with else {
            return;
        };
        let contact = wording::given(&officer.contact_lines);
        if !text::is_blank(&officer.name) && !contact.is_empty() {
            composer.carry_text(
                Content::MeetingWithOfficer,
                format!(
                    "You can ask to meet us to talk about the draft. Please ask while you are thinking about it, and \
                     we will arrange it. Ask for:\n{}\n{}",
                    officer.name,
                    contact.join("\n")
                ),
            );
        }
    }

    fn school_or_college(&self, composer: &mut Composer, about: &About) {
        composer.section("School or college");
        if self.invites_institution_request {
            composer.say(
                "The draft does not name a school or college. That is on purpose: you have the right to be heard first.",
            );
            composer.carry_text(
                Content::RightToRequestInstitution,
                format!(
                    "You have the right to ask us to name a certain school or college in the plan. It can be a \
                     mainstream or special school, an academy, a further education college, or an independent special \
                     school or college that is on the approved list. We must name it unless it would not be suitable \
                     for {} age, ability, aptitude or special educational needs, or it would not fit with the good \
                     education of others or with the good use of money and staff. You can also ask for an \
                     independent school that is not on the list; we will consider it.",
                    about.possessive()
                ),
            );
        }
        let Some(place) = &self.schools_and_colleges else {
            return;
        };
        if !text::is_blank(&place.name) && !text::is_blank(&place.address) {
            composer.carry(
                Content::WhereToFindSchoolsAndColleges,
                Block::Paragraph(vec![
                    Span::plain(format!("You can find schools and colleges in {}: ", place.name)),
                    Span::Link { text: place.address.clone(), address: place.address.clone() },
                    Span::plain(". We can send you the list on paper if you prefer."),
                ]),
            );
        }
    }

    fn personal_budget(&self, composer: &mut Composer) {
        let Some(contact) = &self.personal_budget else {
            return;
        };
        let lines = wording::given(&contact.contact_lines);
        if !text::is_blank(&contact.name) && !lines.is_empty() {
            composer.section("Personal budget");
            composer.carry_text(
                Content::PersonalBudget,
                format!(
                    "You can ask for a personal budget. It says how much money there is for some of the help in the \
                     plan, and you can have a say in how it is spent. Now, while the plan is a draft, is a good time to \
                     ask. Ask:\n{}\n{}",
                    contact.name,
                    lines.join("\n")
                ),
            );
        }
    }
}

/// The letter that goes with a final plan (regulations 13(2) and 14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalPlan {
    pub correspondence: Correspondence,
    /// Whether the final plan goes with the letter.
    pub plan_enclosed: bool,
    /// The placement as Section I has it, in one line. Absent when Section I names none.
    pub placement: Option<String>,
    /// What changed since the draft, one line each.
    pub changes_since_draft: Vec<String>,
    /// What the family asked for that was not agreed, each with its reason.
    pub not_agreed: Vec<String>,
    /// The last day by which the first review must be finished.
    pub review_due_on: Option<Date>,
    pub rights: AppealRights,
    /// Whether the letter says that the Tribunal can make recommendations about health and social care.
    pub states_tribunal_recommendations: bool,
}

impl FinalPlan {
    pub fn letter(&self) -> Letter {
        let about = &self.correspondence.about;
        let whose = about.possessive();
        let mut composer = Composer::new();
        composer.carry(
            Content::Decision,
            Block::Paragraph(vec![
                Span::strong(format!("{} education, health and care plan is now final.", about.possessive_first())),
                Span::plain(" Thank you for your help in making it."),
            ]),
        );
        if self.plan_enclosed {
            composer.carry_text(Content::PlanEnclosed, "We send the plan with this letter.");
        }
        let mut facts = Vec::new();
        if let Some(placement) = self.placement.as_ref().filter(|placement| !text::is_blank(placement)) {
            facts.push(("School or college in Section I".to_owned(), placement.clone()));
        }
        if let Some(date) = self.review_due_on {
            facts.push(("We will review the plan by".to_owned(), day(date)));
        }
        if !facts.is_empty() {
            composer.push(Block::KeyFacts(facts));
        }
        let opening = "We listened to what you told us about the draft. These parts are different:";
        wording::listed(&mut composer, "What has changed since the draft", opening, &self.changes_since_draft);
        wording::listed(&mut composer, "What we did not change, and why", "", &self.not_agreed);
        composer.section("What must happen now");
        composer.push(Block::bullets([
            "We must make sure that the special educational provision in Section F is given.",
            "The health service must arrange the health care in Section G.",
            "A state school, an academy, a college or an approved independent special school that Section I names must give a \
             place.",
        ]));
        composer.say(format!("If any of {whose} help does not start, or stops, please tell us straight away."));
        wording::if_you_disagree(&mut composer, Appealed::FinalPlan, &self.rights);
        wording::recommendations(&mut composer, self.states_tribunal_recommendations);
        let title = format!("{} final education, health and care plan", about.possessive_first());
        composer.finish(LetterKind::FinalPlan, title, &self.correspondence)
    }
}
