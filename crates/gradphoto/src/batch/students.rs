//! From tables to students: which rows name the columns, which are students, and a word on everything that is not read.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::field::Field;
use super::names::{exact, folded, is_cjk, is_shortened, number, without_brackets};
use super::roster::Student;
use super::table::{COLUMNS_MAX, Cell, Lost, Row, Table, letters};
use crate::text::{Reason, Text, text};

/// Heads are looked for among so many rows: titles, notes and directions often stand above them.
const HEAD_ROWS: usize = 1000;
/// A row that names one column may be a note on it: so far below it, one that names several is taken for the head instead.
const NOTE_ROWS: usize = 60;
/// Rows of one kind that a sentence names; the others are counted.
const NAMED: usize = 8;

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

/// A column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Column {
    /// Its letters: A, B, AA.
    pub letters: String,
    /// Its head as written.
    pub head: String,
    /// What it became; `None` where it is not used.
    pub field: Option<Field>,
    #[serde(skip)]
    place: usize,
    /// Whether another column of the same sheet says the same first.
    #[serde(skip)]
    is_further: bool,
    /// Lists that stand side by side on one sheet have a number each; `None` for a column of all of them.
    #[serde(skip)]
    block: Option<usize>,
}

impl Reading {
    /// The whole as sentences, a line each, in both languages.
    pub fn lines(&self) -> Vec<Reason> {
        let mut lines = vec![reason(
            format!("名册共{}名学生。", self.students),
            format!("{} students on the roster.", self.students),
        )];
        for sheet in &self.sheets {
            let told = |notes: &mut dyn Iterator<Item = &Reason>| {
                let notes = notes.cloned().collect::<Vec<_>>();
                let all = |words: fn(&Reason) -> &str, gap: &str| notes.iter().map(words).collect::<Vec<_>>().join(gap);
                (all(|note| &note.zh, ""), all(|note| &note.en, " "))
            };
            let name = match sheet.name.as_str() {
                "" => reason("", ""),
                name => reason(format!("工作表“{name}”："), format!("Sheet {name}: ")),
            };
            let (zh, en) = told(&mut sheet.notes.iter());
            let Some(head_row) = sheet.head_row else {
                lines.push(reason(name.zh + &zh, name.en + &en));
                continue;
            };
            let used = |language: fn(Text) -> &'static str, arrow: &str, comma: &str| {
                let used = sheet.columns.iter().filter_map(|column| {
                    let word = language(column.field?.word());
                    Some(if word == column.head {
                        column.letters.clone() + word
                    } else {
                        format!("{}{}{arrow}{word}", column.letters, column.head)
                    })
                });
                used.collect::<Vec<_>>().join(comma)
            };
            let unused = sheet.columns.iter().filter(|column| column.field.is_none());
            let unused = unused.map(|column| format!("{}{}", column.letters, column.head)).collect::<Vec<_>>();
            let count = sheet.students;
            let (mut line_zh, mut line_en) = (
                format!("{}第{head_row}行为表头，{count}名学生。读入的列：{}。", name.zh, used(|w| w.zh, "→", "、")),
                format!(
                    "{} in row {head_row}, {count} students. Columns read: {}.",
                    if name.en.is_empty() { "Heads".to_owned() } else { name.en + "heads" },
                    used(|w| w.en, " as ", ", ")
                ),
            );
            if !unused.is_empty() {
                let shown = unused.iter().take(12).cloned().collect::<Vec<_>>();
                let more = unused.len() - shown.len();
                line_zh += &format!(
                    "没有用到的列：{}{}。",
                    shown.join("、"),
                    if more > 0 { format!("等{}列", unused.len()) } else { String::new() }
                );
                line_en += &format!(
                    " Columns not used: {}{}.",
                    shown.join(", "),
                    if more > 0 { format!(" and {more} more") } else { String::new() }
                );
            }
            lines.push(reason(line_zh + &zh, if en.is_empty() { line_en } else { line_en + " " + &en }));
        }
        lines.extend(self.notes.iter().cloned());
        lines
    }
}

