//! XLS of every age: the records of Excel 2 to 2003 (BIFF2 to BIFF8), in their container or bare as old programs write them. A
//! cell at a time, as in `xlsx`: what a sheet claims to hold costs nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{Cursor, Read};

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8};

use super::super::table::{Cell, Lost, Merge, Row, Table};
use super::number_format::{built_in, number_cell};
use super::{BROKEN, CELLS_MAX, COLUMNS_MAX, OLD_WORD, PASSWORD, TOO_LARGE, merged};
use crate::text::Reason;

/// XLS, and what the same container may hold instead.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>, Vec<Reason>> {
    let broken = || vec![Reason::from(BROKEN)];
    if !bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Book::read(bytes).map_err(|why| vec![why]);
    }
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| broken())?;
    let found = container.read_root_storage().map(|entry| entry.name().to_owned()).collect::<Vec<_>>();
    let named = |name: &str| found.iter().find(|found| found.eq_ignore_ascii_case(name));
    let Some(name) = named("Workbook").or_else(|| named("Book")) else {
        let why = if named("EncryptedPackage").is_some() {
            PASSWORD
        } else if named("WordDocument").is_some() {
            OLD_WORD
        } else {
            BROKEN
        };
        return Err(vec![Reason::from(why)]);
    };
    let mut stream = Vec::new();
    let opened = container.open_stream(format!("/{name}")).map_err(|_| broken())?;
    opened.take(bytes.len() as u64).read_to_end(&mut stream).map_err(|_| broken())?;
    Book::read(&stream).map_err(|why| vec![why])
}

/// A record: its number and its data.
type Record<'a> = (u16, &'a [u8]);

/// The records from a place on, up to the end of their sheet or book; charts within are passed over.
fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = Record<'_>> {
    let mut depth = 0_usize;
    std::iter::from_fn(move || {
        loop {
            let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
            let data = stream.get(at + 4..at + 4 + length)?;
            at += 4 + length;
            match kind {
                0x09 | 0x209 | 0x409 | 0x809 => depth += 1,
                0x0A if depth <= 1 => return None,
                0x0A => depth -= 1,
                _ if depth <= 1 => return Some((kind, data)),
                _ => {}
            }
            if depth == 1 && kind != 0x0A {
                return Some((kind, data));
            }
        }
    })
}

pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*data.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*data.get(at..)?.first_chunk()?))
}

pub(super) fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(*data.get(at..)?.first_chunk()?))
}

/// How bytes of texts are read; programs of the West that write Chinese name the wrong code page or none.
fn of_code_page(number: u16) -> &'static Encoding {
    match number {
        932 => SHIFT_JIS,
        949 => EUC_KR,
        950 => BIG5,
        65001 => UTF_8,
        _ => GB18030,
    }
}

/// What holds for all sheets.
struct Book {
    /// 2 to 5, or 8.
    version: u8,
    encoding: &'static Encoding,
    is_1904: bool,
    formats: HashMap<u16, String>,
    /// The format of each style of cells.
    styles: Vec<u16>,
    /// Fonts that strike out what is written, and the styles of cells that have one.
    fonts: Vec<bool>,
    struck: HashSet<u16>,
    strings: Vec<Box<str>>,
}

