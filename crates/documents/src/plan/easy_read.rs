//! The plan in easy read: the same sentences, one to a line, under plain headings with a picture, and
//! a list of the hard words in it. Nothing is left out and nothing is put in other words: whoever helps
//! somebody to read it reads what binds.

use casework::plans::content::{Content, ProvisionKind, ProvisionLine};
use casework::plans::sources::sentences;

use super::pictures::Picture;
use super::{Plan, Standing, day};
use crate::model::{Block, Document, Span};
use crate::text::is_blank;

/// Words that plans use and people ask about, with what they mean. Longer ones first: the speech and
/// language therapist is not explained as a therapist.
const WORDS: [(&str, &str); 26] = [
    ("speech and language therapist", "someone who helps people to talk and to understand"),
    ("speech and language therapy", "help to talk and to understand"),
    ("special educational provision", "extra help to learn"),
    ("special educational needs", "things that make it harder to learn than it is for most people"),
    ("educational psychologist", "someone who finds out how people learn and what helps them"),
    ("preparing for adulthood", "getting ready to be a grown-up"),
    ("occupational therapist", "someone who helps people to do everyday things, such as writing or dressing"),
    ("occupational therapy", "help to do everyday things, such as writing or dressing"),
    ("teaching assistant", "an adult who helps in lessons"),
    ("visual timetable", "a plan of the day in pictures"),
    ("personal budget", "money for some of the help, and a say in how it is used"),
    ("physiotherapist", "someone who helps people to move"),
    ("physiotherapy", "help to move"),
    ("paediatrician", "a doctor for children"),
    ("direct payment", "money that is paid to you, so that you buy the help yourself"),
    ("social worker", "someone who helps people at home and with their family"),
    ("short break", "time away that is fun for you and gives your family a rest"),
    ("pre-teaching", "being told about something before the others in the lesson"),
    ("intervention", "planned help"),
    ("key worker", "the person you go to first"),
    ("key stage", "a part of school: several years that belong together"),
    ("half term", "a part of the school year, about six weeks"),
    ("term time", "the weeks when school is open"),
    ("therapist", "someone trained to help with one thing, such as talking or moving"),
    ("sensory", "to do with seeing, hearing, touching, tasting, smelling or moving"),
    ("review", "a meeting to see if the plan still works"),
];

/// The hard words of a text with what they mean, in the order of the alphabet.
fn explained(text: &str) -> Vec<(&'static str, &'static str)> {
    let mut rest = text.to_lowercase();
    let mut found = Vec::new();
    for (word, meaning) in WORDS {
        if rest.contains(word) {
            found.push((word, meaning));
            rest = rest.replace(word, " ");
        }
    }
    found.sort_unstable();
    found
}

/// The sentences of a text, one to an entry.
fn lines(text: &str) -> Block {
    Block::bullets(sentences(text))
}

fn labelled(name: &str, value: &str) -> Option<Vec<Span>> {
    let value = value.trim();
    (!value.is_empty()).then(|| vec![Span::strong(format!("{name}: ")), Span::plain(value)])
}

