//! SQLite writers share a commit. Whatever their neighbours do, each gets what it was promised.

use crate::{ADD_NOTE, TABLES, add_note, count_notes};
use db::{Error, both_engines, params};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

const NUMBERS: &str = "SELECT number FROM note ORDER BY number";

fn numbers(database: &db::Database) -> BTreeSet<i64> {
    database.read("note.list", |tx| tx.query(NUMBERS, &[])?.iter().map(|row| row.get(0)).collect()).unwrap()
}

both_engines! {
    TABLES;

    fn exactly_the_acknowledged_are_kept_among_refusals_panics_and_violations(database) {
        add_note(database, -1).unwrap();
        let acknowledged = Mutex::new(BTreeSet::from([-1]));
        std::thread::scope(|scope| {
            for thread in 0..8_i64 {
                let acknowledged = &acknowledged;
                scope.spawn(move || {
                    for turn in 0..60 {
                        let number = thread * 1_000 + turn;
                        let ended = catch_unwind(AssertUnwindSafe(|| {
                            database.write("note.add", |tx| {
                                tx.execute(ADD_NOTE, &params![number, "maybe"])?;
                                match number % 5 {
                                    0 => Err(Error::Doomed { fault: db::Fault::Other }),
                                    1 => {
                                        tx.execute(ADD_NOTE, &params![-1, "taken"])?;
                                        Ok(())
                                    }
                                    2 if turn % 4 == 0 => panic!("on purpose"),
                                    3 => {
                                        // Found out at the commit, which others may share.
                                        tx.execute("INSERT INTO attached (number, note) VALUES ($1, -99)", &params![number])?;
                                        Ok(())
                                    }
                                    _ => Ok(()),
                                }
                            })
                        }));
                        if matches!(ended, Ok(Ok(()))) {
                            acknowledged.lock().unwrap().insert(number);
                        } else {
                            assert!(number % 5 < 4, "{number}: {ended:?}");
                        }
                    }
                });
            }
        });
        let acknowledged = acknowledged.into_inner().unwrap();
        assert_eq!(numbers(database), acknowledged);
        assert!(acknowledged.len() > 96);
    }

    fn many_writers_lose_nothing(database) {
        std::thread::scope(|scope| {
            for thread in 0..16_i64 {
                scope.spawn(move || {
                    for turn in 0..40 {
                        add_note(database, thread * 1_000 + turn).unwrap();
                    }
                });
            }
        });
        assert_eq!(count_notes(database), 640);
    }
}
