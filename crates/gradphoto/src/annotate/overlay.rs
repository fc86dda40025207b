//! What is drawn on the photo itself: outlines, boxes, regions with their numbers.

use std::cmp::Reverse;

use super::canvas::{Canvas, Dash, Halo, Line, polyline, rounded, segment};
use super::contour::contours;
use super::ink::{Colour, GREY, INK};
use super::lettering::Style;
use super::rulers;
use super::{BADGE, Marked, badge, line};
use crate::evidence::{Class, Evidence};
use crate::geometry::{Point, Region};
use crate::report::Mark;
use crate::text::{Language, Text, text};

/// A part of the parsing that gets an outline.
struct Part {
    name: Text,
    colour: Colour,
    holds: fn(Class) -> bool,
}

/// Colour of the outline of glasses.
pub(super) const GLASSES: Colour = [255, 232, 60];

const PARTS: [Part; 5] = [
    Part { name: text("头发", "Hair"), colour: [186, 104, 255], holds: |c| matches!(c, Class::Hair | Class::Hat) },
    Part { name: text("面部", "Face"), colour: [0, 214, 160], holds: is_face },
    Part { name: text("衣服", "Clothes"), colour: [80, 200, 255], holds: |c| c == Class::Cloth },
    Part { name: text("耳朵", "Ears"), colour: [255, 130, 200], holds: |c| matches!(c, Class::Ear | Class::Earring) },
    Part { name: text("眼镜", "Glasses"), colour: GLASSES, holds: |c| c == Class::Glasses },
];

fn is_face(class: Class) -> bool {
    use Class::*;
    matches!(class, Skin | Brow | Eye | Glasses | MouthInside | Lips)
}

const FACE_BOX: Line = Line { colour: [255; 3], width: 1.8, dash: Dash::Solid, halo: Halo::Dark };

/// The photo as it is shown.
pub(super) struct Overlay<'a> {
    pub(super) evidence: &'a Evidence,
    /// Width and height on the sheet.
    pub(super) size: (f32, f32),
    /// Sheet pixels per photo pixel.
    pub(super) scale: f64,
}

