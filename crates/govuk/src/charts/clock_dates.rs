//! What stands on a clock, and where does each of it stand today?

use jiff::civil::Date;

use super::{days, days_between, short_date};

/// A part of the case's way, drawn as a bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub name: String,
    /// Its first day.
    pub from: Date,
    /// Its last day; for a stage that is not over, the last day it may take.
    pub until: Date,
}

/// A day by which something has to be done, drawn as a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDate {
    /// What has to be done, such as "Decision whether to assess".
    pub label: String,
    pub due_on: Date,
    /// When it was done.
    pub done_on: Option<Date>,
}

/// Days that the law does not count, or that move a due date, drawn hatched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionSpan {
    /// Which exception, such as "School closed for the summer".
    pub label: String,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
}

/// Where a stage stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageState {
    Over,
    Now,
    Ahead,
}

/// Where a due date stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueStatus {
    /// Done on the day or before.
    Met,
    /// Done, but after the day.
    DoneLate,
    /// Not done, and the day is past.
    Overdue,
    /// Not done, and the day is today or within two weeks.
    Soon,
    /// Not done, and the day is further away.
    Ahead,
}

impl Stage {
    pub fn new(name: impl Into<String>, from: Date, until: Date) -> Self {
        Self { name: name.into(), from, until }
    }

    /// Where the stage stands on `today`.
    pub fn state(&self, today: Date) -> StageState {
        if self.until < today {
            StageState::Over
        } else if self.from > today {
            StageState::Ahead
        } else {
            StageState::Now
        }
    }
}

impl StageState {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Over => "Over",
            Self::Now => "Now",
            Self::Ahead => "Still to come",
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Over => "",
            Self::Now => " chart-stage--now",
            Self::Ahead => " chart-stage--ahead",
        }
    }
}

impl DueDate {
    pub fn new(label: impl Into<String>, due_on: Date) -> Self {
        Self { label: label.into(), due_on, done_on: None }
    }

    /// When it was done, if it was.
    #[must_use]
    pub fn done_on(mut self, done_on: Option<Date>) -> Self {
        self.done_on = done_on;
        self
    }

    /// Where the due date stands on `today`.
    pub fn status(&self, today: Date) -> DueStatus {
        match self.done_on {
            Some(done_on) if done_on <= self.due_on => DueStatus::Met,
            Some(_) => DueStatus::DoneLate,
            None if self.due_on < today => DueStatus::Overdue,
            None if days_between(today, self.due_on) <= 14 => DueStatus::Soon,
            None => DueStatus::Ahead,
        }
    }

    /// The status in words: "met on 3 Mar 2026", "6 days overdue", "due in 15 days".
    pub fn status_words(&self, today: Date) -> String {
        let left = days_between(today, self.due_on);
        match (self.status(today), self.done_on) {
            (DueStatus::DoneLate, Some(done_on)) => {
                let late = days_between(self.due_on, done_on);
                format!("done on {}, {} late", short_date(done_on), days(late))
            }
            (_, Some(done_on)) => format!("met on {}", short_date(done_on)),
            (_, None) if left < 0 => format!("{} overdue", days(-left)),
            (_, None) if left == 0 => "due today".to_owned(),
            (_, None) => format!("due in {}", days(left)),
        }
    }
}

impl ExceptionSpan {
    pub fn new(label: impl Into<String>, from: Date, until: Date) -> Self {
        Self { label: label.into(), from, until }
    }
}
