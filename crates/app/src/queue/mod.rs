//! What happens later: jobs in the same database as the acts they follow from.
//!
//! A job is inserted in the transaction of the act, claimed by lease, and must be safe to run
//! twice. It says done, try again, or stop. No transaction is open while a job works on a file.

use crate::{App, Error};
use casework::AuthorityId;
use db::{Row, Tx};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// A job that dies is taken up again after this long.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// After this many failures a job stops and waits for a person.
const ATTEMPTS_MAX: i64 = 8;

/// How often a job of this kind is tried, and the power of two of minutes that it waits at most. A
/// message outlasts a weekend without a mail server; a file is checked for as long as it takes, and is
/// not left held because a checker was away.
fn patience(kind: &str) -> (i64, i64) {
    match kind {
        crate::post::SEND_MESSAGE => (crate::post::ATTEMPTS_MAX, 4),
        crate::uploads::checks::CHECK_FILE => (i64::MAX, 7),
        _ => (ATTEMPTS_MAX, 7),
    }
}

/// A claimed job.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: Uuid,
    pub authority: AuthorityId,
    pub kind: String,
    pub body: String,
    pub attempts: i64,
}

const NEXT: &str = "SELECT job_id, authority_id, kind, body, attempts FROM jobs \
    WHERE finished_at IS NULL AND run_at <= $1 AND (leased_until IS NULL OR leased_until < $1) \
    AND ($2 = 'any' OR ($2 = 'checks' AND kind = 'files.check') OR ($2 = 'others' AND kind <> 'files.check')) \
    ORDER BY run_at, job_id LIMIT 1";
const CLAIM: &str = "UPDATE jobs SET leased_until = $2, attempts = attempts + 1 \
    WHERE job_id = $1 AND finished_at IS NULL AND (leased_until IS NULL OR leased_until < $3)";
const FINISH: &str = "UPDATE jobs SET finished_at = $2, leased_until = NULL, failure = $3 WHERE job_id = $1";
const RETRY: &str = "UPDATE jobs SET run_at = $2, leased_until = NULL, failure = $3 WHERE job_id = $1";
const PROLONG: &str = "UPDATE jobs SET leased_until = $2 WHERE job_id = $1 AND finished_at IS NULL";

/// Which jobs a worker takes. A virus checker that does not answer keeps no letter waiting.
#[derive(Debug, Clone, Copy)]
enum Lane {
    Any,
    Checks,
    Others,
}

impl Lane {
    fn code(self) -> &'static str {
        match self {
            Lane::Any => "any",
            Lane::Checks => "checks",
            Lane::Others => "others",
        }
    }
}

/// Claims the next job that is due, if there is one.
fn claim(tx: &mut dyn Tx, now: Timestamp, lane: Lane) -> Result<Option<Job>, Error> {
    // Two workers may look at the same row; only one of them changes it.
    for _ in 0..16 {
        let Some(row) = tx.find(NEXT, &[now.into(), lane.code().into()])? else {
            return Ok(None);
        };
        let job = read_job(&row)?;
        if tx.execute(CLAIM, &[job.id.into(), (now + LEASE).into(), now.into()])? == 1 {
            return Ok(Some(Job { attempts: job.attempts + 1, ..job }));
        }
    }
    Ok(None)
}

fn read_job(row: &Row) -> Result<Job, Error> {
    Ok(Job {
        id: row.get("job_id")?,
        authority: AuthorityId(row.get("authority_id")?),
        kind: row.get("kind")?,
        body: row.get("body")?,
        attempts: row.get("attempts")?,
    })
}

/// Keeps a long job's lease alive.
///
/// # Errors
/// When the database fails.
pub fn prolong(app: &App, job: Uuid) -> Result<(), Error> {
    let until = app.clock.now() + LEASE;
    app.db.write("queue.prolong", |tx| -> Result<(), Error> {
        tx.execute(PROLONG, &[job.into(), until.into()])?;
        Ok(())
    })
}

