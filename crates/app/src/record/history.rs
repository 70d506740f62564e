//! What happened, in plain words: one sentence for every kind of journal entry.

use super::store::HistoryLine;
use crate::front_door::came_over;
use crate::ports::london_time;
use crate::web::short_date;
use casework::designated::Event as Designated;
use casework::enquiries::Event as Enquiries;
use casework::independents::Event as Independents;
use casework::joins::Event as Joins;
use casework::messages::{Event as Messages, Side};
use casework::openings::Event as Openings;
use casework::own_voice::{Event as OwnVoice, Maker};
use casework::papers::Event as Papers;
use casework::people::corrections::Answer;
use casework::people::facts::Fact;
use casework::people::{Event as People, Setting};
use casework::placement::{ConsultationReply, Event as Placement, Named};
use casework::plans::Event as Plans;
use casework::recipients::holds::Event as Recipients;
use casework::recordings::Event as Recordings;
use casework::requests::Event as Requests;
use casework::reviews::Event as Reviews;
use casework::rights::Event as Rights;
use casework::visits::Event as Visits;
use casework::{Event, advice, brought_in};
use std::collections::HashMap;
use uuid::Uuid;

/// Names that sentences need: settings by number, teams and users by id.
#[derive(Debug, Default)]
pub struct Names {
    pub settings: HashMap<i64, String>,
    pub bodies: HashMap<Uuid, String>,
    pub users: HashMap<Uuid, String>,
}

impl Names {
    fn setting(&self, setting: Setting) -> String {
        match setting {
            Setting::Establishment(urn) => self.urn(urn.number()),
            Setting::Elsewhere(code) => code.label().to_owned(),
        }
    }

    fn urn(&self, urn: u32) -> String {
        self.settings.get(&i64::from(urn)).cloned().unwrap_or_else(|| format!("establishment {urn}"))
    }

    fn body(&self, body: Uuid) -> String {
        self.bodies.get(&body).cloned().unwrap_or_else(|| "an adviser".to_owned())
    }
}

/// One line of history.
#[derive(Debug, Clone)]
pub struct Told {
    pub sentence: String,
    pub recorded: String,
    pub by: String,
}

/// A journal entry as people read it.
pub fn tell(line: &HistoryLine, names: &Names) -> Told {
    let sentence = match serde_json::from_str::<Event>(&line.body) {
        Ok(event) => sentence(&event, names),
        // An entry of a later version of the program: its name still says something.
        Err(_) => line.name.replace(['.', '_'], " "),
    };
    let at = london_time(line.recorded_at);
    let by = line.actor_name.clone().unwrap_or_else(|| match line.actor_role.as_str() {
        "import" => "Import".to_owned(),
        "demo" => "Demo".to_owned(),
        crate::journal::ONLINE_FORM => "Sent online".to_owned(),
        other => other.replace('_', " "),
    });
    Told { sentence, recorded: at.strftime("%-d %B %Y, %-I:%M%P").to_string(), by }
}

fn sentence(event: &Event, names: &Names) -> String {
    match event {
        Event::People(event) => people(event, names),
        Event::Requests(event) => requests(event, names),
        Event::Advice(event) => advised(event, names),
        Event::Plans(event) => plans(event),
        Event::Placement(event) => placed(event, names),
        Event::Reviews(event) => reviewed(event),
        Event::Messages(event) => messages(event),
        Event::OwnVoice(event) => own_voice(event),
        Event::Papers(event) => papers(event),
        Event::Rights(event) => rights(event),
        Event::Recipients(event) => recipients(event),
        Event::Enquiries(event) => enquired(event),
        Event::Joins(event) => joined(event),
        Event::Independents(event) => independents(event, names),
        Event::Visits(event) => visited(event),
        Event::Openings(event) => opened(event),
        Event::Recordings(event) => recordings(event),
        Event::Designated(event) => designated(event),
        Event::BroughtIn(event) => brought(event),
    }
}

