//! What professionals and officers are told of invitations. Never a child's name, nor the family's.

use crate::post::Words;
use crate::web::long_date;
use casework::CaseId;
use casework::post::Kind;
use jiff::civil::Date;

/// To the professional, with the link that works once.
pub(crate) fn invited(link: &str, until: Date) -> Words {
    let body = format!(
        "A family asks you for your advice as a professional, for an assessment by the council. \
         What you write counts like the advice of every other adviser.\n\n\
         Open the page below by {} to see what you are asked. You need no account and no password: a code is sent \
         to this address.\n\nIf you do not know what this is about, do nothing: the invitation ends by itself.\n",
        long_date(until)
    );
    Words {
        kind: Kind::AdviceInvited,
        subject: "A family asks for your advice".to_owned(),
        body,
        path: Some(format!("/invited/{link}")),
        by: Some(until),
    }
}

/// To the child's officer.
pub(crate) fn to_officer(case: CaseId) -> Words {
    Words {
        kind: Kind::AdviceInvited,
        subject: "A family asked somebody for advice itself".to_owned(),
        body: "The family of a child you work with invited a professional of its own choice, or handed in a finished \
               report (regulation 6(1)(h)).\n\nIt is on the child’s page, under “Advice”.\n"
            .to_owned(),
        path: Some(format!("/children/{case}/advice")),
        by: None,
    }
}

/// To the professional, when the family no longer asks.
pub(crate) fn withdrawn() -> Words {
    Words {
        kind: Kind::InvitationWithdrawn,
        subject: "Your advice is no longer asked for".to_owned(),
        body: "A family that had invited you to give advice has taken the invitation back. You need do nothing. What \
               it showed you can no longer be opened.\n"
            .to_owned(),
        path: None,
        by: None,
    }
}

/// To the professional, when a draft waits for their look.
pub(crate) fn to_check(due: Date) -> Words {
    Words { path: Some("/invited".to_owned()), ..crate::advice::tell::check_words(due) }
}

/// To the professional, when a plan is final.
pub(crate) fn plan_final() -> Words {
    Words {
        kind: Kind::PlanFinal,
        subject: "A plan you gave advice for is final".to_owned(),
        body: "A plan that your advice was used for is final.\n\nSign in to see what became of each of your lines.\n"
            .to_owned(),
        path: Some("/invited".to_owned()),
        by: None,
    }
}
