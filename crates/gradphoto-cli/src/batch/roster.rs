//! The list of students: CSV as Excel and student systems write it, or XLSX.

use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use calamine::{Data, Reader};
use encoding_rs::{Encoding, GB18030, UTF_8};
use gradphoto::batch::{Field, Roster, Student};

/// The row with the heads is looked for among this many: titles often stand above it.
const HEAD_ROWS: usize = 20;

/// A cell's text, or why it cannot be trusted.
type Cell = Result<String, &'static str>;

/// Rows of cells with their number in the file, from 1.
type Rows = Vec<(usize, Vec<Cell>)>;

/// Reads a roster.
///
/// # Errors
/// Each names file, row and column where it has them, and the cure.
pub fn read(path: &Path) -> anyhow::Result<Roster> {
    let shown = path.display();
    let tables = if is_workbook(path) { workbook(path)? } else { vec![csv(path)?] };
    let mut best: Option<(Head, &Rows)> = None;
    for rows in &tables {
        let Some(head) = Head::find(rows).with_context(|| format!("roster {shown}"))? else { continue };
        if best.as_ref().is_none_or(|(known, _)| head.columns.len() > known.columns.len()) {
            best = Some((head, rows));
        }
    }
    let Some((head, rows)) = best else {
        let keys = Field::KEYS.map(|field| field.heads()[0]).join(" ");
        bail!(
            "roster {shown}: none of its first {HEAD_ROWS} rows names a column that photos can be found by; name one of {keys}"
        );
    };
    let students =
        rows[head.place + 1..].iter().filter(|(_, cells)| cells.iter().any(|cell| cell != &Ok(String::new())));
    let students = students.map(|(row, cells)| student(*row, cells, &head.columns)).collect::<anyhow::Result<Vec<_>>>();
    let students = students.with_context(|| format!("roster {shown}"))?;
    if students.is_empty() {
        bail!("roster {shown}: there is no student below the heads in row {}", rows[head.place].0);
    }
    Ok(Roster::new(students))
}

fn is_workbook(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    ["xlsx", "xlsm", "xlsb", "xls", "ods"].iter().any(|known| extension == *known)
}

/// The row that names the columns.
struct Head {
    /// Its place among the rows.
    place: usize,
    /// The columns that it names, in their order.
    columns: Vec<(usize, Field)>,
}

impl Head {
    /// The first of the rows with most known heads; `None` where none names a key.
    fn find(rows: &Rows) -> anyhow::Result<Option<Head>> {
        let known = |cells: &[Cell]| {
            let field = |(column, cell): (usize, &Cell)| Some((column, Field::of_head(cell.as_deref().ok()?)?));
            cells.iter().enumerate().filter_map(field).collect::<Vec<_>>()
        };
        let heads = rows.iter().take(HEAD_ROWS).map(|(_, cells)| known(cells)).enumerate();
        let heads = heads.filter(|(_, known)| known.iter().any(|(_, field)| Field::KEYS.contains(field)));
        let Some((place, columns)) = heads.rev().max_by_key(|(_, known)| known.len()) else { return Ok(None) };
        for (i, (column, field)) in columns.iter().enumerate() {
            if let Some((other, _)) = columns[..i].iter().find(|(_, earlier)| earlier == field) {
                let (row, name) = (rows[place].0, field.heads()[0]);
                bail!("row {row}: columns {} and {} both mean {name}; rename one", letters(*other), letters(*column));
            }
        }
        Ok(Some(Head { place, columns }))
    }
}

fn student(row: usize, cells: &[Cell], columns: &[(usize, Field)]) -> anyhow::Result<Student> {
    let mut student = Student::new(row);
    for (column, field) in columns {
        let Some(cell) = cells.get(*column) else { continue };
        let value = cell
            .as_deref()
            .map_err(|why| anyhow!("row {row}, column {} ({}): {why}", letters(*column), field.heads()[0]))?;
        student.set(*field, value);
    }
    if Field::KEYS.iter().all(|field| student.get(*field).is_empty()) {
        let keys = columns.iter().filter(|(_, field)| Field::KEYS.contains(field));
        let keys = keys.map(|(column, field)| format!("{} ({})", letters(*column), field.heads()[0]));
        bail!("row {row} names nobody: fill in column {}, or delete the row", keys.collect::<Vec<_>>().join(" or "));
    }
    Ok(student)
}

