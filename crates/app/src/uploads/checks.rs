//! What a virus check says of files that people send.
//!
//! Where a virus checker is set, the bytes of a file are held unseen from the moment it is on record
//! until it was checked. What is found unsafe stays on record and is never opened; everyone concerned
//! is told. Without a virus checker files can be opened, and the page of files says so.
//!
//! A check is of bytes, by their fingerprint: the same file sent twice is checked once.

use crate::family::members;
use crate::journal::{self, Act, By, JobSpec, Papers, Who, put_job};
use crate::ports::Scanned;
use crate::post::{self, To, Words};
use crate::queue::Job;
use crate::record::store::RECORDING;
use crate::{App, Error};
use casework::access::Action;
use casework::messages::Side;
use casework::post::Kind;
use casework::{AuthorityId, Case, CaseId, Command, DocumentId, UserId, papers};
use db::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

/// Has a file checked. Tried again for as long as it takes.
pub const CHECK_FILE: &str = "files.check";
/// The system as the one who checks files.
const CHECKER: &str = "virus_check";

/// How a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// It came while no virus checker was set.
    Unchecked,
    Waiting,
    Clean,
    Unsafe,
}

impl State {
    /// A state that was stored.
    ///
    /// # Errors
    /// [`Error::Broken`] when it is none: a file is not opened because of a word nobody knows.
    pub fn read(text: &str) -> Result<State, Error> {
        text.parse().map_err(|_| Error::Broken { step: "read how a file stands", cause: format!("`{text}`") })
    }

    pub fn may_be_opened(self) -> bool {
        matches!(self, State::Unchecked | State::Clean)
    }

    /// What lists say beside a file that cannot be opened: the words and the colour of their tag.
    pub fn tag(self) -> Option<(&'static str, &'static str)> {
        match self {
            State::Waiting => Some(("Being checked for viruses", "blue")),
            State::Unsafe => Some(("Unsafe, cannot be opened", "red")),
            State::Unchecked | State::Clean => None,
        }
    }
}

const ADD: &str = "INSERT INTO file_checks (fingerprint, state, asked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const STATE: &str = "SELECT state FROM file_checks WHERE fingerprint = $1";
const ANSWER: &str = "UPDATE file_checks SET state = $2, finding = $3, answered_at = $4 WHERE fingerprint = $1";
// On a record that was joined into another, it is said on the one that is kept.
const HOLDERS: &str = "SELECT d.authority_id, COALESCE(j.into_case_id, d.case_id) AS case_id, d.document_id, d.kind FROM documents d \
    LEFT JOIN joined_records j ON j.authority_id = d.authority_id AND j.case_id = d.case_id \
    WHERE d.fingerprint = $1 ORDER BY 1, 2, 3";

/// Files that were recorded before this program noted how files stand.
const UNKNOWN: &str = "SELECT DISTINCT d.fingerprint FROM documents d \
    WHERE d.kind IN ('evidence', 'paper', 'redacted copy', 'own_voice', 'recording') \
    AND NOT EXISTS (SELECT 1 FROM file_checks f WHERE f.fingerprint = d.fingerprint) ORDER BY d.fingerprint LIMIT 1000";
const EARLIER: &str = "SELECT f.fingerprint, \
    (SELECT d.authority_id FROM documents d WHERE d.fingerprint = f.fingerprint ORDER BY d.authority_id LIMIT 1) \
    FROM file_checks f WHERE f.state = 'unchecked' ORDER BY f.asked_at, f.fingerprint LIMIT 1000";

#[derive(Debug, Serialize, Deserialize)]
struct Body {
    fingerprint: String,
}

/// Has the bytes of a file that is being recorded checked, in the same transaction. Safe to repeat.
///
/// # Errors
/// When the database fails.
pub(crate) fn begin(tx: &mut dyn Tx, app: &App, authority: AuthorityId, fingerprint: &str) -> Result<(), Error> {
    let now = app.clock.now();
    let first = if app.settings.clamav.is_some() { State::Waiting } else { State::Unchecked };
    let state: &'static str = first.into();
    let is_new = tx.execute(ADD, &[fingerprint.into(), state.into(), now.into()])? == 1;
    let is_unsafe = !is_new && state_of(tx, fingerprint)? == Some(State::Unsafe);
    if (is_new && first == State::Waiting) || is_unsafe {
        // Known to be unsafe already: this record, too, has to say so.
        let job = JobSpec { id: app.ids.next(), kind: CHECK_FILE, body: body_of(fingerprint)?, run_at: now };
        put_job(tx, authority, job)?;
    }
    Ok(())
}

fn state_of(tx: &mut dyn Tx, fingerprint: &str) -> Result<Option<State>, Error> {
    match tx.find(STATE, &[fingerprint.into()])? {
        Some(row) => Ok(Some(row.get_as("state", "a state of a check", |text: &str| text.parse().ok())?)),
        None => Ok(None),
    }
}

