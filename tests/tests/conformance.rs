//! What every rule measures on openly licensed portraits, against `tests/conformance.csv`.

use std::collections::BTreeMap;
use std::fs;

use gradphoto::{Checker, Finding, PhotoVerdict, Profile, RULES, Report, Unit};
use gradphoto_tests::repository;

const TABLE: &str = "tests/conformance.csv";
const PHOTOS: &str = "tests/conformance";

/// How far engines, processors and versions of libraries may lie apart.
fn tolerance(unit: Unit) -> f64 {
    match unit {
        Unit::Pixels => 1.5,
        Unit::Degrees => 0.5,
        Unit::DeltaE | Unit::Lab => 0.75,
        Unit::Factor | Unit::Ratio => 0.03,
        Unit::Probability => 0.05,
        Unit::Kilobytes => 0.001,
        _ => 0.0,
    }
}

#[test]
fn rules_measure_what_the_table_says_and_clean_portraits_pass() {
    let every_rule = fs::read_to_string(repository("tests/accuracy/every-rule.toml")).expect("a profile");
    let checker = Checker::builder()
        .profile(Profile::from_toml("every-rule", &every_rule).expect("parses"))
        .build()
        .expect("an engine");
    let left_out = RULES.iter().filter(|rule| checker.profile().settings(rule.id).is_none());
    assert_eq!(left_out.map(|rule| rule.id).collect::<Vec<_>>(), [""; 0], "every-rule.toml switches them off");
    let mut photos =
        fs::read_dir(repository(PHOTOS)).expect("a folder").map(|e| e.expect("an entry").path()).collect::<Vec<_>>();
    photos.retain(|photo| photo.extension().is_some_and(|extension| extension == "jpg"));
    photos.sort();
    assert!((6..=8).contains(&photos.len()), "{} portraits", photos.len());

    let mut measured = vec![];
    for photo in &photos {
        let name = photo.file_name().expect("a name").to_string_lossy().into_owned();
        let evidence = checker.see(photo.as_path()).expect("a photo");
        measured.push((name.clone(), checker.profile().judge(&evidence)));
        // The clean ones wear no collar, which the notice asks for.
        let verdict = |profile| {
            let profile = Profile::built_in(profile).expect("built in");
            let profile = profile.with_severity("collar-present", None).expect("a rule");
            profile.judge(&evidence).verdict()
        };
        let is_clean = name.starts_with("comp_clean");
        assert_eq!(verdict(Profile::DEFAULT) == PhotoVerdict::Pass, is_clean, "{name}");
        assert!(!is_clean || verdict("he-2017") == PhotoVerdict::Pass, "{name} by the standard's own text");
    }
    let table = repository(TABLE);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&table, written(&measured)).expect("the table");
    }
    let table = fs::read_to_string(&table).expect("the table");
    let mut expected = table.lines().skip(1).map(|line| {
        let cells = line.split(',').collect::<Vec<_>>();
        let [photo, rule, value, _unit] = cells[..] else { panic!("{line}: four cells") };
        ((photo, rule), value.parse::<f64>().ok())
    });
    let expected = expected.by_ref().collect::<BTreeMap<_, _>>();
    let mut wrong = vec![];
    for (photo, report) in &measured {
        for finding in report.findings() {
            let rule = finding.rule();
            let wanted =
                expected.get(&(photo.as_str(), rule.id)).unwrap_or_else(|| panic!("{photo} {}: no row", rule.id));
            let is_near = match (finding.value(), wanted) {
                (Some(value), Some(wanted)) => (value - wanted).abs() <= tolerance(rule.unit),
                (value, wanted) => value.is_none() && wanted.is_none(),
            };
            if !is_near {
                wrong.push(format!("{photo} {}: {:?}, in the table {wanted:?}", rule.id, finding.value()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let rows = measured.iter().map(|(_, report)| report.findings().len()).sum::<usize>();
    assert_eq!(expected.len(), rows, "the table has rows of rules or photos that are no more");
}

fn written(measured: &[(String, Report)]) -> String {
    let row = |photo: &str, finding: &Finding| {
        let value = finding.value().map_or(String::new(), |value| format!("{value:.4}"));
        let unit = serde_json::to_value(finding.rule().unit).expect("a word");
        format!("{photo},{},{value},{}\n", finding.rule().id, unit.as_str().unwrap_or_default())
    };
    let rows =
        measured.iter().flat_map(|(photo, report)| report.findings().iter().map(move |finding| row(photo, finding)));
    "photo,rule,value,unit\n".to_owned() + &rows.collect::<String>()
}