impl Plan<'_> {
    /// The whole plan for people who find reading hard. It says the same as [`Plan::document`], under the
    /// same numbers.
    pub fn easy_read(&self) -> Document {
        let content = self.content;
        let called = &self.person.called;
        let is_draft = matches!(self.standing, Standing::Draft { .. });
        let mut blocks = vec![Block::text(format!(
            "This is {} for {called}. It says the same as the long {}. It is in short lines. You can read it with \
             someone you trust.",
            if is_draft { "the draft plan" } else { "the plan" },
            if is_draft { "draft plan" } else { "plan" },
        ))];
        if let Standing::Draft { comments_until } = &self.standing {
            let until = comments_until.map(|on| format!(" by {}", day(on))).unwrap_or_default();
            blocks.push(Block::Callout {
                title: "This is a draft".into(),
                text: vec![Span::plain(format!("Nothing in it is decided. Tell us what you think{until}."))],
            });
        }
        let mut section = |picture: Picture, title: String, inside: Vec<Block>| {
            if !inside.is_empty() {
                blocks.push(Block::section(title));
                blocks.push(picture.block());
                blocks.extend(inside);
            }
        };
        let text = |text: &str| if is_blank(text) { vec![] } else { vec![lines(text)] };
        section(Picture::Person, format!("About {called}"), text(&content.views));
        section(Picture::Speech, format!("How to talk with {called}"), text(&content.how_to_involve));
        let needs = content.needs.iter().flat_map(|need| numbered(content, need.id, &need.text));
        section(Picture::Hill, format!("What is hard for {called}"), needs.collect());
        let health = content.health_needs.iter().flat_map(|need| numbered(content, need.id, &need.text));
        section(Picture::Heart, "About health".into(), health.collect());
        let care = content.social_care_needs.iter().flat_map(|need| numbered(content, need.id, &need.text));
        section(Picture::House, "About life at home and outside".into(), care.collect());
        let outcomes = content.outcomes.iter().flat_map(|outcome| {
            let by = labelled("By when", &outcome.by).map(|spans| Block::Bullets(vec![spans]));
            numbered(content, outcome.id, &outcome.text).into_iter().chain(by)
        });
        section(Picture::Star, format!("What we hope {called} will do"), outcomes.collect());
        for (kind, picture, title) in [
            (ProvisionKind::Special, Picture::Hands, format!("The help that {called} must get to learn")),
            (ProvisionKind::Health, Picture::Heart, "The help for health".to_owned()),
            (ProvisionKind::SocialCareH1, Picture::House, "The help at home and outside that must be given".to_owned()),
            (ProvisionKind::SocialCareH2, Picture::House, "More help at home and outside".to_owned()),
        ] {
            let help = content.provision_of(kind).flat_map(|line| provision(content, line));
            section(picture, title, help.collect());
        }
        let place = match &self.standing {
            Standing::Draft { .. } => "This is left empty for now. First you say which school or college you want.",
            Standing::Final { section_i } => section_i,
        };
        section(Picture::School, format!("Where {called} learns"), text(place));
        section(Picture::Coin, "Money for help".into(), text(&content.direct_payments));
        let told = content.advice.iter().map(|advice| {
            let parts = [&advice.kind, &advice.from, &advice.dated].map(|part| part.trim());
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        });
        let told: Vec<String> = told.collect();
        let told = if told.is_empty() { vec![] } else { vec![Block::bullets(told)] };
        section(Picture::Paper, "Who told us".into(), told);
        let mut wrong =
            vec!["You can say no.", "You can ask us to change the plan.", "Tell someone you trust, or tell us."];
        wrong.extend(self.area.contact_lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()));
        section(Picture::Question, "If something is wrong".into(), vec![Block::bullets(wrong)]);
        let words = explained(&words_of(content));
        if !words.is_empty() {
            let facts = words.into_iter().map(|(word, meaning)| (word.to_owned(), meaning.to_owned())).collect();
            section(Picture::Book, "Words in this plan".into(), vec![Block::KeyFacts(facts)]);
        }
        Document {
            title: format!("{} in easy read: {called}", if is_draft { "Draft plan" } else { "Plan" }),
            language: "en-GB".into(),
            subject: "The plan in easy read".into(),
            author: self.area.name.clone(),
            letterhead: None,
            draft_watermark_text: is_draft.then(|| "Draft".to_owned()),
            blocks,
        }
    }
}

/// Everything that the plan says, as one text.
fn words_of(content: &Content) -> String {
    let needs = content.needs.iter().map(|need| need.text.as_str());
    let care = content.health_needs.iter().chain(&content.social_care_needs).map(|need| need.text.as_str());
    let outcomes = content.outcomes.iter().flat_map(|outcome| [outcome.text.as_str(), &outcome.by]);
    let help =
        content.provision.iter().flat_map(|line| [line.text.as_str(), &line.who, &line.how_often, &line.how_long]);
    let around = [content.views.as_str(), &content.how_to_involve, &content.direct_payments];
    needs.chain(care).chain(outcomes).chain(help).chain(around).collect::<Vec<_>>().join("\n")
}

/// A line under its number, one sentence to an entry.
fn numbered(content: &Content, line: casework::LineId, text: &str) -> Vec<Block> {
    vec![Block::subsection(content.number(line).unwrap_or_default()), lines(text)]
}

fn provision(content: &Content, line: &ProvisionLine) -> Vec<Block> {
    let mut blocks = numbered(content, line.id, &line.text);
    let amounts = [("Who", &line.who), ("How often", &line.how_often), ("How long", &line.how_long)];
    let amounts: Vec<Vec<Span>> = amounts.into_iter().filter_map(|(name, value)| labelled(name, value)).collect();
    if !amounts.is_empty() {
        blocks.push(Block::Bullets(amounts));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hard_word_is_explained_once_and_as_what_it_is() {
        let words = |text| explained(text).into_iter().map(|(word, _)| word).collect::<Vec<_>>();
        assert_eq!(words("The Speech and Language Therapist comes."), ["speech and language therapist"]);
        assert_eq!(
            words("A speech and language therapist and another therapist, in term time."),
            ["speech and language therapist", "term time", "therapist"]
        );
        assert_eq!(words("Sami likes drawing."), Vec::<&str>::new());
    }

    #[test]
    fn longer_words_come_before_those_inside_them() {
        for (at, (word, meaning)) in WORDS.iter().enumerate() {
            assert_eq!(*word, word.to_lowercase());
            assert!(!meaning.is_empty());
            for (later, _) in &WORDS[at + 1..] {
                assert!(!later.contains(word), "{later} has {word} in it and comes after it");
            }
        }
    }
}
