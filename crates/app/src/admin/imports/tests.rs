//! What an import does to a database, on both engines.

use super::sen2::Area;
use super::store::{self, NewImport};
use super::summary::{Kind, State, Stopped, Summary};
use super::{begin, jobs, run};
use crate::admin::areas::{self, Profile};
use crate::config::Settings;
use crate::journal::{self, Act, By, JobSpec, Papers, Who};
use crate::ports::{Files, FixedClock, KeptMail, KeptTexts, SeededIds};
use crate::{App, Error};
use casework::access::{Action, Actor, Role};
use casework::people::DetailField;
use casework::{AuthorityId, Case, CaseId, Command, Stage, UserId, people};
use db::testing::TestDatabase;
use jiff::civil::{Date, date};
use returns::sen2::sample::Sample;
use returns::sen2::{LaNumber, Person, Return, Writer};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

const TODAY: Date = date(2026, 2, 20);

/// An installation with one area, on a database of its own.
struct World {
    app: App,
    authority: AuthorityId,
    area: Area,
    folder: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl World {
    fn on(database: &TestDatabase) -> World {
        let name = database.address().rsplit(['/', ' ', '=']).next().unwrap_or("db").to_owned();
        let parent = database.address().replace(['/', ':', ' ', '=', '@', '?'], "_");
        let folder = std::env::temp_dir().join(format!("tellonce-imports-{}-{parent}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let app = App {
            db: db::Database::clone(database),
            clock: Arc::new(FixedClock::on(TODAY)),
            ids: Arc::new(SeededIds::new(7)),
            files: Files::in_folder(folder.join("files")),
            mail: Arc::new(KeptMail),
            carrier: Arc::new(KeptTexts),
            settings: Arc::new(Settings { dir: folder.clone(), ..Settings::default() }),
        };
        let authority = AuthorityId(app.ids.next());
        app.db.write("test.area", |tx| areas::add(tx, authority, "332", "Alderbourne", &Profile::default())).unwrap();
        let area = Area { code: "332".into(), name: "Alderbourne".into(), is_named: false };
        World { app, authority, area, folder }
    }

    fn bring_in(&self, kind: Kind, bytes: &[u8]) -> Result<Summary, String> {
        let path = self.folder.join("file");
        fs::write(&path, bytes).unwrap();
        match begin(&self.app, self.authority, kind, &self.area, &path) {
            Ok(begun) => Ok(begun.summary),
            Err(Stopped::Refused(why)) => Err(why),
            Err(Stopped::Failed(error)) => panic!("{error:?}"),
        }
    }

    fn count(&self, query: &'static str) -> i64 {
        self.app.db.read("test.count", |tx| -> Result<i64, Error> { Ok(tx.query_one(query, &[])?.get(0)?) }).unwrap()
    }

    fn entries(&self) -> i64 {
        self.count("SELECT COUNT(*) FROM journal")
    }

    fn cases(&self) -> Vec<Arc<Case>> {
        self.app
            .db
            .read("test.cases", |tx| -> Result<Vec<Arc<Case>>, Error> {
                let mut cases = Vec::new();
                for row in tx.query("SELECT case_id FROM cases ORDER BY case_id", &[])? {
                    cases.push(journal::load(tx, self.authority, CaseId(row.get(0)?))?.case);
                }
                Ok(cases)
            })
            .unwrap()
    }

    fn case_of(&self, upn: &str) -> Arc<Case> {
        self.app
            .db
            .read("test.case", |tx| -> Result<Arc<Case>, Error> {
                let row = tx.query_one("SELECT case_id FROM people WHERE upn = $1", &[upn.into()])?;
                Ok(journal::load(tx, self.authority, CaseId(row.get(0)?))?.case)
            })
            .unwrap()
    }

    fn is_whole(&self) {
        let report = journal::verify(&self.app.db).unwrap();
        assert!(report.is_whole(), "{:?}", report.faults);
    }

    fn person(&self) -> Who {
        let actor = Actor {
            user: UserId(Uuid::from_u128(9)),
            authority: self.authority,
            role: Role::Manager,
            setting: None,
            body: None,
        };
        Who { by: By::Person(actor), authority: self.authority, now: self.app.clock.now(), today: TODAY }
    }
}

fn sample(persons: u64) -> Return {
    Sample::new(11, persons, 2026, LaNumber::new(332).unwrap()).make()
}

fn with(persons: Vec<Person>) -> Vec<u8> {
    Return { persons, ..sample(0) }.to_xml()
}

/// A person of the sample who has a UPN and of whom this holds.
fn someone(is_it: impl Fn(&Person) -> bool) -> Person {
    sample(2000).persons.into_iter().find(|person| person.upn.is_some() && is_it(person)).unwrap()
}

fn has_plan_in_force(person: &Person) -> bool {
    let request = &person.requests[0];
    let plan = request.assessment.as_ref().and_then(|it| it.named_plan.as_ref());
    request.active.is_some() && plan.is_some_and(|plan| plan.cease_on.is_none())
}

fn upn(person: &Person) -> String {
    person.upn.as_ref().unwrap().to_string()
}

db::both_engines! {
    crate::cli::migrations();

    fn a_return_is_brought_in_and_a_second_time_changes_nothing(database) {
        let world = World::on(database);
        let file = sample(300).to_xml();
        let summary = world.bring_in(Kind::Sen2, &file).unwrap();
        assert_eq!((summary.loaded.new, summary.loaded.left_out), (300, 0));
        assert_eq!(summary.checked.new, 300, "the preview says what will be");
        assert_eq!(world.count("SELECT COUNT(*) FROM cases"), 300);
        assert_eq!(world.count("SELECT COUNT(*) FROM people"), 300);
        world.is_whole();
        let entries = world.entries();
        assert_eq!(i64::try_from(summary.loaded.events).unwrap(), entries);
        let again = world.bring_in(Kind::Sen2, &file).unwrap();
        assert_eq!((again.loaded.known, again.loaded.new, again.loaded.changed), (300, 0, 0));
        assert_eq!(again.loaded.events, 0);
        assert_eq!(world.entries(), entries);
    }

    fn what_was_brought_in_can_be_worked_on(database) {
        let world = World::on(database);
        world.bring_in(Kind::Sen2, &sample(300).to_xml()).unwrap();
        let cases = world.cases();
        let at = |stage: Stage| cases.iter().filter(|case| case.stage() == stage).count();
        for stage in [Stage::PlanInForce, Stage::PlanEnded, Stage::Deciding, Stage::Assessing, Stage::NotAssessed] {
            assert!(at(stage) > 0, "{stage}");
        }
        for case in &cases {
            let deadlines = case.deadlines();
            if case.stage() == Stage::PlanInForce {
                assert!(case.needs.is_some() && !case.placements.is_empty());
                // No rule counts from a plan before plans began; a finding says so.
                let is_dated_well = case.plan.as_ref().is_some_and(|plan| plan.first_made_on >= date(2014, 9, 1));
                assert!(
                    !is_dated_well || deadlines.iter().any(|d| {
                        matches!(d.rule, law::RuleId::AnnualReviewNext12m | law::RuleId::AnnualReviewFirst12m)
                            && d.met_on.is_none()
                    }),
                    "a plan in force has a review due: {case:?}"
                );
            }
            if !case.is_open() || case.live_request().is_some() {
                continue;
            }
            // What is over must not look late for want of days that the return does not hold.
            for late in deadlines.iter().filter(|d| {
                d.met_on.is_none()
                    && d.superseded_by.is_none()
                    && d.disapplied.is_none()
                    && d.due_on < TODAY
                    && d.rule().strength == law::rulebook::Strength::Must
                    && d.rule().kind == law::rulebook::Kind::Duty
            }) {
                let rule = late.rule.as_str();
                let is_real = rule.starts_with("annual_review")
                    || ["ar_decision_4w", "ar_amendment_notice_4w", "ar_outer_limit_12w"].contains(&rule);
                let is_undecided = case.reviews.iter().any(|review| review.decision.is_none());
                assert!(is_real || is_undecided, "{rule} is late: {case:?}");
            }
        }
        let out = cases.iter().filter(|case| case.out_of_education_since.is_some()).count();
        assert!(out > 0, "some are not in education");
        assert!(cases.iter().flat_map(|case| &case.requests).any(|request| request.disputed));
    }

    fn a_later_file_adds_only_what_is_new(database) {
        let world = World::on(database);
        let mut open = someone(|person| person.requests[0].outcome == Some(returns::sen2::codes::RequestOutcome::Awaited));
        let other = someone(has_plan_in_force);
        world.bring_in(Kind::Sen2, &with(vec![open.clone(), other.clone()])).unwrap();
        assert_eq!(world.case_of(&upn(&open)).stage(), Stage::Deciding);
        let before = world.case_of(&upn(&other)).version;
        let received_on = open.requests[0].received_on.unwrap();
        let decided_on = received_on.saturating_add(jiff::ToSpan::days(20)).min(TODAY);
        open.requests[0].outcome = Some(returns::sen2::codes::RequestOutcome::Assess);
        open.requests[0].outcome_on = Some(decided_on);
        open.postcode = Some("ZZ9 9ZZ".into());
        open.ethnicity = None;
        let summary = world.bring_in(Kind::Sen2, &with(vec![open.clone(), other.clone()])).unwrap();
        assert_eq!((summary.loaded.changed, summary.loaded.known, summary.loaded.events), (1, 1, 2));
        assert_eq!(world.case_of(&upn(&open)).stage(), Stage::Assessing);
        assert_eq!(world.case_of(&upn(&other)).version, before);
        assert_eq!(world.count("SELECT COUNT(*) FROM people WHERE postcode = 'ZZ9 9ZZ'"), 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM people WHERE ethnicity IS NULL"), 0, "blanks erase nothing");
        world.is_whole();
    }

    fn what_a_person_corrected_here_is_kept(database) {
        let world = World::on(database);
        let person = someone(has_plan_in_force);
        let file = with(vec![person.clone()]);
        world.bring_in(Kind::Sen2, &file).unwrap();
        let case = world.case_of(&upn(&person));
        world
            .app
            .db
            .write("test.correct", |tx| -> Result<(), Error> {
                let (id, mut details) = crate::record::store::person(tx, world.authority, case.id)?;
                details.postcode = Some("ZZ1 1AA".into());
                let fields = vec![DetailField::Address];
                let command = Command::People(people::Command::CorrectDetails { fields, born_on: None });
                let papers = Papers { details: Some((id, details)), ..Papers::default() };
                let act = Act { action: Action::CorrectDetails, seen: None, commands: vec![command], papers };
                journal::act(tx, &world.person(), case.id, act)?;
                let needs = (casework::codes::Need::Vi, None);
                let command = Command::People(people::Command::RecordNeeds { primary: needs.0, secondary: needs.1 });
                let papers = Papers::default();
                let act = Act { action: Action::RecordPlacement, seen: None, commands: vec![command], papers };
                journal::act(tx, &world.person(), case.id, act)?;
                Ok(())
            })
            .unwrap();
        let summary = world.bring_in(Kind::Sen2, &file).unwrap();
        assert_eq!((summary.loaded.known, summary.loaded.events), (1, 0));
        assert_eq!(world.count("SELECT COUNT(*) FROM people WHERE postcode = 'ZZ1 1AA'"), 1);
        assert_eq!(world.case_of(&upn(&person)).needs, Some((casework::codes::Need::Vi, None)));
        assert_eq!(
            world.count("SELECT COUNT(*) FROM import_findings WHERE rule = 'imports.corrected_here'"),
            1,
            "the difference is told"
        );
    }

    fn a_child_without_a_number_is_known_again_by_name_and_birth(database) {
        let world = World::on(database);
        let mut person = someone(has_plan_in_force);
        let numbered = person.clone();
        (person.upn, person.uln) = (None, None);
        person.surname = Some("Ó Marlow".into());
        world.bring_in(Kind::Sen2, &with(vec![person.clone()])).unwrap();
        person.surname = Some("O MARLOW".into());
        person.upn = numbered.upn;
        let summary = world.bring_in(Kind::Sen2, &with(vec![person.clone()])).unwrap();
        assert_eq!((summary.loaded.new, summary.loaded.changed), (0, 1));
        assert_eq!(world.count("SELECT COUNT(*) FROM cases"), 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM people WHERE family_name = 'Ó Marlow' AND upn IS NOT NULL"), 1);
    }

    fn a_person_who_cannot_be_told_from_another_is_left_out_and_the_others_go_on(database) {
        let world = World::on(database);
        let first = someone(has_plan_in_force);
        world.bring_in(Kind::Sen2, &with(vec![first.clone()])).unwrap();
        let mut namesake = first.clone();
        namesake.upn = someone(|person| person.upn != first.upn).upn;
        namesake.uln = None;
        let mut unborn = someone(|person| person.upn != first.upn && person.upn != namesake.upn);
        unborn.born_on = None;
        let fine = sample(40).persons.pop().unwrap();
        let summary = world.bring_in(Kind::Sen2, &with(vec![namesake, unborn, fine])).unwrap();
        assert_eq!((summary.loaded.new, summary.loaded.left_out), (1, 2));
        assert_eq!(world.count("SELECT COUNT(*) FROM cases"), 2);
        assert_eq!(world.count("SELECT COUNT(*) FROM import_findings WHERE rule = 'imports.unsure_who'"), 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM import_findings WHERE rule = 'imports.no_birth_date'"), 1);
    }

    fn a_broken_or_hostile_file_loads_nothing(database) {
        let world = World::on(database);
        let good = sample(300).to_xml();
        let text = String::from_utf8(good.clone()).unwrap();
        let start = text.find("<Message").unwrap();
        let doctype = format!("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]>{}", &text[start..]);
        let mut wrong = good[..good.len() - 60].to_vec();
        wrong.extend(b"\xe9\xff");
        let census = text.replacen("<Collection>SEN2</Collection>", "<Collection>SCHOOLCENSUS</Collection>", 1);
        let elsewhere = text.replacen("<LEA>332</LEA>", "<LEA>333</LEA>", 1);
        for (bytes, says) in [
            (good[..good.len() * 2 / 3].to_vec(), "breaks off"),
            (doctype.into_bytes(), "DOCTYPE"),
            (wrong, "UTF-8"),
            (census.into_bytes(), "not of SEN2"),
            (elsewhere.into_bytes(), "authority 333"),
            (b"URN,EstablishmentName\n".to_vec(), "not XML"),
            (vec![], "empty"),
        ] {
            let why = world.bring_in(Kind::Sen2, &bytes).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM cases"), 0);
        assert_eq!(world.count("SELECT COUNT(*) FROM imports WHERE state = 'refused'"), 7);
        assert!(world.bring_in(Kind::Schools, &good).is_err());
    }

    fn an_import_that_was_broken_off_goes_on_where_it_was(database) {
        let world = World::on(database);
        let path = world.folder.join("broken");
        fs::write(&path, sample(500).to_xml()).unwrap();
        let open = || fs::File::open(&path).unwrap();
        let id = world.app.ids.next();
        let import = NewImport {
            id,
            kind: Kind::Sen2,
            file_name: "broken".into(),
            fingerprint: blake3::hash(&fs::read(&path).unwrap()).to_hex().to_string(),
            state: State::Checking,
            started_at: world.app.clock.now(),
            started_by: None,
            bytes_total: 1,
            summary: Summary::default(),
        };
        world.app.db.write("test.add", |tx| store::add(tx, world.authority, &import)).unwrap();
        let load = || world.app.db.read("test.load", |tx| store::load(tx, world.authority, id)).unwrap();
        run::check(&world.app, world.authority, &load(), &world.area, open(), || Ok(())).unwrap();
        world.app.db.write("test.yes", |tx| store::move_on(tx, world.authority, id, State::Ready, State::Loading)).unwrap();
        // The first batch commits; then the machine stops.
        let stop = || Err(Error::Broken { step: "go on", cause: "the machine stopped".into() });
        run::bring_in(&world.app, world.authority, &load(), &world.area, open(), stop).unwrap_err();
        assert_eq!(world.count("SELECT COUNT(*) FROM cases"), 200);
        assert_eq!(load().state, State::Loading);
        let begun = match begin(&world.app, world.authority, Kind::Sen2, &world.area, &path) {
            Ok(begun) => begun,
            Err(why) => panic!("{why:?}"),
        };
        assert!(begun.was_resumed && begun.id == id);
        assert_eq!((begun.summary.loaded.new, begun.summary.loaded.known), (500, 0));
        assert_eq!(world.count("SELECT COUNT(*) FROM cases"), 500);
        world.is_whole();
    }

    fn a_file_sent_by_the_page_is_checked_and_then_brought_in_by_the_queue(database) {
        let world = World::on(database);
        let fingerprint = world.app.files.put(&sample(50).to_xml()).unwrap();
        let id = world.app.ids.next();
        let now = world.app.clock.now();
        let import = NewImport {
            id,
            kind: Kind::Sen2,
            file_name: "sen2.xml".into(),
            fingerprint,
            state: State::Checking,
            started_at: now,
            started_by: Some(UserId(Uuid::from_u128(9))),
            bytes_total: 1,
            summary: Summary::default(),
        };
        let job = |id: Uuid, job: Uuid| JobSpec {
            id: job,
            kind: jobs::RUN_IMPORT,
            body: jobs::body(id).unwrap(),
            run_at: now,
        };
        world.app.db.write("test.add", |tx| -> Result<(), Error> {
            store::add(tx, world.authority, &import)?;
            journal::put_job(tx, world.authority, job(id, id))
        }).unwrap();
        let load = || world.app.db.read("test.load", |tx| store::load(tx, world.authority, id)).unwrap();
        crate::queue::run_all_due(&world.app).unwrap();
        assert_eq!((load().state, load().summary.checked.new), (State::Ready, 50));
        assert_eq!(world.count("SELECT COUNT(*) FROM cases"), 0);
        world.app.db.write("test.yes", |tx| -> Result<(), Error> {
            store::move_on(tx, world.authority, id, State::Ready, State::Loading)?;
            journal::put_job(tx, world.authority, job(id, jobs::loading_id(id)))
        }).unwrap();
        crate::queue::run_all_due(&world.app).unwrap();
        assert_eq!((load().state, load().summary.loaded.new), (State::Done, 50));
        assert_eq!(world.count("SELECT COUNT(*) FROM cases"), 50);
    }

    fn a_register_of_schools_is_brought_in_and_a_lighter_list_erases_nothing(database) {
        let world = World::on(database);
        let full = "URN,EstablishmentName,LA (code),SchoolCapacity,UKPRN\n\
            900001,Oakenmere Primary School,332,210,10012345\n900002,Calder High School,332,900,\nnot a number,Nowhere,332,1,\n";
        let summary = world.bring_in(Kind::Schools, full.as_bytes()).unwrap();
        assert_eq!((summary.loaded.new, summary.loaded.left_out), (2, 1));
        assert!(summary.findings.total() > 0);
        let again = world.bring_in(Kind::Schools, full.as_bytes()).unwrap();
        assert_eq!((again.loaded.new, again.loaded.changed, again.loaded.known), (0, 0, 2));
        let light = "URN,EstablishmentName\n900001,Oakenmere Primary Academy\n";
        let light = world.bring_in(Kind::Schools, light.as_bytes()).unwrap();
        assert_eq!((light.loaded.changed, light.loaded.new), (1, 0));
        assert_eq!(
            world.count("SELECT COUNT(*) FROM establishments WHERE name = 'Oakenmere Primary Academy' AND capacity = 210"),
            1
        );
    }
}

#[test]
fn a_return_can_be_written_without_holding_it() {
    let made = Sample::new(3, 2, 2026, LaNumber::new(332).unwrap());
    let mut writer = Writer::new(Vec::new(), &made.header(), made.officers()).unwrap();
    for person in made.iter() {
        writer.write_person(&person).unwrap();
    }
    assert_eq!(writer.finish().unwrap(), made.make().to_xml());
}
