//! From tables to students, and a word on everything that is not read.
//!
//! A file is read in this order. In each sheet the row that names the columns is found (`heads`), and its columns are told
//! apart where lists stand side by side (`blocks`). Sheets of staff and of examples are put aside (`sheets`). Below its heads
//! each row becomes a student (`row`, by what its `cells` hold) or is left with a word why (`rows`, `left`, `notes`). At last
//! classes get one way of writing (`spellings`), and students who stand there twice become one (`repeated`). What was read is
//! told as a `reading`, to be looked over.

mod blocks;
mod cells;
mod codes;
mod column;
mod halves;
mod heads;
mod left;
mod notes;
mod reading;
mod repeated;
mod row;
mod rows;
mod sheets;
mod spellings;
#[cfg(test)]
mod testing;

pub(super) use blocks::repeated;
pub use column::Column;
pub use reading::{Reading, Sheet};
pub(super) use repeated::SEAT_DIGITS;

use std::collections::BTreeSet;

use super::field::Field;
use super::roster::Student;
use super::table::{Row, Table};
use super::told::joined;
use crate::text::Reason;

/// Rows or words of one kind that a sentence names; the others are counted.
const NAMED: usize = 8;

/// The students of all visible tables that have heads.
///
/// # Errors
/// Everything that must be mended first, all at once.
pub fn students(tables: &[Table]) -> Result<(Vec<Student>, Reading), Vec<Reason>> {
    let is_one = tables.iter().filter(|table| !table.is_hidden && !table.rows.is_empty()).count() < 2;
    let heads = tables.iter().map(|table| if table.is_hidden { None } else { heads::find(&table.rows) });
    let heads = heads.collect::<Vec<_>>();
    let roles = sheets::roles(tables, &heads, is_one);
    let has_heads = heads.iter().any(Option::is_some);
    let (mut all, mut reading, mut problems) = (Vec::new(), Reading::default(), Vec::new());
    for ((table, head), role) in tables.iter().zip(heads).zip(roles) {
        let mut sheet = Sheet { name: table.name.clone(), ..Sheet::default() };
        match (head, role.left_out()) {
            (None, _) => sheet.notes.push(sheets::headless(table)),
            (Some(_), Some(why)) => sheet.notes.push(why.into()),
            (Some(head), None) => all.extend(rows::read(table, head, is_one, &mut sheet, &mut problems)),
        }
        reading.sheets.push(sheet);
    }
    if reading.sheets.iter().all(|sheet| sheet.head_row.is_none()) {
        return Err(no_sheet(&reading.sheets, has_heads));
    }
    if all.is_empty() && problems.is_empty() {
        problems.push(no_student(&reading.sheets));
        problems.extend(tables.iter().any(is_turned).then(turn));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    spellings::unify(&mut all, &mut reading.notes);
    let all = repeated::unique(all, &mut reading.notes);
    reading.students = all.len();
    Ok((all, reading))
}

/// Whether a table has heads.
pub(super) fn has_head(table: &Table) -> bool {
    heads::find(&table.rows).is_some()
}

/// Why no sheet was read: what each says, and what to do.
fn no_sheet(sheets: &[Sheet], has_heads: bool) -> Vec<Reason> {
    let named = sheets.iter().filter(|sheet| !sheet.name.is_empty());
    let why = named.flat_map(|Sheet { name, notes, .. }| {
        notes.iter().map(move |note| Reason::new(format!("“{name}”{}", note.zh), format!("Sheet {name}: {}", note.en)))
    });
    let cure = if has_heads {
        Reason::new(
            "有表头的工作表都没有读，原因见上；其中有学生名单的，请改工作表的名称。",
            "No sheet with headings was read, for the reasons above; if one of them lists students, give it another name.",
        )
    } else {
        let (rows, keys) =
            (heads::HEAD_ROWS, Field::KEYS.iter().map(|field| field.heads()[0]).collect::<Vec<_>>().join(" "));
        Reason::new(
            format!("找不到表头：前{rows}行中没有一行写有能认出照片的列名，至少要有其中一列：{keys}。"),
            format!(
                "No headings: none of the first {rows} rows names a column by which photos can be matched; there must be at least one of {keys}."
            ),
        )
    };
    why.chain([cure]).collect()
}

fn no_student(sheets: &[Sheet]) -> Reason {
    let none = Reason::new("表头下面没有一名学生。", "There is no student below the headings.");
    let why = sheets.iter().flat_map(|sheet| sheet.notes.iter().cloned());
    joined(&std::iter::once(none).chain(why).collect::<Vec<_>>(), "", " ")
}

/// Whether a table names its fields one below the other, with a student in each column: 学号 1001 1002 over 姓名 张三 李四.
fn is_turned(table: &Table) -> bool {
    let head = |row: &Row| match row.cells[..] {
        [(first, _), (second, _), ..] if Field::of_head(row.text(second)).is_none() => Field::of_head(row.text(first)),
        _ => None,
    };
    let heads = table.rows.iter().take(heads::HEAD_ROWS).filter_map(head).collect::<BTreeSet<_>>();
    !table.is_hidden && heads.len() > 1
}

fn turn() -> Reason {
    Reason::new(
        "表格像是每名学生占一列：请转置（复制全表，选择性粘贴，勾选“转置”），使表头在第一行、每名学生占一行。",
        "Each student seems to have a column: transpose the table (copy, paste special, transpose), so that the headings are the first row and each student has a row.",
    )
}

#[cfg(test)]
mod tests {
    use super::testing::{refused, sheet};

    #[test]
    fn a_table_with_a_student_in_each_column_is_to_be_turned() {
        let told = |lines: &str| refused(&[sheet("", lines)]).iter().any(|problem| problem.zh.contains("转置"));
        assert!(told("学号,1001,1002\n姓名,张三,李四\n班级,1班,1班\n"));
        assert!(told("姓名,张三,李四\n学号,1001,1002\n"));
        assert!(!told("学号,姓名\n合计,0\n") && !told("姓名,张三\n姓名,李四\n"));
    }

    #[test]
    fn without_heads_or_students_every_sheet_says_why() {
        let problems = refused(&[sheet("说明", "请认真填写\n"), sheet("空", "")]);
        let zh = problems.iter().map(|problem| problem.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(zh[..2], ["“说明”没有表头（学号、姓名等列名），未读。", "“空”是空的。"]);
        assert!(zh[2].starts_with("找不到表头：前1000行") && problems.len() == 3, "{zh:?}");
        assert_eq!(refused(&[sheet("", "请认真填写\n")]).len(), 1, "a file that is one table needs no sheet named");
        let problems = refused(&[sheet("", "学号,姓名\n合计,0\n")]);
        assert_eq!(problems[0].zh, "表头下面没有一名学生。第2行“合计”：合计、签名等，不是学生，未读。");
        let lost = "学号,姓名\n4.30102E+17,\n";
        assert_eq!(
            refused(&[sheet("甲", lost), sheet("乙", lost)])[1].zh,
            "乙第2行A列（学号）：长号码被存成了数值，后面的位数已丢失；请把该列设为“文本”格式后重新填写。"
        );
        assert!(refused(&[sheet("甲", lost)])[0].en.starts_with("row 2, column A (student number): "));
    }
}
