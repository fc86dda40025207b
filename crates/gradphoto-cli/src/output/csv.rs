//! report.csv: a row a photo, for Excel and for people's own scripts.

use std::io::Write;

use super::record::Cell;

/// What tells Excel that the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes rows as CSV that spreadsheets open with Chinese intact and without taking any cell for a formula.
pub struct Csv<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> Csv<W> {
    /// Begins a file with its heads.
    pub fn new(mut out: W, heads: &[String]) -> anyhow::Result<Csv<W>> {
        out.write_all(BYTE_ORDER_MARK)?;
        let mut csv =
            Csv { writer: csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(out) };
        csv.row(&heads.iter().map(|head| Cell::text(head)).collect::<Vec<_>>())?;
        Ok(csv)
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell]) -> anyhow::Result<()> {
        Ok(self.writer.write_record(cells.iter().map(|cell| match cell {
            Cell::Text(text) => safe(text),
            Cell::Number(number) => number.to_string(),
        }))?)
    }

    /// Ends the file.
    pub fn finish(mut self) -> anyhow::Result<()> {
        Ok(self.writer.flush()?)
    }
}

/// Text that no spreadsheet takes for a formula, and whose digits none rounds: an apostrophe before the first, a tab, which
/// is not shown, before the second.
fn safe(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let is_number =
        (text.len() > 11 || text.starts_with('0')) && text.len() > 1 && text.bytes().all(|b| b.is_ascii_digit());
    match (is_formula, is_number) {
        (true, _) => format!("'{text}"),
        (_, true) => format!("\t{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_loses_digits() {
        let hostile =
            ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "＝1", "a,\"b\"", "430102200001011234", "007", "张三"];
        let mut file = Vec::new();
        let mut csv = Csv::new(&mut file, &["a".to_owned()]).unwrap();
        csv.row(&hostile.map(Cell::text)).unwrap();
        csv.row(&[Cell::text("line\nend\ttab\u{202e}gpj.exe"), Cell::Number(-1.5)]).unwrap();
        csv.finish().unwrap();
        assert!(file.starts_with(BYTE_ORDER_MARK));
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(&file[3..]);
        let rows =
            rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>();
        let shown = [
            "'=cmd|'/c calc'!A1",
            "'+1",
            "'-1",
            "'@SUM(A1)",
            "'＝1",
            "a,\"b\"",
            "\t430102200001011234",
            "\t007",
            "张三",
        ];
        assert_eq!(rows[0], shown);
        assert_eq!(rows[1], ["line\u{fffd}end\u{fffd}tab\u{fffd}gpj.exe", "-1.5"]);
    }
}
