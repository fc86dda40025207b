//! XLSX, a cell at a time: what a file claims to hold costs nothing, only what it holds does. Number formats are followed as
//! far as they show digits (00000000), formulas without a result are told from empty cells, and so are hidden sheets and rows.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::super::table::{Cell, Lost, Row, Table};
use super::{BROKEN, CELLS_MAX, COLUMNS_MAX, TOO_LARGE, told};
use crate::text::Reason;

/// A part of a package may unpack to so many bytes.
pub(super) const PART_BYTES_MAX: u64 = 2 << 30;
/// A cell may hold so many bytes, as many as Excel's longest text has.
const CELL_BYTES_MAX: usize = 131_072;

pub(super) type Package<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// `None` where the package is no XLSX.
pub(super) fn read(package: &mut Package<'_>) -> Option<Result<Vec<Table>, Vec<Reason>>> {
    let workbook = find(package, "xl/workbook.xml").or_else(|| find(package, "workbook.xml"))?;
    Some(read_book(package, &workbook).map_err(|why| vec![why]))
}

/// The name of a part as the package writes it: some write capitals or backslashes.
pub(super) fn find(package: &Package<'_>, part: &str) -> Option<String> {
    let is_it = |name: &String| name.replace('\\', "/").trim_start_matches('/').eq_ignore_ascii_case(part);
    package.file_names().flatten().map(|name| name.into_owned()).find(is_it)
}

fn broken() -> Reason {
    told(BROKEN)
}

fn read_book(package: &mut Package<'_>, workbook: &str) -> Result<Vec<Table>, Reason> {
    let mut sheets = Vec::new();
    let mut is_1904 = false;
    events(package, workbook, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event {
            match tag.local_name().as_ref() {
                "sheet" => {
                    let is_hidden =
                        attribute(tag, "state").is_some_and(|state| state.to_ascii_lowercase().contains("hidden"));
                    sheets.push((attribute(tag, "name").unwrap_or_default(), attribute(tag, "id"), is_hidden));
                }
                "workbookPr" => is_1904 = attribute(tag, "date1904").is_some_and(|set| set == "1" || set == "true"),
                _ => {}
            }
        }
        Ok(true)
    })?;
    let relations = Relations::read(package, workbook)?;
    let strings = match relations.of_kind("/sharedStrings").and_then(|part| find(package, part)) {
        Some(part) => strings(package, &part)?,
        None => Vec::new(),
    };
    let styles = match relations.of_kind("/styles").and_then(|part| find(package, part)) {
        Some(part) => styles(package, &part)?,
        None => Vec::new(),
    };
    let mut tables = Vec::new();
    let mut left = CELLS_MAX;
    for (place, (name, id, is_hidden)) in sheets.into_iter().enumerate() {
        let id = id.unwrap_or_default();
        let part = match relations.sheet(&id) {
            Some(part) => part.to_owned(),
            // A sheet that is one chart.
            None if relations.has(&id) => continue,
            None => format!("{}worksheets/sheet{}.xml", folder_of(workbook), place + 1),
        };
        let mut table = Table { name, is_hidden, ..Table::default() };
        if !is_hidden {
            let part = find(package, &part).ok_or_else(broken)?;
            let mut reader = Sheet { strings: &strings, styles: &styles, is_1904, left, ..Sheet::default() };
            events(package, &part, |event| reader.take(event))?;
            left = reader.left;
            (table.rows, table.hidden_columns, table.beyond) = (reader.rows, reader.hidden_columns, reader.beyond);
            table.struck = reader.struck;
            table.rows.sort_by_key(|row| row.number);
            for (rows, column) in reader.merges {
                table.merge(rows, column);
            }
        }
        tables.push(table);
    }
    Ok(tables)
}

/// The folder of a part, with a slash behind it.
fn folder_of(part: &str) -> String {
    part.replace('\\', "/").rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
}

/// The parts that a workbook is made of: of each its id, its kind and its name.
pub(super) struct Relations(Vec<(String, String, String)>);