fn people(event: &People, names: &Names) -> String {
    match event {
        People::RecordOpened { .. } => "The record was opened.".into(),
        People::DetailsCorrected { fields, .. } => {
            let fields: Vec<String> = fields
                .iter()
                .map(|field| {
                    let code: &'static str = field.into();
                    code.to_lowercase().replace("knownas", "known as")
                })
                .collect();
            format!("Details were corrected: {}.", fields.join(", "))
        }
        People::ContactAdded { relation, .. } => {
            format!("{} was added to the record.", relation.label())
        }
        People::ContactEnded { .. } => "Someone was taken off the record.".into(),
        People::CorrectionAsked { field, .. } => {
            format!("The family said that this is wrong: {}.", field.label().to_lowercase())
        }
        People::CorrectionAnswered { answer, .. } => match answer {
            Answer::Accepted => "What the family said was wrong was put right.".into(),
            Answer::Kept { .. } => "What the family said was wrong was kept as it is, with a reason.".into(),
        },
        People::FamilyLetIn { .. } => "Someone of the family has an account and reads along.".into(),
        People::FamilyLetGo { .. } => "Someone of the family no longer reads along.".into(),
        People::FactsAsked { asking } => {
            let list =
                |facts: &[Fact]| facts.iter().map(|fact| fact.label().to_lowercase()).collect::<Vec<_>>().join(", ");
            match (asking.asked.as_slice(), asking.confirmed.as_slice()) {
                ([], confirmed) => format!("{} said that this is still right: {}.", asking.of.label(), list(confirmed)),
                (asked, _) => format!("{} was asked for: {}.", asking.of.label(), list(asked)),
            }
        }
        People::OfficerAssigned { officer } => {
            format!("{} became the named officer.", names.users.get(&officer.0).map_or("An officer", String::as_str))
        }
        People::SettingJoined { setting, from, .. } => {
            format!("Joined {} on {}.", names.setting(*setting), short_date(*from))
        }
        People::SettingLeft { to, .. } => {
            format!("Left the school or setting on {}.", short_date(*to))
        }
        People::OutOfEducation { since } => format!("Out of school since {}.", short_date(*since)),
        People::BackInEducation { on } => format!("Back in education on {}.", short_date(*on)),
        People::NeedsRecorded { primary, secondary } => match secondary {
            Some(second) => format!("Needs recorded: {}, and {}.", primary.label(), second.label()),
            None => format!("Need recorded: {}.", primary.label()),
        },
    }
}

fn messages(event: &Messages) -> String {
    match event {
        Messages::Written { from: Side::Family, .. } => "The family wrote a message.".into(),
        Messages::Written { from: Side::Council, .. } => "The council wrote to the family.".into(),
        Messages::Closed { on } => format!("The family’s message was answered on {}, not in writing.", short_date(*on)),
    }
}

/// How many, and what for; their titles are in the list of documents.
fn papers(event: &Papers) -> String {
    match event {
        Papers::Added { papers, from, receipt, .. } => {
            let what = if papers.len() == 1 { "a paper".to_owned() } else { format!("{} papers", papers.len()) };
            let who = if *from == Side::Family { "The family" } else { "The council" };
            format!("{who} added {what}, receipt {receipt}.")
        }
        Papers::Redacted { purpose, .. } => {
            let purpose = purpose.label();
            format!("A redacted copy of a paper was made. {purpose}.")
        }
        Papers::CopyAsked { on, .. } => {
            format!("The family asked on {} for one of its papers on paper.", short_date(*on))
        }
        Papers::FoundUnsafe { .. } => {
            "A virus check found a file of this record unsafe. It is kept and cannot be opened.".into()
        }
    }
}

/// Never which part, and nothing of what it says: that may be private.
fn own_voice(event: &OwnVoice) -> String {
    match event {
        OwnVoice::Saved { version, says, .. } => {
            let how = if says.maker == Maker::Own { String::new() } else { format!(", {}", says.maker.label()) };
            format!("“About me” was saved, version {version}{how}.")
        }
        OwnVoice::Starred { .. } => "Stars were given in “About me”.".into(),
        OwnVoice::Objected { .. } => "The young person said that an outcome is not what they want.".into(),
        OwnVoice::TakenBack { .. } => "The young person took back that an outcome is not what they want.".into(),
        OwnVoice::ObjectionAnswered { accepted: true, .. } => {
            "The young person was answered: the outcome will be changed.".into()
        }
        OwnVoice::ObjectionAnswered { accepted: false, .. } => {
            "The young person was answered: the outcome stays, with a reason.".into()
        }
    }
}

