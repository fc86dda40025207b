//! When and where each department or class is photographed, as the annex of a notice lists it: 批次 系部 起止时间 地点.

use std::collections::{BTreeSet, HashMap};

use super::field::Field;
use super::names::{bare, folded};
use super::roster::Roster;
use super::table::{Row, Table};
use super::told::named;
use crate::text::Reason;

/// The slots of a notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    slots: Vec<Slot>,
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

const WHO: [Field; 3] = [Field::Class, Field::Major, Field::Department];
const WHEN: [Field; 3] = [Field::Session, Field::Time, Field::Place];
/// Heads are looked for among so many rows.
const HEAD_ROWS: usize = 60;
/// Lines that are named; the others are counted.
const NAMED: usize = 8;

impl Schedule {
    /// The slots of all visible tables that have heads: one of 系部, 专业, 班级 and one of 批次, 时间, 地点. Cells that are
    /// empty below another say the same, several departments in one cell have the same slot.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of_tables(tables: &[Table]) -> Result<Schedule, Vec<Reason>> {
        let visible = tables.iter().filter(|table| !table.is_hidden);
        let slots = visible.flat_map(|table| slots(&table.rows)).collect::<Vec<_>>();
        if slots.is_empty() {
            return Err(vec![Reason::new(
                "找不到时间安排：表头中至少要有 系部、专业、班级 之一和 批次、起止时间、地点 之一，下面至少一行。",
                "Not a schedule: it needs headings with one of 系部, 专业, 班级 and one of 批次, 起止时间, 地点, and at least one row below.",
            )]);
        }
        Ok(Schedule { slots })
    }

    /// The slots for students of whom the roster says this of [`WHO`]: those that name the class go before those that name the
    /// major or the department alone.
    fn of(&self, known: &[String; 3]) -> Vec<&Slot> {
        let fits =
            |slot: &&Slot| slot.who.iter().zip(known).all(|(named, known)| named.is_empty() || is_same(named, known));
        let fitting = self.slots.iter().filter(fits).collect::<Vec<_>>();
        let nearness = |slot: &Slot| slot.who.iter().position(|named| !named.is_empty());
        let nearest = fitting.iter().map(|slot| nearness(slot)).min();
        fitting.into_iter().filter(|slot| Some(nearness(slot)) == nearest).collect()
    }
}

impl Roster {
    /// The roster with the slots of a schedule where it says nothing itself, and a word on what was joined.
    pub fn scheduled(&self, schedule: &Schedule) -> (Roster, Vec<Reason>) {
        let mut students = self.students().to_vec();
        let (mut used, mut without) = (BTreeSet::new(), Vec::new());
        // Those of one class have the same.
        let mut known = HashMap::new();
        for student in &mut students {
            let who = WHO.map(|field| student.get(field).to_owned());
            let slots = known.entry(who).or_insert_with_key(|who| schedule.of(who));
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
        let unused = schedule.slots.iter().filter(|slot| !used.contains(&(slot.row, &slot.who))).map(|slot| {
            let who = slot.who.join(" ");
            Reason::new(format!("第{}行 {}", slot.row, who.trim()), format!("row {} {}", slot.row, who.trim()))
        });
        let unused = unused.collect::<Vec<_>>();
        if !unused.is_empty() {
            let (count, rows) = (unused.len(), named(&unused, NAMED, "行"));
            notes.push(Reason::new(
                format!("时间安排中有{count}行在名册上没有学生：{}。", rows.zh),
                format!("{count} rows of the schedule match no student on the roster: {}.", rows.en),
            ));
        }
        (Roster::new(students), notes)
    }
}

/// 计算机系 and 计算机系（本科）, not 软件1班 and 软件11班: what stands in brackets does not matter.
fn is_same(named: &str, known: &str) -> bool {
    !known.is_empty() && (folded(named) == folded(known) || bare(named) == bare(known))
}

fn slots(rows: &[Row]) -> Vec<Slot> {
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
    for row in &rows[head + 1..] {
        let said = WHEN.map(|field| cell(row, field));
        // A new session begins anew; within one an empty cell says what the one above said.
        if !said[0].is_empty() {
            above = said;
        } else {
            for (above, said) in above.iter_mut().zip(said).filter(|(_, said)| !said.is_empty()) {
                *above = said;
            }
        }
        let who = WHO.map(|field| cell(row, field));
        let parted = |text: &String| {
            let parts = text.split(['、', '，', ',', ';', '；', '\n', '\r']).map(|part| part.trim().to_owned());
            let parts = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>();
            if parts.is_empty() { vec![String::new()] } else { parts }
        };
        let [classes, majors, departments] = who.each_ref().map(parted);
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
        assert_eq!((when[1].as_str(), &when[2]), ("第一批 10:00—11:30 图书馆201", &when[1]));
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
}
