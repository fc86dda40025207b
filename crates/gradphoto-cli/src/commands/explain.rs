//! `gradphoto explain`

use std::collections::BTreeSet;
use std::io::{self, Write};

use gradphoto::batch::{self, BATCH_RULES, BatchRule};
use gradphoto::{Language, Profile, RULES, Rule, nearest, rules};

use crate::Exit;
use crate::args::Explain;
use crate::commands::rules::{group_word, severity_word};
use crate::output::range;
use crate::trouble::trouble;

/// Prints the handbook page of a rule, as Markdown.
pub fn run(args: &Explain) -> anyhow::Result<Exit> {
    let page = match (rules::find(&args.rule), batch::find(&args.rule)) {
        (Some(rule), _) => page(rule, &args.profile.load()?),
        (None, Some(rule)) => batch_page(rule),
        (None, None) => return Err(unknown(&args.rule)),
    };
    io::stdout().write_all(page.as_bytes())?;
    Ok(Exit::AllPass)
}

fn unknown(id: &str) -> anyhow::Error {
    let known = RULES.iter().map(|rule| rule.id).chain(BATCH_RULES.iter().map(|rule| rule.id));
    let (zh, en) = match nearest(id, known) {
        Some(near) => (format!("是否为 {near}？"), format!("did you mean {near}?")),
        None => ("全部规则见 gradphoto rules".to_owned(), "`gradphoto rules` lists them".to_owned()),
    };
    trouble(format!("没有规则 {id}，{zh}"), format!("there is no rule {id}; {en}")).into()
}

fn page(rule: &Rule, profile: &Profile) -> String {
    let mut page = format!("# {}: {} {}\n\n{}", rule.id, rule.name.zh, rule.name.en, docs(rule.docs));
    let faults = rule.requirement.faults().map(|fault| format!("{} {}", fault.name.zh, fault.name.en));
    let faults = faults.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("; ");
    page.push_str(&format!("\nThe number: {} {}. What is wrong: {faults}.\n", rule.quantity.zh, rule.quantity.en));
    page.push_str(&format!("\n## In profile {}\n", profile.name()));
    page.push_str(&match profile.rules().iter().find(|(on, _)| on.id == rule.id) {
        None => "Switched off.\n".to_owned(),
        Some((_, settings)) => format!(
            "Passes: {}. Fails outside: {}; between the two a person looks. Severity: {}.\n",
            range(&settings.review, rule.unit, Language::En),
            range(&settings.limit, rule.unit, Language::En),
            severity_word(Some(settings.severity), Language::En),
        ),
    });
    page.push_str(&format!("Clause: {}. Who must act: {}.\n", rule.clause, group_word(rule.group(), Language::En)));
    page
}

fn batch_page(rule: &BatchRule) -> String {
    let head = format!("# {}: {} {}\n\n", rule.id, rule.name.zh, rule.name.en);
    let foot =
        "It speaks of a whole batch: `gradphoto check` applies it with --output, and no profile has limits for it.";
    format!("{head}{}\n## In every profile\n{foot}\nClause: {}. Who must act: school.\n", docs(rule.docs), rule.clause)
}

/// A doc comment without the space that its lines begin with.
fn docs(docs: &str) -> String {
    docs.lines().map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
}
