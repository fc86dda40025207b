//! What else to know of the columns of a sheet: those that nobody sees, and words in them that nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use super::super::field::Field;
use super::super::names::number;
use super::super::roster::{Student, answer};
use super::super::table::{COLUMNS_MAX, Table, letters};
use super::super::told::{counted, named};
use super::NAMED;
use super::cells::is_number;
use super::column::Column;
use super::left::short;
use super::repeated::SEAT_DIGITS;
use crate::text::Reason;

/// Tells of columns that a person who opens the file does not see.
pub(super) fn hidden(columns: &[Column], table: &Table) -> Option<Reason> {
    let is_hidden = |column: &&Column| column.field.is_some() && table.hidden_columns.contains(&column.place);
    let hidden = columns.iter().filter(is_hidden).map(Column::words).collect::<Vec<_>>();
    let told = || {
        Reason::new(
            format!("{}：列被隐藏，也已读入。", hidden.join("、")),
            format!("{}: hidden columns, read all the same.", hidden.join(", ")),
        )
    };
    (!hidden.is_empty()).then(told)
}

/// Tells of cells that are not looked at.
pub(super) fn beyond(table: &Table) -> Option<Reason> {
    let (count, last) = (table.beyond, letters(COLUMNS_MAX - 1));
    let told = || {
        Reason::new(
            format!("{last}列以后还有{count}格有内容，未读。"),
            format!("{count} cells beyond column {last} have values and were not read."),
        )
    };
    (count > 0).then(told)
}

/// Tells of a place that only the first of each group has, as where a file of text was saved from merged cells.
pub(super) fn unfilled(columns: &[Column], students: &[Student]) -> Option<Reason> {
    let count = |field| students.iter().filter(|student| !student.get(field).is_empty()).count();
    let is_rare = |count: usize| students.len() > 2 && 2 * count <= students.len();
    let is_unfilled = |field: &Field| !students[0].get(*field).is_empty() && is_rare(count(*field));
    let mut places = [Field::Department, Field::Major, Field::Class].into_iter().filter(|_| !students.is_empty());
    let field = places.rfind(is_unfilled)?;
    let (column, count) = (columns.iter().find(|column| column.field == Some(field))?.words(), count(field));
    Some(Reason::new(
        format!("{column}：只有{count}名学生有内容，其余按空白读入；原表若有合并单元格，请取消合并并逐行填满。"),
        format!(
            "{column}: filled in for {} only, read as blank for the others; if the cells were merged, unmerge them and fill in every row.",
            counted(count, "student")
        ),
    ))
}

/// Tells of numbers that nobody is found by, where students have no others: 编号, 原学号.
pub(super) fn unused_numbers(columns: &[Column], students: &[Student]) -> Option<Reason> {
    let has_number = |student: &Student| student.keys().any(|(field, _)| field.is_number());
    let are_numbers = |column: &&Column| {
        let cells = students.iter().filter_map(|student| student.column(&column.head)).map(number);
        let long = cells.filter(|cell| cell.len() > SEAT_DIGITS && is_number(cell)).collect::<BTreeSet<_>>();
        column.field.is_none() && long.len() > 1 && long.len() == students.len()
    };
    let column = columns.iter().filter(|_| !students.iter().any(has_number)).find(are_numbers)?.words();
    Some(Reason::new(
        format!("{column}：都是号码，没有用来认照片；照片以它命名的，请把列名改为“学号”。"),
        format!("{column}: numbers that photos are not matched by; if photos are named so, call the column 学号."),
    ))
}

/// Tells of words that are no known answer in a column of yes and no: 分期.
pub(super) fn unknown_answers(field: Field, columns: &[Column], students: &[Student]) -> Option<Reason> {
    // Each word with the row where it stands first and how many students have it.
    let mut unknown = BTreeMap::<&str, (usize, usize)>::new();
    for student in students.iter().filter(|student| answer(student.get(field)).is_none()) {
        unknown.entry(student.get(field)).or_insert((student.row, 0)).1 += 1;
    }
    let mut unknown = unknown.into_iter().collect::<Vec<_>>();
    unknown.sort_by_key(|(_, (row, _))| *row);
    let words = unknown.iter().map(|(word, (row, count))| {
        let word = short(word);
        Reason::new(
            format!("“{word}”{count}名（首见第{row}行）"),
            format!("{word} ({}, first in row {row})", counted(*count, "student")),
        )
    });
    let words = named(&words.collect::<Vec<_>>(), NAMED, "种");
    let column = columns.iter().find(|column| column.field == Some(field));
    let head = column.map_or(field.word().zh, |column| &column.head);
    let told = || {
        Reason::new(
            format!("“{head}”列有看不懂的写法：{}，按“否”算，请改写为“是”或“否”。", words.zh),
            format!("Column {head}: neither yes nor no, taken as no: {}; write 是 or 否.", words.en),
        )
    };
    (!unknown.is_empty()).then(told)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{read, sheet};
    use super::*;

    #[test]
    fn answers_that_nobody_knows_are_told_once_for_each_column() {
        let list = "学号,缴费,是否采集\n1,是,在办\n2,分期,在办\n3,,是\n4,20元,待定\n";
        let (students, reading) = read(&[sheet("", list)]);
        let notes = reading.sheets[0].notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(
            notes,
            [
                "“是否采集”列有看不懂的写法：“在办”2名（首见第2行），按“否”算，请改写为“是”或“否”。",
                "“缴费”列有看不懂的写法：“分期”1名（首见第3行），按“否”算，请改写为“是”或“否”。",
            ]
        );
        assert_eq!(students.iter().map(Student::has_paid).collect::<Vec<_>>(), [true, false, false, true]);
        let many = (1..=10).map(|at| format!("{at},暗语{}\n", "甲".repeat(at))).collect::<String>();
        let (_, reading) = read(&[sheet("", &format!("学号,缴费\n{many}"))]);
        let note = &reading.sheets[0].notes[0];
        assert!(note.zh.contains("等10种，") && note.en.contains(" and 2 more; write"), "{note:?}");
    }

    #[test]
    fn numbers_without_a_use_are_told_where_there_are_no_others() {
        let told = |lines: &str| {
            let (_, reading) = read(&[sheet("", lines)]);
            reading.sheets[0].notes.iter().any(|note| note.zh.contains("没有用来认照片"))
        };
        assert!(told("姓名,原学号\n张三,2021001\n李四,2021002\n"));
        for list in [
            "姓名,序号\n张三,1\n李四,2\n",
            "姓名,年级\n张三,2021\n李四,2021\n",
            "姓名,编号\n张三,2021001\n李四,\n",
            "学号,姓名,编号\n1001,张三,2021001\n1002,李四,2021002\n",
        ] {
            assert!(!told(list), "{list}");
        }
    }

    #[test]
    fn a_class_that_only_the_first_of_each_group_has_is_told() {
        let told = |lines: &str| read(&[sheet("", lines)]).1.sheets[0].notes.len();
        let list = "班级,学号\n1班,1001\n,1002\n,1003\n2班,1004\n,1005\n";
        let (_, reading) = read(&[sheet("", list)]);
        assert!(reading.sheets[0].notes[0].zh.starts_with("A班级：只有2名学生有内容"), "{reading:?}");
        assert_eq!(told("班级,学号\n1班,1001\n,1002\n2班,1003\n,1004\n"), 1, "classes of two");
        assert_eq!((told("班级,学号\n1班,1001\n,1002\n"), told("班级,学号\n,1001\n,1002\n2班,1003\n")), (0, 0));
    }
}
