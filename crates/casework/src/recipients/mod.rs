//! May this text go to these people? The commonest breach of a SEND team is one child's paper in
//! another child's envelope.
//!
//! [`Mentions::of`] finds who may be meant in a text; the shell looks them up among the area's
//! records; [`judge`] says what stops the send. A [`Stop`] shows no more of the other child than the
//! words that stand in the document itself. What was held and why it was let go is part of the
//! child's history ([`holds`]).
//!
//! | stops | does not stop |
//! |---|---|
//! | another child's full name, or one that sounds and looks like it | the child's own names, the family's, staff of the case and area |
//! | another child's number or, with part of the name, birth date | brothers and sisters at the same home, in passing |
//! | a paper that is about a brother or sister | places: "Marsh Lane", "Grace Academy" |
//! | for a child of the same name: the other's parent or postcode | names of grown-ups: "Mrs Hale", "Kai Stone, teacher" |
//! | a first name of another child as the one who does things | one word that may be a name: "Grace", "Will" |
//! | somebody who is not on the child's record, or at another address | |

mod dates;
pub mod holds;
pub mod mentions;
mod numbers;

pub use holds::{Hold, Reason, Released, Sending};
pub use mentions::{Mentions, Pair};

use crate::codes::codes;
use crate::people::names::parts;
use jiff::civil::Date;
use mentions::Around;
use std::collections::BTreeSet;

codes! {
    /// Why a send is held.
    StopKind {
        OtherName = "other_name" => "Another child’s name",
        OtherNameAlike = "other_name_alike" => "A name like another child’s",
        OtherNumber = "other_number" => "Another child’s number",
        OtherBirthDate = "other_birth_date" => "Another child’s birth date",
        OtherFamily = "other_family" => "Something of another family",
        SiblingsPaper = "siblings_paper" => "A paper about a brother or sister",
        FirstName = "first_name" => "The first name of another child",
        NotAboutThisChild = "not_about_this_child" => "A paper that never names the child",
        NotOnRecord = "not_on_record" => "A person who is not on the record",
        OtherAddress = "other_address" => "An address that is not on the record",
        NoAddress = "no_address" => "No address to send it to",
        CannotBeRead = "cannot_be_read" => "A file that cannot be read by machine",
    }
}

impl StopKind {
    /// Only another child has this number or birth date: to let it go takes a second person.
    pub fn needs_second_person(self) -> bool {
        matches!(self, StopKind::OtherNumber | StopKind::OtherBirthDate)
    }
}

/// One part of what leaves: a section of a plan, a page of a file, the reasons in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it stands, as people say it: "page 2", "section B".
    pub place: String,
    pub mentions: Mentions,
}

/// The child whose record this is, and everyone who may rightly be named in their papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Given, family and used name.
    pub names: Vec<String>,
    pub given: Vec<String>,
    pub born_on: Date,
    pub numbers: Vec<String>,
    pub postcode: Option<String>,
    /// Family, professionals and friends of the record.
    pub contacts: Vec<String>,
    /// Staff, teams and schools of the case and the area.
    pub staff: Vec<String>,
    pub addresses: Vec<String>,
    pub emails: Vec<String>,
}

/// Another child whose record something in the text led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    pub given: String,
    pub family: String,
    pub known_as: Option<String>,
    pub born_on: Date,
    pub numbers: Vec<String>,
    pub postcode: Option<String>,
    pub contacts: Vec<String>,
    pub emails: Vec<String>,
    /// Lives at the same address or shares a parent on record.
    pub is_sibling: bool,
    /// Pairs of words in the text that sound and look like this child's first and family name.
    pub heard_as: Vec<(String, String)>,
}

/// Somebody to whom it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    pub name: String,
    pub address: Option<String>,
    pub email: Option<String>,
    /// Whether it goes by post and so needs an address.
    pub by_post: bool,
}

/// One thing that is in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    pub kind: StopKind,
    pub place: String,
    /// The words of the document.
    pub words: String,
}

impl Stop {
    fn new(kind: StopKind, place: impl Into<String>, words: impl Into<String>) -> Stop {
        Stop { kind, place: place.into(), words: words.into() }
    }

