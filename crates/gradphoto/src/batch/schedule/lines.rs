//! The lines of a table of a schedule.

use super::super::field::Field;
use super::super::moment::Moment;
use super::super::names::{exact, without_brackets};
use super::super::students::repeated;
use super::super::table::Row;
use super::super::words::Words;
use super::who::{self, WHO};
use super::{Slot, WHEN, when};

/// Heads are looked for among so many rows.
const HEAD_ROWS: usize = 60;
/// So many places may one line name; who names more has put lists into a cell that belong into lines.
pub(super) const PLACES_MAX: usize = 5_000;

/// Heads of times that no roster has: 上午/下午, 开始时间, 结束时间.
const HALVES: Words = Words("时段 上午/下午 上/下午 上午下午 上下午 午别");
const BEGINS: Words = Words("开始时间 开始 起始时间 起始 起 自 开始时刻");
const ENDS: Words = Words("结束时间 结束 截止时间 截止 终止时间 止 至 结束时刻");
/// What stands before them.
const SHOOTING: Words = Words("拍摄 采集 拍照 预计");
/// Columns of numbers: their lines mean some of a class.
const NUMBERS: Words = Words("学号 考生号 准考证号");

/// What is read of the tables.
#[derive(Default)]
pub(super) struct Lines {
    pub slots: Vec<Slot>,
    /// Lines whose day is that of another session.
    pub guessed: Vec<(usize, String)>,
    /// Columns that are not read and hold times: the head, and the first line with its cell.
    pub unread: Vec<(String, usize, String)>,
    /// Lines that name more than [`PLACES_MAX`] places.
    pub endless: Vec<usize>,
}

/// What of a time a column says; a cell of each makes up the time, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Day,
    Half,
    Begin,
    End,
}

/// What a column is read for.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Who(Field),
    When(Field, Part),
    /// Some of those.
    Number,
}

impl Use {
    fn of(head: &str) -> Option<Use> {
        let word = without_brackets(&exact(head));
        let word = SHOOTING.all().find_map(|before| word.strip_prefix(before)).unwrap_or(&word);
        let part = [(HALVES, Part::Half), (BEGINS, Part::Begin), (ENDS, Part::End)];
        match Field::of_head(head) {
            Some(Field::Time) if word.contains("日期") || word.contains("DATE") => {
                Some(Use::When(Field::Time, Part::Day))
            }
            Some(Field::Time) => Some(Use::When(Field::Time, Part::Begin)),
            Some(field) if WHEN.contains(&field) => Some(Use::When(field, Part::Begin)),
            Some(field) if WHO.contains(&field) => Some(Use::Who(field)),
            Some(field) if field.is_number() => Some(Use::Number),
            None if NUMBERS.are_in(word) => Some(Use::Number),
            None => part.into_iter().find(|(heads, _)| heads.has(word)).map(|(_, part)| Use::When(Field::Time, part)),
            _ => None,
        }
    }

    fn is_who(&self) -> bool {
        matches!(self, Use::Who(_))
    }

    fn is_when(&self) -> bool {
        matches!(self, Use::When(..))
    }
}

/// The columns of one list, of which several may stand side by side.
struct Columns(Vec<(usize, Use)>);

impl Columns {
    fn cells<'a>(&self, row: &'a Row, is_wanted: impl Fn(&Use) -> bool) -> Vec<(Use, &'a str)> {
        let wanted = self.0.iter().filter(|(_, use_of)| is_wanted(use_of));
        let mut cells = wanted.map(|(at, use_of)| (*use_of, row.text(*at).trim())).collect::<Vec<_>>();
        cells.retain(|(_, text)| !text.is_empty());
        cells
    }

    fn who(&self, row: &Row, field: Field) -> String {
        joined(self.cells(row, |use_of| *use_of == Use::Who(field)))
    }

    /// What a line says of a field of [`WHEN`]: 10月20日 上午 8:30-9:30.
    fn when(&self, row: &Row, field: Field) -> String {
        let mut cells = self.cells(row, |use_of| matches!(use_of, Use::When(of, _) if *of == field));
        let part = |use_of: &Use| if let Use::When(_, part) = use_of { Some(*part) } else { None };
        cells.sort_by_key(|(use_of, _)| part(use_of));
        let mut text = String::new();
        let mut before = None;
        for (use_of, cell) in cells {
            let is_range = part(&use_of) == Some(Part::End) && before == Some(Part::Begin);
            text += if text.is_empty() {
                ""
            } else if is_range {
                "-"
            } else {
                " "
            };
            text += cell;
            before = part(&use_of);
        }
        text
    }

    fn numbers(&self, row: &Row) -> String {
        joined(self.cells(row, |use_of| *use_of == Use::Number))
    }

    fn are_empty(&self, row: &Row) -> bool {
        self.cells(row, |_| true).is_empty()
    }
}

