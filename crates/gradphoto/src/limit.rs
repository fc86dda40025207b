//! What is allowed: ranges, the units they are in, and what happens outside them.

use serde::{Deserialize, Serialize};

use crate::text::{Language, words};

/// An allowed range; an absent bound does not bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Smallest allowed value.
    #[serde(default)]
    pub min: Option<f64>,
    /// Largest allowed value.
    #[serde(default)]
    pub max: Option<f64>,
}

impl Limit {
    /// `min` and everything above.
    pub const fn at_least(min: f64) -> Self {
        Limit { min: Some(min), max: None }
    }

    /// `max` and everything below.
    pub const fn at_most(max: f64) -> Self {
        Limit { min: None, max: Some(max) }
    }

    /// From `min` to `max`, both included.
    pub const fn between(min: f64, max: f64) -> Self {
        Limit { min: Some(min), max: Some(max) }
    }

    /// On which side of the range `value` lies; `None` inside it.
    pub fn side(&self, value: f64) -> Option<Side> {
        if self.min.is_some_and(|min| value < min) {
            Some(Side::Below)
        } else if self.max.is_some_and(|max| value > max) {
            Some(Side::Above)
        } else {
            None
        }
    }

    /// The range with its unit, as people write it.
    pub fn show(&self, unit: Unit, language: Language) -> String {
        let shown = |bound| unit.show_bound(bound, language);
        match (self.min, self.max) {
            (Some(bound), None) | (None, Some(bound)) if unit == Unit::YesNo => shown(bound),
            (Some(min), Some(max)) if min == max => shown(min),
            (Some(min), Some(max)) if min == -max => format!("±{}", shown(max)),
            (Some(min), Some(max)) => {
                // A dash beside a minus reads badly.
                let to = match language {
                    _ if min >= 0.0 => "–",
                    Language::Zh => " 至 ",
                    Language::En => " to ",
                };
                format!("{}{to}{}", unit.written(min, unit.digits_of(min)), shown(max))
            }
            (Some(min), None) => format!("≥ {}", shown(min)),
            (None, Some(max)) => format!("≤ {}", shown(max)),
            (None, None) => "—".to_owned(),
        }
    }

    /// A value beside this range, as people write it: with as many more digits as tell it from a bound that it lies beyond.
    pub fn show_value(&self, value: f64, unit: Unit, language: Language) -> String {
        let bound = match self.side(value) {
            Some(Side::Below) => self.min,
            Some(Side::Above) => self.max,
            None => None,
        };
        let (Some(bound), false) = (bound, unit == Unit::YesNo) else { return unit.show(value, language) };
        let mut digits = unit.digits_of(bound);
        let most = digits + 6;
        while digits < most && unit.written(value, digits) == unit.written(bound, digits) {
            digits += 1;
        }
        unit.written(value, digits) + unit.sign()
    }

    /// The range within a sentence: 在50 px至110 px之间, 50 px to 110 px.
    pub fn words(&self, unit: Unit, language: Language) -> String {
        let shown = |bound| unit.show_bound(bound, language);
        match (self.min, self.max, language) {
            (Some(min), Some(max), Language::Zh) if min == max => format!("为{}", shown(max)),
            (Some(min), Some(max), Language::En) if min == max => shown(max),
            (Some(min), Some(max), Language::Zh) if min == -max => format!("在{}以内", shown(max)),
            (Some(min), Some(max), Language::En) if min == -max => format!("up to {}", shown(max)),
            (Some(min), Some(max), Language::Zh) => format!("在{}至{}之间", shown(min), shown(max)),
            (Some(min), Some(max), Language::En) => format!("{} to {}", shown(min), shown(max)),
            (Some(min), None, Language::Zh) => format!("不低于{}", shown(min)),
            (Some(min), None, Language::En) => format!("at least {}", shown(min)),
            (None, Some(max), Language::Zh) => format!("不超过{}", shown(max)),
            (None, Some(max), Language::En) => format!("at most {}", shown(max)),
            (None, None, Language::Zh) => "不限".to_owned(),
            (None, None, Language::En) => "anything".to_owned(),
        }
    }

