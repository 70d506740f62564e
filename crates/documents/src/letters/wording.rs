//! The words that several letters share, and the small grammar of writing to a parent or to a young person.

use jiff::civil::Date;

use super::{About, AppealRights, Composer, Content, MediationInformation, Service};
use crate::model::{Block, Span};
use crate::text;

/// "4 January 2027".
pub fn day(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = usize::try_from(date.month()).ok().and_then(|month| MONTHS.get(month - 1));
    format!("{} {} {}", date.day(), month.copied().unwrap_or_default(), date.year())
}

/// The lines that say something.
pub fn given(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).filter(|line| !text::is_blank(line)).collect()
}

impl About {
    /// "Robin" or "you".
    pub(super) fn name(&self) -> &str {
        match self {
            About::Child { name } => name,
            About::You => "you",
        }
    }

    /// "Robin’s" or "your".
    pub(super) fn possessive(&self) -> String {
        match self {
            About::Child { name } => format!("{name}’s"),
            About::You => "your".to_owned(),
        }
    }

    /// The same at the start of a sentence.
    pub(super) fn possessive_first(&self) -> String {
        match self {
            About::Child { .. } => self.possessive(),
            About::You => "Your".to_owned(),
        }
    }

    /// "Robin has" or "you have", and the like.
    pub(super) fn with_verb(&self, for_a_child: &str, for_you: &str) -> String {
        match self {
            About::Child { name } => format!("{name} {for_a_child}"),
            About::You => format!("you {for_you}"),
        }
    }
}

impl Service {
    /// The name and contacts, or `None` when a reader could not use it.
    fn usable(&self) -> Option<Block> {
        let contacts = given(&self.contact_lines);
        let is_usable = !text::is_blank(&self.name) && !contacts.is_empty();
        is_usable.then(|| {
            let contacts = format!("\n{}", contacts.join("\n"));
            Block::Paragraph(vec![Span::strong(self.name.trim()), Span::Plain(contacts)])
        })
    }
}

/// A service that must be named: a heading, what it does, and how to reach it.
pub fn service(composer: &mut Composer, content: Content, heading: &str, what: &str, service: Option<&Service>) {
    let Some(contact) = service.and_then(Service::usable) else {
        return;
    };
    composer.push(Block::subsection(heading));
    composer.say(what);
    composer.carry(content, contact);
}

/// Help that anyone may use, whatever was decided.
pub fn advice_and_support(composer: &mut Composer, advice: Option<&Service>) {
    service(
        composer,
        Content::InformationAdviceAndSupport,
        "Free and confidential advice",
        "This service gives information, advice and support to parents, children and young people. It is impartial: it \
         is on nobody’s side. Young people can use it without their parents.",
        advice,
    );
}

/// Which decision the appeal is against, because the exceptions differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appealed {
    WillNotAssess,
    NoPlan,
    FinalPlan,
}

/// Everything a family needs in order to disagree, in the order in which they would use it.
pub fn if_you_disagree(composer: &mut Composer, appealed: Appealed, rights: &AppealRights) {
    composer.section("If you disagree");
    composer.say(
        "You do not have to accept this decision. Talking to us is often the quickest way to put something right. \
                  You can also use each of the ways below. Talking to us does not move the dates.",
    );
    dates_to_keep(composer, rights);
    mediation(composer, appealed, &rights.mediation);
    appeal(composer, appealed, rights);
    service(
        composer,
        Content::DisagreementResolution,
        "Help to settle a disagreement",
        "This service is independent of us and free. It can help you and us, a school or the health service to agree. \
         You can use it at any time. It does not replace mediation or an appeal and does not change their dates.",
        rights.disagreement_resolution.as_ref(),
    );
    advice_and_support(composer, rights.advice_and_support.as_ref());
}

fn dates_to_keep(composer: &mut Composer, rights: &AppealRights) {
    let mut dates = Vec::new();
    if let Some(date) = rights.mediation.contact_adviser_by {
        dates.push(("Contact the mediation adviser by".to_owned(), day(date)));
    }
    if let Some(date) = rights.appeal_by {
        let date = day(date);
        dates.push((
            "The Tribunal must receive your appeal by".to_owned(),
            format!("{date}, or one month after the date on your mediation certificate if that is later"),
        ));
        composer.carried.insert(Content::AppealTimeLimits);
    }
    if !dates.is_empty() {
        composer.push(Block::KeyFacts(dates));
    }
}

