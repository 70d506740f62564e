//! The list of somebody's tokens and the form for another: the same for a person and for a service.

use super::store::{LIVING_MAX, NewToken, Token, living, make};
use crate::ports::{end_of, london_time};
use crate::web::{Choice, Fields, Frame, Page, Problem, Problems, Session, Typed, error_summary, short_date};
use crate::{App, Error};
use askama::Template;
use casework::{AuthorityId, UserId};
use db::Tx;
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// Most characters of a token's name.
const NAME_CHARS_MAX: usize = 100;
/// How long a token works when nothing else is said, and at most.
const DAYS: i32 = 90;
const DAYS_MAX: i32 = 365;

/// Whose tokens a page is about.
pub struct Whose {
    /// Where the page is.
    pub here: String,
    pub title: String,
    pub lead: String,
    pub back: (&'static str, &'static str),
    /// Whether tokens can still be made: not for a service that has been retired.
    pub is_open: bool,
}

/// One token, as the list shows it.
struct Line {
    id: Uuid,
    name: String,
    rights: &'static str,
    made_on: Date,
    ends_on: Date,
    used: String,
    state: &'static str,
    colour: &'static str,
    works: bool,
}

impl Line {
    fn of(token: Token, now: Timestamp) -> Line {
        let day = |at: Timestamp| london_time(at).date();
        let (state, colour) = match token.revoked_at {
            Some(_) => ("Revoked", "grey"),
            None if token.works(now) => ("Works", "green"),
            None => ("Ended", "grey"),
        };
        Line {
            works: token.works(now),
            id: token.id,
            rights: if token.may_write { "Reads and writes" } else { "Reads" },
            made_on: day(token.made_at),
            // It works to the end of the day before it ends.
            ends_on: law::calendar::days(day(token.ends_at), -1),
            used: token
                .used_at
                .map_or_else(|| "Never used".to_owned(), |at| format!("Last used {}", short_date(day(at)))),
            name: token.name,
            state,
            colour,
        }
    }
}

#[derive(Template)]
#[template(path = "api/tokens/tokens.html")]
struct TokensPage<'a> {
    whose: &'a Whose,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    rights: [Choice; 2],
    tokens: Vec<Line>,
    /// Made once a page: a form that is sent twice makes one token.
    token: Uuid,
    /// Shown this once.
    secret: Option<String>,
}

/// What a form for a token starts with.
pub fn first_values(today: Date) -> Typed {
    let mut typed = Typed::default();
    typed.set("may", "read");
    typed.set("ends-on", law::calendar::days(today, DAYS).to_string());
    typed
}

/// The page of somebody's tokens.
///
/// # Errors
/// When the template fails.
pub fn page(
    app: &App,
    session: &Session,
    whose: &Whose,
    tokens: Vec<Token>,
    typed: &Typed,
    problem: &Problem,
    secret: Option<String>,
) -> Result<Page, Error> {
    let now = app.clock.now();
    let view = TokensPage {
        whose,
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: Fields { typed, errors: &problem.errors },
        rights: [("read", "Read"), ("write", "Read and write")]
            .map(|(code, words)| (code.to_owned(), words.to_owned())),
        tokens: tokens.into_iter().map(|token| Line::of(token, now)).collect(),
        token: app.ids.next(),
        secret,
    };
    Frame::for_session(session, &whose.title)
        .back(whose.back.0, whose.back.1)
        .with_errors(&problem.errors)
        .render(&view)
}

/// What a form asks for.
///
/// # Errors
/// [`Error::Fields`].
fn parse(typed: &Typed, today: Date, made_by: UserId) -> Result<NewToken, Error> {
    let mut problems = Problems::default();
    let name = problems.text(typed, "name", "Enter a name that says what the token is for", NAME_CHARS_MAX);
    let may_write = match typed.get("may") {
        "read" => false,
        "write" => true,
        _ => {
            problems.add("may", "Select what the token may do");
            false
        }
    };
    let ends_on = problems.date(typed, "ends-on", "The last day");
    if let Some(on) = ends_on
        && !(today..=law::calendar::days(today, DAYS_MAX)).contains(&on)
    {
        problems.add("ends-on", "The last day must be today or later, and at most a year away");
    }
    problems.check()?;
    let ends_on = ends_on.ok_or(Error::NotFound)?;
    Ok(NewToken { name, may_write, ends_at: end_of(ends_on), made_by: Some(made_by) })
}

/// Makes the token that a form asks for and returns its secret; nothing when this form made one
/// already.
///
/// # Errors
/// [`Error::Fields`] when something needs mending or there are too many.
pub fn save(
    tx: &mut dyn Tx,
    app: &App,
    (authority, user, prefix): (AuthorityId, UserId, &str),
    typed: &Typed,
    made_by: UserId,
) -> Result<Option<String>, Error> {
    let new = parse(typed, app.clock.today(), made_by)?;
    if living(tx, authority, user, app.clock.now())? >= LIVING_MAX {
        let mut problems = Problems::default();
        problems.add("form", format!("There are {LIVING_MAX} tokens that work. Revoke one that is no longer needed"));
        problems.check()?;
    }
    let id = typed.get("token").parse().unwrap_or_else(|_| app.ids.next());
    make(tx, app, (authority, user), prefix, id, &new)
}
