use std::cmp::Reverse;
use std::collections::BTreeMap;

use image::RgbImage;

use crate::evidence::Subject;
use crate::rules::prelude::*;

rule! {
    /// Whether a frame or writing was added.
    ///
    /// ## What is measured
    /// The larger of two counts. Bars: twice the share of one side of the photo along which the outermost pixels have one colour that ends abruptly on a straight line, parallel to the side or up to 8° askew, as a frame leaves it or a photo that was straightened. Writing: a third of the length, in letter heights, of the longest line of narrow strokes on the background, or of dense strokes along the lower edge, where dates are stamped; elsewhere on the person nothing is sought, for ties, badges, weaves and hair are no writing.
    ///
    /// ## Limit and source
    /// No border, text or pattern (clause 一.4). More than 1 goes to a person, more than 1.3 fails. Calibrated on development photos: of 597 without, ties and patterned suits among them, the largest reads 0.9, the 42 with frame, wedge or writing start at 1.6.
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
            limit: 1.3,
            review: 1.0,
            fault: Fault {
                name: text("有边框或文字", "Border or writing"),
                reason: text("照片{guess}带有边框、黑边、白边、日期或文字，请提交未添加任何内容的照片。", "The photo {guess} has a border, a black or white edge, a date or writing on it. Submit it with nothing added."),
            },
        },
        severity: Severity::Reject,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let bar = Edge::ALL.into_iter().map(|edge| edge.bar_share(evidence.photo.pixels())).fold(0.0, f64::max);
    // Without a face nobody knows where the person is, so writing is not looked for.
    let writing = evidence.subject().ok().and_then(|subject| longest_writing(evidence.photo.pixels(), subject));
    match writing {
        Some((length, region)) if length / 3.0 > 2.0 * bar => Ok(Measurement::new(length / 3.0).at(region)),
        _ => Ok(Measurement::new(2.0 * bar)),
    }
}

/// Largest channel difference at which two pixels still have one colour.
const SAME_COLOUR: u8 = 24;
/// Lines beyond a bar within which it has ended: JPEG and scaling soften the step.
const SOFT_STEP: usize = 4;
/// How far from a straight line the ends of a bar may lie apart.
const STRAIGHT_PX: f64 = 2.0;
/// Depths of a bar over the length of the photo in that direction: thinner lines are left by careless cropping.
const BAR_DEPTH: (f64, f64) = (0.006, 0.12);
/// How askew the end of a bar may be, in degrees, and the steps in which that is tried.
const MAX_ASKEW_DEG: i32 = 8;
const STEPS_PER_DEG: i32 = 4;
/// Shorter lines, as shares of a side, are not looked into.
const LEAST_SHARE: f64 = 0.2;

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

    /// Share of this side along which pixels of one colour end abruptly on one straight line: black, white, or the colour
    /// of the outermost pixels.
    fn bar_share(self, pixels: &RgbImage) -> f64 {
        let across = match self {
            Edge::Top | Edge::Bottom => pixels.height(),
            Edge::Left | Edge::Right => pixels.width(),
        };
        let [least, most] = [BAR_DEPTH.0, BAR_DEPTH.1].map(|share| share * f64::from(across));
        let (least, most) = (least.ceil() as usize, most as usize);
        let depth = most + SOFT_STEP + 1;
        if depth > across as usize {
            return 0.0;
        }
        let inward = self.inward(pixels, depth);
        let lines = inward.chunks_exact(depth);
        let outermost = [0, 1, 2].map(|channel| {
            let mut values = lines.clone().map(|line| line[0][channel]).collect::<Vec<_>>();
            let middle = values.len() / 2;
            *values.select_nth_unstable(middle).1
        });
        let shares = [[0; 3], [255; 3], outermost].map(|colour| {
            let end = |line: &[[u8; 3]]| {
                let run = line.iter().position(|&pixel| difference(pixel, colour) > SAME_COLOUR)?;
                let beyond = line.get(run..run + SOFT_STEP)?;
                let ends = (least..=most).contains(&run)
                    && beyond.iter().any(|&pixel| difference(pixel, colour) > 2 * SAME_COLOUR);
                ends.then_some(run as f64)
            };
            // Most lines begin in another colour, or show no other colour at all.
            let all_of_it = vec![colour; depth];
            let may_end = |line: &[[u8; 3]]| {
                difference(line[0], colour) <= SAME_COLOUR && largest_step(line, &all_of_it) > 2 * SAME_COLOUR
            };
            let places = (0..).zip(lines.clone()).filter(|(_, line)| may_end(line));
            let ends = places.filter_map(|(place, line)| Some((f64::from(place), end(line)?)));
            longest_straight(&ends.collect::<Vec<_>>(), lines.len())
        });
        shares.into_iter().fold(0.0, f64::max)
    }

    /// For every place along this side the `depth` pixels that lead from it into the photo.
    fn inward(self, pixels: &RgbImage, depth: usize) -> Vec<[u8; 3]> {
        let width = pixels.width() as usize;
        let rows = pixels.as_raw().as_chunks::<3>().0.chunks_exact(width);
        match self {
            Edge::Top => columns(rows.take(depth), width, depth),
            Edge::Bottom => columns(rows.rev().take(depth), width, depth),
            Edge::Left => rows.map(|row| &row[..depth]).collect::<Vec<_>>().concat(),
            Edge::Right => {
                let mut lines = Vec::with_capacity(depth * pixels.height() as usize);
                rows.for_each(|row| lines.extend(row[width - depth..].iter().rev()));
                lines
            }
        }
    }
}

