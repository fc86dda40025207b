//! Lists that stand side by side on one sheet, to save paper, and columns of one list that mean the same.

use super::super::field::Field;
use super::super::names::folded;
use super::column::{Column, known};

/// Tells lists apart that stand side by side; in a list alone, which of columns that mean the same goes first.
pub(super) fn part(columns: &mut [Column]) {
    let fields = columns.iter().filter_map(|column| column.field).collect::<Vec<_>>();
    if let Some(length) = repeated(&fields, |first| first.iter().any(|field| field.is_key())) {
        for (at, column) in columns.iter_mut().filter(|column| column.field.is_some()).enumerate() {
            column.block = Some(at / length);
        }
    } else if let Some(starts) = starts(columns) {
        for (at, column) in columns.iter_mut().enumerate() {
            column.block = starts.iter().rposition(|start| *start <= at);
        }
        leave_others(columns);
    } else {
        for field in Field::ALL.iter().copied() {
            put_first(field, columns);
        }
    }
}

/// After how many known columns all of them come again: 学号 姓名 学号 姓名. Those must make a list.
pub(in crate::batch) fn repeated<T: PartialEq>(known: &[T], are_list: impl Fn(&[T]) -> bool) -> Option<usize> {
    let repeats = |length: &usize| {
        let first = &known[..*length];
        known.len().is_multiple_of(*length) && known.chunks(*length).all(|chunk| chunk == first) && are_list(first)
    };
    (1..=known.len() / 2).find(repeats)
}

/// Where lists begin that differ in some columns (班级 学号 姓名 学号 姓名 备注): at each column of one head that photos can be found
/// by, if others that are known stand behind it.
fn starts(columns: &[Column]) -> Option<Vec<usize>> {
    let first = columns.iter().find(|column| column.is_key())?;
    let starts = (0..columns.len()).filter(|at| columns[*at].field == first.field && columns[*at].head == first.head);
    let starts = starts.collect::<Vec<_>>();
    let ends = starts.iter().skip(1).copied().chain([columns.len()]);
    // 班级 姓名 姓名 姓名
    let is_only = columns.iter().filter(|column| column.is_key()).count() == starts.len();
    let is_one = |(start, end): (&usize, usize)| is_only || known(&columns[*start..end]) > 1;
    (starts.len() > 1 && starts.iter().zip(ends).all(is_one)).then_some(starts)
}

/// Whoever has none of the numbers of the first list is no student: parents and supervisors.
fn leave_others(columns: &mut [Column]) {
    let numbers = |block: usize| {
        let own = columns.iter().filter(|column| column.block.unwrap_or(0) == block);
        own.filter_map(|column| column.field).filter(|field| field.is_number()).collect::<Vec<_>>()
    };
    let last = columns.iter().filter_map(|column| column.block).max().unwrap_or(0);
    let first = numbers(0);
    let is_other = |block: &usize| !first.is_empty() && !numbers(*block).iter().any(|field| first.contains(field));
    let others = (1..=last).filter(is_other).collect::<Vec<_>>();
    for column in columns.iter_mut().filter(|column| column.block.is_some_and(|block| others.contains(&block))) {
        (column.field, column.block) = (None, Some(0));
    }
}

