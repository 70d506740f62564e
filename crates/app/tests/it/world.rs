//! A small area on the journeys' Monday: people of every role, schools, teams, children at every
//! stage. Children are made by commands through the journal, never by inserting rows.

use crate::given::{self, Step, Stop, day, fixed, id, ids_from, steps, urn};
use app::access::oidc::Providers;
use app::access::{NewUser, add_user, csrf_token};
use app::admin::areas::{self, Organisation, Profile};
use app::config::{ApiLimits, Settings};
use app::journal::{Act, By, Loaded, NewVersion, Papers, Text, Who, act};
use app::ports::{Carrier, ClamAv, Clock, Files, FixedClock, KeptMail, KeptTexts, Mail, SeededIds};
use app::{App, Error};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use casework::access::{Action, Actor, Role};
use casework::advice::AdviceKind;
use casework::people::{self, Details};
use casework::{AuthorityId, BodyId, CaseId, Command, UserId, plans};
use db::Database;
use db::testing::TestDatabase;
use http_body_util::BodyExt;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use strum::IntoEnumIterator;
use tower::ServiceExt;

pub const TODAY: Date = day(2026, 11, 23);
const AREA: u128 = 0xa1;
const OTHER_AREA: u128 = 0xa2;

/// Someone who signs in.
#[derive(Debug, Clone)]
pub struct Person {
    pub email: String,
    pub actor: Actor,
}

pub struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub area: AuthorityId,
    pub other_area: AuthorityId,
    pub people: Vec<Person>,
    router: axum::Router,
    runtime: tokio::runtime::Runtime,
    pub folder: PathBuf,
    next_child: u128,
}

/// Tests ask more in a moment than a program does in a minute.
fn limitless() -> ApiLimits {
    let many = std::num::NonZeroU32::MAX;
    ApiLimits { per_token: many, per_address: many, ..ApiLimits::default() }
}

fn organisation(name: &str) -> Organisation {
    Organisation {
        name: name.into(),
        telephone: "01632 960001".into(),
        email: "hello@example.org".into(),
        website: "https://example.org".into(),
        address: "1 Example Street, Alderbourne".into(),
    }
}

fn profile() -> Profile {
    Profile {
        council: organisation("Alderbourne SEND team"),
        mediation: organisation("Alderbourne Mediation"),
        disagreement_resolution: organisation("Alderbourne Resolution"),
        advice_and_support: organisation("Alderbourne SENDIASS"),
        health_commissioner: organisation("Alderbourne ICB"),
        local_offer: "https://example.org/local-offer".into(),
    }
}

/// The team that answers for a kind of advice: the one that the given steps ask.
pub fn body_of(kind: AdviceKind) -> BodyId {
    fixed(300 + kind as u128)
}

/// Advice in lines, and the draft that its adviser was asked to look at.
pub fn shown_to_advisers(until: Stop) -> Vec<Step> {
    let ask = casework::advice::Command::AskForCheck { version: id(500) };
    given::and(given::signed_steps(until), TODAY, Command::Advice(ask))
}

const ADD_SCHOOL: &str = "INSERT INTO establishments (urn, name, authority_code, open) VALUES ($1, $2, $3, $4)";

impl World {
    /// An area with its people and schools, and no children yet.
    pub fn new(db: &TestDatabase) -> World {
        World::of(Database::clone(db), true)
    }

    pub fn of(db: Database, demo: bool) -> World {
        World::with(db, Settings { demo, api: limitless(), ..Settings::default() })
    }

    /// The same, where people may sign in with accounts that they have elsewhere.
    pub fn with_providers(db: Database, demo: bool, providers: Providers) -> World {
        let providers = Arc::new(providers);
        World::with(db, Settings { demo, providers, api: limitless(), ..Settings::default() })
    }

    /// With limits of its own for programs.
    pub fn with_limits(db: Database, api: ApiLimits) -> World {
        World::with(db, Settings { demo: true, api, ..Settings::default() })
    }

    /// The same, where files that people send are checked for viruses.
    pub fn with_clamav(db: &TestDatabase, clamav: ClamAv) -> World {
        let settings = Settings { demo: true, api: limitless(), clamav: Some(clamav), ..Settings::default() };
        World::with(Database::clone(db), settings)
    }

    /// The same, reached by https only.
    pub fn safely(db: &TestDatabase) -> World {
        let mut world = World::new(db);
        let settings = Settings { secure_cookies: true, ..Settings::clone(&world.app.settings) };
        world.app.settings = Arc::new(settings);
        world.router = app::web::router(world.app.clone());
        world
    }

