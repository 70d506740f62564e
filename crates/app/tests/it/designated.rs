//! What designated officers have of their own, through the real pages: who knows a child, questions
//! about a plan, reviews, the move to adult care, the month for a board, samples, recommendations.

use crate::given::{self, Stop, fixed, id, steps};
use crate::world::{Answer, Browser, TODAY, World};
use app::journal::{Act, Papers};
use axum::http::StatusCode;
use casework::access::Action;
use casework::advice::AdviceKind;
use casework::{CaseId, Command, LineId};
use db::testing::TestDatabase;
use std::collections::BTreeSet;

const DCO: &str = "designated_clinical_officer@";
const DSCO: &str = "designated_social_care_officer@";

fn send(world: &World, browser: &Browser<'_>, child: CaseId, path: &str, fields: &[(&str, &str)]) -> Answer {
    let version = world.load(world.area, child).version.to_string();
    let all: Vec<(&str, &str)> = [("version", version.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.submit(&format!("/children/{child}/{path}"), &all)
}

/// Only whose post it is has these pages; of a child of another area nobody learns anything.
pub fn lists_are_for_designated_officers(db: &TestDatabase) {
    let mut world = World::new(db);
    let child = world.child("Idris Cole", Stop::Served);
    let elsewhere = world.child_in(world.other_area, "Robin Marsh", Stop::InForce, steps);
    for person in world.people.clone() {
        let browser = world.browser(&person.email);
        let own = person.actor.authority == world.area;
        for (path, action) in [
            ("/designated", Action::SeeDesignated),
            ("/designated/plans", Action::LookAtLines),
            ("/designated/samples", Action::MarkSample),
            ("/designated/month", Action::SeeDesignated),
            ("/designated/month.csv", Action::SeeDesignated),
            ("/designated/month/list", Action::SeeDesignated),
            ("/designated/recommendations", Action::SeeDesignated),
            ("/designated/reviews", Action::RecordCare),
            ("/designated/year-9", Action::RecordCare),
        ] {
            let may = casework::access::reach(person.actor.role, action) != casework::access::Reach::Nobody;
            let expected = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
            let answer = browser.get(path);
            assert_eq!(answer.status, expected, "{path} for {}", person.email);
            assert!(!answer.text().contains("Robin Marsh") || !own, "{path} names a child of another area");
        }
        let other = if own { elsewhere } else { child };
        for page in ["lines", "care", "questions", "review-answer", "recommendations"] {
            let status = browser.get(&format!("/children/{other}/{page}")).status;
            assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN), "{page}: {status}");
        }
    }
}

