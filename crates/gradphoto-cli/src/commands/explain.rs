//! `gradphoto explain`

use std::io::{self, Write};

use gradphoto::batch::{BATCH_RULES, BatchRule};
use gradphoto::{Language, Limit, Profile, RULES, Rule, RuleSettings, Severity, Text, Unit, handbook_zh};

use crate::Exit;
use crate::args::Explain;
use crate::commands::rules::{group_word, severity_word};
use crate::trouble::unknown_rule;

/// Prints the handbook pages of rules, as Markdown.
pub fn run(args: &Explain) -> anyhow::Result<Exit> {
    let (profile, language) = (args.profile.load()?, args.language.get());
    let mut pages: Vec<String> = Vec::new();
    for asked in &args.rules {
        let found = pages_of(asked, &profile, language);
        if found.is_empty() {
            return Err(unknown_rule(asked));
        }
        for page in found {
            if !pages.contains(&page) {
                pages.push(page);
            }
        }
    }
    io::stdout().write_all(pages.join("\n").as_bytes())?;
    Ok(Exit::AllPass)
}

/// The pages of the rules that have this id, or a name or fault of this name in either language.
fn pages_of(asked: &str, profile: &Profile, language: Language) -> Vec<String> {
    let is_asked = |name: &str| name.eq_ignore_ascii_case(asked);
    let is_called = |name: &Text| is_asked(name.zh) || is_asked(name.en);
    let is_meant = |rule: &Rule| {
        is_asked(rule.id) || is_called(&rule.name) || rule.requirement.faults().any(|fault| is_called(&fault.name))
    };
    let rules = RULES.iter().filter(|rule| is_meant(rule)).map(|rule| match language {
        Language::Zh => page_zh(rule, profile),
        Language::En => page(rule, profile),
    });
    let batch_rules = BATCH_RULES.iter().filter(|rule| is_asked(rule.id) || is_called(&rule.name));
    let batch_rules = batch_rules.map(|rule| match language {
        Language::Zh => batch_page_zh(rule),
        Language::En => batch_page(rule),
    });
    rules.chain(batch_rules).collect()
}

fn page(rule: &'static Rule, profile: &Profile) -> String {
    let mut page = format!("# {}: {} {}\n\n{}", rule.id, rule.name.zh, rule.name.en, docs(rule.docs));
    page += &format!("\nThe figure: {} {}.\n", rule.quantity.zh, rule.quantity.en);
    page += "\n## What a report says, for example\n";
    for finding in profile.examples(rule) {
        let Text { zh, en } = finding.name();
        page += &format!("* {zh} {en}: {}\n", finding.reason(Language::En));
    }
    page += &format!("\n## In profile {}\n", profile.name());
    page += &match profile.settings(rule.id) {
        None => "Switched off.\n".to_owned(),
        Some(settings) => {
            let severity = severity_word(Some(settings.severity), Language::En);
            format!("Passes: {}. Severity: {severity}.\n", allowed(rule, settings, Language::En))
        }
    };
    page + &format!("Clause: {}. Who must act: {}.\n", rule.clause, group_word(rule.group(), Language::En))
}

/// The page in Chinese: what the rule measures, what it says when something is wrong, and what the profile asks for.
fn page_zh(rule: &'static Rule, profile: &Profile) -> String {
    let mut page = format!("# {}：{}\n\n{}", rule.id, rule.name.zh, handbook(rule.id));
    page += &format!(
        "\n数值：{}。条款：{}。由谁处理：{}。\n",
        rule.quantity.zh,
        rule.clause,
        group_word(rule.group(), Language::Zh)
    );
    page += "\n## 提示语示例\n";
    for finding in profile.examples(rule) {
        page += &format!("* {}：{}\n", finding.name().zh, finding.reason(Language::Zh));
    }
    page += &format!("\n## 在“{}”中\n", profile.title().zh);
    page + &profile.settings(rule.id).map_or("不检查此项。\n".to_owned(), |settings| {
        format!("合格：{}。\n", allowed(rule, settings, Language::Zh))
    })
}

/// What passes, and what becomes of the rest.
fn allowed(rule: &Rule, settings: &RuleSettings, language: Language) -> String {
    let passes = settings.review.show(rule.unit, language);
    let limit = beyond(&settings.limit, rule.unit, language);
    let rest = match (settings.severity, language) {
        (Severity::Reject, Language::Zh) if settings.limit == settings.review => "，否则不合格".to_owned(),
        (Severity::Reject, Language::En) if settings.limit == settings.review => "; anything else fails".to_owned(),
        (Severity::Reject, Language::Zh) => format!("；{limit}不合格，两者之间由人确认"),
        (Severity::Reject, Language::En) => format!("; fails {limit}; between the two a person decides"),
        (Severity::Ask, Language::Zh) => "，否则由人确认".to_owned(),
        (Severity::Ask, Language::En) => "; anything else goes to a person and never fails by itself".to_owned(),
        (_, Language::Zh) => "，否则只作提示".to_owned(),
        (_, Language::En) => "; anything else is pointed out and changes no verdict".to_owned(),
    };
    passes + &rest
}