/// The students of all visible tables that have heads.
///
/// # Errors
/// Everything that must be mended first, all at once.
pub fn students(tables: &[Table]) -> Result<(Vec<Student>, Reading), Vec<Reason>> {
    let mut all = Vec::new();
    let mut reading = Reading::default();
    let mut problems = Vec::new();
    let is_one = tables.iter().filter(|table| !table.is_hidden && !table.rows.is_empty()).count() < 2;
    for table in tables {
        let mut sheet = Sheet { name: table.name.clone(), ..Sheet::default() };
        let head = if table.is_hidden { None } else { find_head(&table.rows) };
        match head {
            None => sheet.notes.push(left_out(table)),
            Some(_) if is_pattern(&table.name) => {
                sheet.notes.push(reason("是填写示例，未读。", "an example, not read."));
            }
            Some(_) if is_of_staff(&table.name) && !is_one => {
                sheet.notes.push(reason("看名称不是学生，未读。", "by its name no students, not read."));
            }
            Some((place, columns)) => {
                let read =
                    Rows { table, is_one, columns, sheet: &mut sheet, problems: &mut problems, left: BTreeMap::new() };
                all.extend(read.read(place));
            }
        }
        reading.sheets.push(sheet);
    }
    let known = reading.sheets.iter().any(|sheet| sheet.head_row.is_some());
    if !known {
        let keys = Field::KEYS.map(|field| field.heads()[0]).join(" ");
        let left = reading.sheets.iter().filter(|sheet| !sheet.name.is_empty()).flat_map(|sheet| {
            sheet.notes.iter().map(|note| {
                reason(format!("“{}”{}", sheet.name, note.zh), format!("Sheet {}: {}", sheet.name, note.en))
            })
        });
        problems.extend(left);
        problems.push(reason(
            format!("找不到表头：前{HEAD_ROWS}行中没有一行写有能认出照片的列名，至少要有其中一列：{keys}。"),
            format!("No headings: none of the first {HEAD_ROWS} rows names a column by which photos can be matched; there must be at least one of {keys}."),
        ));
    } else if all.is_empty() && problems.is_empty() {
        let why = reading.sheets.iter().flat_map(|sheet| &sheet.notes);
        let why = why.fold(reason("", ""), |all, note| reason(all.zh + &note.zh, all.en + " " + &note.en));
        problems.push(reason(
            format!("表头下面没有一名学生。{}", why.zh),
            format!("There is no student below the headings.{}", why.en),
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let all = unique(all, &mut reading);
    reading.students = all.len();
    Ok((all, reading))
}

fn left_out(table: &Table) -> Reason {
    match (table.is_hidden, table.rows.is_empty()) {
        (true, _) => reason("已隐藏，未读。", "hidden, not read."),
        (_, true) => reason("是空的。", "empty."),
        _ => reason("没有表头（学号、姓名等列名），未读。", "no headings such as 学号 or 姓名, not read."),
    }
}

/// Whether a sheet among others is named by its class: 软件1班, 软件2301.
fn is_of_a_class(name: &str) -> bool {
    let digits = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_numbered = digits.len() < name.len() && digits.chars().filter(|c| is_cjk(*c)).count() >= 2;
    name.ends_with('班')
        || is_numbered && !["工作表", "表格", "名单", "名册", "第"].iter().any(|word| digits.ends_with(word))
}

/// A sheet that shows how to fill in the others.
fn is_pattern(name: &str) -> bool {
    ["示例", "样例", "样表", "范例", "模板", "填写说明"].iter().any(|word| name.contains(word))
}

/// A sheet of people who are not photographed.
fn is_of_staff(name: &str) -> bool {
    ["教师", "老师", "教职工", "辅导员", "班主任", "工作人员"].iter().any(|word| name.contains(word))
}

/// Whether a table has heads.
pub(super) fn has_head(table: &Table) -> bool {
    find_head(&table.rows).is_some()
}

/// The first row of heads, with its columns: one that names several columns, the lower of two that belong together; where none
/// does, one that names a single column.
fn find_head(rows: &[Row]) -> Option<(usize, Vec<Column>)> {
    let mut heads = (0..rows.len().min(HEAD_ROWS)).filter_map(|place| Some((place, head(rows, place)?))).peekable();
    let first = heads.next()?;
    let until = first.0 + NOTE_ROWS;
    let is_full = |(_, columns): &(usize, Vec<Column>)| known(columns) > 1;
    let full =
        if is_full(&first) { None } else { heads.by_ref().take_while(|(place, _)| *place < until).find(is_full) };
    let found = full.unwrap_or(first);
    let goes_on = |next: &(usize, Vec<Column>)| {
        rows[next.0].number == rows[found.0].number.saturating_add(1) && known(&next.1) > known(&found.1)
    };
    Some(heads.next_if(goes_on).unwrap_or(found))
}

/// How many columns are known.
fn known(columns: &[Column]) -> usize {
    columns.iter().filter(|column| column.field.is_some()).count()
}

/// The columns of a row, if it names one that photos can be found by. A head may stand in the row above, alone or with a
/// part: 证件 over 号码, or over 类型 and 号码.
fn head(rows: &[Row], place: usize) -> Option<Vec<Column>> {
    let row = &rows[place];
    let above =
        place.checked_sub(1).map(|above| &rows[above]).filter(|above| above.number.saturating_add(1) == row.number);
    let own = |column: usize| Field::of_head(row.text(column));
    let joined = |column: usize| {
        // What stands over several columns stands in the first of them.
        let over = above?.cells.iter().rev().find(|(at, _)| *at <= column).map(|(at, _)| above?.text(*at).into());
        let joined = format!("{}{}", over.flatten().unwrap_or_default(), row.text(column));
        Field::of_head(&joined).filter(|_| !row.text(column).is_empty()).map(|field| (field, joined))
    };
    let is_key = |field: Field| Field::KEYS.contains(&field);
    let names_key = |row: &Row| row.cells.iter().any(|(at, _)| Field::of_head(row.text(*at)).is_some_and(is_key));
    let goes_on =
        above.is_some_and(names_key) && row.cells.iter().any(|(at, _)| own(*at).is_none() && joined(*at).is_some());
    if !names_key(row) && !goes_on {
        return None;
    }
    let mut places = row.cells.iter().map(|(column, _)| *column).collect::<Vec<_>>();
    places.extend(above.iter().flat_map(|above| above.cells.iter().map(|(column, _)| *column)));
    places.sort_unstable();
    places.dedup();
    let columns = places.into_iter().filter_map(|place| {
        let (below, over) = (row.text(place), above.map_or("", |above| above.text(place)));
        let found = match below {
            "" => Field::of_head(over).map(|field| (field, over.to_owned())),
            below => own(place).map(|field| (field, below.to_owned())).or_else(|| joined(place)),
        };
        // A title above heads names no column.
        let alone = if goes_on { over } else { "" };
        let written = if below.is_empty() { alone } else { below };
        if written.is_empty() && found.is_none() {
            return None;
        }
        let (field, head) = found.map_or((None, written.to_owned()), |(field, head)| (Some(field), head));
        let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Column { letters: letters(place), head, field, place, is_further: false, block: Some(0) })
    });
    let mut columns = columns.collect::<Vec<_>>();
    part_blocks(&mut columns);
    Some(columns)
}

/// Tells lists apart that stand side by side (学号 姓名 学号 姓名), and of columns that mean the same which goes first.
fn part_blocks(columns: &mut [Column]) {
    let fields = columns.iter().filter_map(|column| column.field).collect::<Vec<_>>();
    let repeats = |length: &usize| {
        fields.len() > *length
            && fields.len() % length == 0
            && fields.chunks(*length).all(|chunk| chunk == &fields[..*length])
            && fields[..*length].iter().any(|field| Field::KEYS.contains(field))
    };
    if let Some(length) = (1..=fields.len() / 2).find(repeats) {
        for (at, column) in columns.iter_mut().filter(|column| column.field.is_some()).enumerate() {
            column.block = Some(at / length);
        }
        return;
    }
    if let Some(starts) = starts(columns) {
        for (at, column) in columns.iter_mut().enumerate() {
            column.block = starts.iter().rposition(|start| *start <= at);
        }
        return;
    }
    for field in Field::ALL {
        let usual = |head: &str| field.heads().iter().position(|known| *known == head).unwrap_or(usize::MAX);
        let mut same = columns.iter_mut().filter(|column| column.field == Some(field)).collect::<Vec<_>>();
        same.sort_by_key(|column| (usual(&column.head), column.place));
        let first = same.first().map(|column| column.head.clone());
        for column in same.into_iter().skip(1) {
            // A second number is another way to find the student, and 时间 goes with 日期; a second name is somebody else's.
            if (field.is_number() || field == Field::Time) && Some(&column.head) != first.as_ref() {
                column.is_further = true;
            } else {
                column.field = None;
            }
        }
    }
}

/// Where lists begin that stand side by side and differ in some columns (班级 学号 姓名 学号 姓名 备注): at each column of one head
/// that photos can be found by, if others that are known stand behind it.
fn starts(columns: &[Column]) -> Option<Vec<usize>> {
    let first = columns.iter().find(|column| column.field.is_some_and(|field| Field::KEYS.contains(&field)))?;
    let starts = (0..columns.len()).filter(|at| columns[*at].field == first.field && columns[*at].head == first.head);
    let starts = starts.collect::<Vec<_>>();
    let ends = starts.iter().skip(1).copied().chain([columns.len()]);
    (starts.len() > 1 && starts.iter().zip(ends).all(|(start, end)| known(&columns[*start..end]) > 1)).then_some(starts)
}

/// Reads the rows of one table.
struct Rows<'a> {
    table: &'a Table,
    is_one: bool,
    columns: Vec<Column>,
    sheet: &'a mut Sheet,
    problems: &'a mut Vec<Reason>,
    /// Rows that are no students, by why.
    left: BTreeMap<Why, Vec<(usize, String)>>,
}

/// Why a row is no student, or what is wrong with one that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    Head,
    Example,
    Total,
    Nobody,
    Lost,
    Headless,
    Garbled,
    Hidden,
}

