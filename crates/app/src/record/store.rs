//! Reading records. Every query takes the authority first; lists take a [`Scope`] as well.

use super::names::parts;
use crate::Error;
use crate::journal::{By, Who};
use crate::uploads::checks;
use casework::access::{Action, Actor, Reach, reach};
use casework::codes::Sex;
use casework::notices::NoticeKind;
use casework::people::identifiers::{NhsNumber, Uln, Upn};
use casework::people::{Contact, Details, display_name};
use casework::{AuthorityId, Case, CaseId, PersonId, TextId};
use db::{Row, Tx, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashMap;
use uuid::Uuid;

/// How people are called, from a row with `given_name`, `family_name` and `known_as`.
///
/// # Errors
/// When the row has not all of them.
pub fn name_of(row: &Row) -> Result<String, db::Error> {
    Ok(display_name(row.get("given_name")?, row.get("family_name")?, row.get("known_as")?))
}

/// Which children a person's lists may hold: the access policy as a filter. What it lets through
/// is exactly what `access::may` allows item by item; a property test proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    pub authority: AuthorityId,
    reach: ScopeReach,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScopeReach {
    Area,
    Setting(i64),
    Body(Uuid),
    Family(Uuid),
    Invited(Uuid),
    Nobody,
}

impl Scope {
    /// The children about whom this person may do this.
    pub fn of(actor: &Actor, action: Action) -> Scope {
        let reach = match (reach(actor.role, action), actor.setting, actor.body) {
            (Reach::Area, ..) => ScopeReach::Area,
            (Reach::OwnSetting, Some(urn), _) => ScopeReach::Setting(i64::from(urn.number())),
            (Reach::OwnAdvice, _, Some(body)) => ScopeReach::Body(body.0),
            (Reach::OwnChild, ..) => ScopeReach::Family(actor.user.0),
            (Reach::OwnInvitation, ..) => ScopeReach::Invited(actor.user.0),
            _ => ScopeReach::Nobody,
        };
        Scope { authority: actor.authority, reach }
    }

    /// The four parameters that [`IN_SCOPE`] takes, beginning with the authority.
    pub fn parameters(&self) -> [Value; 4] {
        let (kind, setting, body) = match self.reach {
            ScopeReach::Area => ("area", Value::Null, Value::Null),
            ScopeReach::Setting(urn) => ("setting", urn.into(), Value::Null),
            ScopeReach::Body(body) => ("body", Value::Null, body.into()),
            ScopeReach::Family(user) => ("family", Value::Null, user.into()),
            ScopeReach::Invited(user) => ("invited", Value::Null, user.into()),
            ScopeReach::Nobody => ("nobody", Value::Null, Value::Null),
        };
        [self.authority.0.into(), kind.into(), setting, body]
    }
}

/// The condition on `cases c` that a [`Scope`] stands for, as a piece of a statement.
macro_rules! in_scope {
    () => {
        "c.authority_id = $1 AND ($2 = 'area' OR ($2 = 'setting' AND c.setting_urn = $3) OR ($2 = 'body' AND EXISTS \
         (SELECT 1 FROM case_bodies b WHERE b.authority_id = c.authority_id AND b.case_id = c.case_id AND b.body_id = $4)) \
         OR ($2 = 'family' AND EXISTS \
         (SELECT 1 FROM case_family f WHERE f.authority_id = c.authority_id AND f.case_id = c.case_id AND f.user_id = $4)) \
         OR ($2 = 'invited' AND EXISTS \
         (SELECT 1 FROM case_invited i WHERE i.authority_id = c.authority_id AND i.case_id = c.case_id AND i.user_id = $4)))"
    };
}
pub(crate) use in_scope;

const PERSON: &str = "SELECT person_id, given_name, family_name, known_as, born_on, sex, ethnicity, postcode, address, \
    home_language, upn, uln, nhs_number FROM people WHERE authority_id = $1 AND case_id = $2";
/// Rows of a table that belong to a case, and those of the records that were joined into it.
macro_rules! with_joined {
    ($columns:literal, $table:literal) => {
        concat!(
            "SELECT ",
            $columns,
            ", FALSE AS is_joined FROM ",
            $table,
            " t WHERE t.authority_id = $1 AND t.case_id = $2 \
             UNION ALL SELECT ",
            $columns,
            ", TRUE AS is_joined FROM joined_records j \
             JOIN ",
            $table,
            " t ON t.authority_id = j.authority_id AND t.case_id = j.case_id \
             WHERE j.authority_id = $1 AND j.into_case_id = $2"
        )
    };
}
const CONTACTS: &str = concat!(
    with_joined!(
        "t.person_id, t.relation, t.name, t.organisation, t.email, t.telephone, t.address, t.receives_notices",
        "contacts"
    ),
    " ORDER BY is_joined, receives_notices DESC, person_id"
);
const DOCUMENTS: &str = concat!(
    "SELECT d.*, f.state FROM (",
    with_joined!(
        "t.document_id, t.kind, t.title, t.media_type, t.size_bytes, t.fingerprint, t.made_on, t.notice_id",
        "documents"
    ),
    ") d LEFT JOIN file_checks f ON f.fingerprint = d.fingerprint \
     WHERE d.kind NOT IN ('own_voice', 'recording') ORDER BY d.document_id DESC"
);
/// `$3` is one of [`OWN_VOICE`] and [`RECORDING`].
const PRIVATE_FILES: &str = concat!(
    "SELECT d.*, f.state FROM (",
    with_joined!("t.document_id, t.kind, t.title, t.media_type, t.size_bytes, t.fingerprint", "documents"),
    ") d LEFT JOIN file_checks f ON f.fingerprint = d.fingerprint \
     WHERE d.kind = $3 ORDER BY d.document_id"
);
/// Without who opened the record in an emergency, which may have to be kept back, and what advisers keep for
/// themselves: there are pages for those who may know.
const HISTORY: &str = "SELECT j.sequence, j.recorded_at, j.name, j.body, j.actor_role, u.name AS actor_name FROM journal j \
    LEFT JOIN users u ON u.authority_id = j.authority_id AND u.user_id = j.actor_id \
    WHERE j.authority_id = $1 AND j.case_id = $2 AND j.sequence > $3 AND j.sequence < $5 \
    AND j.name NOT LIKE 'openings.%' AND j.name NOT LIKE 'recordings.%' ORDER BY j.sequence DESC LIMIT $4";
const TEXTS: &str = with_joined!("t.text_id, t.body", "texts");
const JOINED_INTO: &str =
    "SELECT case_id, into_case_id FROM joined_records WHERE authority_id = $1 AND case_id = ANY($2)";
const BY_RECEIPT: &str =
    "SELECT case_id FROM receipt_numbers WHERE authority_id = $1 AND number = $2 ORDER BY case_id LIMIT 1";
const USER_NAME: &str = "SELECT name, email FROM users WHERE authority_id = $1 AND user_id = $2";
const USERS: &str = "SELECT user_id, name, role FROM users WHERE authority_id = $1 AND active AND NOT is_service ORDER BY name, user_id LIMIT 500";
const BODIES: &str =
    "SELECT body_id, kind, name, is_independent FROM bodies WHERE authority_id = $1 ORDER BY kind, name, body_id";
const ESTABLISHMENT: &str = "SELECT name FROM establishments WHERE urn = $1";
const ESTABLISHMENTS: &str = "SELECT urn, name FROM establishments WHERE urn = ANY($1)";
const AUTHORITY: &str = "SELECT code, name, profile FROM authorities WHERE authority_id = $1";

/// The child's details.
///
/// # Errors
/// [`Error::NotFound`] when there is no such child in the area.
pub fn person(tx: &mut dyn Tx, authority: AuthorityId, case: CaseId) -> Result<(PersonId, Details), Error> {
    let row = tx.find(PERSON, &[authority.0.into(), case.0.into()])?.ok_or(Error::NotFound)?;
    Ok((PersonId(row.get("person_id")?), details(&row)?))
}

pub(crate) fn details(row: &Row) -> Result<Details, Error> {
    let parsed = |column: &str| -> Result<Option<String>, Error> { Ok(row.get(column)?) };
    Ok(Details {
        given_name: row.get("given_name")?,
        family_name: row.get("family_name")?,
        known_as: row.get("known_as")?,
        born_on: row.get("born_on")?,
        sex: parsed("sex")?.and_then(|code| code.parse::<Sex>().ok()),
        ethnicity: row.get("ethnicity")?,
        postcode: row.get("postcode")?,
        address: row.get("address")?,
        home_language: row.get("home_language")?,
        upn: parsed("upn")?.and_then(|text| text.parse::<Upn>().ok()),
        uln: parsed("uln")?.and_then(|text| text.parse::<Uln>().ok()),
        nhs_number: parsed("nhs_number")?.and_then(|text| text.parse::<NhsNumber>().ok()),
    })
}

/// The people around the child, those who receive notices first.
///
/// # Errors
/// When the database fails.
pub fn contacts(tx: &mut dyn Tx, authority: AuthorityId, case: CaseId) -> Result<Vec<Contact>, Error> {
    let mut contacts: Vec<Contact> = Vec::new();
    for row in tx.query(CONTACTS, &[authority.0.into(), case.0.into()])? {
        let contact = Contact {
            id: PersonId(row.get("person_id")?),
            relation: row.get_as("relation", "a relation", |code: &str| code.parse().ok())?,
            name: row.get("name")?,
            organisation: row.get("organisation")?,
            email: row.get("email")?,
            telephone: row.get("telephone")?,
            address: row.get("address")?,
            receives_notices: row.get("receives_notices")?,
        };
        // Of a record that was joined, only those who are not here under the same name already.
        let is_joined: bool = row.get("is_joined")?;
        let is_here =
            |known: &Contact| known.relation == contact.relation && parts(&known.name) == parts(&contact.name);
        if !(is_joined && contacts.iter().any(is_here)) {
            contacts.push(contact);
        }
    }
    Ok(contacts)
}

/// A stored document, as lists show it.
#[derive(Debug, Clone)]
pub struct DocumentLine {
    pub id: Uuid,
    pub kind: String,
    pub title: String,
    pub media_type: String,
    pub size_bytes: i64,
    pub fingerprint: String,
    pub made_on: Date,
    /// The notice it was made for.
    pub notice: Option<Uuid>,
    /// Whether it came with a record that was joined into this one.
    pub is_joined: bool,
    /// How it stands with the virus check; nothing for what was made here.
    pub check: Option<checks::State>,
}

impl DocumentLine {
    /// What a list says beside a document that cannot be opened, and its colour.
    pub fn tag(&self) -> Option<(&'static str, &'static str)> {
        self.check.and_then(checks::State::tag)
    }
}

/// The documents that this person may open. Those of a draft plan are not for its advisers, who are
/// shown their own lines of it and nothing else.
///
/// # Errors
/// When the database fails.
pub fn documents_for(tx: &mut dyn Tx, who: &Who, case: &Case) -> Result<Vec<DocumentLine>, Error> {
    let is_adviser =
        matches!(&who.by, By::Person(actor) if reach(actor.role, Action::ReadDocument) == Reach::OwnAdvice);
    let of_draft = |document: &DocumentLine| {
        let mut notices = case.requests.iter().flat_map(|request| &request.notices);
        document
            .notice
            .is_some_and(|id| notices.any(|notice| notice.id.0 == id && notice.kind == NoticeKind::DraftPlan))
    };
    let mut documents = documents(tx, case.authority, case.id)?;
    documents.retain(|document| !(is_adviser && of_draft(document)));
    Ok(documents)
}

/// The kind of document that is a child's own voice. No list of papers holds one: who may open it is
/// asked of `casework::own_voice` alone.
pub const OWN_VOICE: &str = "own_voice";
/// What an adviser keeps for their own advice: of the same kind, for those who write it.
pub const RECORDING: &str = "recording";

/// Newest first.
///
/// # Errors
/// When the database fails.
pub fn documents(tx: &mut dyn Tx, authority: AuthorityId, case: CaseId) -> Result<Vec<DocumentLine>, Error> {
    let mut documents = Vec::new();
    for row in tx.query(DOCUMENTS, &[authority.0.into(), case.0.into()])? {
        let state: Option<String> = row.get("state")?;
        documents.push(DocumentLine {
            id: row.get("document_id")?,
            kind: row.get("kind")?,
            title: row.get("title")?,
            media_type: row.get("media_type")?,
            size_bytes: row.get("size_bytes")?,
            fingerprint: row.get("fingerprint")?,
            made_on: row.get("made_on")?,
            notice: row.get("notice_id")?,
            is_joined: row.get("is_joined")?,
            check: state.map(|state| checks::State::read(&state)).transpose()?,
        });
    }
    Ok(documents)
}

/// A picture, sound or film that is in no list of papers.
#[derive(Debug, Clone)]
pub struct PrivateFile {
    pub id: Uuid,
    pub title: String,
    pub media_type: String,
    pub bytes: u64,
    pub fingerprint: String,
    /// How it stands with the virus check.
    pub check: Option<checks::State>,
}

/// All of this kind, oldest first.
///
/// # Errors
/// When the database fails.
pub fn private_files(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    case: CaseId,
    kind: &'static str,
) -> Result<Vec<PrivateFile>, Error> {
    let mut files = Vec::new();
    for row in tx.query(PRIVATE_FILES, &[authority.0.into(), case.0.into(), kind.into()])? {
        let state: Option<String> = row.get("state")?;
        files.push(PrivateFile {
            id: row.get("document_id")?,
            title: row.get("title")?,
            media_type: row.get("media_type")?,
            bytes: row.get("size_bytes")?,
            fingerprint: row.get("fingerprint")?,
            check: state.map(|state| checks::State::read(&state)).transpose()?,
        });
    }
    Ok(files)
}

/// One journal entry, as history shows it.
#[derive(Debug, Clone)]
pub struct HistoryLine {
    pub sequence: u64,
    pub recorded_at: Timestamp,
    pub name: String,
    pub body: String,
    pub actor_role: String,
    pub actor_name: Option<String>,
}

/// Entries after `after`, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub fn history(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    case: CaseId,
    after: u64,
    limit: i64,
) -> Result<Vec<HistoryLine>, Error> {
    history_between(tx, authority, case, (after, u64::MAX), limit)
}

