//! What a rule is: how it is measured, its default limits, its words.

use serde::Deserialize;

use crate::evidence::{Evidence, NotAssessed};
use crate::geometry::Region;
use crate::limit::{Limit, RuleSettings, Severity, Side, Unit};
use crate::text::{Reason, Text, words};

/// One requirement of the standard: how it is measured, what is allowed, its words.
///
/// Written with the macro `rule!`, one file per rule; the file's name is the id.
#[non_exhaustive]
pub struct Rule {
    /// Stable name in kebab case, such as `eyes-open`.
    pub id: &'static str,
    /// What is asked, in a few words for tables: 衣服有领.
    pub name: Text,
    /// What the number is: 无领的可能性.
    pub quantity: Text,
    /// Clause of the standard, such as `二.2`, or `—` where the standard is silent.
    pub clause: &'static str,
    /// Unit of the measured value.
    pub unit: Unit,
    /// What is allowed, and what is wrong otherwise.
    pub requirement: Requirement,
    /// What a failure does to the photo.
    pub severity: Severity,
    /// The first edition with this rule; profiles written for an earlier one leave it off.
    pub since: u32,
    /// The handbook page, taken from the doc comment.
    pub docs: &'static str,
    /// Source file of the rule.
    pub file: &'static str,
    /// See [`Rule::group`].
    pub(crate) group: Group,
    /// What `{seen}` may be in the sentences, for their examples in the handbook.
    pub(crate) seen: Text,
    /// How far beyond a limit those examples lie.
    pub(crate) step: f64,
    /// Measures the evidence; pure.
    pub(crate) measure: fn(&Evidence) -> Measured,
    /// For rules whose value depends on the profile's reference: the value and what was seen, by the parts measured.
    pub(crate) compare: Option<Compare>,
}

/// The value by a measurement's parts, and what was seen; `None` for parts that another version measured otherwise.
pub(crate) type Compare = fn(&[f64], &Reference) -> Option<(f64, Option<Text>)>;

/// The latest edition of the rules. It grows when a rule is added.
pub const EDITION: u32 = 1;

/// What is allowed by default, and what is wrong beyond it. Between `review` and `limit` a person looks.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Requirement {
    /// The smaller the better.
    AtMost {
        /// Larger: fail.
        limit: f64,
        /// Larger: review.
        review: f64,
        /// A value that is too large.
        fault: Fault,
    },
    /// The larger the better.
    AtLeast {
        /// Smaller: fail.
        limit: f64,
        /// Smaller: review.
        review: f64,
        /// A value that is too small.
        fault: Fault,
    },
    /// Neither too small nor too large.
    Between {
        /// Outside: fail.
        limit: (f64, f64),
        /// Outside: review.
        review: (f64, f64),
        /// A value that is too small.
        below: Fault,
        /// A value that is too large.
        above: Fault,
    },
    /// Met, which measures 1, or not, which measures 0.
    Holds {
        /// Not met.
        fault: Fault,
    },
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In a few words for tables: 无领.
    pub name: Text,
    /// In one sentence with what to do. It may hold `{value}`, `{allowed}` (the range in words), `{seen}` (what was seen),
    /// `{degree}` (how far beyond) and `{guess}` (how likely).
    pub reason: Text,
}

impl Requirement {
    /// Outside: fail.
    pub fn limit(&self) -> Limit {
        match *self {
            Requirement::AtMost { limit, .. } => Limit::at_most(limit),
            Requirement::AtLeast { limit, .. } => Limit::at_least(limit),
            Requirement::Between { limit: (min, max), .. } => Limit::between(min, max),
            Requirement::Holds { .. } => Limit::at_least(1.0),
        }
    }

    /// Inside [`Requirement::limit`] but outside this: a person looks.
    pub fn review(&self) -> Limit {
        match *self {
            Requirement::AtMost { review, .. } => Limit::at_most(review),
            Requirement::AtLeast { review, .. } => Limit::at_least(review),
            Requirement::Between { review: (min, max), .. } => Limit::between(min, max),
            Requirement::Holds { .. } => Limit::at_least(1.0),
        }
    }

    /// What is wrong with a value on this side; `None` where no value is too small, or none too large.
    pub fn fault(&self, side: Side) -> Option<&Fault> {
        match (self, side) {
            (Requirement::AtMost { fault, .. }, Side::Above)
            | (Requirement::AtLeast { fault, .. } | Requirement::Holds { fault }, Side::Below)
            | (Requirement::Between { below: fault, .. }, Side::Below)
            | (Requirement::Between { above: fault, .. }, Side::Above) => Some(fault),
            _ => None,
        }
    }

    /// Every fault that can be told.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        [Side::Below, Side::Above].into_iter().filter_map(|side| self.fault(side))
    }
}

