//! `tellonce import`: brings in a SEN2 return or a register of schools.

use super::open::open;
use super::{Where, plain};
use crate::admin::areas;
use crate::admin::imports::sen2::{Area, authority_of};
use crate::admin::imports::summary::{Counts, Found, Kind, Stopped, Summary, severity_code};
use crate::admin::imports::{begin, run, store};
use crate::config::Settings;
use crate::{App, Error};
use casework::AuthorityId;
use clap::{Args, Subcommand};
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Import {
    /// A SEN2 return: people, requests, assessments, plans, placements, needs.
    #[command(after_help = "Example: tellonce import sen2 sen2-2026.xml --dry-run --dir data")]
    Sen2(Source),
    /// A register of schools, such as the extract of Get Information about Schools.
    #[command(after_help = "Example: tellonce import schools edubasealldata.csv --dir data")]
    Schools(Source),
}

#[derive(Debug, Args)]
pub struct Source {
    /// The file.
    file: PathBuf,
    /// Only say what the file would bring and what is wrong with it; write nothing.
    #[arg(long)]
    dry_run: bool,
    /// The three digits of the area, when the file does not say or names another.
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// How many findings to print.
    #[arg(long, default_value_t = 20, value_name = "N")]
    findings: usize,
    #[command(flatten)]
    place: Where,
}

impl Import {
    pub(super) fn run(self) -> Result<ExitCode, String> {
        let (kind, source) = match self {
            Import::Sen2(source) => (Kind::Sen2, source),
            Import::Schools(source) => (Kind::Schools, source),
        };
        let app = open(&source.place, Settings { dir: source.place.dir.clone(), ..Settings::default() })?;
        match bring_in(&app, kind, &source) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(Stopped::Refused(why)) => Err(format!("the file was not loaded: {why}")),
            Err(Stopped::Failed(error)) => Err(plain(&error)),
        }
    }
}

fn open_file(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(|cause| Error::File { step: "open", name: path.display().to_string(), cause })
}

/// The area that was named, the one the file names, or for schools any: they belong to no area.
fn area(app: &App, kind: Kind, source: &Source) -> Result<(AuthorityId, Area), Stopped> {
    let found_in_file = match (&source.area, kind) {
        (Some(_), _) | (None, Kind::Schools) => None,
        (None, Kind::Sen2) => authority_of(BufReader::new(open_file(&source.file)?))?,
    };
    let areas = app.db.read("cli.areas", |tx| areas::all(tx))?;
    let code = match (source.area.as_ref().or(found_in_file.as_ref()), kind) {
        (Some(code), _) => code.clone(),
        (None, Kind::Schools) => areas.first().map(|(_, code, _)| code.clone()).ok_or_else(|| {
            Stopped::Refused("there is no area yet; add one with: tellonce area add CODE NAME".into())
        })?,
        (None, Kind::Sen2) => {
            return Err(Stopped::Refused(
                "its header does not say which authority it belongs to; name it with --area CODE".into(),
            ));
        }
    };
    let (id, code, name) = areas.into_iter().find(|(_, known, _)| *known == code).ok_or_else(|| {
        Stopped::Refused(format!("there is no area {code} here; add it with: tellonce area add {code} NAME"))
    })?;
    Ok((id, Area { code, name, is_named: source.area.is_some() }))
}

fn bring_in(app: &App, kind: Kind, source: &Source) -> Result<(), Stopped> {
    let (authority, area) = area(app, kind, source)?;
    // What is printed may be piped to a program that stops reading: that is no failure of ours.
    let mut out = std::io::stdout().lock();
    if source.dry_run {
        let mut shown: Vec<Found> = Vec::new();
        let summary = run::preview(app, authority, kind, &area, open_file(&source.file)?, |_, summary, found| {
            for finding in found {
                summary.findings.count(finding.severity);
                if shown.len() < source.findings {
                    shown.push(finding);
                }
            }
            Ok(())
        })?;
        let _ = print(&mut out, kind, &summary, &summary.checked, "would be");
        let lines = shown.iter().map(|f| {
            (severity_code(f.severity), f.line, f.reference.as_deref(), f.item.as_deref(), f.message.as_str())
        });
        let _ = print_findings(&mut out, lines, summary.findings.total());
        let _ = writeln!(out, "Nothing was written.");
        return Ok(());
    }
    let begun = begin(app, authority, kind, &area, &source.file)?;
    if begun.was_resumed {
        let _ = writeln!(out, "An earlier run that was broken off was taken up again.");
    }
    let _ = print(&mut out, kind, &begun.summary, &begun.summary.loaded, "were");
    let found = app.db.read("cli.findings", |tx| store::first_findings(tx, authority, begun.id, source.findings))?;
    let lines = found
        .iter()
        .map(|f| (f.severity.as_str(), f.line, f.reference.as_deref(), f.item.as_deref(), f.message.as_str()));
    let _ = print_findings(&mut out, lines, begun.summary.findings.total());
    if begun.summary.loaded.new + begun.summary.loaded.changed == 0 {
        let _ = writeln!(out, "Nothing new.");
    }
    Ok(())
}

fn print(out: &mut impl Write, kind: Kind, summary: &Summary, effect: &Counts, verb: &str) -> std::io::Result<()> {
    let held = &summary.checked;
    match kind {
        Kind::Schools => writeln!(out, "{} schools and colleges in the file", held.looked_at)?,
        Kind::Sen2 => {
            let year = summary.year.map(|year| format!(" {year}")).unwrap_or_default();
            writeln!(
                out,
                "SEN2 return{year}: {} people, {} requests, {} assessments, {} plans, {} placements, {} needs, {} reviews",
                held.looked_at, held.requests, held.assessments, held.plans, held.placements, held.needs, held.reviews
            )?;
        }
    }
    writeln!(
        out,
        "{} {verb} added, {} {verb} changed, {} are known with nothing new, {} {verb} left out",
        effect.new, effect.changed, effect.known, effect.left_out
    )
}

type Line<'a> = (&'a str, Option<u64>, Option<&'a str>, Option<&'a str>, &'a str);

fn print_findings<'a>(
    out: &mut impl Write,
    lines: impl ExactSizeIterator<Item = Line<'a>>,
    total: u64,
) -> std::io::Result<()> {
    let shown = lines.len() as u64;
    for (severity, line, reference, item, message) in lines {
        let place = line.map(|line| format!("line {line}, ")).unwrap_or_default();
        let item = item.map(|item| format!("{item}: ")).unwrap_or_default();
        writeln!(out, "  {severity}: {place}{}: {item}{message}", reference.unwrap_or("the file"))?;
    }
    match total.saturating_sub(shown) {
        0 => writeln!(out, "{total} finding(s)"),
        more => writeln!(out, "{total} finding(s), {more} of them not printed"),
    }
}
