//! When and where each department or class is photographed, as the annex of a notice lists it: 批次 系部 起止时间 地点.

mod when;
mod who;

use std::collections::{BTreeSet, HashMap};

use super::field::Field;
use super::moment::Moment;
use super::names::{bare, folded};
use super::roster::Roster;
use super::table::{Row, Table};
use super::told::named;
use crate::text::Reason;
use who::{Meant, Places, WHO};

/// The slots of a notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    slots: Vec<Slot>,
    /// What of its times is a guess, or not read.
    notes: Vec<Reason>,
}

/// One line of it for one department, major or class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Slot {
    row: usize,
    /// Of [`WHO`], what is named.
    who: [String; 3],
    /// Of [`WHEN`], what is said.
    when: [String; 3],
}

const WHEN: [Field; 3] = [Field::Session, Field::Time, Field::Place];
/// Heads are looked for among so many rows.
const HEAD_ROWS: usize = 60;
/// Lines that are named; the others are counted.
const NAMED: usize = 8;

impl Schedule {
    /// The slots of all visible tables that have heads: one of 系部, 专业, 班级 and one of 批次, 时间, 地点. Cells that are
    /// empty below another say the same, and so does a time without its day; several departments in one cell have the same
    /// slot.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of_tables(tables: &[Table]) -> Result<Schedule, Vec<Reason>> {
        let visible = tables.iter().filter(|table| !table.is_hidden);
        let mut guessed = Vec::new();
        let slots = visible.flat_map(|table| slots(&table.rows, &mut guessed)).collect::<Vec<_>>();
        if slots.is_empty() {
            return Err(vec![Reason::new(
                "找不到时间安排：表头中至少要有 系部、专业、班级 之一和 批次、起止时间、地点 之一，下面至少一行。",
                "Not a schedule: it needs headings with one of 系部, 专业, 班级 and one of 批次, 起止时间, 地点, and at least one row below.",
            )]);
        }
        let notes = notes(&slots, &guessed);
        Ok(Schedule { slots, notes })
    }
}

/// The slots of these for students of whom the roster says this of [`WHO`]: those that name the class go before those that name
/// the major or the department alone.
fn of<'a>(slots: &[(&'a Slot, Meant)], known: &[String; 3]) -> Vec<&'a Slot> {
    let fitting = || slots.iter().filter(|(_, meant)| meant.fits(known));
    let nearest = fitting().map(|(_, meant)| meant.nearness()).min();
    fitting().filter(|(_, meant)| Some(meant.nearness()) == nearest).map(|(slot, _)| *slot).collect()
}

