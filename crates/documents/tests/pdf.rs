//! What a family opens must be readable by eye, by ear and by every program, whatever was typed into it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../examples/invented/plan.rs"]
mod invented;

use documents::Fault;
use documents::model::{Block, Document, Figure, Image, Span, Table};
use documents::typeset::{self, Printing};
use lopdf::{Dictionary, Object, ObjectId};

fn printing() -> Printing {
    Printing::at(jiff::civil::date(2026, 10, 12).at(9, 30, 0, 0)).with_footer("WR-2026-00417")
}

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "A letter".into(),
        language: "en-GB".into(),
        subject: "Test".into(),
        author: "Wrenshire Council".into(),
        letterhead: None,
        draft_watermark_text: None,
        blocks,
    }
}

fn open(document: &Document) -> lopdf::Document {
    let bytes = typeset::pdf(document, &printing()).unwrap();
    lopdf::Document::load_mem(&bytes).unwrap()
}

/// All text of all pages, without spaces: where a line wraps is not what these tests ask.
fn letters_of(pdf: &lopdf::Document) -> String {
    let pages: Vec<u32> = pdf.get_pages().keys().copied().collect();
    let text = pdf.extract_text(&pages).unwrap();
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// The tags of the structure tree in reading order, each with the scope of a header cell.
fn tags(pdf: &lopdf::Document) -> Vec<String> {
    fn walk(pdf: &lopdf::Document, object: &Object, found: &mut Vec<String>) {
        match object {
            Object::Reference(id) => {
                if let Ok(object) = pdf.get_object(*id) {
                    walk(pdf, object, found);
                }
            }
            Object::Array(objects) => objects.iter().for_each(|object| walk(pdf, object, found)),
            Object::Dictionary(element) => {
                if let Ok(name) = element.get(b"S").and_then(Object::as_name) {
                    let scope = scope(pdf, element).map(|scope| format!(" {scope}")).unwrap_or_default();
                    found.push(format!("{}{scope}", String::from_utf8_lossy(name)));
                }
                if let Ok(children) = element.get(b"K") {
                    walk(pdf, children, found);
                }
            }
            _ => {}
        }
    }
    let root = catalog_entry(pdf, b"StructTreeRoot");
    let mut found = Vec::new();
    walk(pdf, root.as_dict().unwrap().get(b"K").unwrap(), &mut found);
    found
}

fn scope(pdf: &lopdf::Document, element: &Dictionary) -> Option<String> {
    let attributes = element.get(b"A").ok()?;
    let attributes = match attributes {
        Object::Array(list) => list.clone(),
        other => vec![other.clone()],
    };
    attributes.iter().find_map(|attribute| {
        let (_, attribute) = pdf.dereference(attribute).ok()?;
        let scope = attribute.as_dict().ok()?.get(b"Scope").ok()?;
        Some(String::from_utf8_lossy(scope.as_name().ok()?).into_owned())
    })
}

fn catalog_entry<'a>(pdf: &'a lopdf::Document, key: &[u8]) -> &'a Object {
    pdf.dereference(pdf.catalog().unwrap().get(key).unwrap()).unwrap().1
}

