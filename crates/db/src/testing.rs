//! A fresh database for every test, on both engines.
//!
//! ```ignore
//! db::both_engines! {
//!     MIGRATIONS;
//!
//!     fn a_request_is_found_by_its_number(database) {
//!         database.write("requests.submit", |tx| …).unwrap();
//!     }
//! }
//! ```
//!
//! SQLite: a copy of a migrated file in a folder of its own. PostgreSQL: a database cloned from a
//! migrated template, on the server that `TELLONCE_TEST_POSTGRES` names, or else on a throw-away
//! cluster that the first test starts and that removes itself ten minutes after the last one (see
//! `scripts/throwaway-postgres.sh`). Where neither can be had, the PostgreSQL half of a test says so
//! and does nothing; with `TELLONCE_REQUIRE_POSTGRES=1` it fails.
//!
//! Databases for tests are not flushed to disk. A test of durability opens its own with
//! [`Database::open`].

use crate::{Database, Engine, Error, Migrations, Options};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

const SCRIPT: &str = include_str!("../scripts/throwaway-postgres.sh");
const IDLE_MINUTES: &str = "10";

/// A database that ends with the test. Use it as a [`Database`].
#[derive(Debug)]
pub struct TestDatabase {
    database: Option<Database>,
    address: String,
    remains: Remains,
}

#[derive(Debug)]
enum Remains {
    Folder(PathBuf),
    Database { server: String, name: String },
}

impl TestDatabase {
    /// Its address, to open it a second time.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Deref for TestDatabase {
    type Target = Database;
    fn deref(&self) -> &Database {
        self.database.as_ref().expect("it is there until it is dropped")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.database = None;
        // What cannot be removed is left for the next start of the machine; the test has its answer.
        match &self.remains {
            Remains::Folder(folder) => {
                let _ = fs::remove_dir_all(folder);
            }
            Remains::Database { server, name } => {
                if let Ok(mut client) = connect(server) {
                    let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                }
            }
        }
    }
}

/// Writes each test twice, as `name::on_sqlite` and `name::on_postgres`.
#[macro_export]
macro_rules! both_engines {
    ($migrations:expr; $($(#[$attribute:meta])* fn $name:ident($database:ident) $body:block)+) => {
        $(
            #[cfg(test)]
            mod $name {
                use super::*;

                $(#[$attribute])*
                fn check($database: &$crate::testing::TestDatabase) $body

                #[test]
                fn on_sqlite() {
                    check(&$crate::testing::sqlite(&$migrations));
                }

                #[test]
                fn on_postgres() {
                    if let Some(database) = $crate::testing::postgres(&$migrations) {
                        check(&database);
                    }
                }
            }
        )+
    };
}

/// A database of the engine asked for; `None` only where [`postgres`] gives none.
#[must_use]
pub fn fresh(engine: Engine, migrations: &Migrations) -> Option<TestDatabase> {
    match engine {
        Engine::Sqlite => Some(sqlite(migrations)),
        Engine::Postgres => postgres(migrations),
    }
}

/// A migrated SQLite database.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn sqlite(migrations: &Migrations) -> TestDatabase {
    let template = sqlite_template(migrations).unwrap_or_else(|error| panic!("{error}"));
    let folder = base_folder().join(unique_name("sqlite"));
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("cannot make a folder: {error}"));
    let file = folder.join("test.sqlite");
    fs::copy(&template, &file).unwrap_or_else(|error| panic!("cannot copy a database: {error}"));
    let address = format!("sqlite:{}", file.display());
    let database = open(&address).unwrap_or_else(|error| panic!("{error}"));
    TestDatabase { database: Some(database), address, remains: Remains::Folder(folder) }
}

/// A migrated PostgreSQL database, or `None` (said aloud) where there is no PostgreSQL.
///
/// # Panics
/// When there is a server but the database cannot be made, and with `TELLONCE_REQUIRE_POSTGRES=1` also
/// when there is no server.
#[must_use]
pub fn postgres(migrations: &Migrations) -> Option<TestDatabase> {
    static SERVER: OnceLock<Result<String, String>> = OnceLock::new();
    let server = match SERVER.get_or_init(find_server) {
        Ok(server) => server,
        Err(why) => {
            assert!(
                variable("TELLONCE_REQUIRE_POSTGRES").as_deref() != Some("1"),
                "TELLONCE_REQUIRE_POSTGRES=1, but there is no PostgreSQL: {why}"
            );
            eprintln!("NOT TESTED ON POSTGRESQL: {why}");
            return None;
        }
    };
    let database = clone_template(server, migrations)
        .unwrap_or_else(|error| panic!("cannot make a database on `{server}`: {error}"));
    Some(database)
}

/// A PostgreSQL cluster of this test's own, which it may break. It flushes to disk as a real one does.
#[derive(Debug)]
pub struct OwnCluster {
    folder: PathBuf,
    address: String,
}

impl OwnCluster {
    /// Starts one; `None` (said aloud) where PostgreSQL is not installed.
    ///
    /// # Panics
    /// With `TELLONCE_REQUIRE_POSTGRES=1` when it cannot be started.
    #[must_use]
    pub fn start() -> Option<Self> {
        let folder = base_folder().join(unique_name("cluster"));
        match start_cluster(&folder, "durable", "0") {
            Ok(address) => Some(Self { folder, address }),
            Err(why) => {
                assert!(
                    variable("TELLONCE_REQUIRE_POSTGRES").as_deref() != Some("1"),
                    "TELLONCE_REQUIRE_POSTGRES=1, but no cluster could be started: {why}"
                );
                eprintln!("NOT TESTED ON POSTGRESQL: {why}");
                None
            }
        }
    }

    /// The address of its first database.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for OwnCluster {
    fn drop(&mut self) {
        // A cluster that does not stop is left running; the test has its answer.
        let _ = script(&["stop".as_ref(), self.folder.as_os_str()]);
    }
}

/// Checks that both sets of migrations give the same tables with the same columns, in the same
/// storage, and the same rule on empty values. Does nothing where there is no PostgreSQL.
///
/// # Panics
/// When they differ, naming the table.
pub fn assert_both_engines_have_the_same_tables(migrations: &Migrations) {
    let Some(postgres) = postgres(migrations) else {
        return;
    };
    let on_sqlite = tables(&sqlite(migrations)).unwrap_or_else(|error| panic!("{error}"));
    let on_postgres = tables(&postgres).unwrap_or_else(|error| panic!("{error}"));
    for (table, columns) in &on_sqlite {
        assert_eq!(Some(columns), on_postgres.get(table), "table `{table}`: SQLite left, PostgreSQL right");
    }
    for table in on_postgres.keys() {
        assert!(on_sqlite.contains_key(table), "table `{table}` is missing on SQLite");
    }
}

/// Checks that the folder holds exactly the migrations that are listed, for both engines. `crate_folder`
/// is `env!("CARGO_MANIFEST_DIR")`.
///
/// # Panics
/// When a file is not listed.
pub fn assert_every_migration_is_listed(crate_folder: &str, migrations: &Migrations) {
    for (engine, list) in [("sqlite", migrations.sqlite), ("postgres", migrations.postgres)] {
        let folder = Path::new(crate_folder).join("migrations").join(engine);
        let mut files: Vec<String> = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()))
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".sql").map(str::to_owned))
            .collect();
        files.sort();
        let listed: Vec<_> = list.iter().map(|migration| migration.name.to_owned()).collect();
        assert_eq!(files, listed, "files in {} left, listed right", folder.display());
    }
}

