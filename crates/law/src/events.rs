//! What has happened in a case, as dates with names.
//!
//! An [`Event`] is small and `Copy`: a name, a civil date, the thread it belongs to and, for the few that need
//! one, a fact. `subject` tells apart threads that run side by side (each request for advice, each consultation,
//! each review); 0 is the case itself. The dates are the dates the law counts from: the day a request
//! *reached* any desk of the authority, the day a notice was *sent*, the day a draft was *served*.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::calendar::InstitutionType;

macro_rules! event_names {
    ($($variant:ident $code:literal $words:literal,)*) => {
        /// The name of something that happened, or is planned, and that a time limit counts from or looks at.
        ///
        /// `as_str` and `FromStr` use the codes of case files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum EventName {
            $(#[doc = $words] $variant,)*
        }

        impl EventName {
            /// Every name, in the order of the enumeration.
            pub const ALL: &'static [EventName] = &[$(EventName::$variant,)*];

            /// The code used in case files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The same in plain words, to stand in a sentence: "the request was received".
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }
        }

        impl FromStr for EventName {
            type Err = UnknownEvent;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $($code => Ok(Self::$variant),)*
                    _ => Err(UnknownEvent(code.to_owned())),
                }
            }
        }
    };
}

event_names! {
    // The request and the assessment.
    RequestReceived "request_received" "the request was received",
    BecameResponsible "became_responsible" "the council became responsible",
    RequestReceivedOrBroughtToAttention "request_received_or_brought_to_attention" "the request was received, or the council was told",
    BroughtToAttention "brought_to_attention" "the council was told about the child or young person",
    RequestReceivedByOldLa "request_received_by_old_la" "the council before received a request",
    RequestWithdrawn "request_withdrawn" "the request was withdrawn",
    FamilyConsulted "family_consulted" "the family was asked for its views",
    NecessityDetermined "necessity_determined" "the council decided whether an assessment is needed",
    AssessmentDecisionNotified "assessment_decision_notified" "the decision about an assessment was sent",
    DecisionToAssess "decision_to_assess" "the council said that it will assess",
    InitialRefusal "initial_refusal" "the council said that it will not assess",
    LaConcededBeforeAppeal "la_conceded_before_appeal" "the council changed its refusal before any appeal",
    AdviceRequested "advice_requested" "advice was asked for from the school or early years provider",
    AdviceRequestReceivedByBody "advice_request_received_by_body" "the adviser received the request for advice",
    AdviceReceived "advice_received" "the advice was received",
    AdviceReceivedLast "advice_received_last" "the last advice was received",
    MissedAppointment "missed_appointment" "an appointment for the advice was missed",
    NoPlanNotified "no_plan_notified" "the council said that it will not make a plan",
    DecisionToIssuePlan "decision_to_issue_plan" "the council decided to make a plan",
    DraftPlanServed "draft_plan_served" "the draft plan was served",
    RepresentationsReceived "representations_received" "the family’s comments on the draft were received",
    ConsultationReceivedByInstitution "consultation_received_by_institution" "the school or college received the consultation",
    ConsultationReplyReceived "consultation_reply_received" "the school or college replied",
    FinalPlanSent "final_plan_sent" "the final plan was sent",
    ProvisionInPlace "provision_in_place" "the help in the plan was in place",
    // What may take a limit away.
    ExceptionalCircumstancesFrom "exceptional_personal_circumstances_from" "exceptional personal circumstances began",
    ExceptionalCircumstancesTo "exceptional_personal_circumstances_to" "exceptional personal circumstances ended",
    SchoolClosedFrom "school_closed_from" "the school closed",
    SchoolReopens "school_reopens" "the school opens again",
    EarlyYearsClosedFrom "early_years_provider_closed_from" "the early years provider closed",
    EarlyYearsReopens "early_years_provider_reopens" "the early years provider opens again",
    AbsentFrom "absent_from" "the absence from the area began",
    AbsentTo "absent_to" "the absence from the area ended",
    ParentAbsentFrom "parent_absent_from" "the parent’s absence from the area began",
    ParentAbsentTo "parent_absent_to" "the parent’s absence from the area ended",
    CoronavirusReason "coronavirus_reason" "a reason to do with coronavirus arose",
    EpShortageFlag "ep_shortage_flag" "a shortage of educational psychologists was noted",
    // What ends a case, or moves it.
    MovedArea "moved_area" "the family moved to another area",
    ChildDied "child_died" "the child or young person died",
    PlanCeased "plan_ceased" "the plan came to an end",
    OldLaBecameAware "old_la_became_aware" "the old council learned of the move",
    Move "move" "the day of the move",
    PlanTransferred "plan_transferred" "the plan was passed to the new council",
    PlanMadeOrLastReview "plan_made_or_last_review" "the plan was made or last reviewed",
    NewLaInformedFamily "new_la_informed_family" "the new council told the family its plans",
    OldIcbBecameAware "old_icb_became_aware" "the old health board learned of the move",
    NewIcbNotified "new_icb_notified" "the new health board was told",
    NewIcbBecameAware "new_icb_became_aware" "the new health board saw that it cannot arrange the health help",
    NewIcbAskedLa "new_icb_asked_la" "the new health board asked the council to reassess or review",
    // Reviews.
    PlanFirstMade "plan_first_made" "the plan was first made",
    LastReviewCompleted "last_review_completed" "the last review was completed",
    ReviewMeeting "review_meeting" "the review meeting",
    ReviewInvitationSent "review_invitation_sent" "the invitation to the review was sent",
    ReviewAdviceCirculated "review_advice_circulated" "the reports for the review were sent round",
    ReviewReportSent "review_report_sent" "the report of the review was sent",
    ReviewDecisionNotified "review_decision_notified" "the decision after the review was sent",
    MaintainDecisionNotified "maintain_decision_notified" "the council said that the plan stays as it is",
    AmendDecisionNotified "amend_decision_notified" "the council said that it will change the plan",
    CeaseDecisionNotified "cease_decision_notified" "the council said that it will end the plan",
    AmendmentNoticeSent "amendment_notice_sent" "the notice of changes was sent",
    AmendmentNoticeServed "amendment_notice_served" "the notice of changes was served",
    AmendedPlanSent "amended_plan_sent" "the changed plan was sent",
    NotAmendingNotified "not_amending_notified" "the council said that it will not change the plan",
    LastEarlyYearsReview "last_early_years_review" "the last early years review",
    TermStarts "term_starts" "the term starts",
    ReviewListSent "review_list_sent" "the list of reviews was sent",
    // Ages and transfers.
    DateOfBirth "date_of_birth" "the date of birth",
    TransferToNcy "transfer_to_ncy" "the year group of the next school or college",
    TransferOn "transfer_on" "the day of the transfer",
    EducatedOutOfCohort "educated_out_of_cohort" "taught outside the year group of their age",
    PhaseTransferPlanSent "phase_transfer_plan_sent" "the plan naming the next school or college was sent",
    PhaseTransferMeeting "phase_transfer_meeting" "the review meeting about the transfer was held",
    ProposedTransferDate "proposed_transfer_date" "the planned day of the move to another college",
    CapacityConversationHeld "capacity_conversation_held" "the talk about who will decide was held",
    InstitutionTypeKnown "institution_type" "the kind of college or training",
    CourseEnds "course_ends" "the course or training ends",
    // Reassessment and ceasing.
    ReassessmentRequestReceived "reassessment_request_received" "the request for a reassessment was received",
    NotifiedWillReassess "notified_will_reassess" "the council said that it will reassess",
    ReassessmentRefused "reassessment_refused" "the council said that it will not reassess",
    LaOwnDecisionToReassess "la_own_decision_to_reassess" "the council itself decided to reassess",
    ReassessedPlanSent "reassessed_plan_sent" "the plan after the reassessment was sent",
    CeaseConsidered "cease_considered" "the council said that it may end the plan",
    // Mediation, appeals, orders.
    DecisionNoticeSent "decision_notice_sent" "the decision letter was sent",
    MediationAdviserContacted "mediation_adviser_contacted" "the mediation adviser was contacted",
    AdviserToldNoMediation "adviser_told_no_mediation" "the adviser was told that mediation is not wanted",
    MediationCertificateIssued "mediation_certificate_issued" "the mediation certificate was given",
    ParentToldLaWantsMediationHealth "parent_told_la_wants_mediation_health" "the council was told that mediation should cover health",
    IcbToldOfMediation "icb_told_of_mediation" "the health board was told of the mediation",
    LaInformedMediationWanted "la_informed_mediation_wanted" "the council was told that mediation is wanted",
    MediationMeeting "mediation_meeting" "the mediation meeting",
    MediationNoticeGiven "mediation_notice_given" "the date of the mediation was given",
    LaToldAdviserCannotArrange "la_told_adviser_cannot_arrange" "the council told the adviser that it cannot arrange mediation in time",
    MediationConcluded "mediation_concluded" "the mediation ended",
    MediationAgreement "mediation_agreement" "the mediation agreement was made",
    AgreedInWriting "agreed_in_writing" "the date that both sides agreed in writing",
    AgreementCarriedOut "agreement_carried_out" "the agreement was carried out",
    IcbToldLaOfAgreement "icb_told_la_of_agreement" "the health board told the council of the agreement",
    AppealLodged "appeal_lodged" "the tribunal received the appeal",
    LaReceivedApplicationNotice "la_received_application_notice" "the council received the appeal papers",
    TribunalResponseSent "tribunal_response_sent" "the council’s answer was sent to the tribunal",
    TribunalHearing "tribunal_hearing" "the tribunal hearing",
    BundleSent "bundle_sent" "the bundle of papers was sent",
    AppealWithdrawn "appeal_withdrawn" "the appeal was withdrawn",
    FttOrderMade "ftt_order_made" "the tribunal made its order",
    TribunalDirectedDate "tribunal_directed_date" "the date that the tribunal set",
    TribunalLetterDate "tribunal_letter_date" "the date in the tribunal’s letter",
    LaNotifiedFttNotOpposing "la_notified_ftt_not_opposing" "the council told the tribunal that it will not oppose the appeal",
    OrderedAssessmentNotified "ordered_assessment_notified" "the council said that it will now assess",
    OrderCarriedOut "order_carried_out" "the order was carried out",
    FttRecommendationMade "ftt_recommendation_made" "the tribunal made its recommendation",
    RecommendationReplySent "recommendation_reply_sent" "the reply to the recommendation was sent",
    // Direct payments, detained persons, schools, offer, information rights.
    FirstDirectPayment "first_direct_payment" "the first direct payment was made",
    DirectPaymentReviewed "direct_payment_reviewed" "the direct payment was reviewed",
    Released "released" "the child or young person was released",
    SameAuthority "same_authority" "whether the same council carries on",
    AwareOfDetention "aware_of_detention" "the council learned of the detention",
    PlanSentToCustody "plan_sent_to_custody" "the plan was sent to the place of detention",
    SencoDesignated "senco_designated" "the teacher became SENCO",
    NasencoCourseStarted "nasenco_course_started" "the older SENCO award was begun",
    SencoQualified "senco_qualified" "the SENCO qualified",
    CommentsLastPublished "comments_last_published" "comments on the Local Offer were last published",
    SarReceived "sar_received" "the request for personal records was received",
    SarExtended "sar_extended" "more time was taken because the request is complex",
    SarAnswered "sar_answered" "the request for personal records was answered",
}

