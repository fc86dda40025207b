//! Rows that are no students, and cells that were not used, with a word why.

use std::collections::BTreeMap;

use super::super::told::named;
use super::NAMED;
use crate::text::{Reason, Text, text};

/// Why a row is no student, or what is wrong with one that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    Head,
    Class,
    Unclassed,
    Example,
    Total,
    Staff,
    Alone,
    Nobody,
    Lost,
    Masked,
    Headless,
    Garbled,
    Several,
    Gone,
    Struck,
    Hidden,
}

impl Why {
    fn words(self) -> Text {
        match self {
            Why::Head => text("另有表头或列名，不是学生", "further headings or column names, not students"),
            Why::Class => text("看作其下学生的班级", "taken for the class of the students below"),
            Why::Unclassed => text(
                "像写了班级，认不准，没有用上；其下是同一个班的，请加一列“班级”",
                "may say a class, not clearly enough to be used; give the list a column 班级 if all below are in one class",
            ),
            Why::Example => text("填写示例，未读", "example, not read"),
            Why::Total => text("合计、签名等，不是学生，未读", "totals and signatures, not students, not read"),
            Why::Staff => text("身份是教师等，不是学生，未读", "staff by their role, not students, not read"),
            Why::Alone => text(
                "姓名以外都是空的，看作标题、签名等，未读；是学生请补号码或班级",
                "nothing but a name, taken for a title or a signature and not read; add a number or a class if it is a student",
            ),
            Why::Nobody => text(
                "没有可用的号码或姓名，未读；是学生请看号码、姓名是否填错了列",
                "no number or name, not read; if it is a student, check whether number and name are in their columns",
            ),
            Why::Lost => text(
                "有的格不能用，已按其余各列读入；请改正这些格",
                "some cells cannot be used, read by the other columns; correct these cells",
            ),
            Why::Masked => text(
                "证件号码有遮挡，不核对，也不用来认照片",
                "identity number masked, neither checked nor used to match photos",
            ),
            Why::Headless => text(
                "有内容写在没有表头的列里，未读，请看是否错列",
                "values in columns without a heading, not read; check whether the row is shifted",
            ),
            Why::Garbled => text(
                "有读不出的字（编码损坏，或用别的符号代替了生僻字），请核对",
                "unreadable characters (damaged encoding, or signs in place of rare characters); compare them with another list",
            ),
            Why::Several => text(
                "姓名格里像有几个人的姓名，按一人读入；请一名学生一行",
                "several names in one cell, read as one student; give each student a row",
            ),
            Why::Gone => text(
                "看这些字可能不用拍照，仍按要拍照计；不用拍的请删去该行，或在“已采集”列写“免采集”",
                "may need no photo by what is written there, counted all the same; delete those who need none, or write 免采集 in a column 已采集",
            ),
            Why::Struck => text(
                "划了删除线，仍按要拍照计；不用拍的请删去该行，或在“已采集”列写“免采集”",
                "struck out, counted all the same; delete those who need no photo, or write 免采集 in a column 已采集",
            ),
            Why::Hidden => text("被隐藏或筛选掉，也已读入", "hidden or filtered out, but read all the same"),
        }
    }
}

/// Rows by why they are told.
#[derive(Default)]
pub(super) struct Left(BTreeMap<Why, Vec<Reason>>);

impl Left {
    pub fn row(&mut self, why: Why, number: usize) {
        self.add(why, Reason::new(format!("第{number}行"), format!("row {number}")));
    }

    /// A row with what stands in it.
    pub fn row_with(&mut self, why: Why, number: usize, what: &str) {
        self.row_with_words(why, number, &Reason::new(what, what));
    }

    /// A row with what is to be said of it.
    pub fn row_with_words(&mut self, why: Why, number: usize, Reason { zh, en }: &Reason) {
        if zh.is_empty() {
            self.row(why, number);
        } else {
            self.add(why, Reason::new(format!("第{number}行“{zh}”"), format!("row {number} ({en})")));
        }
    }

    fn add(&mut self, why: Why, row: Reason) {
        self.0.entry(why).or_default().push(row);
    }

    /// A sentence for each reason.
    pub fn notes(self) -> impl Iterator<Item = Reason> {
        self.0.into_iter().map(|(why, rows)| {
            let (rows, words) = (named(&rows, NAMED, "行"), why.words());
            Reason::new(format!("{}：{}。", rows.zh, words.zh), format!("{}: {}.", rows.en, words.en))
        })
    }
}

/// As much of a text as is told.
pub(super) fn short(text: &str) -> String {
    text.chars().take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{rows, sheet};

    #[test]
    fn of_rows_of_one_kind_eight_are_named_and_the_others_counted() {
        let totals = |count: usize| {
            let (_, lines) = rows(&[sheet("", &format!("学号,姓名\n1001,张三\n{}", "合计,2\n".repeat(count)))]);
            (lines[1].zh.clone(), lines[1].en.clone())
        };
        assert_eq!(rows(&[sheet("", "序号,姓名\n1,张三\n审核人,李四\n")]).0, ["张三"]);
        let (found, lines) = rows(&[sheet("", "姓名,班级\n100,1班\n张三,1班\n")]);
        assert_eq!(found, ["张三 1班"]);
        assert!(lines[1].zh.contains("第2行“100”：没有可用的号码或姓名，未读；是学生请看"), "{lines:?}");
        let (zh, en) = totals(8);
        assert!(zh.ends_with("第10行“合计”：合计、签名等，不是学生，未读。"), "{zh}");
        assert!(en.contains("row 10 (合计): totals"), "{en}");
        let (zh, en) = totals(10);
        assert!(zh.contains("第10行“合计”等10行：") && en.contains("row 10 (合计) and 2 more: "), "{zh} {en}");
    }
}
