//! Correcting a name, a birth date, a number. The journal keeps which details changed; their values
//! stand beside it, with who said them.

use super::store;
use crate::journal::{Act, Papers, Told, act, authorise, load};
use crate::web::{
    Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, back_to_case, choices, conflict, error_summary,
};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::codes::Sex;
use casework::people::facts::{Form, Teller};
use casework::people::identifiers::{NhsNumber, Uln, Upn};
use casework::people::{Command, DetailField, Details};
use casework::{CaseId, people};
use strum::IntoEnumIterator;

/// Most characters of one name.
pub(crate) const NAME_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "record/details.html")]
struct DetailsPage<'a> {
    case: CaseId,
    name: String,
    version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    sexes: Vec<crate::web::Choice>,
    tellers: Vec<crate::web::Choice>,
}

/// Reads the details that a form holds. Shared with the request form.
pub(crate) fn parse(typed: &Typed, today: jiff::civil::Date, problems: &mut Problems) -> Option<Details> {
    let given_name = problems.text(typed, "given-name", "Enter the child’s first name", NAME_CHARS_MAX);
    let family_name = problems.text(typed, "family-name", "Enter the child’s last name", NAME_CHARS_MAX);
    let known_as = problems.optional(typed, "known-as", NAME_CHARS_MAX);
    let born_on = problems.date(typed, "born-on", "The date of birth");
    if born_on.is_some_and(|born_on| born_on > today) {
        problems.add("born-on", "The date of birth must be in the past");
    }
    let sex: Option<Sex> = typed.get("sex").parse().ok();
    let upn: Option<Upn> = identifier(typed, "upn", problems);
    let uln: Option<Uln> = identifier(typed, "uln", problems);
    let nhs_number: Option<NhsNumber> = identifier(typed, "nhs-number", problems);
    let postcode = problems.optional(typed, "postcode", 10).map(|postcode| postcode.to_uppercase());
    let address = problems.optional(typed, "address", 500);
    let home_language = problems.optional(typed, "home-language", 60);
    Some(Details {
        given_name,
        family_name,
        known_as,
        born_on: born_on?,
        sex,
        ethnicity: None,
        postcode,
        address,
        home_language,
        upn,
        uln,
        nhs_number,
    })
}

fn identifier<T>(typed: &Typed, field: &'static str, problems: &mut Problems) -> Option<T>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    let text = typed.get(field);
    if text.is_empty() {
        return None;
    }
    match text.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            problems.add(field, error.to_string());
            None
        }
    }
}

pub(super) fn fill(details: &Details) -> Typed {
    let mut typed = Typed::default();
    typed.set("given-name", &details.given_name);
    typed.set("family-name", &details.family_name);
    typed.set("born-on", details.born_on.to_string());
    let optional = [
        ("known-as", details.known_as.clone()),
        ("sex", details.sex.map(|sex| sex.code().to_owned())),
        ("postcode", details.postcode.clone()),
        ("address", details.address.clone()),
        ("home-language", details.home_language.clone()),
        ("upn", details.upn.as_ref().map(ToString::to_string)),
        ("uln", details.uln.as_ref().map(ToString::to_string)),
        ("nhs-number", details.nhs_number.as_ref().map(ToString::to_string)),
    ];
    for (field, value) in optional {
        typed.set(field, value.unwrap_or_default());
    }
    typed
}

async fn page(
    app: &App,
    session: &Session,
    id: CaseId,
    typed: Option<&Typed>,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let (details, version) = app
        .blocking(move |app| {
            app.db.read("record.details", |tx| -> Result<_, Error> {
                let loaded = load(tx, who.authority, id)?;
                authorise(&who, Action::CorrectDetails, &loaded)?;
                Ok((store::person(tx, who.authority, id)?.1, loaded.case.version))
            })
        })
        .await?;
    let filled = fill(&details);
    let typed = typed.unwrap_or(&filled);
    let page = DetailsPage {
        case: id,
        name: details.display_name(),
        version: typed.seen().unwrap_or(version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        sexes: choices(Sex::iter(), |sex| sex.code().to_owned(), Sex::label),
        tellers: choices(Teller::iter(), |teller| teller.code().to_owned(), Teller::label),
    };
    Frame::for_session(session, format!("Correct details of {}", details.display_name()))
        .back(format!("/children/{id}"), "Back to the child’s page")
        .with_errors(&problem.errors)
        .render(&page)
}

pub async fn show(State(app): State<App>, session: Session, Path(id): Path<CaseId>) -> Result<Page, Error> {
    page(&app, &session, id, None, &Problem::default()).await
}

pub async fn save(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let saved = app
        .blocking(move |app| {
            let mut problems = Problems::default();
            let details = parse(&posted, who.today, &mut problems);
            let teller = problems.choice::<Teller>(&posted, "teller", "Select who says so");
            let source = problems.optional(&posted, "source", NAME_CHARS_MAX);
            problems.check()?;
            let (Some(details), Some(teller)) = (details, teller) else {
                return Err(Error::NotFound);
            };
            app.db.write("record.correct_details", |tx| {
                let (person, before) = store::person(tx, who.authority, id)?;
                let details = Details { ethnicity: before.ethnicity.clone(), ..details.clone() };
                let fields = changed(&before, &details);
                if fields.is_empty() {
                    return Ok(());
                }
                let born_on = (before.born_on != details.born_on).then_some(details.born_on);
                let command = casework::Command::People(Command::CorrectDetails { fields, born_on });
                let told = Some(Told { form: Form::Details, teller, source: source.clone() });
                let papers = Papers { details: Some((person, details)), told, ..Papers::default() };
                act(
                    tx,
                    &who,
                    id,
                    Act { action: Action::CorrectDetails, seen: posted.seen(), commands: vec![command], papers },
                )?;
                Ok(())
            })
        })
        .await;
    match saved {
        Ok(()) => Ok(back_to_case(id, "The details were corrected.")),
        Err(Error::Conflict { seen, .. }) => {
            conflict::page(&app, &session, id, seen, &typed, &format!("/children/{id}/details")).await
        }
        Err(error) => {
            let problem = Problem::of(error)?;
            let page = page(&app, &session, id, Some(&typed), &problem).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn changed(before: &Details, after: &Details) -> Vec<people::DetailField> {
    let mut fields = Vec::new();
    let mut note = |is_changed: bool, field: DetailField| {
        if is_changed {
            fields.push(field);
        }
    };
    let name = |d: &Details| (d.given_name.clone(), d.family_name.clone());
    note(name(before) != name(after), DetailField::Name);
    note(before.known_as != after.known_as, DetailField::KnownAs);
    note(before.born_on != after.born_on, DetailField::BirthDate);
    note(before.sex != after.sex, DetailField::Sex);
    note((&before.address, &before.postcode) != (&after.address, &after.postcode), DetailField::Address);
    note(before.home_language != after.home_language, DetailField::HomeLanguage);
    note(before.upn != after.upn, DetailField::Upn);
    note(before.uln != after.uln, DetailField::Uln);
    note(before.nhs_number != after.nhs_number, DetailField::NhsNumber);
    fields
}
