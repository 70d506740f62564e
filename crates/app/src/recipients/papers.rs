//! What leaves: its words part by part, and the people it goes to.

use crate::Error;
use crate::journal;
use crate::record::store;
use casework::advice::report::Report;
use casework::people::{Contact, Details};
use casework::plans::content::{Content, ProvisionKind};
use casework::recipients::{Addressee, Sending};
use casework::rights::{self, Acting, Decision};
use casework::{AuthorityId, Case, CaseId};
use db::Tx;
use jiff::civil::Date;

/// Something that is about to leave or to be put on a record.
#[derive(Debug, Clone)]
pub struct Leaving {
    pub sending: Sending,
    /// Where each part stands, as people say it, and its words.
    pub parts: Vec<(String, String)>,
    /// Empty for what stays inside, such as advice put on the record.
    pub to: Vec<Addressee>,
    /// Why a file could not be read, when one could not.
    pub unread: Option<String>,
    /// A whole paper, which names the child it is about.
    pub is_whole_paper: bool,
    /// The fingerprint of the very bytes, of a file.
    pub seal: Option<String>,
}

impl Leaving {
    pub fn new(sending: Sending) -> Leaving {
        Leaving { sending, parts: vec![], to: vec![], unread: None, is_whole_paper: false, seal: None }
    }

    #[must_use]
    pub fn part(mut self, place: impl Into<String>, words: impl Into<String>) -> Leaving {
        self.parts.push((place.into(), words.into()));
        self
    }

    #[must_use]
    pub fn parts(mut self, parts: impl IntoIterator<Item = (String, String)>) -> Leaving {
        self.parts.extend(parts);
        self
    }

    #[must_use]
    pub fn to(mut self, to: Vec<Addressee>) -> Leaving {
        self.to = to;
        self
    }

    /// What is looked at, to the letter: a release holds for this and nothing else.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut take = |text: &str| {
            hasher.update(&(text.len() as u64).to_be_bytes());
            hasher.update(text.as_bytes());
        };
        take(self.sending.code());
        for (place, words) in &self.parts {
            take(place);
            take(words);
        }
        for to in &self.to {
            for text in [Some(&to.name), to.address.as_ref(), to.email.as_ref()] {
                take(text.map_or("", String::as_str));
            }
        }
        take(self.unread.as_deref().unwrap_or_default());
        take(self.seal.as_deref().unwrap_or_default());
        hasher.finalize().to_hex().chars().take(32).collect()
    }
}

/// A plan, section by section.
pub fn plan_parts(content: &Content) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut add = |letter: &str, words: Vec<&str>| {
        let words = words.join("\n");
        if !words.trim().is_empty() {
            parts.push((format!("section {letter}"), words));
        }
    };
    add("A", vec![&content.views, &content.how_to_involve]);
    add("B", content.needs.iter().map(|line| line.text.as_str()).collect());
    add("C", content.health_needs.iter().map(|line| line.text.as_str()).collect());
    add("D", content.social_care_needs.iter().map(|line| line.text.as_str()).collect());
    add("E", content.outcomes.iter().flat_map(|line| [line.text.as_str(), line.by.as_str()]).collect());
    for (letter, kind) in [
        ("F", ProvisionKind::Special),
        ("G", ProvisionKind::Health),
        ("H1", ProvisionKind::SocialCareH1),
        ("H2", ProvisionKind::SocialCareH2),
    ] {
        let lines = content.provision_of(kind);
        add(letter, lines.flat_map(|line| [line.text.as_str(), &line.who, &line.how_often, &line.how_long]).collect());
    }
    add("J", vec![&content.direct_payments]);
    add("K", content.advice.iter().flat_map(|advice| [advice.kind.as_str(), &advice.from, &advice.dated]).collect());
    parts
}

/// An adviser's report: what the professional says, and its lines section by section.
pub fn report_parts(report: &Report) -> Vec<(String, String)> {
    let mut parts = plan_parts(&report.lines);
    parts.insert(0, ("the account".to_owned(), report.account.clone()));
    parts
}

/// Home, as an envelope says it.
pub(super) fn home(details: &Details) -> Option<String> {
    let lines = [details.address.as_deref(), details.postcode.as_deref()];
    let lines: Vec<&str> = lines.into_iter().flatten().filter(|line| !line.trim().is_empty()).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

pub(super) fn addressee(contact: &Contact, details: &Details, by_post: bool) -> Addressee {
    let address = contact.address.clone().filter(|address| !address.trim().is_empty()).or_else(|| home(details));
    Addressee { name: contact.name.clone(), address, email: contact.email.clone(), by_post }
}

/// Who was named to act for a young person in what the plan says.
pub(super) fn representative(tx: &mut dyn Tx, case: &Case) -> Result<Option<String>, Error> {
    let Some(named) = rights::last_assessment(case, Decision::Plan).and_then(|last| last.representative) else {
        return Ok(None);
    };
    Ok(store::texts(tx, case.authority, case.id)?.remove(&named.name))
}

/// To whom the family's letters go: the young person, whoever represents them, or each parent who
/// receives notices.
///
/// # Errors
/// When the database fails.
pub fn family(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    case: CaseId,
    on: Date,
    by_post: bool,
) -> Result<Vec<Addressee>, Error> {
    let (_, details) = store::person(tx, authority, case)?;
    if on > law::calendar::compulsory_school_age_ends(details.born_on) {
        let loaded = journal::load(tx, authority, case)?.case;
        let name = match rights::acting(&loaded, Decision::Plan) {
            None => Some(details.display_name()),
            Some(Acting::Representative(_)) => representative(tx, &loaded)?,
            Some(_) => None,
        };
        if let Some(name) = name {
            return Ok(vec![Addressee { name, address: home(&details), email: None, by_post }]);
        }
    }
    let contacts = store::contacts(tx, authority, case)?;
    let family: Vec<Addressee> = contacts
        .iter()
        .filter(|contact| contact.receives_notices)
        .map(|contact| addressee(contact, &details, by_post))
        .collect();
    Ok(family)
}