impl Relations {
    pub(super) fn read(package: &mut Package<'_>, workbook: &str) -> Result<Relations, Reason> {
        let folder = folder_of(workbook);
        let name = workbook.rsplit(['/', '\\']).next().unwrap_or_default();
        let mut targets = Vec::new();
        if let Some(relations) = find(package, &format!("{folder}_rels/{name}.rels")) {
            events(package, &relations, |event| {
                if let Event::Start(tag) | Event::Empty(tag) = event
                    && tag.local_name().as_ref() == "Relationship"
                {
                    let [id, kind, target] =
                        ["Id", "Type", "Target"].map(|name| attribute(tag, name).unwrap_or_default());
                    targets.push((id, kind, joined(&folder, &target)));
                }
                Ok(true)
            })?;
        }
        Ok(Relations(targets))
    }

    pub(super) fn of_kind(&self, kind: &str) -> Option<&str> {
        self.0.iter().find(|(_, known, _)| known.ends_with(kind)).map(|(.., target)| target.as_str())
    }

    /// The part of a sheet with cells.
    pub(super) fn sheet(&self, id: &str) -> Option<&str> {
        let is_it = |(known, kind, _): &&(String, String, String)| known == id && kind.ends_with("/worksheet");
        self.0.iter().find(is_it).map(|(.., target)| target.as_str())
    }

    fn has(&self, id: &str) -> bool {
        self.0.iter().any(|(known, ..)| known == id)
    }
}

/// The part that a target means which is written in a folder: worksheets/sheet1.xml, /xl/worksheets/sheet1.xml, ../xl/worksheets/sheet1.xml.
fn joined(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let path = if target.starts_with('/') { target } else { format!("{folder}{target}") };
    let mut names = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    names.join("/")
}

/// Hands out the events of a part until `each` wants no more.
pub(super) fn events(
    package: &mut Package<'_>,
    part: &str,
    mut each: impl FnMut(&Event<'_>) -> Result<bool, Reason>,
) -> Result<(), Reason> {
    let part = package.by_name(part).map_err(|_| broken())?;
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, part.take(PART_BYTES_MAX)));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = event(&mut reader, &mut buffer)?;
        if matches!(event, Event::Eof) || !each(&event)? {
            return Ok(());
        }
    }
}

/// What is made of tags and the text between them.
pub(super) trait Tagged {
    /// A tag begins, or is empty.
    fn start(&mut self, tag: &BytesStart<'_>, is_empty: bool);

    /// A tag of this name ends.
    fn end(&mut self, name: &str);

    /// Text comes.
    fn write(&mut self, text: &str);

    /// How many cells have been found.
    fn count(&self) -> usize;

    fn take(&mut self, event: &Event<'_>) -> Result<bool, Reason> {
        match event {
            Event::Start(tag) => self.start(tag, false),
            Event::Empty(tag) => self.start(tag, true),
            Event::End(tag) => self.end(tag.local_name().as_ref()),
            Event::Text(text) => self.write(text),
            Event::CData(text) => self.write(text),
            Event::GeneralRef(name) => self.write(&reference(name)),
            _ => {}
        }
        if self.count() > CELLS_MAX { Err(told(TOO_LARGE)) } else { Ok(true) }
    }
}

fn event<'b>(reader: &mut Reader<impl BufRead>, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Reason> {
    reader.read_event_into(buffer).map_err(|_| broken())
}

pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(unescape(&found.value).map_or_else(|_| found.value.to_string(), |value| value.into_owned()))
}

/// The character that a reference such as `&amp;` means.
pub(super) fn reference(name: &str) -> String {
    let code = name.strip_prefix('#').and_then(|code| match code.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => code.parse().ok(),
    });
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        _ => code.and_then(char::from_u32).map(String::from).unwrap_or_default(),
    }
}

/// The shared texts; how an Asian text is read aloud is left out.
fn strings(package: &mut Package<'_>, part: &str) -> Result<Vec<Box<str>>, Reason> {
    let mut strings: Vec<Box<str>> = Vec::new();
    let mut text = String::new();
    let (mut is_text, mut is_aloud) = (false, false);
    events(package, part, |event| {
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "si" => text.clear(),
                "t" => is_text = true,
                "rPh" => is_aloud = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => strings.push("".into()),
            Event::End(tag) => match tag.local_name().as_ref() {
                "si" => strings.push(text.as_str().into()),
                "t" => is_text = false,
                "rPh" => is_aloud = false,
                _ => {}
            },
            event if is_text && !is_aloud && text.len() < CELL_BYTES_MAX => append(&mut text, event),
            _ => {}
        }
        if strings.len() > CELLS_MAX { Err(told(TOO_LARGE)) } else { Ok(true) }
    })?;
    Ok(strings)
}

