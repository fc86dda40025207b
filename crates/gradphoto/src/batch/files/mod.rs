//! Files of rosters and decisions: what a clerk's spreadsheet, an office package or a school's own system writes. What a file
//! is shows in its bytes; its name may lie.

mod decisions;
mod delimited;
mod docx;
mod html;
mod number_format;
mod ods;
mod package;
mod parted;
mod photo_list;
mod spreadsheet_xml;
mod xls;
mod xlsb;
mod xlsx;

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::decision::Decided;
use super::order::ListedPhoto;
use super::roster::Roster;
use super::schedule::Schedule;
use super::students::{self, Reading, students};
use super::table::{COLUMNS_MAX, Merge, Row, Table};
use crate::text::{Language, Reason, Text, text};

/// A file may have so many bytes.
const FILE_BYTES_MAX: u64 = 512 << 20;
/// So many cells that hold something are read: a school of a hundred thousand in forty columns.
const CELLS_MAX: usize = 4_000_000;
/// So many bytes of a cell are read, for no name, number or remark has more; XLSX has a bound of its own.
const CELL_BYTES_READ: usize = 4096;
/// So many problems are told.
const PROBLEMS_MAX: usize = 30;
/// Heads, and what separates them, are looked for in so many lines of a text.
const HEAD_LINES: usize = 60;

/// Everything that keeps a roster or a file of decisions from being read, all at once.
#[derive(Debug)]
pub struct TableError {
    path: PathBuf,
    problems: Vec<Reason>,
    source: Option<std::io::Error>,
}

impl TableError {
    /// What [`Roster::from_bytes`] says of the bytes of this file.
    pub fn new(path: &Path, problems: Vec<Reason>) -> TableError {
        TableError { path: path.to_owned(), problems, source: None }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong and what to do, a sentence each.
    pub fn problems(&self) -> &[Reason] {
        &self.problems
    }

    /// The whole in one language: the file, then a line for each problem where there are several.
    pub fn message(&self, language: Language) -> String {
        let path = self.path.display();
        let told = self.problems.iter().take(PROBLEMS_MAX).map(|problem| problem.get(language)).collect::<Vec<_>>();
        let mut message = match (&told[..], language) {
            ([one], Language::Zh) => format!("{path}：{one}"),
            ([one], Language::En) => format!("{path}: {one}"),
            (_, Language::Zh) => format!("{path} 有{}处问题：\n    {}", self.problems.len(), told.join("\n    ")),
            (_, Language::En) => format!("{path} has {} problems:\n    {}", self.problems.len(), told.join("\n    ")),
        };
        if let Some(more) = self.problems.len().checked_sub(PROBLEMS_MAX).filter(|more| *more > 0) {
            message += &match language {
                Language::Zh => format!("\n    还有{more}处"),
                Language::En => format!("\n    and {more} more"),
            };
        }
        message
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::En))
    }
}

impl std::error::Error for TableError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

impl Roster {
    /// Reads a roster: XLSX, XLSM, XLSB, XLS, ODS, SpreadsheetML, HTML, the tables of DOCX, or text with commas, tabs or semicolons
    /// (or what else plainly parts its columns, as blanks) in UTF-8, UTF-16 or GBK. All visible sheets with heads are read; what was
    /// read is told beside.
    ///
    /// # Errors
    /// Every problem of the file at once, each with row, column and cure where it has them.
    pub fn read(path: impl AsRef<Path>) -> Result<Roster, TableError> {
        Roster::read_with(path).map(|(roster, _)| roster)
    }

    /// As [`Roster::read`], with a word on every sheet, column and row.
    ///
    /// # Errors
    /// As [`Roster::read`].
    pub fn read_with(path: impl AsRef<Path>) -> Result<(Roster, Reading), TableError> {
        read(path, Roster::from_bytes)
    }

    /// As [`Roster::read_with`], from the bytes of a file.
    ///
    /// # Errors
    /// Every problem at once.
    ///
    /// ```
    /// use gradphoto::Roster;
    /// use gradphoto::batch::{Field, Match};
    ///
    /// let file = "班级,学号,姓名\n软件1班,20210001,张三\n软件1班,20210002,李四\n";
    /// let (roster, _) = Roster::from_bytes(file.as_bytes()).expect("a roster");
    /// assert_eq!(roster.students()[1].get(Field::Name), "李四");
    /// assert_eq!(roster.find("20210001", &[]), Match::One(0));
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<(Roster, Reading), Vec<Reason>> {
        let tables = tables(bytes)?;
        let is_torn = || {
            tables.iter().flat_map(|table| &table.rows).any(Row::is_garbled) && !tables.iter().any(students::has_head)
        };
        let (students, reading) =
            students(&tables).map_err(|why| if is_torn() { vec![Reason::from(MIXED)] } else { why })?;
        Ok((Roster::new(students), reading))
    }
}

