//! Names of copies as their receiver wants them, made from the columns of the roster: `zp{考生号}`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::roster::Student;
use super::told::named;
use crate::text::{Reason, is_hidden};

/// A pattern of names: text, and columns of the roster in braces. `/` parts folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    pattern: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Column(String),
}

/// A folder or file name has at most so many bytes on every file system, less room for `.jpg`.
const NAME_BYTES_MAX: usize = 200;
/// Problems of one kind that are named; the others are counted.
const NAMED: usize = 12;

impl Naming {
    /// Reads a pattern such as `zp{考生号}` or `{院系}/{班级}/{学号}_{姓名}`; `.jpg` at its end may be left out.
    ///
    /// # Errors
    /// What is wrong with it: braces that do not pair, or no column in it.
    pub fn parse(pattern: &str) -> Result<Naming, Reason> {
        let stem = pattern.trim();
        let stem = stem
            .len()
            .checked_sub(4)
            .filter(|at| stem.is_char_boundary(*at))
            .map_or(stem, |at| if stem[at..].eq_ignore_ascii_case(".jpg") { &stem[..at] } else { stem });
        let unpaired = || {
            Reason::new(
                format!("命名规则“{pattern}”的大括号不成对；写法如 zp{{考生号}}。"),
                format!("The braces of the name {pattern} are not paired; write it like zp{{考生号}}."),
            )
        };
        let mut parts = Vec::new();
        let mut rest = stem;
        while !rest.is_empty() {
            let Some((text, after)) = rest.split_once('{') else {
                parts.push(Part::Text(rest.to_owned()));
                break;
            };
            let (column, after) = after.split_once('}').ok_or_else(unpaired)?;
            parts.push(Part::Text(text.to_owned()));
            parts.push(Part::Column(column.trim().to_owned()));
            rest = after;
        }
        if parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains(['{', '}']))) {
            return Err(unpaired());
        }
        if !parts.iter().any(|part| matches!(part, Part::Column(_))) {
            return Err(Reason::new(
                format!("命名规则“{pattern}”中没有名册的列，所有照片会重名；写法如 zp{{考生号}}。"),
                format!(
                    "The name {pattern} names no column of the roster, so all copies would have one name; write it like zp{{考生号}}."
                ),
            ));
        }
        Ok(Naming { pattern: pattern.to_owned(), parts })
    }

    /// The path of each student's copy below the folder of copies, without extension; safe on Windows.
    ///
    /// # Errors
    /// Everything that is in the way, by name: columns that the roster has not, students without a value in one, students
    /// who would get the same name, names too long for a file system.
    pub fn names(&self, students: &[&Student]) -> Result<Vec<PathBuf>, Vec<Reason>> {
        let mut problems = Vec::new();
        for part in &self.parts {
            let Part::Column(column) = part else { continue };
            let without = students.iter().filter(|student| student.column(column).is_none()).collect::<Vec<_>>();
            if without.is_empty() {
                continue;
            }
            if without.len() == students.len() {
                let mut heads = students.iter().flat_map(|student| student.heads()).collect::<Vec<_>>();
                heads.sort_unstable();
                heads.dedup();
                problems.push(Reason::new(
                    format!("名册中没有“{column}”列，或整列为空；有内容的列：{}。", heads.join("、")),
                    format!(
                        "The roster has no column {column}, or the column is empty; columns with values: {}.",
                        heads.join(", ")
                    ),
                ));
                continue;
            }
            let (count, names) = (without.len(), listed(without.iter().map(|student| **student)));
            problems.push(Reason::new(
                format!("{count}名学生的“{column}”是空的：{}。", names.zh),
                format!("{count} students have no {column}: {}.", names.en),
            ));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let paths = students.iter().map(|student| self.path(student)).collect::<Vec<_>>();
        // File systems of Windows take a.jpg and A.jpg for the same.
        let mut takers = BTreeMap::<String, Vec<usize>>::new();
        for (at, path) in paths.iter().enumerate() {
            takers.entry(path.to_string_lossy().to_lowercase()).or_default().push(at);
        }
        let is_long = |path: &PathBuf| path.iter().any(|part| part.len() > NAME_BYTES_MAX);
        let long = paths.iter().zip(students).filter(|(path, _)| is_long(path)).map(|(_, student)| *student);
        let long = long.collect::<Vec<_>>();
        if !long.is_empty() {
            let Reason { zh, en } = listed(long.into_iter());
            problems.push(Reason::new(format!("{zh}的文件名太长。"), format!("The file name of {en} is too long.")));
        }
        let clashes = takers.into_values().filter(|takers| takers.len() > 1).collect::<Vec<_>>();
        for takers in clashes.iter().take(NAMED) {
            let (who, name) = (listed(takers.iter().map(|at| students[*at])), paths[takers[0]].display());
            problems.push(Reason::new(
                format!("按“{}”命名，{}的文件都叫 {name}.jpg。", self.pattern, who.zh),
                format!("By {}, the files of {} would all be {name}.jpg.", self.pattern, who.en),
            ));
        }
        if clashes.len() > NAMED {
            let count = clashes.len();
            problems.push(Reason::new(format!("这样重名的共{count}处。"), format!("{count} names clash in all.")));
        }
        if problems.is_empty() { Ok(paths) } else { Err(problems) }
    }

    /// The path of one student's copy; every column has a value.
    fn path(&self, student: &Student) -> PathBuf {
        let filled = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.replace('\\', "/"),
            // Only the pattern makes folders.
            Part::Column(column) => student.column(column).unwrap_or_default().replace(['/', '\\'], "_"),
        });
        let filled = filled.collect::<String>();
        filled.split('/').filter(|part| !part.trim().is_empty()).map(safe_name).collect()
    }
}