/// Who knows a child is said from what is on record; what was passed on is taken back in time.
pub fn who_knows_a_child_is_said(db: &TestDatabase) {
    let mut world = World::new(db);
    let child = world.child("Idris Cole", Stop::Asked);
    let dco = world.browser(DCO);
    let queue = dco.get("/advice").text();
    for said in ["Requests together", "Medical advice team", "Not known so far"] {
        assert!(queue.contains(said), "{said}: {queue}");
    }
    assert!(!dco.get("/advice?q=Idris").text().contains("Nothing is asked about this child now"));
    assert!(dco.get("/advice?q=Nobody").text().contains("No child on record here matches"));
    let case = world.load(world.area, child);
    let request = case.live_request().expect("a request");
    let medical = request.advice.iter().find(|asked| asked.kind == AdviceKind::Medical).expect("asked");
    let line = format!("{child}/{}", medical.id);
    let to = crate::world::body_of(AdviceKind::OtherAppropriate).to_string();
    let passed = dco.submit("/advice", &[("advice", &line), ("to", &to)]);
    assert_eq!(passed.location(), "/advice?passed=1", "{}", passed.text());
    assert!(dco.get("/advice").text().contains("passed on by Medical advice team"));
    assert_eq!(dco.submit("/advice/back", &[]).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(dco.submit("/advice/back", &[("advice", &line)]).location(), "/advice?back=1");
    let again = dco.submit("/advice/back", &[("advice", &line)]);
    assert!(again.text().contains("no such team that passed this on"), "{}", again.text());

    // Social care looks the child up: from then on it stands among those who are known.
    let dsco = world.browser(DSCO);
    assert!(dsco.get("/advice").text().contains("Not looked up yet"));
    let care = [("status", "open"), ("worker", "Hanne Dorset"), ("source", "care_system"), ("as-at-on", "2026-11-20")];
    let blank = send(&world, &dsco, child, "care", &care);
    assert!(blank.text().contains("Enter the number of the care record"), "{}", blank.text());
    assert!(blank.text().contains("Hanne Dorset"), "what was typed is kept");
    let whole = [care.as_slice(), &[("reference", "LCS 7")]].concat();
    assert_eq!(send(&world, &dsco, child, "care", &whole).status, StatusCode::SEE_OTHER);
    let queue = dsco.get("/advice?care=open").text();
    for said in ["Known: open to social care", "Worker: Hanne Dorset", "as of 20 November 2026"] {
        assert!(queue.contains(said), "{said}: {queue}");
    }
    assert!(dsco.get("/advice?care=closed").text().contains("Nothing matches"));
    // The officer reads it and does not change it; health and school do not.
    let page = world.browser("officer@").get(&format!("/children/{child}/care"));
    assert!(page.text().contains("LCS 7") && !page.text().contains("Say what it says"));
    for who in [DCO, "setting@", "adviser@"] {
        assert_eq!(world.browser(who).get(&format!("/children/{child}/care")).status, StatusCode::FORBIDDEN, "{who}");
    }
}

/// A question about a line holds the plan until the officer answers it.
pub fn a_question_holds_a_plan(db: &TestDatabase) {
    let mut world = World::new(db);
    let child = world.child("Idris Cole", Stop::Named);
    let dco = world.browser(DCO);
    let case = world.load(world.area, child);
    let version = casework::designated::version_to_look_at(&case).expect("a draft").to_string();
    assert!(world.looks_of(DCO).is_empty());
    assert!(dco.get("/designated/plans?all=yes").text().contains("Not looked at"));
    assert!(world.looks_of(DCO).contains(&child), "whom a list names is noted");
    let neither = send(&world, &dco, child, "lines", &[("plan", &version)]);
    assert!(neither.text().contains("Confirm your lines, or ask about one"), "{}", neither.text());
    let nothing = send(&world, &dco, child, "lines", &[("plan", &version), ("how", "ask")]);
    assert!(nothing.text().contains("Say beside a line what you ask about it"));
    // What the pages cannot ask, for want of a line of health in this plan, is asked as they would.
    let look = casework::designated::Command::Look {
        part: casework::designated::Part::Health,
        version: casework::designated::version_to_look_at(&case).expect("a draft"),
        questions: vec![(fixed::<LineId>(1), id(50))],
    };
    let who = world.who(world.person("designated_clinical_officer@"), TODAY);
    world.write(|tx| {
        let commands = vec![Command::Designated(look.clone())];
        let act = Act { action: Action::LookAtLines, seen: None, commands, papers: Papers::default() };
        app::journal::act(tx, &who, child, act).map(|_| ())
    });
    let officer = world.browser("officer@");
    let day = officer.get(&format!("/children/{child}")).text();
    assert!(day.contains("Answer what health or social care asks about the plan"), "{day}");
    let line: LineId = fixed(1);
    let path = format!("questions/health/{line}");
    let blank = send(&world, &officer, child, &path, &[("answer", "")]);
    assert!(blank.text().contains("Answer what is asked"), "{}", blank.text());
    assert_eq!(
        send(&world, &officer, child, &path, &[("answer", "It is weekly again.")]).status,
        StatusCode::SEE_OTHER
    );
    assert!(officer.get(&format!("/children/{child}/questions")).text().contains("It is weekly again."));
    assert!(dco.get("/designated/plans").text().contains("No draft that you have not looked at"));
    assert!(dco.get("/designated/plans?all=yes").text().contains("Answered"));
    let social_care = world.browser(DSCO);
    let confirmed = send(&world, &social_care, child, "lines", &[("plan", &version), ("how", "confirm")]);
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.text());
}