/// Runs one due job. Returns false when there was none.
///
/// # Errors
/// When the database fails; a job's own failure is kept with the job.
pub fn run_next(app: &App) -> Result<bool, Error> {
    run_next_of(app, Lane::Any)
}

fn run_next_of(app: &App, lane: Lane) -> Result<bool, Error> {
    let now = app.clock.now();
    let Some(job) = app.db.write("queue.claim", |tx| claim(tx, now, lane))? else {
        return Ok(false);
    };
    let outcome = run(app, &job);
    let now = app.clock.now();
    app.db.write("queue.finish", |tx| -> Result<(), Error> {
        match &outcome {
            Ok(()) => tx.execute(FINISH, &[job.id.into(), now.into(), db::Value::Null])?,
            Err(error) if job.attempts >= patience(&job.kind).0 => {
                tx.execute(FINISH, &[job.id.into(), now.into(), error.to_string().into()])?
            }
            Err(error) => {
                // One, two, four … minutes: what is down comes back, what is wrong stops.
                let pause = SignedDuration::from_mins(1 << job.attempts.clamp(0, patience(&job.kind).1));
                tx.execute(RETRY, &[job.id.into(), (now + pause).into(), error.to_string().into()])?
            }
        };
        Ok(())
    })?;
    if let Err(error) = outcome {
        tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, %error, "job failed");
    }
    Ok(true)
}

/// Runs everything that is due. Tests and commands call this; the server's worker does the same.
///
/// # Errors
/// When the database fails.
pub fn run_all_due(app: &App) -> Result<u64, Error> {
    let mut count = 0;
    while run_next(app)? {
        count += 1;
    }
    Ok(count)
}

fn run(app: &App, job: &Job) -> Result<(), Error> {
    match job.kind.as_str() {
        crate::plan::jobs::MAKE_NOTICE => crate::plan::jobs::make_notice(app, job),
        crate::admin::imports::jobs::RUN_IMPORT => crate::admin::imports::jobs::run(app, job),
        crate::journal::keys::COMPLETE_KEYS => crate::journal::keys::complete(app, job.authority),
        crate::post::SEND_MESSAGE => crate::post::send(app, job),
        crate::uploads::checks::CHECK_FILE => crate::uploads::checks::run(app, job),
        crate::post::SEND_DIGEST => crate::post::digest(app, job),
        crate::access::address::CHANGE_ADDRESS => crate::access::address::take_effect(app, job),
        crate::emergency::END_OPENING => crate::emergency::end_by_itself(app, job),
        crate::post::ASK_RECEIPT => crate::post::ask_receipt(app, job),
        other => Err(Error::Broken { step: "run a job", cause: format!("unknown kind `{other}`") }),
    }
}

/// Works through due jobs until the process ends. One worker is enough for one area; several
/// processes may run it at once.
pub async fn work(app: App) {
    let told = crate::webhooks::work(app.clone());
    tokio::join!(work_in(app.clone(), Lane::Others), work_in(app, Lane::Checks), told);
}

async fn work_in(app: App, lane: Lane) {
    let mut round = None;
    loop {
        // Once a day, and at every start; safe to repeat.
        let today = app.clock.today();
        if matches!(lane, Lane::Others) && round != Some(today) {
            round = Some(today);
            let sweeps = [
                crate::voice::prompts::sweep,
                crate::team::tell_of_cover,
                crate::post::forget,
                crate::emergency::forget,
            ];
            for sweep in sweeps {
                if let Err(error) = app.blocking(sweep).await {
                    // Whoever was not told today is told tomorrow.
                    tracing::error!(%error, "the daily round failed");
                }
            }
            if let Err(error) = app.blocking(crate::uploads::check_earlier).await {
                tracing::error!(%error, "files that came earlier could not be asked for");
            }
            if let Err(error) = app.blocking(crate::uploads::forget_ended).await {
                tracing::error!(%error, "what nobody goes on with could not be deleted");
            }
        }
        match app.blocking(move |app| run_next_of(app, lane)).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(std::time::Duration::from_millis(500)).await,
            Err(error) => {
                tracing::error!(%error, "the queue could not be read");
                tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            }
        }
    }
}
