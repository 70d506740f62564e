//! What an invented plan says, and the notices that go with it.

use super::place::Place;
use casework::codes::Need;
use casework::notices::{Delivery, Notice, NoticeKind};
use casework::plans::content::{
    AdulthoodArea, AppendedAdvice, BroadArea, CareNeedLine, Citation, Content, NeedLine, OutcomeLine, ProvisionKind,
    ProvisionLine,
};
use casework::{LineId, NoticeId};
use jiff::civil::Date;
use uuid::Uuid;

/// A complete notice, sent by email, to everyone who must have it.
pub fn notice(id: Uuid, kind: NoticeKind, sent_on: Date) -> Notice {
    Notice {
        id: NoticeId(id),
        kind,
        carries: kind.required(),
        recipients: kind.recipients(true),
        sent_on,
        delivery: Delivery::Email,
    }
}

/// Words for a need: its area, the need, the provision with who and how long, the outcome.
fn words(need: Need) -> (BroadArea, &'static str, &'static str, &'static str, &'static str) {
    match need {
        Need::Slcn | Need::Asd => (
            BroadArea::Communication,
            "finds it hard to follow spoken instructions of more than two parts, and to tell others what has happened",
            "A programme for understanding and using language, written by a speech and language therapist and practised in class",
            "Speech and language therapist, with a trained teaching assistant",
            "will follow a three-part instruction in class without it being said again",
        ),
        Need::Semh => (
            BroadArea::Emotional,
            "finds it hard to stay calm when plans change, and needs help to settle again",
            "A planned check-in and a place to settle, with a named adult who knows the signs",
            "Named member of staff trained in emotional regulation",
            "will use an agreed way to settle and be back in the lesson within ten minutes",
        ),
        Need::Pd | Need::Hi | Need::Vi | Need::Msi => (
            BroadArea::Sensory,
            "needs equipment and rest breaks to take part in lessons for a whole day",
            "Daily support with equipment and positioning, following a written programme",
            "Teaching assistant trained by the specialist teacher",
            "will set up the equipment alone at the start of each lesson",
        ),
        _ => (
            BroadArea::Cognition,
            "learns best in small steps, and needs new ideas to be met many times",
            "Small-group teaching of reading and number in small steps, with daily practice",
            "Teacher with a group of no more than six",
            "will read and understand a page written for age seven",
        ),
    }
}

/// A plan for a child with this need. `line` gives new line ids.
pub fn content(given: &str, need: Need, mut line: impl FnMut() -> Uuid) -> Content {
    let (area, need_text, provision, who, outcome) = words(need);
    let mut id = || LineId(line());
    let (first, second, health) = (id(), id(), id());
    let (goal, friends) = (id(), id());
    let from = |report: &str, page: u32| Some(Citation { report: report.to_owned(), page: Some(page) });
    Content {
        views: format!(
            "{given} likes being outdoors, drawing and helping younger children. {given} wants to have friends to sit with at lunch and to do more things alone. The family hopes for a school where {given} is understood."
        ),
        how_to_involve: "Pictures and short sentences, with time to think. A familiar adult beside.".to_owned(),
        needs: vec![
            NeedLine {
                id: first,
                area,
                text: format!("{given} {need_text}."),
                citation: from("Educational psychology advice", 3),
                from: vec![],
            },
            NeedLine {
                id: second,
                area: BroadArea::Emotional,
                text: format!("{given} finds unstructured times, such as lunch, hard to manage alone."),
                citation: from("School advice", 2),
                from: vec![],
            },
        ],
        health_needs: vec![CareNeedLine {
            id: health,
            text: format!("{given} tires quickly after illness and may need rest in the day."),
            citation: from("Community paediatric advice", 1),
            from: vec![],
        }],
        social_care_needs: vec![],
        outcomes: vec![
            OutcomeLine {
                id: goal,
                text: format!("{given} {outcome}."),
                by: "the end of the key stage".to_owned(),
                from: vec![],
                adulthood: None,
            },
            OutcomeLine {
                id: friends,
                text: format!("{given} will have two friends to play with at lunch on most days."),
                by: "the next review".to_owned(),
                from: vec![],
                adulthood: None,
            },
        ],
        provision: vec![
            ProvisionLine {
                id: id(),
                kind: ProvisionKind::Special,
                text: format!("{provision}."),
                who: who.to_owned(),
                how_often: "Twice a week, every week of term".to_owned(),
                how_long: "30 minutes each time".to_owned(),
                needs: vec![first],
                outcomes: vec![goal],
                citation: from("Speech and language therapy advice", 4),
                from: vec![],
            },
            ProvisionLine {
                id: id(),
                kind: ProvisionKind::Special,
                text: "A lunch club with a planned activity, led by an adult who helps the children play together."
                    .to_owned(),
                who: "Teaching assistant".to_owned(),
                how_often: "Every school day".to_owned(),
                how_long: "40 minutes".to_owned(),
                needs: vec![second],
                outcomes: vec![friends],
                citation: from("Educational psychology advice", 5),
                from: vec![],
            },
        ],
        direct_payments: String::new(),
        advice: [
            ("The family's views", "The family"),
            ("Educational advice", "The school"),
            ("Psychological advice", "Educational psychology service"),
            ("Medical advice", "Community paediatrics"),
            ("Social care advice", "Children's social care"),
        ]
        .into_iter()
        .map(|(kind, from)| AppendedAdvice { kind: kind.to_owned(), from: from.to_owned(), dated: String::new() })
        .collect(),
    }
}

