//! How one statement text serves both engines.
//!
//! Statements are written in PostgreSQL's dialect. For SQLite four things are translated, and nothing
//! else, outside of string literals, quoted names and comments:
//!
//! | written | SQLite gets | because |
//! |---|---|---|
//! | `$1` | `?1` | SQLite takes `$1` for a *named* parameter and numbers it by order of appearance |
//! | `$1::uuid` | `?1` | PostgreSQL sometimes cannot guess a parameter's type, SQLite need not |
//! | `= ANY($1)` | `IN rarray(?1)` | a list of any length is one parameter |
//! | `FOR UPDATE`, with or without `SKIP LOCKED` | nothing | SQLite has one writer: what is read is held |
//!
//! What both engines share and what to watch: write `NULLS FIRST` or `NULLS LAST` where a column may
//! be empty (their defaults differ), give every list a unique last key, no date arithmetic, no `now()`.
//! `LIKE` is case-sensitive on both (a connection setting on SQLite).

/// Translates one statement for SQLite.
pub(crate) fn for_sqlite(sql: &str) -> String {
    let mut written = String::with_capacity(sql.len());
    let mut rest = sql;
    // The character before `rest`, to tell `$1` from the end of a name such as `price$1`.
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let taken = length_of_non_code(rest);
        if taken > 0 {
            written.push_str(&rest[..taken]);
            before = ' ';
            rest = &rest[taken..];
            continue;
        }
        let starts_word = !is_name_character(before);
        if starts_word
            && first == '$'
            && let Some(digits) = digits(&rest[1..])
        {
            written.push('?');
            written.push_str(digits);
            rest = &rest[1 + digits.len()..];
            rest = &rest[cast(rest)..];
            before = '0';
            continue;
        }
        if first == '='
            && let Some((number, taken)) = equals_any(rest)
        {
            written.push_str("IN rarray(?");
            written.push_str(number);
            written.push(')');
            rest = &rest[taken..];
            before = ')';
            continue;
        }
        if starts_word && let Some(taken) = for_update(rest) {
            rest = &rest[taken..];
            before = ' ';
            continue;
        }
        written.push(first);
        before = first;
        rest = &rest[first.len_utf8()..];
    }
    written
}

/// Length of the literal, quoted name or comment that starts `text`, 0 when it starts with code.
pub(crate) fn length_of_non_code(text: &str) -> usize {
    match text.chars().next() {
        Some(quote @ ('\'' | '"' | '`')) => quoted(text, quote),
        Some('-') if text.starts_with("--") => text.find('\n').unwrap_or(text.len()),
        Some('/') if text.starts_with("/*") => block_comment(text),
        _ => 0,
    }
}

fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

/// Length of a quoted run that starts `text`; a doubled quote inside is part of it. An unclosed one
/// reaches to the end, and the engine then says so.
fn quoted(text: &str, quote: char) -> usize {
    let mut position = 1;
    while let Some(found) = text[position..].find(quote) {
        position += found + 1;
        if !text[position..].starts_with(quote) {
            return position;
        }
        position += 1;
    }
    text.len()
}

/// Length of a block comment that starts `text`. PostgreSQL nests them and SQLite does not, so a
/// nested one is left for the engines to disagree about; statements should not have any.
fn block_comment(text: &str) -> usize {
    text[2..].find("*/").map_or(text.len(), |found| found + 4)
}

fn digits(text: &str) -> Option<&str> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (length > 0).then(|| &text[..length])
}

/// Length of `::name` or `::name[]` at the start of `text`, 0 when there is none.
fn cast(text: &str) -> usize {
    let Some(name) = text.strip_prefix("::") else {
        return 0;
    };
    let length = name.chars().take_while(|character| is_name_character(*character)).map(char::len_utf8).sum::<usize>();
    if length == 0 {
        return 0;
    }
    let brackets = if name[length..].starts_with("[]") { 2 } else { 0 };
    2 + length + brackets
}

/// `= ANY($n)` or `= ANY($n::type[])` at the start of `text`: the number and the length.
fn equals_any(text: &str) -> Option<(&str, usize)> {
    let mut rest = text[1..].trim_start();
    rest = strip_word(rest, "ANY")?.trim_start();
    rest = rest.strip_prefix('(')?.trim_start();
    let number = digits(rest.strip_prefix('$')?)?;
    rest = &rest[1 + number.len()..];
    rest = rest[cast(rest)..].trim_start();
    rest = rest.strip_prefix(')')?;
    Some((number, text.len() - rest.len()))
}

