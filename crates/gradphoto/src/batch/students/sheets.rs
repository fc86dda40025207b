//! What each sheet of a file is for: a list of students, often of one class, or of staff, or an example of how to fill in.

use super::super::field::Field;
use super::super::names::{exact, is_cjk, is_class_name, noted, without_brackets, without_count};
use super::super::numerals::is_numeral;
use super::super::table::Table;
use super::super::words::Words;
use super::cells::{is_count, is_foot, is_sentence};
use super::column::Column;
use super::heads::Head;
use crate::text::{Reason, Text, text};

/// A sheet called 模板 or 示例 beside others has so few rows where it shows how to fill them in.
const EXAMPLES: usize = 5;
/// Names of such sheets.
const PATTERNS: Words = Words("示例 样例 样表 范例 模板 填写说明");
/// What names of sheets of one class do not end in, before a number: 名单2.
const NO_CLASS: Words = Words("工作表 表格 名单 名册 第 教室 考场 实验室 宿舍 机房 号楼");
/// People who are not photographed.
const STAFF: Words = Words("教师 老师 教职工 辅导员 班主任 工作人员");
/// What words before a number are of people or of what is done with them: 学生101.
const PEOPLE: Words = Words("学生 同学 考生 毕业 采集 图像 人员 编号 学号");
/// What follows these or a class in the name of a list of them.
const LISTS: Words = Words("名单 名册 花名册 点名册 表 信息 信息表 通讯录");
/// Words of places wider than a class.
const WIDER: Words = Words("大学 学校 学院 系 专业");
/// What is told of a class behind its name.
const LABELS: Words = Words("班主任 辅导员 导师 专业 人数 学生人数 班长 联系电话 教室");
/// Words of classes that are more than one, or none: 毕业班.
const ALL: Words = Words("毕业 应届 往届 各 全 本 其他 其它 以下 以上 补 剩余 未 已");
/// Heads of columns that only they have.
const STAFF_HEADS: Words = Words("工号 职工号 教工号 教职工号 教师工号 职称");

/// Heads of columns that tell them from students.
const ROLE_HEADS: Words = Words("角色 身份 人员类别 人员类型 用户类型");

/// Whether a column tells what people are.
pub(super) fn is_role(head: &str) -> bool {
    ROLE_HEADS.has(head)
}

/// Whether a role is one of staff: 教师.
pub(super) fn is_staff(role: &str) -> bool {
    STAFF.has(role)
}

/// What a sheet with heads is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Students,
    Staff,
    Pattern,
}

impl Role {
    /// Why the sheet is left out.
    pub fn left_out(self) -> Option<Text> {
        match self {
            Role::Students => None,
            Role::Staff => Some(text("看名称不是学生，未读。", "by its name a list of staff, not read.")),
            Role::Pattern => Some(text("是填写示例，未读。", "an example, not read.")),
        }
    }
}

/// Why a sheet without heads is left out.
pub(super) fn headless(table: &Table) -> Reason {
    let why = match (table.is_hidden, table.rows.is_empty()) {
        (true, _) => text("已隐藏，未读。", "hidden, not read."),
        (_, true) => text("是空的。", "empty."),
        _ => text("没有表头（学号、姓名等列名），未读。", "no headings such as 学号 or 姓名, not read."),
    };
    why.into()
}

