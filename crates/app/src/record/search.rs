//! Finding a child: half a name, another spelling, names in any order, a birth date, a number.

use super::names::{parts, sounds};
use super::store::{Scope, in_scope, joined_into, name_of};
use crate::web::{Frame, Page, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Query, State};
use casework::access::Action;
use casework::people::display_name;
use casework::{AuthorityId, CaseId, Stage};
use db::{Row, Tx, Value};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Most children that one search shows.
pub(crate) const SHOWN_MAX: usize = 25;

/// A child found.
#[derive(Debug, Clone)]
pub struct Hit {
    pub case: CaseId,
    pub name: String,
    pub born_on: Date,
    pub stage: Stage,
    pub setting: String,
    pub officer: String,
    /// How like the words searched for, 0 to 1.
    pub likeness: f64,
    /// The name on another record of this child, which was joined into this one.
    pub also_as: Option<String>,
}

/// A candidate, before anything else of it is read.
struct Ranked {
    case: Uuid,
    name: String,
    likeness: f64,
}

// Two statements: an OR of the two would not be read from the index alone.
const BY_START: &str = "SELECT case_id FROM people_keys \
    WHERE authority_id = $1 AND name_key >= $2 AND name_key < $3 LIMIT 20000";
const BY_SOUND: &str = "SELECT case_id FROM people_keys WHERE authority_id = $1 AND name_key = ANY($2) LIMIT 20000";
const NAMES: &str = "SELECT case_id, given_name, family_name, known_as FROM people \
    WHERE authority_id = $1 AND case_id = ANY($2)";
/// Children in scope with what a line of a list shows of them.
macro_rules! hits {
    ($which:literal) => {
        concat!(
            "SELECT p.born_on, p.given_name, p.family_name, p.known_as, c.case_id, c.stage, e.name AS setting, \
             u.name AS officer FROM cases c JOIN people p ON p.authority_id = c.authority_id AND p.case_id = c.case_id \
             LEFT JOIN establishments e ON e.urn = c.setting_urn \
             LEFT JOIN users u ON u.authority_id = c.authority_id AND u.user_id = c.officer_id WHERE ",
            in_scope!(),
            $which
        )
    };
}

const FOUND: &str = hits!(" AND c.case_id = ANY($5)");
const LISTED: &str = hits!(" AND c.stage <> 'joined' AND c.case_id > $5 ORDER BY c.case_id LIMIT $6");
// The same for those who call about a child.
const BY_CALLER_START: &str = "SELECT case_id FROM contact_keys \
    WHERE authority_id = $1 AND name_key >= $2 AND name_key < $3 LIMIT 20000";
const BY_CALLER_SOUND: &str =
    "SELECT case_id FROM contact_keys WHERE authority_id = $1 AND name_key = ANY($2) LIMIT 20000";
const BY_NUMBER: &str = "SELECT case_id FROM people WHERE authority_id = $1 AND (upn = $2 OR uln = $2)";
const BY_NHS_NUMBER: &str = "SELECT case_id FROM people WHERE authority_id = $1 AND nhs_number = $2";
const BY_BIRTH: &str = "SELECT case_id FROM people WHERE authority_id = $1 AND born_on = $2 LIMIT 2000";

/// Children in scope that the words may mean, most alike first.
///
/// Every word has to match a part of the child's name, from its start or by its sound; a date has
/// to be the birth date; a number has to be the UPN, ULN or NHS number.
///
/// # Errors
/// When the database fails.
pub fn search(tx: &mut dyn Tx, scope: Scope, words: &str) -> Result<Vec<Hit>, Error> {
    search_among(tx, scope, words, Among::Children)
}

/// The same, where a word may also be of the name of somebody around the child: whoever rings says
/// their own name first.
///
/// # Errors
/// When the database fails.
pub fn search_callers(tx: &mut dyn Tx, scope: Scope, words: &str) -> Result<Vec<Hit>, Error> {
    search_among(tx, scope, words, Among::Callers)
}

/// Whose names words are looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Among {
    Children,
    /// Children and the people around them.
    Callers,
}

fn search_among(tx: &mut dyn Tx, scope: Scope, words: &str, among: Among) -> Result<Vec<Hit>, Error> {
    let Some(candidates) = candidates(tx, scope, words, among)? else {
        return Ok(vec![]);
    };
    // A date says nothing of how like a name is.
    let names: Vec<&str> = words.split_whitespace().filter(|word| typed_date(word).is_none()).collect();
    let ranked = rank(tx, scope, &parts(&names.join(" ")), candidates)?;
    let mut hits: Vec<Hit> = Vec::new();
    // The best are read first, until a page is full of children whom this person may see.
    for some in ranked.chunks(SHOWN_MAX * 2) {
        let mut found = found(tx, scope, some.iter().map(|ranked| ranked.case))?;
        let mut closed = Vec::new();
        for ranked in some {
            if let Some(row) = found.remove(&ranked.case) {
                let hit = hit(&row, ranked.likeness)?;
                if hit.stage == Stage::Joined { closed.push(hit) } else { hits.push(hit) }
            }
        }
        if !closed.is_empty() {
            lead_on(tx, scope, closed, &mut hits)?;
        }
        if hits.len() >= SHOWN_MAX {
            hits.truncate(SHOWN_MAX);
            break;
        }
    }
    Ok(hits)
}