impl Why {
    fn words(self) -> Text {
        match self {
            Why::Head => text("另有表头或列名，不是学生", "further headings or column names, not students"),
            Why::Example => text("填写示例，未读", "example, not read"),
            Why::Total => text("合计、签名等，不是学生，未读", "totals and signatures, not students, not read"),
            Why::Nobody => text("没有可用的号码或姓名，未读", "no number or name, not read"),
            Why::Lost => text("有的格不能用，已按其余各列读入", "some cells cannot be used; read by the other columns"),
            Why::Headless => text(
                "有内容写在没有表头的列里，未读，请看是否错列",
                "values in columns without a heading, not read; check whether the row is shifted",
            ),
            Why::Garbled => text(
                "有读不出的字（编码损坏），请核对",
                "unreadable characters (damaged encoding); compare them with another list",
            ),
            Why::Hidden => text("被隐藏或筛选掉，也已读入", "hidden or filtered out, but read all the same"),
        }
    }
}

impl Rows<'_> {
    fn read(mut self, head: usize) -> Vec<Student> {
        let rows = &self.table.rows;
        self.sheet.head_row = Some(rows[head].number);
        self.sheet.columns = self.columns.clone();
        let mut students = Vec::new();
        for (place, row) in rows.iter().enumerate().skip(head + 1) {
            if self.may_be_head(row)
                && let Some(columns) = head_again(rows, place)
            {
                // Merged downwards, the heads stand in each of their rows.
                if row.number > rows[head].number.saturating_add(1) {
                    // Those that name most columns are told in full.
                    let is_fuller = known(&columns) > known(&self.sheet.columns);
                    let other = if is_fuller { self.sheet.head_row.replace(row.number) } else { Some(row.number) };
                    if is_fuller {
                        self.sheet.columns.clone_from(&columns);
                    }
                    self.leave(Why::Head, other.unwrap_or(row.number), "");
                }
                self.columns = columns;
                continue;
            }
            let before = students.len();
            for block in 0..=self.columns.iter().filter_map(|column| column.block).max().unwrap_or(0) {
                students.extend(self.student(row, block));
            }
            if row.is_hidden && students.len() > before {
                self.leave(Why::Hidden, row.number, "");
            }
        }
        self.sheet.students = students.len();
        self.tell_columns();
        for (why, rows) in std::mem::take(&mut self.left) {
            let (zh, en) = (why.words().zh, why.words().en);
            let shown = |zh: bool| {
                let row = |(number, what): &(usize, String)| match (what.as_str(), zh) {
                    ("", true) => format!("第{number}行"),
                    ("", false) => format!("row {number}"),
                    (what, true) => format!("第{number}行“{what}”"),
                    (what, false) => format!("row {number} ({what})"),
                };
                let shown = rows.iter().take(NAMED).map(row).collect::<Vec<_>>();
                let shown = shown.join(if zh { "、" } else { ", " });
                match (rows.len() > NAMED, zh) {
                    (false, _) => shown,
                    (true, true) => format!("{shown}等{}行", rows.len()),
                    (true, false) => format!("{shown} and {} more", rows.len() - NAMED),
                }
            };
            self.sheet.notes.push(reason(format!("{}：{zh}。", shown(true)), format!("{}: {en}.", shown(false))));
        }
        students
    }

    /// Tells of columns that a person who opens the file does not see, and of cells that are not looked at.
    fn tell_columns(&mut self) {
        let hidden = self.columns.iter().filter(|column| column.field.is_some());
        let hidden = hidden.filter(|column| self.table.hidden_columns.contains(&column.place));
        let hidden = hidden.map(|column| format!("{}{}", column.letters, column.head)).collect::<Vec<_>>();
        if !hidden.is_empty() {
            let (zh, en) = (hidden.join("、"), hidden.join(", "));
            self.sheet.notes.push(reason(
                format!("{zh}：列被隐藏，也已读入。"),
                format!("{en}: hidden columns, read all the same."),
            ));
        }
        if self.table.beyond > 0 {
            let (count, last) = (self.table.beyond, letters(COLUMNS_MAX - 1));
            self.sheet.notes.push(reason(
                format!("{last}列以后还有{count}格有内容，未读。"),
                format!("{count} cells beyond column {last} have values and were not read."),
            ));
        }
    }

    /// Whether it is worth while to look for heads in a row: one has no digits where the numbers are.
    fn may_be_head(&self, row: &Row) -> bool {
        let mut keys =
            self.columns.iter().filter(|column| column.field.is_some_and(|field| Field::KEYS.contains(&field)));
        keys.all(|column| {
            let cell = row.text(column.place);
            cell.len() <= 60 && !cell.bytes().any(|b| b.is_ascii_digit())
        }) && row.cells.iter().any(|(column, _)| Field::of_head(row.text(*column)).is_some())
    }

    fn leave(&mut self, why: Why, row: usize, what: &str) {
        let what = what.chars().take(24).collect();
        self.left.entry(why).or_default().push((row, what));
    }

    /// The student of a row, if it is one.
    fn student(&mut self, row: &Row, block: usize) -> Option<Student> {
        let mut student = Student::new(row.number);
        if !self.is_one {
            student.sheet.clone_from(&self.table.name);
        }
        let mut lost: Vec<(String, Field, Lost)> = Vec::new();
        let (mut odd, mut odd_name) = (String::new(), String::new());
        let mut holds = false;
        for column in self.columns.iter().filter(|column| column.block.is_none_or(|own| own == block)) {
            let Some(field) = column.field else {
                student.keep(&column.head, &visible(row.text(column.place)));
                continue;
            };
            let value = match row.get(column.place) {
                None => continue,
                Some(Cell::Lost(why)) => Err(*why),
                Some(Cell::Text(text)) if field.is_number() && is_shortened(&number_text(text)) => Err(Lost::Shortened),
                Some(Cell::Text(text)) if field.is_number() && is_date(text) => Err(Lost::Date),
                Some(Cell::Text(text)) => Ok(visible(text)),
            };
            holds |= column.block.is_some();
            match value {
                Err(why) => lost.push((column.letters.clone(), field, why)),
                Ok(value) if is_nothing(&value) || is_direction(&value) => {}
                Ok(value) if field.is_number() && !is_number(&value) => odd = value,
                Ok(value) if field == Field::Name && !is_name(&value) => odd_name = value,
                Ok(value) if field.is_number() => {
                    student.keep(&column.head, &number(&value));
                    student.add(field, &number(&value));
                }
                Ok(value) if field == Field::Time && column.is_further => {
                    student.keep(&column.head, &value);
                    let joined = format!("{} {value}", student.get(Field::Time));
                    student.set(Field::Time, &joined);
                }
                Ok(value) => {
                    student.keep(&column.head, &value);
                    student.add(field, &value);
                }
            }
        }
        let numbers = || Field::KEYS.into_iter().filter(|field| field.is_number());
        let has_number = numbers().any(|field| !student.get(field).is_empty());
        if has_number && student.get(Field::Name).is_empty() {
            // Beside a number, whatever stands there is the name: 学生100.
            student.set(Field::Name, &odd_name);
        }
        let has_name = !student.get(Field::Name).is_empty();
        let texts = || row.cells.iter().map(|(column, _)| row.text(*column));
        let first = texts().find(|text| !text.is_empty()).unwrap_or_default().to_owned();
        if !holds && block > 0 || row.cells.is_empty() {
            return None;
        }
        // Notes on columns, one below the other: 姓名, 学号.
        if has_name && !has_number && Field::of_head(student.get(Field::Name)).is_some() {
            self.leave(Why::Head, row.number, &first);
            return None;
        }
        if texts().any(is_example) {
            self.leave(Why::Example, row.number, &first);
            return None;
        }
        // Beside a name, 审核通过 is a remark.
        let name = student.get(Field::Name);
        if !has_number && if has_name { is_foot(name) || is_foot(&first) } else { texts().any(is_foot) } {
            self.leave(Why::Total, row.number, &first);
            return None;
        }
        if let Some((letters, field, why)) = lost.iter().find(|(_, field, _)| field.is_number()).filter(|_| !has_number)
        {
            self.problem(row.number, letters, *field, *why);
            return None;
        }
        if !(has_name || has_number || odd.is_empty() && odd_name.is_empty()) {
            self.leave(Why::Total, row.number, if odd.is_empty() { &odd_name } else { &odd });
            return None;
        }
        if !has_number && !has_name {
            // Titles between lists, signatures, and rows with a class alone.
            self.leave(Why::Nobody, row.number, &first);
            return None;
        }
        if !odd.is_empty() {
            self.leave(Why::Lost, row.number, &odd);
        }
        if let Some((letters, field, why)) = lost.first() {
            let what =
                format!("{letters} {}：{}", field.word().zh, why.reason().zh.split('；').next().unwrap_or_default());
            self.left.entry(Why::Lost).or_default().push((row.number, what));
        }
        let has_head = |at: usize| self.columns.iter().any(|column| column.place == at);
        let headless = row.cells.iter().map(|(at, _)| *at).find(|at| !row.text(*at).is_empty() && !has_head(*at));
        if let Some(text) = texts().find(|text| text.contains('\u{fffd}')) {
            let text = text.to_owned();
            self.leave(Why::Garbled, row.number, &text);
        }
        if let (Some(at), 0) = (headless, block) {
            self.leave(Why::Headless, row.number, &format!("{} {}", letters(at), row.text(at)));
        }
        let has_class = self.columns.iter().any(|column| column.field == Some(Field::Class));
        if !has_class && !self.is_one && is_of_a_class(&self.table.name) {
            student.set(Field::Class, &self.table.name);
        }
        Some(student)
    }

    fn problem(&mut self, row: usize, letters: &str, field: Field, why: Lost) {
        let (name, why) = (field.word(), why.reason());
        let sheet = if self.is_one { String::new() } else { self.table.name.clone() };
        self.problems.push(reason(
            format!("{sheet}第{row}行{letters}列（{}）：{}。", name.zh, why.zh),
            format!("{sheet} row {row}, column {letters} ({}): {}.", name.zh, why.en).trim_start().to_owned(),
        ));
    }
}

