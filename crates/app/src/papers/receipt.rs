//! The receipt of papers that were added: number, day, a fingerprint for each file.

use super::{actor, desk, place, root, side};
use crate::family::child;
use crate::journal::Who;
use crate::ports::london_time;
use crate::record::store;
use crate::uploads::checks;
use crate::web::upload::size;
use crate::web::{Frame, Page, Session, long_date};
use crate::{App, Error};
use askama::Template;
use axum::extract::{Path, State};
use casework::access::Action;
use casework::messages::Side;
use casework::receipts::{Fingerprint, ReceiptNumber};
use casework::{AuthorityId, CaseId, Event, papers};
use db::Tx;
use jiff::Timestamp;

struct Line {
    title: String,
    kind: &'static str,
    dated: Option<String>,
    size: String,
    fingerprint: Fingerprint,
    about: String,
    tag: Option<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "papers/receipt.html")]
struct ReceiptPage {
    name: String,
    number: String,
    on: String,
    time: Option<String>,
    lines: Vec<Line>,
    back: String,
    side: Side,
}

/// "2026-00012", and nothing else.
fn number(text: &str) -> Option<ReceiptNumber> {
    let (year, number) = text.split_once('-')?;
    let number = ReceiptNumber { year: year.parse().ok()?, number: number.parse().ok()? };
    (number.to_string() == text).then_some(number)
}

/// Most entries of a history that are looked through for one receipt.
const ENTRIES_MAX: i64 = 10_000;

/// When the papers of this receipt were recorded.
fn received_at(
    tx: &mut dyn Tx,
    authority: AuthorityId,
    id: CaseId,
    receipt: ReceiptNumber,
) -> Result<Option<Timestamp>, Error> {
    let lines = store::history(tx, authority, id, 0, ENTRIES_MAX)?;
    let is_it = |line: &store::HistoryLine| {
        line.name == "papers.added"
            && matches!(serde_json::from_str(&line.body),
                Ok(Event::Papers(papers::Event::Added { receipt: found, .. })) if found == receipt)
    };
    Ok(lines.iter().find(|line| is_it(line)).map(|line| line.recorded_at))
}

/// What a receipt is of.
pub(crate) struct Receipt {
    name: String,
    pub at: Option<Timestamp>,
    pub papers: Vec<(papers::Paper, store::DocumentLine)>,
}

/// A receipt by its number, for somebody who may add papers to the record.
///
/// # Errors
/// By the access policy; not found when the record has none of this number.
pub(crate) fn read(tx: &mut dyn Tx, who: &Who, id: CaseId, receipt: &str) -> Result<Receipt, Error> {
    let receipt = number(receipt).ok_or(Error::NotFound)?;
    let side = side(actor(who)?.role);
    let (case, name) = desk(tx, who, id, Action::AddPapers)?;
    let is_here =
        |paper: &&papers::Paper| paper.receipt == receipt && (side == Side::Council || paper.from == Side::Family);
    let papers: Vec<papers::Paper> = case.on_file.papers.iter().filter(is_here).cloned().collect();
    let documents = match side {
        Side::Family => child::documents(tx, &case, who.user())?,
        Side::Council => store::documents(tx, who.authority, id)?,
    };
    let found = papers.into_iter().filter_map(|paper| {
        let document = documents.iter().find(|document| document.id == paper.document.0)?;
        Some((paper, document.clone()))
    });
    let papers: Vec<_> = found.collect();
    if papers.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Receipt { name, at: received_at(tx, who.authority, id, receipt)?, papers })
}

pub async fn show(
    State(app): State<App>,
    session: Session,
    Path((id, asked)): Path<(CaseId, String)>,
) -> Result<Page, Error> {
    let receipt = number(&asked).ok_or(Error::NotFound)?;
    let who = session.who(&app);
    let side = side(session.signed_in.actor.role);
    let Receipt { name, at, papers: found } =
        app.blocking(move |app| app.db.read("papers.receipt", |tx| read(tx, &who, id, &asked))).await?;
    let on = found.first().map(|(paper, _)| paper.on).ok_or(Error::NotFound)?;
    let root = root(side, id);
    let lines = found.into_iter().map(|(paper, document)| Line {
        title: document.title,
        kind: paper.kind.label(),
        dated: paper.dated.map(long_date),
        size: size(u64::try_from(document.size_bytes).unwrap_or(0)),
        fingerprint: paper.fingerprint,
        about: format!("{root}/documents/{}/about", document.id),
        tag: document.check.and_then(checks::State::tag),
    });
    let view = ReceiptPage {
        name: name.clone(),
        number: receipt.to_string(),
        on: long_date(on),
        time: at.map(|at| london_time(at).strftime("%-I:%M%P").to_string()),
        lines: lines.collect(),
        back: root.clone(),
        side,
    };
    Frame::for_session(&session, format!("Receipt {receipt}, {name}"))
        .here(place(side))
        .back(root, "Back to the child’s page")
        .render(&view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_printed_and_not_otherwise() {
        assert_eq!(number("2026-00012"), Some(ReceiptNumber { year: 2026, number: 12 }));
        for wrong in ["", "2026-12", "2026", "x-00012", "2026-00012-1", "+2026-00012", "uploads"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
