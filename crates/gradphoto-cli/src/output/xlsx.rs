//! report.xlsx: a summary, a row a photo with small pictures of those that fail, the students, what shows across photos.

use std::io::{Seek, Write};

use gradphoto::batch::{BatchFinding, Decision, Department, Field, Status};
use gradphoto::{BatchReport, Language, Profile, Text as Words};
use gradphoto_app::imprint;
use gradphoto_app::picture::Picture;
use rust_xlsxwriter::{Color, Format, FormatAlign, Image, ObjectMovement, Workbook, Worksheet};
use unicode_width::UnicodeWidthStr;

use super::batch::departments_with_total;
use super::record::{
    Cell, FIRST_VALUE_COLUMN, Outcome, Records, VERDICT_COLUMN, is_without_photo, number_field, plain,
};

/// Pictures of at most this many photos go into the workbook, which keeps them all in memory until it is saved.
const PICTURES: usize = 1000;
/// Largest width and height of a picture, and how far it keeps off the edges of its cell: one that lies within a cell, with room
/// for it in every row, goes where the row goes when people sort and filter.
const PICTURE_PX: (u32, u32) = (46, 62);
const PICTURE_MARGIN_PX: u32 = 2;
/// The columns of the sheet of photos by their places in a row, `None` that of the pictures: first who it is, the verdict and what
/// is wrong, which alone is printed; behind these columns the measured values.
#[rustfmt::skip]
const ORDER: [Option<usize>; FIRST_VALUE_COLUMN + 1] = [
    Some(5), Some(4), Some(3), Some(VERDICT_COLUMN), Some(0), None, Some(10), Some(11), Some(14),
    Some(7), Some(8), Some(1), Some(2), Some(9), Some(12), Some(13),
];
/// Widths of these columns in characters. Across a page of A4 go about 150, in letters that can still be read.
const WIDTHS: [u32; ORDER.len()] = [9, 15, 12, 8, 16, 7, 31, 31, 20, 10, 20, 16, 16, 10, 44, 18];
/// So many of them are printed.
const PRINTED: usize = 9;
/// Height of a line of Chinese, by the highest of the letters in use, and of the highest row that Excel takes.
const LINE_PX: u32 = 22;
const ROW_PX_MAX: u32 = 545;
/// Paper of A4, as Excel counts papers.
const A4: u8 = 9;
/// Longest text of a cell that Excel opens.
const TEXT_LENGTH_MAX: usize = 32_767;

/// The workbook while it is written: rows go to a temporary file, not to memory.
pub struct Xlsx {
    workbook: Workbook,
    language: Language,
    styles: Styles,
    row: u32,
    /// Pictures that may still come.
    pictures: usize,
    /// Least height of a row of the sheet of photos.
    row_px: u32,
}

struct Styles {
    head: Format,
    /// Numbers stand at the right of their cells.
    head_of_numbers: Format,
    text: Format,
    /// Text that may be long.
    wrapped: Format,
    outcomes: [(Outcome, Format); 5],
}

impl Styles {
    fn new() -> Styles {
        let text = Format::new().set_align(FormatAlign::Top);
        let filled = |rgb: u32| text.clone().set_background_color(Color::RGB(rgb)).set_bold();
        let head = Format::new().set_bold().set_background_color(Color::RGB(0xD9E2EC)).set_text_wrap();
        Styles {
            head_of_numbers: head.clone().set_align(FormatAlign::Right),
            head,
            outcomes: [
                (Outcome::Pass, filled(0xC9EBCB)),
                (Outcome::Fail, filled(0xF8C9C4)),
                (Outcome::Review, filled(0xFCE8B2)),
                (Outcome::Unreadable, filled(0xD7CCE8)),
                (Outcome::Missing, filled(0xD5D8DC)),
            ],
            wrapped: text.clone().set_text_wrap(),
            text,
        }
    }

    fn of(&self, outcome: Outcome) -> &Format {
        self.outcomes.iter().find(|(known, _)| *known == outcome).map_or(&self.text, |(_, format)| format)
    }
}