/// What each sheet is for: its name alone does not tell, for a template that is filled in keeps it.
pub(super) fn roles(tables: &[Table], heads: &[Option<Head>], is_one: bool) -> Vec<Role> {
    struct Looks {
        is_staff: bool,
        is_pattern: bool,
        rows: usize,
    }
    let looks = tables.iter().zip(heads).map(|(table, head)| {
        let Head { place, columns } = head.as_ref()?;
        let is_staff = !is_one && is_of_staff(&table.name, columns);
        Some(Looks { is_staff, is_pattern: PATTERNS.are_in(&table.name), rows: table.rows.len() - place - 1 })
    });
    let looks = looks.collect::<Vec<_>>();
    // No other sheet that is to be filled in has more rows, and none beside those has any.
    let is_filled = |rows: usize| {
        let mut others = looks.iter().flatten().filter(|other| !other.is_staff);
        others.all(|other| if other.is_pattern { other.rows <= rows } else { other.rows == 0 })
    };
    let role = |looks: &Option<Looks>| match looks {
        Some(Looks { is_staff: true, .. }) => Role::Staff,
        Some(Looks { is_pattern: true, rows, .. }) if *rows <= EXAMPLES && !is_filled(*rows) => Role::Pattern,
        _ => Role::Students,
    };
    looks.iter().map(role).collect()
}

/// Whether a sheet lists people who are not photographed: 教师名单. One whose name but holds such a word, as 王老师 and
/// 教师教育学院 do, has heads of staff besides, or no number of students.
fn is_of_staff(name: &str, columns: &[Column]) -> bool {
    // 2班（王老师）
    let name = without_brackets(&exact(name));
    let numbers = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode];
    let has_number = columns.iter().any(|column| column.field.is_some_and(|field| numbers.contains(&field)));
    let is_head = |head: &str| exact(head).split(['/', '、', '(', ')', '或']).any(|part| STAFF_HEADS.has(part));
    let has_head = columns.iter().any(|column| is_head(&column.head));
    let mut rests = STAFF.all().filter_map(|word| name.strip_prefix(word));
    let is_list = rests.any(|rest| rest.is_empty() || LISTS.has(rest));
    let is_place = name.ends_with(['院', '系', '部', '班']);
    STAFF.are_in(&name) && (is_list || if is_place { has_head && !has_number } else { has_head || !has_number })
}

/// The class that the name of a sheet among others says: 软件1班, 软件2301, and without whose it is 软件2班（王老师）.
pub(super) fn class(name: &str) -> Option<&str> {
    let named = noted(name).filter(|(_, note)| note.chars().all(is_cjk));
    let name = named.map_or(name, |(name, _)| name.trim_end());
    is_class_name(name, NO_CLASS).then_some(name)
}

/// The class that a line above students says for certain: 软件1班, 班级：软件(2)班（30人）, 软件2301班学生名单. 计算机系1班 may be
/// called otherwise elsewhere, and 毕业班 is none.
pub(super) fn titled(text: &str) -> Option<&str> {
    let text = without_count(text.trim());
    let text = text.strip_prefix("班级").map_or(text, |rest| rest.trim_start_matches([':', '：', ' ']));
    // 软件1班（班主任：王老师）, 软件1班 35人
    let counted = text.split_once(char::is_whitespace).filter(|(_, rest)| is_count(rest));
    let text = before_labels(text);
    let text = [noted(text), counted]
        .into_iter()
        .flatten()
        .find(|(class, _)| class.ends_with('班'))
        .map_or(text, |(class, _)| class);
    let text = LISTS.all().filter_map(|list| text.strip_suffix(list)).min_by_key(|text| text.len()).unwrap_or(text);
    let text = ["毕业生", "学生"].into_iter().find_map(|who| text.strip_suffix(who)).unwrap_or(text);
    let class = class(text)?;
    let number = class.strip_suffix('班')?.trim_end_matches([')', '）']);
    let is_numbered = number.ends_with(|c: char| c.is_ascii_alphanumeric() || is_numeral(c));
    (is_numbered && !is_foot(class) && !is_sentence(class) && !WIDER.are_in(class)).then_some(class)
}

/// A class without a number that a line alone says for certain where others do so before it: 汽修班.
pub(super) fn unnumbered(text: &str) -> Option<&str> {
    let class = without_count(text.trim());
    let is_word = class.strip_suffix('班').is_some_and(|word| {
        word.chars().count() > 1 && word.chars().all(is_cjk) && !WIDER.are_in(word) && !ALL.are_in(word)
    });
    (is_word && !is_foot(class) && !is_sentence(class)).then_some(class)
}

