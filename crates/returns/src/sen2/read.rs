//! Reads a return one person at a time, in memory that does not grow with the file.

use super::{
    check::{self, Register, SeenBefore},
    fill::{Filler, Lines},
    finding::{At, Finding, Findings, PersonRef},
    names::Item,
    records::{Header, Officers, Person},
    refusal::ReadError,
    rules::{Overrides, Rule},
    tree::Tree,
    years::{YEARS, census_day},
};
use crate::input::{Decoded, InputError, Kind};
use quick_xml::{
    errors::{Error as XmlError, IllFormedError, SyntaxError},
    events::Event,
};
use std::io::{self, BufRead};

/// The most a file may ask of the reader. Whatever the file, no more than a few times
/// `person_bytes + piece_bytes` is held, plus some 150 bytes a person to notice duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub file_bytes: u64,
    /// One tag, comment or text.
    pub piece_bytes: usize,
    pub depth: usize,
    /// Of one element.
    pub attributes: usize,
    /// Of one value.
    pub text_bytes: usize,
    /// Elements inside one person.
    pub person_items: usize,
    /// Text inside one person.
    pub person_bytes: usize,
    pub persons: u64,
    /// Findings about one person; further ones are counted only.
    pub findings: usize,
}

impl Default for Limits {
    /// Room for ten times the largest authority.
    fn default() -> Limits {
        Limits {
            file_bytes: 1 << 30,
            piece_bytes: 64 << 10,
            depth: 32,
            attributes: 32,
            text_bytes: 8 << 10,
            person_items: 20_000,
            person_bytes: 1 << 20,
            persons: 200_000,
            findings: 200,
        }
    }
}

/// How to read.
#[derive(Default)]
pub struct Settings<'r> {
    pub limits: Limits,
    pub overrides: Overrides,
    /// The register of schools, to compare settings with. Without it those rules are not asked.
    pub register: Option<&'r dyn Register>,
}

/// A person, and what was found about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRead {
    /// Place in the file, from 1.
    pub ordinal: u64,
    pub person: Person,
    pub reference: PersonRef,
    pub findings: Vec<Finding>,
    /// Lines of the person and of each record inside.
    pub lines: Lines,
}

/// A return being read: header first, then [`Reader::next_person`] until there is none.
pub struct Reader<'r, R> {
    xml: quick_xml::Reader<Decoded<R>>,
    piece: Vec<u8>,
    name: String,
    text: String,
    depth: usize,
    /// The outermost element has started; outside every element, that it has ended too.
    root_seen: bool,
    tree: Tree,
    header: Option<Header>,
    officers: Officers,
    findings: Findings,
    /// About the header and the file; handed over by [`Reader::take_findings`].
    file_findings: Vec<Finding>,
    seen: SeenBefore,
    register: Option<&'r dyn Register>,
    limits: Limits,
    persons: u64,
    person_waiting: bool,
    finished: bool,
    failed: Option<ReadError>,
}

enum Step {
    /// An element starts; its name is in `name`, what stood before it in `text`.
    Open,
    /// An element ends; what stood before its end is in `text`.
    Close,
    End,
}

/// Elements that have been met around the persons and mean nothing by themselves.
const WRAPPERS: [&str; 4] = ["sen2", "lalevel", "la", "localauthority"];

