//! Which of the area's children may a text mean? Asked by keys and identifiers, each an indexed look
//! with an end, so that it takes as long in a large area as in a small one.

use super::Leaving;
use crate::Error;
use crate::journal::Who;
use crate::record::names::{pair_key, pair_sounds};
use crate::record::{case_names, store};
use casework::access::Role;
use casework::people::names::parts;
use casework::recipients::{Child, Mentions, Other, Part, Stop, StopKind, about_nobody_here, first_names, judge};
use casework::{AuthorityId, Case};
use db::{Row, Tx, Value};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Most children that one text is compared with.
const OTHERS_MAX: usize = 400;
/// Most single first names that are asked about.
const FIRST_NAMES_MAX: usize = 60;
/// How like a name that sounds the same has to look.
const LIKE_MIN: f64 = 0.84;

const BY_KEY: &str = "SELECT name_key, case_id FROM people_keys WHERE authority_id = $1 AND name_key = ANY($2) ORDER BY name_key, case_id LIMIT 1000";
const BY_BIRTH: &str = "SELECT case_id FROM people WHERE authority_id = $1 AND born_on = ANY($2) LIMIT 2000";
const BY_UPN: &str = "SELECT case_id FROM people WHERE authority_id = $1 AND upn = ANY($2) LIMIT 100";
const BY_ULN: &str = "SELECT case_id FROM people WHERE authority_id = $1 AND uln = ANY($2) LIMIT 100";
const BY_NHS: &str = "SELECT case_id FROM people WHERE authority_id = $1 AND nhs_number = ANY($2) LIMIT 100";
const AT_HOME: &str = "SELECT case_id FROM people WHERE authority_id = $1 AND postcode = $2 AND address = $3 LIMIT 50";
const BY_CONTACT: &str = "SELECT case_id, name, email, telephone FROM contacts \
    WHERE authority_id = $1 AND LOWER(name) = ANY($2) LIMIT 200";
const BY_EMAIL: &str = "SELECT case_id FROM contacts WHERE authority_id = $1 AND LOWER(email) = ANY($2) LIMIT 50";
const PEOPLE: &str = "SELECT case_id, person_id, given_name, family_name, known_as, born_on, sex, ethnicity, postcode, address, \
    home_language, upn, uln, nhs_number FROM people WHERE authority_id = $1 AND case_id = ANY($2)";
const CONTACTS: &str = "SELECT case_id, name, email FROM contacts WHERE authority_id = $1 AND case_id = ANY($2)";
const ONE_NAME: &str = "SELECT p.given_name, p.known_as FROM people_keys k \
    JOIN people p ON p.authority_id = k.authority_id AND p.case_id = k.case_id \
    WHERE k.authority_id = $1 AND k.name_key = $2 LIMIT 5";
const STAFF: &str = "SELECT name, role FROM users WHERE authority_id = $1 AND active ORDER BY name, user_id LIMIT 2000";

/// What stops this from leaving, in the order in which it stands.
///
/// # Errors
/// When the database fails.
pub fn stops(tx: &mut dyn Tx, who: &Who, case: &Case, leaving: &Leaving) -> Result<Vec<Stop>, Error> {
    let parts: Vec<Part> = leaving
        .parts
        .iter()
        .map(|(place, words)| Part { place: place.clone(), mentions: Mentions::of(words) })
        .collect();
    let authority = who.authority;
    let mut found = Search { own: case.id.0, cases: BTreeSet::new(), siblings: BTreeSet::new(), by_sound: vec![] };
    let (child, details) = child(tx, case)?;
    found.siblings_of(tx, authority, case, &details)?;
    // What says most comes first: there is an end to how many children a text is compared with.
    found.numbered(tx, authority, &parts)?;
    found.addressed(tx, authority, leaving)?;
    found.named(tx, authority, &parts)?;
    found.born(tx, authority, &parts, who.today)?;
    let others = found.others(tx, authority)?;
    let mut stops = judge(&child, &leaving.to, &parts, &others);
    let mut given = BTreeSet::new();
    let asked: BTreeSet<&String> =
        parts.iter().flat_map(|part| part.mentions.persons()).map(|(name, _)| name).take(FIRST_NAMES_MAX).collect();
    for name in asked {
        if is_first_name(tx, authority, name)? {
            given.insert(name.clone());
        }
    }
    let named: BTreeSet<String> = stops.iter().flat_map(|stop| casework::people::names::parts(&stop.words)).collect();
    let firsts = first_names(&child, &parts, &others, |name| given.contains(name));
    stops.extend(
        firsts
            .into_iter()
            .filter(|stop| !casework::people::names::parts(&stop.words).iter().any(|word| named.contains(word))),
    );
    if leaving.is_whole_paper {
        stops.extend(about_nobody_here(&child, &parts));
    }
    if let Some(why) = &leaving.unread {
        stops.push(Stop { kind: StopKind::CannotBeRead, place: "the file".to_owned(), words: why.clone() });
    }
    Ok(stops)
}

