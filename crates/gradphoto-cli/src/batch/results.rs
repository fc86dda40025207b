//! The files of an output folder that are made from report.jsonl when a run is complete.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use gradphoto::batch::without_id_numbers;
use gradphoto::folder::PassedOver;
use gradphoto::photo::shown;
use gradphoto::{BatchReport, Language, Profile};
use gradphoto_app::report::Page;
use serde_json::json;

use super::journal;
use super::pictures::Pictures;
use crate::line::Line;
use crate::output::csv::Csv;
use crate::output::record::Records;
use crate::output::xlsx::Xlsx;
use crate::paper::{self, Paper};
use crate::trouble::{OrTrouble, unreplaced, unwritten};

/// Names of the files made here.
const FILE_NAMES: [&str; 4] = ["report.html", "report.csv", "report.xlsx", "batch.json"];
/// Those that are there only where somebody must come, or be paid back.
const LISTS: [&str; 2] = [paper::RETAKE, paper::REFUND];

/// Removes what an earlier run made, so that old results never lie beside new ones.
pub fn remove_earlier(folder: &Path) -> anyhow::Result<()> {
    let names = FILE_NAMES.into_iter().chain(LISTS);
    for path in names.map(|name| folder.join(name)).filter(|path| path.exists()) {
        fs::remove_file(&path).or_trouble(|| unreplaced(&path))?;
    }
    Ok(())
}

/// Makes the files by reading report.jsonl once more, a line in memory at a time; `photos` are the files of its lines.
pub fn write(
    folder: &Path,
    batch: &BatchReport,
    photos: &[PathBuf],
    passed_over: &[(PathBuf, PassedOver)],
    profile: &Profile,
    mut paper: Paper,
    language: Language,
) -> anyhow::Result<()> {
    let notes = batch.notes();
    let records = Records { batch, notes: &notes, language };
    let heads = records.heads();
    let mut written = Vec::new();
    let [html, csv, xlsx, json] = FILE_NAMES.map(|name| folder.join(name));
    let mut table = Csv::new(BufWriter::new(begin(&csv, &mut written)?), &heads)?;
    let pictures = Pictures::new(folder, photos.len());
    let picture = |place: usize| pictures.of(photos.get(place)?, batch.photos().get(place)?.sha256());
    let out = BufWriter::new(begin(&html, &mut written)?);
    let mut page = Page::new(out, folder, photos, batch, profile, language, picture)?;
    let mut workbook = Xlsx::new(batch, &heads, language)?;
    for (place, line) in journal::lines(folder)?.enumerate().take(batch.photos().len()) {
        let line = line?.among_others(batch);
        let (outcome, row) = records.photo(place, &line);
        match &line {
            Line::Report(report) => page.photo(place, Ok(report))?,
            Line::Failure(failure) => page.photo(place, Err(&failure.reason()))?,
        }
        table.row(&row)?;
        workbook.row(outcome, &row, || picture(place))?;
        paper.add(batch, place, &line, &notes[place], photos.get(place));
    }
    for (outcome, row) in records.missing() {
        table.row(&row)?;
        workbook.row(outcome, &row, || None)?;
    }
    page.finish()?;
    table.finish()?;
    workbook.finish(&records, BufWriter::new(begin(&xlsx, &mut written)?))?;
    begin(&json, &mut written)?.write_all(with_passed_over(&batch.to_json(), passed_over)?.as_bytes())?;
    for path in written {
        fs::rename(beside(&path), &path).or_trouble(|| unreplaced(&path))?;
    }
    pictures.keep_only(batch.photos().iter().map(|photo| photo.sha256()));
    paper.write(folder, batch, photos)
}

/// What shows across photos, and what was not looked at.
fn with_passed_over(batch: &str, passed_over: &[(PathBuf, PassedOver)]) -> anyhow::Result<String> {
    let entry =
        |(path, why): &(PathBuf, PassedOver)| json!({"path": without_id_numbers(&shown(path)), "why": why.as_str()});
    let passed_over = serde_json::to_string(&passed_over.iter().map(entry).collect::<Vec<_>>())?;
    // Written behind the last field: as values the findings of a large school would take ten times their text.
    let fields = batch.trim_end().trim_end_matches('}').trim_end();
    Ok(format!("{fields},\n  \"passed_over\": {passed_over}\n}}\n"))
}

/// A file beside `path`, to be renamed when all are whole.
fn begin(path: &Path, written: &mut Vec<PathBuf>) -> anyhow::Result<File> {
    written.push(path.to_owned());
    File::create(beside(path)).or_trouble(|| unwritten(path))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
