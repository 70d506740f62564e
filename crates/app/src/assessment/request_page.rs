//! The request: its receipt, what was said, the evidence there is, what is missing and whether that
//! matters. Nothing missing ever stops the clock.

use crate::family::{members, views};
use crate::record::store;
use crate::record::store::Scope;
use crate::record::{Hit, search};
use crate::web::case_form::{form_page, subject};
use crate::web::{Page, Problem, Session};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use casework::CaseId;
use casework::access::Action;
use casework::requests::Request;

/// One kind of evidence, whether it is there, and whether its absence matters.
struct Evidence {
    what: &'static str,
    there: bool,
    matters: &'static str,
}

#[derive(Template)]
#[template(path = "assessment/request_page.html")]
struct RequestPage {
    case: CaseId,
    name: String,
    request: Request,
    account: Option<String>,
    /// What the family answered since, question by question.
    told: Vec<views::Told>,
    evidence: Vec<Evidence>,
    documents: Vec<store::DocumentLine>,
    duplicates: Vec<Hit>,
    recorded: String,
    may_decide: bool,
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    let who = session.who(&app);
    let actor = session.signed_in.actor.clone();
    let (subject, account, told, documents, duplicates, has_contact, recorded) = app
        .blocking(move |app| {
            app.db.read("assessment.request", |tx| -> Result<_, Error> {
                let subject = subject(tx, &who, id, Action::SeeCase)?;
                let mut texts = store::texts(tx, who.authority, id)?;
                let account = subject.case.requests.last().and_then(|r| r.account).and_then(|text| texts.remove(&text));
                let request = subject.case.requests.last();
                let members = members(tx, &subject.case)?;
                let mut told = request.map(|request| views::told(request, &texts, &members)).unwrap_or_default();
                // What came with the request is in its own words above.
                told.retain(|told| account.as_ref().is_none_or(|account: &String| !account.contains(&told.text)));
                let documents = store::documents_for(tx, &who, &subject.case)?;
                let mut hits = search(tx, Scope::of(&actor, Action::SeeCase), &subject.name)?;
                hits.retain(|hit| hit.case != id && hit.born_on == subject.details.born_on);
                let contacts = store::contacts(tx, who.authority, id)?;
                let lines = store::history(tx, who.authority, id, 0, 1000)?;
                let recorded = lines
                    .iter()
                    .find(|line| line.name == "requests.received")
                    .map(|line| {
                        crate::ports::london_time(line.recorded_at).strftime("%-I:%M%P on %A %-d %B %Y").to_string()
                    })
                    .unwrap_or_default();
                let has_contact = contacts.iter().any(|contact| contact.receives_notices);
                Ok((subject, account, told, documents, hits, has_contact, recorded))
            })
        })
        .await?;
    let relations = subject.case.relations();
    let may_decide = casework::access::may(
        &session.signed_in.actor,
        Action::DecideToAssess,
        &casework::access::Resource::Case(&relations),
    )
    .is_allowed()
        && subject.case.stage() == casework::Stage::Deciding;
    let request = subject.case.requests.last().cloned().ok_or(Error::NotFound)?;
    let evidence = vec![
        Evidence {
            what: "What the family or school said",
            there: account.is_some(),
            matters: "Ask them. They may add to it at any time before the decision.",
        },
        Evidence {
            what: "Pictures, recordings and papers sent with it",
            there: documents.iter().any(|document| document.kind == "evidence"),
            matters: "Nobody has to send any.",
        },
        Evidence {
            what: "Reports from professionals",
            there: documents.iter().any(|document| document.kind == "report"),
            matters: "Not needed to decide: advice is asked for after the decision to assess.",
        },
        Evidence {
            what: "What the school has tried",
            there: documents.iter().any(|document| document.kind == "support"),
            matters: "Useful for the second part of the test. A gap is no reason to refuse by itself.",
        },
        Evidence {
            what: "A parent or carer who receives letters",
            there: has_contact,
            matters: "Add one: the notices have to reach someone.",
        },
    ];
    let view = RequestPage {
        case: id,
        account,
        told,
        evidence,
        documents,
        duplicates,
        request,
        recorded,
        may_decide,
        name: subject.name.clone(),
    };
    form_page(&session, id, "Request", &subject.name, &Problem::default(), &view)
}
