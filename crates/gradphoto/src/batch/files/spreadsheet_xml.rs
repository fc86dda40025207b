//! SpreadsheetML of 2003, which systems write under the name of XLS.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::super::table::{Cell, Lost, Merge, Row, Table};
use super::number_format::number_cell;
use super::package::{Tagged, attribute, take_text};
use super::{CELL_BYTES_READ, CELLS_MAX, COLUMNS_MAX};
use crate::text::Reason;

pub(super) fn read(text: &str) -> Result<Vec<Table>, Vec<Reason>> {
    let mut book = Book::default();
    take_text(text, &mut book).map_err(|why| vec![why])?;
    Ok(book.tables)
}

#[derive(Default)]
struct Book {
    tables: Vec<Table>,
    merges: Vec<Merge>,
    row: Row,
    next_row: usize,
    column: usize,
    /// Columns that the cell takes beside its own.
    across: usize,
    /// Number formats by the names of their styles.
    formats: HashMap<String, String>,
    style: String,
    format: String,
    /// The last row of a cell above that reaches down, by its columns.
    covered: HashMap<usize, usize>,
    data: Option<(String, String)>,
    has_formula: bool,
    count: usize,
}

impl Tagged for Book {
    fn count(&self) -> usize {
        self.count
    }

    fn start(&mut self, tag: &BytesStart<'_>, is_empty: bool) {
        let number = |name| attribute(tag, name).and_then(|n| n.parse::<usize>().ok());
        match tag.local_name().as_ref() {
            "Worksheet" => {
                let name = attribute(tag, "Name").unwrap_or_default();
                self.tables.push(Table { name, ..Table::default() });
                (self.next_row, self.column) = (0, 0);
                self.covered.clear();
            }
            "Visible" if !is_empty => self.data = Some(("Visible".to_owned(), String::new())),
            "Style" => self.style = attribute(tag, "ID").unwrap_or_default(),
            "NumberFormat" => {
                self.formats.insert(self.style.clone(), attribute(tag, "Format").unwrap_or_default());
            }
            "Column" => {
                let first = number("Index").map_or(self.column, |place| place.saturating_sub(1));
                self.column = first.saturating_add(1).saturating_add(number("Span").unwrap_or(0));
                if let (true, Some(table)) = (is_unseen(tag, "Width", "AutoFitWidth"), self.tables.last_mut()) {
                    table.hidden_columns.extend(first..self.column.min(COLUMNS_MAX));
                }
            }
            "Row" => {
                let place = number("Index").unwrap_or(self.next_row.saturating_add(1));
                let is_hidden = is_unseen(tag, "Height", "AutoFitHeight");
                self.next_row = place;
                self.column = 0;
                self.row = Row { number: place, is_hidden, cells: Vec::new() };
                if is_empty {
                    self.end("Row");
                }
            }
            "Cell" => {
                while self.covered.get(&self.column).is_some_and(|last| self.row.number <= *last) {
                    self.column += 1;
                }
                self.column = number("Index").map_or(self.column, |place| place.saturating_sub(1));
                self.across = number("MergeAcross").unwrap_or(0);
                self.has_formula = attribute(tag, "Formula").is_some();
                let style = attribute(tag, "StyleID").and_then(|style| self.formats.get(&style).cloned());
                self.format = style.filter(|format| !format.starts_with("General")).unwrap_or_default();
                if let Some(down) = number("MergeDown") {
                    let last = self.row.number.saturating_add(down);
                    let columns = self.column..=self.column.saturating_add(self.across);
                    self.covered.extend(columns.take(COLUMNS_MAX).map(|column| (column, last)));
                    let first = self.row.number.saturating_sub(1);
                    self.merges.push((first..=first.saturating_add(down), self.column));
                }
                if is_empty {
                    self.end("Cell");
                }
            }
            "Data" if !is_empty => self.data = Some((attribute(tag, "Type").unwrap_or_default(), String::new())),
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if let Some((_, data)) = &mut self.data
            && data.len() < CELL_BYTES_READ
        {
            data.push_str(text);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "Cell" => {
                let cell = match self.data.take() {
                    None if self.has_formula => Some(Cell::Lost(Lost::Formula)),
                    None => None,
                    Some((kind, _)) if kind == "Error" => Some(Cell::Lost(Lost::Error)),
                    Some((kind, text)) if kind == "Number" => Some(number_cell(text.trim(), &self.format, false)),
                    Some((kind, text)) if kind == "DateTime" => {
                        Some(Cell::Text(text.trim().replace('T', " ").replace(" 00:00:00.000", "").into()))
                    }
                    Some((_, text)) => Some(Cell::Text(text.trim().into())),
                };
                let cell = cell.filter(|cell| *cell != Cell::Text("".into()));
                match (cell, self.tables.last_mut()) {
                    (Some(cell), _) if self.column < COLUMNS_MAX => {
                        self.row.cells.push((self.column, cell));
                        self.count += 1;
                    }
                    (Some(_), Some(table)) => table.beyond += 1,
                    _ => {}
                }
                self.column = self.column.saturating_add(1).saturating_add(self.across);
            }
            "Row" => {
                let row = std::mem::take(&mut self.row);
                if let (Some(table), false) = (self.tables.last_mut(), row.cells.is_empty()) {
                    table.rows.push(row);
                }
            }
            "Visible" => {
                let is_hidden = self.data.take().is_some_and(|(_, visible)| visible.contains("Hidden"));
                self.tables.iter_mut().last().into_iter().for_each(|table| table.is_hidden = is_hidden);
            }
            "Worksheet" => {
                let merges = std::mem::take(&mut self.merges);
                if let Some(table) = self.tables.last_mut() {
                    table.rows.sort_by_key(|row| row.number);
                    self.count += table.merge_all(merges, CELLS_MAX);
                }
            }
            _ => {}
        }
    }
}

/// Whether nobody sees a row or column: it is hidden, or its size is nothing and does not follow what it holds.
fn is_unseen(tag: &BytesStart<'_>, size: &str, fits: &str) -> bool {
    let is_set = |name| attribute(tag, name).is_some_and(|set| set == "1");
    is_set("Hidden") || !is_set(fits) && attribute(tag, size).is_some_and(|size| size.parse() == Ok(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_columns_that_are_drawn_to_nothing_are_hidden() {
        let row = |looks: &str| format!("<Row {looks}><Cell><Data ss:Type=\"String\">张三</Data></Cell></Row>");
        let looks = [
            "",
            "ss:Hidden=\"1\"",
            "ss:AutoFitHeight=\"0\" ss:Height=\"0\"",
            "ss:AutoFitHeight=\"1\" ss:Height=\"0\"",
            "ss:Height=\"15\"",
        ];
        let columns =
            "<Column ss:Width=\"60\"/><Column ss:AutoFitWidth=\"0\" ss:Width=\"0\"/><Column ss:Hidden=\"1\"/>";
        let table = format!("<Worksheet><Table>{columns}{}</Table></Worksheet>", looks.map(row).concat());
        let table = &read(&table).expect("is read")[0];
        assert_eq!(table.rows.iter().map(|row| row.is_hidden).collect::<Vec<_>>(), [false, true, true, false, false]);
        assert_eq!(table.hidden_columns, [1, 2]);
    }
}
