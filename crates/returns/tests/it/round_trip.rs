//! Whatever can be said in the records is the same after writing and reading.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use proptest::{collection::vec, option::of, prelude::*, sample::select};
use returns::{
    identifiers::{Ukprn, Uln, Upn, Urn},
    sen2::{
        ActivePlan, Assessment, Header, LaNumber, NamedPlan, Officers, Person, Placement, RankedNeed, Reader, Request,
        Return, Setting, Settings,
    },
};
use strum::IntoEnumIterator;

fn codes<T: IntoEnumIterator + Clone + std::fmt::Debug + 'static>() -> impl Strategy<Value = Option<T>> {
    of(select(T::iter().collect::<Vec<_>>()))
}

fn day() -> impl Strategy<Value = Option<Date>> {
    of((0..73_000i32).prop_map(|days| date(1900, 1, 1).saturating_add(days.days())))
}

/// Names as people have them, and as nobody has them: markup, quotes, other scripts.
fn words() -> impl Strategy<Value = Option<String>> {
    of("[\\PC&&[^\\s]]{1,12}( [<>&'\"a-zé]{1,8})?")
}

fn authority() -> impl Strategy<Value = Option<LaNumber>> {
    of((100u16..1000).prop_map(|number| LaNumber::new(number).unwrap()))
}

fn upn() -> impl Strategy<Value = Option<Upn>> {
    of("[0-9]{11}[0-9A-H]".prop_map(|twelve| Upn::with_check_letter(&twelve).unwrap()))
}

fn uln() -> impl Strategy<Value = Option<Uln>> {
    "[1-9][0-9]{8}".prop_map(|nine| Uln::with_check_digit(&nine).ok())
}

prop_compose! {
    fn setting()(
        urn in of((100_000u32..1_000_000).prop_map(|n| n.to_string().parse::<Urn>().unwrap())),
        ukprn in of((10_000_000u32..20_000_000).prop_map(|n| n.to_string().parse::<Ukprn>().unwrap())),
        other in codes(), other_text in words(), rank in of(any::<u8>()),
        sen_unit in any::<Option<bool>>(), resourced_provision in any::<Option<bool>>(),
    ) -> Setting {
        Setting { urn, ukprn, other, other_text, rank, sen_unit, resourced_provision }
    }
}

prop_compose! {
    fn placement()(
        setting in setting(), entered_on in day(), left_on in day(), residential in codes(), work_based in codes(),
    ) -> Placement {
        Placement { setting, entered_on, left_on, residential, work_based }
    }
}

prop_compose! {
    fn named_plan()(
        start_on in day(), residential in codes(), work_based in codes(), personal_budget in any::<Option<bool>>(),
        organised_arrangements in any::<Option<bool>>(), direct_payments in codes(), cease_on in day(),
        cease_reason in codes(), settings in vec(setting(), 0..3),
    ) -> NamedPlan {
        NamedPlan {
            start_on, residential, work_based, personal_budget, organised_arrangements, direct_payments, cease_on,
            cease_reason, settings,
        }
    }
}

prop_compose! {
    fn assessment()(
        outcome in codes(), outcome_on in day(), mediation in any::<Option<bool>>(), tribunal in any::<Option<bool>>(),
        other_mediation in any::<Option<bool>>(), other_tribunal in any::<Option<bool>>(),
        week20_exception in any::<Option<bool>>(), named_plan in of(named_plan()),
    ) -> Assessment {
        Assessment {
            outcome, outcome_on, mediation, tribunal, other_mediation, other_tribunal, week20_exception, named_plan,
        }
    }
}

prop_compose! {
    fn active()(
        transfer_la in authority(), review_meeting_on in day(), review_outcome in codes(), review_decided_on in day(),
        review_draft_on in day(), phase_transfer_due_on in day(), phase_transfer_final_on in day(),
        placements in vec(placement(), 0..3),
        needs in vec((codes(), of(any::<u8>())).prop_map(|(need, rank)| RankedNeed { need, rank }), 0..3),
    ) -> ActivePlan {
        ActivePlan {
            transfer_la, review_meeting_on, review_outcome, review_decided_on, review_draft_on, phase_transfer_due_on,
            phase_transfer_final_on, placements, needs,
        }
    }
}

