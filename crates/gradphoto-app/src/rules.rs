//! The rules as programs read them, from the command and from the service.

use gradphoto::batch::BATCH_RULES;
use gradphoto::{Group, Profile, RULES, RuleSettings, Text, Unit};
use serde::Serialize;

/// A rule; no settings where the profile switches it off. A batch rule has neither unit nor settings.
#[derive(Serialize)]
pub struct RuleRow {
    rule: &'static str,
    name: Text,
    clause: &'static str,
    unit: Option<Unit>,
    group: Option<Group>,
    settings: Option<RuleSettings>,
}

/// Every rule with the settings of a profile, then every batch rule.
pub fn rows(profile: &Profile) -> Vec<RuleRow> {
    let rules = RULES.iter().map(|rule| RuleRow {
        rule: rule.id,
        name: rule.name,
        clause: rule.clause,
        unit: Some(rule.unit),
        group: Some(rule.group()),
        settings: profile.settings(rule.id).copied(),
    });
    let across = BATCH_RULES.iter().map(|rule| RuleRow {
        rule: rule.id,
        name: rule.name,
        clause: rule.clause,
        unit: None,
        group: None,
        settings: None,
    });
    rules.chain(across).collect()
}
