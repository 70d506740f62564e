//! Has this person, or this request, been in the file before?

use crate::{
    identifiers::{Uln, Upn},
    sen2::{
        fill::Lines,
        finding::{At, Findings},
        names::Item,
        records::Person,
        rules::Rule,
    },
};
use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

/// What was seen of earlier persons, to notice the same person or request again. About 150 bytes a
/// person.
#[derive(Debug, Default)]
pub(crate) struct SeenBefore {
    upns: HashMap<Upn, u64>,
    ulns: HashMap<Uln, u64>,
    /// Name and date of birth, hashed.
    persons: HashMap<u64, u64>,
    /// Person and day of receipt, hashed.
    requests: HashSet<u64>,
}

fn hashed(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl SeenBefore {
    pub(crate) fn look(&mut self, ordinal: u64, person: &Person, lines: &Lines, findings: &mut Findings) {
        let at = |item| At { line: lines.line, item: Some(item), ..At::default() };
        let mut earlier = None;
        if let Some(upn) = person.upn
            && let Some(first) = self.upns.insert(upn, ordinal)
        {
            self.upns.insert(upn, first);
            earlier = Some(first);
            findings.raise(
                Rule::UpnTwice,
                At { value: Some(upn.as_str()), ..at(Item::Upn) },
                format!("Person {first} of the file has the same UPN"),
            );
        }
        if let Some(uln) = person.uln
            && let Some(first) = self.ulns.insert(uln, ordinal)
        {
            self.ulns.insert(uln, first);
            earlier = earlier.or(Some(first));
            findings.raise(
                Rule::UlnTwice,
                At { value: Some(&uln.to_string()), ..at(Item::UniqueLearnerNumber) },
                format!("Person {first} of the file has the same ULN"),
            );
        }
        if let (Some(surname), Some(born_on)) = (&person.surname, person.born_on) {
            let forename = person.forename.as_deref().unwrap_or_default().to_lowercase();
            let key = hashed((surname.to_lowercase(), forename, born_on));
            let first = *self.persons.entry(key).or_insert(ordinal);
            if first != ordinal && earlier.is_none() {
                earlier = Some(first);
                findings.raise(
                    Rule::PersonTwice,
                    at(Item::Person),
                    format!("Person {first} of the file has the same name and date of birth"),
                );
            }
        }
        let who = earlier.unwrap_or(ordinal);
        for (index, request) in person.requests.iter().enumerate() {
            let Some(received_on) = request.received_on else {
                continue;
            };
            let known = !self.requests.insert(hashed((who, received_on)));
            if known && earlier.is_some() {
                let within = format!("request {}", index + 1);
                findings.raise(
                    Rule::RequestTwice,
                    At {
                        line: lines.requests.get(index).and_then(|lines| lines.line),
                        item: Some(Item::ReceivedDate),
                        within: &within,
                        value: None,
                    },
                    format!("Person {who} of the file has a request received on the same day"),
                );
            }
        }
    }
}