    /// Whether every value of `inner` is in this range.
    pub(crate) fn contains(&self, inner: &Limit) -> bool {
        let low = self.min.is_none_or(|outer| inner.min.is_some_and(|inner| inner >= outer));
        let high = self.max.is_none_or(|outer| inner.max.is_some_and(|inner| inner <= outer));
        low && high
    }
}

/// The side on which a range is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Too small.
    Below,
    /// Too large.
    Above,
}

words! {
    /// Both sides.
    Side {
        Below: "below",
        Above: "above",
    }
}

/// Unit of a measured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Pixels of a 480x640 photo.
    Pixels,
    /// Degrees.
    Degrees,
    /// A share or ratio; the rule's quantity says of what.
    Ratio,
    /// A probability, 0 to 1.
    Probability,
    /// A pure number; the rule's quantity says of what.
    Factor,
    /// Colour difference CIEDE2000.
    DeltaE,
    /// Units of CIELAB L*, a* or b*.
    Lab,
    /// Kilobytes of 1024 bytes.
    Kilobytes,
    /// Dots per inch.
    DotsPerInch,
    /// A count.
    Count,
    /// IJG quality, 1 to 100.
    Quality,
    /// 1 where the requirement is met, 0 where not.
    YesNo,
}

words! {
    /// Every unit.
    Unit {
        Pixels: "px",
        Degrees: "deg",
        Ratio: "ratio",
        Probability: "probability",
        Factor: "factor",
        DeltaE: "deltaE00",
        Lab: "lab",
        Kilobytes: "KB",
        DotsPerInch: "dpi",
        Count: "count",
        Quality: "quality",
        YesNo: "yes-no",
    }
}

impl Unit {
    /// What no bound lies beyond, either way: shares that people write as percent are parts of 1, and ratios little more.
    pub(crate) fn most(self) -> f64 {
        match self {
            Unit::Probability => 1.0,
            Unit::Ratio => 2.0,
            _ => f64::INFINITY,
        }
    }

    /// The value as people write it: rounded to what the unit can carry, shares as percent.
    pub fn format(self, value: f64) -> String {
        self.written(value, self.digits())
    }

    /// Digits behind the point that the unit can carry.
    fn digits(self) -> usize {
        match self {
            Unit::Pixels | Unit::DotsPerInch | Unit::Count | Unit::Quality | Unit::YesNo => 0,
            Unit::Degrees | Unit::DeltaE | Unit::Lab | Unit::Kilobytes | Unit::Ratio | Unit::Probability => 1,
            Unit::Factor => 2,
        }
    }

    /// Digits behind the point that tell a bound in full, three more than the unit can carry at most.
    fn digits_of(self, bound: f64) -> usize {
        let bound = self.scaled(bound);
        let tells = |digits: &usize| {
            let tens = 10_f64.powi(*digits as i32);
            ((bound * tens).round() / tens - bound).abs() < 1e-9
        };
        (self.digits()..self.digits() + 3).find(tells).unwrap_or(self.digits() + 3)
    }

    fn show_bound(self, bound: f64, language: Language) -> String {
        match self {
            Unit::YesNo => self.show(bound, language),
            _ => self.written(bound, self.digits_of(bound)) + self.sign(),
        }
    }

    /// Shares as percent.
    fn scaled(self, value: f64) -> f64 {
        if matches!(self, Unit::Ratio | Unit::Probability) { value * 100.0 } else { value }
    }

    fn written(self, value: f64, digits: usize) -> String {
        let is_share = matches!(self, Unit::Ratio | Unit::Probability);
        let value = self.scaled(value);
        let shown = format!("{value:.digits$}");
        let is_zero = shown.trim_start_matches('-').bytes().all(|c| matches!(c, b'0' | b'.'));
        let shown = if is_zero { shown.trim_start_matches('-') } else { &shown };
        if is_share { format!("{shown}%") } else { shown.to_owned() }
    }

    /// A difference that shows in a figure and is small.
    pub(crate) const fn step(self) -> f64 {
        match self {
            Unit::Ratio | Unit::Probability | Unit::Factor => 0.01,
            _ => 1.0,
        }
    }