/// Whether a text tells more of a class: 班主任：王老师.
pub(super) fn is_labelled(text: &str) -> bool {
    label(text) == Some(0)
}

/// 软件1班 of 软件1班 班主任：王老师.
fn before_labels(text: &str) -> &str {
    label(text).map_or(text, |at| text[..at].trim_end_matches(|c: char| c.is_whitespace() || ",，;；(（".contains(c)))
}

/// Where the first label stands that tells more of a class.
fn label(text: &str) -> Option<usize> {
    let is_one = |(at, label): &(usize, &str)| text[at + label.len()..].trim_start().starts_with([':', '：']);
    let labels = LABELS.all().flat_map(|label| text.match_indices(label)).filter(is_one);
    labels.map(|(at, _)| at).min()
}

/// The class that the cells of a line name as one: 班级：软件1班 班主任：王老师, or each in a cell of its own.
pub(super) fn labelled<'a>(mut texts: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let label = texts.next().filter(|label| !is_foot(label) && !is_sentence(label))?;
    let behind = label.split("班级").nth(1)?.trim();
    let said = behind.strip_prefix([':', '：']).map(str::trim);
    if said.unwrap_or(behind).is_empty() {
        return texts.next().and_then(|text| titled(text.trim()).or_else(|| class(text.trim())));
    }
    let first = said?.split([' ', '\u{3000}', '\t', '\n', ',', '，', ';', '；']).next()?;
    titled(first).or_else(|| titled(said?)).or_else(|| class(first))
}

/// A class whose name ends in its number, as it may stand alone in a line: 软件2102. A year may be of anything.
pub(super) fn numbered(text: &str) -> Option<&str> {
    let text = without_count(text);
    let word = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_year = matches!(text[word.len()..].parse::<u32>(), Ok(1990..2100));
    let is_other =
        is_foot(text) || is_sentence(text) || WIDER.are_in(text) || NO_CLASS.end(word) || PEOPLE.are_in(word);
    (is_word_and_number(text) && !is_year && !is_other).then_some(text)
}

/// Whether a text is Chinese characters and a number that is no student's: 软件2102, 名单2026.
pub(super) fn is_word_and_number(text: &str) -> bool {
    let text = without_count(text);
    let word = text.trim_end_matches(|c: char| c.is_ascii_digit());
    (3..=5).contains(&(text.len() - word.len())) && word.chars().count() >= 2 && word.chars().all(is_cjk)
}