/// Table -> columns as "name storage" with "not null" where so, sorted by name.
fn tables(database: &Database) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let sql = match database.engine() {
        // Full-text tables are each engine's own affair, and so are the tables behind them.
        Engine::Sqlite => {
            "SELECT l.name AS table_name, c.name AS column_name, c.type AS kind,
                    c.\"notnull\" = 1 OR c.pk > 0 AS required
             FROM pragma_table_list AS l, pragma_table_info(l.name) AS c
             WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite_%'"
        }
        Engine::Postgres => {
            "SELECT c.table_name::text AS table_name, c.column_name::text AS column_name,
                    c.udt_name::text AS kind, c.is_nullable = 'NO' AS required
             FROM information_schema.columns AS c
             JOIN information_schema.tables AS t USING (table_schema, table_name)
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
               AND c.udt_name <> 'tsvector'"
        }
    };
    database.read("db.testing.tables", |tx| {
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in tx.query(sql, &[])? {
            let kind = row.get::<&str>("kind")?;
            let storage = match kind {
                "int2" | "int4" | "int8" | "bool" | "timestamptz" => "INTEGER",
                "text" | "varchar" | "date" | "jsonb" | "json" => "TEXT",
                "bytea" | "uuid" => "BLOB",
                "float8" | "float4" => "REAL",
                other => other,
            };
            let required = if row.get("required")? { " not null" } else { "" };
            let column = format!("{} {storage}{required}", row.get::<&str>("column_name")?);
            tables.entry(row.get("table_name")?).or_default().push(column);
        }
        for columns in tables.values_mut() {
            columns.sort();
        }
        Ok(tables)
    })
}

fn open(address: &str) -> Result<Database, Error> {
    Database::open_with(address, Options { connections_max: 8, ..Options::not_durable() })
}

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests are set up from outside the program")]
    std::env::var(name).ok()
}

fn unique_name(kind: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{kind}_{}_{}", std::process::id(), COUNT.fetch_add(1, Relaxed))
}

/// One folder per user of the machine.
fn base_folder() -> PathBuf {
    #[cfg(unix)]
    let user =
        fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own).to_string()).unwrap_or_default();
    #[cfg(not(unix))]
    let user = String::new();
    let folder = std::env::temp_dir().join(format!("tellonce-tests-{user}"));
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("cannot make {}: {error}", folder.display()));
    folder
}