impl Roster {
    /// The roster with the slots of a schedule where it says nothing itself, and a word on what was joined.
    pub fn scheduled(&self, schedule: &Schedule) -> (Roster, Vec<Reason>) {
        let places = Places::of(self.students());
        let (mut slots, mut unread) = (Vec::new(), Vec::new());
        for slot in &schedule.slots {
            match places.meant(&slot.who, |at, text| schedule.names_otherwise(at, text)) {
                Some(meant) => slots.push((slot, meant)),
                None => unread.push(slot.words()),
            }
        }
        let mut students = self.students().to_vec();
        let (mut used, mut without) = (BTreeSet::new(), Vec::new());
        // Those of one class have the same.
        let mut known = HashMap::new();
        for student in &mut students {
            let who = WHO.map(|field| student.get(field).to_owned());
            let slots = known.entry(who).or_insert_with_key(|who| of(&slots, who));
            if slots.is_empty() {
                without.push(Reason::in_each(|_| student.words()));
            }
            used.extend(slots.iter().map(|slot| (slot.row, &slot.who)));
            for (at, field) in WHEN.into_iter().enumerate() {
                let mut said = Vec::new();
                for when in slots.iter().map(|slot| slot.when[at].as_str()) {
                    if !when.is_empty() && !said.contains(&when) {
                        said.push(when);
                    }
                }
                if student.get(field).is_empty() {
                    student.set(field, &said.join(" 或 "));
                }
            }
        }
        let count = students.len() - without.len();
        let mut notes = vec![Reason::new(
            format!("时间安排：{count}名学生有了批次、时间或地点。"),
            format!("Schedule: it gives {count} students a session, time or place."),
        )];
        if !without.is_empty() {
            let (count, names) = (without.len(), named(&without, NAMED, "名"));
            notes.push(Reason::new(
                format!("时间安排中找不到{count}名学生的院系或班级：{}。", names.zh),
                format!("The schedule does not list the department or class of {count} students: {}.", names.en),
            ));
        }
        if !unread.is_empty() {
            let (count, rows) = (unread.len(), named(&unread, NAMED, "行"));
            notes.push(Reason::new(
                format!(
                    "时间安排中有{count}行看不懂写的是哪些学生，没有采用：{}。请把院系、专业、班级分列填写，写成名册上的名称。",
                    rows.zh
                ),
                format!(
                    "{count} rows of the schedule were not used, for it is not clear which students they mean: {}. Give department, major and class columns of their own, and name them as the roster does.",
                    rows.en
                ),
            ));
        }
        let unused = slots.iter().filter(|(slot, _)| !used.contains(&(slot.row, &slot.who)));
        let unused = unused.map(|(slot, _)| slot.words()).collect::<Vec<_>>();
        if !unused.is_empty() {
            let (count, rows) = (unused.len(), named(&unused, NAMED, "行"));
            notes.push(Reason::new(
                format!("时间安排中有{count}行在名册上没有学生：{}。", rows.zh),
                format!("{count} rows of the schedule match no student on the roster: {}.", rows.en),
            ));
        }
        notes.extend(schedule.notes.iter().cloned());
        (Roster::new(students), notes)
    }
}

impl Schedule {
    /// Whether another line names the same with something else in brackets.
    fn names_otherwise(&self, at: usize, text: &str) -> bool {
        let mut others = self.slots.iter().map(|slot| &slot.who[at]).filter(|other| folded(other) != folded(text));
        others.any(|other| bare(other) == bare(text))
    }
}

