//! Text whose columns are parted by what people type instead of a comma: blanks, ， 、 ；. It is read where it is plain: heads are
//! known, and each line has as many parts as they.

use super::super::field::Field;
use super::super::table::{Cell, Row, Table};
use super::{CELLS_MAX, HEAD_LINES, TOO_LARGE};
use crate::text::{Reason, Text, text};

/// So many lines that do not fit are named.
const NAMED: usize = 5;

#[derive(Clone, Copy)]
enum Mark {
    Sign(char, Text),
    /// Two blanks or more, as in columns that were lined up.
    Gap,
    Blank,
}

const MARKS: [Mark; 6] = [
    Mark::Sign('，', text("全角逗号", "full-width commas")),
    Mark::Sign('、', text("顿号", "the mark 、")),
    Mark::Sign('；', text("全角分号", "full-width semicolons")),
    Mark::Sign('｜', text("全角竖线", "full-width bars")),
    Mark::Gap,
    Mark::Blank,
];

impl Mark {
    fn parts(self, line: &str) -> Vec<&str> {
        let line = line.trim();
        match self {
            Mark::Sign(sign, _) => line.split(sign).map(str::trim).collect(),
            Mark::Gap => {
                let parts = line.split("  ").flat_map(|part| part.split(['\t', '\u{3000}'])).map(str::trim);
                parts.filter(|part| !part.is_empty()).collect()
            }
            Mark::Blank => line.split_whitespace().collect(),
        }
    }

    fn word(self) -> Text {
        match self {
            Mark::Sign(_, word) => word,
            Mark::Gap | Mark::Blank => text("空格", "blanks"),
        }
    }
}

/// `None` where no such mark parts two known heads and a line below them.
pub(super) fn read(text: &str) -> Option<Result<Vec<Table>, Vec<Reason>>> {
    MARKS.into_iter().find_map(|mark| {
        let heads = |line: &str| {
            let parts = mark.parts(line);
            (parts.iter().filter(|part| Field::of_head(part).is_some()).count() > 1).then_some(parts.len())
        };
        let (place, columns) =
            text.lines().take(HEAD_LINES).enumerate().find_map(|(at, line)| Some((at, heads(line)?)))?;
        let rows = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        let rows = rows.map(|(line, number)| (number, mark.parts(line))).collect::<Vec<_>>();
        let below = || rows.iter().filter(|(number, _)| *number > place + 1);
        below().any(|(_, parts)| parts.len() == columns).then_some(())?;
        // Titles and totals are of one part.
        let odd = below().filter(|(_, parts)| parts.len() != columns && parts.len() > 1).collect::<Vec<_>>();
        Some(match odd[..] {
            [] => table(&rows),
            _ => {
                Err(odd.iter().take(NAMED).map(|(number, parts)| uneven(mark, *number, parts.len(), columns)).collect())
            }
        })
    })
}

fn table(rows: &[(usize, Vec<&str>)]) -> Result<Vec<Table>, Vec<Reason>> {
    if rows.iter().map(|(_, parts)| parts.len()).sum::<usize>() > CELLS_MAX {
        return Err(vec![Reason::from(TOO_LARGE)]);
    }
    let cells = |parts: &[&str]| {
        let cells = parts.iter().enumerate().filter(|(_, part)| !part.is_empty());
        cells.map(|(column, part)| (column, Cell::Text((*part).into()))).collect()
    };
    let rows = rows.iter().map(|(number, parts)| Row { number: *number, is_hidden: false, cells: cells(parts) });
    Ok(vec![Table { rows: rows.collect(), ..Table::default() }])
}

fn uneven(mark: Mark, line: usize, parts: usize, columns: usize) -> Reason {
    let word = mark.word();
    Reason::new(
        format!(
            "第{line}行用{}隔成{parts}列，表头却有{columns}列，分不清哪格是哪列；请用 Excel 或 WPS 打开，分列后另存为 XLSX。",
            word.zh
        ),
        format!(
            "row {line} is parted by {} into {parts} columns, but the headings into {columns}, so nobody can tell which is which; open the file in Excel or WPS, split it into columns and save it as XLSX.",
            word.en
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Option<Vec<String>> {
        let tables = read(text)?.unwrap_or_else(|problems| panic!("{problems:?}"));
        let row = |row: &Row| row.cells.iter().map(|(at, _)| row.text(*at)).collect::<Vec<_>>().join("|");
        Some(tables[0].rows.iter().map(row).collect())
    }

    #[test]
    fn what_people_type_instead_of_a_comma_parts_columns() {
        for mark in ["，", "、", "；", "｜", " ", "   ", "　", " 　"] {
            let list = "名单\n学号,姓名,班级\n\n1001,张三,1班\n1002,李四,2班\n共2人\n".replace(',', mark);
            let found = cells(&list).unwrap_or_else(|| panic!("{mark:?}"));
            assert_eq!(found, ["名单", "学号|姓名|班级", "1001|张三|1班", "1002|李四|2班", "共2人"], "{mark:?}");
        }
        let lined_up = "Student ID  Name       班级\n1001        Mary Jane  1班\n1002        Ali        2班\n";
        assert_eq!(cells(lined_up).expect("is read")[1], "1001|Mary Jane|1班");
        assert_eq!(cells("学号，姓名，班级\n1001，张三，\n").expect("is read")[1], "1001|张三");
    }

    #[test]
    fn lines_of_other_lengths_are_refused_and_other_texts_left() {
        for list in
            ["学号 姓名 班级\n1001 张 三 1班\n1002 李四 1班\n", "学号、姓名、班级\n1001、张三\n1002、李四、1班\n"]
        {
            let problems = read(list).expect("has heads").expect_err("is refused");
            assert!(problems.len() == 1 && problems[0].zh.starts_with("第2行用"), "{problems:?}");
            assert!(problems[0].en.contains("save it as XLSX"), "{problems:?}");
        }
        for list in ["姓名\n张 三\n", "请填写学号、姓名、班级\n学号\n1001\n", "1001 张三\n", ""] {
            assert!(read(list).is_none(), "{list}");
        }
    }
}
