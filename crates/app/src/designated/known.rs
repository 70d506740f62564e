//! What the queue of a designated officer shows beside each child: who knows it already. Only what is
//! on record here; no health or care system is asked.

use crate::Error;
use crate::journal::{self, Who};
use crate::record::store::{self, Scope, in_scope};
use crate::record::{Hit, search};
use crate::web::short_date;
use casework::access::{Action, Actor};
use casework::advice::{AdviceKind, Reply};
use casework::designated::{CareStatus, Part};
use casework::people::Relation;
use casework::views::{self, Question};
use casework::{AuthorityId, Case, CaseId, TextId};
use db::{Row, Tx, Value};
use jiff::civil::Date;
use std::collections::HashMap;
use uuid::Uuid;

/// Most characters of a search that are looked at.
const WORDS_CHARS_MAX: usize = 200;

/// Requests of one kind together: a team, or how social care stands.
pub(crate) struct Group {
    pub name: String,
    pub href: String,
    pub count: i64,
    pub late: i64,
    pub first_due: Date,
}

const BY_TEAM: &str = concat!(
    "SELECT w.body_id, b.name, COUNT(*) AS requests, SUM(CASE WHEN w.due_on < $6 THEN 1 ELSE 0 END) AS late, \
     MIN(w.due_on) AS first_due FROM advice_waiting w \
     JOIN cases c ON c.authority_id = w.authority_id AND c.case_id = w.case_id \
     JOIN bodies b ON b.authority_id = w.authority_id AND b.body_id = w.body_id WHERE ",
    in_scope!(),
    " AND w.authority_id = $1 AND w.kind = $5 AND w.purpose = 'advice' GROUP BY w.body_id, b.name ORDER BY b.name, w.body_id"
);
const BY_CARE: &str = concat!(
    "SELECT COALESCE(d.care, 'unsaid') AS care, COUNT(*) AS requests, \
     SUM(CASE WHEN w.due_on < $6 THEN 1 ELSE 0 END) AS late, MIN(w.due_on) AS first_due FROM advice_waiting w \
     JOIN cases c ON c.authority_id = w.authority_id AND c.case_id = w.case_id \
     LEFT JOIN designated_cases d ON d.authority_id = w.authority_id AND d.case_id = w.case_id WHERE ",
    in_scope!(),
    " AND w.authority_id = $1 AND w.kind = $5 AND w.purpose = 'advice' GROUP BY COALESCE(d.care, 'unsaid') ORDER BY 1"
);
const ANSWERED: &str = "SELECT a.case_id, b.name, a.reply, a.replied_on FROM advice_asked a \
    JOIN bodies b ON b.authority_id = a.authority_id AND b.body_id = a.body_id \
    WHERE a.authority_id = $1 AND a.case_id = ANY($2) AND a.kind IN ('medical', 'other_appropriate') \
    AND a.reply IN ('advice', 'signed', 'nothing_to_add', 'earlier_advice') ORDER BY a.replied_on DESC, a.advice_id";
const CLINICIANS: &str = "SELECT case_id, name, organisation FROM contacts \
    WHERE authority_id = $1 AND case_id = ANY($2) AND relation = 'health_professional' ORDER BY person_id";
const ASKED: &str = "SELECT w.case_id, w.advice_id, b.name, w.due_on FROM advice_waiting w \
    JOIN bodies b ON b.authority_id = w.authority_id AND b.body_id = w.body_id \
    WHERE w.authority_id = $1 AND w.case_id = ANY($2) AND w.kind = $3 AND w.purpose = 'advice' \
    ORDER BY w.due_on, w.advice_id";
const BACK: &str = "SELECT a.advice_id, b.name FROM advice_asked a \
    JOIN bodies b ON b.authority_id = a.authority_id AND b.body_id = a.passed_from \
    WHERE a.authority_id = $1 AND a.case_id = ANY($2) AND a.passed_from IS NOT NULL";

fn ids(cases: &[CaseId]) -> Value {
    cases.iter().map(|case| case.0).collect()
}

