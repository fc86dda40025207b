use std::collections::{BTreeSet, HashMap};

use super::batch_rule;
use crate::text::text;

batch_rule! {
    /// Whether photos and roster belong to each other: one photo for each student, one student for each photo.
    ///
    /// ## What is measured
    /// The file's name without its extension against 证件号码, 学号, 考生号, 采集码 and 姓名 of every student: as a whole first, then its parts (学号_姓名, 姓名-学号, 学号姓名). Full-width forms, brackets and case do not matter, and what stands in brackets may be missing. Where several students have the name, the folders' class, department and major decide, and only where they leave exactly one.
    ///
    /// ## Limit and source
    /// Each student has one photo, each photo one student. A photo whose parts name different students, or a name that several students have, is listed as ambiguous and never guessed. File naming is the school's; the standard has no rule for it.
    ///
    /// ## What to do
    /// Missing: call the student to the next session. Surplus: rename the file or complete the roster. Ambiguous: name the file by 学号. Several photos of one student: keep one.
    ROSTER_MATCH {
        id: "roster-match",
        name: text("名册核对", "Roster match"),
        clause: "—",
    }
}

/// A column of a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Field {
    SchoolCode,
    Department,
    Major,
    Class,
    StudentNumber,
    ExamNumber,
    Name,
    Sex,
    IdNumber,
    CaptureCode,
    Session,
    Time,
    Place,
}

impl Field {
    /// All columns.
    pub const ALL: [Field; 13] = [
        Field::SchoolCode,
        Field::Department,
        Field::Major,
        Field::Class,
        Field::StudentNumber,
        Field::ExamNumber,
        Field::Name,
        Field::Sex,
        Field::IdNumber,
        Field::CaptureCode,
        Field::Session,
        Field::Time,
        Field::Place,
    ];

    /// The columns that a photo may be named by, numbers before names.
    pub const KEYS: [Field; 5] =
        [Field::IdNumber, Field::StudentNumber, Field::ExamNumber, Field::CaptureCode, Field::Name];

    /// Heads that schools give the column; the first is its usual name.
    pub fn heads(self) -> &'static [&'static str] {
        match self {
            Field::SchoolCode => &["院校代码", "学校代码", "院校代号"],
            Field::Department => {
                &["院系", "学院", "院系名称", "学院名称", "系部", "系别", "二级学院", "所在学院", "所在院系", "部门"]
            }
            Field::Major => &["专业", "专业名称", "所学专业"],
            Field::Class => &["班级", "班号", "班级名称", "行政班", "行政班级", "所在班级"],
            Field::StudentNumber => &["学号", "学生学号", "学生编号", "学籍号"],
            Field::ExamNumber => &["考生号", "考号", "高考考生号", "准考证号", "报名号"],
            Field::Name => &["姓名", "学生姓名", "名字", "考生姓名"],
            Field::Sex => &["性别"],
            Field::IdNumber => &[
                "证件号码",
                "身份证号",
                "身份证号码",
                "身份证",
                "证件号",
                "公民身份号码",
                "身份证件号",
                "身份证件号码",
            ],
            Field::CaptureCode => &["采集码", "图像采集码", "采集编码", "拍摄号", "特征码"],
            Field::Session => &["批次", "拍摄批次", "场次", "采集批次"],
            Field::Time => &["时间", "拍摄时间", "采集时间", "日期", "拍摄日期"],
            Field::Place => &["地点", "拍摄地点", "采集地点", "教室"],
        }
    }

    /// The column that has this head; spaces, brackets with notes in them and a star for 必填 do not matter.
    pub fn of_head(head: &str) -> Option<Field> {
        let head = normal(&without_brackets(head));
        Field::ALL.into_iter().find(|field| field.heads().contains(&head.as_str()))
    }
}

/// One row of a roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Student {
    /// Row in the file, from 1, the head included.
    pub row: usize,
    values: [String; Field::ALL.len()],
}

impl Student {
    /// A student of this row with nothing known.
    pub fn new(row: usize) -> Student {
        Student { row, ..Student::default() }
    }

    /// What a column says; empty where it says nothing.
    pub fn get(&self, field: Field) -> &str {
        &self.values[field as usize]
    }

    /// Sets what a column says.
    pub fn set(&mut self, field: Field, value: &str) {
        self.values[field as usize] = value.trim().to_owned();
    }
}

/// The students of a school, found by what their photos are named.
#[derive(Debug, Default)]
pub struct Roster {
    students: Vec<Student>,
    /// Places in `students` by normal form of each key.
    by_key: HashMap<String, BTreeSet<usize>>,
}

/// Whom a photo's name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// The student at this place of the roster.
    One(usize),
    /// Several students have what the name says.
    Several(Vec<usize>),
    /// Parts of the name speak of different students.
    Conflict(Vec<usize>),
    /// Nobody on the roster.
    Nobody,
}

impl Roster {
    /// A roster of these students.
    pub fn new(students: Vec<Student>) -> Roster {
        let mut by_key = HashMap::<_, BTreeSet<usize>>::new();
        for (place, student) in students.iter().enumerate() {
            for key in Field::KEYS.map(|field| student.get(field)) {
                for form in [normal(key), normal(&without_brackets(key))] {
                    if !form.is_empty() {
                        by_key.entry(form).or_default().insert(place);
                    }
                }
            }
        }
        Roster { students, by_key }
    }

    /// The students, in the order of the file.
    pub fn students(&self) -> &[Student] {
        &self.students
    }

