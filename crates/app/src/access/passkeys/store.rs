//! Passkeys and what they were asked, in the database.

use crate::Error;
use crate::access::browser::BrowserSecret;
use casework::{AuthorityId, UserId};
use db::Tx;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use webauthn_rs::prelude::{CredentialID, Passkey};

/// How long somebody may take to answer their phone.
const LASTS: SignedDuration = SignedDuration::from_mins(5);

const FORGET: &str = "DELETE FROM passkey_challenges WHERE ends_at <= $1";
const ASK: &str = "INSERT INTO passkey_challenges (challenge_id, browser_hash, state, ends_at) VALUES ($1, $2, $3, $4)";
const ASKED: &str =
    "SELECT state FROM passkey_challenges WHERE challenge_id = $1 AND browser_hash = $2 AND ends_at > $3";
const ANSWERED: &str = "DELETE FROM passkey_challenges WHERE challenge_id = $1";
const ADD: &str = "INSERT INTO passkeys (authority_id, user_id, passkey_id, credential_hash, name, credential, added_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential_hash) DO NOTHING";
const OF_USER: &str = "SELECT passkey_id, name, credential, added_at, used_at FROM passkeys \
    WHERE authority_id = $1 AND user_id = $2 ORDER BY added_at, passkey_id";
const BY_CREDENTIAL: &str =
    "SELECT authority_id, user_id, passkey_id, credential FROM passkeys WHERE credential_hash = $1";
const USED: &str = "UPDATE passkeys SET credential = $4, used_at = $5 \
    WHERE authority_id = $1 AND user_id = $2 AND passkey_id = $3";
const REMOVE: &str = "DELETE FROM passkeys WHERE authority_id = $1 AND user_id = $2 AND passkey_id = $3";

fn hash(credential: &[u8]) -> [u8; 32] {
    *blake3::hash(credential).as_bytes()
}

fn written(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|cause| Error::Broken { step: "write a passkey", cause: cause.to_string() })
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|cause| Error::Broken { step: "read a passkey", cause: cause.to_string() })
}

/// Keeps what an authenticator is asked, for this browser.
pub fn ask(
    tx: &mut dyn Tx,
    id: Uuid,
    browser: &BrowserSecret,
    state: &impl Serialize,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(FORGET, &[now.into()])?;
    tx.execute(ASK, &[id.into(), browser.hash().into(), written(state)?.into(), (now + LASTS).into()])?;
    Ok(())
}

/// What this browser's authenticator was asked. It can be answered once.
pub fn asked<T: DeserializeOwned>(
    tx: &mut dyn Tx,
    id: Uuid,
    browser: &BrowserSecret,
    now: Timestamp,
) -> Result<Option<T>, Error> {
    let Some(row) = tx.find(ASKED, &[id.into(), browser.hash().into(), now.into()])? else { return Ok(None) };
    let state: &str = row.get("state")?;
    let state = read(state)?;
    Ok((tx.execute(ANSWERED, &[id.into()])? == 1).then_some(state))
}

/// A passkey as its owner sees it.
pub struct Listed {
    pub id: Uuid,
    pub name: String,
    pub added_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub credential: CredentialID,
}

pub fn of_user(tx: &mut dyn Tx, authority: AuthorityId, user: UserId) -> Result<Vec<Listed>, Error> {
    tx.query(OF_USER, &[authority.0.into(), user.0.into()])?
        .iter()
        .map(|row| {
            let passkey: Passkey = read(row.get("credential")?)?;
            Ok(Listed {
                id: row.get("passkey_id")?,
                name: row.get("name")?,
                added_at: row.get("added_at")?,
                used_at: row.get("used_at")?,
                credential: passkey.cred_id().clone(),
            })
        })
        .collect()
}

/// Whose passkey it is.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    pub authority: AuthorityId,
    pub user: UserId,
    pub passkey: Uuid,
}

impl Owner {
    fn key(&self) -> [db::Value; 3] {
        [self.authority.0.into(), self.user.0.into(), self.passkey.into()]
    }
}

/// Adds a passkey; false when somebody has it already.
pub fn add(tx: &mut dyn Tx, owner: Owner, name: &str, passkey: &Passkey, now: Timestamp) -> Result<bool, Error> {
    let [authority, user, id] = owner.key();
    let credential = hash(passkey.cred_id().as_ref());
    let row = [authority, user, id, credential.into(), name.into(), written(passkey)?.into(), now.into()];
    Ok(tx.execute(ADD, &row)? == 1)
}

/// The passkey with this credential, and whose it is.
pub fn find(tx: &mut dyn Tx, credential: &[u8]) -> Result<Option<(Owner, Passkey)>, Error> {
    let Some(row) = tx.find(BY_CREDENTIAL, &[hash(credential).into()])? else { return Ok(None) };
    let owner = Owner {
        authority: AuthorityId(row.get("authority_id")?),
        user: UserId(row.get("user_id")?),
        passkey: row.get("passkey_id")?,
    };
    Ok(Some((owner, read(row.get("credential")?)?)))
}

/// Keeps the passkey as it is after it was used: its counter.
pub fn used(tx: &mut dyn Tx, owner: Owner, passkey: &Passkey, now: Timestamp) -> Result<(), Error> {
    let [authority, user, id] = owner.key();
    tx.execute(USED, &[authority, user, id, written(passkey)?.into(), now.into()])?;
    Ok(())
}

pub fn remove(tx: &mut dyn Tx, owner: Owner) -> Result<bool, Error> {
    Ok(tx.execute(REMOVE, &owner.key())? == 1)
}
