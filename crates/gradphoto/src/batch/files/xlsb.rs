//! XLSB: the records of Excel's binary package (MS-XLSB), a cell at a time as in `xlsx` and with all that is read there.

use std::collections::HashMap;
use std::io::{BufReader, Read};

use super::super::table::{Cell, Lost, Merge, Row, Table};
use super::number_format::{built_in, number_cell};
use super::package::{PART_BYTES_MAX, Package, Relations, find};
use super::xls::{compact, f64_at, u16_at, u32_at};
use super::{BROKEN, CELLS_MAX, COLUMNS_MAX, TOO_LARGE, merged};
use crate::text::Reason;

/// So many bytes of a record are read; Excel's longest text has as many.
const RECORD_BYTES_MAX: u64 = 131_072;
/// A format of numbers has so many characters at most.
const FORMAT_MAX: usize = 255;
/// So many styles of cells are read.
const STYLES_MAX: usize = 1 << 20;

/// `None` where the package is no XLSB.
pub(super) fn read(package: &mut Package<'_>) -> Option<Result<Vec<Table>, Vec<Reason>>> {
    let workbook = find(package, "xl/workbook.bin")?;
    Some(read_book(package, &workbook).map_err(|why| vec![why]))
}

fn read_book(package: &mut Package<'_>, workbook: &str) -> Result<Vec<Table>, Reason> {
    let relations = Relations::read(package, workbook)?;
    let (mut listed, mut is_1904) = (Vec::new(), false);
    records(package, workbook, |kind, data| {
        match kind {
            0x99 => is_1904 = data.first().is_some_and(|flags| flags & 1 != 0),
            0x9C => listed.extend(sheet_of_book(data)),
            _ => {}
        }
        Ok(())
    })?;
    let mut strings: Vec<Box<str>> = Vec::new();
    if let Some(part) = relations.of_kind("/sharedStrings").and_then(|part| find(package, part)) {
        records(package, &part, |kind, data| {
            if kind == 0x13 {
                strings.push(text(data, 1).unwrap_or_default().0.trim().into());
            }
            if strings.len() > CELLS_MAX { Err(Reason::from(TOO_LARGE)) } else { Ok(()) }
        })?;
    }
    let formats = match relations.of_kind("/styles").and_then(|part| find(package, part)) {
        Some(part) => formats(package, &part)?,
        None => Vec::new(),
    };
    let mut tables = Vec::new();
    let mut left = CELLS_MAX;
    for (id, name, is_hidden) in listed {
        // A sheet that is one chart has no cells.
        let Some(part) = relations.sheet(&id) else { continue };
        let mut table = Table { name, is_hidden, ..Table::default() };
        if !is_hidden {
            let part = find(package, part).ok_or_else(|| Reason::from(BROKEN))?;
            let mut sheet = Sheet { strings: &strings, formats: &formats, is_1904, left, ..Sheet::default() };
            records(package, &part, |kind, data| {
                // A record that is too short says nothing.
                let _ = sheet.take(kind, data, &mut table);
                if sheet.left == 0 { Err(Reason::from(TOO_LARGE)) } else { Ok(()) }
            })?;
            left = sheet.left;
            table.rows = table.rows.into_iter().map(Row::in_order).collect();
            table.rows.sort_by_key(|row| row.number);
            merged(&mut table, sheet.merges)?;
        }
        tables.push(table);
    }
    Ok(tables)
}

/// Hands out the records of a part, each by its number.
fn records(
    package: &mut Package<'_>,
    part: &str,
    mut each: impl FnMut(u32, &[u8]) -> Result<(), Reason>,
) -> Result<(), Reason> {
    let broken = |_| Reason::from(BROKEN);
    let part = package.by_name(part).map_err(|_| Reason::from(BROKEN))?;
    let mut reader = BufReader::with_capacity(1 << 16, part.take(PART_BYTES_MAX));
    let mut data = Vec::new();
    while let Some(kind) = number(&mut reader, 2).map_err(broken)? {
        let length = u64::from(number(&mut reader, 4).map_err(broken)?.ok_or_else(|| Reason::from(BROKEN))?);
        data.clear();
        reader.by_ref().take(length.min(RECORD_BYTES_MAX)).read_to_end(&mut data).map_err(broken)?;
        let rest = length - data.len() as u64;
        if std::io::copy(&mut reader.by_ref().take(rest), &mut std::io::sink()).map_err(broken)? < rest {
            return Err(Reason::from(BROKEN));
        }
        each(kind, &data)?;
    }
    Ok(())
}

