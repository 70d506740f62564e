//! Who may be meant in a text: names, birth dates and numbers, with the place where they stand.
//!
//! Nothing is decided here. A name is a run of capitalised words; whether it is anybody's is asked
//! of the area's records, by the keys that [`Mentions::pairs`] and [`Mentions::persons`] give.

use super::{dates, numbers};
use crate::people::names::{is_apostrophe, parts};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Characters before a mention in which its label is looked for: "Date of birth:", "Re:".
const LABEL_CHARS: usize = 40;
/// Characters after a name in which a profession is looked for.
const ROLE_CHARS: usize = 48;
/// Most different pairs and most different single names that one text asks for.
const PAIRS_MAX: usize = 6_000;
const PERSONS_MAX: usize = 400;

/// What the words around a name say of whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    Nothing,
    /// "Name:", "Re:", "Report on": what the document is about.
    Subject,
    /// "Mrs", "mother", "prepared by", "…, educational psychologist": a grown-up of this case.
    GrownUp,
    /// "… Road", "… Primary School".
    Place,
}

/// Two parts of a name that stand together, in the order in which they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub first: String,
    pub second: String,
    /// As written.
    pub words: String,
    /// Bytes from the start of the text.
    pub at: usize,
    pub around: Around,
}

/// A day, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: Date,
    pub words: String,
    pub at: usize,
    /// "born on", "DOB:": it is said to be a birth date.
    pub is_birth: bool,
}

/// A number that its check character allows, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Without spaces, capital letters.
    pub value: String,
    pub words: String,
    pub at: usize,
}

/// How a single capitalised word is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// As first written.
    pub words: String,
    pub at: usize,
    pub count: u32,
    /// How often somebody of that name does or has something: "Ella finds", "Ella’s".
    pub as_person: u32,
}

/// Everything that may name somebody in one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    pub pairs: Vec<Pair>,
    pub days: Vec<Day>,
    pub numbers: Vec<Number>,
    pub words: BTreeMap<String, Use>,
    /// Postcodes without their space.
    pub postcodes: BTreeSet<String>,
    /// Every part of a capitalised word, in order, for finding a name that is known already.
    parts: Vec<String>,
    pub word_count: usize,
}

struct Token<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

impl Token<'_> {
    fn is_capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = |c: char| is_apostrophe(c) || matches!(c, '-' | '‐' | '‑');
        let inside = c.is_alphanumeric()
            || (start.is_some() && joins(c) && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric()));
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push(Token { text: &text[from..at], start: from, end: at });
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        found.push(Token { text: &text[from..], start: from, end: text.len() });
    }
    found
}

/// Where a possessive ends a word: "Ella's", "Ella’s".
fn without_possessive(word: &str) -> (&str, bool) {
    for ending in ["'s", "’s", "'S", "’S"] {
        if let Some(name) = word.strip_suffix(ending) {
            return (name, true);
        }
    }
    (word, false)
}

/// What somebody does or has in a report, in the words that follow their name.
const DOES: &str = " is was has had can could will would needs need needed finds found likes liked enjoys enjoyed \
    struggles struggled says said told uses used works worked does did went goes feels felt becomes became shows showed \
    tries tried makes made benefits benefited requires required attends attended lives lived responds responded wants \
    wanted becomes gets got comes came appears appeared presents presented joined plays played reads read writes wrote \
    prefers preferred knows knew takes took receives received may should often sometimes also still now always ";

const TITLES: &str = " mr mrs ms dr prof professor sir dame rev nurse sister consultant councillor cllr judge author \
    mother father mum dad parent parents carer carers grandmother grandfather nan grandad stepfather stepmother \
    aunt uncle guardian teacher senco sendco therapist psychologist paediatrician officer advocate headteacher \
    keyworker tutor coordinator ";

/// What was done by whoever is named after "by".
const AUTHORED: &str = " written prepared report reported completed signed compiled authored provided advice ";