fn append(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(more) => text.push_str(more),
        Event::CData(more) => text.push_str(more),
        Event::GeneralRef(name) => text.push_str(&reference(name)),
        _ => {}
    }
}

/// How cells look, as far as it matters.
struct Style {
    format: String,
    is_struck: bool,
}

/// The styles of cells.
fn styles(package: &mut Package<'_>, part: &str) -> Result<Vec<Style>, Reason> {
    let mut custom = HashMap::new();
    let mut fonts = Vec::new();
    let mut styles = Vec::new();
    let (mut is_fonts, mut is_cells) = (false, false);
    events(package, part, |event| {
        match event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    custom.insert(
                        attribute(tag, "numFmtId").unwrap_or_default(),
                        attribute(tag, "formatCode").unwrap_or_default(),
                    );
                }
                "fonts" => is_fonts = true,
                "font" if is_fonts => fonts.push(false),
                "strike" if is_fonts => {
                    let is_off = attribute(tag, "val").is_some_and(|set| set == "0" || set == "false");
                    fonts.iter_mut().last().into_iter().for_each(|is_struck| *is_struck = !is_off);
                }
                "cellXfs" => is_cells = true,
                "xf" if is_cells => {
                    let id = attribute(tag, "numFmtId").unwrap_or_default();
                    let font = attribute(tag, "fontId").and_then(|font| font.parse::<usize>().ok());
                    styles.push(Style {
                        format: custom.get(&id).cloned().unwrap_or_else(|| built_in(&id).to_owned()),
                        is_struck: font.and_then(|font| fonts.get(font).copied()).unwrap_or(false),
                    });
                }
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "fonts" => is_fonts = false,
                "cellXfs" => is_cells = false,
                _ => {}
            },
            _ => {}
        }
        Ok(styles.len().max(fonts.len()) < 1 << 20)
    })?;
    Ok(styles)
}

/// Dates among the formats that have a number alone; those of China are 27 to 36 and 50 to 58.
pub(super) fn built_in(id: &str) -> &'static str {
    match id.parse().unwrap_or(0) {
        14..=17 | 27..=31 | 34..=36 | 50..=54 | 57 | 58 => "yyyy-mm-dd",
        18..=21 | 32 | 33 | 45..=47 | 55 | 56 => "h:mm",
        22 => "yyyy-mm-dd h:mm",
        49 => "@",
        _ => "General",
    }
}

/// A sheet while it is read.
#[derive(Default)]
struct Sheet<'a> {
    strings: &'a [Box<str>],
    styles: &'a [Style],
    is_1904: bool,
    /// Cells that may still come.
    left: usize,
    rows: Vec<Row>,
    hidden_columns: Vec<usize>,
    beyond: usize,
    struck: HashSet<(usize, usize)>,
    merges: Vec<(std::ops::RangeInclusive<usize>, usize)>,
    row: Row,
    column: usize,
    kind: String,
    style: usize,
    value: String,
    formula: String,
    has_formula: bool,
    has_value: bool,
    /// Whether it is told how a text is read aloud.
    is_aloud: bool,
    into: Into,
}

/// Where text goes.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Into {
    #[default]
    Nowhere,
    Value,
    Formula,
}

