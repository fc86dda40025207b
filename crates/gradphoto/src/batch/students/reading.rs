//! What was read of a roster, to be looked over before the photos are.

use serde::Serialize;

use super::super::roster::is_further_name;
use super::super::told::{counted, joined, named};
use super::column::Column;
use crate::text::Reason;

/// Columns without a use that a sentence names; the others are counted.
const UNUSED_NAMED: usize = 12;
/// So many sheets with the same columns, as of the classes of a year, are told together.
const ALIKE: usize = 3;

/// What was read of a roster, to be looked over before the photos are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reading {
    /// Students in all.
    pub students: usize,
    /// Every sheet, those left out included.
    pub sheets: Vec<Sheet>,
    /// What concerns all sheets, such as students who stand there twice.
    pub notes: Vec<Reason>,
}

/// What was read of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sheet {
    /// Its name; empty for a file that is one table.
    pub name: String,
    /// Students on it.
    pub students: usize,
    /// The row of the heads, from 1; `None` where the sheet was left out.
    pub head_row: Option<usize>,
    /// What became of each column that has a head.
    pub columns: Vec<Column>,
    /// Why rows, cells or the sheet were left out, or what else to know.
    pub notes: Vec<Reason>,
}

impl Reading {
    /// The whole as sentences, a line each, in both languages; sheets with the same columns share one.
    pub fn lines(&self) -> Vec<Reason> {
        let all = Reason::new(
            format!("名册共{}名学生。", self.students),
            format!("{} on the roster.", counted(self.students, "student")),
        );
        let sheets = self.sheets.chunk_by(Sheet::is_like).flat_map(|alike| match alike.len() {
            ALIKE.. => Sheet::lines(alike),
            _ => alike.iter().map(Sheet::line).collect(),
        });
        std::iter::once(all).chain(sheets).chain(self.notes.iter().cloned()).collect()
    }
}

impl Sheet {
    fn line(&self) -> Reason {
        let name = match self.name.as_str() {
            "" => Reason::new("", ""),
            name => Reason::new(format!("工作表“{name}”："), format!("Sheet {name}: ")),
        };
        let Some(row) = self.head_row else {
            let why = joined(&self.notes, "", " ");
            return Reason::new(name.zh + &why.zh, name.en + &why.en);
        };
        let headings = if name.en.is_empty() { "Headings".to_owned() } else { name.en + "headings" };
        let count = self.students;
        let mut parts = vec![
            Reason::new(
                format!("{}第{row}行为表头，{count}名学生。", name.zh),
                format!("{headings} in row {row}; {}.", counted(count, "student")),
            ),
            self.used(),
        ];
        parts.extend(self.unused());
        parts.extend(self.notes.iter().cloned());
        joined(&parts, "", " ")
    }

    fn is_like(&self, other: &Sheet) -> bool {
        self.head_row.is_some() && self.head_row == other.head_row && self.columns == other.columns
    }

    /// Sheets that are alike, at least one: what they have in common, and the notes on each.
    fn lines(alike: &[Sheet]) -> Vec<Reason> {
        let names = |sheets: &[Sheet]| {
            let names = sheets.iter().map(|sheet| Reason::new(format!("“{}”", sheet.name), sheet.name.as_str()));
            joined(&names.collect::<Vec<_>>(), "、", ", ")
        };
        let [count, students] = [alike.len(), alike.iter().map(|sheet| sheet.students).sum()];
        let each = alike.iter().map(|Sheet { name, students, .. }| {
            Reason::new(format!("“{name}”{students}名"), format!("{name} ({students})"))
        });
        let (row, each) = (alike[0].head_row.unwrap_or_default(), joined(&each.collect::<Vec<_>>(), "、", ", "));
        let heads = Reason::new(
            format!("{count}张工作表都以第{row}行为表头，共{students}名学生：{}。", each.zh),
            format!("{count} sheets with headings in row {row}; {}: {}.", counted(students, "student"), each.en),
        );
        let mut parts = vec![heads, alike[0].used()];
        parts.extend(alike[0].unused());
        let of_some = alike.chunk_by(|a, b| a.notes == b.notes).filter(|some| !some[0].notes.is_empty());
        let notes = of_some.map(|some| {
            let (names, notes) = (names(some), joined(&some[0].notes, "", " "));
            Reason::new(format!("工作表{}：{}", names.zh, notes.zh), format!("Sheet {}: {}", names.en, notes.en))
        });
        std::iter::once(joined(&parts, "", " ")).chain(notes).collect()
    }

    /// The columns that were read, and as what.
    fn used(&self) -> Reason {
        let used = self.columns.iter().filter_map(|column| {
            if column.field.is_none() && is_further_name(&column.head) {
                let words = column.words();
                return Some(Reason::new(format!("{words}（只供人工确认）"), format!("{words} (to ask a person by)")));
            }
            let word = column.field?.word();
            let became = |word: &str, arrow: &str| match word == column.head {
                true => column.words(),
                false => format!("{}{arrow}{word}", column.words()),
            };
            Some(Reason::new(became(word.zh, "→"), became(word.en, " as ")))
        });
        let used = joined(&used.collect::<Vec<_>>(), "、", ", ");
        Reason::new(format!("读入的列：{}。", used.zh), format!("Columns read: {}.", used.en))
    }