impl Overlay<'_> {
    /// Draws the outlines of the parsing and the boxes of all faces.
    pub(super) fn draw_seen(&self, photo: &mut Canvas) {
        if let Ok(subject) = self.evidence.subject() {
            for part in &PARTS {
                for outline in contours(&subject.parsing, part.holds) {
                    let points = outline.into_iter().map(|p| self.shown(p)).collect::<Vec<_>>();
                    photo.stroke(polyline(&points, points.first() == points.last()), outline_of(part));
                }
            }
        }
        for face in &self.evidence.faces {
            self.corners(photo, face.bounds);
        }
    }

    /// Draws the findings' regions with their numbers, and keeps the numbers off the horizontal `lines`.
    pub(super) fn draw_marked(&self, photo: &mut Canvas, marked: &[Marked], lines: &[f32]) {
        let groups = groups(marked, f64::from(self.evidence.photo.reduction()));
        for (region, group) in &groups {
            if let Some(gravest) = group.first() {
                let frame = self.frame(*region);
                let path = rounded(frame.x as f32, frame.y as f32, frame.width as f32, frame.height as f32, 6.0);
                photo.stroke(path, line(gravest.mark));
            }
        }
        let strip =
            |y: &f32| Region { x: 0.0, y: f64::from(*y), width: f64::from(self.size.0), height: 0.0 }.grown(3.0);
        let mut taken = lines.iter().map(strip).collect::<Vec<_>>();
        for (region, group) in &groups {
            self.numbers(photo, self.frame(*region), group, &mut taken);
        }
    }

    /// What the lines mean, as far as they are there.
    pub(super) fn legend(&self, language: Language, width: f32) -> Legend {
        let areas = self.evidence.subject().map(|subject| subject.parsing.class_areas()).unwrap_or_default();
        let seen = |part: &&Part| OUTLINED.iter().any(|&class| areas[class as usize] > 0 && (part.holds)(class));
        let parts = PARTS.iter().filter(seen).map(|part| (outline_of(part), part.name));
        let face = (!self.evidence.faces.is_empty()).then_some((FACE_BOX, text("人脸框", "Face box")));
        let marks = [Mark::Fail, Mark::Review, Mark::Advice].map(|mark| (line(mark), mark.word()));
        let mut legend = Legend { entries: vec![], height: Legend::LINE };
        let (mut x, mut y) = (0.0, Legend::LINE);
        for (line, name) in marks.into_iter().chain(face).chain(parts) {
            let name = name.get(language);
            let length = Legend::SWATCH + 8.0 + Legend::STYLE.length(name) + 22.0;
            if x > 0.0 && x + length > width {
                (x, y) = (0.0, y + Legend::LINE);
            }
            legend.entries.push((x, y, line, name));
            legend.height = y + 8.0;
            x += length;
        }
        legend
    }

    fn shown(&self, p: Point) -> (f32, f32) {
        ((p.x * self.scale) as f32, (p.y * self.scale) as f32)
    }

    /// The face on the sheet.
    fn face(&self) -> Option<Region> {
        let bounds = self.evidence.subject().ok()?.landmarks.bounds()?;
        Some(self.frame(bounds))
    }

    /// A region as it is framed: on the sheet, a little larger than itself, and inside the photo. Around a mere line, such
    /// as that between the eyes, the frame stays clear of its ends.
    fn frame(&self, region: Region) -> Region {
        let s = self.scale;
        let middle = region.centre();
        let (short, long) = (region.width.min(region.height) * s, region.width.max(region.height) * s);
        let away = 5.0 + if short < 0.15 * long { 0.25 * long } else { 0.0 };
        let (half_width, half_height) = (region.width * s / 2.0 + away, region.height * s / 2.0 + away);
        let clamp = |v: f64, size: f32| {
            let size = f64::from(size);
            v.clamp(2.0_f64.min(size / 2.0), (size - 2.0).max(size / 2.0))
        };
        let (left, right) = (middle.x * s - half_width, middle.x * s + half_width);
        let (top, bottom) = (middle.y * s - half_height, middle.y * s + half_height);
        let (left, right) = (clamp(left, self.size.0), clamp(right, self.size.0));
        let (top, bottom) = (clamp(top, self.size.1), clamp(bottom, self.size.1));
        Region { x: left, y: top, width: right - left, height: bottom - top }
    }

    /// The four corners of a detected face.
    fn corners(&self, photo: &mut Canvas, bounds: Region) {
        let (left, top) = self.shown(Point::new(bounds.x, bounds.y));
        let (right, bottom) = self.shown(Point::new(bounds.x + bounds.width, bounds.y + bounds.height));
        let arm = 0.14 * (right - left).min(bottom - top);
        for (x, y) in [(left, top), (right, top), (left, bottom), (right, bottom)] {
            let across = if x == left { arm } else { -arm };
            let down = if y == top { arm } else { -arm };
            photo.stroke(polyline(&[(x + across, y), (x, y), (x, y + down)], false), FACE_BOX);
        }
    }

    /// Puts the numbers of one frame where they hide neither the face nor each other; a line leads to a frame within
    /// the face.
    fn numbers(&self, photo: &mut Canvas, frame: Region, group: &[&Marked], taken: &mut Vec<Region>) {
        let Some(gravest) = group.first() else { return };
        let face = self.face();
        let within = face.filter(|face| face.contains(frame.centre()) && frame.area() < 0.5 * face.area());
        let (length, height) = (STEP * group.len() as f64, STEP);
        let (width, bottom) = (f64::from(self.size.0), f64::from(self.size.1));
        let rooms = match within {
            Some(face) => beside(frame, face, length, width),
            None => around(frame, length),
        };
        let fits =
            |room: &&Region| room.x >= 0.0 && room.y >= 0.0 && room.x + length <= width && room.y + height <= bottom;
        let is_free = |room: &&Region| !taken.iter().any(|other| room.shared_area(*other) > 0.0);
        let spares_face = |room: &&Region| face.is_none_or(|face| room.shared_area(face) == 0.0);
        let free = || rooms.iter().filter(fits).filter(is_free);
        let corner = Region {
            x: frame.x.clamp(0.0, (width - length).max(0.0)),
            y: frame.y.clamp(0.0, (bottom - height).max(0.0)),
            width: length,
            height,
        };
        let room = free().find(spares_face).or_else(|| free().next()).copied().unwrap_or(corner);
        if within.is_some() {
            let right = frame.x + frame.width;
            let is_right = room.centre().x > frame.centre().x;
            let (from, to) = if is_right { (right, room.x + 4.0) } else { (frame.x, room.x + length - 4.0) };
            let to_y = room.centre().y;
            let from_y = to_y.clamp(
                frame.y + 6.0_f64.min(frame.height / 2.0),
                frame.y + (frame.height - 6.0).max(frame.height / 2.0),
            );
            let (from_y, to_y) = (from_y as f32, to_y as f32);
            photo.stroke(segment((from as f32, from_y), (to as f32, to_y)), Line { width: 1.8, ..line(gravest.mark) });
        }
        for (i, marked) in group.iter().enumerate() {
            let x = room.x + (i as f64 + 0.5) * STEP;
            badge(photo, marked, x as f32, room.centre().y as f32);
        }
        taken.push(room);
    }
}

