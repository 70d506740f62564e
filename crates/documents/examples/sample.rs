//! Writes the invented plan and letters into a folder, to be looked at.
//!
//! `cargo run -p documents --example sample -- FOLDER`

mod invented {
    pub mod letters;
    pub mod plan;
}

use documents::typeset::{self, Printing};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let printing = Printing::at(jiff::civil::date(2026, 10, 12).at(9, 30, 0, 0)).with_footer("WR-2026-00417");
    let plan = invented::plan::plan();
    std::fs::write(folder.join("plan.pdf"), typeset::pdf(&plan, &printing)?)?;
    std::fs::write(folder.join("plan-large.pdf"), typeset::pdf(&plan, &printing.clone().in_large_print())?)?;
    let mut draft = invented::plan::plan();
    draft.draft_watermark_text = Some("Draft".into());
    std::fs::write(folder.join("plan-draft.pdf"), typeset::pdf(&draft, &printing)?)?;
    std::fs::write(folder.join("plan.docx"), documents::word::docx(&plan)?)?;
    std::fs::write(folder.join("plan.html"), documents::html::page(&plan)?)?;
    let letters = [
        ("1-considering", invented::letters::considering().letter()),
        ("2-will-assess", invented::letters::will_assess().letter()),
        ("3-will-not-assess", invented::letters::will_not_assess().letter()),
        ("4-no-plan", invented::letters::no_plan().letter()),
        ("5-draft-plan", invented::letters::draft_plan().letter()),
        ("6-final-plan", invented::letters::final_plan().letter()),
    ];
    for (name, letter) in letters {
        let bytes = typeset::pdf(&letter.document, &printing)?;
        std::fs::write(folder.join(format!("{name}.pdf")), bytes)?;
        std::fs::write(folder.join(format!("{name}.docx")), documents::word::docx(&letter.document)?)?;
        std::fs::write(folder.join(format!("{name}.html")), documents::html::page(&letter.document)?)?;
    }
    Ok(())
}
