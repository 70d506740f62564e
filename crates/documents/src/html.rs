//! How does a document become one page that reads well on a phone?
//!
//! The page stands alone: no script, no picture or font from elsewhere, and a policy that forbids them. It is written
//! for small screens and for large letters first, follows the reader's dark or light setting, and prints plainly.

use crate::Fault;
use crate::flow::{self, Line};
use crate::model::{Block, Document, Figure, Image, Letterhead, Signature, Span, Table};
use crate::text;

const STYLE: &str = include_str!("html.css");

/// Writes the document as one HTML page. The same document gives the same text.
///
/// # Errors
/// What [`Document::check`] refuses.
pub fn page(document: &Document) -> Result<String, Fault> {
    document.check()?;
    let mut out = String::with_capacity(document.text_bytes() + STYLE.len() + 4096);
    let title = escaped_line(&document.title);
    let language = &document.language;
    let author = escaped_line(&document.author);
    out.push_str(&format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"author\" content=\"{author}\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    ));
    if let Some(letterhead) = &document.letterhead {
        letterhead_header(&mut out, letterhead);
    }
    out.push_str("<main>\n");
    if let Some(letterhead) = &document.letterhead {
        opening(&mut out, letterhead);
    }
    if let Some(watermark) = &document.draft_watermark_text {
        out.push_str(&format!("<p class=\"draft\"><strong>{}</strong></p>\n", escaped_line(watermark)));
    }
    out.push_str(&format!("<h1>{title}</h1>\n"));
    for block in &document.blocks {
        write_block(&mut out, block);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    Ok(out)
}

fn letterhead_header(out: &mut String, letterhead: &Letterhead) {
    out.push_str(&format!("<header>\n<p class=\"area\">{}</p>\n", escaped_line(&letterhead.area_name)));
    for lines in [&letterhead.address_lines, &letterhead.contact_lines] {
        address(out, lines);
    }
    out.push_str("</header>\n");
}

fn opening(out: &mut String, letterhead: &Letterhead) {
    address(out, &letterhead.recipient_lines);
    let mut marks = Vec::new();
    marks.extend(letterhead.date.iter().map(|date| format!("Date: {}", escaped_line(date))));
    marks.extend(letterhead.reference.iter().map(|reference| format!("Our reference: {}", escaped_line(reference))));
    if !marks.is_empty() {
        out.push_str(&format!("<p>{}</p>\n", marks.join("<br>")));
    }
    if let Some(salutation) = &letterhead.salutation {
        write_paragraphs(out, &flow::plain(salutation));
    }
}

fn address(out: &mut String, lines: &[String]) {
    let lines: Vec<String> = lines.iter().filter(|line| !text::is_blank(line)).map(|line| escaped_line(line)).collect();
    if !lines.is_empty() {
        out.push_str(&format!("<p>{}</p>\n", lines.join("<br>")));
    }
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading { level, text } => {
            let level = level + 1;
            out.push_str(&format!("<h{level}>{}</h{level}>\n", escaped_line(text)));
        }
        Block::Paragraph(spans) => write_paragraphs(out, &flow::paragraphs(spans)),
        Block::Bullets(entries) => write_list(out, "ul", entries),
        Block::Numbered(entries) => write_list(out, "ol", entries),
        Block::KeyFacts(facts) => {
            out.push_str("<dl>\n");
            for (name, value) in facts {
                let (name, value) = (inside(&flow::plain(name)), inside(&flow::plain(value)));
                out.push_str(&format!("<div><dt>{name}</dt><dd>{value}</dd></div>\n"));
            }
            out.push_str("</dl>\n");
        }
        Block::Table(table) => write_table(out, table),
        Block::Callout { title, text } => {
            out.push_str(&format!("<div class=\"callout\">\n<p><strong>{}</strong></p>\n", escaped_line(title)));
            write_paragraphs(out, &flow::paragraphs(text));
            out.push_str("</div>\n");
        }
        Block::Signature(signature) => write_signature(out, signature),
        Block::PageBreak => out.push_str("<hr>\n"),
        Block::Figure(figure) => write_figure(out, figure),
    }
}

fn write_list(out: &mut String, tag: &str, entries: &[Vec<Span>]) {
    out.push_str(&format!("<{tag}>\n"));
    for entry in entries {
        out.push_str(&format!("<li>{}</li>\n", inside(&flow::paragraphs(entry))));
    }
    out.push_str(&format!("</{tag}>\n"));
}

/// On a narrow screen each row becomes a card, and `data-name` shows the column's name in it. The roles keep it a table
/// for screen readers, which would otherwise lose it with the table layout.
fn write_table(out: &mut String, table: &Table) {
    out.push_str("<table role=\"table\">\n");
    if !text::is_blank(&table.caption) {
        out.push_str(&format!("<caption>{}</caption>\n", escaped_line(&table.caption)));
    }
    out.push_str("<thead role=\"rowgroup\">\n<tr role=\"row\">");
    for name in &table.header {
        out.push_str(&format!("<th role=\"columnheader\" scope=\"col\">{}</th>", escaped_line(name)));
    }
    out.push_str("</tr>\n</thead>\n<tbody role=\"rowgroup\">\n");
    for row in &table.rows {
        out.push_str("<tr role=\"row\">");
        for (column, words) in row.iter().enumerate() {
            let name = table.header.get(column).map(|name| escaped_line(name)).unwrap_or_default();
            let words = inside(&flow::plain(words));
            if column == 0 && table.first_column_names_the_row {
                out.push_str(&format!("<th role=\"rowheader\" scope=\"row\" data-name=\"{name}\">{words}</th>"));
            } else {
                out.push_str(&format!("<td role=\"cell\" data-name=\"{name}\">{words}</td>"));
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

fn write_signature(out: &mut String, signature: &Signature) {
    if let Some(valediction) = &signature.valediction {
        write_paragraphs(out, &flow::plain(valediction));
    }
    let mut lines = vec![format!("<strong>{}</strong>", escaped_line(&signature.name))];
    let below = [Some(&signature.role), Some(&signature.organisation), signature.date.as_ref()];
    let below = below.into_iter().flatten().filter(|line| !text::is_blank(line));
    lines.extend(below.map(|line| escaped_line(line)));
    out.push_str(&format!("<p>{}</p>\n", lines.join("<br>")));
}

fn write_figure(out: &mut String, figure: &Figure) {
    let (kind, bytes) = match &figure.image {
        Image::Svg(bytes) => ("svg+xml", bytes),
        Image::Png(bytes) => ("png", bytes),
    };
    let words = escaped_line(&figure.alternative_text);
    // An image element never runs a script in the drawing it shows.
    let width = figure.width_mm.map(|width| format!(" style=\"width:{width}mm\"")).unwrap_or_default();
    out.push_str(&format!("<figure><img src=\"data:image/{kind};base64,{}\" alt=\"{words}\"{width}>", base64(bytes)));
    if let Some(caption) = &figure.caption {
        out.push_str(&format!("<figcaption>{}</figcaption>", inside(&flow::plain(caption))));
    }
    out.push_str("</figure>\n");
}

fn write_paragraphs(out: &mut String, paragraphs: &[Vec<Line>]) {
    for lines in paragraphs {
        out.push_str(&format!("<p dir=\"auto\">{}</p>\n", joined(lines)));
    }
}

/// Text inside a cell or a list entry: one paragraph needs no element of its own.
fn inside(paragraphs: &[Vec<Line>]) -> String {
    match paragraphs {
        [] => String::new(),
        [lines] => joined(lines),
        several => {
            let mut out = String::new();
            write_paragraphs(&mut out, several);
            out
        }
    }
}

fn joined(lines: &[Line]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| line.iter().map(span).collect()).collect();
    lines.join("<br>")
}

fn span(span: &Span) -> String {
    let words = escaped(span.text());
    match span {
        Span::Plain(_) => words,
        Span::Strong(_) => format!("<strong>{words}</strong>"),
        Span::Emphasis(_) => format!("<em>{words}</em>"),
        Span::Link { address, .. } => match text::safe_address(address) {
            Some(address) => format!("<a href=\"{}\">{words}</a>", escaped(address)),
            None => words,
        },
    }
}

fn escaped_line(words: &str) -> String {
    escaped(&text::clean_line(words))
}

fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= group.len() {
                out.push(char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_as_it_should() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|words| base64(words.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
    }
}
