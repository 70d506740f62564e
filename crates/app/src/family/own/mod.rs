//! The young person's own pages, in short words.
//!
//! | address | page |
//! |---|---|
//! | `/family/{case}` | what is next, who will be there, what to ask, ways to everything else |
//! | `/family/{case}/sharing` | what parents see and do not see; for parents, what is shared with them |
//! | `/family/{case}/rights` | what is theirs to decide, who can help, when the plan is next due |
//! | `/family/{case}/outcomes` and below | the outcomes of the plan, and "not what I want" |
//! | `/family/{case}/after-19` | what happens later, with its day where it is known |

mod after_19;
mod home;
mod my_rights;
pub(crate) mod outcomes;
mod sharing;

pub use after_19::show as show_after_19;
pub use home::page as own_home;
pub use my_rights::show as show_rights;
pub use outcomes::{object, show as show_outcomes, show_object, take_back};
pub use sharing::{save as save_sharing, show as show_sharing};

use super::child::own;
use crate::Error;
use crate::journal::{By, Who};
use casework::access::{Action, Role};
use casework::people::Details;
use casework::{Case, CaseId};
use db::Tx;
use std::sync::Arc;

/// The case, for the young person it is about. These pages speak to them; a parent has pages of
/// their own.
fn themself(tx: &mut dyn Tx, who: &Who, id: CaseId, action: Action) -> Result<(Arc<Case>, Details), Error> {
    let case = own(tx, who, id, action)?;
    if !matches!(&who.by, By::Person(actor) if actor.role == Role::YoungPerson) {
        return Err(Error::NotFound);
    }
    let (_, details) = crate::record::store::person(tx, who.authority, id)?;
    Ok((case, details))
}

/// The name that somebody is called by.
fn first_name(details: &Details) -> String {
    details.known_as.clone().unwrap_or_else(|| details.given_name.clone())
}
