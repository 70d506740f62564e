//! `tellonce law`: the statutory clock at a terminal.

use super::plain;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use law::{Event, RuleId};
use std::fs::File;
use std::io::{BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Law {
    /// Check a table of worked cases: prints every row that differs, then the count.
    #[command(after_help = "Example: tellonce law check crates/law/tests/worked-cases.csv")]
    Check {
        /// A CSV file with the columns of crates/law/tests/worked-cases.csv.
        file: PathBuf,
    },
    /// Explain one date: the sum, the rule, the exceptions, what can be done if it passes.
    #[command(
        after_help = "Example: tellonce law explain final_plan_20w request_received=2026-11-23\n         tellonce law explain final_plan_20w request_received=2026-06-29 advice_requested=2026-07-18 school_closed_from=2026-07-18 school_reopens=2026-09-02"
    )]
    Explain(Case),
    /// Show what would change if something happened.
    #[command(
        name = "what-if",
        after_help = "Example: tellonce law what-if request_received=2026-11-23 --if absent_from=2027-01-04 --if absent_to=2027-02-08"
    )]
    WhatIf(WhatIf),
}

#[derive(Debug, Args)]
pub struct Case {
    /// The rule's code, such as final_plan_20w.
    rule: String,
    /// What happened: the trigger first, each as name=date.
    #[arg(required = true, value_name = "EVENT=DATE")]
    events: Vec<String>,
}

#[derive(Debug, Args)]
pub struct WhatIf {
    /// What happened, each as name=date.
    #[arg(required = true, value_name = "EVENT=DATE")]
    events: Vec<String>,
    /// What might happen, as name=date. May be given several times.
    #[arg(long = "if", required = true, value_name = "EVENT=DATE")]
    supposed: Vec<String>,
}

impl Law {
    pub(super) fn run(self) -> Result<ExitCode, String> {
        match self {
            Law::Check { file } => {
                let reader =
                    File::open(&file).map_err(|cause| format!("failed to open `{}`: {cause}", file.display()))?;
                let mut out = std::io::stdout().lock();
                let report = law::check(BufReader::new(reader), &mut out).map_err(|fault| plain(&fault))?;
                Ok(if report.is_all_passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }
            Law::Explain(case) => case.explain(),
            Law::WhatIf(question) => question.answer(),
        }
    }
}

/// Facts without a date of their own take the date of the first dated one.
fn events(pairs: &[String]) -> Result<Vec<Event>, String> {
    let facts_on = pairs
        .iter()
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(_, value)| value.trim().parse::<Date>().ok())
        .ok_or("no event carries a date: write each as name=2026-11-23")?;
    pairs
        .iter()
        .map(|pair| law::check::read_event(pair, facts_on).map_err(|fault| format!("`{pair}`: {}", plain(&fault))))
        .collect()
}

impl Case {
    fn explain(self) -> Result<ExitCode, String> {
        let rule: RuleId = self.rule.parse().map_err(|fault: law::rulebook::UnknownRule| plain(&fault))?;
        let events = events(&self.events)?;
        let trigger = *events.first().ok_or("name the event that starts the clock first")?;
        let deadline = law::deadline(rule, trigger, &events).map_err(|fault| plain(&fault))?;
        let explanation = law::explain(&deadline, &events);
        let mut out = std::io::stdout().lock();
        let mut lines = vec![explanation.sentence.clone(), String::new()];
        lines.extend(explanation.sum.iter().map(|step| format!("  {step}")));
        lines.extend(explanation.calendar.iter().map(|line| format!("  {line}")));
        lines.extend(explanation.standing.iter().cloned());
        lines.push(String::new());
        lines.push(format!("Safe day: {}", explanation.safe_day));
        lines.push(format!("Do by:    {}", explanation.do_by));
        lines.push(format!("Rule:     {}, {} ({})", explanation.rule_title, explanation.citation, explanation.link));
        lines.push(format!("          {} {} {}", explanation.strength, explanation.version, explanation.checked));
        for exception in &explanation.exceptions {
            let verdict = if exception.applies { "applies" } else { "does not apply" };
            lines.push(format!("Exception {verdict}: {}. {} {}", exception.title, exception.why, exception.citation));
        }
        lines.push(format!("If it passes: {}", explanation.if_it_passes));
        writeln!(out, "{}", lines.join("\n")).map_err(|cause| format!("failed to print: {cause}"))?;
        Ok(ExitCode::SUCCESS)
    }
}

impl WhatIf {
    fn answer(self) -> Result<ExitCode, String> {
        let answer = law::what_if(&events(&self.events)?, &events(&self.supposed)?);
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", answer.words.join("\n")).map_err(|cause| format!("failed to print: {cause}"))?;
        Ok(ExitCode::SUCCESS)
    }
}
