//! Who is away and who covers, in the database; and telling the families of it.

use crate::family::members;
use crate::journal;
use crate::post::{self, To, Words};
use crate::web::long_date;
use crate::{App, Error};
use casework::access::Action;
use casework::cover::Absence;
use casework::post::Kind;
use casework::{AuthorityId, CaseId, UserId};
use db::{Row, Tx};
use jiff::civil::Date;
use uuid::Uuid;

/// An absence with its names.
#[derive(Debug, Clone)]
pub(crate) struct Away {
    pub id: Uuid,
    pub absence: Absence,
    pub who: String,
    pub cover: String,
}

const ADD: &str = "INSERT INTO absences (authority_id, absence_id, user_id, from_on, until_on, cover_id, noted_by, noted_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const OPEN: &str = "SELECT a.absence_id, a.user_id, a.from_on, a.until_on, a.cover_id, w.name AS who, c.name AS cover \
    FROM absences a JOIN users w ON w.authority_id = a.authority_id AND w.user_id = a.user_id \
    JOIN users c ON c.authority_id = a.authority_id AND c.user_id = a.cover_id \
    WHERE a.authority_id = $1 AND a.until_on >= $2 ORDER BY a.from_on, a.absence_id LIMIT 500";
const CUT: &str = "UPDATE absences SET until_on = $3 WHERE authority_id = $1 AND absence_id = $2";
const DROP: &str = "DELETE FROM absences WHERE authority_id = $1 AND absence_id = $2";
const UNTOLD: &str = "SELECT authority_id, absence_id FROM absences \
    WHERE told_at IS NULL AND from_on <= $1 AND until_on >= $1 ORDER BY authority_id, absence_id";
const TOLD: &str = "UPDATE absences SET told_at = $3 WHERE authority_id = $1 AND absence_id = $2";
const CASES: &str = "SELECT DISTINCT c.case_id FROM cases c \
    JOIN case_family f ON f.authority_id = c.authority_id AND f.case_id = c.case_id \
    WHERE c.authority_id = $1 AND c.officer_id = $2 ORDER BY c.case_id";
const HAND_COVER: &str =
    "UPDATE absences SET cover_id = $4 WHERE authority_id = $1 AND cover_id = $2 AND until_on >= $3 AND user_id <> $4";
const STILL_COVERS: &str = "SELECT COUNT(*) FROM absences WHERE authority_id = $1 AND cover_id = $2 AND until_on >= $3";

fn read(row: &Row) -> Result<Away, Error> {
    Ok(Away {
        id: row.get("absence_id")?,
        absence: Absence {
            who: UserId(row.get("user_id")?),
            from: row.get("from_on")?,
            until: row.get("until_on")?,
            cover: UserId(row.get("cover_id")?),
        },
        who: row.get("who")?,
        cover: row.get("cover")?,
    })
}

/// Absences that are not over on a day, the first to begin first.
///
/// # Errors
/// When the database fails.
pub(crate) fn open(tx: &mut dyn Tx, authority: AuthorityId, today: Date) -> Result<Vec<Away>, Error> {
    tx.query(OPEN, &[authority.0.into(), today.into()])?.iter().map(read).collect()
}

/// The absence of this person today.
///
/// # Errors
/// When the database fails.
pub(crate) fn of(tx: &mut dyn Tx, authority: AuthorityId, who: UserId, today: Date) -> Result<Option<Away>, Error> {
    Ok(open(tx, authority, today)?.into_iter().find(|away| away.absence.who == who && away.absence.holds(today)))
}

/// Those for whom this person covers today.
///
/// # Errors
/// When the database fails.
pub(crate) fn by(tx: &mut dyn Tx, authority: AuthorityId, cover: UserId, today: Date) -> Result<Vec<Away>, Error> {
    let mut all = open(tx, authority, today)?;
    all.retain(|away| away.absence.cover == cover && away.absence.holds(today));
    Ok(all)
}

