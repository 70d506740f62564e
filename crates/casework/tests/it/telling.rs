//! Telling people: which channel, when it may go, who covers, and whether promises were kept.

use crate::given::day;
use casework::cover::{Absence, Objection, absence_of, check, covered_by};
use casework::messages::{Figures, Promise, answer_by};
use casework::post::{Channel, Kind, Mobile, Pace, Quiet, Reachable, State, Wishes, channel, goes_at};
use casework::recovery::{self, Change, HELD_FOR, Step};
use casework::{UserId, ids};
use jiff::civil::{Date, DateTime};
use proptest::prelude::*;

fn user(number: u128) -> UserId {
    ids::UserId(uuid::Uuid::from_u128(number))
}

fn at(text: &str) -> DateTime {
    text.parse().expect("a time")
}

#[test]
fn the_chosen_channel_is_used_and_what_does_not_arrive_falls_back() {
    use Channel::{Email, Letter, Text};
    use State::{Failed, Missing, Unconfirmed, Works};
    for (wished, email, text, letter, expected) in [
        (Email, Works, Missing, Missing, Some(Email)),
        (Text, Works, Works, Works, Some(Text)),
        (Letter, Works, Works, Works, Some(Letter)),
        // A number that nobody confirmed may be somebody else's.
        (Text, Works, Unconfirmed, Works, Some(Email)),
        (Text, Works, Failed, Works, Some(Email)),
        (Text, Failed, Failed, Works, Some(Letter)),
        (Email, Failed, Works, Works, Some(Text)),
        (Letter, Works, Missing, Failed, Some(Email)),
        // Nothing works: what was chosen is tried again.
        (Text, Failed, Failed, Failed, Some(Text)),
        (Text, Failed, Unconfirmed, Missing, Some(Email)),
        (Email, Missing, Unconfirmed, Missing, None),
    ] {
        assert_eq!(channel(wished, Reachable { email, text, letter }), expected, "{wished} of {email} {text} {letter}");
    }
}

#[test]
fn nothing_goes_in_quiet_hours_except_a_code() {
    let night = Quiet::default();
    let noon = Quiet { from: 12, until: 14, emails: true };
    let none = Quiet { from: 9, until: 9, emails: true };
    use Channel::{Email, Letter, Text};
    for (quiet, kind, on, now, expected) in [
        (night, Kind::NoticeSent, Text, "2026-11-23T19:59:59", "2026-11-23T19:59:59"),
        (night, Kind::NoticeSent, Text, "2026-11-23T20:00:00", "2026-11-24T08:00:00"),
        (night, Kind::NoticeSent, Text, "2026-11-24T00:30:00", "2026-11-24T08:00:00"),
        (night, Kind::NoticeSent, Text, "2026-11-24T07:59:59", "2026-11-24T08:00:00"),
        (night, Kind::NoticeSent, Text, "2026-11-24T08:00:00", "2026-11-24T08:00:00"),
        // Emails wait only when they are asked to, letters never.
        (night, Kind::NoticeSent, Email, "2026-11-23T23:00:00", "2026-11-23T23:00:00"),
        (night, Kind::NoticeSent, Letter, "2026-11-23T23:00:00", "2026-11-23T23:00:00"),
        (noon, Kind::NoticeSent, Email, "2026-11-23T12:30:00", "2026-11-23T14:00:00"),
        (noon, Kind::NoticeSent, Letter, "2026-11-23T12:30:00", "2026-11-23T12:30:00"),
        (none, Kind::NoticeSent, Text, "2026-11-23T09:30:00", "2026-11-23T09:30:00"),
        // Whoever asked for a code sits and waits for it.
        (night, Kind::SignInCode, Text, "2026-11-23T23:00:00", "2026-11-23T23:00:00"),
        (night, Kind::NumberCode, Text, "2026-11-23T23:00:00", "2026-11-23T23:00:00"),
        // The last night of a year, and the nights on which the clocks change: eight is eight.
        (night, Kind::NoticeSent, Text, "2026-12-31T22:00:00", "2027-01-01T08:00:00"),
        (night, Kind::NoticeSent, Text, "2027-03-27T22:00:00", "2027-03-28T08:00:00"),
        (night, Kind::NoticeSent, Text, "2027-03-28T02:30:00", "2027-03-28T08:00:00"),
        (night, Kind::NoticeSent, Text, "2027-10-31T01:30:00", "2027-10-31T08:00:00"),
    ] {
        let wishes = Wishes { channel: on, pace: Pace::AtOnce, quiet };
        assert_eq!(goes_at(kind, on, &wishes, at(now), None), at(expected), "{kind} by {on} at {now}");
    }
}

