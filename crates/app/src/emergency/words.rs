//! What is said of a record that was opened in an emergency. Never a child's name, nor what is happening.

use crate::post::Words;
use casework::CaseId;
use casework::post::Kind;
use jiff::civil::Date;

const SUBJECT: &str = "A record was opened in an emergency";

/// What the family knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Told,
    /// Nobody of it has an account here.
    NoAccount,
    /// It may put somebody at risk.
    NotYet,
}

/// To managers and auditors.
pub(crate) fn to_overseers(case: CaseId, today: Date) -> Words {
    let body = "Somebody who does not work with a child opened the child’s record in an emergency.\n\nLook at who it was \
                and what they said was happening, and say whether it was right.\n";
    Words {
        kind: Kind::OpenedInEmergency,
        subject: SUBJECT.to_owned(),
        body: body.to_owned(),
        path: Some(format!("/children/{case}/openings")),
        // Today, so that no digest keeps it back.
        by: Some(today),
    }
}

/// To the child's officer.
pub(crate) fn to_officer(case: CaseId, today: Date, family: Family) -> Words {
    let told = match family {
        Family::Told => "The family has been told.",
        Family::NoAccount => "Nobody of the family has an account here: tell them in another way.",
        Family::NotYet => "The family has not been told: telling them may put somebody at risk. Do not tell them yet.",
    };
    Words {
        kind: Kind::OpenedInEmergency,
        subject: SUBJECT.to_owned(),
        body: format!(
            "Somebody who does not work with a child of yours opened the child’s record in an emergency. {told}\n\nA \
             manager knows who it was, and looks at whether it was right.\n"
        ),
        path: Some(format!("/children/{case}")),
        // Today, so that no digest keeps it back.
        by: Some(today),
    }
}

/// To the family.
pub(crate) fn to_family(case: CaseId, today: Date) -> Words {
    let body = "A professional who does not usually work with you opened the record in an emergency. They said why, and \
                a manager looks at whether it was right.\n\nSign in to see who it was. You can ask us about it.\n";
    Words {
        kind: Kind::OpenedInEmergency,
        subject: SUBJECT.to_owned(),
        body: body.to_owned(),
        path: Some(format!("/family/{case}")),
        // Today, so that no digest keeps it back.
        by: Some(today),
    }
}