impl Xlsx {
    /// Begins the workbook: summary, then the sheet of photos with its heads.
    pub fn new(batch: &BatchReport, profile: &Profile, heads: &[String], language: Language) -> anyhow::Result<Xlsx> {
        // Sorted, a picture may come to stand in any row.
        let row_px = if batch.totals().fail > 0 { PICTURE_PX.1 + 2 * PICTURE_MARGIN_PX } else { LINE_PX };
        let (workbook, styles) = (Workbook::new(), Styles::new());
        let mut xlsx = Xlsx { workbook, language, styles, row: 1, pictures: PICTURES, row_px };
        xlsx.summary(batch, profile)?;
        let sheet = xlsx.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(Words::new("照片", "photos").get(language))?;
        sheet.set_freeze_panes(1, 1)?;
        let rows = batch.photos().len() + batch.findings().iter().filter(|finding| is_without_photo(finding)).count();
        sheet.autofilter(0, 0, rows as u32, heads.len() as u16)?;
        set_widths(sheet, &WIDTHS)?;
        for (column, head) in ordered(heads, &Words::new("缩略图", "picture").get(language).to_owned()).enumerate() {
            sheet.write_string_with_format(0, column as u16, head, &xlsx.styles.head)?;
        }
        print_on_pages(sheet, rows, PRINTED)?;
        Ok(xlsx)
    }