#[test]
fn a_digest_waits_for_its_time_and_never_holds_back_what_is_due_soon() {
    // 23 November 2026 is a Monday.
    for (pace, kind, now, by, expected) in [
        (Pace::AtOnce, Kind::MessageWritten, "2026-11-23T10:00:00", None, "2026-11-23T10:00:00"),
        (Pace::Daily, Kind::MessageWritten, "2026-11-23T10:00:00", None, "2026-11-23T17:00:00"),
        (Pace::Daily, Kind::MessageWritten, "2026-11-23T17:00:00", None, "2026-11-24T17:00:00"),
        (Pace::Weekly, Kind::MessageWritten, "2026-11-23T08:59:00", None, "2026-11-23T09:00:00"),
        (Pace::Weekly, Kind::MessageWritten, "2026-11-23T09:00:00", None, "2026-11-30T09:00:00"),
        (Pace::Weekly, Kind::MessageWritten, "2026-11-24T10:00:00", None, "2026-11-30T09:00:00"),
        (Pace::Weekly, Kind::NoticeSent, "2026-11-24T10:00:00", Some(day(2026, 12, 10)), "2026-11-30T09:00:00"),
        (Pace::Weekly, Kind::NoticeSent, "2026-11-24T10:00:00", Some(day(2026, 12, 9)), "2026-11-24T10:00:00"),
        (Pace::Daily, Kind::NoticeSent, "2026-11-24T10:00:00", Some(day(2026, 12, 3)), "2026-11-24T10:00:00"),
        (Pace::Weekly, Kind::SignInCode, "2026-11-24T10:00:00", None, "2026-11-24T10:00:00"),
    ] {
        let wishes = Wishes { channel: Channel::Email, pace, quiet: Quiet::default() };
        assert_eq!(goes_at(kind, Channel::Email, &wishes, at(now), by), at(expected), "{pace} of {kind} at {now}");
    }
    // A digest whose time is quiet comes after it.
    let quiet = Quiet { from: 16, until: 19, emails: false };
    let wishes = Wishes { channel: Channel::Text, pace: Pace::Daily, quiet };
    let goes = goes_at(Kind::MessageWritten, Channel::Text, &wishes, at("2026-11-23T10:00:00"), None);
    assert_eq!(goes, at("2026-11-23T19:00:00"));
}

proptest! {
    #[test]
    fn whatever_is_chosen_nothing_goes_back_in_time_or_into_quiet_hours(
        from in 0_i8..24, until in 0_i8..24, minutes in 0_i32..(400 * 24 * 60), pace in 0_usize..3,
    ) {
        let quiet = Quiet { from, until, emails: true };
        let wishes = Wishes { channel: Channel::Text, pace: [Pace::AtOnce, Pace::Daily, Pace::Weekly][pace], quiet };
        let now = at("2026-11-23T00:00:00").saturating_add(jiff::Span::new().minutes(minutes));
        let goes = goes_at(Kind::MessageWritten, Channel::Text, &wishes, now, None);
        prop_assert!(goes >= now);
        prop_assert!(!quiet.holds(goes.hour()), "{goes}");
        prop_assert!(goes <= now.saturating_add(jiff::Span::new().days(9)), "{goes}");
    }

    #[test]
    fn any_text_is_a_mobile_number_or_is_not_and_nothing_breaks(text in "\\PC{0,40}") {
        if let Ok(mobile) = text.parse::<Mobile>() {
            prop_assert_eq!(mobile.as_str().len(), 13);
            prop_assert_eq!(mobile.to_string().parse::<Mobile>(), Ok(mobile));
        }
    }
}