impl Book {
    fn read(stream: &[u8]) -> Result<Vec<Table>, Reason> {
        let broken = || Reason::from(BROKEN);
        let (kind, data) = records(stream, 0).next().ok_or_else(broken)?;
        let version = match (kind, u16_at(data, 0)) {
            (0x0809, Some(0x0600)) => 8,
            (0x0809, _) => 5,
            (0x0409, _) => 4,
            (0x0209, _) => 3,
            (0x0009, _) => 2,
            _ => return Err(broken()),
        };
        let mut book = Book {
            version,
            encoding: GB18030,
            is_1904: false,
            formats: HashMap::new(),
            styles: Vec::new(),
            fonts: Vec::new(),
            struck: HashSet::new(),
            strings: Vec::new(),
        };
        let mut listed = Vec::new();
        let mut shared: Vec<&[u8]> = Vec::new();
        let mut before = 0;
        for (kind, data) in records(stream, 0) {
            match kind {
                0x2F if u16_at(data, 0) != Some(0) => return Err(Reason::from(PASSWORD)),
                0x42 => book.encoding = of_code_page(u16_at(data, 0).unwrap_or(0)),
                0x22 => book.is_1904 = u16_at(data, 0) == Some(1),
                0x1E | 0x41E => book.format(kind, data),
                0x43 | 0x243 => book.styles.push(data.get(1).map_or(0, |format| u16::from(*format) & 0x3F)),
                0x443 => book.styles.push(data.get(1).map_or(0, |format| u16::from(*format))),
                0x31 => book.fonts.push(u16_at(data, 2).is_some_and(|looks| looks & 8 != 0)),
                0xE0 => book.style(data),
                0x85 => listed.extend(book.listed(data)),
                0xFC => shared = vec![data.get(8..).unwrap_or_default()],
                0x3C if before == 0xFC => shared.push(data),
                _ => {}
            }
            before = if kind == 0x3C { before } else { kind };
        }
        book.strings = strings(shared)?;
        if listed.is_empty() {
            // Before Excel 5 a file is a sheet, and old programs write bare sheets still.
            listed.push((0, Table::default()));
        }
        let mut left = CELLS_MAX;
        let mut tables = Vec::new();
        for (at, mut table) in listed {
            if !table.is_hidden {
                let sheet = Sheet {
                    book: &book,
                    left: &mut left,
                    rows: BTreeMap::new(),
                    hidden_rows: HashSet::new(),
                    void: Vec::new(),
                    is_worked_out: false,
                    awaits: None,
                    merges: Vec::new(),
                };
                sheet.read(stream, at, &mut table)?;
            }
            tables.push(table);
        }
        Ok(tables)
    }
}

impl Book {
    fn format(&mut self, kind: u16, data: &[u8]) {
        let (index, text) = match (self.version, kind) {
            (8, _) => (u16_at(data, 0), self.text(data, 2, 2)),
            (_, 0x41E) => (u16_at(data, 0), self.text(data, 2, 1)),
            _ => (Some(self.formats.len() as u16), self.text(data, 0, 1)),
        };
        if let (Some(index), Some(text)) = (index, text) {
            self.formats.insert(index, text);
        }
    }

    /// Takes up a style of cells. There is no font of number 4.
    fn style(&mut self, data: &[u8]) {
        let font = u16_at(data, 0).map_or(0, usize::from);
        if self.fonts.get(font - usize::from(font > 4)) == Some(&true) {
            self.struck.insert(self.styles.len() as u16);
        }
        self.styles.push(u16_at(data, 2).unwrap_or(0));
    }

    /// Where a sheet begins, and its name; `None` for charts and macros.
    fn listed(&self, data: &[u8]) -> Option<(usize, Table)> {
        let [state, kind] = *data.get(4..)?.first_chunk()?;
        let name = self.text(data, 6, 1)?;
        (kind == 0)
            .then_some((u32_at(data, 0)? as usize, Table { name, is_hidden: state & 3 != 0, ..Table::default() }))
    }

    /// A text whose length takes one byte or two.
    fn text(&self, data: &[u8], at: usize, length_bytes: usize) -> Option<String> {
        let length = if length_bytes == 1 { usize::from(*data.get(at)?) } else { usize::from(u16_at(data, at)?) };
        let rest = data.get(at + length_bytes..)?;
        if self.version < 8 {
            return Some(self.encoding.decode_without_bom_handling(&rest[..length.min(rest.len())]).0.into_owned());
        }
        let (flags, rest) = rest.split_first()?;
        let mut text = Vec::new();
        units(rest, length, *flags, &mut text);
        Some(String::from_utf16_lossy(&text))
    }

    fn format_of(&self, style: Option<u16>) -> &str {
        let format = style.and_then(|style| self.styles.get(usize::from(style))).copied().unwrap_or(0);
        self.formats.get(&format).map_or_else(|| built_in(&format.to_string()), String::as_str)
    }
}

/// Appends up to `length` characters of one byte or two each, as `flags` say, and returns how many bytes they took.
fn units(data: &[u8], length: usize, flags: u8, text: &mut Vec<u16>) -> usize {
    let before = text.len();
    if flags & 1 == 0 {
        text.extend(data.iter().take(length).map(|byte| u16::from(*byte)));
        return text.len() - before;
    }
    text.extend(data.as_chunks().0.iter().take(length).map(|unit| u16::from_le_bytes(*unit)));
    2 * (text.len() - before)
}

