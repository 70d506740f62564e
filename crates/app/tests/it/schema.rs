//! Both engines hold the same tables, and every migration is listed.

use app::cli::migrations;
use db::testing::{assert_both_engines_have_the_same_tables, assert_every_migration_is_listed};

#[test]
fn both_engines_have_the_same_tables() {
    assert_both_engines_have_the_same_tables(&migrations());
}

#[test]
fn every_migration_is_listed_for_both_engines() {
    assert_every_migration_is_listed(env!("CARGO_MANIFEST_DIR"), &migrations());
}