/// Name of a column as spreadsheets show it: A, B … Z, AA.
fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    if column < 26 { last.to_string() } else { letters(column / 26 - 1) + &last.to_string() }
}

fn csv(path: &Path) -> anyhow::Result<Rows> {
    let shown = path.display();
    let bytes = fs::read(path).with_context(|| format!("cannot read the roster {shown}"))?;
    let text = decoded(&bytes).with_context(|| {
        format!("roster {shown} is neither UTF-8 nor GBK text; save it from Excel as XLSX or as CSV UTF-8")
    })?;
    // The reader counts a line too few where lines end in two characters.
    let text = text.replace("\r\n", "\n");
    // Excel's own separator depends on the country; tabs come from copies out of web pages.
    let count =
        |separator: &u8| text.lines().take(HEAD_ROWS).map(|line| line.matches(char::from(*separator)).count()).max();
    let separator = *b",\t;".iter().rev().max_by_key(|separator| count(separator)).unwrap_or(&b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let rows = reader.records().map(|record| {
        let record = record?;
        let row = record.position().map_or(0, |position| position.line() as usize);
        Ok((row, record.iter().map(|cell| trusted(cell.trim())).collect()))
    });
    rows.collect::<Result<Rows, csv::Error>>().with_context(|| format!("cannot read the roster {shown}"))
}

/// The text of a file in UTF-8 or UTF-16 with a mark, else UTF-8, else GBK with its extension GB 18030.
pub fn decoded(bytes: &[u8]) -> Option<String> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encodings = marked.map_or(vec![UTF_8, GB18030], |encoding| vec![encoding]);
    let mut texts = encodings.into_iter().map(|encoding| encoding.decode(bytes));
    texts.find(|(_, _, is_broken)| !is_broken).map(|(text, ..)| text.into_owned()).filter(|text| !text.contains('\0'))
}

/// A text cell, unless a spreadsheet has shortened a long number to the like of 4.30102E+17.
fn trusted(cell: &str) -> Cell {
    let is_shortened = cell.split_once(['E', 'e']).is_some_and(|(head, exponent)| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        digits(head) && exponent.strip_prefix('+').is_some_and(digits)
    });
    if is_shortened { Err(SHORTENED) } else { Ok(cell.to_owned()) }
}

const SHORTENED: &str =
    "a long number was stored as a quantity and has lost digits; format the column as text and enter the numbers again";

