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

use gradphoto::BatchReport;

use crate::line::Line;

/// 1 photo, 2 photos.
pub fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// A way to print the results of a check.
pub trait Output {
    /// The whole lines that begin a run; empty where a format has none.
    fn heads(&self) -> String {
        String::new()
    }

    /// The whole lines that tell the result of one photo.
    fn photo(&mut self, line: &Line) -> String;

    /// What became of the photos as they stand among each other: what the end of a run counts then.
    fn across(&mut self, _batch: &BatchReport) {}

    /// The whole lines that end a run; empty where a format has none.
    fn summary(&self) -> String;
}
