//! Names whose two halves stand in columns of their own: 姓 and 名.

use super::super::field::Field;
use super::super::names::{exact, is_cjk, without_brackets};
use super::super::table::Row;
use super::super::words::Words;
use super::column::{Column, Half};

const SURNAMES: Words = Words("姓 姓氏 SURNAME FAMILYNAME LASTNAME");
const GIVEN_NAMES: Words = Words("名 名字 GIVENNAME GIVENNAMES FIRSTNAME FORENAME");

impl Half {
    fn of_head(head: &str) -> Option<Half> {
        let head = without_brackets(&exact(head)).replace(['*', '-', '_'], "");
        let is_one = |words: Words| head.split('/').any(|part| words.has(part));
        match () {
            () if is_one(SURNAMES) => Some(Half::Surname),
            () if is_one(GIVEN_NAMES) => Some(Half::Given),
            () => None,
        }
    }
}

/// Whether a row names both halves.
pub(super) fn are_in(row: &Row) -> bool {
    let halves = || row.cells.iter().filter_map(|(at, _)| Half::of_head(row.text(*at)));
    halves().any(|half| half == Half::Surname) && halves().any(|half| half == Half::Given)
}

/// Makes names of the first column of either half, where no column has the whole.
pub(super) fn join(columns: &mut [Column]) {
    let place = |half| columns.iter().position(|column| Half::of_head(&column.head) == Some(half));
    let (Some(surname), Some(given)) = (place(Half::Surname), place(Half::Given)) else { return };
    let mut names = columns.iter().enumerate().filter(|(_, column)| column.field == Some(Field::Name));
    if names.all(|(at, _)| at == given) {
        for (at, half) in [(surname, Half::Surname), (given, Half::Given)] {
            (columns[at].field, columns[at].half) = (Some(Field::Name), Some(half));
        }
    }
}

/// Both halves together: Chinese ones without a blank, the surname first; others as the list has them.
pub(super) fn joined(first: (Half, &str), second: (Half, &str)) -> String {
    let is_chinese = [first.1, second.1].iter().all(|half| half.chars().all(is_cjk));
    match (is_chinese, first.0) {
        (true, Half::Surname) => [first.1, second.1].concat(),
        (true, Half::Given) => [second.1, first.1].concat(),
        (false, _) => [first.1, second.1].join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{read, rows, sheet};

    #[test]
    fn names_in_two_columns_are_joined() {
        let found = |lines: &str| rows(&[sheet("", lines)]).0;
        assert_eq!(
            found("学号,姓,名,班级\n1001,张,三,1班\n1002,欧阳,娜娜,1班\n"),
            ["1001 张三 1班", "1002 欧阳娜娜 1班"]
        );
        assert_eq!(found("姓氏,名字\n张,三\n"), ["张三"]);
        assert_eq!(
            found("学号,名,姓\n1001,三,张\n1002,John,Smith\n1003,,李\n"),
            ["1001 张三", "1002 John Smith", "1003 李"]
        );
        assert_eq!(found("Student ID,Last Name,First Name\n1001,Smith,John\n"), ["1001 Smith John"]);
        assert_eq!(found("学号,姓名,\n,姓,名\n1001,张,三\n"), ["1001 张三"]);
        assert_eq!(found("学号,姓名,姓,名\n1001,张三,章,珊\n"), ["1001 张三"], "the whole name goes before");
        let (students, reading) = read(&[sheet("", "学号,姓,名\n1001,张,三\n")]);
        assert_eq!((students[0].column("姓"), students[0].column("名")), (Some("张"), Some("三")));
        assert!(reading.lines()[1].zh.contains("B姓→姓名、C名→姓名"), "{reading:?}");
    }
}
