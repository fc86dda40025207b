//! XLSB, by calamine, a cell at a time.

use std::io::Cursor;

use calamine::{DataRef, Reader, Sheet, SheetType, SheetVisible, Xlsb};

use super::super::table::{Cell, Lost, Row, Table};
use super::{BROKEN, CELLS_MAX, COLUMNS_MAX, TOO_LARGE, told, xlsx};
use crate::text::Reason;

/// The tables of a package that is one.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>, Vec<Reason>> {
    // Its decoder is not made for torn files and panics at some.
    let read = crate::photo::caught(|| sheets(bytes)).unwrap_or_else(|| Err(told(BROKEN)));
    read.map_err(|why| vec![why])
}

fn sheets(bytes: &[u8]) -> Result<Vec<Table>, Reason> {
    let mut book = Xlsb::new(Cursor::new(bytes)).map_err(|_| told(BROKEN))?;
    let is_1904 = book.has_1904_epoch();
    let listed = book.sheets_metadata().to_vec();
    let mut tables = Vec::new();
    let mut count = 0;
    for Sheet { name, visible, .. } in listed.into_iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let mut table = Table { is_hidden: visible != SheetVisible::Visible, name, ..Table::default() };
        if !table.is_hidden {
            let mut cells = book.worksheet_cells_reader(&table.name).map_err(|_| told(BROKEN))?;
            while let Some(found) = cells.next_cell().map_err(|_| told(BROKEN))? {
                let (row, column) = found.get_position();
                let (number, column) = (row as usize + 1, column as usize);
                let Some(cell) = cell(found.get_value(), is_1904) else { continue };
                count += 1;
                if count > CELLS_MAX {
                    return Err(told(TOO_LARGE));
                }
                if column >= COLUMNS_MAX {
                    table.beyond += 1;
                    continue;
                }
                match table.rows.last_mut().filter(|last| last.number == number) {
                    Some(last) => last.cells.push((column, cell)),
                    None => table.rows.push(Row { number, cells: vec![(column, cell)], ..Row::default() }),
                }
            }
        }
        tables.push(table);
    }
    Ok(tables)
}

fn cell(data: &DataRef<'_>, is_1904: bool) -> Option<Cell> {
    let text = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(|text| Cell::Text(text.into()));
    match data {
        DataRef::Empty => None,
        DataRef::Float(number) => Some(xlsx::number_cell(&number.to_string(), "General", false)),
        DataRef::Int(number) => Some(xlsx::number_cell(&number.to_string(), "General", false)),
        DataRef::DateTime(time) => Some(xlsx::date(time.as_f64(), is_1904)),
        DataRef::Error(_) => Some(Cell::Lost(Lost::Error)),
        DataRef::Bool(held) => text(if *held { "TRUE" } else { "FALSE" }),
        DataRef::String(held) => text(held),
        DataRef::SharedString(held) => text(held),
        DataRef::DateTimeIso(held) | DataRef::DurationIso(held) => text(held),
    }
}
