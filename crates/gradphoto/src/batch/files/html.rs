//! HTML tables, which many a school's system writes under the name of XLS.

use std::collections::BTreeMap;

use super::super::names::{is_shortened, referenced};
use super::super::table::{Cell, Row, Table};
use super::number_format::number_cell;
use super::{CELL_BYTES_READ, CELLS_MAX, COLUMNS_MAX, TOO_LARGE};
use crate::text::Reason;

pub(super) fn read(text: &str) -> Result<Vec<Table>, Vec<Reason>> {
    let mut page = Page::default();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        page.write(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        // "<60" is text, as browsers take it.
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            page.write("<");
            rest = &rest[1..];
            continue;
        }
        // No quote may take the rest of the page along.
        let Some(end) = tag_end(rest).or_else(|| rest.find('>')) else {
            rest = "";
            break;
        };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        if matches!(name.as_str(), "script" | "style") && !tag.starts_with('/') {
            let close = format!("</{name}");
            rest = find_ignoring_case(rest, &close).map_or("", |at| &rest[at..]);
            continue;
        }
        page.tag(&name, tag);
        if page.count > CELLS_MAX {
            return Err(vec![Reason::from(TOO_LARGE)]);
        }
    }
    // A page may be cut off in its last cell.
    page.write(rest);
    page.end_table();
    while let Some(outer) = page.outer.pop() {
        page.grid = outer;
        page.end_table();
    }
    Ok(page.tables)
}

/// Where a tag ends, quotes around the values of attributes considered: that in alt=O'Brien is none.
fn tag_end(tag: &str) -> Option<usize> {
    let (mut quote, mut before) = (None, ' ');
    tag.char_indices().find_map(|(at, c)| {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') if before == '=' => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        before = if c.is_whitespace() && before == '=' { '=' } else { c };
        None
    })
}

fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    let (bytes, word) = (text.as_bytes(), word.as_bytes());
    bytes.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))
}

