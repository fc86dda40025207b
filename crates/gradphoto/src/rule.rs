//! What a rule is, and the only place where a measured value meets its limit.

use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::geometry::Region;
use crate::profile::{Reference, RuleSettings};
use crate::report::{Finding, Verdict};
use crate::text::{Language, Reason, Text, text};

/// One requirement of the standard: how it is measured, its default limits, its words.
///
/// Written with the macro `rule!`, one file per rule; the file's name is the id.
pub struct Rule {
    /// Stable name in kebab case, such as `eyes-open`.
    pub id: &'static str,
    /// Short name for tables.
    pub name: Text,
    /// Clause of the standard, such as `二.2`, or `—` where the standard is silent.
    pub clause: &'static str,
    /// Unit of the measured value.
    pub unit: Unit,
    /// Outside: fail.
    pub limit: Limit,
    /// Inside `limit` but outside this: a person looks.
    pub review: Limit,
    /// What a failure does to the photo.
    pub severity: Severity,
    /// What to say when the value is too small.
    pub below: Text,
    /// What to say when the value is too large.
    pub above: Text,
    /// The handbook page, taken from the doc comment.
    pub docs: &'static str,
    /// Source file of the rule.
    pub file: &'static str,
    /// Measures the evidence; pure.
    pub measure: fn(&Evidence, &Reference) -> Measured,
}

/// What a rule's `measure` returns.
pub type Measured = Result<Measurement, NotAssessed>;

/// A value read off the evidence, before any limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// In the rule's unit; finite.
    pub value: f64,
    /// Where on the photo, for the overlay.
    pub region: Option<Region>,
    /// What was seen, for the `{seen}` of the rule's sentences.
    pub seen: Option<Text>,
}

impl Measurement {
    /// A bare value in the rule's unit.
    pub fn new(value: f64) -> Self {
        Measurement { value, region: None, seen: None }
    }

    /// Adds where on the photo the value was measured.
    pub fn at(self, region: impl Into<Option<Region>>) -> Self {
        Measurement { region: region.into(), ..self }
    }

    /// Adds what was seen.
    pub fn seeing(self, seen: Text) -> Self {
        Measurement { seen: Some(seen), ..self }
    }
}

/// Why a rule could not be measured. Never a failure of the photo by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAssessed {
    /// No face was found.
    NoFace,
    /// The photo came as pixels, so nothing is known of its file.
    NoFile,
    /// The rule speaks of JPEG files and this is none.
    NotJpeg,
    /// The part that the rule measures is not in the picture or cannot be told from the rest.
    NotSeen(Text),
}

impl NotAssessed {
    /// The reason as a sentence.
    pub fn text(&self) -> Text {
        match self {
            NotAssessed::NoFace => text("未检测到人脸，无法判断此项。", "No face was found, so this cannot be judged."),
            NotAssessed::NoFile => {
                text("只有像素，没有文件，无法判断此项。", "Only pixels were given, no file, so this cannot be judged.")
            }
            NotAssessed::NotJpeg => {
                text("不是 JPEG 文件，此项不适用。", "This is no JPEG file, so the rule does not apply.")
            }
            NotAssessed::NotSeen(what) => *what,
        }
    }
}

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
        let shown = |bound| unit.show(bound, language);
        match (self.min, self.max) {
            (Some(bound), None) | (None, Some(bound)) if unit == Unit::YesNo => shown(bound),
            (Some(min), Some(max)) if min == max => shown(min),
            (Some(min), Some(max)) if min == -max => format!("±{}", shown(max)),
            (Some(min), Some(max)) => format!("{}–{}", unit.format(min), shown(max)),
            (Some(min), None) => format!("≥ {}", shown(min)),
            (None, Some(max)) => format!("≤ {}", shown(max)),
            (None, None) => "—".to_owned(),
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Too small.
    Below,
    /// Too large.
    Above,
}

/// Unit of a measured value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Pixels of a 480x640 photo.
    #[serde(rename = "px")]
    Pixels,
    /// Degrees.
    #[serde(rename = "deg")]
    Degrees,
    /// A share or ratio; the rule's page says of what.
    #[serde(rename = "ratio")]
    Ratio,
    /// A pure number; the rule's page says of what.
    #[serde(rename = "factor")]
    Factor,
    /// Colour difference CIEDE2000.
    #[serde(rename = "deltaE00")]
    DeltaE,
    /// Units of CIELAB L*, a* or b*.
    #[serde(rename = "lab")]
    Lab,
    /// Kilobytes of 1024 bytes.
    #[serde(rename = "KB")]
    Kilobytes,
    /// Dots per inch.
    #[serde(rename = "dpi")]
    DotsPerInch,
    /// A count.
    #[serde(rename = "count")]
    Count,
    /// IJG quality, 1 to 100.
    #[serde(rename = "quality")]
    Quality,
    /// 1 where the requirement is met, 0 where not.
    #[serde(rename = "yes-no")]
    YesNo,
}

