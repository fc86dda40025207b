//! The tables of a Word document: each is a sheet, whose name and first row is the line above it.

use quick_xml::events::BytesStart;

use super::super::table::{Cell, Row, Table};
use super::package::{Package, Tagged, attribute, events, find};
use super::{CELL_BYTES_READ, COLUMNS_MAX, WORD};
use crate::text::Reason;

/// So much of the line names the sheet, as long as names in a spreadsheet may be.
const NAME_CHARS: usize = 31;

/// `None` where the package is no Word document.
pub(super) fn read(package: &mut Package<'_>) -> Option<Result<Vec<Table>, Vec<Reason>>> {
    let part = find(package, "word/document.xml")?;
    let mut document = Document::default();
    let read = events(package, &part, |event| document.take(event));
    Some(match read {
        Err(why) => Err(vec![why]),
        Ok(()) if document.tables.is_empty() => Err(vec![Reason::from(WORD)]),
        Ok(()) => Ok(document.tables),
    })
}

/// A document while it is read.
#[derive(Default)]
struct Document {
    tables: Vec<Table>,
    /// Of tables within each other: an inner one is text of the cell around it.
    depth: usize,
    /// The line above the next table.
    line: String,
    row: Row,
    column: usize,
    /// How many columns the cell takes.
    columns: usize,
    /// Whether the cell goes on from the one above.
    goes_on: bool,
    /// Of the paragraph or the cell, and how many bytes of it are struck out.
    text: String,
    struck: usize,
    is_text: bool,
    is_struck: bool,
    count: usize,
}

impl Tagged for Document {
    fn count(&self) -> usize {
        self.count
    }

    fn start(&mut self, tag: &BytesStart<'_>, is_empty: bool) {
        let value = || attribute(tag, "val").unwrap_or_default();
        let columns = || value().parse::<usize>().map_or(1, |columns| columns.clamp(1, COLUMNS_MAX));
        match (tag.local_name().as_ref(), self.depth) {
            ("tbl", depth) if !is_empty => {
                self.depth += 1;
                if depth == 0 {
                    let line = std::mem::take(&mut self.line);
                    let above = Row { number: 1, cells: vec![(0, Cell::Text(line.as_str().into()))], ..Row::default() };
                    let rows = if line.is_empty() { Vec::new() } else { vec![above] };
                    self.row = Row { number: rows.len(), ..Row::default() };
                    let name = line.chars().take(NAME_CHARS).collect();
                    self.tables.push(Table { name, rows, ..Table::default() });
                    self.count += 1;
                    self.text.clear();
                }
            }
            ("tr", 1) => {
                self.row = Row { number: self.row.number + 1, ..Row::default() };
                self.column = 0;
            }
            ("gridBefore", 1) => self.column = columns(),
            ("tc", 1) => {
                self.text.clear();
                (self.columns, self.goes_on, self.struck) = (1, false, 0);
            }
            ("gridSpan", 1) => self.columns = columns(),
            ("vMerge", 1) => self.goes_on = value() != "restart",
            ("r", _) => self.is_struck = false,
            ("strike" | "dstrike", _) => self.is_struck = !matches!(value().as_str(), "0" | "false" | "off"),
            ("t", _) => self.is_text = !is_empty,
            ("tab" | "br" | "cr", _) => self.part(),
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if self.is_text && self.text.len() < CELL_BYTES_READ {
            self.text.push_str(text);
            self.struck += if self.is_struck { text.len() } else { 0 };
        }
    }

    fn end(&mut self, name: &str) {
        match (name, self.depth) {
            ("t", _) => self.is_text = false,
            ("p", 0) => {
                let line = std::mem::take(&mut self.text);
                if !line.trim().is_empty() {
                    self.line = line.trim().to_owned();
                }
            }
            ("p", _) => self.part(),
            ("tc", 1) => self.end_cell(),
            ("tr", 1) => {
                let cells = std::mem::take(&mut self.row.cells);
                if let (Some(table), false) = (self.tables.last_mut(), cells.is_empty()) {
                    table.rows.push(Row { number: self.row.number, cells, ..Row::default() });
                }
            }
            ("tbl", depth) => {
                self.depth = depth.saturating_sub(1);
                if self.depth == 0 {
                    self.text.clear();
                }
            }
            _ => {}
        }
    }
}

impl Document {
    /// Parts what follows in a cell from what stands there.
    fn part(&mut self) {
        if !self.text.is_empty() && self.text.len() < CELL_BYTES_READ {
            self.text.push('\n');
        }
    }

