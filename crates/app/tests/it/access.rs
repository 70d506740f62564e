//! What a list holds is what the policy allows, child by child; what is out of reach is not there.

use crate::given::{self, Stop, day, fixed, steps, urn};
use crate::world::{TODAY, World, body_of};
use axum::http::StatusCode;
use casework::access::{Action, Resource, Role, may};
use casework::advice::{self, AdviceKind, Ask};
use casework::people::{self, Setting};
use casework::recipients::StopKind;
use casework::{CaseId, Command, UserId};
use db::testing::TestDatabase;
use std::collections::BTreeSet;

/// Cases that a page or a file names.
fn named_in(text: &str, all: &[CaseId]) -> BTreeSet<CaseId> {
    all.iter().copied().filter(|case| text.contains(&case.to_string())).collect()
}

/// A number that follows from a seed.
fn roll(seed: &mut u64, bound: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % bound
}

/// Children of one name, at schools, teams, officers and stages drawn from a seed.
fn draw(world: &mut World, seed: u64) {
    let mut seed = seed;
    let stops = [Stop::Open, Stop::Received, Stop::Assessing, Stop::Asked, Stop::Served, Stop::InForce];
    for number in 0..14_u128 {
        let stop = stops[roll(&mut seed, stops.len() as u64) as usize];
        let case = world.child("Robin Marsh", stop);
        let first = (number + 1) * 1_000_000 + 900_000 + u128::from(seed % 1000) * 100;
        let school = roll(&mut seed, 4) as u32;
        let mut more = vec![];
        if school != 0 {
            let case_now = world.load(world.area, case);
            let placement = case_now.placements[0].id;
            more.push(Command::People(people::Command::LeaveSetting { placement, to: TODAY }));
        }
        if (1..3).contains(&school) {
            more.push(Command::People(people::Command::JoinSetting {
                placement: fixed(first),
                setting: Setting::Establishment(urn(given::SCHOOL + school)),
                from: TODAY,
            }));
        }
        if stop == Stop::Assessing && roll(&mut seed, 2) == 0 {
            more.push(Command::Advice(advice::Command::AskAll {
                asks: vec![Ask { id: fixed(first + 1), kind: AdviceKind::Medical, body: body_of(AdviceKind::Medical) }],
                asked_on: TODAY,
                reached_on: TODAY,
            }));
        }
        let officer: UserId = fixed(900 + u128::from(roll(&mut seed, 3)));
        more.push(Command::People(people::Command::AssignOfficer { officer }));
        if roll(&mut seed, 3) == 0 {
            more.push(Command::People(people::Command::RecordOutOfEducation { since: day(2026, 9, 1) }));
        }
        for command in more {
            world.give(case, world.area, (TODAY, command), "Robin Marsh").expect("the law allows it");
        }
    }
    world.child_in(world.other_area, "Robin Marsh", Stop::Asked, steps);
}

