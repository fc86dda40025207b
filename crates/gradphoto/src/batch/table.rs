//! A sheet of a spreadsheet, whatever file it came from: only cells that hold something, so that size follows contents.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use crate::text::{Text, text, words};

/// Columns behind this one (ZZ) are not looked at.
pub(super) const COLUMNS_MAX: usize = 702;

/// So many bytes of text has a cell that counts as one.
const USUAL_BYTES: usize = 256;

/// A sheet, or a file that is one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of the sheet; empty for a file that is one table.
    pub name: String,
    /// Whether a person who opens the file does not see the sheet.
    pub is_hidden: bool,
    /// Columns, from 0, that such a person does not see either.
    pub hidden_columns: Vec<usize>,
    /// How many cells hold something so far to the right that they are not looked at.
    pub beyond: usize,
    /// Cells whose text is struck out: the number of the row, and the column.
    pub struck: HashSet<(usize, usize)>,
    /// Rows that hold something, in their order.
    pub rows: Vec<Row>,
}

/// A row of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number, from 1.
    pub number: usize,
    /// Whether a person who opens the file does not see it, as under a filter.
    pub is_hidden: bool,
    /// Cells that hold something with their columns, from 0, in rising order.
    pub cells: Vec<(usize, Cell)>,
}

/// The rows of a merged region and its first column, from 0.
pub(super) type Merge = (RangeInclusive<usize>, usize);

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Text, or a number as the sheet shows it.
    Text(Box<str>),
    /// Something that cannot be known any more.
    Lost(Lost),
}

/// Why a cell's value cannot be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lost {
    /// A long number was stored as a quantity and has lost digits.
    Shortened,
    /// A formula without its result.
    Formula,
    /// A formula's error.
    Error,
    /// A number or a text that became a date.
    Date,
    /// Several numbers, one below the other.
    Several,
}

words! {
    /// Every reason.
    Lost {
        Shortened: "shortened",
        Formula: "formula",
        Error: "error",
        Date: "date",
        Several: "several",
    }
}

impl Lost {
    /// Why, and the cure.
    pub fn reason(self) -> Text {
        match self {
            Lost::Shortened => text(
                "长号码被存成了数值，后面的位数已丢失；请把该列设为“文本”格式后重新填写",
                "a long number was stored as a quantity and has lost digits; format the column as text and enter the numbers again",
            ),
            Lost::Formula => text(
                "公式没有保存计算结果；请用 Excel 或 WPS 打开文件保存一次，或改填数值",
                "a formula has no stored result; open the file in Excel or WPS and save it, or enter the value itself",
            ),
            Lost::Error => text("公式出错；请改填数值", "the cell holds an error of a formula; enter the value itself"),
            Lost::Date => text(
                "被 Excel 变成了日期；请把该列设为“文本”格式后重新填写",
                "the spreadsheet has turned it into a date; format the column as text and enter it again",
            ),
            Lost::Several => text(
                "一格里写了几个号码；请只留现在用的一个，是几名学生的请一名学生一行",
                "the cell holds several numbers; leave the one in use, and give each student a row",
            ),
        }
    }
}

impl Cell {
    /// How much it counts among those that may be read: a long text, of which a file may show many copies, as several.
    pub(super) fn weight(&self) -> usize {
        match self {
            Cell::Text(text) => 1 + text.len() / USUAL_BYTES,
            Cell::Lost(_) => 1,
        }
    }
}

impl Row {
    /// The text of a column; empty where there is none.
    pub fn text(&self, column: usize) -> &str {
        match self.get(column) {
            Some(Cell::Text(text)) => text,
            Some(Cell::Lost(_)) | None => "",
        }
    }

    /// Whether a text of it has lost characters to a wrong encoding.
    pub(super) fn is_garbled(&self) -> bool {
        self.cells.iter().any(|(column, _)| self.text(*column).contains('\u{fffd}'))
    }

    /// What a column holds.
    pub fn get(&self, column: usize) -> Option<&Cell> {
        let place = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        Some(&self.cells[place].1)
    }

    /// With its cells in rising order, of each column the first.
    pub(super) fn in_order(mut self) -> Row {
        self.cells.sort_by_key(|(column, _)| *column);
        self.cells.dedup_by_key(|(column, _)| *column);
        self
    }

    /// Puts a cell where none is yet.
    pub(super) fn fill(&mut self, column: usize, cell: &Cell) {
        if let Err(place) = self.cells.binary_search_by_key(&column, |(column, _)| *column) {
            self.cells.insert(place, (column, cell.clone()));
        }
    }
}

impl Table {
    /// Writes the first cell of a merged region, rows and columns from 0 with their ends, into all its rows that hold
    /// something. Only down: a head over several columns is not the head of each.
    pub fn merge(&mut self, rows: RangeInclusive<usize>, column: usize) {
        self.merge_all(vec![(rows, column)], usize::MAX);
    }

    /// Merges several regions; what was written is returned. Where that is more than `most`, as where regions lie one over the
    /// other, some are left.
    pub(super) fn merge_all(&mut self, merges: Vec<Merge>, most: usize) -> usize {
        let mut written = 0;
        for (rows, column) in merges {
            if written > most {
                break;
            }
            written += self.merge_one(rows, column, most - written);
        }
        written
    }

    fn merge_one(&mut self, rows: RangeInclusive<usize>, column: usize, most: usize) -> usize {
        let (first, last) = (rows.start().saturating_add(1), rows.end().saturating_add(1));
        let from = self.rows.partition_point(|row| row.number < first);
        let Some(cell) = self.rows.get(from).filter(|row| row.number == first).and_then(|row| row.get(column)).cloned()
        else {
            return 0;
        };
        let below = self.rows[from..].iter_mut().take_while(|row| row.number <= last);
        let weight = cell.weight();
        let mut written = 0;
        for row in below.take(most / weight + 1) {
            row.fill(column, &cell);
            written += weight;
        }
        written
    }
}

/// Name of a column as spreadsheets show it: A, B … Z, AA.
pub(super) fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { letters(column / 26 - 1) + &last.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_that_lie_one_over_the_other_write_no_more_than_is_asked() {
        let row = |number| Row { number, cells: vec![(0, Cell::Text("张".repeat(400).into()))], ..Row::default() };
        let table = || Table { rows: (1..=100).map(row).collect(), ..Table::default() };
        assert_eq!(table().merge_all(vec![(0..=9, 0), (10..=19, 0)], 1000), 100, "a long text counts as several");
        let written = table().merge_all(vec![(0..=usize::MAX, 0); 1_000_000], 1000);
        assert!((1001..1010).contains(&written), "{written}");
    }

    #[test]
    fn columns_are_named_as_spreadsheets_show_them() {
        assert_eq!(
            [0, 25, 26, 51, 52, COLUMNS_MAX - 1, COLUMNS_MAX].map(letters),
            ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
    }
}