fn rights(event: &Rights) -> String {
    match event {
        Rights::Shared { kept, .. } if kept.is_empty() => "Parents see everything that is shared with families.".into(),
        Rights::Shared { kept, .. } => {
            let kept: Vec<&str> = kept.iter().map(|kind| kind.label()).collect();
            format!("The young person keeps this from parents: {}.", kept.join("; ").to_lowercase())
        }
        Rights::Prompted { .. } => "The family and the young person were told that the rights will pass.".into(),
        Rights::Talked { on } => format!("The talk about who will decide was held on {}.", short_date(*on)),
        Rights::Assessed { assessment } => format!(
            "Capacity was assessed on {}: {}. {}.",
            short_date(assessment.on),
            assessment.decision.label().to_lowercase(),
            assessment.finding.label()
        ),
    }
}

fn recipients(event: &Recipients) -> String {
    match event {
        Recipients::SendHeld { sending, stops, .. } => {
            let mut kinds: Vec<String> = stops.iter().map(|stop| stop.kind.label().to_lowercase()).collect();
            kinds.dedup();
            format!("A send was held, and nothing left ({}): {}.", sending.label().to_lowercase(), kinds.join(", "))
        }
        Recipients::HoldReleased { reasons, .. } => {
            let mut words: Vec<String> = reasons.iter().map(|why| why.reason.label().to_lowercase()).collect();
            words.dedup();
            format!("A send that was held was let go: {}.", words.join("; "))
        }
        Recipients::HoldPutRight { .. } => "A send that was held was put right before it went.".into(),
        Recipients::CopySent { on, .. } => format!("A copy of a paper was sent on {}.", short_date(*on)),
    }
}

/// Never what the care record says: that is for those who may read it.
fn designated(event: &Designated) -> String {
    match event {
        Designated::CareLinked { .. }
        | Designated::AdultWorkerNamed { .. }
        | Designated::TransitionAssessed { .. }
        | Designated::ReviewAnswered { .. } => "Social care recorded something of its own.".into(),
        Designated::LinesLookedAt { part, questions, on, .. } => match questions.len() {
            0 => format!("{} confirmed its lines of the plan on {}.", part.label(), short_date(*on)),
            1 => format!("{} asked about one line of the plan on {}.", part.label(), short_date(*on)),
            count => format!("{} asked about {count} lines of the plan on {}.", part.label(), short_date(*on)),
        },
        Designated::QuestionAnswered { part, on, .. } => {
            format!("A question of {} about the plan was answered on {}.", part.label().to_lowercase(), short_date(*on))
        }
        Designated::Recommended { part, made_on, .. } => {
            format!(
                "The tribunal made a recommendation to {} on {}.",
                part.label().to_lowercase(),
                short_date(*made_on)
            )
        }
        Designated::RecommendationAnswered { follows, on, .. } => {
            let how = if *follows { "it will be followed" } else { "it will not be followed, with reasons" };
            format!("The tribunal’s recommendation was answered on {}: {how}.", short_date(*on))
        }
    }
}

fn enquired(event: &Enquiries) -> String {
    match event {
        Enquiries::Noted { channel, on, promise, receipt, .. } => {
            let promise = promise
                .map(|promise| format!(" Something was promised by {}.", short_date(promise.by)))
                .unwrap_or_default();
            let receipt = receipt.as_ref().map(|receipt| format!(" Receipt {}.", receipt.number)).unwrap_or_default();
            format!(
                "A contact of {} was noted ({}).{promise}{receipt}",
                short_date(*on),
                channel.label().to_lowercase()
            )
        }
        Enquiries::PromiseKept { on, .. } => format!("What was promised was done on {}.", short_date(*on)),
        Enquiries::Joined { .. } => "Two contacts about the same thing were joined.".into(),
        Enquiries::Parted { .. } => "Two contacts were taken apart again.".into(),
        Enquiries::Passed { desk, .. } => format!("A contact was passed on: {}.", desk.label().to_lowercase()),
        Enquiries::Answered { about: Some(_), .. } => "A contact was answered at first touch.".into(),
        Enquiries::Answered { about: None, .. } => "A contact that was passed on was answered.".into(),
    }
}

