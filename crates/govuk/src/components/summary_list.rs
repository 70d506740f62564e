//! Facts as name and value, each perhaps with something to do about it.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, Items};

/// Facts as name and value, each perhaps with something to do about it.
///
/// ```
/// let list = govuk::SummaryList::new()
///     .row("Name", "Amara Okafor")
///     .action("Change", "/people/1/name", "name");
/// assert!(list.to_string().contains("<span class=\"govuk-visually-hidden\"> name</span>"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "summary_list.html")]
pub struct SummaryList {
    pub rows: Items<SummaryRow>,
    /// Puts the list on a card with a title.
    pub card: Option<SummaryCard>,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// One fact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SummaryRow {
    pub classes: Classes,
    pub key: SummaryCell,
    pub value: SummaryCell,
    pub actions: Option<SummaryActions>,
}

/// A name or a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SummaryCell {
    #[serde(flatten)]
    pub content: Content,
    pub classes: Classes,
}

/// What can be done about a fact or a card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SummaryActions {
    pub items: Vec<SummaryAction>,
    pub classes: Classes,
}

/// One thing that can be done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SummaryAction {
    pub href: String,
    #[serde(flatten)]
    pub content: Content,
    /// Read aloud after the link, so that two links called "Change" are told apart.
    pub visually_hidden_text: String,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// The card around a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SummaryCard {
    pub title: Option<SummaryCardTitle>,
    pub actions: SummaryActions,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// The title of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SummaryCardTitle {
    #[serde(flatten)]
    pub content: Content,
    /// 2 when `None`.
    pub heading_level: Option<u8>,
    pub classes: Classes,
}

component!(SummaryList);

impl SummaryList {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fact.
    #[must_use]
    pub fn row(mut self, key: impl Into<Content>, value: impl Into<Content>) -> Self {
        self.rows.push(SummaryRow {
            key: SummaryCell { content: key.into(), ..SummaryCell::default() },
            value: SummaryCell { content: value.into(), ..SummaryCell::default() },
            ..SummaryRow::default()
        });
        self
    }

    /// Adds a fact, when it is known.
    #[must_use]
    pub fn row_if(self, key: impl Into<Content>, value: Option<impl Into<Content>>) -> Self {
        match value {
            None => self,
            Some(value) => self.row(key, value),
        }
    }

    /// Adds something to do about the last fact. `about` is read aloud after the link.
    #[must_use]
    pub fn action(mut self, content: impl Into<Content>, href: impl Into<String>, about: impl Into<String>) -> Self {
        if let Some(row) = self.rows.iter_mut().last() {
            let action = SummaryAction::new(content, href, about);
            row.actions.get_or_insert_default().items.push(action);
        }
        self
    }

    /// Puts the list on a card.
    #[must_use]
    pub fn card(mut self, title: impl Into<Content>) -> Self {
        self.card = Some(SummaryCard {
            title: Some(SummaryCardTitle { content: title.into(), ..SummaryCardTitle::default() }),
            ..SummaryCard::default()
        });
        self
    }

    /// Adds something to do about the whole card. The card's title is read aloud after it.
    #[must_use]
    pub fn card_action(mut self, content: impl Into<Content>, href: impl Into<String>) -> Self {
        let action = SummaryAction::new(content, href, "");
        self.card.get_or_insert_default().actions.items.push(action);
        self
    }

    /// Leaves out the lines between the facts.
    #[must_use]
    pub fn no_border(self) -> Self {
        self.classes("govuk-summary-list--no-border")
    }

    fn any_row_has_actions(&self) -> bool {
        self.rows.iter().any(|row| !row.shown_actions().is_empty())
    }

    fn card_title(&self) -> Option<&SummaryCardTitle> {
        self.card.as_ref().and_then(|card| card.title.as_ref())
    }

    fn link<'a>(&'a self, action: &'a SummaryAction) -> SummaryActionLink<'a> {
        SummaryActionLink { action, card_title: self.card_title() }
    }
}

impl SummaryRow {
    fn shown_actions(&self) -> &[SummaryAction] {
        self.actions.as_ref().map_or(&[], |actions| &actions.items)
    }
}

impl SummaryAction {
    pub fn new(content: impl Into<Content>, href: impl Into<String>, about: impl Into<String>) -> Self {
        Self { content: content.into(), href: href.into(), visually_hidden_text: about.into(), ..Self::default() }
    }
}

#[derive(Template)]
#[template(path = "summary_action.html")]
struct SummaryActionLink<'a> {
    action: &'a SummaryAction,
    card_title: Option<&'a SummaryCardTitle>,
}

impl askama::filters::HtmlSafe for SummaryActionLink<'_> {}
