//! Adding papers to a record after the request, looking at one, and redacted copies.

use crate::given::Stop;
use crate::html::Page;
use crate::uploads::{form, pdf, upload, with_family};
use crate::world::{Browser, TODAY, World};
use app::journal::verify;
use axum::http::{StatusCode, header};
use casework::CaseId;
use casework::access::Role;
use db::testing::TestDatabase;
use strum::IntoEnumIterator;

const PHOTO: &[u8] = b"\xff\xd8\xff\xe0 a photo of a letter";

/// The ids of the papers that a page lists to be sent, in order.
fn listed(page: &str) -> Vec<String> {
    let fields = page.split("name=\"paper-").skip(1).filter(|rest| rest.split('"').next().is_some_and(|n| n.len() < 3));
    fields.filter_map(|rest| rest.split("value=\"").nth(1)?.get(..36)).map(str::to_owned).collect()
}

/// Adds one paper and returns its id.
pub fn add(browser: &Browser<'_>, root: &str, name: &str, bytes: &[u8]) -> String {
    let papers = format!("{root}/papers");
    let added = form(browser, &papers, &[("then", "add")], &[(name, bytes)]);
    assert_eq!(added.location(), papers, "{}", added.text());
    let ids = listed(&browser.get(&papers).text());
    let sent = form(browser, &papers, &[("paper-1", &ids[0]), ("paper-1-kind", "letter"), ("then", "send")], &[]);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    ids[0].clone()
}

fn messages(world: &World) -> Vec<(String, String)> {
    world
        .app
        .db
        .read("test.messages", |tx| -> Result<_, app::Error> {
            let rows = tx.query("SELECT recipient, subject FROM messages ORDER BY made_at, message_id", &[])?;
            rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
        })
        .expect("the database answers")
}

