//! A4 pages as Word, WPS and LibreOffice open them.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Footer, HeightRule, PageMargin, PageNum, Paragraph, Pic, Run, RunFonts, Table, TableCell,
    TableLayoutType, TableRow, VAlignType, WidthType,
};

use crate::output::record::plain;

/// Twentieths of a point: A4, and what is left of its width between the margins.
const PAGE: (u32, u32) = (11_906, 16_838);
const MARGIN: i32 = 1_000;
pub const TEXT_WIDTH: usize = 9_900;
/// English metric units in a pixel of 96 dpi.
const EMU: u32 = 9_525;

/// Size in half points.
const TITLE: usize = 36;
const HEAD: usize = 26;
const TEXT: usize = 22;

/// What is said of a row: nothing, and that it begins each page.
const PLAIN_ROW: &str = "<w:trPr />";
const HEAD_ROW: &str = "<w:trPr><w:cantSplit /><w:tblHeader /></w:trPr>";

/// A document while it is written.
pub struct Document(Docx);

/// One cell of a table.
pub enum Cell {
    /// Text, a paragraph a line.
    Text(String),
    /// A picture as PNG with its width and height in pixels of 96 dpi.
    Picture(Vec<u8>, (u32, u32)),
}

impl Document {
    /// An empty document with page numbers.
    pub fn new() -> Document {
        let fonts = RunFonts::new().ascii("Arial").hi_ansi("Arial").east_asia("宋体");
        let margin = PageMargin::new().top(MARGIN).bottom(MARGIN).left(MARGIN).right(MARGIN).header(500).footer(500);
        let number = Paragraph::new().align(AlignmentType::Center).add_page_num(PageNum::new());
        let docx = Docx::new().page_size(PAGE.0, PAGE.1).page_margin(margin).default_fonts(fonts).default_size(TEXT);
        // Without a time of its own, the same notice has the same bytes.
        let day = "2000-01-01T00:00:00Z";
        Document(docx.created_at(day).updated_at(day).footer(Footer::new().add_paragraph(number)))
    }

    /// A title in the middle; on a page of its own if `breaks`.
    pub fn title(self, text: &str, breaks: bool) -> Document {
        let run = Run::new().add_text(plain(text)).size(TITLE).bold();
        let paragraph = Paragraph::new().align(AlignmentType::Center).page_break_before(breaks).add_run(run);
        Document(self.0.add_paragraph(paragraph))
    }

    /// A paragraph.
    pub fn line(self, text: &str) -> Document {
        Document(self.0.add_paragraph(paragraph(text)))
    }

    /// A table over the whole width: a caption, columns with their shares of the width and heads, rows with their height in
    /// points, none of which a page cuts. Each page that it goes on to begins with caption and heads.
    pub fn table(
        self,
        caption: &str,
        columns: &[(usize, &str)],
        rows: Vec<Vec<Cell>>,
        height: Option<f32>,
    ) -> Document {
        let all = columns.iter().map(|(share, _)| share).sum::<usize>().max(1);
        let widths = columns.iter().map(|(share, _)| share * TEXT_WIDTH / all).collect::<Vec<_>>();
        let heads = columns.iter().zip(&widths).map(|((_, head), width)| {
            let run = Run::new().add_text(*head).size(TEXT).bold();
            cell(*width).add_paragraph(Paragraph::new().align(AlignmentType::Center).add_run(run))
        });
        let run = Run::new().add_text(plain(caption)).size(HEAD).bold();
        let caption = cell(TEXT_WIDTH).grid_span(columns.len()).add_paragraph(Paragraph::new().add_run(run));
        let mut table = vec![TableRow::new(vec![caption]), TableRow::new(heads.collect())];
        for row in rows {
            let cells = row.into_iter().zip(&widths).map(|(content, width)| match content {
                Cell::Text(text) => text.lines().fold(cell(*width), |cell, line| cell.add_paragraph(paragraph(line))),
                Cell::Picture(png, (across, down)) => {
                    let picture = Pic::new_with_dimensions(png, across, down).size(across * EMU, down * EMU);
                    let run = Run::new().add_image(picture);
                    cell(*width).add_paragraph(Paragraph::new().align(AlignmentType::Center).add_run(run))
                }
            });
            let row = TableRow::new(cells.collect()).cant_split();
            table.push(match height {
                Some(points) => row.row_height(points * 20.0).height_rule(HeightRule::AtLeast),
                None => row,
            });
        }
        let table = Table::new(table).set_grid(widths).layout(TableLayoutType::Fixed).width(TEXT_WIDTH, WidthType::Dxa);
        Document(self.0.add_table(table))
    }

    /// The file.
    pub fn bytes(self) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Cursor::new(Vec::new());
        let mut parts = self.0.build();
        // The library knows no rows that repeat on each page; captions and heads are those of which nothing else is said.
        parts.document = String::from_utf8(parts.document)?.replace(PLAIN_ROW, HEAD_ROW).into_bytes();
        parts.pack(&mut bytes)?;
        Ok(bytes.into_inner())
    }
}

fn cell(width: usize) -> TableCell {
    TableCell::new().width(width, WidthType::Dxa).vertical_align(VAlignType::Center)
}

fn paragraph(text: &str) -> Paragraph {
    Paragraph::new().add_run(Run::new().add_text(plain(text)))
}