/// Column after column of these rows.
fn columns<'a>(rows: impl Iterator<Item = &'a [[u8; 3]]>, width: usize, height: usize) -> Vec<[u8; 3]> {
    let mut columns = vec![[0; 3]; width * height];
    for (y, row) in rows.enumerate() {
        columns.iter_mut().skip(y).step_by(height).zip(row).for_each(|(to, from)| *to = *from);
    }
    columns
}

/// The largest difference of a channel between these pixels, each from its own; SIMD for that it goes by samples.
fn largest_step(a: &[[u8; 3]], b: &[[u8; 3]]) -> u8 {
    a.as_flattened().iter().zip(b.as_flattened()).fold(0, |largest, (a, b)| largest.max(a.abs_diff(*b)))
}

/// The most of these ends of bars (place along the side, depth) that lie within two pixels of one line that is hardly askew,
/// as a share of the side's `length`.
fn longest_straight(ends: &[(f64, f64)], length: usize) -> f64 {
    let share = |count: usize| count as f64 / length as f64;
    if share(ends.len()) < LEAST_SHARE {
        return 0.0;
    }
    let slopes = (-MAX_ASKEW_DEG * STEPS_PER_DEG..=MAX_ASKEW_DEG * STEPS_PER_DEG)
        .map(|step| (f64::from(step) / f64::from(STEPS_PER_DEG)).to_radians().tan());
    // Where a line of this slope through each of the ends meets the first place of the side.
    let feet = |slope: f64| ends.iter().map(|(place, depth)| depth - slope * place).collect::<Vec<_>>();
    // Counting is cheaper than sorting, and tells which slopes cannot have more than the best so far.
    let mut slopes = slopes.map(|slope| (most_within(&feet(slope)), slope)).collect::<Vec<_>>();
    slopes.sort_by_key(|(at_most, _)| Reverse(*at_most));
    let mut best = 0;
    for (at_most, slope) in slopes {
        if at_most <= best {
            break;
        }
        let mut feet = feet(slope);
        feet.sort_unstable_by(f64::total_cmp);
        let mut first = 0;
        for (last, foot) in feet.iter().enumerate() {
            while foot - feet[first] > STRAIGHT_PX {
                first += 1;
            }
            best = best.max(last + 1 - first);
        }
    }
    share(best)
}

/// A count that of these feet no more lie within [`STRAIGHT_PX`]: of those in a row of bins that holds any such stretch.
fn most_within(feet: &[f64]) -> usize {
    const BINS_PER_PX: f64 = 4.0;
    // One more than such a stretch can reach into, lest rounding tells.
    const ROW: usize = (STRAIGHT_PX * BINS_PER_PX) as usize + 2;
    let lowest = feet.iter().copied().fold(f64::INFINITY, f64::min);
    let bin = |foot: f64| ((foot - lowest) * BINS_PER_PX) as usize;
    let mut bins = vec![0; feet.iter().map(|&foot| bin(foot) + 1).max().unwrap_or(0)];
    feet.iter().for_each(|&foot| bins[bin(foot)] += 1);
    let before = std::iter::repeat_n(&0, ROW).chain(&bins);
    let mut within = 0;
    let rows = bins.iter().zip(before).map(|(entering, leaving)| {
        within = within + entering - leaving;
        within
    });
    rows.max().unwrap_or(0)
}