/// The columns of heads that stand again below others.
fn head_again(rows: &[Row], place: usize) -> Option<Vec<Column>> {
    let row = &rows[place];
    let known = row.cells.iter().filter(|(column, _)| Field::of_head(row.text(*column)).is_some()).count();
    // 合计 and a lone 姓名 are no heads.
    (known >= 2 || known == row.cells.len()).then(|| head(&rows[place..=place], 0)).flatten()
}

/// Text on one line, without blanks around it and invisible signs.
fn visible(text: &str) -> String {
    let is_hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}');
    let text = text.replace(is_hidden, "");
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A number without the marks around it, before it is known whether it is whole.
fn number_text(text: &str) -> String {
    exact(text).trim_matches(['\'', '"', '=', '`']).to_owned()
}

/// What a spreadsheet makes of numbers such as 2021-3-1.
fn is_date(text: &str) -> bool {
    let day = text.split_whitespace().next().unwrap_or_default();
    let parts = day.split(['-', '/']).map(|part| part.parse::<u32>().ok()).collect::<Vec<_>>();
    let is_common = text.len() <= 16 && !day.starts_with('0');
    is_common && matches!(parts[..], [Some(1900..2100), Some(1..=12), Some(1..=31)])
}

/// What people write where there is nothing.
fn is_nothing(text: &str) -> bool {
    [
        "",
        "无",
        "暂无",
        "没有",
        "待定",
        "未分配",
        "未编",
        "空",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "N/A",
        "NA",
        "NULL",
        "NONE",
        "#N/A",
    ]
    .contains(&exact(text).as_str())
}

