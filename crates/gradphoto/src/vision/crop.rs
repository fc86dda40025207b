//! Cuts the nets' inputs out of a photo.

use image::RgbImage;

use super::pyramid::Pyramid;
use crate::geometry::Point;

/// A square piece of a photo, upright or rotated, seen through a grid of `side` x `side` samples.
///
/// Sample (column, row) is taken where pixel *index* (column, row) falls, without half a pixel's shift: the nets were
/// trained on crops made so, and their coordinates come back by [`SquareCrop::photo_from_crop`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SquareCrop {
    centre: Point,
    /// Photo pixels per sample.
    scale: f64,
    sine: f64,
    cosine: f64,
    side: usize,
}

/// What lies beyond the edge of the photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Border {
    /// Black.
    Black,
    /// The nearest pixel of the photo.
    Replicate,
}

impl SquareCrop {
    /// `length_px` photo pixels wide and high around `centre`, its x axis turned clockwise by `angle` radians.
    pub(super) fn new(centre: Point, length_px: f64, angle: f64, side: usize) -> Self {
        let (sine, cosine) = angle.sin_cos();
        SquareCrop { centre, scale: length_px / side as f64, sine, cosine, side }
    }

    /// Photo pixels per sample.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    /// Where a point in samples lies on the photo.
    pub(super) fn photo_from_crop(&self, x: f64, y: f64) -> Point {
        let half = self.side as f64 / 2.0;
        let (x, y) = ((x - half) * self.scale, (y - half) * self.scale);
        Point::new(self.centre.x + self.cosine * x - self.sine * y, self.centre.y + self.sine * x + self.cosine * y)
    }

    /// Fills the samples, `3 * side * side` of them row by row, RGB interleaved, bilinear, 0 to 255 mapped linearly to
    /// `low..=high`.
    pub(super) fn sample(&self, photo: &RgbImage, border: Border, [low, high]: [f32; 2], samples: &mut [f32]) {
        let gain = (high - low) / 255.0;
        let right = Point::new(self.scale * self.cosine, self.scale * self.sine);
        for_each_row(photo, border, self.photo_from_crop(0.0, 0.0), right, [self.side; 2], |row, colours| {
            let line = samples[3 * row * self.side..].as_chunks_mut::<3>().0;
            for (sample, [red, green, blue, _]) in line.iter_mut().zip(colours) {
                *sample = [red, green, blue].map(|value| low + gain * value);
            }
        });
    }
}

/// A piece of a photo that lies along the face, for the small nets: a grid of `width` x `height` samples, each the middle
/// of its cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct AlignedCrop {
    /// Middle of the crop on the photo.
    pub(super) centre: Point,
    /// Step to the next sample on the right, in photo pixels.
    pub(super) step: Point,
    /// Whether left and right are swapped, so that both sides of a face look alike.
    pub(super) is_mirrored: bool,
    /// Samples from left to right.
    pub(super) width: usize,
    /// Samples from top to bottom.
    pub(super) height: usize,
}

impl AlignedCrop {
    /// Fills the planes of red, green and blue, 0 to 1, `3 * height * width` values, from the level of the pyramid that is
    /// at most twice as fine as the crop: there bilinear samples leave no pixel out. Continues the photo's edge beyond it.
    pub(super) fn sample(&self, photo: &Pyramid, planes: &mut [f32]) {
        let level = (self.step.x.hypot(self.step.y) / 2.0).log2().ceil().max(0.0) as usize;
        let (picture, scale) = photo.level(level);
        let first = self.photo_from_crop(0.5 - self.width as f64 / 2.0, 0.5 - self.height as f64 / 2.0);
        let first = Point::new(first.x * scale - 0.5, first.y * scale - 0.5);
        let step = Point::new(self.step.x * scale, self.step.y * scale);
        let (size, gain) = (self.width * self.height, 1.0 / 255.0);
        for_each_row(picture, Border::Replicate, first, step, [self.width, self.height], |row, colours| {
            for (channel, plane) in planes.chunks_exact_mut(size).enumerate() {
                let line = &mut plane[row * self.width..][..self.width];
                line.iter_mut().zip(colours).for_each(|(sample, colour)| *sample = gain * colour[channel]);
                if self.is_mirrored {
                    line.reverse();
                }
            }
        });
    }

