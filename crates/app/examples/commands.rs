//! How many commands a second does the write path record: load, authorise, decide, journal, state,
//! lists, commit? Beside it a bare program on the same disk that commits one row (SQLite), or inserts
//! one event and updates one row (PostgreSQL), equally durable.
//!
//! ```text
//! cargo run --release -p app --example commands [FOLDER] [SECONDS]
//! ```
//!
//! FOLDER should be on the disk that is to be measured. The PostgreSQL half starts a durable cluster
//! of its own and is left out where PostgreSQL is absent.

use app::config::Settings;
use app::demo::{self, Size};
use app::journal::{self, Act, By, Papers, Who};
use app::ports::{Files, FixedClock, KeptMail, KeptTexts, SeededIds};
use app::{App, Error};
use casework::access::{Action, Actor, Role};
use casework::codes::Need;
use casework::{AuthorityId, CaseId, Command, UserId, people};
use db::bare::{BarePostgres, BareSqlite, rate, show};
use jiff::civil::{Date, date};
use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn StdError + Send + Sync>>;

const TODAY: Date = date(2026, 11, 23);

/// The demo area on this database, its officer, and children with a plan.
fn area(address: &str) -> Outcome<(App, Who, Vec<CaseId>)> {
    let app = App {
        db: db::Database::open(address)?,
        clock: Arc::new(FixedClock::on(TODAY)),
        ids: Arc::new(SeededIds::new(1)),
        files: Files::in_folder(std::env::temp_dir()),
        mail: Arc::new(KeptMail),
        carrier: Arc::new(KeptTexts),
        settings: Arc::new(Settings::default()),
    };
    app.db.migrate(&app::cli::migrations())?;
    demo::make(&app, Size::Small, 1, TODAY)?;
    let (user, cases) = app.db.read("bench.people", |tx| -> Result<_, Error> {
        let dev = tx.query_one("SELECT authority_id, user_id FROM users WHERE name = 'Dev Patel'", &[])?;
        let user: (Uuid, Uuid) = (dev.get(0)?, dev.get(1)?);
        let rows = tx.query("SELECT case_id FROM cases WHERE plan_first_made_on IS NOT NULL", &[])?;
        let cases: Result<Vec<CaseId>, Error> = rows.iter().map(|row| Ok(CaseId(row.get(0)?))).collect();
        Ok((user, cases?))
    })?;
    let authority = AuthorityId(user.0);
    let actor = Actor { user: UserId(user.1), authority, role: Role::Officer, setting: None, body: None };
    let who = Who { by: By::Person(actor), authority, now: app.clock.now(), today: TODAY };
    Ok((app, who, cases))
}

/// One real command: the child's primary need is recorded, a different one every time.
fn record(app: &App, who: &Who, cases: &[CaseId], number: usize) -> Outcome<()> {
    let case = cases[number % cases.len()];
    let primary = if (number / cases.len()).is_multiple_of(2) { Need::Vi } else { Need::Msi };
    let command = people::Command::RecordNeeds { primary, secondary: Some(Need::Oth) };
    app.db.write("bench.command", |tx| {
        let act = Act {
            action: Action::CorrectDetails,
            seen: None,
            commands: vec![Command::People(command.clone())],
            papers: Papers::default(),
        };
        journal::act(tx, who, case, act)
    })?;
    Ok(())
}

fn measure_commands(address: &str, lasting: Duration, bare: &[f64]) -> Outcome<()> {
    let (app, who, cases) = area(address)?;
    for (threads, bare) in [1, 8, 50].into_iter().zip(bare) {
        // Every thread has children of its own, as officers have.
        let share = cases.len() / threads;
        let taken = AtomicUsize::new(0);
        let ours = rate(threads, lasting, || {
            let first = taken.fetch_add(1, Relaxed) * share;
            let own = &cases[first..first + share];
            let mut number = 0;
            Ok({
                let (app, who) = (&app, &who);
                move |_| {
                    number += 1;
                    record(app, who, own, number)
                }
            })
        })?;
        show(&format!("journal::act, {threads} threads"), ours, Some(*bare));
    }
    let report = journal::verify(&app.db)?;
    println!("verified: {} entries, {} faults", report.entries, report.faults_total);
    Ok(())
}

const BODY: &str = "{\"people\":{\"needs_recorded\":{\"primary\":\"VI\",\"secondary\":\"OTH\"}}}";

fn bare_sqlite(path: &Path, lasting: Duration) -> Outcome<f64> {
    rate(1, lasting, || {
        let bare = BareSqlite::open(path)?;
        Ok(move |number| bare.commit_one(number, BODY))
    })
}

fn bare_postgres(address: &str, threads: usize, lasting: Duration) -> Outcome<f64> {
    rate(threads, lasting, || {
        let mut bare = BarePostgres::connect(address)?;
        Ok(move |number| bare.commit_one(number, BODY))
    })
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let seconds: f64 = arguments.next().map_or(Ok(3.0), |seconds| seconds.parse())?;
    let lasting = Duration::from_secs_f64(seconds);
    let folder = folder.join(format!("tellonce-commands-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;

    println!("SQLite");
    let bare = bare_sqlite(&folder.join("bare.sqlite"), lasting)?;
    show("bare rusqlite, one row a commit, 1 thread", bare, None);
    measure_commands(&format!("sqlite:{}", folder.join("area.sqlite").display()), lasting, &[bare; 3])?;
    std::fs::remove_dir_all(&folder)?;

    if let Some(cluster) = db::testing::OwnCluster::start() {
        println!("PostgreSQL");
        let mut bare = Vec::new();
        for threads in [1, 8, 50] {
            let rate = bare_postgres(cluster.address(), threads, lasting)?;
            show(&format!("bare driver, event + version, {threads} threads"), rate, None);
            bare.push(rate);
        }
        measure_commands(cluster.address(), lasting, &bare)?;
    }
    Ok(())
}