    /// What a person reads: the place, the words, and why.
    pub fn sentence(&self) -> String {
        let Stop { place, words, .. } = self;
        let says = match self.kind {
            StopKind::OtherName => "is the name of another child in this area",
            StopKind::OtherNameAlike => "is very like the name of another child in this area",
            StopKind::OtherNumber => "is the number of another child in this area",
            StopKind::OtherBirthDate => {
                "is the birth date of another child in this area, whose name is in the text too"
            }
            StopKind::OtherFamily => "belongs to the family of another child in this area",
            StopKind::SiblingsPaper => "is a brother or sister, and this reads as if it were about them",
            StopKind::FirstName => "is not this child and nobody on the record, and is written about like the child",
            StopKind::NotAboutThisChild => {
                return format!("{}: the child this record is about is never named.", capital(place));
            }
            StopKind::NotOnRecord => "is not on this child’s record",
            StopKind::OtherAddress => "is not the address that is on the record",
            StopKind::NoAddress => "has no address on the record, and it goes by post",
            StopKind::CannotBeRead => {
                return format!(
                    "{}: this cannot be read by machine ({words}). Look at every page yourself.",
                    capital(place)
                );
            }
        };
        format!("{}: “{words}” {says}.", capital(place))
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Words that are names and a good deal else. Two of them side by side are not yet a person.
const ORDINARY: [&str; 62] = [
    "grace", "will", "may", "hope", "rose", "april", "june", "joy", "faith", "dawn", "summer", "autumn", "ivy",
    "daisy", "poppy", "lily", "violet", "ruby", "amber", "pearl", "jade", "mark", "bill", "rob", "jack", "art",
    "frank", "ray", "drew", "dale", "brook", "heath", "stone", "green", "brown", "white", "black", "banks", "field",
    "wood", "hill", "lane", "park", "webb", "wells", "walker", "mason", "cooper", "fletcher", "glover", "carver",
    "tanner", "moss", "rowan", "willow", "willows", "alder", "meadows", "orchard", "quarry", "patience", "august",
];

fn is_ordinary(part: &str) -> bool {
    ORDINARY.contains(&part)
}

/// Whether every part of `inner` is a part of one of these names.
fn within(inner: &[&str], names: &[String]) -> bool {
    names.iter().any(|name| {
        let name = parts(name);
        inner.iter().all(|part| name.iter().any(|known| known == part))
    })
}

fn fold_all(names: &[&str]) -> Vec<String> {
    names.iter().flat_map(|name| parts(name)).collect()
}

impl Other {
    fn given_parts(&self) -> Vec<String> {
        fold_all(&[&self.given, self.known_as.as_deref().unwrap_or_default()])
    }

    fn family_parts(&self) -> Vec<String> {
        parts(&self.family)
    }

    fn sounds_like(&self, pair: &Pair) -> bool {
        self.heard_as.iter().any(|(given, family)| {
            (given == &pair.first && family == &pair.second) || (given == &pair.second && family == &pair.first)
        })
    }

    /// How a pair names this child: exactly, by another spelling, or not.
    fn named_by(&self, pair: &Pair) -> Option<StopKind> {
        let (given, family) = (self.given_parts(), self.family_parts());
        let fits = |one: &String, two: &String, same: fn(&str, &str) -> bool| {
            given.iter().any(|part| same(part, one)) && family.iter().any(|part| same(part, two))
        };
        let either = |same: fn(&str, &str) -> bool| {
            fits(&pair.first, &pair.second, same) || fits(&pair.second, &pair.first, same)
        };
        if either(|a, b| a == b) {
            Some(StopKind::OtherName)
        } else if self.sounds_like(pair) || either(|a, b| a == b || one_slip(a, b)) {
            Some(StopKind::OtherNameAlike)
        } else {
            None
        }
    }
}

/// Whether one letter was left out, put in, changed, or two next to each other swapped; a short name
/// is another name with another letter.
fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().min(b.len()) < 4 || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    let end = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (left_a, left_b) = (&rest_a[..rest_a.len() - end], &rest_b[..rest_b.len() - end]);
    match (left_a, left_b) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([x, y], [v, w]) => x == w && y == v,
        _ => false,
    }
}

/// What stops these parts from going to these people. Empty when nothing does.
///
/// `others` are the children that the text led to: by a name, a number or a birth date.
pub fn judge(child: &Child, to: &[Addressee], all: &[Part], others: &[Other]) -> Vec<Stop> {
    let mut stops: Vec<Stop> = to.iter().flat_map(|who| addressed(child, who, others)).collect();
    for part in all {
        for other in others {
            stops.extend(other_child(child, part, all, other));
        }
    }
    stops.extend(siblings_paper(child, all, others));
    // The same words are one thing to look at, wherever they stand; and what is sure hides what is likely.
    let mut seen = BTreeSet::new();
    stops.retain(|stop| seen.insert((stop.kind, stop.words.to_lowercase())));
    let sure: BTreeSet<String> =
        stops.iter().filter(|stop| stop.kind == StopKind::OtherName).map(|stop| stop.words.to_lowercase()).collect();
    stops.retain(|stop| stop.kind != StopKind::OtherNameAlike || !sure.contains(&stop.words.to_lowercase()));
    stops
}

