//! What happens later happens, once in effect, however often it is tried.

use crate::given::Stop;
use crate::world::{World, minutes};
use app::queue::{run_all_due, run_next};
use db::Value;
use db::testing::TestDatabase;

const COUNT: &str = "SELECT COUNT(*) FROM jobs WHERE finished_at IS NULL";
const ADD: &str =
    "INSERT INTO jobs (job_id, authority_id, kind, schema, body, run_at, attempts) VALUES ($1, $2, $3, 1, '{}', $4, 0)";
const JOB: &str = "SELECT attempts, run_at, finished_at, failure, leased_until FROM jobs WHERE job_id = $1";

type State = (i64, jiff::Timestamp, Option<jiff::Timestamp>, Option<String>, Option<jiff::Timestamp>);

fn job(world: &World, id: uuid::Uuid) -> State {
    world
        .app
        .db
        .read("test.job", |tx| -> Result<_, app::Error> {
            let row = tx.query_one(JOB, &[id.into()])?;
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .expect("the job is there")
}

fn waiting(world: &World) -> i64 {
    world
        .app
        .db
        .read("test.count", |tx| -> Result<i64, app::Error> { Ok(tx.query_one(COUNT, &[])?.get(0)?) })
        .expect("the database answers")
}

fn contents(world: &World) -> Vec<i64> {
    const COUNTS: [&str; 7] = [
        "SELECT COUNT(*) FROM cases",
        "SELECT COUNT(*) FROM journal",
        "SELECT COUNT(*) FROM documents",
        "SELECT COUNT(*) FROM texts",
        "SELECT COUNT(*) FROM plan_versions",
        "SELECT COUNT(*) FROM deadlines",
        "SELECT COUNT(*) FROM tasks",
    ];
    world
        .app
        .db
        .read("test.contents", |tx| -> Result<_, app::Error> {
            COUNTS.into_iter().map(|sql| Ok(tx.query_one(sql, &[])?.get(0)?)).collect()
        })
        .expect("the database answers")
}

pub fn jobs_are_safe(db: &TestDatabase) {
    let world = World::new(db).with_children();
    // Every notice of the given steps left a job; all are done, and none failed.
    assert!(waiting(&world) > 5, "{} jobs wait", waiting(&world));
    run_all_due(&world.app).expect("the queue can be read");
    let failed: Vec<String> = world
        .app
        .db
        .read("test.failed", |tx| -> Result<_, app::Error> {
            let rows = tx.query("SELECT kind, failure FROM jobs WHERE failure IS NOT NULL ORDER BY job_id", &[])?;
            rows.iter().map(|row| Ok(format!("{}: {}", row.get::<String>(0)?, row.get::<String>(1)?))).collect()
        })
        .expect("the database answers");
    assert_eq!(failed, Vec::<String>::new());
    assert_eq!(waiting(&world), 0);
    assert!(!run_next(&world.app).expect("the queue can be read"), "nothing is left to do");

    // Every job run a second time changes nothing.
    let before = contents(&world);
    world.write(|tx| Ok(tx.execute("UPDATE jobs SET finished_at = NULL", &[])?));
    run_all_due(&world.app).expect("the queue can be read");
    assert_eq!(contents(&world), before, "jobs are safe to repeat");
    assert_eq!(waiting(&world), 0);

    // A job that fails is tried again, later each time, and then waits for a person.
    let broken = uuid::Uuid::from_u128(0xb0b);
    world.write(|tx| {
        Ok(tx.execute(ADD, &[broken.into(), world.area.0.into(), "no such kind".into(), minutes(0).into()])?)
    });
    let mut pauses = Vec::new();
    for attempt in 1..=8 {
        assert!(run_next(&world.app).expect("the queue can be read"), "attempt {attempt}");
        let (attempts, run_at, finished_at, failure, leased_until) = job(&world, broken);
        assert_eq!((attempts, leased_until), (attempt, None));
        assert!(failure.is_some_and(|words| words.contains("no such kind")));
        assert_eq!(finished_at.is_some(), attempt == 8, "attempt {attempt}");
        if attempt < 8 {
            pauses.push(run_at.duration_since(minutes(0)).as_secs());
            assert!(!run_next(&world.app).expect("the queue can be read"), "not before its time");
            world.write(|tx| {
                Ok(tx.execute("UPDATE jobs SET run_at = $2 WHERE job_id = $1", &[broken.into(), minutes(0).into()])?)
            });
        }
    }
    assert!(pauses.windows(2).all(|pair| pair[0] < pair[1]), "each pause is longer: {pauses:?}");
    assert!(!run_next(&world.app).expect("the queue can be read"), "it waits for a person");

    // A job whose worker died is taken up when its lease ends, and not before.
    let orphan = uuid::Uuid::from_u128(0x0af);
    world.write(|tx| {
        tx.execute(ADD, &[orphan.into(), world.area.0.into(), "no such kind".into(), minutes(-30).into()])?;
        Ok(tx.execute(
            "UPDATE jobs SET leased_until = $2, attempts = 1 WHERE job_id = $1",
            &[orphan.into(), minutes(4).into()],
        )?)
    });
    assert!(!run_next(&world.app).expect("the queue can be read"), "its worker may be alive");
    let lease = |until: Value| {
        world.write(|tx| {
            Ok(tx.execute("UPDATE jobs SET leased_until = $2 WHERE job_id = $1", &[orphan.into(), until.clone()])?)
        })
    };
    lease(minutes(-1).into());
    assert!(run_next(&world.app).expect("the queue can be read"), "its worker is dead");
    assert_eq!(job(&world, orphan).0, 2);
    let _ = Stop::Open;
}
