//! The part of a form that sends a statutory notice: who receives it, how and when it goes, and the
//! checklist of what it carries.

use crate::admin::areas::Profile;
use crate::journal::Who;
use crate::recipients::{self, Leaving};
use crate::web::case_form::{Asked, form_page, subject, submit};
use crate::web::{Choice, Fields, Page, Posted, Problem, Problems, Session, Typed, choices, error_summary};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use casework::access::Action;
use casework::notices::{Delivery, Notice, NoticeItem, NoticeKind, Recipient};
use casework::recipients::Sending;
use casework::{Case, CaseId, Command, NoticeId, requests};
use db::Tx;
use std::collections::BTreeSet;
use strum::IntoEnumIterator;

/// What the letter of this kind will carry, from what the area and the case hold. An item is
/// carried only when there is something true to say under it.
pub(crate) fn carried(kind: NoticeKind, profile: &Profile, has_reasons: bool) -> BTreeSet<NoticeItem> {
    kind.required()
        .into_iter()
        .filter(|item| match item {
            NoticeItem::Reasons => has_reasons,
            NoticeItem::MediationInformation => profile.mediation.is_reachable(),
            NoticeItem::DisagreementResolution => profile.disagreement_resolution.is_reachable(),
            NoticeItem::InformationAdviceAndSupport => profile.advice_and_support.is_reachable(),
            NoticeItem::MeetingWithOfficer | NoticeItem::RightToExpressViews | NoticeItem::PersonalBudget => {
                profile.council.is_reachable()
            }
            NoticeItem::WhereToFindSchools => !profile.local_offer.trim().is_empty(),
            NoticeItem::RightOfAppeal
            | NoticeItem::TimeLimitForAppeal
            | NoticeItem::TribunalRecommendations
            | NoticeItem::ThatItIsConsidering
            | NoticeItem::PlanAttached
            | NoticeItem::AdviceAppended
            | NoticeItem::FifteenDays
            | NoticeItem::RightToRequestInstitution => true,
        })
        .collect()
}

/// The notice part of a page.
#[derive(Template)]
#[template(path = "assessment/notice_fields.html")]
struct NoticeFields<'a> {
    f: Fields<'a>,
    kind: NoticeKind,
    recipients: Vec<Choice>,
    deliveries: Vec<Choice>,
    items: Vec<(&'static str, bool)>,
}

/// Renders the notice part: recipients ticked, today's date, the checklist as it stands.
pub(crate) fn notice_fields(
    kind: NoticeKind,
    case: &Case,
    profile: &Profile,
    typed: &Typed,
    errors: &[FieldError],
    has_reasons: bool,
) -> Result<govuk::Html, Error> {
    let carries = carried(kind, profile, has_reasons);
    let view = NoticeFields {
        f: Fields { typed, errors },
        kind,
        recipients: choices(kind.recipients(case.attends_setting()), |who| who.to_string(), Recipient::label),
        deliveries: choices(Delivery::iter(), |delivery| delivery.to_string(), Delivery::label),
        items: kind.required().into_iter().map(|item| (item.label(), carries.contains(&item))).collect(),
    };
    govuk::Html::render(&view).map_err(|cause| Error::Broken { step: "render a notice form", cause: cause.to_string() })
}

/// What is filled in when a notice form is first shown.
pub(crate) fn first_values(typed: &mut Typed, kind: NoticeKind, case: &Case, today: jiff::civil::Date) {
    typed.set("sent-on", today.to_string());
    typed.set("delivery", Delivery::Email.to_string());
    for recipient in kind.recipients(case.attends_setting()) {
        typed.add("recipients", recipient.to_string());
    }
}

/// The letter of a notice, as it leaves: to the family, with the texts that it carries.
pub(crate) fn leaving(
    tx: &mut dyn Tx,
    who: &Who,
    case: CaseId,
    sending: Sending,
    notice: &Notice,
) -> Result<Leaving, Error> {
    let by_post = notice.delivery == Delivery::Post;
    Ok(Leaving::new(sending).to(recipients::family(tx, who.authority, case, notice.sent_on, by_post)?))
}

/// A notice as a form asks for it.
pub(crate) struct NoticeForm {
    pub notice: Notice,
}

impl NoticeForm {
    /// Reads the notice part of a form. What it carries is worked out here, never ticked by hand.
    pub(crate) fn parse(
        id: NoticeId,
        kind: NoticeKind,
        profile: &Profile,
        typed: &Typed,
        problems: &mut Problems,
        has_reasons: bool,
    ) -> Option<NoticeForm> {
        let sent_on = problems.date(typed, "sent-on", "The day the letter is sent");
        let delivery = problems.choice::<Delivery>(typed, "delivery", "Select how the letter goes");
        let recipients = typed.all("recipients").filter_map(|code| code.parse().ok()).collect();
        Some(NoticeForm {
            notice: Notice {
                id,
                kind,
                carries: carried(kind, profile, has_reasons),
                recipients,
                sent_on: sent_on?,
                delivery: delivery?,
            },
        })
    }
}

#[derive(Template)]
#[template(path = "assessment/considering.html")]
struct ConsideringPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    notice: govuk::Html,
}

async fn considering(
    app: App,
    session: Session,
    id: CaseId,
    typed: Option<Typed>,
    problem: Problem,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let today = who.today;
    let (subject, profile) = app
        .blocking(move |app| {
            app.db.read("assessment.considering_form", |tx| -> Result<_, Error> {
                Ok((subject(tx, &who, id, Action::SendNotice)?, crate::record::store::authority(tx, who.authority)?.2))
            })
        })
        .await?;
    let kind = NoticeKind::ConsideringAssessment;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        first_values(&mut typed, kind, &subject.case, today);
        typed
    });
    let view = ConsideringPage {
        case: id,
        version: typed.seen().unwrap_or(subject.case.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        notice: notice_fields(kind, &subject.case, &profile, &typed, &problem.errors, true)?,
        name: subject.name,
    };
    form_page(&session, id, "Tell the family you are considering an assessment", &view.name, &problem, &view)
}

pub async fn show_considering(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    considering(app, session, id, None, Problem::default()).await
}

pub async fn save_considering(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> Result<Response, Error> {
    let again = {
        let (app, session) = (app.clone(), session.clone());
        move |typed, problem| considering(app, session, id, Some(typed), problem)
    };
    let case = id;
    let address = format!("/children/{id}/considering");
    let done = "The letter is on its way. It is made by itself and appears under documents.";
    submit(
        &app,
        &session,
        id,
        posted,
        &address,
        done,
        move |tx, app, who, typed| {
            let profile = crate::record::store::authority(tx, who.authority)?.2;
            let mut problems = Problems::default();
            let id = NoticeId(app.ids.next());
            let form = NoticeForm::parse(id, NoticeKind::ConsideringAssessment, &profile, typed, &mut problems, true);
            problems.check()?;
            let notice = form.ok_or(Error::NotFound)?.notice;
            let leaving = leaving(tx, who, case, Sending::Notice, &notice)?;
            Ok(Asked {
                action: Action::SendNotice,
                commands: vec![Command::Requests(requests::Command::TellConsidering { notice })],
                papers: Default::default(),
            }
            .leaving(leaving))
        },
        again,
    )
    .await
}
