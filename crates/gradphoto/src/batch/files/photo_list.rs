//! Lists of photos and students, as a scanner and people write them.

use super::super::field::Field;
use super::super::names::exact;
use super::super::order::ListedPhoto;
use super::super::table::{Row, Table};

/// Heads of the column of photos.
const PHOTO: [&str; 10] =
    ["照片", "照片名", "照片名称", "照片文件", "文件", "文件名", "文件名称", "PHOTO", "FILE", "FILENAME"];
/// Columns that may name the student, the surest first.
const STUDENT: [Field; 5] = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode, Field::IdNumber, Field::Name];

/// The rows that name a photo and a student: by the heads, where the first row has them, else in the first two columns.
pub(super) fn listed(tables: &[Table]) -> Vec<ListedPhoto> {
    let mut list = Vec::new();
    for table in tables.iter().filter(|table| !table.is_hidden) {
        let heads = table.rows.first().and_then(columns);
        let (photo, student) = heads.unwrap_or((0, 1));
        for row in table.rows.iter().skip(usize::from(heads.is_some())) {
            let [photo, student] = [photo, student].map(|at| row.text(at).trim().trim_start_matches('\'').to_owned());
            if !photo.is_empty() && !student.is_empty() {
                list.push(ListedPhoto { row: row.number, photo, student });
            }
        }
    }
    list
}

/// The columns of photos and of students, if this row is one of heads.
fn columns(row: &Row) -> Option<(usize, usize)> {
    let columns = || row.cells.iter().map(|(at, _)| *at);
    let photo = columns().find(|at| PHOTO.contains(&exact(row.text(*at)).as_str()))?;
    let of = |field| columns().find(|at| Field::of_head(row.text(*at)) == Some(field));
    let student = STUDENT.into_iter().find_map(of);
    Some((photo, student.or_else(|| columns().find(|at| *at > photo)).unwrap_or(photo + 1)))
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
}
