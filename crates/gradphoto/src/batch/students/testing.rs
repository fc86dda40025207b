//! Sheets for the tests of several of these files.

use super::super::field::Field;
use super::super::roster::Student;
use super::super::table::{Cell, Row, Table};
use super::{Reading, students};
use crate::text::Reason;

/// A sheet of these lines, its cells parted by commas; lines without anything hold no row.
pub(super) fn sheet(name: &str, lines: &str) -> Table {
    let cells = |line: &str| {
        let cells = line.split(',').enumerate().filter(|(_, text)| !text.is_empty());
        cells.map(|(column, text)| (column, Cell::Text(text.into()))).collect::<Vec<_>>()
    };
    let rows = lines.lines().zip(1..).map(|(line, number)| Row { number, is_hidden: false, cells: cells(line) });
    Table { name: name.into(), rows: rows.filter(|row| !row.cells.is_empty()).collect(), ..Table::default() }
}

pub(super) fn read(tables: &[Table]) -> (Vec<Student>, Reading) {
    students(tables).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// 学号, 姓名 and 班级 of each student, and what is told.
pub(super) fn rows(tables: &[Table]) -> (Vec<String>, Vec<Reason>) {
    let (students, reading) = read(tables);
    let words =
        |student: &Student| [Field::StudentNumber, Field::Name, Field::Class].map(|field| student.get(field)).join(" ");
    (students.iter().map(|student| words(student).trim().to_owned()).collect(), reading.lines())
}

pub(super) fn refused(tables: &[Table]) -> Vec<Reason> {
    students(tables).expect_err("is refused")
}
