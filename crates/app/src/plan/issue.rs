//! Issuing the final plan: everything that stands in the way, in words, before the button; and what
//! was made, after it.

use super::draft::desk;
use super::letters::{answered, appeal_dates, placement_words, received};
use crate::assessment::notice::{NoticeForm, first_values, leaving, notice_fields};
use crate::journal::Papers;
use crate::recipients::plan_parts;
use crate::record::{case_names, store, working};
use crate::voice::about_me::still_for_everyone;
use crate::web::case_form::{Asked, form_page, subject, submit_then};
use crate::web::{Fields, Page, Posted, Problem, Problems, Session, Typed, error_summary, see_other};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::advice::report::Report;
use casework::notices::NoticeKind;
use casework::placement::Named;
use casework::plans::{Issuing, in_the_way_of_issuing};
use casework::recipients::Sending;
use casework::{AdviceId, Case, CaseId, Command, NoticeId, PlanId, Refusal, plans};
use db::Tx;
use jiff::civil::Date;
use law::RuleId;

/// One thing in the way, with the page where it is dealt with.
struct Obstacle {
    words: String,
    href: String,
}

struct AppealDate {
    title: &'static str,
    due_on: Date,
    working: govuk::Html,
}

#[derive(Template)]
#[template(path = "plan/issue.html")]
struct IssuePage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    obstacles: Vec<Obstacle>,
    /// The only thing in the way is the family's time, which they may agree to cut short.
    only_time: bool,
    /// The family's time runs: the box that they agreed in writing is shown.
    time_runs: Option<Date>,
    appeal: Vec<AppealDate>,
    sent_on: Date,
    final_due: Date,
    late_by: i32,
    health_provision: bool,
    health_agreed_on: Option<Date>,
    section_i: Option<String>,
    notice: govuk::Html,
    attends: bool,
}

/// Where each obstacle is dealt with.
fn href(id: CaseId, refusal: &Refusal) -> String {
    let page = match refusal {
        Refusal::NoDraft | Refusal::ChangedWithoutRepresentation => "send-draft",
        Refusal::DraftIncomplete { .. } => "draft#checks",
        Refusal::RepresentationsUnanswered { .. } => "comments",
        Refusal::ContradictionsOpen { .. } => "draft/advice#contradictions",
        Refusal::AdviceNotFollowedWithoutReason { .. } | Refusal::ObjectionsUnanswered { .. } => "draft/advice",
        Refusal::PlacementNotNamed | Refusal::PreferenceUnanswered => "placement",
        Refusal::HealthAgreementMissing => "issue#health",
        _ => "issue#letter",
    };
    format!("/children/{id}/{page}")
}

/// What advisers signed for the live request.
fn signed_reports(tx: &mut dyn Tx, case: &Case) -> Result<Vec<(AdviceId, Report)>, Error> {
    match case.live_request() {
        Some(request) => crate::advice::store::signed(tx, case, request),
        None => Ok(vec![]),
    }
}

async fn page(app: App, session: Session, id: CaseId, typed: Option<Typed>, problem: Problem) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, saved, profile, names, reports) = app
        .blocking(move |app| {
            app.db.read("plan.issue_form", |tx| -> Result<_, Error> {
                let (subject, saved) = desk(tx, &who, id, Action::IssueFinalPlan)?;
                let names = crate::record::case_names(tx, &subject.case)?.settings;
                let reports = signed_reports(tx, &subject.case)?;
                Ok((subject, saved, store::authority(tx, who.authority)?.2, names, reports))
            })
        })
        .await?;
    let request = subject.case.live_request().ok_or(Refusal::NoOpenRequest)?;
    let kind = NoticeKind::FinalPlan;
    let mut values = Typed::default();
    first_values(&mut values, kind, &subject.case, today);
    values.set("agreed-on", today.to_string());
    let mut typed = typed.unwrap_or_default();
    // The page holds two forms: the one that was not posted keeps its first values.
    let (letter_posted, health_posted) = (typed.find("delivery").is_some(), typed.find("agreed-on-day").is_some());
    for (name, value) in values.fields() {
        let posted = if name == "agreed-on" { health_posted } else { letter_posted };
        if !posted {
            typed.add(name, value.clone());
        }
    }
    let sent_on = Problems::default().date(&typed, "sent-on", "").unwrap_or(today);
    let agreed_early = typed.has("agreed-early", "yes");
    let obstacles: Vec<Refusal> = match &saved {
        None => vec![Refusal::NoDraft],
        Some(saved) => in_the_way_of_issuing(
            &subject.case,
            request,
            &Issuing {
                version: saved.version,
                content: &saved.content,
                fingerprint: &saved.fingerprint,
                sent_on,
                reports: &reports,
                family_agreed_early: agreed_early,
            },
        ),
    };
    let broken = |fault: law::Fault| Error::Broken { step: "work out a date", cause: fault.to_string() };
    let mut appeal = Vec::new();
    for deadline in appeal_dates(sent_on).map_err(broken)? {
        let explanation = law::explain(&deadline, &[deadline.trigger]);
        appeal.push(AppealDate {
            title: explanation.rule_title,
            due_on: deadline.due_on,
            working: working(explanation, deadline.due_on)?,
        });
    }
    let final_due = subject
        .case
        .deadlines()
        .iter()
        .rev()
        .find(|d| d.rule == RuleId::FinalPlan20w)
        .map_or_else(|| law::calendar::weeks(request.received_on, 20), |d| d.due_on);
    let until = request.served_draft().and_then(|draft| draft.comments_until);
    let view = IssuePage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed: &typed, errors: &problem.errors },
        only_time: matches!(obstacles.as_slice(), [Refusal::FamilyStillHasTime { .. }]),
        time_runs: until.filter(|until| today <= *until),
        obstacles: obstacles
            .into_iter()
            .map(|refusal| Obstacle { words: refusal.to_string(), href: href(id, &refusal) })
            .collect(),
        appeal,
        sent_on,
        final_due,
        late_by: (sent_on - final_due).get_days(),
        health_provision: saved.as_ref().is_some_and(|saved| saved.content.has_health_provision()),
        health_agreed_on: request.health_agreed_on,
        section_i: request.named.map(|named| {
            placement_words(named, |urn| {
                names.get(&i64::from(urn)).cloned().unwrap_or_else(|| format!("Establishment {urn}"))
            })
        }),
        attends: matches!(request.named, Some(Named::Institution { .. })),
        notice: notice_fields(kind, &subject.case, &profile, &typed, &problem.errors, true)?,
        name: subject.name.clone(),
    };
    form_page(&session, id, "Issue the final plan", &subject.name, &problem, &view)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(app, session, id, None, Problem::default()).await
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/issue");
    let then = || see_other(&format!("/children/{id}/issued"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        move |tx, app, who, typed| {
            let (subject, saved) = desk(tx, who, id, Action::IssueFinalPlan)?;
            let saved = saved.ok_or(Refusal::NoDraft)?;
            still_for_everyone(tx, &subject.case, &saved.content)?;
            let profile = store::authority(tx, who.authority)?.2;
            let mut problems = Problems::default();
            let notice = NoticeId(app.ids.next());
            let form = NoticeForm::parse(notice, NoticeKind::FinalPlan, &profile, typed, &mut problems, true);
            problems.check()?;
            let notice = form.ok_or(Error::NotFound)?.notice;
            let leaving = leaving(tx, who, id, Sending::FinalPlan, &notice)?
                .parts(plan_parts(&saved.content))
                .parts(received(tx, who, id)?)
                .parts(answered(tx, who, id)?);
            let command = plans::Command::IssueFinal {
                plan: PlanId(app.ids.next()),
                version: saved.version,
                content: Box::new(saved.content),
                fingerprint: saved.fingerprint,
                notice,
                reports: signed_reports(tx, &subject.case)?,
                family_agreed_early: typed.has("agreed-early", "yes"),
            };
            Ok(Asked {
                action: Action::IssueFinalPlan,
                commands: vec![Command::Plans(command)],
                papers: Papers::default(),
            }
            .leaving(leaving))
        },
        again,
    )
    .await
}