    /// Where a point, in samples to the right of and below the middle, lies on the photo.
    pub(super) fn photo_from_crop(&self, across: f64, down: f64) -> Point {
        let x = self.centre.x + across * self.step.x - down * self.step.y;
        let y = self.centre.y + across * self.step.y + down * self.step.x;
        Point::new(x, y)
    }
}

/// Red, green and blue, 0 to 255; the fourth is of no meaning and makes a vector register full.
type Colour = [f32; 4];

/// Calls `take` with number and colours of every row of a grid of samples: bilinear, at pixel indices.
///
/// `right` leads from a sample to the next, and turned by a quarter to the one below.
fn for_each_row(
    photo: &RgbImage,
    border: Border,
    first: Point,
    right: Point,
    [width, height]: [usize; 2],
    mut take: impl FnMut(usize, &[Colour]),
) {
    let [step_x, step_y] = [right.x, right.y].map(fixed);
    let mut colours = vec![Colour::default(); width];
    for row in 0..height {
        let down = row as f64;
        let (x, y) = (fixed(first.x - down * right.y), fixed(first.y + down * right.x));
        let place = |column: usize| (x + column as i64 * step_x, y + column as i64 * step_y);
        // The photo is convex: what lies between two samples on it lies on it as well.
        let is_inside = |column: &usize| has_square(photo, place(*column));
        let inner = match (0..width).find(is_inside) {
            Some(start) => start..(start..width).rfind(is_inside).map_or(start, |last| last + 1),
            None => width..width,
        };
        let (before, others) = colours.split_at_mut(inner.start);
        let (within, beyond) = others.split_at_mut(inner.len());
        for (colour, column) in before.iter_mut().zip(0..).chain(beyond.iter_mut().zip(inner.end..)) {
            let (x, y) = place(column);
            *colour = blended(square_at_edge(photo, x, y, border), x, y);
        }
        let (mut x, mut y) = place(inner.start);
        for colour in within {
            *colour = blended(square(photo, x, y), x, y);
            (x, y) = (x + step_x, y + step_y);
        }
        take(row, &colours);
    }
}

/// Bits behind the point of a coordinate: whole pixels and their parts come apart without a conversion.
const FRACTION_BITS: u32 = 32;

fn fixed(value: f64) -> i64 {
    (value * (1_u64 << FRACTION_BITS) as f64) as i64
}

/// Red, green, blue and a byte of no meaning of a pixel and its right neighbour, and of the two below them.
type Square = [[[u8; 4]; 2]; 2];

/// Colour at pixel index (`x`, `y`), between the pixels of its square.
#[inline(always)]
fn blended(square: Square, x: i64, y: i64) -> Colour {
    let [right_share, lower_share] = [x, y].map(|value| (value as u32 >> 8) as i32 as f32 / (1 << 24) as f32);
    let [[upper_left, upper_right], [lower_left, lower_right]] = square;
    let upper = between(colour(upper_left), colour(upper_right), right_share);
    let lower = between(colour(lower_left), colour(lower_right), right_share);
    between(upper, lower, lower_share)
}

#[inline(always)]
fn colour([red, green, blue, other]: [u8; 4]) -> Colour {
    [red.into(), green.into(), blue.into(), other.into()]
}

#[inline(always)]
fn between(a: Colour, b: Colour, share: f32) -> Colour {
    // Written out: a map over the places is a call for each colour where the compiler does not open it.
    let one = |i: usize| a[i] + (b[i] - a[i]) * share;
    [one(0), one(1), one(2), one(3)]
}

/// Whether all four pixels around (`x`, `y`) lie on the photo.
#[inline(always)]
fn has_square(photo: &RgbImage, (x, y): (i64, i64)) -> bool {
    let inside = |value: i64, length: u32| (0..i64::from(length) - 1).contains(&(value >> FRACTION_BITS));
    inside(x, photo.width()) && inside(y, photo.height())
}

/// The pixel at (`x`, `y`) and its neighbours, all of them on the photo.
#[inline(always)]
fn square(photo: &RgbImage, x: i64, y: i64) -> Square {
    let row_bytes = 3 * photo.width() as usize;
    let start = (y >> FRACTION_BITS) as usize * row_bytes + 3 * (x >> FRACTION_BITS) as usize;
    let rows = &photo.as_raw()[start..start + row_bytes + 6];
    // Four bytes are read at once, so the right one takes the last byte of the left.
    let pixel = |at: usize| [rows[at], rows[at + 1], rows[at + 2], rows[at + 3]];
    let pair = |at: usize| {
        let [_, red, green, blue] = pixel(at + 2);
        [pixel(at), [red, green, blue, 0]]
    };
    [pair(0), pair(row_bytes)]
}