/// How to fill in a column, in brackets below its head: （必填）.
fn is_direction(text: &str) -> bool {
    without_brackets(&exact(text)).is_empty() && ["填", "格式", "文本", "例"].iter().any(|word| text.contains(word))
}

/// Whether a text can be the number of somebody.
fn is_number(text: &str) -> bool {
    let number = number(text);
    let is_fit = |c: char| c.is_ascii_alphanumeric() || "-_./()·#".contains(c);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let words = number.chars().filter(|c| is_cjk(*c)).count();
    // 临20210001, but no 2021级 or 第3页.
    let is_marked = words == 0 || words <= 3 && digits >= 4 && number.ends_with(|c: char| c.is_ascii_alphanumeric());
    number.len() <= 40 && digits > 0 && is_marked && number.chars().all(|c| is_fit(c) || is_cjk(c))
}

/// Whether a text can be the name of somebody.
fn is_name(text: &str) -> bool {
    let name = exact(text);
    let length = name.chars().count();
    let has_letter = name.chars().any(|c| c.is_alphabetic() || is_cjk(c));
    (1..=255).contains(&length)
        && has_letter
        && !name.contains([':', '：'])
        && name.chars().filter(char::is_ascii_digit).count() < 3
}

fn is_example(text: &str) -> bool {
    if text.len() > 60 || text.is_ascii() && !text.contains(['X', 'x']) {
        return false;
    }
    let text = exact(text);
    let is_word = |word: &str| {
        text == word
            || text.strip_prefix(word).is_some_and(|rest| rest.starts_with([':', '：', ')', '）', '行', '1', '2', '3']))
    };
    text.chars().count() <= 20
        && (["示例", "样例", "范例", "例", "例如", "举例", "EXAMPLE", "填写示例", "填写样例", "(示例", "(例", "(样例"]
            .into_iter()
            .any(is_word)
            || ["(示例)", "(样例)", "(例)"].iter().any(|word| text.ends_with(word))
            || text.contains("XXX") && text.bytes().any(|b| b.is_ascii_digit()))
}

