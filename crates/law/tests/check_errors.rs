//! A table that cannot be answered says which row and why.

#![expect(clippy::unwrap_used, reason = "a helper of a test may stop the test")]

use law::check::{Report, check, read_event};
use law::{Fault, OrderKind};

const HEAD: &str = "id,rule,citation,trigger_event,trigger_date,extra_events,expected_deadline,note\n";

fn run(rows: &str) -> (Report, String) {
    let mut out = Vec::new();
    let report = check(format!("{HEAD}{rows}").as_bytes(), &mut out).unwrap();
    (report, String::from_utf8(out).unwrap())
}

#[track_caller]
fn says(row: &str, words: &str) {
    let (report, text) = run(row);
    assert_eq!((report.passed, report.failed, report.faults.len()), (0, 1, 1), "{text}");
    assert!(text.contains("line 2 (T1)") && text.contains(words), "{text}");
}

#[test]
fn a_row_that_differs_is_printed_with_both_dates_and_the_count() {
    let good = "T1,assess_decision_6w,c,request_received,2026-01-05,,2026-02-16,\n";
    let wrong = "T2,assess_decision_6w,c,request_received,2026-01-05,,2026-02-17,\n";
    let (report, text) = run(&format!("{good}{wrong}"));
    assert_eq!((report.passed, report.failed), (1, 1));
    assert!(!report.is_all_passed());
    assert_eq!(
        text,
        "line 3 (T2): assess_decision_6w: expected 2026-02-17, worked out 2026-02-16\n1 passed, 1 failed\n"
    );
}

#[test]
fn the_exception_verdict_is_compared_as_well() {
    let row =
        "T1,final_plan_20w,c,request_received,2026-02-02,missed_appointment=2026-03-02,2026-06-22,EXC=applies; no\n";
    let (report, text) = run(row);
    assert_eq!(report.failed, 1);
    assert!(text.contains("expected EXC=applies, worked out EXC=does_not_apply"), "{text}");
}

#[test]
fn an_unknown_rule_is_named() {
    says("T1,assess_decision_7w,c,request_received,2026-01-05,,2026-02-16,\n", "unknown rule `assess_decision_7w`");
}

#[test]
fn an_impossible_date_is_named() {
    for date in ["2026-02-30", "05/01/2026", "2026-1-5", "", "1026-01-05", "tomorrow", "2026-13-01"] {
        says(
            &format!("T1,assess_decision_6w,c,request_received,{date},,2026-02-16,\n"),
            "`trigger_date` is not a date",
        );
    }
    says("T1,assess_decision_6w,c,request_received,2026-01-05,,2026-02-31,\n", "`expected_deadline` is not a date");
    says("T1,final_plan_20w,c,request_received,2026-01-05,absent_from=2026-02-31,2026-05-25,\n", "`absent_from`");
}

#[test]
fn a_missing_event_is_named() {
    says("T1,la_transfer_plan,c,old_la_became_aware,2026-04-02,,2026-04-24,\n", "needs the event `move`");
    says("T1,phase_transfer_15feb,c,date_of_birth,2015-08-31,,2026-02-15,\n", "needs the event `transfer_to_ncy`");
    says(
        "T1,plan_may_continue_to_after_25,c,date_of_birth,2001-07-20,,2026-07-31,\n",
        "needs the event `institution_type`",
    );
    says(
        "T1,la_transfer_review,c,plan_transferred,2026-09-01,,2027-06-14,\n",
        "needs the event `plan_made_or_last_review`",
    );
    says(
        "T1,final_plan_20w,c,request_received,2026-02-02,absent_from=2026-03-02,2026-06-22,\n",
        "needs the event `absent_to`",
    );
    says("T1,final_plan_20w,c,,2026-02-02,,2026-06-22,\n", "unknown event ``");
}

#[test]
fn an_unknown_event_and_a_wrong_trigger_are_named() {
    says("T1,assess_decision_6w,c,request_recieved,2026-01-05,,2026-02-16,\n", "unknown event `request_recieved`");
    says(
        "T1,assess_decision_6w,c,request_received,2026-01-05,holiday=2026-01-06,2026-02-16,\n",
        "unknown event `holiday`",
    );
    says(
        "T1,assess_decision_6w,c,review_meeting,2026-01-05,,2026-02-16,\n",
        "counts from `request_received` or `became_responsible`",
    );
    says("T1,assess_decision_6w,c,request_received,2026-01-05,absent_from,2026-02-16,\n", "name=value");
}

#[test]
fn a_fact_or_a_verdict_that_cannot_be_read_is_named() {
    says("T1,phase_transfer_15feb,c,date_of_birth,2015-08-31,transfer_to_ncy=seven,2026-02-15,\n", "`seven`");
    says("T1,plan_may_continue_to_after_25,c,date_of_birth,2001-07-20,institution_type=moon,2026-07-31,\n", "`moon`");
    says("T1,final_plan_20w,c,request_received,2026-02-02,,2026-06-22,EXC=perhaps\n", "EXC=perhaps");
}

#[test]
fn a_limit_that_the_law_does_not_give_is_refused() {
    says("T1,senco_nasenco_completion,c,nasenco_course_started,2024-09-01,,2027-08-31,\n", "does not apply");
    says("T1,phase_transfer_15feb,c,date_of_birth,2010-08-31,transfer_to_ncy=12,2026-02-15,\n", "31 March");
    says("T1,assess_decision_6w,c,request_received,2014-08-31,,2014-10-12,\n", "was not yet law");
    says(
        "T1,detained_released_midway_final_20w,c,brought_to_attention,2026-02-09,released=2026-04-30;same_authority=no,2026-06-29,\n",
        "another council has taken over",
    );
}

#[test]
fn a_short_row_is_named() {
    says("T1,assess_decision_6w,c,request_received\n", "4 fields");
}

#[test]
fn a_first_line_with_wrong_columns_stops_the_check() {
    let fault = |text: &str| check(text.as_bytes(), &mut Vec::new()).unwrap_err();
    let head = HEAD.trim_end();
    assert!(matches!(fault(&head.replace("rule", "rules")), Fault::UnknownColumn(name) if name == "rules"));
    assert!(matches!(fault(&head.replace(",note", "")), Fault::MissingColumn("note")));
    assert!(matches!(fault(&head.replace("citation", "rule")), Fault::RepeatedColumn(_)));
    assert!(matches!(fault(""), Fault::MissingColumn("id")));
    let not_text = [HEAD.as_bytes(), &[0xff, 0xfe, b'\n']].concat();
    assert!(matches!(check(not_text.as_slice(), &mut Vec::new()), Err(Fault::Read(_))));
}

#[test]
fn columns_may_stand_in_any_order_and_after_a_byte_order_mark() {
    let text = "\u{feff}note,expected_deadline,rule,id,extra_events,trigger_date,trigger_event,citation\n,2026-02-16,assess_decision_6w,T1,,2026-01-05,request_received,c\n";
    assert_eq!(check(text.as_bytes(), &mut Vec::new()).unwrap().passed, 1);
}

#[test]
fn an_event_may_name_its_thread_and_what_an_order_requires() {
    let today = "2026-01-01".parse().unwrap();
    let advice = read_event("advice_received_3=2026-02-01", today).unwrap();
    assert_eq!(advice.subject, 3);
    let order = read_event("ftt_order_made=2026-04-20:make_plan", today).unwrap();
    assert_eq!(order.fact, law::Fact::Order(OrderKind::MakePlan));
}
