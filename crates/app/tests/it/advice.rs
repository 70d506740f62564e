//! Advice in lines through the real pages: written and signed by the adviser, used by the officer,
//! looked at by the adviser, and nothing issued over an objection.

use crate::given::{Stop, ask, id};
use crate::world::{Answer, Browser, TODAY, World, body_of, shown_to_advisers};
use axum::http::StatusCode;
use casework::access::Role;
use casework::advice::AdviceKind;
use casework::advice::uses::How;
use casework::{CaseId, Refusal};
use db::testing::TestDatabase;
use std::sync::Arc;

const PSYCHOLOGIST: &str = "ep@alderbourne.example";
const DOCTOR: &str = "doctor@alderbourne.example";

fn world(db: &TestDatabase) -> World {
    let mut world = World::new(db);
    for (email, number, kind) in [(PSYCHOLOGIST, 972, AdviceKind::Psychological), (DOCTOR, 973, AdviceKind::Medical)] {
        world.add_person(email, world.area, number, Role::Adviser, None, Some(body_of(kind)));
    }
    world
}

fn case(world: &World, case: CaseId) -> Arc<casework::Case> {
    world.load(world.area, case)
}

fn asked(world: &World, id: CaseId, kind: AdviceKind) -> casework::advice::AdviceRequest {
    let known = case(world, id);
    let found = known.live_request().and_then(|request| request.advice.iter().find(|asked| asked.kind == kind));
    found.expect("asked").clone()
}

