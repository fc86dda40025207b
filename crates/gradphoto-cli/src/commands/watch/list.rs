//! The list of photos and students, for `--assign` of the other commands.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use gradphoto::photo::Taken;

use crate::output::record::{Outcome, plain};
use crate::text_file;
use crate::trouble::{OrTrouble, foreign, unread, unwritten};

/// Its name.
pub const FILE_NAME: &str = "assigned.csv";
/// Its heads. The time tells a photo from a later one under its name, the count which of two words on a photo is the last.
const HEADS: &str = "\u{feff}照片,学号,学生,结论,相机时间,记录序号\r\n";
const COUNT: &str = "记录序号";

/// The list, open at its end.
pub struct List {
    path: PathBuf,
    file: File,
    /// The count of the next row.
    next: u64,
}

/// What a row says of a photo.
pub struct Row {
    pub photo: String,
    pub taken: Option<Taken>,
    /// What finds its student; empty where the rows before it are taken back.
    pub key: String,
    pub outcome: Outcome,
    count: Option<u64>,
}

impl List {
    /// Opens the list, with its heads where it is new; with its rows and the last one where that is cut short. Of one that a power
    /// cut tore before it said whose the photo is, nothing stays.
    pub fn open(path: &Path) -> anyhow::Result<(List, Vec<Row>, Option<String>)> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let mut file = file.or_trouble(|| unwritten(path))?;
        let mut held = fs::read(path).or_trouble(|| unread(path))?;
        let list = |file, next| List { path: path.to_owned(), file, next };
        if HEADS.as_bytes().starts_with(&held) {
            file.set_len(0).and_then(|()| file.write_all(HEADS.as_bytes())).or_trouble(|| unwritten(path))?;
            return Ok((list(file, 1), Vec::new(), None));
        }
        let end = held.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let rest = held.split_off(end);
        // It may be torn within a letter.
        let last = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let is_row = !rows(last, true).is_empty();
        if is_row {
            held.extend(last.as_bytes());
        }
        let (length, text) = (held.len() as u64, text_file::decoded(path, held)?);
        let (heads, text) = text.split_once('\n').unwrap_or_default();
        if !heads.starts_with("照片,学号") {
            return Err(foreign(path).into());
        }
        if !rest.is_empty() {
            let line_end = if is_row { &b"\r\n"[..] } else { b"" };
            file.set_len(length).and_then(|()| file.write_all(line_end)).or_trouble(|| unwritten(path))?;
        }
        let is_short = is_row && last.split(',').count() < 4;
        let rows = rows(text, heads.contains(COUNT));
        let next = rows.iter().filter_map(|row| row.count).max().unwrap_or(0) + 1;
        Ok((list(file, next), rows, is_short.then(|| plain(last))))
    }

    /// Adds a row; one without a key takes back what rows before it say of this photo.
    pub fn add(&mut self, photo: &str, taken: Option<Taken>, [key, who, outcome]: [&str; 3]) -> anyhow::Result<()> {
        let (taken, count) = (taken.map(Taken::stamp).unwrap_or_default(), self.next.to_string());
        let mut row = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        row.write_record([photo, key, who, outcome, &taken, &count])?;
        // One write, so that a stop leaves whole lines.
        let row = row.into_inner().map_err(|error| error.into_error())?;
        self.file.write_all(&row).or_trouble(|| unwritten(&self.path))?;
        self.next += 1;
        Ok(())
    }
}

/// Rows of the list as they were written, whatever sorted them since; those that a person added come last, and what came out of
/// them is to be looked at.
fn rows(list: &str, is_counted: bool) -> Vec<Row> {
    let rows = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(list.as_bytes());
    let read = |row: csv::StringRecord| {
        let text = |at: usize| row.get(at).unwrap_or_default();
        // A torn row takes nothing back.
        let is_whole = !text(1).is_empty() || row.len() > 3;
        (!text(0).is_empty() && is_whole).then(|| Row {
            photo: text(0).to_owned(),
            taken: Taken::of_stamp(text(4)),
            key: text(1).to_owned(),
            outcome: Outcome::of_word(text(3)).unwrap_or(Outcome::Review),
            count: text(5).parse().ok().filter(|_| is_counted),
        })
    };
    let mut rows = rows.into_records().filter_map(|row| read(row.ok()?)).collect::<Vec<_>>();
    rows.sort_by_key(|row| row.count.unwrap_or(u64::MAX));
    rows
}
