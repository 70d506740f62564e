//! What a family is told when something was decided: what changed, what to do, by when.
//! Never a name: whoever reads over a shoulder learns nothing of a child.

use super::members;
use crate::Error;
use crate::journal::load;
use crate::post::{self, To, Words};
use crate::web::long_date;
use crate::{App, journal};
use casework::access::{Action, Role};
use casework::notices::NoticeKind;
use casework::post::Kind;
use casework::{AuthorityId, Case, CaseId, NoticeId};
use db::Tx;
use jiff::civil::Date;
use law::RuleId;

/// The day of a rule that is still to come.
fn open_day(case: &Case, rule: RuleId) -> Option<Date> {
    let deadlines = case.deadlines();
    let open = deadlines.iter().rev().find(|d| d.rule == rule && d.met_on.is_none() && d.superseded_by.is_none());
    open.map(|deadline| deadline.due_on)
}

/// The same as a clause: " by Monday 4 January 2027".
fn by(case: &Case, rule: RuleId) -> String {
    open_day(case, rule).map(|day| format!(" by {}", long_date(day))).unwrap_or_default()
}

/// The rule that gives the family itself a day after this notice.
fn day_of(kind: NoticeKind) -> Option<RuleId> {
    match kind {
        NoticeKind::DraftPlan => Some(RuleId::DraftRepresentations15d),
        NoticeKind::RefusalToAssess | NoticeKind::NoPlan | NoticeKind::FinalPlan => Some(RuleId::AppealToFtt),
        NoticeKind::ConsideringAssessment | NoticeKind::WillAssess => None,
    }
}

/// What changed, and what the family can do.
fn words(case: &Case, kind: NoticeKind) -> (&'static str, String) {
    match kind {
        NoticeKind::ConsideringAssessment => (
            "The council is considering whether to assess.",
            format!(
                "You can tell it what you think and send anything that helps. It decides{}.",
                by(case, RuleId::AssessDecision6w)
            ),
        ),
        NoticeKind::WillAssess => (
            "The council will assess.",
            format!(
                "Tell it what you think is needed and what you hope for: it asks only what you have not said yet. It asks \
                 everyone else itself, and you need not chase anyone. If there is to be a plan, you have it{}.",
                by(case, RuleId::FinalPlan20w)
            ),
        ),
        NoticeKind::RefusalToAssess => (
            "The council has decided not to assess.",
            "You can disagree. The letter gives the reasons, says how, and has your own dates.".to_owned(),
        ),
        NoticeKind::NoPlan => (
            "The council has decided that there will be no plan.",
            "You can disagree. The letter gives the reasons, says how, and has your own dates.".to_owned(),
        ),
        NoticeKind::DraftPlan => (
            "The draft plan is ready for you.",
            format!(
                "Read it, say what you think of it and which school or college you want{}. You can ask to meet.",
                by(case, RuleId::DraftRepresentations15d)
            ),
        ),
        NoticeKind::FinalPlan => (
            "The plan is final.",
            "Everything in it must be provided from now on. If you disagree with it, the letter says what you can do, \
             and by when."
                .to_owned(),
        ),
    }
}

/// Where it is read, or where something is asked of them.
fn page_of(kind: NoticeKind, case: CaseId) -> String {
    let page = match kind {
        NoticeKind::WillAssess => "/views",
        NoticeKind::DraftPlan | NoticeKind::FinalPlan => "/plan",
        NoticeKind::ConsideringAssessment | NoticeKind::RefusalToAssess | NoticeKind::NoPlan => "",
    };
    format!("/family/{case}{page}")
}

/// What somebody of the family is told of a notice.
pub(crate) fn told(case: &Case, kind: NoticeKind, role: Role) -> Words {
    let (changed, next) = words(case, kind);
    let page = if role == Role::YoungPerson { "My page" } else { "My child" };
    Words {
        kind: Kind::NoticeSent,
        subject: changed.to_owned(),
        body: format!("{changed}\n\n{next}\n\nSign in and open “{page}” to read the letter.\n"),
        path: Some(page_of(kind, case.id)),
        by: day_of(kind).and_then(|rule| open_day(case, rule)),
    }
}

/// Tells everyone of the family who has an account and may read it that a notice was sent. Safe to
/// repeat.
///
/// # Errors
/// When the database fails.
pub fn of_notice(
    tx: &mut dyn Tx,
    app: &App,
    (authority, id): (AuthorityId, CaseId),
    notice: NoticeId,
    kind: NoticeKind,
) -> Result<(), Error> {
    let journal::Loaded { case, .. } = load(tx, authority, id)?;
    for member in members(tx, &case)?.into_iter().filter(|member| member.may(&case, Action::SeeOwnRecord)) {
        // The same notice tells the same person once.
        let message = post::named(&[b"notice", notice.0.as_bytes(), member.user.0.as_bytes()]);
        let words = told(&case, kind, member.role);
        post::tell(tx, app, authority, message, &To::Person(member.user), &words)?;
    }
    Ok(())
}
