//! Versions of a plan's content, and the register of establishments that section I is chosen from.

use crate::Error;
use casework::people::identifiers::Urn;
use casework::plans::content::Content;
use casework::{AuthorityId, Case, CaseId, VersionId};
use db::{Tx, Value};

/// Most establishments that one search shows.
pub(crate) const FOUND_MAX: usize = 20;
/// Most words of a search that are looked at.
const WORDS_MAX: usize = 4;

const CONTENT: &str =
    "SELECT fingerprint, content FROM plan_versions WHERE authority_id = $1 AND case_id = $2 AND version_id = $3";
const FIND_SCHOOLS: &str = "SELECT urn, name, kind, phase, postcode FROM establishments \
    WHERE open AND LOWER(name) LIKE $1 AND LOWER(name) LIKE $2 AND LOWER(name) LIKE $3 AND LOWER(name) LIKE $4 \
    ORDER BY CASE WHEN authority_code = $5 THEN 0 ELSE 1 END, name, urn LIMIT $6";
const SCHOOL: &str = "SELECT urn, name, kind, phase, postcode FROM establishments WHERE urn = $1 AND open";

/// One saved version.
#[derive(Debug, Clone)]
pub(crate) struct Saved {
    pub version: VersionId,
    pub fingerprint: String,
    pub content: Content,
}

/// One version of a plan of this case.
///
/// # Errors
/// [`Error::NotFound`] when the case has no such version.
pub(crate) fn version(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    case: CaseId,
    version: VersionId,
) -> Result<Saved, Error> {
    let row = tx.find(CONTENT, &[authority.0.into(), case.0.into(), version.0.into()])?.ok_or(Error::NotFound)?;
    let content: &str = row.get("content")?;
    let content = serde_json::from_str(content)
        .map_err(|cause| Error::Broken { step: "read a version of a plan", cause: cause.to_string() })?;
    Ok(Saved { version, fingerprint: row.get("fingerprint")?, content })
}

/// The version being worked on, if writing has begun.
///
/// # Errors
/// When the database fails.
pub(crate) fn working(tx: &mut dyn Tx, case: &Case) -> Result<Option<Saved>, Error> {
    match case.live_request().and_then(|request| request.working_draft()) {
        Some(draft) => version(tx, case.authority, case.id, draft.version).map(Some),
        None => Ok(None),
    }
}

/// An establishment of the register.
#[derive(Debug, Clone)]
pub(crate) struct School {
    pub urn: Urn,
    pub name: String,
    /// What kind it is and where, in one line.
    pub detail: String,
}

fn school(row: &db::Row) -> Result<School, Error> {
    let part = |column: &str| -> Result<Option<String>, Error> { Ok(row.get(column)?) };
    let parts = [part("kind")?, part("phase")?, part("postcode")?];
    let urn: i64 = row.get("urn")?;
    let urn = urn
        .to_string()
        .parse()
        .map_err(|_| Error::Broken { step: "read the register of establishments", cause: format!("URN {urn}") })?;
    let detail = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    Ok(School { urn, name: row.get("name")?, detail })
}

/// Open establishments whose name holds every word of `words`, those of the area first.
///
/// # Errors
/// When the database fails.
pub(crate) fn find_schools(tx: &mut dyn Tx, area_code: &str, words: &str) -> Result<Vec<School>, Error> {
    let mut patterns: Vec<String> = words
        .split_whitespace()
        .take(WORDS_MAX)
        // In a pattern these two stand for anything; nobody means them so.
        .map(|word| format!("%{}%", word.to_lowercase().replace(['%', '_'], "")))
        .collect();
    if patterns.is_empty() {
        return Ok(vec![]);
    }
    patterns.resize(WORDS_MAX, "%".to_owned());
    let mut values: Vec<Value> = patterns.into_iter().map(Value::from).collect();
    values.push(area_code.to_owned().into());
    values.push(i64::try_from(FOUND_MAX).unwrap_or(i64::MAX).into());
    tx.query(FIND_SCHOOLS, &values)?.iter().map(school).collect()
}

/// The establishment with this number, if the register has it.
///
/// # Errors
/// When the database fails.
pub(crate) fn find_school(tx: &mut dyn Tx, urn: Urn) -> Result<Option<School>, Error> {
    tx.find(SCHOOL, &[urn.number().into()])?.as_ref().map(school).transpose()
}