    /// The value with its sign, as people write it.
    pub fn show(self, value: f64, language: Language) -> String {
        match (self, language) {
            (Unit::YesNo, Language::Zh) => if value < 0.5 { "否" } else { "是" }.to_owned(),
            (Unit::YesNo, Language::En) => if value < 0.5 { "no" } else { "yes" }.to_owned(),
            _ => format!("{}{}", self.format(value), self.sign()),
        }
    }

    /// Whether a value says something to everybody; else it takes words of degree, and figures are for whoever asks.
    pub fn is_figure(self) -> bool {
        match self {
            Unit::Pixels | Unit::Degrees | Unit::Kilobytes | Unit::DotsPerInch | Unit::Count | Unit::Quality => true,
            Unit::Ratio | Unit::Probability | Unit::Factor | Unit::DeltaE | Unit::Lab | Unit::YesNo => false,
        }
    }

    /// The sign written after a value; empty where [`Unit::format`] already shows it.
    pub fn sign(self) -> &'static str {
        match self {
            Unit::Pixels => " px",
            Unit::Degrees => "°",
            Unit::DeltaE => " ΔE",
            Unit::Lab => " Lab",
            Unit::Kilobytes => " KB",
            Unit::DotsPerInch => " dpi",
            Unit::Ratio | Unit::Probability | Unit::Factor | Unit::Count | Unit::Quality | Unit::YesNo => "",
        }
    }
}

/// What a failed rule does to the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// The photo fails.
    Reject,
    /// A person looks; the photo never fails by this alone.
    Ask,
    /// The finding is shown and the photo's verdict stays as it is.
    Advise,
}

words! {
    /// Every severity, the gravest first.
    Severity {
        Reject: "reject",
        Ask: "ask",
        Advise: "advise",
    }
}

