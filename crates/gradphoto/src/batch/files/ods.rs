//! ODS, a cell at a time, as in `xlsx`: rows and cells that a file repeats a million times cost nothing where they are empty.

use std::collections::HashSet;

use quick_xml::events::{BytesStart, Event};

use super::super::table::{Cell, Lost, Merge, Row, Table};
use super::number_format::number_cell;
use super::package::{Package, Tagged, attribute, events, find, take_text};
use super::{CELL_BYTES_READ, CELLS_MAX, COLUMNS_MAX, PASSWORD};
use crate::text::Reason;

/// A filled row or cell is repeated so often at most; a roster holds nobody more than once.
const REPEATS_MAX: usize = 64;

/// A file that is one text, FODS.
pub(super) fn read_flat(text: &str) -> Result<Vec<Table>, Vec<Reason>> {
    let mut book = Book::default();
    take_text(text, &mut book).map_err(|why| vec![why])?;
    Ok(book.tables)
}

/// `None` where the package is no ODS.
pub(super) fn read(package: &mut Package<'_>) -> Option<Result<Vec<Table>, Vec<Reason>>> {
    let content = find(package, "content.xml")?;
    Some(tables(package, &content).map_err(|why| vec![why]))
}

fn tables(package: &mut Package<'_>, content: &str) -> Result<Vec<Table>, Reason> {
    if let Some(manifest) = find(package, "META-INF/manifest.xml") {
        events(package, &manifest, |event| match event {
            Event::Start(tag) if tag.local_name().as_ref() == "encryption-data" => Err(Reason::from(PASSWORD)),
            _ => Ok(true),
        })?;
    }
    let mut book = Book::default();
    events(package, content, |event| book.take(event))?;
    Ok(book.tables)
}

#[derive(Default)]
struct Book {
    tables: Vec<Table>,
    /// Styles that hide what has them.
    hidden_styles: Vec<String>,
    /// Styles whose text is struck out.
    struck_styles: HashSet<String>,
    style: String,
    merges: Vec<Merge>,
    row: Row,
    /// How often the row comes.
    rows: usize,
    next_row: usize,
    column: usize,
    cell: Option<Open>,
    /// Within a note, which is no text of the cell.
    note: usize,
    count: usize,
}

/// A cell while it is read.
struct Open {
    kind: String,
    value: Option<String>,
    has_formula: bool,
    is_struck: bool,
    text: String,
    columns: usize,
}

impl Tagged for Book {
    fn count(&self) -> usize {
        self.count
    }

