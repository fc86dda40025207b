//! Sheets to sign: photo, number and name of each student of a class, and room for a signature; one file a class, and one a
//! department with all of its classes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gradphoto::BatchReport;
use gradphoto::batch::{BatchPhoto, Field, Place, Status, safe_name};

use super::document::{Cell, Document};
use super::titled;
use crate::output::record::number_field;
use crate::output::thumbnail;
use crate::own::{Kind, OwnFiles};

/// Size of a picture in pixels of 96 dpi, and of the row that holds it in points.
const PICTURE_PX: (u32, u32) = (60, 80);
const ROW: f32 = 66.0;

/// Writes the sheets in place of those of an earlier run.
pub fn write(folder: &Path, batch: &BatchReport, photos: &[PathBuf]) -> anyhow::Result<()> {
    let mut classes = BTreeMap::<Place, Vec<usize>>::new();
    for (student, row) in batch.students().iter().enumerate() {
        classes.entry(row.place()).or_default().push(student);
    }
    let best = best_photos(batch);
    let statuses = batch.statuses();
    let number = number_field(batch).heads()[0];
    let columns = [(2, "序号"), (3, "照片"), (5, number), (4, "姓名"), (4, "结论"), (6, "本人签名")];
    let mut own = OwnFiles::open(folder, Kind::Sheets)?;
    let mut departments = BTreeMap::<&str, Document>::new();
    for (place, students) in &classes {
        let row = |(count, student): (usize, &usize)| {
            let row = &batch.students()[*student];
            let photo = best.get(student).and_then(|photo| thumbnail::png(photos.get(*photo)?, PICTURE_PX));
            let picture = photo.map_or(Cell::Text(String::new()), |(png, size)| Cell::Picture(png, size));
            let [count, number, name, status, signature] =
                [&(count + 1).to_string(), row.number(), row.get(Field::Name), statuses[*student].word().zh, ""]
                    .map(|text| Cell::Text(text.to_owned()));
            vec![count, picture, number, name, status, signature]
        };
        let sheet = |document: Document, breaks: bool| {
            let rows = students.iter().enumerate().map(row).collect();
            let count = format!("共{}人。请核对照片是本人后签名。", students.len());
            let class = titled(place);
            let title = format!("{class} 照片确认表");
            document.title(&title, breaks).line(&count).table(&class, &columns, rows, Some(ROW))
        };
        own.write(
            &safe_name(&format!("{} 照片确认表", titled(place))),
            "docx",
            &sheet(Document::new(), false).bytes()?,
        )?;
        let (document, breaks) = match departments.remove(place.department.as_str()) {
            Some(document) => (document, true),
            None => (Document::new(), false),
        };
        departments.insert(&place.department, sheet(document, breaks));
    }
    for (department, document) in departments {
        own.write(&safe_name(format!("{department} 全部班级 照片确认表").trim_start()), "docx", &document.bytes()?)?;
    }
    own.finish()
}

/// The photo of each student that counts: none where a person found that it shows somebody else.
fn best_photos(batch: &BatchReport) -> BTreeMap<usize, usize> {
    let mut best = BTreeMap::<usize, (Status, usize)>::new();
    let own = |(_, photo): &(usize, &BatchPhoto)| !photo.is_set_aside() && !photo.is_displaced();
    for (place, photo) in batch.photos().iter().enumerate().filter(own) {
        let Some(student) = photo.student() else { continue };
        let this = (photo.status(), place);
        let known = best.entry(student).or_insert(this);
        *known = this.min(*known);
    }
    best.into_iter().map(|(student, (_, place))| (student, place)).collect()
}