impl Schedule {
    /// Reads when and where departments and classes are photographed, from a file of any kind that rosters have.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(path: impl AsRef<Path>) -> Result<Schedule, TableError> {
        read(path, |bytes| Schedule::of_tables(&tables(bytes)?))
    }
}

impl Decided {
    /// Reads a file of decisions as the page exports it, a row a photo.
    ///
    /// # Errors
    /// Every problem of the file at once, with lines and cures.
    pub fn read(path: impl AsRef<Path>) -> Result<Vec<Decided>, TableError> {
        read(path, decisions::read)
    }
}

impl ListedPhoto {
    /// Reads a list of photos and students, with heads or without, from a file of any kind that rosters have.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(path: impl AsRef<Path>) -> Result<Vec<ListedPhoto>, TableError> {
        read(path, |bytes| Ok(photo_list::listed(&tables(bytes)?)))
    }
}

/// What the bytes of a file hold.
fn read<T>(path: impl AsRef<Path>, of: impl FnOnce(&[u8]) -> Result<T, Vec<Reason>>) -> Result<T, TableError> {
    let path = path.as_ref();
    let unread = |source: std::io::Error| {
        let Reason { zh, en } = Reason::of_system(&source);
        let problem = Reason { zh: format!("打不开：{zh}。"), en: format!("cannot be read: {en}.") };
        TableError { path: path.to_owned(), problems: vec![problem], source: Some(source) }
    };
    let refused = |why: Text| TableError::new(path, vec![Reason::from(why)]);
    let file = fs::File::open(path).map_err(unread)?;
    let about = file.metadata().map_err(unread)?;
    // A pipe is read but once, a device without end; a folder says so itself.
    if !about.is_file() && !about.is_dir() {
        return Err(refused(NO_FILE));
    }
    let mut bytes = Vec::new();
    // Some files are longer than they say.
    if about.len() <= FILE_BYTES_MAX {
        file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unread)?;
    }
    if about.len().max(bytes.len() as u64) > FILE_BYTES_MAX {
        return Err(refused(TOO_LARGE));
    }
    of(&bytes).map_err(|why| TableError::new(path, why))
}

/// Writes merged cells into all their rows.
fn merged(table: &mut Table, merges: Vec<Merge>) -> Result<(), Reason> {
    if table.merge_all(merges, CELLS_MAX) > CELLS_MAX { Err(Reason::from(TOO_LARGE)) } else { Ok(()) }
}

/// The tables of a file by what its bytes are.
fn tables(bytes: &[u8]) -> Result<Vec<Table>, Vec<Reason>> {
    let starts = |mark: &[u8]| bytes.starts_with(mark);
    let one = |why: Text| Err(vec![Reason::from(why)]);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return one(EMPTY);
    }
    if starts(b"PK\x03\x04") {
        return packed(bytes).unwrap_or_else(|| one(OTHER_PACKAGE));
    }
    // The container of Office, and bare sheets of Excel 2 to 5 in the order of their age.
    if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        || [&b"\x09\0\x04\0"[..], b"\x09\x02\x06\0", b"\x09\x04\x06\0", b"\x09\x08\x08\0", b"\x09\x08\x10\0"]
            .into_iter()
            .any(starts)
    {
        return xls::read(bytes);
    }
    let binary = [
        (&b"%PDF"[..], PDF),
        (b"\xff\xd8\xff", PICTURE),
        (b"\x89PNG", PICTURE),
        (b"Rar!", ARCHIVE),
        (b"7z\xbc\xaf", ARCHIVE),
        (b"\0\x01\0\0Standard ", DATABASE),
        // Older exchange formats: SYLK and DIF.
        (b"ID;P", OLD_TABLE),
        (b"TABLE\r\n0,1", OLD_TABLE),
    ];
    if let Some((_, why)) = binary.into_iter().find(|(mark, _)| starts(mark)) {
        return one(why);
    }
    if is_dbase(bytes) {
        return one(DATABASE);
    }
    let texts = decoded(bytes);
    let Some(text) = texts.first() else { return one(NO_TEXT) };
    let start = text.trim_start().chars().take(4096).collect::<String>().to_lowercase();
    if start.starts_with("mime-version:") {
        return one(WEB_ARCHIVE);
    }
    if start.starts_with("<?xml")
        && start.contains("urn:schemas-microsoft-com:office:spreadsheet")
        && !start.contains("<html")
    {
        return spreadsheet_xml::read(text);
    }
    if start.starts_with("<?xml") && start.contains("urn:oasis:names:tc:opendocument") {
        return ods::read_flat(text);
    }
    if start.starts_with('<')
        && ["<html", "<table", "<!doctype html", "<body", "<meta", "<head"].iter().any(|tag| start.contains(tag))
    {
        return html::read(text);
    }
    // Bytes that may be GBK and Big5 are what gives heads.
    let has_head = |text: &&String| delimited::read(text).is_ok_and(|tables| tables.iter().any(students::has_head));
    let text = if texts.len() > 1 { texts.iter().find(has_head).unwrap_or(text) } else { text };
    delimited::read(text)
}

