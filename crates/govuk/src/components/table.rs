//! Figures and facts in rows and columns.

use askama::Template;
use serde::{Deserialize, Deserializer};

use crate::content::{Attributes, Classes, Content, Html, Items};

/// Figures and facts in rows and columns.
///
/// ```
/// use govuk::{Cell, Table};
/// let table = Table::new("Plans by type of school")
///     .head(["Type of school".into(), Cell::numeric("Plans")])
///     .row([Cell::from("Mainstream"), Cell::numeric(1204)])
///     .first_cell_is_header();
/// assert!(table.to_string().contains("govuk-table__cell--numeric\">1204</td>"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Template)]
#[serde(default, rename_all = "camelCase")]
#[template(path = "table.html")]
pub struct Table {
    pub rows: Items<Vec<Cell>>,
    pub head: Vec<Cell>,
    pub caption: String,
    pub caption_classes: Classes,
    /// Whether the first cell of each row names the row.
    pub first_cell_is_header: bool,
    pub classes: Classes,
    pub attributes: Attributes,
}

/// One cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Cell {
    #[serde(flatten)]
    pub content: Content,
    #[serde(deserialize_with = "format")]
    pub format: CellFormat,
    pub classes: Classes,
    pub colspan: Option<u32>,
    pub rowspan: Option<u32>,
    pub attributes: Attributes,
}

/// How a cell is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CellFormat {
    #[default]
    Plain,
    /// A figure: to the right, in digits of equal width.
    Numeric,
}

component!(Table);

impl Table {
    pub fn new(caption: impl Into<String>) -> Self {
        Self { caption: caption.into(), ..Self::default() }
    }

    /// The names of the columns.
    #[must_use]
    pub fn head(mut self, cells: impl IntoIterator<Item = impl Into<Cell>>) -> Self {
        self.head = cells.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a row.
    #[must_use]
    pub fn row(mut self, cells: impl IntoIterator<Item = impl Into<Cell>>) -> Self {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self
    }

    /// Adds rows.
    #[must_use]
    pub fn rows<R, C>(self, rows: impl IntoIterator<Item = R>) -> Self
    where
        R: IntoIterator<Item = C>,
        C: Into<Cell>,
    {
        rows.into_iter().fold(self, |table, row| table.row(row))
    }

    /// The first cell of each row names the row.
    #[must_use]
    pub fn first_cell_is_header(mut self) -> Self {
        self.first_cell_is_header = true;
        self
    }

    /// Hides the caption from sight where a heading right above says the same.
    #[must_use]
    pub fn caption_hidden(mut self) -> Self {
        self.caption_classes.push("govuk-visually-hidden");
        self
    }

    /// The table in a box that scrolls by itself where the screen is too narrow for it, also by
    /// keyboard. The caption names the box.
    pub fn scrolling(self) -> Html {
        let mut html = Html::trusted("<div class=\"tellonce-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
        html.push_text(&self.caption);
        html.push(Html::trusted("\">"));
        html.push(self);
        html.push(Html::trusted("</div>"));
        html
    }

    /// Adds CSS classes to the caption, such as `govuk-table__caption--m`.
    #[must_use]
    pub fn caption_classes(mut self, classes: &str) -> Self {
        self.caption_classes.push(classes);
        self
    }

    /// Lets readers sort by clicking a column, where script runs. Cells may carry
    /// [`Cell::sort_value`].
    #[must_use]
    pub fn sortable(mut self) -> Self {
        for cell in &mut self.head {
            if cell.attributes.get("aria-sort").is_none() {
                cell.attributes.push("aria-sort", "none");
            }
        }
        self.attribute("data-module", "moj-sortable-table")
    }
}

impl Cell {
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// A figure.
    pub fn numeric(content: impl Into<Content>) -> Self {
        Self { format: CellFormat::Numeric, ..Self::new(content) }
    }

    /// What a sortable table compares instead of the text: an ISO date, a bare number.
    #[must_use]
    pub fn sort_value(mut self, value: impl Into<String>) -> Self {
        self.attributes.push("data-sort-value", value);
        self
    }

    /// Adds CSS classes, separated by spaces.
    #[must_use]
    pub fn classes(mut self, classes: &str) -> Self {
        self.classes.push(classes);
        self
    }

    fn is_numeric(&self) -> bool {
        self.format == CellFormat::Numeric
    }
}

impl<C: Into<Content>> From<C> for Cell {
    fn from(content: C) -> Self {
        Self::new(content)
    }
}

fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CellFormat, D::Error> {
    Ok(match String::deserialize(deserializer)?.as_str() {
        "numeric" => CellFormat::Numeric,
        _ => CellFormat::Plain,
    })
}
