//! A sample of entries drawn by chance, so that nobody picks, and how far two markers agree.

use crate::codes::codes;

/// Entries that one sample has, where there are so many.
pub const SIZE: usize = 10;

/// Entries that both have marked below which a figure of agreement says next to nothing.
pub const ENOUGH: usize = 30;

codes! {
    /// What an entry is worth, by the criteria that are printed beside it.
    Grade {
        Good = "good" => "Good: it meets every one of these",
        NeedsWork = "needs_work" => "Needs work: it misses one or two",
        NotGoodEnough = "not_good_enough" => "Not good enough: it misses more, or cannot be held to",
    }
}

/// What both markers look at, in plain words.
pub const CRITERIA: [&str; 5] = [
    "It says what this child needs or gets, not what a diagnosis means.",
    "It can be understood by a parent without a dictionary.",
    "It goes with the special educational needs: it says how it bears on learning or the day.",
    "Provision says who gives it, how often and for how long; a need is one that some provision meets.",
    "It says which advice it comes from.",
];

/// Numbers that follow from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`, each as likely as another: what would favour small numbers is thrown again.
    fn below(&mut self, bound: u64) -> u64 {
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let thrown = self.next();
            if thrown < fair {
                return thrown % bound;
            }
        }
    }
}

/// `count` different places among `total`, in the order drawn. The same seed draws the same again.
pub fn draw(seed: u32, total: usize, count: usize) -> Vec<usize> {
    let mut dice = Dice(u64::from(seed));
    let mut drawn: Vec<usize> = Vec::new();
    while drawn.len() < count.min(total) {
        let place = usize::try_from(dice.below(total as u64)).unwrap_or_default();
        if !drawn.contains(&place) {
            drawn.push(place);
        }
    }
    drawn
}

/// How far two markers agree on what both have marked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Entries that both have marked.
    pub both: usize,
    pub same: usize,
    /// Cohen's kappa; none where chance alone would agree always, or nothing is marked by both.
    pub kappa: Option<f64>,
}

impl Agreement {
    #[expect(clippy::cast_precision_loss, reason = "a sample has few entries")]
    pub fn of(pairs: &[(Grade, Grade)]) -> Agreement {
        use strum::IntoEnumIterator;
        let both = pairs.len();
        let same = pairs.iter().filter(|(one, other)| one == other).count();
        let share = |count: usize| count as f64 / both.max(1) as f64;
        let by_chance: f64 = Grade::iter()
            .map(|grade| {
                let first = pairs.iter().filter(|(one, _)| *one == grade).count();
                let second = pairs.iter().filter(|(_, other)| *other == grade).count();
                share(first) * share(second)
            })
            .sum();
        let is_certain = both == 0 || (1.0 - by_chance).abs() < 1e-9;
        let kappa = (!is_certain).then(|| (share(same) - by_chance) / (1.0 - by_chance));
        Agreement { both, same, kappa }
    }

    /// Per cent of the entries that both marked alike.
    pub fn percent(&self) -> Option<usize> {
        (self.both > 0).then(|| (self.same * 200 + self.both) / (self.both * 2))
    }
}