/// Largest difference of a channel.
fn difference(a: [u8; 3], b: [u8; 3]) -> u8 {
    a[0].abs_diff(b[0]).max(a[1].abs_diff(b[1])).max(a[2].abs_diff(b[2]))
}

/// Channel difference by which a stroke stands out from both of its sides.
const STROKE_CONTRAST: u8 = 55;
/// Cells of the colour grid between writing on the background and the person.
const CLEARANCE: usize = 4;
/// Share of the photo's height, from below, in which dates are stamped, over clothes too.
const STAMPED_SHARE: f64 = 0.12;

/// What makes strokes a line of writing.
struct Writing {
    /// Smallest share of the line's rectangle that strokes cover.
    least_ink: f64,
    /// Letter heights over the height of the photo.
    letters: std::ops::Range<f64>,
}

const ON_BACKGROUND: Writing = Writing { least_ink: 0.22, letters: 0.012..0.07 };
/// Folds, weaves and buttons are thinner or looser than letters.
const STAMPED: Writing = Writing { least_ink: 0.38, letters: 0.018..0.07 };

/// Length in letter heights, and place, of the longest line of writing on the background or along the lower edge.
fn longest_writing(pixels: &RgbImage, subject: &Subject) -> Option<(f64, Region)> {
    let height = pixels.height();
    let unit = f64::from(height) / 640.0;
    let ink = strokes(pixels, (5.0 * unit).round().max(3.0) as u32);
    let is_behind = subject.background_clear_by(CLEARANCE);
    let behind = ink.iter().copied().filter(|&(x, y)| {
        let cell = subject.colours.cell_at(Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5));
        cell.is_some_and(|cell| is_behind[cell])
    });
    let low = ink.iter().copied().filter(|&(_, y)| f64::from(y) >= (1.0 - STAMPED_SHARE) * f64::from(height));
    // Letters grow together to lines when widened by the space between them.
    let space = (16.0 * unit).round().max(2.0) as u32;
    let longest = |ink: Vec<(u32, u32)>, kind: Writing| {
        let lines = lines_of(&ink, space).into_iter().filter_map(|line| {
            let (length, letter) = (line.right - line.left + 1, line.bottom - line.top + 1);
            let is_writing = kind.letters.contains(&(f64::from(letter) / f64::from(height)))
                && f64::from(line.ink) >= kind.least_ink * f64::from(length * letter);
            let (x, y, width, height) = (line.left.into(), line.top.into(), length.into(), letter.into());
            is_writing.then_some((f64::from(length) / f64::from(letter), Region { x, y, width, height }))
        });
        lines.max_by(|a, b| a.0.total_cmp(&b.0))
    };
    let found = [longest(behind.collect(), ON_BACKGROUND), longest(low.collect(), STAMPED)];
    found.into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0))
}

/// Extent of strokes in pixels, ends included, and how many pixels they cover.
#[derive(Clone, Copy)]
struct Strokes {
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
    ink: u32,
}

impl Strokes {
    fn with(self, other: Strokes) -> Strokes {
        Strokes {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
            ink: self.ink + other.ink,
        }
    }
}

/// The ink, which goes row by row, joined where `space` pixels or less of a row, or of two neighbouring rows, lie between.
fn lines_of(ink: &[(u32, u32)], space: u32) -> Vec<Strokes> {
    let mut runs = Vec::<Strokes>::new();
    for &(x, y) in ink {
        match runs.last_mut() {
            Some(run) if run.top == y && x - run.right <= space + 1 => (run.right, run.ink) = (x, run.ink + 1),
            _ => runs.push(Strokes { left: x, right: x, top: y, bottom: y, ink: 1 }),
        }
    }
    // Runs that touch have one root.
    let mut parents = (0..runs.len()).collect::<Vec<_>>();
    fn root(parents: &mut [usize], mut i: usize) -> usize {
        while parents[i] != i {
            parents[i] = parents[parents[i]];
            i = parents[i];
        }
        i
    }
    let mut above = 0;
    for i in 0..runs.len() {
        while above < i && (runs[above].top + 1 < runs[i].top || is_left_of(&runs[above], &runs[i], space)) {
            above += 1;
        }
        let row_above = (above..i).take_while(|&j| runs[j].top < runs[i].top);
        for j in row_above.take_while(|&j| runs[j].left <= runs[i].right + space + 1).collect::<Vec<_>>() {
            let (a, b) = (root(&mut parents, i), root(&mut parents, j));
            parents[a.max(b)] = a.min(b);
        }
    }
    let mut lines = BTreeMap::<usize, Strokes>::new();
    for (i, &run) in runs.iter().enumerate() {
        lines.entry(root(&mut parents, i)).and_modify(|line| *line = line.with(run)).or_insert(run);
    }
    lines.into_values().collect()
}