/// Length of `FOR UPDATE [SKIP LOCKED | NOWAIT]` at the start of `text`.
fn for_update(text: &str) -> Option<usize> {
    let mut rest = strip_word(text, "FOR")?.trim_start();
    if let Some(no_key) = strip_word(rest, "NO").and_then(|rest| strip_word(rest.trim_start(), "KEY")) {
        rest = no_key.trim_start();
    }
    rest = strip_word(rest, "UPDATE")?;
    let tail = rest.trim_start();
    if let Some(skip) = strip_word(tail, "SKIP").and_then(|tail| strip_word(tail.trim_start(), "LOCKED")) {
        rest = skip;
    } else if let Some(nowait) = strip_word(tail, "NOWAIT") {
        rest = nowait;
    }
    Some(text.len() - rest.len())
}

/// Takes a whole word off the start of `text`, whatever its case.
fn strip_word<'text>(text: &'text str, word: &str) -> Option<&'text str> {
    let head = text.get(..word.len())?;
    let rest = &text[word.len()..];
    let ends = !rest.chars().next().is_some_and(is_name_character);
    (head.eq_ignore_ascii_case(word) && ends).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::for_sqlite;
    use rstest::rstest;

    #[rstest]
    #[case::a_parameter("SELECT $1", "SELECT ?1")]
    #[case::ten_is_not_one("SELECT $10, $1", "SELECT ?10, ?1")]
    #[case::twice("SELECT $1, $1", "SELECT ?1, ?1")]
    #[case::literal("SELECT '$1', $1", "SELECT '$1', ?1")]
    #[case::doubled_quote("SELECT 'it''s $1', $2", "SELECT 'it''s $1', ?2")]
    #[case::quoted_name("SELECT \"a$1\", $1", "SELECT \"a$1\", ?1")]
    #[case::quote_in_quoted_name("SELECT \"a\"\"$1\", $1", "SELECT \"a\"\"$1\", ?1")]
    #[case::line_comment("SELECT $1 -- not $2, 'open\n, $3", "SELECT ?1 -- not $2, 'open\n, ?3")]
    #[case::comment_at_the_end("SELECT $1 -- $2", "SELECT ?1 -- $2")]
    #[case::block_comment("SELECT /* $1 ' */ $2", "SELECT /* $1 ' */ ?2")]
    #[case::name_with_dollar("SELECT price$1, $1", "SELECT price$1, ?1")]
    #[case::dollar_alone("SELECT $ , $a", "SELECT $ , $a")]
    #[case::cast("SELECT $1::uuid, $2::text[]", "SELECT ?1, ?2")]
    #[case::cast_of_something_else("SELECT 1::bigint", "SELECT 1::bigint")]
    #[case::in_brackets("VALUES($1,$2)", "VALUES(?1,?2)")]
    #[case::any("WHERE id = ANY($2) AND a=$1", "WHERE id IN rarray(?2) AND a=?1")]
    #[case::any_with_cast("WHERE id =any( $2::uuid[] )", "WHERE id IN rarray(?2)")]
    #[case::any_in_a_literal("WHERE id = '= ANY($1)'", "WHERE id = '= ANY($1)'")]
    #[case::for_update("SELECT a FROM t FOR UPDATE", "SELECT a FROM t ")]
    #[case::skip_locked("SELECT a FROM t LIMIT 1 for update skip locked", "SELECT a FROM t LIMIT 1 ")]
    #[case::no_key("SELECT a FROM t FOR NO KEY UPDATE)", "SELECT a FROM t )")]
    #[case::a_column_called_before("SELECT before_for FROM t", "SELECT before_for FROM t")]
    #[case::not_english_letters("SELECT 'zażółć', é, $1", "SELECT 'zażółć', é, ?1")]
    #[case::unclosed_literal("SELECT 'open $1", "SELECT 'open $1")]
    #[case::upsert("ON CONFLICT DO UPDATE SET a = $1", "ON CONFLICT DO UPDATE SET a = ?1")]
    fn a_statement_written_once_reads_right_on_sqlite(#[case] written: &str, #[case] sqlite: &str) {
        assert_eq!(for_sqlite(written), sqlite);
    }
}
