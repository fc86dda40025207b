//! Every rule, in report order.

use crate::rule::Rule;

pub mod capture;
pub mod file;
pub mod framing;
mod prelude;
pub mod subject;

/// All rules: who must act is the folder, the order is the order of every report.
pub static RULES: &[&Rule] = &[
    // framing: whoever crops the picture
    &framing::eye_line::EYE_LINE,
];

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Place of a rule in [`RULES`]; behind all for an unknown id.
pub(crate) fn position(id: &str) -> usize {
    RULES.iter().position(|rule| rule.id == id).unwrap_or(RULES.len())
}
