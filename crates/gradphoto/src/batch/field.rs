//! The columns of a roster.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::names::{exact, folded, is_cjk, without_brackets};
use super::words::Words;
use crate::text::{Text, text, words};

/// A column of a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
#[non_exhaustive]
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
    ShotNumber,
    Collected,
    Paid,
    Graduation,
}

/// Each column, what English calls it, and the heads that schools and their systems give it; the first is its usual name.
const COLUMNS: [(Field, &str, &str); Field::ALL.len()] = [
    (Field::SchoolCode, "school code", "院校代码、学校代码、院校代号、学校标识码"),
    (
        Field::Department,
        "department",
        "院系、学院、院系名称、学院名称、系部、系别、二级学院、所在学院、所在院系、部门、院系所、学部、教学系、\
         所在系、所属学院、所属院系、二级院系、所在二级学院、院系部、教学单位、院部、系部名称、系、院别、培养单位、分院、书院、department、\
         college、faculty、fy、xsh、yxsmc、xsmc、xymc、yxmc、xy",
    ),
    (
        Field::Major,
        "major",
        "专业、专业名称、所学专业、所学专业名称、所在专业、录取专业、毕业专业、专业方向、大类、major、programme、program、zymc、zy",
    ),
    (
        Field::Class,
        "class",
        "班级、班号、班级名称、行政班、行政班级、所在班级、班、班别、专业班级、教学班、自然班、班级简称、\
         班级全称、班级名、班名、所属班级、在读班级、当前班级、毕业班级、banji、class、class name、bh、bjmc、xzb、xzbmc、bj、班级编号、班级代码",
    ),
    (
        Field::StudentNumber,
        "student number",
        "学号、学生学号、学生编号、学籍号、学籍编号、学生证号、学生证号码、学工号、校园卡号、一卡通号、\
         student number、student no、student id、student id number、学生id、学籍学号、全国学籍号、国网学籍号、校内学号、学生号、学生证编号、学员编号、学员号、学生代码、xuehao、xh",
    ),
    (
        Field::ExamNumber,
        "exam number",
        "考生号、考号、高考考生号、准考证号、报名号、高考考号、高考报名号、考生编号、录取考生号、准考证号码、报名编号、\
         报名序号、exam number、candidate number、zkzh、bmh、ksh",
    ),
    (
        Field::Name,
        "name",
        "姓名、学生、学生姓名、名字、考生姓名、学员姓名、真实姓名、证件姓名、身份证姓名、中文姓名、姓名全称、学生名称、学生名、人员姓名、被采集人姓名、xingming、name、full name、student name、\
         chinese name、xm",
    ),
    (Field::Sex, "sex", "性别、sex、gender、xb"),
    (
        Field::IdNumber,
        "identity number",
        "证件号码、身份证号、身份证号码、身份证、证件号、公民身份号码、身份证件号、身份证件号码、居民身份证号、\
         居民身份证号码、公民身份证号码、公民身份证号、有效证件号、有效证件号码、id number、id card、\
         identity number、护照、护照号、护照号码、通行证号、通行证号码、回乡证号、港澳台证件号、港澳台证件号码、\
         passport number、passport no、身份证字号、sfzh、sfzjh、sfzjhm、zjhm、gmsfhm",
    ),
    (
        Field::CaptureCode,
        "capture code",
        "采集码、图像采集码、采集编码、拍摄号、拍摄码、采集号、拍照码、拍照号、照片采集码、capture code",
    ),
    (Field::Session, "session", "批次、拍摄批次、场次、采集批次、采集场次、session"),
    (Field::Time, "time", "时间、拍摄时间、采集时间、日期、拍摄日期、采集日期、起止时间、时间段、拍照时间、time、date"),
    (Field::Place, "place", "地点、拍摄地点、采集地点、教室、拍照地点、场地、place、venue"),
    (
        Field::ShotNumber,
        "shooting order",
        "拍摄序号、拍照序号、采集序号、拍摄顺序、拍照顺序、采集顺序、拍摄顺序号、排队号、shooting order、\
         shot number",
    ),
    (
        Field::Collected,
        "collected",
        "已采集、是否采集、是否已采集、采集状态、采集情况、是否已拍、是否拍照、已拍照、已拍摄、是否拍摄、\
         collected",
    ),
    (
        Field::Paid,
        "paid",
        "缴费、是否缴费、已缴费、是否已缴费、缴费状态、缴费情况、交费、是否交费、已交费、交费情况、是否付款、paid",
    ),
    (
        Field::Graduation,
        "graduation",
        "毕业日期、毕业时间、预计毕业日期、预计毕业时间、毕结业日期、毕业年月、graduation",
    ),
];

