use std::collections::BTreeMap;

use image::{GrayImage, Luma, RgbImage};
use imageproc::region_labelling::{Connectivity, connected_components};

use crate::evidence::Subject;
use crate::rules::prelude::*;

rule! {
    /// Whether a frame or writing was added.
    ///
    /// ## What is measured
    /// The larger of two counts: sides on which the outermost lines have one colour that ends abruptly within 6 % of the photo; and half the length, in letter heights, of the longest line of narrow strokes that stand out from clothes or background. A frame on two sides gives 2, a date gives 2 to 5.
    ///
    /// ## Limit and source
    /// No border, text or pattern (clause 一.4). More than 1.3 goes to a person, more than 1.6 fails. Calibrated on development photos: the largest value without frame or writing is 1.6, the smallest with it 2.
    ///
    /// ## What to do
    /// Hand in the photo without frame, date or watermark.
    BORDER_ABSENT {
        id: "border-absent",
        name: text("无边框文字", "No border or writing"),
        quantity: text("边框和文字的程度", "Strength of border or writing"),
        clause: "一.4",
        unit: Unit::Factor,
        requirement: Requirement::AtMost {
            limit: 1.6,
            review: 1.3,
            fault: Fault {
                name: text("有边框或文字", "Border or writing"),
                reason: text("照片{guess}带有边框、日期或文字，请提交未添加任何内容的照片。", "The photo {guess} bears a border, a date or writing. Submit it with nothing added."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let frame_sides = Edge::ALL.into_iter().filter(|edge| edge.is_framed(evidence.photo.pixels())).count() as f64;
    // Without a face nobody knows where clothes begin, so writing is not looked for.
    let writing = evidence.subject().ok().and_then(|subject| longest_writing(evidence.photo.pixels(), subject));
    match writing {
        Some((length, region)) if length / 2.0 > frame_sides => Ok(Measurement::new(length / 2.0).at(region)),
        _ => Ok(Measurement::new(frame_sides)),
    }
}

/// Largest channel difference at which two pixels still have one colour.
const SAME_COLOUR: u8 = 24;
/// Share of a frame's first line beyond its edge that must differ from the frame.
const ABRUPT_SHARE: f64 = 0.8;
/// Share of a frame's line that must have the frame's colour.
const EVEN_SHARE: f64 = 0.95;
/// Deepest frame, over the length of the photo in that direction.
const MAX_DEPTH: f64 = 0.06;

/// A side of the photo.
#[derive(Clone, Copy)]
enum Edge {
    Top,
    Bottom,
    Left,
    Right,
}

impl Edge {
    const ALL: [Edge; 4] = [Edge::Top, Edge::Bottom, Edge::Left, Edge::Right];

    /// Whether lines of one colour run along this edge and end abruptly.
    fn is_framed(self, pixels: &RgbImage) -> bool {
        let (across, along) = match self {
            Edge::Top | Edge::Bottom => (pixels.height(), pixels.width()),
            Edge::Left | Edge::Right => (pixels.width(), pixels.height()),
        };
        // The corners belong to the neighbouring sides.
        let positions = along / 10..along - along / 10;
        let at = |depth: u32, position: u32| match self {
            Edge::Top => pixels.get_pixel(position, depth).0,
            Edge::Bottom => pixels.get_pixel(position, across - 1 - depth).0,
            Edge::Left => pixels.get_pixel(depth, position).0,
            Edge::Right => pixels.get_pixel(across - 1 - depth, position).0,
        };
        let frame = at(0, along / 2);
        let same_share = |depth: u32| {
            let same = positions.clone().filter(|&p| is_near(at(depth, p), frame)).count();
            same as f64 / positions.len().max(1) as f64
        };
        let shares = (0..(across as f64 * MAX_DEPTH) as u32).map(same_share).collect::<Vec<_>>();
        let even = shares.iter().take_while(|share| **share >= EVEN_SHARE).count();
        // JPEG softens the step over one line.
        even > 0 && shares[even..].iter().take(2).any(|share| *share <= 1.0 - ABRUPT_SHARE)
    }
}

fn is_near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= SAME_COLOUR)
}

/// Channel difference by which a stroke stands out from both of its sides.
const STROKE_CONTRAST: u8 = 55;
/// Share of a line of writing that strokes cover.
const MIN_INK: f64 = 0.22;
/// Letter heights over the height of the photo.
const LETTER_HEIGHT: (f64, f64) = (0.012, 0.07);

/// Length in letter heights, and place, of the longest line of writing below the chin or on the background.
fn longest_writing(pixels: &RgbImage, subject: &Subject) -> Option<(f64, Region)> {
    let height = pixels.height();
    let unit = f64::from(height) / 640.0;
    let below_chin = subject.landmarks.chin().y + 0.15 * subject.landmarks.eye_chin_distance_px();
    let ink = strokes(pixels, (5.0 * unit).round().max(3.0) as u32, |x, y| {
        let crop = subject.parsing.crop_from_photo(Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
        match subject.parsing.class(crop.x as i32, crop.y as i32) {
            Class::Background => true,
            Class::Hair => false,
            _ => f64::from(y) > below_chin,
        }
    });
    // Letters grow together to lines when widened by the space between them.
    let gap = (8.0 * unit).round().max(1.0) as u32;
    let (left, right) = (ink.iter().map(|p| p.0).min()?, ink.iter().map(|p| p.0).max()?);
    let (top, bottom) = (ink.iter().map(|p| p.1).min()?, ink.iter().map(|p| p.1).max()?);
    let mut lines = GrayImage::new(right - left + 2 * gap + 1, bottom - top + 1);
    for &(x, y) in &ink {
        (x - left..=x - left + 2 * gap).for_each(|near| lines.put_pixel(near, y - top, Luma([255])));
    }
    let labelled = connected_components(&lines, Connectivity::Eight, Luma([0]));
    let mut boxes = BTreeMap::<u32, Bounds>::new();
    for &(x, y) in &ink {
        let line = labelled.get_pixel(x - left + gap, y - top).0[0];
        boxes.entry(line).or_insert(Bounds { left: x, right: x, top: y, bottom: y, ink: 0 }).include(x, y);
    }
    let measured = boxes.values().filter_map(|bounds| {
        let letter = f64::from(bounds.bottom - bounds.top + 1);
        let length = f64::from(bounds.right - bounds.left + 1);
        let fits = (LETTER_HEIGHT.0..LETTER_HEIGHT.1).contains(&(letter / f64::from(height)));
        let region = Region { x: bounds.left.into(), y: bounds.top.into(), width: length, height: letter };
        (fits && f64::from(bounds.ink) / (length * letter) >= MIN_INK).then(|| (length / letter, region))
    });
    measured.max_by(|a, b| a.0.total_cmp(&b.0))
}

/// Extent of a line of writing in pixels, ends included, and its pixels of ink.
struct Bounds {
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
    ink: u32,
}

impl Bounds {
    fn include(&mut self, x: u32, y: u32) {
        (self.left, self.right) = (self.left.min(x), self.right.max(x));
        (self.top, self.bottom) = (self.top.min(y), self.bottom.max(y));
        self.ink += 1;
    }
}

/// Pixels that are much lighter or much darker than those `reach` away on both sides, where `may_be_ink` allows.
fn strokes(pixels: &RgbImage, reach: u32, may_be_ink: impl Fn(u32, u32) -> bool) -> Vec<(u32, u32)> {
    let (width, height) = pixels.dimensions();
    if width.min(height) <= 2 * reach {
        return vec![];
    }
    // Whole rows of raw samples, channel by channel: this looks at every pixel, and the compiler makes it SIMD.
    let row = |y: u32| &pixels.as_raw()[3 * (y * width) as usize..][..3 * width as usize];
    let beside = 3 * reach as usize;
    let mut stands_out = vec![false; 3 * width as usize];
    let mut ink = vec![];
    for y in reach..height - reach {
        let here = row(y);
        for (i, (above, below)) in row(y - reach).iter().zip(row(y + reach)).enumerate() {
            stands_out[i] = is_stroke(here[i], *above, *below);
        }
        let pairs = here.iter().zip(&here[2 * beside..]);
        for ((flag, middle), (left, right)) in stands_out[beside..].iter_mut().zip(&here[beside..]).zip(pairs) {
            *flag |= is_stroke(*middle, *left, *right);
        }
        let columns = stands_out.as_chunks::<3>().0.iter().zip(0..width);
        let inner = columns.filter(|(flags, x)| flags.contains(&true) && (reach..width - reach).contains(x));
        ink.extend(inner.map(|(_, x)| (x, y)).filter(|&(x, y)| may_be_ink(x, y)));
    }
    ink
}

/// Whether a sample is much lighter or much darker than both of its neighbours.
fn is_stroke(sample: u8, one: u8, other: u8) -> bool {
    one.min(other).saturating_sub(sample) > STROKE_CONTRAST || sample.saturating_sub(one.max(other)) > STROKE_CONTRAST
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    #[test]
    fn a_frame_fails_and_so_does_a_line_of_writing() {
        let frame = |p: Point| p.x < 9.0 || p.x > 471.0 || p.y < 9.0 || p.y > 631.0;
        let framed = Portrait::new().paint_where(Class::Background, frame, |_| [0; 3]);
        assert_eq!(verdict(&BORDER_ABSENT, &framed.evidence()), "fail");
        let letters = |p: Point| (590.0..610.0).contains(&p.y) && (120.0..280.0).contains(&p.x) && p.x % 9.0 < 3.0;
        let dated = Portrait::new().paint_where(Class::Cloth, letters, |_| [255, 60, 40]);
        assert_eq!(verdict(&BORDER_ABSENT, &dated.evidence()), "fail");
    }

    #[test]
    fn a_plain_photo_passes_with_or_without_a_face() {
        assert_eq!(verdict(&BORDER_ABSENT, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&BORDER_ABSENT, &Portrait::nobody()), "pass");
    }
}
