//! Can anything that a person typed become markup?

mod markup;

use std::fs;
use std::path::Path;

use govuk::charts::{Bars, DueDate, ExceptionSpan, Stage, Timeline};
use govuk::page::{Area, Page};
use govuk::*;
use jiff::civil::date;
use serde_json::Value;

const HOSTILE: &str = r#""'></textarea></title></svg><script>alert(1)</script>&<b onload='x'>"#;

/// Whether any part of [`HOSTILE`] got through.
#[track_caller]
fn assert_harmless(html: &str, what: &str) {
    for part in ["<script", "</textarea></", "<b onload", "\"'>"] {
        assert!(!html.contains(part), "{what} lets `{part}` through: {html}");
    }
    markup::assert_well_formed(html, what);
}

/// Puts hostile text into every text of a component's options. Options that are markup by name
/// keep their own: whoever fills them in vouches for them.
fn poisoned(value: &mut Value, poisonings: &mut usize) {
    match value {
        // An empty text means that there is none.
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => {
            *text = HOSTILE.to_owned();
            *poisonings += 1;
        }
        Value::Array(items) => items.iter_mut().for_each(|item| poisoned(item, poisonings)),
        Value::Object(options) => {
            for (name, option) in options {
                let is_markup = name == "html" || name.ends_with("Html") || name == "slots";
                if !is_markup {
                    poisoned(option, poisonings);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn check<T: for<'de> serde::Deserialize<'de> + ToString>(component: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../node_modules/govuk-frontend/dist/govuk/components")
        .join(component)
        .join("fixtures.json");
    let text = fs::read_to_string(path).expect("the npm package is installed");
    let file: Value = serde_json::from_str(&text).expect("fixtures are JSON");
    let fixtures = file["fixtures"].as_array().expect("fixtures are a list");
    let mut poisonings = 0;
    for fixture in fixtures {
        let mut options = fixture["options"].clone();
        poisoned(&mut options, &mut poisonings);
        let poisoned: T = serde_json::from_value(options).expect("the options still fit");
        assert_harmless(&poisoned.to_string(), &format!("{component}, {}", fixture["name"]));
    }
    assert!(poisonings > 0, "{component} has no text to try");
}

#[test]
fn hostile_text_in_any_option_of_any_component_stays_text() {
    check::<Accordion>("accordion");
    check::<BackLink>("back-link");
    check::<Breadcrumbs>("breadcrumbs");
    check::<Button>("button");
    check::<CharacterCount>("character-count");
    check::<Checkboxes>("checkboxes");
    check::<DateInput>("date-input");
    check::<Details>("details");
    check::<ErrorMessage>("error-message");
    check::<ErrorSummary>("error-summary");
    check::<ExitThisPage>("exit-this-page");
    check::<Fieldset>("fieldset");
    check::<FileUpload>("file-upload");
    check::<Footer>("footer");
    check::<GenericHeader>("generic-header");
    check::<Hint>("hint");
    check::<Input>("input");
    check::<InsetText>("inset-text");
    check::<Label>("label");
    check::<NotificationBanner>("notification-banner");
    check::<Pagination>("pagination");
    check::<Panel>("panel");
    check::<PasswordInput>("password-input");
    check::<PhaseBanner>("phase-banner");
    check::<Radios>("radios");
    check::<Select>("select");
    check::<ServiceNavigation>("service-navigation");
    check::<SkipLink>("skip-link");
    check::<SummaryList>("summary-list");
    check::<Table>("table");
    check::<Tabs>("tabs");
    check::<Tag>("tag");
    check::<TaskList>("task-list");
    check::<Textarea>("textarea");
    check::<WarningText>("warning-text");
}

#[test]
fn hostile_text_in_a_chart_stays_text() {
    let day = date(2026, 11, 23);
    let timeline = Timeline::new("clock", HOSTILE, day)
        .stage(Stage::new(HOSTILE, day, date(2027, 1, 4)))
        .exception(ExceptionSpan::new(HOSTILE, day, date(2027, 1, 4)))
        .due(DueDate::new(HOSTILE, date(2026, 12, 21)));
    assert_harmless(&timeline.to_string(), "timeline");
    let bars = Bars::new(HOSTILE, HOSTILE, HOSTILE).bar(HOSTILE, 1.0, HOSTILE);
    assert_harmless(&bars.to_string(), "bars");
}

#[test]
fn hostile_text_in_the_page_frame_stays_text() {
    let mut area = Area::new(HOSTILE, HOSTILE);
    area.home_url = HOSTILE.to_owned();
    area.stylesheet = Some(HOSTILE.to_owned());
    area.theme_colour = HOSTILE.to_owned();
    let page = Page::new(&area, HOSTILE, Html::escaped(HOSTILE))
        .navigation(ServiceNavigation::new(HOSTILE, HOSTILE).item(HOSTILE, HOSTILE, true))
        .back_link(HOSTILE)
        .render();
    // The frame's own scripts are the only ones.
    let own_scripts_removed = page.as_str().replace("<script src=\"/assets/", "<x src=\"/assets/");
    let own_scripts_removed = own_scripts_removed
        .replace("<script type=\"module\" src=\"/assets/", "<x src=\"/assets/")
        .replace("</script>", "</x>");
    assert_harmless(&own_scripts_removed, "page");
}

#[test]
fn hostile_text_beside_a_trusted_component_stays_text() {
    let list = SummaryList::new().row(HOSTILE, Tag::new(HOSTILE)).action(HOSTILE, "#", HOSTILE);
    assert_harmless(&list.to_string(), "summary list");
}

#[test]
fn a_text_that_begins_with_an_empty_line_keeps_it() {
    // HTML drops one newline right after the tag.
    let html = Textarea::new("story", "Story").value("\nfirst").to_string();
    assert!(html.contains(">&#10;\nfirst</textarea>"), "{html}");
}
