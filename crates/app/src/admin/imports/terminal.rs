//! An import begun at a terminal: kept and shown like any other, and taken up again where it was
//! when the same file is given once more.

use super::run;
use super::sen2::Area;
use super::store::{self, NewImport};
use super::summary::{Kind, State, Stopped, Summary};
use crate::{App, Error};
use casework::AuthorityId;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// How it went.
pub struct Begun {
    pub id: uuid::Uuid,
    pub summary: Summary,
    /// It went on from an earlier run that was broken off.
    pub was_resumed: bool,
}

fn file_error(step: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let name = path.display().to_string();
    move |cause| Error::File { step, name, cause }
}

fn fingerprint(path: &Path) -> Result<(String, u64), Error> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path).map_err(file_error("open", path))?);
    let (mut hasher, mut size, mut part) = (blake3::Hasher::new(), 0, vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut part).map_err(file_error("read", path))?;
        if read == 0 {
            return Ok((hasher.finalize().to_hex().to_string(), size));
        }
        hasher.update(&part[..read]);
        size += read as u64;
    }
}

/// Checks a file and, when nothing forbids it, brings it in.
///
/// # Errors
/// [`Stopped::Refused`] when the file must not be loaded: nothing of it was written.
pub fn begin(app: &App, authority: AuthorityId, kind: Kind, area: &Area, path: &Path) -> Result<Begun, Stopped> {
    let open = || File::open(path).map_err(file_error("open", path));
    let (fingerprint, bytes_total) = fingerprint(path)?;
    let unfinished = app.db.read("imports.unfinished", |tx| store::unfinished(tx, authority, kind, &fingerprint))?;
    let was_resumed = unfinished.as_ref().is_some_and(|import| import.state == State::Loading);
    let id = match unfinished {
        Some(import) => import.id,
        None => {
            let import = NewImport {
                id: app.ids.next(),
                kind,
                file_name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
                fingerprint,
                state: State::Checking,
                started_at: app.clock.now(),
                started_by: None,
                bytes_total,
                summary: Summary::default(),
            };
            app.db.write("imports.begin", |tx| store::add(tx, authority, &import))?;
            import.id
        }
    };
    let load = || app.db.read("imports.load_import", |tx| store::load(tx, authority, id));
    if !was_resumed {
        if run::check(app, authority, &load()?, area, open()?, || Ok(()))? == State::Refused {
            return Err(Stopped::Refused(load()?.summary.refusal.unwrap_or_default()));
        }
        app.db.write("imports.say_yes", |tx| store::move_on(tx, authority, id, State::Ready, State::Loading))?;
    }
    let summary = run::bring_in(app, authority, &load()?, area, open()?, || Ok(()))?;
    match summary.refusal.clone() {
        Some(why) => Err(Stopped::Refused(why)),
        None => Ok(Begun { id, summary, was_resumed }),
    }
}