/// Sends a form with the version that the page would show.
fn send(browser: &Browser<'_>, world: &World, id: CaseId, path: &str, fields: &[(&str, &str)]) -> Answer {
    let version = case(world, id).version.to_string();
    let all: Vec<(&str, &str)> = [("version", version.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.submit(path, &all)
}

pub fn advice_is_written_in_lines_and_signed(db: &TestDatabase) {
    let mut world = world(db);
    let child = world.child("Idris Cole", Stop::Asked);
    let advice = asked(&world, child, AdviceKind::Psychological).id;
    let base = format!("/children/{child}/advice/{advice}");
    let psychologist = world.browser(PSYCHOLOGIST);
    let send =
        |path: &str, fields: &[(&str, &str)]| send(&psychologist, &world, child, &format!("{base}{path}"), fields);

    // Another team's advice is not there to be written, and a section that this advice has not is no page.
    let doctor = world.browser(DOCTOR);
    assert_eq!(doctor.get(&format!("{base}/write")).status, StatusCode::NOT_FOUND);
    assert_eq!(psychologist.get(&format!("{base}/write/g")).status, StatusCode::NOT_FOUND);
    // Nothing is signed before anything is written.
    let name = [("signed-name", "Marta Lind"), ("signed-post", "Educational psychologist")];
    let empty = send("/sign", &name);
    assert!(empty.text().contains("There is nothing to sign yet"), "{}", empty.text());

    assert_eq!(send("/write/account", &[("account", "I met Idris twice.")]).status, StatusCode::SEE_OTHER);
    let need = [("area", "cognition"), ("text", "Learns in small steps.")];
    assert_eq!(send("/write/b", &need).status, StatusCode::SEE_OTHER);
    let vague = [("text", "Access to regular help"), ("who", ""), ("how-often", ""), ("how-long", "")];
    assert_eq!(send("/write/f", &vague).status, StatusCode::SEE_OTHER);
    let page = psychologist.get(&format!("{base}/write")).text();
    for said in ["I met Idris twice.", "“access to”", "F1 does not say who gives it, how often, how long"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // The officer may not read the report as signed before it is.
    assert_eq!(world.browser("officer@").get(&format!("{base}/signed")).status, StatusCode::NOT_FOUND);
    // Flags are gentle: it can be signed as it is, by somebody.
    let unnamed = send("/sign", &[("signed-name", ""), ("signed-post", "Educational psychologist")]);
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unnamed.text().contains("Enter the name of the professional"));
    let signed = send("/sign", &name);
    assert_eq!(signed.location(), format!("{base}/signed"), "{}", signed.text());
    let receipt = world.browser("officer@").get(&format!("{base}/signed")).text();
    for said in ["Marta Lind", "Monday 23 November 2026", "days late", "Learns in small steps.", "Fingerprint"] {
        assert!(receipt.contains(said), "{said}: {receipt}");
    }
    // The version is locked: what is written now counts only when it is signed again, with a reason.
    let first = asked(&world, child, AdviceKind::Psychological).signed_version();
    assert_eq!(send("/write/account", &[("account", "I met Idris three times.")]).status, StatusCode::SEE_OTHER);
    assert!(!world.browser("officer@").get(&format!("{base}/signed")).text().contains("three times"));
    assert_eq!(send("/sign", &name).status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = send("/sign", &[name[0], name[1], ("why", "One visit was left out.")]);
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
    assert_ne!(asked(&world, child, AdviceKind::Psychological).signed_version(), first);
    assert!(world.browser("officer@").get(&format!("{base}/signed")).text().contains("2 versions are kept"));
    assert_eq!(asked(&world, child, AdviceKind::Psychological).signed.len(), 2);
}

pub fn an_adviser_sees_what_became_of_their_lines(db: &TestDatabase) {
    let mut world = world(db);
    let child = world.child_in(world.area, "Wren Hale", Stop::Named, shown_to_advisers);
    let medical = asked(&world, child, AdviceKind::Medical);
    let (advice, line) = (medical.id, casework::LineId(medical.id.0));
    let check = format!("/children/{child}/advice/{advice}/check");
    let used = format!("/children/{child}/draft/advice");

    // It waits in the adviser's own queue and in nobody else's.
    let (doctor, psychologist) = (world.browser(DOCTOR), world.browser(PSYCHOLOGIST));
    assert!(doctor.get("/advice").text().contains(&check));
    assert!(!psychologist.get("/advice").text().contains("Wren Hale"));
    assert_eq!(psychologist.get(&check).status, StatusCode::NOT_FOUND);
    // Only the adviser's lines are shown, not the plan.
    let page = doctor.get(&check).text();
    assert!(page.contains("Therapy for the hands") && page.contains("Dropped"), "{page}");
    assert!(!page.contains("Speech and language therapy"), "the rest of the draft is not shown: {page}");

    // Nor do the draft's own papers open for an adviser, in whichever way they are asked for.
    app::queue::run_all_due(&world.app).expect("letters are made");
    let manager = world.browser("manager@");
    let listed = |browser: &Browser<'_>| -> Vec<String> {
        let page = browser.get(&format!("/children/{child}")).text();
        let papers = page.split('"').filter(|part| part.contains("/documents/")).map(str::to_owned);
        papers.collect()
    };
    let papers = listed(&manager);
    assert!(!papers.is_empty() && listed(&doctor).len() < papers.len(), "{papers:?}");
    let closed = papers.iter().filter(|paper| doctor.get(paper).status == StatusCode::NOT_FOUND).count();
    assert!(closed >= 3, "{closed} of {papers:?}");
    for paper in listed(&doctor) {
        assert_eq!(doctor.get(&paper).status, StatusCode::OK, "{paper}");
    }

    // The plan is not issued over a line that was left out without a reason.
    let officer = world.browser("officer@");
    let in_the_way =
        |refusal: &Refusal| officer.get(&format!("/children/{child}/issue")).text().contains(&refusal.to_string());
    assert!(in_the_way(&Refusal::AdviceNotFollowedWithoutReason { count: 1 }));
    let to_line = |what: &str| format!("{used}/{advice}/{line}/{what}");
    let none = send(&officer, &world, child, &to_line("reason"), &[("reason", " ")]);
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let why = [("reason", "The hands are helped by the equipment in F1.")];
    assert_eq!(send(&officer, &world, child, &to_line("reason"), &why).status, StatusCode::SEE_OTHER);
    assert!(!in_the_way(&Refusal::AdviceNotFollowedWithoutReason { count: 1 }));

    // The adviser reads the reason and objects; that stands in the way until it is answered.
    assert!(doctor.get(&check).text().contains("helped by the equipment"));
    let field = format!("objection-{line}");
    let objection = [(field.as_str(), "Equipment does not strengthen hands.")];
    let objected = send(&doctor, &world, child, &check, &objection);
    assert_eq!(objected.status, StatusCode::SEE_OTHER, "{}", objected.text());
    assert!(!doctor.get("/advice").text().contains("Wren Hale"));
    assert!(in_the_way(&Refusal::ObjectionsUnanswered { count: 1 }));
    let answer = [("answer", "Agreed: therapy goes into the plan.")];
    assert_eq!(send(&officer, &world, child, &to_line("answer"), &answer).status, StatusCode::SEE_OTHER);
    assert!(!in_the_way(&Refusal::ObjectionsUnanswered { count: 1 }));

    // Put in as it was written, the line is kept and traced; pressed twice, it is there once.
    for _ in 0..2 {
        assert_eq!(send(&officer, &world, child, &to_line("use"), &[]).status, StatusCode::SEE_OTHER);
    }
    let plan = officer.get(&format!("/children/{child}/draft/view")).text();
    assert_eq!(plan.matches("Therapy for the hands").count(), 1, "{plan}");
    assert!(officer.get(&used).text().contains("1 line is kept as written"));

    // Changing that line asks for the reason at once, and keeps what was typed.
    let f = officer.get(&format!("/children/{child}/draft/f")).text();
    let made = &f.rsplit_once(&format!("/children/{child}/draft/f/")).expect("a line to change").1[..36];
    let address = format!("/children/{child}/draft/f/{made}");
    let changed = |why: &'static str| {
        [
            ("text", "Therapy for the hands"),
            ("who", "a therapist"),
            ("how-often", "once a term"),
            ("how-long", "30 minutes"),
            ("why", why),
        ]
    };
    let refused = send(&officer, &world, child, &address, &changed(""));
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Say why the plan differs") && refused.text().contains("once a term"));
    assert_eq!(
        send(&officer, &world, child, &address, &changed("No more can be given.")).status,
        StatusCode::SEE_OTHER
    );
    let reasons = asked(&world, child, AdviceKind::Medical).reasons;
    assert_eq!(reasons.last().map(|reason| (reason.line, reason.how)), Some((line, How::Changed)));
    assert_eq!(TODAY, reasons.last().expect("one").on);
}

pub fn nobody_else_writes_an_advisers_report(db: &TestDatabase) {
    let mut world = world(db);
    let child = world.child("Idris Cole", Stop::Asked);
    let advice = asked(&world, child, AdviceKind::Psychological).id;
    let write = format!("/children/{child}/advice/{advice}/write");
    let psychologist = world.browser(PSYCHOLOGIST);
    let account = [("account", "Not finished.")];
    assert_eq!(send(&psychologist, &world, child, &format!("{write}/account"), &account).status, StatusCode::SEE_OTHER);
    for email in ["officer@alderbourne", "manager@", "designated_social_care_officer@", DOCTOR] {
        let other = world.browser(email);
        assert_eq!(other.get(&write).status, StatusCode::NOT_FOUND, "{email}");
        let sign = [("signed-name", "Marta Lind"), ("signed-post", "Psychologist")];
        let address = format!("/children/{child}/advice/{advice}/sign");
        let refused = send(&other, &world, child, &address, &sign).status;
        assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&refused), "{email}: {refused}");
    }
    assert!(asked(&world, child, AdviceKind::Psychological).reply.is_none());
    // Passed on, what was begun does not go with it.
    let to = body_of(AdviceKind::Medical).to_string();
    let chosen = format!("{child}/{advice}");
    let passed = world.browser("officer@alderbourne").submit("/advice", &[("advice", &chosen), ("to", &to)]);
    assert_eq!(passed.location(), "/advice?passed=1", "{}", passed.text());
    let begun = world.browser(DOCTOR).get(&write).text();
    assert!(begun.contains("Psychological advice") && !begun.contains("Not finished."), "{begun}");
}

