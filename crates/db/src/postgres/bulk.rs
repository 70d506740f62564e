//! Many rows in one statement: `INSERT … VALUES ($1, $2)` becomes `INSERT … SELECT … FROM unnest(…)`.
//!
//! Arrays rather than COPY, because COPY knows neither `ON CONFLICT` nor row-level security.

use super::connection::Trouble;
use crate::value::Value;
use postgres::types::{ToSql, Type};
use postgres::{Client, Statement};
use std::fmt::Write as _;

/// Enough to make round trips and parsing vanish, little enough to keep memory flat.
const ROWS_MAX: usize = 2000;
const BYTES_MAX: usize = 4 * 1024 * 1024;

pub(super) struct Bulk {
    statement: Statement,
    /// `ON CONFLICT DO UPDATE` refuses two rows with the same key in one statement, though not in two.
    updates_on_conflict: bool,
}

pub(super) struct Written {
    sql: String,
    updates_on_conflict: bool,
}

impl Written {
    pub(super) fn prepare(self, client: &mut Client) -> Result<Bulk, postgres::Error> {
        Ok(Bulk { statement: client.prepare(&self.sql)?, updates_on_conflict: self.updates_on_conflict })
    }
}

impl Bulk {
    /// Rewrites an insert of one row; `None` when the statement is anything else.
    pub(super) fn rewrite(sql: &str, types: &[Type]) -> Option<Written> {
        let (head, tuple, tail) = split_insert(sql)?;
        if types.is_empty() || !parameters_in(tail).is_empty() || !parameters_in(head).is_empty() {
            return None;
        }
        let mut written = format!("{head} SELECT ");
        let mut copied = 0;
        for (at, length, number) in parameters_in(tuple) {
            written.push_str(&tuple[copied..at]);
            write!(written, "many_rows.c{number}").ok()?;
            copied = at + length;
        }
        written.push_str(&tuple[copied..]);
        written.push_str(" FROM unnest(");
        let mut columns = String::new();
        for (index, kind) in types.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            let number = index + 1;
            write!(written, "{comma}${number}::{}.{}[]", quote_name(kind.schema()), quote_name(kind.name())).ok()?;
            write!(columns, "{comma}c{number}").ok()?;
        }
        write!(written, ") AS many_rows ({columns}) {tail}").ok()?;
        let tail = tail.to_ascii_uppercase();
        let updates_on_conflict = tail.contains("CONFLICT") && tail.contains("UPDATE");
        Some(Written { sql: written, updates_on_conflict })
    }

    /// Sends all rows. `None` means that nothing was done because two rows have the same key, and that
    /// they must go one by one.
    pub(super) fn run(&self, client: &mut Client, rows: &[Vec<Value>]) -> Result<Option<u64>, Trouble> {
        if !self.updates_on_conflict {
            return Ok(Some(self.run_pieces(client, rows)?));
        }
        client.batch_execute("SAVEPOINT many_rows")?;
        match self.run_pieces(client, rows) {
            Ok(changed) => {
                client.batch_execute("RELEASE SAVEPOINT many_rows")?;
                Ok(Some(changed))
            }
            Err(error) if error.code().is_some_and(|code| code.code() == "21000") => {
                client.batch_execute("ROLLBACK TO SAVEPOINT many_rows; RELEASE SAVEPOINT many_rows")?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn run_pieces(&self, client: &mut Client, rows: &[Vec<Value>]) -> Result<u64, postgres::Error> {
        let mut changed = 0;
        let mut rest = rows;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(piece_length(rest));
            rest = after;
            let columns: Vec<Vec<&Value>> = (0..self.statement.params().len())
                .map(|column| piece.iter().map(|row| &row[column]).collect())
                .collect();
            let parameters: Vec<&(dyn ToSql + Sync)> =
                columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect();
            changed += client.execute(&self.statement, &parameters)?;
        }
        Ok(changed)
    }
}

fn piece_length(rows: &[Vec<Value>]) -> usize {
    let mut bytes = 0;
    for (index, row) in rows.iter().take(ROWS_MAX).enumerate() {
        bytes += row.iter().map(size).sum::<usize>();
        if bytes > BYTES_MAX {
            return index.max(1);
        }
    }
    rows.len().min(ROWS_MAX)
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len() + 4,
        Value::Bytes(bytes) => bytes.len() + 4,
        _ => 20,
    }
}

