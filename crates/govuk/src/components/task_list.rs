//! What there is to do, and how far each task is.

use askama::Template;
use serde::Deserialize;

use super::Tag;
use crate::content::{Attributes, Classes, Content, Items};

/// What there is to do, and how far each task is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "task_list.html")]
pub struct TaskList {
    pub items: Items<Task>,
    pub classes: Classes,
    pub attributes: Attributes,
    /// `task-list` when empty.
    pub id_prefix: String,
}

/// One task. Without an address it cannot be started yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Task {
    pub title: TaskTitle,
    pub hint: Option<Content>,
    pub status: TaskStatus,
    pub href: String,
    pub classes: Classes,
}

/// The name of a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TaskTitle {
    #[serde(flatten)]
    pub content: Content,
    pub classes: Classes,
}

/// How far a task is: plain words when it is done, a tag when it needs someone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TaskStatus {
    pub tag: Option<Tag>,
    #[serde(flatten)]
    pub content: Content,
    pub classes: Classes,
}

component!(TaskList);

impl TaskList {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a task.
    #[must_use]
    pub fn task(mut self, title: impl Into<Content>, href: impl Into<String>, status: impl Into<TaskStatus>) -> Self {
        self.items.push(Task {
            title: TaskTitle { content: title.into(), ..TaskTitle::default() },
            href: href.into(),
            status: status.into(),
            ..Task::default()
        });
        self
    }

    /// Adds a line under the title of the last task.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Content>) -> Self {
        if let Some(task) = self.items.iter_mut().last() {
            task.hint = Some(hint.into());
        }
        self
    }

    fn prefix(&self) -> &str {
        if self.id_prefix.is_empty() { "task-list" } else { &self.id_prefix }
    }
}

impl TaskStatus {
    /// "Completed", in plain text, so that what is left stands out.
    pub fn completed() -> Self {
        Self { content: "Completed".into(), ..Self::default() }
    }

    /// "Cannot start yet", in grey text.
    pub fn cannot_start_yet() -> Self {
        Self {
            content: "Cannot start yet".into(),
            classes: Classes::from("govuk-task-list__status--cannot-start-yet"),
            ..Self::default()
        }
    }
}

impl From<Tag> for TaskStatus {
    fn from(tag: Tag) -> Self {
        Self { tag: Some(tag), ..Self::default() }
    }
}

impl From<&str> for TaskStatus {
    fn from(text: &str) -> Self {
        Self { content: text.into(), ..Self::default() }
    }
}
