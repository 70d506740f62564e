use crate::TABLES;
use db::{Error, FromValue, Value, both_engines, params};
use jiff::Timestamp;
use jiff::civil::date;
use std::fmt::Debug;
use uuid::Uuid;

const SAVE: &str = "INSERT INTO every_kind (id, yes, whole, broken, words, raw, held_on, recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (id) DO UPDATE SET yes = excluded.yes, whole = excluded.whole, broken = excluded.broken,
        words = excluded.words, raw = excluded.raw, held_on = excluded.held_on,
        recorded_at = excluded.recorded_at";
const LOAD: &str = "SELECT id, yes, whole, broken, words, raw, held_on, recorded_at FROM every_kind WHERE id = $1";
const COLUMNS: [&str; 7] = ["yes", "whole", "broken", "words", "raw", "held_on", "recorded_at"];

/// Puts a value in its column, with nothing in the others, and reads it back.
fn round_trip<T>(database: &db::Database, column: &str, value: &T)
where
    T: Clone + Into<Value> + for<'row> FromValue<'row> + PartialEq + Debug,
{
    let id = Uuid::from_u128(7);
    let mut parameters = vec![Value::Uuid(id)];
    for name in COLUMNS {
        parameters.push(if name == column { value.clone().into() } else { Value::Null });
    }
    database
        .write("values.save", |tx| tx.execute(SAVE, &parameters).map(drop))
        .unwrap_or_else(|error: Error| panic!("{value:?}: {error} {:?}", error.cause()));
    let (kept, others) = database
        .read("values.load", |tx| {
            let row = tx.query_one(LOAD, &params![id])?;
            assert_eq!(row.get::<Uuid>("id")?, id);
            let others = row.values()[1..].iter().filter(|value| **value != Value::Null).count();
            Ok::<_, Error>((row.get::<T>(column)?, others))
        })
        .unwrap();
    assert_eq!(&kept, value);
    assert_eq!(others, 1);
}