/// A paper of another family that nobody here knows of: a long text that never names the child.
pub fn about_nobody_here(child: &Child, all: &[Part]) -> Option<Stop> {
    let words: usize = all.iter().map(|part| part.mentions.word_count).sum();
    let named =
        child.given.iter().flat_map(|name| parts(name)).any(|name| all.iter().any(|part| part.mentions.names(&name)));
    let first = all.first()?;
    (words >= 80 && !named).then(|| Stop::new(StopKind::NotAboutThisChild, first.place.clone(), String::new()))
}

/// First names that are written about like the child and are nobody's here. `is_given` says whether
/// the area has a child of that first name.
pub fn first_names(child: &Child, all: &[Part], others: &[Other], is_given: impl Fn(&str) -> bool) -> Vec<Stop> {
    let mut stops = Vec::new();
    for part in all {
        for (name, used) in part.mentions.persons() {
            let known = [&child.names, &child.contacts, &child.staff].into_iter().any(|names| within(&[name], names));
            let sibling = others.iter().any(|other| other.is_sibling && other.given_parts().contains(name));
            let enough = if is_ordinary(name) { used.as_person >= 3 } else { used.as_person >= 2 };
            // A likeness of the own name is the own name, misspelt.
            let own = child.given.iter().flat_map(|given| parts(given)).any(|given| one_slip(&given, name));
            if !known && !sibling && !own && enough && is_given(name) {
                stops.push(Stop::new(StopKind::FirstName, part.place.clone(), used.words.clone()));
            }
        }
    }
    let mut seen = BTreeSet::new();
    stops.retain(|stop| seen.insert(stop.words.to_lowercase()));
    stops
}

fn other_child(child: &Child, part: &Part, all: &[Part], other: &Other) -> Vec<Stop> {
    let mentions = &part.mentions;
    let mut stops = Vec::new();
    let stop = |kind, words: &str| Stop::new(kind, part.place.clone(), words);
    for number in &mentions.numbers {
        if other.numbers.contains(&number.value) && !child.numbers.contains(&number.value) {
            stops.push(stop(StopKind::OtherNumber, &number.words));
        }
    }
    let (given, family) = (other.given_parts(), other.family_parts());
    let named_somewhere = given.iter().any(|name| all.iter().any(|part| part.mentions.names(name)))
        || (family.iter().any(|name| all.iter().any(|part| part.mentions.names(name))) && !other.is_sibling);
    for day in &mentions.days {
        let theirs = day.date == other.born_on && day.date != child.born_on;
        // Without a word that says "born", a day of another child's birth is mostly just a day.
        let both = given.iter().chain(&family).filter(|name| mentions.names(name)).count() >= 2;
        let meant = if day.is_birth { named_somewhere } else { both };
        if theirs && meant && !other.is_sibling {
            stops.push(stop(StopKind::OtherBirthDate, &day.words));
        }
    }
    let is_namesake = within(&given.iter().chain(&family).map(String::as_str).collect::<Vec<_>>(), &child.names);
    if is_namesake && !other.is_sibling {
        stops.extend(of_their_family(child, part, other));
    }
    if other.is_sibling {
        return stops;
    }
    for pair in &mentions.pairs {
        let words = [pair.first.as_str(), pair.second.as_str()];
        if matches!(pair.around, Around::GrownUp | Around::Place) || is_rightly_named(child, &words) {
            continue;
        }
        let Some(kind) = other.named_by(pair) else { continue };
        let evidence =
            pair.around == Around::Subject || mentions.as_person(&pair.first) + mentions.as_person(&pair.second) > 0;
        if words.iter().all(|word| is_ordinary(word)) && !evidence {
            continue;
        }
        // A name that is nearly somebody's is as nearly anybody's: it has to be a person here.
        if kind == StopKind::OtherNameAlike && (!evidence || words.iter().any(|word| is_ordinary(word))) {
            continue;
        }
        stops.push(stop(kind, &pair.words));
    }
    stops
}

fn is_rightly_named(child: &Child, words: &[&str]) -> bool {
    if [&child.contacts, &child.staff].into_iter().any(|names| within(words, names)) {
        return true;
    }
    let own: Vec<String> = child.names.iter().flat_map(|name| parts(name)).collect();
    let is_own = |word: &str| own.iter().any(|part| part == word);
    // Own, or own with a slip.
    words.iter().all(|word| is_own(word))
        || (words.iter().any(|word| is_own(word))
            && words.iter().all(|word| own.iter().any(|part| part == word || one_slip(part, word))))
}

