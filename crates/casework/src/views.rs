//! What the family or the young person says for an assessment, question by question, so that each is
//! asked once (SEND Regulations 2014 regulations 6(1)(a) and 7(a); Code of Practice 9.21).

use crate::codes::codes;
use crate::people::facts::{Fact, Teller};
use crate::requests::{Request, Source};
use crate::{Case, TextId, UserId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

codes! {
    /// What is asked, in the words of the question.
    Question {
        Worries = "worries" => "What worries you?",
        Tried = "tried" => "What has been tried so far?",
        Home = "home" => "What would help at home?",
        Strengths = "strengths" => "What goes well, and what do they enjoy?",
        Wellbeing = "wellbeing" => "Is there anything about health, sleep or eating that we should know?",
        Help = "help" => "What help do you think is needed, and how often?",
        Hopes = "hopes" => "What do you hope for, next year and later?",
    }
}

impl Question {
    /// What the told-once measure counts it as.
    pub fn fact(self) -> Fact {
        match self {
            Question::Worries => Fact::Account,
            Question::Tried => Fact::Tried,
            Question::Home => Fact::HelpAtHome,
            Question::Strengths => Fact::Strengths,
            Question::Wellbeing => Fact::Wellbeing,
            Question::Help => Fact::HelpWanted,
            Question::Hopes => Fact::Hopes,
        }
    }

    /// Those that are asked of whoever asks for an assessment online.
    pub fn is_asked_first(self) -> bool {
        matches!(self, Question::Worries | Question::Tried | Question::Home)
    }
}

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    pub question: Question,
    pub text: TextId,
    pub on: Date,
    /// Who of the family; none when it came with a request that was made without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

/// The last answer to a question, if it was answered.
pub fn answer(request: &Request, question: Question) -> Option<&View> {
    request.views.iter().rev().find(|view| view.question == question)
}

/// What the family asked for in its own words, where it was the family that asked.
pub fn account(request: &Request) -> Option<TextId> {
    request.account.filter(|_| matches!(request.source, Source::Parent | Source::YoungPerson))
}

/// What is still open of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Open {
    /// Nobody was asked these.
    pub new: Vec<Question>,
    /// The family was asked these and left them out: they may be answered, and are not asked again.
    pub left_out: Vec<Question>,
}

impl Open {
    pub fn all(&self) -> impl Iterator<Item = Question> {
        self.new.iter().chain(&self.left_out).copied()
    }
}

/// The questions that nobody has answered yet. What was asked for in a letter or a call says what the
/// worry is.
pub fn open(case: &Case, request: &Request) -> Open {
    let own_account = account(request).is_some();
    let is_told = |question| answer(request, question).is_some() || (question == Question::Worries && own_account);
    let since = case.askings.iter().filter(|asking| asking.of == Teller::Family && asking.on >= request.received_on);
    let was_asked = |question: &Question| since.clone().any(|asking| asking.asked.contains(&question.fact()));
    let (left_out, new) = Question::iter().filter(|question| !is_told(*question)).partition(was_asked);
    Open { new, left_out }
}
