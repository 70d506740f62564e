//! The pages of a long list.

use askama::Template;
use serde::Deserialize;

use crate::content::{Attributes, Classes, Content, Items, scalar};

/// The pages of a long list, or the pages before and after this one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "pagination.html")]
pub struct Pagination {
    pub items: Items<PaginationItem>,
    pub previous: Option<PaginationLink>,
    pub next: Option<PaginationLink>,
    /// "Pagination" when empty.
    pub landmark_label: String,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// One page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PaginationItem {
    #[serde(deserialize_with = "scalar")]
    pub number: String,
    /// "Page" and the number when `None`.
    pub visually_hidden_text: Option<String>,
    pub href: String,
    pub current: bool,
    /// Dots that stand for the pages left out.
    pub ellipsis: bool,
    pub attributes: Attributes,
}

/// The way to the page before or after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PaginationLink {
    #[serde(flatten)]
    pub content: Content,
    /// What the other page is called.
    pub label_text: String,
    pub href: String,
    pub attributes: Attributes,
}

component!(Pagination);

impl Pagination {
    /// The pages of a list: `current` of `total` (both counted from 1), each at `href(page)`.
    /// Shows the first, the last, and those around the current one; nothing for a single page.
    pub fn of(current: u64, total: u64, href: impl Fn(u64) -> String) -> Self {
        let mut pagination = Self::default();
        if total < 2 {
            return pagination;
        }
        let link = |page: u64| PaginationLink { href: href(page), ..PaginationLink::default() };
        pagination.previous = (current > 1).then(|| link(current - 1));
        pagination.next = (current < total).then(|| link(current + 1));
        let mut shown_before = 0;
        for page in 1..=total {
            if page != 1 && page != total && page.abs_diff(current) > 1 {
                continue;
            }
            if page > shown_before + 1 {
                pagination.items.push(PaginationItem { ellipsis: true, ..PaginationItem::default() });
            }
            shown_before = page;
            pagination.items.push(PaginationItem {
                number: page.to_string(),
                href: href(page),
                current: page == current,
                ..PaginationItem::default()
            });
        }
        pagination
    }

    /// Whether only the page before and after are shown, as blocks.
    fn is_block(&self) -> bool {
        self.items.is_empty() && (self.next.is_some() || self.previous.is_some())
    }

    /// An item that says nothing is no page.
    fn shown_items(&self) -> impl Iterator<Item = &PaginationItem> {
        let nothing = PaginationItem::default();
        self.items.iter().filter(move |item| **item != nothing)
    }

    fn link<'a>(&self, link: &'a Option<PaginationLink>) -> Option<&'a PaginationLink> {
        link.as_ref().filter(|link| !link.href.is_empty())
    }
}