fn joined(event: &Joins) -> String {
    match event {
        Joins::TakenIn { join } => {
            let over = came_over(&join.carried);
            let over = if over.is_empty() { "nothing that was not here".to_owned() } else { over.join(", ") };
            format!("Another record of this child was joined into this one. It brought: {over}.")
        }
        Joins::ClosedInto { .. } => "This record was joined into another record of the same child, and closed.".into(),
        Joins::GivenBack { .. } => "A record that was joined into this one was taken apart from it again.".into(),
        Joins::Reopened { .. } => "This record was taken apart from the other one and is open again.".into(),
        Joins::ToldApart { .. } => "It was recorded that another child who looks alike is a different child.".into(),
        Joins::ApartTakenBack { .. } => "That another record is a different child’s was taken back.".into(),
    }
}

fn independents(event: &Independents, names: &Names) -> String {
    match event {
        Independents::Invited { body, until, .. } => {
            format!("The family invited {} to give advice, until {}.", names.body(body.0), short_date(*until))
        }
        Independents::Accepted { .. } => "The professional whom the family invited took it up.".into(),
        Independents::Withdrawn { .. } => "The family took an invitation to give advice back.".into(),
        Independents::Shared { shared, .. } => {
            let what = if shared.len() == 1 { "1 paper".to_owned() } else { format!("{} papers", shared.len()) };
            format!("The family shows a professional whom it invited {what}.")
        }
        Independents::HandedIn { dated, .. } => {
            format!("The family handed in a finished report of {}.", short_date(*dated))
        }
        Independents::TakenUp { .. } => "Entering the lines of a report that the family handed in was begun.".into(),
    }
}

/// Never what was noted: that is its writers' alone.
fn visited(event: &Visits) -> String {
    match event {
        Visits::Booked { arranged, .. } => format!("An adviser booked a visit on {}.", short_date(arranged.on)),
        Visits::Moved { arranged, .. } => format!("A visit was moved to {}.", short_date(arranged.on)),
        Visits::Cancelled { on, .. } => format!("A visit was cancelled on {}.", short_date(*on)),
        Visits::Noted { version, .. } => format!("An adviser saved notes of a visit, version {version}."),
    }
}

/// Never what it is: that is its writers' alone.
fn recordings(event: &Recordings) -> String {
    match event {
        Recordings::Kept { .. } => "An adviser kept a recording for their own advice.".into(),
        Recordings::Removed { .. } => "An adviser took a recording out that was kept for their own advice.".into(),
    }
}

fn opened(event: &Openings) -> String {
    match event {
        Openings::Opened { emergency, until, .. } => {
            let what = emergency.label();
            format!("The record was opened in an emergency, until {}: {}.", short_date(*until), what.to_lowercase())
        }
        Openings::Ended { .. } => "Seeing the record in an emergency ended.".into(),
        Openings::LookedAt { was_right, .. } => {
            let found = if *was_right { "right" } else { "not right" };
            format!("A manager found that opening the record in an emergency was {found}.")
        }
        Openings::FamilyTold { .. } => "The family was told that the record was opened in an emergency.".into(),
    }
}

