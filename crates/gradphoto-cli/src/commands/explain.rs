//! `gradphoto explain`

use std::collections::BTreeSet;
use std::io::{self, Write};

use gradphoto::batch::{self, BatchRule};
use gradphoto::{Language, Profile, Rule, Severity, handbook_zh, rules};

use crate::Exit;
use crate::args::Explain;
use crate::commands::rules::{group_word, severity_word};
use crate::output::range;
use crate::trouble::unknown_rule;

/// Prints the handbook page of a rule, as Markdown.
pub fn run(args: &Explain) -> anyhow::Result<Exit> {
    let page = match (rules::find(&args.rule), batch::find(&args.rule)) {
        (Some(rule), _) => match args.language.get() {
            Language::Zh => page_zh(rule, &args.profile.load()?),
            Language::En => page(rule, &args.profile.load()?),
        },
        (None, Some(rule)) => match args.language.get() {
            Language::Zh => batch_page_zh(rule),
            Language::En => batch_page(rule),
        },
        (None, None) => return Err(unknown_rule(&args.rule)),
    };
    io::stdout().write_all(page.as_bytes())?;
    Ok(Exit::AllPass)
}

fn page(rule: &Rule, profile: &Profile) -> String {
    let mut page = format!("# {}: {} {}\n\n{}", rule.id, rule.name.zh, rule.name.en, docs(rule.docs));
    let faults = rule.requirement.faults().map(|fault| format!("{} {}", fault.name.zh, fault.name.en));
    let faults = faults.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("; ");
    page.push_str(&format!("\nThe figure: {} {}. What may be wrong: {faults}.\n", rule.quantity.zh, rule.quantity.en));
    page.push_str(&format!("\n## In profile {}\n", profile.name()));
    page.push_str(&match profile.rules().iter().find(|(on, _)| on.id == rule.id) {
        None => "Switched off.\n".to_owned(),
        Some((_, settings)) => {
            let severity = severity_word(Some(settings.severity), Language::En);
            let [passes, limit] = [settings.review, settings.limit].map(|band| range(&band, rule.unit, Language::En));
            if passes == limit {
                format!("Passes: {passes}. Severity: {severity}.\n")
            } else {
                format!("Passes: {passes}. Fails outside: {limit}; between the two a person decides. Severity: {severity}.\n")
            }
        }
    });
    page.push_str(&format!("Clause: {}. Who must act: {}.\n", rule.clause, group_word(rule.group(), Language::En)));
    page
}

/// The page in Chinese: what the rule measures, what it says when something is wrong, and what the profile asks for.
fn page_zh(rule: &Rule, profile: &Profile) -> String {
    let mut page = format!("# {}：{}\n\n{}", rule.id, rule.name.zh, handbook(rule.id));
    page += &format!(
        "\n数值：{}。条款：{}。由谁处理：{}。\n",
        rule.quantity.zh,
        rule.clause,
        group_word(rule.group(), Language::Zh)
    );
    page += "\n## 提示语\n";
    let settings = profile.rules().iter().find(|(on, _)| on.id == rule.id).map(|(_, settings)| settings);
    let review = settings.map_or_else(|| rule.requirement.review(), |settings| settings.review);
    let allowed = range(&review, rule.unit, Language::Zh);
    for fault in rule.requirement.faults() {
        let reason =
            fault.reason.zh.replace("{value}", "（测得值）").replace("{allowed}", &format!("在{allowed}范围内"));
        page += &format!("* {}：{}\n", fault.name.zh, without_marks(&reason));
    }
    page += &format!("\n## 在“{}”中\n", profile.title());
    page + &match settings {
        None => "不检查此项。\n".to_owned(),
        Some(settings) => match settings.severity {
            Severity::Reject if settings.limit == settings.review => format!("合格：{allowed}，超出即不合格。\n"),
            Severity::Reject => {
                let limit = range(&settings.limit, rule.unit, Language::Zh);
                format!("合格：{allowed}；超出 {limit} 不合格，两者之间由人确认。\n")
            }
            Severity::Ask => format!("合格：{allowed}，超出的由人确认。\n"),
            _ => format!("合格：{allowed}，超出的只作提示。\n"),
        },
    }
}

/// What is measured, on what ground, and what to do.
fn handbook(id: &str) -> String {
    let Some(page) = handbook_zh(id) else { return String::new() };
    format!("## 怎么量\n{}\n\n## 依据\n{}\n\n## 怎么改\n{}\n", page.measured, page.source, page.cure)
}

/// A sentence without the places that are filled in for each photo.
fn without_marks(reason: &str) -> String {
    let mut plain = String::new();
    let mut rest = reason;
    while let Some((before, after)) = rest.split_once('{') {
        plain += before;
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    plain + rest
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