/// What tells two children of one name apart: the other's parent, email or postcode.
fn of_their_family(child: &Child, part: &Part, other: &Other) -> Vec<Stop> {
    let mut stops = Vec::new();
    for contact in &other.contacts {
        let run = parts(contact);
        let ours = within(&run.iter().map(String::as_str).collect::<Vec<_>>(), &child.contacts);
        if run.len() >= 2 && !ours && part.mentions.has_run(&run) {
            stops.push(Stop::new(StopKind::OtherFamily, part.place.clone(), contact.clone()));
        }
    }
    let compact = |text: &String| text.replace(' ', "").to_uppercase();
    let (ours, theirs) = (child.postcode.as_ref().map(compact), other.postcode.as_ref().map(compact));
    if let Some(theirs) = theirs.filter(|code| ours.as_ref() != Some(code) && part.mentions.postcodes.contains(code)) {
        let spaced = format!("{} {}", &theirs[..theirs.len() - 3], &theirs[theirs.len() - 3..]);
        stops.push(Stop::new(StopKind::OtherFamily, part.place.clone(), spaced));
    }
    stops
}

/// A paper about a brother or sister: theirs is the name after "Name:", the birth date, or they are
/// the one who does things in it.
fn siblings_paper(child: &Child, all: &[Part], others: &[Other]) -> Vec<Stop> {
    let mut stops = Vec::new();
    for sibling in others.iter().filter(|other| other.is_sibling) {
        let given: Vec<String> =
            sibling.given_parts().into_iter().filter(|name| !within(&[name], &child.names)).collect();
        let (mut theirs, mut ours) = (0, 0);
        let own_birth =
            all.iter().any(|part| part.mentions.days.iter().any(|day| day.is_birth && day.date == child.born_on));
        for part in all {
            let mentions = &part.mentions;
            let words = |pair: &Pair| given.contains(&pair.first) || given.contains(&pair.second);
            for pair in mentions.pairs.iter().filter(|pair| pair.around == Around::Subject && words(pair)) {
                stops.push(Stop::new(StopKind::SiblingsPaper, part.place.clone(), pair.words.clone()));
            }
            for day in &mentions.days {
                if day.is_birth && day.date == sibling.born_on && sibling.born_on != child.born_on && !own_birth {
                    stops.push(Stop::new(StopKind::SiblingsPaper, part.place.clone(), day.words.clone()));
                }
            }
            theirs += given.iter().map(|name| mentions.as_person(name)).sum::<u32>();
            ours += child.given.iter().flat_map(|name| parts(name)).map(|name| mentions.as_person(&name)).sum::<u32>();
        }
        if theirs >= 2 && theirs > ours && stops.is_empty() {
            let place = all.iter().find(|part| given.iter().any(|name| part.mentions.as_person(name) > 0));
            let place = place.map_or_else(String::new, |part| part.place.clone());
            stops.push(Stop::new(
                StopKind::SiblingsPaper,
                place,
                sibling.known_as.clone().unwrap_or_else(|| sibling.given.clone()),
            ));
        }
    }
    stops
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether somebody of these is called so: by two parts of their name, or the only one it has.
fn is_called(run: &[String], names: &[String]) -> bool {
    names
        .iter()
        .map(|name| parts(name))
        .any(|name| !run.is_empty() && run.iter().all(|part| name.contains(part)) && (run.len() > 1 || name.len() == 1))
}

/// Whether one address is the other, or the other with a line more. House 2 is not house 12.
fn is_same_address(known: &str, written: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (known, written) = (words(known), words(written));
    let (short, long) = if known.len() <= written.len() { (&known, &written) } else { (&written, &known) };
    short.len() >= 3 && long.windows(short.len()).any(|some| some == short.as_slice())
}

fn addressed(child: &Child, to: &Addressee, others: &[Other]) -> Vec<Stop> {
    let stop = |kind, words: &str| Stop::new(kind, "to whom it goes", words);
    let mut stops = Vec::new();
    let run = parts(&to.name);
    if !(is_called(&run, &child.contacts) || is_called(&run, &child.names)) {
        stops.push(stop(StopKind::NotOnRecord, &to.name));
        if others.iter().any(|other| is_called(&run, &other.contacts)) {
            stops.push(stop(StopKind::OtherFamily, &to.name));
        }
    }
    if let Some(email) = &to.email
        && !child.emails.iter().any(|known| plain(known) == plain(email))
    {
        let theirs = others.iter().any(|other| other.emails.iter().any(|known| plain(known) == plain(email)));
        stops.push(stop(if theirs { StopKind::OtherFamily } else { StopKind::OtherAddress }, email));
    }
    match &to.address {
        Some(address) if !child.addresses.iter().any(|known| is_same_address(known, address)) => {
            let one_line = address.split_whitespace().collect::<Vec<_>>().join(" ");
            stops.push(stop(StopKind::OtherAddress, &one_line));
        }
        Some(_) => {}
        None if to.by_post => stops.push(stop(StopKind::NoAddress, &to.name)),
        None => {}
    }
    stops
}
