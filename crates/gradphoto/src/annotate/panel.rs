//! The list beside the photo: verdict, findings with their numbers, and what passed.

use super::canvas::{Canvas, Dash, Halo, Line, circle, polyline, segment};
use super::ink::{Colour, GREY, INK, PASS, colour, ink};
use super::lettering::Style;
use super::{Marked, badge};
use crate::report::{Mark, PhotoVerdict, Report, RuleVerdict};
use crate::text::{Language, Text, text};

/// Width of a column.
const COLUMN: f32 = 660.0;
/// Between columns.
const GUTTER: f32 = 48.0;
/// Where the text of a finding begins, right of its number.
const INDENT: f32 = 54.0;
/// Height of verdict and name.
const HEADER: f32 = 142.0;
/// Height of the lines that say who checked.
const FOOTER: f32 = 64.0;
/// A list this much higher than the photo still is one column.
const SLACK: f32 = 1.35;
/// From baseline to baseline.
const LINE: f32 = 31.0;

const NAME: Style = Style::new(24.0, INK).bold();
const REASON: Style = Style::new(21.0, INK);
const SMALL: Style = Style::new(19.0, GREY);
const HEADING: Style = Style::new(20.0, GREY).bold();
const DIVIDER: Line = Line { colour: [214, 214, 214], width: 1.0, dash: Dash::Solid, halo: Halo::None };

/// The list, laid out.
pub(super) struct Panel<'a> {
    report: &'a Report,
    language: Language,
    counts: Vec<(Mark, usize)>,
    columns: Vec<Vec<Block<'a>>>,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// A piece of the list that stays together.
struct Block<'a> {
    marked: Option<Marked<'a>>,
    /// Each with its place right of and below the block's upper left corner.
    texts: Vec<(f32, f32, String, Style)>,
    height: f32,
}

impl<'a> Panel<'a> {
    /// Lays the list out in one column where that is not much higher than `height`, else in two.
    pub(super) fn lay_out(report: &'a Report, marked: &[Marked<'a>], language: Language, height: f32) -> Panel<'a> {
        let mut blocks = marked.iter().map(|marked| Block::of_finding(marked, language)).collect::<Vec<_>>();
        blocks.extend(Block::of_unassessed(report, language));
        blocks.extend(Block::of_passed(report, language));
        let total = blocks.iter().map(|block| block.height).sum::<f32>();
        let room = height - HEADER - FOOTER;
        let columns = if total <= SLACK * room { vec![blocks] } else { in_two_columns(blocks, room.max(total / 2.0)) };
        let tallest = columns.iter().map(|column| column.iter().map(|block| block.height).sum::<f32>());
        let height = HEADER + tallest.fold(0.0, f32::max) + FOOTER;
        let width = COLUMN + (columns.len() - 1) as f32 * (COLUMN + GUTTER);
        let count = |mark| (mark, report.findings.iter().filter(|finding| finding.mark() == Some(mark)).count());
        let counts = Mark::ALL.iter().copied().map(count).filter(|(_, count)| *count > 0).collect();
        Panel { report, language, counts, columns, width, height }
    }

    /// Draws it with its upper left corner at `x`, `y`, the last lines at `height`.
    pub(super) fn draw(&self, sheet: &mut Canvas, x: f32, y: f32, height: f32) {
        self.header(sheet, x, y);
        for (i, column) in self.columns.iter().enumerate() {
            let left = x + i as f32 * (COLUMN + GUTTER);
            let mut top = y + HEADER;
            for (place, block) in column.iter().enumerate() {
                if place > 0 {
                    sheet.stroke(segment((left, top - 1.0), (left + COLUMN, top - 1.0)), DIVIDER);
                }
                block.draw(sheet, left, top);
                top += block.height;
            }
        }
        self.footer(sheet, x, y + height);
    }

    fn header(&self, sheet: &mut Canvas, x: f32, y: f32) {
        let verdict = self.report.verdict;
        sign(sheet, verdict, x + 32.0, y + 32.0, tint(verdict));
        let (word, style) = (verdict.word().get(self.language), Style::new(46.0, INK).bold());
        sheet.write(word, x + 80.0, y + 49.0, style);
        let mut pen = x + 80.0 + style.length(word) + 28.0;
        for (mark, count) in &self.counts {
            let text = format!("{} {count}", mark.word().get(self.language));
            let style = Style::new(21.0, ink(*mark)).bold();
            sheet.write(&text, pen, y + 46.0, style);
            pen += style.length(&text) + 20.0;
        }
        let style = Style::new(23.0, INK);
        let name = self.report.photo().rsplit(['/', '\\']).next().unwrap_or_default();
        let profile = text("依据：", "Profile: ").get(self.language).to_owned() + &self.report.profile.name;
        let profile = SMALL.shorten(&profile, self.width / 2.0);
        let room = self.width - SMALL.length(&profile) - 24.0;
        sheet.write(&style.shorten(name, room), x, y + 104.0, style);
        sheet.write(&profile, x + self.width - SMALL.length(&profile), y + 104.0, SMALL);
        let rule = Line { colour: INK, width: 2.0, ..DIVIDER };
        sheet.stroke(segment((x, y + 122.0), (x + self.width, y + 122.0)), rule);
    }

    fn footer(&self, sheet: &mut Canvas, x: f32, bottom: f32) {
        let style = Style::new(17.0, GREY);
        let note = text("机器自动检查，供人工审核参考。", "Checked by machine, to help the person who decides.");
        let engine = &self.report.engine;
        let digest = self.report.sha256.get(..12).unwrap_or_default();
        let stamp = format!("gradphoto {} · {} · SHA-256 {digest}…", engine.gradphoto, engine.runtime);
        sheet.stroke(segment((x, bottom - 52.0), (x + self.width, bottom - 52.0)), DIVIDER);
        sheet.write(note.get(self.language), x, bottom - 26.0, style);
        sheet.write(&style.shorten(&stamp, self.width), x, bottom - 2.0, style);
    }
}