/// Where a limit is left, within a sentence: 大于 1, above 1.
fn beyond(limit: &Limit, unit: Unit, language: Language) -> String {
    let shown = |bound| Limit::between(bound, bound).show(unit, language);
    match (limit.min, limit.max, language) {
        (Some(min), None, Language::Zh) => format!("小于 {} ", shown(min)),
        (Some(min), None, Language::En) => format!("below {}", shown(min)),
        (None, Some(max), Language::Zh) => format!("大于 {} ", shown(max)),
        (None, Some(max), Language::En) => format!("above {}", shown(max)),
        (_, _, Language::Zh) => format!("不{}", limit.words(unit, language)),
        (_, _, Language::En) => format!("outside {}", limit.show(unit, language)),
    }
}

/// What is measured, on what ground, and what to do.
fn handbook(id: &str) -> String {
    let Some(page) = handbook_zh(id) else { return String::new() };
    format!("## 怎么量\n{}\n\n## 依据\n{}\n\n## 怎么改\n{}\n", page.measured, page.source, page.cure)
}

fn batch_page_zh(rule: &BatchRule) -> String {
    let (id, name, clause) = (rule.id, rule.name.zh, rule.clause);
    format!(
        "# {id}：{name}\n\n{}\n检查整批照片时适用（--output），各套标准都一样。条款：{clause}。由谁处理：学校。\n",
        handbook(id)
    )
}

fn batch_page(rule: &BatchRule) -> String {
    let head = format!("# {}: {} {}\n\n", rule.id, rule.name.zh, rule.name.en);
    let foot = "This rule judges a whole batch: `gradphoto check` applies it with --output, and no profile sets limits for it.";
    format!("{head}{}\n## In every profile\n{foot}\nClause: {}. Who must act: school.\n", docs(rule.docs), rule.clause)
}

/// A doc comment without the space that its lines begin with.
fn docs(docs: &str) -> String {
    docs.lines().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
}

#[cfg(test)]
mod tests {
    use gradphoto::rules;

    use super::*;

    fn profile(name: &str) -> Profile {
        Profile::built_in(name).expect(name)
    }

    #[test]
    fn what_a_profile_allows_is_told_by_what_becomes_of_the_rest() {
        let told = |id: &str, name: &str| {
            let (rule, profile) = (rules::find(id).expect(id), profile(name));
            let settings = profile.settings(id).expect("on");
            [Language::Zh, Language::En].map(|language| allowed(rule, settings, language))
        };
        let [zh, en] = told("file-extension", "graduation-blue");
        assert_eq!(zh, "≤ 0；大于 1 不合格，两者之间由人确认");
        assert_eq!(en, "≤ 0; fails above 1; between the two a person decides");
        let [zh, en] = told("under-exposure", "graduation-blue");
        assert!(zh.contains("小于 42.0 Lab 不合格") && en.contains("fails below 42.0 Lab"), "{zh} {en}");
        let [zh, en] = told("eye-line", "graduation-blue");
        assert!(zh.contains("；不在197 px至303 px之间不合格") && en.contains("fails outside 197–303 px"), "{zh} {en}");
        assert_eq!(told("file-format", "graduation-blue"), ["是，否则不合格", "yes; anything else fails"]);
        let [zh, en] = told("hair-tidy", "graduation-blue");
        assert_eq!(zh, "≤ 20.0%，否则由人确认");
        assert_eq!(en, "≤ 20.0%; anything else goes to a person and never fails by itself");
        let [zh, en] = told("head-pitch", "he-2017");
        assert!(zh.ends_with("，否则只作提示") && en.ends_with("pointed out and changes no verdict"), "{zh} {en}");
        let own = "extends = 'he-2017'\n[rules.under-exposure]\nlimit = { min = 41.25 }\nreview = { min = 45.125 }";
        let own = Profile::from_toml("own", own).expect("parses");
        let (rule, settings) = (rules::find("under-exposure").expect("a rule"), own.settings("under-exposure"));
        let told = allowed(rule, settings.expect("on"), Language::Zh);
        assert_eq!(told, "≥ 45.125 Lab；小于 41.25 Lab 不合格，两者之间由人确认", "bounds in full");
    }

    #[test]
    fn rules_are_called_by_id_name_or_fault_in_either_language() {
        let heads = |asked| {
            let pages = pages_of(asked, &profile("graduation-blue"), Language::Zh);
            pages.iter().map(|page| page.lines().next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        for asked in ["head-roll", "头偏向左肩", "head TILTED left"] {
            assert!(matches!(&heads(asked)[..], [head] if head.starts_with("# head-roll：")), "{asked}");
        }
        assert!(heads("roster-match")[0].starts_with("# roster-match：") && heads("头").is_empty());
    }

    #[test]
    fn pages_show_whole_sentences() {
        for rule in RULES {
            for page in [page_zh(rule, &profile("graduation-blue")), page(rule, &profile("graduation-blue"))] {
                let sentences = page.lines().filter(|line| line.starts_with("* ")).collect::<Vec<_>>();
                let is_whole = |line: &&&str| line.ends_with('。') || line.ends_with('.');
                assert!(!sentences.is_empty() && sentences.iter().all(|line| is_whole(&line)), "{page}");
                let is_repeated = sentences.iter().enumerate().any(|(i, line)| sentences[..i].contains(line));
                assert!(!is_repeated && !page.contains(['{', '}']) && !page.contains("（）"), "{page}");
            }
        }
        let orientation = page_zh(rules::find("exif-orientation").expect("a rule"), &profile("graduation-blue"));
        assert!(orientation.contains("照片依靠方向标记（2）才显示为正向"), "{orientation}");
    }
}
