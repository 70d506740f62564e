//! What is around the content of every page?
//!
//! [`Area`] is what all pages of a local area share; [`Page`] is one document. The app renders
//! the body from a template of its own and hands it over as [`Html`]:
//!
//! ```
//! use govuk::page::{Area, Page};
//! use govuk::{Html, ServiceNavigation};
//!
//! let area = Area::new("Alderbourne", "Support for children with special educational needs");
//! let main = Html::trusted("<h1 class=\"govuk-heading-l\">Requests</h1>");
//! let html = Page::new(&area, "Requests", main)
//!     .navigation(ServiceNavigation::new("SEND", "/").item("Requests", "/requests", true))
//!     .breadcrumbs(govuk::Breadcrumbs::new().link("Home", "/").here("Requests"))
//!     .render();
//! assert!(html.as_str().starts_with("<!DOCTYPE html>"));
//! ```

use askama::Template;

use crate::assets;
use crate::components::{BackLink, Breadcrumbs, Footer, GenericHeader, PhaseBanner, ServiceNavigation, SkipLink};
use crate::content::{Content, Html};

/// The value of the `Content-Security-Policy` header that every page works under: everything
/// from this server, nothing inline.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What all pages of a local area share.
#[derive(Debug, Clone)]
pub struct Area {
    /// The area's name, as its people say it.
    pub name: String,
    /// The name of the service, which ends every title.
    pub service: String,
    /// The area's logo, instead of its name in the header. It names the area in its `alt` text.
    pub logo: Option<Content>,
    /// Where the header leads.
    pub home_url: String,
    /// The address of the area's own stylesheet: see [`AreaStylesheet`].
    pub stylesheet: Option<String>,
    /// The colour of the browser's own frame, such as `#1d3f5e`.
    pub theme_colour: String,
    /// That the service is still being built, when it is.
    pub phase_banner: Option<PhaseBanner>,
    pub footer: Footer,
}

impl Area {
    /// An area with the usual colour and the usual links in the footer: accessibility, privacy
    /// and cookies.
    pub fn new(name: impl Into<String>, service: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            service: service.into(),
            logo: None,
            home_url: "/".to_owned(),
            stylesheet: None,
            theme_colour: "#1d3f5e".to_owned(),
            phase_banner: None,
            footer: Footer::new()
                .link("Accessibility", "/accessibility")
                .link("Privacy", "/privacy")
                .link("Cookies", "/cookies")
                .link("For developers", "/api"),
        }
    }

    /// Uses the area's own colour, from the stylesheet at `path`.
    #[must_use]
    pub fn colour(mut self, stylesheet: &AreaStylesheet, path: impl Into<String>) -> Self {
        self.theme_colour.clone_from(&stylesheet.colour);
        self.stylesheet = Some(path.into());
        self
    }

    fn header(&self) -> GenericHeader {
        let logo = self.logo.clone();
        GenericHeader {
            url: self.home_url.clone(),
            ..GenericHeader::new(logo.unwrap_or_else(|| self.name.as_str().into()))
        }
    }
}

/// One HTML document.
#[derive(Debug, Clone, Template)]
#[template(path = "page.html")]
pub struct Page<'a> {
    area: &'a Area,
    title: String,
    has_errors: bool,
    navigation: Option<ServiceNavigation>,
    before_content: Html,
    main: Html,
    is_wide: bool,
}

impl<'a> Page<'a> {
    /// A page with the title `title`, which no other page has, around `main`, which has the one
    /// `h1`.
    pub fn new(area: &'a Area, title: impl Into<String>, main: impl Into<Html>) -> Self {
        Self {
            area,
            title: title.into(),
            has_errors: false,
            navigation: None,
            before_content: Html::default(),
            main: main.into(),
            is_wide: false,
        }
    }

    /// Begins the title with "Error: " when something has to be put right.
    #[must_use]
    pub fn errors(mut self, has_errors: bool) -> Self {
        self.has_errors = has_errors;
        self
    }

    /// The name of the service and its main places, under the header.
    #[must_use]
    pub fn navigation(mut self, navigation: ServiceNavigation) -> Self {
        self.navigation = Some(navigation);
        self
    }

    /// The way to the page before.
    #[must_use]
    pub fn back_link(self, href: impl Into<String>) -> Self {
        self.before_content(BackLink::new(href))
    }

    /// Where this page stands among the others.
    #[must_use]
    pub fn breadcrumbs(self, breadcrumbs: Breadcrumbs) -> Self {
        self.before_content(breadcrumbs)
    }

    /// Adds something before the content.
    #[must_use]
    pub fn before_content(mut self, html: impl Into<Html>) -> Self {
        self.before_content.push(html);
        self
    }

    /// Uses the whole width of a large screen: for lists and dashboards.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }

    /// The document.
    pub fn render(&self) -> Html {
        let mut html = String::with_capacity(self.main.as_str().len() + 6_000);
        // The templates call no filter that fails, and writing to a String does not.
        let written = self.render_into(&mut html);
        debug_assert!(written.is_ok(), "a page's template returns no error");
        Html::trusted(html)
    }

    fn skip_link(&self) -> SkipLink {
        SkipLink::new("Skip to main content", "#main-content")
    }
}

/// The area's own colour, as a stylesheet to be served by the app: inline styles are forbidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaStylesheet {
    colour: String,
    css: String,
}

/// Why a colour cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColourRefusal {
    /// It is not `#` and six hexadecimal digits.
    NotAColour,
}

impl std::fmt::Display for ColourRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotAColour => f.write_str("a colour is # and six digits 0-9 or a-f, as #1d3f5e"),
        }
    }
}

impl std::error::Error for ColourRefusal {}

impl AreaStylesheet {
    /// A stylesheet for `colour`, such as `#1d3f5e`. The text on it is black or white, whichever
    /// is easier to read; with any colour one of them has a contrast of at least 4.5 to 1
    /// (WCAG 2.2, 1.4.3).
    ///
    /// # Errors
    /// When `colour` is not `#` and six hexadecimal digits.
    pub fn new(colour: &str) -> Result<Self, ColourRefusal> {
        let digits = colour.strip_prefix('#').ok_or(ColourRefusal::NotAColour)?;
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(ColourRefusal::NotAColour);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| ColourRefusal::NotAColour)?;
        let text = if luminance(number) > 0.179 { "#000000" } else { "#ffffff" };
        let colour = colour.to_ascii_lowercase();
        let css = format!(":root{{--area-colour:{colour};--area-text-colour:{text}}}\n");
        Ok(Self { colour, css })
    }

    /// The stylesheet's text.
    pub fn css(&self) -> &str {
        &self.css
    }

    /// The colour, in lower case.
    pub fn colour(&self) -> &str {
        &self.colour
    }
}

/// Relative luminance as WCAG 2.2 defines it, from 0 (black) to 1 (white). Black and white text
/// are equally easy to read at 0.179.
fn luminance(colour: u32) -> f64 {
    let channel = |shift: u32| {
        let value = f64::from((colour >> shift) & 0xff) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
}
