//! The row that names the columns: often not the first, for titles, notes and directions stand above it, and often two rows.

use super::super::field::Field;
use super::super::names::{exact, without_brackets};
use super::super::roster::is_like_a_name;
use super::super::table::{Row, letters};
use super::super::words::Words;
use super::blocks;
use super::cells::{is_crossed, is_usual_name};
use super::column::{Column, known};
use super::halves;
use super::row::Found;

/// Heads are looked for among so many rows.
pub(super) const HEAD_ROWS: usize = 1000;
/// A row that names one column may be a note on it: so far below it, one that names several is taken for the head instead.
const NOTE_ROWS: usize = 60;

/// People whose names stand beside the students'.
const OTHERS: Words = Words("家长 家属 父亲 母亲 父母 监护 导师 指导教师 辅导员 班主任 联系人 配偶");

/// Those of them whom a school names above a list: 班主任：王芳.
const IN_CHARGE: Words = Words("导师 指导教师 辅导员 班主任 联系人");
/// What else stands before a cell of such a line.
const LABELS: Words = Words("人数 学生人数 年级 学年 学期 学制 层次 电话 联系电话 校区");
/// How they are addressed there: 班主任王老师.
const TITLES: Words = Words("老师 教授 讲师 主任 书记 院长");
/// What they are asked to do: 由辅导员填写.
const ORDERS: Words = Words("填 审 核 由 请 负责");
/// What they sign: 班主任（签字）.
const SIGNING: Words = Words("签 盖章");
/// How headings of columns on them go on, some of which begin as names do.
const HEADINGS: Words = Words("信息 情况 资料 单位 方向 关系 成员 成绩 电话 联系 姓名");

/// A row of heads.
pub(super) struct Head {
    /// Place of the row.
    pub place: usize,
    pub columns: Vec<Column>,
}

impl Head {
    fn names_several(&self) -> bool {
        known(&self.columns) > 1
    }

    /// Numbers of the rows above that say as much of somebody as the row right below does, or stand as a list of their own
    /// below a note that names one column.
    pub fn students_above(&self, rows: &[Row]) -> Vec<usize> {
        let filled = |row: &Row| {
            let known = self.columns.iter().filter(|column| column.field.is_some());
            known.filter(|column| row.get(column.place).is_some()).count()
        };
        let usual = rows.get(self.place + 1).map_or(0, filled).max(2);
        let note = (0..self.place).find_map(|place| Some((place, columns(rows, place)?)));
        let is_student = |(place, row): &(usize, &Row)| {
            let is_one = filled(row) >= usual && is_somebody(row, &self.columns)
                || note.as_ref().is_some_and(|(note, columns)| place > note && is_somebody(row, columns));
            is_one && !is_labelled(row)
        };
        let above = rows[..self.place].iter().enumerate().filter(is_student);
        above.map(|(_, row)| row.number).collect()
    }
}

/// The first row of heads: one that names several columns, the lower of two that belong together; where none does, one that
/// names a single column.
pub(super) fn find(rows: &[Row]) -> Option<Head> {
    let places = 0..rows.len().min(HEAD_ROWS);
    let mut heads = places.filter_map(|place| Some(Head { place, columns: columns(rows, place)? })).peekable();
    let first = heads.next()?;
    let until = first.place + NOTE_ROWS;
    // A student may have a word in the row that is a head as well: 220101, 班级 below 学号, 备注.
    let is_student = |next: &Head, head: &Head| is_somebody(&rows[next.place], &head.columns);
    let fuller = if first.names_several() {
        None
    } else {
        heads
            .by_ref()
            .take_while(|head| head.place < until)
            .find(|head| head.names_several() && !is_student(head, &first))
    };
    let found = fuller.unwrap_or(first);
    let goes_on = |next: &Head| {
        is_right_below(&rows[next.place], &rows[found.place])
            && known(&next.columns) > known(&found.columns)
            && !is_student(next, &found)
    };
    Some(heads.next_if(goes_on).unwrap_or(found))
}

