//! The files of an output folder, whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use gradphoto::batch::without_id_numbers;
use gradphoto::folder::{Found, PassedOver};
use gradphoto::photo::shown;
use gradphoto::{BatchReport, Language, NETS, Profile};
use gradphoto_app::atomic;
use gradphoto_app::report::Page;
use serde_json::json;

use super::lines;
use super::looks::Shown;
use crate::line::Line;
use crate::output::batch::counting;
use crate::output::csv::Csv;
use crate::output::record::Records;
use crate::output::xlsx::Xlsx;
use crate::paper::{Case, Paper, REFUND, RETAKE};
use crate::trouble::{OrTrouble, foreign, freed, replaced, unwritten};

/// So much is written at a time: a page has tens of kilobytes for each photo.
const BUFFER: usize = 1 << 18;
/// Names of the files made here.
const FILE_NAMES: [&str; 5] = [lines::FILE_NAME, "report.html", "report.csv", "report.xlsx", "batch.json"];

/// All that a run makes anew in the folder of its results.
fn made_anew(folder: &Path) -> impl Iterator<Item = PathBuf> {
    FILE_NAMES.into_iter().chain([RETAKE, REFUND]).map(|name| folder.join(name))
}

/// What stands in the files of results.
pub struct Told<'a> {
    /// What shows across the photos.
    pub batch: &'a BatchReport,
    /// Their files.
    pub photos: &'a [PathBuf],
    /// What the folders hold: also what was not looked at.
    pub found: &'a Found,
    /// The limits.
    pub profile: &'a Profile,
    /// Language of the tables.
    pub language: Language,
}

/// The files of results while a run goes: they take the place of those of an earlier run when all are whole.
pub struct Results {
    folder: PathBuf,
    lines: BufWriter<File>,
    _lock: File,
}

impl Results {
    /// Begins the report of a run in `folder`.
    ///
    /// # Errors
    /// The folder cannot be written to, another run writes there, or files of others have the names of results.
    pub fn begin(folder: &Path) -> anyhow::Result<Results> {
        // Where no run has finished, nothing of these names is ours.
        if !Self::are_in(folder)
            && let Some(other) = made_anew(folder).find(|path| path.exists())
        {
            return Err(foreign(&other).into());
        }
        let lock = lines::lock(folder)?;
        // Now, and not when every photo has been looked at.
        free(folder)?;
        let lines = begin(&folder.join(lines::FILE_NAME))?;
        Ok(Results { folder: folder.to_owned(), lines, _lock: lock })
    }

    /// Whether an earlier run left results in `folder`.
    pub fn are_in(folder: &Path) -> bool {
        folder.join(lines::FILE_NAME).exists()
    }

    /// Whether `file` is one that every run makes anew in `folder`.
    pub fn is_made_anew(file: &Path, folder: &Path) -> bool {
        let (file, folder) = (file.canonicalize(), folder.canonicalize());
        matches!((file, folder), (Ok(file), Ok(folder)) if made_anew(&folder).any(|path| path == file))
    }

    /// Appends the line of the next photo.
    ///
    /// # Errors
    /// The disk is full.
    pub fn line(&mut self, json: &str) -> anyhow::Result<()> {
        writeln!(self.lines, "{json}").or_trouble(|| unwritten(&self.folder.join(lines::FILE_NAME)))
    }

    /// Every line so far, one in memory at a time.
    fn lines(&mut self) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Line>> + use<>> {
        let path = self.folder.join(lines::FILE_NAME);
        self.lines.flush().or_trouble(|| unwritten(&path))?;
        lines::read(&beside(&path))
    }

    /// Makes the other files by reading the lines once more, and puts all in their places.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn finish(mut self, told: &Told<'_>, pictures: &Shown<'_>, mut paper: Paper) -> anyhow::Result<()> {
        let Told { batch, photos, found, profile, language } = *told;
        let lines = self.lines()?;
        let files = FILE_NAMES.map(|name| self.folder.join(name));
        let [_, html, csv, xlsx, json] = &files;
        let (notes, counting) = (batch.notes(), counting(batch));
        let records = Records { batch, notes: &notes, language };
        let heads = records.heads();
        let mut table = Csv::new(begin(csv)?, &heads).or_trouble(|| unwritten(csv))?;
        let out = begin(html)?;
        let page = Page::new(out, &self.folder, photos, batch, profile, language, |place| pictures.on_page(place));
        let mut page = page.or_trouble(|| unwritten(html))?;
        let mut workbook = Xlsx::new(batch, profile, &heads, language).or_trouble(|| unwritten(xlsx))?;
        for (place, line) in lines.enumerate().take(batch.photos().len()) {
            let line = line?.among_others(batch);
            let (outcome, row) = records.photo(place, &line);
            let shown = match &line {
                Line::Report(report) => page.photo(place, Ok(report)),
                Line::Failure(failure) => page.photo(place, Err(&failure.reason())),
            };
            shown.or_trouble(|| unwritten(html))?;
            table.row(&row).or_trouble(|| unwritten(csv))?;
            workbook.row(outcome, &row, || pictures.in_row(place)).or_trouble(|| unwritten(xlsx))?;
            let (notes, counts) = (&*notes[place], counting[place]);
            paper.add(&Case { batch, place, line: &line, notes, counts, file: photos.get(place) });
        }
        for (outcome, row) in records.missing() {
            table.row(&row).or_trouble(|| unwritten(csv))?;
            workbook.row(outcome, &row, || None).or_trouble(|| unwritten(xlsx))?;
        }
        page.finish(&found.may_be_photos().collect::<Vec<_>>()).or_trouble(|| unwritten(html))?;
        table.finish().or_trouble(|| unwritten(csv))?;
        let mut out = begin(xlsx)?;
        workbook.finish(&records, &mut out).or_trouble(|| unwritten(xlsx))?;
        out.flush().or_trouble(|| unwritten(xlsx))?;
        let mut out = begin(json)?;
        let text = with_origin(&batch.to_json(), told)?;
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).or_trouble(|| unwritten(json))?;
        // An open file cannot be renamed everywhere.
        drop(self.lines);
        // Once more, for somebody may have opened one since: all of them take their places, or none.
        free(&self.folder)?;
        for path in &files {
            replaced(atomic::replace(&beside(path), path), path)?;
        }
        paper.write(&self.folder, batch, photos)
    }
}

/// Sees to it that all that a run makes anew can be put in its place.
fn free(folder: &Path) -> anyhow::Result<()> {
    made_anew(folder).try_for_each(|path| freed(&path))
}

/// What shows across photos, with what was not looked at, and what looked.
fn with_origin(batch: &str, told: &Told<'_>) -> anyhow::Result<String> {
    let entry =
        |(path, why): &(PathBuf, PassedOver)| json!({"path": without_id_numbers(&shown(path)), "why": why.as_str()});
    let passed_over = serde_json::to_string(&told.found.passed_over().iter().map(entry).collect::<Vec<_>>())?;
    let made_by = json!({"gradphoto": env!("CARGO_PKG_VERSION"), "nets": NETS, "profile": told.profile.name()});
    // Written behind the last field: as values the findings of a large school would take ten times their text.
    let fields = batch.trim_end().trim_end_matches('}').trim_end();
    Ok(format!("{fields},\n  \"passed_over\": {passed_over},\n  \"made_by\": {made_by}\n}}\n"))
}

/// A file beside `path`, to be renamed when all are whole.
fn begin(path: &Path) -> anyhow::Result<BufWriter<File>> {
    let file = File::create(beside(path)).or_trouble(|| unwritten(path))?;
    Ok(BufWriter::with_capacity(BUFFER, file))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
