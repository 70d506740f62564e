//! Bringing in a SEN2 return: once through to check it and say what it would bring, once more to
//! write. Neither holds more than a few hundred persons.

use super::matching::{Known, Match, OnRecord};
use super::people::{FromFile, Reading, Register, history, identify};
use super::store;
use super::summary::{Counts, FILE_BYTES_MAX, Found, Stopped, Summary};
use crate::journal::{self, Act, Papers, Who};
use crate::{App, Error};
use casework::access::Action;
use casework::brought_in::{History, Kept};
use casework::people::{DetailField, Details};
use casework::{Case, CaseId, Command, people};
use db::{Tx, Value};
use jiff::civil::Date;
use returns::sen2::{Limits, Reader, Settings, Severity, census_day};
use std::collections::BTreeSet;
use std::io::BufRead;
use uuid::Uuid;

/// Persons in one transaction.
const BATCH: usize = 200;
/// Bytes of the file in one transaction, so that persons of a megabyte each do not add up.
const BATCH_BYTES: u64 = 2 << 20;
/// How often a batch is tried again that met somebody else's change.
const TRIES: u32 = 5;

/// Whose return it has to be.
#[derive(Debug, Clone)]
pub struct Area {
    pub code: String,
    pub name: String,
    /// The person at the terminal named the area, whatever the file says.
    pub is_named: bool,
}

/// Some persons of the file and what was found about them.
struct Batch {
    persons: Vec<FromFile>,
    found: Vec<Found>,
    left_out: u64,
    looked_at: u64,
    bytes: u64,
}

/// What a file says about itself, from its header alone.
///
/// # Errors
/// [`Stopped::Refused`] when it is not a SEN2 return.
pub fn authority_of(source: impl BufRead) -> Result<Option<String>, Stopped> {
    let reader = Reader::new(source, Settings::default()).map_err(|why| Stopped::Refused(why.to_string()))?;
    Ok(reader.header().authority.map(|code| code.to_string()))
}

/// Reads a file batch by batch. `skip` persons at its start are read and passed over.
fn read_batches(
    source: impl BufRead,
    register: &Register,
    area: &Area,
    skip: u64,
    mut each: impl FnMut(Batch, &Reading<'_>) -> Result<(), Stopped>,
    today: Date,
) -> Result<i16, Stopped> {
    let refuse = |why: returns::sen2::ReadError| Stopped::Refused(why.to_string());
    let settings = Settings {
        limits: Limits { file_bytes: FILE_BYTES_MAX, ..Limits::default() },
        register: (!register.is_empty()).then_some(register),
        ..Settings::default()
    };
    let mut reader = Reader::new(source, settings).map_err(refuse)?;
    let year = reader.header().year;
    match reader.header().authority.map(|code| code.to_string()) {
        _ if area.is_named => {}
        Some(code) if code == area.code => {}
        Some(code) => {
            return Err(Stopped::Refused(format!(
                "it is the return of authority {code}, and this is {}, authority {}",
                area.name, area.code
            )));
        }
        None => return Err(Stopped::Refused("its header does not say which authority it belongs to".into())),
    }
    let day = reader.header().reference_date.or_else(|| census_day(year)).unwrap_or(today);
    let reading = Reading { register, census_day: day, today };
    let empty = |bytes| Batch { persons: vec![], found: vec![], left_out: 0, looked_at: 0, bytes };
    let mut batch = empty(0);
    let mut began = 0;
    while let Some(mut read) = reader.next_person().map_err(refuse)? {
        if read.ordinal > skip {
            batch.looked_at += 1;
            batch.found.extend(std::mem::take(&mut read.findings).into_iter().map(Found::from));
            match identify(read) {
                Ok(person) => batch.persons.push(person),
                Err(found) => {
                    batch.left_out += 1;
                    batch.found.push(*found);
                }
            }
        }
        let bytes = reader.bytes_read();
        if batch.persons.len() >= BATCH || batch.looked_at >= 4 * BATCH as u64 || bytes - began >= BATCH_BYTES {
            batch.bytes = bytes;
            batch.found.extend(reader.take_findings().into_iter().map(Found::from));
            began = bytes;
            each(std::mem::replace(&mut batch, empty(bytes)), &reading)?;
        }
    }
    batch.bytes = reader.bytes_read();
    batch.found.extend(reader.take_findings().into_iter().map(Found::from));
    each(batch, &reading)?;
    Ok(year)
}

/// Reads the whole file and says what it would bring, without writing. `each` is told after every
/// batch how many bytes were read, what was counted in it, and what was found.
///
/// # Errors
/// [`Stopped::Refused`] for a file that must not be loaded.
pub fn check(
    app: &App,
    who: &Who,
    area: &Area,
    source: impl BufRead,
    mut each: impl FnMut(u64, &Counts, Vec<Found>) -> Result<(), Error>,
) -> Result<i16, Stopped> {
    let register = app.db.read("imports.register", |tx| Register::load(tx))?;
    let check_batch = |batch: Batch, reading: &Reading<'_>| {
        let (mut counts, found) = app.db.read("imports.check", |tx| -> Result<_, Error> {
            let mut counts = Counts::default();
            let mut found = Vec::new();
            each_person(tx, who, &batch.persons, reading, &mut counts, &mut found, |_, _, _| Ok(()))?;
            Ok((counts, found))
        })?;
        counts.looked_at = batch.looked_at;
        counts.left_out += batch.left_out;
        let mut all = batch.found;
        all.extend(found);
        Ok(each(batch.bytes, &counts, all)?)
    };
    read_batches(source, &register, area, 0, check_batch, who.today)
}

