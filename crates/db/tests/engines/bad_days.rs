//! Full disks, wrong addresses, broken files and lost connections: a clear error, and then on.

use crate::{TABLES, add_note, count_notes};
use db::{Database, Engine, Error, Fault, both_engines, params};

both_engines! {
    TABLES;

    fn a_full_disk_is_a_clear_error_and_what_was_there_is_still_there(database) {
        add_note(database, 1).unwrap();
        let error = if database.engine() == Engine::Sqlite {
            database.write("disk.shrink", |tx| tx.query("PRAGMA max_page_count = 40", &[])).unwrap();
            database.write("note.add", |tx| {
                let words = "x".repeat(10_000);
                for number in 10..200_i64 {
                    tx.execute(crate::ADD_NOTE, &params![number, &*words])?;
                }
                Ok::<_, Error>(())
            }).unwrap_err()
        } else {
            database.write("note.add", |tx| {
                tx.execute("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$", &[])
            }).unwrap_err()
        };
        assert_eq!(error.fault(), Some(Fault::NoSpace), "{error:?}");
        assert!(error.to_string().starts_with("statement failed: the disk is full"), "{error}");
        assert_eq!(count_notes(database), 1);
        add_note(database, 2).unwrap();
    }

    fn a_statement_that_fails_says_which_one(database) {
        let error = database.write("note.add", |tx| tx.execute("INSERT INTO nothing VALUES ($1)", &params![1])).unwrap_err();
        assert!(error.to_string().contains("INSERT INTO nothing VALUES ($1)"), "{error}");
        assert!(error.cause().unwrap().to_string().contains("nothing"), "{error:?}");
    }

    fn the_address_of_a_clone_is_the_same_database(database) {
        let clone = Database::clone(database);
        std::thread::spawn(move || add_note(&clone, 1).unwrap()).join().unwrap();
        assert_eq!(count_notes(database), 1);
    }
}

#[test]
fn a_connection_that_was_cut_is_replaced() {
    let Some(database) = db::testing::postgres(&TABLES) else {
        return;
    };
    let cut_others = || {
        let other = Database::open(database.address()).unwrap();
        other
            .read("connections.cut", |tx| {
                tx.query(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid()",
                    &[],
                )
            })
            .unwrap()
    };
    add_note(&database, 1).unwrap();
    cut_others();
    add_note(&database, 2).unwrap();
    cut_others();
    assert_eq!(count_notes(&database), 2);
    // In the middle of a transaction: before the commit nothing is kept, so it is run again.
    let mut cut = false;
    database
        .write("note.cut", |tx| {
            tx.execute(crate::ADD_NOTE, &params![3, "once"])?;
            if !std::mem::replace(&mut cut, true) {
                cut_others();
            }
            tx.execute(crate::ADD_NOTE, &params![4, "once"])
        })
        .unwrap();
    assert_eq!(count_notes(&database), 4);
}

#[test]
fn a_commit_whose_answer_was_lost_is_not_repeated() {
    let Some(database) = db::testing::postgres(&TABLES) else {
        return;
    };
    // The server is cut off while it commits: a trigger that runs at the commit ends the session.
    database
        .write("trigger.add", |tx| {
            tx.execute(
                "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$",
                &[],
            )?;
            tx.execute(
                "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION cut()",
                &[],
            )
        })
        .unwrap();
    let mut runs = 0;
    let error = database
        .write("note.add", |tx| {
            runs += 1;
            tx.execute(crate::ADD_NOTE, &params![1, "perhaps"])
        })
        .unwrap_err();
    assert!(matches!(error, Error::CommitUnknown { .. }), "{error:?}");
    assert_eq!(runs, 1);
    assert_eq!(count_notes(&database), 0);
}

#[test]
fn addresses_that_cannot_be_used_are_refused_without_their_password() {
    for (address, expected) in [
        ("mysql://me:secret@host/name", "it must start with `sqlite:` or `postgres://`, or be a path"),
        ("sqlite:", "the path of the file is missing"),
        ("", "the path of the file is missing"),
        ("sqlite::memory:", "a database in memory cannot be shared"),
        ("postgres://me:secret@host:port/name", "invalid"),
        ("postgres://me:secret@host/name?pasword=secret", "unknown"),
    ] {
        let error = Database::open(address).unwrap_err();
        let words = format!("{error} {:?}", error.cause());
        assert!(words.contains(expected), "{address}: {words}");
        assert!(!words.contains("secret"), "{words}");
    }
}

