//! Calls, emails and letters: noted once, promises kept or seen to be late, two of one thing joined.

use crate::given::{Stop, id};
use crate::world::{Browser, World};
use axum::body::Body;
use axum::http::{StatusCode, header};
use casework::people::{self, Contact, Relation};
use casework::{CaseId, Command};
use db::testing::TestDatabase;

const PDF: &[u8] = b"%PDF-1.7\nan invented letter\n%%EOF";

fn note(browser: &Browser<'_>, to: &str, contact: u128, channel: &str, on: &str, words: &str) {
    let contact = uuid::Uuid::from_u128(contact).to_string();
    let fields = [
        ("contact", contact.as_str()),
        ("channel", channel),
        ("came-on", on),
        ("sender", "Amara Okafor"),
        ("note", words),
    ];
    // Sent twice, it is one.
    for _ in 0..2 {
        let noted = browser.submit(to, &fields);
        assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text());
    }
}

pub fn noted_promised_joined_and_parted(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Received);
    let front = world.browser("front_door@");
    let page = format!("/children/{case}/contacts");
    let long = "x".repeat(301);
    // Everything that is wrong is said at once, and what was typed comes back.
    let wrong = front.submit(
        &page,
        &[("came-on", "2027-01-01"), ("note", long.as_str()), ("promise", "ring back"), ("sender", "Amara")],
    );
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "Select how they got in touch",
        "must be today or in the past",
        "300 characters or fewer",
        "Enter the day by which",
        "value=\"Amara\"",
    ] {
        assert!(wrong.text().contains(said), "{said}");
    }
    for (channel, on) in [("online", "2026-11-20"), ("imported", "2026-11-20"), ("telephone", "2999-01-01")] {
        let refused = front.submit(&page, &[("channel", channel), ("came-on", on), ("sender", "A"), ("note", "B")]);
        assert!(refused.status.is_client_error(), "{channel} {on}: {}", refused.status);
    }
    note(&front, &page, 1, "email", "2026-11-20", "Asks about the visit.");
    note(&front, &page, 2, "telephone", "2026-11-23", "Rang about the visit.");
    note(&front, &page, 3, "telephone", "2026-10-01", "Something else.");
    let promised = [
        ("channel", "telephone"),
        ("came-on", "2026-11-23"),
        ("sender", "Amara"),
        ("note", "Rang again."),
        ("promise", "Ring back"),
        ("promised-on", "2026-11-24"),
    ];
    assert_eq!(front.submit(&page, &promised).status, StatusCode::SEE_OTHER);
    assert_eq!(world.load(world.area, case).enquiries.len(), 4);
    let child = front.get(&format!("/children/{case}")).text();
    assert!(child.contains("Do what was promised") && child.contains("Rang again."), "{child}");

    // The email and the call are offered as one; joined, they are one; taken apart, two.
    let [email, call] = [1, 2].map(uuid::Uuid::from_u128);
    let listed = front.get(&page).text();
    assert!(listed.contains("Is this about the same thing as the email of 20 November 2026?"), "{listed}");
    assert!(!listed.contains("1 October 2026?"), "what came weeks before is not offered");
    for _ in 0..2 {
        assert_eq!(front.submit(&format!("{page}/{email}/join/{call}"), &[]).status, StatusCode::SEE_OTHER);
    }
    let listed = front.get(&page).text();
    assert!(listed.contains("About the same thing:") && listed.contains(&format!("{page}/{email}/part")), "{listed}");
    for _ in 0..2 {
        assert_eq!(front.submit(&format!("{page}/{email}/part"), &[]).status, StatusCode::SEE_OTHER);
    }
    assert!(!front.get(&page).text().contains("About the same thing:"));
    let nobody = uuid::Uuid::from_u128(99);
    assert_eq!(front.submit(&format!("{page}/{nobody}/join/{call}"), &[]).status, StatusCode::UNPROCESSABLE_ENTITY);

    // A promise is late the day after; done, the task is gone.
    world.tomorrow(2);
    let front = world.browser("front_door@");
    assert!(front.get(&page).text().contains("Late. It was promised by Tuesday 24 November 2026"));
    let open = world
        .load(world.area, case)
        .enquiries
        .iter()
        .find(|one| one.is_promised())
        .map(|one| one.id)
        .expect("one is open");
    for _ in 0..2 {
        assert_eq!(front.submit(&format!("{page}/{open}/kept"), &[]).status, StatusCode::SEE_OTHER);
    }
    assert!(front.get(&page).text().contains("Done on 25 November 2026. It was promised by 24 November 2026"));
    assert!(!front.get(&format!("/children/{case}")).text().contains("Do what was promised"));
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn a_contact_goes_where_it_is_answered(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Received);
    let front = world.browser("front_door@");
    let page = format!("/children/{case}/contacts");
    for (number, words) in [(1, "Asks where it stands."), (2, "The therapist has not come."), (3, "Rang about school.")]
    {
        note(&front, &page, number, "telephone", "2026-11-23", words);
    }
    let [progress, therapy, school] = [1, 2, 3].map(|number| format!("{page}/{}", uuid::Uuid::from_u128(number)));
    assert!(front.get(&page).text().contains("Where does it go?"));
    // What is suggested, and why.
    let asked = front.get(&format!("{progress}/route?about=progress")).text();
    assert!(asked.contains("Suggested: Answer it now") && asked.contains("says where it stands"), "{asked}");
    let health = front.get(&format!("{therapy}/route?about=health")).text();
    assert!(health.contains("Suggested: The designated clinical officer") && health.contains("what health advises"));
    let own = front.get(&format!("{school}/route?about=school")).text();
    assert!(own.contains(", the child’s officer</h2>") || own.contains("Suggested: The managers"), "{own}");
    assert_eq!(front.get(&format!("{school}/route?about=nonsense")).status, StatusCode::OK);
    // At first touch.
    let at_once = [("about", "progress"), ("way", "at_once")];
    assert_eq!(front.submit(&format!("{progress}/route"), &at_once).location(), format!("{page}#noted"));
    assert!(front.get(&page).text().contains("Answered at first touch by Front door"));
    // Elsewhere than suggested needs a reason; nothing typed is lost.
    let elsewhere = [("about", "health"), ("way", "disagreement")];
    let bad = front.submit(&format!("{therapy}/route"), &elsewhere);
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text().contains("Say why, because it is not what is suggested"), "{}", bad.text());
    let passed = [("about", "health"), ("way", "health"), ("why", "Six weeks without a session.")];
    assert_eq!(front.submit(&format!("{therapy}/route"), &passed).status, StatusCode::SEE_OTHER);
    let read = |tx: &mut dyn db::Tx| -> Result<Vec<String>, app::Error> {
        let rows = tx.query("SELECT recipient FROM messages WHERE kind = 'contact_passed'", &[])?;
        rows.iter().map(|row| Ok(row.get(0)?)).collect()
    };
    app::queue::run_all_due(&world.app).expect("the queue can be read");
    let told = world.app.db.read("test.told", read).expect("read");
    assert_eq!(told, ["designated_clinical_officer@alderbourne.example"]);
    // Sent twice, it is passed once; joined to a later call that nobody has seen to, it still waits.
    assert_eq!(front.submit(&format!("{therapy}/route"), &passed).status, StatusCode::SEE_OTHER);
    let count = |world: &World| world.load(world.area, case).enquiries[1].passed.len();
    assert_eq!(count(&world), 1);
    let [_, second, third] = [1, 2, 3].map(uuid::Uuid::from_u128);
    assert_eq!(front.submit(&format!("{page}/{second}/join/{third}"), &[]).status, StatusCode::SEE_OTHER);
    // Who has it, and nobody else.
    let clinical = world.browser("designated_clinical_officer@");
    let list = clinical.get("/passed").text();
    for said in
        ["Sami Okafor", "The therapist has not come.", "Six weeks without a session.", "Monday 30 November 2026"]
    {
        assert!(list.contains(said), "{said}: {list}");
    }
    assert!(!list.contains("Rang about school."), "{list}");
    assert_eq!(clinical.get(&page).status, StatusCode::FORBIDDEN, "nor the other contacts");
    let care = world.browser("designated_social_care_officer@");
    assert!(care.get("/passed").text().contains("Nothing waits for you"));
    let [_, second, third] = [1, 2, 3].map(|number| format!("/passed/{case}/{}", uuid::Uuid::from_u128(number)));
    assert_eq!(care.submit(&second, &[("answer", "x")]).status, StatusCode::NOT_FOUND);
    assert_eq!(clinical.submit(&third, &[("answer", "x")]).status, StatusCode::NOT_FOUND);
    assert_eq!(world.browser("adviser@").get("/passed").status, StatusCode::FORBIDDEN);
    let bad = clinical.submit(&second, &[]);
    assert!(bad.text().contains("Say in a line what was answered"), "{}", bad.text());
    assert_eq!(clinical.submit(&second, &[("answer", "Sessions begin on Tuesday.")]).location(), "/passed");
    assert!(clinical.get("/passed").text().contains("Nothing waits for you"));
    let twice = clinical.submit(&second, &[("answer", "Again.")]);
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(front.get(&page).text().contains("Sessions begin on Tuesday."));
    // What was counted.
    let figures = front.get("/contacts").text();
    assert!(
        figures.contains("Of 2 contacts of the last 12 weeks that were seen to, 1 (50%) was answered by"),
        "{figures}"
    );
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