impl<'r, R: BufRead> Reader<'r, R> {
    /// Reads as far as the first person, so that what is not a SEN2 return is refused at once.
    pub fn new(source: R, settings: Settings<'r>) -> Result<Reader<'r, R>, ReadError> {
        let limits = settings.limits;
        let decoded = Decoded::new(source, Kind::Xml, limits.file_bytes, limits.piece_bytes).map_err(from_io)?;
        let mut xml = quick_xml::Reader::from_reader(decoded);
        let config = xml.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        let mut reader = Reader {
            xml,
            piece: Vec::new(),
            name: String::new(),
            text: String::new(),
            depth: 0,
            root_seen: false,
            tree: Tree::default(),
            header: None,
            officers: Officers::default(),
            findings: Findings::new(YEARS[YEARS.len() - 1].year, settings.overrides, limits.findings),
            file_findings: Vec::new(),
            seen: SeenBefore::default(),
            register: settings.register,
            limits,
            persons: 0,
            person_waiting: false,
            finished: false,
            failed: None,
        };
        match reader.step()? {
            Step::Open if Item::called(&reader.name) == Some(Item::Message) => {}
            Step::Open => {
                return Err(ReadError::NotAReturn { found: reader.name.chars().take(40).collect() });
            }
            Step::Close | Step::End => return Err(ReadError::Empty),
        }
        reader.person_waiting = reader.advance()?;
        match &reader.header {
            None => Err(ReadError::HeaderMissing),
            Some(header) => {
                check::header(header, &mut reader.findings);
                let found = reader.findings.take(None);
                reader.file_findings.extend(found);
                Ok(reader)
            }
        }
    }

    pub fn header(&self) -> &Header {
        self.header.as_ref().expect("a reader is only made once it has read the header")
    }

    /// The designated officers, as far as read: a file may name them after the persons.
    pub fn officers(&self) -> Officers {
        self.officers
    }

    /// Bytes of the file taken in so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.xml.get_ref().bytes_read()
    }

    pub fn persons_read(&self) -> u64 {
        self.persons
    }

