//! Lists of students for the next day and for the cashier.

use std::fs;
use std::path::Path;

use gradphoto::BatchReport;
use gradphoto::batch::{Field, Status, Student};

use crate::output::csv::Csv;
use crate::output::record::Cell;
use crate::trouble::{OrTrouble, replaced, unremoved};

/// Who comes to the retake, in the order in which they queue: also `--queue FOLDER=FILE` for its photos.
pub const RETAKE: &str = "补拍名单.csv";
/// Who paid and has no photo.
pub const REFUND: &str = "退费名单.csv";

const STUDENT: [Field; 6] =
    [Field::Department, Field::Major, Field::Class, Field::StudentNumber, Field::Name, Field::CaptureCode];

/// The list of retakes as a CSV file; `when` is their date, time and place. `None` where nobody must come.
pub fn retake(batch: &BatchReport, when: Option<&str>) -> anyhow::Result<Option<Vec<u8>>> {
    let (statuses, last) = (batch.statuses(), last_field(batch));
    let mut students =
        batch.called().into_iter().map(|place| (&batch.students()[place], &statuses[place])).collect::<Vec<_>>();
    students.sort_by_cached_key(|(student, _)| student.place()); // within a class as in the roster
    let rows = students.iter().enumerate().map(|(place, (student, status))| {
        let mut row = vec![Cell::Number((place + 1) as f64)];
        row.extend(cells(student));
        row.extend([status.word().zh, when.unwrap_or_default()].map(Cell::text));
        row.extend(last.map(|field| Cell::text(student.get(field))));
        row
    });
    table(&["拍摄序号"], &["原因", "补拍安排"], last, rows.collect())
}

/// Who paid and did not come, as a CSV file; `None` where the roster tells nothing of payments, or nobody is to be paid back.
pub fn refund(batch: &BatchReport) -> anyhow::Result<Option<Vec<u8>>> {
    let (statuses, last) = (batch.statuses(), last_field(batch));
    let unseen = batch.called().into_iter().filter(|place| statuses[*place] == Status::Missing);
    let unseen = unseen.map(|place| &batch.students()[place]).filter(|student| student.has_paid());
    let row = |student: &Student| {
        let behind = [Field::Paid].into_iter().chain(last).map(|field| Cell::text(student.get(field)));
        cells(student).chain(behind).collect()
    };
    table(&[], &["缴费"], last, unseen.map(row).collect())
}

fn cells(student: &Student) -> impl Iterator<Item = Cell> {
    STUDENT.into_iter().map(|field| Cell::text(student.get(field)))
}

/// Where the roster has 考生号, it stands at the end: programs know the other columns by their places.
fn last_field(batch: &BatchReport) -> Option<Field> {
    let has = |student: &Student| !student.get(Field::ExamNumber).is_empty();
    batch.students().iter().any(has).then_some(Field::ExamNumber)
}

fn table(
    before: &[&str],
    behind: &[&str],
    last: Option<Field>,
    rows: Vec<Vec<Cell>>,
) -> anyhow::Result<Option<Vec<u8>>> {
    if rows.is_empty() {
        return Ok(None);
    }
    let heads = before.iter().copied().chain(STUDENT.map(|field| field.heads()[0])).chain(behind.iter().copied());
    let heads = heads.chain(last.map(|field| field.heads()[0]));
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
        Some(bytes) => replaced(gradphoto_app::atomic::write(&path, &bytes), &path)?,
        None if path.exists() => fs::remove_file(&path).or_trouble(|| unremoved(&path))?,
        None => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use gradphoto::{Batch, Roster};

    use super::*;

    fn lists(students: &[&[(Field, &str)]]) -> [String; 2] {
        let student = |(row, cells): (usize, &&[(Field, &str)])| {
            let mut student = Student::new(row + 2);
            cells.iter().for_each(|(field, cell)| student.set(*field, cell));
            student
        };
        let batch = Batch::new(Roster::new(students.iter().enumerate().map(student).collect())).finish();
        [retake(&batch, None), refund(&batch)].map(|list| {
            String::from_utf8(list.unwrap().unwrap()).unwrap().trim_start_matches('\u{feff}').replace("\r\n", "\n")
        })
    }

    #[test]
    fn students_of_one_name_are_told_apart_by_the_number_that_the_roster_has() {
        let one = [(Field::Name, "张伟"), (Field::ExamNumber, "2143000001"), (Field::Paid, "是")];
        let two = [(Field::Name, "张伟"), (Field::ExamNumber, "2143000002"), (Field::IdNumber, "11010519491231002X")];
        let [retake, refund] = lists(&[&one, &two]);
        assert_eq!(
            retake,
            "拍摄序号,院系,专业,班级,学号,姓名,采集码,原因,补拍安排,考生号\n1,,,,,张伟,,未拍,,2143000001\n2,,,,,张伟,,未拍,,2143000002\n"
        );
        assert_eq!(refund, "院系,专业,班级,学号,姓名,采集码,缴费,考生号\n,,,,张伟,,是,2143000001\n");
        // The list is one for --queue.
        let (again, _) = Roster::from_bytes(retake.as_bytes()).unwrap();
        assert_eq!(again.students().iter().map(Student::number).collect::<Vec<_>>(), ["2143000001", "2143000002"]);
        let [retake, _] = lists(&[&[(Field::Name, "张伟"), (Field::Paid, "是")]]);
        assert!(retake.starts_with("拍摄序号,院系,专业,班级,学号,姓名,采集码,原因,补拍安排\n"), "{retake}");
    }
}