/// Writes what the file says. Each batch commits together with the place the import has come to, so
/// that after a crash the next run goes on there.
///
/// # Errors
/// [`Stopped::Refused`] for a file that changed since it was checked.
pub fn load(
    app: &App,
    who: &Who,
    area: &Area,
    source: impl BufRead,
    import: Uuid,
    summary: &mut Summary,
    mut after_batch: impl FnMut() -> Result<(), Error>,
) -> Result<(), Stopped> {
    let register = app.db.read("imports.register", |tx| Register::load(tx))?;
    let skip = summary.loaded.looked_at;
    let load_batch = |batch: Batch, reading: &Reading<'_>| {
        let mut tries = 0;
        let after = loop {
            match load_batch(app, who, &batch, reading, import, summary) {
                // Somebody changed one of these children meanwhile: look at them again.
                Err(Error::Conflict { .. }) if tries < TRIES => tries += 1,
                other => break other?,
            }
        };
        *summary = after;
        Ok(after_batch()?)
    };
    read_batches(source, &register, area, skip, load_batch, who.today)?;
    Ok(())
}

const HOLD_AREA: &str = "SELECT authority_id FROM authorities WHERE authority_id = $1 FOR UPDATE";

fn load_batch(
    app: &App,
    who: &Who,
    batch: &Batch,
    reading: &Reading<'_>,
    import: Uuid,
    before: &Summary,
) -> Result<Summary, Error> {
    app.db.write("imports.load", |tx| -> Result<Summary, Error> {
        // One import of an area at a time decides who is new: two would add the same child twice.
        tx.query_one(HOLD_AREA, &[who.authority.0.into()])?;
        let mut summary = before.clone();
        let mut counts = Counts { looked_at: batch.looked_at, left_out: batch.left_out, ..Counts::default() };
        let mut found = Vec::new();
        each_person(tx, who, &batch.persons, reading, &mut counts, &mut found, |tx, case, act| {
            journal::act(tx, who, case, act)?;
            Ok(())
        })?;
        summary.loaded.add(&counts);
        store::progress(tx, who.authority, import, batch.bytes, &summary)?;
        Ok(summary)
    })
}

/// Looks at each person in turn and hands over what has to be written.
fn each_person(
    tx: &mut dyn Tx,
    who: &Who,
    persons: &[FromFile],
    reading: &Reading<'_>,
    counts: &mut Counts,
    found: &mut Vec<Found>,
    mut write: impl FnMut(&mut dyn Tx, CaseId, Act) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut known = Known::load(tx, who.authority, persons.iter().map(|person| &person.details))?;
    for person in persons {
        count_in_file(person, counts);
        let (case, child) = match known.find(who.authority, &person.details) {
            Match::Child(child) => (child.case, Some(child)),
            Match::Nobody(case) => (case, None),
            Match::Unsure(why) => {
                counts.left_out += 1;
                found.push(person.found(
                    Severity::Error,
                    "imports.unsure_who",
                    format!("{why} This person is left out. Find out who it is and correct the record or the file."),
                ));
                continue;
            }
        };
        let planned = match plan(tx, who, case, child.as_deref(), person, reading, found) {
            Err(Error::Refused(refusal)) => {
                counts.left_out += 1;
                found.push(person.found(
                    Severity::Error,
                    "imports.refused",
                    format!("This person is left out: {refusal}"),
                ));
                continue;
            }
            other => other?,
        };
        counts.events += planned.events;
        match (&child, planned.act.is_some()) {
            (None, _) => counts.new += 1,
            (Some(_), true) => counts.changed += 1,
            (Some(_), false) => counts.known += 1,
        }
        if let Some(act) = planned.act {
            write(tx, case, act)?;
        }
        known.put(planned.child);
    }
    Ok(())
}

