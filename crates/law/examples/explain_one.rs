//! Prints the explanation of one date: `explain_one RULE TRIGGER=DATE [EVENT=VALUE …]`.
//!
//! ```text
//! cargo run -p law --example explain_one -- assess_decision_6w request_received=2026-11-23
//! ```

use law::check::{read_date, read_event};
use law::{Fault, deadline, explain};

fn main() -> Result<(), Fault> {
    let mut arguments = std::env::args().skip(1);
    let rule = arguments.next().unwrap_or_default();
    let rule = rule.parse().map_err(|_| Fault::UnknownRule(rule))?;
    let facts_on = read_date("today", "2026-01-01")?;
    let events: Vec<_> = arguments.map(|pair| read_event(&pair, facts_on)).collect::<Result<_, _>>()?;
    let trigger = events.first().copied().ok_or_else(|| Fault::NotAnEvent(String::new()))?;
    print!("{}", explain(&deadline(rule, trigger, &events)?, &events));
    Ok(())
}
