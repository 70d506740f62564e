//! Just enough reading of our own pages to judge them: tags, attributes, headings, labels, links.

/// One opening tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// A page as its opening tags, in order.
pub struct Page {
    text: String,
    tags: Vec<Tag>,
}

pub fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

impl Page {
    pub fn read(text: &str) -> Page {
        let mut tags = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find('<') {
            rest = &rest[start + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
                continue;
            }
            if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let (tag, after) = read_tag(rest);
            rest = after;
            // Scripts and styles are not markup.
            if matches!(tag.name.as_str(), "script" | "style") {
                let end = format!("</{}", tag.name);
                rest = rest.split_once(&end).map_or("", |(_, after)| after);
            }
            tags.push(tag);
        }
        Page { text: text.to_owned(), tags }
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Tag> {
        self.tags.iter().filter(move |tag| tag.name == name)
    }

    pub fn title(&self) -> String {
        let inside = self.text.split_once("<title").and_then(|(_, rest)| rest.split_once('>')).map(|(_, rest)| rest);
        unescape(inside.and_then(|rest| rest.split_once("</title>")).map_or("", |(title, _)| title).trim())
    }

    /// Addresses that lead somewhere in this service.
    pub fn links(&self) -> Vec<String> {
        self.all("a")
            .filter_map(|tag| tag.get("href"))
            .filter(|href| href.starts_with('/') && !href.starts_with("//"))
            .map(|href| href.split('#').next().unwrap_or_default().to_owned())
            .filter(|href| !href.is_empty())
            .collect()
    }

    /// Forms that change something: their address, empty for the page's own, and their fields as a
    /// browser would send them untouched.
    pub fn forms(&self) -> Vec<(String, Vec<(String, String)>)> {
        let mut forms: Vec<(String, Vec<(String, String)>)> = Vec::new();
        let mut posts = false;
        for tag in &self.tags {
            match tag.name.as_str() {
                "form" => {
                    // Files are sent another way, and have tests of their own.
                    posts = tag.get("method").is_some_and(|method| method.eq_ignore_ascii_case("post"))
                        && tag.get("enctype").is_none();
                    if posts {
                        forms.push((tag.get("action").unwrap_or_default().to_owned(), vec![]));
                    }
                }
                "input" if posts => {
                    let ticked = match tag.get("type") {
                        Some("checkbox" | "radio") => tag.get("checked").is_some(),
                        Some("file" | "submit") => false,
                        _ => true,
                    };
                    if let (true, Some(name), Some((_, fields))) = (ticked, tag.get("name"), forms.last_mut()) {
                        fields.push((name.to_owned(), tag.get("value").unwrap_or_default().to_owned()));
                    }
                }
                "textarea" | "select" if posts => {
                    if let (Some(name), Some((_, fields))) = (tag.get("name"), forms.last_mut()) {
                        fields.push((name.to_owned(), String::new()));
                    }
                }
                _ => {}
            }
        }
        forms
    }

    /// What is wrong with this page, if anything.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let headings = self.all("h1").count();
        if headings != 1 {
            faults.push(format!("{headings} h1"));
        }
        if self.title().is_empty() {
            faults.push("no title".to_owned());
        }
        if self.all("html").next().and_then(|html| html.get("lang")).is_none_or(str::is_empty) {
            faults.push("no language".to_owned());
        }
        let ids: Vec<&str> = self.tags.iter().filter_map(|tag| tag.get("id")).collect();
        for (at, id) in ids.iter().enumerate() {
            if ids[..at].contains(id) {
                faults.push(format!("two elements are `{id}`"));
            }
        }
        let labels: Vec<&str> = self.all("label").filter_map(|label| label.get("for")).collect();
        for tag in &self.tags {
            let typed = match tag.name.as_str() {
                "input" => !matches!(tag.get("type"), Some("hidden" | "submit" | "button")),
                "select" | "textarea" => true,
                _ => false,
            };
            let named = tag.get("aria-label").or(tag.get("aria-labelledby")).is_some();
            if typed && !named && !tag.get("id").is_some_and(|id| labels.contains(&id)) {
                faults.push(format!("no label for {:?}", tag.get("name").unwrap_or("a field without a name")));
            }
            if tag.name == "img" && tag.get("alt").is_none() {
                faults.push("a picture without words".to_owned());
            }
            if tag.get("style").is_some() || tag.attributes.iter().any(|(name, _)| name.starts_with("on")) {
                faults.push(format!("inline style or script on <{}>", tag.name));
            }
            for points_at in ["aria-describedby", "aria-labelledby", "aria-controls"] {
                for target in tag.get(points_at).unwrap_or_default().split_whitespace() {
                    if !ids.contains(&target) {
                        faults.push(format!("{points_at} points at `{target}`, which is not there"));
                    }
                }
            }
        }
        for target in self.all("a").filter_map(|tag| tag.get("href")).filter_map(|href| href.strip_prefix('#')) {
            if !target.is_empty() && !ids.contains(&target) {
                faults.push(format!("a link to #{target}, which is not there"));
            }
        }
        faults
    }
}

fn read_tag(text: &str) -> (Tag, &str) {
    let name_end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len());
    let mut tag = Tag { name: text[..name_end].to_ascii_lowercase(), attributes: vec![] };
    let mut rest = &text[name_end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        if rest.is_empty() {
            return (tag, rest);
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let value = match rest.strip_prefix('=').map(str::trim_start) {
            None => String::new(),
            Some(after) => match after.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let (value, after) = after[1..].split_once(quote).unwrap_or((&after[1..], ""));
                    rest = after;
                    unescape(value)
                }
                _ => {
                    let end = after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len());
                    rest = &after[end..];
                    unescape(&after[..end])
                }
            },
        };
        if name.is_empty() {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        tag.attributes.push((name, value));
    }
}

#[test]
fn a_page_that_lacks_what_everyone_needs_is_found_out() {
    let page = Page::read("<html><p id=a><p id=a><input name=x><h1>A</h1><h1>B</h1><a href='#gone'>x</a>");
    let faults = page.faults().join("; ");
    for fault in ["2 h1", "no title", "no language", "two elements", "no label", "#gone"] {
        assert!(faults.contains(fault), "{fault}: {faults}");
    }
    let good = "<html lang=en><title>T</title><h1>A</h1><label for=x>X</label><input id=x name=x value=\"a &amp; b\">";
    assert_eq!(Page::read(good).faults(), Vec::<String>::new());
}
