//! What the advisers signed for Maya, and the draft that was made from it: two reports that
//! disagree, a line that was changed with a reason, and one that was left out with none.

use super::plans;
use casework::LineId;
use casework::advice::AdviceKind;
use casework::advice::report::{Report, SignedAs};
use casework::advice::uses::{add_line, add_to_plan};
use casework::codes::Need;
use casework::plans::content::{BroadArea, CareNeedLine, Content, NeedLine, OutcomeLine, ProvisionKind, ProvisionLine};
use uuid::Uuid;

/// The reports of one assessment, by the kind of advice.
pub(super) struct Reports {
    pub medical: Report,
    pub psychological: Report,
    pub therapy: Report,
}

impl Reports {
    pub fn of(&self, kind: AdviceKind) -> Option<&Report> {
        match kind {
            AdviceKind::Medical => Some(&self.medical),
            AdviceKind::Psychological => Some(&self.psychological),
            AdviceKind::OtherAppropriate => Some(&self.therapy),
            _ => None,
        }
    }
}

fn signed(name: &str, post: &str, account: &str, lines: Content) -> Report {
    let signed_as = SignedAs { name: name.to_owned(), post: post.to_owned(), registration: String::new() };
    Report { account: account.to_owned(), lines, signed_as: Some(signed_as), ..Report::default() }
}

fn provision(id: LineId, text: &str, who: &str, how_often: &str, how_long: &str) -> ProvisionLine {
    ProvisionLine {
        id,
        kind: ProvisionKind::Special,
        text: text.to_owned(),
        who: who.to_owned(),
        how_often: how_often.to_owned(),
        how_long: how_long.to_owned(),
        needs: vec![],
        outcomes: vec![],
        citation: None,
        from: vec![],
    }
}

/// What the three said. `line` gives new line ids.
pub(super) fn for_maya(mut line: impl FnMut() -> Uuid) -> Reports {
    let mut id = || LineId(line());
    let (hands, pages) = (id(), id());
    let therapy = Content {
        needs: vec![NeedLine {
            id: hands,
            area: BroadArea::Sensory,
            text: "Maya’s hands tire after two lines of writing, and organising a page takes the place of thinking."
                .to_owned(),
            citation: None,
            from: vec![],
        }],
        outcomes: vec![OutcomeLine {
            id: pages,
            text: "Maya types a page of her own story in one lesson.".to_owned(),
            by: "the end of year 9".to_owned(),
            adulthood: None,
            from: vec![],
        }],
        provision: vec![ProvisionLine {
            needs: vec![hands],
            outcomes: vec![pages],
            ..provision(
                id(),
                "Direct therapy for hand strength and typing",
                "Occupational therapist",
                "Twice a week in term time",
                "30 minutes each time",
            )
        }],
        ..Content::default()
    };
    let medical = Content {
        health_needs: vec![CareNeedLine {
            id: id(),
            text: "Maya’s joints tire quickly and ache after use.".to_owned(),
            citation: None,
            from: vec![],
        }],
        provision: vec![
            provision(id(), "Therapy for the hands", "Occupational therapist", "Once a week", ""),
            provision(
                id(),
                "A rest break from writing, without having to ask",
                "Class teacher",
                "After every 20 minutes of writing",
                "5 minutes",
            ),
        ],
        ..Content::default()
    };
    let timed = id();
    let psychological = Content {
        needs: vec![NeedLine {
            id: timed,
            area: BroadArea::Cognition,
            text: "Maya reasons well in words; written work under time hides what she knows.".to_owned(),
            citation: None,
            from: vec![],
        }],
        provision: vec![
            ProvisionLine {
                needs: vec![timed],
                ..provision(
                    id(),
                    "Extra time and a keyboard in every timed task",
                    "Subject teachers",
                    "Every timed task",
                    "25% more time",
                )
            },
            ProvisionLine {
                needs: vec![timed],
                ..provision(
                    id(),
                    "A conversation with Maya on what helped and what did not",
                    "Named member of staff",
                    "Weekly",
                    "15 minutes",
                )
            },
        ],
        ..Content::default()
    };
    Reports {
        medical: signed(
            "Bryn Calder",
            "Consultant community paediatrician",
            "I saw Maya on 9 September. Joints are loose and tire quickly; nothing else was found.",
            medical,
        ),
        psychological: signed(
            "Marta Lind",
            "Educational psychologist",
            "I met Maya twice and spoke with her mother and her form tutor. Verbal reasoning is a strength.",
            psychological,
        ),
        therapy: signed(
            "Ffion Rees",
            "Occupational therapist",
            "I watched Maya in two lessons and tried three keyboards with her.",
            therapy,
        ),
    }
}

/// The draft of the walk. Of the paediatrician's lines only the need is in it; the psychologist's
/// weekly conversation is there once each half term. The second value is that changed line.
pub(super) fn maya_plan(reports: &Reports, mut line: impl FnMut() -> Uuid) -> (Content, LineId) {
    let mut content = plans::content("Maya", Need::Pd, &mut line);
    let mut id = || LineId(line());
    content.views = "Maya likes stories, animals and getting up early. Maya wants to write a book one day and not to be watched while she writes.".to_owned();
    content.health_needs.clear();
    add_to_plan(&mut content, &reports.therapy.lines, "Other advice, Occupational therapy", &mut id);
    add_to_plan(&mut content, &reports.psychological.lines, "Psychological advice", &mut id);
    let ache = reports.medical.lines.health_needs[0].id;
    add_line(&mut content, &reports.medical.lines, ache, "Medical advice, Community paediatrics", id());
    let talk = reports.psychological.lines.provision[1].id;
    for line in &mut content.provision {
        if line.from.contains(&talk) {
            line.how_often = "Once each half term".to_owned();
        }
    }
    (content, talk)
}
