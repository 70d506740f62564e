use crate::{ADD_NOTE, TABLES, add_note, count_notes};
use db::{Database, Engine, Error, Fault, Tx, both_engines, params};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

#[derive(Debug, PartialEq)]
enum Outcome {
    AlreadyOpen { since: i64 },
    Failed(String),
}

impl From<Error> for Outcome {
    fn from(error: Error) -> Self {
        Self::Failed(error.to_string())
    }
}

const BUMP: &str = "UPDATE counter SET value = $2 WHERE name = $1";

fn set_up_counter(database: &Database) {
    database
        .write("counter.add", |tx| tx.execute("INSERT INTO counter (name, value) VALUES ($1, $2)", &params!["c", 0]))
        .unwrap();
}

fn counter(tx: &mut dyn Tx, sql: &'static str) -> Result<i64, Error> {
    tx.query_one(sql, &params!["c"])?.get(0)
}

fn measure(database: &Database, name: &str) -> db::TransactionMeasure {
    database.measures().into_iter().find(|measure| measure.name == name).unwrap()
}

both_engines! {
    TABLES;

    fn what_is_written_is_kept(database) {
        add_note(database, 1).unwrap();
        assert_eq!(count_notes(database), 1);
        let second = Database::open(database.address()).unwrap();
        assert_eq!(count_notes(&second), 1);
    }

    fn a_refusal_undoes_everything_and_comes_back_unchanged(database) {
        let refused: Result<(), Outcome> = database.write("note.add", |tx| {
            tx.execute(ADD_NOTE, &params![1, "never kept"])?;
            Err(Outcome::AlreadyOpen { since: 3 })
        });
        assert_eq!(refused, Err(Outcome::AlreadyOpen { since: 3 }));
        assert_eq!(count_notes(database), 0);
        let measure = measure(database, "note.add");
        assert_eq!((measure.count, measure.refusals, measure.errors, measure.retries), (1, 1, 0, 0));
    }

    fn a_failed_statement_undoes_everything(database) {
        add_note(database, 1).unwrap();
        let error = database.write("note.add", |tx| {
            tx.execute(ADD_NOTE, &params![2, "never kept"])?;
            tx.execute(ADD_NOTE, &params![1, "Ada's number again"])
        }).unwrap_err();
        assert!(error.is_unique_violation(), "{error:?}");
        assert!(!format!("{error:?}").contains("Ada"), "{error:?}");
        assert_eq!(count_notes(database), 1);
    }

    fn a_failure_that_the_closure_ignores_still_undoes_everything(database) {
        add_note(database, 1).unwrap();
        let mut after = None;
        let error = database.write("note.add", |tx| {
            tx.execute(ADD_NOTE, &params![2, "never kept"])?;
            let _ = tx.execute(ADD_NOTE, &params![1, "again"]);
            after = Some(tx.execute(ADD_NOTE, &params![3, "too late"]).unwrap_err().to_string());
            Ok::<_, Error>(())
        }).unwrap_err();
        assert!(matches!(error, Error::Doomed { fault: Fault::Unique }), "{error:?}");
        assert!(after.unwrap().starts_with("a statement failed earlier"));
        assert_eq!(count_notes(database), 1);
    }

    fn each_kind_of_violation_is_told_apart(database) {
        add_note(database, 1).unwrap();
        for (fault, sql) in [
            (Fault::Unique, "INSERT INTO note (number, words) VALUES (1, 'again')"),
            (Fault::NotNull, "INSERT INTO note (number, words) VALUES (2, NULL)"),
            (Fault::Check, "INSERT INTO counter (name, value) VALUES ('c', -1)"),
            (Fault::Other, "INSERT INTO nothing_of_the_kind VALUES (1)"),
            (Fault::Other, "SELEKT 1"),
        ] {
            let error = database.write("violations", |tx| tx.execute(sql, &[])).unwrap_err();
            assert_eq!(error.fault(), Some(fault), "{sql}: {error:?}");
        }
        // A constraint that is checked at the commit.
        let error = database.write("violations", |tx| {
            tx.execute("INSERT INTO attached (number, note) VALUES (1, 99)", &[])
        }).unwrap_err();
        assert!(matches!(error, Error::Commit { fault: Fault::ForeignKey, .. }), "{error:?}");
    }

    fn a_panic_undoes_everything_and_the_database_goes_on(database) {
        for _ in 0..20 {
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                database.write("note.add", |tx| {
                    tx.execute(ADD_NOTE, &params![1, "never kept"])?;
                    if tx.query(crate::COUNT_NOTES, &[])?.len() == 1 {
                        panic!("on purpose");
                    }
                    Ok::<_, Error>(())
                })
            }));
            assert!(panicked.is_err());
            let panicked = catch_unwind(AssertUnwindSafe(|| {
                database.read("note.read", |_| -> Result<(), Error> { panic!("on purpose") })
            }));
            assert!(panicked.is_err());
        }
        assert_eq!(count_notes(database), 0);
        add_note(database, 1).unwrap();
        assert_eq!(count_notes(database), 1);
    }

    fn a_reader_sees_one_moment_whatever_is_written_meanwhile(database) {
        add_note(database, 1).unwrap();
        database.read("note.read", |tx| {
            let before: i64 = tx.query_one(crate::COUNT_NOTES, &[])?.get(0)?;
            std::thread::scope(|scope| {
                scope.spawn(|| add_note(database, 2).unwrap());
            });
            let after: i64 = tx.query_one(crate::COUNT_NOTES, &[])?.get(0)?;
            assert_eq!((before, after), (1, 1));
            Ok::<_, Error>(())
        }).unwrap();
        assert_eq!(count_notes(database), 2);
    }

    fn a_writer_sees_its_own_writes_and_nobody_else_does_until_the_commit(database) {
        database.write("note.add", |tx| {
            tx.execute(ADD_NOTE, &params![1, "not yet"])?;
            assert_eq!(tx.query_one(crate::COUNT_NOTES, &[])?.get::<i64>(0)?, 1);
            std::thread::scope(|scope| {
                scope.spawn(|| assert_eq!(count_notes(database), 0));
            });
            Ok::<_, Error>(())
        }).unwrap();
        assert_eq!(count_notes(database), 1);
    }

    fn nothing_can_be_written_while_reading(database) {
        let error = database.read("note.read", |tx| tx.execute(ADD_NOTE, &params![1, "no"])).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::ReadOnly), "{error:?}");
        assert_eq!(count_notes(database), 0);
        add_note(database, 1).unwrap();
    }

    fn a_transaction_inside_another_is_refused_by_name(database) {
        let error = database.write("outer.write", |_| {
            database.read("inner.read", |_| Ok::<_, Error>(()))
        }).unwrap_err();
        assert_eq!(error.to_string(), "transaction `inner.read` was opened inside `outer.write`; pass the `Tx` on instead");
        add_note(database, 1).unwrap();
    }

    fn writers_that_hold_the_row_lose_no_update(database) {
        set_up_counter(database);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        database.write("counter.bump", |tx| {
                            let value = counter(tx, "SELECT value FROM counter WHERE name = $1 FOR UPDATE")?;
                            tx.execute(BUMP, &params!["c", value + 1])
                        }).unwrap();
                    }
                });
            }
        });
        let value = database.read("counter.read", |tx| counter(tx, "SELECT value FROM counter WHERE name = $1")).unwrap();
        assert_eq!(value, 150);
        assert_eq!(measure(database, "counter.bump").count, 150);
    }

    fn serialised_writers_lose_no_update_whatever_they_read(database) {
        set_up_counter(database);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..15 {
                        database.write_serialised("counter.bump", |tx| {
                            let value = counter(tx, "SELECT value FROM counter WHERE name = $1")?;
                            tx.execute(BUMP, &params!["c", value + 1])
                        }).unwrap();
                    }
                });
            }
        });
        let value = database.read("counter.read", |tx| counter(tx, "SELECT value FROM counter WHERE name = $1")).unwrap();
        assert_eq!(value, 45);
    }

    fn of_two_who_act_on_one_version_the_second_changes_nothing(database) {
        set_up_counter(database);
        let act = |version: i64| database.write("counter.act", |tx| {
            tx.execute("UPDATE counter SET value = value + 1 WHERE name = $1 AND value = $2", &params!["c", version])
        });
        assert_eq!(act(0).unwrap(), 1);
        assert_eq!(act(0).unwrap(), 0);
    }

    fn a_conflict_runs_the_closure_again_and_is_counted(database) {
        set_up_counter(database);
        if database.engine() == Engine::Sqlite {
            // One writer at a time: there is no conflict to be had.
            return;
        }
        let both_have_read = Barrier::new(2);
        let runs = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut first = true;
                    database.write_serialised("counter.bump", |tx| {
                        runs.fetch_add(1, SeqCst);
                        let value = counter(tx, "SELECT value FROM counter WHERE name = $1")?;
                        if std::mem::take(&mut first) {
                            both_have_read.wait();
                        }
                        // The error is turned into another kind, and yet it is known what happened.
                        tx.execute(BUMP, &params!["c", value + 1]).map_err(|error| Outcome::Failed(error.to_string()))
                    }).unwrap();
                });
            }
        });
        assert_eq!(runs.load(SeqCst), 3);
        assert_eq!(measure(database, "counter.bump").retries, 1);
        let value = database.read("counter.read", |tx| counter(tx, "SELECT value FROM counter WHERE name = $1")).unwrap();
        assert_eq!(value, 2);
    }

    fn a_deadlock_is_resolved_by_running_one_of_them_again(database) {
        if database.engine() == Engine::Sqlite {
            // One writer at a time: there is no deadlock to be had.
            return;
        }
        add_note(database, 1).unwrap();
        add_note(database, 2).unwrap();
        let both_hold_one = Barrier::new(2);
        std::thread::scope(|scope| {
            for (mine, theirs) in [(1, 2), (2, 1)] {
                let both_hold_one = &both_hold_one;
                scope.spawn(move || {
                    let mut first = true;
                    database.write("note.swap", |tx| {
                        const TOUCH: &str = "UPDATE note SET words = words || '!' WHERE number = $1";
                        tx.execute(TOUCH, &params![mine])?;
                        if std::mem::take(&mut first) {
                            both_hold_one.wait();
                        }
                        tx.execute(TOUCH, &params![theirs])
                    }).unwrap();
                });
            }
        });
        let words: Vec<String> = database.read("note.list", |tx| {
            tx.query("SELECT words FROM note ORDER BY number", &[])?.iter().map(|row| row.get(0)).collect()
        }).unwrap();
        assert_eq!(words, ["a note!!", "a note!!"]);
    }

    fn find_and_query_one_count_their_rows(database) {
        const ALL: &str = "SELECT number FROM note";
        database.read("note.none", |tx| {
            assert!(tx.find(ALL, &[])?.is_none());
            Ok::<_, Error>(())
        }).unwrap();
        assert!(matches!(database.read("note.none", |tx| tx.query_one(ALL, &[])), Err(Error::RowCount { rows: 0, .. })));
        add_note(database, 1).unwrap();
        database.read("note.one", |tx| {
            assert_eq!(tx.query_one(ALL, &[])?.get::<i64>("number")?, 1);
            Ok::<_, Error>(())
        }).unwrap();
        add_note(database, 2).unwrap();
        assert!(matches!(database.read("note.two", |tx| tx.find(ALL, &[])), Err(Error::RowCount { rows: 2, .. })));
    }

    fn a_statement_may_return_what_it_wrote(database) {
        let number: i64 = database.write("note.add", |tx| {
            tx.query_one("INSERT INTO note (number, words) VALUES ($1, $2) RETURNING number + 1 AS next", &params![41, "x"])?.get("next")
        }).unwrap();
        assert_eq!(number, 42);
        assert_eq!(count_notes(database), 1);
    }

    fn a_job_is_claimed_by_one_worker_only(database) {
        for number in 0..20 {
            add_note(database, number).unwrap();
        }
        let claimed = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while database.write("note.claim", |tx| {
                        let Some(job) = tx.find("SELECT number FROM note ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED", &[])? else {
                            return Ok::<_, Error>(false);
                        };
                        Ok(tx.execute("DELETE FROM note WHERE number = $1", &params![job.get::<i64>(0)?])? == 1)
                    }).unwrap() {
                        claimed.fetch_add(1, SeqCst);
                    }
                });
            }
        });
        assert_eq!(claimed.load(SeqCst), 20);
        assert_eq!(count_notes(database), 0);
    }

    fn a_scope_is_set_for_its_own_transactions_only(database) {
        if database.engine() == Engine::Sqlite {
            // It has no row-level security; a scoped handle still reads and writes.
            add_note(&database.scoped_to("332"), 1).unwrap();
            return;
        }
        const SHOW: &str = "SELECT coalesce(current_setting('tellonce.authority', true), '')";
        let seen = |database: &Database| -> String {
            database.read("scope.show", |tx| tx.query_one(SHOW, &[])?.get(0)).unwrap()
        };
        assert_eq!(seen(database), "");
        assert_eq!(seen(&database.scoped_to("332")), "332");
        assert_eq!(seen(&database.scoped_to("'; SELECT 1; \\' --")), "'; SELECT 1; \\' --");
        assert_eq!(seen(database), "");
    }

    fn row_level_security_hides_what_is_out_of_scope(database) {
        if database.engine() == Engine::Sqlite {
            return;
        }
        database.write("scope.set_up", |tx| {
            for sql in [
                "DO $$ BEGIN CREATE ROLE tellonce_test_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
                "CREATE TABLE scoped (authority_id TEXT NOT NULL, number BIGINT NOT NULL)",
                "GRANT SELECT, INSERT ON scoped TO tellonce_test_app",
                "ALTER TABLE scoped ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE scoped FORCE ROW LEVEL SECURITY",
                "CREATE POLICY own_authority ON scoped USING (authority_id = NULLIF(current_setting('tellonce.authority', true), ''))",
                "INSERT INTO scoped VALUES ('332', 1), ('333', 2)",
            ] {
                tx.execute(sql, &[])?;
            }
            Ok::<_, Error>(())
        }).unwrap();
        let visible = |database: &Database| -> Vec<i64> {
            database.write("scope.list", |tx| {
                tx.execute("SET LOCAL ROLE tellonce_test_app", &[])?;
                tx.query("SELECT number FROM scoped ORDER BY number", &[])?.iter().map(|row| row.get(0)).collect()
            }).unwrap()
        };
        assert_eq!(visible(database), Vec::<i64>::new());
        assert_eq!(visible(&database.scoped_to("332")), [1]);
        let error = database.scoped_to("332").write("scope.steal", |tx| {
            tx.execute("SET LOCAL ROLE tellonce_test_app", &[])?;
            tx.execute_many("INSERT INTO scoped (authority_id, number) VALUES ($1, $2)", &[params!["332", 3].to_vec(), params!["333", 4].to_vec()])
        }).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::Permission), "{error:?}");
    }
}
