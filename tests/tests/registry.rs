//! What must hold for every rule, so that a new one cannot be half added.

use std::collections::BTreeSet;
use std::fs;

use gradphoto::batch::BATCH_RULES;
use gradphoto::{RULES, Rule, Text};
use gradphoto_tests::repository;

const GROUPS: [&str; 4] = ["file", "capture", "framing", "subject"];

#[test]
fn every_rule_file_is_listed() {
    let listed = RULES.iter().map(|rule| rule.id.to_owned()).collect::<BTreeSet<_>>();
    let written = GROUPS.into_iter().flat_map(ids_in).collect::<BTreeSet<_>>();
    assert_eq!(written, listed, "left: files under rules/, right: RULES in rules/mod.rs");
}

#[test]
fn every_rule_file_declares_the_rule_of_its_name() {
    for rule in RULES {
        let declared_in = rule.file.replace('\\', "/");
        let expected = format!("{}.rs", rule.id.replace('-', "_"));
        assert_eq!(declared_in.rsplit('/').next(), Some(expected.as_str()), "{}: id and file name differ", rule.id);
    }
}

#[test]
fn rules_are_listed_once_and_by_group() {
    let unique = RULES.iter().map(|rule| rule.id).collect::<BTreeSet<_>>();
    assert_eq!(unique.len(), RULES.len(), "an id is used twice");
    assert!(RULES.is_sorted_by_key(|rule| rule.group()), "RULES must go file, capture, framing, subject");
}

#[test]
fn every_rule_has_a_handbook_page() {
    for rule in RULES {
        let headings = rule.docs.lines().filter(|line| line.trim_start().starts_with("##")).map(str::trim);
        let wanted = ["## What is measured", "## Limit and source", "## What to do"];
        assert_eq!(headings.collect::<Vec<_>>(), wanted, "{}: headings of the doc comment", rule.id);
        assert!(rule.docs.lines().next().is_some_and(|line| line.ends_with('.')), "{}: first line", rule.id);
        assert!(!rule.clause.is_empty(), "{}: clause, or — where the standard is silent", rule.id);
    }
}

#[test]
fn every_batch_rule_has_a_handbook_page_and_a_name() {
    let ids = BATCH_RULES.iter().map(|rule| rule.id).chain(RULES.iter().map(|rule| rule.id));
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), BATCH_RULES.len() + RULES.len(), "an id is used twice");
    for rule in BATCH_RULES {
        let headings = rule.docs.lines().filter(|line| line.trim_start().starts_with("##")).map(str::trim);
        let wanted = ["## What is measured", "## Limit and source", "## What to do"];
        assert_eq!(headings.collect::<Vec<_>>(), wanted, "{}: headings of the doc comment", rule.id);
        assert!(rule.name.zh.chars().any(is_chinese) && !rule.name.en.chars().any(is_chinese), "{}", rule.id);
    }
}

#[test]
fn names_are_short_and_in_their_languages() {
    for rule in RULES {
        let faults = rule.requirement.faults().map(|fault| fault.name).collect::<Vec<_>>();
        assert!(!faults.is_empty() && !faults.contains(&rule.name), "{}: what is wrong is not what is asked", rule.id);
        for Text { zh, en } in [rule.name, rule.quantity].into_iter().chain(faults) {
            assert!(zh.chars().any(is_chinese) && zh.chars().count() <= 14, "{}: {zh}", rule.id);
            assert!(!en.chars().any(is_chinese) && en.len() <= 36, "{}: {en}", rule.id);
            assert!(!zh.ends_with('。') && !en.ends_with('.'), "{}: a name is no sentence", rule.id);
        }
    }
}

#[test]
fn sentences_are_whole_and_in_their_languages() {
    for (rule, Text { zh, en }) in sentences() {
        assert!(zh.chars().any(is_chinese) && zh.ends_with('。'), "{}: {zh}", rule.id);
        assert!(!en.chars().any(is_chinese) && en.ends_with('.'), "{}: {en}", rule.id);
    }
}

#[test]
fn sentences_hold_only_placeholders_that_are_filled_in() {
    for (rule, Text { zh, en }) in sentences() {
        for placeholder in placeholders(zh).chain(placeholders(en)) {
            assert!(
                ["value", "allowed", "seen", "degree", "guess"].contains(&placeholder),
                "{}: {{{placeholder}}}",
                rule.id
            );
        }
        let used = |sentence| placeholders(sentence).collect::<BTreeSet<_>>();
        assert_eq!(used(zh), used(en), "{}: the languages tell different things", rule.id);
    }
}

/// Lab, ΔE, sharpness and probabilities say nothing to a student: such rules speak in words of degree.
#[test]
fn figures_stand_only_where_their_unit_means_something() {
    for (rule, Text { zh, .. }) in sentences() {
        let is_number = placeholders(zh).any(|placeholder| ["value", "allowed"].contains(&placeholder));
        assert!(!is_number || rule.unit.is_figure(), "{}: {zh}", rule.id);
    }
}

#[test]
fn review_bands_lie_inside_limits() {
    for rule in RULES {
        let (limit, review) = (rule.requirement.limit(), rule.requirement.review());
        let bounds = [review.min, review.max, limit.min, limit.max];
        assert!(bounds.iter().flatten().all(|bound| bound.is_finite() && limit.side(*bound).is_none()), "{}", rule.id);
        assert!(review.min.is_some() || limit.min.is_none(), "{}: review.min is missing", rule.id);
        assert!(review.max.is_some() || limit.max.is_none(), "{}: review.max is missing", rule.id);
        assert!(limit.min.is_some() || limit.max.is_some(), "{}: no limit at all", rule.id);
    }
}

/// Ids by the names of the files in `crates/gradphoto/src/rules/<group>`.
fn ids_in(group: &str) -> Vec<String> {
    let folder = repository("crates/gradphoto/src/rules").join(group);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let stems = entries.map(|entry| entry.expect("folder entry").path().file_stem().expect("name").to_owned());
    let stems = stems.map(|stem| stem.into_string().expect("UTF-8")).filter(|stem| stem != "mod");
    stems.map(|stem| stem.replace('_', "-")).collect()
}

/// Every sentence that a student may read.
fn sentences() -> impl Iterator<Item = (&'static Rule, Text)> {
    RULES.iter().flat_map(|rule| rule.requirement.faults().map(|fault| (*rule, fault.reason)))
}

fn placeholders(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}
