//! The rulebook is whole: every rule has its authority, its words and its versions.

use std::collections::HashSet;
use std::str::FromStr;

use law::rulebook::{Kind, Strength, rules};
use law::{EventName, RuleId};

#[test]
fn every_rule_says_what_who_on_whose_authority_and_what_to_do() {
    for rule in rules() {
        let id = rule.id;
        assert!(rule.title.len() > 8 && !rule.title.ends_with('.'), "{id}");
        assert!(rule.sentence.contains("{due}") && rule.sentence.ends_with('.'), "{id}");
        assert!(rule.authority.citation.len() > 8, "{id}");
        assert!(rule.authority.link.starts_with("https://"), "{id}");
        assert!(rule.if_it_passes.ends_with('.') && rule.if_it_passes.len() > 30, "{id}");
        assert!(!rule.triggers.is_empty(), "{id}");
        for (_, citation) in rule.limbs {
            assert!(!citation.is_empty(), "{id}");
        }
    }
}

#[test]
fn every_duty_can_be_met_and_no_age_point_can() {
    for rule in rules() {
        if rule.kind == Kind::Duty && rule.strength == Strength::Must {
            assert!(!rule.met_by.is_empty(), "{}", rule.id);
        }
        if rule.kind == Kind::Marker && rule.id != RuleId::SecureProvision {
            assert!(rule.met_by.is_empty(), "{}", rule.id);
        }
    }
}

#[test]
fn versions_follow_one_another_without_gaps() {
    for rule in rules() {
        for (number, pair) in rule.versions.windows(2).enumerate() {
            assert_eq!(usize::from(pair[0].number), number + 1, "{}", rule.id);
            let day_after = law::calendar::days(pair[0].in_force_to.unwrap(), 1);
            assert_eq!(pair[1].in_force_from, day_after, "{}", rule.id);
        }
        assert_eq!(rule.current_version().in_force_to, None, "{}", rule.id);
    }
}

#[test]
fn codes_read_back_and_are_all_different() {
    for id in RuleId::ALL {
        assert_eq!(RuleId::from_str(id.as_str()), Ok(*id));
        assert_eq!(id.rule().id, *id);
    }
    for name in EventName::ALL {
        assert_eq!(EventName::from_str(name.as_str()), Ok(*name));
    }
    assert_eq!(RuleId::ALL.iter().map(|id| id.as_str()).collect::<HashSet<_>>().len(), RuleId::ALL.len());
    assert_eq!(EventName::ALL.iter().map(|name| name.as_str()).collect::<HashSet<_>>().len(), EventName::ALL.len());
    assert!(RuleId::from_str("assess_decision_7w").is_err());
}

#[test]
fn every_rule_and_trigger_has_a_case_worked_by_hand() {
    let mut worked = HashSet::new();
    for table in [include_str!("worked-cases.csv"), include_str!("further-cases.csv")] {
        for row in csv::Reader::from_reader(table.as_bytes()).records() {
            let row = row.unwrap();
            worked.insert((row[1].to_owned(), row[3].to_owned()));
        }
    }
    for rule in rules() {
        for trigger in rule.triggers {
            let key = (rule.code().to_owned(), trigger.as_str().to_owned());
            assert!(worked.contains(&key), "no case for {} from {trigger}", rule.id);
        }
    }
}

/// The list of codes that case files may carry, where the checkout has it beside it.
#[test]
fn every_code_of_the_reference_list_is_known() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/law/codes.md");
    let Ok(list) = std::fs::read_to_string(path) else {
        eprintln!("skipped: the reference list of codes is not here");
        return;
    };
    let mut count = 0;
    for line in list.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| rule")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let rule = RuleId::from_str(cells[0]).unwrap();
        for trigger in cells[1].split(", ") {
            let name = EventName::from_str(trigger).unwrap();
            assert!(rule.rule().triggers.contains(&name), "{rule} from {name}");
        }
        for extra in cells[2].split(", ").filter(|extra| !extra.is_empty()) {
            let extra = extra.trim_end_matches("_2");
            assert!(EventName::from_str(extra).is_ok(), "{extra}");
        }
        count += 1;
    }
    assert!(count > 75, "{count}");
}
