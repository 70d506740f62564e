//! Makes the stylesheet and scripts that are embedded in the binary.
//!
//! They come from the npm packages `govuk-frontend` and `@ministryofjustice/frontend`, as
//! `npm ci` put them into `node_modules` at the root of the repository, and from `assets/`.
//! What belongs to gov.uk services only (the GDS Transport font, the crown, the crest) is taken
//! out; an output that still has any of it fails the build. Each file is named after its own
//! content, so that a browser may keep it for ever, and is compressed once, here.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use flate2::{Compression, GzBuilder};

/// Rules whose selector has one of these are left out: they draw what is not ours, or dress
/// components that this crate does not have.
const LEFT_OUT: &[&str] =
    &["crown", "crest", "copyright-logo", "govuk-logo", "govuk-header", "govuk-cookie-banner", "govuk-feedback"];

/// Of the Ministry of Justice's stylesheet, only the rules for these are kept.
const KEPT_OF_MOJ: &[&str] = &[
    ".moj-timeline",
    ".moj-filter",
    ".moj-action-bar",
    ".moj-message",
    ".moj-scrollable-pane",
    ".moj-js-hidden",
    ".moj-hidden",
    "[aria-sort]",
];

/// No stylesheet, script or picture may have any of these.
const FORBIDDEN: &[&str] = &["gds transport", "crown", "crest", "@font-face", "sourcemappingurl"];

fn main() -> ExitCode {
    match make() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("\nThe assets of the govuk crate cannot be made: {reason}\n");
            ExitCode::FAILURE
        }
    }
}

fn make() -> Result<(), String> {
    // Where the crate lies when this runs: a folder that was moved since it was compiled is another one.
    let crate_folder =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo does not say where this crate is")?);
    let packages = crate_folder.join("../../node_modules");
    let govuk = packages.join("govuk-frontend/dist/govuk");
    let moj = packages.join("@ministryofjustice/frontend/moj");
    let own = crate_folder.join("assets");
    println!("cargo::rerun-if-changed=build.rs");

    let mut stylesheet =
        String::from("@charset \"UTF-8\";/*! Contains GOV.UK Frontend and MoJ Frontend (MIT, see licences.txt) */\n");
    stylesheet.push_str(&filtered(&read(&govuk.join("govuk-frontend.min.css"))?, &|selector| {
        !LEFT_OUT.iter().any(|part| selector.contains(part))
    }));
    stylesheet.push_str(&filtered(&read(&moj.join("moj-frontend.min.css"))?, &|selector| {
        KEPT_OF_MOJ.iter().any(|part| selector.contains(part))
    }));
    stylesheet.push_str(&filtered(&read(&own.join("tellonce.css"))?, &|_| true));
    let stylesheet = stylesheet.replace("GDS Transport,arial,sans-serif", "Arial,Helvetica,sans-serif");

    let mut out = Output::new()?;
    out.add("STYLESHEET", "tellonce", "css", &stylesheet)?;
    out.add("BOOT_SCRIPT", "boot", "js", &script(&read(&own.join("boot.js"))?))?;
    let frontend =
        out.add("FRONTEND_SCRIPT", "govuk-frontend", "js", &script(&read(&govuk.join("govuk-frontend.min.js"))?))?;
    let sortable = replaced_once(
        &script(&read(&moj.join("components/sortable-table/sortable-table.mjs"))?),
        "from 'govuk-frontend'",
        &format!("from './{frontend}'"),
    )?;
    let sortable = out.add("SORTABLE_TABLE_SCRIPT", "sortable-table", "js", &sortable)?;
    let passkeys = out.add("PASSKEYS_SCRIPT", "passkeys", "js", &script(&read(&own.join("passkeys.js"))?))?;
    let uploads = out.add("UPLOADS_SCRIPT", "uploads", "js", &script(&read(&own.join("uploads.js"))?))?;
    let notes = out.add("NOTES_SCRIPT", "notes", "js", &script(&read(&own.join("notes.js"))?))?;
    let own_script = script(&read(&own.join("tellonce.js"))?);
    let own_script = replaced_once(&own_script, "./govuk-frontend.js", &format!("./{frontend}"))?;
    let own_script = replaced_once(&own_script, "./sortable-table.js", &format!("./{sortable}"))?;
    let own_script = replaced_once(&own_script, "./passkeys.js", &format!("./{passkeys}"))?;
    let own_script = replaced_once(&own_script, "./uploads.js", &format!("./{uploads}"))?;
    let own_script = replaced_once(&own_script, "./notes.js", &format!("./{notes}"))?;
    out.add("SCRIPT", "tellonce", "js", &own_script)?;
    out.add("ICON", "icon", "svg", &read(&own.join("icon.svg"))?)?;
    out.add("LICENCES", "licences", "txt", &read(&own.join("licences.txt"))?)?;
    out.finish()
}

fn read(path: &Path) -> Result<String, String> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path).map_err(|error| {
        if path.components().any(|part| part.as_os_str() == "node_modules") {
            format!("`{}` is missing.\nRun `npm ci` first (./run and ./test do it).", path.display())
        } else {
            format!("failed to read `{}`: {error}", path.display())
        }
    })
}