fn requests(event: &Requests, names: &Names) -> String {
    match event {
        Requests::Received { received_on, source, channel, receipt, .. } => {
            let receipt = receipt.as_ref().map(|receipt| format!(" Receipt {}.", receipt.number)).unwrap_or_default();
            format!(
                "A request for an assessment was received on {} from: {} ({}).{receipt}",
                short_date(*received_on),
                source.label().to_lowercase(),
                channel.label().to_lowercase()
            )
        }
        Requests::Withdrawn { on } => format!("The request was withdrawn on {}.", short_date(*on)),
        Requests::ExceptionRecorded { exception, .. } => {
            format!("An exception was recorded: {}.", exception.label())
        }
        Requests::NoticeSent { notice } => {
            format!("{} was sent on {}.", notice.kind.label(), short_date(notice.sent_on))
        }
        Requests::DecidedToAssess { on, .. } => {
            format!("Decided on {} to assess.", short_date(*on))
        }
        Requests::ViewGiven { view } => {
            format!("The family answered on {}: “{}”", short_date(view.on), view.question.label())
        }
        Requests::DecidedNotToAssess { on, second_reader, .. } => format!(
            "Decided on {} not to assess. Second reader: {}.",
            short_date(*on),
            names.users.get(&second_reader.0).map_or("another officer", String::as_str)
        ),
    }
}

fn advised(event: &advice::Event, names: &Names) -> String {
    match event {
        advice::Event::Asked { kind, body, asked_on, .. } => {
            format!("{} was asked of {} on {}.", kind.label(), names.body(body.0), short_date(*asked_on))
        }
        advice::Event::Chased { on, .. } => {
            format!("An adviser was chased on {}.", short_date(*on))
        }
        advice::Event::Replied { reply, .. } => {
            format!("{} on {}.", reply.label(), short_date(reply.on()))
        }
        advice::Event::Routed { body, .. } => format!("Advice that was asked for went to {}.", names.body(body.0)),
        advice::Event::PassedOn { from, .. } => format!("It was passed on by {}.", names.body(from.0)),
        advice::Event::Written { fingerprint, .. } => {
            format!("A version of an adviser’s report was saved ({}).", fingerprint.get(..8).unwrap_or_default())
        }
        advice::Event::Signed { on, why: None, .. } => {
            format!("An adviser signed their report on {}.", short_date(*on))
        }
        advice::Event::Signed { on, why: Some(_), .. } => {
            format!("An adviser signed a corrected report on {}, with the reason.", short_date(*on))
        }
        advice::Event::Explained { how, .. } => {
            format!("A line of advice is {} in the plan; the reason was recorded.", how.label().to_lowercase())
        }
        advice::Event::CheckAsked { on, .. } => {
            format!("An adviser was asked on {} to look at their lines in the draft.", short_date(*on))
        }
        advice::Event::Checked { objections, on, .. } => match objections.len() {
            0 => format!("An adviser looked at their lines on {} and has no objection.", short_date(*on)),
            1 => format!("An adviser looked at their lines on {} and objects to one.", short_date(*on)),
            count => format!("An adviser looked at their lines on {} and objects to {count}.", short_date(*on)),
        },
        advice::Event::ObjectionAnswered { on, .. } => {
            format!("An adviser’s objection was answered on {}.", short_date(*on))
        }
        advice::Event::Settled { on, .. } => {
            format!("Where two reports disagree was settled on {}.", short_date(*on))
        }
    }
}

fn plans(event: &Plans) -> String {
    match event {
        Plans::DecidedToIssue { on } => format!("Decided on {} to issue a plan.", short_date(*on)),
        Plans::DecidedNotToIssue { on, .. } => {
            format!("Decided on {} not to issue a plan.", short_date(*on))
        }
        Plans::DraftSaved { fingerprint, .. } => {
            format!("A version of the draft was saved ({}).", fingerprint.get(..8).unwrap_or_default())
        }
        Plans::DraftServed { sent_on, comments_until, .. } => format!(
            "The draft was sent to the family on {}. They may comment until {}.",
            short_date(*sent_on),
            short_date(*comments_until)
        ),
        Plans::RepresentationRecorded { on, .. } => {
            format!("The family commented on {}.", short_date(*on))
        }
        Plans::RepresentationTakenBack { on, .. } => {
            format!("The family took a comment back on {}.", short_date(*on))
        }
        Plans::RepresentationAnswered { accepted, on, .. } => format!(
            "A comment of the family was {} on {}.",
            if *accepted { "accepted" } else { "answered with reasons" },
            short_date(*on)
        ),
        Plans::HealthAgreed { on } => format!("The health commissioner agreed section G on {}.", short_date(*on)),
        Plans::FinalPlanIssued { on, fingerprint, .. } => {
            format!("The final plan was issued on {} ({}).", short_date(*on), fingerprint.get(..8).unwrap_or_default())
        }
    }
}

