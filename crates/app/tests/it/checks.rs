//! Where a virus checker is set, nobody opens a file before it was checked, and nobody ever opens one
//! that is unsafe. The checker is played here, with its own protocol, and everything that it may do.

use crate::given::Stop;
use crate::papers::{about, add};
use crate::uploads::{form, pdf, with_family};
use crate::visits::recordings_of;
use crate::world::{TODAY, World, body_of};
use app::App;
use app::config::Settings;
use app::ports::ClamAv;
use app::queue::{run_all_due, run_next};
use app::uploads::check_earlier;
use axum::http::StatusCode;
use casework::access::Role;
use casework::advice::AdviceKind;
use casework::{Command, people};
use db::testing::TestDatabase;
use jiff::SignedDuration;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What the checker does with the next file.
#[derive(Debug, Clone, Copy)]
enum Does {
    Says(&'static [u8]),
    /// A piece of its answer at a time.
    SaysSlowly(&'static [u8]),
    HangsUp,
    /// It takes this many bytes, says that it is too much, and closes.
    Limit(usize),
}

const FOUND: Does = Does::Says(b"stream: Win.Test.EICAR_HDB-1 FOUND\0");

/// A checker that does one thing after the other, and remembers what it was sent.
struct Checker {
    address: ClamAv,
    does: Arc<Mutex<VecDeque<Does>>>,
    seen: Arc<Mutex<Vec<usize>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Checker {
    fn start() -> Checker {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime starts");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port is free");
        let address = ClamAv::Tcp(listener.local_addr().expect("it has one").to_string());
        let does: Arc<Mutex<VecDeque<Does>>> = Arc::default();
        let seen: Arc<Mutex<Vec<usize>>> = Arc::default();
        let (next, noted) = (does.clone(), seen.clone());
        runtime.spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let does = next.lock().expect("nobody panics").pop_front().unwrap_or(Does::HangsUp);
                let mut command = [0; 10];
                if line.read_exact(&mut command).await.is_err() || &command != b"zINSTREAM\0" {
                    continue;
                }
                let (mut taken, limit) = (0, if let Does::Limit(limit) = does { limit } else { usize::MAX });
                while let Ok(size) = line.read_u32().await {
                    let mut piece = vec![0; size as usize];
                    if size == 0 || line.read_exact(&mut piece).await.is_err() || taken > limit {
                        break;
                    }
                    taken += piece.len();
                }
                noted.lock().expect("nobody panics").push(taken);
                let _ = match does {
                    Does::Says(words) => line.write_all(words).await,
                    Does::SaysSlowly(words) => {
                        for byte in words {
                            let _ = line.write_all(&[*byte]).await;
                            tokio::task::yield_now().await;
                        }
                        Ok(())
                    }
                    Does::HangsUp => Ok(()),
                    Does::Limit(_) => line.write_all(b"INSTREAM size limit exceeded. ERROR\0").await,
                };
            }
        });
        Checker { address, does, seen, _runtime: runtime }
    }

    fn then(&self, does: Does) {
        self.does.lock().expect("nobody panics").push_back(does);
    }
}

pub fn a_file_is_held_until_it_was_checked(db: &TestDatabase) {
    let checker = Checker::start();
    let mut world = World::with_clamav(db, checker.address.clone());
    let case = with_family(&mut world);
    run_all_due(&world.app).expect("the queue can be read");
    let (parent, officer) = (world.browser("parent@"), world.browser("dev@"));
    let report = pdf(500_000, 1);
    let paper = add(&parent, &format!("/family/{case}"), "report.pdf", &report);
    let held = |what: &str| {
        for (browser, root) in [(&parent, "family"), (&officer, "children")] {
            let file = browser.get(&format!("/{root}/{case}/documents/{paper}"));
            assert_eq!(file.status, StatusCode::LOCKED, "{what}");
            assert!(file.text().contains("This file is being checked"), "{}", file.text());
            let page = about(browser, root, case, &paper);
            assert!(page.contains("Being checked for viruses") && !page.contains("Save it on"), "{page}");
        }
        assert!(officer.get(&format!("/children/{case}")).text().contains("Being checked for viruses"));
    };
    held("before");
    // Whatever the checker does that is not a clear yes: the file stays held, and is tried again later.
    for (what, does) in [
        ("it hangs up", Does::HangsUp),
        ("it has a fault", Does::Says(b"lstat() failed: No such file. ERROR\0")),
        ("the file is too long for it", Does::Limit(100_000)),
        ("it says nothing that is understood", Does::Says(b"stream: OK but not really\0")),
    ] {
        checker.then(does);
        assert!(run_next(&world.app).expect("the queue can be read"), "{what}: it is tried");
        while run_next(&world.app).expect("the queue can be read") {}
        held(what);
        world.clock.advance(SignedDuration::from_mins(20));
    }
    checker.then(Does::SaysSlowly(b"stream: OK\0"));
    run_all_due(&world.app).expect("the queue can be read");
    assert_eq!(checker.seen.lock().expect("nobody panics").last(), Some(&report.len()), "it was sent all of it");
    for (browser, root) in [(&parent, "family"), (&officer, "children")] {
        assert_eq!(browser.get(&format!("/{root}/{case}/documents/{paper}")).bytes, report);
    }
    // The same bytes again are known already.
    let seen = checker.seen.lock().expect("nobody panics").len();
    let again = add(&officer, &format!("/children/{case}"), "again.pdf", &report);
    assert_eq!(officer.get(&format!("/children/{case}/documents/{again}")).status, StatusCode::OK);
    assert_eq!(checker.seen.lock().expect("nobody panics").len(), seen);
}

