//! Lists of photos and students, as a scanner and people write them.

use std::collections::HashSet;

use super::super::field::Field;
use super::super::names::exact;
use super::super::order::ListedPhoto;
use super::super::table::{Row, Table};
use crate::photo::Taken;

/// Heads of the column of photos.
const PHOTO: [&str; 10] =
    ["照片", "照片名", "照片名称", "照片文件", "文件", "文件名", "文件名称", "PHOTO", "FILE", "FILENAME"];
/// Columns that may name the student, the surest first.
const STUDENT: [Field; 5] = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode, Field::IdNumber, Field::Name];

/// The head of the column that says when each photo was taken, as the camera noted it.
const TAKEN: &str = "相机时间";
/// The head of the column that counts the rows, so that the last word stays the last when a spreadsheet sorts them.
const COUNT: &str = "记录序号";

/// The rows that name a photo, with the student: by the heads, where the first row has them, else in the first two columns. Rows
/// that are counted stand as they were written.
pub(super) fn listed(tables: &[Table]) -> Vec<ListedPhoto> {
    let mut list = Vec::new();
    for table in tables.iter().filter(|table| !table.is_hidden) {
        let heads = table.rows.first().and_then(columns);
        let (photo, student, name) = heads.unwrap_or((0, 1, None));
        let [taken, count] = [TAKEN, COUNT].map(|head| heads.and_then(|_| column_of(table.rows.first()?, head)));
        for row in table.rows.iter().skip(usize::from(heads.is_some())) {
            let text = |at: usize| row.text(at).trim().trim_start_matches('\'').to_owned();
            if !text(photo).is_empty() {
                list.push(ListedPhoto {
                    row: row.number,
                    photo: text(photo),
                    student: text(student),
                    name: name.map(text).unwrap_or_default(),
                    taken: taken.and_then(|at| Taken::of_stamp(&text(at))),
                    count: count.and_then(|at| text(at).parse().ok()),
                });
            }
        }
    }
    let counts = list.iter().filter_map(|row| row.count).collect::<HashSet<_>>().len();
    // Two lists in one begin anew.
    if counts < list.iter().filter(|row| row.count.is_some()).count() {
        list.iter_mut().for_each(|row| row.count = None);
    }
    // What a person added is the last word.
    list.sort_by_key(|row| row.count.unwrap_or(u64::MAX));
    list
}

fn column_of(row: &Row, head: &str) -> Option<usize> {
    row.cells.iter().map(|(at, _)| *at).find(|at| row.text(*at).trim() == head)
}

/// The columns of photos, of students and of their names beside numbers, if this row is one of heads.
fn columns(row: &Row) -> Option<(usize, usize, Option<usize>)> {
    let columns = || row.cells.iter().map(|(at, _)| *at);
    let photo = columns().find(|at| PHOTO.contains(&exact(row.text(*at)).as_str()))?;
    let of = |field| columns().find(|at| Field::of_head(row.text(*at)) == Some(field));
    let student = STUDENT.into_iter().find_map(of);
    let name = of(Field::Name).filter(|name| Some(*name) != student);
    Some((photo, student.or_else(|| columns().find(|at| *at > photo)).unwrap_or(photo + 1), name))
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::super::tables;
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(usize, String, String)> {
        let tables = tables(bytes).expect("a table");
        listed(&tables).into_iter().map(|listed| (listed.row, listed.photo, listed.student)).collect()
    }

    #[test]
    fn a_list_is_read_however_a_spreadsheet_wrote_it() {
        let photo = |row, student: &str| vec![(row, "联机\\IMG_1.jpg".to_owned(), student.to_owned())];
        let names = listed(&tables("照片,学号,学生\n1.jpg,1001,张三\n2.jpg,1002,\n".as_bytes()).expect("a table"));
        assert_eq!(names.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["张三", ""]);
        for (list, expected) in [
            ("照片,学号,学生,结论\r\n联机\\IMG_1.jpg,1001,张三,合格\r\n", photo(2, "1001")),
            ("联机\\IMG_1.jpg,1001\n", photo(1, "1001")),
            ("联机\\IMG_1.jpg;'1001\n", photo(1, "1001")),
            ("序号\t姓名\t学号\t文件名\n1\t张三\t1001\t联机\\IMG_1.jpg\n", photo(2, "1001")),
            ("photo,student\n联机\\IMG_1.jpg,张三\n", photo(2, "张三")),
        ] {
            assert_eq!(read(list.as_bytes()), expected, "{list}");
            assert_eq!(read(&GB18030.encode(list).0), expected, "{list} in GB 18030");
        }
    }

    #[test]
    fn rows_that_are_counted_stand_as_they_were_written_and_one_without_a_student_takes_the_word_back() {
        let heads = "照片,学号,学生,结论,相机时间,记录序号\n";
        let students = |rows: &str| {
            let list = listed(&tables(format!("{heads}{rows}").as_bytes()).expect("a table"));
            list.into_iter().map(|row| (row.student, row.taken.is_some(), row.count)).collect::<Vec<_>>()
        };
        let sorted =
            "1.jpg,1001,,,20260520-090000,2\n1.jpg,,,,20260520-090000.250,1\n,,,,,\n1.jpg,1003,,,2026/5/20 9:00,\n";
        let told = |student: &str, taken, count| (student.to_owned(), taken, count);
        assert_eq!(students(sorted), [told("", true, Some(1)), told("1001", true, Some(2)), told("1003", false, None)]);
        let joined = "1.jpg,1001,,,,2\n1.jpg,1002,,,,1\n1.jpg,1003,,,,1\n";
        assert_eq!(students(joined), ["1001", "1002", "1003"].map(|student| told(student, false, None)));
    }
}
