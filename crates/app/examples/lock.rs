//! How often does the lock stop a paper that would have gone to the wrong family, and how often one
//! that is right?
//!
//! ```text
//! cargo run --release -p app --example lock [SENDS] [--bless]
//! ```
//!
//! `--bless` writes the table into `docs/data-protection/wrong-recipient-lock.md`.

#[path = "../tests/it/planted.rs"]
mod planted;

use planted::{ALL, Rate, SEED, app_in, area, forty_pages, measure, table};
use std::error::Error;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/data-protection/wrong-recipient-lock.md");

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sends = arguments.iter().find_map(|text| text.parse().ok()).unwrap_or(2_000);
    let folder = std::env::temp_dir().join(format!("tellonce-lock-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let area = area(app_in(&folder)?)?;
    let right = measure(&area, None, sends)?;
    let measured = &area;
    let rates: Result<Vec<Rate>, _> = std::thread::scope(|scope| {
        let started = ALL.map(|planted| scope.spawn(move || measure(measured, Some(planted), sends)));
        started.into_iter().map(|one| one.join().expect("a measurement ends")).collect()
    });
    let rates = rates?;
    for example in &right.examples {
        eprintln!("stopped wrongly: {example}");
    }
    let text = table(&right, &rates);
    let (milliseconds, words) = forty_pages(&area)?;
    println!("Seed {SEED}.\n\n{text}\nForty pages, {words} words: {milliseconds:.0} ms.");
    if arguments.iter().any(|argument| argument == "--bless") {
        let page = std::fs::read_to_string(PAGE)?;
        let (head, rest) = page.split_once("<!-- table -->\n").ok_or("the page has no table")?;
        let (_, tail) = rest.split_once("<!-- end -->").ok_or("the table has no end")?;
        let made = format!("{head}<!-- table -->\nSeed {SEED}.\n\n{text}<!-- end -->{tail}");
        std::fs::write(PAGE, made)?;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
