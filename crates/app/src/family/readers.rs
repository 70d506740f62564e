//! Who may open a child's record, and who did.

use crate::Error;
use crate::web::long_date;
use casework::Case;
use casework::access::{Action, Actor, Reach, Resource, Role, may, reach};
use casework::openings;
use casework::people::identifiers::Urn;
use casework::{AuthorityId, BodyId, UserId};
use db::Tx;
use jiff::civil::Date;
use uuid::Uuid;

/// Somebody who may open the record, and why.
pub(crate) struct Reader {
    pub name: String,
    pub job: &'static str,
    pub why: &'static str,
}

/// Somebody who opened it on a day.
pub(crate) struct Look {
    pub name: String,
    pub job: &'static str,
    pub day: Date,
    pub on: String,
}

/// Most people named: an area's staff are some hundreds.
const READERS: &str = "SELECT user_id, name, role, setting_urn, body_id FROM users \
    WHERE authority_id = $1 AND active ORDER BY name, user_id LIMIT 2000";
const WHO: &str = "SELECT name, role FROM users WHERE authority_id = $1 AND user_id = $2";
const LOOKS: &str = "SELECT u.user_id, u.name, u.role, l.seen_on FROM looks l \
    JOIN users u ON u.authority_id = l.authority_id AND u.user_id = l.user_id \
    WHERE l.authority_id = $1 AND l.case_id = $2 ORDER BY l.seen_on DESC, l.first_at DESC, l.user_id LIMIT 100";

fn why(actor: &Actor, case: &Case) -> &'static str {
    match reach(actor.role, Action::SeeCase) {
        _ if case.officer == Some(actor.user) => "Works on the request or the plan",
        Reach::OwnSetting => "Works at the school, nursery or college",
        Reach::OwnAdvice => "Was asked for advice",
        Reach::OwnChild => "Family",
        _ if actor.role == Role::Independent => "You invited them: they see what you show them",
        _ => match actor.role {
            Role::Auditor => "Checks that the council does its work properly",
            Role::Analyst => "Checks that what is recorded is right",
            _ => "It is their work in this area",
        },
    }
}

/// Everyone whom the access policy lets open this record, the child's own officer first.
pub(super) fn readers(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Reader>, Error> {
    let relations = case.relations();
    let mut readers = Vec::new();
    for row in tx.query(READERS, &[case.authority.0.into()])? {
        let (setting, body): (Option<i64>, Option<Uuid>) = (row.get("setting_urn")?, row.get("body_id")?);
        let actor = Actor {
            user: UserId(row.get("user_id")?),
            authority: AuthorityId(case.authority.0),
            role: row.get_as("role", "a role", |text: &str| text.parse().ok())?,
            setting: setting.and_then(|urn| urn.to_string().parse::<Urn>().ok()),
            body: body.map(BodyId),
        };
        let sees = |action| may(&actor, action, &Resource::Case(&relations)).is_allowed();
        if sees(Action::SeeCase) || sees(Action::SeeInvitation) {
            let is_first = case.officer == Some(actor.user);
            let reader = Reader { name: row.get("name")?, job: actor.role.label(), why: why(&actor, case) };
            readers.insert(if is_first { 0 } else { readers.len() }, reader);
        }
    }
    Ok(readers)
}

/// Who opened it in an emergency, as far as the family may know, latest first.
pub(crate) fn emergencies(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Look>, Error> {
    let mut found = Vec::new();
    for opening in case.openings.iter().rev().filter(|opening| !opening.is_kept_back()) {
        if let Some(row) = tx.find(WHO, &[case.authority.0.into(), opening.user.0.into()])? {
            let role: Role = row.get_as("role", "a role", |text: &str| text.parse().ok())?;
            let on = opening.on;
            found.push(Look { name: row.get("name")?, job: role.label(), day: on, on: long_date(on) });
        }
    }
    Ok(found)
}

/// Who opened it, latest first.
pub(super) fn looks(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Look>, Error> {
    let mut looks = Vec::new();
    for row in tx.query(LOOKS, &[case.authority.0.into(), case.id.0.into()])? {
        let role: Role = row.get_as("role", "a role", |text: &str| text.parse().ok())?;
        let on: Date = row.get("seen_on")?;
        if openings::is_kept_back(case, UserId(row.get("user_id")?), on) {
            continue;
        }
        looks.push(Look { name: row.get("name")?, job: role.label(), day: on, on: long_date(on) });
    }
    Ok(looks)
}
