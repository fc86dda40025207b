//! Formats that calamine reads whole: XLS of every age, XLSB, ODS.

use std::io::Cursor;

use calamine::{Data, Dimensions, Ods, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb};

use super::super::table::{Cell, Lost, Row, Table};
use super::{BROKEN, CELLS_MAX, COLUMNS_MAX, TOO_LARGE, told, xlsx};
use crate::text::{Reason, Text, text};

/// XLSB and ODS; `None` where the package is neither.
pub(super) fn zipped(bytes: &[u8]) -> Option<Result<Vec<Table>, Vec<Reason>>> {
    if xlsx::holds(bytes, "xl/workbook.bin") {
        return Some(sheets(bytes, Xlsb::new, |_, _| Vec::new()));
    }
    xlsx::holds(bytes, "content.xml").then(|| sheets(bytes, Ods::new, |_, _| Vec::new()))
}

/// XLS, and what the same container may hold instead.
pub(super) fn xls(bytes: &[u8]) -> Result<Vec<Table>, Vec<Reason>> {
    let holds = |name: &str| {
        let name = name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        bytes.windows(name.len()).any(|window| window == name)
    };
    if holds("EncryptedPackage") {
        return Err(vec![told(PASSWORD)]);
    }
    match Xls::new(Cursor::new(bytes)) {
        Err(XlsError::Password) => return Err(vec![told(PASSWORD)]),
        Err(_) if holds("WordDocument") => return Err(vec![told(WORD)]),
        _ => {}
    }
    sheets(bytes, Xls::new, |book, name| book.merge_cells_by_sheet_name(name).unwrap_or_default())
}

type Book<'a, B> = fn(Cursor<&'a [u8]>) -> Result<B, <B as Reader<Cursor<&'a [u8]>>>::Error>;

fn sheets<'a, B: Reader<Cursor<&'a [u8]>>>(
    bytes: &'a [u8],
    open: Book<'a, B>,
    merged: impl Fn(&B, &str) -> Vec<Dimensions>,
) -> Result<Vec<Table>, Vec<Reason>> {
    let mut book = open(Cursor::new(bytes)).map_err(|_| vec![told(BROKEN)])?;
    let listed = book.sheets_metadata().to_vec();
    let mut tables = Vec::new();
    let mut count = 0;
    for Sheet { name, visible, .. } in listed.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let mut table = Table { is_hidden: visible != SheetVisible::Visible, name, rows: Vec::new() };
        if !table.is_hidden {
            let range = book.worksheet_range(&table.name).map_err(|_| vec![told(BROKEN)])?;
            table.rows = rows(&range);
            count += table.rows.iter().map(|row| row.cells.len()).sum::<usize>();
            if count > CELLS_MAX {
                return Err(vec![told(TOO_LARGE)]);
            }
            for Dimensions { start, end } in merged(&book, &table.name) {
                table.merge(start.0 as usize..=end.0 as usize, start.1 as usize);
            }
        }
        tables.push(table);
    }
    Ok(tables)
}

fn rows(range: &Range<Data>) -> Vec<Row> {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let row = |(place, cells): (usize, &[Data])| {
        let cells = cells.iter().enumerate().map(|(at, data)| (first_column as usize + at, data));
        let cells =
            cells.take_while(|(column, _)| *column < COLUMNS_MAX).filter_map(|(at, data)| Some((at, cell(data)?)));
        Row { number: first_row as usize + place + 1, is_hidden: false, cells: cells.collect() }
    };
    range.rows().enumerate().map(row).filter(|row| !row.cells.is_empty()).collect()
}

fn cell(data: &Data) -> Option<Cell> {
    Some(match data {
        Data::Empty => return None,
        Data::Float(number) => xlsx::number_cell(&number.to_string(), "General", false),
        Data::DateTime(time) => xlsx::date(time.as_f64(), false),
        Data::Error(_) => Cell::Lost(Lost::Error),
        data => match data.to_string().trim() {
            "" => return None,
            text => Cell::Text(text.into()),
        },
    })
}

const PASSWORD: Text = text("文件有密码；请另存一份不加密的。", "the file has a password; save a copy without one.");
const WORD: Text =
    text("是 Word 文档；请改用 XLSX 或 CSV 名册。", "a document of Word; use the roster as XLSX or CSV.");