/// The columns of heads that stand again below others.
pub(super) fn again(row: &Row) -> Option<Vec<Column>> {
    let known = row.cells.iter().filter(|(column, _)| Field::of_head(row.text(*column)).is_some()).count();
    // 合计 and a lone 姓名 are no heads.
    (known >= 2 || known == row.cells.len()).then(|| columns(std::slice::from_ref(row), 0)).flatten()
}

/// The columns of a row, if it names one that photos can be found by.
fn columns(rows: &[Row], place: usize) -> Option<Vec<Column>> {
    let row = &rows[place];
    let above = place.checked_sub(1).map(|above| &rows[above]).filter(|above| is_right_below(row, above));
    let mut columns = Lines { row, above }.columns()?;
    blocks::part(&mut columns);
    halves::join(&mut columns);
    Some(columns)
}

/// Whether a row has a number beside any name, or a usual name where there are no numbers.
fn is_somebody(row: &Row, columns: &[Column]) -> bool {
    let has_numbers = columns.iter().any(|column| column.field.is_some_and(Field::is_number));
    let found = Found::of(row, columns, 0);
    if has_numbers {
        found.has_number() && !row.cells.iter().any(|(at, _)| is_crossed(row.text(*at)))
    } else {
        is_usual_name(found.student.get(Field::Name)) && Field::of_head(found.student.get(Field::Name)).is_none()
    }
}

/// Whether a row names what each cell of it says in the one before, as a line above a list does: 班级 软件2201 辅导员 王芳.
fn is_labelled(row: &Row) -> bool {
    let texts = row.cells.iter().map(|(at, _)| row.text(*at).trim_end_matches([':', '：'])).collect::<Vec<_>>();
    let is_label = |text: &str| Field::of_head(text).is_some() || OTHERS.has(text) || LABELS.has(text);
    let (labels, cells) = texts.chunks(2).map(|pair| (pair[0], pair.get(1))).unzip::<_, _, Vec<_>, Vec<_>>();
    labels.iter().all(|label| is_label(label)) && !cells.into_iter().flatten().any(|cell| is_label(cell))
}

fn is_right_below(row: &Row, above: &Row) -> bool {
    row.number == above.number.saturating_add(1)
}

fn names_key(row: &Row) -> bool {
    row.cells.iter().any(|(at, _)| Field::of_head(row.text(*at)).is_some_and(Field::is_key)) || halves::are_in(row)
}

/// The one or two lines of a head: it may stand in the row above alone or with a part, as 证件 over 号码, or over 类型 and 号码.
struct Lines<'a> {
    row: &'a Row,
    above: Option<&'a Row>,
}

impl Lines<'_> {
    fn columns(&self) -> Option<Vec<Column>> {
        let goes_on = || {
            let mut below = self.row.cells.iter().map(|(at, _)| *at);
            self.is_below_heads() && below.any(|at| self.own(at).is_none() && self.joined(at).is_some())
        };
        if !names_key(self.row) && !goes_on() {
            return None;
        }
        let rows = [Some(self.row), self.above].into_iter().flatten();
        let mut places = rows.flat_map(|row| row.cells.iter().map(|(column, _)| *column)).collect::<Vec<_>>();
        places.sort_unstable();
        places.dedup();
        Some(places.into_iter().filter_map(|place| self.column(place)).collect())
    }

    fn is_below_heads(&self) -> bool {
        self.above.is_some_and(names_key)
    }

    /// What the lower line alone names.
    fn own(&self, column: usize) -> Option<(Field, String)> {
        let head = self.row.text(column);
        Field::of_head(head).map(|field| (field, head.to_owned()))
    }

    /// What both lines name together.
    fn joined(&self, column: usize) -> Option<(Field, String)> {
        let (above, below) = (self.above?, self.row.text(column));
        // What stands over several columns stands in the first of them.
        let over = above.cells.iter().rfind(|(at, _)| *at <= column).map_or("", |(at, _)| above.text(*at));
        // 证件信息 over 号码
        let group = ["信息", "情况", "资料"].iter().find_map(|end| over.trim_end().strip_suffix(end)).unwrap_or(over);
        let mut heads = [over, group].into_iter().map(|over| format!("{over}{below}"));
        heads.find_map(|head| Some((Field::of_head(&head)?, head))).filter(|_| !below.is_empty())
    }

    /// Whether a column stands below a heading of people other than the student, beside one of the student's: 家长信息.
    fn is_of_others(&self, place: usize) -> bool {
        let groups = self.above.map_or(&[][..], |above| &above.cells);
        let over = groups.iter().rposition(|(at, _)| *at <= place).filter(|at| *at > 0);
        over.is_some_and(|at| self.above.is_some_and(|above| is_heading_of_others(above, groups[at].0)))
            && !self.row.text(place).is_empty()
    }

    fn column(&self, place: usize) -> Option<Column> {
        let (below, over) = (self.row.text(place), self.above.map_or("", |above| above.text(place)));
        let found = match below {
            "" => Field::of_head(over).map(|field| (field, over.to_owned())),
            _ => self.own(place).or_else(|| self.joined(place)),
        };
        let written = match below {
            // A title above heads names no column.
            "" if !self.is_below_heads() => "",
            "" => over,
            below => below,
        };
        if written.is_empty() && found.is_none() {
            return None;
        }
        let found = found.filter(|_| !self.is_of_others(place));
        let (field, head) = found.map_or((None, written.to_owned()), |(field, head)| (Some(field), head));
        let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Column { letters: letters(place), head, field, place, rank: 0, block: Some(0), half: None })
    }
}

