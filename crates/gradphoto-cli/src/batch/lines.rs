//! report.jsonl: a line a photo.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use crate::line::Line;
use crate::trouble::{OrTrouble, unmade, unread, unwritten};

/// Name of the file in the output folder.
pub const FILE_NAME: &str = "report.jsonl";

/// Every line of a report, one in memory at a time.
///
/// # Errors
/// The file cannot be read, and for each line that is none.
pub fn read(path: &Path) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Line>> + use<>> {
    let file = File::open(path).or_trouble(|| unread(path))?;
    Ok(BufReader::new(file).lines().map(|line| Line::from_json(&line?)))
}

/// A report that grows as photos arrive, behind what is there already.
pub struct Growing {
    file: File,
}

impl Growing {
    /// Opens the report in `folder`.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn open(folder: &Path) -> anyhow::Result<Growing> {
        gradphoto::folder::make_own_folder(folder).or_trouble(|| unmade(folder))?;
        let path = folder.join(FILE_NAME);
        let file = OpenOptions::new().create(true).append(true).open(&path).or_trouble(|| unwritten(&path))?;
        Ok(Growing { file })
    }

    /// Appends the line of a photo.
    ///
    /// # Errors
    /// The disk is full.
    pub fn append(&mut self, line: &Line) -> anyhow::Result<()> {
        // One write, so that a stop leaves whole lines.
        Ok(self.file.write_all(format!("{}\n", line.to_json()).as_bytes())?)
    }
}