fn count_in_file(person: &FromFile, counts: &mut Counts) {
    let sum = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let requests = &person.person.requests;
    let active = || requests.iter().filter_map(|request| request.active.as_ref());
    counts.requests += sum(requests.len());
    counts.assessments += sum(requests.iter().filter(|request| request.assessment.is_some()).count());
    let has_plan = |request: &&returns::sen2::Request| {
        request.assessment.as_ref().is_some_and(|assessment| assessment.named_plan.is_some())
    };
    counts.plans += sum(requests.iter().filter(has_plan).count());
    counts.placements += active().map(|active| sum(active.placements.len())).sum::<u64>();
    counts.needs += active().map(|active| sum(active.needs.len())).sum::<u64>();
    counts.reviews +=
        sum(active().filter(|active| active.review_meeting_on.is_some() || active.review_decided_on.is_some()).count());
}

struct Planned {
    child: OnRecord,
    /// Nothing when the record says all this already.
    act: Option<Act>,
    events: u64,
}

fn plan(
    tx: &mut dyn Tx,
    who: &Who,
    id: CaseId,
    child: Option<&OnRecord>,
    from: &FromFile,
    reading: &Reading<'_>,
    found: &mut Vec<Found>,
) -> Result<Planned, Error> {
    let case = journal::load(tx, who.authority, id)?.case;
    let mut history = history(id, from, reading, found);
    let mut commands = Vec::new();
    let (details, are_details_new) = match child {
        None => (from.details.clone(), true),
        Some(child) => {
            history.born_on = child.details.born_on;
            let (_, fields) = merged(&child.details, &from.details, &BTreeSet::new());
            let mut by_hand = ByHand::default();
            if !fields.is_empty() || would_change(&case, &history) {
                by_hand = ByHand::load(tx, who, id)?;
                by_hand.spare(&mut history);
            }
            let kept: Vec<DetailField> = fields.iter().copied().filter(|f| by_hand.fields.contains(f)).collect();
            if !kept.is_empty() {
                found.push(from.found(
                    Severity::Note,
                    "imports.corrected_here",
                    format!(
                        "{} was corrected here by a person and is left as it is, though the file says otherwise.",
                        in_words(&kept)
                    ),
                ));
            }
            let (details, fields) = merged(&child.details, &from.details, &by_hand.fields);
            let are_new = !fields.is_empty();
            if are_new {
                let born_on = fields.contains(&DetailField::BirthDate).then_some(details.born_on);
                commands.push(Command::People(people::Command::CorrectDetails { fields, born_on }));
            }
            (details, are_new)
        }
    };
    for kept in casework::brought_in::kept(&case, &history) {
        found.push(from.found(Severity::Query, "imports.kept_ours", kept_in_words(kept)));
    }
    commands.push(Command::BroughtIn(Box::new(history)));
    let (mut after, mut events) = (Case::clone(&case), 0);
    for command in &commands {
        for event in casework::decide(&after, command.clone(), &who.context())? {
            after.apply(&event);
            events += 1;
        }
    }
    let person = child.map(|child| child.person).or(after.person).ok_or(Error::NotFound)?;
    let papers = Papers { details: are_details_new.then(|| (person, details.clone())), ..Papers::default() };
    let act =
        (events > 0 || are_details_new).then_some(Act { action: Action::ImportData, seen: None, commands, papers });
    Ok(Planned { child: OnRecord { case: id, person, details }, act, events })
}

fn would_change(case: &casework::Case, history: &History) -> bool {
    (history.needs.is_some() && case.needs != history.needs)
        || (history.transfer.is_some() && case.transfer != history.transfer)
}

