//! How do labels share a picture without covering each other?

/// Puts intervals into lanes so that no two in one lane come closer than `gap`. The first lane
/// with room is taken, in the order given; answers the lane of each interval, counted from 0.
pub(super) fn assign(intervals: &[(i32, i32)], gap: i32) -> Vec<usize> {
    let mut lanes: Vec<Vec<(i32, i32)>> = Vec::new();
    intervals
        .iter()
        .map(|&(start, end)| {
            let is_free = |lane: &Vec<(i32, i32)>| {
                lane.iter().all(|&(other_start, other_end)| end + gap <= other_start || other_end + gap <= start)
            };
            let lane = lanes.iter().position(is_free).unwrap_or_else(|| {
                lanes.push(Vec::new());
                lanes.len() - 1
            });
            lanes[lane].push((start, end));
            lane
        })
        .collect()
}

/// How many lanes an assignment uses.
pub(super) fn count(lanes: &[usize]) -> usize {
    lanes.iter().max().map_or(0, |lane| lane + 1)
}

/// How wide `text` of `size` is at most, in the same unit: Arial's widths and a margin.
pub(super) fn text_width(text: &str, size: i32, is_bold: bool) -> i32 {
    // Thousandths of the size, by kind of letter.
    let thousandths: i32 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 260,
            'f' | 't' | 'r' | ' ' | '(' | ')' | '-' | '/' => 330,
            'm' | 'M' | 'w' | 'W' | '%' | '@' | '…' => 900,
            'A'..='Z' => 700,
            '\0'..='\u{7f}' => 556,
            // Any other letter might be as wide as the size.
            _ => 800,
        })
        .sum();
    // Wide enough for the widest of the system fonts that browsers choose from.
    let bold = if is_bold { 122 } else { 115 };
    thousandths * size / 1000 * bold / 100 + 1
}

/// `text`, or as much of its beginning as fits into `width`, ending in "…".
pub(super) fn shortened(text: &str, width: i32, size: i32, is_bold: bool) -> String {
    if text_width(text, size, is_bold) <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        short.push(letter);
        if text_width(&format!("{short}…"), size, is_bold) > width {
            short.pop();
            break;
        }
    }
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_one_lane_never_cover_each_other() {
        // Every combination of three of these spans, in every order.
        let spans = [(0, 10), (5, 15), (12, 30), (30, 40), (0, 40), (20, 21)];
        for &first in &spans {
            for &second in &spans {
                for &third in &spans {
                    let intervals = [first, second, third];
                    let lanes = assign(&intervals, 4);
                    for a in 0..3 {
                        for b in 0..a {
                            let apart = intervals[a].1 + 4 <= intervals[b].0 || intervals[b].1 + 4 <= intervals[a].0;
                            assert!(lanes[a] != lanes[b] || apart, "{intervals:?} {lanes:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn labels_that_are_apart_share_the_first_lane() {
        assert_eq!(assign(&[(0, 10), (20, 30), (40, 50)], 4), [0, 0, 0]);
        assert_eq!(count(&[0, 0, 2]), 3);
        assert_eq!(count(&[]), 0);
    }

    #[test]
    fn a_label_is_shortened_to_the_room_it_has() {
        assert_eq!(shortened("Final plan", 200, 14, false), "Final plan");
        let short = shortened("Decision whether to carry out an assessment", 120, 14, false);
        assert!(short.ends_with('…') && text_width(&short, 14, false) <= 120, "{short}");
    }
}
