//! Children with care needs from Year 9 on: whether the assessment for adult care is done, and who
//! prepares for it (Care Act 2014 section 58, Children Act 1989 section 17ZH).

use super::care::eighteen_on;
use crate::record::looks::named;
use crate::record::store::{Scope, in_scope, name_of};
use crate::web::{Frame, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use casework::CaseId;
use casework::access::{Action, Actor};
use db::Tx;
use jiff::civil::{Date, date};

/// Most children that are listed.
const LISTED_MAX: i64 = 500;
/// Nobody has a plan after their academic year of 25.
const OLDEST: i16 = 26;

const OLDER: &str = concat!(
    "SELECT c.case_id, p.born_on, p.given_name, p.family_name, p.known_as, e.name AS setting, d.care, d.adult_worker, \
     d.transition_on FROM cases c \
     JOIN people p ON p.authority_id = c.authority_id AND p.case_id = c.case_id \
     JOIN designated_cases d ON d.authority_id = c.authority_id AND d.case_id = c.case_id \
     LEFT JOIN establishments e ON e.urn = c.setting_urn WHERE ",
    in_scope!(),
    " AND c.born_on <= $5 AND c.born_on >= $6 AND (d.care = 'open' OR EXISTS (SELECT 1 FROM version_sections s \
     WHERE s.authority_id = c.authority_id AND s.version_id = d.plan_version AND s.section IN ('d', 'h1', 'h2'))) \
     ORDER BY p.born_on, c.case_id LIMIT $7"
);

/// One of them.
pub(super) struct Older {
    case: CaseId,
    name: String,
    setting: String,
    year: i16,
    eighteen_on: Date,
    /// Whether the care system says that the child is open.
    is_open: bool,
    transition_on: Option<Date>,
    is_adult: bool,
    pub has_worker: bool,
}

/// The last day of birth of those who are in Year 9 on `today`.
fn last_birth(today: Date) -> Date {
    let began = if today.month() >= 9 { today.year() } else { today.year() - 1 };
    date(began - 13, 8, 31)
}

/// All of them, the oldest first.
///
/// # Errors
/// When the database fails.
pub(super) fn older(tx: &mut dyn Tx, actor: &Actor, today: Date) -> Result<Vec<Older>, Error> {
    let mut parameters = Scope::of(actor, Action::RecordCare).parameters().to_vec();
    let first = date(today.year() - OLDEST, 9, 1);
    parameters.extend([last_birth(today).into(), first.into(), LISTED_MAX.into()]);
    let mut older = Vec::new();
    for row in tx.query(OLDER, &parameters)? {
        let born_on: Date = row.get("born_on")?;
        let care: Option<String> = row.get("care")?;
        let eighteen_on = eighteen_on(born_on);
        older.push(Older {
            case: CaseId(row.get("case_id")?),
            name: name_of(&row)?,
            setting: row.get::<Option<String>>("setting")?.unwrap_or_default(),
            year: law::calendar::national_curriculum_year(born_on, today, 0),
            eighteen_on,
            is_open: care.as_deref() == Some("open"),
            transition_on: row.get("transition_on")?,
            is_adult: eighteen_on <= today,
            has_worker: row.get("adult_worker")?,
        });
    }
    Ok(older)
}

#[derive(Template)]
#[template(path = "designated/year_nine.html")]
struct OlderPage {
    older: Vec<Older>,
    named: usize,
    assessed: usize,
}

pub async fn show(State(app): State<App>, session: Session) -> Result<Response, Error> {
    session.require(Action::RecordCare)?;
    let (actor, today) = (session.signed_in.actor.clone(), app.clock.today());
    let older = app.blocking(move |app| app.db.read("designated.year_nine", |tx| older(tx, &actor, today))).await?;
    let seen = named(&session.signed_in.actor, older.iter().map(|child| child.case));
    let view = OlderPage {
        named: older.iter().filter(|child| child.has_worker).count(),
        assessed: older.iter().filter(|child| child.transition_on.is_some()).count(),
        older,
    };
    let frame = Frame::for_session(&session, "Year 9 and over").here("/designated").back("/designated", "Back");
    Ok((seen, frame.wide().render(&view)?).into_response())
}

#[cfg(test)]
mod tests {
    use super::last_birth;
    use jiff::civil::date;

    #[test]
    fn year_9_is_counted_from_the_first_of_september() {
        for (today, last) in [
            (date(2026, 8, 31), date(2012, 8, 31)),
            (date(2026, 9, 1), date(2013, 8, 31)),
            (date(2026, 11, 23), date(2013, 8, 31)),
            (date(2027, 1, 1), date(2013, 8, 31)),
        ] {
            assert_eq!(last_birth(today), last, "{today}");
            assert_eq!(law::calendar::national_curriculum_year(last, today, 0), 9);
            assert_eq!(law::calendar::national_curriculum_year(law::calendar::days(last, 1), today, 0), 8);
        }
    }
}
