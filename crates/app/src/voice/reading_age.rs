//! How old does a reader have to be? A small measure of our own, so that pages for young people
//! cannot quietly become hard.
//!
//! The Flesch-Kincaid grade (Kincaid, Fishburne, Rogers and Chissom 1975): 0.39 words a sentence
//! plus 11.8 syllables a word, less 15.59. A grade is a school year of the United States, so five
//! more is an age. Syllables are counted by groups of vowels, as the authors' own programs did.

/// Fewest words that make a sentence. Labels and names of links would make any page look easy.
const WORDS_MIN: usize = 4;

/// What was counted in a text.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measure {
    pub sentences: u32,
    pub words: u32,
    pub syllables: u32,
}

impl Measure {
    /// The age at which somebody can read it; 5 at least. None without a single sentence.
    pub fn age(self) -> Option<f64> {
        (self.sentences > 0).then(|| {
            let (sentences, words) = (f64::from(self.sentences), f64::from(self.words));
            let grade = 0.39 * (words / sentences) + 11.8 * (f64::from(self.syllables) / words) - 15.59;
            (grade + 5.0).max(5.0)
        })
    }
}

/// Measures plain text: a line or a full stop ends a sentence.
pub fn measure(text: &str) -> Measure {
    let mut measure = Measure::default();
    for sentence in text.split(['.', '!', '?', ':', ';', '\n']) {
        let words: Vec<&str> = sentence
            .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'))
            .filter(|word| word.chars().any(char::is_alphabetic))
            .collect();
        if words.len() >= WORDS_MIN {
            measure.sentences += 1;
            for word in words {
                measure.words += 1;
                measure.syllables += syllables(word);
            }
        }
    }
    measure
}

/// Syllables of an English word, 1 at least.
pub fn syllables(word: &str) -> u32 {
    let word: String = word.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let is_vowel = |c: char| "aeiouy".contains(c);
    let mut count: u32 = 0;
    let mut was_vowel = false;
    for c in word.chars() {
        if is_vowel(c) && !was_vowel {
            count += 1;
        }
        was_vowel = is_vowel(c);
    }
    // A last "e", "es" or "ed" is mostly silent: "like", "names", "helped"; not in "table" or "wanted".
    let stem = word.strip_suffix("es").or_else(|| word.strip_suffix("ed")).or_else(|| word.strip_suffix('e'));
    let is_silent = stem.is_some_and(|stem| {
        let last = stem.chars().next_back().unwrap_or('a');
        let before = stem.chars().rev().nth(1).unwrap_or('a');
        let is_heard = (word.ends_with('e') && last == 'l' && !is_vowel(before))
            || (word.ends_with("ed") && matches!(last, 't' | 'd'))
            || (word.ends_with("es") && matches!(last, 's' | 'z' | 'x' | 'c' | 'g' | 'h'));
        !is_vowel(last) && !is_heard
    });
    if is_silent && count > 1 {
        count -= 1;
    }
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::{measure, syllables};

    #[test]
    fn syllables_are_counted_as_they_are_spoken() {
        for (word, count) in [
            ("plan", 1),
            ("like", 1),
            ("names", 1),
            ("helped", 1),
            ("table", 2),
            ("wanted", 2),
            ("changes", 2),
            ("council", 2),
            ("meeting", 2),
            ("decision", 3),
            ("assessment", 3),
            ("information", 4),
            ("don’t", 1),
        ] {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn hard_words_and_long_sentences_need_an_older_reader() {
        let easy = measure("This is your page. You can say what you like. You can stop when you want to.");
        let hard = measure(
            "The responsible authority, having considered representations concerning educational provision, determines \
             institutional placements notwithstanding preferences previously communicated.",
        );
        assert_eq!((easy.sentences, easy.words), (3, 17));
        assert!(easy.age().expect("it has sentences") < 7.0, "{easy:?}");
        assert!(hard.age().expect("it has a sentence") > 20.0, "{hard:?}");
        assert_eq!(measure("About me. Messages").age(), None, "labels are no sentences");
    }

    #[test]
    fn the_measure_is_the_published_formula() {
        // 14 words, 2 sentences, 18 syllables: 0.39 * 7 + 11.8 * 18 / 14 - 15.59 = 2.31.
        let found = measure("We will meet you at the college today. You can bring a good friend.");
        assert_eq!((found.sentences, found.words), (2, 14));
        let expected = 0.39 * 7.0 + 11.8 * (f64::from(found.syllables) / 14.0) - 15.59 + 5.0;
        assert!((found.age().expect("it has sentences") - expected.max(5.0)).abs() < 1e-9);
    }
}
