//! Why something may not be done, as the caseworker would say it.
//!
//! A refusal is not an error: it names the fact in the way and, where there is one, the next step
//! that is allowed. `code()` is stable and is what API clients see; the words may change.

use crate::notices::{NoticeItem, NoticeKind, Recipient};
use jiff::civil::Date;
use std::fmt;
use strum::IntoStaticStr;

#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Refusal {
    RecordNotOpen,
    RecordAlreadyOpen,
    BornInTheFuture,
    InTheFuture { date: Date },
    OutOfOrder { earlier: Date, later: Date },
    NotOnRecord { what: &'static str },
    AlreadyAtSetting,
    CorrectionOpen { asked_on: Date, answer_by: Date },
    PlacementEnded,
    NotOutOfEducation,
    AlreadyOpen { received_on: Date },
    PlanInForce,
    NoOpenRequest,
    NotOldEnoughToAsk,
    PastTwentyFive,
    AlreadyDecided { on: Date },
    NotDecidedYet,
    TestNotMet,
    TestIsMet,
    ReasonsMissing,
    SecondReaderMissing,
    NoticeIncomplete { kind: NoticeKind, items: Vec<NoticeItem>, recipients: Vec<Recipient> },
    WrongNotice { expected: NoticeKind, found: NoticeKind },
    FamilyNotTold,
    AdviceNotAsked { missing: Vec<&'static str> },
    AdviceAlreadyAsked,
    AdviceAlreadyIn { on: Date },
    AdviceOutstanding { count: usize },
    AgreementMissing { who: &'static str },
    NameAndDateMissing,
    NothingToSign,
    SignatoryMissing,
    ContradictionsOpen { count: usize },
    AdviceNotFollowedWithoutReason { count: usize },
    ObjectionsUnanswered { count: usize },
    NoDraft,
    DraftIncomplete { problems: Vec<String> },
    FamilyStillHasTime { until: Date },
    RepresentationsUnanswered { count: usize },
    AlreadyAnswered { on: Date },
    PlacementNotNamed,
    PreferenceUnanswered,
    GroundMissing,
    AlreadyConsulted,
    HealthAgreementMissing,
    ChangedWithoutRepresentation,
    NoPlan,
    PlanEnded,
    ReviewAlreadyArranged { on: Date },
    NoReviewMeeting,
    NoAmendment,
    ChangesNotSent,
    FamilyStillHasTimeForChanges { until: Date },
    ExceptionEnded,
    RightsNotPassed { from: Date },
    TooYoungToAssess { from: Date },
    YoungPersonDecides,
    NotTheirsToChoose,
    SchoolRefusedBefore,
    PartIsPrivate,
    PartChanged { on: Date },
    TooManyStars,
    NotWantedUnanswered { count: usize },
    StopWithoutReason,
    OwnHold,
    RecordJoined,
    SameRecord,
    HasJoined,
    ToldApart { on: Date },
    NumbersDiffer { what: &'static str },
    MayBeTwins,
    MessageWaits { answer_by: Date },
    TwoPlans,
    BothDecided,
    JoinTheOtherWay { what: &'static str },
    RequestMovedOn { on: Date },
    PapersMissing { most: usize },
    CopyOfACopy,
    NothingTakenOut,
    YoungPersonAsks,
    TooManyInvitations { most: usize },
    InvitationOver { until: Date },
    PagesMissing { lines: usize },
    VisitInThePast { date: Date },
    VisitCancelled { on: Date },
    TooManyVisits { most: usize },
    TooManyOpenings { most: usize },
    TooManyRecordings { most: usize },
    ContactAnswered { on: Date },
    ContactPassed,
    LookedAtAlready { on: Date },
    NotesChanged,
    CareNumberMissing,
    TeamHasBegun,
    QuestionsUnanswered { count: usize },
}

impl Refusal {
    /// The stable code, such as `already_open`.
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// "Monday 4 January 2027".
pub fn long_date(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Refusal::*;
        match self {
            RecordNotOpen => f.write_str("This child has no record here yet. Open one first."),
            RecordAlreadyOpen => f.write_str("This child already has a record here."),
            BornInTheFuture => f.write_str("The date of birth must be in the past."),
            InTheFuture { date } => write!(f, "{} has not happened yet. Enter today's date or an earlier one.", long_date(*date)),
            OutOfOrder { earlier, later } => write!(
                f,
                "{} is before {}, which it has to follow. Check both dates.",
                long_date(*later),
                long_date(*earlier)
            ),
            NotOnRecord { what } => write!(f, "This record has no such {what}."),
            AlreadyAtSetting => f.write_str("The child is already recorded at this setting."),
            CorrectionOpen { asked_on, answer_by } => write!(
                f,
                "This was asked on {} and is not answered yet. The answer comes by {}.",
                long_date(*asked_on),
                long_date(*answer_by)
            ),
            PlacementEnded => f.write_str("This placement has already ended."),
            NotOutOfEducation => f.write_str("The child is not recorded as out of education."),
            AlreadyOpen { received_on } => write!(
                f,
                "This case already has an open request, received on {}. Add the new letter or call to that request: the first one owns the clock.",
                long_date(*received_on)
            ),
            PlanInForce => f.write_str("This child already has a plan. Ask for a review or a reassessment instead."),
            NoOpenRequest => f.write_str("This case has no open request."),
            NotOldEnoughToAsk => f.write_str(
                "Only a young person over compulsory school age can ask in their own name. Record the parent or the school as the one who asked.",
            ),
            PastTwentyFive => f.write_str("This person is 25 or over. An assessment can be asked for only before the 25th birthday (section 36(1))."),
            AlreadyDecided { on } => write!(f, "This was already decided on {}.", long_date(*on)),
            NotDecidedYet => f.write_str("The decision that comes before this has not been made."),
            TestNotMet => f.write_str(
                "Both parts of the section 36(8) test have to be met to decide to assess. If one is not, the decision is not to assess, with reasons.",
            ),
            TestIsMet => f.write_str(
                "Both parts of the section 36(8) test are marked as met, so the duty is to assess. Change the finding that is not met, or decide to assess.",
            ),
            ReasonsMissing => f.write_str("Give the reasons: the family has a right to them."),
            SecondReaderMissing => f.write_str("A decision to refuse needs a second reader who is not the person deciding."),
            NoticeIncomplete { kind, items, recipients } => {
                write!(f, "{} cannot go yet.", kind.label())?;
                if !items.is_empty() {
                    let parts: Vec<String> = items.iter().map(|item| item.label().to_owned()).collect();
                    write!(f, " It lacks: {}.", list(&parts))?;
                }
                if !recipients.is_empty() {
                    let parts: Vec<String> = recipients.iter().map(|who| who.label().to_owned()).collect();
                    write!(f, " It must also go to: {}.", list(&parts))?;
                }
                write!(f, " ({})", kind.citation())
            }
            WrongNotice { expected, found } => write!(f, "This step needs “{}”, not “{}”.", expected.label(), found.label()),
            FamilyNotTold => f.write_str("The family has not been told that an assessment is being considered (section 36(7)). Send that notice first."),
            AdviceNotAsked { missing } => {
                let parts: Vec<String> = missing.iter().map(|name| (*name).to_owned()).collect();
                write!(f, "Advice has not been asked for from: {}. Regulation 6(1) needs all of it, or the three agreements that earlier advice is enough.", list(&parts))
            }
            AdviceAlreadyAsked => f.write_str("This adviser has already been asked."),
            AdviceAlreadyIn { on } => write!(f, "This advice came in on {}.", long_date(*on)),
            AdviceOutstanding { count: 1 } => f.write_str("One adviser has not replied. Record the advice, or record why the decision is made without it."),
            AdviceOutstanding { count } => write!(f, "{count} advisers have not replied. Record their advice, or record why the decision is made without it."),
            AgreementMissing { who } => write!(f, "Earlier advice is enough only if {who} agrees too (regulation 6(4))."),
            NameAndDateMissing => f.write_str("“Known, nothing to add” needs the name of the professional and the date they said so."),
            NothingToSign => f.write_str("There is nothing to sign yet. Write at least one line, or the account in your own words."),
            SignatoryMissing => f.write_str("Advice is signed by a person. Enter the name of the professional."),
            ContradictionsOpen { count: 1 } => f.write_str("Two reports disagree on one point. Record which holds, and why."),
            ContradictionsOpen { count } => write!(f, "Reports disagree on {count} points. Record for each which holds, and why."),
            AdviceNotFollowedWithoutReason { count: 1 } => f.write_str("One line of an adviser’s was changed or left out with no reason. Give the reason, or follow the advice."),
            AdviceNotFollowedWithoutReason { count } => write!(f, "{count} lines of advisers’ were changed or left out with no reason. Give each a reason, or follow the advice."),
            ObjectionsUnanswered { count: 1 } => f.write_str("An adviser objects to how their line is used, and has no answer yet."),
            ObjectionsUnanswered { count } => write!(f, "Advisers object to how {count} of their lines are used, and have no answer yet."),
            NoDraft => f.write_str("There is no draft plan. Write one first."),
            DraftIncomplete { problems } => {
                let parts: Vec<String> = problems.clone();
                write!(f, "The plan cannot go out yet: {}.", list(&parts))
            }
            FamilyStillHasTime { until } => write!(
                f,
                "The family has until the end of {} to comment on the draft (regulation 13(1)). The plan can be issued from the day after, or earlier if they agree in writing.",
                long_date(*until)
            ),
            RepresentationsUnanswered { count: 1 } => f.write_str("One comment from the family has no answer yet. Accept it or give the reason why not."),
            RepresentationsUnanswered { count } => write!(f, "{count} comments from the family have no answer yet. Accept each one or give the reason why not."),
            AlreadyAnswered { on } => write!(f, "This was answered on {}.", long_date(*on)),
            PlacementNotNamed => f.write_str("Section I is empty. Name the institution or its type, or record that education will be otherwise than in a school (section 61)."),
            PreferenceUnanswered => f.write_str("The family asked for an institution. Name it, or give the ground in section 39(4) on which it is refused."),
            GroundMissing => f.write_str("A refusal of the family's choice needs a ground in section 39(4)."),
            AlreadyConsulted => f.write_str("This setting has been consulted and has not replied yet."),
            HealthAgreementMissing => f.write_str("Section G has provision that the integrated care board has not agreed (regulation 12(2))."),
            ChangedWithoutRepresentation => f.write_str(
                "The plan differs from the draft the family saw, and no comment of theirs was accepted. Send the new draft to them: they have 15 days again.",
            ),
            NoPlan => f.write_str("This child has no plan."),
            PlanEnded => f.write_str("This plan has ended."),
            ReviewAlreadyArranged { on } => write!(f, "A review meeting is already arranged for {}.", long_date(*on)),
            NoAmendment => f.write_str("The plan is not being amended after this review."),
            ChangesNotSent => f.write_str("The proposed changes have to be sent to the family before the plan is amended (regulation 22(2))."),
            FamilyStillHasTimeForChanges { until } => write!(
                f,
                "The family has until the end of {} to comment on the proposed changes (regulation 22(2)(c)). The amended plan can be sent from the day after.",
                long_date(*until)
            ),
            NoReviewMeeting => f.write_str("No review meeting has been recorded."),
            StopWithoutReason => f.write_str("Say for each stop why it is right as it stands."),
            OwnHold => f.write_str("A number or birth date of another child is let go by a second person, not by the one who sends."),
            ExceptionEnded => f.write_str("This exception has already been ended."),
            RightsNotPassed { from } => write!(f, "You can choose this from {}. Until then the law gives these rights to parents.", long_date(*from)),
            TooYoungToAssess { from } => write!(f, "Capacity can be assessed from the 16th birthday, {} (Mental Capacity Act 2005 section 2(5)).", long_date(*from)),
            YoungPersonDecides => f.write_str("These are the young person’s own words now: only they can change them. You can help while they are signed in."),
            NotTheirsToChoose => f.write_str("Which school or college to ask for is for somebody else to say now. You can still say what you think in a comment."),
            SchoolRefusedBefore => f.write_str("The council has said why it does not name this one. If you still want it, say so in a comment on the draft."),
            PartIsPrivate => f.write_str("This part is private. Only the person it is about can change it."),
            PartChanged { on } => write!(f, "This part was saved on {}, after you opened it. What it says now is under your words. Save again to keep yours.", long_date(*on)),
            TooManyStars => f.write_str("You have three stars. Take one away first."),
            PapersMissing { most } => write!(f, "Choose the papers to add: at least one, and at most {most} at a time."),
            CopyOfACopy => f.write_str("This is a redacted copy already. Make the new one from the paper itself."),
            NothingTakenOut => f.write_str("This file is the same as the paper itself: nothing has been taken out of it. Choose the redacted one."),
            CareNumberMissing => f.write_str("Enter the number of the care record: with it the child can be looked up again."),
            TeamHasBegun => f.write_str("The team has begun to write. Ask it first, then pass it on again."),
            QuestionsUnanswered { count: 1 } => f.write_str("Health or social care asks about one line. Answer that first."),
            QuestionsUnanswered { count } => write!(f, "Health or social care asks about {count} lines. Answer each of them first."),
            NotWantedUnanswered { count: 1 } => f.write_str("The young person says that one outcome is not what they want. Answer that first."),
            NotWantedUnanswered { count } => write!(f, "The young person says that {count} outcomes are not what they want. Answer each of them first."),
            RecordJoined => f.write_str(
                "This record was joined with another record of the same child, and everything goes on there. Whoever cannot open it asks the council’s SEND team.",
            ),
            SameRecord => f.write_str("This is one and the same record. Choose another one."),
            HasJoined => f.write_str(
                "A third record was joined into the one that would be closed. Take those two apart first, or keep that one.",
            ),
            ToldApart { on } => write!(
                f,
                "It was recorded on {} that these are two different children. Take that back first.",
                long_date(*on)
            ),
            NumbersDiffer { what } => write!(
                f,
                "The two records have a different {what}, and one child has one. Correct the record that is wrong, or record that these are different children."
            ),
            MayBeTwins => f.write_str(
                "The same last name and date of birth with two first names: these may be twins. Make sure, and say so, before you join them.",
            ),
            MessageWaits { answer_by } => write!(
                f,
                "A message of the family waits on the record that would be closed. Answer it first: it is promised by {}.",
                long_date(*answer_by)
            ),
            TwoPlans => f.write_str("Both records have a plan in force. Two plans cannot become one: end the one that was made by mistake first."),
            BothDecided => f.write_str("Both records have an assessment or a plan of their own. What was decided on one cannot be moved to the other."),
            JoinTheOtherWay { what } => write!(f, "The record that would be closed has {what}. Keep that one, and join this one into it."),
            RequestMovedOn { on } => write!(
                f,
                "The request has gone on since the records were joined: its latest step was on {}. What was decided or sent cannot go back to a record of its own.",
                long_date(*on)
            ),
            VisitInThePast { date } => write!(f, "{} has passed. Enter today's date or a later one.", long_date(*date)),
            VisitCancelled { on } => write!(f, "This visit was cancelled on {}. Book another one.", long_date(*on)),
            TooManyOpenings { most } => write!(f, "This record was opened {most} times in emergencies. Ask the council."),
            ContactAnswered { on } => write!(f, "This contact was answered on {}.", long_date(*on)),
            ContactPassed => write!(f, "This contact was passed on: those who have it say when it is answered."),
            LookedAtAlready { on } => write!(f, "Somebody looked at this on {} already.", long_date(*on)),
            TooManyRecordings { most } => write!(f, "{most} recordings are kept for this advice already."),
            TooManyVisits { most } => write!(f, "{most} visits are booked for this advice already."),
            NotesChanged => f.write_str("Somebody saved other notes while you wrote. Nothing of yours is lost: both are on this page."),
            YoungPersonAsks => f.write_str("The young person decides about this now. Only they can ask somebody for advice."),
            TooManyInvitations { most } => write!(f, "{most} invitations wait already. Take one back, or wait until somebody answers."),
            InvitationOver { until } => write!(f, "This invitation can no longer be used. It was open until {}.", long_date(*until)),
            PagesMissing { lines: 1 } => f.write_str("One line does not say on which page of the report it stands."),
            PagesMissing { lines } => write!(f, "{lines} lines do not say on which page of the report they stand."),
        }
    }
}

impl std::error::Error for Refusal {}
