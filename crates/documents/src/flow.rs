//! Running text as paragraphs of lines, for renderers that have no line breaks inside text.

use crate::model::Span;
use crate::text;

/// One line: spans of cleaned text without line ends.
pub type Line = Vec<Span>;

/// The paragraphs of running text, each as its lines. An empty line, even across spans, starts a new paragraph.
pub fn paragraphs(spans: &[Span]) -> Vec<Vec<Line>> {
    let mut paragraphs: Vec<Vec<Line>> = vec![vec![Line::new()]];
    for span in spans {
        let cleaned = text::clean(span.text());
        for (number, words) in cleaned.split('\n').enumerate() {
            if number > 0 {
                start_line(&mut paragraphs);
            }
            if words.is_empty() {
                continue;
            }
            if let Some(line) = paragraphs.last_mut().and_then(|lines| lines.last_mut()) {
                line.push(with_text(span, words));
            }
        }
    }
    for lines in &mut paragraphs {
        lines.retain(|line| !is_empty(line));
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
}

/// The same for text without emphasis.
pub fn plain(text: &str) -> Vec<Vec<Line>> {
    paragraphs(&[Span::plain(text)])
}

fn start_line(paragraphs: &mut Vec<Vec<Line>>) {
    let Some(lines) = paragraphs.last_mut() else {
        return;
    };
    if lines.last().is_some_and(is_empty) {
        lines.pop();
        paragraphs.push(vec![Line::new()]);
    } else {
        lines.push(Line::new());
    }
}

fn is_empty(line: &Line) -> bool {
    line.iter().all(|span| span.text().trim().is_empty())
}

fn with_text(span: &Span, words: &str) -> Span {
    let words = words.to_owned();
    match span {
        Span::Plain(_) => Span::Plain(words),
        Span::Strong(_) => Span::Strong(words),
        Span::Emphasis(_) => Span::Emphasis(words),
        Span::Link { address, .. } => Span::Link { text: words, address: address.clone() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_paragraphs_are_kept_across_spans() {
        let spans = [Span::plain("a\n"), Span::strong("b\n\n"), Span::plain("\n c")];
        let found = paragraphs(&spans);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], [vec![Span::plain("a")], vec![Span::strong("b")]]);
        assert_eq!(found[1], [vec![Span::plain(" c")]]);
        assert!(plain(" \n\n ").is_empty());
    }
}