/// What stands below lists.
fn is_foot(text: &str) -> bool {
    const WORDS: [&str; 35] = [
        "合计",
        "总计",
        "共计",
        "小计",
        "总人数",
        "人数",
        "制表",
        "填表",
        "审核",
        "复核",
        "经办",
        "负责人",
        "联系人",
        "联系电话",
        "打印",
        "导出",
        "说明",
        "备注",
        "注:",
        "签字",
        "签名",
        "盖章",
        "班主任",
        "辅导员",
        "以下空白",
        "填报",
        "单位",
        "领导",
        "日期:",
        "审批",
        "校对",
        "主管",
        "以上",
        "以下无正文",
        "结束",
    ];
    let text = exact(text);
    matches!(text.as_str(), "完" | "END")
        || WORDS.iter().any(|word| text.starts_with(word))
        || text.starts_with('第') && (text.contains("页") && text.len() < 40)
        || text.starts_with('共') && (text.ends_with('人') || text.ends_with('页') || text.ends_with('名'))
}

/// Students who stand there twice become one; who shares a number with another name is told.
fn unique(all: Vec<Student>, reading: &mut Reading) -> Vec<Student> {
    let mut kept: Vec<Student> = Vec::with_capacity(all.len());
    let mut by_number = HashMap::<(Field, String), usize>::new();
    let (mut twice, mut clash) = (Vec::new(), Vec::new());
    for student in all {
        let numbers = student.keys().filter(|(field, _)| field.is_number());
        let numbers = numbers.map(|(field, key)| (field, number(key))).collect::<Vec<_>>();
        let earlier = numbers.iter().find_map(|key| Some((key.0, *by_number.get(key)?)));
        match earlier {
            Some((_, place)) if kept[place].is_same(&student) => {
                let (a, b) = (kept[place].origin(), student.origin());
                // Side by side on one row, a list may say again what another has said.
                if a != b {
                    twice.push((a, b, student.words()));
                }
                kept[place].complete(&student);
                by_number.extend(numbers.into_iter().map(|key| (key, place)));
            }
            earlier => {
                if let Some((field, place)) = earlier {
                    clash.push((kept[place].origin(), student.origin(), field, kept[place].words(), student.words()));
                }
                for key in numbers {
                    by_number.entry(key).or_insert(kept.len());
                }
                kept.push(student);
            }
        }
    }
    for (a, b, words) in twice.iter().take(NAMED) {
        reading.notes.push(reason(
            format!("{}与{}是同一名学生（{words}），按一人计。", a.zh, b.zh),
            format!("{} and {} are the same student ({words}), counted once.", capital(&a.en), b.en),
        ));
    }
    if twice.len() > NAMED {
        let count = twice.len();
        reading
            .notes
            .push(reason(format!("重复的学生共{count}行。"), format!("{count} rows repeat a student in all.")));
    }
    for (a, b, field, one, other) in clash.iter().take(NAMED) {
        let name = field.word();
        reading.notes.push(reason(
            format!("{}（{one}）与{}（{other}）的{}相同，但不是同一人，用此号码命名的照片须人工确认，请核对名册。", a.zh, b.zh, name.zh),
            format!(
                "{} ({one}) and {} ({other}) share one {} but are not the same person; photos named by it must be confirmed by a person. Check the roster.",
                capital(&a.en), b.en, name.en
            ),
        ));
    }
    if clash.len() > NAMED {
        let count = clash.len();
        reading
            .notes
            .push(reason(format!("号码相同而不是同一人的共{count}处。"), format!("{count} such pairs in all.")));
    }
    tell_alike(&kept, reading);
    kept
}

