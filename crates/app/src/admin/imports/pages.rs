//! The pages: files brought in, one import with what was found, and the answer to its preview.

use super::jobs::{RUN_IMPORT, body, loading_id};
use super::store::{self, FindingRow, Import, NewImport};
use super::summary::{FILE_BYTES_MAX, FINDINGS_MAX, Kind, State, Summary};
use crate::journal::JobSpec;
use crate::ports::london_time;
use crate::web::upload::{Arrived, take_in};
use crate::web::{Fields, Frame, Page, Posted, Session, Typed, error_summary, see_other};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::Multipart;
use axum::extract::{Path, Query, State as Given};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use govuk::Html;
use serde::Deserialize;
use uuid::Uuid;

/// Findings on one page.
const PAGE: u64 = 50;

fn when(at: impl std::borrow::Borrow<jiff::Timestamp>) -> String {
    let time = london_time(*at.borrow());
    let hour = time.strftime("%-I:%M%P");
    format!("{}, {hour}", crate::web::short_date(time.date()))
}

fn thousands(number: &u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[derive(Template)]
#[template(path = "admin/imports/list.html")]
struct ListPage<'a> {
    imports: Vec<Import>,
    may_import: bool,
    csrf: &'a str,
    summary: Html,
    kinds: Html,
    file: Html,
}

async fn list_page(app: &App, session: &Session, typed: &Typed, errors: &[FieldError]) -> Result<Page, Error> {
    session.require(Action::SeeImports)?;
    let authority = session.signed_in.actor.authority;
    let imports = app.blocking(move |app| app.db.read("imports.list", |tx| store::latest(tx, authority))).await?;
    let fields = Fields { typed, errors };
    let kinds = [Kind::Sen2, Kind::Schools].map(|kind| (kind.code().to_owned(), kind.label().to_owned()));
    let wrong = errors.iter().find(|error| error.field == "file").map(|error| error.message.as_str());
    let file = govuk::FileUpload::new("file", "The file")
        .hint("A SEN2 return is an XML file, a register of schools is a CSV file. At most 1 GB.")
        .error(wrong);
    let page = ListPage {
        imports,
        may_import: session.may(Action::ImportData),
        csrf: &session.csrf,
        summary: error_summary(errors),
        kinds: fields.radios("kind", "What is in the file?", "", &kinds),
        file: file.into(),
    };
    Frame::for_session(session, "Imports").here("/imports").with_errors(errors).wide().render(&page)
}

pub async fn list(Given(app): Given<App>, session: Session) -> Result<Page, Error> {
    list_page(&app, &session, &Typed::default(), &[]).await
}

/// Reads the form: its token, what kind of file it is, and then the file itself.
async fn read_form(
    app: &App,
    session: &Session,
    id: Uuid,
    form: &mut Multipart,
    typed: &mut Typed,
) -> Result<(Kind, Arrived), Error> {
    let unreadable = |_| Error::BadRequest("The form could not be read. Go back and try again.".into());
    let mut is_trusted = false;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "csrf" => is_trusted = field.text().await.map_err(unreadable)? == session.csrf,
            "kind" => typed.set("kind", field.text().await.map_err(unreadable)?),
            "file" => {
                // Nothing of a form that is not ours reaches the disk.
                if !is_trusted {
                    return Err(Error::Forged);
                }
                let kind: Kind = typed
                    .get("kind")
                    .parse()
                    .map_err(|_| Error::Fields(vec![FieldError::new("kind", "Select what is in the file")]))?;
                return match take_in(app, id, field, FILE_BYTES_MAX).await? {
                    Some(arrived) => Ok((kind, arrived)),
                    None => Err(Error::Fields(vec![FieldError::new("file", "Select a file")])),
                };
            }
            _ => {}
        }
    }
    if is_trusted { Err(Error::Fields(vec![FieldError::new("file", "Select a file")])) } else { Err(Error::Forged) }
}