/// Words that stand inside a family name in small letters.
const PARTICLES: [&str; 16] =
    ["van", "der", "den", "de", "da", "di", "do", "dos", "la", "le", "el", "al", "bin", "ibn", "von", "ten"];

const ROLES: &str = " psychologist therapist paediatrician consultant teacher senco sendco headteacher nurse doctor officer \
    advisor adviser assistant worker coordinator co-ordinator manager practitioner specialist lead mother father parent \
    carer grandmother grandfather advocate audiologist physiotherapist psychiatrist tutor registrar ";

const PLACES: &str = " road street lane close avenue drive way court crescent gardens grove terrace place square hill park \
    row walk house school primary junior infant academy college nursery hospital clinic centre center surgery ward team \
    trust council service church university library farm wood bridge green estate view unit base hub ";

const SUBJECTS: [&str; 16] = [
    "name",
    "child",
    "pupil",
    "student",
    "patient",
    "re",
    "regarding",
    "report on",
    "report for",
    "report about",
    "plan for",
    "plan of",
    "advice for",
    "advice on",
    "assessment of",
    "young person",
];

fn listed(list: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    list.split_ascii_whitespace().any(|known| known == word)
}

/// The last characters before a place in a text, in small letters.
pub(super) fn before(text: &str, at: usize) -> String {
    let head = &text[..at];
    let from = head.char_indices().rev().take(LABEL_CHARS).last().map_or(at, |(from, _)| from);
    head[from..].to_lowercase()
}

fn is_subject(text: &str, at: usize) -> bool {
    let head = before(text, at);
    let trimmed = head.trim_end_matches([' ', ':', '\t', '\n', '–', '-', '“', '"', '|']);
    let has_colon = head[trimmed.len()..].contains([':', '\n', '\t', '|']);
    SUBJECTS.iter().any(|label| {
        let Some(rest) = trimmed.strip_suffix(label) else { return false };
        let is_word = !rest.ends_with(char::is_alphanumeric);
        // "Name" and its kind only as the label of a box; "report on" speaks for itself.
        is_word && (has_colon || label.contains(' '))
    })
}

fn role_follows(text: &str, end: usize) -> bool {
    let tail: String = text[end..].chars().take(ROLE_CHARS).collect();
    let Some(rest) =
        tail.strip_prefix([',', '(']).or_else(|| tail.strip_prefix(" (")).or_else(|| tail.strip_prefix(" –"))
    else {
        return false;
    };
    let rest = rest.split(['.', ';', '\n']).next().unwrap_or_default();
    rest.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| listed(ROLES, word))
}

