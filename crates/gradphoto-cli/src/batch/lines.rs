//! report.jsonl: a line a photo.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::line::Line;
use crate::trouble::{OrTrouble, foreign, trouble, unmade, unread, unwritten};

/// Name of the file in the output folder.
pub const FILE_NAME: &str = "report.jsonl";

/// Every line of a report, one in memory at a time.
///
/// # Errors
/// The file cannot be read. A line that is none is an error in its place.
pub fn read(path: &Path) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Line>> + use<>> {
    let file = File::open(path).or_trouble(|| unread(path))?;
    Ok(BufReader::new(file).lines().map(|line| Line::from_json(&line?)))
}

/// A report that grows as photos arrive, behind what is there already.
pub struct Growing {
    path: PathBuf,
    file: File,
    _lock: File,
}

impl Growing {
    /// Opens the report in `folder`; a last line that a power cut tore goes.
    ///
    /// # Errors
    /// The folder cannot be written to, another run writes there, or a file of others has the report's name.
    pub fn open(folder: &Path) -> anyhow::Result<Growing> {
        let lock = lock(folder)?;
        let path = folder.join(FILE_NAME);
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = file.or_trouble(|| unwritten(&path))?;
        let end = whole_lines(&file).or_trouble(|| unread(&path))?.ok_or_else(|| foreign(&path))?;
        file.set_len(end).and_then(|()| file.seek(SeekFrom::End(0))).or_trouble(|| unwritten(&path))?;
        Ok(Growing { path, file, _lock: lock })
    }

    /// Appends the line of a photo.
    ///
    /// # Errors
    /// The disk is full.
    pub fn append(&mut self, line: &Line) -> anyhow::Result<()> {
        // One write, so that a stop leaves whole lines.
        let whole = format!("{}\n", line.to_json());
        self.file.write_all(whole.as_bytes()).or_trouble(|| unwritten(&self.path))
    }
}

/// How many bytes whole lines take; `None` where they are no report's.
fn whole_lines(file: &File) -> io::Result<Option<u64>> {
    let mut reader = BufReader::new(file);
    let (mut end, mut line) = (0, Vec::new());
    while reader.read_until(b'\n', &mut line)? > 0 {
        let is_whole = line.ends_with(b"\n");
        if (is_whole || end == 0) && !line.starts_with(b"{") {
            return Ok(None);
        }
        end += if is_whole { line.len() as u64 } else { 0 };
        line.clear();
    }
    Ok(Some(end))
}

/// Makes a folder of results and keeps other runs from it as long as what is returned is open.
///
/// # Errors
/// The folder cannot be written to, or another run writes there.
pub fn lock(folder: &Path) -> anyhow::Result<File> {
    gradphoto::folder::make_own_folder(folder).or_trouble(|| unmade(folder))?;
    // A file of its own: a locked one cannot be read everywhere.
    let path = folder.join(".gradphoto-lock");
    let lock =
        OpenOptions::new().write(true).create(true).truncate(false).open(&path).or_trouble(|| unwritten(&path))?;
    // Some network folders know no locks: that is no reason not to work on them.
    if let Err(TryLockError::WouldBlock) = lock.try_lock() {
        let shown = folder.display();
        return Err(trouble(
            format!("另一次检查正在写 {shown}，请等它结束，或给 --output 换一个文件夹"),
            format!("another run is writing {shown}; wait for it to end, or give --output another folder"),
        )
        .into());
    }
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_torn_end_goes_and_one_run_at_a_time_writes() {
        let folder = std::env::temp_dir().join(format!("gradphoto-lines-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(FILE_NAME), "{\"photo\":1}\n{\"pho").unwrap();
        let growing = Growing::open(&folder).unwrap();
        assert_eq!(fs::read_to_string(folder.join(FILE_NAME)).unwrap(), "{\"photo\":1}\n");
        assert!(Growing::open(&folder).is_err_and(|error| error.to_string().contains("another run")));
        drop(growing);
        assert!(Growing::open(&folder).is_ok());
        let others = "note one\nno line end";
        fs::write(folder.join(FILE_NAME), others).unwrap();
        assert!(Growing::open(&folder).is_err_and(|error| error.to_string().contains("did not write")));
        assert_eq!(fs::read_to_string(folder.join(FILE_NAME)).unwrap(), others);
        fs::remove_dir_all(folder).unwrap();
    }
}