pub fn a_family_adds_papers_and_has_a_receipt(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    let parent = world.browser("parent@");
    let papers = format!("/family/{case}/papers");
    let empty = form(&parent, &papers, &[("then", "send")], &[]);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("Choose at least one file"), "{}", empty.text());

    // Two files; one that cannot be taken is named and the others stay.
    let report = pdf(9_000, 1);
    let added = form(
        &parent,
        &papers,
        &[("then", "add")],
        &[("report.pdf", &report), ("letter.jpg", PHOTO), ("tool.exe", b"MZ a program")],
    );
    assert_eq!(added.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = added.text();
    assert!(page.contains("tool.exe cannot be taken"), "{page}");
    assert_eq!(Page::read(&page).faults(), Vec::<String>::new());
    let ids = listed(&page);
    assert_eq!(ids.len(), 2, "{page}");

    // What was typed about one is kept while another is added, and what is wrong is said beside it.
    let fields = [
        ("paper-1", ids[0].as_str()),
        ("paper-1-kind", "report"),
        ("paper-1-on-day", "31"),
        ("paper-1-on-month", "2"),
        ("paper-1-on-year", "2026"),
        ("paper-2", ids[1].as_str()),
    ];
    let with = |then: &'static str| [fields.as_slice(), &[("then", then)]].concat();
    assert_eq!(form(&parent, &papers, &with("add"), &[]).location(), papers);
    let page = parent.get(&papers).text();
    assert!(page.contains("value=\"31\"") && page.contains("value=\"report\" selected"), "{page}");
    let wrong = form(&parent, &papers, &with("send"), &[]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["The date of report.pdf must be a real date", "Choose what letter.jpg is", "#paper-1-on-day"] {
        assert!(wrong.text().contains(said), "{said}: {}", wrong.text());
    }
    let future = [("paper-1", ids[0].as_str()), ("paper-1-kind", "report"), ("paper-1-on", "2027-01-01")];
    let future = [future.as_slice(), &[("paper-2", &ids[1]), ("paper-2-kind", "letter"), ("then", "send")]].concat();
    let refused = form(&parent, &papers, &future, &[]);
    // A whole date in one field is what programs send; a form has three boxes.
    assert_ne!(refused.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        world.load(world.area, case).on_file.papers.len(),
        2 * usize::from(refused.status == StatusCode::SEE_OTHER)
    );
}

pub fn papers_are_sent_once_and_read_by_those_they_are_for(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    let other = world.child("Ella Marsh", Stop::Asked);
    let parent = world.browser("parent@");
    let papers = format!("/family/{case}/papers");
    form(&parent, &papers, &[("then", "add")], &[("report.pdf", &pdf(9_000, 1)), ("letter.jpg", PHOTO)]);
    let ids = listed(&parent.get(&papers).text());
    let fields = [
        ("paper-1", ids[0].as_str()),
        ("paper-1-kind", "report"),
        ("paper-1-on-day", "2"),
        ("paper-1-on-month", "November"),
        ("paper-1-on-year", "2026"),
        ("paper-2", ids[1].as_str()),
        ("paper-2-kind", "letter"),
        ("then", "send"),
    ];
    let before = messages(&world).len();
    let first = form(&parent, &papers, &fields, &[]);
    let second = form(&parent, &papers, &fields, &[]);
    assert_eq!(first.location(), second.location(), "sent twice, one receipt: {}", second.text());
    assert_eq!(first.location(), format!("{papers}/2026-00001"));
    let receipt = parent.get(first.location()).text();
    for said in [
        "2026-00001",
        "Monday 23 November 2026</strong>, at 10:00am",
        "report.pdf",
        "of Monday 2 November 2026",
        "A report by a professional",
    ] {
        assert!(receipt.contains(said), "{said}: {receipt}");
    }
    assert_eq!(world.load(world.area, case).on_file.papers.len(), 2);
    let told = &messages(&world)[before..];
    assert_eq!(told, [("dev@alderbourne.example".to_owned(), "New papers".to_owned())]);

    // The family and staff read them; a picture is shown, a PDF is saved.
    let officer = world.browser("dev@");
    let page = officer.get(&format!("/children/{case}")).text();
    assert!(page.contains("letter.jpg") && page.contains("The family added 2 papers, receipt 2026-00001"), "{page}");
    for (browser, root) in [(&parent, format!("/family/{case}")), (&officer, format!("/children/{case}"))] {
        let about = browser.get(&format!("{root}/documents/{}/about", ids[1]));
        assert_eq!(about.status, StatusCode::OK, "{}", about.text());
        assert!(about.text().contains(&format!("<img class=\"app-paper\" src=\"{root}/documents/{}\"", ids[1])));
        assert_eq!(Page::read(&about.text()).faults(), Vec::<String>::new());
        let picture = browser.get(&format!("{root}/documents/{}", ids[1]));
        assert_eq!((picture.status, picture.bytes.as_slice()), (StatusCode::OK, PHOTO));
        let policy = picture.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
        assert_eq!(picture.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let about = browser.get(&format!("{root}/documents/{}/about", ids[0])).text();
        assert!(about.contains("Save it on this device") && !about.contains("<img"), "{about}");
    }
    assert!(parent.get(&format!("/family/{case}")).text().contains("Add papers"));

    // What staff add is theirs; somebody else's child's papers are not there.
    let own = add(&officer, &format!("/children/{case}"), "note.txt", b"Rang the school.");
    assert!(!parent.get(&format!("/family/{case}")).text().contains("note.txt"));
    for page in ["", "/about"] {
        let answer = parent.get(&format!("/family/{case}/documents/{own}{page}"));
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
    }
    assert_eq!(officer.get(&format!("/children/{other}/documents/{own}/about")).status, StatusCode::NOT_FOUND);
    assert_eq!(parent.get(&format!("/children/{case}/papers/2026-00002")).status, StatusCode::NOT_FOUND);
    let report = verify(&world.app.db).expect("the journal can be read");
    assert!(report.is_whole(), "{:?}", report.faults);
}

pub fn who_may_add_papers_is_who_the_table_says(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    for role in Role::iter() {
        let browser = world.browser(&format!("{role}@"));
        let root = match role {
            Role::Parent | Role::YoungPerson => format!("/family/{case}"),
            _ => format!("/children/{case}"),
        };
        let person = world.person(&format!("{role}@")).clone();
        let relations = world.load(world.area, case).relations();
        let resource = casework::access::Resource::Case(&relations);
        let may = casework::access::may(&person.actor, casework::access::Action::AddPapers, &resource).is_allowed();
        let page = browser.get(&format!("{root}/papers"));
        assert_eq!(page.status.is_success(), may, "{role}: {}", page.status);
        let sent = form(&browser, &format!("{root}/papers"), &[("then", "add")], &[("letter.jpg", PHOTO)]);
        assert_eq!(sent.status == StatusCode::SEE_OTHER, may, "{role}: {}", sent.status);
        let made = crate::uploads::create(&browser, &format!("{root}/papers/uploads"), "a.pdf", 9);
        assert_eq!(made.status == StatusCode::CREATED, may, "{role}: {}", made.status);
    }
}

fn copy_fields(purpose: &'static str) -> [(&'static str, &'static str); 3] {
    [("purpose", purpose), ("why", "The address of a witness"), ("third-parties", "A neighbour")]
}

pub fn a_redacted_copy_is_kept_apart_and_offered_first(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    let officer = world.browser("dev@");
    let parent = world.browser("parent@");
    let root = format!("/children/{case}");
    let report = pdf(9_000, 1);
    let paper = add(&officer, &root, "report.pdf", &report);
    let redact = format!("{root}/documents/{paper}/redact");
    assert_eq!(parent.get(&redact).status, StatusCode::FORBIDDEN);
    assert_eq!(world.browser("setting@").get(&redact).status, StatusCode::FORBIDDEN);

    // What is missing is said, and what was typed is there again; so is the file.
    let missing = form(&officer, &redact, &[("why", "A witness’s address")], &[("redacted.pdf", &pdf(8_000, 2))]);
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["Choose what the copy is for", "A witness’s address", "redacted.pdf</strong> has arrived"] {
        assert!(missing.text().contains(said), "{said}: {}", missing.text());
    }
    assert_eq!(Page::read(&missing.text()).faults(), Vec::<String>::new());
    for (name, bytes, said) in [
        ("report.pdf", &report[..], "nothing has been taken out of it"),
        ("notes.txt", b"words", "notes.txt cannot be a redacted copy"),
        ("tool.exe", b"MZ", "tool.exe cannot be taken"),
    ] {
        let refused = form(&officer, &redact, &copy_fields("school"), &[(name, bytes)]);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text().contains(said), "{said}: {}", refused.text());
    }
    assert_eq!(world.load(world.area, case).on_file.copies.len(), 0);

    let made = form(&officer, &redact, &copy_fields("family"), &[("redacted.pdf", &pdf(8_000, 3))]);
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let again = form(&officer, &redact, &copy_fields("family"), &[]);
    assert_eq!(again.location(), made.location(), "pressed twice, one copy: {}", again.text());
    let copy = made.location().split('/').nth(4).expect("an id").to_owned();
    let page = officer.get(made.location()).text();
    for said in
        ["This is a redacted copy", "report.pdf", "The address of a witness", "A neighbour", "For the family to read"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let original = officer.get(&format!("{root}/documents/{paper}/about")).text();
    assert!(original.contains("Send the copy that was made for the purpose"), "{original}");
    assert_eq!(officer.get(&format!("{root}/documents/{paper}")).bytes, report, "the paper is as it was");
    let of_copy = officer.get(&format!("{root}/documents/{copy}/redact"));
    assert_eq!(of_copy.status, StatusCode::OK);

    // The family reads the copy that was made for it, and neither the paper nor what was taken out.
    let theirs = parent.get(&format!("/family/{case}/documents/{copy}/about"));
    assert_eq!(theirs.status, StatusCode::OK);
    assert!(!theirs.text().contains("neighbour") && !theirs.text().contains("witness"), "{}", theirs.text());
    assert_eq!(parent.get(&format!("/family/{case}/documents/{copy}")).bytes, pdf(8_000, 3));
    assert_eq!(parent.get(&format!("/family/{case}/documents/{paper}")).status, StatusCode::NOT_FOUND);

    // In parts, with a script: the form follows without a file.
    let sent = upload(&officer, &format!("{redact}/uploads"), "second.pdf", &pdf(7_000, 4));
    assert_eq!(sent.status, StatusCode::NO_CONTENT, "{}", sent.text());
    let second = form(&officer, &redact, &copy_fields("school"), &[]);
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text());
    assert!(
        !parent.get(&format!("/family/{case}")).text().contains(second.location().split('/').nth(4).expect("an id"))
    );
    let case_now = world.load(world.area, case);
    assert_eq!(case_now.on_file.copies.len(), 2);
    assert_eq!(case_now.on_file.copies[0].on, TODAY);
}

/// For the tests of virus checks.
pub fn about(browser: &Browser<'_>, root: &str, case: CaseId, paper: &str) -> String {
    browser.get(&format!("/{root}/{case}/documents/{paper}/about")).text()
}

/// A PDF of two pages, as somebody's program makes it.
fn two_pages() -> Vec<u8> {
    use documents::model::{Block, Document};
    let document = Document {
        title: "A report".into(),
        language: "en-GB".into(),
        subject: "A report".into(),
        author: "Somebody".into(),
        letterhead: None,
        draft_watermark_text: None,
        blocks: vec![Block::text("Seen twice at school."), Block::PageBreak, Block::text("Therapy twice a week.")],
    };
    let printing = documents::typeset::Printing::at(TODAY.at(10, 0, 0, 0));
    documents::typeset::pdf(&document, &printing).expect("it is typeset")
}

pub fn a_pdf_is_read_page_by_page_by_those_it_is_for(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    let other = world.child("Ella Marsh", Stop::Asked);
    let parent = world.browser("parent@");
    let root = format!("/family/{case}");
    let report = add(&parent, &root, "report.pdf", &two_pages());
    let (photo, broken) = (add(&parent, &root, "letter.jpg", PHOTO), add(&parent, &root, "broken.pdf", &pdf(9_000, 1)));
    let page = |document: &str, number: &str| format!("/documents/{document}/pages/{number}");
    let officer = world.browser("officer@");
    let mine = |path: &str| parent.get(&format!("{root}{path}"));
    let theirs = |path: &str| officer.get(&format!("/children/{case}{path}"));
    for read in [mine(&page(&report, "2")), theirs(&page(&report, "2"))] {
        let text = read.text();
        assert_eq!(read.status, StatusCode::OK, "{text}");
        for said in ["Page 2 of 2", "Therapy twice a week.", "This is the last page.", "Previous page"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(!text.contains("Seen twice at school."), "only the words of this page");
        assert_eq!(Page::read(&text).faults(), Vec::<String>::new());
    }
    let drawn = theirs(&format!("{}/picture", page(&report, "1")));
    assert_eq!(drawn.header(header::CONTENT_TYPE), "image/png");
    assert!(drawn.bytes.starts_with(b"\x89PNG") && drawn.bytes.len() > 1000);
    assert!(theirs(&format!("/documents/{report}/about")).text().contains("Read it here, page by page"));
    // There is no third page, no page of a photo, and what is broken says so.
    for path in [page(&report, "3"), page(&report, "0"), page(&photo, "1"), page(&report, "9999999999999999999999")] {
        assert!(theirs(&path).status.is_client_error(), "{path}");
    }
    assert!(
        theirs(&page(&broken, "1")).text().contains("It cannot be shown here"),
        "{}",
        theirs(&page(&broken, "1")).text()
    );
    // Whoever may not open the paper sees none of its pages.
    assert_eq!(officer.get(&format!("/children/{other}{}", page(&report, "1"))).status, StatusCode::NOT_FOUND);
    for role in ["commissioner@", "administrator@", "young_person@"] {
        let answer = world.browser(role).get(&format!("/children/{case}{}/picture", page(&report, "1")));
        assert!(answer.status.is_client_error(), "{role}");
    }
}

/// What the pages say of papers, programs read.
pub fn programs_read_papers_and_receipts(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    let id = add(&world.browser("parent@"), &format!("/family/{case}"), "letter.jpg", PHOTO);
    let program = world.program("manager@");
    let here = format!("/api/v1/children/{case}");
    let papers = program.get(&format!("{here}/papers")).json();
    assert_eq!(papers.as_array().map(Vec::len), Some(1), "{papers}");
    let paper = &papers[0];
    assert_eq!(
        (&paper["id"], &paper["kind"], &paper["from"]),
        (&id.clone().into(), &"letter".into(), &"family".into())
    );
    let number = paper["receipt"].as_str().expect("it has one");
    let receipt = program.get(&format!("{here}/papers/{number}")).json();
    assert_eq!((&receipt["number"], &receipt["papers"][0]), (&number.into(), paper), "{receipt}");
    assert!(receipt["recorded_at"].is_string(), "{receipt}");
    let about = program.get(&format!("{here}/documents/{id}/about")).json();
    assert_eq!(about["title"], "letter.jpg");
    assert!(about["facts"].to_string().contains(paper["fingerprint"].as_str().expect("it has one")), "{about}");
    // Somebody of another area knows nothing of it.
    let foreign = world.program("officer@brackenford");
    for path in ["/papers".to_owned(), format!("/papers/{number}"), format!("/documents/{id}/about")] {
        assert_eq!(foreign.get(&format!("{here}{path}")).code(), "not_found", "{path}");
    }
}
