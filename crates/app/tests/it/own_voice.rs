//! The child's own voice and the young person's own rights, through the pages: who reads what, by
//! whichever address.

use crate::given::{self, Step, Stop, day};
use crate::html::unescape;
use crate::world::{Answer, Browser, TODAY, World};
use app::demo::{self, Size};
use app::journal::{self, Act, By, Papers, Who};
use app::voice::{prompts, reading_age};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use casework::access::{Action, Role};
use casework::own_voice;
use casework::people;
use casework::{CaseId, Command};
use db::testing::TestDatabase;
use jiff::civil::Date;

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF a dog called Biscuit";
const FILM: &[u8] = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01 webm: one minute of me";
const TEXT: &[u8] = b"just words";

/// A form with files, as a browser sends it: the token first.
fn post_form(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
    let csrf = browser.csrf();
    let mut body = Vec::new();
    for (name, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (field, name, bytes) in files {
        body.extend(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n").bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    let request = browser
        .request(Method::POST.as_str(), path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .expect("a form");
    browser.send(request)
}

/// Somebody with a record, born on this day.
fn born(on: Date) -> impl Fn(Stop) -> Vec<Step> {
    move |_| {
        let open = people::Command::OpenRecord { person: given::id(10), born_on: on };
        let mut steps = given::steps(Stop::Open);
        steps[0].1 = Command::People(open);
        steps
    }
}

fn let_in(world: &World, case: CaseId, email: &str) {
    let user = world.person(email).actor.user;
    let command = Command::People(people::Command::LetFamilyIn { user });
    world.give(case, world.area, (TODAY, command), "").expect("the law allows it");
}

/// The addresses of the files on a page.
fn files_on(text: &str) -> Vec<String> {
    let mut found: Vec<String> =
        text.split('"').filter(|part| part.contains("/about-me/files/")).map(str::to_owned).collect();
    found.dedup();
    found
}

fn count(world: &World, sql: &'static str) -> i64 {
    let read = |tx: &mut dyn db::Tx| -> Result<i64, app::Error> { Ok(tx.query_one(sql, &[])?.get(0)?) };
    world.app.db.read("test.count", read).expect("the database answers")
}

fn arriving(world: &World) -> usize {
    std::fs::read_dir(world.folder.join("files/arriving")).map_or(0, Iterator::count)
}

pub fn what_a_young_person_says_is_read_by_those_it_is_for(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.jordan();
    let jordan = world.browser("young_person@");
    let page = format!("/family/{case}/about-me");
    let like = format!("{page}/like");
    assert!(jordan.get(&page).text().contains("You have not said this yet"));

    // Nothing to say is said; what is no picture is not taken, and the words stay.
    let empty = post_form(&jordan, &like, &[("words", " "), ("audience", "everyone")], &[]);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Write something, pick a symbol"), "{}", empty.text());
    let words = ("words", "Biscuit, my <b>dog</b>, and loud music.");
    let wrong = post_form(&jordan, &like, &[words, ("audience", "everyone")], &[("picture", "me.txt", TEXT)]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("We cannot use me.txt") && wrong.text().contains("loud music."), "{}", wrong.text());
    let unsaid = post_form(&jordan, &like, &[words], &[("picture", "dog.jpg", PHOTO)]);
    assert!(unsaid.text().contains("Choose who can see this"), "{}", unsaid.text());
    assert_eq!((arriving(&world), count(&world, "SELECT COUNT(*) FROM documents")), (0, 0), "nothing was kept");

    // Words, a symbol, a picture and a film; sent twice, it is one version.
    let fields = [words, ("symbol", "music"), ("symbol", "animals"), ("audience", "everyone")];
    let files: [(&str, &str, &[u8]); 2] = [("picture", "dog.jpg", PHOTO), ("video", "me.webm", FILM)];
    for _ in 0..2 {
        let seen = world.load(world.area, case).own_voice.version().to_string();
        let mut fields = fields.to_vec();
        if seen != "0" {
            fields.push(("seen", "1"));
        }
        let saved = post_form(&jordan, &like, &fields, &files);
        assert_eq!(saved.location(), format!("{page}?done=yes"), "{}", saved.text());
    }
    assert_eq!(world.load(world.area, case).own_voice.version(), 1);
    assert_eq!((arriving(&world), count(&world, "SELECT COUNT(*) FROM documents")), (0, 2));
    let text = jordan.get(&page).text();
    for said in ["version 1", "Monday 23 November 2026", "loud music.", ">Music<", "dog.jpg", "<video", "<svg"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("my <b>dog"), "what is typed is text");
    let files = files_on(&text);
    assert_eq!(files.len(), 2, "{files:?}");
    for (number, media_type) in [(0, "image/jpeg"), (1, "video/webm")] {
        let file = jordan.get(&files[number]);
        assert_eq!((file.status, file.header(header::CONTENT_TYPE)), (StatusCode::OK, media_type));
    }
    // A player asks for a part.
    let range = jordan.request("GET", &files[1]).header(header::RANGE, "bytes=0-3").body(Body::empty());
    let part = jordan.send(range.expect("a request"));
    assert_eq!((part.status, part.bytes.as_slice()), (StatusCode::PARTIAL_CONTENT, &FILM[..4]));
    assert_eq!(part.header(header::CONTENT_RANGE), format!("bytes 0-3/{}", FILM.len()));

    // Everyone who works with Jordan reads it, and Jordan's mother; their addresses are not each other's.
    let staff_page = format!("/children/{case}/about-me");
    for (who, at) in
        [("parent@", &page), ("commissioner@", &staff_page), ("setting@", &staff_page), ("dev@", &staff_page)]
    {
        let browser = world.browser(who);
        let answer = browser.get(at);
        let may = who != "commissioner@";
        assert_eq!(answer.status == StatusCode::OK, may, "{who}");
        assert_eq!(answer.text().contains("loud music."), may, "{who}");
        for file in files_on(&answer.text()) {
            assert_eq!(browser.get(&file).status, StatusCode::OK, "{who}: {file}");
        }
    }
    assert!(world.browser("setting@").get(&format!("{staff_page}/play")).text().contains("loud music."));

    // Jordan makes it private. It is gone from everybody's pages, its first version too, and so are its files.
    let private = [("words", "Only for you."), ("audience", "officer"), ("seen", "1")];
    assert_eq!(post_form(&jordan, &like, &private, &[]).status, StatusCode::SEE_OTHER);
    let stale = post_form(&jordan, &like, &[("words", "Mine."), ("audience", "officer"), ("seen", "1")], &[]);
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["after you opened it", "Only for you.", "Mine.", "name=\"seen\" value=\"2\""] {
        assert!(stale.text().contains(said), "{said}: {}", stale.text());
    }
    let documents: Vec<String> = files.iter().filter_map(|file| file.rsplit('/').next().map(str::to_owned)).collect();
    for (who, root) in [("parent@", "family"), ("setting@", "children"), ("manager@", "children")] {
        let browser = world.browser(who);
        for path in ["about-me", "about-me/like/earlier", "about-me/play"] {
            let answer = browser.get(&format!("/{root}/{case}/{path}"));
            assert_eq!(answer.status, StatusCode::OK, "{who}: {path}");
            for hidden in ["Only for you", "loud music", "dog.jpg"] {
                assert!(!answer.text().contains(hidden), "{who} reads “{hidden}” on {path}");
            }
        }
        assert_ne!(
            browser.get(&format!("/{root}/{case}/about-me/like")).status,
            StatusCode::OK,
            "{who} may not write it"
        );
        for document in &documents {
            for place in ["about-me/files", "documents"] {
                for root in ["family", "children"] {
                    let answer = browser.get(&format!("/{root}/{case}/{place}/{document}"));
                    assert!(answer.status.is_client_error(), "{who} opens /{root}/{case}/{place}/{document}");
                }
            }
        }
    }
    let officer = world.browser("dev@");
    let read = officer.get(&staff_page).text();
    assert!(read.contains("Only for you.") && files_on(&read).len() == 2, "{read}");
    assert!(officer.get(&format!("{staff_page}/like/earlier")).text().contains("loud music."));
    assert_eq!(officer.get(&files_on(&read)[0]).status, StatusCode::OK);
    let before = jordan.get(&format!("{like}/earlier")).text();
    assert!(before.contains("loud music.") && before.contains("Version 1"), "{before}");

    // A picture is taken away; nobody else writes for Jordan, who is old enough.
    let away = [("words", "Less."), ("audience", "everyone"), ("seen", "2"), ("away", documents[0].as_str())];
    assert_eq!(post_form(&jordan, &like, &away, &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(files_on(&jordan.get(&page).text()).len(), 1);
    for (who, root) in [("parent@", "family"), ("setting@", "children")] {
        let browser = world.browser(who);
        let path = format!("/{root}/{case}/about-me/like");
        assert_eq!(browser.get(&path).status, StatusCode::NOT_FOUND, "{who}");
        let answer = post_form(&browser, &path, &[("words", "She means…"), ("seen", "3")], &[]);
        assert_ne!(answer.status, StatusCode::SEE_OTHER, "{who}");
    }
    // Three stars, and not four; a forged form does nothing.
    let stars = format!("{page}/stars");
    assert_eq!(jordan.submit(&stars, &[("star", "like"), ("star", "hopes")]).status, StatusCode::SEE_OTHER);
    let four = [("star", "like"), ("star", "hopes"), ("star", "talk"), ("star", "hard")];
    assert_eq!(jordan.submit(&stars, &four).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(jordan.post(&stars, &four[..1]).status, StatusCode::FORBIDDEN);
    assert_eq!(world.load(world.area, case).own_voice.stars.len(), 2);
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn a_child_is_helped_and_who_helped_is_kept(db: &TestDatabase) {
    let mut world = World::new(db);
    let area = world.area;
    let case = world.child_in(area, "Sami Okafor", Stop::Open, given::steps);
    let_in(&world, case, "parent@");
    let theo = world.child("Theo Lamb", Stop::Saved);
    let_in(&world, theo, "parent@");
    let mother = world.browser("parent@");
    let page = format!("/family/{case}/about-me");
    let fields = [("words", "I like drawing."), ("audience", "officer")];
    assert_eq!(post_form(&mother, &format!("{page}/like"), &fields, &[]).status, StatusCode::SEE_OTHER);
    let text = mother.get(&page).text();
    assert!(text.contains("I like drawing.") && text.contains("with a parent or carer, Parent or carer"), "{text}");
    let school = world.browser("setting@");
    let at_school = format!("/children/{case}/about-me/helps");
    assert_eq!(school.get(&at_school).status, StatusCode::OK);
    assert_eq!(post_form(&school, &at_school, &[("words", "A quiet place.")], &[]).status, StatusCode::SEE_OTHER);
    let text = mother.get(&page).text();
    assert!(text.contains("A quiet place.") && text.contains("with their school or college"), "{text}");
    // What a helper writes is never hidden from parents.
    let known = world.load(area, case);
    assert!(known.own_voice.entries.iter().all(|entry| entry.says.audience.code() == "everyone"));
    // Those who only read have no way to write.
    let officer = world.browser("dev@");
    assert_eq!(officer.get(&at_school).status, StatusCode::FORBIDDEN);
    let sharing = mother.get(&format!("/family/{case}/sharing")).text();
    assert!(sharing.contains("Saturday 25 June 2033") || sharing.contains("2033"), "{sharing}");
    assert_eq!(mother.submit(&format!("/family/{case}/sharing"), &[("whole", "yes")]).status, StatusCode::FORBIDDEN);
    // The plan takes what everyone may read, names the version, and takes it once.
    let case = theo;
    for (part, words) in [("like", "Trains and maps."), ("talk", "Ask me twice.")] {
        let path = format!("/family/{case}/about-me/{part}");
        assert_eq!(post_form(&mother, &path, &[("words", words)], &[]).status, StatusCode::SEE_OTHER);
    }
    let section = format!("/children/{case}/draft/a");
    assert!(officer.get(&section).text().contains("Use the child’s own words"));
    let version = world.load(area, case).version.to_string();
    let used = officer.submit(&format!("/children/{case}/draft/own-words"), &[("version", &version)]);
    assert_eq!(used.status, StatusCode::SEE_OTHER, "{}", used.text());
    let text = officer.get(&section).text();
    for said in ["own words (About me, version 2, Monday 23 November 2026)", "Trains and maps.", "Ask me twice."] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("Use the child’s own words"), "it is in the plan already");
    // Made private since, the words do not leave with the draft.
    let latest = world.load(area, case).own_voice.latest(own_voice::Part::Like).expect("it was saved").clone();
    let says =
        own_voice::Saying { audience: own_voice::Audience::Officer, maker: own_voice::Maker::Own, ..latest.says };
    let save = own_voice::Command::Save { says, seen: Some(latest.version) };
    let who = Who { by: By::System("test"), authority: area, now: world.app.clock.now(), today: TODAY };
    let act = |tx: &mut dyn db::Tx| {
        let commands = vec![Command::OwnVoice(save.clone())];
        let papers = Papers::default();
        journal::act(tx, &who, case, Act { action: Action::WriteAboutMe, seen: None, commands, papers })
    };
    world.app.db.write("test.private", act).expect("the law allows it");
    let version = world.load(area, case).version.to_string();
    let sent = officer.submit(&format!("/children/{case}/send-draft"), &[("version", &version)]);
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.text().contains("have been made private since"), "{}", sent.text());
}

pub fn mum_can_see_my_plan_but_not_my_video(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.jordan();
    let (jordan, mother) = (world.browser("young_person@"), world.browser("parent@"));
    let path = format!("/family/{case}/about-me/hopes");
    let files: [(&str, &str, &[u8]); 2] = [("picture", "dog.jpg", PHOTO), ("video", "me.webm", FILM)];
    let saved = post_form(&jordan, &path, &[("words", "A job with animals."), ("audience", "everyone")], &files);
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let all = files_on(&mother.get(&format!("/family/{case}/about-me")).text());
    assert_eq!(all.len(), 2);
    let sharing = format!("/family/{case}/sharing");
    let share = |kinds: &[&str]| {
        let mut fields = vec![("whole", "yes")];
        fields.extend(kinds.iter().map(|kind| ("shared", *kind)));
        let answer = jordan.submit(&sharing, &fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    };
    share(&["plan", "messages", "about_me"]);
    let said = jordan.get(&sharing).text();
    for line in ["They do not see", "My videos and sound", "When staff must still tell someone", "may get hurt"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let text = mother.get(&format!("/family/{case}/about-me")).text();
    assert!(text.contains("A job with animals.") && !text.contains("me.webm"), "{text}");
    assert_eq!(mother.get(&all[0]).status, StatusCode::OK, "the picture");
    assert_eq!(mother.get(&all[1]).status, StatusCode::NOT_FOUND, "the video, by its address");
    assert_eq!(mother.get(&all[1].replace("/family/", "/children/")).status, StatusCode::NOT_FOUND);
    assert_eq!(jordan.get(&all[1]).status, StatusCode::OK);
    assert!(mother.get(&format!("/family/{case}")).text().contains("There is a plan"), "the plan is hers to see");
    let play = jordan.get(&format!("/family/{case}/about-me/play")).text();
    assert!(play.contains("A job with animals.") && !play.contains("me.webm"), "not before everyone: {play}");

    // Nothing is shared: what is left is that there is a record, in lists, by address and by email.
    share(&[]);
    for (path, status) in [
        ("", StatusCode::OK),
        ("/sharing", StatusCode::OK),
        ("/record", StatusCode::OK),
        ("/facts", StatusCode::FORBIDDEN),
        ("/facts/home_language", StatusCode::FORBIDDEN),
        ("/messages", StatusCode::FORBIDDEN),
        ("/about-me", StatusCode::FORBIDDEN),
        ("/about-me/play", StatusCode::FORBIDDEN),
        ("/about-me/hopes/earlier", StatusCode::FORBIDDEN),
        ("/documents/01900000-0000-7000-8000-000000000000", StatusCode::FORBIDDEN),
        ("/outcomes", StatusCode::FORBIDDEN),
        ("/rights", StatusCode::NOT_FOUND),
    ] {
        let answer = mother.get(&format!("/family/{case}{path}"));
        assert_eq!(answer.status, status, "{path}");
        for hidden in ["There is a plan", "Who has it", "A job with animals", "Who has looked"] {
            assert!(!answer.text().contains(hidden), "{path} says “{hidden}”");
        }
    }
    assert!(mother.get(&all[0]).status.is_client_error());
    assert!(!mother.get("/family").text().contains("There is a plan"));
    let wrong = mother.submit(&format!("/family/{case}/facts/home_language"), &[("home-language", "Welsh")]);
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert_eq!(mother.submit(&format!("/family/{case}/messages"), &[("text", "Hello")]).status, StatusCode::FORBIDDEN);
    assert_eq!(mother.submit(&sharing, &[("whole", "yes"), ("shared", "plan")]).status, StatusCode::FORBIDDEN);
    let officer = world.browser("dev@");
    let write = || officer.submit(&format!("/children/{case}/messages"), &[("text", "About your review.")]);
    let before = count(&world, "SELECT COUNT(*) FROM messages");
    assert_eq!(write().status, StatusCode::SEE_OTHER);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM messages") - before, 1, "Jordan is told, and nobody else");
    let told = count(&world, "SELECT COUNT(*) FROM messages WHERE recipient LIKE 'young_person@%'");
    assert_eq!(told, 1);
    assert!(officer.get(&format!("/children/{case}/rights")).text().contains("My messages with the council"));

    // Not able to decide about the plan, it is found: the parents act, and see what it is about.
    let assessed = |decision: &str| {
        let version = world.load(world.area, case).version.to_string();
        let fields = [
            ("version", version.as_str()),
            ("decision", decision),
            ("finding", "not_able"),
            ("assessed-on", "2026-11-20"),
            ("assessor", "Dr Ana Bell, psychologist"),
            ("reasons", "Pictures and three talks; could not weigh the choices."),
        ];
        officer.submit(&format!("/children/{case}/rights/capacity"), &fields)
    };
    assert_eq!(assessed("plan").status, StatusCode::SEE_OTHER);
    assert!(mother.get(&format!("/family/{case}")).text().contains("There is a plan"));
    assert_eq!(mother.get(&format!("/family/{case}/messages")).status, StatusCode::OK);
    assert_eq!(
        mother.get(&format!("/family/{case}/about-me")).status,
        StatusCode::FORBIDDEN,
        "what is private stays so"
    );
    assert!(mother.get(&all[1]).status.is_client_error());
    assert!(jordan.get(&format!("/family/{case}/rights")).text().contains("Your parents decide this with you for now"));
    // Who sees what is another decision, and still Jordan's until that is found too.
    share(&["recordings"]);
    assert_eq!(assessed("sharing").status, StatusCode::SEE_OTHER);
    assert_eq!(jordan.submit(&sharing, &[("whole", "yes")]).status, StatusCode::FORBIDDEN);
    let shared = mother.submit(&sharing, &[("whole", "yes"), ("shared", "plan"), ("shared", "about_me")]);
    assert_eq!(shared.status, StatusCode::SEE_OTHER, "{}", shared.text());
    let rights = officer.get(&format!("/children/{case}/rights")).text();
    assert!(rights.contains("Dr Ana Bell") && rights.contains("The parents, in the young person’s place"), "{rights}");
    // Forms that lack something say what.
    let empty = officer.submit(&format!("/children/{case}/rights/capacity"), &[]);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Select the decision that was assessed"));
    for role in ["setting@", "front_door@", "adviser@"] {
        assert!(world.browser(role).get(&format!("/children/{case}/rights")).status.is_client_error(), "{role}");
    }
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn what_is_not_wanted_is_answered(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.jordan();
    let jordan = world.browser("young_person@");
    let page = format!("/family/{case}/outcomes");
    let text = jordan.get(&page).text();
    assert!(text.contains("Sami follows two instructions.") && text.contains("Speech and language therapy"), "{text}");
    let line = text.split('"').find(|part| part.starts_with(&format!("{page}/"))).expect("a way to say no").to_owned();
    assert_eq!(jordan.submit(&line, &[("why", " ")]).status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        assert_eq!(jordan.submit(&line, &[("why", "I want to learn to cook.")]).location(), page);
    }
    let text = jordan.get(&page).text();
    assert_eq!(text.matches("I want to learn to cook.").count(), 1, "{text}");
    let take_back = text.split('"').find(|part| part.ends_with("/take-back")).expect("a way back").to_owned();
    assert_eq!(jordan.submit(&take_back, &[]).location(), page);
    assert!(world.load(world.area, case).own_voice.objections.is_empty());
    assert_eq!(jordan.submit(&line, &[("why", "I want to learn to cook.")]).location(), page);

    let officer = world.browser("dev@");
    let case_page = officer.get(&format!("/children/{case}")).text();
    assert!(case_page.contains("Answer what the young person does not want"), "{case_page}");
    let list = format!("/children/{case}/not-wanted");
    let text = officer.get(&list).text();
    assert!(text.contains("I want to learn to cook.") && text.contains("Sami follows two instructions."), "{text}");
    let one = text.split('"').find(|part| part.starts_with(&format!("{list}/"))).expect("an answer").to_owned();
    let version = world.load(world.area, case).version.to_string();
    let empty = officer.submit(&one, &[("version", &version)]);
    assert!(empty.text().contains("Select what happens with the outcome"), "{}", empty.text());
    let fields = [("version", version.as_str()), ("answer", "yes"), ("reasons", "Cooking goes in.")];
    assert_eq!(officer.submit(&one, &fields).location(), list);
    assert!(!officer.get(&format!("/children/{case}")).text().contains("Answer what the young person does not want"));
    let text = jordan.get(&page).text();
    assert!(text.contains("It will be changed.") && text.contains("Cooking goes in."), "{text}");
    let again = officer.submit(&one, &[("version", "0"), ("answer", "no"), ("reasons", "No.")]);
    assert_eq!(again.status, StatusCode::CONFLICT);
    // What is not in the plan cannot be refused, and only Jordan says no.
    let nothing = line.replace(line.rsplit('/').next().unwrap_or_default(), "01900000-0000-7000-8000-000000000000");
    assert_eq!(jordan.submit(&nothing, &[("why", "No")]).status, StatusCode::NOT_FOUND);
    assert!(world.browser("parent@").submit(&line, &[("why", "No")]).status.is_client_error());
}

pub fn everyone_is_told_a_term_before_and_once(db: &TestDatabase) {
    let mut world = World::new(db);
    let area = world.area;
    let case = world.child_in(area, "Kit Rowan", Stop::Received, |_| {
        let mut steps = born(day(2010, 10, 1))(Stop::Open);
        steps.push((given::RECEIVED, given::receive()));
        steps
    });
    let_in(&world, case, "parent@");
    let_in(&world, case, "young_person@");
    world.child_in(area, "Lou Hart", Stop::Open, born(day(2010, 10, 1)));
    let told = || prompts::sweep(&world.app).expect("the database answers");
    world.clock.move_to(day(2027, 4, 1));
    assert_eq!(told(), 0, "not yet");
    world.clock.move_to(day(2027, 4, 2));
    assert_eq!((told(), told()), (1, 0), "Kit, once; nobody works with Lou");
    let emails = "SELECT COUNT(*) FROM messages WHERE body LIKE '%Saturday 26 June 2027%'";
    assert_eq!(count(&world, emails), 2);
    assert_eq!(count(&world, "SELECT COUNT(*) FROM messages WHERE body LIKE '%Kit%' OR body LIKE '%Rowan%'"), 0);
    let officer = world.browser("dev@");
    let page = officer.get(&format!("/children/{case}")).text();
    assert!(page.contains("Talk with the young person about making their own decisions"), "{page}");
    let rights = format!("/children/{case}/rights");
    let read = officer.get(&rights).text();
    assert!(read.contains("Saturday 26 June 2027") && read.contains("Friday 2 April 2027"), "{read}");
    let version = world.load(area, case).version.to_string();
    let talk = |on: &str| officer.submit(&format!("{rights}/talk"), &[("version", &version), ("talked-on", on)]);
    assert_eq!(talk("2027-05-01").status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(talk("2027-04-02").location(), rights);
    assert!(!officer.get(&format!("/children/{case}")).text().contains("Talk with the young person about making"));
    let own = world.browser("young_person@").get(&format!("/family/{case}/rights")).text();
    assert!(own.contains("You will be in charge of your plan from Saturday 26 June 2027"), "{own}");
}

/// What a page says in its main part, a line for each block.
fn words_of(text: &str) -> String {
    let main = text.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).map_or("", |(main, _)| main);
    let mut words = String::new();
    for piece in main.split('<').skip(1) {
        let (tag, said) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        if !matches!(name, "strong" | "a" | "span" | "em") {
            words.push('\n');
        }
        words.push_str(&unescape(said).replace('\n', " "));
    }
    words
}

/// Pages for young people, and the age at which each can be read.
fn ages(browser: &Browser<'_>, case: CaseId, line: Option<String>) -> Vec<(String, f64)> {
    let mut paths: Vec<String> = ["", "/about-me", "/about-me/like", "/about-me/talk", "/about-me/play"]
        .iter()
        .chain(&["/about-me/like/earlier", "/sharing", "/rights", "/outcomes", "/after-19"])
        .map(|path| format!("/family/{case}{path}"))
        .collect();
    paths.extend(line);
    let read = |path: String| {
        let answer = browser.get(&path);
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let found = reading_age::measure(&words_of(&answer.text()));
        found.age().map(|age| (path, age))
    };
    paths.into_iter().filter_map(read).collect()
}

pub fn every_page_for_young_people_can_be_read_at_eleven(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.jordan();
    let younger = world.child_in(world.area, "Ash Birch", Stop::Open, born(day(2012, 3, 9)));
    let_in(&world, younger, "young_person@");
    let browser = world.browser("young_person@");
    let outcomes = browser.get(&format!("/family/{case}/outcomes")).text();
    let line = outcomes.split('"').find(|part| part.starts_with(&format!("/family/{case}/outcomes/")));
    let mut found = ages(&browser, case, line.map(str::to_owned));
    found.extend(ages(&browser, younger, None));

    // And those of the demo's own young person, with all that is in the demo's plan.
    demo::make(&world.app, Size::Small, 1, TODAY).expect("the demo can be made");
    let visitor = world.visitor();
    let signed_in = visitor.post("/sign-in", &[("as", "jordan.lee@families.example")]);
    let jordan = visitor.signed_in_with(&signed_in);
    let home = jordan.get("/family");
    let own: CaseId = home.location().rsplit('/').next().and_then(|id| id.parse().ok()).expect("Jordan's own page");
    let outcomes = jordan.get(&format!("/family/{own}/outcomes")).text();
    let line = outcomes.split('"').find(|part| part.starts_with(&format!("/family/{own}/outcomes/")));
    found.extend(ages(&jordan, own, Some(line.expect("the demo's plan has outcomes").to_owned())));

    assert!(found.len() >= 25, "{} pages", found.len());
    let hard: Vec<String> =
        found.iter().filter(|(_, age)| *age > 11.0).map(|(path, age)| format!("{path}: {age:.1}")).collect();
    assert!(hard.is_empty(), "these pages need a reader older than 11:\n{}", hard.join("\n"));
    assert_eq!(world.person("young_person@").actor.role, Role::YoungPerson);
}
