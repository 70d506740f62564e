//! Two records of one child, from the form that makes the second to the day they are taken apart; and
//! two children who look alike.

use crate::given::{Stop, fixed, notice};
use crate::world::{Browser, TODAY, World};
use axum::http::StatusCode;
use casework::access::Role;
use casework::notices::NoticeKind;
use casework::{Case, CaseId, Command, Stage, people, requests};
use db::testing::TestDatabase;

const SAMY: [(&str, &str); 15] = [
    ("given-name", "Samy"),
    ("family-name", "Okafor"),
    ("born-on-day", "14"),
    ("born-on-month", "5"),
    ("born-on-year", "2017"),
    ("postcode", "AB1 2CD"),
    ("upn", ""),
    ("source", "parent"),
    ("channel", "telephone"),
    ("received-on", "2026-11-20"),
    ("account", "He is at home and cannot sleep."),
    ("contact-name", "Amara Okafor"),
    ("relation", "mother"),
    ("contact-email", "amara@example.com"),
    ("contact-telephone", ""),
];

fn is_whole(world: &World) {
    let report = app::journal::verify(&world.app.db).expect("the journal can be read");
    assert!(report.is_whole(), "{:?}", report.faults);
}

/// Enters a request for a child who is said to be new.
fn enter(world: &World, front: &Browser<'_>, fields: &[(&str, &str)]) -> CaseId {
    let before = world.cases_of(world.area);
    let mut sure = fields.to_vec();
    sure.push(("new-child", "yes"));
    let entered = front.submit("/requests/new", &sure);
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
    world.cases_of(world.area).into_iter().find(|case| !before.contains(case)).expect("a record was made")
}

fn state(world: &World, case: CaseId) -> Case {
    let case = world.load(world.area, case);
    Case { version: 0, ..Case::clone(&case) }
}

