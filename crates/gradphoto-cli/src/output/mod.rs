//! One file per output format. Formats make text; the commands write it.

pub mod jsonl;
pub mod table;
pub mod text;

use std::path::Path;

use gradphoto::{Error, Language, Limit, Report, Unit};

/// A way to print the results of a check.
pub trait Output {
    /// The whole lines that tell the result of one photo.
    fn photo(&mut self, photo: &Path, result: &Result<Report, Error>) -> String;

    /// The whole lines that end a run; empty where a format has none.
    fn summary(&self) -> String;
}

/// A value with its unit, as people write it.
pub fn value(value: f64, unit: Unit, language: Language) -> String {
    match (unit, language) {
        (Unit::YesNo, Language::Zh) => if value < 0.5 { "否" } else { "是" }.to_owned(),
        (Unit::YesNo, Language::En) => if value < 0.5 { "no" } else { "yes" }.to_owned(),
        _ => format!("{}{}", unit.format(value), unit.sign()),
    }
}

/// An allowed range with its unit, as people write it.
pub fn range(limit: &Limit, unit: Unit, language: Language) -> String {
    let shown = |bound| value(bound, unit, language);
    match (limit.min, limit.max) {
        (Some(bound), None) | (None, Some(bound)) if unit == Unit::YesNo => shown(bound),
        (Some(min), Some(max)) if min == max => shown(min),
        (Some(min), Some(max)) if min == -max => format!("±{}", shown(max)),
        (Some(min), Some(max)) => format!("{}–{}", unit.format(min), shown(max)),
        (Some(min), None) => format!("≥ {}", shown(min)),
        (None, Some(max)) => format!("≤ {}", shown(max)),
        (None, None) => "—".to_owned(),
    }
}