/// How a profile applies one rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RuleSettings {
    /// Outside: fail.
    pub limit: Limit,
    /// Inside `limit`, outside this: review.
    pub review: Limit,
    /// What a failure does to the photo.
    pub severity: Severity,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_belong_to_their_range() {
        let limit = Limit::between(-1.0, 2.0);
        assert_eq!(
            [-1.1, -1.0, 0.0, 2.0, 2.1].map(|v| limit.side(v)),
            [Some(Side::Below), None, None, None, Some(Side::Above)]
        );
        assert_eq!(Limit::at_least(3.0).side(1e9), None);
        assert_eq!(Limit::at_most(3.0).side(-1e9), None);
        assert_eq!(Limit::default().side(0.0), None);
    }

    #[test]
    fn a_range_holds_another_only_where_it_binds_no_tighter_on_both_sides() {
        let outer = Limit::between(0.0, 10.0);
        assert!(outer.contains(&outer) && outer.contains(&Limit::between(1.0, 9.0)));
        for inner in [Limit::between(-1.0, 9.0), Limit::between(1.0, 11.0), Limit::at_least(1.0), Limit::at_most(9.0)] {
            assert!(!outer.contains(&inner), "{inner:?}");
        }
        assert!(Limit::at_most(10.0).contains(&outer) && Limit::default().contains(&outer));
    }

    #[test]
    fn ranges_are_written_as_people_write_them() {
        let show = |limit: Limit, unit| [Language::Zh, Language::En].map(|language| limit.show(unit, language));
        assert_eq!(show(Limit::between(50.0, 110.0), Unit::Pixels), ["50–110 px", "50–110 px"]);
        assert_eq!(show(Limit::between(-13.0, 10.0), Unit::Degrees), ["-13.0 至 10.0°", "-13.0 to 10.0°"]);
        assert_eq!(show(Limit::between(-3.0, 3.0), Unit::Degrees), ["±3.0°", "±3.0°"]);
        assert_eq!(show(Limit::between(24.0, 24.0), Unit::Count), ["24", "24"]);
        assert_eq!(show(Limit::at_least(0.5), Unit::Ratio), ["≥ 50.0%", "≥ 50.0%"]);
        assert_eq!(show(Limit::at_most(40.0), Unit::Kilobytes), ["≤ 40.0 KB", "≤ 40.0 KB"]);
        assert_eq!(show(Limit::at_least(1.0), Unit::YesNo), ["是", "yes"]);
        assert_eq!(show(Limit::default(), Unit::Lab), ["—", "—"]);
    }

    #[test]
    fn ranges_stand_within_a_sentence() {
        let words = |limit: Limit| [Language::Zh, Language::En].map(|language| limit.words(Unit::Pixels, language));
        assert_eq!(words(Limit::between(50.0, 110.0)), ["在50 px至110 px之间", "50 px to 110 px"]);
        assert_eq!(words(Limit::between(-23.0, 23.0)), ["在23 px以内", "up to 23 px"]);
        assert_eq!(words(Limit::between(24.0, 24.0)), ["为24 px", "24 px"]);
        assert_eq!(words(Limit::at_least(50.0)), ["不低于50 px", "at least 50 px"]);
        assert_eq!(words(Limit::at_most(110.0)), ["不超过110 px", "at most 110 px"]);
        assert_eq!(words(Limit::default()), ["不限", "anything"]);
    }

    #[test]
    fn values_are_rounded_to_what_their_unit_carries_and_zero_has_no_sign() {
        let show = |unit: Unit, value| unit.show(value, Language::En);
        assert_eq!(show(Unit::Pixels, -0.4), "0 px");
        assert_eq!(show(Unit::Degrees, -0.04), "0.0°");
        assert_eq!(show(Unit::Degrees, -0.06), "-0.1°");
        assert_eq!(show(Unit::Factor, 1.005_1), "1.01");
        assert_eq!(show(Unit::Probability, 0.123_4), "12.3%");
        assert_eq!(show(Unit::DeltaE, 4.25), "4.2 ΔE");
        assert_eq!(show(Unit::Lab, 8.0), "8.0 Lab");
        assert_eq!(show(Unit::DotsPerInch, 299.6), "300 dpi");
        assert_eq!(show(Unit::YesNo, 1.0), "yes");
        assert_eq!(show(Unit::YesNo, 0.0), "no");
        assert_eq!([0.0, 1.0].map(|value| Unit::YesNo.show(value, Language::Zh)), ["否", "是"]);
        assert!(Unit::Pixels.is_figure() && !Unit::Ratio.is_figure());
    }

    #[test]
    fn a_value_outside_its_range_is_never_shown_as_the_bound() {
        let show = |limit: Limit, unit, value| {
            let [zh, en] = [Language::Zh, Language::En].map(|language| limit.show_value(value, unit, language));
            assert_eq!(zh, en);
            zh
        };
        let tilt = Limit::between(-3.0, 3.0);
        let shown = [3.0, 3.007_8, -3.007_8, 3.000_04, 3.2].map(|tilt_deg| show(tilt, Unit::Degrees, tilt_deg));
        assert_eq!(shown, ["3.0°", "3.01°", "-3.01°", "3.00004°", "3.2°"]);
        assert_eq!(show(Limit::at_least(200.0), Unit::Pixels, 199.7), "199.7 px");
        // A school's own bound is told as it was given.
        let own = Limit::between(-3.09, 3.09);
        assert_eq!(
            (show(own, Unit::Degrees, 3.094), own.show(Unit::Degrees, Language::Zh)),
            ("3.094°".to_owned(), "±3.09°".to_owned())
        );
        assert_eq!(Limit::at_most(0.069_56).words(Unit::Ratio, Language::En), "at most 6.956%");
        assert_eq!(show(Limit::at_most(0.2), Unit::Probability, 0.200_3), "20.03%");
        assert_eq!(Limit::at_least(1.0).show_value(0.9, Unit::YesNo, Language::Zh), "是");
    }

    #[test]
    fn a_limit_is_read_with_either_bound_and_nothing_else() {
        assert_eq!(serde_json::from_str::<Limit>("{\"min\": 1}").expect("half"), Limit::at_least(1.0));
        assert!(serde_json::from_str::<Limit>("{\"minimum\": 1}").is_err());
    }
}