/// Has files checked that came while no virus checker was set, a thousand at most. They can be opened
/// meanwhile, as before. Safe to repeat.
///
/// # Errors
/// When the database fails.
pub fn check_earlier(app: &App) -> Result<(), Error> {
    if app.settings.clamav.is_none() {
        return Ok(());
    }
    let now = app.clock.now();
    app.db.write("checks.earlier", |tx| -> Result<(), Error> {
        for row in tx.query(UNKNOWN, &[])? {
            let fingerprint: String = row.get(0)?;
            tx.execute(ADD, &[fingerprint.into(), "unchecked".into(), now.into()])?;
        }
        for row in tx.query(EARLIER, &[])? {
            let (fingerprint, authority): (String, Option<Uuid>) = (row.get(0)?, row.get(1)?);
            let Some(authority) = authority else { continue };
            // The same file is asked for once, however often this is run.
            let print = blake3::hash(format!("check {fingerprint}").as_bytes());
            let id = Uuid::from_slice(&print.as_bytes()[..16])
                .map_err(|cause| Error::Broken { step: "name a job", cause: cause.to_string() })?;
            let job = JobSpec { id, kind: CHECK_FILE, body: body_of(&fingerprint)?, run_at: now };
            put_job(tx, AuthorityId(authority), job)?;
        }
        Ok(())
    })
}

fn body_of(fingerprint: &str) -> Result<String, Error> {
    serde_json::to_string(&Body { fingerprint: fingerprint.to_owned() })
        .map_err(|cause| Error::Broken { step: "write a job", cause: cause.to_string() })
}

/// That a file may be opened. Everything that gives out bytes which people sent asks this.
///
/// # Errors
/// [`Error::Held`] while it is being checked, and when it is unsafe.
pub(crate) fn may_open(state: Option<State>) -> Result<(), Error> {
    match state {
        Some(state) if !state.may_be_opened() => Err(Error::Held { is_unsafe: state == State::Unsafe }),
        _ => Ok(()),
    }
}

/// Checks the file of a job, and tells of it when it is unsafe.
pub(crate) fn run(app: &App, job: &Job) -> Result<(), Error> {
    let body: Body = serde_json::from_str(&job.body)
        .map_err(|cause| Error::Broken { step: "read a job", cause: cause.to_string() })?;
    let fingerprint = body.fingerprint;
    match app.db.read("checks.state", |tx| state_of(tx, &fingerprint))? {
        // Those that came unchecked can be opened until something is found in them.
        Some(State::Waiting | State::Unchecked) => {}
        Some(State::Unsafe) => return tell(app, &fingerprint),
        Some(State::Clean) | None => return Ok(()),
    }
    let Some(clamav) = &app.settings.clamav else {
        // It was set when the file came and is not now: the file stays held until it is set again.
        return Err(Error::Broken {
            step: "check a file",
            cause: "no virus checker is set: start with --clamav".into(),
        });
    };
    let scanned = clamav
        .scan(&mut app.files.open(&fingerprint)?)
        .map_err(|cause| Error::Broken { step: "check a file for viruses", cause })?;
    let (state, finding) = match scanned {
        Scanned::Clean => (State::Clean, None),
        Scanned::Found(name) => (State::Unsafe, Some(name)),
    };
    let state_code: &'static str = state.into();
    let now = app.clock.now();
    app.db.write("checks.answer", |tx| -> Result<(), Error> {
        tx.execute(ANSWER, &[(&fingerprint).into(), state_code.into(), finding.clone().into(), now.into()])?;
        Ok(())
    })?;
    if state == State::Unsafe { tell(app, &fingerprint) } else { Ok(()) }
}

/// Notes in every record that holds this file that it is unsafe, and tells its sender and the officer.
/// Safe to repeat.
fn tell(app: &App, fingerprint: &str) -> Result<(), Error> {
    let holders = app.db.read("checks.holders", |tx| -> Result<Vec<(Uuid, Uuid, Uuid, bool)>, Error> {
        let rows = tx.query(HOLDERS, &[fingerprint.into()])?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<&str>(3)? == RECORDING))).collect()
    })?;
    for (authority, case, document, is_recording) in holders {
        let (authority, case, document) = (AuthorityId(authority), CaseId(case), DocumentId(document));
        if is_recording {
            app.db.write("checks.tell_keeper", |tx| {
                let case = journal::load(tx, authority, case)?.case;
                tell_keeper(tx, app, &case, document)
            })?;
            continue;
        }
        let who = Who { by: By::System(CHECKER), authority, now: app.clock.now(), today: app.clock.today() };
        app.db.write("checks.note_unsafe", |tx| -> Result<(), Error> {
            let commands = vec![Command::Papers(papers::Command::NoteUnsafe { document })];
            let act = Act { action: Action::AddPapers, seen: None, commands, papers: Papers::default() };
            let before = journal::load(tx, authority, case)?;
            let version = before.case.version;
            let after = journal::act_on(tx, &who, before, act)?;
            if after.case.version == version { Ok(()) } else { tell_of(tx, app, &after.case, document) }
        })?;
    }
    Ok(())
}

