//! Lists of students for the next day and for the cashier.

use std::fs;
use std::path::Path;

use gradphoto::BatchReport;
use gradphoto::batch::{Field, Status, Student};

use crate::output::csv::Csv;
use crate::output::record::Cell;

/// Who comes to the retake, in the order in which they queue: also `--queue FOLDER=FILE` for its photos.
pub const RETAKE: &str = "补拍名单.csv";
/// Who paid and has no photo.
pub const REFUND: &str = "退费名单.csv";

const STUDENT: [Field; 6] =
    [Field::Department, Field::Major, Field::Class, Field::StudentNumber, Field::Name, Field::CaptureCode];

/// The list of retakes as a CSV file; `when` is their date, time and place. `None` where nobody must come.
pub fn retake(batch: &BatchReport, when: Option<&str>) -> anyhow::Result<Option<Vec<u8>>> {
    let statuses = batch.statuses();
    let mut students =
        batch.called().into_iter().map(|place| (&batch.students()[place], &statuses[place])).collect::<Vec<_>>();
    students.sort_by_cached_key(|(student, _)| (student.place(), student.number().to_owned()));
    let rows = students.iter().enumerate().map(|(place, (student, status))| {
        let mut row = vec![Cell::Number((place + 1) as f64)];
        row.extend(cells(student));
        row.extend([status.word().zh, when.unwrap_or_default()].map(Cell::text));
        row
    });
    table(&["拍摄序号"], &["原因", "补拍安排"], rows.collect())
}

/// Who paid and did not come, as a CSV file; `None` where the roster tells nothing of payments, or nobody is to be paid back.
pub fn refund(batch: &BatchReport) -> anyhow::Result<Option<Vec<u8>>> {
    let statuses = batch.statuses();
    let unseen = batch.called().into_iter().filter(|place| statuses[*place] == Status::Missing);
    let unseen = unseen.map(|place| &batch.students()[place]).filter(|student| student.has_paid());
    let row = |student: &Student| cells(student).chain([Cell::text(student.get(Field::Paid))]).collect();
    table(&[], &["缴费"], unseen.map(row).collect())
}

fn cells(student: &Student) -> impl Iterator<Item = Cell> {
    STUDENT.into_iter().map(|field| Cell::text(student.get(field)))
}

fn table(before: &[&str], behind: &[&str], rows: Vec<Vec<Cell>>) -> anyhow::Result<Option<Vec<u8>>> {
    if rows.is_empty() {
        return Ok(None);
    }
    let heads = before.iter().copied().chain(STUDENT.map(|field| field.heads()[0])).chain(behind.iter().copied());
    let mut bytes = Vec::new();
    let mut csv = Csv::new(&mut bytes, &heads.map(str::to_owned).collect::<Vec<_>>())?;
    for row in rows {
        csv.row(&row)?;
    }
    csv.finish()?;
    Ok(Some(bytes))
}

/// Writes a list, or takes an old one away.
pub fn keep(folder: &Path, name: &str, list: Option<Vec<u8>>) -> anyhow::Result<()> {
    let path = folder.join(name);
    match list {
        Some(bytes) => crate::whole::write(&path, &bytes)?,
        None if path.exists() => fs::remove_file(&path)?,
        None => {}
    }
    Ok(())
}
