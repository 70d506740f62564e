//! How long does a table of 50 rows take? Run it with `--release`.

use std::hint::black_box;
use std::time::Instant;

use govuk::page::{Area, Page};
use govuk::{Cell, Html, Table, Tag, TagColour};

const ROUNDS: u32 = 5_000;

fn table(has_tags: bool) -> Table {
    let rows = (0..50).map(|row: u32| {
        let status =
            if has_tags { Cell::new(Tag::new("Overdue").colour(TagColour::Red)) } else { Cell::new("Overdue") };
        [
            Cell::new("Amara Okafor"),
            Cell::new("Fernhill Primary School & Nursery"),
            Cell::new("Monday 4 January 2027"),
            status,
            Cell::numeric(row),
        ]
    });
    Table::new("Cases").head(["Child", "School", "Due", "Status", "Days"]).rows(rows).first_cell_is_header()
}

fn measure(what: &str, mut work: impl FnMut() -> usize) {
    let mut best = f64::MAX;
    let mut bytes = 0;
    for _ in 0..5 {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            bytes = black_box(work());
        }
        best = best.min(start.elapsed().as_secs_f64() / f64::from(ROUNDS));
    }
    println!("{what}: {:.1} us, {bytes} bytes", best * 1e6);
}

fn main() {
    let built = table(false);
    measure("render 50 rows x 5", || Html::render(&built).map_or(0, |html| html.as_str().len()));
    measure("build and render 50 rows x 5", || Html::render(&table(false)).map_or(0, |html| html.as_str().len()));
    measure("build and render 50 rows x 5 with a tag in each", || {
        Html::render(&table(true)).map_or(0, |html| html.as_str().len())
    });
    let area = Area::new("Alderbourne", "Support for children");
    measure("page around it", || Page::new(&area, "Cases", table(true)).render().as_str().len());
}