/// Every review of a child who needs social care has its answer, which whoever holds the review reads.
pub fn a_review_has_social_cares_answer(db: &TestDatabase) {
    let mut world = World::new(db);
    let child = world.child("Idris Cole", Stop::InForce);
    let review = casework::reviews::Command::Arrange { review: fixed(3), meeting_on: given::day(2026, 11, 30) };
    world.give(child, world.area, (TODAY, Command::Reviews(review)), "").expect("the law allows it");
    let dsco = world.browser(DSCO);
    assert!(dsco.get("/designated/reviews").text().contains("No review until"));
    let care = [("status", "open"), ("reference", "LCS 7"), ("source", "worker"), ("as-at-on", "2026-11-20")];
    assert_eq!(send(&world, &dsco, child, "care", &care).status, StatusCode::SEE_OTHER);
    assert!(dsco.get("/designated/reviews").text().contains("0 of 1 review"));
    let bare = send(&world, &dsco, child, "review-answer", &[("answer", "declined")]);
    assert!(bare.text().contains("declining is an answer only with it"), "{}", bare.text());
    let said = [("answer", "declined"), ("text", "The family asked us not to come.")];
    assert_eq!(send(&world, &dsco, child, "review-answer", &said).location(), "/designated/reviews");
    assert!(dsco.get("/designated/reviews").text().contains("1 of 1 review"));
    let review = world.browser("officer@").get(&format!("/children/{child}/review")).text();
    assert!(review.contains("The family asked us not to come."), "{review}");
    // A child of nine is not in Year 9; whoever prepares for adult services can be named all the same.
    assert!(dsco.get("/designated/year-9").text().contains("No child of Year 9 or over"));
    assert_eq!(
        send(&world, &dsco, child, "care/adult-worker", &[("adult-worker", "Tove Marlow")]).status,
        StatusCode::SEE_OTHER
    );
    let transition = [("transition-on", "2026-11-02")];
    assert_eq!(send(&world, &dsco, child, "care/transition", &transition).status, StatusCode::SEE_OTHER);
    let page = dsco.get(&format!("/children/{child}/care")).text();
    assert!(page.contains("Tove Marlow") && page.contains("Done on 2 November 2026"), "{page}");
}

/// In the month for a board no number under five is shown, nor one that would tell it.
pub fn a_month_hides_small_numbers(db: &TestDatabase) {
    let mut world = World::new(db);
    let children: BTreeSet<CaseId> = (0..3).map(|_| world.child("Idris Cole", Stop::Advised)).collect();
    let dco = world.browser(DCO);
    // Advice of these is due on 13 August.
    let page = dco.get("/designated/month?month=2026-08").text();
    assert!(page.contains("hidden") && page.contains("Medical advice team"), "{page}");
    let file = dco.get("/designated/month.csv?month=2026-08").text();
    assert_eq!(file.lines().count(), 1 + 2 * 4, "{file}");
    assert!(file.lines().skip(1).all(|line| line.contains("hidden") || line.contains(",0,")), "{file}");
    assert!(world.looks_of(DCO).is_empty(), "figures name nobody");
    let list = dco.get("/designated/month/list?month=2026-08&which=in-time").text();
    assert_eq!(world.looks_of(DCO), children);
    assert_eq!(list.matches("Idris Cole").count(), 3, "{list}");
    assert!(world.browser(DSCO).get("/designated/month/list?month=2026-08").text().contains("Social care advice team"));
    for _ in 0..4 {
        world.child("Idris Cole", Stop::Advised);
    }
    let file = world.browser(DCO).get("/designated/month.csv?month=2026-08").text();
    assert!(file.contains(",In time,7,") && file.contains(",Per cent in time,100%,"), "{file}");
}

