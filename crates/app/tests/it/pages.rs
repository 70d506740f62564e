//! Every page that anyone can find: it can be read, by everyone who finds it, and no link is dead.

use crate::html::Page;
use crate::world::{Answer, Browser, World};
use axum::http::StatusCode;
use casework::access::Role;
use db::testing::TestDatabase;
use std::collections::{BTreeSet, VecDeque};
use strum::IntoEnumIterator;

/// Most pages that one role's walk looks at.
const PAGES_MAX: usize = 400;

fn judge(path: &str, who: &str, answer: &Answer, faults: &mut Vec<String>) -> Vec<String> {
    if answer.status.is_server_error() {
        faults.push(format!("{who}: {path} answers {}", answer.status));
    }
    if answer.status.is_redirection() {
        return vec![answer.location().to_owned()];
    }
    if !answer.is_html() {
        return vec![];
    }
    let text = answer.text();
    let page = Page::read(&text);
    for fault in page.faults() {
        faults.push(format!("{who}: {path}: {fault}"));
    }
    if answer.headers.get("content-security-policy").is_none() {
        faults.push(format!("{who}: {path}: no content security policy"));
    }
    page.links()
}

/// Follows every link from `first` and returns the pages that could be read, with their addresses.
fn follow(browser: &Browser<'_>, who: &str, first: &[&str], faults: &mut Vec<String>) -> Vec<(String, Answer)> {
    let mut seen: BTreeSet<String> = first.iter().map(|path| (*path).to_owned()).collect();
    let mut waiting: VecDeque<(String, bool)> = first.iter().map(|path| ((*path).to_owned(), false)).collect();
    let mut read = Vec::new();
    while let Some((path, was_linked)) = waiting.pop_front() {
        let answer = browser.get(&path);
        // A way in may be closed to a role; a link that a page shows may not be.
        if was_linked && answer.status.is_client_error() {
            faults.push(format!("{who}: a link leads to {path}, which answers {}", answer.status));
        }
        for link in judge(&path, who, &answer, faults) {
            if !link.starts_with("/assets/") && seen.len() < PAGES_MAX && seen.insert(link.clone()) {
                waiting.push_back((link, true));
            }
        }
        if answer.status.is_success() && answer.is_html() {
            read.push((path, answer));
        }
    }
    read
}

const WAYS_IN: [&str; 43] = [
    "/",
    "/today",
    "/today?whose=all",
    "/children",
    "/children?q=a",
    "/children?q=Marsh",
    "/children?q=2017-05-14",
    "/requests/new",
    "/dates",
    "/dates?received-on=2026-11-23",
    "/sign-in",
    "/sign-in/passkey",
    "/sign-ins",
    "/account/sign-in",
    "/account/reach",
    "/account/reach/code",
    "/outbox",
    "/letters",
    "/webhooks",
    "/away",
    "/account/address",
    "/restores",
    "/sign-in/code",
    "/team",
    "/team/replies",
    "/imports",
    "/accessibility",
    "/advice",
    "/advice?late=yes",
    "/advice?q=Okafor",
    "/designated",
    "/family",
    "/worried",
    "/ask",
    "/demo/messages",
    "/measures/told-once",
    "/measures/told-once.csv",
    "/measures/told-once/again",
    "/held",
    "/held?kind=other_name&state=held",
    "/contacts",
    "/contacts?q=Marsh",
    "/contacts?q=Marsh&place=00000000-0000-0000-0000-000000c00003",
];