fn joined(cells: Vec<(Use, &str)>) -> String {
    cells.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}

impl Lines {
    /// Reads a table, list by list.
    pub fn read(&mut self, rows: &[Row]) {
        let columns = |row: &Row| {
            let known = row.cells.iter().filter_map(|(at, _)| Some((*at, Use::of(row.text(*at))?)));
            known.collect::<Vec<_>>()
        };
        let uses = |columns: &[(usize, Use)]| columns.iter().map(|(_, of)| *of).collect::<Vec<_>>();
        let is_list = |uses: &[Use]| uses.iter().any(Use::is_who) && uses.iter().any(Use::is_when);
        let head = rows.iter().take(HEAD_ROWS).position(|row| is_list(&uses(&columns(row))));
        let Some(head) = head else { return };
        let (heads, rows, columns) = (&rows[head], &rows[head + 1..], columns(&rows[head]));
        self.unread.extend(heads.cells.iter().filter_map(|(at, _)| unread(heads, *at, rows)));
        let length = repeated(&uses(&columns), is_list).unwrap_or(columns.len());
        let lists = columns.chunks(length).map(|list| Columns(list.to_vec())).collect::<Vec<_>>();
        lists.iter().for_each(|list| self.list(list, rows, lists.len() > 1));
    }

    fn list(&mut self, columns: &Columns, rows: &[Row], has_others: bool) {
        let mut above = [const { String::new() }; 3];
        // The last time that has a day, whether that is a heading, and whether it is of an earlier session.
        let (mut last, mut is_heading, mut is_earlier) = (String::new(), false, false);
        for row in rows {
            let mut filled = row.cells.iter().map(|(at, _)| row.text(*at).trim()).filter(|text| !text.is_empty());
            if let (Some(day), None) = (filled.next(), filled.next())
                && when::is_heading(day)
            {
                (last, is_heading, is_earlier) = (day.to_owned(), true, false);
                above[1].clone_from(&last);
                continue;
            }
            if has_others && columns.are_empty(row) {
                continue;
            }
            let said = WHEN.map(|field| when::said(&columns.when(row, field)).to_owned());
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
                    self.guessed.push((row.number, dated.clone()));
                }
                last.clone_from(&dated);
                above[1] = dated;
            } else if when::is_relative(&time) {
                (last, is_heading, is_earlier) = (String::new(), false, false);
            } else if Moment::of(&time).has_day() {
                (last, is_heading, is_earlier) = (time, false, false);
            }
            self.places(columns, row, &above);
        }
    }

    /// A slot for each place that a line names.
    fn places(&mut self, columns: &Columns, row: &Row, above: &[String; 3]) {
        let named = WHO.map(|field| who::parted(&columns.who(row, field)));
        if named.iter().map(Vec::len).product::<usize>() > PLACES_MAX {
            self.endless.push(row.number);
            return;
        }
        let [classes, majors, departments] = named;
        for class in &classes {
            for major in &majors {
                for department in &departments {
                    let who = [class.clone(), major.clone(), department.clone()];
                    if who.iter().any(|named| !named.is_empty()) && above.iter().any(|said| !said.is_empty()) {
                        let (when, numbers) = (above.clone(), columns.numbers(row));
                        self.slots.push(Slot { row: row.number, who, numbers, when });
                    }
                }
            }
        }
    }
}

/// A column that is not read and holds times, with the first of them.
fn unread(heads: &Row, at: usize, rows: &[Row]) -> Option<(String, usize, String)> {
    let head = heads.text(at).trim();
    if Use::of(head).is_some() || Field::of_head(head).is_some() {
        return None;
    }
    let cells = rows.iter().map(|row| (row, row.text(at).trim())).filter(|(_, text)| !text.is_empty());
    let mut times = cells.clone().filter(|(_, text)| when::has_hour_or_day(text));
    let (row, first) = times.next()?;
    (2 * (1 + times.count()) >= cells.count()).then(|| (head.to_owned(), row.number, first.to_owned()))
}
