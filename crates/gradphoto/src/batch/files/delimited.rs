//! Text with a separator: CSV, TSV, and what copies out of web pages are.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::field::Field;
use super::super::students::has_head;
use super::super::table::{Cell, Row, Table};
use super::{CELL_BYTES_READ, CELLS_MAX, COLUMNS_MAX, HEAD_LINES, TOO_LARGE, parted};
use crate::text::Reason;

pub(super) fn read(text: &str) -> Result<Vec<Table>, Vec<Reason>> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    // Only where nothing else ends a line, for cells may hold these.
    let text = if text.contains('\n') { text } else { text.replace(['\u{2028}', '\u{2029}'], "\n") };
    // Excel writes the separator of a country into the first line.
    let named = text.strip_prefix("sep=").and_then(|rest| rest.chars().next()).filter(char::is_ascii);
    let separator = named.map_or_else(|| separator(&text), |named| named as u8);
    let text = evened(&text, separator);
    let text = without_blanks(&text, separator);
    let problems = quotes(&text, separator);
    if !problems.is_empty() && !is_sound(&text, separator) {
        return Err(problems);
    }
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let (mut count, mut beyond) = (0, 0);
    for record in reader.records() {
        let record = record.map_err(|error| {
            vec![Reason {
                zh: format!("读不了（{error}）；请用 Excel 另存为 XLSX。"),
                en: format!("cannot be read ({error}); save it from Excel as XLSX."),
            }]
        })?;
        let number = record.position().map_or(0, |position| position.line() as usize);
        if number == 1 && named.is_some() {
            continue;
        }
        beyond += record.iter().skip(COLUMNS_MAX).filter(|cell| !cell.trim().is_empty()).count();
        let cells = record.iter().take(COLUMNS_MAX).map(start).enumerate().filter(|(_, cell)| !cell.is_empty());
        let cells = cells.map(|(column, cell)| (column, Cell::Text(cell.into()))).collect::<Vec<_>>();
        count += cells.len();
        if count > CELLS_MAX {
            return Err(vec![Reason::from(TOO_LARGE)]);
        }
        if !cells.is_empty() {
            rows.push(Row { number, is_hidden: false, cells });
        }
    }
    let table = Table { rows, beyond, ..Table::default() };
    let other = if has_head(&table) { None } else { parted::read(&text) };
    other.unwrap_or_else(|| Ok(vec![table]))
}

/// As much of a cell as is read.
fn start(cell: &str) -> &str {
    cell[..cell.floor_char_boundary(CELL_BYTES_READ)].trim()
}

/// Quotes count at the beginning of a cell alone; people leave a blank before them: `1001, "张, 三"`.
fn without_blanks(text: &str, separator: u8) -> Cow<'_, str> {
    let separated = |blanks: &str| format!("{}{blanks}\"", char::from(separator));
    let plain = text.replace(&separated(" "), &separated(""));
    let is_better = plain.len() < text.len() && quotes(&plain, separator).is_empty();
    if is_better { plain.into() } else { text.into() }
}

/// Some commas of a line are typed in full width: those too part its cells where it has as many as the first line of heads then.
fn evened(text: &str, separator: u8) -> Cow<'_, str> {
    let counts = |line: &str| (line.matches(',').count(), line.matches('，').count());
    let heads = text.lines().take(HEAD_LINES).find(|line| line.split(',').filter(|cell| is_head(cell)).count() > 1);
    let Some((columns, _)) = heads.map(counts).filter(|_| separator == b',' && text.contains('，')) else {
        return text.into();
    };
    let even = |line: &str| match counts(line) {
        (narrow, wide) if wide > 0 && narrow + wide == columns && !line.contains('"') => line.replace('，', ","),
        _ => line.to_owned(),
    };
    text.split('\n').map(even).collect::<Vec<_>>().join("\n").into()
}

/// The mark that parts the heads of most columns; in a file without heads the one that a line has most often. Excel's own depends on
/// the country, tabs come out of web pages, and some systems end every cell with a tab to keep its digits.
fn separator(text: &str) -> u8 {
    let counts = |separator: &u8| {
        let separator = char::from(*separator);
        let lines = text.lines().take(HEAD_LINES);
        let known = lines.clone().map(|line| line.split(separator).filter(|cell| is_head(cell)).count());
        (known.max(), lines.map(|line| line.matches(separator).count()).max())
    };
    *b"|;\t,".iter().max_by_key(|separator| counts(separator)).unwrap_or(&b',')
}

fn is_head(cell: &str) -> bool {
    let cell = cell.trim_matches(['"', ' ', '\t', '\u{feff}']);
    cell.len() < 100 && !cell.contains(['|', ';', '\t', ',']) && Field::of_head(cell).is_some()
}

/// Rows whose quotes do not close where a cell ends: one lone quote would swallow the rows behind it.
fn quotes(text: &str, separator: u8) -> Vec<Reason> {
    let mut problems = Vec::new();
    let (mut line, mut column, mut start) = (1, 0, true);
    let mut opened: Option<(usize, usize)> = None;
    let mut holds_break = false;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (opened, byte) {
            (Some(at), b'"') => {
                if bytes.next_if_eq(&b'"').is_some() {
                    continue;
                }
                let is_end = bytes.peek().is_none_or(|next| *next == separator || *next == b'\n' || *next == b' ');
                if !is_end {
                    problems.push(lone(at));
                    // The quote that was taken for the end begins another cell; what it swallowed is told once.
                    if problems.len() >= 20 {
                        return problems;
                    }
                }
                opened = None;
            }
            (Some(at), byte) => {
                holds_break |= byte == b'\n';
                // A cell with line breaks is fine, one with breaks and separators has swallowed rows.
                if holds_break && byte == separator && !matches!(separator, b' ') {
                    problems.push(lone(at));
                    opened = None;
                    holds_break = false;
                }
            }
            (None, b'"') if start => (opened, holds_break) = (Some((line, column)), false),
            (None, _) => {}
        }
        start = opened.is_none() && (byte == separator || byte == b'\n');
        if byte == b'\n' {
            (line, column) = (line + 1, 0);
        } else if byte == separator && opened.is_none() {
            column += 1;
        }
    }
    problems.extend(opened.map(lone));
    problems
}

