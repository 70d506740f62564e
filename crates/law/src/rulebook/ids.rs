//! The names of the rules.

use std::fmt;
use std::str::FromStr;

macro_rules! rule_ids {
    ($($variant:ident $code:literal,)*) => {
        /// The name of a rule. `as_str` and `FromStr` use the codes of case files.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum RuleId {
            $(#[doc = concat!("`", $code, "`")] $variant,)*
        }

        impl RuleId {
            /// Every rule, in order.
            pub const ALL: &'static [RuleId] = &[$(RuleId::$variant,)*];

            /// The code used in case files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl FromStr for RuleId {
            type Err = UnknownRule;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $($code => Ok(Self::$variant),)*
                    _ => Err(UnknownRule(code.to_owned())),
                }
            }
        }
    };
}

rule_ids! {
    ConsultParentAsap "consult_parent_asap",
    AssessDecision6w "assess_decision_6w",
    NotNecessaryDetermination6w "not_necessary_determination_6w",
    AdviceReply6w "advice_reply_6w",
    NoPlanNotice16w "no_plan_notice_16w",
    DraftReady14w "draft_ready_14w",
    DraftRepresentations15d "draft_representations_15d",
    DraftEarliestFinalise "draft_earliest_finalise",
    SchoolConsultationReply15d "school_consultation_reply_15d",
    FinalPlan20w "final_plan_20w",
    SecureProvision "secure_provision",
    AnnualReviewFirst12m "annual_review_first_12m",
    AnnualReviewNext12m "annual_review_next_12m",
    AnnualReviewLatestMeeting "annual_review_latest_meeting",
    TermList2w "term_list",
    ArNoticeOfMeeting2w "ar_notice_of_meeting_2w",
    ArCirculateAdvice2w "ar_circulate_advice_2w",
    ArReport2w "ar_report_2w",
    ArDecision4w "ar_decision_4w",
    ArAmendmentNotice4w "ar_amendment_notice_4w",
    ArOuterLimit12w "ar_outer_limit_12w",
    ArMeetingAnniversary12m "ar_meeting_anniversary_12m",
    ArAmendRepresentations15d "ar_amend_representations_15d",
    ArFinalAmended8w "ar_final_amended_8w",
    ArDecisionNotToAmend8w "ar_decision_not_to_amend_8w",
    AmendWithoutReviewFinal8w "amend_without_review_final_8w",
    AmendWithoutReviewRepresentations15d "amend_without_review_representations_15d",
    EarlyYearsReview6m "early_years_review_6m",
    PhaseTransfer15Feb "phase_transfer_15feb",
    PhaseTransfer31Mar "phase_transfer_31mar",
    PhaseTransferMeeting12w "phase_transfer_meeting_12w",
    Post16ToPost16Months5 "post16_to_post16_5m",
    PreparingForAdulthoodFrom "preparing_for_adulthood_from",
    CompulsorySchoolAgeEnds "compulsory_school_age_ends",
    CompulsorySchoolAgeStarts "compulsory_school_age_starts",
    CapacityConversationTermBefore "capacity_conversation_term_before",
    PlanMayContinueToAfter25 "plan_may_continue_to_after_25",
    LaTransferPlan "la_transfer_plan",
    LaTransferInform6w "la_transfer_inform_6w",
    LaTransferReview "la_transfer_review",
    IcbChangeNotify15wd "icb_change_notify_15wd",
    IcbChangeRequest15wd "icb_change_request_15wd",
    ReassessDecision15d "reassess_decision_15d",
    ReassessFinal14w "reassess_final_14w",
    CeaseConsultation15d "cease_consultation_15d",
    PlanKeptUntilAppealTimeEnds "plan_kept_until_appeal_time_ends",
    MediationContact2m "mediation_contact_2m",
    MediationCertificateDeclined3wd "mediation_certificate_declined_3wd",
    MediationCertificateConcluded3wd "mediation_certificate_concluded_3wd",
    MediationCertificateNotArranged3wd "mediation_certificate_not_arranged_3wd",
    MediationNotifyIcb3wd "mediation_notify_icb_3wd",
    MediationArrange30d "mediation_arrange_30d",
    MediationNoticeOfMeeting5wd "mediation_notice_of_meeting_5wd",
    MediationAgreementNonAppealable2w "mediation_agreement_non_appealable_2w",
    MediationAgreementIcbTellsLa1w "mediation_agreement_icb_tells_la_1w",
    MediationAgreementAsOrderAmend5w "mediation_agreement_as_order_amend_5w",
    MediationAgreementAsOrderAssess2w "mediation_agreement_as_order_assess_2w",
    MediationAgreementAsOrderAssessFinal14w "mediation_agreement_as_order_assess_final_14w",
    AppealToFtt "appeal_to_ftt",
    FttResponse30wd "ftt_response_30wd",
    Bundle10wd "bundle",
    FttOrderAssessNotify2w "ftt_order_assess_notify_2w",
    FttOrderAssessNoPlan10w "ftt_order_assess_no_plan_10w",
    FttOrderAssessFinal14w "ftt_order_assess_final_14w",
    FttOrderMakePlanDraft5w "ftt_order_make_plan_draft_5w",
    FttOrderMakePlanFinal11w "ftt_order_make_plan_final_11w",
    FttOrderReconsider2w "ftt_order_reconsider_2w",
    FttOrderAmend5w "ftt_order_amend_5w",
    FttOrderNameSchool2w "ftt_order_name_school_2w",
    FttOrderContinueAndAmend5w "ftt_order_continue_and_amend_5w",
    FttOrderContinueImmediate "ftt_order_continue_immediate",
    FttOrderCeaseImmediate "ftt_order_cease_immediate",
    UnopposedAssessNotify2w "unopposed_assess_notify_2w",
    UnopposedAssessNoPlan10w "unopposed_assess_no_plan_10w",
    UnopposedAssessFinal14w "unopposed_assess_final_14w",
    UnopposedContents5w "unopposed_contents_5w",
    UnopposedNameSchool2w "unopposed_name_school_2w",
    UnopposedMakePlanDraft5w "unopposed_make_plan_draft_5w",
    UnopposedMakePlanFinal11w "unopposed_make_plan_final_11w",
    UnopposedContinueAndAmend5w "unopposed_continue_and_amend_5w",
    FttRecommendationReply5w "ftt_recommendation_reply_5w",
    DirectPaymentFirstReview3m "direct_payment_first_review_3m",
    DetainedAssessDecision6w "detained_assess_decision_6w",
    DetainedNoPlan16w "detained_no_plan_16w",
    DetainedFinal20w "detained_final_20w",
    DetainedDraftRepresentations15d "detained_draft_representations_15d",
    DetainedReleasedMidwayFinal20w "detained_released_midway_final_20w",
    DetainedPlanToCustody5wd "detained_plan_to_custody_5wd",
    SencoQualification3y "senco_qualification_3y",
    SencoNasencoCompletion "senco_nasenco_completion",
    LocalOfferCommentsAnnual "local_offer_comments_annual",
    SubjectAccess1m "subject_access_1m",
    SubjectAccessExtended3m "subject_access_extended_3m",
}

/// A code that names no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown rule `{0}`")]
pub struct UnknownRule(pub String);

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
