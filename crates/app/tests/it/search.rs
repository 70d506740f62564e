//! A child is found by half a name, by how it sounds, by birth date; never by guessing at wildcards.

use crate::given::Stop;
use crate::world::World;
use axum::http::StatusCode;
use db::testing::TestDatabase;

pub fn names_are_found(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let officer = world.browser("dev@");
    let search = |words: &str| {
        let query: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
        let answer = officer.get(&format!("/children?q={query}"));
        assert_eq!(answer.status, StatusCode::OK, "{words:?}");
        answer.text()
    };
    for words in ["Okafor", "oka", "Sami", "okafor sami", "Sammi Okafer", "Okafor 14/5/2017", "2017-05-14 Sami"] {
        assert!(search(words).contains(">Sami Okafor<"), "{words:?} finds Sami");
    }
    assert!(!search("Okafor 15/5/2017").contains(">Sami Okafor<"), "another birth date is another child");
    let twins = search("Ela March");
    assert_eq!(twins.matches(">Ella Marsh<").count(), 2, "both are found");
    assert!(twins.contains("have the same name"), "and the warning is given");
    for words in [
        "%",
        "_",
        "*",
        "'",
        "\"",
        "\\",
        "' OR 1=1 --",
        "\u{0}",
        "\u{10ffff}",
        "😀",
        "a b c d e f g h i j",
        "999999999",
        "0/0/0",
        "99/99/9999",
        "-9999-01-01",
    ] {
        let page = search(words);
        assert!(!page.contains(">Sami Okafor<"), "{words:?} is not a wildcard");
    }
    let long = "a".repeat(5000);
    assert!(!search(&long).contains(">Sami Okafor<"));
    assert!(!search("   ").contains("closest matches"), "nothing asked, nothing listed");
    let _ = Stop::Open;
}
