use crate::{ADD_NOTE, TABLES, add_note, count_notes};
use db::{Error, Value, both_engines, params};
use uuid::Uuid;

fn rows(count: i64) -> Vec<Vec<Value>> {
    (0..count).map(|number| params![number, format!("note {number}")].to_vec()).collect()
}

both_engines! {
    TABLES;

    fn many_rows_are_inserted_at_once(database) {
        let changed = database.write("note.import", |tx| tx.execute_many(ADD_NOTE, &rows(12_345))).unwrap();
        assert_eq!(changed, 12_345);
        assert_eq!(count_notes(database), 12_345);
        let words: String = database.read("note.read", |tx| {
            tx.query_one("SELECT words FROM note WHERE number = $1", &params![9_999])?.get(0)
        }).unwrap();
        assert_eq!(words, "note 9999");
    }

    fn no_rows_and_one_row_are_many_rows_too(database) {
        database.write("note.import", |tx| {
            assert_eq!(tx.execute_many(ADD_NOTE, &[])?, 0);
            assert_eq!(tx.execute_many(ADD_NOTE, &rows(1))?, 1);
            Ok::<_, Error>(())
        }).unwrap();
        assert_eq!(count_notes(database), 1);
    }

    fn rows_of_every_kind_and_empty_values_are_inserted_at_once(database) {
        let all: Vec<Vec<Value>> = (0..3_000_u128).map(|number| {
            let some = number % 2 == 0;
            params![
                Uuid::from_u128(number), some.then_some(true), some.then_some(number as i64), some.then_some(0.5),
                some.then_some("'quoted' {array,\"text\"} \\"), some.then_some(vec![0_u8, 255]),
                some.then_some(jiff::civil::date(2026, 11, 23)), some.then_some(jiff::Timestamp::UNIX_EPOCH),
            ].to_vec()
        }).collect();
        database.write("kinds.import", |tx| tx.execute_many(
            "INSERT INTO every_kind (id, yes, whole, broken, words, raw, held_on, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &all,
        )).unwrap();
        let row = database.read("kinds.read", |tx| {
            tx.query_one("SELECT count(*), count(raw), min(words), max(held_on), min(recorded_at) FROM every_kind", &[])
        }).unwrap();
        assert_eq!((row.get::<i64>(0).unwrap(), row.get::<i64>(1).unwrap()), (3_000, 1_500));
        assert_eq!(row.get::<&str>(2).unwrap(), "'quoted' {array,\"text\"} \\");
        assert_eq!(row.get::<jiff::civil::Date>(3).unwrap(), jiff::civil::date(2026, 11, 23));
        assert_eq!(row.get::<jiff::Timestamp>(4).unwrap(), jiff::Timestamp::UNIX_EPOCH);
    }

    fn many_rows_may_meet_rows_that_are_there(database) {
        const KEEP: &str = "INSERT INTO note (number, words) VALUES ($1, upper($2)) ON CONFLICT (number) DO NOTHING";
        const REPLACE: &str = "INSERT INTO note (number, words) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET words = excluded.words";
        add_note(database, 3).unwrap();
        assert_eq!(database.write("note.keep", |tx| tx.execute_many(KEEP, &rows(10))).unwrap(), 9);
        assert_eq!(database.write("note.replace", |tx| tx.execute_many(REPLACE, &rows(20))).unwrap(), 20);
        // The same key twice in one go: the last one stays, on both engines.
        let twice = [params![1, "first"].to_vec(), params![1, "second"].to_vec(), params![2, "other"].to_vec()];
        assert_eq!(database.write("note.replace", |tx| tx.execute_many(REPLACE, &twice)).unwrap(), 3);
        let words: String = database.read("note.read", |tx| tx.query_one("SELECT words FROM note WHERE number = 1", &[])?.get(0)).unwrap();
        assert_eq!(words, "second");
        assert_eq!(count_notes(database), 20);
    }

    fn many_rows_may_be_updated_and_deleted(database) {
        database.write("note.import", |tx| tx.execute_many(ADD_NOTE, &rows(100))).unwrap();
        let changes: Vec<_> = (0..50_i64).map(|number| params![number, "changed"].to_vec()).collect();
        let changed = database.write("note.change", |tx| {
            tx.execute_many("UPDATE note SET words = $2 WHERE number = $1", &changes)
        }).unwrap();
        assert_eq!(changed, 50);
        let gone: Vec<_> = (0..60_i64).map(|number| params![number].to_vec()).collect();
        assert_eq!(database.write("note.delete", |tx| tx.execute_many("DELETE FROM note WHERE number = $1", &gone)).unwrap(), 60);
    }

    fn one_bad_row_undoes_all_of_them(database) {
        let mut all = rows(5_000);
        all.push(params![17, "a number that is taken"].to_vec());
        let error = database.write("note.import", |tx| tx.execute_many(ADD_NOTE, &all)).unwrap_err();
        assert!(error.is_unique_violation(), "{error:?}");
        let mut all = rows(10);
        all.push(params![11, "with a \0"].to_vec());
        let error = database.write("note.import", |tx| tx.execute_many(ADD_NOTE, &all)).unwrap_err();
        assert!(matches!(error, Error::Parameter { position: 2, .. }), "{error:?}");
        assert_eq!(count_notes(database), 0);
    }

    fn a_list_of_any_length_is_one_parameter(database) {
        database.write("note.import", |tx| tx.execute_many(ADD_NOTE, &rows(2_000))).unwrap();
        let find = |wanted: Vec<i64>| -> i64 {
            database.read("note.some", |tx| {
                tx.query_one(
                    "SELECT count(*) FROM note WHERE number = ANY($1) AND words <> $2",
                    &params![wanted.iter().copied().collect::<Value>(), "note 3"],
                )?.get(0)
            }).unwrap()
        };
        assert_eq!(find(vec![]), 0);
        assert_eq!(find(vec![1, 2, 3, 99_999]), 2);
        assert_eq!(find((0..2_000).collect()), 1_999);
        let ids: Value = [Uuid::nil()].into_iter().collect();
        let none = database.read("kinds.some", |tx| tx.query("SELECT id FROM every_kind WHERE id = ANY($1)", std::slice::from_ref(&ids))).unwrap();
        assert!(none.is_empty());
    }

    fn a_long_list_is_read_row_by_row_and_may_be_left_early(database) {
        database.write("note.import", |tx| tx.execute_many(ADD_NOTE, &rows(20_000))).unwrap();
        database.read("note.walk", |tx| {
            let mut sum = 0;
            tx.for_each("SELECT number FROM note ORDER BY number", &[], |row| {
                sum += row.get::<i64>("number")?;
                Ok::<_, Error>(())
            })?;
            assert_eq!(sum, 19_999 * 20_000 / 2);
            let mut seen = 0;
            let left: Result<(), Left> = tx.for_each("SELECT number FROM note ORDER BY number", &[], |_| {
                seen += 1;
                if seen == 10 { Err(Left::OnPurpose) } else { Ok(()) }
            });
            assert!(matches!(left, Err(Left::OnPurpose)));
            assert_eq!(seen, 10);
            // The transaction is still good.
            assert_eq!(tx.query_one(crate::COUNT_NOTES, &[])?.get::<i64>(0)?, 20_000);
            Ok::<_, Error>(())
        }).unwrap();
    }
}

enum Left {
    OnPurpose,
    Failed,
}

impl From<Error> for Left {
    fn from(_: Error) -> Self {
        Self::Failed
    }
}
