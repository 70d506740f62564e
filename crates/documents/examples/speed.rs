//! How long does one document take? Prints medians over the invented plan and one letter.
//!
//! `cargo run --release -p documents --example speed`

mod invented {
    pub mod letters;
    pub mod plan;
}

use std::time::Instant;

use documents::typeset::{self, Printing};
use documents::{html, word};

const RUNS: usize = 25;

fn main() -> Result<(), documents::Fault> {
    let printing = Printing::at(jiff::civil::date(2026, 10, 12).at(9, 30, 0, 0)).with_footer("WR-2026-00417");
    let plan = invented::plan::plan();
    let letter = invented::letters::final_plan().letter().document;
    let letters = [
        invented::letters::considering().letter(),
        invented::letters::will_assess().letter(),
        invented::letters::will_not_assess().letter(),
        invented::letters::no_plan().letter(),
        invented::letters::draft_plan().letter(),
    ];
    let started = Instant::now();
    typeset::pdf(&plan, &printing)?;
    println!("first PDF, with fonts and library to load: {:.1} ms", started.elapsed().as_secs_f64() * 1000.0);
    measure("plan, PDF", || typeset::pdf(&plan, &printing).map(|bytes| bytes.len()))?;
    let large = printing.clone().in_large_print();
    measure("plan, PDF in large print", || typeset::pdf(&plan, &large).map(|bytes| bytes.len()))?;
    measure("final plan letter, PDF", || typeset::pdf(&letter, &printing).map(|bytes| bytes.len()))?;
    measure("plan, Word", || word::docx(&plan).map(|bytes| bytes.len()))?;
    measure("plan, HTML", || html::page(&plan).map(|page| page.len()))?;
    for letter in &letters {
        let name = format!("{:?}, PDF", letter.kind);
        measure(&name, || typeset::pdf(&letter.document, &printing).map(|bytes| bytes.len()))?;
    }
    Ok(())
}

fn measure(name: &str, run: impl Fn() -> Result<usize, documents::Fault>) -> Result<(), documents::Fault> {
    let mut times = Vec::with_capacity(RUNS);
    let mut size_bytes = 0;
    for _ in 0..RUNS {
        let started = Instant::now();
        size_bytes = run()?;
        times.push(started.elapsed());
    }
    times.sort();
    let (median, slowest) = (times[RUNS / 2], times[RUNS - 1]);
    let in_ms = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
    println!("{name}: median {:.1} ms, slowest {:.1} ms, {size_bytes} bytes", in_ms(median), in_ms(slowest));
    Ok(())
}
