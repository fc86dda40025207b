//! `gradphoto explain`

use std::io::{self, Write};

use anyhow::anyhow;
use gradphoto::{Language, Profile, RULES, Rule, nearest, rules};

use crate::Exit;
use crate::args::Explain;
use crate::commands::rules::{group_word, severity_word};
use crate::output::range;

/// Prints the handbook page of a rule, as Markdown.
pub fn run(args: &Explain) -> anyhow::Result<Exit> {
    let rule = rules::find(&args.rule).ok_or_else(|| unknown(&args.rule))?;
    io::stdout().write_all(page(rule, &args.profile.load()?).as_bytes())?;
    Ok(Exit::AllPass)
}

fn unknown(id: &str) -> anyhow::Error {
    let hint = match nearest(id, RULES.iter().map(|rule| rule.id)) {
        Some(near) => format!("did you mean {near}?"),
        None => "`gradphoto rules` lists them".to_owned(),
    };
    anyhow!("there is no rule {id}; {hint}")
}

fn page(rule: &Rule, profile: &Profile) -> String {
    let mut page = format!("# {}: {} {}\n\n", rule.id, rule.name.zh, rule.name.en);
    for line in rule.docs.lines() {
        page.push_str(line.strip_prefix(' ').unwrap_or(line));
        page.push('\n');
    }
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
