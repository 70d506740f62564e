//! A child's case from the request to the issued plan, through the real router and the real queue.

use super::edit;
use crate::access::{How, SignedIn, csrf_token, start_session};
use crate::admin::areas::{self, Organisation, Profile};
use crate::config::Settings;
use crate::journal::{self, Act, By, Papers, Text, Who};
use crate::ports::{Files, FixedClock, KeptMail, KeptTexts, SeededIds};
use crate::record::store;
use crate::{App, queue};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use casework::access::{Action, Actor, Role};
use casework::advice::{self, AdviceKind, Ask};
use casework::notices::{Delivery, Notice, NoticeKind};
use casework::people::{self, Contact, Details, Relation, Setting};
use casework::plans::content::{Content, Section};
use casework::requests::{self, AssessmentTest, Channel, Finding, Source};
use casework::*;
use http_body_util::BodyExt;
use jiff::civil::{Date, date};
use std::sync::Arc;
use tower::ServiceExt;

const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn organisation(name: &str) -> Organisation {
    Organisation {
        name: name.into(),
        telephone: "01632 960001".into(),
        email: "send@alderbourne.example".into(),
        website: String::new(),
        address: "1 Market Street\nAlderbourne AB1 1AA".into(),
    }
}

/// An area with one officer, one school twice over, and one child.
struct World {
    app: App,
    clock: Arc<FixedClock>,
    authority: AuthorityId,
    case: CaseId,
}