impl Sheet<'_> {
    fn take(&mut self, event: &Event<'_>) -> Result<bool, Reason> {
        match event {
            Event::Start(tag) => self.start(tag, false)?,
            Event::Empty(tag) => self.start(tag, true)?,
            Event::End(tag) => self.end(tag.local_name().as_ref())?,
            event => match self.into {
                Into::Value if self.value.len() < CELL_BYTES_MAX => append(&mut self.value, event),
                Into::Formula if self.formula.len() < 256 => append(&mut self.formula, event),
                _ => {}
            },
        }
        Ok(true)
    }

    fn start(&mut self, tag: &BytesStart<'_>, is_empty: bool) -> Result<(), Reason> {
        match tag.local_name().as_ref() {
            "col" if is_unseen(tag, "width", "customWidth") => {
                let number = |name| attribute(tag, name).and_then(|n| n.parse::<usize>().ok());
                let (first, last) = (number("min").unwrap_or(1), number("max").unwrap_or(0));
                self.hidden_columns.extend((first.saturating_sub(1)..last).take_while(|column| *column < COLUMNS_MAX));
            }
            "row" => {
                let number =
                    attribute(tag, "r").and_then(|r| r.parse().ok()).unwrap_or(self.row.number.saturating_add(1));
                let is_hidden = is_unseen(tag, "ht", "customHeight");
                self.row = Row { number, is_hidden, cells: Vec::new() };
                self.column = 0;
            }
            "c" => {
                if let Some((_, column)) = attribute(tag, "r").and_then(|r| position(&r)) {
                    self.column = column;
                }
                self.kind = attribute(tag, "t").unwrap_or_default();
                self.style = attribute(tag, "s").and_then(|s| s.parse().ok()).unwrap_or(0);
                self.value.clear();
                self.formula.clear();
                (self.has_formula, self.has_value) = (false, false);
                if is_empty {
                    self.end("c")?;
                }
            }
            "v" => {
                self.has_value |= !is_empty;
                self.into = if is_empty { Into::Nowhere } else { Into::Value };
            }
            "rPh" => self.is_aloud = !is_empty,
            "t" if self.kind == "inlineStr" && !is_empty && !self.is_aloud => {
                self.has_value = true;
                self.into = Into::Value;
            }
            "f" => {
                self.has_formula = true;
                self.into = if is_empty { Into::Nowhere } else { Into::Formula };
            }
            "mergeCell" => {
                let region = attribute(tag, "ref").unwrap_or_default();
                if let Some((from, to)) = region.split_once(':')
                    && let (Some((first, column)), Some((last, _))) = (position(from), position(to))
                    && self.merges.len() < CELLS_MAX
                {
                    self.merges.push((first..=last, column));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Reason> {
        match name {
            "v" | "t" | "f" => self.into = Into::Nowhere,
            "rPh" => self.is_aloud = false,
            "c" => {
                let cell = self.cell().filter(|cell| *cell != Cell::Text("".into()));
                match cell {
                    Some(cell) if self.column < COLUMNS_MAX => {
                        self.left = self.left.checked_sub(1).ok_or_else(|| told(TOO_LARGE))?;
                        self.row.cells.push((self.column, cell));
                        if self.styles.get(self.style).is_some_and(|style| style.is_struck) {
                            self.struck.insert((self.row.number, self.column));
                        }
                    }
                    Some(_) => self.beyond += 1,
                    None => {}
                }
                self.column += 1;
            }
            "row" => {
                let mut row = Row { number: self.row.number, ..Row::default() };
                std::mem::swap(&mut row, &mut self.row);
                row.cells.sort_by_key(|(column, _)| *column);
                row.cells.dedup_by_key(|(column, _)| *column);
                if !row.cells.is_empty() {
                    self.rows.push(row);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn cell(&self) -> Option<Cell> {
        let value = self.value.trim();
        let text = |text: &str| Some(Cell::Text(unescaped(text).trim().into()));
        match self.kind.as_str() {
            "s" => self.strings.get(value.parse::<usize>().ok()?).and_then(|string| text(string)),
            "str" if self.has_formula && !self.has_value => self.without_value(),
            "str" | "inlineStr" | "d" => text(value),
            "b" => text(if value == "1" { "TRUE" } else { "FALSE" }),
            "e" => Some(Cell::Lost(Lost::Error)),
            _ if value.is_empty() && self.has_formula => self.without_value(),
            _ if value.is_empty() => None,
            _ => Some(number_cell(
                value,
                self.styles.get(self.style).map_or("General", |style| &style.format),
                self.is_1904,
            )),
        }
    }

    /// A formula without a result: ="20210001" says it itself.
    fn without_value(&self) -> Option<Cell> {
        let formula = self.formula.trim().trim_start_matches('=');
        let quoted =
            formula.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|text| !text.contains('"'));
        Some(quoted.map_or(Cell::Lost(Lost::Formula), |text| Cell::Text(text.trim().into())))
    }
}

/// Whether nobody sees a row or column: it is hidden, or somebody has drawn its size to nothing.
fn is_unseen(tag: &BytesStart<'_>, size: &str, is_drawn: &str) -> bool {
    let is_set = |name| attribute(tag, name).is_some_and(|set| set == "1" || set == "true");
    is_set("hidden") || is_set(is_drawn) && attribute(tag, size).is_some_and(|size| size.parse() == Ok(0.0))
}

/// `_x000D_` and the like are characters that XML cannot hold.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        plain += &rest[..at];
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 6..at + 7) == Some("_"));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                plain.push(c);
                rest = &rest[at + 7..];
            }
            None => {
                plain += "_x";
                rest = &rest[at + 2..];
            }
        }
    }
    plain + rest
}