/// Room for one number.
const STEP: f64 = 2.3 * BADGE as f64;

/// Places left and right of the face, at the frame's height and then farther off; at last the edges of the photo.
fn beside(frame: Region, face: Region, length: f64, photo_width: f64) -> Vec<Region> {
    let at = |x: f64, row: i32| Region {
        x,
        y: frame.centre().y + (f64::from(row) - 0.5) * STEP,
        width: length,
        height: STEP,
    };
    let (left, right) = (face.x - 12.0 - length, face.x + face.width + 12.0);
    let (near, far) = if frame.centre().x < face.centre().x { (left, right) } else { (right, left) };
    let rows = [0, -1, 1, -2, 2, -3, 3];
    let besides = rows.iter().flat_map(|&row| [at(near, row), at(far, row)]);
    let edges = rows.iter().flat_map(|&row| [at(2.0, row), at(photo_width - length - 2.0, row)]);
    besides.chain(edges).collect()
}

/// Places above, below and beside the frame, then within it along its upper end.
fn around(frame: Region, length: f64) -> Vec<Region> {
    let (right, below) = (frame.x + frame.width, frame.y + frame.height + 2.0);
    let at = |x: f64, y: f64| Region { x, y, width: length, height: STEP };
    let ends = [frame.x, right - length];
    let outside = [frame.y - STEP - 2.0, below].into_iter().flat_map(|y| ends.map(|x| at(x, y)));
    let sides = [at(frame.x - length - 2.0, frame.y), at(right + 2.0, frame.y)];
    let inside = (0..8).flat_map(|row| ends.map(|x| at(x, frame.y + 3.0 + f64::from(row) * STEP)));
    outside.chain(sides).chain(inside).collect()
}

/// The classes that are outlined.
const OUTLINED: [Class; 7] =
    [Class::Hair, Class::Hat, Class::Skin, Class::Cloth, Class::Ear, Class::Earring, Class::Glasses];

fn outline_of(part: &Part) -> Line {
    Line { colour: part.colour, width: 1.5, dash: Dash::Solid, halo: Halo::Dark }
}

/// Findings that share a region, the largest region first; those that rulers show are left to them. Regions are told on the
/// original, which is `reduction` times as large as what is drawn.
fn groups<'a>(marked: &'a [Marked<'a>], reduction: f64) -> Vec<(Region, Vec<&'a Marked<'a>>)> {
    let mut groups: Vec<(Region, Vec<&Marked>)> = vec![];
    for one in marked.iter().filter(|one| !rulers::shows(one.finding.rule.id)) {
        let Some(region) = one.finding.region().map(|region| region.scaled(1.0 / reduction)) else { continue };
        match groups.iter_mut().find(|(known, _)| is_alike(*known, region)) {
            Some((_, group)) => group.push(one),
            None => groups.push((region, vec![one])),
        }
    }
    groups.sort_by_key(|(region, _)| Reverse(region.area() as u64));
    groups
}

fn is_alike(a: Region, b: Region) -> bool {
    a == b || a.shared_area(b) > 0.6 * a.area().max(b.area())
}

/// What the lines on the photo mean.
pub(super) struct Legend {
    entries: Vec<(f32, f32, Line, &'static str)>,
    pub(super) height: f32,
}

impl Legend {
    const LINE: f32 = 32.0;
    const SWATCH: f32 = 34.0;
    const STYLE: Style = Style::new(19.0, INK);

    /// Draws it with its upper left corner at `x`, `y`.
    pub(super) fn draw(&self, sheet: &mut Canvas, x: f32, y: f32) {
        for (dx, dy, line, name) in &self.entries {
            let middle = y + dy - 7.0;
            // A light line would be lost on white paper.
            let halo = if line.halo == Halo::Light { Halo::None } else { line.halo };
            sheet
                .stroke(segment((x + dx + 2.0, middle), (x + dx + Self::SWATCH - 2.0, middle)), Line { halo, ..*line });
            sheet.write(name, x + dx + Self::SWATCH + 8.0, y + dy, Style { colour: GREY, ..Self::STYLE });
        }
    }
}