prop_compose! {
    fn request()(
        received_on in day(), source in codes(), rya in any::<Option<bool>>(), outcome in codes(), outcome_on in day(),
        mediation in any::<Option<bool>>(), tribunal in any::<Option<bool>>(), exported in authority(),
        assessment in of(assessment()), active in of(active()),
    ) -> Request {
        Request {
            received_on, source, rya, outcome, outcome_on, mediation, tribunal, exported, assessment, active,
        }
    }
}

prop_compose! {
    fn person()(
        surname in words(), forename in words(), born_on in day(), sex in codes(), ethnicity in codes(),
        postcode in of("[A-Z]{1,2}[0-9] [0-9][A-Z]{2}"), upn in upn(), uln in uln(), upn_unknown in codes(),
        requests in vec(request(), 0..3),
    ) -> Person {
        Person { surname, forename, born_on, sex, ethnicity, postcode, upn, uln, upn_unknown, requests }
    }
}

prop_compose! {
    fn whole_return()(
        year in 2026i16..=2027, reference_date in day(), source_level in words(), authority in authority(),
        software_code in words(), release in words(), serial_no in of(any::<u32>()), written_on in day(),
        seconds in 0i64..86_400, medical in any::<Option<bool>>(), clinical in any::<Option<bool>>(),
        social_care in any::<Option<bool>>(), persons in vec(person(), 0..4),
    ) -> Return {
        Return {
            header: Header {
                year, reference_date, source_level, authority, software_code, release, serial_no,
                written_at: written_on.map(|day| day.at(0, 0, 0, 0).saturating_add(seconds.seconds())),
            },
            officers: Officers { medical, clinical, social_care },
            persons,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn reading_what_was_written_gives_it_back(written in whole_return()) {
        let file = written.to_xml();
        let mut reader = Reader::new(&file[..], Settings::default()).unwrap();
        let header = reader.header().clone();
        let mut persons = Vec::new();
        while let Some(read) = reader.next_person().unwrap() {
            for finding in &read.findings {
                prop_assert_eq!(finding.person.as_ref(), Some(&read.reference));
            }
            persons.push(read.person);
        }
        prop_assert_eq!(Return { header, officers: reader.officers(), persons }, written);
    }
}

#[test]
fn a_return_of_an_earlier_year_leaves_out_what_was_not_asked_then() {
    let setting = Setting { rank: Some(1), ..Setting::default() };
    let written = Return {
        header: Header {
            year: 2023,
            reference_date: Some(date(2023, 1, 19)),
            source_level: None,
            authority: None,
            software_code: None,
            release: None,
            serial_no: None,
            written_at: None,
        },
        officers: Officers { medical: Some(true), clinical: Some(false), social_care: Some(true) },
        persons: vec![Person {
            sex: "M".parse().ok(),
            requests: vec![Request {
                source: "3".parse().ok(),
                active: Some(ActivePlan {
                    review_meeting_on: Some(date(2022, 5, 4)),
                    placements: vec![Placement { setting, residential: "A".parse().ok(), ..Placement::default() }],
                    ..ActivePlan::default()
                }),
                ..Request::default()
            }],
            ..Person::default()
        }],
    };
    let text = String::from_utf8(written.to_xml()).unwrap();
    assert!(text.contains("<GenderCurrent>M</GenderCurrent>"), "{text}");
    assert!(!text.contains("RequestSource") && !text.contains("ReviewMeeting") && !text.contains("DSCO"), "{text}");
    let plan = text.find("<ActivePlans>").unwrap();
    let placement = text.find("<PlacementDetail>").unwrap();
    assert!((plan..placement).contains(&text.find("<Res>A</Res>").unwrap()), "{text}");
    let mut reader = Reader::new(text.as_bytes(), Settings::default()).unwrap();
    let read = reader.next_person().unwrap().unwrap().person;
    assert_eq!(read.sex, written.persons[0].sex);
    let placements = |person: &Person| person.requests[0].active.as_ref().unwrap().placements.clone();
    assert_eq!(placements(&read), placements(&written.persons[0]));
}
