//! What a rule is: how it is measured, its default limits, its words.

use serde::{Deserialize, Serialize};

use crate::evidence::{Evidence, NotAssessed};
use crate::geometry::Region;
use crate::limit::{Limit, RuleSettings, Severity, Unit};
use crate::text::Text;

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

/// Values that rules compare with, other than limits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// Allowed background colours, sRGB 0 to 255; the nearest counts.
    pub background_colours: Vec<[u8; 3]>,
    /// Hues that clothes must not have.
    pub forbidden_clothing: Vec<ClothingHue>,
}

/// A hue that a school may forbid for clothes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum ClothingHue {
    Blue,
    Yellow,
    Green,
    Purple,
}

impl ClothingHue {
    /// The name in profiles.
    pub fn as_str(self) -> &'static str {
        match self {
            ClothingHue::Blue => "blue",
            ClothingHue::Yellow => "yellow",
            ClothingHue::Green => "green",
            ClothingHue::Purple => "purple",
        }
    }
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
