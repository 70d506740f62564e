//! Somebody covers for who is away, families know who; nobody leaves and takes a child along; answers
//! are measured.

use crate::given::{OFFICER, Stop, fixed};
use crate::world::{TODAY, World};
use app::queue::run_all_due;
use app::team::leaving::{InTheWay, leave};
use axum::http::StatusCode;
use casework::messages::{self, Side};
use casework::{CaseId, Command, MessageId, TextId, UserId, people};
use db::testing::TestDatabase;
use jiff::civil::Date;
use uuid::Uuid;

fn day(from: i32) -> Date {
    law::calendar::days(TODAY, from)
}

fn told(world: &World) -> i64 {
    run_all_due(&world.app).expect("the queue can be read");
    let count = "SELECT COUNT(*) FROM messages WHERE kind = 'cover_begins' AND state = 'sent'";
    let read = |tx: &mut dyn db::Tx| -> Result<i64, app::Error> { Ok(tx.query_one(count, &[])?.get(0)?) };
    world.app.db.read("test.told", read).expect("the database answers")
}

/// A child of the officer's, with a family that reads along and waits for an answer.
fn child(world: &mut World, name: &str) -> CaseId {
    let case = world.child(name, Stop::Received);
    let user = world.person("parent@").actor.user;
    let let_in = Command::People(people::Command::LetFamilyIn { user });
    world.give(case, world.area, (TODAY, let_in), "").expect("the law allows it");
    let sent = world.browser("parent@").submit(&format!("/family/{case}/messages"), &[("text", "When?")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    case
}

pub fn somebody_covers_and_families_know_who(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = child(&mut world, "Sami Okafor");
    child(&mut world, "Ella Marsh");
    let second = world.person("second@").actor.user.0.to_string();
    let own = world.person("dev@").actor.user.0.to_string();
    let officer = world.browser("dev@");
    let (from, until) = (day(2).to_string(), day(9).to_string());
    for (wrong, said) in [
        (vec![("from-on", ""), ("until-on", until.as_str()), ("cover", second.as_str())], "The first day away must"),
        (vec![("from-on", from.as_str()), ("until-on", until.as_str()), ("cover", "")], "Select who covers"),
        (vec![("from-on", &from), ("until-on", &until), ("cover", &own)], "nobody covers for themself"),
        (vec![("from-on", &until), ("until-on", &from), ("cover", &second)], "must not be before the first"),
        (vec![("from-on", "2026-11-01"), ("until-on", "2026-11-20"), ("cover", &second)], "must be today or later"),
        (vec![("from-on", &from), ("until-on", "2027-12-24"), ("cover", &second)], "more than a year"),
        (
            vec![("from-on", &from), ("until-on", &until), ("cover", "01900000-0000-7000-8000-00000000abcd")],
            "Select who covers",
        ),
    ] {
        let answer = officer.submit("/away", &wrong);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(answer.text().contains(said), "{said}: {}", answer.text());
    }
    // An adviser or a family has no such page.
    for nobody in ["parent@", "adviser@", "front_door@"] {
        assert_eq!(world.browser(nobody).get("/away").status, StatusCode::FORBIDDEN, "{nobody}");
    }
    // Sent twice, it is one. Until it begins nothing changes.
    let fields = [("from-on", from.as_str()), ("until-on", until.as_str()), ("cover", second.as_str())];
    for _ in 0..2 {
        assert_eq!(officer.submit("/away", &fields).location(), "/away?done=noted");
    }
    assert_eq!(officer.get("/away").text().matches("Not going").count(), 1);
    assert_eq!(told(&world), 0);
    assert!(!world.browser("second@").get("/today").text().contains("Sami Okafor"));

    // On its first day the cover has it all, marked, and the family is told once, of both children.
    world.clock.move_to(day(2));
    for _ in 0..2 {
        app::team::tell_of_cover(&world.app).expect("the round can be made");
        assert_eq!(told(&world), 1);
    }
    let cover = world.browser("second@").get("/today").text();
    for said in
        ["Sami Okafor", "Ella Marsh", "For SEND officer 900 until 2 December 2026", "Families that wait for an answer"]
    {
        assert!(cover.contains(said), "{said}: {cover}");
    }
    assert!(world.browser("second@").get("/today.csv").text().contains("SEND officer 900 until 2026-12-02"));
    assert!(!world.browser("third@").get("/today").text().contains("Sami Okafor"));
    let mother = world.browser("parent@");
    for path in ["/family".to_owned(), format!("/family/{case}")] {
        let text = mother.get(&path).text();
        assert!(text.contains("Away until Wednesday 2 December 2026: SEND officer 901 has it until then"), "{text}");
    }
    let sink = world.visitor().get("/demo/messages").text();
    assert!(sink.contains("Until then SEND officer 901 has everything") && !sink.contains("Sami"), "{sink}");
    assert!(world.browser("officer@").get(&format!("/children/{case}")).text().contains("SEND officer 901 covers"));
    // What was promised stays promised, and the cover keeps it.
    assert!(
        mother.get(&format!("/family/{case}/messages")).text().contains("You have an answer by Monday 30 November")
    );
    let sent = world.browser("second@").submit(&format!("/children/{case}/messages"), &[("text", "Soon.")]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    // Nobody else ends it; a manager does, or whoever is back.
    let page = world.browser("manager@").get("/away").text();
    let end = page.split('"').find(|part| part.ends_with("/end")).expect("a manager may end it").to_owned();
    assert_eq!(world.browser("third@").submit(&end, &[]).status, StatusCode::FORBIDDEN);
    for _ in 0..2 {
        assert_eq!(world.browser("dev@").submit(&end, &[]).location(), "/away?done=ended");
    }
    assert!(!world.browser("second@").get("/today").text().contains("Sami Okafor"));
    assert!(mother.get(&format!("/family/{case}")).text().contains("SEND officer 900, SEND officer<"));
}

pub fn nobody_leaves_and_takes_a_child_along(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = child(&mut world, "Sami Okafor");
    let (dev, second): (UserId, UserId) = (fixed(OFFICER), fixed(901));
    let go = |world: &World, user, to| {
        let app = &world.app;
        app.db.write("test.leave", |tx| leave(tx, app, world.area, user, to)).expect("the database answers")
    };
    // Third is away, and second covers.
    let (from, until) = (TODAY.to_string(), day(5).to_string());
    let cover = second.0.to_string();
    let fields = [("from-on", from.as_str()), ("until-on", until.as_str()), ("cover", cover.as_str())];
    assert_eq!(world.browser("third@").submit("/away", &fields).location(), "/away?done=noted");
    assert_eq!(go(&world, dev, None), Err(InTheWay::NobodyTakesOver { children: 1, covers: 0 }));
    assert_eq!(go(&world, dev, Some(dev)), Err(InTheWay::NobodyTakesOver { children: 1, covers: 0 }));
    assert_eq!(go(&world, dev, Some(world.person("adviser@").actor.user)), Err(InTheWay::NotAnOfficer));
    assert_eq!(go(&world, second, None), Err(InTheWay::NobodyTakesOver { children: 0, covers: 1 }));
    assert_eq!(go(&world, second, Some(fixed(902))), Err(InTheWay::CannotCoverThemself));
    // Nothing of what was refused happened.
    assert_eq!(world.load(world.area, case).officer, Some(dev));
    assert_eq!(world.browser("dev@").get("/today").status, StatusCode::OK);
    let handed = go(&world, dev, Some(second)).expect("second takes over");
    assert_eq!((handed.children, world.load(world.area, case).officer), (1, Some(second)));
    assert_eq!(
        world.visitor().post("/sign-in", &[("as", "dev@alderbourne.example")]).status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
    assert!(world.browser("manager@").get("/team").text().contains("has somebody who works here"));
    // Whoever was let go before there was such a rule leaves children behind: a manager sees them.
    world.write(|tx| {
        Ok(tx.execute("UPDATE users SET active = $1 WHERE user_id = $2", &[false.into(), second.0.into()])?)
    });
    let team = world.browser("manager@").get("/team").text();
    assert!(team.contains("SEND officer 901 has left") && team.contains("Sami Okafor"), "{team}");
    assert_eq!(world.browser("officer@").get("/team").status, StatusCode::FORBIDDEN);
    assert_eq!(world.browser("officer@brackenford").get("/team").text().matches("Sami").count(), 0);
}

pub fn promised_answers_are_measured(db: &TestDatabase) {
    let mut world = World::new(db);
    let first = world.child("Sami Okafor", Stop::Received);
    let second = world.child("Ella Marsh", Stop::Received);
    let mut number = 0;
    let mut write = |world: &World, case, from, on: i32| {
        number += 1;
        let (message, text) = (MessageId(Uuid::from_u128(number)), TextId(Uuid::from_u128(number)));
        let command = Command::Messages(messages::Command::Write { message, from, text });
        world.give(case, world.area, (day(on), command), "").expect("the law allows it");
    };
    // Two working days, eight, one that waits and is late, one that waits.
    write(&world, first, Side::Family, -20);
    write(&world, first, Side::Council, -18);
    write(&world, first, Side::Family, -14);
    write(&world, first, Side::Council, -4);
    write(&world, first, Side::Family, -11);
    write(&world, second, Side::Family, 0);
    let manager = world.browser("manager@");
    let team = manager.get("/team").text();
    for said in [">2 answered<", "half of them within 5 working days", ">50% in time<", ">2 waiting<", ">1 late<"] {
        assert!(team.contains(said), "{said}: {team}");
    }
    for (show, names) in [("answered", 2), ("kept", 1), ("waiting", 2), ("late", 1), ("", 4)] {
        let list = manager.get(&format!("/team/replies?show={show}")).text();
        assert_eq!(list.matches("/messages\">").count(), names, "{show}: {list}");
        let csv = manager.get(&format!("/team/replies.csv?show={show}")).text();
        assert_eq!(csv.lines().count(), names + 1, "{show}: {csv}");
    }
    let theirs = manager.get(&format!("/team/replies?worker={}", fixed::<UserId>(OFFICER).0)).text();
    assert_eq!(theirs.matches("/messages\">").count(), 4);
    assert!(manager.get("/team/replies?worker=nobody").text().contains("There are none"));
    for path in ["/team", "/team/replies", "/team/replies.csv"] {
        assert_eq!(world.browser("dev@").get(path).status, StatusCode::FORBIDDEN, "{path}");
    }
}