pub fn two_records_become_one(db: &TestDatabase) {
    let mut world = World::new(db);
    let kept = world.child("Sami Okafor", Stop::Open);
    let front = world.browser("front_door@");
    let asked = front.submit("/requests/new", &SAMY);
    assert_eq!(asked.status, StatusCode::CONFLICT);
    assert!(asked.text().contains("the names sound alike; the same date of birth"), "{}", asked.text());
    let other = enter(&world, &front, &SAMY);
    // Somebody rang about the second one, and a designated officer has it.
    let rang = uuid::Uuid::from_u128(77).to_string();
    let contacts = format!("/children/{other}/contacts");
    let note = [
        ("contact", rang.as_str()),
        ("channel", "telephone"),
        ("came-on", "2026-11-23"),
        ("sender", "Amara"),
        ("note", "No therapist came."),
    ];
    assert_eq!(front.submit(&contacts, &note).status, StatusCode::SEE_OTHER);
    let passed = front.submit(&format!("{contacts}/{rang}/route"), &[("about", "health"), ("way", "health")]);
    assert_eq!(passed.status, StatusCode::SEE_OTHER, "{}", passed.text());
    let (kept_before, other_before) = (state(&world, kept), state(&world, other));

    assert!(front.get(&format!("/children/{kept}/same")).text().contains(&format!("/same/{other}")));
    let page = format!("/children/{kept}/same/{other}");
    let compared = front.get(&page).text();
    for said in ["Comes over", "AB1 2CD", "received Friday 20 November 2026", "Amara Okafor, mother"] {
        assert!(compared.contains(said), "{said}: {compared}");
    }
    let version = |case| world.load(world.area, case).version.to_string();
    let (now, others) = (version(kept), version(other));
    let send = |reason: &str, own: &str, other: &str| {
        let typed = [("version", own), ("other-version", other), ("reason", reason), ("is-one-child", "yes")];
        front.submit(&page, &typed)
    };
    let unsure =
        front.submit(&page, &[("version", &now), ("other-version", &others), ("reason", "His mother said so.")]);
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY, "two first names may be twins’");
    assert!(unsure.text().contains("Are they twins?") && unsure.text().contains("His mother said so."));
    let empty = send("", &now, &others);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Enter how you know"), "{}", empty.text());
    for stale in [send("His mother said so.", "1", &others), send("His mother said so.", &now, "1")] {
        assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text());
        assert!(stale.text().contains("His mother said so."), "what was typed is kept");
    }
    assert_eq!(state(&world, kept), kept_before, "nothing was recorded");
    let joined = send("His mother said so.", &now, &others);
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
    is_whole(&world);

    // What was passed on waits on the record that is kept, once.
    let clinical = world.browser("designated_clinical_officer@");
    let passed = clinical.get("/passed").text();
    assert_eq!(passed.matches("No therapist came.").count(), 1, "{passed}");
    assert!(passed.contains(&format!("/children/{kept}\"")), "{passed}");
    drop(clinical);
    // One record: the request and its clock, the postcode, the person, the words; the other leads here.
    let child = front.get(&format!("/children/{kept}")).text();
    for said in
        ["He is at home and cannot sleep.", "AB1 2CD", "Amara Okafor", "joined into this one", "Friday 1 January 2027"]
    {
        assert!(child.contains(said), "{said}: {child}");
    }
    assert_eq!(
        world.load(world.area, kept).live_request().map(|request| request.received_on.to_string()).as_deref(),
        Some("2026-11-20")
    );
    for path in ["", "/request", "/details", "/contacts", "/same"] {
        let led = front.get(&format!("/children/{other}{path}"));
        assert_eq!(
            (led.status, led.location()),
            (StatusCode::SEE_OTHER, format!("/children/{kept}").as_str()),
            "{path}"
        );
    }
    let found = front.get("/children?q=Samy").text();
    assert!(found.contains(&kept.to_string()) && !found.contains(&other.to_string()), "{found}");
    assert!(found.contains("Also recorded as Samy Okafor"), "{found}");
    let closed = world.load(world.area, other);
    assert_eq!(closed.stage(), Stage::Joined);
    let refused = world.give(
        other,
        world.area,
        (TODAY, Command::People(people::Command::RecordOutOfEducation { since: TODAY })),
        "",
    );
    assert!(matches!(refused, Err(app::Error::Joined { .. })), "{refused:?}");
    let again = send("His mother said so.", &version(kept), &version(other));
    assert_eq!(
        (again.status, again.location().contains(&kept.to_string())),
        (StatusCode::SEE_OTHER, true),
        "joined twice is joined once"
    );

    // Taken apart, both are as they were; what was done meanwhile stays.
    let page = format!("/children/{kept}/joined/{other}");
    assert!(front.get(&page).text().contains("1 request"));
    let apart = front.submit(&page, &[("reason", ""), ("version", version(kept).as_str())]);
    assert_eq!(apart.status, StatusCode::UNPROCESSABLE_ENTITY);
    let apart = front.submit(&page, &[("reason", "A mistake."), ("version", version(kept).as_str())]);
    assert_eq!(apart.status, StatusCode::SEE_OTHER, "{}", apart.text());
    assert_eq!(state(&world, kept), kept_before);
    assert_eq!(state(&world, other), other_before);
    assert!(!front.get(&format!("/children/{kept}")).text().contains("AB1 2CD"));
    assert_eq!(front.get(&format!("/children/{other}")).status, StatusCode::OK);
    assert!(front.get("/children?q=Samy").text().contains(&other.to_string()));
    is_whole(&world);

    // Once the family was told about the request that came over, it stays where that was done.
    let joined = send("His mother said so.", &version(kept), &version(other));
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
    let told = requests::Command::TellConsidering { notice: notice(NoticeKind::ConsideringAssessment, TODAY) };
    world.give(kept, world.area, (TODAY, Command::Requests(told)), "").expect("the family is told");
    let refused = front
        .submit(&page.replace("/same/", "/joined/"), &[("reason", "A mistake."), ("version", version(kept).as_str())]);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("The request has gone on since the records were joined"), "{}", refused.text());
    is_whole(&world);
}

pub fn the_earlier_day_counts(db: &TestDatabase) {
    let world = World::new(db);
    let front = world.browser("front_door@");
    let mut first = SAMY.to_vec();
    first[0] = ("given-name", "Sami");
    first[9] = ("received-on", "2026-11-23");
    let kept = enter(&world, &front, &first);
    let other = enter(&world, &front, &SAMY);
    let joined =
        front.submit(&format!("/children/{kept}/same/{other}"), &[("reason", "One child."), ("is-one-child", "yes")]);
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
    let case = world.load(world.area, kept);
    assert_eq!(case.live_request().map(|request| request.received_on.to_string()).as_deref(), Some("2026-11-20"));
    assert!(
        front.get(&format!("/children/{kept}")).text().contains("Friday 1 January 2027"),
        "six weeks from the earlier day"
    );
    // The second request can be read as a contact, and its receipt leads to the record.
    assert!(front.get(&format!("/children/{kept}/contacts")).text().contains("He is at home and cannot sleep."));
    let numbers: Vec<String> = world
        .load(world.area, other)
        .requests
        .iter()
        .filter_map(|r| r.receipt.as_ref())
        .map(|r| r.number.to_string())
        .collect();
    let scanned = front.get(&format!("/contacts?code={}", numbers[0]));
    assert_eq!(scanned.status, StatusCode::SEE_OTHER);
    is_whole(&world);

    // A third request, while the clock runs, is noted as a contact and starts no second clock.
    let page = format!("/requests/new?child={kept}");
    assert!(front.get(&page).text().contains("its clock is running"));
    let mut third = SAMY[7..].to_vec();
    third.push(("as", "contact"));
    let noted = front.submit(&page, &third);
    assert_eq!(noted.location(), format!("/children/{kept}/contacts#noted"), "{}", noted.text());
    assert_eq!(world.load(world.area, kept).requests.len(), 1);
}

