//! Are two records one child's? Side by side, field by field; then they are joined, or the children
//! are told apart, each with a reason.

use crate::journal::{self, Act, Loaded, Papers, Text, Told, Who, act_on, authorise};
use crate::record::likely::{Likely, Sought, likely};
use crate::record::store::Scope;
use crate::record::{Hit, facts, search, store};
use crate::web::{
    Fields, Frame, Page, Posted, Problem, Problems, Session, Typed, back_to_case, error_summary, long_date, see_other,
};
use crate::{App, Error, FieldError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use casework::access::Action;
use casework::joins::{self, may_join};
use casework::people::Details;
use casework::people::comparing::{Likeness, compare as compare_details, fill_in, may_be_twins};
use casework::people::facts::{Form, Teller};
use casework::{Case, CaseId, Command, Refusal, TextId, UserId, people};
use db::Tx;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most characters of a reason.
pub(super) const REASON_CHARS_MAX: usize = 1000;

/// Another record, as the list shows it.
struct Other {
    hit: Hit,
    why: String,
}

/// Somebody who was told apart from this child.
struct ToldApart {
    case: CaseId,
    name: String,
    born_on: String,
    on: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "front_door/same.html")]
struct SamePage<'a> {
    case: CaseId,
    name: String,
    born_on: String,
    csrf: &'a str,
    words: String,
    others: Vec<Other>,
    apart: Vec<ToldApart>,
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// A record for somebody who may join it with another, or tell it apart.
pub(super) fn record_for(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Loaded, Error> {
    let loaded = journal::load(tx, who.authority, id)?;
    if !loaded.case.is_open() {
        return Err(Error::NotFound);
    }
    authorise(who, Action::JoinRecords, &loaded)?;
    Ok(loaded)
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path(id): Path<CaseId>,
    Query(asked): Query<Asked>,
) -> Result<Page, Error> {
    let who = session.who(&app);
    let actor = session.signed_in.actor.clone();
    let words: String = asked.q.chars().filter(|c| *c != '\0').take(200).collect();
    let looked_for = words.clone();
    let (details, others, apart) = app
        .blocking(move |app| {
            app.db.read("front_door.same", |tx| -> Result<_, Error> {
                let case = open_record(tx, &who, id)?;
                let (_, details) = store::person(tx, who.authority, id)?;
                let scope = Scope::of(&actor, Action::JoinRecords);
                let mut others: Vec<Other> = likely(tx, scope, &Sought::of(&details), Some(id))?
                    .into_iter()
                    .map(|Likely { hit, why, .. }| Other { hit, why })
                    .collect();
                let more = search(tx, scope, &looked_for)?;
                let known: BTreeSet<CaseId> = others.iter().map(|other| other.hit.case).collect();
                let is_new = |hit: &Hit| hit.case != id && !known.contains(&hit.case);
                others.extend(
                    more.into_iter().filter(is_new).map(|hit| Other { hit, why: "found by your search".into() }),
                );
                // Who was told apart is not offered again, only named.
                others.retain(|other| !case.apart.iter().any(|apart| apart.case == other.hit.case));
                Ok((details, others, told_apart(tx, &case)?))
            })
        })
        .await?;
    let view = SamePage {
        case: id,
        name: details.display_name(),
        born_on: long_date(details.born_on),
        csrf: &session.csrf,
        words,
        others,
        apart,
    };
    Frame::for_session(&session, format!("Other records, {}", view.name))
        .here("/children")
        .back(format!("/children/{id}"), "Back to the child’s page")
        .render(&view)
}

/// A record that is not closed: a closed one leads on.
fn open_record(tx: &mut dyn Tx, who: &Who, id: CaseId) -> Result<Arc<Case>, Error> {
    let loaded = record_for(tx, who, id)?;
    authorise(who, Action::SeeCase, &loaded)?;
    Ok(loaded.case)
}

fn told_apart(tx: &mut dyn Tx, case: &Case) -> Result<Vec<ToldApart>, Error> {
    let texts = if case.apart.is_empty() { Default::default() } else { store::texts(tx, case.authority, case.id)? };
    case.apart
        .iter()
        .map(|apart| {
            let (_, details) = store::person(tx, case.authority, apart.case)?;
            Ok(ToldApart {
                case: apart.case,
                name: details.display_name(),
                born_on: long_date(details.born_on),
                on: long_date(apart.on),
                reason: texts.get(&apart.reason).cloned().unwrap_or_default(),
            })
        })
        .collect()
}

/// One line of two records side by side.
struct Side {
    label: String,
    kept: String,
    other: String,
    /// What becomes of it, and the colour of its tag.
    outcome: &'static str,
    colour: &'static str,
}

/// Somebody of the family who reads along on the record that would be closed.
struct Reader {
    id: UserId,
    name: String,
}

struct Compared {
    kept: Arc<Case>,
    other: Arc<Case>,
    name: String,
    sides: Vec<Side>,
    twins: bool,
    born_apart: bool,
    objection: Option<String>,
    readers: Vec<Reader>,
    /// Those who read along on the record that is kept, and would see what comes over.
    own_readers: Vec<String>,
    is_apart: bool,
}

fn reader_names(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Reader>, Error> {
    let mut readers = Vec::new();
    for user in &case.family {
        if let Some((name, _)) = store::user_name(tx, case.authority, user.0)? {
            readers.push(Reader { id: *user, name });
        }
    }
    Ok(readers)
}

fn setting_of(tx: &mut dyn Tx, case: &Case) -> Result<String, Error> {
    Ok(match case.current_placement().map(|placement| placement.setting) {
        Some(people::Setting::Establishment(urn)) => store::establishment_name(tx, urn.number())?,
        Some(people::Setting::Elsewhere(code)) => code.label().to_owned(),
        None => String::new(),
    })
}

fn officer_of(tx: &mut dyn Tx, case: &Case) -> Result<String, Error> {
    Ok(match case.officer {
        Some(user) => store::user_name(tx, case.authority, user.0)?.map(|(name, _)| name).unwrap_or_default(),
        None => String::new(),
    })
}

fn people_of(tx: &mut dyn Tx, case: &Case) -> Result<String, Error> {
    let people = store::contacts(tx, case.authority, case.id)?;
    let said = people.iter().map(|one| format!("{}, {}", one.name, one.relation.label().to_lowercase()));
    Ok(said.collect::<Vec<_>>().join("; "))
}

fn documents_of(tx: &mut dyn Tx, case: &Case) -> Result<usize, Error> {
    Ok(store::documents(tx, case.authority, case.id)?.len())
}

fn sides(tx: &mut dyn Tx, kept: &Case, other: &Case, details: (&Details, &Details)) -> Result<Vec<Side>, Error> {
    let (own, theirs) = details;
    let mut sides: Vec<Side> = compare_details(own, theirs)
        .into_iter()
        .map(|(field, likeness)| {
            let (outcome, colour) = match likeness {
                Likeness::Agrees => ("The same", "green"),
                Likeness::Differs => ("Differs: the kept one stays", "orange"),
                Likeness::FilledIn => ("Comes over", "blue"),
                Likeness::OnlyKept => ("Stays", "grey"),
            };
            let (kept, other) = (facts::said(field, own), facts::said(field, theirs));
            Side { label: field.label().to_owned(), kept, other, outcome, colour }
        })
        .collect();
    let mut add = |label: &str, kept: String, other: String, comes: bool| {
        let (outcome, colour) = match (kept.is_empty(), other.is_empty()) {
            (true, true) => return,
            _ if kept == other => ("The same", "green"),
            (_, true) => ("Stays", "grey"),
            _ if comes => ("Comes over", "blue"),
            _ => ("The kept one stays", "orange"),
        };
        sides.push(Side { label: label.to_owned(), kept, other, outcome, colour });
    };
    let (one, two) = (setting_of(tx, kept)?, setting_of(tx, other)?);
    add("School or setting", one.clone(), two, one.is_empty());
    let (one, two) = (officer_of(tx, kept)?, officer_of(tx, other)?);
    add("Officer", one.clone(), two, one.is_empty());
    let stage = |case: &Case| case.stage().label().to_owned();
    add("Where it stands", stage(kept), stage(other), false);
    let request = |case: &Case| {
        case.live_request().map(|request| format!("received {}", long_date(request.received_on))).unwrap_or_default()
    };
    // With a clock on both, the earlier day counts and the other request becomes a contact.
    add("Request", request(kept), request(other), kept.live_request().is_none());
    let count = |number: usize| if number == 0 { String::new() } else { number.to_string() };
    add("Contacts", count(kept.enquiries.len()), count(other.enquiries.len()), true);
    let (one, two) = (people_of(tx, kept)?, people_of(tx, other)?);
    add("People", one, two, true);
    let (one, two) = (documents_of(tx, kept)?, documents_of(tx, other)?);
    add("Documents", count(one), count(two), true);
    Ok(sides)
}

/// Two records for somebody who may see and join both.
fn compared(tx: &mut dyn Tx, who: &Who, id: CaseId, other: CaseId) -> Result<Compared, Error> {
    let (kept, other) = (open_record(tx, who, id)?, open_record(tx, who, other)?);
    let (_, own) = store::person(tx, who.authority, kept.id)?;
    let (_, theirs) = store::person(tx, who.authority, other.id)?;
    // Asked as the act itself would be, so that the page and the act cannot disagree.
    let command = joins::Command::TakeIn {
        other: Box::new(Case::clone(&other)),
        details: Box::new((own.clone(), theirs.clone())),
        is_one_child: true,
        family: vec![],
        reason: TextId(uuid::Uuid::nil()),
    };
    let objection = casework::decide(&kept, Command::Joins(command), &who.context()).err();
    Ok(Compared {
        name: own.display_name(),
        sides: sides(tx, &kept, &other, (&own, &theirs))?,
        twins: may_be_twins(&own, &theirs),
        born_apart: own.born_on != theirs.born_on,
        objection: objection.map(|refusal| refusal.to_string()),
        readers: reader_names(tx, &other)?.into_iter().filter(|reader| !kept.family.contains(&reader.id)).collect(),
        own_readers: reader_names(tx, &kept)?.into_iter().map(|reader| reader.name).collect(),
        is_apart: kept.apart.iter().any(|apart| apart.case == other.id),
        kept,
        other,
    })
}

#[derive(Template)]
#[template(path = "front_door/compare.html")]
struct ComparePage<'a> {
    two: Compared,
    version: u64,
    other_version: u64,
    csrf: &'a str,
    summary: govuk::Html,
    f: Fields<'a>,
    readers: govuk::Html,
    twins: govuk::Html,
}

async fn compare_page(
    app: &App,
    session: &Session,
    (id, other): (CaseId, CaseId),
    typed: &Typed,
    problem: &Problem,
) -> Result<Page, Error> {
    let who = session.who(app);
    let two = app.blocking(move |app| app.db.read("front_door.compare", |tx| compared(tx, &who, id, other))).await?;
    let fields = Fields { typed, errors: &problem.errors };
    let choices: Vec<_> = two.readers.iter().map(|reader| (reader.id.to_string(), reader.name.clone())).collect();
    let readers = match choices.is_empty() {
        true => govuk::Html::default(),
        false => fields.checkboxes(
            "family",
            "Who of the family may read the record that is kept?",
            "They read along on the record that would be closed. Tick those who may know everything that is on both: \
             an address, who rang, what the other parent wrote",
            &choices,
        ),
    };
    let sure = [("yes".to_owned(), "I have made sure: this is one child with two names".to_owned())];
    let twins = match two.twins {
        true => fields.checkboxes("is-one-child", "Are they twins?", "Ask the family or the school", &sure),
        false => govuk::Html::default(),
    };
    let view = ComparePage {
        twins,
        version: typed.seen().unwrap_or(two.kept.version),
        other_version: typed.get("other-version").parse().unwrap_or(two.other.version),
        csrf: &session.csrf,
        summary: error_summary(&problem.errors),
        f: fields,
        readers,
        two,
    };
    Frame::for_session(session, format!("Is this the same child? {}", view.two.name))
        .here("/children")
        .back(format!("/children/{id}/same"), "Back to other records")
        .with_errors(&problem.errors)
        .wide()
        .render(&view)
}

pub async fn compare(
    State(app): State<App>,
    session: Session,
    Path(pair): Path<(CaseId, CaseId)>,
) -> Result<Page, Error> {
    compare_page(&app, &session, pair, &Typed::default(), &Problem::default()).await
}

/// The reason that was typed.
pub(super) fn reason(typed: &Typed, field: &'static str, ask: &str) -> Result<String, Error> {
    let mut problems = Problems::default();
    let reason = problems.text(typed, field, ask, REASON_CHARS_MAX);
    problems.check()?;
    Ok(reason)
}

/// Joins `other` into the record that is kept: both are loaded, authorised and compared with what the
/// page showed, and both are recorded or none.
fn join_records(tx: &mut dyn Tx, app: &App, who: &Who, id: CaseId, other: CaseId, typed: &Typed) -> Result<(), Error> {
    let why = reason(typed, "reason", "Enter how you know that it is the same child")?;
    let (kept, closed) = (record_for(tx, who, id)?, record_for(tx, who, other)?);
    may_join(&kept.case, &closed.case)?;
    let (person, own) = store::person(tx, who.authority, id)?;
    let (_, theirs) = store::person(tx, who.authority, other)?;
    if may_be_twins(&own, &theirs) && !typed.has("is-one-child", "yes") {
        return Err(Error::Fields(vec![FieldError::new("is-one-child", Refusal::MayBeTwins.to_string())]));
    }
    let (whole, fields) = fill_in(&own, &theirs);
    let text = TextId(app.ids.next());
    let command = joins::Command::TakeIn {
        other: Box::new(Case::clone(&closed.case)),
        details: Box::new((own, theirs)),
        is_one_child: true,
        family: typed.all("family").filter_map(|user| user.parse().ok()).collect(),
        reason: text,
    };
    let mut commands = vec![Command::Joins(command)];
    let mut papers = Papers::texts(vec![Text { id: text, body: why }]);
    if !fields.is_empty() {
        commands.push(Command::People(people::Command::CorrectDetails { fields, born_on: None }));
        papers.details = Some((person, whole));
        papers.told = Some(Told::on(Form::OtherRecord, Teller::Council));
    }
    act_on(tx, who, kept, Act { action: Action::JoinRecords, seen: typed.seen(), commands, papers })?;
    let close = Act {
        action: Action::JoinRecords,
        seen: typed.get("other-version").parse().ok(),
        commands: vec![Command::Joins(joins::Command::CloseInto { kept: id })],
        papers: Papers::default(),
    };
    act_on(tx, who, closed, close)?;
    Ok(())
}

pub async fn join(
    State(app): State<App>,
    session: Session,
    Path((id, other)): Path<(CaseId, CaseId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let joined = app
        .blocking(move |app| app.db.write("front_door.join", |tx| join_records(tx, app, &who, id, other, &posted)))
        .await;
    match joined {
        Ok(()) => Ok(back_to_case(id, "The two records are one. Everything goes on here.")),
        Err(error) => compared_again(&app, &session, (id, other), typed, error).await,
    }
}

/// The two records as they are now, with what was typed and what is in the way.
async fn compared_again(
    app: &App,
    session: &Session,
    pair: (CaseId, CaseId),
    mut typed: Typed,
    error: Error,
) -> Result<Response, Error> {
    let (status, problem) = match error {
        Error::Conflict { .. } => {
            typed.set("version", "");
            typed.set("other-version", "");
            let changed = "Someone else changed one of the two records. Look at them again: this is how they are now";
            (StatusCode::CONFLICT, Problem { errors: vec![FieldError::new("form", changed)] })
        }
        error => (StatusCode::UNPROCESSABLE_ENTITY, Problem::of(error)?),
    };
    let page = compare_page(app, session, pair, &typed, &problem).await?;
    Ok((status, page).into_response())
}

/// Records on both that they are different children.
pub(super) fn apart(tx: &mut dyn Tx, app: &App, who: &Who, pair: (CaseId, CaseId), why: &str) -> Result<(), Error> {
    for (id, other) in [pair, (pair.1, pair.0)] {
        let loaded = record_for(tx, who, id)?;
        let text = TextId(app.ids.next());
        if loaded.case.apart.iter().any(|apart| apart.case == other) {
            continue;
        }
        let commands = vec![Command::Joins(joins::Command::TellApart { other, reason: text })];
        let papers = Papers::texts(vec![Text { id: text, body: why.to_owned() }]);
        act_on(tx, who, loaded, Act { action: Action::JoinRecords, seen: None, commands, papers })?;
    }
    Ok(())
}

pub async fn tell_apart(
    State(app): State<App>,
    session: Session,
    Path(pair): Path<(CaseId, CaseId)>,
    Posted(typed): Posted,
) -> Result<Response, Error> {
    let (who, posted) = (session.who(&app), typed.clone());
    let told = app
        .blocking(move |app| {
            let why = reason(&posted, "difference", "Enter how you know that these are different children")?;
            app.db.write("front_door.tell_apart", |tx| apart(tx, app, &who, pair, &why))
        })
        .await;
    match told {
        Ok(()) => Ok(see_other(&format!("/children/{}/same#apart", pair.0))),
        Err(error) => compared_again(&app, &session, pair, typed, error).await,
    }
}

pub async fn take_back(
    State(app): State<App>,
    session: Session,
    Path(pair): Path<(CaseId, CaseId)>,
    Posted(_): Posted,
) -> Result<Response, Error> {
    let who = session.who(&app);
    app.blocking(move |app| {
        app.db.write("front_door.take_back_apart", |tx| -> Result<(), Error> {
            for (id, other) in [pair, (pair.1, pair.0)] {
                let loaded = record_for(tx, &who, id)?;
                // A record that was joined meanwhile keeps what it said.
                if loaded.case.joined_into.is_none() {
                    let commands = vec![Command::Joins(joins::Command::TakeBackApart { other })];
                    let act = Act { action: Action::JoinRecords, seen: None, commands, papers: Papers::default() };
                    act_on(tx, &who, loaded, act)?;
                }
            }
            Ok(())
        })
    })
    .await?;
    Ok(see_other(&format!("/children/{}/same", pair.0)))
}