/// Whether a cell is a heading of columns on other people, 家长信息, and not a word on somebody who is named right there, or who
/// is asked to do something: 班主任：王芳, 班主任 beside 王芳, 由辅导员填写.
fn is_heading_of_others(row: &Row, at: usize) -> bool {
    let text = exact(row.text(at));
    let outside = without_brackets(&text);
    // 家长信息（必填） is one, 毕业生名单（辅导员填写） is none.
    let named = if OTHERS.are_in(&outside) { &outside } else { &text };
    let behind = OTHERS.all().filter_map(|word| named.rsplit_once(word)).map(|(_, behind)| behind);
    let Some(behind) = behind.min_by_key(|behind| behind.len()) else { return false };
    let is_somebody = |text: &str| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        !HEADINGS.begin(text) && !OTHERS.are_in(text) && (is_like_a_name(text) || TITLES.end(text)) || digits > 4
    };
    let next = row.cells.iter().find(|(column, _)| *column > at).map(|(column, _)| exact(row.text(*column)));
    let is_beside = || IN_CHARGE.are_in(named) && next.is_some_and(|next| is_somebody(&next));
    !outside.contains(':') && !ORDERS.are_in(named) && !SIGNING.are_in(&text) && !is_somebody(behind) && !is_beside()
}

#[cfg(test)]
mod tests {
    use super::super::students;
    use super::super::testing::{read, refused, rows, sheet};
    use super::*;