/// A stylesheet without comments, without `@font-face`, and without the rules that `keep` does
/// not want. A rule with several selectors keeps those that are wanted.
fn filtered(css: &str, keep: &dyn Fn(&str) -> bool) -> String {
    let css = collapsed(&without_comments(css));
    let mut out = String::new();
    let mut rest = css.as_str();
    while let Some(end) = rest.find(['{', ';']) {
        let prelude = rest[..end].trim();
        if rest[end..].starts_with(';') {
            // A statement, such as @charset: only the first line of a file may have it.
            rest = &rest[end + 1..];
            continue;
        }
        let block = block_length(&rest[end..]);
        let body = &rest[end + 1..end + block - 1];
        rest = &rest[end + block..];
        if prelude.starts_with("@media") || prelude.starts_with("@supports") {
            let inner = filtered(body, keep);
            if !inner.is_empty() {
                let _ = write!(out, "{prelude}{{{inner}}}");
            }
        } else if prelude.starts_with("@keyframes") || prelude.starts_with("@page") {
            let _ = write!(out, "{prelude}{{{body}}}");
        } else if !prelude.starts_with('@') {
            let selectors: Vec<&str> =
                split_selectors(prelude).into_iter().map(str::trim).filter(|selector| keep(selector)).collect();
            // A declaration that loads a picture is left out: we draw our own.
            let declarations: Vec<&str> = body
                .split(';')
                .filter(|declaration| !declaration.is_empty() && !declaration.contains("url("))
                .collect();
            if !selectors.is_empty() && !declarations.is_empty() {
                let _ = write!(out, "{}{{{}}}", selectors.join(","), declarations.join(";"));
            }
        }
    }
    out
}

/// A list of selectors in its parts: a comma within brackets, as in `:not(a,b)`, parts nothing.
fn split_selectors(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (at, letter) in list.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts
}

/// How long the block is that begins with the brace at the start of `css`.
fn block_length(css: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in css.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    css.len()
}

fn without_comments(css: &str) -> String {
    let mut out = String::new();
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        out.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    out.push_str(rest);
    out
}

/// One space for any run of white space, and none beside braces, semicolons and after colons of
/// a declaration. (Not before a colon: `a :hover` is not `a:hover`.)
fn collapsed(css: &str) -> String {
    let mut line = css.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [(" {", "{"), ("{ ", "{"), (" }", "}"), ("} ", "}"), ("; ", ";"), (": ", ":"), (", ", ",")] {
        line = line.replace(from, to);
    }
    line
}

/// A script without the pointer to its source map, which is not served.
fn script(source: &str) -> String {
    let lines = source
        .lines()
        .filter(|line| !line.starts_with("//# sourceMappingURL="))
        .map(|line| line.split("//# sourceMappingURL=").next().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn replaced_once(text: &str, from: &str, to: &str) -> Result<String, String> {
    match text.matches(from).count() {
        1 => Ok(text.replace(from, to)),
        count => Err(format!("expected `{from}` once in a script, found it {count} times")),
    }
}

/// The files made so far, and the Rust source that names them.
struct Output {
    folder: PathBuf,
    names: String,
    list: String,
}

impl Output {
    fn new() -> Result<Self, String> {
        let folder = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
        Ok(Self { folder: PathBuf::from(folder), names: String::new(), list: String::new() })
    }

    /// Writes a file and its compressed form; answers its name.
    fn add(&mut self, constant: &str, stem: &str, kind: &str, text: &str) -> Result<String, String> {
        if kind != "txt" {
            let lower = text.to_lowercase();
            if let Some(found) = FORBIDDEN.iter().find(|part| lower.contains(**part)) {
                return Err(format!("`{stem}.{kind}` contains `{found}`, which is not ours to use"));
            }
            if lower.contains("url(") {
                return Err(format!("`{stem}.{kind}` points at a file that is not served"));
            }
        }
        let fingerprint = &blake3::hash(text.as_bytes()).to_hex()[..16];
        let name = format!("{stem}-{fingerprint}.{kind}");
        let write = |name: &str, bytes: &[u8]| {
            let path = self.folder.join(name);
            fs::write(&path, bytes).map_err(|error| format!("failed to write `{}`: {error}", path.display()))
        };
        write(&name, text.as_bytes())?;
        write(&format!("{name}.gz"), &compressed(text.as_bytes())?)?;
        let content_type = match kind {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        };
        let _ = writeln!(self.names, "pub const {constant}: &str = \"/assets/{name}\";");
        let _ = writeln!(
            self.list,
            "    Asset {{ path: {constant}, content_type: \"{content_type}\", \
             bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")), \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")) }},"
        );
        Ok(name)
    }

    fn finish(self) -> Result<(), String> {
        let source = format!("{}\nstatic ALL: &[Asset] = &[\n{}];\n", self.names, self.list);
        fs::write(self.folder.join("assets.rs"), source)
            .map_err(|error| format!("failed to write `assets.rs`: {error}"))
    }
}

fn compressed(bytes: &[u8]) -> Result<Vec<u8>, String> {
    // No time and no name in the header: the same input gives the same bytes.
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| format!("failed to compress: {error}"))
}