pub fn a_caller_is_found(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Received);
    world.child("Maya Turner", Stop::Received);
    let mother = Contact {
        id: id(11),
        relation: Relation::Mother,
        name: "Amara Nwosu".into(),
        organisation: None,
        email: None,
        telephone: None,
        address: None,
        receives_notices: true,
    };
    let who = world.who(world.person("dev@"), crate::world::TODAY);
    world.write(|tx| {
        let commands =
            vec![Command::People(people::Command::AddContact { person: mother.id, relation: mother.relation })];
        let papers = app::journal::Papers { contacts: vec![mother.clone()], ..Default::default() };
        let act = app::journal::Act { action: casework::access::Action::CorrectDetails, seen: None, commands, papers };
        app::journal::act(tx, &who, case, act).map(|_| ())
    });
    let front = world.browser("front_door@");
    note(&front, &format!("/children/{case}/contacts"), 1, "email", "2026-11-20", "Asks about the visit.");
    for words in ["Amara+Nwosu", "Amarah", "Sami+Nwosu", "Okafer"] {
        let found = front.get(&format!("/contacts?q={words}")).text();
        for said in [
            "Sami Okafor",
            "Amara Nwosu, mother",
            "Last contact: Email, Friday 20 November 2026",
            "Asks about the visit.",
        ] {
            assert!(found.contains(said), "{words}, {said}: {found}");
        }
        assert!(!found.contains("Maya"), "{words}");
    }
    assert!(front.get("/contacts?q=Zebedee").text().contains("Nobody on record sounds like"));
    assert!(
        !front.get("/children?q=Nwosu").text().contains("Sami Okafor"),
        "a child is searched for by the child's own names"
    );

    // What came before its child was known is given to it, once.
    note(&front, "/contacts/loose", 5, "telephone", "2026-11-23", "About a boy at Hollin Bank.");
    let loose = uuid::Uuid::from_u128(5);
    assert!(front.get("/contacts").text().contains("About a boy at Hollin Bank."));
    let placing = front.get(&format!("/contacts?q=Okafor&place={loose}")).text();
    assert!(placing.contains("It is about this child"), "{placing}");
    for _ in 0..2 {
        let placed = front.submit(&format!("/contacts/loose/{loose}/{case}"), &[]);
        assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text());
    }
    assert!(front.get("/contacts").text().contains("Nothing is waiting."));
    assert_eq!(world.load(world.area, case).enquiries.len(), 2);
    // Nobody else's area has it, and no role without this work.
    assert_eq!(world.browser("auditor@").get("/contacts").status, StatusCode::FORBIDDEN);
    assert!(!world.browser("officer@brackenford").get("/contacts?q=Okafor").text().contains("Sami"));
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}

