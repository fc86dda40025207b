//! One JSON object a line, one line a photo.

use super::Output;
use crate::line::Line;

/// The format that programs read; nothing but photos in it, so it has no summary.
pub struct Jsonl;

impl Output for Jsonl {
    fn photo(&mut self, line: &Line) -> String {
        line.to_json() + "\n"
    }

    fn summary(&self) -> String {
        String::new()
    }
}