/// The shared texts of BIFF8. A text may begin in one record and go on in the next, which then says anew how wide its characters
/// are; how it is formatted and read aloud stands behind it.
fn strings(parts: Vec<&[u8]>) -> Result<Vec<Box<str>>, Reason> {
    let mut parts = parts.into_iter();
    let mut rest = parts.next().unwrap_or_default();
    let mut strings: Vec<Box<str>> = Vec::new();
    loop {
        while rest.is_empty() {
            match parts.next() {
                Some(next) => rest = next,
                None => return Ok(strings),
            }
        }
        let (Some(length), Some(mut flags)) = (u16_at(rest, 0), rest.get(2).copied()) else { return Ok(strings) };
        let mut at = 3;
        let mut skipped = 0;
        if flags & 8 != 0 {
            skipped += 4 * usize::from(u16_at(rest, at).unwrap_or(0));
            at += 2;
        }
        if flags & 4 != 0 {
            skipped += u32_at(rest, at).unwrap_or(0) as usize;
            at += 4;
        }
        rest = rest.get(at..).unwrap_or_default();
        let length = usize::from(length);
        let mut text = Vec::with_capacity(length);
        loop {
            let used = units(rest, length - text.len(), flags, &mut text);
            rest = &rest[used..];
            if text.len() == length {
                break;
            }
            let Some((next, more)) = parts.next().and_then(<[u8]>::split_first) else { return Ok(strings) };
            (flags, rest) = (*next, more);
        }
        while skipped > rest.len() {
            skipped -= rest.len();
            let Some(next) = parts.next() else { break };
            rest = next;
        }
        rest = rest.get(skipped..).unwrap_or_default();
        strings.push(String::from_utf16_lossy(&text).trim().into());
        if strings.len() > CELLS_MAX {
            return Err(Reason::from(TOO_LARGE));
        }
    }
}

/// Records of cells that say where they stand and how they look at their beginning.
const IS_CELL: [u16; 7] = [0xFD, 0x204, 0xD6, 0x203, 0x27E, 0x06, 0x205];

/// A sheet while it is read.
struct Sheet<'a> {
    book: &'a Book,
    /// Cells that may still come, in all sheets.
    left: &'a mut usize,
    rows: BTreeMap<usize, Vec<(usize, Cell)>>,
    hidden_rows: HashSet<usize>,
    /// Where formulas stand whose result is empty or 0, as it is where nobody worked them out.
    void: Vec<(usize, usize)>,
    /// Whether a formula has another result.
    is_worked_out: bool,
    /// The formula whose result is a text that comes behind it.
    awaits: Option<(usize, usize)>,
    merges: Vec<Merge>,
}