/// Whether a tag says that browsers do not show what it holds.
fn is_undisplayed(tag: &str) -> bool {
    let style = attribute(tag, "style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    style.contains("display:none")
}

#[derive(Default)]
struct Page {
    tables: Vec<Table>,
    grid: Grid,
    /// Tables in whose cells this one stands.
    outer: Vec<Grid>,
    number: usize,
    count: usize,
}

/// A table while it is read.
#[derive(Default)]
struct Grid {
    table: Table,
    is_open: bool,
    row: Vec<(usize, Cell)>,
    /// Whether a browser does not show the row.
    is_hidden: bool,
    column: usize,
    cell: Option<Open>,
    /// Columns that a cell above takes, with how many rows it still does and what it holds.
    spans: BTreeMap<usize, (usize, Option<Cell>)>,
}

/// A cell while it is read.
struct Open {
    text: String,
    /// The number that Excel shows shortened: x:num="20210001" for 2.02E+07.
    number: Option<String>,
    columns: usize,
    rows: usize,
    is_hidden: bool,
}

impl Page {
    fn write(&mut self, text: &str) {
        if let Some(cell) = &mut self.grid.cell
            && cell.text.len() < CELL_BYTES_READ
        {
            cell.text.extend(unescaped(text).chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
        }
    }

    fn break_line(&mut self) {
        if let Some(cell) = &mut self.grid.cell {
            cell.text.push('\n');
        }
    }

    fn tag(&mut self, name: &str, tag: &str) {
        let is_end = tag.starts_with('/');
        match (name, is_end) {
            ("table", false) => {
                match self.grid.cell {
                    Some(_) => self.outer.push(std::mem::take(&mut self.grid)),
                    None => self.end_table(),
                }
                self.grid.is_open = true;
            }
            ("table", true) => self.leave_table(),
            ("tr", _) => {
                self.end_row();
                self.grid.is_hidden = is_undisplayed(tag);
                self.grid.is_open |= !is_end;
            }
            ("td" | "th", false) => {
                self.end_cell();
                let span =
                    |name| attribute(tag, name).and_then(|n| n.parse::<usize>().ok()).unwrap_or(1).clamp(1, 65_536);
                let is_hidden = is_undisplayed(tag);
                let number = attribute(tag, "x:num").map(str::to_owned);
                let (columns, rows) = (span("colspan"), span("rowspan"));
                self.grid.cell = Some(Open { text: String::new(), number, columns, rows, is_hidden });
            }
            ("td" | "th", true) => self.end_cell(),
            ("br" | "p" | "div", _) => self.break_line(),
            // A page that was saved while it is filled in.
            ("input", false) if matches!(attribute(tag, "type"), None | Some("text")) => {
                self.write(attribute(tag, "value").unwrap_or_default());
            }
            _ => {}
        }
    }

    fn end_cell(&mut self) {
        let Some(open) = self.grid.cell.take() else { return };
        while let Some((rows, held)) = self.grid.spans.get_mut(&self.grid.column) {
            if let (Some(held), true) = (held.clone(), *rows > 0) {
                self.count += held.weight();
                self.grid.row.push((self.grid.column, held));
            }
            self.grid.column += 1;
        }
        let lines = open.text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let text = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
        let number = open.number.filter(|_| is_shortened(&text)).map(|number| number_cell(&number, "General", false));
        let cell = (!text.is_empty() && !open.is_hidden).then(|| number.unwrap_or(Cell::Text(text.into())));
        if let (Some(cell), true) = (&cell, self.grid.column < COLUMNS_MAX) {
            self.grid.row.push((self.grid.column, cell.clone()));
            self.count += 1;
        }
        for column in self.grid.column..(self.grid.column + open.columns).min(COLUMNS_MAX) {
            if open.rows > 1 {
                self.grid.spans.insert(column, (open.rows, cell.clone().filter(|_| column == self.grid.column)));
            }
        }
        self.grid.column += open.columns;
    }

    fn end_row(&mut self) {
        self.end_cell();
        if self.grid.row.is_empty() && self.grid.column == 0 {
            return;
        }
        self.number += 1;
        // Cells from above behind the last of this row.
        for (column, (_, held)) in self.grid.spans.range(self.grid.column..) {
            if let Some(held) = held {
                self.count += held.weight();
                self.grid.row.push((*column, held.clone()));
            }
        }
        let cells = std::mem::take(&mut self.grid.row);
        if !cells.is_empty() {
            let row = Row { number: self.number, is_hidden: self.grid.is_hidden, cells };
            self.grid.table.rows.push(row.in_order());
        }
        self.grid.column = 0;
        self.grid.spans.retain(|_, (rows, _)| {
            *rows -= 1;
            *rows > 0
        });
    }

    /// Goes on with the table around this one. One of a single row within a cell is but its text.
    fn leave_table(&mut self) {
        self.end_row();
        let mut outer = self.outer.pop();
        if let (Some(Grid { cell: Some(around), .. }), [row]) = (&mut outer, &self.grid.table.rows[..]) {
            row.cells.iter().for_each(|(column, _)| around.text += &format!(" {}", row.text(*column)));
            self.number -= 1;
        } else {
            self.end_table();
        }
        self.grid = outer.unwrap_or_default();
    }

    fn end_table(&mut self) {
        self.end_row();
        if self.grid.is_open && !self.grid.table.rows.is_empty() {
            self.tables.push(std::mem::take(&mut self.grid.table));
        }
        self.grid.table = Table::default();
        self.grid.spans.clear();
        // Rows are counted on: a page of several tables is one file to a person.
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    loop {
        let at = from + find_ignoring_case(tag.get(from..)?, name)?;
        let is_name = tag[..at].ends_with(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let rest = tag[at + name.len()..].trim_start();
        if let (true, Some(value)) = (is_name, rest.strip_prefix('=')) {
            let value = value.trim_start();
            return match value.chars().next()? {
                quote @ ('"' | '\'') => value[1..].split(quote).next(),
                _ => value.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next(),
            };
        }
        from = at + name.len();
    }
}

/// Text with its entities as characters.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain += &rest[..at];
        rest = &rest[at..];
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| end);
        let known = end.and_then(|end| Some((end, entity(&rest[1..end])?)));
        match known {
            Some((end, c)) => {
                plain.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain + rest
}

fn entity(name: &str) -> Option<char> {
    let known = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("middot", '·'),
        ("ensp", ' '),
        ("emsp", ' '),
    ];
    known.into_iter().find(|(known, _)| *known == name).map(|(_, c)| c).or_else(|| referenced(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(text: &str) -> Vec<String> {
        let row = |row: &Row| row.cells.iter().map(|(at, _)| row.text(*at)).collect::<Vec<_>>().join(",");
        let table = |table: &Table| table.rows.iter().map(row).collect::<Vec<_>>().join("|");
        read(text).expect("is read").iter().map(table).collect()
    }

    #[test]
    fn a_table_in_a_cell_ends_no_other() {
        let list = |remark: &str| {
            format!("<table><tr><td>学号<td>备注</tr><tr><td>1001<td>{remark}</td></tr><tr><td>1002<td>x</tr></table>")
        };
        let inner = "见<table><tr><td>a</td><td>b</td></tr></table>下";
        assert_eq!(tables(&list(inner)), ["学号,备注|1001,见 a b下|1002,x"]);
        assert_eq!(tables(&list("<table><tr><td>a<tr><td>b</table>")), ["a|b", "学号,备注|1001|1002,x"]);
        assert_eq!(tables(&format!("<table><tr><td>{}</table>", list("y"))), ["学号,备注|1001,y|1002,x"]);
        assert_eq!(tables("<table><tr><td>a<table><tr><td>b<tr><td>c</td>"), ["b|c", "a"]);
    }

    #[test]
    fn rows_that_a_browser_does_not_show_are_hidden_ones() {
        let page = "<table><tr><td>a</tr><tr style='mso-yfti-irow:1; display: none'><td>b</tr><tr><td>c<tr style=display:none><td>d</table>";
        let hidden = read(page).expect("is read")[0].rows.iter().map(|row| row.is_hidden).collect::<Vec<_>>();
        assert_eq!(hidden, [false, true, false, true]);
    }

    #[test]
    fn a_number_that_is_shown_shortened_is_read_whole() {
        let page = "<table><tr><td x:num=\"20210001\">2.02E+07<td x:num>12<td x:num=\"0.5\">50%<td>2.02E+07</table>";
        assert_eq!(tables(page), ["20210001,12,50%,2.02E+07"]);
    }

    #[test]
    fn cells_that_a_page_shows_in_many_rows_count_in_each() {
        let spans = format!("<td rowspan=65000>{}", "张".repeat(1000)).repeat(40);
        let page = format!("<table><tr>{spans}{}</table>", "<tr><td>1".repeat(20_000));
        assert!(read(&page).expect_err("is too large")[0].zh.contains("太大"));
    }

    #[test]
    fn fields_of_a_form_are_read_by_what_is_filled_in() {
        let page = "<table><tr><td><input value=\"1001\"><td><input type='hidden' value='7'><input type=\"text\" value='张三'></table>";
        assert_eq!(tables(page), ["1001,张三"]);
    }

    #[test]
    fn lines_of_a_cell_stay_apart_and_those_of_the_source_do_not() {
        for break_line in ["<br>", "<br/>", " <BR style='mso-data-placement:same-cell'>\n", "</p><p>", "<div>"] {
            let page = format!("<table><tr><td>1001{break_line}1002<td>\n  Mary\n  Jane<br></table>");
            assert_eq!(tables(&page), ["1001\n1002,Mary Jane"], "{break_line}");
        }
    }

    #[test]
    fn no_quote_and_no_sign_takes_students_along() {
        for cell in ["<td alt=O'Brien>", "<td alt=\"x>", "<td title=5\">", "<td alt = 'a>b' x=\">\">", "<td style=''>"]
        {
            let page = format!("<table><tr><td>1001<td>a<tr>{cell}1002<td>b<tr><td>1003<td>c</table>");
            assert_eq!(tables(&page), ["1001,a|1002,b|1003,c"], "{cell}");
        }
        assert_eq!(tables("<table><tr><td>1001</td><td>a <60 < b</td><td>c<tr><td>1002"), ["1001,a <60 < b,c|1002"]);
    }

    #[test]
    fn a_page_that_is_cut_off_keeps_its_last_cell() {
        for end in ["", "</t", "<!-- ", " "] {
            assert_eq!(tables(&format!("<table><tr><td>1001<td>张三{end}")), ["1001,张三"], "{end}");
        }
    }
}