#[test]
fn a_server_that_is_not_there_is_a_clear_error() {
    let error = Database::open("postgres://me:secret@127.0.0.1:1/name").unwrap_err();
    assert!(matches!(error, Error::Open { fault: Fault::ConnectionLost, .. }), "{error:?}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[test]
fn a_folder_that_is_not_there_and_a_file_that_is_no_database_are_clear_errors() {
    let database = db::testing::sqlite(&TABLES);
    let path = database.address().strip_prefix("sqlite:").unwrap();
    let error = Database::open(&format!("{path}-no-folder/x.sqlite")).unwrap_err();
    assert!(matches!(error, Error::Open { .. }), "{error:?}");
    let other = format!("{path}.txt");
    std::fs::write(&other, "This is a letter and not a database, and it is quite long. ".repeat(100)).unwrap();
    let error = Database::open(&other).unwrap_err();
    assert!(matches!(error, Error::Open { fault: Fault::Damaged, .. }), "{error:?}");
    assert_eq!(error.cause().unwrap().code(), Some("26"), "{error:?}");
}

#[cfg(unix)]
#[test]
fn the_file_can_be_read_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let database = db::testing::sqlite(&TABLES);
    let path = format!("{}.new", database.address().strip_prefix("sqlite:").unwrap());
    let new = Database::open(&path).unwrap();
    new.migrate(&TABLES).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{path}{suffix}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{suffix}");
    }
}

#[test]
fn a_backup_is_whole_while_others_write() {
    let database = db::testing::sqlite(&TABLES);
    let copy = format!("{}.copy", database.address().strip_prefix("sqlite:").unwrap());
    for number in 0..200 {
        add_note(&database, number).unwrap();
    }
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for number in 200..1_000 {
                add_note(&database, number).unwrap();
            }
        });
        database.backup(std::path::Path::new(&copy)).unwrap();
        writing.join().unwrap();
    });
    let copied = Database::open(&copy).unwrap();
    assert!((200..=1_000).contains(&count_notes(&copied)));
    copied.migrate(&TABLES).unwrap();
    let error = database.backup(std::path::Path::new(&copy)).unwrap_err();
    assert!(error.to_string().contains("exists already"), "{error}");
    assert!(!std::path::Path::new(&format!("{copy}.unfinished")).exists());
}

#[test]
fn full_text_search_is_built_in() {
    let database = db::testing::sqlite(&TABLES);
    database
        .write("search.set_up", |tx| {
            tx.execute("CREATE VIRTUAL TABLE found USING fts5(words, tokenize = 'trigram')", &[])?;
            tx.execute("INSERT INTO found (words) VALUES ($1)", &params!["Alderbourne Primary"])
        })
        .unwrap();
    let found = database
        .read("search.find", |tx| tx.query("SELECT words FROM found WHERE found MATCH $1", &params!["bourne"]))
        .unwrap();
    assert_eq!(found.len(), 1);
}

#[test]
fn another_program_that_holds_the_file_is_waited_for() {
    let database = db::testing::sqlite(&TABLES);
    let other = Database::open(database.address()).unwrap();
    std::thread::scope(|scope| {
        for (own, first) in [(&*database, 0), (&other, 1_000)] {
            scope.spawn(move || {
                for number in first..first + 50 {
                    add_note(own, number).unwrap();
                }
            });
        }
    });
    assert_eq!(count_notes(&database), 100);
}

#[test]
fn a_server_is_trusted_by_its_certificate_and_name_only() {
    let Some(cluster) = db::testing::OwnCluster::start() else {
        return;
    };
    let mut client = postgres::Client::connect(cluster.address(), postgres::NoTls).unwrap();
    let made = client.batch_execute(
        "COPY (SELECT 1) TO PROGRAM 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes
             -keyout server.key -out server.crt -days 2 -subj /CN=throwaway.example -addext subjectAltName=DNS:localhost
             -addext basicConstraints=critical,CA:FALSE 2>/dev/null >/dev/null'"
            .replace('\n', " ")
            .as_str(),
    );
    if let Err(error) = made {
        eprintln!("NOT TESTED: no certificate could be made (is openssl installed?): {error}");
        return;
    }
    client.batch_execute("ALTER SYSTEM SET ssl = on").unwrap();
    client.batch_execute("SELECT pg_reload_conf()").unwrap();
    let certificate: String = client.query_one("SELECT pg_read_file('server.crt')", &[]).unwrap().get(0);
    let kept = db::testing::sqlite(&TABLES);
    let path = format!("{}.crt", kept.address().strip_prefix("sqlite:").unwrap());
    std::fs::write(&path, certificate).unwrap();

    let by_name = cluster.address().replace("127.0.0.1", "localhost");
    let trusted = format!("{by_name}?sslmode=verify-full&sslrootcert={path}");
    // The server takes a moment to read its settings again.
    let began = std::time::Instant::now();
    let database = loop {
        match Database::open(&trusted) {
            Ok(database) => break database,
            Err(error) if began.elapsed().as_secs() > 20 => panic!("{error} {:?}", error.cause()),
            Err(_) => std::thread::yield_now(),
        }
    };
    let encrypted: bool = database
        .read("connection.show", |tx| {
            tx.query_one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[])?.get(0)
        })
        .unwrap();
    assert!(encrypted);

    let unknown = Database::open(&format!("{by_name}?sslmode=verify-full")).unwrap_err();
    assert!(format!("{unknown:?}").contains("invalid peer certificate: UnknownIssuer"), "{unknown:?}");
    let other_name = format!("{}?sslmode=require&sslrootcert={path}", cluster.address());
    let other_name = Database::open(&other_name).unwrap_err();
    assert!(format!("{other_name:?}").contains("not valid for name"), "{other_name:?}");
}
