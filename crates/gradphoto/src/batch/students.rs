//! From tables to students: which rows name the columns, which are students, and a word on everything that is not read.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::field::Field;
use super::names::{exact, folded, is_cjk, is_shortened, number, without_brackets};
use super::roster::{Student, answer};
use super::table::{COLUMNS_MAX, Cell, Lost, Row, Table, letters};
use crate::text::{Reason, Text, text};

/// Heads are looked for among so many rows: titles, notes and directions often stand above them.
const HEAD_ROWS: usize = 1000;
/// A row that names one column may be a note on it: so far below it, one that names several is taken for the head instead.
const NOTE_ROWS: usize = 60;
/// Rows of one kind that a sentence names; the others are counted.
const NAMED: usize = 8;
/// A sheet called 模板 or 示例 beside others has so few rows where it shows how to fill them in.
const EXAMPLES: usize = 5;

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
            format!("{} on the roster.", counted(self.students)),
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
                    "{} in row {head_row}; {}. Columns read: {}.",
                    if name.en.is_empty() { "Headings".to_owned() } else { name.en + "headings" },
                    counted(count),
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
    let heads = tables.iter().map(|table| if table.is_hidden { None } else { find_head(&table.rows) });
    let heads = heads.collect::<Vec<_>>();
    let roles = roles(tables, &heads, is_one);
    let has_heads = heads.iter().any(Option::is_some);
    for ((table, head), role) in tables.iter().zip(heads).zip(roles) {
        let mut sheet = Sheet { name: table.name.clone(), ..Sheet::default() };
        match (head, role) {
            (None, _) => sheet.notes.push(left_out(table)),
            (_, Role::Pattern) => sheet.notes.push(reason("是填写示例，未读。", "an example, not read.")),
            (_, Role::Staff) => {
                sheet.notes.push(reason("看名称不是学生，未读。", "by its name a list of staff, not read."));
            }
            (Some((place, columns)), Role::Students) => {
                let (sheet, problems, left) = (&mut sheet, &mut problems, BTreeMap::new());
                let read = Rows { table, is_one, columns, shows_forms: true, sheet, problems, left };
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
        let unread = reason(
            "有表头的工作表都没有读，原因见上；其中有学生名单的，请改工作表的名称。",
            "No sheet with headings was read, for the reasons above; if one of them lists students, give it another name.",
        );
        let headless = reason(
            format!("找不到表头：前{HEAD_ROWS}行中没有一行写有能认出照片的列名，至少要有其中一列：{keys}。"),
            format!(
                "No headings: none of the first {HEAD_ROWS} rows names a column by which photos can be matched; there must be at least one of {keys}."
            ),
        );
        problems.push(if has_heads { unread } else { headless });
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

/// 1 student, 2 students.
fn counted(students: usize) -> String {
    format!("{students} student{}", if students == 1 { "" } else { "s" })
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

/// A sheet's name without whose it is: 软件2班（王老师）.
fn without_note(name: &str) -> &str {
    let parts = name.strip_suffix([')', '）']).and_then(|name| name.rsplit_once(['(', '（']));
    parts.filter(|(_, note)| note.chars().all(is_cjk)).map_or(name, |(name, _)| name.trim_end())
}

/// A sheet that shows how to fill in the others.
fn is_pattern(name: &str) -> bool {
    ["示例", "样例", "样表", "范例", "模板", "填写说明"].iter().any(|word| name.contains(word))
}

/// A sheet of people who are not photographed: 教师名单. One whose name but holds such a word, as 王老师 and 教师教育学院 do, has
/// heads of staff besides, or no number of students.
fn is_of_staff(name: &str, columns: &[Column]) -> bool {
    const WORDS: [&str; 6] = ["教师", "老师", "教职工", "辅导员", "班主任", "工作人员"];
    const LISTS: [&str; 8] = ["", "名单", "名册", "花名册", "表", "信息", "信息表", "通讯录"];
    const HEADS: [&str; 6] = ["工号", "职工号", "教工号", "教职工号", "教师工号", "职称"];
    // 2班（王老师）
    let name = without_brackets(&exact(name));
    let numbers = [Field::StudentNumber, Field::ExamNumber, Field::CaptureCode];
    let has_number = columns.iter().any(|column| column.field.is_some_and(|field| numbers.contains(&field)));
    let is_head = |head: &str| exact(head).split(['/', '、', '(', ')', '或']).any(|part| HEADS.contains(&part));
    let has_staff = columns.iter().any(|column| is_head(&column.head));
    let is_list = WORDS.iter().filter_map(|word| name.strip_prefix(word)).any(|rest| LISTS.contains(&rest));
    let is_place = name.ends_with(['院', '系', '部', '班']);
    WORDS.iter().any(|word| name.contains(word))
        && (is_list || if is_place { has_staff && !has_number } else { has_staff || !has_number })
}

/// What a sheet with heads is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Students,
    Staff,
    Pattern,
}

/// What each sheet is for: its name alone does not tell, for a template that is filled in keeps it.
fn roles(tables: &[Table], heads: &[Option<(usize, Vec<Column>)>], is_one: bool) -> Vec<Role> {
    let sheets = tables.iter().zip(heads).map(|(table, head)| {
        let (place, columns) = head.as_ref()?;
        let is_staff = !is_one && is_of_staff(&table.name, columns);
        Some((is_staff, is_pattern(&table.name), table.rows.len() - place - 1))
    });
    let sheets = sheets.collect::<Vec<_>>();
    let is_filled = |rows: usize| {
        let others = sheets.iter().flatten().filter(|(is_staff, ..)| !is_staff);
        others.into_iter().all(|(_, is_pattern, other)| if *is_pattern { *other <= rows } else { *other == 0 })
    };
    let role = |sheet: &Option<(bool, bool, usize)>| match *sheet {
        Some((true, ..)) => Role::Staff,
        Some((_, true, rows)) if rows <= EXAMPLES && !is_filled(rows) => Role::Pattern,
        _ => Role::Students,
    };
    sheets.iter().map(role).collect()
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
    let is_below_heads = above.is_some_and(names_key);
    let goes_on = is_below_heads && row.cells.iter().any(|(at, _)| own(*at).is_none() && joined(*at).is_some());
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
        let alone = if is_below_heads { over } else { "" };
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
        fields.len() % length == 0
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
        // The day goes before the hour.
        let is_hour = |head: &str| field == Field::Time && !["日期", "date"].iter().any(|day| head.contains(day));
        let mut same = columns.iter_mut().filter(|column| column.field == Some(field)).collect::<Vec<_>>();
        same.sort_by_key(|column| (is_hour(&column.head), usual(&column.head), column.place));
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
    /// Whether rows with 2021XXXX show how to fill in the others; where most are such, the list hides digits.
    shows_forms: bool,
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
    Masked,
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
            Why::Masked => text(
                "证件号码有遮挡，不核对，也不用来认照片",
                "identity number masked, neither checked nor used to match photos",
            ),
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
        let forms = rows[head + 1..].iter().filter(|row| self.is_form(row)).count();
        self.shows_forms = forms < 2 || 2 * forms < rows.len() - head;
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
        self.tell_answers(&students);
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

    /// Tells of words that are no known answer in a column of yes and no: 审核中.
    fn tell_answers(&mut self, students: &[Student]) {
        for field in [Field::Collected, Field::Paid] {
            let mut unknown = BTreeMap::<&str, (usize, usize)>::new();
            for student in students.iter().filter(|student| answer(student.get(field)).is_none()) {
                unknown.entry(student.get(field)).or_insert((student.row, 0)).1 += 1;
            }
            if unknown.is_empty() {
                continue;
            }
            let mut unknown = unknown.into_iter().collect::<Vec<_>>();
            unknown.sort_by_key(|(_, (row, _))| *row);
            let (mut zh, mut en) = (Vec::new(), Vec::new());
            for (word, (row, count)) in unknown.iter().take(NAMED) {
                let word = word.chars().take(24).collect::<String>();
                zh.push(format!("“{word}”{count}名（首见第{row}行）"));
                en.push(format!("{word} ({}, first in row {row})", counted(*count)));
            }
            let (zh, en) = (zh.join("、"), en.join(", "));
            let (more_zh, more_en) = match unknown.len() {
                ..=NAMED => (String::new(), String::new()),
                kinds => (format!("等{kinds}种"), format!(" and {} more", kinds - NAMED)),
            };
            let column = self.columns.iter().find(|column| column.field == Some(field));
            let head = column.map_or(field.word().zh, |column| &column.head);
            self.sheet.notes.push(reason(
                format!("“{head}”列有看不懂的写法：{zh}{more_zh}，按“否”算，请改写为“是”或“否”。"),
                format!("Column {head}: neither yes nor no, taken as no: {en}{more_en}; write 是 or 否."),
            ));
        }
    }

    /// Whether a row shows but the form of what is to be filled in: 2021XXXX in the columns that tell who it is.
    fn is_form(&self, row: &Row) -> bool {
        let of = |field: Field| {
            let columns = self.columns.iter().filter(move |column| column.field == Some(field));
            columns.map(|column| row.text(column.place))
        };
        let is_blank = |name: &str| !name.is_empty() && name.chars().all(|c| matches!(c, 'X' | 'x'));
        of(Field::StudentNumber).chain(of(Field::Name)).any(is_crossed)
            || of(Field::Name).any(is_blank) && row.cells.iter().any(|(at, _)| is_crossed(row.text(*at)))
    }

    /// Whether a row may be one of heads: one has no digits where the numbers are.
    fn may_be_head(&self, row: &Row) -> bool {
        let keys = self.columns.iter().filter(|column| column.field.is_some_and(|field| Field::KEYS.contains(&field)));
        keys.into_iter().all(|column| !row.text(column.place).bytes().any(|b| b.is_ascii_digit()))
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
        let (mut holds, mut is_masked) = (false, false);
        let own = self.columns.iter().filter(|column| column.block.is_none_or(|own| own == block));
        let (further, first) = own.partition::<Vec<_>, _>(|column| column.is_further);
        for column in first.into_iter().chain(further) {
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
                Ok(value) if field == Field::IdNumber && is_masked_number(&value) => {
                    student.keep(&column.head, &value);
                    is_masked = true;
                }
                Ok(value) if field.is_number() && (!is_number(&value) || is_kind(&value)) => odd = value,
                Ok(value) if field == Field::Name && (!is_name(&value) || is_kind(&value)) => odd_name = value,
                Ok(value) if field.is_number() => {
                    student.keep(&column.head, &number(&value));
                    student.add(field, &number(&value));
                }
                Ok(value) if field == Field::Time => {
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
        // Of lists side by side one is shorter.
        let others = self.columns.iter().filter(|column| column.block.is_some_and(|other| other != block));
        if !holds && (block > 0 || others.into_iter().any(|column| row.get(column.place).is_some())) {
            return None;
        }
        // Notes on columns, one below the other: 姓名, 学号.
        if has_name && !has_number && Field::of_head(student.get(Field::Name)).is_some() {
            self.leave(Why::Head, row.number, &first);
            return None;
        }
        if texts().any(is_example) || self.shows_forms && self.is_form(row) {
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
        if !has_number && !has_name {
            // Titles between lists, signatures, and rows with a class alone.
            let said = [odd, odd_name, first].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
            self.leave(Why::Nobody, row.number, &said);
            return None;
        }
        if !odd.is_empty() {
            self.leave(Why::Lost, row.number, &odd);
        }
        if is_masked {
            self.leave(Why::Masked, row.number, "");
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
        let name = without_note(&self.table.name);
        if !has_class && !self.is_one && is_of_a_class(name) {
            student.set(Field::Class, name);
        }
        Some(student)
    }

    fn problem(&mut self, row: usize, letters: &str, field: Field, why: Lost) {
        let (name, why) = (field.word(), why.reason());
        let sheet = if self.is_one { String::new() } else { self.table.name.clone() };
        self.problems.push(reason(
            format!("{sheet}第{row}行{letters}列（{}）：{}。", name.zh, why.zh),
            format!("{sheet} row {row}, column {letters} ({}): {}.", name.en, why.en).trim_start().to_owned(),
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

/// What a column takes, written below its head without brackets: 必填, 文本, varchar(20).
fn is_kind(text: &str) -> bool {
    const KINDS: &str = " 文本 文本型 文本格式 文本类型 字符 字符型 字符串 数字 数字型 数值 数值型 整数 日期 日期型 日期格式 常规 下拉 下拉框 下拉选择 单选 必录 可选 可不填 自动生成 STRING TEXT VARCHAR NVARCHAR VARCHAR2 CHAR INT INTEGER NUMBER NUMERIC DATE REQUIRED OPTIONAL MANDATORY ";
    let text = exact(text);
    let word = text.split(['(', ',', ';', '、', '。', '/']).next().unwrap_or_default();
    let starts = ["必填", "选填", "非必填", "必须", "不填", "请填", "请输入", "请选择", "填写", "与身份证", "同身份证"];
    !word.is_empty() && KINDS.contains(&format!(" {word} ")) || starts.iter().any(|start| word.starts_with(start))
}

/// A number or a name of which only the form is shown: 2021XXXX.
fn is_crossed(text: &str) -> bool {
    if text.len() > 60 || !text.contains(['X', 'x', 'Ｘ', 'ｘ']) {
        return false;
    }
    let text = exact(text);
    text.chars().count() <= 20 && text.contains("XXX") && text.bytes().any(|b| b.is_ascii_digit())
}

/// A number some of whose digits are hidden: 11010519XXXXXX002X, 4301****0055.
fn is_masked_number(text: &str) -> bool {
    if !text.contains(['X', 'x', '*', 'Ｘ', 'ｘ', '＊']) {
        return false;
    }
    let text = exact(text);
    ["XXX", "**"].iter().any(|mask| text.contains(mask)) && text.bytes().filter(u8::is_ascii_digit).count() >= 4
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
    if !may_be_example(text) {
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
            || ["(示例)", "(样例)", "(例)"].iter().any(|word| text.ends_with(word)))
}

/// At a glance, for most of a roster's cells are numbers: only these words make an example.
fn may_be_example(text: &str) -> bool {
    text.len() <= 60 && (!text.is_ascii() || text.contains(['X', 'x']))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet of these lines, its cells parted by commas; lines without anything hold no row.
    fn sheet(name: &str, lines: &str) -> Table {
        let cells = |line: &str| {
            let cells = line.split(',').enumerate().filter(|(_, text)| !text.is_empty());
            cells.map(|(column, text)| (column, Cell::Text(text.into()))).collect::<Vec<_>>()
        };
        let rows = lines.lines().zip(1..).map(|(line, number)| Row { number, is_hidden: false, cells: cells(line) });
        Table { name: name.into(), rows: rows.filter(|row| !row.cells.is_empty()).collect(), ..Table::default() }
    }

    fn read(tables: &[Table]) -> (Vec<Student>, Reading) {
        students(tables).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    /// 学号, 姓名 and 班级 of each student, and what is told.
    fn rows(tables: &[Table]) -> (Vec<String>, Vec<Reason>) {
        let (students, reading) = read(tables);
        let words = |student: &Student| {
            [Field::StudentNumber, Field::Name, Field::Class].map(|field| student.get(field)).join(" ")
        };
        (students.iter().map(|student| words(student).trim().to_owned()).collect(), reading.lines())
    }

    fn refused(tables: &[Table]) -> Vec<Reason> {
        students(tables).expect_err("is refused")
    }

    #[test]
    fn everything_that_was_read_is_told_in_both_languages() {
        let many = |count: usize| (1..=count).map(|at| format!(",备注{at}")).collect::<String>();
        let tables = [
            sheet(
                "软件1班",
                &format!("学号,姓 名,院（系）{}\n1001,张三,计算机,好\n1002,李四,计算机\n合计,2\n", many(13)),
            ),
            sheet("说明", "请认真填写\n"),
            Table { is_hidden: true, ..sheet("去年", "学号\n1999\n") },
            sheet("空表", ""),
        ];
        let (_, lines) = rows(&tables);
        let zh = lines.iter().map(|line| line.zh.as_str()).collect::<Vec<_>>();
        let unused = ["D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O"];
        let unused = unused.iter().zip(1..).map(|(letter, at)| format!("{letter}备注{at}")).collect::<Vec<_>>();
        assert_eq!(
            zh,
            [
                "名册共2名学生。",
                &format!(
                    "工作表“软件1班”：第1行为表头，2名学生。读入的列：A学号、B姓 名→姓名、C院（系）→院系。没有用到的列：{}等13列。第4行“合计”：合计、签名等，不是学生，未读。",
                    unused.join("、")
                ),
                "工作表“说明”：没有表头（学号、姓名等列名），未读。",
                "工作表“去年”：已隐藏，未读。",
                "工作表“空表”：是空的。",
            ]
        );
        let en = lines.iter().map(|line| line.en.as_str()).collect::<Vec<_>>();
        assert_eq!(
            en,
            [
                "2 students on the roster.",
                &format!(
                    "Sheet 软件1班: headings in row 1; 2 students. Columns read: A学号 as student number, B姓 名 as name, C院（系） as department. Columns not used: {} and 1 more. row 4 (合计): totals and signatures, not students, not read.",
                    unused.join(", ")
                ),
                "Sheet 说明: no headings such as 学号 or 姓名, not read.",
                "Sheet 去年: hidden, not read.",
                "Sheet 空表: empty.",
            ]
        );
        let (_, lines) = rows(&[sheet("", &format!("学号,姓名{}\n1001,张三\n", many(12)))]);
        assert!(lines[1].zh.ends_with("N备注12。") && lines[1].en.ends_with("N备注12."), "{lines:?}");
        let (_, lines) = rows(&[sheet("", "学号,姓名\n1001,张三\n")]);
        assert_eq!(lines[1].zh, "第1行为表头，1名学生。读入的列：A学号、B姓名。");
        assert_eq!(lines[1].en, "Headings in row 1; 1 student. Columns read: A学号 as student number, B姓名 as name.");
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

    #[test]
    fn hidden_digits_make_no_example_and_a_form_below_the_heads_no_student() {
        let found = |lines: &str| rows(&[sheet("", lines)]);
        let (students, reading) = read(&[sheet(
            "",
            "学号,姓名,身份证号,电话\n2021XXXX,张三,11010519XXXXXX002X,\n1001,李四,11010519XXXXXX002X,138XXXX1234\n1002,王五,,\n",
        )]);
        let one = &students[0];
        assert_eq!((students.len(), one.number(), one.get(Field::IdNumber)), (2, "1001", ""));
        assert_eq!(one.column("身份证号"), Some("11010519XXXXXX002X"));
        let notes = reading.sheets[0].notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(notes, ["第2行“2021XXXX”：填写示例，未读。", "第3行：证件号码有遮挡，不核对，也不用来认照片。"]);
        assert_eq!(found("姓名,身份证号\nXXX,11010519XXXXXX002X\n张三,\n").0, ["张三"]);
        assert_eq!(found("学号,姓名\n2021XXX01,张三\n2021XXX02,李四\n1003,王五\n").0.len(), 3, "the list hides digits");
        for form in ["必填,必填,选填", "文本,文本,文本", "varchar(20),string,string", "10位数字,与身份证一致,选填"]
        {
            assert_eq!(found(&format!("学号,姓名,班级\n{form}\n1001,张三,1班\n")).0, ["1001 张三 1班"], "{form}");
        }
    }

    #[test]
    fn answers_that_nobody_knows_are_told_once_for_each_column() {
        let list = "学号,缴费,是否采集\n1,是,在办\n2,分期,在办\n3,,是\n4,20元,待定\n";
        let (students, reading) = read(&[sheet("", list)]);
        let notes = reading.sheets[0].notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(
            notes,
            [
                "“是否采集”列有看不懂的写法：“在办”2名（首见第2行），按“否”算，请改写为“是”或“否”。",
                "“缴费”列有看不懂的写法：“分期”1名（首见第3行），按“否”算，请改写为“是”或“否”。",
            ]
        );
        assert_eq!(students.iter().map(Student::has_paid).collect::<Vec<_>>(), [true, false, false, true]);
        let many = (1..=10).map(|at| format!("{at},暗语{}\n", "甲".repeat(at))).collect::<String>();
        let (_, reading) = read(&[sheet("", &format!("学号,缴费\n{many}"))]);
        let note = &reading.sheets[0].notes[0];
        assert!(note.zh.contains("等10种，") && note.en.contains(" and 2 more; write"), "{note:?}");
    }

    #[test]
    fn without_heads_or_students_every_sheet_says_why() {
        let problems = refused(&[sheet("说明", "请认真填写\n"), sheet("空", "")]);
        let zh = problems.iter().map(|problem| problem.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(zh[..2], ["“说明”没有表头（学号、姓名等列名），未读。", "“空”是空的。"]);
        assert!(zh[2].starts_with("找不到表头：前1000行") && problems.len() == 3, "{zh:?}");
        assert_eq!(refused(&[sheet("", "请认真填写\n")]).len(), 1, "a file that is one table needs no sheet named");
        let problems = refused(&[sheet("", "学号,姓名\n合计,0\n")]);
        assert_eq!(problems[0].zh, "表头下面没有一名学生。第2行“合计”：合计、签名等，不是学生，未读。");
        let lost = "学号,姓名\n4.30102E+17,\n";
        assert_eq!(
            refused(&[sheet("甲", lost), sheet("乙", lost)])[1].zh,
            "乙第2行A列（学号）：长号码被存成了数值，后面的位数已丢失；请把该列设为“文本”格式后重新填写。"
        );
        assert!(refused(&[sheet("甲", lost)])[0].en.starts_with("row 2, column A (student number): "));
    }

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
        // A part of a head stands in the row above, over several columns in the first of them.
        let (found, reading) = read(&[sheet("", "姓名,证件,,备注\n,类型,号码,\n张三,身份证,11010519491231002X,好\n")]);
        assert_eq!(found[0].get(Field::IdNumber), "11010519491231002X");
        assert_eq!(found[0].column("备注"), Some("好"));
        assert!(reading.sheets[0].notes.is_empty(), "{reading:?}");
        let (found, _) = read(&[sheet("", "学号,姓名,备注\n学号,姓名,,班级\n1001,张三,好,1班\n")]);
        assert_eq!(found[0].column("备注"), Some("好"));
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
    fn lists_side_by_side_are_told_from_columns_that_mean_the_same() {
        let found = |lines: &str| rows(&[sheet("", lines)]).0.join("|");
        assert_eq!(found("姓名,姓名,姓名\n张三,李四,王五\n"), "张三|李四|王五");
        assert_eq!(
            found("序号,班级,学号,姓名,序号,班级,学号,姓名\n1,1班,1001,张三,2,2班,1002,李四\n"),
            "1001 张三 1班|1002 李四 2班"
        );
        // A second number of the same head is nobody's, one of another head another way to find the student.
        assert_eq!(found("学号,姓名,学号\n1001,张三,1002\n"), "1001 张三");
        let keys = |lines: &str| {
            let (found, _) = read(&[sheet("", lines)]);
            found[0].keys().map(|(_, key)| key.to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys("学籍号,姓名,学号\n7001,张三,1001\n"), "1001 张三 7001");
        assert_eq!(keys("学号,姓名,学籍号,班级\n1001,张三,7001,1班\n"), "1001 张三 7001");
        assert_eq!(keys("学号,姓名,学生姓名\n1001,张三,张大\n"), "1001 张三", "a second name is somebody else's");
        for list in ["学号,拍摄日期,拍摄时间\n1001,4月12日,上午\n", "学号,时间,日期\n1001,上午,4月12日\n"]
        {
            assert_eq!(read(&[sheet("", list)]).0[0].get(Field::Time), "4月12日 上午");
        }
    }

    #[test]
    fn of_lists_side_by_side_the_shorter_one_is_not_missed_and_titles_are_told_once() {
        let list = "学号,姓名,学号,姓名\n1001,张三\n,,1003,王五\n,,,,软件2班\n1004,赵六,1005,孙七\n";
        let (found, reading) = read(&[sheet("", list)]);
        assert_eq!(found.iter().map(Student::number).collect::<Vec<_>>(), ["1001", "1003", "1004", "1005"]);
        let notes = reading.sheets[0].notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(notes, ["第4行“软件2班”：没有可用的号码或姓名，未读。"]);
        let (found, reading) = read(&[sheet("", "学号\n1001\n学号\n1002\n")]);
        assert_eq!((found.len(), reading.sheets[0].notes[0].zh.as_str()), (2, "第3行：另有表头或列名，不是学生。"));
    }

    #[test]
    fn of_rows_of_one_kind_eight_are_named_and_the_others_counted() {
        let totals = |count: usize| {
            let (_, lines) = rows(&[sheet("", &format!("学号,姓名\n1001,张三\n{}", "合计,2\n".repeat(count)))]);
            (lines[1].zh.clone(), lines[1].en.clone())
        };
        assert_eq!(rows(&[sheet("", "序号,姓名\n1,张三\n审核人,李四\n")]).0, ["张三"]);
        let (found, lines) = rows(&[sheet("", "姓名,班级\n100,1班\n张三,1班\n")]);
        assert_eq!(found, ["张三 1班"]);
        assert!(lines[1].zh.ends_with("第2行“100”：没有可用的号码或姓名，未读。"), "{lines:?}");
        let (zh, en) = totals(8);
        assert!(zh.ends_with("第10行“合计”：合计、签名等，不是学生，未读。"), "{zh}");
        assert!(en.contains("row 10 (合计): totals"), "{en}");
        let (zh, en) = totals(10);
        assert!(zh.contains("第10行“合计”等10行：") && en.contains("row 10 (合计) and 2 more: "), "{zh} {en}");
    }

    #[test]
    fn a_student_who_stands_there_twice_is_one_and_a_shared_number_is_told() {
        let list = "学号,姓名,班级,身份证号\n1001,张三,,\n1001,张三,1班,11010519491231002X\n1002,李四,,\n1002,王五,,\n";
        let (students, reading) = read(&[sheet("", list)]);
        let words = students.iter().map(Student::words).collect::<Vec<_>>();
        assert_eq!(words, ["张三 1001", "李四 1002", "王五 1002"]);
        assert_eq!((students[0].get(Field::Class), students[0].column("班级")), ("1班", Some("1班")));
        let notes = reading.notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>();
        assert_eq!(
            notes,
            [
                "第2行与第3行是同一名学生（张三 1001），按一人计。",
                "第4行（李四 1002）与第5行（王五 1002）的学号相同，但不是同一人，用此号码命名的照片须人工确认，请核对名册。",
            ]
        );
        assert!(reading.notes[0].en.starts_with("Row 2 and row 3 are the same student (张三 1001)"), "{reading:?}");
        let repeated = |times: usize, row: &dyn Fn(usize) -> String| {
            let list = (0..times).map(row).collect::<String>();
            read(&[sheet("", &format!("学号,姓名\n{list}"))]).1.notes
        };
        let twice = |at: usize| format!("{},张三\n{},张三\n", 1000 + at, 1000 + at);
        assert_eq!((repeated(8, &twice).len(), repeated(9, &twice).len()), (8, 9));
        assert_eq!(repeated(9, &twice)[8].zh, "重复的学生共9行。");
        let shared = |at: usize| format!("{},张三\n{},李四\n", 1000 + at, 1000 + at);
        assert_eq!((repeated(8, &shared).len(), repeated(9, &shared).len()), (8, 9));
        assert_eq!(repeated(9, &shared)[8].zh, "号码相同而不是同一人的共9处。");
        // Without a number nobody can tell; with another class they are two.
        let (_, reading) = read(&[sheet("", "姓名,班级\n张三,1班\n张三,1班\n张三,2班\n")]);
        assert_eq!(reading.notes.len(), 1, "{reading:?}");
        assert_eq!(reading.notes[0].zh, "第2行与第3行相同（张三）又没有号码：是同一人请删去一行，不是请补学号。");
    }

    #[test]
    fn rows_that_are_filtered_out_are_read_and_told() {
        let mut list = sheet("", "学号,姓名\n1001,张三\n1002,李四\n合计,2\n");
        list.rows[2].is_hidden = true;
        list.rows[3].is_hidden = true;
        let (found, lines) = rows(&[list]);
        assert_eq!(found, ["1001 张三", "1002 李四"]);
        assert!(lines[1].zh.contains("第3行：被隐藏或筛选掉，也已读入。"), "{lines:?}");
    }

    #[test]
    fn cells_are_numbers_names_dates_or_nothing_as_people_write_them() {
        let all = |is: fn(&str) -> bool, yes: &[&str], no: &[&str]| {
            yes.iter().for_each(|text| assert!(is(text), "{text}"));
            no.iter().for_each(|text| assert!(!is(text), "{text}"));
        };
        all(
            is_number,
            &["20210001", "临20210001", "A-1/2", "H12345678(00)", "1"],
            &["", "待补", "2021级", "第3页", "四个汉字的20210001", "临202", "2021 0001!", &"1".repeat(41)],
        );
        assert!(is_number(&"1".repeat(40)));
        all(
            is_name,
            &["张三", "Mary Jane", "学生10", "买买提·艾力", &"张".repeat(255)],
            &["", "100", "联系人：王", "学生100", "--", &"张".repeat(256)],
        );
        all(
            is_date,
            &["2021-3-1", "2021/03/01", "2021-3-1 0:00:00", "1900-1-1", "2099-12-31"],
            &[
                "1899-1-1",
                "2100-1-1",
                "2021-13-1",
                "2021-0-1",
                "2021-1-32",
                "2021-3",
                "02021-3-1",
                "2021-3-1 0:00:00 AM",
                "20210301",
            ],
        );
        all(is_nothing, &["", "无", "—", "n/a", "#N/A"], &["0", "1", "张三"]);
        all(is_direction, &["（必填）", "(文本格式)"], &["必填", "（张三）", "张三（必填）"]);
        all(
            is_kind,
            &["必填", "选填，中文", "文本", "文本（20）", "string", "varchar(20)", "Required", "与身份证一致"],
            &["", "文本清", "必胜", "单选民", "Charles", "1001", "张三"],
        );
        all(
            is_masked_number,
            &["11010519XXXXXX002X", "4301****0055", "1101 05xx xxxx 1234"],
            &["11010519491231002X", "XXX", "*1234", "E12345678"],
        );
        all(
            is_example,
            &["示例", "例：张三", "示例1", "张三(示例)"],
            &[
                "示例中学",
                "例外",
                "XXX",
                "2021XXXX",
                "张三",
                "EXAMPLES",
                "20210001",
                &format!("示例：{}", "很".repeat(20)),
            ],
        );
        all(
            is_foot,
            &[
                "合计",
                "制表人：王",
                "第1页",
                &format!("第{}页", "1".repeat(33)),
                "第1页，共3页",
                "共3人",
                "共2页",
                "共5名",
                "完",
                "END",
            ],
            &["张三", "第一中学", "共青团", "完颜阿骨打", "人", &format!("第{}页", "1".repeat(34))],
        );
        assert_eq!(visible("\u{feff}张\u{200b} \t三\n\u{ad}丰 "), "张 三 丰");
    }
}