both_engines! {
    TABLES;

    fn every_kind_of_value_comes_back_as_it_went_in(database) {
        for value in [true, false] {
            round_trip(database, "yes", &value);
        }
        for value in [0, 1, -1, i64::MIN, i64::MAX] {
            round_trip(database, "whole", &value);
        }
        for value in [0.0, -1.5, 1e300, f64::MIN_POSITIVE, f64::INFINITY, 0.1 + 0.2] {
            round_trip(database, "broken", &value);
        }
        for value in [vec![], vec![0_u8, 1, 255], vec![0; 100_000]] {
            round_trip(database, "raw", &value);
        }
        for value in [date(1, 1, 1), date(1999, 12, 31), date(2000, 1, 1), date(2028, 2, 29), date(9999, 12, 31)] {
            round_trip(database, "held_on", &value);
        }
        for value in ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "2026-11-23T09:00:00.000001Z", "9999-12-30T22:00:00Z"] {
            round_trip::<Timestamp>(database, "recorded_at", &value.parse().unwrap());
        }
    }

    fn text_of_any_kind_comes_back_as_it_went_in(database) {
        for value in [
            "", " ", "O'Neill \"Bobby\"", "'; DROP TABLE note; --", "$1 ?1 :name @name %s", "\\ \\' \\0",
            "Zażółć gęślą jaźń", "שלום \u{202e}abc", "👩‍👧‍👦", "e\u{301}", "\u{1}\u{7f}\u{feff}\u{ffff}", "line\r\nline\ttab",
            "\u{10ffff}",
        ] {
            round_trip(database, "words", &value.to_owned());
        }
        round_trip(database, "words", &"ą".repeat(1_000_000));
    }

    fn an_empty_column_is_none_and_not_a_value(database) {
        let id = Uuid::from_u128(1);
        database.write("values.save", |tx| {
            tx.execute(SAVE, &params![id, None::<bool>, None::<i64>, None::<f64>, None::<String>, None::<Vec<u8>>,
                None::<jiff::civil::Date>, None::<Timestamp>])
        }).unwrap();
        let row = database.read("values.load", |tx| tx.query_one(LOAD, &params![id])).unwrap();
        assert_eq!(row.get::<Option<jiff::civil::Date>>("held_on").unwrap(), None);
        assert_eq!(row.get::<Option<&str>>("words").unwrap(), None);
        assert_eq!(
            row.get::<i64>("whole").unwrap_err().to_string(),
            "column `whole` should be a whole number but is empty"
        );
        assert_eq!(
            row.get::<i64>("hole").unwrap_err().to_string(),
            "column `hole` should be a whole number but is not in the row"
        );
    }

    fn what_one_engine_could_not_keep_is_refused_on_both(database) {
        for (position, column, value) in [
            (5, "words", Value::from("a\0b")),
            (4, "broken", Value::from(f64::NAN)),
            (7, "held_on", Value::from(date(0, 12, 31))),
            (8, "recorded_at", Value::from(Timestamp::MIN)),
        ] {
            let mut parameters = vec![Value::Uuid(Uuid::nil())];
            parameters.extend(COLUMNS.iter().map(|name| if *name == column { value.clone() } else { Value::Null }));
            let error = database.write("values.save", |tx| tx.execute(SAVE, &parameters)).unwrap_err();
            let words = error.to_string();
            assert!(words.starts_with(&format!("parameter ${position} cannot be stored: ")), "{words}");
            assert!(!words.contains("a\0b"));
        }
    }

    fn a_value_of_the_wrong_kind_is_refused(database) {
        let error = database.write("note.add", |tx| {
            tx.execute("INSERT INTO note (number, words) VALUES ($1, $2)", &params!["one", "two"])
        }).unwrap_err();
        assert_eq!(error.fault(), Some(db::Fault::Check), "{error:?}");
    }

    fn a_wrong_number_of_parameters_is_refused(database) {
        for parameters in [vec![], vec![Value::Int(1)], vec![Value::Int(1); 3]] {
            let error = database.write("note.add", |tx| tx.execute(crate::ADD_NOTE, &parameters)).unwrap_err();
            assert!(matches!(error, Error::ParameterCount { expected: 2, .. }), "{error}");
        }
    }

    fn parameters_are_told_apart_by_number(database) {
        let row = database.read("values.order", |tx| {
            tx.query_one(
                "SELECT $10::text AS ten, $1::text AS one, '$2' AS literal, $2::text AS two, $3::text || $4::text ||
                 $5::text || $6::text || $7::text || $8::text || $9::text AS rest, $1::text AS one_again -- $11",
                &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(Value::from),
            )
        }).unwrap();
        let words: Vec<&str> = (0..6).map(|index| row.get(index).unwrap()).collect();
        assert_eq!(words, ["j", "a", "$2", "b", "cdefghi", "a"]);
    }

    fn sums_and_means_can_be_read(database) {
        database.write("note.add", |tx| {
            let rows: Vec<_> = (1..=4).map(|number: i64| params![number, "x"].to_vec()).collect();
            tx.execute_many(crate::ADD_NOTE, &rows)
        }).unwrap();
        let row = database.read("values.sum", |tx| {
            tx.query_one("SELECT count(*), sum(number), avg(number), max(words), sum(number) FILTER (WHERE number > 9) FROM note", &[])
        }).unwrap();
        assert_eq!(row.get::<i64>(0).unwrap(), 4);
        assert_eq!(row.get::<i64>(1).unwrap(), 10);
        assert_eq!(row.get::<f64>(2).unwrap(), 2.5);
        assert_eq!(row.get::<String>(3).unwrap(), "x");
        assert_eq!(row.get::<Option<i64>>(4).unwrap(), None);
    }

    fn like_and_order_are_the_same_on_both(database) {
        let words = ["apple", "Apple", "zebra", "Zebra", "äpfel", "", "_", "10", "9"];
        database.write("note.add", |tx| {
            for (number, word) in words.iter().enumerate() {
                tx.execute(crate::ADD_NOTE, &params![number as i64, *word])?;
            }
            Ok::<_, Error>(())
        }).unwrap();
        let sorted: Vec<String> = database.read("note.list", |tx| {
            tx.query("SELECT words FROM note ORDER BY words, number", &[])?.iter().map(|row| row.get(0)).collect()
        }).unwrap();
        assert_eq!(sorted, ["", "10", "9", "Apple", "Zebra", "_", "apple", "zebra", "äpfel"]);
        let like: i64 = database.read("note.like", |tx| {
            tx.query_one("SELECT count(*) FROM note WHERE words LIKE $1", &params!["A%"])?.get(0)
        }).unwrap();
        assert_eq!(like, 1);
    }
}