    #[test]
    fn heads_are_looked_for_below_notes_and_may_take_two_rows() {
        let told = |lines: &str| {
            let (found, lines) = rows(&[sheet("", lines)]);
            let head = lines[1].zh.split("为表头").next().unwrap_or_default().to_owned();
            (found.join("|"), head)
        };
        // A note that names one column gives way to a row of several not too far below.
        let below = |count: usize| {
            let rows = (0..count).map(|at| format!("王{at}\n")).collect::<String>();
            format!("姓名\n{rows}学号,姓名\n1001,张三\n")
        };
        assert_eq!(told(&below(58)), ("1001 张三".to_owned(), "第60行".to_owned()));
        assert_eq!(told(&below(59)).0.split('|').count(), 60, "so many names are a list of their own");
        // Of two rows of heads the lower one that names more counts, and only right below.
        assert_eq!(
            told("学号,姓名,班级信息\n学号,姓名,班级\n1001,张三,1班\n"),
            ("1001 张三 1班".into(), "第2行".into())
        );
        assert_eq!(told("学号,姓名\n学号,姓名\n1001,张三\n").0, "1001 张三");
        assert_eq!(told("学号,姓名\n\n学号,姓名,班级\n1001,张三,1班\n"), ("1001 张三 1班".into(), "第3行".into()));
        let (_, reading) = read(&[sheet("", "学号,姓名\n学号,姓名\n1001,张三\n")]);
        assert!(reading.sheets[0].notes.is_empty(), "merged downwards, heads stand in each of their rows");
        let (_, reading) = read(&[sheet("", "学号,姓名\n1001,张三\n学号,姓名\n1002,李四\n")]);
        assert_eq!((reading.students, reading.sheets[0].head_row), (2, Some(1)));
        assert_eq!(reading.sheets[0].notes[0].zh, "第3行：另有表头或列名，不是学生。");
        // Whoever has a number is no head, whatever is written beside it.
        assert_eq!(told("学号,姓名,班级\n1001,姓名,班级\n1002,张三,1班\n").0, "1001 姓名 班级|1002 张三 1班");
        for (heads, words) in [("备注1", "班级"), ("名字;班", "张三;1班"), ("说明,班", "院系,1班")] {
            let list = format!("学号,{heads}\n220101,{words}\n220102,{words}\n");
            assert_eq!(told(&list).0.split('|').count(), 2, "{list}");
        }
        // A part of a head stands in the row above, over several columns in the first of them.
        let (found, reading) = read(&[sheet("", "姓名,证件,,备注\n,类型,号码,\n张三,身份证,11010519491231002X,好\n")]);
        assert_eq!(found[0].get(Field::IdNumber), "11010519491231002X");
        assert_eq!(found[0].column("备注"), Some("好"));
        assert!(reading.sheets[0].notes.is_empty(), "{reading:?}");
        let (found, _) = read(&[sheet("", "学号,姓名,备注\n学号,姓名,,班级\n1001,张三,好,1班\n")]);
        assert_eq!(found[0].column("备注"), Some("好"));
        let heads = "序号,学生信息,,证件信息,,图像采集\n,学号,行政班名称,类型,号码,状态\n";
        let (found, _) = read(&[sheet("", &format!("{heads}1,1001,软件1班,护照,E12345678,已采集\n"))]);
        let [class, number] = [Field::Class, Field::IdNumber].map(|field| found[0].get(field));
        assert_eq!((class, number, found[0].is_collected()), ("软件1班", "E12345678", true));
        // What columns are for, one below the other, is no row of heads.
        let (_, reading) = read(&[sheet("", "姓名,必填\n班级,专业,说明\n学号,姓名\n1001,张三\n")]);
        assert!(reading.sheets[0].head_row == Some(3) && reading.sheets[0].notes.is_empty(), "{reading:?}");
        // A title above heads names no column.
        let (_, reading) = read(&[sheet("", "毕业生名单,,,2026\n学号,姓名\n1001,张三\n")]);
        assert_eq!(reading.sheets[0].columns.iter().map(|column| column.letters.as_str()).collect::<String>(), "AB");
        let far = format!("{}学号,姓名\n1001,张三\n", "说明\n".repeat(1000));
        assert!(students(&[sheet("", &far)]).is_err(), "heads below a thousand rows");
    }

    #[test]
    fn students_above_the_heads_stop_the_reading() {
        let problem = |lines: &str| refused(&[sheet("", lines)])[0].zh.clone();
        let told = problem("1001,张三,1班\n1003,王五,\n学号,姓名,班级\n1002,李四,1班\n");
        assert_eq!(told, "第1行像是学生，却在表头上方：请把表头移到最上面，不是学生的行请删去。");
        assert!(problem("姓名\n张三\n李四\n\n学号,姓名\n1003,王五\n").starts_with("第2行、第3行像是学生"));
        assert!(problem("张三,1班\n姓名,班级\n李四,1班\n").starts_with("第1行像是"));
        for above in ["2026届毕业生名单,,2026", "1,请认真填写", "软件学院,2026年5月", "2021XXXX,张三,1班", "姓名,必填"]
        {
            let list = format!("{above}\n学号,姓名,班级\n1001,张三,1班\n");
            assert_eq!(rows(&[sheet("", &list)]).0, ["1001 张三 1班"], "{above}");
        }
    }