    /// Changes what an installation was told at its start.
    pub fn set(&mut self, change: impl FnOnce(Settings) -> Settings) {
        self.app.settings = Arc::new(change(Settings::clone(&self.app.settings)));
        self.router = app::web::router(self.app.clone());
    }

    /// With other carriers than those that take everything.
    pub fn carried(db: &TestDatabase, mail: Arc<dyn Mail>, carrier: Arc<dyn Carrier>) -> World {
        let settings = Settings { demo: true, api: limitless(), ..Settings::default() };
        let mut world = World::with(Database::clone(db), settings);
        world.app.mail = mail;
        world.app.carrier = carrier;
        world.router = app::web::router(world.app.clone());
        world
    }

    fn with(db: Database, settings: Settings) -> World {
        let folder = std::env::temp_dir().join(format!("tellonce-app-{}-{}", std::process::id(), folder_number()));
        let clock = Arc::new(FixedClock::on(TODAY));
        let drawer = Some(PathBuf::from(env!("CARGO_BIN_EXE_tellonce")));
        let settings = Settings { dir: folder.clone(), secure_cookies: false, drawer, ..settings };
        let app = App {
            db,
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(7)),
            files: Files::in_folder(folder.join("files")),
            mail: Arc::new(KeptMail),
            carrier: Arc::new(KeptTexts),
            settings: Arc::new(settings),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime starts");
        let router = app::web::router(app.clone());
        let mut world = World {
            app,
            clock,
            area: fixed(AREA),
            other_area: fixed(OTHER_AREA),
            people: vec![],
            router,
            runtime,
            folder,
            next_child: 1,
        };
        world.set_up();
        world
    }

    fn set_up(&mut self) {
        let (area, other) = (self.area, self.other_area);
        self.write(|tx| {
            areas::add(tx, area, "332", "Alderbourne", &profile())?;
            areas::add(tx, other, "333", "Brackenford", &profile())?;
            for number in 0..3_u32 {
                let school = given::SCHOOL + number;
                let name = ["Hollin Bank Primary", "Fenwick School", "Larch Lane Primary"][number as usize];
                tx.execute(ADD_SCHOOL, &[i64::from(school).into(), name.into(), "332".into(), true.into()])?;
            }
            for kind in AdviceKind::iter() {
                areas::add_body(tx, area, body_of(kind), kind, &format!("{} team", kind.label()), None)?;
            }
            Ok(())
        });
        for (number, role) in (0..).zip(Role::iter()) {
            let (setting, body) = match role {
                Role::Setting => (Some(urn(given::SCHOOL)), None),
                Role::Adviser => (None, Some(body_of(AdviceKind::Medical))),
                _ => (None, None),
            };
            self.add_person(&format!("{role}@alderbourne.example"), self.area, 920 + number, role, setting, body);
        }
        // The officer of the given steps, and the second reader.
        self.add_person("dev@alderbourne.example", self.area, given::OFFICER, Role::Officer, None, None);
        self.add_person("second@alderbourne.example", self.area, 901, Role::Officer, None, None);
        self.add_person("third@alderbourne.example", self.area, 902, Role::Officer, None, None);
        self.add_person("officer@brackenford.example", self.other_area, 990, Role::Manager, None, None);
    }

    pub fn add_person(
        &mut self,
        email: &str,
        authority: AuthorityId,
        number: u128,
        role: Role,
        setting: Option<people::identifiers::Urn>,
        body: Option<BodyId>,
    ) -> Person {
        let user: UserId = fixed(number);
        let new = NewUser {
            id: user,
            name: format!("{} {number}", role.label()),
            email: email.into(),
            role,
            setting,
            body,
            password_hash: None,
        };
        self.write(|tx| add_user(tx, authority, &new));
        let person = Person { email: email.into(), actor: Actor { user, authority, role, setting, body } };
        self.people.push(person.clone());
        person
    }

    pub fn person(&self, email: &str) -> &Person {
        self.people.iter().find(|person| person.email.starts_with(email)).expect("the person is in the world")
    }

    pub fn write<T>(&self, work: impl Fn(&mut dyn db::Tx) -> Result<T, Error>) -> T {
        self.app.db.write("test.set_up", |tx| work(tx)).expect("the world can be set up")
    }

    pub fn who(&self, person: &Person, today: Date) -> Who {
        let clock = FixedClock::on(today);
        Who { by: By::Person(person.actor.clone()), authority: person.actor.authority, now: clock.now(), today }
    }