/// Test programs run side by side; what they share is made by one of them.
fn alone<R>(lock: &str, make: impl FnOnce() -> R) -> R {
    let path = base_folder().join(lock);
    let file = File::options()
        .append(true)
        .create(true)
        .open(&path)
        .unwrap_or_else(|error| panic!("cannot open {}: {error}", path.display()));
    file.lock().unwrap_or_else(|error| panic!("cannot lock {}: {error}", path.display()));
    make()
}

fn fingerprint(engine: Engine, migrations: &Migrations) -> String {
    let mut hasher = blake3::Hasher::new();
    let list = match engine {
        Engine::Sqlite => migrations.sqlite,
        Engine::Postgres => migrations.postgres,
    };
    for migration in list {
        hasher.update(migration.name.as_bytes());
        hasher.update(migration.checksum().as_bytes());
    }
    hasher.finalize().to_hex()[..20].to_owned()
}

fn sqlite_template(migrations: &Migrations) -> Result<PathBuf, Error> {
    let name = format!("template_{}.sqlite", fingerprint(Engine::Sqlite, migrations));
    let template = base_folder().join(&name);
    if template.exists() {
        return Ok(template);
    }
    alone(&format!("{name}.lock"), || {
        if !template.exists() {
            let unfinished = base_folder().join(unique_name("template"));
            let database = open(&format!("sqlite:{}", unfinished.display()))?;
            database.migrate(migrations)?;
            // Closing the last connection folds the log into the file.
            drop(database);
            fs::rename(&unfinished, &template)
                .unwrap_or_else(|error| panic!("cannot make {}: {error}", template.display()));
        }
        Ok(template)
    })
}

fn find_server() -> Result<String, String> {
    if let Some(server) = variable("TELLONCE_TEST_POSTGRES").filter(|server| !server.is_empty()) {
        connect(&server).map_err(|error| format!("TELLONCE_TEST_POSTGRES: {error}"))?;
        return Ok(server);
    }
    alone("postgres.lock", || start_cluster(&base_folder().join("postgres"), "fast", IDLE_MINUTES))
}

fn start_cluster(folder: &Path, mode: &str, idle_minutes: &str) -> Result<String, String> {
    let address = script(&["start".as_ref(), folder.as_os_str(), "0".as_ref(), mode.as_ref(), idle_minutes.as_ref()])?;
    connect(&address).map_err(|error| error.to_string())?;
    Ok(address)
}

fn script(arguments: &[&std::ffi::OsStr]) -> Result<String, String> {
    let output = Command::new("bash")
        .args(["-c", SCRIPT, "throwaway-postgres"])
        .args(arguments)
        .output()
        .map_err(|error| format!("cannot run bash: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn connect(address: &str) -> Result<postgres::Client, postgres::Error> {
    postgres::Client::connect(address, postgres::NoTls)
}

fn address_of(server: &str, database: &str) -> String {
    let (path, query) = server.split_once('?').map_or((server, ""), |(path, query)| (path, query));
    let host = match path.split_once("://") {
        Some((scheme, rest)) => {
            format!("{scheme}://{}", rest.split('/').next().unwrap_or_default())
        }
        None => path.to_owned(),
    };
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{host}/{database}{mark}{query}")
}

fn clone_template(server: &str, migrations: &Migrations) -> Result<TestDatabase, Box<dyn std::error::Error>> {
    let mut client = connect(server)?;
    let template = format!("template_{}", fingerprint(Engine::Postgres, migrations));
    make_template(server, &mut client, &template, migrations)?;
    let name = unique_name("test");
    client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
    client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
    let address = address_of(server, &name);
    Ok(TestDatabase {
        database: Some(open(&address)?),
        address,
        remains: Remains::Database { server: server.to_owned(), name },
    })
}

fn make_template(
    server: &str,
    client: &mut postgres::Client,
    template: &str,
    migrations: &Migrations,
) -> Result<(), Box<dyn std::error::Error>> {
    let exists = "SELECT count(*) FROM pg_database WHERE datname = $1";
    if client.query_one(exists, &[&template])?.try_get::<_, i64>(0)? > 0 {
        return Ok(());
    }
    // Any number; the lock ends with the connection should this test die.
    client.batch_execute("SELECT pg_advisory_lock(7465737473)")?;
    if client.query_one(exists, &[&template])?.try_get::<_, i64>(0)? == 0 {
        let unfinished = unique_name("unfinished");
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"))?;
        client.batch_execute(&format!(
            "CREATE DATABASE {unfinished} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        ))?;
        let migrated = open(&address_of(server, &unfinished)).and_then(|database| database.migrate(migrations));
        if let Err(error) = migrated {
            client.batch_execute(&format!("DROP DATABASE {unfinished} WITH (FORCE)"))?;
            return Err(error.into());
        }
        client.batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {template}"))?;
    }
    client.batch_execute("SELECT pg_advisory_unlock(7465737473)")?;
    Ok(())
}