fn send_letter(
    browser: &Browser<'_>,
    case: CaseId,
    csrf: &str,
    fields: &[(&str, &str)],
    file: Option<&[u8]>,
) -> crate::world::Answer {
    let mut body = Vec::new();
    let mut part = |head: String, value: &[u8]| {
        body.extend_from_slice(format!("--line\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    };
    part("name=\"csrf\"".into(), csrf.as_bytes());
    for (name, value) in fields {
        part(format!("name=\"{name}\""), value.as_bytes());
    }
    part("name=\"file\"; filename=\"scan.pdf\"".into(), file.unwrap_or_default());
    body.extend_from_slice(b"--line--\r\n");
    let request = browser
        .request("POST", &format!("/children/{case}/contacts/letter"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=line")
        .body(Body::from(body))
        .expect("the address is one");
    browser.send(request)
}

pub fn a_letter_goes_straight_to_the_record(db: &TestDatabase) {
    let mut world = World::new(db);
    let case = world.child("Sami Okafor", Stop::Received);
    let front = world.browser("front_door@");
    let contact = uuid::Uuid::from_u128(7).to_string();
    let fields = [
        ("contact", contact.as_str()),
        ("sender", "Amara Okafor"),
        ("note", "A report of the speech therapist."),
        ("came-on", "2026-11-23"),
    ];
    let csrf = front.csrf();
    for (fields, file, said) in [
        (&fields[..], None, "Select the scan of the letter"),
        (&fields[..], Some(&b"MZ a program"[..]), "scan.pdf cannot be taken"),
        (&fields[..2], Some(PDF), "Enter in one line what it was about"),
    ] {
        let refused = send_letter(&front, case, &csrf, fields, file);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
        assert!(refused.text().contains(said) && refused.text().contains("value=\"Amara Okafor\""), "{said}");
    }
    assert_eq!(send_letter(&front, case, "forged", &fields, Some(PDF)).status, StatusCode::FORBIDDEN);
    assert_eq!(world.load(world.area, case).enquiries.len(), 0);
    let waiting = std::fs::read_dir(world.folder.join("files").join("arriving")).map(Iterator::count).unwrap_or(0);
    assert_eq!(waiting, 0, "nothing of what was refused is kept");
    let mut receipts = vec![];
    for _ in 0..2 {
        let sent = send_letter(&front, case, &csrf, &fields, Some(PDF));
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        receipts.push(sent.location().to_owned());
    }
    assert_eq!(receipts[0], receipts[1], "sent twice, it is one");
    let receipt = front.get(&receipts[0]).text();
    assert!(receipt.contains("Receipt 2026-00001") && !receipt.contains("Sami"), "a receipt names no child: {receipt}");
    let scanned = front.get("/contacts?code=2026-00001");
    assert_eq!(scanned.location(), format!("/children/{case}/contacts/letter"));
    let unknown = front.get("/contacts?code=2026-99999");
    assert!(unknown.text().contains("No record has this number"));
    assert!(front.get(&format!("/children/{case}")).text().contains("scan.pdf"), "the scan is among the documents");
    assert!(app::journal::verify(&world.app.db).expect("the journal can be read").is_whole());
}