fn workbook(path: &Path) -> anyhow::Result<Vec<Rows>> {
    let shown = path.display();
    let opened = calamine::open_workbook_auto(path);
    let mut book = opened.with_context(|| format!("cannot read the roster {shown}; save it again as XLSX"))?;
    let mut tables = Vec::new();
    for name in book.sheet_names() {
        let range =
            book.worksheet_range(&name).with_context(|| format!("cannot read sheet {name} of the roster {shown}"))?;
        let (first_row, first_column) = range.start().unwrap_or_default();
        let row = |(i, cells): (usize, &[Data])| {
            let before = std::iter::repeat_n(Ok(String::new()), first_column as usize);
            (first_row as usize + i + 1, before.chain(cells.iter().map(cell)).collect())
        };
        tables.push(range.rows().enumerate().map(row).collect());
    }
    Ok(tables)
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Float(number) if number.fract() == 0.0 && number.abs() >= 1e15 => Err(SHORTENED),
        Data::Float(number) if number.fract() == 0.0 => Ok(format!("{number:.0}")),
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, ..) = time.to_ymd_hms_milli();
            Ok(match (year, hour, minute) {
                // Excel's day 0: a time without a date.
                (..1901, hour, minute) => format!("{hour:02}:{minute:02}"),
                (_, 0, 0) => format!("{year}-{month:02}-{day:02}"),
                _ => format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}"),
            })
        }
        Data::Empty => Ok(String::new()),
        Data::Error(_) => Err("the cell holds an error of a formula; enter the value itself"),
        data => Ok(data.to_string().trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster(name: &str, bytes: &[u8]) -> anyhow::Result<Roster> {
        let folder = std::env::temp_dir().join(format!("gradphoto-roster-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let path = folder.join(name);
        fs::write(&path, bytes)?;
        read(&path)
    }

    const LIST: &str = "某某学院2026届毕业生名单,,,\n学院,班号,学号,姓 名\n计算机学院,软件1班,20210001,张三\n,,,\n外语学院,英语2班,20210002,李四\n";

    fn check(roster: &Roster) {
        let [a, b] = roster.students() else { panic!("two students") };
        assert_eq!((a.row, a.get(Field::Department), a.get(Field::Name)), (3, "计算机学院", "张三"));
        assert_eq!((b.row, b.get(Field::Class), b.get(Field::StudentNumber)), (5, "英语2班", "20210002"));
    }

    #[test]
    fn csv_is_read_in_every_encoding_that_offices_use() {
        check(&roster("utf8.csv", LIST.as_bytes()).unwrap());
        check(&roster("bom.csv", format!("\u{feff}{LIST}").as_bytes()).unwrap());
        check(&roster("gbk.csv", &GB18030.encode(LIST).0).unwrap());
        let utf16 = "\u{feff}".to_owned() + &LIST.replace(',', "\t");
        check(&roster("utf16.txt", &utf16.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap());
        check(&roster("semicolon.csv", LIST.replace(',', ";").as_bytes()).unwrap());
        check(&roster("crlf.csv", LIST.replace('\n', "\r\n").as_bytes()).unwrap());
    }

    #[test]
    fn a_workbook_is_read_wherever_the_list_stands() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "说明").unwrap();
        let sheet = book.add_worksheet();
        for (row, line) in LIST.lines().enumerate() {
            for (column, cell) in line.split(',').enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let at = (row as u32, column as u16 + 1);
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(at.0, at.1, number).unwrap(),
                    Err(_) => sheet.write(at.0, at.1, cell).unwrap(),
                };
            }
        }
        check(&roster("list.xlsx", &book.save_to_buffer().unwrap()).unwrap());
    }

    #[test]
    fn errors_name_row_column_and_cure() {
        let says = |name: &str, bytes: &[u8]| format!("{:#}", roster(name, bytes).unwrap_err());
        assert!(says("no-head.csv", "甲,乙\n1,2\n".as_bytes()).contains("name one of 证件号码 学号"));
        assert!(says("twice.csv", "学号,姓名,学生姓名\n1,2,3\n".as_bytes()).contains("columns B and C both mean 姓名"));
        let nobody = says("nobody.csv", "学号,班级\n1,2\n,3班\n".as_bytes());
        assert!(nobody.contains("row 3 names nobody") && nobody.contains("A (学号)"), "{nobody}");
        let lost = says("lost.csv", "姓名,身份证号\n张三,4.30102E+17\n".as_bytes());
        assert!(lost.contains("row 2, column B (证件号码)") && lost.contains("as text"), "{lost}");
        assert!(says("binary.csv", &[0xff, 0xfe, 0x00, 0xd8, 0x00, 0xd8]).contains("UTF-8"));
        assert!(says("empty.csv", "学号\n".as_bytes()).contains("no student"));
        assert!(says("broken.xlsx", b"PK not really").contains("save it again as XLSX"));
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "身份证号").unwrap().write(1, 0, 430_102_200_001_011_000.0).unwrap();
        assert!(says("lost.xlsx", &book.save_to_buffer().unwrap()).contains("row 2, column A"));
    }
}