/// Whether a run of the row above ends too far to the left to touch this one.
fn is_left_of(above: &Strokes, run: &Strokes, space: u32) -> bool {
    above.top < run.top && above.right + space + 1 < run.left
}

/// Pixels that are much lighter or much darker than those `reach` away on both sides.
fn strokes(pixels: &RgbImage, reach: u32) -> Vec<(u32, u32)> {
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
        for (piece, left) in stands_out.chunks(3 * PIECE).zip((0..width).step_by(PIECE)) {
            if piece.iter().fold(false, |any, flag| any | flag) {
                let columns = piece.as_chunks::<3>().0.iter().zip(left..);
                let inner = columns.filter(|(flags, x)| flags.contains(&true) && (reach..width - reach).contains(x));
                ink.extend(inner.map(|(_, x)| (x, y)));
            }
        }
    }
    ink
}

/// Pixels of a row that are looked at one by one only if one of them stands out.
const PIECE: usize = 32;

/// Whether a sample is much lighter or much darker than both of its neighbours.
fn is_stroke(sample: u8, one: u8, other: u8) -> bool {
    one.min(other).saturating_sub(sample) > STROKE_CONTRAST || sample.saturating_sub(one.max(other)) > STROKE_CONTRAST
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Portrait, verdict};

    fn painted(where_: impl Fn(Point) -> bool, rgb: [u8; 3]) -> &'static str {
        let drawn = Portrait::new().paint_where(Class::Background, where_, |_| rgb);
        verdict(&BORDER_ABSENT, &drawn.evidence())
    }

    #[test]
    fn a_frame_a_bar_and_a_slanting_wedge_fail() {
        assert_eq!(painted(|p| p.x < 9.0 || p.x > 471.0 || p.y < 9.0 || p.y > 631.0, [200, 20, 20]), "fail");
        assert_eq!(painted(|p| p.y < 25.0, [0; 3]), "fail");
        assert_eq!(painted(|p| p.y < 4.0 + 0.06 * p.x, [0; 3]), "fail");
        assert_eq!(painted(|p| p.y < 4.0 + 0.06 * p.x && p.x < 300.0, [255; 3]), "review");
    }

    #[test]
    fn a_hair_line_and_a_steep_edge_pass() {
        assert_eq!(painted(|p| p.y < 2.0, [255; 3]), "pass");
        assert_eq!(painted(|p| p.y < 0.3 * p.x - 60.0, [0; 3]), "pass");
    }

    #[test]
    fn writing_fails_on_the_background_and_along_the_lower_edge_but_not_on_clothes() {
        let letters = |top: f64, left: f64| {
            move |p: Point| {
                (top..top + 20.0).contains(&p.y) && (left..left + 160.0).contains(&p.x) && (p.x - left) % 9.0 < 4.0
            }
        };
        assert_eq!(painted(letters(30.0, 20.0), [255, 60, 40]), "fail");
        let on_clothes = |top: f64| {
            let drawn = Portrait::new().paint_where(Class::Cloth, letters(top, 120.0), |_| [255, 60, 40]);
            verdict(&BORDER_ABSENT, &drawn.evidence())
        };
        assert_eq!([600.0, 520.0].map(on_clothes), ["fail", "pass"]);
    }

    #[test]
    fn a_plain_photo_passes_with_or_without_a_face() {
        assert_eq!(verdict(&BORDER_ABSENT, &Portrait::new().evidence()), "pass");
        assert_eq!(verdict(&BORDER_ABSENT, &Portrait::nobody()), "pass");
    }
}