pub fn lists_are_the_policy(db: &TestDatabase) {
    let mut world = World::new(db);
    let mut number = 960;
    for school in 0..3 {
        number += 1;
        world.add_person(
            &format!("school{school}@alderbourne.example"),
            world.area,
            number,
            Role::Setting,
            Some(urn(given::SCHOOL + school)),
            None,
        );
    }
    world.add_person("noschool@alderbourne.example", world.area, 970, Role::Setting, None, None);
    world.add_person("nobody@alderbourne.example", world.area, 971, Role::Adviser, None, None);
    world.add_person(
        "psychologist@alderbourne.example",
        world.area,
        972,
        Role::Adviser,
        None,
        Some(body_of(AdviceKind::Psychological)),
    );
    draw(&mut world, 0x5eed ^ std::process::id() as u64);
    for area in [world.area, world.other_area] {
        for case in world.cases_of(area) {
            let step = (TODAY, given::held(60, "as it was", StopKind::OtherName));
            world.give(case, area, step, "").expect("the law allows it");
        }
    }
    let all: Vec<CaseId> = [world.area, world.other_area].iter().flat_map(|area| world.cases_of(*area)).collect();
    let relations: Vec<_> = [world.area, world.other_area]
        .iter()
        .flat_map(|area| world.cases_of(*area).into_iter().map(|case| (case, world.load(*area, case))))
        .collect();
    assert_eq!(relations.len(), 15);
    for person in world.people.clone() {
        let browser = world.browser(&person.email);
        let allowed = |action: Action| -> BTreeSet<CaseId> {
            relations
                .iter()
                .filter(|(_, case)| may(&person.actor, action, &Resource::Case(&case.relations())).is_allowed())
                .map(|(id, _)| *id)
                .collect()
        };
        let found = browser.get("/children?q=Marsh");
        if found.status == StatusCode::FORBIDDEN {
            assert!(allowed(Action::SearchCases).is_empty(), "{}", person.email);
        } else {
            assert_eq!(named_in(&found.text(), &all), allowed(Action::SearchCases), "search by {}", person.email);
        }
        // The queue: what is waited for, of those children, and of an adviser's own team.
        let queue = browser.get("/advice");
        let is_waited_for = |case: &casework::Case| {
            let asked = case.live_request().map(|request| request.advice.as_slice()).unwrap_or_default();
            asked.iter().filter(|asked| asked.reply.is_none() || asked.check_waiting().is_some()).any(|asked| {
                match person.actor.role {
                    Role::Adviser => Some(asked.body) == person.actor.body,
                    Role::DesignatedClinicalOfficer => asked.kind == AdviceKind::Medical,
                    Role::DesignatedSocialCareOfficer => asked.kind == AdviceKind::SocialCare,
                    _ => true,
                }
            })
        };
        let mut waiting = allowed(Action::RecordAdvice);
        waiting.retain(|id| relations.iter().any(|(known, case)| known == id && is_waited_for(case)));
        if queue.status == StatusCode::FORBIDDEN {
            assert!(waiting.is_empty(), "{}", person.email);
        } else {
            assert_eq!(named_in(&queue.text(), &all), waiting, "the queue of {}", person.email);
            assert_eq!(browser.get("/advice.csv").status, StatusCode::OK);
        }
        let held = browser.get("/held");
        if held.status == StatusCode::FORBIDDEN {
            assert!(allowed(Action::SeeHeldSends).is_empty(), "{}", person.email);
        } else {
            assert_eq!(named_in(&held.text(), &all), allowed(Action::SeeHeldSends), "held sends for {}", person.email);
            assert_eq!(browser.get("/held.csv").text().lines().count(), allowed(Action::SeeHeldSends).len() + 1);
        }
        for (id, case) in &relations {
            let answer = browser.get(&format!("/children/{id}"));
            let expected = if case.authority == person.actor.authority {
                match may(&person.actor, Action::SeeCase, &Resource::Case(&case.relations())) {
                    casework::access::Verdict::Allowed => StatusCode::OK,
                    casework::access::Verdict::NotFound => StatusCode::NOT_FOUND,
                    casework::access::Verdict::NotAllowed => StatusCode::FORBIDDEN,
                }
            } else {
                StatusCode::NOT_FOUND
            };
            assert_eq!(answer.status, expected, "{} opens {id}", person.email);
        }
        // A day's list holds only the officer's own children, all of whom they may see, and every one out of school.
        for (path, own) in [("/today", true), ("/today?whose=all", person.actor.role != Role::Manager)] {
            let day = browser.get(path);
            if day.status != StatusCode::OK {
                continue;
            }
            let listed = named_in(&day.text(), &all);
            assert!(listed.is_subset(&allowed(Action::SeeCase)), "{path} of {}", person.email);
            for (id, case) in relations.iter().filter(|(_, case)| case.authority == person.actor.authority) {
                let theirs = case.officer == Some(person.actor.user);
                assert!(!own || theirs || !listed.contains(id), "{path} of {} has another's child", person.email);
                if theirs && case.out_of_education_since.is_some() {
                    assert!(listed.contains(id), "{path} of {} lacks a child out of school", person.email);
                }
            }
        }
    }
}

pub fn another_area_is_not_there(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let theirs = world.cases_of(world.other_area)[0];
    let manager = world.browser("manager@");
    let nowhere = "01900000-0000-7000-8000-000000000000";
    for path in [
        "",
        "/request",
        "/considering",
        "/decide-to-assess",
        "/exception",
        "/advice",
        "/decide-to-issue",
        "/review",
        "/education",
        "/officer",
        "/details",
        "/contacts",
        "/contacts/letter",
        "/same",
        "/what-if",
        "/why/final_plan_20w",
        "/documents/01900000-0000-7000-8000-000000000000",
    ] {
        let there = manager.get(&format!("/children/{theirs}{path}"));
        let not_there = manager.get(&format!("/children/{nowhere}{path}"));
        assert_eq!(there.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(not_there.status, StatusCode::NOT_FOUND, "{path} of nobody");
        let hide = |text: String| text.replace(&theirs.to_string(), "").replace(nowhere, "");
        assert_eq!(hide(there.text()), hide(not_there.text()), "{path} tells that there is a child");
    }
    for path in ["/officer", "/education", "/review", "/considering", "/details", "/exception"] {
        let answer = manager
            .submit(&format!("/children/{theirs}{path}"), &[("state", "out"), ("on", "2026-09-01"), ("version", "1")]);
        assert_ne!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(!answer.text().contains("Noor"), "{path} names the child");
    }
    assert!(!manager.get("/children?q=Noor").text().contains(&theirs.to_string()));
    // Signed out, every page of a child leads to the sign-in page and says nothing.
    let visitor = world.visitor();
    let ours = world.cases_of(world.area)[0];
    for path in [
        format!("/children/{ours}"),
        "/today".into(),
        "/children?q=a".into(),
        "/requests/new".into(),
        "/today.csv".into(),
    ] {
        let answer = visitor.get(&path);
        let then: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let to = format!("/sign-in?then={then}");
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, to.as_str()), "{path}");
    }
}