impl World {
    fn open(database: &db::testing::TestDatabase) -> World {
        let clock = Arc::new(FixedClock::on(date(2026, 7, 6)));
        let folder: String = crate::ports::random_bytes::<8>().iter().map(|byte| format!("{byte:02x}")).collect();
        let app = App {
            db: (**database).clone(),
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(7)),
            files: Files::in_folder(std::env::temp_dir().join(format!("tellonce-plan-{folder}"))),
            mail: Arc::new(KeptMail),
            carrier: Arc::new(KeptTexts),
            settings: Arc::new(Settings::default()),
        };
        let authority = AuthorityId(app.ids.next());
        let officer = UserId(app.ids.next());
        let case = CaseId(app.ids.next());
        let world = World { app, clock, authority, case };
        let profile = Profile {
            council: organisation("Alderbourne SEND team"),
            mediation: organisation("Middle Ground Mediation"),
            disagreement_resolution: organisation("Alderbourne Resolve"),
            advice_and_support: organisation("Alderbourne SENDIASS"),
            health_commissioner: organisation("NHS Alderbourne"),
            local_offer: "https://localoffer.alderbourne.example".into(),
        };
        let now = world.app.clock.now();
        world
            .app
            .db
            .write("test.world", |tx| -> Result<(), crate::Error> {
                areas::add(tx, authority, "999", "Alderbourne Council", &profile)?;
                let user = crate::access::NewUser {
                    id: officer,
                    name: "Dev Patel".into(),
                    email: "dev@alderbourne.example".into(),
                    role: Role::Officer,
                    setting: None,
                    body: None,
                    password_hash: None,
                };
                crate::access::add_user(tx, authority, &user)?;
                let actor = Actor { user: officer, authority, role: Role::Officer, setting: None, body: None };
                let person = SignedIn { actor, name: "Dev Patel".into(), area: "Alderbourne Council".into() };
                start_session(tx, TOKEN, &person, &How::default(), now)?;
                for (urn, name) in [(100_001_i64, "Hollin Bank Primary School"), (100_002, "Fenwick School")] {
                    tx.execute(
                        "INSERT INTO establishments (urn, name, authority_code, phase, kind, open) \
                         VALUES ($1, $2, '999', 'Primary', 'Community school', $3)",
                        &[urn.into(), name.into(), true.into()],
                    )?;
                }
                Ok(())
            })
            .unwrap();
        world.request_to_drafting(officer);
        world
    }

    fn who(&self) -> Who {
        Who {
            by: By::System("test"),
            authority: self.authority,
            now: self.app.clock.now(),
            today: self.app.clock.today(),
        }
    }

    fn act(&self, commands: Vec<Command>, papers: Papers) {
        let act = || Act { action: Action::WritePlan, seen: None, commands: commands.clone(), papers: papers.clone() };
        self.app.db.write("test.act", |tx| journal::act(tx, &self.who(), self.case, act())).unwrap();
    }

    fn case(&self) -> Arc<Case> {
        self.app.db.read("test.case", |tx| journal::load(tx, self.authority, self.case)).unwrap().case
    }

    fn notice(&self, kind: NoticeKind) -> Notice {
        Notice {
            id: NoticeId(self.app.ids.next()),
            kind,
            carries: kind.required(),
            recipients: kind.recipients(true),
            sent_on: self.app.clock.today(),
            delivery: Delivery::Email,
        }
    }

    fn text(&self, body: &str) -> (TextId, Text) {
        let id = TextId(self.app.ids.next());
        (id, Text { id, body: body.into() })
    }

    /// From the request of 6 July to the decision of 12 October to issue a plan.
    fn request_to_drafting(&self, officer: UserId) {
        let born_on = date(2017, 5, 14);
        let ids = &self.app.ids;
        let details = Details {
            given_name: "Maya".into(),
            family_name: "Turner".into(),
            known_as: None,
            born_on,
            sex: None,
            ethnicity: None,
            postcode: Some("AB1 2CD".into()),
            address: Some("3 Mill Lane".into()),
            home_language: None,
            upn: None,
            uln: None,
            nhs_number: None,
        };
        let person = PersonId(ids.next());
        let contact = Contact {
            id: PersonId(ids.next()),
            relation: Relation::Mother,
            name: "Ms J Turner".into(),
            organisation: None,
            email: None,
            telephone: None,
            address: None,
            receives_notices: true,
        };
        let (account, account_text) = self.text("Maya loves maps. She finds it hard to say what she needs.");
        let school = Setting::Establishment("100001".parse().unwrap());
        let commands = vec![
            Command::People(people::Command::OpenRecord { person, born_on }),
            Command::People(people::Command::AddContact { person: contact.id, relation: Relation::Mother }),
            Command::People(people::Command::AssignOfficer { officer }),
            Command::People(people::Command::JoinSetting {
                placement: PlacementId(ids.next()),
                setting: school,
                from: date(2021, 9, 1),
            }),
            Command::Requests(requests::Command::Receive {
                request: RequestId(ids.next()),
                received_on: self.app.clock.today(),
                source: Source::Parent,
                channel: Channel::Letter,
                account: Some(account),
                receipt: None,
            }),
            Command::Requests(requests::Command::TellConsidering {
                notice: self.notice(NoticeKind::ConsideringAssessment),
            }),
        ];
        let papers = Papers {
            details: Some((person, details)),
            contacts: vec![contact],
            texts: vec![account_text],
            ..Papers::default()
        };
        self.act(commands, papers);
        self.clock.move_to(date(2026, 8, 10));
        let (reasons, text) = self.text("Maya’s speech and language needs have lasted despite two cycles of help.");
        let finding = Finding { met: true, reasons };
        let asks: Vec<Ask> = AdviceKind::compulsory(born_on, self.app.clock.today())
            .into_iter()
            .map(|kind| {
                let body = BodyId(ids.next());
                self.app
                    .db
                    .write("test.body", |tx| areas::add_body(tx, self.authority, body, kind, "The right team", None))
                    .unwrap();
                Ask { id: AdviceId(ids.next()), kind, body }
            })
            .collect();
        let today = self.app.clock.today();
        let mut commands = vec![
            Command::Requests(requests::Command::DecideToAssess {
                test: AssessmentTest { may_have_needs: finding, may_need_plan: finding },
                notice: self.notice(NoticeKind::WillAssess),
            }),
            Command::Advice(advice::Command::AskAll { asks: asks.clone(), asked_on: today, reached_on: today }),
        ];
        let mut texts = vec![text];
        for ask in asks {
            let (id, text) = self.text("Maya needs things said one at a time.");
            texts.push(text);
            commands.push(Command::Advice(advice::Command::Record {
                advice: ask.id,
                document: None,
                text: Some(id),
                on: today,
            }));
        }
        self.act(commands, Papers::texts(texts));
        self.clock.move_to(date(2026, 10, 12));
        let decide = plans::Command::DecideToIssue { on: self.app.clock.today() };
        self.act(vec![Command::Plans(decide)], Papers::default());
        self.sign_in_again();
    }

    /// Sessions end after two hours; the clock of a test moves by weeks.
    fn sign_in_again(&self) {
        let now = self.app.clock.now();
        self.app
            .db
            .write("test.session", |tx| -> Result<(), crate::Error> {
                let (person, _) = crate::access::find_user(tx, "dev@alderbourne.example")?.unwrap();
                crate::access::end_session(tx, TOKEN)?;
                start_session(tx, TOKEN, &person, &How::default(), now)
            })
            .unwrap();
    }

    fn go_to(&self, day: Date) {
        self.clock.move_to(day);
        self.sign_in_again();
    }

    fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let response = crate::web::router(self.app.clone()).oneshot(request).await.unwrap();
            let status = response.status();
            let location = response.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned());
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            (status, location.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned()))
        })
    }

    fn get(&self, page: &str) -> (StatusCode, String) {
        let address = format!("/children/{}/{page}", self.case);
        let request = Request::get(address).header(header::COOKIE, format!("__Host-tellonce={TOKEN}"));
        self.send(request.body(Body::empty()).unwrap())
    }

    fn post_at(&self, version: u64, page: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &csrf_token(TOKEN)).append_pair("version", &version.to_string());
        for (name, value) in fields {
            form.append_pair(name, value);
        }
        let request = Request::post(format!("/children/{}/{page}", self.case))
            .header(header::COOKIE, format!("__Host-tellonce={TOKEN}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.finish())).unwrap())
    }

    fn post(&self, page: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        self.post_at(self.case().version, page, fields)
    }

    /// Posts a form that has to be accepted.
    #[track_caller]
    fn done(&self, page: &str, fields: &[(&str, &str)]) {
        let (status, body) = self.post(page, fields);
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}: {}", words(&body));
    }

    /// Posts a form that has to be refused, in these words.
    #[track_caller]
    fn refused(&self, page: &str, fields: &[(&str, &str)], because: &str) {
        let (status, body) = self.post(page, fields);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}: {}", words(&body));
        assert!(words(&body).contains(because), "{page} does not say `{because}`: {}", words(&body));
    }

    fn content(&self) -> Content {
        let case = self.case();
        let working = self.app.db.read("test.content", |tx| crate::plan::store::working(tx, &case)).unwrap();
        working.expect("writing has begun").content
    }

    /// A plan whose thread holds: one need, one outcome, one provision for both.
    fn write_plan(&self) {
        self.done("draft/start", &[]);
        self.done("draft/b", &[("area", "communication"), ("text", "Needs time to take in spoken words.")]);
        self.done("draft/e", &[("text", "Will ask for help with a card."), ("by", "the end of year 6")]);
        let content = self.content();
        let (need, outcome) = (content.needs[0].id.to_string(), content.outcomes[0].id.to_string());
        self.done(
            "draft/f",
            &[
                ("text", "Direct speech and language therapy."),
                ("who", "A speech and language therapist"),
                ("how-often", "Twice a week in term time"),
                ("how-long", "30 minutes each time"),
                ("needs", &need),
                ("outcomes", &outcome),
                ("report", "Educational advice, The right team"),
                ("page", "2"),
            ],
        );
    }

    fn send_draft(&self) {
        self.done("send-draft", &self.letter(&["family"]));
    }

    fn letter<'a>(&self, to: &[&'a str]) -> Vec<(&'static str, &'a str)> {
        let mut fields = vec![("delivery", "email")];
        let today: &'static str = Box::leak(self.app.clock.today().to_string().into_boxed_str());
        fields.push(("sent-on", today));
        fields.extend(to.iter().map(|who| ("recipients", *who)));
        fields
    }

    fn documents(&self) -> Vec<store::DocumentLine> {
        self.app.db.read("test.documents", |tx| store::documents(tx, self.authority, self.case)).unwrap()
    }

    fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self.documents().into_iter().map(|document| document.kind).collect();
        kinds.sort();
        kinds
    }

    fn jobs_failed(&self) -> Vec<String> {
        let read = self.app.db.read("test.jobs", |tx| -> Result<Vec<String>, crate::Error> {
            tx.query("SELECT failure FROM jobs WHERE failure IS NOT NULL", &[])?
                .iter()
                .map(|row| Ok(row.get::<String>(0)?))
                .collect()
        });
        read.unwrap()
    }
}