/// What a rule's `measure` returns.
pub(crate) type Measured = Result<Measurement, NotAssessed>;

/// A value read off the evidence, before any limit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measurement {
    /// In the rule's unit; finite.
    pub value: f64,
    /// Where on the photo, for the overlay.
    pub region: Option<Region>,
    /// What was seen, for the `{seen}` of the rule's sentences.
    pub seen: Option<Reason>,
    /// What the value is made of where it depends on the profile's reference.
    pub parts: Vec<f64>,
}

impl Measurement {
    /// A bare value in the rule's unit.
    pub fn new(value: f64) -> Self {
        Measurement { value, region: None, seen: None, parts: vec![] }
    }

    /// What the rule's `compare` makes the value of.
    pub fn of_parts(parts: Vec<f64>) -> Self {
        Measurement { parts, ..Measurement::new(0.0) }
    }

    /// Adds where on the photo the value was measured.
    pub fn at(self, region: impl Into<Option<Region>>) -> Self {
        Measurement { region: region.into(), ..self }
    }

    /// Adds what was seen; empty words say nothing.
    pub fn seeing(self, seen: impl Into<Reason>) -> Self {
        Measurement { seen: Some(seen.into()).filter(|seen| !seen.zh.is_empty()), ..self }
    }
}

/// Values that rules compare with, other than limits.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Reference {
    /// Allowed background colours, sRGB 0 to 255; the nearest counts.
    pub background_colours: Vec<[u8; 3]>,
    /// Hues that clothes must not have.
    pub forbidden_clothing: Vec<ClothingHue>,
}

/// A hue that a school may forbid for clothes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum ClothingHue {
    Blue,
    Yellow,
    Green,
    Purple,
}

words! {
    /// Every hue.
    ClothingHue {
        Blue: "blue",
        Yellow: "yellow",
        Green: "green",
        Purple: "purple",
    }
}

/// Who must act: the folder that a rule lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

words! {
    /// Every group, in the order of [`RULES`](crate::RULES).
    Group {
        File: "file",
        Capture: "capture",
        Framing: "framing",
        Subject: "subject",
    }
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
    /// Who must act on a failure.
    pub fn group(&self) -> Group {
        self.group
    }

    /// Limits and severity as the rule's file declares them.
    pub fn settings(&self) -> RuleSettings {
        RuleSettings { limit: self.requirement.limit(), review: self.requirement.review(), severity: self.severity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::text;

    const FAULT: Fault = Fault { name: text("甲", "a"), reason: text("甲。", "A.") };
    const OTHER: Fault = Fault { name: text("乙", "b"), reason: text("乙。", "B.") };

    #[test]
    fn a_requirement_has_a_fault_only_where_a_value_can_be_wrong() {
        let most = Requirement::AtMost { limit: 2.0, review: 1.0, fault: FAULT };
        assert_eq!((most.fault(Side::Below), most.fault(Side::Above)), (None, Some(&FAULT)));
        assert_eq!((most.limit(), most.review()), (Limit::at_most(2.0), Limit::at_most(1.0)));
        let least = Requirement::AtLeast { limit: 1.0, review: 2.0, fault: FAULT };
        assert_eq!((least.fault(Side::Below), least.fault(Side::Above)), (Some(&FAULT), None));
        assert_eq!((least.limit(), least.review()), (Limit::at_least(1.0), Limit::at_least(2.0)));
        let between = Requirement::Between { limit: (0.0, 9.0), review: (1.0, 8.0), below: FAULT, above: OTHER };
        assert_eq!((between.fault(Side::Below), between.fault(Side::Above)), (Some(&FAULT), Some(&OTHER)));
        assert_eq!((between.limit(), between.review()), (Limit::between(0.0, 9.0), Limit::between(1.0, 8.0)));
        let holds = Requirement::Holds { fault: FAULT };
        assert_eq!((holds.fault(Side::Below), holds.fault(Side::Above)), (Some(&FAULT), None));
        assert_eq!((holds.limit().side(0.0), holds.limit().side(1.0)), (Some(Side::Below), None));
        assert_eq!(holds.review(), holds.limit());
        assert_eq!([most, least, between, holds].map(|requirement| requirement.faults().count()), [1, 1, 2, 1]);
    }

    #[test]
    fn a_rule_is_told_and_known_by_its_id() {
        let [one, other] = [0, 1].map(|place| crate::rules::RULES[place]);
        assert_eq!(format!("{one:?}"), one.id);
        assert!(one == one && one != other);
    }

    #[test]
    fn the_folder_of_a_rule_says_who_must_act() {
        let who =
            ["file-size", "sharpness", "eye-line", "eyes-open"].map(|id| crate::rules::find(id).expect(id).group());
        assert_eq!(who, [Group::File, Group::Capture, Group::Framing, Group::Subject]);
    }
}
