//! One file per output format. Formats make text; the commands write it.

pub mod batch;
pub mod csv;
pub mod findings_csv;
pub mod jsonl;
pub mod progress;
pub mod record;
pub mod sarif;
pub mod table;
pub mod text;
pub mod thumbnail;
pub mod xlsx;

use gradphoto::{Language, Limit, Unit};

use crate::line::Line;

/// A way to print the results of a check.
pub trait Output {
    /// The whole lines that tell the result of one photo.
    fn photo(&mut self, line: &Line) -> String;

    /// The whole lines that end a run; empty where a format has none.
    fn summary(&self) -> String;
}

/// A value with its unit, as people write it.
pub fn value(value: f64, unit: Unit, language: Language) -> String {
    unit.show(value, language)
}

/// An allowed range with its unit, as people write it.
pub fn range(limit: &Limit, unit: Unit, language: Language) -> String {
    limit.show(unit, language)
}