    /// Findings about the header and the file as a whole since the last call. Those about the
    /// designated officers come only after the last person.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.file_findings)
    }

    /// Findings that were left out because one person had too many.
    pub fn findings_left_out(&self) -> u64 {
        self.findings.left_out()
    }

    /// The next person, or none at the end of the return. After an error the same error again.
    pub fn next_person(&mut self) -> Result<Option<PersonRead>, ReadError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.read_person().inspect_err(|error| self.failed = Some(error.clone()))
    }

    fn read_person(&mut self) -> Result<Option<PersonRead>, ReadError> {
        if self.finished {
            return Ok(None);
        }
        let waiting = std::mem::take(&mut self.person_waiting) || self.advance()?;
        if !waiting {
            self.finished = true;
            check::whole(self.persons, self.officers, &mut self.findings);
            let found = self.findings.take(None);
            self.file_findings.extend(found);
            return Ok(None);
        }
        if self.persons >= self.limits.persons {
            return Err(ReadError::TooManyPersons { limit: self.limits.persons });
        }
        self.persons += 1;
        // What was found between the persons is not about the next one.
        let found = self.findings.take(None);
        self.file_findings.extend(found);
        self.file_findings.truncate(self.limits.findings);
        self.read_subtree()?;
        let Some(root) = self.tree.root() else {
            return Ok(None);
        };
        let (person, lines) = Filler::new(&mut self.findings).person(root);
        if let Some(header) = &self.header {
            check::person(&person, &lines, header, self.register, &mut self.findings);
        }
        self.seen.look(self.persons, &person, &lines, &mut self.findings);
        let reference = check::reference(self.persons, &person);
        Ok(Some(PersonRead {
            ordinal: self.persons,
            findings: self.findings.take(Some(&reference)),
            person,
            reference,
            lines,
        }))
    }

    /// Goes to the start of the next person, taking in what stands before it. False at the end.
    fn advance(&mut self) -> Result<bool, ReadError> {
        loop {
            match self.step()? {
                Step::End => return Ok(false),
                Step::Close => {}
                Step::Open => match Item::called(&self.name) {
                    Some(Item::Person) if self.header.is_none() => {
                        return Err(ReadError::HeaderMissing);
                    }
                    Some(Item::Person) => return Ok(true),
                    Some(Item::Header) => self.read_header()?,
                    Some(Item::Dmo | Item::Dco | Item::Dsco) => {
                        self.read_subtree()?;
                        if let Some(root) = self.tree.root() {
                            Filler::new(&mut self.findings).officer(root, &mut self.officers);
                        }
                    }
                    Some(_) => {}
                    None => {
                        let name = self.name.to_ascii_lowercase();
                        if !WRAPPERS.contains(&name.as_str()) {
                            let what = format!(
                                "The return has no item called “{}”",
                                self.name.chars().take(40).collect::<String>()
                            );
                            let line = Some(self.line());
                            self.findings.raise(Rule::NameNotKnown, At { line, ..At::default() }, what);
                        }
                    }
                },
            }
        }
    }

    fn read_header(&mut self) -> Result<(), ReadError> {
        self.read_subtree()?;
        let Some(root) = self.tree.root() else {
            return Ok(());
        };
        if self.header.is_some() {
            let at = At { line: Some(root.line()), item: Some(Item::Header), ..At::default() };
            self.findings.raise(Rule::ItemRepeated, at, "There is a second header");
            return Ok(());
        }
        let (mut header, collection, year) = Filler::new(&mut self.findings).header(root);
        let short = |text: String| text.chars().take(40).collect();
        match collection {
            None => return Err(ReadError::CollectionMissing),
            Some(name) if !name.eq_ignore_ascii_case("SEN2") => {
                return Err(ReadError::OtherCollection { found: short(name) });
            }
            Some(_) => {}
        }
        let year = year.ok_or(ReadError::YearMissing)?;
        header.year = match year.parse() {
            Ok(number) if census_day(number).is_some() => number,
            _ => {
                return Err(ReadError::YearUnknown {
                    found: short(year),
                    first: YEARS[0].year,
                    last: YEARS[YEARS.len() - 1].year,
                });
            }
        };
        self.findings.set_year(header.year);
        self.header = Some(header);
        Ok(())
    }

    /// Takes the element that was just opened, with all inside it, into the tree.
    fn read_subtree(&mut self) -> Result<(), ReadError> {
        self.tree.clear();
        let start = self.line();
        let root = self.tree.open(&self.name, start);
        // Each open element with the words found between the items inside it.
        let mut open: Vec<(u32, String)> = vec![(root, String::new())];
        loop {
            let step = self.step()?;
            if let Some((_, words)) = open.last_mut() {
                join(words, &self.text);
                if words.len() > self.limits.text_bytes {
                    return Err(self.text_too_long());
                }
            }
            match step {
                Step::Open => {
                    let line = self.line();
                    open.push((self.tree.open(&self.name, line), String::new()));
                }
                Step::Close => {
                    if let Some((index, words)) = open.pop() {
                        self.tree.close(index, &words);
                    }
                    if open.is_empty() {
                        return Ok(());
                    }
                }
                Step::End => return Err(self.truncated()),
            }
            if self.tree.len() > self.limits.person_items || self.tree.text_bytes() > self.limits.person_bytes {
                return Err(ReadError::TooManyItems { line: start, limit: self.limits.person_items });
            }
        }
    }

    fn line(&self) -> u64 {
        self.xml.get_ref().line()
    }

    fn truncated(&self) -> ReadError {
        ReadError::Truncated { line: self.line(), persons: self.persons }
    }

    fn text_too_long(&self) -> ReadError {
        ReadError::TextTooLong { line: self.line(), limit: self.limits.text_bytes }
    }

    fn malformed(&self, reason: impl Into<String>) -> ReadError {
        ReadError::Malformed { line: self.line(), reason: reason.into() }
    }

    /// The next start or end of an element, with the text since the last one.
    fn step(&mut self) -> Result<Step, ReadError> {
        self.text.clear();
        loop {
            self.piece.clear();
            self.xml.get_mut().start_piece();
            let line = self.xml.get_ref().line();
            let event = match self.xml.read_event_into(&mut self.piece) {
                Ok(event) => event,
                Err(error) => return Err(self.explain(error, line)),
            };
            match event {
                Event::Start(element) => {
                    if self.depth == 0 && self.root_seen {
                        return Err(ReadError::AfterTheEnd { line });
                    }
                    self.root_seen = true;
                    self.depth += 1;
                    if self.depth > self.limits.depth {
                        return Err(ReadError::TooDeep { line, limit: self.limits.depth });
                    }
                    for (count, attribute) in element.attributes().enumerate() {
                        if attribute.is_err() {
                            return Err(ReadError::Malformed {
                                line,
                                reason: "an attribute is written wrongly".to_owned(),
                            });
                        }
                        if count >= self.limits.attributes {
                            return Err(ReadError::TooManyAttributes { line, limit: self.limits.attributes });
                        }
                    }
                    self.name.clear();
                    self.name.push_str(element.local_name().as_ref());
                    if self.name.is_empty() {
                        return Err(self.malformed("an element has no name"));
                    }
                    return Ok(Step::Open);
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Step::Close);
                }
                // With empty elements expanded there are none of these.
                Event::Empty(_) => return Err(self.malformed("an element is written wrongly")),
                // White space before a value is dropped at once, so that comments far apart between two
                // elements do not count as a long value.
                Event::Text(text) if self.text.is_empty() => self.text.push_str(text.trim_start()),
                Event::Text(text) => self.text.push_str(&text),
                Event::CData(text) => self.text.push_str(&text),
                Event::GeneralRef(reference) => {
                    let character = match reference.resolve_char_ref() {
                        Ok(Some(character)) if is_allowed(character) => Some(character),
                        Ok(None) => match reference.as_ref() {
                            "amp" => Some('&'),
                            "lt" => Some('<'),
                            "gt" => Some('>'),
                            "quot" => Some('"'),
                            "apos" => Some('\''),
                            name => {
                                return Err(ReadError::Entity { line, name: name.chars().take(40).collect() });
                            }
                        },
                        _ => None,
                    };
                    match character {
                        Some(character) => self.text.push(character),
                        None => {
                            return Err(self.malformed("it names a character that does not exist"));
                        }
                    }
                }
                Event::DocType(_) => return Err(ReadError::Doctype { line }),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof if self.depth > 0 => return Err(self.truncated()),
                Event::Eof if !self.root_seen => return Err(ReadError::Empty),
                Event::Eof => return Ok(Step::End),
            }
            if self.text.len() > self.limits.text_bytes {
                return Err(self.text_too_long());
            }
            if self.depth == 0 && !self.text.bytes().all(|byte| byte.is_ascii_whitespace()) {
                return Err(if self.root_seen {
                    ReadError::AfterTheEnd { line: self.line() }
                } else {
                    ReadError::NotXml { line: self.line() }
                });
            }
        }
    }

    fn explain(&self, error: XmlError, line: u64) -> ReadError {
        // A document type whose subset is longer than a piece ends here rather than as an event.
        let start = &self.piece[..self.piece.len().min(16)];
        if String::from_utf8_lossy(start).to_ascii_uppercase().contains("DOCTYPE") {
            return ReadError::Doctype { line };
        }
        let reason = match &error {
            XmlError::Io(error) => {
                return match input_error(error) {
                    Some(input) => ReadError::Input(input),
                    None => ReadError::Io(error.to_string()),
                };
            }
            XmlError::Syntax(SyntaxError::InvalidBangMarkup) => "a “<!” is followed by something unknown".to_owned(),
            XmlError::Syntax(_) | XmlError::IllFormed(IllFormedError::MissingEndTag(_)) => {
                return self.truncated();
            }
            XmlError::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => format!(
                "“{}” ends where “{}” should",
                found.chars().take(40).collect::<String>(),
                expected.chars().take(40).collect::<String>()
            ),
            XmlError::IllFormed(IllFormedError::UnmatchedEndTag(_)) => {
                "an element ends that has not started".to_owned()
            }
            XmlError::IllFormed(IllFormedError::UnclosedReference) => {
                "“&” must be written “&amp;” inside a value".to_owned()
            }
            XmlError::IllFormed(IllFormedError::MissingDoctypeName) => {
                return ReadError::Doctype { line };
            }
            _ => "its markup is broken".to_owned(),
        };
        self.malformed(reason)
    }
}

impl<R: BufRead> Iterator for Reader<'_, R> {
    type Item = Result<PersonRead, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed.is_some() {
            return None;
        }
        self.next_person().transpose()
    }
}

/// Adds words with every run of white space as one space and none at the ends. The two characters
/// that XML never allows count as white space.
fn join(words: &mut String, text: &str) {
    let between = |c: char| c.is_whitespace() || matches!(c, '\u{fffe}' | '\u{ffff}');
    for word in text.split(between).filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
}

/// XML 1.0's own limits on characters, which a reference could otherwise get round.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn input_error(error: &io::Error) -> Option<InputError> {
    error.get_ref()?.downcast_ref::<InputError>().cloned()
}

fn from_io(error: io::Error) -> ReadError {
    match input_error(&error) {
        Some(input) => ReadError::Input(input),
        None => ReadError::Io(error.to_string()),
    }
}
