//! Does every component write what the official templates write?
//!
//! Every fixture of `govuk-frontend` for every component that the crate covers: its options are
//! read into our struct, our markup is compared with the official one. White space between
//! elements and the spelling of character references (`&lt;` or `&#60;`) do not count;
//! everything else does, down to the order of attributes.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct FixtureFile {
    component: String,
    fixtures: Vec<Fixture>,
}

#[derive(Deserialize)]
struct Fixture {
    name: String,
    options: Box<RawValue>,
    html: String,
}

type Write = fn(&str) -> Result<String, serde_json::Error>;

fn written<T: for<'de> Deserialize<'de> + ToString>(options: &str) -> Result<String, serde_json::Error> {
    serde_json::from_str::<T>(options).map(|component| component.to_string())
}

const COVERED: &[(&str, Write)] = &[
    ("accordion", written::<govuk::Accordion>),
    ("back-link", written::<govuk::BackLink>),
    ("breadcrumbs", written::<govuk::Breadcrumbs>),
    ("button", written::<govuk::Button>),
    ("character-count", written::<govuk::CharacterCount>),
    ("checkboxes", written::<govuk::Checkboxes>),
    ("date-input", written::<govuk::DateInput>),
    ("details", written::<govuk::Details>),
    ("error-message", written::<govuk::ErrorMessage>),
    ("error-summary", written::<govuk::ErrorSummary>),
    ("exit-this-page", written::<govuk::ExitThisPage>),
    ("fieldset", written::<govuk::Fieldset>),
    ("file-upload", written::<govuk::FileUpload>),
    ("footer", written::<govuk::Footer>),
    ("generic-header", written::<govuk::GenericHeader>),
    ("hint", written::<govuk::Hint>),
    ("input", written::<govuk::Input>),
    ("inset-text", written::<govuk::InsetText>),
    ("label", written::<govuk::Label>),
    ("notification-banner", written::<govuk::NotificationBanner>),
    ("pagination", written::<govuk::Pagination>),
    ("panel", written::<govuk::Panel>),
    ("password-input", written::<govuk::PasswordInput>),
    ("phase-banner", written::<govuk::PhaseBanner>),
    ("radios", written::<govuk::Radios>),
    ("select", written::<govuk::Select>),
    ("service-navigation", written::<govuk::ServiceNavigation>),
    ("skip-link", written::<govuk::SkipLink>),
    ("summary-list", written::<govuk::SummaryList>),
    ("table", written::<govuk::Table>),
    ("tabs", written::<govuk::Tabs>),
    ("tag", written::<govuk::Tag>),
    ("task-list", written::<govuk::TaskList>),
    ("textarea", written::<govuk::Textarea>),
    ("warning-text", written::<govuk::WarningText>),
];

/// The components that the crate leaves out, each for its reason.
const LEFT_OUT: &[(&str, &str)] = &[
    ("cookie-banner", "no cookie needs consent"),
    ("feedback", "no page asks for it yet"),
    ("header", "it carries the GOV.UK logo"),
    ("language-navigation", "no translation yet"),
];

fn components() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/govuk-frontend/dist/govuk/components")
}

#[test]
fn every_official_fixture_of_every_covered_component_matches() {
    let mut compared = 0;
    let mut differing = Vec::new();
    for (name, write) in COVERED {
        let path = components().join(name).join("fixtures.json");
        let text = fs::read_to_string(&path).expect("the npm package is installed");
        let file: FixtureFile = serde_json::from_str(&text).expect("fixtures are JSON");
        assert_eq!(file.component, *name);
        assert!(!file.fixtures.is_empty(), "{name} has no fixture");
        for fixture in &file.fixtures {
            compared += 1;
            let expected = normalised(&without_crown(&fixture.html));
            match write(fixture.options.get()) {
                Err(error) => differing.push(format!("{name}, {}: {error}", fixture.name)),
                Ok(ours) if normalised(&ours) != expected => differing.push(format!(
                    "{name}, {}:\n  official {expected}\n  ours     {}",
                    fixture.name,
                    normalised(&ours)
                )),
                Ok(_) => {}
            }
        }
    }
    println!("{compared} official fixtures compared, {} differ", differing.len());
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_component_of_the_package_is_covered_or_left_out_for_a_reason() {
    for entry in fs::read_dir(components()).expect("the npm package is installed") {
        let entry = entry.expect("a folder can be listed");
        let name = entry.file_name().into_string().expect("names are UTF-8");
        if !entry.path().join("fixtures.json").exists() {
            continue;
        }
        let covered = COVERED.iter().any(|(covered, _)| *covered == name);
        let left_out = LEFT_OUT.iter().any(|(left_out, _)| *left_out == name);
        assert!(covered != left_out, "{name} is neither covered nor left out");
    }
}

/// The official footer without its crown, which our footer leaves out on purpose.
fn without_crown(html: &str) -> String {
    let Some(class) = html.find("govuk-footer__crown") else {
        return html.to_owned();
    };
    let start = html[..class].rfind("<svg").expect("the crown is an svg");
    let end = class + html[class..].find("</svg>").expect("an svg ends") + "</svg>".len();
    format!("{}{}", &html[..start], &html[end..])
}

/// One line, no white space beside a tag, and one spelling of each character reference.
fn normalised(html: &str) -> String {
    let mut line = html.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [
        ("> ", ">"),
        (" <", "<"),
        (" >", ">"),
        (" />", "/>"),
        ("&quot;", "&#34;"),
        ("&amp;", "&#38;"),
        ("&lt;", "&#60;"),
        ("&gt;", "&#62;"),
    ] {
        line = line.replace(from, to);
    }
    line
}