/// Entries after one sequence and before another, newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub fn history_between(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    case: CaseId,
    (after, before): (u64, u64),
    limit: i64,
) -> Result<Vec<HistoryLine>, Error> {
    let mut lines = Vec::new();
    let [after, before] = [after, before].map(|sequence| i64::try_from(sequence).unwrap_or(i64::MAX).into());
    for row in tx.query(HISTORY, &[authority.0.into(), case.0.into(), after, limit.into(), before])? {
        lines.push(HistoryLine {
            sequence: row.get("sequence")?,
            recorded_at: row.get("recorded_at")?,
            name: row.get("name")?,
            body: row.get("body")?,
            actor_role: row.get("actor_role")?,
            actor_name: row.get("actor_name")?,
        });
    }
    Ok(lines)
}

/// Every free text of the case.
///
/// # Errors
/// When the database fails.
pub fn texts(tx: &mut dyn Tx, authority: AuthorityId, case: CaseId) -> Result<HashMap<TextId, String>, Error> {
    let mut texts = HashMap::new();
    for row in tx.query(TEXTS, &[authority.0.into(), case.0.into()])? {
        texts.insert(TextId(row.get(0)?), row.get(1)?);
    }
    Ok(texts)
}

/// Of these cases, those that were joined into another, with the one that is kept.
///
/// # Errors
/// When the database fails.
pub fn joined_into(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    cases: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Uuid>, Error> {
    let list: Value = cases.into_iter().collect();
    let mut joined = HashMap::new();
    for row in tx.query(JOINED_INTO, &[authority.0.into(), list])? {
        joined.insert(row.get(0)?, row.get(1)?);
    }
    Ok(joined)
}

/// The case that the number on a receipt leads to.
///
/// # Errors
/// When the database fails.
pub fn by_receipt(tx: &mut dyn Tx, authority: AuthorityId, number: &str) -> Result<Option<CaseId>, Error> {
    Ok(match tx.find(BY_RECEIPT, &[authority.0.into(), number.into()])? {
        Some(row) => Some(CaseId(row.get(0)?)),
        None => None,
    })
}

/// The name and address of someone who signs in.
///
/// # Errors
/// When the database fails.
pub fn user_name(tx: &mut dyn Tx, authority: AuthorityId, user: Uuid) -> Result<Option<(String, String)>, Error> {
    Ok(match tx.find(USER_NAME, &[authority.0.into(), user.into()])? {
        Some(row) => Some((row.get(0)?, row.get(1)?)),
        None => None,
    })
}

/// Everyone who signs in, with their role code. Services, which do not, are nobody’s officer.
///
/// # Errors
/// When the database fails.
pub fn users(tx: &mut dyn Tx, authority: AuthorityId) -> Result<Vec<(Uuid, String, String)>, Error> {
    let mut users = Vec::new();
    for row in tx.query(USERS, &[authority.0.into()])? {
        users.push((row.get(0)?, row.get(1)?, row.get(2)?));
    }
    Ok(users)
}

/// A team or body that gives advice.
#[derive(Debug, Clone)]
pub struct Body {
    pub id: casework::BodyId,
    pub kind: casework::advice::AdviceKind,
    pub name: String,
    /// A professional of a family's own: nobody chooses them from a list.
    pub is_independent: bool,
}

/// Every team and body of the area.
///
/// # Errors
/// When the database fails.
pub fn bodies(tx: &mut dyn Tx, authority: AuthorityId) -> Result<Vec<Body>, Error> {
    let mut bodies = Vec::new();
    for row in tx.query(BODIES, &[authority.0.into()])? {
        bodies.push(Body {
            id: casework::BodyId(row.get(0)?),
            kind: row.get_as("kind", "a kind of advice", |code: &str| code.parse().ok())?,
            name: row.get(2)?,
            is_independent: row.get(3)?,
        });
    }
    Ok(bodies)
}

/// The name of an establishment, or its number when the register does not have it.
///
/// # Errors
/// When the database fails.
pub fn establishment_name(tx: &mut dyn Tx, urn: u32) -> Result<String, Error> {
    Ok(match tx.find(ESTABLISHMENT, &[urn.into()])? {
        Some(row) => row.get(0)?,
        None => format!("Establishment {urn}"),
    })
}

/// Names of several establishments.
///
/// # Errors
/// When the database fails.
pub fn establishment_names(
    tx: &mut dyn Tx,
    urns: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, String>, Error> {
    let list: Value = urns.into_iter().collect();
    let mut names = HashMap::new();
    for row in tx.query(ESTABLISHMENTS, &[list])? {
        names.insert(row.get(0)?, row.get(1)?);
    }
    Ok(names)
}

/// The area: its code, name and what its letters need.
///
/// # Errors
/// [`Error::NotFound`] when there is no such area.
pub fn authority(tx: &mut dyn Tx, id: AuthorityId) -> Result<(String, String, crate::admin::areas::Profile), Error> {
    let row = tx.find(AUTHORITY, &[id.0.into()])?.ok_or(Error::NotFound)?;
    let profile: &str = row.get("profile")?;
    let profile = serde_json::from_str(profile)
        .map_err(|cause| Error::Broken { step: "read an area's profile", cause: cause.to_string() })?;
    Ok((row.get("code")?, row.get("name")?, profile))
}
