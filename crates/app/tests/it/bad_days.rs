//! What arrives broken, forged or absurd is turned away in plain words, and changes nothing.

use crate::given::Stop;
use crate::html::Page;
use crate::world::{Answer, World};
use axum::http::StatusCode;
use db::testing::TestDatabase;

fn is_plain_refusal(answer: &Answer, what: &str) {
    assert!(answer.status.is_client_error(), "{what}: {}", answer.status);
    assert!(
        answer.is_html(),
        "{what}: a page, not {:?}: {}",
        answer.header(axum::http::header::CONTENT_TYPE),
        answer.text()
    );
    assert_eq!(Page::read(&answer.text()).faults(), Vec::<String>::new(), "{what}");
}

pub fn broken_forms_are_turned_away(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Received);
    let before = world.load(world.area, case);
    let officer = world.browser("dev@");
    let other = world.browser("manager@");
    let address = format!("/children/{case}/education");
    let good = [("state", "out"), ("on", "2026-09-01"), ("version", "4")];
    let with = |csrf: &str| {
        let mut fields = vec![("csrf", csrf)];
        fields.extend(good);
        officer.post(&address, &fields)
    };
    for (what, answer) in [
        ("no token", officer.post(&address, &good)),
        ("an empty token", with("")),
        ("a forged token", with(&"0".repeat(32))),
        ("somebody else's token", with(&other.csrf())),
    ] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
        is_plain_refusal(&answer, what);
    }
    let csrf = officer.csrf();
    let raw = |body: &str| officer.post_bytes(&address, format!("csrf={csrf}&{body}").into_bytes());
    is_plain_refusal(&raw("state=out&on=2026-09-01%00"), "a NUL in a value");
    is_plain_refusal(&raw("state%00=out"), "a NUL in a name");
    is_plain_refusal(&raw(&format!("state=out&words={}", "x".repeat(2 * 1024 * 1024))), "two megabytes");
    is_plain_refusal(&raw(&"a=1&".repeat(5000)), "five thousand fields");
    is_plain_refusal(&raw("state=out&on=%ff%fe%fa"), "bytes that are no text");
    is_plain_refusal(&officer.post_bytes(&address, vec![0xff; 300]), "no form at all");
    let answer = officer.get("/children?q=%ff%fe%00");
    assert!(!answer.status.is_server_error(), "{}", answer.status);
    let wrong_method = officer.post("/today", &[]);
    assert!(wrong_method.status.is_client_error());
    assert_eq!(world.load(world.area, case), before, "nothing changed");
}

pub fn absurd_values_are_turned_away(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Asked);
    let planned = world.child("Leo Castell", Stop::InForce);
    let officer = world.browser("dev@");
    let dates = [
        "9999-12-31",
        "-9999-01-01",
        "-000001-01-01",
        "0000-00-00",
        "1900-01-01",
        "2200-12-31",
        "31 2 2026",
        "tomorrow",
        "9999999999",
        "0001-01-01",
        "'",
        "\u{feff}2026-01-01",
    ];
    let form = |case, path: &str, date: &str, more: &[(&str, &str)]| {
        let mut fields = vec![
            ("on", date),
            ("sent-on", date),
            ("from-on", date),
            ("to-on", date),
            ("received-on", date),
            ("meeting-on", date),
            ("born-on", date),
            ("asked-on", date),
            ("reached-on", date),
            ("held-on", date),
            ("decided-on", date),
        ];
        fields.extend_from_slice(more);
        let answer = officer.submit(&format!("/children/{case}{path}"), &fields);
        assert!(!answer.status.is_server_error(), "{path} with {date:?}: {}", answer.status);
    };
    for date in dates {
        for state in ["out", "back"] {
            form(case, "/education", date, &[("state", state)]);
        }
        for exception in ["school_closed", "early_years_closed", "personal_circumstances", "absent"] {
            form(
                case,
                "/exception",
                date,
                &[("kind", exception), ("exception", exception), ("why", "Because."), ("if", exception)],
            );
        }
        form(case, "/advice", date, &[("kind", "medical")]);
        form(case, "/details", date, &[("given-name", "Sami"), ("family-name", "Okafor")]);
        for step in ["arrange", "held", "decide", "report", "advice", "transfer"] {
            form(planned, "/review", date, &[("step", step), ("outcome", "M")]);
        }
        let encoded: String = form_urlencoded::byte_serialize(date.as_bytes()).collect();
        for path in [
            format!("/dates?received-on={encoded}"),
            format!("/children/{case}/what-if?if=absent&from-on={encoded}&to-on={encoded}"),
            format!("/children/{case}/what-if?if=school_closed&from-on={encoded}&to-on=9999-12-31&asked-on={encoded}"),
            format!("/children/{case}/what-if?if=decision&from-on={encoded}"),
            format!("/children/{case}/what-if?if=draft&from-on={encoded}"),
            format!("/children/{case}/what-if?if=advice_late&from-on={encoded}"),
            format!("/children/{case}/what-if?if=circumstances&from-on={encoded}"),
            format!("/children?q={encoded}"),
        ] {
            let answer = officer.get(&path);
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
        }
        // However absurd what was let in, the pages still open.
        for id in [case, planned] {
            for path in ["", "/review", "/education", "/what-if", "/advice"] {
                let answer = officer.get(&format!("/children/{id}{path}"));
                assert!(!answer.status.is_server_error(), "{path} after {date:?}: {}", answer.status);
            }
        }
        let today = officer.get("/today");
        assert_eq!(today.status, StatusCode::OK, "after {date:?}");
    }
    for id in [
        "nothing",
        "0",
        "-1",
        "%00",
        "%ff",
        "..%2f..%2fetc%2fpasswd",
        "'",
        &"9".repeat(3000),
        "00000000-0000-0000-0000-000000000000",
    ] {
        for path in ["", "/request", "/advice", "/advice/x", "/documents/x", "/why/nothing", "/officer"] {
            let answer = officer.get(&format!("/children/{id}{path}"));
            assert!(answer.status.is_client_error(), "/children/{id}{path}: {}", answer.status);
            assert!(answer.is_html(), "/children/{id}{path} answers with a page: {}", answer.text());
        }
    }
    for path in [
        format!("/children/{case}/why/no_such_rule"),
        format!("/children/{case}/why/final_plan_20w?subject=x&on=y"),
        format!("/children/{case}/documents/01900000-0000-7000-8000-000000000000"),
        format!("/children/{case}/advice/01900000-0000-7000-8000-000000000000"),
        "/requests/new?child=x".into(),
        "/assets/..%2f..%2fCargo.toml".into(),
        "/no/such/page".into(),
        "/today?page=999999999999999999999".into(),
        "/today?page=-1".into(),
    ] {
        let answer = officer.get(&path);
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
    }
    let report = app::journal::verify(&world.app.db).expect("the journal can be read");
    assert!(report.is_whole(), "{:?}", report.faults);
}

#[test]
fn when_the_database_is_gone_the_page_says_so_and_the_health_check_fails() {
    let db = db::testing::sqlite(&app::cli::migrations());
    let world = World::new(&db);
    let officer = world.browser("dev@");
    world.write(|tx| {
        tx.execute("DROP TABLE people_keys", &[])?;
        Ok(tx.execute("ALTER TABLE authorities RENAME TO gone", &[])?)
    });
    let health = world.visitor().get("/health");
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
    let page = officer.get("/children?q=Sami");
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    let text = page.text();
    assert!(text.contains("something went wrong"), "{text}");
    assert!(!text.contains("no such table"), "the page does not tell strangers about tables");
    assert_eq!(Page::read(&text).faults(), Vec::<String>::new());
}