/// XLSX, XLSB, ODS and DOCX are packages; `None` where one is none of them.
fn packed(bytes: &[u8]) -> Option<Result<Vec<Table>, Vec<Reason>>> {
    let Ok(mut package) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return Some(Err(vec![Reason::from(BROKEN)]));
    };
    xlsx::read(&mut package)
        .or_else(|| xlsb::read(&mut package))
        .or_else(|| ods::read(&mut package))
        .or_else(|| docx::read(&mut package))
}

/// Whether this is a table of dBase or FoxPro, as registers of students are still handed on: its kind, a date, and a head of
/// whole fields.
fn is_dbase(bytes: &[u8]) -> bool {
    let Some(head) = bytes.first_chunk::<32>() else { return false };
    let length = usize::from(u16::from_le_bytes([head[8], head[9]]));
    matches!(head[0], 0x02 | 0x03 | 0x30 | 0x31 | 0x83 | 0x8b | 0xf5)
        && (1..=12).contains(&head[2])
        && (1..=31).contains(&head[3])
        && (bytes.get(length.wrapping_sub(1)) == Some(&0x0d) || length > 263 && bytes.get(length - 264) == Some(&0x0d))
}

/// What the text of a file may be: UTF-8 or UTF-16 with a mark or without, GBK with its extension GB 18030, Big5; where some
/// system has cut characters in half, with signs in their place. Nothing where it is no text.
fn decoded(bytes: &[u8]) -> Vec<String> {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let zeros = |parity: usize| bytes.iter().skip(parity).step_by(2).take(2048).filter(|byte| **byte == 0).count();
    let guessed = match (zeros(0), zeros(1)) {
        (0, 1..) => Some(UTF_16LE),
        (1.., 0) => Some(UTF_16BE),
        _ => None,
    };
    let encodings = marked.or(guessed).map_or(vec![UTF_8, GB18030, BIG5], |encoding| vec![encoding]);
    // Some programs fill the end of a file with zeros.
    let plain = |(text, encoding, is_broken): (Cow<'_, str>, _, _)| {
        (text.trim_end_matches('\0').to_owned(), encoding, is_broken)
    };
    let texts = encodings.into_iter().map(|encoding| plain(encoding.decode(bytes)));
    let (mut whole, mut torn) = (Vec::new(), Vec::new());
    for (text, encoding, is_broken) in texts.filter(|(text, ..)| !text.contains('\0')) {
        if !is_broken {
            whole.push(text);
            if encoding != GB18030 {
                break;
            }
        } else if encoding != BIG5 {
            torn.push(text);
        }
    }
    if whole.is_empty() {
        let lost = |text: &str| text.matches('\u{fffd}').count();
        let best = torn.into_iter().min_by_key(|text| lost(text));
        whole.extend(best.filter(|text| 20 * lost(text) <= text.chars().count()));
    }
    whole
}