/// Whether every quote closes where its cell ends, and no cell with line breaks and separators looks like rows that a lone quote has
/// swallowed: its row has as many columns as the others, and none of its lines is a row of its own.
fn is_sound(text: &str, separator: u8) -> bool {
    let Some(rows) = cells(text, separator) else { return false };
    let mut counts = HashMap::<usize, usize>::new();
    for row in rows.iter().filter(|row| row.len() > 1) {
        *counts.entry(row.len()).or_default() += 1;
    }
    let columns =
        counts.into_iter().max_by_key(|(columns, count)| (*count, *columns)).map_or(1, |(columns, _)| columns);
    let is_whole = |row: &Vec<&str>, at: usize| {
        let lines = row[at].split('\n').map(|line| 1 + line.bytes().filter(|byte| *byte == separator).count());
        let lines = lines.collect::<Vec<_>>();
        let [first, between @ .., last] = &lines[..] else { return true };
        // What stands before the first break would end a row, what stands behind the last one begin another.
        let is_cut = at + first == columns && *last == at + 1;
        lines.iter().all(|count| *count == 1) || row.len() == columns && !is_cut && !between.contains(&columns)
    };
    rows.iter().all(|row| (0..row.len()).filter(|at| row[*at].starts_with('"')).all(|at| is_whole(row, at)))
}

/// The cells of each row as written, with their quotes; `None` where a quote does not close at the end of its cell.
fn cells(text: &str, separator: u8) -> Option<Vec<Vec<&str>>> {
    let bytes = text.as_bytes();
    let is_end = |at: usize| bytes.get(at).is_none_or(|byte| *byte == separator || *byte == b'\n');
    let mut rows = vec![Vec::new()];
    let mut start = 0;
    loop {
        let mut end = start;
        if bytes.get(start) == Some(&b'"') {
            end = closing(bytes, start)? + 1;
            while bytes.get(end) == Some(&b' ') {
                end += 1;
            }
            if !is_end(end) {
                return None;
            }
        }
        while !is_end(end) {
            end += 1;
        }
        rows.last_mut()?.push(&text[start..end]);
        match bytes.get(end) {
            None => return Some(rows),
            Some(b'\n') => rows.push(Vec::new()),
            Some(_) => {}
        }
        start = end + 1;
    }
}

/// Where the quote closes that opens here.
fn closing(bytes: &[u8], opening: usize) -> Option<usize> {
    let mut at = opening + 1;
    loop {
        at += bytes[at..].iter().position(|byte| *byte == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

fn lone((line, column): (usize, usize)) -> Reason {
    let column = super::super::table::letters(column);
    Reason {
        zh: format!("第{line}行{column}列的引号没有成对，后面的行会被并入这一格；请删去或补上引号。"),
        en: format!(
            "row {line}, column {column}: a quotation mark is not closed and would swallow the rows below; delete it or close it."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_behind_a_blank_are_no_part_of_a_name() {
        let tables = read("学号, \"姓名\"\n1001, \"张三\"\n1002, 李\"四\"\n").expect("is read");
        assert_eq!(tables[0].rows.iter().map(|row| row.text(1)).collect::<Vec<_>>(), ["姓名", "张三", "李\"四\""]);
        let tables = read("学号, \"姓名\"\n1001, \"张, 三\"\n").expect("is read");
        assert_eq!(tables[0].rows[1].text(1), "张, 三");
        let tables = read("学号,姓名\n1001, \"张\"三\n1002,李四\n").expect("is read");
        assert_eq!(tables[0].rows.len(), 3, "a quote within a cell swallows no rows");
    }

    #[test]
    fn of_a_cell_of_millions_of_characters_a_page_is_read() {
        let tables =
            read(&format!("学号,姓名,备注\n1001,张三,{}\n1002,李四,好\n", "很".repeat(1 << 20))).expect("is read");
        let rows = tables[0].rows.iter().map(|row| (row.text(1), row.text(2).len())).collect::<Vec<_>>();
        assert_eq!(rows, [("姓名", 6), ("张三", CELL_BYTES_READ / 3 * 3), ("李四", 3)]);
    }

    #[test]
    fn lines_end_however_a_program_ends_them() {
        for end in ["\n", "\r\n", "\r", "\u{2028}", "\u{2029}"] {
            let tables = read(&["学号,姓名", "1001,张三", "1002,李四"].join(end)).expect("is read");
            assert_eq!(tables[0].rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3], "{end:?}");
        }
        let tables = read("学号,备注,姓名\n1001,甲\u{2028}乙,张三\n").expect("is read");
        assert_eq!(tables[0].rows[1].text(2), "张三", "a sign within a cell ends no row");
    }

    #[test]
    fn commas_in_full_width_part_cells_where_the_heads_say_so() {
        let list = "学号,姓名,备注\n1001，张三，好\n1002，李四,好\n1003,王五,好，很好\n1004,\"赵，六\"\n";
        let tables = read(list).expect("is read");
        let rows = tables[0].rows.iter().map(|row| [0, 1, 2].map(|at| row.text(at)).join("|")).collect::<Vec<_>>();
        assert_eq!(rows[1..], ["1001|张三|好", "1002|李四|好", "1003|王五|好，很好", "1004|赵，六|"]);
    }
}