fn mediation(composer: &mut Composer, appealed: Appealed, information: &MediationInformation) {
    composer.push(Block::subsection("Mediation"));
    composer.carry_text(
        Content::RightToMediation,
        "You have the right to ask for mediation. Mediation is a meeting where a trained person, who is independent of \
         us, helps you and us to reach an agreement. It is free. You choose whether to do it.",
    );
    let certificate = match appealed {
        Appealed::WillNotAssess | Appealed::NoPlan => {
            "Before you can appeal you need a certificate from a mediation adviser. You must contact the adviser to get \
             it, but you do not have to go to mediation."
        }
        Appealed::FinalPlan => {
            "Before you can appeal about Section B or Section F you need a certificate from a mediation adviser. You must \
             contact the adviser to get it, but you do not have to go to mediation. You do not need a certificate if \
             your appeal is only about Section I: the school or college named, the type of school or college, or that \
             none is named."
        }
    };
    composer.carry_text(Content::NeedForCertificate, certificate);
    if let Some(contact) = information.adviser.as_ref().and_then(Service::usable) {
        composer.say("The mediation adviser is:");
        composer.carry(Content::MediationAdviserContact, contact);
    }
    if let Some(date) = information.contact_adviser_by {
        let mut limits = vec![
            format!("Contact the adviser by {}. That is two months from the date we sent this letter.", day(date)),
            "If you tell the adviser that you do not want mediation, they send you the certificate within three working \
             days."
                .to_owned(),
            "If you want mediation, it must be arranged within 30 days of the day you tell us.".to_owned(),
            "After mediation the adviser sends you the certificate within three working days.".to_owned(),
        ];
        if appealed == Appealed::FinalPlan {
            limits.push(
                "If you only disagree about health care in the plan, the health service arranges the mediation, within 30 \
                 days of hearing from us."
                    .to_owned(),
            );
        }
        composer.carry(Content::MediationTimescales, Block::bullets(limits));
    }
    composer.carry(
        Content::WhatToTellUsForMediation,
        Block::Paragraph(vec![
            Span::plain("If you want mediation, please tell us "),
            Span::strong("that you want it, and what you disagree with"),
            Span::plain(". If you disagree about health care, please also tell us what health care you want."),
        ]),
    );
    let contact = given(&information.area_contact_lines);
    if !contact.is_empty() {
        composer.carry_text(Content::OurContactForMediation, format!("Tell us here:\n{}", contact.join("\n")));
    }
}

fn appeal(composer: &mut Composer, appealed: Appealed, rights: &AppealRights) {
    let Some(contact) = rights.tribunal.as_ref().and_then(Service::usable) else {
        return;
    };
    composer.push(Block::subsection("Appeal"));
    let what = match appealed {
        Appealed::WillNotAssess => "You have the right to appeal against our decision not to assess.",
        Appealed::NoPlan => "You have the right to appeal against our decision not to make a plan.",
        Appealed::FinalPlan => {
            "You have the right to appeal about what the plan says in Section B (special educational needs), Section F \
             (special educational provision) and Section I (the school or college named, the type, or that none is \
             named)."
        }
    };
    composer.carry_text(
        Content::RightOfAppeal,
        format!(
            "{what} The appeal is heard by the First-tier Tribunal (Special Educational Needs and Disability). The \
             Tribunal is independent of us and can change our decision. It is free and you do not need a lawyer."
        ),
    );
    composer.push(contact);
}

/// Only where the law gives the power: it does not exist in an appeal against a refusal to assess.
pub fn recommendations(composer: &mut Composer, is_stated: bool) {
    if is_stated {
        composer.push(Block::subsection("Health and social care in an appeal"));
        composer.carry_text(
            Content::TribunalRecommendations,
            "If you appeal, you can also ask the Tribunal to look at health and social care needs and provision. The \
             Tribunal can make recommendations about them. Recommendations are not orders, but the health service and \
             we must answer each one in writing within five weeks, and give good reasons if we do not follow it.",
        );
    }
}

/// Reasons, each in its own paragraph. No reasons, no content.
pub fn reasons(composer: &mut Composer, heading: &str, reasons: &[String]) {
    let reasons = given(reasons);
    if reasons.is_empty() {
        return;
    }
    composer.section(heading);
    for reason in reasons {
        composer.carry_text(Content::Reasons, reason);
    }
}

/// A list under a heading, left out when it is empty.
pub fn listed(composer: &mut Composer, heading: &str, opening: &str, entries: &[String]) {
    let entries = given(entries);
    if !entries.is_empty() {
        composer.section(heading);
        if !opening.is_empty() {
            composer.say(opening);
        }
        composer.push(Block::bullets(entries));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_people_say_them() {
        assert_eq!(day(jiff::civil::date(2027, 1, 4)), "4 January 2027");
        assert_eq!(day(jiff::civil::date(2026, 12, 31)), "31 December 2026");
    }
}
