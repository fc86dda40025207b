//! Columns that line up, Chinese characters counted as wide as they are drawn.

use unicode_width::UnicodeWidthStr;

/// Rows of cells; each column becomes as wide as its widest cell.
#[derive(Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The rows as lines without their line ends, two spaces between columns.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        let widths = (0..columns).map(|column| width(column).unwrap_or(0)).collect::<Vec<_>>();
        self.rows.iter().map(move |row| {
            let padded = row.iter().zip(&widths).map(|(cell, width)| pad(cell, *width)).collect::<Vec<_>>();
            padded.join("  ").trim_end().to_owned()
        })
    }

    /// The rows as a Markdown table, the first one its head.
    pub fn markdown(&self) -> String {
        let line = |row: &Vec<String>| format!("| {} |\n", row.join(" | "));
        let mut lines = self.rows.iter().map(line).collect::<Vec<_>>();
        if let Some(head) = self.rows.first() {
            lines.insert(1, format!("|{}\n", "---|".repeat(head.len())));
        }
        lines.concat()
    }
}

/// `cell` with spaces behind it up to `width` columns of a terminal.
pub fn pad(cell: &str, width: usize) -> String {
    format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns_a_character() {
        let mut table = Table::default();
        table.row(["眼睛", "x"]);
        table.row(["eyes!", "y"]);
        assert_eq!(table.lines().collect::<Vec<_>>(), ["眼睛   x", "eyes!  y"]);
    }

    #[test]
    fn markdown_rules_off_the_head() {
        let mut table = Table::default();
        table.row(["a", "b"]);
        table.row(["1", "2"]);
        assert_eq!(table.markdown(), "| a | b |\n|---|---|\n| 1 | 2 |\n");
    }
}