/// Rows without a number that say the same: nobody can tell whether it is one student or two.
fn tell_alike(students: &[Student], reading: &mut Reading) {
    let mut seen = HashMap::<Vec<&str>, &Student>::new();
    let nameless = |student: &&Student| student.keys().all(|(field, _)| field == Field::Name);
    for student in students.iter().filter(nameless) {
        let words =
            [Field::Name, Field::Class, Field::Major, Field::Department].map(|field| student.get(field)).to_vec();
        let Some(earlier) = seen.insert(words, student) else { continue };
        let (a, b, name) = (earlier.origin(), student.origin(), student.words());
        reading.notes.push(reason(
            format!("{}与{}相同（{name}）又没有号码：是同一人请删去一行，不是请补学号。", a.zh, b.zh),
            format!(
                "{} and {} are alike ({name}) and have no number: delete one if they are one student, else add student numbers.",
                capital(&a.en), b.en
            ),
        ));
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

impl Student {
    /// Whether two rows can be the same student: what both know is the same.
    fn is_same(&self, other: &Student) -> bool {
        let same = |a: &str, b: &str| a.is_empty() || b.is_empty() || folded(a) == folded(b);
        Field::KEYS.into_iter().all(|field| same(self.get(field), other.get(field)))
    }

    /// Takes what only the other row knows.
    fn complete(&mut self, other: &Student) {
        for field in Field::ALL {
            if self.get(field).is_empty() {
                self.set(field, other.get(field));
            }
        }
        self.complete_cells(other);
    }
}

pub(super) fn reason(zh: impl Into<String>, en: impl Into<String>) -> Reason {
    Reason { zh: zh.into(), en: en.into() }
}