/// What is asked of this part, together by team for health and by how the child stands for social care.
///
/// # Errors
/// When the database fails.
pub(crate) fn groups(tx: &mut dyn Tx, actor: &Actor, part: Part, today: Date) -> Result<Vec<Group>, Error> {
    let mut parameters = Scope::of(actor, Action::RecordAdvice).parameters().to_vec();
    let kind: &'static str = part.advice().into();
    parameters.extend([kind.into(), today.into()]);
    let group = |row: &Row, name: String, href: String| -> Result<Group, Error> {
        let (count, late, first_due) = (row.get("requests")?, row.get("late")?, row.get("first_due")?);
        Ok(Group { name, href, count, late, first_due })
    };
    match part {
        Part::Health => tx
            .query(BY_TEAM, &parameters)?
            .iter()
            .map(|row| group(row, row.get("name")?, format!("/advice?team={}", row.get::<Uuid>("body_id")?)))
            .collect(),
        Part::SocialCare => {
            let mut groups = Vec::new();
            for row in tx.query(BY_CARE, &parameters)? {
                let care: String = row.get("care")?;
                groups.push(group(&row, care_label(&care).to_owned(), format!("/advice?care={care}"))?);
            }
            Ok(groups)
        }
    }
}

/// How a child stands with social care, in words. Whoever nobody looked for is not "not known".
pub(crate) fn care_label(code: &str) -> &'static str {
    code.parse::<CareStatus>().map_or("Not looked up yet", CareStatus::label)
}

/// What is known of one child, in lines.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub lines: Vec<String>,
    /// What the family says would help at home, where it said so.
    pub at_home: Option<String>,
    /// Where it can be changed.
    pub href: Option<String>,
}

/// Which clinicians and teams know these children: from advice that was given before and from the people
/// on their records.
///
/// # Errors
/// When the database fails.
pub(crate) fn to_health(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    cases: &[CaseId],
) -> Result<HashMap<CaseId, Known>, Error> {
    let mut known: HashMap<CaseId, Known> = cases.iter().map(|case| (*case, Known::default())).collect();
    let parameters = [authority.0.into(), ids(cases)];
    for row in tx.query(CLINICIANS, &parameters)? {
        let (name, organisation): (String, Option<String>) = (row.get("name")?, row.get("organisation")?);
        let of = organisation.map(|organisation| format!(", {organisation}")).unwrap_or_default();
        known.entry(CaseId(row.get("case_id")?)).or_default().lines.push(format!("Known to {name}{of}"));
    }
    for row in tx.query(ANSWERED, &parameters)? {
        let (team, reply, on): (String, String, Option<Date>) =
            (row.get("name")?, row.get("reply")?, row.get("replied_on")?);
        let what = if reply == "nothing_to_add" { "said there is nothing to add" } else { "gave advice" };
        let on = on.map(|on| format!(" on {}", short_date(on))).unwrap_or_default();
        known.entry(CaseId(row.get("case_id")?)).or_default().lines.push(format!("Known to {team}: {what}{on}"));
    }
    for one in known.values_mut().filter(|one| one.lines.is_empty()) {
        one.lines.push("Not known so far".to_owned());
    }
    Ok(known)
}

/// What the family said would help at home: in the request, or in the views it gave.
pub(crate) fn at_home(case: &Case, texts: &HashMap<TextId, String>) -> Option<String> {
    let request = case.live_request().or(case.requests.last())?;
    if let Some(view) = views::answer(request, Question::Home) {
        return texts.get(&view.text).cloned();
    }
    let in_request = request.account.and_then(|id| texts.get(&id));
    let in_views = request.advice.iter().filter(|asked| asked.kind == AdviceKind::Family);
    let in_views = in_views.filter_map(|asked| match &asked.reply {
        Some(Reply::Advice { text: Some(text), .. }) => texts.get(text),
        _ => None,
    });
    in_request.into_iter().chain(in_views).find_map(|text| {
        let (_, answer) = text.split_once(Question::Home.label())?;
        let answer = answer.split("\n\n").next().unwrap_or_default().trim();
        (!answer.is_empty()).then(|| answer.to_owned())
    })
}