impl Slot {
    /// The line as it is told.
    fn words(&self) -> Reason {
        let who = self.who.iter().filter(|named| !named.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
        told(&(self.row, who))
    }
}

/// A line and what of it is told.
fn told((row, words): &(usize, String)) -> Reason {
    Reason::new(format!("第{row}行 {words}"), format!("row {row} {words}"))
}

/// What of the times is a guess, or not read: `guessed` are lines with the day that they were given.
fn notes(slots: &[Slot], guessed: &[(usize, String)]) -> Vec<Reason> {
    let mut notes = Vec::new();
    let named = |rows: &[(usize, String)]| named(&rows.iter().map(told).collect::<Vec<_>>(), NAMED, "行");
    if !guessed.is_empty() {
        let rows = named(guessed);
        notes.push(Reason::new(
            format!("时间安排中有的批次没有写日期，按上一批的日期算，请核对：{}。", rows.zh),
            format!(
                "Sessions of the schedule without a day were given that of the session above; check them: {}.",
                rows.en
            ),
        ));
    }
    let mut times = slots.iter().map(|slot| (slot.row, slot.when[1].clone())).collect::<Vec<_>>();
    times.dedup();
    let unread = times.iter().filter(|(_, time)| when::is_unread(time)).cloned().collect::<Vec<_>>();
    if !unread.is_empty() {
        let rows = named(&unread);
        notes.push(Reason::new(
            format!("时间安排中有的时间看不出是几月几日几点，请写成“4月9日 8:30-10:00”：{}。", rows.zh),
            format!("Times of the schedule that are not read; write them as 4月9日 8:30-10:00: {}.", rows.en),
        ));
    }
    let is_without = |slot: &&Slot| when::is_without_day(&slot.when[1]) && !Moment::of_words(&slot.when[0]).has_day();
    let mut without = slots.iter().filter(is_without).map(|slot| (slot.row, slot.when[1].clone())).collect::<Vec<_>>();
    without.dedup();
    if !without.is_empty() {
        let rows = named(&without);
        notes.push(Reason::new(
            format!("时间安排中有的时间没有写是哪一天，请补上：{}。", rows.zh),
            format!("Times of the schedule without a day; add it: {}.", rows.en),
        ));
    }
    notes
}

/// The slots of a table; lines whose day is that of another session are `guessed`.
fn slots(rows: &[Row], guessed: &mut Vec<(usize, String)>) -> Vec<Slot> {
    let fields = |row: &Row| {
        let known = row.cells.iter().filter_map(|(column, _)| Some((*column, Field::of_head(row.text(*column))?)));
        known.filter(|(_, field)| WHO.contains(field) || WHEN.contains(field)).collect::<Vec<_>>()
    };
    let is_head = |columns: &[(usize, Field)]| {
        let has = |fields: [Field; 3]| columns.iter().any(|(_, field)| fields.contains(field));
        has(WHO) && has(WHEN)
    };
    let head = rows.iter().take(HEAD_ROWS).position(|row| is_head(&fields(row)));
    let Some(head) = head else { return Vec::new() };
    let columns = fields(&rows[head]);
    let cell = |row: &Row, wanted: Field| {
        let said = columns.iter().filter(|(_, field)| *field == wanted).map(|(column, _)| row.text(*column).trim());
        said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let mut slots = Vec::new();
    let mut above = [const { String::new() }; 3];
    // The last time that has a day, whether that is a heading, and whether it is of an earlier session.
    let (mut last, mut is_heading, mut is_earlier) = (String::new(), false, false);
    for row in &rows[head + 1..] {
        let mut filled = row.cells.iter().map(|(at, _)| row.text(*at).trim()).filter(|text| !text.is_empty());
        if let (Some(day), None) = (filled.next(), filled.next())
            && when::is_heading(day)
        {
            (last, is_heading, is_earlier) = (day.to_owned(), true, false);
            above[1].clone_from(&last);
            continue;
        }
        let said = WHEN.map(|field| when::said(&cell(row, field)).to_owned());
        // A new session begins anew; within one an empty cell says what the one above said.
        let is_new = !said[0].is_empty() && said[0] != above[0];
        if is_new {
            above = [const { String::new() }; 3];
            is_earlier = !last.is_empty() && !is_heading;
        }
        let (time, dated) = (said[1].clone(), when::dated(&last, &said[1]));
        for (above, said) in above.iter_mut().zip(said).filter(|(_, said)| !said.is_empty()) {
            *above = said;
        }
        if let Some(dated) = dated {
            if is_earlier {
                guessed.push((row.number, dated.clone()));
            }
            last.clone_from(&dated);
            above[1] = dated;
        } else if Moment::of(&time).has_day() {
            (last, is_heading, is_earlier) = (time, false, false);
        }
        let [classes, majors, departments] = WHO.map(|field| who::parted(&cell(row, field)));
        for class in &classes {
            for major in &majors {
                for department in &departments {
                    let who = [class.clone(), major.clone(), department.clone()];
                    if who.iter().any(|named| !named.is_empty()) && above.iter().any(|said| !said.is_empty()) {
                        slots.push(Slot { row: row.number, who, when: above.clone() });
                    }
                }
            }
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::super::roster::Student;
    use super::super::table::Cell;
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let row = |(number, cells): (usize, &&[&str])| Row {
            number: number + 1,
            is_hidden: false,
            cells: cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(at, cell)| (at, Cell::Text((*cell).into())))
                .collect(),
        };
        Table { rows: rows.iter().enumerate().map(row).collect(), ..Table::default() }
    }

    fn joined(schedule: &[&[&str]], students: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let student = |(row, (department, class)): (usize, &(&str, &str))| {
            let mut student = Student::new(row);
            student.set(Field::StudentNumber, &format!("2021{row:03}"));
            student.set(Field::Department, department);
            student.set(Field::Class, class);
            student
        };
        let roster = Roster::new(students.iter().enumerate().map(student).collect());
        let schedule = Schedule::of_tables(&[table(schedule)]).expect("a schedule");
        let (roster, notes) = roster.scheduled(&schedule);
        (roster.students().iter().map(Student::schedule).collect(), notes.into_iter().map(|note| note.zh).collect())
    }

    #[test]
    fn an_annex_is_joined_by_department() {
        let annex: &[&[&str]] = &[
            &["附件1：图像采集时间安排表"],
            &["批次", "系（部）", "起止时间", "地点"],
            &["第一批", "计算机系", "4月12日 8:30—10:00", "图书馆201"],
            &["", "外语系、艺术系", "10:00—11:30", ""],
            &["第二批", "体育系", "4月13日", "体育馆"],
            &["注：请提前十分钟到场"],
        ];
        let students = [("计算机系", "软件1班"), ("艺术系", "美术1班"), ("外语系", "英语1班"), ("土木系", "土木1班")];
        let (when, notes) = joined(annex, &students);
        assert_eq!(when[0], "第一批 4月12日 8:30—10:00 图书馆201");
        assert_eq!((when[1].as_str(), &when[2]), ("第一批 4月12日 10:00—11:30 图书馆201", &when[1]));
        assert_eq!(when[3], "");
        assert!(
            notes[0].contains("3名学生")
                && notes[1].contains("2021003")
                && notes[2].contains("有1行在名册上没有学生：第5行 体育系"),
            "{notes:?}"
        );
    }

    #[test]
    fn of_two_slots_each_is_said_once_and_nothing_is_said_of_what_they_leave_open() {
        let rows: &[&[&str]] = &[
            &["班级", "批次", "时间", "地点"],
            &["1班", "第一批", "5月1日", "A101"],
            &["1班", "第二批", "5月2日", ""],
            &["1班", "第三批", "5月1日", ""],
        ];
        assert_eq!(joined(rows, &[("", "1班")]).0, ["第一批 或 第二批 或 第三批 5月1日 或 5月2日 A101"]);
    }

    #[test]
    fn a_class_goes_before_its_department() {
        let rows: &[&[&str]] = &[
            &["院系", "班级", "采集日期", "时间段", "采集地点"],
            &["计算机系", "", "4月12日", "上午", "201"],
            &["计算机系", "软件11班", "4月13日", "下午", "202"],
        ];
        let (when, _) = joined(rows, &[("计算机系", "软件1班"), ("计算机系", "软件11班")]);
        assert_eq!(when, ["4月12日 上午 201", "4月13日 下午 202"]);
        assert!(Schedule::of_tables(&[table(&[&["学号", "姓名"], &["1", "张三"]])]).is_err());
        let (_, notes) = joined(rows, &[("计算机系", "软件11班")]);
        assert!(notes[1].contains("有1行在名册上没有学生：第2行 计算机系"), "{notes:?}");
    }

    #[test]
    fn a_line_with_a_time_alone_is_no_heading_and_brackets_do_not_matter() {
        let rows: &[&[&str]] = &[&["时间"], &["院系", "起止时间"], &["计算机系", "4月12日"]];
        let (when, notes) = joined(rows, &[("计算机系（本科）", "软件1班")]);
        assert_eq!((&*when, notes.len()), (&["4月12日".to_owned()][..], 1));
    }

    #[test]
    fn a_day_that_is_written_once_goes_for_the_session_and_what_is_not_written_is_told() {
        let times = |rows: &[&[&str]], departments: &[&str]| {
            let rows = [&[&["批次", "系部", "起止时间", "地点"][..]], rows].concat();
            let students = departments.iter().map(|department| (*department, "")).collect::<Vec<_>>();
            joined(&rows, &students)
        };
        // Where the session is merged downwards it stands in each line.
        for session in ["", "第一批"] {
            let rows: &[&[&str]] =
                &[&["第一批", "甲系", "10月20日 8:30-9:30", "201"], &[session, "乙系", "9:30-10:30", ""]];
            let (when, notes) = times(rows, &["甲系", "乙系"]);
            assert_eq!(when, ["第一批 10月20日 8:30-9:30 201", "第一批 10月20日 9:30-10:30 201"]);
            assert_eq!(notes.len(), 1, "{notes:?}");
        }
        let rows: &[&[&str]] = &[
            &["第一批", "甲系", "10月20日 上午", "201"],
            &["第二批", "乙系", "2:00-3:30", "同上"],
            &["", "丙系", "3:30-5:00", ""],
            &["第三批", "丁系", "10月21日 8:30", "202"],
        ];
        let (when, notes) = times(rows, &["甲系", "乙系", "丙系", "丁系"]);
        assert_eq!(when[1..3], ["第二批 10月20日 2:00-3:30", "第二批 10月20日 3:30-5:00"]);
        assert!(notes[1].ends_with("请核对：第3行 10月20日 2:00-3:30、第4行 10月20日 3:30-5:00。"), "{notes:?}");
        // A day of its own above its lines.
        let rows: &[&[&str]] = &[
            &["10月20日（周二）"],
            &["第一批", "甲系", "8:30", ""],
            &["10月21日（周三）"],
            &["第二批", "乙系", "8:30", ""],
        ];
        let (when, notes) = times(rows, &["甲系", "乙系"]);
        assert_eq!(when, ["第一批 10月20日（周二） 8:30", "第二批 10月21日（周三） 8:30"]);
        assert_eq!(notes.len(), 1, "{notes:?}");
        let rows: &[&[&str]] =
            &[&["", "甲系", "9:30", ""], &["", "乙系", "10月20日 8:30", ""], &["", "丙系", "46122", ""]];
        let (_, notes) = times(rows, &["甲系", "乙系", "丙系"]);
        assert!(notes[1].contains("第4行 46122") && notes[2].contains("第2行 9:30"), "{notes:?}");
    }

    #[test]
    fn brackets_that_name_classes_are_read_and_what_is_not_understood_is_not_used() {
        let students =
            [("信息学院", "软件1班"), ("信息学院", "软件11班"), ("信息学院", "网络1班"), ("护理学院", "护理1班")];
        let when = |departments: &[&str]| {
            let rows = departments.iter().enumerate().map(|(at, department)| [*department, ["一", "二", "三"][at]]);
            let rows = rows.collect::<Vec<_>>();
            let rows = [&["系部", "批次"][..]].into_iter().chain(rows.iter().map(|row| &row[..])).collect::<Vec<_>>();
            let (when, notes) = joined(&rows, &students);
            (when.iter().map(|when| if when.is_empty() { "-" } else { when }).collect::<Vec<_>>().concat(), notes)
        };
        for (departments, slots) in [
            (&["信息学院（软件1班）", "信息学院（网络1班）"][..], "一-二-"),
            (&["信息学院（软件1班、网络1班）", "护理学院"], "一-一二"),
            (&["信息学院（软件1班和软件11班30人）", "信息学院（其余班级）"], "一一二-"),
            (&["信息学院软件1班", "信息学院（除软件1班）"], "一二二-"),
            (&["信息学院（除软件1班、网络1班外）", "信息学院 网络1班"], "-一二-"),
            (&["信息学院（不含软件1班）", "软件一班、护理1班"], "二一一二"),
            (&["护理学院、信息学院除软件1班、网络1班外"], "-一-一"),
            (&["信息学院，软件1班除外", "信息学院（仅软件1班）"], "二---"),
            (&["信息学院（共3人）", "护理学院（东校区）"], "一一一二"),
            (&["信息学院（软件1班除外）", "信息学院【软件1班】"], "二一一-"),
            (&["信息学院《软件1班》", "信息学院「软件11班」"], "一二--"),
            (&["信息学院（软件1-11班）", "护理学院"], "一一-二"),
            (&["护理学院、信息学院软件1至11班"], "一一-一"),
            (&["软件1～11班（除软件11班）"], "一---"),
            (&["信息学院（软件1、11班）", "网络1班、信息学院"], "一一二-"),
            (&["软件1、11班", "护理1班"], "一一-二"),
        ] {
            assert_eq!(when(departments).0, slots, "{departments:?}");
        }
        for strange in [
            "信息学院（软件2班）",
            "信息学院（除软件2班）",
            "信息学院（男生）",
            "信息学院（软件1-2班）",
            "信息学院（前30名）",
        ] {
            let (slots, notes) = when(&[strange]);
            assert_eq!(slots, "----", "{strange}");
            assert!(notes.iter().any(|note| note.contains("没有采用：第2行 信息学院")), "{notes:?}");
        }
        assert_eq!(when(&["信息学院（本科）", "信息学院（专科）"]).0, "----", "two of them cannot be told apart");
    }
}
