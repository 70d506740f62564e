//! Somebody who lost the address they sign in with comes back, and nobody comes in their place.

use crate::post::{child, choose_texts, hours, rows, run};
use crate::world::{Browser, World};
use axum::http::StatusCode;
use db::testing::TestDatabase;

const NEW: &str = "mother@new.example";

/// The six digits of the last code of this kind.
fn digits(world: &World, kind: &str) -> String {
    run(world);
    let row = rows(world).into_iter().rev().find(|row| row.3 == kind).expect("a code was sent");
    row.4.chars().filter(char::is_ascii_digit).take(6).collect()
}

/// Everything that was sent of this kind: channel and to whom.
fn sent(world: &World, kind: &str) -> Vec<(String, String)> {
    run(world);
    let mut found: Vec<(String, String)> =
        rows(world).into_iter().filter(|row| row.3 == kind && row.1 == "sent").map(|row| (row.0, row.2)).collect();
    found.sort();
    found
}

fn said(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

/// The address with which the change can be stopped.
fn stop_link(world: &World) -> String {
    let link = "SELECT link FROM messages WHERE link LIKE '/sign-in/stop/%' ORDER BY made_at DESC LIMIT 1";
    let read = |tx: &mut dyn db::Tx| -> Result<String, app::Error> { Ok(tx.query_one(link, &[])?.get(0)?) };
    world.app.db.read("test.link", read).expect("the old address was told")
}

fn email_of(world: &World) -> String {
    let user = world.person("parent@").actor.user.0;
    let read = |tx: &mut dyn db::Tx| -> Result<String, app::Error> {
        Ok(tx.query_one("SELECT email FROM users WHERE user_id = $1", &[user.into()])?.get(0)?)
    };
    world.app.db.read("test.email", read).expect("she is there")
}

/// Signs in with a code that comes by text.
fn by_text<'a>(world: &World, visitor: &'a Browser<'a>, email: &str) -> Browser<'a> {
    world.clock.advance(jiff::SignedDuration::from_mins(1));
    let asked = visitor.post("/sign-in/code", &[("email", email), ("by", "text")]);
    assert!(asked.location().ends_with("&by=text"), "{}", asked.text());
    let code = digits(world, "sign_in_code");
    let entered = visitor.post("/sign-in/code/enter", &[("email", email), ("code", &code), ("by", "text")]);
    assert_eq!(entered.location(), "/family", "{}", entered.text());
    visitor.signed_in_with(&entered)
}

/// Asks for the new address and proves it.
fn change(world: &World, mother: &Browser<'_>) {
    let asked = mother.submit("/account/address", &[("email", " Mother@New.example ")]);
    assert_eq!(asked.location(), "/account/address/code", "{}", asked.text());
    let wrong = mother.submit("/account/address/code", &[("code", "12")]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let proved = mother.submit("/account/address/code", &[("code", &digits(world, "address_code"))]);
    assert_eq!(proved.location(), "/account/address?done=held", "{}", proved.text());
}

pub fn somebody_comes_back_by_text(db: &TestDatabase) {
    let mut world = World::new(db);
    child(&mut world);
    let old = "parent@alderbourne.example";
    // Nobody who has not confirmed a number is sent a text, and nothing is said of it.
    let visitor = world.visitor();
    for email in [old, "nobody@example.com", "manager@alderbourne.example"] {
        let asked = visitor.post("/sign-in/code", &[("email", email), ("by", "text")]);
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{email}");
    }
    assert_eq!(sent(&world, "sign_in_code"), said(&[]));
    choose_texts(&world, &world.browser("parent@"), &[]);
    // A code that went to the mailbox is not one that went to the phone.
    visitor.post("/sign-in/code", &[("email", old)]);
    let code = digits(&world, "sign_in_code");
    let entered = visitor.post("/sign-in/code/enter", &[("email", old), ("code", &code), ("by", "text")]);
    assert_eq!(entered.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mother = by_text(&world, &visitor, old);
    assert!(mother.get("/account/sign-in").text().contains("with a code by text"));

    // Another address: one that is one, that is free, and that she can read.
    for (wrong, why) in [
        ("", "Enter an email address like"),
        ("mother@new", "Enter an email address like"),
        (old, "this is the one there is"),
        ("dev@alderbourne.example", "signs in to something else here"),
    ] {
        let answer = mother.submit("/account/address", &[("email", wrong)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text().contains(why), "{why}: {}", answer.text());
    }
    change(&world, &mother);
    let told = [("email", NEW), ("email", old), ("text", "+447700900123")];
    assert_eq!(sent(&world, "address_will_change"), said(&told));
    assert!(mother.get("/account/address").text().contains("From Thursday 26 November 2026"));
    let second = mother.submit("/account/address", &[("email", "another@new.example")]);
    assert!(second.text().contains("A change is on its way already"), "{}", second.text());
    // Nothing changes for three days, whoever runs the job.
    hours(&world, 71);
    run(&world);
    assert_eq!(email_of(&world), old);
    let mother = by_text(&world, &visitor, old);
    hours(&world, 1);
    for _ in 0..2 {
        world.write(|tx| Ok(tx.execute("UPDATE jobs SET finished_at = NULL WHERE kind = 'change_address'", &[])?));
        run(&world);
        assert_eq!(email_of(&world), NEW);
    }
    assert_eq!(sent(&world, "address_changed"), said(&[("email", NEW)]));
    assert_eq!(mother.get("/family").location(), "/sign-in?then=%2Ffamily", "every session has ended");
    world.clock.advance(jiff::SignedDuration::from_mins(1));
    visitor.post("/sign-in/code", &[("email", NEW)]);
    let code = digits(&world, "sign_in_code");
    let entered = visitor.post("/sign-in/code/enter", &[("email", NEW), ("code", &code)]);
    assert_eq!(entered.location(), "/family", "{}", entered.text());
    // It stands in the record of sign-ins.
    let record = world.browser("administrator@").get("/sign-ins").text();
    for line in ["Another address asked for", "Address changed, signed out everywhere", "with a code by text"] {
        assert!(record.contains(line), "{line}: {record}");
    }
    // Staff have the council for that.
    assert_eq!(world.browser("officer@").get("/account/address").status, StatusCode::FORBIDDEN);
}

pub fn a_change_is_stopped_from_the_old_address(db: &TestDatabase) {
    let mut world = World::new(db);
    child(&mut world);
    let old = "parent@alderbourne.example";
    choose_texts(&world, &world.browser("parent@"), &[]);
    let visitor = world.visitor();
    // Somebody who has her phone.
    let stranger = by_text(&world, &visitor, old);
    change(&world, &stranger);
    run(&world);
    let link = stop_link(&world);
    for nothing in ["/sign-in/stop/", "/sign-in/stop/0000", "/sign-in/stop/%00", &"/sign-in/stop/x".repeat(20)] {
        assert_eq!(visitor.get(nothing).status, StatusCode::NOT_FOUND, "{nothing}");
    }
    assert!(visitor.get(&link).text().contains("It was not me: stop it"));
    // Looking at it stops nothing: mail programs open links.
    assert_eq!(stranger.get("/family").status, StatusCode::OK);
    for _ in 0..2 {
        assert!(visitor.post(&link, &[]).text().contains("The change is stopped"));
    }
    assert_eq!(stranger.get("/family").location(), "/sign-in?then=%2Ffamily");
    let asked = visitor.post("/sign-in/code", &[("email", old), ("by", "text")]);
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    run(&world);
    let texts = rows(&world).into_iter().filter(|row| row.0 == "text" && row.3 == "sign_in_code").count();
    assert_eq!(texts, 1, "the phone lets nobody in any more");
    hours(&world, 100);
    run(&world);
    assert_eq!(email_of(&world), old);
    assert!(world.browser("administrator@").get("/sign-ins").text().contains("Change of address stopped"));
}

pub fn somebody_seen_needs_two_of_the_staff(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = child(&mut world);
    let user = world.person("parent@").actor.user.0;
    let page = format!("/children/{case}/family/{user}/address");
    let front_door = world.browser("front_door@");
    assert!(front_door.get(&format!("/children/{case}")).text().contains(&page));
    for (nobody, status) in [
        ("auditor@", StatusCode::FORBIDDEN),
        ("parent@", StatusCode::FORBIDDEN),
        ("officer@brackenford", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.browser(nobody).get(&page).status, status, "{nobody}");
    }
    // Only of this child's family.
    let staff = world.person("dev@").actor.user.0;
    assert_eq!(front_door.get(&format!("/children/{case}/family/{staff}/address")).status, StatusCode::NOT_FOUND);
    let empty = front_door.submit(&page, &[("email", NEW)]);
    assert!(empty.text().contains("Enter how you know that it is this person") && empty.text().contains(NEW));
    let begun = front_door.submit(&page, &[("email", NEW), ("seen", "Passport seen.")]);
    let code_page = begun.location().to_owned();
    assert!(code_page.starts_with("/restores/") && code_page.ends_with("/code"), "{}", begun.text());
    let change = code_page.trim_end_matches("/code").to_owned();
    // Without the code nobody can agree.
    world.browser("manager@").submit(&format!("{change}/agree"), &[]);
    assert_eq!(sent(&world, "address_will_change"), said(&[]));
    assert_eq!(front_door.submit(&code_page, &[("code", "1")]).status, StatusCode::UNPROCESSABLE_ENTITY);
    let proved = front_door.submit(&code_page, &[("code", &digits(&world, "address_code"))]);
    assert_eq!(proved.location(), "/restores");
    // Whoever saw her is not the second person too; nobody of another area is.
    let own = front_door.submit(&format!("{change}/agree"), &[]);
    assert!(own.text().contains("You saw the person yourself"), "{}", own.text());
    for (nobody, status) in [("auditor@", StatusCode::FORBIDDEN), ("officer@brackenford", StatusCode::NOT_FOUND)] {
        assert_eq!(world.browser(nobody).submit(&format!("{change}/agree"), &[]).status, status, "{nobody}");
    }
    assert_eq!(sent(&world, "address_will_change"), said(&[]));
    let manager = world.browser("manager@");
    assert!(manager.get("/restores").text().contains("Passport seen."));
    for _ in 0..2 {
        assert_eq!(manager.submit(&format!("{change}/agree"), &[]).location(), "/restores");
    }
    let old = "parent@alderbourne.example";
    assert_eq!(sent(&world, "address_will_change"), said(&[("email", NEW), ("email", old)]));
    // She sees it herself, and it takes effect after three days.
    assert!(world.browser("parent@").get("/account/address").text().contains(NEW));
    hours(&world, 72);
    run(&world);
    assert_eq!(email_of(&world), NEW);
    assert!(world.browser("manager@").get("/restores").text().contains("Nothing waits"));
}
