//! The JSON of every event, read as a diff: what the journal has once written it must read for ever.

use crate::decisions::rows;
use crate::given::check;
use crate::sources::variants;
use casework::Event;
use std::collections::BTreeSet;

fn lines() -> BTreeSet<String> {
    rows().iter().flat_map(check).map(|event| serde_json::to_string(&event).expect("events are plain values")).collect()
}

#[test]
fn the_json_of_every_event_is_what_it_was() {
    let text: Vec<String> = lines().into_iter().collect();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("events", text.join("\n"));
    });
}

#[test]
fn every_event_is_read_back_as_it_was_written() {
    for line in lines() {
        let event: Event = serde_json::from_str(&line).expect("what was written can be read");
        assert_eq!(serde_json::to_string(&event).expect("events are plain values"), line);
        assert!(event.name().contains('.'), "{line} has a name with its room");
    }
}

#[test]
fn every_event_is_in_the_snapshot() {
    let names: BTreeSet<String> = rows().iter().flat_map(check).map(|event| event.name()).collect();
    for (room, path) in [
        ("people", "people/mod.rs"),
        ("requests", "requests.rs"),
        ("advice", "advice/mod.rs"),
        ("plans", "plans/mod.rs"),
        ("placement", "placement.rs"),
        ("reviews", "reviews.rs"),
        ("messages", "messages.rs"),
        ("own_voice", "own_voice.rs"),
        ("papers", "papers.rs"),
        ("rights", "rights.rs"),
        ("recipients", "recipients/holds.rs"),
        ("enquiries", "enquiries/mod.rs"),
        ("joins", "joins.rs"),
        ("independents", "independents.rs"),
        ("visits", "visits.rs"),
        ("openings", "openings.rs"),
        ("recordings", "recordings.rs"),
        ("designated", "designated/mod.rs"),
        ("brought_in", "brought_in.rs"),
    ] {
        for variant in variants(path, "Event") {
            let snake: String = variant
                .chars()
                .enumerate()
                .flat_map(|(at, c)| {
                    let gap = (at > 0 && c.is_uppercase()).then_some('_');
                    gap.into_iter().chain(c.to_lowercase())
                })
                .collect();
            let name = format!("{room}.{snake}");
            assert!(names.contains(&name), "no row makes `{name}` happen");
        }
    }
}