    fn end_cell(&mut self) {
        let column = self.column;
        self.column = column.saturating_add(self.columns);
        let Some(table) = self.tables.last_mut().filter(|_| column < COLUMNS_MAX) else { return };
        let text = self.text.trim();
        let cell = if self.goes_on {
            table.rows.last().and_then(|above| above.get(column)).cloned()
        } else {
            (!text.is_empty()).then(|| Cell::Text(text.into()))
        };
        if let Some(cell) = cell {
            if 2 * self.struck > text.len() {
                table.struck.insert((self.row.number, column));
            }
            self.count += cell.weight();
            self.row.cells.push((column, cell));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::super::field::Field;
    use super::super::super::roster::Roster;

    fn document(body: &str) -> Vec<u8> {
        let mut package = ZipWriter::new(Cursor::new(Vec::new()));
        package.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
        write!(package, "<w:document xmlns:w='w'><w:body>{body}</w:body></w:document>").unwrap();
        package.finish().unwrap().into_inner()
    }

    fn line(text: &str) -> String {
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    fn cell(looks: &str, content: &str) -> String {
        format!("<w:tc><w:tcPr>{looks}</w:tcPr>{content}</w:tc>")
    }

    fn table(rows: &[Vec<String>]) -> String {
        let rows = rows.iter().map(|cells| format!("<w:tr>{}</w:tr>", cells.concat())).collect::<String>();
        format!("<w:tbl>{rows}</w:tbl>")
    }

    #[test]
    fn every_table_is_a_sheet_with_the_line_above_it_as_its_name() {
        let plain = |texts: &[&str]| texts.iter().map(|text| cell("", &line(text))).collect::<Vec<_>>();
        let one = table(&[plain(&["学号", "姓名"]), plain(&["1001", "张三"])]);
        let two = table(&[plain(&["学号", "姓名"]), plain(&["2001", "李&amp;四"])]);
        let bytes = document(&[line("软件1班学生名单（1人）"), one, line("软件2班"), line(""), two].concat());
        let (roster, _) = Roster::from_bytes(&bytes).unwrap();
        let found = roster
            .students()
            .iter()
            .map(|student| [Field::StudentNumber, Field::Name, Field::Class].map(|field| student.get(field)));
        assert_eq!(found.collect::<Vec<_>>(), [["1001", "张三", "软件1班"], ["2001", "李&四", "软件2班"]]);
        let alone = document(&[line("软件3班"), table(&[plain(&["学号"]), plain(&["3001"])])].concat());
        let (roster, reading) = Roster::from_bytes(&alone).unwrap();
        assert_eq!(roster.students()[0].get(Field::Class), "软件3班");
        assert!(reading.lines()[1].zh.contains("第1行“软件3班”：看作其下学生的班级。"), "{:?}", reading.lines());
    }

    #[test]
    fn merged_and_struck_cells_and_texts_in_pieces_are_read() {
        let runs = "<w:p><w:r><w:t>20</w:t></w:r><w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:t>02</w:t></w:r></w:p>";
        let struck = "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>王五</w:t></w:r></w:p>";
        let inner = table(&[vec![cell("", &line("李四"))]]);
        let rows = [
            vec![cell("<w:gridSpan w:val='3'/>", &line("毕业生名单"))],
            ["班级", "学号", "姓名"].map(|head| cell("", &line(head))).to_vec(),
            vec![cell("<w:vMerge w:val='restart'/>", &line("1班")), cell("", &line("2001")), cell("", &line("张三"))],
            vec![cell("<w:vMerge/>", "<w:p/>"), cell("", runs), cell("", &inner)],
            vec![cell("<w:vMerge/>", "<w:p/>"), cell("", &line("2003")), cell("", struck)],
        ];
        let (roster, reading) = Roster::from_bytes(&document(&table(&rows))).unwrap();
        let found = roster
            .students()
            .iter()
            .map(|student| [Field::StudentNumber, Field::Name, Field::Class].map(|field| student.get(field)));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [["2001", "张三", "1班"], ["2002", "李四", "1班"], ["2003", "王五", "1班"]]
        );
        assert!(reading.lines().iter().any(|line| line.zh.contains("第5行：划了删除线")), "{:?}", reading.lines());
        let problems = Roster::from_bytes(&document(&line("通知"))).unwrap_err();
        assert!(problems[0].zh.contains("没有表格"), "{problems:?}");
    }
}
