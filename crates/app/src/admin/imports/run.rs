//! Running an import, from a page or from a terminal: check the whole file, then write it.

use super::schools;
use super::sen2::{self, Area};
use super::store::{self, Import};
use super::summary::{Counts, Found, Kind, State, Stopped, Summary};
use crate::journal::{By, Who};
use crate::{App, Error};
use casework::AuthorityId;
use std::fs::File;
use std::io::BufReader;

/// The system as it brings data in. The import itself says which person asked for it.
pub fn who(app: &App, authority: AuthorityId) -> Who {
    Who { by: By::System("import"), authority, now: app.clock.now(), today: app.clock.today() }
}

fn reader(file: File) -> BufReader<File> {
    BufReader::with_capacity(64 << 10, file)
}

/// Reads a whole file without writing anything: what it would bring, and what was found in it.
///
/// # Errors
/// [`Stopped::Refused`] for a file that must not be loaded.
pub fn preview(
    app: &App,
    authority: AuthorityId,
    kind: Kind,
    area: &Area,
    file: File,
    mut each: impl FnMut(u64, &mut Summary, Vec<Found>) -> Result<(), Error>,
) -> Result<Summary, Stopped> {
    let who = who(app, authority);
    let mut summary = Summary::default();
    let on_batch = |bytes: u64, counts: &Counts, found: Vec<Found>| {
        summary.checked.add(counts);
        each(bytes, &mut summary, found)
    };
    let year = match kind {
        Kind::Sen2 => Some(sen2::check(app, &who, area, reader(file), on_batch)?),
        Kind::Schools => {
            schools::check(app, reader(file), on_batch)?;
            None
        }
    };
    summary.year = year;
    Ok(summary)
}

/// Checks a stored import and keeps what was found. Ends in `ready` or `refused`.
///
/// # Errors
/// When the database or the file store fails; the import can be run again.
pub fn check(
    app: &App,
    authority: AuthorityId,
    import: &Import,
    area: &Area,
    file: File,
    mut keep_alive: impl FnMut() -> Result<(), Error>,
) -> Result<State, Error> {
    // A check that was broken off starts again from nothing.
    app.db.write("imports.check_again", |tx| store::drop_findings(tx, authority, import.id))?;
    let outcome = preview(app, authority, import.kind, area, file, |bytes, summary, found| {
        let after = app.db.write("imports.keep_findings", |tx| -> Result<Summary, Error> {
            let mut after = summary.clone();
            store::add_findings(tx, authority, import.id, &mut after, &found)?;
            store::progress(tx, authority, import.id, bytes, &after)?;
            Ok(after)
        })?;
        *summary = after;
        keep_alive()
    });
    let (state, summary) = match outcome {
        Ok(summary) => (State::Ready, summary),
        Err(Stopped::Refused(why)) => {
            let counted = app.db.read("imports.load_import", |tx| store::load(tx, authority, import.id))?.summary;
            (State::Refused, Summary { refusal: Some(why), ..counted })
        }
        Err(Stopped::Failed(error)) => return Err(error),
    };
    app.db.write("imports.checked", |tx| store::finish(tx, authority, import.id, state, &summary))?;
    Ok(state)
}

/// Writes a checked import, from where it was broken off if it was. Ends in `done`.
///
/// # Errors
/// When the database or the file store fails; the import can be run again.
pub fn bring_in(
    app: &App,
    authority: AuthorityId,
    import: &Import,
    area: &Area,
    file: File,
    keep_alive: impl FnMut() -> Result<(), Error>,
) -> Result<Summary, Error> {
    let mut summary = import.summary.clone();
    let outcome = match import.kind {
        Kind::Sen2 => {
            let who = who(app, authority);
            sen2::load(app, &who, area, reader(file), import.id, &mut summary, keep_alive)
        }
        Kind::Schools => schools::load(app, authority, reader(file), import.id, &mut summary, keep_alive),
    };
    let state = match outcome {
        Ok(()) => State::Done,
        Err(Stopped::Refused(why)) => {
            summary.refusal = Some(why);
            State::Refused
        }
        Err(Stopped::Failed(error)) => return Err(error),
    };
    app.db.write("imports.finish", |tx| store::finish(tx, authority, import.id, state, &summary))?;
    Ok(summary)
}
