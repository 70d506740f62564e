//! Links of invitations, and the professionals that advice is asked of.

use crate::ports::random_bytes;
use crate::{App, Error};
use casework::advice::AdviceKind;
use casework::{AdviceId, AuthorityId, BodyId, CaseId, UserId};
use db::Tx;
use jiff::{SignedDuration, Timestamp};

/// How long a link is kept after its end: whoever opens it late is told that it has ended.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 90);

const ADD_BODY: &str = "INSERT INTO bodies (authority_id, body_id, kind, name, email, is_independent) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const EMAIL: &str = "SELECT email FROM bodies WHERE authority_id = $1 AND body_id = $2 AND is_independent";
const ADD: &str = "INSERT INTO invitations (link_hash, authority_id, case_id, advice_id, name, email, ends_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FORGET: &str = "DELETE FROM invitations WHERE ends_at < $1";
const FIND: &str =
    "SELECT authority_id, case_id, advice_id, name, email, ends_at, used_at FROM invitations WHERE link_hash = $1";
const USED: &str = "UPDATE invitations SET used_at = $2 WHERE link_hash = $1 AND used_at IS NULL";
const CASES: &str =
    "SELECT case_id FROM case_invited WHERE authority_id = $1 AND user_id = $2 ORDER BY case_id DESC LIMIT 200";

/// What a link leads to.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub authority: AuthorityId,
    pub case: CaseId,
    pub advice: AdviceId,
    pub name: String,
    pub email: String,
    pub ends_at: Timestamp,
    pub was_used: bool,
}

fn hash(link: &str) -> [u8; 32] {
    blake3::derive_key("tellonce 2026 invitation", link.as_bytes())
}

/// What advice is asked of: one person, in the words of whoever named them.
pub(super) fn called(name: &str, profession: &str) -> String {
    format!("{name}, {profession}, independent")
}

/// Adds a professional as somebody whom advice can be asked of.
///
/// # Errors
/// When the database fails.
pub(super) fn add_body(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    body: BodyId,
    called: &str,
    email: Option<&str>,
) -> Result<(), Error> {
    let kind: &'static str = AdviceKind::FamilyRequested.into();
    let email = email.map(str::to_owned);
    tx.execute(ADD_BODY, &[authority.0.into(), body.0.into(), kind.into(), called.into(), email.into(), true.into()])?;
    Ok(())
}

/// Where this professional is reached; none when they are none, or wrote a report that was handed in.
///
/// # Errors
/// When the database fails.
pub(super) fn email_of(tx: &mut dyn Tx, authority: AuthorityId, body: BodyId) -> Result<Option<String>, Error> {
    Ok(match tx.find(EMAIL, &[authority.0.into(), body.0.into()])? {
        Some(row) => row.get(0)?,
        None => None,
    })
}

/// A new link, that works once until its end.
///
/// # Errors
/// When the database fails.
pub(super) fn add_link(
    tx: &mut dyn Tx,
    app: &App,
    (authority, case, advice): (AuthorityId, CaseId, AdviceId),
    (name, email): (&str, &str),
    ends_at: Timestamp,
) -> Result<String, Error> {
    tx.execute(FORGET, &[(app.clock.now() - KEPT_FOR).into()])?;
    let link: String = random_bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    let (case, advice) = (case.0.into(), advice.0.into());
    tx.execute(
        ADD,
        &[hash(&link).into(), authority.0.into(), case, advice, name.into(), email.into(), ends_at.into()],
    )?;
    Ok(link)
}

/// What this link leads to.
///
/// # Errors
/// [`Error::NotFound`] when there is no such link.
pub(super) fn find_link(tx: &mut dyn Tx, link: &str) -> Result<Link, Error> {
    let row = tx.find(FIND, &[hash(link).into()])?.ok_or(Error::NotFound)?;
    Ok(Link {
        authority: AuthorityId(row.get("authority_id")?),
        case: CaseId(row.get("case_id")?),
        advice: AdviceId(row.get("advice_id")?),
        name: row.get("name")?,
        email: row.get("email")?,
        ends_at: row.get("ends_at")?,
        was_used: row.get::<Option<Timestamp>>("used_at")?.is_some(),
    })
}

/// Notes that a link was used; false when it had been.
///
/// # Errors
/// When the database fails.
pub(super) fn use_link(tx: &mut dyn Tx, link: &str, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(USED, &[hash(link).into(), now.into()])? == 1)
}

/// The children that this professional was invited for, the newest record first.
///
/// # Errors
/// When the database fails.
pub(super) fn cases(tx: &mut dyn Tx, authority: AuthorityId, user: UserId) -> Result<Vec<CaseId>, Error> {
    let rows = tx.query(CASES, &[authority.0.into(), user.0.into()])?;
    rows.iter().map(|row| Ok(CaseId(row.get(0)?))).collect()
}