/// The child's details with what the file says, and which of them change. What the file leaves
/// empty stays; so does what differs only in capitals, accents or spaces, and what a person
/// corrected here.
fn merged(before: &Details, file: &Details, by_hand: &BTreeSet<DetailField>) -> (Details, Vec<DetailField>) {
    let mut after = before.clone();
    let mut fields = Vec::new();
    let may = |field: DetailField| !by_hand.contains(&field);
    let name = |d: &Details| {
        let parts = crate::record::names::parts;
        (parts(&d.given_name), parts(&d.family_name))
    };
    if name(before) != name(file) && may(DetailField::Name) {
        let filled = |file: &str, before: &str| if file.is_empty() { before } else { file }.to_owned();
        after.given_name = filled(&file.given_name, &before.given_name);
        after.family_name = filled(&file.family_name, &before.family_name);
        if name(before) != name(&after) {
            fields.push(DetailField::Name);
        } else {
            after = before.clone();
        }
    }
    if before.born_on != file.born_on && may(DetailField::BirthDate) {
        after.born_on = file.born_on;
        fields.push(DetailField::BirthDate);
    }
    macro_rules! take {
        ($field:ident, $which:expr) => {
            if file.$field.is_some() && file.$field != before.$field && may($which) {
                after.$field.clone_from(&file.$field);
                fields.push($which);
            }
        };
    }
    take!(sex, DetailField::Sex);
    take!(ethnicity, DetailField::Ethnicity);
    let compact = |postcode: &Option<String>| {
        postcode.as_ref().map(|text| text.replace(' ', "").to_uppercase()).unwrap_or_default()
    };
    if compact(&file.postcode) != compact(&before.postcode) {
        take!(postcode, DetailField::Address);
    }
    take!(upn, DetailField::Upn);
    take!(uln, DetailField::Uln);
    (after, fields)
}

/// What people recorded by hand about a child, which no file may undo.
#[derive(Default)]
struct ByHand {
    fields: BTreeSet<DetailField>,
    has_needs: bool,
    has_transfer: bool,
}

const BY_HAND: &str = "SELECT body FROM journal WHERE authority_id = $1 AND case_id = $2 AND actor_id IS NOT NULL \
    AND name = ANY($3) ORDER BY sequence";

impl ByHand {
    fn load(tx: &mut dyn Tx, who: &Who, case: CaseId) -> Result<ByHand, Error> {
        let names: Value =
            ["people.details_corrected", "people.needs_recorded", "reviews.transfer_planned"].into_iter().collect();
        let mut by_hand = ByHand::default();
        for row in tx.query(BY_HAND, &[who.authority.0.into(), case.0.into(), names])? {
            let body: &str = row.get(0)?;
            match serde_json::from_str(body) {
                Ok(casework::Event::People(people::Event::DetailsCorrected { fields, .. })) => {
                    by_hand.fields.extend(fields);
                }
                Ok(casework::Event::People(people::Event::NeedsRecorded { .. })) => by_hand.has_needs = true,
                Ok(casework::Event::Reviews(_)) => by_hand.has_transfer = true,
                _ => {}
            }
        }
        Ok(by_hand)
    }

    fn spare(&self, history: &mut History) {
        if self.has_needs {
            history.needs = None;
        }
        if self.has_transfer {
            history.transfer = None;
            history.transfer_plan_sent_on = None;
        }
    }
}

fn in_words(fields: &[DetailField]) -> String {
    let words: Vec<&str> = fields
        .iter()
        .map(|field| match field {
            DetailField::Name => "the name",
            DetailField::KnownAs => "the name used",
            DetailField::BirthDate => "the date of birth",
            DetailField::Sex => "the sex",
            DetailField::Ethnicity => "the ethnicity",
            DetailField::Address => "the postcode",
            DetailField::HomeLanguage => "the home language",
            DetailField::Upn => "the UPN",
            DetailField::Uln => "the ULN",
            DetailField::NhsNumber => "the NHS number",
        })
        .collect();
    let mut text = words.join(" and ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn kept_in_words(kept: Kept) -> String {
    use crate::web::short_date;
    match kept {
        Kept::Request { received_on } => format!(
            "The request received on {} went on here in another way than the file says. What was recorded here stands.",
            short_date(received_on)
        ),
        Kept::LiveRequest { ours, theirs } => format!(
            "The file has an open request received on {}, and a request received on {} is open here. Only the one here is kept.",
            short_date(theirs),
            short_date(ours)
        ),
        Kept::Plan { first_made_on } => format!(
            "The file has a later plan than the one issued here on {}. The plan issued here stands.",
            short_date(first_made_on)
        ),
    }
}
