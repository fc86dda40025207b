//! Bars along the sides of a photo: frames, and the wedges that straightening leaves.

use std::cmp::Reverse;

use image::RgbImage;

use super::{SAME_COLOUR, difference};

/// Share of the side that a bar runs along furthest.
pub(super) fn longest_share(pixels: &RgbImage) -> f64 {
    Edge::ALL.into_iter().map(|edge| edge.bar_share(pixels)).fold(0.0, f64::max)
}

/// Rows of a photo 640 high that are blank below where its file broke off.
const BLANK_ROWS: u32 = 8;
/// Largest difference within a channel of a blank row: what JPEG leaves of one colour.
const BLANK: u8 = 4;

/// Whether the lower end of the photo is blank, each row of one colour: programs fill up so what a broken-off file lacks.
pub(super) fn breaks_off(pixels: &RgbImage) -> bool {
    let is_blank = |row: &[[u8; 3]]| {
        let (least, most) = row.iter().fold(([255; 3], [0; 3]), |(least, most): ([u8; 3], [u8; 3]), pixel| {
            ([0, 1, 2].map(|i| least[i].min(pixel[i])), [0, 1, 2].map(|i| most[i].max(pixel[i])))
        });
        difference(least, most) <= BLANK
    };
    let rows = pixels.as_raw().as_chunks::<3>().0.chunks_exact(pixels.width() as usize).rev();
    let wanted = BLANK_ROWS.max(BLANK_ROWS * pixels.height() / 640) as usize;
    rows.take_while(|row| is_blank(row)).take(wanted).count() == wanted
}

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