    /// Writes a row of the sheet of photos; `picture` is asked for a thumbnail where one is shown.
    pub fn row(
        &mut self,
        outcome: Outcome,
        cells: &[Cell],
        picture: impl FnOnce() -> Option<Picture>,
    ) -> anyhow::Result<()> {
        let is_shown = outcome == Outcome::Fail && self.pictures > 0;
        let picture = if is_shown { picture() } else { None };
        let picture = picture.and_then(|picture| Image::new_from_buffer(&picture.jpeg).ok());
        let sheet = self.workbook.worksheet_from_index(1)?;
        let place_of_picture = Cell::text("");
        set_height(sheet, self.row, ordered(cells, &place_of_picture), &WIDTHS, self.row_px)?;
        for (column, cell) in ordered(cells, &place_of_picture).enumerate() {
            let format = match ORDER.get(column) {
                Some(Some(VERDICT_COLUMN)) => self.styles.of(outcome),
                Some(_) => &self.styles.wrapped,
                None => &self.styles.text,
            };
            write(sheet, self.row, column as u16, cell, format)?;
        }
        if let Some(picture) = picture {
            self.pictures -= 1;
            let column = ORDER.iter().position(Option::is_none).unwrap_or_default() as u16;
            let picture = picture
                .set_scale_to_size(PICTURE_PX.0, PICTURE_PX.1, true)
                .set_object_movement(ObjectMovement::MoveAndSizeWithCells);
            sheet.insert_image_with_offset(self.row, column, &picture, PICTURE_MARGIN_PX, PICTURE_MARGIN_PX)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Adds the other sheets and saves the workbook.
    pub fn finish(mut self, records: &Records, out: impl Write + Seek + Send) -> anyhow::Result<()> {
        if !records.batch.students().is_empty() {
            self.students(records.batch)?;
        }
        let open = records.batch.findings().iter().filter(|finding| !finding.is_settled()).collect::<Vec<_>>();
        if !open.is_empty() {
            self.findings(records.batch, &open)?;
        }
        Ok(self.workbook.save_to_writer(out)?)
    }

    fn summary(&mut self, batch: &BatchReport, profile: &Profile) -> anyhow::Result<()> {
        let language = self.language;
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(Words::new("汇总", "summary").get(language))?;
        let widths = [28, 24, 14, 14, 14, 14, 14, 14, 14, 14];
        set_widths(sheet, &widths)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_footer("&C&P / &N");
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.2, 0.3);
        let mut row = 0;
        for block in
            [photos(batch, language), departments(batch, language), rules(batch, language), made_by(profile, language)]
        {
            for (place, cells) in block.iter().enumerate() {
                // Departments may have long names.
                set_height(sheet, row, cells.iter(), &widths[..1], LINE_PX)?;
                for (column, cell) in cells.iter().enumerate() {
                    let below = block.get(1).and_then(|cells| cells.get(column));
                    let format = match (place, column) {
                        (0, _) if matches!(below, Some(Cell::Number(_))) => &self.styles.head_of_numbers,
                        (0, _) => &self.styles.head,
                        (_, 0) => &self.styles.wrapped,
                        _ => &self.styles.text,
                    };
                    write(sheet, row, column as u16, cell, format)?;
                }
                row += 1;
            }
            row += 1;
        }
        Ok(())
    }

    /// Who has been shot, who is missing, who must come back.
    fn students(&mut self, batch: &BatchReport) -> anyhow::Result<()> {
        let number = number_field(batch);
        let number_in_english = number.as_str().replace('-', " ");
        let fields = [
            Field::Name,
            number,
            Field::Class,
            Field::Department,
            Field::Major,
            Field::Session,
            Field::Time,
            Field::Place,
        ];
        let heads = match self.language {
            Language::Zh => fields.map(|field| field.heads()[0]),
            Language::En => ["name", &number_in_english, "class", "department", "major", "session", "time", "place"],
        };
        let heads = heads.iter().copied().chain([Words::new("状态", "status").get(self.language)]).collect::<Vec<_>>();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        let rows = batch.students().iter().zip(batch.statuses());
        let name = Words::new("学生", "students").get(self.language);
        let widths = [10, 15, 14, 18, 18, 10, 24, 18, 10];
        begin(sheet, name, &heads, &widths, batch.students().len(), &self.styles)?;
        for (row, (student, status)) in rows.enumerate() {
            let cells =
                fields.map(|field| Cell::text(if field == number { student.number() } else { student.get(field) }));
            set_height(sheet, row as u32 + 1, cells.iter(), &widths, LINE_PX)?;
            for (column, cell) in cells.iter().enumerate() {
                write(sheet, row as u32 + 1, column as u16, cell, &self.styles.wrapped)?;
            }
            let outcome = match status {
                Status::Done | Status::Granted => Outcome::Pass,
                Status::Review => Outcome::Review,
                Status::Reprocess => Outcome::Unreadable,
                Status::Retake => Outcome::Fail,
                _ => Outcome::Missing,
            };
            let word = Cell::text(status.word().get(self.language));
            write(sheet, row as u32 + 1, fields.len() as u16, &word, self.styles.of(outcome))?;
        }
        Ok(())
    }

    fn findings(&mut self, batch: &BatchReport, findings: &[&BatchFinding]) -> anyhow::Result<()> {
        let heads = match self.language {
            Language::Zh => ["规则", "说明", "照片"],
            Language::En => ["rule", "what to do", "photos"],
        };
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        let name = Words::new("批次问题", "across photos").get(self.language);
        let widths = [14, 68, 60];
        begin(sheet, name, &heads, &widths, findings.len(), &self.styles)?;
        for (row, finding) in findings.iter().enumerate() {
            let photos = finding.photos().iter().map(|photo| plain(batch.photos()[*photo].name())).collect::<Vec<_>>();
            let cells =
                [finding.rule().name.get(self.language), finding.reason().get(self.language), &photos.join("; ")]
                    .map(Cell::text);
            set_height(sheet, row as u32 + 1, cells.iter(), &widths, LINE_PX)?;
            for (column, cell) in cells.iter().enumerate() {
                write(sheet, row as u32 + 1, column as u16, cell, &self.styles.wrapped)?;
            }
        }
        Ok(())
    }
}

/// Rows of cells, heads first.
type Block = Vec<Vec<Cell>>;

/// How many photos came to what.
fn photos(batch: &BatchReport, language: Language) -> Block {
    let totals = batch.totals();
    let mut rows =
        vec![row(&[Words::new("照片", "photos"), Words::new("张数", "count")].map(|head| head.get(language)), &[])];
    for (outcome, count) in [
        (Outcome::Pass, totals.pass),
        (Outcome::Fail, totals.fail),
        (Outcome::Review, totals.review),
        (Outcome::Unreadable, totals.unreadable),
    ] {
        rows.push(row(&[outcome.word(language)], &[count]));
    }
    rows.push(row(&[Words::new("合计", "total").get(language)], &[totals.total]));
    for (decision, count) in
        [(Decision::Accept, totals.accepted), (Decision::Override, totals.granted), (Decision::Reject, totals.rejected)]
    {
        if count > 0 {
            let word = decision.word().get(language);
            let word = if language == Language::Zh { format!("其中：{word}") } else { format!("of these: {word}") };
            rows.push(row(&[&word], &[count]));
        }
    }
    if totals.fail > PICTURES {
        let note = match language {
            Language::Zh => format!("缩略图只放前{PICTURES}张不合格照片。"),
            Language::En => format!("Thumbnails are shown for the first {PICTURES} failing photos only."),
        };
        rows.push(row(&[note.as_str()], &[]));
    }
    rows
}

fn departments(batch: &BatchReport, language: Language) -> Block {
    let mut heads = vec![Words::new("院系", "department")];
    heads.extend(Department::HEADS);
    if batch.students().is_empty() {
        heads[1] = Words::new("张数", "photos");
    }
    let heads = heads.iter().map(|head| head.get(language)).collect::<Vec<_>>();
    let counted = departments_with_total(batch, language);
    let counted = counted.iter().map(|(department, counts)| row(&[department], counts));
    std::iter::once(row(&heads, &[])).chain(counted).collect()
}

/// How often each rule struck, the worst first.
fn rules(batch: &BatchReport, language: Language) -> Block {
    let heads = match language {
        Language::Zh => ["规则", "编号", "不合格", "待确认", "建议", "未判定"],
        Language::En => ["rule", "id", "fail", "review", "advice", "not assessed"],
    };
    let mut struck = gradphoto::RULES.iter().zip(batch.rules()).collect::<Vec<_>>();
    struck.retain(|(_, counts)| counts.iter().any(|count| *count > 0));
    struck.sort_by(|(_, a), (_, b)| b.cmp(a));
    let struck = struck.into_iter().map(|(rule, counts)| row(&[rule.name.get(language), rule.id], counts));
    std::iter::once(row(&heads, &[])).chain(struck).collect()
}

fn made_by(profile: &Profile, language: Language) -> Block {
    let head = row(&[Words::new("检查依据", "made by").get(language)], &[]);
    let lines = imprint(profile, language).map(|(name, value)| row(&[name, &value], &[]));
    std::iter::once(head).chain(lines).collect()
}

/// Texts, then numbers.
fn row(texts: &[&str], numbers: &[usize]) -> Vec<Cell> {
    let numbers = numbers.iter().map(|number| Cell::Number(*number as f64));
    texts.iter().map(|text| Cell::text(text)).chain(numbers).collect()
}

/// Cells in the order of the sheet of photos, with that of the picture.
fn ordered<'a, T>(cells: &'a [T], picture: &'a T) -> impl Iterator<Item = &'a T> {
    let first = ORDER.iter().filter_map(move |place| place.map_or(Some(picture), |place| cells.get(place)));
    first.chain(cells.iter().skip(FIRST_VALUE_COLUMN))
}

/// Has the first columns of a sheet printed on A4 across, one page wide, heads and numbers on each.
fn print_on_pages(sheet: &mut Worksheet, rows: usize, columns: usize) -> anyhow::Result<()> {
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_footer("&C&P / &N");
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.2, 0.3).set_print_gridlines(true).set_repeat_rows(0, 0)?;
    sheet.set_print_area(0, 0, rows as u32, columns as u16 - 1)?;
    Ok(())
}