    /// Whom a photo means by its file's `stem`, the name without extension; `folders` are the folders it lies in.
    pub fn find(&self, stem: &str, folders: &[String]) -> Match {
        let bare = without_brackets(stem);
        let whole = [normal(stem), normal(&bare)].iter().find_map(|form| self.by_key.get(form)).cloned();
        let candidates = match whole {
            Some(places) => places,
            None => {
                let known = parts(&bare).into_iter().filter_map(|part| self.by_key.get(&part)).collect::<Vec<_>>();
                let all = || known.iter().flat_map(|places| places.iter().copied()).collect::<BTreeSet<_>>();
                let common = all().into_iter().filter(|place| known.iter().all(|places| places.contains(place)));
                let common = common.collect::<BTreeSet<_>>();
                if common.is_empty() && !known.is_empty() {
                    return Match::Conflict(all().into_iter().collect());
                }
                common
            }
        };
        self.narrowed(candidates, folders)
    }

    /// The one of several candidates that the folders leave, if they leave one.
    fn narrowed(&self, candidates: BTreeSet<usize>, folders: &[String]) -> Match {
        let mut left = candidates.into_iter().collect::<Vec<_>>();
        let all = left.clone();
        let folders = folders.iter().map(|folder| normal(folder)).collect::<Vec<_>>();
        for field in [Field::Class, Field::Department, Field::Major] {
            if left.len() > 1 {
                left.retain(|place| folders.contains(&normal(self.students[*place].get(field))));
            }
        }
        match (all.len(), &left[..]) {
            (0, _) => Match::Nobody,
            (_, [one]) => Match::One(*one),
            _ => Match::Several(all),
        }
    }
}

/// One form for all ways to write the same: half width, upper case, letters and digits alone.
pub fn normal(text: &str) -> String {
    text.chars().map(half_width).filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The text without what stands in brackets, such as the `(1)` of a second download.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut bare = String::new();
    for c in text.chars().map(half_width) {
        match c {
            '(' | '[' | '{' | '【' | '〔' | '〈' | '《' | '「' => depth += 1,
            ')' | ']' | '}' | '】' | '〕' | '〉' | '》' | '」' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    bare
}

/// Runs of ASCII letters and digits, and runs of other letters, in their normal form; short runs of digits, such as the
/// number of a copy, say nothing. A point inside a name does not end it: 买买提·艾力.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    let mut joined = false;
    for c in text.chars().map(half_width).filter(|c| !matches!(c, '·' | '•' | '・' | '‧')) {
        let is_ascii = c.is_ascii();
        match parts.last_mut() {
            Some((ascii, part)) if c.is_alphanumeric() && joined && *ascii == is_ascii => part.push(c),
            _ if c.is_alphanumeric() => parts.push((is_ascii, c.to_string())),
            _ => {}
        }
        joined = c.is_alphanumeric();
    }
    let means = |part: &String| part.chars().count() >= if part.bytes().all(|b| b.is_ascii_digit()) { 4 } else { 2 };
    parts.into_iter().map(|(_, part)| normal(&part)).filter(means).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn student(number: &str, id: &str, name: &str, class: &str) -> Student {
        let mut student = Student::new(1);
        let fields = [Field::StudentNumber, Field::IdNumber, Field::Name, Field::Class];
        for (field, value) in fields.into_iter().zip([number, id, name, class]) {
            student.set(field, value);
        }
        student
    }

    fn roster() -> Roster {
        Roster::new(vec![
            student("20210001", "11010519491231002X", "张三", "软件1班"),
            student("20210002", "H12345678(00)", "李四", "软件1班"),
            student("20210003", "", "张三", "软件2班"),
            student("20210004", "", "买买提·艾力", "软件2班"),
        ])
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        let roster = roster();
        let cases = [
            ("20210001", 0),
            ("２０２１０００１", 0),
            ("11010519491231002x", 0),
            ("20210001(1)", 0),
            ("20210001（复件）", 0),
            ("20210001_张三", 0),
            ("张三-20210003", 2),
            ("20210003张三", 2),
            ("软件2班 20210003 张三", 2),
            ("H12345678", 1),
            ("H12345678（00）", 1),
            ("李四 2", 1),
            ("买买提艾力", 3),
            ("20210004_买买提•艾力", 3),
        ];
        for (stem, place) in cases {
            assert_eq!(roster.find(stem, &[]), Match::One(place), "{stem}");
        }
    }

    #[test]
    fn what_is_not_certain_is_never_guessed() {
        let roster = roster();
        assert_eq!(roster.find("张三", &[]), Match::Several(vec![0, 2]));
        assert_eq!(roster.find("张三", &["软件2班".to_owned()]), Match::One(2));
        assert_eq!(roster.find("张三", &["软件3班".to_owned()]), Match::Several(vec![0, 2]));
        assert_eq!(roster.find("20210002_张三", &[]), Match::Conflict(vec![0, 1, 2]));
        assert_eq!(roster.find("王五", &[]), Match::Nobody);
        assert_eq!(roster.find("", &[]), Match::Nobody);
        assert_eq!(roster.find("()", &[]), Match::Nobody);
    }

    #[test]
    fn heads_are_known_by_their_synonyms() {
        let heads = ["学院", " 身份证号（必填）", "*班号", "姓 名", "图像采集码", "拍摄时间", "层次"];
        let fields = heads.map(Field::of_head);
        let expected =
            [Field::Department, Field::IdNumber, Field::Class, Field::Name, Field::CaptureCode, Field::Time].map(Some);
        assert_eq!(fields[..6], expected);
        assert_eq!(fields[6], None);
    }
}