/// A name for a file or folder that every system takes, Windows too: signs it forbids become `_`, the names of its devices
/// begin with one.
pub fn safe_name(name: &str) -> String {
    let is_bad = |c: char| is_hidden(c) || "<>:\"/\\|?*".contains(c);
    let name = name.replace(is_bad, "_");
    let name = name.trim().trim_end_matches(['.', ' ']);
    let device = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let is_numbered = |word: &str| {
        device.strip_prefix(word).is_some_and(|rest| rest.len() == 1 && matches!(rest.as_bytes()[0], b'1'..=b'9'))
    };
    let is_device = ["CON", "PRN", "AUX", "NUL"].contains(&device.as_str()) || is_numbered("COM") || is_numbered("LPT");
    if is_device || name.is_empty() || name.starts_with('.') { format!("_{name}") } else { name.to_owned() }
}

/// Name and number, or where the student stands.
fn words(student: &Student) -> Reason {
    let words = student.words();
    if words.is_empty() { student.origin() } else { Reason::in_each(|_| words.clone()) }
}

/// The students in a row, the first of many.
fn listed<'a>(students: impl Iterator<Item = &'a Student>) -> Reason {
    named(&students.map(words).collect::<Vec<_>>(), NAMED, "名")
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::*;

    fn student(row: usize, cells: &[(&str, &str)]) -> Student {
        let mut student = Student::new(row);
        for (head, value) in cells {
            student.keep(head, value);
            if let Some(field) = Field::of_head(head) {
                student.add(field, value);
            }
        }
        student
    }

    fn named(pattern: &str, students: &[Student]) -> Result<Vec<String>, Vec<String>> {
        let naming = Naming::parse(pattern).expect("a pattern");
        let names = naming.names(&students.iter().collect::<Vec<_>>());
        names
            .map(|paths| paths.into_iter().map(|path| path.to_string_lossy().replace('\\', "/")).collect())
            .map_err(|problems| problems.into_iter().map(|problem| problem.zh).collect())
    }

    #[test]
    fn any_column_names_a_copy() {
        let students = [
            student(2, &[("学号", "1"), ("考生号", "21430101"), ("姓名", "张三"), ("电话", "138")]),
            student(3, &[("学号", "2"), ("考生号", "21430102"), ("姓名", "买买提·艾力"), ("电话", "139")]),
        ];
        assert_eq!(named("zp{考生号}.JPG", &students).expect("names"), ["zp21430101", "zp21430102"]);
        assert_eq!(named("{ 姓名 }-{电话}", &students).expect("names"), ["张三-138", "买买提·艾力-139"]);
        // The same column by another of its heads, and folders.
        assert_eq!(named(r"照片\{学生姓名}/{学号}", &students).expect("names")[0], "照片/张三/1");
    }

    #[test]
    fn what_is_in_the_way_is_said_by_name_and_all_at_once() {
        let students = [
            student(2, &[("学号", "1"), ("姓名", "张三"), ("考生号", "7")]),
            student(3, &[("学号", "2"), ("姓名", "张三")]),
            student(4, &[("学号", "a3"), ("姓名", "李四")]),
            student(5, &[("学号", "A3"), ("姓名", "王五")]),
        ];
        let problems = |pattern| named(pattern, &students).expect_err("problems");
        assert_eq!(problems("{考生号}"), ["3名学生的“考生号”是空的：张三 2、李四 a3、王五 A3。"]);
        assert_eq!(problems("{姓名}"), ["按“{姓名}”命名，张三 1、张三 2的文件都叫 张三.jpg。"]);
        assert_eq!(problems("{学号}"), ["按“{学号}”命名，李四 a3、王五 A3的文件都叫 a3.jpg。"]);
        assert!(problems("{电话}")[0].contains("没有“电话”列") && problems("{电话}")[0].contains("姓名、学号"));
        let long = [student(2, &[("姓名", &"长".repeat(80))])];
        assert_eq!(named("{姓名}", &long).expect_err("too long").len(), 1);
        for pattern in ["zp{考生号", "zp考生号}", "{a}}", "照片", ""] {
            assert!(Naming::parse(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn of_many_problems_the_first_are_named_and_the_rest_are_counted() {
        let twins = |pairs: usize| {
            let twin = |n: usize| student(n + 2, &[("姓名", &format!("学生{}", n / 2))]);
            named("{姓名}", &(0..2 * pairs).map(twin).collect::<Vec<_>>()).expect_err("clashes")
        };
        assert_eq!(twins(NAMED).len(), NAMED);
        let more = twins(NAMED + 2);
        assert_eq!((more.len(), more.last().map(String::as_str)), (NAMED + 1, Some("这样重名的共14处。")));
        let without = |count: usize| {
            let rows = (0..count).map(|n| student(n + 2, &[("姓名", &format!("学生{n}"))]));
            let one = student(1, &[("姓名", "张三"), ("学号", "1")]);
            named("{学号}", &rows.chain([one]).collect::<Vec<_>>()).expect_err("numbers are missing").remove(0)
        };
        assert!(without(NAMED).ends_with("、学生11。"), "{}", without(NAMED));
        assert!(without(NAMED + 1).ends_with("、学生11等13名。"), "{}", without(NAMED + 1));
        let long = (0..20).map(|n| student(n + 2, &[("姓名", &format!("{n:0>300}"))])).collect::<Vec<_>>();
        assert_eq!(named("{姓名}", &long).expect_err("too long").len(), 1);
        let as_long = [student(2, &[("姓名", &"a".repeat(NAME_BYTES_MAX))])];
        assert!(named("{姓名}", &as_long).is_ok() && named("{姓名}b", &as_long).is_err());
    }

    #[test]
    fn names_are_safe_on_windows() {
        for (name, safe) in [
            ("软件/网络1班", "软件_网络1班"),
            ("a:b*?", "a_b__"),
            ("con", "_con"),
            ("Com1.x", "_Com1.x"),
            ("COM10", "COM10"),
            ("张三. ", "张三"),
            ("..", "_"),
            (".hidden", "_.hidden"),
            ("张\u{202e}三", "张_三"),
            ("", "_"),
        ] {
            assert_eq!(safe_name(name), safe, "{name}");
        }
        let students = [student(2, &[("班级", "软件/网络1班"), ("学号", "../1")])];
        assert_eq!(named("{班级}/{学号}", &students).expect("names"), ["软件_网络1班/_.._1"]);
    }
}