fn placed(event: &Placement, names: &Names) -> String {
    match event {
        Placement::PreferenceRecorded { urn, on, .. } => {
            format!("The family asked for {} on {}.", names.urn(urn.number()), short_date(*on))
        }
        Placement::Consulted { urn, sent_on, .. } => {
            format!("{} was consulted on {}.", names.urn(urn.number()), short_date(*sent_on))
        }
        Placement::Replied { reply, .. } => match reply {
            ConsultationReply::CanMeetNeeds { on } => {
                format!("A setting said on {} that it can meet needs.", short_date(*on))
            }
            ConsultationReply::Cannot { on, ground, .. } => {
                format!("A setting said no on {}: {}.", short_date(*on), ground.label())
            }
        },
        Placement::Named { named, on } => {
            let what = match named {
                Named::Institution { urn } => names.urn(urn.number()),
                Named::TypeOnly { kind } => format!("type only: {}", kind.label()),
                Named::Otherwise => "education otherwise than in a school".to_owned(),
            };
            format!("Section I was settled on {}: {what}.", short_date(*on))
        }
        Placement::PreferenceRefused { ground, on, .. } => {
            format!("The family's choice was refused on {}: {}.", short_date(*on), ground.label())
        }
    }
}

fn reviewed(event: &Reviews) -> String {
    match event {
        Reviews::Arranged { meeting_on, .. } => {
            format!("A review meeting was arranged for {}.", short_date(*meeting_on))
        }
        Reviews::AdviceCirculated { on, .. } => {
            format!("Reports for the review were sent round on {}.", short_date(*on))
        }
        Reviews::ReportSent { on, .. } => format!("The report of the review was sent on {}.", short_date(*on)),
        Reviews::MeetingHeld { on, .. } => {
            format!("The review meeting was held on {}.", short_date(*on))
        }
        Reviews::Decided { outcome, on, .. } => {
            format!("Decided on {} after the review: {}.", short_date(*on), outcome.label().to_lowercase())
        }
        Reviews::ChangesSent { on, .. } => format!("The proposed changes were sent on {}.", short_date(*on)),
        Reviews::AmendmentFinished { amended: true, on, .. } => {
            format!("The amended plan was sent on {}.", short_date(*on))
        }
        Reviews::AmendmentFinished { on, .. } => {
            format!("The family was told on {} that the plan is not amended.", short_date(*on))
        }
        Reviews::TransferPlanned { transfer } => {
            format!("Moves to year {} on {}.", transfer.to_year, short_date(transfer.on))
        }
    }
}

fn brought(event: &brought_in::Event) -> String {
    match event {
        brought_in::Event::RequestEnded { .. } => "How far an earlier request had come was brought in.".into(),
        brought_in::Event::PlanHeld { first_made_on, from_area: Some(code), .. } => {
            format!("A plan first made on {} came with the family from authority {code}.", short_date(*first_made_on))
        }
        brought_in::Event::PlanHeld { first_made_on, from_area: None, .. } => {
            format!("A plan first made on {} was brought in.", short_date(*first_made_on))
        }
        brought_in::Event::RequestDisputed { .. } => {
            "The request went to mediation or to the Tribunal, as another system says.".into()
        }
        brought_in::Event::ReviewCompleted { decided_on, outcome: Some(outcome), .. } => {
            format!("A review ended on {}: {}.", short_date(*decided_on), outcome.label().to_lowercase())
        }
        brought_in::Event::ReviewCompleted { decided_on, outcome: None, .. } => {
            format!("A review ended on {}. What was decided is not on record.", short_date(*decided_on))
        }
        brought_in::Event::TransferPlanSent { on } => {
            format!("The plan naming the next school or college was sent on {}.", short_date(*on))
        }
        brought_in::Event::PlanEnded { on, reason, .. } => {
            format!("The plan ended on {}: {}.", short_date(*on), reason.label().to_lowercase())
        }
    }
}
