//! Saved versions of advisers' reports.

use crate::Error;
use crate::plan::edit;
use casework::advice::AdviceRequest;
use casework::advice::report::Report;
use casework::requests::Request;
use casework::{AdviceId, AuthorityId, Case, CaseId, VersionId};
use db::Tx;
use std::collections::HashMap;

const CONTENT: &str = "SELECT fingerprint, content FROM report_versions r WHERE authority_id = $1 AND version_id = $3 \
     AND (case_id = $2 OR EXISTS (SELECT 1 FROM joined_records j WHERE j.authority_id = $1 \
     AND j.case_id = r.case_id AND j.into_case_id = $2))";

/// One saved version of a report.
#[derive(Debug, Clone)]
pub(crate) struct Saved {
    pub version: VersionId,
    pub fingerprint: String,
    pub report: Report,
}

/// One version of a report on this case.
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
    let report = serde_json::from_str(content)
        .map_err(|cause| Error::Broken { step: "read a version of a report", cause: cause.to_string() })?;
    Ok(Saved { version, fingerprint: row.get("fingerprint")?, report })
}

/// The version to go on writing from, if writing has begun.
///
/// # Errors
/// When the database fails.
pub(crate) fn newest(tx: &mut dyn Tx, case: &Case, asked: &AdviceRequest) -> Result<Option<Saved>, Error> {
    asked.newest_version().map(|newest| version(tx, case.authority, case.id, newest)).transpose()
}

/// Every report of a request that counts: the version each adviser signed last.
///
/// # Errors
/// When the database fails.
pub(crate) fn signed(tx: &mut dyn Tx, case: &Case, request: &Request) -> Result<Vec<(AdviceId, Report)>, Error> {
    let mut reports = Vec::new();
    for asked in &request.advice {
        if let Some(signed) = asked.signed_version() {
            reports.push((asked.id, version(tx, case.authority, case.id, signed)?.report));
        }
    }
    Ok(reports)
}

/// The same in plain words, by version, for whoever reads all advice as texts.
///
/// # Errors
/// When the database fails.
pub(crate) fn in_words(tx: &mut dyn Tx, case: &Case, request: &Request) -> Result<HashMap<AdviceId, String>, Error> {
    Ok(signed(tx, case, request)?.into_iter().map(|(id, report)| (id, words(&report))).collect())
}

/// A report as running text: the account, what was found, then every line under its section.
pub(crate) fn words(report: &Report) -> String {
    use strum::IntoEnumIterator;
    let mut parts = Vec::new();
    if !report.account.trim().is_empty() {
        parts.push(report.account.trim().to_owned());
    }
    for condition in &report.conditions {
        let on = condition.on.map(|on| format!(", {}", crate::web::short_date(on))).unwrap_or_default();
        parts.push(format!("{}: {}{on}.", condition.name, condition.standing.label().to_lowercase()));
    }
    for section in casework::plans::content::Section::iter() {
        let lines = edit::lines(&report.lines, section);
        if !lines.is_empty() {
            let lines: Vec<String> = lines.iter().map(edit::Shown::whole).collect();
            parts.push(format!("{}\n{}", section.label(), lines.join("\n")));
        }
    }
    if let Some(signed) = &report.signed_as {
        let facts = [&signed.name, &signed.post, &signed.registration];
        let facts: Vec<&str> = facts.into_iter().map(|fact| fact.trim()).filter(|fact| !fact.is_empty()).collect();
        parts.push(format!("Signed: {}", facts.join(", ")));
    }
    parts.join("\n\n")
}
