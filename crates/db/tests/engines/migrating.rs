use db::testing::TestDatabase;
use db::{Error, Migration, Migrations, both_engines};

const NONE: Migrations = Migrations { sqlite: &[], postgres: &[] };

macro_rules! same_on_both {
    ($($name:literal => $sql:literal),*) => {
        Migrations {
            sqlite: &[$(Migration { name: $name, sql: $sql }),*],
            postgres: &[$(Migration { name: $name, sql: $sql }),*],
        }
    };
}

const ONE: Migrations =
    same_on_both!["0001_there_are_cases" => "CREATE TABLE ehc_case (number INTEGER NOT NULL PRIMARY KEY)"];
const TWO: Migrations = same_on_both![
    "0001_there_are_cases" => "CREATE TABLE ehc_case (number INTEGER NOT NULL PRIMARY KEY)",
    "0002_cases_have_a_stage" => "ALTER TABLE ehc_case ADD COLUMN stage TEXT; INSERT INTO ehc_case VALUES (1, 'requested')"
];
const EDITED: Migrations = same_on_both!["0001_there_are_cases" => "CREATE TABLE ehc_case (number INTEGER)"];
const ONLY_LINE_ENDS: Migrations = Migrations {
    sqlite: &[Migration { name: "0001_two_lines", sql: "CREATE TABLE a (n INTEGER);\nCREATE TABLE b (n INTEGER);" }],
    postgres: &[Migration { name: "0001_two_lines", sql: "CREATE TABLE a (n INTEGER);\nCREATE TABLE b (n INTEGER);" }],
};
const OTHER_LINE_ENDS: Migrations = Migrations {
    sqlite: &[Migration { name: "0001_two_lines", sql: "CREATE TABLE a (n INTEGER);\r\nCREATE TABLE b (n INTEGER);" }],
    postgres: &[Migration {
        name: "0001_two_lines",
        sql: "CREATE TABLE a (n INTEGER);\r\nCREATE TABLE b (n INTEGER);",
    }],
};
const BREAKS_HALF_WAY: Migrations = same_on_both![
    "0001_there_are_cases" => "CREATE TABLE ehc_case (number INTEGER NOT NULL PRIMARY KEY)",
    "0002_fails" => "CREATE TABLE kept_by_nobody (number INTEGER); INSERT INTO ehc_case VALUES (1); INSERT INTO ehc_case VALUES (1)"
];
const INSERTED_BEFORE: Migrations = same_on_both![
    "0000_comes_too_late" => "CREATE TABLE late (number INTEGER)",
    "0001_there_are_cases" => "CREATE TABLE ehc_case (number INTEGER NOT NULL PRIMARY KEY)"
];
const ENDS_ITS_TRANSACTION: Migrations = same_on_both!["0001_commits" => "CREATE TABLE a (n INTEGER); COMMIT"];
const BADLY_NAMED: Migrations = same_on_both!["1_short" => "SELECT 1"];
const OUT_OF_ORDER: Migrations = same_on_both!["0002_second" => "SELECT 1", "0001_first" => "SELECT 1"];

fn has_table(database: &TestDatabase, sql: &'static str) -> bool {
    database.read("table.probe", |tx| tx.prepare(sql)).is_ok()
}

