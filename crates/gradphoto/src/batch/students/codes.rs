//! Rows right below the heads that name or bound the columns once more: 1 2 3, 甲 乙 丙, xh xm bjmc, 20 50 50, C(20) C(50).

use super::super::field::Field;
use super::super::names::{exact, is_cjk};
use super::super::table::Row;
use super::cells::is_kind;
use super::column::Column;

/// So many such rows stand below heads at most.
const ROWS: usize = 3;
/// Signs that lists are counted by, each row in its order.
const COUNTS: [&str; 3] = ["甲乙丙丁戊己庚辛壬癸", "一二三四五六七八九十", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

/// How many of the first rows are such; none where the list goes on like that.
pub(super) fn count(rows: &[Row], columns: &[Column]) -> usize {
    match rows.iter().take(ROWS + 1).take_while(|row| is_code(row, columns)).count() {
        count if count > ROWS => 0,
        count => count,
    }
}

fn is_code(row: &Row, columns: &[Column]) -> bool {
    let of = |is: fn(Field) -> bool| {
        let columns = columns.iter().filter(move |column| column.field.is_some_and(is));
        columns.map(|column| exact(row.text(column.place))).filter(|text| !text.is_empty())
    };
    let Some(name) = of(|field| field == Field::Name).next() else { return false };
    let cells = row.cells.iter().map(|(at, _)| exact(row.text(*at))).collect::<Vec<_>>();
    let names_numbers = of(Field::is_number).any(|number| is_identifier(&number));
    let tells_kinds = of(Field::is_number).any(|number| is_kind(&number)) && is_kind(&name);
    cells.iter().all(|cell| is_mere_number(cell))
        || counts_up(&cells)
        || tells_kinds
        || names_numbers && cells.iter().all(|cell| is_identifier(cell))
}

/// 2, (2), 50: nobody's name.
fn is_mere_number(cell: &str) -> bool {
    cell.bytes().any(|b| b.is_ascii_digit()) && !cell.chars().any(|c| c.is_alphabetic() || is_cjk(c))
}

/// Whether each cell goes one further than the one before: 甲 乙 丙, F1 F2 F3.
fn counts_up(cells: &[String]) -> bool {
    let counts = cells.iter().map(|cell| counted(cell)).collect::<Option<Vec<_>>>().unwrap_or_default();
    counts.len() > 1 && counts.windows(2).all(|pair| pair[0].0 == pair[1].0 && pair[0].1 + 1 == pair[1].1)
}

/// What stands before a count, and the count.
fn counted(cell: &str) -> Option<(&str, usize)> {
    let cell = cell.trim_matches(|c: char| !c.is_alphanumeric());
    let mut chars = cell.chars();
    if let (Some(sign), None) = (chars.next(), chars.next())
        && let Some(count) = COUNTS.iter().find_map(|signs| signs.chars().position(|known| known == sign))
    {
        return Some(("", count));
    }
    let word = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    let count = cell[word.len()..].parse().ok().filter(|count| *count < 1000)?;
    Some((word, count))
}

/// The name of a column in a database: XH, STU_NO.
fn is_identifier(cell: &str) -> bool {
    cell.starts_with(|c: char| c.is_ascii_alphabetic()) && cell.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::super::testing::{refused, rows, sheet};

    #[test]
    fn codes_right_below_the_heads_are_no_students() {
        let found =
            |codes: &str| rows(&[sheet("", &format!("学号,姓名,班级\n{codes}\n1001,张三,1班\n1002,Ali,1班\n"))]);
        for codes in [
            "1,2,3",
            "（1）,（2）,（3）",
            "01,02,03",
            "①,②,③",
            "甲,乙,丙",
            "一,二,三",
            "A,B,C",
            "F1,F2,F3",
            "字段1,字段2,字段3",
            "xh,xm,bjmc",
            "stu_no,stu_name,class_name",
            "20,50,50",
            "C(20),C(50),C(50)",
            "数字,汉字,汉字",
            "不能为空,不能为空,",
            "xh,xm,bjmc\n1,2,3",
        ] {
            let (students, told) = found(codes);
            assert_eq!(students, ["1001 张三 1班", "1002 Ali 1班"], "{codes}");
            let is_told = codes.starts_with("xh") || told[1].zh.contains("第2行：另有表头或列名");
            assert!(is_told, "{codes}: {told:?}");
        }
        for student in ["1,乙,丙", "1,王2,3班", "2001,丙,甲", "待补,Ali,1班"] {
            assert_eq!(found(student).0.len(), 3, "{student}");
        }
    }

    #[test]
    fn a_list_that_goes_on_like_codes_is_one_of_students() {
        let list = (1..=5).map(|at| format!("{at},{at}\n")).collect::<String>();
        assert_eq!(rows(&[sheet("", &format!("学号,姓名\n{list}"))]).0.len(), 5);
        assert!(refused(&[sheet("", "学号,姓名\n1,2\n")])[0].zh.contains("没有一名学生"));
        assert_eq!(rows(&[sheet("", "学号,座位\n1,2\n2,3\n")]).0.len(), 2);
    }
}
