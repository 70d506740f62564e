//! A family that is not told of a right may lose it, so a letter knows what it says and what it does not.

#[path = "../examples/invented/letters.rs"]
mod example;

use documents::letters::plan::FinalPlan;
use documents::letters::{About, AppealRights, Content, Letter, LetterKind, Service};
use documents::model::Document;

fn complete_letters() -> Vec<Letter> {
    vec![
        example::considering().letter(),
        example::will_assess().letter(),
        example::will_not_assess().letter(),
        example::no_plan().letter(),
        example::draft_plan().letter(),
        example::final_plan().letter(),
    ]
}

fn words(document: &Document) -> String {
    let mut words = String::new();
    document.each_text(&mut |text| {
        words.push_str(text);
        words.push('\n');
    });
    words
}

#[test]
fn a_letter_with_every_part_misses_nothing_and_can_be_printed() {
    let letters = complete_letters();
    let kinds: Vec<LetterKind> = letters.iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, LetterKind::ALL);
    for letter in &letters {
        assert_eq!(letter.missing(), [], "{:?}", letter.kind);
        assert_eq!(letter.document.check(), Ok(()), "{:?}", letter.kind);
    }
}

#[test]
fn refusing_to_assess_without_naming_a_right_is_caught_one_right_at_a_time() {
    let missing_after = |change: fn(&mut AppealRights)| {
        let mut letter = example::will_not_assess();
        change(&mut letter.rights);
        letter.letter().missing()
    };
    assert_eq!(missing_after(|rights| rights.appeal_by = None), [Content::AppealTimeLimits]);
    assert_eq!(missing_after(|rights| rights.tribunal = None), [Content::RightOfAppeal]);
    assert_eq!(missing_after(|rights| rights.mediation.adviser = None), [Content::MediationAdviserContact]);
    assert_eq!(missing_after(|rights| rights.mediation.contact_adviser_by = None), [Content::MediationTimescales]);
    assert_eq!(missing_after(|rights| rights.mediation.area_contact_lines.clear()), [Content::OurContactForMediation]);
    assert_eq!(missing_after(|rights| rights.disagreement_resolution = None), [Content::DisagreementResolution]);
    assert_eq!(missing_after(|rights| rights.advice_and_support = None), [Content::InformationAdviceAndSupport]);
}

#[test]
fn a_name_without_a_contact_and_reasons_without_words_do_not_count() {
    let mut letter = example::will_not_assess();
    letter.reasons = vec!["  \n ".into()];
    letter.rights.advice_and_support =
        Some(Service { name: "Wrenshire SEND Advice".into(), contact_lines: vec![" ".into()] });
    assert_eq!(letter.letter().missing(), [Content::Reasons, Content::InformationAdviceAndSupport]);
}

#[test]
fn health_and_care_recommendations_belong_to_every_appeal_but_the_one_about_assessing() {
    assert!(!LetterKind::WillNotAssess.required().contains(&Content::TribunalRecommendations));
    let mut no_plan = example::no_plan();
    no_plan.states_tribunal_recommendations = false;
    assert_eq!(no_plan.letter().missing(), [Content::TribunalRecommendations]);
    let final_plan = FinalPlan { states_tribunal_recommendations: false, ..example::final_plan() };
    assert_eq!(final_plan.letter().missing(), [Content::TribunalRecommendations]);
}

#[test]
fn a_draft_letter_names_each_thing_a_family_may_do() {
    let complete = example::draft_plan();
    let mut letter = complete.clone();
    letter.plan_enclosed = false;
    assert_eq!(letter.letter().missing(), [Content::PlanEnclosed]);
    let mut letter = complete.clone();
    letter.advice_enclosed.clear();
    assert_eq!(letter.letter().missing(), [Content::AdviceEnclosed]);
    let mut letter = complete.clone();
    letter.representations_by = None;
    assert_eq!(letter.letter().missing(), [Content::RepresentationsPeriod]);
    let mut letter = complete.clone();
    letter.invites_institution_request = false;
    assert_eq!(letter.letter().missing(), [Content::RightToRequestInstitution]);
    let mut letter = complete.clone();
    letter.meeting_with = None;
    assert_eq!(letter.letter().missing(), [Content::MeetingWithOfficer]);
    let mut letter = complete.clone();
    letter.schools_and_colleges = None;
    assert_eq!(letter.letter().missing(), [Content::WhereToFindSchoolsAndColleges]);
    let mut letter = complete;
    letter.personal_budget = None;
    assert_eq!(letter.letter().missing(), [Content::PersonalBudget]);
}

#[test]
fn the_invitation_to_give_views_is_part_of_considering_a_request() {
    let mut letter = example::considering();
    letter.views = None;
    assert_eq!(letter.letter().missing(), [Content::RightToGiveViewsAndEvidence]);
}

#[test]
fn each_family_reads_its_own_dates() {
    let refusal = words(&example::will_not_assess().letter().document);
    assert!(refusal.contains("15 February 2027, or one month after the date on your mediation certificate"));
    assert!(refusal.contains("Contact the adviser by 14 February 2027."));
    let draft = words(&example::draft_plan().letter().document);
    assert!(draft.contains("until the end of 17 March 2027"));
}

#[test]
fn a_young_person_is_written_to_as_you() {
    let mut letter = example::final_plan();
    letter.correspondence.about = About::You;
    let document = letter.letter().document;
    assert_eq!(document.title, "Your final education, health and care plan");
    let mut letter = example::no_plan();
    letter.correspondence.about = About::You;
    assert!(words(&letter.letter().document).contains("not to make an education, health and care plan for you."));
    let mut letter = example::considering();
    letter.correspondence.about = About::You;
    assert!(words(&letter.letter().document).contains("do you have, or may you have,"));
}

/// Flesch-Kincaid grade plus five years is close to a reading age. Syllables are counted as groups of vowels.
fn reading_age(text: &str) -> f64 {
    let mut sentences: f64 = 0.0;
    let mut words: f64 = 0.0;
    let mut syllables: f64 = 0.0;
    for line in text.lines().filter(|line| line.ends_with('.') && line.split_whitespace().count() > 4) {
        sentences += line.matches(['.', ':', '?']).count() as f64;
        for word in line.split_whitespace() {
            words += 1.0;
            let letters = word.to_lowercase();
            let vowels: Vec<bool> = letters.chars().map(|letter| "aeiouy".contains(letter)).collect();
            let groups = vowels.windows(2).filter(|pair| !pair[0] && pair[1]).count() + usize::from(vowels[0]);
            let is_silent_end = letters.trim_end_matches(['.', ',']).ends_with('e') && groups > 1;
            syllables += (groups - usize::from(is_silent_end)).max(1) as f64;
        }
    }
    0.39 * words / sentences + 11.8 * syllables / words - 15.59 + 5.0
}

#[test]
fn the_letters_can_be_read_at_fourteen() {
    for letter in complete_letters() {
        let age = reading_age(&words(&letter.document));
        assert!(age.is_finite() && age <= 14.0, "{:?} needs a reading age of {age:.1}", letter.kind);
    }
}
