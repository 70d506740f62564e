//! Programs are told: topics are the events' own, tries come to an end, nothing goes inside.

use casework::feed::{Topic, breather, is_given_up, is_public, next_try};
use jiff::SignedDuration;
use strum::IntoEnumIterator;

#[test]
fn every_event_has_a_topic() {
    for (name, topic) in [
        ("people.record_opened", Some(Topic::People)),
        ("own_voice.saved", Some(Topic::OwnVoice)),
        ("brought_in.plan_held", Some(Topic::BroughtIn)),
        ("requests", Some(Topic::Requests)),
        ("nothing.there", None),
        ("", None),
    ] {
        assert_eq!(Topic::of(name), topic, "{name}");
    }
    for line in include_str!("snapshots/events.snap").lines().skip(3) {
        let topic = line.trim_start_matches("{\"").split('"').next().unwrap_or_default();
        assert_eq!(Topic::of(topic).is_some(), !matches!(topic, "openings" | "recordings"), "{topic}");
    }
    assert!(Topic::iter().all(|topic| !topic.label().is_empty()));
}

#[test]
fn tries_are_further_and_further_apart_and_end() {
    assert_eq!(next_try(0), None, "nothing was tried");
    let pauses: Vec<i64> = (1..=10).filter_map(next_try).map(|pause| pause.as_secs()).collect();
    assert_eq!(pauses.len(), 10);
    assert!(pauses.windows(2).all(|two| two[0] < two[1]), "{pauses:?}");
    assert!(pauses.iter().sum::<i64>() > 3 * 86_400, "a long weekend is outlasted");
    assert_eq!(next_try(11), None);
    for (failures, seconds) in [(0, 5), (1, 10), (5, 160), (10, 3600), (4_000_000_000, 3600)] {
        assert_eq!(breather(failures).as_secs(), seconds, "{failures}");
    }
}

#[test]
fn nobody_is_given_up_for_a_bad_hour_or_one_bad_answer() {
    for (failures, hours, given_up) in
        [(0, 0, false), (9, 100, false), (10, 23, false), (10, 24, true), (500, 1, false), (500, 48, true)]
    {
        assert_eq!(is_given_up(failures, SignedDuration::from_hours(hours)), given_up, "{failures} in {hours} hours");
    }
}

#[test]
fn nothing_goes_to_a_machine_inside() {
    for (address, public) in [
        ("8.8.8.8", true),
        ("81.2.69.142", true),
        ("100.63.255.255", true),
        ("172.15.0.1", true),
        ("172.32.0.1", true),
        ("192.167.1.1", true),
        ("223.255.255.254", true),
        ("2a00:1450:4009::200e", true),
        ("2606:4700::1111", true),
        ("0.0.0.0", false),
        ("10.1.2.3", false),
        ("100.64.0.1", false),
        ("127.0.0.1", false),
        ("127.8.8.8", false),
        // Where clouds keep their keys.
        ("169.254.169.254", false),
        ("172.16.0.1", false),
        ("172.31.255.255", false),
        ("192.0.0.8", false),
        ("192.0.2.1", false),
        ("192.168.0.1", false),
        ("198.18.0.1", false),
        ("198.51.100.7", false),
        ("203.0.113.9", false),
        ("224.0.0.1", false),
        ("255.255.255.255", false),
        ("::", false),
        ("::1", false),
        ("::ffff:127.0.0.1", false),
        ("::ffff:10.0.0.1", false),
        ("64:ff9b::7f00:1", false),
        ("fe80::1", false),
        ("fc00::1", false),
        ("fd12:3456::1", false),
        ("ff02::1", false),
        ("2001:db8::1", false),
        ("2001::1", false),
        ("2002:7f00:1::", false),
        ("3fff::1", false),
    ] {
        assert_eq!(is_public(address.parse().expect("an address")), public, "{address}");
    }
}
