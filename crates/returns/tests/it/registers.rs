//! Registers of schools, in each form they come in, and files that are none.

use jiff::civil::date;
use returns::{
    schools::{Limits, Phase, Reader, RegisterError, Row, Status},
    sen2::{Establishment, Severity},
};
use std::{fs, path::Path};

const OFFICIAL: &str = "\u{feff}URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),\
TypeOfEstablishment (name),EstablishmentStatus (code),EstablishmentStatus (name),OpenDate,CloseDate,\
PhaseOfEducation (code),PhaseOfEducation (name),StatutoryLowAge,StatutoryHighAge,OfficialSixthForm (name),\
SchoolCapacity,NumberOfPupils,UKPRN,Town,Postcode,HeadLastName,Section41Approved (name),SEN1 (name),SEN2 (name),\
TypeOfResourcedProvision (name),ResourcedProvisionOnRoll,ResourcedProvisionCapacity,SenUnitOnRoll,SenUnitCapacity,\
DistrictAdministrative (code),Easting,Northing\r\n\
900001,332,Dudley,2001,Oakenmere Primary School,01,Community school,1,Open,01-09-1974,,2,Primary,4,11,\
Does not have a sixth form,210,204,19000001,Dudley,zz5 2td,Nobody,Not applicable,\
\"SLCN - Speech, language and Communication\",\"ASD - Autistic Spectrum Disorder\",Resourced provision,11,12,,,\
E08000027,392077,286680\r\n\
900201,332,Dudley,7001,\"Thornbeck School, Upper Site\",07,Community special school,2,Closed,,31-08-2019,0,\
Not applicable,3,19,Has a sixth form,,,,,,,Approved,,,SEN unit,,,8,10,,0,0\r\n";

fn rows(file: &[u8]) -> (Vec<Row>, Vec<&'static str>) {
    let mut reader = Reader::new(file, Limits::default()).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row().unwrap() {
        rows.push(row);
    }
    assert_eq!(reader.bytes_read(), file.len() as u64);
    let about_the_file = reader.take_findings().iter().map(|finding| finding.rule).collect();
    (rows, about_the_file)
}

fn refused(file: &[u8]) -> String {
    match Reader::new(file, Limits::default()) {
        Err(error) => error.to_string(),
        Ok(mut reader) => loop {
            match reader.next_row() {
                Err(error) => return error.to_string(),
                Ok(row) => assert!(row.is_some(), "it was read to the end"),
            }
        },
    }
}

#[test]
fn the_official_extract_is_read_with_its_capacity_units_and_provision() {
    let (rows, about_the_file) = rows(OFFICIAL.as_bytes());
    assert_eq!(about_the_file, Vec::<&str>::new());
    let found: Vec<_> = rows.iter().flat_map(|row| &row.findings).collect();
    assert!(found.is_empty(), "{found:#?}");
    let school = rows[0].school.as_ref().unwrap();
    assert_eq!(school.name, "Oakenmere Primary School");
    assert_eq!(school.la_code.map(|code| code.number()), Some(332));
    assert_eq!((school.phase, school.status), (Some(Phase::Primary), Some(Status::Open)));
    assert_eq!((school.low_age, school.high_age, school.sixth_form), (Some(4), Some(11), Some(false)));
    assert_eq!(school.postcode.as_deref(), Some("ZZ5 2TD"));
    assert_eq!((school.capacity, school.pupils), (Some(210), Some(204)));
    assert_eq!((school.sen_unit, school.resourced_provision), (Some(false), Some(true)));
    assert_eq!(school.resourced_provision_capacity, Some(12));
    assert_eq!(school.special_needs.iter().map(|need| need.code()).collect::<Vec<_>>(), ["SLCN", "ASD"]);
    assert_eq!(school.opened_on, Some(date(1974, 9, 1)));
    assert_eq!((school.easting, school.northing), (Some(392_077), Some(286_680)));
    assert!(!school.is_special() && school.may_be_open());
    let special = rows[1].school.as_ref().unwrap();
    assert_eq!((special.name.as_str(), rows[1].line), ("Thornbeck School, Upper Site", 3));
    assert_eq!((special.easting, special.sixth_form), (None, Some(true)));
    assert_eq!(special.section_41_approved, Some(true));
    assert!(special.is_special() && !special.may_be_open());
    let establishment = Establishment::from(special);
    assert_eq!(establishment.has_sen_unit, Some(true));
    assert_eq!(establishment.has_resourced_provision, Some(false));
}