pub fn two_children_are_told_apart(db: &TestDatabase) {
    let mut world = World::new(db);
    let (one, other) = (world.child("Ella Marsh", Stop::Received), world.child("Ella Marsh", Stop::Told));
    let front = world.browser("front_door@");
    let list = format!("/children/{one}/same");
    assert!(front.get(&list).text().contains("Compare the two records"));
    let empty = front.submit(&format!("/children/{one}/different/{other}"), &[]);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = front.submit(&format!("/children/{one}/different/{other}"), &[("difference", "Different mothers.")]);
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text());
    for (case, from) in [(one, other), (other, one)] {
        assert!(front.get(&format!("/children/{case}")).text().contains("Different children: this is not Ella Marsh"));
        let list = front.get(&format!("/children/{case}/same")).text();
        assert!(!list.contains("Compare the two records") && list.contains("Different mothers."), "{list}");
        assert!(front.get(&format!("/children/{case}/same/{from}")).text().contains("two different children"));
    }
    // Of the other child only those learn who may see both.
    let chair = world.browser("panel_chair@").get(&format!("/children/{one}")).text();
    assert!(chair.contains("Ella Marsh") && !chair.contains("this is not Ella Marsh"), "{chair}");
    let joined =
        front.submit(&format!("/children/{one}/same/{other}"), &[("reason", "One child."), ("is-one-child", "yes")]);
    assert_eq!(joined.status, StatusCode::UNPROCESSABLE_ENTITY, "who was told apart is not joined");
    for _ in 0..2 {
        let back = front.submit(&format!("/children/{other}/different/{one}/back"), &[]);
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text());
    }
    assert!(front.get(&list).text().contains("Compare the two records"));
    is_whole(&world);
}

pub fn the_family_is_asked_about(db: &TestDatabase) {
    let mut world = World::new(db);
    let (kept, other) = (world.child("Sami Okafor", Stop::Open), world.child("Sami Okafor", Stop::Received));
    let father = world.add_person("father@alderbourne.example", world.area, 980, Role::Parent, None, None);
    let let_in = Command::People(people::Command::LetFamilyIn { user: father.actor.user });
    world.give(other, world.area, (TODAY, let_in), "").expect("he is let in");
    let front = world.browser("front_door@");
    let page = format!("/children/{kept}/same/{other}");
    assert!(front.get(&page).text().contains("Who of the family may read"));
    // Not named, he reads neither; nor does anybody who was never there.
    let stranger = fixed::<casework::UserId>(981).to_string();
    let joined = front.submit(&page, &[("reason", "One child."), ("family", stranger.as_str())]);
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
    assert!(world.load(world.area, kept).family.is_empty());
    let browser = world.browser("father@");
    let led = browser.get(&format!("/family/{other}"));
    assert_eq!((led.status, led.location()), (StatusCode::SEE_OTHER, format!("/family/{kept}").as_str()));
    assert_eq!(browser.get(&format!("/family/{kept}")).status, StatusCode::NOT_FOUND);
    assert!(!browser.get("/family").text().contains("Sami"));
    front.submit(&format!("/children/{kept}/joined/{other}"), &[("reason", "A mistake.")]);
    assert_eq!(browser.get(&format!("/family/{other}")).status, StatusCode::OK, "he reads his own again");
    // Named, he reads the record that is kept.
    let user = father.actor.user.to_string();
    let joined = front.submit(&page, &[("reason", "One child."), ("family", user.as_str())]);
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
    assert_eq!(browser.get(&format!("/family/{kept}")).status, StatusCode::OK);
    assert!(browser.get("/family").text().contains("Sami"));
    is_whole(&world);
}