/// The child and everyone who may rightly be named in their papers.
fn child(tx: &mut dyn Tx, case: &Case) -> Result<(Child, casework::people::Details), Error> {
    let (_, details) = store::person(tx, case.authority, case.id)?;
    let contacts = store::contacts(tx, case.authority, case.id)?;
    let names = case_names(tx, case)?;
    let mut staff: Vec<String> = names.bodies.into_values().chain(names.settings.into_values()).collect();
    for row in tx.query(STAFF, &[case.authority.0.into()])? {
        let role: &str = row.get("role")?;
        let is_family = matches!(role.parse(), Ok(Role::Parent | Role::YoungPerson));
        if !is_family {
            staff.push(row.get("name")?);
        }
    }
    let home = super::papers::home(&details);
    let mut addresses: Vec<String> = contacts.iter().filter_map(|contact| contact.address.clone()).collect();
    addresses.extend(home.into_iter().chain(details.address.clone()));
    let numbers = [
        details.upn.as_ref().map(ToString::to_string),
        details.uln.as_ref().map(ToString::to_string),
        details.nhs_number.as_ref().map(ToString::to_string),
    ];
    let mut known: Vec<String> = contacts.iter().map(|contact| contact.name.clone()).collect();
    for user in &case.family {
        known.extend(store::user_name(tx, case.authority, user.0)?.map(|(name, _)| name));
    }
    known.extend(super::papers::representative(tx, case)?);
    let child = Child {
        names: vec![
            format!("{} {}", details.given_name, details.family_name),
            details.known_as.clone().unwrap_or_default(),
        ],
        given: [Some(details.given_name.clone()), details.known_as.clone()].into_iter().flatten().collect(),
        born_on: details.born_on,
        numbers: numbers.into_iter().flatten().collect(),
        postcode: details.postcode.clone(),
        contacts: known,
        staff,
        addresses,
        emails: contacts.iter().filter_map(|contact| contact.email.clone()).collect(),
    };
    Ok((child, details))
}