    /// The columns that were not.
    fn unused(&self) -> Option<Reason> {
        let unused = self.columns.iter().filter(|column| column.field.is_none() && !is_further_name(&column.head));
        let unused = unused.map(|column| Reason::in_each(|_| column.words())).collect::<Vec<_>>();
        let shown = named(&unused, UNUSED_NAMED, "列");
        let told = || {
            Reason::new(format!("没有认出用途的列：{}。", shown.zh), format!("Columns of no known use: {}.", shown.en))
        };
        (!unused.is_empty()).then(told)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::table::Table;
    use super::super::testing::{rows, sheet};

    #[test]
    fn columns_of_further_names_are_told_apart_from_those_of_no_use() {
        let (_, lines) = rows(&[sheet("", "学号,姓名,英文姓名,备注\n1001,张三,Zhang San,好\n")]);
        let told = "读入的列：A学号、B姓名、C英文姓名（只供人工确认）。没有认出用途的列：D备注。";
        assert!(lines[1].zh.contains(told), "{lines:?}");
    }

    #[test]
    fn everything_that_was_read_is_told_in_both_languages() {
        let many = |count: usize| (1..=count).map(|at| format!(",备注{at}")).collect::<String>();
        let tables = [
            sheet(
                "软件1班",
                &format!("学号,姓 名,院（系）{}\n1001,张三,计算机,好\n1002,李四,计算机\n合计,2\n", many(13)),
            ),
            sheet("说明", "请认真填写\n"),
            Table { is_hidden: true, ..sheet("去年", "学号\n1999\n") },
            sheet("空表", ""),
        ];
        let (_, lines) = rows(&tables);
        let zh = lines.iter().map(|line| line.zh.as_str()).collect::<Vec<_>>();
        let unused = ["D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O"];
        let unused = unused.iter().zip(1..).map(|(letter, at)| format!("{letter}备注{at}")).collect::<Vec<_>>();
        assert_eq!(
            zh,
            [
                "名册共2名学生。",
                &format!(
                    "工作表“软件1班”：第1行为表头，2名学生。读入的列：A学号、B姓 名→姓名、C院（系）→院系。没有认出用途的列：{}等13列。第4行“合计”：合计、签名等，不是学生，未读。",
                    unused.join("、")
                ),
                "工作表“说明”：没有表头（学号、姓名等列名），未读。",
                "工作表“去年”：已隐藏，未读。",
                "工作表“空表”：是空的。",
            ]
        );
        let en = lines.iter().map(|line| line.en.as_str()).collect::<Vec<_>>();
        assert_eq!(
            en,
            [
                "2 students on the roster.",
                &format!(
                    "Sheet 软件1班: headings in row 1; 2 students. Columns read: A学号 as student number, B姓 名 as name, C院（系） as department. Columns of no known use: {} and 1 more. row 4 (合计): totals and signatures, not students, not read.",
                    unused.join(", ")
                ),
                "Sheet 说明: no headings such as 学号 or 姓名, not read.",
                "Sheet 去年: hidden, not read.",
                "Sheet 空表: empty.",
            ]
        );
        let class =
            |number: u32, rest: &str| sheet(&format!("{number}班"), &format!("学号,姓名\n{number},张三\n{rest}"));
        let (_, lines) = rows(&[class(1, ""), class(2, "合计,1\n"), class(3, "合计,1\n"), sheet("说明", "请填写\n")]);
        let zh = lines.iter().map(|line| line.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(
            zh[1..4],
            [
                "3张工作表都以第1行为表头，共3名学生：“1班”1名、“2班”1名、“3班”1名。读入的列：A学号、B姓名。",
                "工作表“2班”、“3班”：第3行“合计”：合计、签名等，不是学生，未读。",
                "工作表“说明”：没有表头（学号、姓名等列名），未读。",
            ]
        );
        assert!(
            lines[1]
                .en
                .starts_with("3 sheets with headings in row 1; 3 students: 1班 (1), 2班 (1), 3班 (1). Columns read")
        );
        assert!(lines[2].en.starts_with("Sheet 2班, 3班: row 3 (合计)"), "{}", lines[2].en);
        let (_, lines) = rows(&[sheet("", &format!("学号,姓名{}\n1001,张三\n", many(12)))]);
        assert!(lines[1].zh.ends_with("N备注12。") && lines[1].en.ends_with("N备注12."), "{lines:?}");
        let (_, lines) = rows(&[sheet("", "学号,姓名\n1001,张三\n")]);
        assert_eq!(lines[1].zh, "第1行为表头，1名学生。读入的列：A学号、B姓名。");
        assert_eq!(lines[1].en, "Headings in row 1; 1 student. Columns read: A学号 as student number, B姓名 as name.");
    }
}
