//! The frame around every page: title, area, navigation, what went wrong, the way back.

use super::session::Session;
use crate::{Error, FieldError};
use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html as HtmlResponse, IntoResponse, Response};
use casework::CaseId;
use casework::access::Action;
use govuk::page::Area;
use govuk::{Html, ServiceNavigation};
use jiff::civil::Date;
use std::borrow::Borrow;

/// The name that ends every title.
const SERVICE: &str = "Tellonce";

/// A finished page.
#[derive(Debug)]
pub struct Page(String);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        HtmlResponse(self.0).into_response()
    }
}

/// What stopped a form, as its page shows it again.
#[derive(Debug, Clone, Default)]
pub struct Problem {
    pub errors: Vec<FieldError>,
}

impl Problem {
    /// Field errors and refusals belong on the form's own page; anything else is returned.
    ///
    /// # Errors
    /// The error itself when it is not for the person who typed.
    pub fn of(error: Error) -> Result<Problem, Error> {
        match error {
            Error::Fields(errors) => Ok(Problem { errors }),
            Error::Refused(refusal) => Ok(Problem { errors: vec![FieldError::new("form", refusal.to_string())] }),
            other => Err(other),
        }
    }
}

/// Where a page sits.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    session: Option<&'a Session>,
    title: String,
    here: &'static str,
    back: Option<(String, String)>,
    has_errors: bool,
    wide: bool,
}

impl<'a> Frame<'a> {
    /// A page that anyone may read.
    pub fn public(title: impl Into<String>) -> Frame<'a> {
        Frame { session: None, title: title.into(), here: "", back: None, has_errors: false, wide: false }
    }

    /// A page of someone who is signed in.
    pub fn for_session(session: &'a Session, title: impl Into<String>) -> Frame<'a> {
        Frame { session: Some(session), ..Frame::public(title) }
    }

    /// Marks the navigation item whose address this is.
    #[must_use]
    pub fn here(mut self, path: &'static str) -> Frame<'a> {
        self.here = path;
        self
    }

    /// A link back, above the page.
    #[must_use]
    pub fn back(mut self, href: impl Into<String>, text: impl Into<String>) -> Frame<'a> {
        self.back = Some((href.into(), text.into()));
        self
    }

    /// Puts "Error: " before the title when something needs mending.
    #[must_use]
    pub fn with_errors(mut self, errors: &[FieldError]) -> Frame<'a> {
        self.has_errors = !errors.is_empty();
        self
    }

    /// Uses the whole width of a wide screen: lists and the child's page.
    #[must_use]
    pub fn wide(mut self) -> Frame<'a> {
        self.wide = true;
        self
    }

    /// The page around a template.
    ///
    /// # Errors
    /// [`Error::Broken`] when the template itself fails.
    pub fn render(self, body: &impl Template) -> Result<Page, Error> {
        let html =
            Html::render(body).map_err(|cause| Error::Broken { step: "render a page", cause: cause.to_string() })?;
        Ok(self.page(html))
    }

    /// The page around finished markup.
    pub fn page(self, body: Html) -> Page {
        let (area, navigation) = match self.session {
            Some(session) => (
                Area { home_url: session.home().into(), ..Area::new(session.signed_in.area.clone(), SERVICE) },
                self.places(session),
            ),
            None => (
                Area::new(SERVICE, "Help for children with special educational needs"),
                ServiceNavigation::new("", "").item("Work out your dates", "/dates", self.here == "/dates").item(
                    "Sign in",
                    "/sign-in",
                    self.here == "/sign-in",
                ),
            ),
        };
        let mut page = govuk::Page::new(&area, self.title, body).errors(self.has_errors).navigation(navigation);
        if let Some((href, text)) = self.back {
            page = page.before_content(govuk::BackLink::new(href).content(text));
        }
        if self.wide {
            page = page.wide();
        }
        Page(page.render().into_string())
    }

    fn places(&self, session: &Session) -> ServiceNavigation {
        let is_themself = session.signed_in.actor.role == casework::access::Role::YoungPerson;
        let own = if is_themself { "My page" } else { "My child" };
        let mut navigation = ServiceNavigation::new(SERVICE, session.home());
        for (action, href, text) in [
            (Action::SeeOwnChild, "/family", own),
            (Action::SeeInvitation, "/invited", "What you are asked"),
            (Action::SeeOwnDay, "/today", "Today"),
            (Action::SeeTeam, "/team", "Team"),
            (Action::RecordAdvice, "/advice", "Advice"),
            (Action::SeeDesignated, "/designated", "Plans and reviews"),
            (Action::SearchCases, "/children", "Children"),
            (Action::NoteContact, "/contacts", "Contacts"),
            (Action::AnswerContact, "/passed", "Passed to you"),
            (Action::ReceiveRequest, "/requests/new", "New request"),
            (Action::SeeHeldSends, "/held", "Sends held"),
            (Action::SeeMeasures, "/measures/told-once", "Told once"),
            (Action::SeeOpenings, "/openings", "Emergencies"),
            (Action::PostLetters, "/letters", "Letters"),
            (Action::SeeImports, "/imports", "Imports"),
            (Action::ManageArea, "/sign-ins", "Sign-ins"),
            (Action::ManageArea, "/services", "Services"),
            (Action::ManageWebhooks, "/webhooks", "Webhooks"),
            (Action::ManageArea, "/files", "Files"),
            (Action::ManageArea, "/outbox", "Outbox"),
        ] {
            if session.may(action) && !is_elsewhere(session, action) {
                navigation = navigation.item(text, href, href == self.here);
            }
        }
        let account =
            Account { name: &session.signed_in.name, role: session.signed_in.actor.role.label(), csrf: &session.csrf };
        // The template has no filter that can fail.
        navigation.end(Html::render(&account).unwrap_or_default())
    }
}