/// Whether some child of the area has this first name.
fn is_first_name(tx: &mut dyn Tx, authority: AuthorityId, name: &str) -> Result<bool, Error> {
    for row in tx.query(ONE_NAME, &[authority.0.into(), format!("n:{name}").into()])? {
        let given: String = row.get(0)?;
        let known_as: Option<String> = row.get(1)?;
        if [Some(given), known_as].into_iter().flatten().any(|given| parts(&given).iter().any(|part| part == name)) {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Search {
    own: Uuid,
    cases: BTreeSet<Uuid>,
    siblings: BTreeSet<Uuid>,
    /// A child whose name sounds like two words of the text, and those words.
    by_sound: Vec<(Uuid, String, String)>,
}

impl Search {
    fn add(&mut self, rows: &[Row]) -> Result<(), Error> {
        for row in rows {
            let case: Uuid = row.get("case_id")?;
            if case != self.own && self.cases.len() < OTHERS_MAX {
                self.cases.insert(case);
            }
        }
        Ok(())
    }

    fn named(&mut self, tx: &mut dyn Tx, authority: AuthorityId, all: &[Part]) -> Result<(), Error> {
        let mut exact: BTreeSet<String> = BTreeSet::new();
        let mut heard: BTreeMap<String, (String, String)> = BTreeMap::new();
        for pair in all.iter().flat_map(|part| &part.mentions.pairs) {
            for (given, family) in [(&pair.first, &pair.second), (&pair.second, &pair.first)] {
                if !exact.insert(pair_key(given, family)) {
                    continue;
                }
                for key in pair_sounds(given, family) {
                    heard.entry(key).or_insert_with(|| (given.clone(), family.clone()));
                }
            }
        }
        if exact.is_empty() {
            return Ok(());
        }
        let keys: Value = exact.into_iter().collect();
        let rows = tx.query(BY_KEY, &[authority.0.into(), keys])?;
        self.add(&rows)?;
        let keys: Value = heard.keys().cloned().collect();
        let rows = tx.query(BY_KEY, &[authority.0.into(), keys])?;
        for row in &rows {
            let (key, case): (&str, Uuid) = (row.get(0)?, row.get(1)?);
            if let Some((given, family)) = heard.get(key) {
                self.by_sound.push((case, given.clone(), family.clone()));
            }
        }
        self.add(&rows)
    }

    fn born(&mut self, tx: &mut dyn Tx, authority: AuthorityId, all: &[Part], today: Date) -> Result<(), Error> {
        let since = law::calendar::days(today, -27 * 366);
        let days: BTreeSet<Date> = all
            .iter()
            .flat_map(|part| &part.mentions.days)
            .map(|day| day.date)
            .filter(|date| (since..=today).contains(date))
            .take(300)
            .collect();
        if days.is_empty() {
            return Ok(());
        }
        let list: Value = days.into_iter().collect();
        // Born on one of these days are many; only those with a name in the text can be meant.
        let mut cases: Vec<Uuid> = Vec::new();
        for row in tx.query(BY_BIRTH, &[authority.0.into(), list])? {
            cases.push(row.get(0)?);
        }
        let list: Value = cases.into_iter().collect();
        let mut named = Vec::new();
        for row in tx.query(PEOPLE, &[authority.0.into(), list])? {
            let details = store::details(&row)?;
            let names = [Some(&details.given_name), Some(&details.family_name), details.known_as.as_ref()];
            let is_named = names
                .into_iter()
                .flatten()
                .flat_map(|name| parts(name))
                .any(|name| all.iter().any(|part| part.mentions.names(&name)));
            if is_named {
                named.push(row);
            }
        }
        self.add(&named)
    }

    fn numbered(&mut self, tx: &mut dyn Tx, authority: AuthorityId, all: &[Part]) -> Result<(), Error> {
        let numbers: BTreeSet<String> =
            all.iter().flat_map(|part| &part.mentions.numbers).map(|number| number.value.clone()).collect();
        if numbers.is_empty() {
            return Ok(());
        }
        let list: Value = numbers.into_iter().collect();
        for sql in [BY_UPN, BY_ULN, BY_NHS] {
            let rows = tx.query(sql, &[authority.0.into(), list.clone()])?;
            self.add(&rows)?;
        }
        Ok(())
    }

    fn addressed(&mut self, tx: &mut dyn Tx, authority: AuthorityId, leaving: &Leaving) -> Result<(), Error> {
        let names: Value = leaving.to.iter().map(|to| to.name.trim().to_lowercase()).collect();
        let emails: Value =
            leaving.to.iter().filter_map(|to| to.email.as_ref()).map(|email| email.trim().to_lowercase()).collect();
        for (sql, list) in [(BY_CONTACT, names), (BY_EMAIL, emails)] {
            let rows = tx.query(sql, &[authority.0.into(), list])?;
            self.add(&rows)?;
        }
        Ok(())
    }

    /// Children at the same home, and those who share a parent with an email or telephone on record.
    fn siblings_of(
        &mut self,
        tx: &mut dyn Tx,
        authority: AuthorityId,
        case: &Case,
        details: &casework::people::Details,
    ) -> Result<(), Error> {
        let own = self.own;
        let mut found: BTreeSet<Uuid> = BTreeSet::new();
        if let (Some(postcode), Some(address)) = (&details.postcode, &details.address) {
            for row in tx.query(AT_HOME, &[authority.0.into(), postcode.into(), address.into()])? {
                found.insert(row.get(0)?);
            }
        }
        let contacts = store::contacts(tx, authority, case.id)?;
        let parents: Vec<_> = contacts.iter().filter(|contact| contact.relation.may_be_parent()).collect();
        let names: Value = parents.iter().map(|contact| contact.name.trim().to_lowercase()).collect();
        for row in tx.query(BY_CONTACT, &[authority.0.into(), names])? {
            let (email, telephone): (Option<String>, Option<String>) = (row.get("email")?, row.get("telephone")?);
            let shares = parents.iter().any(|contact| {
                (email.is_some() && contact.email == email) || (telephone.is_some() && contact.telephone == telephone)
            });
            if shares {
                found.insert(row.get("case_id")?);
            }
        }
        found.remove(&own);
        self.cases.extend(found.iter().take(OTHERS_MAX));
        self.siblings = found;
        Ok(())
    }

    /// The children found, with what tells them apart.
    fn others(&self, tx: &mut dyn Tx, authority: AuthorityId) -> Result<Vec<Other>, Error> {
        if self.cases.is_empty() {
            return Ok(vec![]);
        }
        let list: Value = self.cases.iter().copied().collect();
        let mut contacts: HashMap<Uuid, Vec<(String, Option<String>)>> = HashMap::new();
        for row in tx.query(CONTACTS, &[authority.0.into(), list.clone()])? {
            contacts.entry(row.get("case_id")?).or_default().push((row.get("name")?, row.get("email")?));
        }
        let mut others = Vec::new();
        for row in tx.query(PEOPLE, &[authority.0.into(), list])? {
            let (case, details): (Uuid, _) = (row.get("case_id")?, store::details(&row)?);
            let around = contacts.remove(&case).unwrap_or_default();
            let numbers = [
                details.upn.as_ref().map(ToString::to_string),
                details.uln.as_ref().map(ToString::to_string),
                details.nhs_number.as_ref().map(ToString::to_string),
            ];
            let like =
                |one: &str, name: &str| parts(name).iter().any(|part| strsim::jaro_winkler(part, one) >= LIKE_MIN);
            let heard = |given: &str, family: &str| {
                let own = [Some(&details.given_name), details.known_as.as_ref()];
                own.into_iter().flatten().any(|name| like(given, name)) && like(family, &details.family_name)
            };
            others.push(Other {
                heard_as: self
                    .by_sound
                    .iter()
                    .filter(|(found, given, family)| *found == case && heard(given, family))
                    .map(|(_, given, family)| (given.clone(), family.clone()))
                    .collect(),
                is_sibling: self.siblings.contains(&case),
                numbers: numbers.into_iter().flatten().collect(),
                emails: around.iter().filter_map(|(_, email)| email.clone()).collect(),
                contacts: around.into_iter().map(|(name, _)| name).collect(),
                given: details.given_name,
                family: details.family_name,
                known_as: details.known_as,
                born_on: details.born_on,
                postcode: details.postcode,
            });
        }
        Ok(others)
    }
}