fn found(tx: &mut dyn Tx, scope: Scope, cases: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, Row>, Error> {
    let mut parameters = scope.parameters().to_vec();
    parameters.push(cases.collect::<Value>());
    tx.query(FOUND, &parameters)?.into_iter().map(|row| Ok((row.get("case_id")?, row))).collect()
}

/// Puts the record that is kept in the place of each closed one.
fn lead_on(tx: &mut dyn Tx, scope: Scope, closed: Vec<Hit>, hits: &mut Vec<Hit>) -> Result<(), Error> {
    let kept = joined_into(tx, scope.authority, closed.iter().map(|hit| hit.case.0))?;
    let rows = found(tx, scope, kept.values().copied())?;
    for closed in closed {
        let Some(id) = kept.get(&closed.case.0) else { continue };
        match hits.iter_mut().find(|hit| hit.case.0 == *id) {
            Some(hit) => hit.also_as = Some(closed.name),
            None => {
                if let Some(row) = rows.get(id) {
                    hits.push(Hit { also_as: Some(closed.name), ..hit(row, closed.likeness)? });
                }
            }
        }
    }
    Ok(())
}

/// Those of these children who are in scope, by name.
///
/// # Errors
/// When the database fails.
pub(crate) fn these(tx: &mut dyn Tx, scope: Scope, cases: Vec<Uuid>) -> Result<Vec<Hit>, Error> {
    let rows = found(tx, scope, cases.into_iter())?;
    let mut hits = rows.values().map(|row| hit(row, 1.0)).collect::<Result<Vec<Hit>, Error>>()?;
    hits.sort_by(|one, other| (&one.name, one.case).cmp(&(&other.name, other.case)));
    Ok(hits)
}

/// Children in scope in the order of their ids, those after `after`, at most `limit`.
///
/// # Errors
/// When the database fails.
pub fn list(tx: &mut dyn Tx, scope: Scope, after: CaseId, limit: i64) -> Result<Vec<Hit>, Error> {
    let mut parameters = scope.parameters().to_vec();
    parameters.extend([after.0.into(), limit.into()]);
    tx.query(LISTED, &parameters)?.iter().map(|row| hit(row, 1.0)).collect()
}

fn hit(row: &Row, likeness: f64) -> Result<Hit, Error> {
    Ok(Hit {
        case: CaseId(row.get("case_id")?),
        name: name_of(row)?,
        born_on: row.get("born_on")?,
        stage: row.get_as("stage", "a stage", |code: &str| code.parse().ok())?,
        setting: row.get::<Option<String>>("setting")?.unwrap_or_default(),
        officer: row.get::<Option<String>>("officer")?.unwrap_or_default(),
        likeness,
        also_as: None,
    })
}

/// Candidates with how like the words their names are, most alike first.
fn rank(tx: &mut dyn Tx, scope: Scope, wanted: &[String], candidates: HashSet<Uuid>) -> Result<Vec<Ranked>, Error> {
    let list: Value = candidates.into_iter().collect();
    let mut ranked: Vec<Ranked> = Vec::new();
    tx.for_each(NAMES, &[scope.authority.0.into(), list], |row| -> Result<(), Error> {
        let (given, family): (&str, &str) = (row.get("given_name")?, row.get("family_name")?);
        let known_as: Option<&str> = row.get("known_as")?;
        ranked.push(Ranked {
            case: row.get("case_id")?,
            name: display_name(given, family, known_as),
            likeness: likeness(wanted, &[given, family, known_as.unwrap_or_default()]),
        });
        Ok(())
    })?;
    ranked.sort_by(|a, b| {
        b.likeness.total_cmp(&a.likeness).then_with(|| a.name.cmp(&b.name)).then_with(|| a.case.cmp(&b.case))
    });
    Ok(ranked)
}

/// Records whose child has this UPN, ULN or NHS number, written without gaps.
fn by_number(tx: &mut dyn Tx, authority: AuthorityId, number: &str) -> Result<HashSet<Uuid>, Error> {
    let key = [authority.0.into(), number.into()];
    let mut found = HashSet::new();
    for row in tx.query(BY_NUMBER, &key)?.iter().chain(&tx.query(BY_NHS_NUMBER, &key)?) {
        found.insert(row.get(0)?);
    }
    Ok(found)
}

/// By what somebody who may not search says exactly which child they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Exactly {
    /// A UPN, ULN or NHS number.
    Number(String),
    Name {
        given: String,
        family: String,
        born_on: Date,
    },
}