/// Whether a text has the number of a class in it, whatever else it says: 某某学院2026届软件2101班毕业生.
pub(super) fn has_class(text: &str) -> bool {
    let is_numbered = |(at, _): (usize, &str)| {
        let number = text[..at].trim_end_matches([')', '）']);
        number.ends_with(|c: char| c.is_ascii_alphanumeric() || is_numeral(c))
    };
    text.match_indices('班').any(is_numbered)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{read, refused, rows, sheet};
    use super::{has_class, numbered, titled, unnumbered};

    #[test]
    fn classes_are_known_in_titles_of_lists() {
        for title in [
            "软件1班 35人",
            "软件1班（班主任：王老师）",
            "软件1班点名册",
            "软件1班毕业生信息",
            "班级：软件1班（30人）",
            "软件1班 班主任：王老师 人数：35",
            "软件1班班主任 : 王老师",
            "软件1班，专业：软件",
        ] {
            assert_eq!(titled(title), Some("软件1班"), "{title}");
        }
        for title in ["软件1班 王老师", "计算机系1班（30人）", "毕业班（王老师）"] {
            assert_eq!(titled(title), None, "{title}");
        }
        assert_eq!(["汽修班", "汽修班（30人）"].map(unnumbered), [Some("汽修班"); 2]);
        assert_eq!(["毕业班", "班", "计算机系汽修班", "软件2班", "汽修"].map(unnumbered), [None; 5]);
        assert_eq!(["软件2102", "会计211"].map(|text| numbered(text).is_some()), [true; 2]);
        assert_eq!(numbered("软件2102（30人）"), Some("软件2102"));
        let others = ["软件2026", "学生101", "名单211", "教室301", "借读20210001", "张三2", "20210001", "A12345"];
        assert_eq!(others.map(numbered), [None; 8]);
        assert_eq!(
            ["某学院2026届软件2101班毕业生名单", "软件(2)班", "毕业班", "班级"].map(has_class),
            [true, true, false, false]
        );
    }

    #[test]
    fn sheets_of_examples_and_staff_are_left_out_and_a_sheet_names_its_class() {
        let list = |number: usize| format!("学号,姓名\n{number},张三\n");
        let names = ["软件1班", "软件2301", "Sheet2", "工作表1", "名单2", "班2", "毕业生", "填写示例", "教师"];
        let tables = names.into_iter().zip(1001..).map(|(name, number)| sheet(name, &list(number)));
        let (found, lines) = rows(&tables.collect::<Vec<_>>());
        assert_eq!(
            found,
            [
                "1001 张三 软件1班",
                "1002 张三 软件2301",
                "1003 张三",
                "1004 张三",
                "1005 张三",
                "1006 张三",
                "1007 张三"
            ]
        );
        let told = lines.iter().map(|line| line.zh.as_str()).collect::<String>();
        assert!(told.contains("“填写示例”：是填写示例，未读") && told.contains("“教师”：看名称不是学生"), "{told}");
        // A teacher's name or a college of teachers makes no list of staff, nor does its name make a filled template an example.
        let filled = (1..=6).map(|at| format!("{at},张三\n")).collect::<String>();
        let tables = [
            sheet("王老师", &list(1001)),
            sheet("教师教育学院", "学号,姓名,辅导员\n1002,李四,王老师\n"),
            sheet("2班（王老师）", "姓名,班级\n王五,2班\n"),
            sheet("导入模板", &format!("学号,姓名\n{filled}")),
        ];
        let all = rows(&tables).0;
        assert_eq!((all.len(), &all[..3]), (9, &["1001 张三", "1002 李四", "王五 2班"].map(str::to_owned)[..]));
        assert_eq!(rows(&[sheet("学生信息导入模板", &list(1)), sheet("填写说明", "请填写\n")]).0, ["1 张三"]);
        assert_eq!(rows(&[sheet("模板", &format!("学号,姓名\n{filled}")), sheet("示例", &list(9))]).0.len(), 6);
        let staff = [sheet("李老师", "姓名,职称\n李四,讲师\n"), sheet("刘老师", "学号/工号,姓名\n7,刘七\n")];
        let problems = refused(&staff);
        assert!(problems.len() == 3 && problems[2].zh.starts_with("有表头的工作表都没有读"), "{problems:?}");
        // A sheet alone is read whatever it is called, and does not name a class.
        assert_eq!(rows(&[sheet("教师", &list(1)), sheet("空", "")]).0, ["1 张三"]);
        assert_eq!(rows(&[sheet("软件1班", &list(1))]).0, ["1 张三"]);
        // Nor does it where the list has a column for it.
        let tables = [sheet("软件1班", "学号,班级\n1,\n2,乙班\n"), sheet("软件2班", "学号\n3\n")];
        assert_eq!(rows(&tables).0, ["1", "2  乙班", "3  软件2班"]);
        let noted = ["软件2班（王老师）", "软件班(2)"].map(|name| sheet(name, "学号\n4\n"));
        assert_eq!(noted.map(|sheet| rows(&[sheet, tables[1].clone()]).0[0].clone()), ["4  软件2班", "4"]);
        let origin = |at: usize| read(&tables).0[at].origin().zh;
        assert_eq!((origin(0), origin(2)), ("“软件1班”第2行".to_owned(), "“软件2班”第2行".to_owned()));
    }
}
