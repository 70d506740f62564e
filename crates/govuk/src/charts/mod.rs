//! Which pictures show figures, and how are the same figures read without seeing?
//!
//! Charts are SVG made on the server: no script, no inline style, printable. Every chart comes
//! with the same figures as a table, and never says anything by colour alone.
//!
//! | question | chart |
//! |---|---|
//! | where does this case stand on its clock? | [`Timeline`] |
//! | how do a few figures compare? | [`Bars`] |

mod bars;
mod clock_dates;
mod lanes;
mod timeline;

pub use bars::{Bar, Bars};
pub use clock_dates::{DueDate, DueStatus, ExceptionSpan, Stage, StageState};
pub use timeline::Timeline;

use jiff::civil::Date;

/// As on a page: "Monday 4 January 2027".
fn long_date(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

/// As in a picture, where room is short: "4 Jan 2027".
fn short_date(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// "1 day", "15 days".
fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

/// Days from `from` to `to`; negative when `to` is earlier.
fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}
