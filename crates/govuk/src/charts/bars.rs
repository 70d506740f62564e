//! How do a few figures compare?

use askama::Template;

use crate::content::{Content, Html};

/// A few figures as horizontal bars. It is a table whose cells hold the bars, so that it reflows
/// on a narrow screen and reads as a table.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "charts/bars.html")]
pub struct Bars {
    /// What the figures are, such as "Plans by type of school".
    pub title: String,
    /// What the bars stand for, such as "Type of school".
    pub of: String,
    /// What is counted, with its unit, such as "Plans" or "Weeks waited".
    pub figure: String,
    pub bars: Vec<Bar>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it belongs to, perhaps as a link to the list behind it.
    pub label: Content,
    /// Its size; less than nought is drawn as nought.
    pub value: f64,
    /// The figure as it is read, such as "1,204", "12%" or "fewer than 5".
    pub shown: String,
    /// Draws it paler: a figure to compare with, such as England's.
    pub is_comparison: bool,
}

impl Bars {
    pub fn new(title: impl Into<String>, of: impl Into<String>, figure: impl Into<String>) -> Self {
        Self { title: title.into(), of: of.into(), figure: figure.into(), bars: Vec::new() }
    }

    /// Adds a figure.
    #[must_use]
    pub fn bar(mut self, label: impl Into<Content>, value: f64, shown: impl Into<String>) -> Self {
        self.bars.push(Bar { label: label.into(), value, shown: shown.into(), is_comparison: false });
        self
    }

    /// Adds a figure to compare with.
    #[must_use]
    pub fn comparison(mut self, label: impl Into<Content>, value: f64, shown: impl Into<String>) -> Self {
        self = self.bar(label, value, shown);
        if let Some(bar) = self.bars.last_mut() {
            bar.is_comparison = true;
        }
        self
    }

    /// How long a bar is, in thousandths of the longest.
    fn length(&self, bar: &Bar) -> u32 {
        let longest = self.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
        if longest <= 0.0 || bar.value.is_nan() {
            return 0;
        }
        // Between 0 and 1000, so the cast keeps the value.
        (bar.value.max(0.0) / longest * 1000.0).round() as u32
    }
}

impl askama::filters::HtmlSafe for Bars {}

impl From<Bars> for Html {
    fn from(bars: Bars) -> Self {
        Self::trusted(bars.to_string())
    }
}
