//! The one binary: `tellonce`.

use std::process::ExitCode;

fn main() -> ExitCode {
    app::cli::main()
}
