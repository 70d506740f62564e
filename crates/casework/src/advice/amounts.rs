//! How often and how long, read from the words that reports use.

/// Weeks in which schools teach in a year: 190 days.
const WEEKS: u32 = 38;

/// How much a line of provision asks for, as far as its words say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// Times in a school year of 38 weeks.
    pub times_a_year: Option<u32>,
    /// Minutes of each time.
    pub minutes: Option<u32>,
}

/// The small numbers that people write out.
fn number(word: &str) -> Option<u32> {
    const WORDS: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    match word {
        "a" | "an" | "once" => Some(1),
        "twice" => Some(2),
        "thrice" => Some(3),
        "fifteen" => Some(15),
        "twenty" => Some(20),
        "thirty" => Some(30),
        "forty" => Some(40),
        "forty-five" => Some(45),
        "sixty" => Some(60),
        _ => word
            .parse()
            .ok()
            .filter(|number| (1..=1_000).contains(number))
            .or_else(|| WORDS.iter().position(|known| *known == word).and_then(|index| u32::try_from(index).ok())),
    }
}

/// How often in a school year a period comes round.
fn period(word: &str) -> Option<u32> {
    match word {
        "day" | "daily" => Some(WEEKS * 5),
        "week" | "weekly" => Some(WEEKS),
        "fortnight" | "fortnightly" => Some(WEEKS / 2),
        "month" | "monthly" => Some(9),
        "half-term" | "half-termly" => Some(6),
        "term" | "termly" => Some(3),
        "year" | "yearly" | "annually" => Some(1),
        _ => None,
    }
}

fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace("half term", "half-term").replace("per annum", "a year");
    let kept = |letter: char| letter.is_alphanumeric() || letter == '-';
    // "30minutes" is two words.
    let mut words = Vec::new();
    for word in text.split(|letter| !kept(letter)).filter(|word| !word.is_empty()) {
        let digits = word.chars().take_while(char::is_ascii_digit).count();
        let (before, after) = word.split_at(digits);
        words.extend([before, after.trim_matches('-')].into_iter().filter(|part| !part.is_empty()).map(str::to_owned));
    }
    words
}

/// "twice a week", "3 times per term", "weekly", "every fortnight", "once every two weeks".
fn times_a_year(words: &[String]) -> Option<u32> {
    for (index, word) in words.iter().enumerate() {
        let Some(rounds) = period(word.strip_suffix('s').filter(|_| word != "annuals").unwrap_or(word)) else {
            continue;
        };
        let before = |back: usize| index.checked_sub(back).and_then(|at| words.get(at)).map_or("", String::as_str);
        if word.ends_with("ly") {
            // "twice weekly" is twice; "weekly" alone is once.
            let times = match before(1) {
                "times" => number(before(2)),
                one => number(one).filter(|_| !matches!(one, "a" | "an")),
            };
            return Some(times.unwrap_or(1) * rounds);
        }
        let times = match (before(2), before(1)) {
            // "every week", "each day"
            (once, "every" | "each") => number(once).filter(|_| once != "a").unwrap_or(1),
            // "every two weeks": less often than once a week.
            ("every", many) if number(many).is_some() => return Some((rounds / number(many)?.max(1)).max(1)),
            // "3 times a week", "two sessions per term"
            // "30 minutes a week" is once a week; how long is read by itself.
            ("minute" | "minutes" | "min" | "mins" | "hour" | "hours" | "hr" | "hrs", "a" | "an" | "per") => 1,
            (what, "a" | "an" | "per") => match number(what) {
                Some(times) => times,
                None => match number(before(3)) {
                    Some(times) => times,
                    None => continue,
                },
            },
            _ => continue,
        };
        return Some(times * rounds);
    }
    None
}

/// "30 minutes", "half an hour", "an hour and a half", "1 hour 15 minutes", "45 min".
fn minutes(words: &[String]) -> Option<u32> {
    let mut found: Option<u32> = None;
    for (index, word) in words.iter().enumerate() {
        let before = |back: usize| index.checked_sub(back).and_then(|at| words.get(at)).map_or("", String::as_str);
        let after = |on: usize| words.get(index + on).map_or("", String::as_str);
        let part = match word.as_str() {
            "minute" | "minutes" | "min" | "mins" => number(before(1)),
            "hour" | "hours" | "hr" | "hrs" if before(1) == "an" && before(2) == "half" => Some(30),
            "hour" | "hours" | "hr" | "hrs" => {
                let half = if (after(1), after(2), after(3)) == ("and", "a", "half") { 30 } else { 0 };
                number(before(1)).map(|hours| hours * 60 + half)
            }
            _ => None,
        };
        if let Some(part) = part {
            found = Some(found.unwrap_or(0) + part);
        }
    }
    found
}

/// What these words ask for: those about how often and how long first, then the provision's text.
pub fn amount(how_often: &str, how_long: &str, text: &str) -> Amount {
    let (often, long, text) = (words(how_often), words(how_long), words(text));
    Amount {
        times_a_year: [&often, &long, &text].into_iter().find_map(|words| times_a_year(words)),
        minutes: [&long, &often, &text].into_iter().find_map(|words| minutes(words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_often_is_read_as_it_is_written() {
        for (words, times) in [
            ("twice a week", Some(76)),
            ("Once a week", Some(38)),
            ("weekly", Some(38)),
            ("twice weekly", Some(76)),
            ("three times weekly", Some(114)),
            ("3 times per week", Some(114)),
            ("every day", Some(190)),
            ("daily", Some(190)),
            ("each half term", Some(6)),
            ("half-termly", Some(6)),
            ("one session per term", Some(3)),
            ("two sessions a term", Some(6)),
            ("every two weeks", Some(19)),
            ("once every fortnight", Some(19)),
            ("once a year", Some(1)),
            ("3 times a year", Some(3)),
            ("30 minutes a week", Some(38)),
            ("15 hours per week", Some(38)),
            ("half an hour a term", Some(3)),
            ("as needed", None),
            ("when the week is busy", None),
            ("", None),
        ] {
            assert_eq!(amount(words, "", "").times_a_year, times, "{words}");
        }
    }

    #[test]
    fn how_long_is_read_as_it_is_written() {
        for (words, minutes) in [
            ("30 minutes", Some(30)),
            ("30minutes", Some(30)),
            ("30-minute sessions", Some(30)),
            ("45 mins", Some(45)),
            ("an hour", Some(60)),
            ("half an hour", Some(30)),
            ("an hour and a half", Some(90)),
            ("1 hour 15 minutes", Some(75)),
            ("thirty minutes each", Some(30)),
            ("two terms", None),
            ("", None),
        ] {
            assert_eq!(amount("", words, "").minutes, minutes, "{words}");
        }
        let both = amount("", "", "Direct therapy twice a week, 30 minutes each");
        assert_eq!(both, Amount { times_a_year: Some(76), minutes: Some(30) });
    }
}
