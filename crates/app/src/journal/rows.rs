//! Rows of what waits, was asked, went somewhere, was opened or was held: a table each. They follow from the
//! case's state alone, as everything in [`super::listed`].

use crate::Error;
use casework::advice::AdviceRequest;
use casework::enquiries::{self, Enquiry};
use casework::openings::Opening;
use casework::people::facts::{Asking, Fact};
use casework::recipients::Hold;
use casework::{AuthorityId, Case, CaseId};
use db::{Row, Value};
use jiff::civil::Date;
use std::borrow::Cow;
use uuid::Uuid;

/// A row of `advice_waiting`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WaitingRow {
    pub advice: Uuid,
    body: Uuid,
    kind: Cow<'static, str>,
    /// `advice` to give, or a draft to `check`.
    purpose: Cow<'static, str>,
    asked_on: Date,
    due_on: Date,
}

impl WaitingRow {
    /// All advice of the live request that has no answer, whose six weeks are regulation 8(1)'s,
    /// and every draft that an adviser was asked to look at and has not.
    pub fn all(case: &Case) -> Vec<WaitingRow> {
        let asked = case.live_request().map(|request| request.advice.as_slice()).unwrap_or_default();
        let row = |asked: &AdviceRequest, purpose: &'static str, asked_on, due_on| WaitingRow {
            advice: asked.id.0,
            body: asked.body.0,
            kind: <&'static str>::from(asked.kind).into(),
            purpose: purpose.into(),
            asked_on,
            due_on,
        };
        asked
            .iter()
            .filter_map(|asked| match (&asked.reply, asked.check_waiting()) {
                (None, _) => Some(row(asked, "advice", asked.asked_on, law::calendar::weeks(asked.reached_on, 6))),
                (Some(_), Some(check)) => Some(row(asked, "check", check.asked_on, check.due_on())),
                (Some(_), None) => None,
            })
            .collect()
    }

    pub fn values(&self, authority: AuthorityId, case: CaseId) -> Vec<Value> {
        vec![
            authority.0.into(),
            case.0.into(),
            self.advice.into(),
            self.body.into(),
            (&*self.kind).into(),
            (&*self.purpose).into(),
            self.asked_on.into(),
            self.due_on.into(),
        ]
    }

    pub fn read(row: &Row) -> Result<WaitingRow, Error> {
        Ok(WaitingRow {
            advice: row.get("advice_id")?,
            body: row.get("body_id")?,
            kind: row.get::<String>("kind")?.into(),
            purpose: row.get::<String>("purpose")?.into(),
            asked_on: row.get("asked_on")?,
            due_on: row.get("due_on")?,
        })
    }
}

/// A row of `askings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AskingRow {
    form: Cow<'static, str>,
    teller: Cow<'static, str>,
    asked_on: Date,
    /// Codes of facts.
    asked: String,
    confirmed: String,
}

impl AskingRow {
    pub fn of(asking: &Asking) -> AskingRow {
        let codes = |facts: &[Fact]| facts.iter().map(|fact| fact.code()).collect::<Vec<_>>().join(" ");
        AskingRow {
            form: asking.form.code().into(),
            teller: asking.of.code().into(),
            asked_on: asking.on,
            asked: codes(&asking.asked),
            confirmed: codes(&asking.confirmed),
        }
    }

    pub fn values(&self, authority: AuthorityId, case: CaseId, place: usize) -> Vec<Value> {
        vec![
            authority.0.into(),
            case.0.into(),
            i64::try_from(place).unwrap_or(i64::MAX).into(),
            (&*self.form).into(),
            (&*self.teller).into(),
            self.asked_on.into(),
            (&self.asked).into(),
            (&self.confirmed).into(),
        ]
    }

    pub fn read(row: &Row) -> Result<AskingRow, Error> {
        Ok(AskingRow {
            form: row.get::<String>("form")?.into(),
            teller: row.get::<String>("teller")?.into(),
            asked_on: row.get("asked_on")?,
            asked: row.get("asked")?,
            confirmed: row.get("confirmed")?,
        })
    }
}

/// A row of `contact_routes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RouteRow {
    enquiry: Uuid,
    about: Cow<'static, str>,
    came_on: Date,
    /// Those who have it, or had it when it was answered; nobody when it was answered at first touch.
    desk: Option<Cow<'static, str>>,
    passed_on: Option<Date>,
    answered_on: Option<Date>,
}

impl RouteRow {
    pub fn all(case: &Case) -> Vec<RouteRow> {
        let own = case.enquiries.iter().filter(|enquiry| enquiries::stands_for_itself(case, enquiry));
        let mut rows: Vec<RouteRow> = own.filter_map(RouteRow::of).collect();
        rows.sort_unstable_by_key(|row| row.enquiry);
        rows
    }

