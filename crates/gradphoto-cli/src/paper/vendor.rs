//! A report for the company that shoots: what must be shot or worked on again, by shot number or 采集码, with a small picture
//! and the reasons. No name and no number of an identity document: 教学服〔2022〕10号 forbids to hand them on.

use std::path::Path;

use gradphoto::batch::{BatchPhoto, Field, Status, Student};
use gradphoto::{BatchReport, Language, Mark, Report};

use super::document::{Cell, Document};
use super::{Case, refused, unopened};
use crate::line::Line;
use crate::output::csv::Csv;
use crate::output::record;
use crate::output::thumbnail;
use crate::own::{Kind, OwnFiles};

const PICTURE_PX: (u32, u32) = (72, 96);

/// The rows of the report while they are gathered.
#[derive(Default)]
pub struct Vendor {
    rows: Vec<Row>,
}

struct Row {
    /// How the company knows the shot.
    shot: String,
    status: &'static str,
    reasons: String,
    picture: Option<(Vec<u8>, (u32, u32))>,
}

impl Vendor {
    /// Adds a photo, if it is to be shot or made again.
    pub fn add(&mut self, case: &Case<'_>) {
        let Case { batch, place, line, notes, counts, file } = *case;
        let photo = &batch.photos()[place];
        if !counts || !matches!(photo.status(), Status::Retake | Status::Reprocess) {
            return;
        }
        // What was noted of the photo may name somebody.
        let names = |note: &str| batch.students().iter().flat_map(Student::keys).any(|(_, key)| note.contains(key));
        let note = photo.decided().map(|decided| &*decided.note).filter(|note| !note.is_empty() && !names(note));
        let mut reasons = match (refused(photo, line, note.unwrap_or_default()), line) {
            (Some(why), _) => vec![why],
            (None, Line::Report(report)) => gravest(report),
            (None, Line::Failure(failure)) => vec![unopened(failure)],
        };
        // What names students stays in the school.
        let open = notes.iter().filter(|finding| !finding.is_settled() && finding.students().is_empty());
        reasons.extend(open.map(|finding| finding.reason().zh.clone()));
        self.rows.push(Row {
            shot: shot(batch, photo).unwrap_or_else(|| format!("第{}张", place + 1)),
            status: photo.status().word().zh,
            reasons: reasons.join("\n"),
            picture: file.and_then(|file| thumbnail::png(file, PICTURE_PX)),
        });
    }

    /// Writes the report, those who have no photo included, in place of an earlier one.
    pub fn write(mut self, folder: &Path, batch: &BatchReport) -> anyhow::Result<()> {
        let statuses = batch.statuses();
        for place in batch.called() {
            let (student, status) = (&batch.students()[place], statuses[place]);
            if let (Status::Missing, Some((_, shot))) = (status, code(student)) {
                let reasons = "没有照片。".to_owned();
                self.rows.push(Row { shot: shot.to_owned(), status: status.word().zh, reasons, picture: None });
            }
        }
        let mut bytes = Vec::new();
        let mut csv = Csv::new(&mut bytes, &["拍摄序号或采集码", "结论", "原因"].map(str::to_owned))?;
        for row in &self.rows {
            csv.row(&[&row.shot, row.status, &row.reasons.replace('\n', " ")].map(record::Cell::text))?;
        }
        csv.finish()?;
        let mut own = OwnFiles::open(folder, Kind::Vendor)?;
        own.write("拍摄单位清单", "csv", &bytes)?;
        let count = format!("共{}张（人）。本清单不含姓名和证件号码。", self.rows.len());
        let rows = self.rows.into_iter().map(|row| {
            let picture = row.picture.map_or(Cell::Text(String::new()), |(png, size)| Cell::Picture(png, size));
            vec![Cell::Text(row.shot), picture, Cell::Text(row.status.to_owned()), Cell::Text(row.reasons)]
        });
        let columns = [(3, "拍摄序号或采集码"), (2, "照片"), (2, "结论"), (8, "原因")];
        let document = Document::new().title("需重拍或处理的照片", false).line(&count);
        let document = document.table("拍摄单位清单", &columns, rows.collect(), None);
        own.write("拍摄单位清单", "docx", &document.bytes()?)?;
        own.finish()
    }
}

/// What fails the photo; where nothing does, what a person must look at; where that is nothing, what could not be judged.
fn gravest(report: &Report) -> Vec<String> {
    let told = |mark| {
        let marked = report.findings().iter().filter(|finding| finding.mark() == Some(mark));
        marked.map(|finding| finding.reason(Language::Zh)).collect::<Vec<_>>()
    };
    let gravest = [Mark::Fail, Mark::Review, Mark::NotAssessed].into_iter().map(told).find(|told| !told.is_empty());
    let mut reasons = gravest.unwrap_or_default();
    reasons.dedup();
    reasons
}

/// By what the company knows a photo; `None` where its file has a name that was given to it, which may be that of a person.
pub fn shot(batch: &BatchReport, photo: &BatchPhoto) -> Option<String> {
    let code = batch.student_of(photo).and_then(code).map(|(_, code)| code.to_owned());
    code.or_else(|| camera_name(photo.name()))
}

/// The same with what the number is: 采集码 A002.
pub fn shot_in_words(batch: &BatchReport, photo: &BatchPhoto) -> Option<String> {
    let code = batch.student_of(photo).and_then(code);
    code.map_or_else(|| shot(batch, photo), |(field, code)| Some(format!("{} {code}", field.heads()[0])))
}

/// The number by which the company knows a student.
fn code(student: &Student) -> Option<(Field, &str)> {
    let known = [Field::ShotNumber, Field::CaptureCode].map(|field| (field, student.get(field)));
    known.into_iter().find(|(_, code)| !code.is_empty())
}

/// The name that the camera gave a file.
fn camera_name(photo: &str) -> Option<String> {
    let stem = Path::new(photo).file_stem()?.to_string_lossy();
    is_counted(&stem).then(|| stem.into_owned())
}

/// Whether a file has the name of a count, as cameras give: DSC_0143. A short count behind letters may stand behind a name.
pub fn is_counted(name: &str) -> bool {
    let longest = name.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    let least = if name.contains(char::is_alphabetic) { 4 } else { 1 };
    name.is_ascii() && (least..6).contains(&longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shot_is_found_by_the_cameras_count_and_shows_no_number_or_name_of_a_person() {
        for (name, is_shown) in [
            ("DSC_0143", true),
            ("_MG_0143-2", true),
            ("0201", true),
            ("7 (2)", true),
            ("2021001", false),
            ("张三_0143", false),
            ("zhangsan", false),
            ("zhangsan1", false),
        ] {
            assert_eq!(is_counted(name), is_shown, "{name}");
        }
    }
}