/// A code that names no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown event `{0}`")]
pub struct UnknownEvent(pub String);

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl EventName {
    /// The one bit of this name in a set of names.
    pub(crate) const fn bit(self) -> u128 {
        1 << self as u8
    }

    /// Whether a thread has at most one of these, so that a supposed one stands in the place of the recorded
    /// one in a what-if.
    pub fn is_once_per_subject(self) -> bool {
        matches!(
            self,
            Self::RequestReceived
                | Self::BecameResponsible
                | Self::RequestReceivedOrBroughtToAttention
                | Self::BroughtToAttention
                | Self::FamilyConsulted
                | Self::NecessityDetermined
                | Self::AssessmentDecisionNotified
                | Self::DecisionToAssess
                | Self::AdviceRequested
                | Self::AdviceRequestReceivedByBody
                | Self::AdviceReceived
                | Self::AdviceReceivedLast
                | Self::NoPlanNotified
                | Self::DecisionToIssuePlan
                | Self::FinalPlanSent
                | Self::ConsultationReceivedByInstitution
                | Self::ConsultationReplyReceived
                | Self::SchoolClosedFrom
                | Self::SchoolReopens
                | Self::EarlyYearsClosedFrom
                | Self::EarlyYearsReopens
                | Self::AbsentFrom
                | Self::AbsentTo
                | Self::ParentAbsentFrom
                | Self::ParentAbsentTo
                | Self::PlanFirstMade
                | Self::DateOfBirth
                | Self::TransferToNcy
                | Self::TransferOn
                | Self::EducatedOutOfCohort
                | Self::ProposedTransferDate
                | Self::InstitutionTypeKnown
                | Self::CourseEnds
                | Self::OldLaBecameAware
                | Self::Move
                | Self::PlanTransferred
                | Self::PlanMadeOrLastReview
                | Self::SencoDesignated
                | Self::NasencoCourseStarted
        )
    }
}