#[test]
fn a_mobile_number_is_taken_as_people_write_it() {
    for text in [
        "07700900123",
        "07700 900 123",
        "(07700) 900-123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "447700900123",
        " 07700.900123 ",
    ] {
        let mobile: Mobile = text.parse().unwrap_or_else(|_| panic!("{text}"));
        assert_eq!((mobile.as_str(), mobile.to_string().as_str()), ("+447700900123", "07700 900123"), "{text}");
        assert_eq!(mobile.ending(), "123");
    }
    for text in [
        "",
        "7700900123",
        "0770090012",
        "077009001234",
        "01632 960100",
        "07012 345678",
        "07612 345678",
        "+33 6 12 34 56 78",
        "+1 7700900123",
        "07700 900 12x",
        "٠٧٧٠٠٩٠٠١٢٣",
    ] {
        assert!(text.parse::<Mobile>().is_err(), "{text}");
    }
    assert!("07624 123456".parse::<Mobile>().is_ok(), "the Isle of Man");
}

#[test]
fn an_absence_has_a_cover_who_is_there() {
    const TODAY: Date = day(2026, 11, 23);
    let away = |who, from, until, cover| Absence { who: user(who), from, until, cover: user(cover) };
    let known = [away(1, day(2026, 11, 25), day(2026, 11, 30), 2), away(3, day(2026, 12, 1), day(2026, 12, 5), 4)];
    for (what, new, expected) in [
        ("another time", away(1, day(2026, 12, 1), day(2026, 12, 2), 2), Ok(())),
        ("somebody who is free", away(5, day(2026, 11, 25), day(2026, 11, 26), 2), Ok(())),
        ("one day, today", away(5, TODAY, TODAY, 6), Ok(())),
        ("backwards", away(5, day(2026, 11, 26), day(2026, 11, 25), 2), Err(Objection::EndsBeforeItBegins)),
        ("over", away(5, day(2026, 11, 1), day(2026, 11, 22), 2), Err(Objection::IsOver)),
        ("more than a year", away(5, TODAY, day(2027, 11, 24), 2), Err(Objection::TooLong)),
        ("oneself", away(5, TODAY, TODAY, 5), Err(Objection::CoversThemself)),
        (
            "away already",
            away(1, day(2026, 11, 30), day(2026, 12, 1), 4),
            Err(Objection::AwayAlready(day(2026, 11, 25), day(2026, 11, 30))),
        ),
        (
            "a cover who is away",
            away(5, day(2026, 12, 5), day(2026, 12, 9), 3),
            Err(Objection::CoverIsAway(day(2026, 12, 1), day(2026, 12, 5))),
        ),
        (
            "somebody who covers then",
            away(2, day(2026, 11, 30), day(2026, 11, 30), 6),
            Err(Objection::CoversThen(user(1), day(2026, 11, 25), day(2026, 11, 30))),
        ),
    ] {
        assert_eq!(check(&new, &known, TODAY), expected, "{what}");
    }
    for (on, is_away) in [(24, false), (25, true), (30, true)] {
        assert_eq!(absence_of(user(1), &known, day(2026, 11, on)).is_some(), is_away, "{on}");
        assert_eq!(covered_by(user(2), &known, day(2026, 11, on)).count(), usize::from(is_away), "{on}");
    }
    assert!(absence_of(user(1), &known, day(2026, 12, 1)).is_none());
}