/// Makes a row as high as its texts in columns of these widths: not every program does so by itself.
fn set_height<'a>(
    sheet: &mut Worksheet,
    row: u32,
    cells: impl Iterator<Item = &'a Cell>,
    widths: &[u32],
    least: u32,
) -> anyhow::Result<()> {
    let lines = cells.zip(widths).map(|(cell, width)| lines(cell, *width)).max().unwrap_or(1);
    sheet.set_row_height_pixels(row, least.max(LINE_PX * lines).min(ROW_PX_MAX))?;
    Ok(())
}

/// How many lines a text takes in a column of this width, in characters, of which a Chinese one counts for two.
fn lines(cell: &Cell, width: u32) -> u32 {
    match cell {
        Cell::Text(text) => (text.width() as u32).div_ceil(width.saturating_sub(2).max(1)),
        Cell::Number(_) => 1,
    }
}

/// Sets the widths of the first columns.
fn set_widths(sheet: &mut Worksheet, widths: &[u32]) -> anyhow::Result<()> {
    for (column, width) in widths.iter().enumerate() {
        sheet.set_column_width(column as u16, *width)?;
    }
    Ok(())
}

/// Names a sheet, writes its heads, freezes and filters them.
fn begin(
    sheet: &mut Worksheet,
    name: &str,
    heads: &[&str],
    widths: &[u32],
    rows: usize,
    styles: &Styles,
) -> anyhow::Result<()> {
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, rows as u32, heads.len() as u16 - 1)?;
    set_widths(sheet, widths)?;
    for (column, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(0, column as u16, *head, &styles.head)?;
    }
    print_on_pages(sheet, rows, heads.len())
}

/// Texts are written as texts whatever they look like.
fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, format: &Format) -> anyhow::Result<()> {
    match cell {
        Cell::Text(text) if text.is_empty() => {}
        Cell::Text(text) => {
            let text = text.chars().take(TEXT_LENGTH_MAX / 2).collect::<String>();
            sheet.write_string_with_format(row, column, text, format)?;
        }
        // A column of values is read down: three digits are enough.
        Cell::Number(number) if usize::from(column) >= ORDER.len() => {
            sheet.write_number_with_format(row, column, (number * 1e3).round() / 1e3, format)?;
        }
        Cell::Number(number) => {
            sheet.write_number_with_format(row, column, *number, format)?;
        }
    }
    Ok(())
}