impl Unit {
    /// The value as people write it: rounded to what the unit can carry, shares as percent.
    pub fn format(self, value: f64) -> String {
        let (value, digits) = match self {
            Unit::Pixels | Unit::DotsPerInch | Unit::Count | Unit::Quality | Unit::YesNo => (value, 0),
            Unit::Degrees | Unit::DeltaE | Unit::Lab | Unit::Kilobytes => (value, 1),
            Unit::Factor => (value, 2),
            Unit::Ratio => (value * 100.0, 1),
        };
        let shown = format!("{value:.digits$}");
        let is_zero = shown.trim_start_matches('-').bytes().all(|c| matches!(c, b'0' | b'.'));
        let shown = if is_zero { shown.trim_start_matches('-') } else { &shown };
        if self == Unit::Ratio { format!("{shown}%") } else { shown.to_owned() }
    }

    /// The value with its sign, as people write it.
    pub fn show(self, value: f64, language: Language) -> String {
        match (self, language) {
            (Unit::YesNo, Language::Zh) => if value < 0.5 { "否" } else { "是" }.to_owned(),
            (Unit::YesNo, Language::En) => if value < 0.5 { "no" } else { "yes" }.to_owned(),
            _ => format!("{}{}", self.format(value), self.sign()),
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
            Unit::Ratio | Unit::Factor | Unit::Count | Unit::Quality | Unit::YesNo => "",
        }
    }
}

/// What a failed rule does to the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The photo fails.
    Reject,
    /// The finding is shown and the photo's verdict stays as it is.
    Advise,
}

/// The folder a rule lives in: who must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// The software that writes the file.
    File,
    /// The photographer.
    Capture,
    /// Whoever crops the picture.
    Framing,
    /// The person on the photo.
    Subject,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        self.id == other.id
    }
}

impl Rule {
    /// Who must act on a failure: the folder the rule's file lies in.
    pub fn group(&self) -> Group {
        let folder = self.file.rsplit(['/', '\\']).nth(1);
        match folder {
            Some("file") => Group::File,
            Some("capture") => Group::Capture,
            Some("framing") => Group::Framing,
            _ => Group::Subject,
        }
    }

    /// Limits and severity as the rule's file declares them.
    pub fn settings(&self) -> RuleSettings {
        RuleSettings { limit: self.limit, review: self.review, severity: self.severity }
    }

    /// Measures the evidence and judges the value by the profile's settings.
    pub(crate) fn judge(&'static self, evidence: &Evidence, reference: &Reference, settings: &RuleSettings) -> Finding {
        let measured = (self.measure)(evidence, reference);
        let verdict = match &measured {
            Err(_) => Verdict::NotAssessed,
            Ok(m) if settings.limit.side(m.value).is_some() => Verdict::Fail,
            Ok(m) if settings.review.side(m.value).is_some() => Verdict::Review,
            Ok(_) => Verdict::Pass,
        };
        Finding {
            rule: self,
            verdict,
            value: measured.as_ref().ok().map(|m| m.value),
            limit: settings.limit,
            review: settings.review,
            severity: settings.severity,
            reason: self.reason(&measured, verdict, &settings.review),
            region: measured.ok().and_then(|m| m.region),
        }
    }

    fn reason(&self, measured: &Measured, verdict: Verdict, allowed: &Limit) -> Reason {
        let measurement = match measured {
            Err(why) => return Reason::from_each(why.text(), |sentence, _| sentence.to_owned()),
            Ok(measurement) => measurement,
        };
        let number = |value: f64| format!("{}{}", self.unit.format(value), self.unit.sign());
        // Between limits such as ±8° the sentence names the side, so the number needs no sign.
        let is_symmetric = allowed.max.is_some_and(|max| allowed.min == Some(-max));
        let value = if is_symmetric { measurement.value.abs() } else { measurement.value };
        let fill = |sentence: &str, language| {
            sentence
                .replace("{value}", &number(value))
                .replace("{min}", &allowed.min.map(number).unwrap_or_default())
                .replace("{max}", &allowed.max.map(number).unwrap_or_default())
                .replace("{seen}", measurement.seen.map_or("", |seen| seen.get(language)))
        };
        let sentence = match allowed.side(measurement.value) {
            Some(Side::Below) => self.below,
            Some(Side::Above) => self.above,
            None => {
                return Reason::from_each(self.name, |name, language| match language {
                    Language::Zh => format!("{name}符合要求。"),
                    Language::En => format!("{name}: meets the requirement."),
                });
            }
        };
        Reason::from_each(sentence, |sentence, language| {
            let filled = fill(sentence, language);
            match (verdict, language) {
                (Verdict::Review, Language::Zh) => format!("请人工确认：{filled}"),
                (Verdict::Review, Language::En) => format!("Please check by eye: {filled}"),
                _ => filled,
            }
        })
    }
}

/// Declares a rule; the doc comment above it becomes its handbook page.
///
/// The file must define `fn measure(evidence: &Evidence, reference: &Reference) -> Measured`.
macro_rules! rule {
    ($(#[doc = $docs:literal])+ $name:ident { $($field:ident: $value:expr),+ $(,)? }) => {
        $(#[doc = $docs])+
        pub(crate) static $name: $crate::rule::Rule =
            $crate::rule::Rule { docs: concat!($($docs, "\n"),+), file: file!(), measure, $($field: $value),+ };
    };
}
pub(crate) use rule;