/// Fills the first column up to `height`, the second with the rest.
fn in_two_columns(blocks: Vec<Block>, height: f32) -> Vec<Vec<Block>> {
    let (mut first, mut second, mut filled) = (vec![], vec![], 0.0);
    for block in blocks {
        if second.is_empty() && (first.is_empty() || filled + block.height <= height) {
            filled += block.height;
            first.push(block);
        } else {
            second.push(block);
        }
    }
    [first, second].into_iter().filter(|column| !column.is_empty()).collect()
}

impl<'a> Block<'a> {
    /// Number, name, value and allowed range on one line where they fit, then what to do.
    fn of_finding(marked: &Marked<'a>, language: Language) -> Block<'a> {
        let finding = marked.finding;
        let value = finding.figure(language);
        let allowed = text("应为 ", "allowed ").get(language).to_owned();
        let allowed = allowed + &finding.review().show(finding.rule().unit, language);
        let allowed = if value.is_empty() { String::new() } else { allowed };
        let value_style = Style::new(22.0, ink(marked.mark)).bold();
        let name = finding.name().get(language).to_owned();
        let (value_length, allowed_length) = (value_style.length(&value), SMALL.length(&allowed));
        let beside = COLUMN - allowed_length - 18.0 - value_length;
        let mut y = 40.0;
        let fits = INDENT + NAME.length(&name) + 20.0 <= beside;
        let mut texts = vec![(INDENT, y, name, NAME)];
        if !fits {
            y += LINE;
        }
        texts.push((if fits { beside } else { INDENT }, y, value, value_style));
        let allowed_x = if fits { COLUMN - allowed_length } else { INDENT + value_length + 18.0 };
        texts.push((allowed_x, y, allowed, SMALL));
        for line in REASON.wrap(&finding.reason(language), COLUMN - INDENT) {
            y += LINE;
            texts.push((INDENT, y, line, REASON));
        }
        Block { marked: Some(*marked), texts, height: y + 20.0 }
    }

    /// The rules that could not be judged, those with the same cause together.
    fn of_unassessed(report: &Report, language: Language) -> Option<Block<'a>> {
        let mut causes: Vec<(String, Vec<&str>)> = vec![];
        for finding in report.with_verdict(RuleVerdict::NotAssessed) {
            let (cause, name) = (finding.reason(language), finding.name().get(language));
            match causes.iter_mut().find(|(known, _)| *known == cause) {
                Some((_, names)) => names.push(name),
                None => causes.push((cause, vec![name])),
            }
        }
        let comma = text("、", ", ").get(language);
        let told = causes.into_iter().map(|(cause, names)| match language {
            Language::Zh => format!("{cause}（{}）", names.join(comma)),
            Language::En => format!("{cause} ({})", names.join(comma)),
        });
        Block::of_paragraphs(text("未判定", "Not assessed"), told.collect(), language)
    }