words! {
    /// All columns.
    Field {
        SchoolCode: "school-code",
        Department: "department",
        Major: "major",
        Class: "class",
        StudentNumber: "student-number",
        ExamNumber: "exam-number",
        Name: "name",
        Sex: "sex",
        IdNumber: "id-number",
        CaptureCode: "capture-code",
        Session: "session",
        Time: "time",
        Place: "place",
        ShotNumber: "shot-number",
        Collected: "collected",
        Paid: "paid",
        Graduation: "graduation",
    }
}

impl Field {
    /// The columns that a photo may be named by, numbers before names.
    pub const KEYS: &'static [Field] =
        &[Field::IdNumber, Field::StudentNumber, Field::ExamNumber, Field::CaptureCode, Field::Name];

    /// Heads that schools give the column; the first is its usual name.
    pub fn heads(self) -> &'static [&'static str] {
        static HEADS: LazyLock<Vec<Vec<&str>>> =
            LazyLock::new(|| COLUMNS.iter().map(|(.., heads)| heads.split('、').collect()).collect());
        &HEADS[self as usize]
    }

    /// The column that has this head. Traditional characters, blanks, notes in brackets, a star for 必填, the owner (学生, 考生)
    /// and English beside Chinese do not matter; of 学号/工号 the part counts that is known, and none of 姓名/学号, which may
    /// be either.
    pub fn of_head(head: &str) -> Option<Field> {
        if head.len() > HEAD_BYTES_MAX {
            return None;
        }
        let head = simplified(&exact(head));
        // 院(系) is one word, 姓名(必填) a word and a note.
        Field::of_words(&head).or_else(|| Field::of_words(&without_brackets(&head))).or_else(|| {
            let parts = head.split(['/', '、', '\\', '|', '或', ',', ';', '，']);
            let mut known = parts.filter_map(|part| Field::of_words(&without_brackets(part)));
            let first = known.next()?;
            known.all(|other| other == first).then_some(first)
        })
    }

    fn of_words(head: &str) -> Option<Field> {
        let head = folded(head).replace('*', "");
        let chinese = head.chars().filter(|c| is_cjk(*c)).collect::<String>();
        static KNOWN: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
            COLUMNS.iter().flat_map(|(field, _, heads)| heads.split('、').map(|head| (folded(head), *field))).collect()
        });
        let known = |head: &str| KNOWN.get(head).copied();
        let called = |head: &str| known(head).or_else(|| called(head, known));
        let owned = |head: &str| OWNERS.all().find_map(|owner| called(head.strip_prefix(owner)?));
        [head.as_str(), chinese.as_str()].into_iter().find_map(|head| called(head).or_else(|| owned(head)))
    }

    /// Its usual name.
    pub fn word(self) -> Text {
        text(self.heads()[0], COLUMNS[self as usize].1)
    }

    /// Whether a photo may be named by the column.
    pub(super) fn is_key(self) -> bool {
        Field::KEYS.contains(&self)
    }

    /// Whether a photo may be named by the column, and it holds numbers.
    pub(super) fn is_number(self) -> bool {
        self.is_key() && self != Field::Name
    }
}

/// A head with all its notes has so many bytes at most. Every cell may be one, and a cell may hold millions.
const HEAD_BYTES_MAX: usize = 4096;

/// Whose number or name a head says it is, and of what.
const OWNERS: Words =
    Words("学生 考生 毕业生 本人 个人 本科生 研究生 新生 现 新 所在 所属 当前 现在 目前 在读 主修 图像");
/// What heads of places and of numbers end in that may as well be left away: 行政班名称, 身份证号码.
const ENDS: [(&[Field], Words); 2] = [
    (&[Field::Department, Field::Major, Field::Class], Words("名称 名 全称 简称")),
    (&[Field::StudentNumber, Field::ExamNumber, Field::IdNumber, Field::CaptureCode], Words("号码 编号 号")),
];

/// The column of a head without its end; that of a number may be one with 号 alone: 学籍号码.
fn called(head: &str, known: impl Fn(&str) -> Option<Field>) -> Option<Field> {
    let called = |(fields, ends): (&[Field], Words)| {
        let rests = ends.all().filter_map(|end| head.strip_suffix(end));
        let field = rests.flat_map(|rest| [known(rest), known(&format!("{rest}号"))]).flatten().next();
        field.filter(|field| fields.contains(field))
    };
    ENDS.into_iter().find_map(called)
}