/// Whether the way to it is on another page: families and those with a day of their own find figures
/// where they are about, whoever leads a team finds its lists on the team's page.
fn is_elsewhere(session: &Session, action: Action) -> bool {
    match action {
        Action::SeeMeasures => {
            session.may(Action::SeeOwnChild) || session.may(Action::SeeOwnDay) || session.may(Action::SeeInvitation)
        }
        Action::RecordAdvice => session.may(Action::SeeInvitation),
        Action::AnswerContact => session.may(Action::SeeTeam),
        Action::SeeHeldSends
        | Action::SeeOpenings
        | Action::PostLetters
        | Action::SeeImports
        | Action::ManageWebhooks => session.may(Action::SeeTeam),
        _ => false,
    }
}

/// Who is signed in, and the way out.
#[derive(Template)]
#[template(path = "web/account.html")]
struct Account<'a> {
    name: &'a str,
    role: &'static str,
    csrf: &'a str,
}

/// The error summary of a page; nothing when there is nothing to mend.
pub fn error_summary(errors: &[FieldError]) -> Html {
    if errors.is_empty() {
        return Html::default();
    }
    let links: Vec<(String, &str)> =
        errors.iter().map(|error| (format!("#{}", first_control(error.field)), error.message.as_str())).collect();
    govuk::ErrorSummary::of(&links).into()
}

/// The id of the first control of a field: dates begin with their day. What is in the way of the
/// whole form leads to where the page begins.
fn first_control(field: &str) -> String {
    match field {
        "form" => "main-content".to_owned(),
        _ if field.ends_with("-on") => format!("{field}-day"),
        _ => field.to_owned(),
    }
}

/// 303 See Other: what follows every form that was accepted.
pub fn see_other(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path.to_owned())]).into_response()
}

/// The way back to a child's page after something was done there.
pub fn back_to_case(case: CaseId, done: &str) -> Response {
    let done: String = form_urlencoded::byte_serialize(done.as_bytes()).collect();
    see_other(&format!("/children/{case}?done={done}"))
}

/// "Monday 4 January 2027".
pub fn long_date(date: impl Borrow<Date>) -> String {
    date.borrow().strftime("%A %-d %B %Y").to_string()
}

/// "4 January 2027".
pub fn short_date(date: impl Borrow<Date>) -> String {
    date.borrow().strftime("%-d %B %Y").to_string()
}
