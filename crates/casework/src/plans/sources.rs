//! Where each sentence of a plan comes from: which report says it, in which words, or that nobody
//! named a source. A family reads its draft beside these.

use super::content::{Content, Section};
use crate::advice::report::Report;
use crate::{AdviceId, LineId};
use std::collections::BTreeMap;
use strum::IntoEnumIterator;

/// Where one part of a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A signed report says the same, word for word.
    Said { advice: AdviceId, line: LineId },
    /// The line was made from this one, and says this differently.
    Changed { advice: AdviceId, line: LineId },
    /// The officer named a report and perhaps its page; it was not written here in lines.
    Cited,
    /// Nothing says where it is from.
    Unnamed,
}

/// What a part of a line says beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Sentence,
    Who,
    HowOften,
    HowLong,
    By,
}

impl What {
    pub fn label(self) -> &'static str {
        match self {
            What::Sentence => "What",
            What::Who => "Who",
            What::HowOften => "How often",
            What::HowLong => "How long",
            What::By => "By when",
        }
    }
}

/// One sentence of a line, or one of its amounts, with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub what: What,
    pub text: String,
    pub origin: Origin,
}

/// What a report says in a line that the plan was made from, and the plan does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub what: What,
    pub text: String,
    pub advice: AdviceId,
    pub line: LineId,
}

/// A line of the plan beside the reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sourced {
    pub parts: Vec<Part>,
    pub left_out: Vec<LeftOut>,
}

/// The sentences of a text, in order, without the white space between them.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut start = 0;
        for (at, mark) in line.char_indices().filter(|(_, mark)| matches!(mark, '.' | '!' | '?')) {
            let end = at + mark.len_utf8();
            let mut after = line[end..].chars();
            // A full stop inside "e.g. twice" or "2.5" ends nothing: a sentence begins with a capital.
            let ends = after.next().is_some_and(char::is_whitespace)
                && after.find(|next| !next.is_whitespace()).is_some_and(|next| !next.is_lowercase());
            if ends {
                found.push(&line[start..end]);
                start = end;
            }
        }
        found.push(&line[start..]);
    }
    found.into_iter().map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
}

fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim_end_matches('.').to_lowercase();
    one.split_whitespace().map(plain).eq(other.split_whitespace().map(plain))
}

/// What a line says, whichever section it is in, and where it says it is from.
struct Said<'a> {
    text: &'a str,
    more: Vec<(What, &'a str)>,
    from: &'a [LineId],
    is_cited: bool,
}

/// Every line of a plan or a report that may have a source, in the order of the sections.
fn lines(content: &Content) -> Vec<(Section, LineId, Said<'_>)> {
    fn said<'a>(text: &'a str, more: Vec<(What, &'a str)>, from: &'a [LineId], is_cited: bool) -> Said<'a> {
        let more = more.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
        Said { text, more, from, is_cited }
    }
    let mut all = Vec::new();
    for section in Section::iter() {
        match section {
            Section::B => all.extend(
                content
                    .needs
                    .iter()
                    .map(|line| (section, line.id, said(&line.text, vec![], &line.from, line.citation.is_some()))),
            ),
            Section::C | Section::D => {
                let needs = if section == Section::C { &content.health_needs } else { &content.social_care_needs };
                all.extend(
                    needs
                        .iter()
                        .map(|line| (section, line.id, said(&line.text, vec![], &line.from, line.citation.is_some()))),
                );
            }
            Section::E => all.extend(
                content
                    .outcomes
                    .iter()
                    .map(|line| (section, line.id, said(&line.text, vec![(What::By, &line.by)], &line.from, false))),
            ),
            _ => {
                let provision = section.provision().into_iter().flat_map(|kind| content.provision_of(kind));
                all.extend(provision.map(|line| {
                    let more = vec![
                        (What::Who, line.who.as_str()),
                        (What::HowOften, &line.how_often),
                        (What::HowLong, &line.how_long),
                    ];
                    (section, line.id, said(&line.text, more, &line.from, line.citation.is_some()))
                }));
            }
        }
    }
    all
}

/// Whether a line of a report says this part in the same words.
fn says(line: &Said<'_>, what: What, text: &str) -> bool {
    match what {
        What::Sentence => sentences(line.text).iter().any(|sentence| same(sentence, text)),
        other => line.more.iter().any(|(what, value)| *what == other && same(value, text)),
    }
}

/// The sentences and amounts of a line.
fn parts<'a>(line: &'a Said<'a>) -> impl Iterator<Item = (What, &'a str)> {
    let text = sentences(line.text).into_iter().map(|text| (What::Sentence, text));
    text.chain(line.more.iter().map(|(what, text)| (*what, text.trim())))
}

/// Every part of every line of the plan with its origin. Section A is the family's own, J and K name
/// no provision: they are not here.
pub fn of(plan: &Content, reports: &[(AdviceId, Report)]) -> BTreeMap<LineId, Sourced> {
    let known: Vec<(AdviceId, LineId, Said<'_>)> = reports
        .iter()
        .flat_map(|(advice, report)| lines(&report.lines).into_iter().map(|(_, id, said)| (*advice, id, said)))
        .collect();
    let mut found = BTreeMap::new();
    for (_, id, line) in lines(plan) {
        let mut made_from: Vec<_> = known.iter().filter(|(_, source, _)| line.from.contains(source)).collect();
        if made_from.is_empty() {
            // A line that was typed anew may still be one that a report says.
            let said = sentences(line.text);
            let is_said = |source: &&(AdviceId, LineId, Said<'_>)| {
                said.iter().any(|sentence| says(&source.2, What::Sentence, sentence))
            };
            made_from.extend(known.iter().find(is_said));
        }
        let origin = |what, text: &str| {
            let word_for_word = made_from.iter().find(|(_, _, source)| says(source, what, text));
            match (word_for_word, made_from.first()) {
                (Some((advice, line, _)), _) => Origin::Said { advice: *advice, line: *line },
                (None, Some((advice, line, _))) => Origin::Changed { advice: *advice, line: *line },
                (None, None) if line.is_cited => Origin::Cited,
                (None, None) => Origin::Unnamed,
            }
        };
        let part = |(what, text): (What, &str)| Part { what, text: text.to_owned(), origin: origin(what, text) };
        let is_missing = |what: What, text: &str| match what {
            What::Sentence => !says(&line, what, text),
            // Another amount in its place is shown as changed.
            amount => line.more.iter().all(|(known, _)| *known != amount),
        };
        let mut left_out = Vec::new();
        for (advice, from, said) in &made_from {
            for (what, text) in parts(said).filter(|(what, text)| is_missing(*what, text)) {
                left_out.push(LeftOut { what, text: text.to_owned(), advice: *advice, line: *from });
            }
        }
        found.insert(id, Sourced { parts: parts(&line).map(part).collect(), left_out });
    }
    found
}
