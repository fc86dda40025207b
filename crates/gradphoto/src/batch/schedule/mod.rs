//! When and where each department or class is photographed, as the annex of a notice lists it: 批次 系部 起止时间 地点.

mod lines;
mod when;
mod who;

use std::collections::{BTreeSet, HashMap};

use super::field::Field;
use super::moment::Moment;
use super::names::{bare, exact, folded};
use super::roster::Roster;
use super::table::Table;
use super::told::named;
use crate::text::Reason;
use lines::{Lines, PLACES_MAX};
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
    /// Numbers of students: it is of some of these alone.
    numbers: String,
    /// Of [`WHEN`], what is said.
    when: [String; 3],
}

const WHEN: [Field; 3] = [Field::Session, Field::Time, Field::Place];
/// Lines that are named; the others are counted.
const NAMED: usize = 8;

impl Schedule {
    /// The slots of all visible tables that have heads: one of 系部, 专业, 班级 and one of 批次, 时间, 地点. Cells that are
    /// empty below another say the same, and so does a time without its day; several departments in one cell have the same
    /// slot. Tables may stand side by side.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of_tables(tables: &[Table]) -> Result<Schedule, Vec<Reason>> {
        let visible = tables.iter().filter(|table| !table.is_hidden);
        let mut lines = Lines::default();
        visible.for_each(|table| lines.read(&table.rows));
        if !lines.endless.is_empty() {
            return Err(lines.endless.iter().take(NAMED).map(|row| endless(*row)).collect());
        }
        let slots = &lines.slots;
        if slots.is_empty() {
            return Err(vec![Reason::new(
                "找不到时间安排：表头中至少要有 系部、专业、班级 之一和 批次、起止时间、地点 之一，下面至少一行。",
                "Not a schedule: it needs headings with one of 系部, 专业, 班级 and one of 批次, 起止时间, 地点, and at least one row below.",
            )]);
        }
        let notes = notes(&lines);
        Ok(Schedule { slots: lines.slots, notes })
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
        let (places, names) = (Places::of(self.students()), Names::of(&schedule.slots));
        let (mut slots, mut unread) = (Vec::new(), Vec::new());
        for slot in &schedule.slots {
            let meant = places.meant(&slot.who, |at, text| names.are_several(at, text));
            match meant.filter(|_| slot.numbers.is_empty()) {
                Some(meant) => slots.push((slot, meant)),
                None => unread.push(slot.words()),
            }
        }
        let mut students = self.students().to_vec();
        let (mut used, mut without, mut kept) = (BTreeSet::new(), Vec::new(), Vec::new());
        let mut count = 0;
        // Those of one class have the same.
        let mut known = HashMap::new();
        for student in &mut students {
            let who = WHO.map(|field| student.get(field).to_owned());
            let slots = known.entry(who).or_insert_with_key(|who| of(&slots, who));
            if slots.is_empty() {
                without.push(Reason::in_each(|_| student.words()));
            }
            used.extend(slots.iter().map(|slot| (slot.row, &slot.who)));
            let (mut has_more, mut is_other) = (false, false);
            for (at, field) in WHEN.into_iter().enumerate() {
                let mut said = Vec::new();
                for when in slots.iter().map(|slot| slot.when[at].as_str()) {
                    if !when.is_empty() && !said.contains(&when) {
                        said.push(when);
                    }
                }
                if student.get(field).is_empty() {
                    has_more |= !said.is_empty();
                    student.set(field, &said.join(" 或 "));
                } else {
                    is_other |= said.iter().any(|said| exact(said) != exact(student.get(field)));
                }
            }
            count += usize::from(has_more);
            if is_other {
                kept.push(Reason::in_each(|_| student.words()));
            }
        }
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
        if !kept.is_empty() {
            let (count, names) = (kept.len(), named(&kept, NAMED, "名"));
            notes.push(Reason::new(
                format!(
                    "名册上已写有批次、时间或地点而时间安排另有写法的{count}名学生，以名册为准：{}；以时间安排为准的，请清空名册中的这几列。",
                    names.zh
                ),
                format!(
                    "{count} students have another session, time or place on the roster than in the schedule, and the roster goes first: {}. Where the schedule is right, empty these columns of the roster.",
                    names.en
                ),
            ));
        }
        if !unread.is_empty() {
            let (count, rows) = (unread.len(), named(&unread, NAMED, "行"));
            notes.push(Reason::new(
                format!(
                    "时间安排中有{count}行看不懂写的是哪些学生，没有采用：{}。请把院系、专业、班级分列填写，写成名册上的名称；按学号分批的，请把时间写进名册。",
                    rows.zh
                ),
                format!(
                    "{count} rows of the schedule were not used, for it is not clear which students they mean: {}. Give department, major and class columns of their own, and name them as the roster does; where numbers tell who comes when, write the times into the roster.",
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

/// What the lines call each place of [`WHO`], by what is the same without brackets.
struct Names([HashMap<String, BTreeSet<String>>; 3]);

impl Names {
    fn of(slots: &[Slot]) -> Names {
        let mut names = [const { None }; 3].map(|_: Option<()>| HashMap::<_, BTreeSet<_>>::new());
        for slot in slots {
            for (names, text) in names.iter_mut().zip(&slot.who) {
                names.entry(bare(text)).or_default().insert(folded(text));
            }
        }
        Names(names)
    }

    /// Whether another line names the same with something else in brackets.
    fn are_several(&self, at: usize, text: &str) -> bool {
        let known = self.0[at].get(&bare(text));
        known.is_some_and(|names| names.iter().any(|name| *name != folded(text)))
    }
}

impl Slot {
    /// The line as it is told.
    fn words(&self) -> Reason {
        let who = self.who.iter().chain([&self.numbers]).filter(|named| !named.is_empty());
        let who = who.map(String::as_str).collect::<Vec<_>>().join(" ");
        told(&(self.row, who))
    }
}

/// A line and what of it is told.
fn told((row, words): &(usize, String)) -> Reason {
    Reason::new(format!("第{row}行 {words}"), format!("row {row} {words}"))
}

fn endless(row: usize) -> Reason {
    Reason::new(
        format!("第{row}行的院系、专业、班级组合起来超过{PLACES_MAX}种，没有读；请每行只写一个院系。"),
        format!("Row {row} names more than {PLACES_MAX} places in all; give each department a row of its own."),
    )
}

/// What of the times is a guess, wrong or not read.
fn notes(Lines { slots, guessed, unread, .. }: &Lines) -> Vec<Reason> {
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
    let strange = times.iter().filter(|(_, time)| when::is_unread(time)).cloned().collect::<Vec<_>>();
    if !strange.is_empty() {
        let rows = named(&strange);
        notes.push(Reason::new(
            format!("时间安排中有的时间看不出是几月几日几点，请写成“4月9日 8:30-10:00”：{}。", rows.zh),
            format!("Times of the schedule that are not read; write them as 4月9日 8:30-10:00: {}.", rows.en),
        ));
    }
    let wrong = when::of_another_weekday(&times);
    if !wrong.is_empty() {
        let rows = named(&wrong);
        notes.push(Reason::new(
            format!("时间安排中有的日期与星期对不上，请核对：{}。", rows.zh),
            format!("Days of the schedule that fall on another day of the week; check them: {}.", rows.en),
        ));
    }
    for (head, row, cell) in unread {
        let head = if head.is_empty() { "（无表头）" } else { head };
        notes.push(Reason::new(
            format!(
                "时间安排的“{head}”列像是时间，没有读，例如第{row}行 {cell}；如果是拍摄时间，请把表头改为 时间、开始时间 或 结束时间。"
            ),
            format!(
                "The column {head} of the schedule looks like a time and was not read, such as row {row}: {cell}. If it says when they come, head it 时间, 开始时间 or 结束时间."
            ),
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

#[cfg(test)]
mod tests {
    use super::super::roster::Student;
    use super::super::table::{Cell, Row};
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
            (&["软件1班2人，软件11班30人", "信息学院网络1班28名"], "一一二-"),
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
    #[test]
    fn a_time_is_put_together_from_all_columns_that_say_it_whatever_their_order() {
        for (heads, line, time) in [
            ("日期 开始时间 结束时间 班级", "10月20日 8:30 9:30 1班", "10月20日 8:30-9:30"),
            ("班级 时间 上午/下午 拍摄日期", "1班 2:00-3:00 下午 10月20日", "10月20日 下午 2:00-3:00"),
            ("日期 时间 时段 班级", "10月20日 7:00 晚上 1班", "10月20日 晚上 7:00"),
            ("班级 起 止", "1班 10月20日8:30 10月20日9:30", "10月20日8:30-10月20日9:30"),
            ("班级 日期 拍摄开始时间（24小时制）", "1班 10月20日 8:30", "10月20日 8:30"),
        ] {
            let rows = [heads, line].map(|row| row.split(' ').collect::<Vec<_>>());
            let (when, notes) = joined(&[&rows[0], &rows[1]], &[("", "1班")]);
            assert_eq!((when[0].as_str(), notes.len()), (time, 1), "{heads} {notes:?}");
        }
    }

    #[test]
    fn a_column_of_times_that_is_not_read_and_lines_of_numbers_are_told() {
        let rows: &[&[&str]] = &[
            &["班级", "时间", "集合", "备注", "学号段"],
            &["1班", "10月20日 9:00", "8:40", "", "1-30号"],
            &["2班", "10月20日 9:30", "9:10", "请穿浅色衣服", ""],
        ];
        let (when, notes) = joined(rows, &[("", "1班"), ("", "2班")]);
        assert_eq!(when, ["", "10月20日 9:30"]);
        assert!(notes[0].contains("1名学生有了") && notes[2].contains("没有采用：第2行 1班 1-30号"), "{notes:?}");
        assert!(
            notes[3].starts_with("时间安排的“集合”列像是时间，没有读，例如第2行 8:40") && notes.len() == 4,
            "{notes:?}"
        );
    }

    #[test]
    fn tables_side_by_side_are_read_one_by_one() {
        let rows: &[&[&str]] = &[
            &["时间", "班级", "时间", "班级"],
            &["10月20日8:30", "1班", "10月21日8:30", "3班"],
            &["9:30", "2班", "9:30", "4班"],
            &["", "", "10:30", "5班"],
        ];
        let students = ["1班", "2班", "3班", "4班", "5班"].map(|class| ("", class));
        let days = ["10月20日8:30", "10月20日 9:30", "10月21日8:30", "10月21日 9:30", "10月21日 10:30"];
        assert_eq!(joined(rows, &students).0, days);
    }

    #[test]
    fn the_roster_goes_before_the_schedule_with_a_word() {
        let mut student = Student::new(1);
        for (field, value) in [(Field::Class, "1班"), (Field::StudentNumber, "1"), (Field::Time, "10月19日 8:30")] {
            student.set(field, value);
        }
        let rows: &[&[&str]] = &[&["班级", "时间"], &["1班", "10月20日 8:30"]];
        let schedule = Schedule::of_tables(&[table(rows)]).expect("a schedule");
        let (roster, notes) = Roster::new(vec![student]).scheduled(&schedule);
        assert_eq!(roster.students()[0].get(Field::Time), "10月19日 8:30");
        assert!(notes[0].zh.contains("0名学生") && notes[1].zh.contains("1名学生，以名册为准：1"), "{notes:?}");
    }

    #[test]
    fn a_line_of_more_places_than_anybody_means_is_refused() {
        let many = |word: &str| (0..1000).map(|at| format!("{word}{at}")).collect::<Vec<_>>().join("、");
        let rows: &[&[&str]] = &[&["班级", "系部", "时间"], &[&many("班"), &many("系"), "10月20日 8:30"]];
        let problems = Schedule::of_tables(&[table(rows)]).expect_err("too many");
        assert!(problems[0].zh.starts_with("第2行的院系、专业、班级组合起来超过5000种"), "{problems:?}");
    }
}
