//! Lists to take away: exactly what a page shows, as CSV.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A file of this name: a line of headings, then one line a row.
pub fn download<const N: usize>(
    name: &str,
    headings: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Response {
    let mut text = headings.join(",");
    text.push_str("\r\n");
    for row in rows {
        text.push_str(&row.map(|text| cell(&text)).join(","));
        text.push_str("\r\n");
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (headers, text).into_response()
}

/// A cell that a spreadsheet would take for a formula is made text.
fn cell(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_text_whatever_is_in_it() {
        for (text, shown) in [
            ("Maya", "Maya"),
            ("Reed, Omar", "\"Reed, Omar\""),
            ("the \"draft\"", "\"the \"\"draft\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2, x", "\"'-2, x\""),
        ] {
            assert_eq!(cell(text), shown);
        }
    }
}
