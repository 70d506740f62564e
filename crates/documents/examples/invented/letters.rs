//! Invented letters, complete in every part the law asks for.

use documents::letters::assessment::{ConsideringWhetherToAssess, Views, WillAssess, WillNotAssess};
use documents::letters::plan::{DraftPlan, FinalPlan, NoPlan, Place};
use documents::letters::{About, AppealRights, Correspondence, MediationInformation, Service, Signatory};
use jiff::civil::{Date, date};

pub fn considering() -> ConsideringWhetherToAssess {
    ConsideringWhetherToAssess {
        correspondence: correspondence(date(2026, 11, 24)),
        received_on: date(2026, 11, 23),
        asked_by: "you".into(),
        decision_due_on: date(2027, 1, 4),
        plan_due_on: Some(date(2027, 4, 12)),
        views: Some(Views {
            best_by: Some(date(2026, 12, 7)),
            contact_lines: lines(&["01632 960123", "send@wrenshire.example"]),
        }),
        advice_and_support: Some(advice()),
    }
}

pub fn will_assess() -> WillAssess {
    WillAssess {
        correspondence: correspondence(date(2026, 12, 14)),
        advice_from: lines(&[
            "You and Robin",
            "Millbrook Primary School",
            "An educational psychologist",
            "Community paediatrics",
            "Social care",
        ]),
        advice_due_on: Some(date(2027, 1, 25)),
        no_plan_notice_due_on: Some(date(2027, 3, 15)),
        plan_due_on: date(2027, 4, 12),
        case_officer_lines: lines(&["Jo Marlowe, SEND officer", "01632 960124"]),
        advice_and_support: Some(advice()),
    }
}

pub fn will_not_assess() -> WillNotAssess {
    WillNotAssess {
        correspondence: correspondence(date(2026, 12, 14)),
        reasons: lines(&[
            "Robin finds noise and writing hard, and we agree that Robin has special educational needs. The school has used a quiet room and a laptop since September. Robin’s teacher and your own letter both say that this is helping.",
            "The help that Robin needs now is help that the school can give from its own funds and staff. We found nothing that suggests that a plan may be necessary at this time.",
        ]),
        considered: lines(&[
            "Your letter of 20 November 2026",
            "The report from Millbrook Primary School, 30 November 2026",
        ]),
        other_help: lines(&[
            "The school will meet you at least three times a year to look at how the help is working.",
            "You can ask again for an assessment at any time if things change.",
        ]),
        rights: rights(date(2027, 2, 15), date(2027, 2, 14)),
    }
}

pub fn no_plan() -> NoPlan {
    NoPlan {
        correspondence: correspondence(date(2027, 3, 10)),
        reasons: lines(&[
            "The assessment shows that Robin is making good progress with the help that the school gives now.",
        ]),
        reports_enclosed: lines(&["Psychological advice, 20 January 2027", "School advice, 18 January 2027"]),
        other_help: lines(&["The school will use the reports in Robin’s support plan."]),
        rights: rights(date(2027, 5, 10), date(2027, 5, 10)),
        states_tribunal_recommendations: true,
    }
}

pub fn draft_plan() -> DraftPlan {
    DraftPlan {
        correspondence: correspondence(date(2027, 3, 1)),
        plan_enclosed: true,
        advice_enclosed: lines(&[
            "Your views, 9 January 2027",
            "School advice, 18 January 2027",
            "Psychological advice, 20 January 2027",
        ]),
        representations_by: Some(date(2027, 3, 17)),
        representations_to: lines(&["01632 960124", "send@wrenshire.example"]),
        invites_institution_request: true,
        meeting_with: Some(service("Jo Marlowe, SEND officer", "01632 960124")),
        schools_and_colleges: Some(Place {
            name: "the Wrenshire Local Offer".into(),
            address: "https://localoffer.wrenshire.example/schools".into(),
        }),
        personal_budget: Some(service("Personal budgets team", "01632 960125")),
        plan_due_on: Some(date(2027, 4, 12)),
        advice_and_support: Some(advice()),
    }
}

pub fn final_plan() -> FinalPlan {
    FinalPlan {
        correspondence: correspondence(date(2027, 4, 9)),
        plan_enclosed: true,
        placement: Some("Millbrook Primary School, a mainstream maintained primary school".into()),
        changes_since_draft: lines(&[
            "Section F now says that the quiet room is open to Robin all day.",
            "Section B4 now speaks of bright light.",
        ]),
        not_agreed: lines(&[
            "You asked for speech and language therapy each week. The therapist’s advice is for six sessions a term with daily practice, because Robin tires.",
        ]),
        review_due_on: Some(date(2028, 4, 8)),
        rights: rights(date(2027, 6, 9), date(2027, 6, 9)),
        states_tribunal_recommendations: true,
    }
}

pub fn correspondence(sent_on: Date) -> Correspondence {
    Correspondence {
        area_name: "Wrenshire Council".into(),
        area_address_lines: lines(&["SEND team", "Wren House, 1 Market Street", "Millbrook WR1 1AA"]),
        area_contact_lines: lines(&["01632 960123", "send@wrenshire.example"]),
        reference: "WR-2026-00417".into(),
        sent_on,
        recipient_name: "Mx Fernleigh".into(),
        recipient_address_lines: lines(&["12 Orchard Row", "Millbrook", "WR1 2AB"]),
        about: About::Child { name: "Robin".into() },
        signed_by: Signatory { name: "Jo Marlowe".into(), role: "SEND officer".into() },
        copied_to: Vec::new(),
    }
}

fn rights(appeal_by: Date, contact_adviser_by: Date) -> AppealRights {
    AppealRights {
        appeal_by: Some(appeal_by),
        tribunal: Some(Service {
            name: "First-tier Tribunal (Special Educational Needs and Disability)".into(),
            contact_lines: lines(&["01632 960800", "sendtribunal@tribunal.example"]),
        }),
        mediation: MediationInformation {
            adviser: Some(service("Middle Ground Mediation", "01632 960700")),
            contact_adviser_by: Some(contact_adviser_by),
            area_contact_lines: lines(&["01632 960123", "mediation@wrenshire.example"]),
        },
        disagreement_resolution: Some(service("Wrenshire Resolve", "01632 960710")),
        advice_and_support: Some(advice()),
    }
}

fn advice() -> Service {
    Service {
        name: "Wrenshire SEND Advice".into(),
        contact_lines: lines(&["01632 960600", "https://sendadvice.example"]),
    }
}

fn service(name: &str, contact: &str) -> Service {
    Service { name: name.into(), contact_lines: lines(&[contact]) }
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}