/// Takes a file in and has it checked in the background.
pub async fn receive(Given(app): Given<App>, session: Session, mut form: Multipart) -> Result<Response, Error> {
    session.require(Action::ImportData)?;
    let (id, mut typed) = (app.ids.next(), Typed::default());
    let (kind, arrived) = match read_form(&app, &session, id, &mut form, &mut typed).await {
        Ok(read) => read,
        Err(Error::Fields(errors)) => {
            let page = list_page(&app, &session, &typed, &errors).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(error) => return Err(error),
    };
    let actor = session.signed_in.actor.clone();
    app.blocking(move |app| {
        app.files.adopt(&arrived.id.to_string(), &arrived.fingerprint)?;
        let now = app.clock.now();
        let import = NewImport {
            id,
            kind,
            file_name: arrived.name,
            fingerprint: arrived.fingerprint,
            state: State::Checking,
            started_at: now,
            started_by: Some(actor.user),
            bytes_total: arrived.bytes,
            summary: Summary::default(),
        };
        app.db.write("imports.receive", |tx| {
            store::add(tx, actor.authority, &import)?;
            let job = JobSpec { id, kind: RUN_IMPORT, body: body(id)?, run_at: now };
            crate::journal::put_job(tx, actor.authority, job)
        })
    })
    .await?;
    Ok(see_other(&format!("/imports/{id}")))
}

/// Which findings are asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    severity: String,
    #[serde(default)]
    page: u64,
}

impl Asked {
    fn severities(&self) -> &'static [&'static str] {
        match self.severity.as_str() {
            "error" => &["error"],
            "query" => &["query"],
            "note" => &["note"],
            _ => &["error", "query", "note"],
        }
    }
}

struct Filter {
    label: String,
    href: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "admin/imports/import.html")]
struct ImportPage<'a> {
    import: Import,
    csrf: &'a str,
    may_import: bool,
    has_failed: bool,
    filters: Vec<Filter>,
    findings: Vec<FindingRow>,
    pages: Html,
}

impl ImportPage<'_> {
    fn contents(&self) -> Vec<(&'static str, u64)> {
        let counts = &self.import.summary.checked;
        match self.import.kind {
            Kind::Schools => vec![("Schools and colleges", counts.looked_at)],
            Kind::Sen2 => vec![
                ("People", counts.looked_at),
                ("Requests", counts.requests),
                ("Assessments", counts.assessments),
                ("Plans", counts.plans),
                ("Placements", counts.placements),
                ("Needs", counts.needs),
                ("Reviews", counts.reviews),
            ],
        }
    }

    /// What it would do, and once it has begun what it did.
    fn effect(&self) -> Vec<(&'static str, u64)> {
        let is_written = matches!(self.import.state, State::Loading | State::Done);
        let counts = if is_written { &self.import.summary.loaded } else { &self.import.summary.checked };
        vec![
            ("New to this system", counts.new),
            ("Known, with something new", counts.changed),
            ("Known, nothing new", counts.known),
            ("Left out", counts.left_out),
        ]
    }

    fn severity_label(&self, code: &str) -> Html {
        let (label, colour) = match code {
            "error" => ("Error", govuk::TagColour::Red),
            "query" => ("Query", govuk::TagColour::Yellow),
            _ => ("Note", govuk::TagColour::Grey),
        };
        govuk::Tag::new(label).colour(colour).into()
    }

    fn kept_max(&self) -> String {
        thousands(&FINDINGS_MAX)
    }
}