pub fn an_adviser_answers_for_their_own_team(db: &TestDatabase) {
    let mut world = World::new(db);
    for (email, number, kind) in [("ep@", 972, AdviceKind::Psychological), ("ot@", 973, AdviceKind::Medical)] {
        let email = format!("{email}alderbourne.example");
        world.add_person(&email, world.area, number, Role::Adviser, None, Some(body_of(kind)));
    }
    let case = world.child("Idris Cole", Stop::Asked);
    let of = |kind: AdviceKind| {
        let known = world.load(world.area, case);
        let request = known.live_request().expect("an assessment").clone();
        request.advice.iter().find(|asked| asked.kind == kind).map(|asked| asked.id).expect("asked")
    };
    let page = |kind: AdviceKind| format!("/children/{case}/advice/{}", of(kind));
    let (own, others) = (page(AdviceKind::Psychological), page(AdviceKind::Medical));
    let psychologist = world.browser("ep@");
    assert_eq!(psychologist.get(&own).status, StatusCode::OK);
    assert_eq!(psychologist.get(&others).status, StatusCode::NOT_FOUND, "another team's answer is not theirs");
    let send = |page: &str, more: &[(&str, &str)]| {
        let version = world.load(world.area, case).version.to_string();
        let mut fields = vec![("version", version.as_str()), ("on", "2026-11-23")];
        fields.extend_from_slice(more);
        psychologist.submit(page, &fields)
    };
    let vague = [("answer", "advice"), ("text", "He may benefit from regular support.")];
    assert_eq!(send(&others, &vague).status, StatusCode::NOT_FOUND);
    let without = send(&own, &[("answer", "without"), ("text", "No time.")]);
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY, "to do without advice is the council's decision");
    // Vague words are flagged and what was typed is kept; whoever means them sends them.
    let flagged = send(&own, &vague);
    assert_eq!(flagged.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["“may benefit”, “regular”", "He may benefit from regular support.", "send it as it is"] {
        assert!(flagged.text().contains(said), "{said}: {}", flagged.text());
    }
    let sent = send(&own, &[vague[0], vague[1], ("sure", "yes")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    assert!(!psychologist.get("/advice").text().contains("Idris Cole"), "what is answered is waited for no more");
}

pub fn a_look_is_kept_however_the_address_is_written(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let looks = || -> i64 {
        let read = |tx: &mut dyn db::Tx| -> Result<i64, app::Error> {
            Ok(tx.query_one("SELECT COUNT(*) FROM looks", &[])?.get(0)?)
        };
        world.app.db.read("test.looks", read).expect("the database answers")
    };
    let cases = world.cases_of(world.area);
    // The first character of the id, as the router decodes it.
    let encoded = |case: CaseId| format!("%{:02x}{}", case.to_string().as_bytes()[0], &case.to_string()[1..]);
    let (officer, program) = (world.browser("dev@"), world.program("second@"));
    let before = looks();
    let page = officer.get(&format!("/children/{}", encoded(cases[0])));
    assert!(page.status != StatusCode::OK || looks() == before + 1, "a page was shown and no look was kept");
    let before = looks();
    let answer = program.get(&format!("/api/v1/children/{}", encoded(cases[1])));
    assert!(answer.status != StatusCode::OK || looks() == before + 1, "a record was read and no look was kept");
    assert_eq!(officer.get(&format!("/children/{}", cases[2])).status, StatusCode::OK);
    assert!(looks() > before);
}

/// Whom a list names to somebody is kept like a page that was opened: held sends, replies, told once, files.
pub fn whom_a_list_names_is_kept(db: &TestDatabase) {
    let world = World::new(db).with_children();
    let cases = world.cases_of(world.area);
    let step = (TODAY, given::held(60, "as it was", StopKind::OtherName));
    for case in [cases[2], cases[5]] {
        world.give(case, world.area, step.clone(), "").expect("the law allows it");
    }
    let looks = |email: &str| world.looks_of(email);
    let held: BTreeSet<CaseId> = BTreeSet::from([cases[2], cases[5]]);
    for (email, path) in [("manager@", "/held"), ("auditor@", "/held.csv")] {
        let browser = world.browser(email);
        assert_eq!(browser.get("/held?state=released").status, StatusCode::OK);
        assert_eq!(looks(email), BTreeSet::new(), "nobody was named");
        assert_eq!(browser.get(path).status, StatusCode::OK);
        assert_eq!(browser.get(path).status, StatusCode::OK, "twice is once");
        assert_eq!(looks(email), held, "{path}");
    }
    // Programs too.
    let program = world.program("manager@");
    assert_eq!(program.get("/api/v1/held?limit=1").status, StatusCode::OK);
    // Everybody whom the day's file names, and nobody else.
    let officer = world.browser("dev@");
    let file = officer.get("/today.csv");
    let lines = file.text().lines().count().saturating_sub(1);
    assert!(lines > 3, "{}", file.text());
    assert_eq!(looks("dev@").len(), lines);
    // Those who cannot be shown a list are not said to have seen it.
    let parent = world.browser("parent@");
    assert_eq!(parent.get("/held").status, StatusCode::FORBIDDEN);
    assert_eq!(looks("parent@"), BTreeSet::new());
    let text = world.browser("manager@").get("/team/replies").text();
    assert!(named_in(&text, &cases).is_subset(&looks("manager@")), "{text}");
}