fn quote_name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Marks what is code and what is a literal, a quoted name or a comment.
fn is_code(sql: &str) -> Vec<bool> {
    let mut code = vec![true; sql.len()];
    let mut at = 0;
    while at < sql.len() {
        let length = crate::sql::length_of_non_code(&sql[at..]);
        if length > 0 {
            code[at..at + length].fill(false);
            at += length;
        } else {
            at += sql[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    code
}

/// Splits `INSERT … VALUES (tuple) tail`; `None` when there is not exactly one tuple.
fn split_insert(sql: &str) -> Option<(&str, &str, &str)> {
    if !sql.trim_start().get(..6)?.eq_ignore_ascii_case("INSERT") {
        return None;
    }
    let code = is_code(sql);
    let bytes = sql.as_bytes();
    let is_word = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let mut depth = 0_u32;
    let mut values = None;
    for at in 0..bytes.len() {
        if !code[at] {
            continue;
        }
        match bytes[at] {
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1)?,
            b'v' | b'V'
                if depth == 0
                    && bytes[at..].len() > 6
                    && bytes[at..at + 6].eq_ignore_ascii_case(b"VALUES")
                    && !is_word(at + 6)
                    && (at == 0 || !is_word(at - 1)) =>
            {
                values = Some(at);
                break;
            }
            _ => {}
        }
    }
    let values = values?;
    let open = (values + 6..bytes.len()).find(|&at| !code[at] || !bytes[at].is_ascii_whitespace())?;
    if bytes[open] != b'(' {
        return None;
    }
    let mut depth = 0_u32;
    let close = (open..bytes.len()).find(|&at| {
        if code[at] {
            match bytes[at] {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
        }
        depth == 0
    })?;
    let tail = &sql[close + 1..];
    if tail.trim_start().starts_with(',') {
        return None;
    }
    Some((&sql[..values], &sql[open + 1..close], tail))
}

/// Where the parameters stand in `sql`: position, length and number of each.
fn parameters_in(sql: &str) -> Vec<(usize, usize, u32)> {
    let code = is_code(sql);
    let bytes = sql.as_bytes();
    let mut found = Vec::new();
    for at in 0..bytes.len() {
        let after_name = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        if !code[at] || bytes[at] != b'$' || after_name {
            continue;
        }
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if let Ok(number) = sql[at + 1..at + 1 + digits].parse() {
            found.push((at, digits + 1, number));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::plain("INSERT INTO t (a, b) VALUES ($1, $2)", "INSERT INTO t (a, b)  SELECT $1, $2|")]
    #[case::upsert(
        "insert into t (a) values ($1) ON CONFLICT (a) DO NOTHING",
        "insert into t (a)  SELECT $1| ON CONFLICT (a) DO NOTHING"
    )]
    #[case::calls_and_constants(
        "INSERT INTO t (a, b, c) VALUES (lower($1), 0, 'VALUES ($9)')",
        "INSERT INTO t (a, b, c)  SELECT lower($1), 0, 'VALUES ($9)'|"
    )]
    fn an_insert_of_one_row_is_split(#[case] sql: &str, #[case] parts: &str) {
        let (head, tuple, tail) = split_insert(sql).unwrap();
        assert_eq!(format!("{head} SELECT {tuple}|{tail}"), parts);
    }

    #[rstest]
    #[case::two_rows("INSERT INTO t (a) VALUES ($1), ($2)")]
    #[case::a_select("INSERT INTO t (a) SELECT $1")]
    #[case::an_update("UPDATE t SET a = $1")]
    #[case::parameters_after_the_row("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = $2")]
    fn other_statements_are_not_rewritten(#[case] sql: &str) {
        assert!(Bulk::rewrite(sql, &[Type::TEXT]).is_none());
    }

    #[test]
    fn the_rewritten_insert_takes_arrays() {
        let written = Bulk::rewrite(
            "INSERT INTO t (a, b) VALUES ($2, upper($1)) ON CONFLICT (a) DO UPDATE SET b = excluded.b",
            &[Type::TEXT, Type::UUID],
        )
        .unwrap();
        assert_eq!(
            written.sql,
            "INSERT INTO t (a, b)  SELECT many_rows.c2, upper(many_rows.c1) FROM \
             unnest($1::\"pg_catalog\".\"text\"[], $2::\"pg_catalog\".\"uuid\"[]) AS many_rows (c1, c2)  \
             ON CONFLICT (a) DO UPDATE SET b = excluded.b"
        );
        assert!(written.updates_on_conflict);
    }
}
