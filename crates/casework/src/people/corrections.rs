//! Something on record that the family says is wrong: put right, or answered with a reason.
//!
//! The law gives one month (UK GDPR article 12(3), 16). Here it is ten working days, so that nobody
//! decides anything on what is wrong.

use super::DetailField;
use crate::{CorrectionId, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Working days from the day it is asked to the day it is answered by.
const ANSWERED_WITHIN: i32 = 10;

/// A correction that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub id: CorrectionId,
    pub field: DetailField,
    pub asked_on: Date,
    pub asked_by: Option<UserId>,
    /// What the record said, and what the family says is right.
    pub before: TextId,
    pub after: TextId,
    pub answer: Option<Answered>,
}

impl Correction {
    pub fn answer_by(&self) -> Date {
        law::calendar::wds_after(self.asked_on, ANSWERED_WITHIN)
    }

    pub fn is_open(&self) -> bool {
        self.answer.is_none()
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The record was put right.
    Accepted,
    /// The record stays as it is, for these reasons.
    Kept { reasons: TextId },
}

/// An answer, and the day it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub answer: Answer,
    pub on: Date,
}