fn text_string(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

#[test]
fn the_file_says_its_title_language_and_standards_and_shows_the_title() {
    let bytes = typeset::pdf(&invented::plan(), &printing()).unwrap();
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let marked = catalog_entry(&pdf, b"MarkInfo").as_dict().unwrap().get(b"Marked").unwrap();
    assert!(marked.as_bool().unwrap());
    assert_eq!(text_string(catalog_entry(&pdf, b"Lang")), "en-GB");
    let preferences = catalog_entry(&pdf, b"ViewerPreferences").as_dict().unwrap();
    assert!(preferences.get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
    let metadata = catalog_entry(&pdf, b"Metadata").as_stream().unwrap();
    let metadata = String::from_utf8(metadata.get_plain_content().unwrap()).unwrap();
    assert!(metadata.contains("Education, health and care plan for Robin Fernleigh"));
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    assert!(metadata.contains("<pdfaid:part>2</pdfaid:part>"));
    assert!(metadata.contains("<pdfaid:conformance>A</pdfaid:conformance>"));
    assert!(metadata.contains("2026-10-12T09:30:00"));
}

#[test]
fn sections_are_headings_and_table_headers_are_header_cells() {
    let tags = tags(&open(&invented::plan()));
    assert_eq!(tags.first().map(String::as_str), Some("Document"));
    let count = |tag: &str| tags.iter().filter(|found| *found == tag).count();
    assert_eq!(count("H1"), 1);
    assert_eq!(count("H2"), 12);
    assert_eq!(count("Table"), 4);
    assert_eq!(count("TH Column"), 3 + 4 + 3);
    assert_eq!(count("TH Row"), 8 + 4 + 4);
    assert_eq!(count("L"), 1);
    assert_eq!(count("LI"), 3);
    assert_eq!(count("Caption"), 3);
    let first_heading = tags.iter().position(|tag| tag == "H1");
    let first_section = tags.iter().position(|tag| tag == "H2");
    assert!(first_heading < first_section);
}

#[test]
fn a_reader_can_jump_to_each_section() {
    let pdf = open(&invented::plan());
    let outlines = catalog_entry(&pdf, b"Outlines").as_dict().unwrap();
    let title_of = |id: ObjectId| text_string(pdf.get_dictionary(id).unwrap().get(b"Title").unwrap());
    let root = outlines.get(b"First").unwrap().as_reference().unwrap();
    assert_eq!(title_of(root), "Education, health and care plan for Robin Fernleigh");
    let mut next = pdf.get_dictionary(root).unwrap().get(b"First").and_then(Object::as_reference);
    let mut titles = Vec::new();
    while let Ok(id) = next {
        titles.push(title_of(id));
        next = pdf.get_dictionary(id).unwrap().get(b"Next").and_then(Object::as_reference);
    }
    assert_eq!(titles.len(), 12);
    assert!(titles[11].starts_with("Section K"));
}

#[test]
fn each_page_says_which_page_it_is_and_whose() {
    let pdf = open(&invented::plan());
    let pages = pdf.get_pages().len();
    for page in 1..=pages {
        let text = without_spaces(&pdf.extract_text(&[u32::try_from(page).unwrap()]).unwrap());
        assert!(text.contains(&format!("Page{page}of{pages}")), "page {page}");
        assert!(text.contains("WR-2026-00417"), "page {page}");
    }
}

#[test]
fn what_people_type_is_printed_and_never_obeyed() {
    let hostile = [
        r#"#read("/etc/passwd")"#,
        r#"#import "/document.json": *"#,
        "*bold* _stress_ `code` $x^2$ <label> @reference",
        "= Heading\\ - list // comment /* more */",
        "<script>alert('hello')</script> &amp; <b>",
        "#set page(width: 1pt)\\",
        "https://example.org/*not_emphasis*",
        "{\"b\": \"page_break\"} ${7*7} {{7*7}} %s \\u{41}",
        "-- --- ... \"quotes\" 'quotes' ~",
    ];
    for text in hostile {
        let printed = letters_of(&open(&document(vec![
            Block::text(text),
            Block::section(text),
            Block::bullets([text]),
            Block::KeyFacts(vec![(text.into(), text.into())]),
            Block::Table(Table {
                caption: text.into(),
                header: vec![text.into()],
                rows: vec![vec![text.into()]],
                ..Table::default()
            }),
            Block::Callout { title: text.into(), text: vec![Span::strong(text)] },
            Block::Paragraph(vec![Span::Link { text: text.into(), address: "javascript:alert(1)".into() }]),
        ])));
        assert_eq!(printed.matches(&without_spaces(text)).count(), 11, "{text}: {printed}");
    }
}

#[test]
fn a_title_that_looks_like_markup_is_only_a_title() {
    let mut letter = document(vec![Block::text("Hello.")]);
    letter.title = "#panic(\"no\") *A* <b>".into();
    letter.author = "Wren\u{0}shire #x".into();
    let printed = letters_of(&open(&letter));
    assert!(printed.contains("#panic(\"no\")*A*<b>"));
}

#[test]
fn nul_and_control_characters_are_taken_out() {
    let printed =
        letters_of(&open(&document(vec![Block::text("be\u{0}fore\u{7}\u{1b}[31m \u{202e}after\u{feff}\u{fffe}")])));
    assert!(printed.contains("before[31mafter"), "{printed}");
}

#[test]
fn characters_no_font_can_draw_are_shown_as_a_box_and_the_letter_says_so() {
    // Cuneiform, Chinese, a private-use character, and an unassigned one.
    let letter = document(vec![Block::text("Sign \u{12000}, \u{8BED}, mark \u{E000}, hole \u{378}.")]);
    let missing = typeset::characters_without_a_glyph(&letter);
    assert_eq!(missing.into_iter().collect::<Vec<_>>(), ['\u{378}', '\u{8BED}', '\u{E000}', '\u{12000}']);
    let printed = letters_of(&open(&letter));
    assert!(printed.contains("Sign□,□,mark□,hole□."), "{printed}");
    assert!(printed.contains("Somecharacterscouldnotbeprinted"));
}

#[test]
fn the_languages_of_families_and_emoji_do_not_stop_a_letter() {
    let text = "Żółw, Ελληνικά, Українська, العربية, میرا نام روبن ہے, עברית, বাংলা ভাষা, हिन्दी में, ગુજરાતી, ਪੰਜਾਬੀ ਵਿੱਚ, தமிழ் மொழி, 👩‍👧 ❤️ 👍🏽 🇬🇧 1️⃣ cafe\u{301} \u{200f}";
    let letter = document(vec![Block::text(text), Block::text("العربية أولا ثم English"), Block::section(text)]);
    let pdf = open(&letter);
    assert!(letters_of(&pdf).contains("Żółw"));
    assert!(!letters_of(&pdf).contains("couldnotbeprinted"), "{:?}", typeset::characters_without_a_glyph(&letter));
}

#[test]
fn very_long_words_and_very_long_paragraphs_stay_on_the_page() {
    let word = "pneumonoultramicroscopicsilicovolcanoconiosis".repeat(40);
    let paragraph = "Rob enjoys making maps of the railway. ".repeat(2_600);
    assert!(paragraph.len() > 100_000);
    let letter = document(vec![
        Block::text(word.clone()),
        Block::text(paragraph.clone()),
        Block::Table(Table {
            caption: "Wide words".into(),
            header: vec!["One".into(), "Two".into(), "Three".into(), "Four".into()],
            rows: vec![vec![word.clone(), "x".into(), "y".into(), paragraph.clone()]],
            ..Table::default()
        }),
    ]);
    let pdf = open(&letter);
    let printed = letters_of(&pdf);
    assert!(printed.contains(&word[..600]), "the long word is whole when copied");
    assert!(printed.matches("Robenjoysmakingmapsoftherailway.").count() > 5_000);
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let plan = invented::plan();
    let first = typeset::pdf(&plan, &printing()).unwrap();
    let between = typeset::pdf(&document(vec![Block::text("Another letter.")]), &printing()).unwrap();
    assert_ne!(first, between);
    let again = std::thread::spawn(move || typeset::pdf(&plan, &printing()).unwrap());
    assert!(first == again.join().unwrap());
}

#[test]
fn large_print_has_every_word_in_one_column() {
    let bytes = typeset::pdf(&invented::plan(), &printing().in_large_print()).unwrap();
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let printed = letters_of(&pdf);
    assert!(printed.contains("Holdsapencilinatightfist."));
    assert!(!tags(&pdf).iter().any(|tag| tag == "Table"));
}

#[test]
fn a_draft_says_draft_to_the_eye_and_to_the_ear() {
    let mut draft = invented::plan();
    draft.draft_watermark_text = Some("Draft".into());
    let pdf = open(&draft);
    let first_page = pdf.extract_text(&[1]).unwrap();
    assert_eq!(first_page.matches("Draft").count(), 2, "once across the page, once in the text: {first_page}");
}

#[test]
fn a_picture_needs_words_and_may_not_reach_outside() {
    let figure = |svg: &str, alternative_text: &str| {
        Block::Figure(Figure {
            width_mm: None,
            image: Image::Svg(svg.as_bytes().to_vec()),
            alternative_text: alternative_text.into(),
            caption: Some("Waiting times".into()),
        })
    };
    let square = r##"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#17445c"/></svg>"##;
    let reaching = r#"<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><image href="/etc/passwd"/></svg>"#;
    let pdf = open(&document(vec![figure(square, "A dark blue bar")]));
    assert!(tags(&pdf).contains(&"Figure".to_owned()));
    let refused = |block| typeset::pdf(&document(vec![block]), &printing()).unwrap_err();
    assert_eq!(refused(figure(square, " ")), Fault::AlternativeTextMissing { position: 0 });
    assert_eq!(refused(figure(reaching, "A file")), Fault::FigureUnreadable { position: 0 });
    assert!(matches!(refused(figure("<svg", "Broken")), Fault::Typesetting { .. }));
}

#[test]
fn a_document_that_could_not_be_read_aloud_is_refused() {
    let refused = |letter: &Document| typeset::pdf(letter, &printing()).unwrap_err();
    let mut untitled = document(vec![]);
    untitled.title = "\u{200e}\0 ".replace('\u{200e}', "");
    assert_eq!(refused(&untitled), Fault::TitleMissing);
    let skipping = document(vec![Block::subsection("Too deep")]);
    assert_eq!(refused(&skipping), Fault::HeadingLevelSkipped { position: 0 });
    let uneven = Table { header: vec!["One".into()], rows: vec![vec![]], ..Table::default() };
    assert_eq!(refused(&document(vec![Block::Table(uneven)])), Fault::TableUneven { position: 0 });
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..proptest::prelude::ProptestConfig::with_cases(48) })]

    #[test]
    fn no_text_at_all_can_stop_a_letter(words in proptest::collection::vec("\\PC{0,40}|(?s:.){0,12}|[\u{600}-\u{6FF}\u{900}-\u{DFF}\u{1F300}-\u{1FAFF}\u{200B}-\u{200F}\u{300}-\u{36F}\u{FE00}-\u{FE0F}]{0,30}", 6)) {
        let text = words.join(" ");
        let title = format!("A {text}");
        let mut letter = document(vec![
            Block::section(title.clone()),
            Block::text(text.clone()),
            Block::bullets(words.clone()),
            Block::KeyFacts(vec![(text.clone(), text.clone())]),
            Block::Table(Table { caption: text.clone(), header: words.clone(), rows: vec![words.clone()], first_column_names_the_row: true, ..Table::default() }),
        ]);
        letter.title = title;
        proptest::prop_assert!(typeset::pdf(&letter, &printing()).is_ok());
        proptest::prop_assert!(documents::word::docx(&letter).is_ok());
        proptest::prop_assert!(documents::html::page(&letter).is_ok());
    }
}
