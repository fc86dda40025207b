//! Writing on the background and along the lower edge.

use std::collections::BTreeMap;

use image::RgbImage;

use crate::colour::Levels;
use crate::evidence::Subject;
use crate::geometry::{Point, Region};
use crate::rules::prelude::ramp;

/// Channel difference by which a stroke stands out from both of its sides: on an even background, and where cloth or clutter may
/// be.
const PALE: u8 = 26;
const STRONG: u8 = 55;
/// Strokes differ so many times as much as noise does in the middle: more than four deviations of it.
const NOISE_TIMES: f64 = 4.8;
/// Of so many rows one says enough of noise.
const ROWS_PER_SAMPLE: usize = 8;
/// Cells of the colour grid between writing on the background and the person.
const CLEARANCE: usize = 4;
/// A background is even up to the first CIELAB distance of its tiles and is not from the second on.
const EVEN: (f32, f32) = (5.0, 9.0);
/// The same for the largest thing on it, over the photo.
const EMPTY: (f32, f32) = (0.004, 0.012);
/// Pixels of strokes on an even background of a photo 640 high that are a strength of 1.
const STRENGTH_PX: f64 = 220.0;
/// Length of a line of letters, in their heights, that is a strength of 1.
const STRENGTH_LETTERS: f64 = 2.6;
/// Share of the photo's height, from below, in which dates are stamped, over clothes too.
const STAMPED_SHARE: f64 = 0.12;
/// Letter heights over the height of the photo.
const LETTER_HEIGHTS: std::ops::Range<f64> = 0.014..0.07;
/// Smallest share of a line's rectangle that the strokes of letters cover.
const LEAST_INK: f64 = 0.28;
/// Letter heights in a line for each piece of stroke that its rows cross: creases and seams are long, but single.
const PIECES_PER_LETTER: f64 = 0.8;

/// The strongest writing, in units of what goes to a person, and where it is.
pub(super) fn strongest(pixels: &RgbImage, subject: &Subject) -> Option<(f64, Region)> {
    let height = pixels.height();
    let unit = f64::from(height) / 640.0;
    let reach = (5.0 * unit).round().max(3.0) as u32;
    // Letters grow together to lines when widened by the space between them.
    let space = (16.0 * unit).round().max(2.0) as u32;
    let longest_line = |ink: &[(u32, u32)], top: f64| {
        let lines = lines_of(ink, space).into_iter().filter(|line| f64::from(line.top + line.bottom) / 2.0 >= top);
        let lines = lines.filter_map(|line| Some((line.letters(height)? / STRENGTH_LETTERS, line.region())));
        lines.max_by(|a, b| a.0.total_cmp(&b.0))
    };
    let evenness = subject.background.as_ref().map_or(0.0, |background| {
        let object = background.object.map_or(0.0, |(_, share)| share);
        1.0 - ramp(background.unevenness() as f32, EVEN).max(ramp(object as f32, EMPTY))
    });
    let is_clear = subject.behind_by(CLEARANCE);
    let wall = || wall(subject, &is_clear);
    let on_even_wall = (evenness > 0.0).then(|| {
        let strokes = strokes(pixels, reach, PALE.max(above_noise(pixels, reach, wall())), wall());
        let largest = lines_of(&strokes, space).into_iter().max_by_key(|strokes| strokes.ink)?;
        Some((f64::from(evenness) * strokes.len() as f64 / (STRENGTH_PX * unit * unit), largest.region()))
    });
    let on_wall = (evenness < 1.0).then(|| longest_line(&strokes(pixels, reach, STRONG, wall()), 0.0));
    let lower_edge = (1.0 - STAMPED_SHARE) * f64::from(height);
    // What reaches up from there is seen whole, lest a badge that is cut off looks like a line.
    let first_row = (lower_edge - LETTER_HEIGHTS.end * f64::from(height)) as u32;
    let low = strokes(pixels, reach, STRONG, |y: u32, wanted: &mut [bool]| {
        wanted.fill(true);
        y >= first_row
    });
    let stamped = longest_line(&low, lower_edge);
    [on_even_wall.flatten(), on_wall.flatten(), stamped].into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0))
}

/// Extent of strokes in pixels, ends included, how many pixels they cover, and how many pieces of rows.
#[derive(Clone, Copy)]
struct Strokes {
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
    ink: u32,
    pieces: u32,
}

impl Strokes {
    fn region(&self) -> Region {
        let [x, y] = [self.left, self.top].map(f64::from);
        Region { x, y, width: f64::from(self.right + 1) - x, height: f64::from(self.bottom + 1) - y }
    }

    /// Length in letter heights, if these are letters of a photo of this height: neither looser nor fewer than letters are.
    fn letters(&self, photo_height: u32) -> Option<f64> {
        let Region { width, height, .. } = self.region();
        let is_writing = LETTER_HEIGHTS.contains(&(height / f64::from(photo_height)))
            && f64::from(self.ink) >= LEAST_INK * width * height;
        is_writing.then_some((width / height).min(PIECES_PER_LETTER * f64::from(self.pieces) / height))
    }