const TO_OFFICER: &str = "A file that was sent to the record of a child you work with is unsafe: a virus check found \
    something in it. It is kept and cannot be opened by anyone.\n\nThe child’s page says which. Ask whoever sent it for \
    the paper in another way.\n";
const TO_SENDER: &str = "A virus check found something in a file that you sent. You have done nothing wrong: this can \
    happen to anyone.\n\nNobody can open the file, so nobody can read it. Please send the paper in another way: a new \
    photo of it, or on paper. The day on which you sent the first one still counts.\n\nSign in and open “My child” or “My \
    page” to see which file it is.\n";
const TO_STAFF_SENDER: &str = "A virus check found something in a file that you added to a child’s record. Nobody can \
    open it.\n\nThe child’s page says which. Have your own device checked, and add the paper in another way.\n";

const TO_KEEPER: &str = "A virus check found something in a recording that you keep for your advice. Nobody can open \
    it.\n\nThe page of your recordings says which. Have your own device checked.\n";

/// Who is told of an unsafe file: it is said to each once.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Told {
    Officer,
    Sender,
    StaffSender,
}

/// That a file is unsafe; not what it is called, nor whose it is.
pub(crate) fn told(to: Told, case: CaseId) -> Words {
    let (body, path) = match to {
        Told::Officer => (TO_OFFICER, format!("/children/{case}")),
        Told::Sender => (TO_SENDER, format!("/family/{case}")),
        Told::StaffSender => (TO_STAFF_SENDER, format!("/children/{case}")),
    };
    Words {
        kind: Kind::FileUnsafe,
        subject: "A file is unsafe and cannot be opened".to_owned(),
        body: body.to_owned(),
        path: Some(path),
        by: None,
    }
}

/// Of what an adviser keeps for their own advice nobody else hears, and the record says nothing.
fn tell_keeper(tx: &mut dyn Tx, app: &App, case: &Case, document: DocumentId) -> Result<(), Error> {
    let kept = case.recordings.iter().find(|known| known.document == document);
    let Some((by, kept)) = kept.and_then(|kept| Some((kept.by?, kept))) else { return Ok(()) };
    let message = post::named(&[b"unsafe", document.0.as_bytes(), by.0.as_bytes()]);
    let path = format!("/children/{}/advice/{}/recordings", case.id, kept.advice);
    let words = Words { path: Some(path), body: TO_KEEPER.to_owned(), ..told(Told::StaffSender, case.id) };
    post::tell(tx, app, case.authority, message, &To::Person(by), &words)
}

fn tell_of(tx: &mut dyn Tx, app: &App, case: &Case, document: DocumentId) -> Result<(), Error> {
    let mut to: Vec<(UserId, Told)> = case.officer.map(|officer| (officer, Told::Officer)).into_iter().collect();
    match case.on_file.paper(document) {
        Some(paper) => {
            let told = if paper.from == Side::Family { Told::Sender } else { Told::StaffSender };
            to.extend(paper.by.map(|by| (by, told)));
        }
        // With a request or in About me: those of the family who may read the record.
        None => {
            let family = members(tx, case)?.into_iter().filter(|member| member.may(case, Action::SeeOwnRecord));
            to.extend(family.map(|member| (member.user, Told::Sender)));
        }
    }
    for (user, told_as) in to {
        // One message each: an officer who added it themselves is told as the officer.
        let message = post::named(&[b"unsafe", document.0.as_bytes(), user.0.as_bytes()]);
        post::tell(tx, app, case.authority, message, &To::Person(user), &told(told_as, case.id))?;
    }
    Ok(())
}

/// How many files stand how, for the page of files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub unchecked: u64,
    pub waiting: u64,
    pub clean: u64,
    pub found_unsafe: u64,
    pub waiting_since: Option<Timestamp>,
    /// Why the last try of a check that is not done failed.
    pub failure: Option<String>,
}

const COUNTS: &str = "SELECT state, COUNT(*) AS files FROM file_checks GROUP BY state";
const WAITING_SINCE: &str = "SELECT asked_at FROM file_checks WHERE state = 'waiting' ORDER BY asked_at LIMIT 1";
const FAILURE: &str = "SELECT failure FROM jobs WHERE kind = 'files.check' AND finished_at IS NULL AND failure IS NOT NULL \
    ORDER BY run_at DESC LIMIT 1";

/// How all files of the installation stand.
///
/// # Errors
/// When the database fails.
pub(crate) fn counts(tx: &mut dyn Tx) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    for row in tx.query(COUNTS, &[])? {
        let state: State = row.get_as("state", "a state of a check", |text: &str| text.parse().ok())?;
        let files = row.get("files")?;
        match state {
            State::Unchecked => counts.unchecked = files,
            State::Waiting => counts.waiting = files,
            State::Clean => counts.clean = files,
            State::Unsafe => counts.found_unsafe = files,
        }
    }
    counts.waiting_since = match tx.find(WAITING_SINCE, &[])? {
        Some(row) => Some(row.get(0)?),
        None => None,
    };
    counts.failure = match tx.find(FAILURE, &[])? {
        Some(row) => row.get(0)?,
        None => None,
    };
    Ok(counts)
}