pub fn who_may_join(db: &TestDatabase) {
    let mut world = World::new(db);
    let (one, other) = (world.child("Robin Marsh", Stop::Open), world.child("Robin Marsh", Stop::Asked));
    let (plan, second) = (world.child("Ines Pike", Stop::InForce), world.child("Ines Pike", Stop::InForce));
    let open = world.child("Ines Pike", Stop::Open);
    let pages = [
        format!("/children/{other}/same"),
        format!("/children/{other}/same/{one}"),
        format!("/children/{other}/contacts"),
    ];
    for person in world.people.clone() {
        let browser = world.browser(&person.email);
        let is_ours = person.actor.authority == world.area;
        let may = is_ours && matches!(person.actor.role, Role::FrontDoor | Role::Officer | Role::Manager);
        for page in &pages {
            assert_eq!(browser.get(page).status == StatusCode::OK, may, "{} opens {page}", person.email);
        }
        let child = browser.get(&format!("/children/{other}"));
        assert_eq!(child.text().contains(&format!("/children/{other}/same")), may, "{} is shown the way", person.email);
        for (path, field) in [
            (format!("/children/{other}/different/{one}"), "difference"),
            (format!("/children/{other}/same/{one}"), "reason"),
        ] {
            if !may {
                let sent = browser.submit(&path, &[(field, "Because.")]);
                assert!(
                    matches!(sent.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND),
                    "{} sends {path}",
                    person.email
                );
            }
        }
    }
    // Once joined, the closed record is in nobody's list, and leads on only whom it knew.
    let front = world.browser("front_door@");
    let joined =
        front.submit(&format!("/children/{other}/same/{one}"), &[("reason", "One child."), ("is-one-child", "yes")]);
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
    for person in world.people.clone() {
        let browser = world.browser(&person.email);
        for list in ["/children?q=Marsh", "/today", "/today?whose=all", "/advice", "/contacts?q=Marsh", "/family"] {
            assert!(
                !browser.get(list).text().contains(&one.to_string()),
                "{} finds the closed record in {list}",
                person.email
            );
        }
        let opened = browser.get(&format!("/children/{one}"));
        let known = person.actor.authority == world.area
            && !matches!(opened.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
        assert_eq!(opened.status == StatusCode::SEE_OTHER, known, "{}: {}", person.email, opened.status);
    }
    // A plan made on each is in the way, and so is a third record.
    assert!(front.get(&format!("/children/{plan}/same/{second}")).text().contains("Two plans cannot become one"));
    assert!(
        front.get(&format!("/children/{open}/same/{plan}")).text().contains("Keep that one, and join this one into it")
    );
    is_whole(&world);
}

pub fn a_child_is_found_as_typed(db: &TestDatabase) {
    let mut world = World::new(db);
    let sami = world.child("Sami Okafor", Stop::Received);
    world.child_in(world.other_area, "Sami Okafor", Stop::Open, crate::given::steps);
    let front = world.browser("front_door@");
    let typed = |given: &str, family: &str, born: [&str; 3]| {
        let fields = [
            ("given-name", given),
            ("family-name", family),
            ("born-on-day", born[0]),
            ("born-on-month", born[1]),
            ("born-on-year", born[2]),
        ];
        let answer = front.submit("/requests/new/likely", &fields);
        assert_eq!(answer.status, StatusCode::OK);
        answer.text()
    };
    let born = ["14", "5", "2017"];
    for (given, family, born, said) in [
        ("Samy", "Okafer", born, "the names sound alike; the same date of birth"),
        ("Sami", "Okafor", ["", "", ""], "the same names"),
        ("Okafor", "Sami", born, "the same names in the other order"),
        ("Sami", "Okafor", ["15", "5", "2017"], "born one day apart"),
        ("Sami", "Okafor", ["14", "5", "2016"], "the same day and month in another year"),
        ("Zara", "Okafor", born, "the same date of birth and a last name like this"),
    ] {
        let list = typed(given, family, born);
        assert!(list.contains(said) && list.contains(&sami.to_string()), "{given} {family} {born:?}: {list}");
        assert_eq!(list.matches("Sami Okafor</a>").count(), 1, "once, and nobody of another area: {list}");
    }
    for (given, family, born) in [
        ("S", "", ["", "", ""]),
        ("Maya", "Turner", born),
        ("%", "_", ["99", "99", "9999"]),
        ("Sami", "Okafor", ["1", "1", "2001"]),
    ] {
        let list = typed(given, family, born);
        assert!(!list.contains("Okafor") || born == ["1", "1", "2001"], "{given} {family}: {list}");
    }
    assert_eq!(world.browser("auditor@").submit("/requests/new/likely", &[]).status, StatusCode::FORBIDDEN);
    assert_eq!(front.post("/requests/new/likely", &[("given-name", "Sami")]).status, StatusCode::FORBIDDEN, "no token");
}