impl Sheet<'_> {
    fn read(mut self, stream: &[u8], at: usize, table: &mut Table) -> Result<(), Reason> {
        for (kind, data) in records(stream, at) {
            self.take(kind, data, table);
            if *self.left == 0 {
                return Err(Reason::from(TOO_LARGE));
            }
        }
        if !self.is_worked_out {
            for (row, column) in std::mem::take(&mut self.void) {
                self.put(row, column, Cell::Lost(Lost::Formula), table);
            }
        }
        table.rows = std::mem::take(&mut self.rows)
            .into_iter()
            .map(|(row, cells)| Row { number: row + 1, is_hidden: self.hidden_rows.contains(&row), cells }.in_order())
            .collect();
        merged(table, self.merges)
    }

    /// Takes a record; one that is too short says nothing.
    fn take(&mut self, kind: u16, data: &[u8], table: &mut Table) -> Option<()> {
        let get = |at: usize| u16_at(data, at);
        let place = || Some((usize::from(get(0)?), usize::from(get(2)?)));
        // Cells of BIFF2 have three bytes of looks where later ones name a style.
        let (style, value) = if kind < 0x20 && self.book.version == 2 { (None, 7) } else { (get(4), 6) };
        if IS_CELL.contains(&kind) && style.is_some_and(|style| self.book.struck.contains(&style)) {
            let (row, column) = place()?;
            table.struck.insert((row + 1, column));
        }
        match kind {
            // Hidden, or drawn to nothing.
            0x208 if get(12)? & 0x20 != 0 || get(12)? & 0x40 != 0 && get(6)? & 0x7FFF == 0 => {
                self.hidden_rows.insert(usize::from(get(0)?));
            }
            0x7D if get(8)? & 1 != 0 || get(4)? == 0 => {
                table
                    .hidden_columns
                    .extend((usize::from(get(0)?)..=usize::from(get(2)?)).take_while(|c| *c < COLUMNS_MAX));
            }
            0xE5 => {
                for region in data.get(2..)?.as_chunks::<8>().0.iter().take(CELLS_MAX - self.merges.len()) {
                    let [first, last, column] = [0, 2, 4].map(|at| usize::from(u16_at(region, at).unwrap_or(0)));
                    self.merges.push((first..=last, column));
                }
            }
            0xFD => {
                let text = self.book.strings.get(u32_at(data, 6)? as usize)?.clone();
                self.text(place()?, &text, table);
            }
            0x04 => self.text(place()?, &self.book.text(data, 7, 1)?, table),
            0x204 | 0xD6 => self.text(place()?, &self.book.text(data, 6, 2)?, table),
            0x02 => self.number(place()?, f64::from(get(7)?), style, table),
            0x03 | 0x203 => self.number(place()?, f64_at(data, value)?, style, table),
            0x27E => self.number(place()?, compact(u32_at(data, 6)?), style, table),
            0xBD => {
                let (row, first) = place()?;
                let cells = data.get(4..data.len().checked_sub(2)?)?.as_chunks::<6>().0;
                for (at, cell) in cells.iter().enumerate() {
                    self.number((row, first + at), compact(u32_at(cell, 2)?), u16_at(cell, 0), table);
                }
            }
            0x05 | 0x205 => {
                let [held, is_error] = *data.get(value..)?.first_chunk()?;
                let (row, column) = place()?;
                let word = if held == 0 { "FALSE" } else { "TRUE" };
                self.put(
                    row,
                    column,
                    if is_error == 1 { Cell::Lost(Lost::Error) } else { Cell::Text(word.into()) },
                    table,
                );
            }
            0x06 | 0x206 | 0x406 => self.formula(place()?, data.get(value..)?, style, table)?,
            0x07 | 0x207 => {
                let at = self.awaits.take()?;
                let text = if self.book.version == 2 { self.book.text(data, 0, 1) } else { self.book.text(data, 0, 2) };
                self.is_worked_out = true;
                self.text(at, &text?, table);
            }
            _ => {}
        }
        Some(())
    }

    /// The result of a formula: a number, or what two bytes of ones mark.
    fn formula(&mut self, at: (usize, usize), result: &[u8], style: Option<u16>, table: &mut Table) -> Option<()> {
        if u16_at(result, 6)? != 0xFFFF {
            let number = f64_at(result, 0)?;
            if number == 0.0 {
                self.void.push(at);
                return Some(());
            }
            self.is_worked_out = true;
            self.number(at, number, style, table);
            return Some(());
        }
        match result[0] {
            0 => self.awaits = Some(at),
            3 => self.void.push(at),
            kind => {
                self.is_worked_out = true;
                let word = if result[2] == 0 { "FALSE" } else { "TRUE" };
                let cell = if kind == 2 { Cell::Lost(Lost::Error) } else { Cell::Text(word.into()) };
                self.put(at.0, at.1, cell, table);
            }
        }
        Some(())
    }

    fn number(&mut self, (row, column): (usize, usize), number: f64, style: Option<u16>, table: &mut Table) {
        let cell = number_cell(&number.to_string(), self.book.format_of(style), self.book.is_1904);
        self.put(row, column, cell, table);
    }

    fn text(&mut self, (row, column): (usize, usize), text: &str, table: &mut Table) {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        if !text.is_empty() {
            self.put(row, column, Cell::Text(text.into()), table);
        }
    }

    fn put(&mut self, row: usize, column: usize, cell: Cell, table: &mut Table) {
        if column >= COLUMNS_MAX {
            table.beyond += 1;
            return;
        }
        *self.left = self.left.saturating_sub(cell.weight());
        self.rows.entry(row).or_default().push((column, cell));
    }
}

