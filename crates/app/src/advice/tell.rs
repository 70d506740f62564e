//! What a team is told by email: that it is asked, that a draft waits for its look, that a plan it
//! gave advice for is final. Never a child's name.

use crate::post::{self, Email};
use crate::{App, Error, journal};
use casework::notices::NoticeKind;
use casework::{AuthorityId, BodyId, CaseId, NoticeId};
use db::Tx;
use jiff::civil::Date;
use uuid::Uuid;

const ADDRESSES: &str = "SELECT email FROM users WHERE authority_id = $1 AND body_id = $2 AND active ORDER BY user_id";
const OWN: &str = "SELECT email FROM bodies WHERE authority_id = $1 AND body_id = $2";

/// Where a team reads its post: the address of its own, or those of its people.
fn addresses(tx: &mut dyn Tx, authority: AuthorityId, body: BodyId) -> Result<Vec<String>, Error> {
    let key = [authority.0.into(), body.0.into()];
    if let Some(row) = tx.find(OWN, &key)?
        && let Some(own) = row.get::<Option<String>>(0)?
    {
        return Ok(vec![own]);
    }
    tx.query(ADDRESSES, &key)?.iter().map(|row| Ok(row.get(0)?)).collect()
}

fn tell(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    body: BodyId,
    subject: &str,
    words: &str,
) -> Result<(), Error> {
    for to in addresses(tx, authority, body)? {
        post::queue(tx, app, authority, &Email { to, subject: subject.to_owned(), body: words.to_owned() })?;
    }
    Ok(())
}

/// Tells a team that its advice is asked for.
///
/// # Errors
/// When the database fails.
pub(crate) fn asked(tx: &mut dyn Tx, app: &App, authority: AuthorityId, body: BodyId, due: Date) -> Result<(), Error> {
    let words = format!(
        "The council asks for your advice for an assessment. It is due by {}.\n\n\
         Sign in and open “Advice” to read what is known and to write it.\n",
        crate::web::long_date(due)
    );
    tell(tx, app, authority, body, "Advice is asked of you", &words)
}

/// Tells a team that a draft made from its advice waits for its look.
///
/// # Errors
/// When the database fails.
pub(crate) fn to_check(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    body: BodyId,
    due: Date,
) -> Result<(), Error> {
    let words = format!(
        "A draft plan was made from your advice. Please look at your own lines in it by {}: what was kept, what was \
         changed and why. It takes about two minutes, and you can object.\n\n\
         Sign in and open “Advice”.\n",
        crate::web::long_date(due)
    );
    tell(tx, app, authority, body, "See what a draft makes of your advice", &words)
}

/// Tells every team whose advice a plan is made from that it is final. Safe to repeat.
///
/// # Errors
/// When the database fails.
pub(crate) fn of_notice(
    tx: &mut dyn Tx,
    app: &App,
    (authority, id): (AuthorityId, CaseId),
    notice: NoticeId,
    kind: NoticeKind,
) -> Result<(), Error> {
    if kind != NoticeKind::FinalPlan {
        return Ok(());
    }
    let case = journal::load(tx, authority, id)?.case;
    for body in case.contributors() {
        for to in addresses(tx, authority, body)? {
            // The same notice tells the same address once.
            let print = blake3::hash(&[notice.0.as_bytes().as_slice(), to.as_bytes()].concat());
            let message = Uuid::from_slice(&print.as_bytes()[..16])
                .map_err(|cause| Error::Broken { step: "name a message", cause: cause.to_string() })?;
            let words = "A plan that your advice was used for is final. Your working copy is on the child’s page.\n\n\
                         Sign in and open “Children” to read it.\n";
            let email = Email { to, subject: "A plan you gave advice for is final".to_owned(), body: words.to_owned() };
            post::queue_once(tx, app, authority, message, &email)?;
        }
    }
    Ok(())
}