    fn start(&mut self, tag: &BytesStart<'_>, is_empty: bool) {
        let text = |name| attribute(tag, name).unwrap_or_default();
        let number = |name| attribute(tag, name).and_then(|n| n.parse::<usize>().ok()).filter(|n| *n > 0);
        let is_hidden = matches!(text("visibility").as_str(), "collapse" | "filter");
        match tag.local_name().as_ref() {
            "style" => self.style = text("name"),
            "table-properties" if text("display") == "false" => self.hidden_styles.push(self.style.clone()),
            "text-properties"
                if is_line(&text("text-line-through-style")) || is_line(&text("text-line-through-type")) =>
            {
                self.struck_styles.insert(self.style.clone());
            }
            "table" if !is_empty => {
                let is_hidden = self.hidden_styles.contains(&text("style-name"));
                self.tables.push(Table { name: text("name"), is_hidden, ..Table::default() });
                (self.next_row, self.column) = (0, 0);
            }
            "table-column" => {
                let end = self.column.saturating_add(number("number-columns-repeated").unwrap_or(1));
                if let (true, Some(table)) = (is_hidden, self.tables.last_mut()) {
                    table.hidden_columns.extend(self.column..end.min(COLUMNS_MAX));
                }
                self.column = end;
            }
            "table-row" => {
                self.row = Row { number: self.next_row.saturating_add(1), is_hidden, cells: Vec::new() };
                self.rows = number("number-rows-repeated").unwrap_or(1);
                self.column = 0;
                if is_empty {
                    self.end("table-row");
                }
            }
            name @ ("table-cell" | "covered-table-cell") => {
                if let Some(down) = number("number-rows-spanned").filter(|down| *down > 1) {
                    self.merges.push((self.next_row..=self.next_row.saturating_add(down - 1), self.column));
                }
                self.cell = Some(Open {
                    kind: text("value-type"),
                    value: ["value", "date-value", "time-value"].into_iter().find_map(|name| attribute(tag, name)),
                    has_formula: attribute(tag, "formula").is_some(),
                    is_struck: self.struck_styles.contains(&text("style-name")),
                    text: String::new(),
                    columns: number("number-columns-repeated").unwrap_or(1),
                });
                if is_empty {
                    self.end(name);
                }
            }
            "annotation" if !is_empty => self.note += 1,
            "s" => self.write(" "),
            "tab" | "line-break" => self.write("\n"),
            "p" if self.cell.as_ref().is_some_and(|cell| !cell.text.is_empty()) => self.write("\n"),
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if let (Some(cell), 0) = (&mut self.cell, self.note)
            && cell.text.len() < CELL_BYTES_READ
        {
            cell.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "table-cell" | "covered-table-cell" => {
                let Some(open) = self.cell.take() else { return };
                let end = self.column.saturating_add(open.columns);
                if let Some(cell) = open.cell() {
                    for column in (self.column..end).take(REPEATS_MAX) {
                        match (column < COLUMNS_MAX, self.tables.last_mut()) {
                            (true, table) => {
                                self.row.cells.push((column, cell.clone()));
                                if let (true, Some(table)) = (open.is_struck, table) {
                                    table.struck.insert((self.row.number, column));
                                }
                            }
                            (false, Some(table)) => table.beyond += 1,
                            (false, None) => {}
                        }
                        self.count += 1;
                    }
                }
                self.column = end;
            }
            "table-row" => {
                let row = std::mem::take(&mut self.row);
                let rows = std::mem::take(&mut self.rows);
                if let (Some(table), false) = (self.tables.last_mut(), row.cells.is_empty()) {
                    for further in 0..rows.min(REPEATS_MAX) {
                        self.count += row.cells.iter().map(|(_, cell)| cell.weight()).sum::<usize>();
                        table.rows.push(Row { number: row.number + further, ..row.clone() });
                    }
                }
                self.next_row = self.next_row.saturating_add(rows);
            }
            "table" => {
                let merges = std::mem::take(&mut self.merges);
                if let Some(table) = self.tables.last_mut() {
                    self.count += table.merge_all(merges, CELLS_MAX);
                    if table.is_hidden {
                        table.rows.clear();
                    }
                }
            }
            "annotation" => self.note = self.note.saturating_sub(1),
            _ => {}
        }
    }
}

/// Whether a line of this style or type is one.
fn is_line(kind: &str) -> bool {
    !matches!(kind, "" | "none")
}

impl Open {
    /// What a cell shows: a program shows 0012 for 12 where its format says so, and writes both.
    fn cell(&self) -> Option<Cell> {
        let text = self.text.trim();
        match (self.kind.as_str(), &self.value) {
            ("", _) if text.is_empty() && self.has_formula => Some(Cell::Lost(Lost::Formula)),
            (_, _) if text.starts_with("Err:") || text.starts_with('#') && self.has_formula => {
                Some(Cell::Lost(Lost::Error))
            }
            ("float", Some(value)) => {
                let number = value.parse::<f64>().ok()?;
                // 2021-0001, but no 2.02E+07 or 20,210,001.
                let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | ' ' | '(' | ')');
                let is_shown = text.len() > value.len() && text.chars().all(is_part);
                Some(match number.abs() >= 1e15 {
                    true => Cell::Lost(Lost::Shortened),
                    false if is_shown => Cell::Text(text.into()),
                    false => number_cell(value, "General", false),
                })
            }
            ("date" | "time", Some(value)) if text.is_empty() => Some(Cell::Text(value.replace('T', " ").into())),
            ("date", Some(value)) => Some(Cell::Text(
                value.split_once("T00:00:00").map_or(&**value, |(day, _)| day).replace('T', " ").into(),
            )),
            _ if text.is_empty() => None,
            _ => Some(Cell::Text(text.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_a_format_shows_are_part_of_the_number() {
        for (value, text, shown) in [
            ("1", "S2021001", "S2021001"),
            ("12", "0012", "0012"),
            ("20210001", "2.02E+07", "20210001"),
            ("20210001", "20,210,001", "20210001"),
            ("10012", "0001-0012", "0001-0012"),
            ("12", "0012号", "0012号"),
            ("5", "", "5"),
        ] {
            let (kind, value, text) = ("float".to_owned(), Some(value.to_owned()), text.to_owned());
            let open = Open { kind, value, has_formula: false, is_struck: false, text, columns: 1 };
            assert_eq!(open.cell(), Some(Cell::Text(shown.into())));
        }
    }
}