/// A number in four bytes: the upper bits of a float or an integer, perhaps in hundredths.
pub(super) fn compact(bits: u32) -> f64 {
    let number = match bits & 2 {
        0 => f64::from_bits(u64::from(bits & !3) << 32),
        _ => f64::from(bits as i32 >> 2),
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes(), &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn cell(kind: u16, row: u16, column: u16, data: &[u8]) -> Vec<u8> {
        record(kind, &[&row.to_le_bytes(), &column.to_le_bytes(), &[0, 0][..], data].concat())
    }

    fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
        let bytes = GB18030.encode(text).0;
        cell(0x204, row, column, &[&(bytes.len() as u16).to_le_bytes(), &bytes[..]].concat())
    }

    fn text(table: &Table, row: usize, column: usize) -> &str {
        table.rows[row].text(column)
    }

    #[test]
    fn bare_sheets_of_old_programs_are_read() {
        let bof = record(0x809, &[0, 0, 0x10, 0, 0, 0, 0, 0]);
        let number = cell(0x203, 1, 0, &20_210_001_f64.to_le_bytes());
        let long = cell(0x203, 1, 2, &4.301_021_999_010_1e17_f64.to_le_bytes());
        let far = label(1, 60_000, "远");
        let sheet =
            [bof, label(0, 0, "学号"), label(0, 1, "姓名"), number, label(1, 1, "张三"), long, far, record(0x0A, &[])];
        let tables = read(&sheet.concat()).expect("is read");
        let [table] = &tables[..] else { panic!("one sheet") };
        assert_eq!(
            [text(table, 0, 0), text(table, 0, 1), text(table, 1, 0), text(table, 1, 1)],
            ["学号", "姓名", "20210001", "张三"]
        );
        assert_eq!((table.rows[1].get(2), table.beyond), (Some(&Cell::Lost(Lost::Shortened)), 1));
        // Excel 2: three bytes of looks, lengths of one byte.
        let old = |row: u8, text: &str| {
            let bytes = GB18030.encode(text).0.into_owned();
            record(0x04, &[&[row, 0, 0, 0, 0, 0, 0, bytes.len() as u8], &bytes[..]].concat())
        };
        let number = record(0x02, &[1, 0, 1, 0, 0, 0, 0, 0x39, 0x30]);
        let sheet =
            [record(0x09, &[2, 0, 0x10, 0]), old(0, "姓名"), old(1, "张三"), number, record(0x0A, &[])].concat();
        let tables = read(&sheet).expect("is read");
        assert_eq!((text(&tables[0], 1, 0), text(&tables[0], 1, 1)), ("张三", "12345"));
    }

    #[test]
    fn formulas_that_nobody_worked_out_are_told_from_empty_ones() {
        let formula = |row: u16, result: [u8; 8]| cell(0x06, row, 0, &[&result[..], &[0; 8]].concat());
        let bof = || record(0x809, &[0, 5, 0x10, 0]);
        let void = [3, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        let tables = read(&[bof(), formula(0, void), formula(1, [0; 8])].concat()).expect("is read");
        assert_eq!(tables[0].rows.iter().filter(|row| row.get(0) == Some(&Cell::Lost(Lost::Formula))).count(), 2);
        let tables = read(&[bof(), formula(0, void), formula(1, 5_f64.to_le_bytes())].concat()).expect("is read");
        assert_eq!((tables[0].rows.len(), text(&tables[0], 0, 0)), (1, "5"));
    }

    #[test]
    fn rows_and_columns_that_are_drawn_to_nothing_are_hidden() {
        let row = |row: u8, height: u8, flags: u8| {
            record(0x208, &[row, 0, 0, 0, 1, 0, height, 0, 0, 0, 0, 0, flags, 1, 0x0F, 0])
        };
        let column = |place: u8, width: u8, flags: u8| record(0x7D, &[place, 0, place, 0, 0, width, 15, 0, flags, 0]);
        let rows = [row(0, 255, 0x40), row(1, 0, 0x40), row(2, 255, 0x20), row(3, 0, 0)];
        let names = [label(0, 0, "姓名"), label(1, 0, "张三"), label(2, 0, "李四"), label(3, 0, "王五")];
        let columns = [column(0, 8, 0), column(1, 0, 0), column(2, 8, 1)];
        let sheet = [vec![record(0x809, &[0, 5, 0x10, 0])], columns.into(), rows.into(), names.into()].concat();
        let table = &read(&sheet.concat()).expect("is read")[0];
        assert_eq!(table.rows.iter().map(|row| row.is_hidden).collect::<Vec<_>>(), [false, true, true, false]);
        assert_eq!(table.hidden_columns, [1, 2]);
    }

    #[test]
    fn shared_texts_go_on_in_the_next_record() {
        // 张三x begins wide and goes on narrow.
        let first = [&[3, 0, 1][..], &[0x20, 0x5F, 0x09, 0x4E]].concat();
        let second =
            [&[0, b'x'][..], &[2, 0, 0, b'a', b'b'], &[1, 0, 8, 1, 0, b'c', 0, 0, 0, 0, 1, 0, 0, b'd']].concat();
        let strings = strings(vec![&first, &second]).expect("are read");
        assert_eq!(strings.iter().map(|text| &**text).collect::<Vec<_>>(), ["张三x", "ab", "c", "d"]);
    }

    #[test]
    fn compact_numbers_are_written_out() {
        assert_eq!(
            [compact(0x3FF0_0000), compact(20_210_001 << 2 | 2), compact(1234 << 2 | 3)],
            [1.0, 20_210_001.0, 12.34]
        );
    }
}