    fn with(self, other: Strokes) -> Strokes {
        Strokes {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
            ink: self.ink + other.ink,
            pieces: self.pieces + other.pieces,
        }
    }
}

/// The ink, which goes row by row, joined where `space` pixels or less of a row, or of two neighbouring rows, lie between.
fn lines_of(ink: &[(u32, u32)], space: u32) -> Vec<Strokes> {
    let mut runs = Vec::<Strokes>::new();
    for &(x, y) in ink {
        match runs.last_mut() {
            Some(run) if run.top == y && x - run.right <= space + 1 => {
                run.pieces += u32::from(x > run.right + 1);
                run.ink += 1;
                run.right = x;
            }
            _ => runs.push(Strokes { left: x, right: x, top: y, bottom: y, ink: 1, pieces: 1 }),
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

/// For the pixels of a row, from above, whether they show background clear of the person; false if none does.
fn wall(subject: &Subject, is_clear: &[bool]) -> impl FnMut(u32, &mut [bool]) -> bool {
    let (mut of, mut any) = (None, false);
    move |y, wanted| {
        // Most rows lie in the same row of cells as the one before.
        let row = subject.colours.row_at(f64::from(y) + 0.5);
        if of != Some(row) {
            of = Some(row);
            let clear = |x: f64| {
                subject.colours.cell_at(Point::new(x + 0.5, f64::from(y) + 0.5)).is_some_and(|cell| is_clear[cell])
            };
            wanted.iter_mut().enumerate().for_each(|(x, wanted)| *wanted = clear(x as f64));
            any = wanted.contains(&true);
        }
        any
    }
}

/// Channel difference of two sides that noise hardly ever reaches: [`NOISE_TIMES`] the middle difference of pixels `reach` apart in
/// wanted rows.
fn above_noise(pixels: &RgbImage, reach: u32, mut wanted: impl FnMut(u32, &mut [bool]) -> bool) -> u8 {
    let reach = reach as usize;
    let mut is_wanted = vec![false; pixels.width() as usize];
    let mut differences = Levels::<256>::none();
    let rows = pixels.as_raw().chunks_exact(3 * is_wanted.len()).zip(0..).step_by(ROWS_PER_SAMPLE);
    for (row, y) in rows {
        if wanted(y, &mut is_wanted) {
            let row = row.as_chunks::<3>().0;
            let pairs = row.iter().zip(row.iter().skip(reach));
            let both = is_wanted.iter().zip(is_wanted.iter().skip(reach)).map(|(one, other)| *one && *other);
            let green = pairs.zip(both).filter(|(_, both)| *both).map(|((one, other), _)| one[1].abs_diff(other[1]));
            green.for_each(|difference| differences.add(difference));
        }
    }
    (NOISE_TIMES * f64::from(differences.percentile(50.0))).min(255.0) as u8
}

/// Pixels that are much lighter or much darker than those `reach` away on both sides, in a row or in a column, where `wanted`
/// says so of each pixel of a row, or of none.
fn strokes(
    pixels: &RgbImage,
    reach: u32,
    contrast: u8,
    mut wanted: impl FnMut(u32, &mut [bool]) -> bool,
) -> Vec<(u32, u32)> {
    let (width, height) = pixels.dimensions();
    if width.min(height) <= 2 * reach {
        return vec![];
    }
    let is_stroke = |sample: u8, one: u8, other: u8| {
        one.min(other).saturating_sub(sample) > contrast || sample.saturating_sub(one.max(other)) > contrast
    };
    // Whole rows of raw samples, channel by channel: this looks at every pixel, and the compiler makes it SIMD.
    let row = |y: u32| &pixels.as_raw()[3 * (y * width) as usize..][..3 * width as usize];
    let beside = 3 * reach as usize;
    let mut stands_out = vec![false; 3 * width as usize];
    let mut is_wanted = vec![false; width as usize];
    let mut ink = vec![];
    for y in reach..height - reach {
        if !wanted(y, &mut is_wanted) {
            continue;
        }
        let here = row(y);
        let beyond = row(y - reach).iter().zip(row(y + reach));
        for ((flag, middle), (above, below)) in stands_out.iter_mut().zip(here).zip(beyond) {
            *flag = is_stroke(*middle, *above, *below);
        }
        let pairs = here.iter().zip(&here[2 * beside..]);
        for ((flag, middle), (left, right)) in stands_out[beside..].iter_mut().zip(&here[beside..]).zip(pairs) {
            *flag |= is_stroke(*middle, *left, *right);
        }
        for (piece, left) in stands_out.chunks(3 * PIECE).zip((0..width).step_by(PIECE)) {
            if piece.iter().fold(false, |any, flag| any | flag) {
                let columns = piece.as_chunks::<3>().0.iter().zip(left..);
                let inner = columns.filter(|(flags, x)| {
                    is_wanted[*x as usize] && flags.contains(&true) && (reach..width - reach).contains(x)
                });
                ink.extend(inner.map(|(_, x)| (x, y)));
            }
        }
    }
    ink
}

/// Pixels of a row that are looked at one by one only if one of them stands out.
const PIECE: usize = 32;
