//! Files that are not read, and the words they are refused with.

use returns::sen2::{LaNumber, Limits, ReadError, Reader, Settings, sample::Sample};

const HEADER: &str = "<Header><CollectionDetails><Collection>SEN2</Collection><Year>2026</Year>\
    <ReferenceDate>2026-01-15</ReferenceDate></CollectionDetails>\
    <Source><SourceLevel>L</SourceLevel><LEA>332</LEA></Source></Header>";

fn read(file: &[u8]) -> Result<u64, ReadError> {
    read_within(file, Limits::default())
}

fn read_within(file: &[u8], limits: Limits) -> Result<u64, ReadError> {
    let mut reader = Reader::new(file, Settings { limits, ..Settings::default() })?;
    while reader.next_person()?.is_some() {}
    Ok(reader.persons_read())
}

fn words(file: &str) -> String {
    read(file.as_bytes()).unwrap_err().to_string()
}

fn message(inside: &str) -> String {
    format!("<Message>{HEADER}<Persons>{inside}</Persons></Message>")
}

#[test]
fn what_is_not_a_sen2_return_is_refused_and_said_what_it_is() {
    for (file, expected) in [
        ("", "it is empty"),
        ("   \n ", "it is empty"),
        ("URN,Name\n1,2", "it is not XML: line 2 starts with something else"),
        ("{\"a\": 1}", "it is not XML: line 1 starts with something else"),
        (
            "<CTfile><Header/></CTfile>",
            "it is not a SEN2 return: it starts with “CTfile” where a return starts with “Message”",
        ),
        (
            "<html><body>Sign in</body></html>",
            "it is not a SEN2 return: it starts with “html” where a return starts with “Message”",
        ),
        (
            "<Message><Header><CollectionDetails><Collection>SC</Collection><Term>SPR</Term><Year>2026</Year>\
             </CollectionDetails></Header></Message>",
            "it is a return of the collection “SC”, not of SEN2",
        ),
        (
            "<Message><Header><CollectionDetails><Year>2026</Year></CollectionDetails></Header></Message>",
            "its header does not say which collection it belongs to; it must say SEN2",
        ),
        (
            "<Message><Persons><Person/></Persons></Message>",
            "it has no header that says it is a SEN2 return; the header must come before the persons",
        ),
        ("<Message/>", "it has no header that says it is a SEN2 return; the header must come before the persons"),
        (
            "<Message><Header><Collection>SEN2</Collection></Header></Message>",
            "its header does not say which year it is for",
        ),
        (
            "<Message><Header><Collection>SEN2</Collection><Year>2019</Year></Header></Message>",
            "it is for the year “2019”; the years that are read are 2023 to 2027",
        ),
    ] {
        assert_eq!(words(file), expected, "{file}");
    }
}

#[test]
fn a_document_type_or_an_entity_is_refused_before_it_can_grow() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \
                \"&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;\">]>\n<Message>&lol2;</Message>";
    let refused = ReadError::Doctype { line: 2 };
    assert_eq!(read(bomb.as_bytes()), Err(refused.clone()));
    let outside = "<?xml version=\"1.0\"?>\n<!doctype Message SYSTEM \"file:///etc/passwd\"><Message/>";
    assert_eq!(read(outside.as_bytes()), Err(refused.clone()));
    let endless = format!("<?xml version=\"1.0\"?>\n<!DOCTYPE a [{}", "<!ENTITY b \"cccccccc\">".repeat(10_000));
    assert_eq!(read(endless.as_bytes()), Err(refused));
    assert_eq!(
        words(&message("<Person><Surname>&nbsp;</Surname></Person>")),
        "line 1 uses an entity of its own, “&nbsp;”, which is not allowed; write the characters themselves"
    );
    assert_eq!(
        words(&message("<Person><Surname>&#0;</Surname></Person>")),
        "line 1 is not well-formed XML: it names a character that does not exist"
    );
}

#[test]
fn broken_markup_is_refused_with_its_line_and_a_reason() {
    for (inside, expected) in [
        (
            "<Person>\n<Surname>Marlow</Forename></Person>",
            "line 2 is not well-formed XML: “Forename” ends where “Surname” should",
        ),
        (
            "<Person><Surname>Marlow & Sons</Surname></Person>",
            "line 1 is not well-formed XML: “&” must be written “&amp;” inside a value",
        ),
        ("<Person><Surname a='1' a='2'/></Person>", "line 1 is not well-formed XML: an attribute is written wrongly"),
        ("<Person><></></Person>", "line 1 is not well-formed XML: an element has no name"),
        ("<Person>\u{1}</Person>", "line 1 holds a control character (number 1), which XML does not allow"),
    ] {
        assert_eq!(words(&message(inside)), expected, "{inside}");
    }
    assert_eq!(words(&(message("") + "\n<Message/>")), "there is something after the end of the return, on line 2");
    assert_eq!(words(&(message("") + "and more")), "there is something after the end of the return, on line 1");
}

