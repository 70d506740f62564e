//! Letters about whether to assess.

use jiff::civil::Date;

use super::wording::{self, Appealed, day};
use super::{AppealRights, Composer, Content, Correspondence, Letter, LetterKind, Service};
use crate::model::{Block, Span};

/// "We have your request and are considering whether to assess" (section 36(7)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsideringWhetherToAssess {
    pub correspondence: Correspondence,
    /// When the request reached the area, which is when the six weeks began.
    pub received_on: Date,
    /// Who asked, such as "you" or "Millbrook Primary School".
    pub asked_by: String,
    /// The last day for telling the family whether there will be an assessment.
    pub decision_due_on: Date,
    /// The last day for a final plan, if there is to be one.
    pub plan_due_on: Option<Date>,
    /// How to give views and evidence. Absent means the letter does not tell of the right.
    pub views: Option<Views>,
    pub advice_and_support: Option<Service>,
}

/// The invitation to give views and evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Views {
    /// A helpful date, not a limit: what arrives later is still considered.
    pub best_by: Option<Date>,
    /// Where to send them or whom to speak to, one line each.
    pub contact_lines: Vec<String>,
}

impl ConsideringWhetherToAssess {
    pub fn letter(&self) -> Letter {
        let about = &self.correspondence.about;
        let whose = about.possessive();
        let mut composer = Composer::new();
        let received = day(self.received_on);
        composer.carry(
            Content::ConsideringAssessment,
            Block::Paragraph(vec![
                Span::plain(format!(
                    "On {received} we received a request from {} for an assessment of {whose} education, health and care \
                     needs. ",
                    self.asked_by
                )),
                Span::strong("We are now considering whether to carry out an assessment."),
            ]),
        );
        let mut dates = vec![
            ("We received the request on".to_owned(), received),
            ("We will tell you our decision by".to_owned(), day(self.decision_due_on)),
        ];
        if let Some(date) = self.plan_due_on {
            dates.push(("If there is to be a plan, you will have it by".to_owned(), day(date)));
        }
        composer.push(Block::KeyFacts(dates));
        composer.section("What you can tell us");
        if let Some(views) = &self.views {
            let contact = wording::given(&views.contact_lines);
            if !contact.is_empty() {
                composer.carry_text(
                    Content::RightToGiveViewsAndEvidence,
                    "You have the right to tell us what you think, by speaking to us or in writing, and to send us \
                     evidence. Reports, letters, photos and notes of your own all count. There is no form that you must \
                     use.",
                );
                if let Some(date) = views.best_by {
                    composer.say(format!(
                        "It helps if we have this by {}. If you need longer, send it anyway: we will look at everything \
                         that reaches us before we decide.",
                        day(date)
                    ));
                }
                composer.say(format!("Send it to us, or speak to us, here:\n{}", contact.join("\n")));
            }
        }
        composer.section("How we decide");
        composer.say(format!(
            "The law asks two questions. The first: {} special educational needs? The second: may it be necessary for \
             help to be given through an education, health and care plan? If the answer to both is yes, we must assess.",
            match about {
                super::About::Child { name } => format!("does {name} have, or may {name} have,"),
                super::About::You => "do you have, or may you have,".to_owned(),
            }
        ));
        if self.advice_and_support.is_some() {
            composer.section("Help for you");
            wording::advice_and_support(&mut composer, self.advice_and_support.as_ref());
        }
        let title = format!("We are considering whether to assess {whose} needs");
        composer.finish(LetterKind::ConsideringWhetherToAssess, title, &self.correspondence)
    }
}

/// "We will assess".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WillAssess {
    pub correspondence: Correspondence,
    /// Who will be asked for advice, one line each, such as "An educational psychologist".
    pub advice_from: Vec<String>,
    /// The last day for advice to arrive.
    pub advice_due_on: Option<Date>,
    /// The last day for telling the family that there will be no plan, if that is so.
    pub no_plan_notice_due_on: Option<Date>,
    /// The last day for a final plan, if there is to be one.
    pub plan_due_on: Date,
    /// The person the family can call.
    pub case_officer_lines: Vec<String>,
    pub advice_and_support: Option<Service>,
}

impl WillAssess {
    pub fn letter(&self) -> Letter {
        let about = &self.correspondence.about;
        let whose = about.possessive();
        let mut composer = Composer::new();
        composer.carry(
            Content::Decision,
            Block::Paragraph(vec![
                Span::strong(format!("We will assess {whose} education, health and care needs.")),
                Span::plain(
                    " An assessment finds out what helps, what is hard and what should happen next. It does not always \
                     lead to a plan.",
                ),
            ]),
        );
        let mut dates = Vec::new();
        if let Some(date) = self.advice_due_on {
            dates.push(("Advice should reach us by".to_owned(), day(date)));
        }
        if let Some(date) = self.no_plan_notice_due_on {
            dates.push(("If there will be no plan, we will tell you by".to_owned(), day(date)));
        }
        dates.push(("If there is to be a plan, you will have it by".to_owned(), day(self.plan_due_on)));
        composer.push(Block::KeyFacts(dates));
        let opening = format!("We will ask these people for advice about {whose} needs:");
        wording::listed(&mut composer, "Who we will ask", &opening, &self.advice_from);
        composer.section("Your part");
        composer.say(format!(
            "We would like to hear from you: what {} well, what is hard, and what you hope for. You can ask us to get \
             advice from someone else too. If that is reasonable, we must ask them.",
            about.with_verb("does", "do")
        ));
        let contact = wording::given(&self.case_officer_lines);
        if !contact.is_empty() {
            composer.say(format!("The person to speak to is:\n{}", contact.join("\n")));
        }
        if self.advice_and_support.is_some() {
            composer.section("Help for you");
            wording::advice_and_support(&mut composer, self.advice_and_support.as_ref());
        }
        let title = format!("We will assess {whose} needs");
        composer.finish(LetterKind::WillAssess, title, &self.correspondence)
    }
}

/// "We will not assess" (section 36(5), regulation 5(3)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WillNotAssess {
    pub correspondence: Correspondence,
    /// The reasons for this child or young person, one paragraph each, in words the family will understand.
    pub reasons: Vec<String>,
    /// What was read before deciding, one line each.
    pub considered: Vec<String>,
    /// What help there can be without a plan, one line each.
    pub other_help: Vec<String>,
    pub rights: AppealRights,
}

impl WillNotAssess {
    pub fn letter(&self) -> Letter {
        let about = &self.correspondence.about;
        let whose = about.possessive();
        let mut composer = Composer::new();
        composer.carry(
            Content::Decision,
            Block::Paragraph(vec![
                Span::plain("Thank you for what you have shared with us. We have thought about it carefully. "),
                Span::strong(format!(
                    "We have decided not to carry out an assessment of {whose} education, health and care needs."
                )),
                Span::plain(" We know this may be hard to read. This letter tells you why, and what you can do."),
            ]),
        );
        composer.say(
            "We must assess if there are, or may be, special educational needs, and if it may be necessary for help to be \
             given through an education, health and care plan.",
        );
        wording::reasons(&mut composer, "Why we decided this", &self.reasons);
        wording::listed(&mut composer, "What we looked at", "", &self.considered);
        wording::listed(&mut composer, "Help there can be now", "", &self.other_help);
        wording::if_you_disagree(&mut composer, Appealed::WillNotAssess, &self.rights);
        let title = format!("We have decided not to assess {whose} needs");
        composer.finish(LetterKind::WillNotAssess, title, &self.correspondence)
    }
}
