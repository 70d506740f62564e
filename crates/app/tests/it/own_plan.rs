//! A family's plan through its pages: the draft with its sources, comments that hold the final plan up,
//! questions asked once, and papers on paper.

use crate::given::{self, Stop, signed_steps};
use crate::lock::known;
use crate::world::{Browser, TODAY, World};
use axum::http::StatusCode;
use casework::access::Role;
use casework::views::Question;
use casework::{CaseId, Command, people};
use db::testing::TestDatabase;
use strum::IntoEnumIterator;

fn let_in(world: &World, case: CaseId, email: &str) {
    let user = world.person(email).actor.user;
    let command = Command::People(people::Command::LetFamilyIn { user });
    world.give(case, world.area, (TODAY, command), "").expect("the law allows it");
}

/// The addresses on a page that have this in them.
fn links(text: &str, with: &str) -> Vec<String> {
    let mut found: Vec<String> = text.split('"').filter(|part| part.contains(with)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

fn open(world: &World, case: CaseId) -> usize {
    world.load(world.area, case).live_request().expect("a live request").representations_open()
}

pub fn a_draft_is_read_with_its_sources_and_commented_on(db: &TestDatabase) {
    let mut world = World::new(db);
    world.add_person("father@families.example", world.area, 981, Role::Parent, None, None);
    world.add_person("stranger@families.example", world.area, 982, Role::Parent, None, None);
    let (case, saved, other) = (
        world.child_in(world.area, "Idris Cole", Stop::Served, signed_steps),
        world.child("Theo Lamb", Stop::Saved),
        world.child("Mina Fox", Stop::Served),
    );
    for email in ["parent@", "father@"] {
        let_in(&world, case, email);
    }
    let_in(&world, saved, "parent@");
    let_in(&world, other, "stranger@");
    let mother = world.browser("parent@");
    let page = format!("/family/{case}/plan");
    let text = mother.get(&page).text();
    for said in
        ["Draft plan for Idris Cole", "Speech and language therapy in a group of three.", "No report is named for F1"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(mother.get(&format!("/family/{saved}/plan")).text().contains("There is no plan to read here yet"));
    // The signed report can be read, from the moment that the draft was sent and not before.
    let asked = world.load(world.area, case);
    let medical =
        asked.live_request().expect("live").advice.iter().find(|a| a.signed_version().is_some()).expect("signed").id;
    let read = mother.get(&format!("{page}/reports/{}", medical.0));
    assert_eq!(read.status, StatusCode::OK);
    assert!(
        read.text().contains("Tires quickly when writing.") && read.text().contains("Bryn Calder"),
        "{}",
        read.text()
    );
    let early = world.load(world.area, saved).live_request().expect("live").advice[0].id;
    assert_eq!(mother.get(&format!("/family/{saved}/plan/reports/{}", early.0)).status, StatusCode::NOT_FOUND);
    assert_eq!(mother.get(&format!("{page}/reports/{}", early.0)).status, StatusCode::NOT_FOUND, "another child's");

    // A comment on a line; pressed twice, it was said once. Hostile fields are refused beside the field.
    let line = links(&text, "/plan/lines/")[0].clone();
    let (own, elsewhere) = (medical.0.to_string(), early.0.to_string());
    let one = given::id::<casework::RepresentationId>(0xf00d).to_string();
    let said = |extra: &[(&str, &str)]| {
        let mut fields = vec![("comment", one.as_str()), ("text", "Twice a week, as <b>the report</b> says.")];
        fields.extend(extra);
        mother.submit(&line, &fields)
    };
    for (extra, problem) in [
        ([("report", own.as_str()), ("page", "four")], "The page must be a number"),
        ([("report", own.as_str()), ("page", "0")], "The page must be a number"),
        ([("report", elsewhere.as_str()), ("page", "4")], "Select the report that the page is in"),
    ] {
        let answer = said(&extra);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains(problem), "{problem}: {}", answer.text());
        assert!(answer.text().contains("Twice a week, as &#60;b&#62;the report"), "what was typed is there");
    }
    assert_eq!(open(&world, case), 0);
    for _ in 0..2 {
        let answer = said(&[("report", own.as_str()), ("page", "4")]);
        assert_eq!(answer.location(), format!("{line}?done=said#comments"), "{}", answer.text());
    }
    assert_eq!(open(&world, case), 1);
    let read = mother.get(&line).text();
    for words in ["Medical advice", "page 4", "must accept or answer this before the plan can be finished"] {
        assert!(read.contains(words), "{words}: {read}");
    }
    let whole = mother.submit(&format!("{page}/comments"), &[("text", "And please say where.")]);
    assert_eq!(whole.location(), format!("{page}?done=said#comments"));
    assert_eq!(open(&world, case), 2);

    // Others of the family read it and cannot take it back; strangers know nothing of it.
    let comments = world.load(world.area, case).live_request().expect("live").representations.clone();
    let back = |index: usize| format!("{page}/comments/{}/take-back", comments[index].id.0);
    let father = world.browser("father@");
    assert!(father.get(&page).text().contains("And please say where."));
    assert!(links(&father.get(&page).text(), "/take-back").is_empty());
    father.submit(&back(1), &[]);
    assert_eq!(open(&world, case), 2, "it is not his");
    let stranger = world.browser("stranger@");
    for path in [page.as_str(), &line, &format!("{page}/reports/{own}"), &format!("/family/{case}/views")] {
        assert_eq!(stranger.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(stranger.submit(&line, &[("text", "I was never here.")]).status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.browser("officer@").get(&page).status,
        StatusCode::FORBIDDEN,
        "the family's page is not the staff's"
    );
    let strange = line.replace(&case.0.to_string(), &other.0.to_string());
    assert_eq!(stranger.get(&strange).status, StatusCode::NOT_FOUND, "a line of another child's plan");

    // What is taken back waits for nobody; what is answered is told to both parents, with no name.
    assert_eq!(mother.submit(&back(1), &[]).location(), format!("{page}?done=taken-back#comments"));
    assert_eq!(open(&world, case), 1);
    let officer = world.browser("dev@");
    let comment = format!("/children/{case}/comments/{}", comments[0].id.0);
    let version = world.load(world.area, case).version.to_string();
    let fields = [("version", version.as_str()), ("answer", "no"), ("reasons", "The therapist said once, in October.")];
    assert_eq!(officer.submit(&comment, &fields).status, StatusCode::SEE_OTHER);
    assert_eq!(open(&world, case), 0);
    assert!(mother.get(&page).text().contains("The therapist said once, in October."));
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    let sink = world.visitor().get("/demo/messages").text();
    assert_eq!(sink.matches("There is an answer").count(), 2, "each parent: {sink}");
    assert!(!sink.contains("Idris"), "{sink}");
    // Other words under the id of what was sent before are another comment, and none is lost.
    for words in ["The same id, other words.", "The same id, other words."] {
        let fields = [("comment", one.as_str()), ("text", words)];
        assert_eq!(mother.submit(&format!("{page}/comments"), &fields).status, StatusCode::SEE_OTHER);
    }
    let all = world.load(world.area, case).live_request().expect("live").representations.len();
    assert_eq!(all, 4, "two before, and each of these: the form gives every one an id of its own");
    // A line that is no longer in the draft: what was typed comes back on the page of the whole plan.
    let gone = format!("{page}/lines/{}", uuid::Uuid::from_u128(1));
    let back = mother.submit(&gone, &[("text", "About a line that is gone.")]);
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.text().contains("About a line that is gone.") && back.text().contains("no longer in the draft"));
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn a_family_is_asked_only_what_it_has_not_told(db: &TestDatabase) {
    let mut world = World::new(db);
    let (case, known) = (world.child("Idris Cole", Stop::Asked), world.child("Leo Castell", Stop::Open));
    for child in [case, known] {
        let_in(&world, child, "parent@");
    }
    let mother = world.browser("parent@");
    let page = format!("/family/{case}/views");
    assert!(mother.get(&format!("/family/{known}/views")).text().contains("Nobody is asking for it now"));
    let text = mother.get(&page).text();
    // The request came as a letter: the worry is told, the rest is asked.
    for question in Question::iter() {
        let is_asked = text.contains(&format!("name=\"{}\"", question.code()));
        assert_eq!(is_asked, question != Question::Worries, "{question}: {text}");
    }
    let empty = mother.submit(&page, &[]);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Answer at least one question"), "{}", empty.text());
    // What somebody else of the family may have answered meanwhile is kept beside it.
    let answers = [("hopes", "To be understood."), ("worries", "That she is alone.")];
    assert_eq!(mother.submit(&page, &answers).location(), format!("{page}?done=yes"));
    let after = world.load(world.area, case);
    let request = after.live_request().expect("live");
    assert_eq!(request.views.len(), 2);
    let own = request.advice.iter().find(|asked| asked.kind == casework::advice::AdviceKind::Family).expect("asked");
    assert!(matches!(own.reply, Some(casework::advice::Reply::Advice { .. })), "it is the family's advice");
    let again = mother.get(&page).text();
    assert!(again.contains("To be understood.") && !again.contains("name=\"hopes\""), "{again}");
    assert!(again.contains("We have no more questions") || again.contains("Add what you left out before"), "{again}");
    // More can be said later; the advice that is on record stays as it was given.
    assert_eq!(mother.submit(&page, &[("strengths", "Kind to small children.")]).status, StatusCode::SEE_OTHER);
    assert_eq!(world.load(world.area, case).live_request().expect("live").views.len(), 3);
    let officer = world.browser("dev@").get(&format!("/children/{case}/request")).text();
    assert!(officer.contains("What the family says") && officer.contains("Kind to small children."), "{officer}");

    // Whoever will say more is waited for; a young person's advice is not a parent's to give.
    let later = world.child("Rosa Quill", Stop::Asked);
    let_in(&world, later, "parent@");
    let mother = world.browser("parent@");
    let views = format!("/family/{later}/views");
    let waits = |world: &World| {
        let case = world.load(world.area, later);
        let own = |asked: &&casework::advice::AdviceRequest| asked.kind == casework::advice::AdviceKind::Family;
        case.live_request().expect("live").advice.iter().find(own).expect("asked").reply.is_none()
    };
    mother.submit(&views, &[("hopes", "A friend."), ("then", "more")]);
    assert!(waits(&world), "she will say more");
    mother.submit(&views, &[("help", "Somebody beside her.")]);
    assert!(!waits(&world));
    let advice = world.browser("dev@").get(&format!("/children/{later}/request")).text();
    assert!(advice.contains("A friend.") && advice.contains("Somebody beside her."), "{advice}");

    // Whoever has nothing to add says that, and is not asked again.
    let second = world.child("Ava Brandt", Stop::Asked);
    let_in(&world, second, "parent@");
    let nothing = world.browser("parent@").submit(&format!("/family/{second}/views"), &[("then", "nothing")]);
    assert_eq!(nothing.status, StatusCode::SEE_OTHER, "{}", nothing.text());
    let officer = world.browser("dev@");
    let seen = world.load(world.area, second);
    let advice =
        seen.live_request().expect("live").advice.iter().find(|asked| asked.reply.is_some()).expect("it is in");
    let page = officer.get(&format!("/children/{second}/advice")).text();
    assert!(page.contains("Advice received"), "{page}");
    assert!(advice.reply.is_some());
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

/// Asks for a paper that is not there, and for one that is.
fn ask(browser: &Browser<'_>, case: CaseId, document: &str) -> StatusCode {
    browser.submit(&format!("/family/{case}/copies"), &[("document", document)]).status
}

pub fn a_paper_is_posted_to_whoever_asked_for_it(db: &TestDatabase) {
    let mut world = World::new(db);
    world.add_person("stranger@families.example", world.area, 982, Role::Parent, None, None);
    let case = world.child("Idris Cole", Stop::Saved);
    let other = world.child("Mina Fox", Stop::Open);
    // The contact of the same name as the account is whom it goes to.
    let number = 920 + Role::iter().position(|role| role == Role::Parent).expect("it is a role");
    let mothers_name = format!("{} {number}", Role::Parent.label());
    known(&world, case, 5, |_| (), &mothers_name);
    let_in(&world, case, "parent@");
    let_in(&world, other, "stranger@");
    world.give(case, world.area, (TODAY, serve_of(&world, case)), "").expect("the draft is sent");
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    let mother = world.browser("parent@");
    let page = mother.get(&format!("/family/{case}/copies")).text();
    assert!(page.contains("Draft plan in easy read"), "{page}");
    let documents = links(&page, "/documents/");
    let easy = page.split("paper-").find(|part| part.contains("in easy read")).expect("it is listed");
    let easy = easy.split('"').next().expect("its id").to_owned();
    assert!(documents.iter().any(|address| address.contains(&easy)));
    assert_eq!(ask(&world.browser("stranger@"), case, &easy), StatusCode::NOT_FOUND);
    assert_eq!(ask(&world.browser("stranger@"), other, &easy), StatusCode::NOT_FOUND, "another child's paper");
    assert_eq!(ask(&mother, case, "not-an-id"), StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(ask(&mother, case, &easy), StatusCode::SEE_OTHER);
    }
    assert_eq!(world.load(world.area, case).on_file.wanted.len(), 1, "asked twice, it is wanted once");
    assert!(mother.get(&format!("/family/{case}/copies")).text().contains("It is in the post by"));

    // The officer has it as a task, finds the form filled in, and the lock looks at it as at every send.
    let officer = world.browser("dev@");
    let form = officer.get(&format!("/children/{case}/copy")).text();
    assert!(form.contains("asked on Monday 23 November 2026 for this on paper"), "{form}");
    let filled = links(&form, "asked-by=")[0].replace("&#38;", "&").replace("&amp;", "&");
    let filled_in = officer.get(&filled).text();
    assert!(filled_in.contains(&format!("value=\"{easy}\" checked")), "{filled_in}");
    let to = filled.split("to=").nth(1).and_then(|rest| rest.split('&').next()).expect("who it is for").to_owned();
    let user = world.person("parent@").actor.user.0.to_string();
    let version = world.load(world.area, case).version.to_string();
    let fields = [("version", version.as_str()), ("paper", &easy), ("to", &to), ("asked-by", &user)];
    let sent = officer.submit(&format!("/children/{case}/copy"), &fields);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    assert_eq!(world.load(world.area, case).on_file.wanted_open().count(), 0);
    assert!(mother.get(&format!("/family/{case}/copies")).text().contains("Posted"));
}

/// The draft of this child, sent today.
fn serve_of(world: &World, case: CaseId) -> Command {
    let version = world.load(world.area, case).live_request().and_then(|r| r.working_draft().map(|d| d.version));
    let mut notice = given::notice(casework::notices::NoticeKind::DraftPlan, TODAY);
    notice.sent_on = TODAY;
    Command::Plans(casework::plans::Command::ServeDraft {
        version: version.expect("a draft"),
        content: Box::new(given::content()),
        notice,
    })
}
