//! What was posted: bounded, decoded, and trusted only with the session's token.

use crate::{App, Error, FieldError};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use jiff::civil::Date;

/// Most that a form may weigh: a plan's longest section is well under this.
pub const FORM_BYTES_MAX: usize = 1024 * 1024;
/// Most fields that one form may have.
const FIELDS_MAX: usize = 2000;

/// The fields of a form, in order, as typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    fields: Vec<(String, String)>,
}

impl Typed {
    pub fn new(fields: Vec<(String, String)>) -> Typed {
        Typed { fields }
    }

    /// Decodes `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when there are too many fields or text holds a NUL character, which
    /// nobody types and no database keeps.
    pub fn decode(bytes: &[u8]) -> Result<Typed, Error> {
        let mut fields = Vec::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            if fields.len() == FIELDS_MAX {
                return Err(Error::BadRequest("The form has too many fields.".into()));
            }
            if value.contains('\0') || name.contains('\0') {
                return Err(Error::BadRequest("The form holds a character that cannot be kept.".into()));
            }
            // Browsers send line ends as CR LF.
            fields.push((name.into_owned(), value.replace("\r\n", "\n")));
        }
        Ok(Typed { fields })
    }

    /// Whether nothing was posted: the page is shown for the first time.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The first value of a field, trimmed; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default().trim()
    }

    /// The first value of a field as typed, when the field was posted.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a field: ticked boxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|found| found == value)
    }

    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// Sets a field for showing a form again or for the first time with values filled in.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.into()));
    }

    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.fields.push((name.to_owned(), value.into()));
    }

    /// The version of the case that the page showed.
    pub fn seen(&self) -> Option<u64> {
        self.get("version").parse().ok()
    }
}

/// Collects what needs mending, so that all of it is said at once.
#[derive(Debug, Default)]
pub struct Problems {
    errors: Vec<FieldError>,
}

impl Problems {
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.errors.push(FieldError::new(field, message));
    }

    /// A required text of at most `limit` characters. `ask` starts the message: "Enter the child's first name".
    pub fn text(&mut self, typed: &Typed, field: &'static str, ask: &str, limit: usize) -> String {
        let text = typed.get(field);
        if text.is_empty() {
            self.add(field, ask);
        }
        self.bounded(text, field, limit)
    }

    /// A text that may be left out.
    pub fn optional(&mut self, typed: &Typed, field: &'static str, limit: usize) -> Option<String> {
        let text = typed.get(field);
        if text.is_empty() {
            return None;
        }
        Some(self.bounded(text, field, limit))
    }

    fn bounded(&mut self, text: &str, field: &'static str, limit: usize) -> String {
        let length = text.chars().count();
        if length > limit {
            self.add(field, format!("Shorten this to {limit} characters or fewer. It has {length}."));
        }
        text.to_owned()
    }

    /// One of a code list. `ask` is said when nothing, or nothing known, was chosen.
    pub fn choice<T: std::str::FromStr>(&mut self, typed: &Typed, field: &'static str, ask: &str) -> Option<T> {
        let parsed = typed.get(field).parse().ok();
        if parsed.is_none() {
            self.add(field, ask);
        }
        parsed
    }

    /// A date in three boxes named `field-day`, `field-month`, `field-year`, or in one named
    /// `field`. `what` starts the messages: "The date of birth".
    pub fn date(&mut self, typed: &Typed, field: &'static str, what: &str) -> Option<Date> {
        match date_of(typed, field) {
            DateTyped::Missing => {
                self.add(field, format!("{what} must have a day, a month and a year"));
                None
            }
            DateTyped::Unreal => {
                self.add(field, format!("{what} must be a real date, such as 27 3 2026"));
                None
            }
            DateTyped::Date(date) => Some(date),
        }
    }

    /// A date that may be left out.
    pub fn optional_date(&mut self, typed: &Typed, field: &'static str, what: &str) -> Option<Date> {
        if matches!(date_of(typed, field), DateTyped::Missing) && !any_part(typed, field) {
            return None;
        }
        self.date(typed, field, what)
    }

    /// # Errors
    /// [`Error::Fields`] with all that was found, if anything was.
    pub fn check(self) -> Result<(), Error> {
        if self.errors.is_empty() { Ok(()) } else { Err(Error::Fields(self.errors)) }
    }
}

/// Years that a date in the life of somebody under 26 can lie in, generously. Beyond them the
/// calendar of the law, and the databases, end.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

enum DateTyped {
    Missing,
    Unreal,
    Date(Date),
}

fn part(typed: &Typed, field: &str, part: &str) -> String {
    typed.get(&format!("{field}-{part}")).to_owned()
}

fn any_part(typed: &Typed, field: &str) -> bool {
    ["day", "month", "year"].iter().any(|name| !part(typed, field, name).is_empty()) || !typed.get(field).is_empty()
}

fn date_of(typed: &Typed, field: &str) -> DateTyped {
    let whole = typed.get(field);
    if !whole.is_empty() {
        let date = whole.parse().ok().filter(|date: &Date| YEARS.contains(&date.year()));
        return date.map_or(DateTyped::Unreal, DateTyped::Date);
    }
    let (day, month, year) = (part(typed, field, "day"), part(typed, field, "month"), part(typed, field, "year"));
    if day.is_empty() || month.is_empty() || year.is_empty() {
        return DateTyped::Missing;
    }
    let date = (|| {
        let year: i16 = year.parse().ok().filter(|year| YEARS.contains(year))?;
        let month = month.parse::<i8>().ok().or_else(|| month_named(&month))?;
        Date::new(year, month, day.parse().ok()?).ok()
    })();
    date.map_or(DateTyped::Unreal, DateTyped::Date)
}

/// "March", "mar": the design system asks services to take them.
fn month_named(text: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_lowercase();
    if text.len() < 3 {
        return None;
    }
    MONTHS.iter().position(|month| month.starts_with(&text)).and_then(|index| i8::try_from(index + 1).ok())
}

/// A posted form whose token matches the session's.
pub struct Posted(pub Typed);

impl FromRequest<App> for Posted {
    type Rejection = Error;

    async fn from_request(req: Request, app: &App) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = req.into_parts();
        let csrf = super::session::csrf_of(&mut parts, app).await?;
        let bytes: Bytes = axum::body::to_bytes(body, FORM_BYTES_MAX)
            .await
            .map_err(|_| Error::BadRequest("The form is too large.".into()))?;
        let typed = Typed::decode(&bytes)?;
        if typed.get("csrf") != csrf {
            return Err(Error::Forged);
        }
        Ok(Posted(typed))
    }
}

/// A posted form of somebody who need not be signed in. Whoever could forge it could as well send
/// it themselves; that it has to come from one of our own pages keeps others' pages from sending it
/// in their visitors' names.
pub struct PostedOpenly(pub Typed);

impl FromRequest<App> for PostedOpenly {
    type Rejection = Error;

    async fn from_request(req: Request, _app: &App) -> Result<Self, Self::Rejection> {
        if !same_origin(req.headers()) {
            return Err(Error::Forged);
        }
        let bytes: Bytes = axum::body::to_bytes(req.into_body(), FORM_BYTES_MAX)
            .await
            .map_err(|_| Error::BadRequest("The form is too large.".into()))?;
        Ok(PostedOpenly(Typed::decode(&bytes)?))
    }
}

/// Whether a request comes from one of our own pages, as the browser says it.
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => {
            let host = text("host").unwrap_or_default();
            text("origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, rest)| rest == host))
        }
    }
}