    /// The rules that are met with their values, side by side.
    fn of_passed(report: &Report, language: Language) -> Option<Block<'a>> {
        const CELL: f32 = (COLUMN - GUTTER) / 2.0;
        const ROW: f32 = LINE - 3.0;
        let passed = report.with_verdict(RuleVerdict::Pass).collect::<Vec<_>>();
        let mut texts = vec![(0.0, 38.0, text("符合要求", "Meets the requirement").get(language).to_owned(), HEADING)];
        let rows = passed.len().div_ceil(2);
        for (i, finding) in passed.iter().enumerate() {
            let (x, y) = ((i / rows) as f32 * (CELL + GUTTER), 38.0 + (i % rows + 1) as f32 * ROW);
            let value = finding.figure(language);
            let length = SMALL.length(&value);
            let name = SMALL.shorten(finding.name().get(language), CELL - length - 12.0);
            texts.push((x, y, name, SMALL));
            texts.push((x + CELL - length, y, value, SMALL));
        }
        (rows > 0).then_some(Block { marked: None, texts, height: 38.0 + rows as f32 * ROW + 20.0 })
    }

    /// A heading with small print below it; `None` where there is nothing to print.
    fn of_paragraphs(heading: Text, paragraphs: Vec<String>, language: Language) -> Option<Block<'a>> {
        if paragraphs.is_empty() {
            return None;
        }
        let mut y = 38.0;
        let mut texts = vec![(0.0, y, heading.get(language).to_owned(), HEADING)];
        for line in paragraphs.iter().flat_map(|paragraph| SMALL.wrap(paragraph, COLUMN)) {
            y += LINE - 3.0;
            texts.push((0.0, y, line, SMALL));
        }
        Some(Block { marked: None, texts, height: y + 20.0 })
    }

    fn draw(&self, sheet: &mut Canvas, x: f32, y: f32) {
        if let Some(marked) = &self.marked {
            badge(sheet, marked, x + 22.0, y + 32.0);
        }
        for (dx, dy, text, style) in &self.texts {
            sheet.write(text, x + dx, y + dy, *style);
        }
    }
}

fn tint(verdict: PhotoVerdict) -> Colour {
    match verdict {
        PhotoVerdict::Pass => PASS,
        PhotoVerdict::Fail => colour(Mark::Fail),
        PhotoVerdict::Review => colour(Mark::Review),
    }
}

/// A tick, a cross or a question mark on a disc.
fn sign(sheet: &mut Canvas, verdict: PhotoVerdict, x: f32, y: f32, tint: Colour) {
    sheet.fill(circle(x, y, 32.0), tint);
    let stroke = Line { colour: [255; 3], width: 6.0, dash: Dash::Solid, halo: Halo::None };
    match verdict {
        PhotoVerdict::Pass => {
            sheet.stroke(polyline(&[(x - 14.0, y + 1.0), (x - 4.0, y + 12.0), (x + 15.0, y - 11.0)], false), stroke);
        }
        PhotoVerdict::Fail => {
            sheet.stroke(segment((x - 11.0, y - 11.0), (x + 11.0, y + 11.0)), stroke);
            sheet.stroke(segment((x + 11.0, y - 11.0), (x - 11.0, y + 11.0)), stroke);
        }
        PhotoVerdict::Review => {
            let style = Style::new(48.0, [0; 3]).bold();
            sheet.write("?", x - style.length("?") / 2.0, y + 17.0, style);
        }
    }
}