    #[test]
    fn columns_below_a_heading_of_other_people_are_not_the_students() {
        for heads in [
            "学生信息,,,家长信息,,\n姓名,学号,班级,姓名,身份证号,电话",
            "学生,,,父亲,,\n姓名,学号,班级,姓名,电话,学院",
            "学生,,,导师,,\n姓名,学号,班级,姓名,学院,",
        ] {
            let list = format!("{heads}\n张三,1001,1班,张大,110101197001010011,\n");
            let (found, reading) = read(&[sheet("", &list)]);
            assert_eq!(found.iter().map(|one| one.words()).collect::<Vec<_>>(), ["张三 1001"], "{heads}");
            assert!(found[0].get(Field::IdNumber).is_empty());
            assert_eq!(reading.sheets[0].columns[3].words() + "?", "D姓名?");
        }
        let title = "家长信息登记表,,2026\n姓名,学号,班级\n张三,1001,1班\n";
        assert_eq!(rows(&[sheet("", title)]).0, ["1001 张三 1班"]);
    }

    #[test]
    fn a_line_on_who_is_in_charge_takes_no_column_from_the_students() {
        for line in [
            "班主任：王老师,,辅导员：李老师,,",
            "系部：护理学院,,辅导员：李老师,,人数：5",
            "系部：护理学院,班主任：王芳,,,",
            "系部,护理学院,班主任,王芳,",
            "系部 护理学院,,班主任 王芳,,",
            "护理学院,,班主任(签字)：,,",
            "护理2301班,,,联系人：教务处张老师 0731-88888888,",
            "学校：某某学院,联系人：张老师,,电话：,",
            "填表日期：2026年3月1日,,导师：无,,",
            "护理2301班,班主任王芳,,,",
            "护理2301班,联系人 13800000000,,,",
            "班级,护理2301,辅导员,王芳,人数,2",
            "年级：,2022,系部：,护理学院,班主任：,王芳",
            ",（由辅导员核对后填写）,,,",
            ",以下由班主任填写,,,",
            "系部,护理学院,辅导员,李老师,",
            "系部：护理学院,班主任,,王芳,",
            "护理2301班,班主任（签字）,,,",
        ] {
            let list = format!("护理2301班花名册\n{line}\n序号,姓名,学号,班级,备注\n1,王甲,202303001,护理2301班,\n");
            assert_eq!(rows(&[sheet("", &list)]).0, ["202303001 王甲 护理2301班"], "{line}");
        }
        let card = "班级,护理2301,辅导员,王芳,人数,2\n序号,姓名,学号,,,\n1,王甲,202303001\n";
        assert_eq!(rows(&[sheet("", card)]).0, ["202303001 王甲 护理2301"]);
        let card = "院系：护理学院 专业：护理 班级：护理2301 班主任：王芳,,\n姓名,学号,\n王甲,202303001\n";
        assert_eq!(rows(&[sheet("", card)]).0, ["202303001 王甲 护理2301"]);
        // Nor the second list from a sheet with two.
        let list = "护理2301班花名册\n班主任：王芳,,辅导员：李老师,,,\n姓名,学号,,姓名,学号,\n王甲,202303001,,李甲,202303101,\n";
        assert_eq!(rows(&[sheet("", list)]).0, ["202303001 王甲", "202303101 李甲"]);
        for heading in [
            "家长信息",
            "父亲",
            "家庭主要联系人",
            "指导教师（校外）",
            "第一监护人情况",
            "家长信息（请如实填写）",
            "导师单位",
            "家庭情况（父母）",
        ] {
            let list = format!(
                "学生,,,{heading},,\n姓名,学号,班级,姓名,身份证号,\n王甲,202303001,1班,王大,430102197001010011,\n"
            );
            let (found, _) = read(&[sheet("", &list)]);
            assert!(found.len() == 1 && found[0].get(Field::IdNumber).is_empty(), "{heading}");
        }
    }
}
