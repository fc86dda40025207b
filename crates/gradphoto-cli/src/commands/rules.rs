//! `gradphoto rules`

use std::io::{self, Write};

use gradphoto::Group;
use gradphoto::batch::BATCH_RULES;
use gradphoto::{Language, Limit, Profile, RULES, Rule, RuleSettings, Severity, Text};

use crate::Exit;
use crate::args::{Rules, TableFormat};
use crate::output::table::Table;

/// Prints every rule with the limits that a profile sets.
pub fn run(args: &Rules) -> anyhow::Result<Exit> {
    let profile = args.profile.load()?;
    let listed = match args.format {
        TableFormat::Text => table(&profile, args.language.get()).lines().map(|line| line + "\n").collect(),
        TableFormat::Markdown => table(&profile, args.language.get()).markdown(),
        TableFormat::Json => serde_json::to_string_pretty(&gradphoto_app::rules::rows(&profile))? + "\n",
    };
    io::stdout().write_all(listed.as_bytes())?;
    Ok(Exit::AllPass)
}

/// The word for a severity; `None` stands for a rule that is switched off.
pub fn severity_word(severity: Option<Severity>, language: Language) -> &'static str {
    let (zh, en) = match severity {
        Some(Severity::Reject) => ("不合格", "reject"),
        Some(Severity::Ask) => ("人工确认", "ask"),
        Some(Severity::Advise) => ("建议", "advise"),
        Some(_) => ("其他", "other"),
        None => ("关闭", "off"),
    };
    Text { zh, en }.get(language)
}

/// Who must act on a failure.
pub fn group_word(group: Group, language: Language) -> &'static str {
    let (zh, en) = match group {
        Group::File => ("文件导出", "file"),
        Group::Capture => ("拍摄", "capture"),
        Group::Framing => ("裁剪", "framing"),
        Group::Subject => ("本人", "subject"),
    };
    Text { zh, en }.get(language)
}

/// Every rule and, where the profile has it on, its settings.
fn settings(profile: &Profile) -> impl Iterator<Item = (&'static Rule, Option<&RuleSettings>)> {
    RULES.iter().map(|rule| (*rule, profile.settings(rule.id)))
}

fn table(profile: &Profile, language: Language) -> Table {
    let mut table = Table::default();
    table.row(match language {
        Language::Zh => ["编号", "规则", "条款", "合格", "超出即不合格", "处理", "由谁处理"],
        Language::En => ["rule", "name", "clause", "passes", "fails outside", "severity", "who acts"],
    });
    for (rule, settings) in settings(profile) {
        let band = |limit: Option<Limit>| limit.map_or("—".to_owned(), |limit| limit.show(rule.unit, language));
        // What only asks or advises fails nowhere.
        let rejecting = settings.filter(|settings| settings.severity == Severity::Reject);
        table.row([
            rule.id.to_owned(),
            rule.name.get(language).to_owned(),
            rule.clause.to_owned(),
            band(settings.map(|settings| settings.review)),
            band(rejecting.map(|settings| settings.limit)),
            severity_word(settings.map(|settings| settings.severity), language).to_owned(),
            group_word(rule.group(), language).to_owned(),
        ]);
    }
    for rule in BATCH_RULES {
        let (name, clause) = (rule.name.get(language).to_owned(), rule.clause.to_owned());
        let (severity, who) = match language {
            Language::Zh => ("需处理", "学校"),
            Language::En => ("report", "school"),
        };
        table.row([rule.id, &name, &clause, "—", "—", severity, who].map(str::to_owned));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rules_that_reject_have_a_limit_to_fail_by() {
        let profile = Profile::built_in(Profile::DEFAULT).expect("built in");
        let table = table(&profile, Language::En).markdown();
        let row = |id: &str| table.lines().find(|line| line.contains(&format!("| {id} |"))).expect(id);
        assert!(row("hair-tidy").contains("| ≤ 20.0% | — | ask |"), "{}", row("hair-tidy"));
        assert!(row("file-size").contains("| — | advise |"), "{}", row("file-size"));
        assert!(row("eye-line").contains("| 197–303 px | reject |"), "{}", row("eye-line"));
    }
}