/// How these children stand with social care, and what their families say would help at home.
///
/// # Errors
/// When the database fails.
pub(crate) fn to_social_care(tx: &mut dyn Tx, who: &Who, cases: &[CaseId]) -> Result<HashMap<CaseId, Known>, Error> {
    let mut known = HashMap::new();
    for id in cases {
        let case = journal::load(tx, who.authority, *id)?.case;
        let texts = store::texts(tx, who.authority, *id)?;
        let text = |id: TextId| texts.get(&id).cloned().unwrap_or_default();
        let mut lines = Vec::new();
        match case.designated.care {
            Some(care) => {
                lines.push(care.status.label().to_owned());
                lines.extend(care.worker.map(|worker| format!("Worker: {}", text(worker))));
                lines.extend(care.last_visit_on.map(|on| format!("Last visit {}", short_date(on))));
                let source = care.source.label().to_lowercase();
                lines.push(format!("{}, as of {}", capital(&source), short_date(care.as_at)));
            }
            None => lines.push("Not looked up yet".to_owned()),
        }
        let contacts = store::contacts(tx, who.authority, *id)?;
        let workers = contacts.iter().filter(|contact| contact.relation == Relation::SocialWorker);
        lines.extend(workers.map(|worker| format!("Social worker on record: {}", worker.name)));
        let href = Some(format!("/children/{id}/care"));
        known.insert(*id, Known { lines, at_home: at_home(&case, &texts), href });
    }
    Ok(known)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// The same for whichever part.
///
/// # Errors
/// When the database fails.
pub(crate) fn known(tx: &mut dyn Tx, who: &Who, part: Part, cases: &[CaseId]) -> Result<HashMap<CaseId, Known>, Error> {
    match part {
        Part::Health => to_health(tx, who.authority, cases),
        Part::SocialCare => to_social_care(tx, who, cases),
    }
}

/// Pieces of advice that may be taken back, with the team that passed them on.
///
/// # Errors
/// When the database fails.
pub(crate) fn may_be_taken_back(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    cases: &[CaseId],
) -> Result<HashMap<Uuid, String>, Error> {
    let rows = tx.query(BACK, &[authority.0.into(), ids(cases)])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// A child that a search in the queue found, with what is asked.
pub(crate) struct Found {
    pub hit: Hit,
    pub known: Known,
    /// Which team is asked, by when, and the address of its answer.
    pub asked: Vec<(String, Date, String)>,
}

/// Children of this name, birth date or NHS number: who knows them, and what is asked of this part.
///
/// # Errors
/// When the database fails.
pub(crate) fn found(tx: &mut dyn Tx, who: &Who, actor: &Actor, part: Part, words: &str) -> Result<Vec<Found>, Error> {
    let words: String = words.chars().take(WORDS_CHARS_MAX).collect();
    let hits = search::search(tx, Scope::of(actor, Action::SearchCases), &words)?;
    let cases: Vec<CaseId> = hits.iter().map(|hit| hit.case).collect();
    let mut known = known(tx, who, part, &cases)?;
    let kind: &'static str = part.advice().into();
    let mut asked: HashMap<CaseId, Vec<(String, Date, String)>> = HashMap::new();
    for row in tx.query(ASKED, &[who.authority.0.into(), ids(&cases), kind.into()])? {
        let (case, advice): (Uuid, Uuid) = (row.get(0)?, row.get(1)?);
        let href = format!("/children/{case}/advice/{advice}/write");
        asked.entry(CaseId(case)).or_default().push((row.get(2)?, row.get(3)?, href));
    }
    let found = hits.into_iter().map(|hit| Found {
        known: known.remove(&hit.case).unwrap_or_default(),
        asked: asked.remove(&hit.case).unwrap_or_default(),
        hit,
    });
    Ok(found.collect())
}
