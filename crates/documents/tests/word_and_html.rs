//! The Word copy and the phone page must say the same words with the same structure.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../examples/invented/plan.rs"]
mod invented;

use std::io::{Cursor, Read};

use documents::model::{Block, Document, Span, Table};
use documents::{html, word};

fn part(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut words = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut words).unwrap();
    words
}

/// The text of an XML part, and a check that it is well formed.
fn xml_text(xml: &str) -> String {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut words = String::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => return words,
            quick_xml::events::Event::Text(text) => words.push_str(&text),
            quick_xml::events::Event::GeneralRef(name) => {
                words.push_str(match &*name {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    _ => "?",
                });
            }
            _ => {}
        }
    }
}

fn hostile() -> (String, Document) {
    let text = "<script>alert('x')</script> & \"#read(1)\" *b* </w:t> ]]> <w:cantSplit />".to_owned();
    let mut document = invented::plan();
    document.title = text.clone();
    document.author = text.clone();
    document.blocks = vec![
        Block::section(text.clone()),
        Block::text(format!("NUL \u{0} and bell \u{7}: {text}")),
        Block::bullets([text.clone()]),
        Block::KeyFacts(vec![(text.clone(), text.clone())]),
        Block::Callout { title: text.clone(), text: vec![Span::Emphasis(text.clone())] },
        Block::Table(Table {
            caption: text.clone(),
            header: vec![text.clone()],
            rows: vec![vec![text.clone()]],
            ..Table::default()
        }),
        Block::Paragraph(vec![Span::Link { text: text.clone(), address: "javascript:alert(1)".into() }]),
        Block::Paragraph(vec![Span::Link {
            text: "Our pages".into(),
            address: "https://wrenshire.example/?a=1&b=2".into(),
        }]),
    ];
    (text, document)
}

#[test]
fn the_word_file_has_headings_lists_header_rows_language_and_title() {
    let docx = word::docx(&invented::plan()).unwrap();
    let body = part(&docx, "word/document.xml");
    assert!(xml_text(&body).contains("Needs extra time to take in spoken words"));
    assert_eq!(body.matches("w:val=\"Heading1\"").count(), 1);
    assert_eq!(body.matches("w:val=\"Heading2\"").count(), 12);
    assert_eq!(body.matches("<w:tblHeader/>").count(), 3);
    assert_eq!(body.matches("<w:numId w:val=\"2\"").count(), 3);
    let styles = part(&docx, "word/styles.xml");
    assert!(styles.contains("<w:lang w:val=\"en-GB\"/>"));
    assert!(styles.contains("w:default=\"1\" w:styleId=\"Normal\""));
    assert!(styles.contains("w:styleId=\"Heading2\""));
    assert!(
        part(&docx, "docProps/core.xml")
            .contains("<dc:title>Education, health and care plan for Robin Fernleigh</dc:title>")
    );
    assert!(part(&docx, "word/footer1.xml").contains("WR-2026-00417"));
    for name in
        ["word/document.xml", "word/styles.xml", "docProps/core.xml", "word/numbering.xml", "[Content_Types].xml"]
    {
        xml_text(&part(&docx, name));
    }
}

#[test]
fn the_word_file_prints_what_people_type_and_never_obeys_it() {
    let (text, document) = hostile();
    let docx = word::docx(&document).unwrap();
    let body = part(&docx, "word/document.xml");
    assert_eq!(xml_text(&body).matches(&text).count(), 12);
    assert_eq!(body.matches("<w:tblHeader/>").count(), 1);
    assert!(!body.contains('\0') && !body.contains('\u{7}'));
    assert!(xml_text(&part(&docx, "docProps/core.xml")).contains(&text));
    assert!(!part(&docx, "word/_rels/document.xml.rels").contains("javascript"));
}

#[test]
fn the_same_document_gives_the_same_word_file() {
    let plan = invented::plan();
    let first = word::docx(&plan).unwrap();
    let again = std::thread::spawn(move || word::docx(&plan).unwrap()).join().unwrap();
    assert!(first == word::docx(&invented::plan()).unwrap() && first == again);
}

#[test]
fn the_phone_page_has_one_title_and_header_cells_and_no_script() {
    let page = html::page(&invented::plan()).unwrap();
    assert!(page.contains("<html lang=\"en-GB\">"));
    assert_eq!(page.matches("<h1>").count(), 1);
    assert_eq!(page.matches("<h2>").count(), 12);
    assert_eq!(page.matches("scope=\"col\"").count(), 10);
    assert!(page.contains("میرا نام روبن ہے"));
    assert!(!page.contains("<script"));
}

#[test]
fn the_phone_page_prints_what_people_type_and_never_obeys_it() {
    let (text, document) = hostile();
    let page = html::page(&document).unwrap();
    assert!(!page.contains("<script>"));
    assert!(!page.contains("javascript:"));
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;");
    assert_eq!(page.matches(&escaped).count(), 15);
    assert!(page.contains("href=\"https://wrenshire.example/?a=1&amp;b=2\""));
}
