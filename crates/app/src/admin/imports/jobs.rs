//! Running an import that came in by the page, in the background.

use super::sen2::Area;
use super::summary::State;
use super::{run, store};
use crate::queue::{Job, prolong};
use crate::{App, Error};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Runs an import whose file is in the file store: checks it, or brings it in, as its state says.
pub const RUN_IMPORT: &str = "imports.run";

#[derive(Debug, Serialize, Deserialize)]
struct Body {
    import: Uuid,
}

/// The id of the job that brings in what was checked. The one that checks has the import's own.
pub(super) fn loading_id(import: Uuid) -> Uuid {
    super::matching::id_from(&[b"job that brings in", import.as_bytes()])
}

pub(super) fn body(import: Uuid) -> Result<String, Error> {
    serde_json::to_string(&Body { import })
        .map_err(|cause| Error::Broken { step: "write a job", cause: cause.to_string() })
}

pub(crate) fn run(app: &App, job: &Job) -> Result<(), Error> {
    let Body { import } = serde_json::from_str(&job.body)
        .map_err(|cause| Error::Broken { step: "read a job", cause: cause.to_string() })?;
    let (import, (code, name)) = app.db.read("imports.load_import", |tx| -> Result<_, Error> {
        Ok((store::load(tx, job.authority, import)?, store::area(tx, job.authority)?))
    })?;
    if !import.state.is_running() {
        return Ok(());
    }
    let area = Area { code, name, is_named: false };
    let file = app.files.open(&import.fingerprint)?;
    let mut prolonged_at = app.clock.now();
    let keep_alive = || {
        let now = app.clock.now();
        if now.duration_since(prolonged_at).as_secs() >= 30 {
            prolonged_at = now;
            prolong(app, job.id)?;
        }
        Ok(())
    };
    match import.state {
        State::Checking => run::check(app, job.authority, &import, &area, file, keep_alive).map(|_| ()),
        State::Loading => run::bring_in(app, job.authority, &import, &area, file, keep_alive).map(|_| ()),
        State::Ready | State::Done | State::Refused | State::Left => Ok(()),
    }
}
