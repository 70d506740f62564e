//! What the family and the school are told of visits. Never a child's name, nor a place.

use crate::family::members;
use crate::journal::Text;
use crate::post::{self, To, Words};
use crate::recipients::Leaving;
use crate::web::case_form::Tell;
use crate::web::long_date;
use crate::{App, Error};
use casework::access::Action;
use casework::post::Kind;
use casework::recipients::Sending;
use casework::{Case, CaseId, UserId, VisitId};
use db::Tx;
use jiff::civil::Date;

const OF_SCHOOL: &str = "SELECT user_id FROM users WHERE authority_id = $1 AND setting_urn = $2 AND active \
    AND NOT is_service ORDER BY user_id LIMIT 50";

/// What happened to a visit.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change {
    Booked(Date),
    Moved { from: Date, to: Date },
    Cancelled(Date),
}

/// What is said of it; `page` is where the reader finds it.
pub(crate) fn told(change: Change, page: String) -> Words {
    let (subject, said, by) = match change {
        Change::Booked(on) => {
            ("A visit is booked", format!("Somebody who gives advice will visit on {}.", long_date(on)), Some(on))
        }
        Change::Moved { from, to } => {
            let said = format!("The visit of {} is moved to {}.", long_date(from), long_date(to));
            ("A visit is moved", said, Some(to))
        }
        Change::Cancelled(on) => {
            ("A visit is cancelled", format!("The visit of {} does not take place.", long_date(on)), Some(on))
        }
    };
    Words {
        kind: Kind::VisitChanged,
        subject: subject.to_owned(),
        body: format!("{said}\n\nSign in to see who comes, where and why.\n"),
        path: Some(page),
        by,
    }
}

/// The words of a visit, to be looked at before family and school read them.
pub(super) fn leaving(texts: &[Text]) -> Leaving {
    let parts = texts.iter().map(|text| ("the visit".to_owned(), text.body.clone()));
    Leaving::new(Sending::Visit).parts(parts)
}

/// Everyone who is told: the family, as far as it sees the record, and the school that the child attends.
///
/// # Errors
/// When the database fails.
pub(crate) fn everyone(
    tx: &mut dyn Tx,
    app: &App,
    case: &Case,
    (visit, change): (VisitId, Change),
) -> Result<Vec<Tell>, Error> {
    let page = |id: CaseId, room: &str| format!("/{room}/{id}");
    let mut tell = Vec::new();
    let mut add = |user: UserId, room: &str| {
        // One press tells once; moved there and back again is told each time.
        let message = post::named(&[b"visit", visit.0.as_bytes(), user.0.as_bytes(), app.ids.next().as_bytes()]);
        tell.push(Tell { message, to: To::Person(user), words: told(change, page(case.id, room)) });
    };
    for member in members(tx, case)?.into_iter().filter(|member| member.may(case, Action::SeeOwnRecord)) {
        add(member.user, "family");
    }
    if let Some(urn) = case.relations().setting {
        for row in tx.query(OF_SCHOOL, &[case.authority.0.into(), i64::from(urn.number()).into()])? {
            add(UserId(row.get(0)?), "children");
        }
    }
    Ok(tell)
}