/// What a tribunal's order, a concession or a mediation agreement requires, so that only its own limits run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderKind {
    /// Assess, or reassess.
    Assess,
    /// Make and keep a plan.
    MakePlan,
    /// Think again about a decision sent back.
    Reconsider,
    /// Change the needs or the provision in a plan.
    AmendContents,
    /// Change only the name or type of school or college.
    NameInstitution,
    /// Keep the plan as it is.
    Continue,
    /// Keep the plan and change it.
    ContinueAndAmend,
    /// The appeal against ending the plan is dismissed.
    Cease,
    /// In a mediation agreement: something that could not have been appealed.
    NotAppealable,
}

/// A fact that is not a date and that a few rules need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Fact {
    /// The event says all by its name and date.
    #[default]
    None,
    /// `transfer_to_ncy`: the national curriculum year being moved into, 0 (reception) to 14.
    YearGroup(i8),
    /// `educated_out_of_cohort`: -1 for one year behind the year group of their age, 1 for a year ahead.
    YearsOut(i8),
    /// `institution_type`.
    Institution(InstitutionType),
    /// `same_authority`.
    Yes(bool),
    /// What `ftt_order_made`, `la_notified_ftt_not_opposing` or `mediation_agreement` requires.
    Order(OrderKind),
}

/// Something that happened on a day, or is planned for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Event {
    /// What happened.
    pub name: EventName,
    /// When, as the law dates it. For a fact that has no date of its own: when it was recorded.
    pub on: Date,
    /// The thread it belongs to; 0 is the case itself.
    pub subject: u32,
    /// A fact that goes with it.
    pub fact: Fact,
}

impl Event {
    /// An event of the case itself.
    pub const fn new(name: EventName, on: Date) -> Self {
        Self { name, on, subject: 0, fact: Fact::None }
    }

    /// The same event in a thread of its own.
    pub const fn about(self, subject: u32) -> Self {
        Self { subject, ..self }
    }

    /// The same event with a fact.
    pub const fn with(self, fact: Fact) -> Self {
        Self { fact, ..self }
    }
}

/// The set of names in a list, one bit each.
pub(crate) const fn set_of(names: &[EventName]) -> u128 {
    let mut set = 0;
    let mut index = 0;
    while index < names.len() {
        set |= names[index].bit();
        index += 1;
    }
    set
}