both_engines! {
    NONE;

    fn migrations_are_applied_once_and_in_order(database) {
        let applied = database.migrate(&ONE).unwrap();
        assert_eq!((applied.now, applied.before), (vec!["0001_there_are_cases"], 0));
        let applied = database.migrate(&TWO).unwrap();
        assert_eq!((applied.now, applied.before), (vec!["0002_cases_have_a_stage"], 1));
        let applied = database.migrate(&TWO).unwrap();
        assert_eq!((applied.now, applied.before), (vec![], 2));
        let stage: String = database.read("case.read", |tx| tx.query_one("SELECT stage FROM ehc_case", &[])?.get(0)).unwrap();
        assert_eq!(stage, "requested");
    }

    fn an_edited_migration_is_refused_by_name(database) {
        database.migrate(&ONE).unwrap();
        let error = database.migrate(&EDITED).unwrap_err();
        assert!(matches!(&error, Error::MigrationEdited { name } if name == "0001_there_are_cases"), "{error:?}");
    }

    fn line_ends_do_not_make_another_migration(database) {
        database.migrate(&ONLY_LINE_ENDS).unwrap();
        database.migrate(&OTHER_LINE_ENDS).unwrap();
    }

    fn a_failure_half_way_leaves_nothing(database) {
        let error = database.migrate(&BREAKS_HALF_WAY).unwrap_err();
        assert!(matches!(&error, Error::Migration { name, fault: db::Fault::Unique, .. } if name == "0002_fails"), "{error:?}");
        assert!(!has_table(database, "SELECT number FROM ehc_case"));
        assert!(!has_table(database, "SELECT number FROM kept_by_nobody"));
        assert_eq!(database.migrate(&ONE).unwrap().now.len(), 1);
    }

    fn a_database_of_a_newer_program_is_refused(database) {
        database.migrate(&TWO).unwrap();
        let error = database.migrate(&ONE).unwrap_err();
        assert!(matches!(&error, Error::MigrationUnknown { name } if name == "0002_cases_have_a_stage"), "{error:?}");
    }

    fn a_migration_put_before_an_applied_one_is_refused(database) {
        database.migrate(&ONE).unwrap();
        let error = database.migrate(&INSERTED_BEFORE).unwrap_err();
        assert!(matches!(&error, Error::MigrationList { name, .. } if name == "0000_comes_too_late"), "{error:?}");
    }

    fn a_migration_that_ends_its_transaction_is_refused(database) {
        assert!(matches!(database.migrate(&ENDS_ITS_TRANSACTION), Err(Error::MigrationList { .. })));
    }

    fn names_without_a_number_and_numbers_out_of_order_are_refused(database) {
        assert!(matches!(database.migrate(&BADLY_NAMED), Err(Error::MigrationList { .. })));
        assert!(matches!(database.migrate(&OUT_OF_ORDER), Err(Error::MigrationList { .. })));
    }

    fn two_programs_that_migrate_at_once_apply_each_migration_once(database) {
        let applied: usize = std::thread::scope(|scope| {
            let running: Vec<_> = (0..4).map(|_| scope.spawn(|| {
                let own = db::Database::open(database.address()).unwrap();
                own.migrate(&TWO).unwrap().now.len()
            })).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(applied, 2);
    }

    fn statements_prepared_before_a_migration_work_after_it(database) {
        database.migrate(&ONE).unwrap();
        const ALL: &str = "SELECT * FROM ehc_case";
        const COUNT: &str = "SELECT count(*) FROM ehc_case";
        database.read("case.read", |tx| tx.query(ALL, &[])).unwrap();
        database.write("case.write", |tx| tx.query(COUNT, &[])).unwrap();
        database.migrate(&TWO).unwrap();
        let row = database.read("case.read", |tx| tx.query_one(ALL, &[])).unwrap();
        assert_eq!(row.get::<&str>("stage").unwrap(), "requested");
        database.write("case.write", |tx| tx.query(COUNT, &[])).unwrap();
    }

    fn another_program_may_migrate_meanwhile(database) {
        database.migrate(&ONE).unwrap();
        const ALL: &str = "SELECT * FROM ehc_case";
        database.read("case.read", |tx| tx.query(ALL, &[])).unwrap();
        db::Database::open(database.address()).unwrap().migrate(&TWO).unwrap();
        let row = database.read("case.read", |tx| tx.query_one(ALL, &[])).unwrap();
        assert_eq!(row.get::<&str>("stage").unwrap(), "requested");
    }
}

#[test]
fn a_postgres_database_that_sorts_or_stores_text_in_another_way_is_refused() {
    let Some(cluster) = db::testing::OwnCluster::start() else {
        return;
    };
    let mut client = postgres::Client::connect(cluster.address(), postgres::NoTls).unwrap();
    client.batch_execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'").unwrap();
    let of = |name: &str| cluster.address().strip_suffix("postgres").unwrap().to_owned() + name;
    let error = db::Database::open(&of("latin")).unwrap().migrate(&ONE).unwrap_err();
    assert!(error.to_string().contains("encoding `LATIN1` but must have `UTF8`"), "{error}");
    let by_language = client.batch_execute(
        "CREATE DATABASE english TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-GB'",
    );
    match by_language {
        Ok(()) => {
            let error = db::Database::open(&of("english")).unwrap().migrate(&ONE).unwrap_err();
            assert!(error.to_string().contains("sort order"), "{error}");
        }
        Err(error) => eprintln!("NOT TESTED: this server cannot sort by language: {error}"),
    }
}