/// Of several columns that mean the same, the one with the usual head goes first.
fn put_first(field: Field, columns: &mut [Column]) {
    let usual = |head: &str| {
        let head = folded(head);
        field.heads().iter().position(|known| folded(known) == head).unwrap_or(usize::MAX)
    };
    // The day goes before the hour.
    let is_hour = |head: &str| field == Field::Time && !["日期", "date"].iter().any(|day| head.contains(day));
    // Photos are rarely named in Latin letters: 姓名（英文）.
    let is_latin = |head: &str| field == Field::Name && ["英文", "拼音"].iter().any(|script| head.contains(script));
    let mut same = columns.iter_mut().filter(|column| column.field == Some(field)).collect::<Vec<_>>();
    same.sort_by_key(|column| (is_hour(&column.head), is_latin(&column.head), usual(&column.head), column.place));
    let mut same = same.into_iter();
    let Some(first) = same.next() else { return };
    for (column, rank) in same.zip(1..) {
        // A second number is another way to find the student, 时间 goes with 日期, and 系 says where 学院 says nothing, or the name
        // of the school; a second name is somebody else's.
        if (field.is_number() || matches!(field, Field::Time | Field::Department)) && column.head != first.head {
            column.rank = rank;
        } else {
            column.field = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::roster::Student;
    use super::super::testing::{read, rows, sheet};
    use super::*;

    #[test]
    fn lists_side_by_side_are_told_from_columns_that_mean_the_same() {
        let found = |lines: &str| rows(&[sheet("", lines)]).0.join("|");
        assert_eq!(found("姓名,姓名,姓名\n张三,李四,王五\n"), "张三|李四|王五");
        assert_eq!(found("班级,姓名,姓名\n1班,张三,李四\n2班,王五\n"), "张三 1班|李四 1班|王五 2班");
        assert_eq!(
            found("序号,班级,学号,姓名,序号,班级,学号,姓名\n1,1班,1001,张三,2,2班,1002,李四\n"),
            "1001 张三 1班|1002 李四 2班"
        );
        // A second number of the same head is nobody's, one of another head another way to find the student.
        assert_eq!(found("学号,姓名,学号\n1001,张三,1002\n"), "1001 张三");
        let keys = |lines: &str| {
            let (found, _) = read(&[sheet("", lines)]);
            found[0].keys().map(|(_, key)| key.to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys("学籍号,姓名,学号\n7001,张三,1001\n"), "1001 张三 7001");
        assert_eq!(keys("学号,姓名,学籍号,班级\n1001,张三,7001,1班\n"), "1001 张三 7001");
        assert_eq!(keys("学号,姓名,学生姓名\n1001,张三,张大\n"), "1001 张三", "a second name is somebody else's");
        for list in ["学号,拍摄日期,拍摄时间\n1001,4月12日,上午\n", "学号,时间,日期\n1001,上午,4月12日\n"]
        {
            assert_eq!(read(&[sheet("", list)]).0[0].get(Field::Time), "4月12日 上午");
        }
    }

    #[test]
    fn each_of_the_lists_side_by_side_has_the_class_above_it() {
        let list = "软件1班,,35人,软件2班,\n学号,姓名,,学号,姓名\n1001,张三,,2001,李四\n1002,王五,,,\n";
        let (found, lines) = rows(&[sheet("", list)]);
        assert_eq!(found, ["1001 张三 软件1班", "2001 李四 软件2班", "1002 王五 软件1班"]);
        assert!(lines[1].zh.contains("第1行“软件1班、软件2班”：看作其下学生的班级"), "{lines:?}");
        let below =
            "学号,姓名,学号,姓名\n软件1班,,软件2班,\n1001,张三,2001,李四\n软件3班,,软件4班,\n3001,赵六,4001,孙七\n";
        let classes = ["1001 张三 软件1班", "2001 李四 软件2班", "3001 赵六 软件3班", "4001 孙七 软件4班"];
        assert_eq!(rows(&[sheet("", below)]).0, classes);
        let counted = "软件1班,,,软件2班,,\n序号,学号,姓名,序号,学号,姓名\n1,1001,张三,1,2001,李四\n";
        assert_eq!(rows(&[sheet("", counted)]).0, ["1001 张三 软件1班", "2001 李四 软件2班"]);
        let one = "软件1班,,,\n学号,姓名,学号,姓名\n1001,张三,1002,李四\n";
        assert_eq!(rows(&[sheet("", one)]).0, ["1001 张三", "1002 李四"], "whose it is, nothing says");
    }

    #[test]
    fn of_lists_side_by_side_the_shorter_one_is_not_missed_and_titles_are_told_once() {
        let list = "学号,姓名,学号,姓名\n1001,张三\n,,1003,王五\n,,,,软件2班\n1004,赵六,1005,孙七\n";
        let (found, reading) = read(&[sheet("", list)]);
        assert_eq!(found.iter().map(Student::number).collect::<Vec<_>>(), ["1001", "1003", "1004", "1005"]);
        let notes = reading.sheets[0].notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(notes, ["第4行“软件2班”：没有可用的号码或姓名，未读；是学生请看号码、姓名是否填错了列。"]);
        let (found, reading) = read(&[sheet("", "学号\n1001\n学号\n1002\n")]);
        assert_eq!((found.len(), reading.sheets[0].notes[0].zh.as_str()), (2, "第3行：另有表头或列名，不是学生。"));
    }

    #[test]
    fn a_list_beside_the_students_without_any_of_their_numbers_is_of_others() {
        for list in [
            "姓名,学号,学院,姓名,学院\n张三,1001,软件,王老师,软件\n",
            "姓名,学号,班级,姓名,身份证号\n张三,1001,1班,张大,110101197001010011\n",
        ] {
            let (found, reading) = read(&[sheet("", list)]);
            assert_eq!((found.len(), found[0].words().as_str()), (1, "张三 1001"));
            assert!(reading.lines()[1].zh.contains("没有认出用途的列：D姓名、E"), "{reading:?}");
        }
        let found = read(&[sheet("", "学号,姓名,身份证号,学号,姓名\n1001,张三,,1002,李四\n")]).0;
        assert_eq!(found.len(), 2, "a list may say less of its students");
    }

    #[test]
    fn the_name_of_the_school_is_no_department_beside_one() {
        let list = "YXDM,YXMC,XH,XM,FY,XSH\n12345,湖南学院,1001,张三,信息分院,\n12345,湖南学院,1002,李四,,会计系\n";
        let (found, _) = read(&[sheet("", list)]);
        let departments = found.iter().map(|student| student.get(Field::Department)).collect::<Vec<_>>();
        assert_eq!(departments, ["信息分院", "会计系"]);
    }

    #[test]
    fn of_two_names_the_chinese_one_counts() {
        let (found, _) = read(&[sheet("", "学号,姓名（英文）,姓名（中文）\n1001,Zhang San,张三\n")]);
        assert_eq!(found[0].get(Field::Name), "张三");
    }
}