/// Traditional characters of heads as simplified ones.
fn simplified(head: &str) -> String {
    let pairs = "學学號号專专業业級级證证件件碼码別别時时間间點点採采報报攝摄場场係系屬属國国稱称編编錄录畢毕課课閱阅單单職职準准";
    let simple =
        |c: char| pairs.chars().step_by(2).position(|known| known == c).and_then(|at| pairs.chars().nth(2 * at + 1));
    head.chars().map(|c| simple(c).unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_known_however_they_are_written() {
        for (head, field) in [
            ("学院", Field::Department),
            ("院（系）", Field::Department),
            ("系（部）", Field::Department),
            ("院(系)所", Field::Department),
            (" 身份证号（必填）", Field::IdNumber),
            ("*班号", Field::Class),
            ("姓 名", Field::Name),
            ("证件姓名", Field::Name),
            ("姓\n名", Field::Name),
            ("學號", Field::StudentNumber),
            ("證件號碼", Field::IdNumber),
            ("学号/工号", Field::StudentNumber),
            ("学号（工号）", Field::StudentNumber),
            ("准考证号、考生号", Field::ExamNumber),
            ("学号 Student No.", Field::StudentNumber),
            ("Student ID", Field::StudentNumber),
            ("学生姓名*", Field::Name),
            ("考生身份证号", Field::IdNumber),
            ("图像采集码", Field::CaptureCode),
            ("拍摄时间", Field::Time),
            ("拍摄序号", Field::ShotNumber),
            ("是否已采集", Field::Collected),
            ("是否缴费", Field::Paid),
            ("毕业日期", Field::Graduation),
            ("学⼯号", Field::StudentNumber),
            ("学生ID", Field::StudentNumber),
            ("Student ID Number", Field::StudentNumber),
            ("学籍学号", Field::StudentNumber),
            ("全国学籍号", Field::StudentNumber),
            ("学员编号", Field::StudentNumber),
            ("学员姓名", Field::Name),
            ("真实姓名", Field::Name),
            ("学生", Field::Name),
            ("所属班级", Field::Class),
            ("班级全称", Field::Class),
            ("新学号", Field::StudentNumber),
            ("XH", Field::StudentNumber),
            ("sfzh", Field::IdNumber),
            ("身份證字號", Field::IdNumber),
            ("学生名称", Field::Name),
            ("Chinese Name", Field::Name),
            ("ZKZH", Field::ExamNumber),
            ("院（系、部）", Field::Department),
            ("所在二级学院", Field::Department),
            ("所学专业名称", Field::Major),
            ("班级名", Field::Class),
            ("毕业班级", Field::Class),
            ("国网学籍号", Field::StudentNumber),
            ("录取考生号", Field::ExamNumber),
            ("被采集人姓名", Field::Name),
            ("毕业年月", Field::Graduation),
            ("行政班名称", Field::Class),
            ("所在行政班", Field::Class),
            ("当前所在班级", Field::Class),
            ("所属系部", Field::Department),
            ("主修专业名称", Field::Major),
            ("图像采集状态", Field::Collected),
            ("学籍号码", Field::StudentNumber),
            ("考生号码", Field::ExamNumber),
            ("SFZJHM", Field::IdNumber),
            ("YXSMC", Field::Department),
            ("XZB", Field::Class),
        ] {
            assert_eq!(Field::of_head(head), Some(field), "{head}");
        }
        for head in [
            "层次",
            "特征码",
            "工号",
            "父亲姓名",
            "班主任姓名",
            "姓名/学号",
            "曾用名",
            "姓名拼音",
            "专业代码",
            "院系编号",
            "辅修专业名称",
            "院校名称",
            "照片编号",
            "学生姓名号码",
            "原学号",
            "备注",
            "",
            "*",
            "序号",
            "张三",
            "20210001",
            &format!("学号（{}）", "必填".repeat(700)),
        ] {
            assert_eq!(Field::of_head(head), None, "{head}");
        }
    }

    #[test]
    fn the_table_has_each_column_in_its_place() {
        assert_eq!(COLUMNS.map(|(field, ..)| field), Field::ALL);
        assert!(Field::ALL.iter().all(|field| Field::of_head(field.heads()[0]) == Some(*field)));
    }

    #[test]
    fn numbers_are_what_photos_are_named_by_but_the_name() {
        let numbers = Field::ALL.iter().filter(|field| field.is_number()).collect::<Vec<_>>();
        assert_eq!(numbers.len(), Field::KEYS.len() - 1);
        assert!(
            numbers.contains(&&Field::StudentNumber)
                && !numbers.contains(&&Field::Name)
                && !numbers.contains(&&Field::Class)
        );
    }
}