    /// One command, as the officer gives it, with the papers that go with it.
    pub fn give(&self, case: CaseId, authority: AuthorityId, step: Step, name: &str) -> Result<Loaded, Error> {
        let (today, command) = step;
        let person = if authority == self.area { "dev@" } else { "officer@brackenford" };
        let mut who = self.who(self.person(person), today);
        let papers = papers_for(&command, name);
        let action = action_for(&command);
        if action == Action::AssignOfficer || matches!(command, Command::BroughtIn(_)) {
            who.by = By::System("test");
        }
        self.app.db.write("test.act", |tx| {
            act(tx, &who, case, Act { action, seen: None, commands: vec![command.clone()], papers: papers.clone() })
        })
    }

    /// A child at a stage of the pathway, with an officer.
    pub fn child(&mut self, name: &str, stop: Stop) -> CaseId {
        self.child_in(self.area, name, stop, steps)
    }

    pub fn child_in(
        &mut self,
        authority: AuthorityId,
        name: &str,
        stop: Stop,
        steps: impl Fn(Stop) -> Vec<Step>,
    ) -> CaseId {
        ids_from(self.next_child * 1_000_000);
        self.next_child += 1;
        let case: CaseId = id(8);
        let mut given = steps(stop);
        if stop > Stop::Nothing {
            let officer = if authority == self.area { fixed(given::OFFICER) } else { fixed(990) };
            given.push((TODAY, Command::People(people::Command::AssignOfficer { officer })));
        }
        for step in given {
            self.give(case, authority, step, name).expect("the law allows the given steps");
        }
        ids_from(0);
        case
    }

