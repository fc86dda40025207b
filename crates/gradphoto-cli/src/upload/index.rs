//! index.csv: a row a photo, which file it became, whose it is, what came out; then students without any.

use std::path::Path;

use gradphoto::batch::{Field, Status, Student};
use gradphoto::folder::NOTED_COPIES;
use gradphoto::{Language, PhotoVerdict};
use gradphoto_app::atomic;

use super::copies::{Copies, Copy};
use crate::output::csv::Csv;
use crate::output::record::{Cell, Outcome};
use crate::trouble::{foreign, freed, replaced};

/// Name of the file in the folder of copies.
pub const FILE_NAME: &str = "index.csv";

/// Sees to it that the index can be written, now and not when every copy has been made; one of somebody else's only where
/// `overwrite` says so.
pub fn free(folder: &Path, overwrite: bool) -> anyhow::Result<()> {
    let path = folder.join(FILE_NAME);
    if !overwrite && path.exists() && !folder.join(NOTED_COPIES).exists() {
        return Err(foreign(&path).into());
    }
    freed(&path)
}

/// Writes the index whole, or leaves the one that is there. `left_out` are students of whom there is no photo.
pub fn write(folder: &Path, copies: &Copies, left_out: &[&Student], language: Language) -> anyhow::Result<()> {
    let heads = match language {
        Language::Zh => ["文件", "学号", "姓名", "院系", "班级", "结论", "说明", "大小（字节）", "JPEG 品质", "原片"],
        Language::En => {
            ["file", "student number", "name", "department", "class", "result", "why", "bytes", "quality", "photo"]
        }
    };
    let mut bytes = Vec::new();
    let mut csv = Csv::new(&mut bytes, &heads.map(str::to_owned))?;
    let mut rows = copies.all().collect::<Vec<_>>();
    rows.sort_by_key(|copy| (copy.file.is_none(), copy.file.clone(), copy.photo.clone()));
    for copy in rows {
        csv.row(&row(copy, language))?;
    }
    for student in left_out {
        csv.row(&row_without_photo(student, language))?;
    }
    csv.finish()?;
    let path = folder.join(FILE_NAME);
    replaced(atomic::write(&path, &bytes), &path)
}

fn row(copy: &Copy, language: Language) -> Vec<Cell> {
    let number = |number: usize| if copy.file.is_some() { Cell::Number(number as f64) } else { Cell::text("") };
    let result = match (&copy.file, copy.outcome()) {
        (Some(_), verdict) => Outcome::of(verdict).word(language),
        (None, Some(PhotoVerdict::Review)) => match language {
            Language::Zh => "待确认，未生成",
            Language::En => "review, no copy",
        },
        (None, _) => match language {
            Language::Zh => "未生成",
            Language::En => "no copy",
        },
    };
    let [student, name, department, class] = &copy.student;
    let reasons = copy.reasons(language);
    let texts = [copy.file.as_deref().unwrap_or_default(), student, name, department, class, result, &reasons];
    let mut row = texts.map(Cell::text).to_vec();
    row.extend([number(copy.bytes), number(copy.quality.into()), Cell::text(&copy.photo)]);
    row
}

fn row_without_photo(student: &Student, language: Language) -> Vec<Cell> {
    let status = if student.is_collected() { Status::Collected } else { Status::Missing };
    let known = [Field::StudentNumber, Field::Name, Field::Department, Field::Class].map(|field| student.get(field));
    let texts = [&[""], known.as_slice(), &[status.word().get(language), "", "", "", ""]].concat();
    texts.into_iter().map(Cell::text).collect()
}
