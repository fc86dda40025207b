//! Cuts the nets' inputs out of a photo.

use image::RgbImage;

use crate::evidence::Landmarks;
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

    /// The samples row by row, RGB interleaved, bilinear, 0 to 255 mapped linearly to `low..=high`.
    pub(super) fn sample(&self, photo: &RgbImage, border: Border, [low, high]: [f32; 2]) -> Vec<f32> {
        let gain = (high - low) / 255.0;
        let right = Point::new(self.scale * self.cosine, self.scale * self.sine);
        let mut samples = Vec::with_capacity(self.side * self.side * 3);
        for_each_sample(photo, border, self.photo_from_crop(0.0, 0.0), right, [self.side; 2], |_, colour| {
            samples.extend(colour.map(|value| low + gain * value));
        });
        samples
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
    /// A crop along the line through the eyes. Its unit is the distance between the middles of both eyes: `wide` units in
    /// width, its own middle `down` units below the point between them.
    ///
    /// The middle of an eye is that of its corners: lids and tinted lenses hide irises.
    pub(super) fn along_eyes(landmarks: &Landmarks, wide: f64, down: f64, [width, height]: [usize; 2]) -> Self {
        let middle = |[inner, outer]: [usize; 2]| landmarks.point(inner).midpoint(landmarks.point(outer));
        let (left, right) = (middle([33, 133]), middle([362, 263]));
        let (across, between) = (Point::new(right.x - left.x, right.y - left.y), left.midpoint(right));
        let centre = Point::new(between.x - down * across.y, between.y + down * across.x);
        let scale = wide / width as f64;
        let step = Point::new(across.x * scale, across.y * scale);
        AlignedCrop { centre, step, is_mirrored: false, width, height }
    }

    /// Fills the planes of red, green and blue, 0 to 1, `3 * height * width` values; averages where the photo is more
    /// than twice as fine as the crop, continues the photo's edge beyond the photo.
    pub(super) fn sample(&self, photo: &RgbImage, planes: &mut [f32]) {
        // At most two pixels apart, bilinear samples leave no pixel out.
        let taps = (self.step.x.hypot(self.step.y) / 2.0).ceil().max(1.0) as usize;
        let gain = 1.0 / (255 * taps * taps) as f32;
        let within = |tap: usize| (tap as f64 + 0.5) / taps as f64;
        let (half_width, half_height) = (self.width as f64 / 2.0, self.height as f64 / 2.0);
        let plane = self.width * self.height;
        planes.fill(0.0);
        for (tap_down, tap_across) in (0..taps).flat_map(|down| (0..taps).map(move |across| (down, across))) {
            let first = self.photo_from_crop(within(tap_across) - half_width, within(tap_down) - half_height);
            let first = Point::new(first.x - 0.5, first.y - 0.5);
            for_each_sample(photo, Border::Replicate, first, self.step, [self.width, self.height], |index, colour| {
                (0..3).for_each(|channel| planes[channel * plane + index] += gain * colour[channel]);
            });
        }
        if self.is_mirrored {
            planes.chunks_exact_mut(self.width).for_each(<[f32]>::reverse);
        }
    }

    /// Where a point, in samples to the right of and below the middle, lies on the photo.
    pub(super) fn photo_from_crop(&self, across: f64, down: f64) -> Point {
        let x = self.centre.x + across * self.step.x - down * self.step.y;
        let y = self.centre.y + across * self.step.y + down * self.step.x;
        Point::new(x, y)
    }
}

/// Calls `take` with number and colour, 0 to 255, of every sample of a grid, row by row: bilinear, at pixel indices.
///
/// `right` leads from a sample to the next, and turned by a quarter to the one below.
fn for_each_sample(
    photo: &RgbImage,
    border: Border,
    first: Point,
    right: Point,
    [width, height]: [usize; 2],
    mut take: impl FnMut(usize, [f32; 3]),
) {
    let [step_x, step_y] = [right.x, right.y].map(fixed);
    for row in 0..height {
        let down = row as f64;
        let (mut x, mut y) = (fixed(first.x - down * right.y), fixed(first.y + down * right.x));
        for index in row * width..(row + 1) * width {
            take(index, bilinear(photo, x, y, border));
            (x, y) = (x + step_x, y + step_y);
        }
    }
}