#[test]
fn a_file_in_the_wrong_encoding_is_refused_or_read_as_it_says() {
    let western = |declared: &str| {
        let mut file = format!("<?xml version=\"1.0\" encoding=\"{declared}\"?>").into_bytes();
        file.extend_from_slice(message("<Person><Forename>Zo#</Forename></Person>").as_bytes());
        file.iter().map(|byte| if *byte == b'#' { 0xEB } else { *byte }).collect::<Vec<u8>>()
    };
    let error = read(&western("UTF-8")).unwrap_err().to_string();
    assert_eq!(
        error,
        "line 1 holds characters that are not UTF-8, which is what the file says it is written in; \
         save it again as UTF-8"
    );
    assert_eq!(
        read(&western("EUC-KR")).unwrap_err().to_string(),
        "the file says it is written in “EUC-KR”, which is not read here; save it again as UTF-8"
    );
    let file = western("Windows-1252");
    let mut reader = Reader::new(&file[..], Settings::default()).unwrap();
    let person = reader.next_person().unwrap().unwrap().person;
    assert_eq!(person.forename.as_deref(), Some("Zoë"));
}

#[test]
fn a_file_cut_off_anywhere_is_never_taken_for_a_whole_one() {
    let whole = Sample::new(3, 2, 2026, LaNumber::new(332).unwrap()).make().to_xml();
    let end = whole.len() - 1; // The last line end may go.
    assert_eq!(read(&whole[..end]), Ok(2));
    for cut in 0..end {
        let error = read(&whole[..cut]).unwrap_err();
        let expected = matches!(error, ReadError::Truncated { .. } | ReadError::Empty | ReadError::Malformed { .. });
        // Within a character of two bytes it is also not UTF-8.
        assert!(expected || matches!(error, ReadError::Input(_)), "cut at {cut}: {error}");
    }
    let error = read(&whole[..whole.len() / 2]).unwrap_err().to_string();
    assert!(error.starts_with("it breaks off on line "), "{error}");
    assert!(error.ends_with("before its end; export it again"), "{error}");
}

#[test]
fn an_error_stays_an_error_when_asked_again() {
    let file = message("<Person><Surname>Marlow</Surname></Person><Person>");
    let file = &file[..file.len() - "</Persons></Message>".len()];
    let mut reader = Reader::new(file.as_bytes(), Settings::default()).unwrap();
    assert!(reader.next_person().unwrap().is_some());
    let error = reader.next_person().unwrap_err();
    assert_eq!(reader.next_person(), Err(error));
    assert_eq!(reader.next(), None);
}

#[test]
fn every_limit_is_kept() {
    let limits = Limits {
        file_bytes: 20_000,
        piece_bytes: 2_000,
        depth: 8,
        attributes: 3,
        text_bytes: 500,
        person_items: 50,
        person_bytes: 4_000,
        persons: 4,
        findings: 10,
    };
    for (inside, expected) in [
        ("<Person/>".repeat(5), "it has more than 4 persons"),
        (
            format!("<Person><Surname>{}</Surname></Person>", "a".repeat(501)),
            "a value on line 1 is longer than 500 bytes",
        ),
        (
            format!("<Person>{}</Person>", "ab<Sex/>".repeat(49)).replace("ab", &"ab ".repeat(20)),
            "a value on line 1 is longer than 500 bytes",
        ),
        (
            format!("<Person><Surname {}/></Person>", "a".repeat(2_001)),
            "one piece of the file, on line 1, is longer than 2000 bytes, the most that is read at once",
        ),
        (
            format!("<Person><!--{}--></Person>", "a".repeat(2_001)),
            "one piece of the file, on line 1, is longer than 2000 bytes, the most that is read at once",
        ),
        (format!("<Person>{}</Person>", "<Sex/>".repeat(51)), "the person on line 1 has more than 50 items"),
        (
            format!("<Person>{}</Person>", "<Surname>".repeat(7)),
            "line 1 is nested more than 8 deep, deeper than any return",
        ),
        ("<Person a='1' b='2' c='3' d='4'/>".to_owned(), "an element on line 1 has more than 3 attributes"),
        (" \n".repeat(20_000), "the file is longer than 20000 bytes, the most that is read"),
    ] {
        let mut inside = inside;
        if expected.starts_with("the file") {
            // White space in short pieces, so that only the length of the file is in the way.
            inside = "<!-- -->      ".repeat(2_000);
        }
        let error = read_within(message(&inside).as_bytes(), limits.clone()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let many = format!("<Person>{}</Person>", "<Sex>X</Sex>".repeat(30));
    let file = message(&many);
    let mut reader = Reader::new(file.as_bytes(), Settings { limits, ..Settings::default() }).unwrap();
    let read = reader.next_person().unwrap().unwrap();
    assert_eq!(read.findings.len(), 10);
    assert!(reader.findings_left_out() >= 20);
}