pub fn advice_is_passed_on_to_the_team_that_knows_the_child(db: &TestDatabase) {
    let mut world = world(db);
    let (one, two) = (world.child("Idris Cole", Stop::Asked), world.child("Ava Brandt", Stop::Asked));
    let anne = world.browser("designated_clinical_officer@");
    let chosen: Vec<String> = [one, two]
        .into_iter()
        .map(|child| format!("{child}/{}", asked(&world, child, AdviceKind::Medical).id))
        .collect();
    let to = body_of(AdviceKind::OtherAppropriate).to_string();
    let nobody = anne.submit("/advice", &[("to", &to)]);
    assert!(nobody.text().contains("Tick what you want to pass on"), "{}", nobody.text());
    let passed = anne.submit("/advice", &[("advice", &chosen[0]), ("advice", &chosen[1]), ("to", &to)]);
    assert_eq!(passed.location(), "/advice?passed=2", "{}", passed.text());
    for child in [one, two] {
        let now = asked(&world, child, AdviceKind::Medical);
        assert_eq!((now.body, now.reached_on), (body_of(AdviceKind::OtherAppropriate), ask_day(&world, child)));
    }
    // Again, and with one that is not in the queue: nothing more happens, and it is said.
    let absent = format!("{}/{}", id::<CaseId>(77), ask(AdviceKind::Medical).id);
    let again = anne.submit("/advice", &[("advice", &chosen[0]), ("advice", &absent), ("to", &to)]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("no longer in your queue"), "{}", again.text());
    // An adviser's own queue offers no passing on.
    let psychologist = world.browser(PSYCHOLOGIST);
    assert_eq!(psychologist.submit("/advice", &[("advice", &chosen[0]), ("to", &to)]).status, StatusCode::FORBIDDEN);
}