fn around(text: &str, tokens: &[Token<'_>], first: usize, last: usize) -> Around {
    if is_subject(text, tokens[first].start) {
        return Around::Subject;
    }
    let near = |a: &Token<'_>, b: &Token<'_>| b.start - a.end <= 3 && !text[a.end..b.start].contains('\n');
    if let Some(next) = tokens.get(last + 1)
        && near(&tokens[last], next)
        && next.is_capitalised()
        && listed(PLACES, next.text)
    {
        return Around::Place;
    }
    let previous = |at: usize| at.checked_sub(1).and_then(|at| tokens.get(at).map(|token| (at, token)));
    let is_near = |at: usize, word: &Token<'_>| near(word, &tokens[at]);
    if listed(PLACES, tokens[last].text)
        && previous(first).is_some_and(|(_, house)| house.text.starts_with(|c: char| c.is_ascii_digit()))
    {
        return Around::Place;
    }
    let titled = |at: usize| {
        let Some((before, word)) = previous(at).filter(|(_, word)| is_near(at, word)) else { return false };
        listed(TITLES, word.text)
            || (word.text.eq_ignore_ascii_case("by")
                && previous(before).is_some_and(|(_, done)| is_near(before, done) && listed(AUTHORED, done.text)))
    };
    if titled(first) || role_follows(text, tokens[last].end) {
        return Around::GrownUp;
    }
    Around::Nothing
}

/// Whether two words belong to one name: what stands between them is a space, the end of a line, a
/// comma ("MARSH, Ella") or the point of an initial.
fn joined(text: &str, one: &Token<'_>, next: &Token<'_>) -> bool {
    let between = &text[one.end..next.start];
    let initial = one.text.chars().count() == 1;
    between.chars().count() <= 4
        && between.chars().filter(|c| !c.is_whitespace()).all(|c| c == ',' || (c == '.' && initial))
        && between.matches(',').count() <= 1
}

impl Mentions {
    /// Reads one text.
    pub fn of(text: &str) -> Mentions {
        let tokens = tokens(text);
        let mut found = Mentions {
            days: dates::all(text),
            numbers: numbers::all(text),
            postcodes: numbers::postcodes(text),
            word_count: tokens.len(),
            ..Mentions::default()
        };
        let mut seen = BTreeSet::new();
        for (at, token) in tokens.iter().enumerate() {
            if !token.is_capitalised() {
                continue;
            }
            let (word, owns) = without_possessive(token.text);
            let does = tokens
                .get(at + 1)
                .is_some_and(|next| text[token.end..next.start].trim().is_empty() && listed(DOES, next.text));
            for part in parts(word) {
                let place = found.words.entry(part.clone()).or_insert_with(|| Use {
                    words: word.to_owned(),
                    at: token.start,
                    count: 0,
                    as_person: 0,
                });
                place.count += 1;
                place.as_person += u32::from(owns || does);
                found.parts.push(part);
            }
            found.take_pairs(text, &tokens, at, &mut seen);
        }
        found
    }

    /// The pairs that begin at this word: with the next, and over one name or initial in between.
    fn take_pairs(
        &mut self,
        text: &str,
        tokens: &[Token<'_>],
        first: usize,
        seen: &mut BTreeSet<(String, String, bool)>,
    ) {
        let token = &tokens[first];
        let own = parts(without_possessive(token.text).0);
        for gap in 1..=3 {
            let last = first + gap;
            let Some(next) = tokens.get(last) else { break };
            if !joined(text, &tokens[last - 1], next) {
                break;
            }
            if PARTICLES.contains(&next.text) {
                continue;
            }
            if !next.is_capitalised() {
                break;
            }
            for one in &own {
                for other in parts(without_possessive(next.text).0) {
                    if one == &other || one.len() < 2 || other.len() < 2 || self.pairs.len() >= PAIRS_MAX {
                        continue;
                    }
                    let around = around(text, tokens, first, last);
                    // The first of each kind says enough: what is between counts as nothing new.
                    if seen.insert((one.clone(), other.clone(), matches!(around, Around::Nothing | Around::Subject))) {
                        self.pairs.push(Pair {
                            first: one.clone(),
                            second: other,
                            words: text[token.start..next.end].split_whitespace().collect::<Vec<_>>().join(" "),
                            at: token.start,
                            around,
                        });
                    }
                }
            }
        }
    }

    /// Single names of people who do or have something here more than once, most often first.
    pub fn persons(&self) -> Vec<(&String, &Use)> {
        let mut persons: Vec<_> =
            self.words.iter().filter(|(part, used)| used.as_person >= 2 && part.len() > 1).collect();
        persons.sort_by_key(|(_, used)| std::cmp::Reverse(used.as_person));
        persons.truncate(PERSONS_MAX);
        persons
    }

    /// How often somebody of this name does or has something.
    pub fn as_person(&self, part: &str) -> u32 {
        self.words.get(part).map_or(0, |used| used.as_person)
    }

    pub fn names(&self, part: &str) -> bool {
        self.words.contains_key(part)
    }

    /// Whether these parts stand one after the other.
    pub fn has_run(&self, run: &[String]) -> bool {
        !run.is_empty() && self.parts.windows(run.len()).any(|some| some == run)
    }
}
