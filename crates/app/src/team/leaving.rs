//! Somebody leaves: nothing of theirs is left without an owner.

use super::cover;
use super::officer::officers;
use crate::access::let_go;
use crate::journal::{Act, By, Papers, Who, act};
use crate::{App, Error};
use casework::access::Action;
use casework::{AuthorityId, CaseId, Command, UserId, people};
use db::Tx;
use uuid::Uuid;

const OWNED: &str = "SELECT case_id FROM cases WHERE authority_id = $1 AND officer_id = $2 ORDER BY case_id";

/// Why somebody cannot leave yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InTheWay {
    /// They have this many children and are the cover of so many absences, and nobody takes them over.
    NobodyTakesOver { children: usize, covers: i64 },
    /// Whoever is to take over may not.
    NotAnOfficer,
    /// Whoever is to take over is themself away while the leaver would cover.
    CannotCoverThemself,
}

/// What was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandedOver {
    pub children: usize,
}

/// Lets somebody go, and gives what they had to `to`. All of it happens, or nothing.
///
/// # Errors
/// When the database fails, or a case is changed by somebody else meanwhile.
pub fn leave(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    user: UserId,
    to: Option<UserId>,
) -> Result<Result<HandedOver, InTheWay>, Error> {
    let today = app.clock.today();
    let mut owned: Vec<Uuid> = Vec::new();
    for row in tx.query(OWNED, &[authority.0.into(), user.0.into()])? {
        owned.push(row.get(0)?);
    }
    let covers = cover::still_covers(tx, authority, user, today)?;
    let Some(to) = to.filter(|to| *to != user) else {
        if owned.is_empty() && covers == 0 {
            let_go(tx, app, authority, user)?;
            return Ok(Ok(HandedOver { children: 0 }));
        }
        return Ok(Err(InTheWay::NobodyTakesOver { children: owned.len(), covers }));
    };
    if !officers(tx, authority)?.iter().any(|(id, _)| *id == to.0) {
        return Ok(Err(InTheWay::NotAnOfficer));
    }
    if cover::hand_over(tx, authority, user, to, today)? > 0 {
        return Ok(Err(InTheWay::CannotCoverThemself));
    }
    let who = Who { by: By::System("operator"), authority, now: app.clock.now(), today };
    for case in &owned {
        let commands = vec![Command::People(people::Command::AssignOfficer { officer: to })];
        let papers = Papers::default();
        act(tx, &who, CaseId(*case), Act { action: Action::AssignOfficer, seen: None, commands, papers })?;
    }
    let_go(tx, app, authority, user)?;
    Ok(Ok(HandedOver { children: owned.len() }))
}