fn square_at_edge(photo: &RgbImage, x: i64, y: i64, border: Border) -> Square {
    let (x, y) = ((x >> FRACTION_BITS) as i32, (y >> FRACTION_BITS) as i32);
    let (width, height) = (photo.width() as i32, photo.height() as i32);
    // Beside an upright photo a quarter of the samples.
    if border == Border::Black && (x < -1 || x >= width || y < -1 || y >= height) {
        return Square::default();
    }
    let pixel = |x: i32, y: i32| {
        let inside = (0..width).contains(&x) && (0..height).contains(&y);
        let nearest = || photo.get_pixel(x.clamp(0, width - 1) as u32, y.clamp(0, height - 1) as u32).0;
        let [red, green, blue] = if inside || border == Border::Replicate { nearest() } else { [0; 3] };
        [red, green, blue, 0]
    };
    // Mapped as arrays, each pixel is a call.
    [[pixel(x, y), pixel(x + 1, y)], [pixel(x, y + 1), pixel(x + 1, y + 1)]]
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn grey_ramp() -> RgbImage {
        RgbImage::from_fn(4, 4, |x, y| Rgb([(10 * x + 40 * y) as u8; 3]))
    }

    #[test]
    fn upright_crop_of_the_photos_size_is_the_photo() {
        let photo = grey_ramp();
        let crop = SquareCrop::new(Point::new(2.0, 2.0), 4.0, 0.0, 4);
        let mut samples = vec![0.0; 4 * 4 * 3];
        crop.sample(&photo, Border::Black, [0.0, 255.0], &mut samples);
        let expected: Vec<f32> = photo.as_raw().iter().map(|&byte| f32::from(byte)).collect();
        assert_eq!(samples, expected);
    }

    #[test]
    fn beyond_the_edge_is_black_or_the_edge() {
        let crop = SquareCrop::new(Point::new(-1.0, 2.0), 2.0, 0.0, 2);
        let first = |border, range| {
            let mut samples = [0.0; 2 * 2 * 3];
            crop.sample(&grey_ramp(), border, range, &mut samples);
            samples[0]
        };
        assert_eq!(first(Border::Black, [-1.0, 1.0]), -1.0);
        assert_eq!(first(Border::Replicate, [0.0, 255.0]), 40.0);
    }

    #[test]
    fn between_two_pixels_lies_their_mean() {
        let photo = grey_ramp();
        let colour_at = |x, y, border| {
            let (x, y) = (fixed(x), fixed(y));
            blended(square_at_edge(&photo, x, y, border), x, y)[..3].to_vec()
        };
        assert_eq!(colour_at(0.5, 0.0, Border::Replicate), [5.0; 3]);
        assert_eq!(colour_at(1.0, 1.5, Border::Replicate), [70.0; 3]);
        assert_eq!(colour_at(-0.5, 0.0, Border::Black), [0.0; 3]);
    }

    #[test]
    fn a_square_on_the_photo_is_what_is_found_pixel_by_pixel() {
        let photo = RgbImage::from_fn(4, 3, |x, y| Rgb([(x + 16 * y) as u8, (100 + x) as u8, 200]));
        for (x, y) in [(0.0, 0.0), (1.25, 0.5), (2.9, 1.9)].map(|(x, y)| (fixed(x), fixed(y))) {
            assert!(has_square(&photo, (x, y)));
            let edge = blended(square_at_edge(&photo, x, y, Border::Black), x, y);
            assert_eq!(blended(square(&photo, x, y), x, y)[..3], edge[..3]);
        }
        assert!([(3.0, 0.0), (0.0, 2.0), (-0.1, 0.0)].iter().all(|&(x, y)| !has_square(&photo, (fixed(x), fixed(y)))));
    }

    #[test]
    fn quarter_turn_clockwise_sends_right_to_down() {
        let crop = SquareCrop::new(Point::new(100.0, 50.0), 20.0, std::f64::consts::FRAC_PI_2, 10);
        assert!(crop.photo_from_crop(5.0, 5.0).distance(Point::new(100.0, 50.0)) < 1e-9);
        assert!(crop.photo_from_crop(10.0, 5.0).distance(Point::new(100.0, 60.0)) < 1e-9);
    }
}
