//! Are the embedded stylesheets and scripts complete, ours to use, and compressed?

use std::io::Read;

use govuk::assets::{self, Asset};

fn text(asset: &Asset) -> &'static str {
    std::str::from_utf8(asset.bytes).expect("every asset is text")
}

#[test]
fn every_asset_is_found_at_its_path_and_nowhere_else() {
    assert!(assets::all().len() >= 6);
    for asset in assets::all() {
        let found = assets::find(asset.path).expect("it is served");
        assert_eq!(found.bytes, asset.bytes);
    }
    assert!(assets::find("/assets/tellonce.css").is_none());
    assert!(assets::find("").is_none());
}

#[test]
fn the_compressed_form_of_every_asset_is_the_asset() {
    for asset in assets::all() {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(asset.gzip).read_to_end(&mut bytes).expect("it is gzip");
        assert_eq!(bytes, asset.bytes, "{}", asset.path);
    }
}

#[test]
fn no_asset_has_what_belongs_to_gov_uk_alone() {
    for asset in assets::all() {
        if asset.path == assets::LICENCES {
            continue;
        }
        let text = text(asset).to_lowercase();
        for forbidden in ["gds transport", "crown", "crest", "@font-face", "url("] {
            assert!(!text.contains(forbidden), "{} has {forbidden}", asset.path);
        }
    }
}

#[test]
fn the_stylesheet_has_the_rules_that_pages_need() {
    let css = text(assets::find(assets::STYLESHEET).expect("it is served"));
    for rule in [
        ".govuk-button{",
        ".govuk-generic-header{",
        ".govuk-service-navigation__list",
        ".govuk-table__cell--numeric",
        ".moj-timeline",
        "[aria-sort] button",
        ".tellonce-chart",
        "@media print",
        "font-family:Arial,Helvetica,sans-serif",
    ] {
        assert!(css.contains(rule), "no {rule}");
    }
    assert_eq!(css.matches('{').count(), css.matches('}').count());
}

#[test]
fn scripts_load_only_scripts_that_are_served() {
    let own = text(assets::find(assets::SCRIPT).expect("it is served"));
    let name = |path: &'static str| path.trim_start_matches("/assets/");
    assert!(own.contains(&format!("from './{}'", name(assets::FRONTEND_SCRIPT))));
    assert!(own.contains(&format!("import('./{}')", name(assets::SORTABLE_TABLE_SCRIPT))));
    let sortable = text(assets::find(assets::SORTABLE_TABLE_SCRIPT).expect("it is served"));
    assert!(sortable.contains(&format!("from './{}'", name(assets::FRONTEND_SCRIPT))));
}