#[test]
fn the_older_download_and_the_lighter_list_are_read_by_their_own_names() {
    let older = "URN,Local authority (code),Local authority (name),Establishment number,Establishment name,Town,Postcode,\
        Type of establishment,Statutory lowest age,Statutory highest age,Sixth form,UKPRN,Phase of education,Gender,\
        Religious character,Establishment status,Opening date\n\
        900002,330,Birmingham,1006,Fenmere Nursery School,Birmingham,ZZ26 2JL,LA Nursery School,2,5,Not applicable,,\
        Nursery,Mixed,Does not apply,\"Open, but proposed to close\",\n";
    let (read, _) = rows(older.as_bytes());
    let school = read[0].school.as_ref().unwrap();
    assert_eq!(school.phase, Some(Phase::Nursery));
    assert_eq!(school.status, Some(Status::OpenProposedToClose));
    assert_eq!((school.kind.as_deref(), school.sixth_form), (Some("LA Nursery School"), None));
    assert!(read[0].findings.is_empty(), "{:#?}", read[0].findings);

    let lighter = "type_source,urn,name,nearest_postcode,postcode_dist_m,ons_lad,la_name,easting,northing,lat,lon,\
        phase_code,ofsted_code,fsm_pct,religion_code,type_guess\n\
        v,900003,Sedgewick School,ZZ5 3US,89,E08000027,Dudley,391401,287262,52.48321,-2.128051,X,2,0.0,0,\
        Community special school\n";
    let (read, about_the_file) = rows(lighter.as_bytes());
    let school = read[0].school.as_ref().unwrap();
    assert_eq!(school.district_code.as_deref(), Some("E08000027"));
    assert_eq!((school.latitude, school.longitude), (Some(52.48321), Some(-2.128051)));
    assert_eq!((school.phase, school.capacity, school.sen_unit), (Some(Phase::NotApplicable), None, None));
    assert_eq!(about_the_file, ["schools.columns_absent"]);
}

#[test]
fn accents_survive_utf_8_windows_1252_and_utf_16() {
    let text = "URN,Name\n900001,Caf\u{e9} School\n";
    let western: Vec<u8> = text.chars().map(|c| u32::from(c) as u8).collect();
    let wide: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for (file, noted) in [(text.as_bytes(), false), (&western, true), (&wide, false)] {
        let (read, about_the_file) = rows(file);
        assert_eq!(read[0].school.as_ref().unwrap().name, "Café School");
        assert_eq!(about_the_file.contains(&"schools.other_encoding"), noted);
    }
}

#[test]
fn a_file_that_is_no_register_is_refused_naming_what_it_lacks() {
    for (file, expected) in [
        ("", "it is empty"),
        ("\n\n", "it is empty"),
        (
            "UPN,Surname\nH801200001001,Netherwick\n",
            "it is not a register of schools: it has no column “URN” and no column “EstablishmentName”; \
             the columns it has are “UPN”, “Surname”",
        ),
        (
            "urn,a,b,c,d,e,f,g,h,i\n",
            "it is not a register of schools: it has no column “EstablishmentName”; the columns it has are “urn”, \
             “a”, “b”, “c”, “d”, “e”, “f”, “g”, and 2 more",
        ),
        ("<html></html>", "it is not a file of rows but a page or XML; save the register as CSV"),
        (
            "PK\u{3}\u{4}\u{14}\0\u{6}\0",
            "it is not a file of rows but a spreadsheet or an archive; save the register as CSV",
        ),
        ("a\0b,c", "it is not a file of rows but something that is not text; save the register as CSV"),
    ] {
        assert_eq!(refused(file.as_bytes()), expected, "{file:?}");
    }
    let open_quote = format!("URN,Name\n900001,\"{}\n", "Oakenmere ".repeat(10_000));
    assert_eq!(
        refused(open_quote.as_bytes()),
        "the row on line 2 is longer than 65536 bytes; perhaps a quotation mark is not closed"
    );
}

