//! Those of a family who have an account, and what each of them may still see.

use crate::Error;
use casework::access::{Action, Actor, Resource, Role, may};
use casework::{Case, UserId};
use db::{Tx, Value};

const MEMBERS: &str = "SELECT user_id, name, email, role FROM users \
    WHERE authority_id = $1 AND active AND user_id = ANY($2) ORDER BY name, user_id";

/// Somebody of the family.
pub(crate) struct Member {
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
}

impl Member {
    /// The access policy, asked for them.
    pub fn may(&self, case: &Case, action: Action) -> bool {
        let actor = Actor { user: self.user, authority: case.authority, role: self.role, setting: None, body: None };
        may(&actor, action, &Resource::Case(&case.relations())).is_allowed()
    }
}

/// Everyone of the family who has an account.
pub(crate) fn members(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Member>, Error> {
    let users: Value = case.family.iter().map(|user| user.0).collect();
    let mut members = Vec::new();
    for row in tx.query(MEMBERS, &[case.authority.0.into(), users])? {
        members.push(Member {
            user: UserId(row.get("user_id")?),
            name: row.get("name")?,
            email: row.get("email")?,
            role: row.get_as("role", "a role", |text: &str| text.parse().ok())?,
        });
    }
    Ok(members)
}