pub(super) fn add(
    tx: &mut dyn Tx,
    app: &App,
    authority: AuthorityId,
    absence: &Absence,
    noted_by: Option<UserId>,
) -> Result<(), Error> {
    tx.execute(
        ADD,
        &[
            authority.0.into(),
            app.ids.next().into(),
            absence.who.0.into(),
            absence.from.into(),
            absence.until.into(),
            absence.cover.0.into(),
            noted_by.map(|user| user.0).into(),
            app.clock.now().into(),
        ],
    )?;
    Ok(())
}

/// Somebody is back: yesterday was their last day away, or they never went.
pub(super) fn end(tx: &mut dyn Tx, authority: AuthorityId, away: &Away, today: Date) -> Result<(), Error> {
    let key = [authority.0.into(), away.id.into()];
    if away.absence.from >= today {
        tx.execute(DROP, &key)?;
    } else {
        let yesterday = law::calendar::days(today, -1);
        tx.execute(CUT, &[key[0].clone(), key[1].clone(), yesterday.into()])?;
    }
    Ok(())
}

/// What a leaver was to cover is covered by another. Says how much cannot be: nobody covers for themself.
pub(super) fn hand_over(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    from: UserId,
    to: UserId,
    today: Date,
) -> Result<i64, Error> {
    tx.execute(HAND_COVER, &[authority.0.into(), from.0.into(), today.into(), to.0.into()])?;
    still_covers(tx, authority, from, today)
}

/// Absences, now or later, that this person is the cover of.
pub(super) fn still_covers(tx: &mut dyn Tx, authority: AuthorityId, user: UserId, today: Date) -> Result<i64, Error> {
    Ok(tx.query_one(STILL_COVERS, &[authority.0.into(), user.0.into(), today.into()])?.get(0)?)
}

/// What a family is told when the person who works with it goes away.
pub(crate) fn told(case: CaseId, cover: &str, until: Date) -> Words {
    let until = long_date(until);
    Words {
        kind: Kind::CoverBegins,
        subject: "The person who works with you is away".to_owned(),
        body: format!(
            "The person at the council who works with you is away until {until}.\n\nUntil then {cover} has everything. \
             What you were promised stays promised. You need do nothing; write or ring as you always do.\n\nSign in \
             and open “My child” to see who has it.\n"
        ),
        path: Some(format!("/family/{case}")),
        by: None,
    }
}

/// Tells the families of everyone who is away from today and was not told of yet. Safe to repeat. Says
/// how many absences there were.
///
/// # Errors
/// When the database fails; those who were told before it did stay told.
pub fn sweep(app: &App) -> Result<u64, Error> {
    let today = app.clock.today();
    let untold = app.db.read("cover.untold", |tx| -> Result<Vec<(AuthorityId, Uuid)>, Error> {
        tx.query(UNTOLD, &[today.into()])?.iter().map(|row| Ok((AuthorityId(row.get(0)?), row.get(1)?))).collect()
    })?;
    let mut told = 0;
    for (authority, id) in untold {
        app.db.write("cover.tell", |tx| tell(tx, app, authority, id, today))?;
        told += 1;
    }
    Ok(told)
}

fn tell(tx: &mut dyn Tx, app: &App, authority: AuthorityId, id: Uuid, today: Date) -> Result<(), Error> {
    let Some(away) = open(tx, authority, today)?.into_iter().find(|away| away.id == id) else { return Ok(()) };
    for row in tx.query(CASES, &[authority.0.into(), away.absence.who.0.into()])? {
        let case = journal::load(tx, authority, CaseId(row.get(0)?))?.case;
        for member in members(tx, &case)?.into_iter().filter(|member| member.may(&case, Action::SeeOwnRecord)) {
            // Whoever has two children with the same officer hears it once.
            let message = post::named(&[b"cover", id.as_bytes(), member.user.0.as_bytes()]);
            let words = self::told(case.id, &away.cover, away.absence.until);
            post::tell(tx, app, authority, message, &To::Person(member.user), &words)?;
        }
    }
    tx.execute(TOLD, &[authority.0.into(), id.into(), app.clock.now().into()])?;
    Ok(())
}
