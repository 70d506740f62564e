//! Where two reports on one child cannot both be followed: how often, how long, what was diagnosed
//! and when. Each is settled by a person, with a reason, before a plan can issue.
//!
//! The rules are open and deterministic, and look only at what reports say in lines. Two provisions
//! are taken to be about the same thing when the words that say what is given are mostly the same.

use super::amounts::amount;
use super::report::{Condition, Report, Standing};
use crate::plans::content::ProvisionLine;
use crate::{AdviceId, LineId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use strum::{Display, EnumString, IntoStaticStr};

/// What the two disagree about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum About {
    HowOften,
    HowLong,
    Diagnosis,
    DiagnosisDate,
}

impl About {
    pub fn label(self) -> &'static str {
        match self {
            About::HowOften => "How often it is given",
            About::HowLong => "How long it lasts",
            About::Diagnosis => "Whether there is a diagnosis",
            About::DiagnosisDate => "When it was diagnosed",
        }
    }
}

/// Which lines disagree: the lower id first, so that the same two are always the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Between {
    pub first: LineId,
    pub second: LineId,
    pub about: About,
}

impl Between {
    fn new(one: LineId, other: LineId, about: About) -> Between {
        Between { first: one.min(other), second: one.max(other), about }
    }
}

/// Two lines of two reports that disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    pub between: Between,
    /// The report and the words of the first line, then of the second.
    pub sides: [(AdviceId, String); 2],
}

/// Words that say nothing about what is given.
const EMPTY: [&str; 62] = [
    "the",
    "and",
    "for",
    "with",
    "from",
    "that",
    "this",
    "will",
    "should",
    "have",
    "has",
    "her",
    "his",
    "their",
    "them",
    "who",
    "when",
    "each",
    "every",
    "per",
    "once",
    "twice",
    "times",
    "week",
    "weekly",
    "day",
    "daily",
    "term",
    "termly",
    "half",
    "month",
    "monthly",
    "year",
    "minute",
    "hour",
    "session",
    "small",
    "group",
    "individual",
    "one",
    "two",
    "three",
    "support",
    "programme",
    "adult",
    "work",
    "help",
    "class",
    "child",
    "pupil",
    "direct",
    "given",
    "provide",
    "provided",
    "advised",
    "recommended",
    "need",
    "needs",
    "long",
    "about",
    "into",
    "using",
];

/// The words that say what is given, cut to their stems: "therapy for the hands" is `hand therap`.
fn subject(line: &ProvisionLine) -> BTreeSet<String> {
    line.text
        .to_lowercase()
        .split(|letter: char| !letter.is_alphabetic())
        .filter(|word| word.len() > 2)
        .map(stem)
        .filter(|word| !EMPTY.contains(&word.as_str()))
        .collect()
}

fn stem(word: &str) -> String {
    let cut = ["ing", "ies", "es", "s", "y", "ed"]
        .iter()
        .find_map(|end| word.strip_suffix(end).filter(|rest| rest.chars().count() > 2));
    match cut {
        Some(rest) if !EMPTY.contains(&word) => rest.to_owned(),
        _ => word.to_owned(),
    }
}

/// Whether both are about the same thing: three fifths of the shorter one's words are in the other.
fn about_the_same(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let shorter = one.len().min(other.len());
    shorter > 0 && one.intersection(other).count() * 5 >= shorter * 3
}

fn provision_words(line: &ProvisionLine) -> String {
    let parts = [&line.text, &line.who, &line.how_often, &line.how_long];
    parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn condition_words(condition: &Condition) -> String {
    match condition.on {
        Some(on) => format!("{}: {}, {}", condition.name, condition.standing.label().to_lowercase(), on),
        None => format!("{}: {}", condition.name, condition.standing.label().to_lowercase()),
    }
}

/// The name under which a condition is compared: "Autism spectrum disorder (ASD)" is `autism`.
fn known_as(name: &str) -> String {
    const KNOWN: [(&str, &[&str]); 9] = [
        ("autism", &["autis", "asd", "asc", "asperger"]),
        ("adhd", &["adhd", "attention deficit", "hyperactivity"]),
        ("dyslexia", &["dyslexi"]),
        ("dyspraxia", &["dyspraxi", "dcd", "developmental coordination", "developmental co-ordination"]),
        ("developmental language disorder", &["dld", "developmental language"]),
        ("epilepsy", &["epilep"]),
        ("cerebral palsy", &["cerebral palsy"]),
        ("down syndrome", &["down syndrome", "down's", "trisomy 21"]),
        ("hearing loss", &["hearing", "deaf"]),
    ];
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|letter: char| !letter.is_alphanumeric()).collect();
    KNOWN
        .iter()
        .find(|(_, signs)| {
            // A short sign is an abbreviation and has to stand alone.
            signs.iter().any(|sign| if sign.len() <= 4 { words.contains(sign) } else { name.contains(sign) })
        })
        .map_or_else(|| words.join(" ").trim().to_owned(), |(known, _)| (*known).to_owned())
}

fn of_provision(one: (AdviceId, &Report), other: (AdviceId, &Report), found: &mut Vec<Contradiction>) {
    for line in &one.1.lines.provision {
        let (what, much) = (subject(line), amount(&line.how_often, &line.how_long, &line.text));
        for second in &other.1.lines.provision {
            if !about_the_same(&what, &subject(second)) {
                continue;
            }
            let more = amount(&second.how_often, &second.how_long, &second.text);
            let differ = |a: Option<u32>, b: Option<u32>| a.zip(b).is_some_and(|(a, b)| a != b);
            for (about, differs) in [
                (About::HowOften, differ(much.times_a_year, more.times_a_year)),
                (About::HowLong, differ(much.minutes, more.minutes)),
            ] {
                if differs {
                    push(
                        found,
                        about,
                        (one.0, line.id, provision_words(line)),
                        (other.0, second.id, provision_words(second)),
                    );
                }
            }
        }
    }
}

fn of_conditions(one: (AdviceId, &Report), other: (AdviceId, &Report), found: &mut Vec<Contradiction>) {
    for condition in &one.1.conditions {
        for second in &other.1.conditions {
            if known_as(&condition.name) != known_as(&second.name) {
                continue;
            }
            let about = match (condition.standing, second.standing) {
                (Standing::Diagnosed, Standing::NotFound) | (Standing::NotFound, Standing::Diagnosed) => {
                    About::Diagnosis
                }
                (Standing::Diagnosed, Standing::Diagnosed)
                    if condition.on.zip(second.on).is_some_and(|(one, other)| one != other) =>
                {
                    About::DiagnosisDate
                }
                _ => continue,
            };
            push(
                found,
                about,
                (one.0, condition.id, condition_words(condition)),
                (other.0, second.id, condition_words(second)),
            );
        }
    }
}

type Side = (AdviceId, LineId, String);

fn push(found: &mut Vec<Contradiction>, about: About, one: Side, other: Side) {
    let between = Between::new(one.1, other.1, about);
    let (first, second) = if one.1 == between.first { (one, other) } else { (other, one) };
    found.push(Contradiction { between, sides: [(first.0, first.2), (second.0, second.2)] });
}

/// Everything on which any two of these reports disagree, in the order of the reports.
pub fn contradictions(reports: &[(AdviceId, &Report)]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for (index, one) in reports.iter().enumerate() {
        for other in &reports[index + 1..] {
            of_provision(*one, *other, &mut found);
            of_conditions(*one, *other, &mut found);
        }
    }
    found
}
