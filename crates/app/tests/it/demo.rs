//! The demo area: the same for the same seed, whole, and with the day that the guided walk is about.

use crate::given::TODAY;
use app::config::Settings;
use app::demo::{self, Size};
use app::ports::{Files, FixedClock, KeptMail, KeptTexts, SeededIds};
use app::{App, journal, team};
use casework::access::{Action, Role};
use db::testing::TestDatabase;
use std::sync::Arc;
use uuid::Uuid;

const SEED: u64 = 1;

fn made(db: &TestDatabase) -> App {
    let app = App {
        db: db::Database::clone(db),
        clock: Arc::new(FixedClock::on(TODAY)),
        ids: Arc::new(SeededIds::new(SEED)),
        files: Files::in_folder(std::env::temp_dir().join("tellonce-demo-has-no-files")),
        mail: Arc::new(KeptMail),
        carrier: Arc::new(KeptTexts),
        settings: Arc::new(Settings::default()),
    };
    let made = demo::make(&app, Size::Small, SEED, TODAY).expect("the demo can be made");
    assert_eq!(made.areas, 1);
    assert_eq!(demo::make(&app, Size::Small, SEED, TODAY).expect("it is there").areas, 0, "it is made once");
    app
}

/// Every case with the head of its journal.
fn heads(app: &App) -> Vec<(Uuid, Vec<u8>)> {
    let read = |tx: &mut dyn db::Tx| -> Result<_, app::Error> {
        let rows = tx.query("SELECT case_id, head FROM cases ORDER BY case_id", &[])?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    };
    app.db.read("test.heads", read).expect("the database answers")
}

#[test]
fn the_demo_is_the_same_for_the_same_seed_and_its_day_begins_with_maya_noor_and_ava() {
    let migrations = app::cli::migrations();
    let (first, second) = (db::testing::sqlite(&migrations), db::testing::sqlite(&migrations));
    let (app, again) = std::thread::scope(|threads| {
        let again = threads.spawn(|| made(&second));
        (made(&first), again.join().expect("the demo can be made twice"))
    });
    assert_eq!(heads(&app), heads(&again));

    let report = journal::verify(&app.db).expect("the database answers");
    assert!(report.is_whole(), "{:?}", report.faults);
    assert!(report.cases > 600, "{} cases", report.cases);

    let day = |tx: &mut dyn db::Tx| -> Result<_, app::Error> {
        let dev = tx.query_one("SELECT authority_id, user_id FROM users WHERE name = 'Dev Patel'", &[])?;
        let (area, user): (Uuid, Uuid) = (dev.get(0)?, dev.get(1)?);
        let actor = casework::access::Actor {
            user: casework::UserId(user),
            authority: casework::AuthorityId(area),
            role: Role::Officer,
            setting: None,
            body: None,
        };
        let count: i64 = tx
            .query_one(
                "SELECT COUNT(*) FROM cases WHERE authority_id = $1 AND officer_id = $2",
                &[area.into(), user.into()],
            )?
            .get(0)?;
        Ok((team::day(tx, team::Scope::of(&actor, Action::SeeCase), team::Whose::Officer(user), TODAY)?, count))
    };
    let (lines, children) = app.db.read("test.day", day).expect("the database answers");
    assert_eq!(children, 190);
    let first: Vec<&str> = lines.iter().take(3).map(|line| line.name.as_str()).collect();
    assert_eq!(first, ["Maya Turner", "Noor Aziz", "Ava Brandt"]);
    assert!(lines.iter().any(|line| line.name == "Leo Castell"), "the review meeting of today is in the list");
}