    /// Children at every stage, and one in the other area.
    pub fn with_children(mut self) -> World {
        let stops = [
            ("Sami Okafor", Stop::Open),
            ("Ella Marsh", Stop::Received),
            ("Ella Marsh", Stop::Told),
            ("Maya Turner", Stop::Assessing),
            ("Idris Cole", Stop::Asked),
            ("Ava Brandt", Stop::Advised),
            ("Rosa Quill", Stop::Drafting),
            ("Theo Lamb", Stop::Saved),
            ("Mina Fox", Stop::Served),
            ("Omar Reed", Stop::Named),
            ("Leo Castell", Stop::InForce),
            ("Jonas Pike", Stop::Amending),
            ("Ines Marlow", Stop::ChangesSent),
        ];
        for (name, stop) in stops {
            self.child(name, stop);
        }
        self.child_in(self.other_area, "Noor Elsewhere", Stop::Asked, steps);
        self.child_in(self.area, "Wren Hale", Stop::Served, shown_to_advisers);
        self.jordan();
        // The family of one child reads along, and says that something on its record is wrong.
        let case = self.cases_of(self.area)[4];
        let parent = self.person("parent@").clone();
        let let_in = Command::People(people::Command::LetFamilyIn { user: parent.actor.user });
        self.give(case, self.area, (TODAY, let_in), "").expect("the law allows it");
        let browser = self.browser("parent@");
        let asked = browser.submit(&format!("/family/{case}/facts/home_language"), &[("home-language", "Igbo")]);
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
        // Somebody rang twice about that child, and once about nobody knows whom.
        let browser = self.browser("front_door@");
        for (contact, to) in [
            (1, format!("/children/{case}/contacts")),
            (2, format!("/children/{case}/contacts")),
            (3, "/contacts/loose".into()),
        ] {
            let contact = uuid::Uuid::from_u128(0xc0_0000 + contact).to_string();
            let noted = browser.submit(
                &to,
                &[
                    ("contact", contact.as_str()),
                    ("channel", "telephone"),
                    ("came-on", "2026-11-20"),
                    ("sender", "An aunt"),
                    ("note", "Asks when the school will be visited."),
                    ("promise", "ring back"),
                    ("promised-on", "2026-11-24"),
                ],
            );
            assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text());
        }
        self
    }

    /// Jordan, seventeen, with a plan in force: the rights are Jordan's own. Jordan and Jordan's mother
    /// have accounts.
    pub fn jordan(&mut self) -> CaseId {
        let case = self.child_in(self.area, "Jordan Lee", Stop::InForce, |stop| {
            let mut all = steps(stop);
            let asked = all.iter().position(|(_, command)| matches!(command, Command::Advice(_)));
            let asks = vec![given::ask(AdviceKind::Adulthood)];
            let ask = casework::advice::Command::AskAll { asks, asked_on: given::ASKED, reached_on: given::ASKED };
            let at = asked.expect("advice is asked for") + 1;
            all.insert(at, (given::ASKED, Command::Advice(ask)));
            all.insert(at + 1, (given::ADVISED, given::advice_in(AdviceKind::Adulthood)));
            let open = people::Command::OpenRecord { person: id(10), born_on: day(2009, 8, 12) };
            all[0].1 = Command::People(open);
            all
        });
        for email in ["young_person@", "parent@"] {
            let user = self.person(email).actor.user;
            let let_in = Command::People(people::Command::LetFamilyIn { user });
            self.give(case, self.area, (TODAY, let_in), "").expect("the law allows it");
        }
        case
    }

    pub fn cases_of(&self, authority: AuthorityId) -> Vec<CaseId> {
        self.app
            .db
            .read("test.cases", |tx| -> Result<_, Error> {
                let rows = tx.query(
                    "SELECT case_id FROM cases WHERE authority_id = $1 ORDER BY case_id",
                    &[authority.0.into()],
                )?;
                rows.iter().map(|row| Ok(CaseId(row.get(0)?))).collect()
            })
            .expect("the database answers")
    }

    pub fn load(&self, authority: AuthorityId, case: CaseId) -> Arc<casework::Case> {
        self.app.db.read("test.load", |tx| app::journal::load(tx, authority, case)).expect("the case is there").case
    }

    /// Moves the clock some minutes on.
    /// Whose records this person is noted to have seen.
    pub fn looks_of(&self, email: &str) -> BTreeSet<CaseId> {
        let user = self.person(email).actor.user;
        let read = |tx: &mut dyn db::Tx| -> Result<BTreeSet<CaseId>, Error> {
            let rows = tx.query("SELECT case_id FROM looks WHERE user_id = $1", &[user.0.into()])?;
            rows.iter().map(|row| Ok(CaseId(row.get(0)?))).collect()
        };
        self.app.db.read("test.looks", read).expect("the database answers")
    }

    pub fn tomorrow(&self, days: i32) {
        self.clock.move_to(law::calendar::days(TODAY, days));
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        let router = self.router.clone();
        self.runtime.block_on(async move {
            let response = router.oneshot(request).await.expect("the router always answers");
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.expect("the answer has an end").to_bytes().to_vec();
            Answer { status: parts.status, headers: parts.headers, bytes }
        })
    }

    /// Sends a request, does something else while it is under way, and returns both answers.
    pub fn send_while<T>(&self, request: Request<Body>, meanwhile: impl FnOnce() -> T) -> (Answer, T) {
        let router = self.router.clone();
        let (tell, begun) = std::sync::mpsc::channel();
        let (parts, body) = request.into_parts();
        // The body is asked for once the handler is past its first look.
        let body = Body::from_stream(futures_util::StreamExt::inspect(body.into_data_stream(), move |_| {
            let _ = tell.send(());
        }));
        let under_way = self.runtime.spawn(async move {
            let response = router.oneshot(Request::from_parts(parts, body)).await.expect("the router always answers");
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.expect("the answer has an end").to_bytes().to_vec();
            Answer { status: parts.status, headers: parts.headers, bytes }
        });
        begun.recv().expect("the body is read");
        let other = meanwhile();
        (self.runtime.block_on(under_way).expect("it ends"), other)
    }

    /// Begins to send a request and goes away as soon as some of its body was read.
    pub fn leave(&self, request: Request<Body>) {
        let router = self.router.clone();
        let (tell, begun) = std::sync::mpsc::channel();
        let (parts, body) = request.into_parts();
        let body = Body::from_stream(futures_util::StreamExt::inspect(body.into_data_stream(), move |_| {
            let _ = tell.send(());
        }));
        let under_way = self.runtime.spawn(async move {
            let _ = router.oneshot(Request::from_parts(parts, body)).await;
        });
        begun.recv().expect("the body is read");
        under_way.abort();
        let _ = self.runtime.block_on(under_way);
    }

    /// A browser in which nobody is signed in.
    pub fn visitor(&self) -> Browser<'_> {
        Browser { world: self, token: None }
    }

    /// A browser in which this person is signed in.
    pub fn browser(&self, email: &str) -> Browser<'_> {
        let email = &self.person(email).email;
        let answer = self.visitor().post("/sign-in", &[("as", email)]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{email} signs in: {}", answer.text());
        Browser { world: self, token: answer.session() }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // A folder that cannot be removed is left for the next start of the machine.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn folder_number() -> u32 {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// What the page of a command asks the access policy for.
pub fn action_for(command: &Command) -> Action {
    match command {
        Command::People(people::Command::AssignOfficer { .. }) => Action::AssignOfficer,
        Command::People(people::Command::OpenRecord { .. }) | Command::Requests(_) => Action::ReceiveRequest,
        Command::People(_) => Action::RecordPlacement,
        Command::Advice(_) => Action::RecordAdvice,
        Command::Plans(_) => Action::WritePlan,
        Command::Placement(_) => Action::NamePlacement,
        Command::Reviews(_) => Action::RecordReview,
        Command::Messages(_) | Command::Recipients(_) => Action::WriteMessage,
        Command::OwnVoice(_) => Action::WriteAboutMe,
        Command::Papers(casework::papers::Command::Redact { .. }) => Action::RedactPapers,
        Command::Papers(_) => Action::AddPapers,
        Command::Rights(_) => Action::RecordCapacity,
        Command::Enquiries(_) => Action::NoteContact,
        Command::Joins(_) => Action::JoinRecords,
        Command::Visits(_) => Action::BookVisit,
        Command::Openings(_) => Action::OpenInEmergency,
        Command::Recordings(_) => Action::BookVisit,
        Command::Independents(_) => Action::InviteIndependent,
        Command::Designated(casework::designated::Command::Look { .. }) => Action::LookAtLines,
        Command::Designated(_) => Action::RecordCare,
        Command::BroughtIn(_) => Action::ImportData,
    }
}

/// The names, texts and versions that the pages of these commands keep beside the journal.
pub fn papers_for(command: &Command, name: &str) -> Papers {
    match command {
        Command::People(people::Command::OpenRecord { person, born_on }) => {
            let (given_name, family_name) = name.split_once(' ').expect("a first and a family name");
            let details = Details {
                given_name: given_name.into(),
                family_name: family_name.into(),
                known_as: None,
                born_on: *born_on,
                sex: None,
                ethnicity: None,
                postcode: None,
                address: None,
                home_language: None,
                upn: None,
                uln: None,
                nhs_number: None,
            };
            let texts =
                (50..60).map(|number| Text { id: id(number), body: format!("Words number {number}.") }).collect();
            Papers { details: Some((*person, details)), texts, ..Papers::default() }
        }
        Command::Advice(casework::advice::Command::Write { advice, version, fingerprint }) => Papers {
            report: Some(NewVersion {
                id: *version,
                fingerprint: fingerprint.clone(),
                content: given::report(*advice).canonical(),
            }),
            ..Papers::default()
        },
        Command::Plans(plans::Command::SaveDraft { version, content, fingerprint }) => Papers {
            version: Some(NewVersion { id: *version, fingerprint: fingerprint.clone(), content: content.canonical() }),
            ..Papers::default()
        },
        _ => Papers::default(),
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    pub fn is_html(&self) -> bool {
        self.header(header::CONTENT_TYPE).starts_with("text/html")
    }

    fn session(&self) -> Option<String> {
        let cookie = self.header(header::SET_COOKIE);
        let value = cookie.split_once("tellonce=")?.1.split(';').next()?;
        (value.len() == 64).then(|| value.to_owned())
    }
}

/// Someone's browser: it keeps the session and nothing else.
#[derive(Clone)]
pub struct Browser<'a> {
    pub world: &'a World,
    token: Option<String>,
}

impl Browser<'_> {
    pub fn csrf(&self) -> String {
        self.token.as_deref().map(csrf_token).unwrap_or_default()
    }

    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let builder = Request::builder().method(method).uri(path).header(header::HOST, "tellonce.test");
        match &self.token {
            Some(token) => builder.header(header::COOKIE, format!("tellonce={token}")),
            None => builder,
        }
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        self.world.send(request)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.world.send(self.request("GET", path).body(Body::empty()).expect("the address is one"))
    }

    pub fn post_bytes(&self, path: &str, body: Vec<u8>) -> Answer {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("the address is one");
        self.world.send(request)
    }

    /// Exactly these fields, with no token added.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields {
            body.append_pair(name, value);
        }
        self.post_bytes(path, body.finish().into_bytes())
    }

    /// These fields with the session's token, as a form of ours sends them.
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all)
    }

    /// The token that is in the cookie, for the tests of sessions.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

impl<'a> Browser<'a> {
    pub fn signed_in_with(&self, answer: &Answer) -> Browser<'a> {
        Browser { world: self.world, token: answer.session() }
    }
}

/// An instant some minutes after ten on [`TODAY`].
pub fn minutes(minutes: i64) -> jiff::Timestamp {
    FixedClock::on(TODAY).now() + minutes.minutes()
}