#[test]
fn promises_are_measured_in_working_days_whoever_answers() {
    const TODAY: Date = day(2026, 11, 23);
    let asked = |on: Date, answered_on| Promise { on, answer_by: answer_by(on), answered_on };
    // Over a weekend, on the day itself, on the fifth working day, on the sixth, and over Christmas, when
    // Boxing Day is kept on a Monday.
    for (on, answered_on, days, kept) in [
        (day(2026, 11, 20), day(2026, 11, 23), 1, true),
        (day(2026, 11, 20), day(2026, 11, 20), 0, true),
        (day(2026, 11, 21), day(2026, 11, 22), 0, true),
        (day(2026, 11, 16), day(2026, 11, 23), 5, true),
        (day(2026, 11, 13), day(2026, 11, 23), 6, false),
        (day(2026, 12, 24), day(2027, 1, 4), 4, true),
    ] {
        let promise = asked(on, Some(answered_on));
        assert_eq!((promise.days_taken(), promise.was_kept()), (Some(days), Some(kept)), "{on} to {answered_on}");
    }
    assert_eq!(Figures::of(&[], TODAY), Figures::default());
    let some = [
        asked(day(2026, 11, 20), Some(day(2026, 11, 23))),
        asked(day(2026, 11, 13), Some(day(2026, 11, 23))),
        asked(day(2026, 11, 20), None),
        asked(day(2026, 11, 13), None),
    ];
    let figures = Figures::of(&some, TODAY);
    assert_eq!(figures, Figures { answered: 2, kept: 1, median_halves: Some(7), waiting: 2, late: 1 });
    assert_eq!(figures.kept_per_cent(), Some(50));
    assert_eq!(Figures::of(&some[..1], TODAY).median_halves, Some(2));
    assert_eq!(Figures::of(&some[2..], TODAY).kept_per_cent(), None);
}

#[test]
fn an_address_changes_only_after_proof_a_second_person_and_three_days() {
    use recovery::Objection::{NotNow, SamePerson, TooEarly};
    use recovery::State::{Done, Held, Stopped, Unproved, WaitsForSecond};
    let now: jiff::Timestamp = "2026-11-23T10:00:00Z".parse().expect("a time");
    let hour = jiff::SignedDuration::from_hours(1);
    let (first, second) = (user(1), user(2));
    let at = |state, seen_by, takes_effect_at| Change { state, seen_by, takes_effect_at };
    let held = Some(now + HELD_FOR);
    for (what, change, step, when, expected) in [
        ("their own, proved", at(Unproved, None, None), Step::Prove, now, Ok(at(Held, None, held))),
        ("seen, proved", at(Unproved, Some(first), None), Step::Prove, now, Ok(at(WaitsForSecond, Some(first), None))),
        ("agreed before proof", at(Unproved, Some(first), None), Step::Agree { by: second }, now, Err(NotNow)),
        ("the same twice", at(WaitsForSecond, Some(first), None), Step::Agree { by: first }, now, Err(SamePerson)),
        (
            "a second",
            at(WaitsForSecond, Some(first), None),
            Step::Agree { by: second },
            now,
            Ok(at(Held, Some(first), held)),
        ),
        ("agreed twice", at(Held, Some(first), held), Step::Agree { by: second }, now, Err(NotNow)),
        ("at once", at(Held, None, held), Step::TakeEffect, now, Err(TooEarly)),
        ("an hour early", at(Held, None, held), Step::TakeEffect, now + HELD_FOR - hour, Err(TooEarly)),
        ("after three days", at(Held, None, held), Step::TakeEffect, now + HELD_FOR, Ok(at(Done, None, held))),
        ("held without a day", at(Held, None, None), Step::TakeEffect, now + HELD_FOR, Err(TooEarly)),
        ("before its second", at(WaitsForSecond, Some(first), held), Step::TakeEffect, now + HELD_FOR, Err(NotNow)),
        ("stopped while held", at(Held, None, held), Step::Stop, now, Ok(at(Stopped, None, held))),
        ("stopped before", at(WaitsForSecond, Some(first), None), Step::Stop, now, Ok(at(Stopped, Some(first), None))),
        ("stopped too late", at(Done, None, held), Step::Stop, now, Err(NotNow)),
        ("after it was stopped", at(Stopped, None, held), Step::TakeEffect, now + HELD_FOR, Err(NotNow)),
        ("proved twice", at(Held, None, held), Step::Prove, now, Err(NotNow)),
    ] {
        assert_eq!(recovery::after(&change, step, when), expected, "{what}");
    }
}