fn ask_day(world: &World, child: CaseId) -> jiff::civil::Date {
    asked(world, child, AdviceKind::Psychological).reached_on
}

pub fn a_team_says_its_days_and_its_queue_has_weeks(db: &TestDatabase) {
    let mut world = world(db);
    for _ in 0..3 {
        world.child("Idris Cole", Stop::Asked);
    }
    let psychologist = world.browser(PSYCHOLOGIST);
    assert!(psychologist.get("/advice/capacity").text().contains("Nothing is known of this team"));
    let say = |each: &str, a_week: &str| psychologist.submit("/advice/capacity", &[("each", each), ("a-week", a_week)]);
    for (each, a_week) in [("", ""), ("0", "5"), ("two", "5"), ("-1", "5"), ("1", "inf"), ("1", "501"), ("NaN", "5")] {
        assert_eq!(say(each, a_week).status, StatusCode::UNPROCESSABLE_ENTITY, "{each} {a_week}");
    }
    assert_eq!(say("2", "2").status, StatusCode::SEE_OTHER);
    // One a week: the third is reached two weeks from now, and all are after their six weeks.
    let queue = psychologist.get("/advice").text();
    for week in ["23 November 2026", "30 November 2026", "7 December 2026"] {
        assert!(queue.contains(&format!("Reached in the week of {week}, after the six weeks")), "{week}: {queue}");
    }
    let with_more = psychologist.get("/advice/capacity?more=4").text();
    assert!(with_more.contains("Finished with 4 more"), "{with_more}");
    // A week that differs moves what comes after it, and is taken back.
    let differs = psychologist.submit("/advice/capacity", &[("what", "week"), ("week", "2026-12-02"), ("days", "0")]);
    assert_eq!(differs.status, StatusCode::SEE_OTHER, "{}", differs.text());
    assert!(psychologist.get("/advice").text().contains("Reached in the week of 14 December 2026"));
    let past = psychologist.submit("/advice/capacity", &[("what", "week"), ("week", "2026-11-02"), ("days", "0")]);
    assert!(past.text().contains("Choose this week or one to come"));
    psychologist.submit("/advice/capacity", &[("what", "forget"), ("monday", "2026-11-30")]);
    assert!(!psychologist.get("/advice").text().contains("14 December 2026"));
    // An adviser's page is about their own team, whatever is asked for; a school has none.
    let other = body_of(AdviceKind::Medical);
    assert!(psychologist.get(&format!("/advice/capacity?team={other}")).text().contains("3 pieces of advice"));
    assert_eq!(world.browser("setting@").get("/advice/capacity").status, StatusCode::FORBIDDEN);
    assert_eq!(
        world.browser("manager@").get(&format!("/advice/capacity?team={}", id::<CaseId>(5))).status,
        StatusCode::NOT_FOUND
    );
}

