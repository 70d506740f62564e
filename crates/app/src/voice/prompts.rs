//! A term before the rights pass, everyone concerned is told, once: the officer by a task, the family
//! and the young person by email.

use crate::family::members;
use crate::journal::{self, Act, By, Papers, Who};
use crate::post::{self, To, Words};
use crate::web::long_date;
use crate::{App, Error};
use casework::access::{Action, Role};
use casework::post::Kind;
use casework::{AuthorityId, Case, CaseId, Command, rights};
use db::Tx;
use jiff::civil::{Date, date};

/// The system on its daily round.
const DAILY: &str = "daily_round";

const OF_THE_YEAR: &str = "SELECT authority_id, case_id FROM cases WHERE born_on >= $1 AND born_on <= $2 \
    ORDER BY authority_id, case_id";

/// Birth dates of those who are told on this day: one school year, for the last weeks before its
/// rights pass. All of a school year share the day.
fn told_on(today: Date) -> Option<(Date, Date)> {
    let year = law::calendar::school_year(today);
    let (first, last) = (date(year - 16, 9, 1), date(year - 15, 8, 31));
    let is_time = law::calendar::rights_prompt_on(first) <= today && today < law::calendar::rights_pass_on(first);
    is_time.then_some((first, last))
}

pub(crate) fn words(case: &Case, role: Role) -> Words {
    let from = rights::pass_on(case).map(long_date).unwrap_or_default();
    let (subject, body) = if role == Role::YoungPerson {
        (
            "Your plan will soon be yours to decide",
            format!(
                "From {from} you are in charge of your plan.\n\nYou say what you want. You can have help from \
                 anyone you like. Your parents can still help you.\n\nSign in and open “My rights now” to read more. \
                 Someone from the council will talk with you before then.\n"
            ),
        )
    } else {
        (
            "Who decides about the plan will change",
            format!(
                "From {from} the rights in the plan pass from you to your child. They decide, with help if they want \
                 it. You stay involved, unless they say otherwise.\n\nThe council will talk with your child and with \
                 you before then. If you think that a decision may be too hard for them, say so: help comes first, and \
                 nobody may decide in their place without looking at that one decision.\n\nSign in and open “Who sees \
                 what” to read more.\n"
            ),
        )
    };
    let path = if role == Role::YoungPerson { "rights" } else { "sharing" };
    let path = Some(format!("/family/{}/{path}", case.id));
    Words { kind: Kind::RightsSoon, subject: subject.to_owned(), body, path, by: None }
}

fn prompt(tx: &mut dyn Tx, app: &App, authority: AuthorityId, id: CaseId, today: Date) -> Result<bool, Error> {
    let before = journal::load(tx, authority, id)?;
    let who = Who { by: By::System(DAILY), authority, now: app.clock.now(), today };
    let commands = vec![Command::Rights(rights::Command::Prompt)];
    let act = Act { action: Action::RecordCapacity, seen: None, commands, papers: Papers::default() };
    let version = before.case.version;
    let after = journal::act_on(tx, &who, before, act)?.case;
    if after.version == version {
        return Ok(false);
    }
    for member in members(tx, &after)? {
        let message = post::named(&[b"rights", id.0.as_bytes(), member.user.0.as_bytes()]);
        post::tell(tx, app, authority, message, &To::Person(member.user), &words(&after, member.role))?;
    }
    Ok(true)
}

/// Tells everyone whose day it is and who was not told yet. Safe to repeat. Returns how many.
///
/// # Errors
/// When the database fails; those who were told before it did stay told.
pub fn sweep(app: &App) -> Result<u64, Error> {
    let today = app.clock.today();
    let Some((first, last)) = told_on(today) else { return Ok(0) };
    let cases = app.db.read("prompts.of_the_year", |tx| -> Result<Vec<(AuthorityId, CaseId)>, Error> {
        let rows = tx.query(OF_THE_YEAR, &[first.into(), last.into()])?;
        rows.iter().map(|row| Ok((AuthorityId(row.get(0)?), CaseId(row.get(1)?)))).collect()
    })?;
    let mut told = 0;
    for (authority, id) in cases {
        told += u64::from(app.db.write("prompts.prompt", |tx| prompt(tx, app, authority, id, today))?);
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::told_on;
    use jiff::civil::date;

    #[test]
    fn a_school_year_is_told_in_the_last_twelve_weeks_and_on_no_other_day() {
        let year_11 = Some((date(2010, 9, 1), date(2011, 8, 31)));
        for (today, told) in [
            (date(2026, 11, 23), None),
            (date(2027, 4, 1), None),
            (date(2027, 4, 2), year_11),
            (date(2027, 6, 25), year_11),
            (date(2027, 6, 26), None),
        ] {
            assert_eq!(told_on(today), told, "{today}");
        }
        // Everyone born in those twelve months shares the day.
        let mut born_on = date(2010, 9, 1);
        while born_on <= date(2011, 8, 31) {
            assert_eq!(law::calendar::rights_pass_on(born_on), date(2027, 6, 26), "{born_on}");
            born_on = law::calendar::days(born_on, 1);
        }
    }
}