pub fn what_is_unsafe_is_never_opened_and_everyone_is_told(db: &TestDatabase) {
    let checker = Checker::start();
    let mut world = World::with_clamav(db, checker.address.clone());
    let case = with_family(&mut world);
    run_all_due(&world.app).expect("the queue can be read");
    let (parent, officer) = (world.browser("parent@"), world.browser("dev@"));
    let bad = pdf(9_000, 1);
    let paper = add(&parent, &format!("/family/{case}"), "bad.pdf", &bad);
    checker.then(FOUND);
    run_all_due(&world.app).expect("the queue can be read");
    for (browser, root) in [(&parent, "family"), (&officer, "children")] {
        let file = browser.get(&format!("/{root}/{case}/documents/{paper}"));
        assert_eq!(file.status, StatusCode::LOCKED);
        assert!(file.text().contains("This file is unsafe"), "{}", file.text());
        assert!(about(browser, root, case, &paper).contains("Unsafe, cannot be opened"));
    }
    let history = officer.get(&format!("/children/{case}")).text();
    assert!(history.contains("A virus check found a file of this record unsafe"), "{history}");
    let told = |subject: &str| -> Vec<String> {
        world
            .app
            .db
            .read("test.told", |tx| -> Result<_, app::Error> {
                let sql = "SELECT recipient FROM messages WHERE subject = $1 ORDER BY recipient";
                tx.query(sql, &[subject.into()])?.iter().map(|row| Ok(row.get(0)?)).collect()
            })
            .expect("the database answers")
    };
    let subject = "A file is unsafe and cannot be opened";
    assert_eq!(told(subject), ["dev@alderbourne.example", "parent@alderbourne.example"]);

    // Sent again by somebody else, it is known: that record says so too, and nothing is scanned.
    let seen = checker.seen.lock().expect("nobody panics").len();
    let again = add(&officer, &format!("/children/{case}"), "again.pdf", &bad);
    run_all_due(&world.app).expect("the queue can be read");
    assert_eq!(officer.get(&format!("/children/{case}/documents/{again}")).status, StatusCode::LOCKED);
    assert_eq!(world.load(world.area, case).on_file.found_unsafe.len(), 2);
    assert_eq!(checker.seen.lock().expect("nobody panics").len(), seen);
    assert_eq!(world.load(world.area, case).on_file.papers.len(), 2, "nothing was deleted");

    let page = world.browser("administrator@").get("/files");
    assert_eq!(page.status, StatusCode::OK);
    for said in ["Files are checked for viruses", "1 unsafe"] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    assert_eq!(officer.get("/files").status, StatusCode::FORBIDDEN);
}

pub fn of_an_unsafe_recording_only_its_writer_hears(db: &TestDatabase) {
    let checker = Checker::start();
    let mut world = World::with_clamav(db, checker.address.clone());
    let psychology = body_of(AdviceKind::Psychological);
    world.add_person("ep@alderbourne.example", world.area, 972, Role::Adviser, None, Some(psychology));
    let child = world.child("Idris Cole", Stop::Asked);
    let user = world.person("parent@").actor.user;
    let let_in = Command::People(people::Command::LetFamilyIn { user });
    world.give(child, world.area, (TODAY, let_in), "").expect("the law allows it");
    run_all_due(&world.app).expect("the queue can be read");
    let (ep, page) = (world.browser("ep@"), recordings_of(&world, child));
    assert_eq!(form(&ep, &page, &[], &[("task.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF a task")]).location(), page);
    assert!(!ep.get(&page).text().contains("<img"), "held until it is checked");
    checker.then(FOUND);
    run_all_due(&world.app).expect("the queue can be read");
    let told = |tx: &mut dyn db::Tx| -> Result<Vec<String>, app::Error> {
        let rows = tx.query("SELECT recipient FROM messages WHERE kind = 'file_unsafe' ORDER BY recipient", &[])?;
        rows.iter().map(|row| Ok(row.get(0)?)).collect()
    };
    assert_eq!(world.app.db.read("test.told", told).expect("read"), ["ep@alderbourne.example"]);
    let case = world.load(world.area, child);
    assert!(case.on_file.found_unsafe.is_empty(), "the record says nothing of it");
    let kept = case.recordings[0].document;
    assert_eq!(ep.get(&format!("{page}/{kept}")).status, StatusCode::LOCKED);
}

pub fn without_a_checker_files_can_be_read_and_the_page_says_so(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = with_family(&mut world);
    let parent = world.browser("parent@");
    let paper = add(&parent, &format!("/family/{case}"), "report.pdf", &pdf(9_000, 1));
    assert_eq!(parent.get(&format!("/family/{case}/documents/{paper}")).status, StatusCode::OK);
    let page = world.browser("administrator@").get("/files").text();
    for said in ["No virus checker is set", "1 that came unchecked"] {
        assert!(page.contains(said), "{said}: {page}");
    }

    // A checker is set later: what came before is checked, and can be opened until something is found.
    let checker = Checker::start();
    let settings = Settings { clamav: Some(checker.address.clone()), ..Settings::clone(&world.app.settings) };
    let app = App { settings: Arc::new(settings), ..world.app.clone() };
    run_all_due(&app).expect("the queue can be read");
    for _ in 0..2 {
        check_earlier(&app).expect("it is asked for");
    }
    assert_eq!(parent.get(&format!("/family/{case}/documents/{paper}")).status, StatusCode::OK);
    checker.then(FOUND);
    run_all_due(&app).expect("the queue can be read");
    assert_eq!(checker.seen.lock().expect("nobody panics").len(), 1, "once");
    assert_eq!(parent.get(&format!("/family/{case}/documents/{paper}")).status, StatusCode::LOCKED);
}