/// The words of a page, without its markup.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("&#39;", "'").replace("&#34;", "\"")
}

const ALL: [&str; 3] = ["family", "health_commissioner", "named_institution"];

db::both_engines! {
    crate::cli::migrations();

    fn a_plan_is_written_sent_answered_and_issued_with_its_documents(database) {
        let world = World::open(database);
        assert!(world.get("draft").1.contains("Start the draft"));
        world.write_plan();
        let content = world.content();
        assert!(content.views.contains("Maya loves maps"), "section A begins with the family’s account");
        assert_eq!(content.advice.len(), 5, "section K begins with the advice received");
        assert_eq!(content.provision[0].citation.as_ref().and_then(|c| c.page), Some(2));
        for page in ["draft", "draft/a", "draft/f", "draft/k", "draft/view", "send-draft", "comments", "placement",
            "placement/preference", "placement/consult?q=fenw", "placement/name"] {
            let (status, body) = world.get(page);
            assert_eq!(status, StatusCode::OK, "{page}: {}", words(&body));
            assert_eq!(body.matches("<h1").count(), 1, "{page}");
        }
        assert!(world.get("draft/view").1.contains("Left blank while the plan is a draft"));
        world.send_draft();

        world.go_to(date(2026, 10, 19));
        world.done("comments", &[("text", "Please say twice a week."), ("received-on", "2026-10-19")]);
        world.done("placement/preference", &[("school", "100002"), ("on", "2026-10-19")]);
        world.done("placement/consult", &[("school", "100002"), ("on", "2026-10-19")]);
        let (_, page) = world.get("placement");
        assert!(words(&page).contains("Reply due by Tuesday 3 November 2026"), "{}", words(&page));
        let consultation = world.case().requests[0].consultations[0].id;
        world.done(&format!("placement/consultations/{consultation}"), &[("answer", "yes"), ("on", "2026-10-19")]);

        world.go_to(date(2026, 11, 23));
        let comment = world.case().requests[0].representations[0].id;
        world.done(&format!("comments/{comment}"), &[("answer", "yes"), ("reasons", "Section F says so now.")]);
        world.done("placement/name", &[("kind", "institution"), ("school", "100002"), ("on", "2026-11-23")]);
        let (_, page) = world.get("issue");
        assert!(words(&page).contains("The plan can be issued"), "{}", words(&page));
        assert_eq!(page.matches(" checked").count(), 4, "everyone the law names is ticked, and the way it goes");
        assert!(words(&page).contains("Saturday 23 January 2027"), "the family’s date for mediation: {}", words(&page));
        world.done("issue", &world.letter(&ALL));

        assert_eq!(world.case().stage(), Stage::PlanInForce);
        queue::run_all_due(&world.app).unwrap();
        assert_eq!(world.jobs_failed(), Vec::<String>::new());
        assert_eq!(
            world.kinds(),
            [
                "child's version",
                "letter",
                "letter",
                "letter",
                "letter",
                "plan",
                "plan",
                "plan (Word)",
                "plan (Word)",
                "plan in easy read",
                "plan in easy read",
            ]
        );
        for document in world.documents() {
            let bytes = world.app.files.get(&document.fingerprint).unwrap();
            if document.kind != "plan (Word)" {
                assert!(bytes.starts_with(b"%PDF"), "{}", document.title);
                assert!(bytes.windows(15).any(|w| w == b"/StructTreeRoot"), "{} is tagged", document.title);
            } else {
                assert!(bytes.starts_with(b"PK"), "{}", document.title);
            }
        }
        let (status, page) = world.get("issued");
        assert_eq!(status, StatusCode::OK);
        assert!(words(&page).contains("On time"), "{}", words(&page));
        assert!(world.get("draft/view").1.contains("Fenwick School"), "section I names the school in the final plan");
    }

    fn a_notice_made_twice_makes_each_document_once(database) {
        let world = World::open(database);
        queue::run_all_due(&world.app).unwrap();
        let before = world.kinds();
        assert_eq!(before, ["letter", "letter"]);
        let notice = world.case().requests[0].notices[0].id;
        let job = queue::Job {
            id: notice.0,
            authority: world.authority,
            kind: crate::plan::jobs::MAKE_NOTICE.into(),
            body: crate::plan::jobs::notice_body(world.case, notice).unwrap(),
            attempts: 2,
        };
        crate::plan::jobs::make_notice(&world.app, &job).unwrap();
        assert_eq!(world.kinds(), before);
    }

    fn what_is_in_the_way_of_a_plan_is_said_in_words(database) {
        let world = World::open(database);
        world.done("draft/start", &[]);
        world.refused("send-draft", &world.letter(&["family"]), "section B has no special educational need");
        world.refused("draft/b", &[("text", "A need without its area")], "Select the area of need");
        world.done("draft/b", &[("area", "cognition"), ("text", "Writing is slow and tiring.")]);
        assert!(words(&world.get("draft").1).contains("Need B1 has no provision"));
        let need = world.content().needs[0].id;
        world.done(&format!("draft/b/{need}/remove"), &[]);
        assert!(world.content().needs.is_empty());

        world.write_plan();
        world.send_draft();
        world.go_to(date(2026, 10, 20));
        world.done("comments", &[("text", "The cat is called Pickle."), ("received-on", "2026-10-20")]);
        world.refused("issue", &world.letter(&ALL), "One comment from the family has no answer yet");
        let comment = world.case().requests[0].representations[0].id;
        world.done(&format!("comments/{comment}"), &[("answer", "no"), ("reasons", "It is not a need.")]);
        world.refused("issue", &world.letter(&ALL), "until the end of Monday 26 October 2026");
        let mut early = world.letter(&ALL);
        early.push(("agreed-early", "yes"));
        world.refused("issue", &early, "Section I is empty");
        world.done("placement/preference", &[("school", "100002"), ("on", "2026-10-20")]);
        world.refused(
            "placement/name",
            &[("kind", "institution"), ("school", "100001"), ("on", "2026-10-20")],
            "Select the ground on which the family’s choice is refused",
        );
        world.done(
            "placement/name",
            &[
                ("kind", "institution"),
                ("school", "100001"),
                ("on", "2026-10-20"),
                ("ground", "unsuitable"),
                ("reasons", "The school teaches older children."),
            ],
        );
        world.done("draft/a", &[("views", "Changed after the draft was sent.")]);
        world.refused("issue", &early, "no comment of theirs was accepted");
        assert_eq!(world.case().stage(), Stage::DraftWithFamily);
    }

    fn two_people_who_write_at_once_see_each_other_and_lose_nothing(database) {
        let world = World::open(database);
        world.done("draft/start", &[]);
        let seen = world.case().version;
        world.done("draft/a", &[("views", "What the first person typed.")]);
        let second = [("area", "sensory"), ("text", "What the second person typed.")];
        let (status, body) = world.post_at(seen, "draft/b", &second);
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(words(&body).contains("What the second person typed."));
        world.done("draft/b", &second);
        let content = world.content();
        assert_eq!(content.views, "What the first person typed.");
        assert_eq!(edit::lines(&content, Section::B).len(), 1);
        assert_eq!(world.case().requests[0].drafts.len(), 3, "every save is a version of its own");
    }
}
