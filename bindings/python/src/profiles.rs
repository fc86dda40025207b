//! Profiles and rules, as text.

use gradphoto::Group;
use gradphoto::{Language, Limit, Measurements, Profile, RULES, RuleSettings, Text, Unit};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;

use crate::errors::raised;

/// Names of the built-in profiles; the first is the default.
#[pyfunction]
pub fn profile_names() -> Vec<&'static str> {
    Profile::names().collect()
}

/// The resolved TOML of a profile: of `toml` under this name, or without it of the built-in profile.
#[pyfunction]
#[pyo3(signature = (name, toml = None))]
pub fn resolved_profile(name: &str, toml: Option<&str>) -> PyResult<String> {
    let profile = toml.map_or_else(|| Profile::built_in(name), |toml| Profile::from_toml(name, toml));
    profile.map(|profile| profile.to_toml()).map_err(raised)
}

/// The TOML of a profile with other limits of a rule, and nothing left to review beside these; a bound that is not given stays
/// as it is.
#[pyfunction]
#[pyo3(signature = (name, toml, rule, min = None, max = None))]
pub fn with_limit(name: &str, toml: &str, rule: &str, min: Option<f64>, max: Option<f64>) -> PyResult<String> {
    let profile = Profile::from_toml(name, toml).map_err(raised)?;
    let off = || gradphoto::rules::find(rule).map(|rule| rule.settings());
    let now = profile.settings(rule).copied().or_else(off);
    let [limit, review] = now.map_or_else(Default::default, |now| [now.limit, now.review]);
    let changed = |range: Limit| Limit { min: min.or(range.min), max: max.or(range.max) };
    let profile = profile.with_limit(rule, changed(limit)).and_then(|p| p.with_review(rule, changed(review)));
    profile.map(|profile| profile.to_toml()).map_err(raised)
}

/// The report by a profile on measurements, both as JSON.
#[pyfunction]
pub fn judge(profile_name: &str, profile_toml: &str, measurements: &str) -> PyResult<String> {
    let profile = Profile::from_toml(profile_name, profile_toml).map_err(raised)?;
    Ok(profile.judge(&measured(measurements)?).to_json())
}

/// Measurements from their JSON.
pub fn measured(json: &str) -> PyResult<Measurements> {
    serde_json::from_str(json).map_err(|e| PyValueError::new_err(format!("these are not measurements: {e}")))
}

/// TOML as JSON.
#[pyfunction]
pub fn profile_dict(toml: &str) -> PyResult<String> {
    let value = toml::from_str::<toml::Value>(toml).map_err(|e| PyValueError::new_err(e.to_string()))?;
    serde_json::to_string(&value).map_err(|e| PyValueError::new_err(e.to_string()))
}

/// JSON as TOML.
#[pyfunction]
pub fn profile_toml(json: &str) -> PyResult<String> {
    let value = serde_json::from_str::<toml::Value>(json).map_err(|e| PyValueError::new_err(e.to_string()))?;
    toml::to_string(&value).map_err(|e| PyValueError::new_err(e.to_string()))
}

/// Every rule with the settings of a profile, as a JSON array.
#[pyfunction]
pub fn rules(profile_name: &str, profile_toml: &str) -> PyResult<String> {
    /// A rule as Python reads it; no settings where the profile switches it off.
    #[derive(Serialize)]
    struct Row {
        id: &'static str,
        name: Text,
        quantity: Text,
        clause: &'static str,
        unit: Unit,
        group: Group,
        settings: Option<RuleSettings>,
        page: String,
    }
    let profile = Profile::from_toml(profile_name, profile_toml).map_err(raised)?;
    let rows = RULES.iter().map(|rule| Row {
        id: rule.id,
        name: rule.name,
        quantity: rule.quantity,
        clause: rule.clause,
        unit: rule.unit,
        group: rule.group(),
        settings: profile.settings(rule.id).copied(),
        page: rule.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n").collect(),
    });
    serde_json::to_string(&rows.collect::<Vec<_>>()).map_err(|e| PyValueError::new_err(e.to_string()))
}

/// Value and range of a finding as people write them, empty where the unit takes words; `None` for a rule that this version
/// does not know.
#[pyfunction]
pub fn shown(
    rule: &str,
    value: Option<f64>,
    min: Option<f64>,
    max: Option<f64>,
    lang: &str,
) -> Option<(String, String)> {
    let unit = gradphoto::rules::find(rule)?.unit;
    if !unit.is_figure() {
        return Some((String::new(), String::new()));
    }
    let language = language(lang);
    let limit = Limit { min, max };
    let value = value.map_or("—".to_owned(), |value| limit.show_value(value, unit, language));
    Some((value, limit.show(unit, language)))
}

/// `en` or else Chinese; Python has checked the word.
pub fn language(lang: &str) -> Language {
    if lang == "en" { Language::En } else { Language::Zh }
}
