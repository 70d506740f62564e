//! Is the frame around every page as it should be?

mod markup;

use govuk::page::{Area, AreaStylesheet, CONTENT_SECURITY_POLICY, ColourRefusal, Page};
use govuk::*;

fn area() -> Area {
    let stylesheet = AreaStylesheet::new("#00594C").expect("it is a colour");
    Area::new("Alderbourne", "Support for children").colour(&stylesheet, "/area/00594c.css")
}

fn requests(area: &Area) -> Page<'_> {
    Page::new(area, "Requests", Html::trusted("<h1 class=\"govuk-heading-l\">Requests</h1>")).navigation(
        ServiceNavigation::new("Support for children", "/").item("Today", "/today", false).item(
            "Requests",
            "/requests",
            true,
        ),
    )
}

/// The page with the fingerprints of its assets taken out.
fn without_fingerprints(html: &Html) -> String {
    let mut text = html.as_str().to_owned();
    for asset in assets::all() {
        let (stem, kind) = asset.path.rsplit_once('.').expect("a name has an ending");
        let stem = stem.rsplit_once('-').expect("a name has a fingerprint").0;
        text = text.replace(asset.path, &format!("{stem}-FINGERPRINT.{kind}"));
    }
    text
}

#[test]
fn the_frame_of_a_page_looks_like_this() {
    let mut area = area();
    area.phase_banner = Some(PhaseBanner::new("Beta", "This is a new service."));
    let page = requests(&area).breadcrumbs(Breadcrumbs::new().link("Home", "/").here("Requests")).render();
    insta::assert_snapshot!(without_fingerprints(&page));
}

#[test]
fn a_page_is_well_formed_and_has_one_of_everything() {
    let area = area();
    let page = requests(&area).back_link("/today").wide().render();
    let html = page.as_str();
    markup::assert_well_formed(html, "page");
    for once in ["<main ", "<header ", "<footer ", "<title>", "id=\"main-content\"", "<h1 "] {
        assert_eq!(html.matches(once).count(), 1, "{once}");
    }
    assert!(html.contains("href=\"#main-content\" class=\"govuk-skip-link\""));
    assert!(html.contains("tellonce-wide"));
}

#[test]
fn a_page_with_errors_says_so_first_in_its_title() {
    let area = area();
    let page = requests(&area).errors(true).render();
    assert!(page.as_str().contains("<title>Error: Requests – Support for children – Alderbourne<"));
    let page = requests(&area).errors(false).render();
    assert!(page.as_str().contains("<title>Requests – Support for children – Alderbourne<"));
}

#[test]
fn nothing_in_a_page_is_inline_or_from_elsewhere() {
    let area = area();
    let html = requests(&area).render().into_string();
    assert!(!html.contains(" style="), "an inline style");
    assert!(!html.contains("<style"), "an inline stylesheet");
    assert!(!html.contains("<script>"), "an inline script");
    assert!(!html.contains(" on"), "an inline event handler");
    assert!(!html.contains("http"), "something from elsewhere");
    assert!(!html.to_lowercase().contains("crown"), "a crown");
    assert!(!CONTENT_SECURITY_POLICY.contains("unsafe"));
}

#[test]
fn a_page_and_everything_it_loads_is_under_100_kilobytes_compressed() {
    let area = area();
    let html = requests(&area).render();
    let mut loaded = 0;
    for asset in assets::all() {
        if html.as_str().contains(asset.path) {
            println!("{:6} of {:6} bytes  {}", asset.gzip.len(), asset.bytes.len(), asset.path);
            loaded += asset.gzip.len();
        }
    }
    println!("{loaded:6} bytes for assets, {} for the frame", html.as_str().len());
    assert!(loaded > 20_000, "the page loads its stylesheet and script");
    assert!(loaded + html.as_str().len() < 100_000);
}

#[test]
fn text_on_the_colour_of_an_area_is_black_or_white_whichever_is_easier_to_read() {
    let css = |colour: &str| {
        let stylesheet = AreaStylesheet::new(colour).expect("it is a colour");
        stylesheet.css().to_owned()
    };
    assert_eq!(css("#00594C"), ":root{--area-colour:#00594c;--area-text-colour:#ffffff}\n");
    assert!(css("#ffdd00").contains("--area-text-colour:#000000"));
    assert!(css("#000000").contains("--area-text-colour:#ffffff"));
}

#[test]
fn what_is_not_a_colour_cannot_enter_a_stylesheet() {
    for wrong in ["", "red", "#fff", "#12345g", "#123456;}", "00594c", "#é1234"] {
        assert_eq!(AreaStylesheet::new(wrong), Err(ColourRefusal::NotAColour), "{wrong}");
    }
}
