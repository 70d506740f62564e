//! Do the pictures say what the dates say?

mod markup;

use govuk::charts::{Bars, DueDate, DueStatus, ExceptionSpan, Stage, StageState, Timeline};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 23);

fn clock() -> Timeline {
    Timeline::new("clock", "The clock of Amara’s assessment", TODAY)
        .stage(Stage::new("Gathering advice", date(2026, 9, 1), date(2026, 10, 9)))
        .stage(Stage::new("Drafting the plan", date(2026, 10, 10), date(2026, 12, 5)))
        .stage(Stage::new("Final plan", date(2026, 12, 6), date(2027, 1, 4)))
        .exception(ExceptionSpan::new("Family away", date(2026, 9, 20), date(2026, 10, 20)))
        .due(DueDate::new("Health advice", date(2026, 10, 12)))
        .due(DueDate::new("Decision to assess", date(2026, 9, 14)).done_on(Some(date(2026, 9, 10))))
        .due(DueDate::new("Final plan", date(2027, 1, 4)))
}

#[test]
fn the_clock_of_a_case_looks_like_this() {
    insta::assert_snapshot!(clock().to_string());
}

#[test]
fn a_clock_is_well_formed_and_named() {
    let html = clock().to_string();
    markup::assert_well_formed(&html, "timeline");
    assert!(html.contains("role=\"img\" aria-labelledby=\"clock-title clock-description\""));
    assert!(!html.contains(" style="), "an inline style");
}

#[test]
fn a_due_date_says_where_it_stands() {
    let due = |day: Date| DueDate::new("Final plan", day);
    let cases = [
        (due(date(2026, 11, 30)).done_on(Some(TODAY)), DueStatus::Met, "met on 23 Nov 2026"),
        (
            due(date(2026, 11, 20)).done_on(Some(date(2026, 11, 21))),
            DueStatus::DoneLate,
            "done on 21 Nov 2026, 1 day late",
        ),
        (due(date(2026, 11, 22)), DueStatus::Overdue, "1 day overdue"),
        (due(TODAY), DueStatus::Soon, "due today"),
        (due(date(2026, 12, 7)), DueStatus::Soon, "due in 14 days"),
        (due(date(2026, 12, 8)), DueStatus::Ahead, "due in 15 days"),
    ];
    for (due, status, words) in cases {
        assert_eq!(due.status(TODAY), status, "{words}");
        assert_eq!(due.status_words(TODAY), words);
    }
}

#[test]
fn a_stage_belongs_to_today_on_its_first_and_last_day() {
    let stage = Stage::new("Drafting", date(2026, 11, 1), date(2026, 11, 30));
    assert_eq!(stage.state(date(2026, 10, 31)), StageState::Ahead);
    assert_eq!(stage.state(date(2026, 11, 1)), StageState::Now);
    assert_eq!(stage.state(date(2026, 11, 30)), StageState::Now);
    assert_eq!(stage.state(date(2026, 12, 1)), StageState::Over);
}

#[test]
fn every_figure_of_the_picture_is_in_the_table() {
    let html = clock().to_string();
    let table = &html[html.find("<table").expect("there is a table")..];
    for words in [
        "Gathering advice",
        "Tuesday 1 September 2026",
        "Friday 9 October 2026",
        "Exception: Family away",
        "Monday 12 October 2026",
        "42 days overdue",
        "Met on 10 Sep 2026",
        "Due in 42 days",
    ] {
        assert!(table.contains(words), "{words}");
    }
}

#[test]
fn a_case_that_ended_long_ago_is_drawn_without_today() {
    let mut clock = clock();
    clock.today = date(2031, 1, 1);
    let html = clock.to_string();
    assert!(!html.contains("chart-today-label"));
    assert!(html.contains("Today is Wednesday 1 January 2031."));
}

#[test]
fn a_clock_with_no_dates_or_strange_ones_is_still_drawn() {
    let empty = Timeline::new("clock", "Nothing yet", TODAY).to_string();
    markup::assert_well_formed(&empty, "empty timeline");
    let backwards = Timeline::new("clock", "Backwards", TODAY)
        .stage(Stage::new("Ends before it begins", TODAY, date(2020, 1, 1)))
        .stage(Stage::new("The end of time", TODAY, Date::MAX))
        .due(DueDate::new("x".repeat(500), Date::MIN));
    let html = backwards.to_string();
    markup::assert_well_formed(&html, "strange timeline");
    assert!(html.len() < 20_000, "a mistyped year makes no endless picture");
}

/// Where the labels of the due dates are: lane, left end, right end.
fn label_places(html: &str) -> Vec<(i32, i32, i32)> {
    let number = |text: &str, name: &str| -> i32 {
        let start = text.find(name).expect("the attribute is there") + name.len();
        let digits = &text[start..];
        let digits = &digits[..digits.find('"').expect("the attribute ends")];
        digits.parse().expect("a whole number")
    };
    html.lines()
        .filter(|line| line.contains("chart-ground"))
        .map(|line| {
            let x = number(line, " x=\"");
            (number(line, " y=\""), x, x + number(line, " width=\""))
        })
        .collect()
}

#[test]
fn labels_never_cover_each_other_however_close_the_dates() {
    let mut state = 7_u32;
    let mut next = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    for _ in 0..200 {
        let mut clock = Timeline::new("clock", "Crowded", TODAY);
        for number in 0..12 {
            let day = TODAY.saturating_add(jiff::Span::new().days(i64::from(next(120)) - 60));
            let words = "Educational advice ".repeat(next(4) as usize + 1);
            clock = clock.due(DueDate::new(format!("{words}{number}"), day));
        }
        let places = label_places(&clock.to_string());
        assert_eq!(places.len(), 12);
        for (index, a) in places.iter().enumerate() {
            assert!(a.1 >= 0 && a.2 <= 970, "{a:?} is outside the picture");
            for b in &places[..index] {
                assert!(a.0 != b.0 || a.2 <= b.1 || b.2 <= a.1, "{a:?} covers {b:?}");
            }
        }
    }
}

#[test]
fn bars_are_a_table_with_lengths_in_proportion() {
    let html = Bars::new("Plans by type of school", "Type of school", "Plans")
        .bar("Mainstream", 200.0, "200")
        .bar("Special", 50.0, "50")
        .comparison("England", f64::NAN, "not known")
        .to_string();
    markup::assert_well_formed(&html, "bars");
    assert!(html.contains("width=\"1000\"") && html.contains("width=\"250\""));
    assert!(html.contains("width=\"0\""));
    assert!(html.contains("<caption") && html.contains("not known"));
}
