//! What a team is told: that it is asked, that a draft waits for its look, that a plan it
//! gave advice for is final. Never a child's name.

use crate::independents::words;
use crate::post::{self, To, Words};
use crate::{App, Error, journal};
use casework::notices::NoticeKind;
use casework::post::Kind;
use casework::{AuthorityId, BodyId, CaseId, NoticeId, UserId};
use db::Tx;
use jiff::civil::Date;

const PEOPLE: &str = "SELECT user_id FROM users WHERE authority_id = $1 AND body_id = $2 AND active ORDER BY user_id";
const INDEPENDENT: &str = "SELECT body_id FROM bodies WHERE authority_id = $1 AND body_id = $2 AND is_independent";
const OWN: &str = "SELECT email FROM bodies WHERE authority_id = $1 AND body_id = $2";

/// Where a team reads its post: at the address of its own, or each of its people where they chose.
fn readers(tx: &mut dyn Tx, authority: AuthorityId, body: BodyId) -> Result<Vec<To>, Error> {
    let key = [authority.0.into(), body.0.into()];
    if let Some(row) = tx.find(OWN, &key)?
        && let Some(own) = row.get::<Option<String>>(0)?
    {
        return Ok(vec![To::Email(own)]);
    }
    tx.query(PEOPLE, &key)?.iter().map(|row| Ok(To::Person(UserId(row.get(0)?)))).collect()
}

/// Whether advice was asked of a professional of the family's own, and not of a team.
fn is_independent(tx: &mut dyn Tx, authority: AuthorityId, body: BodyId) -> Result<bool, Error> {
    Ok(tx.find(INDEPENDENT, &[authority.0.into(), body.0.into()])?.is_some())
}

fn tell(tx: &mut dyn Tx, app: &App, authority: AuthorityId, body: BodyId, words: &Words) -> Result<(), Error> {
    for to in readers(tx, authority, body)? {
        post::tell(tx, app, authority, app.ids.next(), &to, words)?;
    }
    Ok(())
}

/// Tells a team that its advice is asked for.
///
/// # Errors
/// When the database fails.
pub(crate) fn asked(tx: &mut dyn Tx, app: &App, authority: AuthorityId, body: BodyId, due: Date) -> Result<(), Error> {
    tell(tx, app, authority, body, &asked_words(due))
}

pub(crate) fn asked_words(due: Date) -> Words {
    let body_text = format!(
        "The council asks for your advice for an assessment. It is due by {}.\n\n\
         Sign in and open “Advice” to read what is known and to write it.\n",
        crate::web::long_date(due)
    );
    let subject = "Advice is asked of you".to_owned();
    let path = Some("/advice".to_owned());
    Words { kind: Kind::AdviceAsked, subject, body: body_text, path, by: Some(due) }
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
    let words = if is_independent(tx, authority, body)? { words::to_check(due) } else { check_words(due) };
    tell(tx, app, authority, body, &words)
}

pub(crate) fn check_words(due: Date) -> Words {
    let body_text = format!(
        "A draft plan was made from your advice. Please look at your own lines in it by {}: what was kept, what was \
         changed and why. It takes about two minutes, and you can object.\n\n\
         Sign in and open “Advice”.\n",
        crate::web::long_date(due)
    );
    let subject = "See what a draft makes of your advice".to_owned();
    let path = Some("/advice".to_owned());
    Words { kind: Kind::DraftToCheck, subject, body: body_text, path, by: Some(due) }
}

pub(crate) fn final_words() -> Words {
    let body = "A plan that your advice was used for is final. Your working copy is on the child’s page.\n\nSign in and \
                open “Children” to read it.\n";
    Words {
        kind: Kind::PlanFinal,
        subject: "A plan you gave advice for is final".to_owned(),
        body: body.to_owned(),
        path: Some("/children".to_owned()),
        by: None,
    }
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
        let words = if is_independent(tx, authority, body)? { words::plan_final() } else { final_words() };
        for to in readers(tx, authority, body)? {
            // The same notice tells the same reader once.
            let reader = match &to {
                To::Person(user) => user.0.as_bytes().to_vec(),
                To::Email(address) => address.as_bytes().to_vec(),
                To::Number(_, mobile) => mobile.as_str().as_bytes().to_vec(),
            };
            let message = post::named(&[b"final", notice.0.as_bytes(), &reader]);
            post::tell(tx, app, authority, message, &to, &words)?;
        }
    }
    Ok(())
}
