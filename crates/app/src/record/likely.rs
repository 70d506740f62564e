//! Is this child on record already? Asked while a child is typed in, and of a record that is there:
//! names that sound alike, in any order; birth dates near each other or with day and month swapped;
//! the same number.

use super::search::{Hit, search};
use super::store::Scope;
use crate::Error;
use crate::record::names::parts;
use crate::web::Typed;
use casework::CaseId;
use casework::people::Details;
use db::Tx;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Most children that are shown: a longer list is not read.
const SHOWN_MAX: usize = 5;
/// Birth dates so many days apart may be one that was misheard.
const NEAR_DAYS: i32 = 31;

/// What is known of the child so far.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    pub given_name: String,
    pub family_name: String,
    pub known_as: Option<String>,
    pub born_on: Option<Date>,
    pub numbers: Vec<String>,
}

impl Sought {
    pub fn of(details: &Details) -> Sought {
        let numbers = [
            details.upn.as_ref().map(ToString::to_string),
            details.uln.as_ref().map(ToString::to_string),
            details.nhs_number.as_ref().map(ToString::to_string),
        ];
        Sought {
            given_name: details.given_name.clone(),
            family_name: details.family_name.clone(),
            known_as: details.known_as.clone(),
            born_on: Some(details.born_on),
            numbers: numbers.into_iter().flatten().collect(),
        }
    }

    /// What somebody has typed so far; a date counts once it is whole.
    pub fn typed(typed: &Typed) -> Sought {
        let text = |name: &str| typed.get(name).chars().take(100).collect::<String>();
        let number = |part: &str| typed.get(&format!("born-on-{part}")).parse::<i16>().ok();
        let born_on = match (number("year"), number("month"), number("day")) {
            (Some(year @ 1900..=2200), Some(month), Some(day)) => {
                i8::try_from(month).ok().zip(i8::try_from(day).ok()).and_then(|(m, d)| Date::new(year, m, d).ok())
            }
            _ => None,
        };
        Sought {
            given_name: text("given-name"),
            family_name: text("family-name"),
            known_as: Some(text("known-as")).filter(|name| !name.is_empty()),
            born_on,
            numbers: vec![text("upn")].into_iter().filter(|number| number.len() >= 9).collect(),
        }
    }
}

/// A child who may be the one.
#[derive(Debug, Clone)]
pub struct Likely {
    pub hit: Hit,
    /// "the names sound alike; day and month of birth swapped".
    pub why: String,
    score: f64,
}

/// How two birth dates lie to each other: how much that says, and the words for it.
fn dates(sought: Date, known: Date) -> Option<(f64, String)> {
    let days = (known - sought).get_days().abs();
    let is_swapped = Date::new(sought.year(), sought.day(), sought.month()).is_ok_and(|swapped| swapped == known);
    let same_day = sought.day() == known.day() && sought.month() == known.month();
    match days {
        0 => Some((1.0, "the same date of birth".to_owned())),
        _ if is_swapped => Some((0.9, "day and month of birth swapped".to_owned())),
        1 => Some((0.85, "born one day apart".to_owned())),
        ..=NEAR_DAYS => Some((0.7, format!("born {days} days apart"))),
        _ if same_day => Some((0.6, "the same day and month in another year".to_owned())),
        _ => None,
    }
}

/// Whether first and last name stand in the other order.
fn is_turned(sought: &Sought, name: &str) -> bool {
    let (given, family, name) = (parts(&sought.given_name), parts(&sought.family_name), parts(name));
    given != family && name.first() == family.first() && name.last() == given.last() && !given.is_empty()
}

/// Children in scope who may be the one that is sought, the likeliest first; never `except`.
///
/// # Errors
/// When the database fails.
pub fn likely(tx: &mut dyn Tx, scope: Scope, sought: &Sought, except: Option<CaseId>) -> Result<Vec<Likely>, Error> {
    let mut found: BTreeMap<CaseId, Likely> = BTreeMap::new();
    let mut add = |hit: Hit, score: f64, why: String| {
        let is_better = found.get(&hit.case).is_none_or(|known| known.score < score);
        if Some(hit.case) != except && is_better {
            found.insert(hit.case, Likely { hit, why, score });
        }
    };
    for number in &sought.numbers {
        for hit in search(tx, scope, number)? {
            add(hit, 3.0, "the same number".to_owned());
        }
    }
    let (given, family) = (sought.given_name.trim(), sought.family_name.trim());
    let called =
        [Some(given), sought.known_as.as_deref()].into_iter().flatten().filter(|name| name.chars().count() > 1);
    let called: Vec<&str> = called.collect();
    if family.chars().count() > 1 {
        for first in &called {
            for hit in search(tx, scope, &format!("{first} {family}"))? {
                let names = match hit.likeness {
                    _ if is_turned(sought, &hit.name) => "the same names in the other order",
                    0.995.. => "the same names",
                    _ => "the names sound alike",
                };
                match sought.born_on.map(|born_on| dates(born_on, hit.born_on)) {
                    Some(Some((nearness, words))) if hit.likeness > 0.8 => {
                        let score = hit.likeness + nearness;
                        add(hit, score, format!("{names}; {words}"));
                    }
                    // Nobody has said a date yet, or one that is far off: then the names have to say it.
                    date if hit.likeness > if date.is_none() { 0.9 } else { 0.97 } => {
                        let score = hit.likeness - 0.5;
                        add(hit, score, names.to_owned());
                    }
                    _ => {}
                }
            }
        }
    }
    if let Some(born_on) = sought.born_on {
        let one_name = called.iter().map(|name| (*name, "first name")).chain([(family, "last name")]);
        for (name, which) in one_name.filter(|(name, _)| name.chars().count() > 1) {
            for hit in search(tx, scope, &format!("{born_on} {name}"))?.into_iter().filter(|hit| hit.likeness > 0.85) {
                let score = hit.likeness;
                add(hit, score, format!("the same date of birth and a {which} like this"));
            }
        }
    }
    let mut likely: Vec<Likely> = found.into_values().collect();
    likely.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.hit.case.cmp(&b.hit.case)));
    likely.truncate(SHOWN_MAX);
    Ok(likely)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn birth_dates_are_near_as_people_mishear_and_mistype_them() {
        let born_on = date(2017, 5, 4);
        for (known, said) in [
            (date(2017, 5, 4), Some("the same date of birth")),
            (date(2017, 4, 5), Some("day and month of birth swapped")),
            (date(2017, 5, 5), Some("born one day apart")),
            (date(2017, 5, 14), Some("born 10 days apart")),
            (date(2016, 5, 4), Some("the same day and month in another year")),
            (date(2017, 9, 1), None),
        ] {
            assert_eq!(dates(born_on, known).map(|(_, words)| words).as_deref(), said, "{known}");
        }
    }

    #[test]
    fn names_in_the_other_order_are_seen() {
        let sought = Sought { given_name: "Okafor".into(), family_name: "Sami".into(), ..Sought::default() };
        assert!(is_turned(&sought, "Sami Okafor"));
        assert!(!is_turned(&sought, "Okafor Sami"));
    }
}
