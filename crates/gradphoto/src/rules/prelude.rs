//! What every rule file needs.

pub(crate) use crate::colour::{
    Lab, chroma, delta_e, hue_deg, lab_from_rgb, linear_from_lab, linear_from_rgb, mean, median, percentile,
};
pub(crate) use crate::evidence::{Class, Evidence, NotAssessed};
pub(crate) use crate::geometry::{BodySide, Point, Region};
pub(crate) use crate::limit::{Severity, Unit};
pub(crate) use crate::rule::{ClothingHue, Fault, Measured, Measurement, Reference, Requirement};
pub(crate) use crate::text::{Text, text};

/// 0 up to the first of two values, 1 from the second on, evenly between: what counts differently on either side of a value
/// passes into the other, lest photos that look the same are judged by that.
pub(crate) fn ramp(value: f32, (from, to): (f32, f32)) -> f32 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}

/// Declares a rule; the doc comment above it becomes its handbook page.
///
/// The file must define `fn measure(evidence: &Evidence) -> Measured`, the folder's `mod.rs` its `GROUP`.
macro_rules! rule {
    ($(#[doc = $docs:literal])+ $name:ident {
        id: $id:expr,
        name: $asked:expr,
        quantity: $quantity:expr,
        clause: $clause:expr,
        unit: $unit:expr,
        requirement: $requirement:expr,
        severity: $severity:expr,
        $(since: $since:expr,)?
        $(seen: $seen:expr,)?
        $(step: $step:expr,)?
        $(compare: $compare:expr,)?
    }) => {
        $(#[doc = $docs])+
        pub(crate) static $name: $crate::rule::Rule = $crate::rule::Rule {
            id: $id,
            name: $asked,
            quantity: $quantity,
            clause: $clause,
            unit: $unit,
            requirement: $requirement,
            severity: $severity,
            since: $crate::rules::prelude::either!([$($since)?] 1),
            docs: concat!($($docs, "\n"),+),
            file: file!(),
            group: super::GROUP,
            seen: $crate::rules::prelude::either!([$($seen)?] $crate::text::text("", "")),
            step: $crate::rules::prelude::either!([$($step)?] $unit.step()),
            measure,
            compare: $crate::rules::prelude::either!([$(Some($compare))?] None),
        };
    };
}

/// The first where it is given, else the second.
macro_rules! either {
    ([] $other:expr) => {
        $other
    };
    ([$one:expr] $other:expr) => {
        $one
    };
}
pub(crate) use {either, rule};
