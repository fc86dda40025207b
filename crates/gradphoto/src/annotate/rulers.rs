//! Crown, eyes, face width and centring: lines on the photo, and beside it what is allowed.

use super::canvas::{Canvas, Dash, Halo, Line, polyline, rectangle, segment};
use super::ink::{Colour, GREY, INK, PASS, ink};
use super::lettering::Style;
use super::{BADGE, Marked, badge, line};
use crate::evidence::{Evidence, STANDARD_HEIGHT_PX, STANDARD_WIDTH_PX};
use crate::report::{Finding, Report};
use crate::text::{Language, Text, text};

const CROWN: &str = "head-top-margin";
const EYES: &str = "eye-line";
const WIDTH: &str = "face-width";
const CENTRING: &str = "horizontal-centring";

/// Whether the finding of this rule is shown by a ruler.
pub(super) fn shows(rule_id: &str) -> bool {
    [CROWN, EYES, WIDTH, CENTRING].contains(&rule_id)
}

/// Width of the strips left and right of the photo.
pub(super) const SIDE: f32 = 118.0;
/// Height of a ruler below the photo.
const ROW: f32 = 54.0;
/// Between photo and ruler.
const AWAY: f32 = 8.0;
/// Thickness of a ruler.
const BAR: f32 = 8.0;
const SMALL: Style = Style::new(18.0, GREY);

/// What is allowed, the light side of "pass".
const ALLOWED: Colour = [140, 205, 170];
/// Where a person decides.
const DOUBTFUL: Colour = [250, 205, 110];

/// The rulers around one photo; none where there is no face.
pub(super) struct Rulers<'a> {
    rulers: Vec<Ruler<'a>>,
    size: (f32, f32),
    /// Left and right end of the face on the sheet's photo, and the cheeks' height.
    face: (f32, f32, f32),
}

struct Ruler<'a> {
    name: Text,
    finding: &'a Finding,
    marked: Option<Marked<'a>>,
}

impl Ruler<'_> {
    fn colour(&self) -> Colour {
        self.marked.map_or(PASS, |marked| ink(marked.mark))
    }

    fn line(&self) -> Line {
        let passed = Line { colour: PASS, width: 1.8, dash: Dash::Solid, halo: Halo::Light };
        self.marked.map_or(passed, |marked| Line { width: 2.0, ..line(marked.mark) })
    }

    fn value(&self) -> Option<f32> {
        self.finding.value().map(|value| value as f32)
    }
}