/// A sample is drawn by its number again, and neither side sees the other's grade first.
pub fn a_sample_is_graded_apart(db: &TestDatabase) {
    let mut world = World::new(db);
    let dco = world.browser(DCO);
    let none = dco.submit("/designated/samples", &[("seed", "7")]);
    assert!(none.text().contains("No plan in force"), "{}", none.text());
    let content = casework::plans::content::Content {
        health_needs: vec![casework::plans::content::CareNeedLine {
            id: fixed(77),
            text: "Tires quickly.".into(),
            citation: None,
            from: vec![],
        }],
        ..given::content()
    };
    let child = world.child_in(world.area, "Idris Cole", Stop::InForce, |until| with_content(&content, until));
    assert!(world.load(world.area, child).plan_in_force().is_some());
    let dco = world.browser(DCO);
    assert_eq!(dco.submit("/designated/samples", &[("seed", "x")]).status, StatusCode::UNPROCESSABLE_ENTITY);
    let drawn = dco.submit("/designated/samples", &[("seed", "7")]);
    assert_eq!(drawn.status, StatusCode::SEE_OTHER, "{}", drawn.text());
    let address = drawn.location().to_owned();
    let page = dco.get(&address).text();
    assert!(page.contains("1 of 1 entries") && page.contains("Tires quickly."), "{page}");
    assert!(page.contains("Nothing is graded by both yet"));
    let grade = |browser: &Browser<'_>, grade: &str| {
        browser.submit(&format!("{address}/1"), &[("grade", grade), ("note", "Plain")])
    };
    assert_eq!(grade(&dco, "").status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(grade(&dco, "good").status, StatusCode::SEE_OTHER);
    let dsco = world.browser(DSCO);
    assert!(!dsco.get(&address).text().contains("Health:"), "the other's grade comes after one's own");
    assert_eq!(grade(&dsco, "needs_work").status, StatusCode::SEE_OTHER);
    let page = dsco.get(&address).text();
    for said in ["Health:", "They agree on 0, 0%", "a hint and no more"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // A grade that is given stays, and whoever comes second with another hears so.
    let second = grade(&dsco, "good");
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(second.text().contains("graded this entry before you"), "{}", second.text());
    assert_eq!(grade(&dsco, "needs_work").status, StatusCode::SEE_OTHER, "pressed twice");
    assert!(dsco.get(&address).text().contains("They agree on 0, 0%"));
}

fn with_content(content: &casework::plans::content::Content, until: Stop) -> Vec<given::Step> {
    let mut all = steps(until);
    for (_, command) in &mut all {
        if let Command::Plans(
            casework::plans::Command::SaveDraft { content: said, .. }
            | casework::plans::Command::ServeDraft { content: said, .. }
            | casework::plans::Command::IssueFinal { content: said, .. },
        ) = command
        {
            **said = content.clone();
        }
    }
    all
}

/// What the tribunal recommends is recorded once, listed by when it is due, and answered.
pub fn a_recommendation_is_answered(db: &TestDatabase) {
    let mut world = World::new(db);
    let child = world.child("Idris Cole", Stop::InForce);
    let dco = world.browser(DCO);
    assert!(dco.get("/designated/recommendations").text().contains("No recommendation to health is recorded"));
    let said = [
        ("part", "health"),
        ("made-on", "2026-11-02"),
        ("received-on", "2026-11-06"),
        ("owner", "Ilse Brandvik, health board"),
        ("says", "Weekly physiotherapy."),
    ];
    let blank = send(&world, &dco, child, "recommendations", &said[..3]);
    assert!(blank.text().contains("Enter who answers for it"), "{}", blank.text());
    assert_eq!(send(&world, &dco, child, "recommendations", &said).status, StatusCode::SEE_OTHER);
    let list = dco.get("/designated/recommendations").text();
    for words in ["Monday 7 December 2026", "Ilse Brandvik, health board", "Waits for an answer"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let subject = world.load(world.area, child).designated.recommendations[0].subject;
    let path = format!("recommendations/{subject}");
    let bare = send(&world, &dco, child, &path, &[("follows", "no")]);
    assert!(bare.text().contains("Enter what was answered"), "{}", bare.text());
    let answer = [("follows", "yes"), ("reply", "From January."), ("replied-on", "2026-11-20")];
    assert_eq!(send(&world, &dco, child, &path, &answer).status, StatusCode::SEE_OTHER);
    assert!(dco.get("/designated/recommendations").text().contains("It will be followed"));
}

/// A database from before these lists has them once the program has started.
pub fn lists_of_older_databases_are_made(db: &TestDatabase) {
    let mut world = World::new(db);
    let child = world.child("Idris Cole", Stop::Served);
    world.write(|tx| {
        tx.execute("DELETE FROM advice_asked", &[])?;
        tx.execute("DELETE FROM designated_cases", &[])?;
        tx.execute("INSERT INTO unlisted_cases SELECT authority_id, case_id FROM cases", &[])?;
        Ok(())
    });
    let is_whole = || app::journal::verify(&world.app.db).expect("it can be read").faults.is_empty();
    assert!(!is_whole(), "lists are missing for {child}");
    app::journal::list_unlisted(&world.app.db).expect("the database answers");
    assert!(is_whole());
}