/// Row and column of a reference such as B12, from 0.
fn position(reference: &str) -> Option<(usize, usize)> {
    let reference = reference.trim_matches('$');
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = reference.split_at(digits);
    let letters = letters.trim_matches('$');
    if letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().try_fold(0, |column, letter| {
        letter.is_ascii_alphabetic().then(|| 26 * column + usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    Some((row.parse::<usize>().ok()?.checked_sub(1)?, column?.checked_sub(1)?))
}

/// A number as its format shows it, as far as digits go.
pub(super) fn number_cell(value: &str, format: &str, is_1904: bool) -> Cell {
    let Ok(number) = value.parse::<f64>() else { return Cell::Text(value.into()) };
    let section = format.split(';').next().unwrap_or_default();
    let shown = pattern(section);
    // 0.00E+00 is a number with an exponent, e alone a year.
    let is_time = |c| matches!(c, 'y' | 'd' | 'h' | 's' | '年' | '月' | '日');
    if shown.chars().any(is_time) || shown.replace("e+", "").replace("e-", "").contains('e') || shown.starts_with('m') {
        return date(number, is_1904);
    }
    if number.fract() != 0.0 {
        return Cell::Text(value.into());
    }
    // Excel keeps 15 digits; what has more has lost the rest.
    if number.abs() >= 1e15 {
        return Cell::Lost(Lost::Shortened);
    }
    let digits = format!("{number:.0}");
    Cell::Text(Mask::read(section).filter(|_| number >= 0.0).map_or(digits.clone(), |mask| mask.fill(&digits)).into())
}

/// A format in small letters, without quoted text, brackets and escapes.
fn pattern(format: &str) -> String {
    let mut pattern = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '[' => drop(chars.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            c => pattern.extend(c.to_lowercase()),
        }
    }
    if pattern == "general" || pattern.contains("g/") { String::new() } else { pattern }
}

/// A format that shows the digits of a whole number and text among them: 0000, "2021"0000, 0000-0000, General"A".
struct Mask(Vec<Part>);

enum Part {
    Digit { is_padded: bool },
    Text(char),
}

impl Mask {
    /// `None` where a format does more than that, as one with decimals does.
    fn read(format: &str) -> Option<Mask> {
        let format = format.replace("General", "#");
        let mut parts = Vec::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            match c {
                '0' => parts.push(Part::Digit { is_padded: true }),
                '#' | '?' => parts.push(Part::Digit { is_padded: false }),
                '"' => parts.extend(chars.by_ref().take_while(|c| *c != '"').map(Part::Text)),
                '\\' => parts.extend(chars.next().map(Part::Text)),
                '[' => drop(chars.by_ref().find(|c| *c == ']')),
                '_' | '*' => drop(chars.next()),
                '-' | '/' | '(' | ')' | ' ' => parts.push(Part::Text(c)),
                _ => return None,
            }
        }
        parts.iter().any(|part| matches!(part, Part::Digit { .. })).then_some(Mask(parts))
    }

    /// Digits in their places from the right; those that find none stand at the first place.
    fn fill(&self, digits: &str) -> String {
        let places = self.0.iter().filter(|part| matches!(part, Part::Digit { .. })).count();
        let (more, digits) = digits.split_at(digits.len().saturating_sub(places));
        let mut missing = places - digits.len();
        let mut digits = digits.chars();
        let mut shown = String::new();
        let mut more = Some(more);
        for part in &self.0 {
            match part {
                Part::Text(c) => shown.push(*c),
                Part::Digit { is_padded } => {
                    shown += more.take().unwrap_or_default();
                    match missing.checked_sub(1) {
                        Some(fewer) => {
                            missing = fewer;
                            shown.extend(is_padded.then_some('0'));
                        }
                        None => shown.extend(digits.next()),
                    }
                }
            }
        }
        shown
    }
}

/// Days since 1899-12-30 as a date with its time.
pub(super) fn date(days: f64, is_1904: bool) -> Cell {
    let days = if is_1904 { days + 1462.0 } else { days };
    if !(0.0..2_958_466.0).contains(&days) {
        return Cell::Lost(Lost::Date);
    }
    let minutes = (days * 1440.0).round() as i64;
    let (day, minute) = (minutes.div_euclid(1440), minutes.rem_euclid(1440));
    let time = format!("{:02}:{:02}", minute / 60, minute % 60);
    if day == 0 {
        return Cell::Text(time.into());
    }
    // Civil date of days since 0000-03-01 (Howard Hinnant's algorithm); 1899-12-30 is day 693 899.
    let shifted = day + 693_899;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let date = format!("{year}-{month:02}-{day:02}");
    Cell::Text(if minute == 0 { date } else { format!("{date} {time}") }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_a_format_writes_around_the_digits_is_part_of_the_number() {
        for (format, shown) in [
            ("\"S\"General", "S12"),
            ("\"S\"#", "S12"),
            ("\"2021\"General", "202112"),
            ("\"2021\"###", "202112"),
            ("\"2021\"0000", "20210012"),
            ("00000\"A\"", "00012A"),
            ("\\S0000_ ", "S0012"),
            ("[Red]0000", "0012"),
            ("00\"-\"00", "00-12"),
            ("0000-0000", "0000-0012"),
            ("0000\"号\"", "0012号"),
            ("00 00", "00 12"),
            ("0\"级\"0\"班\"", "1级2班"),
            ("0-", "12-"),
            ("0000;-0000;;@", "0012"),
            ("0000_);(0000)", "0012"),
            ("General", "12"),
            ("#,##0\"x\"", "12"),
            ("@", "12"),
            ("0.00", "12"),
        ] {
            assert_eq!(number_cell("12", format, false), Cell::Text(shown.into()), "{format}");
        }
    }

    #[test]
    fn a_target_is_found_however_it_is_written() {
        for target in [
            "worksheets/sheet1.xml",
            "worksheets\\sheet1.xml",
            "./worksheets/sheet1.xml",
            "../xl/worksheets/sheet1.xml",
            "/xl/worksheets/sheet1.xml",
            "/xl/theme/../worksheets/sheet1.xml",
        ] {
            assert_eq!(joined("xl/", target), "xl/worksheets/sheet1.xml", "{target}");
        }
        assert_eq!(joined("", "../sheet1.xml"), "sheet1.xml");
    }

    #[test]
    fn rows_and_columns_that_are_drawn_to_nothing_are_hidden() {
        let tag = |text: &'static str| BytesStart::from_content(text, 3);
        for (row, is_hidden) in [
            ("row r=\"2\" hidden=\"1\"", true),
            ("row r=\"2\" ht=\"0\" customHeight=\"1\"", true),
            ("row r=\"2\" ht=\"0.0\" customHeight=\"true\"", true),
            ("row r=\"2\" ht=\"0\"", false),
            ("row r=\"2\" ht=\"15\" customHeight=\"1\"", false),
        ] {
            let mut sheet = Sheet::default();
            sheet.start(&tag(row), false).expect("is read");
            assert_eq!(sheet.row.is_hidden, is_hidden, "{row}");
        }
        let mut sheet = Sheet::default();
        sheet.start(&tag("col min=\"2\" max=\"3\" width=\"0\" customWidth=\"1\""), true).expect("is read");
        assert_eq!(sheet.hidden_columns, [1, 2]);
    }

    #[test]
    fn how_a_text_in_a_cell_is_read_aloud_is_no_part_of_it() {
        for (inside, text) in [
            ("<t>张三</t><rPh sb=\"0\" eb=\"2\"><t>zhang san</t></rPh>", "张三"),
            ("<r><t>张</t></r><rPh><t>zhang</t></rPh><r><t>三</t></r><rPh/><phoneticPr/>", "张三"),
            ("<r><t>张</t></r><r><t>三</t></r>", "张三"),
        ] {
            let row = format!(
                "<row><c t=\"inlineStr\"><is>{inside}</is></c><c t=\"inlineStr\"><is><t>1班</t></is></c></row>"
            );
            let mut sheet = Sheet { left: 9, ..Sheet::default() };
            let mut reader = Reader::from_str(&row);
            loop {
                match reader.read_event().expect("is XML") {
                    Event::Eof => break,
                    event => drop(sheet.take(&event).expect("is read")),
                }
            }
            assert_eq!([0, 1].map(|at| sheet.rows[0].text(at)), [text, "1班"], "{inside}");
        }
    }
}