pub fn a_child_who_is_not_known_has_a_short_form(db: &TestDatabase) {
    let mut world = world(db);
    let child = world.child("Sami Okafor", Stop::Asked);
    let advice = asked(&world, child, AdviceKind::SocialCare).id;
    let base = format!("/children/{child}/advice/{advice}");
    let paul = world.browser("designated_social_care_officer@");
    assert!(paul.get(&format!("{base}/write")).text().contains(&format!("{base}/not-known")));
    let path = format!("{base}/not-known");
    let empty = send(&paul, &world, child, &path, &[]);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["Select where you looked", "Select whether there are care needs", "Select what happens next"] {
        assert!(empty.text().contains(said), "{said}: {}", empty.text());
    }
    let mut typed = vec![
        ("looked", "care"),
        ("looked", "early_help"),
        ("known", "not_known"),
        ("home", "Somebody who takes him out on Saturdays."),
        ("needs", "yes"),
        ("needs-what", "He cannot be left alone near a road."),
        ("h1", "yes"),
        ("h1-what", "A short break"),
        ("h1-who", "The short breaks team"),
        ("h1-often", "every Saturday"),
        ("h1-long", "4 hours"),
        ("h2", "no"),
        ("h2-reason", ""),
        ("next", "early_help"),
    ];
    let unreasoned = send(&paul, &world, child, &path, &typed);
    assert_eq!(unreasoned.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unreasoned.text().contains("Give the reason: no is an answer only with it"));
    assert!(unreasoned.text().contains("every Saturday"), "what was typed is kept");
    typed[12] = ("h2-reason", "Nothing beyond the short break is needed.");
    let made = send(&paul, &world, child, &path, &typed);
    assert_eq!(
        (made.status, made.location()),
        (StatusCode::SEE_OTHER, format!("{base}/write").as_str()),
        "{}",
        made.text()
    );
    let report = paul.get(&format!("{base}/write")).text();
    for said in ["Looked for on Monday 23 November 2026", "Other social care (H2) is not needed: Nothing beyond"] {
        assert!(report.contains(said), "{said}: {report}");
    }
    let line = paul.get(&format!("{base}/write/h1")).text();
    assert!(line.contains("A short break") && line.contains("every Saturday"), "{line}");

    // Once something is written, it is gone on with there; and it is social care's alone.
    assert_eq!(paul.get(&path).status, StatusCode::NOT_FOUND);
    let other = asked(&world, child, AdviceKind::Medical).id;
    let anne = world.browser("designated_clinical_officer@");
    assert_eq!(anne.get(&format!("/children/{child}/advice/{other}/not-known")).status, StatusCode::NOT_FOUND);
    assert_eq!(anne.get(&path).status, StatusCode::NOT_FOUND);
}
