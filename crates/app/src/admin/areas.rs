//! An area: its name, and what its letters must be able to say.

use crate::Error;
use casework::AuthorityId;
use db::Tx;
use serde::{Deserialize, Serialize};

/// Someone whom a letter sends families to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Organisation {
    pub name: String,
    pub telephone: String,
    pub email: String,
    pub website: String,
    pub address: String,
}

impl Organisation {
    /// Whether a family could reach it with what is here.
    pub fn is_reachable(&self) -> bool {
        !self.name.trim().is_empty()
            && [&self.telephone, &self.email, &self.website, &self.address].iter().any(|text| !text.trim().is_empty())
    }
}

/// What statutory letters need to know of the area. A notice whose required content is missing
/// here cannot be sent: regulation 32 and its neighbours ask for it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The SEND team.
    pub council: Organisation,
    pub mediation: Organisation,
    pub disagreement_resolution: Organisation,
    /// Information, advice and support (SENDIASS).
    pub advice_and_support: Organisation,
    pub health_commissioner: Organisation,
    /// Where families find schools and colleges.
    pub local_offer: String,
}

const ADD: &str = "INSERT INTO authorities (authority_id, code, name, profile) VALUES ($1, $2, $3, $4)";
const BY_CODE: &str = "SELECT authority_id FROM authorities WHERE code = $1";
const ALL: &str = "SELECT authority_id, code, name FROM authorities ORDER BY code";
const ADD_BODY: &str = "INSERT INTO bodies (authority_id, body_id, kind, name, email) VALUES ($1, $2, $3, $4, $5)";

/// Adds an area.
///
/// # Errors
/// When the database fails or the code is taken.
pub fn add(tx: &mut dyn Tx, id: AuthorityId, code: &str, name: &str, profile: &Profile) -> Result<(), Error> {
    let profile = serde_json::to_string(profile)
        .map_err(|cause| Error::Broken { step: "write an area's profile", cause: cause.to_string() })?;
    tx.execute(ADD, &[id.0.into(), code.into(), name.into(), profile.into()])?;
    Ok(())
}

/// The area with this three-digit code.
///
/// # Errors
/// When the database fails.
pub fn find(tx: &mut dyn Tx, code: &str) -> Result<Option<AuthorityId>, Error> {
    Ok(match tx.find(BY_CODE, &[code.into()])? {
        Some(row) => Some(AuthorityId(row.get(0)?)),
        None => None,
    })
}

/// Id, code and name of every area of the installation.
///
/// # Errors
/// When the database fails.
pub fn all(tx: &mut dyn Tx) -> Result<Vec<(AuthorityId, String, String)>, Error> {
    let mut areas = Vec::new();
    for row in tx.query(ALL, &[])? {
        areas.push((AuthorityId(row.get(0)?), row.get(1)?, row.get(2)?));
    }
    Ok(areas)
}

/// Adds a team or body that gives advice.
///
/// # Errors
/// When the database fails.
pub fn add_body(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: casework::BodyId,
    kind: casework::advice::AdviceKind,
    name: &str,
    email: Option<&str>,
) -> Result<(), Error> {
    let kind: &'static str = kind.into();
    tx.execute(
        ADD_BODY,
        &[authority.0.into(), id.0.into(), kind.into(), name.into(), email.map(str::to_owned).into()],
    )?;
    Ok(())
}
