//! XLSX, a cell at a time: what a file claims to hold costs nothing, only what it holds does. Formulas without a result are told
//! from empty cells, and so are hidden sheets and rows.

use std::collections::{HashMap, HashSet};

use quick_xml::events::{BytesStart, Event};

use super::super::table::{Cell, Lost, Merge, Row, Table};
use super::number_format::{built_in, number_cell};
use super::package::{Package, Relations, attribute, events, find, folder_of, reference};
use super::{BROKEN, CELLS_MAX, COLUMNS_MAX, TOO_LARGE, merged};
use crate::text::Reason;

/// A cell may hold so many bytes, as many as Excel's longest text has.
const CELL_BYTES_MAX: usize = 131_072;

/// `None` where the package is no XLSX.
pub(super) fn read(package: &mut Package<'_>) -> Option<Result<Vec<Table>, Vec<Reason>>> {
    let workbook = find(package, "xl/workbook.xml").or_else(|| find(package, "workbook.xml"))?;
    Some(read_book(package, &workbook).map_err(|why| vec![why]))
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
            let part = find(package, &part).ok_or_else(|| Reason::from(BROKEN))?;
            let mut reader = Sheet { strings: &strings, styles: &styles, is_1904, left, ..Sheet::default() };
            events(package, &part, |event| reader.take(event))?;
            left = reader.left;
            (table.rows, table.hidden_columns, table.beyond) = (reader.rows, reader.hidden_columns, reader.beyond);
            table.struck = reader.struck;
            table.rows.sort_by_key(|row| row.number);
            merged(&mut table, reader.merges)?;
        }
        tables.push(table);
    }
    Ok(tables)
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
        if strings.len() > CELLS_MAX { Err(Reason::from(TOO_LARGE)) } else { Ok(true) }
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
    merges: Vec<Merge>,
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
                        self.left = self.left.checked_sub(cell.weight()).ok_or_else(|| Reason::from(TOO_LARGE))?;
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
                let next = Row { number: self.row.number, ..Row::default() };
                let row = std::mem::replace(&mut self.row, next);
                if !row.cells.is_empty() {
                    self.rows.push(row.in_order());
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

#[cfg(test)]
mod tests {
    use quick_xml::Reader;

    use super::*;

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