/// Bits behind the point of a coordinate: whole pixels and their parts come apart without a conversion.
const FRACTION_BITS: u32 = 32;

fn fixed(value: f64) -> i64 {
    (value * (1_u64 << FRACTION_BITS) as f64) as i64
}

/// Colour at pixel index (`x`, `y`), 0 to 255.
fn bilinear(photo: &RgbImage, x: i64, y: i64, border: Border) -> [f32; 3] {
    let [left, top] = [x, y].map(|value| (value >> FRACTION_BITS) as i32);
    let [right_share, lower_share] = [x, y].map(|value| (value as u32 >> 8) as i32 as f32 / (1 << 24) as f32);
    let [upper, lower] = square(photo, left, top, border);
    std::array::from_fn(|channel| {
        let across = |pixels: [u8; 6]| {
            let (a, b) = (f32::from(pixels[channel]), f32::from(pixels[channel + 3]));
            a + (b - a) * right_share
        };
        let (upper, lower) = (across(upper), across(lower));
        upper + (lower - upper) * lower_share
    })
}

/// The pixel at (`x`, `y`) and its right neighbour, and the two below them.
fn square(photo: &RgbImage, x: i32, y: i32, border: Border) -> [[u8; 6]; 2] {
    let (width, height) = (photo.width() as i32, photo.height() as i32);
    if (0..width - 1).contains(&x) && (0..height - 1).contains(&y) {
        let start = (y as usize * width as usize + x as usize) * 3;
        let (upper, lower) = photo.as_raw()[start..].split_at(3 * width as usize);
        if let (Some(upper), Some(lower)) = (upper.first_chunk(), lower.first_chunk()) {
            return [*upper, *lower];
        }
    }
    let pixel = |x: i32, y: i32| {
        let inside = (0..width).contains(&x) && (0..height).contains(&y);
        let nearest = || photo.get_pixel(x.clamp(0, width - 1) as u32, y.clamp(0, height - 1) as u32).0;
        if inside || border == Border::Replicate { nearest() } else { [0; 3] }
    };
    [y, y + 1].map(|y| {
        let ([a, b, c], [d, e, f]) = (pixel(x, y), pixel(x + 1, y));
        [a, b, c, d, e, f]
    })
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
        let samples = crop.sample(&photo, Border::Black, [0.0, 255.0]);
        let expected: Vec<f32> = photo.as_raw().iter().map(|&byte| f32::from(byte)).collect();
        assert_eq!(samples, expected);
    }

    #[test]
    fn beyond_the_edge_is_black_or_the_edge() {
        let crop = SquareCrop::new(Point::new(-1.0, 2.0), 2.0, 0.0, 2);
        assert_eq!(crop.sample(&grey_ramp(), Border::Black, [-1.0, 1.0])[0], -1.0);
        assert_eq!(crop.sample(&grey_ramp(), Border::Replicate, [0.0, 255.0])[0], 40.0);
    }

    #[test]
    fn between_two_pixels_lies_their_mean() {
        let photo = grey_ramp();
        let colour_at = |x, y, border| bilinear(&photo, fixed(x), fixed(y), border);
        assert_eq!(colour_at(0.5, 0.0, Border::Replicate), [5.0; 3]);
        assert_eq!(colour_at(1.0, 1.5, Border::Replicate), [70.0; 3]);
        assert_eq!(colour_at(-0.5, 0.0, Border::Black), [0.0; 3]);
    }

    #[test]
    fn quarter_turn_clockwise_sends_right_to_down() {
        let crop = SquareCrop::new(Point::new(100.0, 50.0), 20.0, std::f64::consts::FRAC_PI_2, 10);
        assert!(crop.photo_from_crop(5.0, 5.0).distance(Point::new(100.0, 50.0)) < 1e-9);
        assert!(crop.photo_from_crop(10.0, 5.0).distance(Point::new(100.0, 60.0)) < 1e-9);
    }
}
