//! Whether the settings of a rule make sense.

use crate::limit::{Limit, RuleSettings, Side};
use crate::rule::{Requirement, Rule};
use crate::text::{Language, Reason};

/// Whether these settings make sense for a rule.
pub fn check(settings: &RuleSettings, rule: &Rule) -> Result<(), Reason> {
    let requirement = &rule.requirement;
    if let Requirement::Holds { .. } = requirement {
        return if (settings.limit, settings.review) == (requirement.limit(), requirement.review()) {
            Ok(())
        } else {
            Err(Reason::new(
                "该规则只判断是否，没有限值，只能设置 severity",
                "the rule only asks yes or no and has no limit; only its severity can be set",
            ))
        };
    }
    check_range("limit", &settings.limit, rule)?;
    check_range("review", &settings.review, rule)?;
    if settings.limit.contains(&settings.review) {
        return Ok(());
    }
    let limit = |language| settings.limit.show(rule.unit, language);
    Err(Reason::new(
        format!("review 必须在 limit（{}）之内", limit(Language::Zh)),
        format!("review must lie inside limit ({})", limit(Language::En)),
    ))
}

/// Whether a range makes sense for a rule.
fn check_range(key: &str, range: &Limit, rule: &Rule) -> Result<(), Reason> {
    for (bound, value, side) in [("min", range.min, Side::Below), ("max", range.max, Side::Above)] {
        let Some(value) = value else { continue };
        if rule.requirement.fault(side).is_none() {
            return Err(Reason::new(
                format!("不能设置 {key}.{bound}：该规则不判断这一侧"),
                format!("{key}.{bound} cannot be set: the rule has nothing to say about that side"),
            ));
        }
        if !value.is_finite() {
            return Err(Reason::new(format!("{key} 必须是有限的数"), format!("{key} must hold finite numbers")));
        }
        if value.abs() > rule.unit.most() {
            return Err(Reason::new(
                format!("{key}.{bound} = {value}：百分比请写成小数，如 30% 写成 0.3"),
                format!("{key}.{bound} = {value}: shares are parts of 1, so 30 % is 0.3"),
            ));
        }
    }
    // A tilt or a shift to the left is as wrong as one to the right.
    let strays = matches!(rule.requirement.limit(), Limit { min: Some(min), max: Some(max) } if min < 0.0 && 0.0 < max);
    match (range.min, range.max) {
        (None, None) => Err(Reason::new(
            format!("{key} 既没有 min 也没有 max；要关闭该规则，请写 severity = \"off\""),
            format!("{key} has neither min nor max; to switch the rule off, set severity = \"off\""),
        )),
        (Some(min), Some(max)) if min > max => Err(Reason::new(
            format!("{key}.min {min} 大于 {key}.max {max}"),
            format!("{key}.min {min} is larger than {key}.max {max}"),
        )),
        (Some(bound), None) | (None, Some(bound)) if strays => {
            let both = format!("{{ min = -{0}, max = {0} }}", bound.abs());
            Err(Reason::new(
                format!("{key} 只有一侧：这个值可正可负，两侧都要写，如 {both}"),
                format!("{key} has one bound: this value strays to both sides of 0, so write both, like {both}"),
            ))
        }
        _ => Ok(()),
    }
}