/// What an outcome says, by when, and which part of adult life it is for.
pub type OwnOutcome = (&'static str, &'static str, AdulthoodArea);

/// The plan with these outcomes in place of the first ones. `line` gives new line ids.
pub fn with_outcomes(mut content: Content, own: &[OwnOutcome], mut line: impl FnMut() -> Uuid) -> Content {
    for (place, (text, by, area)) in own.iter().enumerate() {
        let id = content.outcomes.get(place).map_or_else(|| LineId(line()), |known| known.id);
        let outcome =
            OutcomeLine { id, text: (*text).to_owned(), by: (*by).to_owned(), adulthood: Some(*area), from: vec![] };
        match content.outcomes.get_mut(place) {
            Some(known) => *known = outcome,
            None => content.outcomes.push(outcome),
        }
    }
    content
}

/// The plan with what social care needs and gives: help in the home (section H1) to those under 18, a
/// group (section H2).
/// `line` gives new line ids.
pub fn with_care(mut content: Content, given: &str, is_adult: bool, mut line: impl FnMut() -> Uuid) -> Content {
    let need = LineId(line());
    content.social_care_needs.push(CareNeedLine {
        id: need,
        text: format!("{given} needs help with washing and dressing, and a grown-up near when out of the house."),
        citation: Some(Citation { report: "Social care advice".to_owned(), page: Some(1) }),
        from: vec![],
    });
    let goal: Vec<LineId> = content.outcomes.iter().take(1).map(|outcome| outcome.id).collect();
    for (kind, text, who, how_often, how_long) in [
        (
            ProvisionKind::SocialCareH1,
            "Help in the home to get ready in the morning.",
            "Carer of the disability team",
            "Every school day",
            "45 minutes",
        ),
        (
            ProvisionKind::SocialCareH2,
            "A place in the Saturday group, with a key worker who knows the family.",
            "Short breaks service",
            "Every second Saturday",
            "4 hours",
        ),
    ]
    .into_iter()
    .filter(|(kind, ..)| *kind != ProvisionKind::SocialCareH1 || !is_adult)
    {
        content.provision.push(ProvisionLine {
            id: LineId(line()),
            kind,
            text: text.to_owned(),
            who: who.to_owned(),
            how_often: how_often.to_owned(),
            how_long: how_long.to_owned(),
            needs: vec![need],
            outcomes: goal.clone(),
            citation: Some(Citation { report: "Social care advice".to_owned(), page: Some(2) }),
            from: vec![],
        });
    }
    content
}

/// The fingerprint of a version.
pub fn fingerprint(content: &Content) -> String {
    blake3::hash(content.canonical().as_bytes()).to_hex().to_string()
}

/// The teams asked in every assessment, in the order of the regulation.
pub fn asked(place: &Place, adulthood: bool) -> Vec<(casework::advice::AdviceKind, casework::BodyId)> {
    use casework::advice::AdviceKind::{
        Adulthood, Educational, Family, Medical, OtherAppropriate, Psychological, SocialCare,
    };
    let mut kinds = vec![Family, Educational, Medical, Psychological, SocialCare, OtherAppropriate];
    if adulthood {
        kinds.push(Adulthood);
    }
    kinds.into_iter().map(|kind| (kind, place.body(kind))).collect()
}