/// A number of seven bits a byte, the lowest first; the eighth says that another byte comes. `None` at the end of the part.
fn number(reader: &mut impl Read, bytes_max: u32) -> std::io::Result<Option<u32>> {
    let mut number = 0;
    for place in 0..bytes_max {
        let mut byte = [0];
        match reader.read(&mut byte)? {
            0 if place == 0 => return Ok(None),
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => {}
        }
        number |= u32::from(byte[0] & 0x7F) << (7 * place);
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    Ok(Some(number))
}

/// The text at a place, and what comes behind it.
fn text(data: &[u8], at: usize) -> Option<(String, usize)> {
    let length = u32_at(data, at)? as usize;
    // A missing text has the greatest length.
    let length = if length == u32::MAX as usize { 0 } else { length };
    let end = length.checked_mul(2)?.checked_add(at + 4)?;
    // What was too long to be read whole is read as far as it goes.
    let units = data.get(at + 4..end.min(data.len()))?.as_chunks().0;
    Some((String::from_utf16_lossy(&units.iter().map(|unit| u16::from_le_bytes(*unit)).collect::<Vec<_>>()), end))
}

/// The relation, the name and whether it is hidden.
fn sheet_of_book(data: &[u8]) -> Option<(String, String, bool)> {
    let (id, end) = text(data, 8)?;
    Some((id, text(data, end)?.0, u32_at(data, 0)? & 3 != 0))
}

/// The format of each style of cells.
fn formats(package: &mut Package<'_>, part: &str) -> Result<Vec<String>, Reason> {
    let (mut custom, mut formats, mut is_cells) = (HashMap::new(), Vec::new(), false);
    records(package, part, |kind, data| {
        match (kind, u16_at(data, 0), u16_at(data, 2)) {
            (0x2C, Some(id), _) => {
                let code = text(data, 2).unwrap_or_default().0;
                custom.insert(id, code.chars().take(FORMAT_MAX).collect::<String>());
            }
            (0x269, ..) => is_cells = true,
            (0x26A, ..) => is_cells = false,
            (0x2F, _, Some(id)) if is_cells && formats.len() < STYLES_MAX => {
                let known = custom.get(&id).cloned();
                formats.push(known.unwrap_or_else(|| built_in(&id.to_string()).to_owned()));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(formats)
}

/// A sheet while it is read.
#[derive(Default)]
struct Sheet<'a> {
    strings: &'a [Box<str>],
    formats: &'a [String],
    is_1904: bool,
    /// Cells that may still come.
    left: usize,
    /// The row that cells come of, without them.
    row: Row,
    /// Column of the next cell that does not say its own.
    next: usize,
    merges: Vec<Merge>,
}

impl Sheet<'_> {
    fn take(&mut self, kind: u32, data: &[u8], table: &mut Table) -> Option<()> {
        let get = |at: usize| Some(u32_at(data, at)? as usize);
        match kind {
            0x00 => {
                let (number, flags) = (get(0)?.saturating_add(1), *data.get(11)?);
                // Hidden, or drawn to nothing.
                let is_hidden = flags & 0x10 != 0 || flags & 0x20 != 0 && u16_at(data, 8)? == 0;
                self.row = Row { number, is_hidden, ..Row::default() };
                self.next = 0;
            }
            0x3C if u16_at(data, 16)? & 1 != 0 || get(8)? == 0 => {
                table.hidden_columns.extend((get(0)?..=get(4)?).take_while(|column| *column < COLUMNS_MAX));
            }
            0xB0 if self.merges.len() < CELLS_MAX => self.merges.push((get(0)?..=get(4)?, get(8)?)),
            // Cells, then cells that stand behind the one before, as short as they can be.
            0x01..=0x0B | 0x3E => self.cell(kind, get(0)?, data.get(4..)?, table)?,
            0x0C..=0x12 => self.cell(kind - 0x0B, self.next, data, table)?,
            _ => {}
        }
        Some(())
    }

    /// A cell: three bytes name its style, one is of no account, and its value follows.
    fn cell(&mut self, kind: u32, column: usize, data: &[u8], table: &mut Table) -> Option<()> {
        self.next = column.saturating_add(1);
        let value = data.get(4..)?;
        let number = |number: f64| {
            let style = (u32_at(data, 0).unwrap_or(0) & 0x00FF_FFFF) as usize;
            let format = self.formats.get(style).map_or("General", String::as_str);
            number_cell(&number.to_string(), format, self.is_1904)
        };
        let of_text = |text: &str| Cell::Text(text.trim().into());
        let cell = match kind {
            0x02 => number(compact(u32_at(value, 0)?)),
            0x03 | 0x0B => Cell::Lost(Lost::Error),
            0x04 | 0x0A => of_text(if *value.first()? == 0 { "FALSE" } else { "TRUE" }),
            0x05 | 0x09 => number(f64_at(value, 0)?),
            0x06 | 0x08 => of_text(&text(value, 0)?.0),
            0x07 => of_text(self.strings.get(u32_at(value, 0)? as usize)?),
            0x3E => of_text(&text(value, 1)?.0),
            _ => return None,
        };
        if cell == Cell::Text("".into()) {
            return None;
        }
        if column >= COLUMNS_MAX {
            table.beyond += 1;
            return None;
        }
        self.left = self.left.saturating_sub(cell.weight());
        match table.rows.last_mut().filter(|last| last.number == self.row.number) {
            Some(last) => last.cells.push((column, cell)),
            None => table.rows.push(Row { cells: vec![(column, cell)], ..self.row }),
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::super::field::Field;
    use super::super::super::roster::Roster;

    fn record(kind: u16, data: &[&[u8]]) -> Vec<u8> {
        let data = data.concat();
        let kind = if kind < 0x80 { vec![kind as u8] } else { vec![kind as u8 | 0x80, (kind >> 7) as u8] };
        let length = [data.len() as u8 | 0x80, (data.len() >> 7) as u8];
        [&kind[..], &length, &data].concat()
    }

    fn text(text: &str) -> Vec<u8> {
        let units = text.encode_utf16().collect::<Vec<_>>();
        let units = units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>();
        [&(units.len() as u32 / 2).to_le_bytes()[..], &units].concat()
    }

    fn package(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut package = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, part) in parts {
            package.start_file(*name, SimpleFileOptions::default()).unwrap();
            package.write_all(part).unwrap();
        }
        package.finish().unwrap().into_inner()
    }

    #[test]
    fn merged_cells_hidden_rows_and_columns_and_formats_of_numbers_are_read() {
        let long = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>();
        let sheet = |state: u32, id: &str, name: &str| record(0x9C, &[&long(&[state, 1]), &text(id), &text(name)]);
        let kinds = [("rId1", "worksheet", "worksheets/sheet1.bin"), ("rId2", "chartsheet", "chart.bin")];
        let kinds = [
            &kinds[..],
            &[
                ("rId3", "styles", "styles.bin"),
                ("rId4", "sharedStrings", "s.bin"),
                ("rId9", "worksheet", "worksheets/sheet2.bin"),
            ],
        ]
        .concat();
        let relations = kinds
            .iter()
            .map(|(id, kind, target)| format!("<Relationship Id='{id}' Type='http://x/{kind}' Target='{target}'/>"));
        let relations = format!("<Relationships>{}</Relationships>", relations.collect::<String>());
        let style = |format: u16| record(0x2F, &[&[0; 2], &format.to_le_bytes(), &[0; 12]]);
        let styles =
            [record(0x2C, &[&164_u16.to_le_bytes(), &text("00000000")]), record(0x269, &[]), style(0), style(164)];
        let strings = ["班级", "学号", "姓名", "软件1班"].map(|held| record(0x13, &[&[0], &text(held)]));
        let row = |number: u32, flags: u8| record(0, &[&long(&[number, 0]), &[44, 1, 0, flags, 0], &[0; 4]]);
        let cell = |kind, column, style, value: &[u8]| record(kind, &[&long(&[column, style]), value]);
        let shared = |column, place: u32| cell(7, column, 0, &place.to_le_bytes());
        let cells = [
            record(0x3C, &[&long(&[2, 2, 2304, 0]), &[1, 0]]),
            [row(0, 0), shared(0, 0), shared(1, 1), shared(2, 2)].concat(),
            // A short cell stands behind the one before.
            [row(1, 0), shared(0, 3), record(0x0D, &[&long(&[1, 2_210_001 << 2 | 2])])].concat(),
            cell(6, 2, 0, &text("张三")),
            [
                row(2, 0x10),
                cell(5, 1, 1, &2_210_002_f64.to_le_bytes()),
                cell(0x3E, 2, 0, &[&[0], &text("李四")[..]].concat()),
            ]
            .concat(),
            // One that is too short says nothing.
            record(7, &[&[9]]),
            record(0xB0, &[&long(&[1, 2, 0, 0])]),
        ];
        let book = [sheet(0, "rId1", "名单"), sheet(0, "rId2", "图"), sheet(1, "rId9", "旧")].concat();
        let parts = [
            ("xl/workbook.bin", book),
            ("xl/_rels/workbook.bin.rels", relations.into_bytes()),
            ("xl/styles.bin", styles.concat()),
            ("xl/s.bin", strings.concat()),
            ("xl/worksheets/sheet1.bin", cells.concat()),
        ];
        let (roster, reading) = Roster::from_bytes(&package(&parts)).unwrap();
        let told = reading.lines().iter().map(|line| line.zh.as_str()).collect::<Vec<_>>().join("\n");
        let students = roster.students().iter();
        let students =
            students.map(|s| [Field::Class, Field::StudentNumber, Field::Name].map(|field| s.get(field)).join(" "));
        assert_eq!(students.collect::<Vec<_>>(), ["软件1班 02210001 张三", "软件1班 02210002 李四"], "{told}");
        assert!(
            told.contains("C姓名：列被隐藏") && told.contains("第3行：被隐藏") && told.contains("“旧”：已隐藏"),
            "{told}"
        );
        let torn = parts[..4].iter().cloned().chain([("xl/worksheets/sheet1.bin", cells.concat()[..90].to_vec())]);
        let problems = Roster::from_bytes(&package(&torn.collect::<Vec<_>>())).unwrap_err();
        assert!(problems[0].zh.contains("损坏"), "{problems:?}");
    }
}