#[test]
fn a_row_that_cannot_be_read_is_left_out_and_the_rest_is_kept() {
    let file = "URN,Name,Postcode,Phase,StatutoryLowAge,StatutoryHighAge,lat\n\
        900001,Oakenmere,ZZ5 2TD,Primary,4,11,52.1\n\
        12,Fenwold,,,,,\n\
        900002,,,,,,\n\
        900001,Oakenmere again,,,,,\n\
        900003,Uneven\n\
        900004,Quarnrigg,nowhere,Tertiary,eleven,4,5.2\n\
        900005,Marlbeck,,,11,4,\n";
    let (rows, _) = rows(file.as_bytes());
    let kept: Vec<_> = rows.iter().filter_map(|row| row.school.as_ref()).map(|school| school.urn.number()).collect();
    assert_eq!(kept, [900_001, 900_004, 900_005]);
    let found: Vec<_> = rows
        .iter()
        .flat_map(|row| &row.findings)
        .map(|finding| (finding.line.unwrap_or_default(), finding.severity, finding.rule, finding.column.as_deref()))
        .collect();
    assert_eq!(
        found,
        [
            (3, Severity::Error, "schools.urn_wrong", Some("URN")),
            (4, Severity::Error, "schools.name_missing", Some("Name")),
            (5, Severity::Query, "schools.urn_twice", Some("URN")),
            (6, Severity::Error, "schools.row_uneven", None),
            (7, Severity::Query, "schools.word_not_known", Some("Phase")),
            (7, Severity::Query, "schools.value_unreadable", Some("StatutoryLowAge")),
            (7, Severity::Query, "schools.postcode_wrong", Some("Postcode")),
            (7, Severity::Query, "schools.position_outside", Some("lat")),
            (8, Severity::Query, "schools.ages_swapped", Some("StatutoryLowAge")),
        ]
    );
    assert_eq!(rows[2].findings[0].message, "900002 has no name. The row was left out; enter the name.");
}

#[test]
fn rows_have_a_limit_too() {
    let limits = Limits { rows: 2, ..Limits::default() };
    let file = "URN,Name\n900001,A\n900002,B\n900003,C\n";
    let mut reader = Reader::new(file.as_bytes(), limits).unwrap();
    assert!(reader.next_row().is_ok() && reader.next_row().is_ok());
    assert_eq!(reader.next_row(), Err(RegisterError::TooManyRows { limit: 2 }));
    assert_eq!(reader.next_row(), Err(RegisterError::TooManyRows { limit: 2 }));
}

/// The public registers are not part of this repository; where they lie beside it they are read.
#[test]
fn public_registers_beside_the_repository_are_read_without_leaving_a_row_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/schools");
    for (name, schools) in [
        ("gias_lite_dudley.csv", 117),
        ("gias_lite_black_country.csv", 768),
        ("gias_2017_partial_black_country.csv", 264),
    ] {
        let Ok(file) = fs::read(folder.join(name)) else {
            println!("skipped: {name} is not there");
            continue;
        };
        let (rows, _) = rows(&file);
        let found: Vec<_> = rows.iter().flat_map(|row| &row.findings).collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
        assert_eq!(rows.iter().filter(|row| row.school.is_some()).count(), schools, "{name}");
    }
}