/// The records of the area that are exactly meant, whoever may see them. Of joined records the one that is
/// kept.
///
/// # Errors
/// When the database fails.
pub(crate) fn exactly(tx: &mut dyn Tx, authority: AuthorityId, meant: &Exactly) -> Result<BTreeSet<CaseId>, Error> {
    let found: HashSet<Uuid> = match meant {
        Exactly::Number(number) => {
            let compact: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
            by_number(tx, authority, &compact.to_uppercase())?
        }
        Exactly::Name { given, family, born_on } => {
            let born = tx.query(BY_BIRTH, &[authority.0.into(), (*born_on).into()])?;
            let born: Value =
                born.iter().map(|row| row.get::<Uuid>(0)).collect::<Result<Vec<_>, _>>()?.into_iter().collect();
            let (given, family) = (parts(given), parts(family));
            let mut found = HashSet::new();
            for row in tx.query(NAMES, &[authority.0.into(), born])? {
                let (first, last): (&str, &str) = (row.get("given_name")?, row.get("family_name")?);
                let known_as: Option<&str> = row.get("known_as")?;
                let is_called = parts(first) == given || known_as.is_some_and(|known_as| parts(known_as) == given);
                if is_called && parts(last) == family && !given.is_empty() && !family.is_empty() {
                    found.insert(row.get("case_id")?);
                }
            }
            found
        }
    };
    let joined = joined_into(tx, authority, found.iter().copied())?;
    Ok(found.into_iter().map(|case| CaseId(joined.get(&case).copied().unwrap_or(case))).collect())
}

fn candidates(tx: &mut dyn Tx, scope: Scope, words: &str, among: Among) -> Result<Option<HashSet<Uuid>>, Error> {
    let authority: Value = scope.authority.0.into();
    let compact: String = words.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_uppercase();
    let collect =
        |rows: Vec<db::Row>| -> Result<HashSet<Uuid>, Error> { rows.iter().map(|row| Ok(row.get(0)?)).collect() };
    if compact.chars().filter(char::is_ascii_digit).count() >= 9 {
        return Ok(Some(by_number(tx, scope.authority, &compact)?));
    }
    let mut found: Option<HashSet<Uuid>> = None;
    let mut narrow = |some: HashSet<Uuid>| {
        found = Some(match found.take() {
            None => some,
            Some(before) => before.intersection(&some).copied().collect(),
        });
    };
    let mut names = words.to_owned();
    for word in words.split_whitespace() {
        if let Some(date) = typed_date(word) {
            names = names.replace(word, " ");
            narrow(collect(tx.query(BY_BIRTH, &[authority.clone(), date.into()])?)?);
        }
    }
    for part in parts(&names) {
        let first = format!("n:{part}");
        let past = format!("n:{part}\u{10ffff}");
        let heard: Value = sounds(&part).into_iter().map(|sound| format!("s:{sound}")).collect();
        let range = [authority.clone(), first.into(), past.into()];
        let alike = [authority.clone(), heard];
        let mut some = collect(tx.query(BY_START, &range)?)?;
        some.extend(collect(tx.query(BY_SOUND, &alike)?)?);
        if among == Among::Callers {
            some.extend(collect(tx.query(BY_CALLER_START, &range)?)?);
            some.extend(collect(tx.query(BY_CALLER_SOUND, &alike)?)?);
        }
        narrow(some);
    }
    Ok(found)
}

/// A date as people type one in a search: 14/5/2017, 14.05.2017, 2017-05-14.
fn typed_date(word: &str) -> Option<Date> {
    if let Ok(date) = word.parse() {
        return Some(date);
    }
    let numbers: Vec<i16> = word.split(['/', '.', '-']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match numbers[..] {
        [day, month, year] if year > 1900 => Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok(),
        _ => None,
    }
}

/// How like the words searched for these names are, 0 to 1.
fn likeness(wanted: &[String], names: &[&str]) -> f64 {
    let names: Vec<String> = names.iter().flat_map(|name| parts(name)).collect();
    if wanted.is_empty() || names.is_empty() {
        return 1.0;
    }
    let best = |part: &String| names.iter().map(|name| strsim::jaro_winkler(part, name)).fold(0.0, f64::max);
    let total: f64 = wanted.iter().map(best).sum();
    #[expect(clippy::cast_precision_loss, reason = "a search has at most eight words")]
    let count = wanted.len() as f64;
    total / count
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "record/search.html")]
struct SearchPage {
    words: String,
    hits: Vec<Hit>,
    full: bool,
    namesakes: bool,
    may_receive: bool,
    may_open: bool,
}

pub async fn show(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Result<Page, Error> {
    session.require(Action::SearchCases)?;
    let words: String = asked.q.chars().filter(|c| *c != '\0').take(200).collect();
    let scope = Scope::of(&session.signed_in.actor, Action::SearchCases);
    let looked_for = words.clone();
    let hits = app.blocking(move |app| app.db.read("record.search", |tx| search(tx, scope, &looked_for))).await?;
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for hit in &hits {
        *by_name.entry(hit.name.to_lowercase()).or_default() += 1;
    }
    let title = if words.trim().is_empty() { "Children".to_owned() } else { format!("Children: {}", words.trim()) };
    let page = SearchPage {
        full: hits.len() == SHOWN_MAX,
        namesakes: by_name.values().any(|count| *count > 1),
        may_receive: session.may(Action::ReceiveRequest),
        may_open: session.may(Action::OpenInEmergency),
        words,
        hits,
    };
    Frame::for_session(&session, title).here("/children").wide().render(&page)
}