const EMPTY: Text = text("文件是空的。", "the file is empty.");
const NO_FILE: Text = text(
    "不是普通文件（是管道或设备）；请先存为文件。",
    "no plain file but a pipe or a device; save it as a file first.",
);
const TOO_LARGE: Text = text(
    "表格太大，读不了；请删去多余的行列，或另存为 XLSX。",
    "the table is too large to be read; delete rows and columns that are not needed, or save it as XLSX.",
);
const OTHER_PACKAGE: Text = text(
    "不是表格文件（可能是 Numbers 文件或压缩包）；请另存为 XLSX。",
    "not a spreadsheet (perhaps a Numbers document or an archive); save it as XLSX.",
);
const PDF: Text = text("是 PDF 文件；请改用 XLSX 或 CSV 名册。", "a PDF; use the roster as XLSX or CSV.");
const PICTURE: Text = text("是图片；请改用 XLSX 或 CSV 名册。", "a picture; use the roster as XLSX or CSV.");
const ARCHIVE: Text = text("是压缩包；请先解压。", "an archive; unpack it first.");
const DATABASE: Text = text(
    "是数据库文件（DBF、MDB）；请用 Excel 或 WPS 打开后另存为 XLSX。",
    "a database (DBF, MDB); open it in Excel or WPS and save it as XLSX.",
);
const OLD_TABLE: Text = text(
    "是旧式交换文件（SLK、DIF）；请用 Excel 或 WPS 打开后另存为 XLSX。",
    "an old exchange file (SLK, DIF); open it in Excel or WPS and save it as XLSX.",
);
const PASSWORD: Text = text("文件有密码；请另存一份不加密的。", "the file has a password; save a copy without one.");
const WORD: Text = text(
    "是没有表格的 Word 文档；请改用 XLSX、CSV 名册，或含名册表格的 DOCX。",
    "a Word document without a table; use the roster as XLSX, CSV, or a DOCX with its table.",
);
const OLD_WORD: Text = text(
    "是旧版 Word 文档（DOC）；请用 Word 或 WPS 打开后另存为 DOCX，或把表格复制到 Excel 中存为 XLSX。",
    "an old Word document (DOC); save it from Word as DOCX, or copy its table into a spreadsheet.",
);
const WEB_ARCHIVE: Text = text(
    "是单个文件网页；请用 Excel 或 WPS 打开后另存为 XLSX。",
    "a web archive; open it in Excel or WPS and save it as XLSX.",
);
const NO_TEXT: Text = text(
    "不是表格，也不是 UTF-8、UTF-16 或 GBK 文本；请用 Excel 另存为 XLSX。",
    "neither a spreadsheet nor UTF-8, UTF-16 or GBK text; save it from Excel as XLSX.",
);
const MIXED: Text = text(
    "文字编码已损坏或混杂（有的行是 UTF-8，有的行是 GBK）；请回到原来的表格，另存为 XLSX。",
    "its encoding is damaged or mixed (some lines are UTF-8, others GBK); go back to the original spreadsheet and save it as XLSX.",
);
const BROKEN: Text = text(
    "文件已损坏，读不了；请用 Excel 或 WPS 打开后另存为 XLSX。",
    "the file is damaged; open it in Excel or WPS and save it as XLSX.",
);

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::field::Field;
    use super::super::roster::Match;
    use super::*;

    fn case(name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases").join(name);
        let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let is_roster = |path: &PathBuf| path.file_stem().is_some_and(|stem| stem == "名册");
        files.map(|file| file.expect("is listed").path()).find(is_roster).expect("a case has a roster")
    }

    /// Whom each photo of a case means, by 学号, and all that was told of the roster.
    fn read(name: &str) -> (Vec<(String, String)>, String) {
        let roster = case(name);
        let (read, reading) = Roster::read_with(&roster).unwrap_or_else(|error| panic!("{name}: {error}"));
        let photos = fs::read(roster.with_file_name("photos.txt")).expect("a case lists photos");
        let lines = photos.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(as_shown);
        let found = lines.map(|line| {
            let line = line.trim_end_matches('\r');
            let path = Path::new(line.strip_prefix("p/").unwrap_or(line));
            let folders =
                path.parent().into_iter().flat_map(Path::iter).map(|part| part.to_string_lossy().into_owned());
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let who = match read.find(&stem, &folders.collect::<Vec<_>>()) {
                Match::One(place) => read.students()[place].get(Field::StudentNumber).to_owned(),
                other => format!("{other:?}"),
            };
            (line.strip_prefix("p/").unwrap_or(line).to_owned(), who)
        });
        let lines = reading.lines().iter().map(|line| format!("{}\n{}\n", line.zh, line.en)).collect::<String>();
        (found.collect(), lines)
    }

    /// A path of these bytes as people read it.
    #[cfg(unix)]
    fn as_shown(path: &[u8]) -> String {
        use std::os::unix::ffi::OsStrExt;
        crate::photo::shown(Path::new(std::ffi::OsStr::from_bytes(path)))
    }

    #[cfg(not(unix))]
    fn as_shown(path: &[u8]) -> String {
        std::str::from_utf8(path).map_or_else(|_| GB18030.decode(path).0.into_owned(), str::to_owned)
    }

    fn refused(bytes: &[u8]) -> String {
        let problems = tables(bytes).and_then(|tables| students(&tables)).expect_err("is refused");
        problems.iter().map(|problem| format!("{}\n{}\n", problem.zh, problem.en)).collect()
    }

    fn accepted(bytes: &[u8]) -> (Vec<super::super::roster::Student>, String) {
        let read = tables(bytes).and_then(|tables| students(&tables));
        let (students, reading) = read.unwrap_or_else(|problems| panic!("{problems:?}"));
        (students, reading.lines().iter().map(|line| format!("{}\n", line.zh)).collect())
    }

    #[test]
    fn every_case_that_was_reported_is_read_right() {
        let all_by_number = |name: &str, count: usize| {
            let (found, told) = read(name);
            assert_eq!(found.len(), count, "{name}");
            for (photo, who) in found {
                let stem = Path::new(&photo).file_stem().unwrap_or_default().to_string_lossy().into_owned();
                assert_eq!(stem.trim_start_matches('0'), who.trim_start_matches('0'), "{name} {photo}: {told}");
            }
            told
        };
        assert!(all_by_number("roster-sheets-per-class", 3).contains("名册共3名学生"));
        assert!(all_by_number("roster-hidden-sheet", 1).contains("已隐藏，未读"));
        assert!(all_by_number("roster-footer", 1).contains("不是学生，未读"));
        assert!(
            all_by_number("roster-dup-row", 2).contains("第3行与第2行是同一名学生")
                || read("roster-dup-row").1.contains("第2行与第3行是同一名学生")
        );
        all_by_number("roster-stray-cell-XFD1048576", 1);
        all_by_number("roster-leading-zero-format", 2);
        all_by_number("roster-csv-float", 2);
        all_by_number("roster-csv-apostrophe", 1);
        all_by_number("roster-id-invisible", 2);
        all_by_number("roster-xlsx-named-xls", 1);
        assert!(all_by_number("roster-head-slash", 1).contains("院（系）→院系"));
        let merged = read("roster-merged-cells").0;
        assert_eq!(
            merged.iter().map(|(_, who)| who.as_str()).collect::<Vec<_>>(),
            ["20210001", "20210003", "20210002", "20210004"]
        );
        for (photo, number) in [("张三.jpg", "20210001"), ("李四.jpg", "20210002"), ("王五.jpg", "20210003")] {
            let found = read("roster-gbk-names").0;
            assert!(found.contains(&(photo.to_owned(), number.to_owned())), "{found:?}");
        }
        let old = all_by_number("roster-xls-formats", 2);
        for word in ["E身份证号：列被隐藏", "第3行：被隐藏", "位数已丢失", "“旧”：已隐藏，未读"]
        {
            assert!(old.contains(word), "{word}: {old}");
        }
        let open = all_by_number("roster-ods-two-heads", 2);
        assert!(open.contains("第2行为表头") && open.contains("E证件号码、F班级"), "{open}");
        assert_eq!(read("roster-kangxi-photo").0[0].1, "20210002");
        assert_eq!(read("roster-nfd-latin").0[0].1, "20210001");
        assert!(read("roster-iso-date-stu").0.iter().all(|(_, who)| who == "Nobody"));
        let nas = read("roster-nas-folders").0;
        assert!(nas.contains(&("20210001.jpg".to_owned(), "20210001".to_owned())));
        let weird = read("roster-weird-names").0;
        for photo in ["20210001.jpg ", "\u{202e}20210002.jpg", "😀20210003.jpg", "20210001.jpg.jpg"] {
            let who = &weird.iter().find(|(name, _)| name == photo).unwrap_or_else(|| panic!("{photo}: {weird:?}")).1;
            assert!(photo.contains(who.as_str()), "{photo}: {who}");
        }
        let quote = Roster::read(case("roster-unbalanced-quote")).expect_err("is refused");
        assert!(quote.message(Language::Zh).contains("第2行B列的引号没有成对"), "{}", quote.message(Language::Zh));
        let formula = Roster::read(case("roster-formula-nocache")).expect_err("is refused");
        assert!(formula.message(Language::Zh).contains("公式没有保存计算结果"), "{}", formula.message(Language::Zh));
        assert_eq!(formula.problems().len(), 2);
        let numbers = |name: &str| Roster::read(case(name)).expect("is read");
        for name in ["roster-csv-apostrophe", "roster-id-invisible"] {
            for student in numbers(name).students() {
                let number = student.get(Field::IdNumber);
                assert_eq!(
                    super::super::id_number::IdNumber::read(number),
                    super::super::id_number::IdNumber::Valid,
                    "{number}"
                );
            }
        }
    }

    const LIST: &str = "某某学院2026届毕业生名单,,,\n学院,班号,学号,姓 名\n计算机学院,软件1班,20210001,张三\n,,,\n外语学院,英语2班,20210002,李四\n";

    fn check(bytes: &[u8]) {
        let (students, told) = accepted(bytes);
        let [a, b] = &students[..] else { panic!("two students: {told}") };
        assert_eq!((a.row, a.get(Field::Department), a.get(Field::Name)), (3, "计算机学院", "张三"), "{told}");
        assert_eq!((b.row, b.get(Field::Class), b.get(Field::StudentNumber)), (5, "英语2班", "20210002"), "{told}");
    }

    #[test]
    fn text_is_read_in_every_encoding_and_separator_that_offices_use() {
        check(LIST.as_bytes());
        check(format!("\u{feff}{LIST}").as_bytes());
        check(&GB18030.encode(LIST).0);
        for (list, name) in
            [(LIST.to_owned(), "commas"), (LIST.replace(',', "\t"), "tabs"), (LIST.replace(',', ";"), "semicolons")]
        {
            check(list.as_bytes());
            check(list.replace('\n', "\r\n").as_bytes());
            for is_marked in [true, false] {
                let units = || {
                    is_marked
                        .then_some('\u{feff}')
                        .into_iter()
                        .chain(list.chars())
                        .collect::<String>()
                        .encode_utf16()
                        .collect::<Vec<_>>()
                };
                // Without a mark, zeros in digits and separators tell.
                check(&units().into_iter().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
                check(&units().into_iter().flat_map(u16::to_be_bytes).collect::<Vec<_>>());
            }
            assert!(!name.is_empty());
        }
        let quoted = LIST.replace("张三", "\"张三\"").replace("学院,班号", "\"学院\n（必填）\",\"班号\"");
        assert_eq!(accepted(quoted.as_bytes()).0.len(), 2);
    }

    #[test]
    fn tables_of_web_pages_are_read_under_the_name_of_a_workbook() {
        let html = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><style>td{mso-number-format:'\\@'}</style></head><body>
            <table border=1><tr><td colspan=4>名单 &amp; 说明</td></tr>
            <tr><th>学院</th><th>班级</th><th>学号</th><th>姓&nbsp;名</th></tr>
            <!-- <tr><td>x</td></tr> -->
            <tr><td rowspan=\"2\">计算机学院</td><td>软件1班</td><td style='mso-number-format:\"\\@\"'>020210001</td><td>张三<br></td></tr>
            <tr><td>软件1班</td><td>020210002</td><td>李&#22235;</td></tr></table></body></html>";
        for bytes in [html.as_bytes().to_vec(), GB18030.encode(html).0.into_owned()] {
            let (students, told) = accepted(&bytes);
            let rows = students
                .iter()
                .map(|s| [Field::Department, Field::StudentNumber, Field::Name].map(|f| s.get(f)).join(" "));
            assert_eq!(rows.collect::<Vec<_>>(), ["计算机学院 020210001 张三", "计算机学院 020210002 李四"], "{told}");
        }
        let xml = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>
            <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">
            <Worksheet ss:Name=\"软件1班\"><Table><Row><Cell><Data ss:Type=\"String\">学号</Data></Cell><Cell ss:Index=\"3\"><Data ss:Type=\"String\">姓名</Data></Cell></Row>
            <Row ss:Index=\"4\"><Cell><Data ss:Type=\"Number\">20210001</Data></Cell><Cell ss:Index=\"3\"><Data ss:Type=\"String\">张&amp;三</Data></Cell></Row></Table></Worksheet>
            <Worksheet ss:Name=\"去年\"><Table><Row><Cell><Data ss:Type=\"String\">学号</Data></Cell></Row><Row><Cell><Data ss:Type=\"String\">19990001</Data></Cell></Row></Table>
            <WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>";
        let (students, told) = accepted(xml.as_bytes());
        assert_eq!((students.len(), students[0].row, students[0].get(Field::Name)), (1, 4, "张&三"), "{told}");
        assert!(told.contains("“去年”：已隐藏"), "{told}");
    }

    #[test]
    fn what_is_no_table_is_refused_in_a_sentence() {
        for (bytes, word) in [
            (&b"%PDF-1.7"[..], "PDF"),
            (b"ID;PSCALC3\nC;X1;Y1;K\"x\"\n", "SLK"),
            (b"TABLE\r\n0,1\r\n\"EXCEL\"\r\n", "DIF"),
            (b"\xff\xd8\xff\xe0", "图片"),
            (b"PK\x03\x04 not really", "已损坏"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 torn", "已损坏"),
            (b"\0\x01\0\0Standard Jet DB", "数据库"),
            (&[&[3, 126, 11, 26, 1, 0, 0, 0, 65, 0, 10, 0][..], &[0; 52], &[13, b' ']].concat(), "数据库"),
            (b"MIME-Version: 1.0\nContent-Type: multipart/related", "网页"),
            (b"", "空"),
            (&[0xff, 0xfe, 0x00, 0xd8, 0x00, 0xd8], "UTF-8"),
            ("甲,乙\n1,2\n".as_bytes(), "证件号码 学号"),
            ("学号\n".as_bytes(), "没有一名学生"),
        ] {
            assert!(refused(bytes).contains(word), "{word}: {}", refused(bytes));
        }
    }

    #[test]
    #[cfg(unix)]
    fn what_goes_on_for_ever_is_refused() {
        let refused = Roster::read("/dev/zero").expect_err("is no table");
        assert!(refused.message(Language::Zh).contains("不是普通文件"), "{refused}");
    }

    #[test]
    fn heads_may_take_two_rows() {
        let list = "序号,学号,姓名,证件,,班级\n,,,类型,号码,\n1,20210001,张三,居民身份证,11010519491231002X,软件1班\n";
        let (students, told) = accepted(list.as_bytes());
        let values =
            [Field::StudentNumber, Field::Name, Field::IdNumber, Field::Class].map(|field| students[0].get(field));
        assert_eq!(values, ["20210001", "张三", "11010519491231002X", "软件1班"], "{told}");
        assert!(told.contains("第2行为表头") && !told.contains("没有表头的列"), "{told}");
        let noted = accepted("学号,姓名\n（必填）,（必填）\n20210001,张三\n".as_bytes()).0;
        assert_eq!(noted.len(), 1);
    }

    #[test]
    fn what_looks_odd_is_read_or_told_and_never_lost() {
        for (list, count, words) in [
            ("学号,姓名,专业,班级\n20210001,张三,软件,1班\n20210002,李四,计算机,网络,2班\n", 2, "第3行“E 2班”"),
            ("学号,姓名\n20210001,学生100\n", 1, "名册共1名学生"),
            ("姓名,备注\n张三,审核通过\n李四,说明已交\n合计,2\n制表人：王,\n", 2, "第4行“合计”、第5行“制表人：王”"),
            ("学号,姓名\n临20210001,张三\n待补,李四\n无,王五\n2021级软件1班,\n", 3, "第3行“A学号 待补”"),
            ("姓名,班级\n张三,1班\n张三,1班\n", 2, "第2行与第3行相同（张三）"),
            ("学号\t,姓名\t,班级\t\n20210001\t,张三\t,1班\t\n", 1, "A学号、B姓名、C班级"),
            ("学号,姓名,护照号\n20210001,张三,E12345678\n", 1, "C护照号→证件号码"),
        ] {
            let (students, told) = accepted(list.as_bytes());
            assert!(students.len() == count && told.contains(words), "{list}: {told}");
            assert!(students.iter().all(|student| !student.get(Field::Name).is_empty()), "{list}: {students:?}");
        }
        let big5 = BIG5.encode("學號,姓名,班級\n20210001,張三,1班\n").0;
        assert_eq!(accepted(&big5).0[0].get(Field::Name), "張三");
        let mut cut = GB18030.encode("学号,姓名,班级\n20210001,张三,1班\n20210002,李四,2班\n").0.into_owned();
        let half = cut.windows(2).position(|pair| pair == [0xcb, 0xc4]).expect("四");
        cut.remove(half + 1);
        let (students, told) = accepted(&cut);
        assert!(students.len() == 2 && told.contains("第3行“李\u{fffd}”：有读不出的字"), "{told}");
    }

    #[test]
    fn lists_below_and_beside_each_other_are_read_whole() {
        let numbers = |list: &str| {
            let (students, told) = accepted(list.as_bytes());
            let rows = students.iter().map(|s| format!("{}{}", s.get(Field::StudentNumber), s.get(Field::Class)));
            (rows.collect::<Vec<_>>().join(" "), told)
        };
        let (rows, told) =
            numbers("学号,姓名\n1001,张三\n1002,李四\n\n英语1班\n序号,学号,姓名,班级\n1,1003,王五,英1\n");
        assert_eq!(rows, "1001 1002 1003英1", "{told}");
        assert!(told.contains("第6行为表头，3名学生") && told.contains("第1行：另有表头"), "{told}");
        let notes = (0..70).map(|line| format!("填报说明第{line}条\n")).collect::<String>();
        assert_eq!(numbers(&format!("{notes}学号,姓名\n1001,张三\n1002,李四\n")).0, "1001 1002");
        // What the columns mean, one below the other, is no list of people.
        let (rows, told) =
            numbers("姓名,必填\n学号,必填，文本\n班级,选填\n学号,姓名,班级\n1001,张三,软1\n1002,李四,软1\n");
        assert_eq!(rows, "1001软1 1002软1", "{told}");
        assert_eq!(
            numbers("班级,学号,姓名,学号,姓名,备注\n软1,1001,张三,1002,李四,\n软1,1003,王五,,,\n").0,
            "1001软1 1002软1 1003软1"
        );
        let (rows, told) = numbers("学号,姓名,学号,姓名,班级\n1001,张三,1001,张三,软1\n");
        assert!(rows == "1001软1" && !told.contains("同一名"), "{rows} {told}");
        assert_eq!(numbers("学号,姓名,父亲姓名\n1001,张三,张大\n,完\n").0, "1001");
    }

    #[test]
    fn hidden_columns_and_far_cells_are_told_in_every_format() {
        let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
        let row = |cells: &[&str]| {
            format!("<table:table-row>{}</table:table-row>", cells.iter().map(|text| cell(text)).collect::<String>())
        };
        let far = "<table:table-row><table:table-cell table:number-columns-repeated=\"800\"/><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>";
        let merged = "<table:table-row><table:table-cell table:number-rows-spanned=\"2\"><text:p>1班</text:p></table:table-cell><table:table-cell><text:p>20210001</text:p></table:table-cell></table:table-row><table:table-row><table:covered-table-cell/><table:table-cell office:value-type=\"float\" office:value=\"20210002\"><text:p>020210002</text:p></table:table-cell></table:table-row>";
        let flat = format!(
            "<?xml version=\"1.0\"?><office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"><table:table table:name=\"名单\"><table:table-column/><table:table-column table:visibility=\"collapse\"/>{}{merged}{far}<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table></office:document>",
            row(&["班级", "学号"])
        );
        let (students, told) = accepted(flat.as_bytes());
        let rows = students.iter().map(|s| [Field::Class, Field::StudentNumber].map(|field| s.get(field)).join(" "));
        assert_eq!(rows.collect::<Vec<_>>(), ["1班 20210001", "1班 020210002"], "{told}");
        assert!(told.contains("B学号：列被隐藏") && told.contains("ZZ列以后还有1格"), "{told}");
        let xml = "<?xml version=\"1.0\"?><Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Styles><Style ss:ID=\"s1\"><NumberFormat ss:Format=\"00000000\"/></Style></Styles>
            <Worksheet ss:Name=\"名单\"><Table><Column/><Column ss:Hidden=\"1\"/><Row><Cell><Data ss:Type=\"String\">班级</Data></Cell><Cell><Data ss:Type=\"String\">学号</Data></Cell></Row>
            <Row><Cell ss:MergeDown=\"1\"><Data ss:Type=\"String\">1班</Data></Cell><Cell ss:StyleID=\"s1\"><Data ss:Type=\"Number\">2210001</Data></Cell></Row>
            <Row><Cell ss:StyleID=\"s1\"><Data ss:Type=\"Number\">2210002</Data></Cell></Row></Table></Worksheet></Workbook>";
        let (students, told) = accepted(xml.as_bytes());
        let rows = students.iter().map(|s| [Field::Class, Field::StudentNumber].map(|field| s.get(field)).join(" "));
        assert_eq!(rows.collect::<Vec<_>>(), ["1班 02210001", "1班 02210002"], "{told}");
        assert!(told.contains("B学号：列被隐藏"), "{told}");
    }

    #[test]
    fn who_is_struck_out_is_told_in_every_format() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/roster-struck-out");
        for name in ["名册.xlsx", "名册.xls", "名册.ods"] {
            let (students, told) = accepted(&fs::read(folder.join(name)).expect("is there"));
            assert_eq!(students.len(), 3, "{name}");
            assert!(told.contains("第3行、第4行：划了删除线"), "{name}: {told}");
        }
    }

    #[test]
    fn every_lost_number_and_lone_quote_is_told_at_once() {
        let lost = refused("姓名,身份证号\n张三,4.30102E+17\n李四,4.30103E+17\n王五,2021-3-1\n".as_bytes());
        assert!(["第2行B列", "第3行B列", "第4行B列", "日期"].iter().all(|word| lost.contains(word)), "{lost}");
        // Where another number is whole, the row is read and told.
        let (students, told) = accepted("学号,姓名,身份证号\n20210001,张三,4.30102E+17\n".as_bytes());
        assert!(
            students.len() == 1 && students[0].get(Field::IdNumber).is_empty() && told.contains("不能用"),
            "{told}"
        );
        let quotes = refused("学号,姓名\n1,\"张三\n2,李四\n3,\"王五\n4,赵六\n".as_bytes());
        assert!(quotes.contains("第2行B列") && quotes.contains("第4行B列"), "{quotes}");
        for swallowed in [
            "学号,姓名\n1,\"张三\n2,李四\n3,王五\"\n",
            "学号,姓名\n1,\"张三\n2,李四\"\n3,王五\n",
            "学号,姓名,班级\n1,\"张三,1班\n2,李四,1班\n3,王五\",1班\n",
            "学号,姓名,班级\n1,张三,\"1班\n2,李四,1班\"\n3,王五,1班\n4,赵六,1班\n",
        ] {
            assert!(refused(swallowed.as_bytes()).contains("第2行"), "{swallowed}");
        }
    }

    #[test]
    fn a_quoted_cell_may_hold_line_breaks_and_separators() {
        for list in [
            "学号,姓名,\"备注\n(身份证,护照)\"\n1001,张三,无\n1002,李四,无\n",
            "学号,姓名,地址\n1001,张三,\"1号楼\n2单元,301\"\n1002,李四,\"5号楼\n1单元,202\"\n",
            "名单,,\n学号,\"地址\n楼,室\",姓名\n1001,\"1号楼\n2单元,301\n后门,左\",张三\n1002,\"说\"\"好\"\"\n是,的\",李四\n",
        ] {
            let (students, told) = accepted(list.as_bytes());
            let rows = students.iter().map(|s| s.get(Field::StudentNumber).to_owned() + s.get(Field::Name));
            assert_eq!(rows.collect::<Vec<_>>(), ["1001张三", "1002李四"], "{told}");
        }
    }

    #[test]
    fn text_with_zeros_behind_it_is_read_and_that_of_mixed_encodings_named() {
        let list = "学号,姓名,班级\n1001,张三,1班\n";
        for bytes in [list.as_bytes().to_vec(), GB18030.encode(list).0.into_owned()] {
            let (roster, _) = Roster::from_bytes(&[&bytes[..], &[0; 7]].concat()).expect("is read");
            assert_eq!(roster.students()[0].get(Field::Name), "张三");
        }
        let rows = GB18030.encode("2003,王五,1班\n2004,赵六,2班\n2005,孙七,2班\n").0.into_owned();
        let problems = Roster::from_bytes(&[list.as_bytes(), &rows].concat()).expect_err("is torn");
        assert_eq!(problems, [Reason::from(MIXED)]);
        let plain = Roster::from_bytes("1001,张三\n".as_bytes()).expect_err("has no heads");
        assert!(plain[0].zh.contains("表头"), "{plain:?}");
    }
}
