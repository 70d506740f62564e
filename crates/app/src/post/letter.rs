//! A message on paper.

use super::outbox::Message;
use super::send::Composing;
use crate::Error;
use crate::admin::areas::Profile;
use crate::web::long_date;
use documents::model::{Block, Document, Letterhead, Signature};
use documents::typeset::Printing;
use jiff::civil::Date;

/// The letter of a message, to be folded into a window envelope.
pub(super) fn pdf(
    message: &Message,
    envelope: &[String],
    (composing, profile): (&Composing<'_>, &Profile),
    on: Date,
    printing: &Printing,
) -> Result<Vec<u8>, Error> {
    let council = &profile.council;
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let words = composing.words(message.channel, message);
    let mut blocks: Vec<Block> =
        words.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(Block::text).collect();
    blocks.push(Block::Signature(Signature {
        valediction: Some("Yours sincerely".to_owned()),
        name: council.name.clone(),
        role: "SEND team".to_owned(),
        organisation: composing.area.to_owned(),
        date: None,
    }));
    let document = Document {
        title: message.subject.trim_end_matches('.').to_owned(),
        language: "en-GB".to_owned(),
        subject: "A message from the SEND team".to_owned(),
        author: composing.area.to_owned(),
        letterhead: Some(Letterhead {
            area_name: composing.area.to_owned(),
            address_lines: lines(&council.address),
            contact_lines: [&council.telephone, &council.email]
                .into_iter()
                .filter(|line| !line.is_empty())
                .cloned()
                .collect(),
            reference: None,
            date: Some(long_date(on)),
            recipient_lines: envelope.to_vec(),
            salutation: envelope.first().map(|name| format!("Dear {name}")),
        }),
        draft_watermark_text: None,
        blocks,
    };
    documents::typeset::pdf(&document, printing)
        .map_err(|fault| Error::Broken { step: "typeset a letter", cause: fault.to_string() })
}