pub fn every_page_for_every_role(db: &TestDatabase) {
    let world = World::new(db).with_children();
    crate::webhooks::add(&world, "manager@alderbourne", "https://receiver.example/", &["requests", "people"]);
    app::webhooks::feed::number(&world.app).expect("the database answers");
    let mut faults = Vec::new();
    let mut titles: Vec<(String, String)> = Vec::new();
    let mut pages = 0;
    // The policy is the same on every database: there the manager, who finds most, shows that each
    // page's queries are answered.
    let every_role = db.address().starts_with("sqlite");
    for role in Role::iter().filter(|role| every_role || *role == Role::Manager) {
        let browser = world.browser(&format!("{role}@"));
        let read = follow(&browser, &role.to_string(), &WAYS_IN, &mut faults);
        assert!(!read.is_empty(), "{role} can read something");
        pages += read.len();
        if role == Role::Manager {
            titles = read.iter().map(|(path, answer)| (Page::read(&answer.text()).title(), path.clone())).collect();
            assert!(read.len() > 60, "a manager finds {} pages", read.len());
        }
    }
    let visitor = follow(&world.visitor(), "a visitor", &WAYS_IN, &mut faults);
    assert!(visitor.len() > 3, "a visitor finds {} pages", visitor.len());
    for (path, answer) in &visitor {
        assert!(!answer.text().contains("Okafor"), "{path} names a child to a visitor");
    }
    // Different children have different titles; two forms about one child too.
    titles.retain(|(_, path)| !path.contains('?'));
    titles.sort();
    for pair in titles.windows(2) {
        let twins = pair[0].0.contains("Ella Marsh");
        if pair[0].0 == pair[1].0 && !twins && pair[0].0.contains(',') && !pair[0].1.contains("/why/") {
            faults.push(format!("{} and {} are both called \"{}\"", pair[0].1, pair[1].1, pair[0].0));
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{} faults on {pages} pages:\n{}", faults.len(), faults.join("\n"));
}

/// Every form on every page: sent as it stands, sent empty, sent with an old version. Whatever it
/// says, it says it on a page, and keeps what was typed.
pub fn every_form_comes_back(db: &TestDatabase) {
    let world = World::new(db).with_children();
    crate::webhooks::add(&world, "manager@alderbourne", "https://receiver.example/", &["requests", "people"]);
    let browser = world.browser("manager@");
    let mut faults = Vec::new();
    let read = follow(&browser, "manager", &WAYS_IN, &mut faults);
    let mut forms = 0;
    for (path, answer) in read {
        for (action, fields) in Page::read(&answer.text()).forms() {
            let address = if action.is_empty() { path.clone() } else { action };
            // Those that end sessions end the walk too; they have tests of their own.
            let ends_sessions = address == "/sign-out" || address.starts_with("/account/sign-in");
            if ends_sessions || !fields.iter().any(|(name, _)| name == "csrf") {
                continue;
            }
            forms += 1;
            let own = |keep: &dyn Fn(&str) -> bool, version: Option<&str>| -> Vec<(String, String)> {
                fields
                    .iter()
                    .filter(|(name, _)| keep(name))
                    .map(|(name, value)| match (name.as_str(), version) {
                        ("version", Some(version)) => (name.clone(), version.to_owned()),
                        _ => (name.clone(), value.clone()),
                    })
                    .collect()
            };
            let hidden = |name: &str| name == "csrf" || name == "version";
            for (how, sent) in [
                ("empty", own(&hidden, None)),
                ("stale", own(&|_| true, Some("0"))),
                ("without a version", own(&|name| name != "version", None)),
            ] {
                let pairs: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                let answer = browser.post(&address, &pairs);
                let expected = matches!(
                    answer.status,
                    StatusCode::SEE_OTHER | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
                );
                if !expected {
                    faults.push(format!("{address}, sent {how}: {}", answer.status));
                }
                if how == "empty" && answer.status == StatusCode::SEE_OTHER {
                    // A form that is only a button says all it has to say by being pressed.
                    let is_button = fields.iter().all(|(name, _)| hidden(name));
                    // A part that is one text may be emptied again.
                    let is_text = ["/draft/a", "/draft/j", "/write/account"].iter().any(|part| address.ends_with(part));
                    // An adviser who objects to nothing says so by pressing.
                    let is_consent = address.ends_with("/check");
                    if !(is_button || is_text || is_consent) {
                        faults.push(format!("{address}, sent empty, was taken"));
                    }
                }
                // The form's own page again, or, where an earlier form has moved the case on, the page that says so.
                let starts = ["Error: ", "This cannot be done now"];
                if answer.status == StatusCode::UNPROCESSABLE_ENTITY
                    && !starts.iter().any(|start| Page::read(&answer.text()).title().starts_with(start))
                {
                    faults.push(format!("{address}, sent {how}: the title does not begin with \"Error: \""));
                }
                judge(&address, how, &answer, &mut faults);
            }
        }
    }
    assert!(forms > 20, "{forms} forms were found");
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{} faults in {forms} forms:\n{}", faults.len(), faults.join("\n"));
}