    pub fn of(enquiry: &Enquiry) -> Option<RouteRow> {
        let passed = enquiry.passed.last();
        Some(RouteRow {
            enquiry: enquiry.id.0,
            about: <&'static str>::from(enquiry.about?).into(),
            came_on: enquiry.on,
            desk: passed.map(|passed| <&'static str>::from(passed.desk).into()),
            passed_on: enquiry.with_them_since(),
            answered_on: enquiry.answered.map(|answered| answered.on),
        })
    }

    pub fn values(&self, authority: AuthorityId, case: CaseId) -> Vec<Value> {
        vec![
            authority.0.into(),
            case.0.into(),
            self.enquiry.into(),
            (&*self.about).into(),
            self.came_on.into(),
            self.desk.as_deref().into(),
            self.passed_on.into(),
            self.answered_on.into(),
        ]
    }

    pub fn read(row: &Row) -> Result<RouteRow, Error> {
        Ok(RouteRow {
            enquiry: row.get("enquiry_id")?,
            about: row.get::<String>("about")?.into(),
            came_on: row.get("came_on")?,
            desk: row.get::<Option<String>>("desk")?.map(Into::into),
            passed_on: row.get("passed_on")?,
            answered_on: row.get("answered_on")?,
        })
    }
}

/// A row of `record_openings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpeningRow {
    opening: Uuid,
    user: Uuid,
    emergency: Cow<'static, str>,
    opened_on: Date,
    until_on: Date,
    ended_on: Option<Date>,
    family_told_on: Option<Date>,
    looked_at_on: Option<Date>,
    was_right: Option<bool>,
}

impl OpeningRow {
    pub fn all(case: &Case) -> Vec<OpeningRow> {
        let mut rows: Vec<OpeningRow> = case.openings.iter().map(OpeningRow::of).collect();
        rows.sort_unstable_by_key(|row| row.opening);
        rows
    }

    pub fn of(opening: &Opening) -> OpeningRow {
        OpeningRow {
            opening: opening.id.0,
            user: opening.user.0,
            emergency: <&'static str>::from(opening.emergency).into(),
            opened_on: opening.on,
            until_on: opening.until,
            ended_on: opening.ended_on,
            family_told_on: opening.family_told_on,
            looked_at_on: opening.look.map(|look| look.on),
            was_right: opening.look.map(|look| look.was_right),
        }
    }

    pub fn values(&self, authority: AuthorityId, case: CaseId) -> Vec<Value> {
        vec![
            authority.0.into(),
            case.0.into(),
            self.opening.into(),
            self.user.into(),
            (&*self.emergency).into(),
            self.opened_on.into(),
            self.until_on.into(),
            self.ended_on.into(),
            self.family_told_on.into(),
            self.looked_at_on.into(),
            self.was_right.into(),
        ]
    }

    pub fn read(row: &Row) -> Result<OpeningRow, Error> {
        Ok(OpeningRow {
            opening: row.get("opening_id")?,
            user: row.get("user_id")?,
            emergency: row.get::<String>("emergency")?.into(),
            opened_on: row.get("opened_on")?,
            until_on: row.get("until_on")?,
            ended_on: row.get("ended_on")?,
            family_told_on: row.get("family_told_on")?,
            looked_at_on: row.get("looked_at_on")?,
            was_right: row.get("was_right")?,
        })
    }
}

/// A row of `held_sends`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeldRow {
    hold: Uuid,
    sending: Cow<'static, str>,
    /// Codes of what stopped it, each once.
    kinds: String,
    held_on: Date,
    held_by: Option<Uuid>,
    released_on: Option<Date>,
    released_by: Option<Uuid>,
    put_right_on: Option<Date>,
}

impl HeldRow {
    pub fn all(case: &Case) -> Vec<HeldRow> {
        let mut rows: Vec<HeldRow> = case.holds.iter().map(HeldRow::of).collect();
        rows.sort_unstable_by_key(|row| row.hold);
        rows
    }

    pub fn of(hold: &Hold) -> HeldRow {
        let mut kinds: Vec<&str> = hold.stops.iter().map(|stop| stop.kind.code()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        HeldRow {
            hold: hold.id.0,
            sending: hold.sending.code().into(),
            kinds: kinds.join(" "),
            held_on: hold.on,
            held_by: hold.by.map(|by| by.0),
            released_on: hold.released.as_ref().map(|released| released.on),
            released_by: hold.released.as_ref().and_then(|released| released.by).map(|by| by.0),
            put_right_on: hold.put_right_on,
        }
    }

    pub fn values(&self, authority: AuthorityId, case: CaseId) -> Vec<Value> {
        vec![
            authority.0.into(),
            case.0.into(),
            self.hold.into(),
            (&*self.sending).into(),
            (&self.kinds).into(),
            self.held_on.into(),
            self.held_by.into(),
            self.released_on.into(),
            self.released_by.into(),
            self.put_right_on.into(),
        ]
    }

    pub fn read(row: &Row) -> Result<HeldRow, Error> {
        Ok(HeldRow {
            hold: row.get("hold_id")?,
            sending: row.get::<String>("sending")?.into(),
            kinds: row.get("kinds")?,
            held_on: row.get("held_on")?,
            held_by: row.get("held_by")?,
            released_on: row.get("released_on")?,
            released_by: row.get("released_by")?,
            put_right_on: row.get("put_right_on")?,
        })
    }
}