/// One import: how far it is, what was found, what to do next.
pub async fn show(
    Given(app): Given<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    session.require(Action::SeeImports)?;
    let authority = session.signed_in.actor.authority;
    let severities = asked.severities();
    let number = asked.page.clamp(1, FINDINGS_MAX);
    let (import, has_failed, findings, total) = app
        .blocking(move |app| {
            app.db.read("imports.show", |tx| -> Result<_, Error> {
                let import = store::load(tx, authority, id)?;
                let job = if import.state == State::Loading { loading_id(id) } else { id };
                let has_failed = import.state.is_running() && store::has_failed(tx, job)?;
                let total = store::count_findings(tx, authority, id, severities)?;
                let findings = match import.state {
                    State::Checking => vec![],
                    _ => store::findings(tx, authority, id, severities, PAGE, (number - 1) * PAGE)?,
                };
                Ok((import, has_failed, findings, total))
            })
        })
        .await?;
    let counts = import.summary.findings;
    let filters = [
        ("", "All", counts.total()),
        ("error", "Errors", counts.errors),
        ("query", "Queries", counts.queries),
        ("note", "Notes", counts.notes),
    ]
    .map(|(code, label, count)| Filter {
        label: format!("{label} ({})", thousands(&count)),
        href: if code.is_empty() { format!("/imports/{id}") } else { format!("/imports/{id}?severity={code}") },
        is_current: code == asked.severity,
    });
    let severity = if severities.len() == 1 { severities[0] } else { "" };
    let pages = govuk::Pagination::of(number, total.div_ceil(PAGE), |page| {
        format!("/imports/{id}?severity={severity}&page={page}")
    });
    let is_running = import.state.is_running();
    let title = format!("{}: {}", import.state.label(), import.file_name);
    let page = ImportPage {
        import,
        csrf: &session.csrf,
        may_import: session.may(Action::ImportData),
        has_failed,
        filters: filters.into(),
        findings,
        pages: if total > PAGE { pages.into() } else { Html::default() },
    };
    let page = Frame::for_session(&session, title).here("/imports").back("/imports", "Imports").wide().render(&page)?;
    Ok(if is_running { ([(header::REFRESH, "2")], page).into_response() } else { page.into_response() })
}

/// "Bring it in" or "Leave it".
pub async fn answer(
    Given(app): Given<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    session.require(Action::ImportData)?;
    let authority = session.signed_in.actor.authority;
    let next = match typed.get("answer") {
        "bring-in" => State::Loading,
        "leave" => State::Left,
        _ => return Err(Error::BadRequest("The answer is missing. Go back and choose a button.".into())),
    };
    app.blocking(move |app| {
        let now = app.clock.now();
        app.db.write("imports.answer", |tx| -> Result<(), Error> {
            store::load(tx, authority, id)?;
            // A second click, or somebody else's answer before: the page shows where it stands.
            if store::move_on(tx, authority, id, State::Ready, next)? && next == State::Loading {
                let job = JobSpec { id: loading_id(id), kind: RUN_IMPORT, body: body(id)?, run_at: now };
                crate::journal::put_job(tx, authority, job)?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(see_other(&format!("/imports/{id}")))
}

/// A cell of a CSV file. One that a spreadsheet would take for a formula is made text.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// The findings that the page shows, all of them, as a file.
pub async fn findings_csv(
    Given(app): Given<App>,
    session: Session,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    session.require(Action::SeeImports)?;
    let authority = session.signed_in.actor.authority;
    let severities = asked.severities();
    let findings = app
        .blocking(move |app| {
            app.db.read("imports.findings", |tx| -> Result<_, Error> {
                store::load(tx, authority, id)?;
                store::findings(tx, authority, id, severities, FINDINGS_MAX, 0)
            })
        })
        .await?;
    let mut csv = String::from("\u{feff}severity,line,about,item,rule,finding\r\n");
    for row in findings {
        let line = row.line.map(|line| line.to_string()).unwrap_or_default();
        let cells = [
            row.severity.as_str(),
            &line,
            row.reference.as_deref().unwrap_or_default(),
            row.item.as_deref().unwrap_or_default(),
            &row.rule,
            &row.message,
        ];
        csv.push_str(&cells.map(cell).join(","));
        csv.push_str("\r\n");
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"findings-{id}.csv\"")),
    ];
    Ok((headers, csv).into_response())
}