pub async fn agree_health(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| page(app, session, id, Some(typed), problem)
    };
    let address = format!("/children/{id}/issue/health");
    let then = || see_other(&format!("/children/{id}/issue"));
    submit_then(
        &app,
        &session,
        id,
        posted,
        &address,
        then,
        |_, _, _, typed| {
            let mut problems = Problems::default();
            let on = problems.date(typed, "agreed-on", "The day the integrated care board agreed");
            problems.check()?;
            let command = plans::Command::RecordHealthAgreement { on: on.ok_or(Error::NotFound)? };
            Ok(Asked {
                action: Action::IssueFinalPlan,
                commands: vec![Command::Plans(command)],
                papers: Papers::default(),
            })
        },
        again,
    )
    .await
}

#[derive(Template)]
#[template(path = "plan/issued.html")]
struct IssuedPage {
    case: CaseId,
    name: String,
    issued_on: Date,
    due_on: Option<Date>,
    /// Days after the limit; none or less is on time.
    late_by: i32,
    disapplied: bool,
    documents: Vec<store::DocumentLine>,
    appeal: Vec<AppealDate>,
    /// Names of the teams that keep a working copy.
    contributors: Vec<String>,
}

/// What was issued, whether on time, and what was made.
pub async fn issued(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let who = session.who(&app);
    let (subject, documents, names) = app
        .blocking(move |app| {
            app.db.read("plan.issued", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::ReadDocument)?;
                let names = case_names(tx, &subject.case)?;
                let mut documents = store::documents(tx, who.authority, id)?;
                documents.retain(|document| document.notice.is_some());
                Ok((subject, documents, names))
            })
        })
        .await?;
    let plan = subject.case.plan_in_force().ok_or(Error::NotFound)?;
    let notice = subject.case.requests.iter().rev().find_map(|request| request.notice(NoticeKind::FinalPlan));
    let limit = subject.case.deadlines().into_iter().rev().find(|d| d.rule == RuleId::FinalPlan20w);
    let broken = |fault: law::Fault| Error::Broken { step: "work out a date", cause: fault.to_string() };
    let mut appeal = Vec::new();
    for deadline in appeal_dates(plan.issued_on).map_err(broken)? {
        let explanation = law::explain(&deadline, &[deadline.trigger]);
        appeal.push(AppealDate {
            title: explanation.rule_title,
            due_on: deadline.due_on,
            working: working(explanation, deadline.due_on)?,
        });
    }
    let view = IssuedPage {
        case: id,
        issued_on: plan.issued_on,
        due_on: limit.as_ref().map(|limit| limit.due_on),
        late_by: limit.as_ref().map_or(0, |limit| (plan.issued_on - limit.due_on).get_days()),
        disapplied: limit.is_some_and(|limit| limit.disapplied.is_some()),
        documents: documents
            .into_iter()
            .filter(|document| notice.is_some_and(|notice| document.notice == Some(notice.id.0)))
            .collect(),
        appeal,
        contributors: subject
            .case
            .contributors()
            .into_iter()
            .filter_map(|body| names.bodies.get(&body.0).cloned())
            .collect(),
        name: subject.name.clone(),
    };
    form_page(&session, id, "The final plan is issued", &subject.name, &Problem::default(), &view)
}