impl<'a> Rulers<'a> {
    /// Rulers for a photo shown in this size.
    pub(super) fn new(evidence: &Evidence, report: &'a Report, marked: &[Marked<'a>], size: (f32, f32)) -> Rulers<'a> {
        let names = [
            (CROWN, text("头顶", "Crown")),
            (EYES, text("眼睛", "Eyes")),
            (WIDTH, text("脸宽", "Face")),
            (CENTRING, text("居中", "Centre")),
        ];
        let Ok(subject) = evidence.subject() else { return Rulers { rulers: vec![], size, face: (0.0, 0.0, 0.0) } };
        let ruler = |(id, name): (&str, Text)| {
            let finding = report.finding(id)?;
            let marked = marked.iter().find(|marked| marked.finding.rule.id == id).copied();
            Some(Ruler { name, finding, marked })
        };
        let scale = f64::from(size.0) / f64::from(evidence.photo.pixels().width());
        let (middle, half) = (subject.landmarks.face_midpoint(), subject.landmarks.face_width_px() / 2.0);
        let shown = |v: f64| (v * scale) as f32;
        let face = (shown(middle.x - half), shown(middle.x + half), shown(middle.y));
        Rulers { rulers: names.into_iter().filter_map(ruler).collect(), size, face }
    }

    /// Room they need below the photo.
    pub(super) fn below(&self) -> f32 {
        ROW * [WIDTH, CENTRING].iter().filter(|id| self.get(id).is_some()).count() as f32 + 12.0
    }

    /// Draws the measured heights and widths on the photo.
    pub(super) fn draw_on_photo(&self, photo: &mut Canvas) {
        let (width, height) = self.size;
        if let Some((ruler, y)) = self.measured(CROWN, self.per_px_down()) {
            photo.stroke(segment((0.0, y), (width, y)), ruler.line());
        }
        let (left, right, cheeks) = self.face;
        if let Some((ruler, y)) = self.measured(EYES, self.per_px_down()) {
            // The eyes themselves stay free.
            photo.stroke(segment((0.0, y), (left - 8.0, y)), ruler.line());
            photo.stroke(segment((right + 8.0, y), (width, y)), ruler.line());
        }
        if let Some(ruler) = self.get(WIDTH) {
            for x in [left, right] {
                photo.stroke(segment((x, cheeks + 14.0), (x, cheeks + 70.0)), ruler.line());
            }
        }
        if self.get(CENTRING).is_some() {
            let middle = width / 2.0;
            let tick = Line { colour: INK, width: 1.8, dash: Dash::Solid, halo: Halo::Light };
            photo.stroke(segment((middle, height - 14.0), (middle, height)), tick);
            photo.stroke(segment((middle, 0.0), (middle, 14.0)), tick);
        }
    }

    /// Heights at which lines cross the photo.
    pub(super) fn heights(&self) -> Vec<f32> {
        [CROWN, EYES].into_iter().filter_map(|id| Some(self.measured(id, self.per_px_down())?.1)).collect()
    }

    /// Draws what is allowed around the photo, whose upper left corner is at `x`, `y`.
    pub(super) fn draw_beside(&self, sheet: &mut Canvas, (x, y): (f32, f32), language: Language) {
        let mut free = f32::MIN;
        for id in [CROWN, EYES] {
            if let Some(ruler) = self.get(id) {
                self.draw_height(sheet, ruler, (x, y), &mut free, language);
            }
        }
        let mut row = y + self.size.1 + AWAY;
        if let Some(ruler) = self.get(WIDTH) {
            self.draw_width(sheet, ruler, (x, row), language);
            row += ROW;
        }
        if let Some(ruler) = self.get(CENTRING) {
            self.draw_centring(sheet, ruler, (x, row), language);
        }
    }

    /// A band left of the photo, the measured height right of it, below `free`.
    fn draw_height(&self, sheet: &mut Canvas, ruler: &Ruler, (x, y): (f32, f32), free: &mut f32, language: Language) {
        let scale = self.per_px_down();
        let at = |bound: Option<f64>, open: f32| bound.map_or(open, |b| (b as f32 * scale).clamp(0.0, self.size.1));
        let (limit, allowed) = (ruler.finding.limit(), ruler.finding.review());
        let bar = x - AWAY - BAR;
        for (band, colour) in [(limit, DOUBTFUL), (allowed, ALLOWED)] {
            let (top, bottom) = (at(band.min, 0.0), at(band.max, self.size.1));
            sheet.fill(rectangle(bar, y + top, BAR, bottom - top), colour);
        }
        let middle = y + (at(allowed.min, 0.0) + at(allowed.max, self.size.1)) / 2.0;
        self.write_allowed(sheet, ruler, bar - 8.0, middle, language);
        if let Some(value) = ruler.value() {
            let measured = y + (value * scale).clamp(0.0, self.size.1);
            let tip = x - 1.0;
            let pointer = [(tip, measured), (tip - 7.0, measured - 6.0), (tip - 7.0, measured + 6.0)];
            sheet.fill(polyline(&pointer, true), ruler.colour());
            let place = measured.max(*free).max(y + 20.0);
            *free = place + 48.0;
            self.write_measured(sheet, ruler, x, place, language);
        }
    }

    /// Where each cheek may lie, and where they do.
    fn draw_width(&self, sheet: &mut Canvas, ruler: &Ruler, (x, row): (f32, f32), language: Language) {
        let middle = (self.face.0 + self.face.1) / 2.0;
        let scale = self.per_px_across();
        let reach = |bound: Option<f64>, open: f32| bound.map_or(open, |b| b as f32 / 2.0 * scale);
        for (band, colour) in [(ruler.finding.limit(), DOUBTFUL), (ruler.finding.review(), ALLOWED)] {
            let (near, far) = (reach(band.min, 0.0), reach(band.max, self.size.0));
            self.bar(sheet, x, middle - far, middle - near, row, colour);
            self.bar(sheet, x, middle + near, middle + far, row, colour);
        }
        let solid = Line { dash: Dash::Solid, halo: Halo::None, colour: ruler.colour(), width: 2.0 };
        let ends = [self.face.0, self.face.1].map(|end| x + end.clamp(0.0, self.size.0));
        let height = row + BAR + 8.0;
        sheet.stroke(segment((ends[0], height), (ends[1], height)), solid);
        for end in ends {
            sheet.stroke(segment((end, row - 4.0), (end, height + 5.0)), solid);
        }
        self.write_allowed(sheet, ruler, x - AWAY - 8.0, row + 12.0, language);
        self.write_measured(sheet, ruler, x, row + 12.0, language);
    }

    /// How far the face may be off the middle, and how far it is.
    fn draw_centring(&self, sheet: &mut Canvas, ruler: &Ruler, (x, row): (f32, f32), language: Language) {
        let (scale, middle) = (self.per_px_across(), self.size.0 / 2.0);
        let at = |bound: Option<f64>, open: f32| bound.map_or(open, |b| middle + b as f32 * scale);
        for (band, colour) in [(ruler.finding.limit(), DOUBTFUL), (ruler.finding.review(), ALLOWED)] {
            self.bar(sheet, x, at(band.min, 0.0), at(band.max, self.size.0), row, colour);
        }
        if let Some(value) = ruler.value() {
            let face = x + (middle + value * scale).clamp(0.0, self.size.0);
            let pointer = [(face, row + BAR + 1.0), (face - 7.0, row + BAR + 13.0), (face + 7.0, row + BAR + 13.0)];
            sheet.fill(polyline(&pointer, true), ruler.colour());
            let solid = Line { dash: Dash::Solid, halo: Halo::None, colour: ruler.colour(), width: 2.0 };
            sheet.stroke(segment((face, row - 3.0), (face, row + BAR + 2.0)), solid);
        }
        self.write_allowed(sheet, ruler, x - AWAY - 8.0, row + 12.0, language);
        self.write_measured(sheet, ruler, x, row + 12.0, language);
    }

    /// A horizontal bar below the photo, cut to its width.
    fn bar(&self, sheet: &mut Canvas, x: f32, from: f32, to: f32, row: f32, colour: Colour) {
        let (from, to) = (from.clamp(0.0, self.size.0), to.clamp(0.0, self.size.0));
        sheet.fill(rectangle(x + from, row, to - from, BAR), colour);
    }

    /// Name and allowed range, ending at `x`.
    fn write_allowed(&self, sheet: &mut Canvas, ruler: &Ruler, x: f32, middle: f32, language: Language) {
        let name = ruler.name.get(language);
        let range = ruler.finding.review().show(ruler.finding.rule.unit, language);
        let bold = Style { colour: INK, ..SMALL.bold() };
        sheet.write(name, x - bold.length(name), middle - 4.0, bold);
        sheet.write(&range, x - SMALL.length(&range), middle + 18.0, SMALL);
    }

    /// The measured value right of the photo, with the finding's number.
    fn write_measured(&self, sheet: &mut Canvas, ruler: &Ruler, x: f32, middle: f32, language: Language) {
        let Some(value) = ruler.finding.value() else { return };
        let mut pen = x + self.size.0 + AWAY;
        if let Some(marked) = &ruler.marked {
            badge(sheet, marked, pen + 1.2 * BADGE, middle);
            pen += 2.4 * BADGE + 6.0;
        }
        let style = Style::new(19.0, ruler.colour()).bold();
        let shown = ruler.finding.review().show_value(value, ruler.finding.rule.unit, language);
        sheet.write(&shown, pen, middle + 7.0, style);
    }

    fn get(&self, id: &str) -> Option<&Ruler<'a>> {
        self.rulers.iter().find(|ruler| ruler.finding.rule.id == id)
    }

    fn measured(&self, id: &str, scale: f32) -> Option<(&Ruler<'a>, f32)> {
        let ruler = self.get(id)?;
        Some((ruler, ruler.value()? * scale))
    }

    fn per_px_down(&self) -> f32 {
        self.size.1 / STANDARD_HEIGHT_PX as f32
    }

    fn per_px_across(&self) -> f32 {
        self.size.0 / STANDARD_WIDTH_PX as f32
    }
}
